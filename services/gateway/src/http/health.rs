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
use crate::ports::Doing;

/// How long the projectors may take to say how they are.
const PATIENCE: Duration = Duration::from_secs(2);

/// `GET /healthz`.
pub(super) async fn alive() -> Answered {
    json(StatusCode::OK, &value!({"status": "ok"}))
}

/// `GET /readyz`.
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
    match tokio::time::timeout(PATIENCE, inner.projectors.states()).await {
        Ok(Ok(states)) => {
            for state in states {
                if state.doing == Doing::Stopped {
                    not_ready(&mut reasons, format!("{} has stopped at position {}", state.name, state.position));
                } else if state.lag > inner.limits.ready_lag {
                    not_ready(&mut reasons, format!("{} is {} events behind", state.name, state.lag));
                }
            }
        }
        Ok(Err(_)) | Err(_) => not_ready(&mut reasons, "the projectors do not answer".to_owned()),
    }
    let status = if ready { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    let mut response = json(status, &value!({"ready": ready, "reasons": reasons}))?;
    response.extensions_mut().insert(AsIs);
    Ok(response)
}

/// `GET /metrics`.
pub(super) async fn metrics(State(inner): Gate) -> Answered {
    Ok(([(header::CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")], (inner.metrics)()).into_response())
}

/// `GET /openapi.json`.
pub(super) async fn openapi(State(inner): Gate) -> Answered {
    Ok(([(header::CONTENT_TYPE, "application/json")], inner.openapi.clone()).into_response())
}
