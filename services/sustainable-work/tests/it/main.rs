//! Every status is up to date with the log and the day, found in lists, and published once it has changed.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests fail by panicking, their helpers too")]

mod lists;
mod portions;
mod publishing;
mod statuses;
mod world;
