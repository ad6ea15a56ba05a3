//! A view that counts, a log that fails on demand, and records without a recorder.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    time::Duration,
};

use app::{
    AppError, Clock,
    projector::{Projection, Projector, ProjectorState, Settings, Status},
    stream,
};
use event_log::{
    AppendError, EventLog, Head, Locator, MemoryLog, Pending, Position, ReadError, Record, RecordBatch, RecordHeader, RecordReader, Tail,
    Until,
};
use proto_events::{
    Id, SealedText, Text, Timestamp,
    json::parse_line,
    stored::{self, StoredDecision, StoredEvent},
    upcast::Upcasters,
};
use tempfile::TempDir;
use uuid::Uuid;
use views::{Entry, States, Taken, ViewError};

use crate::world::{contact, intake, moment, now};

/// Streams by turns; every fourth record is a decision of two events.
const STREAMS: u32 = 5;

/// Appends this many records.
pub async fn append<L: EventLog>(log: &L, records: u64) {
    for _ in 0..records {
        append_as(log, 0).await;
    }
}

/// Appends one record; `seed` makes its event ids others.
pub async fn append_as<L: EventLog>(log: &L, seed: u32) {
    let head = log.head().await.expect("a head");
    let mut revisions: BTreeMap<Uuid, u32> = BTreeMap::new();
    let mut reader = log.read(Position::START, Until::Head).await.expect("a reading");
    let mut count = 0;
    while let Some(batch) = reader.next().await.expect("a batch") {
        for record in &batch.records {
            *revisions.entry(record.header.trajectory_id).or_default() += u32::from(record.header.events);
            count += 1;
        }
    }
    let of = count % STREAMS;
    let first = head.position.0 + 1;
    let events = if count % 4 == 3 { 2 } else { 1 };
    let lines: Vec<_> = (0..events)
        .map(|n| {
            let number = u32::try_from(first).expect("few events") + n;
            let mut line = if count < STREAMS { intake(of, "2026-01-01") } else { contact(of, number, "2026-02-01", "…") };
            line["event_id"] = Uuid::from_u128(u128::from(seed) << 64 | u128::from(number)).to_string().into();
            parse_line::<Text>(line.to_string().as_bytes(), &Upcasters::of_today()).expect("a line")
        })
        .collect();
    let trajectory = lines[0].trajectory_id;
    let recorded_at = now();
    let payloads: Vec<Vec<u8>> = lines
        .iter()
        .map(|line| {
            let Ok(sealed) = line.payload.clone().try_map_texts(|_, _| Ok::<_, std::convert::Infallible>(SealedText(Vec::new())));
            let mut data = Vec::new();
            stored::encode_payload(&sealed, &mut data).expect("encoded");
            data
        })
        .collect();
    let stored_events = lines.iter().zip(&payloads).map(|(line, data)| StoredEvent {
        event_id: line.event_id,
        event_type: line.payload.event_type(),
        occurred_on: line.occurred_on,
        recorded_at,
        actor: "somebody",
        corrects: None,
        correlation_id: None,
        causation_id: None,
        source_recorded_at: None,
        schema: line.schema,
        data,
    });
    let decision = StoredDecision {
        trajectory_id: Id(trajectory.0),
        organisation: "org-1",
        client_id: None,
        first_position: first,
        first_revision: revisions.get(&trajectory.0).copied().unwrap_or(0) + 1,
        events: stored_events.collect(),
    };
    let mut body = Vec::new();
    decision.encode(&mut body).expect("encoded");
    let events = u16::try_from(decision.events.len()).expect("few events");
    let header = RecordHeader { first_position: Position(first), events, recorded_at, trajectory_id: trajectory.0 };
    log.submit(head.position, vec![Record { header, body: body.into() }]).await.expect("taken").await.expect("durable");
}

/// A log that cannot be reached when told so.
#[derive(Default)]
pub struct Flaky {
    pub log: Arc<MemoryLog>,
    pub away: Arc<AtomicBool>,
    /// How often it was asked for while away.
    pub asked: AtomicU64,
}

pub struct FlakyReader<R> {
    reader: R,
    away: Arc<AtomicBool>,
}

fn unreachable() -> ReadError {
    ReadError::Unreachable { server: "test".into(), cause: "injected".into() }
}

impl Flaky {
    fn answer(&self) -> Result<(), ReadError> {
        if self.away.load(Ordering::SeqCst) {
            self.asked.fetch_add(1, Ordering::SeqCst);
            return Err(unreachable());
        }
        Ok(())
    }
}

impl EventLog for Flaky {
    type Reader = FlakyReader<<MemoryLog as EventLog>::Reader>;
    type Follower = FlakyReader<<MemoryLog as EventLog>::Follower>;

    async fn head(&self) -> Result<Head, ReadError> {
        self.answer()?;
        self.log.head().await
    }

    async fn submit(&self, expected: impl Into<Tail> + Send, records: Vec<Record>) -> Result<Pending, AppendError> {
        self.log.submit(expected, records).await
    }

    async fn read(&self, from: Position, until: Until) -> Result<Self::Reader, ReadError> {
        self.answer()?;
        Ok(FlakyReader { reader: self.log.read(from, until).await?, away: Arc::clone(&self.away) })
    }

    async fn follow(&self, from: Position) -> Result<Self::Follower, ReadError> {
        self.answer()?;
        Ok(FlakyReader { reader: self.log.follow(from).await?, away: Arc::clone(&self.away) })
    }

    async fn resolve(&self, until: Until) -> Result<Head, ReadError> {
        self.answer()?;
        self.log.resolve(until).await
    }

    async fn read_at(&self, locators: &[Locator]) -> Result<RecordBatch, ReadError> {
        self.log.read_at(locators).await
    }
}

impl<R: RecordReader> RecordReader for FlakyReader<R> {
    async fn next(&mut self) -> Result<Option<RecordBatch>, ReadError> {
        let next = self.reader.next().await;
        if self.away.load(Ordering::SeqCst) { Err(unreachable()) } else { next }
    }
}

/// What makes a counting view behave badly.
#[derive(Default)]
pub struct Faults {
    /// It cannot take in the event at this position; 0 for none.
    pub poison: AtomicU64,
    /// It panics at this position; 0 for none.
    pub panic: AtomicU64,
    /// It takes this long over a batch, in milliseconds.
    pub slow: AtomicU64,
}

/// States, and for each trajectory how many events it has.
pub struct Counting {
    states: States,
    faults: Arc<Faults>,
    /// How often a view was rebuilt under this reader's feet.
    pub generation: u64,
}

impl Projection for Counting {
    const NAME: &'static str = "counting";
    const VERSION: u32 = 2;
    const AT_ONCE: usize = 100;
    const BUILT_AT_ONCE: usize = 100;

    fn tail(&self) -> Tail {
        self.states.tail()
    }

    fn first_event(&self) -> Result<Option<Uuid>, AppError> {
        Ok(self.states.first_event()?)
    }

    fn apply(&mut self, batch: &RecordBatch) -> Result<(), AppError> {
        std::thread::sleep(Duration::from_millis(self.faults.slow.load(Ordering::SeqCst)));
        let mut counts = BTreeMap::<Uuid, u64>::new();
        for record in &batch.records {
            let header = record.header;
            for position in header.first_position.0..=header.last_position().0 {
                assert_ne!(position, self.faults.panic.load(Ordering::SeqCst), "injected");
                if position == self.faults.poison.load(Ordering::SeqCst) {
                    let cause = "injected".to_owned();
                    return Err(AppError::History { position: header.first_position, trajectory: header.trajectory_id, cause });
                }
            }
            *counts.entry(header.trajectory_id).or_default() += u64::from(header.events);
        }
        let mut states = Vec::new();
        for (trajectory, more) in counts {
            let before = self.states.state(trajectory)?.map_or(0, |value| u64::from_be_bytes(value.try_into().expect("a number")));
            states.push((trajectory, (before + more).to_be_bytes().to_vec()));
        }
        let first_event = stream::first_event_in(batch)?;
        Ok(self.states.apply(Taken { states, first_event, until: batch.tail() })?)
    }

    fn clear(&mut self) -> Result<(), AppError> {
        Ok(self.states.clear()?)
    }

    fn take_over(&mut self, old: &mut Self) {
        self.generation = old.generation + 1;
    }

    fn contents(&self) -> Result<Vec<Entry>, AppError> {
        Ok(self.states.contents()?)
    }

    fn close(self) -> Result<(), AppError> {
        Ok(self.states.close()?)
    }
}

impl Counting {
    /// The counts of all trajectories, added: always the checkpoint, or the state is a mixed one.
    pub fn sum(&self) -> u64 {
        let mut sum = 0;
        self.states
            .visit_states(|_, value| {
                sum += u64::from_be_bytes(value.try_into().expect("a number"));
                Ok::<_, AppError>(())
            })
            .expect("counts");
        sum
    }
}

pub struct Place {
    pub folder: TempDir,
    pub faults: Arc<Faults>,
}

impl Place {
    pub fn new() -> Self {
        Self { folder: TempDir::new().expect("a folder"), faults: Arc::default() }
    }

    pub fn views(&self) -> PathBuf {
        self.folder.path().join("views")
    }

    pub async fn try_start<L: EventLog>(&self, log: &Arc<L>) -> Result<Projector<Counting>, AppError> {
        let settings = Settings { due_every: Duration::from_millis(10), first_wait: Duration::from_millis(1), ..Settings::default() };
        let faults = Arc::clone(&self.faults);
        let make = move |folder: &Path| {
            let states = States::open(folder, "counting 2")?.states;
            Ok(Counting { states, faults: Arc::clone(&faults), generation: 0 })
        };
        Projector::start(Arc::clone(log), &self.views(), clock(), settings, make).await
    }

    pub async fn start<L: EventLog>(&self, log: &Arc<L>) -> Projector<Counting> {
        // One that was dropped lets go of its folder a moment later.
        for _ in 0..200 {
            match self.try_start(log).await {
                Err(AppError::View(ViewError::Busy { .. })) => tokio::time::sleep(Duration::from_millis(10)).await,
                started => return started.unwrap_or_else(|e| panic!("{e}")),
            }
        }
        panic!("the folder is held for ever");
    }
}

fn clock() -> Clock {
    || moment("2026-07-01T00:00:00Z")
}

pub async fn fresh<L: EventLog>(log: &Arc<L>) -> Vec<Entry> {
    let place = Place::new();
    let projector = place.start(log).await;
    projector.reached(log.head().await.expect("a head").position).await.expect("reached");
    contents(&projector)
}

pub fn contents(projector: &Projector<Counting>) -> Vec<Entry> {
    projector.read(|view| view.contents().expect("contents")).expect("open")
}

/// Waits, within reason, until the status is so.
pub async fn until(projector: &Projector<Counting>, what: &str, so: impl FnMut(&Status) -> bool) -> Status {
    let mut status = projector.watch();
    let there = tokio::time::timeout(Duration::from_secs(30), status.wait_for(so)).await;
    match there {
        Ok(status) => status.expect("the projector runs").clone(),
        Err(_) => panic!("never {what}: {:?}", projector.status()),
    }
}

pub fn follows(status: &Status) -> bool {
    status.state == ProjectorState::Following && status.position == status.head
}

pub fn at(text: &str) -> Timestamp {
    moment(text)
}
