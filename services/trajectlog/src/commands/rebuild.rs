//! `trajectlog rebuild`.

use std::{io::Write, time::Instant};

use event_log::EventLog;

use crate::{failure::Failure, place::Place, progress, socket::Service};

pub async fn run(place: &Place) -> Result<(), Failure> {
    if let Some(service) = Service::of(place.folder().path()).await {
        let bar = progress::events("building the views", 0);
        let outcome = service.rebuild(&bar).await;
        bar.finish_and_clear();
        return outcome;
    }
    if place.is_shared() {
        let sentence = "the views of a log on NATS are kept by services: name the data folder of a running one with --data, or ask it over HTTP (POST /api/v1/projections/{name}/rebuilds)";
        return Err(Failure::cannot_open(sentence));
    }
    let log = place.log_as_it_is().await?;
    let events = log.head().await?.position.0;
    let began = Instant::now();
    if events > 0 {
        let keys = place.keys(&log).await?;
        let mut views = views::Views::open(&place.folder().path().join("views")).map_err(app::AppError::from)?.views;
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
