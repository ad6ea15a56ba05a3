//! Tables for people, in Dutch, with the decimal comma.

use std::fmt::Write;

use comfy_table::{Cell, CellAlignment, Table, presets::UTF8_BORDERS_ONLY};
use domain::{Condition, Fact, Funding, Method, Status, Timeline, Variant, Verdict};
use figures::{AsOf, CellKey, Counts, Figures, Measure, Question, Scope};
use uuid::Uuid;

pub use report::{method, number as thousands};

/// A table without a frame around it.
pub fn table<'a>(heading: impl IntoIterator<Item = &'a str>) -> Table {
    let mut table = Table::new();
    table.load_style(UTF8_BORDERS_ONLY).set_header(heading.into_iter().map(Cell::new).collect::<Vec<_>>());
    table
}

/// A cell whose number stands to the right.
pub fn right(text: impl ToString) -> Cell {
    Cell::new(text.to_string()).set_alignment(CellAlignment::Right)
}

/// The figures: a measure a line, a method a column; then the breakdowns.
pub fn figures(figures: &Figures, question: &Question<'_>, as_of: &AsOf) -> String {
    let mut text = heading(question, as_of);
    let methods: Vec<Method> = Method::ALL.iter().copied().filter(|m| figures.cell(&CellKey::Method(*m)).is_some()).collect();
    let keys: Vec<CellKey> = std::iter::once(CellKey::All).chain(methods.iter().map(|m| CellKey::Method(*m))).collect();
    let names = ["Maat", "Naam", "Alle"].into_iter().chain(methods.iter().map(|m| method(*m)));
    let mut measures = table(names);
    for measure in Measure::ALL {
        let numbers = keys.iter().map(|key| right(figures.cell(key).map_or_else(String::new, |counts| number(counts, *measure, question))));
        measures.add_row([Cell::new(measure.dutch()), Cell::new(measure.as_str())].into_iter().chain(numbers));
    }
    let _ = writeln!(text, "{measures}");
    changes(&mut text, figures, question);
    breakdowns(&mut text, figures, question);
    if let Some(schemes) = figures.cell(&CellKey::All).map(|all| &all.schemes).filter(|schemes| !schemes.is_empty()) {
        let mut table = table(["Regeling", "Gestart sinds 1 januari"]);
        for (scheme, count) in schemes {
            table.add_row([Cell::new(scheme), right(count)]);
        }
        let _ = writeln!(text, "\n{table}");
    }
    text
}

/// Which trajectories, in Dutch: `landelijk`, `arbeidsmarktregio Groot Amsterdam (AM18)`.
pub fn scope_name(scope: &Scope) -> String {
    match (&scope.region, &scope.organisation) {
        (None, None) => "landelijk".to_owned(),
        (Some(region), None) => format!("arbeidsmarktregio {} ({})", region.name(), region.code()),
        (None, Some(organisation)) => format!("organisatie {organisation}"),
        (Some(region), Some(organisation)) => format!("organisatie {organisation} in {} ({})", region.name(), region.code()),
    }
}

/// What was asked, and from which state of the log it was made.
pub fn heading(question: &Question<'_>, as_of: &AsOf) -> String {
    let scope = scope_name(question.scope);
    let provisional = if as_of.provisional { ", voorlopig" } else { "" };
    let moment =
        as_of.recorded_at.as_ref().map_or_else(|| "leeg logboek".to_owned(), |moment| format!("geregistreerd tot en met {moment}"));
    format!(
        "Werkmonitor {}, {scope}{provisional}\nPositie {}, {moment}; definities {}\n\n",
        question.quarter, as_of.position, question.definitions.name
    )
}

/// A count, with its percentage where it has one.
fn number(counts: &Counts, measure: Measure, question: &Question<'_>) -> String {
    let count = thousands(counts.get(measure));
    match counts.percentage(measure, question.definitions) {
        Some(percentage) => format!("{count}  {:>5} %", percentage.replace('.', ",")),
        None => format!("{count}         "),
    }
}

fn changes(text: &mut String, figures: &Figures, question: &Question<'_>) {
    let (Some((_, now)), Some(previous), Some(earlier)) =
        (figures.cells.first(), figures.previous_quarter.first(), figures.year_earlier.first())
    else {
        return;
    };
    let quarter = question.quarter;
    let heading = ["Verandering (alle)".to_owned(), format!("sinds {}", quarter.previous()), format!("sinds {}", quarter.year_earlier())];
    let mut table = table(heading.iter().map(String::as_str));
    let shown = [
        Measure::Running,
        Measure::Started,
        Measure::Ended,
        Measure::PaidWork,
        Measure::SustainableWork,
        Measure::EverPaidWork,
        Measure::OutflowIntended,
    ];
    for measure in shown {
        let cell = |then: &Counts| {
            let change = now.change(then, measure, question.definitions);
            let relative = change.relative.map_or_else(String::new, |r| format!("  {} %", signed(&r)));
            let points = change.points.map_or_else(String::new, |p| format!("  {} procentpunt", signed(&p)));
            right(format!("{:+}{relative}{points}", change.absolute))
        };
        table.add_row([Cell::new(measure.dutch()), cell(previous), cell(earlier)]);
    }
    let _ = writeln!(text, "\n{table}");
}

fn signed(number: &str) -> String {
    let plus = if number.starts_with('-') || number == "0.0" { "" } else { "+" };
    format!("{plus}{}", number.replace('.', ","))
}

fn breakdowns(text: &mut String, figures: &Figures, question: &Question<'_>) {
    let shown = [Measure::Running, Measure::Started, Measure::Ended, Measure::PaidWork, Measure::SustainableWork, Measure::OutflowIntended];
    let names = ["Methode", "Uitsplitsing", "Aandeel"].into_iter().chain(shown.iter().map(|m| m.dutch()));
    let mut table = table(names);
    for (key, counts) in &figures.cells {
        let (of, part) = match key {
            CellKey::All | CellKey::Method(_) => continue,
            CellKey::MethodFunding(of, by) => (of, funding(*by).to_owned()),
            CellKey::MethodVariant(of, by) => (of, by.map_or("variant onbekend", variant).to_owned()),
            CellKey::MethodOrganisation(of, by) => (of, by.to_string()),
            CellKey::MethodRegion(of, by) => (of, format!("{} {}", by.code(), by.name())),
        };
        let share = figures.share(key).map_or_else(String::new, |share| format!("{} %", share.replace('.', ",")));
        let numbers = shown.iter().map(|measure| right(number(counts, *measure, question)));
        table.add_row([Cell::new(method(*of)), Cell::new(part), right(share)].into_iter().chain(numbers));
    }
    if table.row_count() > 0 {
        let _ = writeln!(text, "\n{table}");
    }
}

/// Who pays, in Dutch.
pub const fn funding(funding: Funding) -> &'static str {
    match funding {
        Funding::Municipality => "gemeente",
        Funding::Uwv => "UWV",
        Funding::Other => "overig",
    }
}

const fn variant(variant: Variant) -> &'static str {
    match variant {
        Variant::Epa => "EPA",
        Variant::Cmd => "CMD",
        Variant::Other => "andere variant",
    }
}

/// A trajectory on a day: its state, its jobs condition by condition, its timeline.
pub fn status(trajectory: Uuid, timeline: &Timeline, status: &Status) -> String {
    let mut text = String::new();
    let step = match status.step {
        None => "geen geldige intake",
        Some(domain::Step::Intake) => "intake",
        Some(domain::Step::Engagement) => "kennismaking (engagement)",
        Some(domain::Step::Assessment) => "assessment",
        Some(domain::Step::Placement) => "plaatsing of werk zoeken",
        Some(domain::Step::Coaching) => "coaching op werk of opleiding",
        Some(domain::Step::Outflow) => "uitgestroomd",
    };
    let lines = [
        ("Traject", trajectory.to_string()),
        ("Organisatie", timeline.organisation().to_string()),
        ("Op", status.on.to_string()),
        ("Methode", status.method.map_or("-", method).to_owned()),
        ("Loopt", yes_no(status.running).to_owned()),
        ("Stap", step.to_owned()),
        ("Betaald werk", yes_no(status.paid_work).to_owned()),
        ("Duurzaam", verdict(status.sustainable_work).to_owned()),
        ("Revisie", timeline.revision().to_string()),
    ];
    for (name, value) in lines {
        let _ = writeln!(text, "{name:13} {value}");
    }
    if !status.jobs.is_empty() {
        let mut jobs = table(["Baan", "Van", "Tot", "Duurzaam", "Reguliere werkplek", "Uren per week", "Loonwaarde", "Contract"]);
        for job in &status.jobs {
            let conditions = Condition::ALL.map(|condition| {
                let found = job.conditions.iter().find(|(of, _)| *of == condition);
                Cell::new(found.map_or("-", |(_, answer)| verdict(*answer)))
            });
            let stopped = job.stopped.map_or_else(|| "-".to_owned(), |day| day.to_string());
            let first = [Cell::new(job.job.0), Cell::new(job.started), Cell::new(stopped), Cell::new(verdict(job.sustainable))];
            jobs.add_row(first.into_iter().chain(conditions));
        }
        let _ = writeln!(text, "\n{jobs}");
    }
    let mut events = table(["Datum", "Wat er geldt", "Revisie", "Gebeurtenis"]);
    for event in timeline.events() {
        events.add_row([Cell::new(event.occurred_on), Cell::new(what(&event.fact)), right(event.revision), Cell::new(event.id.0)]);
    }
    let _ = write!(text, "\n{events}");
    text
}

const fn yes_no(yes: bool) -> &'static str {
    if yes { "ja" } else { "nee" }
}

const fn verdict(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Yes => "ja",
        Verdict::No => "nee",
        Verdict::Unknown => "onbekend",
    }
}

const fn what(fact: &Fact) -> &'static str {
    match fact {
        Fact::Intake(_) => "intake",
        Fact::Engagement => "wensen en doelen",
        Fact::Assessment { .. } => "assessment",
        Fact::PlacementStarted { .. } => "plaatsing begonnen",
        Fact::PlacementStopped { .. } => "plaatsing voorbij",
        Fact::PaidWorkStarted { .. } => "betaald werk begonnen",
        Fact::PaidWorkChanged { .. } => "betaald werk veranderd",
        Fact::PaidWorkStopped { .. } => "betaald werk voorbij",
        Fact::EducationStarted { .. } => "opleiding begonnen",
        Fact::EducationStopped { .. } => "opleiding voorbij",
        Fact::Contact { .. } => "contact",
        Fact::TrajectoryChanged(_) => "traject veranderd",
        Fact::Outflow { .. } => "uitstroom",
        Fact::Retraction { .. } => "intrekking",
    }
}
