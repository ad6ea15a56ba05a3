//! The embedded log keeps the contract, in files as they are and in files as a crash or a bad disk leaves them.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests fail by panicking, their helpers too")]

mod conformance;
mod crash;
mod damage;
mod failing_disk;
mod folder;
mod golden;
mod support;
