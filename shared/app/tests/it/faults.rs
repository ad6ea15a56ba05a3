//! A log that fails: the import says so, and repeated it finishes the work without doing any of it twice.

use app::AppError;
use event_log::{AppendError, Fault};

use crate::world::{RANDOM, World, contact, intake, summary, text};

#[tokio::test(flavor = "multi_thread")]
async fn after_each_kind_of_failure_a_repetition_finishes_the_work_once() {
    for fault in [
        Fault::Unavailable { storage_full: true },
        Fault::Unavailable { storage_full: false },
        Fault::UnknownKept,
        Fault::UnknownLost,
        Fault::Conflict,
    ] {
        for (lines, _) in RANDOM {
            let undisturbed = World::new();
            let (expected, faults) = undisturbed.import(lines).await;
            let world = World::new();
            world.log.inject(fault);
            let error = world.try_import(lines, None).await.err().unwrap_or_else(|| panic!("{fault:?} was not told"));
            let AppError::Append(error) = error else { panic!("{error:?}") };
            let fits = match fault {
                Fault::Unavailable { storage_full } => {
                    matches!(error, AppendError::Unavailable { storage_full: told, .. } if told == storage_full)
                }
                Fault::UnknownKept | Fault::UnknownLost => matches!(error, AppendError::Unknown { .. }),
                Fault::Conflict => matches!(error, AppendError::Conflict { .. }),
            };
            assert!(fits, "{fault:?}: {error:?}");
            let kept = world.head().await;
            assert_eq!(kept, if fault == Fault::UnknownKept { expected.imported } else { 0 });
            let (again, faults_again) = world.import(lines).await;
            assert_eq!(again.imported + kept, expected.imported);
            assert_eq!(faults_again.len(), faults.len());
            assert_eq!(world.export().await, undisturbed.export().await, "{fault:?}");
        }
    }
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
    world.log.inject(Fault::UnknownLost);
    world.try_import(rest, None).await.err().expect("told");
    assert_eq!(world.head().await, 100);
    let (told, _) = world.import(&lines).await;
    assert_eq!(told, summary(17_900, 100, 0));
    assert_eq!(world.export().await.lines().count(), 18_000);
}
