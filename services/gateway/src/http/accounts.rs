//! What administrators do to accounts. Every change names the revision that they saw.

use std::collections::BTreeSet;

use accounts::{Account, Accounts, By, FirstPassword, Held, Login, OneTimePassword, Profile, Revision, Role};
use axum::{
    Extension,
    body::Body,
    extract::{Path, State},
    http::{Request, StatusCode},
};
use proto_events::Slug;
use serde::Deserialize;
use serde_json::{Value, json as value};
use uuid::Uuid;

use super::{
    Answered, Gate, PREFIX, body, json,
    own::seen,
    query::{Asked, of_address},
    trajectories::link_next,
};
use crate::{
    Inner,
    access::{Action, Caller, Credential, Object},
    problem::Problem,
};

/// Accounts on a page when nothing is said.
const PAGE: usize = 100;

/// The accounts, and who changes them; after it was judged whether they may.
fn judged(inner: &Inner, caller: &Caller, credential: Credential) -> Result<(Accounts, By), Problem> {
    let accounts = inner.sign_in()?.accounts.clone();
    caller.may(Action::ManageAccounts, Object::Any)?;
    Ok((accounts, By::Account(seen(credential)?.account.id)))
}

fn shown(account: &Held<Account>) -> Value {
    let Account { id, profile, state, must_change_password, signs_in_by, created_at, changed_at } = &**account;
    value!({
        "id": id,
        "login": profile.login,
        "name": profile.name,
        "organisation": profile.organisation,
        "coach": profile.coach,
        "roles": profile.roles,
        "state": state,
        "must_change_password": must_change_password,
        "by_provider": !signs_in_by.is_password(),
        "linked": signs_in_by.identity().is_some(),
        "created_at": created_at,
        "changed_at": changed_at,
        "revision": account.revision,
    })
}

fn shown_with(account: &Held<Account>, password: Option<&OneTimePassword>) -> Value {
    value!({"account": shown(account), "one_time_password": password.map(OneTimePassword::expose)})
}

/// `GET /accounts`.
pub(super) async fn list(
    State(inner): Gate,
    Extension(caller): Extension<Caller>,
    Extension(credential): Extension<Credential>,
    Extension(asked): Extension<Asked>,
) -> Answered {
    let (accounts, _) = judged(&inner, &caller, credential)?;
    let limit = asked.limit(PAGE, inner.limits.page_accounts)?;
    let after = asked.value::<Uuid>("cursor").map_err(|_| Problem::wrong_cursor())?;
    let mut page: Vec<Held<Account>> =
        accounts.accounts().into_iter().filter(|account| after.is_none_or(|after| account.id > after)).take(limit + 1).collect();
    let more = page.len() > limit;
    page.truncate(limit);
    let next = page.last().filter(|_| more).map(|last| format!("{PREFIX}/accounts?limit={limit}&cursor={}", last.id));
    let shown: Vec<Value> = page.iter().map(shown).collect();
    Ok(link_next(json(StatusCode::OK, &value!({"accounts": shown, "next": next}))?, next.as_deref()))
}

/// A profile, and by what its owner signs in.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct NewAccount {
    login: Login,
    name: String,
    #[serde(default)]
    organisation: Option<Slug>,
    #[serde(default)]
    coach: Option<Slug>,
    roles: BTreeSet<Role>,
    #[serde(default)]
    by_provider: bool,
}

/// `POST /accounts`.
pub(super) async fn create(
    State(inner): Gate,
    Extension(caller): Extension<Caller>,
    Extension(credential): Extension<Credential>,
    request: Request<Body>,
) -> Answered {
    let (accounts, by) = judged(&inner, &caller, credential)?;
    let NewAccount { login, name, organisation, coach, roles, by_provider } = body::read_as(request, &inner.limits).await?;
    let password = if by_provider { FirstPassword::OfProvider } else { FirstPassword::OneTime };
    let (account, password) = accounts.create(by, Profile { login, name, organisation, coach, roles }, password).await?;
    json(StatusCode::CREATED, &shown_with(&account, password.as_ref()))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Changed {
    revision: Revision,
    profile: Profile,
}

/// `PUT /accounts/{id}`.
pub(super) async fn change(
    State(inner): Gate,
    Extension(caller): Extension<Caller>,
    Extension(credential): Extension<Credential>,
    Path(id): Path<String>,
    request: Request<Body>,
) -> Answered {
    let (accounts, by) = judged(&inner, &caller, credential)?;
    let id = of_address(&id)?;
    let Changed { revision, profile } = body::read_as(request, &inner.limits).await?;
    json(StatusCode::OK, &shown(&accounts.change(by, id, revision, profile).await?))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Seen {
    revision: Revision,
}

/// What is done to an account, by whom, and as who did it saw it.
struct Wanted {
    accounts: Accounts,
    by: By,
    id: Uuid,
    revision: Revision,
}

async fn wanted(inner: &Inner, caller: &Caller, credential: Credential, id: &str, request: Request<Body>) -> Result<Wanted, Problem> {
    let (accounts, by) = judged(inner, caller, credential)?;
    let id = of_address(id)?;
    let Seen { revision } = body::read_as(request, &inner.limits).await?;
    Ok(Wanted { accounts, by, id, revision })
}

/// `POST /accounts/{id}/locks`.
pub(super) async fn lock(
    State(inner): Gate,
    Extension(caller): Extension<Caller>,
    Extension(credential): Extension<Credential>,
    Path(id): Path<String>,
    request: Request<Body>,
) -> Answered {
    let Wanted { accounts, by, id, revision } = wanted(&inner, &caller, credential, &id, request).await?;
    json(StatusCode::OK, &shown(&accounts.lock(by, id, revision).await?))
}

/// `POST /accounts/{id}/unlocks`.
pub(super) async fn unlock(
    State(inner): Gate,
    Extension(caller): Extension<Caller>,
    Extension(credential): Extension<Credential>,
    Path(id): Path<String>,
    request: Request<Body>,
) -> Answered {
    let Wanted { accounts, by, id, revision } = wanted(&inner, &caller, credential, &id, request).await?;
    json(StatusCode::OK, &shown(&accounts.unlock(by, id, revision).await?))
}

/// `POST /accounts/{id}/handovers`.
pub(super) async fn hand_over(
    State(inner): Gate,
    Extension(caller): Extension<Caller>,
    Extension(credential): Extension<Credential>,
    Path(id): Path<String>,
    request: Request<Body>,
) -> Answered {
    let Wanted { accounts, by, id, revision } = wanted(&inner, &caller, credential, &id, request).await?;
    json(StatusCode::OK, &shown(&accounts.hand_to_provider(by, id, revision).await?))
}

/// `POST /accounts/{id}/resets`.
pub(super) async fn reset(
    State(inner): Gate,
    Extension(caller): Extension<Caller>,
    Extension(credential): Extension<Credential>,
    Path(id): Path<String>,
    request: Request<Body>,
) -> Answered {
    let Wanted { accounts, by, id, revision } = wanted(&inner, &caller, credential, &id, request).await?;
    let (account, password) = accounts.reset(by, id, revision).await?;
    json(StatusCode::OK, &shown_with(&account, Some(&password)))
}
