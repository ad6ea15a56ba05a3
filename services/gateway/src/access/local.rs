//! `--auth local`: accounts of this service itself. Who asks is a session's cookie, a personal access token, or a token of the
//! organisation's provider; nothing else.
//!
//! ```text
//!   Authorization, if there is one ──► Bearer tl_… ──► Accounts::token ──┐
//!                                  └─► Bearer eyJ… ──► Provider::bearer ─┤ ──► Accounts::linked
//!   else the session's cookie ───────────────────────► Accounts::session ┴──► roles, organisation, covers of today, openings ──► Caller
//! ```
//!
//! A wrong `Authorization` is not made good by a cookie. The actor is the account's id: it stays when names change.

use std::{collections::BTreeSet, sync::Arc};

use accounts::{Account, AccountState, Accounts, Clock, TokenText};
use app::{Reach, amsterdam_day};
use axum::http::{HeaderMap, header};
use proto_events::{Date, Timestamp};

use super::{Access, Caller, Credential, Issued, Known, Provider, Role, provider::NotTaken, session_cookie};
use crate::{ports::Later, problem::Problem};

/// Callers by accounts.
#[derive(Clone, Debug)]
pub struct LocalAccess {
    accounts: Accounts,
    clock: Arc<dyn Clock>,
    provider: Option<Arc<Provider>>,
}

/// How every signed token begins: `{"` in base64url.
const SIGNED: &str = "eyJ";

impl LocalAccess {
    /// By these accounts; the clock says which day it is, for covers.
    #[must_use]
    pub fn new(accounts: Accounts, clock: Arc<dyn Clock>) -> Self {
        Self { accounts, clock, provider: None }
    }

    /// The same, and tokens of this provider too, where it takes any.
    #[must_use]
    pub fn with_provider(self, provider: Option<Arc<Provider>>) -> Self {
        Self { provider: provider.filter(|provider| provider.takes_tokens()), ..self }
    }

    async fn issued(&self, provider: &Arc<Provider>, token: &str) -> Result<Known, Problem> {
        let (identity, expires) = provider.bearer(token).await.map_err(|why| match why {
            NotTaken::Away(_) => Problem::unavailable("the provider of identities cannot be asked now; the token is not refused for good"),
            NotTaken::Flawed(flaw) => Problem::unauthenticated(format!("this token of the provider is not taken: {flaw}")),
        })?;
        let nobody = || {
            Problem::unauthenticated("no account here belongs to this token's owner: sign in with a browser once, or ask an administrator")
        };
        let account = self.accounts.linked(&identity)?.ok_or_else(nobody)?;
        let until = Timestamp::from_micros(expires.saturating_mul(1_000_000));
        let until = until.ok_or_else(|| Problem::unauthenticated("this token of the provider is not taken: it never expires"))?;
        let caller = self.caller(&account, &account.profile.roles);
        Ok(Known { caller, credential: Credential::Issued(Arc::new(Issued { account, identity, until })) })
    }

    async fn look(&self, headers: &HeaderMap) -> Result<Known, Problem> {
        if let Some(token) = bearer(headers)? {
            if let Some(provider) = self.provider.as_ref().filter(|_| token.starts_with(SIGNED)) {
                return self.issued(provider, token).await;
            }
            let parsed = TokenText::parse(token).map_err(|error| Problem::unauthenticated(error.to_string()))?;
            let known = self.accounts.token(&parsed.expose()).await?;
            let known =
                known.ok_or_else(|| Problem::unauthenticated("this token was revoked, has expired, or its owner may not use it"))?;
            let caller = self.caller(&known.account, &known.roles);
            return Ok(Known { caller, credential: Credential::Token(Arc::new(known)) });
        }
        let Some(cookie) = session_cookie(headers) else {
            return Err(Problem::unauthenticated("sign in, or send a personal access token"));
        };
        let seen = self.accounts.session(cookie).await?;
        let seen = seen.ok_or_else(|| Problem::unauthenticated("the session is over: sign in again"))?;
        // Whoever has to choose a password may nothing, wherever it is asked.
        let roles = if seen.account.must_change_password { BTreeSet::new() } else { seen.account.profile.roles.clone() };
        let caller = self.caller(&seen.account, &roles);
        Ok(Known { caller, credential: Credential::Session(Arc::new(seen)) })
    }

    fn caller(&self, account: &Account, roles: &BTreeSet<accounts::Role>) -> Caller {
        Caller {
            actor: account.id.to_string(),
            roles: roles.iter().map(|role| role_of(*role)).collect(),
            reach: self.reach(account, roles),
            open: if roles.contains(&accounts::Role::Auditor) { self.accounts.open_to(account.id) } else { BTreeSet::new() },
        }
    }

    fn reach(&self, account: &Account, roles: &BTreeSet<accounts::Role>) -> Reach {
        let profile = &account.profile;
        let Some(organisation) = &profile.organisation else { return Reach::nothing() };
        if roles.contains(&accounts::Role::Manager) {
            return Reach::organisation(organisation.as_str());
        }
        let Some(coach) = profile.coach.as_ref().filter(|_| roles.contains(&accounts::Role::Coach)) else { return Reach::nothing() };
        // A day that the calendar does not have is covered by nobody.
        let today = Date::from_days(amsterdam_day(self.clock.now()).days());
        let covered = today.map(|today| self.accounts.covers(organisation, coach, today)).unwrap_or_default();
        Reach::coaches(organisation.as_str(), covered.iter().chain([coach]).map(|coach| coach.as_str()))
    }
}

/// What an account is, as it is judged here.
const fn role_of(role: accounts::Role) -> Role {
    match role {
        accounts::Role::Coach => Role::Coach,
        accounts::Role::Manager => Role::Manager,
        accounts::Role::Analyst => Role::Analyst,
        accounts::Role::Auditor => Role::Auditor,
        accounts::Role::Administrator => Role::Administrator,
    }
}

/// The text after `Bearer`, where there is an `Authorization` at all.
fn bearer(headers: &HeaderMap) -> Result<Option<&str>, Problem> {
    let wrong = || Problem::unauthenticated("Authorization: once, and Bearer with a personal access token");
    let mut said = headers.get_all(header::AUTHORIZATION).iter();
    let Some(one) = said.next() else { return Ok(None) };
    if said.next().is_some() {
        return Err(wrong());
    }
    let (scheme, token) = one.to_str().ok().and_then(|one| one.split_once(' ')).ok_or_else(wrong)?;
    if scheme.eq_ignore_ascii_case("bearer") { Ok(Some(token.trim_matches(' '))) } else { Err(wrong()) }
}

impl Access for LocalAccess {
    fn known<'a>(&'a self, headers: &'a HeaderMap) -> Later<'a, Result<Known, Problem>> {
        Box::pin(self.look(headers))
    }

    fn still(&self, known: &Known) -> bool {
        if !self.accounts.is_current() {
            return false;
        }
        match &known.credential {
            Credential::NotAsked => false,
            // A lock, other roles and a new password end every session of the account.
            Credential::Session(seen) => self.accounts.sessions_of(seen.account.id).iter().any(|session| session.id == seen.session.id),
            Credential::Token(bearer) => {
                let (now, id) = (self.clock.now(), bearer.token.id);
                let there = self.accounts.tokens_of(bearer.account.id).iter().any(|token| token.id == id && now < token.expires);
                there
                    && self.accounts.account(bearer.account.id).is_some_and(|account| {
                        account.state == AccountState::Active
                            && !account.must_change_password
                            && account.profile.organisation == bearer.account.profile.organisation
                            && bearer.roles.is_subset(&account.profile.roles)
                            && bearer.account.signs_in_by == account.signs_in_by
                    })
            }
            Credential::Issued(issued) => {
                let now = self.clock.now() < issued.until;
                let account = self.accounts.linked(&issued.identity).ok().flatten().filter(|_| now);
                let same = |profile: &accounts::Profile| {
                    let known = &issued.account.profile;
                    profile.organisation == known.organisation && profile.coach == known.coach && profile.roles == known.roles
                };
                account.is_some_and(|account| account.id == issued.account.id && same(&account.profile))
            }
        }
    }
}
