//! Durable appends: many writers beside one.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

use event_log::{EventLog, Position, Record, RecordHeader};
use log_embedded::{EmbeddedLog, Mode};
use tokio::sync::Mutex;

use crate::{line, now};

const LASTS: Duration = Duration::from_secs(4);

pub async fn run() {
    let one = writers(1).await;
    let many = writers(64).await;
    println!("durable appends of one event, each acknowledged before its writer goes on");
    line("1 writer", one.0, one.1, None);
    line("64 writers", many.0, many.1, None);
    let ratio = (many.0 as f64 / many.1.as_secs_f64()) / (one.0 as f64 / one.1.as_secs_f64());
    println!("64 writers do {ratio:.1} × what one does");
}

async fn writers(count: usize) -> (u64, Duration) {
    let folder = tempfile::tempdir_in(std::env::current_dir().unwrap()).unwrap();
    let log = Arc::new(EmbeddedLog::open(folder.path(), Mode::Write).unwrap());
    // What gives out positions: in the program it is the one who decides.
    let last = Arc::new(Mutex::new(Position::START));
    let (done, began) = (Arc::new(AtomicU64::new(0)), Instant::now());
    let writers: Vec<_> = (0..count)
        .map(|writer| {
            let (log, last, done) = (Arc::clone(&log), Arc::clone(&last), Arc::clone(&done));
            tokio::spawn(async move {
                while began.elapsed() < LASTS {
                    let pending = {
                        let mut last = last.lock().await;
                        let header = RecordHeader {
                            first_position: last.plus(1),
                            events: 1,
                            recorded_at: now(),
                            trajectory_id: uuid::Uuid::from_u128(writer as u128),
                        };
                        let pending = log.submit(*last, vec![Record { header, body: vec![7; 200].into() }]).await.unwrap();
                        *last = last.plus(1);
                        pending
                    };
                    pending.await.unwrap();
                    done.fetch_add(1, Ordering::Relaxed);
                }
            })
        })
        .collect();
    for writer in writers {
        writer.await.unwrap();
    }
    (done.load(Ordering::Relaxed), began.elapsed())
}
