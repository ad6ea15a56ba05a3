//! `trajectlog replay`.

use std::io::{BufWriter, Write};

use app::{
    AppError, AsOf,
    history::{Selection, Told, tell},
};
use event_log::{EventLog, Position};
use serde_json::json;

use crate::{
    cli::{Replay, ShortFormat},
    commands::not_in_the_future,
    failure::Failure,
    place::Place,
    progress,
};

pub async fn run(place: &Place, args: &Replay) -> Result<(), Failure> {
    if let Some(to) = args.to
        && args.from > to
    {
        return Err(Failure::wrong_use(format!(
            "nothing lies from position {} to {to}: --from is the first to be told, --to the last",
            args.from
        )));
    }
    let as_of = args.to.map(|to| AsOf::Position(Position(to))).or(args.as_of);
    let until = not_in_the_future(as_of)?.until();
    let log = place.log().await?;
    let selection = Selection { from: Position(args.from), until, trajectory: args.trajectory };
    let bar = progress::events("telling", log.resolve(until).await?.position.0);
    let mut out = BufWriter::new(std::io::stdout());
    let mut told = 0_u64;
    let mut one = |event: Told| {
        told += 1;
        let line = match args.format {
            ShortFormat::Json => as_json(&event),
            ShortFormat::Table => as_text(&event),
        };
        writeln!(out, "{line}").map_err(AppError::Output)
    };
    tell(&log, selection, &mut one, &mut |read| bar.inc(read)).await?;
    bar.finish_and_clear();
    out.flush()?;
    match args.trajectory {
        Some(trajectory) if told == 0 => Err(Failure::refused(format!("the log holds no event of trajectory {trajectory} there"))),
        _ => Ok(()),
    }
}

fn as_json(event: &Told) -> String {
    let changes: Vec<_> =
        event.changes.iter().map(|(what, before, after)| json!({"what": what, "before": before, "after": after})).collect();
    json!({
        "position": event.position.0,
        "recorded_at": event.recorded_at.to_string(),
        "actor": event.actor,
        "trajectory_id": event.trajectory.to_string(),
        "revision": event.revision,
        "event_id": event.event_id.to_string(),
        "type": event.event_type.as_str(),
        "occurred_on": event.occurred_on,
        "target": event.target.map(|id| id.to_string()),
        "changes": changes,
    })
    .to_string()
}

fn as_text(event: &Told) -> String {
    let target = event.target.map_or_else(String::new, |id| format!(" of {id}"));
    let changes: Vec<String> = event.changes.iter().map(|(what, before, after)| format!("{what} {before} → {after}")).collect();
    let changes = if changes.is_empty() { "nothing else changes".to_owned() } else { changes.join("; ") };
    format!(
        "{:>8}  {}  {}  #{:<3} {}{target} on {}, by {}: {changes}",
        event.position,
        event.recorded_at,
        event.trajectory,
        event.revision,
        event.event_type,
        event.occurred_on,
        event.actor.escape_debug()
    )
}
