//! What went wrong, as a page.

use axum::{
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Response},
};
use pages::{ErrorPage, Frame, Trouble};

use super::{html, visitor};
use crate::{Inner, access::Credential, problem::Problem};

/// The page of a problem, for whoever asked with these headers. Where it cannot be rendered, the problem as it is.
pub(crate) async fn page(inner: &Inner, headers: &HeaderMap, problem: Problem, request_id: &str) -> Response {
    let frame = match inner.access.known(headers).await.map(|known| known.credential) {
        Ok(Credential::Session(seen)) => {
            Frame { who: Some(visitor::who(&seen)), csrf: seen.csrf.expose().as_str().to_owned(), ..visitor::nobody(headers) }
        }
        Ok(Credential::Token(_) | Credential::Issued(_) | Credential::NotAsked) | Err(_) => visitor::nobody(headers),
    };
    let trouble = match (problem.status, &*problem.code) {
        (403, "csrf" | "other_account" | "foreign_origin") => Trouble::Stale,
        (403, _) => Trouble::Forbidden,
        (410, _) => Trouble::Gone,
        (500.., _) => Trouble::Broken(request_id.to_owned()),
        (429, _) => Trouble::TooMuch,
        (404, "trajectory_retracted") => Trouble::Retracted,
        (404 | 405, _) => Trouble::NotFound,
        (_, _) => Trouble::NotUnderstood,
    };
    let status = StatusCode::from_u16(problem.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let Ok(mut response) = html(status, &ErrorPage { frame, trouble }) else { return problem.into_response() };
    if let Some(wait) = problem.into_response().headers().get(axum::http::header::RETRY_AFTER) {
        response.headers_mut().insert(axum::http::header::RETRY_AFTER, wait.clone());
    }
    response
}
