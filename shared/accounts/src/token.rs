//! Personal access tokens: how a client app signs in for somebody.

use std::collections::BTreeSet;

use proto_events::{Date, Timestamp};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{Account, Held, Role};

/// The longest life of a token, in days.
pub const LONGEST_TOKEN_DAYS: u32 = 365;
/// An account has at most so many tokens.
pub const MOST_TOKENS: usize = 20;
/// The longest name of a token.
pub(crate) const LONGEST_TOKEN_NAME: usize = 60;
/// A token that has expired is shown in the list for so many days, so that it is understood why an app no longer works.
pub(crate) const SHOWN_AFTER_EXPIRY_DAYS: i64 = 30;

/// What is kept of a token, beside its hash.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TokenInfo {
    /// Its public name, with which it may be revoked.
    pub id: Uuid,
    /// Whose it is.
    pub account: Uuid,
    /// What its owner calls it.
    pub name: String,
    /// When it was made.
    pub created: Timestamp,
    /// From when on it is refused.
    pub expires: Timestamp,
    /// The day (UTC) on which it was last used.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_used: Option<Date>,
    /// These roles of its owner only; `None` is all that the owner has at the time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub roles: Option<BTreeSet<Role>>,
}

/// Who calls with a token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bearer {
    /// Its owner.
    pub account: Held<Account>,
    /// What the call may be made as: roles that the token has and its owner has now. Never empty.
    pub roles: BTreeSet<Role>,
    /// The token.
    pub token: TokenInfo,
}
