//! The held status is that of the timeline, on the right day, however the view came about.

use app::testbed::{Feed, clock, contents, follow};
use app::{Keep, status, timeline_of};
use domain::{Status, Timeline};
use event_log::{EventLog, Until};
use serde_json::Value;
use uuid::Uuid;

use crate::world::{fresh, lives, place};

async fn timelines(feed: &Feed) -> Vec<(Uuid, Timeline)> {
    let collect = |timelines: app::Timelines| timelines.into_iter().map(|(id, timeline)| (id.0, timeline)).collect::<Vec<_>>();
    let (_, parts) = app::fold(&*feed.log, Until::Head, Keep::All, &mut |_| {}, collect).await.expect("folded");
    parts.concat()
}

fn without_day(mut status: Value) -> Value {
    status.as_object_mut().expect("an object").remove("on");
    status
}

clock!(may);
#[tokio::test(flavor = "multi_thread")]
async fn every_status_is_that_of_its_timeline_today_and_what_is_held_says_the_same() {
    may::set("2025-05-20T10:00:00Z");
    let feed = lives(1, 300).await;
    let place = place(may::now);
    let projector = place.up_to_date(&feed).await;
    let (today, thresholds) = (app::amsterdam_day(may::now()), domain::SustainableWork::default());
    let timelines = timelines(&feed).await;
    assert_eq!(projector.read(|view| view.len()).expect("open"), timelines.len());
    let (mut settled, mut later) = (0, 0);
    for (id, timeline) in &timelines {
        let expected = |day| status::to_json(*id, timeline, &Status::on(timeline, day, &thresholds));
        let told = projector.read(|view| view.status_today(*id)).expect("open").expect("read");
        assert_eq!(told, Some(expected(today)));
        let before = today.plus_days(-200);
        assert_eq!(projector.read(|view| view.status(*id, before)).expect("open").expect("read"), Some(expected(before)));
        let summary = projector.read(|view| view.summary(*id).cloned()).expect("open").expect("held");
        assert_eq!((summary.revision, summary.organisation.as_str()), (timeline.revision(), timeline.organisation().as_str()));
        if summary.on == today {
            later += 1;
            continue;
        }
        // It is held for an earlier day, because nothing but the day has changed since, or ever will.
        settled += 1;
        assert!(summary.on < today && !summary.running, "{summary:?}");
        for days in [0, 1, 30, 4_000] {
            assert_eq!(without_day(expected(summary.on)), without_day(expected(summary.on.plus_days(days))));
        }
    }
    assert!(settled > 20 && later > 20, "{settled} {later}");
    let unknown = projector.read(|view| view.status_today(Uuid::from_u128(1))).expect("open").expect("read");
    assert_eq!(unknown, None);
    assert!(timeline_of(&*feed.log, Uuid::from_u128(1), Until::Head).await.expect("read").1.is_none());
}

clock!(days);
#[tokio::test(flavor = "multi_thread")]
async fn stopped_anywhere_and_over_days_it_equals_a_fresh_replay() {
    let lines: Vec<_> = synthetic::random(2, 60).collect();
    let (mut feed, place) = (Feed::default(), place(days::now));
    for (n, part) in lines.chunks(40).enumerate() {
        let now = part.last().and_then(|line| line.recorded_at).expect("a moment");
        days::set(&now.to_string());
        let projector = place.start(&feed).await;
        for line in part {
            feed.append(line).await;
        }
        match n % 4 {
            0 => {
                follow(&projector, &feed).await;
                assert_eq!(contents(&projector), fresh(&feed, days::now).await, "part {n}");
                projector.stop().await.expect("closed in order");
            }
            1 => projector.stop().await.expect("closed in order"),
            2 => {
                projector.reached(feed.head().await).await.expect("reached");
                projector.stop().await.expect("closed in order");
            }
            _ => drop(projector),
        }
    }
    days::set("2026-01-01T12:00:00Z");
    let projector = place.up_to_date(&feed).await;
    assert_eq!(contents(&projector), fresh(&feed, days::now).await);
    projector.rebuild().await.expect("it runs");
    projector.watch().wait_for(|status| status.rebuild.is_none()).await.expect("taken over");
    follow(&projector, &feed).await;
    assert_eq!(contents(&projector), fresh(&feed, days::now).await);
}

clock!(night);
#[tokio::test(flavor = "multi_thread")]
async fn midnight_in_amsterdam_makes_it_another_day_for_all_that_run() {
    // Summer time: midnight is at ten in the evening.
    night::set("2025-06-10T21:59:59Z");
    let feed = lives(3, 2_400).await;
    let place = place(night::now);
    let projector = place.up_to_date(&feed).await;
    let days = || projector.read(|view| view.list(&running(), Default::default(), 1_000, None)).expect("open").expect("a page").items;
    let before = days();
    assert!(before.len() > 256 && before.iter().all(|one| one.on.to_string() == "2025-06-10"), "{}", before.len());
    night::set("2025-06-10T22:00:00Z");
    follow(&projector, &feed).await;
    assert!(days().iter().all(|one| one.on.to_string() == "2025-06-11"));
    assert_eq!(projector.status().position, feed.log.head().await.expect("a head").position);
    assert_eq!(contents(&projector), fresh(&feed, night::now).await);
}

fn running() -> sustainable_work::Filter {
    sustainable_work::Filter { running: Some(true), ..Default::default() }
}
