//! Figures from memory and live ones say what a fresh count of the log says, at every position.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests fail by panicking, their helpers too")]

mod live;
mod notices;
mod warm;
mod world;
