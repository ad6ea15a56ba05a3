//! Signing in and out, and choosing a password, by pages with forms. What a form leads to is told by where it leads: a page can be put in the
//! place of another without touching this.

use std::{net::IpAddr, time::Duration};

use accounts::{Accounts, AccountsError, Login, Password, SignInError, SignedIn};
use axum::{
    Extension,
    body::Body,
    extract::State,
    http::{HeaderMap, HeaderValue, Request, StatusCode, header},
    response::{IntoResponse, Response},
};

use super::{
    Answered, Gate,
    body::Form,
    query::Asked,
    table::{PASSWORD_SAYS, SIGN_IN_SAYS},
};
use crate::{
    access::{self, session_cookie},
    entrance::SignIn,
    problem::{Problem, code_of},
    serve::Peer,
    web::{Visitor, entrance, entrance::SignInForm, own},
};

/// Where one signs in.
pub(super) const SIGN_IN: &str = "/inloggen";
/// Where one chooses a password.
pub(super) const PASSWORD: &str = "/wachtwoord";
/// Where it goes on when nothing is said.
pub(super) const BEGIN: &str = "/";
/// Where it is said that the password was changed.
const CHANGED: &str = "/account?gewijzigd=true";
/// The longest address to go on to.
const LONGEST_NEXT: usize = 2_048;

/// An address of this service: a path, and nothing that a browser takes for another host.
pub(crate) fn within(next: &str) -> Option<&str> {
    let fine = |byte: u8| (b'!'..=b'~').contains(&byte) && byte != b'\\';
    (next.starts_with('/') && !next.starts_with("//") && next.len() <= LONGEST_NEXT && next.bytes().all(fine)).then_some(next)
}

/// `page?fout=…&next=…`.
pub(super) fn back_to(page: &str, said: &str, wait: Option<u64>, next: Option<&str>) -> String {
    let mut query = form_urlencoded::Serializer::new(String::new());
    query.append_pair("fout", said);
    if let Some(wait) = wait {
        query.append_pair("na", &wait.to_string());
    }
    if let Some(next) = next {
        query.append_pair("next", next);
    }
    format!("{page}?{}", query.finish())
}

/// `page?next=…`.
pub(super) fn first_to(page: &str, next: Option<&str>) -> String {
    match next {
        None => page.to_owned(),
        Some(next) => format!("{page}?{}", form_urlencoded::Serializer::new(String::new()).append_pair("next", next).finish()),
    }
}

pub(crate) fn see_other(to: &str) -> Answered {
    let to = HeaderValue::from_str(to).map_err(|_| Problem::internal())?;
    Ok((StatusCode::SEE_OTHER, [(header::LOCATION, to)]).into_response())
}

/// With the cookie of this session, or with none any more.
pub(super) fn with_session(mut response: Response, signed_in: Option<&SignedIn>) -> Answered {
    let cookie = signed_in.map_or_else(access::removed, |signed_in| access::kept(&signed_in.token));
    response.headers_mut().append(header::SET_COOKIE, cookie.ok_or_else(Problem::internal)?);
    Ok(response)
}

pub(super) fn agent(headers: &HeaderMap) -> &str {
    headers.get(header::USER_AGENT).and_then(|agent| agent.to_str().ok()).unwrap_or_default()
}

/// What a page is told about a password that was not believed, or about what stood in the way.
fn said(error: SignInError) -> (&'static str, Option<u64>) {
    match (error.retry_after_seconds(), error) {
        (_, SignInError::Refused) => ("onjuist", None),
        (wait, SignInError::Wait(_)) => ("wachten", wait),
        (_, SignInError::Failed(AccountsError::Rule(rule))) => (code_of(rule), None),
        (_, SignInError::Failed(error)) => {
            // It is told to the operator on the way.
            let _ = Problem::from(error);
            ("storing", None)
        }
    }
}

/// The address of who signs in. Without TLS a proxy connects, and from this machine it may be one too: of whom, only it could say, and anybody
/// can say that in a header.
fn address_of(Peer(address): Peer, over_tls: bool) -> Option<IpAddr> {
    Some(address.to_canonical()).filter(|address| over_tls && !address.is_loopback())
}

fn whole_seconds(wait: Duration) -> u64 {
    wait.as_secs() + u64::from(wait.subsec_nanos() > 0)
}

/// `GET /inloggen`.
pub(super) async fn sign_in_page(State(inner): Gate, headers: HeaderMap, Extension(asked): Extension<Asked>) -> Answered {
    let SignIn { shown, provider, passwords, .. } = inner.sign_in()?;
    let provider = provider.as_ref().map(|provider| provider.name());
    // An address that somebody mistyped or kept is still the way in.
    let said = asked.text("fout").filter(|said| SIGN_IN_SAYS.contains(said));
    let next = asked.text("next").and_then(within);
    let tried = access::tried_login(&headers);
    let login = said.and(tried.as_ref()).map_or("", Login::as_str);
    let mut response = entrance::sign_in(&headers, SignInForm { said, next, passwords: *passwords, shown, provider, login })?;
    if tried.is_some() {
        response.headers_mut().append(header::SET_COOKIE, access::tried_removed());
    }
    Ok(response)
}

/// Back to the page for signing in, which shows again what was typed as login.
fn back_to_sign_in(said: &str, wait: Option<u64>, next: Option<&str>, login: &str) -> Answered {
    let mut response = see_other(&back_to(SIGN_IN, said, wait, next))?;
    if let Some(cookie) = login.parse::<Login>().ok().and_then(|login| access::tried(&login)) {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    Ok(response)
}

/// `POST /inloggen`.
pub(super) async fn sign_in(State(inner): Gate, request: Request<Body>) -> Answered {
    let SignIn { accounts, shown, passwords, .. } = inner.sign_in()?;
    if !passwords {
        return Err(Problem::forbidden("there are no passwords here: sign in by the provider of your organisation"));
    }
    let headers = request.headers().clone();
    let from = request.extensions().get::<Peer>().and_then(|peer| address_of(*peer, inner.over_tls));
    let form = Form::read(request, &["login", "password", "demo", "next"], &inner.limits).await?;
    let next = within(form.text("next"));
    // Of a demonstration everybody knows the passwords, so that a press does as well.
    let (login, password) = match shown.iter().find(|account| account.login == form.text("demo")) {
        Some(account) => (&*account.login, &*account.password),
        None => (form.text("login"), form.text("password")),
    };
    let tried = match inner.tries.begin(from).await {
        Ok(tried) => tried,
        Err(wait) => return back_to_sign_in("wachten", Some(whole_seconds(wait)), next, form.text("login")),
    };
    let signed_in = match accounts.sign_in(login, &Password::new(password), agent(&headers)).await {
        Ok(signed_in) => {
            tried.give_back();
            signed_in
        }
        Err(error) => {
            // What the login itself has to wait for cost nothing, and no password was judged.
            if !matches!(error, SignInError::Refused) {
                tried.give_back();
            }
            let (said, wait) = said(error);
            return back_to_sign_in(said, wait, next, form.text("login"));
        }
    };
    leave(accounts, &headers).await;
    let first = signed_in.account.must_change_password.then(|| first_to(PASSWORD, next));
    with_session(see_other(first.as_deref().or(next).unwrap_or(BEGIN))?, Some(&signed_in))
}

/// What this browser had before is no longer anybody's.
pub(super) async fn leave(accounts: &Accounts, headers: &HeaderMap) {
    if let Some(old) = session_cookie(headers)
        && let Err(error) = accounts.sign_out(old).await
    {
        tracing::warn!("the session before this one could not be ended, and ends by itself: {error}");
    }
}

/// `POST /uitloggen`.
pub(super) async fn sign_out(State(inner): Gate, headers: HeaderMap) -> Answered {
    let accounts = &inner.sign_in()?.accounts;
    if let Some(cookie) = session_cookie(&headers) {
        // Where it fails the cookie stays, so that it can be tried again.
        accounts.sign_out(cookie).await?;
    }
    with_session(see_other(SIGN_IN)?, None)
}

/// `GET /wachtwoord`.
pub(super) async fn password_page(State(inner): Gate, visitor: Visitor, Extension(asked): Extension<Asked>) -> Answered {
    let (said, wait) = (asked.word("fout", PASSWORD_SAYS)?, asked.number("na", 0, u64::from(u32::MAX))?);
    own::password(&inner, visitor, said.as_deref().map(|said| (said, wait)))
}

/// `POST /wachtwoord`.
pub(super) async fn choose_password(State(inner): Gate, request: Request<Body>) -> Answered {
    let accounts = &inner.sign_in()?.accounts;
    let headers = request.headers().clone();
    let form = Form::read(request, &["old", "new", "again", "next"], &inner.limits).await?;
    let next = within(form.text("next"));
    if form.text("new") != form.text("again") {
        return see_other(&back_to(PASSWORD, "anders", None, next));
    }
    let cookie = session_cookie(&headers).unwrap_or_default();
    match accounts.change_password(cookie, &Password::new(form.text("old")), &Password::new(form.text("new"))).await {
        Ok(signed_in) => with_session(see_other(next.unwrap_or(CHANGED))?, Some(&signed_in)),
        Err(error) => {
            let (said, wait) = said(error);
            see_other(&back_to(PASSWORD, said, wait, next))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_goes_on_within_this_service_only() {
        for good in ["/", "/a?b=c&d=%20#e", "/trajecten/x"] {
            assert_eq!(within(good), Some(good));
        }
        for wrong in
            ["", "a", "//evil.example", "/\\evil.example", "\\/evil", "https://evil.example", "/\t/evil.example", "/a\r\nb", "/a b", "/é"]
        {
            assert_eq!(within(wrong), None, "{wrong:?}");
        }
        assert_eq!(within(&format!("/{}", "a".repeat(LONGEST_NEXT))), None);
    }
}
