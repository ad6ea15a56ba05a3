//! What waits to be sent, and the tail that it follows.
//!
//! ```text
//!   durable ──► in flight ──► waiting ──► tail
//!   (acknowledged,  one group     jobs       (the head after all of them: what the
//!    a sequence)                              next append must expect)
//! ```
//!
//! Appends are taken while they expect the tail. When a group fails, all that waits behind it fails too, and the tail is asked anew.

use std::{
    collections::VecDeque,
    pin::Pin,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    task::Poll,
};

use event_log::{AppendError, Appended, Position, Tail};
use tokio::sync::{Notify, OwnedSemaphorePermit, Semaphore, oneshot};

use crate::{
    message::Outgoing,
    server::{End, Tip},
};

/// Messages that wait or are in flight, at most: some groups ahead of the server, so that it is never idle.
pub const QUEUE_LIMIT_MESSAGES: usize = 4_096;
/// Bytes that wait or are in flight, at most: what this process is willing to hold in memory for a slow server.
pub const QUEUE_LIMIT_BYTES: usize = 32 << 20;
/// Bytes are counted in blocks, because permits are counted in 32 bits.
const BLOCK: usize = 1 << 10;
/// Messages of one batch, at most: the server takes no more.
const GROUP_MESSAGES: usize = 1_000;
/// Bytes of one batch, unless a single message has more: the server holds it in memory.
const GROUP_BYTES: usize = 8 << 20;
/// From this many messages on a batch is faster than one message after the other (a batch costs some 3 ms, a synced message 0.4 ms).
const FEWEST_IN_BATCH: usize = 6;

/// An append that has its place.
#[derive(Debug)]
struct Job {
    expected: Position,
    last: Position,
    messages: VecDeque<Outgoing>,
    /// Whether some of its messages were taken already, and others were not.
    cut: bool,
    /// Whether some of its messages are acknowledged: then "nothing was appended" is no longer true of it.
    begun: bool,
    done: oneshot::Sender<Result<Appended, AppendError>>,
    _room: Room,
}

/// The part of the limits that an append takes up until it is done.
#[derive(Debug)]
pub(crate) struct Room {
    _messages: OwnedSemaphorePermit,
    _blocks: OwnedSemaphorePermit,
}

/// The messages to send next, and whom to tell.
#[derive(Debug)]
pub(crate) struct Group {
    /// What it follows.
    pub(crate) after: End,
    pub(crate) messages: Vec<Outgoing>,
    jobs: Vec<Job>,
}

/// Why a group was not, or is not known to have been, appended.
#[derive(Clone, Debug)]
pub(crate) enum Failure {
    /// Another writer was first; the log's end now, if it could be asked.
    Conflict(Option<End>),
    /// Nothing of the group was appended.
    Unavailable { cause: String, storage_full: bool },
    /// Some of it may be there.
    Unknown { cause: String },
}

/// What came of an attempt to queue.
pub(crate) enum Queued {
    /// It has its place.
    Pending(oneshot::Receiver<Result<Appended, AppendError>>),
    /// The tail is not known, or may be an old one: ask the server, tell [`Queue::set_end`], try again.
    AskFor { generation: u64 },
}

#[derive(Debug, Default)]
struct Inner {
    durable: Option<End>,
    tail: Option<Tip>,
    waiting: VecDeque<Job>,
    in_flight: bool,
    closed: bool,
    /// Failures that were told and not yet heard. Who submits without having heard of one believes that what failed is there, and could
    /// name the very position that another writer's record has meanwhile.
    unheard: usize,
    /// Counts what changes the tail, so that an answer that was asked for before is not believed after.
    generation: u64,
}

impl Inner {
    fn may_send(&self) -> bool {
        self.durable.is_some() && !self.in_flight && !self.waiting.is_empty()
    }

    fn is_idle(&self) -> bool {
        self.waiting.is_empty() && !self.in_flight
    }
}

#[derive(Debug)]
pub(crate) struct Queue {
    inner: Mutex<Inner>,
    arrived: Notify,
    messages: Arc<Semaphore>,
    blocks: Arc<Semaphore>,
}

impl Queue {
    pub(crate) fn new() -> Self {
        Self {
            inner: Mutex::default(),
            arrived: Notify::new(),
            messages: Arc::new(Semaphore::new(QUEUE_LIMIT_MESSAGES)),
            blocks: Arc::new(Semaphore::new(QUEUE_LIMIT_BYTES / BLOCK)),
        }
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits until there is room. An append that is larger than all of it gets all of it.
    pub(crate) async fn room(&self, messages: usize, bytes: usize) -> Option<Room> {
        let most = |wanted: usize, limit: usize| u32::try_from(wanted.min(limit)).unwrap_or(u32::MAX);
        let wanted = most(messages, QUEUE_LIMIT_MESSAGES);
        let messages = Arc::clone(&self.messages).acquire_many_owned(wanted).await.ok()?;
        let wanted = most(bytes.div_ceil(BLOCK), QUEUE_LIMIT_BYTES / BLOCK);
        let blocks = Arc::clone(&self.blocks).acquire_many_owned(wanted).await.ok()?;
        Some(Room { _messages: messages, _blocks: blocks })
    }

    /// Queues messages behind the tail, when that is what they expect and `check` finds that they follow on. `asked` says that the tail
    /// has just been asked for.
    pub(crate) fn push(
        &self,
        expected: Tail,
        asked: bool,
        room: Room,
        check: impl FnOnce(Tip) -> Result<(Tip, VecDeque<Outgoing>), AppendError>,
    ) -> Result<Queued, AppendError> {
        let mut inner = self.lock();
        if inner.closed {
            return Err(AppendError::Unavailable { cause: "the log is closed".to_owned(), storage_full: false });
        }
        if inner.unheard > 0 {
            let last = inner.tail.map_or(Position::START, |tip| tip.head.position);
            return Err(AppendError::Conflict { expected: expected.position, last, partly: false });
        }
        let Some(tip) = inner.tail else { return Ok(Queued::AskFor { generation: inner.generation }) };
        if !tip.tail().agrees(expected) {
            // Idle and not just asked: another writer may have gone on meanwhile.
            if inner.is_idle() && !asked {
                return Ok(Queued::AskFor { generation: inner.generation });
            }
            let (expected, last) = (expected.position, tip.head.position);
            // What the log was just found to hold ends before it, or with another record: the writer has read what is not there any more.
            if inner.is_idle() && last <= expected {
                return Err(AppendError::Withdrawn { position: expected });
            }
            return Err(AppendError::Conflict { expected, last, partly: false });
        }
        let expected = expected.position;
        let (tip, messages) = check(tip)?;
        let head = tip.head;
        let (done, pending) = oneshot::channel();
        inner.waiting.push_back(Job { expected, last: head.position, messages, cut: false, begun: false, done, _room: room });
        inner.tail = Some(tip);
        inner.generation += 1;
        drop(inner);
        self.arrived.notify_one();
        Ok(Queued::Pending(pending))
    }

    /// The end as the server has it, unless something has happened here since it was asked.
    pub(crate) fn set_end(&self, generation: u64, end: End) {
        let mut inner = self.lock();
        if inner.generation == generation && inner.is_idle() {
            (inner.durable, inner.tail) = (Some(end), Some(end.tip));
        }
    }

    /// Nothing more is taken; what waits is still sent.
    pub(crate) fn close(&self) {
        self.lock().closed = true;
        self.arrived.notify_one();
    }

    /// Waits until there is something to send; false once the queue is closed and empty.
    pub(crate) async fn wait(&self) -> bool {
        loop {
            {
                let inner = self.lock();
                if inner.may_send() {
                    return true;
                }
                if inner.closed {
                    return false;
                }
            }
            self.arrived.notified().await;
        }
    }

    /// The messages to send next, when there are any.
    pub(crate) fn take(&self) -> Option<Group> {
        take(&mut self.lock())
    }

    /// The group is durable.
    pub(crate) fn succeed(&self, group: Group, end: End) {
        {
            let mut inner = self.lock();
            inner.durable = Some(end);
            inner.in_flight = false;
        }
        for job in group.jobs {
            // Whoever submitted it may have stopped waiting.
            let _ = job.done.send(Ok(Appended { last: job.last }));
        }
    }

    /// The group failed, and all that waits behind it fails with it.
    pub(crate) fn fail(&self, group: Group, failure: &Failure) {
        let end = match failure {
            Failure::Conflict(end) => *end,
            Failure::Unavailable { .. } | Failure::Unknown { .. } => None,
        };
        let waiting = {
            let mut inner = self.lock();
            (inner.durable, inner.tail) = (end, end.map(|end| end.tip));
            inner.in_flight = false;
            inner.generation += 1;
            let waiting = std::mem::take(&mut inner.waiting);
            // Together with the tail: nobody may find the new one while a failure is still to be told.
            inner.unheard += group.jobs.len() + waiting.len();
            waiting
        };
        let sent = group.jobs.into_iter().map(|job| (job, true));
        for (job, sent) in sent.chain(waiting.into_iter().map(|job| (job, false))) {
            let error = error_of(failure, &job, sent);
            // One that nobody waits for needs no hearing.
            if job.done.send(Err(error)).is_err() {
                self.heard();
            }
        }
    }

    /// A failure was heard.
    fn heard(&self) {
        let mut inner = self.lock();
        inner.unheard = inner.unheard.saturating_sub(1);
    }
}

/// An append on its way, for the one who submitted it.
pub(crate) struct Awaited {
    queue: Arc<Queue>,
    answer: oneshot::Receiver<Result<Appended, AppendError>>,
    over: bool,
}

impl Awaited {
    pub(crate) const fn new(queue: Arc<Queue>, answer: oneshot::Receiver<Result<Appended, AppendError>>) -> Self {
        Self { queue, answer, over: false }
    }
}

impl Future for Awaited {
    type Output = Result<Appended, AppendError>;

    fn poll(mut self: Pin<&mut Self>, context: &mut std::task::Context<'_>) -> Poll<Self::Output> {
        let answer = std::task::ready!(Pin::new(&mut self.answer).poll(context));
        self.over = true;
        let lost = || Err(AppendError::Unknown { cause: "the program was ended while it was on its way".to_owned() });
        if matches!(answer, Ok(Err(_))) {
            self.queue.heard();
        }
        Poll::Ready(answer.unwrap_or_else(|_| lost()))
    }
}

/// Given up: who does that no longer believes anything of it.
impl Drop for Awaited {
    fn drop(&mut self) {
        if !self.over {
            // Closed first: a failure that comes after it finds nobody.
            self.answer.close();
            if let Ok(Err(_)) = self.answer.try_recv() {
                self.queue.heard();
            }
        }
    }
}

/// Takes the next group off the queue.
fn take(inner: &mut Inner) -> Option<Group> {
    let after = inner.durable.filter(|_| inner.may_send())?;
    let waiting: usize = inner.waiting.iter().map(|job| job.messages.len()).take(FEWEST_IN_BATCH).sum();
    let limit = if waiting < FEWEST_IN_BATCH { 1 } else { GROUP_MESSAGES };
    let (mut messages, mut jobs, mut bytes) = (Vec::new(), Vec::new(), 0);
    while let Some(mut job) = inner.waiting.pop_front() {
        // The part that was taken before is acknowledged, or the job would have failed.
        job.begun |= job.cut;
        let before = messages.len();
        while messages.len() < limit
            && let Some(message) = job.messages.front()
        {
            if !messages.is_empty() && bytes + message.size() > GROUP_BYTES {
                break;
            }
            bytes += message.size();
            messages.extend(job.messages.pop_front());
        }
        if !job.messages.is_empty() {
            job.cut |= messages.len() > before;
            inner.waiting.push_front(job);
            break;
        }
        jobs.push(job);
    }
    inner.in_flight = true;
    Some(Group { after, messages, jobs })
}

/// What an append is told when a group failed that it was part of, or that it waited behind.
fn error_of(failure: &Failure, job: &Job, sent: bool) -> AppendError {
    match failure {
        Failure::Conflict(None) | Failure::Unavailable { .. } if job.begun => {
            AppendError::Unknown { cause: "its first records may be there, and the others are not".to_owned() }
        }
        Failure::Conflict(Some(end)) => AppendError::Conflict { expected: job.expected, last: end.position(), partly: job.begun },
        Failure::Conflict(None) => AppendError::Unavailable {
            cause: "another writer was first, and the log's end is not known now".to_owned(),
            storage_full: false,
        },
        Failure::Unavailable { cause, storage_full } => AppendError::Unavailable { cause: cause.clone(), storage_full: *storage_full },
        Failure::Unknown { cause } if sent || job.cut => AppendError::Unknown { cause: cause.clone() },
        Failure::Unknown { cause } => {
            let cause = format!("of an append before it, it is not known whether it became durable: {cause}");
            AppendError::Unavailable { cause, storage_full: false }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use event_log::{AppendError, Head, Position, Record, conformance::history, head_after};

    use super::*;

    /// Queues a record behind what is expected.
    async fn push(queue: &Arc<Queue>, expected: u64) -> Result<Awaited, AppendError> {
        push_records(queue, Position(expected), history(Position(expected), 1)).await
    }

    /// Queues the first records of a log as one job.
    async fn push_all(queue: &Arc<Queue>, records: Vec<Record>) -> Awaited {
        push_records(queue, Position::START, records).await.unwrap_or_else(|e| panic!("{e}"))
    }

    async fn push_records(queue: &Arc<Queue>, expected: Position, records: Vec<Record>) -> Result<Awaited, AppendError> {
        let room = queue.room(records.len(), 1).await.expect("open");
        let queued = queue.push(expected.into(), true, room, |tip| {
            head_after(tip.head, &records)?;
            let messages: VecDeque<_> = records.into_iter().map(|record| Outgoing::of(record, "e")).collect();
            Ok((messages.back().map_or(tip, |last| last.tip), messages))
        });
        match queued? {
            Queued::Pending(answer) => Ok(Awaited::new(Arc::clone(queue), answer)),
            Queued::AskFor { .. } => panic!("the end is known"),
        }
    }

    fn end(sequence: u64, position: u64) -> End {
        let head = Head { position: Position(position), recorded_at: None };
        End { sequence, tip: Tip { head, checksum: None } }
    }

    #[tokio::test]
    async fn who_has_not_heard_of_a_failure_queues_nothing_behind_it() {
        let queue = Arc::new(Queue::new());
        queue.set_end(0, end(0, 0));
        let first = push(&queue, 0).await.expect("queued");
        let behind = push(&queue, tail(&queue)).await.expect("queued");
        let last = tail(&queue);
        // Another writer's records lie at the very positions that the two were to have.
        let group = queue.take().expect("a group");
        queue.fail(group, &Failure::Conflict(Some(end(2, last))));
        let stale = push(&queue, last).await;
        assert!(matches!(stale, Err(AppendError::Conflict { .. })));
        assert!(matches!(first.await, Err(AppendError::Conflict { .. })));
        // Of two failures one was heard.
        assert!(matches!(push(&queue, last).await, Err(AppendError::Conflict { .. })));
        // Given up is as good as heard.
        drop(behind);
        assert!(push(&queue, last).await.is_ok());
    }

    fn tail(queue: &Queue) -> u64 {
        queue.lock().tail.expect("a tail").head.position.0
    }

    #[tokio::test]
    async fn a_failure_that_nobody_waits_for_needs_no_hearing() {
        let queue = Arc::new(Queue::new());
        queue.set_end(0, end(0, 0));
        drop(push(&queue, 0).await.expect("queued"));
        let last = tail(&queue);
        let group = queue.take().expect("a group");
        queue.fail(group, &Failure::Conflict(Some(end(1, last))));
        assert!(push(&queue, last).await.is_ok());
    }

    #[tokio::test]
    async fn a_conflict_after_a_first_part_is_a_conflict() {
        let queue = Arc::new(Queue::new());
        queue.set_end(0, end(0, 0));
        let answer = push_all(&queue, history(Position::START, 3)).await;
        let first = queue.take().expect("the first message");
        assert_eq!(first.messages.len(), 1, "few messages go one by one");
        queue.succeed(first, end(1, 1));
        let second = queue.take().expect("the second message");
        queue.fail(second, &Failure::Conflict(Some(end(2, 9))));
        assert!(matches!(answer.await, Err(AppendError::Conflict { last: Position(9), partly: true, .. })));
    }

    #[tokio::test]
    async fn a_job_of_which_nothing_was_taken_up_is_refused_and_one_of_which_a_part_was_is_unknown() {
        for acknowledged in [0, 1] {
            let queue = Arc::new(Queue::new());
            queue.set_end(0, end(0, 0));
            let answer = push_all(&queue, history(Position::START, 3)).await;
            for sequence in 1..=acknowledged {
                let part = queue.take().expect("a message");
                queue.succeed(part, end(sequence, sequence));
            }
            let part = queue.take().expect("a message");
            queue.fail(part, &Failure::Unavailable { cause: "full".to_owned(), storage_full: true });
            match (acknowledged, answer.await) {
                (0, Err(AppendError::Unavailable { storage_full: true, .. })) | (1, Err(AppendError::Unknown { .. })) => {}
                (_, other) => panic!("{acknowledged} acknowledged: {other:?}"),
            }
        }
    }

    #[tokio::test]
    async fn a_job_whose_first_part_may_be_there_is_unknown() {
        let queue = Arc::new(Queue::new());
        queue.set_end(0, end(0, 0));
        let answer = push_all(&queue, history(Position::START, 3)).await;
        let part = queue.take().expect("a message");
        queue.fail(part, &Failure::Unknown { cause: "no answer".to_owned() });
        assert!(matches!(answer.await, Err(AppendError::Unknown { .. })));
    }
}
