//! The projector of the Werkmonitor: figures of any question from memory, and live ones that follow the log.
//!
//! ```text
//!   records ──► timeline ──► trajectory, in parts ──► figures(question): each part on its own processor, added
//!                               │
//!                  as it was ───┤ as it is now
//!                               ▼
//!               live questions: uncount, count ──► told to those who listen
//!               quarters: did their national figures change? ──► notices
//! ```
//!
//! **Invariants**:
//! 1. *Live figures are those of a fresh count* at every position; only the trajectories of a batch are counted for it.
//! 2. *A question that nobody listens to is dropped* at the next batch.
//! 3. *A notice says that a number changed*: an event that changes none of a quarter's national figures gives none for it.
//!
//! The view is in memory alone and folded from the log when the process starts: a store was measured to give it back slower than the
//! log is read.
//!
//! Architecture invariant: no clock of its own (it is handed in: a quarter is provisional until it has ended), no HTTP, no NATS.

mod live;
mod lives;
mod notices;
mod view;

pub use live::{Asked, MOST_LIVE, Told, TooManyQuestions};
pub use notices::{QUARTERS_TOLD, QuarterChanged};
pub use view::Werkmonitor;
