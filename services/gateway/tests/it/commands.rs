//! Recording over HTTP.

use axum::http::Method;
use bytes::Bytes;
use event_log::{EventLog, Fault};
use http_body_util::Full;
use log_embedded::EmbeddedLog;
use serde_json::json;

use crate::world::{World, contact, id, intake, line, now, trajectory};

#[tokio::test(flavor = "multi_thread")]
async fn an_event_is_answered_as_it_was_recorded_and_again_with_200() {
    let world = World::new().await;
    let first = world.record(&intake(1, "2026-01-05")).await;
    assert_eq!(first.status, 201, "{first:?}");
    assert_eq!(first.header("location"), format!("/api/v1/trajectories/{}/events", trajectory(1)));
    assert_eq!(first.header("cache-control"), "no-store");
    let event = first.json();
    assert_eq!((&event["revision"], &event["position"], &event["actor"]), (&json!(1), &json!(1), &json!("local")));
    assert_eq!(event["recorded_at"], now().to_string());
    assert_eq!(event["data"]["label"], "Mevrouw De Wit");
    let second = world.record(&contact(1, 2, "2026-01-06", "belt terug")).await;
    assert_eq!((second.status, second.json()["revision"].as_u64()), (201, Some(2)));
    let again = world.record(&intake(1, "2026-01-05")).await;
    assert_eq!((again.status, again.json()), (200, event));
    assert!(again.headers.get("location").is_none());
}

#[tokio::test(flavor = "multi_thread")]
async fn the_actor_is_the_one_that_the_header_says() {
    let world = World::new().await;
    let path = format!("/api/v1/trajectories/{}/events", trajectory(1));
    let post = |actor: &'static [u8]| {
        let request = world.request(Method::POST, &path).header("content-type", "application/json").header("x-actor", actor);
        request.body(Full::new(Bytes::from(intake(1, "2026-01-05").to_string()))).unwrap()
    };
    for wrong in [&b""[..], b"a\tb", b"\xff", &[b'x'; 201]] {
        world.send(post(wrong)).await.is_problem(400, "malformed");
    }
    let answer = world.send(post("Zoë".as_bytes())).await;
    assert_eq!((answer.status, answer.json()["actor"].as_str().map(str::to_owned)), (201, Some("Zoë".to_owned())));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_decision_is_all_or_nothing_and_answers_a_list() {
    let world = World::new().await;
    let path = format!("/api/v1/trajectories/{}/events", trajectory(1));
    let (a, b) = (intake(1, "2026-01-05"), contact(1, 2, "2026-01-06", "een"));
    let wrong = json!({"events": [a, b, line(1, 3, "paid_work_stopped", "2026-02-01", json!({"job_id": id(0xb, 1)}))]});
    let refused = world.post(&path, wrong.to_string()).await.is_problem(422, "unknown_job");
    assert_eq!(refused["event_id"], id(0xe000_0003, 1));
    assert_eq!(world.log.head().await.unwrap().position.0, 0);
    let right = json!({"events": [a, b], "expected_revision": 0}).to_string();
    let done = world.post(&path, right.clone()).await;
    assert_eq!(done.status, 201, "{done:?}");
    let events = done.json();
    assert_eq!(events[1]["decision"], events[0]["event_id"]);
    assert_eq!(events.as_array().unwrap().len(), 2);
    let again = world.post(&path, right).await;
    assert_eq!((again.status, again.json()), (200, events));
    let more = json!({"events": [a, contact(1, 4, "2026-01-07", "twee")]}).to_string();
    assert_eq!(world.post(&path, more).await.status, 201);
}

#[tokio::test(flavor = "multi_thread")]
async fn refusals_carry_code_conflicts_and_the_current_revision() {
    let world = World::new().await;
    world.record(&intake(1, "2026-01-05")).await;
    let mut other = intake(1, "2026-01-05");
    other["data"]["region"] = "AM19".into();
    world.record(&other).await.is_problem(409, "event_id_reused");
    let mut second = contact(1, 2, "2026-01-06", "x");
    second["expected_revision"] = 7.into();
    let problem = world.record(&second).await.is_problem(409, "wrong_expected_revision");
    assert_eq!(problem["current_revision"], 1);
    second["expected_revision"] = 1.into();
    assert_eq!(world.record(&second).await.status, 201);
    let again = line(1, 5, "intake", "2026-01-07", intake(1, "x")["data"].clone());
    let problem = world.record(&again).await.is_problem(422, "second_intake");
    assert_eq!(problem["conflicts"], json!([id(0xe000_0001, 1)]));
    assert_eq!(problem["event_id"], id(0xe000_0005, 1));
    let mut elsewhere = contact(1, 6, "2026-01-07", "x");
    elsewhere["organisation"] = "org-2".into();
    world.record(&elsewhere).await.is_problem(422, "organisation_mismatch");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_outbox_is_judged_element_by_element_in_order() {
    let world = World::new().await;
    let mut malformed = contact(1, 8, "2026-01-08", "x");
    malformed["data"]["channel"] = "pigeon".into();
    let mut behind = contact(1, 9, "2026-01-08", "x");
    behind["expected_revision"] = 0.into();
    let outbox = json!([
        contact(1, 2, "2026-01-06", "te vroeg"),
        intake(1, "2026-01-05"),
        malformed,
        contact(1, 3, "2026-01-06", "goed"),
        intake(1, "2026-01-05"),
        behind,
        7,
        intake(2, "2026-01-05")
    ]);
    let answer = world.post("/api/v1/events", outbox.to_string()).await;
    assert_eq!(answer.status, 200, "{answer:?}");
    let answers = answer.json();
    let statuses: Vec<_> = answers.as_array().unwrap().iter().map(|one| one["status"].as_u64().unwrap()).collect();
    assert_eq!(statuses, [422, 201, 400, 201, 200, 409, 400, 201]);
    assert_eq!(answers[0]["problem"]["code"], "no_intake");
    assert_eq!(answers[3]["event"]["revision"], 2);
    assert_eq!(answers[2]["problem"]["errors"][0]["event"], 2);
    assert_eq!(answers[5]["problem"]["request_id"], answer.header("x-request-id"));
    assert_eq!(world.post("/api/v1/events", "[]").await.json(), json!([]));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_client_that_was_erased_answers_410_and_stops_no_other() {
    let world = World::new().await;
    world.record(&intake(1, "2026-01-05")).await;
    world.keys.destroy(id(0xc000_0000, 1).parse().unwrap()).unwrap();
    world.record(&contact(1, 2, "2026-01-06", "te laat")).await.is_problem(410, "erased");
    let outbox = json!([intake(2, "2026-01-05"), contact(1, 3, "2026-01-06", "te laat"), intake(3, "2026-01-05")]);
    let answers = world.post("/api/v1/events", outbox.to_string()).await.json();
    let statuses: Vec<_> = answers.as_array().unwrap().iter().map(|one| one["status"].as_u64().unwrap()).collect();
    assert!(statuses[0] / 100 == 2 && statuses[1] == 410 && statuses[2] == 201, "{answers}");
    let history = world.get(&format!("/api/v1/trajectories/{}/events", trajectory(1))).await.json();
    assert_eq!(history[0]["data"]["label"], json!({"erased": true}));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_log_that_is_gone_is_503_and_a_full_one_507_and_both_heal() {
    let world = World::new().await;
    for _ in 0..400 {
        world.log.inject(Fault::Unavailable { storage_full: false });
    }
    let answer = world.record(&intake(1, "2026-01-05")).await;
    answer.is_problem(503, "unavailable");
    assert!(!answer.header("retry-after").is_empty());
    let full = World::new().await;
    full.log.inject(Fault::Unavailable { storage_full: true });
    full.record(&intake(1, "2026-01-05")).await.is_problem(507, "storage_full");
    // A balancer that took it away would take away the very commands by which it finds out that there is room.
    let ready = full.get("/readyz").await;
    assert_eq!((ready.status, ready.json()), (200, json!({"ready": true, "reasons": ["storage is full"]})));
    assert_eq!(full.record(&intake(1, "2026-01-05")).await.status, 201);
    assert_eq!(full.get("/readyz").await.status, 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_append_of_which_nothing_is_known_is_found_or_done_again() {
    let world = World::new().await;
    world.log.inject(Fault::UnknownKept);
    assert_eq!(world.record(&intake(1, "2026-01-05")).await.status, 201);
    world.log.inject(Fault::UnknownLost);
    assert_eq!(world.record(&contact(1, 2, "2026-01-06", "x")).await.json()["revision"], 2);
    assert_eq!(world.log.head().await.unwrap().position.0, 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_log_on_disk_answers_the_same() {
    let folder = tempfile::TempDir::new().unwrap();
    let log = EmbeddedLog::open(folder.path(), log_embedded::Mode::Write).unwrap();
    let world = World::over(log, gateway::Limits::default()).await;
    let event = world.record(&intake(1, "2026-01-05")).await;
    assert_eq!((event.status, event.json()["position"].as_u64()), (201, Some(1)));
    assert_eq!(world.record(&intake(1, "2026-01-05")).await.status, 200);
    let many: Vec<_> = (10..60).map(|n| contact(1, n, "2026-01-06", "veel")).collect();
    let answers = world.post("/api/v1/events", json!(many).to_string()).await.json();
    assert!(answers.as_array().unwrap().iter().all(|one| one["status"] == 201), "{answers}");
    let path = format!("/api/v1/trajectories/{}", trajectory(1));
    assert_eq!(world.get(&format!("{path}?asOf=20")).await.json()["revision"], 20);
    assert_eq!(world.get(&format!("{path}/events?asOf=20")).await.json().as_array().unwrap().len(), 20);
    assert_eq!(world.get("/api/v1/events?from=11&limit=5").await.json()["events"][4]["position"], 15);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_looks_odd_and_the_contract_allows_is_recorded() {
    let world = World::new().await;
    let labelled = |of: u32, label: &str, on: &str| {
        let mut event = intake(of, on);
        event["data"]["label"] = label.into();
        event
    };
    let zero = json!({"job_id": id(0xb, 1), "hours_per_week": 0, "wage_value_percent": 0});
    for event in [
        labelled(1, "", "2026-01-05"),
        labelled(2, " \t ", "2026-01-05"),
        labelled(3, "a\u{0}b\u{7}c\u{202e}", "2026-01-05"),
        labelled(4, "Mevrouw De Wit", "0001-01-01"),
        line(1, 2, "paid_work_started", "0001-01-01", zero),
        line(4, 2, "assessment", "2026-01-06", json!({"max_hours_per_week": 0})),
        line(2, 2, "retraction", "2026-02-01", json!({"event_id": id(0xe000_0001, 2), "reason": ""})),
    ] {
        let answer = world.record(&event).await;
        assert_eq!(answer.status, 201, "{event}: {}", answer.json());
        assert_eq!(answer.json()["data"], event["data"], "as it was sent");
    }
    let too_short = json!({"with": "client", "channel": "phone", "minutes": 0});
    world.record(&line(1, 3, "contact", "2026-01-06", too_short)).await.is_problem(422, "invalid_value");
    let no_reason = json!({"event_id": id(0xe000_0001, 1)});
    world.record(&line(1, 4, "retraction", "2026-02-01", no_reason)).await.is_problem(400, "malformed");
    world.record(&line(1, 5, "contact", "0000-12-31", json!({"with": "client", "channel": "phone"}))).await.is_problem(400, "malformed");
}
