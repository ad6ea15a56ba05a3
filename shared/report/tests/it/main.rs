//! The report of invented numbers: its words, its tables, its charts, its HTML.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod dutch;
mod html;
mod shielded;
mod support;
mod words;
