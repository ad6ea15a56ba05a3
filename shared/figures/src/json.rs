//! The figures as JSON, in the shape of the contract.

use serde_json::{Map, Value, json};

use crate::{CellKey, Counts, Figures, Measure, Question, Scope};

/// From which state of the log figures were made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AsOf {
    /// The log position; 0 of an empty log.
    pub position: u64,
    /// That event's `recorded_at`, as written; `None` at position 0.
    pub recorded_at: Option<String>,
    /// Whether the quarter had not ended at the moment asked for.
    pub provisional: bool,
}

impl CellKey {
    /// The path of the cell: `["by_method", "ips"]`.
    #[must_use]
    pub fn path(&self) -> Vec<&str> {
        match self {
            Self::All => vec!["all"],
            Self::Method(method) => vec!["by_method", method.as_str()],
            Self::MethodFunding(method, funding) => vec!["by_method_funding", method.as_str(), funding.as_str()],
            Self::MethodVariant(method, variant) => {
                vec!["by_method_variant", method.as_str(), variant.map_or("none", |variant| variant.as_str())]
            }
            Self::MethodOrganisation(method, organisation) => vec!["by_method_organisation", method.as_str(), organisation.as_str()],
            Self::MethodRegion(method, region) => vec!["by_method_region", method.as_str(), region.code()],
        }
    }
}

/// Puts a value at a path, making the objects on the way.
pub(crate) fn put(tree: &mut Map<String, Value>, path: &[&str], value: Value) {
    match path {
        [] => {}
        [last] => {
            tree.insert((*last).to_owned(), value);
        }
        [first, rest @ ..] => {
            if let Value::Object(below) = tree.entry(*first).or_insert_with(|| json!({})) {
                put(below, rest, value);
            }
        }
    }
}

impl Figures {
    /// The answer to a question.
    #[must_use]
    pub fn to_json(&self, question: &Question<'_>, as_of: &AsOf) -> Value {
        let definitions = question.definitions;
        let (mut figures, mut percentages, mut shares) = (Map::new(), Map::new(), Map::new());
        let (mut previous, mut earlier) = (Map::new(), Map::new());
        for (place, (key, counts)) in self.cells.iter().enumerate() {
            let path = key.path();
            put(&mut figures, &path, counts_json(counts));
            let of_cell = Measure::ALL.iter().filter_map(|m| Some((m.as_str().to_owned(), counts.percentage(*m, definitions)?.into())));
            put(&mut percentages, &path, Value::Object(of_cell.collect()));
            if let Some(share) = self.share(key) {
                put(&mut shares, &path, share.into());
            }
            for (tree, then) in [(&mut previous, &self.previous_quarter), (&mut earlier, &self.year_earlier)] {
                if let Some(then) = then.get(place) {
                    let changes = Measure::ALL.iter().map(|measure| {
                        let change = counts.change(then, *measure, definitions);
                        let absolute = i64::try_from(change.absolute).unwrap_or(i64::MAX);
                        let change = json!({"absolute": absolute, "points": change.points, "relative": change.relative});
                        (measure.as_str().to_owned(), change)
                    });
                    put(tree, &path, Value::Object(changes.collect()));
                }
            }
        }
        let mut whole = question.head_json(as_of);
        let changes = json!({"previous_quarter": previous, "year_earlier": earlier});
        for (name, part) in
            [("figures", figures.into()), ("percentages", percentages.into()), ("shares", shares.into()), ("changes", changes)]
        {
            whole.insert(name.to_owned(), part);
        }
        Value::Object(whole)
    }
}

impl Question<'_> {
    /// What stands above every answer: what was asked, and from which state of the log it was made.
    #[must_use]
    pub fn head_json(&self, as_of: &AsOf) -> Map<String, Value> {
        let parts = [
            ("quarter", self.quarter.to_string().into()),
            ("scope", scope_json(self.scope)),
            ("provisional", as_of.provisional.into()),
            ("as_of", json!({"position": as_of.position, "recorded_at": as_of.recorded_at})),
            ("definitions", self.definitions.name.as_str().into()),
        ];
        parts.into_iter().map(|(name, part)| (name.to_owned(), part)).collect()
    }
}

pub(crate) fn scope_json(of: &Scope) -> Value {
    let mut scope = Map::new();
    scope.insert("level".to_owned(), of.level().into());
    if let Some(region) = of.region {
        scope.insert("region".to_owned(), region.code().into());
    }
    if let Some(organisation) = &of.organisation {
        scope.insert("organisation".to_owned(), organisation.as_str().into());
    }
    Value::Object(scope)
}

fn counts_json(counts: &Counts) -> Value {
    let mut cell: Map<String, Value> = Measure::ALL.iter().map(|m| (m.as_str().to_owned(), counts.get(*m).into())).collect();
    let schemes: Map<String, Value> = counts.schemes.iter().map(|(scheme, count)| (scheme.to_string(), (*count).into())).collect();
    cell.insert("scheme_started_year_to_date".to_owned(), Value::Object(schemes));
    Value::Object(cell)
}
