//! One cell of a tally: counts that can be added, and taken out again one trajectory at a time.

use crate::{Measure, contribution::Measures};

/// What one trajectory adds to each of its cells.
pub(crate) struct Part {
    /// Empty when it does not belong to the population.
    pub(crate) measures: Measures,
    /// Whether a percentage of sustainable work looks at it.
    pub(crate) in_sustainable_base: bool,
    /// Its organisation's number in the tally; `None` outside the population.
    pub(crate) organisation: Option<usize>,
    /// Its scheme's number in the tally; `None` unless it started in the year to date under one.
    pub(crate) scheme: Option<usize>,
}

/// The counts of one cell. Kept by number; [`crate::Counts`] gives them by measure.
#[derive(Clone, Debug)]
pub(crate) struct Cell {
    pub(crate) counts: [u64; Measure::COUNT],
    /// Of the same counts, those that a percentage of sustainable work looks at.
    pub(crate) sustainable_base: u64,
    pub(crate) sustainable: u64,
    pub(crate) sustainable_unknown: u64,
    /// How many of the population each organisation has, by its number in the tally: a set would do for counting, but a set cannot tell
    /// whether the one that is taken out was its organisation's last. 32 bits: nobody has four thousand million trajectories.
    organisations: Vec<u32>,
    /// Started in the year to date, by the scheme's number in the tally.
    schemes: Vec<u64>,
}

impl Default for Cell {
    fn default() -> Self {
        Self {
            counts: [0; Measure::COUNT],
            sustainable_base: 0,
            sustainable: 0,
            sustainable_unknown: 0,
            organisations: Vec::new(),
            schemes: Vec::new(),
        }
    }
}

impl Cell {
    pub(crate) fn count(&mut self, part: &Part) {
        for number in part.measures.numbers() {
            self.counts[number] += 1;
        }
        if part.in_sustainable_base {
            self.sustainable_base += 1;
            self.sustainable += u64::from(part.measures.has(Measure::SustainableWork));
            self.sustainable_unknown += u64::from(part.measures.has(Measure::SustainableWorkUnknown));
        }
        if let Some(organisation) = part.organisation {
            *at(&mut self.organisations, organisation) += 1;
        }
        if let Some(scheme) = part.scheme {
            *at(&mut self.schemes, scheme) += 1;
        }
    }

    /// The inverse of [`Cell::count`]. Taking out what was never counted is the caller's mistake; it stops at 0.
    pub(crate) fn uncount(&mut self, part: &Part) {
        for number in part.measures.numbers() {
            take_one(&mut self.counts[number]);
        }
        if part.in_sustainable_base {
            take_one(&mut self.sustainable_base);
            if part.measures.has(Measure::SustainableWork) {
                take_one(&mut self.sustainable);
            }
            if part.measures.has(Measure::SustainableWorkUnknown) {
                take_one(&mut self.sustainable_unknown);
            }
        }
        if let Some(count) = part.organisation.and_then(|number| self.organisations.get_mut(number)) {
            debug_assert!(*count > 0, "taken out without having been counted");
            *count = count.saturating_sub(1);
        }
        if let Some(count) = part.scheme.and_then(|number| self.schemes.get_mut(number)) {
            take_one(count);
        }
    }

    /// Adds another tally's cell, whose organisations and schemes bear these numbers here.
    pub(crate) fn merge(&mut self, other: &Self, organisations: &[usize], schemes: &[usize]) {
        for (count, more) in self.counts.iter_mut().zip(other.counts) {
            *count += more;
        }
        self.sustainable_base += other.sustainable_base;
        self.sustainable += other.sustainable;
        self.sustainable_unknown += other.sustainable_unknown;
        for (count, here) in other.organisations.iter().zip(organisations).filter(|(count, _)| **count > 0) {
            *at(&mut self.organisations, *here) += count;
        }
        for (count, here) in other.schemes.iter().zip(schemes).filter(|(count, _)| **count > 0) {
            *at(&mut self.schemes, *here) += count;
        }
    }

    /// How many organisations have a trajectory in it.
    pub(crate) fn organisations(&self) -> u64 {
        self.organisations.iter().filter(|count| **count > 0).count() as u64
    }

    /// Its trajectories of the population by organisation, by number.
    pub(crate) fn by_organisation(&self) -> &[u32] {
        &self.organisations
    }

    /// Its starts in the year to date by scheme, by number.
    pub(crate) fn schemes(&self) -> &[u64] {
        &self.schemes
    }

    /// Whether nothing is counted in it: then it is as if it had never been.
    pub(crate) fn is_empty(&self) -> bool {
        // Whoever belongs to the population is counted as running, so nothing else can be left.
        self.counts[Measure::Running as usize] == 0 && self.schemes.iter().all(|count| *count == 0)
    }

    /// Whether everything but organisations and schemes is the same; those bear other numbers in another tally.
    pub(crate) fn same_counts(&self, other: &Self) -> bool {
        let rest = |cell: &Self| [cell.sustainable_base, cell.sustainable, cell.sustainable_unknown];
        self.counts == other.counts && rest(self) == rest(other)
    }
}

fn take_one(count: &mut u64) {
    debug_assert!(*count > 0, "taken out without having been counted");
    *count = count.saturating_sub(1);
}

/// The element at this place, the vector being made as long as that needs.
fn at<N: Clone + Default>(vector: &mut Vec<N>, place: usize) -> &mut N {
    if vector.len() <= place {
        vector.resize(place + 1, N::default());
    }
    &mut vector[place]
}
