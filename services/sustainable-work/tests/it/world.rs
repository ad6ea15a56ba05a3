//! The view of statuses over a log of invented lives.

use app::{
    Clock,
    testbed::{Feed, Place, contents},
};
use sustainable_work::SustainableWork;
use views::Entry;

pub async fn lives(seed: u64, trajectories: u64) -> Feed {
    Feed::of(synthetic::random(seed, trajectories)).await
}

pub fn place(clock: Clock) -> Place<SustainableWork> {
    Place::new(clock, |folder, clock| SustainableWork::open(folder, domain::SustainableWork::default(), clock))
}

pub async fn fresh(feed: &Feed, clock: Clock) -> Vec<Entry> {
    contents(&place(clock).up_to_date(feed).await)
}
