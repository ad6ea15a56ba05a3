//! From the log to every trajectory's status, as the service builds it: from nothing, beside the living view, and event by event.

use std::{
    path::Path,
    sync::Arc,
    time::{Duration, Instant},
};

use app::{
    Keep, fold,
    projector::{Projection, Projector, Settings},
};
use event_log::{EventLog, Position, RecordReader, Until};
use log_embedded::{EmbeddedLog, Mode};
use sustainable_work::SustainableWork;

use crate::{
    import::{import_into, write_lines},
    line, now, peak_mib,
};

pub async fn run(events: u64) {
    let folder = tempfile::tempdir().unwrap();
    let lines = folder.path().join("events.jsonl");
    write_lines(&lines, events);
    let data = folder.path().join("data");
    drop(import_into(&data, &lines).await);
    std::fs::remove_file(&lines).unwrap();
    // The import's memory is not the view's: a process of its own shows that.
    let mut child = std::process::Command::new(std::env::current_exe().unwrap());
    assert!(child.arg("statuses-in").arg(&data).status().unwrap().success());
}

fn open(folder: &Path) -> Result<SustainableWork, app::AppError> {
    SustainableWork::open(folder, domain::SustainableWork::default(), now)
}

pub async fn measure_in(data: &Path) {
    let log = Arc::new(EmbeddedLog::open(data, Mode::ReadOnly).unwrap());
    let count = log.head().await.unwrap().position.0;
    let views = tempfile::tempdir_in(data).unwrap();

    let began = Instant::now();
    let mut reader = log.read(Position::START, Until::Head).await.unwrap();
    while let Some(batch) = reader.next().await.unwrap() {
        drop(batch);
    }
    let scan = (count, began.elapsed());
    line("scan only", count, scan.1, None);

    let began = Instant::now();
    let collect = |timelines: app::Timelines| timelines.into_iter().count();
    let (_, parts) = fold(&*log, Until::Head, Keep::All, &mut |_| {}, collect).await.expect("folded");
    line("fold only, nothing stored", count, began.elapsed(), Some(scan));
    println!("{} trajectories", parts.into_iter().sum::<usize>());

    let began = Instant::now();
    let projector = Projector::start(Arc::clone(&log), views.path(), now, Settings::default(), open).await.expect("a projector");
    projector.reached(Position(count)).await.expect("reached");
    line("statuses, from nothing to all", count, began.elapsed(), Some(scan));
    println!("peak memory {} MiB", peak_mib());

    let began = Instant::now();
    projector.rebuild().await.expect("it runs");
    projector.watch().wait_for(|status| status.rebuild.is_none()).await.expect("taken over");
    line("rebuilt, beside the living view", count, began.elapsed(), Some(scan));
    println!("peak memory {} MiB (both views at once)", peak_mib());

    let began = Instant::now();
    projector.stop().await.expect("closed in order");
    line("closed in order, sealed", count, began.elapsed(), None);
    let began = Instant::now();
    let projector = Projector::start(Arc::clone(&log), views.path(), now, Settings::default(), open).await.expect("a projector");
    projector.reached(Position(count)).await.expect("reached");
    line("opened again", count, began.elapsed(), None);
    projector.stop().await.expect("closed in order");

    single(&log, count.min(20_000)).await;
}

/// Event by event, as they come when nobody is behind.
async fn single(log: &EmbeddedLog, count: u64) {
    let folder = tempfile::tempdir().unwrap();
    let mut view = open(folder.path()).unwrap();
    let mut reader = log.read(Position::START, Until::Position(Position(count))).await.unwrap();
    let mut took = Duration::ZERO;
    while let Some(batch) = reader.next().await.unwrap() {
        for record in &batch.records {
            let one = event_log::RecordBatch { bytes: batch.bytes.clone(), records: vec![record.clone()] };
            let began = Instant::now();
            view.apply(&one).unwrap();
            took += began.elapsed();
        }
    }
    line("statuses, event by event", count, took, None);
}
