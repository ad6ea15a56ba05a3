//! What goes wrong with accounts, as clients see it.

use accounts::{AccountsError, Class, Rule, SignInError};
use axum::http::StatusCode;

use super::Problem;

impl Problem {
    /// 403: what guards a session's requests is missing or is another session's.
    pub(crate) fn csrf() -> Self {
        let detail =
            "a request of a session carries its token as X-CSRF-Token, or a form as the field csrf: ask for the session, and send it again";
        Self::new(StatusCode::FORBIDDEN, "csrf", "Not sent by a page of this session", detail)
    }

    /// 403: the page asks in the name of another account.
    pub(crate) fn other_account() -> Self {
        let detail = "X-Account names another account than the one that is signed in";
        Self::new(StatusCode::FORBIDDEN, "other_account", "Another account is signed in", detail)
    }

    /// 403: a token of an app does not change by what its owner signs in.
    pub(crate) fn session_needed() -> Self {
        let detail = "a personal access token does not do this: sign in";
        Self::new(StatusCode::FORBIDDEN, "session_needed", "Only in a session", detail)
    }

    /// 403: nothing else may be done before.
    pub(crate) fn password_change_required() -> Self {
        let detail = "choose a password of your own first";
        Self::new(StatusCode::FORBIDDEN, "password_change_required", "A password must be chosen first", detail)
    }

    /// 404: there are no accounts here.
    pub(crate) fn no_accounts() -> Self {
        Self::not_found("this service has no accounts: it runs without sign-in")
    }

    /// 422: a rule about accounts.
    pub(crate) fn rule(rule: Rule) -> Self {
        Self::new(StatusCode::UNPROCESSABLE_ENTITY, code_of(rule), "This is refused", rule.to_string())
    }
}

/// The code of a rule: stable, for programs.
pub(crate) const fn code_of(rule: Rule) -> &'static str {
    match rule {
        Rule::Login => "login_form",
        Rule::LoginTaken => "login_taken",
        Rule::Name { .. } => "name_form",
        Rule::NoRole => "no_role",
        Rule::NeedsOrganisation => "needs_organisation",
        Rule::NeedsCoach => "needs_coach",
        Rule::CoachTaken => "coach_taken",
        Rule::LastAdministrator => "last_administrator",
        Rule::OwnAccount => "own_account",
        Rule::DutiesTogether => "duties_together",
        Rule::NotTheFirst => "not_the_first",
        Rule::PasswordTooShort => "password_too_short",
        Rule::PasswordTooLong => "password_too_long",
        Rule::PasswordCommon => "password_common",
        Rule::PasswordContainsLogin => "password_contains_login",
        Rule::PasswordUnchanged => "password_unchanged",
        Rule::ByProvider => "by_provider",
        Rule::TokenDays => "token_days",
        Rule::TokenRoles => "token_roles",
        Rule::TooManyTokens => "too_many_tokens",
        Rule::CoverOfOneself => "cover_of_oneself",
        Rule::CoverDays => "cover_days",
        Rule::CoverByNobody => "cover_by_nobody",
        Rule::TooManyCovers => "too_many_covers",
        Rule::OpeningReason => "opening_reason",
        Rule::TooManyOpenings => "too_many_openings",
        Rule::TooManyAccounts => "too_many_accounts",
    }
}

impl From<AccountsError> for Problem {
    fn from(error: AccountsError) -> Self {
        match (&error, error.class()) {
            (AccountsError::Rule(rule), _) => Self::rule(*rule),
            (AccountsError::NotFound, _) => Self::not_found("there is no such thing"),
            (AccountsError::Changed, _) => Self::conflict(error.to_string()),
            (AccountsError::Busy | AccountsError::NotCurrent | AccountsError::Stopping, _) => Self::unavailable(error.to_string()),
            (AccountsError::Register(_) | AccountsError::Randomness(_) | AccountsError::Hashing(_), Class::Retryable) => {
                tracing::warn!("accounts: {error}");
                Self::unavailable("accounts cannot be changed or looked up now; nothing was changed")
            }
            (AccountsError::Register(_) | AccountsError::Randomness(_) | AccountsError::Hashing(_), Class::Refused) => {
                Self::too_large("this is more than can be kept of one thing")
            }
            (AccountsError::Register(_) | AccountsError::Randomness(_) | AccountsError::Hashing(_), Class::Unknown | Class::Broken) => {
                tracing::error!("accounts: {error}");
                Self::internal()
            }
        }
    }
}

impl From<SignInError> for Problem {
    fn from(error: SignInError) -> Self {
        match (error.retry_after_seconds(), error) {
            (_, SignInError::Refused) => {
                Self::new(StatusCode::FORBIDDEN, "password_refused", "The password does not fit", "the present password is wrong")
            }
            (seconds, SignInError::Wait(_)) => {
                let seconds = u32::try_from(seconds.unwrap_or(1)).unwrap_or(u32::MAX);
                let detail = format!("too many failed tries: wait {seconds} s before the next");
                Self::new(StatusCode::TOO_MANY_REQUESTS, "too_many_requests", "Too many failed tries", detail).again_after(seconds)
            }
            (_, SignInError::Failed(error)) => error.into(),
        }
    }
}
