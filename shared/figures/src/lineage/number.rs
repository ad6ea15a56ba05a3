//! A number of the figures by its path: `by_method.ips.paid_work`.

use std::{fmt, str::FromStr};

use domain::{Funding, Method, Region, Variant};

use crate::{CellKey, Measure, disclosure::Column, scope::is_slug};

/// The column of the scheme counts, which has a scheme's slug after it.
const BY_SCHEME: &str = "scheme_started_year_to_date";

/// A number: a cell, and what is counted in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Number {
    /// The cell.
    pub key: CellKey,
    /// What is counted.
    pub column: Column,
}

/// A path that leads to no number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotANumber {
    /// Not of the form.
    #[error(
        "expected the path of a number, such as all.paid_work, by_method.ips.paid_work, by_method_funding.ips.uwv.running, by_method_variant.ips.none.running, by_method_organisation.ips.SLUG.running, by_method_region.ips.AM18.running or all.scheme_started_year_to_date.SLUG"
    )]
    Form,
    /// No method of this name.
    #[error("there is no such method: ips, wabz, jobcoaching, werkfit, naar_werk or other")]
    Method,
    /// No funding, variant, organisation or region of this name.
    #[error("there is no such cell of a method: the third part of the path names a funding, a variant of ips, an organisation or a region")]
    Part,
    /// No measure of this name.
    #[error("there is no such measure: `trajectlog figures` names them all")]
    Measure,
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
            ["by_method_organisation", method, slug, rest @ ..] if is_slug(slug) => {
                (CellKey::MethodOrganisation(method_of(method)?, (*slug).into()), rest)
            }
            ["by_method_region", method, code, rest @ ..] => (CellKey::MethodRegion(method_of(method)?, region_of(code)?), rest),
            _ => return Err(NotANumber::Form),
        };
        let column = match rest {
            [BY_SCHEME, scheme] if is_slug(scheme) => Column::Scheme((*scheme).into()),
            [measure] => Column::Measure(Measure::of_name(measure).ok_or(NotANumber::Measure)?),
            _ => return Err(NotANumber::Form),
        };
        Ok(Self { key, column })
    }
}

fn method_of(text: &str) -> Result<Method, NotANumber> {
    Method::ALL.iter().copied().find(|method| method.as_str() == text).ok_or(NotANumber::Method)
}

/// Of ips alone there are variants.
fn ips(text: &str) -> Result<Method, NotANumber> {
    method_of(text).and_then(|method| if method == Method::Ips { Ok(method) } else { Err(NotANumber::Part) })
}

fn funding_of(text: &str) -> Result<Funding, NotANumber> {
    Funding::ALL.iter().copied().find(|funding| funding.as_str() == text).ok_or(NotANumber::Part)
}

fn variant_of(text: &str) -> Result<Option<Variant>, NotANumber> {
    if text == "none" {
        return Ok(None);
    }
    Variant::ALL.iter().copied().find(|variant| variant.as_str() == text).map(Some).ok_or(NotANumber::Part)
}

fn region_of(code: &str) -> Result<Region, NotANumber> {
    let region = Region::of_code(code);
    if region == Region::Unlisted { Err(NotANumber::Part) } else { Ok(region) }
}
