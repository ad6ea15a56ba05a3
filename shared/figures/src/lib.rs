//! The Werkmonitor figures: a mergeable fold over trajectories.
//!
//! ```text
//!   Question (quarter, scope, definitions)
//!        │
//!        ▼
//!   Tally::count(trajectory) ──► Tally ──► merge(Tally) ──► Figures (counts, percentages, shares, changes)
//!        ▲                         │
//!        └──── uncount(as it was) ◄┘   when one trajectory changes
//! ```
//!
//! Counting is adding: a log can be counted in parts and the parts added, in any order; and what was counted can be taken out again. Every number is an exact integer;
//! percentages are rounded once, from the exact fraction.
//!
//! Architecture invariant: pure. No clock, no input or output, no floating-point number.

mod cell;
pub mod completeness;
mod contribution;
mod csv;
mod definitions;
pub mod disclosure;
mod fraction;
mod json;
pub mod lineage;
mod measure;
mod outcome;
mod rows;
mod scope;
mod tally;
pub mod vintage;

pub use definitions::{Base, ChangeBasis, Definitions, Intended, NotADefinitionSet};
pub use fraction::percentage;
pub use json::AsOf;
pub use measure::Measure;
pub use outcome::{Change, Counts, Figures};
pub use rows::Row;
pub use scope::{NotAScope, Scope};
pub use tally::{CellKey, Question, Tallies, Tally};
