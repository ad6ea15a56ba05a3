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

    /// CRC-32C over first position, events and moment (8, 2 and 8 bytes, little-endian), the 16 bytes of the trajectory's id and the body.
    /// This form is for ever: messages on JetStream carry it.
    #[must_use]
    pub fn checksum(&self, body: &[u8]) -> u32 {
        let mut fixed = [0; 34];
        fixed[..8].copy_from_slice(&self.first_position.0.to_le_bytes());
        fixed[8..10].copy_from_slice(&self.events.to_le_bytes());
        fixed[10..18].copy_from_slice(&self.recorded_at.micros().to_le_bytes());
        fixed[18..].copy_from_slice(self.trajectory_id.as_bytes());
        crc32c::crc32c_append(crc32c::crc32c(&fixed), body)
    }

    /// The tail of a log of which this record, with this body, is the last.
    #[must_use]
    pub fn tail(&self, body: &[u8]) -> Tail {
        Tail { position: self.last_position(), checksum: Some(self.checksum(body)) }
    }
}

/// A record that something follows: where it ends, and which one it is. A position alone does not tell a record that was read from one that
/// lies there instead, when what was read was withdrawn ([`ReadError::Withdrawn`]).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tail {
    /// The position of its last event.
    pub position: Position,
    /// Its [`RecordHeader::checksum`]; `None` before the first record, and of whatever record ends there.
    pub checksum: Option<u32>,
}

impl Tail {
    /// Before the first record.
    pub const START: Self = Self { position: Position::START, checksum: None };

    /// Whether both can mean the same record.
    #[must_use]
    pub fn agrees(self, other: Self) -> bool {
        let same = |(one, other)| one == other;
        self.position == other.position && self.checksum.zip(other.checksum).is_none_or(same)
    }
}

/// Whatever record ends there.
impl From<Position> for Tail {
    fn from(position: Position) -> Self {
        Self { position, checksum: None }
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

impl Record {
    /// The tail of a log of which this is the last record.
    #[must_use]
    pub fn tail(&self) -> Tail {
        self.header.tail(&self.body)
    }
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

    /// The tail of a log that ends with this batch; `None` when it is empty.
    #[must_use]
    pub fn tail(&self) -> Option<Tail> {
        self.records.last().map(|record| record.header.tail(self.body(record)))
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

/// Why an append did not happen, or is not known to have happened. There are four ways that a writer must expect, and it
/// treats each differently; the fifth, [`AppendError::Refused`], is a mistake of the writer itself.
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
    /// Nothing was appended: the record that it should follow is not, or is no longer, in the log. What was read must be read again.
    #[error("what was read of the log up to position {position} is not in it any more")]
    Withdrawn {
        /// What the writer thought was last.
        position: Position,
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
    /// A record that was read is not in the log, or no longer: the server had shown it before it was on its disk, and lost it in a power cut;
    /// or an older copy was put in the log's place. Whatever follows from it must be made anew.
    #[error("what was read of the log up to position {position} is not in it any more: the log was restored to an earlier state")]
    Withdrawn {
        /// Where the record that is gone ended.
        position: Position,
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

    /// Gives the records their place after `expected` (the last record that was *queued*, not only what is durable)
    /// and starts to make them durable. The records must be numbered on from there, and their `recorded_at` must not
    /// run backwards. A log that never withdraws what it has shown may compare positions alone. Appends may be submitted while earlier ones are pending: they become durable in order, and when
    /// one fails all later ones fail. Until that failure was heard (its [`Pending`] has resolved, or was dropped) every
    /// submission conflicts: a position alone does not tell what failed from what another writer has put in its place.
    ///
    /// # Errors
    /// [`AppendError::Conflict`] when `expected` is not last; [`AppendError::Withdrawn`] when it is not in the log at all;
    /// [`AppendError::Unavailable`] when the log has stopped; [`AppendError::Refused`] when the records do not follow on or one of them is
    /// too large.
    fn submit(&self, expected: impl Into<Tail> + Send, records: Vec<Record>) -> impl Future<Output = Result<Pending, AppendError>> + Send;

    /// Reads from the record that holds `from` (START and 1 both mean the beginning) until `until`, in order. Gives
    /// nothing when `from` lies after `until`: so a follower asks on from the position after its last.
    ///
    /// # Errors
    /// [`ReadError::BeyondEnd`] when `until` is a position after the durable end.
    fn read(&self, from: Position, until: Until) -> impl Future<Output = Result<Self::Reader, ReadError>> + Send;

    /// Reads from the record that holds `from` and goes on for as long as the log grows: at the end the follower waits for
    /// more, without asking again and again. It gives every durable record once, in order; when it finds that one that it gave is not in
    /// the log any more, it ends with [`ReadError::Withdrawn`].
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

    /// Whether the log holds this record, and has kept it for good: a log may show for a while what it could not keep.
    ///
    /// # Errors
    /// As [`EventLog::read`]; also when that cannot be found out now.
    fn has_kept(&self, tail: Tail) -> impl Future<Output = Result<bool, ReadError>> + Send
    where
        Self: Sized,
    {
        holds(self, tail)
    }

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

/// The tail of the log's records up to this position; `None` when no record ends there.
///
/// # Errors
/// As [`EventLog::read`].
pub async fn tail_at<L: EventLog>(log: &L, position: Position) -> Result<Option<Tail>, ReadError> {
    if position == Position::START {
        return Ok(Some(Tail::START));
    }
    let mut reader = match log.read(position, Until::Position(position)).await {
        Err(ReadError::BeyondEnd { .. }) => return Ok(None),
        reader => reader?,
    };
    let mut last = None;
    while let Some(batch) = reader.next().await? {
        last = batch.tail().or(last);
    }
    Ok(last.filter(|tail| tail.position == position))
}

/// Whether the log shows this record: in its place, and no other.
///
/// # Errors
/// As [`EventLog::read`].
pub async fn holds<L: EventLog>(log: &L, tail: Tail) -> Result<bool, ReadError> {
    Ok(tail_at(log, tail.position).await?.is_some_and(|there| there.agrees(tail)))
}

/// Reads on after a record that is known, until `until`, which must not lie before it. When another record lies there, or none, reading
/// says [`ReadError::Withdrawn`].
///
/// # Errors
/// As [`EventLog::read`].
pub async fn read_after<L: EventLog>(log: &L, tail: Tail, until: Until) -> Result<ReadOn<L::Reader>, ReadError> {
    let (from, known) = tail.read_from();
    Ok(ReadOn { reader: log.read(from, until).await?, known })
}

/// Follows the log after a record that is known. When another record lies there, following says [`ReadError::Withdrawn`].
///
/// # Errors
/// As [`EventLog::follow`].
pub async fn follow_after<L: EventLog>(log: &L, tail: Tail) -> Result<ReadOn<L::Follower>, ReadError> {
    let (from, known) = tail.read_from();
    // Following would wait for what comes after the end.
    if log.head().await?.position < tail.position {
        return Err(ReadError::Withdrawn { position: tail.position });
    }
    Ok(ReadOn { reader: log.follow(from).await?, known })
}

impl Tail {
    /// Where to begin to read on, and what must come first, when it is known which record it is.
    fn read_from(self) -> (Position, Option<Self>) {
        let known = Some(self).filter(|tail| tail.checksum.is_some());
        (if known.is_some() { self.position } else { self.position.plus(1) }, known)
    }
}

/// A reading that goes on after a known record: it reads that one too, and gives what comes after it.
#[derive(Debug)]
pub struct ReadOn<R> {
    reader: R,
    /// What must come first; `None` when it came.
    known: Option<Tail>,
}

impl<R: RecordReader> RecordReader for ReadOn<R> {
    async fn next(&mut self) -> Result<Option<RecordBatch>, ReadError> {
        loop {
            let next = self.reader.next().await?;
            let Some(known) = self.known else { return Ok(next) };
            let withdrawn = ReadError::Withdrawn { position: known.position };
            let Some(mut batch) = next else { return Err(withdrawn) };
            let Some(there) = batch.records.first().map(|record| record.header.tail(batch.body(record))) else { continue };
            if there != known {
                return Err(withdrawn);
            }
            self.known = None;
            batch.records.remove(0);
            if !batch.records.is_empty() {
                return Ok(Some(batch));
            }
        }
    }
}
