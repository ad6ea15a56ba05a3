//! The table of endpoints: each row is a route, what it asks for, and every answer that it gives. The router, the layers and the OpenAPI
//! document are made of it.

use std::sync::Arc;

use axum::{
    http::Method,
    routing::{MethodRouter, delete, get, post},
};

use super::{figures, health, layers, live, log, projections, trajectories};
use crate::Inner;

/// Before every address of the API.
pub(crate) const PREFIX: &str = "/api/v1";

/// How long a request may take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Pace {
    /// As long as a request may.
    Ordinary,
    /// As long as it takes to count from the whole log.
    Long,
    /// Its answer goes on.
    Stream,
}

/// What an answer is written as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Media {
    /// JSON of the schema of this name.
    Json(&'static str),
    /// A list of it.
    List(&'static str),
    /// JSON of this schema, or CSV, as `Accept` says.
    JsonOrCsv(&'static str),
    /// Server-sent events, their data of this schema.
    Events(&'static str),
    /// Plain text.
    Text,
    /// A problem.
    Problem,
    /// Nothing.
    Nothing,
}

/// A key of a query.
#[derive(Debug)]
pub(crate) struct Key {
    pub(crate) name: &'static str,
    /// Its values, when they are words; else empty.
    pub(crate) words: &'static [&'static str],
    pub(crate) about: &'static str,
}

const fn key(name: &'static str, about: &'static str) -> Key {
    Key { name, words: &[], about }
}

const fn word(name: &'static str, words: &'static [&'static str], about: &'static str) -> Key {
    Key { name, words, about }
}

/// An answer.
#[derive(Debug)]
pub(crate) struct Answer(pub(crate) u16, pub(crate) Media, pub(crate) &'static str);

/// A row.
pub(crate) struct Endpoint {
    pub(crate) method: &'static str,
    pub(crate) path: &'static str,
    /// The name of the operation.
    pub(crate) id: &'static str,
    pub(crate) about: &'static str,
    pub(crate) query: &'static [Key],
    /// The schema of the body.
    pub(crate) body: Option<Media>,
    pub(crate) answers: &'static [Answer],
    pub(crate) pace: Pace,
    /// Whether a copy may be kept, when it is asked each time whether it still holds.
    pub(crate) may_be_kept: bool,
    pub(crate) route: fn() -> MethodRouter<Arc<Inner>>,
}

/// The row of this method and address.
pub(crate) fn find(method: &Method, path: &str) -> Option<&'static Endpoint> {
    let reads = layers::reads(method);
    ENDPOINTS.iter().find(|endpoint| endpoint.path == path && (endpoint.method == method.as_str() || (reads && endpoint.method == "GET")))
}

/// Answers that every address of the API gives.
pub(crate) const RESPONSES_OF_ALL: &[Answer] = &[
    Answer(400, Media::Problem, "Malformed: every mistake is named."),
    Answer(401, Media::Problem, "The credential is missing or wrong."),
    Answer(403, Media::Problem, "Not permitted, or asked by a page of another site."),
    Answer(421, Media::Problem, "Addressed to another host."),
    Answer(429, Media::Problem, "Too many requests of one caller: `Retry-After` says when."),
    Answer(500, Media::Problem, "Something is broken that waiting does not mend."),
    Answer(503, Media::Problem, "The log or a view cannot be reached, or too much is asked at once; sending the same again is safe."),
];

const NOT_THERE: Answer = Answer(404, Media::Problem, "Not there, or not for this caller.");
const AS_OF: Key = key("asOf", "A log position, or a moment (RFC 3339) that has come; else now. It never cuts a decision.");
const SCOPE: Key = key("scope", "`national` (default), `region:CODE`, `organisation:SLUG`, or both joined by a comma.");
const TABLES: Key = word("tables", TRUE_FALSE, "Whether the cells per organisation and per region come too.");
const FROM: Key = key("from", "The first position; else the beginning.");
const TRUE_FALSE: &[&str] = &["true", "false"];
pub(super) const STEPS: &[&str] = &["intake", "engagement", "assessment", "placement", "coaching", "outflow"];
pub(super) const VERDICTS: &[&str] = &["yes", "no", "unknown"];
pub(super) const METHODS: &[&str] = &["ips", "wabz", "jobcoaching", "werkfit", "naar_werk", "other"];
pub(super) const SORTS: &[&str] = &[
    "trajectoryId",
    "-trajectoryId",
    "organisation",
    "-organisation",
    "coach",
    "-coach",
    "method",
    "-method",
    "step",
    "-step",
    "started",
    "-started",
];

/// The rows.
pub(crate) const ENDPOINTS: &[Endpoint] = &[
    Endpoint {
        method: "POST",
        path: "/api/v1/trajectories/{id}/events",
        id: "recordEvents",
        about: "Records one event, or with `events` one decision of several: all or nothing. Sending the same again is safe.",
        query: &[],
        body: Some(Media::Json("command")),
        answers: &[
            Answer(200, Media::Json("Recorded"), "It was there already: as it was recorded then. A list when a list was sent."),
            Answer(201, Media::Json("Recorded"), "As recorded. A list when a list was sent."),
            Answer(409, Media::Problem, "`event_id_reused`, or `wrong_expected_revision` with the current one."),
            Answer(410, Media::Problem, "The client was erased: no new text of this client can be kept."),
            Answer(408, Media::Problem, "The body did not arrive in time."),
            Answer(413, Media::Problem, "Too large, or too many events."),
            Answer(415, Media::Problem, "The body is not said to be JSON."),
            Answer(422, Media::Problem, "Refused by an acceptance rule: `code`, `conflicts`, and what a coach can do."),
            Answer(507, Media::Problem, "Storage is full; nothing was recorded."),
        ],
        pace: Pace::Ordinary,
        may_be_kept: false,
        route: || post(trajectories::record_one),
    },
    Endpoint {
        method: "POST",
        path: "/api/v1/events",
        id: "sendOutbox",
        about: "Records a list of events, each judged on its own and in order; one that is malformed or refused does not stop the others.",
        query: &[],
        body: Some(Media::List("OutboxEvent")),
        answers: &[
            Answer(200, Media::List("Outcome"), "What became of each, in order: 200, 201, or a problem of 400, 403, 409, 410, 413 or 422."),
            Answer(408, Media::Problem, "The body did not arrive in time."),
            Answer(413, Media::Problem, "Too large, or too many events."),
            Answer(415, Media::Problem, "The body is not said to be JSON."),
            Answer(507, Media::Problem, "Storage is full; what was not there before was not recorded."),
        ],
        pace: Pace::Ordinary,
        may_be_kept: false,
        route: || post(trajectories::record_outbox),
    },
    Endpoint {
        method: "GET",
        path: "/api/v1/trajectories",
        id: "listTrajectories",
        about: "The caller's caseload, page by page, each trajectory in the state of today.",
        query: &[
            key("organisation", "Only this organisation's."),
            key("coach", "Only this coach's."),
            word("running", TRUE_FALSE, "Only those that run today, or only those that do not."),
            word("step", STEPS, "Only those that have come to this step."),
            word("sustainableWork", VERDICTS, "Only those with this verdict."),
            word("method", METHODS, "Only those of this method."),
            word("sort", SORTS, "By what they are sorted; with `-` the last first."),
            key("limit", "How many at most."),
            key("cursor", "Where the page before ended, as it said."),
        ],
        body: None,
        answers: &[Answer(200, Media::Json("Caseload"), "A page; `next` is the address of the one after it.")],
        pace: Pace::Ordinary,
        may_be_kept: false,
        route: || get(trajectories::list),
    },
    Endpoint {
        method: "GET",
        path: "/api/v1/trajectories/{id}",
        id: "getTrajectory",
        about: "The state of a trajectory on a day, as the log knew it.",
        query: &[AS_OF, key("on", "The day (YYYY-MM-DD); else today in Amsterdam.")],
        body: None,
        answers: &[Answer(200, Media::Json("Status"), "The state."), NOT_THERE],
        pace: Pace::Ordinary,
        may_be_kept: false,
        route: || get(trajectories::status),
    },
    Endpoint {
        method: "GET",
        path: "/api/v1/trajectories/{id}/events",
        id: "getHistory",
        about: "The events of a trajectory in the order of their revisions.",
        query: &[AS_OF],
        body: None,
        answers: &[Answer(200, Media::List("recorded"), "The events."), NOT_THERE],
        pace: Pace::Ordinary,
        may_be_kept: false,
        route: || get(trajectories::history),
    },
    Endpoint {
        method: "GET",
        path: "/api/v1/figures/{quarter}",
        id: "getFigures",
        about: "The figures of a quarter.",
        query: &[
            SCOPE,
            AS_OF,
            key("definitions", "The name of a definition set; else the built-in one."),
            word("disclosure", &["internal", "public"], "`public`: only what was published."),
            TABLES,
        ],
        body: None,
        answers: &[
            Answer(200, Media::JsonOrCsv("Figures"), "The figures."),
            Answer(404, Media::Problem, "No definition set of this name, or nothing was published."),
            Answer(406, Media::Problem, "Neither JSON nor CSV is accepted."),
        ],
        pace: Pace::Long,
        may_be_kept: false,
        route: || get(figures::figures),
    },
    Endpoint {
        method: "GET",
        path: "/api/v1/figures/{quarter}/live",
        id: "followFigures",
        about: "The figures now, and again after each change: events `figures` whose id is the log position.",
        query: &[SCOPE, TABLES],
        body: None,
        answers: &[Answer(200, Media::Events("Figures"), "A stream that does not end.")],
        pace: Pace::Stream,
        may_be_kept: false,
        route: || get(live::figures),
    },
    Endpoint {
        method: "GET",
        path: "/api/v1/events",
        id: "readLog",
        about: "A page of the log, for auditors.",
        query: &[FROM, key("limit", "How many events at most.")],
        body: None,
        answers: &[Answer(200, Media::Json("LogPage"), "Events in log order; `next` is the address of the page after it.")],
        pace: Pace::Ordinary,
        may_be_kept: false,
        route: || get(log::page),
    },
    Endpoint {
        method: "GET",
        path: "/api/v1/events/live",
        id: "followLog",
        about: "The log from a position on, as it grows: events `event` whose id is the position. `Last-Event-ID` goes on after it.",
        query: &[FROM],
        body: None,
        answers: &[Answer(200, Media::Events("recorded"), "A stream that does not end.")],
        pace: Pace::Stream,
        may_be_kept: false,
        route: || get(live::events),
    },
    Endpoint {
        method: "GET",
        path: "/api/v1/projections",
        id: "listProjections",
        about: "How each view is kept.",
        query: &[],
        body: None,
        answers: &[Answer(200, Media::Json("Projections"), "The projectors.")],
        pace: Pace::Ordinary,
        may_be_kept: false,
        route: || get(projections::list),
    },
    Endpoint {
        method: "POST",
        path: "/api/v1/projections/{name}/rebuilds",
        id: "rebuildProjection",
        about: "Builds a view anew beside the one that answers, which it replaces when it is done.",
        query: &[],
        body: None,
        answers: &[Answer(202, Media::Nothing, "It has begun."), NOT_THERE, Answer(409, Media::Problem, "It is being rebuilt already.")],
        pace: Pace::Ordinary,
        may_be_kept: false,
        route: || post(projections::rebuild),
    },
    Endpoint {
        method: "DELETE",
        path: "/api/v1/projections/{name}/rebuilds/current",
        id: "cancelRebuild",
        about: "Gives a rebuild up; the view that answers stays.",
        query: &[],
        body: None,
        answers: &[Answer(204, Media::Nothing, "It was given up."), NOT_THERE, Answer(409, Media::Problem, "It is not being rebuilt.")],
        pace: Pace::Ordinary,
        may_be_kept: false,
        route: || delete(projections::cancel),
    },
    Endpoint {
        method: "POST",
        path: "/api/v1/projections/{name}/retries",
        id: "retryProjection",
        about: "Lets a projector that stopped try again.",
        query: &[],
        body: None,
        answers: &[Answer(202, Media::Nothing, "It tries again."), NOT_THERE, Answer(409, Media::Problem, "It has not stopped.")],
        pace: Pace::Ordinary,
        may_be_kept: false,
        route: || post(projections::retry),
    },
    Endpoint {
        method: "GET",
        path: "/api/v1/openapi.json",
        id: "getDescription",
        about: "This description.",
        query: &[],
        body: None,
        answers: &[Answer(200, Media::Json("Anything"), "OpenAPI 3.1.")],
        pace: Pace::Ordinary,
        may_be_kept: true,
        route: || get(health::openapi),
    },
    Endpoint {
        method: "GET",
        path: "/healthz",
        id: "isAlive",
        about: "Whether the process is alive.",
        query: &[],
        body: None,
        answers: &[Answer(200, Media::Json("Anything"), "It is.")],
        pace: Pace::Ordinary,
        may_be_kept: false,
        route: || get(health::alive),
    },
    Endpoint {
        method: "GET",
        path: "/readyz",
        id: "isReady",
        about: "Whether events are taken and every projector is up to date.",
        query: &[],
        body: None,
        answers: &[Answer(200, Media::Json("Readiness"), "It is."), Answer(503, Media::Json("Readiness"), "It is not: `reasons` say why.")],
        pace: Pace::Ordinary,
        may_be_kept: false,
        route: || get(health::ready),
    },
    Endpoint {
        method: "GET",
        path: "/metrics",
        id: "getMetrics",
        about: "What is counted and measured, as Prometheus reads it.",
        query: &[],
        body: None,
        answers: &[Answer(200, Media::Text, "The metrics.")],
        pace: Pace::Ordinary,
        may_be_kept: false,
        route: || get(health::metrics),
    },
];
