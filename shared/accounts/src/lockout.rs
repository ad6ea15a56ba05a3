//! Who fails to sign in again and again must wait, longer each time.
//!
//! ```text
//!   try ──► begin: counted as a failure at once, so that many tries at the same moment are many failures
//!              ├─ the password fits ──► succeeded: forgotten
//!              ├─ it does not ───────► stays counted: from the fifth on 1 s, 2 s, 4 s … 15 min from this try to the next
//!              └─ nobody could look ──► undone
//! ```
//!
//! Logins that nobody has are counted like any other: the wait tells nothing. It rests in memory only, under a keyed digest of the login, for a
//! bounded number of logins.

use std::{collections::HashMap, time::Duration};

/// So many failures in a row cost no wait.
pub const FREE_FAILURES: u32 = 5;
/// The first wait.
pub const FIRST_WAIT: Duration = Duration::from_secs(1);
/// The longest wait: a guesser has then 100 tries a day, and a person a coffee.
pub const LONGEST_WAIT: Duration = Duration::from_secs(15 * 60);
/// Without a try for so long the failures are forgotten.
const FORGOTTEN: Duration = Duration::from_secs(24 * 3600);
/// The most logins that are remembered: about 1 MB.
const MOST: usize = 16_384;
/// When there is no room, so many are forgotten at once: looking at all of them costs more than one try should.
const MADE_ROOM: usize = MOST / 8;

/// A login, digested.
pub(crate) type Key = [u8; 16];

#[derive(Clone, Copy, Debug)]
struct Failures {
    in_a_row: u32,
    /// Since the clock's beginning.
    last: Duration,
    /// Before that; what is undone goes back to it.
    before: Duration,
}

#[derive(Debug, Default)]
pub(crate) struct Lockout {
    failures: HashMap<Key, Failures>,
}

fn wait_after(in_a_row: u32) -> Duration {
    match in_a_row.checked_sub(FREE_FAILURES) {
        None => Duration::ZERO,
        Some(more) => FIRST_WAIT.saturating_mul(1_u32.checked_shl(more).unwrap_or(u32::MAX)).min(LONGEST_WAIT),
    }
}

impl Lockout {
    /// Counts a try as a failure, or says how long to wait.
    pub(crate) fn begin(&mut self, key: Key, now: Duration) -> Result<(), Duration> {
        if !self.failures.contains_key(&key) && self.failures.len() >= MOST {
            self.make_room(now);
        }
        let failures = self.failures.entry(key).or_insert(Failures { in_a_row: 0, last: now, before: now });
        if now.saturating_sub(failures.last) >= FORGOTTEN {
            failures.in_a_row = 0;
        }
        let left = (failures.last + wait_after(failures.in_a_row)).saturating_sub(now);
        if !left.is_zero() {
            return Err(left);
        }
        failures.in_a_row = failures.in_a_row.saturating_add(1);
        failures.before = std::mem::replace(&mut failures.last, now);
        Ok(())
    }

    /// How many failures there were in a row, and how long the next try has to wait, if it has to.
    pub(crate) fn waits(&self, key: &Key, now: Duration) -> Option<(u32, Duration)> {
        let failures = self.failures.get(key).filter(|failures| now.saturating_sub(failures.last) < FORGOTTEN)?;
        let left = (failures.last + wait_after(failures.in_a_row)).saturating_sub(now);
        (!left.is_zero()).then_some((failures.in_a_row, left))
    }

    /// The try was right.
    pub(crate) fn succeeded(&mut self, key: &Key) {
        self.failures.remove(key);
    }

    /// Whether the try was right could not be seen.
    pub(crate) fn undo(&mut self, key: &Key) {
        if let Some(failures) = self.failures.get_mut(key) {
            failures.in_a_row = failures.in_a_row.saturating_sub(1);
            failures.last = failures.before;
        }
    }

    /// Forgets what is old; else who failed least and longest ago, so that whoever floods this with made-up logins does not free the one
    /// that they are after.
    fn make_room(&mut self, now: Duration) {
        self.failures.retain(|_, failures| now.saturating_sub(failures.last) < FORGOTTEN);
        if self.failures.len() < MOST {
            return;
        }
        let mut all: Vec<(u32, Duration, Key)> = self.failures.iter().map(|(key, one)| (one.in_a_row, one.last, *key)).collect();
        all.sort_unstable();
        for (_, _, key) in all.iter().take(MADE_ROOM) {
            self.failures.remove(key);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEY: Key = [7; 16];

    fn seconds(seconds: u64) -> Duration {
        Duration::from_secs(seconds)
    }

    #[test]
    fn the_sixth_try_waits_and_each_further_one_twice_as_long_up_to_15_minutes() {
        let mut lockout = Lockout::default();
        let mut now = seconds(100);
        for _ in 0..5 {
            assert_eq!(lockout.begin(KEY, now), Ok(()));
        }
        for wait in [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900, 900] {
            assert_eq!(lockout.begin(KEY, now), Err(seconds(wait)));
            let just_before = now + seconds(wait) - Duration::from_millis(1);
            assert_eq!(lockout.begin(KEY, just_before), Err(Duration::from_millis(1)), "waiting does not count as a try");
            now += seconds(wait);
            assert_eq!(lockout.begin(KEY, now), Ok(()));
        }
    }

    #[test]
    fn a_success_resets_and_another_login_is_not_touched() {
        let mut lockout = Lockout::default();
        for _ in 0..5 {
            lockout.begin(KEY, seconds(1)).unwrap();
        }
        assert!(lockout.begin(KEY, seconds(1)).is_err());
        lockout.begin([8; 16], seconds(1)).unwrap();
        lockout.succeeded(&KEY);
        for _ in 0..5 {
            lockout.begin(KEY, seconds(1)).unwrap();
        }
        assert!(lockout.begin(KEY, seconds(1)).is_err());
    }

    #[test]
    fn what_is_undone_was_no_try() {
        let mut lockout = Lockout::default();
        for _ in 0..4 {
            lockout.begin(KEY, seconds(1)).unwrap();
        }
        for _ in 0..100 {
            lockout.begin(KEY, seconds(1)).unwrap();
            lockout.undo(&KEY);
        }
        lockout.begin(KEY, seconds(1)).unwrap();
        assert!(lockout.begin(KEY, seconds(1)).is_err());
    }

    #[test]
    fn a_day_without_a_try_is_forgotten() {
        let mut lockout = Lockout::default();
        for _ in 0..5 {
            lockout.begin(KEY, seconds(1)).unwrap();
        }
        for _ in 0..5 {
            lockout.begin(KEY, seconds(1) + FORGOTTEN).unwrap();
        }
        assert!(lockout.begin(KEY, seconds(1) + FORGOTTEN).is_err());
    }

    #[test]
    fn a_flood_of_logins_takes_no_more_room_and_frees_nobody() {
        let mut lockout = Lockout::default();
        for _ in 0..6 {
            let _ = lockout.begin(KEY, seconds(1));
        }
        for number in 0..4 * MOST as u64 {
            let mut key = [0; 16];
            key[..8].copy_from_slice(&number.to_be_bytes());
            let _ = lockout.begin(key, seconds(1));
            assert!(lockout.failures.len() <= MOST);
        }
        assert!(lockout.begin(KEY, seconds(1)).is_err());
    }
}
