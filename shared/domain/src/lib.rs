//! The pure core: what an event means, when it is accepted, and what a trajectory was like on a day.
//!
//! ```text
//!   decide(timeline, proposals) ──► the timeline after, or a Refusal (code, event, conflicts, what a coach can do)
//!   timeline.evolve(recorded)   ──► the effective timeline, one event further
//!   Trajectory::of(timeline)    ──► start, outflow, attributes, jobs, placements, educations: what figures count
//! ```
//!
//! Architecture invariant: no clock, no random ids, no input or output, no serialisation. Today's date and new ids come
//! with the command. Texts never enter: a proposal carries only the length of its longest one.

mod calendar;
mod decide;
mod event;
mod ids;
mod judge;
mod refusal;
mod regions;
mod status;
mod timeline;
mod trajectory;
mod work;

pub use calendar::{Date, Quarter};
pub use decide::{Proposal, decide};
pub use event::{
    AttributeChanges, Change, ConditionChanges, Conditions, Contract, Event, Fact, Funding, Hundredths, Intake, Method, PlacementKind,
    Recorded, Variant,
};
pub use ids::{ClientId, EducationId, EventId, JobId, Name, PlacementId, TrajectoryId};
pub use refusal::{Code, Refusal};
pub use regions::Region;
pub use status::{JobStatus, Status, Step};
pub use timeline::Timeline;
pub use trajectory::{Attributes, Job, Outflow, Spell, Trajectory};
pub use work::{Condition, SustainableWork, Verdict};
