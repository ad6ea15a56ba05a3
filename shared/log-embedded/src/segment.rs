//! One segment as it is read: its header, a cursor through its frames, and the sparse index of those already read.

use std::{
    fs::File,
    io,
    os::unix::fs::FileExt,
    path::{Path, PathBuf},
    sync::{Mutex, PoisonError},
};

use bytes::Bytes;
use event_log::{Locator, Position, ReadError, RecordBatch, RecordRef};
use proto_events::Timestamp;

use crate::format::{
    Chain, FRAME_HEADER_BYTES, Frame, LoneFrame, Malformed, SEGMENT_HEADER_BYTES, SegmentHeader, decode_frame, decode_lone_frame,
};

/// The first block of a reading, in bytes; each further one is twice as long. A short reading then costs little.
const FIRST_BLOCK_BYTES: usize = 64 << 10;
/// The longest block, in bytes, unless a single record is longer: longer ones read no faster, and the allocator gives them back
/// to the system after each, which then clears their pages for the next.
const BLOCK_BYTES: usize = 256 << 10;
/// How far apart the entries of the index are, in bytes: a look-up reads at most this much, in some 30 µs.
const INDEX_STEP_BYTES: u64 = 64 << 10;
/// How long a frame mostly is, in bytes: for the capacity of a batch.
const TYPICAL_FRAME_BYTES: usize = 256;
/// What is read at once of a record that is looked up: most are shorter.
const LOOKUP_BYTES: usize = 2 << 10;

/// A segment file and what is known of it.
#[derive(Debug)]
pub(crate) struct Segment {
    pub header: SegmentHeader,
    pub path: PathBuf,
    index: Mutex<Index>,
}

/// How far to go: the last state that still lies within this.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Target {
    /// All there is.
    End,
    /// Up to this position.
    Position(Position),
    /// Up to what was recorded at this moment.
    Moment(Timestamp),
    /// Up to this byte of the segment.
    Offset(u64),
}

impl Target {
    /// Whether a state lies within it. Once it does not, no later one does.
    pub fn holds(self, state: &Chain) -> bool {
        match self {
            Self::End => true,
            Self::Position(position) => state.head.position <= position,
            Self::Moment(moment) => state.head.recorded_at.is_none_or(|at| at <= moment),
            Self::Offset(offset) => state.offset <= offset,
        }
    }

    /// Whether no later state can lie within it, whatever the next record is.
    fn is_reached(self, state: &Chain) -> bool {
        match self {
            Self::Position(position) => state.head.position >= position,
            Self::Offset(offset) => state.offset >= offset,
            Self::End | Self::Moment(_) => false,
        }
    }
}

/// The states before some of the records, and how far they have been gathered.
#[derive(Debug)]
struct Index {
    entries: Vec<Chain>,
    read: Chain,
}

impl Segment {
    pub fn new(header: SegmentHeader, folder: &Path) -> Self {
        let index = Index { entries: vec![header.before], read: header.before };
        Self { header, path: path_of(folder, header.first_position()), index: Mutex::new(index) }
    }

    /// The file, to read.
    pub fn open(&self) -> Result<File, ReadError> {
        File::open(&self.path).map_err(|error| {
            if error.kind() == io::ErrorKind::NotFound {
                return damaged(&self.path, 0, self.header.first_position(), "the file is missing");
            }
            io_error("opening", &self.path, &error)
        })
    }

    /// The error for a segment whose header says other than what comes before it.
    pub fn does_not_follow(&self) -> ReadError {
        damaged(&self.path, 0, self.header.first_position(), "the file does not follow on from the one before it")
    }

    /// The last state of this segment, up to `end` bytes, that lies within the target. The state before the segment must.
    pub fn seek(&self, end: u64, target: Target) -> Result<Chain, ReadError> {
        let mut index = self.index.lock().unwrap_or_else(PoisonError::into_inner);
        if target.holds(&index.read) {
            let mut cursor = Cursor::open(self, index.read, end)?;
            cursor.marked = index.entries.last().map_or(0, |entry| entry.offset);
            cursor.go_to(target)?;
            index.gather(&mut cursor);
            return Ok(cursor.at);
        }
        let entry = index.entries.partition_point(|entry| target.holds(entry)).checked_sub(1);
        let entry = entry.and_then(|entry| index.entries.get(entry)).copied().unwrap_or(self.header.before);
        drop(index);
        let mut cursor = Cursor::open(self, entry, end)?;
        cursor.go_to(target)?;
        Ok(cursor.at)
    }

    /// Keeps what a cursor that began where the index ends has found, so that look-ups need not read it again.
    pub fn gather(&self, cursor: &mut Cursor) {
        self.index.lock().unwrap_or_else(PoisonError::into_inner).gather(cursor);
    }

    /// The one record at this byte, which must end before `end`. Appends its body to `bytes`.
    pub fn record_at(&self, file: &File, offset: u64, end: u64, bytes: &mut Vec<u8>) -> Result<RecordRef, ReadError> {
        let room = usize::try_from(end.saturating_sub(offset)).unwrap_or(usize::MAX);
        let mut length = LOOKUP_BYTES.min(room);
        if offset < SEGMENT_HEADER_BYTES as u64 || room == 0 {
            return Err(damaged(&self.path, offset, self.header.first_position(), "no record begins here"));
        }
        loop {
            let block = read_block(file, &self.path, offset, length)?;
            match decode_lone_frame(&block) {
                Ok(LoneFrame::Whole { header, length, .. }) => {
                    let begin = bytes.len();
                    bytes.extend_from_slice(block.get(FRAME_HEADER_BYTES..length).unwrap_or_default());
                    return Ok(RecordRef { header, locator: Locator(self.header.base + offset), body: begin..bytes.len() });
                }
                Ok(LoneFrame::Cut { needs }) if needs <= room && block.len() == length => length = needs,
                Ok(LoneFrame::Cut { .. }) => return Err(self.nothing_at(offset, end, "no whole record begins here".into())),
                Err(Malformed::Damaged(cause)) => return Err(self.nothing_at(offset, end, cause)),
                Err(Malformed::TooNew(version)) => return Err(too_new(&self.path, version)),
            }
        }
    }

    /// The error for a look-up that found no record; says which position lies there, or where the damage really begins.
    fn nothing_at(&self, offset: u64, end: u64, cause: String) -> ReadError {
        match self.seek(end, Target::Offset(offset)) {
            Ok(before) => damaged(&self.path, offset, before.head.position.plus(1), &cause),
            Err(error) => error,
        }
    }
}

impl Index {
    fn gather(&mut self, cursor: &mut Cursor) {
        self.entries.append(&mut cursor.marks);
        self.read = cursor.at;
    }
}

/// A way through the frames of a segment, each checked against the one before it.
#[derive(Debug)]
pub(crate) struct Cursor {
    file: File,
    path: PathBuf,
    base: u64,
    end: u64,
    block: usize,
    /// The state after the last record that was given.
    pub at: Chain,
    /// States passed on the way, one in [`INDEX_STEP_BYTES`]: for the index.
    marks: Vec<Chain>,
    marked: u64,
    finished: bool,
}

impl Cursor {
    /// From a state of this segment up to the byte `end`, which must be the end of a record.
    pub fn open(segment: &Segment, from: Chain, end: u64) -> Result<Self, ReadError> {
        let (file, path, base) = (segment.open()?, segment.path.clone(), segment.header.base);
        Ok(Self { file, path, base, end, block: FIRST_BLOCK_BYTES, at: from, marks: Vec::new(), marked: from.offset, finished: false })
    }

    /// The next records; `None` at the end. An error comes only after all the whole records before it were given.
    pub fn next(&mut self) -> Result<Option<RecordBatch>, ReadError> {
        self.next_within(Target::End)
    }

    /// Goes on to the last state within the target, and no further than it must to know that.
    fn go_to(&mut self, target: Target) -> Result<(), ReadError> {
        while !target.is_reached(&self.at) && self.next_within(target)?.is_some() {}
        Ok(())
    }

    /// The next records, as long as they lie within the target; `None` once they do not, or at the end.
    pub fn next_within(&mut self, target: Target) -> Result<Option<RecordBatch>, ReadError> {
        let mut length = self.block;
        self.block = (self.block * 2).min(BLOCK_BYTES);
        while !self.finished && self.at.offset < self.end {
            let room = usize::try_from(self.end - self.at.offset).unwrap_or(usize::MAX);
            let asked = length.min(room);
            let block = read_block(&self.file, &self.path, self.at.offset, asked)?;
            let (records, stopped) = self.decode(&block, target);
            if !records.is_empty() {
                return Ok(Some(RecordBatch { bytes: Bytes::from(block), records }));
            }
            length = match stopped {
                Ok(_) if self.finished => break,
                Ok(needs) if needs > room => return Err(self.damaged("the record runs beyond the end of what was written")),
                Ok(_) if block.len() < asked => {
                    let cause = format!("the file ends at byte {}", self.at.offset + block.len() as u64);
                    return Err(self.damaged(&cause));
                }
                Ok(needs) => needs,
                Err(Malformed::Damaged(cause)) => return Err(self.damaged(&cause)),
                Err(Malformed::TooNew(version)) => return Err(too_new(&self.path, version)),
            };
        }
        Ok(None)
    }

    /// The whole records at the beginning of a block, and what stopped the decoding: a frame that needs so many bytes
    /// (0 when the block ended with a frame), or one that is malformed.
    fn decode(&mut self, block: &[u8], target: Target) -> (Vec<RecordRef>, Result<usize, Malformed>) {
        let begin = self.base + self.at.offset;
        let mut records = Vec::with_capacity(block.len() / TYPICAL_FRAME_BYTES);
        let mut done = 0;
        while let Some(rest) = block.get(done..).filter(|rest| !rest.is_empty()) {
            match decode_frame(rest, self.at) {
                Ok(Frame::Whole { after, .. }) if !target.holds(&after) => {
                    self.finished = true;
                    break;
                }
                Ok(Frame::Whole { header, length, after }) => {
                    if self.at.offset >= self.marked + INDEX_STEP_BYTES {
                        self.marked = self.at.offset;
                        self.marks.push(self.at);
                    }
                    let body = done + FRAME_HEADER_BYTES..done + length;
                    records.push(RecordRef { header, locator: Locator(begin + done as u64), body });
                    done += length;
                    self.at = after;
                }
                Ok(Frame::Cut { needs }) => return (records, Ok(needs)),
                Err(malformed) => return (records, Err(malformed)),
            }
        }
        (records, Ok(0))
    }

    /// An error at the place that comes next.
    pub fn damaged(&self, cause: &str) -> ReadError {
        damaged(&self.path, self.at.offset, self.at.head.position.plus(1), cause)
    }
}

/// The segment's file: named by its first position, so that names sort as the log does.
pub(crate) fn path_of(folder: &Path, first: Position) -> PathBuf {
    folder.join(format!("{:020}.seg", first.0))
}

/// Reads a segment's header.
pub(crate) fn read_header(path: &Path, first: Position) -> Result<SegmentHeader, ReadError> {
    let file = File::open(path).map_err(|error| io_error("opening", path, &error))?;
    let bytes = read_block(&file, path, 0, SEGMENT_HEADER_BYTES)?;
    let bytes = bytes.first_chunk().ok_or_else(|| damaged(path, 0, first, "the file ends within its header"))?;
    match SegmentHeader::decode(bytes) {
        Ok(header) if header.first_position() == first => Ok(header),
        Ok(header) => Err(damaged(path, 0, first, &format!("this is the file that begins at position {}", header.first_position()))),
        Err(Malformed::Damaged(cause)) => Err(damaged(path, 0, first, &cause)),
        Err(Malformed::TooNew(version)) => Err(too_new(path, version)),
    }
}

/// Reads this many bytes, or fewer where the file ends.
pub(crate) fn read_block(file: &File, path: &Path, offset: u64, length: usize) -> Result<Vec<u8>, ReadError> {
    let mut block = vec![0; length];
    let mut filled = 0;
    while let Some(rest) = block.get_mut(filled..).filter(|rest| !rest.is_empty()) {
        match file.read_at(rest, offset + filled as u64) {
            Ok(0) => break,
            Ok(count) => filled += count,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(io_error(&format!("reading at byte {offset} of"), path, &error)),
        }
    }
    block.truncate(filled);
    Ok(block)
}

pub(crate) fn damaged(path: &Path, offset: u64, position: Position, cause: &str) -> ReadError {
    ReadError::Damaged { file: path.display().to_string(), offset, position, cause: cause.into() }
}

pub(crate) fn io_error(doing: &str, path: &Path, error: &io::Error) -> ReadError {
    ReadError::Io { what: format!("{doing} {}", path.display()), cause: error.to_string() }
}

pub(crate) fn too_new(path: &Path, version: u32) -> ReadError {
    let cause = format!("it has format version {version}, which a newer version of this program has written: use that one");
    ReadError::Io { what: format!("reading {}", path.display()), cause }
}
