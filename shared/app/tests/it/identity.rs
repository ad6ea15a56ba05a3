//! The same event again, and another event under the same id.

use serde_json::{Value, json};

use crate::world::{World, contact, id, intake, job, line, summary, text};

/// The only refusal's code.
async fn refused(world: &World, line: Value) -> String {
    let before = world.bodies().await;
    let (summary, faults) = world.import(&text(&[line])).await;
    assert_eq!((summary.imported, summary.already_present, summary.refused), (0, 0, 1));
    assert_eq!(world.bodies().await, before);
    faults[0].code.as_str().to_owned()
}

async fn present(world: &World, line: Value) {
    let before = world.bodies().await;
    assert_eq!(world.import(&text(std::slice::from_ref(&line))).await, (summary(0, 1, 0), Vec::new()), "{line}");
    assert_eq!(world.bodies().await, before);
}

async fn begun() -> World {
    World::new().with(&text(&[intake(1, "2025-01-06"), job(1, 2, "2025-01-07"), contact(1, 3, "2025-01-08", "hallo")])).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_repetition_written_otherwise_is_the_same() {
    let world = begun().await;
    let mut line = contact(1, 3, "2025-01-08", "hallo");
    line["event_id"] = line["event_id"].as_str().expect("an id").to_uppercase().into();
    line["schema"] = 1.into();
    line["revision"] = 77.into();
    line["position"] = 99.into();
    line["actor"] = "somebody else".into();
    line["recorded_at"] = "2020-01-01T00:00:00Z".into();
    line["source_recorded_at"] = "2020-01-01T00:00:00Z".into();
    present(&world, line).await;
    let number = |hours: &str| {
        format!(
            "{{\"event_id\":\"{}\",\"trajectory_id\":\"{}\",\"organisation\":\"org-1\",\"type\":\"paid_work_started\",\"occurred_on\":\"2025-01-07\",\"data\":{{\"hours_per_week\":{hours},\"job_id\":\"{}\"}}}}\n",
            id(0xe000_0009, 1),
            crate::world::trajectory(1),
            id(0xb000_0000, 9)
        )
    };
    assert_eq!(world.import(&number("12")).await.0, summary(1, 0, 0));
    assert_eq!(world.import(&number("12.00")).await.0, summary(0, 1, 0));
    assert_eq!(world.import(&number("12.01")).await.0, summary(0, 0, 1));
}

#[tokio::test(flavor = "multi_thread")]
async fn each_part_of_the_content_tells_events_apart() {
    let world = begun().await;
    let with = |change: &dyn Fn(&mut Value)| {
        let mut line = contact(1, 3, "2025-01-08", "hallo");
        change(&mut line);
        line
    };
    present(&world, with(&|_| {})).await;
    for change in [
        (|line| line["trajectory_id"] = id(0x7000_0000, 2).into()) as fn(&mut Value),
        |line| line["organisation"] = "org-2".into(),
        |line| line["occurred_on"] = "2025-01-09".into(),
        |line| line["corrects"] = id(0xe000_0003, 1).into(),
        |line| line["correlation_id"] = id(1, 1).into(),
        |line| line["causation_id"] = id(1, 1).into(),
        |line| line["data"]["note"] = "hallo ".into(),
        |line| line["data"]["note"] = "".into(),
        |line| line["data"]["channel"] = "video".into(),
        |line| line["data"]["minutes"] = 1.into(),
        |line| {
            line["data"].as_object_mut().expect("an object").remove("note");
        },
        |line| {
            line["type"] = "engagement".into();
            line["data"] = json!({"wish": "explore"});
        },
    ] {
        assert_eq!(refused(&world, with(&change)).await, "event_id_reused", "{}", with(&change));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_erased_text_equals_any_text_and_only_the_text() {
    let world = begun().await;
    let erased = |on: &str| {
        let mut line = contact(1, 3, on, "");
        line["data"]["note"] = json!({"erased": true});
        line
    };
    present(&world, erased("2025-01-08")).await;
    assert_eq!(refused(&world, erased("2025-01-09")).await, "event_id_reused");
    // The other way round: what was imported as erased is recognised with its text.
    let other = World::new().with(&text(&[intake(1, "2025-01-06"), erased("2025-01-08")])).await;
    present(&other, contact(1, 3, "2025-01-08", "hallo")).await;
    present(&other, erased("2025-01-08")).await;
    assert!(other.export().await.contains("{\"erased\":true}"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_repetition_is_recognised_while_it_waits_in_the_group() {
    let lines = [
        intake(1, "2025-01-06"),
        contact(1, 3, "2025-01-08", "hallo"),
        contact(1, 3, "2025-01-08", "hallo"),
        intake(1, "2025-01-06"),
        contact(1, 3, "2025-01-08", "dag"),
    ];
    let world = World::new();
    let (summary, faults) = world.import(&text(&lines)).await;
    assert_eq!((summary.imported, summary.already_present, summary.refused), (2, 2, 1));
    assert_eq!((faults[0].line, faults[0].code.as_str()), (5, "event_id_reused"));
    assert_eq!(world.head().await, 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_repetition_is_accepted_whatever_has_changed_since() {
    let world = begun().await;
    let end = line(1, 4, "outflow", "2025-01-10", json!({}));
    let gone = line(1, 5, "retraction", "2025-01-10", json!({"event_id": id(0xe000_0003, 1), "reason": "niet gebeurd"}));
    world.import(&text(&[end, gone])).await;
    present(&world, contact(1, 3, "2025-01-08", "hallo")).await;
    present(&world, intake(1, "2025-01-06")).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_id_of_a_refused_event_is_not_taken() {
    let world = World::new();
    assert_eq!(refused(&world, contact(1, 3, "2025-01-08", "hallo")).await, "no_intake");
    world.import(&text(&[intake(1, "2025-01-06")])).await;
    assert_eq!(world.import(&text(&[contact(1, 3, "2025-01-09", "anders")])).await.0, summary(1, 0, 0));
}

#[tokio::test(flavor = "multi_thread")]
async fn of_a_decision_what_is_there_counts_as_present_and_the_rest_is_judged() {
    let world = begun().await;
    let decision = |mut line: Value| {
        line["decision"] = id(0xe000_0003, 1).into();
        line
    };
    let lines = [
        decision(contact(1, 3, "2025-01-08", "hallo")),
        decision(contact(1, 6, "2025-01-08", "nieuw")),
        decision(contact(1, 6, "2025-01-08", "nieuw")),
    ];
    assert_eq!(world.import(&text(&lines)).await, (summary(1, 2, 0), Vec::new()));
    // A single event that is left has no decision.
    assert!(!world.export().await.contains("\"decision\""));
    let wrong =
        [decision(contact(1, 3, "2025-01-08", "hallo")), decision(contact(1, 7, "2025-01-05", "goed")), decision(job(1, 8, "2025-01-09"))];
    let (summary, faults) = world.import(&text(&wrong)).await;
    assert_eq!((summary.imported, summary.already_present, summary.refused), (0, 1, 2));
    assert_eq!((faults[0].line, faults[0].code.as_str()), (3, "duplicate_id"));
}
