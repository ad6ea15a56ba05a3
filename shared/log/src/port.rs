//! What a log can do, how it can fail, and the records that go in and come out.

use std::{future::Future, ops::Range, path::PathBuf, pin::Pin};

use bytes::{Bytes, BytesMut};
use proto_events::Timestamp;
use uuid::Uuid;

/// An event's place in the whole log: from 1, without gaps. 0 is the place before the first event.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Position(pub u64);

impl Position {
    /// Before the first event: the empty log.
    pub const START: Self = Self(0);

    /// The place `n` further on.
    #[must_use]
    pub const fn plus(self, n: u64) -> Self {
        Self(self.0 + n)
    }
}

impl std::fmt::Display for Position {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

/// Where a record physically lies, for reading it again without a search: a byte address in the embedded log, a
/// sequence number on JetStream. Opaque to all but the log that gave it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Locator(pub u64);

/// What can be known of a record without decoding its body.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RecordHeader {
    /// The position of the record's first event.
    pub first_position: Position,
    /// How many events it holds: at least 1.
    pub events: u16,
    /// The `recorded_at` of its last event; never earlier than that of the record before.
    pub recorded_at: Timestamp,
    /// The stream that all of its events belong to.
    pub trajectory_id: Uuid,
}

impl RecordHeader {
    /// The position of the record's last event.
    #[must_use]
    pub const fn last_position(&self) -> Position {
        Position(self.first_position.0 + self.events as u64 - 1)
    }
}

/// The largest body that a log takes, in bytes. A decision is a few hundred bytes; this leaves room for long notes and
/// still lets every reader hold a record in memory.
pub const MAX_BODY_BYTES: usize = 16 << 20;

/// A record to append: its header, and the MessagePack body as `proto_events::stored` writes it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record {
    /// What is known without decoding.
    pub header: RecordHeader,
    /// The stored decision.
    pub body: Bytes,
}

/// The end of what is durable.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Head {
    /// The last event's position; [`Position::START`] of an empty log.
    pub position: Position,
    /// The last event's `recorded_at`; `None` of an empty log.
    pub recorded_at: Option<Timestamp>,
}

/// Several records in order, in one buffer.
#[derive(Clone, Debug, Default)]
pub struct RecordBatch {
    /// The bodies (an adapter's framing may lie between them).
    pub bytes: Bytes,
    /// The records, in log order.
    pub records: Vec<RecordRef>,
}

/// One record of a [`RecordBatch`].
#[derive(Clone, Debug)]
pub struct RecordRef {
    /// What is known without decoding.
    pub header: RecordHeader,
    /// Where it lies in the log.
    pub locator: Locator,
    /// Where its body lies in [`RecordBatch::bytes`].
    pub body: Range<usize>,
}

impl RecordBatch {
    /// Several batches as one.
    #[must_use]
    pub fn joined(mut batches: Vec<Self>) -> Self {
        if batches.len() < 2 {
            return batches.pop().unwrap_or_default();
        }
        let mut bytes = BytesMut::with_capacity(batches.iter().map(|batch| batch.bytes.len()).sum());
        let mut records = Vec::with_capacity(batches.iter().map(|batch| batch.records.len()).sum());
        for batch in batches {
            let begin = bytes.len();
            bytes.extend_from_slice(&batch.bytes);
            records.extend(batch.records.into_iter().map(|record| {
                let body = record.body.start + begin..record.body.end + begin;
                RecordRef { body, ..record }
            }));
        }
        Self { bytes: bytes.freeze(), records }
    }

    /// The stored decision of a record of this batch.
    #[must_use]
    pub fn body(&self, record: &RecordRef) -> &[u8] {
        self.bytes.get(record.body.clone()).unwrap_or_default()
    }
}

/// Where a reading or a look-up ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Until {
    /// The durable end at the moment when reading began.
    Head,
    /// This position, inclusive, moved back to the last whole record.
    Position(Position),
    /// The last record whose `recorded_at` is at or before this moment.
    Moment(Timestamp),
}

/// What became durable.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Appended {
    /// The position of the last event that was appended.
    pub last: Position,
}

/// Why an append did not happen, or is not known to have happened. There are three ways that a writer must expect, and it
/// treats each differently; the fourth, [`AppendError::Refused`], is a mistake of the writer itself.
#[derive(Clone, Debug, thiserror::Error)]
pub enum AppendError {
    /// Someone else was first: read on, decide again.
    #[error("the log has gone on to position {last}, the append expected {expected}")]
    Conflict {
        /// What the writer thought was last.
        expected: Position,
        /// What is last (queued, perhaps not yet durable).
        last: Position,
        /// Of several records the first are there, in their places, and the others are not.
        partly: bool,
    },
    /// Nothing was appended; trying again later may succeed.
    #[error("the log cannot take events now: {cause}")]
    Unavailable {
        /// What stands in the way, and what to do.
        cause: String,
        /// True when storage is full: `507` over HTTP.
        storage_full: bool,
    },
    /// It may be there or not: read on and look for the event id.
    #[error("it is not known whether the append became durable: {cause}")]
    Unknown {
        /// What went wrong on the way to durability.
        cause: String,
    },
    /// Nothing was appended, and the same records never will be: they break the log's own order or a limit.
    #[error("the log refuses these records: {cause}")]
    Refused {
        /// Which record, and what is wrong with it.
        cause: String,
    },
}

/// Checks that records number on from `last`, that their `recorded_at` does not run backwards, and that they keep within
/// the limits. Gives the head that the log has after them. Every adapter calls this before it queues anything.
///
/// # Errors
/// [`AppendError::Refused`] names the first record that does not fit.
pub fn head_after(last: Head, records: &[Record]) -> Result<Head, AppendError> {
    let mut head = last;
    for record in records {
        let header = &record.header;
        let refuse = |cause: String| AppendError::Refused { cause: format!("record at position {}: {cause}", header.first_position) };
        if head.position.0.checked_add(1) != Some(header.first_position.0) {
            return Err(refuse(format!("it does not number on from position {}", head.position)));
        }
        if header.events == 0 {
            return Err(refuse("it holds no event".into()));
        }
        let Some(position) = head.position.0.checked_add(u64::from(header.events)) else {
            return Err(refuse("positions have run out".into()));
        };
        if head.recorded_at.is_some_and(|before| before > header.recorded_at) {
            return Err(refuse("its recorded_at is earlier than that of the record before it".into()));
        }
        if record.body.len() > MAX_BODY_BYTES {
            return Err(refuse(format!("its body of {} bytes is larger than {MAX_BODY_BYTES}", record.body.len())));
        }
        head = Head { position: Position(position), recorded_at: Some(header.recorded_at) };
    }
    Ok(head)
}

/// Why the log cannot be opened or read.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// There is no log here.
    #[error("there is no log in {}: make one with 'import' or 'demo', or name another with --data or --nats", folder.display())]
    Missing {
        /// Where it was looked for: a folder, or a server's address with the stream's name.
        folder: PathBuf,
    },
    /// Another process holds what this one needs.
    #[error("{} is being written by another process: wait until it has finished, or reach the log through it", folder.display())]
    Busy {
        /// The folder that is held.
        folder: PathBuf,
    },
    /// What was written is no longer what is there. Nothing is counted over it.
    #[error(
        "damage found in {file} at byte {offset} (position {position}): {cause}. Restore this file from a backup; nothing was counted over it"
    )]
    Damaged {
        /// The file.
        file: String,
        /// The byte at which the damaged record begins.
        offset: u64,
        /// The position that was expected there.
        position: Position,
        /// What does not fit.
        cause: String,
    },
    /// The server cannot be reached or does not answer now; asking again later may succeed.
    #[error("the server at {server} cannot be reached: {cause}")]
    Unreachable {
        /// Its address, without credentials.
        server: String,
        /// The cause, and what to do.
        cause: String,
    },
    /// The server answers, but what it offers is not fit to keep this log.
    #[error("the server at {server} cannot keep this log: {cause}")]
    Unfit {
        /// Its address, without credentials.
        server: String,
        /// What is wrong with it, and what to do.
        cause: String,
    },
    /// The operating system or the server could not do it.
    #[error("{what}: {cause}")]
    Io {
        /// What was being done, with the file or server.
        what: String,
        /// The cause in the system's words.
        cause: String,
    },
    /// The position asked for lies beyond the end.
    #[error("position {asked} lies beyond the end of the log, which is {head}")]
    BeyondEnd {
        /// What was asked for.
        asked: Position,
        /// The durable end.
        head: Position,
    },
}

/// An append that has its place in the order and is on its way to the disk.
pub type Pending = Pin<Box<dyn Future<Output = Result<Appended, AppendError>> + Send>>;

/// An append-only log of decisions: see the crate's page for the contract.
pub trait EventLog: Send + Sync + 'static {
    /// What reads the records in order.
    type Reader: RecordReader;
    /// What reads on as the log grows.
    type Follower: RecordReader;

    /// The durable end.
    fn head(&self) -> impl Future<Output = Result<Head, ReadError>> + Send;

    /// Gives the records their place after `expected` (the last position that was *queued*, not only what is durable)
    /// and starts to make them durable. The records must be numbered on from there, and their `recorded_at` must not
    /// run backwards. Appends may be submitted while earlier ones are pending: they become durable in order, and when
    /// one fails all later ones fail. Until that failure was heard (its [`Pending`] has resolved, or was dropped) every
    /// submission conflicts: a position alone does not tell what failed from what another writer has put in its place.
    ///
    /// # Errors
    /// [`AppendError::Conflict`] when `expected` is not last; [`AppendError::Unavailable`] when the log has stopped;
    /// [`AppendError::Refused`] when the records do not follow on or one of them is too large.
    fn submit(&self, expected: Position, records: Vec<Record>) -> impl Future<Output = Result<Pending, AppendError>> + Send;

    /// Reads from the record that holds `from` (START and 1 both mean the beginning) until `until`, in order. Gives
    /// nothing when `from` lies after `until`: so a follower asks on from the position after its last.
    ///
    /// # Errors
    /// [`ReadError::BeyondEnd`] when `until` is a position after the durable end.
    fn read(&self, from: Position, until: Until) -> impl Future<Output = Result<Self::Reader, ReadError>> + Send;

    /// Reads from the record that holds `from` and goes on for as long as the log grows: at the end the follower waits for
    /// more, without asking again and again. It gives every durable record once, in order.
    ///
    /// A follower may be given up at any await and made anew from the position after its last record.
    ///
    /// # Errors
    /// As [`EventLog::read`].
    fn follow(&self, from: Position) -> impl Future<Output = Result<Self::Follower, ReadError>> + Send;

    /// The whole-record position that `until` comes to, with its `recorded_at`; START and `None` when nothing lies
    /// before it. Does not read the whole log.
    ///
    /// # Errors
    /// As [`EventLog::read`].
    fn resolve(&self, until: Until) -> impl Future<Output = Result<Head, ReadError>> + Send;

    /// The records at these places, in the order asked for.
    ///
    /// # Errors
    /// [`ReadError::Damaged`] when no whole record begins at a locator.
    fn read_at(&self, locators: &[Locator]) -> impl Future<Output = Result<RecordBatch, ReadError>> + Send;
}

/// A reading in progress.
pub trait RecordReader: Send + 'static {
    /// The next records, in order and without a gap; `None` at the end, at which a follower never is.
    ///
    /// Safe to give up: what was not given is given by the next call, or by a reading made anew.
    ///
    /// # Errors
    /// [`ReadError::Damaged`] names the first record that is not what was written; what came before it was whole.
    fn next(&mut self) -> impl Future<Output = Result<Option<RecordBatch>, ReadError>> + Send;
}
