//! However many records are taken in at once, the view is the same, byte for byte.

use app::projector::Projection;
use app::testbed::{Feed, clock};
use event_log::{EventLog, Position, RecordBatch, RecordReader, Until};
use proptest::prelude::*;
use sustainable_work::SustainableWork;
use tempfile::TempDir;

use crate::world::lives;

clock!(now);

/// The whole log in one batch.
async fn whole(feed: &Feed) -> RecordBatch {
    let mut reader = feed.log.read(Position::START, Until::Head).await.expect("a reading");
    let mut all = Vec::new();
    while let Some(batch) = reader.next().await.expect("read") {
        all.push(batch);
    }
    RecordBatch::joined(all)
}

fn part(of: &RecordBatch, from: usize, many: usize) -> RecordBatch {
    RecordBatch { bytes: of.bytes.clone(), records: of.records.iter().skip(from).take(many).cloned().collect() }
}

fn open(folder: &TempDir) -> SustainableWork {
    SustainableWork::open(folder.path(), domain::SustainableWork::default(), now::now).expect("opened")
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]

    #[test]
    fn a_view_of_portions_of_any_size_is_that_of_one_event_at_a_time(
        seed in 0..1_000_u64,
        sizes in proptest::collection::vec(prop_oneof![1..40_usize, 500..2_000_usize], 1..8),
        reopened in 0..8_usize,
    ) {
        now::set("2025-05-20T10:00:00Z");
        let runtime = tokio::runtime::Runtime::new().expect("a runtime");
        let log = runtime.block_on(async { whole(&lives(seed, 150).await).await });
        let (folder, another) = (TempDir::new().expect("a folder"), TempDir::new().expect("a folder"));
        let (mut view, mut one_by_one) = (open(&folder), open(&another));
        let (mut done, mut singly) = (0, 0);
        for (n, size) in sizes.into_iter().chain([usize::MAX]).enumerate() {
            if n == reopened {
                view.close().expect("closed");
                view = open(&folder);
            }
            let portion = part(&log, done, size);
            if portion.records.is_empty() {
                break;
            }
            view.apply(&portion).expect("taken in");
            done += portion.records.len();
            while singly < done {
                one_by_one.apply(&part(&log, singly, 1)).expect("taken in");
                singly += 1;
            }
            // After every portion, not only at the end: a reader may look there.
            prop_assert_eq!(view.checkpoint(), one_by_one.checkpoint());
            prop_assert!(view.contents().expect("contents") == one_by_one.contents().expect("contents"), "byte for byte");
            let all = |view: &SustainableWork| view.list(&Default::default(), Default::default(), 1_000, None).expect("a page").items;
            prop_assert_eq!(all(&view), all(&one_by_one));
            let waiting = |view: &SustainableWork| view.to_publish(1_000, |_| true).expect("read");
            prop_assert_eq!(waiting(&view), waiting(&one_by_one));
        }
        prop_assert_eq!(done, log.records.len());
    }
}

clock!(poisoned);
#[tokio::test(flavor = "multi_thread")]
async fn of_a_portion_with_events_that_cannot_be_taken_in_nothing_is_taken_in_and_the_first_is_named() {
    poisoned::set("2025-05-20T10:00:00Z");
    let log = whole(&lives(31, 150).await).await;
    let folder = TempDir::new().expect("a folder");
    let mut view = SustainableWork::open(folder.path(), domain::SustainableWork::default(), poisoned::now).expect("opened");
    view.apply(&part(&log, 0, 100)).expect("taken in");
    let before = view.contents().expect("contents");
    // Two records of the portion have lost their bodies, and their trajectories lie anywhere in it.
    let mut portion = part(&log, 100, 1_000);
    assert_eq!(portion.records.len(), 1_000);
    for place in [900, 400] {
        portion.records[place].body = 0..0;
    }
    let error = view.apply(&portion).expect_err("refused");
    let app::AppError::History { position, .. } = error else { panic!("{error}") };
    assert_eq!(position, portion.records[400].header.first_position);
    assert!(view.checkpoint() == Position(100) && view.contents().expect("contents") == before);
}
