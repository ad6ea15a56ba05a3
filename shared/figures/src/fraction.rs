//! One decimal, rounded once, from the exact fraction.

/// `100 × part / whole` with one decimal, half up (figures.md, "Percentages"). `None` when `whole` is 0.
#[must_use]
pub fn percentage(part: u64, whole: u64) -> Option<String> {
    let (part, whole) = (i128::from(part), i128::from(whole));
    (whole != 0).then(|| one_decimal(100 * part, whole))
}

/// `numerator / denominator` with one decimal, halves away from zero, never `-0.0`. The denominator is positive.
pub(crate) fn one_decimal(numerator: i128, denominator: i128) -> String {
    let tenths = (2 * 10 * numerator.abs() + denominator) / (2 * denominator);
    let sign = if numerator < 0 && tenths != 0 { "-" } else { "" };
    format!("{sign}{}.{}", tenths / 10, tenths % 10)
}
