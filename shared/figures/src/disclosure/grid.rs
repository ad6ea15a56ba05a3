//! The tables as one array of numbers: area × key × column, zero where a table has no such cell.

use std::collections::BTreeSet;

use domain::{Method, Name, Quarter};

use super::{Area, Column, Hidden, Tables, tables::is_small};
use crate::{CellKey, Definitions, Measure};

/// The columns: all measures by their number, then the schemes that occur.
#[derive(Debug)]
pub(super) struct Columns {
    schemes: Vec<Name>,
    /// Whether the year to date is the quarter itself.
    pub(super) first_quarter: bool,
}

impl Columns {
    pub(super) fn len(&self) -> usize {
        Measure::COUNT + self.schemes.len()
    }

    pub(super) fn column(&self, number: usize) -> Option<Column> {
        match Measure::ALL.get(number) {
            Some(measure) => Some(Column::Measure(*measure)),
            None => self.schemes.get(number - Measure::COUNT).cloned().map(Column::Scheme),
        }
    }

    /// The schemes' numbers of a cell.
    pub(super) fn schemes<'a>(&self, numbers: &'a [i64]) -> impl Iterator<Item = i64> + 'a {
        numbers.iter().skip(Measure::COUNT).copied()
    }
}

/// What is known of one number of a table.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct State {
    /// From 1 to the threshold less one, below the national level.
    pub(super) small: bool,
    pub(super) suppressed: bool,
    /// An earlier vintage shows this very number.
    pub(super) known: bool,
    /// There is a witness for it.
    pub(super) witnessed: bool,
}

/// The numbers, by place: see [`Grid::place`].
#[derive(Debug)]
pub(super) struct Grid {
    pub(super) areas: Vec<Area>,
    pub(super) keys: Vec<CellKey>,
    pub(super) columns: Columns,
    pub(super) numbers: Vec<i64>,
    pub(super) states: Vec<State>,
    /// Whether anybody runs, by area and key.
    pub(super) occurs: Vec<bool>,
}

impl Grid {
    /// `before` is what earlier vintages suppressed: what is nobody's any more has a place too, or its zero would be told by its absence.
    pub(super) fn of(quarter: Quarter, tables: &Tables, definitions: &Definitions, before: &[&Hidden]) -> Self {
        let cells = || tables.0.values().flatten();
        let hidden = || before.iter().flat_map(|hidden| hidden.iter());
        let hidden_schemes = hidden().flat_map(|(_, columns)| columns).filter_map(|(_, column)| match column {
            Column::Scheme(scheme) => Some(scheme),
            Column::Measure(_) => None,
        });
        let schemes: BTreeSet<&Name> =
            cells().flat_map(|(_, counts)| counts.schemes.iter().map(|(name, _)| name)).chain(hidden_schemes).collect();
        let columns =
            Columns { schemes: schemes.into_iter().cloned().collect(), first_quarter: quarter.first_day() == quarter.first_day_of_year() };
        let hidden_keys = hidden().flat_map(|(_, columns)| columns).map(|(key, _)| key);
        let keys: BTreeSet<&CellKey> = cells().map(|(key, _)| key).chain(hidden_keys).collect();
        let keys: Vec<CellKey> = keys.into_iter().cloned().collect();
        let areas: BTreeSet<&Area> = tables.0.keys().chain(hidden().map(|(area, _)| area)).collect();
        let areas: Vec<Area> = areas.into_iter().cloned().collect();
        let size = areas.len() * keys.len() * columns.len();
        let mut grid =
            Self { areas, keys, columns, numbers: Vec::with_capacity(size), states: Vec::with_capacity(size), occurs: Vec::new() };
        for area in &grid.areas {
            for key in &grid.keys {
                let counts = tables.cell(area, key);
                grid.occurs.push(counts.is_some_and(|counts| counts.get(Measure::Running) > 0));
                for number in 0..grid.columns.len() {
                    let column = grid.columns.column(number);
                    let count = counts.zip(column).map_or(0, |(counts, column)| column.of(counts));
                    let small = is_small(area, count, definitions);
                    grid.numbers.push(i64::try_from(count).unwrap_or(i64::MAX));
                    grid.states.push(State { small, suppressed: small, ..State::default() });
                }
            }
        }
        grid
    }

    /// The place of the first number of a cell.
    pub(super) fn cell(&self, area: usize, key: usize) -> usize {
        (area * self.keys.len() + key) * self.columns.len()
    }

    pub(super) fn place(&self, area: usize, key: usize, column: usize) -> usize {
        self.cell(area, key) + column
    }

    /// Area, key and column of a place.
    pub(super) fn parts(&self, place: usize) -> (usize, usize, usize) {
        let cell = place / self.columns.len();
        (cell / self.keys.len(), cell % self.keys.len(), place % self.columns.len())
    }

    /// What is suppressed, by table.
    pub(super) fn hidden(&self) -> Hidden {
        let mut hidden = Hidden::new();
        for (place, _) in self.states.iter().enumerate().filter(|(_, state)| state.suppressed) {
            let (area, key, column) = self.parts(place);
            if let Some(column) = self.columns.column(column) {
                hidden.entry(self.areas[area].clone()).or_default().insert((self.keys[key].clone(), column));
            }
        }
        hidden
    }
}

/// The method of a key; `None` for all.
pub(super) const fn method_of(key: &CellKey) -> Option<Method> {
    match key {
        CellKey::All => None,
        CellKey::Method(method)
        | CellKey::MethodFunding(method, _)
        | CellKey::MethodVariant(method, _)
        | CellKey::MethodOrganisation(method, _)
        | CellKey::MethodRegion(method, _) => Some(*method),
    }
}
