//! Recording, and a trajectory's state and history.

use std::sync::Arc;

use app::{AsOf, amsterdam_day, coach_of};
use axum::{
    Extension,
    body::Body,
    extract::{Path, State},
    http::{HeaderName, Request, StatusCode, header},
    response::Response,
};
use domain::{Date, Name, Status, SustainableWork};
use event_log::{Position, RecordBatch};
use serde_json::{json as value, value::RawValue};
use uuid::Uuid;

use super::{
    Answered, Gate, PREFIX, body, json,
    layers::RequestId,
    query::{self, Asked},
    table::{METHODS, SORTS, STEPS, VERDICTS},
    with_header,
};
use crate::{
    Inner,
    access::{Action, Caller, Object},
    form::{self, Unread},
    ports::{CaseloadAsk, SortField},
    problem::{Mistake, Problem},
    reading::{self, Texts},
    record::{self, Done, What},
};

/// Trajectories on a page when nothing is said.
const PAGE: usize = 50;
/// The longest cursor: an id and what it was sorted by.
pub(crate) const LONGEST_CURSOR: usize = 512;

fn unread(unread: Unread) -> Problem {
    match unread {
        Unread::Malformed(mistakes) => Problem::mistakes(mistakes),
        Unread::TooMany(detail) => Problem::too_large(detail),
    }
}

/// `POST /trajectories/{id}/events`.
pub(super) async fn record_one(
    State(inner): Gate,
    Extension(caller): Extension<Caller>,
    Path(id): Path<String>,
    request: Request<Body>,
) -> Answered {
    caller.may(Action::Record, Object::Any)?;
    let trajectory = query::trajectory(&id)?;
    let body = body::read(request, inner.limits.event_bytes, &inner.limits).await?;
    let command = form::command(&body, Some(trajectory), &inner.limits).map_err(unread)?;
    record::permitted(&caller, &command, None)?;
    let done = record::record(&inner, &caller, vec![command]).await?.pop().ok_or_else(Problem::internal)?;
    let status = StatusCode::from_u16(done.status).map_err(|_| Problem::internal())?;
    let response = match done.what {
        What::Event(event) => json(status, &event)?,
        What::Events(events) => json(status, &events)?,
        What::Problem(problem) => return Err(*problem),
    };
    let location = format!("{PREFIX}/trajectories/{trajectory}/events");
    Ok(if status == StatusCode::CREATED { with_header(response, header::LOCATION, &location) } else { response })
}

/// `POST /events`.
pub(super) async fn record_outbox(
    State(inner): Gate,
    Extension(caller): Extension<Caller>,
    Extension(request_id): Extension<RequestId>,
    request: Request<Body>,
) -> Answered {
    caller.may(Action::Record, Object::Any)?;
    let body = body::read(request, inner.limits.outbox_bytes, &inner.limits).await?;
    let mut answers = outbox(&inner, &caller, &body, None).await?;
    for answer in &mut answers {
        if let What::Problem(problem) = &mut answer.what {
            problem.request_id = Some(request_id.0.clone());
        }
    }
    json(StatusCode::OK, &answers)
}

/// What became of each element of an outbox, in order. `only` is the organisation that the way in names, where it names one.
pub(crate) async fn outbox(inner: &Inner, caller: &Caller, body: &[u8], only: Option<&str>) -> Result<Vec<Done>, Problem> {
    let read = form::outbox(body, &inner.limits).map_err(unread)?;
    let mut commands = Vec::with_capacity(read.len());
    let told: Vec<Option<Problem>> = read
        .into_iter()
        .map(|element: Result<form::Command, Vec<Mistake>>| {
            let judged = element.map_err(Problem::mistakes).and_then(|command| {
                record::permitted(caller, &command, only)?;
                Ok(command)
            });
            judged.map(|command| commands.push(command)).err()
        })
        .collect();
    let mut done = record::record(inner, caller, commands).await?.into_iter();
    let in_order = told.into_iter().map(|problem| problem.map_or_else(|| done.next(), |problem| Some(problem.into())));
    in_order.collect::<Option<Vec<_>>>().ok_or_else(Problem::internal)
}

/// All records of a stream, whatever is asked for: whose it is today decides who may see it. And where the state ends that is asked for.
pub(super) async fn stream(inner: &Inner, trajectory: Uuid, as_of: AsOf) -> Result<(RecordBatch, Position), Problem> {
    // What any gateway has answered must be seen here too: so the log itself says where it ends.
    let at_least = inner.log.head().await?.position;
    let until = match as_of {
        AsOf::Now => Position(u64::MAX),
        AsOf::Position(_) | AsOf::Moment(_) => inner.log.resolve(as_of.until()).await?.position,
    };
    let locators = inner.desk.locate(trajectory, at_least).await?;
    let batch = if locators.is_empty() { RecordBatch::default() } else { inner.log.read_at(&locators).await? };
    Ok((batch, until))
}

/// Whether the caller may see the trajectory of these records, whoever has it today: who had it before does not. Gives its coach of today.
pub(super) fn may_see(inner: &Inner, caller: &Caller, id: Uuid, all: &RecordBatch) -> Result<Option<Name>, Problem> {
    let timeline = &reading::timeline(all, Position(u64::MAX))?.ok_or_else(Problem::no_such_trajectory)?;
    let coach = coach_of(timeline, amsterdam_day((inner.clock)()));
    let object = Object::Trajectory { id, organisation: timeline.organisation().as_str(), coach: coach.as_ref().map(Name::as_str) };
    caller.may(Action::SeeTrajectory, object)?;
    Ok(coach)
}

/// `GET /trajectories/{id}`.
pub(super) async fn status(
    State(inner): Gate,
    Extension(caller): Extension<Caller>,
    Extension(asked): Extension<Asked>,
    Path(id): Path<String>,
) -> Answered {
    caller.may(Action::SeeTrajectory, Object::Any)?;
    let trajectory = query::trajectory(&id)?;
    let as_of = asked.as_of(inner.clock)?;
    let on = asked.value::<proto_events::Date>("on")?;
    json(StatusCode::OK, &status_of(&inner, &caller, trajectory, as_of, on).await?)
}

/// The status of a trajectory that the caller may see.
pub(crate) async fn status_of(
    inner: &Arc<Inner>,
    caller: &Caller,
    trajectory: Uuid,
    as_of: AsOf,
    on: Option<proto_events::Date>,
) -> Result<serde_json::Value, Problem> {
    let (batch, until) = stream(inner, trajectory, as_of).await?;
    may_see(inner, caller, trajectory, &batch)?;
    let timeline = reading::timeline(&batch, until)?.ok_or_else(Problem::no_such_trajectory)?;
    let day = on.map_or_else(|| amsterdam_day((inner.clock)()), |date| Date::from_days(date.days()));
    let status = Status::on(&timeline, day, &SustainableWork::default());
    Ok(app::status::to_json(trajectory, &timeline, &status))
}

/// `GET /trajectories/{id}/events`.
pub(super) async fn history(
    State(inner): Gate,
    Extension(caller): Extension<Caller>,
    Extension(asked): Extension<Asked>,
    Path(id): Path<String>,
) -> Answered {
    caller.may(Action::SeeTrajectory, Object::Any)?;
    let trajectory = query::trajectory(&id)?;
    let (batch, until) = stream(&inner, trajectory, asked.as_of(inner.clock)?).await?;
    let coach = may_see(&inner, &caller, trajectory, &batch)?;
    let timeline = reading::timeline(&batch, until)?.ok_or_else(Problem::no_such_trajectory)?;
    let organisation = timeline.organisation().as_str();
    let texts = Texts::of(&caller, Object::Trajectory { id: trajectory, organisation, coach: coach.as_ref().map(Name::as_str) });
    let mut events: Vec<Box<RawValue>> = Vec::new();
    for record in &batch.records {
        let shown = reading::events(&batch, record, &inner.keys, texts, |position| position <= until.0)?;
        events.extend(shown.into_iter().map(|shown| shown.json));
    }
    json(StatusCode::OK, &events)
}

/// `GET /trajectories`.
pub(super) async fn list(State(inner): Gate, Extension(caller): Extension<Caller>, Extension(asked): Extension<Asked>) -> Answered {
    caller.may(Action::SeeTrajectory, Object::Any)?;
    let sort = asked.word("sort", SORTS)?.unwrap_or_else(|| "trajectoryId".to_owned());
    let (field, descending) = sort.strip_prefix('-').map_or((sort.as_str(), false), |field| (field, true));
    let field = SortField::ALL.iter().find(|(name, _)| *name == field).map(|(_, field)| *field).unwrap_or_default();
    let slug = |key: &str| asked.value::<proto_events::Slug>(key).map(|slug| slug.map(|slug| slug.as_str().to_owned()));
    let cursor = asked.text("cursor").map(str::to_owned);
    if cursor.as_ref().is_some_and(|cursor| !is_cursor(cursor)) {
        return Err(Problem::wrong_cursor());
    }
    let ask = CaseloadAsk {
        reach: caller.sees(),
        organisation: slug("organisation")?,
        coach: slug("coach")?,
        running: asked.yes_or_no("running")?,
        step: asked.word("step", STEPS)?,
        sustainable_work: asked.word("sustainableWork", VERDICTS)?,
        method: asked.word("method", METHODS)?,
        sort: field,
        descending,
        limit: asked.limit(PAGE, inner.limits.page_trajectories)?,
        cursor,
        at_least: inner.log.head().await?.position.0,
    };
    let page = inner.statuses.list(&ask).await?;
    let next = page.next.as_deref().map(|cursor| next_page(&format!("{PREFIX}/trajectories"), &asked, cursor));
    let response = json(StatusCode::OK, &value!({"trajectories": page.items, "position": page.position, "next": next}))?;
    Ok(link_next(response, next.as_deref()))
}

fn is_cursor(text: &str) -> bool {
    (1..=LONGEST_CURSOR).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_".contains(&b))
}

/// The address of the page of this address that begins at a cursor.
pub(super) fn next_page(address: &str, asked: &Asked, cursor: &str) -> String {
    let mut query = form_urlencoded::Serializer::new(String::new());
    for (key, text) in asked.all().filter(|(key, _)| *key != "cursor") {
        query.append_pair(key, text);
    }
    format!("{address}?{}", query.append_pair("cursor", cursor).finish())
}

/// The `Link` of a page that has one after it.
pub(super) fn link_next(response: Response, next: Option<&str>) -> Response {
    match next {
        Some(next) => with_header(response, HeaderName::from_static("link"), &format!("<{next}>; rel=\"next\"")),
        None => response,
    }
}
