//! A log on NATS that is read to the end: by a consumer that does nothing with it, by the log's own reading, and by the view of the
//! figures, which is built from it while it is served.

use std::{
    path::PathBuf,
    process::{Command, Stdio},
    sync::Arc,
    time::{Duration, Instant},
};

use app::projector::{Projector, Settings};
use async_nats::jetstream::consumer::{AckPolicy, DeliverPolicy, pull};
use event_log::{EventLog, Position, RecordReader, Until};
use futures_util::StreamExt;
use log_jetstream::{JetStreamLog, Mode, testbed::Server};
use werkmonitor::Werkmonitor;

use crate::{import, line, now, peak_mib};

/// Messages that a pull asks for at once: the fastest of those that were tried.
const AT_ONCE: usize = 10_000;
/// One round says little: the speed of a shared machine swings by a fifth from one to the next.
const ROUNDS: usize = 7;

/// The messages of the stream, thrown away as they come.
async fn bare(log: &JetStreamLog, messages: u64) -> Duration {
    let began = Instant::now();
    let config = pull::Config { deliver_policy: DeliverPolicy::All, ack_policy: AckPolicy::None, ..pull::Config::default() };
    let stream = log.context().get_stream(log_jetstream::STREAM).await.expect("the stream");
    let consumer = stream.create_consumer(config).await.expect("a consumer");
    let mut all = consumer.stream().max_messages_per_batch(AT_ONCE).messages().await.expect("messages");
    for _ in 0..messages {
        all.next().await.expect("one more").expect("a message");
    }
    began.elapsed()
}

/// Everything.
pub async fn run(events: u64) {
    let (server, folder) = (Server::start(), tempfile::tempdir().unwrap());
    let lines = folder.path().join("events.jsonl");
    let count = import::write_lines(&lines, events);
    let program = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../target/release/trajectlog"));
    let began = Instant::now();
    let done = Command::new(program)
        .args(["--nats", &server.url(), "--nats-monitor", &server.monitor_url(), "import"])
        .arg(&lines)
        .env("TRAJECTLOG_MASTER_KEY", "07".repeat(32))
        .current_dir(folder.path())
        .stdout(Stdio::null())
        .status()
        .expect("build the program first: cargo build --release");
    assert!(done.success());
    println!("a log of {count} events on one nats-server, sync_interval: always");
    line("import", count, began.elapsed(), None);
    let log = Arc::new(JetStreamLog::open(server.options(), Mode::ReadOnly).await.expect("a log"));
    let messages = log.context().get_stream(log_jetstream::STREAM).await.unwrap().cached_info().state.messages;
    let mut took: [Vec<Duration>; 4] = std::array::from_fn(|_| Vec::new());
    for round in 1..=ROUNDS {
        println!("round {round}");
        let limit = bare(&log, messages).await;
        let began = Instant::now();
        let mut reader = log.read(Position::START, Until::Head).await.expect("a reading");
        while let Some(batch) = reader.next().await.expect("a batch") {
            drop(batch);
        }
        let reading = began.elapsed();
        let views = folder.path().join(format!("views-{round}"));
        let began = Instant::now();
        let make = |_: &std::path::Path| Ok(Werkmonitor::new(now));
        let projector = Projector::start(Arc::clone(&log), &views, now, Settings::default(), make).await.expect("a projector");
        projector.reached(Position(count)).await.expect("reached");
        let from_nothing = began.elapsed();
        let began = Instant::now();
        projector.rebuild().await.expect("it runs");
        let mut status = projector.watch();
        status.wait_for(|status| status.rebuild.is_none()).await.expect("taken over");
        let round = [limit, reading, from_nothing, began.elapsed()];
        projector.stop().await.expect("closed");
        tell(count, round);
        took.iter_mut().zip(round).for_each(|(all, one)| all.push(one));
    }
    println!("medians of {ROUNDS} rounds");
    tell(count, took.map(median));
    println!("peak memory {} MiB (both views at once)", peak_mib());
}

fn tell(count: u64, [limit, reading, from_nothing, rebuilt]: [Duration; 4]) {
    line("  a bare consumer, nothing looked at", count, limit, None);
    line("  the log's reading, every record checked", count, reading, Some((count, limit)));
    line("  the figures, from nothing to all", count, from_nothing, Some((count, limit)));
    line("  rebuilt beside the living view", count, rebuilt, Some((count, limit)));
}

fn median(mut all: Vec<Duration>) -> Duration {
    all.sort_unstable();
    all[all.len() / 2]
}
