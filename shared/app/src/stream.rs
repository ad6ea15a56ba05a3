//! One stream at a time: records to timelines, for those who keep bodies instead of a log.

use domain::Timeline;
use event_log::{EventLog, Position, RecordBatch, RecordHeader, RecordReader, Until};
use proto_events::upcast::Upcasters;
use uuid::Uuid;

use crate::{AppError, Keep, replay};

/// Takes one record into its stream's timeline. When it fails the timeline may hold a part of the record: work on a copy.
///
/// # Errors
/// [`AppError::History`] when the record cannot be read or does not follow on.
pub fn evolve(timeline: &mut Timeline, header: &RecordHeader, body: &[u8], keep: Keep, upcasters: &Upcasters) -> Result<(), AppError> {
    replay::evolve_record(timeline, header, body, keep, upcasters)
}

/// The id of a record's first event.
///
/// # Errors
/// [`AppError::History`] when the record cannot be read.
pub fn first_event_id(header: &RecordHeader, body: &[u8]) -> Result<Option<Uuid>, AppError> {
    Ok(replay::decode(header, body)?.events.first().map(|event| event.event_id.0))
}

/// The log's first event, when it is in this batch.
///
/// # Errors
/// [`AppError::History`] when its record cannot be read.
pub fn first_event_in(batch: &RecordBatch) -> Result<Option<Uuid>, AppError> {
    let first = batch.records.first().filter(|record| record.header.first_position == Position(1));
    first.map_or(Ok(None), |record| first_event_id(&record.header, batch.body(record)))
}

/// The log's first event; `None` of an empty log.
///
/// # Errors
/// When the log cannot be read.
pub async fn first_event_of<L: EventLog>(log: &L) -> Result<Option<Uuid>, AppError> {
    let batch = log.read(Position::START, Until::Head).await?.next().await?;
    batch.map_or(Ok(None), |batch| first_event_in(&batch))
}
