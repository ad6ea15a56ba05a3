//! A view that is built beside the living one.

use std::{
    path::PathBuf,
    sync::Arc,
    time::{Duration, Instant},
};

use event_log::{EventLog, Position, Until, read_after};
use tokio::{sync::watch, time::sleep};

use super::{
    Make, Projection, Rebuild, RebuildState, Settings, Standing, Status,
    ahead::Ahead,
    blocking, open, pieces, standing,
    status::{Awaited, passes_by_itself},
};
use crate::{AppError, Clock};

/// How building ended.
pub(super) enum Outcome<P> {
    /// As far as the log was.
    Built(Box<P>),
    /// Closed in order, to go on from.
    Cancelled,
    /// What it has built so far is closed in order too, where it could be.
    Failed(AppError),
}

/// Builds a view in a folder of its own.
pub(super) struct Builder<L, P> {
    pub(super) log: Arc<L>,
    pub(super) folder: PathBuf,
    pub(super) make: Make<P>,
    pub(super) clock: Clock,
    pub(super) settings: Settings,
    pub(super) status: watch::Sender<Status>,
    pub(super) cancelled: watch::Receiver<bool>,
}

/// Why building stands still.
enum Pause<P> {
    Cancelled(P),
    /// Without the view when a panic took it.
    Failed(Option<P>, AppError),
}

impl<L: EventLog, P: Projection> Builder<L, P> {
    pub(super) async fn build(mut self) -> Outcome<P> {
        let mut view = match open(&self.make, self.folder.clone()).await {
            Ok(view) => view,
            Err(error) => return Outcome::Failed(error),
        };
        let begun = (self.micros(), view.checkpoint());
        let mut wait = self.settings.first_wait;
        loop {
            let before = view.checkpoint();
            match self.read_to_the_end(view, begun).await {
                Ok(view) => return Outcome::Built(Box::new(view)),
                Err(Pause::Cancelled(view)) => {
                    return blocking(move || view.close()).await.map_or_else(Outcome::Failed, |()| Outcome::Cancelled);
                }
                Err(Pause::Failed(None, error)) => return Outcome::Failed(error),
                Err(Pause::Failed(Some(back), error)) if passes_by_itself(&error) == Some(Awaited::Log) => {
                    if back.checkpoint() > before {
                        wait = self.settings.first_wait;
                    }
                    view = back;
                    self.tell(|rebuild| rebuild.state = RebuildState::Waiting { cause: error.to_string() });
                    tokio::select! {
                        () = sleep(wait) => {}
                        // Given up or cancelled: the next round sees it.
                        _ = self.cancelled.changed() => {}
                    }
                    wait = (wait * 2).min(self.settings.longest_wait);
                }
                Err(Pause::Failed(Some(view), error)) => {
                    if !matches!(error, AppError::View(_))
                        && let Err(error) = blocking(move || view.close()).await
                    {
                        tracing::warn!(view = P::NAME, %error, "what was built begins again");
                    }
                    return Outcome::Failed(error);
                }
            }
        }
    }

    /// Reads until it is as far as the log and the living view.
    async fn read_to_the_end(&self, mut view: P, begun: (i64, Position)) -> Result<P, Pause<P>> {
        macro_rules! or_pause {
            ($result:expr, $view:ident) => {
                match $result {
                    Ok(value) => value,
                    Err(error) => return Err(Pause::Failed(Some($view), AppError::from(error))),
                }
            };
        }
        let first = or_pause!(view.first_event(), view);
        let head = or_pause!(self.log.head().await, view).position;
        match or_pause!(standing(&*self.log, head, view.tail(), first).await, view) {
            Standing::Same => {}
            // What is being built is no evidence of anything: it begins again.
            Standing::OfAnother | Standing::Ahead => or_pause!(view.clear(), view),
        }
        loop {
            let head = or_pause!(self.log.head().await, view).position;
            let until = Until::Position(head.max(view.checkpoint()));
            let reader = or_pause!(read_after(&*self.log, view.tail(), until).await, view);
            let mut ahead = Ahead::whole(reader, P::BUILT_AT_ONCE);
            while let Some(batch) = or_pause!(ahead.next().await, view) {
                for piece in pieces(&batch, view.checkpoint(), P::BUILT_AT_ONCE) {
                    if *self.cancelled.borrow() || self.cancelled.has_changed().is_err() {
                        return Err(Pause::Cancelled(view));
                    }
                    let applied = tokio::task::spawn_blocking(move || {
                        let began = Instant::now();
                        let result = super::apply(&mut view, &piece);
                        (view, result, began.elapsed())
                    });
                    let Ok((back, result, took)) = applied.await else {
                        // It was not sealed: the next rebuild begins again.
                        return Err(Pause::Failed(None, super::closed()));
                    };
                    view = back;
                    self.progress(&view, head, begun);
                    or_pause!(result, view);
                    sleep(self.pause(took)).await;
                }
            }
            if *self.cancelled.borrow() {
                return Err(Pause::Cancelled(view));
            }
            // The last piece is read while the living view stands still.
            if or_pause!(self.log.head().await, view).position == head || view.checkpoint() >= self.status.borrow().position {
                return Ok(view);
            }
        }
    }

    /// So long that the rebuild takes its share and not more.
    fn pause(&self, took: Duration) -> Duration {
        let share = u32::from(self.settings.rebuild_percent.get().min(100));
        took * (100 - share) / share
    }

    fn micros(&self) -> i64 {
        (self.clock)().micros()
    }

    fn progress(&self, view: &P, head: Position, (since, from): (i64, Position)) {
        let position = view.checkpoint();
        let micros = u64::try_from(self.micros() - since).unwrap_or(0).max(1);
        let events = position.0.saturating_sub(from.0);
        self.tell(|rebuild| {
            let rate = u128::from(events) * 1_000_000 / u128::from(micros);
            let events_per_second = u64::try_from(rate).unwrap_or(u64::MAX);
            *rebuild = Rebuild { position, head, events_per_second, state: RebuildState::Building };
        });
    }

    fn tell(&self, change: impl FnOnce(&mut Rebuild)) {
        self.status.send_modify(|status| {
            if let Some(rebuild) = &mut status.rebuild {
                change(rebuild);
            }
        });
    }
}
