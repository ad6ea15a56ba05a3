//! What has changed is published, whatever happens between the checkpoint and the store.

use app::testbed::{Feed, clock, follow};
use std::{
    collections::BTreeMap,
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    time::Duration,
};

use app::projector::Projector;
use proto_events::json::EventLine;
use sustainable_work::{Lying, Publish, PublishFailed, Publisher, PublisherStatus, Put, SustainableWork};

use crate::world::{lives, place};

/// A bucket in memory that fails when told so, and otherwise now and then, before or after it has taken the value. It is as slow as it is told to
/// be, so that what several publishers do comes in between one another; and it remembers every status that went back.
#[derive(Default)]
struct Bucket {
    values: Mutex<BTreeMap<String, (u64, Vec<u8>)>>,
    away: AtomicBool,
    slow: AtomicBool,
    looks: AtomicU64,
    puts: AtomicU64,
    revision: AtomicU64,
    went_back: Mutex<Vec<String>>,
    life: AtomicU64,
}

impl Bucket {
    async fn some_time(&self, n: u64) {
        if self.slow.load(Ordering::SeqCst) {
            tokio::time::sleep(Duration::from_micros(n.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 53)).await;
        }
    }

    fn values(&self) -> BTreeMap<String, Vec<u8>> {
        self.values.lock().expect("values").iter().map(|(key, (_, value))| (key.clone(), value.clone())).collect()
    }
}

/// The stream's revision and the day of a published status.
fn order(value: &[u8]) -> (u64, String) {
    let status: serde_json::Value = serde_json::from_slice(value).expect("JSON");
    (status["revision"].as_u64().expect("a revision"), status["on"].as_str().expect("a day").to_owned())
}

impl Publish for Bucket {
    fn life(&self) -> u64 {
        self.life.load(Ordering::SeqCst)
    }

    async fn look(&self, key: &str) -> Result<Lying, PublishFailed> {
        let n = self.looks.fetch_add(1, Ordering::SeqCst);
        if self.away.load(Ordering::SeqCst) {
            return Err(PublishFailed("injected".to_owned()));
        }
        self.some_time(n).await;
        let found = self.values.lock().expect("values").get(key).cloned();
        self.some_time(n + 1).await;
        Ok(found.map_or_else(Lying::default, |(revision, value)| Lying { revision, value: Some(value) }))
    }

    async fn put(&self, key: &str, value: Vec<u8>, over: u64) -> Result<Put, PublishFailed> {
        let failed = || Err(PublishFailed("injected".to_owned()));
        let n = self.puts.fetch_add(1, Ordering::SeqCst);
        if self.away.load(Ordering::SeqCst) || n % 200 == 7 {
            return failed();
        }
        self.some_time(n).await;
        let revision = {
            let mut values = self.values.lock().expect("values");
            let before = values.get(key).map(|(revision, value)| (*revision, order(value)));
            if before.as_ref().map_or(0, |(revision, _)| *revision) != over {
                return Ok(Put::AnotherWasFirst);
            }
            if before.is_some_and(|(_, before)| before > order(&value)) {
                self.went_back.lock().expect("a list").push(key.to_owned());
            }
            let revision = self.revision.fetch_add(1, Ordering::SeqCst) + 1;
            values.insert(key.to_owned(), (revision, value));
            revision
        };
        if n % 200 == 9 { failed() } else { Ok(Put::Taken(revision)) }
    }
}

/// What the bucket should hold.
fn held(projector: &Projector<SustainableWork>) -> BTreeMap<String, Vec<u8>> {
    projector
        .read(|view| {
            let page = view.list(&Default::default(), Default::default(), 1_000, None).expect("a page");
            assert!(page.next.is_none());
            let status = |one: &sustainable_work::Summary| {
                let value = view.status(one.trajectory, one.on).expect("read").expect("there").to_string().into_bytes();
                (format!("{}.{}", one.organisation, one.trajectory), value)
            };
            page.items.iter().map(status).collect()
        })
        .expect("open")
}

async fn idle(publisher: &Publisher, projector: &Projector<SustainableWork>) {
    loop {
        let waiting = projector.read(|view| view.to_publish(1, |_| true).expect("read").len()).expect("open");
        if waiting == 0 && publisher.watch().borrow().failing.is_none() {
            return;
        }
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

clock!(now);
#[tokio::test(flavor = "multi_thread")]
async fn the_bucket_holds_every_status_although_it_failed_and_the_process_died() {
    now::set("2025-05-20T10:00:00Z");
    let lines: Vec<_> = synthetic::random(4, 80).collect();
    let (mut feed, place, bucket) = (Feed::default(), place(now::now), Arc::new(Bucket::default()));
    for (n, part) in lines.chunks(lines.len() / 5 + 1).enumerate() {
        let projector = Arc::new(place.start(&feed).await);
        let publisher = Publisher::start(Arc::clone(&projector), Arc::clone(&bucket), Arc::clone(&feed.log));
        bucket.away.store(n == 2, Ordering::SeqCst);
        for line in part {
            feed.append(line).await;
        }
        projector.reached(feed.head().await).await.expect("reached");
        match n {
            0 | 4 => idle(&publisher, &projector).await,
            // Stopped in order, with values that were not taken; or died.
            2 | 3 => projector.stop().await.expect("closed in order"),
            _ => {}
        }
        drop(publisher);
        if n == 4 {
            assert_eq!(bucket.values(), held(&projector));
        }
    }
}

clock!(day);
#[tokio::test(flavor = "multi_thread")]
async fn a_new_day_publishes_those_that_it_changes_and_no_other() {
    day::set("2025-05-20T10:00:00Z");
    let (feed, place, bucket) = (lives(5, 100).await, place(day::now), Arc::new(Bucket::default()));
    let projector = Arc::new(place.up_to_date(&feed).await);
    let publisher = Publisher::start(Arc::clone(&projector), Arc::clone(&bucket), Arc::clone(&feed.log));
    idle(&publisher, &projector).await;
    let before = bucket.values();
    day::set("2025-05-21T10:00:00Z");
    follow(&projector, &feed).await;
    idle(&publisher, &projector).await;
    let after = bucket.values();
    assert_eq!(after, held(&projector));
    let changed = after.iter().filter(|(key, value)| before.get(*key) != Some(value)).count();
    assert!(changed > 10 && changed < after.len(), "{changed} of {}", after.len());
}

clock!(both);
#[tokio::test(flavor = "multi_thread")]
async fn of_two_that_publish_to_one_bucket_the_one_that_lags_puts_no_older_status_over_a_newer() {
    both::set("2025-05-20T10:00:00Z");
    let lines: Vec<_> = synthetic::random(8, 60).collect();
    for seed in 0..6 {
        // Both have the same log, and one of them sees each part of it later: a pause that the other does not have.
        let (mut ahead, mut behind, bucket) = (Feed::default(), Feed::default(), Arc::new(Bucket::default()));
        bucket.slow.store(true, Ordering::SeqCst);
        let places = [place(both::now), place(both::now)];
        let projectors = [Arc::new(places[0].start(&ahead).await), Arc::new(places[1].start(&behind).await)];
        let publishers =
            projectors.each_ref().map(|projector| Publisher::start(Arc::clone(projector), Arc::clone(&bucket), Arc::clone(&ahead.log)));
        let part = lines.len() / (seed + 2);
        for (n, lines) in lines.chunks(part).enumerate() {
            for line in lines {
                ahead.append(line).await;
                if n % 2 == 0 {
                    behind.append(line).await;
                }
            }
            if n % 2 == 1 {
                tokio::time::sleep(Duration::from_millis(10 * seed as u64)).await;
                for line in lines {
                    behind.append(line).await;
                }
            }
        }
        // The last of it is seen late by the one that lags.
        let last: Vec<_> = lines.iter().take(20).cloned().map(with_another_id).collect();
        for line in &last {
            ahead.append(line).await;
        }
        for (projector, feed) in projectors.iter().zip([&ahead, &behind]) {
            follow(projector, feed).await;
        }
        idle(&publishers[0], &projectors[0]).await;
        let waits = |status: &PublisherStatus| status.waits_for.is_some() || status.idle;
        publishers[1].watch().wait_for(waits).await.expect("it publishes");
        assert_eq!(bucket.values(), held(&projectors[0]), "{seed}");
        assert_ne!(held(&projectors[0]), held(&projectors[1]), "{seed}");
        for line in &last {
            behind.append(line).await;
        }
        follow(&projectors[1], &behind).await;
        idle(&publishers[1], &projectors[1]).await;
        assert_eq!(bucket.went_back.lock().expect("a list").as_slice(), [""; 0]);
        assert_eq!(bucket.values(), held(&projectors[0]), "{seed}");
    }
}

fn with_another_id(mut line: EventLine) -> EventLine {
    line.event_id.0 = uuid::Uuid::from_u128(line.event_id.0.as_u128() ^ 1);
    line
}

clock!(refuted);
#[tokio::test(flavor = "multi_thread")]
async fn a_status_that_follows_from_what_was_withdrawn_is_replaced() {
    refuted::set("2025-05-20T10:00:00Z");
    let lines: Vec<_> = synthetic::random(4, 30).collect();
    let (mut feed, place, bucket) = (Feed::default(), place(refuted::now), Arc::new(Bucket::default()));
    for line in &lines {
        feed.append(line).await;
    }
    let projector = Arc::new(place.up_to_date(&feed).await);
    let publisher = Publisher::start(Arc::clone(&projector), Arc::clone(&bucket), Arc::clone(&feed.log));
    idle(&publisher, &projector).await;
    let before = bucket.values();
    // Shown, taken in, published, and then it never was.
    for line in lines.iter().take(20).cloned() {
        feed.append(&with_another_id(line)).await;
    }
    follow(&projector, &feed).await;
    idle(&publisher, &projector).await;
    assert_ne!(bucket.values(), before);
    feed.log.withdraw(20);
    let same = async {
        while bucket.values() != before {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(30), same).await.expect("as it was");
    idle(&publisher, &projector).await;
    assert_eq!(held(&projector), before);
}

clock!(lives_again);
#[tokio::test(flavor = "multi_thread")]
async fn a_bucket_that_was_started_anew_is_looked_at_again() {
    lives_again::set("2025-05-20T10:00:00Z");
    let (feed, place, bucket) = (lives(5, 60).await, place(lives_again::now), Arc::new(Bucket::default()));
    let projector = Arc::new(place.up_to_date(&feed).await);
    let publisher = Publisher::start(Arc::clone(&projector), Arc::clone(&bucket), Arc::clone(&feed.log));
    idle(&publisher, &projector).await;
    let before = bucket.values();
    // It had shown what it could not write.
    bucket.values.lock().expect("values").pop_last();
    bucket.life.fetch_add(1, Ordering::SeqCst);
    let same = async {
        while bucket.values() != before {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(30), same).await.expect("as it was");
}

clock!(anew);
#[tokio::test(flavor = "multi_thread")]
async fn a_value_that_lies_there_already_is_not_put_again_and_one_that_was_taken_away_is() {
    anew::set("2025-05-20T10:00:00Z");
    let (feed, bucket) = (lives(9, 50).await, Arc::new(Bucket::default()));
    let puts = || bucket.puts.load(Ordering::SeqCst);
    let (first, second) = (place(anew::now), place(anew::now));
    let projector = Arc::new(first.up_to_date(&feed).await);
    let publisher = Publisher::start(Arc::clone(&projector), Arc::clone(&bucket), Arc::clone(&feed.log));
    idle(&publisher, &projector).await;
    let (before, values) = (puts(), bucket.values());
    // A second process finds everything there.
    let other = Arc::new(second.up_to_date(&feed).await);
    let others = Publisher::start(Arc::clone(&other), Arc::clone(&bucket), Arc::clone(&feed.log));
    idle(&others, &other).await;
    assert_eq!(puts(), before);
    // The bucket was emptied, and a rebuild fills it, whatever the publisher remembers.
    bucket.values.lock().expect("values").clear();
    projector.rebuild().await.expect("it runs");
    projector.watch().wait_for(|status| status.rebuild.is_none()).await.expect("taken over");
    idle(&publisher, &projector).await;
    assert_eq!(bucket.values(), values);
}
