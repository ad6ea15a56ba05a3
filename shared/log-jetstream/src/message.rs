//! One record as one message. This form is for ever: the stream keeps it.
//!
//! | part | content |
//! | --- | --- |
//! | subject | `<prefix>.<organisation>.<trajectory id>`; the organisation stands in the record's body, `unknown` where the body is no decision |
//! | body | the record's body as it was given: a stored decision in MessagePack |
//! | `Nats-Msg-Id` | the id of the record's first event; where the body is no decision, position and checksum |
//! | `Trajectlog-Record` | `1 <first position> <events> <recorded_at> <checksum>`: decimal, the moment in microseconds since 1970, the checksum in hexadecimal |
//!
//! The checksum is that of the port ([`RecordHeader::checksum`]). One header and not four: a client builds a map of them for every message that it reads.

use async_nats::{HeaderMap, HeaderName, Subject, header};
use bytes::Bytes;
use event_log::{Position, Record, RecordHeader};
use proto_events::{Timestamp, stored};
use uuid::Uuid;

use crate::server::Tip;

/// Bytes of a message that are kept for its headers: the largest body is this much smaller than the server's `max_payload`.
pub const HEADER_ROOM: usize = 512;

const VERSION: &str = "1";
/// The organisation of a body that names none.
const NOBODY: &str = "unknown";
/// A slug is at most this long.
const LONGEST_SLUG: usize = 64;
pub(crate) const RECORD: HeaderName = HeaderName::from_static("Trajectlog-Record");

/// A record that waits to be sent.
#[derive(Clone, Debug)]
pub(crate) struct Outgoing {
    pub(crate) subject: Subject,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
    /// The log's end after it.
    pub(crate) tip: Tip,
}

impl Outgoing {
    pub(crate) fn of(record: Record, prefix: &str) -> Self {
        let Record { header, body } = record;
        let checksum = header.checksum(&body);
        let decision = stored::decode(&body).ok();
        let first = decision.as_ref().and_then(|decision| decision.events.first());
        let id = match first {
            Some(event) => event.event_id.0.to_string(),
            None => format!("{}-{checksum:08x}", header.first_position),
        };
        let organisation = decision.as_ref().map(|decision| decision.organisation).filter(|name| is_slug(name)).unwrap_or(NOBODY);
        let subject = format!("{prefix}.{organisation}.{}", header.trajectory_id).into();
        let moment = header.recorded_at.micros();
        let mut headers = HeaderMap::new();
        headers.insert(header::NATS_MESSAGE_ID, id);
        headers.insert(RECORD, format!("{VERSION} {} {} {moment} {checksum:08x}", header.first_position, header.events));
        Self { subject, headers, body, tip: Tip::of(&header, checksum) }
    }

    /// Bytes that it takes, near enough for limits.
    pub(crate) fn size(&self) -> usize {
        HEADER_ROOM + self.body.len()
    }
}

fn is_slug(name: &str) -> bool {
    let fits = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    !name.is_empty() && name.len() <= LONGEST_SLUG && name.bytes().all(fits)
}

/// Reads a message: the record's header and checksum, once everything was found to be as it was written.
pub(crate) fn read(subject: &str, headers: Option<&HeaderMap>, body: &[u8]) -> Result<(RecordHeader, u32), String> {
    let text = headers.and_then(|headers| headers.get(RECORD)).ok_or("it has no header Trajectlog-Record: it is not of this program")?;
    let mut fields = text.as_str().split(' ');
    let mut field = || fields.next().ok_or("its header Trajectlog-Record is too short");
    let version = field()?;
    if version != VERSION {
        return Err(format!("its form has version {version:.8}, which this program does not know: use a newer one"));
    }
    let header = RecordHeader {
        first_position: Position(number(field()?)?),
        events: number(field()?)?,
        recorded_at: Timestamp::from_micros(number(field()?)?).ok_or("its moment lies outside the calendar")?,
        trajectory_id: trajectory(subject)?,
    };
    let stated = u32::from_str_radix(field()?, 16).map_err(|_| "its checksum is no number")?;
    if fields.next().is_some() {
        return Err("its header Trajectlog-Record is too long".to_owned());
    }
    if header.checksum(body) != stated {
        return Err("its checksum does not fit".to_owned());
    }
    if header.events == 0 || header.first_position == Position::START {
        return Err("it says that it holds nothing".to_owned());
    }
    if header.first_position.0.checked_add(u64::from(header.events)).is_none() {
        return Err("it says that it ends beyond every position".to_owned());
    }
    Ok((header, stated))
}

fn number<N: std::str::FromStr>(text: &str) -> Result<N, String> {
    text.parse().map_err(|_| "a field of its header Trajectlog-Record is no number".to_owned())
}

fn trajectory(subject: &str) -> Result<Uuid, String> {
    let last = subject.rsplit('.').next().unwrap_or_default();
    Uuid::try_parse(last).map_err(|_| "its subject does not end with a trajectory's id".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The message of a record whose checksum fits, whatever it says.
    fn read_back(first: u64, events: u16) -> Result<RecordHeader, String> {
        let (moment, trajectory_id) = (Timestamp::from_micros(7).expect("a moment"), Uuid::from_u128(1));
        let header = RecordHeader { first_position: Position(first), events, recorded_at: moment, trajectory_id };
        let mut headers = HeaderMap::new();
        headers.insert(RECORD, format!("{VERSION} {first} {events} 7 {:08x}", header.checksum(b"x")));
        read(&format!("traject.events.unknown.{trajectory_id}"), Some(&headers), b"x").map(|(header, _)| header)
    }

    #[test]
    fn a_record_of_nothing_or_beyond_every_position_is_none() {
        assert_eq!(read_back(1, 2).map(|header| header.last_position()), Ok(Position(2)));
        assert!(read_back(u64::MAX - 1, 1).is_ok());
        for (first, events) in [(0, 1), (1, 0), (u64::MAX, 1), (u64::MAX, u16::MAX), (u64::MAX - 1, 2)] {
            assert!(read_back(first, events).is_err(), "{first} {events}");
        }
    }
}
