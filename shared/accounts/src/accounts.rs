//! The service: everything known in memory, changed in one way. A change is judged, made durable, and only then known.
//!
//! ```text
//!   who changes something ──► turn (one after the other) ──► rules, on all that is known ──► Register::put ──► State::put
//!                                                                                              └ fails: nothing is known of it
//!   another process did  ──► Register::changes ─────────────────────────────────────────────────────────────► State::take_in
//! ```
//!
//! A change that has begun is ended even when nobody waits for it any more (a browser that hangs up): else something could rest that is not
//! known here.

mod administer;
mod covers;
mod follow;
mod openings;
mod provider;
mod sessions;
mod sign_in;
mod sweep;
mod tokens;

use std::{
    fmt,
    future::Future,
    panic::resume_unwind,
    sync::{
        Arc, Mutex, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard,
        atomic::{AtomicBool, Ordering},
    },
};

use proto_events::Timestamp;
use serde::Serialize;
use sha2::{Digest, Sha256};
use tokio::sync::MutexGuard;
use tracing::Instrument;
use uuid::Uuid;

pub use administer::{By, FirstPassword, MOST_ACCOUNTS, ONE_TIME_LASTS};
pub use sessions::SessionSeen;
pub use sign_in::SignedIn;
pub use sweep::Swept;

use crate::{
    Account, AccountsError, Clock, Cost, Held, Login,
    lockout::{self, Lockout},
    password::Hasher,
    register::{Expected, Key, Kind, Record, Register, RegisterError, Revision},
    secret,
    state::{Known, State},
};

/// What may be set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Options {
    /// What the hash of a password costs.
    pub cost: Cost,
    /// So many passwords are hashed at once: each takes the memory of [`Options::cost`] and one core.
    pub hashes_at_once: usize,
}

/// 4 × 19 MiB is memory that a small machine has.
const HASHES_AT_ONCE: usize = 4;

impl Default for Options {
    /// Half of the processors at most: whoever signs in, or pretends to, leaves the rest to those who are.
    fn default() -> Self {
        let half = std::thread::available_parallelism().map_or(1, |all| all.get().div_ceil(2));
        Self { cost: Cost::OWASP, hashes_at_once: half.min(HASHES_AT_ONCE) }
    }
}

/// Accounts, sessions, tokens, covers and openings over a register. Cheap to clone; clones are the same.
///
/// It decides nothing about who may do what: whoever calls has decided that. It needs a runtime of tokio around it.
#[derive(Clone)]
pub struct Accounts(Arc<Inner>);

struct Inner {
    register: Arc<dyn Register>,
    clock: Arc<dyn Clock>,
    hasher: Hasher,
    lockout: Mutex<Lockout>,
    /// Keys the digests of logins in `lockout`, so that nobody can prepare two with the same.
    lockout_key: [u8; 32],
    state: RwLock<State>,
    turn: tokio::sync::Mutex<()>,
    /// Whether changes by others would be known by now.
    current: AtomicBool,
    /// Whether there are others.
    shared: bool,
}

impl fmt::Debug for Accounts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Accounts").field("register", &self.0.register).finish_non_exhaustive()
    }
}

/// The right to change something: one at a time.
struct Turn<'a> {
    _turn: MutexGuard<'a, ()>,
}

impl Accounts {
    /// Reads everything from the register.
    ///
    /// # Errors
    /// [`RegisterError::Damaged`] names the record that cannot be read or does not fit the others.
    pub async fn open(register: Arc<dyn Register>, clock: Arc<dyn Clock>) -> Result<Self, AccountsError> {
        Self::open_with(register, clock, Options::default()).await
    }

    /// As [`Accounts::open`], with other settings.
    ///
    /// # Errors
    /// As [`Accounts::open`]; [`AccountsError::Hashing`] when argon2 refuses the cost.
    pub async fn open_with(register: Arc<dyn Register>, clock: Arc<dyn Clock>, options: Options) -> Result<Self, AccountsError> {
        // Followed before it is read: nothing falls in between.
        let changes = register.changes();
        let state = read(register.as_ref()).await?;
        let accounts = Self(Arc::new(Inner {
            register,
            clock,
            hasher: Hasher::new(options.cost, options.hashes_at_once)?,
            lockout: Mutex::default(),
            lockout_key: *secret::random()?,
            state: RwLock::new(state),
            turn: tokio::sync::Mutex::new(()),
            current: AtomicBool::new(true),
            shared: changes.is_some(),
        }));
        if let Some(changes) = changes {
            follow::begin(&accounts, changes);
        }
        Ok(accounts)
    }

    /// How often argon2 was run since opening: the same for every sign-in that was tried, whatever came of it.
    #[must_use]
    pub fn hash_runs(&self) -> u64 {
        self.0.hasher.runs()
    }

    /// Whether changes by other processes can be seen. While not, nobody is believed.
    #[must_use]
    pub fn is_current(&self) -> bool {
        self.0.current.load(Ordering::Acquire)
    }

    /// All accounts, in the order of their ids.
    #[must_use]
    pub fn accounts(&self) -> Vec<Held<Account>> {
        self.state().accounts.values().map(|known| known.account.clone()).collect()
    }

    /// An account by its id.
    #[must_use]
    pub fn account(&self, id: Uuid) -> Option<Held<Account>> {
        self.state().accounts.get(&id).map(|known| known.account.clone())
    }

    /// An account by its login.
    #[must_use]
    pub fn account_of(&self, login: &Login) -> Option<Held<Account>> {
        self.state().by_login(login).map(|known| known.account.clone())
    }

    // ---- What the parts share ----------------------------------------------------------------------------------------------------------

    fn now(&self) -> Timestamp {
        self.0.clock.now()
    }

    /// A thread that panicked holding it has changed nothing halfway: a record is taken in at the end of its checks.
    fn state(&self) -> RwLockReadGuard<'_, State> {
        self.0.state.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn state_mut(&self) -> RwLockWriteGuard<'_, State> {
        self.0.state.write().unwrap_or_else(PoisonError::into_inner)
    }

    fn known(&self, id: Uuid) -> Result<Known, AccountsError> {
        self.state().accounts.get(&id).cloned().ok_or(AccountsError::NotFound)
    }

    fn current(&self) -> Result<(), AccountsError> {
        if self.is_current() { Ok(()) } else { Err(AccountsError::NotCurrent) }
    }

    async fn turn(&self) -> Turn<'_> {
        Turn { _turn: self.0.turn.lock().await }
    }

    /// Does work to its end, also when whoever asked for it is gone.
    async fn to_the_end<T, E, W>(work: W) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<AccountsError> + Send + 'static,
        W: Future<Output = Result<T, E>> + Send + 'static,
    {
        match tokio::spawn(work.in_current_span()).await {
            Ok(done) => done,
            Err(error) if error.is_panic() => resume_unwind(error.into_panic()),
            Err(_) => Err(AccountsError::Stopping.into()),
        }
    }

    /// Makes a record durable, and then known.
    async fn put<T: Serialize>(
        &self,
        _turn: &Turn<'_>,
        kind: Kind,
        key: &str,
        value: &T,
        expected: Expected,
    ) -> Result<Revision, AccountsError> {
        self.current()?;
        let key = self.key(kind, key)?;
        let damaged = |why: String| RegisterError::Damaged { place: self.0.register.place(kind, &key), why };
        let value = serde_json::to_vec(value).map_err(|error| damaged(error.to_string()))?;
        let put = self.0.register.put(kind, &key, value.clone(), expected).await;
        let first = |error: &RegisterError| matches!(error, RegisterError::Conflict { .. });
        let revision = put.map_err(|error| if first(&error) { AccountsError::Changed } else { error.into() })?;
        let taken_in = self.state_mut().put(&Record { kind, key: key.clone(), value, revision });
        taken_in.map_err(damaged)?;
        Ok(revision)
    }

    /// Makes a removal durable, and then known.
    async fn remove(&self, _turn: &Turn<'_>, kind: Kind, key: &str) -> Result<(), AccountsError> {
        let key = self.key(kind, key)?;
        let revision = self.0.register.remove(kind, &key).await?;
        self.state_mut().removed(kind, &key, revision, self.0.shared);
        Ok(())
    }

    /// Every key is an id or a hash in hexadecimal.
    fn key(&self, kind: Kind, text: &str) -> Result<Key, AccountsError> {
        let why = || RegisterError::Damaged { place: kind.name().to_owned(), why: "a key of another form".to_owned() };
        Ok(Key::new(text).ok_or_else(why)?)
    }

    fn lockout_key(&self, login: &str) -> lockout::Key {
        let mut hash = Sha256::new();
        hash.update(self.0.lockout_key);
        hash.update(login.to_ascii_lowercase().as_bytes());
        let mut key = lockout::Key::default();
        for (to, from) in key.iter_mut().zip(hash.finalize()) {
            *to = from;
        }
        key
    }

    fn lockout<T>(&self, look: impl FnOnce(&mut Lockout) -> T) -> T {
        look(&mut self.0.lockout.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// Everything in the register.
async fn read(register: &dyn Register) -> Result<State, AccountsError> {
    let records = register.all().await?;
    let damaged = |(kind, key, why): (Kind, Key, String)| RegisterError::Damaged { place: register.place(kind, &key), why };
    Ok(State::of(records).map_err(damaged)?)
}
