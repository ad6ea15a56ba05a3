//! An auditor opens the sealed texts of one trajectory: for a reason that is noted first, and for a while. They are sealed again when it is over, or
//! before, when the auditor says so.

use accounts::{AccountsError, LONGEST_REASON, NewOpening, OPEN_FOR, Rule, SHORTEST_REASON};
use axum::{
    body::Body,
    extract::{Path, State},
    http::{Request, StatusCode},
    response::Response,
};
use pages::{Filled, Lang, Mistake, SealedOpen};
use uuid::Uuid;

use super::{
    Visitor,
    case::{self, Case},
    html, names, page,
};
use crate::{
    Inner,
    access::{Action, Object},
    http::{self, Form, Gate, see_other},
    problem::Problem,
};

/// The trajectory, after it was judged whether this visitor may open its texts.
async fn judged(inner: &Inner, visitor: &Visitor, id: &str) -> Result<Case, Problem> {
    visitor.caller.may(Action::OpenTexts, Object::Any)?;
    let case = case::read(inner, visitor, http::trajectory(id)?).await?;
    visitor.caller.may(Action::OpenTexts, case.object())?;
    Ok(case)
}

fn address(trajectory: Uuid) -> String {
    format!("/trajecten/{trajectory}")
}

fn form(visitor: Visitor, case: &Case, filled: Option<Filled>) -> SealedOpen {
    let hours = usize::try_from(OPEN_FOR.as_secs() / 3600).unwrap_or(1);
    let (trajectory, organisation) = (case.id.to_string(), names::organisation(case.organisation()));
    SealedOpen { frame: visitor.frame, trajectory, organisation, hours, shortest: SHORTEST_REASON, filled }
}

/// `GET /trajecten/ID/openen`. Where they are open already there is nothing to ask.
pub(crate) async fn ask(State(inner): Gate, visitor: Visitor, Path(id): Path<String>) -> Result<Response, Problem> {
    let case = judged(&inner, &visitor, &id).await?;
    if case.sees_texts { see_other(&address(case.id)) } else { page(&form(visitor, &case, None)) }
}

/// `POST /trajecten/ID/openen`: `reason`.
pub(crate) async fn open(
    State(inner): Gate,
    visitor: Visitor,
    Path(id): Path<String>,
    request: Request<Body>,
) -> Result<Response, Problem> {
    let case = judged(&inner, &visitor, &id).await?;
    let fields = Form::read(request, &["reason"], &inner.limits).await?;
    if case.sees_texts {
        return see_other(&address(case.id));
    }
    let organisation = case.organisation().parse().map_err(|_| Problem::internal())?;
    let reason = fields.text("reason").to_owned();
    let new = NewOpening { organisation, trajectory: case.id, reason: reason.clone() };
    match inner.sign_in()?.accounts.open_texts(visitor.seen.account.id, new).await {
        Ok(_) => see_other(&address(case.id)),
        Err(AccountsError::Rule(rule)) => {
            let mistake = Mistake { field: "reason".to_owned(), message: message(visitor.frame.lang, rule), link: None };
            let filled = Filled { values: vec![("reason".to_owned(), reason)], mistakes: vec![mistake], refused: false };
            html(StatusCode::UNPROCESSABLE_ENTITY, &form(visitor, &case, Some(filled)))
        }
        Err(error) => Err(error.into()),
    }
}

/// `POST /trajecten/ID/verzegelen`. Where they are sealed already there is nothing to do.
pub(crate) async fn seal(State(inner): Gate, visitor: Visitor, Path(id): Path<String>) -> Result<Response, Problem> {
    let case = judged(&inner, &visitor, &id).await?;
    inner.sign_in()?.accounts.close_texts(visitor.seen.account.id, case.id).await?;
    see_other(&address(case.id))
}

fn message(lang: Lang, rule: Rule) -> String {
    if rule == Rule::OpeningReason {
        return match lang {
            Lang::Nl => {
                format!("Schrijf in woorden op waarom dit nodig is: {SHORTEST_REASON} tot {LONGEST_REASON} tekens, met letters erin.")
            }
            Lang::En => {
                format!("Write down in words why this is needed: {SHORTEST_REASON} to {LONGEST_REASON} characters, with letters in it.")
            }
        };
    }
    if rule == Rule::TooManyOpenings {
        let nl = "Je hebt vandaag te veel trajecten geopend. Wacht tot morgen, of vraag een collega.";
        return lang.t(nl, "You have opened too many trajectories today. Wait until tomorrow, or ask a colleague.").to_owned();
    }
    // None of the others is about an opening.
    rule.to_string()
}
