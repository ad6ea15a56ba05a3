//! A log, its keys and a clock that stands still.

use std::{
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use app::{
    AppError, AsOf, Desk, DeskOptions, Ledger, RecordedMode,
    export::{self, Selection},
    figures::{Ask, answer},
    import::{Fault, Summary, record},
};
use event_log::{EventLog, MemoryLog, Position, RecordReader, Until};
use figures::{Definitions, Scope};
use keys::{KeyStore, MasterKey, Mode};
use proto_events::Timestamp;
use serde_json::{Value, json};
use tempfile::TempDir;
use views::Views;

/// Two logs that a program of another author made and judged: each line by line, with what is malformed in nothing.
pub const RANDOM: [(&str, &str); 2] = [
    (include_str!("fixtures/random-1.jsonl"), include_str!("fixtures/random-1.expected.json")),
    (include_str!("fixtures/random-6.jsonl"), include_str!("fixtures/random-6.expected.json")),
];

pub fn moment(text: &str) -> Timestamp {
    text.parse().unwrap_or_else(|_| panic!("{text} is no moment"))
}

/// It always is 1 July 2026, two in the morning in Amsterdam.
pub fn now() -> Timestamp {
    moment("2026-07-01T00:00:00Z")
}

pub struct World<L = MemoryLog> {
    pub log: Arc<L>,
    pub keys: Arc<KeyStore>,
    pub mode: RecordedMode,
    pub folder: TempDir,
}

impl World {
    pub fn new() -> Self {
        Self::over(MemoryLog::new())
    }
}

impl<L: EventLog> World<L> {
    pub fn over(log: L) -> Self {
        let folder = TempDir::new().expect("a folder");
        let keys = Arc::new(new_keys(folder.path()));
        Self { log: Arc::new(log), keys, mode: RecordedMode::Keep, folder }
    }

    pub fn beside(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub fn recorded_now(self) -> Self {
        Self { mode: RecordedMode::Now, ..self }
    }

    /// As the program imports: what was refused comes back beside the summary.
    pub async fn try_import(&self, lines: &str, views: Option<Views>) -> Result<(Summary, Vec<Fault>, Option<Views>), AppError> {
        let ledger = Ledger::open(Arc::clone(&self.log), Arc::clone(&self.keys), views, now, false).await?;
        let options = DeskOptions { patience: Duration::from_secs(2), follow: false };
        let desk = Desk::open(ledger, Arc::clone(&self.log), options)?;
        let mut faults = Vec::new();
        let summary = record(&desk, self.mode, lines.as_bytes(), &mut |fault| faults.push(fault), &mut |_| {}).await;
        let views = desk.close().await?;
        Ok((summary?, faults, views))
    }

    pub async fn import(&self, lines: &str) -> (Summary, Vec<Fault>) {
        let (summary, faults, _) = self.try_import(lines, None).await.unwrap_or_else(|e| panic!("{e}"));
        (summary, faults)
    }

    /// Every line is recorded.
    pub async fn with(self, lines: &str) -> Self {
        let (summary, faults) = self.import(lines).await;
        assert_eq!((summary.imported, &faults), (lines.lines().count() as u64, &Vec::new()));
        self
    }

    pub async fn try_export(&self, until: Until) -> Result<String, AppError> {
        let mut out = Vec::new();
        let selection = Selection { from: Position::START, until, trajectory: None };
        export::write(&*self.log, &self.keys, selection, &mut out, &mut |_| {}).await?;
        Ok(String::from_utf8(out).expect("UTF-8"))
    }

    pub async fn export(&self) -> String {
        self.try_export(Until::Head).await.unwrap_or_else(|e| panic!("{e}"))
    }

    pub async fn figures(&self, quarter: &str, as_of: AsOf) -> Result<Value, AppError> {
        let ask = ask(quarter, as_of);
        let (figures, as_of) = answer(&*self.log, &ask, now, &mut |_| {}).await?;
        Ok(figures.to_json(&ask.question(), &as_of))
    }

    pub async fn head(&self) -> u64 {
        self.log.head().await.expect("a head").position.0
    }

    /// The stored bodies, in order.
    pub async fn bodies(&self) -> Vec<Vec<u8>> {
        let mut reader = self.log.read(Position::START, Until::Head).await.expect("a reading");
        let mut bodies = Vec::new();
        while let Some(batch) = reader.next().await.expect("a batch") {
            bodies.extend(batch.records.iter().map(|record| batch.body(record).to_vec()));
        }
        bodies
    }
}

pub fn new_keys(folder: &Path) -> KeyStore {
    let folder = folder.join("keys");
    std::fs::create_dir_all(&folder).expect("a folder");
    KeyStore::open(&folder, MasterKey::load_or_create(&folder.join("master.key")).expect("a key"), Mode::Write).expect("keys")
}

pub fn ask(quarter: &str, as_of: AsOf) -> Ask {
    Ask {
        quarter: quarter.parse().expect("a quarter"),
        scope: Scope::default(),
        definitions: Definitions::built_in().clone(),
        tables: true,
        as_of,
    }
}

/// An id that says what it is of.
pub fn id(kind: u32, n: u32) -> String {
    format!("{kind:08x}-0000-4000-8000-{n:012x}")
}

pub fn trajectory(n: u32) -> String {
    id(0x7000_0000, n)
}

pub fn line(of: u32, n: u32, kind: &str, on: &str, data: Value) -> Value {
    json!({"event_id": id(0xe000_0000 + n, of), "trajectory_id": trajectory(of), "organisation": "org-1", "type": kind, "occurred_on": on, "data": data})
}

pub fn at(mut line: Value, moment: &str) -> Value {
    line["recorded_at"] = moment.into();
    line
}

pub fn intake(of: u32, on: &str) -> Value {
    let data = json!({"client_id": id(0xc000_0000, of), "method": "ips", "funding": "uwv", "region": "AM18", "label": "Mevrouw De Wit"});
    line(of, 1, "intake", on, data)
}

pub fn contact(of: u32, n: u32, on: &str, note: &str) -> Value {
    line(of, n, "contact", on, json!({"with": "client", "channel": "phone", "note": note}))
}

pub fn job(of: u32, n: u32, on: &str) -> Value {
    line(of, n, "paid_work_started", on, json!({"job_id": id(0xb000_0000, of), "employer": "Bakkerij Jansen"}))
}

pub fn text(lines: &[Value]) -> String {
    lines.iter().map(|line| format!("{line}\n")).collect()
}

pub fn summary(imported: u64, already_present: u64, refused: u64) -> Summary {
    Summary { imported, already_present, refused }
}
