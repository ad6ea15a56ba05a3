//! The gateway over real connections: a log in memory and one on disk, a real NATS server.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests fail by panicking, their helpers too")]

mod access;
mod commands;
mod limits;
mod live;
mod misuse;
mod nats;
mod openapi;
mod questions;
mod random;
mod strictness;
mod world;
