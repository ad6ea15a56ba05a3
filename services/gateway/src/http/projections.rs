//! The projectors, seen and told.

use axum::{
    Extension,
    extract::{Path, State},
    http::StatusCode,
    response::IntoResponse,
};
use serde_json::json as value;

use super::{Answered, Gate, json};
use crate::access::{Action, Caller, Object};

/// `GET /projections`.
pub(super) async fn list(State(inner): Gate, Extension(caller): Extension<Caller>) -> Answered {
    caller.may(Action::SeeProjectors, Object::Any)?;
    json(StatusCode::OK, &value!({"projections": inner.projectors.states().await?}))
}

/// `POST /projections/{name}/rebuilds`.
pub(super) async fn rebuild(State(inner): Gate, Extension(caller): Extension<Caller>, Path(name): Path<String>) -> Answered {
    caller.may(Action::ManageProjectors, Object::Any)?;
    inner.projectors.rebuild(&name).await?;
    Ok(StatusCode::ACCEPTED.into_response())
}

/// `DELETE /projections/{name}/rebuilds/current`.
pub(super) async fn cancel(State(inner): Gate, Extension(caller): Extension<Caller>, Path(name): Path<String>) -> Answered {
    caller.may(Action::ManageProjectors, Object::Any)?;
    inner.projectors.cancel(&name).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

/// `POST /projections/{name}/retries`.
pub(super) async fn retry(State(inner): Gate, Extension(caller): Extension<Caller>, Path(name): Path<String>) -> Answered {
    caller.may(Action::ManageProjectors, Object::Any)?;
    inner.projectors.retry(&name).await?;
    Ok(StatusCode::ACCEPTED.into_response())
}
