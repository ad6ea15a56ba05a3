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
    let (hour, minute) = app::amsterdam_clock(moment);
    Minute { day: day_at(moment), hour, minute }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn minutes_are_those_of_the_clock_also_on_days_on_which_it_changes() {
        for (moment, day, hour) in [
            ("2026-03-29T00:30:00Z", (2026, 3, 29), 1),
            ("2026-03-29T01:30:00Z", (2026, 3, 29), 3),
            ("2026-10-25T00:30:00Z", (2026, 10, 25), 2),
            ("2026-10-25T01:30:00Z", (2026, 10, 25), 2),
            ("2026-10-25T15:30:00Z", (2026, 10, 25), 16),
            ("2026-07-01T22:30:00Z", (2026, 7, 2), 0),
        ] {
            let shown = minute(moment.parse().unwrap());
            assert_eq!((shown.day.parts(), shown.hour, shown.minute), (day, hour, 30), "{moment}");
        }
    }
}
