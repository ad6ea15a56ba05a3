//! The view: bodies on disk, lives in memory, and those who listen.

use std::{
    path::Path,
    sync::{Arc, Mutex, PoisonError},
    thread,
};

use app::{AppError, Clock, Keep, amsterdam_day, projector::Projection, stream};
use domain::{Date, Quarter, Timeline, Trajectory};
use event_log::{Position, RecordBatch};
use figures::{AsOf, Figures};
use hashbrown::HashMap;
use proto_events::{Timestamp, upcast::Upcasters};
use serde_json::Value;
use tokio::sync::{broadcast, watch};
use uuid::Uuid;
use views::{Bodies, Entry, Taken};

use crate::{
    Asked, MOST_LIVE, QuarterChanged, Told, TooManyQuestions,
    live::Live,
    lives::{self, Life, Lives},
    notices,
};

/// Notices that a listener may be behind: more than a batch has. One that is slower is told that it missed some.
const NOTICES: usize = 256;
/// The note of the last event's moment.
const RECORDED_AT: &str = "recorded_at";

/// The view of the Werkmonitor.
pub struct Werkmonitor {
    bodies: Bodies,
    lives: Lives,
    recorded_at: Option<Timestamp>,
    live: Mutex<Vec<Live>>,
    notices: broadcast::Sender<QuarterChanged>,
    clock: Clock,
    upcasters: Upcasters,
}

impl Werkmonitor {
    /// Opens the view in this folder, and brings the trajectories that it holds to mind.
    ///
    /// # Errors
    /// When another process holds it, or its store fails.
    pub fn open(folder: &Path, clock: Clock) -> Result<Self, AppError> {
        let bodies = Bodies::open(folder, &format!("{} {}", Self::NAME, Self::VERSION))?.bodies;
        let recorded_at = bodies.note(RECORDED_AT)?.and_then(|note| Timestamp::from_micros(i64::from_be_bytes(note.try_into().ok()?)));
        let mut lives = Lives::new();
        for part in remember(&bodies)? {
            for (trajectory, life) in part {
                lives.put(trajectory, life);
            }
        }
        let (live, notices) = (Mutex::default(), broadcast::Sender::new(NOTICES));
        Ok(Self { bodies, lives, recorded_at, live, notices, clock, upcasters: Upcasters::of_today() })
    }

    /// How many trajectories.
    #[must_use]
    pub fn len(&self) -> usize {
        self.lives.len()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    fn today(&self) -> Date {
        amsterdam_day((self.clock)())
    }

    /// From which state figures are made now.
    fn as_of(&self, quarter: Quarter) -> AsOf {
        AsOf {
            position: self.bodies.checkpoint().0,
            recorded_at: self.recorded_at.map(|moment| moment.to_string()),
            provisional: self.today() <= quarter.last_day(),
        }
    }

    /// The figures of a question, as of the view's position.
    #[must_use]
    pub fn figures(&self, asked: &Asked) -> (Figures, AsOf) {
        (Figures::of(&self.lives.count(&asked.question())), self.as_of(asked.quarter))
    }

    /// The same in the shape of the contract.
    #[must_use]
    pub fn answer(&self, asked: &Asked) -> Value {
        let (figures, as_of) = self.figures(asked);
        figures.to_json(&asked.question(), &as_of)
    }

    /// Listens to a question: what it comes to now, and each time after. Ends when the view is closed; a rebuilt view goes on telling.
    ///
    /// # Errors
    /// [`TooManyQuestions`].
    pub fn subscribe(&self, asked: Asked) -> Result<watch::Receiver<Arc<Told>>, TooManyQuestions> {
        let mut all = self.live.lock().unwrap_or_else(PoisonError::into_inner);
        all.retain(Live::is_listened_to);
        if let Some(live) = all.iter().find(|live| *live.asked == asked) {
            return Ok(live.listen());
        }
        if all.len() >= MOST_LIVE {
            return Err(TooManyQuestions);
        }
        let live = Live::new(asked.clone(), self.lives.count(&asked.question()), &self.as_of(asked.quarter));
        let told = live.listen();
        all.push(live);
        Ok(told)
    }

    /// How many different questions are kept up.
    #[must_use]
    pub fn live_questions(&self) -> usize {
        self.live.lock().unwrap_or_else(PoisonError::into_inner).len()
    }

    /// Notices of the current quarter and the seven before it: their national figures have changed. At most one a quarter and batch.
    #[must_use]
    pub fn notices(&self) -> broadcast::Receiver<QuarterChanged> {
        self.notices.subscribe()
    }

    /// Changes the live questions, and tells what they come to.
    fn tell(&mut self, mut change: impl FnMut(&mut Live, &Lives)) {
        let mut all = std::mem::take(self.live.get_mut().unwrap_or_else(PoisonError::into_inner));
        all.retain(Live::is_listened_to);
        for live in &mut all {
            change(live, &self.lives);
            live.tell(&self.as_of(live.asked.quarter));
        }
        *self.live.get_mut().unwrap_or_else(PoisonError::into_inner) = all;
    }

    fn notify(&self, quarter: Quarter) {
        // Nobody listens: then nobody misses it.
        self.notices.send(QuarterChanged { quarter, position: self.bodies.checkpoint() }).unwrap_or_default();
    }
}

/// Every life that the bodies tell of, some on each processor.
fn remember(bodies: &Bodies) -> Result<Vec<Vec<(Uuid, Life)>>, AppError> {
    let parts = u8::try_from(lives::parts()).unwrap_or(u8::MAX);
    let remember_part = |part: u8| {
        let upcasters = Upcasters::of_today();
        let (mut found, mut current) = (Vec::new(), None::<(Uuid, Timeline)>);
        let mut finish = |done: Option<(Uuid, Timeline)>| found.extend(done.map(|(trajectory, timeline)| (trajectory, Life::of(timeline))));
        bodies.visit_part(part, parts, |header, body| {
            if current.as_ref().is_none_or(|(trajectory, _)| *trajectory != header.trajectory_id) {
                finish(current.replace((header.trajectory_id, Timeline::default())));
            }
            let Some((_, timeline)) = &mut current else { return Ok(()) };
            stream::evolve(timeline, header, body, Keep::ForFigures, &upcasters)
        })?;
        finish(current);
        Ok::<_, AppError>(found)
    };
    thread::scope(|scope| {
        let started: Vec<_> = (0..parts).map(|part| scope.spawn(move || remember_part(part))).collect();
        started.into_iter().map(|part| part.join().unwrap_or(Err(AppError::Stopped("opening the view of the figures")))).collect()
    })
}

impl Projection for Werkmonitor {
    const NAME: &'static str = "werkmonitor";
    const VERSION: u32 = 1;

    fn checkpoint(&self) -> Position {
        self.bodies.checkpoint()
    }

    fn first_event(&self) -> Result<Option<Uuid>, AppError> {
        Ok(self.bodies.first_event()?)
    }

    fn apply(&mut self, batch: &RecordBatch) -> Result<(), AppError> {
        // On copies first: a batch is taken in whole or not at all.
        let mut timelines: HashMap<Uuid, Timeline> = HashMap::new();
        let mut bodies = Vec::with_capacity(batch.records.len());
        for record in &batch.records {
            let (header, body) = (&record.header, batch.body(record));
            let known = || self.lives.get(header.trajectory_id).map(|life| life.timeline.clone()).unwrap_or_default();
            let timeline = timelines.entry(header.trajectory_id).or_insert_with(known);
            stream::evolve(timeline, header, body, Keep::ForFigures, &self.upcasters)?;
            bodies.push((*header, body));
        }
        let Some(last) = batch.records.last().map(|record| record.header) else { return Ok(()) };
        let notes = vec![(RECORDED_AT, last.recorded_at.micros().to_be_bytes().to_vec())];
        let (first_event, until) = (stream::first_event_in(batch)?, Some(last.last_position()));
        self.bodies.apply(Taken { bodies, notes, first_event, until, ..Taken::default() })?;
        self.recorded_at = Some(last.recorded_at);

        let mut changed: Vec<(Option<Trajectory>, Uuid)> = Vec::new();
        for (trajectory, timeline) in timelines {
            let same = self.lives.get(trajectory).is_some_and(|life| life.timeline.events() == timeline.events());
            let life = if same { self.lives.get(trajectory).and_then(|life| life.trajectory.clone()) } else { Trajectory::of(&timeline) };
            let before = self.lives.put(trajectory, Life { timeline, trajectory: life });
            if !same {
                changed.push((before.and_then(|life| life.trajectory), trajectory));
            }
        }
        self.tell(|live, lives| {
            for (before, trajectory) in &changed {
                live.change(before.as_ref(), lives.get(*trajectory).and_then(|life| life.trajectory.as_ref()));
            }
        });
        if self.notices.receiver_count() > 0 {
            let now = |trajectory: &Uuid| self.lives.get(*trajectory).and_then(|life| life.trajectory.as_ref());
            let changed: Vec<_> = changed.iter().map(|(before, trajectory)| (before.as_ref(), now(trajectory))).collect();
            notices::quarters(self.today()).filter(|quarter| notices::differ(*quarter, &changed)).for_each(|quarter| self.notify(quarter));
        }
        Ok(())
    }

    fn clear(&mut self) -> Result<(), AppError> {
        self.bodies.clear()?;
        self.lives.clear();
        self.recorded_at = None;
        self.tell(|live, lives| live.recount(lives.count(&live.asked.question())));
        Ok(())
    }

    /// A quarter that is listened to has ended.
    fn is_due(&self) -> bool {
        let today = self.today();
        let all = self.live.lock().unwrap_or_else(PoisonError::into_inner);
        all.iter().any(|live| live.provisional != (today <= live.asked.quarter.last_day()))
    }

    fn do_due(&mut self) -> Result<(), AppError> {
        self.tell(|_, _| {});
        Ok(())
    }

    fn take_over(&mut self, old: &mut Self) {
        self.live = Mutex::new(std::mem::take(old.live.get_mut().unwrap_or_else(PoisonError::into_inner)));
        self.notices = old.notices.clone();
        self.tell(|live, lives| live.recount(lives.count(&live.asked.question())));
        // Why it was rebuilt is not known here: every quarter may be another.
        notices::quarters(self.today()).for_each(|quarter| self.notify(quarter));
    }

    fn contents(&self) -> Result<Vec<Entry>, AppError> {
        Ok(self.bodies.contents()?)
    }

    fn close(self) -> Result<(), AppError> {
        Ok(self.bodies.close()?)
    }
}
