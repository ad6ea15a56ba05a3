//! What is asked of figures: a quarter, its report, its vintages, and what happens over time.

use std::path::PathBuf;

use app::AsOf;
use clap::{Args, ValueEnum};
use domain::Quarter;
use figures::Scope;

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
    /// All numbers, or those of published sets only
    #[arg(long, value_enum, default_value_t = Disclosure::Internal)]
    pub disclosure: Disclosure,
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
