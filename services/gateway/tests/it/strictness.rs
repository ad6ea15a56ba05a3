//! What is malformed for the contract's reader is malformed here, and what only the log sets besides.

use event_log::EventLog;
use proto_events::{Text, json::parse_line, upcast::Upcasters};
use serde_json::{Value, json};

use crate::world::{World, contact, id, intake, line, trajectory};

fn path() -> String {
    format!("/api/v1/trajectories/{}/events", trajectory(1))
}

/// Each as text, as some say what JSON values cannot.
fn malformed() -> Vec<String> {
    let text = intake(1, "2026-01-05").to_string();
    let with = |from: &str, to: &str| text.replacen(from, to, 1);
    let also = |more: &str| text.replacen('{', &format!("{{{more},"), 1);
    let job = |data: Value| line(1, 2, "paid_work_started", "2026-01-05", data).to_string();
    let j = id(0xb, 1);
    vec![
        String::new(),
        "null".into(),
        "[]".into(),
        "{}".into(),
        text[..text.len() - 1].into(),
        format!("{text} x"),
        format!("{text}{text}"),
        with("\"ips\"", "\"IPS\""),
        with("\"intake\"", "\"client_erased\""),
        with("\"intake\"", "\"advice_given\""),
        with("\"org-1\"", "\"Org\""),
        with("2026-01-05", "2026-02-30"),
        with("2026-01-05", "2026-1-5"),
        with("\"AM18\"", "null"),
        with("\"AM18\"", "\"AM1\\ud800\""),
        also("\"corrects\":null"),
        also("\"schema\":2"),
        also("\"schema\":1.0"),
        also("\"schema\":null"),
        also("\"surprise\":1"),
        also("\"organisation\":\"org-1\""),
        with("\"funding\"", "\"method\":\"ips\",\"funding\""),
        with("\"funding\"", "\"surprise\":1,\"funding\""),
        also(&format!("\"event_id\":\"{}\"", id(1, 1))),
        with(&id(0xe000_0001, 1), &id(0xe000_0001, 1).replace('-', "")),
        job(json!({"job_id": j, "hours_per_week": 24.123})),
        job(json!({"job_id": j, "hours_per_week": "24"})),
        job(json!({"job_id": j, "hours_per_week": null})),
        job(json!({"job_id": j, "contract": {"kind": "fixed_term"}})),
        job(json!({"job_id": j, "contract": {"kind": "permanent", "until": "2026-05-01"}})),
        job(json!({"job_id": "x"})),
        job(json!([])),
    ]
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_contract_calls_malformed_is_400_alone_in_a_decision_and_in_an_outbox() {
    let world = World::new().await;
    for text in malformed() {
        assert!(parse_line::<Text>(text.as_bytes(), &Upcasters::of_today()).is_err(), "{text}");
        let problem = world.post(&path(), text.clone()).await.is_problem(400, "malformed");
        assert!(!problem["errors"].as_array().unwrap().is_empty(), "{problem}");
        if serde_json::from_str::<Value>(&text).is_ok() {
            world.post(&path(), format!("{{\"events\":[{text}]}}")).await.is_problem(400, "malformed");
            let outbox = world.post("/api/v1/events", format!("[{text}]")).await;
            assert_eq!(outbox.json()[0]["status"], 400, "{text}");
        }
    }
    assert_eq!(world.log.head().await.unwrap().position.0, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_log_sets_and_what_stands_beside_is_judged_strictly() {
    let world = World::new().await;
    let text = intake(1, "2026-01-05").to_string();
    let also = |more: &str| text.replacen('{', &format!("{{{more},"), 1);
    let brought = [
        "\"actor\":\"x\"",
        "\"recorded_at\":\"2026-01-05T12:00:00Z\"",
        "\"source_recorded_at\":\"2026-01-05T12:00:00Z\"",
        "\"revision\":1",
        "\"position\":1",
        "\"decision\":\"e0000001-0000-4000-8000-000000000001\"",
        "\"expected_revision\":-1",
        "\"expected_revision\":1.0",
        "\"expected_revision\":\"1\"",
        "\"expected_revision\":null",
        "\"expected_revision\":0,\"expected_revision\":0",
        "\"events\":[]",
    ];
    for more in brought {
        world.post(&path(), also(more)).await.is_problem(400, "malformed");
    }
    let lists = [
        "{\"events\":[]}".to_owned(),
        "{\"events\":{}}".to_owned(),
        "{\"events\":null}".to_owned(),
        format!("{{\"events\":[{text}],\"events\":[{text}]}}"),
        format!("{{\"events\":[{text}],\"more\":1}}"),
        format!("{{\"events\":[{text}],\"expected_revision\":true}}"),
        format!("{{\"events\":[{}]}}", also("\"expected_revision\":0")),
        text.replace("Mevrouw De Wit", "").replace("\"\"", "{\"erased\":true}"),
    ];
    for body in lists {
        world.post(&path(), body).await.is_problem(400, "malformed");
    }
    world.post(&path(), intake(2, "2026-01-05").to_string()).await.is_problem(400, "malformed");
    world.post("/api/v1/events", text.clone()).await.is_problem(400, "malformed");
    world.post("/api/v1/events", "[1,").await.is_problem(400, "malformed");
    world.post(&path(), also("\"expected_revision\":99999999999999999999")).await.is_problem(409, "wrong_expected_revision");
    assert_eq!(world.post(&path(), also("\"expected_revision\":0")).await.status, 201);
}

#[tokio::test(flavor = "multi_thread")]
async fn every_mistake_is_named_with_its_event() {
    let world = World::new().await;
    let mut first = intake(1, "2026-13-05");
    first["actor"] = "x".into();
    first["position"] = 7.into();
    let body = json!({"events": [first, contact(1, 2, "2026-01-06", "goed"), 7, contact(2, 3, "2026-01-06", "elders")]});
    let problem = world.post(&path(), body.to_string()).await.is_problem(400, "malformed");
    let places: Vec<_> = problem["errors"].as_array().unwrap().iter().map(|e| e["event"].as_u64().unwrap()).collect();
    assert_eq!(places, [0, 0, 0, 2, 3], "{problem}");
    assert_eq!(problem["errors"][0]["event_id"], id(0xe000_0001, 1));
}

#[tokio::test(flavor = "multi_thread")]
async fn over_tls_every_answer_says_that_it_stays_so() {
    let world = World::of(event_log::MemoryLog::new(), gateway::Limits::default(), true).await;
    for path in ["/api/v1/projections", "/healthz", "/nothing"] {
        assert_eq!(world.get(path).await.header("strict-transport-security"), "max-age=31536000; includeSubDomains", "{path}");
    }
    assert_eq!(World::new().await.get("/healthz").await.header("strict-transport-security"), "");
}
