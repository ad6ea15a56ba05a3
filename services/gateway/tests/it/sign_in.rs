//! Signing in and out over HTTP: cookies, one answer for whatever does not fit, waits, where it goes on, and the end of sessions.

use std::time::Duration;

use accounts::{ABSOLUTE_LIMIT, By, FREE_FAILURES, Fault, IDLE_LIMIT, MemoryRegister};
use axum::http::Method;
use gateway::access::COOKIE;
use serde_json::json;

use crate::{
    live::Stream,
    signed::{BETTER, GOOD, HOUR, Signed, Who, bare, case, cookie_set},
    world::Answer,
};

/// How a login that was not believed is kept for the page.
const TRIED: &str = "Path=/inloggen; Secure; HttpOnly; SameSite=Strict";

/// Whoever has this cookie.
fn with_cookie(cookie: &str) -> Who {
    Who::Session { cookie: cookie.to_owned(), csrf: String::new(), account: String::new() }
}

#[tokio::test(flavor = "multi_thread")]
async fn who_signs_in_has_a_session_in_a_cookie_that_only_this_host_gets() {
    let signed = Signed::new().await;
    let answer = signed.sign_in("Ann", GOOD).await;
    assert_eq!((answer.status, answer.header("location")), (303, "/"));
    let cookie = answer.header("set-cookie");
    let parts: Vec<&str> = cookie.split("; ").collect();
    assert!(parts[0].starts_with("__Host-trajectlog=") && parts[0].len() == "__Host-trajectlog=".len() + 43, "{cookie}");
    let age = format!("Max-Age={}", ABSOLUTE_LIMIT.as_secs());
    assert_eq!(parts[1..], ["Path=/", "Secure", "HttpOnly", "SameSite=Lax", &age]);
    assert_eq!(answer.headers.get_all("set-cookie").iter().count(), 1);
    let session = signed.get(&with_cookie(cookie_set(&answer)), "/api/v1/session").await;
    assert_eq!((session.status, session.header("cache-control")), (200, "no-store"));
    let session = session.json();
    assert_eq!(session["account"], signed.account("ann").id.to_string());
    assert_eq!((&session["roles"], &session["organisation"], &session["coach"]), (&json!(["coach"]), &json!("org-1"), &json!("ann")));
    let csrf = session["csrf"].as_str().unwrap().to_owned();
    let who = Who::Session { cookie: cookie_set(&answer).to_owned(), csrf, account: String::new() };
    let recorded = signed.record(&who, &case(1, "org-1", "ann")).await;
    assert_eq!((recorded.status, &recorded.json()["actor"]), (201, &session["account"]), "under the account's stable name");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_actor_is_never_what_the_caller_says() {
    let signed = Signed::new().await;
    let ann = signed.session("ann").await;
    let mut event = case(1, "org-1", "ann");
    let request =
        ann.on(signed.request(Method::POST, &format!("/api/v1/trajectories/{}/events", event["trajectory_id"].as_str().unwrap())));
    let request = request.header("x-actor", "somebody").header("content-type", "application/json");
    assert_eq!(signed.send(request, event.to_string()).await.json()["actor"], signed.account("ann").id.to_string());
    event["actor"] = "somebody".into();
    signed.record(&ann, &event).await.is_problem(400, "malformed");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_unknown_login_a_wrong_password_and_a_locked_account_are_told_the_same_after_the_same_work() {
    let signed = Signed::new().await;
    let bea = signed.account("bea");
    signed.accounts.lock(By::Machine, bea.id, bea.revision).await.unwrap();
    let mut seen: Option<(u16, String, Vec<u8>, Vec<String>)> = None;
    for (login, password) in
        [("ann", "verkeerd wachtwoord"), ("nobody", GOOD), ("bea", GOOD), ("", ""), ("a b", GOOD), ("ann", &"x".repeat(9_000))]
    {
        let before = signed.accounts.hash_runs();
        let answer = signed.sign_in(login, password).await;
        assert_eq!(signed.accounts.hash_runs() - before, 1, "{login}: argon2 runs once, whatever the reason");
        // What was typed comes back to the page, whether there is such an account or not.
        let kept =
            if ["", "a b"].contains(&login) { String::new() } else { format!("__Secure-trajectlog-login={login}; {TRIED}; Max-Age=60") };
        assert_eq!(answer.header("set-cookie"), kept);
        let mut names: Vec<String> = answer.headers.keys().map(ToString::to_string).filter(|name| name != "set-cookie").collect();
        names.sort();
        let told = (answer.status, answer.header("location").to_owned(), answer.body.to_vec(), names);
        assert_eq!((told.0, told.1.as_str()), (303, "/inloggen?fout=onjuist"), "{login}");
        assert_eq!(seen.get_or_insert_with(|| told.clone()), &told, "{login}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn who_fails_too_often_waits_whether_there_is_such_a_login_or_not() {
    let signed = Signed::new().await;
    for login in ["ann", "nobody"] {
        for _ in 0..FREE_FAILURES {
            assert_eq!(signed.sign_in(login, "verkeerd wachtwoord").await.header("location"), "/inloggen?fout=onjuist");
        }
        let runs = signed.accounts.hash_runs();
        let waits = signed.form(signed.request(Method::POST, "/inloggen"), &[("login", login), ("password", GOOD), ("next", "/a")]).await;
        assert_eq!((waits.status, waits.header("location")), (303, "/inloggen?fout=wachten&na=1&next=%2Fa"), "{login}");
        assert_eq!(signed.accounts.hash_runs(), runs);
    }
    signed.clock.advance(Duration::from_secs(2));
    assert_eq!(signed.sign_in("ann", GOOD).await.header("location"), "/");
    // The same holds for a password that is changed in a session.
    let bea = signed.session("bea").await;
    let change =
        async || signed.ask(&bea, Method::PUT, "/api/v1/session/password", &json!({"old": "verkeerd wachtwoord", "new": BETTER})).await;
    for _ in 0..FREE_FAILURES {
        change().await.is_problem(403, "password_refused");
    }
    let waits = change().await;
    waits.is_problem(429, "too_many_requests");
    assert_eq!(waits.header("retry-after"), "1");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_that_was_there_before_is_not_the_one_that_one_is_signed_in_with() {
    let signed = Signed::new().await;
    // One that somebody else has put there, one that is nobody's, one of one's own from before.
    let (others, own) = (signed.session("bea").await, signed.session("ann").await);
    for before in [others.cookie(), "planted-by-somebody", &"A".repeat(43), own.cookie()] {
        let request = signed.request(Method::POST, "/inloggen").header("cookie", format!("{COOKIE}={before}"));
        let answer = signed.form(request, &[("login", "ann"), ("password", GOOD)]).await;
        assert_eq!(answer.status, 303);
        assert_ne!(cookie_set(&answer), before);
        assert_eq!(
            signed.get(&with_cookie(cookie_set(&answer)), "/api/v1/session").await.json()["account"],
            signed.account("ann").id.to_string()
        );
        signed.get(&with_cookie(before), "/api/v1/session").await.is_problem(401, "unauthenticated");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn no_other_site_signs_somebody_in() {
    let signed = Signed::new().await;
    let with = async |headers: &[(&str, &str)]| {
        let request =
            headers.iter().fold(signed.request(Method::POST, "/inloggen"), |request, (name, value)| request.header(*name, *value));
        signed.form(request, &[("login", "ann"), ("password", GOOD)]).await
    };
    for headers in [
        &[("sec-fetch-site", "cross-site")][..],
        &[("sec-fetch-site", "same-site")],
        &[("origin", "https://evil.example")],
        &[("origin", "null")],
    ] {
        with(headers).await.is_problem(403, "foreign_origin");
    }
    let host = format!("http://127.0.0.1:{}", signed.world.address.port());
    for headers in [&[("sec-fetch-site", "same-origin"), ("origin", "null")][..], &[("origin", &host)], &[]] {
        assert_eq!(with(headers).await.status, 303, "{headers:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn one_goes_on_to_an_address_of_this_service_and_to_no_other() {
    let signed = Signed::new().await;
    let to = async |next: &str| {
        let fields = [("login", "ann"), ("password", GOOD), ("next", next)];
        signed.form(signed.request(Method::POST, "/inloggen"), &fields).await.header("location").to_owned()
    };
    assert_eq!(to("/trajecten/x?y=z").await, "/trajecten/x?y=z");
    for elsewhere in [
        "https://evil.example/",
        "//evil.example",
        "/\\evil.example",
        "javascript:alert(1)",
        "evil",
        "/\r\nset-cookie: x=y",
        "/\t/evil.example",
        "",
    ] {
        assert_eq!(to(elsewhere).await, "/", "{elsewhere:?}");
    }
    let page = signed.get(&Who::Nobody, "/inloggen?next=//evil.example").await;
    assert!(!String::from_utf8_lossy(&page.body).contains("evil"));
    // What is not understood is a page too: the way in, or what went wrong.
    for (query, status) in [("fout=%3Cscript%3Exyz", 200), ("fout=xyz", 200), ("fout=wachten&na=straks", 200), ("xyz=1", 400)] {
        let asked = signed.request(Method::GET, &format!("/inloggen?{query}")).header("accept", "text/html");
        let page = signed.send(asked, "").await;
        assert_eq!((page.status, page.header("content-type")), (status, "text/html; charset=utf-8"), "{query}");
        assert!(!String::from_utf8_lossy(&page.body).contains("xyz"), "{query}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_page_shows_the_accounts_of_a_demonstration() {
    let page = Signed::new().await.get(&Who::Nobody, "/inloggen").await;
    assert_eq!((page.status, page.header("content-type")), (200, "text/html; charset=utf-8"));
    let html = String::from_utf8(page.body.to_vec()).unwrap();
    for wanted in ["name=\"demo\" value=\"demo\"", "name=\"login\"", "name=\"password\"", "action=\"/inloggen\""] {
        assert!(html.contains(wanted), "{wanted} in {html}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_form_that_is_none_is_refused_without_a_try() {
    let signed = Signed::new().await;
    let post = |media: &str| signed.request(Method::POST, "/inloggen").header("content-type", media);
    signed.send(post("application/json"), r#"{"login":"ann"}"#).await.is_problem(415, "unsupported_media_type");
    signed.send(signed.request(Method::POST, "/inloggen"), "login=ann").await.is_problem(415, "unsupported_media_type");
    let form = "application/x-www-form-urlencoded";
    for wrong in ["login=ann&login=bea", "login=ann&password=x&role=administrator"] {
        signed.send(post(form), wrong).await.is_problem(400, "malformed");
    }
    signed.send(post(form), format!("login=ann&password={}", "x".repeat(70_000))).await.is_problem(413, "too_large");
    assert_eq!(signed.accounts.hash_runs(), 8, "of the accounts that were made");
}

#[tokio::test(flavor = "multi_thread")]
async fn who_signs_out_is_out_and_the_browser_forgets_the_cookie() {
    let signed = Signed::new().await;
    let ann = signed.session("ann").await;
    let out = async |who: &Who| signed.send(who.on(signed.request(Method::POST, "/uitloggen")), "").await;
    let answer = out(&ann).await;
    assert_eq!((answer.status, answer.header("location")), (303, "/inloggen"));
    assert_eq!(answer.header("set-cookie"), "__Host-trajectlog=; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=0");
    assert_eq!(answer.header("clear-site-data"), "", "what was not sent yet stays on the device");
    signed.get(&ann, "/api/v1/session").await.is_problem(401, "unauthenticated");
    assert_eq!(out(&ann).await.status, 303, "again, and without any session");
    assert_eq!(out(&Who::Nobody).await.status, 303);
    // Where it fails the session goes on, and the cookie stays.
    let bea = signed.session("bea").await;
    signed.register.inject([Fault::Unavailable]);
    let failed = out(&bea).await;
    failed.is_problem(503, "unavailable");
    assert_eq!(failed.header("set-cookie"), "");
    assert_eq!(signed.get(&bea, "/api/v1/session").await.status, 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_that_is_over_is_401_on_the_api_and_leads_to_the_sign_in_on_a_page() {
    let signed = Signed::new().await;
    let ann = signed.session("ann").await;
    signed.clock.advance(IDLE_LIMIT);
    for path in ["/api/v1/session", "/api/v1/trajectories", "/api/v1/events/live"] {
        let answer = signed.get(&ann, path).await;
        answer.is_problem(401, "unauthenticated");
        assert_eq!((answer.header("www-authenticate"), answer.header("location")), ("Bearer realm=\"trajectlog\"", ""));
    }
    signed.record(&ann, &case(1, "org-1", "ann")).await.is_problem(401, "unauthenticated");
    assert_eq!(signed.recorded().await, 0);
    let page = signed.get(&ann, "/wachtwoord?next=/a").await;
    assert_eq!((page.status, page.header("location")), (303, "/inloggen?next=%2Fwachtwoord%3Fnext%3D%2Fa"));
    let form = signed.form(ann.on(signed.request(Method::POST, "/wachtwoord")), &[]).await;
    form.is_problem(401, "unauthenticated");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_in_use_goes_on_and_ends_after_its_longest_life() {
    let signed = Signed::new().await;
    let ann = signed.session("ann").await;
    let mut age = Duration::ZERO;
    while age + 6 * HOUR < ABSOLUTE_LIMIT {
        signed.clock.advance(6 * HOUR);
        age += 6 * HOUR;
        assert_eq!(signed.get(&ann, "/api/v1/session").await.status, 200, "{age:?}");
    }
    signed.clock.advance(6 * HOUR);
    signed.get(&ann, "/api/v1/session").await.is_problem(401, "unauthenticated");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_session_is_none_whatever_it_looks_like() {
    let signed = Signed::new().await;
    let ann = signed.session("ann").await;
    let (short, long) = (ann.cookie()[..42].to_owned(), format!("{}A", ann.cookie()));
    for cookie in ["", "x", &"A".repeat(43), &short, &long, ann.csrf(), &signed.account("ann").id.to_string()] {
        signed.get(&with_cookie(cookie), "/api/v1/session").await.is_problem(401, "unauthenticated");
    }
    for line in [format!("trajectlog={}", ann.cookie()), format!("{COOKIE}={0}; {COOKIE}={0}", ann.cookie())] {
        let request = signed.request(Method::GET, "/api/v1/session").header("cookie", line);
        signed.send(request, "").await.is_problem(401, "unauthenticated");
    }
}

async fn lands_at(signed: &Signed, answer: &Answer) -> String {
    signed.get(&with_cookie(cookie_set(answer)), answer.header("location")).await.header("content-type").to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_one_time_password_leads_to_the_page_for_a_new_one_and_on_from_there() {
    let signed = Signed::new().await;
    let ann = signed.account("ann");
    let (_, password) = signed.accounts.reset(By::Machine, ann.id, ann.revision).await.unwrap();
    let fields = [("login", "ann"), ("password", password.expose()), ("next", "/trajecten")];
    let answer = signed.form(signed.request(Method::POST, "/inloggen"), &fields).await;
    assert_eq!(answer.header("location"), "/wachtwoord?next=%2Ftrajecten");
    assert_eq!(lands_at(&signed, &answer).await, "text/html; charset=utf-8");
    let who = with_cookie(cookie_set(&answer));
    signed.get(&who, "/api/v1/trajectories").await.is_problem(403, "password_change_required");
    let session = signed.get(&who, "/api/v1/session").await.json();
    assert_eq!(session["must_change_password"], true);
    let csrf = session["csrf"].as_str().unwrap();
    let choose = async |new: &str, again: &str| {
        let request = signed.request(Method::POST, "/wachtwoord").header("cookie", format!("{COOKIE}={}", who.cookie()));
        signed.form(request, &[("old", password.expose()), ("new", new), ("again", again), ("next", "/trajecten"), ("csrf", csrf)]).await
    };
    for (new, again, said) in [
        ("kort", "kort", "password_too_short"),
        ("wachtwoord123", "wachtwoord123", "password_common"),
        ("lang genoeg maar anns", "lang genoeg maar anns", "password_contains_login"),
        (password.expose(), password.expose(), "password_unchanged"),
        (BETTER, GOOD, "anders"),
    ] {
        assert_eq!(choose(new, again).await.header("location"), format!("/wachtwoord?fout={said}&next=%2Ftrajecten"));
    }
    let chosen = choose(BETTER, BETTER).await;
    assert_eq!((chosen.status, chosen.header("location")), (303, "/trajecten"));
    assert_ne!(cookie_set(&chosen), who.cookie(), "another cookie");
    signed.get(&who, "/api/v1/session").await.is_problem(401, "unauthenticated");
    assert_eq!(signed.get(&with_cookie(cookie_set(&chosen)), "/api/v1/trajectories").await.status, 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn while_changes_of_accounts_cannot_be_seen_nobody_is_believed() {
    let signed = Signed::over(MemoryRegister::shared(), gateway::Limits::default(), false).await;
    let (ann, app) = (signed.session("ann").await, signed.token("ann").await);
    signed.register.lose_followers();
    while signed.accounts.is_current() {
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    let session = signed.get(&ann, "/api/v1/session").await;
    let by_token = signed.record(&app, &case(1, "org-1", "ann")).await;
    let out = signed.send(ann.on(signed.request(Method::POST, "/uitloggen")), "").await;
    let login = signed.sign_in("ann", GOOD).await;
    // It is seen again after a second; what was asked in between was refused.
    for refused in [&session, &by_token, &out] {
        refused.is_problem(503, "unavailable");
        assert_eq!(refused.header("set-cookie"), "", "the cookie stays");
    }
    assert_eq!(login.header("location"), "/inloggen?fout=storing");
    assert!(login.header("set-cookie").starts_with("__Secure-trajectlog-login=ann;"), "no session, and what was typed is kept");
    assert_eq!(signed.recorded().await, 0);
    while !signed.accounts.is_current() {
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    assert_eq!(signed.get(&ann, "/api/v1/session").await.status, 200, "the session is still there");
}

#[tokio::test(flavor = "multi_thread")]
async fn who_cannot_be_signed_in_now_is_told_to_come_back() {
    let signed = Signed::new().await;
    signed.register.inject([Fault::Unavailable]);
    assert_eq!(signed.sign_in("ann", GOOD).await.header("location"), "/inloggen?fout=storing");
    assert_eq!(signed.sign_in("ann", GOOD).await.header("location"), "/");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_live_stream_ends_with_the_session_that_it_was_opened_in() {
    let limits = gateway::Limits { keep_alive: Duration::from_millis(100), ..gateway::Limits::default() };
    let signed = Signed::with(limits, false).await;
    let manager = signed.session("mia").await;
    let (otto, app) = (signed.session("otto").await, signed.token("otto").await);
    let open = async |who: &Who, path: &str| Stream::open(&signed.world, bare(who.on(signed.request(Method::GET, path)))).await;
    let mut log = open(&otto, "/api/v1/events/live").await;
    let mut of_the_app = open(&app, "/api/v1/events/live").await;
    let mut figures = open(&manager, "/api/v1/figures/2026Q1/live?scope=organisation:org-1").await;
    figures.next().await.unwrap();
    signed.record(&manager, &case(1, "org-1", "ann")).await;
    let told = log.next().await.unwrap();
    assert_eq!(told.data["data"]["label"], json!({"sealed": true}), "an auditor sees that there is a text, and no text");
    assert_eq!(of_the_app.next().await.unwrap().id, 1);
    figures.next().await.unwrap();
    assert_eq!(signed.send(otto.on(signed.request(Method::POST, "/uitloggen")), "").await.status, 303);
    assert_eq!(log.next().await, None, "signed out");
    let account = signed.account("otto");
    signed.accounts.lock(By::Machine, account.id, account.revision).await.unwrap();
    assert_eq!(of_the_app.next().await, None, "locked");
    let mia = signed.account("mia");
    let analyst = accounts::Profile { roles: [accounts::Role::Analyst].into(), ..mia.profile.clone() };
    signed.accounts.change(By::Machine, mia.id, mia.revision, analyst).await.unwrap();
    assert_eq!(figures.next().await, None, "another role");
    // To listen is no use of a session: it ends when nobody uses it.
    let lena = signed.session("lena").await;
    let mut unused = open(&lena, "/api/v1/figures/2026Q1/live").await;
    unused.next().await.unwrap();
    signed.clock.advance(IDLE_LIMIT);
    assert_eq!(unused.next().await, None, "unused");
}

#[tokio::test(flavor = "multi_thread")]
async fn who_asks_too_much_waits_and_nobody_else_does() {
    let (one, three) = (std::num::NonZeroU32::new(1).unwrap(), std::num::NonZeroU32::new(3).unwrap());
    let limits = gateway::Limits { caller_rate: one, caller_burst: three, ..gateway::Limits::default() };
    let signed = Signed::with(limits, false).await;
    let (ann, app, bea) = (signed.session("ann").await, signed.token("ann").await, signed.session("bea").await);
    for who in [&ann, &app, &ann] {
        assert_eq!(signed.get(who, "/api/v1/trajectories").await.status, 200);
    }
    // An account has one rate, by whatever it asks.
    for who in [&ann, &app] {
        let answer = signed.get(who, "/api/v1/trajectories").await;
        answer.is_problem(429, "too_many_requests");
        assert!(answer.header("retry-after").parse::<u32>().unwrap() >= 1);
    }
    assert_eq!(signed.get(&bea, "/api/v1/trajectories").await.status, 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_typed_as_login_stands_in_the_field_again_and_in_no_address() {
    let signed = Signed::new().await;
    let refused = signed.sign_in("Ann", "verkeerd wachtwoord").await;
    assert_eq!(refused.header("location"), "/inloggen?fout=onjuist");
    let kept = refused.header("set-cookie").split(';').next().unwrap().to_owned();
    let page = async |path: &str, cookie: &str| {
        let answer = signed.send(signed.request(Method::GET, path).header("cookie", cookie), "").await;
        (String::from_utf8(answer.body.to_vec()).unwrap(), answer.header("set-cookie").to_owned())
    };
    let (html, set) = page("/inloggen?fout=onjuist", &kept).await;
    assert!(html.contains(r#"name="login" type="text" value="ann""#), "{html}");
    assert_eq!(set, format!("__Secure-trajectlog-login=; {TRIED}; Max-Age=0"), "it is forgotten");
    assert!(!page("/inloggen", &kept).await.0.contains(r#"value="ann""#), "who comes anew begins anew");
    for foreign in ["__Secure-trajectlog-login=\"><b>", "__Secure-trajectlog-login=", "other=ann"] {
        let (html, _) = page("/inloggen?fout=onjuist", foreign).await;
        assert!(html.contains(r#"name="login" type="text" autocomplete"#), "{foreign}: {html}");
    }
}
