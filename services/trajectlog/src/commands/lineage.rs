//! `trajectlog lineage`.

use std::io::Write;

use app::{
    figures::Ask,
    lineage::{Wanted, answer, of_one, organisations, places},
};
use event_log::{EventLog, Position};
use figures::{CellKey, Scope, lineage::Number};

use crate::{
    cli::{Lineage, LineageFormat},
    commands::{figures::definitions, not_in_the_future},
    failure::Failure,
    folder::now,
    log::Log,
    output::lineage::{Told, csv, json, one_json, table},
    place::Place,
    progress,
};

pub async fn run(place: &Place, args: &Lineage) -> Result<(), Failure> {
    let number = args.number().ok_or_else(|| Failure::wrong_use("say which number: --cell PATH, or --measure MEASURE"))?;
    let ask = Ask {
        quarter: args.quarter,
        scope: args.scope.clone(),
        definitions: definitions(args.definitions.as_deref())?.0,
        tables: number.key.is_of_tables(),
        as_of: not_in_the_future(args.as_of)?,
    };
    let log = place.log().await?;
    let (lineage, shown, as_of) = if let Some(trajectory) = args.trajectory {
        let (traced, as_of) = of_one(&log, &ask, &number, trajectory, now).await?;
        let traced =
            traced.ok_or_else(|| Failure::refused(format!("the log holds no trajectory {trajectory} at position {}", as_of.position)))?;
        (None, vec![traced], as_of)
    } else {
        let bar = progress::events("tracing", log.resolve(ask.as_of.until()).await?.position.0);
        let (lineage, as_of) = answer(&log, &ask, &number, now, &mut |read| bar.inc(read)).await?;
        bar.finish_and_clear();
        if lineage.counted.is_empty() && lineage.left_out.is_empty() {
            warn_of_unknown(&log, &ask.scope, &number, Position(as_of.position)).await?;
        }
        let those = if args.left_out { lineage.left_out.clone() } else { lineage.counted.clone() };
        let shown = Wanted { reason: args.reason, after: None }.of(those).collect();
        (Some(lineage), shown, as_of)
    };
    let ids: Vec<_> = shown.iter().map(|traced| traced.trajectory.0).collect();
    let places = places(&log, &ids, Position(as_of.position)).await?;
    let told = Told { question: ask.question(), number: &number, as_of: &as_of, shown: &shown, places: &places };
    let text = match (args.format, &lineage) {
        (LineageFormat::Json, Some(lineage)) => json(&told, lineage),
        (LineageFormat::Json, None) => one_json(&told),
        (LineageFormat::Csv, _) => csv(&told)?,
        (LineageFormat::Table, lineage) => table(&told, lineage.as_ref()),
    };
    std::io::stdout().write_all(text.as_bytes())?;
    Ok(())
}

/// Nobody is behind numbers of an organisation that is not there: they are zeros, and a name that was misspelt is told beside them.
async fn warn_of_unknown(log: &Log, scope: &Scope, number: &Number, until: Position) -> Result<(), Failure> {
    let of_cell = if let CellKey::MethodOrganisation(_, organisation) = &number.key { Some(organisation) } else { None };
    let mut named = scope.organisation.iter().chain(of_cell).peekable();
    if named.peek().is_none() {
        return Ok(());
    }
    let known = organisations(log, until).await?;
    for organisation in named.filter(|organisation| !known.contains(*organisation)) {
        let there_are = known.iter().map(|known| known.as_str()).collect::<Vec<_>>().join(", ");
        tracing::warn!("the log holds nothing of an organisation '{organisation}', but of {there_are}");
    }
    Ok(())
}
