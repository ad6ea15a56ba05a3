//! What is held of a trajectory: its status for a day, and by what it is found.

use domain::{Date, Method, Name, Step, Timeline, Trajectory, Verdict};
use event_log::Position;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
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

/// As it rests in the view.
#[derive(Serialize, Deserialize)]
pub(crate) struct Held<'a> {
    #[serde(borrow)]
    coach: Option<&'a str>,
    /// Days since 1970.
    started: Option<i32>,
    position: u64,
    /// Days since 1970.
    on: i32,
    settled: bool,
    /// The status as it is published.
    #[serde(borrow)]
    pub(crate) status: &'a RawValue,
}

/// What of the published status a list looks at.
#[derive(Deserialize)]
struct Listed<'a> {
    organisation: &'a str,
    revision: u32,
    method: Option<&'a str>,
    running: bool,
    step: Option<&'a str>,
    sustainable_work: &'a str,
}

/// Every step, for reading it back.
const STEPS: [Step; 6] = [Step::Intake, Step::Engagement, Step::Assessment, Step::Placement, Step::Coaching, Step::Outflow];
const VERDICTS: [Verdict; 3] = [Verdict::Yes, Verdict::No, Verdict::Unknown];

/// The day of which a status is held, and whether it is the last: from the day on which everything has happened that is known, an ended
/// trajectory changes by events alone.
pub(crate) fn day_of(timeline: &Timeline, today: Date) -> (Date, bool) {
    let Some(last) = timeline.events().iter().map(|event| event.occurred_on).max() else { return (today, false) };
    let after = match Trajectory::of(timeline) {
        Some(trajectory) => trajectory.outflow.map(|outflow| outflow.on.plus_days(1)),
        None => Some(last),
    };
    match after.map(|after| after.max(last)) {
        Some(settled) if settled <= today => (settled, true),
        Some(_) | None => (today, false),
    }
}

/// What is held of a timeline, as bytes.
pub(crate) fn encode(
    timeline: &Timeline,
    (on, settled): (Date, bool),
    position: Position,
    status: &str,
) -> Result<Vec<u8>, serde_json::Error> {
    let trajectory = Trajectory::of(timeline);
    let held = Held {
        coach: trajectory.as_ref().and_then(|trajectory| trajectory.attributes_on(on).coach).map(Name::as_str),
        started: trajectory.as_ref().map(|trajectory| trajectory.start.days()),
        position: position.0,
        on: on.days(),
        settled,
        status: serde_json::from_str(status)?,
    };
    serde_json::to_vec(&held)
}

impl Summary {
    /// Reads it back.
    ///
    /// # Errors
    /// The cause, when the bytes are not what was held.
    pub(crate) fn decode(trajectory: Uuid, held: &[u8]) -> Result<Self, String> {
        let held: Held<'_> = serde_json::from_slice(held).map_err(|e| e.to_string())?;
        let listed: Listed<'_> = serde_json::from_str(held.status.get()).map_err(|e| e.to_string())?;
        let method = |word: &str| Method::ALL.iter().copied().find(|method| method.as_str() == word);
        let step = |word: &str| STEPS.into_iter().find(|step| step.as_str() == word);
        let verdict = VERDICTS.into_iter().find(|verdict| verdict.as_str() == listed.sustainable_work);
        Ok(Self {
            trajectory,
            organisation: listed.organisation.into(),
            coach: held.coach.map(Into::into),
            method: listed.method.map(|word| method(word).ok_or("an unknown method")).transpose()?,
            started: held.started.map(Date::from_days),
            running: listed.running,
            step: listed.step.map(|word| step(word).ok_or("an unknown step")).transpose()?,
            sustainable_work: verdict.ok_or("an unknown verdict")?,
            revision: listed.revision,
            position: Position(held.position),
            on: Date::from_days(held.on),
            settled: held.settled,
        })
    }
}
