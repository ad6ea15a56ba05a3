//! Synthetic logs, deterministic by seed.
//!
//! ```text
//!   published ──► cases with quotas ──┐
//!                                     ├──► Life ──record──► Draft lines (late, wrong, mended) ──render──► EventLine
//!   random ─────► lives by chance ────┘
//! ```
//!
//! [`published`] is the national log whose figures are those of the published report on 2025Q1, each as of its own moment;
//! [`random`] is a log of any size, made while it is read; [`caseload`] is what one coach has to do on a day. Every line is acceptable under
//! the event contract when the lines are imported in their order, and of the first two none is recorded after May 2025.
//!
//! Invariants: the same seed gives the same lines on every machine (no clock, no floating point, no hash order); organisations,
//! people and employers are invented; nothing here counts a figure.

mod calendar;
mod caseload;
mod dice;
mod life;
mod lives;
mod mend;
mod names;
mod published;
mod random;
mod record;
mod render;
mod texts;
mod work;

pub use caseload::{Of, caseload};
pub use published::{Error, PUBLISHED, published};
pub use random::{Random, random};
