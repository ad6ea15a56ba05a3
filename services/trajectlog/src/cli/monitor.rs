//! What is asked of figures: a quarter, its report, its vintages, and what happens over time.

use std::{fmt::Write, path::PathBuf};

use app::AsOf;
use clap::{Args, ValueEnum};
use domain::{Method, Quarter};
use figures::{
    CellKey, Measure, Scope,
    disclosure::Column,
    lineage::{Number, Reason},
};
use uuid::Uuid;

use super::{ShortFormat, as_of, compared, quarter, scope};

/// `trajectlog figures`.
#[derive(Debug, Args)]
pub struct Figures {
    /// The quarter, such as 2025Q1
    #[arg(long, value_parser = quarter)]
    pub quarter: Quarter,
    /// national, region:CODE, organisation:SLUG, or both joined by a comma
    #[arg(long, default_value = "national", value_parser = scope)]
    pub scope: Scope,
    /// As the log was at a position, or at a moment (RFC 3339)
    #[arg(long, value_name = "POSITION|MOMENT", value_parser = as_of)]
    pub as_of: Option<AsOf>,
    /// A definition set of your own (TOML; begin with `trajectlog definitions`)
    #[arg(long, value_name = "FILE")]
    pub definitions: Option<PathBuf>,
    /// Also the cells of each method per organisation and per region
    #[arg(long)]
    pub tables: bool,
    /// Compare at the same state of the log, or with what was published then
    #[arg(long, value_enum, default_value_t = Against::Log)]
    pub against: Against,
    /// The form of the answer
    #[arg(long, value_enum, default_value_t = Format::Table)]
    pub format: Format,
    /// Write to this file instead of standard output
    #[arg(long, value_name = "FILE")]
    pub out: Option<PathBuf>,
    /// Also write datapackage.json beside that file: its fields, their types, and what an empty place means
    #[arg(long, requires = "out")]
    pub datapackage: bool,
    /// All numbers, or those of published sets only
    #[arg(long, value_enum, default_value_t = Disclosure::Internal)]
    pub disclosure: Disclosure,
}

/// `trajectlog lineage`.
#[derive(Debug, Args)]
#[command(after_long_help = words_of_lineage())]
pub struct Lineage {
    /// The quarter, such as 2025Q1
    #[arg(long, value_parser = quarter)]
    pub quarter: Quarter,
    /// The path of the number in the JSON of `figures`: by_method.ips.paid_work, by_method_funding.ips.uwv.running,
    /// by_method_organisation.ips.SLUG.ended, all.scheme_started_year_to_date.SLUG
    #[arg(long, value_name = "PATH", value_parser = number, conflicts_with_all = ["measure", "method"], required_unless_present = "measure")]
    pub cell: Option<Number>,
    /// Or a measure, of all methods or of one: the same as --cell all.MEASURE
    #[arg(long, value_name = "MEASURE", value_parser = measure)]
    pub measure: Option<Measure>,
    /// The method of --measure: the same as --cell by_method.METHOD.MEASURE
    #[arg(long, value_name = "METHOD", value_parser = method, requires = "measure")]
    pub method: Option<Method>,
    /// national, region:CODE, organisation:SLUG, or both joined by a comma
    #[arg(long, default_value = "national", value_parser = scope)]
    pub scope: Scope,
    /// As the log was at a position, or at a moment (RFC 3339)
    #[arg(long, value_name = "POSITION|MOMENT", value_parser = as_of)]
    pub as_of: Option<AsOf>,
    /// A definition set of your own (TOML; begin with `trajectlog definitions`)
    #[arg(long, value_name = "FILE")]
    pub definitions: Option<PathBuf>,
    /// Only this trajectory, whichever it is: why it is counted in the number or not
    #[arg(long, value_name = "ID", conflicts_with_all = ["left_out", "reason"])]
    pub trajectory: Option<Uuid>,
    /// Those of the cell that the number does not count, instead of those that it counts
    #[arg(long)]
    pub left_out: bool,
    /// Only those with this reason: one of the list below
    #[arg(long, value_name = "REASON", value_parser = reason)]
    pub reason: Option<Reason>,
    /// The form of the answer
    #[arg(long, value_enum, default_value_t = LineageFormat::Table)]
    pub format: LineageFormat,
}

impl Lineage {
    /// The number that is meant.
    pub fn number(&self) -> Option<Number> {
        let of_measure = |measure| {
            let key = self.method.map_or(CellKey::All, CellKey::Method);
            Number { key, column: Column::Measure(measure) }
        };
        self.cell.clone().or_else(|| self.measure.map(of_measure))
    }
}

/// The form of an explained number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum LineageFormat {
    /// For people: the first trajectories of it.
    Table,
    /// All of it.
    Json,
    /// One deciding event a row.
    Csv,
}

fn number(path: &str) -> Result<Number, String> {
    path.parse().map_err(|e: figures::lineage::NotANumber| e.to_string())
}

fn reason(code: &str) -> Result<Reason, String> {
    code.parse().map_err(|e: figures::lineage::NotAReason| e.to_string())
}

/// What paths of numbers are made of, and every reason with what it says.
fn words_of_lineage() -> String {
    let mut text = "Paths: a cell, a dot, and a measure or scheme_started_year_to_date.SLUG. Cells:\n".to_owned();
    for cell in Number::CELLS {
        let _ = writeln!(text, "  {cell}");
    }
    for (what, words) in Number::words() {
        let _ = writeln!(text, "{what}: {}", words.join(", "));
    }
    text.push_str("\nReasons:\n");
    for reason in Reason::all() {
        let _ = writeln!(text, "  {:<44} {}", reason.code(), reason.english());
    }
    text
}

fn measure(name: &str) -> Result<Measure, String> {
    let all = || Measure::ALL.iter().map(|measure| measure.as_str()).collect::<Vec<_>>().join(", ");
    Measure::of_name(name).ok_or_else(|| format!("there is no such measure as '{name}'; expected one of {}", all()))
}

pub(super) fn method(name: &str) -> Result<Method, String> {
    let all = || Method::ALL.iter().map(|method| method.as_str()).collect::<Vec<_>>().join(", ");
    Method::ALL.iter().copied().find(|method| method.as_str() == name).ok_or_else(|| format!("expected one of {}", all()))
}

/// `trajectlog questions`.
#[derive(Debug, Args)]
pub struct Questions {
    /// The quarter on whose last day the observation ends, such as 2025Q1
    #[arg(long, value_parser = quarter)]
    pub quarter: Quarter,
    /// national, region:CODE, organisation:SLUG, or both joined by a comma
    #[arg(long, default_value = "national", value_parser = scope)]
    pub scope: Scope,
    /// As the log was at a position, or at a moment (RFC 3339)
    #[arg(long, value_name = "POSITION|MOMENT", value_parser = as_of)]
    pub as_of: Option<AsOf>,
    /// The form of the answer
    #[arg(long, value_enum, default_value_t = ShortFormat::Table)]
    pub format: ShortFormat,
}

/// `trajectlog publish`.
#[derive(Debug, Args)]
pub struct Publish {
    /// The quarter, such as 2025Q1
    #[arg(long, value_parser = quarter)]
    pub quarter: Quarter,
    /// As the log was at a position, or at a moment (RFC 3339), which is then the vintage's moment [default: now]
    #[arg(long, value_name = "POSITION|MOMENT", value_parser = as_of)]
    pub as_of: Option<AsOf>,
    /// How final it is [default: provisional, and revised when there is a vintage already]
    #[arg(long, value_enum)]
    pub status: Option<VintageStatus>,
    /// A definition set of your own (TOML; begin with `trajectlog definitions`)
    #[arg(long, value_name = "FILE")]
    pub definitions: Option<PathBuf>,
    /// Who publishes
    #[arg(long, value_name = "NAME", default_value = "local")]
    pub by: String,
    /// Why a definitive quarter is published again: reopens it first
    #[arg(long, value_name = "REASON", requires = "agreed_by")]
    pub reopen: Option<String>,
    /// Who else agrees with the reopening
    #[arg(long, value_name = "NAME", requires = "reopen")]
    pub agreed_by: Option<String>,
}

/// How final a vintage is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum VintageStatus {
    /// Numbers may still change.
    Provisional,
    /// Changed since it was first published.
    Revised,
    /// Final: the quarter is locked.
    Definitive,
}

/// `trajectlog vintages`.
#[derive(Debug, Args)]
pub struct Vintages {
    /// The quarter, such as 2025Q1
    #[arg(long, value_parser = quarter)]
    pub quarter: Quarter,
    /// Whose table is compared: national, region:CODE or organisation:SLUG
    #[arg(long, default_value = "national", value_parser = scope)]
    pub scope: Scope,
    /// Which late registrations, corrections and retractions made each difference
    #[arg(long)]
    pub explain: bool,
    /// The form of the answer
    #[arg(long, value_enum, default_value_t = ShortFormat::Table)]
    pub format: ShortFormat,
}

/// `trajectlog report`.
#[derive(Debug, Args)]
pub struct Report {
    /// The quarter, such as 2025Q1
    #[arg(long, value_parser = quarter)]
    pub quarter: Quarter,
    /// The file to write: its name ends in .html or .pdf. With --all the folder
    #[arg(long, value_name = "FILE|FOLDER")]
    pub out: PathBuf,
    /// national, region:CODE, organisation:SLUG, or both joined by a comma
    #[arg(long, default_value = "national", value_parser = scope)]
    pub scope: Scope,
    /// The reports on the nation, on every region and on every organisation in one go, each as page and as PDF
    #[arg(long, conflicts_with_all = ["scope", "compared_as_of"])]
    pub all: bool,
    /// As the log was at a position, or at a moment (RFC 3339)
    #[arg(long, value_name = "POSITION|MOMENT", value_parser = as_of)]
    pub as_of: Option<AsOf>,
    /// Of what was published: the vintage at or before --as-of, compared with what had been published then. Printed again after any number of later
    /// corrections it is the same, byte for byte
    #[arg(long, conflicts_with_all = ["compared_as_of", "definitions"])]
    pub published: bool,
    /// All numbers, or those of a published set that everybody may see (which is --published with small numbers suppressed)
    #[arg(long, value_enum, default_value_t = Disclosure::Internal, conflicts_with_all = ["compared_as_of", "definitions"])]
    pub disclosure: Disclosure,
    /// Compare with a quarter as it was known at a position or a moment: 2024Q4=2025-02-15T12:00:00Z (may be given for each quarter that is
    /// compared with) [default: the state of the log of the report]
    #[arg(long = "compared-as-of", value_name = "QUARTER=MOMENT", value_parser = compared)]
    pub compared_as_of: Vec<(Quarter, AsOf)>,
    /// A definition set of your own (TOML; begin with `trajectlog definitions`)
    #[arg(long, value_name = "FILE")]
    pub definitions: Option<PathBuf>,
}

/// What changes are related to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Against {
    /// The same state of the log.
    Log,
    /// What was published.
    Published,
}

/// Whose eyes the figures are for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Disclosure {
    /// Those who may see all numbers.
    Internal,
    /// Everybody.
    Public,
}

/// The form of figures.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// For people.
    Table,
    /// The contract's shape.
    Json,
    /// One number a row.
    Csv,
    /// A spreadsheet.
    Xlsx,
    /// For analysis programs.
    Parquet,
}
