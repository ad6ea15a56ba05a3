//! Signing in by login and password, and changing one's password.
//!
//! ```text
//!   login, password ──► lockout: counted, or: wait ──► argon2, always once ──► fits, and the account may be used?
//!                                                                               ├─ no: one answer, whatever the reason
//!                                                                               └─ yes: lockout forgets ──► session
//! ```

use proto_events::Timestamp;
use uuid::Uuid;

use super::{Accounts, Turn};
use crate::{
    Account, AccountState, AccountsError, CsrfToken, Held, Login, Password, Rule, SessionInfo, SessionToken, SignInError, audit,
    register::{Expected, Kind},
    session::{self, MOST_SESSIONS},
    state::{AccountRecord, Known, LastSignIn},
};

/// Somebody who has signed in.
#[derive(Clone, Debug)]
pub struct SignedIn {
    /// For the cookie.
    pub token: SessionToken,
    /// For the forms.
    pub csrf: CsrfToken,
    /// What is kept of the session.
    pub session: SessionInfo,
    /// Who it is. Where [`Account::must_change_password`] says so, nothing but that may be done.
    pub account: Held<Account>,
}

impl Known {
    fn may_sign_in(&self, now: Timestamp) -> bool {
        self.account.state == AccountState::Active && self.password_until.is_none_or(|until| now < until)
    }
}

impl Accounts {
    /// Signs somebody in with a new session. A session that the browser had before is not touched: sign it out.
    ///
    /// # Errors
    /// [`SignInError::Refused`] is the one answer for whatever does not fit; [`SignInError::Wait`] after many failures with this login.
    pub async fn sign_in(&self, login: &str, password: &Password, agent: &str) -> Result<SignedIn, SignInError> {
        self.current()?;
        let known = login.parse::<Login>().ok().and_then(|login| self.state().by_login(&login).cloned());
        let usable = known.as_ref().is_some_and(|known| known.may_sign_in(self.now()));
        let fits = self.verify(login, password, known.as_ref(), usable).await?;
        let Some(known) = known.filter(|_| fits) else { return Err(SignInError::Refused) };

        let rehashed = match &known.password {
            Some(stored) if self.0.hasher.is_dated(stored) => Some(self.0.hasher.hash(password).await?),
            Some(_) | None => None,
        };
        let (this, agent) = (self.clone(), session::agent_in_short(agent));
        Self::to_the_end(async move {
            let turn = this.turn().await;
            let now = this.now();
            // While the password was hashed, it may have been changed, or the account locked.
            let mut today = this.known(known.account.id)?;
            if today.password != known.password || !today.may_sign_in(now) {
                return Err(SignInError::Refused);
            }
            if let Some(hash) = rehashed {
                let record = AccountRecord { password: Some(hash), ..today.record() };
                today = this.put_account(&turn, &record, Expected::Record(today.account.revision)).await?;
            }
            let signed_in = this.new_session(&turn, &today, now, agent).await?;
            audit::done("signed_in", today.account.id, None);
            Ok(signed_in)
        })
        .await
    }

    /// Changes the password of whoever's session this is, ends all their other sessions and gives this one a new token.
    ///
    /// When this fails with [`AccountsError::Register`], the password may be the new one all the same, and its owner signs in with it.
    ///
    /// # Errors
    /// [`SignInError::Refused`] when the old password does not fit, [`SignInError::Wait`] as at sign-in; a [`Rule`] that the new one breaks;
    /// [`AccountsError::NotFound`] when there is no such session.
    pub async fn change_password(&self, token: &str, old: &Password, new: &Password) -> Result<SignedIn, SignInError> {
        let seen = self.session(token).await?.ok_or(AccountsError::NotFound)?;
        let known = self.known(seen.account.id)?;
        if !known.account.signs_in_by.is_password() {
            return Err(AccountsError::Rule(Rule::ByProvider).into());
        }
        let login = known.account.profile.login.clone();
        new.check(&login).map_err(AccountsError::Rule)?;
        let usable = known.may_sign_in(self.now());
        if !self.verify(login.as_str(), old, Some(&known), usable).await? {
            return Err(SignInError::Refused);
        }
        if new.is_same(old) {
            return Err(AccountsError::Rule(Rule::PasswordUnchanged).into());
        }
        let hash = self.0.hasher.hash(new).await?;
        let this = self.clone();
        Self::to_the_end(async move {
            let turn = this.turn().await;
            let now = this.now();
            let today = this.known(known.account.id)?;
            if today.password != known.password || today.epoch != known.epoch {
                return Err(AccountsError::Changed.into());
            }
            let mut record = today.record();
            record.account.must_change_password = false;
            record.account.changed_at = now;
            record.password = Some(hash);
            record.password_until = None;
            record.epoch += 1;
            let today = this.put_account(&turn, &record, Expected::Record(today.account.revision)).await?;
            audit::done("password_changed", today.account.id, None);
            let signed_in = this.new_session(&turn, &today, now, seen.session.agent).await?;
            this.drop_dead_sessions(&turn, today.account.id).await;
            Ok(signed_in)
        })
        .await
    }

    /// Gives a session a new token, and the old one ends; [`None`] when there is no such session. It keeps its age.
    ///
    /// # Errors
    /// When nothing was changed.
    pub async fn renew(&self, token: &str) -> Result<Option<SignedIn>, AccountsError> {
        let Some(seen) = self.session(token).await? else { return Ok(None) };
        let Some(old) = SessionToken::parse(token) else { return Ok(None) };
        let this = self.clone();
        Self::to_the_end(async move {
            let turn = this.turn().await;
            let known = this.known(seen.account.id)?;
            if this.state().sessions.get(&old.hash()).is_none_or(|session| session.epoch != known.epoch) {
                return Ok(None);
            }
            // The old one first: if the new one cannot be put, somebody signs in again, and no token is good that should not be.
            this.remove(&turn, Kind::Session, &old.hash().0).await?;
            let info = SessionInfo { last_seen: this.now(), ..seen.session };
            this.put_session(&turn, &known, info).await.map(Some)
        })
        .await
    }

    /// Whether the password is that of the account and it may be used. Argon2 runs once, whatever the reason why not; only who must wait is
    /// told without.
    async fn verify(&self, login: &str, password: &Password, known: Option<&Known>, usable: bool) -> Result<bool, SignInError> {
        let key = self.lockout_key(login);
        let begun = self.lockout(|lockout| lockout.begin(key, self.0.clock.running()));
        if let Err(wait) = begun {
            audit::refused("must_wait", known.map(|known| known.account.id));
            return Err(SignInError::Wait(wait));
        }
        let fits = match self.0.hasher.fits(password, known.and_then(|known| known.password.as_ref())).await {
            Ok(fits) => fits,
            Err(error) => {
                self.lockout(|lockout| lockout.undo(&key));
                return Err(error.into());
            }
        };
        if fits && usable {
            self.lockout(|lockout| lockout.succeeded(&key));
            Ok(true)
        } else {
            audit::refused("password_refused", known.map(|known| known.account.id));
            Ok(false)
        }
    }

    /// A new session, with room made for it.
    pub(super) async fn new_session(
        &self,
        turn: &Turn<'_>,
        known: &Known,
        now: Timestamp,
        agent: String,
    ) -> Result<SignedIn, AccountsError> {
        let account = known.account.id;
        let mut sessions: Vec<_> =
            self.state().sessions.of(account).map(|(hash, session)| (session.last_seen, session.created, hash.clone())).collect();
        sessions.sort_unstable();
        let too_many = (sessions.len() + 1).saturating_sub(MOST_SESSIONS);
        for (_, _, hash) in sessions.iter().take(too_many) {
            self.remove(turn, Kind::Session, &hash.0).await?;
        }
        let id = crate::new_id()?;
        let session = SessionInfo { id, account, created: now, last_seen: now, agent, epoch: known.epoch };
        let signed_in = self.put_session(turn, known, session).await?;
        if let Err(error) = self.note_sign_in(turn, account, now).await {
            tracing::warn!(%error, "when an account last signed in could not be written");
        }
        Ok(signed_in)
    }

    /// When the account last signed in; [`None`] when it never did, or did so last before this was kept.
    #[must_use]
    pub fn last_sign_in(&self, account: Uuid) -> Option<Timestamp> {
        self.state().sign_ins.get(&account).map(|last| last.at)
    }

    async fn note_sign_in(&self, turn: &Turn<'_>, account: Uuid, now: Timestamp) -> Result<(), AccountsError> {
        let expected = self.state().sign_ins.get(&account).map_or(Expected::Nothing, |last| Expected::Record(last.revision));
        self.put(turn, Kind::SignIn, &account.to_string(), &LastSignIn { at: now }, expected).await?;
        Ok(())
    }

    async fn put_session(&self, turn: &Turn<'_>, known: &Known, session: SessionInfo) -> Result<SignedIn, AccountsError> {
        let token = SessionToken::generate()?;
        self.put(turn, Kind::Session, &token.hash().0, &session, Expected::Nothing).await?;
        Ok(SignedIn { csrf: token.csrf(), token, session, account: known.account.clone() })
    }

    /// Puts an account and gives it as it is known then.
    pub(super) async fn put_account(&self, turn: &Turn<'_>, record: &AccountRecord, expected: Expected) -> Result<Known, AccountsError> {
        let id: Uuid = record.account.id;
        self.put(turn, Kind::Account, &id.to_string(), record, expected).await?;
        self.known(id)
    }
}
