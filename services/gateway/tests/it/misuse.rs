//! Foreign hosts and pages, wrong addresses and methods: always a problem, never a word of what was sent.

use axum::http::{Method, Request};
use bytes::Bytes;
use http_body_util::Full;

use crate::world::{World, intake, send, trajectory};

#[tokio::test(flavor = "multi_thread")]
async fn a_foreign_host_or_origin_is_turned_away() {
    let world = World::new().await;
    let port = world.address.port();
    let with = |host: &str, origin: Option<&str>| {
        let mut request = Request::builder().uri("/api/v1/trajectories").header("host", host);
        if let Some(origin) = origin {
            request = request.header("origin", origin);
        }
        send(world.address, request.body(Full::<Bytes>::default()).unwrap())
    };
    for host in [format!("localhost:{port}"), format!("LOCALHOST:{port}"), format!("[::1]:{port}"), format!("127.0.0.1:{port}")] {
        assert_eq!(with(&host, None).await.status, 200, "{host}");
        assert_eq!(with(&host, Some(&format!("http://{host}"))).await.status, 200, "{host}");
    }
    for host in ["evil.example", "localhost", "localhost:1", "127.0.0.1", "[::1]", "", "localhost:", "localhost:080", "0.0.0.0:1"] {
        with(host, None).await.is_problem(421, "foreign_host");
    }
    with(&format!("localhost.evil.example:{port}"), None).await.is_problem(421, "foreign_host");
    let here = format!("localhost:{port}");
    for origin in ["null", "http://evil.example", "http://localhost", "file://", "", "http://localhost.evil.example"] {
        with(&here, Some(origin)).await.is_problem(403, "foreign_origin");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_axum_answers_by_itself_is_a_problem_too() {
    let world = World::new().await;
    for path in ["/", "/api/v1", "/api/v1/", "/api/v1/trajectories/", "/healthz/", "/api/v2/events", "/api/v1/advice"] {
        world.get(path).await.is_problem(404, "not_found");
    }
    let answer = world.send(world.request(Method::PUT, "/api/v1/trajectories").body(Default::default()).unwrap()).await;
    answer.is_problem(405, "method_not_allowed");
    assert!(answer.header("allow").contains("GET"), "{answer:?}");
    world.get("/api/v1/trajectories/%ff").await.is_problem(400, "malformed");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_keeps_its_own_id_when_that_is_well_formed() {
    let world = World::new().await;
    let with =
        |id: &'static str| world.send(world.request(Method::GET, "/nowhere").header("x-request-id", id).body(Default::default()).unwrap());
    assert_eq!(with("abc-7.x_Z").await.is_problem(404, "not_found")["request_id"], "abc-7.x_Z");
    assert_ne!(with("a b").await.is_problem(404, "not_found")["request_id"], "a b");
    assert_eq!(world.get("/healthz").await.header("x-content-type-options"), "nosniff");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_media_type_must_be_json() {
    let world = World::new().await;
    let path = format!("/api/v1/trajectories/{}/events", trajectory(1));
    let with = |media: Option<&'static str>| {
        let mut request = world.request(Method::POST, &path);
        if let Some(media) = media {
            request = request.header("content-type", media);
        }
        world.send(request.body(Full::new(Bytes::from(intake(1, "2026-01-05").to_string()))).unwrap())
    };
    for media in
        [None, Some("text/plain"), Some("application/msgpack"), Some("application/json; charset=latin1"), Some("application/jsonx")]
    {
        with(media).await.is_problem(415, "unsupported_media_type");
    }
    assert_eq!(with(Some("Application/JSON; charset=UTF-8")).await.status, 201);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_problem_repeats_nothing_that_was_written() {
    let world = World::new().await;
    let path = format!("/api/v1/trajectories/{}/events", trajectory(1));
    let secret = "Mevrouw De Wit";
    let bodies = [
        format!("\"{secret}\""),
        format!("{{\"{secret}\": 1}}"),
        intake(1, "2026-01-05").to_string().replace("\"ips\"", &format!("\"{secret}\"")),
        intake(1, "2026-01-05").to_string().replace("2026-01-05", secret),
        format!("{{\"events\": \"{secret}\"}}"),
        format!("{{\"events\": [\"{secret}\"], \"{secret}\": 2}}"),
        format!("{{\"event_id\": \"{secret}\"}}"),
    ];
    for body in bodies {
        for path in [path.as_str(), "/api/v1/events"] {
            let answer = world.post(path, body.clone()).await;
            assert!(!String::from_utf8_lossy(&answer.body).contains("De Wit"), "{answer:?}");
            assert_eq!(answer.status, 400);
        }
    }
    let answer = world.get("/api/v1/trajectories?label=Mevrouw%20De%20Wit&Mevrouw%20De%20Wit=1").await;
    assert!(!String::from_utf8_lossy(&answer.body).contains("De Wit"), "{answer:?}");
}
