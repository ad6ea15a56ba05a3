//! Stored events that this version does not understand: nothing is counted over them, and they are named.

use app::{AppError, AsOf, catch_up, history, timeline_of};
use event_log::{EventLog, Position, Record, Until};
use views::Views;

use crate::world::{World, contact, intake, job, moment, text, trajectory};

/// Appends the stored form of one more event of trajectory 1, its bytes changed.
async fn append(world: &World, line: serde_json::Value, change: impl FnOnce(Vec<u8>) -> Vec<u8>) {
    let other = World::new().with(&text(&[intake(1, "2025-01-06"), line])).await;
    let body = change(other.bodies().await.pop().expect("two"));
    let header = event_log::RecordHeader {
        first_position: Position(2),
        events: 1,
        recorded_at: moment("2026-07-01T00:00:00Z"),
        trajectory_id: trajectory(1).parse().expect("an id"),
    };
    let pending = world.log.submit(Position(1), vec![Record { header, body: body.into() }]).await.expect("submitted");
    pending.await.expect("appended");
}

/// The same bytes with one part in the place of another of the same length.
fn replaced(body: &[u8], part: &[u8], with: &[u8]) -> Vec<u8> {
    assert_eq!(part.len(), with.len());
    let at = body.windows(part.len()).position(|window| window == part).expect("it is there");
    [&body[..at], with, &body[at + part.len()..]].concat()
}

async fn begun() -> World {
    World::new().with(&text(&[intake(1, "2025-01-06")])).await
}

#[track_caller]
fn names_the_event(error: &AppError) {
    let AppError::History { position, trajectory: of, .. } = error.root() else { panic!("{error:?}") };
    assert_eq!((position.0, of.to_string()), (2, trajectory(1)));
    let sentence = error.to_string();
    assert!(sentence.contains("position 2") && sentence.contains(&trajectory(1)), "{sentence}");
}

async fn every_reading_stops(world: &World) {
    names_the_event(&world.figures("2025Q1", AsOf::Now).await.expect_err("figures"));
    names_the_event(&world.try_export(Until::Head).await.expect_err("an export"));
    let stream = trajectory(1).parse().expect("an id");
    names_the_event(&timeline_of(&*world.log, stream, Until::Head).await.expect_err("a timeline"));
    let selection = history::Selection { from: Position::START, until: Until::Head, trajectory: None };
    names_the_event(&history::tell(&*world.log, selection, &mut |_| Ok(()), &mut |_| {}).await.expect_err("a history"));
    let mut views = Views::open(&world.beside("views")).expect("views").views;
    names_the_event(&catch_up(&*world.log, &mut views, world.keys.digest_key(), &mut |_| {}).await.expect_err("views"));
    assert!(views.checkpoint() < Position(2), "what was not understood is not taken in");
    names_the_event(&world.try_import(&text(&[job(1, 9, "2025-01-09")]), None).await.err().expect("an import"));
    // As of before it, all is well.
    world.figures("2025Q1", AsOf::Position(Position(1))).await.expect("figures");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_unknown_schema_stops_every_reading_and_is_named() {
    let world = begun().await;
    append(&world, job(1, 2, "2025-01-07"), |body| replaced(&body, b"\xa1v\x01", b"\xa1v\x07")).await;
    every_reading_stops(&world).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_unknown_type_stops_every_reading_and_is_named() {
    let world = begun().await;
    append(&world, job(1, 2, "2025-01-07"), |body| replaced(&body, b"paid_work_started", b"paid_work_stortad")).await;
    every_reading_stops(&world).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_unknown_field_stops_every_reading_and_is_named() {
    let world = begun().await;
    append(&world, job(1, 2, "2025-01-07"), |body| replaced(&body, b"job_id", b"jab_id")).await;
    every_reading_stops(&world).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn bytes_that_are_no_decision_stop_every_reading() {
    let world = begun().await;
    append(&world, job(1, 2, "2025-01-07"), |body| body[..body.len() / 2].to_vec()).await;
    every_reading_stops(&world).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_record_in_another_streams_frame_is_found() {
    let world = begun().await;
    let stream = uuid::Uuid::parse_str(&trajectory(1)).expect("an id");
    append(&world, job(1, 2, "2025-01-07"), |body| replaced(&body, stream.as_bytes(), uuid::Uuid::nil().as_bytes())).await;
    let error = world.figures("2025Q1", AsOf::Now).await.expect_err("figures");
    names_the_event(&error);
    assert!(error.to_string().contains("do not belong together"), "{error}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stream_with_a_gap_in_its_revisions_is_found() {
    let world = begun().await;
    append(&world, contact(1, 2, "2025-01-07", "x"), |body| replaced(&body, b"\xa3rev\x02", b"\xa3rev\x03")).await;
    let error = world.figures("2025Q1", AsOf::Now).await.expect_err("figures");
    names_the_event(&error);
    assert!(error.to_string().contains("revision"), "{error}");
}
