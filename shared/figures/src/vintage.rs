//! What made the difference between two vintages of a quarter: each cell's, trajectory by trajectory, down to the events.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use domain::{EventId, Name, Quarter, Timeline, Trajectory, TrajectoryId};

use crate::{
    CellKey, Definitions, Measure, Question, Scope, Tally,
    disclosure::{Area, Column, Table},
};

/// Why a number changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Cause {
    /// Told after the first vintage.
    LateRegistration,
    /// Told otherwise, or taken back.
    Correction,
    /// Counted by other definitions.
    Definitions,
    /// Of an organisation that told of nobody before.
    OrganisationJoined,
    /// Of an organisation that tells of nobody any more.
    OrganisationLeft,
}

impl Cause {
    /// As it is written.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::LateRegistration => "late_registration",
            Self::Correction => "correction",
            Self::Definitions => "definitions",
            Self::OrganisationJoined => "organisation_joined",
            Self::OrganisationLeft => "organisation_left",
        }
    }

    /// As people call it.
    #[must_use]
    pub const fn dutch(self) -> &'static str {
        match self {
            Self::LateRegistration => "laat geregistreerd",
            Self::Correction => "gecorrigeerd of ingetrokken",
            Self::Definitions => "andere definities",
            Self::OrganisationJoined => "organisatie erbij",
            Self::OrganisationLeft => "organisatie weg",
        }
    }
}

/// One trajectory's part in a difference.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// Whose.
    pub trajectory: TrajectoryId,
    /// Why.
    pub cause: Cause,
    /// What it adds to the number.
    pub difference: i64,
    /// The events that count now and did not then; in the order of the timeline.
    pub added: Vec<EventId>,
    /// The events that counted then and do not now.
    pub removed: Vec<EventId>,
}

/// The parts of every number that changed; those of one number add up to its difference. How many organisations there are is not split.
pub type Differences = BTreeMap<(CellKey, Column), Vec<Part>>;

/// One state of the log, and how it was counted.
#[derive(Clone, Copy, Debug)]
pub struct Counted<'a> {
    /// Every timeline.
    pub timelines: &'a BTreeMap<TrajectoryId, Timeline>,
    /// By which definitions.
    pub definitions: &'a Definitions,
}

/// Splits the differences of an area's table of a quarter. Pure, and exact: a number is a sum over trajectories.
#[must_use]
pub fn differences(quarter: Quarter, area: &Area, then: Counted<'_>, now: Counted<'_>) -> Differences {
    let organisations = |state: Counted<'_>| -> BTreeSet<Name> {
        state.timelines.values().filter(|timeline| !timeline.events().is_empty()).map(|timeline| timeline.organisation().clone()).collect()
    };
    let (told_then, tell_now) = (organisations(then), organisations(now));
    let nothing = Timeline::default();
    let ids: BTreeSet<&TrajectoryId> = then.timelines.keys().chain(now.timelines.keys()).collect();
    let mut differences = Differences::new();
    for id in ids {
        let [before, after] = [then, now].map(|state| state.timelines.get(id).unwrap_or(&nothing));
        let same_definitions = then.definitions == now.definitions;
        if same_definitions && before.events() == after.events() {
            continue;
        }
        let counted_then = table(before, quarter, area, then.definitions);
        let recounted = if same_definitions { counted_then.clone() } else { table(before, quarter, area, now.definitions) };
        let counted_now = table(after, quarter, area, now.definitions);
        let (added, removed) = (events_not_in(after, before), events_not_in(before, after));
        let organisation = if after.events().is_empty() { before.organisation() } else { after.organisation() };
        let cause = if !told_then.contains(organisation) {
            Cause::OrganisationJoined
        } else if !tell_now.contains(organisation) {
            Cause::OrganisationLeft
        } else if removed.is_empty() {
            Cause::LateRegistration
        } else {
            Cause::Correction
        };
        let mut note = |cause: Cause, from: &Table, to: &Table, added: &[EventId], removed: &[EventId]| {
            for (of, difference) in between(from, to) {
                let part = Part { trajectory: *id, cause, difference, added: added.to_vec(), removed: removed.to_vec() };
                differences.entry(of).or_default().push(part);
            }
        };
        note(Cause::Definitions, &counted_then, &recounted, &[], &[]);
        note(cause, &recounted, &counted_now, &added, &removed);
    }
    differences
}

/// What one trajectory counts in the cells of an area.
fn table(timeline: &Timeline, quarter: Quarter, area: &Area, definitions: &Definitions) -> Table {
    let scope: Scope = area.scope();
    let question = Question { quarter, scope: &scope, definitions, tables: false };
    let mut tally = Tally::default();
    if let Some(trajectory) = Trajectory::of(timeline) {
        tally.count(&trajectory, &question);
    }
    crate::Figures::of(&crate::Tallies { current: tally, ..crate::Tallies::default() }).cells.into_iter().collect()
}

fn events_not_in(timeline: &Timeline, other: &Timeline) -> Vec<EventId> {
    let there: HashSet<EventId> = other.events().iter().map(|event| event.id).collect();
    timeline.events().iter().map(|event| event.id).filter(|id| !there.contains(id)).collect()
}

/// The numbers that differ, each with its difference.
fn between(from: &Table, to: &Table) -> Vec<((CellKey, Column), i64)> {
    let keys: BTreeSet<&CellKey> = from.keys().chain(to.keys()).collect();
    let mut all = Vec::new();
    for key in keys {
        let cells = [from.get(key), to.get(key)];
        let schemes = cells.iter().flatten().flat_map(|counts| counts.schemes.iter()).map(|(scheme, _)| Column::Scheme(scheme.clone()));
        let measures = Measure::ALL.iter().filter(|measure| **measure != Measure::Organisations).map(|measure| Column::Measure(*measure));
        let columns: BTreeSet<Column> = measures.chain(schemes).collect();
        for column in columns {
            let [before, after] = cells.map(|counts| counts.map_or(0, |counts| i64::try_from(column.of(counts)).unwrap_or(i64::MAX)));
            if before != after {
                all.push(((key.clone(), column), after - before));
            }
        }
    }
    all
}
