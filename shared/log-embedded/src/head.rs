//! The head mark: how far the log is durable, in two slots that are written by turns.
//!
//! A power cut can spoil the slot that is being written, never the other one; and what the spoilt one would have marked
//! was synced before it. At rest both slots say the same, so that one damaged slot costs nothing.

use std::{fs::File, io, path::Path, time::Duration};

use event_log::{Position, ReadError};

use crate::{
    disk::Disk,
    format::{HeadMark, Malformed, SLOT_BYTES},
    segment::{damaged, io_error, read_block, too_new},
};

/// How often a reader looks again when it meets one slot that is not whole: a writer may be in the middle of it.
const SLOT_TRIES: usize = 5;
/// How long it waits in between.
const SLOT_PAUSE: Duration = Duration::from_millis(2);

/// What the head file says.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Marks {
    /// The newest mark that is whole.
    pub best: HeadMark,
    /// Both slots are whole.
    pub both_whole: bool,
    /// Both slots are whole and name the same end.
    pub agree: bool,
}

/// Reads the head file.
pub(crate) fn read_marks(path: &Path) -> Result<Marks, ReadError> {
    let mut tries = 1;
    loop {
        let marks = read_once(path);
        if tries == SLOT_TRIES || marks.as_ref().is_ok_and(|marks| marks.both_whole) {
            return marks;
        }
        tries += 1;
        std::thread::sleep(SLOT_PAUSE);
    }
}

fn read_once(path: &Path) -> Result<Marks, ReadError> {
    let file = File::open(path).map_err(|error| {
        if error.kind() == io::ErrorKind::NotFound {
            return damaged(path, 0, Position::START, "the head mark is missing beside the log's other files");
        }
        io_error("opening", path, &error)
    })?;
    let block = read_block(&file, path, 0, 2 * SLOT_BYTES)?;
    let slots = [0, 1].map(|slot| {
        let bytes = block.get(slot * SLOT_BYTES..).and_then(|rest| rest.first_chunk());
        let mark = bytes.map_or_else(|| Err(Malformed::Damaged("the file is too short".into())), HeadMark::decode)?;
        let own = mark.slot_offset() == (slot * SLOT_BYTES) as u64;
        if own { Ok(mark) } else { Err(Malformed::Damaged("a slot lies in the place of the other".into())) }
    });
    match slots {
        [Err(Malformed::TooNew(version)), _] | [_, Err(Malformed::TooNew(version))] => Err(too_new(path, version)),
        [Ok(one), Ok(other)] => {
            let best = if one.generation > other.generation { one } else { other };
            Ok(Marks { best, both_whole: true, agree: one.end == other.end && one.segment == other.segment })
        }
        [Ok(best), Err(_)] | [Err(_), Ok(best)] => Ok(Marks { best, both_whole: false, agree: false }),
        [Err(Malformed::Damaged(cause)), Err(_)] => {
            Err(damaged(path, 0, Position::START, &format!("neither slot of the head mark is whole: {cause}")))
        }
    }
}

/// Writes a mark into its slot and syncs it. Never to be tried again after an error: the kernel may have dropped what it
/// could not write.
pub(crate) fn write_mark(disk: &Disk, file: &File, path: &Path, mark: &HeadMark) -> io::Result<()> {
    disk.write(file, path, &mark.encode(), mark.slot_offset())?;
    disk.sync(file, path)
}
