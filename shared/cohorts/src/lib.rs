//! What happens to trajectories over time: the questions that a count on one day cannot answer.
//!
//! ```text
//!   trajectories, Window (until when they are observed)
//!        │
//!        ├─► first_job    how long until the first paid job; does unpaid work stand in its way?
//!        ├─► placements   of those who began in one quarter: how many have found a paid job by month 3, 6, 9, …
//!        ├─► sequels      what follows what, for one client; what became of those who were running a year ago
//!        ├─► alongside    unpaid work beside a paid job or an education
//!        └─► durations    how long jobs last, and how long work stays sustainable
//! ```
//!
//! Whoever is still on the way when the observation ends is *censored*: known to have waited so long, not how long they would have. The curves are
//! Kaplan and Meier's, which count everyone for as long as they are observed ([`survival`]).
//!
//! Architecture invariant: pure. No clock, no input or output. Floating-point numbers are estimates and stand in [`survival`] alone; what is counted is an
//! integer.

pub mod alongside;
pub mod durations;
pub mod first_job;
pub mod placements;
pub mod sequels;
pub mod survival;

mod answers;
mod json;
mod window;

pub use answers::Answers;
pub use window::{MONTHS, Window, days_of_months};
