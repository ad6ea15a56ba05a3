//! A quarter is provisional until midnight in Amsterdam after its last day, at the moment asked for.

use app::{AsOf, amsterdam_day, midnight_in_amsterdam};
use domain::Date;
use event_log::Position;

use crate::world::{World, at, contact, intake, moment, text};

async fn provisional(world: &World, quarter: &str, as_of: AsOf) -> bool {
    world.figures(quarter, as_of).await.expect("figures")["provisional"].as_bool().expect("true or false")
}

#[tokio::test(flavor = "multi_thread")]
async fn a_quarter_ends_at_midnight_in_amsterdam_in_summer_and_in_winter() {
    let world = World::new().with(&text(&[at(intake(1, "2024-05-01"), "2024-05-01T10:00:00Z")])).await;
    for (quarter, last, first) in [
        ("2025Q1", "2025-03-31T21:59:59.999999Z", "2025-03-31T22:00:00Z"),
        ("2025Q2", "2025-06-30T21:59:59.999999Z", "2025-06-30T22:00:00Z"),
        ("2025Q3", "2025-09-30T21:59:59.999999Z", "2025-09-30T22:00:00Z"),
        ("2025Q4", "2025-12-31T22:59:59.999999Z", "2025-12-31T23:00:00Z"),
    ] {
        assert!(provisional(&world, quarter, AsOf::Moment(moment(last))).await, "{quarter}");
        assert!(!provisional(&world, quarter, AsOf::Moment(moment(first))).await, "{quarter}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_positions_moment_is_that_of_its_event() {
    let lines = [at(intake(1, "2025-01-01"), "2025-03-31T21:59:59.999999Z"), at(contact(1, 2, "2025-01-01", "x"), "2025-03-31T22:00:00Z")];
    let world = World::new().with(&text(&lines)).await;
    assert!(provisional(&world, "2025Q1", AsOf::Position(Position(1))).await);
    assert!(!provisional(&world, "2025Q1", AsOf::Position(Position(2))).await);
    // No event, no moment: nothing had ended.
    assert!(provisional(&world, "2025Q1", AsOf::Position(Position(0))).await);
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_question_of_when_it_is_now() {
    let world = World::new().with(&text(&[at(intake(1, "2024-05-01"), "2024-05-01T10:00:00Z")])).await;
    // It is 1 July 2026 in Amsterdam.
    assert!(!provisional(&world, "2026Q2", AsOf::Now).await);
    assert!(provisional(&world, "2026Q3", AsOf::Now).await);
    let empty = World::new();
    assert!(!provisional(&empty, "2026Q2", AsOf::Now).await);
    assert!(provisional(&empty, "2026Q3", AsOf::Now).await);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_moment_asked_for_counts_and_not_that_of_the_last_event() {
    let world = World::new().with(&text(&[at(intake(1, "2024-05-01"), "2024-05-01T10:00:00Z")])).await;
    assert!(!provisional(&world, "2025Q1", AsOf::Moment(moment("2025-04-01T00:00:00Z"))).await);
    assert!(provisional(&world, "2025Q1", AsOf::Position(Position(1))).await);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_last_quarter_that_can_be_named_has_not_ended() {
    assert!(provisional(&World::new(), "9999Q4", AsOf::Now).await);
    assert!(!provisional(&World::new(), "0001Q1", AsOf::Now).await);
}

#[test]
fn a_day_in_amsterdam_begins_an_hour_or_two_before_that_of_greenwich() {
    for (utc, day) in [
        ("2025-01-31T22:59:59.999999Z", "2025-01-31"),
        ("2025-01-31T23:00:00Z", "2025-02-01"),
        ("2025-07-31T21:59:59.999999Z", "2025-07-31"),
        ("2025-07-31T22:00:00Z", "2025-08-01"),
        // The nights on which the clock is moved.
        ("2025-03-29T23:00:00Z", "2025-03-30"),
        ("2025-03-30T21:59:59Z", "2025-03-30"),
        ("2025-03-30T22:00:00Z", "2025-03-31"),
        ("2025-10-25T22:00:00Z", "2025-10-26"),
        ("2025-10-26T22:59:59Z", "2025-10-26"),
        ("2025-10-26T23:00:00Z", "2025-10-27"),
        ("1969-12-31T23:00:00Z", "1970-01-01"),
        ("1969-12-31T22:59:59Z", "1969-12-31"),
    ] {
        assert_eq!(amsterdam_day(moment(utc)).to_string(), day, "{utc}");
    }
}

#[test]
fn midnight_begins_the_day_that_it_is_of() {
    for days in (0..40_000).step_by(7) {
        let day = Date::from_days(days);
        let midnight = midnight_in_amsterdam(day);
        let before = proto_events::Timestamp::from_micros(midnight.micros() - 1).expect("a moment");
        assert_eq!((amsterdam_day(before), amsterdam_day(midnight)), (day.plus_days(-1), day));
    }
}
