//! The port: where records rest, in order, each with the number that follows the one before.

use std::{fmt, io};

/// The most bytes of a record: the national publication of 2025Q1 has 76 tables and takes a twentieth of it.
pub const LARGEST_RECORD: usize = 16 << 20;

/// Where records rest. Every method may be called at any time, by several processes.
pub trait Register: fmt::Debug + Send + Sync {
    /// The records from the first, each with its bytes. Numbers begin at 1 and have no gap.
    ///
    /// # Errors
    /// [`RegisterError::Damaged`] names the record that is missing or not what was written.
    fn all(&self) -> Result<Vec<Vec<u8>>, RegisterError>;

    /// Adds a record with this number, durable on return.
    ///
    /// # Errors
    /// [`RegisterError::Conflict`] when there is one with this number, or none with the number before: nothing was added.
    /// [`RegisterError::Unknown`]: it may be there; [`Register::all`] tells.
    fn append(&self, number: u64, bytes: &[u8]) -> Result<(), RegisterError>;
}

/// Why a register did not do as asked.
#[derive(Debug, thiserror::Error)]
pub enum RegisterError {
    /// Somebody else was first.
    #[error("{place} was published by somebody else meanwhile: look at it, and ask again")]
    Conflict {
        /// The record.
        place: String,
    },
    /// It could not be done, and nothing was changed.
    #[error("could not {doing} {place}: {source}")]
    Unavailable {
        /// What was being done: a verb, completed by the place.
        doing: &'static str,
        /// The record, file or folder.
        place: String,
        /// The cause.
        source: io::Error,
    },
    /// It is not known whether it was done.
    #[error("could not {doing} {place}, and it is not known whether it rests there: look with `trajectlog vintages` ({source})")]
    Unknown {
        /// What was being done: a verb, completed by the place.
        doing: &'static str,
        /// The record, file or folder.
        place: String,
        /// The cause.
        source: io::Error,
    },
    /// A record is gone, was changed, or does not follow the one before it.
    #[error("{place} is damaged: {why}. Restore it from a backup")]
    Damaged {
        /// The record.
        place: String,
        /// What does not fit.
        why: String,
    },
    /// A record was written by a newer program.
    #[error("{place} was written by a newer program: use that one")]
    Newer {
        /// The record.
        place: String,
    },
    /// The record is larger than one may be.
    #[error("{place} would be larger than a publication may be ({LARGEST_RECORD} bytes)")]
    TooLarge {
        /// The record.
        place: String,
    },
}
