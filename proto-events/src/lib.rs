//! What rests on disk and travels: the event's envelope, the payloads of schema version 1, upcasting of older ones, the
//! JSON form (import, export) and the stored form (MessagePack).
//!
//! ```text
//!   JSON line ──json::parse_line──► EventLine (texts in clear)
//!                                      │ seal (crate keys, by app)
//!                                      ▼
//!   record body ◄──stored::encode── StoredDecision (texts sealed) ──upcast──► Payload of today
//! ```
//!
//! A leaf: it knows nothing else of the workspace and no rule of the domain beyond the *form* of what is written (rule 1,
//! `malformed`, of the event contract).

mod civil;
pub mod json;
mod names;
mod number;
mod payload;
pub mod stored;
mod text;
mod time;
pub mod upcast;
mod words;

pub use names::{Id, RegionCode, Slug};
pub use number::{Hundredths, WholeNumber};
pub use payload::{
    Assessment, Change, Contact, Contract, EducationStarted, EducationStopped, Engagement, Intake, Outflow, PaidWorkChanged,
    PaidWorkStarted, PaidWorkStopped, Payload, PlacementStarted, PlacementStopped, Retraction, TrajectoryChanged,
};
pub use text::{CheckedText, SealedText, Skipped, Text};
pub use time::{Date, NotATimestamp, Timestamp};
pub use words::{
    Benefit, ContactChannel, ContactWith, ContractKind, EventType, Funding, Method, PlacementKind, TargetGroup, Variant, Wish,
};
