//! Covers: managers say who stands in for an absent coach of their organisation.

use accounts::{Account, Accounts, Cover, Held, NewCover};
use app::amsterdam_day;
use axum::{
    Extension,
    body::Body,
    extract::{Path, State},
    http::{Request, StatusCode},
    response::IntoResponse,
};
use proto_events::{Date, Slug};
use serde::Deserialize;
use serde_json::{Value, json as value};

use super::{
    Answered, Gate, body, json,
    query::{Asked, of_address},
};
use crate::{
    Inner,
    access::{Action, Caller, Credential, Object},
    problem::Problem,
};

/// The accounts, who asks and for which organisation: their own.
fn judged(inner: &Inner, caller: &Caller, credential: &Credential) -> Result<(Accounts, Held<Account>, Slug), Problem> {
    let accounts = inner.sign_in()?.accounts.clone();
    caller.may(Action::ManageCover, Object::Any)?;
    let account = credential.account().cloned().ok_or_else(Problem::no_accounts)?;
    let organisation = account.profile.organisation.clone().ok_or_else(|| Problem::forbidden("your account does not permit this"))?;
    caller.may(Action::ManageCover, Object::Organisation(organisation.as_str()))?;
    Ok((accounts, account, organisation))
}

fn shown(cover: &Cover) -> Value {
    let Cover { id, what, made_by, made_at, ended } = cover;
    value!({
        "id": id,
        "organisation": what.organisation,
        "absent": what.absent,
        "by": what.by,
        "from": what.from,
        "until": what.until,
        "made_by": made_by,
        "made_at": made_at,
        "ended_by": ended.map(|ended| ended.by),
        "ended_at": ended.map(|ended| ended.at),
    })
}

/// `GET /covers`.
pub(super) async fn list(
    State(inner): Gate,
    Extension(caller): Extension<Caller>,
    Extension(credential): Extension<Credential>,
    Extension(asked): Extension<Asked>,
) -> Answered {
    let (accounts, _, organisation) = judged(&inner, &caller, &credential)?;
    let passed = asked.yes_or_no("passed")?.unwrap_or(false);
    let today = Date::from_days(amsterdam_day((inner.clock)()).days());
    let counts = |cover: &Cover| passed || (cover.ended.is_none() && today.is_none_or(|today| today <= cover.what.until));
    let covers: Vec<Value> = accounts.covers_of(&organisation).iter().filter(|cover| counts(cover)).map(|cover| shown(cover)).collect();
    json(StatusCode::OK, &value!({"covers": covers}))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct New {
    absent: Slug,
    by: Slug,
    from: Date,
    until: Date,
}

/// `POST /covers`.
pub(super) async fn create(
    State(inner): Gate,
    Extension(caller): Extension<Caller>,
    Extension(credential): Extension<Credential>,
    request: Request<Body>,
) -> Answered {
    let (accounts, account, organisation) = judged(&inner, &caller, &credential)?;
    let New { absent, by, from, until } = body::read_as(request, &inner.limits).await?;
    let cover = accounts.create_cover(account.id, NewCover { organisation, absent, by, from, until }).await?;
    json(StatusCode::CREATED, &shown(&cover))
}

/// `DELETE /covers/{id}`.
pub(super) async fn end(
    State(inner): Gate,
    Extension(caller): Extension<Caller>,
    Extension(credential): Extension<Credential>,
    Path(id): Path<String>,
) -> Answered {
    let (accounts, account, organisation) = judged(&inner, &caller, &credential)?;
    accounts.end_cover(account.id, &organisation, of_address(&id)?).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}
