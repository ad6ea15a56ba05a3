//! Dates and timestamps as they travel: text in JSON, integers in MessagePack.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use crate::civil::{civil_from_days, days_from_civil, days_in_month};

const MICROS_PER_SECOND: i64 = 1_000_000;
const MICROS_PER_DAY: i64 = 86_400 * MICROS_PER_SECOND;
/// 0001-01-01T00:00:00Z.
const MIN_MICROS: i64 = days_from_civil(1, 1, 1) as i64 * MICROS_PER_DAY;
/// 9999-12-31T23:59:59.999999Z.
const MAX_MICROS: i64 = (days_from_civil(9999, 12, 31) as i64 + 1) * MICROS_PER_DAY - 1;

/// A calendar date of the years 1 to 9999: `occurred_on`. In JSON `YYYY-MM-DD`, stored as days since 1970-01-01.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Date(i32);

/// A date that is none.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("expected a date of the calendar as YYYY-MM-DD")]
pub struct NotADate;

impl Date {
    /// From days since 1970-01-01. `None` outside the years 1 to 9999.
    #[must_use]
    pub fn from_days(days: i32) -> Option<Self> {
        (days_from_civil(1, 1, 1)..=days_from_civil(9999, 12, 31)).contains(&days).then_some(Self(days))
    }

    /// From year, month and day. `None` where the calendar has no such date.
    #[must_use]
    pub fn from_civil(year: i32, month: i32, day: i32) -> Option<Self> {
        let exists = (1..=9999).contains(&year) && (1..=12).contains(&month) && (1..=days_in_month(year, month)).contains(&day);
        exists.then(|| Self(days_from_civil(year, month, day)))
    }

    /// Days since 1970-01-01.
    #[must_use]
    pub const fn days(self) -> i32 {
        self.0
    }
}

impl FromStr for Date {
    type Err = NotADate;

    fn from_str(text: &str) -> Result<Self, NotADate> {
        let bytes: &[u8; 10] = text.as_bytes().try_into().map_err(|_| NotADate)?;
        if bytes[4] != b'-' || bytes[7] != b'-' {
            return Err(NotADate);
        }
        let part = |range: std::ops::Range<usize>| digits(&bytes[range]).ok_or(NotADate);
        Self::from_civil(part(0..4)?, part(5..7)?, part(8..10)?).ok_or(NotADate)
    }
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (year, month, day) = civil_from_days(self.0);
        write!(f, "{year:04}-{month:02}-{day:02}")
    }
}

/// A moment in UTC with microseconds: `recorded_at`. In JSON RFC 3339, stored as microseconds since 1970.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp(i64);

/// A timestamp that is none.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("expected a moment with date, time, at most 6 digits of fraction and an offset, such as 2025-03-31T09:30:00Z")]
pub struct NotATimestamp;

impl Timestamp {
    /// From microseconds since 1970-01-01T00:00:00Z. `None` outside the years 1 to 9999.
    #[must_use]
    pub fn from_micros(micros: i64) -> Option<Self> {
        (MIN_MICROS..=MAX_MICROS).contains(&micros).then_some(Self(micros))
    }

    /// Microseconds since 1970-01-01T00:00:00Z.
    #[must_use]
    pub const fn micros(self) -> i64 {
        self.0
    }
}

impl FromStr for Timestamp {
    type Err = NotATimestamp;

    /// RFC 3339 with 0 to 6 digits of fraction and any offset.
    fn from_str(text: &str) -> Result<Self, NotATimestamp> {
        parse_timestamp(text.as_bytes()).ok_or(NotATimestamp)
    }
}

fn parse_timestamp(text: &[u8]) -> Option<Timestamp> {
    let (date, rest) = text.split_at_checked(10)?;
    let date: Date = std::str::from_utf8(date).ok()?.parse().ok()?;
    let (clock, mut rest) = rest.split_at_checked(9)?;
    if !matches!(clock[0], b'T' | b't') || clock[3] != b':' || clock[6] != b':' {
        return None;
    }
    let (hours, minutes, seconds) = (digits(&clock[1..3])?, digits(&clock[4..6])?, digits(&clock[7..9])?);
    if hours > 23 || minutes > 59 || seconds > 59 {
        return None;
    }
    let mut micros = 0;
    if let Some(fraction) = rest.strip_prefix(b".") {
        let length = fraction.iter().take_while(|b| b.is_ascii_digit()).count();
        if length == 0 || length > 6 {
            return None;
        }
        micros = digits(&fraction[..length])? * 10_i32.pow(6 - u32::try_from(length).ok()?);
        rest = &fraction[length..];
    }
    let offset_minutes = match rest {
        [b'Z' | b'z'] => 0,
        [sign @ (b'+' | b'-'), offset @ ..] if offset.len() == 5 && offset[2] == b':' => {
            let (hours, minutes) = (digits(&offset[..2])?, digits(&offset[3..])?);
            if hours > 23 || minutes > 59 {
                return None;
            }
            (hours * 60 + minutes) * if *sign == b'-' { -1 } else { 1 }
        }
        _ => return None,
    };
    let seconds = i64::from(date.0) * 86_400 + i64::from(hours * 3600 + minutes * 60 + seconds - offset_minutes * 60);
    Timestamp::from_micros(seconds * MICROS_PER_SECOND + i64::from(micros))
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let days = self.0.div_euclid(MICROS_PER_DAY);
        let of_day = self.0.rem_euclid(MICROS_PER_DAY);
        let (year, month, day) = civil_from_days(i32::try_from(days).unwrap_or_default());
        let (seconds, micros) = (of_day / MICROS_PER_SECOND, of_day % MICROS_PER_SECOND);
        let (hour, minute, second) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
        write!(f, "{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}.{micros:06}Z")
    }
}

/// A number of ASCII digits only.
fn digits(text: &[u8]) -> Option<i32> {
    text.iter().try_fold(0_i32, |n, b| b.is_ascii_digit().then(|| n * 10 + i32::from(b - b'0')))
}

/// Text in forms that people read, an integer in those that they don't.
macro_rules! text_or_integer {
    ($type:ident, $integer:ty, $make:expr, $expecting:literal) => {
        impl Serialize for $type {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                if serializer.is_human_readable() { serializer.collect_str(self) } else { self.0.serialize(serializer) }
            }
        }

        impl<'de> Deserialize<'de> for $type {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                struct Text;
                impl de::Visitor<'_> for Text {
                    type Value = $type;
                    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                        f.write_str($expecting)
                    }
                    fn visit_str<E: de::Error>(self, text: &str) -> Result<$type, E> {
                        text.parse().map_err(|_| E::invalid_value(de::Unexpected::Str(text), &self))
                    }
                }
                if deserializer.is_human_readable() {
                    deserializer.deserialize_str(Text)
                } else {
                    let integer = <$integer>::deserialize(deserializer)?;
                    $make(integer).ok_or_else(|| de::Error::custom(concat!("out of range for ", $expecting)))
                }
            }
        }
    };
}

text_or_integer!(Date, i32, Date::from_days, "a date of the calendar as YYYY-MM-DD");
text_or_integer!(Timestamp, i64, Timestamp::from_micros, "a moment such as 2025-03-31T09:30:00Z, with at most 6 digits of fraction");
