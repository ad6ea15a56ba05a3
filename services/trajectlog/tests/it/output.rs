//! Standard output that closes early or is full.

use std::{
    fs::OpenOptions,
    io::{BufRead, BufReader, Read},
    process::Stdio,
};

use crate::{lines::history, support::Folder};

/// Reads one line of the command's output and closes it.
fn first_line_of(folder: &Folder, arguments: &[&str]) -> (Option<i32>, String) {
    let mut child = folder.command(arguments).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("the program starts");
    let mut line = String::new();
    BufReader::with_capacity(64, child.stdout.take().expect("its output")).read_line(&mut line).expect("a line");
    assert!(!line.is_empty());
    let mut err = String::new();
    child.stderr.take().expect("its errors").read_to_string(&mut err).expect("UTF-8");
    (child.wait().expect("it ends").code(), err)
}

#[test]
fn a_reader_who_has_seen_enough_is_no_failure() {
    // More than a pipe holds.
    let folder = Folder::with(&history(400));
    for command in [&["export"] as &[&str], &["replay"], &["replay", "--format", "json"]] {
        assert_eq!(first_line_of(&folder, command), (Some(0), String::new()), "{command:?}");
    }
}

#[test]
fn output_that_cannot_be_written_is_no_success() {
    let folder = Folder::with(&history(2));
    let figures = |format| vec!["figures", "--quarter", "2025Q1", "--format", format];
    let trajectory = crate::lines::trajectory(1);
    let commands = ["table", "json", "csv", "xlsx", "parquet"].map(figures);
    let others = [vec!["export"], vec!["replay"], vec!["rebuild"], vec!["definitions"], vec!["status", &trajectory]];
    for command in commands.into_iter().chain(others) {
        let full = OpenOptions::new().write(true).open("/dev/full").expect("Linux has it");
        let run = folder.command(&command).stdout(full).stderr(Stdio::piped()).output().expect("it runs");
        let err = String::from_utf8(run.stderr).expect("UTF-8");
        assert_eq!(run.status.code(), Some(3), "{command:?}: {err}");
        assert!(err.contains("No space left on device"), "{command:?}: {err}");
    }
}

#[test]
fn an_import_whose_summary_cannot_be_written_has_still_recorded() {
    let folder = Folder::new();
    let file = folder.file("lines.jsonl", history(2));
    let full = OpenOptions::new().write(true).open("/dev/full").expect("Linux has it");
    let run = folder.command(&["import", &file]).stdout(full).output().expect("it runs");
    assert_eq!(run.status.code(), Some(3));
    assert_eq!(folder.export().lines().count(), 11);
}
