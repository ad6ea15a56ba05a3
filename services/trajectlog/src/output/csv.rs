//! CSV: one number a row.

use figures::{AsOf, Figures, Question};

use crate::{
    failure::Failure,
    output::{COLUMNS, Tidy, label},
};

/// The answer as CSV (RFC 4180, UTF-8, decimal point).
pub fn figures(figures: &Figures, question: &Question<'_>, as_of: &AsOf) -> Result<Vec<u8>, Failure> {
    let failed = |e: csv::Error| Failure::cannot_open(format!("the table cannot be written: {e}"));
    let tidy = Tidy::of(figures, question, as_of);
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(COLUMNS).map_err(failed)?;
    let number = |n: Option<u64>| n.map_or_else(String::new, |n| n.to_string());
    for row in &tidy.rows {
        let record = [
            tidy.quarter.clone(),
            tidy.scope.clone(),
            row.table.clone(),
            row.method.clone(),
            row.breakdown.clone(),
            row.measure.clone(),
            row.count.to_string(),
            row.percentage.clone().unwrap_or_default(),
            number(row.fraction.map(|(part, _)| part)),
            number(row.fraction.map(|(_, whole)| whole)),
            number(row.previous_quarter),
            number(row.year_earlier),
            tidy.provisional.to_string(),
            tidy.position.to_string(),
            tidy.recorded_at.clone(),
            tidy.definitions.clone(),
            label(&row.measure).to_owned(),
        ];
        writer.write_record(&record).map_err(failed)?;
    }
    writer.into_inner().map_err(|e| Failure::cannot_open(format!("the table cannot be written: {e}")))
}
