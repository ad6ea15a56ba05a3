//! What is held of a trajectory: what a list looks at, for a day.

use domain::{Date, Method, Name, Status, Step, SustainableWork as Thresholds, Timeline, Trajectory, Verdict};
use event_log::Position;
use uuid::Uuid;

/// A trajectory in a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Summary {
    /// The trajectory.
    pub trajectory: Uuid,
    /// The organisation that delivers it.
    pub organisation: Name,
    /// Its coach on that day, if known.
    pub coach: Option<Name>,
    /// Its method; `None` when no intake counts.
    pub method: Option<Method>,
    /// Its first day; `None` when no intake counts.
    pub started: Option<Date>,
    /// Whether it runs.
    pub running: bool,
    /// The latest step reached; `None` when no intake counts.
    pub step: Option<Step>,
    /// Whether it has sustainable work.
    pub sustainable_work: Verdict,
    /// Its last revision.
    pub revision: u32,
    /// The position of its last event.
    pub position: Position,
    /// The day that all of this is said of.
    pub on: Date,
    /// Whether no day to come changes it.
    pub(crate) settled: bool,
}

/// The day of which a status is held, and whether it is the last: from the day on which everything has happened that is known, an ended
/// trajectory changes by events alone.
fn day_of(timeline: &Timeline, trajectory: Option<&Trajectory>, today: Date) -> (Date, bool) {
    let Some(last) = timeline.events().iter().map(|event| event.occurred_on).max() else { return (today, false) };
    let after = match trajectory {
        Some(trajectory) => trajectory.outflow.map(|outflow| outflow.on.plus_days(1)),
        None => Some(last),
    };
    match after.map(|after| after.max(last)) {
        Some(settled) if settled <= today => (settled, true),
        Some(_) | None => (today, false),
    }
}

impl Summary {
    /// What is held of a timeline today; `position` is that of its last event.
    pub(crate) fn of(trajectory: Uuid, timeline: &Timeline, position: Position, today: Date, thresholds: &Thresholds) -> Self {
        let lived = Trajectory::of(timeline);
        let (on, settled) = day_of(timeline, lived.as_ref(), today);
        let status = Status::on(timeline, on, thresholds);
        Self {
            trajectory,
            organisation: timeline.organisation().clone(),
            coach: lived.as_ref().and_then(|lived| lived.attributes_on(on).coach).cloned(),
            method: status.method,
            started: lived.as_ref().map(|lived| lived.start),
            running: status.running,
            step: status.step,
            sustainable_work: status.sustainable_work,
            revision: timeline.revision(),
            position,
            on,
            settled,
        }
    }

    /// What it is crossed off by when it is published: another status of the same trajectory has another.
    pub(crate) fn mark(&self) -> Vec<u8> {
        [&self.position.0.to_be_bytes()[..], &self.on.days().to_be_bytes()].concat()
    }
}
