//! The log on NATS JetStream: one stream, any number of writers and readers, on any number of machines.
//!
//! ```text
//!   submit ──► queue ──► one group at a time ──► TRAJECT_EVENTS ──► Pending resolves
//!              (order,   (a plain message, or     sequence 1 2 3 …
//!               limits)   an atomic batch)        one message = one record
//!                              │
//!                              └─ names the sequence that it follows: refused when another writer was first
//! ```
//!
//! | file | holds |
//! | --- | --- |
//! | `options.rs` | what a log is opened with |
//! | `connect.rs` | connecting, making and checking the stream |
//! | `monitor.rs` | whether the server syncs before it acknowledges |
//! | `message.rs` | one record as one message, byte for byte |
//! | `queue.rs` | what waits to be sent, and the tail that it follows |
//! | `writer.rs` | sending a group and reading its answer |
//! | `turns.rs` | who was not first asks the others to wait a moment |
//! | `server.rs` | asking the stream: its end, one message, a place |
//! | `reader.rs` | reading in order, and following |
//! | `log.rs` | the port |
//! | `testbed.rs` | real servers for tests |
//!
//! # Invariants
//!
//! 1. *Acknowledged means on disk.* The server must sync before it acknowledges (or three replicas must hold the message); a log whose
//!    server does neither does not open. Looked at again whenever the server is another one or was restarted.
//! 2. *One serial history.* Every group of messages names the sequence that it follows, and the next group is sent only when the one
//!    before is acknowledged. So no record ever follows one that its writer had not seen.
//! 3. *Nothing is read over.* A reader checks that stream sequences and positions number on, that moments do not run backwards, and the
//!    checksum of every record.
//! 4. *No credential appears* in an error, in a `Debug` form or in a log line.
//!
//! # Why groups and not a stream of single messages
//!
//! Messages that are sent without waiting must each be tied to the one before it, or one that was decided after a refused message could
//! follow another writer's. The server offers `Nats-Expected-Last-Msg-Id` for that; but ids are those of events, and two writers that
//! import the same file send the same ids: then the tie holds where it should not. An atomic batch has no such gap: all of its messages
//! follow the sequence that the first one names, or none is there. And it is faster where it counts: with `sync_interval: always` the
//! server syncs each single message, however many are in flight (5 thousand a second on two cores), but a batch once (20 to 35 thousand).

mod connect;
#[cfg(feature = "fuzzing")]
#[doc(hidden)]
pub mod fuzzing;
mod log;
mod message;
mod monitor;
mod options;
mod proof;
mod queue;
mod reader;
mod server;
#[cfg(feature = "testbed")]
pub mod testbed;
mod turns;
mod writer;

pub use log::JetStreamLog;
pub use message::HEADER_ROOM;
pub use options::{Durability, Mode, Options, STREAM, SUBJECT_PREFIX};
pub use queue::{QUEUE_LIMIT_BYTES, QUEUE_LIMIT_MESSAGES};
pub use reader::{JetStreamFollower, JetStreamReader};
