//! Errors as clients see them: RFC 9457, always the same shape, never personal data.

mod accounts;

pub(crate) use accounts::code_of;

use std::borrow::Cow;

use app::{AppError, DeskError};
use axum::{
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use domain::Code;
use event_log::ReadError;
use serde::{Deserialize, Serialize};

use crate::ports::PortError;

/// The media type of a problem.
pub const PROBLEM_JSON: &str = "application/problem+json";

/// One of several mistakes in a body.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mistake {
    /// The place of the event in the body, from 0.
    pub event: usize,
    /// Its id, where it has a readable one.
    pub event_id: Option<String>,
    /// What is wrong.
    pub detail: String,
}

/// Why there is no answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Problem {
    /// `urn:trajectlog:problem:` and the code.
    pub r#type: String,
    /// What kind of problem it is, in English.
    pub title: String,
    /// The status.
    pub status: u16,
    /// Stable: for programs.
    pub code: Cow<'static, str>,
    /// What is wrong and what can be done. Of a refusal in Dutch: coaches read it.
    pub detail: String,
    /// The events that a refused one collides with.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub conflicts: Vec<String>,
    /// The event that is refused.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub event_id: Option<String>,
    /// The revision that the stream has, when another was expected.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub current_revision: Option<u32>,
    /// Every mistake in a malformed body.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub errors: Vec<Mistake>,
    /// Names the request in the service's own log.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub request_id: Option<String>,
    /// Seconds after which it may be tried again.
    #[serde(skip)]
    pub retry_after: Option<u32>,
}

impl Problem {
    fn new(status: StatusCode, code: &'static str, title: &str, detail: impl Into<String>) -> Self {
        Self {
            r#type: format!("urn:trajectlog:problem:{code}"),
            title: title.to_owned(),
            status: status.as_u16(),
            code: Cow::Borrowed(code),
            detail: detail.into(),
            conflicts: Vec::new(),
            event_id: None,
            current_revision: None,
            errors: Vec::new(),
            request_id: None,
            retry_after: None,
        }
    }

    fn again_after(self, seconds: u32) -> Self {
        Self { retry_after: Some(seconds), ..self }
    }

    /// 400.
    #[must_use]
    pub fn malformed(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, Code::Malformed.as_str(), "The request is malformed", detail)
    }

    /// 400 for a body with these mistakes, at least one.
    #[must_use]
    pub fn mistakes(errors: Vec<Mistake>) -> Self {
        let detail = match errors.as_slice() {
            [one] => one.detail.clone(),
            several => format!("{} mistakes; each is named in errors", several.len()),
        };
        let event_id = errors.first().and_then(|first| first.event_id.clone());
        Self { event_id, errors, ..Self::malformed(detail) }
    }

    /// 401.
    #[must_use]
    pub fn unauthenticated(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::UNAUTHORIZED, "unauthenticated", "Sign in first", detail)
    }

    /// 403.
    #[must_use]
    pub fn forbidden(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::FORBIDDEN, "forbidden", "This is not permitted", detail)
    }

    pub(crate) fn wrong_cursor() -> Self {
        Self::malformed("cursor: take it from next of the page before")
    }

    pub(crate) fn foreign_host() -> Self {
        let detail = "this service answers as localhost with its own port only: nobody signs in here, or everybody knows the passwords";
        Self::new(StatusCode::MISDIRECTED_REQUEST, "foreign_host", "Not addressed to this service", detail)
    }

    pub(crate) fn foreign_origin() -> Self {
        Self::new(StatusCode::FORBIDDEN, "foreign_origin", "Pages of other sites may not ask here", "the Origin is not this service")
    }

    /// 404.
    #[must_use]
    pub fn not_found(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::NOT_FOUND, "not_found", "There is no such thing", detail)
    }

    /// 404, of a trajectory that is not there or not for the caller: the two are told alike.
    #[must_use]
    pub fn no_such_trajectory() -> Self {
        Self::not_found("there is no such trajectory")
    }

    /// 404, of a trajectory of which nothing counts any more, for who retracted it themself: they know that it was there.
    pub(crate) fn retracted_trajectory() -> Self {
        let detail = "all of this trajectory was retracted";
        Self::new(StatusCode::NOT_FOUND, "trajectory_retracted", "There is no such thing any more", detail)
    }

    pub(crate) fn not_acceptable() -> Self {
        let detail = "this can be answered as application/json or text/csv";
        Self::new(StatusCode::NOT_ACCEPTABLE, "not_acceptable", "No form of the answer is accepted", detail)
    }

    pub(crate) fn slow_body() -> Self {
        Self::new(StatusCode::REQUEST_TIMEOUT, "timeout", "The request did not arrive in time", "send it again")
    }

    pub(crate) fn conflict(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::CONFLICT, "conflict", "Not in this state", detail)
    }

    /// 413.
    #[must_use]
    pub fn too_large(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::PAYLOAD_TOO_LARGE, "too_large", "The request is too large", detail)
    }

    pub(crate) fn media_type(wanted: &str) -> Self {
        let detail = format!("the body is read as {wanted}: say so in Content-Type");
        Self::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "unsupported_media_type", "The body's media type is not read here", detail)
    }

    pub(crate) fn too_many_requests(seconds: u32) -> Self {
        let detail = format!("too many requests of one caller: wait {seconds} s");
        Self::new(StatusCode::TOO_MANY_REQUESTS, "too_many_requests", "Too many requests", detail).again_after(seconds)
    }

    /// 500; the cause goes to the service's own log and not to the client.
    #[must_use]
    pub fn internal() -> Self {
        let detail = "something is broken that waiting does not mend; the service's log names the cause under this request id";
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, "internal", "Something is broken", detail)
    }

    /// 503.
    #[must_use]
    pub fn unavailable(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::SERVICE_UNAVAILABLE, "unavailable", "Not now", detail).again_after(2)
    }

    pub(crate) fn full() -> Self {
        let detail = "there is no room for more events; nothing was recorded. Send it again when the administrator has made room";
        Self::new(StatusCode::INSUFFICIENT_STORAGE, "storage_full", "Storage is full", detail).again_after(60)
    }

    /// What axum itself answered without a sentence.
    pub(crate) fn of_status(status: StatusCode) -> Self {
        match status {
            StatusCode::NOT_FOUND => Self::not_found("there is nothing at this address"),
            StatusCode::METHOD_NOT_ALLOWED => {
                Self::new(status, "method_not_allowed", "Not with this method", "Allow names the methods of this address")
            }
            StatusCode::PAYLOAD_TOO_LARGE => Self::too_large("the body is too large"),
            StatusCode::UNSUPPORTED_MEDIA_TYPE => Self::media_type("application/json"),
            status if status.is_client_error() => Self { status: status.as_u16(), ..Self::malformed("the request cannot be read") },
            _ => Self::internal(),
        }
    }

    /// A refusal of an acceptance rule.
    #[must_use]
    pub fn refusal(refusal: &domain::Refusal, revision: u32) -> Self {
        let status = status_of(refusal.code);
        Self {
            r#type: format!("urn:trajectlog:problem:{}", refusal.code),
            conflicts: refusal.conflicts.iter().map(|id| id.0.to_string()).collect(),
            event_id: Some(refusal.event.0.to_string()),
            current_revision: (refusal.code == Code::WrongExpectedRevision).then_some(revision),
            ..Self::new(status, refusal.code.as_str(), "The event is refused", refusal.detail())
        }
    }

    /// As it is sent.
    pub(crate) fn into_response_with(mut self, request_id: &str) -> Response {
        self.request_id = Some(request_id.to_owned());
        let body = serde_json::to_vec(&self).unwrap_or_default();
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let mut response = (status, [(header::CONTENT_TYPE, PROBLEM_JSON)], body).into_response();
        if let Some(seconds) = self.retry_after {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        if status == StatusCode::UNAUTHORIZED {
            response.headers_mut().insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer realm=\"trajectlog\""));
        }
        response
    }
}

/// The status of a refusal, by the event contract.
const fn status_of(code: Code) -> StatusCode {
    match code {
        Code::Malformed => StatusCode::BAD_REQUEST,
        Code::EventIdReused | Code::WrongExpectedRevision => StatusCode::CONFLICT,
        Code::RecordedAtBackwards
        | Code::RecordedAtInFuture
        | Code::OrganisationMismatch
        | Code::InFuture
        | Code::InvalidValue
        | Code::NotEffective
        | Code::CorrectionTypeMismatch
        | Code::NoIntake
        | Code::SecondIntake
        | Code::SecondOutflow
        | Code::BeforeStart
        | Code::AfterOutflow
        | Code::VariantWithoutIps
        | Code::UnknownJob
        | Code::UnknownPlacement
        | Code::UnknownEducation
        | Code::DuplicateId
        | Code::StopBeforeStart
        | Code::AlreadyStopped
        | Code::ContractEndsBeforeStart
        | Code::CorrectionBreaksTimeline
        | Code::RetractionBreaksTimeline => StatusCode::UNPROCESSABLE_ENTITY,
    }
}

/// The problem travels as an extension; the outermost layer writes it with the request's id.
impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let mut response = status.into_response();
        response.extensions_mut().insert(self);
        response
    }
}

impl From<DeskError> for Problem {
    fn from(error: DeskError) -> Self {
        match error {
            DeskError::Full { cause } => {
                tracing::warn!("nothing is recorded, storage is full: {cause}");
                Self::full()
            }
            DeskError::Unavailable { cause } => {
                tracing::warn!("the log does not take events: {cause}");
                Self::unavailable("the log cannot be reached or did not answer in time; sending the same again is safe")
            }
            DeskError::Closed => Self::unavailable("the service is closing; sending the same again is safe"),
            DeskError::TooLarge { .. } => Self::too_large("the decision is larger than the log takes; nothing of it was recorded"),
            DeskError::Erased { .. } => {
                let detail = "De gegevens van deze cliënt zijn gewist; er kan geen nieuwe tekst van deze cliënt worden bewaard.";
                Self::new(StatusCode::GONE, "erased", "The client was erased", detail)
            }
            DeskError::Broken(cause) => {
                tracing::error!("the desk is broken: {cause}");
                if let AppError::AcknowledgedLost { .. } = *cause {
                    return Self::unavailable(
                        "the log has lost events and someone has to restore it; keep what you have and send it again",
                    );
                }
                Self::internal()
            }
        }
    }
}

impl From<ReadError> for Problem {
    fn from(error: ReadError) -> Self {
        match error {
            ReadError::BeyondEnd { .. } => Self::malformed(error.to_string()),
            ReadError::Unreachable { .. } | ReadError::Withdrawn { .. } => {
                tracing::warn!("the log cannot be read: {error}");
                Self::unavailable("the log cannot be reached now")
            }
            ReadError::Missing { .. }
            | ReadError::Busy { .. }
            | ReadError::Damaged { .. }
            | ReadError::Unfit { .. }
            | ReadError::Io { .. } => {
                tracing::error!("the log cannot be read: {error}");
                Self::internal()
            }
        }
    }
}

impl From<AppError> for Problem {
    fn from(error: AppError) -> Self {
        if let AppError::Read(error) = error {
            return error.into();
        }
        if let AppError::Desk(error) = error {
            return error.into();
        }
        if let AppError::Keys(keys) = &error
            && keys.class() == keys::Class::Retryable
        {
            tracing::warn!("no answer: {error}");
            return Self::unavailable("the clients' keys cannot be reached now; sending the same again is safe");
        }
        tracing::error!("no answer: {error}");
        Self::internal()
    }
}

impl From<PortError> for Problem {
    fn from(error: PortError) -> Self {
        match error {
            PortError::Unavailable(cause) => {
                tracing::warn!("a view does not answer: {cause}");
                Self::unavailable("the view that answers this cannot be reached or is being built")
            }
            PortError::NotFound => Self::not_found("there is no such thing"),
            PortError::Wrong(detail) => Self::malformed(detail),
            PortError::Conflict(detail) => Self::conflict(detail),
            PortError::Broken(cause) => {
                tracing::error!("a view is broken: {cause}");
                Self::internal()
            }
        }
    }
}
