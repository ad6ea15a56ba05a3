//! Reading in order, and following.
//!
//! ```text
//!   consumer (short-lived, in the server's memory) ──► cursor: sequence, position, moment and checksum of each ──► batch
//!        ▲ made anew at the next sequence when it fails, goes silent or leaves something out
//!        └── only while the record before that is still the one that was given
//! ```
//!
//! A reading puts up with an outage of some seconds; a follower with one of any length. A server shows a record while it is still on its way to
//! the disk: after a power cut another one may lie in its place, and what was given is then said to be withdrawn.

use std::time::Duration;

use async_nats::jetstream::{
    self,
    consumer::{AckPolicy, DeliverPolicy, pull},
    stream::Stream,
};
use bytes::BytesMut;
use event_log::{Locator, Position, ReadError, RecordBatch, RecordReader, RecordRef};
use futures_util::{FutureExt, StreamExt, TryStreamExt, stream};
use proto_events::Timestamp;

use crate::{
    message,
    server::{Backoff, End, Server, Tip},
};

/// Records that a batch holds, at most.
const BATCH_RECORDS: usize = 512;
/// Bytes after which a batch is full.
const BATCH_BYTES: usize = 1 << 20;
/// Messages that are asked for at once. More are no faster.
const PULL_MESSAGES: usize = 2_000;
/// Bytes that are asked for at once: what may lie in memory unread. A message must fit.
const PULL_BYTES: usize = 32 << 20;
/// How long a request for messages stays with the server.
const PULL_EXPIRES: Duration = Duration::from_secs(30);
/// A server that says nothing for so long, not even that there is nothing, is asked whether it is there.
const QUIET: Duration = Duration::from_secs(3);
/// The same for a follower, to whom silence is nothing strange.
const QUIET_AT_THE_END: Duration = Duration::from_secs(10);
/// The server forgets a consumer that nobody asks any more.
const FORGOTTEN_AFTER: Duration = Duration::from_secs(60);
/// So few messages are asked for one by one: a consumer costs more.
const FEW: u64 = 16;
/// Messages that are asked for at the same time.
pub(crate) const AT_ONCE: usize = 32;

/// A consumer on the server; removed when this is dropped.
struct Source {
    messages: pull::Stream,
    stream: Stream<()>,
    name: String,
    /// Nothing has come from it yet.
    fresh: bool,
    /// The connection that it was made on: what was asked for on another one does not come any more, and nobody says so.
    connection: u64,
}

impl Drop for Source {
    fn drop(&mut self) {
        // If this cannot be done the server forgets it by itself.
        if let Ok(runtime) = tokio::runtime::Handle::try_current() {
            let (stream, name) = (self.stream.clone(), std::mem::take(&mut self.name));
            runtime.spawn(async move { stream.delete_consumer(&name).await.map(drop) });
        }
    }
}

/// A place in the log, and what has to come there.
struct Cursor {
    server: Server,
    /// The next message's sequence, and the position at which its record must begin.
    next: u64,
    position: Position,
    recorded_at: Option<Timestamp>,
    /// The record that was taken last.
    taken: Option<End>,
    /// Records that end before this are left out.
    from: Position,
    source: Option<Source>,
    /// What was found after records that had to be given first.
    failed: Option<ReadError>,
    outage: Option<Backoff>,
    /// Whether an outage may last for ever.
    patient: bool,
}

impl Cursor {
    fn new(server: Server, (next, position): (u64, Position), from: Position, patient: bool) -> Self {
        Self { server, next, position, recorded_at: None, taken: None, from, source: None, failed: None, outage: None, patient }
    }

    /// The next records, up to the message at `last`; waits until there is at least one.
    async fn next(&mut self, last: u64) -> Result<RecordBatch, ReadError> {
        loop {
            if let Some(error) = self.failed.take() {
                return Err(error);
            }
            let mut batch = Gathered::default();
            let seen_over = self.source.as_ref().map_or(self.server.connection.number(), |source| source.connection);
            let gathered = if last.saturating_sub(self.next) < FEW {
                self.gather_few(last, &mut batch).await
            } else {
                self.gather(last, &mut batch).await
            };
            let error = gathered.err();
            if !batch.records.is_empty() {
                self.failed = error.filter(|error| !matches!(error, ReadError::Unreachable { .. }));
                self.server.remember(Position(self.position.0 - 1), self.next - 1, seen_over);
                return Ok(RecordBatch { bytes: batch.bytes.freeze(), records: batch.records });
            }
            match error {
                None => {}
                Some(error @ ReadError::Unreachable { .. }) => self.endure(error).await?,
                Some(error) => return Err(error),
            }
        }
    }

    /// Waits a moment, unless patience has run out.
    async fn endure(&mut self, error: ReadError) -> Result<(), ReadError> {
        self.source = None;
        if self.patient && self.outage.is_none() {
            tracing::warn!(%error, "following waits for the server");
        }
        let longest = self.server.outage();
        self.outage.get_or_insert_with(|| Backoff::new(longest)).pause(error, self.patient).await
    }

    /// Asks for each of a few messages.
    async fn gather_few(&mut self, last: u64, batch: &mut Gathered) -> Result<(), ReadError> {
        let server = self.server.clone();
        let mut found = stream::iter(self.next..=last).map(|sequence| server.message(sequence)).buffered(AT_ONCE);
        while let Some(message) = found.try_next().await? {
            self.take(message.sequence, &message.subject, Some(&message.headers), &message.payload, batch)?;
        }
        Ok(())
    }

    /// Waits for one message of the consumer and takes what is there besides it.
    async fn gather(&mut self, last: u64, batch: &mut Gathered) -> Result<(), ReadError> {
        if self.source.is_none() {
            self.source = Some(self.open().await?);
        }
        let Some(source) = &mut self.source else { return Ok(()) };
        let quiet = if self.patient { QUIET_AT_THE_END } else { QUIET };
        let next = tokio::select! {
            next = tokio::time::timeout(quiet, source.messages.next()) => next,
            () = self.server.connection.lost(source.connection) => {
                self.source = None;
                return Err(self.server.connection.unreachable("the connection was lost while reading"));
            }
        };
        let Ok(mut next) = next else {
            return self.look_after_silence(last).await;
        };
        loop {
            let message = match next {
                Some(Ok(message)) => message,
                Some(Err(error)) => return Err(self.server.connection.unreachable(format!("reading was broken off: {error}"))),
                None => return Err(self.server.connection.unreachable("reading was broken off")),
            };
            let sequence = message.info().map_or(0, |info| info.stream_sequence);
            let fresh = self.source.as_mut().is_some_and(|source| std::mem::take(&mut source.fresh));
            if sequence != self.next {
                self.source = None;
                // One that was just made begins where it was told to, or nothing is there.
                let missing = || self.server.damaged(self.next, self.position, format!("it is not there, message {sequence} is"));
                return if fresh { Err(missing()) } else { Ok(()) };
            }
            let taken = self.take(sequence, &message.subject, message.headers.as_ref(), &message.payload, batch);
            if taken.is_err() {
                self.source = None;
                return taken;
            }
            let Some(source) = self.source.as_mut().filter(|_| !batch.is_full() && self.next <= last) else { return Ok(()) };
            // Gives what has arrived and never waits.
            match source.messages.next().now_or_never() {
                Some(more) => next = more,
                None => return Ok(()),
            }
        }
    }

    async fn open(&self) -> Result<Source, ReadError> {
        let unreachable = |e: &dyn std::fmt::Display| self.server.connection.unreachable(format!("reading cannot begin: {e}"));
        let connection = self.server.connection.number();
        if let Some(taken) = &self.taken {
            self.server.still_holds(taken).await?;
        }
        let config = pull::Config {
            deliver_policy: DeliverPolicy::ByStartSequence { start_sequence: self.next },
            ack_policy: AckPolicy::None,
            inactive_threshold: FORGOTTEN_AFTER,
            num_replicas: 1,
            memory_storage: true,
            ..pull::Config::default()
        };
        let consumer: jetstream::consumer::Consumer<pull::Config> =
            self.server.stream.create_consumer(config).await.map_err(|e| unreachable(&e))?;
        let name = consumer.cached_info().name.clone();
        let bytes = PULL_BYTES.max(2 * self.server.connection.client.max_payload());
        let pulling = consumer.stream().max_messages_per_batch(PULL_MESSAGES).max_bytes_per_batch(bytes).expires(PULL_EXPIRES);
        let messages = pulling.messages().await.map_err(|e| unreachable(&e))?;
        Ok(Source { messages, stream: self.server.stream.clone(), name, fresh: true, connection })
    }

    /// Nothing came for a while: at the end that is as it should be.
    async fn look_after_silence(&mut self, last: u64) -> Result<(), ReadError> {
        let there = self.server.info().await?.state.last_sequence;
        if there.saturating_add(1) < self.next || (last != u64::MAX && there < last) {
            // The stream is whole, and ends before what it was seen to hold.
            return Err(ReadError::Withdrawn { position: self.taken.map_or(self.position, |taken| taken.position()) });
        }
        if there >= self.next {
            self.source = None;
            return Err(self.server.connection.unreachable("it does not send what is there"));
        }
        self.recovered();
        Ok(())
    }

    fn recovered(&mut self) {
        if self.outage.take().is_some() && self.patient {
            tracing::info!("following goes on");
        }
    }

    /// Checks the message at `next` and takes it into the batch.
    fn take(
        &mut self,
        sequence: u64,
        subject: &str,
        headers: Option<&async_nats::HeaderMap>,
        body: &[u8],
        batch: &mut Gathered,
    ) -> Result<(), ReadError> {
        let damaged = |cause: String| self.server.damaged(sequence, self.position, cause);
        let (header, checksum) = message::read(subject, headers, body).map_err(damaged)?;
        if header.first_position != self.position {
            return Err(damaged(format!("it says that it begins at position {}", header.first_position)));
        }
        if self.recorded_at.is_some_and(|before| before > header.recorded_at) {
            return Err(damaged("it was recorded earlier than the record before it".to_owned()));
        }
        self.recovered();
        self.taken = Some(End { sequence, tip: Tip::of(&header, checksum) });
        (self.next, self.position, self.recorded_at) = (sequence + 1, header.last_position().plus(1), Some(header.recorded_at));
        if header.last_position() >= self.from {
            let begin = batch.bytes.len();
            batch.bytes.extend_from_slice(body);
            batch.records.push(RecordRef { header, locator: Locator(sequence), body: begin..batch.bytes.len() });
        }
        Ok(())
    }
}

/// Records on their way into a batch.
#[derive(Default)]
pub(crate) struct Gathered {
    pub(crate) bytes: BytesMut,
    pub(crate) records: Vec<RecordRef>,
}

impl Gathered {
    fn is_full(&self) -> bool {
        self.records.len() >= BATCH_RECORDS || self.bytes.len() >= BATCH_BYTES
    }
}

/// A reading until a fixed end.
pub struct JetStreamReader {
    cursor: Cursor,
    last: u64,
}

impl std::fmt::Debug for JetStreamReader {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "JetStreamReader(message {} to {})", self.cursor.next, self.last)
    }
}

impl JetStreamReader {
    pub(crate) fn new(server: Server, place: (u64, Position), from: Position, end: End) -> Self {
        Self { cursor: Cursor::new(server, place, from, false), last: end.sequence }
    }
}

impl RecordReader for JetStreamReader {
    async fn next(&mut self) -> Result<Option<RecordBatch>, ReadError> {
        if self.cursor.failed.is_none() && self.cursor.next > self.last {
            self.cursor.source = None;
            return Ok(None);
        }
        self.cursor.next(self.last).await.map(Some)
    }
}

/// A reading that goes on as the log grows, through outages of any length.
pub struct JetStreamFollower {
    cursor: Cursor,
}

impl std::fmt::Debug for JetStreamFollower {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "JetStreamFollower(message {})", self.cursor.next)
    }
}

impl JetStreamFollower {
    pub(crate) fn new(server: Server, place: (u64, Position), from: Position) -> Self {
        Self { cursor: Cursor::new(server, place, from, true) }
    }
}

impl RecordReader for JetStreamFollower {
    async fn next(&mut self) -> Result<Option<RecordBatch>, ReadError> {
        self.cursor.next(u64::MAX).await.map(Some)
    }
}
