//! What reading commands say of a folder without a log, and where `--data` may stand.

use std::fs;

use crate::{
    lines::{history, trajectory},
    support::Folder,
};

fn reading() -> Vec<Vec<String>> {
    let of = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect();
    vec![
        of(&["figures", "--quarter", "2025Q1"]),
        of(&["figures", "--quarter", "2025Q1", "--format", "xlsx"]),
        of(&["export"]),
        of(&["status", &trajectory(1)]),
        of(&["replay"]),
        of(&["rebuild"]),
    ]
}

#[test]
fn reading_from_a_folder_that_is_not_there_is_exit_3_and_makes_nothing() {
    let folder = Folder::new();
    for command in reading() {
        let words: Vec<&str> = command.iter().map(String::as_str).collect();
        folder.run(&words).failed(3, "there is no log in");
        assert!(!folder.data().exists(), "{command:?} made the folder");
    }
}

#[test]
fn reading_from_a_folder_without_a_log_is_exit_3_and_makes_nothing() {
    let folder = Folder::new();
    fs::create_dir(folder.data()).expect("a folder");
    fs::write(folder.data().join("letter.txt"), "hello").expect("a file");
    for command in reading() {
        let words: Vec<&str> = command.iter().map(String::as_str).collect();
        folder.run(&words).failed(3, "there is no log in");
        assert_eq!(fs::read_dir(folder.data()).expect("a folder").count(), 1, "{command:?}");
    }
}

#[test]
fn the_data_folder_is_named_before_or_after_the_subcommand_or_by_the_environment() {
    let folder = Folder::with(&history(2));
    let data = folder.data();
    let expected = folder.export();
    let run = |command: &mut std::process::Command| command.output().expect("it runs");
    let after = run(folder.program().arg("export").arg("--data").arg(&data));
    assert_eq!((after.status.code(), String::from_utf8(after.stdout).expect("UTF-8")), (Some(0), expected.clone()));
    let set = run(folder.program().arg("export").env("TRAJECTLOG_DATA", &data));
    assert_eq!((set.status.code(), String::from_utf8(set.stdout).expect("UTF-8")), (Some(0), expected.clone()));
    // The flag is stronger than the environment; without either it is ./data.
    let both = run(folder.program().arg("export").arg("--data").arg(&data).env("TRAJECTLOG_DATA", folder.beside("other")));
    assert_eq!((both.status.code(), String::from_utf8(both.stdout).expect("UTF-8")), (Some(0), expected.clone()));
    let default = run(folder.program().arg("export"));
    assert_eq!((default.status.code(), String::from_utf8(default.stdout).expect("UTF-8")), (Some(0), expected));
}

#[test]
fn reading_changes_nothing_in_the_folder() {
    let folder = Folder::with(&history(3));
    let before = crate::support::contents(&folder.data());
    folder.export();
    folder.figures(&["--tables"]);
    folder.run(&["status", &trajectory(1)]).done();
    folder.run(&["replay"]).done();
    assert_eq!(crate::support::contents(&folder.data()), before);
}

#[test]
fn help_teaches_every_command() {
    let folder = Folder::new();
    let help = folder.run(&["--help"]).done();
    for command in ["import", "export", "figures", "status", "replay", "rebuild", "definitions"] {
        assert!(help.text().contains(command), "{command}");
        let help = folder.run(&[command, "--help"]).done();
        assert!(help.text().contains("Usage:"), "{command}");
    }
}

#[test]
fn wrong_use_is_exit_2() {
    let folder = Folder::with(&history(1));
    for command in [
        &["figures"] as &[&str],
        &["figures", "--quarter", "2025"],
        &["figures", "--quarter", "2025Q5"],
        &["figures", "--quarter", "2025q1"],
        &["figures", "--quarter", "0000Q1"],
        &["figures", "--quarter", "2025Q1", "--format", "pdf"],
        &["export", "--from", "-1"],
        &["export", "--trajectory", "1"],
        &["status"],
        &["status", "no-uuid"],
        &["status", &trajectory(1), "--on", "31-03-2025"],
        &["status", &trajectory(1), "--on", "2025-02-30"],
        &["replay", "--to", "2", "--as-of", "2"],
        &["unknown"],
        &["export", "extra"],
    ] {
        let run = folder.run(command);
        assert_eq!((run.code, run.text()), (2, ""), "{command:?}");
        assert!(!run.err.is_empty(), "{command:?}");
    }
}

#[test]
fn without_a_command_the_help_is_shown_and_the_exit_is_2() {
    let run = Folder::new().program().output().expect("it runs");
    assert_eq!(run.status.code(), Some(2));
    assert!(String::from_utf8(run.stderr).expect("UTF-8").contains("trajectlog"));
}
