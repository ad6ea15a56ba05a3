//! The register of publications: its rules, its form for ever, its adapters.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests fail by panicking, their helpers too")]

mod declared;
mod filed;
mod golden;
mod rules;
mod world;
