//! What readers see: the segments and the durable end. It only ever grows.

use std::sync::{Arc, PoisonError, RwLock};

use tokio::sync::watch;

use event_log::{Head, Locator, Position, ReadError, RecordBatch, RecordReader, Until};

use crate::{
    format::{Chain, SEGMENT_HEADER_BYTES},
    segment::{Cursor, Segment, Target},
};

/// The durable log at one moment.
#[derive(Clone, Debug)]
pub(crate) struct View {
    /// Every segment up to the one in which the end lies; at least one.
    segments: Arc<Vec<Arc<Segment>>>,
    /// The durable end; its offset is in the last segment.
    end: Chain,
}

/// The view of now, which the writer moves on.
#[derive(Debug)]
pub(crate) struct Shared {
    view: RwLock<View>,
    /// What the view's segments fall back to: the first one, which is always there.
    first: Arc<Segment>,
    /// The position of the durable end, for those who wait for more.
    grown: watch::Sender<Position>,
}

impl Shared {
    /// `None` when there is no segment.
    pub fn new(segments: Vec<Arc<Segment>>, end: Chain) -> Option<Self> {
        let first = segments.first().cloned()?;
        let grown = watch::Sender::new(end.head.position);
        Some(Self { view: RwLock::new(View { segments: Arc::new(segments), end }), first, grown })
    }

    pub fn view(&self) -> View {
        self.view.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The last segment and the end in it.
    pub fn end(&self) -> (Arc<Segment>, Chain) {
        let view = self.view();
        (view.segments.last().unwrap_or(&self.first).clone(), view.end)
    }

    /// Adds what has become durable.
    pub fn publish(&self, begun: impl ExactSizeIterator<Item = Arc<Segment>>, end: Chain) {
        let mut view = self.view.write().unwrap_or_else(PoisonError::into_inner);
        if begun.len() > 0 {
            view.segments = Arc::new(view.segments.iter().cloned().chain(begun).collect());
        }
        view.end = end;
        drop(view);
        self.grown.send_replace(end.head.position);
    }
}

impl View {
    pub fn head(&self) -> Head {
        self.end.head
    }

    /// Where the durable part of a segment ends, in bytes.
    fn end_of(&self, index: usize, segment: &Segment) -> u64 {
        self.segments.get(index + 1).map_or(self.end.offset, |next| next.header.base - segment.header.base)
    }

    /// The last state of the log within the target, and the segment in which it lies.
    fn seek(&self, target: Target) -> Result<(usize, Chain), ReadError> {
        let index = self.segments.partition_point(|segment| target.holds(&segment.header.before)).saturating_sub(1);
        let Some(segment) = self.segments.get(index) else {
            return Ok((0, Chain::default()));
        };
        if index + 1 == self.segments.len() && target.holds(&self.end) {
            return Ok((index, self.end));
        }
        if !target.holds(&segment.header.before) {
            return Ok((index, segment.header.before));
        }
        Ok((index, segment.seek(self.end_of(index, segment), target)?))
    }

    pub fn resolve(&self, until: Until) -> Result<Head, ReadError> {
        let target = match until {
            Until::Head => return Ok(self.head()),
            Until::Position(asked) if asked > self.head().position => {
                return Err(ReadError::BeyondEnd { asked, head: self.head().position });
            }
            Until::Position(asked) => Target::Position(asked),
            Until::Moment(moment) => Target::Moment(moment),
        };
        Ok(self.seek(target)?.1.head)
    }

    pub fn read(self, from: Position, until: Until) -> Result<LogReader, ReadError> {
        let until = self.resolve(until)?.position;
        if from > until {
            return Ok(LogReader { index: self.segments.len(), at: self.end, view: self, cursor: None, until });
        }
        let (index, at) = self.seek(Target::Position(Position(from.0.saturating_sub(1))))?;
        Ok(LogReader { view: self, index, at, cursor: None, until })
    }

    pub fn read_at(&self, locators: &[Locator]) -> Result<RecordBatch, ReadError> {
        let mut bytes = Vec::new();
        let mut records = Vec::with_capacity(locators.len());
        let mut open: Option<(usize, std::fs::File)> = None;
        for locator in locators {
            let index = self.segments.partition_point(|segment| segment.header.base <= locator.0).saturating_sub(1);
            let Some(segment) = self.segments.get(index) else { break };
            let file = match open.take() {
                Some((at, file)) if at == index => file,
                _ => segment.open()?,
            };
            let end = self.end_of(index, segment);
            records.push(segment.record_at(&file, locator.0 - segment.header.base, end, &mut bytes)?);
            open = Some((index, file));
        }
        Ok(RecordBatch { bytes: bytes.into(), records })
    }
}

/// A reading of the log as it was when reading began. It reads blocks of up to a mebibyte where it is polled, without
/// handing them to another thread: they mostly lie in the page cache, and cost less than the hand-over would.
#[derive(Debug)]
pub struct LogReader {
    view: View,
    index: usize,
    at: Chain,
    cursor: Option<Cursor>,
    until: Position,
}

impl LogReader {
    fn next_batch(&mut self) -> Result<Option<RecordBatch>, ReadError> {
        while self.at.head.position < self.until {
            let Some(segment) = self.view.segments.get(self.index) else {
                return Ok(None);
            };
            let cursor = match &mut self.cursor {
                Some(cursor) => cursor,
                empty => empty.insert(Cursor::open(segment, self.at, self.view.end_of(self.index, segment))?),
            };
            let batch = cursor.next_within(Target::Position(self.until))?;
            self.at = cursor.at;
            if batch.is_some() {
                return Ok(batch);
            }
            self.index += 1;
            self.cursor = None;
            let Some(next) = self.view.segments.get(self.index) else {
                return Ok(None);
            };
            self.at.offset = SEGMENT_HEADER_BYTES as u64;
            if next.header.before != self.at {
                return Err(next.does_not_follow());
            }
        }
        Ok(None)
    }
}

impl RecordReader for LogReader {
    async fn next(&mut self) -> Result<Option<RecordBatch>, ReadError> {
        self.next_batch()
    }
}

/// A reading that goes on as the log grows: one [`LogReader`] after the other.
#[derive(Debug)]
pub struct LogFollower {
    shared: Arc<Shared>,
    grown: watch::Receiver<Position>,
    reader: LogReader,
    /// The position after the last record that was given.
    next: Position,
}

impl LogFollower {
    pub(crate) fn new(shared: Arc<Shared>, from: Position) -> Result<Self, ReadError> {
        let grown = shared.grown.subscribe();
        let reader = shared.view().read(from, Until::Head)?;
        Ok(Self { shared, grown, reader, next: from.max(Position(1)) })
    }
}

impl RecordReader for LogFollower {
    async fn next(&mut self) -> Result<Option<RecordBatch>, ReadError> {
        loop {
            if let Some(batch) = self.reader.next_batch()? {
                self.next = batch.records.last().map_or(self.next, |last| last.header.last_position().plus(1));
                return Ok(Some(batch));
            }
            let next = self.next;
            // The sender lives in what this follower holds: it cannot be gone.
            if self.grown.wait_for(|end| *end >= next).await.is_err() {
                return Ok(None);
            }
            self.reader = self.shared.view().read(next, Until::Head)?;
        }
    }
}
