//! Sealed texts: any bytes are refused or erased, and none opens that was not sealed under the key.
#![no_main]

use std::sync::OnceLock;

use keys::{Context, DataKey, KeyStore, MasterKey, Mode};
use libfuzzer_sys::fuzz_target;
use uuid::Uuid;

fn key() -> &'static DataKey {
    static KEY: OnceLock<DataKey> = OnceLock::new();
    KEY.get_or_init(|| {
        let folder = tempfile::tempdir().expect("a folder");
        let store = KeyStore::open(folder.path(), MasterKey::generate().expect("a key"), Mode::Write).expect("a store");
        store.get_or_create(Uuid::from_u128(1)).expect("a key")
    })
}

fuzz_target!(|bytes: &[u8]| {
    let context = Context { event_id: Uuid::from_u128(1), trajectory_id: Uuid::from_u128(2), event_type: "contact", field: "note" };
    assert!(keys::open(key(), context, bytes).is_err());
});
