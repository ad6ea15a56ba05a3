//! Servers that die, freeze, restart and fill up.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant},
};

use event_log::{
    AppendError, EventLog, Position, ReadError, RecordReader, Until,
    conformance::{append, history, read_all, record_with},
};
use log_jetstream::{
    JetStreamLog, Mode,
    testbed::{Server, Settings},
};

use crate::{assert_all_there, contents, numbered, open, write};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_that_is_killed_again_and_again_loses_nothing_acknowledged() {
    const ENOUGH: usize = 500;
    let mut server = Server::start();
    let (log, stop) = (open(server.options()).await, Arc::new(AtomicBool::new(false)));
    let writer = tokio::spawn({
        let stop = Arc::clone(&stop);
        async move { write(&log, 1, 64, |count| count > ENOUGH && stop.load(Ordering::SeqCst)).await }
    });
    for _ in 0..4 {
        tokio::time::sleep(Duration::from_millis(700)).await;
        server.restart();
    }
    tokio::time::sleep(Duration::from_millis(700)).await;
    stop.store(true, Ordering::SeqCst);
    let acknowledged = writer.await.expect("the writer");
    assert_all_there(&open(server.options()).await, &acknowledged).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_an_append_to_a_frozen_server_nothing_is_known_and_then_it_heals() {
    let server = Server::start();
    let log = open(server.options()).await;
    append(&log, &[numbered(1, 0, 1)]).await;
    server.freeze();
    let pending = log.submit(Position(1), vec![numbered(2, 0, 2)]).await.expect("queued");
    let behind = log.submit(Position(2), vec![numbered(3, 0, 3)]).await.expect("queued");
    assert!(matches!(pending.await, Err(AppendError::Unknown { .. })));
    assert!(matches!(behind.await, Err(AppendError::Unavailable { storage_full: false, .. })), "it was never sent");
    server.thaw();
    // What was on its way may still arrive: then the end is another one, and the append is told so.
    let head = loop {
        let head = log.head().await.expect("head").position;
        assert!((1..=2).contains(&head.0));
        match log.submit(head, vec![numbered(head.0 + 1, 0, 4)]).await {
            Ok(pending) => match pending.await {
                Ok(_) => break head,
                Err(AppendError::Conflict { .. }) => {}
                Err(other) => panic!("{other}"),
            },
            Err(AppendError::Conflict { .. }) => {}
            Err(other) => panic!("{other}"),
        }
    };
    assert_all_there(&log, &[(Position(1), numbered(1, 0, 1)), (head.plus(1), numbered(head.0 + 1, 0, 4))]).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_reading_outlives_a_restart_and_a_follower_any_outage() {
    let mut server = Server::start();
    let log = open(server.options()).await;
    let records = history(Position::START, 5_000);
    append(&log, &records).await;
    let mut reader = log.read(Position::START, Until::Head).await.expect("reading");
    let mut follower = log.follow(Position(1)).await.expect("following");
    let (mut read, mut followed) = (0, 0);
    read += reader.next().await.expect("read").expect("more").records.len();
    server.restart();
    while let Some(batch) = reader.next().await.expect("read") {
        read += batch.records.len();
    }
    assert_eq!(read, records.len());
    while followed < records.len() {
        followed += follower.next().await.expect("read").expect("more").records.len();
    }
    server.kill();
    let waiting = tokio::time::timeout(Duration::from_secs(12), follower.next()).await;
    assert!(waiting.is_err(), "a follower waits through an outage: {waiting:?}");
    server.restart();
    let next = records.last().expect("records").header.last_position();
    append(&open(server.options()).await, &[record_with(next.0 + 1, 1, i64::from(u32::MAX), vec![1])]).await;
    let came = tokio::time::timeout(Duration::from_secs(20), follower.next()).await.expect("it goes on").expect("read").expect("more");
    assert_eq!(came.records[0].header.first_position, next.plus(1));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_a_server_reading_and_writing_say_so_in_time() {
    let mut server = Server::start();
    let log = open(server.options()).await;
    append(&log, &history(Position::START, 50)).await;
    server.kill();
    let began = Instant::now();
    let error = read_all(&log, Position::START, Until::Head).await.expect_err("no server");
    assert!(matches!(error, ReadError::Unreachable { .. }), "{error}");
    assert!(began.elapsed() < Duration::from_secs(25), "{:?}", began.elapsed());
    let outcome = log.submit(Position(1), vec![numbered(2, 0, 0)]).await.map(drop);
    assert!(matches!(outcome, Err(AppendError::Unavailable { storage_full: false, .. })), "{outcome:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_that_comes_back_without_syncing_is_not_written_to() {
    let mut server = Server::start();
    let log = open(server.options()).await;
    append(&log, &[numbered(1, 0, 1)]).await;
    server.restart_with(Settings { default_sync: true, ..Settings::default() });
    let began = Instant::now();
    let cause = loop {
        let refused = match log.submit(Position(1), vec![numbered(2, 0, 2)]).await {
            Ok(pending) => pending.await.expect_err("not durable"),
            Err(error) => error,
        };
        match refused {
            AppendError::Unavailable { cause, .. } if cause.contains("sync_interval: always") => break cause,
            AppendError::Unavailable { .. } | AppendError::Unknown { .. } => {}
            AppendError::Conflict { .. } | AppendError::Withdrawn { .. } | AppendError::Refused { .. } => panic!("{refused}"),
        }
        assert!(began.elapsed() < Duration::from_secs(30), "it must find out");
        tokio::time::sleep(Duration::from_millis(50)).await;
    };
    assert!(cause.contains("cannot keep this log"), "{cause}");
    server.restart_with(Settings::default());
    let head = log.head().await.expect("head").position;
    assert_eq!(head, Position(1));
    assert_eq!(contents(&open(server.options()).await).await.len(), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_full_disk_is_said_to_be_full_and_room_heals_it() {
    let small = Settings { max_file_store: Some(3 << 20), ..Settings::default() };
    let mut server = Server::with(small);
    let log = open(server.options()).await;
    let (mut last, mut acknowledged) = (Position::START, Vec::new());
    let full = loop {
        let record = record_with(last.0 + 1, 1, 1, [last.0.to_le_bytes().to_vec(), vec![7; 50_000]].concat());
        let outcome = match log.submit(last, vec![record.clone()]).await {
            Ok(pending) => pending.await,
            Err(error) => Err(error),
        };
        match outcome {
            Ok(appended) => {
                acknowledged.push((appended.last, record));
                last = appended.last;
            }
            Err(error) => break error,
        }
        assert!(acknowledged.len() < 100, "three megabytes are full some time");
    };
    assert!(matches!(full, AppendError::Unavailable { storage_full: true, .. }), "{full}");
    assert_all_there(&log, &acknowledged).await;
    server.restart_with(Settings { max_file_store: Some(30 << 20), ..small });
    let log = JetStreamLog::open(server.options(), Mode::Write).await.expect("opened");
    let record = record_with(last.0 + 1, 1, 1, vec![8; 50_000]);
    append(&log, std::slice::from_ref(&record)).await;
    acknowledged.push((last.plus(1), record));
    assert_all_there(&log, &acknowledged).await;
}
