//! An explained number: for people, as JSON, and as one deciding event a row.

use std::fmt::Write;

use app::lineage::{Lineage, Places, Traced, by_reason, head_json, reasons_json, traced_json};
use comfy_table::Cell;
use figures::{
    AsOf, Question,
    lineage::{Number, Reason},
};
use serde_json::{Value, json};

use crate::{
    failure::Failure,
    output::table::{heading, right, table as framed, thousands},
};

/// As many trajectories are shown to people; the other forms hold all.
const SHOWN: usize = 50;

/// The columns of the rows.
const COLUMNS: [&str; 15] = [
    "quarter",
    "scope",
    "cell",
    "position_of_log",
    "trajectory_id",
    "organisation",
    "counted",
    "adds",
    "reason",
    "event_id",
    "type",
    "occurred_on",
    "recorded_at",
    "revision",
    "position",
];

/// The trajectories that are told of a number.
pub struct Told<'a> {
    /// Of which question.
    pub question: Question<'a>,
    /// Which number.
    pub number: &'a Number,
    /// From which state of the log.
    pub as_of: &'a AsOf,
    /// Those that are told.
    pub shown: &'a [Traced],
    /// Where their events stand.
    pub places: &'a Places,
}

/// All of it.
pub fn json(told: &Told<'_>, lineage: &Lineage) -> String {
    let mut whole = head_json(&told.question, told.number, told.as_of);
    whole.insert("value".to_owned(), lineage.value.into());
    for (name, those) in [("counted", &lineage.counted), ("left_out", &lineage.left_out)] {
        let reasons = reasons_json(&by_reason(those), 0);
        whole.insert(name.to_owned(), json!({"trajectories": those.len(), "reasons": reasons}));
    }
    let trajectories = told.shown.iter().map(|traced| traced_json(traced, told.places));
    whole.insert("trajectories".to_owned(), Value::Array(trajectories.collect()));
    format!("{}\n", Value::Object(whole))
}

/// One trajectory.
pub fn one_json(told: &Told<'_>) -> String {
    let mut whole = head_json(&told.question, told.number, told.as_of);
    let one = told.shown.first().map(|traced| traced_json(traced, told.places));
    whole.insert("trajectory".to_owned(), one.unwrap_or(Value::Null));
    format!("{}\n", Value::Object(whole))
}

/// One deciding event a row; a trajectory that none decides has a row without one.
pub fn csv(told: &Told<'_>) -> Result<String, Failure> {
    let mut rows = csv::Writer::from_writer(Vec::new());
    let wrong = |e: csv::Error| Failure::from(std::io::Error::other(e));
    rows.write_record(COLUMNS).map_err(wrong)?;
    let (quarter, scope, cell) = (told.question.quarter.to_string(), told.question.scope.as_text(), told.number.to_string());
    let log = told.as_of.position.to_string();
    for traced in told.shown {
        let outcome = &traced.outcome;
        let (id, adds) = (traced.trajectory.0.to_string(), outcome.adds.to_string());
        let (counted, reason) = (if outcome.adds > 0 { "true" } else { "false" }, outcome.reason.code());
        let organisation = traced.organisation.as_str();
        let head = [quarter.as_str(), &scope, &cell, &log, &id, organisation, counted, &adds, &reason].map(str::to_owned);
        let mut events: Vec<[String; 6]> = outcome
            .events
            .iter()
            .map(|event| {
                let placed = told.places.of(traced.trajectory, event.revision);
                [
                    event.id.0.to_string(),
                    placed.map_or_else(String::new, |placed| placed.event_type.as_str().to_owned()),
                    event.occurred_on.to_string(),
                    placed.map_or_else(String::new, |placed| placed.recorded_at.to_string()),
                    event.revision.to_string(),
                    placed.map_or_else(String::new, |placed| placed.position.to_string()),
                ]
            })
            .collect();
        if events.is_empty() {
            events.push(Default::default());
        }
        for event in events {
            rows.write_record(head.iter().chain(&event)).map_err(wrong)?;
        }
    }
    let bytes = rows.into_inner().map_err(|e| Failure::from(std::io::Error::other(e.to_string())))?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

/// For people: the number, its reasons, and the first trajectories.
pub fn table(told: &Told<'_>, lineage: Option<&Lineage>) -> String {
    let mut text = heading(&told.question, told.as_of);
    if let Some(lineage) = lineage {
        let _ = writeln!(text, "{} = {}\n", told.number, thousands(lineage.value));
        reasons(&mut text, "Geteld", &by_reason(&lineage.counted));
        reasons(&mut text, "Niet geteld", &by_reason(&lineage.left_out));
    } else {
        let _ = writeln!(text, "{}\n", told.number);
    }
    let mut shown = framed(["Traject", "Organisatie", "Telt", "Waarom", "Waardoor"]);
    for traced in told.shown.iter().take(SHOWN) {
        let adds = match traced.outcome.adds {
            0 => "nee".to_owned(),
            1 => "ja".to_owned(),
            more => format!("{more} keer"),
        };
        shown.add_row([
            Cell::new(traced.trajectory.0),
            Cell::new(&traced.organisation),
            Cell::new(adds),
            Cell::new(traced.outcome.reason.dutch()),
            Cell::new(events(traced, told.places)),
        ]);
    }
    if shown.row_count() > 0 {
        let _ = writeln!(text, "{shown}");
    }
    if told.shown.len() > SHOWN {
        let more = thousands((told.shown.len() - SHOWN) as u64);
        let _ = writeln!(text, "… en nog {more} trajecten: --format json of csv geeft ze allemaal");
    }
    text
}

fn reasons(text: &mut String, heading: &str, reasons: &[(Reason, u64)]) {
    if reasons.is_empty() {
        return;
    }
    let mut shown = framed([heading, "Reden", "Trajecten"]);
    for (reason, count) in reasons {
        shown.add_row([Cell::new(reason.dutch()), Cell::new(reason.code()), right(thousands(*count))]);
    }
    let _ = writeln!(text, "{shown}\n");
}

/// The deciding events, one a line: `2025-01-15 paid_work_started (positie 123)`.
fn events(traced: &Traced, places: &Places) -> String {
    let line = |event: &figures::lineage::Deciding| match places.of(traced.trajectory, event.revision) {
        Some(placed) => format!("{} {} (positie {})", event.occurred_on, placed.event_type.as_str(), placed.position),
        None => format!("{} {}", event.occurred_on, event.id.0),
    };
    traced.outcome.events.iter().map(line).collect::<Vec<_>>().join("\n")
}
