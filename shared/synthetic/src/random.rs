//! Logs of any size.

use proto_events::json::EventLine;

/// The lines of a random log.
#[derive(Debug)]
pub struct Random;

impl Iterator for Random {
    type Item = EventLine;
    fn next(&mut self) -> Option<EventLine> {
        None
    }
}

/// A random log.
#[must_use]
pub fn random(_seed: u64, _trajectories: u64) -> Random {
    Random
}
