//! The keys file in use: opening and mending it, making keys durable before they are used, destroying them.
//!
//! One process writes (a lock file sees to it), any number read. Slots are checked at opening and unwrapped when first asked for, so that a
//! store of 100,000 clients opens in milliseconds.

use std::{
    collections::{HashMap, HashSet},
    fmt,
    fs::{File, OpenOptions},
    os::unix::fs::FileExt,
    path::{Path, PathBuf},
    sync::{Mutex, MutexGuard, PoisonError, RwLock},
};

use uuid::Uuid;
use zeroize::Zeroizing;

use crate::{
    DataKey, DigestKey, KeyError, MasterKey, MasterKeyId, Place,
    file::{Entry, Scanned, create, io_error, mend, read_exact, scan, take_lock},
    random::{self, NONCE_LEN},
    slot::{self, Header, Owner, Raw, SLOT_LEN, Slot},
    text::KEY_LEN,
};

/// The keys file's name in its folder.
pub const KEYS_FILE: &str = "clients.keys";
const LOCK_FILE: &str = "clients.keys.lock";

/// Unwrapped keys held in memory, at most: some 6 MB. When it is full it is emptied at once, which costs one unwrapping (about 2 µs) per key
/// that is asked for again.
const CACHED_KEYS: usize = if cfg!(test) { 8 } else { 65_536 };
/// A reader may meet a slot just while another process overwrites it; looking again tells that from damage.
const READ_ATTEMPTS: u32 = 3;

/// How a store is opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// Changes nothing, ignores a torn tail, follows a process that writes meanwhile. The keys file must be there.
    ReadOnly,
    /// Mends a torn tail; makes the keys file where there is none.
    Write,
    /// Like `Write`, but the keys file must be there: for a log that holds events already, where a missing file is a loss to report.
    WriteExisting,
}

/// The data keys of all clients of one log, and its digest key. Safe to share between threads.
pub struct KeyStore {
    path: PathBuf,
    file: File,
    master: MasterKeyId,
    wrapping: Zeroizing<[u8; KEY_LEN]>,
    digest: DigestKey,
    /// Taken by whoever writes or follows the file's end; held over the sync, so appends are synced one after the other.
    end: Mutex<End>,
    index: RwLock<Index>,
    /// `None` when opened for reading. Released by the operating system when the file is closed, also after a crash.
    lock: Option<File>,
}

impl fmt::Debug for KeyStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("KeyStore").field("path", &self.path).field("master", &self.master).finish_non_exhaustive()
    }
}

struct End {
    /// Slots in the file that are known; the next one is appended there.
    slots: u32,
    /// A write failed and what is on disk is not known: nothing more is written.
    stopped: bool,
}

#[derive(Default)]
struct Index {
    clients: HashMap<Uuid, Entry>,
    cache: HashMap<Uuid, DataKey>,
}

impl Index {
    fn add(&mut self, scanned: &Scanned, path: &Path) -> Result<(), KeyError> {
        self.clients.reserve(scanned.slots.len());
        for (client, entry) in &scanned.slots {
            if self.clients.insert(*client, *entry).is_some() {
                let why = "its client has a slot already";
                return Err(KeyError::Damaged { path: path.to_owned(), place: Place::Slot(entry.slot), why });
            }
        }
        Ok(())
    }

    /// Caches a key unless the client was erased since it was read.
    fn remember(&mut self, client: Uuid, key: DataKey) -> bool {
        if !self.clients.get(&client).is_some_and(|entry| entry.live) {
            return false;
        }
        if self.cache.len() >= CACHED_KEYS {
            self.cache.clear();
        }
        self.cache.insert(client, key);
        true
    }
}

impl KeyStore {
    /// Opens `<folder>/clients.keys`. The folder must be there.
    ///
    /// # Errors
    /// [`KeyError::WrongMasterKey`], told by the key's id; [`KeyError::Damaged`] when any slot is not as it was written;
    /// [`KeyError::StoreMissing`] where the mode wants a file; [`KeyError::InUse`] when another store writes here; [`KeyError::Io`].
    pub fn open(folder: &Path, master: MasterKey, mode: Mode) -> Result<Self, KeyError> {
        let path = folder.join(KEYS_FILE);
        let id = master.id();
        let wrapping = master.wrapping_key();
        let lock = match mode {
            Mode::ReadOnly => None,
            Mode::Write | Mode::WriteExisting => Some(take_lock(&folder.join(LOCK_FILE))?),
        };
        let there = path.try_exists().map_err(io_error("look for", &path))?;
        if !there {
            match mode {
                Mode::ReadOnly | Mode::WriteExisting => return Err(KeyError::StoreMissing { path }),
                Mode::Write => create(folder, &path, id, &wrapping)?,
            }
        }
        let file = OpenOptions::new().read(true).write(lock.is_some()).open(&path).map_err(io_error("open", &path))?;

        let mut header: Raw = [0; SLOT_LEN];
        read_exact(&file, &mut header, 0, &path, Place::Header)?;
        match slot::read_header(&header) {
            Header::Known(wanted) if wanted == id => {}
            Header::Known(wanted) => return Err(KeyError::WrongMasterKey { path, wanted, given: id }),
            Header::Other(version) => return Err(KeyError::UnknownVersion { path, version }),
            Header::Damaged(why) => {
                return Err(KeyError::Damaged { path, place: Place::Header, why });
            }
        }
        let mut first: Raw = [0; SLOT_LEN];
        read_exact(&file, &mut first, slot::offset(0), &path, Place::Slot(0))?;
        let damaged = |why| KeyError::Damaged { path: path.clone(), place: Place::Slot(0), why };
        let digest = match slot::read(&first, 0).map_err(damaged)? {
            Some((Slot::Live { owner, wrapped }, _)) => slot::unwrap(&wrapping, id, owner, &wrapped),
            Some((Slot::Destroyed { .. } | Slot::Void, _)) | None => None,
        };
        let digest = DigestKey::new(digest.ok_or_else(|| damaged("it does not hold a digest key"))?);

        let scanned = scan(&file, &path, 1)?;
        if lock.is_some() {
            mend(&file, &path, &scanned)?;
        }
        let mut index = Index::default();
        index.add(&scanned, &path)?;
        let end = Mutex::new(End { slots: scanned.end, stopped: false });
        Ok(KeyStore { path, file, master: id, wrapping, digest, end, index: RwLock::new(index), lock })
    }

    /// The key of all digests, random and made with the store.
    pub fn digest_key(&self) -> &DigestKey {
        &self.digest
    }

    /// Whether the client's key was destroyed, as far as this store has read.
    pub fn is_destroyed(&self, client: Uuid) -> bool {
        self.read_index(|index| index.clients.get(&client).is_some_and(|entry| !entry.live))
    }

    /// The client's key; `None` when there never was one.
    ///
    /// # Errors
    /// [`KeyError::Destroyed`] when the client was erased; [`KeyError::Damaged`] or [`KeyError::Io`] when the slot cannot be read.
    pub fn get(&self, client: Uuid) -> Result<Option<DataKey>, KeyError> {
        let look = |index: &Index| (index.cache.get(&client).cloned(), index.clients.get(&client).copied());
        let (key, mut entry) = self.read_index(look);
        if key.is_some() {
            return Ok(key);
        }
        if entry.is_none() && self.lock.is_none() {
            self.follow()?;
            entry = self.read_index(look).1;
        }
        let Some(entry) = entry else { return Ok(None) };
        if !entry.live {
            return Err(KeyError::Destroyed { client });
        }
        let key = self.unwrap_slot(entry.slot, client)?;
        let mut index = self.index.write().unwrap_or_else(PoisonError::into_inner);
        match key {
            Some(key) if index.remember(client, key.clone()) => Ok(Some(key)),
            Some(_) | None => {
                index.clients.insert(client, Entry { slot: entry.slot, live: false });
                Err(KeyError::Destroyed { client })
            }
        }
    }

    /// The client's key, made and durable if there was none.
    ///
    /// # Errors
    /// Those of [`KeyStore::ensure`] and [`KeyStore::get`].
    pub fn get_or_create(&self, client: Uuid) -> Result<DataKey, KeyError> {
        if let Some(key) = self.get(client)? {
            return Ok(key);
        }
        self.ensure(&[client])?;
        self.get(client)?.ok_or(KeyError::Stopped { path: self.path.clone() })
    }

    /// Makes a key for each of the clients that has none, and returns when all of them rest on disk: one sync for the whole list. A client
    /// may be named twice. All or nothing: after an error none of the missing ones has a key.
    ///
    /// # Errors
    /// [`KeyError::Destroyed`] when one of them was erased; [`KeyError::ReadOnly`] when one is missing in a store opened for reading;
    /// [`KeyError::Io`] when the disk refuses (the call may be repeated); [`KeyError::Stopped`] after a failed sync.
    pub fn ensure(&self, clients: &[Uuid]) -> Result<(), KeyError> {
        if self.missing(clients)?.is_empty() {
            return Ok(());
        }
        if self.lock.is_none() {
            return Err(KeyError::ReadOnly { path: self.path.clone() });
        }
        let mut end = self.end_for_writing()?;
        // Looked at again: another caller may have made them while this one waited.
        let missing = self.missing(clients)?;
        if missing.is_empty() {
            return Ok(());
        }
        let mut random = Zeroizing::new(vec![0; missing.len() * (KEY_LEN + NONCE_LEN)]);
        random::fill(&mut random)?;
        let mut made = Vec::with_capacity(missing.len());
        let mut slots = Vec::with_capacity(missing.len());
        for (client, random) in missing.iter().zip(random.chunks_exact(KEY_LEN + NONCE_LEN)) {
            let mut key = Zeroizing::new([0; KEY_LEN]);
            let mut nonce = [0; NONCE_LEN];
            key.copy_from_slice(&random[..KEY_LEN]);
            nonce.copy_from_slice(&random[KEY_LEN..]);
            let owner = Owner::Client(*client);
            let wrapped = slot::wrap(&self.wrapping, self.master, owner, &key, nonce).map_err(|_| KeyError::TextTooLong)?;
            slots.push(Slot::Live { owner, wrapped });
            made.push(DataKey::new(key));
        }
        let first = self.append(&mut end, &slots)?;
        let mut index = self.index.write().unwrap_or_else(PoisonError::into_inner);
        for (slot, (client, key)) in (first..).zip(missing.into_iter().zip(made)) {
            index.clients.insert(client, Entry { slot, live: true });
            index.remember(client, key);
        }
        Ok(())
    }

    /// Destroys the client's key, for ever, and returns when that is on disk: `true` if there was a key, `false` if it was destroyed before
    /// or never made. In each case the client can get no key any more.
    ///
    /// The key's bytes are overwritten in place. What a backup, a snapshot or the wear levelling of a disk still holds is beyond this file:
    /// it is worthless without the master key, and gone with the next rotation of that.
    ///
    /// # Errors
    /// [`KeyError::ReadOnly`], [`KeyError::Stopped`], or [`KeyError::Io`], after which the store takes no more keys.
    pub fn destroy(&self, client: Uuid) -> Result<bool, KeyError> {
        if self.lock.is_none() {
            return Err(KeyError::ReadOnly { path: self.path.clone() });
        }
        let mut end = self.end_for_writing()?;
        let tombstone = Slot::Destroyed { client };
        let entry = self.read_index(|index| index.clients.get(&client).copied());
        let (slot, was_live) = match entry {
            Some(Entry { live: false, .. }) => return Ok(false),
            None => (self.append(&mut end, &[tombstone])?, false),
            Some(Entry { slot, live: true }) => {
                let (_, first) = self.read_slot(slot)?;
                let raw = slot::write(&tombstone, slot, first);
                let written = self.file.write_all_at(&raw, slot::offset(slot)).and_then(|()| self.file.sync_data());
                if let Err(source) = written {
                    end.stopped = true;
                    return Err(KeyError::Io { doing: "destroy a key in", path: self.path.clone(), source });
                }
                (slot, true)
            }
        };
        let mut index = self.index.write().unwrap_or_else(PoisonError::into_inner);
        index.clients.insert(client, Entry { slot, live: false });
        index.cache.remove(&client);
        Ok(was_live)
    }

    fn read_index<T>(&self, look: impl FnOnce(&Index) -> T) -> T {
        look(&self.index.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// The clients without a key, each once.
    fn missing(&self, clients: &[Uuid]) -> Result<Vec<Uuid>, KeyError> {
        self.read_index(|index| {
            let mut seen = HashSet::new();
            let mut missing = Vec::new();
            for client in clients {
                match index.clients.get(client) {
                    Some(Entry { live: true, .. }) => {}
                    Some(Entry { live: false, .. }) => return Err(KeyError::Destroyed { client: *client }),
                    None if seen.insert(*client) => missing.push(*client),
                    None => {}
                }
            }
            Ok(missing)
        })
    }

    fn end_for_writing(&self) -> Result<MutexGuard<'_, End>, KeyError> {
        // A poisoned lock means that a writer panicked half-way: the same as a failed write.
        match self.end.lock() {
            Ok(end) if !end.stopped => Ok(end),
            Ok(_) | Err(_) => Err(KeyError::Stopped { path: self.path.clone() }),
        }
    }

    /// Appends slots with one write and one sync, and returns the number of the first.
    fn append(&self, end: &mut End, slots: &[Slot]) -> Result<u32, KeyError> {
        let first = end.slots;
        let after = u32::try_from(slots.len()).ok().and_then(|count| first.checked_add(count));
        let after = after.ok_or_else(|| KeyError::Full { path: self.path.clone() })?;
        let mut bytes = Vec::with_capacity(slots.len() * SLOT_LEN);
        for (number, slot) in (first..).zip(slots) {
            bytes.extend_from_slice(&slot::write(slot, number, first));
        }
        if let Err(source) = self.file.write_all_at(&bytes, slot::offset(first)) {
            // Disk full, most likely: take back what was written, so that the call can be repeated when there is room.
            end.stopped = self.file.set_len(slot::offset(first)).is_err();
            return Err(KeyError::Io { doing: "append keys to", path: self.path.clone(), source });
        }
        if let Err(source) = self.file.sync_data() {
            // After a failed sync nobody knows what is on disk, and a second one may lie: only reading back after a restart tells.
            end.stopped = true;
            return Err(KeyError::Io { doing: "sync", path: self.path.clone(), source });
        }
        end.slots = after;
        Ok(first)
    }

    /// Reads what another process has appended since.
    fn follow(&self) -> Result<(), KeyError> {
        let mut end = self.end.lock().unwrap_or_else(PoisonError::into_inner);
        let scanned = scan(&self.file, &self.path, end.slots)?;
        let mut index = self.index.write().unwrap_or_else(PoisonError::into_inner);
        index.add(&scanned, &self.path)?;
        end.slots = scanned.end;
        Ok(())
    }

    fn read_slot(&self, number: u32) -> Result<(Slot, u32), KeyError> {
        let mut attempt = 1;
        loop {
            let mut raw: Raw = [0; SLOT_LEN];
            read_exact(&self.file, &mut raw, slot::offset(number), &self.path, Place::Slot(number))?;
            match slot::read(&raw, number).and_then(|slot| slot.ok_or("it is empty")) {
                Ok(read) => return Ok(read),
                Err(_) if attempt < READ_ATTEMPTS => attempt += 1,
                Err(why) => {
                    return Err(KeyError::Damaged { path: self.path.clone(), place: Place::Slot(number), why });
                }
            }
        }
    }

    /// The key in a slot; `None` when it was destroyed.
    fn unwrap_slot(&self, number: u32, client: Uuid) -> Result<Option<DataKey>, KeyError> {
        let damaged = |why| KeyError::Damaged { path: self.path.clone(), place: Place::Slot(number), why };
        match self.read_slot(number)?.0 {
            Slot::Destroyed { .. } => Ok(None),
            Slot::Void => Err(damaged("it was emptied")),
            Slot::Live { owner, wrapped } if owner == Owner::Client(client) => {
                let key = slot::unwrap(&self.wrapping, self.master, owner, &wrapped);
                key.map(|key| Some(DataKey::new(key))).ok_or_else(|| damaged("its key was not wrapped by this master key"))
            }
            Slot::Live { .. } => Err(damaged("it holds another client's key")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn more_keys_than_the_cache_holds_are_found_and_the_cache_stays_bounded() {
        let folder = tempfile::tempdir().unwrap();
        let store = KeyStore::open(folder.path(), MasterKey::generate().unwrap(), Mode::Write).unwrap();
        let clients: Vec<_> = (0..50).map(Uuid::from_u128).collect();
        store.ensure(&clients).unwrap();
        for _ in 0..2 {
            for client in &clients {
                assert!(store.get(*client).unwrap().is_some());
                assert!(store.read_index(|index| index.cache.len()) <= CACHED_KEYS);
            }
        }
    }

    #[test]
    fn after_a_write_whose_outcome_is_unknown_no_more_keys_are_made() {
        let folder = tempfile::tempdir().unwrap();
        let mut store = KeyStore::open(folder.path(), MasterKey::generate().unwrap(), Mode::Write).unwrap();
        store.ensure(&[Uuid::from_u128(1)]).unwrap();
        // A file that was opened for reading refuses to be written and to be cut: what is on disk then is not known any more.
        store.file = File::open(&store.path).unwrap();
        assert!(matches!(store.ensure(&[Uuid::from_u128(2)]), Err(KeyError::Io { .. })));
        assert!(matches!(store.ensure(&[Uuid::from_u128(2)]), Err(KeyError::Stopped { .. })));
        assert!(matches!(store.destroy(Uuid::from_u128(1)), Err(KeyError::Stopped { .. })));
        assert!(store.get(Uuid::from_u128(1)).unwrap().is_some(), "what is known can still be read");
        assert!(store.get(Uuid::from_u128(2)).unwrap().is_none());
    }
}
