//! The store: keys are made once, last, are destroyed for ever, and serve many callers at once.

use std::{collections::HashSet, fs, sync::Barrier, thread, time::Instant};

use keys::{Class, KEYS_FILE, KeyError, KeyStore, Mode};
use uuid::Uuid;

use crate::{assert_all_open, client, context, master, open, sealed_by};

#[test]
fn keys_outlive_the_process_that_made_them() {
    let folder = tempfile::tempdir().unwrap();
    let clients = [client(1), client(2), Uuid::nil(), Uuid::max()];
    let store = open(folder.path(), Mode::Write);
    store.ensure(&clients).unwrap();
    let digest = keys::text_digest(store.digest_key(), context(), "x");
    let sealed = sealed_by(&store, &clients);
    drop(store);
    for mode in [Mode::ReadOnly, Mode::Write, Mode::WriteExisting] {
        let store = open(folder.path(), mode);
        assert_all_open(&store, &sealed);
        assert_eq!(keys::text_digest(store.digest_key(), context(), "x"), digest);
        assert!(store.get(client(3)).unwrap().is_none());
    }
}

#[test]
fn ensuring_again_or_twice_in_one_list_makes_no_second_key() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path(), Mode::Write);
    store.ensure(&[client(1), client(1), client(2)]).unwrap();
    let sealed = sealed_by(&store, &[client(1), client(2)]);
    let length = fs::metadata(folder.path().join(KEYS_FILE)).unwrap().len();
    assert_eq!(length, 128 * 4, "header, digest key, two clients");
    store.ensure(&[client(2), client(1)]).unwrap();
    store.ensure(&[]).unwrap();
    assert_eq!(fs::metadata(folder.path().join(KEYS_FILE)).unwrap().len(), length);
    assert_all_open(&store, &sealed);
}

#[test]
fn many_callers_at_once_get_one_key_per_client() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path(), Mode::Write);
    let barrier = Barrier::new(8);
    let sealed: Vec<_> = thread::scope(|scope| {
        let work = |thread: u128| {
            let (store, barrier) = (&store, &barrier);
            scope.spawn(move || {
                barrier.wait();
                let mut sealed = Vec::new();
                for round in 0..20 {
                    // Each list overlaps with those of the other threads.
                    let clients: Vec<_> = (0..6).map(|n| client(round * 10 + (n + thread) % 10)).collect();
                    store.ensure(&clients).unwrap();
                    sealed.extend(sealed_by(store, &clients));
                }
                sealed
            })
        };
        let threads: Vec<_> = (0..8).map(work).collect();
        threads.into_iter().flat_map(|thread| thread.join().unwrap()).collect()
    });
    assert_all_open(&store, &sealed);
    drop(store);
    assert_all_open(&open(folder.path(), Mode::ReadOnly), &sealed);
    let distinct: HashSet<_> = sealed.iter().map(|(client, _)| client).collect();
    let length = fs::metadata(folder.path().join(KEYS_FILE)).unwrap().len();
    assert_eq!(length, 128 * (2 + distinct.len() as u64));
}

#[test]
fn a_destroyed_key_is_gone_for_ever_and_leaves_nothing_but_its_tombstone() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(KEYS_FILE);
    let store = open(folder.path(), Mode::Write);
    store.ensure(&[client(1), client(2), client(3)]).unwrap();
    let others = sealed_by(&store, &[client(1), client(3)]);
    let before = fs::read(&path).unwrap();
    assert!(store.destroy(client(2)).unwrap());
    assert!(!store.destroy(client(2)).unwrap(), "the second time there is nothing to destroy");
    let after = fs::read(&path).unwrap();
    assert_eq!(before.len(), after.len());
    let slot = 128 * 3;
    assert!(after[slot + 24..slot + 124].iter().all(|byte| *byte == 0), "no key material");
    assert_eq!(before[..slot], after[..slot]);
    assert_eq!(before[slot + 128..], after[slot + 128..]);

    let check = |store: &KeyStore| {
        assert!(store.is_destroyed(client(2)) && !store.is_destroyed(client(1)) && !store.is_destroyed(client(4)));
        for result in [store.get(client(2)).map(|_| ()), store.ensure(&[client(2)]), store.get_or_create(client(2)).map(|_| ())] {
            let error = result.unwrap_err();
            assert!(matches!(error, KeyError::Destroyed { client: c } if c == client(2)), "{error}");
            assert_eq!(error.class(), Class::Refused);
        }
        assert_all_open(store, &others);
    };
    check(&store);
    drop(store);
    check(&open(folder.path(), Mode::Write));
    check(&open(folder.path(), Mode::ReadOnly));
}

#[test]
fn with_one_destroyed_client_in_the_list_no_key_is_made() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path(), Mode::Write);
    store.destroy(client(1)).unwrap();
    assert!(store.ensure(&[client(2), client(1)]).is_err());
    assert!(store.get(client(2)).unwrap().is_none());
}

#[test]
fn a_client_without_a_key_can_be_erased_too() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path(), Mode::Write);
    assert!(!store.destroy(client(1)).unwrap());
    drop(store);
    let store = open(folder.path(), Mode::Write);
    assert!(matches!(store.get_or_create(client(1)), Err(KeyError::Destroyed { .. })));
}

#[test]
fn one_process_writes_while_others_read() {
    let folder = tempfile::tempdir().unwrap();
    let writer = open(folder.path(), Mode::Write);
    let error = KeyStore::open(folder.path(), master(), Mode::Write).unwrap_err();
    assert!(matches!(error, KeyError::InUse { .. }));
    assert_eq!(error.class(), Class::Retryable);

    let reader = open(folder.path(), Mode::ReadOnly);
    writer.ensure(&[client(1), client(2)]).unwrap();
    let sealed = sealed_by(&writer, &[client(1), client(2)]);
    assert_all_open(&reader, &sealed);
    writer.destroy(client(2)).unwrap();
    assert!(matches!(open(folder.path(), Mode::ReadOnly).get(client(2)), Err(KeyError::Destroyed { .. })));
    drop(writer);
    open(folder.path(), Mode::Write);
}

#[test]
fn a_reader_sees_a_destruction_by_another_process_unless_it_holds_the_key_already() {
    let folder = tempfile::tempdir().unwrap();
    let writer = open(folder.path(), Mode::Write);
    writer.ensure(&[client(1)]).unwrap();
    let reader = open(folder.path(), Mode::ReadOnly);
    writer.destroy(client(1)).unwrap();
    assert!(matches!(reader.get(client(1)), Err(KeyError::Destroyed { .. })));
    assert!(reader.is_destroyed(client(1)));
}

#[test]
fn a_store_opened_for_reading_makes_and_destroys_nothing() {
    let folder = tempfile::tempdir().unwrap();
    open(folder.path(), Mode::Write).ensure(&[client(1)]).unwrap();
    let before = fs::read(folder.path().join(KEYS_FILE)).unwrap();
    let store = open(folder.path(), Mode::ReadOnly);
    store.ensure(&[client(1)]).unwrap();
    for refused in [store.ensure(&[client(2)]), store.destroy(client(1)).map(|_| ())] {
        assert!(matches!(refused, Err(KeyError::ReadOnly { .. })));
    }
    assert_eq!(fs::read(folder.path().join(KEYS_FILE)).unwrap(), before);
}

#[test]
fn a_missing_file_is_made_or_reported_as_the_mode_says() {
    let folder = tempfile::tempdir().unwrap();
    for mode in [Mode::ReadOnly, Mode::WriteExisting] {
        let error = KeyStore::open(folder.path(), master(), mode).unwrap_err();
        assert!(matches!(error, KeyError::StoreMissing { .. }), "{error}");
        assert!(!folder.path().join(KEYS_FILE).exists());
    }
    open(folder.path(), Mode::Write);
    open(folder.path(), Mode::WriteExisting);
    let nowhere = folder.path().join("nowhere");
    assert!(matches!(KeyStore::open(&nowhere, master(), Mode::Write), Err(KeyError::Io { .. })));
}

#[test]
fn the_files_are_closed_to_others() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    let _store = open(folder.path(), Mode::Write);
    for entry in fs::read_dir(folder.path()).unwrap() {
        let entry = entry.unwrap();
        assert_eq!(entry.metadata().unwrap().permissions().mode() & 0o077, 0, "{:?}", entry.path());
    }
}

#[test]
fn a_large_store_opens_quickly_because_keys_are_unwrapped_when_asked_for() {
    let folder = tempfile::tempdir().unwrap();
    let clients: Vec<_> = (0..10_000).map(client).collect();
    let store = open(folder.path(), Mode::Write);
    store.ensure(&clients).unwrap();
    let some: Vec<_> = clients.iter().copied().step_by(1_001).collect();
    let sealed = sealed_by(&store, &some);
    drop(store);
    let began = Instant::now();
    let store = open(folder.path(), Mode::ReadOnly);
    let opening = began.elapsed();
    let began = Instant::now();
    for client in &clients {
        assert!(store.get(*client).unwrap().is_some());
    }
    let unwrapping = began.elapsed();
    assert_all_open(&store, &sealed);
    // A ratio, not a duration: it holds on a busy machine and without optimisation too. Measured: 1 to 30.
    assert!(opening < unwrapping, "opening took {opening:?}, unwrapping all {unwrapping:?}");
}
