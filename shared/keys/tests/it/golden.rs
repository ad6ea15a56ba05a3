//! A keys file as version 1 wrote it, kept for ever: if it no longer opens, the keys of every running installation are lost.

use std::fs;

use keys::{KEYS_FILE, KeyError, KeyStore, Mode};

use crate::{client, context, master};

/// Client 1 has a key, client 2 was erased, client 3 has a key; wrapped under the master key of these tests.
const KEYS: &[u8] = include_bytes!("../golden/clients-v1.keys");
/// What client 3 sealed for the place of these tests.
const SEALED: &[u8] = include_bytes!("../golden/client-3-v1.sealed");
const TEXT: &str = "belde terug: één gesprek";

#[test]
fn the_golden_file_of_version_1_opens() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join(KEYS_FILE), KEYS).unwrap();
    for mode in [Mode::ReadOnly, Mode::Write] {
        let store = KeyStore::open(folder.path(), master(), mode).unwrap();
        assert!(store.get(client(1)).unwrap().is_some());
        assert!(matches!(store.get(client(2)), Err(KeyError::Destroyed { .. })));
        let key = store.get(client(3)).unwrap().unwrap();
        assert_eq!(keys::open(&key, context(), SEALED).unwrap(), TEXT);
        let digest = keys::SealedBytes::from_vec(SEALED.to_vec()).digest();
        assert_eq!(digest, Some(keys::text_digest(store.digest_key(), context(), TEXT)));
    }
    assert_eq!(fs::read(folder.path().join(KEYS_FILE)).unwrap(), KEYS, "opening changes no byte");
}
