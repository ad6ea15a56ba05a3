//! How often a password may be wrong, over all logins: whoever tries one password with many logins is slowed by the wait of none of them.
//!
//! ```text
//!   try ──► the address that it comes from, where that is known: too much went wrong ──► wait, told at once
//!       ──► all tries together: too much went wrong ──► in line, first come first served, up to 8 s ──► wait
//!   right, or no password was judged ──► given back: it counts nowhere
//! ```
//!
//! An address alone is locked out by its own tries; where none is known (behind a proxy it is the proxy's), whoever attacks makes others wait in
//! line and keeps nobody out for longer than that. It rests in memory, for a bounded number of addresses.

use std::{
    collections::HashMap,
    net::{IpAddr, Ipv6Addr},
    num::NonZeroU32,
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use tokio::time::Instant;

use super::AUDIT;

/// How long a try stands in line: all that are worked on at once (`Limits::sign_ins`) have had their turn by then, so that who comes in at all
/// is not told to wait in vain.
const PATIENCE: Duration = Duration::from_secs(8);
/// Addresses that are remembered, before those that owe nothing are forgotten: some hundred kilobytes.
const MOST: usize = 10_000;
/// Between two lines of the log about it: an attack is told, and does not fill a disk.
const TOLD_EVERY: Duration = Duration::from_secs(10);

/// So many wrong passwords at once, and then one more each time this has passed.
#[derive(Clone, Copy, Debug)]
pub struct Pace {
    /// At once.
    pub burst: NonZeroU32,
    /// Between two more.
    pub each: Duration,
}

impl Pace {
    /// Counts a try, or says how long to wait. `owed` is when all that was counted is paid off.
    fn take(self, owed: &mut Duration, now: Duration) -> Result<(), Duration> {
        let from = now.max(*owed);
        let wait = (from - now).saturating_sub(self.each.saturating_mul(self.burst.get() - 1));
        if wait.is_zero() {
            *owed = from + self.each;
            return Ok(());
        }
        Err(wait)
    }
}

#[derive(Debug, Default)]
struct Counted {
    all: Duration,
    addresses: HashMap<IpAddr, Duration>,
    told: Option<Duration>,
}

/// The tries of a gateway.
#[derive(Debug)]
pub(crate) struct Tries {
    all: Pace,
    address: Pace,
    began: Instant,
    counted: Mutex<Counted>,
    line: tokio::sync::Mutex<()>,
}

impl Tries {
    pub(crate) fn new(all: Pace, address: Pace) -> Self {
        Self { all, address, began: Instant::now(), counted: Mutex::default(), line: tokio::sync::Mutex::default() }
    }

    /// Counts a try as a wrong one.
    ///
    /// # Errors
    /// How long to wait.
    pub(crate) async fn begin(&self, from: Option<IpAddr>) -> Result<Try<'_>, Duration> {
        let from = from.map(network);
        if let Some(from) = from {
            let mut counted = self.counted();
            if counted.addresses.len() >= MOST {
                let now = self.now();
                counted.addresses.retain(|_, owed| *owed > now);
            }
            // More than that who all owe something: then all of them together are what is counted.
            if counted.addresses.len() < MOST || counted.addresses.contains_key(&from) {
                let taken = self.address.take(counted.addresses.entry(from).or_default(), self.now());
                taken.inspect_err(|_| self.tell(&mut counted, "sign_in_slowed_for_an_address"))?;
            }
        }
        let begun = Try { tries: self, from };
        match tokio::time::timeout(PATIENCE, self.in_turn()).await {
            Ok(()) => Ok(begun),
            Err(_) => {
                begun.undo_address();
                self.tell(&mut self.counted(), "sign_in_slowed_for_all");
                Err(PATIENCE)
            }
        }
    }

    /// Waits in line until one more may be wrong.
    async fn in_turn(&self) {
        let _first = self.line.lock().await;
        loop {
            let taken = self.all.take(&mut self.counted().all, self.now());
            let Err(wait) = taken else { return };
            tokio::time::sleep(wait).await;
        }
    }

    fn tell(&self, counted: &mut Counted, what: &'static str) {
        let now = self.now();
        if counted.told.is_none_or(|told| now.saturating_sub(told) >= TOLD_EVERY) {
            counted.told = Some(now);
            tracing::warn!(target: AUDIT, what);
        }
    }

    fn now(&self) -> Duration {
        self.began.elapsed()
    }

    /// A thread that panicked in here left two numbers, each whole.
    fn counted(&self) -> MutexGuard<'_, Counted> {
        self.counted.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A try that counts until it is given back.
#[must_use]
#[derive(Debug)]
pub(crate) struct Try<'a> {
    tries: &'a Tries,
    from: Option<IpAddr>,
}

impl Try<'_> {
    /// The password was right, or none was judged.
    pub(crate) fn give_back(self) {
        self.undo_address();
        let mut counted = self.tries.counted();
        counted.all = counted.all.saturating_sub(self.tries.all.each);
    }

    fn undo_address(&self) {
        let mut counted = self.tries.counted();
        if let Some(owed) = self.from.and_then(|from| counted.addresses.get_mut(&from)) {
            *owed = owed.saturating_sub(self.tries.address.each);
        }
    }
}

/// What one subscriber has: of IPv6 the first half, as the rest is theirs to choose.
fn network(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V4(address) => address.into(),
        IpAddr::V6(address) => {
            let [a, b, c, d, ..] = address.segments();
            Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0).into()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOME: IpAddr = IpAddr::V4(std::net::Ipv4Addr::new(192, 0, 2, 1));

    fn pace(burst: u32, each: u64) -> Pace {
        Pace { burst: burst.try_into().unwrap(), each: Duration::from_secs(each) }
    }

    #[tokio::test(start_paused = true)]
    async fn an_address_waits_after_its_own_failures_and_no_other_does() {
        let tries = Tries::new(pace(100, 1), pace(3, 10));
        for _ in 0..3 {
            let _ = tries.begin(Some(HOME)).await.unwrap();
        }
        assert_eq!(tries.begin(Some(HOME)).await.unwrap_err(), Duration::from_secs(10));
        let _ = tries.begin(Some("192.0.2.2".parse().unwrap())).await.unwrap();
        tokio::time::advance(Duration::from_secs(10)).await;
        let _ = tries.begin(Some(HOME)).await.unwrap();
        assert!(tries.begin(Some(HOME)).await.is_err());
    }

    #[tokio::test(start_paused = true)]
    async fn what_was_right_counts_nowhere() {
        let tries = Tries::new(pace(3, 10), pace(3, 10));
        for _ in 0..100 {
            tries.begin(Some(HOME)).await.unwrap().give_back();
        }
        for _ in 0..3 {
            let _ = tries.begin(Some(HOME)).await.unwrap();
        }
        assert!(tries.begin(Some(HOME)).await.is_err());
    }

    #[tokio::test(start_paused = true)]
    async fn who_comes_first_is_served_first_and_nobody_waits_for_ever() {
        let tries = std::sync::Arc::new(Tries::new(pace(1, 3), pace(100, 1)));
        let _ = tries.begin(None).await.unwrap();
        let (began, mut all) = (Instant::now(), Vec::new());
        for _ in 0..4 {
            let tries = std::sync::Arc::clone(&tries);
            all.push(tokio::spawn(async move { (tries.begin(None).await.is_ok(), began.elapsed().as_secs()) }));
            tokio::task::yield_now().await;
        }
        let mut served = Vec::new();
        for one in all {
            served.push(one.await.unwrap());
        }
        assert_eq!(served, [(true, 3), (true, 6), (false, 8), (false, 8)]);
    }

    #[tokio::test(start_paused = true)]
    async fn addresses_are_forgotten_when_they_owe_nothing_and_are_never_too_many() {
        let tries = Tries::new(pace(u32::MAX, 0), pace(2, 1));
        for number in 0..2 * u32::try_from(MOST).unwrap() {
            let _ = tries.begin(Some(std::net::Ipv4Addr::from(number).into())).await;
            assert!(tries.counted().addresses.len() <= MOST);
        }
        tokio::time::advance(Duration::from_secs(5)).await;
        let _ = tries.begin(Some(HOME)).await.unwrap();
        assert_eq!(tries.counted().addresses.len(), 1);
    }

    #[test]
    fn a_subscriber_of_ipv6_is_one_whatever_they_choose() {
        let of = |text: &str| network(text.parse().unwrap());
        assert_eq!(of("2001:db8:1:2:3::4"), of("2001:db8:1:2:ffff::1"));
        assert_ne!(of("2001:db8:1:2::1"), of("2001:db8:1:3::1"));
        assert_eq!(of("::ffff:192.0.2.1"), HOME);
    }
}
