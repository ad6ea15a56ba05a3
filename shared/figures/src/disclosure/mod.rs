//! What may be published of one quarter: all tables of one publication, protected together.
//!
//! ```text
//!   Tables: national, each region, each organisation ─┐
//!   Earlier: the neighbouring quarters' publications, ├─► protect ──► Protection: what is suppressed, and what could not be protected
//!            the earlier vintages of this quarter    ─┘                   │
//!                                                                         ▼
//!                                            Published: figures with `null`, percentages, shares and changes without what they would tell
//! ```
//!
//! Below the national level counts from 1 to the threshold less one are suppressed. Then further cells are, until for every suppressed
//! cell there is a *witness*: another set of tables, equal in all that is shown, that keeps every relation which a reader of the definitions
//! knows and in which this cell has another value. A witness is found as a move (`moves.rs`), proven cell by cell (`relations.rs`), and
//! everything that it touches is suppressed with it: so no cell is suppressed that can be worked out, by whatever way of reckoning.
//!
//! Architecture invariant: pure, as the whole crate.

mod grid;
mod moves;
mod protect;
mod published;
mod relations;
mod search;
mod tables;

pub use protect::{Earlier, Protection, protect};
pub use published::{Published, Set};
pub use tables::{Area, AreaTallies, Column, Hidden, Table, Tables};
