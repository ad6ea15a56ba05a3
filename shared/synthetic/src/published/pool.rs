//! Quotas: so many members of a pool, chosen by weight, each only once; an error where there are not enough.

use super::{Error, cases::draw};
use crate::dice::Dice;

/// Places in the list of cases that wait for a choice.
#[derive(Clone, Debug, Default)]
pub(crate) struct Pool(pub(crate) Vec<usize>);

impl Pool {
    /// Takes `wanted` of them out, by weight; a weight of 0 is never taken.
    pub(crate) fn take(
        &mut self,
        what: &'static str,
        wanted: usize,
        dice: &mut Dice,
        weight: impl Fn(usize) -> u32,
    ) -> Result<Vec<usize>, Error> {
        let mut weights: Vec<u32> = self.0.iter().map(|at| weight(*at)).collect();
        let available = weights.iter().filter(|w| **w > 0).count();
        let mut taken = Vec::with_capacity(wanted);
        while taken.len() < wanted {
            let place = draw(&weights, dice).ok_or(Error::Infeasible { what, wanted, available })?;
            taken.push(self.0.swap_remove(place));
            weights.swap_remove(place);
        }
        Ok(taken)
    }

    /// Takes all out for which a condition holds.
    pub(crate) fn split(&mut self, holds: impl Fn(usize) -> bool) -> Self {
        let (taken, left) = self.0.iter().partition(|at| holds(**at));
        self.0 = left;
        Self(taken)
    }
}
