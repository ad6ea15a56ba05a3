//! Personal access tokens, over HTTP and NATS: what is taken, what is not, and for how long.

use accounts::{By, Profile, Role};
use async_nats::{Client, HeaderMap};
use axum::http::Method;
use gateway::nats::serve_commands;
use log_jetstream::testbed::Server;
use serde_json::{Value, json};

use crate::{
    signed::{DAY, GOOD, Signed, Who, case},
    world::contact,
};

/// Each is no token of this service, however much it looks like a credential.
fn foreign() -> Vec<String> {
    // {"alg":"none"} and {"alg":"HS256"}, {"sub":"ann","roles":["administrator"]}.
    let claims = "eyJzdWIiOiJhbm4iLCJyb2xlcyI6WyJhZG1pbmlzdHJhdG9yIl19";
    let mut all: Vec<String> =
        ["eyJhbGciOiJub25lIn0", "eyJhbGciOiJIUzI1NiJ9"].iter().map(|head| format!("Bearer {head}.{claims}.")).collect();
    let zeros = "0".repeat(64);
    all.extend([
        "Bearer".to_owned(),
        "Bearer ".to_owned(),
        format!("Bearer {zeros}"),
        format!("Bearer tl_{zeros}"),
        format!("Bearer tl_{zeros}00000000"),
        format!("Bearer TL_{zeros}00000000"),
        "Bearer tl_".to_owned(),
        format!("Bearer tl_{}", "é".repeat(36)),
        format!("Bearer {}", "x".repeat(5_000)),
        "Basic YW5uOmRyaWUgdmxpbmRlcnMgb3Agem9sZGVy".to_owned(),
        "Digest username=\"ann\"".to_owned(),
        format!("ann:{GOOD}"),
        "null".to_owned(),
        String::new(),
    ]);
    all
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_but_a_token_of_this_service_is_taken_whatever_it_says_of_itself() {
    let signed = Signed::new().await;
    let mut all = foreign();
    // One that is well-formed, and of another service.
    let Who::Token(elsewhere) = Signed::new().await.token("ann").await else { panic!("a token") };
    all.push(format!("Bearer {elsewhere}"));
    let Who::Token(token) = signed.token("ann").await else { panic!("a token") };
    all.extend([
        format!("Token {token}"),
        token.clone(),
        format!("Bearer {token}0"),
        format!("Bearer {}", &token[..74]),
        format!("Bearer,{token}"),
    ]);
    for wrong in all {
        let request = signed.request(Method::GET, "/api/v1/trajectories").header("authorization", wrong.as_bytes());
        let answer = signed.send(request, "").await;
        let problem = answer.is_problem(401, "unauthenticated");
        assert_eq!(answer.header("www-authenticate"), "Bearer realm=\"trajectlog\"", "{wrong}");
        let secret = wrong.trim_start_matches("Bearer ");
        assert!(secret.len() < 20 || !problem.to_string().contains(secret), "it is not repeated");
    }
    let twice = signed.request(Method::GET, "/api/v1/trajectories").header("authorization", format!("Bearer {token}"));
    let twice = twice.header("authorization", format!("Bearer {token}"));
    signed.send(twice, "").await.is_problem(401, "unauthenticated");
    for fine in [format!("Bearer {token}"), format!("bearer {token}"), format!("BEARER   {token}")] {
        let request = signed.request(Method::GET, "/api/v1/trajectories").header("authorization", fine);
        assert_eq!(signed.send(request, "").await.status, 200);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_is_made_shown_once_used_and_revoked() {
    let signed = Signed::new().await;
    let ann = signed.session("ann").await;
    let made = signed.post(&ann, "/api/v1/tokens", &json!({"name": "my app", "days": 30})).await;
    assert_eq!((made.status, made.header("cache-control")), (201, "no-store"));
    let made = made.json();
    let app = Who::Token(made["token"].as_str().unwrap().to_owned());
    let recorded = signed.record(&app, &case(1, "org-1", "ann")).await;
    assert_eq!((recorded.status, &recorded.json()["actor"]), (201, &json!(signed.account("ann").id)));
    let listed = signed.get(&ann, "/api/v1/tokens").await;
    assert!(!String::from_utf8_lossy(&listed.body).contains("tl_"), "its text is not there any more");
    let listed = listed.json();
    assert_eq!((&listed["tokens"][0]["id"], &listed["tokens"][0]["name"]), (&made["id"], &json!("my app")));
    assert_eq!(listed["tokens"][0]["last_used"], "2026-07-01");
    // Nobody else sees it or revokes it.
    let (bea, root) = (signed.session("bea").await, signed.session("root").await);
    let path = format!("/api/v1/tokens/{}", made["id"].as_str().unwrap());
    for other in [&bea, &root] {
        assert_eq!(signed.get(other, "/api/v1/tokens").await.json(), json!({"tokens": []}));
        signed.ask(other, Method::DELETE, &path, &Value::Null).await.is_problem(404, "not_found");
    }
    assert_eq!(signed.ask(&ann, Method::DELETE, &path, &Value::Null).await.status, 204);
    signed.get(&app, "/api/v1/trajectories").await.is_problem(401, "unauthenticated");
    signed.ask(&ann, Method::DELETE, &path, &Value::Null).await.is_problem(404, "not_found");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_has_a_name_an_end_and_roles_of_its_owner() {
    let signed = Signed::new().await;
    let ann = signed.session("ann").await;
    let make = async |body: Value| signed.post(&ann, "/api/v1/tokens", &body).await;
    for (body, code) in [
        (json!({"name": "", "days": 30}), "name_form"),
        (json!({"name": "x".repeat(61), "days": 30}), "name_form"),
        (json!({"name": "x", "days": 0}), "token_days"),
        (json!({"name": "x", "days": 366}), "token_days"),
        (json!({"name": "x", "days": 30, "roles": []}), "token_roles"),
        (json!({"name": "x", "days": 30, "roles": ["administrator"]}), "token_roles"),
        (json!({"name": "x", "days": 30, "roles": ["coach", "manager"]}), "token_roles"),
    ] {
        make(body).await.is_problem(422, code);
    }
    for body in [
        json!({"name": "x"}),
        json!({"name": "x", "days": -1}),
        json!({"name": "x", "days": 1, "account": 7}),
        json!([]),
        json!({"name": "x", "days": 1, "roles": ["boss"]}),
    ] {
        make(body).await.is_problem(400, "malformed");
    }
    for _ in 0..accounts::MOST_TOKENS {
        assert_eq!(make(json!({"name": "x", "days": 1})).await.status, 201);
    }
    make(json!({"name": "x", "days": 1})).await.is_problem(422, "too_many_tokens");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_ends_with_its_day_its_owners_lock_and_its_owners_roles() {
    let signed = Signed::new().await;
    let (days, locked, reset, narrowed) =
        (signed.token("ann").await, signed.token("bea").await, signed.token("mia").await, signed.token("otto").await);
    let works = async |who: &Who| match signed.get(who, "/api/v1/openapi.json").await.status {
        200 => true,
        401 => false,
        other => panic!("{other}"),
    };
    for who in [&days, &locked, &reset, &narrowed] {
        assert!(works(who).await);
    }
    let bea = signed.account("bea");
    let bea = signed.accounts.lock(By::Machine, bea.id, bea.revision).await.unwrap();
    assert!(!works(&locked).await);
    signed.accounts.unlock(By::Machine, bea.id, bea.revision).await.unwrap();
    assert!(works(&locked).await, "it was not revoked");
    let mia = signed.account("mia");
    signed.accounts.reset(By::Machine, mia.id, mia.revision).await.unwrap();
    assert!(!works(&reset).await, "its owner has to choose a password first");
    // Of an auditor who becomes an analyst the token becomes an analyst's.
    assert_eq!(signed.get(&narrowed, "/api/v1/events").await.status, 200);
    let otto = signed.account("otto");
    let analyst = Profile { roles: [Role::Analyst].into(), ..otto.profile.clone() };
    signed.accounts.change(By::Machine, otto.id, otto.revision, analyst).await.unwrap();
    signed.get(&narrowed, "/api/v1/events").await.is_problem(403, "forbidden");
    signed.clock.advance(30 * DAY);
    assert!(!works(&days).await, "expired");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_with_fewer_roles_may_what_these_may() {
    let signed = Signed::new().await;
    let mia = signed.account("mia");
    let both = Profile { roles: [Role::Manager, Role::Auditor].into(), ..mia.profile.clone() };
    signed.accounts.change(By::Machine, mia.id, mia.revision, both).await.unwrap();
    let auditor = Some([Role::Auditor].into());
    let (_, text) = signed.accounts.create_token(mia.id, "reads", 30, auditor).await.unwrap();
    let (reads, all) = (Who::Token(text.expose().to_string()), signed.token("mia").await);
    assert_eq!(signed.get(&reads, "/api/v1/events").await.status, 200);
    signed.record(&reads, &case(1, "org-1", "ann")).await.is_problem(403, "forbidden");
    signed.get(&reads, "/api/v1/covers").await.is_problem(403, "forbidden");
    assert_eq!(signed.record(&all, &case(1, "org-1", "ann")).await.status, 201);
    let history = signed.get(&reads, &format!("/api/v1/trajectories/{}/events", crate::world::trajectory(1))).await;
    assert_eq!(history.json()[0]["data"]["label"], json!({"sealed": true}));
}

/// Signed-in commands over NATS.
pub struct OverNats {
    pub signed: Signed,
    client: Client,
    _server: Server,
}

impl OverNats {
    pub async fn new() -> Self {
        Self::of(Signed::new().await).await
    }

    pub async fn of(signed: Signed) -> Self {
        let server = Server::start();
        let client = async_nats::connect(server.url()).await.unwrap();
        serve_commands(&signed.world.gateway, async_nats::connect(server.url()).await.unwrap(), "0.1.0").await.unwrap();
        Self { signed, client, _server: server }
    }

    pub async fn send(&self, organisation: &str, headers: &[(&str, &str)], body: &Value) -> Value {
        let mut all = HeaderMap::new();
        headers.iter().for_each(|(name, value)| all.append(*name, *value));
        let subject = format!("traject.command.{organisation}");
        let reply = self.client.request_with_headers(subject, all, body.to_string().into()).await.unwrap();
        serde_json::from_slice(&reply.payload).unwrap()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn over_nats_the_same_token_is_taken_and_nothing_else() {
    let nats = OverNats::new().await;
    let signed = &nats.signed;
    let (ann, lena, session) = (signed.token("ann").await, signed.token("lena").await, signed.session("ann").await);
    let header = |who: &Who| match who {
        Who::Token(token) => format!("Bearer {token}"),
        Who::Nobody | Who::Session { .. } => panic!("no token"),
    };
    let event = case(1, "org-1", "ann");
    let cookie = format!("__Host-trajectlog={}", session.cookie());
    for headers in
        [&[][..], &[("X-Actor", "ann")], &[("Cookie", cookie.as_str()), ("X-CSRF-Token", session.csrf())], &[("Authorization", "")]]
    {
        let refused = nats.send("org-1", headers, &event).await;
        assert_eq!((&refused["status"], &refused["problem"]["code"]), (&json!(401), &json!("unauthenticated")), "{headers:?}");
    }
    for wrong in foreign().iter().filter(|wrong| wrong.is_ascii()) {
        assert_eq!(nats.send("org-1", &[("Authorization", wrong)], &event).await["status"], 401, "{wrong}");
    }
    let (good, of_an_analyst) = (header(&ann), header(&lena));
    let twice = [("Authorization", good.as_str()), ("authorization", good.as_str())];
    assert_eq!(nats.send("org-1", &twice, &event).await["status"], 401);
    assert_eq!(nats.send("org-1", &[("Authorization", &of_an_analyst)], &event).await["status"], 403);
    assert_eq!(signed.recorded().await, 0);
    let recorded = nats.send("org-1", &[("Authorization", &good), ("X-Actor", "somebody")], &event).await;
    assert_eq!((&recorded["status"], &recorded["event"]["actor"]), (&json!(201), &json!(signed.account("ann").id)));
    let repeated = nats.send("org-1", &[("authorization", &good)], &event).await;
    assert_eq!(repeated["status"], 200, "a header's name is read in any case");
    // The subject's organisation is one that the token allows.
    let elsewhere = nats.send("org-2", &[("Authorization", &good)], &case(2, "org-2", "ann")).await;
    assert_eq!((&elsewhere["status"], &elsewhere["problem"]["code"]), (&json!(403), &json!("forbidden")));
    let tokens = signed.accounts.tokens_of(signed.account("ann").id);
    signed.accounts.revoke_token(By::Machine, tokens[0].account, tokens[0].id).await.unwrap();
    assert_eq!(nats.send("org-1", &[("Authorization", &good)], &contact(1, 2, "2026-01-06", "een")).await["status"], 401);
    assert_eq!(signed.recorded().await, 1);
}
