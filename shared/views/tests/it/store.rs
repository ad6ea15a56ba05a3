//! What is taken in is found again, with the checkpoint that belongs to it.

use event_log::{Locator, Position};
use tempfile::TempDir;
use views::ViewError;

use crate::support::{closed, end, entry, event, open, records, stream};

#[test]
fn new_views_begin_at_nothing() {
    let folder = TempDir::new().expect("a folder");
    let opened = open(&folder.path().join("a/b/views"));
    assert!(!opened.thrown_away);
    assert_eq!(opened.views.checkpoint(), Position::START);
    assert_eq!(opened.views.event(event(1)).expect("read"), None);
    assert_eq!(opened.views.stream(stream(1)).expect("read"), []);
    assert_eq!(opened.views.contents().expect("contents"), []);
}

#[test]
fn events_and_streams_are_found_and_the_checkpoint_moves_with_them() {
    let folder = TempDir::new().expect("a folder");
    let mut views = open(folder.path()).views;
    let all = records(1, 40);
    let mut begun = 0;
    for part in all.chunks(5) {
        views.apply(part, end(part)).expect("taken in");
        begun += part.len();
        assert_eq!(views.checkpoint(), end(part));
        for position in 1..=end(part).0 {
            assert_eq!(views.event(event(position)).expect("read"), Some(entry(position)));
        }
        assert_eq!(views.event(event(end(part).0 + 1)).expect("read"), None);
        let found: usize = (0..3).map(|n| views.stream(stream(n)).expect("read").len()).sum();
        assert_eq!(found, begun);
    }
    let expected: Vec<Locator> = all.iter().filter(|record| record.trajectory == stream(1)).map(|record| record.locator).collect();
    assert_eq!(views.stream(stream(1)).expect("read"), expected);
    assert_eq!(views.stream(stream(9)).expect("read"), []);
}

#[test]
fn a_batch_with_nothing_new_moves_the_checkpoint_alone() {
    let folder = TempDir::new().expect("a folder");
    let mut views = open(folder.path()).views;
    views.apply(&[], Position(7)).expect("taken in");
    assert_eq!((views.checkpoint(), views.contents().expect("contents").len()), (Position(7), 0));
}

#[test]
fn parts_of_any_size_give_the_same_contents() {
    let contents = |size: usize| {
        let folder = TempDir::new().expect("a folder");
        let mut views = open(folder.path()).views;
        for part in records(1, 60).chunks(size) {
            views.apply(part, end(part)).expect("taken in");
        }
        views.contents().expect("contents")
    };
    let whole = contents(1_000);
    assert!(whole.len() > 60);
    for size in [1, 2, 7, 59] {
        assert_eq!(contents(size), whole, "parts of {size}");
    }
}

#[test]
fn after_closing_and_opening_everything_is_there_and_goes_on() {
    let folder = TempDir::new().expect("a folder");
    let contents = closed(folder.path());
    let opened = open(folder.path());
    assert!(!opened.thrown_away);
    let mut views = opened.views;
    assert_eq!(views.checkpoint(), end(&records(1, 100)));
    assert_eq!(views.contents().expect("contents"), contents);
    let more = records(views.checkpoint().0 + 1, 150);
    views.apply(&more, end(&more)).expect("taken in");
    views.close().expect("closed");
    let opened = open(folder.path());
    assert_eq!((opened.thrown_away, opened.views.checkpoint()), (false, end(&more)));
    let whole = TempDir::new().expect("a folder");
    let mut fresh = open(whole.path()).views;
    fresh.apply(&records(1, 150), end(&more)).expect("taken in");
    assert_eq!(opened.views.contents().expect("contents"), fresh.contents().expect("contents"));
}

#[test]
fn opening_and_closing_many_times_loses_nothing() {
    let folder = TempDir::new().expect("a folder");
    let contents = closed(folder.path());
    for _ in 0..10 {
        let opened = open(folder.path());
        assert!(!opened.thrown_away);
        opened.views.close().expect("closed");
    }
    assert_eq!(open(folder.path()).views.contents().expect("contents"), contents);
}

#[test]
fn cleared_views_begin_again_and_come_to_the_same_contents() {
    let folder = TempDir::new().expect("a folder");
    let contents = closed(folder.path());
    let mut views = open(folder.path()).views;
    views.clear().expect("cleared");
    assert_eq!(views.checkpoint(), Position::START);
    assert_eq!(views.contents().expect("contents"), []);
    assert_eq!(views.event(event(1)).expect("read"), None);
    let records = records(1, 100);
    views.apply(&records, end(&records)).expect("taken in");
    assert_eq!(views.contents().expect("contents"), contents);
}

#[test]
fn cleared_and_closed_views_are_empty_when_they_are_opened() {
    let folder = TempDir::new().expect("a folder");
    closed(folder.path());
    let mut views = open(folder.path()).views;
    views.clear().expect("cleared");
    views.close().expect("closed");
    let opened = open(folder.path());
    assert_eq!((opened.thrown_away, opened.views.checkpoint()), (false, Position::START));
    assert_eq!(opened.views.contents().expect("contents"), []);
}

#[test]
fn a_second_opener_is_told_that_they_are_held_and_harms_nothing() {
    let folder = TempDir::new().expect("a folder");
    let contents = closed(folder.path());
    let first = open(folder.path()).views;
    let Err(ViewError::Busy { folder: named }) = views::Views::open(folder.path()) else { panic!("two have them") };
    assert_eq!(named, folder.path());
    assert_eq!(first.contents().expect("contents"), contents);
    first.close().expect("closed");
    let opened = open(folder.path());
    assert!(!opened.thrown_away);
    assert_eq!(opened.views.contents().expect("contents"), contents);
}

#[test]
fn views_that_were_dropped_are_let_go_of() {
    let folder = TempDir::new().expect("a folder");
    drop(open(folder.path()).views);
    open(folder.path());
}
