//! What is kept: vintages, declarations that a quarter is complete, reopenings.

use domain::{Method, Name, Quarter};
use figures::{
    AsOf, Definitions, Measure,
    disclosure::{Hidden, Set, Tables},
};
use proto_events::Timestamp;

/// How final a vintage is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// Numbers may still change.
    Provisional,
    /// Changed since it was first published.
    Revised,
    /// Final: another vintage needs a reopening.
    Definitive,
}

impl Status {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Provisional, Self::Revised, Self::Definitive];

    /// As it is written.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Provisional => "provisional",
            Self::Revised => "revised",
            Self::Definitive => "definitive",
        }
    }
}

/// One publication: a quarter at one log position.
#[derive(Clone, Debug, PartialEq)]
pub struct Vintage {
    /// The quarter.
    pub quarter: Quarter,
    /// Its moment: the state of the log is that of then. Vintages of one quarter are told apart by it.
    pub moment: Timestamp,
    /// How final it is.
    pub status: Status,
    /// The state of the log.
    pub as_of: AsOf,
    /// The definition set in full, as text.
    pub definitions_text: String,
    /// The same, read.
    pub definitions: Definitions,
    /// The measures that were counted, in the order in which the record tells them: a measure that came later was not.
    pub measures: Vec<Measure>,
    /// The log's checkpoint that was signed for this position; `None` where none was.
    pub checkpoint: Option<String>,
    /// Every count, also those that are suppressed.
    pub tables: Tables,
    /// What is suppressed in what everybody may see.
    pub hidden: Hidden,
}

impl Vintage {
    /// As what is told of it is made from.
    #[must_use]
    pub const fn set(&self) -> Set<'_> {
        Set { tables: &self.tables, hidden: &self.hidden, definitions: &self.definitions }
    }
}

/// A manager's word that all is recorded of a quarter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Complete {
    /// The quarter.
    pub quarter: Quarter,
    /// Of whom.
    pub organisation: Name,
    /// Of which method.
    pub method: Method,
}

/// A definitive quarter may be published again, once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reopening {
    /// The quarter.
    pub quarter: Quarter,
    /// Why.
    pub reason: String,
    /// Who agreed: not the one who did it.
    pub agreed_by: String,
}

/// What a record is about.
#[derive(Clone, Debug, PartialEq)]
pub enum Matter {
    /// A vintage.
    Published(Box<Vintage>),
    /// A declaration, and the last position of the log that whoever declared had seen; `None` in a record of before it was kept.
    Complete(Complete, Option<u64>),
    /// A reopening.
    Reopened(Reopening),
}

impl Matter {
    /// Its quarter.
    #[must_use]
    pub const fn quarter(&self) -> Quarter {
        match self {
            Self::Published(vintage) => vintage.quarter,
            Self::Complete(complete, _) => complete.quarter,
            Self::Reopened(reopening) => reopening.quarter,
        }
    }
}

/// A record, as it was read or written.
#[derive(Clone, Debug, PartialEq)]
pub struct Record {
    /// From 1, without gaps.
    pub number: u64,
    /// The SHA-256 of the record before, in hexadecimal; 64 zeros of the first.
    pub previous: String,
    /// The SHA-256 of its own bytes.
    pub hash: String,
    /// When it was written.
    pub written_at: Timestamp,
    /// By whom.
    pub by: String,
    /// What it says.
    pub matter: Matter,
}

impl Record {
    /// Of a declaration the last position of the log that whoever declared had seen, where it was kept.
    #[must_use]
    pub const fn seen(&self) -> Option<u64> {
        match &self.matter {
            Matter::Complete(_, position) => *position,
            Matter::Published(_) | Matter::Reopened(_) => None,
        }
    }
}
