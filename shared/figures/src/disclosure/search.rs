//! The search for a witness: of the moves that leave all that is shown as it is and could be true, the one that suppresses least.

use super::{
    Area,
    grid::{Grid, method_of},
    moves::{MeasureVectors, Vector, key_vectors, measure_vectors},
    relations::{as_expected, could_be},
};
use crate::{CellKey, Definitions, Measure};

/// What suppressing a number costs beside its size, so that what is used most is kept longest.
const ANY: u64 = 10;
/// A zero that is suppressed looks like something.
const ZERO: u64 = 3_000;
/// More so where the area has nobody of that kind.
const NOBODY: u64 = 30_000;
/// National numbers are what a publication is for.
const NATIONAL: u64 = 10_000_000;
/// What an earlier vintage shows does not hide anything from those who expect it to have stayed.
const KNOWN: u64 = 10_000_000_000;
/// The highest count that makes a difference.
const LARGEST: i64 = 2_000;

/// How the numbers of an area and key hang together with the neighbouring quarters: running = running before − ended before + started.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Link {
    /// The quarter before shows both of its numbers.
    pub(super) before: bool,
    /// The quarter after does.
    pub(super) after: bool,
}

/// What a search came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Found {
    /// There is a witness in which every small number stays one.
    Hidden,
    /// There is one for whoever does not know why a number is suppressed, as a publication does not say.
    HiddenFromReaders,
    /// There is none.
    Nothing,
}

/// One side of a move: what is added in one area.
#[derive(Clone, Copy, Debug)]
struct Side<'a> {
    area: usize,
    sign: i64,
    keys: &'a Vector,
    measures: &'a Vector,
}

/// Looks for witnesses.
#[derive(Debug)]
pub(super) struct Search<'a> {
    pub(super) grid: Grid,
    /// By area and key.
    pub(super) links: Vec<Link>,
    definitions: &'a Definitions,
    by_key: Vec<Vec<Vector>>,
    by_column: Vec<MeasureVectors>,
    /// Whether the witness must convince somebody who knows which numbers are suppressed because they are small.
    to_insiders: std::cell::Cell<bool>,
    /// Whether it must also keep what a reader reckons with (see [`as_expected`]).
    to_reckoners: std::cell::Cell<bool>,
    /// A cell's numbers while a move is tried.
    tried: std::cell::RefCell<Vec<i64>>,
}

impl<'a> Search<'a> {
    pub(super) fn new(grid: Grid, links: Vec<Link>, definitions: &'a Definitions) -> Self {
        let (by_key, by_column) = (key_vectors(&grid.keys), measure_vectors(&grid.columns));
        let (to_insiders, to_reckoners) = (std::cell::Cell::new(true), std::cell::Cell::new(true));
        Self { grid, links, definitions, by_key, by_column, to_insiders, to_reckoners, tried: std::cell::RefCell::default() }
    }

    /// Finds a witness for a number and suppresses what it changes.
    pub(super) fn witness(&mut self, place: usize) -> Found {
        // What is national or known already goes last; before that, what only hides from those who do not know why a number is suppressed.
        let whom = [true, false].map(|to_reckoners| [true, false].map(|to_insiders| (to_reckoners, to_insiders)));
        let [below, national] = [NATIONAL, u64::MAX].map(|limit| whom.map(|whom| whom.map(|whom| (limit, whom))));
        let [convinced, less] = [0, 1].map(|place| [below[place], national[place]]);
        for (limit, (to_reckoners, to_insiders)) in convinced.into_iter().chain(less).flatten() {
            self.to_insiders.set(to_insiders);
            self.to_reckoners.set(to_reckoners);
            let touched = self.best(place, limit);
            if touched.is_empty() {
                continue;
            }
            for place in &touched {
                self.grid.states[*place].suppressed = true;
                self.grid.states[*place].witnessed = true;
            }
            return if to_insiders && to_reckoners { Found::Hidden } else { Found::HiddenFromReaders };
        }
        Found::Nothing
    }

    fn best(&self, place: usize, at_most: u64) -> Vec<usize> {
        let (area, key, column) = self.grid.parts(place);
        let vectors = &self.by_column[column];
        for measures in [&vectors.near, &vectors.all] {
            let mut best: Option<(u64, Vec<Side<'_>>)> = None;
            let mut here = Vec::new();
            for sign in [1, -1] {
                for keys in &self.by_key[key] {
                    for measures in measures {
                        let side = Side { area, sign, keys, measures };
                        here.extend(self.cost(side, at_most).map(|cost| (cost, side)));
                    }
                }
            }
            here.sort_by_key(|(cost, _)| *cost);
            for (cost, side) in &here {
                let limit = best.as_ref().map_or(at_most, |(cost, _)| *cost);
                if *cost >= limit {
                    break;
                }
                best = self.others(*side, limit - cost).map(|(more, sides)| (cost + more, sides)).or(best);
            }
            if let Some((_, sides)) = best {
                let organisations = self.organisations(&sides);
                return sides.into_iter().flat_map(|side| self.places(side)).chain(organisations).collect();
            }
        }
        Vec::new()
    }

    /// The cheapest rest of a move that begins so: another area of the kind from which it is taken; or, when there is none, an area of the
    /// other kind to which it is added, and the country. Below `limit`.
    fn others<'s>(&self, side: Side<'s>, limit: u64) -> Option<(u64, Vec<Side<'s>>)> {
        let own = &self.grid.areas[side.area];
        let same_kind = |area: &Area| std::mem::discriminant(area) == std::mem::discriminant(own);
        let mut best: Option<(u64, Vec<Side<'s>>)> = None;
        for (area, _) in self.grid.areas.iter().enumerate().filter(|(area, of)| *area != side.area && same_kind(of)) {
            let other = Side { area, sign: -side.sign, ..side };
            let limit = best.as_ref().map_or(limit, |(cost, _)| *cost);
            let found = self.cost(other, limit).and_then(|cost| self.with_organisations(cost, vec![side, other], limit));
            best = found.or(best);
            if best.as_ref().is_some_and(|(cost, _)| *cost == 0) {
                return best;
            }
        }
        if best.is_some() || limit <= NATIONAL {
            return best;
        }
        let country = self.grid.areas.binary_search(&Area::National).ok()?;
        let country = Side { area: country, ..side };
        let cost_there = self.cost(country, limit)?;
        for (area, _) in self.grid.areas.iter().enumerate().filter(|(_, of)| **of != Area::National && !same_kind(of)) {
            let other = Side { area, ..side };
            let limit = best.as_ref().map_or(limit, |(cost, _)| *cost);
            let found = self.cost(other, limit.saturating_sub(cost_there));
            best = found.and_then(|cost| self.with_organisations(cost + cost_there, vec![side, country, other], limit)).or(best);
        }
        best
    }

    /// What is suppressed for this side; `None` when it could not be true, or costs `limit` or more.
    fn cost(&self, side: Side<'_>, limit: u64) -> Option<u64> {
        let Side { area, sign, keys, measures } = side;
        let threshold = i64::try_from(self.definitions.disclosure_threshold).unwrap_or(i64::MAX);
        let mut cost = 0_u64;
        for (key, by_key) in keys {
            for (column, by_measure) in measures {
                let place = self.grid.place(area, *key, *column);
                let (number, state) = (self.grid.numbers[place], self.grid.states[place]);
                let then = number + sign * by_key * by_measure;
                if then < 0 || (self.to_insiders.get() && state.small && !(1..threshold).contains(&then)) {
                    return None;
                }
                cost += self.price(place);
            }
            if cost >= limit {
                return None;
            }
        }
        (self.keeps_links(side) && self.could_be(side)).then_some(cost)
    }

    fn price(&self, place: usize) -> u64 {
        let state = self.grid.states[place];
        if state.suppressed {
            return 0;
        }
        let (area, key, _) = self.grid.parts(place);
        let number = self.grid.numbers[place];
        let size = if number == 0 {
            if self.grid.occurs[area * self.grid.keys.len() + key] { ZERO } else { NOBODY }
        } else {
            ANY + number.min(LARGEST).unsigned_abs()
        };
        let national = if self.grid.areas[area] == Area::National { NATIONAL } else { 0 };
        size + national + if state.known { KNOWN } else { 0 }
    }

    /// Where the country's numbers of organisations stand that a move changes: one organisation may take another's place.
    fn organisations(&self, sides: &[Side<'_>]) -> Vec<usize> {
        let Some(first) = sides.first() else { return Vec::new() };
        let running = Measure::Running as usize;
        let Some((_, by_measure)) = first.measures.iter().find(|(column, _)| *column == running) else { return Vec::new() };
        let Ok(country) = self.grid.areas.binary_search(&Area::National) else { return Vec::new() };
        let more = |key: usize, by_key: i64| -> i64 {
            let organisations = sides.iter().filter(|side| matches!(self.grid.areas[side.area], Area::Organisation(_)));
            let come_or_go = organisations.map(|side| {
                let number = self.grid.numbers[self.grid.place(side.area, key, running)];
                let then = number + side.sign * by_key * by_measure;
                i64::from(number == 0 && then > 0) - i64::from(number > 0 && then == 0)
            });
            come_or_go.sum()
        };
        let changed = first.keys.iter().filter(|(key, by_key)| more(*key, *by_key) != 0);
        changed.map(|(key, _)| self.grid.place(country, *key, Measure::Organisations as usize)).collect()
    }

    /// What the rest of a move costs, with the numbers of organisations that it changes.
    fn with_organisations<'s>(&self, cost: u64, sides: Vec<Side<'s>>, limit: u64) -> Option<(u64, Vec<Side<'s>>)> {
        let cost = cost + self.organisations(&sides).into_iter().map(|place| self.price(place)).sum::<u64>();
        (cost < limit).then_some((cost, sides))
    }

    fn keeps_links(&self, side: Side<'_>) -> bool {
        let by = |wanted: Measure| side.measures.iter().find(|(column, _)| *column == wanted as usize).map_or(0, |(_, by)| *by);
        let (running, started, ended) = (by(Measure::Running), by(Measure::Started), by(Measure::Ended));
        if running == started && running == ended {
            return true;
        }
        side.keys.iter().all(|(key, _)| {
            let link = self.links[side.area * self.grid.keys.len() + key];
            (!link.before || running == started) && (!link.after || running == ended)
        })
    }

    fn could_be(&self, side: Side<'_>) -> bool {
        let Side { area, sign, keys, measures } = side;
        let mut tried = self.tried.borrow_mut();
        keys.iter().all(|(key, by_key)| {
            let first = self.grid.cell(area, *key);
            tried.clear();
            tried.extend_from_slice(&self.grid.numbers[first..first + self.grid.columns.len()]);
            for (column, by_measure) in measures {
                tried[*column] += sign * by_key * by_measure;
            }
            let expected =
                !self.to_reckoners.get() || as_expected(&tried) || !as_expected(&self.grid.numbers[first..first + self.grid.columns.len()]);
            expected && could_be(&tried, method_of(&self.grid.keys[*key]), &self.grid.columns, self.definitions)
        })
    }

    /// Every place that a side changes.
    fn places(&self, side: Side<'_>) -> Vec<usize> {
        let columns =
            |(key, _): &(usize, i64)| side.measures.iter().map(|(column, _)| self.grid.place(side.area, *key, *column)).collect::<Vec<_>>();
        side.keys.iter().flat_map(columns).collect()
    }
}

/// Whether the identity of neighbouring quarters holds for cells of this key: a trajectory keeps its method.
pub(super) const fn is_linked(area: &Area, key: &CellKey) -> bool {
    match (area, key) {
        (Area::National | Area::Organisation(_), CellKey::All | CellKey::Method(_)) => true,
        (Area::Region(_), _)
        | (_, CellKey::MethodFunding(..) | CellKey::MethodVariant(..) | CellKey::MethodOrganisation(..) | CellKey::MethodRegion(..)) => {
            false
        }
    }
}
