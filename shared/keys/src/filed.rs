//! The keys file in use: opening and mending it, making keys durable before they are used, destroying them.
//!
//! One process writes (a lock file sees to it), any number read. Slots are checked at opening and read when first asked for, so that a store
//! of 100,000 clients opens in milliseconds.

use std::{
    collections::{HashMap, HashSet},
    fmt,
    fs::{File, OpenOptions},
    os::unix::fs::FileExt,
    path::{Path, PathBuf},
    sync::{Mutex, MutexGuard, PoisonError, RwLock},
};

use uuid::Uuid;

use crate::{
    Kept, KeyError, Mode, Place, Shelf, WrappedKey, Wrapping,
    file::{Entry, Scanned, create, io_error, mend, read_exact, scan, take_lock},
    slot::{self, Header, Owner, Raw, SLOT_LEN, Slot},
};

/// The keys file's name in its folder.
pub const KEYS_FILE: &str = "clients.keys";
const LOCK_FILE: &str = "clients.keys.lock";

/// A reader may meet a slot just while another process overwrites it; looking again tells that from damage.
const READ_ATTEMPTS: u32 = 3;

/// Wrapped keys in a file.
pub(crate) struct KeysFile {
    path: PathBuf,
    file: File,
    /// Taken by whoever writes or follows the file's end; held over the sync, so appends are synced one after the other.
    end: Mutex<End>,
    index: RwLock<Index>,
    /// `None` when opened for reading. Released by the operating system when the file is closed, also after a crash.
    lock: Option<File>,
}

impl fmt::Debug for KeysFile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("KeysFile").field("path", &self.path).finish_non_exhaustive()
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
}

impl KeysFile {
    /// Opens `<folder>/clients.keys`; gives the wrapped digest key too.
    pub(crate) fn open(folder: &Path, wrapping: &Wrapping, mode: Mode) -> Result<(Self, WrappedKey), KeyError> {
        let path = folder.join(KEYS_FILE);
        let id = wrapping.master();
        let lock = match mode {
            Mode::ReadOnly => None,
            Mode::Write | Mode::WriteExisting => Some(take_lock(&folder.join(LOCK_FILE))?),
        };
        let there = path.try_exists().map_err(io_error("look for", &path))?;
        if !there {
            match mode {
                Mode::ReadOnly | Mode::WriteExisting => return Err(KeyError::StoreMissing { path }),
                Mode::Write => create(folder, &path, id, &wrapping.new_digest_key()?)?,
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
            // Of slot 0 the reader gives no other owner than the digest key.
            Some((Slot::Live { wrapped, .. }, _)) => WrappedKey(wrapped),
            Some((Slot::Destroyed { .. } | Slot::Void, _)) | None => return Err(damaged("it does not hold a digest key")),
        };
        if wrapping.digest_key(&digest).is_none() {
            return Err(damaged("it does not hold a digest key"));
        }

        let scanned = scan(&file, &path, 1)?;
        if lock.is_some() {
            mend(&file, &path, &scanned)?;
        }
        let mut index = Index::default();
        index.add(&scanned, &path)?;
        let end = Mutex::new(End { slots: scanned.end, stopped: false });
        Ok((KeysFile { path, file, end, index: RwLock::new(index), lock }, digest))
    }

    fn read_index<T>(&self, look: impl FnOnce(&Index) -> T) -> T {
        look(&self.index.read().unwrap_or_else(PoisonError::into_inner))
    }

    fn entry(&self, client: Uuid) -> Option<Entry> {
        self.read_index(|index| index.clients.get(&client).copied())
    }

    fn put(&self, client: Uuid, entry: Entry) {
        self.index.write().unwrap_or_else(PoisonError::into_inner).clients.insert(client, entry);
    }

    fn must_write(&self) -> Result<(), KeyError> {
        if self.lock.is_none() { Err(KeyError::ReadOnly { path: self.path.clone() }) } else { Ok(()) }
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
}

impl Shelf for KeysFile {
    fn place(&self) -> PathBuf {
        self.path.clone()
    }

    fn find(&self, client: Uuid) -> Result<Option<Kept>, KeyError> {
        let mut entry = self.entry(client);
        if entry.is_none() && self.lock.is_none() {
            self.follow()?;
            entry = self.entry(client);
        }
        let Some(entry) = entry else { return Ok(None) };
        if !entry.live {
            return Ok(Some(Kept::Destroyed));
        }
        match self.read_slot(entry.slot)?.0 {
            Slot::Destroyed { .. } => {
                self.put(client, Entry { slot: entry.slot, live: false });
                Ok(Some(Kept::Destroyed))
            }
            Slot::Void => Err(self.damaged(client, "it was emptied")),
            Slot::Live { owner, wrapped } if owner == Owner::Client(client) => Ok(Some(Kept::Live(WrappedKey(wrapped)))),
            Slot::Live { .. } => Err(self.damaged(client, "it holds another client's key")),
        }
    }

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

    fn add(&self, keys: &[(Uuid, WrappedKey)]) -> Result<Vec<Uuid>, KeyError> {
        self.must_write()?;
        let mut end = self.end_for_writing()?;
        // Looked at again: another caller may have made them while this one waited.
        let clients: Vec<Uuid> = keys.iter().map(|(client, _)| *client).collect();
        let missing = self.missing(&clients)?;
        let wanted: HashSet<&Uuid> = missing.iter().collect();
        let new: Vec<_> = keys.iter().filter(|(client, _)| wanted.contains(client)).collect();
        if new.is_empty() {
            return Ok(Vec::new());
        }
        let slots: Vec<Slot> = new.iter().map(|(client, key)| Slot::Live { owner: Owner::Client(*client), wrapped: key.0 }).collect();
        let first = self.append(&mut end, &slots)?;
        let mut index = self.index.write().unwrap_or_else(PoisonError::into_inner);
        for (slot, (client, _)) in (first..).zip(&new) {
            index.clients.insert(*client, Entry { slot, live: true });
        }
        Ok(missing)
    }

    /// The key's bytes are overwritten in place. What a backup, a snapshot or the wear levelling of a disk still holds is beyond this file:
    /// it is worthless without the master key, and gone with the next rotation of that.
    fn destroy(&self, client: Uuid) -> Result<bool, KeyError> {
        self.must_write()?;
        let mut end = self.end_for_writing()?;
        let tombstone = Slot::Destroyed { client };
        let (slot, was_live) = match self.entry(client) {
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
        self.put(client, Entry { slot, live: false });
        Ok(was_live)
    }

    fn is_destroyed(&self, client: Uuid) -> bool {
        self.entry(client).is_some_and(|entry| !entry.live)
    }

    fn damaged(&self, client: Uuid, why: &'static str) -> KeyError {
        let place = self.entry(client).map_or(Place::Header, |entry| Place::Slot(entry.slot));
        KeyError::Damaged { path: self.path.clone(), place, why }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::MasterKey;

    #[test]
    fn after_a_write_whose_outcome_is_unknown_no_more_keys_are_made() {
        let folder = tempfile::tempdir().unwrap();
        let wrapping = Wrapping::under(&MasterKey::generate().unwrap());
        let (mut file, _) = KeysFile::open(folder.path(), &wrapping, Mode::Write).unwrap();
        let key = |number| {
            let (client, wrapped, _) = wrapping.new_data_keys(&[Uuid::from_u128(number)]).unwrap().remove(0);
            (client, wrapped)
        };
        file.add(&[key(1)]).unwrap();
        // A file that was opened for reading refuses to be written and to be cut: what is on disk then is not known any more.
        file.file = File::open(&file.path).unwrap();
        assert!(matches!(file.add(&[key(2)]), Err(KeyError::Io { .. })));
        assert!(matches!(file.add(&[key(2)]), Err(KeyError::Stopped { .. })));
        assert!(matches!(file.destroy(Uuid::from_u128(1)), Err(KeyError::Stopped { .. })));
        assert!(file.find(Uuid::from_u128(1)).unwrap().is_some(), "what is known can still be read");
        assert!(file.find(Uuid::from_u128(2)).unwrap().is_none());
    }
}
