//! The embedded log: one process, one folder, durable before acknowledged.
//!
//! ```text
//!   <data folder>/log/00000000000000000001.seg   records 1 to …, as `format` lays them out; never changed once written
//!                     00000000000000070312.seg   named by its first position; begun when the one before is full
//!                     head                       the head mark: how far the log is durable
//!                     lock                       held by the one writer, let go by the kernel when it ends
//! ```
//!
//! Any number of writers of this process submit; one thread writes and syncs for all of them. Readers, of this process
//! and of others, need no lock: below the durable end nothing ever changes. A copy of the folder is a backup, if `head`
//! is copied before the segments.
//!
//! Architecture invariants: nothing below the head mark is ever written again. A failed sync is never repeated. Every
//! byte that is read is checked, and a record that is not what was written is never given out.

mod disk;
mod format;
mod head;
mod log;
mod open;
mod queue;
mod segment;
mod view;
mod writer;

pub use disk::{Hook, Operation};
pub use log::{EmbeddedLog, Mode, Options, SEGMENT_BYTES};
pub use queue::QUEUE_LIMIT_BYTES;
pub use view::{LogFollower, LogReader};
