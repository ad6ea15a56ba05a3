//! The desk: where decisions are handed in, from any number of sides at once, and answered when they are durable.
//!
//! ```text
//!   record(commands) ──► judged in order ──► group ──► sealed ──► submit ──► durable ──► answered, in order
//!                            ▲                                      │
//!                            └── judged again, from what the log ◄──┘ conflict, unknown
//!                                holds now
//! ```
//!
//! One task owns the ledger, so that decisions are judged one after the other; several groups may be on their way to the disk.
//! Every command, a refused one too, is answered only after everything before it is durable: what it was judged by is then
//! true for ever. When an append fails, all that was under way is taken back and judged again by what the log holds then; the
//! event ids make sure that nothing comes twice.
//!
//! Invariant: no answer says *recorded* before the log has said *durable*.

mod clerk;
mod failed;
mod renew;

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use event_log::{EventLog, Locator, Position, ReadError, RecordBatch, RecordReader, Tail, follow_after};
use tokio::{
    runtime::Handle,
    sync::{mpsc, oneshot, watch},
};
use uuid::Uuid;
use views::{Place, Views};

pub use renew::renew;

use crate::{
    AppError, Ledger,
    command::{Command, Judgement},
};

/// Asks that wait for their turn, at most: whoever comes later waits outside.
const WAITING: usize = 1_024;
/// Batches of the follower that wait to be taken in.
const FOLLOWED: usize = 4;
/// Between two tries to follow a log that cannot be reached.
const PAUSE: Duration = Duration::from_millis(500);

/// How a desk works.
#[derive(Clone, Copy, Debug)]
pub struct DeskOptions {
    /// How long a command may wait for a log that is gone before it is told so.
    pub patience: Duration,
    /// Follows the log: for a desk that stays open, that others may write beside, and that is asked where records lie.
    pub follow: bool,
}

/// Why a command has no judgement.
#[derive(Clone, Debug, thiserror::Error)]
pub enum DeskError {
    /// Storage is full: nothing was recorded.
    #[error("there is no room for more events: {cause}")]
    Full {
        /// The log's words.
        cause: String,
    },
    /// The log cannot be reached, or did not answer in time: whether it was recorded is not known, and sending it again is safe.
    #[error("the log does not take events now: {cause}")]
    Unavailable {
        /// The log's words.
        cause: String,
    },
    /// One record is larger than the log takes. Nothing of it was recorded.
    #[error("the decision is too large: {cause}")]
    TooLarge {
        /// The log's words.
        cause: String,
    },
    /// A text of a client whose key was destroyed: it cannot be kept any more.
    #[error("client {client} was erased: no new text of this client can be kept")]
    Erased {
        /// The client's pseudonym.
        client: Uuid,
    },
    /// Something is broken that waiting does not mend.
    #[error("{0}")]
    Broken(Arc<AppError>),
    /// The desk is closed.
    #[error("the service is closing: send it again")]
    Closed,
}

impl DeskError {
    /// A failure of one job alone.
    fn of(error: Arc<AppError>) -> Self {
        if let AppError::Keys(keys::KeyError::Destroyed { client }) = *error { Self::Erased { client } } else { Self::Broken(error) }
    }
}

/// How the desk is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DeskHealth {
    /// It records.
    Open,
    /// The log cannot be reached or takes nothing; it tries again by itself.
    Unavailable {
        /// Why.
        cause: String,
        /// Because storage is full.
        storage_full: bool,
    },
    /// It needs someone.
    Broken {
        /// Why.
        cause: String,
    },
}

/// What the desk is asked.
enum Ask {
    Record(Job),
    Locate { trajectory: Uuid, at_least: Position, answer: oneshot::Sender<Result<Vec<Locator>, DeskError>> },
    Switch { new: Box<Renewed>, answer: oneshot::Sender<Switched> },
    Close { answer: oneshot::Sender<Option<Views>> },
    Reserve(Reservation),
}

/// Someone wants to be alone at the desk.
struct Reservation {
    /// What is asked of it then.
    asks: mpsc::Receiver<Ask>,
    ready: oneshot::Sender<()>,
}

/// An index that was built anew beside the living one.
struct Renewed {
    views: Views,
    place: Place,
}

/// What became of it.
enum Switched {
    /// It is the living one; this one was.
    Done(Option<Views>),
    /// It is not near enough, or the log is away: it comes back.
    NotNow(Box<Renewed>),
    /// The living one stays.
    Failed(AppError),
}

/// Commands that are answered together.
struct Job {
    commands: Vec<Command>,
    /// Of the first of them.
    judgements: Vec<Judgement>,
    /// What was said of them before an append of which it is not known whether it arrived.
    before: Vec<Judgement>,
    answer: oneshot::Sender<Result<Vec<Judgement>, DeskError>>,
    since: tokio::time::Instant,
    /// Set when a job of the same row has failed: those after it must not be recorded before it.
    row_is_broken: Arc<AtomicBool>,
}

impl Job {
    fn fail(self, why: DeskError) {
        self.row_is_broken.store(true, Ordering::Relaxed);
        // Who asked may have left.
        let _ = self.answer.send(Err(why));
    }
}

/// Commands of one origin, which are recorded in the order in which they are handed in, or not at all: when one portion fails,
/// so do all after it.
#[derive(Clone, Debug)]
pub struct Row {
    desk: Desk,
    is_broken: Arc<AtomicBool>,
}

/// The answer to come.
pub type Answer = oneshot::Receiver<Result<Vec<Judgement>, DeskError>>;

impl Row {
    /// Hands in the next portion, without waiting for the one before.
    ///
    /// # Errors
    /// [`DeskError::Closed`], also when an earlier portion has failed.
    pub async fn hand_in(&self, commands: Vec<Command>) -> Result<Answer, DeskError> {
        self.desk.hand_in(commands, Arc::clone(&self.is_broken)).await
    }
}

/// A way to the desk; as many as there are clients.
#[derive(Clone, Debug)]
pub struct Desk {
    asks: mpsc::Sender<Ask>,
    health: watch::Receiver<DeskHealth>,
    indexed: watch::Receiver<bool>,
    patience: Duration,
}

impl Desk {
    /// Opens the desk of a ledger. It works in a thread of its own until it is closed or every way to it is gone; it needs a
    /// runtime of several threads.
    ///
    /// # Errors
    /// When the system gives no thread.
    pub fn open<L: EventLog>(ledger: Ledger<L>, log: Arc<L>, options: DeskOptions) -> Result<Self, AppError> {
        let (asks, receiver) = mpsc::channel(WAITING);
        let (health, watched) = watch::channel(DeskHealth::Open);
        let (indexed, is_indexed) = watch::channel(true);
        let runtime = Handle::current();
        let followed = options.follow.then(|| follow(&runtime, &log, ledger.tail()));
        let clerk = clerk::Clerk::new(ledger, log, receiver, followed, (health, indexed), options);
        let thread = std::thread::Builder::new().name("desk".to_owned());
        thread.spawn(move || runtime.block_on(clerk.work())).map_err(AppError::io("opening the desk"))?;
        Ok(Self { asks, health: watched, indexed: is_indexed, patience: options.patience })
    }

    /// Hands in commands that are judged in order, each on its own, and answered together when all of them are durable.
    ///
    /// # Errors
    /// [`DeskError`]; the same commands may be handed in again after each of them.
    pub async fn record(&self, commands: Vec<Command>) -> Result<Vec<Judgement>, DeskError> {
        let answer = self.hand_in(commands, Arc::default()).await?;
        // The desk gives up after its patience; a little more shows that it is the desk that hangs.
        match tokio::time::timeout(self.patience + Duration::from_secs(1), answer).await {
            Ok(answer) => answer.unwrap_or(Err(DeskError::Closed)),
            Err(_) => Err(DeskError::Unavailable { cause: "it did not answer in time".to_owned() }),
        }
    }

    /// For whoever hands in much, and in order.
    #[must_use]
    pub fn row(&self) -> Row {
        Row { desk: self.clone(), is_broken: Arc::default() }
    }

    /// The desk for oneself, as soon as what was handed in is answered and until what is given here is dropped; all others wait
    /// meanwhile. For judging much, and then recording it by what was judged. Whoever writes to the log past this desk is not kept out.
    ///
    /// # Errors
    /// [`DeskError::Closed`].
    pub async fn alone(&self) -> Result<Self, DeskError> {
        let (own, asks) = mpsc::channel(WAITING);
        let (ready, is_ready) = oneshot::channel();
        self.asks.send(Ask::Reserve(Reservation { asks, ready })).await.map_err(|_| DeskError::Closed)?;
        is_ready.await.map_err(|_| DeskError::Closed)?;
        Ok(Self { asks: own, health: self.health.clone(), indexed: self.indexed.clone(), patience: self.patience })
    }

    async fn hand_in(&self, commands: Vec<Command>, row_is_broken: Arc<AtomicBool>) -> Result<Answer, DeskError> {
        let (answer, answered) = oneshot::channel();
        let job = Job { commands, judgements: Vec::new(), before: Vec::new(), answer, since: tokio::time::Instant::now(), row_is_broken };
        let sent = self.asks.send(Ask::Record(job));
        match tokio::time::timeout(self.patience, sent).await {
            Ok(sent) => sent.map_err(|_| DeskError::Closed)?,
            Err(_) => return Err(DeskError::Unavailable { cause: "too many commands wait".to_owned() }),
        }
        Ok(answered)
    }

    /// Where the records of a stream lie, everything up to `at_least` and everything that was answered here before this question included;
    /// empty when there are none. Only of a desk that follows. Who must not be told less than another desk was told asks the log for its
    /// head, and gives that.
    ///
    /// # Errors
    /// [`DeskError::Unavailable`] when the log cannot be followed now.
    pub async fn locate(&self, trajectory: Uuid, at_least: Position) -> Result<Vec<Locator>, DeskError> {
        let (answer, answered) = oneshot::channel();
        self.ask(Ask::Locate { trajectory, at_least, answer }, answered).await?
    }

    /// Hands in an index that was built anew. Waits for as long as the desk is busy with what was handed in before.
    async fn switch(&self, new: Box<Renewed>) -> Result<Switched, DeskError> {
        let (answer, answered) = oneshot::channel();
        self.asks.send(Ask::Switch { new, answer }).await.map_err(|_| DeskError::Closed)?;
        answered.await.map_err(|_| DeskError::Closed)
    }

    /// Answers what was handed in, then closes; the views come back.
    ///
    /// # Errors
    /// When it is closed already.
    pub async fn close(&self) -> Result<Option<Views>, AppError> {
        let (answer, answered) = oneshot::channel();
        let closed = || AppError::Stopped("the desk");
        self.asks.send(Ask::Close { answer }).await.map_err(|_| closed())?;
        answered.await.map_err(|_| closed())
    }

    /// Whether nobody stands behind it any more.
    #[must_use]
    pub fn is_closed(&self) -> bool {
        self.asks.is_closed()
    }

    /// How the desk is, as it changes.
    #[must_use]
    pub fn health(&self) -> watch::Receiver<DeskHealth> {
        self.health.clone()
    }

    /// Whether it looks things up in the index that it was opened with, or in one that was built since. When it does not, because that one
    /// failed or knew what the log does not hold, all that it knows lies in memory until [`renew`] has built another.
    #[must_use]
    pub fn indexed(&self) -> watch::Receiver<bool> {
        self.indexed.clone()
    }

    async fn ask<T>(&self, ask: Ask, answered: oneshot::Receiver<T>) -> Result<T, DeskError> {
        let both = async {
            self.asks.send(ask).await.map_err(|_| DeskError::Closed)?;
            answered.await.map_err(|_| DeskError::Closed)
        };
        let late = |_| Err(DeskError::Unavailable { cause: "the log could not be followed in time".to_owned() });
        tokio::time::timeout(self.patience, both).await.unwrap_or_else(late)
    }
}

/// What a follower of the log says.
enum Followed {
    /// What came next.
    Batch(RecordBatch),
    /// What it has said before is not in the log any more. It says nothing after that.
    Withdrawn,
}

/// Follows the log after a record that is known, for as long as someone listens.
fn follow<L: EventLog>(runtime: &Handle, log: &Arc<L>, after: Tail) -> mpsc::Receiver<Followed> {
    let (sender, followed) = mpsc::channel(FOLLOWED);
    runtime.spawn(hand_on(Arc::clone(log), after, sender));
    followed
}

/// Hands on what the log becomes.
async fn hand_on<L: EventLog>(log: Arc<L>, mut after: Tail, to: mpsc::Sender<Followed>) {
    while !to.is_closed() {
        match follow_after(&*log, after).await {
            Ok(mut follower) => loop {
                let next = tokio::select! {
                    next = follower.next() => next,
                    () = to.closed() => return,
                };
                match next {
                    Ok(Some(batch)) => {
                        after = batch.tail().unwrap_or(after);
                        if to.send(Followed::Batch(batch)).await.is_err() {
                            return;
                        }
                    }
                    Ok(None) => return,
                    Err(ReadError::Withdrawn { .. }) => {
                        // Nobody listens any more: then nobody needs to know.
                        return to.send(Followed::Withdrawn).await.unwrap_or_default();
                    }
                    Err(e) => {
                        tracing::warn!("the log cannot be followed now: {e}");
                        break;
                    }
                }
            },
            Err(e) => tracing::warn!("the log cannot be followed now: {e}"),
        }
        tokio::time::sleep(PAUSE).await;
    }
}
