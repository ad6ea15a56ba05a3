//! Removing what has ended. Nothing that was removed counted any more.

use uuid::Uuid;

use super::Accounts;
use crate::{AccountsError, clock, register::Kind, session::since, state::State, token::SHOWN_AFTER_EXPIRY_DAYS};

/// What was removed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Swept {
    /// Sessions that had ended.
    pub sessions: usize,
    /// Tokens that had expired long ago.
    pub tokens: usize,
    /// Covers that had passed years ago.
    pub covers: usize,
    /// Openings of years ago.
    pub openings: usize,
}

impl Accounts {
    /// Removes what has ended; to be called at start and every hour or so.
    ///
    /// # Errors
    /// When something could not be removed; what was removed before stays so.
    pub async fn sweep(&self) -> Result<Swept, AccountsError> {
        self.current()?;
        let mut swept = Swept::default();
        for (kind, key) in self.ended() {
            let this = self.clone();
            // A turn for each, so that nobody who signs in waits for all of them.
            Self::to_the_end(async move { this.remove(&this.turn().await, kind, &key).await }).await?;
            match kind {
                Kind::Account | Kind::SignIn => {}
                Kind::Session => swept.sessions += 1,
                Kind::Token => swept.tokens += 1,
                Kind::Cover => swept.covers += 1,
                Kind::Opening => swept.openings += 1,
            }
        }
        Ok(swept)
    }

    fn ended(&self) -> Vec<(Kind, String)> {
        let now = self.now();
        let state = self.state();
        let epoch = |state: &State, account: Uuid| state.accounts.get(&account).map(|known| known.epoch);
        let sessions = state.sessions.all().filter(|(_, one)| one.has_ended(now) || epoch(&state, one.account) != Some(one.epoch));
        let mut ended: Vec<(Kind, String)> = sessions.map(|(hash, _)| (Kind::Session, hash.0.clone())).collect();
        let shown = u64::try_from(SHOWN_AFTER_EXPIRY_DAYS).unwrap_or_default() * 24 * 3600;
        let tokens = state.tokens.all().filter(|(_, token)| since(token.expires, now).as_secs() > shown);
        ended.extend(tokens.map(|(hash, _)| (Kind::Token, hash.0.clone())));
        if let Some(today) = clock::day_of(now) {
            let covers = state.covers.values().filter(|cover| cover.is_history(today));
            ended.extend(covers.map(|cover| (Kind::Cover, cover.id.to_string())));
            let openings = state.openings.values().filter(|opening| opening.is_history(today));
            ended.extend(openings.map(|opening| (Kind::Opening, opening.id.to_string())));
        }
        ended
    }
}
