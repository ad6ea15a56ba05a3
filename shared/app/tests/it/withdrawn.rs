//! A log that had shown what never became durable: what was read of it is forgotten, and nothing that follows from it is recorded or shown.

use std::{
    sync::{Arc, atomic::Ordering},
    time::Duration,
};

use app::{
    AppError, Desk, DeskError, DeskHealth, DeskOptions, Judged, Ledger,
    projector::{Projection, ProjectorState, Status},
};
use event_log::{EventLog, Fault, MemoryLog, Position};
use serde_json::{Value, json};
use views::Views;

use crate::{
    desk::hand_in,
    projector_world::{self, Place, append, append_as, contents, fresh, until},
    world::{World, contact, intake, line, now, trajectory},
};

async fn desk(world: &World, views: &str) -> Desk {
    let views = Views::open(&world.beside(views)).expect("views").views;
    let ledger = Ledger::open(Arc::clone(&world.log), Arc::clone(&world.keys), Some(views), now, true).await.expect("a ledger");
    Desk::open(ledger, Arc::clone(&world.log), DeskOptions { patience: Duration::from_secs(20), follow: true }).expect("a desk")
}

fn outflow(of: u32, n: u32, on: &str) -> Value {
    line(of, n, "outflow", on, json!({}))
}

/// Waits until the desk knows what others have written.
async fn knows(desk: &Desk, world: &World) {
    let head = world.log.head().await.expect("a head").position;
    desk.locate(trajectory(1).parse().expect("an id"), head).await.expect("located");
}

/// What others write beside the desks.
async fn written_by_another(world: &World, event: &Value) {
    let (summary, faults) = world.import(&format!("{event}\n")).await;
    assert_eq!((summary.imported, faults.len()), (1, 0));
}

async fn exported(world: &World) -> Vec<(String, u64)> {
    let of = |line: &str| {
        let event: Value = serde_json::from_str(line).expect("JSON");
        (event["type"].as_str().expect("a type").to_owned(), event["revision"].as_u64().expect("a revision"))
    };
    world.export().await.lines().map(of).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_desk_forgets_what_was_withdrawn_and_judges_by_what_the_log_holds() {
    let world = World::new().recorded_now();
    let desk = desk(&world, "views").await;
    hand_in(&desk, &[intake(1, "2025-01-06")]).await.expect("recorded");
    // Another's outflow is shown, taken in, and then was never there.
    let lost = outflow(1, 2, "2025-02-01");
    written_by_another(&world, &lost).await;
    knows(&desk, &world).await;
    world.log.withdraw(1);
    let judged = hand_in(&desk, &[contact(1, 3, "2025-03-01", "x")]).await.expect("judged");
    assert_eq!((judged.lines, judged.positions), (vec![Judged::Recorded], vec![Some(Position(2))]));
    assert_eq!(hand_in(&desk, &[contact(1, 4, "2025-03-01", "y")]).await.expect("recorded").revision, 3);
    // The event that was lost is none that is known.
    let again = hand_in(&desk, std::slice::from_ref(&lost)).await.expect("judged");
    assert!(again.refusal.is_some_and(|refused| refused.refusal.code == domain::Code::AfterOutflow), "judged anew, by what came instead");
    let there = [("intake".to_owned(), 1), ("contact".to_owned(), 2), ("contact".to_owned(), 3)];
    assert_eq!(exported(&world).await, there);
    assert_eq!(*desk.health().borrow(), DeskHealth::Open);
}

#[tokio::test(flavor = "multi_thread")]
async fn it_does_so_too_when_other_records_have_those_places() {
    let world = World::new().recorded_now();
    let desk = desk(&world, "views").await;
    hand_in(&desk, &[intake(1, "2025-01-06")]).await.expect("recorded");
    written_by_another(&world, &outflow(1, 2, "2025-02-01")).await;
    knows(&desk, &world).await;
    world.log.withdraw(1);
    written_by_another(&world, &contact(1, 5, "2025-02-01", "z")).await;
    let judged = hand_in(&desk, &[contact(1, 3, "2025-03-01", "x")]).await.expect("judged");
    assert_eq!((judged.refusal, judged.positions, judged.revision), (None, vec![Some(Position(3))], 3));
    let there = [("intake".to_owned(), 1), ("contact".to_owned(), 2), ("contact".to_owned(), 3)];
    assert_eq!(exported(&world).await, there);
    let indexed = *desk.indexed().borrow();
    assert!(!indexed, "the index on disk knows what is gone");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_log_only_shows_is_not_answered_as_recorded() {
    let world = World::new().recorded_now();
    let desk = desk(&world, "views").await;
    hand_in(&desk, &[intake(1, "2025-01-06")]).await.expect("recorded");
    // It cannot be kept, is shown all the same, and then is gone.
    world.log.inject(Fault::UnknownKept);
    for _ in 0..1_000 {
        world.log.inject(Fault::Unsettled);
    }
    let (asked, first) = (desk.clone(), contact(1, 2, "2025-02-01", "x"));
    let answer = tokio::spawn(async move { hand_in(&asked, &[first]).await });
    while world.head().await < 2 {
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    tokio::time::sleep(Duration::from_millis(20)).await;
    assert!(!answer.is_finished(), "whether it is kept is not known");
    world.log.withdraw(1);
    world.log.heal();
    written_by_another(&world, &contact(1, 3, "2025-02-01", "z")).await;
    let judged = answer.await.expect("no panic").expect("recorded");
    assert_eq!((judged.lines, judged.positions), (vec![Judged::Recorded], vec![Some(Position(3))]));
    let there = [("intake".to_owned(), 1), ("contact".to_owned(), 2), ("contact".to_owned(), 3)];
    assert_eq!(exported(&world).await, there);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_log_that_has_lost_what_was_acknowledged_is_not_written_to_until_it_is_there_again() {
    let world = World::new().recorded_now();
    let desk = desk(&world, "views").await;
    hand_in(&desk, &[intake(1, "2025-01-06")]).await.expect("recorded");
    hand_in(&desk, &[contact(1, 2, "2025-02-01", "x")]).await.expect("recorded");
    world.log.withdraw(1);
    let told = hand_in(&desk, &[contact(1, 3, "2025-03-01", "y")]).await.expect_err("told");
    let is_lost = |error: &DeskError| matches!(error, DeskError::Broken(cause) if matches!(**cause, AppError::AcknowledgedLost { position: Position(2) }));
    assert!(is_lost(&told), "{told:?}");
    assert!(matches!(&*desk.health().borrow(), DeskHealth::Broken { cause } if cause.contains("acknowledged")));
    assert_eq!(world.head().await, 1, "nothing is recorded over a loss");
    // It ends all the same, and what it knew stays as evidence.
    let views = tokio::time::timeout(Duration::from_secs(10), desk.close()).await.expect("it ends").expect("closed").expect("evidence");
    views.close().expect("sealed");
    let views = Views::open(&world.beside("views")).expect("views");
    if views.views.checkpoint() > Position(1) {
        let opened = Ledger::open(Arc::clone(&world.log), Arc::clone(&world.keys), Some(views.views), now, true).await;
        assert!(matches!(opened.map(drop), Err(AppError::LogIsOlder { .. })));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_loss_is_noticed_by_a_desk_that_has_recorded_nothing_itself() {
    let world = World::new().recorded_now();
    let first = desk(&world, "views").await;
    hand_in(&first, &[intake(1, "2025-01-06")]).await.expect("recorded");
    hand_in(&first, &[contact(1, 2, "2025-02-01", "x")]).await.expect("recorded");
    knows(&first, &world).await;
    first.close().await.expect("closed").expect("views").close().expect("sealed");
    let second = desk(&world, "views").await;
    world.log.withdraw(1);
    let told = hand_in(&second, &[contact(1, 3, "2025-03-01", "y")]).await.expect_err("told");
    assert!(
        matches!(&told, DeskError::Broken(cause) if matches!(**cause, AppError::AcknowledgedLost { position: Position(2) })),
        "{told:?}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn views_that_know_what_the_log_does_not_hold_are_not_sealed() {
    for withdrawn in [0, 1] {
        let world = World::new().recorded_now();
        let desk = desk(&world, "views").await;
        hand_in(&desk, &[intake(1, "2025-01-06")]).await.expect("recorded");
        written_by_another(&world, &contact(1, 2, "2025-02-01", "x")).await;
        knows(&desk, &world).await;
        world.log.withdraw(withdrawn);
        assert_eq!(desk.close().await.expect("closed").is_some(), withdrawn == 0);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn views_that_were_sealed_are_evidence_of_what_the_log_has_lost() {
    let world = World::new().recorded_now();
    let desk = desk(&world, "views").await;
    hand_in(&desk, &[intake(1, "2025-01-06")]).await.expect("recorded");
    hand_in(&desk, &[contact(1, 2, "2025-02-01", "x")]).await.expect("recorded");
    knows(&desk, &world).await;
    desk.close().await.expect("closed").expect("views").close().expect("sealed");
    // An older copy that has grown as far as the newer one was.
    world.log.withdraw(1);
    written_by_another(&world, &contact(1, 3, "2025-02-01", "y")).await;
    let views = Views::open(&world.beside("views")).expect("views");
    assert!(!views.thrown_away);
    let opened = Ledger::open(Arc::clone(&world.log), Arc::clone(&world.keys), Some(views.views), now, true).await;
    assert!(matches!(opened.map(drop), Err(AppError::LogIsOlder { views: Position(2), log: Position(2) })));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_projector_begins_again_and_shows_nothing_until_it_is_as_far_as_before() {
    for others in [0, 1, 30] {
        let (log, place) = (Arc::new(MemoryLog::new()), Place::new());
        append(&*log, 40).await;
        let projector = place.start(&log).await;
        until(&projector, "following", projector_world::follows).await;
        log.withdraw(3);
        for _ in 0..others {
            append_as(&*log, 9).await;
        }
        let same = async {
            loop {
                let head = log.head().await.expect("a head").position;
                match projector.read(|view| (view.sum(), view.contents().expect("contents"))) {
                    Ok((sum, _)) if sum != head.0 => assert!(sum >= head.0.min(30), "readers are led back to {sum}"),
                    Ok((_, found)) if found == fresh(&log).await => break,
                    Ok(_) | Err(_) => {}
                }
                tokio::time::sleep(Duration::from_millis(1)).await;
            }
        };
        tokio::time::timeout(Duration::from_secs(30), same).await.expect("as a fresh replay");
        until(&projector, "following", projector_world::follows).await;
        append(&*log, 5).await;
        projector.reached(log.head().await.expect("a head").position).await.expect("reached");
        assert_eq!(contents(&projector), fresh(&log).await);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_withdrawn_while_a_projector_begins_again_is_forgotten_too() {
    let (log, place) = (Arc::new(MemoryLog::new()), Place::new());
    append(&*log, 400).await;
    let projector = place.start(&log).await;
    until(&projector, "following", projector_world::follows).await;
    place.faults.slow.store(40, Ordering::SeqCst);
    log.withdraw(10);
    append_as(&*log, 9).await;
    while projector.read(|_| ()).is_ok() {
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    tokio::time::sleep(Duration::from_millis(100)).await;
    log.withdraw(370);
    append_as(&*log, 8).await;
    place.faults.slow.store(0, Ordering::SeqCst);
    let head = log.head().await.expect("a head").position;
    let there = |status: &Status| projector_world::follows(status) && status.head == head;
    until(&projector, "following what is there now", there).await;
    assert_eq!(contents(&projector), fresh(&log).await);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rebuild_that_ends_while_a_view_begins_again_takes_its_place() {
    for pause in [0, 30, 60, 120] {
        let (log, place) = (Arc::new(MemoryLog::new()), Place::new());
        append(&*log, 300).await;
        let projector = place.start(&log).await;
        until(&projector, "following", projector_world::follows).await;
        place.faults.slow.store(20, Ordering::SeqCst);
        projector.rebuild().await.expect("it runs");
        tokio::time::sleep(Duration::from_millis(pause)).await;
        log.withdraw(5);
        append_as(&*log, 9).await;
        place.faults.slow.store(1, Ordering::SeqCst);
        let head = log.head().await.expect("a head").position;
        let done = |status: &Status| status.rebuild.is_none() && projector_world::follows(status) && status.head == head;
        until(&projector, "rebuilt and following", done).await;
        assert_eq!(contents(&projector), fresh(&log).await);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_projector_that_was_closed_in_order_is_evidence_of_what_the_log_has_lost() {
    let (log, place) = (Arc::new(MemoryLog::new()), Place::new());
    append(&*log, 20).await;
    let projector = place.start(&log).await;
    until(&projector, "following", projector_world::follows).await;
    projector.stop().await.expect("closed in order");
    log.withdraw(1);
    for _ in 0..5 {
        append_as(&*log, 9).await;
    }
    let again = place.start(&log).await;
    let status = until(&again, "stopped", |status| matches!(status.state, ProjectorState::Stopped { .. })).await;
    let ProjectorState::Stopped { poison } = status.state else { panic!("it has stopped") };
    assert!(poison.cause.contains("older copy"), "{}", poison.cause);
}
