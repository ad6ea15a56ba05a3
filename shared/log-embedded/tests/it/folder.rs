//! The folder of a log: made, locked, and read by others while it is written.

use std::{fs, os::unix::fs::PermissionsExt, time::Duration};

use event_log::{AppendError, EventLog, Position, ReadError, Until, conformance::append, conformance::history, conformance::read_all};
use log_embedded::{EmbeddedLog, Mode};

use crate::support::{closed_log, contents, folder, open};

#[tokio::test]
async fn a_log_that_is_not_there_is_missing_to_a_reader_and_made_by_a_writer() {
    let folder = folder();
    let data = folder.path().join("some/where");
    assert!(matches!(EmbeddedLog::open(&data, Mode::ReadOnly), Err(ReadError::Missing { .. })));
    assert!(!data.exists(), "a reader makes nothing");
    drop(open(&data).expect("made"));
    assert_eq!(contents(&data, Mode::ReadOnly).await.expect("empty"), []);
    for (path, mode) in [("", 0o700), ("log", 0o700), ("log/head", 0o600), ("log/lock", 0o600), ("log/00000000000000000001.seg", 0o600)] {
        let found = fs::metadata(data.join(path)).expect("there").permissions().mode() & 0o777;
        assert_eq!(found, mode, "{path:?}");
    }
}

#[tokio::test]
async fn an_empty_folder_is_no_log_yet() {
    let folder = folder();
    fs::create_dir(folder.path().join("log")).expect("a folder");
    assert!(matches!(EmbeddedLog::open(folder.path(), Mode::ReadOnly), Err(ReadError::Missing { .. })));
    append(&open(folder.path()).expect("made"), &history(Position::START, 3)).await;
}

#[tokio::test]
async fn what_a_crash_left_of_making_a_log_is_made_anew() {
    let folder = folder();
    let making = folder.path().join("log.new");
    fs::create_dir(&making).expect("a folder");
    fs::write(making.join("head"), [0; 100]).expect("written");
    fs::write(making.join("00000000000000000001.seg"), [1; 10]).expect("written");
    assert!(matches!(EmbeddedLog::open(folder.path(), Mode::ReadOnly), Err(ReadError::Missing { .. })));
    append(&open(folder.path()).expect("made"), &history(Position::START, 3)).await;
    assert_eq!(contents(folder.path(), Mode::ReadOnly).await.expect("read"), history(Position::START, 3));
}

#[tokio::test]
async fn only_one_can_write_at_a_time() {
    let folder = folder();
    let log = open(folder.path()).expect("a new log");
    match open(folder.path()) {
        Err(ReadError::Busy { folder: named }) => assert_eq!(named, folder.path()),
        other => panic!("expected busy, got {other:?}"),
    }
    drop(log);
    open(folder.path()).expect("free again");
}

#[tokio::test]
async fn a_reader_beside_a_writer_sees_what_was_durable_when_it_opened() {
    let folder = folder();
    let log = open(folder.path()).expect("a new log");
    let mut records = Vec::new();
    for _ in 0..30 {
        let more = history(records.last().map_or(Position::START, |record: &event_log::Record| record.header.last_position()), 4);
        append(&log, &more).await;
        records.extend(more);
        let reader = EmbeddedLog::open(folder.path(), Mode::ReadOnly).expect("beside the writer");
        append_later(&log, &mut records).await;
        let found = read_all(&reader, Position::START, Until::Head).await.expect("read");
        assert!(found.iter().map(|(_, record)| record).eq(&records[..records.len() - 1]));
        assert_eq!(reader.head().await.expect("head").position, found.last().expect("records").1.header.last_position());
    }
}

async fn append_later(log: &EmbeddedLog, records: &mut Vec<event_log::Record>) {
    let more = history(records.last().expect("records").header.last_position(), 1);
    append(log, &more).await;
    records.extend(more);
}

#[tokio::test]
async fn a_log_opened_for_reading_takes_no_appends_and_changes_no_file() {
    let (folder, records) = closed_log(10).await;
    let state = || -> Vec<_> {
        let files = crate::support::files(folder.path());
        files
            .into_iter()
            .map(|file| (fs::read(&file).expect("bytes"), fs::metadata(&file).expect("there").modified().expect("a time")))
            .collect()
    };
    let before = state();
    let log = EmbeddedLog::open(folder.path(), Mode::ReadOnly).expect("the log");
    let last = log.head().await.expect("head").position;
    let outcome = log.submit(last, history(last, 1)).await.map(drop);
    assert!(matches!(outcome, Err(AppendError::Unavailable { storage_full: false, .. })), "{outcome:?}");
    assert_eq!(read_all(&log, Position::START, Until::Head).await.expect("read").len(), records.len());
    drop(log);
    assert_eq!(state(), before);
}

#[tokio::test]
async fn both_slots_of_the_head_mark_agree_soon_after_the_last_append() {
    let folder = folder();
    let log = open(folder.path()).expect("a new log");
    append(&log, &history(Position::START, 3)).await;
    let positions = || {
        let bytes = fs::read(folder.path().join("log/head")).expect("bytes");
        (bytes[24..32].to_vec(), bytes[4096 + 24..4096 + 32].to_vec())
    };
    for _ in 0..100 {
        if positions().0 == positions().1 {
            return;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("the slots still differ");
}

#[tokio::test]
async fn dropping_a_log_writes_what_was_queued() {
    let folder = folder();
    let log = open(folder.path()).expect("a new log");
    let records = history(Position::START, 50);
    let pending = log.submit(Position::START, records.clone()).await.expect("queued");
    drop(log);
    assert!(pending.await.is_ok());
    assert_eq!(contents(folder.path(), Mode::ReadOnly).await.expect("read"), records);
}

#[tokio::test]
async fn more_bytes_than_the_queue_holds_are_refused_at_once() {
    let folder = folder();
    let log = open(folder.path()).expect("a new log");
    let body = event_log::MAX_BODY_BYTES;
    let records = (1..=5).map(|first| event_log::conformance::record_with(first, 1, 0, vec![0; body])).collect();
    let outcome = log.submit(Position::START, records).await.map(drop);
    assert!(matches!(outcome, Err(AppendError::Refused { .. })), "{outcome:?}");
}
