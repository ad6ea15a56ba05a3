//! The view of figures over a log of invented lives.

use app::{
    Clock,
    testbed::{Feed, Place},
};
use werkmonitor::Werkmonitor;

pub async fn lives(seed: u64, trajectories: u64) -> Feed {
    Feed::of(synthetic::random(seed, trajectories)).await
}

pub fn place(clock: Clock) -> Place<Werkmonitor> {
    Place::new(clock, |_, clock| Ok(Werkmonitor::new(clock)))
}
