//! What was written and is no longer there: exit 4 naming the file, or the same answer; never another one.

use std::fs;

use crate::{
    lines::{contact, history, text},
    support::{Dice, Folder, Run, copy},
};

const PLACES: usize = 50;
const FIGURES: &[&str] = &["figures", "--quarter", "2025Q1", "--format", "json", "--as-of", "33"];

/// A copy of a folder, to damage.
fn copy_of(folder: &Folder) -> Folder {
    let damaged = Folder::new();
    copy(&folder.data(), &damaged.data());
    damaged
}

/// Exit 4 naming the file, or the answer as it was. What an export wrote before it met the damage is whole lines of that
/// answer; figures say nothing.
#[track_caller]
fn found_or_harmless(run: &Run, file: &str, answer: &str) -> bool {
    if run.code == 0 {
        assert_eq!(run.text(), answer, "another answer over a damaged {file}");
        return false;
    }
    assert_eq!(run.code, 4, "{run:?}");
    assert!(run.err.contains(file), "{file} is not named: {}", run.err);
    let text = run.text();
    let lines = answer.lines().count() > 1 && answer.starts_with(text) && text.ends_with('\n');
    assert!(text.is_empty() || lines, "something else is said over a damaged {file}: {text}");
    true
}

#[test]
fn a_flipped_bit_anywhere_in_the_log_is_found_or_harms_nothing() {
    let folder = Folder::with(&history(6));
    let (export, figures) = (folder.export(), folder.run(FIGURES).done().text().to_owned());
    let files = folder.files("log");
    assert!(files.len() >= 2, "{files:?}");
    let mut dice = Dice::new(1);
    let mut found = 0;
    for place in 0..PLACES {
        let damaged = copy_of(&folder);
        // By turns, so that the head mark has its share.
        let name = files[place % files.len()].file_name().expect("a name").to_str().expect("UTF-8").to_owned();
        let path = damaged.data().join("log").join(&name);
        let mut content = fs::read(&path).expect("a file");
        let at = dice.below(content.len());
        content[at] ^= 1 << dice.below(8);
        fs::write(&path, content).expect("written");
        let by_figures = found_or_harmless(&damaged.run(FIGURES), &name, &figures);
        let by_export = found_or_harmless(&damaged.run(&["export"]), &name, &export);
        assert_eq!(by_figures, by_export, "{name} at byte {at}");
        found += usize::from(by_figures);
        assert!(by_figures || name == "head", "{name} at byte {at} was not found");
    }
    assert!(found >= PLACES / 2, "{found}");
}

#[test]
fn a_cut_segment_is_found_wherever_it_was_cut() {
    let folder = Folder::with(&history(6));
    let segment = folder.files("log").into_iter().find(|path| path.extension().is_some_and(|suffix| suffix == "seg")).expect("a segment");
    let name = segment.file_name().expect("a name").to_str().expect("UTF-8");
    let length = usize::try_from(fs::metadata(&segment).expect("a file").len()).expect("small");
    let mut dice = Dice::new(2);
    for left in [0, 1, 63, 64, 65, length - 1].into_iter().chain((0..10).map(|_| dice.below(length))) {
        let damaged = copy_of(&folder);
        let file = fs::OpenOptions::new().write(true).open(damaged.data().join("log").join(name)).expect("a file");
        file.set_len(left as u64).expect("cut");
        for command in [FIGURES, &["export"], &["replay"]] {
            damaged.run(command).failed(4, name);
        }
        // Nor is anything recorded behind it, or the cut mended away.
        let run = damaged.import(&history(8));
        assert_eq!((run.code, run.text()), (4, ""), "{left} bytes left: {run:?}");
        damaged.run(&["export"]).failed(4, name);
    }
}

#[test]
fn a_lost_segment_and_a_lost_head_mark_are_found() {
    let folder = Folder::with(&history(6));
    for file in folder.files("log") {
        let name = file.file_name().expect("a name").to_str().expect("UTF-8");
        let damaged = copy_of(&folder);
        fs::remove_file(damaged.data().join("log").join(name)).expect("gone");
        for command in [FIGURES, &["export"], &["replay"], &["rebuild"]] {
            damaged.run(command).failed(4, name);
        }
        assert_eq!(damaged.import(&history(8)).code, 4);
        assert!(!damaged.data().join("log").join(name).exists(), "it was not made anew");
    }
}

#[test]
fn a_flipped_bit_in_the_keys_stops_the_export_and_not_the_figures() {
    let folder = Folder::with(&history(6));
    let (export, figures) = (folder.export(), folder.run(FIGURES).done().text().to_owned());
    let mut dice = Dice::new(3);
    let mut found = 0;
    for _ in 0..30 {
        let damaged = copy_of(&folder);
        let path = damaged.data().join("keys/clients.keys");
        let mut content = fs::read(&path).expect("a file");
        let at = dice.below(content.len());
        content[at] ^= 1 << dice.below(8);
        fs::write(&path, content).expect("written");
        assert_eq!(damaged.run(FIGURES).done().text(), figures);
        found += usize::from(found_or_harmless(&damaged.run(&["export"]), "clients.keys", &export));
    }
    assert!(found >= 25, "{found}");
}

#[test]
fn a_master_key_that_is_lost_damaged_or_another_stops_the_export_and_not_the_figures() {
    let folder = Folder::with(&history(2));
    let spoilt = |change: &dyn Fn(&std::path::Path)| {
        let damaged = copy_of(&folder);
        change(&damaged.data().join("keys/master.key"));
        damaged.run(&["figures", "--quarter", "2025Q1"]).done();
        let run = damaged.run(&["export"]);
        assert!(run.code == 3 || run.code == 4, "{run:?}");
        assert!(run.err.contains("key"), "{run:?}");
        assert_eq!(run.text(), "");
    };
    spoilt(&|key| fs::remove_file(key).expect("gone"));
    spoilt(&|key| fs::write(key, "not a key").expect("written"));
    spoilt(&|key| {
        let other = Folder::with("");
        fs::copy(other.data().join("keys/master.key"), key).expect("copied");
    });
}

#[test]
fn damage_behind_the_state_asked_for_is_not_counted_over_either() {
    // The bit lies in the last record; figures as of an earlier position may answer, but then as they were.
    let folder = Folder::with(&history(6));
    let earlier = ["figures", "--quarter", "2025Q1", "--format", "json", "--as-of", "5"];
    let answer = folder.run(&earlier).done().text().to_owned();
    let segment = folder.files("log").into_iter().find(|path| path.extension().is_some_and(|suffix| suffix == "seg")).expect("a segment");
    let name = segment.file_name().expect("a name").to_str().expect("UTF-8").to_owned();
    let mut content = fs::read(&segment).expect("a file");
    let last = content.len() - 10;
    content[last] ^= 1;
    fs::write(&segment, content).expect("written");
    found_or_harmless(&folder.run(&earlier), &name, &answer);
    folder.run(FIGURES).failed(4, &name);
}

#[test]
fn an_older_key_file_stops_an_import_and_no_second_key_is_made() {
    let folder = Folder::with(&history(2));
    let keys = folder.data().join("keys/clients.keys");
    let older = fs::read(&keys).expect("keys");
    folder.import(&history(6)).done();
    let newer = fs::read(&keys).expect("keys");
    assert!(newer.len() > older.len());
    fs::write(&keys, &older).expect("an older copy");
    // A new text for a client whose key is in the newer file only.
    let one_more = text(&[contact(6, 9, "2025-01-10")]);
    assert_eq!(folder.import(&one_more).code, 4);
    fs::write(&keys, &newer).expect("the newer one");
    folder.import(&one_more).done();
    folder.export();
}

#[test]
fn an_older_copy_of_the_log_is_found_again_and_again_by_writers_and_readers() {
    let folder = Folder::with(&history(2));
    let older = copy_of(&folder);
    folder.import(&history(6)).done();
    fs::remove_dir_all(folder.data().join("log")).expect("gone");
    for file in older.files("log") {
        let to = folder.data().join("log").join(file.file_name().expect("a name"));
        fs::create_dir_all(folder.data().join("log")).expect("made");
        fs::copy(&file, to).expect("copied");
    }
    for _ in 0..2 {
        assert_eq!(folder.import(&history(8)).code, 4);
        for command in [FIGURES, &["export"], &["replay"]] {
            folder.run(command).failed(4, "older copy");
        }
    }
    folder.run(&["rebuild"]).done();
    folder.export();
}

#[test]
fn a_vanished_log_is_a_loss_for_readers_and_writers() {
    for empty in [false, true] {
        let folder = Folder::with(&history(2));
        fs::remove_dir_all(folder.data().join("log")).expect("gone");
        if empty {
            fs::create_dir(folder.data().join("log")).expect("made");
        }
        for command in [FIGURES, &["export"], &["replay"], &["rebuild"]] {
            folder.run(command).failed(4, "the log is gone");
        }
        assert_eq!(folder.import(&history(2)).code, 4);
    }
}
