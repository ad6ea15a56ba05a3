//! The log as its users see it.

use std::{
    path::{Path, PathBuf},
    sync::Arc,
    thread::JoinHandle,
};

use event_log::{AppendError, EventLog, Head, Locator, Pending, Position, ReadError, Record, RecordBatch, Tail, Until};

use crate::{
    disk::{Disk, Hook},
    open::{open_to_read, open_to_write},
    queue::{Queue, unavailable},
    view::{LogFollower, LogReader, Shared},
    writer::Writer,
};

/// At what length a segment is full, in bytes. A look-up reads at most one segment once, in some 30 ms; a log of ten
/// million events has some forty of them.
pub const SEGMENT_BYTES: u64 = 64 << 20;

/// What a log is opened for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// To read what is durable at the moment of opening; opened again, it sees more. Changes nothing, needs no lock, and
    /// works beside a writer.
    ReadOnly,
    /// To read and to append. Makes the log when there is none; only one process at a time can.
    Write,
}

/// How a log is kept; the default is right for everything but tests.
#[derive(Clone, Default)]
pub struct Options {
    segment_bytes: Option<u64>,
    disk: Disk,
}

impl std::fmt::Debug for Options {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Options").field("segment_bytes", &self.segment_bytes).field("disk", &self.disk).finish()
    }
}

impl Options {
    /// Begins a new segment when this many bytes would be exceeded, instead of [`SEGMENT_BYTES`]. A record that is longer
    /// gets a segment of its own. Segments that are there keep their length.
    #[must_use]
    pub fn segment_bytes(mut self, bytes: u64) -> Self {
        self.segment_bytes = Some(bytes);
        self
    }

    /// For tests: calls this before each operation on the disk, which fails when it says so.
    #[must_use]
    pub fn hook(mut self, hook: Hook) -> Self {
        self.disk.hook = Some(hook);
        self
    }

    /// For tests that must be able to fail: acknowledges without syncing, and so loses data in a power cut.
    #[cfg(feature = "unsafe-no-sync-for-tests")]
    #[must_use]
    pub fn without_sync(mut self) -> Self {
        self.disk.no_sync = true;
        self
    }
}

/// An append-only log in a folder of its own. Dropping it writes what is queued, and waits for that. Appending never
/// blocks the thread that submits; reading and looking up do, for as long as the operating system takes to read up to a
/// mebibyte, and once per segment for some 30 ms.
#[derive(Debug)]
pub struct EmbeddedLog {
    folder: PathBuf,
    shared: Arc<Shared>,
    /// `None` of a log that was opened for reading only.
    writing: Option<Writing>,
}

#[derive(Debug)]
struct Writing {
    queue: Arc<Queue>,
    thread: Option<JoinHandle<()>>,
}

impl EmbeddedLog {
    /// Opens the log of a data folder. Reads its last segment, so it blocks for some 30 ms.
    ///
    /// # Errors
    /// [`ReadError::Missing`] when there is no log to read; [`ReadError::Busy`] when another process writes it, and this
    /// one wants to; [`ReadError::Damaged`] when files are missing, do not fit together, or hold less than was
    /// acknowledged; [`ReadError::Io`].
    pub fn open(folder: impl AsRef<Path>, mode: Mode) -> Result<Self, ReadError> {
        Self::open_with(folder, mode, Options::default())
    }

    /// Opens the log of a data folder with other options than the default.
    ///
    /// # Errors
    /// As [`EmbeddedLog::open`].
    pub fn open_with(folder: impl AsRef<Path>, mode: Mode, options: Options) -> Result<Self, ReadError> {
        let folder = folder.as_ref().to_path_buf();
        let (opened, lock) = match mode {
            Mode::ReadOnly => (open_to_read(&folder)?, None),
            Mode::Write => open_to_write(&folder, &options.disk).map(|(opened, lock)| (opened, Some(lock)))?,
        };
        let shared = Shared::new(opened.segments.clone(), opened.mark.end).map(Arc::new);
        let shared = shared.ok_or_else(|| ReadError::Missing { folder: folder.clone() })?;
        let mut writing = None;
        if let Some(lock) = lock {
            let failed = |error: std::io::Error| ReadError::Io {
                what: format!("beginning to write the log in {}", folder.display()),
                cause: error.to_string(),
            };
            let queue = Arc::new(Queue::new(opened.mark.end));
            let segment_bytes = options.segment_bytes.unwrap_or(SEGMENT_BYTES);
            let (queued, seen) = (Arc::clone(&queue), Arc::clone(&shared));
            let writer = Writer::new(&opened, lock, options.disk, segment_bytes, queued, seen).map_err(failed)?;
            let thread = std::thread::Builder::new().name("log-writer".into()).spawn(|| writer.run()).map_err(failed)?;
            writing = Some(Writing { queue, thread: Some(thread) });
        }
        Ok(Self { folder, shared, writing })
    }

    /// The data folder that it was opened in.
    #[must_use]
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Why the log takes no more appends until it is opened anew; `None` while it works. It stops when a sync fails: what
    /// is then on disk is not known. Reading goes on.
    #[must_use]
    pub fn stopped(&self) -> Option<String> {
        self.writing.as_ref().and_then(|writing| writing.queue.stopped())
    }
}

impl Drop for EmbeddedLog {
    fn drop(&mut self) {
        let Some(writing) = &mut self.writing else { return };
        writing.queue.close();
        if writing.thread.take().is_some_and(|thread| thread.join().is_err()) {
            tracing::error!("the log's writer thread has panicked");
        }
    }
}

impl EventLog for EmbeddedLog {
    type Reader = LogReader;
    type Follower = LogFollower;

    async fn head(&self) -> Result<Head, ReadError> {
        Ok(self.shared.view().head())
    }

    async fn submit(&self, expected: impl Into<Tail> + Send, records: Vec<Record>) -> Result<Pending, AppendError> {
        let Some(writing) = &self.writing else {
            return Err(unavailable("the log was opened for reading only".into(), false));
        };
        // Readers are shown nothing that is not durable, so nothing is ever withdrawn: the position says it.
        let answer = writing.queue.submit(expected.into().position, &records).await?;
        Ok(Box::pin(async { answer.await.unwrap_or_else(|_| Err(AppendError::Unknown { cause: "the log's writer has ended".into() })) }))
    }

    async fn read(&self, from: Position, until: Until) -> Result<LogReader, ReadError> {
        self.shared.view().read(from, until)
    }

    async fn follow(&self, from: Position) -> Result<LogFollower, ReadError> {
        LogFollower::new(Arc::clone(&self.shared), from)
    }

    async fn resolve(&self, until: Until) -> Result<Head, ReadError> {
        self.shared.view().resolve(until)
    }

    async fn read_at(&self, locators: &[Locator]) -> Result<RecordBatch, ReadError> {
        self.shared.view().read_at(locators)
    }
}
