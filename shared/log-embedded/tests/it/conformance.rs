//! The suite that every adapter runs: with segments of the usual length, and with ones so short that every test has many.

use std::sync::Mutex;

use event_log::conformance::Factory;
use log_embedded::{EmbeddedLog, Mode, Options};
use tempfile::TempDir;

/// Makes logs in folders that go away with it.
struct Folders {
    segment_bytes: u64,
    folders: Mutex<Vec<TempDir>>,
}

impl Folders {
    fn with(segment_bytes: u64) -> Self {
        Self { segment_bytes, folders: Mutex::default() }
    }

    fn open(&self, folder: &std::path::Path) -> EmbeddedLog {
        EmbeddedLog::open_with(folder, Mode::Write, Options::default().segment_bytes(self.segment_bytes)).expect("opened")
    }
}

impl Factory for Folders {
    type Log = EmbeddedLog;

    async fn create(&self) -> EmbeddedLog {
        let folder = TempDir::new().expect("a folder");
        let log = self.open(folder.path());
        self.folders.lock().expect("the folders").push(folder);
        log
    }

    async fn reopen(&self, log: EmbeddedLog) -> EmbeddedLog {
        let folder = log.folder().to_path_buf();
        drop(log);
        self.open(&folder)
    }
}

mod long_segments {
    event_log::conformance_tests!(super::Folders::with(log_embedded::SEGMENT_BYTES));
}

mod short_segments {
    event_log::conformance_tests!(super::Folders::with(2_000));
}
