//! Whether what comes with a session's cookie was meant: a browser brings the cookie along whoever's page asks.
//!
//! ```text
//!   a method that changes something, with a session ──► Sec-Fetch-Site, else Origin: from here?  no: 403 foreign_origin
//!                                                   ──► X-Account: that of the session?          no: 403 other_account
//!                                                   ──► X-CSRF-Token or the field `csrf`?        no: 403 csrf
//! ```
//!
//! A bearer token is brought along by no browser by itself, and needs none of it.

use accounts::SessionSeen;
use axum::{
    body::Body,
    http::{HeaderMap, Request, header},
};

use crate::{
    Limits,
    http::{form_fields, is_form, whole_form},
    problem::Problem,
};

/// The header that guards a request of a session.
const TOKEN_HEADER: &str = "x-csrf-token";
/// The same as a field of a form.
const TOKEN_FIELD: &str = "csrf";
/// The account in whose name a page asks.
const ACCOUNT_HEADER: &str = "x-account";

/// From where a request comes, as far as the browser says it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum From {
    /// From a page of this service, or by its user's own hand; or not from a browser.
    Here,
    /// A browser hides it: a form of a page that sends no referrer.
    Hidden,
    /// From a page of another site.
    Elsewhere,
}

/// What browsers set and no page can. `Sec-Fetch-Site` is the browser's own judgement, so it goes before `Origin`, which a proxy in
/// between may leave without the `Host` that belongs to it.
fn from(headers: &HeaderMap, authority: Option<&str>) -> From {
    let mut sites = headers.get_all("sec-fetch-site").iter();
    if let Some(site) = sites.next() {
        let here = [&b"same-origin"[..], b"none"].contains(&site.as_bytes()) && sites.next().is_none();
        return if here { From::Here } else { From::Elsewhere };
    }
    let mut origins = headers.get_all(header::ORIGIN).iter();
    let Some(origin) = origins.next() else { return From::Here };
    if origins.next().is_some() {
        return From::Elsewhere;
    }
    let origin = origin.to_str().unwrap_or_default();
    if origin == "null" {
        return From::Hidden;
    }
    let asked = authority.or_else(|| headers.get(header::HOST)?.to_str().ok());
    let site = origin.strip_prefix("https://").or_else(|| origin.strip_prefix("http://"));
    match (site, asked) {
        (Some(site), Some(asked)) if site.eq_ignore_ascii_case(asked) => From::Here,
        _ => From::Elsewhere,
    }
}

/// For what nobody has signed in for yet: no other site may sign somebody in, as somebody else perhaps.
///
/// # Errors
/// 403 `foreign_origin`.
pub(crate) fn not_from_elsewhere(request: &Request<Body>) -> Result<(), Problem> {
    match from(request.headers(), request.uri().authority().map(|authority| authority.as_str())) {
        From::Here => Ok(()),
        From::Hidden | From::Elsewhere => Err(Problem::foreign_origin()),
    }
}

/// Whether a request that changes something was meant by the session that it comes with. A form is read for it, and given back whole.
///
/// # Errors
/// 403 `foreign_origin`, `other_account` or `csrf`; 408 or 413 of a form.
pub(crate) async fn meant(request: Request<Body>, seen: &SessionSeen, limits: &Limits) -> Result<Request<Body>, Problem> {
    // Where the browser hides it, what only a page of this session knows decides alone.
    if from(request.headers(), request.uri().authority().map(|authority| authority.as_str())) == From::Elsewhere {
        return Err(Problem::foreign_origin());
    }
    let headers = request.headers();
    let account = seen.account.id.to_string();
    if headers.get_all(ACCOUNT_HEADER).iter().any(|said| said.as_bytes() != account.as_bytes()) {
        return Err(Problem::other_account());
    }
    let mut said = headers.get_all(TOKEN_HEADER).iter();
    if let Some(token) = said.next() {
        let fits = said.next().is_none() && token.to_str().is_ok_and(|token| seen.csrf.matches(token));
        return if fits { Ok(request) } else { Err(Problem::csrf()) };
    }
    if !is_form(headers) {
        return Err(Problem::csrf());
    }
    let (parts, body) = request.into_parts();
    let body = whole_form(&parts.headers, body, limits).await?;
    let mut tokens = form_fields(&body).filter(|(name, _)| name == TOKEN_FIELD);
    let fits = matches!((tokens.next(), tokens.next()), (Some((_, token)), None) if seen.csrf.matches(&token));
    drop(tokens);
    if fits { Ok(Request::from_parts(parts, Body::from(body))) } else { Err(Problem::csrf()) }
}
