//! The desk: many hand in at once, some of it twice, to one desk or to two over one log, and the log fails now and then.

use std::{collections::HashSet, sync::Arc, time::Duration};

use app::{Command, Desk, DeskError, DeskOptions, Judged, Ledger, Reach, RecordedMode};
use domain::Code;
use event_log::{EventLog, Fault, MemoryLog, Position};
use proto_events::{json::parse_line, upcast::Upcasters};
use serde_json::Value;
use views::Views;

use crate::world::{World, contact, id, intake, job, now, trajectory};

const PATIENCE: Duration = Duration::from_secs(20);

async fn desk<L: EventLog>(world: &World<L>, views: &str, patience: Duration) -> Desk {
    let views = Views::open(&world.beside(views)).expect("views").views;
    let ledger = Ledger::open(Arc::clone(&world.log), Arc::clone(&world.keys), Some(views), now, true).await.expect("a ledger");
    Desk::open(ledger, Arc::clone(&world.log), DeskOptions { patience, follow: true }).expect("a desk")
}

fn command(lines: &[Value]) -> Command {
    let lines = lines.iter().map(|line| parse_line(line.to_string().as_bytes(), &Upcasters::of_today()).expect("well-formed"));
    Command { lines: lines.collect(), mode: RecordedMode::Keep, expected_revision: None, reach: Reach::All }
}

pub async fn hand_in(desk: &Desk, lines: &[Value]) -> Result<app::Judgement, DeskError> {
    desk.record(vec![command(lines)]).await.map(|mut judgements| judgements.remove(0))
}

/// Every event once, gap-free, in positions that were told.
async fn ids_of<L: EventLog>(world: &World<L>) -> Vec<String> {
    let lines = world.export().await;
    let events: Vec<Value> = lines.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    for (n, event) in (1..).zip(&events) {
        assert_eq!(event["position"], n);
    }
    events.iter().map(|event| event["event_id"].as_str().expect("an id").to_owned()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_answered_is_in_the_log_at_the_place_that_was_told() {
    let world = World::new();
    let desk = desk(&world, "views", PATIENCE).await;
    let first = hand_in(&desk, &[intake(1, "2025-01-06")]).await.expect("recorded");
    assert_eq!((first.lines, first.positions[0].map(|p| p.0), first.revision), (vec![Judged::Recorded], Some(1), 1));
    let both = hand_in(&desk, &[contact(1, 2, "2025-01-07", "x"), contact(1, 3, "2025-01-08", "y")]).await.expect("recorded");
    assert_eq!((both.positions[1].map(|p| p.0), both.revision), (Some(3), 3));
    let again = hand_in(&desk, &[contact(1, 3, "2025-01-08", "y")]).await.expect("there");
    assert_eq!((again.lines, again.positions[0].map(|p| p.0)), (vec![Judged::AlreadyPresent], Some(3)));
    let other = hand_in(&desk, &[contact(1, 3, "2025-01-08", "z")]).await.expect("judged");
    assert_eq!(other.refusal.expect("refused").refusal.code, Code::EventIdReused);
    assert_eq!(desk.locate(trajectory(1).parse().expect("an id"), Position::START).await.expect("found").len(), 2);
    assert!(desk.locate(trajectory(2).parse().expect("an id"), Position::START).await.expect("found").is_empty());
    let views = desk.close().await.expect("closed").expect("views");
    assert_eq!(views.checkpoint().0, 3);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_expected_revision_that_is_not_there_is_refused_with_the_current_one() {
    let world = World::new();
    let desk = desk(&world, "views", PATIENCE).await;
    hand_in(&desk, &[intake(1, "2025-01-06")]).await.expect("recorded");
    let expecting = Command { expected_revision: Some(0), ..command(&[contact(1, 2, "2025-01-07", "x")]) };
    let judged = desk.record(vec![expecting]).await.expect("judged").remove(0);
    assert_eq!((judged.refusal.expect("refused").refusal.code, judged.revision), (Code::WrongExpectedRevision, 1));
    let expecting = Command { expected_revision: Some(1), ..command(&[contact(1, 2, "2025-01-07", "x")]) };
    assert_eq!(desk.record(vec![expecting]).await.expect("judged").remove(0).lines, [Judged::Recorded]);
}

/// Several clients hand in contacts on shared trajectories and trajectories of their own, each event twice, and every answer is
/// held against the log.
pub async fn many_clients(world: Arc<World<MemoryLog>>, desks: Vec<Desk>, events: u32) {
    for n in 1..=4 {
        hand_in(&desks[0], &[intake(n, "2025-01-06")]).await.expect("recorded");
    }
    let clients = (0..8_u32).map(|client| {
        let desks = desks.clone();
        tokio::spawn(async move {
            let mut told = Vec::new();
            for n in 0..events {
                let event = contact(1 + (client + n) % 4, 100 + client * 1_000 + n, "2025-02-03", "x");
                for attempt in 0..2 {
                    // Now to one desk, now to another.
                    let desk = &desks[(client + n + attempt) as usize % desks.len()];
                    let judged = hand_in(desk, std::slice::from_ref(&event)).await.expect("the log is there again in time");
                    assert_eq!(judged.refusal, None);
                    told.push((event["event_id"].as_str().expect("an id").to_owned(), judged.positions[0].expect("a place").0));
                }
            }
            told
        })
    });
    let mut told = Vec::new();
    for client in clients.collect::<Vec<_>>() {
        told.extend(client.await.expect("no panic"));
    }
    let ids = ids_of(&world).await;
    assert_eq!(ids.len(), ids.iter().collect::<HashSet<_>>().len(), "every event once");
    assert_eq!(ids.len() as u32, 4 + 8 * events);
    for (id, position) in told {
        assert_eq!(ids[position as usize - 1], id, "an answer tells the place that the event has");
    }
}

#[tokio::test(flavor = "multi_thread")]
pub async fn many_clients_of_one_desk_make_one_serial_history() {
    let world = Arc::new(World::new());
    let desks = vec![desk(&world, "views", PATIENCE).await];
    many_clients(world, desks, 40).await;
}

#[tokio::test(flavor = "multi_thread")]
pub async fn many_clients_of_two_desks_over_one_log_make_one_serial_history() {
    let world = Arc::new(World::new());
    let desks = vec![desk(&world, "views-1", PATIENCE).await, desk(&world, "views-2", PATIENCE).await];
    many_clients(world, desks, 40).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_log_that_fails_in_every_way_again_and_again_loses_and_doubles_nothing() {
    let world = Arc::new(World::new());
    let desks = vec![desk(&world, "views-1", PATIENCE).await, desk(&world, "views-2", PATIENCE).await];
    let faulty = Arc::clone(&world);
    let faults = tokio::spawn(async move {
        let kinds = [Fault::Conflict, Fault::UnknownKept, Fault::UnknownLost, Fault::Unavailable { storage_full: false }];
        for kind in kinds.iter().cycle().take(60) {
            faulty.log.inject(*kind);
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    });
    many_clients(world, desks, 40).await;
    faults.await.expect("no panic");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_full_log_is_told_at_once_and_the_desk_heals_by_itself() {
    let world = World::new();
    let desk = desk(&world, "views", PATIENCE).await;
    hand_in(&desk, &[intake(1, "2025-01-06")]).await.expect("recorded");
    world.log.inject(Fault::Unavailable { storage_full: true });
    let told = hand_in(&desk, &[contact(1, 2, "2025-01-07", "x")]).await.expect_err("told");
    assert!(matches!(told, DeskError::Full { .. }), "{told:?}");
    assert_eq!(hand_in(&desk, &[contact(1, 2, "2025-01-07", "x")]).await.expect("recorded").lines, [Judged::Recorded]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_log_that_takes_nothing_is_told_when_patience_is_at_its_end_and_the_desk_heals_by_itself() {
    let world = World::new();
    let desk = desk(&world, "views", Duration::from_millis(100)).await;
    hand_in(&desk, &[intake(1, "2025-01-06")]).await.expect("recorded");
    for _ in 0..12 {
        world.log.inject(Fault::Unavailable { storage_full: false });
    }
    let event = contact(1, 2, "2025-01-07", "x");
    let told = hand_in(&desk, std::slice::from_ref(&event)).await.expect_err("told");
    assert!(matches!(told, DeskError::Unavailable { .. }), "{told:?}");
    let mut tries = 0;
    while hand_in(&desk, std::slice::from_ref(&event)).await.is_err() {
        tries += 1;
        assert!(tries < 200, "it heals");
    }
    assert_eq!(ids_of(&world).await.len(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_alone_at_the_desk_records_by_what_was_judged_and_the_others_come_after() {
    let world = World::new();
    let desk = desk(&world, "views", PATIENCE).await;
    hand_in(&desk, &[intake(1, "2025-01-06")]).await.expect("recorded");
    let alone = desk.alone().await.expect("alone");
    let other = tokio::spawn({
        let desk = desk.clone();
        async move { hand_in(&desk, &[contact(1, 3, "2025-01-08", "y")]).await }
    });
    let third = tokio::spawn({
        let desk = desk.clone();
        async move { desk.alone().await.map(drop) }
    });
    for n in 10..30 {
        let judged = hand_in(&alone, &[contact(1, n, "2025-01-07", "x")]).await.expect("recorded");
        assert_eq!(judged.revision, n - 8, "nobody came between");
    }
    assert!(!other.is_finished());
    drop(alone);
    let other = other.await.expect("a task").expect("recorded");
    assert_eq!(other.revision, 22);
    third.await.expect("a task").expect("had its turn");
    assert_eq!(hand_in(&desk, &[contact(1, 4, "2025-01-09", "z")]).await.expect("recorded").revision, 23);
    desk.close().await.expect("closed");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_text_of_an_erased_client_fails_alone() {
    let world = World::new();
    let desk = desk(&world, "views", PATIENCE).await;
    for n in 1..=2 {
        hand_in(&desk, &[intake(n, "2025-01-06")]).await.expect("recorded");
    }
    world.keys.destroy(id(0xc000_0000, 1).parse().expect("an id")).expect("destroyed");
    let (of_erased, of_other) = ([contact(1, 2, "2025-01-07", "x")], [job(2, 2, "2025-01-07")]);
    let (erased, other) = tokio::join!(hand_in(&desk, &of_erased), hand_in(&desk, &of_other));
    assert!(matches!(erased, Err(DeskError::Erased { .. })), "{erased:?}");
    assert_eq!(other.expect("recorded").lines, [Judged::Recorded]);
}

/// Seen as a desk that never answered again: the good one was judged again and again beside the bad one.
#[tokio::test(flavor = "multi_thread")]
async fn a_decision_that_is_too_large_fails_alone_whatever_stands_beside_it() {
    let world = World::new();
    let desk = desk(&world, "views", PATIENCE).await;
    for n in 1..=3 {
        hand_in(&desk, &[intake(n, "2025-01-06")]).await.expect("recorded");
    }
    let much = "x".repeat(3_900);
    let too_large: Vec<Value> = (0..4_500).map(|n| contact(2, 1_000 + n, "2025-01-07", &much)).collect();
    let (good, large, other) = ([contact(1, 2, "2025-01-07", "x")], too_large, [contact(3, 2, "2025-01-07", "y")]);
    let (first, refused, last) = tokio::join!(hand_in(&desk, &good), hand_in(&desk, &large), hand_in(&desk, &other));
    assert!(matches!(refused, Err(DeskError::TooLarge { .. })), "{:?}", refused.map(|judgement| judgement.revision));
    let recorded = vec![Judged::Recorded];
    assert_eq!((first.expect("answered").lines, last.expect("answered").lines), (recorded.clone(), recorded));
    desk.close().await.expect("closed");
}

#[tokio::test(flavor = "multi_thread")]
async fn views_that_the_desk_kept_equal_views_that_were_built_anew() {
    let world = Arc::new(World::new());
    let first = desk(&world, "views", PATIENCE).await;
    many_clients(Arc::clone(&world), vec![first.clone()], 20).await;
    let kept = first.close().await.expect("closed").expect("views");
    let mut anew = Views::open(&world.beside("anew")).expect("views").views;
    app::catch_up(&*world.log, &mut anew, world.keys.digest_key(), &mut |_| {}).await.expect("caught up");
    assert_eq!(kept.contents().expect("contents"), anew.contents().expect("contents"));
}
