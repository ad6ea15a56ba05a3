//! What belongs to whoever is signed in: the session, the password, other sessions, tokens for apps.

use std::{collections::BTreeSet, sync::Arc};

use accounts::{Account, By, Password, Role, SessionSeen, TokenInfo};
use axum::{
    Extension,
    body::Body,
    extract::{Path, State},
    http::{Request, StatusCode},
    response::IntoResponse,
};
use serde::Deserialize;
use serde_json::{Value, json as value};
use uuid::Uuid;
use zeroize::Zeroizing;

use super::{Answered, Gate, body, json, query::of_address, signing::with_session};
use crate::{
    access::{Credential, session_cookie},
    problem::Problem,
};

/// Whose session it is: the table lets nobody else come here.
pub(super) fn seen(credential: Credential) -> Result<Arc<SessionSeen>, Problem> {
    match credential {
        Credential::Session(seen) => Ok(seen),
        Credential::Token(_) | Credential::Issued(_) => Err(Problem::session_needed()),
        Credential::NotAsked => Err(Problem::no_accounts()),
    }
}

fn shown(account: &Account, csrf: &str) -> Value {
    value!({
        "account": account.id,
        "csrf": csrf,
        "roles": account.profile.roles,
        "organisation": account.profile.organisation,
        "coach": account.profile.coach,
        "must_change_password": account.must_change_password,
    })
}

/// `GET /session`.
pub(super) async fn session(Extension(credential): Extension<Credential>) -> Answered {
    let seen = seen(credential)?;
    json(StatusCode::OK, &shown(&seen.account, &seen.csrf.expose()))
}

/// A password in a body; wiped when dropped.
#[derive(Deserialize)]
#[serde(from = "String")]
struct Typed(Zeroizing<String>);

impl From<String> for Typed {
    fn from(text: String) -> Self {
        Self(Zeroizing::new(text))
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct NewPassword {
    old: Typed,
    new: Typed,
}

/// `PUT /session/password`.
pub(super) async fn change_password(State(inner): Gate, request: Request<Body>) -> Answered {
    let accounts = &inner.sign_in()?.accounts;
    let cookie = session_cookie(request.headers()).map(|cookie| Zeroizing::new(cookie.to_owned())).unwrap_or_default();
    let NewPassword { old, new } = body::read_as(request, &inner.limits).await?;
    let signed_in = accounts.change_password(&cookie, &Password::new(&old.0), &Password::new(&new.0)).await?;
    with_session(json(StatusCode::OK, &shown(&signed_in.account, &signed_in.csrf.expose()))?, Some(&signed_in))
}

/// `GET /sessions`.
pub(super) async fn sessions(State(inner): Gate, Extension(credential): Extension<Credential>) -> Answered {
    let (accounts, seen) = (&inner.sign_in()?.accounts, seen(credential)?);
    let sessions: Vec<Value> = accounts
        .sessions_of(seen.account.id)
        .into_iter()
        .map(|session| {
            value!({
                "id": session.id,
                "created": session.created,
                "last_seen": session.last_seen,
                "ends": session.ends(),
                "agent": session.agent,
                "current": session.id == seen.session.id,
            })
        })
        .collect();
    json(StatusCode::OK, &value!({"sessions": sessions}))
}

/// `DELETE /sessions/{id}`.
pub(super) async fn end_session(State(inner): Gate, Extension(credential): Extension<Credential>, Path(id): Path<String>) -> Answered {
    let (accounts, seen, id) = (&inner.sign_in()?.accounts, seen(credential)?, of_address(&id)?);
    accounts.end_session(seen.account.id, id).await?;
    let response = StatusCode::NO_CONTENT.into_response();
    if id == seen.session.id { with_session(response, None) } else { Ok(response) }
}

fn token(info: &TokenInfo) -> Value {
    value!({
        "id": info.id,
        "name": info.name,
        "created": info.created,
        "expires": info.expires,
        "last_used": info.last_used,
        "roles": info.roles,
    })
}

/// `GET /tokens`.
pub(super) async fn tokens(State(inner): Gate, Extension(credential): Extension<Credential>) -> Answered {
    let (accounts, seen) = (&inner.sign_in()?.accounts, seen(credential)?);
    let tokens: Vec<Value> = accounts.tokens_of(seen.account.id).iter().map(token).collect();
    json(StatusCode::OK, &value!({"tokens": tokens}))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct NewToken {
    name: String,
    days: u32,
    #[serde(default)]
    roles: Option<BTreeSet<Role>>,
}

/// `POST /tokens`.
pub(super) async fn create_token(State(inner): Gate, Extension(credential): Extension<Credential>, request: Request<Body>) -> Answered {
    let (accounts, seen) = (&inner.sign_in()?.accounts, seen(credential)?);
    let NewToken { name, days, roles } = body::read_as(request, &inner.limits).await?;
    let (info, text) = accounts.create_token(seen.account.id, &name, days, roles).await?;
    let mut shown = token(&info);
    shown["token"] = text.expose().as_str().into();
    json(StatusCode::CREATED, &shown)
}

/// `DELETE /tokens/{id}`.
pub(super) async fn revoke_token(State(inner): Gate, Extension(credential): Extension<Credential>, Path(id): Path<String>) -> Answered {
    let (accounts, seen, id): (_, _, Uuid) = (&inner.sign_in()?.accounts, seen(credential)?, of_address(&id)?);
    accounts.revoke_token(By::Account(seen.account.id), seen.account.id, id).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}
