//! Chance, seeded: every choice of the generator comes from here, in whole numbers, so that a seed gives the same log on
//! every machine.

use proto_events::Date;
use rand_chacha::{
    ChaCha8Rng,
    rand_core::{Rng, SeedableRng},
};

use crate::calendar::plus;

/// A seeded source of choices.
#[derive(Clone, Debug)]
pub(crate) struct Dice(ChaCha8Rng);

impl Dice {
    /// The dice of this seed.
    pub(crate) fn new(seed: u64) -> Self {
        Self(ChaCha8Rng::seed_from_u64(seed))
    }

    /// 128 random bits, for ids.
    pub(crate) fn key(&mut self) -> u128 {
        u128::from(self.0.next_u64()) << 64 | u128::from(self.0.next_u64())
    }

    /// A number from 0 to `n` − 1; 0 where `n` is 0.
    pub(crate) fn below(&mut self, n: u32) -> u32 {
        let scaled = (u64::from(self.0.next_u32()) * u64::from(n)) >> 32;
        u32::try_from(scaled).unwrap_or_default()
    }

    /// A number from 0 to `n` − 1, for sums of weights.
    pub(crate) fn below_u64(&mut self, n: u64) -> u64 {
        let scaled = (u128::from(self.0.next_u64()) * u128::from(n)) >> 64;
        u64::try_from(scaled).unwrap_or_default()
    }

    /// A place in a list of this length; 0 where it is empty.
    pub(crate) fn place(&mut self, length: usize) -> usize {
        usize::try_from(self.below(u32::try_from(length).unwrap_or(u32::MAX))).unwrap_or_default()
    }

    /// A number from `low` to `high`, both included; `low` where there is none.
    pub(crate) fn between(&mut self, low: i32, high: i32) -> i32 {
        let width = u32::try_from(i64::from(high) - i64::from(low) + 1).unwrap_or(1);
        low.saturating_add(i32::try_from(self.below(width)).unwrap_or_default())
    }

    /// Whether something happens that happens this many times in a thousand.
    pub(crate) fn chance(&mut self, per_mille: u32) -> bool {
        self.below(1000) < per_mille
    }

    /// One of a list that is not empty.
    pub(crate) fn pick<T: Copy>(&mut self, list: &[T]) -> T {
        list[self.place(list.len())]
    }

    /// One of a list that is not empty, by weight.
    pub(crate) fn weighted<T: Copy>(&mut self, list: &[(T, u32)]) -> T {
        let mut rest = self.below(list.iter().map(|(_, weight)| weight).sum());
        for (choice, weight) in list {
            if rest < *weight {
                return *choice;
            }
            rest -= weight;
        }
        list[0].0
    }

    /// A day from `first` to `last`, both included; `first` where there is none.
    pub(crate) fn day(&mut self, first: Date, last: Date) -> Date {
        let days = self.between(0, (last.days() - first.days()).max(0));
        plus(first, days)
    }

    /// A day of that stretch, rather early in it.
    pub(crate) fn early_day(&mut self, first: Date, last: Date) -> Date {
        self.day(first, last).min(self.day(first, last))
    }
}
