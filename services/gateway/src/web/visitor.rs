//! Who looks at a page, and what stands around it.

use std::sync::Arc;

use accounts::SessionSeen;
use app::amsterdam_day;
use axum::{
    extract::FromRequestParts,
    http::{HeaderMap, header, request::Parts},
};
use domain::Date;
use pages::{Assets, Frame, Lang, Theme, Who};

use super::names;
use crate::{
    Inner,
    access::{Caller, Credential},
    problem::Problem,
};

/// The cookies of what is a matter of taste. Not of the session: they stay when it ends.
pub(crate) const LANG: &str = "__Host-trajectlog-lang";
/// See [`LANG`].
pub(crate) const THEME: &str = "__Host-trajectlog-theme";

/// Whoever is signed in and looks at a page.
pub(crate) struct Visitor {
    /// As whom they are judged.
    pub(crate) caller: Caller,
    /// Their session.
    pub(crate) seen: Arc<SessionSeen>,
    /// What stands around their page.
    pub(crate) frame: Frame,
    /// Today in Amsterdam.
    pub(crate) today: Date,
}

impl Visitor {
    /// What they are, as a page shows it.
    pub(crate) fn role(&self) -> pages::Role {
        role_of(&self.seen)
    }

    /// Their organisation's code; empty when they have none.
    pub(crate) fn organisation(&self) -> &str {
        self.seen.account.profile.organisation.as_ref().map_or("", |slug| slug.as_str())
    }

    /// Their code as a coach.
    pub(crate) fn coach(&self) -> Option<&str> {
        self.seen.account.profile.coach.as_ref().map(|slug| slug.as_str())
    }
}

impl FromRequestParts<Arc<Inner>> for Visitor {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, inner: &Arc<Inner>) -> Result<Self, Problem> {
        let caller = parts.extensions.get::<Caller>().cloned();
        let seen = match parts.extensions.get::<Credential>() {
            Some(Credential::Session(seen)) => Arc::clone(seen),
            Some(Credential::Token(_) | Credential::Issued(_)) => return Err(Problem::session_needed()),
            Some(Credential::NotAsked) | None => return Err(Problem::no_accounts()),
        };
        let caller = caller.ok_or_else(Problem::internal)?;
        let frame = Frame { who: Some(who(&seen)), csrf: seen.csrf.expose().as_str().to_owned(), ..nobody(&parts.headers) };
        Ok(Self { caller, seen, frame, today: amsterdam_day((inner.clock)()) })
    }
}

/// The frame of a page that is shown to whoever comes.
pub(crate) fn nobody(headers: &HeaderMap) -> Frame {
    Frame {
        lang: cookie(headers, LANG).and_then(Lang::of).unwrap_or_default(),
        theme: cookie(headers, THEME).and_then(Theme::of).unwrap_or_default(),
        who: None,
        csrf: String::new(),
        assets: Assets::built_in(),
    }
}

/// Who somebody is, as pages show it.
pub(crate) fn who(seen: &SessionSeen) -> Who {
    let profile = &seen.account.profile;
    let (role, roles) = (role_of(seen), profile.roles.iter().copied().map(shown_role).collect::<Vec<_>>());
    Who {
        account: seen.account.id.to_string(),
        name: profile.name.clone(),
        role,
        also: pages::Role::ALL.into_iter().filter(|other| *other != role && roles.contains(other)).collect(),
        organisation: profile.organisation.as_ref().map(|slug| names::organisation(slug.as_str())),
    }
}

/// Of several roles the one that sees most of trajectories: it chooses the navigation.
fn role_of(seen: &SessionSeen) -> pages::Role {
    use accounts::Role::{Administrator, Analyst, Auditor, Coach, Manager};
    let has = |role: &accounts::Role| seen.account.profile.roles.contains(role);
    shown_role([Manager, Coach, Administrator, Auditor].into_iter().find(has).unwrap_or(Analyst))
}

/// A role as pages have it.
pub(crate) const fn shown_role(role: accounts::Role) -> pages::Role {
    match role {
        accounts::Role::Coach => pages::Role::Coach,
        accounts::Role::Manager => pages::Role::Manager,
        accounts::Role::Analyst => pages::Role::Analyst,
        accounts::Role::Auditor => pages::Role::Auditor,
        accounts::Role::Administrator => pages::Role::Administrator,
    }
}

/// The value of the first cookie of this name.
fn cookie<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    let lines = headers.get_all(header::COOKIE).iter().filter_map(|line| line.to_str().ok());
    lines.flat_map(|line| line.split(';')).filter_map(|cookie| cookie.trim().split_once('=')).find(|(key, _)| *key == name).map(|(_, v)| v)
}
