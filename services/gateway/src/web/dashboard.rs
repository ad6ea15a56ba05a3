//! The figures of a quarter for analysts, auditors and managers: measures, quarters, regions. A page of what the view of figures answers.

use std::{collections::BTreeSet, time::Duration};

use axum::{Extension, extract::State, http::StatusCode, response::Response};
use domain::{Method, Quarter, Region};
use figures::{Measure, NotAScope, Scope, percentage};
use pages::{Choosable, Dashboard, ErrorPage, FigurePart, FigureRow, NoFigures, QuarterRow, RegionTile, Trouble};
use serde::Deserialize;

use super::{Visitor, html, names, page};
use crate::{
    Inner,
    access::{Action, Decision, Object, permits},
    http::{About, Asked, Gate, counted},
    ports::{FiguresAsk, Form},
    problem::Problem,
};

/// How many quarters can be chosen.
pub(super) const QUARTERS: usize = 24;
/// How many quarters the series has.
pub(super) const SERIES: usize = 9;
/// How long the view may take to name organisations where they only help to choose.
const AT_HAND: Duration = Duration::from_millis(500);
/// How many shades regions have.
const SHADES: usize = 5;

/// `GET /cijfers`.
pub(crate) async fn show(State(inner): Gate, visitor: Visitor, Extension(asked): Extension<Asked>) -> Result<Response, Problem> {
    let Wanted { quarter, scope, method } = match Wanted::judged(&visitor, &asked) {
        Ok(wanted) => wanted,
        Err(missing) => return missing.page(visitor),
    };
    let (own, current) = (own_scope(&visitor), Quarter::of(visitor.today));
    let figures = Figures::ask(&inner, quarter, &scope, true).await?;
    let (mut series, mut ran) = (Vec::with_capacity(SERIES), figures.runs());
    for earlier in back(quarter, SERIES).into_iter().skip(1).rev() {
        let then = Figures::ask(&inner, earlier, &scope, false).await?;
        ran |= then.runs();
        series.push(then.quarter_row(earlier, method.as_deref(), false));
    }
    series.push(figures.quarter_row(quarter, method.as_deref(), true));
    if !ran && !is_known(&inner, &scope) {
        return nothing(visitor, NoFigures::NoOrganisation);
    }
    // What there is to choose is of the whole of what may be seen.
    let parts = if scope == own { figures.parts() } else { Figures::ask(&inner, quarter, &own, true).await?.parts() };
    let mut quarters = back(current, QUARTERS);
    if !quarters.contains(&quarter) {
        quarters.push(quarter);
    }
    page(&Dashboard {
        quarter: quarter.to_string(),
        scope_name: scope_name(&scope, &visitor),
        quarters: quarters.iter().map(|quarter| Choosable::new(quarter.to_string(), "")).collect(),
        scopes: scopes(parts, &own, &scope, &visitor),
        scope: scope.as_text(),
        methods: methods(&visitor),
        provisional: figures.0.iter().any(|line| line.provisional),
        position: figures.0.first().map_or(0, |line| line.position),
        definitions: figures.0.first().map_or_else(String::new, |line| line.definitions.clone()),
        rows: figures.rows(quarter, &scope, method.as_deref()),
        series,
        regions: if scope.region.is_some() { Vec::new() } else { figures.regions(method.as_deref()) },
        method: method.unwrap_or_else(|| "all".to_owned()),
        frame: visitor.frame,
    })
}

/// Why no figures are shown.
pub(super) enum Missing {
    /// There are none such, which a page says.
    Such(NoFigures),
    /// They may not be seen, or cannot be counted.
    Denied(Box<Problem>),
}

impl From<NoFigures> for Missing {
    fn from(why: NoFigures) -> Self {
        Self::Such(why)
    }
}

impl From<Problem> for Missing {
    fn from(problem: Problem) -> Self {
        Self::Denied(Box::new(problem))
    }
}

impl Missing {
    /// What the visitor is told.
    pub(super) fn page(self, visitor: Visitor) -> Result<Response, Problem> {
        match self {
            Self::Such(why) => nothing(visitor, why),
            Self::Denied(problem) => Err(*problem),
        }
    }
}

/// What is asked for.
pub(super) struct Wanted {
    pub(super) quarter: Quarter,
    pub(super) scope: Scope,
    pub(super) method: Option<String>,
}

impl Wanted {
    /// Reads it, and judges whether the visitor may ask.
    pub(super) fn judged(visitor: &Visitor, asked: &Asked) -> Result<Self, Missing> {
        visitor.caller.may(Action::SeeFigures, Object::Any)?;
        let wanted = Self::read(asked, Quarter::of(visitor.today), &own_scope(visitor))?;
        visitor.caller.may(Action::SeeFigures, Object::Scope(&wanted.scope))?;
        Ok(wanted)
    }

    fn read(asked: &Asked, current: Quarter, own: &Scope) -> Result<Self, NoFigures> {
        let quarter = asked.value::<Quarter>("kwartaal").map_err(|_| NoFigures::NoQuarter)?.unwrap_or_else(|| current.previous());
        if quarter > current {
            return Err(NoFigures::Future);
        }
        let scope = match asked.text("gebied").map(str::parse::<Scope>).transpose() {
            Ok(scope) => scope.unwrap_or_else(|| own.clone()),
            Err(NotAScope::UnknownRegion(_)) => return Err(NoFigures::NoRegion),
            Err(NotAScope::Twice(_) | NotAScope::Form(_)) => return Err(NoFigures::NoScope),
        };
        let method = asked.word("methode", &method_words()).map_err(|_| NoFigures::NoMethod)?.filter(|method| method != "all");
        Ok(Self { quarter, scope, method })
    }
}

/// The page that says why there are no such figures, and leads to those that there are.
fn nothing(visitor: Visitor, why: NoFigures) -> Result<Response, Problem> {
    let status = match why {
        NoFigures::NoQuarter
        | NoFigures::NoScope
        | NoFigures::NoMethod
        | NoFigures::NoNumber
        | NoFigures::NoReason
        | NoFigures::NoAxis
        | NoFigures::SameAxis
        | NoFigures::NoMeasure
        | NoFigures::NotByRegion
        | NoFigures::NotByOrganisation
        | NoFigures::NotPublished => StatusCode::BAD_REQUEST,
        NoFigures::Future
        | NoFigures::NoRegion
        | NoFigures::NoOrganisation
        | NoFigures::NoneOfOrganisation
        | NoFigures::NoPublication
        | NoFigures::NoRegister => StatusCode::NOT_FOUND,
    };
    html(status, &ErrorPage { frame: visitor.frame, trouble: Trouble::NoFigures(why) })
}

/// Whether somebody of the scope's organisation has an account: it is one, also while nothing runs there. A scope without one is always known.
pub(super) fn is_known(inner: &Inner, scope: &Scope) -> bool {
    let Some(slug) = &scope.organisation else { return true };
    let all = inner.sign_in().map(|sign_in| sign_in.accounts.accounts()).unwrap_or_default();
    all.iter().any(|account| account.profile.organisation.as_ref().is_some_and(|of| of.as_str() == slug.as_str()))
}

/// The parts of all that may be seen in which something ran in a quarter.
#[derive(Debug, Default)]
pub(super) struct Parts {
    /// Their codes.
    pub(super) organisations: Vec<String>,
    /// Their codes.
    regions: Vec<String>,
}

/// As the view has them now: none where it does not answer at once. Nothing is counted for it.
pub(super) async fn parts_at_hand(inner: &Inner, quarter: Quarter, own: &Scope) -> Parts {
    let ask = FiguresAsk { quarter, scope: own.clone(), tables: true, form: Form::Csv, at_least: 0 };
    let Ok(Ok(answer)) = tokio::time::timeout(AT_HAND, inner.figures.figures(&ask)).await else { return Parts::default() };
    let read = tokio::task::spawn_blocking(move || Figures::read(&answer.body).map(|figures| figures.parts()));
    read.await.ok().and_then(Result::ok).unwrap_or_default()
}

/// All that the visitor may see: the country, or their organisation.
pub(super) fn own_scope(visitor: &Visitor) -> Scope {
    let national = Scope::default();
    match permits(&visitor.caller, Action::SeeFigures, Object::Scope(&national)) {
        Decision::Permit => national,
        Decision::Deny => Scope { organisation: Some(visitor.organisation().into()), region: None },
    }
}

/// A quarter and those before it.
pub(super) fn back(quarter: Quarter, many: usize) -> Vec<Quarter> {
    std::iter::successors(Some(quarter), |quarter| Some(quarter.previous())).take(many).collect()
}

/// A number of an answer, in its tidy form: what the page shows of it, from one state of the log.
#[derive(Debug, Deserialize)]
struct Line {
    table: String,
    method: String,
    breakdown: String,
    measure: String,
    count: u64,
    percentage: Option<String>,
    numerator: Option<u64>,
    denominator: Option<u64>,
    previous_quarter: Option<u64>,
    year_earlier: Option<u64>,
    provisional: bool,
    position: u64,
    definitions: String,
}

/// The figures of a question.
struct Figures(Vec<Line>);

impl Figures {
    async fn ask(inner: &Inner, quarter: Quarter, scope: &Scope, tables: bool) -> Result<Self, Problem> {
        let csv = counted(inner, &About { quarter, scope: scope.clone(), tables }, Form::Csv).await?;
        Self::read(&csv)
    }

    fn read(csv: &[u8]) -> Result<Self, Problem> {
        let lines: Result<Vec<Line>, csv::Error> = csv::Reader::from_reader(csv).into_deserialize().collect();
        lines.map(Self).map_err(|error| {
            tracing::error!("figures that cannot be read: {error}");
            Problem::internal()
        })
    }

    /// A measure of all methods or of one; `None` where the method does not occur.
    fn line(&self, method: Option<&str>, measure: Measure) -> Option<&Line> {
        let cell = method.map_or(("all", ""), |method| ("by_method", method));
        self.0.iter().find(|line| (line.table.as_str(), line.method.as_str()) == cell && line.measure == measure.as_str())
    }

    /// Whether anything runs.
    fn runs(&self) -> bool {
        self.line(None, Measure::Running).is_some_and(|line| line.count > 0)
    }

    /// Every measure; none where nothing runs.
    fn rows(&self, quarter: Quarter, scope: &Scope, method: Option<&str>) -> Vec<FigureRow> {
        if self.line(method, Measure::Running).is_none_or(|line| line.count == 0) {
            return Vec::new();
        }
        let difference =
            |now: u64, then: Option<u64>| then.map_or(0, |then| i64::try_from(i128::from(now) - i128::from(then)).unwrap_or(0));
        let row = |measure: &Measure| {
            let line = self.line(method, *measure)?;
            let fraction = line.numerator.zip(line.denominator);
            let part = line.percentage.clone().zip(fraction).map(|(percentage, (of, whole))| FigurePart { percentage, of, whole });
            let cell = method.map_or_else(|| "all".to_owned(), |method| format!("by_method.{method}"));
            Some(FigureRow {
                explained: format!("/cijfers/verklaring?kwartaal={quarter}&gebied={}&cel={cell}.{}", scope.as_text(), measure.as_str()),
                name: measure.dutch().to_owned(),
                count: line.count,
                part,
                previous: difference(line.count, line.previous_quarter),
                year: difference(line.count, line.year_earlier),
            })
        };
        Measure::ALL.iter().filter_map(row).collect()
    }

    fn quarter_row(&self, quarter: Quarter, method: Option<&str>, shown: bool) -> QuarterRow {
        let of = |measure| self.line(method, measure).map_or((0, None), |line| (line.count, line.percentage.clone()));
        QuarterRow {
            quarter: quarter.to_string(),
            running: of(Measure::Running).0,
            paid: of(Measure::PaidWork),
            sustainable: of(Measure::SustainableWork),
            shown,
        }
    }

    /// Every region of the list, also where nothing runs, in the order of the codes.
    fn regions(&self, method: Option<&str>) -> Vec<RegionTile> {
        let cells = || self.0.iter().filter(|line| line.table == "by_method_region" && method.is_none_or(|only| only == line.method));
        let sum = |code: &str, measure: Measure| -> u64 {
            cells().filter(|line| line.breakdown == code && line.measure == measure.as_str()).map(|line| line.count).sum()
        };
        let tile = |(code, name): &(&str, &str)| {
            let (running, paid) = (sum(code, Measure::Running), sum(code, Measure::PaidWork));
            let (code, name) = ((*code).to_owned(), (*name).to_owned());
            RegionTile { code, name, running, paid, percentage: percentage(paid, running), shade: 0 }
        };
        let mut tiles: Vec<RegionTile> = Region::LIST.iter().map(tile).collect();
        shade(&mut tiles);
        tiles
    }

    /// The parts in which something ran in the quarter, in the order of their codes.
    fn parts(&self) -> Parts {
        let of = |table: &str| {
            let there = self.0.iter().filter(|line| line.table == table && line.count > 0);
            there.map(|line| line.breakdown.clone()).collect::<BTreeSet<String>>().into_iter().collect::<Vec<String>>()
        };
        Parts { organisations: of("by_method_organisation"), regions: of("by_method_region") }
    }
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

/// What can be chosen: all of them together, and each.
pub(super) fn methods(visitor: &Visitor) -> Vec<Choosable> {
    let all = visitor.frame.t("Alle methoden", "All methods");
    let methods = Method::ALL.iter().map(|method| Choosable::new(method.as_str(), method_name(*method, visitor)));
    std::iter::once(Choosable::new("all", all)).chain(methods).collect()
}

/// What a method is called.
pub(super) fn method_name(method: Method, visitor: &Visitor) -> &'static str {
    match method {
        Method::Ips => "IPS",
        Method::Wabz => "WABZ",
        Method::Jobcoaching => "Jobcoaching",
        Method::Werkfit => "Werkfit",
        Method::NaarWerk => "Naar Werk",
        Method::Other => visitor.frame.t("Overig", "Other"),
    }
}

/// What a scope is called.
pub(super) fn scope_name(scope: &Scope, visitor: &Visitor) -> String {
    let region = scope.region.map(|region| region.name().to_owned());
    let organisation = scope.organisation.as_ref().map(|slug| names::organisation(slug.as_str()));
    let parts: Vec<String> = organisation.into_iter().chain(region).collect();
    if parts.is_empty() { visitor.frame.t("Nederland", "The Netherlands").to_owned() } else { parts.join(", ") }
}

/// What can be chosen: all that may be seen, each region of it (of an organisation those where it is at work), and to whom all may be seen each
/// organisation.
pub(super) fn scopes(parts: Parts, own: &Scope, chosen: &Scope, visitor: &Visitor) -> Vec<Choosable> {
    let mut found = vec![own.clone()];
    let is_there = |code: &str| own.organisation.is_none() || parts.regions.iter().any(|region| region == code);
    let regions = Region::LIST.iter().filter(|(code, _)| is_there(code));
    found.extend(regions.map(|(code, _)| Scope { region: Some(Region::of_code(code)), ..own.clone() }));
    if own.organisation.is_none() {
        found.extend(parts.organisations.into_iter().map(|slug| Scope { organisation: Some(slug.into()), region: None }));
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
