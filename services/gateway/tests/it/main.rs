//! The gateway over real connections: a log in memory and one on disk, a real NATS server.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests fail by panicking, their helpers too")]

mod access;
mod account_pages;
mod administer;
mod by_provider;
mod commands;
mod completeness;
mod covers;
mod csrf;
mod dashboard;
mod denied;
mod endpoints;
mod forms;
mod guessing;
mod headers;
mod idp;
mod limits;
mod lineage;
// What tests hear of the operator's log is heard the same way there.
#[path = "../../../../shared/accounts/tests/it/lines.rs"]
mod lines;
mod live;
mod misuse;
mod nats;
mod openapi;
mod openings;
mod organisation;
mod others;
mod over_time;
mod pages;
mod pivot;
mod projector_pages;
mod provider;
mod publications_page;
mod questions;
mod random;
mod report;
mod sheet;
mod sign_in;
mod signed;
mod strictness;
mod sweep;
mod taken_along;
mod tokens;
mod world;
