//! Signing in, where a gateway has accounts.

use std::sync::Arc;

use accounts::{Accounts, Role};

use crate::access::Provider;

/// Who may sign in.
#[derive(Clone)]
pub struct SignIn {
    /// The accounts.
    pub accounts: Accounts,
    /// Accounts that the page for signing in shows: those of a demonstration.
    pub shown: Arc<[ShownAccount]>,
    /// Whether one may sign in with a password of this service.
    pub passwords: bool,
    /// The provider of identities of the organisation, where one may sign in by it.
    pub provider: Option<Arc<Provider>>,
}

/// An account of a demonstration, which everybody may use: its page lets one in with a press.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ShownAccount {
    /// What it is, in words for people.
    pub what: String,
    /// The name of the person that it is of.
    pub name: String,
    /// What that person is.
    pub role: Role,
    /// The code of the organisation, where the role is within one.
    pub organisation: Option<String>,
    /// Under what it signs in.
    pub login: String,
    /// Its password, known to everybody.
    pub password: String,
}
