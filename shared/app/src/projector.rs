//! The loop that every projector runs: from the log to a view that is always up to date, beside which it can be rebuilt.
//!
//! ```text
//!                     follow from the checkpoint
//!   the log ───────────────────────────────────────► living view  ◄── read(|view| …)
//!      │                                                  ▲             one consistent state
//!      │  rebuild(): a second view beside it,             │
//!      └─────────────────────────────────► building view ─┘  takes its place in one step, once it is as far
//!            at a part of the speed, can be cancelled and resumed
//! ```
//!
//! **Invariants** (each has a test in `tests/it/projector.rs`):
//! 1. *A view equals a fresh replay*, wherever the loop was stopped and started again.
//! 2. *Readers never go back*: no read sees an older or a mixed state, a rebuild included.
//! 3. *A projector stops visibly*: an event that it cannot take in is named in its status; nothing is skipped, and other projectors
//!    go on. A log that cannot be reached is asked again for ever.
//! 4. *Another log is another view*: when the log's first event is another one, the view begins again; when the log does not hold the record
//!    of the view's checkpoint, it is an older copy of itself and the projector stops.
//! 5. *What is withdrawn is forgotten*: when the log no longer holds what it had shown to this process, the view begins again, and readers
//!    are shown nothing until it is as far as it was.

mod ahead;
mod living;
mod rebuild;
mod status;

use std::{
    num::NonZeroU8,
    path::Path,
    sync::{Arc, PoisonError, RwLock},
    time::Duration,
};

use event_log::{EventLog, Position, RecordBatch, Tail};
use tokio::{
    sync::{mpsc, oneshot, watch},
    task,
};
use uuid::Uuid;
use views::{Entry, Place};

pub use status::{Awaited, Poison, ProjectorState, Rebuild, RebuildState, Status};

use crate::{AppError, Clock};

/// Commands that may wait: they come from people.
const COMMANDS: usize = 16;

/// A view that a projector keeps: a pure function of the log (and of the day, for those that have one).
pub trait Projection: Sized + Send + Sync + 'static {
    /// Its name: the name of its folder, with its version.
    const NAME: &'static str;
    /// Its version. A change of what it holds is another version, and another folder.
    const VERSION: u32;
    /// Records that are taken in at once: so many that the store is fast, so few that a reader who waits for them does not notice.
    const AT_ONCE: usize = 1_024;
    /// The same for a view that is being built, or is far behind: nobody waits for it yet.
    const BUILT_AT_ONCE: usize = Self::AT_ONCE * 16;

    /// The record of the log up to which it is that of the log; [`Tail::START`] of an empty view.
    fn tail(&self) -> Tail;

    /// The position up to which it is that of the log.
    fn checkpoint(&self) -> Position {
        self.tail().position
    }

    /// The first event of the log whose view this is; `None` while it is empty.
    ///
    /// # Errors
    /// When the store fails.
    fn first_event(&self) -> Result<Option<Uuid>, AppError>;

    /// Takes in records that follow the checkpoint: all of them, or none and an error. The checkpoint then stands at the last one's end.
    ///
    /// # Errors
    /// [`AppError::History`] names an event that it cannot take in.
    fn apply(&mut self, batch: &RecordBatch) -> Result<(), AppError>;

    /// Throws everything away: it begins again at 0.
    ///
    /// # Errors
    /// When the store fails.
    fn clear(&mut self) -> Result<(), AppError>;

    /// Whether time alone has made something to do: asked about once a second.
    fn is_due(&self) -> bool {
        false
    }

    /// Does a part of what is due, short enough that readers can wait for it; [`Projection::is_due`] says whether more is.
    ///
    /// # Errors
    /// As [`Projection::apply`].
    fn do_due(&mut self) -> Result<(), AppError> {
        Ok(())
    }

    /// Takes the place of the view that lived until now: those who listened to it listen to this one.
    fn take_over(&mut self, _old: &mut Self) {}

    /// Every entry in key order, as bytes: two views of the same log (on the same day) are equal exactly when these are.
    ///
    /// # Errors
    /// When the store fails.
    fn contents(&self) -> Result<Vec<Entry>, AppError>;

    /// Closes it in order: only then is it believed the next time.
    ///
    /// # Errors
    /// When the store fails.
    fn close(self) -> Result<(), AppError>;
}

/// How a projector runs.
#[derive(Clone, Copy, Debug)]
pub struct Settings {
    /// The part of one processor that a rebuild may take, in percent: the rest is the living view's.
    pub rebuild_percent: NonZeroU8,
    /// How often [`Projection::is_due`] is asked.
    pub due_every: Duration,
    /// The first wait after the log could not be reached; each further one is twice as long.
    pub first_wait: Duration,
    /// The longest wait.
    pub longest_wait: Duration,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            rebuild_percent: NonZeroU8::MIN.saturating_add(94),
            due_every: Duration::from_secs(1),
            first_wait: Duration::from_millis(100),
            longest_wait: Duration::from_secs(30),
        }
    }
}

enum Command {
    Retry(oneshot::Sender<()>),
    Rebuild(oneshot::Sender<()>),
    CancelRebuild(oneshot::Sender<()>),
    Stop(oneshot::Sender<Result<(), AppError>>),
}

/// The living view; `None` when it is closed.
type Shared<P> = Arc<RwLock<Option<P>>>;

/// A projector that runs. Dropped without [`Projector::stop`], it ends as if the process had died: its view begins again the next time.
pub struct Projector<P> {
    shared: Shared<P>,
    status: watch::Receiver<Status>,
    commands: mpsc::Sender<Command>,
}

impl<P: Projection> Projector<P> {
    /// Opens the view below the folder of all views and follows the log from its checkpoint. `make` opens the view in the folder that it
    /// is given; it is called again for a rebuild.
    ///
    /// # Errors
    /// When the view cannot be opened, because another process holds it for instance. A log that cannot be reached is no error: the
    /// projector waits for it.
    pub async fn start<L: EventLog>(
        log: Arc<L>,
        views: &Path,
        clock: Clock,
        settings: Settings,
        make: impl Fn(&Path) -> Result<P, AppError> + Send + Sync + 'static,
    ) -> Result<Self, AppError> {
        let place = Place::new(views, P::NAME, P::VERSION);
        let make: Make<P> = Arc::new(make);
        let view = open(&make, place.living()).await?;
        let (status, watched) = watch::channel(Status::at_start(P::NAME, P::VERSION, view.checkpoint()));
        let shared = Arc::new(RwLock::new(Some(view)));
        let (commands, received) = mpsc::channel(COMMANDS);
        let living = living::Living::new(log, place, make, clock, settings, Arc::clone(&shared), status, received);
        tokio::spawn(living.run());
        Ok(Self { shared, status: watched, commands })
    }

    /// How it is.
    #[must_use]
    pub fn status(&self) -> Status {
        self.status.borrow().clone()
    }

    /// How it is, as it changes.
    #[must_use]
    pub fn watch(&self) -> watch::Receiver<Status> {
        self.status.clone()
    }

    /// The events that it stopped at, if it did.
    #[must_use]
    pub fn poisoned(&self) -> Vec<Poison> {
        match &self.status.borrow().state {
            ProjectorState::Stopped { poison } => vec![poison.clone()],
            ProjectorState::CatchingUp | ProjectorState::Following | ProjectorState::Waiting { .. } | ProjectorState::Closed => Vec::new(),
        }
    }

    /// Looks at the view: one consistent state, which does not change under the reader's hands. Waits while records are taken in, some
    /// milliseconds; what takes long belongs on a thread of its own, for it holds the view up. Reading within a reading may wait for ever.
    ///
    /// # Errors
    /// [`AppError::Stopped`] when the projector was stopped.
    pub fn read<R>(&self, look: impl FnOnce(&P) -> R) -> Result<R, AppError> {
        let guard = self.shared.read().map_err(|_| closed())?;
        guard.as_ref().map(look).ok_or_else(closed)
    }

    /// Changes what in the view is no function of the log: what was published, for instance. Belongs on a blocking thread.
    ///
    /// # Errors
    /// [`AppError::Stopped`] when the projector was stopped.
    pub fn change<R>(&self, change: impl FnOnce(&mut P) -> R) -> Result<R, AppError> {
        let mut guard = self.shared.write().map_err(|_| closed())?;
        guard.as_mut().map(change).ok_or_else(closed)
    }

    /// Waits until the view is as far as this position.
    ///
    /// # Errors
    /// [`AppError::Stopped`] when the projector ends before that.
    pub async fn reached(&self, position: Position) -> Result<(), AppError> {
        let mut status = self.status.clone();
        let there = status.wait_for(|status| status.position >= position).await;
        there.map(|_| ()).map_err(|_| closed())
    }

    /// Tries again: an event that it stopped at, or a log that it waits for.
    ///
    /// # Errors
    /// [`AppError::Stopped`] when the projector was stopped.
    pub async fn retry(&self) -> Result<(), AppError> {
        self.send(Command::Retry).await
    }

    /// Builds the view anew beside the living one, which goes on; [`Status::rebuild`] says how far it is. One that was cancelled goes on
    /// where it was. Does nothing while one is under way.
    ///
    /// # Errors
    /// [`AppError::Stopped`] when the projector was stopped.
    pub async fn rebuild(&self) -> Result<(), AppError> {
        self.send(Command::Rebuild).await
    }

    /// Stops a rebuild; what it has built is kept for the next one.
    ///
    /// # Errors
    /// [`AppError::Stopped`] when the projector was stopped.
    pub async fn cancel_rebuild(&self) -> Result<(), AppError> {
        self.send(Command::CancelRebuild).await
    }

    /// Stops, and closes the view in order.
    ///
    /// # Errors
    /// When the view cannot be closed in order: it then begins again the next time.
    pub async fn stop(&self) -> Result<(), AppError> {
        let (reply, closed_in_order) = oneshot::channel();
        if self.commands.send(Command::Stop(reply)).await.is_err() {
            return Ok(());
        }
        closed_in_order.await.unwrap_or_else(|_| Err(closed()))
    }

    /// Comes back when the loop has taken the command: the status speaks of it from then on.
    async fn send(&self, command: impl FnOnce(oneshot::Sender<()>) -> Command) -> Result<(), AppError> {
        let (reply, taken) = oneshot::channel();
        self.commands.send(command(reply)).await.map_err(|_| closed())?;
        taken.await.map_err(|_| closed())
    }
}

/// Builds a view anew that no projector keeps now, as far as the log is, and closes it in order: the next projector goes on from there. The
/// one before stays until the new one is whole. Like a projector, it waits for a log that cannot be reached.
///
/// # Errors
/// As [`Projection::apply`]; or when another process builds it.
pub async fn build<L: EventLog, P: Projection>(
    log: Arc<L>,
    views: &Path,
    clock: Clock,
    settings: Settings,
    make: impl Fn(&Path) -> Result<P, AppError> + Send + Sync + 'static,
    progress: crate::Progress<'_>,
) -> Result<Position, AppError> {
    let place = Place::new(views, P::NAME, P::VERSION);
    let (status, mut told) = watch::channel(Status::at_start(P::NAME, P::VERSION, Position::START));
    let begun = Rebuild { position: Position::START, head: Position::START, events_per_second: 0, state: RebuildState::Building };
    status.send_modify(|status| status.rebuild = Some(begun));
    let (_never, cancelled) = watch::channel(false);
    let folder = place.building();
    // What was left there half built is not gone on with: what is asked for is a new one.
    let make = move |folder: &Path| make(folder).and_then(|mut view| view.clear().map(|()| view));
    let building = rebuild::Builder { log, folder, make: Arc::new(make), clock, settings, status, cancelled }.build();
    tokio::pin!(building);
    let mut reached = 0;
    let outcome = loop {
        tokio::select! {
            outcome = &mut building => break outcome,
            Ok(()) = told.changed() => {
                let position = told.borrow_and_update().rebuild.as_ref().map_or(reached, |rebuild| rebuild.position.0);
                progress(position.saturating_sub(reached));
                reached = reached.max(position);
            }
        }
    };
    match outcome {
        rebuild::Outcome::Built(view) => {
            let position = view.checkpoint();
            blocking(move || {
                view.close()?;
                place.swap()?;
                Ok(place.remove_building()?)
            })
            .await?;
            progress(position.0.saturating_sub(reached));
            Ok(position)
        }
        rebuild::Outcome::Cancelled => Err(closed()),
        rebuild::Outcome::Failed(error) => Err(error),
    }
}

/// Opens a view in a folder.
type Make<P> = Arc<dyn Fn(&Path) -> Result<P, AppError> + Send + Sync>;

async fn open<P: Projection>(make: &Make<P>, folder: std::path::PathBuf) -> Result<P, AppError> {
    let make = Arc::clone(make);
    blocking(move || make(&folder)).await
}

fn closed() -> AppError {
    AppError::Stopped("a projector")
}

/// On a thread where it may block. A panic there is an error here.
async fn blocking<R: Send + 'static>(work: impl FnOnce() -> Result<R, AppError> + Send + 'static) -> Result<R, AppError> {
    task::spawn_blocking(work).await.unwrap_or_else(|_| Err(closed()))
}

/// Takes the view out: afterwards readers are told that it is closed.
fn take<P>(shared: &Shared<P>) -> Option<P> {
    // A lock that a panic left behind does not matter here: the view is on its way out.
    shared.write().unwrap_or_else(PoisonError::into_inner).take()
}

/// The records of a batch that lie after a checkpoint, in pieces.
fn pieces(batch: &RecordBatch, after: Position, at_once: usize) -> Vec<RecordBatch> {
    let begin = batch.records.partition_point(|record| record.header.first_position <= after);
    let new = batch.records.get(begin..).unwrap_or_default();
    new.chunks(at_once).map(|records| RecordBatch { bytes: batch.bytes.clone(), records: records.to_vec() }).collect()
}

/// Takes in a piece; where that fails, its records one by one, so that everything before the one that fails is taken in.
fn apply<P: Projection>(view: &mut P, piece: &RecordBatch) -> Result<(), AppError> {
    let whole = view.apply(piece);
    // A store that fails may have written a part: nothing more is taken in on top of that.
    if whole.is_ok() || piece.records.len() < 2 || matches!(whole, Err(AppError::View(_))) {
        return whole;
    }
    for record in &piece.records {
        view.apply(&RecordBatch { bytes: piece.bytes.clone(), records: vec![record.clone()] })?;
    }
    Ok(())
}

/// What a view is to a log.
enum Standing {
    /// The view of it, up to the view's tail.
    Same,
    /// The view of a log that begins otherwise.
    OfAnother,
    /// The log does not hold the record up to which the view is that of it.
    Ahead,
}

async fn standing<L: EventLog>(log: &L, head: Position, tail: Tail, first: Option<Uuid>) -> Result<Standing, AppError> {
    if tail.position == Position::START {
        return Ok(Standing::Same);
    }
    if head != Position::START && crate::stream::first_event_of(log).await? != first {
        return Ok(Standing::OfAnother);
    }
    let holds = tail.position <= head && event_log::holds(log, tail).await?;
    Ok(if holds { Standing::Same } else { Standing::Ahead })
}
