//! A number of the figures by its path: `by_method.ips.paid_work`.

use std::{fmt, str::FromStr};

use domain::{Funding, Method, Region, Variant};

use crate::{CellKey, Measure, disclosure::Column, scope::is_slug};

/// The column of the scheme counts, which has a scheme's slug after it.
const BY_SCHEME: &str = "scheme_started_year_to_date";
/// Of a trajectory whose variant is not known.
const NO_VARIANT: &str = "none";

/// A number: a cell, and what is counted in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Number {
    /// The cell.
    pub key: CellKey,
    /// What is counted.
    pub column: Column,
}

/// A path that leads to no number: the word that leads nowhere, and what there is.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotANumber {
    /// Not of the form.
    #[error(
        "'{word}': expected the path of a number, such as all.paid_work or by_method.ips.paid_work: a cell and a measure; cells are {cells}",
        word = repeated(.0),
        cells = Number::CELLS.join(", ")
    )]
    Form(String),
    /// No breakdown of this name.
    #[error("there is no breakdown '{word}'; cells are {cells}", word = repeated(.0), cells = Number::CELLS.join(", "))]
    Breakdown(String),
    /// No method of this name.
    #[error("there is no method '{word}', but {there_are}", word = repeated(.0), there_are = methods().join(", "))]
    Method(String),
    /// Variants of what has none.
    #[error("there are variants of ips alone, and none of {word}", word = repeated(.0))]
    NoVariants(String),
    /// No funding of this name.
    #[error("there is no funding '{word}', but {there_are}", word = repeated(.0), there_are = fundings().join(", "))]
    Funding(String),
    /// No variant of this name.
    #[error("there is no variant '{word}' of ips, but {there_are}", word = repeated(.0), there_are = variants().join(", "))]
    Variant(String),
    /// What cannot be an organisation or a scheme.
    #[error("'{word}' cannot be an organisation or a scheme: their slugs are of small letters, digits and hyphens", word = repeated(.0))]
    Slug(String),
    /// No region of this code.
    #[error("there is no labour-market region '{word}', but {there_are}", word = repeated(.0), there_are = regions().join(", "))]
    Region(String),
    /// No measure of this name.
    #[error("there is no such measure as '{word}', but {there_are} and {BY_SCHEME}.SLUG", word = repeated(.0), there_are = measures().join(", "))]
    Measure(String),
}

/// A word that leads nowhere, where it may be a code that was misspelt; what may be somebody's name is not said again.
pub(super) fn repeated(word: &str) -> &str {
    const LONGEST: usize = 64;
    let is_code = word.len() <= LONGEST && word.bytes().all(|b| b.is_ascii_alphanumeric() || b"_-.".contains(&b));
    if is_code { word } else { "…" }
}

impl Number {
    /// The cells that a path can begin with.
    pub const CELLS: [&str; 6] = [
        "all",
        "by_method.METHOD",
        "by_method_funding.METHOD.FUNDING",
        "by_method_variant.ips.VARIANT",
        "by_method_organisation.METHOD.SLUG",
        "by_method_region.METHOD.CODE",
    ];

    /// Exactly what is read as the path of a number, as a regular expression without look-ahead. For descriptions of interfaces.
    #[must_use]
    pub fn pattern() -> String {
        const SLUG: &str = "[a-z0-9][a-z0-9-]{0,63}";
        let [method, funding, variant, region, measure] =
            [methods(), fundings(), variants(), regions(), measures()].map(|words| format!("({})", words.join("|")));
        let cells = [
            "all".to_owned(),
            format!(r"by_method\.{method}"),
            format!(r"by_method_funding\.{method}\.{funding}"),
            format!(r"by_method_variant\.ips\.{variant}"),
            format!(r"by_method_organisation\.{method}\.{SLUG}"),
            format!(r"by_method_region\.{method}\.{region}"),
        ];
        format!(r"^({})\.({measure}|{BY_SCHEME}\.{SLUG})$", cells.join("|"))
    }

    /// The words that a path is made of, for those who have to write one.
    #[must_use]
    pub fn words() -> [(&'static str, Vec<&'static str>); 5] {
        [("METHOD", methods()), ("FUNDING", fundings()), ("VARIANT", variants()), ("CODE", regions()), ("MEASURE", measures())]
    }
}

fn methods() -> Vec<&'static str> {
    Method::ALL.iter().map(|method| method.as_str()).collect()
}

fn fundings() -> Vec<&'static str> {
    Funding::ALL.iter().map(|funding| funding.as_str()).collect()
}

fn variants() -> Vec<&'static str> {
    Variant::ALL.iter().map(|variant| variant.as_str()).chain([NO_VARIANT]).collect()
}

fn regions() -> Vec<&'static str> {
    Region::LIST.iter().map(|(code, _)| *code).collect()
}

fn measures() -> Vec<&'static str> {
    Measure::ALL.iter().map(|measure| measure.as_str()).collect()
}

impl fmt::Display for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.key.path().join("."), self.column.name())
    }
}

impl FromStr for Number {
    type Err = NotANumber;

    fn from_str(text: &str) -> Result<Self, NotANumber> {
        let parts: Vec<&str> = text.split('.').collect();
        let (key, rest) = match parts.as_slice() {
            ["all", rest @ ..] => (CellKey::All, rest),
            ["by_method", method, rest @ ..] => (CellKey::Method(method_of(method)?), rest),
            ["by_method_funding", method, funding, rest @ ..] => (CellKey::MethodFunding(method_of(method)?, funding_of(funding)?), rest),
            ["by_method_variant", method, variant, rest @ ..] => (CellKey::MethodVariant(ips(method)?, variant_of(variant)?), rest),
            ["by_method_organisation", method, slug, rest @ ..] => {
                (CellKey::MethodOrganisation(method_of(method)?, slug_of(slug)?.into()), rest)
            }
            ["by_method_region", method, code, rest @ ..] => (CellKey::MethodRegion(method_of(method)?, region_of(code)?), rest),
            [first, _, ..] if !Self::CELLS.iter().any(|cell| cell.split('.').next() == Some(*first)) => {
                return Err(NotANumber::Breakdown((*first).to_owned()));
            }
            _ => return Err(NotANumber::Form(text.to_owned())),
        };
        let column = match rest {
            [BY_SCHEME, scheme] => Column::Scheme(slug_of(scheme)?.into()),
            [measure] => Column::Measure(Measure::of_name(measure).ok_or_else(|| NotANumber::Measure((*measure).to_owned()))?),
            _ => return Err(NotANumber::Form(text.to_owned())),
        };
        Ok(Self { key, column })
    }
}

fn method_of(text: &str) -> Result<Method, NotANumber> {
    Method::ALL.iter().copied().find(|method| method.as_str() == text).ok_or_else(|| NotANumber::Method(text.to_owned()))
}

/// Of ips alone there are variants.
fn ips(text: &str) -> Result<Method, NotANumber> {
    method_of(text).and_then(|method| if method == Method::Ips { Ok(method) } else { Err(NotANumber::NoVariants(text.to_owned())) })
}

fn funding_of(text: &str) -> Result<Funding, NotANumber> {
    Funding::ALL.iter().copied().find(|funding| funding.as_str() == text).ok_or_else(|| NotANumber::Funding(text.to_owned()))
}

fn variant_of(text: &str) -> Result<Option<Variant>, NotANumber> {
    if text == NO_VARIANT {
        return Ok(None);
    }
    let found = Variant::ALL.iter().copied().find(|variant| variant.as_str() == text);
    found.map(Some).ok_or_else(|| NotANumber::Variant(text.to_owned()))
}

fn slug_of(text: &str) -> Result<&str, NotANumber> {
    if is_slug(text) { Ok(text) } else { Err(NotANumber::Slug(text.to_owned())) }
}

fn region_of(code: &str) -> Result<Region, NotANumber> {
    let region = Region::of_code(code);
    if region == Region::Unlisted { Err(NotANumber::Region(code.to_owned())) } else { Ok(region) }
}
