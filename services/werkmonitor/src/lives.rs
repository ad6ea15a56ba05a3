//! Every trajectory in memory, in parts that are counted on a processor each.

use std::thread;

use app::{AppError, Keep, stream::Step};
use domain::{Timeline, Trajectory};
use event_log::{Position, RecordBatch, RecordHeader};
use figures::{Question, Tallies};
use hashbrown::HashMap;
use proto_events::upcast::Upcasters;
use uuid::Uuid;

/// More parts than this gain nothing that a reader would notice.
const MOST_PARTS: usize = 8;

/// A trajectory as it is.
#[derive(Clone, Debug, Default)]
pub(crate) struct Life {
    pub(crate) timeline: Timeline,
    /// `None` when no intake counts.
    pub(crate) trajectory: Option<Trajectory>,
}

/// Takes what was read into the lives of one part.
fn evolve(lives: &mut HashMap<Uuid, Life>, steps: Vec<Read>) -> Vec<Changed> {
    let mut touched = HashMap::with_capacity(steps.len());
    for (header, step) in steps {
        let life = lives.entry(header.trajectory_id).or_default();
        if step.evolve(&mut life.timeline) {
            touched.entry(header.trajectory_id).or_insert_with(|| life.trajectory.take());
        }
    }
    let mut changed: Vec<Changed> = Vec::with_capacity(touched.len());
    for (trajectory, before) in touched {
        if let Some(life) = lives.get_mut(&trajectory) {
            life.trajectory = Trajectory::of(&life.timeline);
        }
        changed.push((before, trajectory));
    }
    changed
}

/// Where a failure lies: the first in the log's order is told.
const fn position_of(error: &AppError) -> Position {
    if let AppError::History { position, .. } = error { *position } else { Position::START }
}

/// All trajectories.
pub(crate) struct Lives {
    parts: Vec<HashMap<Uuid, Life>>,
}

/// How many parts: as many as there are processors, within reason.
pub(crate) fn parts() -> usize {
    thread::available_parallelism().map_or(1, usize::from).min(MOST_PARTS)
}

/// A trajectory that has changed: as it was, and its id.
pub(crate) type Changed = (Option<Trajectory>, Uuid);

/// Fewer records than this are taken in here: handing them to other threads would cost more.
const FEW: usize = 512;

/// A record, read, for the stream that it belongs to.
type Read = (RecordHeader, Step);

impl Lives {
    pub(crate) fn new() -> Self {
        Self { parts: (0..parts()).map(|_| HashMap::new()).collect() }
    }

    /// The part of a trajectory. Ids may begin with the moment of their making, or have been chosen by anyone: they are mixed first.
    fn part_of(&self, trajectory: Uuid) -> usize {
        let (high, low) = trajectory.as_u64_pair();
        let mixed = (high ^ low).wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 32;
        mixed as usize % self.parts.len().max(1)
    }

    pub(crate) fn get(&self, trajectory: Uuid) -> Option<&Life> {
        self.parts.get(self.part_of(trajectory))?.get(&trajectory)
    }

    pub(crate) fn all(&self) -> impl Iterator<Item = (&Uuid, &Life)> {
        self.parts.iter().flatten()
    }

    pub(crate) fn len(&self) -> usize {
        self.parts.iter().map(HashMap::len).sum()
    }

    pub(crate) fn clear(&mut self) {
        self.parts.iter_mut().for_each(HashMap::clear);
    }

    /// Takes in records that follow: all of them, or none and an error. Those that have changed come back, as they were.
    pub(crate) fn take_in(&mut self, batch: &RecordBatch, upcasters: &Upcasters) -> Result<Vec<Changed>, AppError> {
        // First everything that can fail.
        let read = |part: usize| self.read(batch, part, upcasters);
        let all = self.each_part(batch.records.len(), &read);
        let failed = all.iter().filter_map(|part| part.as_ref().err()).map(position_of).min();
        let mut steps = Vec::with_capacity(all.len());
        for part in all {
            match part {
                Ok(read) => steps.push(read),
                Err(error) if Some(position_of(&error)) == failed => return Err(error),
                Err(_) => {}
            }
        }
        // Then what cannot.
        let few = batch.records.len() < FEW;
        if few {
            return Ok(self.parts.iter_mut().zip(steps).flat_map(|(part, steps)| evolve(part, steps)).collect());
        }
        let changed = thread::scope(|scope| {
            let under_way: Vec<_> =
                self.parts.iter_mut().zip(steps).map(|(part, steps)| scope.spawn(move || evolve(part, steps))).collect();
            under_way.into_iter().map(|part| part.join().map_err(|_| AppError::Stopped("taking in events"))).collect::<Result<Vec<_>, _>>()
        })?;
        Ok(changed.concat())
    }

    /// Does the same for each part, on a processor each when it is much.
    fn each_part<R: Send>(&self, records: usize, work: &(dyn Fn(usize) -> Result<R, AppError> + Sync)) -> Vec<Result<R, AppError>> {
        if records < FEW {
            return (0..self.parts.len()).map(work).collect();
        }
        thread::scope(|scope| {
            let under_way: Vec<_> = (0..self.parts.len()).map(|part| scope.spawn(move || work(part))).collect();
            under_way.into_iter().map(|part| part.join().unwrap_or(Err(AppError::Stopped("taking in events")))).collect()
        })
    }

    /// Reads the records of one part, and whether they follow on.
    fn read(&self, batch: &RecordBatch, part: usize, upcasters: &Upcasters) -> Result<Vec<Read>, AppError> {
        let (mut steps, mut revisions) = (Vec::new(), HashMap::new());
        for record in batch.records.iter().filter(|record| self.part_of(record.header.trajectory_id) == part) {
            let header = record.header;
            let step = Step::read(&header, batch.body(record), Keep::ForFigures, upcasters)?;
            let known = || self.get(header.trajectory_id).map_or(0, |life| life.timeline.revision());
            let revision = revisions.entry(header.trajectory_id).or_insert_with(known);
            *revision = step.follows(&header, *revision)?;
            steps.push((header, step));
        }
        Ok(steps)
    }

    /// Counts all of them.
    pub(crate) fn count(&self, question: &Question<'_>) -> Tallies {
        let count = |part: &HashMap<Uuid, Life>| {
            let mut tallies = Tallies::default();
            part.values().filter_map(|life| life.trajectory.as_ref()).for_each(|one| tallies.count(one, question));
            tallies
        };
        let Some((first, rest)) = self.parts.split_first() else { return Tallies::default() };
        thread::scope(|scope| {
            let rest: Vec<_> = rest.iter().map(|part| (part, scope.spawn(move || count(part)))).collect();
            let mut whole = count(first);
            for (part, counted) in rest {
                // A thread that panicked has counted nothing: it is counted here, where the caller sees the panic.
                whole.merge(&counted.join().unwrap_or_else(|_| count(part)));
            }
            whole
        })
    }
}
