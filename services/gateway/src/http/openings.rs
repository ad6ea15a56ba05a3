//! Openings: who has opened which sealed texts, when and why. For whoever answers for them.

use accounts::{Accounts, Held, Opening};
use axum::{Extension, extract::State, http::StatusCode};
use proto_events::Slug;
use serde_json::{Value, json as value};
use uuid::Uuid;

use super::{Answered, Gate, PREFIX, json, query::Asked, trajectories::link_next};
use crate::{
    access::{Action, Caller, Credential, Decision, Object, permits},
    problem::Problem,
};

/// Openings on a page when nothing is said.
const PAGE: usize = 100;

fn shown(accounts: &Accounts, opening: &Held<Opening>) -> Value {
    let Opening { id, account, organisation, trajectory, reason, at, until, closed } = &**opening;
    value!({
        "id": id,
        "account": account,
        "name": accounts.account(*account).map(|account| account.profile.name.clone()),
        "organisation": organisation,
        "trajectory_id": trajectory,
        "reason": reason,
        "opened_at": at,
        "until": until,
        "closed_at": closed,
    })
}

/// Whose openings the caller sees: of one organisation, or of all.
fn of(caller: &Caller, credential: &Credential) -> Result<Option<Slug>, Problem> {
    let own = credential.account().ok_or_else(Problem::no_accounts)?.profile.organisation.as_ref();
    // Of every organisation is of one that is not theirs too.
    let all = permits(caller, Action::SeeOpenings, Object::Organisation("")) == Decision::Permit;
    if all {
        return Ok(None);
    }
    let own = own.ok_or_else(|| Problem::forbidden("your account does not permit this"))?;
    caller.may(Action::SeeOpenings, Object::Organisation(own.as_str()))?;
    Ok(Some(own.clone()))
}

/// `GET /openings`.
pub(super) async fn list(
    State(inner): Gate,
    Extension(caller): Extension<Caller>,
    Extension(credential): Extension<Credential>,
    Extension(asked): Extension<Asked>,
) -> Answered {
    let accounts = &inner.sign_in()?.accounts;
    caller.may(Action::SeeOpenings, Object::Any)?;
    let organisation = of(&caller, &credential)?;
    let limit = asked.limit(PAGE, inner.limits.page_accounts)?;
    let before = asked.value::<Uuid>("cursor").map_err(|_| Problem::wrong_cursor())?;
    let mut page = accounts.openings(organisation.as_ref(), before, limit + 1).ok_or_else(Problem::wrong_cursor)?;
    let more = page.len() > limit;
    page.truncate(limit);
    let next = page.last().filter(|_| more).map(|last| format!("{PREFIX}/openings?limit={limit}&cursor={}", last.id));
    let shown: Vec<Value> = page.iter().map(|opening| shown(accounts, opening)).collect();
    Ok(link_next(json(StatusCode::OK, &value!({"openings": shown, "next": next}))?, next.as_deref()))
}
