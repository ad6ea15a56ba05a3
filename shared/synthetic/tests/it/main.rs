//! The generators, held against the published numbers by a count of its own.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests fail by panicking")]

mod count;
mod published;
mod random;
