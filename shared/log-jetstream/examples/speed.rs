//! How fast the log is on this machine, beside a bare consumer of the same stream: appends one at a time and many in flight, reading.
//!
//!     cargo run --release --package log-jetstream --features testbed --example speed
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::print_stdout, clippy::float_arithmetic, reason = "a measurement")]

use std::time::Instant;

use async_nats::jetstream::{
    self,
    consumer::{AckPolicy, pull},
};
use event_log::{
    EventLog, Position, RecordReader, Until,
    conformance::{append, record_with},
};
use futures_util::StreamExt;
use log_jetstream::{
    Durability, JetStreamLog, Mode,
    testbed::{Server, Settings},
};

const RECORDS: usize = 100_000;
const ROUNDS: usize = 3;

#[tokio::main]
async fn main() {
    for default_sync in [false, true] {
        let server = Server::with(Settings { default_sync, ..Settings::default() });
        let durability = if default_sync { Durability::Unsafe } else { Durability::Synced };
        let log = JetStreamLog::open(server.options().durability(durability), Mode::Write).await.expect("opened");
        println!("{}", if default_sync { "server that syncs every two minutes" } else { "server that syncs always" });
        write(&log).await;
        for _ in 0..ROUNDS {
            bare(&server).await;
            read(&log).await;
        }
    }
}

fn records(from: usize, count: usize) -> Vec<event_log::Record> {
    (from..from + count).map(|first| record_with(first as u64 + 1, 1, first as i64, vec![first as u8; 250])).collect()
}

fn say(what: &str, count: usize, began: Instant) {
    println!("  {what:<34} {:>9.0} records/s", count as f64 / began.elapsed().as_secs_f64());
}

async fn write(log: &JetStreamLog) {
    let single = 1_000;
    let began = Instant::now();
    for record in records(0, single) {
        append(log, &[record]).await;
    }
    say("appended one at a time", single, began);
    let rest = records(single, RECORDS - single);
    let began = Instant::now();
    append(log, &rest).await;
    say("appended, many in flight", rest.len(), began);
}

async fn bare(server: &Server) {
    let context = jetstream::new(async_nats::connect(server.url()).await.expect("connected"));
    let stream = context.get_stream(log_jetstream::STREAM).await.expect("the stream");
    let config = pull::Config { ack_policy: AckPolicy::None, memory_storage: true, ..pull::Config::default() };
    let began = Instant::now();
    let consumer = stream.create_consumer(config).await.expect("a consumer");
    let mut messages = consumer.stream().max_messages_per_batch(2_000).messages().await.expect("messages").take(RECORDS);
    while let Some(message) = messages.next().await {
        std::hint::black_box(message.expect("a message"));
    }
    say("read by a bare consumer", RECORDS, began);
}

async fn read(log: &JetStreamLog) {
    let began = Instant::now();
    let mut reader = log.read(Position::START, Until::Head).await.expect("reading");
    let (mut count, mut batches) = (0, 0);
    while let Some(batch) = reader.next().await.expect("read") {
        (count, batches) = (count + batch.records.len(), batches + 1);
    }
    assert_eq!(count, RECORDS);
    say(&format!("read and checked, {batches} batches"), count, began);
}
