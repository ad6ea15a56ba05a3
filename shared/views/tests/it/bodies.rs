//! Bodies come out as they were taken in, by trajectory and in order; what is to be published stays until it was.

use event_log::{Position, RecordHeader};
use proptest::prelude::*;
use tempfile::TempDir;
use uuid::Uuid;
use views::{Bodies, StoredBody, Taken, ViewError};

fn open(folder: &TempDir) -> Bodies {
    Bodies::open(folder.path(), "a form").expect("opened").bodies
}

/// Trajectories whose ids begin with every kind of byte.
fn trajectory(n: u8) -> Uuid {
    Uuid::from_bytes([n.wrapping_mul(51); 16])
}

/// The record at this place: every third holds two events.
fn records(of: &[u8]) -> Vec<StoredBody> {
    let mut position = 1;
    let record = |(n, of): (usize, &u8)| {
        let events = if n % 3 == 2 { 2 } else { 1 };
        let first_position = Position(position);
        position += u64::from(events);
        let recorded_at = format!("2025-01-01T00:00:{:02}Z", n % 60).parse().expect("a moment");
        let header = RecordHeader { first_position, events, recorded_at, trajectory_id: trajectory(*of) };
        StoredBody { header, body: vec![*of; n * 7] }
    };
    of.iter().enumerate().map(record).collect()
}

fn take_in(bodies: &mut Bodies, records: &[StoredBody]) {
    let until = records.last().map(|record| record.header.last_position());
    let taken = records.iter().map(|record| (record.header, &record.body[..])).collect();
    bodies.apply(Taken { bodies: taken, until, ..Taken::default() }).expect("taken in");
}

fn all_parts(bodies: &Bodies, parts: u8) -> Vec<StoredBody> {
    let mut found = Vec::new();
    for part in 0..parts {
        bodies
            .visit_part(part, parts, |header, body| {
                found.push(StoredBody { header: *header, body: body.to_vec() });
                Ok::<_, ViewError>(())
            })
            .expect("read");
    }
    found
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(20))]

    #[test]
    fn bodies_come_out_as_they_went_in_whatever_the_batches_and_parts(of in proptest::collection::vec(0..7_u8, 0..60), size in 1..20_usize) {
        let folder = TempDir::new().expect("a folder");
        let mut bodies = open(&folder);
        let records = records(&of);
        for part in records.chunks(size) {
            take_in(&mut bodies, part);
        }
        bodies.close().expect("closed");
        let bodies = open(&folder);
        prop_assert_eq!(bodies.checkpoint(), records.last().map_or(Position::START, |record| record.header.last_position()));
        for n in 0..8 {
            let expected: Vec<_> = records.iter().filter(|record| record.header.trajectory_id == trajectory(n)).cloned().collect();
            prop_assert_eq!(bodies.of(trajectory(n)).expect("read"), expected);
        }
        let mut sorted = records.clone();
        sorted.sort_by_key(|record| (record.header.trajectory_id, record.header.first_position));
        for parts in [1, 2, 3, 8, 255] {
            prop_assert_eq!(&all_parts(&bodies, parts), &sorted, "{} parts", parts);
        }
    }
}

#[test]
fn what_is_published_is_crossed_off_unless_it_has_changed_since() {
    let folder = TempDir::new().expect("a folder");
    let mut bodies = open(&folder);
    let put = |bodies: &mut Bodies, n: u8, mark: &[u8]| {
        let outbox = vec![(trajectory(n), mark.to_vec())];
        bodies.apply(Taken { outbox, ..Taken::default() }).expect("taken in");
    };
    (1..=3).for_each(|n| put(&mut bodies, n, b"first"));
    let seen = bodies.outbox(10).expect("read");
    assert_eq!(seen.len(), 3);
    assert_eq!((bodies.outbox(2).expect("read").len(), bodies.outbox(0).expect("read").len()), (2, 0));
    put(&mut bodies, 2, b"second");
    bodies.published(&seen).expect("crossed off");
    assert_eq!(bodies.outbox(10).expect("read"), [(trajectory(2), b"second".to_vec())]);
    bodies.close().expect("closed");
    assert_eq!(open(&folder).outbox(10).expect("read").len(), 1, "also after closing");
}

#[test]
fn derived_values_and_notes_are_replaced_removed_and_found() {
    let folder = TempDir::new().expect("a folder");
    let mut bodies = open(&folder);
    let derive = |n: u8, value: Option<&[u8]>| vec![(trajectory(n), value.map(<[u8]>::to_vec))];
    for (n, value) in [(1, Some(&b"a"[..])), (2, Some(b"b")), (1, Some(b"c")), (2, None)] {
        let notes = vec![("day", vec![n])];
        bodies.apply(Taken { derived: derive(n, value), notes, ..Taken::default() }).expect("taken in");
    }
    let derived = |n| bodies.derived(trajectory(n)).expect("read");
    assert_eq!((derived(1), derived(2)), (Some(b"c".to_vec()), None));
    assert_eq!(bodies.note("day").expect("read"), Some(vec![2]));
    assert_eq!(bodies.note("night").expect("read"), None);
    let mut found = Vec::new();
    bodies
        .visit_derived(Uuid::nil(), |trajectory, value| {
            found.push((trajectory, value.to_vec()));
            Ok::<_, ViewError>(true)
        })
        .expect("read");
    assert_eq!(found, [(trajectory(1), b"c".to_vec())]);
}

#[test]
fn another_form_or_one_that_was_not_closed_begins_again() {
    let folder = TempDir::new().expect("a folder");
    let mut bodies = open(&folder);
    bodies.apply(Taken { first_event: Some(trajectory(5)), ..Taken::default() }).expect("taken in");
    take_in(&mut bodies, &records(&[1, 2, 3]));
    assert_eq!(bodies.first_event().expect("read"), Some(trajectory(5)));
    bodies.close().expect("closed");
    let opened = Bodies::open(folder.path(), "another form").expect("opened");
    assert!(opened.thrown_away && opened.bodies.contents().expect("contents").is_empty());
    drop(opened);
    let opened = Bodies::open(folder.path(), "another form").expect("opened");
    assert!(opened.thrown_away, "dropped");
    assert_eq!((opened.bodies.checkpoint(), opened.bodies.first_event().expect("read")), (Position::START, None));
}
