//! A process without a gateway: whether it lives, whether it is ready, and what it counts.

use axum::{
    Json, Router,
    extract::State,
    http::{StatusCode, header},
    response::{IntoResponse, Response},
    routing::get,
};
use gateway::ports::ProjectorState;
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
    let reasons: Vec<String> = states.iter().filter_map(|state| state.not_ready(READY_LAG)).collect();
    let status = if reasons.is_empty() { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    (status, Json(json!({"ready": reasons.is_empty(), "reasons": reasons, "projections": states}))).into_response()
}
