//! The bytes on disk. All numbers are little endian, and every byte of a log lies under a CRC-32C.
//!
//! ```text
//!   segment   header (64) │ frame │ frame │ …
//!
//!   header    magic 8 │ version u32 │ check u32 │ first_position u64 │ base u64 │ previous recorded_at i64
//!             │ previous check u32 │ zeros 20
//!   frame     length u32 │ check u32 │ previous check u32 │ first_position u64 │ recorded_at i64
//!             │ trajectory 16 │ events u16 │ body
//!   head      two slots of 4096 bytes, written by turns: magic 8 │ version u32 │ check u32 │ generation u64
//!             │ position u64 │ recorded_at i64 │ segment u64 │ end u64 │ last check u32 │ zeros to 4096
//! ```
//!
//! A check covers everything else in its header, frame or slot. A frame repeats the check of the frame before it, so the
//! checks form a chain: a record that is whole in itself but belongs elsewhere, or to an older state, breaks it. `base` is
//! the sum of the lengths of all earlier segments, so `base` + offset is a byte address in the whole log: the
//! [`Locator`](event_log::Locator).

use event_log::{Head, MAX_BODY_BYTES, Position, Record, RecordHeader};
use proto_events::Timestamp;
use uuid::Uuid;

/// The one version of all three forms so far.
pub(crate) const FORMAT_VERSION: u32 = 1;
/// How long a segment's header is, in bytes.
pub(crate) const SEGMENT_HEADER_BYTES: usize = 64;
/// How long a frame is without its body, in bytes.
pub(crate) const FRAME_HEADER_BYTES: usize = 46;
/// The longest frame, in bytes.
pub(crate) const MAX_FRAME_BYTES: usize = FRAME_HEADER_BYTES + MAX_BODY_BYTES;
/// How long a slot of the head mark is: one block, so that a torn write of one slot cannot reach the other.
pub(crate) const SLOT_BYTES: usize = 4096;

const SEGMENT_MAGIC: [u8; 8] = *b"TRAJSEGM";
const HEAD_MAGIC: [u8; 8] = *b"TRAJHEAD";
/// Stands for "no moment": of an empty log. No [`Timestamp`] reaches it.
const NO_MOMENT: i64 = i64::MIN;

/// The state of the log after a frame: all that the next one must follow on from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Chain {
    /// The last event, and when it was recorded.
    pub head: Head,
    /// The check of the last frame; 0 before the first.
    pub check: u32,
    /// Where in the segment the next frame begins, in bytes.
    pub offset: u64,
}

/// What a segment's header says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct SegmentHeader {
    /// The state before the segment's first frame; its offset is the length of this header.
    pub before: Chain,
    /// The byte address of the segment's first byte in the whole log.
    pub base: u64,
}

/// What a slot of the head mark says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct HeadMark {
    /// Counts up with each mark; even ones lie in the first slot.
    pub generation: u64,
    /// The state at the durable end.
    pub end: Chain,
    /// The first position of the segment that the end lies in.
    pub segment: Position,
}

/// Why bytes are not what they should be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Malformed {
    /// They are not what was written.
    Damaged(String),
    /// They were written by a newer program.
    TooNew(u32),
}

/// What lies at the beginning of a buffer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Frame {
    /// A whole record of this many bytes with its frame, and the state after it.
    Whole { header: RecordHeader, length: usize, after: Chain },
    /// A frame that needs this many bytes, more than there are.
    Cut { needs: usize },
}

impl SegmentHeader {
    pub(crate) fn encode(&self) -> [u8; SEGMENT_HEADER_BYTES] {
        let mut bytes = [0; SEGMENT_HEADER_BYTES];
        let mut fields = Fields::of(&mut bytes);
        fields.put(&SEGMENT_MAGIC);
        fields.put(&FORMAT_VERSION.to_le_bytes());
        fields.put(&[0; 4]);
        fields.put(&self.before.head.position.0.saturating_add(1).to_le_bytes());
        fields.put(&self.base.to_le_bytes());
        fields.put(&micros(self.before.head.recorded_at).to_le_bytes());
        fields.put(&self.before.check.to_le_bytes());
        seal(&mut bytes, 12);
        bytes
    }

    pub(crate) fn decode(bytes: &[u8; SEGMENT_HEADER_BYTES]) -> Result<Self, Malformed> {
        let mut fields = Taken::after_seal(bytes, &SEGMENT_MAGIC)?;
        let first = fields.u64();
        let base = fields.u64();
        let recorded_at = fields.moment()?;
        let check = fields.u32();
        let position = first.checked_sub(1).ok_or_else(|| damaged("it begins at position 0"))?;
        let before = Chain { head: Head { position: Position(position), recorded_at }, check, offset: SEGMENT_HEADER_BYTES as u64 };
        Ok(Self { before, base })
    }

    pub(crate) fn first_position(&self) -> Position {
        self.before.head.position.plus(1)
    }
}

impl HeadMark {
    pub(crate) fn encode(&self) -> [u8; SLOT_BYTES] {
        let mut bytes = [0; SLOT_BYTES];
        let mut fields = Fields::of(&mut bytes);
        fields.put(&HEAD_MAGIC);
        fields.put(&FORMAT_VERSION.to_le_bytes());
        fields.put(&[0; 4]);
        fields.put(&self.generation.to_le_bytes());
        fields.put(&self.end.head.position.0.to_le_bytes());
        fields.put(&micros(self.end.head.recorded_at).to_le_bytes());
        fields.put(&self.segment.0.to_le_bytes());
        fields.put(&self.end.offset.to_le_bytes());
        fields.put(&self.end.check.to_le_bytes());
        seal(&mut bytes, 12);
        bytes
    }

    pub(crate) fn decode(bytes: &[u8; SLOT_BYTES]) -> Result<Self, Malformed> {
        let mut fields = Taken::after_seal(bytes, &HEAD_MAGIC)?;
        let generation = fields.u64();
        let position = Position(fields.u64());
        let recorded_at = fields.moment()?;
        let segment = Position(fields.u64());
        let offset = fields.u64();
        let check = fields.u32();
        Ok(Self { generation, end: Chain { head: Head { position, recorded_at }, check, offset }, segment })
    }

    /// The byte of the head file at which this mark's slot begins.
    pub(crate) fn slot_offset(&self) -> u64 {
        self.generation % 2 * SLOT_BYTES as u64
    }
}

/// Appends a record's frame to a buffer and gives the state after it.
pub(crate) fn encode_frame(buffer: &mut Vec<u8>, before: Chain, record: &Record) -> Chain {
    let begin = buffer.len();
    let length = FRAME_HEADER_BYTES + record.body.len();
    buffer.reserve(length);
    buffer.extend_from_slice(&u32::try_from(length).unwrap_or(u32::MAX).to_le_bytes());
    buffer.extend_from_slice(&[0; 4]);
    buffer.extend_from_slice(&before.check.to_le_bytes());
    buffer.extend_from_slice(&record.header.first_position.0.to_le_bytes());
    buffer.extend_from_slice(&record.header.recorded_at.micros().to_le_bytes());
    buffer.extend_from_slice(record.header.trajectory_id.as_bytes());
    buffer.extend_from_slice(&record.header.events.to_le_bytes());
    buffer.extend_from_slice(&record.body);
    let check = seal(buffer.get_mut(begin..).unwrap_or_default(), 4);
    after(before, &record.header, check, length)
}

/// Reads the frame at the beginning of a buffer, which must follow on from `before`.
pub(crate) fn decode_frame(buffer: &[u8], before: Chain) -> Result<Frame, Malformed> {
    let (header, length, previous) = match decode_lone_frame(buffer)? {
        LoneFrame::Whole { header, length, previous } => (header, length, previous),
        LoneFrame::Cut { needs } => return Ok(Frame::Cut { needs }),
    };
    if before.head.position.0.checked_add(1) != Some(header.first_position.0) {
        return Err(damaged(&format!("a whole record of position {} lies here", header.first_position)));
    }
    if previous != before.check {
        return Err(damaged("a whole record lies here that was not written after the one before it"));
    }
    if before.head.recorded_at.is_some_and(|moment| moment > header.recorded_at) {
        return Err(damaged("recorded_at runs backwards"));
    }
    let check = Taken { rest: buffer.get(4..).unwrap_or_default() }.u32();
    Ok(Frame::Whole { header, length, after: after(before, &header, check, length) })
}

/// A frame by itself, without what came before it.
pub(crate) enum LoneFrame {
    /// A whole record, its frame's length in bytes, and the check of the frame before it.
    Whole { header: RecordHeader, length: usize, previous: u32 },
    /// A frame that needs this many bytes, more than there are.
    Cut { needs: usize },
}

/// Reads the frame at the beginning of a buffer.
pub(crate) fn decode_lone_frame(buffer: &[u8]) -> Result<LoneFrame, Malformed> {
    let mut fields = Taken { rest: buffer };
    if buffer.len() < 4 {
        return Ok(LoneFrame::Cut { needs: FRAME_HEADER_BYTES });
    }
    let length = fields.u32() as usize;
    if !(FRAME_HEADER_BYTES..=MAX_FRAME_BYTES).contains(&length) {
        return Err(damaged(&format!("a record of {length} bytes is not possible")));
    }
    let Some(frame) = buffer.get(..length) else {
        return Ok(LoneFrame::Cut { needs: length });
    };
    if fields.u32() != check_of(frame, 4) {
        return Err(damaged("the checksum does not fit"));
    }
    let previous = fields.u32();
    let first_position = Position(fields.u64());
    let recorded_at = fields.moment()?.ok_or_else(|| damaged("recorded_at is missing"))?;
    let trajectory_id = Uuid::from_bytes(fields.array());
    let events = fields.u16();
    if events == 0 || first_position.0.checked_add(u64::from(events)).is_none() {
        return Err(damaged("a record without events, or beyond all positions"));
    }
    Ok(LoneFrame::Whole { header: RecordHeader { first_position, events, recorded_at, trajectory_id }, length, previous })
}

fn after(before: Chain, header: &RecordHeader, check: u32, length: usize) -> Chain {
    let head = Head { position: header.last_position(), recorded_at: Some(header.recorded_at) };
    Chain { head, check, offset: before.offset + length as u64 }
}

fn damaged(cause: &str) -> Malformed {
    Malformed::Damaged(cause.into())
}

fn micros(moment: Option<Timestamp>) -> i64 {
    moment.map_or(NO_MOMENT, Timestamp::micros)
}

/// CRC-32C of all but the four bytes at `hole`, where the check itself lies.
fn check_of(bytes: &[u8], hole: usize) -> u32 {
    let before = bytes.get(..hole).unwrap_or_default();
    let behind = bytes.get(hole + 4..).unwrap_or_default();
    crc32c::crc32c_append(crc32c::crc32c(before), behind)
}

/// Writes the check into its place.
fn seal(bytes: &mut [u8], hole: usize) -> u32 {
    let check = check_of(bytes, hole);
    if let Some(place) = bytes.get_mut(hole..hole + 4) {
        place.copy_from_slice(&check.to_le_bytes());
    }
    check
}

/// Fields written one after the other; what does not fit is a mistake of this module, caught by its tests.
struct Fields<'a> {
    rest: &'a mut [u8],
}

impl<'a> Fields<'a> {
    fn of(rest: &'a mut [u8]) -> Self {
        Self { rest }
    }

    fn put(&mut self, field: &[u8]) {
        if let Some((place, rest)) = std::mem::take(&mut self.rest).split_at_mut_checked(field.len()) {
            place.copy_from_slice(field);
            self.rest = rest;
        }
    }
}

/// Fields read one after the other; behind the end lie zeros.
struct Taken<'a> {
    rest: &'a [u8],
}

impl<'a> Taken<'a> {
    /// The fields of a header or slot whose magic, check and version are right.
    fn after_seal(bytes: &'a [u8], magic: &[u8; 8]) -> Result<Self, Malformed> {
        let mut fields = Self { rest: bytes };
        if fields.array::<8>() != *magic {
            return Err(damaged("it does not begin as such a file does"));
        }
        let version = fields.u32();
        if fields.u32() != check_of(bytes, 12) {
            return Err(damaged("the checksum of the header does not fit"));
        }
        if version != FORMAT_VERSION { Err(Malformed::TooNew(version)) } else { Ok(fields) }
    }

    fn array<const N: usize>(&mut self) -> [u8; N] {
        let (field, rest) = self.rest.split_first_chunk().map_or(([0; N], &[][..]), |(field, rest)| (*field, rest));
        self.rest = rest;
        field
    }

    fn u16(&mut self) -> u16 {
        u16::from_le_bytes(self.array())
    }

    fn u32(&mut self) -> u32 {
        u32::from_le_bytes(self.array())
    }

    fn u64(&mut self) -> u64 {
        u64::from_le_bytes(self.array())
    }

    fn moment(&mut self) -> Result<Option<Timestamp>, Malformed> {
        match i64::from_le_bytes(self.array()) {
            NO_MOMENT => Ok(None),
            micros => Timestamp::from_micros(micros).map(Some).ok_or_else(|| damaged("recorded_at lies outside all years")),
        }
    }
}
