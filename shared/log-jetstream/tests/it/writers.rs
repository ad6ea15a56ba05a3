//! Several writers of one log, each with many appends in flight.

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use async_nats::{
    HeaderMap,
    header::{NATS_EXPECTED_LAST_MESSAGE_ID, NATS_EXPECTED_LAST_SEQUENCE, NATS_MESSAGE_ID},
    jetstream,
};
use event_log::{AppendError, EventLog, Position, conformance::history};
use log_jetstream::testbed::Server;

use crate::{assert_all_there, contents, numbered, open, write};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_record_follows_one_that_its_writer_had_not_seen() {
    const EACH: usize = 400;
    let server = Server::start();
    let mut writers = Vec::new();
    for writer in 0..3 {
        let log = open(server.options()).await;
        writers.push(tokio::spawn(async move { write(&log, writer, 40, |acknowledged| acknowledged >= EACH).await }));
    }
    let mut acknowledged = Vec::new();
    for writer in writers {
        acknowledged.extend(writer.await.expect("a writer"));
    }
    acknowledged.sort_by_key(|(position, _)| *position);
    assert!(acknowledged.windows(2).all(|pair| pair[0].0 < pair[1].0), "no position was acknowledged twice");
    // Reading checks that every record begins where the one before it ends.
    assert_all_there(&open(server.options()).await, &acknowledged).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_writers_that_import_the_same_history_make_it_once() {
    let server = Server::start();
    let records = Arc::new(history(Position::START, 1_500));
    let mut writers = Vec::new();
    for _ in 0..2 {
        let (log, records) = (open(server.options()).await, Arc::clone(&records));
        writers.push(tokio::spawn(async move {
            loop {
                let last = log.head().await.expect("head").position;
                let rest = records.iter().skip_while(|record| record.header.first_position <= last);
                let mut pending = Vec::new();
                for record in rest.take(300) {
                    let expected = Position(record.header.first_position.0 - 1);
                    match log.submit(expected, vec![record.clone()]).await {
                        Ok(done) => pending.push(done),
                        Err(AppendError::Conflict { .. }) => break,
                        Err(other) => panic!("{other}"),
                    }
                }
                if pending.is_empty() && last == records.last().expect("records").header.last_position() {
                    return;
                }
                for done in pending {
                    // A conflict, or "one like it is there already": both say that the other writer was first.
                    let _ = done.await;
                }
            }
        }));
    }
    for writer in writers {
        writer.await.expect("a writer");
    }
    assert_eq!(contents(&open(server.options()).await).await, *records);
}

/// The reason for groups: the tie that the server offers for single messages holds where two writers send the same event.
#[tokio::test]
async fn single_messages_tied_by_their_ids_would_follow_another_writers_record() {
    let server = Server::start();
    let client = async_nats::connect(server.url()).await.expect("connected");
    let context = jetstream::new(client);
    let config = jetstream::stream::Config { name: "T".into(), subjects: vec!["t.*".into()], ..Default::default() };
    let stream = context.create_stream(config).await.expect("a stream");
    let send = async |after: u64, id: &str, tied_to: Option<&str>, body: &'static str| {
        let mut headers = HeaderMap::new();
        headers.insert(NATS_EXPECTED_LAST_SEQUENCE, after.to_string());
        headers.insert(NATS_MESSAGE_ID, id);
        if let Some(before) = tied_to {
            headers.insert(NATS_EXPECTED_LAST_MESSAGE_ID, before);
        }
        context.publish_with_headers("t.x", headers, body.into()).await.expect("sent").await
    };
    send(0, "event-1", None, "as the other writer decided it").await.expect("taken");
    send(0, "event-1", None, "as this writer decided it").await.expect_err("the other writer was first");
    send(1, "event-2", Some("event-1"), "decided after a record that is not there").await.expect("taken all the same");
    assert_eq!(stream.get_info().await.expect("info").state.messages, 2);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_writer_whose_tail_is_old_conflicts_once_and_goes_on() {
    let server = Server::start();
    let (one, other) = (open(server.options()).await, open(server.options()).await);
    let records = history(Position::START, 60);
    for (index, record) in records.iter().enumerate() {
        let log = if index % 2 == 0 { &one } else { &other };
        let expected = Position(record.header.first_position.0 - 1);
        // What it expects is the log's end: it knows better than its own old tail, and is asked for.
        log.submit(expected, vec![record.clone()]).await.expect("queued").await.expect("durable");
    }
    assert_eq!(contents(&one).await, records);
    let stale = Position(records[10].header.first_position.0 - 1);
    let outcome = one.submit(stale, vec![records[10].clone()]).await.map(drop);
    let last = records.last().expect("records").header.last_position();
    assert!(matches!(outcome, Err(AppendError::Conflict { last: found, .. }) if found == last), "{outcome:?}");
}

/// The first of two appends fails because another writer was first, with as many events: the second one names the position that the other
/// writer's record has now, but was decided after one that is not there.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_follows_a_failure_that_was_not_heard() {
    let server = Server::start();
    let (ours, other) = (open(server.options()).await, open(server.options()).await);
    let records = history(Position::START, 3);
    let submit = async |log: &log_jetstream::JetStreamLog, record: &event_log::Record| {
        log.submit(Position(record.header.first_position.0 - 1), vec![record.clone()]).await
    };
    submit(&ours, &records[0]).await.expect("queued").await.expect("durable");
    // The other writer's record has another body, and the same positions.
    let mut foreign = records[1].clone();
    foreign.body = b"another body".to_vec().into();
    submit(&other, &foreign).await.expect("queued").await.expect("durable");
    let first = submit(&ours, &records[1]).await.expect("queued, as far as is known here");
    tokio::time::sleep(std::time::Duration::from_millis(300)).await;
    let second = submit(&ours, &records[2]).await;
    assert!(matches!(second, Err(AppendError::Conflict { .. })), "{:?}", second.map(drop));
    assert!(matches!(first.await, Err(AppendError::Conflict { .. })));
    // Heard: whoever has read on since may go on.
    submit(&ours, &records[2]).await.expect("queued").await.expect("durable");
    // One that is given up is heard too.
    drop(submit(&other, &records[2]).await);
    tokio::time::sleep(std::time::Duration::from_millis(300)).await;
    let last = ours.head().await.expect("head").position;
    let more = history(last, 1);
    submit(&other, &more[0]).await.expect("queued").await.expect("durable");
}

/// Who is never idle would always be first: the other one has to read on before it can write, and by then more was written.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_writer_that_is_never_idle_lets_others_in() {
    const RECORDS: u32 = 20;
    let server = Server::start();
    let over = Arc::new(AtomicBool::new(false));
    let (busy, told) = (open(server.options()).await, Arc::clone(&over));
    let busy = tokio::spawn(async move { write(&busy, 0, 40, |_| told.load(Ordering::Relaxed)).await.len() });
    let other = open(server.options()).await;
    let (mut attempts, mut written) = (0_u32, 0);
    while written < RECORDS {
        attempts += 1;
        assert!(attempts <= 10 * RECORDS, "{written} of {attempts} attempts were first");
        let last = other.head().await.expect("head").position;
        match other.submit(last, vec![numbered(last.0 + 1, 1, attempts)]).await {
            Ok(done) => written += u32::from(done.await.is_ok()),
            Err(AppendError::Conflict { .. }) => {}
            Err(e) => panic!("{e}"),
        }
    }
    over.store(true, Ordering::Relaxed);
    let beside = busy.await.expect("a writer");
    assert!(beside > RECORDS as usize, "the other one wrote {beside} meanwhile");
    println!("{attempts} attempts for {RECORDS} records, beside {beside}");
}
