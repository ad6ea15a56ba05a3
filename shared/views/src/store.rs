//! The store: trees with a checkpoint, sealed when it is closed in order.
//!
//! All trees lie in one tree of sled, each behind a first byte of its own: so what is taken in is one batch of sled, which is atomic. A
//! transaction over several of its trees is atomic too, but reads every key before it writes it, which takes twice as long.

use std::{
    fs,
    ops::Bound,
    path::{Path, PathBuf},
    time::Duration,
};

use event_log::{Position, Tail};
use uuid::Uuid;

use crate::{ViewError, seal};

/// The key of the checkpoint, which is position and checksum (8 and 4 bytes; the latter may be missing): behind a first byte that no tree has.
const CHECKPOINT: &[u8] = b"\xffcheckpoint";
/// The key of the log's first event id: by it a view knows whose view it is.
const FIRST_EVENT: &[u8] = b"\xfffirst_event";

/// What sled sets aside for itself, about, in bytes: segments, and what it rewrites while it tidies up.
const ROOM: u64 = 1 << 20;
/// How often a byte is written, about: sled writes whole pages, and the old ones are let go of later.
const WRITTEN: u64 = 4;

/// A key and its value, as bytes.
pub type Entry = (Vec<u8>, Vec<u8>);

/// A tree of a store, by its place in [`Form::trees`]: at most 254.
pub type TreeNumber = u8;

/// What a store holds and how.
#[derive(Clone, Debug)]
pub struct Form<'a> {
    /// Its name with its version: the first line of the seal. A change of what the store holds or how it is encoded is another form;
    /// a store of an older form is built anew.
    pub name: &'a str,
    /// The names of its trees, in the order of their numbers.
    pub trees: &'a [&'a str],
    /// sled's cache, in bytes.
    pub cache: u64,
}

/// What is to be written in one transaction.
#[derive(Clone, Debug, Default)]
pub struct Changes {
    /// Of one key the last thing said counts.
    batch: sled::Batch,
    /// One more than the highest tree that is written to.
    trees: usize,
    /// Of keys and values.
    bytes: u64,
}

/// A key as it lies in sled.
fn key_in(tree: TreeNumber, key: &[u8]) -> Vec<u8> {
    let mut whole = Vec::with_capacity(1 + key.len());
    whole.push(tree);
    whole.extend_from_slice(key);
    whole
}

impl Changes {
    /// Nothing yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Puts a value, in the place of one that is there.
    pub fn put(&mut self, tree: TreeNumber, key: &[u8], value: Vec<u8>) {
        self.trees = self.trees.max(usize::from(tree) + 1);
        self.bytes += (key.len() + value.len()) as u64;
        self.batch.insert(key_in(tree, key), value);
    }

    /// Says which event is the log's first.
    pub fn first_event(&mut self, id: Uuid) {
        self.batch.insert(FIRST_EVENT, &id.as_bytes()[..]);
    }
}

/// A folder of trees.
pub struct Store {
    folder: PathBuf,
    form: String,
    /// How many trees the form has.
    trees: usize,
    db: sled::Db,
    tail: Tail,
    /// Held as long as the store is open; the system lets go of it when the process dies.
    _lock: fs::File,
}

/// A store that was opened, and whether it begins again.
pub struct OpenedStore {
    /// The store.
    pub store: Store,
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

impl Store {
    /// Opens the store in this folder; makes it where there is none, and throws away what was not closed in order.
    ///
    /// # Errors
    /// [`ViewError::Busy`] when another process holds it.
    pub fn open(folder: &Path, form: &Form<'_>) -> Result<OpenedStore, ViewError> {
        let io = |what: &'static str| move |e: std::io::Error| ViewError::Io { what, folder: folder.to_owned(), cause: e.to_string() };
        let store = folder.join("store");
        fs::create_dir_all(folder).map_err(io("making the folder of the views"))?;
        // A store in use has no seal either: it must not be thrown away under another process's hands.
        let lock = fs::File::create(folder.join("lock")).map_err(io("opening the lock of the views"))?;
        lock.try_lock().map_err(|_| ViewError::Busy { folder: folder.to_owned() })?;
        wait_until_let_go(&store);
        let there = store.exists();
        let believed = there && seal::fits(folder, &store, form.name);
        let config = sled::Config::new().path(&store).cache_capacity(form.cache).mode(sled::Mode::HighThroughput).flush_every_ms(None);
        if there && !believed {
            fs::remove_dir_all(&store).map_err(io("throwing away the views"))?;
        }
        seal::break_it(folder).map_err(io("breaking the seal of the views"))?;
        let damaged = |e: sled::Error| ViewError::Damaged { folder: folder.to_owned(), cause: e.to_string() };
        let db = config.open().map_err(damaged)?;
        let (folder, trees) = (folder.to_owned(), form.trees.len());
        let mut store = Self { folder, form: form.name.to_owned(), trees, db, tail: Tail::START, _lock: lock };
        if let Some(checkpoint) = store.about(CHECKPOINT)? {
            let checksum = checkpoint.get(8..12).and_then(|bytes| bytes.try_into().ok()).map(u32::from_be_bytes);
            store.tail = Tail { position: Position(store.number(&checkpoint, 0)?), checksum };
        }
        Ok(OpenedStore { store, thrown_away: there && !believed })
    }

    /// The record of the log up to which the store is that of the log.
    #[must_use]
    pub const fn tail(&self) -> Tail {
        self.tail
    }

    /// The first event of the log whose view this is; `None` while it is empty.
    ///
    /// # Errors
    /// [`ViewError::Damaged`].
    pub fn first_event(&self) -> Result<Option<Uuid>, ViewError> {
        let value = self.about(FIRST_EVENT)?;
        value.map(|value| Uuid::from_slice(&value).map_err(|_| self.cut_off())).transpose()
    }

    fn about(&self, key: &[u8]) -> Result<Option<Vec<u8>>, ViewError> {
        Ok(self.db.get(key).map_err(|e| self.damaged(&e))?.map(|value| value.to_vec()))
    }

    /// Whether the form has trees up to this number.
    fn has_trees(&self, trees: usize) -> Result<(), ViewError> {
        if trees <= self.trees { Ok(()) } else { Err(self.damaged(&format!("there are {} trees, not {trees}", self.trees))) }
    }

    /// The value of a key.
    ///
    /// # Errors
    /// [`ViewError::Damaged`].
    pub fn get(&self, tree: TreeNumber, key: &[u8]) -> Result<Option<Vec<u8>>, ViewError> {
        self.has_trees(usize::from(tree) + 1)?;
        self.about(&key_in(tree, key))
    }

    /// Whether the tree has this key.
    ///
    /// # Errors
    /// [`ViewError::Damaged`].
    pub fn has(&self, tree: TreeNumber, key: &[u8]) -> Result<bool, ViewError> {
        self.has_trees(usize::from(tree) + 1)?;
        self.db.contains_key(key_in(tree, key)).map_err(|e| self.damaged(&e))
    }

    /// Shows every entry from one bound to the other, in key order, until `each` says false.
    ///
    /// # Errors
    /// [`ViewError::Damaged`], and those of `each`.
    pub fn visit<E: From<ViewError>>(
        &self,
        tree: TreeNumber,
        range: (Bound<&[u8]>, Bound<&[u8]>),
        mut each: impl FnMut(&[u8], &[u8]) -> Result<bool, E>,
    ) -> Result<(), E> {
        self.has_trees(usize::from(tree) + 1)?;
        let from = range.0.map(|key| key_in(tree, key));
        let from = if from == Bound::Unbounded { Bound::Included(key_in(tree, &[])) } else { from };
        let to = range.1.map(|key| key_in(tree, key));
        let to = if to == Bound::Unbounded { Bound::Excluded(key_in(tree + 1, &[])) } else { to };
        for entry in self.db.range::<Vec<u8>, _>((from, to)) {
            let (key, value) = entry.map_err(|e| self.damaged(&e))?;
            if !each(key.get(1..).unwrap_or_default(), &value)? {
                break;
            }
        }
        Ok(())
    }

    /// Writes the changes and moves the checkpoint to `until` (`None` leaves it where it is): one transaction.
    ///
    /// # Errors
    /// [`ViewError::Io`] when there is no room: nothing was written, and it can be tried again. [`ViewError::Damaged`] when the store fails:
    /// a part may be there, and the store must be opened again.
    pub fn apply(&mut self, mut changes: Changes, until: Option<Tail>) -> Result<(), ViewError> {
        self.has_trees(changes.trees)?;
        self.look_for_room(changes.bytes)?;
        if let Some(until) = until {
            let mut checkpoint = until.position.0.to_be_bytes().to_vec();
            checkpoint.extend(until.checksum.map(u32::to_be_bytes).into_iter().flatten());
            changes.batch.insert(CHECKPOINT, checkpoint);
        }
        self.db.apply_batch(changes.batch).map_err(|e| self.damaged(&e))?;
        self.tail = until.unwrap_or(self.tail);
        Ok(())
    }

    /// A write that fails half-way leaves the store in doubt: what has no room is better not begun.
    fn look_for_room(&self, bytes: u64) -> Result<(), ViewError> {
        let io = |cause: String| ViewError::Io { what: "looking for room for what is new", folder: self.folder.clone(), cause };
        let free = rustix::fs::statvfs(&self.folder).map_err(|e| io(e.to_string()))?;
        let (free, needed) = (free.f_bavail.saturating_mul(free.f_frsize), ROOM + WRITTEN * bytes);
        if free < needed {
            return Err(io(format!("{free} bytes are free, and {needed} are needed")));
        }
        Ok(())
    }

    /// Throws everything away: the view begins again at 0.
    ///
    /// # Errors
    /// [`ViewError::Damaged`] when the store fails.
    pub fn clear(&mut self) -> Result<(), ViewError> {
        // The checkpoint first: what is half cleared must not be taken for whole.
        self.db.remove(CHECKPOINT).map_err(|e| self.damaged(&e))?;
        self.db.clear().map_err(|e| self.damaged(&e))?;
        self.tail = Tail::START;
        Ok(())
    }

    /// Every entry of these trees in key order, one tree after the other, as bytes.
    ///
    /// # Errors
    /// [`ViewError::Damaged`].
    pub fn contents(&self, trees: &[TreeNumber]) -> Result<Vec<Entry>, ViewError> {
        let mut entries = Vec::new();
        for tree in trees {
            self.visit(*tree, (Bound::Unbounded, Bound::Unbounded), |key, value| {
                entries.push((key.to_vec(), value.to_vec()));
                Ok::<_, ViewError>(true)
            })?;
        }
        Ok(entries)
    }

    /// Closes the store in order: only then is it believed the next time.
    ///
    /// # Errors
    /// [`ViewError::Io`] or [`ViewError::Damaged`].
    pub fn close(self) -> Result<(), ViewError> {
        self.db.flush().map_err(|e| self.damaged(&e))?;
        let Self { folder, form, trees: _, db, tail, _lock } = self;
        drop(db);
        wait_until_let_go(&folder.join("store"));
        let io = |e: std::io::Error| ViewError::Io { what: "sealing the views", folder: folder.clone(), cause: e.to_string() };
        seal::put(&folder, &folder.join("store"), &form, tail.position).map_err(io)
    }

    /// The number at this place of a value: eight bytes, the highest first.
    pub(crate) fn number(&self, value: &[u8], place: usize) -> Result<u64, ViewError> {
        let bytes = value.get(place..place + 8).and_then(|bytes| bytes.try_into().ok());
        bytes.map(u64::from_be_bytes).ok_or_else(|| self.cut_off())
    }

    pub(crate) fn cut_off(&self) -> ViewError {
        self.damaged(&"an entry is cut off")
    }

    fn damaged(&self, cause: &dyn std::fmt::Display) -> ViewError {
        ViewError::Damaged { folder: self.folder.clone(), cause: cause.to_string() }
    }
}
