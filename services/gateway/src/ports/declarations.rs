//! What managers declared complete, as whoever keeps the register of publications tells it.

use domain::{Method, Name, Quarter};
use figures::completeness::Point;
use proto_events::Timestamp;

/// A manager's word that all of a quarter is recorded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Declaration {
    /// Of whom.
    pub organisation: Name,
    /// Of which method.
    pub method: Method,
    /// The actor who said so.
    pub by: String,
    /// When.
    pub at: Timestamp,
    /// The last position of the log that they had seen, where it was kept.
    pub seen: Option<u64>,
}

/// The declarations of a quarter.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Declarations {
    /// In the order in which they were made.
    pub all: Vec<Declaration>,
    /// Whether the log is shared with other processes, each of which keeps a register of its own.
    pub shared: bool,
}

/// What is to be declared.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeclareAsk {
    /// The quarter.
    pub quarter: Quarter,
    /// Of whom.
    pub organisation: Name,
    /// Of which methods, each with where something about it was last recorded.
    pub methods: Vec<(Method, Option<Point>)>,
    /// The actor who says so.
    pub by: String,
    /// The moment whose state of the log is declared.
    pub at: Timestamp,
    /// Its last position.
    pub position: u64,
}
