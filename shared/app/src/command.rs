//! What is handed in to be judged, and what became of it.

use domain::Refusal;
use event_log::Position;
use proto_events::json::EventLine;

use crate::reach::Reach;

/// Whose word the recording moment is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum RecordedMode {
    /// `recorded_at` as the line has it; now where it has none.
    #[default]
    Keep,
    /// Now; the line's moment is kept as `source_recorded_at`.
    Now,
}

/// The lines of one decision, and on what terms they are to be recorded.
#[derive(Clone, Debug)]
pub struct Command {
    /// At least one, all of one trajectory.
    pub lines: Vec<EventLine>,
    /// Whose word the recording moment is.
    pub mode: RecordedMode,
    /// The revision that the stream must have.
    pub expected_revision: Option<u32>,
    /// Whose trajectories it may touch.
    pub reach: Reach,
}

/// Why a decision was not even looked at: it is not for the one who handed it in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outside {
    /// The trajectory is someone else's, which is as good as not there.
    Hidden,
    /// It would begin a trajectory for someone else.
    Forbidden,
}

/// What became of a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Judged {
    /// It is recorded.
    Recorded,
    /// It was there already.
    AlreadyPresent,
    /// It is refused, and so is the rest of its decision.
    Refused,
}

/// The refusal of a decision: it names the first event that is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LineRefusal {
    /// Its place among the lines of the decision.
    pub place: usize,
    /// Why.
    pub refusal: Refusal,
}

/// What became of a decision.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Judgement {
    /// Line by line.
    pub lines: Vec<Judged>,
    /// Why, when lines are refused.
    pub refusal: Option<LineRefusal>,
    /// The positions of the lines that are there now, in the order of the lines; `None` of a refused one.
    pub positions: Vec<Option<Position>>,
    /// The stream's revision after it; 0 when nothing was looked at because everything was there already.
    pub revision: u32,
    /// Set when it lies outside of its reach: then nothing else is said, and nothing was recorded.
    pub outside: Option<Outside>,
}

impl Judgement {
    /// Whether something of it is to be recorded.
    pub(crate) fn records(&self) -> bool {
        self.lines.contains(&Judged::Recorded)
    }
}
