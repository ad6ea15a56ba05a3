//! What changed among those who delivered both times, beside what changed among all.

use std::collections::BTreeMap;

use domain::{Method, Name};

use crate::{CellKey, Measure, Tally};

/// The measures that are compared, running the first.
pub const COMPARED: [Measure; 6] =
    [Measure::Running, Measure::Started, Measure::Ended, Measure::PaidWork, Measure::SustainableWork, Measure::OutflowIntended];

/// Some organisations, and the counts of all of them together, in the order of [`COMPARED`].
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Group {
    /// Who, by name.
    pub organisations: Vec<Name>,
    /// In the earlier quarter.
    pub then: [u64; COMPARED.len()],
    /// In the later one.
    pub now: [u64; COMPARED.len()],
}

impl Group {
    fn take_in(&mut self, organisation: &Name, then: [u64; COMPARED.len()], now: [u64; COMPARED.len()]) {
        self.organisations.push(organisation.clone());
        self.add(then, now);
    }

    fn add(&mut self, then: [u64; COMPARED.len()], now: [u64; COMPARED.len()]) {
        for (sum, count) in self.then.iter_mut().chain(&mut self.now).zip(then.into_iter().chain(now)) {
            *sum += count;
        }
    }

    /// How much more it is now.
    #[must_use]
    pub fn change(&self, place: usize) -> i128 {
        let of = |counts: &[u64]| counts.get(place).map_or(0, |count| i128::from(*count));
        of(&self.now) - of(&self.then)
    }
}

/// A method in two quarters, its organisations in three groups: what all of them have is the sum of the three.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Panel {
    /// Which; `None` for all methods, each with the panel of its own.
    pub method: Option<Method>,
    /// Those that delivered it in both quarters: the constant panel.
    pub both: Group,
    /// Those that delivered it in the earlier quarter only.
    pub stopped: Group,
    /// Those that delivered it in the later one only.
    pub joined: Group,
}

impl Panel {
    /// Each method that occurs in one of the two, all of them first. Both were counted with the cells of organisations.
    #[must_use]
    pub fn of(then: &Tally, now: &Tally) -> Vec<Self> {
        let (then, now) = (by_organisation(then), by_organisation(now));
        let mut methods: BTreeMap<Method, Self> = BTreeMap::new();
        let none = [0; COMPARED.len()];
        for (of, before) in &then {
            let panel = methods.entry(of.0).or_insert_with(|| Self::empty(Some(of.0)));
            match now.get(of) {
                Some(after) => panel.both.take_in(&of.1, *before, *after),
                None => panel.stopped.take_in(&of.1, *before, none),
            }
        }
        for (of, after) in now.iter().filter(|(of, _)| !then.contains_key(*of)) {
            methods.entry(of.0).or_insert_with(|| Self::empty(Some(of.0))).joined.take_in(&of.1, none, *after);
        }
        let mut all = Self::empty(None);
        for panel in methods.values() {
            for (sum, group) in [(&mut all.both, &panel.both), (&mut all.stopped, &panel.stopped), (&mut all.joined, &panel.joined)] {
                sum.add(group.then, group.now);
                sum.organisations.extend(group.organisations.iter().cloned());
            }
        }
        for group in [&mut all.both, &mut all.stopped, &mut all.joined] {
            group.organisations.sort_unstable();
            group.organisations.dedup();
        }
        if methods.is_empty() { Vec::new() } else { std::iter::once(all).chain(methods.into_values()).collect() }
    }

    const fn empty(method: Option<Method>) -> Self {
        const NOBODY: Group = Group { organisations: Vec::new(), then: [0; COMPARED.len()], now: [0; COMPARED.len()] };
        Self { method, both: NOBODY, stopped: NOBODY, joined: NOBODY }
    }

    /// A measure of all organisations: in the earlier quarter, and in the later one.
    #[must_use]
    pub fn raw(&self, place: usize) -> (u64, u64) {
        let of = |counts: fn(&Group) -> &[u64]| {
            [&self.both, &self.stopped, &self.joined].into_iter().filter_map(|group| counts(group).get(place)).sum()
        };
        (of(|group| &group.then), of(|group| &group.now))
    }

    /// How much more all organisations have now.
    #[must_use]
    pub fn raw_change(&self, place: usize) -> i128 {
        let (then, now) = self.raw(place);
        i128::from(now) - i128::from(then)
    }
}

/// What each organisation has of each method of which something ran.
fn by_organisation(tally: &Tally) -> BTreeMap<(Method, Name), [u64; COMPARED.len()]> {
    let cells = tally.cells().into_iter().filter_map(|(key, cell)| {
        let CellKey::MethodOrganisation(method, organisation) = key else { return None };
        let counts = COMPARED.map(|measure| cell.counts[measure as usize]);
        (counts[0] > 0).then(|| ((*method, organisation.clone()), counts))
    });
    cells.collect()
}
