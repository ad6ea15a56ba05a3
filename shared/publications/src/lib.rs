//! What was published, for ever: the vintages of each quarter, what was declared complete, and what was reopened.
//!
//! ```text
//!   publish, declare, reopen ──► Publications: rules ──► Record ──► canonical bytes, which name the hash of the record before
//!                                      ▲                                │ durable before it is known
//!                                      └──────── read back, each hash held against the next ◄── Register (port)
//!                                                                                        FiledRegister: a folder │ MemoryRegister: tests
//! ```
//!
//! # Invariants
//!
//! 1. *Nothing is changed or removed.* A record follows the one before it and names its SHA-256; one that is missing, exchanged or changed is
//!    noticed and named. *`filed.rs`.*
//! 2. *Durable, then known.* *Conformance suite.*
//! 3. *What was published stays readable*: the form of a record is for ever. *`golden.rs`.*
//! 4. *A definitive quarter is locked*: it is published again only after somebody has reopened it with a reason and somebody else has agreed.
//!    *`rules.rs`.*
//!
//! It reads no clock and counts nothing: moment, actor and tables are handed in.

pub mod conformance;
mod declared;
mod filed;
mod form;
mod memory;
mod publications;
mod record;
mod register;

pub use declared::Held;
pub use filed::FiledRegister;
pub use memory::MemoryRegister;
pub use publications::{NewVintage, Publications, Rule};
pub use record::{Complete, Matter, Record, Reopening, Status, Vintage};
pub use register::{LARGEST_RECORD, Register, RegisterError};

/// Why it did not do as asked.
#[derive(Debug, thiserror::Error)]
pub enum PublicationsError {
    /// It is against a rule.
    #[error(transparent)]
    Rule(#[from] Rule),
    /// The register cannot, or does not hold what was written.
    #[error(transparent)]
    Register(#[from] RegisterError),
}
