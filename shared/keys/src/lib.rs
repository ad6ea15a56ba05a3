//! One data key per client, wrapped under one master key; sealing and opening of texts with it.
//!
//! Every text in the log is personal data and is sealed from the first stored byte under a key of that client alone. Destroying the key
//! erases all texts of the client while the log, and with it every figure and every proof, stays whole.
//!
//! # Who wraps what
//!
//! ```text
//! master key (a file of its own, or a setting)
//!    └─ wraps each slot of clients.keys
//!          ├─ slot 0: the digest key, one for the whole store
//!          └─ slot n: the data key of one client ── seals ── every text of that client in the log
//! ```
//!
//! # How it is used
//!
//! ```
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # let folder = tempfile::tempdir()?;
//! # let folder = folder.path();
//! use keys::{Context, KeyStore, MasterKey, Mode};
//!
//! let master = MasterKey::load_or_create(&folder.join("master.key"))?;
//! let store = KeyStore::open(folder, master, Mode::Write)?;
//!
//! // Durable before use: the key rests on disk before the first event that needs it is appended.
//! let client = uuid::Uuid::from_u128(7);
//! store.ensure(&[client])?;
//!
//! let context = Context { event_id: uuid::Uuid::from_u128(1), trajectory_id: uuid::Uuid::from_u128(2), event_type: "contact", field: "note" };
//! let key = store.get(client)?.ok_or("the key was just made")?;
//! let sealed = keys::seal(&key, store.digest_key(), context, "called back at noon")?;
//! assert_eq!(keys::open(&key, context, sealed.as_bytes())?, "called back at noon");
//! # Ok(())
//! # }
//! ```
//!
//! # Layout
//!
//! | file | holds |
//! | --- | --- |
//! | `master.rs` | the master key: its file, its permissions, its id |
//! | `slot.rs` | the stored form of `clients.keys`, byte for byte |
//! | `file.rs` | making, checking and mending that file |
//! | `filed.rs` | that file in use: one place where keys rest |
//! | `shelf.rs` | the port: what any such place does; wrapping and unwrapping |
//! | `store.rs` | the store: ensuring, getting, destroying |
//! | `text.rs` | the stored form of a sealed text, byte for byte |
//! | `aside.rs` | input set aside under a key that nobody keeps |
//! | `random.rs` | randomness, drawn in blocks for nonces |
//!
//! # What this crate does not do
//!
//! It knows nothing of events or of the log, starts no thread, reads no clock and no environment. Key material is wiped from memory when it
//! is dropped and never appears in a `Debug` form or in an error; an opened text is an ordinary `String` and is not wiped.

mod aside;
mod error;
mod file;
mod filed;
mod master;
mod random;
mod shelf;
mod slot;
mod store;
mod text;

pub use aside::SetAside;
pub use error::{Class, KeyError, OpenError, Place};
pub use filed::KEYS_FILE;
pub use master::{MasterKey, MasterKeyId};
pub use shelf::{Kept, Shelf, WrappedKey, Wrapping};
pub use store::{KeyStore, Mode};
pub use text::{Context, DataKey, DigestKey, SealedBytes, TextDigest, open, seal, text_digest};
