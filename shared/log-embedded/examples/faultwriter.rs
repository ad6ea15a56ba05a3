//! Writes a log without end, for the scripts in `tests/faults` to cut short, and checks afterwards what is left.
//!
//! ```text
//!   faultwriter FOLDER [--writers N] [--segment-bytes B] [--no-sync]   prints each acknowledged last position on a line
//!   faultwriter FOLDER --verify P [--read-only]                        everything up to P must be there, and be right
//! ```
//!
//! Every byte of a record follows from its position, so that checking needs no second copy. Exit codes: 0 right, 1 wrong,
//! 2 a mistake in the call, 3 the log has stopped, 4 damaged.
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "a command line")]

use std::{path::PathBuf, process::ExitCode, sync::Arc, time::Duration};

use event_log::{AppendError, EventLog, Head, Position, ReadError, Record, RecordHeader, RecordReader, Until};
use log_embedded::{EmbeddedLog, Mode, Options, SEGMENT_BYTES};
use proto_events::Timestamp;
use tokio::sync::Mutex;
use uuid::Uuid;

/// How long a writer waits before it tries a full disk again.
const FULL_PAUSE: Duration = Duration::from_millis(250);
/// 2023-11-14, in microseconds: when the first record says that it was recorded.
const BEGIN: i64 = 1_700_000_000_000_000;

struct Call {
    folder: PathBuf,
    writers: usize,
    segment_bytes: u64,
    no_sync: bool,
    verify: Option<u64>,
    read_only: bool,
}

impl Call {
    fn parse() -> Result<Self, String> {
        let mut call =
            Self { folder: PathBuf::new(), writers: 1, segment_bytes: SEGMENT_BYTES, no_sync: false, verify: None, read_only: false };
        let mut words = std::env::args().skip(1);
        while let Some(word) = words.next() {
            let mut number = || words.next().and_then(|value| value.parse::<u64>().ok()).ok_or(format!("{word} needs a number"));
            match word.as_str() {
                "--writers" => call.writers = usize::try_from(number()?).map_err(|error| error.to_string())?,
                "--segment-bytes" => call.segment_bytes = number()?,
                "--verify" => call.verify = Some(number()?),
                "--read-only" => call.read_only = true,
                "--no-sync" => call.no_sync = true,
                _ if word.starts_with("--") => return Err(format!("{word} is not known")),
                _ => call.folder = word.into(),
            }
        }
        if call.folder.as_os_str().is_empty() { Err("which folder?".into()) } else { Ok(call) }
    }

    fn open(&self) -> Result<EmbeddedLog, ReadError> {
        let mode = if self.read_only { Mode::ReadOnly } else { Mode::Write };
        let options = Options::default().segment_bytes(self.segment_bytes);
        #[cfg(feature = "unsafe-no-sync-for-tests")]
        let options = if self.no_sync { options.without_sync() } else { options };
        EmbeddedLog::open_with(&self.folder, mode, options)
    }
}

#[tokio::main]
async fn main() -> ExitCode {
    let call = match Call::parse() {
        Ok(call) if call.no_sync && !cfg!(feature = "unsafe-no-sync-for-tests") => {
            eprintln!("--no-sync needs the feature unsafe-no-sync-for-tests");
            return ExitCode::from(2);
        }
        Ok(call) => call,
        Err(mistake) => {
            eprintln!("{mistake}");
            return ExitCode::from(2);
        }
    };
    let log = match call.open() {
        Ok(log) => Arc::new(log),
        Err(error) => return report(&error),
    };
    match call.verify {
        Some(least) => match verify(&log, Position(least)).await {
            Ok(Ok(head)) => {
                println!("{}", head.position);
                ExitCode::SUCCESS
            }
            Ok(Err(wrong)) => {
                eprintln!("wrong: {wrong}");
                ExitCode::from(1)
            }
            Err(error) => report(&error),
        },
        None => write(log, call.writers).await,
    }
}

fn report(error: &ReadError) -> ExitCode {
    eprintln!("{error}");
    ExitCode::from(if matches!(error, ReadError::Damaged { .. }) { 4 } else { 1 })
}

/// The record that begins at a position: of one to four events, 40 to 1,063 bytes.
fn record_at(first: Position) -> Record {
    let mut state = first.0.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1;
    let mut next = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state
    };
    let events = (next() % 4) as u16 + 1;
    let length = (next() % 128 + 5) * 8;
    let body: Vec<u8> = (0..length / 8).flat_map(|_| next().to_le_bytes()).collect();
    let recorded_at = i64::try_from(first.0).ok().and_then(|micros| Timestamp::from_micros(BEGIN + micros));
    let header = RecordHeader {
        first_position: first,
        events,
        recorded_at: recorded_at.unwrap_or_else(unreachable_moment),
        trajectory_id: Uuid::from_u128(u128::from(first.0 % 1000)),
    };
    Record { header, body: body.into() }
}

/// Positions do not get that far in the life of a test.
fn unreachable_moment() -> Timestamp {
    eprintln!("too many events for this test");
    std::process::exit(2)
}

/// Reads everything and compares it with what must have been written.
async fn verify(log: &EmbeddedLog, least: Position) -> Result<Result<Head, String>, ReadError> {
    let head = log.head().await?;
    let mut reader = log.read(Position::START, Until::Head).await?;
    let mut last = Position::START;
    while let Some(batch) = reader.next().await? {
        for found in &batch.records {
            let written = record_at(last.plus(1));
            if found.header != written.header || batch.body(found) != written.body {
                return Ok(Err(format!("the record at position {} is not what was written", last.plus(1))));
            }
            last = found.header.last_position();
        }
    }
    if last != head.position || last < least {
        return Ok(Err(format!("position {least} was acknowledged, the log says {}, {last} is there", head.position)));
    }
    Ok(Ok(head))
}

/// Writes until the log stops. The writers share the tip of the log, so that each submits without waiting for the others.
async fn write(log: Arc<EmbeddedLog>, writers: usize) -> ExitCode {
    let Ok(head) = log.head().await else { return ExitCode::from(3) };
    let tip = Arc::new(Mutex::new(head.position));
    let mut tasks = tokio::task::JoinSet::new();
    for _ in 0..writers {
        tasks.spawn(write_one_after_the_other(Arc::clone(&log), Arc::clone(&tip)));
    }
    if let Some(Ok(error)) = tasks.join_next().await {
        eprintln!("stopped: {error}");
    }
    ExitCode::from(3)
}

async fn write_one_after_the_other(log: Arc<EmbeddedLog>, tip: Arc<Mutex<Position>>) -> AppendError {
    loop {
        let mut last = tip.lock().await;
        let record = record_at(last.plus(1));
        let end = record.header.last_position();
        let outcome = match log.submit(*last, vec![record]).await {
            Ok(pending) => {
                *last = end;
                drop(last);
                pending.await
            }
            Err(AppendError::Conflict { last: now, .. }) => {
                *last = now;
                continue;
            }
            Err(error) => {
                drop(last);
                Err(error)
            }
        };
        match outcome {
            Ok(appended) => println!("{}", appended.last),
            Err(AppendError::Unavailable { storage_full: true, cause }) => {
                let mut last = tip.lock().await;
                let readable = verify(&log, Position::START).await;
                eprintln!("full: {cause}; readable: {:?}", readable.map(|found| found.map(|head| head.position.0)));
                if let Ok(head) = log.head().await {
                    *last = head.position;
                }
                tokio::time::sleep(FULL_PAUSE).await;
            }
            Err(error) => return error,
        }
    }
}
