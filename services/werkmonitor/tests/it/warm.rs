//! Any question is answered from memory as from the log, also after a new start.

use app::testbed::{Feed, clock};
use app::{
    AsOf, Clock,
    figures::{Ask, answer},
};
use figures::Definitions;
use serde_json::Value;
use werkmonitor::Asked;

use crate::world::{lives, place};

pub fn asked(quarter: &str, scope: &str, tables: bool) -> Asked {
    let definitions = Definitions::built_in().clone();
    Asked { quarter: quarter.parse().expect("a quarter"), scope: scope.parse().expect("a scope"), definitions, tables }
}

pub fn questions() -> Vec<Asked> {
    vec![
        asked("2025Q1", "national", true),
        asked("2024Q4", "national", false),
        asked("2025Q2", "region:AM18", true),
        asked("2024Q2", "organisation:org-1", false),
    ]
}

/// Counted from the log.
pub async fn fresh(feed: &Feed, asked: &Asked, clock: Clock) -> Value {
    let Asked { quarter, scope, definitions, tables } = asked.clone();
    let ask = Ask { quarter, scope, definitions, tables, as_of: AsOf::Now };
    let (figures, as_of) = answer(&*feed.log, &ask, clock, &mut |_| {}).await.expect("counted");
    figures.to_json(&ask.question(), &as_of)
}

clock!(now);
#[tokio::test(flavor = "multi_thread")]
async fn every_question_is_answered_as_from_the_log_also_after_a_new_start() {
    now::set("2025-05-20T10:00:00Z");
    let (mut feed, place) = (lives(1, 400).await, place(now::now));
    let projector = place.up_to_date(&feed).await;
    for asked in questions() {
        assert_eq!(projector.read(|view| view.answer(&asked)).expect("open"), fresh(&feed, &asked, now::now).await);
    }
    let contents = |view: &werkmonitor::Werkmonitor| app::projector::Projection::contents(view).expect("contents");
    let before = projector.read(contents).expect("open");
    projector.stop().await.expect("closed in order");
    let projector = place.up_to_date(&feed).await;
    for asked in questions() {
        assert_eq!(projector.read(|view| view.answer(&asked)).expect("open"), fresh(&feed, &asked, now::now).await);
    }
    assert!(projector.read(contents).expect("open") == before);
    let (all, counted) = projector.read(|view| (view.len(), view.is_empty())).expect("open");
    assert_eq!((all, counted), (400, false));
    for line in synthetic::random(99, 50) {
        feed.append(&line).await;
    }
    projector.reached(feed.head().await).await.expect("reached");
    for asked in questions() {
        assert_eq!(projector.read(|view| view.answer(&asked)).expect("open"), fresh(&feed, &asked, now::now).await);
    }
    let another = crate::world::place(now::now).up_to_date(&feed).await;
    assert!(projector.read(contents).expect("open") == another.read(contents).expect("open"), "byte for byte");
}
