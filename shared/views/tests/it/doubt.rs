//! What was not closed in order, or is not what was closed, is thrown away: the views begin at nothing and are never half
//! believed.

use std::{fs, path::Path};

use event_log::Position;
use tempfile::TempDir;

use crate::support::{closed, copy, end, files, open, records};

/// Opened, the folder's views begin again, and can be built.
#[track_caller]
fn thrown_away(folder: &Path, why: &str) {
    let contents = closed(TempDir::new().expect("a folder").path());
    let opened = open(folder);
    assert!(opened.thrown_away, "{why}: believed");
    let mut views = opened.views;
    assert_eq!(views.checkpoint(), Position::START, "{why}");
    assert_eq!(views.contents().expect("contents"), [], "{why}");
    let records = records(1, 100);
    views.apply(&records, end(&records)).expect("taken in");
    assert_eq!(views.contents().expect("contents"), contents, "{why}");
    views.close().expect("closed");
    assert!(!open(folder).thrown_away, "{why}: closed in order since");
}

#[test]
fn views_that_were_not_closed_are_thrown_away() {
    let folder = TempDir::new().expect("a folder");
    closed(folder.path());
    // Opened and dropped, nothing changed: the seal is broken all the same.
    drop(open(folder.path()).views);
    thrown_away(folder.path(), "dropped");
    let mut views = open(folder.path()).views;
    let records = records(end(&records(1, 100)).0 + 1, 200);
    views.apply(&records, end(&records)).expect("taken in");
    drop(views);
    thrown_away(folder.path(), "dropped after more was taken in");
}

#[test]
fn a_copy_of_the_folder_while_it_is_open_is_thrown_away() {
    let folder = TempDir::new().expect("a folder");
    closed(folder.path());
    let mut views = open(folder.path()).views;
    let first = TempDir::new().expect("a folder");
    copy(folder.path(), first.path());
    thrown_away(first.path(), "copied while open");
    let records = records(end(&records(1, 100)).0 + 1, 200);
    views.apply(&records, end(&records)).expect("taken in");
    let second = TempDir::new().expect("a folder");
    copy(folder.path(), second.path());
    thrown_away(second.path(), "copied after more was taken in");
    views.close().expect("closed");
}

#[test]
fn a_copy_of_the_closed_folder_is_believed() {
    let folder = TempDir::new().expect("a folder");
    let contents = closed(folder.path());
    let copied = TempDir::new().expect("a folder");
    copy(folder.path(), copied.path());
    let opened = open(copied.path());
    assert!(!opened.thrown_away);
    assert_eq!(opened.views.contents().expect("contents"), contents);
}

#[test]
fn an_older_seal_beside_a_newer_store_is_not_believed() {
    let folder = TempDir::new().expect("a folder");
    closed(folder.path());
    let seal = fs::read(folder.path().join("seal")).expect("a seal");
    let mut views = open(folder.path()).views;
    let records = records(end(&records(1, 100)).0 + 1, 200);
    views.apply(&records, end(&records)).expect("taken in");
    views.close().expect("closed");
    fs::write(folder.path().join("seal"), seal).expect("written");
    thrown_away(folder.path(), "an older seal");
}

#[test]
fn a_flipped_bit_in_any_file_is_found() {
    let folder = TempDir::new().expect("a folder");
    closed(folder.path());
    let files = files(folder.path());
    let sealed = files.iter().filter(|file| file.starts_with(folder.path().join("store"))).count();
    assert!(sealed > 0 && files.iter().any(|file| file.ends_with("seal")), "{files:?}");
    for file in &files {
        let name = file.strip_prefix(folder.path()).expect("below it");
        let content = fs::read(file).expect("a file");
        let places = [0, content.len() / 3, content.len() / 2, content.len().saturating_sub(1)];
        for place in places.into_iter().filter(|place| *place < content.len()) {
            let copied = TempDir::new().expect("a folder");
            copy(folder.path(), copied.path());
            let mut damaged = content.clone();
            damaged[place] ^= 0x10;
            fs::write(copied.path().join(name), damaged).expect("written");
            thrown_away(copied.path(), &format!("{} at {place}", name.display()));
        }
    }
}

#[test]
fn a_file_that_was_lost_cut_lengthened_or_added_is_found() {
    let folder = TempDir::new().expect("a folder");
    closed(folder.path());
    let changed = |change: &dyn Fn(&Path), why: &str| {
        let copied = TempDir::new().expect("a folder");
        copy(folder.path(), copied.path());
        change(copied.path());
        thrown_away(copied.path(), why);
    };
    for file in files(&folder.path().join("store")) {
        let name = file.strip_prefix(folder.path()).expect("below it");
        let content = fs::read(&file).expect("a file");
        changed(&|copied| fs::remove_file(copied.join(name)).expect("gone"), &format!("{} lost", name.display()));
        let longer = [&content[..], b"\0"].concat();
        changed(&|copied| fs::write(copied.join(name), &longer).expect("written"), &format!("{} lengthened", name.display()));
        if let Some((_, shorter)) = content.split_last() {
            changed(&|copied| fs::write(copied.join(name), shorter).expect("written"), &format!("{} cut", name.display()));
        }
    }
    changed(&|copied| fs::write(copied.join("store/more"), b"").expect("written"), "a file added");
    changed(&|copied| fs::remove_file(copied.join("seal")).expect("gone"), "the seal lost");
}

#[test]
fn a_seal_of_another_form_is_not_believed() {
    let folder = TempDir::new().expect("a folder");
    closed(folder.path());
    let path = folder.path().join("seal");
    let seal = fs::read_to_string(&path).expect("a seal");
    let (form, files) = seal.split_once('\n').expect("two lines");
    for other in ["trajectlog views 0", "trajectlog views 3", "trajectlog views 5", ""] {
        assert_ne!(form, other);
        let copied = TempDir::new().expect("a folder");
        copy(folder.path(), copied.path());
        fs::write(copied.path().join("seal"), format!("{other}\n{files}")).expect("written");
        thrown_away(copied.path(), other);
    }
}

#[test]
fn a_store_that_is_no_store_is_thrown_away() {
    let folder = TempDir::new().expect("a folder");
    fs::create_dir_all(folder.path().join("store")).expect("a folder");
    fs::write(folder.path().join("store/db"), b"this is no store").expect("written");
    thrown_away(folder.path(), "no store");
}
