//! The store: two indexes and a checkpoint.

use std::{
    collections::HashMap,
    fs,
    path::{Path, PathBuf},
    time::Duration,
};

use event_log::{Locator, Position};
use sled::{
    Transactional,
    transaction::{ConflictableTransactionError, TransactionError},
};
use uuid::Uuid;

use crate::{ViewError, seal};

/// sled's cache, in bytes: enough for the index of a national log.
const CACHE: u64 = 256 << 20;
/// The key of the checkpoint.
const CHECKPOINT: &[u8] = b"checkpoint";
/// The key of the log's first event id: by it the views know whose views they are.
const FIRST_EVENT: &[u8] = b"first_event";

/// What the index of event ids knows of an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EventEntry {
    /// Its position.
    pub position: Position,
    /// The keyed digest of its content.
    pub digest: [u8; 16],
}

/// One record's part in the views.
#[derive(Clone, Debug)]
pub struct Projected {
    /// The stream.
    pub trajectory: Uuid,
    /// Where the record lies.
    pub locator: Locator,
    /// The client under whose key it seals texts, if it has any.
    pub client: Option<Uuid>,
    /// Its events, in order.
    pub events: Vec<(Uuid, EventEntry)>,
}

/// A key and its value, as bytes.
pub type Entry = (Vec<u8>, Vec<u8>);

/// The views of one log.
pub struct Views {
    folder: PathBuf,
    db: sled::Db,
    event_ids: sled::Tree,
    streams: sled::Tree,
    clients: sled::Tree,
    meta: sled::Tree,
    checkpoint: Position,
    /// Held as long as the views are open; the system lets go of it when the process dies.
    _lock: fs::File,
}

/// Views that were opened, and whether they begin again.
pub struct Opened {
    /// The views.
    pub views: Views,
    /// True when what was there was not believed and thrown away.
    pub thrown_away: bool,
}

/// Waits, within reason, until sled has let go of its store: its threads outlive the handle that was dropped by a moment, and
/// until then they hold its lock and may write. Only this process can hold it: the folder's own lock is ours.
fn wait_until_let_go(store: &Path) {
    const TRIES: u32 = 400;
    const PAUSE: Duration = Duration::from_millis(5);
    let Ok(file) = fs::File::open(store.join("db")) else { return };
    for _ in 0..TRIES {
        if file.try_lock().is_ok() {
            return;
        }
        std::thread::sleep(PAUSE);
    }
}

impl Views {
    /// Opens the views in this folder; makes them where there are none, and throws away what was not closed in order.
    ///
    /// # Errors
    /// [`ViewError::Busy`] when another process holds them.
    pub fn open(folder: &Path) -> Result<Opened, ViewError> {
        let io = |what: &'static str| move |e: std::io::Error| ViewError::Io { what, folder: folder.to_owned(), cause: e.to_string() };
        let store = folder.join("store");
        fs::create_dir_all(folder).map_err(io("making the folder of the views"))?;
        // A store in use has no seal either: it must not be thrown away under another process's hands.
        let lock = fs::File::create(folder.join("lock")).map_err(io("opening the lock of the views"))?;
        lock.try_lock().map_err(|_| ViewError::Busy { folder: folder.to_owned() })?;
        wait_until_let_go(&store);
        let there = store.exists();
        let believed = there && seal::fits(folder, &store);
        let config = sled::Config::new().path(&store).cache_capacity(CACHE).mode(sled::Mode::HighThroughput).flush_every_ms(None);
        if there && !believed {
            fs::remove_dir_all(&store).map_err(io("throwing away the views"))?;
        }
        seal::break_it(folder).map_err(io("breaking the seal of the views"))?;
        let damaged = |e: sled::Error| ViewError::Damaged { folder: folder.to_owned(), cause: e.to_string() };
        let db = config.open().map_err(damaged)?;
        let tree = |name: &str| db.open_tree(name).map_err(damaged);
        let (event_ids, streams) = (tree("event_ids")?, tree("streams")?);
        let (clients, meta) = (tree("clients")?, tree("meta")?);
        let mut views = Self { folder: folder.to_owned(), db, event_ids, streams, clients, meta, checkpoint: Position::START, _lock: lock };
        if let Some(checkpoint) = views.meta.get(CHECKPOINT).map_err(damaged)? {
            views.checkpoint = Position(views.number(&checkpoint, 0)?);
        }
        Ok(Opened { views, thrown_away: there && !believed })
    }

    /// The position up to which the views are those of the log.
    #[must_use]
    pub const fn checkpoint(&self) -> Position {
        self.checkpoint
    }

    /// The first event of the log whose views these are; `None` while they are empty.
    ///
    /// # Errors
    /// [`ViewError::Damaged`].
    pub fn first_event(&self) -> Result<Option<Uuid>, ViewError> {
        let Some(value) = self.meta.get(FIRST_EVENT).map_err(|e| self.damaged(&e))? else {
            return Ok(None);
        };
        Uuid::from_slice(&value).map(Some).map_err(|_| self.damaged(&"an entry is cut off"))
    }

    /// Whether the log holds a text that is sealed under this client's key.
    ///
    /// # Errors
    /// [`ViewError::Damaged`].
    pub fn has_texts_of(&self, client: Uuid) -> Result<bool, ViewError> {
        self.clients.contains_key(client.as_bytes()).map_err(|e| self.damaged(&e))
    }

    /// What is known of an event id.
    ///
    /// # Errors
    /// [`ViewError::Damaged`].
    pub fn event(&self, id: Uuid) -> Result<Option<EventEntry>, ViewError> {
        let Some(value) = self.event_ids.get(id.as_bytes()).map_err(|e| self.damaged(&e))? else {
            return Ok(None);
        };
        let digest = value.get(8..24).and_then(|d| d.try_into().ok()).ok_or_else(|| self.damaged(&"an entry is cut off"))?;
        Ok(Some(EventEntry { position: Position(self.number(&value, 0)?), digest }))
    }

    /// Where the records of a stream lie, in log order; empty when there are none.
    ///
    /// # Errors
    /// [`ViewError::Damaged`].
    pub fn stream(&self, trajectory: Uuid) -> Result<Vec<Locator>, ViewError> {
        let value = self.streams.get(trajectory.as_bytes()).map_err(|e| self.damaged(&e))?;
        let value = value.as_deref().unwrap_or_default();
        (0..value.len() / 8).map(|place| self.number(value, place * 8).map(Locator)).collect()
    }

    /// Takes in the records that follow the checkpoint, up to this position: state and checkpoint in one transaction.
    ///
    /// # Errors
    /// [`ViewError::Damaged`] when the store fails.
    pub fn apply(&mut self, records: &[Projected], until: Position) -> Result<(), ViewError> {
        let first_event = records.first().and_then(|record| record.events.first()).filter(|(_, entry)| entry.position == Position(1));
        let mut streams: HashMap<Uuid, Vec<u8>> = HashMap::new();
        for record in records {
            let entry = streams.entry(record.trajectory).or_default();
            entry.extend_from_slice(&record.locator.0.to_be_bytes());
        }
        for (trajectory, value) in &mut streams {
            if let Some(before) = self.streams.get(trajectory.as_bytes()).map_err(|e| self.damaged(&e))? {
                value.splice(0..0, before.iter().copied());
            }
        }
        let result = (&self.event_ids, &self.streams, &self.clients, &self.meta).transaction(|(event_ids, by_stream, clients, meta)| {
            for (id, entry) in records.iter().flat_map(|record| &record.events) {
                let mut value = [0; 24];
                value[..8].copy_from_slice(&entry.position.0.to_be_bytes());
                value[8..].copy_from_slice(&entry.digest);
                event_ids.insert(&id.as_bytes()[..], &value[..])?;
            }
            for (trajectory, value) in &streams {
                by_stream.insert(&trajectory.as_bytes()[..], value.as_slice())?;
            }
            for client in records.iter().filter_map(|record| record.client) {
                clients.insert(&client.as_bytes()[..], &[][..])?;
            }
            if let Some((first, _)) = first_event {
                meta.insert(FIRST_EVENT, &first.as_bytes()[..])?;
            }
            meta.insert(CHECKPOINT, &until.0.to_be_bytes()[..])?;
            Ok::<(), ConflictableTransactionError<std::convert::Infallible>>(())
        });
        match result {
            Ok(()) => self.checkpoint = until,
            Err(TransactionError::Abort(never)) => match never {},
            Err(TransactionError::Storage(e)) => return Err(self.damaged(&e)),
        }
        Ok(())
    }

    /// Throws everything away: the views begin again at 0.
    ///
    /// # Errors
    /// [`ViewError::Damaged`] when the store fails.
    pub fn clear(&mut self) -> Result<(), ViewError> {
        for tree in [&self.meta, &self.event_ids, &self.streams, &self.clients] {
            tree.clear().map_err(|e| self.damaged(&e))?;
        }
        self.checkpoint = Position::START;
        Ok(())
    }

    /// Every entry of both indexes in key order, as bytes: two views of the same log are equal exactly when these are.
    ///
    /// # Errors
    /// [`ViewError::Damaged`].
    pub fn contents(&self) -> Result<Vec<Entry>, ViewError> {
        let entries = self.event_ids.iter().chain(self.streams.iter()).chain(self.clients.iter());
        entries.map(|entry| entry.map(|(k, v)| (k.to_vec(), v.to_vec())).map_err(|e| self.damaged(&e))).collect()
    }

    /// Closes the views in order: only then are they believed the next time.
    ///
    /// # Errors
    /// [`ViewError::Io`] or [`ViewError::Damaged`].
    pub fn close(self) -> Result<(), ViewError> {
        self.db.flush().map_err(|e| self.damaged(&e))?;
        let Self { folder, db, event_ids, streams, clients, meta, checkpoint, _lock } = self;
        drop((event_ids, streams, clients, meta, db));
        wait_until_let_go(&folder.join("store"));
        let io = |e: std::io::Error| ViewError::Io { what: "sealing the views", folder: folder.clone(), cause: e.to_string() };
        seal::put(&folder, &folder.join("store"), checkpoint).map_err(io)
    }

    fn number(&self, value: &[u8], place: usize) -> Result<u64, ViewError> {
        let bytes = value.get(place..place + 8).and_then(|bytes| bytes.try_into().ok());
        bytes.map(u64::from_be_bytes).ok_or_else(|| self.damaged(&"an entry is cut off"))
    }

    fn damaged(&self, cause: &dyn std::fmt::Display) -> ViewError {
        ViewError::Damaged { folder: self.folder.clone(), cause: cause.to_string() }
    }
}
