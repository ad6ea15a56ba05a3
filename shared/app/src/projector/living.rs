//! The loop of the living view: follows, takes in, waits, stops, and lets a rebuilt view take its place.

use std::{sync::Arc, time::Duration};

use event_log::{EventLog, Position, ReadError, RecordBatch, Until, follow_after, read_after};
use tokio::{
    sync::{mpsc, watch},
    time::{Instant, Interval, MissedTickBehavior, interval, sleep_until, timeout},
};
use views::{Place, ViewError};

use super::{
    Command, Make, Poison, Projection, ProjectorState, Rebuild, RebuildState, Settings, Shared, Standing, Status,
    ahead::Ahead,
    apply, blocking, closed, open, pieces,
    rebuild::{Builder, Outcome},
    standing,
    status::{Awaited, passes_by_itself},
    take,
};
use crate::{AppError, Clock, stream};

/// How long the log may take to say where it ends, before the loop goes on without knowing.
const HEAD_WITHIN: Duration = Duration::from_secs(1);
/// The longest wait between two looks whether there is room again: someone is making some just now.
const LONGEST_WAIT_FOR_ROOM: Duration = Duration::from_secs(2);
/// How long the log may take, when the projector stops, to say whether it holds what the view follows from.
const PROVEN_WITHIN: Duration = Duration::from_secs(1);
/// So often in a row the log may not answer before that is told.
const SILENT: u32 = 3;
/// A view that is more portions than this behind is far behind: it takes in larger ones, and readers wait longer for a state that they would
/// find too old anyway.
const FAR_BEHIND: u64 = 8;

pub(super) struct Living<L: EventLog, P> {
    log: Arc<L>,
    place: Place,
    make: Make<P>,
    clock: Clock,
    settings: Settings,
    shared: Shared<P>,
    status: watch::Sender<Status>,
    commands: mpsc::Receiver<Command>,
    due: Interval,
    /// The rebuild under way: told to cancel by this, it answers through `built`.
    building: Option<watch::Sender<bool>>,
    built: (mpsc::Sender<Outcome<P>>, mpsc::Receiver<Outcome<P>>),
    /// The next wait for a log that cannot be reached.
    wait: Duration,
    /// The view must be opened again before it is used: its store or a panic has left it in doubt.
    in_doubt: bool,
    /// A view that readers are not shown until it is as far as what they have seen.
    aside: Option<P>,
    /// Whether the log was found to hold what the view follows from, in this process.
    was_of_this_log: bool,
    older_removed: bool,
    /// How often in a row the log has not said where it ends.
    silent: u32,
}

/// What the loop turns on.
enum Turn<P> {
    Command(Option<Command>),
    Built(Outcome<P>),
    Connect,
    Due,
    Read(Result<Option<RecordBatch>, ReadError>),
}

impl<L: EventLog, P: Projection> Living<L, P> {
    #[allow(clippy::too_many_arguments, reason = "called once, by the projector that has them")]
    pub(super) fn new(
        log: Arc<L>,
        place: Place,
        make: Make<P>,
        clock: Clock,
        settings: Settings,
        shared: Shared<P>,
        status: watch::Sender<Status>,
        commands: mpsc::Receiver<Command>,
    ) -> Self {
        let mut due = interval(settings.due_every);
        due.set_missed_tick_behavior(MissedTickBehavior::Skip);
        let (building, built) = (None, mpsc::channel(1));
        let wait = settings.first_wait;
        Self {
            log,
            place,
            make,
            clock,
            settings,
            shared,
            status,
            commands,
            due,
            building,
            built,
            wait,
            in_doubt: false,
            aside: None,
            was_of_this_log: false,
            older_removed: false,
            silent: 0,
        }
    }

    pub(super) async fn run(mut self) {
        let mut follower = None::<Ahead>;
        let mut connect = Some(Instant::now());
        loop {
            let failed = match self.turn(follower.as_mut(), connect).await {
                Turn::Command(None) => return,
                Turn::Command(Some(Command::Stop(reply))) => {
                    drop(follower);
                    reply.send(self.close().await).unwrap_or_default();
                    return;
                }
                Turn::Command(Some(Command::Retry(taken))) => {
                    // As of every reply: nobody waits for it when the caller was given up.
                    taken.send(()).unwrap_or_default();
                    if follower.is_none() {
                        connect = Some(Instant::now());
                    }
                    Ok(())
                }
                Turn::Command(Some(Command::Rebuild(taken))) => {
                    self.start_building();
                    taken.send(()).unwrap_or_default();
                    Ok(())
                }
                Turn::Command(Some(Command::CancelRebuild(taken))) => {
                    self.cancel_building();
                    taken.send(()).unwrap_or_default();
                    Ok(())
                }
                Turn::Connect => {
                    connect = None;
                    self.connect().await.map(|new| follower = Some(new))
                }
                Turn::Due => self.do_due().await,
                Turn::Built(outcome) => {
                    if self.built(outcome).await {
                        // From where the new view stands; and what the old one could not take in, the new one has.
                        follower = None;
                        connect = Some(Instant::now());
                    }
                    Ok(())
                }
                Turn::Read(Ok(Some(batch))) => self.take_in(batch).await,
                Turn::Read(Ok(None)) => Err(AppError::Read(ReadError::Io {
                    what: "following the log".to_owned(),
                    cause: "the reading ended, although the log goes on".to_owned(),
                })),
                Turn::Read(Err(error)) => Err(error.into()),
            };
            if let Err(error) = failed {
                follower = None;
                connect = self.failed(error);
                if self.in_doubt && self.let_go().await.is_err() {
                    tracing::warn!(view = P::NAME, "a view in doubt could not be closed");
                }
            }
        }
    }

    async fn turn(&mut self, follower: Option<&mut Ahead>, connect: Option<Instant>) -> Turn<P> {
        let goes_on = !matches!(self.status.borrow().state, ProjectorState::Stopped { .. });
        let read = async {
            match follower {
                Some(follower) => follower.next().await,
                None => std::future::pending().await,
            }
        };
        tokio::select! {
            biased;
            command = self.commands.recv() => Turn::Command(command),
            Some(outcome) = self.built.1.recv() => Turn::Built(outcome),
            () = async { sleep_until(connect.unwrap_or_else(Instant::now)).await }, if connect.is_some() => Turn::Connect,
            _ = self.due.tick(), if goes_on => Turn::Due,
            read = read => Turn::Read(read),
        }
    }

    /// What the view says; an error when it is closed.
    fn read<R>(&self, look: impl FnOnce(&P) -> R) -> Result<R, AppError> {
        self.shared.read().map_err(|_| closed())?.as_ref().map(look).ok_or_else(closed)
    }

    async fn change<R: Send + 'static>(&self, change: impl FnOnce(&mut P) -> Result<R, AppError> + Send + 'static) -> Result<R, AppError> {
        let shared = Arc::clone(&self.shared);
        blocking(move || change(shared.write().map_err(|_| closed())?.as_mut().ok_or_else(closed)?)).await
    }

    async fn connect(&mut self) -> Result<Ahead, AppError> {
        let head = self.log.head().await?.position;
        if self.in_doubt {
            self.let_go().await?;
            let place = self.place.clone();
            blocking(move || Ok(place.look_for_room()?)).await?;
            self.aside = Some(open(&self.make, self.place.living()).await?);
            self.in_doubt = false;
        } else {
            self.begin_again_unless_of_this_log(head).await?;
        }
        if let Some(view) = self.aside.take() {
            self.bring_back(view, head).await?;
        }
        self.was_of_this_log = true;
        let tail = self.read(P::tail)?;
        let recorded_at = self.log.resolve(Until::Position(tail.position)).await?.recorded_at;
        let follower = follow_after(&*self.log, tail).await?;
        self.wait = self.settings.first_wait;
        self.say(tail.position, head, recorded_at);
        Ok(Ahead::following(follower, P::BUILT_AT_ONCE))
    }

    /// Sets the view aside, empty, when the log is another one, or no longer holds what it had shown to this process.
    async fn begin_again_unless_of_this_log(&mut self, head: Position) -> Result<(), AppError> {
        let (tail, first) = match &self.aside {
            Some(view) => (view.tail(), view.first_event()),
            None => self.read(|view| (view.tail(), view.first_event()))?,
        };
        match standing(&*self.log, head, tail, first?).await? {
            Standing::Same => return Ok(()),
            Standing::OfAnother => tracing::warn!(view = P::NAME, "the log is another one than before: the view begins again"),
            // What was closed in order was found in the log then: that it is not there any more is evidence.
            Standing::Ahead if !self.was_of_this_log && self.aside.is_none() => {
                return Err(AppError::LogIsOlder { views: tail.position, log: head });
            }
            Standing::Ahead => {
                tracing::warn!(
                    view = P::NAME,
                    position = tail.position.0,
                    "the log no longer holds what it has shown: the view begins again"
                );
            }
        }
        let view = self.aside.take().or_else(|| take(&self.shared));
        let cleared = blocking(move || {
            let mut view = view.ok_or_else(closed)?;
            view.clear()?;
            Ok(view)
        });
        let cleared = cleared.await;
        self.in_doubt = cleared.is_err();
        self.aside = Some(cleared?);
        Ok(())
    }

    /// Shows a view to readers again, once it is as far as what they have seen, or as far as the log is now.
    async fn bring_back(&mut self, view: P, head: Position) -> Result<(), AppError> {
        let shown = self.status.borrow().position;
        let whole = match self.log.resolve(Until::Position(shown.min(head))).await {
            Ok(whole) => whole.position,
            Err(error) => {
                self.aside = Some(view);
                return Err(error.into());
            }
        };
        let (view, caught_up) = self.catch_up_to(whole, view).await;
        if let Err(error) = caught_up {
            (self.in_doubt, self.aside) = (view.is_none(), view);
            return Err(error);
        }
        let view = view.ok_or_else(closed)?;
        self.shared.clear_poison();
        *self.shared.write().map_err(|_| closed())? = Some(view);
        Ok(())
    }

    /// Lets go of a view whose store has failed, or that a panic has left: what it says may be half of one state and half of another. Until it
    /// was opened again, readers are told that it is closed; and two cannot hold one folder.
    async fn let_go(&mut self) -> Result<(), AppError> {
        let old = (take(&self.shared), self.aside.take());
        blocking(move || {
            drop(old);
            Ok(())
        })
        .await
    }

    /// Tells how far the view is.
    fn say(&mut self, position: Position, head: Position, recorded_at: Option<proto_events::Timestamp>) {
        let there = position >= head;
        self.status.send_modify(|status| {
            status.position = position;
            status.head = head.max(position);
            status.recorded_at = recorded_at;
            status.state = if there { ProjectorState::Following } else { ProjectorState::CatchingUp };
        });
        if there && !self.older_removed {
            self.older_removed = true;
            if let Err(error) = self.place.remove_older() {
                tracing::warn!(view = P::NAME, %error, "older versions of the view stay");
            }
        }
    }

    async fn take_in(&mut self, batch: RecordBatch) -> Result<(), AppError> {
        let checkpoint = self.read(P::checkpoint)?;
        let mut seen = self.status.borrow().head;
        let far = seen.0.saturating_sub(checkpoint.0) > FAR_BEHIND * P::AT_ONCE as u64;
        for piece in pieces(&batch, checkpoint, if far { P::BUILT_AT_ONCE } else { P::AT_ONCE }) {
            let recorded_at = piece.records.last().map(|record| record.header.recorded_at);
            let result = self.change(move |view| {
                let result = apply(view, &piece);
                Ok((result.map_err(|error| (poison(&error, &piece, view.checkpoint()), error)), view.checkpoint()))
            });
            let (result, position) = result.await?;
            if let Err((poison, error)) = result {
                // What came before the event that fails was taken in.
                self.status.send_modify(|status| status.position = position);
                self.stop_at(poison, &error);
                return Err(error);
            }
            if position >= seen {
                // When the log does not answer now, the next reading finds out.
                seen = self.log.head().await.map_or(position, |head| head.position);
            }
            self.say(position, seen, recorded_at);
        }
        Ok(())
    }

    async fn do_due(&mut self) -> Result<(), AppError> {
        let is_shown = self.read(|_| ()).is_ok();
        // A follower that hangs would look healthy, were the log not asked apart from it. One that does not answer is found out elsewhere.
        match timeout(HEAD_WITHIN, self.log.head()).await {
            Ok(Ok(head)) => {
                self.silent = 0;
                self.status.send_if_modified(|status| {
                    let grown = head.position > status.head;
                    status.head = status.head.max(head.position);
                    let answers_again = is_shown && matches!(status.state, ProjectorState::Waiting { what: Awaited::Log, .. });
                    if (grown && status.state == ProjectorState::Following) || answers_again {
                        let there = status.position >= status.head;
                        status.state = if there { ProjectorState::Following } else { ProjectorState::CatchingUp };
                    }
                    grown || answers_again
                });
            }
            Ok(Err(_)) | Err(_) => {
                self.silent = self.silent.saturating_add(1);
                if self.silent >= SILENT {
                    let now = (self.clock)();
                    self.status.send_if_modified(|status| {
                        let is_news = matches!(status.state, ProjectorState::Following | ProjectorState::CatchingUp);
                        if is_news {
                            let cause = "the log does not answer".to_owned();
                            status.state = ProjectorState::Waiting { what: Awaited::Log, cause, since: now };
                        }
                        is_news
                    });
                }
            }
        }
        // A view that is set aside, or was let go of, has nothing to do until it is back.
        if !self.read(P::is_due).unwrap_or(false) {
            return Ok(());
        }
        self.change(P::do_due).await?;
        if self.read(P::is_due)? {
            self.due.reset_immediately();
        }
        // Those who watch may have something to fetch.
        self.status.send_modify(|_| ());
        Ok(())
    }

    /// Says what went wrong. Gives the moment at which to try again, where that may help by itself.
    fn failed(&mut self, error: AppError) -> Option<Instant> {
        self.in_doubt |= matches!(error, AppError::View(ViewError::Damaged { .. }) | AppError::Stopped(_));
        if let Some(what) = passes_by_itself(&error) {
            let (cause, now) = (error.to_string(), (self.clock)());
            self.status.send_modify(|status| {
                let since = if let ProjectorState::Waiting { since, .. } = &status.state { *since } else { now };
                status.state = ProjectorState::Waiting { what, cause, since };
            });
            let again = Instant::now() + self.wait;
            let longest = match what {
                Awaited::Log => self.settings.longest_wait,
                Awaited::Store => self.settings.longest_wait.min(LONGEST_WAIT_FOR_ROOM),
            };
            self.wait = (self.wait * 2).min(longest);
            return Some(again);
        }
        let mut position = self.status.borrow().position;
        if let AppError::Read(ReadError::Damaged { position: damaged, .. }) = &error {
            position = *damaged;
        }
        let poison = Poison { position, trajectory: None, event_id: None, cause: error.to_string() };
        self.stop_at(poison, &error);
        None
    }

    fn stop_at(&mut self, poison: Poison, error: &AppError) {
        if passes_by_itself(error).is_some() {
            return;
        }
        self.status.send_modify(|status| {
            // The first thing said of a failure knows most of it.
            if let ProjectorState::Stopped { .. } = status.state {
                return;
            }
            tracing::error!(view = P::NAME, position = poison.position.0, %error, "a projector has stopped");
            status.state = ProjectorState::Stopped { poison };
        });
    }

    fn start_building(&mut self) {
        if self.building.is_some() {
            return;
        }
        let (cancel, cancelled) = watch::channel(false);
        self.building = Some(cancel);
        let head = self.status.borrow().head;
        let begun = Rebuild { position: Position::START, head, events_per_second: 0, state: RebuildState::Building };
        self.status.send_modify(|status| status.rebuild = Some(begun));
        let builder = Builder {
            log: Arc::clone(&self.log),
            folder: self.place.building(),
            make: Arc::clone(&self.make),
            clock: self.clock,
            settings: self.settings,
            status: self.status.clone(),
            cancelled,
        };
        let built = self.built.0.clone();
        tokio::spawn(async move {
            let outcome = builder.build().await;
            // Nobody receives it when the loop has ended: the view is then dropped unsealed, and begins again.
            drop(built.send(outcome).await);
        });
    }

    fn cancel_building(&self) {
        if let Some(cancel) = &self.building {
            cancel.send_replace(true);
        }
    }

    /// True when a rebuilt view has taken the living one's place.
    async fn built(&mut self, outcome: Outcome<P>) -> bool {
        self.building = None;
        let ended = match outcome {
            Outcome::Built(view) => match self.take_place(*view).await {
                Ok(()) => return true,
                Err(error) => RebuildState::Failed { cause: error.to_string() },
            },
            Outcome::Cancelled => RebuildState::Cancelled,
            Outcome::Failed(error) => RebuildState::Failed { cause: error.to_string() },
        };
        self.status.send_modify(|status| {
            if let Some(rebuild) = &mut status.rebuild {
                rebuild.state = ended;
            }
        });
        false
    }

    /// The living view stands still meanwhile, so that the new one need not run after it.
    async fn take_place(&mut self, view: P) -> Result<(), AppError> {
        let living = self.status.borrow().position;
        // A living view that is ahead of the log has stopped over that; who rebuilds it wants what the log holds.
        let living = self.log.resolve(Until::Position(living.min(self.log.head().await?.position))).await?.position;
        let (view, caught_up) = self.catch_up_to(living, view).await;
        if let Err(error) = caught_up {
            // What was built is kept for the next rebuild.
            if let Some(view) = view {
                blocking(move || view.close()).await?;
            }
            return Err(error);
        }
        let mut view = view.ok_or_else(closed)?;
        let (shared, place) = (Arc::clone(&self.shared), self.place.clone());
        let position = view.checkpoint();
        let aside = self.aside.take();
        let old = blocking(move || {
            // One that was set aside lies where the living one did, and goes with it.
            drop(aside);
            // A lock that a panic left behind guards a view that goes now.
            let mut living = shared.write().unwrap_or_else(std::sync::PoisonError::into_inner);
            place.swap()?;
            if let Some(old) = living.as_mut() {
                view.take_over(old);
            }
            let old = living.replace(view);
            drop(living);
            shared.clear_poison();
            Ok(old)
        })
        .await?;
        self.in_doubt = false;
        let recorded_at = self.log.resolve(Until::Position(position)).await.ok().and_then(|head| head.recorded_at);
        let head = self.status.borrow().head;
        self.status.send_modify(|status| {
            status.rebuild = None;
            status.position = position;
            status.head = head.max(position);
            status.recorded_at = recorded_at.or(status.recorded_at);
        });
        // Readers have the new one by now: nobody waits while the old one is taken apart.
        let place = self.place.clone();
        blocking(move || {
            // Not sealed: it is not to be taken for one that is being built.
            drop(old);
            if let Err(error) = place.remove_building() {
                tracing::warn!(view = P::NAME, %error, "a view that was replaced stays");
            }
            Ok(())
        })
        .await
    }

    /// Brings a view to this position. It comes back also when that fails, unless a panic took it.
    async fn catch_up_to(&self, position: Position, mut view: P) -> (Option<P>, Result<(), AppError>) {
        if view.checkpoint() >= position {
            return (Some(view), Ok(()));
        }
        let reader = match read_after(&*self.log, view.tail(), Until::Position(position)).await {
            Ok(reader) => reader,
            Err(error) => return (Some(view), Err(error.into())),
        };
        let mut ahead = Ahead::whole(reader, P::BUILT_AT_ONCE);
        loop {
            let batch = match ahead.next().await {
                Ok(Some(batch)) => batch,
                Ok(None) => break,
                Err(error) => return (Some(view), Err(error.into())),
            };
            let applied = tokio::task::spawn_blocking(move || {
                let result = pieces(&batch, view.checkpoint(), P::BUILT_AT_ONCE).iter().try_for_each(|piece| view.apply(piece));
                (view, result)
            });
            let Ok((back, result)) = applied.await else { return (None, Err(closed())) };
            view = back;
            if result.is_err() {
                return (Some(view), result);
            }
        }
        let log = view.checkpoint();
        let outcome = if log < position { Err(AppError::LogIsOlder { views: position, log }) } else { Ok(()) };
        (Some(view), outcome)
    }

    /// Whether the log holds what the view follows from; as it was when the view was opened, as long as it was never asked.
    async fn is_proven(&self) -> bool {
        let Ok(tail) = self.read(P::tail) else { return false };
        let kept = timeout(PROVEN_WITHIN, self.log.has_kept(tail));
        !self.was_of_this_log || matches!(kept.await, Ok(Ok(true)))
    }

    async fn close(mut self) -> Result<(), AppError> {
        if self.building.is_some() {
            self.cancel_building();
            if let Some(Outcome::Built(view)) = self.built.1.recv().await {
                // Too late to take its place: the next rebuild finds it whole.
                blocking(move || view.close()).await?;
            }
        }
        // A view that is set aside is not as far as it says elsewhere; one that follows from what the log may not hold would be evidence of a
        // loss the next time. Neither is sealed.
        let is_proven = !self.in_doubt && self.aside.is_none() && self.is_proven().await;
        let (view, aside) = (take(&self.shared), self.aside.take());
        let closed = blocking(move || {
            drop(aside);
            view.filter(|_| is_proven).map_or(Ok(()), P::close)
        })
        .await;
        self.status.send_modify(|status| status.state = ProjectorState::Closed);
        closed
    }
}

/// What is to blame.
fn poison(error: &AppError, piece: &RecordBatch, checkpoint: Position) -> Poison {
    let nothing = Poison { position: checkpoint, trajectory: None, event_id: None, cause: error.to_string() };
    let AppError::History { position, trajectory, .. } = error else { return nothing };
    let record = piece.records.iter().find(|record| (record.header.first_position..=record.header.last_position()).contains(position));
    let event_id = record.and_then(|record| stream::first_event_id(&record.header, piece.body(record)).ok().flatten());
    Poison { position: *position, trajectory: Some(*trajectory), event_id, ..nothing }
}
