//! Server-sent events: figures after each change, and the log as it grows. A stream ends when the process does; clients come back by
//! themselves.

use std::{collections::VecDeque, convert::Infallible, sync::Arc};

use axum::{
    Extension,
    extract::{Path, State},
    http::HeaderMap,
    response::{
        IntoResponse, Response,
        sse::{Event, KeepAlive, Sse},
    },
};
use event_log::Position;
use futures_util::{Stream, stream};
use tokio::{
    sync::{OwnedSemaphorePermit, watch},
    time::Instant,
};

use super::{Answered, Gate, figures::about, query::Asked};
use crate::{
    Inner,
    access::{Action, Known, Object},
    ports::{FiguresAnswer, FiguresAsk, Form, PortError},
    problem::Problem,
    reading::{self, Following, Shown, Texts},
};

fn place(inner: &Inner) -> Result<OwnedSemaphorePermit, Problem> {
    Arc::clone(&inner.streams).try_acquire_owned().map_err(|_| Problem::unavailable("too many live streams are open"))
}

fn answered(inner: &Inner, events: impl Stream<Item = Result<Event, Infallible>> + Send + 'static) -> Response {
    Sse::new(events).keep_alive(KeepAlive::new().interval(inner.limits.keep_alive)).into_response()
}

/// Resolves when the process is to end, or whoever listens is no longer who they were: signed out, locked, a token revoked.
async fn ended(inner: &Inner, known: &Known, shutdown: &mut watch::Receiver<bool>) {
    let over = async {
        while inner.access.still(known) {
            tokio::time::sleep(inner.limits.keep_alive).await;
        }
    };
    tokio::select! {
        // A sender that is gone ends it too.
        _ = shutdown.wait_for(|ends| *ends) => {}
        () = over => {}
    }
}

struct FigureStream {
    inner: Arc<Inner>,
    known: Known,
    ask: FiguresAsk,
    changes: watch::Receiver<u64>,
    shutdown: watch::Receiver<bool>,
    first: Option<FiguresAnswer>,
    sent: u64,
    /// When a change was told last.
    told: Option<Instant>,
    _place: OwnedSemaphorePermit,
}

/// `GET /figures/{quarter}/live`.
pub(super) async fn figures(
    State(inner): Gate,
    Extension(known): Extension<Known>,
    Extension(asked): Extension<Asked>,
    Path(quarter): Path<String>,
) -> Answered {
    known.caller.may(Action::SeeFigures, Object::Any)?;
    let about = about(&known.caller, &quarter, &asked)?;
    let place = place(&inner)?;
    // Before the first answer is asked for: what changes after it is then told.
    let mut changes = inner.figures.changes(about.quarter).await?;
    changes.mark_unchanged();
    let at_least = inner.log.head().await?.position.0;
    let ask = FiguresAsk { quarter: about.quarter, scope: about.scope, tables: about.tables, form: Form::Json, at_least };
    let first = inner.figures.figures(&ask).await?;
    let (shutdown, sent) = (inner.shutdown.clone(), first.position);
    let state =
        FigureStream { inner: Arc::clone(&inner), known, ask, changes, shutdown, first: Some(first), sent, told: None, _place: place };
    Ok(answered(&inner, stream::unfold(state, |mut state| async move { Some((Ok(state.next().await?), state)) })))
}

impl FigureStream {
    async fn next(&mut self) -> Option<Event> {
        if let Some(first) = self.first.take() {
            return Some(figures_event(&first));
        }
        loop {
            tokio::select! {
                changed = self.changes.changed() => changed.ok()?,
                () = ended(&self.inner, &self.known, &mut self.shutdown) => return None,
            }
            // A change is told at once; those that follow too soon are told together.
            if let Some(told) = self.told {
                tokio::select! {
                    () = tokio::time::sleep_until(told + self.inner.limits.live_pause) => {}
                    () = ended(&self.inner, &self.known, &mut self.shutdown) => return None,
                }
            }
            self.ask.at_least = *self.changes.borrow_and_update();
            match self.inner.figures.figures(&self.ask).await {
                Ok(answer) if answer.position > self.sent => {
                    if !self.inner.access.still(&self.known) {
                        return None;
                    }
                    (self.sent, self.told) = (answer.position, Some(Instant::now()));
                    return Some(figures_event(&answer));
                }
                // Of several views that answer in turns one may be behind: nobody is shown an older state than before.
                Ok(_) => {}
                // A browser would not come back to a service that has no answer: the next change, or the next try, makes it good.
                Err(PortError::Unavailable(cause)) => tracing::debug!("a live stream of figures waits: {cause}"),
                Err(e @ (PortError::NotFound | PortError::Wrong(_) | PortError::Conflict(_) | PortError::Broken(_))) => {
                    tracing::warn!("a live stream of figures ends: {e}");
                    return None;
                }
            }
        }
    }
}

fn figures_event(answer: &FiguresAnswer) -> Event {
    Event::default().event("figures").id(answer.position.to_string()).data(String::from_utf8_lossy(&answer.body).trim_end())
}

struct LogStream {
    inner: Arc<Inner>,
    known: Known,
    follower: Box<dyn Following>,
    from: u64,
    waiting: VecDeque<Shown>,
    shutdown: watch::Receiver<bool>,
    _place: OwnedSemaphorePermit,
}

/// `GET /events/live`.
pub(super) async fn events(
    State(inner): Gate,
    Extension(known): Extension<Known>,
    Extension(asked): Extension<Asked>,
    headers: HeaderMap,
) -> Answered {
    known.caller.may(Action::ReadLog, Object::Any)?;
    let last = headers.get("last-event-id").map(|id| id.to_str().ok().and_then(|id| id.parse::<u64>().ok()));
    let from = match last {
        Some(Some(last)) => last.saturating_add(1),
        Some(None) => return Err(Problem::malformed("Last-Event-ID: expected a log position")),
        None => asked.number("from", 0, u64::MAX)?.unwrap_or(1),
    };
    let place = place(&inner)?;
    let follower = inner.log.follow(Position(from.max(1))).await?;
    let shutdown = inner.shutdown.clone();
    let state = LogStream { inner: Arc::clone(&inner), known, follower, from, waiting: VecDeque::new(), shutdown, _place: place };
    Ok(answered(&inner, stream::unfold(state, |mut state| async move { Some((Ok(state.next().await?), state)) })))
}

impl LogStream {
    async fn next(&mut self) -> Option<Event> {
        loop {
            if !self.waiting.is_empty() && !self.inner.access.still(&self.known) {
                return None;
            }
            if let Some(shown) = self.waiting.pop_front() {
                return Some(Event::default().event("event").id(shown.position.to_string()).data(shown.json.get()));
            }
            let batch = tokio::select! {
                next = self.follower.next() => match next {
                    Ok(batch) => batch?,
                    Err(e) => {
                        tracing::warn!("a live stream of the log ends: {e}");
                        return None;
                    }
                },
                () = ended(&self.inner, &self.known, &mut self.shutdown) => return None,
            };
            for record in &batch.records {
                let (from, texts) = (self.from, Texts::of_the_log(&self.known.caller));
                match reading::events(&batch, record, &self.inner.keys, texts, |position| position >= from) {
                    Ok(shown) => self.waiting.extend(shown),
                    Err(e) => {
                        tracing::error!("a live stream of the log ends: {e}");
                        return None;
                    }
                }
            }
        }
    }
}
