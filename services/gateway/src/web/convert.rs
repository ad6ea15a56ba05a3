//! Days, numbers and texts as pages take them.

use domain::Date;
use pages::{Day, Decimal, Minute};
use proto_events::Timestamp;

/// A day of the domain.
pub(crate) fn day(date: Date) -> Day {
    Day::from_days(date.days())
}

/// A day of an event.
pub(crate) fn day_of(date: proto_events::Date) -> Day {
    Day::from_days(date.days())
}

/// The day in Amsterdam on which this was.
pub(crate) fn day_at(moment: Timestamp) -> Day {
    day(app::amsterdam_day(moment))
}

/// The minute in Amsterdam in which this was.
pub(crate) fn minute(moment: Timestamp) -> Minute {
    let day = app::amsterdam_day(moment);
    let since = moment.micros().saturating_sub(app::midnight_in_amsterdam(day).micros()) / 60_000_000;
    // On the day on which clocks are put back or forward it is an hour off after that; nobody works then.
    let of = |part: i64| u8::try_from(part).unwrap_or_default();
    Minute { day: Day::from_days(day.days()), hour: of((since / 60).clamp(0, 23)), minute: of(since % 60) }
}

/// A number in hundredths; a negative one, which no event has, is 0.
pub(crate) fn decimal(hundredths: i32) -> Decimal {
    Decimal::hundredths(u32::try_from(hundredths).unwrap_or_default())
}

/// A text as it may be seen.
pub(crate) fn text(text: proto_events::Text, open: bool) -> pages::Text {
    match text {
        proto_events::Text::Clear(text) if open => pages::Text::Open(text),
        proto_events::Text::Clear(_) => pages::Text::Sealed,
        proto_events::Text::Erased => pages::Text::Erased,
    }
}
