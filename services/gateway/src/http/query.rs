//! The query of an address: known keys, each once.

use std::{collections::BTreeMap, str::FromStr};

use app::{AsOf, Clock};
use proto_events::Id;
use uuid::Uuid;

use crate::problem::Problem;

/// The keys of a query and their values.
#[derive(Clone, Debug, Default)]
pub(crate) struct Asked(BTreeMap<String, String>);

impl Asked {
    /// Reads a query of which these keys are known.
    pub(crate) fn read(query: Option<&str>, known: &[&str]) -> Result<Self, Problem> {
        let mut asked = BTreeMap::new();
        for (key, value) in form_urlencoded::parse(query.unwrap_or_default().as_bytes()) {
            if !known.contains(&key.as_ref()) {
                let known = if known.is_empty() { "none".to_owned() } else { known.join(", ") };
                return Err(Problem::malformed(format!("an unknown key in the query; this address knows {known}")));
            }
            if asked.insert(key.to_string(), value.into_owned()).is_some() {
                return Err(Problem::malformed(format!("{key} is named twice")));
            }
        }
        Ok(Self(asked))
    }

    pub(crate) fn text(&self, key: &str) -> Option<&str> {
        self.0.get(key).map(String::as_str)
    }

    /// All of it, by key.
    pub(crate) fn all(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(key, value)| (key.as_str(), value.as_str()))
    }

    /// A value that is read by its type's own rule.
    pub(crate) fn value<T: FromStr<Err: std::fmt::Display>>(&self, key: &str) -> Result<Option<T>, Problem> {
        self.text(key).map(|text| text.parse().map_err(|e| Problem::malformed(format!("{key}: {e}")))).transpose()
    }

    pub(crate) fn yes_or_no(&self, key: &str) -> Result<Option<bool>, Problem> {
        match self.text(key) {
            None => Ok(None),
            Some("true") => Ok(Some(true)),
            Some("false") => Ok(Some(false)),
            Some(_) => Err(Problem::malformed(format!("{key}: expected true or false"))),
        }
    }

    /// One of these words.
    pub(crate) fn word(&self, key: &str, words: &[&str]) -> Result<Option<String>, Problem> {
        match self.text(key) {
            None => Ok(None),
            Some(word) if words.contains(&word) => Ok(Some(word.to_owned())),
            Some(_) => Err(Problem::malformed(format!("{key}: expected one of {}", words.join(", ")))),
        }
    }

    /// A number from `least` to `most`.
    pub(crate) fn number(&self, key: &str, least: u64, most: u64) -> Result<Option<u64>, Problem> {
        let wrong = || Problem::malformed(format!("{key}: expected an integer from {least} to {most}"));
        let Some(text) = self.text(key) else { return Ok(None) };
        let digits = !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
        let number = text.parse().ok().filter(|number| digits && (least..=most).contains(number));
        number.map(Some).ok_or_else(wrong)
    }

    /// `limit`: how many a page holds, from 1 to `most`; so many as usual when nothing is said.
    pub(crate) fn limit(&self, usual: usize, most: usize) -> Result<usize, Problem> {
        let said = self.number("limit", 1, most as u64)?;
        Ok(said.and_then(|said| usize::try_from(said).ok()).unwrap_or(usual.min(most)))
    }

    /// `asOf`: a position or a moment that has come.
    pub(crate) fn as_of(&self, clock: Clock) -> Result<AsOf, Problem> {
        match self.value("asOf")? {
            Some(AsOf::Moment(moment)) if moment > clock() => Err(Problem::malformed("asOf: this moment lies in the future")),
            as_of => Ok(as_of.unwrap_or_default()),
        }
    }
}

/// An id in an address, of what is no trajectory.
pub(crate) fn of_address(text: &str) -> Result<Uuid, Problem> {
    text.parse::<Id>().map(|id| id.0).map_err(|e| Problem::malformed(format!("the id in the address: {e}")))
}

/// The id of a trajectory in an address.
pub(crate) fn trajectory(text: &str) -> Result<Uuid, Problem> {
    text.parse::<Id>().map(|id| id.0).map_err(|e| Problem::malformed(format!("the trajectory in the address: {e}")))
}
