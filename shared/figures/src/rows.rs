//! The figures as tidy rows: one number a row, with what it is made of.

use crate::{CellKey, Counts, Figures, Measure, Question};

/// One number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// `all`, `by_method`, `by_method_funding`, ….
    pub table: String,
    /// The method; empty for all.
    pub method: String,
    /// The funding, variant, organisation or region; empty where the table has none.
    pub breakdown: String,
    /// The measure; `scheme_started_year_to_date.SLUG` for a scheme.
    pub measure: String,
    /// How many.
    pub count: u64,
    /// What the percentage is taken of: numerator and denominator.
    pub fraction: Option<(u64, u64)>,
    /// The percentage with one decimal.
    pub percentage: Option<String>,
    /// Of the denominator, those of whom it is not known; `None` where that cannot be.
    pub unknown: Option<u64>,
    /// The count in the quarter before.
    pub previous_quarter: Option<u64>,
    /// The count in the same quarter a year earlier.
    pub year_earlier: Option<u64>,
}

impl Figures {
    /// Every number, in the order in which they are printed.
    #[must_use]
    pub fn rows(&self, question: &Question<'_>) -> Vec<Row> {
        let mut rows = Vec::new();
        for (place, (key, counts)) in self.cells.iter().enumerate() {
            let row = |measure: String, count| cell_row(key, measure, count);
            for measure in Measure::ALL {
                rows.push(Row {
                    fraction: counts.fraction(*measure, question.definitions),
                    percentage: counts.percentage(*measure, question.definitions),
                    unknown: unknown(counts, *measure, question),
                    previous_quarter: self.previous_quarter.get(place).map(|then| then.get(*measure)),
                    year_earlier: self.year_earlier.get(place).map(|then| then.get(*measure)),
                    ..row(measure.as_str().to_owned(), counts.get(*measure))
                });
            }
            rows.extend(counts.schemes.iter().map(|(scheme, count)| row(format!("scheme_started_year_to_date.{scheme}"), *count)));
        }
        rows
    }
}

/// Sustainable work alone rests on values that nobody may know.
fn unknown(counts: &Counts, measure: Measure, question: &Question<'_>) -> Option<u64> {
    let of_it = (measure == Measure::SustainableWork).then_some(Measure::SustainableWorkUnknown)?;
    counts.fraction(of_it, question.definitions).map(|(unknown, _)| unknown)
}

fn cell_row(key: &CellKey, measure: String, count: u64) -> Row {
    let path = key.path();
    let part = |place: usize| path.get(place).map_or_else(String::new, |part| (*part).to_owned());
    Row {
        table: part(0),
        method: part(1),
        breakdown: part(2),
        measure,
        count,
        fraction: None,
        percentage: None,
        unknown: None,
        previous_quarter: None,
        year_earlier: None,
    }
}
