//! What an append must do, alone and beside others.

use std::{collections::BTreeMap, sync::Arc};

use super::{Factory, append, head_of, history, read_all, record, record_with, records_of};
use crate::{AppendError, EventLog, Locator, Position, Record, Until};

/// The same bytes and headers come back, empty bodies and many batches included.
pub async fn appended_records_are_read_back_the_same(factory: &impl Factory) {
    let log = factory.create().await;
    let mut records = history(Position::START, 2_000);
    let next = records.last().expect("records").header.last_position().0 + 1;
    records.push(record_with(next, 1, 1_000_000, Vec::new()));
    records.push(record_with(next + 1, u16::MAX, 1_000_000, vec![0; 300_000]));
    append(&log, &records).await;
    assert_eq!(records_of(&log, Position::START, Until::Head).await, records);
    assert_eq!(log.head().await.expect("head"), head_of(records.last().expect("records")));
}

/// Each record begins right after the one before it.
pub async fn positions_are_gap_free(factory: &impl Factory) {
    let log = factory.create().await;
    append(&log, &history(Position::START, 500)).await;
    let mut last = 0;
    for record in records_of(&log, Position::START, Until::Head).await {
        assert_eq!(record.header.first_position, Position(last + 1));
        last = record.header.last_position().0;
    }
    assert_eq!(log.head().await.expect("head").position, Position(last));
}

/// `expected` is compared with what was queued last, durable or not; a conflict appends nothing.
pub async fn an_append_that_does_not_follow_the_last_queued_one_conflicts(factory: &impl Factory) {
    let log = factory.create().await;
    let queued = log.submit(Position::START, vec![record(1, 2, 0)]).await.expect("queued");
    for wrong in [0, 1, 3, 9] {
        match log.submit(Position(wrong), vec![record(wrong + 1, 1, 0)]).await.map(drop) {
            Err(AppendError::Conflict { expected, last, partly }) => {
                assert_eq!((expected, last, partly), (Position(wrong), Position(2), false))
            }
            // Beyond the end: what it should follow may have been there once.
            Err(AppendError::Withdrawn { position }) if wrong > 2 => assert_eq!(position, Position(wrong)),
            other => panic!("expected a conflict after {wrong}, got {other:?}"),
        }
    }
    assert_eq!(queued.await.expect("durable").last, Position(2));
    append(&log, &[record(3, 1, 0)]).await;
    assert_eq!(records_of(&log, Position::START, Until::Head).await, [record(1, 2, 0), record(3, 1, 0)]);
}

/// When a later append has become durable, so has every earlier one.
pub async fn pipelined_appends_become_durable_in_order(factory: &impl Factory) {
    let log = factory.create().await;
    let records = history(Position::START, 300);
    let mut pending = Vec::new();
    for record in &records {
        let expected = Position(record.header.first_position.0 - 1);
        pending.push((record.header.last_position(), log.submit(expected, vec![record.clone()]).await.expect("queued")));
    }
    while pending.len() > 1 {
        let (last, waiting) = pending.remove(pending.len() / 2);
        assert_eq!(waiting.await.expect("durable").last, last);
        let head = log.head().await.expect("head").position;
        assert!(head >= last, "acknowledged {last} while the head was {head}");
    }
    for (last, waiting) in pending {
        assert_eq!(waiting.await.expect("durable").last, last);
    }
    assert_eq!(records_of(&log, Position::START, Until::Head).await, records);
}

/// An empty append is no record.
pub async fn an_append_of_nothing_is_durable_with_what_is_before_it(factory: &impl Factory) {
    let log = factory.create().await;
    let first = log.submit(Position::START, vec![record(1, 1, 0)]).await.expect("queued");
    let nothing = log.submit(Position(1), Vec::new()).await.expect("queued");
    assert_eq!(nothing.await.expect("durable").last, Position(1));
    assert_eq!(log.head().await.expect("head").position, Position(1));
    assert_eq!(first.await.expect("durable").last, Position(1));
    assert_eq!(records_of(&log, Position::START, Until::Head).await.len(), 1);
}

/// While a writer appends, a reading is always an unbroken beginning that reaches at least what was durable before it
/// and at most what is durable after it.
pub async fn a_reader_beside_a_writer_sees_an_unbroken_durable_beginning(factory: &impl Factory) {
    let log = Arc::new(factory.create().await);
    let records = history(Position::START, 600);
    let writer = tokio::spawn({
        let (log, records) = (Arc::clone(&log), records.clone());
        async move {
            for chunk in records.chunks(7) {
                append(&*log, chunk).await;
                tokio::task::yield_now().await;
            }
        }
    });
    loop {
        let finished = writer.is_finished();
        let before = log.head().await.expect("head").position;
        let found = records_of(&*log, Position::START, Until::Head).await;
        let after = log.head().await.expect("head").position;
        assert_eq!(found, records.get(..found.len()).expect("no more than was written"));
        let last = found.last().map_or(Position::START, |record| record.header.last_position());
        assert!(before <= last && last <= after, "read until {last} while the head was {before} to {after}");
        if finished {
            break;
        }
        tokio::task::yield_now().await;
    }
    writer.await.expect("the writer");
    assert_eq!(records_of(&*log, Position::START, Until::Head).await, records);
}

/// Asking again and again from the position after the last one gives the whole log, each record once.
pub async fn a_follower_sees_every_record_once(factory: &impl Factory) {
    let log = Arc::new(factory.create().await);
    let records = history(Position::START, 400);
    let end = records.last().expect("records").header.last_position();
    let writer = tokio::spawn({
        let (log, records) = (Arc::clone(&log), records.clone());
        async move {
            for chunk in records.chunks(3) {
                append(&*log, chunk).await;
            }
        }
    });
    let (mut last, mut seen) = (Position::START, Vec::new());
    while last < end {
        seen.extend(records_of(&*log, last.plus(1), Until::Head).await);
        last = seen.last().map_or(Position::START, |record| record.header.last_position());
        tokio::task::yield_now().await;
    }
    writer.await.expect("the writer");
    assert_eq!(seen, records);
}

/// Closing and opening changes nothing, and numbering goes on.
pub async fn a_reopened_log_is_the_same_and_goes_on(factory: &impl Factory) {
    let mut log = factory.create().await;
    let mut records: Vec<Record> = Vec::new();
    for _ in 0..5 {
        let after = records.last().map_or(Position::START, |record| record.header.last_position());
        let more = history(after, 40);
        append(&log, &more).await;
        records.extend(more);
        let before = (log.head().await.expect("head"), read_all(&log, Position::START, Until::Head).await.expect("read"));
        log = factory.reopen(log).await;
        assert_eq!((log.head().await.expect("head"), read_all(&log, Position::START, Until::Head).await.expect("read")), before);
        assert_eq!(before.1.into_iter().map(|(_, record)| record).collect::<Vec<_>>(), records);
    }
}

/// Sixteen writers, each deciding again after a conflict: every acknowledged record is there once, where it was
/// acknowledged.
pub async fn many_writers_make_one_serial_history(factory: &impl Factory) {
    const WRITERS: u8 = 16;
    const EACH: u8 = 12;
    let log = Arc::new(factory.create().await);
    let mut writers = Vec::new();
    for writer in 0..WRITERS {
        let log = Arc::clone(&log);
        writers.push(tokio::spawn(async move {
            let mut acknowledged = Vec::new();
            let mut expected = Position::START;
            while acknowledged.len() < usize::from(EACH) {
                let body = vec![writer, acknowledged.len() as u8];
                match log.submit(expected, vec![record_with(expected.0 + 1, 1, 0, body.clone())]).await {
                    Ok(pending) => {
                        expected = pending.await.expect("durable").last;
                        acknowledged.push((expected, body));
                    }
                    Err(AppendError::Conflict { last, .. }) => expected = last,
                    Err(other) => panic!("{other}"),
                }
            }
            acknowledged
        }));
    }
    let mut acknowledged = BTreeMap::new();
    for writer in writers {
        for (position, body) in writer.await.expect("a writer") {
            assert!(acknowledged.insert(position, body).is_none(), "{position} was acknowledged twice");
        }
    }
    let log = factory.reopen(Arc::into_inner(log).expect("the writers have ended")).await;
    let found: BTreeMap<Position, Vec<u8>> = records_of(&log, Position::START, Until::Head)
        .await
        .into_iter()
        .map(|record| (record.header.first_position, record.body.to_vec()))
        .collect();
    assert_eq!(found, acknowledged);
}

/// Gaps, repeats, empty records and a `recorded_at` that runs backwards are refused, and nothing of them is appended.
pub async fn records_that_do_not_follow_on_are_refused(factory: &impl Factory) {
    let log = factory.create().await;
    append(&log, &[record(1, 2, 50)]).await;
    let wrong = [
        vec![record(4, 1, 60)],
        vec![record(2, 1, 60)],
        vec![record(3, 0, 60)],
        vec![record(3, 1, 49)],
        vec![record(3, 1, 60), record(5, 1, 60)],
        vec![record(3, 1, 60), record(4, 1, 59)],
    ];
    for records in wrong {
        let outcome = log.submit(Position(2), records.clone()).await.map(drop);
        assert!(matches!(outcome, Err(AppendError::Refused { .. })), "{records:?}: {outcome:?}");
    }
    append(&log, &[record(3, 1, 50)]).await;
    assert_eq!(records_of(&log, Position::START, Until::Head).await, [record(1, 2, 50), record(3, 1, 50)]);
}

/// The limit on a body is what the adapter says it is.
pub async fn a_body_of_the_largest_size_fits_and_a_larger_one_is_refused(factory: &impl Factory) {
    let log = factory.create().await;
    let largest = factory.largest_body();
    let records = [record_with(1, 1, 0, vec![7; largest]), record_with(2, 1, 0, vec![8; 10])];
    append(&log, &records).await;
    let outcome = log.submit(Position(2), vec![record_with(3, 1, 0, vec![9; largest + 1])]).await.map(drop);
    assert!(matches!(outcome, Err(AppendError::Refused { .. })), "{outcome:?}");
    let log = factory.reopen(log).await;
    let found = read_all(&log, Position::START, Until::Head).await.expect("read");
    let locators: Vec<Locator> = found.iter().map(|(locator, _)| *locator).collect();
    assert!(found.iter().map(|(_, record)| record).eq(&records));
    let batch = log.read_at(&locators).await.expect("read");
    assert!(batch.records.iter().zip(&records).all(|(found, record)| batch.body(found) == record.body));
}
