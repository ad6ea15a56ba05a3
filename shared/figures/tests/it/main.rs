//! The figures count what the contract says, at each boundary and on both sides of it.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests fail by panicking, their helpers too")]
#![allow(clippy::wildcard_enum_match_arm, reason = "a test looks at the variants that it is about")]
#![allow(clippy::inconsistent_digit_grouping, reason = "hundredths read best with the point's place marked: 11_50 is 11.50")]

mod buckets;
mod cells;
mod completeness;
mod corrections;
mod definitions;
mod disclosure;
mod education;
mod fractions;
mod incremental;
mod json;
mod life;
mod lineage;
mod naive;
mod outflow;
mod paid_work;
mod population;
mod properties;
mod scope;
mod sustainable;
mod unpaid;
