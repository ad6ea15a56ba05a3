//! Compares what the log could rest on: this crate's segment files, redb 4 and fjall 3. Prints the tables of decision 0002.
//!
//! ```text
//!   cargo run --release -p log-embedded --example bench_stores --features bench-stores -- FOLDER [--records N] [--rounds N] [--flips N]
//! ```
//!
//! FOLDER should lie on a real disk. The damage matrix runs in `/dev/shm`, each check in a process of its own.
#![allow(clippy::print_stdout, clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a measurement, not a service")]

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, ExitCode, Stdio},
    sync::Arc,
    time::{Duration, Instant},
};

use event_log::{AppendError, EventLog, Position, Record, RecordHeader, RecordReader, Until};
use fjall::{KeyspaceCreateOptions, PersistMode};
use log_embedded::{EmbeddedLog, Mode};
use proto_events::Timestamp;
use redb::{ReadableDatabase, ReadableTable, TableDefinition};
use tokio::sync::{Mutex, mpsc, oneshot};
use uuid::Uuid;

const TABLE: TableDefinition<'_, u64, &[u8]> = TableDefinition::new("log");
const GROUP: u64 = 1000;
const WRITERS: usize = 64;
const WRITING: Duration = Duration::from_secs(2);
/// A spoilt store may loop.
const CHECK_PATIENCE: Duration = Duration::from_secs(20);
/// Records of the stores that are spoilt: few, for there are many checks.
const SPOILT_RECORDS: u64 = 4000;

#[derive(Clone, Copy, PartialEq)]
enum Kind {
    Segment,
    SegmentReadOnly,
    Redb,
    RedbChecked,
    FjallJournal,
    FjallTables,
}

use Kind::{FjallJournal, FjallTables, Redb, RedbChecked, Segment, SegmentReadOnly};

impl Kind {
    const ALL: [Self; 6] = [Segment, SegmentReadOnly, Redb, RedbChecked, FjallJournal, FjallTables];

    fn name(self) -> &'static str {
        match self {
            Segment => "segment file",
            SegmentReadOnly => "segment file, read-only",
            Redb => "redb 4",
            RedbChecked => "redb 4, check_integrity",
            FjallJournal => "fjall 3, in its journal",
            FjallTables => "fjall 3, in its tables",
        }
    }
}

/// The body at a position: 150 to 300 bytes, half of it the same in every record, as named MessagePack fields are.
fn body(position: u64) -> Vec<u8> {
    let mut state = position.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1;
    let mut text = String::from("event_id:");
    while text.len() < 150 + usize::try_from(position % 150).unwrap() {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        text.push_str(&format!("contract_started_on:{:08x};", state >> 32));
    }
    text.into_bytes()
}

fn record(position: u64) -> Record {
    let recorded_at = Timestamp::from_micros(1_700_000_000_000_000 + i64::try_from(position).unwrap()).unwrap();
    let trajectory_id = Uuid::from_u128(u128::from(position % 1000));
    let header = RecordHeader { first_position: Position(position), events: 1, recorded_at, trajectory_id };
    Record { header, body: body(position).into() }
}

/// What a key-value store keeps of a record: the header's fields before the body.
fn value(position: u64) -> Vec<u8> {
    let record = record(position);
    let mut value = record.header.recorded_at.micros().to_le_bytes().to_vec();
    value.extend_from_slice(record.header.trajectory_id.as_bytes());
    value.extend_from_slice(&record.header.events.to_le_bytes());
    value.extend_from_slice(&record.body);
    value
}

/// An open store.
enum Store {
    Segment(EmbeddedLog),
    Redb(redb::Database),
    Fjall(fjall::Database, fjall::Keyspace),
}

type Anything<T> = Result<T, Box<dyn std::error::Error>>;

impl Store {
    fn open(kind: Kind, folder: &Path) -> Anything<Self> {
        fs::create_dir_all(folder)?;
        Ok(match kind {
            Segment => Self::Segment(EmbeddedLog::open(folder, Mode::Write)?),
            SegmentReadOnly => Self::Segment(EmbeddedLog::open(folder, Mode::ReadOnly)?),
            Redb => Self::Redb(redb::Database::create(folder.join("log.redb"))?),
            RedbChecked => {
                let mut database = redb::Database::create(folder.join("log.redb"))?;
                if !database.check_integrity()? {
                    return Err("check_integrity had to repair".into());
                }
                Self::Redb(database)
            }
            FjallJournal | FjallTables => {
                let database = fjall::Database::builder(folder).open()?;
                let keyspace = database.keyspace("log", KeyspaceCreateOptions::default)?;
                Self::Fjall(database, keyspace)
            }
        })
    }

    /// One durable commit.
    async fn append(&self, positions: std::ops::Range<u64>) -> Anything<()> {
        match self {
            Self::Segment(log) => {
                let records = positions.clone().map(record).collect();
                log.submit(Position(positions.start - 1), records).await?.await?;
            }
            Self::Redb(database) => {
                let transaction = database.begin_write()?;
                {
                    let mut table = transaction.open_table(TABLE)?;
                    for position in positions {
                        table.insert(position, value(position).as_slice())?;
                    }
                }
                transaction.commit()?;
            }
            Self::Fjall(database, keyspace) => {
                let mut batch = database.batch().durability(Some(PersistMode::SyncData));
                for position in positions {
                    batch.insert(keyspace, position.to_be_bytes(), value(position));
                }
                batch.commit()?;
            }
        }
        Ok(())
    }

    /// Reads everything; `check` sees each position with its header fields and body.
    async fn scan(&self, mut check: impl FnMut(u64, &[u8]) -> bool) -> Anything<u64> {
        let mut count = 0;
        let mut wrong = 0;
        match self {
            Self::Segment(log) => {
                let mut reader = log.read(Position::START, Until::Head).await?;
                while let Some(batch) = reader.next().await? {
                    for found in &batch.records {
                        count += 1;
                        wrong += u64::from(!check(found.header.first_position.0, batch.body(found)));
                    }
                }
            }
            Self::Redb(database) => {
                let table = database.begin_read()?.open_table(TABLE)?;
                for entry in table.iter()? {
                    let (key, found) = entry?;
                    count += 1;
                    wrong += u64::from(!check(key.value(), found.value().get(26..).unwrap_or_default()));
                }
            }
            Self::Fjall(_, keyspace) => {
                for entry in keyspace.iter() {
                    let (key, found) = entry.into_inner()?;
                    count += 1;
                    let position = u64::from_be_bytes(key.as_ref().try_into()?);
                    wrong += u64::from(!check(position, found.get(26..).unwrap_or_default()));
                }
            }
        }
        if wrong > 0 { Ok(u64::MAX) } else { Ok(count) }
    }

    async fn fill(kind: Kind, folder: &Path, records: u64) -> Anything<Self> {
        let store = Self::open(kind, folder)?;
        for begin in (1..=records).step_by(1000) {
            store.append(begin..(begin + GROUP).min(records + 1)).await?;
        }
        if let (FjallTables, Self::Fjall(_, keyspace)) = (kind, &store) {
            keyspace.rotate_memtable_and_wait()?;
            keyspace.major_compact()?;
        }
        Ok(store)
    }
}

fn per_second(count: u64, took: Duration) -> u64 {
    u64::try_from(u128::from(count) * 1_000_000 / took.as_micros().max(1)).unwrap()
}

/// Acknowledged appends per second of so many writers, each waiting for its own before the next.
async fn concurrent(kind: Kind, folder: &Path, writers: usize) -> Anything<u64> {
    let begin = Instant::now();
    let mut tasks = tokio::task::JoinSet::new();
    if let Store::Segment(log) = Store::open(kind, folder)? {
        let log = Arc::new(log);
        let tip = Arc::new(Mutex::new(log.head().await?.position));
        for _ in 0..writers {
            let (log, tip) = (Arc::clone(&log), Arc::clone(&tip));
            tasks.spawn(async move {
                let mut count = 0;
                while begin.elapsed() < WRITING {
                    let mut last = tip.lock().await;
                    let next = last.plus(1);
                    let pending = log.submit(*last, vec![record(next.0)]).await?;
                    *last = next;
                    drop(last);
                    pending.await?;
                    count += 1;
                }
                Ok::<u64, AppendError>(count)
            });
        }
    } else {
        let sender = group_committer(kind, folder)?;
        for _ in 0..writers {
            let sender = sender.clone();
            tasks.spawn(async move {
                let mut count = 0;
                while begin.elapsed() < WRITING {
                    let (answer, durable) = oneshot::channel();
                    sender.send(answer).expect("the committer lives");
                    durable.await.expect("durable");
                    count += 1;
                }
                Ok(count)
            });
        }
    }
    let mut total = 0;
    while let Some(count) = tasks.join_next().await {
        total += count??;
    }
    Ok(per_second(total, begin.elapsed()))
}

/// The same group commit for a key-value store: a thread that takes all who wait and commits once.
fn group_committer(kind: Kind, folder: &Path) -> Anything<mpsc::UnboundedSender<oneshot::Sender<()>>> {
    let (sender, mut receiver) = mpsc::unbounded_channel::<oneshot::Sender<()>>();
    let folder = folder.to_path_buf();
    std::thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
        let store = Store::open(kind, &folder).expect("opened");
        let mut next = runtime.block_on(store.scan(|_, _| true)).unwrap_or(0) + 1;
        while let Some(first) = receiver.blocking_recv() {
            let mut group = vec![first];
            while let Ok(more) = receiver.try_recv() {
                group.push(more);
            }
            let end = next + group.len() as u64;
            runtime.block_on(store.append(next..end)).expect("committed");
            next = end;
            for answer in group {
                let _ = answer.send(());
            }
        }
    });
    Ok(sender)
}

fn size_of(folder: &Path) -> u64 {
    use std::os::unix::fs::MetadataExt;
    files(folder).iter().map(|file| fs::metadata(file).unwrap().blocks() * 512).sum()
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() { found.extend(files(&path)) } else { found.push(path) }
    }
    found.sort();
    found
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let (path, name) = entry.map(|entry| (entry.path(), entry.file_name())).unwrap();
        if path.is_dir() {
            copy(&path, &to.join(name));
        } else {
            fs::copy(&path, to.join(name)).unwrap();
        }
    }
}

/// What is measured of each store in each round. Rounds of all stores alternate, because a shared disk has its moods.
#[derive(Default)]
struct Speed {
    bulk: Vec<u64>,
    one: Vec<u64>,
    many: Vec<u64>,
    scan: Vec<u64>,
    reopened: Vec<u64>,
    mebibytes: u64,
}

impl Speed {
    async fn round(&mut self, kind: Kind, folder: &Path, records: u64) -> Anything<()> {
        let _ = fs::remove_dir_all(folder);
        let begin = Instant::now();
        drop(Store::fill(kind, &folder.join("bulk"), records).await?);
        self.bulk.push(per_second(records, begin.elapsed()));
        let begin = Instant::now();
        let store = Store::open(kind, &folder.join("bulk"))?;
        self.reopened.push(u64::try_from(begin.elapsed().as_millis())?);
        let begin = Instant::now();
        let mut bytes = 0;
        let count = store.scan(|_, body| {
            bytes += body.len();
            true
        });
        assert_eq!(count.await?, records);
        self.scan.push(per_second(records, begin.elapsed()));
        drop(store);
        self.mebibytes = size_of(&folder.join("bulk")) >> 20;
        self.one.push(concurrent(kind, &folder.join("one"), 1).await?);
        self.many.push(concurrent(kind, &folder.join("many"), WRITERS).await?);
        Ok(())
    }

    fn print(mut self, kind: Kind) {
        let [bulk, one, many, scan, reopened] =
            [&mut self.bulk, &mut self.one, &mut self.many, &mut self.scan, &mut self.reopened].map(|figures| middle(figures));
        println!("| {} | {bulk} | {one} | {many} | {scan} | {reopened} | {} |", kind.name(), self.mebibytes);
    }
}

/// The median, with the least and the most.
fn middle(figures: &mut [u64]) -> String {
    figures.sort_unstable();
    let at = |index: usize| figures.get(index).copied().unwrap_or_default();
    format!("{} ({}–{})", at(figures.len() / 2), at(0), at(figures.len().saturating_sub(1)))
}

/// How often per second the disk itself can append 300 bytes to a file and sync it.
fn syncs(folder: &Path) -> Anything<u64> {
    use std::io::Write;
    fs::create_dir_all(folder)?;
    let mut file = fs::File::create(folder.join("syncs"))?;
    let (begin, mut count) = (Instant::now(), 0);
    while begin.elapsed() < WRITING {
        file.write_all(&[7; 300])?;
        file.sync_data()?;
        count += 1;
    }
    Ok(per_second(count, begin.elapsed()))
}

/// Flips one bit at a time and reads everything.
async fn damage(kind: Kind, folder: &Path, flips: u64) -> Anything<()> {
    let whole = folder.join("whole");
    let filled = if kind == SegmentReadOnly { Segment } else { kind };
    drop(Store::fill(if filled == RedbChecked { Redb } else { filled }, &whole, SPOILT_RECORDS).await?);
    // Only blocks that hold something: stores lay out empty space ahead.
    let mut blocks = Vec::new();
    for file in files(&whole) {
        let bytes = fs::read(&file)?;
        let used = bytes.chunks(4096).enumerate().filter(|(_, block)| block.iter().any(|byte| *byte != 0));
        blocks.extend(used.map(|(index, block)| (file.strip_prefix(&whole).unwrap().to_path_buf(), index * 4096, block.len())));
    }
    let bytes: usize = blocks.iter().map(|block| block.2).sum();
    let (mut same, mut found, mut silent, mut panicked, mut hung) = (0, 0, 0, 0, 0);
    let mut state: u64 = 0x2545_F491_4F6C_DD1D;
    for _ in 0..flips {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        let mut at = usize::try_from(state >> 8)? % bytes;
        let block = blocks
            .iter()
            .find(|block| {
                block.2 > at || {
                    at -= block.2;
                    false
                }
            })
            .unwrap();
        let spoilt = folder.join("spoilt");
        let _ = fs::remove_dir_all(&spoilt);
        copy(&whole, &spoilt);
        let file = spoilt.join(&block.0);
        let mut bytes = fs::read(&file)?;
        bytes[block.1 + at] ^= 1 << (state % 8);
        fs::write(&file, bytes)?;
        match check_in_a_process(kind, &spoilt)? {
            Some(0) => same += 1,
            Some(10) => found += 1,
            Some(11) => silent += 1,
            Some(_) => panicked += 1,
            None => hung += 1,
        }
    }
    println!("| {} | {flips} | {found} | {same} | {silent} | {panicked} | {hung} |", kind.name());
    Ok(())
}

fn check_in_a_process(kind: Kind, folder: &Path) -> Anything<Option<i32>> {
    let kind = Kind::ALL.iter().position(|other| *other == kind).unwrap().to_string();
    let program = std::env::current_exe()?;
    let mut child = Command::new(program).args(["--check", &kind]).arg(folder).stderr(Stdio::null()).spawn()?;
    let begin = Instant::now();
    loop {
        if let Some(status) = child.try_wait()? {
            return Ok(status.code().or(Some(-1)));
        }
        if begin.elapsed() > CHECK_PATIENCE {
            child.kill()?;
            child.wait()?;
            return Ok(None);
        }
        std::thread::sleep(Duration::from_millis(2));
    }
}

/// 0 the very same records, 10 an error was reported, 11 other records without an error.
async fn check(kind: Kind, folder: &Path) -> u8 {
    let Ok(store) = Store::open(kind, folder) else { return 10 };
    let mut next = 0;
    let scanned = store.scan(|position, found| {
        next += 1;
        position == next && found == body(position)
    });
    match scanned.await {
        Err(_) => 10,
        Ok(count) if count == SPOILT_RECORDS => 0,
        Ok(_) => 11,
    }
}

#[tokio::main]
async fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    if let [flag, kind, folder] = words.as_slice()
        && flag == "--check"
    {
        return check(Kind::ALL[kind.parse::<usize>().unwrap()], Path::new(folder)).await.into();
    }
    let number = |name: &str, default: u64| {
        let place = words.iter().position(|word| word == name);
        place.map_or(default, |place| words[place + 1].parse().unwrap())
    };
    let folder = Path::new(words.first().expect("which folder?")).join("bench-stores");
    let _ = fs::remove_dir_all(&folder);
    let records = number("--records", 1_000_000);
    println!("| {records} records | bulk, {GROUP} per commit | one writer | {WRITERS} writers | scan | reopened, ms | MiB |");
    println!("| --- | --- | --- | --- | --- | --- | --- |");
    let mut speeds = [Segment, Redb, FjallJournal].map(|kind| (kind, Speed::default()));
    let mut raw = Vec::new();
    for _ in 0..number("--rounds", 7) {
        raw.push(syncs(&folder).unwrap());
        for (kind, speed) in &mut speeds {
            speed.round(*kind, &folder.join("store"), records).await.unwrap();
        }
    }
    for (kind, speed) in speeds {
        speed.print(kind);
    }
    println!("\nThe disk itself syncs {} times per second.", middle(&mut raw));
    fs::remove_dir_all(&folder).unwrap();
    let flips = number("--flips", 400);
    let spoilt = Path::new("/dev/shm/bench-stores");
    println!("\n| single bits flipped | checks | error reported | same records | other records, silently | panic or abort | hung |");
    println!("| --- | --- | --- | --- | --- | --- | --- |");
    for kind in Kind::ALL {
        let _ = fs::remove_dir_all(spoilt);
        damage(kind, spoilt, flips).await.unwrap();
    }
    fs::remove_dir_all(spoilt).unwrap();
    ExitCode::SUCCESS
}
