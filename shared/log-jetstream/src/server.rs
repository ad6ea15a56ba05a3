//! Asking the stream: its end, one message, the place of a position or a moment.

use std::{
    collections::BTreeMap,
    future::Future,
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};

use async_nats::jetstream::{
    message::StreamMessage,
    stream::{DirectGetErrorKind, Info, RawMessageErrorKind, Stream},
};
use event_log::{Head, Position, ReadError, RecordHeader, Tail, Until};

use crate::{connect::Connection, message, proof::Proof};

/// The first wait between two attempts; each is twice the one before.
const FIRST_WAIT: Duration = Duration::from_millis(50);
const LONGEST_WAIT: Duration = Duration::from_secs(1);
/// How often a message that must be there is asked for again before it counts as lost, and the wait before each.
const DOUBTS: u32 = 10;
const DOUBT: Duration = Duration::from_millis(200);
/// How many ends are remembered.
const REMEMBERED: usize = 1_024;
/// So many events are read and left out rather than searched for.
const NEAR: u64 = 1_024;

/// An outage that lasts.
#[derive(Debug)]
pub(crate) struct Backoff {
    since: Instant,
    wait: Duration,
    longest: Duration,
}

impl Backoff {
    pub(crate) fn new(longest: Duration) -> Self {
        Self { since: Instant::now(), wait: FIRST_WAIT, longest }
    }

    /// Waits before the next attempt; gives the error back when there should be none.
    pub(crate) async fn pause(&mut self, error: ReadError, for_ever: bool) -> Result<(), ReadError> {
        if !for_ever && self.since.elapsed() > self.longest {
            return Err(error);
        }
        tokio::time::sleep(self.wait).await;
        self.wait = (self.wait * 2).min(LONGEST_WAIT);
        Ok(())
    }
}

/// Asks again while the server cannot be reached, for a while.
pub(crate) async fn patiently<T, F: Future<Output = Result<T, ReadError>>>(longest: Duration, ask: impl Fn() -> F) -> Result<T, ReadError> {
    let mut outage = Backoff::new(longest);
    loop {
        match ask().await {
            Err(error @ ReadError::Unreachable { .. }) => outage.pause(error, false).await?,
            answer => return answer,
        }
    }
}

/// The stream of one log. Cheap to clone.
#[derive(Clone, Debug)]
pub(crate) struct Server {
    pub(crate) connection: Connection,
    pub(crate) stream: Stream<()>,
    pub(crate) ends: Arc<Mutex<Ends>>,
    pub(crate) proof: Arc<Proof>,
}

/// Where some of the latest records end, by their last position, and their sequence: who reads on from there need not search.
#[derive(Debug, Default)]
pub(crate) struct Ends {
    known: BTreeMap<Position, u64>,
    /// The connection over which they were seen: another server may hold others.
    connection: u64,
}

impl Ends {
    /// What is known of the stream over this connection.
    fn over(&mut self, connection: u64) -> &mut BTreeMap<Position, u64> {
        if self.connection != connection {
            (self.connection, self.known) = (connection, BTreeMap::new());
        }
        &mut self.known
    }
}

/// What is known of the end of a log: its head, and which record it is that ends there.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Tip {
    pub(crate) head: Head,
    /// `None` of an empty log.
    pub(crate) checksum: Option<u32>,
}

impl Tip {
    pub(crate) const fn of(header: &RecordHeader, checksum: u32) -> Self {
        let head = Head { position: header.last_position(), recorded_at: Some(header.recorded_at) };
        Self { head, checksum: Some(checksum) }
    }

    pub(crate) const fn tail(&self) -> Tail {
        Tail { position: self.head.position, checksum: self.checksum }
    }
}

/// The last record: its stream sequence, 0 of an empty log, and what the log's end is there.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct End {
    pub(crate) sequence: u64,
    pub(crate) tip: Tip,
}

impl End {
    pub(crate) const fn position(&self) -> Position {
        self.tip.head.position
    }
}

impl Server {
    /// How long a question is repeated.
    pub(crate) const fn outage(&self) -> Duration {
        self.connection.options.outage
    }

    pub(crate) async fn info(&self) -> Result<Info, ReadError> {
        let ask = async {
            let info = self.stream.get_info().await;
            info.map_err(|e| self.connection.unreachable(format!("its stream does not answer: {e}")))
        };
        let info = self.connection.answered(ask).await?;
        // While they have none, each server answers with what it has itself, which may be older.
        if info.cluster.as_ref().is_some_and(|cluster| cluster.leader.as_ref().is_none_or(String::is_empty)) {
            return Err(self.connection.unreachable("its servers have no leader now"));
        }
        self.check_whole(&info)?;
        Ok(info)
    }

    /// Nothing may be missing: sequences run from 1 to the last.
    pub(crate) fn check_whole(&self, info: &Info) -> Result<(), ReadError> {
        let state = &info.state;
        if state.messages != state.last_sequence {
            let missing = state.last_sequence.saturating_sub(state.messages);
            let first = if state.messages == 0 { state.last_sequence } else { 1 };
            return Err(self.damaged(first, Position::START, format!("{missing} of {} messages are missing", state.last_sequence)));
        }
        Ok(())
    }

    pub(crate) fn damaged(&self, sequence: u64, position: Position, cause: impl Into<String>) -> ReadError {
        let Connection { server, options, .. } = &self.connection;
        let cause = format!("message {sequence} of the stream: {}", cause.into());
        ReadError::Damaged { file: format!("stream {} at {server}", options.stream), offset: sequence, position, cause }
    }

    /// The durable end.
    pub(crate) async fn end(&self) -> Result<End, ReadError> {
        match self.info().await?.state.last_sequence {
            0 => Ok(End::default()),
            last => Ok(End { sequence: last, tip: self.tip(last).await? }),
        }
    }

    /// Whether the record that was last of what is known is still where it was.
    ///
    /// # Errors
    /// [`ReadError::Withdrawn`] when it is not.
    pub(crate) async fn still_holds(&self, end: &End) -> Result<(), ReadError> {
        let there = match end.sequence {
            0 => return Ok(()),
            sequence if self.info().await?.state.last_sequence < sequence => None,
            sequence => match self.tip(sequence).await {
                Err(ReadError::Damaged { .. }) => None,
                there => Some(there?),
            },
        };
        let same = there.is_some_and(|there| there.tail().agrees(end.tip.tail()));
        if same { Ok(()) } else { Err(ReadError::Withdrawn { position: end.position() }) }
    }

    /// A message that is known to be there. A server that cannot read its disk says that it is not: only one that goes on saying so is
    /// believed.
    pub(crate) async fn message(&self, sequence: u64) -> Result<StreamMessage, ReadError> {
        for _ in 0..DOUBTS {
            match self.connection.answered(self.ask_for(sequence)).await {
                Err(ReadError::Damaged { .. }) => tokio::time::sleep(DOUBT).await,
                answer => return answer,
            }
        }
        self.connection.answered(self.ask_for(sequence)).await
    }

    async fn ask_for(&self, sequence: u64) -> Result<StreamMessage, ReadError> {
        // Any replica may answer first; one that has not got it yet says that it is not there, and the leader knows better.
        match self.stream.direct_get(sequence).await {
            Ok(found) if found.sequence == sequence => return Ok(found),
            Ok(_) => {}
            Err(error) => match error.kind() {
                DirectGetErrorKind::TimedOut => return Err(self.connection.unreachable("a message was asked for in vain")),
                DirectGetErrorKind::NotFound
                | DirectGetErrorKind::InvalidSubject
                | DirectGetErrorKind::Request
                | DirectGetErrorKind::ErrorResponse(..)
                | DirectGetErrorKind::Other => {}
            },
        }
        let missing = || self.damaged(sequence, Position::START, "it is not there");
        match self.stream.get_raw_message(sequence).await {
            Ok(found) if found.sequence == sequence => Ok(found),
            Ok(_) => Err(missing()),
            Err(error) => match error.kind() {
                RawMessageErrorKind::NoMessageFound => Err(missing()),
                RawMessageErrorKind::InvalidSubject | RawMessageErrorKind::JetStream(_) | RawMessageErrorKind::Other => {
                    Err(self.connection.unreachable(format!("message {sequence} cannot be read: {error}")))
                }
            },
        }
    }

    /// What the log's end was after a record that is known to be there.
    pub(crate) async fn tip(&self, sequence: u64) -> Result<Tip, ReadError> {
        let found = self.message(sequence).await?;
        self.checked(&found).map(|(header, checksum)| Tip::of(&header, checksum))
    }

    pub(crate) fn checked(&self, found: &StreamMessage) -> Result<(RecordHeader, u32), ReadError> {
        let read = message::read(&found.subject, Some(&found.headers), &found.payload);
        read.map_err(|cause| self.damaged(found.sequence, Position::START, cause))
    }

    /// The last whole record at or before `until`.
    pub(crate) async fn resolve(&self, until: Until) -> Result<End, ReadError> {
        let end = self.end().await?;
        match until {
            Until::Head => Ok(end),
            Until::Position(asked) if asked > end.position() => Err(ReadError::BeyondEnd { asked, head: end.position() }),
            Until::Position(asked) => self.last_where(end, |head| head.position <= asked).await,
            Until::Moment(moment) => self.last_where(end, |head| head.recorded_at.is_some_and(|recorded_at| recorded_at <= moment)).await,
        }
    }

    /// The record of message `sequence` ends at this position, as was seen over a connection.
    pub(crate) fn remember(&self, position: Position, sequence: u64, seen_over: u64) {
        if seen_over != self.connection.number() {
            return;
        }
        let mut ends = self.ends.lock().unwrap_or_else(PoisonError::into_inner);
        let ends = ends.over(seen_over);
        ends.insert(position, sequence);
        while ends.len() > REMEMBERED {
            ends.pop_first();
        }
    }

    /// The last remembered end before `from`, when it is not far from it: the sequence after it, and the position that comes next.
    fn remembered(&self, from: Position) -> Option<(u64, Position)> {
        let mut ends = self.ends.lock().unwrap_or_else(PoisonError::into_inner);
        let (position, sequence) = ends.over(self.connection.number()).range(..from).next_back()?;
        (from.0 - position.0 <= NEAR).then(|| (sequence + 1, position.plus(1)))
    }

    /// Where the record that holds `from`, or one shortly before it, lies, or the place after the end: the sequence, and the position at which the record there
    /// begins.
    pub(crate) async fn place_of(&self, from: Position, end: End) -> Result<(u64, Position), ReadError> {
        if from <= Position(1) {
            return Ok((1, Position(1)));
        }
        if let Some(place) = self.remembered(from) {
            return Ok(place);
        }
        let before = self.last_where(end, |head| head.position < from).await?;
        Ok((before.sequence + 1, before.position().plus(1)))
    }

    /// The last record until `end` of which `holds` is true; it must be true of all before one of which it is.
    async fn last_where(&self, end: End, holds: impl Fn(&Head) -> bool) -> Result<End, ReadError> {
        let (mut found, mut after) = (End::default(), end.sequence + 1);
        // The end first: it is what is asked for most.
        let mut probe = end.sequence;
        while found.sequence + 1 < after {
            let tip = self.tip(probe).await?;
            if holds(&tip.head) {
                found = End { sequence: probe, tip };
            } else {
                after = probe;
            }
            probe = found.sequence + (after - found.sequence) / 2;
        }
        Ok(found)
    }
}
