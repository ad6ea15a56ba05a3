//! The program as a process: what goes in, what comes out on which stream, with which exit code, and what a killed or damaged
//! folder does.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests fail by panicking, their helpers too")]

mod accounts;
mod completeness;
mod damage;
mod definitions;
mod export;
mod figures;
mod formats;
mod history;
mod import;
mod kill;
mod lineage;
mod lines;
mod modes;
mod nats;
mod output;
mod publications;
mod reading;
mod recorded;
mod report;
mod serve;
mod served;
mod support;
mod together;
