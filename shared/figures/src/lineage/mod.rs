//! Explained numbers: why a trajectory is counted in a number of the figures or left out of it, and which events decide that.
//!
//! ```text
//!   Number (a cell and a measure) ─┐
//!   Question (quarter, scope, …)  ─┼─► outcome ──► what it adds, in which cells, the reason, the events
//!   Timeline                      ─┘      │
//!                                         └── asks the same `Contribution` as the tally: whoever adds here is counted there
//! ```
//!
//! The events *decide*: a timeline of them alone has the same outcome. What else a trajectory tells changes nothing of this number.

mod evidence;
mod number;
mod reason;
mod why;

use domain::{Date, EventId, Timeline, Trajectory};

pub use number::{NotANumber, Number};
pub use reason::{NotAReason, Reason, Thing};

use crate::{
    CellKey, Measure, Question,
    contribution::{Contribution, Days, Outside},
    disclosure::Column,
    lineage::evidence::Evidence,
    tally::for_each_cell,
};

/// An event that decides an outcome.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Deciding {
    /// The event.
    pub id: EventId,
    /// When it happened.
    pub occurred_on: Date,
    /// Its place in the stream.
    pub revision: u32,
}

/// What a trajectory is to a number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outcome {
    /// What it adds to the number: 1 when it is counted, 0 when it is not; to `unpaid_sum` up to 3. `organisations` counts organisations, and so
    /// this is 1 for each trajectory by which one of them is counted.
    pub adds: u64,
    /// Whether it is among those that the number is taken from: of the scope, the cell and the population. Those that count a measure and those
    /// that are left out of it make up the cell's `running` together.
    pub in_cell: bool,
    /// Why.
    pub reason: Reason,
    /// The cells in which it is counted at all, by this or another measure.
    pub cells: Vec<CellKey>,
    /// The events that decide it, in the order of the timeline. None when no intake counts.
    pub events: Vec<Deciding>,
}

/// What a trajectory is to a number, by the events that count. The question's `tables` is not looked at: the number says which cell is meant.
#[must_use]
pub fn outcome(timeline: &Timeline, number: &Number, question: &Question<'_>) -> Outcome {
    let Some(trajectory) = Trajectory::of(timeline) else {
        return Outcome { adds: 0, in_cell: false, reason: Reason::NoIntake, cells: Vec::new(), events: Vec::new() };
    };
    let question = &Question { tables: number.key.is_of_tables(), ..*question };
    let mut evidence = Evidence::of(timeline);
    let outside = |reason: Reason, evidence: Evidence<'_>| Outcome {
        adds: 0,
        in_cell: false,
        reason,
        cells: Vec::new(),
        events: evidence.in_order(),
    };
    let contribution = match Contribution::within(&trajectory, Days::of(question.quarter), question) {
        Ok(contribution) => contribution,
        Err(Outside::Organisation) => return outside(Reason::OtherOrganisation, evidence),
        Err(Outside::NotStarted) => return outside(Reason::NotStarted, evidence),
        Err(Outside::Ended) => {
            evidence.outflow();
            return outside(Reason::EndedBefore, evidence);
        }
        Err(Outside::Region) => {
            let reference = trajectory.reference_day(question.quarter.last_day());
            evidence.outflow_by(question.quarter.last_day());
            evidence.last_change(reference, |changes| changes.region.is_some());
            return outside(Reason::OtherRegion, evidence);
        }
    };
    evidence.outflow_by(question.quarter.last_day());
    evidence.attributes(number, question.scope, contribution.lived.reference);
    let cells = cells(&trajectory, &contribution, question);
    if !cells.contains(&number.key) {
        let reason = why::other_cell(&trajectory, &contribution, &number.key);
        return Outcome { adds: 0, in_cell: false, reason, cells: counted_cells(cells, &contribution), events: evidence.in_order() };
    }
    let (adds, reason) = match &number.column {
        Column::Scheme(scheme) => why::by_scheme(&contribution, scheme),
        Column::Measure(measure) if contribution.in_population() => {
            (adds(*measure, &contribution), why::by_measure(*measure, &contribution, &mut evidence))
        }
        // It began in the year and ended before the quarter.
        Column::Measure(_) => (0, Reason::EndedBefore),
    };
    let in_cell = contribution.in_population() || matches!(number.column, Column::Scheme(_));
    Outcome { adds, in_cell, reason, cells: counted_cells(cells, &contribution), events: evidence.in_order() }
}

fn cells(trajectory: &Trajectory, contribution: &Contribution<'_>, question: &Question<'_>) -> Vec<CellKey> {
    let mut cells = Vec::with_capacity(6);
    for_each_cell(trajectory, contribution, question, |key| cells.push(key));
    cells
}

/// None of them when it is counted neither in the population nor by scheme.
fn counted_cells(cells: Vec<CellKey>, contribution: &Contribution<'_>) -> Vec<CellKey> {
    let counted = contribution.in_population() || (contribution.started_in_year && contribution.attributes.scheme.is_some());
    if counted { cells } else { Vec::new() }
}

/// How many times a trajectory of the population is counted.
fn adds(measure: Measure, contribution: &Contribution<'_>) -> u64 {
    let counts = |measure| u64::from(contribution.measures.has(measure));
    match measure {
        Measure::UnpaidSum => Measure::UNPAID.map(counts).iter().sum(),
        Measure::Organisations => 1,
        Measure::Running
        | Measure::Started
        | Measure::Ended
        | Measure::PaidWork
        | Measure::SustainableWork
        | Measure::SustainableWorkUnknown
        | Measure::EverPaidWork
        | Measure::PaidWorkStarted
        | Measure::PaidWorkStopped
        | Measure::TrialPlacement
        | Measure::VolunteerOrWorkExperience
        | Measure::DayActivity
        | Measure::UnpaidAny
        | Measure::UnpaidBeforeStart
        | Measure::UnpaidAlongside
        | Measure::Education
        | Measure::EducationStarted
        | Measure::EducationStopped
        | Measure::OutflowPaidWork
        | Measure::OutflowPaidWorkEarlier
        | Measure::OutflowNeverPaidWork
        | Measure::OutflowIntended
        | Measure::OutflowNotIntended
        | Measure::FirstJobWithin3Months
        | Measure::FirstJob3To9Months
        | Measure::FirstJobAfter9Months
        | Measure::EmployedUnder6Months
        | Measure::Employed6To12Months
        | Measure::EmployedOver12Months
        | Measure::EmployedUnknown => counts(measure),
    }
}
