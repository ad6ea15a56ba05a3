//! The key store and sealed texts from outside: what holds, what is refused, and what a crash or a flipped bit does.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod aside;
mod damage;
mod golden;
mod master;
mod store;
mod texts;

use std::path::Path;

use keys::{Context, KeyStore, MasterKey, Mode};
use uuid::Uuid;

/// A master key that a test can give again and again.
fn master() -> MasterKey {
    MasterKey::from_hex(&"a7".repeat(32)).unwrap()
}

fn open(folder: &Path, mode: Mode) -> KeyStore {
    KeyStore::open(folder, master(), mode).unwrap()
}

fn client(number: u128) -> Uuid {
    Uuid::from_u128(number)
}

fn context() -> Context<'static> {
    Context { event_id: Uuid::from_u128(1), trajectory_id: Uuid::from_u128(2), event_type: "contact", field: "note" }
}

/// A sealed text of each of these clients, to see later that their keys are still the same.
fn sealed_by(store: &KeyStore, clients: &[Uuid]) -> Vec<(Uuid, keys::SealedBytes)> {
    let seal = |client: &Uuid| {
        let key = store.get(*client).unwrap().expect("a key that was ensured");
        (*client, keys::seal(&key, store.digest_key(), context(), &client.to_string()).unwrap())
    };
    clients.iter().map(seal).collect()
}

fn assert_all_open(store: &KeyStore, sealed: &[(Uuid, keys::SealedBytes)]) {
    for (client, sealed) in sealed {
        let key = store.get(*client).unwrap().expect("a key that was there before");
        assert_eq!(keys::open(&key, context(), sealed.as_bytes()).unwrap(), client.to_string());
    }
}
