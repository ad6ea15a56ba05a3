//! The form on disk is for ever: what version 1 wrote is read by every later one, and version 1 is still written so.

use std::{
    fs,
    path::{Path, PathBuf},
};

use event_log::{EventLog, Position, Record, conformance::record_with};
use log_embedded::{EmbeddedLog, Mode, Options};

use crate::support::{contents, copy_of, files, folder};

/// So short that the golden log has two segments.
const SEGMENT_BYTES: u64 = 256;

fn golden() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/version-1")
}

fn records() -> Vec<Record> {
    let bodies = ["the first decision", "", "the third, of two events", "the last"];
    let firsts = [(1, 1, 0), (2, 1, 5), (3, 2, 5), (5, 1, 1_000_000)];
    firsts.into_iter().zip(bodies).map(|((first, events, micros), body)| record_with(first, events, micros, body.into())).collect()
}

async fn write(folder: &Path) {
    let log = EmbeddedLog::open_with(folder, Mode::Write, Options::default().segment_bytes(SEGMENT_BYTES)).expect("a new log");
    log.submit(Position::START, records()).await.expect("queued").await.expect("durable");
}

#[tokio::test]
async fn the_golden_log_of_version_1_is_read() {
    let copy = copy_of(&golden());
    for mode in [Mode::ReadOnly, Mode::Write] {
        assert_eq!(contents(copy.path(), mode).await.expect("read"), records());
    }
}

#[tokio::test]
async fn version_1_is_written_as_ever() {
    let folder = folder();
    write(folder.path()).await;
    let (found, expected) = (files(folder.path()), files(&golden()));
    assert_eq!(found.len(), 3);
    for (found, expected) in found.iter().zip(&expected) {
        assert_eq!(found.file_name(), expected.file_name());
        assert!(fs::read(found).expect("bytes") == fs::read(expected).expect("bytes"), "{} has changed", expected.display());
    }
}
