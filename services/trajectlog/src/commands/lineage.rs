//! `trajectlog lineage`.

use std::io::Write;

use app::{
    figures::Ask,
    lineage::{Traced, answer, of_one, places},
};
use event_log::{EventLog, Position};

use crate::{
    cli::{Lineage, LineageFormat},
    commands::{figures::definitions, not_in_the_future},
    failure::Failure,
    folder::now,
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
        let those = if args.left_out { &lineage.left_out } else { &lineage.counted };
        let wanted = |traced: &&Traced| args.reason.as_ref().is_none_or(|only| *only == traced.outcome.reason.code());
        let shown = those.iter().filter(wanted).cloned().collect();
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
