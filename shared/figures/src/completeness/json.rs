//! The same as one JSON object, and as one number a row.
//!
//! ```json
//! {"quarter":"2025Q1","as_of":{"position":1,"recorded_at":"…"},"provisional":false,
//!  "deliveries":[{"organisation":"x","method":"ips","first":"2023Q1","last":"2025Q1","without":["2024Q2"],"in_quarter":"delivered"}],
//!  "timeliness":[{"organisation":"x","events":10,"median_days":2,"p90_days":9,"within_7_days":8,"within_30_days":10,"share_within_7_days":"80.0","share_within_30_days":"100.0"}],
//!  "panel":{"previous_quarter":{"quarter":"2024Q4","methods":[{"method":"all","organisations":{"both":["x"],"stopped":[],"joined":[]},
//!           "measures":{"running":{"then":9,"now":10,"change":1,"panel_then":9,"panel_now":10,"panel_change":1,"stopped":0,"joined":0}}}]},"year_earlier":{}}}
//! ```
//! Where an organisation delivered nothing, the words `no delivery` stand, and no 0; where its trajectories ran and nothing that happened in the
//! quarter was recorded, `nothing recorded`. Of no event days and shares are `null`.

use std::fmt::Write;

use domain::Quarter;
use serde_json::{Map, Value, json};

use super::{COMPARED, Completeness, Delays, Delivery, Group, Panel, WITHIN_DAYS};
use crate::AsOf;

/// The columns of the rows.
pub const COLUMNS: [&str; 8] = ["quarter", "position", "table", "organisation", "method", "against", "measure", "value"];

impl Delivery {
    /// Whether a trajectory ran in this quarter, one of those that were looked at.
    #[must_use]
    pub fn is_in(&self, quarter: Quarter) -> bool {
        self.first <= quarter && quarter <= self.last && !self.without.contains(&quarter)
    }
}

impl Completeness {
    /// As the head of this file says.
    #[must_use]
    pub fn to_json(&self, quarter: Quarter, as_of: &AsOf) -> Value {
        let delivery = |one: Delivery| {
            json!({
                "organisation": one.organisation.as_str(),
                "method": one.method.as_str(),
                "first": one.first.to_string(),
                "last": one.last.to_string(),
                "without": one.without.iter().map(Quarter::to_string).collect::<Vec<_>>(),
                "in_quarter": self.in_quarter(&one.organisation, one.method, quarter).as_str(),
            })
        };
        let [previous, earlier] = self
            .panels(quarter)
            .map(|(then, panels)| json!({"quarter": then.to_string(), "methods": panels.iter().map(Panel::to_json).collect::<Vec<_>>()}));
        json!({
            "quarter": quarter.to_string(),
            "as_of": {"position": as_of.position, "recorded_at": as_of.recorded_at},
            "provisional": as_of.provisional,
            "deliveries": self.deliveries.all().map(delivery).collect::<Vec<_>>(),
            "timeliness": self.timeliness().map(|(organisation, delays)| delays.to_json(organisation)).collect::<Vec<_>>(),
            "panel": {"previous_quarter": previous, "year_earlier": earlier},
        })
    }

    /// Every organisation that ever delivered something or recorded an event of the quarter, with how soon; of no event, none.
    pub fn timeliness(&self) -> impl Iterator<Item = (&str, &Delays)> {
        static NONE: Delays = Delays::none();
        let mut organisations = self.deliveries.organisations();
        organisations.extend(self.delays.keys());
        organisations.into_iter().map(move |organisation| (organisation.as_str(), self.delays.get(organisation).unwrap_or(&NONE)))
    }

    /// One number a row under [`COLUMNS`]; names of organisations are slugs, and nothing in a row needs a quote.
    #[must_use]
    pub fn to_csv(&self, quarter: Quarter, as_of: &AsOf) -> String {
        let mut rows = format!("{}\n", COLUMNS.join(","));
        let head = format!("{quarter},{}", as_of.position);
        for one in self.deliveries.all() {
            let is_in = self.in_quarter(&one.organisation, one.method, quarter).as_str();
            let without = one.without.iter().map(Quarter::to_string).collect::<Vec<_>>().join(" ");
            for (measure, value) in
                [("first", one.first.to_string()), ("last", one.last.to_string()), ("without", without), ("in_quarter", is_in.to_owned())]
            {
                let _ = writeln!(rows, "{head},deliveries,{},{},,{measure},{value}", one.organisation, one.method.as_str());
            }
        }
        for (organisation, delays) in self.timeliness() {
            for (measure, value) in delays.columns() {
                let value = value.map_or_else(String::new, |value| value.as_str().map_or_else(|| value.to_string(), str::to_owned));
                let _ = writeln!(rows, "{head},timeliness,{organisation},,,{measure},{value}");
            }
        }
        for (then, panels) in self.panels(quarter) {
            for panel in panels {
                for (place, measure) in COMPARED.iter().enumerate() {
                    for (name, value) in panel.columns(place) {
                        let method = panel.method.map_or("all", |method| method.as_str());
                        let _ = writeln!(rows, "{head},panel,,{method},{then},{}.{name},{value}", measure.as_str());
                    }
                }
            }
        }
        rows
    }
}

impl Delays {
    fn columns(&self) -> [(&'static str, Option<Value>); 7] {
        let [soon, at_all] = WITHIN_DAYS;
        [
            ("events", Some(self.events().into())),
            ("median_days", self.percentile(50).map(Value::from)),
            ("p90_days", self.percentile(90).map(Value::from)),
            ("within_7_days", Some(self.within(soon).into())),
            ("within_30_days", Some(self.within(at_all).into())),
            ("share_within_7_days", self.share_within(soon).map(Value::from)),
            ("share_within_30_days", self.share_within(at_all).map(Value::from)),
        ]
    }

    fn to_json(&self, organisation: &str) -> Value {
        let columns = self.columns().into_iter().map(|(name, value)| (name.to_owned(), value.unwrap_or(Value::Null)));
        let named = std::iter::once(("organisation".to_owned(), organisation.into()));
        Value::Object(named.chain(columns).collect())
    }
}

impl Panel {
    /// A measure's numbers.
    fn columns(&self, place: usize) -> [(&'static str, i128); 8] {
        let (then, now) = self.raw(place);
        let of = |counts: &[u64]| counts.get(place).map_or(0, |count| i128::from(*count));
        [
            ("then", then.into()),
            ("now", now.into()),
            ("change", self.raw_change(place)),
            ("panel_then", of(&self.both.then)),
            ("panel_now", of(&self.both.now)),
            ("panel_change", self.both.change(place)),
            ("stopped", of(&self.stopped.then)),
            ("joined", of(&self.joined.now)),
        ]
    }

    fn to_json(&self) -> Value {
        let measures = COMPARED.iter().enumerate().map(|(place, measure)| {
            let numbers = self.columns(place).into_iter();
            let numbers = numbers.map(|(name, value)| (name.to_owned(), i64::try_from(value).unwrap_or(i64::MAX).into()));
            (measure.as_str().to_owned(), Value::Object(numbers.collect()))
        });
        json!({
            "method": self.method.map_or("all", |method| method.as_str()),
            "organisations": {"both": names(&self.both), "stopped": names(&self.stopped), "joined": names(&self.joined)},
            "measures": measures.collect::<Map<_, _>>(),
        })
    }
}

fn names(group: &Group) -> Vec<&str> {
    group.organisations.iter().map(|name| name.as_str()).collect()
}
