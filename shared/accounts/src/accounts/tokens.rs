//! Personal access tokens: made by their owner, used by an app, revoked by their owner or an administrator.

use std::{collections::BTreeSet, time::Duration};

use uuid::Uuid;

use super::{Accounts, By};
use crate::{
    Account, AccountState, AccountsError, Bearer, Held, Role, Rule, TokenInfo, TokenText,
    account::check_name,
    audit, clock,
    register::{Expected, Kind},
    secret::SecretHash,
    token::{LONGEST_TOKEN_DAYS, LONGEST_TOKEN_NAME, MOST_TOKENS},
};

const DAY: Duration = Duration::from_secs(24 * 3600);

impl Accounts {
    /// Makes a token of an account, which is shown once. `roles` narrows it; `None` is all that its owner has at the time.
    ///
    /// # Errors
    /// The first [`Rule`] that is not kept; [`AccountsError::NotFound`].
    pub async fn create_token(
        &self,
        account: Uuid,
        name: &str,
        days: u32,
        roles: Option<BTreeSet<Role>>,
    ) -> Result<(TokenInfo, TokenText), AccountsError> {
        check_name(name, LONGEST_TOKEN_NAME)?;
        if !(1..=LONGEST_TOKEN_DAYS).contains(&days) {
            return Err(Rule::TokenDays.into());
        }
        let (this, name) = (self.clone(), name.to_owned());
        Self::to_the_end(async move {
            let turn = this.turn().await;
            let now = this.now();
            let known = this.known(account)?;
            if roles.as_ref().is_some_and(|roles| roles.is_empty() || !roles.is_subset(&known.account.profile.roles)) {
                return Err(Rule::TokenRoles.into());
            }
            if this.state().tokens.of(account).filter(|(_, token)| now < token.expires).count() >= MOST_TOKENS {
                return Err(Rule::TooManyTokens.into());
            }
            let text = TokenText::generate()?;
            let id = crate::new_id()?;
            let info = TokenInfo { id, account, name, created: now, expires: clock::later(now, DAY * days), last_used: None, roles };
            this.put(&turn, Kind::Token, &text.hash().0, &info, Expected::Nothing).await?;
            audit::done("token_created", account, Some(account));
            Ok((info, text))
        })
        .await
    }

    /// An account's tokens, those that have expired lately included, in the order in which they were made.
    #[must_use]
    pub fn tokens_of(&self, account: Uuid) -> Vec<TokenInfo> {
        let mut tokens: Vec<TokenInfo> = self.state().tokens.of(account).map(|(_, token)| (*token.value).clone()).collect();
        tokens.sort_unstable_by_key(|token| (token.created, token.id));
        tokens
    }

    /// Revokes a token of an account: refused from now on.
    ///
    /// # Errors
    /// [`AccountsError::NotFound`] when the account has no such token; when it may go on.
    pub async fn revoke_token(&self, by: By, account: Uuid, token: Uuid) -> Result<(), AccountsError> {
        let this = self.clone();
        Self::to_the_end(async move {
            let turn = this.turn().await;
            let hash = this.state().tokens.find(account, token).map(|(hash, _)| hash.clone());
            this.remove(&turn, Kind::Token, &hash.ok_or(AccountsError::NotFound)?.0).await?;
            let by = match by {
                By::Account(id) => Some(id),
                By::Machine => None,
            };
            audit::done("token_revoked", account, by);
            Ok(())
        })
        .await
    }

    /// Who calls with this token; `None` when it is none, has expired or was revoked, when its owner is locked or has to choose a password
    /// or sign in at the provider first, or has none of its roles any more.
    ///
    /// It writes once a day on which day it was last used; where that fails the token holds all the same.
    ///
    /// # Errors
    /// [`AccountsError::NotCurrent`]: it cannot be known now.
    pub async fn token(&self, text: &str) -> Result<Option<Bearer>, AccountsError> {
        self.current()?;
        let Ok(text) = TokenText::parse(text) else { return Ok(None) };
        let hash = text.hash();
        let Some(bearer) = self.bearer(&hash) else { return Ok(None) };
        if bearer.token.last_used != clock::day_of(self.now()) {
            let this = self.clone();
            if let Err(error) = Self::to_the_end(async move { this.write_used(&hash).await }).await {
                tracing::warn!(%error, "when a token was last used could not be written");
            }
        }
        Ok(Some(bearer))
    }

    /// Every condition under which a token counts, in one place.
    fn bearer(&self, hash: &SecretHash) -> Option<Bearer> {
        let state = self.state();
        let token = state.tokens.get(hash)?;
        let known = state.accounts.get(&token.account)?;
        let owned = &known.account.profile.roles;
        let roles: BTreeSet<Role> = match &token.roles {
            None => owned.clone(),
            Some(narrower) => narrower.intersection(owned).copied().collect(),
        };
        let Account { state: active, must_change_password, signs_in_by, .. } = &*known.account.value;
        // Whoever has to choose a password or to sign in at the provider first has not shown yet that they are still the same.
        let shown = !must_change_password && (signs_in_by.is_password() || signs_in_by.identity().is_some());
        let counts = *active == AccountState::Active && shown && self.now() < token.expires;
        let bearer = || Bearer { account: known.account.clone(), token: (*token.value).clone(), roles: roles.clone() };
        (counts && !roles.is_empty()).then(bearer)
    }

    async fn write_used(&self, hash: &SecretHash) -> Result<(), AccountsError> {
        let turn = self.turn().await;
        let today = clock::day_of(self.now());
        let token: Option<Held<TokenInfo>> = self.state().tokens.get(hash).cloned();
        let Some(token) = token.filter(|token| token.last_used != today) else { return Ok(()) };
        let used = TokenInfo { last_used: today, ..(*token.value).clone() };
        self.put(&turn, Kind::Token, &hash.0, &used, Expected::Record(token.revision)).await?;
        Ok(())
    }
}
