//! One status into a bucket that several processes share: an older one never takes the place of a newer.
//!
//! ```text
//!   look(key) ──► what lies there, and its revision ──► newer than ours? ask where the log ends; when we are as far: does it lie there still?
//!                          ▲                                  │ no                                                    │ then it follows from
//!                          └── another was first ◄── put(key, value, over that revision) ◄────────────────────────────┘ what was withdrawn
//! ```
//!
//! Of one trajectory the **revision** of its stream says which status follows from more of the log, and of one revision the **day** that it
//! is said of: both stand in the value ([`Order`]). A status of the same order and with other bytes is put: it comes from a program that was mended.

use std::{collections::HashMap, future::Future, time::Duration};

use serde::Deserialize;
use tokio::time::sleep;
use uuid::Uuid;

use crate::ToPublish;

/// How often a value is looked at again because another was first: each time one is further, so that many processes are needed to use it up.
const TRIES: u32 = 8;
/// The wait before looking again, times the number of the try: a reading may come from a replica that does not yet know what was first.
const BEFORE_AGAIN: Duration = Duration::from_millis(5);
/// Trajectories of which is remembered what was put last: some megabytes, and more than change within minutes.
const REMEMBERED: usize = 32_768;

/// A store of values by key, in which each key has a revision: the key-value bucket `sustainable_work`.
pub trait Publish: Send + Sync + 'static {
    /// What lies under a key. It may be a moment old.
    fn look(&self, key: &str) -> impl Future<Output = Result<Lying, PublishFailed>> + Send;

    /// Puts a value in the place of this revision and of no other (0: of nothing at all); comes back when it was taken.
    fn put(&self, key: &str, value: Vec<u8>, over: u64) -> impl Future<Output = Result<Put, PublishFailed>> + Send;

    /// Which of its lives the store is in: after a restart it may not hold what it had shown before, for it shows what it could not write.
    fn life(&self) -> u64 {
        0
    }
}

/// What lies under a key.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Lying {
    /// Of what was put or removed last; 0 when nothing ever was.
    pub revision: u64,
    /// `None` when there is none, or none any more.
    pub value: Option<Vec<u8>>,
}

/// What came of putting a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Put {
    /// It lies there, under this revision.
    Taken(u64),
    /// Another revision lies there than the one that was to be replaced.
    AnotherWasFirst,
}

/// A value was not taken, as far as is known.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct PublishFailed(pub String);

/// Which of two statuses of a trajectory follows from more: from a later event, or from a later day.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
pub(crate) struct Order {
    /// The stream's revision.
    revision: u32,
    /// `YYYY-MM-DD`, which sorts as days do.
    on: String,
}

impl Order {
    /// Of a status as it is published; `None` of anything else.
    pub(crate) fn of(value: &[u8]) -> Option<Self> {
        serde_json::from_slice(value).ok()
    }
}

/// What was put last under a key, as far as this process knows.
#[derive(Clone, Debug)]
pub(crate) struct Known {
    revision: u64,
    order: Option<Order>,
}

/// What came of publishing a status.
#[derive(Debug)]
pub(crate) enum Settled {
    /// It lies there.
    Lies(Known),
    /// What lies there, under this revision, seems to follow from more.
    NewerLies(u64),
}

/// Puts a status under its key unless what lies there is newer. `refuted`: what lies there under this revision follows from no more than the
/// log holds, and this status from all of that.
pub(crate) async fn settle(
    to: &impl Publish,
    one: &ToPublish,
    known: Option<Known>,
    refuted: Option<u64>,
) -> Result<Settled, PublishFailed> {
    let order = Order::of(&one.value);
    // What is remembered is believed only for putting, where the bucket judges it: a bucket that was emptied since is filled again.
    let mut known = known.filter(|known| known.order < order);
    for again in 1..=TRIES {
        let over = if let Some(known) = known.take() {
            known.revision
        } else {
            let lying = to.look(&one.key).await?;
            let theirs = lying.value.as_deref().and_then(Order::of);
            let of_a_later_day =
                theirs > order && theirs.as_ref().map(|theirs| theirs.revision) == order.as_ref().map(|ours| ours.revision);
            if of_a_later_day || lying.value.as_ref() == Some(&one.value) {
                return Ok(Settled::Lies(Known { revision: lying.revision, order: theirs }));
            }
            if theirs > order && refuted != Some(lying.revision) {
                return Ok(Settled::NewerLies(lying.revision));
            }
            lying.revision
        };
        match to.put(&one.key, one.value.clone(), over).await? {
            Put::Taken(revision) => return Ok(Settled::Lies(Known { revision, order })),
            Put::AnotherWasFirst => sleep(BEFORE_AGAIN * again).await,
        }
    }
    Err(PublishFailed(format!("others were first {TRIES} times")))
}

/// What was put last under the keys that changed last: so many and no more.
#[derive(Default)]
pub(crate) struct Remembered {
    young: HashMap<Uuid, Known>,
    /// Those that were young before: forgotten all at once, unless they change again.
    old: HashMap<Uuid, Known>,
}

impl Remembered {
    pub(crate) fn put(&mut self, trajectory: Uuid, known: Known) {
        if self.young.len() >= REMEMBERED / 2 {
            self.old = std::mem::take(&mut self.young);
        }
        self.young.insert(trajectory, known);
    }

    /// The trajectories of which something is known, which is then forgotten.
    pub(crate) fn forget(&mut self) -> Vec<Uuid> {
        self.young.drain().chain(self.old.drain()).map(|(trajectory, _)| trajectory).collect()
    }

    /// What is known, which is then forgotten: it changes.
    pub(crate) fn take(&mut self, trajectory: Uuid) -> Option<Known> {
        let old = self.old.remove(&trajectory);
        self.young.remove(&trajectory).or(old)
    }
}
