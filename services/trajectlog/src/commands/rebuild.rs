//! `trajectlog rebuild`.

use std::{io::Write, time::Instant};

use event_log::EventLog;

use crate::{failure::Failure, folder::Folder, progress};

pub async fn run(folder: &Folder) -> Result<(), Failure> {
    let log = folder.log_as_it_is()?;
    let events = log.head().await?.position.0;
    let began = Instant::now();
    if events > 0 {
        let keys = folder.keys()?;
        let mut views = views::Views::open(&folder.path().join("views")).map_err(app::AppError::from)?.views;
        let bar = progress::events("building the views", events);
        app::rebuild(&log, &mut views, keys.digest_key(), &mut |read| bar.inc(read)).await?;
        bar.finish_and_clear();
        views.close().map_err(app::AppError::from)?;
    }
    let millis = began.elapsed().as_millis().max(1);
    let rate = u128::from(events) * 1_000 / millis;
    writeln!(std::io::stdout(), r#"{{"events":{events},"milliseconds":{millis},"events_per_second":{rate}}}"#)?;
    Ok(())
}
