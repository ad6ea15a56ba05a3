//! What surrounds every handler, from the outside in: the request's id, host and origin, the caller, their rate, whether a session meant it,
//! how many at once, the query's keys, the time it may take, a panic caught; then the answer's headers.

use std::{
    panic::AssertUnwindSafe,
    sync::Arc,
    time::{Duration, Instant},
};

use axum::{
    body::Body,
    extract::{MatchedPath, State},
    http::{HeaderMap, HeaderName, HeaderValue, Method, Request, StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Response},
};
use futures_util::FutureExt;
use governor::clock::{Clock, DefaultClock};

use super::{
    query::Asked,
    signing::{self, within},
    table::{self, Asks, Endpoint, PREFIX, Pace},
};
use crate::{
    Inner,
    access::{AUDIT, Credential, Known, guard, provider::STARTS},
    problem::{PROBLEM_JSON, Problem},
    web::{compress, trouble},
};

/// The version that answers, by the API Design Rules.
pub(crate) const API_VERSION: &str = "1.0.0";
/// A browser that was answered over TLS asks over TLS only, also for names below this one, for a year: the shortest time that the API Design
/// Rules take.
const STAYS_TLS: &str = "max-age=31536000; includeSubDomains";
/// What a page of this service may do: scripts, styles, images and requests of this service alone, nothing inline, in nobody's frame.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; manifest-src 'self'; \
                      worker-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'";
/// How long a request waits for its turn among those that are worked on.
const TURN: Duration = Duration::from_secs(2);
/// Callers whose rate is remembered, before those who have been quiet are forgotten.
const CALLERS: usize = 10_000;
/// The longest id of a request that is taken from a client.
const LONGEST_ID: usize = 64;

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// Names the request in answers and in the service's own log.
#[derive(Clone, Debug)]
pub(crate) struct RequestId(pub(crate) String);

/// An answer of 4xx or 5xx that is no problem but says what it has to say.
#[derive(Clone, Copy, Debug)]
pub(crate) struct AsIs;

/// All of it.
pub(crate) async fn around(State(inner): State<Arc<Inner>>, mut request: Request<Body>, next: Next) -> Response {
    let (began, id) = (Instant::now(), request_id(request.headers()));
    request.extensions_mut().insert(RequestId(id.clone()));
    let path = request.extensions().get::<MatchedPath>().map(|path| path.as_str().to_owned());
    let endpoint = path.as_deref().and_then(|path| table::find(request.method(), path));
    let asked = request.method().is_safe().then(|| request.uri().path_and_query().map(|asked| asked.as_str().to_owned())).flatten();
    // What a browser wants to show is answered with a page, also where it goes wrong.
    let shows = shows(&request, endpoint).then(|| (request.headers().clone(), request.uri().clone()));
    let answer = guarded(&inner, request, next, endpoint).await.unwrap_or_else(IntoResponse::into_response);
    let answer = match shows {
        Some((headers, uri)) => {
            let answer = match answer.extensions().get::<Problem>().cloned() {
                Some(problem) => instead(&inner, problem, endpoint, asked.as_deref(), &headers, &id).await,
                None => answer,
            };
            compress::page(answer, &uri, &headers).await
        }
        None => answer,
    };
    let response = finish(answer, &id, endpoint, inner.over_tls);
    let route = path.unwrap_or_else(|| "none".to_owned());
    let status = response.status().as_u16().to_string();
    metrics::histogram!("trajectlog_http_request_seconds", "route" => route.clone()).record(began.elapsed());
    metrics::counter!("trajectlog_http_requests_total", "route" => route.clone(), "status" => status).increment(1);
    tracing::debug!(request_id = id, route, status = response.status().as_u16(), "answered");
    response
}

async fn guarded(inner: &Inner, mut request: Request<Body>, next: Next, endpoint: Option<&'static Endpoint>) -> Result<Response, Problem> {
    inner.hosts.judge(request.uri().authority().map(|authority| authority.as_str()), request.headers())?;
    // What is not in the table has no handler: not found, or not with this method.
    let Some(endpoint) = endpoint else { return Ok(next.run(request).await) };
    if endpoint.asks == Asks::SignsIn {
        guard::not_from_elsewhere(&request)?;
    }
    let known = known(inner, request.headers(), endpoint).await?;
    if let Some(known) = &known {
        in_rate(inner, known)?;
    }
    let mut _turn = None;
    if endpoint.asks != Asks::Anybody {
        // Who is not known yet takes no turn of those who are: a body that drips in would hold it.
        // A provider may take its time, and keeps nobody from a password.
        let turns = match endpoint.asks {
            Asks::SignsIn if endpoint.path == STARTS => &inner.by_provider,
            Asks::ComesBack => &inner.by_provider,
            Asks::SignsIn => &inner.sign_ins,
            Asks::Anybody | Asks::SignsOut | Asks::Known | Asks::SignedIn | Asks::BeforePassword => &inner.requests,
        };
        let Ok(Ok(turn)) = tokio::time::timeout(TURN, turns.acquire()).await else {
            return Err(Problem::unavailable("too many requests are worked on"));
        };
        _turn = Some(turn);
    }
    if let Some(known) = known {
        if let (Credential::Session(seen), false) = (&known.credential, reads(request.method())) {
            let meant = guard::meant(request, seen, &inner.limits).await;
            request = meant.inspect_err(|problem| {
                tracing::warn!(target: AUDIT, what = "not_meant", account = known.caller.actor, code = &*problem.code);
            })?;
        }
        request.extensions_mut().insert(known.caller.clone());
        request.extensions_mut().insert(known.credential.clone());
        request.extensions_mut().insert(known);
    }
    let known: Vec<&str> = endpoint.query.iter().map(|key| key.name).collect();
    // What a provider adds to its answer is its own matter.
    let query = request.uri().query().filter(|_| endpoint.asks != Asks::ComesBack);
    let asked = Asked::read(query, &known)?;
    request.extensions_mut().insert(asked);
    let patience = match endpoint.pace {
        Pace::Ordinary | Pace::Stream => inner.limits.request_time,
        Pace::Long => inner.limits.cold_time,
    };
    match tokio::time::timeout(patience, AssertUnwindSafe(next.run(request)).catch_unwind()).await {
        Ok(Ok(response)) => Ok(response),
        Ok(Err(_)) => {
            tracing::error!("the handler of {} panicked; please report this", endpoint.path);
            Err(Problem::internal())
        }
        Err(_) => Err(Problem::unavailable("it took too long; sending the same again is safe")),
    }
}

/// Who asks, where the endpoint wants to know it, and whether they may ask such a thing at all.
async fn known(inner: &Inner, headers: &HeaderMap, endpoint: &Endpoint) -> Result<Option<Known>, Problem> {
    let known = match endpoint.asks {
        Asks::Anybody | Asks::SignsIn | Asks::ComesBack => return Ok(None),
        Asks::SignsOut => match inner.access.known(headers).await {
            // It is over already.
            Err(problem) if problem.status == StatusCode::UNAUTHORIZED => return Ok(None),
            known => known?,
        },
        Asks::Known | Asks::SignedIn | Asks::BeforePassword => inner.access.known(headers).await?,
    };
    match (&known.credential, endpoint.asks) {
        (Credential::NotAsked | Credential::Session(_), Asks::BeforePassword | Asks::SignsOut) => {}
        (Credential::Session(seen), _) if seen.account.must_change_password => return Err(Problem::password_change_required()),
        (Credential::Token(_) | Credential::Issued(_), Asks::SignedIn | Asks::BeforePassword | Asks::SignsOut) => {
            return Err(Problem::session_needed());
        }
        (Credential::NotAsked | Credential::Session(_) | Credential::Token(_) | Credential::Issued(_), _) => {}
    }
    Ok(Some(known))
}

fn in_rate(inner: &Inner, known: &Known) -> Result<(), Problem> {
    let rate = &inner.rate;
    if let Err(until) = rate.check_key(&known.caller.actor) {
        let wait = until.wait_time_from(DefaultClock::default().now());
        return Err(Problem::too_many_requests(u32::try_from(wait.as_secs() + 1).unwrap_or(u32::MAX)));
    }
    if rate.len() > CALLERS {
        rate.retain_recent();
    }
    Ok(())
}

/// Whether a browser may show the answer: of a page, and of an address that is nothing. An address of the API is none. Signing in is the one page
/// of nobody that people type.
fn shows(request: &Request<Body>, endpoint: Option<&'static Endpoint>) -> bool {
    match endpoint {
        Some(endpoint) if endpoint.path == signing::SIGN_IN => true,
        Some(endpoint) => !endpoint.path.starts_with(PREFIX) && endpoint.asks != Asks::Anybody,
        None => !request.uri().path().starts_with(PREFIX),
    }
}

fn wants_a_page(headers: &HeaderMap) -> bool {
    headers.get_all(header::ACCEPT).iter().any(|said| said.to_str().is_ok_and(|said| said.contains("text/html")))
}

/// In the place of a page: where one signs in or chooses a password first, or what went wrong.
async fn instead(
    inner: &Inner,
    problem: Problem,
    endpoint: Option<&'static Endpoint>,
    asked: Option<&str>,
    headers: &HeaderMap,
    request_id: &str,
) -> Response {
    let first = match (problem.status, &*problem.code) {
        (401, _) => Some(signing::SIGN_IN),
        (_, "password_change_required") => Some(signing::PASSWORD),
        (_, _) => None,
    };
    // What a form posted is not asked for again: it goes on at the page that the form stood on, if that is known.
    let next = asked.and_then(within);
    let leads = endpoint.is_some() && (next.is_some() || wants_a_page(headers));
    match first.filter(|_| leads).map(|first| signing::see_other(&signing::first_to(first, next))) {
        Some(Ok(response)) => response,
        None | Some(Err(_)) if wants_a_page(headers) => trouble::page(inner, headers, problem, request_id).await,
        None | Some(Err(_)) => problem.into_response(),
    }
}

/// The client's own id where it is well-formed, else a new one.
pub(crate) fn request_id(headers: &HeaderMap) -> String {
    let fine = |id: &&str| (1..=LONGEST_ID).contains(&id.len()) && id.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_.".contains(&b));
    let said = headers.get(REQUEST_ID).and_then(|id| id.to_str().ok()).filter(fine);
    said.map_or_else(new_id, str::to_owned)
}

fn new_id() -> String {
    let mut bytes = [0; 16];
    // An id that is not random still names the request, only not alone.
    let _ = getrandom::fill(&mut bytes);
    uuid::Builder::from_random_bytes(bytes).into_uuid().to_string()
}

/// Writes problems, and the headers that every answer has.
fn finish(response: Response, id: &str, endpoint: Option<&Endpoint>, over_tls: bool) -> Response {
    let status = response.status();
    let is_error = status.is_client_error() || status.is_server_error();
    let problem = response.extensions().get::<Problem>().cloned();
    let written = response.headers().get(header::CONTENT_TYPE).is_some_and(|is| is == PROBLEM_JSON);
    let mut response = match problem {
        Some(problem) => problem.into_response_with(id),
        None if is_error && !written && response.extensions().get::<AsIs>().is_none() => {
            let allow = response.headers().get(header::ALLOW).cloned();
            let mut told = Problem::of_status(status).into_response_with(id);
            if let Some(allow) = allow {
                told.headers_mut().insert(header::ALLOW, allow);
            }
            told
        }
        None => response,
    };
    let headers = response.headers_mut();
    if endpoint.is_some_and(|endpoint| endpoint.pace == Pace::Stream) {
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    }
    let mut set = |name: HeaderName, value: &'static str| {
        headers.entry(name).or_insert(HeaderValue::from_static(value));
    };
    set(header::X_CONTENT_TYPE_OPTIONS, "nosniff");
    set(header::REFERRER_POLICY, "no-referrer");
    set(header::X_FRAME_OPTIONS, "DENY");
    set(header::CONTENT_SECURITY_POLICY, POLICY);
    set(HeaderName::from_static("cross-origin-resource-policy"), "same-origin");
    set(HeaderName::from_static("cross-origin-opener-policy"), "same-origin");
    set(HeaderName::from_static("api-version"), API_VERSION);
    set(header::CACHE_CONTROL, if endpoint.is_some_and(|endpoint| endpoint.may_be_kept) { "no-cache" } else { "no-store" });
    if over_tls {
        set(header::STRICT_TRANSPORT_SECURITY, STAYS_TLS);
    }
    if let Ok(id) = HeaderValue::from_str(id) {
        headers.insert(REQUEST_ID, id);
    }
    response
}

/// Whether this is a method that only reads.
pub(crate) fn reads(method: &Method) -> bool {
    method == Method::GET || method == Method::HEAD
}
