//! What administrators do to accounts. Every change names the revision that they saw, so that of two at once one is told to look again.

use std::{collections::BTreeSet, time::Duration};

use uuid::Uuid;

use super::{Accounts, Turn};
use crate::{
    Account, AccountState, AccountsError, Held, Login, OneTimePassword, Password, Profile, Role, Rule, SignsInBy, audit, clock,
    password::PasswordHash,
    register::{Expected, Revision},
    state::{AccountRecord, State},
};

/// A one-time password may be used for so long: handed over on a Friday, used on a Monday.
pub const ONE_TIME_LASTS: Duration = Duration::from_secs(4 * 24 * 3600);
/// The most accounts: all coaches of the country a few times over, and what one process holds in memory with ease.
pub const MOST_ACCOUNTS: usize = 20_000;

/// Who makes a change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum By {
    /// Somebody who has signed in.
    Account(Uuid),
    /// Somebody at the machine itself, where no account is needed.
    Machine,
}

impl By {
    fn account(self) -> Option<Uuid> {
        match self {
            Self::Account(id) => Some(id),
            Self::Machine => None,
        }
    }

    /// Whether the account is not their own: nobody gives themself a role, or shuts themself out.
    pub(super) fn is_another(self, account: Uuid) -> Result<(), Rule> {
        if self.account() == Some(account) { Err(Rule::OwnAccount) } else { Ok(()) }
    }

    /// Whether they may give an account that had this profile, if it was there, what the other one says: who sees to accounts and sees cases too
    /// gets no other role, and no other's cases.
    fn may_give(self, had: Option<&Profile>, profile: &Profile) -> Result<(), Rule> {
        let is_new = had.is_none_or(|had| !profile.roles.is_subset(&had.roles) || profile.reaches_beyond(had));
        match self {
            Self::Account(_) if is_new && profile.has_duties_together() => Err(Rule::DutiesTogether),
            Self::Account(_) | Self::Machine => Ok(()),
        }
    }
}

/// The first password of an account.
#[derive(Clone, Debug)]
pub enum FirstPassword {
    /// One that is shown once and must be changed within [`ONE_TIME_LASTS`].
    OneTime,
    /// This one: of a demonstration, or typed by its owner.
    Given(Password),
    /// None: its owner signs in by the provider of their organisation.
    OfProvider,
}

impl Accounts {
    /// Makes the first account, an administrator, where there is none at all.
    ///
    /// # Errors
    /// [`Rule::NotTheFirst`]; else as [`Accounts::create`].
    pub async fn create_first(
        &self,
        profile: Profile,
        password: FirstPassword,
    ) -> Result<(Held<Account>, Option<OneTimePassword>), AccountsError> {
        if !profile.roles.contains(&Role::Administrator) {
            return Err(Rule::LastAdministrator.into());
        }
        self.make(By::Machine, profile, password, true).await
    }

    /// Makes an account, and gives the one-time password that was asked for. Only at the machine itself one is made that sees to accounts and
    /// sees cases too.
    ///
    /// # Errors
    /// The first [`Rule`] that is not kept.
    pub async fn create(
        &self,
        by: By,
        profile: Profile,
        password: FirstPassword,
    ) -> Result<(Held<Account>, Option<OneTimePassword>), AccountsError> {
        self.make(by, profile, password, false).await
    }

    /// Changes what an administrator wrote about an account, all of it at once. Where that changes what one may do or see, all sessions of
    /// the account end. Nobody changes so what they may do or see themself; nobody but the machine gives a role by which one sees to accounts
    /// and sees cases too.
    ///
    /// # Errors
    /// [`AccountsError::Changed`] when the account is no longer as of `seen`; the first [`Rule`] that is not kept.
    pub async fn change(&self, by: By, id: Uuid, seen: Revision, profile: Profile) -> Result<Held<Account>, AccountsError> {
        profile.check()?;
        self.alter(by, id, seen, "account_changed", move |record| {
            let before = &record.account.profile;
            if !before.permits_as(&profile) {
                by.is_another(id)?;
                by.may_give(Some(before), &profile)?;
                record.epoch += 1;
            }
            record.account.profile = profile;
            Ok(())
        })
        .await
    }

    /// Locks an account: nobody signs in with it, and its sessions end. Nobody locks their own.
    ///
    /// # Errors
    /// As [`Accounts::change`].
    pub async fn lock(&self, by: By, id: Uuid, seen: Revision) -> Result<Held<Account>, AccountsError> {
        self.alter(by, id, seen, "account_locked", move |record| {
            by.is_another(id)?;
            record.account.state = AccountState::Locked;
            record.epoch += 1;
            Ok(())
        })
        .await
    }

    /// Unlocks an account; its password is the one that it had.
    ///
    /// # Errors
    /// As [`Accounts::change`].
    pub async fn unlock(&self, by: By, id: Uuid, seen: Revision) -> Result<Held<Account>, AccountsError> {
        self.alter(by, id, seen, "account_unlocked", |record| {
            record.account.state = AccountState::Active;
            Ok(())
        })
        .await
    }

    /// Ends all sessions of an account; its tokens stay.
    ///
    /// # Errors
    /// As [`Accounts::change`].
    pub async fn end_sessions(&self, by: By, id: Uuid, seen: Revision) -> Result<Held<Account>, AccountsError> {
        self.alter(by, id, seen, "sessions_ended", |record| {
            record.epoch += 1;
            Ok(())
        })
        .await
    }

    /// How often in a row a sign-in with this login has failed, and how long the next try has to wait; `None` when it has not to. Of what was
    /// tried at this process.
    #[must_use]
    pub fn waits(&self, login: &Login) -> Option<(u32, Duration)> {
        let key = self.lockout_key(login.as_str());
        self.lockout(|lockout| lockout.waits(&key, self.0.clock.running()))
    }

    /// Forgets failed sign-ins of an account: its next try has not to wait.
    ///
    /// # Errors
    /// [`AccountsError::NotFound`] when there is no such account.
    pub fn forget_failures(&self, by: By, id: Uuid) -> Result<(), AccountsError> {
        let known = self.known(id)?;
        let key = self.lockout_key(known.account.profile.login.as_str());
        self.lockout(|lockout| lockout.succeeded(&key));
        audit::done("failures_forgotten", id, by.account());
        Ok(())
    }

    /// Gives an account a one-time password in the place of its own, and ends its sessions. Its tokens are refused until its owner has
    /// chosen a password. Nobody does it to their own: they would be signed out, and a page that does not arrive would shut them out.
    ///
    /// # Errors
    /// As [`Accounts::change`]; [`Rule::ByProvider`] where there is no password.
    pub async fn reset(&self, by: By, id: Uuid, seen: Revision) -> Result<(Held<Account>, OneTimePassword), AccountsError> {
        let shown = OneTimePassword::generate()?;
        let hash = self.0.hasher.hash(&Password::new(shown.expose())).await?;
        let until = clock::later(self.now(), ONE_TIME_LASTS);
        let reset = move |record: &mut AccountRecord| {
            by.is_another(id)?;
            if !record.account.signs_in_by.is_password() {
                return Err(Rule::ByProvider);
            }
            record.password = Some(hash);
            record.password_until = Some(until);
            record.account.must_change_password = true;
            record.epoch += 1;
            Ok(())
        };
        let account = self.alter(by, id, seen, "password_reset", reset).await?;
        Ok((account, shown))
    }

    async fn make(
        &self,
        by: By,
        profile: Profile,
        password: FirstPassword,
        first: bool,
    ) -> Result<(Held<Account>, Option<OneTimePassword>), AccountsError> {
        profile.check()?;
        by.may_give(None, &profile)?;
        let mut signs_in_by = SignsInBy::Password;
        let (shown, hash): (Option<OneTimePassword>, Option<PasswordHash>) = match password {
            FirstPassword::OneTime => {
                let shown = OneTimePassword::generate()?;
                let hash = self.0.hasher.hash(&Password::new(shown.expose())).await?;
                (Some(shown), Some(hash))
            }
            FirstPassword::Given(password) => {
                password.check(&profile.login)?;
                (None, Some(self.0.hasher.hash(&password).await?))
            }
            FirstPassword::OfProvider => {
                signs_in_by = SignsInBy::Provider { identity: None };
                (None, None)
            }
        };
        let must_change_password = shown.is_some();
        let this = self.clone();
        let account = Self::to_the_end(async move {
            let turn = this.turn().await;
            let now = this.now();
            let id = crate::new_id()?;
            let account =
                Account { id, profile, state: AccountState::Active, must_change_password, signs_in_by, created_at: now, changed_at: now };
            let newest = {
                let state = this.state();
                if first && !state.accounts.is_empty() {
                    return Err(Rule::NotTheFirst.into());
                }
                if state.accounts.len() >= MOST_ACCOUNTS {
                    return Err(Rule::TooManyAccounts.into());
                }
                state.check(&account)?;
                state.newest_account
            };
            let password_until = must_change_password.then(|| clock::later(now, ONE_TIME_LASTS));
            let record = AccountRecord { account, password: hash, password_until, epoch: 0 };
            let known = this.put_account(&turn, &record, Expected::Kind(newest)).await?;
            audit::done("account_created", id, by.account());
            audit::roles(id, by.account(), &BTreeSet::new(), &known.account.profile.roles);
            Ok::<_, AccountsError>(known.account)
        })
        .await?;
        Ok((account, shown))
    }

    /// Changes an account as of a revision; judged by all accounts, and refused when any of them changed meanwhile.
    pub(super) async fn alter(
        &self,
        by: By,
        id: Uuid,
        seen: Revision,
        what: &'static str,
        alter: impl FnOnce(&mut AccountRecord) -> Result<(), Rule> + Send + 'static,
    ) -> Result<Held<Account>, AccountsError> {
        let this = self.clone();
        Self::to_the_end(async move {
            let turn: Turn<'_> = this.turn().await;
            let today = this.known(id)?;
            if today.account.revision != seen {
                return Err(AccountsError::Changed);
            }
            let mut record = today.record();
            alter(&mut record)?;
            record.account.changed_at = this.now();
            let newest = {
                let state = this.state();
                state.check(&record.account)?;
                state.newest_account
            };
            let known = this.put_account(&turn, &record, Expected::Kind(newest)).await?;
            audit::done(what, id, by.account());
            audit::roles(id, by.account(), &today.account.profile.roles, &known.account.profile.roles);
            audit::cases(id, by.account(), &today.account.profile, &known.account.profile);
            this.drop_dead_sessions(&turn, id).await;
            Ok(known.account)
        })
        .await
    }
}

impl State {
    /// The rules over all accounts, for one as it shall be.
    fn check(&self, account: &Account) -> Result<(), Rule> {
        let Account { id, profile, .. } = account;
        if self.by_login(&profile.login).is_some_and(|other| other.account.id != *id) {
            return Err(Rule::LoginTaken);
        }
        if let (Some(organisation), Some(coach)) = (&profile.organisation, &profile.coach)
            && self.by_coach(organisation, coach).is_some_and(|other| other.account.id != *id)
        {
            return Err(Rule::CoachTaken);
        }
        let was_administrator = self.accounts.get(id).is_some_and(|known| known.account.is(Role::Administrator));
        let another = || self.accounts.values().any(|known| known.account.id != *id && known.account.is(Role::Administrator));
        if was_administrator && !account.is(Role::Administrator) && !another() {
            return Err(Rule::LastAdministrator);
        }
        Ok(())
    }
}
