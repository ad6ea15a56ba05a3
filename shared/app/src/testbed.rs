//! The world of a projector's tests: a log that is fed lines, a clock that is set by hand, and a view over both.
#![allow(clippy::expect_used, clippy::panic, reason = "for tests: panicking is how they fail")]

use std::{
    collections::HashMap,
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
    time::Duration,
};

use event_log::{EventLog, MemoryLog, Position, Record, RecordHeader};
use proto_events::{
    SealedText, Timestamp,
    json::EventLine,
    stored::{self, StoredDecision, StoredEvent},
};
use tempfile::TempDir;
use uuid::Uuid;
use views::{Entry, ViewError};

use crate::{
    AppError, Clock,
    projector::{Projection, Projector, Settings, Status},
};

/// How often something is looked at that should come true.
const TRIES: u32 = 6_000;
/// The pause in between.
const PAUSE: Duration = Duration::from_millis(5);

/// A clock of its own for a test: `clock!(day)` makes a module with `now`, which is a [`Clock`], and `set`, which takes a moment as text.
#[macro_export]
macro_rules! clock {
    ($name:ident) => {
        mod $name {
            static NOW: std::sync::atomic::AtomicI64 = std::sync::atomic::AtomicI64::new(0);
            pub fn now() -> proto_events::Timestamp {
                $crate::testbed::of_micros(&NOW)
            }
            pub fn set(moment: &str) {
                $crate::testbed::set(&NOW, moment);
            }
        }
    };
}
pub use clock;

/// The moment that a clock stands at.
///
/// # Panics
/// When it is none.
pub fn of_micros(now: &AtomicI64) -> Timestamp {
    Timestamp::from_micros(now.load(Ordering::SeqCst)).expect("a moment")
}

/// Sets a clock.
///
/// # Panics
/// When the text is no moment.
pub fn set(now: &AtomicI64, moment: &str) {
    now.store(moment.parse::<Timestamp>().expect("a moment").micros(), Ordering::SeqCst);
}

/// A log that is fed lines: each is a decision of its own, judged by nobody, and its texts are left empty.
#[derive(Default)]
pub struct Feed {
    /// The log.
    pub log: Arc<MemoryLog>,
    revisions: HashMap<Uuid, u32>,
}

impl Feed {
    /// With these lines in it.
    pub async fn of(lines: impl IntoIterator<Item = EventLine>) -> Self {
        let mut feed = Self::default();
        for line in lines {
            feed.append(&line).await;
        }
        feed
    }

    /// Appends a line.
    ///
    /// # Panics
    /// When the log does not take it.
    pub async fn append(&mut self, line: &EventLine) {
        let before = self.log.head().await.expect("a head");
        let head = before.position;
        let (trajectory_id, first_position) = (line.trajectory_id.0, head.plus(1));
        let revision = self.revisions.entry(trajectory_id).or_default();
        *revision += 1;
        let Ok(sealed) = line.payload.clone().try_map_texts(|_, _| Ok::<_, std::convert::Infallible>(SealedText(Vec::new())));
        let mut data = Vec::new();
        stored::encode_payload(&sealed, &mut data).expect("encoded");
        let recorded_at = line.recorded_at.max(before.recorded_at).expect("a moment");
        let event = StoredEvent {
            event_id: line.event_id,
            event_type: line.payload.event_type(),
            occurred_on: line.occurred_on,
            recorded_at,
            actor: "somebody",
            corrects: line.corrects,
            correlation_id: None,
            causation_id: None,
            source_recorded_at: None,
            schema: line.schema,
            data: &data,
        };
        let decision = StoredDecision {
            trajectory_id: line.trajectory_id,
            organisation: line.organisation.as_str(),
            client_id: None,
            first_position: first_position.0,
            first_revision: *revision,
            events: vec![event],
        };
        let mut body = Vec::new();
        decision.encode(&mut body).expect("encoded");
        let header = RecordHeader { first_position, events: 1, recorded_at, trajectory_id };
        let record = Record { header, body: body.into() };
        self.log.submit(head, vec![record]).await.expect("taken").await.expect("durable");
    }

    /// Where the log ends.
    ///
    /// # Panics
    /// When it does not say.
    pub async fn head(&self) -> Position {
        self.log.head().await.expect("a head").position
    }
}

/// A folder for a view, and how it is opened there. Gone when it is dropped.
pub struct Place<P> {
    folder: TempDir,
    clock: Clock,
    open: fn(&Path, Clock) -> Result<P, AppError>,
}

impl<P: Projection> Place<P> {
    /// A new folder.
    ///
    /// # Panics
    /// When there can be none.
    #[must_use]
    pub fn new(clock: Clock, open: fn(&Path, Clock) -> Result<P, AppError>) -> Self {
        Self { folder: TempDir::new().expect("a folder"), clock, open }
    }

    /// The folder of all views.
    #[must_use]
    pub fn views(&self) -> PathBuf {
        self.folder.path().join("views")
    }

    /// Starts the projector.
    ///
    /// # Panics
    /// When it does not start.
    pub async fn start(&self, feed: &Feed) -> Projector<P> {
        let (open, clock) = (self.open, self.clock);
        let make = move |folder: &Path| open(folder, clock);
        let settings = Settings { due_every: PAUSE, ..Settings::default() };
        for _ in 0..TRIES {
            match Projector::start(Arc::clone(&feed.log), &self.views(), clock, settings, make).await {
                // One that was dropped lets go of its folder a moment later.
                Err(AppError::View(ViewError::Busy { .. })) => tokio::time::sleep(PAUSE).await,
                started => return started.unwrap_or_else(|e| panic!("{e}")),
            }
        }
        panic!("the folder is held for ever");
    }

    /// Started, and as far as the log and the day.
    pub async fn up_to_date(&self, feed: &Feed) -> Projector<P> {
        let projector = self.start(feed).await;
        follow(&projector, feed).await;
        projector
    }
}

/// Waits until it is as far as the log and the day.
///
/// # Panics
/// When it has stopped.
pub async fn follow<P: Projection>(projector: &Projector<P>, feed: &Feed) {
    projector.reached(feed.head().await).await.expect("reached");
    until(projector, |view, _| !view.is_due()).await;
}

/// Waits until this is so.
///
/// # Panics
/// When it is not in time.
pub async fn until<P: Projection>(projector: &Projector<P>, so: impl Fn(&P, &Status) -> bool) {
    for _ in 0..TRIES {
        let status = projector.status();
        if projector.read(|view| so(view, &status)).expect("open") {
            return;
        }
        tokio::time::sleep(PAUSE).await;
    }
    panic!("never so: {:?}", projector.status());
}

/// Every entry of the view.
///
/// # Panics
/// When it cannot be read.
pub fn contents<P: Projection>(projector: &Projector<P>) -> Vec<Entry> {
    projector.read(|view| view.contents().expect("contents")).expect("open")
}
