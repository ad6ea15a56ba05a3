//! The in-memory log: for tests and for logs that need not outlive the process. It keeps the whole contract except the
//! disk, and fails on demand in each of the ways in which a real log fails.

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use bytes::{Bytes, BytesMut};

use tokio::sync::watch;

use crate::{
    AppendError, Appended, EventLog, Head, Locator, Pending, Position, ReadError, Record, RecordBatch, RecordReader, RecordRef, Tail,
    Until, head_after,
};

/// How many records a reader hands over at once: small, so that tests see more than one batch.
const BATCH_RECORDS: usize = 256;

/// A failure to come: each one strikes one append, in the order in which they were injected. All but [`Fault::Unsettled`] spare those of nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// `submit` fails with [`AppendError::Unavailable`]; nothing is appended.
    Unavailable {
        /// Whether the cause is said to be full storage.
        storage_full: bool,
    },
    /// The pending append fails with [`AppendError::Unknown`], and the records are there.
    UnknownKept,
    /// The pending append fails with [`AppendError::Unknown`], and the records are not there.
    UnknownLost,
    /// `submit` fails with [`AppendError::Conflict`], as if another writer's append were on its way.
    Conflict,
    /// An append of nothing fails with [`AppendError::Unavailable`]: whether what is shown is durable is not known.
    Unsettled,
}

/// An append-only log in memory. What is submitted is "durable" at once.
#[derive(Debug, Default)]
pub struct MemoryLog {
    inner: Arc<Mutex<Inner>>,
    /// Told after each append.
    end: watch::Sender<Position>,
}

#[derive(Debug, Default)]
struct Inner {
    records: Vec<Record>,
    head: Head,
    faults: VecDeque<Fault>,
    /// Whether something was: what lies beyond the end may then be that, and no append that failed.
    has_withdrawn: bool,
}

impl MemoryLog {
    /// An empty log.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Makes a later append fail: the next one, or the one after the faults that wait already.
    pub fn inject(&self, fault: Fault) {
        self.lock().faults.push_back(fault);
    }

    /// Takes back all failures that were to come.
    pub fn heal(&self) {
        self.lock().faults.clear();
    }

    /// Withdraws the last records, as a server does that had shown what it had not yet synced: they were never there.
    pub fn withdraw(&self, count: usize) {
        let end = {
            let mut inner = self.lock();
            let kept = inner.records.len().saturating_sub(count);
            inner.records.truncate(kept);
            inner.has_withdrawn = true;
            inner.head = inner.records.last().map_or_else(Head::default, head_of);
            inner.head.position
        };
        self.end.send_replace(end);
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        lock(&self.inner)
    }
}

fn head_of(record: &Record) -> Head {
    Head { position: record.header.last_position(), recorded_at: Some(record.header.recorded_at) }
}

fn lock(inner: &Mutex<Inner>) -> MutexGuard<'_, Inner> {
    inner.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Inner {
    /// What a record that ends at this position is; `None` when none does.
    fn tail_at(&self, position: Position) -> Option<Tail> {
        let after = self.records.partition_point(|record| record.header.last_position() <= position);
        let tail = after.checked_sub(1).and_then(|place| self.records.get(place)).map_or(Tail::START, Record::tail);
        Some(tail).filter(|tail| tail.position == position)
    }

    fn submit(&mut self, tail: Tail, records: Vec<Record>) -> Result<Result<Appended, AppendError>, AppendError> {
        let (expected, last) = (tail.position, self.head.position);
        if (self.has_withdrawn && expected > last) || self.tail_at(expected).is_some_and(|there| !there.agrees(tail)) {
            return Err(AppendError::Withdrawn { position: expected });
        }
        if expected != last {
            return Err(AppendError::Conflict { expected, last, partly: false });
        }
        let head = head_after(self.head, &records)?;
        let unknown = || Ok(Err(AppendError::Unknown { cause: "injected".into() }));
        let appended = Ok(Ok(Appended { last: head.position }));
        let strikes = |fault: &Fault| records.is_empty() == (*fault == Fault::Unsettled);
        let struck = self.faults.iter().position(strikes).and_then(|place| self.faults.remove(place));
        match struck {
            Some(Fault::Unsettled) => {
                return Err(AppendError::Unavailable { cause: "injected".into(), storage_full: false });
            }
            Some(Fault::Unavailable { storage_full }) => {
                return Err(AppendError::Unavailable { cause: "injected".into(), storage_full });
            }
            Some(Fault::Conflict) => {
                return Err(AppendError::Conflict { expected, last: last.plus(1), partly: false });
            }
            Some(Fault::UnknownLost) => return unknown(),
            Some(Fault::UnknownKept) => {
                self.keep(head, records);
                return unknown();
            }
            None => self.keep(head, records),
        }
        appended
    }

    fn keep(&mut self, head: Head, records: Vec<Record>) {
        self.records.extend(records);
        self.head = head;
    }

    /// How many records lie wholly at or before `until`.
    fn count(&self, until: Until) -> Result<usize, ReadError> {
        match until {
            Until::Head => Ok(self.records.len()),
            Until::Position(asked) if asked > self.head.position => Err(ReadError::BeyondEnd { asked, head: self.head.position }),
            Until::Position(asked) => Ok(self.records.partition_point(|record| record.header.last_position() <= asked)),
            Until::Moment(moment) => Ok(self.records.partition_point(|record| record.header.recorded_at <= moment)),
        }
    }
}

impl EventLog for MemoryLog {
    type Reader = MemoryReader;
    type Follower = MemoryFollower;

    async fn head(&self) -> Result<Head, ReadError> {
        Ok(self.lock().head)
    }

    async fn submit(&self, expected: impl Into<Tail> + Send, records: Vec<Record>) -> Result<Pending, AppendError> {
        let (outcome, end) = {
            let mut inner = self.lock();
            (inner.submit(expected.into(), records)?, inner.head.position)
        };
        self.end.send_replace(end);
        Ok(Box::pin(std::future::ready(outcome)))
    }

    async fn read(&self, from: Position, until: Until) -> Result<MemoryReader, ReadError> {
        let inner = self.lock();
        let end = inner.count(until)?;
        let begin = inner.records.partition_point(|record| record.header.last_position() < from).min(end);
        let records = inner.records.get(begin..end).unwrap_or_default().to_vec();
        Ok(MemoryReader { next: begin as u64, records: records.into() })
    }

    async fn follow(&self, from: Position) -> Result<MemoryFollower, ReadError> {
        Ok(MemoryFollower { inner: Arc::clone(&self.inner), end: self.end.subscribe(), next: from, given: Tail::START })
    }

    async fn resolve(&self, until: Until) -> Result<Head, ReadError> {
        let inner = self.lock();
        let last = inner.count(until)?.checked_sub(1).and_then(|index| inner.records.get(index));
        Ok(last.map_or_else(Head::default, head_of))
    }

    async fn read_at(&self, locators: &[Locator]) -> Result<RecordBatch, ReadError> {
        let inner = self.lock();
        let mut found = Vec::with_capacity(locators.len());
        for locator in locators {
            let record = usize::try_from(locator.0).ok().and_then(|index| inner.records.get(index));
            let record = record.ok_or_else(|| ReadError::Damaged {
                file: "memory".into(),
                offset: locator.0,
                position: Position::START,
                cause: "no record begins here".into(),
            })?;
            found.push((*locator, record.clone()));
        }
        Ok(batch(found))
    }
}

/// A reading of a [`MemoryLog`], as it was when reading began.
#[derive(Debug)]
pub struct MemoryReader {
    next: u64,
    records: VecDeque<Record>,
}

impl RecordReader for MemoryReader {
    async fn next(&mut self) -> Result<Option<RecordBatch>, ReadError> {
        let count = self.records.len().min(BATCH_RECORDS);
        let taken: Vec<_> = (self.next..).map(Locator).zip(self.records.drain(..count)).collect();
        self.next += count as u64;
        Ok((count > 0).then(|| batch(taken)))
    }
}

/// A reading of a [`MemoryLog`] that goes on as it grows; it ends when the log is gone.
#[derive(Debug)]
pub struct MemoryFollower {
    inner: Arc<Mutex<Inner>>,
    end: watch::Receiver<Position>,
    /// The position from which on records are wanted.
    next: Position,
    /// What was given last.
    given: Tail,
}

impl RecordReader for MemoryFollower {
    async fn next(&mut self) -> Result<Option<RecordBatch>, ReadError> {
        loop {
            self.end.mark_unchanged();
            let records: Vec<_> = {
                let inner = lock(&self.inner);
                if !inner.tail_at(self.given.position).is_some_and(|there| there.agrees(self.given)) {
                    return Err(ReadError::Withdrawn { position: self.given.position });
                }
                let begin = inner.records.partition_point(|record| record.header.last_position() < self.next);
                let records = inner.records.iter().enumerate().skip(begin).take(BATCH_RECORDS);
                records.map(|(place, record)| (Locator(place as u64), record.clone())).collect()
            };
            if let Some((_, last)) = records.last() {
                (self.next, self.given) = (last.header.last_position().plus(1), last.tail());
                return Ok(Some(batch(records)));
            }
            if self.end.changed().await.is_err() {
                return Ok(None);
            }
        }
    }
}

/// Lays records into one buffer.
fn batch(records: Vec<(Locator, Record)>) -> RecordBatch {
    let mut bytes = BytesMut::new();
    let records = records
        .into_iter()
        .map(|(locator, record)| {
            let begin = bytes.len();
            bytes.extend_from_slice(&record.body);
            RecordRef { header: record.header, locator, body: begin..bytes.len() }
        })
        .collect();
    RecordBatch { bytes: Bytes::from(bytes), records }
}
