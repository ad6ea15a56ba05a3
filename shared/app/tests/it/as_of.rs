//! Figures as of a state of the log are those that the log held then, whatever came after.

use app::AsOf;
use event_log::Position;

use crate::world::{RANDOM, World, at, intake, job, moment, text};

#[tokio::test(flavor = "multi_thread")]
async fn figures_of_a_position_never_change_by_what_comes_after() {
    for (lines, _) in RANDOM {
        let whole = World::new();
        whole.import(lines).await;
        let exported: Vec<String> = whole.export().await.lines().map(|line| format!("{line}\n")).collect();
        let growing = World::new();
        let mut moved_back = 0;
        for position in 0..=exported.len() {
            let of_then = whole.figures("2024Q4", AsOf::Position(Position(position as u64))).await.expect("figures");
            let kept = of_then["as_of"]["position"].as_u64().expect("a number");
            if kept != position as u64 {
                // Inside a decision: as of the event before it.
                assert!(exported[position - 1].contains("\"decision\":") && exported[position].contains("\"decision\":"));
                moved_back += 1;
                continue;
            }
            let begun = usize::try_from(growing.head().await).expect("small");
            growing.import(&exported[begun..position].concat()).await;
            assert_eq!(growing.head().await, position as u64);
            // Then it was the end of the log; only "now" is another moment than the last event's.
            let mut then = growing.figures("2024Q4", AsOf::Now).await.expect("figures");
            then["provisional"] = of_then["provisional"].clone();
            assert_eq!(of_then, then, "position {position}");
        }
        assert!(moved_back > 0, "the log has decisions of several events");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn figures_of_a_moment_are_those_of_the_last_event_at_or_before_it() {
    let world = World::new();
    let lines = [
        at(intake(1, "2024-05-01"), "2024-05-01T10:00:00Z"),
        at(intake(2, "2024-05-01"), "2024-05-01T10:00:00Z"),
        at(job(1, 2, "2024-05-02"), "2024-05-02T10:00:00.000001Z"),
    ];
    let world = world.with(&text(&lines)).await;
    for (asked, position, recorded_at, running) in [
        ("2024-05-01T09:59:59.999999Z", 0, None, 0),
        ("2024-05-01T10:00:00Z", 2, Some("2024-05-01T10:00:00.000000Z"), 2),
        ("2024-05-01T12:00:00.000001+02:00", 2, Some("2024-05-01T10:00:00.000000Z"), 2),
        ("2024-05-02T10:00:00Z", 2, Some("2024-05-01T10:00:00.000000Z"), 2),
        ("2024-05-02T10:00:00.000001Z", 3, Some("2024-05-02T10:00:00.000001Z"), 2),
        ("2026-06-30T00:00:00Z", 3, Some("2024-05-02T10:00:00.000001Z"), 2),
    ] {
        let figures = world.figures("2024Q2", AsOf::Moment(moment(asked))).await.expect("figures");
        assert_eq!(figures["as_of"], serde_json::json!({"position": position, "recorded_at": recorded_at}), "{asked}");
        assert_eq!(figures["figures"]["all"]["running"], running, "{asked}");
        assert_eq!(figures["figures"]["all"]["paid_work"], u64::from(position == 3), "{asked}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_position_beyond_the_end_has_no_figures() {
    let world = World::new().with(&text(&[intake(1, "2024-05-01")])).await;
    let error = world.figures("2024Q2", AsOf::Position(Position(2))).await.expect_err("beyond");
    assert_eq!(error.to_string(), "position 2 lies beyond the end of the log, which is 1");
}

#[test]
fn an_as_of_is_a_position_or_a_moment_with_time_and_offset() {
    let read = |text: &str| text.parse::<AsOf>();
    assert_eq!(read("0"), Ok(AsOf::Position(Position(0))));
    assert_eq!(read("007"), Ok(AsOf::Position(Position(7))));
    assert_eq!(read("99999999999999999999"), Ok(AsOf::Position(Position(u64::MAX))));
    assert_eq!(read("2025-05-15T14:00:00+02:00"), Ok(AsOf::Moment(moment("2025-05-15T12:00:00Z"))));
    for wrong in ["", "-1", "+1", "1.0", " 1", "2025-05-15", "2025-05-15T12:00:00", "2025-05-15T12:00:00.0000001Z", "12:00", "now", "٣"] {
        assert!(read(wrong).is_err(), "{wrong}");
    }
}
