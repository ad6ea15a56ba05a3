//! What rests on disk and travels: the JSON form and the stored form, their strictness, their golden bytes, and the way from older schemas.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests fail by panicking")]
#![allow(clippy::wildcard_enum_match_arm, reason = "a test looks at the variants that it is about")]
#![allow(clippy::inconsistent_digit_grouping, reason = "hundredths: 80_00 is eighty")]

mod arbitrary;
mod calendar;
mod data;
mod dates;
mod envelope;
mod golden;
mod names;
mod numbers;
mod round_trips;
mod samples;
mod stored;
mod timestamps;
mod unicode;
mod upcasting;
