//! Sealing and opening: a text opens in its place, under its key, unchanged, or not at all.

use keys::{Context, DataKey, DigestKey, KeyStore, Mode, OpenError, SealedBytes, text_digest};
use tempfile::TempDir;
use uuid::Uuid;

use crate::{client, context, open};

fn store_of_two() -> (TempDir, KeyStore, DataKey, DataKey, DigestKey) {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path(), Mode::Write);
    let one = store.get_or_create(client(1)).unwrap();
    let two = store.get_or_create(client(2)).unwrap();
    let digest_key = store.digest_key().clone();
    (folder, store, one, two, digest_key)
}

#[test]
fn a_sealed_text_opens_again() {
    let (_folder, _store, key, _, digest_key) = store_of_two();
    for text in ["", "x", "belde terug", "één gesprek 🙂", &"a".repeat(16_000)] {
        let sealed = keys::seal(&key, &digest_key, context(), text).unwrap();
        assert_eq!(keys::open(&key, context(), sealed.as_bytes()).unwrap(), text);
        assert_eq!(sealed.as_bytes().len(), text.len() + 57, "the documented overhead");
        assert!(text.len() < 4 || !sealed.as_bytes().windows(text.len()).any(|window| window == text.as_bytes()));
    }
}

#[test]
fn a_text_opens_in_no_other_event_stream_type_or_field() {
    let (_folder, _store, key, _, digest_key) = store_of_two();
    let sealed = keys::seal(&key, &digest_key, context(), "belde terug").unwrap();
    let elsewhere = [
        Context { event_id: Uuid::from_u128(9), ..context() },
        Context { trajectory_id: Uuid::from_u128(9), ..context() },
        Context { event_id: context().trajectory_id, trajectory_id: context().event_id, ..context() },
        Context { event_type: "intake", ..context() },
        Context { field: "label", ..context() },
        Context { event_type: "contactn", field: "ote", ..context() },
        Context { event_type: "", field: "", ..context() },
    ];
    for place in elsewhere {
        assert_eq!(keys::open(&key, place, sealed.as_bytes()), Err(OpenError::Refused), "{place:?}");
    }
}

#[test]
fn another_clients_key_does_not_open_a_text() {
    let (_folder, _store, one, two, digest_key) = store_of_two();
    let sealed = keys::seal(&one, &digest_key, context(), "belde terug").unwrap();
    assert_eq!(keys::open(&two, context(), sealed.as_bytes()), Err(OpenError::Refused));
}

#[test]
fn one_flipped_bit_anywhere_in_a_sealed_text_is_refused() {
    let (_folder, _store, key, _, digest_key) = store_of_two();
    let sealed = keys::seal(&key, &digest_key, context(), "belde terug").unwrap().into_vec();
    for bit in 0..sealed.len() * 8 {
        let mut changed = sealed.clone();
        changed[bit / 8] ^= 1 << (bit % 8);
        let expected = if bit < 8 { OpenError::UnknownVersion(changed[0]) } else { OpenError::Refused };
        assert_eq!(keys::open(&key, context(), &changed), Err(expected), "bit {bit}");
    }
}

#[test]
fn a_sealed_text_that_was_cut_or_lengthened_is_refused() {
    let (_folder, _store, key, _, digest_key) = store_of_two();
    let sealed = keys::seal(&key, &digest_key, context(), "belde terug").unwrap().into_vec();
    for length in 0..sealed.len() {
        let expected = if length < 57 { OpenError::TooShort(length) } else { OpenError::Refused };
        assert_eq!(keys::open(&key, context(), &sealed[..length]), Err(expected), "{length} bytes");
    }
    let longer = [sealed.as_slice(), &[0]].concat();
    assert_eq!(keys::open(&key, context(), &longer), Err(OpenError::Refused));
}

#[test]
fn the_same_text_sealed_twice_has_the_same_digest_and_other_bytes() {
    let (_folder, _store, key, _, digest_key) = store_of_two();
    let first = keys::seal(&key, &digest_key, context(), "belde terug").unwrap();
    let second = keys::seal(&key, &digest_key, context(), "belde terug").unwrap();
    assert_ne!(first, second);
    assert_eq!(first.digest(), second.digest());
    assert_eq!(first.digest(), Some(text_digest(&digest_key, context(), "belde terug")));
}

#[test]
fn the_digest_recognises_a_repetition_after_the_key_was_destroyed() {
    let (_folder, store, key, _, digest_key) = store_of_two();
    let sealed = keys::seal(&key, &digest_key, context(), "belde terug").unwrap();
    store.destroy(client(1)).unwrap();
    assert_eq!(sealed.digest(), Some(text_digest(store.digest_key(), context(), "belde terug")));
    assert_ne!(sealed.digest(), Some(text_digest(store.digest_key(), context(), "belde niet terug")));
}

#[test]
fn the_same_text_in_two_events_has_two_digests_so_that_nobody_can_link_them() {
    let (_folder, _store, _, _, digest_key) = store_of_two();
    let other = Context { event_id: Uuid::from_u128(9), ..context() };
    assert_ne!(text_digest(&digest_key, context(), "Jansen BV"), text_digest(&digest_key, other, "Jansen BV"));
}

#[test]
fn an_erased_text_is_the_byte_zero_and_says_so() {
    let (_folder, _store, key, _, _) = store_of_two();
    let erased = SealedBytes::erased();
    assert_eq!(erased.as_bytes(), [0]);
    assert!(erased.is_erased());
    assert_eq!(erased.digest(), None);
    assert_eq!(keys::open(&key, context(), erased.as_bytes()), Err(OpenError::Erased));
}

#[test]
fn nonces_do_not_repeat_across_blocks_and_threads() {
    let (_folder, _store, key, _, digest_key) = store_of_two();
    let nonces = |_| {
        let (key, digest_key) = (key.clone(), digest_key.clone());
        move || -> Vec<Vec<u8>> {
            let seal = |_| keys::seal(&key, &digest_key, context(), "x").unwrap().as_bytes()[17..41].to_vec();
            (0..1_000).map(seal).collect()
        }
    };
    let threads: Vec<_> = (0..4).map(|thread| std::thread::spawn(nonces(thread))).collect();
    let all: Vec<Vec<u8>> = threads.into_iter().flat_map(|thread| thread.join().unwrap()).collect();
    let distinct: std::collections::HashSet<_> = all.iter().collect();
    assert_eq!(distinct.len(), all.len());
}

#[test]
fn debug_forms_show_no_key_material() {
    let (_folder, store, key, _, digest_key) = store_of_two();
    let shown = format!("{store:?} {key:?} {digest_key:?} {:?}", crate::master());
    assert!(!shown.contains("a7a7") && !shown.contains("167"), "{shown}");
    assert!(shown.contains("DataKey(…) DigestKey(…) MasterKey(id "), "{shown}");
}
