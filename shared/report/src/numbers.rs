//! The numbers that a report is written from: counts by cell and measure, each of which may be shielded.
//!
//! A shielded count is `None`, and so is everything that would give it away: its percentage, and the percentages of which it is the whole.

use std::collections::BTreeMap;

use domain::{Method, Name, Quarter};
use figures::{Base, CellKey, Counts, Definitions, Figures, Measure};

/// A part of a whole, both as counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fraction {
    /// The numerator.
    pub part: u64,
    /// The denominator, never 0.
    pub whole: u64,
}

impl Fraction {
    /// `None` of nothing.
    #[must_use]
    pub const fn of(part: u64, whole: u64) -> Option<Self> {
        if whole == 0 { None } else { Some(Self { part, whole }) }
    }

    /// In tenths of a percent, half up: 355 is 35,5 %.
    #[must_use]
    pub fn tenths(self) -> u64 {
        let (part, whole) = (u128::from(self.part), u128::from(self.whole.max(1)));
        u64::try_from((2 * 1000 * part + whole) / (2 * whole)).unwrap_or(u64::MAX)
    }
}

/// A measure in a cell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Figure {
    /// How many; `None` when it is shielded.
    pub count: Option<u64>,
    /// Of how many; `None` where the measure has no percentage, its whole is 0, or either is shielded.
    pub fraction: Option<Fraction>,
}

impl Figure {
    /// What is in a cell that does not occur.
    const NOTHING: Self = Self { count: Some(0), fraction: None };

    /// Whether there is none, and that may be said.
    #[must_use]
    pub fn is_zero(&self) -> bool {
        self.count == Some(0)
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Cell {
    figures: Vec<Figure>,
    schemes: Vec<(Name, Option<u64>)>,
}

/// Counts of one cell by measure, as they were kept; `None` is shielded.
pub type KnownCounts = Vec<(Measure, Option<u64>)>;

/// The numbers of one quarter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Numbers {
    quarter: Quarter,
    bases: Vec<Base>,
    cells: BTreeMap<CellKey, Cell>,
}

impl Numbers {
    /// All cells of these figures, nothing shielded.
    #[must_use]
    pub fn of(quarter: Quarter, figures: &Figures, definitions: &Definitions) -> Self {
        let cell = |counts: &Counts| {
            let figure = |measure: &Measure| Figure {
                count: Some(counts.get(*measure)),
                fraction: counts.fraction(*measure, definitions).and_then(|(part, whole)| Fraction::of(part, whole)),
            };
            let schemes = counts.schemes.iter().map(|(scheme, count)| (scheme.clone(), Some(*count))).collect();
            Cell { figures: Measure::ALL.iter().map(figure).collect(), schemes }
        };
        let cells = figures.cells.iter().map(|(key, counts)| (key.clone(), cell(counts))).collect();
        Self { quarter, bases: Measure::ALL.iter().map(|measure| definitions.base(*measure)).collect(), cells }
    }

    /// From counts that were kept, as a published set keeps them: a count that is `None` is shielded, a measure that is not named is 0. Percentages are
    /// taken as the definitions say; none is taken of or from what is shielded.
    #[must_use]
    pub fn of_counts(quarter: Quarter, definitions: &Definitions, cells: Vec<(CellKey, KnownCounts)>) -> Self {
        let bases: Vec<Base> = Measure::ALL.iter().map(|measure| definitions.base(*measure)).collect();
        let counts: BTreeMap<CellKey, Vec<Option<u64>>> = cells
            .into_iter()
            .map(|(key, known)| {
                let mut counts = vec![Some(0); Measure::COUNT];
                for (measure, count) in known {
                    counts[measure as usize] = count;
                }
                (key, counts)
            })
            .collect();
        let cell = |(key, of): (&CellKey, &Vec<Option<u64>>)| {
            let figure = |measure: &Measure| Figure {
                count: of[*measure as usize],
                fraction: fraction(&counts, definitions, key, *measure).and_then(|(part, whole)| Fraction::of(part, whole)),
            };
            (key.clone(), Cell { figures: Measure::ALL.iter().map(figure).collect(), schemes: Vec::new() })
        };
        let cells = counts.iter().map(cell).collect();
        Self { quarter, bases, cells }
    }

    /// The quarter.
    #[must_use]
    pub const fn quarter(&self) -> Quarter {
        self.quarter
    }

    /// Shields a count: it is as if it were not known, and no percentage that it is a part or the whole of is left. A cell that does not occur stays
    /// as it is.
    pub fn shield(&mut self, key: &CellKey, measure: Measure) {
        let bases = &self.bases;
        let Some(cell) = self.cells.get_mut(key) else { return };
        let employed = [Measure::EmployedUnder6Months, Measure::Employed6To12Months, Measure::EmployedOver12Months];
        for (of, figure) in Measure::ALL.iter().zip(&mut cell.figures) {
            let whole_is_shielded = match bases.get(*of as usize).copied().unwrap_or(Base::None) {
                Base::Running => measure == Measure::Running,
                Base::Ended => measure == Measure::Ended,
                Base::PaidWork => measure == Measure::PaidWork,
                Base::Employed => employed.contains(&measure),
                Base::None => false,
            };
            if *of == measure {
                figure.count = None;
            }
            if *of == measure || whole_is_shielded {
                figure.fraction = None;
            }
        }
    }

    /// Shields a percentage alone: its count is shown, and what it is of is not.
    pub fn shield_percentage(&mut self, key: &CellKey, measure: Measure) {
        if let Some(figure) = self.cells.get_mut(key).and_then(|cell| cell.figures.get_mut(measure as usize)) {
            figure.fraction = None;
        }
    }

    /// Shields how many started under a scheme.
    pub fn shield_scheme(&mut self, key: &CellKey, scheme: &str) {
        let Some(cell) = self.cells.get_mut(key) else { return };
        match cell.schemes.iter_mut().find(|(name, _)| name.as_str() == scheme) {
            Some((_, count)) => *count = None,
            // That there is none is not to be told either.
            None => cell.schemes.push((scheme.into(), None)),
        }
        cell.schemes.sort_unstable_by(|(one, _), (other, _)| one.cmp(other));
    }

    /// A measure in a cell; 0 where the cell does not occur.
    #[must_use]
    pub fn figure(&self, key: &CellKey, measure: Measure) -> Figure {
        self.cells.get(key).and_then(|cell| cell.figures.get(measure as usize)).copied().unwrap_or(Figure::NOTHING)
    }

    /// How many; `None` when it is shielded.
    #[must_use]
    pub fn count(&self, key: &CellKey, measure: Measure) -> Option<u64> {
        self.figure(key, measure).count
    }

    /// How many started in the year to date, by scheme.
    #[must_use]
    pub fn schemes(&self, key: &CellKey) -> &[(Name, Option<u64>)] {
        self.cells.get(key).map_or(&[], |cell| &cell.schemes)
    }

    /// The share that a method has of all running trajectories, or a funding or variant of its method's (those without a variant left out);
    /// of the cells per organisation and per region none.
    #[must_use]
    pub fn share(&self, key: &CellKey) -> Option<Fraction> {
        let running = |key: &CellKey| self.count(key, Measure::Running);
        let whole = match key {
            CellKey::Method(_) => running(&CellKey::All)?,
            CellKey::MethodFunding(method, _) => running(&CellKey::Method(*method))?,
            CellKey::MethodVariant(method, Some(_)) => {
                let without = running(&CellKey::MethodVariant(Method::Ips, None))?;
                running(&CellKey::Method(*method))?.saturating_sub(without)
            }
            CellKey::All | CellKey::MethodVariant(_, None) | CellKey::MethodOrganisation(..) | CellKey::MethodRegion(..) => return None,
        };
        Fraction::of(running(key)?, whole)
    }

    /// Whether anything is shielded.
    #[must_use]
    pub fn anything_shielded(&self) -> bool {
        let shielded =
            |cell: &Cell| cell.figures.iter().any(|figure| figure.count.is_none()) || cell.schemes.iter().any(|(_, count)| count.is_none());
        self.cells.values().any(shielded)
    }

    /// Whether nobody was guided: nothing can be compared with it.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.count(&CellKey::All, Measure::Running) == Some(0)
    }
}

/// Numerator and denominator of a percentage, from kept counts.
fn fraction(
    counts: &BTreeMap<CellKey, Vec<Option<u64>>>,
    definitions: &Definitions,
    key: &CellKey,
    measure: Measure,
) -> Option<(u64, u64)> {
    let get = |key: &CellKey, measure: Measure| counts.get(key).map_or(Some(0), |of| of[measure as usize]);
    let whole = match definitions.base(measure) {
        Base::None => return None,
        Base::Running => get(key, Measure::Running)?,
        Base::Ended => get(key, Measure::Ended)?,
        Base::PaidWork => get(key, Measure::PaidWork)?,
        Base::Employed => {
            let known = [Measure::EmployedUnder6Months, Measure::Employed6To12Months, Measure::EmployedOver12Months];
            known.iter().map(|measure| get(key, *measure)).sum::<Option<u64>>()?
        }
    };
    let part = get(key, measure)?;
    if !matches!(measure, Measure::SustainableWork | Measure::SustainableWorkUnknown) {
        return Some((part, whole));
    }
    let left_out = &definitions.sustainable_leaves_out;
    match key {
        CellKey::All => {
            let of = |measure| left_out.iter().map(|method| get(&CellKey::Method(*method), measure)).sum::<Option<u64>>();
            Some((part.saturating_sub(of(measure)?), whole.saturating_sub(of(Measure::Running)?)))
        }
        CellKey::Method(method)
        | CellKey::MethodFunding(method, _)
        | CellKey::MethodVariant(method, _)
        | CellKey::MethodOrganisation(method, _)
        | CellKey::MethodRegion(method, _) => (!left_out.contains(method)).then_some((part, whole)),
    }
}
