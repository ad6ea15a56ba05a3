//! Commands over NATS, and questions between the processes of one service.
//!
//! ```text
//!   client ── traject.command.<organisation> ──► micro-service `trajectlog` ──► form ──► permits? ──► desk
//!     ▲                                                                                                │
//!     └── {"status":201,"event":…} or {"status":422,"problem":…}, in the format of the request ◄───────┘
//!
//!   gateway alone ── traject.query.<view> ──► the process that holds the view
//! ```
//!
//! A request is answered in every case but one: what cannot be read with 400, what comes when too much is under way with 503. The one is a
//! request that wants its answer where no client listens: this service may write more subjects than its clients, and whoever could choose
//! one of them would write events or entries of a bucket through it. Only inboxes are answered ([`is_inbox`]). MessagePack is read
//! as the JSON that it stands for, by the same reader: duplicate keys, keys that are no text, bytes and extension types are malformed.

mod asking;
pub(crate) mod msgpack;

use std::{future::Future, panic::AssertUnwindSafe, sync::Arc, time::Duration};

use async_nats::{
    Client, Subject,
    service::{NATS_SERVICE_ERROR, NATS_SERVICE_ERROR_CODE, Request, ServiceExt},
};
use axum::http::{HeaderMap, HeaderName, HeaderValue};
use bytes::Bytes;
use futures_util::{FutureExt, StreamExt};
use serde::Serialize;
use tokio::{sync::Semaphore, task::JoinHandle};

use crate::{
    Gateway, Inner,
    access::{Action, Caller, Object},
    form::{self, Unread},
    http,
    problem::Problem,
    record::{self, Done, What},
};

pub use asking::{Asking, answer_figures, answer_projectors, answer_statuses};

/// The name of the micro-service.
pub const SERVICE: &str = "trajectlog";
/// Before the organisation in the subject of a command.
pub const COMMAND_PREFIX: &str = "traject.command.";
/// How the subjects begin on which clients wait for answers: their own inboxes, and the server's for answers over a leaf or between accounts.
const INBOXES: [&str; 2] = ["_INBOX", "_R_"];
/// A subject that this service may ask and on which nobody answers.
const NOBODY: &str = "traject.query.nobody";
/// How long is waited for a server to take a subscription: far longer than a round trip, and no reason not to start.
const ROUND_TRIP: Duration = Duration::from_secs(2);
/// How a request is counted that wants its answer elsewhere.
pub(crate) const FOREIGN_REPLY: &str = "foreign_reply";
/// Headers of a message that the access rules look at.
const LOOKED_AT: [&str; 3] = ["authorization", "x-actor", "x-request-id"];

/// Why the service does not run.
#[derive(Debug, thiserror::Error)]
#[error("NATS: {what}: {cause}")]
pub struct NatsError {
    what: &'static str,
    cause: String,
}

impl NatsError {
    fn of<E: std::fmt::Display>(what: &'static str) -> impl FnOnce(E) -> Self {
        move |cause| Self { what, cause: cause.to_string() }
    }
}

/// Starts the command service; it ends when the gateway's process is to end. `version` is a semantic version.
///
/// # Errors
/// When the server does not let it subscribe.
pub async fn serve_commands(gateway: &Gateway, client: Client, version: &str) -> Result<JoinHandle<()>, NatsError> {
    let inner = Arc::clone(&gateway.0);
    let about = "Commands for trajectories: an event, or events that are decided together";
    let service =
        client.service_builder().description(about).start(SERVICE, version).await.map_err(NatsError::of("starting the service"))?;
    let subject = format!("{COMMAND_PREFIX}*");
    let endpoint = service.endpoint_builder().name("command").add(subject).await.map_err(NatsError::of("listening for commands"))?;
    // Whoever is told that it runs may send at once.
    round_trip(&client).await?;
    Ok(tokio::spawn(async move {
        let mut endpoint = std::pin::pin!(endpoint);
        let mut shutdown = inner.shutdown.clone();
        let turns = Arc::new(Semaphore::new(inner.limits.nats_commands));
        loop {
            let request = tokio::select! {
                request = endpoint.next() => request,
                _ = shutdown.wait_for(|ends| *ends) => None,
            };
            let Some(request) = request else { break };
            if request.message.reply.as_ref().is_some_and(|reply| !is_inbox(reply)) {
                metrics::counter!("trajectlog_nats_commands_total", "status" => FOREIGN_REPLY).increment(1);
                tracing::warn!("a command over NATS was refused unread and unanswered: its reply subject is no inbox");
                continue;
            }
            let (inner, client) = (Arc::clone(&inner), client.clone());
            let turn = Arc::clone(&turns).try_acquire_owned();
            tokio::spawn(async move {
                let busy = turn.is_err();
                let room = room_of(&client);
                let reply = answer(&inner, &request, busy, room).await;
                send(&client, &request, reply).await;
                drop(turn);
            });
        }
        if let Err(e) = service.stop().await {
            tracing::debug!("the command service did not stop in order: {e}");
        }
    }))
}

/// Waits until the server has read all that was sent to it: flushing ends when it is sent, and the server reads in order. Nobody answers
/// this question, and the server says so.
async fn round_trip(client: &Client) -> Result<(), NatsError> {
    client.flush().await.map_err(NatsError::of("reaching the server"))?;
    match tokio::time::timeout(ROUND_TRIP, client.request(NOBODY, Bytes::new())).await {
        Ok(Ok(_) | Err(_)) => {}
        Err(_) => tracing::info!("the server did not say within {ROUND_TRIP:?} that it has taken the subscription to commands"),
    }
    Ok(())
}

/// Whether an answer may be sent there.
fn is_inbox(reply: &Subject) -> bool {
    INBOXES.iter().any(|inbox| reply.starts_with(inbox))
}

/// Room for the headers of an answer, in bytes.
const ROOM: usize = 1 << 10;
/// By this the events of a command are counted.
const EVENT_ID: &[u8] = b"event_id";
/// What an event has more in an answer than in a command, in bytes, but for the name of who recorded it: when, and where it lies.
const ADDED: usize = 256;

/// How large an answer may be, in bytes.
fn room_of(client: &Client) -> usize {
    client.server_info().max_payload.max(ROOM * 2) - ROOM
}

/// How a message is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Format {
    Json,
    MessagePack,
}

impl Format {
    const fn media_type(self) -> &'static str {
        match self {
            Self::Json => "application/json",
            Self::MessagePack => "application/msgpack",
        }
    }

    /// By `Content-Type`; JSON when nothing is said.
    fn of(headers: Option<&async_nats::HeaderMap>) -> Option<Self> {
        let said = headers.into_iter().flat_map(|headers| headers.iter()).find(|(name, _)| {
            let name: &str = name.as_ref();
            name.eq_ignore_ascii_case("content-type")
        });
        let Some((_, values)) = said else { return Some(Self::Json) };
        let [one] = values.as_slice() else { return None };
        match one.as_str().split(';').next().unwrap_or_default().trim().to_ascii_lowercase().as_str() {
            "application/json" => Some(Self::Json),
            "application/msgpack" | "application/x-msgpack" | "application/vnd.msgpack" => Some(Self::MessagePack),
            _ => None,
        }
    }
}

/// An answer, ready to be sent.
struct Reply {
    format: Format,
    body: Vec<u8>,
    error: Option<(u16, String)>,
}

impl Reply {
    fn of(format: Format, answer: &Answer) -> Self {
        let error = match answer {
            Answer::One(Done { status, what: What::Problem(problem) }) => Some((*status, problem.code.to_string())),
            Answer::One(_) | Answer::Several(_) => None,
        };
        let json = serde_json::to_vec(answer).unwrap_or_default();
        let body = match format {
            Format::Json => json,
            Format::MessagePack => msgpack::of_json(&json).unwrap_or_default(),
        };
        Self { format, body, error }
    }
}

#[derive(Serialize)]
#[serde(untagged)]
enum Answer {
    One(Done),
    Several(Vec<Done>),
}

async fn answer(inner: &Arc<Inner>, request: &Request, busy: bool, room: usize) -> Reply {
    let message = &request.message;
    let (headers, format) = (headers(message.headers.as_ref()), Format::of(message.headers.as_ref()));
    let request_id = http::request_id(&headers);
    let worked = async {
        if busy {
            return Err(Problem::unavailable("too many commands are worked on; sending the same again is safe"));
        }
        let format = format.ok_or_else(|| Problem::media_type("application/json or application/msgpack"))?;
        let caller = inner.access.known(&headers).await?.caller;
        command(inner, &caller, format, message.subject.as_str(), &message.payload, room).await
    };
    let mut answer = within(inner, worked).await.unwrap_or_else(|problem| Answer::One(problem.into()));
    let all = match &mut answer {
        Answer::One(one) => std::slice::from_mut(one),
        Answer::Several(several) => several.as_mut_slice(),
    };
    let mut count = 0;
    for done in all {
        if let What::Problem(problem) = &mut done.what {
            problem.request_id = Some(request_id.clone());
        }
        metrics::counter!("trajectlog_nats_commands_total", "status" => done.status.to_string()).increment(1);
        count += 1;
    }
    tracing::debug!(request_id, count, "answered over NATS");
    Reply::of(format.unwrap_or(Format::Json), &answer)
}

/// In time, and without a panic.
async fn within(inner: &Inner, work: impl Future<Output = Result<Answer, Problem>>) -> Result<Answer, Problem> {
    match tokio::time::timeout(inner.limits.request_time, AssertUnwindSafe(work).catch_unwind()).await {
        Ok(Ok(answer)) => answer,
        Ok(Err(_)) => {
            tracing::error!("the handler of commands over NATS panicked; please report this");
            Err(Problem::internal())
        }
        Err(_) => Err(Problem::unavailable("it took too long; sending the same again is safe")),
    }
}

async fn command(inner: &Inner, caller: &Caller, format: Format, subject: &str, payload: &Bytes, room: usize) -> Result<Answer, Problem> {
    let organisation = subject.strip_prefix(COMMAND_PREFIX).unwrap_or_default();
    caller.may(Action::Record, Object::Organisation(organisation))?;
    if payload.len() > inner.limits.event_bytes {
        return Err(Problem::too_large(format!("a command has at most {} bytes", inner.limits.event_bytes)));
    }
    let text = match format {
        Format::Json => payload.clone(),
        Format::MessagePack => msgpack::to_json(payload, inner.limits.event_bytes).map_err(Problem::malformed)?.into(),
    };
    // What is recorded must be told: an answer holds every event, and what the log adds to it.
    let events = text.windows(EVENT_ID.len()).filter(|part| *part == EVENT_ID).count();
    if text.len() + events * (ADDED + caller.actor.len()) > room {
        let detail = format!("the answer would be larger than the {room} bytes that a message may have: send fewer events at once");
        return Err(Problem::too_large(detail));
    }
    if text.trim_ascii_start().starts_with(b"[") {
        return http::outbox(inner, caller, &text, Some(organisation)).await.map(Answer::Several);
    }
    let command = form::command(&text, None, &inner.limits).map_err(|unread| match unread {
        Unread::Malformed(mistakes) => Problem::mistakes(mistakes),
        Unread::TooMany(detail) => Problem::too_large(detail),
    })?;
    record::permitted(caller, &command, Some(organisation))?;
    record::record(inner, caller, vec![command]).await?.pop().map(Answer::One).ok_or_else(Problem::internal)
}

/// The headers that access rules look at, as they are over HTTP. One that cannot be a header there is one that is wrong.
fn headers(headers: Option<&async_nats::HeaderMap>) -> HeaderMap {
    let mut looked_at = HeaderMap::new();
    for (name, values) in headers.into_iter().flat_map(|headers| headers.iter()) {
        let name: &str = name.as_ref();
        let Some(name) = LOOKED_AT.iter().find(|wanted| name.eq_ignore_ascii_case(wanted)) else { continue };
        for value in values {
            let value = HeaderValue::from_bytes(value.as_str().as_bytes()).unwrap_or(HeaderValue::from_static(""));
            looked_at.append(HeaderName::from_static(name), value);
        }
    }
    looked_at
}

/// Never silence: an answer that is larger than a message may be is told so.
async fn send(client: &Client, request: &Request, mut reply: Reply) {
    if request.message.reply.is_none() {
        return;
    }
    if reply.body.len() > room_of(client) {
        let detail =
            "the answer is larger than a message may be. What could be recorded is recorded: ask for the history, or send less at once";
        reply = Reply::of(reply.format, &Answer::One(Problem::too_large(detail).into()));
    }
    let mut headers = async_nats::HeaderMap::new();
    headers.insert("Content-Type", reply.format.media_type());
    if let Some((status, code)) = reply.error {
        headers.insert(NATS_SERVICE_ERROR_CODE, status.to_string().as_str());
        headers.insert(NATS_SERVICE_ERROR, code.as_str());
    }
    if let Err(e) = request.respond_with_headers(Ok(reply.body.into()), headers).await {
        tracing::warn!("an answer could not be sent over NATS: {e}");
    }
}
