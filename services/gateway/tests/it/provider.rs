//! Signing in by the organisation's provider, and its tokens for apps: what is taken, everything that is not, and what happens while it is away.

use std::{sync::Arc, time::Duration};

use accounts::{By, FirstPassword, Profile, Role};
use axum::http::Method;
use gateway::access::{COOKIE, PAUSE, PAUSE_AFTER_FAILURE, PROVIDER_COOKIE, Provider, ProviderSettings, WrongSettings};
use serde_json::{Value, json};

use crate::{
    idp::{AUDIENCE, CLIENT, ISSUER, Idp, Key, WithIdp, b64},
    live::Stream,
    signed::{DAY, GOOD, HOUR, Signed, Who, bare, case, profile},
    tokens::OverNats,
    world::{Answer, contact},
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

// ---- Signing in --------------------------------------------------------------------------------------------------------------------------

async fn begin(with: &WithIdp, fields: &[(&str, &str)]) -> Answer {
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
        ("not confirmed", json!({"sub": "s-ann", "email": "ann@ggz.example", "email_verified": false}), "geen-account"),
        ("a list", json!([]), "organisatie"),
    ] {
        with.idp.change(|says| {
            says.claims = json!({"sub": "s-ann"});
            says.userinfo = userinfo;
        });
        is_refused(&sign_in(&with).await, fits, what);
    }
    with.idp.change(|says| says.userinfo = json!({"sub": "s-ann", "email": "Ann@GGZ.example"}));
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
