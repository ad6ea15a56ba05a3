//! Server-sent events.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use axum::http::{Method, Request};
use bytes::Bytes;
use domain::Quarter;
use event_log::EventLog;
use gateway::{
    Limits,
    ports::{FiguresAnswer, FiguresAsk, Later, LiveFigures, PortError},
};
use http_body_util::{BodyExt, Full};
use hyper::{body::Incoming, client::conn::http1};
use hyper_util::rt::TokioIo;
use serde_json::{Value, json};
use tokio::{net::TcpStream, sync::watch};

use crate::world::{World, contact, intake};

pub struct Stream {
    body: Incoming,
    text: String,
}

#[derive(Debug, PartialEq)]
pub struct Told {
    event: String,
    pub id: u64,
    pub data: Value,
}

impl Stream {
    pub async fn open<L: EventLog>(world: &World<L>, request: Request<Full<Bytes>>) -> Self {
        let stream = TcpStream::connect(world.address).await.unwrap();
        let (mut sender, connection) = http1::handshake(TokioIo::new(stream)).await.unwrap();
        tokio::spawn(connection);
        let response = sender.send_request(request).await.unwrap();
        assert_eq!(response.status().as_u16(), 200);
        assert_eq!(response.headers()["content-type"], "text/event-stream");
        Self { body: response.into_body(), text: String::new() }
    }

    /// The figures of 2026Q1.
    pub async fn open_figures<L: EventLog>(world: &World<L>) -> Self {
        Self::open(world, world.request(Method::GET, "/api/v1/figures/2026Q1/live").body(Full::default()).unwrap()).await
    }

    /// The next event; `None` at the end.
    pub async fn next(&mut self) -> Option<Told> {
        loop {
            if let Some((block, rest)) = self.text.split_once("\n\n") {
                let field = |name: &str| block.lines().find_map(|line| line.strip_prefix(name)).map(|value| value.trim_start().to_owned());
                let told = field("event:").map(|event| Told {
                    event,
                    id: field("id:").unwrap().parse().unwrap(),
                    data: serde_json::from_str(&field("data:").unwrap()).unwrap(),
                });
                self.text = rest.to_owned();
                if told.is_some() {
                    return told;
                }
                continue;
            }
            let frame = tokio::time::timeout(Duration::from_secs(10), self.body.frame()).await.expect("in time")?;
            let data = frame.ok()?.into_data().unwrap();
            self.text.push_str(std::str::from_utf8(&data).unwrap());
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn figures_come_at_once_and_after_each_change_and_end_with_the_process() {
    let world = World::new().await;
    let request = world.request(Method::GET, "/api/v1/figures/2026Q1/live").body(Full::default()).unwrap();
    let mut stream = Stream::open(&world, request).await;
    let first = stream.next().await.unwrap();
    assert_eq!((first.event.as_str(), first.id), ("figures", 0));
    world.record(&intake(1, "2026-01-05")).await;
    let second = stream.next().await.unwrap();
    assert_eq!((second.id, second.data["figures"]["all"]["running"].as_u64()), (1, Some(1)));
    world.record(&intake(2, "2026-01-05")).await;
    assert_eq!(stream.next().await.unwrap().data["figures"]["all"]["running"], 2);
    world.shutdown.send_replace(true);
    assert_eq!(stream.next().await, None);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_first_change_is_told_at_once_and_those_that_follow_too_soon_together() {
    let pause = Duration::from_secs(2);
    let world = World::with(Limits { live_pause: pause, ..Limits::default() }).await;
    let request = world.request(Method::GET, "/api/v1/figures/2026Q1/live").body(Full::default()).unwrap();
    let mut stream = Stream::open(&world, request).await;
    stream.next().await.unwrap();
    let began = Instant::now();
    world.record(&intake(1, "2026-01-05")).await;
    assert_eq!(stream.next().await.unwrap().id, 1);
    assert!(began.elapsed() < pause / 2, "{:?}", began.elapsed());
    for n in 2..=5 {
        world.record(&intake(n, "2026-01-05")).await;
    }
    assert_eq!(stream.next().await.unwrap().id, 5);
    assert!(began.elapsed() >= pause, "{:?}", began.elapsed());
}

#[tokio::test(flavor = "multi_thread")]
async fn the_log_is_followed_from_a_position_and_on_after_the_last_id() {
    let world = World::new().await;
    world.record(&intake(1, "2026-01-05")).await;
    world.record(&contact(1, 2, "2026-01-06", "een")).await;
    let request = world.request(Method::GET, "/api/v1/events/live?from=2").body(Full::default()).unwrap();
    let mut stream = Stream::open(&world, request).await;
    assert_eq!(stream.next().await.unwrap().data["data"]["note"], "een");
    world.record(&contact(1, 3, "2026-01-06", "twee\nregels")).await;
    let told = stream.next().await.unwrap();
    assert_eq!((told.event.as_str(), told.id, &told.data["data"]["note"]), ("event", 3, &Value::from("twee\nregels")));
    let request = world.request(Method::GET, "/api/v1/events/live").header("last-event-id", "2").body(Full::default()).unwrap();
    assert_eq!(Stream::open(&world, request).await.next().await.unwrap().id, 3);
    let wrong = world.request(Method::GET, "/api/v1/events/live").header("last-event-id", "x").body(Full::default()).unwrap();
    world.send(wrong).await.is_problem(400, "malformed");
    world.shutdown.send_replace(true);
    assert_eq!(stream.next().await, None);
}

/// Figures of several views that are not equally far: the position of an answer is what was told last.
struct Uneven(watch::Receiver<u64>);

impl LiveFigures for Uneven {
    fn figures<'a>(&'a self, _: &'a FiguresAsk) -> Later<'a, Result<FiguresAnswer, PortError>> {
        let position = *self.0.borrow();
        let body = json!({"position": position}).to_string().into();
        Box::pin(async move {
            if position == 0 { Err(PortError::Unavailable("away".to_owned())) } else { Ok(FiguresAnswer { position, body }) }
        })
    }

    fn changes(&self, _: Quarter) -> Later<'_, Result<watch::Receiver<u64>, PortError>> {
        Box::pin(async { Ok(self.0.clone()) })
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_live_stream_never_goes_back_and_outlives_a_view_that_is_away_for_a_moment() {
    let (position, told) = watch::channel(5);
    let world = World::with_figures(async |_, _| Arc::new(Uneven(told)) as Arc<dyn LiveFigures>).await;
    let mut stream = Stream::open_figures(&world).await;
    assert_eq!(stream.next().await.unwrap().id, 5);
    for next in [3, 5, 0, 4, 0, 6] {
        position.send_replace(next);
        tokio::time::sleep(Duration::from_millis(300)).await;
    }
    assert_eq!(stream.next().await.unwrap().id, 6);
}
