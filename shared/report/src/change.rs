//! What changed since an earlier quarter, and the words for it.
//!
//! The rules for words: a number that differs by less than a two-hundredth of the earlier one is *nagenoeg gelijk*, and so is a share that differs by
//! less than half a percentage point; everything else has risen or fallen. Numbers are compared as exact fractions, before they are rounded.

use domain::Quarter;
use figures::{CellKey, ChangeBasis, Definitions, Measure};

use crate::{
    dutch,
    numbers::{Figure, Fraction, Numbers},
};

/// One part of so many of the earlier number is the least that counts as a change in words: half a percent.
const LEAST_PART: i128 = 200;

/// Which way something went.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// It rose.
    Up,
    /// It fell.
    Down,
    /// It differs too little to speak of.
    AboutEqual,
    /// It is the same number.
    Equal,
}

impl Direction {
    /// Of a number.
    #[must_use]
    pub const fn of_counts(now: u64, then: u64) -> Self {
        let (now, then) = (now as i128, then as i128);
        let difference = now - then;
        if difference == 0 {
            Self::Equal
        } else if difference.abs() * LEAST_PART < then {
            Self::AboutEqual
        } else if difference > 0 {
            Self::Up
        } else {
            Self::Down
        }
    }

    /// Of a share.
    #[must_use]
    pub fn of_shares(now: Fraction, then: Fraction) -> Self {
        let [a, b, c, d] = [now.part, now.whole, then.part, then.whole].map(i128::from);
        let difference = a * d - c * b;
        if difference == 0 {
            Self::Equal
        } else if difference.abs() * LEAST_PART < b * d {
            Self::AboutEqual
        } else if difference > 0 {
            Self::Up
        } else {
            Self::Down
        }
    }

    /// `gestegen`, `gedaald`, `nagenoeg gelijk gebleven`, `gelijk gebleven`.
    #[must_use]
    pub const fn participle(self) -> &'static str {
        match self {
            Self::Up => "gestegen",
            Self::Down => "gedaald",
            Self::AboutEqual => "nagenoeg gelijk gebleven",
            Self::Equal => "gelijk gebleven",
        }
    }
}

/// A number now and in an earlier quarter.
#[derive(Clone, Copy, Debug)]
pub struct Change {
    /// Now.
    pub now: Figure,
    /// Then.
    pub then: Figure,
    /// The quarter of then.
    pub quarter: Quarter,
    basis: ChangeBasis,
}

fn rounded_tenths(numerator: i128, denominator: i128) -> i128 {
    let size = (2 * 10 * numerator.abs() + denominator) / (2 * denominator.max(1));
    if numerator < 0 { -size } else { size }
}

impl Change {
    /// Of a measure of a cell.
    #[must_use]
    pub fn of(now: &Numbers, then: &Numbers, key: &CellKey, measure: Measure, definitions: &Definitions) -> Self {
        Self {
            now: now.figure(key, measure),
            then: then.figure(key, measure),
            quarter: then.quarter(),
            basis: definitions.change_basis(measure),
        }
    }

    /// The difference of the counts; `None` where one is shielded.
    #[must_use]
    pub fn absolute(&self) -> Option<i128> {
        Some(i128::from(self.now.count?) - i128::from(self.then.count?))
    }

    /// The difference in tenths of a percent of the earlier or the current number; `None` where that is 0 or shielded.
    #[must_use]
    pub fn relative_to(&self, basis: ChangeBasis) -> Option<i128> {
        let of = match basis {
            ChangeBasis::Earlier => self.then.count?,
            ChangeBasis::Current => self.now.count?,
        };
        (of != 0).then_some(rounded_tenths(100 * self.absolute()?, i128::from(of)))
    }

    /// The same on the basis that the definitions name.
    #[must_use]
    pub fn relative(&self) -> Option<i128> {
        self.relative_to(self.basis)
    }

    /// The difference of the shares in tenths of a percentage point, from the exact fractions.
    #[must_use]
    pub fn points(&self) -> Option<i128> {
        let (now, then) = (self.now.fraction?, self.then.fraction?);
        let [a, b, c, d] = [now.part, now.whole, then.part, then.whole].map(i128::from);
        Some(rounded_tenths(100 * (a * d - c * b), b * d))
    }

    /// Which way the number went.
    #[must_use]
    pub fn direction(&self) -> Option<Direction> {
        Some(Direction::of_counts(self.now.count?, self.then.count?))
    }

    /// Which way the share went.
    #[must_use]
    pub fn share_direction(&self) -> Option<Direction> {
        Some(Direction::of_shares(self.now.fraction?, self.then.fraction?))
    }

    /// The verb before [`Change::words`]: `is` of one more or fewer, else `zijn`.
    #[must_use]
    pub fn verb(&self) -> &'static str {
        if self.absolute().is_some_and(|difference| difference.abs() == 1) { "is" } else { "zijn" }
    }

    /// `26 meer dan in kwartaal 4 van 2024 (+0,6%)`.
    #[must_use]
    pub fn words(&self) -> String {
        let then = dutch::quarter(self.quarter);
        let Some(difference) = self.absolute() else {
            return format!("niet te vergelijken met {then} (afgeschermd)");
        };
        let relative = match self.relative() {
            Some(tenths) => format!(" ({}%)", dutch::signed_tenths(tenths)),
            None if self.then.is_zero() => " (toen geen)".to_owned(),
            None => String::new(),
        };
        let size = dutch::number(u64::try_from(difference.unsigned_abs()).unwrap_or(u64::MAX));
        match difference {
            0 => format!("evenveel als in {then}"),
            1.. => format!("{size} meer dan in {then}{relative}"),
            i128::MIN..=-1 => format!("{size} minder dan in {then}{relative}"),
        }
    }

    /// `1,4 procentpunt lager dan in kwartaal 4 van 2024`; with what it was.
    #[must_use]
    pub fn share_words(&self) -> String {
        let then = dutch::quarter(self.quarter);
        let (Some(points), Some(direction), Some(was)) = (self.points(), self.share_direction(), self.then.fraction) else {
            return format!("niet te vergelijken met {then}");
        };
        let was = dutch::of_whole(Some(was)).trim_start().replacen('(', "(toen ", 1);
        let size = dutch::tenths(points.abs());
        match direction {
            Direction::Equal => format!("gelijk aan dat in {then} {was}"),
            Direction::AboutEqual => {
                format!("nagenoeg gelijk aan dat in {then} ({} procentpunt; {}", dutch::signed_tenths(points), &was[1..])
            }
            Direction::Up => format!("{size} procentpunt hoger dan in {then} {was}"),
            Direction::Down => format!("{size} procentpunt lager dan in {then} {was}"),
        }
    }
}
