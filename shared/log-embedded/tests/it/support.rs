//! What the tests share: small logs with many segments, copies of folders, and reading that tells damage from the rest.

use std::{
    fs,
    path::{Path, PathBuf},
};

use event_log::{
    EventLog, Position, ReadError, Record, Until,
    conformance::{append, history, read_all},
};
use log_embedded::{EmbeddedLog, Mode, Options};
use tempfile::TempDir;

/// So short that a few records fill a segment.
pub const SHORT: u64 = 2_000;

pub fn open(folder: &Path) -> Result<EmbeddedLog, ReadError> {
    EmbeddedLog::open_with(folder, Mode::Write, Options::default().segment_bytes(SHORT))
}

pub fn folder() -> TempDir {
    TempDir::new().expect("a folder")
}

/// A closed log of so many records.
pub async fn closed_log(records: usize) -> (TempDir, Vec<Record>) {
    let folder = folder();
    let records = history(Position::START, records);
    append(&open(folder.path()).expect("a new log"), &records).await;
    (folder, records)
}

/// Everything that a log in this folder gives, opened so.
pub async fn contents(folder: &Path, mode: Mode) -> Result<Vec<Record>, ReadError> {
    let log = EmbeddedLog::open_with(folder, mode, Options::default().segment_bytes(SHORT))?;
    let found = read_all(&log, Position::START, Until::Head).await?;
    let head = log.head().await?.position;
    assert_eq!(found.last().map_or(Position::START, |(_, record)| record.header.last_position()), head);
    Ok(found.into_iter().map(|(_, record)| record).collect())
}

/// The files of a log, in order of their names, without the lock.
pub fn files(folder: &Path) -> Vec<PathBuf> {
    let mut files: Vec<PathBuf> = fs::read_dir(folder.join("log"))
        .expect("the log")
        .map(|entry| entry.expect("an entry").path())
        .filter(|path| path.file_name().is_some_and(|name| name != "lock"))
        .collect();
    files.sort();
    files
}

pub fn segments(folder: &Path) -> Vec<PathBuf> {
    files(folder).into_iter().filter(|path| path.extension().is_some_and(|suffix| suffix == "seg")).collect()
}

/// A copy of a data folder, to damage.
pub fn copy_of(folder: &Path) -> TempDir {
    let copy = self::folder();
    copy_log(folder, copy.path());
    copy
}

pub fn copy_log(from: &Path, to: &Path) {
    fs::create_dir_all(to.join("log")).expect("a folder");
    for file in files(from) {
        fs::copy(&file, to.join("log").join(file.file_name().expect("a name"))).expect("a copy");
    }
}

pub fn is_damage(error: &ReadError) -> bool {
    matches!(error, ReadError::Damaged { .. })
}
