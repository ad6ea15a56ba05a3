//! Clients' keys in a bucket on NATS JetStream: for gateways on several machines that share one log.
//!
//! ```text
//!   KeyStore (crate keys: wraps, unwraps, caches) ── Shelf ──► Bucket ──► stream KV_client_keys
//!                                                                │          master         which master key wraps all
//!                                                                │          digest         the digest key, wrapped
//!                                                                │          client.<id>    a client's key, wrapped, or: destroyed
//!                                                                └─◄ watch: destructions by other gateways
//! ```
//!
//! # Invariants
//!
//! 1. *One key per client.* An entry is made only where nothing is (the server compares its revision with 0), so of two gateways one wins, and
//!    the other reads the winner's key. Every such reading asks the stream's leader.
//! 2. *Destroyed for ever.* A destruction replaces exactly the revision that was read, and no entry ever replaces it. Deleting and purging
//!    through the server are denied; an entry that was deleted all the same is damage, not room for a new key.
//! 3. *Durable before use.* An entry counts when the server has acknowledged it. The context must be that of a log that was opened for
//!    writing (`JetStreamLog::context`): there it was found that what the server acknowledges is on disk.
//! 4. *No key in clear* leaves this process: the bucket holds wrapped keys, bound to master key, kind and client.
//! 5. A gateway that cannot know of destructions, because its connection is lost, does not use what it has unwrapped before.
//!
//! # Called from synchronous code
//!
//! The methods of the store are synchronous, and wait for the server: on a thread of a multi-thread runtime the other tasks of that thread
//! move on to another; on any other thread it waits plainly. A current-thread runtime cannot wait so, and is told.

mod bucket;
mod entry;
#[cfg(feature = "fuzzing")]
#[doc(hidden)]
pub mod fuzzing;

pub use bucket::{BUCKET, Options, open};
