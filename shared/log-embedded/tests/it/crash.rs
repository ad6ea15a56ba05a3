//! A crash at every step of writing: whatever was acknowledged before it is there after it, and the log opens by itself.

use std::{
    fs,
    path::{Path, PathBuf},
    sync::{
        Arc, Mutex,
        atomic::{AtomicU64, Ordering},
    },
};

use event_log::{EventLog, Position, Record, conformance::append, conformance::history};
use log_embedded::{EmbeddedLog, Mode, Operation, Options};
use tempfile::TempDir;

use crate::support::{SHORT, closed_log, contents, copy_log, copy_of, folder, is_damage, open, segments};

/// One state of the files, as the step after it would have found them, and the position acknowledged by then.
struct Snapshot {
    folder: PathBuf,
    acknowledged: u64,
    step: String,
    /// The last segment and its length at its last sync: a power cut may take what is behind it.
    synced: Option<(PathBuf, u64)>,
}

/// Writes a log and copies its folder before every step.
async fn snapshots(copies: &Path) -> (Vec<Snapshot>, Vec<Record>) {
    let data = folder();
    let acknowledged = Arc::new(AtomicU64::new(0));
    let taken = Arc::new(Mutex::new(Vec::<Snapshot>::new()));
    let hook = {
        let (acknowledged, taken) = (Arc::clone(&acknowledged), Arc::clone(&taken));
        let (data, copies) = (data.path().to_path_buf(), copies.to_path_buf());
        let synced = Mutex::new(None);
        move |operation: Operation, path: &Path| {
            let mut synced = synced.lock().expect("the length");
            if data.join("log").exists() {
                let mut taken = taken.lock().expect("the snapshots");
                let to = copies.join(taken.len().to_string());
                copy_log(&data, &to);
                let step = format!("before {operation:?} of {}", path.display());
                taken.push(Snapshot { folder: to, acknowledged: acknowledged.load(Ordering::SeqCst), step, synced: synced.clone() });
            }
            if operation == Operation::Sync && path.extension().is_some_and(|suffix| suffix == "seg") {
                *synced = Some((path.file_name().expect("a name").into(), fs::metadata(path)?.len()));
            }
            Ok(())
        }
    };
    let options = Options::default().segment_bytes(SHORT).hook(Arc::new(hook));
    let log = EmbeddedLog::open_with(data.path(), Mode::Write, options).expect("a new log");
    let records = history(Position::START, 40);
    for group in records.chunks(3) {
        let expected = Position(group[0].header.first_position.0 - 1);
        let pending = log.submit(expected, group.to_vec()).await.expect("queued");
        acknowledged.store(pending.await.expect("durable").last.0, Ordering::SeqCst);
    }
    drop(log);
    let taken = std::mem::take(&mut *taken.lock().expect("the snapshots"));
    (taken, records)
}

async fn must_open_whole(folder: &Path, acknowledged: u64, records: &[Record], what: &str) {
    let found = contents(folder, Mode::Write).await.unwrap_or_else(|error| panic!("{what}: {error}"));
    assert!(records.starts_with(&found), "{what}: other records than were written");
    let last = found.last().map_or(0, |record| record.header.last_position().0);
    assert!(last >= acknowledged, "{what}: {acknowledged} was acknowledged, {last} is there");
    assert_eq!(contents(folder, Mode::ReadOnly).await.expect("to read"), found, "{what}: what was kept is durable now");
}

#[tokio::test]
async fn a_crash_at_any_step_loses_nothing_acknowledged() {
    let copies = TempDir::new().expect("a folder");
    let (snapshots, records) = snapshots(copies.path()).await;
    assert!(snapshots.len() > 60, "the test needs many steps, not {}", snapshots.len());
    for snapshot in &snapshots {
        must_open_whole(&snapshot.folder, snapshot.acknowledged, &records, &snapshot.step).await;
    }
}

#[tokio::test]
async fn a_crash_that_tears_what_was_not_yet_synced_loses_nothing_acknowledged() {
    let copies = TempDir::new().expect("a folder");
    let (snapshots, records) = snapshots(copies.path()).await;
    let mut torn = 0;
    for snapshot in snapshots {
        let Some(last) = segments(&snapshot.folder).pop() else { continue };
        let synced = snapshot.synced.as_ref().filter(|(name, _)| last.ends_with(name)).map_or(0, |(_, length)| *length);
        let bytes = fs::read(&last).expect("bytes");
        let synced = usize::try_from(synced).expect("small");
        for length in (synced..bytes.len()).step_by(37) {
            let copy = copy_of(&snapshot.folder);
            let spoilt = copy.path().join("log").join(last.file_name().expect("a name"));
            // Cut off, and as zeros: file systems leave both.
            let mut left = bytes[..length].to_vec();
            fs::write(&spoilt, &left).expect("written");
            must_open_whole(copy.path(), snapshot.acknowledged, &records, &format!("{}, cut to {length}", snapshot.step)).await;
            left.resize(bytes.len(), 0);
            let copy = copy_of(&snapshot.folder);
            fs::write(copy.path().join("log").join(last.file_name().expect("a name")), &left).expect("written");
            must_open_whole(copy.path(), snapshot.acknowledged, &records, &format!("{}, zeros from {length}", snapshot.step)).await;
            torn += 1;
        }
    }
    assert!(torn > 20, "the test needs torn ends, not {torn}");
}

#[tokio::test]
async fn a_torn_slot_of_the_head_mark_loses_nothing_acknowledged() {
    let copies = TempDir::new().expect("a folder");
    let (snapshots, records) = snapshots(copies.path()).await;
    let mut torn = 0;
    for pair in snapshots.windows(2).filter(|pair| pair[1].step.starts_with("before Sync of") && pair[1].step.ends_with("head")) {
        let (before, after) = (fs::read(pair[0].folder.join("log/head")), fs::read(pair[1].folder.join("log/head")));
        let (mut head, after) = (before.expect("bytes"), after.expect("bytes"));
        let Some(begin) = (0..head.len()).find(|at| head[*at] != after[*at]) else {
            continue;
        };
        head[begin..begin + 8].copy_from_slice(&after[begin..begin + 8]);
        fs::write(pair[1].folder.join("log/head"), head).expect("written");
        must_open_whole(&pair[1].folder, pair[1].acknowledged, &records, &pair[1].step).await;
        torn += 1;
    }
    assert!(torn > 5, "the test needs torn slots, not {torn}");
}

/// A log whose last records are written and not marked: the head mark is an older one.
async fn with_an_unmarked_tail() -> (TempDir, Vec<Record>, usize) {
    let (folder, mut records) = closed_log(9).await;
    let head = fs::read(folder.path().join("log/head")).expect("bytes");
    let marked = records.len();
    let more = history(records.last().expect("records").header.last_position(), 12);
    append(&open(folder.path()).expect("the log"), &more).await;
    records.extend(more);
    fs::write(folder.path().join("log/head"), head).expect("written");
    (folder, records, marked)
}

#[tokio::test]
async fn whole_records_behind_the_head_mark_are_unseen_by_readers_and_kept_by_the_next_writer() {
    let (folder, records, marked) = with_an_unmarked_tail().await;
    assert_eq!(contents(folder.path(), Mode::ReadOnly).await.expect("read"), records[..marked]);
    assert_eq!(contents(folder.path(), Mode::Write).await.expect("mended"), records);
    assert_eq!(contents(folder.path(), Mode::ReadOnly).await.expect("read"), records);
}

#[tokio::test]
async fn a_torn_end_behind_the_head_mark_is_cut_off_and_writing_goes_on() {
    let (folder, mut records, marked) = with_an_unmarked_tail().await;
    let last = segments(folder.path()).pop().expect("a segment");
    let bytes = fs::read(&last).expect("bytes");
    fs::write(&last, &bytes[..bytes.len() - 5]).expect("written");
    records.pop();
    assert_eq!(contents(folder.path(), Mode::ReadOnly).await.expect("read"), records[..marked]);
    assert_eq!(contents(folder.path(), Mode::Write).await.expect("mended"), records);
    let more = history(records.last().expect("records").header.last_position(), 5);
    append(&open(folder.path()).expect("the log"), &more).await;
    records.extend(more);
    assert_eq!(contents(folder.path(), Mode::Write).await.expect("read"), records);
}

#[tokio::test]
async fn a_hole_behind_the_head_mark_that_no_crash_can_make_is_damage() {
    let (folder, _, _) = with_an_unmarked_tail().await;
    let files = segments(folder.path());
    let last_but_one = &files[files.len() - 2];
    let bytes = fs::read(last_but_one).expect("bytes");
    fs::write(last_but_one, &bytes[..bytes.len() - 5]).expect("written");
    let error = contents(folder.path(), Mode::Write).await.expect_err("damage");
    assert!(is_damage(&error), "{error}");
}

#[tokio::test]
async fn a_segment_whose_header_was_never_finished_is_removed() {
    let (folder, records) = closed_log(9).await;
    let next = records.last().expect("records").header.last_position().0 + 1;
    for left in [0, 10, 63] {
        let path = folder.path().join(format!("log/{next:020}.seg"));
        fs::write(&path, vec![0; left]).expect("written");
        assert_eq!(contents(folder.path(), Mode::ReadOnly).await.expect("read"), records);
        assert_eq!(contents(folder.path(), Mode::Write).await.expect("mended"), records);
        assert!(!path.exists());
    }
}
