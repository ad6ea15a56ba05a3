//! What waits to be written: filled by every `submit`, emptied by the one writer thread, which takes all of it at once.
//! So many writers share one sync: while a group is on its way to the disk, the next one gathers.

use std::{
    sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use event_log::{AppendError, Appended, Position, Record, head_after};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, oneshot};

use crate::format::{Chain, FRAME_HEADER_BYTES, encode_frame};

/// How many bytes may wait, in all: a bound on memory, and on what one group writes between two syncs. A `submit` beyond
/// it waits for room.
pub const QUEUE_LIMIT_BYTES: usize = 64 << 20;

/// The answer to one submit.
pub(crate) type Answer = Result<Appended, AppendError>;

/// Shared by the log and its writer thread.
#[derive(Debug)]
pub(crate) struct Queue {
    state: Mutex<State>,
    filled: Condvar,
    room: Arc<Semaphore>,
}

#[derive(Debug)]
struct State {
    /// After the last record that was queued. Its offset counts bytes from an arbitrary begin.
    last: Chain,
    group: Group,
    stopped: Option<String>,
    closing: bool,
}

/// What is written together and synced once.
#[derive(Debug, Default)]
pub(crate) struct Group {
    /// Whole frames, one after the other.
    pub bytes: Vec<u8>,
    /// The state after each frame.
    pub frames: Vec<Chain>,
    /// Who waits.
    pub waiters: Vec<Waiter>,
}

/// One submit that waits.
#[derive(Debug)]
pub(crate) struct Waiter {
    last: Position,
    answer: oneshot::Sender<Answer>,
    /// Room in the queue, given back when this is dropped.
    _room: OwnedSemaphorePermit,
}

/// How long a group waits for others to join it. Those who were just answered mostly come again at once: without this
/// they would miss the next group, and two half groups would take turns.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Gather {
    /// Not at all when so many wait already.
    pub waiters: usize,
    /// No longer than this.
    pub patience: Duration,
}

/// What the writer thread is to do next.
#[derive(Debug)]
pub(crate) enum Next {
    /// Write this.
    Group(Group),
    /// Nothing came for a while.
    Idle,
    /// Everything is written, and no more will come.
    Closed,
}

impl Queue {
    pub fn new(durable: Chain) -> Self {
        let state = State { last: durable, group: Group::default(), stopped: None, closing: false };
        Self { state: Mutex::new(state), filled: Condvar::new(), room: Arc::new(Semaphore::new(QUEUE_LIMIT_BYTES)) }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Why the log takes no more appends, if so.
    pub fn stopped(&self) -> Option<String> {
        self.lock().stopped.clone()
    }

    /// Gives records their place, once there is room for them.
    pub async fn submit(&self, expected: Position, records: &[Record]) -> Result<oneshot::Receiver<Answer>, AppendError> {
        // Before waiting for room: a writer that comes too late need not wait to hear so.
        self.lock().check(expected, records)?;
        let bytes: usize = records.iter().map(|record| FRAME_HEADER_BYTES + record.body.len()).sum();
        let permits = u32::try_from(bytes.max(1)).ok().filter(|_| bytes <= QUEUE_LIMIT_BYTES);
        let permits = permits.ok_or_else(|| AppendError::Refused {
            cause: format!("{bytes} bytes in one append are more than {QUEUE_LIMIT_BYTES}: append fewer records at once"),
        })?;
        let closed = |_| unavailable("the log is closing".into(), false);
        let room = Arc::clone(&self.room).acquire_many_owned(permits).await.map_err(closed)?;
        let (answer, receiver) = oneshot::channel();
        let mut state = self.lock();
        state.check(expected, records)?;
        for record in records {
            let before = state.last;
            state.last = encode_frame(&mut state.group.bytes, before, record);
            let after = state.last;
            state.group.frames.push(after);
        }
        let last = state.last.head.position;
        state.group.waiters.push(Waiter { last, answer, _room: room });
        drop(state);
        self.filled.notify_one();
        Ok(receiver)
    }

    /// Waits for work; with `patience` no longer than that. Having work, it waits as `gather` says for more to join.
    pub fn next(&self, patience: Option<Duration>, gather: Gather) -> Next {
        let nothing = |state: &mut State| state.group.waiters.is_empty() && !state.closing;
        let mut state = self.lock();
        state = match patience {
            Some(patience) => self.filled.wait_timeout_while(state, patience, nothing).unwrap_or_else(PoisonError::into_inner).0,
            None => self.filled.wait_while(state, nothing).unwrap_or_else(PoisonError::into_inner),
        };
        if state.group.waiters.is_empty() {
            return if state.closing { Next::Closed } else { Next::Idle };
        }
        let few = |state: &mut State| state.group.waiters.len() < gather.waiters && !state.closing;
        state = self.filled.wait_timeout_while(state, gather.patience, few).unwrap_or_else(PoisonError::into_inner).0;
        Next::Group(std::mem::take(&mut state.group))
    }

    /// Goes back to what is durable: what was queued since stood on records that are not there.
    pub fn fall_back(&self, durable: Chain, cause: &str, storage_full: bool) {
        let mut state = self.lock();
        state.last = durable;
        let group = std::mem::take(&mut state.group);
        drop(state);
        group.answer(|_| Err(unavailable(cause.into(), storage_full)));
    }

    /// Takes no more appends, ever. What was not yet given to the disk is known not to be there.
    pub fn stop(&self, cause: &str) {
        let mut state = self.lock();
        state.stopped = Some(cause.into());
        let group = std::mem::take(&mut state.group);
        drop(state);
        group.answer(|_| Err(unavailable(cause.into(), false)));
    }

    /// Lets the writer thread end once everything is written.
    pub fn close(&self) {
        self.lock().closing = true;
        self.room.close();
        self.filled.notify_all();
    }
}

impl State {
    fn check(&self, expected: Position, records: &[Record]) -> Result<(), AppendError> {
        if let Some(cause) = &self.stopped {
            return Err(unavailable(cause.clone(), false));
        }
        let last = self.last.head.position;
        if expected != last {
            return Err(AppendError::Conflict { expected, last, partly: false });
        }
        head_after(self.last.head, records).map(drop)
    }
}

impl Group {
    /// Answers everyone who waits, given the last position of each.
    pub fn answer(self, answer: impl Fn(Position) -> Answer) {
        for waiter in self.waiters {
            // A submitter that has gone away needs no answer.
            let _ = waiter.answer.send(answer(waiter.last));
        }
    }
}

pub(crate) fn unavailable(cause: String, storage_full: bool) -> AppendError {
    AppendError::Unavailable { cause, storage_full }
}
