//! What the program does, without a way in or out: load → fold → decide → append, and the readings of the log.
//!
//! ```text
//!   import, HTTP, NATS ──► desk ──► ledger: decide ──► seal ──► submit ──► the log
//!                                      ▲                                      │
//!                                      └── timelines, event ids ◄── replay ◄──┤
//!                                                                             ├──► projectors (views, live figures)
//!                                                                             ├──► figures   (fold in parts, add), lineage (who is behind one)
//!                                                                             ├──► export    (unseal, one line an event)
//!                                                                             └──► status, history
//! ```
//!
//! Everything here is generic over the log ([`event_log::EventLog`]): the embedded one and any other run the same code.
//! [`codec`] is the one place where stored events become domain events.
//!
//! Architecture invariant: no clock of its own ([`Clock`] is handed in), no command line, no HTTP.

pub mod codec;
mod command;
pub mod completeness;
pub mod content;
pub mod desk;
mod error;
pub mod export;
pub mod figures;
pub mod history;
pub mod import;
mod index;
pub mod ledger;
pub mod lineage;
mod moment;
pub mod ordered;
mod projection;
pub mod projector;
mod reach;
mod replay;
pub mod sealing;
pub mod status;
pub mod stream;
#[cfg(feature = "testbed")]
pub mod testbed;

pub use command::{Command, Judged, Judgement, LineRefusal, Outside, RecordedMode};
pub use desk::{Desk, DeskError, DeskHealth, DeskOptions, renew};
pub use error::AppError;
pub use ledger::Ledger;
pub use moment::{AsOf, Clock, NotAnAsOf, amsterdam_clock, amsterdam_day, has_begun, midnight_in_amsterdam};
pub use projection::{Progress, catch_up, rebuild};
pub use reach::{Cases, Reach, coach_of};
pub use replay::{Keep, Timelines, fold, timeline_of};
