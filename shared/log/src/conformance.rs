//! The conformance suite: what every adapter of the port must do, as async functions that panic when it does not.
//!
//! An adapter writes a [`Factory`] and, in its test binary, `event_log::conformance_tests!(MyFactory::default());`: that
//! makes one tokio test of each function below, so it needs `tokio` among its dev-dependencies.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test suite: panicking is how it fails"
)]

use std::{collections::BTreeMap, future::Future, sync::Arc};

use bytes::Bytes;
use proto_events::Timestamp;
use uuid::Uuid;

use crate::{AppendError, EventLog, Head, Locator, MAX_BODY_BYTES, Position, ReadError, Record, RecordHeader, RecordReader, Until};

/// What makes the logs under test.
pub trait Factory: Send + Sync {
    /// The adapter.
    type Log: EventLog;

    /// A new, empty log.
    fn create(&self) -> impl Future<Output = Self::Log> + Send;

    /// Closes a log and opens it again from what it has made durable.
    fn reopen(&self, log: Self::Log) -> impl Future<Output = Self::Log> + Send;

    /// The largest body that the adapter takes, in bytes; at most [`MAX_BODY_BYTES`].
    fn largest_body(&self) -> usize {
        MAX_BODY_BYTES
    }
}

/// Makes one `#[tokio::test]` of each function of the suite, for the factory that the expression gives.
#[macro_export]
macro_rules! conformance_tests {
    ($factory:expr) => {
        $crate::conformance_tests!(@each $factory;
            an_empty_log_reads_as_nothing
            appended_records_are_read_back_the_same
            positions_are_gap_free
            an_append_that_does_not_follow_the_last_queued_one_conflicts
            pipelined_appends_become_durable_in_order
            an_append_of_nothing_is_durable_with_what_is_before_it
            a_record_is_whole
            a_reader_beside_a_writer_sees_an_unbroken_durable_beginning
            a_follower_sees_every_record_once
            resolving_a_position_never_cuts_a_record
            resolving_a_moment_finds_the_last_record_at_or_before_it
            a_position_beyond_the_end_is_refused
            reading_from_every_position_gives_the_rest
            reading_ends_where_until_says
            records_are_found_again_by_their_locators_in_any_order
            a_locator_where_no_record_begins_is_refused
            a_reopened_log_is_the_same_and_goes_on
            many_writers_make_one_serial_history
            records_that_do_not_follow_on_are_refused
            a_body_of_the_largest_size_fits_and_a_larger_one_is_refused
        );
    };
    (@each $factory:expr; $($name:ident)*) => {
        $(
            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $name() {
                $crate::conformance::$name(&$factory).await;
            }
        )*
    };
}

/// The moment at which the suite's logs begin, in microseconds.
const BEGIN: i64 = 1_700_000_000_000_000;

/// A moment, in microseconds after the one at which the suite's logs begin.
///
/// # Panics
/// When it lies outside the years that a timestamp can hold.
#[must_use]
pub fn moment(micros: i64) -> Timestamp {
    Timestamp::from_micros(BEGIN + micros).expect("within the years 1 to 9999")
}

/// A record whose body is a function of its first position, of some 0 to 700 bytes.
#[must_use]
pub fn record(first: u64, events: u16, micros: i64) -> Record {
    let length = usize::try_from(first * 37 % 701).unwrap_or_default();
    let body: Vec<u8> = (0..length).map(|index| (first as usize * 31 + index * 7) as u8).collect();
    record_with(first, events, micros, body)
}

/// A record with this body.
#[must_use]
pub fn record_with(first: u64, events: u16, micros: i64, body: Vec<u8>) -> Record {
    let header = RecordHeader {
        first_position: Position(first),
        events,
        recorded_at: moment(micros),
        trajectory_id: Uuid::from_u128(u128::from(first % 17) + 1),
    };
    Record {
        header,
        body: Bytes::from(body),
    }
}

/// Records that number on from `after`: of one, two and three events by turns, and every third one recorded at the same
/// moment as the one before it.
#[must_use]
pub fn history(after: Position, count: usize) -> Vec<Record> {
    let mut first = after.0 + 1;
    let mut records = Vec::with_capacity(count);
    for _ in 0..count {
        let events = (first % 3) as u16 + 1;
        let micros = i64::try_from(first).unwrap_or(i64::MAX) * 10;
        let micros = if first % 4 == 3 {
            records
                .last()
                .map_or(micros, |before: &Record| before.header.recorded_at.micros() - BEGIN)
        } else {
            micros
        };
        records.push(record(first, events, micros));
        first += u64::from(events);
    }
    records
}

/// Appends records one after the other and waits until all are durable.
///
/// # Panics
/// When the log does not take them.
pub async fn append<L: EventLog>(log: &L, records: &[Record]) {
    let mut pending = Vec::new();
    for record in records {
        let expected = Position(record.header.first_position.0 - 1);
        pending.push((
            record.header.last_position(),
            log.submit(expected, vec![record.clone()]).await.expect("queued"),
        ));
    }
    for (last, pending) in pending {
        assert_eq!(pending.await.expect("durable").last, last);
    }
}

/// Everything from `from` until `until`, with the locators.
///
/// # Errors
/// As the log's reading.
pub async fn read_all<L: EventLog>(log: &L, from: Position, until: Until) -> Result<Vec<(Locator, Record)>, ReadError> {
    let mut reader = log.read(from, until).await?;
    let mut found = Vec::new();
    while let Some(batch) = reader.next().await? {
        assert!(!batch.records.is_empty(), "a batch holds at least one record");
        for record in &batch.records {
            found.push((
                record.locator,
                Record {
                    header: record.header,
                    body: Bytes::copy_from_slice(batch.body(record)),
                },
            ));
        }
    }
    Ok(found)
}

async fn records_of<L: EventLog>(log: &L, from: Position, until: Until) -> Vec<Record> {
    read_all(log, from, until)
        .await
        .expect("read")
        .into_iter()
        .map(|(_, record)| record)
        .collect()
}

fn head_of(record: &Record) -> Head {
    Head {
        position: record.header.last_position(),
        recorded_at: Some(record.header.recorded_at),
    }
}

/// Head, reading and look-ups of a log without records.
pub async fn an_empty_log_reads_as_nothing(factory: &impl Factory) {
    let log = factory.create().await;
    assert_eq!(log.head().await.expect("head"), Head::default());
    for until in [Until::Head, Until::Position(Position::START), Until::Moment(moment(0))] {
        assert_eq!(records_of(&log, Position::START, until).await, []);
        assert_eq!(records_of(&log, Position(1), until).await, []);
        assert_eq!(log.resolve(until).await.expect("resolved"), Head::default());
    }
    let batch = log.read_at(&[]).await.expect("nothing asked for");
    assert!(batch.records.is_empty());
    let log = factory.reopen(log).await;
    assert_eq!(log.head().await.expect("head"), Head::default());
}

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
            Err(AppendError::Conflict { expected, last }) => assert_eq!((expected, last), (Position(wrong), Position(2))),
            other => panic!("expected a conflict after {wrong}, got {other:?}"),
        }
    }
    assert_eq!(queued.await.expect("durable").last, Position(2));
    append(&log, &[record(3, 1, 0)]).await;
    assert_eq!(
        records_of(&log, Position::START, Until::Head).await,
        [record(1, 2, 0), record(3, 1, 0)]
    );
}

/// When a later append has become durable, so has every earlier one.
pub async fn pipelined_appends_become_durable_in_order(factory: &impl Factory) {
    let log = factory.create().await;
    let records = history(Position::START, 300);
    let mut pending = Vec::new();
    for record in &records {
        let expected = Position(record.header.first_position.0 - 1);
        pending.push((
            record.header.last_position(),
            log.submit(expected, vec![record.clone()]).await.expect("queued"),
        ));
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

/// A record is given whole or not at all, wherever a reading begins or ends.
pub async fn a_record_is_whole(factory: &impl Factory) {
    let log = factory.create().await;
    let records = [record(1, 4, 0), record(5, 3, 10), record(8, 1, 10)];
    let pending = log.submit(Position::START, records.to_vec()).await.expect("queued");
    assert_eq!(pending.await.expect("durable").last, Position(8));
    for (from, until, expected) in [
        (2, 8, &records[..]),
        (4, 7, &records[..2]),
        (5, 6, &[][..]),
        (1, 3, &[]),
        (7, 7, &records[1..2]),
    ] {
        let found = records_of(&log, Position(from), Until::Position(Position(until))).await;
        assert_eq!(found, expected, "from {from} until {until}");
    }
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
        assert!(
            before <= last && last <= after,
            "read until {last} while the head was {before} to {after}"
        );
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

/// A position within a record comes to the end of the record before it.
pub async fn resolving_a_position_never_cuts_a_record(factory: &impl Factory) {
    let log = factory.create().await;
    let records = history(Position::START, 200);
    append(&log, &records).await;
    let end = records.last().expect("records").header.last_position();
    for position in 0..=end.0 {
        let whole = records
            .iter()
            .take_while(|record| record.header.last_position().0 <= position)
            .last();
        let found = log.resolve(Until::Position(Position(position))).await.expect("resolved");
        assert_eq!(found, whole.map_or_else(Head::default, head_of), "position {position}");
    }
    assert_eq!(log.resolve(Until::Head).await.expect("resolved").position, end);
}

/// Before the first record, between two, at one, at several with the same moment, and after the last.
pub async fn resolving_a_moment_finds_the_last_record_at_or_before_it(factory: &impl Factory) {
    let log = factory.create().await;
    let records = history(Position::START, 200);
    append(&log, &records).await;
    assert!(
        records
            .windows(2)
            .any(|pair| pair[0].header.recorded_at == pair[1].header.recorded_at),
        "the test needs equal moments"
    );
    let last = records.last().expect("records").header.recorded_at.micros() - BEGIN;
    for micros in -3..=last + 3 {
        let whole = records
            .iter()
            .take_while(|record| record.header.recorded_at <= moment(micros))
            .last();
        let found = log.resolve(Until::Moment(moment(micros))).await.expect("resolved");
        assert_eq!(found, whole.map_or_else(Head::default, head_of), "moment {micros}");
    }
    assert_eq!(
        log.resolve(Until::Moment(moment(i64::from(u32::MAX) * 1_000_000)))
            .await
            .expect("resolved"),
        head_of(records.last().expect("records"))
    );
}

/// Asking for what is not there yet is an error that names both positions.
pub async fn a_position_beyond_the_end_is_refused(factory: &impl Factory) {
    let log = factory.create().await;
    append(&log, &[record(1, 3, 0)]).await;
    let beyond = Until::Position(Position(4));
    for outcome in [log.read(Position(1), beyond).await.map(drop), log.resolve(beyond).await.map(drop)] {
        match outcome {
            Err(ReadError::BeyondEnd { asked, head }) => assert_eq!((asked, head), (Position(4), Position(3))),
            other => panic!("expected an error, got {other:?}"),
        }
    }
    assert_eq!(records_of(&log, Position(4), Until::Head).await, [], "following on from the end");
    assert_eq!(records_of(&log, Position(400), Until::Head).await, []);
}

/// A reading that begins anywhere begins with the record that holds that position.
pub async fn reading_from_every_position_gives_the_rest(factory: &impl Factory) {
    let log = factory.create().await;
    let records = history(Position::START, 120);
    append(&log, &records).await;
    let end = records.last().expect("records").header.last_position().0;
    for from in 0..=end + 1 {
        let rest = records
            .iter()
            .position(|record| record.header.last_position().0 >= from)
            .unwrap_or(records.len());
        assert_eq!(records_of(&log, Position(from), Until::Head).await, records[rest..], "from {from}");
    }
}

/// A reading until a position or a moment gives exactly the records until what these resolve to.
pub async fn reading_ends_where_until_says(factory: &impl Factory) {
    let log = factory.create().await;
    let records = history(Position::START, 60);
    append(&log, &records).await;
    let end = records.last().expect("records").header.last_position().0;
    let positions = (0..=end).map(|position| Until::Position(Position(position)));
    let moments = (-1..=i64::try_from(end).expect("small") * 10 + 1)
        .step_by(5)
        .map(|micros| Until::Moment(moment(micros)));
    for until in positions.chain(moments) {
        let last = log.resolve(until).await.expect("resolved").position;
        let whole: Vec<_> = records
            .iter()
            .filter(|record| record.header.last_position() <= last)
            .cloned()
            .collect();
        assert_eq!(records_of(&log, Position::START, until).await, whole, "{until:?}");
        let late: Vec<_> = whole
            .iter()
            .filter(|record| record.header.last_position().0 >= 10)
            .cloned()
            .collect();
        assert_eq!(records_of(&log, Position(10), until).await, late, "from 10, {until:?}");
    }
}

/// What a reading says of where a record lies finds it again: backwards, twice, from a later opening.
pub async fn records_are_found_again_by_their_locators_in_any_order(factory: &impl Factory) {
    let log = factory.create().await;
    append(&log, &history(Position::START, 150)).await;
    let mut found = read_all(&log, Position::START, Until::Head).await.expect("read");
    assert!(found.windows(2).all(|pair| pair[0].0 < pair[1].0), "locators ascend with the log");
    let middle = read_all(&log, Position(50), Until::Head).await.expect("read");
    assert!(
        middle.iter().all(|entry| found.contains(entry)),
        "the same locators wherever a reading begins"
    );
    found.reverse();
    found.rotate_left(40);
    found.extend(found.get(..3).expect("three").to_vec());
    let log = factory.reopen(log).await;
    let locators: Vec<Locator> = found.iter().map(|(locator, _)| *locator).collect();
    let batch = log.read_at(&locators).await.expect("read");
    let again: Vec<(Locator, Record)> = batch
        .records
        .iter()
        .map(|record| {
            (
                record.locator,
                Record {
                    header: record.header,
                    body: Bytes::copy_from_slice(batch.body(record)),
                },
            )
        })
        .collect();
    assert_eq!(again, found);
}

/// A locator that no reading gave finds nothing.
pub async fn a_locator_where_no_record_begins_is_refused(factory: &impl Factory) {
    let log = factory.create().await;
    append(&log, &history(Position::START, 5)).await;
    let last = read_all(&log, Position::START, Until::Head)
        .await
        .expect("read")
        .last()
        .expect("records")
        .0;
    for wrong in [Locator(last.0 + 1), Locator(last.0 + 1_000_000), Locator(u64::MAX)] {
        let outcome = log.read_at(&[last, wrong]).await.map(drop);
        assert!(matches!(outcome, Err(ReadError::Damaged { .. })), "{wrong:?}: {outcome:?}");
    }
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
        let before = (
            log.head().await.expect("head"),
            read_all(&log, Position::START, Until::Head).await.expect("read"),
        );
        log = factory.reopen(log).await;
        assert_eq!(
            (
                log.head().await.expect("head"),
                read_all(&log, Position::START, Until::Head).await.expect("read")
            ),
            before
        );
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
    assert_eq!(
        records_of(&log, Position::START, Until::Head).await,
        [record(1, 2, 50), record(3, 1, 50)]
    );
}

/// The limit on a body is what the adapter says it is.
pub async fn a_body_of_the_largest_size_fits_and_a_larger_one_is_refused(factory: &impl Factory) {
    let log = factory.create().await;
    let largest = factory.largest_body();
    let records = [record_with(1, 1, 0, vec![7; largest]), record_with(2, 1, 0, vec![8; 10])];
    append(&log, &records).await;
    let outcome = log
        .submit(Position(2), vec![record_with(3, 1, 0, vec![9; largest + 1])])
        .await
        .map(drop);
    assert!(matches!(outcome, Err(AppendError::Refused { .. })), "{outcome:?}");
    let log = factory.reopen(log).await;
    let found = read_all(&log, Position::START, Until::Head).await.expect("read");
    let locators: Vec<Locator> = found.iter().map(|(locator, _)| *locator).collect();
    assert!(found.iter().map(|(_, record)| record).eq(&records));
    let batch = log.read_at(&locators).await.expect("read");
    assert!(
        batch
            .records
            .iter()
            .zip(&records)
            .all(|(found, record)| batch.body(found) == record.body)
    );
}
