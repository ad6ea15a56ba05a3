//! The time, given from outside: a moment of the calendar for what rests, and one that never runs backwards for waits.

use std::{
    fmt,
    sync::{Mutex, PoisonError},
    time::{Duration, Instant, SystemTime},
};

use proto_events::{Date, Timestamp};

/// Tells the time.
pub trait Clock: fmt::Debug + Send + Sync + 'static {
    /// The moment.
    fn now(&self) -> Timestamp;
    /// How long this clock has run; it never runs backwards.
    fn running(&self) -> Duration;
}

/// The clock of the machine.
#[derive(Debug)]
pub struct SystemClock(Instant);

impl Default for SystemClock {
    fn default() -> Self {
        Self(Instant::now())
    }
}

impl Clock for SystemClock {
    fn now(&self) -> Timestamp {
        let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
        moment(i64::try_from(since.as_micros()).unwrap_or(i64::MAX))
    }

    fn running(&self) -> Duration {
        self.0.elapsed()
    }
}

/// A clock that stands still until it is told to go on: for tests.
#[derive(Debug)]
pub struct ClockByHand {
    begun: Timestamp,
    run: Mutex<Duration>,
}

impl ClockByHand {
    /// It shows this moment.
    #[must_use]
    pub fn at(begun: Timestamp) -> Self {
        Self { begun, run: Mutex::new(Duration::ZERO) }
    }

    /// It goes on by so much.
    pub fn advance(&self, by: Duration) {
        *self.run.lock().unwrap_or_else(PoisonError::into_inner) += by;
    }
}

impl Clock for ClockByHand {
    fn now(&self) -> Timestamp {
        later(self.begun, self.running())
    }

    fn running(&self) -> Duration {
        *self.run.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A moment so much later; the last of the calendar beyond it.
pub(crate) fn later(from: Timestamp, by: Duration) -> Timestamp {
    moment(from.micros().saturating_add(i64::try_from(by.as_micros()).unwrap_or(i64::MAX)))
}

/// The day of a moment, UTC.
pub(crate) fn day_of(moment: Timestamp) -> Option<Date> {
    i32::try_from(moment.micros().div_euclid(86_400_000_000)).ok().and_then(Date::from_days)
}

/// A clock beyond the year 9999 cannot be used: it says 1970.
fn moment(micros: i64) -> Timestamp {
    Timestamp::from_micros(micros).or_else(|| Timestamp::from_micros(0)).unwrap_or_else(|| unreachable!("1970 is a moment"))
}
