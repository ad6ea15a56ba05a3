//! From lines to the log and back: recording, replaying, answering, over a log in memory and one on disk.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests fail by panicking, their helpers too")]

mod as_of;
mod completeness;
mod desk;
mod faults;
mod fold;
mod identity;
mod lineage;
mod peer;
mod projector;
mod projector_world;
mod provisional;
mod recorded;
mod renew;
mod secrecy;
mod stored;
mod views;
mod withdrawn;
mod world;
