//! The tables of a publication: each area's cells by method, funding and variant, and the names of what is suppressed in them.

use std::collections::{BTreeMap, BTreeSet};

use domain::{Name, Region, Trajectory};

use crate::{
    CellKey, Counts, Definitions, Figures, Measure, Question, Scope, Tallies, Tally,
    contribution::{Contribution, Days},
};

/// What one table is about.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Area {
    /// The whole country.
    National,
    /// One labour-market region.
    Region(Region),
    /// One organisation.
    Organisation(Name),
}

impl Area {
    /// The area of a scope; `None` of a conjunction, of which no table is published.
    #[must_use]
    pub fn of(scope: &Scope) -> Option<Self> {
        match (scope.region, &scope.organisation) {
            (None, None) => Some(Self::National),
            (Some(region), None) => Some(Self::Region(region)),
            (None, Some(organisation)) => Some(Self::Organisation(organisation.clone())),
            (Some(_), Some(_)) => None,
        }
    }

    /// The scope that asks for it.
    #[must_use]
    pub fn scope(&self) -> Scope {
        match self {
            Self::National => Scope::default(),
            Self::Region(region) => Scope { region: Some(*region), organisation: None },
            Self::Organisation(organisation) => Scope { region: None, organisation: Some(organisation.clone()) },
        }
    }
}

/// One table: its cells by key. [`CellKey::All`] is always there, and the keys are those without `--tables`.
pub type Table = BTreeMap<CellKey, Counts>;

/// All tables of one quarter at one position.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tables(pub BTreeMap<Area, Table>);

impl Tables {
    /// One cell; `None` where nothing is counted.
    #[must_use]
    pub fn cell(&self, area: &Area, key: &CellKey) -> Option<&Counts> {
        self.0.get(area)?.get(key)
    }

    /// A cell as a question about this area names it: with `by_method_organisation` and `by_method_region` in the national table.
    #[must_use]
    pub fn place(area: &Area, key: &CellKey) -> (Area, CellKey) {
        match (area, key) {
            (Area::National, CellKey::MethodOrganisation(method, organisation)) => {
                (Area::Organisation(organisation.clone()), CellKey::Method(*method))
            }
            (Area::National, CellKey::MethodRegion(method, region)) => (Area::Region(*region), CellKey::Method(*method)),
            (area, key) => (area.clone(), key.clone()),
        }
    }
}

/// A number of a cell.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Column {
    /// A measure.
    Measure(Measure),
    /// Those that started in the year to date under this scheme.
    Scheme(Name),
}

impl Column {
    /// The end of its path: `paid_work`, `scheme_started_year_to_date.SLUG`.
    #[must_use]
    pub fn name(&self) -> String {
        match self {
            Self::Measure(measure) => measure.as_str().to_owned(),
            Self::Scheme(scheme) => format!("scheme_started_year_to_date.{scheme}"),
        }
    }

    /// The column of a cell.
    #[must_use]
    pub fn of(&self, counts: &Counts) -> u64 {
        match self {
            Self::Measure(measure) => counts.get(*measure),
            Self::Scheme(scheme) => counts.schemes.iter().find(|(name, _)| name == scheme).map_or(0, |(_, count)| *count),
        }
    }
}

/// What is suppressed, by table.
pub type Hidden = BTreeMap<Area, BTreeSet<(CellKey, Column)>>;

/// The counts of every area, trajectory by trajectory.
#[derive(Debug, Default)]
pub struct AreaTallies {
    national: Tally,
    areas: BTreeMap<Area, Tally>,
}

impl AreaTallies {
    /// Counts one trajectory in its tables; the question's scope is not looked at.
    pub fn count(&mut self, trajectory: &Trajectory, question: &Question<'_>) {
        let everywhere = Scope::default();
        let question = Question { scope: &everywhere, tables: false, ..*question };
        let Ok(contribution) = Contribution::of(trajectory, Days::of(question.quarter), question.definitions) else { return };
        self.national.count(trajectory, &question);
        let areas = [Area::Region(contribution.attributes.region), Area::Organisation(trajectory.organisation.clone())];
        for area in areas {
            self.areas.entry(area).or_default().count(trajectory, &question);
        }
    }

    /// Adds the counts of other trajectories.
    pub fn merge(&mut self, other: &Self) {
        self.national.merge(&other.national);
        for (area, tally) in &other.areas {
            self.areas.entry(area.clone()).or_default().merge(tally);
        }
    }

    /// The tables. Every region of the list has one, also where nobody is counted.
    #[must_use]
    pub fn tables(self) -> Tables {
        let Self { national, mut areas } = self;
        for (code, _) in Region::LIST {
            areas.entry(Area::Region(Region::of_code(code))).or_default();
        }
        areas.insert(Area::National, national);
        let table = |tally| Figures::of(&Tallies { current: tally, ..Tallies::default() }).cells.into_iter().collect();
        Tables(areas.into_iter().map(|(area, tally)| (area, table(tally))).collect())
    }
}

/// Whether a count of this area is one that must not be shown.
pub(super) const fn is_small(area: &Area, count: u64, definitions: &Definitions) -> bool {
    match area {
        Area::National => false,
        Area::Region(_) | Area::Organisation(_) => 1 <= count && count < definitions.disclosure_threshold,
    }
}
