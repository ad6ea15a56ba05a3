//! Numbers with at most two decimals, exact, and how they are said.

use crate::lang::Lang;

/// A number in hundredths: 11,5 hours are 1150.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Decimal(u32);

impl Decimal {
    /// From hundredths.
    #[must_use]
    pub const fn hundredths(hundredths: u32) -> Self {
        Self(hundredths)
    }

    /// A whole number.
    #[must_use]
    pub const fn whole(number: u32) -> Self {
        Self(number.saturating_mul(100))
    }

    /// What is missing to `needed`; nothing when there is enough.
    #[must_use]
    pub const fn short_of(self, needed: Self) -> Self {
        Self(needed.0.saturating_sub(self.0))
    }

    /// As short as possible, with the mark of the language: `16`, `11,5`, `11.5`.
    #[must_use]
    pub fn words(self, lang: Lang) -> String {
        let (whole, rest) = (self.0 / 100, self.0 % 100);
        let mark = lang.t(",", ".");
        match rest {
            0 => whole.to_string(),
            tenths if tenths % 10 == 0 => format!("{whole}{mark}{}", tenths / 10),
            hundredths => format!("{whole}{mark}{hundredths:02}"),
        }
    }
}

/// A part of a whole as a coordinate of SVG, `12.34%`: rounded half up, always with a point and two decimals; never below nothing.
pub(crate) fn percent(part: i32, whole: i32) -> String {
    let whole = i64::from(whole).max(1);
    let hundredths = (i64::from(part) * 20_000 + whole).div_euclid(2 * whole).max(0);
    format!("{}.{:02}%", hundredths / 100, hundredths % 100)
}
