//! `trajectlog vintages`.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Write as _,
    io::Write,
};

use comfy_table::Cell;
use figures::{
    CellKey,
    disclosure::{Area, Column},
    vintage::{Cause, Part},
};
use publications::{Publications, Record, Reopening, Status, Vintage};
use serde_json::{Map, Value, json};

use super::{
    difference::{Step, sum},
    publish::read,
};
use crate::{
    cli::{ShortFormat, Vintages},
    failure::Failure,
    output::table::{method, right, table},
    place::Place,
};

pub async fn run(place: &Place, args: &Vintages) -> Result<(), Failure> {
    let publications = read(place).await?;
    let vintages = publications.vintages(args.quarter);
    if vintages.is_empty() {
        return Err(Failure::refused(format!("nothing was published of {}: `trajectlog publish` does it", args.quarter)));
    }
    let area = Area::of(&args.scope)
        .ok_or_else(|| Failure::wrong_use("nothing is published of an organisation within a region: ask for one of the two"))?;
    let mut steps = Vec::new();
    for pair in vintages.windows(2) {
        let [(_, then), (_, now)] = pair else { continue };
        let step = Step::between(&area, then, now);
        steps.push(if args.explain { step.explained(&place.log().await?, &area).await? } else { step });
    }
    let reopenings = publications.reopenings(args.quarter);
    let told = match args.format {
        ShortFormat::Json => format!(
            "{}\n",
            json!({
                "quarter": args.quarter.to_string(),
                "scope": args.scope.as_text(),
                "vintages": vintages.iter().map(|(record, vintage)| vintage_json(&publications, record, vintage)).collect::<Vec<_>>(),
                "reopenings": reopenings.iter().map(|(record, reopening)| reopening_json(record, reopening)).collect::<Vec<_>>(),
                "differences": steps.iter().map(step_json).collect::<Vec<_>>(),
            })
        ),
        ShortFormat::Table => tables(&publications, &vintages, &reopenings, &steps),
    };
    std::io::stdout().write_all(told.as_bytes())?;
    Ok(())
}

fn path(key: &CellKey, column: &Column) -> String {
    format!("{}.{}", key.path().join("."), column.name())
}

/// What had been declared complete when a vintage was published.
fn declared(publications: &Publications, record: &Record) -> Vec<Value> {
    let told = publications.declared_before(record).map(|(declared, complete)| {
        json!({
            "organisation": complete.organisation.as_str(),
            "method": complete.method.as_str(),
            "by": declared.by,
            "at": declared.written_at.to_string(),
        })
    });
    told.collect()
}

fn vintage_json(publications: &Publications, record: &Record, vintage: &Vintage) -> Value {
    json!({
        "declared_complete": declared(publications, record),
        "number": record.number,
        "moment": vintage.moment.to_string(),
        "status": vintage.status.as_str(),
        "position": vintage.as_of.position,
        "recorded_at": vintage.as_of.recorded_at,
        "definitions": vintage.definitions.name,
        "published_at": record.written_at.to_string(),
        "by": record.by,
        "sha256": record.hash,
        "previous": record.previous,
    })
}

fn reopening_json(record: &Record, reopening: &Reopening) -> Value {
    json!({
        "number": record.number,
        "reason": reopening.reason,
        "by": record.by,
        "agreed_by": reopening.agreed_by,
        "reopened_at": record.written_at.to_string(),
        "sha256": record.hash,
        "previous": record.previous,
    })
}

fn step_json(step: &Step<'_>) -> Value {
    let cells = step.changed.iter().map(|(key, column, was, is)| {
        let mut cell = json!({"cell": path(key, column), "then": was, "now": is});
        if step.is_explained() {
            cell["causes"] = causes_json(step.causes(key, column));
        }
        cell
    });
    json!({
        "then": step.then.moment.to_string(),
        "now": step.now.moment.to_string(),
        "cells": cells.collect::<Vec<_>>(),
    })
}

fn causes_json(causes: BTreeMap<Cause, Vec<&Part>>) -> Value {
    let ids = |events: &[domain::EventId]| events.iter().map(|id| id.0.to_string()).collect::<Vec<_>>();
    let causes = causes.into_iter().map(|(cause, parts)| {
        let trajectories = parts.iter().map(|part| {
            json!({
                "trajectory_id": part.trajectory.0.to_string(),
                "difference": part.difference,
                "added": ids(&part.added),
                "removed": ids(&part.removed),
            })
        });
        let told = json!({"difference": sum(&parts), "trajectories": trajectories.collect::<Vec<_>>()});
        (cause.as_str().to_owned(), told)
    });
    Value::Object(causes.collect::<Map<_, _>>())
}

/// `1 cel`, `12 cellen`.
fn counted(count: usize, one: &str, more: &str) -> String {
    format!("{count} {}", if count == 1 { one } else { more })
}

/// A status as the Dutch tables say it.
const fn status_words(status: Status) -> &'static str {
    match status {
        Status::Provisional => "voorlopig",
        Status::Revised => "herzien",
        Status::Definitive => "definitief",
    }
}

/// The organisations that had declared something complete when a vintage was published, each with the methods.
fn declared_words(publications: &Publications, record: &Record) -> String {
    let mut all: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for (_, complete) in publications.declared_before(record) {
        all.entry(complete.organisation.as_str()).or_default().insert(method(complete.method));
    }
    let words = |(organisation, methods): (&str, BTreeSet<&str>)| {
        format!("{organisation} ({})", methods.into_iter().collect::<Vec<_>>().join(", "))
    };
    if all.is_empty() { "door niemand".to_owned() } else { all.into_iter().map(words).collect::<Vec<_>>().join("; ") }
}

fn tables(
    publications: &Publications,
    vintages: &[(&Record, &Vintage)],
    reopenings: &[(&Record, &Reopening)],
    steps: &[Step<'_>],
) -> String {
    let mut shown = table(["Nr.", "Moment", "Status", "Positie", "Definities", "Door", "Geschreven"]);
    for (record, vintage) in vintages {
        shown.add_row([
            right(record.number),
            Cell::new(vintage.moment),
            Cell::new(status_words(vintage.status)),
            right(vintage.as_of.position),
            Cell::new(&vintage.definitions.name),
            Cell::new(&record.by),
            Cell::new(record.written_at),
        ]);
    }
    let mut told = format!("{shown}\n");
    if !reopenings.is_empty() {
        let mut shown = table(["Nr.", "Heropend door", "Akkoord van", "Reden", "Geschreven"]);
        for (record, Reopening { reason, agreed_by, .. }) in reopenings {
            let row = [right(record.number), Cell::new(&record.by), Cell::new(agreed_by), Cell::new(reason), Cell::new(record.written_at)];
            shown.add_row(row);
        }
        let _ = writeln!(told, "\n{shown}");
    }
    for (record, _) in vintages {
        let _ = writeln!(told, "Nr. {}: compleet verklaard: {}", record.number, declared_words(publications, record));
    }
    for step in steps {
        let mut shown = table(["Cel", "Toen", "Nu", "Verschil", if step.is_explained() { "Waardoor" } else { "" }]);
        for (key, column, was, is) in &step.changed {
            let causes = step
                .causes(key, column)
                .into_iter()
                .map(|(cause, parts)| format!("{} {:+} ({})", cause.dutch(), sum(&parts), counted(parts.len(), "traject", "trajecten")));
            let difference = i128::from(*is) - i128::from(*was);
            let causes = causes.collect::<Vec<_>>().join("; ");
            shown.add_row([Cell::new(path(key, column)), right(was), right(is), right(format!("{difference:+}")), Cell::new(causes)]);
        }
        let _ = writeln!(
            told,
            "\nVan {} naar {}: {} veranderd\n{shown}",
            step.then.moment,
            step.now.moment,
            counted(step.changed.len(), "cel", "cellen")
        );
    }
    told
}
