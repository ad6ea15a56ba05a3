//! A disk that refuses: what is answered, what is left, and whether writing goes on.

use std::{
    io,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

use event_log::{AppendError, EventLog, Head, Position, Record, conformance::append, conformance::history};
use log_embedded::{EmbeddedLog, Mode, Operation, Options};
use tempfile::TempDir;

use crate::support::{SHORT, contents, folder};

/// A log with some records, whose disk fails in one operation while the switch is on.
struct Failing {
    folder: TempDir,
    log: EmbeddedLog,
    records: Vec<Record>,
    switch: Arc<AtomicBool>,
}

impl Failing {
    async fn at(operation: Operation, file: &'static str, kind: io::ErrorKind) -> Self {
        let folder = folder();
        let switch = Arc::new(AtomicBool::new(false));
        let on = Arc::clone(&switch);
        let hook = move |done: Operation, path: &std::path::Path| {
            let hit = on.load(Ordering::SeqCst) && done == operation && path.to_string_lossy().ends_with(file);
            if hit { Err(io::Error::from(kind)) } else { Ok(()) }
        };
        let options = Options::default().segment_bytes(SHORT).hook(Arc::new(hook));
        let log = EmbeddedLog::open_with(folder.path(), Mode::Write, options).expect("a new log");
        let records = history(Position::START, 10);
        append(&log, &records).await;
        Self { folder, log, records, switch }
    }

    fn last(&self) -> Position {
        self.records.last().expect("records").header.last_position()
    }

    /// Appends more records than one segment holds, while the disk fails; in two submits, the second behind the first.
    async fn append_failing(&self) -> [AppendError; 2] {
        self.switch.store(true, Ordering::SeqCst);
        let more = history(self.last(), 20);
        let middle = more[9].header.last_position();
        let first = self.log.submit(self.last(), more[..10].to_vec()).await.expect("queued");
        let second = self.log.submit(middle, more[10..].to_vec()).await;
        let first = first.await.expect_err("the disk failed");
        let second = match second {
            Ok(pending) => pending.await.expect_err("it stood on the first"),
            Err(error) => error,
        };
        self.switch.store(false, Ordering::SeqCst);
        [first, second]
    }
}

#[tokio::test]
async fn a_full_disk_refuses_appends_and_writing_goes_on_when_there_is_room() {
    for operation in [Operation::Write, Operation::Create] {
        let mut failing = Failing::at(operation, ".seg", io::ErrorKind::StorageFull).await;
        for error in failing.append_failing().await {
            // The second may come when the first has already failed and the log has gone back.
            let conflict = matches!(error, AppendError::Conflict { last, .. } if last == failing.last());
            assert!(conflict || matches!(error, AppendError::Unavailable { storage_full: true, .. }), "{operation:?}: {error:?}");
        }
        assert_eq!(failing.log.stopped(), None);
        assert_eq!(contents(failing.folder.path(), Mode::ReadOnly).await.expect("read"), failing.records);
        let more = history(failing.last(), 30);
        append(&failing.log, &more).await;
        failing.records.extend(more);
        drop(failing.log);
        assert_eq!(contents(failing.folder.path(), Mode::Write).await.expect("read"), failing.records);
    }
}

#[tokio::test]
async fn another_write_error_refuses_too_but_is_not_called_full() {
    let failing = Failing::at(Operation::Write, ".seg", io::ErrorKind::FileTooLarge).await;
    let [first, _] = failing.append_failing().await;
    assert!(matches!(first, AppendError::Unavailable { storage_full: false, .. }), "{first:?}");
    append(&failing.log, &history(failing.last(), 3)).await;
}

#[tokio::test]
async fn a_failed_sync_stops_the_log_for_good_and_reading_goes_on() {
    let places = [(Operation::Sync, ".seg"), (Operation::Sync, "head"), (Operation::Write, "head"), (Operation::SyncFolder, "log")];
    for (operation, file) in places {
        let failing = Failing::at(operation, file, io::ErrorKind::Other).await;
        let [first, second] = failing.append_failing().await;
        assert!(matches!(first, AppendError::Unknown { .. }), "{operation:?} {file}: {first:?}");
        let told = matches!(second, AppendError::Unavailable { .. } | AppendError::Unknown { .. });
        assert!(told, "{operation:?} {file}: {second:?}");

        assert!(failing.log.stopped().is_some());
        let outcome = failing.log.submit(failing.last(), history(failing.last(), 1)).await.map(drop);
        assert!(matches!(outcome, Err(AppendError::Unavailable { .. })), "{outcome:?}");
        let head = failing.log.head().await.expect("head");
        assert_eq!(head, Head { position: failing.last(), recorded_at: failing.records.last().map(|record| record.header.recorded_at) });
        // Other processes may see a mark whose own sync failed: what it marks was synced before it.
        let seen = contents(failing.folder.path(), Mode::ReadOnly).await.expect("read");
        assert!(seen.starts_with(&failing.records));
        assert!(seen.len() == failing.records.len() || (operation, file) == (Operation::Sync, "head"));

        // Opened anew, the log has everything that was acknowledged, and perhaps what was unknown.
        drop(failing.log);
        let found = contents(failing.folder.path(), Mode::Write).await.expect("opened anew");
        assert!(found.starts_with(&seen));
    }
}

#[tokio::test]
async fn a_disk_that_cannot_even_be_cut_back_stops_the_log() {
    let folder = folder();
    let switch = Arc::new(AtomicBool::new(false));
    let on = Arc::clone(&switch);
    let hook = move |done: Operation, _: &std::path::Path| {
        let hit = on.load(Ordering::SeqCst) && matches!(done, Operation::Write | Operation::Cut);
        if hit { Err(io::Error::from(io::ErrorKind::StorageFull)) } else { Ok(()) }
    };
    let log = EmbeddedLog::open_with(folder.path(), Mode::Write, Options::default().hook(Arc::new(hook))).expect("a new log");
    switch.store(true, Ordering::SeqCst);
    let error = log.submit(Position::START, history(Position::START, 1)).await.expect("queued").await.expect_err("the disk failed");
    assert!(matches!(error, AppendError::Unknown { .. }), "{error:?}");
    assert!(log.stopped().is_some());
}
