//! The projectors of this process, as the gateway asks them.

use std::{
    collections::HashMap,
    path::Path,
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};

use app::{
    AppError,
    projector::{Awaited, Projection, Projector, ProjectorState as Is, RebuildState},
};
use bytes::Bytes;
use domain::Quarter;
use event_log::Position;
use figures::{Definitions, disclosure::Area};
use gateway::ports::{
    CaseloadAsk, CaseloadPage, Declarations, DeclareAsk, Differences, DifferencesAsk, Doing, FiguresAnswer, FiguresAsk, Form, Later,
    LiveFigures, OverTimeAnswer, OverTimeAsk, PortError, ProjectorState, Projectors, PublishedAsk, PublishedReportAsk, SeriesAnswer,
    SeriesAsk, SortField, Statuses, Vintages,
};
use report::Facts;
use serde_json::Value;
use sustainable_work::{Filter, Sort, SortBy, SustainableWork};
use tokio::{sync::watch, task};
use uuid::Uuid;
use werkmonitor::{Asked, Told, Werkmonitor};

use super::register::{self, Home};
use crate::{
    commands::{publish, published},
    output,
};

/// How long a question waits for a view that is a little behind what the asker has seen.
const PATIENCE: Duration = Duration::from_secs(2);
/// How long the figures of a question are kept up after nobody has asked for them.
const KEPT_FOR: Duration = Duration::from_secs(10);

/// Waits for the view to come as far as the asker has seen; a view that does not is asked as it is, and says where it stands.
async fn caught_up<P: Projection>(projector: &Projector<P>, at_least: u64) {
    let _ = tokio::time::timeout(PATIENCE, projector.reached(Position(at_least))).await;
}

fn gone(error: &AppError) -> PortError {
    PortError::Unavailable(error.to_string())
}

/// Reads a view on a thread that may be held up.
async fn read<P: Projection, R: Send + 'static>(
    projector: &Arc<Projector<P>>,
    look: impl FnOnce(&P) -> R + Send + 'static,
) -> Result<R, PortError> {
    let projector = Arc::clone(projector);
    let read = task::spawn_blocking(move || projector.read(look)).await;
    read.map_err(|_| PortError::Broken("reading a view was broken off".to_owned()))?.map_err(|e| gone(&e))
}

/// The statuses of this process.
pub struct LocalStatuses(pub Arc<Projector<SustainableWork>>);

impl Statuses for LocalStatuses {
    fn list<'a>(&'a self, ask: &'a CaseloadAsk) -> Later<'a, Result<CaseloadPage, PortError>> {
        Box::pin(async move {
            caught_up(&self.0, ask.at_least).await;
            let (filter, ask) = (filter(ask)?, ask.clone());
            read(&self.0, move |view| page(view, &filter, &ask)).await?
        })
    }

    fn status(&self, trajectory: Uuid, at_least: u64) -> Later<'_, Result<Option<Value>, PortError>> {
        Box::pin(async move {
            caught_up(&self.0, at_least).await;
            read(&self.0, move |view| view.status_today(trajectory)).await?.map_err(|e| PortError::Broken(e.to_string()))
        })
    }
}

fn filter(ask: &CaseloadAsk) -> Result<Filter, PortError> {
    fn word<T: Copy>(asked: Option<&String>, all: &[T], name: impl Fn(T) -> &'static str, what: &str) -> Result<Option<T>, PortError> {
        let Some(asked) = asked else { return Ok(None) };
        let found = all.iter().copied().find(|one| name(*one) == asked);
        found.map(Some).ok_or_else(|| {
            let words: Vec<&str> = all.iter().map(|one| name(*one)).collect();
            PortError::Wrong(format!("{what}: one of {}", words.join(", ")))
        })
    }
    Ok(Filter {
        reach: ask.reach.clone(),
        organisation: ask.organisation.as_deref().map(Into::into),
        coach: ask.coach.as_deref().map(Into::into),
        running: ask.running,
        step: word(ask.step.as_ref(), &domain::Step::ALL, domain::Step::as_str, "step")?,
        sustainable_work: word(ask.sustainable_work.as_ref(), &domain::Verdict::ALL, domain::Verdict::as_str, "sustainableWork")?,
        method: word(ask.method.as_ref(), domain::Method::ALL, domain::Method::as_str, "method")?,
    })
}

fn page(view: &SustainableWork, filter: &Filter, ask: &CaseloadAsk) -> Result<CaseloadPage, PortError> {
    let by = match ask.sort {
        SortField::TrajectoryId => SortBy::Trajectory,
        SortField::Organisation => SortBy::Organisation,
        SortField::Coach => SortBy::Coach,
        SortField::Method => SortBy::Method,
        SortField::Step => SortBy::Step,
        SortField::Started => SortBy::Started,
    };
    let sort = Sort { by, descending: ask.descending };
    let page = view.list(filter, sort, ask.limit, ask.cursor.as_deref()).map_err(|e| PortError::Wrong(e.to_string()))?;
    let status = |trajectory| view.status_today(trajectory).map_err(|e| PortError::Broken(e.to_string()));
    let items = page.items.iter().filter_map(|summary| status(summary.trajectory).transpose()).collect::<Result<_, _>>()?;
    Ok(CaseloadPage { items, next: page.next, position: view.checkpoint().0 })
}

/// What is kept up for a question that was asked.
struct Kept {
    told: watch::Receiver<Arc<Told>>,
    used: Instant,
}

/// The figures of this process.
pub struct LocalFigures {
    projector: Arc<Projector<Werkmonitor>>,
    /// By quarter and scope: what is asked again and again is changed event by event, and not counted anew.
    kept: Mutex<HashMap<(Quarter, String), Kept>>,
    changes: watch::Receiver<u64>,
    /// Where publications rest; `None` of who is asked for figures only.
    home: Option<Home>,
}

impl LocalFigures {
    /// The figures of this projector, and what was published where publications rest.
    pub fn new(projector: Arc<Projector<Werkmonitor>>, home: Option<Home>) -> Self {
        let mut status = projector.watch();
        let (told, changes) = watch::channel(status.borrow().position.0);
        tokio::spawn(async move {
            while status.changed().await.is_ok() {
                let position = status.borrow_and_update().position.0;
                told.send_if_modified(|told| std::mem::replace(told, position) != position);
            }
        });
        Self { projector, kept: Mutex::default(), changes, home }
    }

    /// The figures that are kept up, if they are.
    fn kept(&self, ask: &FiguresAsk) -> Option<Arc<Told>> {
        let mut all = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        all.retain(|_, kept| kept.used.elapsed() < KEPT_FOR);
        let kept = all.get_mut(&(ask.quarter, ask.scope.as_text()))?;
        kept.used = Instant::now();
        // A closed view tells nothing any more.
        kept.told.has_changed().is_ok().then(|| Arc::clone(&kept.told.borrow()))
    }
}

impl LiveFigures for LocalFigures {
    fn figures<'a>(&'a self, ask: &'a FiguresAsk) -> Later<'a, Result<FiguresAnswer, PortError>> {
        Box::pin(async move {
            caught_up(&self.projector, ask.at_least).await;
            let plain = ask.form == Form::Json && !ask.tables;
            if let Some(told) = Some(ask).filter(|_| plain).and_then(|ask| self.kept(ask)) {
                return Ok(FiguresAnswer { position: told.position.0, body: told.figures.to_string().into() });
            }
            let asked =
                Asked { quarter: ask.quarter, scope: ask.scope.clone(), definitions: Definitions::built_in().clone(), tables: ask.tables };
            if plain {
                let (asked, scope) = (asked.clone(), ask.scope.as_text());
                // Too many are kept up already: then it is counted, below.
                if let Ok(told) = read(&self.projector, move |view| view.subscribe(asked)).await? {
                    let now = Arc::clone(&told.borrow());
                    let mut all = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
                    all.insert((ask.quarter, scope), Kept { told, used: Instant::now() });
                    return Ok(FiguresAnswer { position: now.position.0, body: now.figures.to_string().into() });
                }
            }
            let form = ask.form;
            read(&self.projector, move |view| {
                let (figures, as_of) = view.figures(&asked);
                let body = match form {
                    Form::Json => figures.to_json(&asked.question(), &as_of).to_string().into(),
                    Form::Csv => figures.to_csv(&asked.question(), &as_of).into(),
                };
                FiguresAnswer { position: as_of.position, body }
            })
            .await
        })
    }

    fn changes(&self, _quarter: Quarter) -> Later<'_, Result<watch::Receiver<u64>, PortError>> {
        Box::pin(std::future::ready(Ok(self.changes.clone())))
    }

    fn series<'a>(&'a self, ask: &'a SeriesAsk) -> Later<'a, Result<SeriesAnswer, PortError>> {
        Box::pin(async move {
            caught_up(&self.projector, ask.at_least).await;
            let ask = ask.clone();
            read(&self.projector, move |view| series(view, &ask)).await
        })
    }

    fn over_time<'a>(&'a self, ask: &'a OverTimeAsk) -> Later<'a, Result<OverTimeAnswer, PortError>> {
        Box::pin(async move {
            caught_up(&self.projector, ask.at_least).await;
            let ask = ask.clone();
            read(&self.projector, move |view| {
                let (trajectories, as_of) = view.trajectories(ask.quarter);
                ask.answer(trajectories, as_of)
            })
            .await
        })
    }

    fn published<'a>(&'a self, ask: &'a PublishedAsk) -> Later<'a, Result<Option<Bytes>, PortError>> {
        Box::pin(async move {
            let data = register::known(self.home.clone())?.data;
            let ask = ask.clone();
            let read = task::spawn_blocking(move || public_answer(&data, &ask)).await;
            read.map_err(|_| PortError::Broken("reading publications was broken off".to_owned()))?
        })
    }

    fn vintages(&self, quarter: Quarter) -> Later<'_, Result<Vintages, PortError>> {
        Box::pin(register::vintages(self.home.clone(), quarter))
    }

    fn differences<'a>(&'a self, ask: &'a DifferencesAsk) -> Later<'a, Result<Option<Differences>, PortError>> {
        Box::pin(register::differences(self.home.clone(), ask.clone()))
    }

    fn published_report<'a>(&'a self, ask: &'a PublishedReportAsk) -> Later<'a, Result<Option<Facts>, PortError>> {
        Box::pin(register::report(self.home.clone(), ask.clone()))
    }

    fn declarations(&self, quarter: Quarter) -> Later<'_, Result<Declarations, PortError>> {
        Box::pin(register::declarations(self.home.clone(), quarter))
    }

    fn declare<'a>(&'a self, ask: &'a DeclareAsk) -> Later<'a, Result<Vec<domain::Method>, PortError>> {
        Box::pin(register::declare(self.home.clone(), ask.clone()))
    }
}

/// All of it while nothing else changes the view.
fn series(view: &Werkmonitor, ask: &SeriesAsk) -> SeriesAnswer {
    let of =
        |quarter| view.figures(&Asked { quarter, scope: ask.scope.clone(), definitions: Definitions::built_in().clone(), tables: false });
    let (figures, as_of) = of(ask.quarter);
    let earlier = ask.earlier.iter().map(|quarter| of(*quarter).0);
    SeriesAnswer { as_of, figures: std::iter::once(figures).chain(earlier).collect() }
}

/// What was published, in the form that was asked for.
fn public_answer(data: &Path, ask: &PublishedAsk) -> Result<Option<Bytes>, PortError> {
    let publications = publish::open_in(data).map_err(|e| PortError::Broken(e.to_string()))?;
    let made_so = |name: &str| publications.vintage(ask.quarter, ask.at).is_some_and(|(_, vintage)| vintage.definitions.name == name);
    if !ask.definitions.as_deref().is_none_or(made_so) {
        return Ok(None);
    }
    let answer = Area::of(&ask.scope).and_then(|area| published::public(&publications, ask.quarter, &area, ask.at, ask.tables));
    Ok(answer.map(|answer| match ask.form {
        Form::Json => answer.to_string().into(),
        Form::Csv => output::public::csv(&answer).into(),
    }))
}

/// A projector, whatever its view.
pub trait Running: Send + Sync {
    /// Its view's name.
    fn name(&self) -> &'static str;
    /// How it is.
    fn state(&self) -> ProjectorState;
    /// Seconds since the last event that it has taken in was recorded, when it is behind.
    fn lag_seconds(&self, now: i64) -> u64;
    /// Why a rebuild ended without taking the living view's place.
    fn gave_up(&self) -> Option<String>;
    /// See [`Projector`].
    fn rebuild(&self) -> Later<'_, Result<(), AppError>>;
    /// See [`Projector`].
    fn cancel(&self) -> Later<'_, Result<(), AppError>>;
    /// See [`Projector`].
    fn retry(&self) -> Later<'_, Result<(), AppError>>;
    /// See [`Projector`].
    fn stop(&self) -> Later<'_, Result<(), AppError>>;
}

impl<P: Projection> Running for Projector<P> {
    fn name(&self) -> &'static str {
        P::NAME
    }

    fn state(&self) -> ProjectorState {
        let status = self.status();
        let rebuilding =
            status.rebuild.as_ref().filter(|rebuild| !matches!(rebuild.state, RebuildState::Cancelled | RebuildState::Failed { .. }));
        let (doing, cause) = match (&status.state, rebuilding) {
            (Is::Stopped { poison }, _) => {
                let of = poison.trajectory.map_or_else(String::new, |trajectory| format!(" of trajectory {trajectory}"));
                (Doing::Stopped, Some(format!("at position {}{of}: {}", poison.position, poison.cause)))
            }
            (Is::Closed, _) => (Doing::Stopped, Some("it is closed".to_owned())),
            (Is::Waiting { what: Awaited::Log, cause, .. }, _) => (Doing::Following, Some(cause.clone())),
            (Is::Waiting { what: Awaited::Store, cause, .. }, _) => (Doing::WaitingForRoom, Some(cause.clone())),
            (Is::CatchingUp | Is::Following, Some(_)) => (Doing::Rebuilding, None),
            (Is::CatchingUp | Is::Following, None) => (Doing::Following, None),
        };
        ProjectorState {
            name: P::NAME.to_owned(),
            doing,
            position: status.position.0,
            lag: status.head.0.saturating_sub(status.position.0),
            cause,
            rebuilt: rebuilding.map(|rebuild| rebuild.position.0),
        }
    }

    fn lag_seconds(&self, now: i64) -> u64 {
        let status = self.status();
        let behind = status.recorded_at.filter(|_| status.position < status.head);
        behind.map_or(0, |moment| u64::try_from((now - moment.micros()) / 1_000_000).unwrap_or(0))
    }

    fn gave_up(&self) -> Option<String> {
        let status = self.status();
        match (status.rebuild.map(|rebuild| rebuild.state), status.state) {
            (Some(RebuildState::Failed { cause }), _) => Some(cause),
            (Some(RebuildState::Cancelled), _) => Some("it was cancelled".to_owned()),
            (Some(RebuildState::Building | RebuildState::Waiting { .. }), Is::Closed) => Some("the service is closing".to_owned()),
            (Some(RebuildState::Building | RebuildState::Waiting { .. }) | None, _) => None,
        }
    }

    fn rebuild(&self) -> Later<'_, Result<(), AppError>> {
        Box::pin(Self::rebuild(self))
    }

    fn cancel(&self) -> Later<'_, Result<(), AppError>> {
        Box::pin(self.cancel_rebuild())
    }

    fn retry(&self) -> Later<'_, Result<(), AppError>> {
        Box::pin(Self::retry(self))
    }

    fn stop(&self) -> Later<'_, Result<(), AppError>> {
        Box::pin(Self::stop(self))
    }
}

/// The projectors of this process.
#[derive(Clone, Default)]
pub struct Views(pub Vec<Arc<dyn Running>>);

impl Views {
    fn named(&self, name: &str) -> Result<&Arc<dyn Running>, PortError> {
        self.0.iter().find(|view| view.name() == name).ok_or(PortError::NotFound)
    }

    /// Builds all of them anew beside the living ones, and tells how far they are, in events of all of them together. One that has stopped is
    /// built anew too: what the old view could not take in the new one may.
    pub async fn rebuild(&self, told: &mut (dyn FnMut(u64) + Send)) -> Result<(), AppError> {
        const LOOK_AGAIN: Duration = Duration::from_millis(100);
        for view in &self.0 {
            view.rebuild().await?;
        }
        loop {
            let mut done = 0;
            for view in &self.0 {
                if let Some(cause) = view.gave_up() {
                    return Err(AppError::Io { what: format!("building the view {}", view.name()), cause });
                }
                let state = view.state();
                done += state.rebuilt.unwrap_or(state.position);
            }
            told(done);
            if self.0.iter().all(|view| view.state().rebuilt.is_none()) {
                return Ok(());
            }
            tokio::time::sleep(LOOK_AGAIN).await;
        }
    }

    /// Closes all of them in order.
    pub async fn stop(&self) {
        for view in &self.0 {
            if let Err(e) = view.stop().await {
                tracing::warn!("the view {} will be built anew: {e}", view.name());
            }
        }
    }
}

impl Projectors for Views {
    fn states(&self) -> Later<'_, Result<Vec<ProjectorState>, PortError>> {
        Box::pin(std::future::ready(Ok(self.0.iter().map(|view| view.state()).collect())))
    }

    fn rebuild<'a>(&'a self, name: &'a str) -> Later<'a, Result<(), PortError>> {
        Box::pin(async move {
            let view = self.named(name)?;
            match view.state().doing {
                Doing::Rebuilding => Err(PortError::Conflict("it is being built anew already".to_owned())),
                Doing::Following | Doing::WaitingForRoom | Doing::Stopped => view.rebuild().await.map_err(|e| gone(&e)),
            }
        })
    }

    fn cancel<'a>(&'a self, name: &'a str) -> Later<'a, Result<(), PortError>> {
        Box::pin(async move {
            let view = self.named(name)?;
            match view.state().doing {
                Doing::Rebuilding => view.cancel().await.map_err(|e| gone(&e)),
                Doing::Following | Doing::WaitingForRoom | Doing::Stopped => Err(PortError::NotFound),
            }
        })
    }

    fn retry<'a>(&'a self, name: &'a str) -> Later<'a, Result<(), PortError>> {
        Box::pin(async move {
            let view = self.named(name)?;
            match view.state().doing {
                Doing::Stopped | Doing::WaitingForRoom => view.retry().await.map_err(|e| gone(&e)),
                Doing::Following | Doing::Rebuilding => Err(PortError::Conflict("it has not stopped".to_owned())),
            }
        })
    }
}
