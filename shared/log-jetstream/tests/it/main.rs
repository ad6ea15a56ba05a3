//! The log on a real server: what every log must do, and what servers, networks and other writers do to it.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod conformance;
mod damage;
mod faults;
mod messages;
mod unfit;
mod withdrawn;
mod writers;

use std::time::Duration;

use event_log::{
    AppendError, EventLog, Position, Record, Until,
    conformance::{read_all, record_with},
};
use log_jetstream::{JetStreamLog, Mode, Options};

async fn open(options: Options) -> JetStreamLog {
    JetStreamLog::open(options, Mode::Write).await.expect("opened")
}

/// The whole log, in order; fails where positions or sequences do not number on.
async fn contents(log: &JetStreamLog) -> Vec<Record> {
    read_all(log, Position::START, Until::Head).await.expect("read").into_iter().map(|(_, record)| record).collect()
}

/// A record of one event, at one moment, that no other test record equals: `writer` and `number` are its body.
fn numbered(first: u64, writer: u8, number: u32) -> Record {
    let mut body = vec![writer];
    body.extend_from_slice(&number.to_le_bytes());
    record_with(first, 1, 1, body)
}

/// Appends numbered records with many in flight, deciding again after each failure, until `enough` says so. Gives what was
/// acknowledged, with its position.
async fn write(log: &JetStreamLog, writer: u8, in_flight: usize, enough: impl Fn(usize) -> bool) -> Vec<(Position, Record)> {
    let (mut acknowledged, mut number) = (Vec::new(), 0);
    let mut last = log.head().await.expect("head").position;
    while !enough(acknowledged.len()) {
        let mut pending = Vec::new();
        for _ in 0..in_flight {
            let record = numbered(last.0 + 1, writer, number);
            match log.submit(last, vec![record.clone()]).await {
                Ok(done) => pending.push((record, done)),
                Err(AppendError::Conflict { .. } | AppendError::Unavailable { .. }) => break,
                Err(other) => panic!("{other}"),
            }
            (last, number) = (last.plus(1), number + 1);
        }
        let (mut failed, broke_off) = (false, pending.len() < in_flight);
        for (record, done) in pending {
            match done.await {
                Ok(appended) => {
                    assert!(!failed, "after a failure everything behind it fails");
                    acknowledged.push((appended.last, record));
                }
                Err(error @ (AppendError::Refused { .. } | AppendError::Withdrawn { .. })) => panic!("{error}"),
                Err(AppendError::Conflict { .. } | AppendError::Unavailable { .. } | AppendError::Unknown { .. }) => failed = true,
            }
        }
        failed |= broke_off;
        while failed {
            match log.head().await {
                Ok(head) => (last, failed) = (head.position, false),
                Err(_) => tokio::time::sleep(Duration::from_millis(50)).await,
            }
        }
    }
    acknowledged
}

/// Everything acknowledged is there once, where it was acknowledged, and nothing is there twice.
async fn assert_all_there(log: &JetStreamLog, acknowledged: &[(Position, Record)]) {
    let found = contents(log).await;
    for (position, record) in acknowledged {
        assert_eq!(found.get(position.0 as usize - 1), Some(record), "acknowledged at {position}");
    }
    let mut bodies: Vec<_> = found.iter().map(|record| record.body.clone()).collect();
    bodies.sort();
    bodies.dedup();
    assert_eq!(bodies.len(), found.len(), "nothing is there twice");
}
