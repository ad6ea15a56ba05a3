//! `trajectlog publish`.

use std::{collections::BTreeSet, io::Write, path::Path, sync::Arc};

use app::{AsOf, figures::Ask};
use domain::Quarter;
use event_log::EventLog;
use figures::{Definitions, Scope, disclosure::Protection};
use proto_events::Timestamp;
use publications::{FiledRegister, Matter, NewVintage, Publications, Record, RegisterError, Reopening, Status, Vintage};
use serde_json::json;

use crate::{
    cli::{Publish, VintageStatus},
    commands::{figures::definitions, not_in_the_future},
    failure::Failure,
    folder::now,
    place::Place,
    progress,
};

/// What was published, by the folder. With a log on NATS it is kept in the data folder too: publish from one place.
pub fn open(place: &Place) -> Result<Publications, Failure> {
    Ok(open_in(place.folder().path())?)
}

/// The same for reading: a place without a log is told, and not taken for one where nothing was published.
pub async fn read(place: &Place) -> Result<Publications, Failure> {
    place.log().await?;
    open(place)
}

/// The same of a data folder.
pub fn open_in(data: &Path) -> Result<Publications, RegisterError> {
    Publications::open(Arc::new(FiledRegister::new(&data.join("publications"))))
}

pub async fn run(place: &Place, args: &Publish) -> Result<(), Failure> {
    let as_of = not_in_the_future(args.as_of)?;
    let mut publications = open(place)?;
    let status = match args.status {
        Some(VintageStatus::Provisional) => Status::Provisional,
        Some(VintageStatus::Revised) => Status::Revised,
        Some(VintageStatus::Definitive) => Status::Definitive,
        None if publications.vintages(args.quarter).is_empty() => Status::Provisional,
        None => Status::Revised,
    };
    let told = publish(place, &mut publications, args, as_of, status, None).await?;
    writeln!(std::io::stdout(), "{told}")?;
    Ok(())
}

/// Publishes one vintage, and tells of it as one line of JSON. What was published already, just so, is told again and not published twice. `written_at`
/// is when it was published, if that was not now.
pub async fn publish(
    place: &Place,
    publications: &mut Publications,
    args: &Publish,
    as_of: AsOf,
    status: Status,
    written_at: Option<Timestamp>,
) -> Result<serde_json::Value, Failure> {
    let (definitions, definitions_text) = definitions(args.definitions.as_deref())?;
    let ask = Ask { quarter: args.quarter, scope: Scope::default(), definitions, tables: false, as_of };
    let log = place.log().await?;
    let asked = now();
    // What is recorded while it is counted belongs to a later moment.
    let ask = Ask { as_of: if as_of == AsOf::Now { AsOf::Moment(asked) } else { as_of }, ..ask };
    let (as_of, is_of_now) = (ask.as_of, as_of == AsOf::Now);
    let bar = progress::events("counting", log.resolve(as_of.until()).await?.position.0);
    let (tables, state) = app::figures::tables(&log, &ask, now, &mut |read| bar.inc(read)).await?;
    bar.finish_and_clear();
    let moment = match as_of {
        AsOf::Moment(moment) => moment,
        AsOf::Now => asked,
        AsOf::Position(_) => {
            let recorded_at = state.recorded_at.as_ref().and_then(|text| text.parse::<Timestamp>().ok());
            let moment = recorded_at.ok_or_else(|| Failure::wrong_use("position 0 is the empty log: there is nothing to publish of it"))?;
            let last = log.resolve(AsOf::Moment(moment).until()).await?.position.0;
            if last != state.position {
                return Err(Failure::wrong_use(format!(
                    "vintages are told apart by their moment, and position {last} is of the same moment as {}: publish that, or a later one",
                    state.position
                )));
            }
            moment
        }
    };
    let there = publications.vintages(args.quarter).into_iter().find(|(_, vintage)| vintage.moment == moment);
    if let Some((record, vintage)) = there
        && vintage.as_of.position == state.position
        && vintage.definitions == ask.definitions
        && (args.status.is_none() || vintage.status == status)
    {
        return Ok(told(record, vintage, None));
    }
    // Without a status of its own, what was published of this state stays what it is.
    let published = publications.of_state(args.quarter, &state, &ask.definitions).map(|(_, vintage)| vintage.status);
    let status = if args.status.is_none() && args.reopen.is_none() { published.unwrap_or(status) } else { status };
    // Who names no moment wants what is known now to be published: it is, for as long as nothing was recorded.
    if is_of_now
        && args.reopen.is_none()
        && !publications.is_locked(args.quarter)
        && let Some((record, vintage)) = publications.of_state(args.quarter, &state, &ask.definitions)
        && vintage.status == status
    {
        return Ok(told(record, vintage, None));
    }
    may_be_published(args.quarter, status, moment, &ask.definitions)?;
    let new = NewVintage { quarter: args.quarter, moment, status, as_of: state, definitions_text, definitions: ask.definitions, tables };
    let reopening = args.reopen.as_ref().zip(args.agreed_by.as_ref());
    let reopening =
        reopening.map(|(reason, agreed_by)| Reopening { quarter: args.quarter, reason: reason.clone(), agreed_by: agreed_by.clone() });
    let (record, protection) = publications.publish(new, reopening, &args.by, written_at.unwrap_or(asked))?;
    match &record.matter {
        Matter::Published(vintage) => Ok(told(record, vintage, Some(&protection))),
        Matter::Complete(..) | Matter::Reopened(_) => Err(Failure::refused("what was published is no vintage")),
    }
}

/// The least threshold of a publication: below it, a count of one or two people would be shown.
const LEAST_THRESHOLD: u64 = 3;

/// What is fixed for ever should be about days that were, and hide whoever is one of few.
fn may_be_published(quarter: Quarter, status: Status, moment: Timestamp, definitions: &Definitions) -> Result<(), Failure> {
    let day = app::amsterdam_day(moment);
    if quarter.first_day() > day {
        return Err(Failure::wrong_use(format!("{quarter} had not begun on {day}: there is nothing to publish of it")));
    }
    if status == Status::Definitive && quarter.last_day() >= day {
        return Err(Failure::wrong_use(format!("{quarter} had not ended on {day}: it cannot be definitive yet")));
    }
    if definitions.disclosure_threshold < LEAST_THRESHOLD {
        return Err(Failure::wrong_use(format!(
            "the threshold of these definitions is {}: at less than {LEAST_THRESHOLD}, numbers of one or two people would be published",
            definitions.disclosure_threshold
        )));
    }
    Ok(())
}

/// One line about a vintage. `new` is how it was protected; `None` when it was there already.
fn told(record: &Record, vintage: &Vintage, new: Option<&Protection>) -> serde_json::Value {
    let suppressed: usize = vintage.hidden.values().map(BTreeSet::len).sum();
    let mut told = json!({
        "number": record.number,
        "quarter": vintage.quarter.to_string(),
        "moment": vintage.moment.to_string(),
        "status": vintage.status.as_str(),
        "position": vintage.as_of.position,
        "sha256": record.hash,
        "already_published": new.is_none(),
        "suppressed": {"all": suppressed},
    });
    if let Some(Protection { small, further, from_readers, shown_before, .. }) = new {
        told["suppressed"] = json!({
            "all": suppressed, "small": small, "further": further, "hidden_from_readers": from_readers, "shown_before": shown_before,
        });
    }
    told
}
