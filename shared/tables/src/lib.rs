//! Figures as files that people and programs take along: one number a row, each row complete in itself.
//!
//! ```text
//!   CSV of the figures (crate figures) ──► Tidy ──┬──► csv       the same again, of the rows that were kept
//!                                                 ├──► xlsx      a spreadsheet: numbers as numbers, provenance on a sheet of its own
//!                                                 ├──► parquet   for analysis programs
//!                                                 └──► package   datapackage.json: what the fields are, and which places are empty
//! ```
//!
//! Whoever has the CSV has all of it: the files say the same whether the figures were counted here or asked of another process.
//!
//! Architecture invariant: pure. Bytes come in and bytes go out; no clock, no file.

mod fields;
mod package;
mod parquet;
mod xlsx;

pub use fields::{FIELDS, Field, Kind};
pub use package::package;

/// Why there is no such file.
#[derive(Debug, thiserror::Error)]
pub enum TableError {
    /// The rows are not those of figures.
    #[error("these are no figures: {0}")]
    Form(String),
    /// A spreadsheet cannot be written.
    #[error("the spreadsheet cannot be written: {0}")]
    Spreadsheet(#[from] rust_xlsxwriter::XlsxError),
    /// A Parquet file cannot be written.
    #[error("the Parquet file cannot be written: {0}")]
    Parquet(#[from] ::parquet::errors::ParquetError),
}

/// A form that figures are taken along in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// RFC 4180, UTF-8, decimal point.
    Csv,
    /// A spreadsheet.
    Xlsx,
    /// Columns, compressed with zstd.
    Parquet,
}

impl Form {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Csv, Self::Xlsx, Self::Parquet];

    /// How a file of it ends.
    #[must_use]
    pub const fn ending(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::Xlsx => "xlsx",
            Self::Parquet => "parquet",
        }
    }

    /// Its media type.
    #[must_use]
    pub const fn media_type(self) -> &'static str {
        match self {
            Self::Csv => "text/csv",
            Self::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            Self::Parquet => "application/vnd.apache.parquet",
        }
    }
}

/// The rows, in the order of [`FIELDS`]. An empty text is an empty place.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tidy {
    rows: Vec<Vec<String>>,
}

/// One of them.
#[derive(Clone, Copy, Debug)]
pub struct Row<'a>(&'a [String]);

impl<'a> Row<'a> {
    /// The value of a field; empty where the place is.
    #[must_use]
    pub fn get(self, name: &str) -> &'a str {
        fields::place(name).and_then(|place| self.0.get(place)).map_or("", String::as_str)
    }
}

impl Tidy {
    /// Reads the CSV of figures.
    ///
    /// # Errors
    /// [`TableError::Form`] when its columns are others.
    pub fn read(csv: &[u8]) -> Result<Self, TableError> {
        let wrong = |error: csv::Error| TableError::Form(error.to_string());
        let mut reader = csv::Reader::from_reader(csv);
        let names: Vec<&str> = FIELDS.iter().map(|field| field.name).collect();
        let heads = reader.headers().map_err(wrong)?;
        if heads.iter().ne(names.iter().copied()) {
            return Err(TableError::Form(format!("expected the columns {}", names.join(", "))));
        }
        let rows: Result<Vec<_>, _> = reader.records().map(|row| row.map(|row| row.iter().map(str::to_owned).collect())).collect();
        Ok(Self { rows: rows.map_err(wrong)? })
    }

    /// How many rows.
    #[must_use]
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// Each of them, in their order.
    pub fn rows(&self) -> impl Iterator<Item = Row<'_>> {
        self.rows.iter().map(|row| Row(row))
    }

    /// Those that this holds of.
    #[must_use]
    pub fn keep(mut self, holds: impl Fn(Row<'_>) -> bool) -> Self {
        self.rows.retain(|row| holds(Row(row)));
        self
    }

    /// These, and then others: of another quarter, say.
    #[must_use]
    pub fn join(mut self, others: Self) -> Self {
        self.rows.extend(others.rows);
        self
    }

    /// Every value of a field; empty where the place is.
    pub fn column(&self, name: &str) -> impl Iterator<Item = &str> {
        let place = fields::place(name);
        self.rows.iter().map(move |row| place.and_then(|place| row.get(place)).map_or("", String::as_str))
    }

    /// What every row says alike; empty of no rows.
    fn said(&self, name: &str) -> &str {
        self.column(name).next().unwrap_or_default()
    }

    /// Whether they do: rows of several quarters differ.
    fn is_alike(&self, name: &str) -> bool {
        let said = self.said(name);
        self.column(name).all(|value| value == said)
    }

    /// As CSV: a row is written as the figures write it.
    ///
    /// # Errors
    /// [`TableError::Form`] when a row cannot be written.
    pub fn csv(&self) -> Result<Vec<u8>, TableError> {
        let wrong = |error: csv::Error| TableError::Form(error.to_string());
        let mut writer = csv::Writer::from_writer(Vec::new());
        writer.write_record(FIELDS.iter().map(|field| field.name)).map_err(wrong)?;
        for row in &self.rows {
            writer.write_record(row).map_err(wrong)?;
        }
        writer.into_inner().map_err(|error| TableError::Form(error.to_string()))
    }

    /// As a spreadsheet.
    ///
    /// # Errors
    /// [`TableError::Spreadsheet`].
    pub fn xlsx(&self) -> Result<Vec<u8>, TableError> {
        xlsx::write(self)
    }

    /// As Parquet. Percentages are texts with one decimal, exact as printed.
    ///
    /// # Errors
    /// [`TableError::Parquet`]; [`TableError::Form`] when a whole number is none.
    pub fn parquet(&self) -> Result<Vec<u8>, TableError> {
        parquet::write(self)
    }
}

#[cfg(test)]
mod tests;
