//! The page before all others: signing in.

use axum::{http::HeaderMap, response::Response};
use pages::{DemoAccount, Occasion, Onward, SignIn};

use super::{names, page, visitor};
use crate::{entrance::ShownAccount, problem::Problem};

/// What a page for signing in shows.
#[derive(Clone, Copy, Debug)]
pub(crate) struct SignInForm<'a> {
    /// Why somebody is here again: `onjuist`, `wachten`, `organisatie`, `geen-account` or `storing`.
    pub(crate) said: Option<&'a str>,
    /// Where it goes on, an address of this service.
    pub(crate) next: Option<&'a str>,
    /// Whether there are passwords.
    pub(crate) passwords: bool,
    /// Accounts to choose from, of a demonstration.
    pub(crate) shown: &'a [ShownAccount],
    /// What the organisation's provider is called, where there is one.
    pub(crate) provider: Option<&'a str>,
    /// What was typed as login the last time; empty when nothing was.
    pub(crate) login: &'a str,
}

/// The page for signing in.
///
/// # Errors
/// When it cannot be rendered.
pub(crate) fn sign_in(headers: &HeaderMap, form: SignInForm<'_>) -> Result<Response, Problem> {
    let demo = form.shown.iter().map(|account| DemoAccount {
        value: account.login.clone(),
        name: account.name.clone(),
        role: visitor::shown_role(account.role),
        organisation: account.organisation.as_deref().map(names::organisation).unwrap_or_default(),
    });
    let occasion = match form.said {
        None => Occasion::Fresh,
        Some("wachten") => Occasion::Wait,
        Some("onjuist") => Occasion::Wrong,
        Some("organisatie") => Occasion::ProviderFailed,
        Some("geen-account") => Occasion::NoAccount,
        Some(_) => Occasion::Failed,
    };
    page(&SignIn {
        frame: visitor::nobody(headers),
        occasion,
        next: form.next.unwrap_or_default().to_owned(),
        passwords: form.passwords,
        provider: form.provider.map(str::to_owned),
        login: form.login.to_owned(),
        demo: demo.collect(),
    })
}

/// The page that leads on to the organisation's provider.
///
/// # Errors
/// When it cannot be rendered.
pub(crate) fn onward(headers: &HeaderMap, provider: &str, address: String) -> Result<Response, Problem> {
    page(&Onward { frame: visitor::nobody(headers), provider: provider.to_owned(), address })
}
