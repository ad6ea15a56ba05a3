//! Rule 3, and what `--recorded now` makes of a file's moments.

use serde_json::Value;

use crate::world::{World, at, contact, intake, summary, text};

const NOON: &str = "2025-02-01T12:00:00Z";

async fn codes(world: &World, lines: &[Value]) -> Vec<String> {
    world.import(&text(lines)).await.1.iter().map(|fault| fault.code.as_str().to_owned()).collect()
}

async fn moments(world: &World) -> Vec<Value> {
    world.export().await.lines().map(|line| serde_json::from_str::<Value>(line).expect("JSON")["recorded_at"].clone()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn moments_may_be_equal_and_not_run_backwards() {
    let world = World::new();
    let second = |n, moment| at(contact(1, n, "2025-01-08", "x"), moment);
    let lines = [
        at(intake(1, "2025-01-06"), NOON),
        second(3, NOON),
        second(4, "2025-02-01T11:59:59.999999Z"),
        second(5, "2025-02-01T12:00:00.000001Z"),
    ];
    assert_eq!(codes(&world, &lines).await, ["recorded_at_backwards"]);
    // Against what the log held before, too.
    assert_eq!(codes(&world, &[second(6, NOON)]).await, ["recorded_at_backwards"]);
    assert_eq!(codes(&world, &[second(7, "2025-02-01T13:00:00.000001+01:00")]).await, [] as [&str; 0]);
    assert_eq!(world.head().await, 4);
}

#[tokio::test(flavor = "multi_thread")]
async fn now_is_not_in_the_future_and_a_microsecond_later_is() {
    let world = World::new();
    assert_eq!(codes(&world, &[at(intake(1, "2025-01-06"), "2026-07-01T00:00:00.000001Z")]).await, ["recorded_at_in_future"]);
    assert_eq!(codes(&world, &[at(intake(1, "2025-01-06"), "2026-07-01T00:00:00Z")]).await, [] as [&str; 0]);
}

#[tokio::test(flavor = "multi_thread")]
async fn within_a_decision_moments_do_not_run_backwards_either() {
    let world = World::new();
    let decision = |mut line: Value| {
        line["decision"] = intake(1, "2025-01-06")["event_id"].clone();
        line
    };
    let lines = |second| [decision(at(intake(1, "2025-01-06"), NOON)), decision(at(contact(1, 3, "2025-01-08", "x"), second))];
    let (told, faults) = world.import(&text(&lines("2025-02-01T11:00:00Z"))).await;
    assert_eq!((told, faults[0].line, faults[0].code.as_str()), (summary(0, 0, 2), 2, "recorded_at_backwards"));
    assert_eq!(world.import(&text(&lines("2025-02-01T13:00:00Z"))).await.0, summary(2, 0, 0));
    assert_eq!(moments(&world).await, ["2025-02-01T12:00:00.000000Z", "2025-02-01T13:00:00.000000Z"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_refused_does_not_move_the_clock_of_the_log() {
    let world = World::new();
    let lines = [
        at(intake(1, "2025-01-06"), NOON),
        at(contact(9, 3, "2025-01-08", "x"), "2025-03-01T12:00:00Z"),
        at(contact(1, 3, "2025-01-08", "x"), NOON),
    ];
    assert_eq!(codes(&world, &lines).await, ["no_intake"]);
    assert_eq!(world.head().await, 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_moment_it_is_now_or_that_of_the_last_event_if_later() {
    let world = World::new().with(&text(&[intake(1, "2025-01-06"), contact(1, 3, "2025-01-08", "x")])).await;
    assert_eq!(moments(&world).await, ["2026-07-01T00:00:00.000000Z"; 2]);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_day_of_the_moment_decides_what_lies_in_the_future() {
    let on = |n, day: &str, moment: &str| at(contact(1, n, day, "x"), moment);
    let world = World::new().with(&text(&[at(intake(1, "2025-01-06"), NOON)])).await;
    assert_eq!(codes(&world, &[on(3, "2025-02-02", "2025-02-01T22:59:59.999999Z")]).await, ["in_future"]);
    assert_eq!(codes(&world, &[on(4, "2025-02-02", "2025-02-01T23:00:00Z")]).await, [] as [&str; 0]);
    // The hour is remembered between events; the day must not be.
    let minute = |n, minute| on(n, "2025-02-03", &format!("2025-02-02T{minute}Z"));
    assert_eq!(codes(&world, &[minute(5, "22:59:59"), minute(6, "23:00:00"), minute(7, "23:59:59")]).await, ["in_future"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn recorded_now_keeps_the_source_moment_and_an_older_one_stays() {
    let world = World::new().recorded_now();
    let mut older = at(contact(1, 3, "2025-01-08", "x"), NOON);
    older["source_recorded_at"] = "2024-01-01T00:00:00Z".into();
    world.import(&text(&[at(intake(1, "2025-01-06"), NOON), older])).await;
    let lines: Vec<Value> = world.export().await.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    let sources: Vec<&Value> = lines.iter().map(|line| &line["source_recorded_at"]).collect();
    assert_eq!(sources, ["2025-02-01T12:00:00.000000Z", "2024-01-01T00:00:00.000000Z"]);
    assert_eq!(moments(&world).await, ["2026-07-01T00:00:00.000000Z"; 2]);
}

#[tokio::test(flavor = "multi_thread")]
async fn recorded_now_takes_a_history_in_any_order_of_moments() {
    let world = World::new().recorded_now();
    let lines = [
        at(intake(1, "2025-01-06"), NOON),
        at(contact(1, 3, "2025-01-08", "x"), "2020-01-01T00:00:00Z"),
        at(contact(1, 4, "2025-01-08", "x"), "2999-01-01T00:00:00Z"),
    ];
    assert_eq!(world.import(&text(&lines)).await.0, summary(3, 0, 0));
}
