//! The figures of a quarter for analysts, auditors and managers: measures, quarters, regions. A page of what the view of figures answers.

use std::collections::BTreeMap;

use axum::{Extension, extract::State, response::Response};
use bytes::Bytes;
use domain::{Method, Quarter, Region};
use figures::{Measure, Scope, percentage};
use pages::{Choosable, Dashboard, FigurePart, FigureRow, QuarterRow, RegionTile};
use serde_json::Value;

use super::{Visitor, names, page};
use crate::{
    access::{Action, Decision, Object, permits},
    http::{About, Asked, Gate, counted},
    ports::Form,
    problem::Problem,
};

/// How many quarters can be chosen.
const QUARTERS: usize = 24;
/// How many quarters the series has.
const SERIES: usize = 9;
/// How many shades regions have.
const SHADES: usize = 5;

/// `GET /cijfers`.
pub(crate) async fn show(State(inner): Gate, visitor: Visitor, Extension(asked): Extension<Asked>) -> Result<Response, Problem> {
    visitor.caller.may(Action::SeeFigures, Object::Any)?;
    let own = own_scope(&visitor);
    let current = Quarter::of(visitor.today);
    let quarter = asked.value::<Quarter>("kwartaal")?.unwrap_or_else(|| current.previous());
    let scope = asked.value::<Scope>("gebied")?.unwrap_or_else(|| own.clone());
    visitor.caller.may(Action::SeeFigures, Object::Scope(&scope))?;
    let method = asked.word("methode", &method_words())?.filter(|method| method != "all");
    let at = |quarter, scope: &Scope, tables| About { quarter, scope: scope.clone(), tables };
    let cell = Cell::of(method.as_deref());

    let figures = json(counted(&inner, &at(quarter, &scope, true), Form::Json).await?)?;
    let fractions = fractions(&counted(&inner, &at(quarter, &scope, false), Form::Csv).await?, &cell)?;
    // What there is to choose is of the whole of what may be seen.
    let whole = if scope == own { figures.clone() } else { json(counted(&inner, &at(quarter, &own, true), Form::Json).await?)? };
    let mut series = Vec::with_capacity(SERIES);
    for of in back(quarter, SERIES).into_iter().rev() {
        let then = if of == quarter { figures.clone() } else { json(counted(&inner, &at(of, &scope, false), Form::Json).await?)? };
        series.push(quarter_row(&then, of, &cell, of == quarter));
    }
    let mut quarters = back(current, QUARTERS);
    if !quarters.contains(&quarter) {
        quarters.push(quarter);
    }
    page(&Dashboard {
        quarter: quarter.to_string(),
        scope_name: scope_name(&scope, &visitor),
        quarters: quarters.iter().map(|quarter| Choosable::new(quarter.to_string(), "")).collect(),
        scopes: scopes(&whole, &own, &scope, &visitor),
        scope: scope.as_text(),
        methods: methods(&visitor),
        method: method.clone().unwrap_or_else(|| "all".to_owned()),
        provisional: figures["provisional"].as_bool().unwrap_or(true),
        position: figures["as_of"]["position"].as_u64().unwrap_or(0),
        definitions: figures["definitions"].as_str().unwrap_or_default().to_owned(),
        rows: rows(&figures, &fractions, &cell),
        series,
        regions: if scope.region.is_some() { Vec::new() } else { regions(&figures, cell.method) },
        frame: visitor.frame,
    })
}

/// All that the visitor may see: the country, or their organisation.
fn own_scope(visitor: &Visitor) -> Scope {
    let national = Scope::default();
    match permits(&visitor.caller, Action::SeeFigures, Object::Scope(&national)) {
        Decision::Permit => national,
        Decision::Deny => Scope { organisation: Some(visitor.organisation().into()), region: None },
    }
}

/// A quarter and those before it.
fn back(quarter: Quarter, many: usize) -> Vec<Quarter> {
    std::iter::successors(Some(quarter), |quarter| Some(quarter.previous())).take(many).collect()
}

fn json(body: Bytes) -> Result<Value, Problem> {
    serde_json::from_slice(&body).map_err(|error| {
        tracing::error!("figures that cannot be read: {error}");
        Problem::internal()
    })
}

/// Where a cell stands in an answer.
struct Cell<'a> {
    method: Option<&'a str>,
}

impl<'a> Cell<'a> {
    const fn of(method: Option<&'a str>) -> Self {
        Self { method }
    }

    /// The cell of a tree; `Null` where there is none.
    fn of_tree<'v>(&self, tree: &'v Value) -> &'v Value {
        match self.method {
            None => &tree["all"],
            Some(method) => &tree["by_method"][method],
        }
    }
}

/// Numerator and denominator of each measure of the cell, which the tidy form tells.
fn fractions(csv: &[u8], cell: &Cell<'_>) -> Result<BTreeMap<String, (u64, u64)>, Problem> {
    let unreadable = |error: csv::Error| {
        tracing::error!("figures that cannot be read: {error}");
        Problem::internal()
    };
    let mut reader = csv::Reader::from_reader(csv);
    let columns = reader.headers().map_err(unreadable)?.clone();
    let place = |name| columns.iter().position(|column| column == name);
    let [table, method, measure, numerator, denominator] =
        ["table", "method", "measure", "numerator", "denominator"].map(|name| place(name).unwrap_or(usize::MAX));
    let wanted = cell.method.map_or(("all", ""), |method| ("by_method", method));
    let mut found = BTreeMap::new();
    for record in reader.records() {
        let record = record.map_err(unreadable)?;
        let field = |place| record.get(place).unwrap_or_default();
        if (field(table), field(method)) == wanted
            && let (Ok(part), Ok(whole)) = (field(numerator).parse(), field(denominator).parse())
        {
            found.insert(field(measure).to_owned(), (part, whole));
        }
    }
    Ok(found)
}

fn rows(figures: &Value, fractions: &BTreeMap<String, (u64, u64)>, cell: &Cell<'_>) -> Vec<FigureRow> {
    let counts = cell.of_tree(&figures["figures"]);
    if counts["running"].as_u64().unwrap_or(0) == 0 {
        return Vec::new();
    }
    let change = |member: &str, measure: &str| cell.of_tree(&figures["changes"][member])[measure]["absolute"].as_i64().unwrap_or(0);
    let row = |measure: &Measure| {
        let name = measure.as_str();
        let percentage = cell.of_tree(&figures["percentages"])[name].as_str();
        let part = percentage.zip(fractions.get(name)).map(|(percentage, (of, whole))| FigurePart {
            percentage: percentage.to_owned(),
            of: *of,
            whole: *whole,
        });
        FigureRow {
            name: measure.dutch().to_owned(),
            count: counts[name].as_u64().unwrap_or(0),
            part,
            previous: change("previous_quarter", name),
            year: change("year_earlier", name),
        }
    };
    Measure::ALL.iter().map(row).collect()
}

fn quarter_row(figures: &Value, quarter: Quarter, cell: &Cell<'_>, shown: bool) -> QuarterRow {
    let counts = cell.of_tree(&figures["figures"]);
    let count = |name: &str| counts[name].as_u64().unwrap_or(0);
    let of = |name: &str| (count(name), cell.of_tree(&figures["percentages"])[name].as_str().map(str::to_owned));
    QuarterRow {
        quarter: quarter.to_string(),
        running: count("running"),
        paid: of("paid_work"),
        sustainable: of("sustainable_work"),
        shown,
    }
}

/// Every region of the list, also where nothing runs, in the order of the codes.
fn regions(figures: &Value, method: Option<&str>) -> Vec<RegionTile> {
    let by_method = &figures["figures"]["by_method_region"];
    let sum = |code: &str, measure: &str| -> u64 {
        let cells = by_method.as_object().into_iter().flatten().filter(|(name, _)| method.is_none_or(|only| only == name.as_str()));
        cells.filter_map(|(_, regions)| regions[code][measure].as_u64()).sum()
    };
    let mut tiles: Vec<RegionTile> = Region::LIST
        .iter()
        .map(|(code, name)| {
            let (running, paid) = (sum(code, "running"), sum(code, "paid_work"));
            let (code, name) = ((*code).to_owned(), (*name).to_owned());
            RegionTile { code, name, running, paid, percentage: percentage(paid, running), shade: 0 }
        })
        .collect();
    shade(&mut tiles);
    tiles
}

/// The shades by fifths of the regions in which something runs. Equal parts have equal shades.
fn shade(tiles: &mut [RegionTile]) {
    let parts: Vec<(u64, u64)> = tiles.iter().filter(|tile| tile.running > 0).map(|tile| (tile.paid, tile.running)).collect();
    for tile in tiles.iter_mut().filter(|tile| tile.running > 0) {
        let lower = parts
            .iter()
            .filter(|(paid, running)| u128::from(*paid) * u128::from(tile.running) < u128::from(tile.paid) * u128::from(*running))
            .count();
        tile.shade = u8::try_from(lower * SHADES / parts.len()).unwrap_or(0);
    }
}

fn method_words() -> Vec<&'static str> {
    std::iter::once("all").chain(Method::ALL.iter().map(|method| method.as_str())).collect()
}

fn methods(visitor: &Visitor) -> Vec<Choosable> {
    let all = visitor.frame.t("Alle methoden", "All methods");
    let name = |method: &Method| match method {
        Method::Ips => "IPS",
        Method::Wabz => "WABZ",
        Method::Jobcoaching => "Jobcoaching",
        Method::Werkfit => "Werkfit",
        Method::NaarWerk => "Naar Werk",
        Method::Other => visitor.frame.t("Overig", "Other"),
    };
    let methods = Method::ALL.iter().map(|method| Choosable::new(method.as_str(), name(method)));
    std::iter::once(Choosable::new("all", all)).chain(methods).collect()
}

fn scope_name(scope: &Scope, visitor: &Visitor) -> String {
    let region = scope.region.map(|region| region.name().to_owned());
    let organisation = scope.organisation.as_ref().map(|slug| names::organisation(slug.as_str()));
    let parts: Vec<String> = organisation.into_iter().chain(region).collect();
    if parts.is_empty() { visitor.frame.t("Nederland", "The Netherlands").to_owned() } else { parts.join(", ") }
}

/// What can be chosen: all that may be seen, each region of it, and each organisation that delivers in the quarter.
fn scopes(whole: &Value, own: &Scope, chosen: &Scope, visitor: &Visitor) -> Vec<Choosable> {
    let mut found = vec![own.clone()];
    found.extend(Region::LIST.iter().map(|(code, _)| Scope { region: Some(Region::of_code(code)), ..own.clone() }));
    if own.organisation.is_none() {
        let by_method = whole["figures"]["by_method_organisation"].as_object();
        let mut slugs: Vec<&String> =
            by_method.into_iter().flatten().filter_map(|(_, cells)| cells.as_object()).flat_map(|cells| cells.keys()).collect();
        slugs.sort_unstable();
        slugs.dedup();
        found.extend(slugs.into_iter().map(|slug| Scope { organisation: Some(slug.as_str().into()), region: None }));
    }
    if !found.contains(chosen) {
        found.push(chosen.clone());
    }
    found.iter().map(|scope| Choosable::new(scope.as_text(), scope_name(scope, visitor))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tile(paid: u64, running: u64) -> RegionTile {
        RegionTile { code: String::new(), name: String::new(), running, paid, percentage: None, shade: 9 }
    }

    #[test]
    fn equal_parts_have_equal_shades_and_nothing_running_none() {
        let mut tiles = vec![tile(0, 10), tile(1, 10), tile(10, 100), tile(5, 10), tile(9, 10), RegionTile { shade: 0, ..tile(0, 0) }];
        shade(&mut tiles);
        assert_eq!(tiles.iter().map(|tile| tile.shade).collect::<Vec<_>>(), [0, 1, 1, 3, 4, 0]);
    }
}
