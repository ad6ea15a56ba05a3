//! The port, on a stream.

use std::{collections::VecDeque, fmt, sync::Arc};

use event_log::{
    AppendError, EventLog, Head, Locator, MAX_BODY_BYTES, Pending, Position, ReadError, Record, RecordBatch, RecordRef, Tail, Until,
    head_after, holds,
};
use futures_util::{StreamExt, TryStreamExt, stream};
use tokio::{sync::Mutex, task::JoinHandle};

use crate::{
    JetStreamFollower, JetStreamReader, Mode, Options,
    connect::Connection,
    message::{HEADER_ROOM, Outgoing},
    options::OUTAGE,
    queue::{Awaited, Queue, Queued},
    reader::{AT_ONCE, Gathered},
    server::{Server, Tip, patiently},
    turns::Turns,
    writer::Writer,
};

/// A log on NATS JetStream.
///
/// What was submitted is sent also when the log is dropped meanwhile, as long as the runtime runs in which it was opened.
pub struct JetStreamLog {
    server: Server,
    /// `None` when opened for reading.
    queue: Option<Arc<Queue>>,
    /// Sends what is queued.
    writing: Option<JoinHandle<()>>,
    /// Held while the end is asked for, so that of many writers at once one asks.
    asking: Mutex<()>,
    /// So many replicas the stream was found with.
    replicas: usize,
}

impl fmt::Debug for JetStreamLog {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("JetStreamLog").field("options", &self.server.connection.options).finish_non_exhaustive()
    }
}

impl Drop for JetStreamLog {
    fn drop(&mut self) {
        if let Some(queue) = &self.queue {
            queue.close();
        }
    }
}

impl JetStreamLog {
    /// Connects, makes the stream where there is none (for writing), and checks that it can keep a log.
    ///
    /// # Errors
    /// [`ReadError::Unreachable`] when no server answers; [`ReadError::Missing`] when there is no stream to read;
    /// [`ReadError::Unfit`] when server or stream would lose or change what is written: the cause names each setting;
    /// [`ReadError::Damaged`] when messages are missing from the stream.
    pub async fn open(options: Options, mode: Mode) -> Result<Self, ReadError> {
        let connection = Connection::open(options).await?;
        // A cluster that was just started needs a moment to agree on a leader.
        let info = patiently(OUTAGE, || connection.stream(mode)).await?;
        let unmade = |e: &dyn fmt::Display| connection.unreachable(format!("its stream does not answer: {e}"));
        let stream = connection.context.get_stream_no_info(&connection.options.stream).await.map_err(|e| unmade(&e))?;
        let server = Server { connection: connection.clone(), stream, ends: Arc::default(), proof: Arc::default() };
        server.check_whole(&info)?;
        let (queue, writing) = match mode {
            Mode::ReadOnly => (None, None),
            Mode::Write => {
                // One that has just begun does not yet say on its page how it keeps JetStream.
                let number = connection.number();
                let trusted = (patiently(OUTAGE, || connection.check_durability(&info)).await?, number);
                let queue = Arc::new(Queue::new());
                // As unlike any other as an inbox has to be.
                let name = connection.client.new_inbox().rsplit('.').next().unwrap_or_default().to_owned();
                let turns = Turns::new(connection.client.clone(), format!("{}.turn", connection.options.subjects), name.clone());
                let writer = Writer { server: server.clone(), queue: Arc::clone(&queue), turns, trusted, name, batches: 0 };
                (Some(queue), Some(tokio::spawn(writer.run())))
            }
        };
        Ok(Self { server, queue, writing, asking: Mutex::new(()), replicas: info.config.num_replicas })
    }

    /// The connection, for what else is kept on the same servers; for a log that was opened for writing it was found to be durable.
    #[must_use]
    pub fn context(&self) -> async_nats::jetstream::Context {
        self.server.connection.context.clone()
    }

    /// The same connection, for messages that are not kept.
    #[must_use]
    pub fn client(&self) -> async_nats::Client {
        self.server.connection.client.clone()
    }

    /// The servers' addresses, without credentials.
    #[must_use]
    pub fn address(&self) -> &str {
        &self.server.connection.server
    }

    /// On so many servers the stream was kept when it was opened.
    #[must_use]
    pub const fn replicas(&self) -> usize {
        self.replicas
    }

    /// The largest body that the server takes, in bytes.
    pub fn largest_body(&self) -> usize {
        self.server.connection.client.max_payload().saturating_sub(HEADER_ROOM).min(MAX_BODY_BYTES)
    }

    /// Whether it sends what it is given; for ever false when it was opened for reading.
    #[must_use]
    pub fn is_writing(&self) -> bool {
        self.writing.as_ref().is_some_and(|writing| !writing.is_finished())
    }

    /// Asks the server for the tail that appends must follow.
    async fn ask_for_end(&self, queue: &Queue, generation: u64) -> Result<(), AppendError> {
        let _asking = self.asking.lock().await;
        let unavailable = |e: ReadError| AppendError::Unavailable { cause: e.to_string(), storage_full: false };
        let end = self.server.end().await.map_err(unavailable)?;
        queue.set_end(generation, end);
        Ok(())
    }

    /// Checks that records follow on, and makes messages of them.
    fn messages(&self, tip: Tip, records: Vec<Record>) -> Result<(Tip, VecDeque<Outgoing>), AppendError> {
        head_after(tip.head, &records)?;
        let prefix = &self.server.connection.options.subjects;
        let largest = self.largest_body();
        let mut messages = VecDeque::with_capacity(records.len());
        for record in records {
            let (position, length) = (record.header.first_position, record.body.len());
            if length > largest {
                let cause = format!(
                    "record at position {position}: its body of {length} bytes is larger than {largest}, which the server's max_payload allows"
                );
                return Err(AppendError::Refused { cause });
            }
            messages.push_back(Outgoing::of(record, prefix));
        }
        Ok((messages.back().map_or(tip, |last: &Outgoing| last.tip), messages))
    }
}

impl EventLog for JetStreamLog {
    type Reader = JetStreamReader;
    type Follower = JetStreamFollower;

    async fn head(&self) -> Result<Head, ReadError> {
        patiently(self.server.outage(), async || self.server.end().await).await.map(|end| end.tip.head)
    }

    async fn submit(&self, expected: impl Into<Tail> + Send, records: Vec<Record>) -> Result<Pending, AppendError> {
        let expected = expected.into();
        let unavailable = |cause: &str| AppendError::Unavailable { cause: cause.to_owned(), storage_full: false };
        let Some(queue) = &self.queue else { return Err(unavailable("it was opened for reading only")) };
        if !self.server.connection.is_connected() {
            return Err(unavailable("the connection to the server is lost; it is sought again all the time"));
        }
        let bytes = records.iter().map(|record| record.body.len() + HEADER_ROOM).sum();
        let (mut asked, mut records) = (false, Some(records));
        loop {
            let count = records.as_ref().map_or(0, Vec::len);
            let Some(room) = queue.room(count, bytes).await else { return Err(unavailable("the log is closed")) };
            let queued = queue.push(expected, asked, room, |tip| self.messages(tip, records.take().unwrap_or_default()));
            match queued? {
                Queued::Pending(answer) => return Ok(Box::pin(Awaited::new(Arc::clone(queue), answer))),
                Queued::AskFor { generation } => self.ask_for_end(queue, generation).await?,
            }
            asked = true;
        }
    }

    async fn has_kept(&self, tail: Tail) -> Result<bool, ReadError> {
        let seen_over = self.server.connection.number();
        if !holds(self, tail).await? {
            return Ok(false);
        }
        // What something follows is kept.
        let end = self.server.end().await?;
        if end.position() > tail.position {
            return Ok(true);
        }
        self.server.proof.of(&self.server, &end, seen_over).await.map(|()| true)
    }

    async fn read(&self, from: Position, until: Until) -> Result<JetStreamReader, ReadError> {
        let find = async || {
            let end = self.server.resolve(until).await?;
            let place = if from > end.position() { (end.sequence + 1, from) } else { self.server.place_of(from, end).await? };
            Ok((place, end))
        };
        let (place, end) = patiently(self.server.outage(), find).await?;
        Ok(JetStreamReader::new(self.server.clone(), place, from, end))
    }

    async fn follow(&self, from: Position) -> Result<JetStreamFollower, ReadError> {
        let find = async || {
            let end = self.server.end().await?;
            self.server.place_of(from, end).await
        };
        let place = patiently(self.server.outage(), find).await?;
        Ok(JetStreamFollower::new(self.server.clone(), place, from))
    }

    async fn resolve(&self, until: Until) -> Result<Head, ReadError> {
        patiently(self.server.outage(), async || self.server.resolve(until).await).await.map(|end| end.tip.head)
    }

    async fn read_at(&self, locators: &[Locator]) -> Result<RecordBatch, ReadError> {
        let fetch = |locator: Locator| async move {
            let message = patiently(self.server.outage(), async || self.server.message(locator.0).await).await?;
            Ok::<_, ReadError>((self.server.checked(&message)?.0, locator, message.payload))
        };
        let mut found = stream::iter(locators.iter().copied()).map(fetch).buffered(AT_ONCE);
        let mut batch = Gathered::default();
        while let Some((header, locator, body)) = found.try_next().await? {
            let begin = batch.bytes.len();
            batch.bytes.extend_from_slice(&body);
            batch.records.push(RecordRef { header, locator, body: begin..batch.bytes.len() });
        }
        Ok(RecordBatch { bytes: batch.bytes.freeze(), records: batch.records })
    }
}
