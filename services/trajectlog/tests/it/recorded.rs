//! When something was recorded: what the file says, or now.

use serde_json::Value;

use crate::{
    lines::{at, contact, intake, text},
    support::{Folder, summary},
};

const FIRST: &str = "2024-05-01T10:00:00+02:00";

fn exported(folder: &Folder) -> Vec<Value> {
    folder.export().lines().map(|line| serde_json::from_str(line).expect("JSON")).collect()
}

fn moments(folder: &Folder) -> Vec<String> {
    exported(folder).iter().map(|line| line["recorded_at"].as_str().expect("a moment").to_owned()).collect()
}

/// The code of the only refusal.
fn refusal(folder: &Folder, line: Value) -> String {
    let run = folder.import(&text(&[line]));
    assert_eq!((run.code, run.text()), (1, summary(0, 0, 1).as_str()));
    run.faults()[0]["code"].as_str().expect("a code").to_owned()
}

#[test]
fn the_files_moment_is_kept_in_utc_with_six_digits() {
    let folder = Folder::with(&text(&[at(intake(1, "2024-04-01"), FIRST)]));
    assert_eq!(moments(&folder), ["2024-05-01T08:00:00.000000Z"]);
}

#[test]
fn equal_moments_are_taken_earlier_and_future_ones_are_refused() {
    let folder = Folder::with(&text(&[at(intake(1, "2024-04-01"), FIRST)]));
    assert_eq!(folder.import(&text(&[at(contact(1, 3, "2024-04-02"), "2024-05-01T08:00:00Z")])).done().text(), summary(1, 0, 0));
    assert_eq!(refusal(&folder, at(contact(1, 4, "2024-04-02"), "2024-05-01T07:59:59.999999Z")), "recorded_at_backwards");
    assert_eq!(refusal(&folder, at(contact(1, 5, "2024-04-02"), "2999-01-01T00:00:00Z")), "recorded_at_in_future");
    // A repetition is no matter of moments.
    assert_eq!(folder.import(&text(&[at(intake(1, "2024-04-01"), "2020-01-01T00:00:00Z")])).done().text(), summary(0, 1, 0));
    assert_eq!(moments(&folder).len(), 2);
}

#[test]
fn a_refused_moment_in_the_future_does_not_move_the_logs_clock() {
    let folder = Folder::new();
    let lines =
        [at(intake(1, "2024-04-01"), FIRST), at(intake(2, "2024-04-01"), "2999-01-01T00:00:00Z"), at(intake(3, "2024-04-01"), FIRST)];
    let run = folder.import(&text(&lines));
    assert_eq!((run.code, run.text()), (1, summary(2, 0, 1).as_str()));
}

#[test]
fn lines_without_a_moment_are_recorded_now_and_by_the_import() {
    let folder = Folder::with(&text(&[intake(1, "2024-04-01"), contact(1, 3, "2024-04-02")]));
    let lines = exported(&folder);
    assert!(lines[0]["recorded_at"].as_str() > Some("2025-"), "{lines:?}");
    assert!(lines[0]["recorded_at"].as_str() <= lines[1]["recorded_at"].as_str());
    assert_eq!((lines[0]["actor"].as_str(), lines[0].get("source_recorded_at")), (Some("import"), None));
}

#[test]
fn recorded_now_keeps_the_files_moment_and_actor() {
    let folder = Folder::new();
    let mut line = at(intake(1, "2024-04-01"), FIRST);
    line["actor"] = "anna".into();
    folder.import_with(&text(&[line]), &["--recorded", "now"]).done();
    let [line] = &exported(&folder)[..] else { panic!("one line") };
    assert_eq!((line["source_recorded_at"].as_str(), line["actor"].as_str()), (Some("2024-05-01T08:00:00.000000Z"), Some("anna")));
    assert!(line["recorded_at"].as_str() > Some("2025-"));
}

#[test]
fn an_older_source_moment_stays() {
    let first = Folder::new();
    first.import_with(&text(&[at(intake(1, "2024-04-01"), FIRST)]), &["--recorded", "now"]).done();
    let second = Folder::new();
    second.import_with(&first.export(), &["--recorded", "now"]).done();
    assert_eq!(exported(&second)[0]["source_recorded_at"], "2024-05-01T08:00:00.000000Z");
    // Kept, it is the same line.
    let third = Folder::with(&first.export());
    assert_eq!(third.export(), first.export());
}

#[test]
fn a_history_older_than_the_log_comes_in_only_with_recorded_now() {
    let folder = Folder::with(&text(&[intake(1, "2024-04-01")]));
    assert_eq!(refusal(&folder, at(intake(2, "2023-04-01"), "2023-05-01T00:00:00Z")), "recorded_at_backwards");
    let run = folder.import_with(&text(&[at(intake(2, "2023-04-01"), "2023-05-01T00:00:00Z")]), &["--recorded", "now"]).done();
    assert_eq!(run.text(), summary(1, 0, 0));
    let moments = moments(&folder);
    assert!(moments.is_sorted());
}

#[test]
fn a_day_is_in_the_future_by_the_moment_that_the_file_says() {
    // 23:30 in Amsterdam on 1 May; half an hour later it is 2 May there, while it still is 1 May in UTC.
    let on = |moment: &str| {
        let folder = Folder::with(&text(&[at(intake(1, "2024-04-01"), FIRST)]));
        folder.import(&text(&[at(contact(1, 3, "2024-05-02"), moment)])).code
    };
    assert_eq!(on("2024-05-01T21:59:59.999999Z"), 1);
    assert_eq!(on("2024-05-01T22:00:00Z"), 0);
}
