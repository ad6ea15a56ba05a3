//! JSON Lines in.

use std::{
    fs::{self, File},
    io::{BufWriter, Write},
    path::Path,
    sync::Arc,
    time::{Duration, Instant},
};

use app::{Desk, DeskOptions, Ledger, RecordedMode, import};
use event_log::{EventLog, Position, Record, RecordReader, Until};
use keys::{KeyStore, MasterKey};
use log_embedded::{EmbeddedLog, Mode};

use crate::{line, now, peak_mib};

/// About ten events a trajectory.
pub fn write_lines(path: &Path, events: u64) -> u64 {
    let mut out = BufWriter::new(File::create(path).unwrap());
    let mut written = 0;
    for event in synthetic::random(7, (events / 8).max(1)).take(usize::try_from(events).unwrap()) {
        serde_json::to_writer(&mut out, &event.out()).unwrap();
        out.write_all(b"\n").unwrap();
        written += 1;
    }
    out.flush().unwrap();
    written
}

/// Imports a file into a new log in this folder.
pub async fn import_into(folder: &Path, lines: &Path) -> Arc<EmbeddedLog> {
    let log = Arc::new(EmbeddedLog::open(folder, Mode::Write).unwrap());
    let keys_folder = folder.join("keys");
    fs::create_dir_all(&keys_folder).unwrap();
    let master = MasterKey::load_or_create(&keys_folder.join("master.key")).unwrap();
    let keys = Arc::new(KeyStore::open(&keys_folder, master, keys::Mode::Write).unwrap());
    let ledger = Ledger::open(Arc::clone(&log), keys, None, now, false).await.unwrap();
    let desk = Desk::open(ledger, Arc::clone(&log), DeskOptions { patience: Duration::from_secs(5), follow: false }).unwrap();
    let mut report = |fault: import::Fault| println!("{}", fault.to_json());
    let summary = import::record(&desk, RecordedMode::Keep, File::open(lines).unwrap(), &mut report, &mut |_| {}).await.unwrap();
    desk.close().await.unwrap();
    assert_eq!(summary.refused, 0, "the generator's lines are acceptable");
    log
}

pub async fn run(events: u64) {
    let folder = tempfile::tempdir().unwrap();
    let lines = folder.path().join("events.jsonl");
    let count = write_lines(&lines, events);
    println!("import of {count} events, {} MB", fs::metadata(&lines).unwrap().len() / 1_000_000);

    let began = Instant::now();
    let malformed = import::check_form(File::open(&lines).unwrap(), &mut |_| {}, &mut |_| {}).unwrap();
    let form = began.elapsed();
    assert_eq!(malformed, 0);

    let began = Instant::now();
    let log = import_into(&folder.path().join("data"), &lines).await;
    let judged = began.elapsed();

    // The limit: the same records into a log, nothing decided.
    let mut records = Vec::new();
    let mut reader = log.read(Position::START, Until::Head).await.unwrap();
    while let Some(batch) = reader.next().await.unwrap() {
        records.extend(batch.records.iter().map(|r| Record { header: r.header, body: batch.bytes.slice(r.body.clone()) }));
    }
    let bare = EmbeddedLog::open(folder.path().join("bare"), Mode::Write).unwrap();
    let (began, mut expected) = (Instant::now(), Position::START);
    let mut pending = Vec::new();
    for group in records.chunks(8_192) {
        pending.push(bare.submit(expected, group.to_vec()).await.unwrap());
        expected = group.last().unwrap().header.last_position();
    }
    for one in pending {
        one.await.unwrap();
    }
    let bare = began.elapsed();
    line("form check only", count, form, None);
    line("bare log, nothing judged or sealed", count, bare, None);
    line("judged, sealed, durable", count, judged, Some((count, bare)));
    line("import (form check and all the rest)", count, form + judged, Some((count, form + bare)));
    println!("peak memory {} MiB", peak_mib());
}
