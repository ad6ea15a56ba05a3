//! Commands and questions over a real NATS server.

use std::{sync::Arc, time::Duration};

use async_nats::{Client, HeaderMap, Message};
use domain::Quarter;
use event_log::{EventLog, Fault};
use figures::Scope;
use futures_util::StreamExt;
use gateway::{
    Limits,
    nats::{Asking, answer_figures, answer_projectors, answer_statuses, serve_commands},
    ports::{CaseloadAsk, CaseloadPage, FiguresAsk, Form, Later, LiveFigures, PortError, Projectors, Statuses},
};
use log_jetstream::testbed::Server;
use proptest::{prelude::*, test_runner::TestRunner};
use serde_json::{Value, json};
use tokio::runtime::Runtime;
use uuid::Uuid;

use crate::{
    live::Stream,
    world::{World, contact, intake, trajectory},
};

struct Nats {
    world: World,
    client: Client,
    server: Server,
}

impl Nats {
    async fn new() -> Self {
        Self::with(Limits::default()).await
    }

    async fn with(limits: Limits) -> Self {
        let server = Server::start();
        let client = async_nats::connect(server.url()).await.unwrap();
        let world = World::with(limits).await;
        let service = async_nats::connect(server.url()).await.unwrap();
        serve_commands(&world.gateway, service, "0.1.0").await.unwrap();
        Self { world, client, server }
    }

    async fn send(&self, organisation: &str, headers: &[(&str, &str)], body: impl Into<bytes::Bytes>) -> Message {
        let mut all = HeaderMap::new();
        headers.iter().for_each(|(name, value)| all.insert(*name, *value));
        self.client.request_with_headers(format!("traject.command.{organisation}"), all, body.into()).await.unwrap()
    }

    async fn json(&self, body: &Value) -> Value {
        read(&self.send("org-1", &[], body.to_string()).await)
    }
}

fn read(message: &Message) -> Value {
    let value: Value = match header(message, "Content-Type") {
        "application/msgpack" => rmp_serde::from_slice(&message.payload).unwrap(),
        _ => serde_json::from_slice(&message.payload).unwrap(),
    };
    let status = value["status"].as_u64().unwrap_or(200);
    let code = header(message, "Nats-Service-Error-Code");
    assert_eq!(code, if status >= 400 { status.to_string() } else { String::new() });
    value
}

fn header<'a>(message: &'a Message, name: &str) -> &'a str {
    message.headers.as_ref().and_then(|headers| headers.get(name)).map_or("", |value| value.as_str())
}

const MESSAGE_PACK: &[(&str, &str)] = &[("Content-Type", "application/msgpack")];

#[tokio::test(flavor = "multi_thread")]
async fn a_command_is_answered_in_its_own_format() {
    let nats = Nats::new().await;
    let first = nats.json(&intake(1, "2026-01-05")).await;
    assert_eq!((&first["status"], &first["event"]["revision"], &first["event"]["actor"]), (&json!(201), &json!(1), &json!("local")));
    let packed = rmp_serde::to_vec_named(&contact(1, 2, "2026-01-06", "Zoë belt")).unwrap();
    let headers = [("Content-Type", "application/msgpack"), ("X-Actor", "coach-7")];
    let reply = nats.send("org-1", &headers, packed.clone()).await;
    assert_eq!(header(&reply, "Content-Type"), "application/msgpack");
    let second = read(&reply);
    assert_eq!(
        (&second["status"], &second["event"]["data"]["note"], &second["event"]["actor"]),
        (&json!(201), &json!("Zoë belt"), &json!("coach-7"))
    );
    let again = read(&nats.send("org-1", MESSAGE_PACK, packed).await);
    assert_eq!((&again["status"], &again["event"]), (&json!(200), &second["event"]));
    let decision =
        nats.json(&json!({"events": [contact(1, 3, "2026-01-07", "a"), contact(1, 4, "2026-01-07", "b")], "expected_revision": 2})).await;
    assert_eq!((decision["status"].as_u64(), decision["events"].as_array().unwrap().len()), (Some(201), 2));
    let several = nats.json(&json!([contact(1, 5, "2026-01-07", "c"), 7])).await;
    assert_eq!((&several[0]["status"], &several[1]["status"]), (&json!(201), &json!(400)));
    let refused = nats.json(&contact(2, 2, "2026-01-06", "x")).await;
    assert_eq!((&refused["status"], &refused["problem"]["code"]), (&json!(422), &json!("no_intake")));
    assert!(refused["problem"]["request_id"].is_string());
    let elsewhere = nats.send("org-2", &[], intake(3, "2026-01-05").to_string()).await;
    assert_eq!(read(&elsewhere)["status"], 400);
    let media = nats.send("org-1", &[("Content-Type", "text/xml")], "<event/>").await;
    assert_eq!(read(&media)["status"], 415);
    let actor = nats.send("org-1", &[("X-Actor", "")], intake(3, "2026-01-05").to_string()).await;
    assert_eq!(read(&actor)["status"], 400);
    assert_eq!(nats.world.log.head().await.unwrap().position.0, 5);
    nats.world.log.inject(Fault::Unavailable { storage_full: true });
    assert_eq!(nats.json(&intake(4, "2026-01-05")).await["status"], 507);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_service_shows_itself_and_ends_with_the_process() {
    let nats = Nats::new().await;
    let info = nats.client.request("$SRV.INFO.trajectlog", "".into()).await.unwrap();
    let info: Value = serde_json::from_slice(&info.payload).unwrap();
    assert_eq!((info["name"].as_str(), info["endpoints"][0]["subject"].as_str()), (Some("trajectlog"), Some("traject.command.*")));
    nats.world.shutdown.send_replace(true);
    tokio::time::sleep(Duration::from_millis(300)).await;
    assert!(nats.client.request("$SRV.INFO.trajectlog", "".into()).await.is_err());
}

/// Each a message that only MessagePack can say wrongly.
fn wrong_messages() -> Vec<Vec<u8>> {
    let event = intake(1, "2026-01-05");
    let pairs = |more: (rmpv::Value, rmpv::Value)| {
        let mut value: rmpv::Value = rmp_serde::from_slice(&rmp_serde::to_vec_named(&event).unwrap()).unwrap();
        if let rmpv::Value::Map(fields) = &mut value {
            fields.push(more);
        }
        let mut bytes = Vec::new();
        rmpv::encode::write_value(&mut bytes, &value).unwrap();
        bytes
    };
    let whole = rmp_serde::to_vec_named(&event).unwrap();
    let deep = [vec![0x91; 100_000], vec![0xc0]].concat();
    vec![
        Vec::new(),
        vec![0xc1],
        whole[..whole.len() - 1].to_vec(),
        [whole.clone(), vec![0xc0]].concat(),
        deep,
        vec![0xdf, 0xff, 0xff, 0xff, 0xff],
        vec![0xdd, 0xff, 0xff, 0xff, 0xff],
        pairs(("organisation".into(), "org-1".into())),
        pairs((7.into(), 7.into())),
        pairs(("corrects".into(), rmpv::Value::Nil)),
        pairs(("corrects".into(), rmpv::Value::Binary(vec![7; 16]))),
        pairs(("corrects".into(), rmpv::Value::Ext(2, vec![7; 16]))),
        pairs(("schema".into(), rmpv::Value::F64(1.0))),
        pairs(("schema".into(), rmpv::Value::F64(f64::NAN))),
        pairs(("schema".into(), rmpv::Value::F32(f32::INFINITY))),
        pairs(("actor".into(), "x".into())),
        rmp_serde::to_vec(&("a", "list")).unwrap(),
    ]
}

#[tokio::test(flavor = "multi_thread")]
async fn a_message_that_cannot_be_read_is_answered_with_400() {
    let nats = Nats::new().await;
    for message in wrong_messages() {
        let shown = message.iter().take(40).copied().collect::<Vec<_>>();
        let answer = read(&nats.send("org-1", MESSAGE_PACK, message).await);
        let one = if answer.is_array() { &answer[0] } else { &answer };
        assert_eq!(one["status"], 400, "{shown:x?}: {answer}");
    }
    assert_eq!(nats.world.log.head().await.unwrap().position.0, 0);
    let number = json!({"job_id": trajectory(7), "hours_per_week": 24.25});
    nats.json(&intake(1, "2026-01-05")).await;
    let job = crate::world::line(1, 9, "paid_work_started", "2026-01-06", number);
    let job = read(&nats.send("org-1", MESSAGE_PACK, rmp_serde::to_vec_named(&job).unwrap()).await);
    assert_eq!(job["event"]["data"]["hours_per_week"], 24.25);
}

/// Each a text that is no command.
fn wrong_texts() -> Vec<Vec<u8>> {
    let whole = intake(1, "2026-01-05").to_string();
    let with = |more: &str| format!("{},{more}}}", &whole[..whole.len() - 1]);
    let texts = [
        "",
        " ",
        "null",
        "true",
        "7",
        "\"x\"",
        "{}",
        "{",
        "}",
        "[",
        "[[]]",
        "[{}]",
        "{\"events\":[]}",
        "{\"events\":{}}",
        "{\"events\":[7,null,{}]}",
        "{\"events\":[{}],\"events\":[{}]}",
        "{\"expected_revision\":0}",
        "{\"\\ud800\":1}",
        "{\"a\":1e999999}",
        "NaN",
        "\u{feff}{}",
        "\0",
    ];
    let mut all: Vec<Vec<u8>> = texts.iter().map(|text| text.as_bytes().to_vec()).collect();
    all.extend(
        [
            with("\"organisation\":\"org-1\""),
            with("\"expected_revision\":-1"),
            with("\"expected_revision\":1.0"),
            with("\"expected_revision\":1,\"expected_revision\":1"),
            with("\"position\":1"),
            with("\"corrects\":\"\\udc00\""),
            whole[..whole.len() - 1].to_owned(),
            format!("{whole}{whole}"),
            whole.replace("org-1", "ORG-1"),
            whole.replace("2026-01-05", "2026-02-30"),
            whole.replace("AM18", "AM18\u{0}"),
            ["[".repeat(200_000), "]".repeat(200_000)].concat(),
            format!("{{\"a\":{}1{}}}", "{\"a\":".repeat(50_000), "}".repeat(50_000)),
            format!("{{\"events\":{}}}", "[".repeat(200_000)),
        ]
        .map(String::into_bytes),
    );
    all.extend([
        b"{\"a\":\"\xff\"}".to_vec(),
        b"\xff\xfe{\0}\0".to_vec(),
        vec![0xef, 0xbb, 0xbf],
        vec![b'['; 500_000],
        vec![b' '; 900_000],
    ]);
    all
}

#[tokio::test(flavor = "multi_thread")]
async fn a_text_that_cannot_be_read_is_answered_whatever_it_is_said_to_be() {
    let nats = Nats::new().await;
    for text in wrong_texts() {
        let shown = String::from_utf8_lossy(&text[..text.len().min(60)]).into_owned();
        for headers in [&[][..], &[("Content-Type", "application/json")], MESSAGE_PACK] {
            let answer = read(&nats.send("org-1", headers, text.clone()).await);
            let one = if answer.is_array() { &answer[0] } else { &answer };
            assert!([400, 422].contains(&one["status"].as_u64().unwrap()), "{shown} {headers:?}: {answer}");
        }
        assert_eq!(read(&nats.send("org-1", &[("Content-Type", "text/plain")], text).await)["status"], 415, "{shown}");
    }
    let many = format!("[{}7]", "7,".repeat(1_000));
    assert_eq!(nats.json(&serde_json::from_str(&many).unwrap()).await["status"], 413);
    assert_eq!(nats.world.log.head().await.unwrap().position.0, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_has_an_answer_written_where_events_or_keys_are() {
    let nats = Nats::new().await;
    let (views, ends) = (nats.world.views.clone(), nats.world.shutdown.subscribe());
    answer_projectors(nats.client.clone(), views, ends).await.unwrap();
    let mut told = nats.client.subscribe(">").await.unwrap();
    nats.client.flush().await.unwrap();
    let event = intake(1, "2026-01-05").to_string();
    let foreign = [
        "traject.events.org-1.x".to_owned(),
        format!("$KV.client_keys.client.{}", trajectory(1)),
        "$JS.API.STREAM.DELETE.TRAJECT".to_owned(),
        "traject.command.org-1".to_owned(),
        "_inbox.x".to_owned(),
        "x._INBOX.y".to_owned(),
    ];
    let mut sent = 0;
    for reply in foreign {
        for (subject, body) in [("traject.command.org-1", event.clone()), ("traject.query.projectors", "{\"verb\":\"states\"}".to_owned())]
        {
            nats.client.publish_with_reply(subject, reply.clone(), body.into()).await.unwrap();
            sent += 1;
        }
    }
    // One that is answered, so that all before it were looked at.
    assert_eq!(nats.json(&contact(2, 2, "2026-01-06", "x")).await["status"], 422);
    let mut seen = 0;
    while let Ok(Some(message)) = tokio::time::timeout(Duration::from_millis(500), told.next()).await {
        let asked = message.subject.starts_with("traject.command.") || message.subject.starts_with("traject.query.");
        assert!(asked && message.reply.is_some() || message.subject.starts_with("_INBOX."), "{} was written", message.subject);
        seen += u32::from(asked);
    }
    assert_eq!(seen, sent + 1);
    assert_eq!(nats.world.log.head().await.unwrap().position.0, 0, "what nobody may be told about is not recorded");
}

#[test]
fn no_message_makes_the_service_fail_or_fall_silent() {
    let runtime = Runtime::new().unwrap();
    let nats = runtime.block_on(Nats::new());
    let whole = rmp_serde::to_vec_named(&intake(1, "2026-01-05")).unwrap();
    let bent = prop::collection::vec((0..whole.len(), any::<u8>()), 1..4).prop_map(move |changes| {
        let mut bytes = whole.clone();
        changes.into_iter().for_each(|(place, byte)| bytes[place] = byte);
        bytes
    });
    let messages = prop_oneof![prop::collection::vec(any::<u8>(), 0..200), bent];
    let mut runner = TestRunner::new(ProptestConfig { cases: 500, failure_persistence: None, ..ProptestConfig::default() });
    let all = (messages, any::<bool>());
    let sent = runner.run(&all, |(message, packed)| {
        let headers = if packed { MESSAGE_PACK } else { &[] };
        let answer = read(&runtime.block_on(nats.send("org-1", headers, message)));
        prop_assert!(answer["status"].as_u64().unwrap_or(200) < 500, "{answer}");
        Ok(())
    });
    sent.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn what_comes_when_too_much_is_under_way_is_told_so() {
    let nats = Nats::with(Limits { nats_commands: 0, ..Limits::default() }).await;
    assert_eq!(nats.json(&intake(1, "2026-01-05")).await["problem"]["code"], "unavailable");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_gateway_alone_asks_the_views_over_nats() {
    let nats = Nats::new().await;
    nats.json(&intake(1, "2026-01-05")).await;
    let (views, ends) = (nats.world.views.clone(), nats.world.shutdown.subscribe());
    let asking = Arc::new(Asking::new(nats.client.clone()));
    let quarter: Quarter = "2026Q1".parse().unwrap();
    let ask = FiguresAsk { quarter, scope: Scope::default(), tables: false, form: Form::Json, at_least: 1 };
    assert!(matches!(asking.figures(&ask).await, Err(PortError::Unavailable(_))), "nobody answers yet");
    assert!(matches!(asking.states().await, Err(PortError::Unavailable(_))));
    let other = nats.client.clone();
    answer_figures(other.clone(), views.clone(), ends.clone()).await.unwrap();
    answer_statuses(other.clone(), views.clone(), ends.clone()).await.unwrap();
    answer_projectors(other, views.clone(), ends).await.unwrap();
    let figures = asking.figures(&ask).await.unwrap();
    assert_eq!(figures, views.figures(&ask).await.unwrap());
    let list = CaseloadAsk { limit: 10, ..CaseloadAsk::default() };
    assert_eq!(asking.list(&list).await.unwrap(), views.list(&list).await.unwrap());
    let cursor = CaseloadAsk { cursor: Some("x".to_owned()), ..list };
    assert!(matches!(asking.list(&cursor).await, Err(PortError::Wrong(_))));
    let id = trajectory(1).parse().unwrap();
    assert_eq!(asking.status(id, 1).await.unwrap().unwrap()["revision"], 1);
    assert_eq!(asking.states().await.unwrap(), views.states().await.unwrap());
    assert_eq!(asking.rebuild("werkmonitor").await, Ok(()));
    assert_eq!(asking.rebuild("nobody").await, Err(PortError::NotFound));
    assert!(matches!(asking.cancel("werkmonitor").await, Err(PortError::Conflict(_))));
    let mut changes = asking.changes(quarter).await.unwrap();
    nats.client.publish("traject.figures.2026Q1", r#"{"position":7}"#.into()).await.unwrap();
    changes.changed().await.unwrap();
    assert_eq!(*changes.borrow(), 7);
}

/// Trajectories with a great many jobs each.
struct Large(usize);

impl Statuses for Large {
    fn list<'a>(&'a self, ask: &'a CaseloadAsk) -> Later<'a, Result<CaseloadPage, PortError>> {
        let from: usize = ask.cursor.as_ref().map_or(0, |cursor| cursor.parse().unwrap());
        let until = (from + ask.limit).min(self.0);
        let items = (from..until).map(|n| json!({"n": n, "jobs": "x".repeat(90_000)})).collect();
        let next = (until < self.0).then(|| until.to_string());
        Box::pin(std::future::ready(Ok(CaseloadPage { items, next, position: 1 })))
    }

    fn status(&self, _: Uuid, _: u64) -> Later<'_, Result<Option<Value>, PortError>> {
        Box::pin(std::future::ready(Ok(None)))
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_that_does_not_fit_into_a_message_is_shorter_and_says_where_the_next_begins() {
    let nats = Nats::new().await;
    answer_statuses(nats.client.clone(), Arc::new(Large(70)), nats.world.shutdown.subscribe()).await.unwrap();
    let asking = Asking::new(nats.client.clone());
    let (mut cursor, mut seen, mut pages) = (None, Vec::new(), 0);
    loop {
        let page = asking.list(&CaseloadAsk { limit: 50, cursor, ..CaseloadAsk::default() }).await.unwrap();
        seen.extend(page.items.iter().map(|item| item["n"].as_u64().unwrap()));
        pages += 1;
        cursor = page.next;
        if cursor.is_none() {
            break;
        }
    }
    assert_eq!((seen, pages > 2), ((0..70).collect(), true));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_change_after_the_first_answer_was_asked_for_is_heard() {
    let nats = Nats::new().await;
    answer_figures(nats.client.clone(), nats.world.views.clone(), nats.world.shutdown.subscribe()).await.unwrap();
    let asking = Asking::new(async_nats::connect(nats.server.url()).await.unwrap());
    let quarter: Quarter = "2026Q1".parse().unwrap();
    let ask = FiguresAsk { quarter, scope: Scope::default(), tables: false, form: Form::Json, at_least: 0 };
    for position in 1..=50 {
        let mut changes = asking.changes(quarter).await.unwrap();
        asking.figures(&ask).await.unwrap();
        nats.client.publish("traject.figures.2026Q1", position.to_string().into()).await.unwrap();
        // Sooner than it asks again by itself.
        tokio::time::timeout(Duration::from_secs(3), changes.changed()).await.expect("it is heard").unwrap();
        assert_eq!(*changes.borrow(), position);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_live_stream_makes_good_a_notice_that_was_lost() {
    let server = Server::start();
    let client = async_nats::connect(server.url()).await.unwrap();
    // Nobody tells of changes here: every notice is lost.
    let world = World::with_figures(async |views, ends| {
        answer_figures(client.clone(), views, ends).await.unwrap();
        Arc::new(Asking::new(client.clone())) as Arc<dyn LiveFigures>
    })
    .await;
    let mut stream = Stream::open_figures(&world).await;
    assert_eq!(stream.next().await.unwrap().id, 0);
    world.record(&intake(1, "2026-01-05")).await;
    let told = stream.next().await.unwrap();
    assert_eq!((told.id, told.data["figures"]["all"]["running"].as_u64()), (1, Some(1)));
}

#[tokio::test(flavor = "multi_thread")]
async fn after_a_reconnect_figures_are_asked_for_at_once() {
    let mut server = Server::start();
    let asking = Asking::new(async_nats::connect(server.url()).await.unwrap());
    let mut changes = asking.changes("2026Q1".parse().unwrap()).await.unwrap();
    tokio::task::block_in_place(|| server.restart());
    // Sooner than it asks again by itself.
    tokio::time::timeout(Duration::from_secs(3), changes.changed()).await.expect("it asks again").unwrap();
}
