//! Every trajectory in memory, in parts that are counted on a processor each.

use std::thread;

use domain::{Timeline, Trajectory};
use figures::{Question, Tallies};
use hashbrown::HashMap;
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

impl Life {
    pub(crate) fn of(timeline: Timeline) -> Self {
        Self { trajectory: Trajectory::of(&timeline), timeline }
    }
}

/// All trajectories.
pub(crate) struct Lives {
    parts: Vec<HashMap<Uuid, Life>>,
}

/// How many parts: as many as there are processors, within reason.
pub(crate) fn parts() -> usize {
    thread::available_parallelism().map_or(1, usize::from).min(MOST_PARTS)
}

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

    /// Puts a life in the place of the one before, which comes back.
    pub(crate) fn put(&mut self, trajectory: Uuid, life: Life) -> Option<Life> {
        let part = self.part_of(trajectory);
        self.parts.get_mut(part)?.insert(trajectory, life)
    }

    pub(crate) fn len(&self) -> usize {
        self.parts.iter().map(HashMap::len).sum()
    }

    pub(crate) fn clear(&mut self) {
        self.parts.iter_mut().for_each(HashMap::clear);
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
