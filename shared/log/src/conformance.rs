//! The conformance suite: what every adapter of the port must do, as async functions that panic when it does not.
//!
//! An adapter writes a [`Factory`] and, in its test binary, `event_log::conformance_tests!(MyFactory::default());`: that
//! makes one tokio test of each function below, so it needs `tokio` among its dev-dependencies.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test suite: panicking is how it fails")]

mod appending;
mod reading;

use std::future::Future;

use bytes::Bytes;
use proto_events::Timestamp;
use uuid::Uuid;

pub use appending::*;
pub use reading::*;

use crate::{EventLog, Head, Locator, MAX_BODY_BYTES, Position, ReadError, Record, RecordHeader, RecordReader, Until};

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
            a_tail_is_that_of_the_record_that_ends_there
            a_reader_beside_a_writer_sees_an_unbroken_durable_beginning
            a_follower_sees_every_record_once
            following_gives_what_is_there_and_then_what_comes
            following_an_empty_log_waits
            a_follower_that_was_given_up_goes_on
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
    Record { header, body: Bytes::from(body) }
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
            records.last().map_or(micros, |before: &Record| before.header.recorded_at.micros() - BEGIN)
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
        pending.push((record.header.last_position(), log.submit(expected, vec![record.clone()]).await.expect("queued")));
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
            found.push((record.locator, Record { header: record.header, body: Bytes::copy_from_slice(batch.body(record)) }));
        }
    }
    Ok(found)
}

async fn records_of<L: EventLog>(log: &L, from: Position, until: Until) -> Vec<Record> {
    read_all(log, from, until).await.expect("read").into_iter().map(|(_, record)| record).collect()
}

fn head_of(record: &Record) -> Head {
    Head { position: record.header.last_position(), recorded_at: Some(record.header.recorded_at) }
}
