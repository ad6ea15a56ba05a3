//! Passwords: which are good enough, how they are hashed, and how many at once.
//!
//! A password is taken in Unicode's composed form (NFC, as RFC 8265 has it): the same word typed on a phone that composes `é` and on a computer
//! that does not is one password. Nothing else is done to it: not trimmed, not cut, letters keep their case.
//!
//! ```text
//!   Password ──► Hasher: a place among a few ──► thread for blocking work: argon2id ──► PasswordHash, or: does it fit?
//!                └ more wait than fit: busy
//! ```

use std::{
    fmt,
    str::FromStr,
    sync::{
        Arc,
        atomic::{AtomicU64, AtomicUsize, Ordering},
    },
};

use argon2::{Algorithm, Argon2, Params, Version};
use base64::{Engine, engine::general_purpose::STANDARD_NO_PAD};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use subtle::ConstantTimeEq;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use unicode_normalization::UnicodeNormalization;
use zeroize::Zeroizing;

use crate::{AccountsError, Login, Rule, common, secret};

/// The fewest characters of a password (NIST SP 800-63B-4 asks for 15 where it stands alone and 8 beside a second factor, OWASP ASVS 5 for 8 and
/// advises 15; 12 with a list of common ones is what a coach still types on a phone).
pub const SHORTEST_PASSWORD: usize = 12;
/// The most characters: a long sentence, and no more than a form should carry.
pub const LONGEST_PASSWORD: usize = 128;
/// What is longer than the longest password can be in any form is not even composed: 128 characters of 4 bytes, each with some marks.
const MOST_BYTES: usize = 4_096;
/// A login, or its part before `@`, of fewer letters may stand in a password by chance.
const SHORTEST_TELLING_LOGIN: usize = 3;

/// Bytes of a salt (RFC 9106, section 3.1).
const SALT_LEN: usize = 16;
/// Bytes of a hash (RFC 9106, section 4).
const HASH_LEN: usize = 32;
/// A stored hash that asks for more memory is damage: it would be taken at every sign-in.
const MOST_MEMORY_KIB: u32 = 1 << 20;
/// And so is one of more passes or lanes.
const MOST_PASSES: u32 = 64;

/// So many sign-ins may wait for a place beside those that are hashed; more are told to come back. At 50 ms each and four at once it is the
/// work of about a second.
const MOST_WAITING: usize = 64;

/// A password as it was typed, composed. Wiped when dropped; its `Debug` form says nothing.
#[derive(Clone)]
pub struct Password(Zeroizing<String>);

impl fmt::Debug for Password {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Password(…)")
    }
}

impl Password {
    /// What was typed. Of what is far too long nothing is kept: it is no password of anybody.
    #[must_use]
    pub fn new(typed: &str) -> Self {
        let mut composed = Zeroizing::new(String::with_capacity(4 * typed.len().min(MOST_BYTES)));
        if typed.len() <= MOST_BYTES {
            composed.extend(typed.nfc());
        }
        Self(composed)
    }

    /// Whether both are the same, in a time that does not tell how much of it.
    pub(crate) fn is_same(&self, other: &Self) -> bool {
        self.0.as_bytes().ct_eq(other.0.as_bytes()).into()
    }

    /// Whether it may become the password of this login.
    ///
    /// # Errors
    /// Why not; the sentence does not repeat it.
    pub fn check(&self, login: &Login) -> Result<(), Rule> {
        let characters = self.0.chars().count();
        if characters < SHORTEST_PASSWORD {
            // Far too long ones are empty here, and are told the same; a form refuses them before.
            return Err(Rule::PasswordTooShort);
        }
        if characters > LONGEST_PASSWORD {
            return Err(Rule::PasswordTooLong);
        }
        let lower = Zeroizing::new(self.0.to_lowercase());
        let before_at = login.as_str().split('@').next().unwrap_or_default();
        if before_at.len() >= SHORTEST_TELLING_LOGIN && lower.contains(before_at) {
            return Err(Rule::PasswordContainsLogin);
        }
        if common::is_common(&self.0) { Err(Rule::PasswordCommon) } else { Ok(()) }
    }
}

/// What a hash costs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cost {
    /// Memory in KiB.
    pub memory_kib: u32,
    /// Passes over it.
    pub passes: u32,
    /// Lanes, one after the other.
    pub lanes: u32,
}

impl Cost {
    /// The first choice of the OWASP Password Storage Cheat Sheet for argon2id: 19 MiB, 2 passes, 1 lane.
    pub const OWASP: Self = Self { memory_kib: 19 * 1024, passes: 2, lanes: 1 };
    /// As little as there is: for tests that make many accounts. Never for a password that somebody uses.
    pub const LEAST: Self = Self { memory_kib: 8, passes: 1, lanes: 1 };
}

/// A password as it rests: argon2id in the usual form (`$argon2id$v=19$m=…,t=…,p=…$salt$hash`). Its `Debug` form shows the cost alone.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct PasswordHash {
    pub(crate) cost: Cost,
    salt: [u8; SALT_LEN],
    hash: [u8; HASH_LEN],
}

impl fmt::Debug for PasswordHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PasswordHash({:?}, …)", self.cost)
    }
}

impl fmt::Display for PasswordHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Cost { memory_kib, passes, lanes } = self.cost;
        let (salt, hash) = (STANDARD_NO_PAD.encode(self.salt), STANDARD_NO_PAD.encode(self.hash));
        write!(f, "$argon2id$v=19$m={memory_kib},t={passes},p={lanes}${salt}${hash}")
    }
}

/// What is stored as a password's hash and is none.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("expected argon2id, version 19, with a salt of 16 and a hash of 32 bytes")]
pub(crate) struct NotAHash;

impl FromStr for PasswordHash {
    type Err = NotAHash;

    fn from_str(text: &str) -> Result<Self, NotAHash> {
        let read = || {
            let mut parts = text.strip_prefix("$argon2id$v=19$m=")?.split('$');
            let (cost, salt, hash) = (parts.next()?, parts.next()?, parts.next()?);
            let (memory, rest) = cost.split_once(",t=")?;
            let (passes, lanes) = rest.split_once(",p=")?;
            let cost = Cost { memory_kib: memory.parse().ok()?, passes: passes.parse().ok()?, lanes: lanes.parse().ok()? };
            let bearable = cost.memory_kib <= MOST_MEMORY_KIB && cost.passes <= MOST_PASSES && cost.lanes <= MOST_PASSES;
            let salt = STANDARD_NO_PAD.decode(salt).ok()?.try_into().ok()?;
            let hash = STANDARD_NO_PAD.decode(hash).ok()?.try_into().ok()?;
            (parts.next().is_none() && bearable && params(cost).is_ok()).then_some(Self { cost, salt, hash })
        };
        read().ok_or(NotAHash)
    }
}

impl Serialize for PasswordHash {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for PasswordHash {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        // The text is not repeated in the error.
        String::deserialize(deserializer)?.parse().map_err(de::Error::custom)
    }
}

fn params(cost: Cost) -> Result<Params, argon2::Error> {
    Params::new(cost.memory_kib, cost.passes, cost.lanes, Some(HASH_LEN))
}

/// Hashes and verifies passwords, a few at once, off the asynchronous runtime.
#[derive(Debug)]
pub(crate) struct Hasher {
    cost: Cost,
    places: Arc<Semaphore>,
    waiting: AtomicUsize,
    runs: AtomicU64,
    /// Verified where there is no password, so that it takes as long as where there is one. No password fits it.
    nobody: PasswordHash,
}

impl Hasher {
    pub(crate) fn new(cost: Cost, at_once: usize) -> Result<Self, AccountsError> {
        params(cost).map_err(AccountsError::Hashing)?;
        let nobody = PasswordHash { cost, salt: *secret::random()?, hash: *secret::random()? };
        Ok(Self { cost, places: Arc::new(Semaphore::new(at_once.max(1))), waiting: AtomicUsize::new(0), runs: AtomicU64::new(0), nobody })
    }

    /// How often argon2 was run.
    pub(crate) fn runs(&self) -> u64 {
        self.runs.load(Ordering::Relaxed)
    }

    pub(crate) async fn hash(&self, password: &Password) -> Result<PasswordHash, AccountsError> {
        let salt: [u8; SALT_LEN] = *secret::random()?;
        let hash = self.run(password.clone(), self.cost, salt).await?;
        Ok(PasswordHash { cost: self.cost, salt, hash: *hash })
    }

    /// Whether the password fits. Where there is nothing to fit, the same work is done, and it does not.
    pub(crate) async fn fits(&self, password: &Password, stored: Option<&PasswordHash>) -> Result<bool, AccountsError> {
        let against = stored.unwrap_or(&self.nobody);
        let hash = self.run(password.clone(), against.cost, against.salt).await?;
        let equal: bool = hash.as_slice().ct_eq(&against.hash).into();
        Ok(equal & stored.is_some())
    }

    /// Whether a stored hash was made at another cost than is asked for today.
    pub(crate) fn is_dated(&self, stored: &PasswordHash) -> bool {
        stored.cost != self.cost
    }

    async fn run(&self, password: Password, cost: Cost, salt: [u8; SALT_LEN]) -> Result<Zeroizing<[u8; HASH_LEN]>, AccountsError> {
        // The place goes along: whoever asked may be gone before the work is done, and the memory is in use until then.
        let place = self.place().await?;
        self.runs.fetch_add(1, Ordering::Relaxed);
        let work = tokio::task::spawn_blocking(move || {
            let _place = place;
            let mut hash = Zeroizing::new([0; HASH_LEN]);
            let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, params(cost)?);
            argon2.hash_password_into(password.0.as_bytes(), &salt, hash.as_mut_slice()).map(|()| hash)
        });
        work.await.map_err(|_| AccountsError::Stopping)?.map_err(AccountsError::Hashing)
    }

    async fn place(&self) -> Result<OwnedSemaphorePermit, AccountsError> {
        if let Ok(place) = Arc::clone(&self.places).try_acquire_owned() {
            return Ok(place);
        }
        let waiting = Waiting(&self.waiting);
        if waiting.0.fetch_add(1, Ordering::Relaxed) >= MOST_WAITING {
            return Err(AccountsError::Busy);
        }
        Arc::clone(&self.places).acquire_owned().await.map_err(|_| AccountsError::Stopping)
    }
}

/// One that waits, counted until it is dropped.
struct Waiting<'a>(&'a AtomicUsize);

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn login() -> Login {
        "j.devries@voorbeeld".parse().unwrap()
    }

    #[test]
    fn a_password_has_12_to_128_characters_whatever_they_are() {
        let of = |length: usize| "kT9#vLq2x!Zré".chars().cycle().take(length).collect::<String>();
        assert_eq!(Password::new(&of(11)).check(&login()), Err(Rule::PasswordTooShort));
        assert_eq!(Password::new(&of(12)).check(&login()), Ok(()));
        assert_eq!(Password::new(&of(128)).check(&login()), Ok(()));
        assert_eq!(Password::new(&of(129)).check(&login()), Err(Rule::PasswordTooLong));
        assert!(Password::new(&of(100_000)).check(&login()).is_err());
    }

    #[test]
    fn characters_are_counted_as_they_are_composed() {
        let decomposed = "e\u{301}".repeat(11);
        assert_eq!(Password::new(&decomposed).check(&login()), Err(Rule::PasswordTooShort));
        assert_eq!(*Password::new("cafe\u{301}").0, "café");
    }

    #[test]
    fn a_password_does_not_hold_the_login() {
        for password in ["J.DeVries en zo", "ik ben j.devries"] {
            assert_eq!(Password::new(password).check(&login()), Err(Rule::PasswordContainsLogin));
        }
        let short: Login = "jo".parse().unwrap();
        assert_eq!(Password::new("jongleren op maandag").check(&short), Ok(()));
    }

    #[test]
    fn a_common_password_is_refused() {
        assert_eq!(Password::new("Welkom2025!!").check(&login()), Err(Rule::PasswordCommon));
    }

    #[test]
    fn the_form_of_a_hash_is_the_usual_one_and_nothing_else_is_read() {
        // Of the reference implementation's own tests: argon2id, version 19, m=65536, t=2, p=1, its form only.
        let text = "$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHRzb21lc2Fs$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc";
        let hash: PasswordHash = text.replace("c29tZXNhbHRzb21lc2Fs", "c29tZXNhbHRzb21lc2FsdA").parse().unwrap();
        assert_eq!(hash.to_string().parse(), Ok(hash.clone()));
        let good = hash.to_string();
        for wrong in [
            String::new(),
            text.to_owned(),
            good.replace("argon2id", "argon2i"),
            good.replace("v=19", "v=16"),
            good.replace("65536", "99999999"),
            good.replace("t=2", "t=0"),
            format!("{good}$"),
            good[..good.len() - 1].to_owned(),
        ] {
            assert!(wrong.parse::<PasswordHash>().is_err(), "{wrong}");
        }
        assert!(!format!("{hash:?}").contains("c29t"), "its debug form shows no salt");
    }

    #[test]
    fn the_cost_is_that_of_the_cheat_sheet_at_least() {
        let Cost { memory_kib, passes, lanes } = crate::Options::default().cost;
        assert!(memory_kib >= 19 * 1024 && passes >= 2 && lanes == 1);
        assert!(params(Cost::OWASP).is_ok() && params(Cost::LEAST).is_ok());
    }

    #[tokio::test]
    async fn only_the_same_password_fits_and_where_there_is_none_the_work_is_done_all_the_same() {
        let hasher = Hasher::new(Cost::LEAST, 1).unwrap();
        let composed = hasher.hash(&Password::new("één kapstok in de gang")).await.unwrap();
        assert!(hasher.fits(&Password::new("e\u{301}e\u{301}n kapstok in de gang"), Some(&composed)).await.unwrap());
        assert!(!hasher.fits(&Password::new("Één kapstok in de gang"), Some(&composed)).await.unwrap());
        let before = hasher.runs();
        assert!(!hasher.fits(&Password::new("een kapstok in de gang"), None).await.unwrap());
        assert_eq!(hasher.runs(), before + 1);
    }

    #[tokio::test]
    async fn who_comes_when_too_many_wait_is_told_and_a_place_is_given_back_even_when_nobody_waits_for_the_result() {
        let hasher = Arc::new(Hasher::new(Cost::LEAST, 1).unwrap());
        let held = hasher.places.acquire().await.unwrap();
        let many = (0..MOST_WAITING).map(|_| {
            let hasher = Arc::clone(&hasher);
            tokio::spawn(async move { hasher.hash(&Password::new("x")).await.map(|_| ()) })
        });
        let many: Vec<_> = many.collect();
        while hasher.waiting.load(Ordering::Relaxed) < MOST_WAITING {
            tokio::task::yield_now().await;
        }
        assert!(matches!(hasher.hash(&Password::new("x")).await, Err(AccountsError::Busy)));
        for one in &many[1..] {
            one.abort();
        }
        drop(held);
        for one in many {
            let _ = one.await;
        }
        assert_eq!(hasher.waiting.load(Ordering::Relaxed), 0);
        hasher.hash(&Password::new("x")).await.unwrap();
    }
}
