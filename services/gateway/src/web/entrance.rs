//! The page before all others: signing in.

use axum::{http::HeaderMap, response::Response};
use pages::{DemoAccount, Occasion, SignIn};

use super::{names, page, visitor};
use crate::{entrance::ShownAccount, problem::Problem};

/// What a page for signing in shows.
#[derive(Clone, Copy, Debug)]
pub(crate) struct SignInForm<'a> {
    /// Why somebody is here again: `onjuist`, `wachten` or `storing`.
    pub(crate) said: Option<&'a str>,
    /// Where it goes on, an address of this service.
    pub(crate) next: Option<&'a str>,
    /// Accounts to choose from, of a demonstration.
    pub(crate) shown: &'a [ShownAccount],
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
        Some(_) => Occasion::Failed,
    };
    page(&SignIn {
        frame: visitor::nobody(headers),
        occasion,
        username: String::new(),
        next: form.next.unwrap_or_default().to_owned(),
        passwords: true,
        provider: None,
        demo: demo.collect(),
    })
}
