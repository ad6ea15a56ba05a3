//! Live figures are those of a fresh count, at every position, whatever happens to the view meanwhile.

use app::testbed::{Feed, clock};
use event_log::Position;
use proptest::prelude::*;

use crate::{
    warm::{asked, fresh, questions},
    world::{lives, place},
};

clock!(now);

proptest! {
    #![proptest_config(ProptestConfig::with_cases(8))]

    #[test]
    fn at_every_position_they_are_those_of_a_fresh_count(seed in 0..1_000_u64, steps in proptest::collection::vec(1..40_usize, 1..25)) {
        now::set("2025-05-20T10:00:00Z");
        let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().expect("a runtime");
        runtime.block_on(async {
            let (mut feed, place) = (Feed::default(), place(now::now));
            let mut lines = synthetic::random(seed, 40);
            let projector = place.up_to_date(&feed).await;
            let mut live: Vec<_> = Vec::new();
            for (n, step) in steps.into_iter().enumerate() {
                // Some listen from the beginning, others join.
                if let Some(asked) = questions().into_iter().nth(n) {
                    let told = projector.read(|view| view.subscribe(asked.clone())).expect("open").expect("few");
                    live.push((asked, told));
                }
                for line in lines.by_ref().take(step) {
                    feed.append(&line).await;
                }
                let head = feed.head().await;
                projector.reached(head).await.expect("reached");
                for (asked, told) in &live {
                    let told = told.borrow().clone();
                    assert_eq!((told.position, &*told.figures), (head, &fresh(&feed, asked, now::now).await));
                }
            }
        });
    }
}

clock!(rebuilt);
#[tokio::test(flavor = "multi_thread")]
async fn those_who_listen_go_on_listening_when_the_view_was_rebuilt() {
    rebuilt::set("2025-05-20T10:00:00Z");
    let (mut feed, place) = (lives(2, 100).await, place(rebuilt::now));
    let projector = place.up_to_date(&feed).await;
    let asked = asked("2025Q1", "national", true);
    let mut told = projector.read(|view| view.subscribe(asked.clone())).expect("open").expect("few");
    projector.rebuild().await.expect("it runs");
    projector.watch().wait_for(|status| status.rebuild.is_none()).await.expect("taken over");
    for line in synthetic::random(77, 20) {
        feed.append(&line).await;
    }
    let head = feed.head().await;
    let (mut last, mut times) = (Position::START, 0);
    while last < head {
        told.changed().await.expect("it goes on");
        let position = told.borrow_and_update().position;
        assert!(position >= last, "never back");
        (last, times) = (position, times + 1);
    }
    assert!(times > 0);
    assert_eq!(*told.borrow().figures, fresh(&feed, &asked, rebuilt::now).await);
}

clock!(dropped);
#[tokio::test(flavor = "multi_thread")]
async fn a_question_is_kept_once_for_all_who_ask_it_and_dropped_with_the_last() {
    dropped::set("2025-05-20T10:00:00Z");
    let (mut feed, place) = (lives(3, 20).await, place(dropped::now));
    let projector = place.up_to_date(&feed).await;
    let subscribe = |quarter: &str| projector.read(|view| view.subscribe(asked(quarter, "national", false))).expect("open").expect("few");
    let count = || projector.read(werkmonitor::Werkmonitor::live_questions).expect("open");
    let (first, second, other) = (subscribe("2025Q1"), subscribe("2025Q1"), subscribe("2024Q1"));
    assert_eq!(count(), 2);
    drop((first, other));
    for line in synthetic::random(78, 2) {
        feed.append(&line).await;
    }
    projector.reached(feed.head().await).await.expect("reached");
    assert_eq!(count(), 1);
    drop(second);
    let mut many = Vec::new();
    for year in 1_000..1_000 + werkmonitor::MOST_LIVE {
        many.push(subscribe(&format!("{year}Q1")));
    }
    assert_eq!(count(), werkmonitor::MOST_LIVE);
    let refused = projector.read(|view| view.subscribe(asked("2025Q1", "national", false))).expect("open");
    assert!(refused.is_err());
    drop(many);
    assert_eq!(subscribe("2025Q1").borrow().position, feed.head().await);
}

clock!(midnight);
#[tokio::test(flavor = "multi_thread")]
async fn when_a_quarter_has_ended_those_who_listen_are_told_that_it_is_no_longer_provisional() {
    midnight::set("2025-06-30T21:59:59Z");
    let (feed, place) = (lives(4, 20).await, place(midnight::now));
    let projector = place.up_to_date(&feed).await;
    let asked = asked("2025Q2", "national", false);
    let mut told = projector.read(|view| view.subscribe(asked.clone())).expect("open").expect("few");
    assert_eq!(told.borrow_and_update().figures["provisional"], true);
    midnight::set("2025-06-30T22:00:00Z");
    told.changed().await.expect("told");
    assert_eq!(*told.borrow().figures, fresh(&feed, &asked, midnight::now).await);
    assert_eq!(told.borrow().figures["provisional"], false);
}
