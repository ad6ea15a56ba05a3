//! What changes something and comes with a session's cookie was meant by one of its own pages; nothing is recorded otherwise.

use axum::http::Method;
use gateway::access::COOKIE;
use serde_json::Value;

use crate::{
    signed::{Signed, Who, case},
    world::{Answer, trajectory},
};

struct Sent<'a> {
    signed: &'a Signed,
    ann: &'a Who,
}

impl Sent<'_> {
    /// An event with Ann's cookie and these headers beside it.
    async fn with(&self, headers: &[(&str, &str)]) -> Answer {
        let path = format!("/api/v1/trajectories/{}/events", trajectory(1));
        let mut request = self.signed.request(Method::POST, &path).header("cookie", format!("{COOKIE}={}", self.ann.cookie()));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        self.signed.send(request.header("content-type", "application/json"), case(1, "org-1", "ann").to_string()).await
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn without_the_sessions_own_token_nothing_is_recorded() {
    let signed = Signed::new().await;
    let (ann, bea, again) = (signed.session("ann").await, signed.session("bea").await, signed.session("ann").await);
    let sent = Sent { signed: &signed, ann: &ann };
    let short = &ann.csrf()[..42];
    for headers in [
        &[][..],
        &[("x-csrf-token", "")],
        &[("x-csrf-token", "x")],
        &[("x-csrf-token", short)],
        // Of another account, of another session of the same account, and the cookie itself.
        &[("x-csrf-token", bea.csrf())],
        &[("x-csrf-token", again.csrf())],
        &[("x-csrf-token", ann.cookie())],
        &[("x-csrf-token", ann.csrf()), ("x-csrf-token", ann.csrf())],
    ] {
        sent.with(headers).await.is_problem(403, "csrf");
    }
    assert_eq!(signed.recorded().await, 0);
    let Who::Session { account, .. } = &ann else { panic!("a session") };
    assert_eq!(sent.with(&[("x-csrf-token", ann.csrf()), ("x-account", account)]).await.status, 201);
    assert_eq!(sent.with(&[("x-csrf-token", ann.csrf())]).await.status, 200, "the account need not be named");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_of_another_account_records_nothing_in_the_name_of_this_one() {
    let signed = Signed::new().await;
    let (ann, bea) = (signed.session("ann").await, signed.session("bea").await);
    let sent = Sent { signed: &signed, ann: &ann };
    let (Who::Session { account: anns, .. }, Who::Session { account: beas, .. }) = (&ann, &bea) else { panic!("sessions") };
    let upper = anns.to_uppercase();
    for headers in [
        &[("x-csrf-token", ann.csrf()), ("x-account", beas)][..],
        &[("x-csrf-token", bea.csrf()), ("x-account", beas)],
        &[("x-csrf-token", ann.csrf()), ("x-account", "")],
        &[("x-csrf-token", ann.csrf()), ("x-account", "ann")],
        &[("x-csrf-token", ann.csrf()), ("x-account", &upper)],
        &[("x-csrf-token", ann.csrf()), ("x-account", anns), ("x-account", beas)],
    ] {
        sent.with(headers).await.is_problem(403, "other_account");
    }
    assert_eq!(signed.recorded().await, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_of_another_site_changes_nothing_even_with_the_token() {
    let signed = Signed::new().await;
    let ann = signed.session("ann").await;
    let sent = Sent { signed: &signed, ann: &ann };
    let host = format!("http://127.0.0.1:{}", signed.world.address.port());
    let token = ("x-csrf-token", ann.csrf());
    for headers in [
        &[token, ("sec-fetch-site", "cross-site")][..],
        &[token, ("sec-fetch-site", "same-site")],
        &[token, ("sec-fetch-site", "")],
        &[token, ("sec-fetch-site", "same-origin"), ("sec-fetch-site", "cross-site")],
        // What the browser itself says goes before an Origin.
        &[token, ("sec-fetch-site", "cross-site"), ("origin", &host)],
        &[token, ("origin", "https://evil.example")],
        &[token, ("origin", "http://127.0.0.1")],
        &[token, ("origin", "")],
        &[token, ("origin", "file://")],
        &[token, ("origin", &host), ("origin", "https://evil.example")],
    ] {
        sent.with(headers).await.is_problem(403, "foreign_origin");
    }
    assert_eq!(signed.recorded().await, 0);
    for (fine, status) in [
        (&[token, ("sec-fetch-site", "same-origin")][..], 201),
        (&[token, ("sec-fetch-site", "none")], 200),
        // A proxy that gives another Host to this service.
        (&[token, ("sec-fetch-site", "same-origin"), ("origin", "https://trajectlog.example")], 200),
        (&[token, ("origin", &host)], 200),
        // A form of a page without a referrer: the token alone decides.
        (&[token, ("origin", "null")], 200),
    ] {
        assert_eq!(sent.with(fine).await.status, status, "{fine:?}");
    }
    sent.with(&[("origin", "null")]).await.is_problem(403, "csrf");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_form_carries_the_token_as_a_field() {
    let signed = Signed::new().await;
    let (ann, bea) = (signed.session("ann").await, signed.session("bea").await);
    let out = || signed.request(Method::POST, "/uitloggen").header("cookie", format!("{COOKIE}={}", ann.cookie()));
    for fields in [
        &[][..],
        &[("csrf", "")],
        &[("csrf", bea.csrf())],
        &[("csrf", ann.csrf()), ("csrf", ann.csrf())],
        &[("CSRF", ann.csrf())],
        &[("x", ann.csrf())],
    ] {
        signed.form(out(), fields).await.is_problem(403, "csrf");
    }
    assert_eq!(signed.get(&ann, "/api/v1/session").await.status, 200, "still signed in");
    // A header that is wrong is not made good by a field.
    signed.form(out().header("x-csrf-token", "x"), &[("csrf", ann.csrf())]).await.is_problem(403, "csrf");
    // As JSON or as text it is no form, so that what another site's page can send is read by nobody.
    let text = out().header("content-type", "text/plain");
    signed.send(text, format!("csrf={}", ann.csrf())).await.is_problem(403, "csrf");
    let large = vec![("csrf", ann.csrf()), ("x", "y")];
    let answer = signed.form(out(), &[large, vec![("z", &"z".repeat(70_000))]].concat()).await;
    answer.is_problem(413, "too_large");
    assert_eq!(signed.form(out(), &[("csrf", ann.csrf())]).await.status, 303);
    signed.get(&ann, "/api/v1/session").await.is_problem(401, "unauthenticated");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_form_is_whole_after_its_token_was_read() {
    let signed = Signed::new().await;
    let ann = signed.session("ann").await;
    let request = signed.request(Method::POST, "/wachtwoord").header("cookie", format!("{COOKIE}={}", ann.cookie()));
    let better = crate::signed::BETTER;
    let fields = [("old", crate::signed::GOOD), ("new", better), ("again", better), ("next", "/trajecten?a=b"), ("csrf", ann.csrf())];
    let answer = signed.form(request, &fields).await;
    assert_eq!((answer.status, answer.header("location")), (303, "/trajecten?a=b"));
    signed.session_by("ann", better).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn to_look_at_something_and_to_ask_with_a_token_needs_none_of_it() {
    let signed = Signed::new().await;
    let (ann, app) = (signed.session("ann").await, signed.token("ann").await);
    let look = signed.request(Method::GET, "/api/v1/session").header("cookie", format!("{COOKIE}={}", ann.cookie()));
    assert_eq!(signed.send(look, "").await.status, 200);
    let path = format!("/api/v1/trajectories/{}/events", trajectory(1));
    let post = app.on(signed.request(Method::POST, &path)).header("content-type", "application/json");
    // An app in a browser, of another site: nobody brings its token along by accident.
    let post = post.header("origin", "https://app.example").header("sec-fetch-site", "cross-site");
    assert_eq!(signed.send(post, case(1, "org-1", "ann").to_string()).await.status, 201);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cookie_beside_a_token_changes_nothing_about_who_asks() {
    let signed = Signed::new().await;
    let (ann, app) = (signed.session("ann").await, signed.token("bea").await);
    let cookie = format!("{COOKIE}={}", ann.cookie());
    let both = app.on(signed.request(Method::POST, &format!("/api/v1/trajectories/{}/events", trajectory(1))));
    let both = both.header("cookie", &cookie).header("content-type", "application/json");
    let recorded: Value = signed.send(both, case(1, "org-1", "bea").to_string()).await.json();
    assert_eq!(recorded["actor"], signed.account("bea").id.to_string());
    // A wrong token is not made good by a cookie.
    for wrong in ["Bearer tl_0", "Basic YW5uOmRyaWU=", "Bearer", "", "tl_0"] {
        let request = signed.request(Method::GET, "/api/v1/session").header("cookie", &cookie).header("authorization", wrong);
        signed.send(request, "").await.is_problem(401, "unauthenticated");
    }
}
