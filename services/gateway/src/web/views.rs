//! The projectors' views, for an administrator: how each is, and building anew. An auditor looks on.

use axum::{
    extract::{Path, State},
    http::StatusCode,
    response::Response,
};
use pages::{ViewDoing, ViewRow, Views};

use super::{Visitor, html, page};
use crate::{
    Inner,
    access::{Action, Decision, Object, permits},
    http::{Gate, see_other},
    ports::{Doing, PortError, ProjectorState},
    problem::Problem,
};

/// The page.
const VIEWS: &str = "/beheer/weergaven";

/// `GET /beheer/weergaven`.
pub(crate) async fn show(State(inner): Gate, visitor: Visitor) -> Result<Response, Problem> {
    visitor.caller.may(Action::SeeProjectors, Object::Any)?;
    page(&of(&inner, visitor, false).await?)
}

async fn of(inner: &Inner, visitor: Visitor, refused: bool) -> Result<Views, Problem> {
    let may_manage = permits(&visitor.caller, Action::ManageProjectors, Object::Any) == Decision::Permit;
    let mut rows: Vec<ViewRow> = inner.projectors.states().await?.into_iter().map(row).collect();
    rows.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(Views { frame: visitor.frame, rows, may_manage, refused })
}

fn row(state: ProjectorState) -> ViewRow {
    let doing = match state.doing {
        Doing::Following => ViewDoing::Following,
        Doing::Rebuilding => ViewDoing::Rebuilding(state.rebuilt),
        Doing::WaitingForRoom => ViewDoing::Waiting,
        Doing::Stopped => ViewDoing::Stopped,
    };
    ViewRow { name: state.name, doing, position: state.position, lag: state.lag, cause: state.cause }
}

/// `POST /beheer/weergaven/NAME/opnieuw`.
pub(crate) async fn rebuild(State(inner): Gate, visitor: Visitor, Path(name): Path<String>) -> Result<Response, Problem> {
    visitor.caller.may(Action::ManageProjectors, Object::Any)?;
    let done = inner.projectors.rebuild(&name).await;
    told(&inner, visitor, done).await
}

/// `POST /beheer/weergaven/NAME/stoppen`.
pub(crate) async fn cancel(State(inner): Gate, visitor: Visitor, Path(name): Path<String>) -> Result<Response, Problem> {
    visitor.caller.may(Action::ManageProjectors, Object::Any)?;
    let done = inner.projectors.cancel(&name).await;
    told(&inner, visitor, done).await
}

/// `POST /beheer/weergaven/NAME/nogmaals`.
pub(crate) async fn retry(State(inner): Gate, visitor: Visitor, Path(name): Path<String>) -> Result<Response, Problem> {
    visitor.caller.may(Action::ManageProjectors, Object::Any)?;
    let done = inner.projectors.retry(&name).await;
    told(&inner, visitor, done).await
}

/// Back to the page. Where the view was doing something else by then, the page as it is now says so.
async fn told(inner: &Inner, visitor: Visitor, done: Result<(), PortError>) -> Result<Response, Problem> {
    match done {
        Ok(()) => see_other(VIEWS),
        Err(PortError::Conflict(_)) => html(StatusCode::CONFLICT, &of(inner, visitor, true).await?),
        Err(error) => Err(error.into()),
    }
}
