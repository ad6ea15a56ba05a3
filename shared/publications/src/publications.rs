//! The register as a whole: read back link by link, and added to by its rules.

use std::sync::Arc;

use domain::Quarter;
use figures::{
    AsOf, Definitions, Measure,
    disclosure::{Earlier, Protection, Tables, protect},
};
use proto_events::Timestamp;

use crate::{
    Held, PublicationsError, form,
    record::{Complete, Matter, Record, Reopening, Status, Vintage},
    register::{Register, RegisterError},
};

/// The most characters of a name or a reason.
const LONGEST_TEXT: usize = 1_000;

/// Why something may not be published, declared or reopened.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Rule {
    /// It is definitive.
    #[error(
        "{0} is definitive: it is published again only after it was reopened, with a reason and somebody else who agrees (--reopen, --agreed-by)"
    )]
    Locked(Quarter),
    /// There is nothing to reopen.
    #[error("{0} is not definitive: it can be published again as it is")]
    NotLocked(Quarter),
    /// The two are one.
    #[error("somebody else than the one who reopens it has to agree")]
    SamePerson,
    /// A name or reason that says nothing, or too much.
    #[error("{0}: 1 to {LONGEST_TEXT} characters")]
    Text(&'static str),
    /// There is one of this moment.
    #[error("{0} was published as of {1} already: a vintage is told by its moment")]
    SameMoment(Quarter, Timestamp),
    /// Some suppressed numbers could be worked out.
    #[error(
        "{0} suppressed numbers of {1} could be worked out from others, the first of them {2}: it cannot be published so. It says too little beside what was published already, or is of too few people: publish as of a later moment"
    )]
    Unprotected(usize, Quarter, String),
    /// The declaration was made before the quarter ended.
    #[error("{0} has not ended: nobody can say yet that all of it is recorded")]
    NotEnded(Quarter),
    /// It was declared, and nothing was recorded about it since.
    #[error(
        "{organisation} declared {method} of {quarter} complete already, at {1}, and nothing was recorded about it since",
        organisation = .0.organisation, method = .0.method.as_str(), quarter = .0.quarter
    )]
    AlreadyDeclared(Box<Complete>, Timestamp),
}

/// What is to be published.
#[derive(Clone, Debug)]
pub struct NewVintage {
    /// The quarter.
    pub quarter: Quarter,
    /// The vintage's moment.
    pub moment: Timestamp,
    /// How final it is.
    pub status: Status,
    /// The state of the log.
    pub as_of: AsOf,
    /// The definition set in full; [`Definitions::from_toml`] reads it as `definitions`.
    pub definitions_text: String,
    /// The same, read.
    pub definitions: Definitions,
    /// Every count.
    pub tables: Tables,
}

/// The register, as it was read.
#[derive(Debug)]
pub struct Publications {
    register: Arc<dyn Register>,
    records: Vec<Record>,
}

impl Publications {
    /// Reads all of it, each record held against the one before.
    ///
    /// # Errors
    /// [`RegisterError::Damaged`] names what does not fit.
    pub fn open(register: Arc<dyn Register>) -> Result<Self, RegisterError> {
        let mut records: Vec<Record> = Vec::new();
        for bytes in register.all()? {
            let record = form::read(&bytes, records.len() as u64 + 1)?;
            if record.previous != records.last().map_or(form::NO_HASH, |before| before.hash.as_str()) {
                let why = "it does not follow the record before it: one of the two was changed or exchanged".to_owned();
                return Err(RegisterError::Damaged { place: form::place(record.number), why });
            }
            records.push(record);
        }
        Ok(Self { register, records })
    }

    /// All records, in order.
    #[must_use]
    pub fn records(&self) -> &[Record] {
        &self.records
    }

    /// The vintages of a quarter by their moment, each with its record.
    #[must_use]
    pub fn vintages(&self, quarter: Quarter) -> Vec<(&Record, &Vintage)> {
        let of = self.records.iter().filter_map(|record| match &record.matter {
            Matter::Published(vintage) if vintage.quarter == quarter => Some((record, &**vintage)),
            Matter::Published(_) | Matter::Complete(..) | Matter::Reopened(_) => None,
        });
        let mut vintages: Vec<_> = of.collect();
        vintages.sort_by_key(|(_, vintage)| vintage.moment);
        vintages
    }

    /// The vintage that held at a moment: the last at or before it; the last of all without one.
    #[must_use]
    pub fn vintage(&self, quarter: Quarter, at: Option<Timestamp>) -> Option<(&Record, &Vintage)> {
        self.vintages(quarter).into_iter().rev().find(|(_, vintage)| at.is_none_or(|at| vintage.moment <= at))
    }

    /// The vintage of a quarter whose record has this number.
    #[must_use]
    pub fn numbered(&self, quarter: Quarter, number: u64) -> Option<(&Record, &Vintage)> {
        self.vintages(quarter).into_iter().find(|(record, _)| record.number == number)
    }

    /// The last vintage of a quarter that was made of this state of the log by these definitions.
    #[must_use]
    pub fn of_state(&self, quarter: Quarter, as_of: &AsOf, definitions: &Definitions) -> Option<(&Record, &Vintage)> {
        self.vintages(quarter).into_iter().rev().find(|(_, vintage)| vintage.as_of == *as_of && vintage.definitions == *definitions)
    }

    /// The reopenings of a quarter, in order, each with its record.
    #[must_use]
    pub fn reopenings(&self, quarter: Quarter) -> Vec<(&Record, &Reopening)> {
        let of = self.records.iter().filter_map(|record| match &record.matter {
            Matter::Reopened(reopening) if reopening.quarter == quarter => Some((record, reopening)),
            Matter::Published(_) | Matter::Complete(..) | Matter::Reopened(_) => None,
        });
        of.collect()
    }

    /// Whether the last word on a quarter is a definitive vintage.
    #[must_use]
    pub fn is_locked(&self, quarter: Quarter) -> bool {
        let mut words = self.records.iter().rev().filter(|record| record.matter.quarter() == quarter);
        let last = words.find_map(|record| match &record.matter {
            Matter::Published(vintage) => Some(vintage.status == Status::Definitive),
            Matter::Reopened(_) => Some(false),
            Matter::Complete(..) => None,
        });
        last.unwrap_or(false)
    }

    /// Protects the tables together with what was published before and beside, and publishes them.
    ///
    /// # Errors
    /// [`Rule`]: nothing was published. [`RegisterError`]: as [`Register::append`].
    pub fn publish(
        &mut self,
        new: NewVintage,
        reopening: Option<Reopening>,
        by: &str,
        now: Timestamp,
    ) -> Result<(&Record, Protection), PublicationsError> {
        let quarter = new.quarter;
        match &reopening {
            Some(reopening) => self.may_reopen(reopening, by)?,
            None if self.is_locked(quarter) => return Err(Rule::Locked(quarter).into()),
            None => {}
        }
        if self.vintages(quarter).iter().any(|(_, vintage)| vintage.moment == new.moment) {
            return Err(Rule::SameMoment(quarter, new.moment).into());
        }
        let beside = [quarter.previous(), quarter].into_iter().flat_map(|quarter| self.vintages(quarter));
        let after = self.records.iter().filter_map(|record| match &record.matter {
            Matter::Published(vintage) if vintage.quarter.previous() == quarter => Some((record, &**vintage)),
            Matter::Published(_) | Matter::Complete(..) | Matter::Reopened(_) => None,
        });
        let earlier: Vec<Earlier<'_>> = beside
            .chain(after)
            .map(|(_, vintage)| Earlier { quarter: vintage.quarter, tables: &vintage.tables, hidden: &vintage.hidden })
            .collect();
        let protection = protect(quarter, &new.tables, &new.definitions, &earlier);
        if let Some((area, key, column)) = protection.unprotected.first() {
            let first = format!("{}.{} ({})", key.path().join("."), column.name(), area.scope().as_text());
            return Err(Rule::Unprotected(protection.unprotected.len(), quarter, first).into());
        }
        let NewVintage { quarter, moment, status, as_of, definitions_text, definitions, tables } = new;
        let hidden = protection.hidden.clone();
        let measures = Measure::ALL.to_vec();
        let vintage = Vintage { quarter, moment, status, as_of, definitions_text, definitions, measures, checkpoint: None, tables, hidden };
        // All that can be refused has been by now: a quarter is not left open by what then does not come.
        if let Some(reopening) = reopening {
            self.add(Matter::Reopened(reopening), by, now)?;
        }
        Ok((self.add(Matter::Published(Box::new(vintage)), by, now)?, protection))
    }

    /// Lets a definitive quarter be published again.
    ///
    /// # Errors
    /// As [`Publications::publish`].
    pub fn reopen(&mut self, reopening: Reopening, by: &str, now: Timestamp) -> Result<&Record, PublicationsError> {
        self.may_reopen(&reopening, by)?;
        self.add(Matter::Reopened(reopening), by, now)
    }

    fn may_reopen(&self, reopening: &Reopening, by: &str) -> Result<(), Rule> {
        if !self.is_locked(reopening.quarter) {
            return Err(Rule::NotLocked(reopening.quarter));
        }
        said("a reason", &reopening.reason)?;
        said("the name of who agrees", &reopening.agreed_by)?;
        if reopening.agreed_by.trim() == by.trim() {
            return Err(Rule::SamePerson);
        }
        Ok(())
    }

    /// Notes that all is recorded of a quarter, as the log held it.
    ///
    /// # Errors
    /// As [`Publications::publish`].
    pub fn declare(&mut self, complete: Complete, held: Held, by: &str, now: Timestamp) -> Result<&Record, PublicationsError> {
        if !held.ended {
            return Err(Rule::NotEnded(complete.quarter).into());
        }
        self.add(Matter::Complete(complete, Some(held.position)), by, now)
    }

    fn add(&mut self, matter: Matter, by: &str, now: Timestamp) -> Result<&Record, PublicationsError> {
        said("a name of who does it", by)?;
        let number = self.records.len() as u64 + 1;
        let previous = self.records.last().map_or_else(|| form::NO_HASH.to_owned(), |before| before.hash.clone());
        let mut record = Record { number, previous, hash: String::new(), written_at: now, by: by.trim().to_owned(), matter };
        let bytes = form::write(&record);
        record.hash = form::hash(&bytes);
        self.register.append(number, &bytes)?;
        self.records.push(record);
        let place = self.records.len() - 1;
        Ok(&self.records[place])
    }
}

fn said(what: &'static str, text: &str) -> Result<(), Rule> {
    let length = text.trim().chars().count();
    if (1..=LONGEST_TEXT).contains(&length) && !text.chars().any(char::is_control) { Ok(()) } else { Err(Rule::Text(what)) }
}
