//! Counting: one trajectory after the other into the cells of a quarter, in parts that can be added.

use domain::{Funding, Method, Name, Quarter, Region, Trajectory, Variant};
use hashbrown::HashMap;

use crate::{
    Definitions, Measure, Scope,
    contribution::{Contribution, Days, Measures},
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

/// The counts of one cell. Kept by number; [`crate::Counts`] gives them by measure.
#[derive(Clone, Debug)]
pub(crate) struct Cell {
    pub(crate) counts: [u64; Measure::COUNT],
    /// Of the same counts, those that a percentage of sustainable work looks at.
    pub(crate) sustainable_base: u64,
    pub(crate) sustainable: u64,
    pub(crate) sustainable_unknown: u64,
    /// The organisations of the population, by their number in the tally: a set of bits.
    organisations: Vec<u64>,
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
    fn count(&mut self, measures: Measures, in_sustainable_base: bool, organisation: usize) {
        for number in measures.numbers() {
            self.counts[number] += 1;
        }
        if in_sustainable_base {
            self.sustainable_base += 1;
            self.sustainable += u64::from(measures.has(Measure::SustainableWork));
            self.sustainable_unknown += u64::from(measures.has(Measure::SustainableWorkUnknown));
        }
        *at(&mut self.organisations, organisation / 64) |= 1 << (organisation % 64);
    }

    /// Adds another tally's cell, whose organisations and schemes bear these numbers here.
    fn merge(&mut self, other: &Self, organisations: &[usize], schemes: &[usize]) {
        for (count, more) in self.counts.iter_mut().zip(other.counts) {
            *count += more;
        }
        self.sustainable_base += other.sustainable_base;
        self.sustainable += other.sustainable;
        self.sustainable_unknown += other.sustainable_unknown;
        for (there, here) in organisations.iter().enumerate() {
            if other.organisations.get(there / 64).is_some_and(|bits| bits >> (there % 64) & 1 == 1) {
                *at(&mut self.organisations, here / 64) |= 1 << (here % 64);
            }
        }
        for (count, here) in other.schemes.iter().zip(schemes) {
            *at(&mut self.schemes, *here) += count;
        }
    }

    pub(crate) fn organisations(&self) -> u64 {
        self.organisations.iter().map(|bits| u64::from(bits.count_ones())).sum()
    }
}

/// The element at this place, the vector being made as long as that needs.
fn at(vector: &mut Vec<u64>, place: usize) -> &mut u64 {
    if vector.len() <= place {
        vector.resize(place + 1, 0);
    }
    &mut vector[place]
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

    fn count_in(&mut self, trajectory: &Trajectory, days: Days, question: &Question<'_>) {
        let Scope { region, organisation } = question.scope;
        if organisation.as_ref().is_some_and(|only| *only != trajectory.organisation) {
            return;
        }
        let Some(contribution) = Contribution::of(trajectory, days, question.definitions) else {
            return;
        };
        let Contribution { attributes, method, measures, started_in_year } = contribution;
        if region.is_some_and(|only| only != attributes.region) {
            return;
        }
        let number = self.organisations.number(&trajectory.organisation);
        let scheme = attributes.scheme.filter(|_| started_in_year).map(|scheme| self.schemes.number(scheme));
        let in_population = measures.has(Measure::Running);
        if !in_population && scheme.is_none() {
            return;
        }
        let in_sustainable_base = !question.definitions.sustainable_leaves_out.contains(&method);
        let mut count = |key: CellKey| {
            let cell = self.cells.entry(key).or_default();
            if in_population {
                cell.count(measures, in_sustainable_base, number);
            }
            if let Some(scheme) = scheme {
                *at(&mut cell.schemes, scheme) += 1;
            }
        };
        count(CellKey::All);
        count(CellKey::Method(method));
        count(CellKey::MethodFunding(method, attributes.funding));
        if method == Method::Ips {
            count(CellKey::MethodVariant(method, attributes.variant));
        }
        if question.tables {
            count(CellKey::MethodOrganisation(method, trajectory.organisation.clone()));
            count(CellKey::MethodRegion(method, attributes.region));
        }
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
        let named = self.schemes.names.iter().cloned().zip(cell.schemes.iter().copied());
        let mut schemes: Vec<_> = named.filter(|(_, count)| *count > 0).collect();
        schemes.sort_unstable();
        schemes
    }
}

/// The counts of a quarter and of those that it is compared with.
#[derive(Clone, Debug, Default)]
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

    /// Adds the counts of other trajectories.
    pub fn merge(&mut self, other: &Self) {
        self.current.merge(&other.current);
        self.previous_quarter.merge(&other.previous_quarter);
        self.year_earlier.merge(&other.year_earlier);
    }
}
