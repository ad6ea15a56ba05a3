//! The view: bodies, held statuses, what is to be published; and in memory what lists look at.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::Path,
};

use app::{AppError, Clock, Keep, amsterdam_day, projector::Projection, status, stream};
use domain::{Date, Status, SustainableWork as Thresholds, Timeline};
use event_log::{Position, RecordBatch, RecordHeader};
use hashbrown::HashMap;
use proto_events::upcast::Upcasters;
use serde_json::Value;
use uuid::Uuid;
use views::{Bodies, Entry, Taken, ViewError};

use crate::held::{self, Held, Summary};

/// Trajectories that a new day changes at once: so few that readers wait for some milliseconds.
const A_DAY_AT_ONCE: usize = 256;

/// The view of sustainable work.
pub struct SustainableWork {
    bodies: Bodies,
    pub(crate) summaries: BTreeMap<Uuid, Summary>,
    /// Those that a new day changes, by the day that they are held for.
    unsettled: BTreeSet<(Date, Uuid)>,
    thresholds: Thresholds,
    clock: Clock,
    upcasters: Upcasters,
}

/// A status that is to be published.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ToPublish {
    /// `ORGANISATION.TRAJECTORY`.
    pub key: String,
    /// The status as JSON, in the shape of the contract.
    pub value: Vec<u8>,
    /// By this it is crossed off: another status of the same trajectory has another.
    pub(crate) mark: (Uuid, Vec<u8>),
}

/// A trajectory that has changed.
struct Changed {
    timeline: Timeline,
    position: Position,
}

impl SustainableWork {
    /// Opens the view in this folder. Other thresholds are another view: it then begins again.
    ///
    /// # Errors
    /// When another process holds it, or its store fails.
    pub fn open(folder: &Path, thresholds: Thresholds, clock: Clock) -> Result<Self, AppError> {
        let form = format!("{} {} {thresholds:?}", Self::NAME, Self::VERSION);
        let bodies = Bodies::open(folder, &form)?.bodies;
        let (summaries, unsettled) = (BTreeMap::new(), BTreeSet::new());
        let mut view = Self { bodies, summaries, unsettled, thresholds, clock, upcasters: Upcasters::of_today() };
        let mut found = Vec::new();
        view.bodies.visit_derived(Uuid::nil(), |trajectory, held| {
            let damaged = |cause| ViewError::Damaged { folder: folder.to_owned(), cause };
            found.push(Summary::decode(trajectory, held).map_err(damaged)?);
            Ok::<_, ViewError>(true)
        })?;
        found.into_iter().for_each(|summary| view.put_summary(summary));
        Ok(view)
    }

    fn today(&self) -> Date {
        amsterdam_day((self.clock)())
    }

    fn put_summary(&mut self, summary: Summary) {
        if let Some(before) = self.summaries.get(&summary.trajectory) {
            self.unsettled.remove(&(before.on, before.trajectory));
        }
        if !summary.settled {
            self.unsettled.insert((summary.on, summary.trajectory));
        }
        self.summaries.insert(summary.trajectory, summary);
    }

    fn evolve(&self, timeline: &mut Timeline, header: &RecordHeader, body: &[u8]) -> Result<(), AppError> {
        stream::evolve(timeline, header, body, Keep::All, &self.upcasters)
    }

    /// A trajectory as it is in the view.
    fn timeline(&self, trajectory: Uuid) -> Result<Timeline, AppError> {
        let mut timeline = Timeline::default();
        self.bodies.visit_of(trajectory, |header, body| self.evolve(&mut timeline, header, body))?;
        Ok(timeline)
    }

    /// Holds the statuses of these for today: with what is taken in beside them, in one transaction.
    fn hold(&mut self, changed: Vec<(Uuid, Changed)>, mut taken: Taken<'_>) -> Result<(), AppError> {
        let today = self.today();
        let mut summaries = Vec::with_capacity(changed.len());
        for (trajectory, Changed { timeline, position }) in changed {
            let day = held::day_of(&timeline, today);
            let status = status::to_json(trajectory, &timeline, &Status::on(&timeline, day.0, &self.thresholds)).to_string();
            let failed = |cause: String| AppError::Io { what: format!("holding the status of trajectory {trajectory}"), cause };
            let held = held::encode(&timeline, day, position, &status).map_err(|e| failed(e.to_string()))?;
            summaries.push(Summary::decode(trajectory, &held).map_err(failed)?);
            taken.derived.push((trajectory, Some(held)));
            taken.outbox.push((trajectory, [&position.0.to_be_bytes()[..], &day.0.days().to_be_bytes()].concat()));
        }
        self.bodies.apply(taken)?;
        summaries.into_iter().for_each(|summary| self.put_summary(summary));
        Ok(())
    }

    /// The status of a trajectory on a day, as it is known now; `None` when the log holds no event of it.
    ///
    /// # Errors
    /// When the store fails.
    pub fn status(&self, trajectory: Uuid, on: Date) -> Result<Option<Value>, AppError> {
        if !self.summaries.contains_key(&trajectory) {
            return Ok(None);
        }
        let timeline = self.timeline(trajectory)?;
        Ok(Some(status::to_json(trajectory, &timeline, &Status::on(&timeline, on, &self.thresholds))))
    }

    /// The status of a trajectory today.
    ///
    /// # Errors
    /// When the store fails.
    pub fn status_today(&self, trajectory: Uuid) -> Result<Option<Value>, AppError> {
        self.status(trajectory, self.today())
    }

    /// What is held of a trajectory, for authorising before answering; `None` when the log holds no event of it.
    #[must_use]
    pub fn summary(&self, trajectory: Uuid) -> Option<&Summary> {
        self.summaries.get(&trajectory)
    }

    /// How many trajectories.
    #[must_use]
    pub fn len(&self) -> usize {
        self.summaries.len()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.summaries.is_empty()
    }

    /// What is still to be published; at most `limit`.
    ///
    /// # Errors
    /// When the store fails.
    pub fn to_publish(&self, limit: usize) -> Result<Vec<ToPublish>, AppError> {
        let mut found = Vec::new();
        for (trajectory, mark) in self.bodies.outbox(limit)? {
            let Some(held) = self.bodies.derived(trajectory)? else { continue };
            let failed =
                |e: serde_json::Error| AppError::Io { what: format!("reading the held status of {trajectory}"), cause: e.to_string() };
            let held: Held<'_> = serde_json::from_slice(&held).map_err(failed)?;
            let organisation = self.summaries.get(&trajectory).map_or("", |summary| summary.organisation.as_str());
            let value = held.status.get().as_bytes().to_vec();
            found.push(ToPublish { key: format!("{organisation}.{trajectory}"), value, mark: (trajectory, mark) });
        }
        Ok(found)
    }

    /// Crosses off what was published; what has changed since stays.
    ///
    /// # Errors
    /// When the store fails.
    pub fn published(&mut self, done: &[ToPublish]) -> Result<(), AppError> {
        let marks: Vec<_> = done.iter().map(|one| one.mark.clone()).collect();
        Ok(self.bodies.published(&marks)?)
    }
}

impl Projection for SustainableWork {
    const NAME: &'static str = "sustainable-work";
    const VERSION: u32 = 1;

    fn checkpoint(&self) -> Position {
        self.bodies.checkpoint()
    }

    fn first_event(&self) -> Result<Option<Uuid>, AppError> {
        Ok(self.bodies.first_event()?)
    }

    fn apply(&mut self, batch: &RecordBatch) -> Result<(), AppError> {
        let mut order = Vec::new();
        let mut changed: HashMap<Uuid, Changed> = HashMap::new();
        let mut bodies = Vec::with_capacity(batch.records.len());
        for record in &batch.records {
            let (header, body) = (&record.header, batch.body(record));
            let trajectory = header.trajectory_id;
            if !changed.contains_key(&trajectory) {
                let timeline = if self.summaries.contains_key(&trajectory) { self.timeline(trajectory)? } else { Timeline::default() };
                changed.insert(trajectory, Changed { timeline, position: Position::START });
                order.push(trajectory);
            }
            if let Some(changed) = changed.get_mut(&trajectory) {
                self.evolve(&mut changed.timeline, header, body)?;
                changed.position = header.last_position();
            }
            bodies.push((*header, body));
        }
        let changed = order.into_iter().filter_map(|trajectory| Some((trajectory, changed.remove(&trajectory)?))).collect();
        let first_event = stream::first_event_in(batch)?;
        let until = batch.records.last().map(|record| record.header.last_position());
        self.hold(changed, Taken { bodies, first_event, until, ..Taken::default() })
    }

    fn clear(&mut self) -> Result<(), AppError> {
        self.bodies.clear()?;
        self.summaries.clear();
        self.unsettled.clear();
        Ok(())
    }

    /// A new day has begun for some.
    fn is_due(&self) -> bool {
        let today = self.today();
        self.unsettled.first().is_some_and(|(on, _)| *on < today)
    }

    fn do_due(&mut self) -> Result<(), AppError> {
        let today = self.today();
        let due: Vec<Uuid> =
            self.unsettled.iter().take_while(|(on, _)| *on < today).take(A_DAY_AT_ONCE).map(|(_, trajectory)| *trajectory).collect();
        let mut changed = Vec::with_capacity(due.len());
        for trajectory in due {
            let position = self.summaries.get(&trajectory).map_or(Position::START, |summary| summary.position);
            changed.push((trajectory, Changed { timeline: self.timeline(trajectory)?, position }));
        }
        self.hold(changed, Taken::default())
    }

    fn contents(&self) -> Result<Vec<Entry>, AppError> {
        Ok(self.bodies.contents()?)
    }

    fn close(self) -> Result<(), AppError> {
        Ok(self.bodies.close()?)
    }
}
