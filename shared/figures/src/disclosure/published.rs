//! What is told of a publication: the figures with `null` where a number is suppressed, and percentages, shares and changes only where
//! every number that they are made of is shown.

use std::collections::BTreeSet;

use domain::{Quarter, Region};
use serde_json::{Map, Value, json};

use super::{Area, Column, Hidden, Tables};
use crate::{
    AsOf, Base, CellKey, Counts, Definitions, Measure,
    fraction::percentage,
    json::{put, scope_json},
};

/// A publication's counts and what of them is suppressed.
#[derive(Clone, Copy, Debug)]
pub struct Set<'a> {
    /// The counts.
    pub tables: &'a Tables,
    /// What is suppressed.
    pub hidden: &'a Hidden,
    /// By which definitions it was made.
    pub definitions: &'a Definitions,
}

/// A table of a publication, as everybody may see it.
#[derive(Clone, Copy, Debug)]
pub struct Published<'a> {
    /// The quarter.
    pub quarter: Quarter,
    /// Whose table.
    pub area: &'a Area,
    /// The publication.
    pub set: Set<'a>,
    /// By which definitions it was made.
    pub definitions: &'a Definitions,
    /// What had been published of the quarter before; `None` when nothing had.
    pub previous_quarter: Option<Set<'a>>,
    /// What had been published of the same quarter a year earlier.
    pub year_earlier: Option<Set<'a>>,
}

impl Set<'_> {
    /// The counts of a cell, also those that are suppressed; of nobody where there is no such cell.
    #[must_use]
    pub fn counts(&self, area: &Area, key: &CellKey) -> Counts {
        let (area, key) = Tables::place(area, key);
        self.tables.cell(&area, &key).cloned().unwrap_or_else(Counts::of_nobody)
    }

    /// Whether a number is shown.
    #[must_use]
    pub fn shows(&self, area: &Area, key: &CellKey, column: &Column) -> bool {
        let (area, key) = Tables::place(area, key);
        !self.hidden.get(&area).is_some_and(|hidden| hidden.contains(&(key, column.clone())))
    }

    fn shows_all(&self, area: &Area, key: &CellKey, measures: &[Measure]) -> bool {
        measures.iter().all(|measure| self.shows(area, key, &Column::Measure(*measure)))
    }

    /// Whether every number is shown that a percentage is made of.
    #[must_use]
    pub fn shows_percentage(&self, area: &Area, key: &CellKey, measure: Measure, definitions: &Definitions) -> bool {
        let of_base: &[Measure] = match definitions.base(measure) {
            Base::None => return false,
            Base::Running => &[Measure::Running],
            Base::Ended => &[Measure::Ended],
            Base::PaidWork => &[Measure::PaidWork],
            Base::Employed => &[Measure::EmployedUnder6Months, Measure::Employed6To12Months, Measure::EmployedOver12Months],
        };
        // What some methods are left out of tells of those methods.
        let leaves_out = matches!(measure, Measure::SustainableWork | Measure::SustainableWorkUnknown) && *key == CellKey::All;
        let left_out = definitions.sustainable_leaves_out.iter().filter(|_| leaves_out);
        self.shows_all(area, key, &[measure])
            && self.shows_all(area, key, of_base)
            && left_out.into_iter().all(|method| self.shows_all(area, &CellKey::Method(*method), &[measure, Measure::Running]))
    }

    /// The cells of a table: those that count somebody, and those in which something is suppressed.
    #[must_use]
    pub fn keys(&self, area: &Area, tables: bool) -> BTreeSet<CellKey> {
        let of = |area: &Area| -> BTreeSet<CellKey> {
            let counted = self.tables.0.get(area).into_iter().flat_map(|table| table.keys().cloned());
            let hidden = self.hidden.get(area).into_iter().flatten().map(|(key, _)| key.clone());
            counted.chain(hidden).chain([CellKey::All]).collect()
        };
        let mut keys = of(area);
        if tables && *area == Area::National {
            for other in self.tables.0.keys() {
                let methods = of(other).into_iter().filter_map(|key| match key {
                    CellKey::Method(method) => Some(method),
                    CellKey::All
                    | CellKey::MethodFunding(..)
                    | CellKey::MethodVariant(..)
                    | CellKey::MethodOrganisation(..)
                    | CellKey::MethodRegion(..) => None,
                });
                match other {
                    Area::National => {}
                    Area::Region(region) => keys.extend(methods.map(|method| CellKey::MethodRegion(method, *region))),
                    Area::Organisation(name) => keys.extend(methods.map(|method| CellKey::MethodOrganisation(method, name.clone()))),
                }
            }
        }
        keys
    }
}

impl Published<'_> {
    /// In the shape of [`crate::Figures::to_json`], and `suppressed`: the paths of what is.
    #[must_use]
    pub fn to_json(&self, tables: bool, as_of: &AsOf) -> Value {
        let Self { area, set, definitions, .. } = *self;
        let (mut figures, mut percentages, mut shares) = (Map::new(), Map::new(), Map::new());
        let (mut previous, mut earlier) = (Map::new(), Map::new());
        let mut suppressed: Vec<Value> = Vec::new();
        for key in set.keys(area, tables) {
            let (path, counts) = (key.path(), set.counts(area, &key));
            put(&mut figures, &path, self.counts_json(&key, &counts, &mut suppressed));
            let shown = Measure::ALL.iter().filter(|measure| set.shows_percentage(area, &key, **measure, definitions));
            let shown = shown.filter_map(|measure| Some((measure.as_str().to_owned(), counts.percentage(*measure, definitions)?.into())));
            put(&mut percentages, &path, Value::Object(shown.collect()));
            if let Some(share) = self.share(&key) {
                put(&mut shares, &path, share.into());
            }
            for (tree, then) in [(&mut previous, self.previous_quarter), (&mut earlier, self.year_earlier)] {
                if let Some(then) = then {
                    put(tree, &path, self.changes(&key, &counts, then));
                }
            }
        }
        json!({
            "quarter": self.quarter.to_string(),
            "scope": scope_json(&area.scope()),
            "provisional": as_of.provisional,
            "as_of": {"position": as_of.position, "recorded_at": as_of.recorded_at},
            "definitions": definitions.name,
            "disclosure": "public",
            "figures": figures,
            "percentages": percentages,
            "shares": shares,
            "changes": {"previous_quarter": previous, "year_earlier": earlier},
            "suppressed": suppressed,
        })
    }

    fn counts_json(&self, key: &CellKey, counts: &Counts, suppressed: &mut Vec<Value>) -> Value {
        let path = key.path().join(".");
        let mut number = |column: &Column| {
            if self.set.shows(self.area, key, column) {
                return Value::from(column.of(counts));
            }
            suppressed.push(format!("{path}.{}", column.name()).into());
            Value::Null
        };
        let mut cell: Map<String, Value> =
            Measure::ALL.iter().map(|measure| (measure.as_str().to_owned(), number(&Column::Measure(*measure)))).collect();
        let (area, at) = Tables::place(self.area, key);
        let hidden = self.set.hidden.get(&area).into_iter().flatten().filter(|(of, _)| *of == at).filter_map(|(_, column)| match column {
            Column::Scheme(scheme) => Some(scheme),
            Column::Measure(_) => None,
        });
        let schemes: BTreeSet<_> = counts.schemes.iter().map(|(scheme, _)| scheme).chain(hidden).collect();
        let schemes: Map<String, Value> =
            schemes.into_iter().map(|scheme| (scheme.to_string(), number(&Column::Scheme(scheme.clone())))).collect();
        cell.insert("scheme_started_year_to_date".to_owned(), Value::Object(schemes));
        Value::Object(cell)
    }

    /// As [`crate::Figures::share`].
    fn share(&self, key: &CellKey) -> Option<String> {
        let (whole, without) = match key {
            CellKey::Method(_) => (CellKey::All, None),
            CellKey::MethodFunding(method, _) => (CellKey::Method(*method), None),
            CellKey::MethodVariant(method, Some(_)) => (CellKey::Method(*method), Some(CellKey::MethodVariant(*method, None))),
            CellKey::All | CellKey::MethodVariant(_, None) | CellKey::MethodOrganisation(..) | CellKey::MethodRegion(..) => return None,
        };
        let parts = [Some(key), Some(&whole), without.as_ref()];
        if !parts.iter().flatten().all(|part| self.set.shows_all(self.area, part, &[Measure::Running])) {
            return None;
        }
        let running = |key: &CellKey| self.set.counts(self.area, key).get(Measure::Running);
        percentage(running(key), running(&whole).saturating_sub(without.as_ref().map_or(0, running)))
    }

    fn changes(&self, key: &CellKey, counts: &Counts, then: Set<'_>) -> Value {
        let earlier = then.counts(self.area, key);
        let changes = Measure::ALL.iter().map(|measure| {
            let column = Column::Measure(*measure);
            let change = counts.change(&earlier, *measure, self.definitions);
            let counts_shown = self.set.shows(self.area, key, &column) && then.shows(self.area, key, &column);
            let both = [self.set, then];
            let points_shown = both.iter().all(|set| {
                // A percentage is told of by the definitions that made it, and by those that it is compared by.
                [set.definitions, self.definitions].iter().all(|definitions| set.shows_percentage(self.area, key, *measure, definitions))
            });
            let absolute = i64::try_from(change.absolute).ok().filter(|_| counts_shown);
            let points = change.points.filter(|_| points_shown);
            let change = json!({"absolute": absolute, "points": points, "relative": change.relative.filter(|_| counts_shown)});
            (measure.as_str().to_owned(), change)
        });
        Value::Object(changes.collect())
    }

    /// Whether there is such a table: of every region of the list, of the organisations that are counted, and of the country.
    #[must_use]
    pub fn exists(&self) -> bool {
        match self.area {
            Area::National => true,
            Area::Region(region) => *region != Region::Unlisted,
            Area::Organisation(_) => self.set.tables.0.contains_key(self.area),
        }
    }
}
