//! A register in memory, which several may share and which fails as it is told to: for tests.

use std::{
    collections::{BTreeMap, VecDeque},
    io,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use tokio::sync::{
    Semaphore,
    mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel},
};

use crate::register::{Change, Expected, Key, Kind, LARGEST_VALUE, Later, Record, Register, RegisterError, Revision};

/// How the next change fails.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// Nothing is changed.
    Unavailable,
    /// It is not known what was changed: nothing was.
    UnknownNotKept,
    /// It is not known what was changed: it was.
    UnknownKept,
    /// It is done as if nothing were wrong: for faults that come later.
    None,
}

/// A register in memory. Clones share what they hold.
#[derive(Clone, Debug)]
pub struct MemoryRegister {
    inner: Arc<Mutex<Inner>>,
    /// Changes pass one by one when somebody has closed the gate.
    gate: Arc<Semaphore>,
    shared: bool,
}

#[derive(Debug, Default)]
struct Inner {
    records: BTreeMap<(Kind, Key), Record>,
    revision: u64,
    newest: BTreeMap<Kind, Revision>,
    faults: VecDeque<Fault>,
    followers: Vec<UnboundedSender<Change>>,
    changes: u64,
}

impl MemoryRegister {
    /// Empty, for one process.
    #[must_use]
    pub fn new() -> Self {
        Self { inner: Arc::default(), gate: Arc::new(Semaphore::new(Semaphore::MAX_PERMITS)), shared: false }
    }

    /// Empty, for several: it tells what others change.
    #[must_use]
    pub fn shared() -> Self {
        Self { shared: true, ..Self::new() }
    }

    /// The next changes fail so, one after the other.
    pub fn inject(&self, faults: impl IntoIterator<Item = Fault>) {
        self.lock().faults.extend(faults);
    }

    /// How many changes were made.
    #[must_use]
    pub fn changes_made(&self) -> u64 {
        self.lock().changes
    }

    /// From now on changes wait until they are let through.
    pub fn close_gate(&self) {
        self.gate.forget_permits(Semaphore::MAX_PERMITS);
    }

    /// Lets so many changes through a closed gate.
    pub fn let_through(&self, changes: usize) {
        self.gate.add_permits(changes);
    }

    /// Those who follow its changes can no longer see them.
    pub fn lose_followers(&self) {
        self.lock().followers.clear();
    }

    /// Replaces what rests, past every rule: damage.
    pub fn damage(&self, kind: Kind, key: &Key, value: Option<Vec<u8>>) {
        let mut inner = self.lock();
        match value {
            None => {
                inner.records.remove(&(kind, key.clone()));
            }
            Some(value) => {
                let revision = Revision(inner.revision);
                inner.records.insert((kind, key.clone()), Record { kind, key: key.clone(), value, revision });
            }
        }
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    async fn change(
        &self,
        change: impl FnOnce(&mut Inner) -> Result<(), RegisterError> + Send,
        place: String,
    ) -> Result<Revision, RegisterError> {
        if let Ok(pass) = self.gate.acquire().await
            && self.gate.available_permits() < Semaphore::MAX_PERMITS / 2
        {
            pass.forget();
        }
        let mut inner = self.lock();
        let broken = || io::Error::other("told to fail");
        match inner.faults.pop_front().unwrap_or(Fault::None) {
            Fault::None => change(&mut inner)?,
            Fault::Unavailable => return Err(RegisterError::Unavailable { doing: "write", place, source: broken() }),
            Fault::UnknownNotKept => return Err(RegisterError::Unknown { doing: "write", place, source: broken() }),
            Fault::UnknownKept => {
                change(&mut inner)?;
                return Err(RegisterError::Unknown { doing: "write", place, source: broken() });
            }
        }
        Ok(Revision(inner.revision))
    }
}

impl Default for MemoryRegister {
    fn default() -> Self {
        Self::new()
    }
}

impl Inner {
    fn next(&mut self, kind: Kind) -> Revision {
        self.revision += 1;
        self.changes += 1;
        self.newest.insert(kind, Revision(self.revision));
        Revision(self.revision)
    }

    fn tell(&mut self, change: &Change) {
        self.followers.retain(|follower| follower.send(change.clone()).is_ok());
    }
}

impl Register for MemoryRegister {
    fn place(&self, kind: Kind, key: &Key) -> String {
        format!("{}/{} in memory", kind.name(), key.as_str())
    }

    fn all(&self) -> Later<'_, Result<Vec<Record>, RegisterError>> {
        let all = self.lock().records.values().cloned().collect();
        Box::pin(std::future::ready(Ok(all)))
    }

    fn put<'a>(&'a self, kind: Kind, key: &'a Key, value: Vec<u8>, expected: Expected) -> Later<'a, Result<Revision, RegisterError>> {
        let place = self.place(kind, key);
        Box::pin(async move {
            if value.len() > LARGEST_VALUE {
                return Err(RegisterError::TooLarge { place });
            }
            let at = place.clone();
            let put = move |inner: &mut Inner| {
                let there = inner.records.get(&(kind, key.clone())).map(|record| record.revision);
                let holds = match expected {
                    Expected::Nothing => there.is_none(),
                    Expected::Record(revision) => there == Some(revision),
                    Expected::Kind(revision) => inner.newest.get(&kind).copied().unwrap_or_default() == revision,
                };
                if !holds {
                    return Err(RegisterError::Conflict { place: at });
                }
                let record = Record { kind, key: key.clone(), value, revision: inner.next(kind) };
                inner.records.insert((kind, key.clone()), record.clone());
                inner.tell(&Change::Put(record));
                Ok(())
            };
            self.change(put, place).await
        })
    }

    fn remove<'a>(&'a self, kind: Kind, key: &'a Key) -> Later<'a, Result<Revision, RegisterError>> {
        Box::pin(async move {
            let remove = |inner: &mut Inner| {
                let revision = inner.next(kind);
                inner.records.remove(&(kind, key.clone()));
                inner.tell(&Change::Removed { kind, key: key.clone(), revision });
                Ok(())
            };
            self.change(remove, self.place(kind, key)).await
        })
    }

    fn changes(&self) -> Option<UnboundedReceiver<Change>> {
        let (teller, follower) = unbounded_channel();
        self.shared.then(|| {
            self.lock().followers.push(teller);
            follower
        })
    }
}
