//! What others see in the stream: subject, headers and body are a contract.

use async_nats::jetstream;
use bytes::Bytes;
use event_log::{EventLog, Position, Record, RecordHeader, conformance::moment};
use log_jetstream::testbed::Server;
use proto_events::{
    EventType, Id,
    stored::{StoredDecision, StoredEvent},
};
use uuid::Uuid;

use crate::open;

const TRAJECTORY: Uuid = Uuid::from_u128(0x5f0c_7a52_3b1d_4c8e_8a55_7a3f_5f2a_9e10);

fn decision(first: u64, id: u128) -> Record {
    let event = StoredEvent {
        event_id: Id(Uuid::from_u128(id)),
        event_type: EventType::Contact,
        occurred_on: "2025-01-13".parse().expect("a date"),
        recorded_at: moment(7),
        actor: "coach",
        corrects: None,
        correlation_id: None,
        causation_id: None,
        source_recorded_at: None,
        schema: 1,
        data: &[0x80],
    };
    let decision = StoredDecision {
        trajectory_id: Id(TRAJECTORY),
        organisation: "ggz-voorbeeld",
        client_id: None,
        first_position: first,
        first_revision: 1,
        events: vec![event.clone(), event],
    };
    let mut body = Vec::new();
    decision.encode(&mut body).expect("encoded");
    let header = RecordHeader { first_position: Position(first), events: 2, recorded_at: moment(7), trajectory_id: TRAJECTORY };
    Record { header, body: Bytes::from(body) }
}

#[tokio::test]
async fn a_decision_is_one_message_under_its_organisation_and_trajectory_with_its_first_events_id() {
    let server = Server::start();
    let log = open(server.options()).await;
    for (first, id) in [(1, 0xa1), (3, 0xa2)] {
        log.submit(Position(first - 1), vec![decision(first, id)]).await.expect("queued").await.expect("durable");
    }
    // Ten at once go as a batch, and look the same.
    let many: Vec<_> = (0..10).map(|n| decision(5 + 2 * n, 0xb0 + u128::from(n))).collect();
    log.submit(Position(4), many).await.expect("queued").await.expect("durable");
    let context = jetstream::new(async_nats::connect(server.url()).await.expect("connected"));
    let stream = context.get_stream("TRAJECT_EVENTS").await.expect("the stream");
    assert_eq!(stream.get_info().await.expect("info").state.messages, 12);
    let ids = [0xa1, 0xa2].into_iter().chain(0xb0..0xba);
    for (sequence, id) in (1..).zip(ids) {
        let found = stream.get_raw_message(sequence).await.expect("a message");
        let header = |name: &str| found.headers.get(name).map(|value| value.as_str().to_owned()).unwrap_or_default();
        assert_eq!(found.subject.as_str(), format!("traject.events.ggz-voorbeeld.{TRAJECTORY}"));
        assert_eq!(header("Nats-Msg-Id"), Uuid::from_u128(id).to_string());
        let first = 2 * sequence - 1;
        let expected = decision(first, id);
        assert_eq!(found.payload, expected.body);
        let fields: Vec<_> = header("Trajectlog-Record").split(' ').map(str::to_owned).collect();
        assert_eq!(fields[..4], ["1".to_owned(), first.to_string(), "2".to_owned(), moment(7).micros().to_string()]);
        if sequence <= 3 {
            assert_eq!(header("Nats-Expected-Last-Sequence"), (sequence - 1).to_string());
        }
    }
    // For ever: how the first of these was written when version 1 was made.
    let first = stream.get_raw_message(1).await.expect("a message");
    let text = first.headers.get("Trajectlog-Record").expect("a header").as_str().to_owned();
    assert!(text.starts_with("1 1 2 1700000000000007 "), "{text}");
}
