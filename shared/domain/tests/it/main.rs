//! What the core accepts and refuses, and what a trajectory amounts to: one module per situation, each rule with its
//! boundary on the other side.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests fail by panicking")]
#![allow(clippy::wildcard_enum_match_arm, reason = "a test looks at the variants that it is about")]
#![allow(clippy::inconsistent_digit_grouping, reason = "hundredths: 80_00 is eighty")]

mod before_the_timeline;
mod bounds;
mod breaking_others;
mod calendar;
mod corrections;
mod decisions;
mod given;
mod order_of_codes;
mod properties;
mod status;
mod sustainable;
mod targets;
mod trajectory;
mod values;
mod words;
mod work;
