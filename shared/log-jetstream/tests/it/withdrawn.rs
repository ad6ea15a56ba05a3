//! A server that had shown a record which never became durable: after a power cut another one lies in its place.

use std::time::Duration;

use event_log::{AppendError, EventLog, Position, ReadError, Record, RecordReader, conformance::append};
use log_jetstream::{JetStreamFollower, JetStreamLog, testbed::Server};

use crate::{assert_all_there, numbered, open};

/// A writer and a follower that both know a record, on a server that then has lost it; and the records before it.
async fn after_a_power_cut() -> (Server, JetStreamLog, JetStreamFollower, Vec<Record>, Record) {
    let mut server = Server::start();
    let before: Vec<_> = (1..=20).map(|first| numbered(first, 0, first as u32)).collect();
    let last = before.last().expect("records").header.last_position();
    append(&open(server.options()).await, &before).await;
    let copy = server.copy();
    let log = open(server.options()).await;
    let mut follower = log.follow(Position::START).await.expect("following");
    let lost = numbered(last.0 + 1, 1, 1);
    append(&log, std::slice::from_ref(&lost)).await;
    let mut followed = 0;
    while followed < before.len() + 1 {
        followed += follower.next().await.expect("read").expect("more").records.len();
    }
    server.put_back(&copy);
    (server, log, follower, before, lost)
}

/// What the follower says next.
async fn next(follower: &mut JetStreamFollower) -> ReadError {
    let next = tokio::time::timeout(Duration::from_secs(30), follower.next()).await;
    next.expect("it must find out").expect_err("what it gave is gone")
}

/// The first outcome that is not an outage.
async fn outcome(log: &JetStreamLog, after: &Record, record: &Record) -> Result<Position, AppendError> {
    for _ in 0..100 {
        let outcome = match log.submit(after.tail(), vec![record.clone()]).await {
            Ok(pending) => pending.await,
            Err(error) => Err(error),
        };
        match outcome {
            Err(AppendError::Unavailable { .. } | AppendError::Conflict { .. } | AppendError::Unknown { .. }) => {}
            outcome => return outcome.map(|appended| appended.last),
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    panic!("there is no end of outages");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_follower_says_that_what_it_gave_is_gone_when_the_log_ends_before_it() {
    let (_server, _log, mut follower, _, lost) = after_a_power_cut().await;
    let error = next(&mut follower).await;
    assert!(matches!(error, ReadError::Withdrawn { position } if position == lost.header.last_position()), "{error}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_follower_says_so_also_when_another_record_has_that_place_and_more_came() {
    let (server, _log, mut follower, before, lost) = after_a_power_cut().await;
    let first = lost.header.first_position.0;
    let others = [numbered(first, 2, 2), numbered(first + 1, 2, 3)];
    append(&open(server.options()).await, &others).await;
    let error = next(&mut follower).await;
    assert!(matches!(error, ReadError::Withdrawn { .. }), "{error}");
    let mut again =
        open(server.options()).await.follow(before.last().expect("records").header.last_position().plus(1)).await.expect("following");
    let batch = again.next().await.expect("read").expect("more");
    assert_eq!(batch.body(&batch.records[0]), others[0].body);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_is_appended_behind_a_record_that_is_gone() {
    let (_server, log, _, before, lost) = after_a_power_cut().await;
    let behind = numbered(lost.header.last_position().0 + 1, 1, 2);
    assert!(matches!(outcome(&log, &lost, &behind).await, Err(AppendError::Withdrawn { .. })));
    // What does follow the end is taken.
    let again = numbered(lost.header.first_position.0, 1, 3);
    assert_eq!(outcome(&log, before.last().expect("records"), &again).await.expect("durable"), again.header.last_position());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_is_appended_behind_another_record_that_has_that_place() {
    let (server, log, _, _, lost) = after_a_power_cut().await;
    let other = numbered(lost.header.first_position.0, 2, 2);
    append(&open(server.options()).await, std::slice::from_ref(&other)).await;
    let behind = numbered(lost.header.last_position().0 + 1, 1, 2);
    assert!(matches!(outcome(&log, &lost, &behind).await, Err(AppendError::Withdrawn { .. })));
    assert_eq!(outcome(&log, &other, &behind).await.expect("durable"), behind.header.last_position());
    assert_all_there(&log, &[(other.header.last_position(), other), (behind.header.last_position(), behind)]).await;
}
