//! HTTP and NATS: commands in, state and figures out.
//!
//! ```text
//!   HTTP ──► layers (id, host, caller, rate, limits) ──► handler ──► permits? ──┬─► desk ──► the log     (commands)
//!   NATS ──► service (format, caller, limits) ─────────────► same ──────────────┼─► log, keys            (state, history, as of then)
//!                                                                               └─► ports ──► projectors (caseload, figures now)
//! ```
//!
//! | file | holds |
//! | --- | --- |
//! | `access.rs` | who asks and what they may do: the one decision point |
//! | `access/` | sessions and tokens of accounts, the provider of identities of an organisation; what guards a session's requests; how often a password may be wrong |
//! | `entrance.rs` | signing in, where there are accounts |
//! | `web/` | the coaches' application: pages that are made of what the log holds |
//! | `form.rs` | the form of a command: strict, every mistake told |
//! | `record.rs` | commands to the desk and what became of them |
//! | `reading.rs` | stored events, read for those who may see them |
//! | `ports.rs` | what is asked of the projectors |
//! | `problem.rs` | every error, in one shape |
//! | `limits.rs` | a limit on everything |
//! | `http/` | the table of endpoints, its layers and its handlers |
//! | `openapi.rs`, `schemas.rs` | the description of the table |
//! | `serve.rs` | connections: heads that take too long, an orderly end |
//! | `nats/` | the command service, and questions between processes |
//!
//! # Invariants
//!
//! 1. *Every error has one shape*: `application/problem+json` with a code and the request's id, and never a text that a client wrote
//!    where a name may stand. *Tests: every status that is seen; bytes at random.*
//! 2. *One table of endpoints.* Routes, query keys, time limits and the OpenAPI document are made of the same rows, so that what is served
//!    is what is described. *Test: every status that a test sees is documented.* That is why no macro describes the handlers.
//! 3. *Denied unless permitted*: [`access::permits`] is the one place that decides.
//! 4. *A session changes nothing by accident*: whatever changes something and comes with its cookie was meant by one of its own pages
//!    (`access/guard.rs`, asked in one layer for all rows of the table).
//! 5. *Nothing is answered as recorded that the desk did not say is durable.*
//!
//! Architecture invariant: it knows no projector. What it asks of one it asks through a port of its own ([`ports`]).

#![allow(clippy::result_large_err, reason = "a problem is made at most once a request; a box would stand in the way of every `?`")]

pub mod access;
pub mod entrance;
mod form;
#[cfg(feature = "fuzzing")]
#[doc(hidden)]
pub mod fuzzing;
mod http;
mod limits;
pub mod nats;
mod openapi;
pub mod ports;
mod problem;
mod reading;
mod record;
mod schemas;
mod serve;
mod web;

use std::sync::Arc;

use app::{Clock, Desk};
use bytes::Bytes;
use event_log::EventLog;
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};
use keys::KeyStore;
use tokio::sync::{Semaphore, watch};

pub use limits::Limits;
pub use problem::{Mistake, PROBLEM_JSON, Problem};
pub use serve::serve;

use access::{Access, Hosts, Tries};
use entrance::SignIn;
use ports::{LiveFigures, Projectors, Statuses};

/// What a gateway is made of.
pub struct Parts<L: EventLog> {
    /// The log, to read.
    pub log: Arc<L>,
    /// The keys, to open texts.
    pub keys: Arc<KeyStore>,
    /// Where commands are handed in: a desk that follows the log.
    pub desk: Desk,
    /// What time it is.
    pub clock: Clock,
    /// The view of statuses.
    pub statuses: Arc<dyn Statuses>,
    /// The view of figures.
    pub figures: Arc<dyn LiveFigures>,
    /// The projectors.
    pub projectors: Arc<dyn Projectors>,
    /// The names of the views that it asks: it is ready while each of them is.
    pub views: &'static [&'static str],
    /// Who finds out who asks.
    pub access: Arc<dyn Access>,
    /// Accounts and the pages for signing in with them; `None` where nobody signs in.
    pub sign_in: Option<SignIn>,
    /// Under which names it may be addressed.
    pub hosts: Hosts,
    /// The limits.
    pub limits: Limits,
    /// Whether every connection is over TLS: answers then say that it stays so, and who connects is who asks, not a proxy.
    pub over_tls: bool,
    /// What is counted and measured, as Prometheus reads it.
    pub metrics: fn() -> String,
    /// Becomes true when the process is to end: streams end then.
    pub shutdown: watch::Receiver<bool>,
}

/// The gateway: as many ways in as are made of it share its limits.
#[derive(Clone)]
pub struct Gateway(Arc<Inner>);

pub(crate) struct Inner {
    log: Box<dyn reading::Log>,
    keys: Arc<KeyStore>,
    desk: Desk,
    clock: Clock,
    statuses: Arc<dyn Statuses>,
    figures: Arc<dyn LiveFigures>,
    projectors: Arc<dyn Projectors>,
    views: &'static [&'static str],
    access: Arc<dyn Access>,
    sign_in: Option<SignIn>,
    hosts: Hosts,
    limits: Limits,
    over_tls: bool,
    metrics: fn() -> String,
    shutdown: watch::Receiver<bool>,
    requests: Semaphore,
    sign_ins: Semaphore,
    by_provider: Semaphore,
    tries: Tries,
    streams: Arc<Semaphore>,
    cold: Semaphore,
    rate: DefaultKeyedRateLimiter<String>,
    openapi: Bytes,
}

impl Inner {
    /// The accounts, where there are some.
    fn sign_in(&self) -> Result<&SignIn, Problem> {
        self.sign_in.as_ref().ok_or_else(Problem::no_accounts)
    }
}

impl Gateway {
    /// A gateway of these parts.
    #[must_use]
    pub fn new<L: EventLog>(parts: Parts<L>) -> Self {
        let Parts { log, keys, desk, clock, statuses, figures, projectors, views, access, sign_in, hosts, limits, .. } = parts;
        let (over_tls, metrics, shutdown) = (parts.over_tls, parts.metrics, parts.shutdown);
        count_from_zero();
        let rate = RateLimiter::keyed(Quota::per_second(limits.caller_rate).allow_burst(limits.caller_burst));
        Self(Arc::new(Inner {
            log: Box::new(reading::Of(log)),
            keys,
            desk,
            clock,
            statuses,
            figures,
            projectors,
            views,
            access,
            sign_in,
            hosts,
            over_tls,
            metrics,
            shutdown,
            requests: Semaphore::new(limits.requests),
            sign_ins: Semaphore::new(limits.sign_ins),
            by_provider: Semaphore::new(limits.by_provider),
            tries: Tries::new(limits.wrong_passwords, limits.wrong_passwords_of_address),
            streams: Arc::new(Semaphore::new(limits.streams)),
            cold: Semaphore::new(limits.cold_figures),
            rate,
            openapi: openapi::document(&limits),
            limits,
        }))
    }

    /// The HTTP API. [`serve`] serves it with the time limits that only a connection can keep.
    pub fn router(&self) -> axum::Router {
        http::router(Arc::clone(&self.0))
    }

    /// The limits that every way in shares.
    #[must_use]
    pub fn limits(&self) -> &Limits {
        &self.0.limits
    }

    /// Method and address of everything that it answers, the pages of the application among them.
    pub fn endpoints(&self) -> impl Iterator<Item = (&'static str, &'static str)> {
        http::endpoints().map(|endpoint| (endpoint.method, endpoint.path))
    }

    /// The OpenAPI document, as it is served.
    #[must_use]
    pub fn openapi(&self) -> Bytes {
        self.0.openapi.clone()
    }
}

/// What is counted is there from the start, at 0: only then is a first failure an increase.
fn count_from_zero() {
    for kind in ["conflict", "unavailable", "unknown", "storage_full", "too_large", "broken"] {
        metrics::counter!("trajectlog_append_failures_total", "kind" => kind).increment(0);
    }
    metrics::counter!("trajectlog_appends_total").increment(0);
    metrics::counter!("trajectlog_appended_events_total").increment(0);
    metrics::counter!("trajectlog_nats_commands_total", "status" => nats::FOREIGN_REPLY).increment(0);
}
