//! How long what happened took to be recorded.

use std::collections::BTreeMap;

use domain::Date;

use crate::percentage;

/// Days from what happened to its recording, each with the number of events.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Delays(BTreeMap<u32, u64>);

impl Delays {
    /// Of no event.
    pub(super) const fn none() -> Self {
        Self(BTreeMap::new())
    }

    /// One event. What was recorded before its day (the day after a stop, say) was recorded at once.
    pub fn count(&mut self, occurred_on: Date, recorded_on: Date) {
        let days = u32::try_from(recorded_on.days() - occurred_on.days()).unwrap_or_default();
        *self.0.entry(days).or_default() += 1;
    }

    /// Adds other events.
    pub fn merge(&mut self, other: &Self) {
        for (days, events) in &other.0 {
            *self.0.entry(*days).or_default() += events;
        }
    }

    /// How many events.
    #[must_use]
    pub fn events(&self) -> u64 {
        self.0.values().sum()
    }

    /// How many of them were recorded within so many days.
    #[must_use]
    pub fn within(&self, days: u32) -> u64 {
        self.0.range(..=days).map(|(_, events)| events).sum()
    }

    /// The percentage of [`Delays::within`], with one decimal; `None` of no event.
    #[must_use]
    pub fn share_within(&self, days: u32) -> Option<String> {
        percentage(self.within(days), self.events())
    }

    /// The fewest days within which at least this percentage of the events was recorded: 50 for the median. `None` of no event.
    #[must_use]
    pub fn percentile(&self, percent: u64) -> Option<u32> {
        let all = u128::from(self.events());
        let mut recorded = 0_u128;
        self.0.iter().find_map(|(days, events)| {
            recorded += u128::from(*events);
            (recorded * 100 >= all * u128::from(percent)).then_some(*days)
        })
    }
}
