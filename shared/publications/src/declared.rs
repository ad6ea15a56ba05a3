//! What was declared complete: by whom, when, and before which vintage.

use domain::Quarter;
use proto_events::Timestamp;

use crate::{
    PublicationsError,
    publications::{Publications, Rule},
    record::{Complete, Matter, Record},
};

/// What the log says when a quarter is declared complete.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Held {
    /// Whether the quarter has ended.
    pub ended: bool,
    /// Its last position: what whoever declares has seen.
    pub position: u64,
    /// Where and when something about a day up to its end was last recorded; `None` when nothing ever was.
    pub latest: Option<(u64, Timestamp)>,
}

impl Publications {
    /// The declarations of a quarter, in the order in which they were made.
    pub fn declarations(&self, quarter: Quarter) -> impl Iterator<Item = (&Record, &Complete)> {
        self.records().iter().filter_map(move |record| match &record.matter {
            Matter::Complete(complete, _) if complete.quarter == quarter => Some((record, complete)),
            Matter::Complete(..) | Matter::Published(_) | Matter::Reopened(_) => None,
        })
    }

    /// The last declaration of the same.
    #[must_use]
    pub fn declaration(&self, of: &Complete) -> Option<&Record> {
        self.declarations(of.quarter).filter(|(_, complete)| *complete == of).map(|(record, _)| record).last()
    }

    /// What had been declared of a record's quarter when it was written: its hash holds that of each of these, so that they belong to it for ever.
    pub fn declared_before(&self, record: &Record) -> impl Iterator<Item = (&Record, &Complete)> {
        let number = record.number;
        self.declarations(record.matter.quarter()).filter(move |(declared, _)| declared.number < number)
    }

    /// As [`Publications::declare`], but once of the same state: again only after something was recorded about the quarter.
    ///
    /// # Errors
    /// [`Rule::AlreadyDeclared`], and as [`Publications::publish`].
    pub fn declare_once(&mut self, complete: Complete, held: Held, by: &str, now: Timestamp) -> Result<&Record, PublicationsError> {
        if let Some(record) = self.declaration(&complete)
            && held.latest.is_none_or(|(position, moment)| record.seen().map_or(moment <= record.written_at, |seen| position <= seen))
        {
            return Err(Rule::AlreadyDeclared(Box::new(complete), record.written_at).into());
        }
        self.declare(complete, held, by, now)
    }
}
