//! From the log to figures.

use std::time::{Duration, Instant};

use app::{
    AsOf, Keep,
    figures::{Ask, Warm, answer},
    fold,
};
use event_log::{EventLog, Position, RecordReader, Until};
use figures::{Definitions, Scope};

use crate::{
    import::{import_into, write_lines},
    line, now, peak_mib,
};

pub async fn run(events: u64, warm: bool) {
    let folder = tempfile::tempdir().unwrap();
    let lines = folder.path().join("events.jsonl");
    let count = write_lines(&lines, events);
    let data = folder.path().join("data");
    drop(import_into(&data, &lines).await);
    std::fs::remove_file(&lines).unwrap();
    println!("a log of {count} events; memory of the import {} MiB", peak_mib());
    // The import's memory is not the rebuild's: a process of its own shows that.
    let mut child = std::process::Command::new(std::env::current_exe().unwrap());
    child.arg("in-folder").arg(&data).arg(if warm { "warm" } else { "cold" });
    assert!(child.status().unwrap().success());
}

pub async fn measure_in(data: &std::path::Path, warm: bool) {
    let log = log_embedded::EmbeddedLog::open(data, log_embedded::Mode::ReadOnly).unwrap();
    let count = log.head().await.unwrap().position.0;

    let began = Instant::now();
    let mut reader = log.read(Position::START, Until::Head).await.unwrap();
    let mut scanned = 0;
    while let Some(batch) = reader.next().await.unwrap() {
        scanned += batch.records.iter().map(|record| u64::from(record.header.events)).sum::<u64>();
    }
    let scan = began.elapsed();
    assert_eq!(scanned, count);

    let began = Instant::now();
    let mut reader = log.read(Position::START, Until::Head).await.unwrap();
    let mut decoded = 0;
    while let Some(batch) = reader.next().await.unwrap() {
        for record in &batch.records {
            decoded += proto_events::stored::decode(batch.body(record)).unwrap().events.len();
        }
    }
    let decode = began.elapsed();
    assert_eq!(decoded as u64, count);

    let began = Instant::now();
    fold(&log, Until::Head, Keep::ForFigures, &mut |_| {}, |timelines| timelines.len()).await.unwrap();
    let folded = began.elapsed();

    let ask = Ask {
        quarter: "2025Q1".parse().unwrap(),
        scope: Scope::default(),
        definitions: Definitions::built_in().clone(),
        tables: false,
        as_of: AsOf::Now,
    };
    let began = Instant::now();
    let (figures, _) = answer(&log, &ask, now, &mut |_| {}).await.unwrap();
    let whole = began.elapsed();
    let limit = Some((count, scan));
    line("scan only (checksums verified), one thread", count, scan, None);
    line("scan and decode envelopes, one thread", count, decode, limit);
    line("scan, decode, timelines, all processors", count, folded, limit);
    line("rebuild: log to figures of three quarters", count, whole, limit);
    println!("peak memory {} MiB; running in 2025Q1: {}", peak_mib(), figures.cells[0].1.get(figures::Measure::Running));

    if warm {
        let view = Warm::of(&log, AsOf::Now, &mut |_| {}).await.unwrap();
        let mut times: Vec<Duration> = (0..11)
            .map(|_| {
                let began = Instant::now();
                std::hint::black_box(view.figures(&ask.question()));
                began.elapsed()
            })
            .collect();
        times.sort_unstable();
        println!(
            "one national quarter (and the two it is compared with) from a warm view of {} trajectories: median {:.1} ms, worst {:.1} ms",
            view.len(),
            times[5].as_secs_f64() * 1e3,
            times[10].as_secs_f64() * 1e3
        );
    }
}
