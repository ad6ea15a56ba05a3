//! `trajectlog rebuild`: everything that is derived from the log, anew.

use std::{io::Write, path::Path, sync::Arc, time::Instant};

use app::{
    AppError,
    projector::{self, Projection},
};
use domain::SustainableWork as Thresholds;
use event_log::EventLog;
use sustainable_work::SustainableWork;
use views::Views;

use crate::{
    failure::Failure,
    folder::{now, private_folder},
    place::Place,
    progress,
    socket::Service,
};

pub async fn run(place: &Place) -> Result<(), Failure> {
    if let Some(service) = Service::of(place.folder().path()).await {
        let bar = progress::events("building the views", 0);
        let outcome = service.rebuild(&bar).await;
        bar.finish_and_clear();
        return outcome;
    }
    let log = Arc::new(place.log_as_it_is().await?);
    let events = log.head().await?.position.0;
    let began = Instant::now();
    let folder = place.folder().path().join("views");
    let (index, statuses) = kept_here(place, &folder);
    if !index && !statuses {
        let sentence = "the views of a log on NATS are kept by services, and none keeps any here: name the data folder of one with --data, or ask one that runs over HTTP (POST /api/v1/projections/{name}/rebuilds)";
        return Err(Failure::cannot_open(sentence));
    }
    if events > 0 {
        let keys = place.keys(&log).await?;
        private_folder(&folder)?;
        let bar = progress::events("building the views", events * (u64::from(index) + u64::from(statuses)));
        // Held to the end: nothing else writes here meanwhile.
        let held = index.then(|| Views::open_living(&folder)).transpose().map_err(AppError::from)?;
        let mut held = held.map(|opened| opened.views);
        if let Some(index) = &mut held {
            app::rebuild(&*log, index, keys.digest_key(), &mut |read| bar.inc(read)).await?;
        }
        // The figures are kept in memory.
        if statuses {
            let make = |folder: &Path| SustainableWork::open(folder, Thresholds::default(), now);
            let settings = projector::Settings::default();
            projector::build(log, &folder, now, settings, make, &mut |read| bar.inc(read)).await?;
        }
        bar.finish_and_clear();
        held.map_or(Ok(()), Views::close).map_err(AppError::from)?;
    }
    writeln!(std::io::stdout(), "{}", report(events, began))?;
    Ok(())
}

/// Whether the index, and the statuses, belong to this folder: those of a log of its own do, and of one on NATS those that lie there.
fn kept_here(place: &Place, views: &Path) -> (bool, bool) {
    let lies = |place: views::Place| place.living().exists();
    let statuses = views::Place::new(views, SustainableWork::NAME, SustainableWork::VERSION);
    (!place.is_shared() || lies(Views::place(views)), !place.is_shared() || lies(statuses))
}

/// What is told at the end, as one line of JSON: how many events the log holds, and how fast all views of it were built.
pub fn report(events: u64, began: Instant) -> String {
    let millis = began.elapsed().as_millis().max(1);
    let rate = u128::from(events) * 1_000 / millis;
    format!(r#"{{"events":{events},"milliseconds":{millis},"events_per_second":{rate}}}"#)
}
