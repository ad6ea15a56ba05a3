//! `trajectlog completeness`.

use std::{collections::BTreeMap, io::Write};

use app::{AsOf, completeness::answer};
use domain::{Method, Name, Quarter};
use event_log::EventLog;
use figures::{Definitions, Scope, completeness};
use proto_events::Timestamp;
use publications::{Publications, Record};

use super::publish::open;
use crate::{
    cli::{Completeness, CompletenessFormat},
    commands::{begun, not_in_the_future},
    failure::Failure,
    folder::now,
    output::completeness::{DeclaredBy, Told, csv, json, tables},
    place::Place,
    progress,
};

pub async fn run(place: &Place, args: &Completeness) -> Result<(), Failure> {
    let as_of = not_in_the_future(args.as_of)?;
    begun(args.quarter)?;
    let organisation = args.organisation.as_ref().map(|slug| Name::from(slug.as_str()));
    let (completeness, state) = counted(place, args.quarter, organisation.clone(), as_of).await?;
    if let Some(of) = &organisation
        && completeness.deliveries.organisations().is_empty()
    {
        return Err(nothing_of(of));
    }
    let until = if let AsOf::Moment(moment) = as_of { Some(moment) } else { None };
    let publications = open(place)?;
    let declared = declared(&publications, args.quarter, organisation.as_ref(), until);
    let told = Told { quarter: args.quarter, completeness: &completeness, as_of: &state, declared: &declared };
    let text = match args.format {
        CompletenessFormat::Table => tables(&told),
        CompletenessFormat::Json => format!("{}\n", json(&told)),
        CompletenessFormat::Csv => csv(&told),
    };
    std::io::stdout().write_all(text.as_bytes())?;
    Ok(())
}

/// How complete a quarter is by a state of the log.
pub async fn counted(
    place: &Place,
    quarter: Quarter,
    organisation: Option<Name>,
    as_of: AsOf,
) -> Result<(completeness::Completeness, figures::AsOf), Failure> {
    let log = place.log().await?;
    let bar = progress::events("counting", log.resolve(as_of.until()).await?.position.0);
    let ask = app::completeness::Ask { quarter, organisation, definitions: Definitions::built_in().clone(), as_of };
    let counted = answer(&log, &ask, now, &mut |read| bar.inc(read)).await?;
    bar.finish_and_clear();
    Ok(counted)
}

/// That the log holds nothing of an organisation.
pub fn nothing_of(organisation: &Name) -> Failure {
    Failure::refused(words_of_nothing(organisation))
}

fn words_of_nothing(organisation: &Name) -> String {
    format!("the log holds no trajectory of {organisation} up to this quarter: look at its name with `trajectlog completeness`")
}

/// Warns where figures of an organisation are all zero because the log holds nothing of it: a name that was misspelt would read as a quarter in
/// which nothing ran. Only asked where nothing was counted, since it reads the log once more.
pub async fn warn_of_nothing(place: &Place, scope: &Scope, quarter: Quarter, as_of: AsOf) -> Result<(), Failure> {
    let Some(organisation) = &scope.organisation else { return Ok(()) };
    if !is_known(place, organisation, quarter, as_of).await? {
        tracing::warn!("{}", words_of_nothing(organisation));
    }
    Ok(())
}

/// Refuses where the log holds nothing of the organisation at all, of whatever quarter that has begun.
pub async fn refuse_nobody(place: &Place, scope: &Scope, as_of: AsOf) -> Result<(), Failure> {
    let Some(organisation) = &scope.organisation else { return Ok(()) };
    let current = Quarter::of(app::amsterdam_day(now()));
    if is_known(place, organisation, current, as_of).await? { Ok(()) } else { Err(nothing_of(organisation)) }
}

async fn is_known(place: &Place, organisation: &Name, quarter: Quarter, as_of: AsOf) -> Result<bool, Failure> {
    let (counted, _) = counted(place, quarter, Some(organisation.clone()), as_of).await?;
    Ok(!counted.deliveries.organisations().is_empty())
}

/// The last declarations of a quarter, until a moment: who declared it, and when.
fn declared(
    publications: &Publications,
    quarter: Quarter,
    only: Option<&Name>,
    until: Option<Timestamp>,
) -> BTreeMap<(Name, Method), DeclaredBy> {
    let all = publications.declarations(quarter);
    let ours = all.filter(|(record, complete)| {
        until.is_none_or(|until| record.written_at <= until) && only.is_none_or(|only| *only == complete.organisation)
    });
    let by = |record: &Record| DeclaredBy { by: record.by.clone(), at: record.written_at, seen: record.seen() };
    ours.map(|(record, complete)| ((complete.organisation.clone(), complete.method), by(record))).collect()
}
