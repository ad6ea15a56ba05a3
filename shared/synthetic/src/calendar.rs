//! Days, months, quarters, and the clock of an office in the Netherlands.

use proto_events::{Date, Timestamp};

use crate::dice::Dice;

const MICROS_PER_SECOND: i64 = 1_000_000;
const MICROS_PER_DAY: i64 = 86_400 * MICROS_PER_SECOND;

/// The year of quarter 0.
pub(crate) const FIRST_YEAR: i32 = 2022;

/// So many days later; at the end of the calendar the day itself.
pub(crate) fn plus(day: Date, days: i32) -> Date {
    Date::from_days(day.days().saturating_add(days)).unwrap_or(day)
}

/// Year, month and day.
pub(crate) fn civil(day: Date) -> (i32, i32, i32) {
    let days = day.days() + 719_468;
    let era = days.div_euclid(146_097);
    let of_era = days.rem_euclid(146_097);
    let year_of_era = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted = (5 * of_year + 2) / 153;
    let month = if shifted < 10 { shifted + 3 } else { shifted - 9 };
    (year_of_era + era * 400 + i32::from(month <= 2), month, of_year - (153 * shifted + 2) / 5 + 1)
}

/// The date, the last day of the month where there is none, 1970-01-01 outside the calendar.
pub(crate) fn date(year: i32, month: i32, day: i32) -> Date {
    (0..4).find_map(|less| Date::from_civil(year, month, day - less)).unwrap_or_else(epoch)
}

fn epoch() -> Date {
    date(1970, 1, 1)
}

/// So many calendar months later; a day that does not exist falls to the month's last.
pub(crate) fn plus_months(day: Date, months: i32) -> Date {
    let (year, month, of_month) = civil(day);
    let months = year * 12 + month - 1 + months;
    date(months.div_euclid(12), months.rem_euclid(12) + 1, of_month)
}

/// The first day of a quarter, counted from 2022Q1 = 0.
pub(crate) fn quarter_start(quarter: i32) -> Date {
    date(FIRST_YEAR + quarter.div_euclid(4), quarter.rem_euclid(4) * 3 + 1, 1)
}

/// The last day of a quarter.
pub(crate) fn quarter_end(quarter: i32) -> Date {
    plus(quarter_start(quarter + 1), -1)
}

/// 0 for Monday to 6 for Sunday.
pub(crate) fn weekday(day: Date) -> i32 {
    (day.days() + 3).rem_euclid(7)
}

/// The day itself, or where it lies in a weekend a day of the week after it.
pub(crate) fn working_day(day: Date, dice: &mut Dice) -> Date {
    match 7 - weekday(day) {
        to_monday @ 1..=2 => plus(day, to_monday + dice.pick(&[0, 0, 0, 1, 1, 2, 3])),
        _ => day,
    }
}

/// Seconds that the clocks in Amsterdam are ahead of UTC at noon of a day: summer time from the last Sunday of March to the
/// last of October.
fn ahead(day: Date) -> i64 {
    let (year, ..) = civil(day);
    let last_sunday = |month| {
        let last = date(year, month, 31);
        plus(last, -((weekday(last) + 1) % 7))
    };
    if day >= last_sunday(3) && day < last_sunday(10) { 7_200 } else { 3_600 }
}

/// A moment of this day by the clock in Amsterdam; the clock is never between midnight and three, when it may change.
pub(crate) fn moment(day: Date, second_of_day: i64, micros: i64) -> Timestamp {
    let seconds = i64::from(day.days()) * 86_400 + second_of_day.max(3 * 3600) - ahead(day);
    Timestamp::from_micros(seconds * MICROS_PER_SECOND + micros).unwrap_or_else(|| moment(epoch(), 43_200, 0))
}

/// A moment somewhat later.
pub(crate) fn later(moment: Timestamp, seconds: i64, micros: i64) -> Timestamp {
    Timestamp::from_micros(moment.micros() + seconds * MICROS_PER_SECOND + micros).unwrap_or(moment)
}

/// The day in Amsterdam of a moment made by [`moment`]: never near midnight, so that noon's offset is the right one.
pub(crate) fn day_of(moment: Timestamp) -> Date {
    let utc = i32::try_from(moment.micros().div_euclid(MICROS_PER_DAY)).ok().and_then(Date::from_days).unwrap_or_else(epoch);
    let local = moment.micros() + ahead(utc) * MICROS_PER_SECOND;
    i32::try_from(local.div_euclid(MICROS_PER_DAY)).ok().and_then(Date::from_days).unwrap_or(utc)
}

/// A moment at which somebody at an office writes something down on this day: mostly between eight and six, seldom in the evening.
pub(crate) fn office(day: Date, dice: &mut Dice) -> Timestamp {
    let second = match dice.below(100) {
        0..40 => dice.between(8 * 3600 + 1_200, 12 * 3600 + 900),
        40..95 => dice.between(12 * 3600 + 1_800, 17 * 3600 + 2_700),
        _ => dice.between(18 * 3600, 21 * 3600),
    };
    moment(day, i64::from(second), i64::from(dice.between(0, 999_999)))
}
