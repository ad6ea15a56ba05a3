//! Signing in by the provider of identities of an organisation.
//!
//! ```text
//!   issuer, subject ──► an account is linked to them? ── yes ──► it may be used? ──► session
//!                         └ no: one that was made for this, has this login and is linked to nobody ──► linked, durable ──► session
//! ```
//!
//! Whoever calls has checked what the provider says. No account and no role is ever made of it.

use uuid::Uuid;

use super::{Accounts, By, SignedIn};
use crate::{
    Account, AccountState, AccountsError, Held, Identity, Login, Revision, SignInError, SignsInBy, audit, register::Expected, session,
    state::AccountRecord,
};

impl Accounts {
    /// Signs in whoever this is at the provider. The login is asked for at the first time only: it says which of the accounts that were made
    /// for the provider is theirs.
    ///
    /// # Errors
    /// [`SignInError::Refused`] is the one answer where there is no such account, or it is locked, or somebody else's.
    pub async fn sign_in_by_provider(&self, identity: &Identity, login: Option<&str>, agent: &str) -> Result<SignedIn, SignInError> {
        self.current()?;
        let login = login.and_then(|login| login.parse::<Login>().ok());
        let (this, identity, agent) = (self.clone(), identity.clone(), session::agent_in_short(agent));
        Self::to_the_end(async move {
            let turn = this.turn().await;
            let now = this.now();
            let (linked, named, newest) = {
                let state = this.state();
                let named = login.and_then(|login| state.by_login(&login).cloned());
                (state.by_identity(&identity).cloned(), named, state.newest_account)
            };
            let free = |by: &SignsInBy| *by == SignsInBy::Provider { identity: None };
            let is_new = linked.is_none();
            let Some(mut known) = linked.or_else(|| named.filter(|known| free(&known.account.signs_in_by))) else {
                audit::refused("provider_refused", None);
                return Err(SignInError::Refused);
            };
            if known.account.state != AccountState::Active {
                audit::refused("provider_refused", Some(known.account.id));
                return Err(SignInError::Refused);
            }
            if is_new {
                let mut record: AccountRecord = known.record();
                record.account.signs_in_by = SignsInBy::Provider { identity: Some(identity) };
                record.account.changed_at = now;
                // Judged by all accounts: of two that sign in as the same person at two processes one is refused.
                known = this.put_account(&turn, &record, Expected::Kind(newest)).await?;
                audit::done("provider_linked", known.account.id, None);
            }
            let signed_in = this.new_session(&turn, &known, now, agent).await?;
            audit::done("signed_in_by_provider", known.account.id, None);
            Ok(signed_in)
        })
        .await
    }

    /// The account that is linked to whoever this is at the provider, if it may be used.
    ///
    /// # Errors
    /// [`AccountsError::NotCurrent`]: it cannot be known now.
    pub fn linked(&self, identity: &Identity) -> Result<Option<Held<Account>>, AccountsError> {
        self.current()?;
        let account = self.state().by_identity(identity).map(|known| known.account.clone());
        Ok(account.filter(|account| account.state == AccountState::Active))
    }

    /// Whether an account is linked to whoever this is at the provider, whether it may be used or not.
    #[must_use]
    pub fn is_linked(&self, identity: &Identity) -> bool {
        self.state().by_identity(identity).is_some()
    }

    /// Has an account sign in by the provider from now on: its password is gone, it is linked to nobody until its owner signs in there, and its
    /// sessions end. Also for an account whose owner is somebody else at the provider than before. Nobody does it to their own: they would be
    /// shut out while the provider does not know them.
    ///
    /// # Errors
    /// As [`Accounts::change`].
    pub async fn hand_to_provider(&self, by: By, id: Uuid, seen: Revision) -> Result<Held<Account>, AccountsError> {
        self.alter(by, id, seen, "handed_to_provider", move |record| {
            by.is_another(id)?;
            record.account.signs_in_by = SignsInBy::Provider { identity: None };
            record.account.must_change_password = false;
            record.password = None;
            record.password_until = None;
            record.epoch += 1;
            Ok(())
        })
        .await
    }
}
