//! Questions about figures, answered from the log.

use std::sync::Arc;

use domain::{Quarter, Timeline, Trajectory};
use event_log::{EventLog, Head};
use figures::{
    Definitions, Figures, Question, Scope, Tallies,
    disclosure::{AreaTallies, Tables},
};

use crate::{
    AppError, AsOf, Clock,
    moment::is_provisional,
    ordered,
    replay::{Keep, Timelines, fold},
};

/// A question that can be handed to the threads that count.
#[derive(Clone, Debug)]
pub struct Ask {
    /// The quarter.
    pub quarter: Quarter,
    /// Which trajectories.
    pub scope: Scope,
    /// By which definitions.
    pub definitions: Definitions,
    /// Whether the cells per organisation and per region are asked for too.
    pub tables: bool,
    /// From which state of the log.
    pub as_of: AsOf,
}

impl Ask {
    /// The question without its state of the log.
    #[must_use]
    pub const fn question(&self) -> Question<'_> {
        Question { quarter: self.quarter, scope: &self.scope, definitions: &self.definitions, tables: self.tables }
    }
}

/// Folds the log and counts: each part of the trajectories on a processor of its own, the counts then added.
///
/// # Errors
/// An event that cannot be read ends it: nothing is counted over it.
pub async fn answer<L: EventLog>(
    log: &L,
    ask: &Ask,
    clock: Clock,
    progress: &mut (dyn FnMut(u64) + Send),
) -> Result<(Figures, figures::AsOf), AppError> {
    let counted = Arc::new(ask.clone());
    let (head, parts) = fold(log, ask.as_of.until(), Keep::ForFigures, progress, move |timelines: Timelines| {
        let mut tallies = Tallies::default();
        for trajectory in timelines.values().filter_map(Trajectory::of) {
            tallies.count(&trajectory, &counted.question());
        }
        tallies
    })
    .await?;
    let mut whole = Tallies::default();
    for part in &parts {
        whole.merge(part);
    }
    Ok((Figures::of(&whole), state(head, ask.quarter, ask.as_of, clock)))
}

/// Folds the log and counts every table of a publication: the country, each region, each organisation. The question's scope is not looked at.
///
/// # Errors
/// As [`answer`].
pub async fn tables<L: EventLog>(
    log: &L,
    ask: &Ask,
    clock: Clock,
    progress: &mut (dyn FnMut(u64) + Send),
) -> Result<(Tables, figures::AsOf), AppError> {
    let counted = Arc::new(ask.clone());
    let (head, parts) = fold(log, ask.as_of.until(), Keep::ForFigures, progress, move |timelines: Timelines| {
        let mut tallies = AreaTallies::default();
        for trajectory in timelines.values().filter_map(Trajectory::of) {
            tallies.count(&trajectory, &counted.question());
        }
        tallies
    })
    .await?;
    let mut whole = AreaTallies::default();
    for part in &parts {
        whole.merge(part);
    }
    Ok((whole.tables(), state(head, ask.quarter, ask.as_of, clock)))
}

/// From which state of the log figures were made.
#[must_use]
pub fn state(head: Head, quarter: Quarter, as_of: AsOf, clock: Clock) -> figures::AsOf {
    let moment = match as_of {
        AsOf::Now => Some(clock()),
        AsOf::Moment(moment) => Some(moment),
        AsOf::Position(_) => head.recorded_at,
    };
    figures::AsOf {
        position: head.position.0,
        recorded_at: head.recorded_at.map(|moment| moment.to_string()),
        provisional: moment.is_none_or(|moment| is_provisional(quarter, moment)),
    }
}

/// Every trajectory of a state of the log, in memory: figures of any quarter are counted from it without the log.
#[derive(Debug)]
pub struct Warm {
    head: Head,
    parts: Vec<Vec<Trajectory>>,
}

impl Warm {
    /// Folds the log.
    ///
    /// # Errors
    /// As [`answer`].
    pub async fn of<L: EventLog>(log: &L, as_of: AsOf, progress: &mut (dyn FnMut(u64) + Send)) -> Result<Self, AppError> {
        let all = |timelines: Timelines| timelines.into_values().filter_map(|timeline: Timeline| Trajectory::of(&timeline)).collect();
        let (head, parts) = fold(log, as_of.until(), Keep::ForFigures, progress, all).await?;
        Ok(Self { head, parts })
    }

    /// From which state of the log figures of a quarter are made, when it was asked for so.
    #[must_use]
    pub fn state(&self, quarter: Quarter, as_of: AsOf, clock: Clock) -> figures::AsOf {
        state(self.head, quarter, as_of, clock)
    }

    /// How many trajectories.
    #[must_use]
    pub fn len(&self) -> usize {
        self.parts.iter().map(Vec::len).sum()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// All of them, in no order.
    pub fn trajectories(&self) -> impl Iterator<Item = &Trajectory> {
        self.parts.iter().flatten()
    }

    /// The figures of a question.
    #[must_use]
    pub fn figures(&self, question: &Question<'_>) -> Figures {
        let mut whole = Tallies::default();
        let count = |part: &Vec<Trajectory>| {
            let mut tallies = Tallies::default();
            part.iter().for_each(|trajectory| tallies.count(trajectory, question));
            tallies
        };
        self.counted(count, |part| whole.merge(&part));
        Figures::of(&whole)
    }

    /// Every table of a publication: the country, each region, each organisation. The question's scope is not looked at.
    #[must_use]
    pub fn tables(&self, question: &Question<'_>) -> Tables {
        let mut whole = AreaTallies::default();
        let count = |part: &Vec<Trajectory>| {
            let mut tallies = AreaTallies::default();
            part.iter().for_each(|trajectory| tallies.count(trajectory, question));
            tallies
        };
        self.counted(count, |part| whole.merge(&part));
        whole.tables()
    }

    /// Counts each part on a processor of its own, and adds the counts.
    fn counted<Counted: Send>(&self, count: impl Fn(&Vec<Trajectory>) -> Counted + Sync, mut add: impl FnMut(Counted)) {
        let mut parts = self.parts.iter();
        let counted: Result<(), std::convert::Infallible> = ordered::in_order(
            self.parts.len(),
            move || parts.next(),
            count,
            |part| {
                add(part);
                Ok(())
            },
        );
        let Ok(()) = counted;
    }
}
