//! Who asks, and what they may do: one decision point.
//!
//! ```text
//!   request ──► Access::caller (who) ──► Caller ──► permits(caller, action, object) ──► handler goes on, or a problem
//! ```
//!
//! A handler names its action and its object before it does anything else. What is not permitted here in so many words is denied.

use std::{collections::BTreeSet, net::IpAddr};

use axum::http::{HeaderMap, header};
use figures::Scope;
use proto_events::json::LONGEST_ACTOR;

use crate::{ports::Later, problem::Problem};

/// What a caller is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Role {
    /// Guides trajectories, and records what happens in them.
    Coach,
    /// Reads figures.
    Analyst,
    /// Reads the log.
    Auditor,
    /// Runs the service.
    Administrator,
}

impl Role {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Coach, Self::Analyst, Self::Auditor, Self::Administrator];
}

/// Whose data a caller may touch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Organisations {
    /// Every organisation's.
    All,
    /// These.
    Only(BTreeSet<String>),
}

impl Organisations {
    /// Whether this one is among them.
    #[must_use]
    pub fn has(&self, organisation: &str) -> bool {
        match self {
            Self::All => true,
            Self::Only(these) => these.contains(organisation),
        }
    }
}

/// Who asks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Caller {
    /// The name that events are recorded under.
    pub actor: String,
    /// What they are.
    pub roles: BTreeSet<Role>,
    /// Whose data they may touch.
    pub organisations: Organisations,
}

/// What is to be done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    /// Record events.
    Record,
    /// See a trajectory and its history, texts in clear.
    SeeTrajectory,
    /// See figures.
    SeeFigures,
    /// Read the log, texts in clear.
    ReadLog,
    /// See how the projectors are.
    SeeProjectors,
    /// Rebuild, cancel, retry.
    ManageProjectors,
}

/// To what.
#[derive(Clone, Copy, Debug)]
pub enum Object<'a> {
    /// To whatever it turns out to be: only the role is judged, and the object later.
    Any,
    /// To a trajectory of this organisation.
    Organisation(&'a str),
    /// To figures of this scope.
    Scope(&'a Scope),
}

/// The decision.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Decision {
    /// Go on.
    Permit,
    /// Not to this caller.
    Deny,
}

/// The one decision point: denied unless a line of it permits.
#[must_use]
pub fn permits(caller: &Caller, action: Action, object: Object<'_>) -> Decision {
    let is = |role: Role| caller.roles.contains(&role);
    let reaches = match object {
        Object::Any => true,
        Object::Organisation(organisation) => caller.organisations.has(organisation),
        Object::Scope(scope) => {
            let of_one = scope.organisation.as_ref().is_some_and(|organisation| caller.organisations.has(organisation.as_str()));
            // Sums over several organisations tell nobody's data from another's; what is small in them is not for a coach.
            of_one || is(Role::Analyst) || caller.organisations == Organisations::All
        }
    };
    let role = match action {
        Action::Record | Action::SeeTrajectory => is(Role::Coach),
        Action::SeeFigures => is(Role::Coach) || is(Role::Analyst),
        Action::ReadLog => is(Role::Auditor) && caller.organisations == Organisations::All,
        Action::SeeProjectors => is(Role::Auditor) || is(Role::Administrator),
        Action::ManageProjectors => is(Role::Administrator),
    };
    if role && reaches { Decision::Permit } else { Decision::Deny }
}

impl Caller {
    /// Goes on when it is permitted.
    ///
    /// # Errors
    /// 404 where existence is a secret, 403 where it is none.
    pub fn may(&self, action: Action, object: Object<'_>) -> Result<(), Problem> {
        match (permits(self, action, object), action, object) {
            (Decision::Permit, ..) => Ok(()),
            (Decision::Deny, Action::SeeTrajectory, Object::Organisation(_)) => Err(Problem::not_found("there is no such trajectory")),
            (Decision::Deny, ..) => Err(Problem::forbidden("your account does not permit this")),
        }
    }
}

/// Who finds out who asks.
pub trait Access: Send + Sync + 'static {
    /// The caller of a request with this head; over NATS the headers of the message.
    ///
    /// # Errors
    /// 401 when the credential is missing or wrong.
    fn caller<'a>(&'a self, headers: &'a HeaderMap) -> Later<'a, Result<Caller, Problem>>;
}

/// `--auth none`: every role, and the actor that `X-Actor` says, else `local`. Only for a loopback address: together with
/// [`Hosts::Loopback`].
#[derive(Clone, Copy, Debug, Default)]
pub struct NoAuth;

impl Access for NoAuth {
    fn caller<'a>(&'a self, headers: &'a HeaderMap) -> Later<'a, Result<Caller, Problem>> {
        Box::pin(std::future::ready(said_actor(headers).map(|actor| Caller {
            actor,
            roles: Role::ALL.into(),
            organisations: Organisations::All,
        })))
    }
}

fn said_actor(headers: &HeaderMap) -> Result<String, Problem> {
    let wrong = || Problem::malformed(format!("X-Actor: once, 1 to {LONGEST_ACTOR} characters in UTF-8, no control characters"));
    let mut said = headers.get_all("x-actor").iter();
    let Some(actor) = said.next() else { return Ok("local".to_owned()) };
    let actor = std::str::from_utf8(actor.as_bytes()).map_err(|_| wrong())?;
    let fits = (1..=LONGEST_ACTOR).contains(&actor.chars().count()) && !actor.chars().any(char::is_control) && said.next().is_none();
    if fits { Ok(actor.to_owned()) } else { Err(wrong()) }
}

/// Under which names the service may be addressed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hosts {
    /// Any: whoever asks shows a credential, or comes through a socket of the machine.
    Any,
    /// Only as this machine: a page of another site that a browser shows here can then neither reach it by a name that points to
    /// this machine, nor read an answer.
    Loopback {
        /// The port on which it listens.
        port: u16,
    },
}

impl Hosts {
    /// Judges `Host` and `Origin` of a request.
    ///
    /// # Errors
    /// 421 for a foreign `Host`, 403 for a foreign `Origin`.
    pub fn judge(&self, authority: Option<&str>, headers: &HeaderMap) -> Result<(), Problem> {
        let Self::Loopback { port } = *self else { return Ok(()) };
        let mut hosts = headers.get_all(header::HOST).iter();
        let host = hosts.next().map(|host| host.to_str().unwrap_or_default());
        if hosts.next().is_some() || ![authority, host].iter().flatten().all(|host| is_here(host, port)) || (authority.or(host)).is_none() {
            return Err(Problem::foreign_host());
        }
        for origin in headers.get_all(header::ORIGIN) {
            let origin = origin.to_str().unwrap_or_default();
            let site = origin.strip_prefix("http://").or_else(|| origin.strip_prefix("https://"));
            if !site.is_some_and(|site| is_here(site, port)) {
                return Err(Problem::foreign_origin());
            }
        }
        Ok(())
    }
}

/// Whether `host[:port]` is this machine at this port. Without a port it is the one of the scheme.
fn is_here(host: &str, port: u16) -> bool {
    let (name, said) = match host.rsplit_once(':') {
        Some((name, said)) if !said.contains(']') => (name, said.parse::<u16>().ok().filter(|_| said.bytes().all(|b| b.is_ascii_digit()))),
        _ => (host, [80, 443].contains(&port).then_some(port)),
    };
    let bare = name.strip_prefix('[').and_then(|name| name.strip_suffix(']')).unwrap_or(name);
    let local = name.eq_ignore_ascii_case("localhost") || bare.parse::<IpAddr>().is_ok_and(|address| address.is_loopback());
    local && said == Some(port)
}
