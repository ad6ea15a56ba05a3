//! How complete a quarter is: who delivered what, how soon it was recorded, and what a change is among those who delivered both times.
//!
//! ```text
//!   trajectories ──► deliveries   per organisation and method: the first and the last quarter, and those between without any
//!              └───► tallies ───► panel: stopped, joined, in both quarters
//!   events ────────► delays       per organisation: days from what happened to its recording
//!              └───► told         per organisation and method: how many events happened in the quarter
//!              └───► latest       per organisation and method: when something about days up to the quarter's end was last recorded
//! ```
//!
//! Counting is adding, as for figures: parts of the log are counted apart and merged.

mod delays;
mod deliveries;
mod json;
mod panel;
mod standing;

use std::collections::BTreeMap;

use domain::{Date, Method, Name, Quarter, Trajectory};

use crate::{Question, Tallies};

pub use delays::Delays;
pub use deliveries::{Deliveries, Delivery};
pub use json::COLUMNS;
pub use panel::{COMPARED, Group, Panel};
pub use standing::{DeclaredAt, InQuarter, Point, Standing};

/// Within so many days what happened is recorded soon, and within so many at all.
pub const WITHIN_DAYS: [u32; 2] = [7, 30];

/// How complete a quarter is.
#[derive(Clone, Debug, Default)]
pub struct Completeness {
    /// Who delivers what; the quarter is the last that is looked at.
    pub deliveries: Deliveries,
    /// Of what happened in the quarter, by organisation.
    pub delays: BTreeMap<Name, Delays>,
    /// How many events of the quarter count, by organisation and method: where trajectories run and there is none, nothing was recorded.
    told: BTreeMap<(Name, Method), u64>,
    /// Where in the log something was last recorded about a day up to the quarter's end.
    pub latest: BTreeMap<(Name, Method), Point>,
    tallies: Tallies,
}

impl Completeness {
    /// Counts one trajectory. The question's `tables` is `true`, else there is no panel.
    pub fn count(&mut self, trajectory: &Trajectory, question: &Question<'_>) {
        self.deliveries.count(trajectory, question.quarter);
        self.tallies.count(trajectory, question);
    }

    /// Counts an event of the quarter that counts, first recorded on this day.
    pub fn recorded(&mut self, organisation: &Name, occurred_on: Date, recorded_on: Date) {
        match self.delays.get_mut(organisation) {
            Some(delays) => delays.count(occurred_on, recorded_on),
            None => {
                let mut delays = Delays::default();
                delays.count(occurred_on, recorded_on);
                self.delays.insert(organisation.clone(), delays);
            }
        }
    }

    /// Counts so many events of the quarter that count, of a trajectory with this method.
    pub fn told(&mut self, organisation: &Name, method: Method, events: u64) {
        if events > 0 {
            *self.told.entry((organisation.clone(), method)).or_default() += events;
        }
    }

    /// Notes that something about a day up to the quarter's end was recorded here.
    pub fn touched(&mut self, organisation: &Name, method: Method, at: Point) {
        let latest = self.latest.entry((organisation.clone(), method)).or_insert(at);
        *latest = at.max(*latest);
    }

    /// Adds other trajectories and their events.
    pub fn merge(&mut self, other: Self) {
        self.deliveries.merge(other.deliveries);
        for (organisation, delays) in other.delays {
            self.delays.entry(organisation).or_default().merge(&delays);
        }
        for ((organisation, method), events) in other.told {
            self.told(&organisation, method, events);
        }
        for ((organisation, method), at) in other.latest {
            self.touched(&organisation, method, at);
        }
        self.tallies.merge(&other.tallies);
    }

    /// What changed since the quarter before, and since a year earlier.
    #[must_use]
    pub fn panels(&self, quarter: Quarter) -> [(Quarter, Vec<Panel>); 2] {
        let Tallies { current, previous_quarter, year_earlier } = &self.tallies;
        [(quarter.previous(), previous_quarter), (quarter.year_earlier(), year_earlier)]
            .map(|(then, tally)| (then, Panel::of(tally, current)))
    }

    /// The methods that an organisation delivered in a quarter.
    pub fn delivered(&self, organisation: &str, quarter: Quarter) -> impl Iterator<Item = Method> {
        Method::ALL.iter().copied().filter(move |method| self.in_quarter(organisation, *method, quarter) == InQuarter::Delivered)
    }
}
