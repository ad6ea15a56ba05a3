//! The figures that follow from the counts: by measure, percentages, shares, changes.

use domain::{Method, Name};

use crate::{
    Base, CellKey, ChangeBasis, Definitions, Measure, Tallies, Tally,
    cell::Cell,
    fraction::{one_decimal, percentage},
};

/// The counts of one cell, by measure.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Counts {
    by_number: [u64; Measure::COUNT],
    sustainable_base: u64,
    sustainable: u64,
    sustainable_unknown: u64,
    /// Trajectories that started in the year to date, by scheme.
    pub schemes: Vec<(Name, u64)>,
}

impl Counts {
    fn of(tally: &Tally, cell: Option<&Cell>) -> Self {
        let empty = Cell::default();
        let cell = cell.unwrap_or(&empty);
        let mut by_number = cell.counts;
        by_number[Measure::UnpaidSum as usize] = Measure::UNPAID.iter().map(|measure| cell.counts[*measure as usize]).sum();
        by_number[Measure::Organisations as usize] = cell.organisations();
        Self {
            by_number,
            sustainable_base: cell.sustainable_base,
            sustainable: cell.sustainable,
            sustainable_unknown: cell.sustainable_unknown,
            schemes: tally.schemes(cell),
        }
    }

    /// Of nobody.
    #[must_use]
    pub const fn of_nobody() -> Self {
        Self::restored([0; Measure::COUNT], [0; 3], Vec::new())
    }

    /// Counts as they were told before: by measure, [`Counts::sustainable_parts`], and by scheme.
    #[must_use]
    pub const fn restored(by_number: [u64; Measure::COUNT], [base, sustainable, unknown]: [u64; 3], schemes: Vec<(Name, u64)>) -> Self {
        Self { by_number, sustainable_base: base, sustainable, sustainable_unknown: unknown, schemes }
    }

    /// What percentages of sustainable work are made of: the denominator, and the numerators of the two measures.
    #[must_use]
    pub const fn sustainable_parts(&self) -> [u64; 3] {
        [self.sustainable_base, self.sustainable, self.sustainable_unknown]
    }

    /// How many.
    #[must_use]
    pub const fn get(&self, measure: Measure) -> u64 {
        self.by_number[measure as usize]
    }

    /// Numerator and denominator of a measure's percentage; `None` where it has none.
    #[must_use]
    pub fn fraction(&self, measure: Measure, definitions: &Definitions) -> Option<(u64, u64)> {
        let base = definitions.base(measure);
        let (part, whole) = match (base, measure) {
            (Base::None, _) => return None,
            (Base::Running, Measure::SustainableWork) => (self.sustainable, self.sustainable_base),
            (Base::Running, Measure::SustainableWorkUnknown) => (self.sustainable_unknown, self.sustainable_base),
            (Base::Running, _) => (self.get(measure), self.get(Measure::Running)),
            (Base::Ended, _) => (self.get(measure), self.get(Measure::Ended)),
            (Base::PaidWork, _) => (self.get(measure), self.get(Measure::PaidWork)),
            (Base::Employed, _) => {
                let known = [Measure::EmployedUnder6Months, Measure::Employed6To12Months, Measure::EmployedOver12Months];
                (self.get(measure), known.iter().map(|measure| self.get(*measure)).sum())
            }
        };
        (whole != 0).then_some((part, whole))
    }

    /// A measure's percentage with one decimal; `None` where it has none.
    #[must_use]
    pub fn percentage(&self, measure: Measure, definitions: &Definitions) -> Option<String> {
        let (part, whole) = self.fraction(measure, definitions)?;
        percentage(part, whole)
    }

    /// How a measure changed since an earlier quarter.
    #[must_use]
    pub fn change(&self, earlier: &Self, measure: Measure, definitions: &Definitions) -> Change {
        let (now, then) = (i128::from(self.get(measure)), i128::from(earlier.get(measure)));
        let points = self.fraction(measure, definitions).zip(earlier.fraction(measure, definitions)).map(|((a, b), (c, d))| {
            let [a, b, c, d] = [a, b, c, d].map(i128::from);
            one_decimal(100 * (a * d - c * b), b * d)
        });
        let basis = match definitions.change_basis(measure) {
            ChangeBasis::Earlier => then,
            ChangeBasis::Current => now,
        };
        Change { absolute: now - then, points, relative: (basis != 0).then(|| one_decimal(100 * (now - then), basis)) }
    }
}

/// A change of a measure between two quarters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// The difference of the counts.
    pub absolute: i128,
    /// The difference of the percentages in points, from the exact fractions; `None` where either is missing.
    pub points: Option<String>,
    /// The difference in percent of the earlier value (or of what the definitions say); `None` when that is 0.
    pub relative: Option<String>,
}

/// The figures of one quarter.
#[derive(Clone, Debug, Default)]
pub struct Figures {
    /// The cells, in their order; [`CellKey::All`] is always there.
    pub cells: Vec<(CellKey, Counts)>,
    /// The same cells in the quarter before.
    pub previous_quarter: Vec<Counts>,
    /// The same cells in the same quarter a year earlier.
    pub year_earlier: Vec<Counts>,
}

impl Figures {
    /// The figures that follow from these counts.
    #[must_use]
    pub fn of(tallies: &Tallies) -> Self {
        let current = &tallies.current;
        let mut cells: Vec<(CellKey, Counts)> =
            current.cells().into_iter().map(|(key, cell)| (key.clone(), Counts::of(current, Some(cell)))).collect();
        if cells.first().is_none_or(|(key, _)| *key != CellKey::All) {
            cells.insert(0, (CellKey::All, Counts::of(current, None)));
        }
        let same_cells = |tally: &Tally| cells.iter().map(|(key, _)| Counts::of(tally, tally.cell(key))).collect();
        let (previous_quarter, year_earlier) = (same_cells(&tallies.previous_quarter), same_cells(&tallies.year_earlier));
        Self { cells, previous_quarter, year_earlier }
    }

    /// The same figures, their changes since other counts: of each earlier quarter those that it had for this cell, `None` where the quarter has none.
    #[must_use]
    pub fn against(
        mut self,
        previous_quarter: Option<&dyn Fn(&CellKey) -> Counts>,
        year_earlier: Option<&dyn Fn(&CellKey) -> Counts>,
    ) -> Self {
        let of = |then: Option<&dyn Fn(&CellKey) -> Counts>| {
            then.map_or_else(Vec::new, |then| self.cells.iter().map(|(key, _)| then(key)).collect())
        };
        let (previous, earlier) = (of(previous_quarter), of(year_earlier));
        self.previous_quarter = previous;
        self.year_earlier = earlier;
        self
    }

    /// One cell's counts.
    #[must_use]
    pub fn cell(&self, key: &CellKey) -> Option<&Counts> {
        self.cells.iter().find(|(of, _)| of == key).map(|(_, counts)| counts)
    }

    /// The share that a method has of all running trajectories, or a funding or variant of its method's (those without a
    /// variant left out).
    #[must_use]
    pub fn share(&self, key: &CellKey) -> Option<String> {
        let running = |key: &CellKey| self.cell(key).map_or(0, |counts| counts.get(Measure::Running));
        let whole = match key {
            CellKey::Method(_) => running(&CellKey::All),
            CellKey::MethodFunding(method, _) => running(&CellKey::Method(*method)),
            CellKey::MethodVariant(method, Some(_)) => {
                running(&CellKey::Method(*method)) - running(&CellKey::MethodVariant(Method::Ips, None))
            }
            CellKey::All | CellKey::MethodVariant(_, None) | CellKey::MethodOrganisation(..) | CellKey::MethodRegion(..) => return None,
        };
        percentage(running(key), whole)
    }
}
