//! The forms of an answer.

pub mod completeness;
pub mod lineage;
pub mod parquet;
pub mod public;
pub mod questions;
pub mod table;
pub mod xlsx;

use figures::{AsOf, Figures, Question, Row};

/// A row with what every row of one answer carries: each row can stand alone.
pub struct Tidy {
    /// The quarter.
    pub quarter: String,
    /// The scope, as it is asked for.
    pub scope: String,
    /// Whether the quarter had not ended.
    pub provisional: bool,
    /// The log position.
    pub position: u64,
    /// That event's moment; empty at position 0.
    pub recorded_at: String,
    /// The definition set.
    pub definitions: String,
    /// The numbers.
    pub rows: Vec<Row>,
}

impl Tidy {
    /// The rows of an answer.
    pub fn of(figures: &Figures, question: &Question<'_>, as_of: &AsOf) -> Self {
        Self {
            quarter: question.quarter.to_string(),
            scope: question.scope.as_text(),
            provisional: as_of.provisional,
            position: as_of.position,
            recorded_at: as_of.recorded_at.clone().unwrap_or_default(),
            definitions: question.definitions.name.clone(),
            rows: figures.rows(question),
        }
    }
}

/// The columns of the tidy forms.
pub const COLUMNS: [&str; 17] = [
    "quarter",
    "scope",
    "table",
    "method",
    "breakdown",
    "measure",
    "count",
    "percentage",
    "numerator",
    "denominator",
    "previous_quarter",
    "year_earlier",
    "provisional",
    "position",
    "recorded_at",
    "definitions",
    "label",
];

/// What the report calls a measure; the name itself where it has no Dutch one.
pub fn label(measure: &str) -> &str {
    figures::Measure::of_name(measure).map_or(measure, |measure| measure.dutch())
}
