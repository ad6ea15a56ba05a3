//! A log that fails: what can be mended is mended by itself, and for the rest the import says so; repeated it finishes the work
//! without doing any of it twice.

use app::{AppError, DeskError};
use event_log::Fault;

use crate::world::{RANDOM, World, contact, intake, summary, text};

#[tokio::test(flavor = "multi_thread")]
async fn a_conflict_and_an_unknown_outcome_are_mended_and_nothing_is_counted_otherwise() {
    for fault in [Fault::UnknownKept, Fault::UnknownLost, Fault::Conflict] {
        for (lines, _) in RANDOM {
            let undisturbed = World::new();
            let expected = undisturbed.import(lines).await;
            let world = World::new();
            for _ in 0..3 {
                world.log.inject(fault);
            }
            assert_eq!(world.import(lines).await, expected, "{fault:?}");
            assert_eq!(world.export().await, undisturbed.export().await, "{fault:?}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_full_log_is_told_and_a_repetition_finishes_the_work_once() {
    for (lines, _) in RANDOM {
        let undisturbed = World::new();
        let expected = undisturbed.import(lines).await;
        let world = World::new();
        world.log.inject(Fault::Unavailable { storage_full: true });
        let error = world.try_import(lines, None).await.err().expect("told");
        assert!(matches!(error, AppError::Desk(DeskError::Full { .. })), "{error:?}");
        assert_eq!(world.head().await, 0);
        assert_eq!(world.import(lines).await, expected);
        assert_eq!(world.export().await, undisturbed.export().await);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_log_that_takes_nothing_for_long_is_told() {
    let world = World::new();
    for _ in 0..1_000 {
        world.log.inject(Fault::Unavailable { storage_full: false });
    }
    let error = world.try_import(RANDOM[0].0, None).await.err().expect("told");
    assert!(matches!(error, AppError::Desk(DeskError::Unavailable { .. })), "{error:?}");
    assert_eq!(world.head().await, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_failure_in_a_later_group_keeps_what_the_earlier_ones_made_durable() {
    // More than two groups.
    let mut lines = vec![intake(1, "2025-01-06")];
    lines.extend((3..18_002).map(|n| contact(1, n, "2025-01-08", "x")));
    let lines = text(&lines);
    let world = World::new();
    // The first append succeeds: only then the failure waits.
    let (first, rest) = lines.split_at(lines.match_indices('\n').nth(99).expect("a hundred lines").0 + 1);
    world.import(first).await;
    world.log.inject(Fault::Unavailable { storage_full: true });
    world.try_import(rest, None).await.err().expect("told");
    assert_eq!(world.head().await, 100);
    let (told, _) = world.import(&lines).await;
    assert_eq!(told, summary(17_900, 100, 0));
    assert_eq!(world.export().await.lines().count(), 18_000);
}
