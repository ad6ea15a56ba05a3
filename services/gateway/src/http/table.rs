//! The table of endpoints: each row is a route, what it asks for, and every answer that it gives. The router, the layers and the OpenAPI
//! document are made of it. The rows themselves stand in `table/`.

mod accounts;
mod log;
mod pages;

use std::sync::Arc;

use axum::{http::Method, routing::MethodRouter};

use super::layers;
use crate::Inner;

pub(super) use accounts::{PASSWORD_SAYS, SIGN_IN_SAYS};
pub(crate) use log::OUTCOMES;
pub(super) use log::{METHODS, SORTS, STEPS, VERDICTS};

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

/// Who may ask at all, before a handler judges what for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Asks {
    /// Whoever reaches the service: it is about the service itself.
    Anybody,
    /// Whoever wants to sign in: nobody is known yet.
    SignsIn,
    /// Whoever comes back from the provider with an answer, from a page of another site: a cookie of this service says that it began here.
    ComesBack,
    /// Whoever wants to sign out: in a session, or in none any more.
    SignsOut,
    /// Whoever is known, by a session or by a personal access token.
    Known,
    /// Whoever has signed in: a token does not change by what its owner signs in.
    SignedIn,
    /// The same, also before a password of their own is chosen.
    BeforePassword,
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
    /// A page.
    Html,
    /// The fields of a form, of this schema.
    Form(&'static str),
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
    pub(crate) asks: Asks,
    /// Whether a copy may be kept, when it is asked each time whether it still holds.
    pub(crate) may_be_kept: bool,
    pub(crate) route: fn() -> MethodRouter<Arc<Inner>>,
}

/// The rows.
pub(crate) fn endpoints() -> impl Iterator<Item = &'static Endpoint> {
    described().chain(pages::ENDPOINTS)
}

/// Those that programs ask: what is for a browser alone changes as it likes, and is described nowhere.
pub(crate) fn described() -> impl Iterator<Item = &'static Endpoint> {
    [log::ENDPOINTS, accounts::ENDPOINTS].into_iter().flatten()
}

/// The row of this method and address.
pub(crate) fn find(method: &Method, path: &str) -> Option<&'static Endpoint> {
    let reads = layers::reads(method);
    endpoints().find(|endpoint| endpoint.path == path && (endpoint.method == method.as_str() || (reads && endpoint.method == "GET")))
}

/// Answers that every address of the API gives.
pub(crate) const RESPONSES_OF_ALL: &[Answer] = &[
    Answer(400, Media::Problem, "Malformed: every mistake is named."),
    Answer(401, Media::Problem, "The credential is missing, wrong or has ended: `WWW-Authenticate` says which is taken."),
    Answer(
        403,
        Media::Problem,
        "Not permitted, asked by a page of another site, or in a session without what guards it (`csrf`, `other_account`).",
    ),
    Answer(421, Media::Problem, "Addressed to another host."),
    Answer(429, Media::Problem, "Too many requests of one caller: `Retry-After` says when."),
    Answer(500, Media::Problem, "Something is broken that waiting does not mend."),
    Answer(503, Media::Problem, "The log or a view cannot be reached, or too much is asked at once; sending the same again is safe."),
];

const NOT_THERE: Answer = Answer(404, Media::Problem, "Not there, or not for this caller.");
