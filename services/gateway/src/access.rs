//! Who asks, and what they may do: one decision point.
//!
//! ```text
//!   request ──► Access::known (who, and by what) ──► Caller ──► permits(caller, action, object) ──► handler goes on, or a problem
//!                 ├─ NoAuth: everybody is everybody                guard.rs: was it meant by the session's own pages?
//!                 └─ LocalAccess: session, personal access token, or a token of the organisation's provider (provider.rs)
//! ```
//!
//! A handler names its action and its object before it does anything else. What is not permitted here in so many words is denied.

mod cookie;
pub(crate) mod guard;
mod local;
pub(crate) mod provider;
mod tries;

use std::{collections::BTreeSet, net::IpAddr, sync::Arc};

use accounts::{Account, Bearer, Held, Identity, SessionSeen};
use app::Reach;
use axum::http::{HeaderMap, header};
use figures::Scope;
use proto_events::{Timestamp, json::LONGEST_ACTOR};
use uuid::Uuid;

use crate::{ports::Later, problem::Problem};

pub use cookie::COOKIE;
pub(crate) use cookie::{kept, removed, session_cookie, tried, tried_login, tried_removed};
pub use local::LocalAccess;
pub use provider::{
    LONGEST_ANSWER, PAUSE, PAUSE_AFTER_FAILURE, PROVIDER_COOKIE, Provider, ProviderSettings, Question, Reply, Web, WrongSettings,
};
pub use tries::Pace;
pub(crate) use tries::Tries;

/// The target of what is told to the operator's log about who was refused: ids of accounts, no names, nothing of what it was about.
pub const AUDIT: &str = "gateway::audit";

/// What a caller is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Role {
    /// Guides trajectories, and records what happens in them: their own, and those of whom they stand in for.
    Coach,
    /// Answers for all trajectories of an organisation, and sees its figures.
    Manager,
    /// Sees figures everywhere, and no trajectory.
    Analyst,
    /// Reads everything but texts, and changes nothing; opens the texts of one trajectory for a while, for a reason that is noted.
    Auditor,
    /// Runs the service: accounts, rebuilds, erasure; no trajectory.
    Administrator,
}

impl Role {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::Coach, Self::Manager, Self::Analyst, Self::Auditor, Self::Administrator];
}

/// Who asks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Caller {
    /// The name that events are recorded under.
    pub actor: String,
    /// What they are.
    pub roles: BTreeSet<Role>,
    /// Whose trajectories they may touch as a coach or a manager.
    pub reach: Reach,
    /// The trajectories whose sealed texts they have opened, as an auditor, and that are still open.
    pub open: BTreeSet<Uuid>,
}

/// What is to be done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    /// Record events.
    Record,
    /// See a trajectory and its history.
    SeeTrajectory,
    /// See the texts in it.
    SeeTexts,
    /// Open the sealed texts of a trajectory, for a while and for a reason.
    OpenTexts,
    /// See who has opened which texts, and why.
    SeeOpenings,
    /// See figures.
    SeeFigures,
    /// Declare that a quarter of an organisation is complete.
    DeclareComplete,
    /// Read the log.
    ReadLog,
    /// Say who stands in for an absent coach.
    ManageCover,
    /// Make, change and lock accounts.
    ManageAccounts,
    /// See how the projectors are.
    SeeProjectors,
    /// Rebuild, cancel, retry.
    ManageProjectors,
}

impl Action {
    /// All of them.
    pub const ALL: [Self; 12] = [
        Self::Record,
        Self::SeeTrajectory,
        Self::SeeTexts,
        Self::OpenTexts,
        Self::SeeOpenings,
        Self::SeeFigures,
        Self::DeclareComplete,
        Self::ReadLog,
        Self::ManageCover,
        Self::ManageAccounts,
        Self::SeeProjectors,
        Self::ManageProjectors,
    ];
}

/// To what.
#[derive(Clone, Copy, Debug)]
pub enum Object<'a> {
    /// To whatever it turns out to be: only the role is judged, and the object later.
    Any,
    /// To something of this organisation, whichever trajectory it turns out to be.
    Organisation(&'a str),
    /// To a trajectory.
    Trajectory {
        /// This one.
        id: Uuid,
        /// Of this organisation.
        organisation: &'a str,
        /// Whose coach this is today, where one is known.
        coach: Option<&'a str>,
    },
    /// To figures of this scope.
    Scope(&'a Scope),
}

impl Object<'_> {
    /// What kind of thing it is, for the operator's log: which one is nobody's business there.
    const fn kind(&self) -> &'static str {
        match self {
            Self::Any => "any",
            Self::Organisation(_) => "organisation",
            Self::Trajectory { .. } => "trajectory",
            Self::Scope(_) => "scope",
        }
    }
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
    let permitted = match (action, object) {
        (Action::Record | Action::SeeTrajectory | Action::SeeTexts, Object::Any) if is(Role::Coach) || is(Role::Manager) => true,
        (Action::Record | Action::SeeTrajectory | Action::SeeTexts, Object::Organisation(organisation))
            if guides_in(caller, organisation) =>
        {
            true
        }
        (Action::Record | Action::SeeTrajectory | Action::SeeTexts, Object::Trajectory { organisation, coach, .. })
            if guides(caller, organisation, coach) =>
        {
            true
        }
        (Action::SeeTexts, Object::Trajectory { id, .. }) => is(Role::Auditor) && caller.open.contains(&id),
        (Action::OpenTexts, Object::Any | Object::Trajectory { .. }) => is(Role::Auditor),
        (Action::SeeOpenings, Object::Any) => is(Role::Manager) || is(Role::Auditor) || is(Role::Administrator),
        (Action::SeeOpenings, Object::Organisation(organisation)) => {
            is(Role::Auditor) || is(Role::Administrator) || manages(caller, organisation)
        }
        (Action::SeeTrajectory, Object::Any | Object::Organisation(_) | Object::Trajectory { .. }) => is(Role::Auditor),
        (Action::SeeFigures, Object::Any) => is(Role::Analyst) || is(Role::Auditor) || is(Role::Manager),
        (Action::SeeFigures, Object::Scope(scope)) => {
            let of_own = scope.organisation.as_ref().is_some_and(|organisation| manages(caller, organisation.as_str()));
            is(Role::Analyst) || is(Role::Auditor) || of_own
        }
        (Action::DeclareComplete, Object::Any) => is(Role::Manager),
        (Action::DeclareComplete, Object::Organisation(organisation)) => manages(caller, organisation),
        (Action::ReadLog, Object::Any) => is(Role::Auditor),
        (Action::ManageCover, Object::Any) => is(Role::Manager),
        (Action::ManageCover, Object::Organisation(organisation)) => manages(caller, organisation),
        (Action::ManageAccounts | Action::ManageProjectors, Object::Any) => is(Role::Administrator),
        (Action::SeeProjectors, Object::Any) => is(Role::Auditor) || is(Role::Administrator),
        // What is asked of a thing that it cannot be done to, and all that no line above permits.
        (
            Action::Record
            | Action::SeeTrajectory
            | Action::SeeTexts
            | Action::OpenTexts
            | Action::SeeOpenings
            | Action::SeeFigures
            | Action::DeclareComplete
            | Action::ReadLog
            | Action::ManageCover
            | Action::ManageAccounts
            | Action::SeeProjectors
            | Action::ManageProjectors,
            Object::Any | Object::Organisation(_) | Object::Trajectory { .. } | Object::Scope(_),
        ) => false,
    };
    if permitted { Decision::Permit } else { Decision::Deny }
}

/// As a coach it is among theirs, or as a manager of their organisation.
fn guides(caller: &Caller, organisation: &str, coach: Option<&str>) -> bool {
    (caller.roles.contains(&Role::Coach) && caller.reach.has(organisation, coach)) || manages(caller, organisation)
}

/// Some trajectories of this organisation may be theirs.
fn guides_in(caller: &Caller, organisation: &str) -> bool {
    (caller.roles.contains(&Role::Coach) && caller.reach.has_some_of(organisation)) || manages(caller, organisation)
}

fn manages(caller: &Caller, organisation: &str) -> bool {
    caller.roles.contains(&Role::Manager) && caller.reach.has_all_of(organisation)
}

impl Caller {
    /// Goes on when it is permitted; else the operator is told.
    ///
    /// # Errors
    /// 404 where existence is a secret, 403 where it is none.
    pub fn may(&self, action: Action, object: Object<'_>) -> Result<(), Problem> {
        let decision = permits(self, action, object);
        if decision == Decision::Deny {
            tracing::warn!(target: AUDIT, what = "denied", account = self.actor, ?action, object = object.kind());
        }
        match (decision, object) {
            (Decision::Permit, _) => Ok(()),
            (Decision::Deny, Object::Trajectory { .. }) => Err(Problem::no_such_trajectory()),
            (Decision::Deny, Object::Any | Object::Organisation(_) | Object::Scope(_)) => {
                Err(Problem::forbidden("your account does not permit this"))
            }
        }
    }

    /// Whose trajectories a list for this caller holds.
    #[must_use]
    pub fn sees(&self) -> Reach {
        if self.roles.contains(&Role::Auditor) { Reach::All } else { self.reach.clone() }
    }
}

/// By what a caller is known.
#[derive(Clone, Debug)]
pub enum Credential {
    /// None is asked for here.
    NotAsked,
    /// The cookie of a session.
    Session(Arc<SessionSeen>),
    /// A personal access token.
    Token(Arc<Bearer>),
    /// A token of the organisation's provider.
    Issued(Arc<Issued>),
}

impl Credential {
    /// The account that it is of; `None` where none is asked for.
    #[must_use]
    pub fn account(&self) -> Option<&Held<Account>> {
        match self {
            Self::Session(seen) => Some(&seen.account),
            Self::Token(bearer) => Some(&bearer.account),
            Self::Issued(issued) => Some(&issued.account),
            Self::NotAsked => None,
        }
    }
}

/// Somebody who asks with a token of the organisation's provider.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Issued {
    /// Whose it is.
    pub account: Held<Account>,
    /// Who they are at the provider.
    pub identity: Identity,
    /// When it ends.
    pub until: Timestamp,
}

/// A caller, and by what they are known.
#[derive(Clone, Debug)]
pub struct Known {
    /// Who asks.
    pub caller: Caller,
    /// By what.
    pub credential: Credential,
}

/// Who finds out who asks.
pub trait Access: Send + Sync + 'static {
    /// The caller of a request with this head; over NATS the headers of the message that have a meaning there, which a cookie has not.
    ///
    /// # Errors
    /// 401 when the credential is missing or wrong; 503 when it cannot be known now.
    fn known<'a>(&'a self, headers: &'a HeaderMap) -> Later<'a, Result<Known, Problem>>;

    /// Whether somebody who was known so still is, and as the same: for answers that go on for hours. To be looked at so is no use of a
    /// session, which ends when it is not used.
    fn still(&self, known: &Known) -> bool;
}

/// `--auth none`: every role, and the actor that `X-Actor` says, else `local`. Only for a loopback address: together with
/// [`Hosts::Loopback`].
#[derive(Clone, Copy, Debug, Default)]
pub struct NoAuth;

impl Access for NoAuth {
    fn known<'a>(&'a self, headers: &'a HeaderMap) -> Later<'a, Result<Known, Problem>> {
        let everybody = |actor| Known {
            caller: Caller { actor, roles: Role::ALL.into(), reach: Reach::All, open: BTreeSet::new() },
            credential: Credential::NotAsked,
        };
        Box::pin(std::future::ready(said_actor(headers).map(everybody)))
    }

    fn still(&self, _: &Known) -> bool {
        true
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
