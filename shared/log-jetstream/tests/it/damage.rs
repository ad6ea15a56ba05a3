//! A stream in which something is not what this program wrote: named, and nothing is counted over it.

use async_nats::{HeaderMap, jetstream};
use event_log::{
    EventLog, Position, ReadError, RecordReader, Until,
    conformance::{append, history},
};
use log_jetstream::{JetStreamLog, Mode, testbed::Server};

use crate::open;

/// Appends a message that no writer of ours would.
async fn slip_in(server: &Server, subject: &str, header: Option<&str>, body: &'static str) {
    let context = jetstream::new(async_nats::connect(server.url()).await.expect("connected"));
    let mut headers = HeaderMap::new();
    if let Some(header) = header {
        headers.insert("Trajectlog-Record", header);
    }
    context.publish_with_headers(subject.to_owned(), headers, body.into()).await.expect("sent").await.expect("taken");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_message_that_is_no_record_is_named_after_what_came_before_it() {
    let id = "00000000-0000-0000-0000-000000000001";
    let next = 101;
    let wrong: [(Option<&str>, &str); 6] = [
        (None, "no header"),
        (Some("2 101 1 1700000000000000 00000000"), "version 2"),
        (Some("1 101 1 1700000000000000 00000000"), "checksum"),
        (Some("1 101 1 1700000000000000"), "too short"),
        (Some("1 een 1 1700000000000000 00000000"), "no number"),
        (Some("1 101 1 1700000000000000 00000000 0"), "too long"),
    ];
    let server = Server::start();
    for (number, (header, what)) in wrong.into_iter().enumerate() {
        let options = server.options_for(&number.to_string());
        let log = open(options.clone()).await;
        let records: Vec<_> = (1..next).map(|first| event_log::conformance::record(first, 1, 1)).collect();
        append(&log, &records).await;
        let mut reader =
            JetStreamLog::open(options, Mode::ReadOnly).await.expect("opened").follow(Position::START).await.expect("following");
        slip_in(&server, &format!("events.{number}.org.{id}"), header, "x").await;
        let (mut read, error) = (
            0,
            loop {
                match reader.next().await {
                    Ok(Some(batch)) => assert!(batch.records.len() <= 100),
                    Ok(None) => panic!("a follower has no end"),
                    Err(error) => break error,
                }
            },
        );
        read += usize::from(matches!(error, ReadError::Damaged { .. }));
        assert_eq!(read, 1, "{error}");
        let text = error.to_string();
        assert!(text.contains("message 101 of the stream") && text.contains(what), "{what}: {text}");
        // Whoever asks for the end is told too: nothing can be appended behind it.
        assert!(matches!(log.head().await, Err(ReadError::Damaged { .. })));
        assert!(
            log.submit(Position(100), vec![event_log::conformance::record(101, 1, 1)]).await.is_err() || {
                let pending = log.submit(Position(100), vec![event_log::conformance::record(101, 1, 1)]).await;
                match pending {
                    Ok(pending) => pending.await.is_err(),
                    Err(_) => true,
                }
            }
        );
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn records_of_another_log_do_not_number_on() {
    let server = Server::start();
    let (one, other) = (open(server.options_for("one")).await, open(server.options_for("two")).await);
    append(&one, &history(Position::START, 30)).await;
    append(&other, &history(Position::START, 20)).await;
    // The tenth record of the first log, whole, behind the twentieth of the second.
    let context = jetstream::new(async_nats::connect(server.url()).await.expect("connected"));
    let found = context.get_stream("EVENTS_one").await.expect("a stream").get_raw_message(10).await.expect("a message");
    let mut headers = HeaderMap::new();
    headers.insert("Trajectlog-Record", found.headers.get("Trajectlog-Record").expect("a header").as_str());
    let subject = found.subject.replace("events.one", "events.two");
    context.publish_with_headers(subject, headers, found.payload).await.expect("sent").await.expect("taken");
    let mut reader = other.read(Position::START, Until::Head).await.expect("reading");
    let error = loop {
        match reader.next().await {
            Ok(Some(_)) => {}
            Ok(None) => panic!("it must be found"),
            Err(error) => break error.to_string(),
        }
    };
    assert!(error.contains("message 21 of the stream"), "{error}");
}
