//! The one thread that writes. Per group: write the frames, sync the segment, write and sync the head mark, let readers
//! see it, answer. The two syncs are in this order so that the mark never says more than what is on disk.
//!
//! | what fails | what is done | the answer |
//! | --- | --- | --- |
//! | a write (no room, a limit) | cut back to the durable end, sync, go on | `Unavailable` |
//! | a sync, the head mark, the cutting back | stop for good: after a failed sync no later one can be believed | `Unknown` |

use std::{
    fs::File,
    io,
    path::PathBuf,
    sync::Arc,
    time::{Duration, Instant},
};

use event_log::{AppendError, Appended};

use crate::{
    disk::{Disk, is_full},
    format::{Chain, HeadMark, SEGMENT_HEADER_BYTES, SegmentHeader},
    head::write_mark,
    open::{HEAD, Opened},
    queue::{Gather, Group, Next, Queue},
    segment::{Segment, path_of},
    view::Shared,
};

/// After how long without appends the second slot of the head mark is made to say the same as the first.
const SETTLE_AFTER: Duration = Duration::from_millis(500);

/// What share of the time that the last group took the next one may wait to become as large: one eighth, so that no one
/// waits noticeably longer.
const GATHERING_SHARE: u32 = 8;
/// And no longer than this, however long that group took: it may have been large, or the disk busy.
const GATHERING_LIMIT: Duration = Duration::from_millis(2);

/// The writer's state; it lives in its thread.
#[derive(Debug)]
pub(crate) struct Writer {
    folder: PathBuf,
    disk: Disk,
    segment_bytes: u64,
    queue: Arc<Queue>,
    shared: Arc<Shared>,
    /// The segment being written, and its state up to what was written.
    segment: Arc<Segment>,
    file: File,
    end: Chain,
    /// Segments begun since the last mark.
    begun: Vec<Arc<Segment>>,
    head: File,
    head_path: PathBuf,
    mark: HeadMark,
    settled: bool,
    stopped: bool,
    gather: Gather,
    /// Held as long as the writer lives.
    _lock: File,
}

/// Why a group did not become durable.
enum Failure {
    /// Nothing was synced on the way; what was written can be cut off again.
    Unwritten(io::Error),
    /// What is on disk is not known.
    Unsynced(String),
}

impl Writer {
    /// For a log that was opened and mended.
    pub fn new(opened: &Opened, lock: File, disk: Disk, segment_bytes: u64, queue: Arc<Queue>, shared: Arc<Shared>) -> io::Result<Self> {
        let segment = opened.segments.last().cloned().ok_or_else(|| io::Error::other("a log without segments"))?;
        let head_path = opened.folder.join(HEAD);
        Ok(Self {
            folder: opened.folder.clone(),
            segment_bytes,
            queue,
            shared,
            file: disk.open(&segment.path)?,
            segment,
            end: opened.mark.end,
            begun: Vec::new(),
            head: disk.open(&head_path)?,
            head_path,
            mark: opened.mark,
            settled: true,
            stopped: false,
            gather: Gather::default(),
            disk,
            _lock: lock,
        })
    }

    /// Writes until the queue is closed and empty.
    pub fn run(mut self) {
        loop {
            match self.queue.next((!self.settled).then_some(SETTLE_AFTER), self.gather) {
                Next::Group(group) => {
                    let (begin, waiters) = (Instant::now(), group.waiters.len());
                    self.commit(group);
                    self.gather = Gather { waiters, patience: (begin.elapsed() / GATHERING_SHARE).min(GATHERING_LIMIT) };
                }
                Next::Idle => self.settle(),
                Next::Closed => return self.settle(),
            }
        }
    }

    fn commit(&mut self, group: Group) {
        if group.bytes.is_empty() {
            return group.answer(|last| Ok(Appended { last }));
        }
        match self.write(&group).and_then(|()| self.make_durable()) {
            Ok(()) => group.answer(|last| Ok(Appended { last })),
            Err(Failure::Unwritten(error)) => self.fall_back(group, &error),
            Err(Failure::Unsynced(cause)) => {
                self.stop(&cause);
                group.answer(|_| Err(AppendError::Unknown { cause: cause.clone() }));
            }
        }
    }

    /// Writes the frames, into a new segment where one does not fit into this.
    fn write(&mut self, group: &Group) -> Result<(), Failure> {
        let mut rest = group.bytes.as_slice();
        let mut length = 0;
        let mut last = self.end;
        // Offsets of queued states count from an arbitrary begin: only their differences mean something.
        let mut queued = group.frames.last().map_or(0, |frame| frame.offset - group.bytes.len() as u64);
        for frame in &group.frames {
            let next = frame.offset - queued;
            queued = frame.offset;
            let filled = self.end.offset + length;
            if filled + next > self.segment_bytes && filled > SEGMENT_HEADER_BYTES as u64 {
                rest = self.write_run(rest, length, last)?;
                self.begin_segment()?;
                length = 0;
            }
            length += next;
            last = *frame;
        }
        self.write_run(rest, length, last).map(drop)
    }

    /// Writes the first `length` bytes, after which the state is `last`; gives the others.
    fn write_run<'a>(&mut self, bytes: &'a [u8], length: u64, last: Chain) -> Result<&'a [u8], Failure> {
        let at = usize::try_from(length).unwrap_or(usize::MAX).min(bytes.len());
        let (run, rest) = bytes.split_at(at);
        self.disk.write(&self.file, &self.segment.path, run, self.end.offset).map_err(Failure::Unwritten)?;
        self.end = Chain { offset: self.end.offset + length, ..last };
        Ok(rest)
    }

    /// Syncs the segment, and begins the next one with a header that is durable before any frame is written to it.
    fn begin_segment(&mut self) -> Result<(), Failure> {
        self.sync_segment()?;
        let base = self.segment.header.base + self.end.offset;
        let header = SegmentHeader { before: Chain { offset: SEGMENT_HEADER_BYTES as u64, ..self.end }, base };
        let path = path_of(&self.folder, header.first_position());
        // Before the file is there, so that falling back removes it whatever fails here.
        self.begun.push(Arc::new(Segment::new(header, &self.folder)));
        let file = self.disk.create(&path).map_err(Failure::Unwritten)?;
        self.disk.write(&file, &path, &header.encode(), 0).map_err(Failure::Unwritten)?;
        let synced = self.disk.sync(&file, &path).and_then(|()| self.disk.sync_folder(&self.folder));
        synced.map_err(|error| Failure::Unsynced(format!("syncing the new file {}: {error}", path.display())))?;
        self.file = file;
        self.end = header.before;
        self.segment = self.begun.last().cloned().unwrap_or_else(|| Arc::clone(&self.segment));
        Ok(())
    }

    fn sync_segment(&self) -> Result<(), Failure> {
        let synced = self.disk.sync(&self.file, &self.segment.path);
        synced.map_err(|error| Failure::Unsynced(format!("syncing {}: {error}", self.segment.path.display())))
    }

    /// Syncs the segment, then marks its end, then lets readers see it.
    fn make_durable(&mut self) -> Result<(), Failure> {
        self.sync_segment()?;
        self.mark = HeadMark { generation: self.mark.generation, end: self.end, segment: self.segment.header.first_position() };
        self.write_mark()?;
        self.settled = false;
        self.shared.publish(self.begun.drain(..), self.end);
        Ok(())
    }

    fn write_mark(&mut self) -> Result<(), Failure> {
        self.mark.generation += 1;
        let written = write_mark(&self.disk, &self.head, &self.head_path, &self.mark);
        written.map_err(|error| Failure::Unsynced(format!("writing the head mark {}: {error}", self.head_path.display())))
    }

    /// Lets both slots of the head mark say the same.
    fn settle(&mut self) {
        if self.settled || self.stopped {
            return;
        }
        self.settled = true;
        if let Err(Failure::Unsynced(cause)) = self.write_mark() {
            self.stop(&cause);
        }
    }

    /// After a failed write: makes the files what they were, answers, and goes on.
    fn fall_back(&mut self, group: Group, error: &io::Error) {
        let storage_full = is_full(error);
        let cause = format!("writing {}: {error}", self.segment.path.display());
        if let Err(failed) = self.cut_back() {
            let cause = format!("{cause}; and then going back to the durable end: {failed}");
            self.stop(&cause);
            return group.answer(|_| Err(AppendError::Unknown { cause: cause.clone() }));
        }
        tracing::warn!(storage_full, "nothing was appended: {cause}");
        let cause = if storage_full { format!("{cause}: make room, and writing goes on") } else { cause };
        // First the queue, so that whoever hears of the failure can submit again at once.
        self.queue.fall_back(self.end, &cause, storage_full);
        group.answer(|_| Err(AppendError::Unavailable { cause: cause.clone(), storage_full }));
    }

    fn cut_back(&mut self) -> io::Result<()> {
        let began = !self.begun.is_empty();
        while let Some(segment) = self.begun.pop() {
            self.disk.remove(&segment.path)?;
        }
        if began {
            self.disk.sync_folder(&self.folder)?;
        }
        let (segment, end) = self.shared.end();
        self.file = self.disk.open(&segment.path)?;
        self.segment = segment;
        self.end = end;
        self.disk.cut(&self.file, &self.segment.path, end.offset)?;
        self.disk.sync(&self.file, &self.segment.path)
    }

    fn stop(&mut self, cause: &str) {
        tracing::error!("the log takes no more appends: {cause}");
        self.stopped = true;
        self.queue.stop(&format!("the log has stopped, and must be opened anew, after an error: {cause}"));
    }
}
