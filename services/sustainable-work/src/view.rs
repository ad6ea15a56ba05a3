//! The view: of each trajectory what is kept, what was published; and in memory what lists look at.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::{Path, PathBuf},
};

use app::{AppError, Clock, amsterdam_day, projector::Projection, status, stream};
use domain::{Date, Status, SustainableWork as Thresholds, Timeline};
use event_log::{Position, RecordBatch, Tail};
use proto_events::upcast::Upcasters;
use serde_json::Value;
use uuid::Uuid;
use views::{Entry, States, Taken, ViewError};

use crate::{held::Summary, kept, portion};

/// Trajectories that a new day changes at once: so few that readers wait for some milliseconds.
const A_DAY_AT_ONCE: usize = 256;
/// Records that are taken in at once while nobody waits for them: each trajectory among them is written once, and some tens of megabytes are held.
const IN_BULK: usize = 131_072;

/// The view of sustainable work.
pub struct SustainableWork {
    states: States,
    folder: PathBuf,
    pub(crate) summaries: BTreeMap<Uuid, Summary>,
    /// Those that a new day changes, by the day that they are held for.
    unsettled: BTreeSet<(Date, Uuid)>,
    /// Those whose status was not published yet.
    unpublished: BTreeSet<Uuid>,
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

/// What lists look at, and the trajectory as it rests in the store.
type Held = (Summary, Vec<u8>);

impl SustainableWork {
    /// Opens the view in this folder. Other thresholds are another view: it then begins again.
    ///
    /// # Errors
    /// When another process holds it, or its store fails.
    pub fn open(folder: &Path, thresholds: Thresholds, clock: Clock) -> Result<Self, AppError> {
        let form = format!("{} {} {thresholds:?}", Self::NAME, Self::VERSION);
        let states = States::open(folder, &form)?.states;
        let (summaries, unsettled, unpublished) = (BTreeMap::new(), BTreeSet::new(), BTreeSet::new());
        let (folder, upcasters) = (folder.to_owned(), Upcasters::of_today());
        let mut view = Self { states, folder, summaries, unsettled, unpublished, thresholds, clock, upcasters };
        let mut found = Vec::new();
        view.states.visit_states(|trajectory, kept| {
            found.push(kept::summary(trajectory, kept).map_err(|cause| view.damaged(cause))?);
            Ok::<_, ViewError>(())
        })?;
        found.into_iter().for_each(|summary| view.put_summary(summary));
        let (summaries, unpublished) = (&view.summaries, &mut view.unpublished);
        view.states.visit_marks(|trajectory, mark| {
            if summaries.get(&trajectory).is_some_and(|summary| summary.mark() == mark) {
                unpublished.remove(&trajectory);
            }
            Ok::<_, ViewError>(())
        })?;
        Ok(view)
    }

    fn damaged(&self, cause: String) -> ViewError {
        ViewError::Damaged { folder: self.folder.clone(), cause }
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
        self.unpublished.insert(summary.trajectory);
        self.summaries.insert(summary.trajectory, summary);
    }

    /// A trajectory as it is in the view; empty when it is not there.
    fn timeline(&self, trajectory: Uuid) -> Result<Timeline, AppError> {
        let kept = self.states.state(trajectory)?;
        let timeline = kept.map(|kept| kept::timeline(&kept)).transpose().map_err(|cause| self.damaged(cause))?;
        Ok(timeline.unwrap_or_default())
    }

    /// What is to be held of a trajectory today.
    fn held(&self, trajectory: Uuid, timeline: &Timeline, position: Position, today: Date) -> Held {
        let summary = Summary::of(trajectory, timeline, position, today, &self.thresholds);
        let kept = kept::encode(&summary, timeline);
        (summary, kept)
    }

    /// Holds these, and moves the checkpoint if there is one: in one transaction.
    fn hold(&mut self, changed: Vec<Held>, first_event: Option<Uuid>, until: Option<Tail>) -> Result<(), AppError> {
        let (mut summaries, mut states) = (Vec::with_capacity(changed.len()), Vec::with_capacity(changed.len()));
        for (summary, kept) in changed {
            states.push((summary.trajectory, kept));
            summaries.push(summary);
        }
        self.states.apply(Taken { states, first_event, until })?;
        summaries.into_iter().for_each(|summary| self.put_summary(summary));
        Ok(())
    }

    fn status_of(&self, trajectory: Uuid, on: Date) -> Result<Value, AppError> {
        let timeline = self.timeline(trajectory)?;
        Ok(status::to_json(trajectory, &timeline, &Status::on(&timeline, on, &self.thresholds)))
    }

    /// The status of a trajectory on a day, as it is known now; `None` when the log holds no event of it.
    ///
    /// # Errors
    /// When the store fails.
    pub fn status(&self, trajectory: Uuid, on: Date) -> Result<Option<Value>, AppError> {
        if !self.summaries.contains_key(&trajectory) {
            return Ok(None);
        }
        self.status_of(trajectory, on).map(Some)
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

    /// What is still to be published; at most `limit`, of those that `may` be.
    ///
    /// # Errors
    /// When the store fails.
    pub fn to_publish(&self, limit: usize, may: impl Fn(Uuid) -> bool) -> Result<Vec<ToPublish>, AppError> {
        let mut found = Vec::new();
        let unpublished = self.unpublished.iter().filter(|trajectory| may(**trajectory));
        for summary in unpublished.filter_map(|trajectory| self.summaries.get(trajectory)).take(limit) {
            let (trajectory, on) = (summary.trajectory, summary.on);
            let value = self.status_of(trajectory, on)?.to_string().into_bytes();
            found.push(ToPublish { key: format!("{}.{trajectory}", summary.organisation), value, mark: (trajectory, summary.mark()) });
        }
        Ok(found)
    }

    /// Takes back that these were published: where they lay they may lie no more.
    pub fn unpublished(&mut self, trajectories: &[Uuid]) {
        let there = trajectories.iter().filter(|trajectory| self.summaries.contains_key(trajectory));
        self.unpublished.extend(there);
    }

    /// Crosses off what was published; what has changed since stays.
    ///
    /// # Errors
    /// When the store fails.
    pub fn published(&mut self, done: &[ToPublish]) -> Result<(), AppError> {
        let still = |one: &&ToPublish| self.summaries.get(&one.mark.0).is_some_and(|summary| summary.mark() == one.mark.1);
        let marks: Vec<_> = done.iter().filter(still).map(|one| one.mark.clone()).collect();
        self.states.mark(&marks)?;
        for (trajectory, _) in marks {
            self.unpublished.remove(&trajectory);
        }
        Ok(())
    }
}

impl Projection for SustainableWork {
    const NAME: &'static str = "sustainable-work";
    const VERSION: u32 = 2;
    const BUILT_AT_ONCE: usize = IN_BULK;

    fn tail(&self) -> Tail {
        self.states.tail()
    }

    fn first_event(&self) -> Result<Option<Uuid>, AppError> {
        Ok(self.states.first_event()?)
    }

    fn apply(&mut self, batch: &RecordBatch) -> Result<(), AppError> {
        let today = self.today();
        let before = |trajectory| {
            if self.summaries.contains_key(&trajectory) { self.timeline(trajectory) } else { Ok(Timeline::default()) }
        };
        let make = |trajectory, timeline: &Timeline, last| Ok(self.held(trajectory, timeline, last, today));
        let changed = portion::fold(batch, &self.upcasters, &before, &make)?;
        let first_event = stream::first_event_in(batch)?;
        self.hold(changed, first_event, batch.tail())
    }

    fn clear(&mut self) -> Result<(), AppError> {
        self.states.clear()?;
        self.summaries.clear();
        self.unsettled.clear();
        self.unpublished.clear();
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
            changed.push(self.held(trajectory, &self.timeline(trajectory)?, position, today));
        }
        self.hold(changed, None, None)
    }

    fn contents(&self) -> Result<Vec<Entry>, AppError> {
        Ok(self.states.contents()?)
    }

    fn close(self) -> Result<(), AppError> {
        Ok(self.states.close()?)
    }
}
