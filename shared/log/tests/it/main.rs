//! The in-memory log keeps the contract, and fails as it is told to.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests fail by panicking, their helpers too")]

mod faults;
mod order;

mod conformance {
    //! The suite that every adapter runs.
    use event_log::{MemoryLog, conformance::Factory};

    struct Memory;

    impl Factory for Memory {
        type Log = MemoryLog;

        async fn create(&self) -> MemoryLog {
            MemoryLog::new()
        }

        async fn reopen(&self, log: MemoryLog) -> MemoryLog {
            log
        }
    }

    event_log::conformance_tests!(Memory);
}
