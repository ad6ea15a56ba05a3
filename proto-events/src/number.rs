//! Numbers, exact: hundredths and whole numbers. Nothing here is ever a floating-point number.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use serde_json::value::RawValue;

/// A number with at most two decimals, counted in hundredths: 11.99 is `Hundredths(1199)`. What is too large to hold is
/// held as the largest: the rules refuse it as out of range, they need not know by how much.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Hundredths(pub i32);

/// A whole number, written without a point. What is too large to hold is held as the largest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct WholeNumber(pub i32);

/// Written as short as possible: `12`, `12.5`, `12.05`.
impl fmt::Display for Hundredths {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.0 < 0 { "-" } else { "" };
        let (whole, rest) = (self.0.unsigned_abs() / 100, self.0.unsigned_abs() % 100);
        match rest {
            0 => write!(f, "{sign}{whole}"),
            rest if rest % 10 == 0 => write!(f, "{sign}{whole}.{}", rest / 10),
            rest => write!(f, "{sign}{whole}.{rest:02}"),
        }
    }
}

impl std::str::FromStr for Hundredths {
    type Err = &'static str;

    /// From a JSON number.
    fn from_str(literal: &str) -> Result<Self, Self::Err> {
        exact(literal)
    }
}

/// The exact value of a JSON number in hundredths, saturated.
fn exact(literal: &str) -> Result<Hundredths, &'static str> {
    const TOO_MANY: &str = "a number has at most two decimals";
    const NO_NUMBER: &str = "expected a number";
    let (negative, digits) = literal.strip_prefix('-').map_or((false, literal), |rest| (true, rest));
    let (mantissa, exponent) = digits.split_once(['e', 'E']).unwrap_or((digits, "0"));
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    if whole.is_empty() || !whole.bytes().chain(fraction.bytes()).all(|b| b.is_ascii_digit()) {
        return Err(NO_NUMBER);
    }
    let significant = || whole.bytes().chain(fraction.bytes()).map(|b| b - b'0').skip_while(|d| *d == 0);
    // An exponent that does not fit is so large or so small that saturation and "too many decimals" are the answers.
    let exponent: i64 = exponent.parse().unwrap_or(if exponent.starts_with('-') { i64::MIN } else { i64::MAX });
    let exponent = exponent.clamp(i64::from(i32::MIN), i64::from(i32::MAX));
    // value = significant digits × 10^scale hundredths
    let scale = exponent - i64::try_from(fraction.len()).map_err(|_| NO_NUMBER)? + 2;
    if significant().next().is_none() {
        return if fraction.len() > 2 { Err(TOO_MANY) } else { Ok(Hundredths(0)) };
    }
    if scale < 0 {
        return Err(TOO_MANY);
    }
    let value = significant()
        .chain(std::iter::repeat_n(0, usize::try_from(scale.min(12)).unwrap_or_default()))
        .fold(0_i64, |n, d| n.saturating_mul(10).saturating_add(i64::from(d)));
    let value = if negative { -value } else { value };
    Ok(Hundredths(i32::try_from(value).unwrap_or(if negative { i32::MIN } else { i32::MAX })))
}

/// The value of a JSON number without point or exponent, saturated.
fn whole(literal: &str) -> Result<WholeNumber, &'static str> {
    let digits = literal.strip_prefix('-').unwrap_or(literal);
    if digits.is_empty() || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return Err("expected a whole number, written without a point");
    }
    Ok(WholeNumber(literal.parse().unwrap_or(if literal.starts_with('-') { i32::MIN } else { i32::MAX })))
}

/// The literal itself in JSON, so that no digit is lost; an integer in MessagePack.
macro_rules! exact_number {
    ($type:ident, $parse:path) => {
        impl Serialize for $type {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                if serializer.is_human_readable() {
                    let literal = RawValue::from_string(self.to_string()).map_err(serde::ser::Error::custom)?;
                    literal.serialize(serializer)
                } else {
                    self.0.serialize(serializer)
                }
            }
        }

        impl<'de> Deserialize<'de> for $type {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                if deserializer.is_human_readable() {
                    $parse(<&RawValue>::deserialize(deserializer)?.get()).map_err(de::Error::custom)
                } else {
                    i32::deserialize(deserializer).map(Self)
                }
            }
        }
    };
}

impl fmt::Display for WholeNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

exact_number!(Hundredths, exact);
exact_number!(WholeNumber, whole);
