//! The figures as CSV (RFC 4180, UTF-8, decimal point): one number a row, each row complete in itself.

use crate::{AsOf, Figures, Measure, Question};

/// The columns.
const COLUMNS: &str = "quarter,scope,table,method,breakdown,measure,count,percentage,numerator,denominator,previous_quarter,year_earlier,provisional,position,recorded_at,definitions,label,unknown,suppressed\n";

impl Figures {
    /// The answer to a question, one number a row.
    #[must_use]
    pub fn to_csv(&self, question: &Question<'_>, as_of: &AsOf) -> String {
        let mut text = COLUMNS.to_owned();
        let number = |n: Option<u64>| n.map_or_else(String::new, |n| n.to_string());
        let (quarter, scope) = (question.quarter.to_string(), question.scope.as_text());
        for row in self.rows(question) {
            let label = Measure::of_name(&row.measure).map_or(row.measure.as_str(), |measure| measure.dutch());
            let fields = [
                quarter.as_str(),
                &scope,
                &row.table,
                &row.method,
                &row.breakdown,
                &row.measure,
                &row.count.to_string(),
                &row.percentage.clone().unwrap_or_default(),
                &number(row.fraction.map(|(part, _)| part)),
                &number(row.fraction.map(|(_, whole)| whole)),
                &number(row.previous_quarter),
                &number(row.year_earlier),
                if as_of.provisional { "true" } else { "false" },
                &as_of.position.to_string(),
                as_of.recorded_at.as_deref().unwrap_or_default(),
                &question.definitions.name,
                label,
                &number(row.unknown),
                // What is counted here is told; what is published is another answer.
                "false",
            ];
            for (place, field) in fields.into_iter().enumerate() {
                if place > 0 {
                    text.push(',');
                }
                push(&mut text, field);
            }
            text.push('\n');
        }
        text
    }
}

/// A field, in quotes where it needs them.
fn push(text: &mut String, field: &str) {
    if field.contains(['"', ',', '\n', '\r']) {
        text.push('"');
        text.push_str(&field.replace('"', "\"\""));
        text.push('"');
    } else {
        text.push_str(field);
    }
}
