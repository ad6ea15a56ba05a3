//! Which trajectories a question is about.

use std::str::FromStr;

use domain::{Name, Region};

/// National, a region, an organisation, or both.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Scope {
    /// Only trajectories of this labour-market region (on their reference day).
    pub region: Option<Region>,
    /// Only trajectories that this organisation delivers.
    pub organisation: Option<Name>,
}

/// A scope that is none.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotAScope {
    /// Not of the form.
    #[error("'{0}' is no scope: say national, region:CODE (such as region:AM18), organisation:SLUG, or both joined by a comma")]
    Form(String),
    /// A code that is not in the list.
    #[error("there is no labour-market region '{0}': the codes run from AM01 to AM38 ('trajectlog figures --help' says where the list is)")]
    UnknownRegion(String),
    /// Two regions, or two organisations.
    #[error("a scope names each kind once, and '{0}' is named twice")]
    Twice(&'static str),
}

impl FromStr for Scope {
    type Err = NotAScope;

    fn from_str(text: &str) -> Result<Self, NotAScope> {
        let mut scope = Self::default();
        if text == "national" {
            return Ok(scope);
        }
        for part in text.split(',') {
            match part.split_once(':') {
                Some(("region", code)) => {
                    let region = Region::of_code(code);
                    if region == Region::Unlisted {
                        return Err(NotAScope::UnknownRegion(code.to_owned()));
                    }
                    if scope.region.replace(region).is_some() {
                        return Err(NotAScope::Twice("region"));
                    }
                }
                Some(("organisation", slug)) if is_slug(slug) => {
                    if scope.organisation.replace(slug.into()).is_some() {
                        return Err(NotAScope::Twice("organisation"));
                    }
                }
                _ => return Err(NotAScope::Form(text.to_owned())),
            }
        }
        Ok(scope)
    }
}

pub(crate) fn is_slug(text: &str) -> bool {
    let fine = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-';
    !text.is_empty() && text.len() <= 64 && !text.starts_with('-') && text.bytes().all(fine)
}

impl Scope {
    /// `national`, `region`, `organisation` or `region+organisation`.
    #[must_use]
    pub const fn level(&self) -> &'static str {
        match (self.region.is_some(), self.organisation.is_some()) {
            (false, false) => "national",
            (true, false) => "region",
            (false, true) => "organisation",
            (true, true) => "region+organisation",
        }
    }

    /// As it is asked for.
    #[must_use]
    pub fn as_text(&self) -> String {
        let region = self.region.map(|region| format!("region:{}", region.code()));
        let organisation = self.organisation.as_ref().map(|slug| format!("organisation:{slug}"));
        let parts: Vec<String> = region.into_iter().chain(organisation).collect();
        if parts.is_empty() { "national".to_owned() } else { parts.join(",") }
    }
}
