//! What has changed is published, whatever happens between the checkpoint and the store.

use std::{
    collections::BTreeMap,
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
};

use app::projector::Projector;
use sustainable_work::{Publish, PublishFailed, Publisher, SustainableWork};

use crate::world::{Feed, Place, clock, follow};

/// A bucket in memory that fails when told so, and otherwise each tenth time, before or after it has taken the value.
#[derive(Default)]
struct Bucket {
    values: Mutex<BTreeMap<String, Vec<u8>>>,
    away: AtomicBool,
    puts: AtomicU64,
}

impl Publish for Bucket {
    async fn put(&self, key: String, value: Vec<u8>) -> Result<(), PublishFailed> {
        let failed = || Err(PublishFailed("injected".to_owned()));
        let n = self.puts.fetch_add(1, Ordering::SeqCst);
        if self.away.load(Ordering::SeqCst) || n % 200 == 7 {
            return failed();
        }
        self.values.lock().expect("values").insert(key, value);
        if n % 200 == 9 { failed() } else { Ok(()) }
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
        let waiting = projector.read(|view| view.to_publish(1).expect("read").len()).expect("open");
        if waiting == 0 && publisher.watch().borrow().failing.is_none() {
            return;
        }
        tokio::time::sleep(std::time::Duration::from_millis(5)).await;
    }
}

clock!(now);
#[tokio::test(flavor = "multi_thread")]
async fn the_bucket_holds_every_status_although_it_failed_and_the_process_died() {
    now::set("2025-05-20T10:00:00Z");
    let lines: Vec<_> = synthetic::random(4, 80).collect();
    let (mut feed, place, bucket) = (Feed::new(), Place::new(now::now), Arc::new(Bucket::default()));
    for (n, part) in lines.chunks(lines.len() / 5 + 1).enumerate() {
        let projector = Arc::new(place.start(&feed).await);
        let publisher = Publisher::start(Arc::clone(&projector), Arc::clone(&bucket));
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
            assert_eq!(*bucket.values.lock().expect("values"), held(&projector));
        }
    }
}

clock!(day);
#[tokio::test(flavor = "multi_thread")]
async fn a_new_day_publishes_those_that_it_changes_and_no_other() {
    day::set("2025-05-20T10:00:00Z");
    let (feed, place, bucket) = (Feed::of(5, 100).await, Place::new(day::now), Arc::new(Bucket::default()));
    let projector = Arc::new(place.up_to_date(&feed).await);
    let publisher = Publisher::start(Arc::clone(&projector), Arc::clone(&bucket));
    idle(&publisher, &projector).await;
    let before = bucket.values.lock().expect("values").clone();
    day::set("2025-05-21T10:00:00Z");
    follow(&projector, &feed).await;
    idle(&publisher, &projector).await;
    let after = bucket.values.lock().expect("values").clone();
    assert_eq!(after, held(&projector));
    let changed = after.iter().filter(|(key, value)| before.get(*key) != Some(value)).count();
    assert!(changed > 10 && changed < after.len(), "{changed} of {}", after.len());
}
