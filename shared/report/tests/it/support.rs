//! Facts for tests, and what a report says in one text.

use domain::{Funding, Method, Quarter, Variant};
use figures::{CellKey, Definitions, Measure, Scope};
use report::{Block, Facts, Known, Numbers, Report, Section};

pub const IPS: CellKey = CellKey::Method(Method::Ips);

pub fn quarter(text: &str) -> Quarter {
    text.parse().expect("a quarter")
}

pub type Cells = Vec<(CellKey, report::KnownCounts)>;

/// A small organisation that gives IPS and jobcoaching.
pub fn cells(running: u64, paid: u64) -> Cells {
    use Measure::{
        Education, EducationStarted, Ended, EverPaidWork, FirstJobWithin3Months, Organisations, OutflowIntended, OutflowNeverPaidWork,
        OutflowNotIntended, OutflowPaidWork, PaidWork, Running, Started, SustainableWork, TrialPlacement, UnpaidAny, UnpaidSum,
    };
    let ips = vec![
        (Running, Some(running)),
        (Started, Some(2)),
        (Ended, Some(3)),
        (PaidWork, Some(paid)),
        (SustainableWork, Some(1)),
        (EverPaidWork, Some(paid + 1)),
        (FirstJobWithin3Months, Some(paid)),
        (Education, Some(1)),
        (EducationStarted, Some(1)),
        (TrialPlacement, Some(2)),
        (UnpaidSum, Some(2)),
        (UnpaidAny, Some(2)),
        (OutflowPaidWork, Some(1)),
        (OutflowNeverPaidWork, Some(2)),
        (OutflowIntended, Some(1)),
        (OutflowNotIntended, Some(2)),
        (Organisations, Some(1)),
    ];
    let some = |count| vec![(Running, Some(count)), (PaidWork, Some(1))];
    vec![
        (CellKey::All, ips.clone()),
        (IPS, ips),
        (CellKey::MethodFunding(Method::Ips, Funding::Municipality), some(running - 4)),
        (CellKey::MethodFunding(Method::Ips, Funding::Uwv), some(4)),
        (CellKey::MethodVariant(Method::Ips, Some(Variant::Epa)), some(running)),
    ]
}

pub fn known(of: &str, cells: Cells) -> Known {
    let numbers = Numbers::of_counts(quarter(of), Definitions::built_in(), cells);
    Known { numbers, position: 42, recorded_at: Some("2025-05-15T12:00:00.000000Z".to_owned()) }
}

pub fn facts(current: Cells, previous: Option<Cells>, year_earlier: Option<Cells>) -> Facts {
    Facts {
        scope: "organisation:ggz-voorbeeld".parse::<Scope>().expect("a scope"),
        definitions: Definitions::built_in().clone(),
        current: known("2025Q1", current),
        previous: previous.map(|cells| known("2024Q4", cells)),
        year_earlier: year_earlier.map(|cells| known("2024Q1", cells)),
        trend: Vec::new(),
        provisional: false,
        published: false,
    }
}

/// Everything that a report says, a line a piece.
pub fn text(report: &Report) -> String {
    let mut lines = vec![report.title.clone(), report.subtitle.clone(), report.made_from.clone()];
    let mut section = |of: &Section| {
        lines.push(of.title.clone());
        for block in &of.blocks {
            match block {
                Block::Paragraph(text) | Block::Note(text) => lines.push(text.clone()),
                Block::Bullets(items) => lines.extend(items.iter().cloned()),
                Block::Terms(terms) => lines.extend(terms.iter().map(|(term, meaning)| format!("{term}: {meaning}"))),
                Block::Table(table) => lines.extend(rows(table)),
                Block::Chart(chart) => {
                    lines.push(format!("{} {} {}", chart.number, chart.title, chart.description));
                    lines.extend(chart.plot.series.iter().flat_map(|series| series.values.iter().map(|value| value.label.clone())));
                    lines.extend(rows(&chart.table));
                }
            }
        }
    };
    for of in &report.sections {
        section(of);
        of.subsections.iter().for_each(&mut section);
    }
    lines.join("\n")
}

fn rows(table: &report::Table) -> Vec<String> {
    let head = std::iter::once(table.caption.clone()).chain(std::iter::once(table.columns.join(" | ")));
    head.chain(table.rows.iter().map(|(head, cells)| format!("{head} | {}", cells.join(" | ")))).collect()
}
