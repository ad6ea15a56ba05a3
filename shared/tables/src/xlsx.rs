//! A spreadsheet: numbers as numbers, one a row, with the provenance on a sheet of its own.

use rust_xlsxwriter::{DocProperties, ExcelDateTime, Format, Workbook};

use crate::{FIELDS, Field, Kind, TableError, Tidy, fields::place};

/// What every row says alike stands on the sheet of the provenance; what of it they do not, with each of them.
const PROVENANCE: [&str; 6] = ["quarter", "scope", "provisional", "position", "recorded_at", "definitions"];
/// Behind the name of the measure, and not at the end, where a program has it.
const LABEL: &str = "label";

/// The columns of the first sheet, in their order.
fn columns(tidy: &Tidy) -> Vec<&'static Field> {
    let is_said_once = |field: &Field| PROVENANCE.contains(&field.name) && tidy.is_alike(field.name);
    let of_rows = FIELDS.iter().filter(|field| !is_said_once(field) && field.name != LABEL);
    let label = FIELDS.iter().find(|field| field.name == LABEL);
    let mut columns = Vec::new();
    for field in of_rows {
        columns.push(field);
        columns.extend(label.filter(|_| field.name == "measure"));
    }
    columns
}

const fn yes_no(flag: &str) -> &str {
    if matches!(flag.as_bytes(), b"true") { "ja" } else { "nee" }
}

pub(crate) fn write(tidy: &Tidy) -> Result<Vec<u8>, TableError> {
    let mut workbook = Workbook::new();
    // The same figures are the same bytes: the file says of which moment they are, and not when it was written.
    let made = DocProperties::new().set_creation_datetime(&ExcelDateTime::from_ymd(2000, 1, 1)?);
    workbook.set_properties(&made);
    let heading = Format::new().set_bold();
    let one_decimal = Format::new().set_num_format("0.0");
    let quarter = if tidy.is_alike("quarter") { tidy.said("quarter") } else { "" };
    let sheet = workbook.add_worksheet().set_name(format!("Cijfers {quarter}").trim_end())?;
    for (column, field) in (0..).zip(columns(tidy)) {
        sheet.write_with_format(0, column, field.title, &heading)?;
        for (line, value) in (1..).zip(tidy.column(field.name)) {
            match field.kind {
                Kind::Text | Kind::Moment => sheet.write(line, column, value)?,
                Kind::Flag => sheet.write(line, column, yes_no(value))?,
                // The spreadsheet's own numbers are floating-point; what is written is the printed text's value. An empty place stays empty.
                Kind::Count | Kind::Percentage => match value.parse::<f64>() {
                    Ok(number) if field.kind == Kind::Percentage => sheet.write_with_format(line, column, number, &one_decimal)?,
                    Ok(number) => sheet.write(line, column, number)?,
                    Err(_) => continue,
                },
            };
        }
    }
    sheet.set_freeze_panes(1, 0)?;
    sheet.autofit();
    let about = workbook.add_worksheet().set_name("Herkomst")?;
    let of_provenance = PROVENANCE.iter().filter(|name| tidy.is_alike(name)).filter_map(|name| FIELDS.get(place(name)?));
    for (line, field) in (0..).zip(of_provenance) {
        about.write_with_format(line, 0, field.title, &heading)?;
        let said = tidy.said(field.name);
        about.write(line, 1, if field.kind == Kind::Flag { yes_no(said) } else { said })?;
    }
    about.autofit();
    Ok(workbook.save_to_buffer()?)
}
