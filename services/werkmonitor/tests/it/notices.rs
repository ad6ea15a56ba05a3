//! A notice comes exactly when a national number of one of the last eight quarters has changed.

use app::testbed::{Feed, clock};
use std::collections::BTreeSet;

use serde_json::Value;
use tokio::sync::broadcast::error::TryRecvError;

use crate::{warm::asked, world::place};

const QUARTERS: [&str; 8] = ["2025Q2", "2025Q1", "2024Q4", "2024Q3", "2024Q2", "2024Q1", "2023Q4", "2023Q3"];

fn numbers(view: &werkmonitor::Werkmonitor) -> Vec<Value> {
    let one = |quarter: &&str| {
        let mut answer = view.answer(&asked(quarter, "national", false));
        answer.as_object_mut().expect("an object").remove("as_of");
        answer
    };
    QUARTERS.iter().map(one).collect()
}

clock!(now);
#[tokio::test(flavor = "multi_thread")]
async fn a_notice_comes_exactly_when_a_number_has_changed() {
    now::set("2025-05-20T10:00:00Z");
    let (mut feed, place) = (Feed::default(), place(now::now));
    let projector = place.up_to_date(&feed).await;
    let mut notices = projector.read(werkmonitor::Werkmonitor::notices).expect("open");
    let mut before = projector.read(numbers).expect("open");
    let (mut told, mut silent) = (0, 0);
    for line in synthetic::random(5, 40) {
        feed.append(&line).await;
        let head = feed.head().await;
        projector.reached(head).await.expect("reached");
        let after = projector.read(numbers).expect("open");
        let differ = before.iter().zip(&after).zip(QUARTERS).filter(|((before, after), _)| before != after);
        let expected: BTreeSet<String> = differ.map(|(_, quarter)| quarter.to_owned()).collect();
        let mut found = BTreeSet::new();
        loop {
            match notices.try_recv() {
                Ok(notice) => {
                    assert_eq!(notice.position, head);
                    assert!(found.insert(notice.quarter.to_string()), "once a batch");
                }
                Err(TryRecvError::Empty) => break,
                Err(error) => panic!("{error}"),
            }
        }
        // Two that leave and come in one batch would be told although no number differs; here a batch is one event.
        assert_eq!(found, expected);
        told += found.len();
        silent += usize::from(found.is_empty());
        before = after;
    }
    assert!(told > 50 && silent > 20, "{told} {silent}");
}
