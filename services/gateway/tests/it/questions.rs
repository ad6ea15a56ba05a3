//! State, history, figures, the log.

use axum::http::Method;
use serde_json::{Value, json};

use crate::world::{World, contact, id, intake, line, trajectory};

async fn some() -> World {
    let world = World::new().await;
    for n in 1..=3 {
        assert_eq!(world.record(&intake(n, "2026-01-05")).await.status, 201);
    }
    world.record(&contact(1, 2, "2026-01-06", "belt terug")).await;
    world.record(&line(2, 2, "paid_work_started", "2026-02-01", json!({"job_id": id(0xb, 1), "employer": "Bakkerij"}))).await;
    world.record(&line(3, 2, "outflow", "2026-03-01", json!({}))).await;
    world
}

#[tokio::test(flavor = "multi_thread")]
async fn a_trajectory_is_shown_on_a_day_and_as_of_a_state() {
    let world = some().await;
    let path = format!("/api/v1/trajectories/{}", trajectory(2));
    let status = world.get(&path).await;
    assert_eq!((status.status, status.header("cache-control")), (200, "no-store"));
    let status = status.json();
    assert_eq!((&status["revision"], &status["step"], &status["on"]), (&json!(2), &json!("coaching"), &json!("2026-07-01")));
    assert_eq!(world.get(&format!("{path}?on=2026-01-31")).await.json()["step"], "intake");
    assert_eq!(world.get(&format!("{path}?asOf=2")).await.json()["revision"], 1);
    world.get(&format!("{path}?asOf=1")).await.is_problem(404, "not_found");
    assert_eq!(world.get(&format!("{path}?asOf=2026-07-01T00:00:00Z")).await.json()["revision"], 2);
    for wrong in
        ["asOf=99", "asOf=2026-07-01", "asOf=2027-01-01T00:00:00Z", "asOf=", "on=2026-02-30", "asof=1", "on=2026-01-01&on=2026-01-01"]
    {
        world.get(&format!("{path}?{wrong}")).await.is_problem(400, "malformed");
    }
    world.get(&format!("/api/v1/trajectories/{}", trajectory(9))).await.is_problem(404, "not_found");
    world.get(&format!("/api/v1/trajectories/{}/events", trajectory(9))).await.is_problem(404, "not_found");
    world.get("/api/v1/trajectories/7").await.is_problem(400, "malformed");
    let history = world.get(&format!("{path}/events")).await.json();
    assert_eq!((history[0]["revision"].as_u64(), &history[1]["data"]["employer"]), (Some(1), &json!("Bakkerij")));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_caseload_is_filtered_and_paged() {
    let world = some().await;
    let ids = |answer: Value| answer["trajectories"].as_array().unwrap().iter().map(|t| t["trajectory_id"].clone()).collect::<Vec<_>>();
    assert_eq!(ids(world.get("/api/v1/trajectories").await.json()).len(), 3);
    assert_eq!(ids(world.get("/api/v1/trajectories?running=false").await.json()), [trajectory(3)]);
    assert_eq!(ids(world.get("/api/v1/trajectories?step=coaching&method=ips&organisation=org-1").await.json()), [trajectory(2)]);
    let page = world.get("/api/v1/trajectories?limit=2&sort=trajectoryId").await;
    let next = page.json()["next"].as_str().unwrap().to_owned();
    assert_eq!(page.header("link"), format!("<{next}>; rel=\"next\""));
    let rest = world.get(&next).await.json();
    assert_eq!((ids(rest.clone()), &rest["next"]), (vec![json!(trajectory(3))], &Value::Null));
    for wrong in
        ["limit=0", "limit=9999", "limit=x", "running=ja", "step=x", "sort=label", "cursor=%20", "cursor=x", "coach=A", "label=Jan"]
    {
        world.get(&format!("/api/v1/trajectories?{wrong}")).await.is_problem(400, "malformed");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn figures_are_answered_now_and_then_in_both_forms() {
    let world = some().await;
    let now = world.get("/api/v1/figures/2026Q1").await;
    assert_eq!((now.status, now.json()["as_of"]["position"].as_u64()), (200, Some(6)));
    let then = world.get("/api/v1/figures/2026Q1?asOf=2&tables=true&scope=organisation:org-1").await.json();
    assert_eq!((&then["as_of"]["position"], &then["figures"]["all"]["running"]), (&json!(2), &json!(2)));
    let same = world.get("/api/v1/figures/2026Q1?asOf=6").await.json();
    assert_eq!(same["figures"], now.json()["figures"]);
    let csv = |path: &str, accept: &str| world.request(Method::GET, path).header("accept", accept).body(Default::default()).unwrap();
    for path in ["/api/v1/figures/2026Q1", "/api/v1/figures/2026Q1?asOf=6"] {
        let table = world.send(csv(path, "text/csv")).await;
        assert!(table.header("content-type").starts_with("text/csv"), "{table:?}");
        assert!(table.body.starts_with(b"quarter,scope,table,method,breakdown,measure,count"), "{table:?}");
    }
    assert!(world.send(csv("/api/v1/figures/2026Q1", "text/csv;q=0.1, */*")).await.json().is_object());
    world.send(csv("/api/v1/figures/2026Q1", "image/png")).await.is_problem(406, "not_acceptable");
    *world.views.gone.lock().unwrap() = true;
    assert_eq!(world.get("/api/v1/figures/2026Q1").await.json(), now.json());
    world.get("/api/v1/trajectories").await.is_problem(503, "unavailable");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_question_about_figures_is_told_so() {
    let world = some().await;
    for wrong in ["2026Q5", "2026Q1?scope=region:AM99", "2026Q1?scope=region:AM18,region:AM19", "2026Q1?asOf=7", "2026Q1?tables=ja"] {
        world.get(&format!("/api/v1/figures/{wrong}")).await.is_problem(400, "malformed");
    }
    for wrong in
        ["2026Q1?asOf=2027-01-01T00:00:00Z", "2026Q1?scope=", "2026Q1?disclosure=all", "2026Q1?Scope=national", "2026Q1/live?asOf=1"]
    {
        world.get(&format!("/api/v1/figures/{wrong}")).await.is_problem(400, "malformed");
    }
    world.get("/api/v1/figures/2026Q1?definitions=mine").await.is_problem(404, "not_found");
    world.get("/api/v1/figures/2026Q1?disclosure=public").await.is_problem(404, "not_found");
    assert_eq!(world.get("/api/v1/figures/2026Q1?scope=organisation:nobody").await.json()["figures"]["all"]["running"], 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_log_is_read_page_by_page() {
    let world = some().await;
    let (mut next, mut positions) = (Some("/api/v1/events?limit=4".to_owned()), Vec::new());
    while let Some(path) = next {
        let page = world.get(&path).await.json();
        positions.extend(page["events"].as_array().unwrap().iter().map(|event| event["position"].as_u64().unwrap()));
        next = page["next"].as_str().map(str::to_owned);
    }
    assert_eq!(positions, [1, 2, 3, 4, 5, 6]);
    assert_eq!(world.get("/api/v1/events?from=7").await.json(), json!({"events": [], "next": null}));
    world.get("/api/v1/events?from=-1").await.is_problem(400, "malformed");
    world.get("/api/v1/events?from=99999999999999999999").await.is_problem(400, "malformed");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_may_begin_and_end_within_a_decision() {
    let world = World::new().await;
    let events: Vec<_> = std::iter::once(intake(1, "2026-01-05")).chain((2..8).map(|n| contact(1, n, "2026-01-06", "x"))).collect();
    let path = format!("/api/v1/trajectories/{}/events", trajectory(1));
    assert_eq!(world.post(&path, json!({"events": events}).to_string()).await.status, 201);
    let page = world.get("/api/v1/events?from=3&limit=2").await.json();
    let positions: Vec<_> = page["events"].as_array().unwrap().iter().map(|event| event["position"].as_u64().unwrap()).collect();
    assert_eq!((positions, page["next"].as_str()), (vec![3, 4], Some("/api/v1/events?from=5&limit=2")));
    // An as-of position never cuts a decision.
    world.get(&format!("/api/v1/trajectories/{}?asOf=3", trajectory(1))).await.is_problem(404, "not_found");
}

#[tokio::test(flavor = "multi_thread")]
async fn projectors_are_seen_and_told() {
    let world = World::new().await;
    assert_eq!(world.get("/api/v1/projections").await.json()["projections"][0]["doing"], "following");
    let send = |method: Method, path: &str| world.send(world.request(method, path).body(Default::default()).unwrap());
    assert_eq!(send(Method::POST, "/api/v1/projections/werkmonitor/rebuilds").await.status, 202);
    assert_eq!(send(Method::POST, "/api/v1/projections/werkmonitor/retries").await.status, 202);
    send(Method::POST, "/api/v1/projections/nobody/rebuilds").await.is_problem(404, "not_found");
    send(Method::DELETE, "/api/v1/projections/werkmonitor/rebuilds/current").await.is_problem(409, "conflict");
    assert_eq!((world.get("/healthz").await.status, world.get("/readyz").await.status), (200, 200));
    world.views.stopped.lock().unwrap().insert("werkmonitor".to_owned());
    let ready = world.get("/readyz").await;
    assert_eq!((ready.status, ready.json()["ready"].as_bool()), (503, Some(false)));
    assert_eq!(world.get("/metrics").await.body, "trajectlog_up 1\n");
}

#[tokio::test(flavor = "multi_thread")]
async fn it_is_ready_only_while_every_view_that_it_needs_answers_and_follows_the_log() {
    let world = World::new().await;
    let reasons = async || {
        let ready = world.get("/readyz").await;
        let told = ready.json();
        assert_eq!((ready.status == 200, told["ready"] == true), (told["reasons"] == json!([]), told["reasons"] == json!([])), "{told}");
        told["reasons"].clone()
    };
    assert_eq!(reasons().await, json!([]));
    world.views.silent.lock().unwrap().insert("sustainable-work".to_owned());
    assert_eq!(reasons().await, json!(["sustainable-work does not answer"]));
    world.views.silent.lock().unwrap().insert("werkmonitor".to_owned());
    assert_eq!(reasons().await, json!(["sustainable-work does not answer", "werkmonitor does not answer"]));
    world.views.silent.lock().unwrap().clear();
    world.views.waiting.lock().unwrap().insert("werkmonitor".to_owned());
    assert_eq!(reasons().await, json!(["werkmonitor cannot reach the log"]));
    world.views.waiting.lock().unwrap().clear();
    *world.views.gone.lock().unwrap() = true;
    assert_eq!(reasons().await, json!(["sustainable-work does not answer", "werkmonitor does not answer"]));
}
