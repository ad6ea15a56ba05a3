//! Charts as SVG: curves that rise in steps within the band of their interval, and bars. Colours are classes of the style sheet; dashes tell lines apart besides.

use std::fmt::Write;

use askama::{Template, filters::HtmlSafe};

use super::{
    Curve, Group, Parts,
    sheets::{part, percent},
};
use crate::{dashboard, lang::Lang};

/// A chart is as wide as this, in its own units; narrow windows move it sideways.
const WIDTH: u32 = 680;
/// Where curves begin and end, and their height.
const LEFT: u32 = 48;
const RIGHT: u32 = 16;
const TOP: u32 = 12;
const HIGH: u32 = 260;
/// Below them: the months.
const FOOT: u32 = 44;
/// The top of a chart is a multiple of this, in millionths.
const FULL_STEP: u32 = 200_000;
/// A bar with its name above it.
const ROW: u32 = 48;
const BAR: u32 = 16;
/// How long a bar of everything is.
const LONGEST: u32 = 480;

/// A chart.
#[derive(Debug, Template)]
#[template(path = "parts/chart.html")]
pub(super) struct Chart {
    id: &'static str,
    title: String,
    desc: String,
    width: u32,
    height: u32,
    left: u32,
    right: u32,
    bottom: u32,
    foot: u32,
    axis: Option<&'static str>,
    /// Lines across: place and words.
    grid: Vec<(u32, String)>,
    /// Below: place and words.
    ticks: Vec<(u32, String)>,
    /// Number, band, line.
    curves: Vec<(usize, String, String)>,
    /// The line that the name stands on, name, top, length, where the words begin, words.
    bars: Vec<(u32, String, u32, u32, u32, String)>,
    /// Number and name.
    legend: Vec<(usize, String)>,
}
impl HtmlSafe for Chart {}

impl Chart {
    pub(super) fn title(&self) -> &str {
        &self.title
    }
}

/// Where days and parts lie.
struct Scale {
    last: u32,
    full: u32,
}

impl Scale {
    fn x(&self, day: u32) -> u32 {
        LEFT + scaled(day, self.last, WIDTH - LEFT - RIGHT)
    }

    fn y(&self, part: u32) -> u32 {
        TOP + HIGH - scaled(part, self.full, HIGH)
    }
}

fn scaled(part: u32, whole: u32, room: u32) -> u32 {
    let whole = u64::from(whole.max(1));
    let at = (u64::from(part.min(u32::try_from(whole).unwrap_or(u32::MAX))) * u64::from(room) * 2 + whole) / (2 * whole);
    u32::try_from(at).unwrap_or(room)
}

/// Places through which a line goes in steps: level to the next day, then up. Steps that cannot be told apart are one.
fn corners(curve: &Curve, scale: &Scale, of: impl Fn(&Parts) -> u32) -> Vec<(u32, u32)> {
    let mut corners = vec![(scale.x(0), scale.y(0))];
    for (day, parts) in curve.steps.iter().filter(|(day, _)| *day <= scale.last) {
        let (x, y) = (scale.x(*day), scale.y(of(parts)));
        match corners.last_mut() {
            Some(last) if last.0 == x => last.1 = y,
            Some(last) if last.1 == y => {}
            Some(_) | None => corners.push((x, y)),
        }
    }
    corners
}

/// `M48 272H60V250…`, to where the curve ends.
fn along(corners: &[(u32, u32)], end: u32) -> String {
    let mut path = String::new();
    for (place, (x, y)) in corners.iter().enumerate() {
        let _ = if place == 0 { write!(path, "M{x} {y}") } else { write!(path, "H{x}V{y}") };
    }
    let _ = write!(path, "H{end}");
    path
}

/// Along the upper bound, and back along the lower one.
fn band(curve: &Curve, scale: &Scale, end: u32) -> String {
    let upper = corners(curve, scale, |parts| parts.interval.map_or(parts.happened, |(_, upper)| upper));
    let lower = corners(curve, scale, |parts| parts.interval.map_or(parts.happened, |(lower, _)| lower));
    let mut path = along(&upper, end);
    for (x, y) in lower.iter().rev() {
        let _ = write!(path, "V{y}H{x}");
    }
    path.push('Z');
    path
}

/// The curves of these; `None` where no group has one.
pub(super) fn curves(id: &'static str, title: &str, groups: &[&Group], months: &[(u32, u32)], lang: Lang) -> Option<Chart> {
    let drawn: Vec<(usize, &Group, &Curve)> =
        groups.iter().enumerate().filter_map(|(n, group)| Some((n, *group, group.curve.as_ref()?))).collect();
    let furthest = drawn.iter().map(|(_, _, curve)| curve.end).max()?;
    // The first month that all of it is before.
    let last = months.iter().map(|(_, day)| *day).find(|day| *day >= furthest).or_else(|| months.last().map(|(_, day)| *day))?;
    let parts = drawn.iter().flat_map(|(_, _, curve)| &curve.steps).filter(|(day, _)| *day <= last).map(|(_, parts)| parts);
    let most = parts.map(|parts| parts.interval.map_or(parts.happened, |(_, upper)| upper.max(parts.happened))).max().unwrap_or_default();
    let scale = Scale { last, full: (most.div_ceil(FULL_STEP) * FULL_STEP).max(FULL_STEP) };
    let end = |curve: &Curve| scale.x(curve.end.min(last));
    let line = |curve: &Curve| along(&corners(curve, &scale, |parts| parts.happened), end(curve));
    Some(Chart {
        id,
        title: title.to_owned(),
        desc: drawn.iter().map(|(_, group, curve)| sentence(group, curve, lang)).collect::<Vec<_>>().join(" "),
        width: WIDTH,
        height: TOP + HIGH + FOOT,
        left: LEFT,
        right: WIDTH - RIGHT,
        bottom: TOP + HIGH,
        foot: TOP + HIGH + 18,
        axis: Some(lang.t("maanden", "months")),
        grid: (0..=4).map(|n| (scale.y(scale.full / 4 * n), percent(scale.full / 4 * n))).collect(),
        ticks: months.iter().filter(|(_, day)| *day <= last).map(|(month, day)| (scale.x(*day), month.to_string())).collect(),
        curves: drawn.iter().map(|(n, _, curve)| (*n, band(curve, &scale, end(curve)), line(curve))).collect(),
        bars: Vec::new(),
        legend: drawn.iter().map(|(n, group, _)| (*n, group.name.words(lang))).collect(),
    })
}

/// `Zonder onbetaald werk: na 12 maanden 36%, na 24 maanden 51%.`
fn sentence(group: &Group, curve: &Curve, lang: Lang) -> String {
    let told = curve.months.iter().filter(|one| one.month % 12 == 0);
    let after = |month: u32| match lang {
        Lang::Nl => format!("na {month} maanden"),
        Lang::En => format!("after {month} months"),
    };
    let words: Vec<String> = told.map(|one| format!("{} {}", after(one.month), percent(one.parts.happened))).collect();
    let words =
        if words.is_empty() { lang.t("korter dan een jaar gevolgd", "followed for less than a year").to_owned() } else { words.join(", ") };
    format!("{}: {words}.", group.name.words(lang))
}

/// A bar for each; `None` of none.
pub(super) fn bars(id: &'static str, title: &str, rows: &[(String, &dashboard::Part)], lang: Lang) -> Option<Chart> {
    let said = |one: &dashboard::Part| part(one, lang);
    let bar = |(n, (name, part)): (usize, &(String, &dashboard::Part))| {
        let top = u32::try_from(n).unwrap_or_default() * ROW;
        let long = u64::from(LONGEST) * part.of.min(part.whole) / part.whole.max(1);
        let long = u32::try_from(long).unwrap_or(LONGEST);
        (top + 16, name.clone(), top + 24, long, long + 8, said(part))
    };
    (!rows.is_empty()).then(|| Chart {
        id,
        title: title.to_owned(),
        desc: rows.iter().map(|(name, part)| format!("{name}: {}.", said(part))).collect::<Vec<_>>().join(" "),
        width: WIDTH,
        height: u32::try_from(rows.len()).unwrap_or_default() * ROW,
        left: 0,
        right: WIDTH,
        bottom: 0,
        foot: BAR,
        axis: None,
        grid: Vec::new(),
        ticks: Vec::new(),
        curves: Vec::new(),
        bars: rows.iter().enumerate().map(bar).collect(),
        legend: Vec::new(),
    })
}
