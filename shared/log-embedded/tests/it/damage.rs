//! What a bad disk or a careless hand does to the files: it is found, or it changed nothing that counts. Never are other
//! records given out than those that were written.

use std::{fs, path::Path};

use event_log::{EventLog, Position, ReadError, Record, Until, conformance::append, conformance::history, conformance::read_all};
use log_embedded::{EmbeddedLog, Mode};
use tempfile::TempDir;

use crate::support::{closed_log, contents, copy_of, files, folder, is_damage, open, segments};

const MODES: [Mode; 2] = [Mode::ReadOnly, Mode::Write];

/// Opens both ways, reading first because writing may mend. Each must give damage or the very same records; says how
/// often it was damage.
async fn check(folder: &Path, records: &[Record], what: &str) -> usize {
    let mut damages = 0;
    for mode in MODES {
        match contents(folder, mode).await {
            Ok(found) => assert!(found == records, "{what}, {mode:?}: {} records of {}", found.len(), records.len()),
            Err(error) => {
                assert!(is_damage(&error), "{what}, {mode:?}: {error}");
                damages += 1;
            }
        }
    }
    damages
}

async fn must_be_damage(folder: &Path, what: &str) {
    for mode in MODES {
        match contents(folder, mode).await {
            Ok(found) => panic!("{what}, {mode:?}: {} records were given out", found.len()),
            Err(error) => assert!(is_damage(&error), "{what}, {mode:?}: {error}"),
        }
    }
}

#[tokio::test]
async fn every_flipped_byte_of_a_segment_is_found() {
    let (original, records) = closed_log(12).await;
    assert!(segments(original.path()).len() >= 3, "the test needs several segments");
    let copy = copy_of(original.path());
    for file in segments(copy.path()) {
        let bytes = fs::read(&file).expect("bytes");
        for offset in 0..bytes.len() {
            let mut spoilt = bytes.clone();
            spoilt[offset] ^= 1 << (offset % 8);
            fs::write(&file, &spoilt).expect("written");
            let what = format!("byte {offset} of {}", file.display());
            assert_eq!(check(copy.path(), &records, &what).await, 2, "{what} was not found");
        }
        fs::write(&file, &bytes).expect("written");
    }
    assert_eq!(check(copy.path(), &records, "the original").await, 0);
}

#[tokio::test]
async fn a_flipped_byte_of_the_head_mark_costs_nothing_because_the_other_slot_says_the_same() {
    let (original, records) = closed_log(6).await;
    let head = original.path().join("log/head");
    let bytes = fs::read(&head).expect("bytes");
    for offset in (0..bytes.len()).filter(|offset| offset % 4096 < 80 || offset % 97 == 0) {
        let mut spoilt = bytes.clone();
        spoilt[offset] ^= 0x10;
        fs::write(&head, &spoilt).expect("written");
        assert_eq!(check(original.path(), &records, &format!("byte {offset} of the head mark")).await, 0);
        assert!(contents(original.path(), Mode::ReadOnly).await.is_ok());
    }
}

#[tokio::test]
async fn both_slots_damaged_is_damage() {
    let (original, _) = closed_log(6).await;
    let head = original.path().join("log/head");
    let mut bytes = fs::read(&head).expect("bytes");
    bytes[20] ^= 1;
    bytes[4096 + 20] ^= 1;
    fs::write(&head, &bytes).expect("written");
    must_be_damage(original.path(), "both slots").await;
}

#[tokio::test]
async fn files_cut_to_every_length_are_found() {
    let (original, records) = closed_log(12).await;
    for file in files(original.path()) {
        let bytes = fs::read(&file).expect("bytes");
        let is_head = file.ends_with("head");
        for length in (0..bytes.len()).filter(|length| !is_head || length % 256 < 2) {
            let copy = copy_of(original.path());
            let spoilt = copy.path().join("log").join(file.file_name().expect("a name"));
            fs::write(&spoilt, &bytes[..length]).expect("written");
            let what = format!("{} cut to {length} bytes", file.display());
            let damages = check(copy.path(), &records, &what).await;
            // The first slot of the head mark is enough.
            assert_eq!(damages, if is_head && length >= 4096 { 0 } else { 2 }, "{what}");
        }
    }
}

#[tokio::test]
async fn bytes_added_to_a_full_segment_are_found_and_at_the_end_are_cut_off() {
    let (original, records) = closed_log(12).await;
    let files = segments(original.path());
    for file in &files {
        let copy = copy_of(original.path());
        let longer = copy.path().join("log").join(file.file_name().expect("a name"));
        let mut bytes = fs::read(&longer).expect("bytes");
        bytes.extend([7; 100]);
        fs::write(&longer, &bytes).expect("written");
        let expected = if Some(file) == files.last() { 0 } else { 2 };
        assert_eq!(check(copy.path(), &records, &format!("{} made longer", file.display())).await, expected);
    }
}

#[tokio::test]
async fn a_missing_file_is_found_and_named() {
    let (original, _) = closed_log(12).await;
    for file in files(original.path()) {
        let copy = copy_of(original.path());
        let name = file.file_name().expect("a name");
        fs::remove_file(copy.path().join("log").join(name)).expect("removed");
        must_be_damage(copy.path(), &format!("{} removed", file.display())).await;
    }
    for file in segments(original.path()) {
        fs::remove_file(file).expect("removed");
    }
    must_be_damage(original.path(), "all segments removed").await;
}

#[tokio::test]
async fn exchanged_files_are_found() {
    let (original, _) = closed_log(14).await;
    let files = segments(original.path());
    for (one, other) in files.iter().flat_map(|one| files.iter().map(move |other| (one, other))).filter(|(one, other)| one < other) {
        let copy = copy_of(original.path());
        let place = |file: &Path| copy.path().join("log").join(file.file_name().expect("a name"));
        fs::copy(one, place(other)).expect("a copy");
        fs::copy(other, place(one)).expect("a copy");
        must_be_damage(copy.path(), &format!("{} and {} exchanged", one.display(), other.display())).await;
    }
}

#[tokio::test]
async fn an_older_copy_of_a_segment_is_found() {
    let folder = folder();
    let first = history(Position::START, 5);
    append(&open(folder.path()).expect("a new log"), &first).await;
    let older = copy_of(folder.path());
    let more = history(first.last().expect("records").header.last_position(), 30);
    append(&open(folder.path()).expect("the log"), &more).await;
    for file in segments(older.path()) {
        let name = file.file_name().expect("a name");
        let now = folder.path().join("log").join(name);
        if fs::read(&now).expect("bytes") == fs::read(&file).expect("bytes") {
            continue;
        }
        let copy = copy_of(folder.path());
        fs::copy(&file, copy.path().join("log").join(name)).expect("a copy");
        must_be_damage(copy.path(), &format!("an older {}", file.display())).await;
        return;
    }
    panic!("the test needs a segment that grew");
}

#[tokio::test]
async fn a_segment_of_another_log_is_found_even_when_positions_fit() {
    let (original, records) = closed_log(12).await;
    let other = folder();
    let mut altered = records.clone();
    altered[0].header.trajectory_id = uuid::Uuid::from_u128(99);
    append(&open(other.path()).expect("a new log"), &altered).await;
    for file in segments(original.path()) {
        let copy = copy_of(original.path());
        let name = file.file_name().expect("a name");
        fs::copy(other.path().join("log").join(name), copy.path().join("log").join(name)).expect("a copy");
        must_be_damage(copy.path(), &format!("{} of another log", file.display())).await;
    }
}

#[tokio::test]
async fn two_exchanged_records_are_found() {
    let folder = folder();
    let records: Vec<Record> = (1..=4).map(|first| event_log::conformance::record_with(first, 1, 0, vec![first as u8; 50])).collect();
    append(&EmbeddedLog::open(folder.path(), Mode::Write).expect("a new log"), &records).await;
    let file = segments(folder.path()).remove(0);
    let mut bytes = fs::read(&file).expect("bytes");
    let frame = (bytes.len() - 64) / 4;
    let (second, third) = (64 + frame, 64 + 2 * frame);
    let kept = bytes[second..third].to_vec();
    bytes.copy_within(third..third + frame, second);
    bytes[third..third + frame].copy_from_slice(&kept);
    fs::write(&file, &bytes).expect("written");
    must_be_damage(folder.path(), "two records exchanged").await;
}

#[tokio::test]
async fn damage_is_named_by_file_byte_and_position_and_all_before_it_is_given() {
    let (original, records) = closed_log(12).await;
    let file = segments(original.path()).remove(0);
    let log = EmbeddedLog::open(original.path(), Mode::ReadOnly).expect("the log");
    let found = read_all(&log, Position::START, Until::Head).await.expect("read");
    let (locator, record) = &found[2];
    let mut bytes = fs::read(&file).expect("bytes");
    bytes[usize::try_from(locator.0).expect("small") + 50] ^= 4;
    fs::write(&file, &bytes).expect("written");

    let before = record.header.first_position.0 - 1;
    let whole = read_all(&log, Position::START, Until::Position(Position(before))).await.expect("what lies before the damage");
    assert!(whole.iter().map(|(_, record)| record).eq(&records[..2]));
    for outcome in [read_all(&log, Position::START, Until::Head).await.map(drop), log.read_at(&[*locator]).await.map(drop)] {
        match outcome {
            Err(ReadError::Damaged { file: named, offset, position, cause }) => {
                assert_eq!((named, offset, position), (file.display().to_string(), locator.0, record.header.first_position));
                assert_eq!(cause, "the checksum does not fit");
            }
            other => panic!("expected damage, got {other:?}"),
        }
    }
    assert!(log.read_at(&[found[1].0]).await.is_ok(), "a record that is whole can still be looked up");
}

#[tokio::test]
async fn a_newer_format_is_refused_in_other_words_than_damage() {
    let (original, _) = closed_log(3).await;
    for (file, length) in [("log/00000000000000000001.seg", 64), ("log/head", 4096)] {
        let copy = copy_of(original.path());
        let path = copy.path().join(file);
        let mut bytes = fs::read(&path).expect("bytes");
        bytes[8] = 2;
        let check = crc32c::crc32c_append(crc32c::crc32c(&bytes[..12]), &bytes[16..length]);
        bytes[12..16].copy_from_slice(&check.to_le_bytes());
        fs::write(&path, &bytes).expect("written");
        for mode in MODES {
            let error = contents(copy.path(), mode).await.expect_err("a newer format");
            assert!(error.to_string().contains("format version 2"), "{error}");
            assert!(!is_damage(&error), "{error}");
        }
    }
}

/// With the newest slot spoilt, and the other one older: the records in between were acknowledged.
async fn with_the_newest_slot_spoilt() -> (TempDir, Vec<Record>) {
    let folder = folder();
    let log = open(folder.path()).expect("a new log");
    let records = history(Position::START, 8);
    append(&log, &records[..7]).await;
    append(&log, &records[7..]).await;
    // At once: after a while without appends, the two slots agree.
    let copy = copy_of(folder.path());
    let head = copy.path().join("log/head");
    let mut bytes = fs::read(&head).expect("bytes");
    let generation = |slot: usize| u64::from_le_bytes(bytes[slot * 4096 + 16..slot * 4096 + 24].try_into().expect("8 bytes"));
    let newest = usize::from(generation(1) > generation(0));
    assert_ne!(bytes[24..32], bytes[4096 + 24..4096 + 32], "the test needs slots that differ");
    bytes[newest * 4096 + 30] ^= 1;
    fs::write(&head, &bytes).expect("written");
    (copy, records)
}

#[tokio::test]
async fn a_spoilt_newest_slot_loses_nothing_and_is_mended_by_writing() {
    let (folder, records) = with_the_newest_slot_spoilt().await;
    assert!(contents(folder.path(), Mode::ReadOnly).await.is_err_and(|error| is_damage(&error)), "reading must not give less");
    assert_eq!(contents(folder.path(), Mode::Write).await.expect("mended"), records);
    assert_eq!(contents(folder.path(), Mode::ReadOnly).await.expect("mended"), records);
}

#[tokio::test]
async fn a_spoilt_newest_slot_and_a_torn_end_are_damage() {
    let (folder, _) = with_the_newest_slot_spoilt().await;
    let file = segments(folder.path()).pop().expect("a segment");
    let bytes = fs::read(&file).expect("bytes");
    fs::write(&file, &bytes[..bytes.len() - 1]).expect("written");
    assert!(contents(folder.path(), Mode::Write).await.is_err_and(|error| is_damage(&error)));
}
