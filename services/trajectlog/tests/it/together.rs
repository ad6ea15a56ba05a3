//! Two processes at one folder: one writes, everybody reads.

use std::process::{Child, Stdio};

use log_embedded::{EmbeddedLog, Mode};

use crate::{
    lines::{count, history},
    support::Folder,
};

#[test]
fn while_one_process_writes_another_import_is_exit_3_and_readers_go_on() {
    let folder = Folder::with(&history(2));
    let (export, figures) = (folder.export(), folder.figures(&[]));
    let writer = EmbeddedLog::open(folder.data(), Mode::Write).expect("the log");
    folder.import(&history(4)).failed(3, "is being written by another process");
    assert_eq!((folder.export(), folder.figures(&[])), (export, figures));
    folder.run(&["rebuild"]).done();
    drop(writer);
    folder.import(&history(2)).done();
}

#[test]
fn of_imports_at_the_same_time_each_is_done_or_refused_the_folder() {
    let lines = history(60);
    let expected = Folder::with(&lines).export();
    for _ in 0..15 {
        let folder = Folder::new();
        let file = folder.file("lines.jsonl", &lines);
        let start = || folder.command(&["import", &file]).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("it starts");
        let children: Vec<Child> = (0..4).map(|_| start()).collect();
        let mut done = 0;
        for child in children {
            let output = child.wait_with_output().expect("it ends");
            let err = String::from_utf8(output.stderr).expect("UTF-8");
            match output.status.code() {
                Some(0) => done += 1,
                Some(3) => assert!(err.contains("another process"), "{err}"),
                other => panic!("{other:?}: {err}"),
            }
        }
        assert!(done >= 1, "one of them is the first");
        assert_eq!(folder.export(), expected);
        assert_eq!(folder.import(&lines).done().text(), crate::support::summary(0, count(&lines), 0));
    }
}

#[test]
fn views_that_another_process_holds_do_not_stand_in_the_way() {
    let folder = Folder::with(&history(2));
    let held = views::Views::open_living(&folder.data().join("views")).expect("the views");
    let run = folder.import(&history(4));
    assert_eq!((run.code, run.text()), (0, crate::support::summary(11, 11, 0).as_str()), "{run:?}");
    drop(held);
    assert_eq!(folder.import(&history(4)).done().text(), crate::support::summary(0, 22, 0));
}

fn index(views: &std::path::Path) -> std::path::PathBuf {
    views::Views::place(views).living()
}

#[test]
fn views_that_are_damaged_or_lost_are_built_anew() {
    let folder = Folder::with(&history(2));
    for spoil in [
        (|views| std::fs::remove_dir_all(views).expect("gone")) as fn(std::path::PathBuf),
        |views| std::fs::remove_file(index(&views).join("seal")).expect("gone"),
        |views| std::fs::write(index(&views).join("store/db"), b"not a store").expect("written"),
        |views| std::fs::write(index(&views).join("seal"), b"").expect("written"),
    ] {
        spoil(folder.data().join("views"));
        assert_eq!(folder.import(&history(2)).done().text(), crate::support::summary(0, 11, 0));
    }
}
