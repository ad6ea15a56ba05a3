//! Tokens of the organisation's provider for apps, and its keys: what is taken, everything that is not, and what happens while it is away.

use std::{sync::Arc, time::Duration};

use accounts::{By, FirstPassword, Profile, Role};
use axum::http::Method;
use gateway::access::{PAUSE, PAUSE_AFTER_FAILURE};
use serde_json::{Value, json};

use crate::{
    by_provider::begin,
    idp::{AUDIENCE, CLIENT, ISSUER, Idp, Key, WithIdp, b64},
    live::Stream,
    signed::{DAY, HOUR, bare, case, profile},
    tokens::OverNats,
};

const LIST: &str = "/api/v1/trajectories";

// ---- Tokens of apps ----------------------------------------------------------------------------------------------------------------------

#[tokio::test(flavor = "multi_thread")]
async fn a_token_of_the_provider_asks_in_its_owners_name_however_it_is_signed() {
    let with = WithIdp::new().await;
    with.link().await;
    let (rsa, ed) = (Key::rsa(), Key::ed25519());
    with.idp.change(|says| says.jwks = json!({"keys": [with.idp.key.jwk("k1"), rsa.jwk("r"), ed.jwk("e"), {"kty": "oct", "k": "AAAA"}]}));
    let account = with.signed.account("ann@ggz.example").id.to_string();
    let signed_with = [("ES256", "k1", &with.idp.key), ("RS256", "r", &rsa), ("PS256", "r", &rsa), ("EdDSA", "e", &ed)];
    for (n, (algorithm, kid, key)) in signed_with.into_iter().enumerate() {
        let n = u32::try_from(n).unwrap() + 1;
        let app = with.bearer(key.token(&json!({"alg": algorithm, "kid": kid, "typ": "JWT"}), &with.idp.for_apps(&json!({}))));
        assert_eq!(with.signed.get(&app, LIST).await.status, 200, "{algorithm}");
        let recorded = with.signed.record(&app, &case(n, "org-1", "ann-p")).await;
        assert_eq!((recorded.status, &recorded.json()["actor"]), (201, &json!(account)), "{algorithm}");
        // What only a session does.
        with.signed.get(&app, "/api/v1/tokens").await.is_problem(403, "session_needed");
        with.signed.get(&app, "/account").await.is_problem(403, "session_needed");
    }
    for fine in [
        json!({"aud": ["https://other.example", AUDIENCE]}),
        json!({"aud": [AUDIENCE], "azp": "another-app"}),
        json!({"exp": with.idp.now() - 59}),
        json!({"nbf": with.idp.now() + 59, "iat": with.idp.now() + 59}),
        json!({"nbf": null, "iat": null}),
        json!({"exp": with.idp.now() as f64 + 10.5}),
        // What it says of roles is nothing.
        json!({"roles": ["administrator"], "sub": "s-ann"}),
    ] {
        let app = with.bearer(with.idp.token(&fine));
        assert_eq!(with.signed.get(&app, LIST).await.status, 200, "{fine}");
        with.signed.get(&app, "/api/v1/projections").await.is_problem(403, "forbidden");
    }
    // Without a name of a key, where one alone fits.
    let nameless = rsa.token(&json!({"alg": "RS256"}), &with.idp.for_apps(&json!({})));
    assert_eq!(with.signed.get(&with.bearer(nameless), LIST).await.status, 200);
}

/// Each with what is told about it.
fn refused(idp: &Idp) -> Vec<(String, &'static str, String)> {
    let (now, head) = (idp.now(), json!({"alg": "ES256", "kid": "k1"}));
    let (good, claims) = (idp.token(&json!({})), idp.for_apps(&json!({})));
    let mut all: Vec<(String, &'static str, String)> = Vec::new();
    let mut add = |what: &str, why: &'static str, token: String| all.push((what.to_owned(), why, token));

    let of = |head: &Value, claims: &Value| format!("{}.{}.", b64(head.to_string()), b64(claims.to_string()));
    let algorithm = "its algorithm is not taken";
    for none in ["none", "None", "NONE", "nOnE", ""] {
        add("alg none", algorithm, of(&json!({"alg": none}), &claims));
        add("alg none with a key's name", algorithm, of(&json!({"alg": none, "kid": "k1"}), &claims));
    }
    let signature = good.rsplit_once('.').unwrap().1;
    add("alg none and a signature", algorithm, format!("{}{signature}", of(&json!({"alg": "none"}), &claims)));
    let public = idp.key.jwk("k1");
    for secret in [public.to_string(), public["x"].as_str().unwrap().to_owned()] {
        let signed = format!("{}.{}", b64(json!({"alg": "HS256", "kid": "k1"}).to_string()), b64(claims.to_string()));
        let tag = ring::hmac::sign(&ring::hmac::Key::new(ring::hmac::HMAC_SHA256, secret.as_bytes()), signed.as_bytes());
        add("HS256 with the public key", algorithm, format!("{signed}.{}", b64(tag)));
    }
    for other in ["ES384", "RS512", "RS1", "HS512", "dir", "es256"] {
        add(other, algorithm, idp.key.token(&json!({"alg": other, "kid": "k1"}), &claims));
    }
    add("alg missing", algorithm, idp.key.token(&json!({"kid": "k1"}), &claims));
    add("alg a number", algorithm, idp.key.token(&json!({"alg": 256, "kid": "k1"}), &claims));

    add("a token of who signed in", "it belongs to another sign-in", idp.token(&json!({"nonce": "n"})));
    let key = "it was signed with a key that the provider does not have";
    let other = Key::p256();
    add("another key under a known name", "its signature does not fit", other.token(&head, &claims));
    add("another key under its own name", key, other.token(&json!({"alg": "ES256", "kid": "k9"}), &claims));
    add("a key in the head", key, other.token(&json!({"alg": "ES256", "kid": "k9", "jwk": other.jwk("k9")}), &claims));
    add("an address of keys in the head", key, other.token(&json!({"alg": "ES256", "kid": "k9", "jku": "https://evil.example/"}), &claims));
    add(
        "a key in the head, nameless",
        "its signature does not fit",
        other.token(&json!({"alg": "ES256", "jwk": other.jwk("k9")}), &claims),
    );
    add("a key of another kind under a known name", key, Key::rsa().token(&json!({"alg": "RS256", "kid": "k1"}), &claims));
    add("kid a path", key, other.token(&json!({"alg": "ES256", "kid": "../../etc/passwd"}), &claims));
    add("kid a number", "its head cannot be read", idp.key.token(&json!({"alg": "ES256", "kid": 1}), &claims));
    add(
        "an extension that must be understood",
        "something that is not known here",
        idp.key.token(&json!({"alg": "ES256", "kid": "k1", "crit": ["exp"]}), &claims),
    );
    add(
        "an unencoded payload",
        "something that is not known here",
        idp.key.token(&json!({"alg": "ES256", "kid": "k1", "b64": false}), &claims),
    );
    for typ in [json!("logout+jwt"), json!("dpop+jwt"), json!("id"), json!(1)] {
        add("another type", "it is a token for something else", idp.key.token(&json!({"alg": "ES256", "kid": "k1", "typ": typ}), &claims));
    }

    for (what, why, other) in [
        ("another issuer", "it is of another issuer", json!({"iss": "https://evil.example"})),
        ("the issuer with a slash", "it is of another issuer", json!({"iss": format!("{ISSUER}/")})),
        ("the issuer in a list", "it is of another issuer", json!({"iss": [ISSUER]})),
        ("no issuer", "it lacks the claim iss", json!({"iss": null})),
        ("another audience", "it is meant for somebody else", json!({"aud": "https://other.example"})),
        ("other audiences", "it is meant for somebody else", json!({"aud": ["https://other.example", CLIENT]})),
        ("an ID token of this client", "it is meant for somebody else", json!({"aud": CLIENT, "nonce": "x"})),
        ("an audience of another form", "it is meant for somebody else", json!({"aud": {"a": AUDIENCE}})),
        ("an audience among numbers", "it is meant for somebody else", json!({"aud": [AUDIENCE, 1]})),
        ("no audience in the list", "it is meant for somebody else", json!({"aud": []})),
        ("no audience", "it lacks the claim aud", json!({"aud": null})),
        ("expired", "it has expired", json!({"exp": now - 60})),
        ("expired long ago", "it has expired", json!({"exp": 0})),
        ("expired before 1970", "it has expired", json!({"exp": i64::MIN})),
        ("no expiry", "it lacks the claim exp", json!({"exp": null})),
        ("an expiry in words", "its claims cannot be read", json!({"exp": (now + 300).to_string()})),
        ("an expiry out of all bounds", "its claims cannot be read", json!({"exp": 1e300})),
        ("an expiry beyond the calendar", "it never expires", json!({"exp": 1_000_000_000_000_i64})),
        ("not yet valid", "it is not valid yet", json!({"nbf": now + 61})),
        ("not yet issued", "it is not valid yet", json!({"iat": now + 61})),
        ("nbf in words", "its claims cannot be read", json!({"nbf": "now"})),
        ("nobody", "it lacks the claim sub", json!({"sub": null})),
        ("a number", "it names nobody", json!({"sub": 7})),
        ("an empty name", "it names nobody", json!({"sub": ""})),
        ("a name too long", "it names nobody", json!({"sub": "s".repeat(256)})),
        ("a name with a line", "it names nobody", json!({"sub": "s-ann\n"})),
        ("somebody without an account", "no account here belongs to this token's owner", json!({"sub": "s-else"})),
        ("somebody by e-mail alone", "no account here belongs to this token's owner", json!({"sub": "s-else", "email": "ann@ggz.example"})),
    ] {
        add(what, why, idp.token(&other));
    }

    let parts: Vec<&str> = good.split('.').collect();
    let form = "it is not three parts in base64url";
    add("no signature", "its signature does not fit", format!("{}.{}.", parts[0], parts[1]));
    add("two parts", form, format!("{}.{}", parts[0], parts[1]));
    add("one part", form, parts[0].to_owned());
    add("four parts", form, format!("{good}.{}", parts[2]));
    add("five parts, as of an encrypted one", form, format!("{good}.a.b"));
    add("a signature cut short", "its signature does not fit", format!("{}.{}.{}", parts[0], parts[1], &parts[2][..80]));
    add("a character lost", form, good[..good.len() - 1].to_owned());
    add("padding", form, format!("{good}=="));
    add(
        "other claims under the signature",
        "its signature does not fit",
        format!("{}.{}.{}", parts[0], b64(idp.for_apps(&json!({"sub": "s-bea"})).to_string()), parts[2]),
    );
    add("another head under the signature", "its signature does not fit", format!("{}.{}.{}", b64(head.to_string()), parts[1], parts[2]));
    add("claims that are a list", "its claims cannot be read", idp.key.token(&head, &json!([claims])));
    add("a head that is no JSON", "its head cannot be read", format!("eyJ.{}.{}", parts[1], parts[2]));
    add("too long", "it is longer than a token is", idp.token(&json!({"more": "x".repeat(17_000)})));
    all
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_that_is_wrong_in_anything_is_refused_and_it_is_said_in_what() {
    let with = WithIdp::new().await;
    with.link().await;
    let refused = refused(&with.idp);
    assert!(refused.len() > 70, "{}", refused.len());
    for (what, why, token) in refused {
        let answer = with.signed.get(&with.bearer(&token), LIST).await;
        assert_eq!(answer.status, 401, "{what}");
        let problem = answer.is_problem(401, "unauthenticated");
        assert!(problem["detail"].as_str().unwrap().contains(why), "{what}: {problem}");
        assert!(!problem.to_string().contains(&token), "it is not repeated");
    }
    assert_eq!(with.signed.get(&with.bearer(with.idp.token(&json!({}))), LIST).await.status, 200, "one that is right");
    assert_eq!(with.idp.fetches(), 1, "whatever names of keys came in");
    // A session does not make a wrong token good.
    let ann = with.signed.session("ann").await;
    let request =
        ann.on(with.signed.request(Method::GET, LIST)).header("authorization", format!("Bearer {}", with.idp.token(&json!({"exp": 0}))));
    with.signed.send(request, "").await.is_problem(401, "unauthenticated");
}

#[tokio::test(flavor = "multi_thread")]
async fn where_no_audience_is_set_no_token_of_the_provider_is_taken() {
    let with = WithIdp::with(|settings| settings.audience = None).await;
    with.link().await;
    for token in [with.idp.token(&json!({})), with.idp.token(&json!({"aud": CLIENT}))] {
        with.signed.get(&with.bearer(token), LIST).await.is_problem(401, "unauthenticated");
    }
    assert_eq!(with.idp.fetches(), 0);
    // Personal tokens go on beside.
    assert_eq!(with.signed.get(&with.signed.token("ann").await, LIST).await.status, 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_holds_no_longer_than_its_account_and_its_roles_are_those_of_the_account() {
    let with = WithIdp::new().await;
    with.link().await;
    let app = with.bearer(with.idp.token(&json!({})));
    let account = with.signed.account("ann@ggz.example");
    let manager = Profile { roles: [Role::Manager].into(), ..account.profile.clone() };
    let account = with.signed.accounts.change(By::Machine, account.id, account.revision, manager).await.unwrap();
    assert_eq!(with.signed.get(&app, "/api/v1/covers").await.status, 200, "a manager now");
    let account = with.signed.accounts.lock(By::Machine, account.id, account.revision).await.unwrap();
    with.signed.get(&app, LIST).await.is_problem(401, "unauthenticated");
    let account = with.signed.accounts.unlock(By::Machine, account.id, account.revision).await.unwrap();
    assert_eq!(with.signed.get(&app, LIST).await.status, 200);
    with.signed.accounts.hand_to_provider(By::Machine, account.id, account.revision).await.unwrap();
    with.signed.get(&app, LIST).await.is_problem(401, "unauthenticated");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_live_stream_ends_with_the_token_the_lock_and_the_roles_that_it_was_opened_with() {
    let with = WithIdp::within(gateway::Limits { keep_alive: Duration::from_millis(200), ..gateway::Limits::default() }, |_| {}).await;
    let signed = &with.signed;
    for (login, subject) in [("lena@ggz.example", "s-lena"), ("max@ggz.example", "s-max")] {
        signed.accounts.create(By::Machine, profile(login, Role::Analyst, None, None), FirstPassword::OfProvider).await.unwrap();
        let identity = accounts::Identity::new(ISSUER, subject).unwrap();
        signed.accounts.sign_in_by_provider(&identity, Some(login), "curl/8").await.unwrap();
    }
    let open = async |token: String| {
        let request = with.bearer(token).on(signed.request(Method::GET, "/api/v1/figures/2026Q1/live"));
        let mut stream = Stream::open(&signed.world, bare(request)).await;
        stream.next().await.unwrap();
        stream
    };
    let soon = with.idp.now() + 300;
    let mut expires = open(with.idp.token(&json!({"sub": "s-lena", "exp": soon}))).await;
    let mut locked = open(with.idp.token(&json!({"sub": "s-lena", "exp": soon + 3_600}))).await;
    let mut other = open(with.idp.token(&json!({"sub": "s-max", "exp": soon + 3_600}))).await;
    signed.clock.advance(Duration::from_secs(300 + 60));
    assert_eq!(expires.next().await, None, "expired");
    let lena = signed.account("lena@ggz.example");
    signed.accounts.lock(By::Machine, lena.id, lena.revision).await.unwrap();
    assert_eq!(locked.next().await, None, "locked");
    let max = signed.account("max@ggz.example");
    let auditor = Profile { roles: [Role::Auditor].into(), ..max.profile.clone() };
    signed.accounts.change(By::Machine, max.id, max.revision, auditor).await.unwrap();
    assert_eq!(other.next().await, None, "other roles");
}

#[tokio::test(flavor = "multi_thread")]
async fn over_nats_a_token_of_the_provider_is_taken_as_over_http() {
    let with = WithIdp::new().await;
    with.link().await;
    let (idp, nats) = (Arc::clone(&with.idp), OverNats::of(with.signed).await);
    let event = case(1, "org-1", "ann-p");
    for (token, status) in [(idp.token(&json!({"exp": 0})), 401), (idp.token(&json!({"sub": "s-else"})), 401), (idp.token(&json!({})), 201)]
    {
        let answer = nats.send("org-1", &[("Authorization", &format!("Bearer {token}"))], &event).await;
        assert_eq!(answer["status"], status, "{answer}");
    }
    assert_eq!(nats.signed.recorded().await, 1);
}

// ---- The provider's keys -----------------------------------------------------------------------------------------------------------------

#[tokio::test(flavor = "multi_thread")]
async fn without_keys_of_the_provider_nobody_is_believed_until_it_is_back() {
    let with = WithIdp::new().await;
    with.link().await;
    let session = with.signed.session("ann").await;
    with.idp.change(|says| says.down = true);
    let token = with.idp.token(&json!({}));
    for _ in 0..5 {
        with.signed.get(&with.bearer(&token), LIST).await.is_problem(503, "unavailable");
    }
    assert_eq!(with.signed.get(&session, LIST).await.status, 200, "who has signed in goes on");
    with.idp.change(|says| says.down = false);
    with.signed.get(&with.bearer(&token), LIST).await.is_problem(503, "unavailable");
    with.signed.clock.advance(PAUSE_AFTER_FAILURE);
    assert_eq!(with.signed.get(&with.bearer(&token), LIST).await.status, 200);
    // What was known is believed for a day, and no longer.
    with.idp.change(|says| says.down = true);
    let fresh = || with.idp.token(&json!({}));
    with.signed.clock.advance(DAY - HOUR);
    assert_eq!(with.signed.get(&with.bearer(fresh()), LIST).await.status, 200);
    with.signed.clock.advance(HOUR);
    with.signed.get(&with.bearer(fresh()), LIST).await.is_problem(503, "unavailable");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_provider_that_is_not_as_it_should_be_is_not_believed() {
    for (what, change) in [
        ("another issuer", json!({"issuer": "https://evil.example"})),
        ("the issuer with a slash", json!({"issuer": format!("{ISSUER}/")})),
        ("keys without TLS", json!({"jwks_uri": "http://idp.example/realm/keys"})),
        ("tokens without TLS", json!({"token_endpoint": "http://127.0.0.1/token"})),
        ("a page without TLS", json!({"authorization_endpoint": "http://idp.example/auth"})),
        ("a page that is a script", json!({"authorization_endpoint": "javascript:alert(1)"})),
        ("no address", json!({"jwks_uri": "keys"})),
        ("no S256", json!({"code_challenge_methods_supported": ["plain"]})),
        ("no token endpoint", json!({"token_endpoint": 1})),
    ] {
        let with = WithIdp::new().await;
        with.link().await;
        with.idp.change(|says| says.discovery.as_object_mut().unwrap().extend(change.as_object().unwrap().clone()));
        assert_eq!(with.signed.get(&with.bearer(with.idp.token(&json!({}))), LIST).await.status, 503, "{what}");
        assert_eq!(begin(&with, &[]).await.header("location"), "/inloggen?fout=organisatie", "{what}");
    }
    let own = |with: &WithIdp| with.idp.key.jwk("k1");
    let changed = |with: &WithIdp, name: &str, value: Value| {
        let mut key = own(with);
        key[name] = value;
        json!({"keys": [key]})
    };
    for what in ["none", "no list", "for encryption", "of another algorithm", "for signing only", "huge", "a point too short", "not JSON"] {
        let with = WithIdp::new().await;
        with.link().await;
        let jwks = match what {
            "none" => json!({"keys": []}),
            "no list" => json!({"keys": own(&with)}),
            "for encryption" => changed(&with, "use", json!("enc")),
            "of another algorithm" => changed(&with, "alg", json!("ES384")),
            "for signing only" => changed(&with, "key_ops", json!(["sign"])),
            "a point too short" => changed(&with, "x", json!("AAAA")),
            "huge" => json!({"keys": [own(&with)], "more": "x".repeat(300_000)}),
            _ => json!("keys"),
        };
        with.idp.change(|says| says.jwks = jwks);
        assert_eq!(with.signed.get(&with.bearer(with.idp.token(&json!({}))), LIST).await.status, 503, "{what}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_provider_that_does_not_answer_is_not_waited_for() {
    let with = WithIdp::new().await;
    with.idp.change(|says| says.hangs = true);
    let began = std::time::Instant::now();
    with.signed.get(&with.bearer(with.idp.token(&json!({}))), LIST).await.is_problem(503, "unavailable");
    let took = began.elapsed();
    assert!(took >= Duration::from_secs(9) && took < Duration::from_secs(20), "{took:?}");
    // And whoever comes then is told at once.
    with.signed.get(&with.bearer(with.idp.token(&json!({}))), LIST).await.is_problem(503, "unavailable");
    assert!(began.elapsed() - took < Duration::from_secs(5));
}

#[tokio::test(flavor = "multi_thread")]
async fn who_asks_and_hangs_up_keeps_nobody_from_the_provider() {
    let with = WithIdp::new().await;
    with.link().await;
    with.signed.clock.advance(HOUR);
    with.idp.change(|says| (says.hangs, says.fetches) = (true, 0));
    let token = with.idp.token(&json!({}));
    let who = with.bearer(&token);
    let hung_up = tokio::time::timeout(Duration::from_millis(300), with.signed.get(&who, LIST)).await;
    assert!(hung_up.is_err(), "it was still being asked");
    with.idp.change(|says| says.hangs = false);
    tokio::time::sleep(Duration::from_millis(300)).await;
    assert_eq!(with.signed.get(&who, LIST).await.status, 200);
    let mut fetches = 0;
    with.idp.change(|says| fetches = says.fetches);
    assert_eq!(fetches, 1, "what was begun was ended");
}

#[tokio::test(flavor = "multi_thread")]
async fn while_a_slow_provider_is_asked_again_nobody_else_waits_for_it() {
    let with = WithIdp::new().await;
    with.link().await;
    assert_eq!(with.signed.get(&with.bearer(with.idp.token(&json!({}))), LIST).await.status, 200);
    with.idp.change(|says| says.hangs = true);
    with.signed.clock.advance(HOUR);
    let token = with.idp.token(&json!({}));
    let began = std::time::Instant::now();
    let who = with.bearer(&token);
    let first = with.signed.get(&who, LIST);
    let others = async {
        tokio::time::sleep(Duration::from_millis(500)).await;
        for _ in 0..5 {
            assert_eq!(with.signed.get(&with.bearer(&token), LIST).await.status, 200);
        }
        began.elapsed()
    };
    let (first, others) = tokio::join!(first, others);
    assert!(others < Duration::from_secs(5), "{others:?}");
    assert_eq!(first.status, 200, "by what was known");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_key_is_found_and_a_withdrawn_one_is_refused_and_the_provider_is_asked_seldom() {
    let with = WithIdp::new().await;
    with.link().await;
    assert_eq!(with.signed.get(&with.bearer(with.idp.token(&json!({}))), LIST).await.status, 200);
    let new = Key::p256();
    let by_new = |claims: &Value| new.token(&json!({"alg": "ES256", "kid": "k2"}), claims);
    with.idp.change(|says| says.jwks = json!({"keys": [new.jwk("k2")]}));
    for _ in 0..20 {
        with.signed.get(&with.bearer(by_new(&with.idp.for_apps(&json!({})))), LIST).await.is_problem(401, "unauthenticated");
    }
    assert_eq!(with.idp.fetches(), 1, "not again so soon");
    with.signed.clock.advance(PAUSE);
    assert_eq!(with.signed.get(&with.bearer(by_new(&with.idp.for_apps(&json!({})))), LIST).await.status, 200);
    with.signed.get(&with.bearer(with.idp.token(&json!({}))), LIST).await.is_problem(401, "unauthenticated");
    // A token of another issuer is no reason to ask.
    let before = with.idp.fetches();
    with.signed.clock.advance(PAUSE);
    let elsewhere = Key::p256().token(&json!({"alg": "ES256", "kid": "k3"}), &with.idp.for_apps(&json!({"iss": "https://evil.example"})));
    with.signed.get(&with.bearer(elsewhere), LIST).await.is_problem(401, "unauthenticated");
    assert_eq!(with.idp.fetches(), before);
    // A withdrawn key that nobody asks after is refused within the hour.
    let newest = Key::p256();
    with.idp.change(|says| says.jwks = json!({"keys": [newest.jwk("k4")]}));
    with.signed.clock.advance(HOUR);
    with.signed.get(&with.bearer(by_new(&with.idp.for_apps(&json!({})))), LIST).await.is_problem(401, "unauthenticated");
}
