//! The quarterly report: a pure function of the figures.
//!
//! ```text
//!   Facts (numbers of a quarter, of those that it is compared with, scope, definitions, state of the log)
//!        │
//!        ▼
//!   write ──► Report: sections of paragraphs, lists, notes, tables, charts
//!                │
//!                ├──► page, fragment: HTML; a chart as SVG          (here)
//!                └──► report-pdf: a tagged PDF of the same document (another crate)
//! ```
//!
//! **Invariants**
//! 1. *What the report says follows from its facts*: no clock, no input or output. *`clippy.toml`; the same facts give the same report.*
//! 2. *A shielded number is nowhere*: not in a sentence, a table, a chart or a percentage. *Test: `shielded.rs`.*
//! 3. *Every percentage stands beside its numerator and denominator.* *Test: `document.rs`.*
//! 4. *No markup has an inline style or script*, the style sheet of a page of its own apart. *Test: `html.rs`.*

mod change;
mod document;
mod dutch;
mod facts;
mod html;
mod numbers;
mod scene;
mod sections;
mod svg;

pub use change::{Change, Direction};
pub use document::{Block, Chart, Form, Plot, Report, Section, Series, Table, Value};
pub use dutch::{method, number, organisation};
pub use facts::{Facts, Known, TREND, file_name, line};
pub use html::{STYLE, fragment, page};
pub use numbers::{Figure, Fraction, KnownCounts, Numbers};
pub use scene::{Anchor, INK, Scene, Shape, WIDTH, WORDS};
pub use sections::write;
pub use svg::svg;
