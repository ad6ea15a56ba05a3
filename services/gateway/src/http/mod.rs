//! The HTTP API: the table of endpoints, and the router that is made of it.

mod accounts;
mod body;
mod covers;
mod figures;
mod health;
mod layers;
mod lineage;
mod live;
mod log;
mod openings;
mod own;
mod projections;
mod provider;
mod query;
mod signing;
mod table;
mod trajectories;

use std::sync::Arc;

use axum::{
    Router,
    http::{HeaderValue, StatusCode, header},
    middleware,
    response::{IntoResponse, Response},
};
use serde::Serialize;

use crate::{Inner, problem::Problem};

pub(crate) use body::Form;
pub(crate) use body::{form_fields, is_form, whole_form};
pub(crate) use figures::{About, counted, over_time, series, turn};
pub(crate) use layers::{API_VERSION, AsIs, request_id};
pub(crate) use lineage::{Reasons, shown};
pub(crate) use query::{Asked, of_address, trajectory};
pub(crate) use signing::{see_other, within};
pub(crate) use table::{Asks, Endpoint, Media, OUTCOMES, PREFIX, RESPONSES_OF_ALL, described, endpoints};

pub(crate) use trajectories::{LONGEST_CURSOR, outbox};

pub(crate) type Answered = Result<Response, Problem>;
pub(crate) type Gate = axum::extract::State<Arc<Inner>>;

/// The router of the table.
pub(crate) fn router(inner: Arc<Inner>) -> Router {
    let mut router = Router::new();
    for endpoint in endpoints() {
        router = router.route(endpoint.path, (endpoint.route)());
    }
    router
        .fallback(|| async { Problem::not_found("there is nothing at this address") })
        .layer(middleware::from_fn_with_state(Arc::clone(&inner), layers::around))
        .with_state(inner)
}

fn json(status: StatusCode, body: &impl Serialize) -> Answered {
    let bytes = serde_json::to_vec(body).map_err(|e| {
        tracing::error!("an answer cannot be written: {e}");
        Problem::internal()
    })?;
    Ok((status, [(header::CONTENT_TYPE, "application/json")], bytes).into_response())
}

fn with_header(mut response: Response, name: header::HeaderName, value: &str) -> Response {
    if let Ok(value) = HeaderValue::from_str(value) {
        response.headers_mut().append(name, value);
    }
    response
}
