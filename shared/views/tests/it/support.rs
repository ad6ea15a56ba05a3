//! Records to take in, and folders to doubt.

use std::{
    fs,
    path::{Path, PathBuf},
};

use event_log::{Locator, Position};
use uuid::Uuid;
use views::{EventEntry, Opened, Projected, Views};

pub fn stream(n: u64) -> Uuid {
    Uuid::from_u128(0x7000 << 64 | u128::from(n))
}

pub fn event(position: u64) -> Uuid {
    Uuid::from_u128(0xe000 << 64 | u128::from(position))
}

pub fn entry(position: u64) -> EventEntry {
    let mut digest = [0; 16];
    digest[..8].copy_from_slice(&position.wrapping_mul(0x9e37_79b9_7f4a_7c15).to_be_bytes());
    EventEntry { position: Position(position), digest }
}

/// The records from this position through that one; each third holds two events. Three streams by turns.
pub fn records(first: u64, last: u64) -> Vec<Projected> {
    let (mut records, mut position) = (Vec::new(), 1);
    for n in 0.. {
        let events = if n % 3 == 2 { 2 } else { 1 };
        if position > last {
            return records;
        }
        if position >= first {
            let events = (position..position + events).map(|position| (event(position), entry(position))).collect();
            records.push(Projected { trajectory: stream(n % 3), client: None, locator: Locator(n * 100), events });
        }
        position += events;
    }
    records
}

/// The end of the last of these records.
pub fn end(records: &[Projected]) -> Position {
    records.last().and_then(|record| record.events.last()).map_or(Position::START, |(_, entry)| entry.position)
}

pub fn open(folder: &Path) -> Opened {
    Views::open(folder).unwrap_or_else(|e| panic!("{e}"))
}

/// Views of the first hundred positions, closed in order.
pub fn closed(folder: &Path) -> Vec<(Vec<u8>, Vec<u8>)> {
    let mut views = open(folder).views;
    let records = records(1, 100);
    views.apply(&records, end(&records)).expect("taken in");
    let contents = views.contents().expect("contents");
    views.close().expect("closed");
    contents
}

/// Every file below a folder, in order.
pub fn files(folder: &Path) -> Vec<PathBuf> {
    let (mut files, mut folders) = (Vec::new(), vec![folder.to_owned()]);
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() { folders.push(path) } else { files.push(path) }
        }
    }
    files.sort();
    files
}

pub fn copy(from: &Path, to: &Path) {
    for file in files(from) {
        let target = to.join(file.strip_prefix(from).expect("below it"));
        fs::create_dir_all(target.parent().expect("a folder")).expect("a folder");
        fs::copy(file, target).expect("a copy");
    }
}
