//! What is asked of completeness: who delivered what, how soon, and whether it was declared.

use app::AsOf;
use clap::{Args, ValueEnum};
use domain::{Method, Quarter};
use proto_events::Slug;

use super::{as_of, monitor::method, quarter, slug};

/// `trajectlog completeness`.
#[derive(Debug, Args)]
pub struct Completeness {
    /// The quarter, such as 2025Q1
    #[arg(long, value_parser = quarter)]
    pub quarter: Quarter,
    /// Only this organisation
    #[arg(long, value_name = "SLUG", value_parser = slug)]
    pub organisation: Option<Slug>,
    /// As the log was at a position, or at a moment (RFC 3339); of a moment, also what had been declared by then
    #[arg(long, value_name = "POSITION|MOMENT", value_parser = as_of)]
    pub as_of: Option<AsOf>,
    /// The form of the answer
    #[arg(long, value_enum, default_value_t = CompletenessFormat::Table)]
    pub format: CompletenessFormat,
}

/// The form of the answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum CompletenessFormat {
    /// For people.
    Table,
    /// All of it.
    Json,
    /// One number a row.
    Csv,
}

/// `trajectlog declare`.
#[derive(Debug, Args)]
pub struct Declare {
    /// The quarter, such as 2025Q1; it has ended
    #[arg(long, value_parser = quarter)]
    pub quarter: Quarter,
    /// Of which organisation
    #[arg(long, value_name = "SLUG", value_parser = slug)]
    pub organisation: Slug,
    /// Of which method (may be given several times); also one of which nothing ran, which says that there was nothing [default: every method that
    /// the organisation delivered in the quarter]
    #[arg(long = "method", value_name = "METHOD", value_parser = method)]
    pub methods: Vec<Method>,
    /// Who declares it: the manager
    #[arg(long, value_name = "NAME")]
    pub by: String,
}
