//! Moments and days: the clock that is handed in, days in Amsterdam, and as-of.

use std::str::FromStr;

use domain::{Date, Quarter};
use event_log::{Position, Until};
use jiff::tz::TimeZone;
use proto_events::Timestamp;

/// Where "now" comes from. Handed in, so that the core reads no clock and a test can say what time it is.
pub type Clock = fn() -> Timestamp;

fn amsterdam() -> &'static TimeZone {
    static ZONE: std::sync::LazyLock<TimeZone> = std::sync::LazyLock::new(|| TimeZone::get("Europe/Amsterdam").unwrap_or(TimeZone::UTC));
    &ZONE
}

/// The calendar day in Amsterdam at this moment.
#[must_use]
pub fn amsterdam_day(moment: Timestamp) -> Date {
    let offset = jiff::Timestamp::from_microsecond(moment.micros()).map_or(0, |t| amsterdam().to_offset(t).seconds());
    let seconds = moment.micros().div_euclid(1_000_000) + i64::from(offset);
    Date::from_days(i32::try_from(seconds.div_euclid(86_400)).unwrap_or_default())
}

/// The hour and minute that clocks in Amsterdam show at this moment.
#[must_use]
pub fn amsterdam_clock(moment: Timestamp) -> (u8, u8) {
    let shown = jiff::Timestamp::from_microsecond(moment.micros()).map(|t| amsterdam().to_datetime(t)).unwrap_or_default();
    (u8::try_from(shown.hour()).unwrap_or_default(), u8::try_from(shown.minute()).unwrap_or_default())
}

/// The moment at which this day begins in Amsterdam.
#[must_use]
pub fn midnight_in_amsterdam(day: Date) -> Timestamp {
    let (year, month, day_of_month) = day.civil();
    let date = jiff::civil::Date::new(
        i16::try_from(year).unwrap_or(i16::MAX),
        i8::try_from(month).unwrap_or(1),
        i8::try_from(day_of_month).unwrap_or(1),
    );
    let utc_midnight = i64::from(day.days()) * 86_400_000_000;
    let micros =
        date.ok().and_then(|date| date.to_zoned(amsterdam().clone()).ok()).map_or(utc_midnight, |z| z.timestamp().as_microsecond());
    Timestamp::from_micros(micros).or_else(|| Timestamp::from_micros(0)).unwrap_or_else(epoch)
}

fn epoch() -> Timestamp {
    // 0 is in range: the branch exists for the compiler only.
    Timestamp::from_micros(0).unwrap_or_else(|| unreachable!("1970 lies between the years 1 and 9999"))
}

/// Whether the quarter had not yet ended at this moment: midnight in Amsterdam after its last day. Told by the day, because
/// the midnight after the last day of 9999 is no moment any more.
pub(crate) fn is_provisional(quarter: Quarter, moment: Timestamp) -> bool {
    amsterdam_day(moment) <= quarter.last_day()
}

/// Whether a day of the quarter had come at this moment, by the calendar of Amsterdam. Before that there is nothing to explain or report of it.
#[must_use]
pub fn has_begun(quarter: Quarter, moment: Timestamp) -> bool {
    quarter.first_day() <= amsterdam_day(moment)
}

/// As of a log position or a moment; the durable end when nothing is asked.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum AsOf {
    /// The durable end.
    #[default]
    Now,
    /// This position, moved back to the last whole decision.
    Position(Position),
    /// The last event recorded at or before this moment.
    Moment(Timestamp),
}

impl AsOf {
    /// As the log takes it.
    #[must_use]
    pub const fn until(self) -> Until {
        match self {
            Self::Now => Until::Head,
            Self::Position(position) => Until::Position(position),
            Self::Moment(moment) => Until::Moment(moment),
        }
    }
}

/// An as-of that is none.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "'{0}' is neither a log position (0, 1, 2, …) nor a moment with date, time and offset (2025-05-15T12:00:00Z); a date alone is not enough"
)]
pub struct NotAnAsOf(String);

impl FromStr for AsOf {
    type Err = NotAnAsOf;

    fn from_str(text: &str) -> Result<Self, NotAnAsOf> {
        if !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit()) {
            // More digits than fit lie beyond every end.
            return Ok(Self::Position(Position(text.parse().unwrap_or(u64::MAX))));
        }
        text.parse().map(Self::Moment).map_err(|_| NotAnAsOf(text.to_owned()))
    }
}
