//! The figures as a pivot table.

use pages::{AskedAbout, Choosable, FigurePart, Lang, Pivot, PivotAxis, PivotCell, PivotChoice, PivotHead, PivotRow, Role};

use super::{Sample, frame, sample};

fn about(lang: Lang) -> AskedAbout {
    let country = lang.t("Nederland", "The Netherlands");
    AskedAbout {
        quarter: "2025Q1".to_owned(),
        quarters: vec![Choosable::new("2025Q1", ""), Choosable::new("2024Q4", "")],
        scope: "national".to_owned(),
        scopes: vec![Choosable::new("national", country), Choosable::new("region:AM18", "Groot Amsterdam")],
        scope_name: country.to_owned(),
    }
}

fn named(name: &str) -> PivotHead {
    PivotHead::Named(name.to_owned())
}

fn count(count: u64) -> Option<PivotCell> {
    Some(PivotCell { count, part: None })
}

fn part(count: u64, (of, whole, percentage): (u64, u64, &str)) -> Option<PivotCell> {
    Some(PivotCell { count, part: Some(FigurePart { percentage: percentage.to_owned(), of, whole }) })
}

fn row(head: PivotHead, cells: Vec<Option<PivotCell>>) -> PivotRow {
    PivotRow { head, cells }
}

/// Methods by measures, as one comes to it.
fn methods(lang: Lang) -> Pivot {
    let sustainable = lang.t("Duurzaam betaald werk", "Sustainable paid work");
    Pivot {
        frame: frame(lang, Role::Analyst),
        about: about(lang),
        axes: PivotAxis::ROWS.to_vec(),
        rows: PivotAxis::Method,
        columns: PivotAxis::Measure,
        choices: Vec::new(),
        provisional: false,
        positions: (128_440, 128_440),
        definitions: "werkmonitor-2025.1".to_owned(),
        summed: false,
        heads: vec![named(lang.t("Lopend", "Running")), named(sustainable)],
        lines: vec![
            row(named("IPS"), vec![count(4_156), part(1_320, (1_320, 4_156, "31.8"))]),
            row(named("Werkfit"), vec![count(199), count(14)]),
        ],
    }
}

/// Funding by quarters, of one measure and all methods.
fn quarters(lang: Lang) -> Pivot {
    let choice = |of, chosen: &str, all: &[(&str, &str)]| PivotChoice {
        of,
        chosen: chosen.to_owned(),
        all: all.iter().map(|(value, words)| Choosable::new(*value, *words)).collect(),
    };
    let measures =
        [("running", lang.t("Lopend", "Running")), ("sustainable_work", lang.t("Duurzaam betaald werk", "Sustainable paid work"))];
    let of_methods = [("all", lang.t("Alle methoden", "All methods")), ("ips", "IPS")];
    let quarter = |quarter: &str| PivotHead::Quarter(quarter.to_owned());
    Pivot {
        frame: frame(lang, Role::Manager),
        about: AskedAbout {
            scope: "organisation:ggz-voorbeeld".to_owned(),
            scopes: vec![Choosable::new("organisation:ggz-voorbeeld", "ggz Voorbeeld")],
            scope_name: "ggz Voorbeeld".to_owned(),
            ..about(lang)
        },
        axes: PivotAxis::ROWS.into_iter().filter(|axis| *axis != PivotAxis::Organisation).collect(),
        rows: PivotAxis::Funding,
        columns: PivotAxis::Quarter,
        choices: vec![choice(PivotAxis::Measure, "sustainable_work", &measures), choice(PivotAxis::Method, "all", &of_methods)],
        provisional: true,
        positions: (128_440, 128_442),
        summed: true,
        heads: vec![quarter("2024Q4"), quarter("2025Q1")],
        lines: vec![
            row(PivotHead::Funding("municipality".to_owned()), vec![None, part(12, (12, 40, "30.0"))]),
            row(PivotHead::Funding("uwv".to_owned()), vec![part(30, (28, 96, "29.2")), part(0, (0, 3, "0.0"))]),
        ],
        ..methods(lang)
    }
}

/// By variant, of a method that has none.
fn empty(lang: Lang) -> Pivot {
    let choice = PivotChoice { of: PivotAxis::Method, chosen: "wabz".to_owned(), all: vec![Choosable::new("wabz", "WABZ")] };
    Pivot { rows: PivotAxis::Variant, choices: vec![choice], heads: Vec::new(), lines: Vec::new(), ..methods(lang) }
}

pub fn all(lang: Lang) -> Vec<Sample> {
    vec![sample("pivot", &methods(lang)), sample("pivot-quarters", &quarters(lang)), sample("pivot-empty", &empty(lang))]
}
