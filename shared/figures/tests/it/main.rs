//! The figures count what the contract says, at each boundary and on both sides of it.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests fail by panicking, their helpers too"
)]

mod buckets;
mod cells;
mod corrections;
mod definitions;
mod education;
mod fractions;
mod json;
mod life;
mod naive;
mod outflow;
mod paid_work;
mod population;
mod properties;
mod scope;
mod sustainable;
mod unpaid;
