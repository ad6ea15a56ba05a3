//! The cookie of a session. Its name makes browsers take it from this host alone, over TLS or from this machine, and for every path of it: no
//! other site, no neighbour under the same domain and no page without TLS can set another in its place.

use std::fmt::Write;

use accounts::{ABSOLUTE_LIMIT, Login, SessionToken};
use axum::http::{HeaderMap, HeaderValue, header};

/// The cookie's name.
pub const COOKIE: &str = "__Host-trajectlog";
/// Scripts never see it, and other sites' forms do not bring it along; a link from a mail does.
pub(super) const ATTRIBUTES: &str = "Path=/; Secure; HttpOnly; SameSite=Lax";
/// The cookie of a login that was typed and not believed: it goes to the page for signing in alone.
const TRIED: &str = "__Secure-trajectlog-login";
const TRIED_ATTRIBUTES: &str = "Path=/inloggen; Secure; HttpOnly; SameSite=Strict";
const TRIED_REMOVED: &str = "__Secure-trajectlog-login=; Path=/inloggen; Secure; HttpOnly; SameSite=Strict; Max-Age=0";
/// As long as it takes to be led back to the page.
const TRIED_SECONDS: u32 = 60;

/// The value of the session's cookie. Of two nobody knows which is meant: then there is none.
pub(crate) fn session_cookie(headers: &HeaderMap) -> Option<&str> {
    the_cookie(headers, COOKIE)
}

/// The value of the one cookie of this name.
pub(super) fn the_cookie<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    let cookies = headers.get_all(header::COOKIE).iter().filter_map(|line| line.to_str().ok()).flat_map(|line| line.split(';'));
    let mut ours = cookies.filter_map(|cookie| cookie.trim().split_once('=')).filter(|(named, _)| *named == name);
    match (ours.next(), ours.next()) {
        (Some((_, value)), None) => Some(value),
        (None, _) | (Some(_), Some(_)) => None,
    }
}

/// Has the browser keep a session: for as long as it may last, which the server judges.
pub(crate) fn kept(token: &SessionToken) -> Option<HeaderValue> {
    let mut cookie = String::with_capacity(128);
    write!(cookie, "{COOKIE}={}; {ATTRIBUTES}; Max-Age={}", *token.expose(), ABSOLUTE_LIMIT.as_secs()).ok()?;
    let mut value = HeaderValue::from_str(&cookie).ok()?;
    value.set_sensitive(true);
    Some(value)
}

/// Has the browser forget it.
pub(crate) fn removed() -> Option<HeaderValue> {
    HeaderValue::from_str(&format!("{COOKIE}=; {ATTRIBUTES}; Max-Age=0")).ok()
}

/// Has the browser keep what was typed as login until the page for signing in is there again, which has it forgotten. It names a person, so it
/// stands in no address; it is no secret, and whoever reads it there has typed it.
pub(crate) fn tried(login: &Login) -> Option<HeaderValue> {
    let mut value = HeaderValue::from_str(&format!("{TRIED}={login}; {TRIED_ATTRIBUTES}; Max-Age={TRIED_SECONDS}")).ok()?;
    value.set_sensitive(true);
    Some(value)
}

/// Has the browser forget what was typed.
pub(crate) fn tried_removed() -> HeaderValue {
    HeaderValue::from_static(TRIED_REMOVED)
}

/// What was typed as login before, if it has the form of one.
pub(crate) fn tried_login(headers: &HeaderMap) -> Option<Login> {
    the_cookie(headers, TRIED)?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(lines: &[&'static str]) -> Option<String> {
        let mut headers = HeaderMap::new();
        for line in lines {
            headers.append(header::COOKIE, HeaderValue::from_static(line));
        }
        session_cookie(&headers).map(str::to_owned)
    }

    #[test]
    fn the_cookie_is_found_among_others_and_is_none_when_it_comes_twice() {
        assert_eq!(of(&["a=1; __Host-trajectlog=x=y; b=2"]).as_deref(), Some("x=y"));
        assert_eq!(of(&["a=1", "__Host-trajectlog=x"]).as_deref(), Some("x"));
        for none in [&[][..], &[""], &["trajectlog=x"], &["__host-trajectlog=x"], &["__Host-trajectlog"]] {
            assert_eq!(of(none), None, "{none:?}");
        }
        assert_eq!(of(&["__Host-trajectlog=x; __Host-trajectlog=y"]), None);
        assert_eq!(of(&["__Host-trajectlog=x", "__Host-trajectlog=x"]), None);
    }
}
