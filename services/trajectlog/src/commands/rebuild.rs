//! `trajectlog rebuild`: everything that is derived from the log, anew.

use std::{io::Write, sync::Arc, time::Instant};

use app::{AppError, projector};
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
    if place.is_shared() {
        let sentence = "the views of a log on NATS are kept by services: name the data folder of a running one with --data, or ask it over HTTP (POST /api/v1/projections/{name}/rebuilds)";
        return Err(Failure::cannot_open(sentence));
    }
    let log = Arc::new(place.log_as_it_is().await?);
    let events = log.head().await?.position.0;
    let began = Instant::now();
    if events > 0 {
        let keys = place.keys(&log).await?;
        let folder = place.folder().path().join("views");
        private_folder(&folder)?;
        // Held to the end: nothing else writes here meanwhile.
        let mut index = Views::open_living(&folder).map_err(AppError::from)?.views;
        // The index and the statuses; the figures are kept in memory.
        let bar = progress::events("building the views", events * 2);
        app::rebuild(&*log, &mut index, keys.digest_key(), &mut |read| bar.inc(read)).await?;
        let make = |folder: &std::path::Path| SustainableWork::open(folder, Thresholds::default(), now);
        let settings = projector::Settings::default();
        projector::build(log, &folder, now, settings, make, &mut |read| bar.inc(read)).await?;
        bar.finish_and_clear();
        index.close().map_err(AppError::from)?;
    }
    writeln!(std::io::stdout(), "{}", report(events, began))?;
    Ok(())
}

/// What is told at the end, as one line of JSON: how many events the log holds, and how fast all views of it were built.
pub fn report(events: u64, began: Instant) -> String {
    let millis = began.elapsed().as_millis().max(1);
    let rate = u128::from(events) * 1_000 / millis;
    format!(r#"{{"events":{events},"milliseconds":{millis},"events_per_second":{rate}}}"#)
}
