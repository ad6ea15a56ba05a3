//! Counting: one trajectory after the other into the cells of a quarter, in parts that can be added. What was counted can be
//! taken out again, so that a change of one trajectory costs one trajectory's counting.

use domain::{Funding, Method, Name, Quarter, Region, Trajectory, Variant};
use hashbrown::{HashMap, hash_map::Entry};

use crate::{
    Definitions, Scope,
    cell::{Cell, Part},
    contribution::{Contribution, Days},
};

/// What is asked.
#[derive(Clone, Copy, Debug)]
pub struct Question<'a> {
    /// The quarter.
    pub quarter: Quarter,
    /// Which trajectories.
    pub scope: &'a Scope,
    /// By which definitions.
    pub definitions: &'a Definitions,
    /// Whether the cells per organisation and per region are asked for too.
    pub tables: bool,
}

/// A cell of the figures.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum CellKey {
    /// The whole scope.
    All,
    /// One method.
    Method(Method),
    /// One funding of a method.
    MethodFunding(Method, Funding),
    /// One variant of IPS; `None` for unknown.
    MethodVariant(Method, Option<Variant>),
    /// One organisation of a method (`--tables`).
    MethodOrganisation(Method, Name),
    /// One region of a method (`--tables`).
    MethodRegion(Method, Region),
}

impl CellKey {
    /// Whether it is one of the cells that are there only with `--tables`.
    #[must_use]
    pub const fn is_of_tables(&self) -> bool {
        matches!(self, Self::MethodOrganisation(..) | Self::MethodRegion(..))
    }
}

/// Names by number.
#[derive(Clone, Debug, Default)]
struct Names {
    numbers: HashMap<Name, usize>,
    names: Vec<Name>,
}

impl Names {
    fn number(&mut self, name: &Name) -> usize {
        if let Some(number) = self.numbers.get(name) {
            return *number;
        }
        self.names.push(name.clone());
        self.numbers.insert(name.clone(), self.names.len() - 1);
        self.names.len() - 1
    }

    /// The counts by these numbers, by name and in the names' order; those that are 0 are left out.
    fn named<N: Copy + Into<u64>>(&self, counts: &[N]) -> Vec<(&Name, u64)> {
        let named = self.names.iter().zip(counts.iter().map(|count| (*count).into()));
        let mut named: Vec<_> = named.filter(|(_, count)| *count > 0).collect();
        named.sort_unstable();
        named
    }
}

/// The counts of one quarter, of some of the trajectories.
#[derive(Clone, Debug, Default)]
pub struct Tally {
    cells: HashMap<CellKey, Cell>,
    organisations: Names,
    schemes: Names,
}

impl Tally {
    /// Counts one trajectory.
    pub fn count(&mut self, trajectory: &Trajectory, question: &Question<'_>) {
        self.count_in(trajectory, Days::of(question.quarter), question);
    }

    /// Takes one trajectory out again, which was counted as it is here and by this question: the tally is then as if it had never
    /// been counted. Cells that count nothing any more are gone.
    pub fn uncount(&mut self, trajectory: &Trajectory, question: &Question<'_>) {
        self.uncount_in(trajectory, Days::of(question.quarter), question);
    }

    fn count_in(&mut self, trajectory: &Trajectory, days: Days, question: &Question<'_>) {
        let Some((part, contribution)) = self.part(trajectory, days, question) else { return };
        for_each_cell(trajectory, &contribution, question, |key| self.cells.entry(key).or_default().count(&part));
    }

    fn uncount_in(&mut self, trajectory: &Trajectory, days: Days, question: &Question<'_>) {
        let Some((part, contribution)) = self.part(trajectory, days, question) else { return };
        for_each_cell(trajectory, &contribution, question, |key| {
            if let Entry::Occupied(mut cell) = self.cells.entry(key) {
                cell.get_mut().uncount(&part);
                if cell.get().is_empty() {
                    cell.remove();
                }
            }
        });
    }

    /// What a trajectory adds to each of its cells; `None` when it has no part in the question.
    fn part<'a>(&mut self, trajectory: &'a Trajectory, days: Days, question: &Question<'a>) -> Option<(Part, Contribution<'a>)> {
        let contribution = Contribution::within(trajectory, days, question).ok()?;
        let Contribution { attributes, method, measures, started_in_year, .. } = &contribution;
        let scheme = attributes.scheme.filter(|_| *started_in_year);
        let in_population = contribution.in_population();
        if !in_population && scheme.is_none() {
            return None;
        }
        let part = Part {
            measures: *measures,
            in_sustainable_base: in_population && !question.definitions.sustainable_leaves_out.contains(method),
            organisation: in_population.then(|| self.organisations.number(&trajectory.organisation)),
            scheme: scheme.map(|scheme| self.schemes.number(scheme)),
        };
        Some((part, contribution))
    }

    /// Adds the counts of other trajectories.
    pub fn merge(&mut self, other: &Self) {
        let organisations: Vec<usize> = other.organisations.names.iter().map(|name| self.organisations.number(name)).collect();
        let schemes: Vec<usize> = other.schemes.names.iter().map(|name| self.schemes.number(name)).collect();
        for (key, cell) in &other.cells {
            self.cells.entry(key.clone()).or_default().merge(cell, &organisations, &schemes);
        }
    }

    /// The cells that occur, in their order.
    pub(crate) fn cells(&self) -> Vec<(&CellKey, &Cell)> {
        let mut cells: Vec<_> = self.cells.iter().collect();
        cells.sort_unstable_by_key(|(key, _)| *key);
        cells
    }

    pub(crate) fn cell(&self, key: &CellKey) -> Option<&Cell> {
        self.cells.get(key)
    }

    /// A cell's starts in the year to date, by scheme.
    pub(crate) fn schemes(&self, cell: &Cell) -> Vec<(Name, u64)> {
        self.schemes.named(cell.schemes()).into_iter().map(|(name, count)| (name.clone(), count)).collect()
    }
}

/// Equal when both count the same, in whatever order they came to it.
impl PartialEq for Tally {
    fn eq(&self, other: &Self) -> bool {
        let same = |(key, cell): (&CellKey, &Cell)| {
            let there = other.cells.get(key);
            there.is_some_and(|there| {
                cell.same_counts(there)
                    && self.organisations.named(cell.by_organisation()) == other.organisations.named(there.by_organisation())
                    && self.schemes.named(cell.schemes()) == other.schemes.named(there.schemes())
            })
        };
        self.cells.len() == other.cells.len() && self.cells.iter().all(same)
    }
}

impl Eq for Tally {}

/// Each cell to which a trajectory of this contribution belongs.
pub(crate) fn for_each_cell(
    trajectory: &Trajectory,
    contribution: &Contribution<'_>,
    question: &Question<'_>,
    mut each: impl FnMut(CellKey),
) {
    let Contribution { attributes, method, .. } = contribution;
    let method = *method;
    each(CellKey::All);
    each(CellKey::Method(method));
    each(CellKey::MethodFunding(method, attributes.funding));
    if method == Method::Ips {
        each(CellKey::MethodVariant(method, attributes.variant));
    }
    if question.tables {
        each(CellKey::MethodOrganisation(method, trajectory.organisation.clone()));
        each(CellKey::MethodRegion(method, attributes.region));
    }
}

/// The counts of a quarter and of those that it is compared with.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tallies {
    /// The quarter that was asked for.
    pub current: Tally,
    /// The quarter before it.
    pub previous_quarter: Tally,
    /// The same quarter a year earlier.
    pub year_earlier: Tally,
}

impl Tallies {
    /// Counts one trajectory in all three.
    pub fn count(&mut self, trajectory: &Trajectory, question: &Question<'_>) {
        let quarter = question.quarter;
        self.current.count_in(trajectory, Days::of(quarter), question);
        self.previous_quarter.count_in(trajectory, Days::of(quarter.previous()), question);
        self.year_earlier.count_in(trajectory, Days::of(quarter.year_earlier()), question);
    }

    /// Takes one trajectory out of all three again: see [`Tally::uncount`].
    pub fn uncount(&mut self, trajectory: &Trajectory, question: &Question<'_>) {
        let quarter = question.quarter;
        self.current.uncount_in(trajectory, Days::of(quarter), question);
        self.previous_quarter.uncount_in(trajectory, Days::of(quarter.previous()), question);
        self.year_earlier.uncount_in(trajectory, Days::of(quarter.year_earlier()), question);
    }

    /// Adds the counts of other trajectories.
    pub fn merge(&mut self, other: &Self) {
        self.current.merge(&other.current);
        self.previous_quarter.merge(&other.previous_quarter);
        self.year_earlier.merge(&other.year_earlier);
    }
}
