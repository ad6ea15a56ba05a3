//! Views say what a fresh replay of the log says, however they came about; and an import judges the same with or without them.

use app::{AppError, catch_up, rebuild};
use bytes::Bytes;
use event_log::{EventLog, MemoryLog, Position, Record, RecordReader, Until};
use views::Views;

use crate::world::{RANDOM, World, summary};

fn open(world: &World, name: &str) -> Views {
    Views::open(&world.beside(name)).expect("views").views
}

async fn fresh(world: &World, name: &str) -> Vec<(Vec<u8>, Vec<u8>)> {
    let mut views = open(world, name);
    rebuild(&*world.log, &mut views, world.keys.digest_key(), &mut |_| {}).await.expect("built");
    views.contents().expect("contents")
}

/// The accepted lines of the first random log, in pieces that cut no decision.
async fn pieces() -> Vec<String> {
    let world = World::new();
    world.import(RANDOM[0].0).await;
    let mut pieces: Vec<String> = Vec::new();
    let mut last = None;
    for line in world.export().await.lines() {
        let decision = serde_json::from_str::<serde_json::Value>(line).expect("JSON").get("decision").cloned();
        match pieces.last_mut() {
            Some(piece) if decision.is_some() && decision == last => piece.push_str(&format!("{line}\n")),
            _ => pieces.push(format!("{line}\n")),
        }
        last = decision;
    }
    pieces
}

#[tokio::test(flavor = "multi_thread")]
async fn views_that_caught_up_in_pieces_equal_a_rebuild() {
    let world = World::new();
    let key = world.keys.digest_key();
    let mut views = open(&world, "grown");
    for (n, piece) in pieces().await.iter().enumerate() {
        world.import(piece).await;
        match n % 5 {
            // Closed in order, and opened again where they were.
            0 => {
                let before = views.checkpoint();
                views.close().expect("closed");
                let opened = Views::open(&world.beside("grown")).expect("views");
                assert_eq!((opened.thrown_away, opened.views.checkpoint()), (false, before));
                views = opened.views;
            }
            // Interrupted: begun anew.
            1 if n % 3 == 0 => {
                drop(views);
                let opened = Views::open(&world.beside("grown")).expect("views");
                assert_eq!((opened.thrown_away, opened.views.checkpoint()), (true, Position::START));
                views = opened.views;
            }
            // Lagging.
            2 | 3 => continue,
            _ => {}
        }
        let head = world.log.head().await.expect("a head").position;
        assert_eq!(catch_up(&*world.log, &mut views, key, &mut |_| {}).await.expect("caught up"), head);
        assert_eq!(views.checkpoint(), head);
    }
    catch_up(&*world.log, &mut views, key, &mut |_| {}).await.expect("caught up");
    let contents = views.contents().expect("contents");
    assert_eq!(contents, fresh(&world, "fresh").await);
    assert!(contents.len() as u64 > world.head().await);
}

#[tokio::test(flavor = "multi_thread")]
async fn catching_up_twice_changes_nothing_and_tells_how_far_it_is() {
    let world = World::new();
    world.import(RANDOM[0].0).await;
    let mut views = open(&world, "views");
    let mut read = 0;
    catch_up(&*world.log, &mut views, world.keys.digest_key(), &mut |more| read += more).await.expect("caught up");
    assert_eq!(read, world.head().await);
    let before = views.contents().expect("contents");
    catch_up(&*world.log, &mut views, world.keys.digest_key(), &mut |_| panic!("nothing is new")).await.expect("caught up");
    assert_eq!(views.contents().expect("contents"), before);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_log_that_is_shorter_than_its_views_is_a_loss_and_only_a_rebuild_goes_on() {
    let (long, short) = (World::new(), World::new());
    long.import(RANDOM[0].0).await;
    let pieces = pieces().await;
    short.import(&pieces[..20].concat()).await;
    let (head, lost) = (short.head().await, long.head().await);
    let is_told =
        |error: AppError| assert!(matches!(error, AppError::LogIsOlder { views, log } if (views.0, log.0) == (lost, head)), "{error:?}");
    let mut views = open(&long, "views");
    catch_up(&*long.log, &mut views, long.keys.digest_key(), &mut |_| {}).await.expect("caught up");
    is_told(catch_up(&*short.log, &mut views, short.keys.digest_key(), &mut |_| {}).await.expect_err("a loss"));
    views.close().expect("closed");
    let views = open(&long, "views");
    is_told(short.try_import(&pieces.concat(), Some(views)).await.err().expect("a loss"));
    assert_eq!(short.head().await, head, "nothing is recorded over it");
    let mut views = open(&long, "views");
    rebuild(&*short.log, &mut views, short.keys.digest_key(), &mut |_| {}).await.expect("built");
    assert_eq!(views.contents().expect("contents"), fresh(&short, "fresh").await);
}

/// A log that holds the first records of another.
async fn beginning_of(world: &World, records: usize) -> MemoryLog {
    let beginning = MemoryLog::new();
    let mut reader = world.log.read(Position::START, Until::Head).await.expect("a reading");
    let mut left = records;
    while let Some(batch) = reader.next().await.expect("a batch") {
        for record in batch.records.iter().take(left) {
            let last = Position(record.header.first_position.0 - 1);
            let copy = Record { header: record.header, body: Bytes::copy_from_slice(batch.body(record)) };
            beginning.submit(last, vec![copy]).await.expect("taken").await.expect("durable");
            left -= 1;
        }
    }
    beginning
}

#[tokio::test(flavor = "multi_thread")]
async fn an_import_judges_the_same_with_views_present_absent_or_lagging() {
    let pieces = pieces().await;
    for (lines, _) in RANDOM {
        for lag in [0, 1, 60, pieces.len()] {
            let (without, with) = (World::new(), World::new());
            for world in [&without, &with] {
                world.import(&pieces.concat()).await;
            }
            let mut views = open(&with, "views");
            // As many as the views know, from a log of their own that is the beginning of the other.
            let partial = beginning_of(&with, pieces.len() - lag).await;
            catch_up(&partial, &mut views, with.keys.digest_key(), &mut |_| {}).await.expect("caught up");
            if lag == 0 {
                catch_up(&*with.log, &mut views, with.keys.digest_key(), &mut |_| {}).await.expect("caught up");
            }
            let (expected, faults) = without.import(lines).await;
            let (told, faults_told, back) = with.try_import(lines, Some(views)).await.expect("imported");
            assert_eq!((told, faults_told), (expected, faults), "a lag of {lag}");
            let mut back = back.expect("the views come back");
            catch_up(&*with.log, &mut back, with.keys.digest_key(), &mut |_| {}).await.expect("caught up");
            assert_eq!(with.export().await, without.export().await);
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_recorded_is_all_there_by_the_views() {
    let world = World::new();
    world.import(RANDOM[1].0).await;
    let exported = world.export().await;
    let mut views = open(&world, "views");
    catch_up(&*world.log, &mut views, world.keys.digest_key(), &mut |_| {}).await.expect("caught up");
    let (told, faults, back) = world.try_import(&exported, Some(views)).await.expect("imported");
    assert_eq!((told, faults), (summary(0, exported.lines().count() as u64, 0), Vec::new()));
    assert!(back.is_some());
}
