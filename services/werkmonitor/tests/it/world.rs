//! A log of invented lives, a clock that is set by hand, and the view over both.

use std::{
    collections::HashMap,
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
    time::Duration,
};

use app::{
    Clock,
    projector::{Projector, Settings},
};
use event_log::{EventLog, MemoryLog, Position, Record, RecordHeader};
use proto_events::{
    SealedText, Timestamp,
    json::EventLine,
    stored::{self, StoredDecision, StoredEvent},
};
use tempfile::TempDir;
use uuid::Uuid;
use werkmonitor::Werkmonitor;

/// A clock of its own for a test: `clock!(NOW, "2025-06-01T10:00:00Z")` gives a function and what sets it.
macro_rules! clock {
    ($name:ident) => {
        mod $name {
            pub static NOW: std::sync::atomic::AtomicI64 = std::sync::atomic::AtomicI64::new(0);
            pub fn now() -> proto_events::Timestamp {
                crate::world::of_micros(&NOW)
            }
            pub fn set(moment: &str) {
                crate::world::set(&NOW, moment);
            }
        }
    };
}
pub(crate) use clock;

pub fn of_micros(now: &AtomicI64) -> Timestamp {
    Timestamp::from_micros(now.load(Ordering::SeqCst)).expect("a moment")
}

pub fn set(now: &AtomicI64, moment: &str) {
    now.store(moment.parse::<Timestamp>().expect("a moment").micros(), Ordering::SeqCst);
}

/// A log that is fed lines: each is a decision of its own.
pub struct Feed {
    pub log: Arc<MemoryLog>,
    revisions: HashMap<Uuid, u32>,
}

impl Feed {
    pub fn new() -> Self {
        Self { log: Arc::new(MemoryLog::new()), revisions: HashMap::new() }
    }

    pub async fn of(seed: u64, trajectories: u64) -> Self {
        let mut feed = Self::new();
        for line in synthetic::random(seed, trajectories) {
            feed.append(&line).await;
        }
        feed
    }

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

    pub async fn head(&self) -> Position {
        self.log.head().await.expect("a head").position
    }
}

pub struct Place {
    folder: TempDir,
    clock: Clock,
}

impl Place {
    pub fn new(clock: Clock) -> Self {
        Self { folder: TempDir::new().expect("a folder"), clock }
    }

    pub fn views(&self) -> PathBuf {
        self.folder.path().join("views")
    }

    pub async fn start(&self, feed: &Feed) -> Projector<Werkmonitor> {
        let clock = self.clock;
        let make = move |_: &Path| Ok(Werkmonitor::new(clock));
        let settings = Settings { due_every: Duration::from_millis(5), ..Settings::default() };
        for _ in 0..200 {
            match Projector::start(Arc::clone(&feed.log), &self.views(), clock, settings, make).await {
                // One that was dropped lets go of its folder a moment later.
                Err(app::AppError::View(views::ViewError::Busy { .. })) => tokio::time::sleep(Duration::from_millis(10)).await,
                started => return started.unwrap_or_else(|e| panic!("{e}")),
            }
        }
        panic!("the folder is held for ever");
    }

    /// Started, and as far as the log.
    pub async fn up_to_date(&self, feed: &Feed) -> Projector<Werkmonitor> {
        let projector = self.start(feed).await;
        projector.reached(feed.head().await).await.expect("reached");
        projector
    }
}
