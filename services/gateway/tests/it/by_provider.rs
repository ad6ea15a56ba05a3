//! Signing in by the organisation's provider: from the first page to the last, and everything that signs nobody in.

use std::{sync::Arc, time::Duration};

use accounts::{By, FirstPassword, Role};
use axum::http::Method;
use gateway::access::{COOKIE, PROVIDER_COOKIE, Provider, ProviderSettings, WrongSettings};
use serde_json::{Value, json};

use crate::{
    idp::{CLIENT, ISSUER, Idp, Key, WithIdp, b64},
    signed::{GOOD, Signed, Who, case, profile},
    world::{Answer, contact},
};

const LIST: &str = "/api/v1/trajectories";

pub async fn begin(with: &WithIdp, fields: &[(&str, &str)]) -> Answer {
    with.signed.form(with.signed.request(Method::POST, "/inloggen/organisatie"), fields).await
}

/// A sign-in that has begun: the cookie, and where the browser is led.
struct Begun {
    cookie: String,
    to: String,
}

impl Begun {
    fn of(answer: &Answer) -> Self {
        assert_eq!(answer.status, 200, "{:?}", answer.headers);
        let (cookie, attributes) = answer.header("set-cookie").split_once("; ").unwrap();
        assert_eq!(attributes, "Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=600");
        let cookie = cookie.strip_prefix(PROVIDER_COOKIE).unwrap().strip_prefix('=').unwrap().to_owned();
        let to = answer.header("refresh").strip_prefix("0; url=").unwrap().to_owned();
        let html = String::from_utf8(answer.body.to_vec()).unwrap();
        let shown = to.replace('&', "&#38;");
        assert!(html.contains(&shown) || html.contains(&to.replace('&', "&amp;")), "{shown} in {html}");
        Self { cookie, to }
    }

    /// The answer of a provider at which somebody has signed in.
    fn agreed(&self, with: &WithIdp) -> Vec<(&'static str, String)> {
        let (code, state) = with.idp.agreed(&self.to);
        vec![("code", code), ("state", state), ("iss", ISSUER.to_owned())]
    }
}

async fn back(with: &WithIdp, cookie: Option<&str>, answer: &[(&str, String)]) -> Answer {
    let query = form_urlencoded::Serializer::new(String::new()).extend_pairs(answer.iter().map(|(name, value)| (*name, value))).finish();
    let request = with.signed.request(Method::GET, &format!("/inloggen/organisatie/terug?{query}")).header("sec-fetch-site", "cross-site");
    let request = match cookie {
        Some(cookie) => request.header("cookie", format!("{PROVIDER_COOKIE}={cookie}")),
        None => request,
    };
    with.signed.send(request, "").await
}

/// The cookies that are set, by name.
fn cookies(answer: &Answer) -> Vec<(String, String)> {
    let set = answer.headers.get_all("set-cookie").iter().map(|line| line.to_str().unwrap().split(';').next().unwrap());
    set.map(|cookie| cookie.split_once('=').map(|(name, value)| (name.to_owned(), value.to_owned())).unwrap()).collect()
}

fn session_of(answer: &Answer) -> Who {
    let cookie = cookies(answer).into_iter().find(|(name, _)| name == COOKIE).expect("a session").1;
    Who::Session { cookie, csrf: String::new(), account: String::new() }
}

/// Nobody was signed in, and the page says this.
fn is_refused(answer: &Answer, said: &str, what: &str) {
    let to = format!("/inloggen?fout={said}");
    assert_eq!((answer.status, answer.header("location").split("&next").next().unwrap()), (303, to.as_str()), "{what}");
    let forgotten = vec![(PROVIDER_COOKIE.to_owned(), String::new())];
    assert_eq!(cookies(answer), forgotten, "{what}: no session, and the sign-in is forgotten");
}

/// From the first page to the last.
async fn sign_in(with: &WithIdp) -> Answer {
    let begun = Begun::of(&begin(with, &[]).await);
    back(with, Some(&begun.cookie), &begun.agreed(with)).await
}

#[tokio::test(flavor = "multi_thread")]
async fn who_signs_in_at_the_provider_has_a_session_here_as_everybody() {
    let with = WithIdp::new().await;
    let page = with.signed.get(&Who::Nobody, "/inloggen?next=%2Ftrajecten%2Fx").await;
    let html = String::from_utf8(page.body.to_vec()).unwrap();
    assert!(html.contains("Verder met") && html.contains("ggz Voorbeeld") && html.contains("action=\"/inloggen/organisatie\""), "{html}");
    let begun = Begun::of(&begin(&with, &[("csrf", ""), ("next", "/trajecten/x?y=z")]).await);
    let mut answer = begun.agreed(&with);
    answer.push(("session_state", "whatever a provider adds".to_owned()));
    let answer = back(&with, Some(&begun.cookie), &answer).await;
    assert_eq!((answer.status, answer.header("location")), (303, "/trajecten/x?y=z"));
    let names: Vec<String> = cookies(&answer).into_iter().map(|(name, value)| format!("{name} {}", value.is_empty())).collect();
    assert_eq!(names, [format!("{COOKIE} false"), format!("{PROVIDER_COOKIE} true")]);
    let session = with.signed.get(&session_of(&answer), "/api/v1/session").await.json();
    assert_eq!(session["account"], with.signed.account("ann@ggz.example").id.to_string());
    assert_eq!((&session["roles"], &session["must_change_password"]), (&json!(["coach"]), &json!(false)));
    let own = with.signed.get(&session_of(&answer), "/account").await;
    let html = String::from_utf8(own.body.to_vec()).unwrap();
    assert!(own.status == 200 && !html.contains("/wachtwoord"), "there is no password to change: {html}");
    let changed = json!({"old": "", "new": GOOD});
    let csrf = session["csrf"].as_str().unwrap().to_owned();
    let who = Who::Session { cookie: session_of(&answer).cookie().to_owned(), csrf, account: String::new() };
    with.signed.ask(&who, Method::PUT, "/api/v1/session/password", &changed).await.is_problem(422, "by_provider");
    assert_eq!(with.signed.record(&who, &case(1, "org-1", "ann-p")).await.status, 201);
    assert_eq!(with.signed.record(&who, &contact(1, 2, "2026-01-06", "een")).await.status, 201);
    // What the browser had before is ended.
    let before = with.signed.session("bea").await;
    let begun = Begun::of(&begin(&with, &[]).await);
    let query: String = form_urlencoded::Serializer::new(String::new()).extend_pairs(begun.agreed(&with)).finish();
    let request = with.signed.request(Method::GET, &format!("/inloggen/organisatie/terug?{query}"));
    let request = request.header("cookie", format!("{PROVIDER_COOKIE}={}; {COOKIE}={}", begun.cookie, before.cookie()));
    assert_eq!(with.signed.send(request, "").await.header("location"), "/");
    with.signed.get(&before, "/api/v1/session").await.is_problem(401, "unauthenticated");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_account_is_one_persons_from_the_first_sign_in_on() {
    let with = WithIdp::new().await;
    let first = session_of(&sign_in(&with).await);
    let account = with.signed.get(&first, "/api/v1/session").await.json()["account"].clone();
    for claims in [
        json!({"sub": "s-ann"}),
        json!({"sub": "s-ann", "email": "ann@married.example", "email_verified": true}),
        json!({"sub": "s-ann", "email": "root", "email_verified": true}),
    ] {
        with.idp.change(|says| says.claims = claims);
        let again = session_of(&sign_in(&with).await);
        assert_eq!(with.signed.get(&again, "/api/v1/session").await.json()["account"], account);
    }
    // Somebody else who has her address now.
    with.idp.change(|says| says.claims = json!({"sub": "s-new", "email": "ann@ggz.example", "email_verified": true}));
    is_refused(&sign_in(&with).await, "geen-account", "another person");
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_is_signed_in_who_has_no_account_that_was_made_for_it() {
    let with = WithIdp::new().await;
    let locked = profile("locked@ggz.example", Role::Coach, Some("org-1"), Some("locked"));
    let (locked, _) = with.signed.accounts.create(By::Machine, locked, FirstPassword::OfProvider).await.unwrap();
    with.signed.accounts.lock(By::Machine, locked.id, locked.revision).await.unwrap();
    let before = with.signed.accounts.accounts();
    for (what, claims) in [
        ("nobody", json!({"sub": "s-1", "email": "nobody@ggz.example", "email_verified": true, "roles": ["administrator"]})),
        ("an account with a password", json!({"sub": "s-1", "email": "ann", "email_verified": true})),
        ("the administrator", json!({"sub": "s-1", "email": "root"})),
        ("locked", json!({"sub": "s-1", "email": "locked@ggz.example", "email_verified": true})),
        ("an address that is not confirmed", json!({"sub": "s-1", "email": "ann@ggz.example", "email_verified": false})),
        ("an address of which it is not said", json!({"sub": "s-1", "email": "ann@ggz.example"})),
        ("the same in words", json!({"sub": "s-1", "email": "ann@ggz.example", "email_verified": "false"})),
        ("no address", json!({"sub": "s-1", "preferred_username": "ann@ggz.example"})),
        ("no text", json!({"sub": "s-1", "email": ["ann@ggz.example"]})),
        ("no login", json!({"sub": "s-1", "email": "ann @ggz.example\n"})),
    ] {
        with.idp.change(|says| {
            says.userinfo = json!({"sub": "s-1"});
            says.claims = claims;
        });
        is_refused(&sign_in(&with).await, "geen-account", what);
    }
    assert_eq!(with.signed.accounts.accounts(), before, "no account was made or changed");
    let page = with.signed.get(&Who::Nobody, "/inloggen?fout=geen-account").await;
    assert!(String::from_utf8_lossy(&page.body).contains("Vraag de beheerder"), "it says whom to ask");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_login_that_is_not_in_the_id_token_is_asked_for() {
    let with = WithIdp::new().await;
    for (what, userinfo, fits) in [
        ("somebody else", json!({"sub": "s-else", "email": "ann@ggz.example"}), "organisatie"),
        ("nobody", json!({"email": "ann@ggz.example"}), "organisatie"),
        ("not said to be confirmed", json!({"sub": "s-ann", "email": "ann@ggz.example"}), "geen-account"),
        ("not confirmed", json!({"sub": "s-ann", "email": "ann@ggz.example", "email_verified": false}), "geen-account"),
        ("a list", json!([]), "organisatie"),
    ] {
        with.idp.change(|says| {
            says.claims = json!({"sub": "s-ann"});
            says.userinfo = userinfo;
        });
        is_refused(&sign_in(&with).await, fits, what);
    }
    with.idp.change(|says| says.userinfo = json!({"sub": "s-ann", "email": "Ann@GGZ.example", "email_verified": true}));
    session_of(&sign_in(&with).await);
    // Another claim, for a provider that has no addresses.
    let with = WithIdp::with(|settings: &mut ProviderSettings| settings.login_claim = "upn".to_owned()).await;
    let begun = Begun::of(&begin(&with, &[]).await);
    assert!(begun.to.contains("scope=openid+profile+email"));
    let to = begun.to.replace("openid+profile+email", "openid+email");
    with.idp.change(|says| says.claims = json!({"sub": "s-ann", "upn": "ann@ggz.example", "email_verified": false}));
    let (code, state) = with.idp.agreed(&to);
    let answer = back(&with, Some(&begun.cookie), &[("code", code), ("state", state), ("iss", ISSUER.to_owned())]).await;
    session_of(&answer);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_that_did_not_begin_in_this_browser_or_was_used_signs_nobody_in() {
    let with = WithIdp::new().await;
    let begun = Begun::of(&begin(&with, &[]).await);
    let other = Begun::of(&begin(&with, &[]).await);
    let good = begun.agreed(&with);
    let with_state = |state: &str| vec![good[0].clone(), ("state", state.to_owned()), good[2].clone()];
    let (payload, seal) = begun.cookie.split_once('.').unwrap();
    let forged = format!("{}.{seal}", b64(json!({"secret": b64([0; 32]), "at": with.idp.now()}).to_string()));
    for (what, cookie, answer) in [
        ("no cookie", None, good.clone()),
        ("an empty cookie", Some(""), good.clone()),
        ("the cookie of another sign-in", Some(other.cookie.as_str()), good.clone()),
        ("a forged cookie", Some(forged.as_str()), good.clone()),
        ("a cookie without a seal", Some(payload), good.clone()),
        ("two cookies", Some(format!("{}; {PROVIDER_COOKIE}={}", begun.cookie, begun.cookie)).as_deref(), good.clone()),
        ("another state", Some(&*begun.cookie), with_state(&b64([0; 32]))),
        ("the state of another sign-in", Some(&*begun.cookie), with_state(&other.agreed(&with)[1].1)),
        ("a state cut short", Some(&*begun.cookie), with_state(&good[1].1[..20])),
        ("an empty state", Some(&*begun.cookie), with_state("")),
        ("no state", Some(&*begun.cookie), vec![good[0].clone(), good[2].clone()]),
        ("two states", Some(&*begun.cookie), [good.clone(), vec![good[1].clone()]].concat()),
        ("two codes", Some(&*begun.cookie), [good.clone(), vec![good[0].clone()]].concat()),
        ("a code too long", Some(&*begun.cookie), vec![("code", "x".repeat(5_000)), good[1].clone(), good[2].clone()]),
    ] {
        is_refused(&back(&with, cookie, &answer).await, "organisatie", what);
    }
    // None of it has used the sign-in up.
    session_of(&back(&with, Some(&begun.cookie), &good).await);
    is_refused(&back(&with, Some(&begun.cookie), &good).await, "organisatie", "the same once more");
    // Also with a code that the provider would take.
    let (code, _) = with.idp.agreed(&begun.to);
    is_refused(&back(&with, Some(&begun.cookie), &[("code", code), good[1].clone(), good[2].clone()]).await, "organisatie", "a new code");
    // After ten minutes.
    let late = Begun::of(&begin(&with, &[]).await);
    let answer = late.agreed(&with);
    with.signed.clock.advance(Duration::from_secs(601));
    is_refused(&back(&with, Some(&late.cookie), &answer).await, "organisatie", "too late");
    // The state of one sign-in does not fit a service that has begun anew.
    let anew = WithIdp::new().await;
    let before = Begun::of(&begin(&with, &[]).await);
    let (code, state) = anew.idp.agreed(&before.to);
    is_refused(
        &back(&anew, Some(&before.cookie), &[("code", code), ("state", state), good[2].clone()]).await,
        "organisatie",
        "another start",
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_provider_answers_wrongly_signs_nobody_in() {
    let with = WithIdp::new().await;
    for (what, change) in [
        ("it says no", vec![("error", "access_denied")]),
        ("it says no and gives a code", vec![("error", "server_error"), ("code", "code-0")]),
        ("another issuer", vec![("code", "code-0"), ("iss", "https://evil.example")]),
        ("no code", vec![]),
        ("an empty code", vec![("code", "")]),
        ("a code that it did not give", vec![("code", "guessed")]),
    ] {
        let begun = Begun::of(&begin(&with, &[]).await);
        let (_, state) = with.idp.agreed(&begun.to);
        let mut answer: Vec<(&str, String)> = change.into_iter().map(|(name, value)| (name, value.to_owned())).collect();
        answer.push(("state", state));
        if !answer.iter().any(|(name, _)| *name == "iss") {
            answer.push(("iss", ISSUER.to_owned()));
        }
        is_refused(&back(&with, Some(&begun.cookie), &answer).await, "organisatie", what);
    }
    let begun = Begun::of(&begin(&with, &[]).await);
    let without = begun.agreed(&with).into_iter().filter(|(name, _)| *name != "iss").collect::<Vec<_>>();
    is_refused(&back(&with, Some(&begun.cookie), &without).await, "organisatie", "it promised to name itself");

    let now = with.idp.now();
    let changes: Vec<(&str, crate::idp::Change)> = [
        ("iss", json!("https://evil.example")),
        ("iss", Value::Null),
        ("aud", json!("another-client")),
        ("aud", json!([CLIENT, "another-client"])),
        ("aud", json!(["another-client"])),
        ("aud", Value::Null),
        ("azp", json!("another-client")),
        ("exp", json!(now - 61)),
        ("exp", Value::Null),
        ("iat", json!(now + 120)),
        ("iat", Value::Null),
        ("nbf", json!(now + 120)),
        ("sub", Value::Null),
        ("sub", json!("")),
        ("nonce", Value::Null),
        ("nonce", json!("another")),
        ("nonce", json!(1)),
    ]
    .into_iter()
    .map(|(name, value)| {
        let change: crate::idp::Change = Arc::new(move |claims| {
            if value.is_null() {
                claims.remove(name);
            } else {
                claims.insert(name.to_owned(), value.clone());
            }
        });
        (name, change)
    })
    .collect();
    for (what, change) in changes {
        with.idp.change(|says| says.changed = Some(change));
        is_refused(&sign_in(&with).await, "organisatie", what);
    }
    let both: crate::idp::Change = Arc::new(|claims| {
        claims.insert("aud".to_owned(), json!([CLIENT, "another-client"]));
        claims.insert("azp".to_owned(), json!("another-client"));
    });
    with.idp.change(|says| says.changed = Some(both));
    is_refused(&sign_in(&with).await, "organisatie", "two audiences, for another client");

    with.idp.change(|says| says.changed = None);
    let claims = json!({"iss": ISSUER, "aud": CLIENT, "sub": "s-ann", "iat": now, "exp": now + 300});
    let bare = format!("{}.{}.", b64(r#"{"alg":"none"}"#), b64(claims.to_string()));
    for instead in [bare, with.idp.token(&json!({})), Key::p256().token(&json!({"alg": "ES256", "kid": "k1"}), &claims), String::new()] {
        with.idp.change(|says| says.instead = Some(instead));
        is_refused(&sign_in(&with).await, "organisatie", "another token");
    }
    with.idp.change(|says| says.instead = None);
    for (status, body) in
        [(400, "{}"), (500, ""), (302, ""), (200, "not JSON"), (200, "{}"), (200, r#"{"id_token":7}"#), (200, &"x".repeat(200_000))]
    {
        with.idp.change(|says| says.answers = Some((status, body.as_bytes().to_vec())));
        is_refused(&sign_in(&with).await, "organisatie", "another answer");
    }
    with.idp.change(|says| says.answers = None);
    session_of(&sign_in(&with).await);
    // Several audiences, made for this client.
    let both: crate::idp::Change = Arc::new(|claims| {
        claims.insert("aud".to_owned(), json!(["another-client", CLIENT]));
        claims.insert("azp".to_owned(), json!(CLIENT));
    });
    with.idp.change(|says| says.changed = Some(both));
    session_of(&sign_in(&with).await);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_code_is_of_no_use_without_what_only_this_service_has() {
    // The code of a sign-in that somebody else began, put into one's own answer: its challenge and nonce are another's.
    let with = WithIdp::new().await;
    let (own, others) = (Begun::of(&begin(&with, &[]).await), Begun::of(&begin(&with, &[]).await));
    let (code, _) = with.idp.agreed(&others.to);
    let (_, state) = with.idp.agreed(&own.to);
    is_refused(
        &back(&with, Some(&own.cookie), &[("code", code), ("state", state), ("iss", ISSUER.to_owned())]).await,
        "organisatie",
        "injected",
    );
    let (authorization, form) = with.idp.says.lock().unwrap().shown.clone().unwrap();
    assert_eq!(authorization, None);
    assert!(form.contains("code_verifier=") && form.contains("client_id=trajectlog"), "{form}");
    for begun in [&own, &others] {
        let verifier = form.split("code_verifier=").nth(1).unwrap().split('&').next().unwrap();
        assert!(verifier.len() == 43 && !begun.to.contains(verifier) && !begun.cookie.contains(verifier), "it is nowhere else");
    }
    // A client with a secret shows it as the provider takes it.
    for (methods, basic) in [(json!(["client_secret_post"]), false), (json!(["client_secret_basic"]), true), (Value::Null, true)] {
        let with = WithIdp::with(|settings| settings.client_secret = Some("s:cret/é".to_owned().into())).await;
        with.idp.change(|says| {
            if methods.is_null() {
                says.discovery.as_object_mut().unwrap().remove("token_endpoint_auth_methods_supported");
            } else {
                says.discovery["token_endpoint_auth_methods_supported"] = methods;
            }
        });
        session_of(&sign_in(&with).await);
        let (authorization, form) = with.idp.says.lock().unwrap().shown.clone().unwrap();
        // trajectlog:s%3Acret%2F%C3%A9
        assert_eq!(authorization.as_deref(), basic.then_some("Basic dHJhamVjdGxvZzpzJTNBY3JldCUyRiVDMyVBOQ=="));
        assert_eq!(form.contains("client_secret=s%3Acret%2F%C3%A9"), !basic);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn while_the_provider_is_away_nobody_signs_in_by_it_and_everybody_else_goes_on() {
    let with = WithIdp::new().await;
    let begun = Begun::of(&begin(&with, &[]).await);
    let answer = begun.agreed(&with);
    with.idp.change(|says| says.down = true);
    is_refused(&back(&with, Some(&begun.cookie), &answer).await, "organisatie", "away at the end");
    assert_eq!(with.signed.sign_in("ann", GOOD).await.header("location"), "/", "with a password");
    let with = WithIdp::new().await;
    let session = session_of(&sign_in(&with).await);
    let cold = WithIdp::new().await;
    for with in [&with, &cold] {
        with.idp.change(|says| says.down = true);
    }
    let failed = begin(&cold, &[("next", "/trajecten/x")]).await;
    assert_eq!((failed.status, failed.header("location")), (303, "/inloggen?fout=organisatie&next=%2Ftrajecten%2Fx"));
    assert_eq!(failed.header("set-cookie"), "");
    let page = cold.signed.get(&Who::Nobody, failed.header("location")).await;
    assert!(String::from_utf8_lossy(&page.body).contains("kon niet worden gecontroleerd"));
    assert_eq!(with.signed.get(&session, LIST).await.status, 200, "who has signed in goes on");
}

#[tokio::test(flavor = "multi_thread")]
async fn no_other_site_begins_a_sign_in_and_one_goes_on_within_this_service() {
    let with = WithIdp::new().await;
    for (name, value) in [("sec-fetch-site", "cross-site"), ("sec-fetch-site", "same-site"), ("origin", "https://evil.example")] {
        let request = with.signed.request(Method::POST, "/inloggen/organisatie").header(name, value);
        with.signed.form(request, &[]).await.is_problem(403, "foreign_origin");
    }
    assert_eq!(with.signed.send(with.signed.request(Method::GET, "/inloggen/organisatie"), "").await.status, 405);
    for next in ["https://evil.example/", "//evil.example", "/\\evil.example", "evil"] {
        let begun = Begun::of(&begin(&with, &[("next", next)]).await);
        assert_eq!(back(&with, Some(&begun.cookie), &begun.agreed(&with)).await.header("location"), "/", "{next}");
    }
    let long = format!("/{}", "a".repeat(2_000));
    let begun = Begun::of(&begin(&with, &[("next", &long)]).await);
    assert!(begun.cookie.len() < 4_000, "a browser keeps no longer one");
    assert_eq!(back(&with, Some(&begun.cookie), &begun.agreed(&with)).await.header("location"), long);
}

#[tokio::test(flavor = "multi_thread")]
async fn settings_that_would_let_somebody_else_in_are_refused() {
    let clock = Arc::new(accounts::ClockByHand::at(crate::world::now()));
    let wrong = |change: &dyn Fn(&mut ProviderSettings)| {
        let mut settings = Idp::settings();
        change(&mut settings);
        Provider::new(settings, Idp::new(clock.clone()), clock.clone()).err()
    };
    assert_eq!(wrong(&|_| {}), None);
    for issuer in ["http://127.0.0.1:9000", "http://localhost:9000/realm", "http://[::1]:9000", "https://idp.example/a/b"] {
        assert_eq!(wrong(&|settings| issuer.clone_into(&mut settings.issuer)), None, "{issuer}");
    }
    for issuer in [
        "",
        "idp.example",
        "http://idp.example",
        "http://localhost.evil.example",
        "https://a@idp.example",
        "https://idp.example?x",
        "https://idp.example#x",
        "ftp://idp.example",
    ] {
        assert_eq!(wrong(&|settings| issuer.clone_into(&mut settings.issuer)), Some(WrongSettings::Issuer), "{issuer}");
    }
    for url in ["", "https://a.example/", "https://a.example/b", "http://a.example", "https://a.example?b"] {
        assert_eq!(wrong(&|settings| url.clone_into(&mut settings.public_url)), Some(WrongSettings::PublicUrl), "{url}");
    }
    assert_eq!(wrong(&|settings| settings.audience = Some(CLIENT.to_owned())), Some(WrongSettings::Audience));
    assert_eq!(wrong(&|settings| settings.audience = Some(String::new())), Some(WrongSettings::Audience));
    assert_eq!(wrong(&|settings| settings.login_claim = " ".to_owned()), Some(WrongSettings::Empty));
    let shown = format!("{:?}", ProviderSettings { client_secret: Some("geheim".to_owned().into()), ..Idp::settings() });
    assert!(!shown.contains("geheim"), "{shown}");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_administrator_makes_accounts_for_the_provider_and_hands_others_to_it() {
    let signed = Signed::new().await;
    let root = signed.session("root").await;
    let made = signed
        .post(&root, "/api/v1/accounts", &json!({"login": "eva@ggz.example", "name": "Eva", "roles": ["analyst"], "by_provider": true}))
        .await;
    assert_eq!((made.status, &made.json()["one_time_password"]), (201, &Value::Null));
    let account = made.json()["account"].clone();
    assert_eq!((&account["by_provider"], &account["linked"]), (&json!(true), &json!(false)));
    let address = |what: &str| format!("/api/v1/accounts/{}/{what}", account["id"].as_str().unwrap());
    let seen = json!({"revision": account["revision"]});
    signed.post(&root, &address("resets"), &seen).await.is_problem(422, "by_provider");
    assert_eq!(signed.sign_in("eva@ggz.example", "").await.header("location"), "/inloggen?fout=onjuist");
    let bea = signed.account("bea");
    let handed = signed.post(&root, &format!("/api/v1/accounts/{}/handovers", bea.id), &json!({"revision": bea.revision})).await;
    assert_eq!((handed.status, &handed.json()["by_provider"]), (200, &json!(true)));
    assert_eq!(signed.sign_in("bea", GOOD).await.header("location"), "/inloggen?fout=onjuist");
    signed
        .post(&root, &format!("/api/v1/accounts/{}/handovers", bea.id), &json!({"revision": bea.revision}))
        .await
        .is_problem(409, "conflict");
}
