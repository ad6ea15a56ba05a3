//! What can be refused and what can go wrong, in sentences that say what to do and repeat nothing that was typed.

use std::time::Duration;

use crate::{
    cover::{LONGEST_COVER_DAYS, MOST_COVERS},
    opening::{LONGEST_REASON, MOST_OPENINGS, SHORTEST_REASON},
    password::{LONGEST_PASSWORD, SHORTEST_PASSWORD},
    register::RegisterError,
    token::{LONGEST_TOKEN_DAYS, MOST_TOKENS},
};

/// What a caller can do about an error.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Class {
    /// The same call may succeed later: nothing was changed.
    Retryable,
    /// The call was understood and is refused; repeating it will not help.
    Refused,
    /// It is not known whether the change was made; the service must read its register anew (a restart does).
    Unknown,
    /// Files or settings are wrong or damaged: someone has to look.
    Broken,
}

/// A rule that a change would break.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Rule {
    /// A login of another form.
    #[error("a login has 1 to 64 letters, digits, dots, hyphens, underscores and at-signs")]
    Login,
    /// Another account has it.
    #[error("another account has this login: choose another")]
    LoginTaken,
    /// A name of another form.
    #[error("a name has 1 to {longest} characters and no control characters")]
    Name {
        /// The most characters.
        longest: usize,
    },
    /// An account without a role.
    #[error("choose at least one role")]
    NoRole,
    /// A coach or manager of nowhere.
    #[error("a coach or manager needs an organisation")]
    NeedsOrganisation,
    /// A coach whom no trajectory can be assigned to.
    #[error("a coach needs a short name under which trajectories are assigned")]
    NeedsCoach,
    /// Another coach of the organisation has it.
    #[error("another account of this organisation has this coach's short name: choose another")]
    CoachTaken,
    /// Nobody could see to accounts any more.
    #[error("this is the last active administrator: make another one first")]
    LastAdministrator,
    /// Nobody gives themself a role, takes one from themself, or shuts themself out.
    #[error(
        "nobody changes their own roles, organisation or short name, nor locks or resets their own account: another administrator does"
    )]
    OwnAccount,
    /// Who sees to accounts sees no case.
    #[error("an administrator is no coach, manager or auditor at the same time: make a second account")]
    DutiesTogether,
    /// The first account is made once.
    #[error("there are accounts already: an administrator makes more of them")]
    NotTheFirst,
    /// Fewer than 12 characters.
    #[error("a password has at least {SHORTEST_PASSWORD} characters: some words together are easy to remember")]
    PasswordTooShort,
    /// More than 128 characters.
    #[error("a password has at most {LONGEST_PASSWORD} characters")]
    PasswordTooLong,
    /// It is guessed first.
    #[error("this password is used by too many people: choose words that do not belong together")]
    PasswordCommon,
    /// It holds the login.
    #[error("a password does not contain the login")]
    PasswordContainsLogin,
    /// It is the old one.
    #[error("the new password is the old one: choose another")]
    PasswordUnchanged,
    /// It has none.
    #[error("this account signs in by the provider of its organisation, and has no password here")]
    ByProvider,
    /// Too long a life, or none.
    #[error("a token is valid for 1 to {LONGEST_TOKEN_DAYS} days")]
    TokenDays,
    /// More than its owner may.
    #[error("a token has roles of its owner only, and at least one")]
    TokenRoles,
    /// As many as there may be.
    #[error("an account has at most {MOST_TOKENS} tokens: revoke one first")]
    TooManyTokens,
    /// A coach cannot cover for themselves.
    #[error("somebody else must see to the trajectories of an absent coach")]
    CoverOfOneself,
    /// Ends before it begins, or much later.
    #[error("a cover has 1 to {LONGEST_COVER_DAYS} days")]
    CoverDays,
    /// Nobody who could.
    #[error("whoever covers must be an active coach of this organisation")]
    CoverByNobody,
    /// As many as there may be.
    #[error("an organisation has at most {MOST_COVERS} covers: end some first")]
    TooManyCovers,
    /// None, or one that says nothing or is of another form.
    #[error("say in {SHORTEST_REASON} to {LONGEST_REASON} characters, with letters, why it is needed")]
    OpeningReason,
    /// As many as there may be.
    #[error("an account opens at most {MOST_OPENINGS} trajectories within 24 hours")]
    TooManyOpenings,
    /// As many as there may be.
    #[error("there is no room for more accounts")]
    TooManyAccounts,
}

/// Why something with accounts was not done.
#[derive(Debug, thiserror::Error)]
pub enum AccountsError {
    /// A rule would be broken.
    #[error(transparent)]
    Rule(#[from] Rule),
    /// Somebody else was first.
    #[error("this was changed by somebody else meanwhile: look again, and repeat what is still wanted")]
    Changed,
    /// There is no such thing.
    #[error("there is no such thing")]
    NotFound,
    /// Too many sign in at this moment.
    #[error("too many sign in at this moment: try again in a moment")]
    Busy,
    /// What other processes change is not known at the moment, so nobody is believed.
    #[error("changes by others cannot be seen at the moment: try again later")]
    NotCurrent,
    /// The place where it rests.
    #[error(transparent)]
    Register(#[from] RegisterError),
    /// The operating system gave no randomness.
    #[error("the operating system gave no randomness: {0}")]
    Randomness(getrandom::Error),
    /// Argon2 could not run.
    #[error("the password could not be hashed: {0}")]
    Hashing(argon2::Error),
    /// The process is ending.
    #[error("the service is stopping: try again later")]
    Stopping,
}

impl AccountsError {
    /// What a caller can do about it.
    #[must_use]
    pub const fn class(&self) -> Class {
        match self {
            Self::Rule(_) | Self::Changed | Self::NotFound => Class::Refused,
            Self::Busy | Self::NotCurrent | Self::Randomness(_) | Self::Hashing(_) | Self::Stopping => Class::Retryable,
            Self::Register(error) => error.class(),
        }
    }
}

/// Why nobody was signed in, or a password was not believed.
#[derive(Debug, thiserror::Error)]
pub enum SignInError {
    /// The one answer for a wrong password, an unknown login, a locked account and a one-time password that has run out.
    #[error("login or password is wrong, or the account cannot be used")]
    Refused,
    /// After many failures with this login, whoever it belongs to.
    #[error("too many failed tries: wait before the next")]
    Wait(Duration),
    /// Nobody could look.
    #[error(transparent)]
    Failed(#[from] AccountsError),
}

impl SignInError {
    /// The whole seconds to say in `Retry-After`, rounded up; `None` where there is no wait.
    #[must_use]
    pub fn retry_after_seconds(&self) -> Option<u64> {
        match self {
            Self::Wait(wait) => Some(wait.as_secs() + u64::from(wait.subsec_nanos() > 0)),
            Self::Refused | Self::Failed(_) => None,
        }
    }
}
