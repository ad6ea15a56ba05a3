//! Notices that a quarter's national figures have changed.

use domain::{Date, Quarter, Trajectory};
use event_log::Position;
use figures::{Definitions, Question, Scope, Tallies};

/// The current quarter and the seven before it: what two years of reports look at.
pub const QUARTERS_TOLD: usize = 8;

/// The national figures of a quarter, by the built-in definitions, are others than before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct QuarterChanged {
    /// The quarter.
    pub quarter: Quarter,
    /// The position from which on they are what they are now.
    pub position: Position,
}

/// The quarters that are told of, on this day.
pub(crate) fn quarters(today: Date) -> impl Iterator<Item = Quarter> {
    let (year, month, _) = today.civil();
    let current = Quarter::new(year, (month - 1) / 3 + 1);
    std::iter::successors(current, |quarter| Some(quarter.previous())).take(QUARTERS_TOLD)
}

/// Whether the figures of a quarter are others when these trajectories, as they were, are exchanged for what they are now. Counting is
/// adding: so they are exactly when the two counts differ, whatever else is counted.
pub(crate) fn differ(quarter: Quarter, changed: &[(Option<&Trajectory>, Option<&Trajectory>)]) -> bool {
    let (scope, definitions) = (Scope::default(), Definitions::built_in());
    let question = Question { quarter, scope: &scope, definitions, tables: false };
    let (mut before, mut after) = (Tallies::default(), Tallies::default());
    for (was, is) in changed {
        if let Some(was) = was {
            before.count(was, &question);
        }
        if let Some(is) = is {
            after.count(is, &question);
        }
    }
    before != after
}
