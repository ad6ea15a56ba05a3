//! The report of invented numbers: its words, its tables, its charts, its HTML.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::disallowed_methods,
    reason = "tests fail by panicking, and read golden texts"
)]

mod dutch;
mod html;
mod shielded;
mod state;
mod support;
mod words;
