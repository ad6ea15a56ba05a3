//! The reader of messages, for `tests/fuzz` and nobody else.

use async_nats::{HeaderMap, HeaderValue};
use event_log::{Record, RecordHeader};

use crate::message::{self, Outgoing, RECORD};

/// The header of a record, or why the message is none.
///
/// # Errors
/// What is wrong with it.
pub fn read(subject: &str, record: &str, body: &[u8]) -> Result<RecordHeader, String> {
    let mut headers = HeaderMap::new();
    let value: HeaderValue = record.parse().map_err(|_| "not a header".to_owned())?;
    headers.insert(RECORD, value);
    message::read(subject, Some(&headers), body).map(|(header, _)| header)
}

/// What a message must state so that its checksum fits.
#[must_use]
pub fn checksum(header: &RecordHeader, body: &[u8]) -> u32 {
    header.checksum(body)
}

/// A record, written as a message and read again.
///
/// # Errors
/// When what was written cannot be read.
pub fn there_and_back(record: Record) -> Result<RecordHeader, String> {
    let written = Outgoing::of(record, "traject.events");
    message::read(&written.subject, Some(&written.headers), &written.body).map(|(header, _)| header)
}
