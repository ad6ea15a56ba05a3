//! The index of event ids, built anew beside a desk that goes on.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant},
};

use app::{AppError, Desk, DeskOptions, Judged, Ledger};
use event_log::{Fault, MemoryLog};
use views::Views;

use crate::{
    desk::{hand_in, many_clients},
    world::{World, contact, intake, now},
};

/// Failures of a log, at most: each one makes the next try wait longer, and all of them together must be over before patience is.
const FAULTS: usize = 16;

async fn desk(world: &World<MemoryLog>, root: &str) -> Desk {
    let views = Views::open_living(&world.beside(root)).expect("views").views;
    let ledger = Ledger::open(Arc::clone(&world.log), Arc::clone(&world.keys), Some(views), now, true).await.expect("a ledger");
    let options = DeskOptions { patience: Duration::from_secs(20), follow: true };
    Desk::open(ledger, Arc::clone(&world.log), options).expect("a desk")
}

async fn renew(world: &World<MemoryLog>, desk: &Desk, root: &str) -> Result<u64, AppError> {
    let (mut told, place) = (0, Views::place(&world.beside(root)));
    let reached = app::renew(&*world.log, &world.keys, desk, place, &mut |events| told += events).await?;
    assert_eq!(told, reached.0, "every event is told as it is read");
    Ok(told)
}

/// The index that the desk leaves behind is what a replay makes of the log, and the next process finds it.
async fn is_whole(world: &World<MemoryLog>, desk: Desk, root: &str) {
    let mut left = desk.close().await.expect("closed").expect("an index");
    // The last events may not have come back from the log when the desk was closed.
    app::catch_up(&*world.log, &mut left, world.keys.digest_key(), &mut |_| {}).await.expect("caught up");
    let mut anew = Views::open(&world.beside(&format!("{root}-anew"))).expect("views").views;
    app::catch_up(&*world.log, &mut anew, world.keys.digest_key(), &mut |_| {}).await.expect("caught up");
    assert!(left.contents().expect("entries") == anew.contents().expect("entries"), "they differ");
    left.close().expect("closed");
    let again = Views::open_living(&world.beside(root)).expect("views");
    assert!(!again.thrown_away);
    assert_eq!(again.views.checkpoint(), anew.checkpoint());
}

/// Builds the indexes of these desks anew, again and again, while many clients hand in each event twice.
async fn beside_many_clients(desks: usize, faults: &'static [Fault]) {
    let world = Arc::new(World::new());
    let roots: Vec<String> = (0..desks).map(|n| format!("views-{n}")).collect();
    let mut all = Vec::new();
    for root in &roots {
        all.push(desk(&world, root).await);
    }
    let ended = Arc::new(AtomicBool::new(false));
    let renewing: Vec<_> = roots
        .iter()
        .zip(&all)
        .map(|(root, desk)| {
            let (world, desk, root, ended) = (Arc::clone(&world), desk.clone(), root.clone(), Arc::clone(&ended));
            tokio::spawn(async move {
                let mut times = 0;
                while !ended.load(Ordering::SeqCst) {
                    renew(&world, &desk, &root).await.expect("built anew");
                    times += 1;
                }
                times
            })
        })
        .collect();
    let failing = tokio::spawn({
        let world = Arc::clone(&world);
        async move {
            for fault in faults.iter().cycle().take(FAULTS) {
                world.log.inject(*fault);
                tokio::time::sleep(Duration::from_millis(30)).await;
            }
        }
    });
    many_clients(Arc::clone(&world), all.clone(), 100).await;
    ended.store(true, Ordering::SeqCst);
    failing.await.expect("no panic");
    for task in renewing {
        assert!(task.await.expect("no panic") >= 2, "the index was exchanged while they were at it");
    }
    for (desk, root) in all.into_iter().zip(&roots) {
        is_whole(&world, desk, root).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_recorded_twice_while_the_index_is_exchanged_under_many_clients() {
    beside_many_clients(1, &[]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_recorded_twice_while_two_desks_over_one_log_exchange_their_indexes() {
    beside_many_clients(2, &[]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_recorded_twice_while_the_index_is_exchanged_over_a_log_that_fails() {
    beside_many_clients(2, &[Fault::Conflict, Fault::UnknownKept, Fault::UnknownLost, Fault::Unavailable { storage_full: false }]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_desk_without_an_index_gets_one_and_knows_what_it_knew() {
    let world = World::new();
    let ledger = Ledger::open(Arc::clone(&world.log), Arc::clone(&world.keys), None, now, true).await.expect("a ledger");
    let options = DeskOptions { patience: Duration::from_secs(20), follow: true };
    let desk = Desk::open(ledger, Arc::clone(&world.log), options).expect("a desk");
    let events = [intake(1, "2025-01-06"), contact(1, 2, "2025-01-07", "x"), contact(1, 3, "2025-01-08", "y")];
    for event in &events {
        assert_eq!(hand_in(&desk, std::slice::from_ref(event)).await.expect("recorded").lines, [Judged::Recorded]);
    }
    assert_eq!(renew(&world, &desk, "views").await.expect("built anew"), 3);
    for event in &events {
        assert_eq!(hand_in(&desk, std::slice::from_ref(event)).await.expect("there").lines, [Judged::AlreadyPresent]);
    }
    is_whole(&world, desk, "views").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_index_that_cannot_be_built_leaves_the_old_one_at_work() {
    let world = World::new();
    let desk = desk(&world, "views").await;
    hand_in(&desk, &[intake(1, "2025-01-06")]).await.expect("recorded");
    let held = Views::open(&Views::place(&world.beside("views")).building()).expect("views");
    renew(&world, &desk, "views").await.expect_err("its folder is held");
    drop(held);
    assert_eq!(hand_in(&desk, &[intake(1, "2025-01-06")]).await.expect("there").lines, [Judged::AlreadyPresent]);
    is_whole(&world, desk, "views").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_command_waits_no_more_than_a_moment_for_the_exchange() {
    let world = Arc::new(World::new());
    let desk = desk(&world, "views").await;
    for n in 1..=300 {
        hand_in(&desk, &[intake(n, "2025-01-06")]).await.expect("recorded");
    }
    let renewing = tokio::spawn({
        let (world, desk) = (Arc::clone(&world), desk.clone());
        async move {
            for _ in 0..5 {
                renew(&world, &desk, "views").await.expect("built anew");
            }
        }
    });
    let (mut longest, mut n) = (Duration::ZERO, 300);
    while !renewing.is_finished() {
        n += 1;
        let began = Instant::now();
        hand_in(&desk, &[intake(n, "2025-01-06")]).await.expect("recorded");
        longest = longest.max(began.elapsed());
    }
    renewing.await.expect("no panic");
    assert!(longest < Duration::from_secs(2), "{longest:?}");
    is_whole(&world, desk, "views").await;
}
