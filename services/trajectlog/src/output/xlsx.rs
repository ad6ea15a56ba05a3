//! A spreadsheet: numbers as numbers, one a row, with the provenance on a sheet of its own.

use figures::{AsOf, Figures, Question};
use rust_xlsxwriter::{Format, Workbook, XlsxError};

use crate::{
    failure::Failure,
    output::{Tidy, label},
};

/// The answer as XLSX.
pub fn figures(figures: &Figures, question: &Question<'_>, as_of: &AsOf) -> Result<Vec<u8>, Failure> {
    workbook(&Tidy::of(figures, question, as_of)).map_err(|e| Failure::cannot_open(format!("the spreadsheet cannot be written: {e}")))
}

fn workbook(tidy: &Tidy) -> Result<Vec<u8>, XlsxError> {
    let mut workbook = Workbook::new();
    let heading = Format::new().set_bold();
    let one_decimal = Format::new().set_num_format("0.0");
    let sheet = workbook.add_worksheet().set_name(format!("Cijfers {}", tidy.quarter))?;
    let columns = [
        "Tabel",
        "Methode",
        "Uitsplitsing",
        "Maat",
        "Omschrijving",
        "Aantal",
        "Percentage",
        "Teller",
        "Noemer",
        "Vorig kwartaal",
        "Jaar eerder",
    ];
    for (column, name) in (0..).zip(columns) {
        sheet.write_with_format(0, column, name, &heading)?;
    }
    for (line, row) in (1..).zip(&tidy.rows) {
        for (column, text) in (0..).zip([&row.table, &row.method, &row.breakdown, &row.measure]) {
            sheet.write(line, column, text)?;
        }
        sheet.write(line, 4, label(&row.measure))?;
        sheet.write(line, 5, row.count)?;
        // The spreadsheet's own numbers are floating-point; what is written is the rounded text's value.
        if let Some(percentage) = row.percentage.as_ref().and_then(|text| text.parse::<f64>().ok()) {
            sheet.write_with_format(line, 6, percentage, &one_decimal)?;
        }
        let (part, whole) = row.fraction.unzip();
        for (column, number) in (7..).zip([part, whole, row.previous_quarter, row.year_earlier]) {
            if let Some(number) = number {
                sheet.write(line, column, number)?;
            }
        }
    }
    sheet.set_freeze_panes(1, 0)?;
    sheet.autofit();
    let about = workbook.add_worksheet().set_name("Herkomst")?;
    let provenance = [
        ("Kwartaal", tidy.quarter.clone()),
        ("Bereik", tidy.scope.clone()),
        ("Voorlopig", if tidy.provisional { "ja" } else { "nee" }.to_owned()),
        ("Positie in het logboek", tidy.position.to_string()),
        ("Geregistreerd tot en met", tidy.recorded_at.clone()),
        ("Definities", tidy.definitions.clone()),
    ];
    for (line, (name, value)) in (0..).zip(provenance) {
        about.write_with_format(line, 0, name, &heading)?;
        about.write(line, 1, value)?;
    }
    about.autofit();
    workbook.save_to_buffer()
}
