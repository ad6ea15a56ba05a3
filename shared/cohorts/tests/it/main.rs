//! Curves beside a published example, and lives whose answers can be counted by hand.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::float_arithmetic,
    reason = "tests may panic: that is how they fail; an estimate is compared"
)]

mod life;
mod questions;
mod survival;
