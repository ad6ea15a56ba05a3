//! The published numbers, as data: what the synthetic national log has to give, and the courses in between.

use serde_json::Value;

use super::Error;

/// The published numbers, with the vintages that they are compared with, as data.
pub const PUBLISHED: &str = include_str!("../../data/published-2025Q1.json");

/// The published numbers, by their path in the file.
pub(crate) struct Targets(Value);

impl Targets {
    /// Those that this crate holds.
    pub(crate) fn published() -> Result<Self, Error> {
        Self::read(PUBLISHED)
    }

    /// Those of a text of that form.
    pub(crate) fn read(text: &str) -> Result<Self, Error> {
        serde_json::from_str(text).map(Self).map_err(|e| Error::Targets(e.to_string()))
    }

    /// A count of 2025Q1, or by a longer path one of another state: `by_method.ips.running`,
    /// `vintages.2024Q4.all.running`.
    pub(crate) fn count(&self, path: &str) -> Result<usize, Error> {
        let found = path.split('.').try_fold(&self.0, |at, key| at.get(key));
        let count = found.and_then(Value::as_u64).and_then(|n| usize::try_from(n).ok());
        count.ok_or_else(|| Error::Targets(format!("`{path}` is missing, or is no count")))
    }

    /// A count of a method in 2025Q1.
    pub(crate) fn of(&self, method: &str, measure: &str) -> Result<usize, Error> {
        self.count(&format!("by_method.{method}.{measure}"))
    }

    /// A count of a method in the vintage of 2024Q4.
    pub(crate) fn before(&self, method: &str, measure: &str) -> Result<usize, Error> {
        self.count(&format!("vintages.2024Q4.by_method.{method}.{measure}"))
    }

    /// A count of a method in the vintage of 2024Q1.
    pub(crate) fn year_earlier(&self, method: &str, measure: &str) -> Result<usize, Error> {
        self.count(&format!("vintages.2024Q1.by_method.{method}.{measure}"))
    }

    /// A count of a method in 2024Q4 as known when 2025Q1 was published.
    pub(crate) fn known_later(&self, method: &str, measure: &str) -> Result<usize, Error> {
        self.count(&format!("as_known_at_2025Q1.2024Q4.by_method.{method}.{measure}"))
    }
}

/// `a − b`, where the published numbers leave room for it.
pub(crate) fn less(what: &'static str, a: usize, b: usize) -> Result<usize, Error> {
    a.checked_sub(b).ok_or(Error::Infeasible { what, wanted: b, available: a })
}
