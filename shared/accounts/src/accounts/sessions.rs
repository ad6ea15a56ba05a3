//! Sessions: who a cookie belongs to, the list of one's own, and their end.

use uuid::Uuid;

use super::{Accounts, Turn};
use crate::{
    Account, AccountState, AccountsError, CsrfToken, Held, SessionInfo, SessionToken, audit,
    register::{Expected, Kind},
    secret::SecretHash,
    session::{SEEN_EVERY, since},
};

/// Whose session it is.
#[derive(Clone, Debug)]
pub struct SessionSeen {
    /// Who it is. Where [`Account::must_change_password`] says so, nothing but that may be done.
    pub account: Held<Account>,
    /// The session.
    pub session: SessionInfo,
    /// For its forms.
    pub csrf: CsrfToken,
}

impl Accounts {
    /// Whose session this cookie's value is; `None` when it is no session's, or that of one that has ended.
    ///
    /// It writes now and then when the session was last used ([`SEEN_EVERY`]); where that fails the session holds all the same, and may end
    /// earlier.
    ///
    /// # Errors
    /// [`AccountsError::NotCurrent`]: it cannot be known now. The cookie should be kept.
    pub async fn session(&self, token: &str) -> Result<Option<SessionSeen>, AccountsError> {
        self.current()?;
        let Some(token) = SessionToken::parse(token) else { return Ok(None) };
        let hash = token.hash();
        let Some((account, mut session)) = self.living_session(&hash) else { return Ok(None) };
        if since(session.last_seen, self.now()) >= SEEN_EVERY {
            let this = self.clone();
            let seen = Self::to_the_end(async move { this.write_seen(&hash).await }).await;
            match seen {
                Ok(Some(seen)) => session = seen,
                Ok(None) => {}
                Err(error) => tracing::warn!(%error, "when a session was last used could not be written"),
            }
        }
        Ok(Some(SessionSeen { account, session: (*session.value).clone(), csrf: token.csrf() }))
    }

    /// Ends a session. What is no session has ended already.
    ///
    /// # Errors
    /// When it may go on: the cookie should be kept, so that it can be tried again.
    pub async fn sign_out(&self, token: &str) -> Result<(), AccountsError> {
        // Else a session of which nothing was heard would go on.
        self.current()?;
        let Some(hash) = SessionToken::parse(token).map(|token| token.hash()) else { return Ok(()) };
        let this = self.clone();
        Self::to_the_end(async move {
            let turn = this.turn().await;
            let account = this.state().sessions.get(&hash).map(|session| session.account);
            let Some(account) = account else { return Ok(()) };
            this.remove(&turn, Kind::Session, &hash.0).await?;
            audit::done("signed_out", account, None);
            Ok(())
        })
        .await
    }

    /// The sessions of an account that have not ended, the one that was used last first.
    #[must_use]
    pub fn sessions_of(&self, account: Uuid) -> Vec<SessionInfo> {
        let state = self.state();
        let now = self.now();
        let epoch = state.accounts.get(&account).map(|known| known.epoch);
        let living = state.sessions.of(account).map(|(_, session)| session);
        let living = living.filter(|session| !session.has_ended(now) && Some(session.epoch) == epoch);
        let mut sessions: Vec<SessionInfo> = living.map(|session| (*session.value).clone()).collect();
        sessions.sort_unstable_by_key(|session| (std::cmp::Reverse(session.last_seen), session.id));
        sessions
    }

    /// Ends one of an account's sessions by its public name.
    ///
    /// # Errors
    /// [`AccountsError::NotFound`] when the account has no such session; when it may go on.
    pub async fn end_session(&self, account: Uuid, session: Uuid) -> Result<(), AccountsError> {
        let this = self.clone();
        Self::to_the_end(async move {
            let turn = this.turn().await;
            let hash = this.state().sessions.find(account, session).map(|(hash, _)| hash.clone());
            this.remove(&turn, Kind::Session, &hash.ok_or(AccountsError::NotFound)?.0).await?;
            audit::done("session_ended", account, Some(account));
            Ok(())
        })
        .await
    }

    /// Every condition under which a session counts, in one place.
    fn living_session(&self, hash: &SecretHash) -> Option<(Held<Account>, Held<SessionInfo>)> {
        let state = self.state();
        let session = state.sessions.get(hash)?;
        let known = state.accounts.get(&session.account)?;
        let living = known.account.state == AccountState::Active && session.epoch == known.epoch && !session.has_ended(self.now());
        living.then(|| (known.account.clone(), session.clone()))
    }

    /// Writes that a session is in use, unless something else is being written: then the next use writes it.
    async fn write_seen(&self, hash: &SecretHash) -> Result<Option<Held<SessionInfo>>, AccountsError> {
        let Ok(turn) = self.0.turn.try_lock() else { return Ok(None) };
        let turn = Turn { _turn: turn };
        let now = self.now();
        let Some((_, session)) = self.living_session(hash) else { return Ok(None) };
        if since(session.last_seen, now) < SEEN_EVERY {
            return Ok(Some(session));
        }
        let seen = SessionInfo { last_seen: now, ..(*session.value).clone() };
        let revision = self.put(&turn, Kind::Session, &hash.0, &seen, Expected::Record(session.revision)).await?;
        Ok(Some(Held { value: seen.into(), revision }))
    }

    /// Removes what is left of an account's sessions that have ended. They count no longer, removed or not.
    pub(super) async fn drop_dead_sessions(&self, turn: &Turn<'_>, account: Uuid) {
        let dead: Vec<SecretHash> = {
            let state = self.state();
            let epoch = state.accounts.get(&account).map(|known| known.epoch);
            let dead = state.sessions.of(account).filter(|(_, session)| Some(session.epoch) != epoch);
            dead.map(|(hash, _)| hash.clone()).collect()
        };
        for hash in dead {
            if let Err(error) = self.remove(turn, Kind::Session, &hash.0).await {
                tracing::warn!(%error, "what is left of a session that has ended could not be removed yet");
                return;
            }
        }
    }
}
