//! A process without a gateway: whether it lives, whether it is ready, and what it counts.

use axum::{
    Json, Router,
    extract::State,
    http::{StatusCode, header},
    response::{IntoResponse, Response},
    routing::get,
};
use gateway::ports::{Doing, ProjectorState};
use serde_json::json;

use super::{Views, metrics_now};

/// Events that a view may be behind in a process that says that it is ready.
const READY_LAG: u64 = 10_000;

/// The three questions that every process answers.
pub fn router(views: Views) -> Router {
    Router::new()
        .route("/healthz", get(async || Json(json!({"status": "ok"}))))
        .route("/readyz", get(ready))
        .route("/metrics", get(async || ([(header::CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")], metrics_now())))
        .with_state(views)
}

async fn ready(State(views): State<Views>) -> Response {
    let states: Vec<ProjectorState> = views.0.iter().map(|view| view.state()).collect();
    let not_ready = |state: &ProjectorState| match state.doing {
        Doing::Stopped => Some(format!("{} has stopped at position {}", state.name, state.position)),
        Doing::Following | Doing::Rebuilding if state.cause.is_some() => Some(format!("{} cannot reach the log", state.name)),
        Doing::Following | Doing::Rebuilding if state.lag > READY_LAG => Some(format!("{} is {} events behind", state.name, state.lag)),
        Doing::Following | Doing::Rebuilding => None,
    };
    let reasons: Vec<String> = states.iter().filter_map(not_ready).collect();
    let status = if reasons.is_empty() { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    (status, Json(json!({"ready": reasons.is_empty(), "reasons": reasons, "projections": states}))).into_response()
}
