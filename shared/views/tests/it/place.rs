//! Two slots, of which always exactly one is living.

use std::fs;

use tempfile::TempDir;
use views::{Place, States};

#[test]
fn a_swap_exchanges_the_slots_and_what_was_replaced_can_be_removed() {
    let root = TempDir::new().expect("a folder");
    let place = Place::new(root.path(), "figures", 3);
    assert_eq!(place.folder(), root.path().join("figures-3"));
    let (first, second) = (place.living(), place.building());
    assert_ne!(first, second);
    for folder in [&first, &second] {
        fs::create_dir_all(folder).expect("a folder");
    }
    place.swap().expect("swapped");
    assert_eq!((place.living(), place.building()), (second.clone(), first.clone()));
    assert_eq!(Place::new(root.path(), "figures", 3).living(), second, "also for the next process");
    place.remove_building().expect("removed");
    place.remove_building().expect("nothing there is no failure");
    assert!(!first.exists() && second.exists());
    place.swap().expect("swapped");
    assert_eq!(place.living(), first);
}

#[test]
fn a_file_that_names_no_slot_means_the_first() {
    let root = TempDir::new().expect("a folder");
    let place = Place::new(root.path(), "figures", 3);
    let first = place.living();
    fs::create_dir_all(place.folder()).expect("a folder");
    for damaged in [&b""[..], b"c", b"\xff", b"a", b"a\n"] {
        fs::write(place.folder().join("living"), damaged).expect("written");
        assert_eq!(place.living(), first, "{damaged:?}");
    }
}

#[test]
fn older_versions_are_removed_but_for_those_that_are_held_and_nothing_else_is() {
    let root = TempDir::new().expect("a folder");
    for name in ["figures-1", "figures-4", "figures-x", "figures", "figures-extra-1", "other-1", "figures-2"] {
        fs::create_dir_all(root.path().join(name).join("a")).expect("a folder");
    }
    let held = States::open(&root.path().join("figures-2/a"), "held").expect("opened");
    let place = Place::new(root.path(), "figures", 3);
    let left = || {
        let mut left: Vec<_> = fs::read_dir(root.path()).expect("a folder").map(|entry| entry.expect("one").file_name()).collect();
        left.sort();
        left
    };
    place.remove_older().expect("removed");
    assert_eq!(left(), ["figures", "figures-2", "figures-4", "figures-extra-1", "figures-x", "other-1"]);
    drop(held);
    place.remove_older().expect("removed");
    assert_eq!(left(), ["figures", "figures-4", "figures-extra-1", "figures-x", "other-1"]);
    Place::new(&root.path().join("nowhere"), "figures", 3).remove_older().expect("nothing there is no failure");
}
