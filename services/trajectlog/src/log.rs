//! The log, wherever it is kept.

use event_log::{AppendError, EventLog, Head, Locator, Pending, Position, ReadError, Record, RecordBatch, RecordReader, Tail, Until};
use log_embedded::EmbeddedLog;
use log_jetstream::JetStreamLog;

/// A log of one machine, or one on NATS: every command runs on either.
#[derive(Debug)]
#[allow(clippy::large_enum_variant, reason = "one of a process, behind an Arc")]
pub enum Log {
    /// In a data folder.
    Embedded(EmbeddedLog),
    /// On NATS JetStream.
    JetStream(JetStreamLog),
}

/// A reading of either.
#[derive(Debug)]
pub enum Reader<E, J> {
    /// Of a data folder.
    Embedded(E),
    /// Of NATS JetStream.
    JetStream(J),
}

impl<E: RecordReader, J: RecordReader> RecordReader for Reader<E, J> {
    async fn next(&mut self) -> Result<Option<RecordBatch>, ReadError> {
        match self {
            Self::Embedded(reader) => reader.next().await,
            Self::JetStream(reader) => reader.next().await,
        }
    }
}

impl EventLog for Log {
    type Reader = Reader<<EmbeddedLog as EventLog>::Reader, <JetStreamLog as EventLog>::Reader>;
    type Follower = Reader<<EmbeddedLog as EventLog>::Follower, <JetStreamLog as EventLog>::Follower>;

    async fn head(&self) -> Result<Head, ReadError> {
        match self {
            Self::Embedded(log) => log.head().await,
            Self::JetStream(log) => log.head().await,
        }
    }

    async fn submit(&self, expected: impl Into<Tail> + Send, records: Vec<Record>) -> Result<Pending, AppendError> {
        match self {
            Self::Embedded(log) => log.submit(expected, records).await,
            Self::JetStream(log) => log.submit(expected, records).await,
        }
    }

    async fn read(&self, from: Position, until: Until) -> Result<Self::Reader, ReadError> {
        Ok(match self {
            Self::Embedded(log) => Reader::Embedded(log.read(from, until).await?),
            Self::JetStream(log) => Reader::JetStream(log.read(from, until).await?),
        })
    }

    async fn follow(&self, from: Position) -> Result<Self::Follower, ReadError> {
        Ok(match self {
            Self::Embedded(log) => Reader::Embedded(log.follow(from).await?),
            Self::JetStream(log) => Reader::JetStream(log.follow(from).await?),
        })
    }

    async fn resolve(&self, until: Until) -> Result<Head, ReadError> {
        match self {
            Self::Embedded(log) => log.resolve(until).await,
            Self::JetStream(log) => log.resolve(until).await,
        }
    }

    async fn has_kept(&self, tail: Tail) -> Result<bool, ReadError> {
        match self {
            Self::Embedded(log) => log.has_kept(tail).await,
            Self::JetStream(log) => log.has_kept(tail).await,
        }
    }

    async fn read_at(&self, locators: &[Locator]) -> Result<RecordBatch, ReadError> {
        match self {
            Self::Embedded(log) => log.read_at(locators).await,
            Self::JetStream(log) => log.read_at(locators).await,
        }
    }
}
