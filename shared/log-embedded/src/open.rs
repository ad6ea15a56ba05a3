//! Opening: what must hold before a log is read or written, and the mending of what no one was told was durable.
//!
//! ```text
//!   segment …01        segment …74               head mark
//!   ├──── sealed ─────┤├── durable ──┤ tail │     says where "durable" ends
//!                                      │
//!               reading: not looked at; writing: whole records are kept, synced and marked, a torn end is cut off
//! ```

use std::{
    fs::File,
    io,
    path::{Path, PathBuf},
    sync::Arc,
};

use event_log::{Position, ReadError};

use crate::{
    disk::Disk,
    format::{Chain, HeadMark, SEGMENT_HEADER_BYTES, SegmentHeader},
    head::{Marks, read_marks, write_mark},
    segment::{Cursor, Segment, damaged, io_error, path_of, read_block, read_header},
};

/// The folder of the log within the data folder.
const LOG: &str = "log";
/// Where a new log is made, before it gets its name all at once.
const LOG_IN_MAKING: &str = "log.new";
/// The file that the one writer holds locked.
const LOCK: &str = "lock";
/// The file of the head mark.
pub(crate) const HEAD: &str = "head";
/// What the names of segments end in.
const SUFFIX: &str = ".seg";

/// A log whose files fit together.
#[derive(Debug)]
pub(crate) struct Opened {
    /// The folder of the log's files.
    pub folder: PathBuf,
    /// Up to the one in which the durable end lies, which is the last.
    pub segments: Vec<Arc<Segment>>,
    /// The durable end, and its generation.
    pub mark: HeadMark,
}

/// Opens what is there for reading, and changes nothing.
pub(crate) fn open_to_read(data: &Path) -> Result<Opened, ReadError> {
    let folder = data.join(LOG);
    let names = list(&folder)?;
    if names.is_empty() {
        return Err(ReadError::Missing { folder: data.into() });
    }
    let marks = read_marks(&folder.join(HEAD))?;
    let opened = load(folder, marks)?;
    if !marks.both_whole && follows_on(&opened)? {
        let cause = "one slot of the head mark is damaged, and records lie beyond what the other marks: opening the log for \
                     writing mends this";
        return Err(damaged(&opened.folder.join(HEAD), 0, opened.mark.end.head.position.plus(1), cause));
    }
    Ok(opened)
}

/// Opens for writing: takes the lock, makes the log when there is none, checks it and mends its tail.
pub(crate) fn open_to_write(data: &Path, disk: &Disk) -> Result<(Opened, File), ReadError> {
    let folder = data.join(LOG);
    let lock = match list(&folder)?.is_empty() {
        true => create(data, disk)?,
        false => None,
    };
    let lock = match lock {
        Some(lock) => lock,
        None => take_lock(data, &folder.join(LOCK), disk)?,
    };
    let marks = read_marks(&folder.join(HEAD))?;
    let mut opened = load(folder, marks)?;
    verify_last(&opened)?;
    let tail = find_tail(&opened, marks)?;
    mend(&mut opened, marks, tail, disk)?;
    Ok((opened, lock))
}

/// The names in the log's folder; none when there is no folder.
fn list(folder: &Path) -> Result<Vec<String>, ReadError> {
    let failed = |error: &io::Error| io_error("listing", folder, error);
    let entries = match std::fs::read_dir(folder) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        other => other.map_err(|error| failed(&error))?,
    };
    let mut names = Vec::new();
    for entry in entries {
        names.push(entry.map_err(|error| failed(&error))?.file_name().to_string_lossy().into_owned());
    }
    Ok(names)
}

/// The first positions that the names of the segments say, in order.
fn list_segments(folder: &Path) -> Result<Vec<Position>, ReadError> {
    let mut found = Vec::new();
    for name in list(folder)? {
        let Some(number) = name.strip_suffix(SUFFIX) else { continue };
        match number.parse() {
            Ok(first) if number.len() == 20 => found.push(Position(first)),
            _ => {
                return Err(damaged(&folder.join(&name), 0, Position::START, "this is not the name of a segment"));
            }
        }
    }
    found.sort_unstable();
    Ok(found)
}

/// Makes an empty log under another name, syncs it and gives it its name. `None` when another process was faster.
fn create(data: &Path, disk: &Disk) -> Result<Option<File>, ReadError> {
    let failed = |error: io::Error| io_error("making a log in", data, &error);
    let making = data.join(LOG_IN_MAKING);
    disk.create_folder(data).map_err(failed)?;
    disk.create_folder(&making).map_err(failed)?;
    let lock = match disk.open_or_create(&making.join(LOCK)) {
        // Between these two lines it got its name.
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        opened => locked(data, &making.join(LOCK), opened)?,
    };
    let header = SegmentHeader { before: Chain { offset: SEGMENT_HEADER_BYTES as u64, ..Chain::default() }, base: 0 };
    let segment = path_of(&making, header.first_position());
    let head = making.join(HEAD);
    let make = || -> io::Result<()> {
        disk.remove(&segment)?;
        let file = disk.create(&segment)?;
        disk.write(&file, &segment, &header.encode(), 0)?;
        disk.sync(&file, &segment)?;
        disk.remove(&head)?;
        let file = disk.create(&head)?;
        for generation in [0, 1] {
            write_mark(disk, &file, &head, &HeadMark { generation, end: header.before, segment: header.first_position() })?;
        }
        disk.sync_folder(&making)
    };
    make().map_err(failed)?;
    match std::fs::rename(&making, data.join(LOG)) {
        Ok(()) => disk.sync_folder(data).map_err(failed).map(|()| Some(lock)),
        Err(error) if error.kind() == io::ErrorKind::DirectoryNotEmpty => Ok(None),
        Err(error) => Err(failed(error)),
    }
}

/// Locks for as long as the file is open: the kernel lets go when the process ends, however it ends.
fn take_lock(data: &Path, path: &Path, disk: &Disk) -> Result<File, ReadError> {
    locked(data, path, disk.open_or_create(path))
}

fn locked(data: &Path, path: &Path, opened: io::Result<File>) -> Result<File, ReadError> {
    let lock = opened.map_err(|error| io_error("opening", path, &error))?;
    match lock.try_lock() {
        Ok(()) => Ok(lock),
        Err(std::fs::TryLockError::WouldBlock) => Err(ReadError::Busy { folder: data.into() }),
        Err(std::fs::TryLockError::Error(error)) => Err(io_error("locking", path, &error)),
    }
}

/// Checks that every segment up to the mark is there, as long as it must be, and follows on from the one before it.
fn load(folder: PathBuf, marks: Marks) -> Result<Opened, ReadError> {
    let mark = marks.best;
    let names = list_segments(&folder)?;
    let mut segments: Vec<Arc<Segment>> = Vec::new();
    let missing = |first: Position| damaged(&path_of(&folder, first), 0, first, "the file is missing");
    for first in names.into_iter().take_while(|first| *first <= mark.segment) {
        let header = read_header(&path_of(&folder, first), first)?;
        match segments.last() {
            None if first != Position(1) || header.base != 0 => return Err(missing(Position(1))),
            None => {}
            Some(before) => check_length(before, header.base)?,
        }
        segments.push(Arc::new(Segment::new(header, &folder)));
    }
    let last = segments.last().ok_or_else(|| missing(Position(1)))?;
    if last.header.first_position() != mark.segment {
        return Err(missing(mark.segment));
    }
    let length = length_of(&last.path)?;
    if length < mark.end.offset {
        let cause = format!("the file ends at byte {length}, and the head mark says that it is durable up to byte {}", mark.end.offset);
        return Err(damaged(&last.path, length, last.header.first_position(), &cause));
    }
    Ok(Opened { folder, segments, mark })
}

/// A segment ends where the next one's header says that it begins.
fn check_length(segment: &Segment, next_base: u64) -> Result<(), ReadError> {
    let length = length_of(&segment.path)?;
    let expected = next_base.checked_sub(segment.header.base);
    if expected == Some(length) {
        return Ok(());
    }
    let cause = match expected {
        Some(expected) => format!(
            "the file is {length} bytes long, and {expected} by what follows it: it was cut or added to, or a file is missing after it"
        ),
        None => "the file that follows belongs to another place".into(),
    };
    let offset = expected.map_or(0, |expected| expected.min(length));
    Err(damaged(&segment.path, offset, segment.header.first_position(), &cause))
}

fn length_of(path: &Path) -> Result<u64, ReadError> {
    std::fs::metadata(path).map(|metadata| metadata.len()).map_err(|error| io_error("looking at", path, &error))
}

/// Reads the last segment: everything up to the mark must be there, whole, and end as the mark says.
fn verify_last(opened: &Opened) -> Result<(), ReadError> {
    let Some(last) = opened.segments.last() else { return Ok(()) };
    let mut cursor = Cursor::open(last, last.header.before, opened.mark.end.offset)?;
    while cursor.next()?.is_some() {}
    if cursor.at != opened.mark.end {
        return Err(cursor.damaged("the records end otherwise than the head mark says"));
    }
    last.gather(&mut cursor);
    Ok(())
}

/// Whether a whole record, or another segment, lies beyond the mark.
fn follows_on(opened: &Opened) -> Result<bool, ReadError> {
    let Some(last) = opened.segments.last() else { return Ok(false) };
    let mut cursor = Cursor::open(last, opened.mark.end, length_of(&last.path)?)?;
    let record = matches!(cursor.next(), Ok(Some(_)));
    Ok(record || list_segments(&opened.folder)?.iter().any(|first| *first > opened.mark.segment))
}

/// What lies beyond the mark.
struct Tail {
    /// Where it ends: the last whole record's end in the last segment.
    end: Chain,
    /// Segments that were begun after the mark.
    begun: Vec<Arc<Segment>>,
    /// The last segment has bytes behind `end`.
    torn: bool,
    /// A segment file whose header was never finished.
    unfinished: Option<PathBuf>,
}

/// Reads what lies beyond the mark. A crash can tear only the very end of it, because a segment is synced before the
/// next one is begun; anything else is damage.
fn find_tail(opened: &Opened, marks: Marks) -> Result<Tail, ReadError> {
    let mut tail = Tail { end: opened.mark.end, begun: Vec::new(), torn: false, unfinished: None };
    let Some(mut segment) = opened.segments.last().cloned() else {
        return Ok(tail);
    };
    let names = list_segments(&opened.folder)?;
    let mut later = names.into_iter().filter(|first| *first > opened.mark.segment).peekable();
    loop {
        let length = length_of(&segment.path)?;
        let mut cursor = Cursor::open(&segment, tail.end, length)?;
        let stopped = loop {
            match cursor.next() {
                Ok(Some(_)) => {}
                Ok(None) => break None,
                Err(error @ ReadError::Damaged { .. }) => break Some(error),
                Err(error) => return Err(error),
            }
        };
        tail.end = cursor.at;
        tail.torn = stopped.is_some();
        let Some(first) = later.next() else { break };
        if let Some(error) = stopped {
            return Err(error);
        }
        let path = path_of(&opened.folder, first);
        let header = match read_header(&path, first) {
            Ok(header) => header,
            // The writer names the next segment by the position after the last, and syncs its header before it goes on.
            Err(ReadError::Damaged { .. }) if later.peek().is_none() && first == tail.end.head.position.plus(1) => {
                tail.unfinished = Some(path);
                break;
            }
            Err(error) => return Err(error),
        };
        let base = segment.header.base + length;
        if header != (SegmentHeader { before: Chain { offset: SEGMENT_HEADER_BYTES as u64, ..tail.end }, base }) {
            return Err(damaged(&path, 0, first, "the file does not follow on from the one before it"));
        }
        segment = Arc::new(Segment::new(header, &opened.folder));
        tail.end = header.before;
        tail.begun.push(Arc::clone(&segment));
    }
    // With one slot spoilt, the tail may hold what was acknowledged: it must be whole then. A crash spoils a slot only
    // when everything before it was synced and nothing after it was written, so this refuses no log that a crash left.
    if !marks.both_whole && (tail.torn || tail.unfinished.is_some()) {
        let path = tail.unfinished.unwrap_or_else(|| segment.path.clone());
        let cause = "one slot of the head mark is damaged as well, so it cannot be told whether this was acknowledged";
        return Err(damaged(&path, tail.end.offset, tail.end.head.position.plus(1), cause));
    }
    Ok(tail)
}

/// Cuts off what is torn, makes durable what is whole, and lets both slots mark it.
fn mend(opened: &mut Opened, marks: Marks, tail: Tail, disk: &Disk) -> Result<(), ReadError> {
    let clean = marks.agree && !tail.torn && tail.unfinished.is_none() && tail.begun.is_empty() && tail.end == opened.mark.end;
    if clean {
        return Ok(());
    }
    let failed = |error: io::Error| io_error("mending the end of", &opened.folder, &error);
    if let Some(path) = &tail.unfinished {
        tracing::warn!(file = %path.display(), "a segment that was never finished is removed: nothing in it was acknowledged");
        disk.remove(path).map_err(failed)?;
    }
    if let Some(last) = tail.begun.last().or(opened.segments.last()).filter(|_| tail.torn) {
        tracing::warn!(file = %last.path.display(), byte = tail.end.offset, "a torn end is cut off: nothing in it was acknowledged");
        let file = disk.open(&last.path).map_err(failed)?;
        disk.cut(&file, &last.path, tail.end.offset).map_err(failed)?;
        disk.sync(&file, &last.path).map_err(failed)?;
    }
    let marked = opened.mark.end.head.position;
    let mut begin = opened.mark.end.offset;
    for segment in opened.segments.last().into_iter().chain(&tail.begun) {
        write_again(disk, &segment.path, begin)?;
        begin = 0;
    }
    disk.sync_folder(&opened.folder).map_err(failed)?;
    opened.segments.extend(tail.begun);
    opened.mark.end = tail.end;
    opened.mark.segment = opened.segments.last().map_or(opened.mark.segment, |last| last.header.first_position());
    let head = opened.folder.join(HEAD);
    let file = disk.open(&head).map_err(failed)?;
    for _ in 0..2 {
        opened.mark.generation += 1;
        write_mark(disk, &file, &head, &opened.mark).map_err(failed)?;
    }
    tracing::info!(marked = marked.0, durable = tail.end.head.position.0, "the end of the log was mended");
    Ok(())
}

/// Writes the bytes from `begin` on once more and syncs them. They were read, but perhaps only from memory: after a
/// failed sync the kernel calls pages clean that never reached the disk, and only a new write makes it try again.
fn write_again(disk: &Disk, path: &Path, begin: u64) -> Result<(), ReadError> {
    let failed = |error: io::Error| io_error("mending the end of", path, &error);
    let length = length_of(path)?;
    let to_read = File::open(path).map_err(failed)?;
    let file = disk.open(path).map_err(failed)?;
    let mut at = begin;
    while at < length {
        let block = read_block(&to_read, path, at, 1 << 20)?;
        if block.is_empty() {
            break;
        }
        disk.write(&file, path, &block, at).map_err(failed)?;
        at += block.len() as u64;
    }
    disk.sync(&file, path).map_err(failed)
}
