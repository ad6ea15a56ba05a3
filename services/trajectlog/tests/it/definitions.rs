//! `definitions`: what is printed can be used, and a set of one's own is named in the answer.

use crate::{
    lines::history,
    support::{Folder, Run},
};

fn with(folder: &Folder, set: &str) -> Run {
    let file = folder.file("set.toml", set);
    folder.run(&["figures", "--quarter", "2025Q1", "--format", "json", "--definitions", &file])
}

#[test]
fn the_printed_set_gives_the_same_figures_byte_for_byte() {
    let folder = Folder::with(&history(4));
    let printed = folder.run(&["definitions"]).done();
    let plain = folder.run(&["figures", "--quarter", "2025Q1", "--format", "json"]).done();
    assert_eq!(with(&folder, printed.text()).done().text(), plain.text());
}

#[test]
fn the_set_is_printed_without_any_folder() {
    let folder = Folder::new();
    assert!(folder.run(&["definitions"]).done().text().contains("werkmonitor-2025.1"));
    assert!(!folder.data().exists());
}

#[test]
fn a_set_of_ones_own_counts_otherwise_and_is_named() {
    let folder = Folder::with(&history(2));
    let answer = with(&folder, "name = \"streng\"\n[sustainable_work]\nmin_hours_per_week = 24.51\n").done().json();
    assert_eq!((answer["definitions"].as_str(), answer["figures"]["all"]["sustainable_work"].as_u64()), (Some("streng"), Some(0)));
    let answer = with(&folder, "name = \"ruim\"\n[sustainable_work]\nmin_hours_per_week = 24.5\n").done().json();
    assert_eq!((answer["definitions"].as_str(), answer["figures"]["all"]["sustainable_work"].as_u64()), (Some("ruim"), Some(1)));
}

#[test]
fn a_changed_set_with_the_built_in_name_is_renamed_and_said() {
    let folder = Folder::with(&history(2));
    let run = with(&folder, "name = \"werkmonitor-2025.1\"\n[sustainable_work]\nmin_hours_per_week = 30\n");
    assert_eq!(run.code, 0);
    assert_eq!(run.json()["definitions"], "werkmonitor-2025.1-modified");
    assert!(run.err.contains("-modified"), "{}", run.err);
    assert!(!run.err.contains('\u{1b}'), "colours are for terminals: {:?}", run.err);
}

#[test]
fn what_is_no_set_is_exit_2_with_a_sentence() {
    let folder = Folder::with(&history(1));
    with(&folder, "name = \"x\"\n[percentage_of]\nnothing = \"running\"\n").failed(2, "there is no measure 'nothing'");
    with(&folder, "{}").failed(2, "this is no definition set");
    folder.run(&["figures", "--quarter", "2025Q1", "--definitions", "nowhere.toml"]).failed(2, "nowhere.toml cannot be read");
}
