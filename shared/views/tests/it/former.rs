//! The index as an older program left it: in the folder of all views itself.

use std::{fs, path::Path};

use event_log::Position;
use tempfile::TempDir;
use views::{Views, sealed_checkpoint};

use crate::support::{closed, files, open};

fn parts(root: &Path) -> Vec<String> {
    let mut parts: Vec<_> = fs::read_dir(root).expect("a folder").map(|entry| entry.expect("one").file_name()).collect();
    parts.sort();
    parts.into_iter().map(|part| part.into_string().expect("UTF-8")).collect()
}

#[test]
fn an_index_of_the_former_layout_is_taken_over_whole() {
    let root = TempDir::new().expect("a folder");
    let contents = closed(root.path());
    let checkpoint = sealed_checkpoint(root.path());
    assert!(checkpoint > Some(Position(90)), "what it has seen of the log is known before it is moved: {checkpoint:?}");
    let opened = Views::open_living(root.path()).expect("opened");
    assert!(!opened.thrown_away);
    assert_eq!((Some(opened.views.checkpoint()), opened.views.contents().expect("contents") == contents), (checkpoint, true));
    assert_eq!(parts(root.path()), ["index-5"]);
    opened.views.close().expect("closed");
    assert_eq!(sealed_checkpoint(root.path()), checkpoint);
}

#[test]
fn an_index_of_the_former_layout_that_was_not_closed_in_order_is_not_believed() {
    let root = TempDir::new().expect("a folder");
    closed(root.path());
    fs::remove_file(root.path().join("seal")).expect("removed");
    let opened = Views::open_living(root.path()).expect("opened");
    assert_eq!((opened.thrown_away, opened.views.checkpoint()), (true, Position::START));
    assert_eq!(parts(root.path()), ["index-5"]);
}

#[test]
fn a_former_index_beside_a_new_one_is_removed_and_one_that_is_held_is_left_alone() {
    let root = TempDir::new().expect("a folder");
    let held = open(root.path()).views;
    let there = files(root.path());
    Views::open_living(root.path()).expect("opened").views.close().expect("closed");
    assert!(there.iter().all(|file| file.exists()), "an older program has it");
    held.close().expect("closed");
    let opened = Views::open_living(root.path()).expect("opened");
    assert!(!opened.thrown_away);
    assert_eq!(parts(root.path()), ["index-5"]);
}

#[test]
fn what_was_left_half_built_is_removed_when_the_index_is_opened() {
    let root = TempDir::new().expect("a folder");
    let place = Views::place(root.path());
    drop(open(&place.building()));
    drop(Views::open_living(root.path()).expect("opened"));
    assert!(!place.building().exists() && place.living().exists());
}
