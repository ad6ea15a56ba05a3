//! Every limit, reached.

use std::{num::NonZeroU32, time::Duration};

use gateway::Limits;
use serde_json::json;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

use crate::world::{World, contact, intake, trajectory};

#[tokio::test(flavor = "multi_thread")]
async fn a_body_that_is_too_large_is_413_before_it_is_read_and_while() {
    let world =
        World::with(Limits { event_bytes: 2_000, outbox_bytes: 4_000, outbox_events: 3, decision_events: 2, ..Limits::default() }).await;
    let long = contact(1, 2, "2026-01-06", &"x".repeat(3_000));
    world.record(&long).await.is_problem(413, "too_large");
    world.post("/api/v1/events", json!([long, long]).to_string()).await.is_problem(413, "too_large");
    world.post("/api/v1/events", "[1,2,3,4]").await.is_problem(413, "too_large");
    let path = format!("/api/v1/trajectories/{}/events", trajectory(1));
    world.post(&path, "{\"events\":[1,2,3]}").await.is_problem(413, "too_large");
    let mut stream = TcpStream::connect(world.address).await.unwrap();
    let head =
        format!("POST {path} HTTP/1.1\r\nhost: {}\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n", world.address);
    stream.write_all(head.as_bytes()).await.unwrap();
    let chunk = format!("{:x}\r\n{}\r\n", 1_500, " ".repeat(1_500));
    stream.write_all(chunk.as_bytes()).await.unwrap();
    stream.write_all(chunk.as_bytes()).await.unwrap();
    let mut answer = vec![0; 12];
    stream.read_exact(&mut answer).await.unwrap();
    assert_eq!(&answer, b"HTTP/1.1 413");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_caller_who_asks_too_much_is_told_when_to_come_back() {
    let (one, three) = (NonZeroU32::new(1).unwrap(), NonZeroU32::new(3).unwrap());
    let world = World::with(Limits { caller_rate: one, caller_burst: three, ..Limits::default() }).await;
    for _ in 0..3 {
        assert_eq!(world.get("/api/v1/projections").await.status, 200);
    }
    let answer = world.get("/api/v1/projections").await;
    answer.is_problem(429, "too_many_requests");
    assert!(answer.header("retry-after").parse::<u32>().unwrap() >= 1);
    assert_eq!(world.get("/healthz").await.status, 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_slow_body_is_408_and_a_slow_head_ends_the_connection() {
    let short = Duration::from_millis(200);
    let world = World::with(Limits { body_time: short, head_time: short, ..Limits::default() }).await;
    let path = format!("/api/v1/trajectories/{}/events", trajectory(1));
    let mut stream = TcpStream::connect(world.address).await.unwrap();
    let head = format!("POST {path} HTTP/1.1\r\nhost: {}\r\ncontent-type: application/json\r\ncontent-length: 10\r\n\r\n{{", world.address);
    stream.write_all(head.as_bytes()).await.unwrap();
    let mut answer = vec![0; 12];
    stream.read_exact(&mut answer).await.unwrap();
    assert_eq!(&answer, b"HTTP/1.1 408");
    let mut stream = TcpStream::connect(world.address).await.unwrap();
    stream.write_all(b"GET / HT").await.unwrap();
    let mut rest = Vec::new();
    tokio::time::timeout(Duration::from_secs(5), stream.read_to_end(&mut rest)).await.expect("it ends").unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn when_nothing_more_is_worked_on_the_answer_is_503() {
    let world = World::with(Limits { requests: 0, streams: 0, ..Limits::default() }).await;
    let answer = world.record(&intake(1, "2026-01-05")).await;
    answer.is_problem(503, "unavailable");
    assert!(!answer.header("retry-after").is_empty());
    let world = World::with(Limits { streams: 0, ..Limits::default() }).await;
    world.get("/api/v1/events/live").await.is_problem(503, "unavailable");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_handler_that_panics_or_hangs_is_a_problem_and_no_lost_connection() {
    let world = World::with(Limits { request_time: Duration::from_millis(200), ..Limits::default() }).await;
    world.get("/api/v1/trajectories?coach=breaks").await.is_problem(500, "internal");
    world.get("/api/v1/trajectories?coach=hangs").await.is_problem(503, "unavailable");
    assert_eq!(world.get("/api/v1/trajectories").await.status, 200);
}

#[tokio::test]
async fn the_contract_says_how_many_events_are_taken_at_once() {
    let contracts = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/contracts");
    let limits = Limits::default();
    let schema: serde_json::Value =
        serde_json::from_str(&std::fs::read_to_string(format!("{contracts}/events.schema.json")).unwrap()).unwrap();
    assert_eq!(schema["$defs"]["new_decision"]["properties"]["events"]["maxItems"], limits.decision_events);
    let asyncapi = std::fs::read_to_string(format!("{contracts}/asyncapi.yaml")).unwrap();
    assert!(asyncapi.contains(&format!("maxItems: {}\n", limits.outbox_events)), "the outbox");
    let fewer = World::with(Limits { decision_events: 7, ..limits }).await;
    let described: serde_json::Value = serde_json::from_slice(&fewer.gateway.openapi()).unwrap();
    assert_eq!(described["components"]["schemas"]["new_decision"]["properties"]["events"]["maxItems"], 7, "a setting is described too");
}
