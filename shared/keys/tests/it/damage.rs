//! Crashes and damage: a torn append is mended, everything else that changed is reported and never papered over.

use std::{
    fs::{self, OpenOptions},
    os::unix::fs::FileExt,
    path::Path,
};

use keys::{KEYS_FILE, KeyError, KeyStore, Mode, Place};

use crate::{assert_all_open, client, master, open, sealed_by};

const SLOT: usize = 128;

/// A folder with these bytes as its keys file.
fn folder_with(bytes: &[u8]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join(KEYS_FILE), bytes).unwrap();
    folder
}

fn bytes_of(folder: &Path) -> Vec<u8> {
    fs::read(folder.join(KEYS_FILE)).unwrap()
}

/// Clients 1 and 2 in an append each, then 3 to 6 in one, and what they sealed.
fn six_clients() -> (Vec<u8>, Vec<(uuid::Uuid, keys::SealedBytes)>) {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path(), Mode::Write);
    store.ensure(&[client(1)]).unwrap();
    store.ensure(&[client(2)]).unwrap();
    let last = [client(3), client(4), client(5), client(6)];
    store.ensure(&last).unwrap();
    let sealed = sealed_by(&store, &[client(1), client(2), client(3), client(4), client(5), client(6)]);
    (bytes_of(folder.path()), sealed)
}

fn assert_damaged(bytes: &[u8], expected: Place, what: &str) {
    for mode in [Mode::ReadOnly, Mode::Write] {
        let folder = folder_with(bytes);
        match KeyStore::open(folder.path(), master(), mode) {
            Err(KeyError::Damaged { path, place, .. }) => {
                assert_eq!(place, expected, "{what}, {mode:?}");
                assert_eq!(path, folder.path().join(KEYS_FILE));
            }
            other => panic!("{what}, {mode:?}: {other:?}"),
        }
        assert_eq!(bytes_of(folder.path()), bytes, "{what}, {mode:?}: a damaged file is left as it is");
    }
}

#[test]
fn an_append_torn_at_any_byte_is_ignored_by_a_reader_and_mended_by_a_writer() {
    let (bytes, sealed) = six_clients();
    let before_last_append = SLOT * 4;
    for length in before_last_append..bytes.len() {
        let whole = length / SLOT * SLOT;
        let survivors = &sealed[..whole / SLOT - 2];
        let folder = folder_with(&bytes[..length]);
        let reader = open(folder.path(), Mode::ReadOnly);
        assert_all_open(&reader, survivors);
        assert!(reader.get(client(6)).unwrap().is_none());
        assert_eq!(bytes_of(folder.path()).len(), length, "a reader changes nothing");

        let writer = open(folder.path(), Mode::Write);
        assert_eq!(bytes_of(folder.path()), bytes[..whole], "a writer cuts the torn slot off");
        assert_all_open(&writer, survivors);
        writer.ensure(&[client(6), client(7)]).unwrap();
        drop(writer);
        let reader = open(folder.path(), Mode::ReadOnly);
        assert_all_open(&reader, survivors);
        assert!(reader.get(client(6)).unwrap().is_some() && reader.get(client(7)).unwrap().is_some());
    }
}

#[test]
fn room_that_was_never_written_after_the_last_slot_is_mended() {
    let (bytes, sealed) = six_clients();
    for zeros in [1, SLOT - 1, SLOT, SLOT + 1, 5 * SLOT + 7] {
        let longer = [bytes.as_slice(), &vec![0; zeros]].concat();
        let folder = folder_with(&longer);
        assert_all_open(&open(folder.path(), Mode::ReadOnly), &sealed);
        assert_all_open(&open(folder.path(), Mode::Write), &sealed);
        assert_eq!(bytes_of(folder.path()), bytes);
    }
}

#[test]
fn a_hole_in_the_last_append_is_mended_and_stays_mended_when_more_follows() {
    let (bytes, sealed) = six_clients();
    // Of the last append (slots 3 to 6) only slots 4 and 6 reached the disk.
    let mut holed = bytes.clone();
    for slot in [3, 5] {
        holed[SLOT * (slot + 1)..SLOT * (slot + 2)].fill(0);
    }
    let survivors: Vec<_> = [0, 1, 3, 5].map(|n| sealed[n].clone()).into();
    let folder = folder_with(&holed);
    let reader = open(folder.path(), Mode::ReadOnly);
    assert_all_open(&reader, &survivors);
    assert!(reader.get(client(3)).unwrap().is_none());
    let writer = open(folder.path(), Mode::Write);
    assert_all_open(&writer, &survivors);
    writer.ensure(&[client(3)]).unwrap();
    drop(writer);
    let reader = open(folder.path(), Mode::ReadOnly);
    assert_all_open(&reader, &survivors);
    assert!(reader.get(client(3)).unwrap().is_some() && reader.get(client(5)).unwrap().is_none());
}

#[test]
fn a_slot_that_became_empty_before_the_last_append_is_a_loss_and_reported() {
    let (bytes, _) = six_clients();
    for slot in [0, 1, 2] {
        let mut emptied = bytes.clone();
        emptied[SLOT * (slot + 1)..SLOT * (slot + 2)].fill(0);
        assert_damaged(&emptied, Place::Slot(slot as u32), "emptied");
    }
}

#[test]
fn a_flipped_bit_in_any_byte_is_damage_also_in_the_last_slot() {
    let (bytes, _) = six_clients();
    for byte in 0..bytes.len() {
        let mut changed = bytes.clone();
        changed[byte] ^= 1 << (byte % 8);
        let place = if byte < SLOT { Place::Header } else { Place::Slot((byte / SLOT - 1) as u32) };
        assert_damaged(&changed, place, &format!("byte {byte}"));
    }
}

#[test]
fn a_file_too_short_for_its_digest_key_is_damaged_and_never_made_anew() {
    let (bytes, _) = six_clients();
    for length in 0..2 * SLOT {
        let place = if length < SLOT { Place::Header } else { Place::Slot(0) };
        assert_damaged(&bytes[..length], place, &format!("{length} bytes"));
    }
}

#[test]
fn slots_that_changed_places_or_came_from_another_store_are_damage() {
    let (bytes, _) = six_clients();
    let mut swapped = bytes.clone();
    swapped.copy_within(SLOT * 2..SLOT * 3, SLOT * 3);
    assert_damaged(&swapped, Place::Slot(2), "a slot written over its neighbour");

    // Another store under the same master key: whole slots, right numbers. The client is there twice.
    let other = tempfile::tempdir().unwrap();
    open(other.path(), Mode::Write).ensure(&[client(2)]).unwrap();
    let mut mixed = bytes.clone();
    mixed[SLOT * 2..SLOT * 3].copy_from_slice(&bytes_of(other.path())[SLOT * 2..SLOT * 3]);
    assert_damaged(&mixed, Place::Slot(2), "a client twice");
}

#[test]
fn damage_that_comes_while_the_store_is_open_is_found_when_the_key_is_asked_for() {
    let (bytes, _) = six_clients();
    let folder = folder_with(&bytes);
    let store = open(folder.path(), Mode::ReadOnly);
    let file = OpenOptions::new().write(true).open(folder.path().join(KEYS_FILE)).unwrap();
    file.write_all_at(&[0xff; 8], (SLOT * 2 + 50) as u64).unwrap();
    assert!(matches!(store.get(client(1)), Err(KeyError::Damaged { place: Place::Slot(1), .. })));
    assert!(store.get(client(2)).unwrap().is_some());
}

#[test]
fn a_newer_format_is_named_as_such() {
    let (mut bytes, _) = six_clients();
    bytes[8] = 2;
    let crc = crc32c(&bytes[..124]);
    bytes[124..128].copy_from_slice(&crc.to_le_bytes());
    let folder = folder_with(&bytes);
    let error = KeyStore::open(folder.path(), master(), Mode::Write).unwrap_err();
    assert!(matches!(error, KeyError::UnknownVersion { version: 2, .. }), "{error}");
}

#[test]
fn a_passing_file_left_by_a_crash_at_first_start_does_no_harm() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("clients.keys.new"), b"half").unwrap();
    open(folder.path(), Mode::Write).ensure(&[client(1)]).unwrap();
    assert!(open(folder.path(), Mode::ReadOnly).get(client(1)).unwrap().is_some());
}

/// CRC-32C bit by bit: a second opinion on the checksum, from its definition.
fn crc32c(bytes: &[u8]) -> u32 {
    let step = |crc: u32, _| if crc & 1 == 1 { crc >> 1 ^ 0x82f6_3b78 } else { crc >> 1 };
    !bytes.iter().fold(!0, |crc, byte| (0..8).fold(crc ^ u32::from(*byte), step))
}
