//! Read models and checkpoints in sled.
//!
//! A view is thrown away and rebuilt from the log whenever there is a doubt; so this crate would rather doubt too often. Three
//! views live here: the index of event ids (id → position and keyed digest of the content), the index of streams
//! (trajectory → where its records lie), and the clients whose texts the log holds. State and checkpoint are written in one transaction.
//!
//! sled acknowledges before data is on disk, and that is fine for what the log can rebuild, provided that half of it is never
//! believed. [`Views::open`] therefore believes only a folder that was closed in order: a **seal** names every file with its
//! length and checksum. After a crash, a power cut or a flipped bit the seal does not fit, and the views begin again at 0.
//!
//! Architecture invariant: sled is known to this crate alone.

mod error;
mod seal;
mod store;

pub use error::ViewError;
pub use seal::checkpoint as sealed_checkpoint;
pub use store::{Entry, EventEntry, Opened, Projected, Views};
