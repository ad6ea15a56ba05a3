//! Whose a trajectory was of which no intake counts any more: theirs it is to begin anew.
//!
//! It stays that of its last coach when all of it was retracted, as it was the moment before. Otherwise a colleague who knows its id could take it
//! over by a new intake, and read what stood there.

use domain::{Date, Name, Timeline, Trajectory};
use event_log::EventLog;
use hashbrown::HashMap;
use uuid::Uuid;

use super::Ledger;
use crate::{AppError, reach::coach_of, replay};

/// The last coaches of trajectories that are left; `None` of one that nobody had. Kept no longer than the timeline of each.
#[derive(Debug, Default)]
pub(super) struct Left(HashMap<Uuid, Option<Name>>);

impl Left {
    /// A decision was accepted: notes whose the trajectory was when nothing of it counts any more.
    pub(super) fn noted(&mut self, trajectory: Uuid, before: &Timeline, after: &Timeline, today: Date) {
        if Trajectory::of(after).is_none() && Trajectory::of(before).is_some() {
            self.0.insert(trajectory, coach_of(before, today));
        }
    }
}

impl<L: EventLog> Ledger<L> {
    /// The last coach of a trajectory of which no intake counts, where it had one.
    pub(super) async fn left_by(&mut self, trajectory: Uuid, today: Date) -> Result<Option<Name>, AppError> {
        if let Some(coach) = self.left.0.get(&trajectory) {
            return Ok(coach.clone());
        }
        // What is judged here and not yet in the log was noted then: all else is read.
        let coach = replay::last_coach_at(&*self.log, &self.index.stream(trajectory)?, today).await?;
        self.left.0.insert(trajectory, coach.clone());
        Ok(coach)
    }

    /// Forgets what is known of a trajectory: the log says more.
    pub(super) fn let_go(&mut self, trajectory: Uuid) {
        self.timelines.remove(&trajectory);
        self.left.0.remove(&trajectory);
    }
}
