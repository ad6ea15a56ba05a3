//! The store: keys made and durable before they are used, unwrapped when first asked for, destroyed for ever. Where they rest is for the
//! shelf to know.

use std::{
    collections::HashMap,
    fmt,
    path::Path,
    sync::{PoisonError, RwLock, RwLockWriteGuard},
};

use uuid::Uuid;

use crate::{DataKey, DigestKey, Kept, KeyError, MasterKey, Place, Shelf, WrappedKey, Wrapping, filed::KeysFile};

/// Unwrapped keys held in memory, at most: some 6 MB. When it is full it is emptied at once, which costs one unwrapping (about 2 µs) per key
/// that is asked for again.
const CACHED_KEYS: usize = if cfg!(test) { 8 } else { 65_536 };
/// How a store is opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// Changes nothing, ignores a torn tail, follows a process that writes meanwhile. The store must be there.
    ReadOnly,
    /// Mends a torn tail; makes the store where there is none.
    Write,
    /// Like `Write`, but the store must be there: for a log that holds events already, where a missing store is a loss to report.
    WriteExisting,
}

/// The data keys of all clients of one log, and its digest key. Safe to share between threads.
pub struct KeyStore {
    shelf: Box<dyn Shelf>,
    wrapping: Wrapping,
    digest: DigestKey,
    /// Unwrapped keys.
    cache: RwLock<HashMap<Uuid, DataKey>>,
}

impl fmt::Debug for KeyStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("KeyStore").field("path", &self.shelf.place()).field("master", &self.wrapping.master()).finish_non_exhaustive()
    }
}

impl KeyStore {
    /// Opens `<folder>/clients.keys`. The folder must be there.
    ///
    /// # Errors
    /// [`KeyError::WrongMasterKey`], told by the key's id; [`KeyError::Damaged`] when any slot is not as it was written;
    /// [`KeyError::StoreMissing`] where the mode wants a file; [`KeyError::InUse`] when another store writes here; [`KeyError::Io`].
    pub fn open(folder: &Path, master: MasterKey, mode: Mode) -> Result<Self, KeyError> {
        let wrapping = Wrapping::under(&master);
        let (file, digest) = KeysFile::open(folder, &wrapping, mode)?;
        Self::over(Box::new(file), wrapping, &digest)
    }

    /// A store over another shelf, with the digest key that rests there.
    ///
    /// # Errors
    /// [`KeyError::Damaged`] when the digest key was not wrapped so under this master key.
    pub fn over(shelf: Box<dyn Shelf>, wrapping: Wrapping, digest: &WrappedKey) -> Result<Self, KeyError> {
        let damaged = || KeyError::Damaged { path: shelf.place(), place: Place::DigestKey, why: "it was not wrapped by this master key" };
        let digest = wrapping.digest_key(digest).ok_or_else(damaged)?;
        Ok(KeyStore { shelf, wrapping, digest, cache: RwLock::default() })
    }

    /// The key of all digests, random and made with the store.
    pub fn digest_key(&self) -> &DigestKey {
        &self.digest
    }

    /// Whether the client's key was destroyed, as far as this store has read.
    pub fn is_destroyed(&self, client: Uuid) -> bool {
        self.shelf.is_destroyed(client)
    }

    /// The client's key; `None` when there never was one.
    ///
    /// # Errors
    /// [`KeyError::Destroyed`] when the client was erased; [`KeyError::Damaged`] or [`KeyError::Io`] when it cannot be read.
    pub fn get(&self, client: Uuid) -> Result<Option<DataKey>, KeyError> {
        if self.shelf.is_destroyed(client) {
            return Err(self.destroyed(client));
        }
        if self.shelf.is_current()
            && let Some(key) = self.cache.read().unwrap_or_else(PoisonError::into_inner).get(&client)
        {
            return Ok(Some(key.clone()));
        }
        let wrapped = match self.shelf.find(client)? {
            None => return Ok(None),
            Some(Kept::Destroyed) => return Err(self.destroyed(client)),
            Some(Kept::Live(wrapped)) => wrapped,
        };
        let key = self.wrapping.data_key(client, &wrapped);
        let key = key.ok_or_else(|| self.shelf.damaged(client, "its key was not wrapped by this master key"))?;
        self.remember(&mut self.cache(), client, key.clone());
        // Looked at again: it may have been destroyed since it was read.
        if self.shelf.is_destroyed(client) { Err(self.destroyed(client)) } else { Ok(Some(key)) }
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
        self.get(client)?.ok_or_else(|| KeyError::Stopped { path: self.shelf.place() })
    }

    /// Makes a key for each of the clients that has none, and returns when all of them are durable: in a file, one sync for the whole list. A
    /// client may be named twice. In a file it is all or nothing; on a shared shelf some may have a key after an error, and the call is
    /// repeated.
    ///
    /// # Errors
    /// [`KeyError::Destroyed`] when one of them was erased; [`KeyError::ReadOnly`] when one is missing in a store opened for reading;
    /// [`KeyError::Io`] when disk or server refuse (the call may be repeated); [`KeyError::Stopped`] after a failed sync.
    pub fn ensure(&self, clients: &[Uuid]) -> Result<(), KeyError> {
        let missing = self.shelf.missing(&self.not_in_memory(clients)?)?;
        if missing.is_empty() {
            return Ok(());
        }
        let made = self.wrapping.new_data_keys(&missing)?;
        let wrapped: Vec<(Uuid, WrappedKey)> = made.iter().map(|(client, wrapped, _)| (*client, *wrapped)).collect();
        let mut added = self.shelf.add(&wrapped)?;
        added.sort_unstable();
        let mut cache = self.cache();
        // Of the others somebody else was first, and their keys are read when they are asked for.
        for (client, _, key) in made.into_iter().filter(|(client, ..)| added.binary_search(client).is_ok()) {
            self.remember(&mut cache, client, key);
        }
        Ok(())
    }

    /// Destroys the client's key, for ever, and returns when that is durable: `true` if there was a key, `false` if it was destroyed before
    /// or never made. In each case the client can get no key any more. What backups still hold is worthless without the master key.
    ///
    /// # Errors
    /// [`KeyError::ReadOnly`], [`KeyError::Stopped`], or [`KeyError::Io`], after which a file takes no more keys.
    pub fn destroy(&self, client: Uuid) -> Result<bool, KeyError> {
        let was_live = self.shelf.destroy(client)?;
        self.cache().remove(&client);
        Ok(was_live)
    }

    /// Those of the clients whose key is not known to be there: the others cost no question.
    fn not_in_memory(&self, clients: &[Uuid]) -> Result<Vec<Uuid>, KeyError> {
        if let Some(client) = clients.iter().find(|client| self.shelf.is_destroyed(**client)) {
            return Err(self.destroyed(*client));
        }
        let current = self.shelf.is_current();
        let cache = self.cache.read().unwrap_or_else(PoisonError::into_inner);
        Ok(clients.iter().copied().filter(|client| !(current && cache.contains_key(client))).collect())
    }

    fn cache(&self) -> RwLockWriteGuard<'_, HashMap<Uuid, DataKey>> {
        self.cache.write().unwrap_or_else(PoisonError::into_inner)
    }

    fn destroyed(&self, client: Uuid) -> KeyError {
        self.cache().remove(&client);
        KeyError::Destroyed { client }
    }

    fn remember(&self, cache: &mut HashMap<Uuid, DataKey>, client: Uuid, key: DataKey) {
        if cache.len() >= CACHED_KEYS {
            cache.clear();
        }
        cache.insert(client, key);
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
                assert!(store.cache().len() <= CACHED_KEYS);
            }
        }
    }
}
