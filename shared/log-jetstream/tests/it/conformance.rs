//! The suite that every adapter runs, each test on a server of its own.

use std::sync::Mutex;

use event_log::conformance::Factory;
use log_jetstream::{HEADER_ROOM, JetStreamLog, Mode, Options, testbed::Server};

/// The largest message of a server that is told nothing, in bytes.
const MAX_PAYLOAD: usize = 1 << 20;

/// Makes logs on a server that goes away with it.
struct Streams {
    server: Server,
    made: Mutex<Vec<Options>>,
}

impl Default for Streams {
    fn default() -> Self {
        Self { server: Server::start(), made: Mutex::default() }
    }
}

impl Factory for Streams {
    type Log = JetStreamLog;

    async fn create(&self) -> JetStreamLog {
        let options = {
            let mut made = self.made.lock().expect("the logs");
            let options = self.server.options_for(&made.len().to_string());
            made.push(options.clone());
            options
        };
        JetStreamLog::open(options, Mode::Write).await.expect("opened")
    }

    async fn reopen(&self, log: JetStreamLog) -> JetStreamLog {
        drop(log);
        let options = self.made.lock().expect("the logs").last().cloned().expect("a log");
        JetStreamLog::open(options, Mode::Write).await.expect("opened")
    }

    fn largest_body(&self) -> usize {
        MAX_PAYLOAD - HEADER_ROOM
    }
}

event_log::conformance_tests!(Streams::default());
