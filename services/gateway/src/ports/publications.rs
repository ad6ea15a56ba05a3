//! What was published of a quarter, as whoever keeps the register of publications tells it.

use domain::Quarter;
use figures::{CellKey, Scope, disclosure::Column, vintage::Cause};
use proto_events::Timestamp;

use super::Declaration;

/// How final a vintage is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum VintageStatus {
    /// Numbers may still change.
    Provisional,
    /// Changed since it was first published.
    Revised,
    /// Final: another vintage needs a reopening.
    Definitive,
}

/// A vintage of a quarter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Vintage {
    /// The number of its record in the register.
    pub number: u64,
    /// The moment whose state of the log it is of: vintages of one quarter are told apart by it.
    pub moment: Timestamp,
    /// How final it is.
    pub status: VintageStatus,
    /// The last position of the log that it was made of.
    pub position: u64,
    /// The name of the definition set.
    pub definitions: String,
    /// Who published it, as the register has it.
    pub by: String,
    /// When.
    pub at: Timestamp,
    /// The SHA-256 of its record, in hexadecimal.
    pub hash: String,
    /// What had been declared complete before it, in that order: it belongs to it for ever.
    pub declared: Vec<Declaration>,
}

/// That a definitive quarter could be published again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reopening {
    /// Who reopened it.
    pub by: String,
    /// Who agreed.
    pub agreed_by: String,
    /// Why.
    pub reason: String,
    /// When.
    pub at: Timestamp,
}

/// What was published of a quarter.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Vintages {
    /// By their moment, the earliest first.
    pub all: Vec<Vintage>,
    /// In the order in which they were made.
    pub reopenings: Vec<Reopening>,
    /// Whether the last word on the quarter is a definitive vintage.
    pub locked: bool,
    /// Whether the log is shared with other processes, each of which keeps a register of its own.
    pub shared: bool,
}

/// A question for what differs between two vintages of a quarter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DifferencesAsk {
    /// The quarter.
    pub quarter: Quarter,
    /// Whose numbers: the country's, a region's or an organisation's.
    pub scope: Scope,
    /// The number of the earlier one.
    pub then: u64,
    /// The number of the later one.
    pub now: u64,
}

/// What a cause adds to a number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CausedPart {
    /// Why.
    pub cause: Cause,
    /// What it adds.
    pub difference: i64,
    /// By how many trajectories.
    pub trajectories: usize,
}

/// A number that differs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// Of which cell.
    pub key: CellKey,
    /// Which of its numbers.
    pub column: Column,
    /// What it was.
    pub then: u64,
    /// What it is.
    pub now: u64,
    /// What made the difference: all parts together are it. None of how many organisations there are, which is not split.
    pub causes: Vec<CausedPart>,
}

/// What differs between two vintages.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Differences {
    /// Whether one of the two counts anything of the scope.
    pub counted: bool,
    /// The numbers that differ, cell by cell.
    pub cells: Vec<Difference>,
}

/// A question for what the report on a vintage is written from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublishedReportAsk {
    /// The quarter.
    pub quarter: Quarter,
    /// Whose report: the country's, a region's or an organisation's.
    pub scope: Scope,
    /// The number of the vintage.
    pub number: u64,
}
