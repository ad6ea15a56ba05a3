//! Explained numbers, from the log: the trajectories behind a number of the figures, and the events that decide each.
//!
//! ```text
//!   the log ──► fold in parts ──► tally (the number) ─┐
//!                            └──► outcome of each ────┴──► Lineage ──► the page that is asked for ──► places of its events ──► JSON
//! ```
//!
//! The number comes from the tally, and who is behind it from [`figures::lineage::outcome`], which asks what the tally asks.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use domain::{Name, Timeline, Trajectory, TrajectoryId};
use event_log::{EventLog, Position, RecordBatch, RecordReader, RecordRef, Until};
use figures::{
    CellKey, Counts, Figures, Question, Tallies, Tally,
    lineage::{Number, Outcome, Reason, outcome},
};
use hashbrown::{HashMap, HashSet};
use proto_events::{EventType, Timestamp};
use serde_json::{Map, Value, json};
use uuid::Uuid;

use crate::{
    AppError, AsOf, Clock, amsterdam_day,
    figures::{Ask, state},
    replay::{Keep, Timelines, decode, fold, timeline_of},
};

/// A trajectory, and what it is to a number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Traced {
    /// Which.
    pub trajectory: TrajectoryId,
    /// The organisation that delivers it.
    pub organisation: Name,
    /// Its coach of today; `None` where none is known, and of an earlier state of the log: who it was then says nothing of who may see it.
    pub coach: Option<Name>,
    /// What it is to the number.
    pub outcome: Outcome,
}

/// Who is behind a number, and who of its cell is not.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Lineage {
    /// The number, as the figures have it.
    pub value: u64,
    /// Those that it counts, by their ids.
    pub counted: Vec<Traced>,
    /// Those of its cell that it does not count, by their ids.
    pub left_out: Vec<Traced>,
}

/// Which of those behind a number are told.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Wanted {
    /// Only those with this reason.
    pub reason: Option<Reason>,
    /// Only those whose id comes after this one: the pages before told the others.
    pub after: Option<Uuid>,
}

impl Wanted {
    /// Those of these that are told, in their order.
    pub fn of(self, those: Vec<Traced>) -> impl Iterator<Item = Traced> {
        those.into_iter().filter(move |traced| {
            self.after.is_none_or(|after| after < traced.trajectory.0) && self.reason.is_none_or(|only| only == traced.outcome.reason)
        })
    }
}

/// How many trajectories have a reason.
pub type ByReason = Vec<(Reason, u64)>;

/// Folds the log, and finds who is behind a number of the question. The question's `tables` is not looked at.
///
/// # Errors
/// An event that cannot be read ends it: nothing is counted over it.
pub async fn answer<L: EventLog>(
    log: &L,
    ask: &Ask,
    number: &Number,
    clock: Clock,
    progress: &mut (dyn FnMut(u64) + Send),
) -> Result<(Lineage, figures::AsOf), AppError> {
    let asked = Arc::new((Ask { tables: number.key.is_of_tables(), ..ask.clone() }, number.clone()));
    let today = (ask.as_of == AsOf::Now).then(|| amsterdam_day(clock()));
    let (head, parts) = fold(log, ask.as_of.until(), Keep::ForFigures, progress, move |timelines: Timelines| {
        let (ask, number) = &*asked;
        let mut part = (Tally::default(), Vec::new());
        for (trajectory, timeline) in timelines {
            // Without an intake that counts there is no trajectory to be behind anything.
            let Some(lived) = Trajectory::of(&timeline) else { continue };
            part.0.count(&lived, &ask.question());
            let outcome = outcome(&timeline, number, &ask.question());
            if outcome.in_cell {
                let coach = today.and_then(|today| lived.attributes_on(today).coach.cloned());
                part.1.push(Traced { trajectory, organisation: timeline.organisation().clone(), coach, outcome });
            }
        }
        part
    })
    .await?;
    let (mut tally, mut all) = (Tally::default(), Vec::new());
    for (counted, traced) in parts {
        tally.merge(&counted);
        all.extend(traced);
    }
    all.sort_unstable_by_key(|traced: &Traced| traced.trajectory);
    let (counted, left_out) = all.into_iter().partition(|traced| traced.outcome.adds > 0);
    Ok((Lineage { value: value(tally, number), counted, left_out }, state(head, ask.quarter, ask.as_of, clock)))
}

fn value(tally: Tally, number: &Number) -> u64 {
    let figures = Figures::of(&Tallies { current: tally, ..Tallies::default() });
    number.column.of(&figures.cell(&number.key).cloned().unwrap_or_else(Counts::of_nobody))
}

/// What one trajectory is to a number, whichever it is; `None` when the log holds no event of it.
///
/// # Errors
/// As [`answer`].
pub async fn of_one<L: EventLog>(
    log: &L,
    ask: &Ask,
    number: &Number,
    trajectory: Uuid,
    clock: Clock,
) -> Result<(Option<Traced>, figures::AsOf), AppError> {
    let (head, timeline) = timeline_of(log, trajectory, ask.as_of.until()).await?;
    let traced = timeline.map(|timeline| traced(trajectory, &timeline, number, &ask.question()));
    Ok((traced, state(head, ask.quarter, ask.as_of, clock)))
}

/// What a trajectory of this timeline is to a number.
#[must_use]
pub fn traced(trajectory: Uuid, timeline: &Timeline, number: &Number, question: &Question<'_>) -> Traced {
    let organisation = timeline.organisation().clone();
    Traced { trajectory: TrajectoryId(trajectory), organisation, coach: None, outcome: outcome(timeline, number, question) }
}

/// The reasons of these, the most frequent first.
#[must_use]
pub fn by_reason(traced: &[Traced]) -> ByReason {
    let mut counts: BTreeMap<Reason, u64> = BTreeMap::new();
    for one in traced {
        *counts.entry(one.outcome.reason).or_default() += 1;
    }
    let mut counts: ByReason = counts.into_iter().collect();
    counts.sort_by(|(a, more), (b, less)| less.cmp(more).then(a.cmp(b)));
    counts
}

/// For those who may see numbers and no cases: reasons of fewer than `threshold` trajectories are not told apart, and so many of the others with them
/// that what is not told is no small number either. The number of those that are left is the second value.
#[must_use]
pub fn without_few(mut reasons: ByReason, threshold: u64) -> (ByReason, u64) {
    let mut few = 0;
    while let Some((_, least)) = reasons.last() {
        if *least >= threshold && (few == 0 || few >= threshold) {
            break;
        }
        few += least;
        reasons.pop();
    }
    (reasons, few)
}

/// Whether a number is of less than the country: then small counts tell of people.
#[must_use]
pub fn is_below_national(number: &Number, question: &Question<'_>) -> bool {
    question.scope.region.is_some() || question.scope.organisation.is_some() || number.key.is_of_tables()
}

/// Where an event stands in the log, and what it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Placed {
    /// Its position.
    pub position: u64,
    /// Its type.
    pub event_type: EventType,
    /// When the log took it.
    pub recorded_at: Timestamp,
}

/// Events by stream and revision.
#[derive(Clone, Debug, Default)]
pub struct Places(HashMap<(Uuid, u32), Placed>);

impl Places {
    /// Takes a record in.
    ///
    /// # Errors
    /// [`AppError::History`] when it cannot be read.
    pub fn take_in(&mut self, batch: &RecordBatch, record: &RecordRef) -> Result<(), AppError> {
        let decision = decode(&record.header, batch.body(record))?;
        for ((position, revision), event) in (decision.first_position..).zip(decision.first_revision..).zip(&decision.events) {
            let placed = Placed { position, event_type: event.event_type, recorded_at: event.recorded_at };
            self.0.insert((record.header.trajectory_id, revision), placed);
        }
        Ok(())
    }

    /// The event of this revision.
    #[must_use]
    pub fn of(&self, trajectory: TrajectoryId, revision: u32) -> Option<&Placed> {
        self.0.get(&(trajectory.0, revision))
    }
}

/// Reads where the events of these trajectories stand, up to a position of the log.
///
/// # Errors
/// As [`answer`].
pub async fn places<L: EventLog>(log: &L, trajectories: &[Uuid], until: Position) -> Result<Places, AppError> {
    let (wanted, mut places): (HashSet<&Uuid>, _) = (trajectories.iter().collect(), Places::default());
    if wanted.is_empty() {
        return Ok(places);
    }
    let mut reader = log.read(Position::START, Until::Position(until)).await?;
    while let Some(batch) = reader.next().await? {
        for record in batch.records.iter().filter(|record| wanted.contains(&record.header.trajectory_id)) {
            places.take_in(&batch, record)?;
        }
    }
    Ok(places)
}

/// The organisations that something is recorded of, up to a position of the log.
///
/// # Errors
/// As [`answer`].
pub async fn organisations<L: EventLog>(log: &L, until: Position) -> Result<BTreeSet<Name>, AppError> {
    let of = |timelines: Timelines| timelines.values().map(|timeline| timeline.organisation().clone()).collect::<BTreeSet<_>>();
    let (_, parts) = fold(log, Until::Position(until), Keep::ForFigures, &mut |_| {}, of).await?;
    Ok(parts.into_iter().flatten().collect())
}

/// What stands in Dutch and in English for the reasons of a few, which are told together.
pub const TOGETHER: (&str, &str) = (
    "overige redenen, samengenomen zodat kleine aantallen niet te zien zijn",
    "other reasons, taken together so that small numbers cannot be seen",
);

/// The words of a reason.
fn text(reason: Reason) -> Value {
    json!({"nl": reason.dutch(), "en": reason.english()})
}

/// The reasons, and those that are not told apart.
#[must_use]
pub fn reasons_json(reasons: &[(Reason, u64)], few: u64) -> Value {
    let told = reasons.iter().map(|(reason, count)| json!({"reason": reason.code(), "text": text(*reason), "trajectories": count}));
    let few = (few > 0).then(|| {
        let text = json!({"nl": TOGETHER.0, "en": TOGETHER.1});
        json!({"reason": "few", "text": text, "trajectories": few})
    });
    Value::Array(told.chain(few).collect())
}

/// What stands above every answer: which number of which question, made from which state of the log.
#[must_use]
pub fn head_json(question: &Question<'_>, number: &Number, as_of: &figures::AsOf) -> Map<String, Value> {
    let mut head = question.head_json(as_of);
    head.insert("cell".to_owned(), number.to_string().into());
    head
}

/// A trajectory with the events that decide.
#[must_use]
pub fn traced_json(traced: &Traced, places: &Places) -> Value {
    let Outcome { adds, reason, cells, events, .. } = &traced.outcome;
    let events = events.iter().map(|event| {
        let placed = places.of(traced.trajectory, event.revision);
        json!({
            "event_id": event.id.0.to_string(),
            "type": placed.map(|placed| placed.event_type.as_str()),
            "occurred_on": event.occurred_on.to_string(),
            "recorded_at": placed.map(|placed| placed.recorded_at.to_string()),
            "revision": event.revision,
            "position": placed.map(|placed| placed.position),
        })
    });
    json!({
        "trajectory_id": traced.trajectory.0.to_string(),
        "organisation": traced.organisation.as_str(),
        "counted": *adds > 0,
        "adds": adds,
        "reason": reason.code(),
        "text": text(*reason),
        "cells": cells.iter().map(|key: &CellKey| key.path().join(".")).collect::<Vec<_>>(),
        "events": events.collect::<Vec<_>>(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn few(counts: &[u64]) -> (Vec<u64>, u64) {
        let reasons = [Reason::Runs, Reason::NotEnded, Reason::NoScheme, Reason::OtherScheme];
        let (told, few) = without_few(reasons.into_iter().zip(counts.iter().copied()).collect(), 5);
        (told.into_iter().map(|(_, count)| count).collect(), few)
    }

    #[test]
    fn what_is_not_told_apart_is_never_a_small_number_beside_others() {
        assert_eq!(few(&[9, 5]), (vec![9, 5], 0));
        assert_eq!(few(&[9, 7, 4]), (vec![9], 11), "the small one alone could be worked out");
        assert_eq!(few(&[9, 4, 2]), (vec![9], 6));
        assert_eq!(few(&[9, 4, 1, 1]), (vec![9], 6));
        assert_eq!(few(&[3]), (vec![], 3), "the number itself is told anyway, its reason is not");
        assert_eq!(few(&[]), (vec![], 0));
    }
}
