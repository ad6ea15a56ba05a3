//! The port: an append-only log of decisions.
//!
//! The log is the one place where truth is kept. It holds **records**: one record is one decision, that is one or
//! several events of one trajectory which were accepted together. Events are numbered through the whole log from 1
//! without gaps (their [`Position`]); a record covers the positions `first..=last`.
//!
//! ```text
//!   submit(expected, records) ──► queued in order ──► durable ──► Pending resolves
//!                                      │                 │
//!                                      │                 └─► head() moves, readers may see it
//!                                      └─► Conflict when `expected` is not the last position queued
//! ```
//!
//! **Invariants that every adapter keeps** (the [`conformance`] suite is what proves them):
//! 1. *Acknowledged means on disk*: [`Pending`] resolves only after the record survives a power cut.
//! 2. *Gap-free*: a reader never sees position n+1 before n, and never what is not durable.
//! 3. *A record is whole*: all of its events are there, or none.
//! 4. *One serial history*: an append names the position that it follows.
//!
//! Architecture invariant: this crate knows no domain rule and reads no clock.

mod memory;
mod port;

pub mod conformance;

pub use memory::{Fault, MemoryFollower, MemoryLog, MemoryReader};
pub use port::{
    AppendError, Appended, EventLog, Head, Locator, MAX_BODY_BYTES, Pending, Position, ReadError, ReadOn, Record, RecordBatch,
    RecordHeader, RecordReader, RecordRef, Tail, Until, follow_after, head_after, holds, read_after, tail_at,
};
