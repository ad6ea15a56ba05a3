//! Whether it lives, whether it is ready, what it counts, and what it is.

use std::time::Duration;

use app::DeskHealth;
use axum::{
    extract::State,
    http::{StatusCode, header},
    response::IntoResponse,
};
use serde_json::json as value;

use super::{Answered, Gate, json, layers::AsIs};
use crate::{Inner, ports::ProjectorState};

/// How long the projectors may take to say how they are.
const PATIENCE: Duration = Duration::from_secs(2);

/// `GET /healthz`.
pub(super) async fn alive() -> Answered {
    json(StatusCode::OK, &value!({"status": "ok"}))
}

/// `GET /readyz`.
///
/// Ready is who records and has every view that it needs, in this process or in others, near the log's end.
///
/// Storage that is full is told but takes nothing away: who asks is answered, and only a command that is sent again finds out that there is
/// room.
pub(super) async fn ready(State(inner): Gate) -> Answered {
    let (mut ready, mut reasons) = (true, Vec::new());
    let mut not_ready = |reasons: &mut Vec<String>, why: String| {
        ready = false;
        reasons.push(why);
    };
    let health = inner.desk.health().borrow().clone();
    match health {
        DeskHealth::Open => {}
        DeskHealth::Unavailable { storage_full: true, .. } => reasons.push("storage is full".to_owned()),
        DeskHealth::Unavailable { storage_full: false, .. } => not_ready(&mut reasons, "the log cannot be reached".to_owned()),
        DeskHealth::Broken { .. } => not_ready(&mut reasons, "the log is broken: the service's log names the cause".to_owned()),
    }
    // A desk that nobody asks does not notice that the log is gone.
    if !matches!(tokio::time::timeout(PATIENCE, inner.log.head()).await, Ok(Ok(_))) {
        not_ready(&mut reasons, "the log does not answer".to_owned());
    }
    let states = states(&inner).await;
    for view in missing(&inner, &states) {
        not_ready(&mut reasons, format!("{view} does not answer"));
    }
    for why in states.iter().filter_map(|state| state.not_ready(inner.limits.ready_lag)) {
        not_ready(&mut reasons, why);
    }
    let status = if ready { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    let mut response = json(status, &value!({"ready": ready, "reasons": reasons}))?;
    response.extensions_mut().insert(AsIs);
    Ok(response)
}

/// How the projectors are, as far as they say it in time. Where a view is missing all are asked once more: a process that is busy may have
/// been too late.
async fn states(inner: &Inner) -> Vec<ProjectorState> {
    let asked = async {
        let first = inner.projectors.states().await.unwrap_or_default();
        if missing(inner, &first).next().is_none() { first } else { inner.projectors.states().await.unwrap_or(first) }
    };
    tokio::time::timeout(PATIENCE, asked).await.unwrap_or_default()
}

/// The views that this gateway needs and that are not among these.
fn missing<'a>(inner: &'a Inner, states: &'a [ProjectorState]) -> impl Iterator<Item = &'static str> + 'a {
    inner.views.iter().copied().filter(|view| states.iter().all(|state| state.name != *view))
}

/// `GET /metrics`.
pub(super) async fn metrics(State(inner): Gate) -> Answered {
    Ok(([(header::CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")], (inner.metrics)()).into_response())
}

/// `GET /openapi.json`.
pub(super) async fn openapi(State(inner): Gate) -> Answered {
    Ok(([(header::CONTENT_TYPE, "application/json")], inner.openapi.clone()).into_response())
}
