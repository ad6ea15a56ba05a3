//! Read models and checkpoints in sled.
//!
//! ```text
//!   Store      named trees, a checkpoint and the log's first event: one transaction     a seal when closed in order
//!    ├─ Views    event ids, streams, clients: what recording looks up
//!    └─ States   trajectory → its state, and a mark: what a projector keeps
//!   Place      where a view lies: NAME-VERSION/a and /b, the living one and the one that is being built beside it
//! ```
//!
//! A view is thrown away and rebuilt from the log whenever there is a doubt; so this crate would rather doubt too often. State and
//! checkpoint are written in one transaction.
//!
//! sled acknowledges before data is on disk, and that is fine for what the log can rebuild, provided that half of it is never
//! believed. [`Store::open`] therefore believes only a folder that was closed in order: a **seal** names every file with its
//! length and checksum. After a crash, a power cut or a flipped bit the seal does not fit, and the view begins again at 0.
//!
//! Architecture invariant: sled is known to this crate alone.

mod error;
mod former;
mod place;
mod seal;
mod states;
mod store;
mod views;

pub use error::ViewError;
pub use place::Place;
pub use states::{OpenedStates, States, Taken};
pub use store::{Changes, Entry, Form, OpenedStore, Store, TreeNumber};
pub use views::{EventEntry, Opened, Projected, Views, sealed_checkpoint};
