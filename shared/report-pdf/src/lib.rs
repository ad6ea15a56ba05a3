//! The quarterly report as a PDF that can be read aloud: tagged, with an outline, checked for PDF/UA-1 when it is written.
//!
//! ```text
//!   Report ──► layout: pages of words, boxes and lines, and the tree of what they are ──► write: krilla
//!                 │
//!                 └── twice: the page numbers of the table of contents are known after the first time
//! ```
//!
//! The charts are the scenes that a page shows as SVG. Two fonts are part of the program.
//!
//! Architecture invariant: pure. The same report gives the same pages.
#![allow(clippy::float_arithmetic, reason = "places on a page are fractions of a point; no figure is computed here")]

mod blocks;
mod fonts;
mod layout;
mod write;

use report::Report;

/// Why there is no PDF.
#[derive(Debug, thiserror::Error)]
pub enum NoPdf {
    /// A font of the program cannot be read.
    #[error("a font of the program cannot be read")]
    Font,
    /// What was laid out is no valid PDF/UA-1; what it lacks.
    #[error("it would not be a valid PDF/UA-1: {0}")]
    Invalid(String),
}

/// Writes a report as PDF/UA-1.
///
/// # Errors
/// [`NoPdf`]; no report causes it.
pub fn pdf(report: &Report) -> Result<Vec<u8>, NoPdf> {
    let fonts = fonts::Fonts::new().ok_or(NoPdf::Font)?;
    let first = blocks::lay_out(report, &fonts, &[]);
    let laid_out = blocks::lay_out(report, &fonts, &first.headings);
    write::write(report, &laid_out, &fonts)
}
