//! The view: lives in memory, and those who listen.

use std::sync::{Arc, Mutex, PoisonError};

use app::{AppError, Clock, amsterdam_day, projector::Projection, stream};
use domain::{Date, Quarter, Trajectory};
use event_log::{RecordBatch, Tail};
use figures::{AsOf, Figures};
use proto_events::{Timestamp, upcast::Upcasters};
use serde_json::Value;
use tokio::sync::{broadcast, watch};
use uuid::Uuid;
use views::Entry;

use crate::{Asked, MOST_LIVE, QuarterChanged, Told, TooManyQuestions, live::Live, lives::Lives, notices};

/// Notices that a listener may be behind: more than a batch has. One that is slower is told that it missed some.
const NOTICES: usize = 256;

/// The view of the Werkmonitor.
pub struct Werkmonitor {
    lives: Lives,
    tail: Tail,
    first_event: Option<Uuid>,
    recorded_at: Option<Timestamp>,
    live: Mutex<Vec<Live>>,
    notices: broadcast::Sender<QuarterChanged>,
    clock: Clock,
    upcasters: Upcasters,
}

impl Werkmonitor {
    /// An empty view: it is folded from the log each time. (Measured: a store of record bodies gave them back at a fifth of the speed at
    /// which the log is read, and made taking in ten times slower.)
    #[must_use]
    pub fn new(clock: Clock) -> Self {
        Self {
            lives: Lives::new(),
            tail: Tail::START,
            first_event: None,
            recorded_at: None,
            live: Mutex::default(),
            notices: broadcast::Sender::new(NOTICES),
            clock,
            upcasters: Upcasters::of_today(),
        }
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

    /// All trajectories, in no order, and from which state of the log they and figures of a quarter are.
    pub fn trajectories(&self, quarter: Quarter) -> (impl Iterator<Item = &Trajectory>, AsOf) {
        (self.lives.all().filter_map(|(_, life)| life.trajectory.as_ref()), self.as_of(quarter))
    }

    fn today(&self) -> Date {
        amsterdam_day((self.clock)())
    }

    /// From which state figures are made now.
    fn as_of(&self, quarter: Quarter) -> AsOf {
        AsOf {
            position: self.tail.position.0,
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
        self.notices.send(QuarterChanged { quarter, position: self.tail.position }).unwrap_or_default();
    }
}

impl Projection for Werkmonitor {
    const NAME: &'static str = "werkmonitor";
    const VERSION: u32 = 1;
    // Taken in in memory, on every processor: some milliseconds.
    const AT_ONCE: usize = 4_096;
    // More is slower: what is read ahead while a portion is taken in is bounded, and what sends it would wait.
    const BUILT_AT_ONCE: usize = 4_096;

    fn tail(&self) -> Tail {
        self.tail
    }

    fn first_event(&self) -> Result<Option<Uuid>, AppError> {
        Ok(self.first_event)
    }

    fn apply(&mut self, batch: &RecordBatch) -> Result<(), AppError> {
        let Some((tail, last)) = batch.tail().zip(batch.records.last()) else { return Ok(()) };
        let first_event = stream::first_event_in(batch)?;
        let changed = self.lives.take_in(batch, &self.upcasters)?;
        self.first_event = self.first_event.or(first_event);
        (self.tail, self.recorded_at) = (tail, Some(last.header.recorded_at));
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
        self.lives.clear();
        (self.tail, self.first_event, self.recorded_at) = (Tail::START, None, None);
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
        let mut all: Vec<Entry> = self.lives.all().map(|(id, life)| (id.as_bytes().to_vec(), format!("{life:?}").into_bytes())).collect();
        all.sort_unstable();
        Ok(all)
    }

    /// There is nothing to close: what is in memory is folded from the log the next time, faster than a store would give it back.
    fn close(self) -> Result<(), AppError> {
        Ok(())
    }
}
