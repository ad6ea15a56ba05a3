//! Views keep state and checkpoint together, and believe nothing that was not closed in order.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests fail by panicking, their helpers too")]

mod doubt;
mod former;
mod place;
mod states;
mod store;
mod support;
