//! What differs between two vintages of a quarter, and what made the difference: for `trajectlog vintages`, and for the service.

use std::collections::{BTreeMap, BTreeSet};

use app::{AppError, Keep, Timelines, fold};
use domain::{Timeline, TrajectoryId};
use event_log::{EventLog, Position, Until};
use figures::{
    CellKey, Measure,
    disclosure::{Area, Column},
    vintage::{Cause, Counted, Differences, Part, differences},
};
use publications::Vintage;
use tokio::task;

/// From one vintage to a later one.
pub struct Step<'a> {
    pub then: &'a Vintage,
    pub now: &'a Vintage,
    /// The numbers of an area that differ, with what they were and what they are.
    pub changed: Vec<(CellKey, Column, u64, u64)>,
    /// What made the difference; `None` where that was not asked for.
    parts: Option<Differences>,
}

impl<'a> Step<'a> {
    /// What differs; why is not looked for.
    pub fn between(area: &Area, then: &'a Vintage, now: &'a Vintage) -> Self {
        Self { then, now, changed: changed(area, then, now), parts: None }
    }

    /// The same, with what made the difference: both states of the log are read whole, unless nothing differs.
    pub async fn explained<L: EventLog>(self, log: &L, area: &Area) -> Result<Self, AppError> {
        let parts = if self.changed.is_empty() { Differences::new() } else { explained(log, area, self.then, self.now).await? };
        Ok(Self { parts: Some(parts), ..self })
    }

    /// Whether what made the difference was asked for.
    pub const fn is_explained(&self) -> bool {
        self.parts.is_some()
    }

    /// The parts of one number by their cause; none where that was not asked for, and of what is not split.
    pub fn causes(&self, key: &CellKey, column: &Column) -> BTreeMap<Cause, Vec<&Part>> {
        let parts = self.parts.as_ref().and_then(|parts| parts.get(&(key.clone(), column.clone())));
        let mut causes: BTreeMap<Cause, Vec<&Part>> = BTreeMap::new();
        for part in parts.into_iter().flatten() {
            causes.entry(part.cause).or_default().push(part);
        }
        causes
    }
}

/// What parts add to a number together.
pub fn sum(parts: &[&Part]) -> i64 {
    parts.iter().map(|part| part.difference).sum()
}

fn changed(area: &Area, then: &Vintage, now: &Vintage) -> Vec<(CellKey, Column, u64, u64)> {
    let cells = |vintage: &Vintage| vintage.tables.0.get(area).cloned().unwrap_or_default();
    let (before, after) = (cells(then), cells(now));
    let keys: BTreeSet<&CellKey> = before.keys().chain(after.keys()).collect();
    let mut changed = Vec::new();
    for key in keys {
        let both = [before.get(key), after.get(key)];
        let schemes = both.iter().flatten().flat_map(|counts| counts.schemes.iter().map(|(scheme, _)| Column::Scheme(scheme.clone())));
        let columns: BTreeSet<Column> = Measure::ALL.iter().map(|measure| Column::Measure(*measure)).chain(schemes).collect();
        for column in columns {
            let [was, is] = both.map(|counts| counts.map_or(0, |counts| column.of(counts)));
            if was != is {
                changed.push((key.clone(), column, was, is));
            }
        }
    }
    changed
}

/// Both states of the log, and what made the difference between them.
async fn explained<L: EventLog>(log: &L, area: &Area, then: &Vintage, now: &Vintage) -> Result<Differences, AppError> {
    let (before, after) = (timelines(log, then).await?, timelines(log, now).await?);
    let (quarter, area) = (now.quarter, area.clone());
    let definitions = [then.definitions.clone(), now.definitions.clone()];
    // Every trajectory is looked at twice: not on a thread that others wait for.
    let split = move || {
        let [before, after] = [before, after].map(|parts| parts.into_iter().flatten().collect::<BTreeMap<TrajectoryId, Timeline>>());
        let [then, now] = &definitions;
        let (then, now) = (Counted { timelines: &before, definitions: then }, Counted { timelines: &after, definitions: now });
        differences(quarter, &area, then, now)
    };
    task::spawn_blocking(split).await.map_err(|_| AppError::Stopped("comparing two publications"))
}

/// The state of the log that a vintage was made of.
async fn timelines<L: EventLog>(log: &L, vintage: &Vintage) -> Result<Vec<Timelines>, AppError> {
    let until = Until::Position(Position(vintage.as_of.position));
    let (_, parts) = fold(log, until, Keep::ForFigures, &mut |_| {}, |timelines| timelines).await?;
    Ok(parts)
}
