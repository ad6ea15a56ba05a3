//! States come out as they were taken in, whatever the portions; marks are kept beside them, and are no part of the contents.

use event_log::{Position, Tail};
use proptest::prelude::*;
use tempfile::TempDir;
use uuid::Uuid;
use views::{States, Taken, ViewError};

fn open(folder: &TempDir) -> States {
    States::open(folder.path(), "a form").expect("opened").states
}

/// Trajectories whose ids begin with every kind of byte.
fn trajectory(n: u8) -> Uuid {
    Uuid::from_bytes([n.wrapping_mul(51); 16])
}

fn take_in(states: &mut States, all: &[(u8, Vec<u8>)], until: u64) {
    let all = all.iter().map(|(n, state)| (trajectory(*n), state.clone())).collect();
    states.apply(Taken { states: all, first_event: None, until: Some(Position(until).into()) }).expect("taken in");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(20))]

    #[test]
    fn the_last_state_of_each_comes_out_whatever_the_portions(
        all in proptest::collection::vec((0..7_u8, proptest::collection::vec(any::<u8>(), 0..300)), 1..60),
        size in 1..20_usize,
    ) {
        let (folder, another) = (TempDir::new().expect("a folder"), TempDir::new().expect("a folder"));
        let (mut states, mut one_by_one) = (open(&folder), open(&another));
        let mut until = 0;
        for portion in all.chunks(size) {
            until += portion.len() as u64;
            take_in(&mut states, portion, until);
        }
        (1..).zip(&all).for_each(|(n, one)| take_in(&mut one_by_one, std::slice::from_ref(one), n));
        states.close().expect("closed");
        let states = open(&folder);
        prop_assert_eq!((states.tail(), one_by_one.tail()), (Position(until).into(), Position(until).into()));
        for n in 0..8 {
            let expected = all.iter().rev().find(|(of, _)| *of == n).map(|(_, state)| state.clone());
            prop_assert_eq!(states.state(trajectory(n)).expect("read"), expected);
        }
        prop_assert_eq!(states.contents().expect("contents"), one_by_one.contents().expect("contents"));
    }
}

#[test]
fn states_and_marks_are_replaced_and_found_and_marks_are_no_part_of_the_contents() {
    let folder = TempDir::new().expect("a folder");
    let mut states = open(&folder);
    for (n, value) in [(1, b"a"), (2, b"b"), (1, b"c")] {
        states.apply(Taken { states: vec![(trajectory(n), value.to_vec())], ..Taken::default() }).expect("taken in");
        states.mark(&[(trajectory(n), [&value[..], b"!"].concat())]).expect("marked");
    }
    states.close().expect("closed");
    let states = open(&folder);
    let (mut found, mut marks) = (Vec::new(), Vec::new());
    let push = |all: &mut Vec<(Uuid, Vec<u8>)>, trajectory, value: &[u8]| {
        all.push((trajectory, value.to_vec()));
        Ok::<_, ViewError>(())
    };
    states.visit_states(|trajectory, value| push(&mut found, trajectory, value)).expect("read");
    states.visit_marks(|trajectory, value| push(&mut marks, trajectory, value)).expect("read");
    assert_eq!(found, [(trajectory(1), b"c".to_vec()), (trajectory(2), b"b".to_vec())]);
    assert_eq!(marks, [(trajectory(1), b"c!".to_vec()), (trajectory(2), b"b!".to_vec())]);
    let contents: Vec<_> = found.iter().map(|(trajectory, value)| (trajectory.as_bytes().to_vec(), value.clone())).collect();
    assert_eq!(states.contents().expect("contents"), contents);
}

#[test]
fn another_form_or_one_that_was_not_closed_begins_again() {
    let folder = TempDir::new().expect("a folder");
    let mut states = open(&folder);
    states.apply(Taken { first_event: Some(trajectory(5)), ..Taken::default() }).expect("taken in");
    take_in(&mut states, &[(1, vec![1]), (2, vec![2])], 3);
    assert_eq!(states.first_event().expect("read"), Some(trajectory(5)));
    states.close().expect("closed");
    let opened = States::open(folder.path(), "another form").expect("opened");
    assert!(opened.thrown_away && opened.states.contents().expect("contents").is_empty());
    drop(opened);
    let opened = States::open(folder.path(), "another form").expect("opened");
    assert!(opened.thrown_away, "dropped");
    assert_eq!((opened.states.tail(), opened.states.first_event().expect("read")), (Tail::START, None));
}
