//! The log for auditors, the newest first, page by page, of an organisation, a kind of event or a time alone. No text is in it, and no key is
//! asked for.
//!
//! The log has no index by organisation or kind: what is asked for is looked for from the newest backwards, so many events at once, and one page
//! ends after so many of them; the next goes on from there. How many there are is told as far as that was looked
//! through. It has one by time, for `recorded_at` never runs backwards.

use std::collections::BTreeSet;

use app::{
    export::{self, Outside},
    midnight_in_amsterdam,
};
use axum::{Extension, extract::State, http::StatusCode, response::Response};
use domain::{Date, Quarter};
use event_log::{Position, RecordBatch, Until};
use figures::Scope;
use pages::{Choosable, Filled, Kind, Lang, Log, LogRow, Looked, Mistake};
use proto_events::{Slug, Timestamp};

use super::{
    Visitor, convert, dashboard,
    dates::{self, mistake},
    html,
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
/// Events that are looked through for one page, and to count all that there are: a second's work or less.
const MOST: u64 = 50_000;

/// The fields of the form. A day that stands in an address is `vanaf` or `tot` alone too, as `2026-07-01`.
const FIELDS: [&str; 8] = ["organisatie", "soort", "vanaf.day", "vanaf.month", "vanaf.year", "tot.day", "tot.month", "tot.year"];

/// What is asked for.
#[derive(Default)]
struct Wanted {
    organisation: Option<Slug>,
    kind: Option<Kind>,
    from: Option<proto_events::Date>,
    until: Option<proto_events::Date>,
}

impl Wanted {
    /// What is asked for, and as it stands in the form: with everything that is wrong with it. A form sends what is left open as nothing.
    fn read(asked: &Asked, today: Date, lang: Lang) -> (Self, Filled) {
        let text = |key: &str| asked.text(key).map(str::trim).filter(|text| !text.is_empty());
        let mut filled =
            Filled { values: FIELDS.map(|key| (key.to_owned(), text(key).unwrap_or_default().to_owned())).into(), ..Filled::default() };
        let mut wrong = |one: Mistake| filled.mistakes.push(one);
        let organisation = text("organisatie").and_then(|slug| {
            let words =
                lang.t("Deze organisatie is er niet. Kies er een uit de lijst.", "There is no such organisation. Choose one of the list.");
            slug.parse().map_err(|_| wrong(mistake("organisatie", words))).ok()
        });
        let kind = text("soort").and_then(|slug| {
            let known = Kind::of_slug(slug);
            if known.is_none() {
                wrong(mistake(
                    "soort",
                    lang.t("Deze soort is er niet. Kies er een uit de lijst.", "There is no such kind. Choose one of the list."),
                ));
            }
            known
        });
        let mut days = [None; 2];
        for (day, name) in days.iter_mut().zip(["vanaf", "tot"]) {
            match self::day(asked, name, lang) {
                Ok(said) => *day = said,
                Err(one) => wrong(one),
            }
        }
        let [from, until] = days;
        if from.is_some_and(|from| from.days() > today.days()) {
            let words = lang.t(
                "Deze dag moet nog komen: dan is er nog niets vastgelegd. Vul vandaag of een eerdere dag in.",
                "This day has yet to come: nothing was recorded then. Fill in today or an earlier day.",
            );
            wrong(mistake("vanaf.day", words));
        } else if let (Some(from), Some(until)) = (from, until)
            && until.days() < from.days()
        {
            let from = convert::day_of(from).long(lang);
            wrong(mistake(
                "tot.day",
                match lang {
                    Lang::Nl => format!("Deze dag ligt vóór de eerste. Vul {from} of een latere dag in."),
                    Lang::En => format!("This day lies before the first. Fill in {from} or a later day."),
                },
            ));
        }
        // A day of an address stands in its fields.
        for (name, day) in [("vanaf", from), ("tot", until)] {
            let Some((year, month, day)) = day.map(|day| Date::from_days(day.days()).civil()) else { continue };
            for (part, number) in [("day", day.to_string()), ("month", month.to_string()), ("year", format!("{year:04}"))] {
                let there = filled.values.iter_mut().find(|(of, value)| value.is_empty() && *of == format!("{name}.{part}"));
                there.into_iter().for_each(|(_, value)| value.clone_from(&number));
            }
        }
        (Self { organisation, kind, from, until }, filled)
    }

    fn is_all_of_a_time(&self) -> bool {
        self.organisation.is_none() && self.kind.is_none()
    }

    /// Whether nothing is left out.
    fn is_all(&self) -> bool {
        self.is_all_of_a_time() && self.from.is_none() && self.until.is_none()
    }

    /// The address of the page whose newest event is at this position; of none the first page.
    fn address(&self, newest: Option<u64>) -> String {
        let day = |day: Option<proto_events::Date>| day.map(|day| day.to_string()).unwrap_or_default();
        let organisation = self.organisation.as_ref().map(|slug| slug.as_str().to_owned()).unwrap_or_default();
        let (kind, from, until) = (self.kind.map(Kind::slug).unwrap_or_default(), day(self.from), day(self.until));
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

/// A day that is asked for: in three fields, else as it stands in an address.
fn day(asked: &Asked, name: &str, lang: Lang) -> Result<Option<proto_events::Date>, Mistake> {
    let keys = ["day", "month", "year"].map(|part| format!("{name}.{part}"));
    let parts = keys.each_ref().map(|key| (key.as_str(), asked.text(key).unwrap_or_default().trim()));
    if parts.iter().any(|(_, text)| !text.is_empty()) {
        return dates::day(parts, lang).map(Some);
    }
    let Some(text) = asked.text(name).filter(|text| !text.is_empty()) else { return Ok(None) };
    let words = lang.t("Deze datum is niet te lezen. Vul dag, maand en jaar in.", "This date cannot be read. Fill in day, month and year.");
    text.parse().map(Some).map_err(|_| mistake(parts[0].0, words))
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
    /// Below this position nothing was looked at yet for the page.
    looked_to: u64,
    /// How many there are, as far as they were counted.
    looked: Looked,
}

impl Found {
    /// Takes in the events from `from` to where it was looked before, the newest first: those that the page has room for.
    fn take_in(&mut self, events: Vec<Outside>, from: u64) {
        if self.events.len() == PAGE || from >= self.looked_to {
            return;
        }
        let below = self.looked_to;
        let room = PAGE - self.events.len();
        self.events.extend(events.into_iter().filter(|event| event.position.0 < below).take(room));
        let is_full = self.events.len() == PAGE;
        self.looked_to = self.events.last().filter(|_| is_full).map_or(from, |event| event.position.0);
    }
}

/// `GET /logboek`.
pub(crate) async fn show(State(inner): Gate, visitor: Visitor, Extension(asked): Extension<Asked>) -> Result<Response, Problem> {
    visitor.caller.may(Action::ReadLog, Object::Any)?;
    let (wanted, filled) = Wanted::read(&asked, visitor.today, visitor.frame.lang);
    let head = inner.log.head().await?.position.0;
    if !filled.mistakes.is_empty() {
        let organisations = choosable(organisations(&inner, visitor.today).await?, &wanted, &[]);
        let (rows, frame) = (Vec::new(), visitor.frame);
        let page = Log { frame, total: head, filled, looked: None, organisations, rows, newer: None, older: None, looked_to: None };
        return html(StatusCode::BAD_REQUEST, &page);
    }
    let (first, last) = wanted.positions(&inner, head, visitor.today).await?;
    let newest = asked.number("van", 1, u64::MAX)?.unwrap_or(last).min(last);
    let Found { events, looked_to, looked } = find(&inner, &wanted, (first, last), newest).await?;
    let more = looked_to > first;
    let names = Names::of(&inner.sign_in()?.accounts);
    let choices = organisations(&inner, visitor.today).await?;
    let mut filled = filled;
    if let Some(organisation) = wanted.organisation.as_ref().filter(|slug| events.is_empty() && !choices.contains(slug.as_str())) {
        filled.mistakes.push(unknown(organisation, visitor.frame.lang));
    }
    page(&Log {
        total: head,
        newer: (newest < last).then(|| newer(&wanted, newest, last)),
        older: more.then(|| wanted.address(Some(looked_to - 1))),
        looked_to: (more && events.len() < PAGE).then_some(looked_to),
        filled,
        looked: Some(looked).filter(|_| !wanted.is_all()),
        organisations: choosable(choices, &wanted, &events),
        rows: events.iter().map(|event| row(event, &names)).collect(),
        frame: visitor.frame,
    })
}

/// The page before: of all events the one that ends where this begins, of some of them the first.
fn newer(wanted: &Wanted, newest: u64, last: u64) -> String {
    let page = PAGE as u64;
    wanted.address((wanted.is_all_of_a_time() && last - newest > page).then(|| newest + page))
}

/// The events that are wanted between these positions: a page from the newest down, and how many there are of them all.
async fn find(inner: &Inner, wanted: &Wanted, (first, last): (u64, u64), newest: u64) -> Result<Found, Problem> {
    let all = Looked { found: (last + 1).saturating_sub(first), all: true };
    let mut found = Found { events: Vec::new(), looked_to: newest + 1, looked: all };
    if wanted.is_all_of_a_time() {
        while found.looked_to > first && found.events.len() < PAGE {
            let from = found.looked_to.saturating_sub(PAGE as u64).max(first);
            found.take_in(between(inner, wanted, from, found.looked_to - 1).await?, from);
        }
        return Ok(found);
    }
    // Who looks through much takes turns with others who do.
    let _turn = turn(inner).await?;
    // All are counted, from the last of the time that is asked for; a page that lies in there is taken on the way.
    let counted = first.max(last.saturating_sub(MOST));
    found.looked = Looked { found: 0, all: counted == first };
    let mut to = last + 1;
    while to > counted {
        let from = to.saturating_sub(AT_ONCE).max(counted);
        let events = between(inner, wanted, from, to - 1).await?;
        found.looked.found += events.len() as u64;
        found.take_in(events, from);
        to = from;
    }
    let end = first.max(newest.saturating_sub(MOST));
    while found.looked_to > end && found.events.len() < PAGE {
        let from = found.looked_to.saturating_sub(AT_ONCE).max(end);
        let events = between(inner, wanted, from, found.looked_to - 1).await?;
        found.looked.found += events.iter().filter(|event| event.position.0 < counted).count() as u64;
        found.take_in(events, from);
    }
    Ok(found)
}

/// The events that are wanted from one position to another, the newest first.
async fn between(inner: &Inner, wanted: &Wanted, from: u64, to: u64) -> Result<Vec<Outside>, Problem> {
    let many = usize::try_from(to - from + 1).unwrap_or(usize::MAX);
    let batches = inner.log.page(Position(from), many).await?;
    let mut events = outside(batches, from, to, wanted.organisation.clone(), wanted.kind).await?;
    events.sort_by_key(|event| std::cmp::Reverse(event.position));
    Ok(events)
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
        occurred: convert::day_of(event.occurred_on),
        actor: names.actor(&event.organisation, &event.actor),
    }
}

/// The organisations that are known: of accounts, and of the figures of this quarter where these are at hand.
async fn organisations(inner: &Inner, today: Date) -> Result<BTreeSet<String>, Problem> {
    let accounts = inner.sign_in()?.accounts.accounts();
    let of_accounts = accounts.iter().filter_map(|account| account.profile.organisation.as_ref());
    let mut codes: BTreeSet<String> = of_accounts.map(|slug| slug.as_str().to_owned()).collect();
    codes.extend(dashboard::parts_at_hand(inner, Quarter::of(today), &Scope::default()).await.organisations);
    Ok(codes)
}

/// Those that can be chosen, by name: the ones that are known, of what is shown, and the one that was chosen.
fn choosable(mut codes: BTreeSet<String>, wanted: &Wanted, events: &[Outside]) -> Vec<Choosable> {
    codes.extend(wanted.organisation.iter().map(|slug| slug.as_str().to_owned()));
    codes.extend(events.iter().map(|event| event.organisation.clone()));
    let mut all: Vec<Choosable> = codes.iter().map(|code| Choosable::new(code, names::organisation(code))).collect();
    all.sort_by_key(|one| (one.words.to_lowercase(), one.value.clone()));
    all
}

/// Nothing was found of an organisation that nobody has an account of: most often its name was typed.
fn unknown(organisation: &Slug, lang: Lang) -> Mistake {
    let slug = organisation.as_str();
    let words = match lang {
        Lang::Nl => format!(
            "Een organisatie “{slug}” is nu niet bekend: niemand heeft er een account en er loopt geen traject. Kies er een uit de lijst."
        ),
        Lang::En => {
            format!("No organisation “{slug}” is known now: nobody has an account of it, and no trajectory runs. Choose one of the list.")
        }
    };
    mistake("organisatie", words)
}
