//! A projector is always up to date, wherever it was stopped; stops visibly; and is rebuilt beside itself without a reader noticing.

use std::{
    fs,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use app::projector::{Awaited, Poison, ProjectorState, RebuildState};
use event_log::{EventLog, MemoryLog, Position};
use views::Place as Folder;

use crate::projector_world::{Flaky, Place, append, append_as, at, contents, follows, fresh, until};

async fn head<L: EventLog>(log: &L) -> Position {
    log.head().await.expect("a head").position
}

#[tokio::test(flavor = "multi_thread")]
async fn wherever_it_was_stopped_and_started_it_equals_a_fresh_replay() {
    let (log, place) = (Arc::new(MemoryLog::new()), Place::new());
    for n in 0..24 {
        let projector = place.start(&log).await;
        append(&*log, n % 7).await;
        if n % 3 != 0 {
            projector.reached(head(&*log).await).await.expect("reached");
        }
        match n % 4 {
            // As if the process had died: what there was is not believed.
            3 => drop(projector),
            _ => projector.stop().await.expect("closed in order"),
        }
    }
    let projector = place.start(&log).await;
    projector.reached(head(&*log).await).await.expect("reached");
    assert_eq!(contents(&projector), fresh(&log).await);
    let status = until(&projector, "following", follows).await;
    assert_eq!((status.position, status.recorded_at), (head(&*log).await, Some(at("2026-07-01T00:00:00Z"))));
}

#[tokio::test(flavor = "multi_thread")]
async fn after_an_orderly_stop_it_goes_on_from_its_checkpoint_and_readers_are_told_that_it_is_closed() {
    let (log, place) = (Arc::new(MemoryLog::new()), Place::new());
    append(&*log, 20).await;
    let projector = place.start(&log).await;
    projector.reached(head(&*log).await).await.expect("reached");
    projector.stop().await.expect("closed in order");
    assert!(projector.read(|_| ()).is_err());
    assert_eq!(projector.status().state, ProjectorState::Closed);
    projector.stop().await.expect("stopping twice is no harm");
    let again = place.start(&log).await;
    assert_eq!(again.status().position, head(&*log).await, "before anything was read");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_event_that_it_cannot_take_in_stops_it_visibly_and_a_retry_goes_on() {
    let (log, place, other) = (Arc::new(MemoryLog::new()), Place::new(), Place::new());
    append(&*log, 40).await;
    place.faults.poison.store(24, Ordering::SeqCst);
    let (projector, healthy) = (place.start(&log).await, other.start(&log).await);
    let status = until(&projector, "stopped", |status| matches!(status.state, ProjectorState::Stopped { .. })).await;
    let [Poison { position, trajectory, event_id, cause }] = &projector.poisoned()[..] else { panic!("{status:?}") };
    assert!((23..=24).contains(&position.0) && status.position.plus(1) == *position, "all before it is taken in: {status:?}");
    assert!(trajectory.is_some() && event_id.is_some_and(|id| id.as_u128() == u128::from(position.0)));
    assert!(cause.contains("injected"), "{cause}");
    assert_eq!(projector.read(|view| view.sum()).expect("readers go on"), status.position.0);
    healthy.reached(head(&*log).await).await.expect("others go on");

    projector.retry().await.expect("it runs");
    tokio::time::sleep(Duration::from_millis(50)).await;
    assert_eq!(projector.poisoned().len(), 1, "still");
    place.faults.poison.store(0, Ordering::SeqCst);
    projector.retry().await.expect("it runs");
    projector.reached(head(&*log).await).await.expect("reached");
    until(&projector, "following", follows).await;
    assert_eq!(projector.poisoned(), []);
    assert_eq!(contents(&projector), fresh(&log).await);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_panic_stops_it_and_a_retry_begins_with_what_can_be_believed() {
    let (log, place) = (Arc::new(MemoryLog::new()), Place::new());
    append(&*log, 40).await;
    place.faults.panic.store(24, Ordering::SeqCst);
    let projector = place.start(&log).await;
    until(&projector, "stopped", |status| matches!(status.state, ProjectorState::Stopped { .. })).await;
    assert!(projector.read(|_| ()).is_err(), "a half-taken batch is shown to nobody");
    place.faults.panic.store(0, Ordering::SeqCst);
    projector.retry().await.expect("it runs");
    until(&projector, "following", follows).await;
    assert_eq!(contents(&projector), fresh(&log).await);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_log_that_cannot_be_reached_is_asked_again_by_itself() {
    let (log, place) = (Arc::new(Flaky::default()), Place::new());
    log.away.store(true, Ordering::SeqCst);
    let projector = place.start(&log).await;
    let waits = |status: &app::projector::Status| matches!(status.state, ProjectorState::Waiting { .. });
    let status = until(&projector, "waiting", waits).await;
    let ProjectorState::Waiting { what: Awaited::Log, cause, since } = status.state else { panic!("waiting for the log") };
    assert!(cause.contains("injected") && since == at("2026-07-01T00:00:00Z"), "{cause}");
    while log.asked.load(Ordering::SeqCst) < 4 {
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    append(&*log.log, 10).await;
    log.away.store(false, Ordering::SeqCst);
    projector.reached(head(&*log).await).await.expect("reached");
    until(&projector, "following", follows).await;
    // Lost while it follows.
    log.away.store(true, Ordering::SeqCst);
    append(&*log.log, 10).await;
    until(&projector, "waiting", waits).await;
    assert_eq!(projector.poisoned(), []);
    log.away.store(false, Ordering::SeqCst);
    projector.reached(head(&*log).await).await.expect("reached");
    assert_eq!(contents(&projector), fresh(&log).await);
}

#[tokio::test(flavor = "multi_thread")]
async fn another_log_begins_the_view_again_and_an_older_one_stops_it() {
    let place = Place::new();
    let (log, another, older) = (Arc::new(MemoryLog::new()), Arc::new(MemoryLog::new()), Arc::new(MemoryLog::new()));
    append(&*log, 30).await;
    append(&*older, 10).await;
    for _ in 0..20 {
        append_as(&*another, 7).await;
    }
    let projector = place.start(&log).await;
    projector.reached(head(&*log).await).await.expect("reached");
    projector.stop().await.expect("closed in order");

    let projector = place.start(&older).await;
    let stopped = |status: &app::projector::Status| matches!(status.state, ProjectorState::Stopped { .. });
    until(&projector, "stopped", stopped).await;
    assert!(projector.poisoned()[0].cause.contains("older copy of the log"), "{:?}", projector.poisoned());
    projector.stop().await.expect("closed in order");

    let projector = place.start(&another).await;
    until(&projector, "following", |status| follows(status) && status.position.0 == status.head.0 && status.position.0 == 25).await;
    assert_eq!(contents(&projector), fresh(&another).await);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rebuild_while_events_flow_is_noticed_by_no_reader() {
    let (log, place) = (Arc::new(MemoryLog::new()), Place::new());
    append(&*log, 100).await;
    let projector = Arc::new(place.start(&log).await);
    projector.reached(head(&*log).await).await.expect("reached");
    let done = Arc::new(AtomicBool::new(false));
    let reader = {
        let (projector, done) = (Arc::clone(&projector), Arc::clone(&done));
        tokio::task::spawn_blocking(move || {
            let (mut last, mut reads) = (0, 0_u64);
            while !done.load(Ordering::SeqCst) {
                let (checkpoint, sum) = projector.read(|view| (app::projector::Projection::checkpoint(view).0, view.sum())).expect("open");
                assert_eq!(checkpoint, sum, "a mixed state");
                assert!(checkpoint >= last, "back from {last} to {checkpoint}");
                (last, reads) = (checkpoint, reads + 1);
                std::thread::sleep(Duration::from_micros(200));
            }
            reads
        })
    };
    for round in 1..=3 {
        place.faults.slow.store(5, Ordering::SeqCst);
        projector.rebuild().await.expect("it runs");
        projector.rebuild().await.expect("asked twice, done once");
        for _ in 0..10 {
            append(&*log, 3).await;
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        until(&projector, "taken over", |status| status.rebuild.is_none()).await;
        assert_eq!(projector.read(|view| view.generation).expect("open"), round);
        append(&*log, 3).await;
        projector.reached(head(&*log).await).await.expect("reached");
        assert_eq!(contents(&projector), fresh(&log).await);
    }
    done.store(true, Ordering::SeqCst);
    assert!(reader.await.expect("monotone") > 10);
    // The place that was left is empty, and the rebuilt view is the one that is found again.
    projector.stop().await.expect("closed in order");
    assert!(!Folder::new(&place.views(), "counting", 2).building().exists());
    let again = place.start(&log).await;
    assert_eq!(again.status().position, head(&*log).await);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cancelled_rebuild_goes_on_where_it_was_also_after_a_restart() {
    let (log, place) = (Arc::new(MemoryLog::new()), Place::new());
    append(&*log, 700).await;
    let projector = place.start(&log).await;
    projector.reached(head(&*log).await).await.expect("reached");
    // Each batch of the log is one piece: slow enough to be cancelled between two.
    place.faults.slow.store(100, Ordering::SeqCst);
    projector.rebuild().await.expect("it runs");
    until(&projector, "begun", |status| status.rebuild.as_ref().is_some_and(|rebuild| rebuild.position.0 > 0)).await;
    projector.cancel_rebuild().await.expect("it runs");
    let cancelled = |status: &app::projector::Status| status.rebuild.as_ref().is_some_and(|r| r.state == RebuildState::Cancelled);
    let status = until(&projector, "cancelled", cancelled).await;
    let reached = status.rebuild.expect("it was cancelled").position;
    assert!(reached.0 > 0 && reached < head(&*log).await, "{reached}");
    assert_eq!(status.state, ProjectorState::Following);
    let folder = Folder::new(&place.views(), "counting", 2);
    assert!(folder.building().join("seal").exists());

    projector.stop().await.expect("closed in order");
    let projector = place.start(&log).await;
    projector.rebuild().await.expect("it runs");
    let status = until(&projector, "resumed", |status| status.rebuild.as_ref().is_some_and(|rebuild| rebuild.position.0 > 0)).await;
    assert!(status.rebuild.expect("it goes on").position > reached, "it began where it was");
    until(&projector, "taken over", |status| status.rebuild.is_none()).await;
    place.faults.slow.store(0, Ordering::SeqCst);
    assert_eq!(contents(&projector), fresh(&log).await);
}

#[tokio::test(flavor = "multi_thread")]
async fn stopping_in_the_middle_of_a_rebuild_keeps_both() {
    let (log, place) = (Arc::new(MemoryLog::new()), Place::new());
    append(&*log, 700).await;
    let projector = place.start(&log).await;
    projector.reached(head(&*log).await).await.expect("reached");
    place.faults.slow.store(50, Ordering::SeqCst);
    projector.rebuild().await.expect("it runs");
    until(&projector, "begun", |status| status.rebuild.as_ref().is_some_and(|rebuild| rebuild.position.0 > 0)).await;
    projector.stop().await.expect("closed in order");
    let folder = Folder::new(&place.views(), "counting", 2);
    assert!(folder.living().join("seal").exists() && folder.building().join("seal").exists());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rebuild_that_meets_what_it_cannot_take_in_says_so_and_the_living_view_goes_on() {
    let (log, place) = (Arc::new(MemoryLog::new()), Place::new());
    append(&*log, 40).await;
    let projector = place.start(&log).await;
    projector.reached(head(&*log).await).await.expect("reached");
    place.faults.poison.store(20, Ordering::SeqCst);
    projector.rebuild().await.expect("it runs");
    let failed = |status: &app::projector::Status| matches!(status.rebuild.as_ref().map(|r| &r.state), Some(RebuildState::Failed { .. }));
    until(&projector, "failed", failed).await;
    append(&*log, 5).await;
    projector.reached(head(&*log).await).await.expect("the living view goes on");
    assert_eq!(projector.read(|view| view.generation).expect("open"), 0);
    place.faults.poison.store(0, Ordering::SeqCst);
    projector.rebuild().await.expect("it runs");
    until(&projector, "taken over", |status| status.rebuild.is_none()).await;
    assert_eq!(contents(&projector), fresh(&log).await);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_process_that_dies_around_the_swap_leaves_a_view_that_is_whole_or_begins_again() {
    let log = Arc::new(MemoryLog::new());
    append(&*log, 50).await;
    for swapped in [false, true] {
        let place = Place::new();
        let projector = place.start(&log).await;
        projector.reached(head(&*log).await).await.expect("reached");
        projector.stop().await.expect("closed in order");
        let folder = Folder::new(&place.views(), "counting", 2);
        // Another view lies in the other slot, as a rebuild leaves it that was killed: unsealed.
        fs::create_dir_all(folder.building().join("store")).expect("a folder");
        fs::write(folder.building().join("store/db"), b"half").expect("written");
        if swapped {
            folder.swap().expect("swapped");
        }
        let projector = place.start(&log).await;
        projector.reached(head(&*log).await).await.expect("reached");
        assert_eq!(contents(&projector), fresh(&log).await, "swapped: {swapped}");
        projector.rebuild().await.expect("it runs");
        until(&projector, "taken over", |status| status.rebuild.is_none()).await;
        assert_eq!(contents(&projector), fresh(&log).await, "swapped: {swapped}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn folders_of_older_versions_go_once_it_has_caught_up() {
    let (log, place) = (Arc::new(MemoryLog::new()), Place::new());
    append(&*log, 10).await;
    for name in ["counting-1/a", "counting-1/b", "counting-3", "counting-x", "other-1"] {
        fs::create_dir_all(place.views().join(name)).expect("a folder");
    }
    let projector = place.start(&log).await;
    until(&projector, "following", follows).await;
    projector.stop().await.expect("closed in order");
    let mut left: Vec<_> = fs::read_dir(place.views()).expect("views").map(|entry| entry.expect("one").file_name()).collect();
    left.sort();
    assert_eq!(left, ["counting-2", "counting-3", "counting-x", "other-1"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_second_projector_of_the_same_view_is_refused() {
    let (log, place) = (Arc::new(MemoryLog::new()), Place::new());
    let _first = place.start(&log).await;
    assert!(matches!(place.try_start(&log).await, Err(app::AppError::View(views::ViewError::Busy { .. }))));
}
