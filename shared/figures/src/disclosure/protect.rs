//! What is suppressed of a publication.

use domain::Quarter;

use super::{
    Area, Column, Hidden, Tables,
    grid::{Grid, State},
    search::{Found, Link, Search, is_linked},
};
use crate::{CellKey, Definitions, Measure};

/// Another publication, as it was published: what everybody knows already.
#[derive(Clone, Copy, Debug)]
pub struct Earlier<'a> {
    /// Its quarter: this one's, or one beside it; others tell nothing.
    pub quarter: Quarter,
    /// Its counts.
    pub tables: &'a Tables,
    /// What of them was suppressed.
    pub hidden: &'a Hidden,
}

/// What is suppressed, and how well it hides.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Protection {
    /// What is suppressed, by table.
    pub hidden: Hidden,
    /// Suppressed numbers for which no witness was found: they might be worked out. Empty, or it must not be published.
    pub unprotected: Vec<(Area, CellKey, Column)>,
    /// How many numbers are suppressed because they are small.
    pub small: usize,
    /// How many others are.
    pub further: usize,
    /// For how many the witness only convinces whoever does not know which numbers are suppressed because they are small: a publication does not
    /// say so. (Where four numbers of 1 make a 4, somebody who knew that all five are small would know each.)
    pub from_readers: usize,
    /// Of the further ones, how many an earlier vintage shows with the same number: they hide less from who expects them to have stayed.
    pub shown_before: usize,
}

/// Protects the tables of a quarter.
#[must_use]
pub fn protect(quarter: Quarter, tables: &Tables, definitions: &Definitions, earlier: &[Earlier<'_>]) -> Protection {
    let vintages = || earlier.iter().filter(|publication| publication.quarter == quarter);
    let before: Vec<&Hidden> = vintages().map(|vintage| vintage.hidden).collect();
    let mut grid = Grid::of(quarter, tables, definitions, &before);
    for vintage in vintages() {
        follow_vintage(&mut grid, vintage);
    }
    let links = links(&mut grid, quarter, earlier);
    let mut search = Search::new(grid, links, definitions);
    let (mut unprotected, mut from_readers) = (Vec::new(), 0);
    // What is suppressed with another has the same witness, so that one pass is enough: nothing is shown again.
    for place in in_order(&search.grid) {
        let State { suppressed, witnessed, .. } = search.grid.states[place];
        if suppressed && !witnessed && is_of_persons(&search.grid, place) {
            match search.witness(place) {
                Found::Hidden => {}
                Found::HiddenFromReaders => from_readers += 1,
                Found::Nothing => unprotected.push(place),
            }
        }
    }
    hide_organisations(&mut search.grid);
    let grid = search.grid;
    let count = |wanted: fn(&State) -> bool| grid.states.iter().filter(|state| state.suppressed && wanted(state)).count();
    let named = |place: usize| {
        let (area, key, column) = grid.parts(place);
        Some((grid.areas[area].clone(), grid.keys[key].clone(), grid.columns.column(column)?))
    };
    Protection {
        unprotected: unprotected.into_iter().filter_map(named).collect(),
        small: count(|state| state.small),
        further: count(|state| !state.small),
        from_readers,
        shown_before: count(|state| state.known),
        hidden: grid.hidden(),
    }
}

/// What was suppressed in an earlier vintage stays so: who sees both would see what it was. What it showed is known.
fn follow_vintage(grid: &mut Grid, vintage: &Earlier<'_>) {
    let is_hidden = |place: usize, grid: &Grid| {
        let (area, key, column) = grid.parts(place);
        let of = grid.columns.column(column).map(|column| (grid.keys[key].clone(), column));
        of.is_some_and(|of| vintage.hidden.get(&grid.areas[area]).is_some_and(|hidden| hidden.contains(&of)))
    };
    for place in 0..grid.states.len() {
        if is_hidden(place, grid) {
            grid.states[place].suppressed = true;
            continue;
        }
        let (area, key, column) = grid.parts(place);
        let counts = vintage.tables.cell(&grid.areas[area], &grid.keys[key]);
        let then = counts.zip(grid.columns.column(column)).map_or(0, |(counts, column)| column.of(counts));
        // Who was nobody then and is nobody now was not worth a cell.
        let known = i64::try_from(then) == Ok(grid.numbers[place]) && (then > 0 || counts.is_some());
        grid.states[place].known |= known && !grid.states[place].small;
    }
}

/// How the neighbouring quarters tell on this one. Where they suppress something of the identity, this one does too.
fn links(grid: &mut Grid, quarter: Quarter, earlier: &[Earlier<'_>]) -> Vec<Link> {
    let mut links = vec![Link::default(); grid.areas.len() * grid.keys.len()];
    for neighbour in earlier {
        let (theirs, ours, before) = if neighbour.quarter == quarter.previous() {
            ([Measure::Running, Measure::Ended], [Measure::Running, Measure::Started], true)
        } else if neighbour.quarter.previous() == quarter {
            ([Measure::Running, Measure::Started], [Measure::Running, Measure::Ended], false)
        } else {
            continue;
        };
        for (number, link) in links.iter_mut().enumerate() {
            let (area, key) = (number / grid.keys.len(), number % grid.keys.len());
            if !is_linked(&grid.areas[area], &grid.keys[key]) {
                continue;
            }
            let hidden = neighbour.hidden.get(&grid.areas[area]);
            let is_hidden = |measure: Measure| hidden.is_some_and(|of| of.contains(&(grid.keys[key].clone(), Column::Measure(measure))));
            if theirs.iter().any(|measure| is_hidden(*measure)) {
                let ours = ours.map(|measure| grid.place(area, key, measure as usize));
                if ours.iter().all(|place| !grid.states[*place].suppressed) {
                    // The smaller, but not a zero when the other is none.
                    let smallest = ours.into_iter().min_by_key(|place| (grid.numbers[*place] == 0, grid.numbers[*place]));
                    if let Some(place) = smallest {
                        grid.states[place].suppressed = true;
                    }
                }
            } else if before {
                link.before = true;
            } else {
                link.after = true;
            }
        }
    }
    links
}

/// The places, totals before their parts.
fn in_order(grid: &Grid) -> Vec<usize> {
    let mut places: Vec<usize> = (0..grid.states.len()).collect();
    places.sort_by_key(|place| grid.parts(*place).1);
    places
}

/// How many organisations there are says nothing of a person: it needs no witness.
fn is_of_persons(grid: &Grid, place: usize) -> bool {
    grid.parts(place).2 != Measure::Organisations as usize
}

/// Where nobody may know how many run, nobody may know whether somebody does.
fn hide_organisations(grid: &mut Grid) {
    for area in 0..grid.areas.len() {
        for key in 0..grid.keys.len() {
            let [running, organisations] = [Measure::Running, Measure::Organisations].map(|m| grid.place(area, key, m as usize));
            if grid.states[running].suppressed {
                grid.states[organisations].suppressed = true;
            }
        }
    }
}
