//! The log for auditors, the newest first, page by page, of an organisation, a kind of event or a time alone. No text is in it, and no key is
//! asked for.
//!
//! The log has no index by organisation or kind: what is asked for is looked for from the newest backwards, so many events at once, and one page
//! ends after so many of them; the next goes on from there. It has one by time, for `recorded_at` never runs backwards.

use std::collections::BTreeSet;

use app::{
    export::{self, Outside},
    midnight_in_amsterdam,
};
use axum::{Extension, extract::State, response::Response};
use domain::{Date, Quarter};
use event_log::{Position, RecordBatch, Until};
use pages::{Choosable, Kind, Log, LogFilter, LogRow};
use proto_events::{Slug, Timestamp};

use super::{
    Visitor, convert, dashboard,
    names::{self, Names},
    page,
};
use crate::{
    Inner,
    access::{Action, Object},
    http::{Asked, Gate, turn},
    problem::Problem,
};

/// Events on a page.
const PAGE: usize = 50;
/// Events that are read at once while something is looked for.
const AT_ONCE: u64 = 500;
/// Events that are looked through for one page: a second's work or less.
const MOST: u64 = 50_000;

/// What is asked for.
struct Wanted {
    organisation: Option<Slug>,
    kind: Option<Kind>,
    from: Option<proto_events::Date>,
    until: Option<proto_events::Date>,
}

impl Wanted {
    /// A form sends what is left open as nothing.
    fn read(asked: &Asked) -> Result<Self, Problem> {
        let said = |key: &str| asked.text(key).is_some_and(|text| !text.is_empty());
        let kind = |slug: &str| Kind::of_slug(slug).ok_or_else(|| Problem::malformed("soort: expected the type of an event"));
        Ok(Self {
            organisation: if said("organisatie") { asked.value("organisatie")? } else { None },
            kind: asked.text("soort").filter(|slug| !slug.is_empty()).map(kind).transpose()?,
            from: if said("vanaf") { asked.value("vanaf")? } else { None },
            until: if said("tot") { asked.value("tot")? } else { None },
        })
    }

    fn is_all_of_a_time(&self) -> bool {
        self.organisation.is_none() && self.kind.is_none()
    }

    fn filter(&self) -> LogFilter {
        let day = |day: Option<proto_events::Date>| day.map(|day| day.to_string()).unwrap_or_default();
        LogFilter {
            organisation: self.organisation.as_ref().map(|slug| slug.as_str().to_owned()).unwrap_or_default(),
            kind: self.kind.map(Kind::slug).unwrap_or_default(),
            from: day(self.from),
            until: day(self.until),
        }
    }

    /// The address of the page whose newest event is at this position; of none the first page.
    fn address(&self, newest: Option<u64>) -> String {
        let LogFilter { organisation, kind, from, until } = self.filter();
        let newest = newest.map(|position| position.to_string()).unwrap_or_default();
        let all = [("organisatie", organisation), ("soort", kind), ("vanaf", from), ("tot", until), ("van", newest)];
        let mut query = form_urlencoded::Serializer::new(String::new());
        query.extend_pairs(all.iter().filter(|(_, value)| !value.is_empty()));
        match query.finish() {
            query if query.is_empty() => "/logboek".to_owned(),
            query => format!("/logboek?{query}"),
        }
    }

    /// The first and the last position that were recorded in the time that is asked for.
    async fn positions(&self, inner: &Inner, head: u64, today: Date) -> Result<(u64, u64), Problem> {
        let first = match self.from {
            Some(day) => before(inner, Date::from_days(day.days())).await?.min(head) + 1,
            None => 1,
        };
        let last = match self.until {
            Some(day) if day.days() < today.days() => before(inner, Date::from_days(day.days()).plus_days(1)).await?.min(head),
            Some(_) | None => head,
        };
        Ok((first, last))
    }
}

/// The last position that was recorded before this day.
async fn before(inner: &Inner, day: Date) -> Result<u64, Problem> {
    let last = midnight_in_amsterdam(day).micros().checked_sub(1).and_then(Timestamp::from_micros);
    match last {
        Some(moment) => Ok(inner.log.resolve(Until::Moment(moment)).await?.position.0),
        None => Ok(0),
    }
}

/// What was found.
struct Found {
    /// The newest first, at most a page of them.
    events: Vec<Outside>,
    /// Below this position nothing was looked at yet.
    looked_to: u64,
}

/// `GET /logboek`.
pub(crate) async fn show(State(inner): Gate, visitor: Visitor, Extension(asked): Extension<Asked>) -> Result<Response, Problem> {
    visitor.caller.may(Action::ReadLog, Object::Any)?;
    let wanted = Wanted::read(&asked)?;
    let head = inner.log.head().await?.position.0;
    let (first, last) = wanted.positions(&inner, head, visitor.today).await?;
    let newest = asked.number("van", 1, u64::MAX)?.unwrap_or(last).min(last);
    let Found { events, looked_to } = find(&inner, &wanted, first, newest).await?;
    let more = looked_to > first;
    let names = Names::of(&inner.sign_in()?.accounts);
    page(&Log {
        total: head,
        newer: (newest < last).then(|| newer(&wanted, newest, last)),
        older: more.then(|| wanted.address(Some(looked_to - 1))),
        looked_to: (more && events.len() < PAGE).then_some(looked_to),
        filter: wanted.filter(),
        organisations: organisations(&inner, &wanted, &events, visitor.today).await?,
        rows: events.iter().map(|event| row(event, &names)).collect(),
        frame: visitor.frame,
    })
}

/// The page before: of all events the one that ends where this begins, of some of them the first.
fn newer(wanted: &Wanted, newest: u64, last: u64) -> String {
    let page = PAGE as u64;
    wanted.address((wanted.is_all_of_a_time() && last - newest > page).then(|| newest + page))
}

/// The events that are wanted, from the newest down to the first.
async fn find(inner: &Inner, wanted: &Wanted, first: u64, newest: u64) -> Result<Found, Problem> {
    let mut found = Found { events: Vec::new(), looked_to: newest + 1 };
    let at_once = if wanted.is_all_of_a_time() { PAGE as u64 } else { AT_ONCE };
    // Who looks through much takes turns with others who do.
    let _turn = if wanted.is_all_of_a_time() { None } else { Some(turn(inner).await?) };
    let end = first.max(newest.saturating_sub(MOST));
    while found.looked_to > end && found.events.len() < PAGE {
        let to = found.looked_to - 1;
        let from = to.saturating_sub(at_once - 1).max(end);
        let many = usize::try_from(to - from + 1).unwrap_or(usize::MAX);
        let batches = inner.log.page(Position(from), many).await?;
        let mut events = outside(batches, from, to, wanted.organisation.clone(), wanted.kind).await?;
        events.sort_by_key(|event| std::cmp::Reverse(event.position));
        found.events.append(&mut events);
        found.looked_to = from;
    }
    if found.events.len() > PAGE {
        found.events.truncate(PAGE);
        found.looked_to = found.events.last().map_or(found.looked_to, |event| event.position.0);
    }
    Ok(found)
}

/// What stands around the events of these batches that are wanted. Decoding them keeps no other request waiting.
async fn outside(
    batches: Vec<RecordBatch>,
    from: u64,
    to: u64,
    organisation: Option<Slug>,
    kind: Option<Kind>,
) -> Result<Vec<Outside>, Problem> {
    let work = move || {
        let wanted = |of: &str, is: proto_events::EventType| {
            organisation.as_ref().is_none_or(|only| only.as_str() == of) && kind.is_none_or(|only| only.event_type() == is.as_str())
        };
        let mut found = Vec::new();
        for batch in &batches {
            for record in &batch.records {
                let within = |event: &Outside| (from..=to).contains(&event.position.0);
                found.extend(export::outside(batch, record, wanted)?.into_iter().filter(within));
            }
        }
        Ok::<_, Problem>(found)
    };
    tokio::task::spawn_blocking(work).await.map_err(|error| {
        tracing::error!("the log could not be read to the end: {error}");
        Problem::internal()
    })?
}

fn row(event: &Outside, names: &Names) -> LogRow {
    LogRow {
        position: event.position.0,
        recorded: convert::minute(event.recorded_at),
        kind: Kind::of_type(event.event_type.as_str()).unwrap_or(Kind::TrajectoryChanged),
        corrects: event.corrects,
        trajectory: event.trajectory_id.to_string(),
        organisation: names::organisation(&event.organisation),
        actor: names.actor(&event.organisation, &event.actor),
    }
}

/// The organisations that can be chosen, by name: of accounts, of the figures of this quarter where these are at hand, of what
/// is shown, and the one that was chosen.
async fn organisations(inner: &Inner, wanted: &Wanted, events: &[Outside], today: Date) -> Result<Vec<Choosable>, Problem> {
    let accounts = inner.sign_in()?.accounts.accounts();
    let of_accounts = accounts.iter().filter_map(|account| account.profile.organisation.as_ref());
    let chosen = wanted.organisation.iter().chain(of_accounts).map(|slug| slug.as_str().to_owned());
    let mut codes: BTreeSet<String> = chosen.chain(events.iter().map(|event| event.organisation.clone())).collect();
    codes.extend(dashboard::organisations_at_hand(inner, Quarter::of(today)).await);
    let mut all: Vec<Choosable> = codes.iter().map(|code| Choosable::new(code, names::organisation(code))).collect();
    all.sort_by(|a, b| (&a.words, &a.value).cmp(&(&b.words, &b.value)));
    Ok(all)
}
