//! How soon what happened in a quarter was recorded, and when something about it was recorded last.

use app::{
    AsOf,
    completeness::{Ask, answer},
};
use domain::Method;
use event_log::Position;
use figures::{Definitions, completeness::Completeness};
use serde_json::{Value, json};

use crate::world::{World, at, contact, id, intake, line, moment, now, text};

async fn asked(world: &World, as_of: AsOf) -> Completeness {
    let ask = Ask { quarter: "2025Q1".parse().unwrap(), organisation: None, definitions: Definitions::built_in().clone(), as_of };
    answer(&*world.log, &ask, now, &mut |_| {}).await.expect("an answer").0
}

fn correction(of: u32, n: u32, on: &str, target: u32) -> Value {
    let mut corrected = contact(of, n, on, "anders");
    corrected["corrects"] = id(0xe000_0000 + target, of).into();
    corrected
}

fn retraction(of: u32, n: u32, on: &str, target: u32) -> Value {
    line(of, n, "retraction", on, json!({"event_id": id(0xe000_0000 + target, of), "reason": "nooit gebeurd"}))
}

/// One trajectory of the first quarter of 2025, and what was told of it in time, late, and again.
fn history() -> Vec<Value> {
    vec![
        at(intake(1, "2025-01-06"), "2025-01-06T12:00:00Z"),
        at(contact(1, 2, "2025-01-10", "op tijd"), "2025-01-13T12:00:00Z"),
        // Recorded after midnight in Amsterdam, before it in Greenwich.
        at(contact(1, 3, "2025-02-01", "laat"), "2025-03-02T23:30:00Z"),
        at(correction(1, 4, "2025-01-11", 2), "2025-04-20T12:00:00Z"),
        at(contact(1, 5, "2025-04-02", "volgend kwartaal"), "2025-04-21T12:00:00Z"),
    ]
}

#[tokio::test(flavor = "multi_thread")]
async fn an_event_is_as_late_as_its_first_recording_and_only_that_of_the_quarter_counts() {
    let world = World::new().with(&text(&history())).await;
    let delays = &asked(&world, AsOf::Now).await.delays["org-1"];
    // The intake at once; the contact that was corrected two days after its day as it is known now; the late one 30 days after.
    assert_eq!((delays.events(), delays.percentile(50), delays.percentile(90)), (3, Some(2), Some(30)));
    assert_eq!((delays.within(0), delays.within(7), delays.within(29), delays.within(30)), (1, 2, 2, 3));
    let earlier = asked(&world, AsOf::Position(Position(2))).await;
    assert_eq!(earlier.delays["org-1"].events(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_recorded_last_about_days_up_to_the_quarters_end_is_known() {
    let latest = async |lines: &[Value]| {
        let world = World::new().with(&text(lines)).await;
        asked(&world, AsOf::Now).await.latest.into_values().next().map(|at| (at.position, at.micros))
    };
    let at = |position: u64, text: &str| Some((position, moment(text).micros()));
    let mut lines = history();
    assert_eq!(latest(&lines).await, at(4, "2025-04-20T12:00:00Z"), "the next quarter says nothing about this one");
    lines.push(crate::world::at(retraction(1, 6, "2025-05-01", 4), "2025-05-01T12:00:00Z"));
    assert_eq!(latest(&lines).await, at(6, "2025-05-01T12:00:00Z"), "what is taken back does");
    let world = World::new().with(&text(&lines)).await;
    assert_eq!(asked(&world, AsOf::Now).await.delays["org-1"].events(), 2, "what was taken back did not happen");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_trajectory_that_was_retracted_or_has_another_method_now_is_news_about_the_method_that_it_had() {
    let first = at(intake(1, "2025-01-06"), "2025-01-07T12:00:00Z");
    let id = first["event_id"].clone();
    let mut corrected = at(intake(1, "2025-01-06"), "2025-05-01T12:00:00Z");
    corrected["event_id"] = "0b6f3c1e-6c52-4b7e-9f0e-0d7c9a1f0999".into();
    corrected["corrects"] = id;
    corrected["data"]["method"] = "wabz".into();
    corrected["data"].as_object_mut().expect("an object").remove("variant");
    let retracted = at(retraction(1, 9, "2025-05-01", 1), "2025-05-01T12:00:00Z");
    for news in [corrected, retracted] {
        let world = World::new().with(&text(&[first.clone(), news.clone()])).await;
        let found = asked(&world, AsOf::Now).await;
        assert_eq!(found.latest_of("org-1", Method::Ips).map(|at| at.position), Some(2), "{news}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn another_organisation_is_not_in_the_answer_for_one() {
    let mut other = at(intake(2, "2025-01-06"), "2025-01-07T12:00:00Z");
    other["organisation"] = "org-2".into();
    let world = World::new().with(&text(&[history()[0].clone(), other])).await;
    let ask = Ask {
        quarter: "2025Q1".parse().unwrap(),
        organisation: Some("org-2".into()),
        definitions: Definitions::built_in().clone(),
        as_of: AsOf::Now,
    };
    let (one, state) = answer(&*world.log, &ask, now, &mut |_| {}).await.expect("an answer");
    let told = one.to_json(ask.quarter, &state).to_string();
    assert!(told.contains("org-2") && !told.contains("org-1"), "{told}");
    assert_eq!(asked(&world, AsOf::Now).await.deliveries.organisations().len(), 2);
}
