//! `export`: JSON Lines in log order, and what it writes can be imported.

use serde_json::Value;

use crate::{
    lines::{count, event, history, intake, text, trajectory},
    support::{Folder, summary},
};

fn values(lines: &str) -> Vec<Value> {
    lines.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect()
}

#[test]
fn what_is_exported_and_imported_is_exported_as_the_same_bytes() {
    let first = Folder::with(&history(6)).export();
    let second = Folder::with(&first).export();
    assert_eq!(first, second);
    assert_eq!(count(&first), count(&history(6)));
}

#[test]
fn events_come_in_order_with_their_places() {
    let exported = values(&Folder::with(&history(3)).export());
    for (position, line) in (1_u64..).zip(&exported) {
        assert_eq!(line["position"], position);
    }
    let revisions: Vec<_> =
        exported.iter().filter(|line| line["trajectory_id"] == trajectory(2)).map(|line| line["revision"].as_u64()).collect();
    assert_eq!(revisions, (1..=6).map(Some).collect::<Vec<_>>());
    assert_eq!(exported[2]["decision"], event(1, 3));
    assert_eq!(exported[3]["decision"], event(1, 3));
    assert_eq!(exported[0].get("decision"), None);
    assert_eq!(exported[4]["corrects"], event(1, 4));
    assert_eq!(exported[0]["actor"], "import");
    assert_eq!(exported[1]["data"]["employer"], "Bakkerij Jansen");
    assert_eq!(exported[1]["data"]["hours_per_week"].to_string(), "24.5");
    assert_eq!(exported[1]["data"]["wage_value_percent"].to_string(), "100");
}

#[test]
fn from_is_inclusive_also_within_a_decision() {
    let folder = Folder::with(&history(3));
    let all = folder.export();
    for from in 1..=count(&all) + 1 {
        let part = folder.run(&["export", "--from", &from.to_string()]).done();
        let expected: String = all.lines().skip(usize::try_from(from - 1).expect("small")).map(|line| format!("{line}\n")).collect();
        assert_eq!(part.text(), expected, "--from {from}");
    }
    assert_eq!(folder.run(&["export", "--from", "0"]).done().text(), all);
    assert_eq!(folder.run(&["export", "--from", "999999"]).done().text(), "");
}

#[test]
fn an_as_of_position_never_cuts_a_decision() {
    let folder = Folder::with(&history(2));
    let all = folder.export();
    let until = |position: &str| count(folder.run(&["export", "--as-of", position]).done().text());
    // Positions 3 and 4 are one decision.
    assert_eq!(["0", "1", "2", "3", "4", "5"].map(until), [0, 1, 2, 2, 4, 5]);
    let whole = until(&count(&all).to_string());
    assert_eq!(whole, count(&all));
}

#[test]
fn an_as_of_moment_is_the_last_event_at_or_before_it() {
    let folder = Folder::with(&history(2));
    let until = |moment: &str| count(folder.run(&["export", "--as-of", moment]).done().text());
    assert_eq!(until("2025-02-09T23:59:59.999999Z"), 0);
    assert_eq!(until("2025-02-10T00:00:00Z"), 1);
    assert_eq!(until("2025-02-10T01:00:00+01:00"), 1);
    assert_eq!(until("2025-02-10T00:00:01.000001Z"), 2);
    assert_eq!(until("2025-02-10T00:00:01.000000Z"), 1);
    // The decision at positions 3 and 4 is whole with its last event.
    assert_eq!(until("2025-02-10T00:00:02.500000Z"), 2);
    assert_eq!(until("2025-02-10T00:00:03.000003Z"), 4);
    assert_eq!(until("2025-03-01T00:00:00Z"), 11);
}

#[test]
fn an_as_of_that_the_log_does_not_know_is_exit_2() {
    let folder = Folder::with(&history(2));
    for command in [
        &["export", "--as-of"] as &[&str],
        &["replay", "--as-of"],
        &["figures", "--quarter", "2025Q1", "--as-of"],
        &["status", &trajectory(1), "--as-of"],
    ] {
        let with = |as_of| folder.run(&[command, &[as_of]].concat());
        with("12").failed(2, "position 12 lies beyond the end of the log, which is 11");
        with("99999999999999999999999").failed(2, "lies beyond the end of the log");
        with("2999-01-01T00:00:00Z").failed(2, "lies in the future");
        with("2025-05-15").failed(2, "a date alone is not enough");
        with("2025-05-15T12:00:00").failed(2, "neither a log position");
        with("yesterday").failed(2, "neither a log position");
        with("-1").failed(2, "");
    }
}

#[test]
fn an_empty_log_has_nothing_beyond_its_end_either() {
    let folder = Folder::with("");
    assert_eq!(folder.run(&["export", "--as-of", "0"]).done().text(), "");
    folder.run(&["export", "--as-of", "1"]).failed(2, "position 1 lies beyond the end of the log, which is 0");
    folder.run(&["figures", "--quarter", "2025Q1", "--as-of", "1"]).failed(2, "lies beyond the end");
    folder.run(&["replay", "--as-of", "1"]).failed(2, "lies beyond the end");
    folder.run(&["export", "--trajectory", &trajectory(1)]).failed(1, "holds no event of trajectory");
}

#[test]
fn one_trajectory_alone_and_one_that_is_not_there() {
    let folder = Folder::with(&history(3));
    let one = values(folder.run(&["export", "--trajectory", &trajectory(2)]).done().text());
    assert_eq!(one.len(), 6);
    assert!(one.iter().all(|line| line["trajectory_id"] == trajectory(2)));
    assert_eq!(one[0]["position"], 6);
    // In upper case too.
    assert_eq!(values(folder.run(&["export", "--trajectory", &trajectory(2).to_uppercase()]).done().text()), one);
    folder.run(&["export", "--trajectory", &trajectory(9)]).failed(1, "holds no event of trajectory");
    folder.run(&["export", "--trajectory", &trajectory(3), "--as-of", "2"]).failed(1, "holds no event of trajectory");
}

#[test]
fn a_part_can_be_imported_after_the_part_before_it() {
    let whole = Folder::with(&history(4)).export();
    let middle = whole.match_indices('\n').nth(9).expect("ten lines").0 + 1;
    let folder = Folder::with(&whole[..middle]);
    assert_eq!(folder.import(&whole).done().text(), summary(count(&whole) - 10, 10, 0));
    assert_eq!(folder.export(), whole);
}

#[test]
fn without_its_keys_an_export_says_what_is_missing_and_figures_answer() {
    let folder = Folder::with(&history(2));
    let figures = folder.figures(&[]);
    std::fs::rename(folder.data().join("keys/clients.keys"), folder.beside("clients.keys")).expect("moved");
    folder.run(&["export"]).failed(4, "clients.keys");
    // Nor are keys silently made anew under a log that needs the old ones.
    let run = folder.import(&text(&[intake(9, "2025-01-06")]));
    assert_eq!(run.code, 4, "{run:?}");
    assert!(!folder.data().join("keys/clients.keys").exists());
    assert_eq!(folder.figures(&[]), figures);
    std::fs::rename(folder.beside("clients.keys"), folder.data().join("keys/clients.keys")).expect("moved");
    folder.export();
}

#[test]
fn keys_of_another_folder_do_not_open_the_texts() {
    let (folder, other) = (Folder::with(&history(2)), Folder::with(&history(2)));
    std::fs::copy(other.data().join("keys/clients.keys"), folder.data().join("keys/clients.keys")).expect("copied");
    let run = folder.run(&["export"]);
    assert_eq!((run.code, run.text()), (3, ""), "another master key: {run:?}");
    std::fs::copy(other.data().join("keys/master.key"), folder.data().join("keys/master.key")).expect("copied");
    folder.run(&["export"]).failed(4, "cannot be opened");
}

#[test]
fn a_folder_without_texts_is_exported_without_its_clients_having_keys() {
    let mut bare = intake(1, "2025-01-06");
    bare["data"].as_object_mut().expect("an object").remove("label");
    let folder = Folder::with(&text(&[bare]));
    assert_eq!(count(&folder.export()), 1);
}
