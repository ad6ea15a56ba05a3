//! `import`: the form of the whole input first, then each decision judged.

use std::fs;

use serde_json::json;

use crate::{
    lines::{at, contact, count, event, history, id, intake, job, line, text},
    support::{Folder, contents, summary},
};

#[test]
fn an_import_makes_the_folder_and_says_how_many() {
    let folder = Folder::new();
    let lines = history(4);
    assert_eq!(folder.import(&lines).done().text(), summary(count(&lines), 0, 0));
    assert_eq!(count(&folder.export()), count(&lines));
}

#[test]
fn a_second_import_of_the_same_finds_all_there() {
    let lines = history(4);
    let folder = Folder::with(&lines);
    let (before, figures) = (folder.export(), folder.figures(&[]));
    assert_eq!(folder.import(&lines).done().text(), summary(0, count(&lines), 0));
    assert_eq!((folder.export(), folder.figures(&[])), (before, figures));
}

#[test]
fn standard_input_is_read_like_a_file() {
    let lines = history(3);
    let folder = Folder::new();
    assert_eq!(folder.import_from_standard_input(lines.as_bytes()).done().text(), summary(count(&lines), 0, 0));
    assert_eq!(folder.export(), Folder::with(&lines).export());
}

#[test]
fn malformed_input_appends_nothing_and_names_every_line() {
    let folder = Folder::new();
    let mut unknown_field = contact(1, 3, "2025-01-08");
    unknown_field["colour"] = "red".into();
    let good = text(&[intake(1, "2025-01-06")]).trim_end().to_owned();
    // Lines end with CR LF here; 2, 4 and 6 are blank, 3, 5 and 8 are wrong.
    let lines =
        [good.as_str(), "", "{\"event_id\":", "   ", "[]", "\t", &contact(1, 4, "2025-01-09").to_string(), &unknown_field.to_string()]
            .join("\r\n");
    let run = folder.import(&lines);
    assert_eq!((run.code, run.text()), (2, summary(0, 0, 0).as_str()));
    let faults = run.faults();
    let told: Vec<_> = faults
        .iter()
        .map(|fault| (fault["line"].as_u64().expect("a number"), fault["code"].as_str(), fault["event_id"].as_str()))
        .collect();
    let named = event(1, 3);
    assert_eq!(told, [(3, Some("malformed"), None), (5, Some("malformed"), None), (8, Some("malformed"), Some(named.as_str()))]);
    for fault in &faults {
        assert_eq!(fault["conflicts"], json!([]));
        assert!(!fault["detail"].as_str().expect("a sentence").is_empty());
        assert_eq!(fault.as_object().expect("an object").len(), 5);
    }
    // Also where a log is: nothing changes.
    let folder = Folder::with(&history(2));
    let before = folder.export();
    assert_eq!(folder.import(&format!("{}\nnonsense\n", text(&[intake(9, "2025-01-06")]))).code, 2);
    assert_eq!(folder.export(), before);
}

#[test]
fn malformed_input_makes_no_log_where_there_was_none() {
    let folder = Folder::new();
    assert_eq!(folder.import("nonsense\n").code, 2);
    folder.run(&["figures", "--quarter", "2025Q1"]).failed(3, "there is no log");
}

#[test]
fn a_refused_event_is_named_and_left_out_and_the_rest_goes_on() {
    let folder = Folder::new();
    let outflow = line(1, 7, "outflow", "2025-01-07", json!({}));
    let lines = [intake(1, "2025-01-06"), outflow, contact(1, 3, "2025-01-08"), intake(2, "2025-01-06")];
    let run = folder.import(&format!("\n{}", text(&lines)));
    assert_eq!((run.code, run.text()), (1, summary(3, 0, 1).as_str()));
    let [fault] = &run.faults()[..] else { panic!("{run:?}") };
    assert_eq!((fault["line"].as_u64(), fault["code"].as_str()), (Some(4), Some("after_outflow")));
    assert_eq!((fault["event_id"].as_str(), &fault["conflicts"]), (Some(event(1, 3).as_str()), &json!([event(1, 7)])));
    assert_eq!(count(&folder.export()), 3);
}

#[test]
fn a_decision_is_refused_as_a_whole_and_all_its_lines_count() {
    let folder = Folder::new();
    let decision = |mut line: serde_json::Value| {
        line["decision"] = event(1, 1).into();
        line
    };
    let outflow = line(1, 7, "outflow", "2025-01-05", json!({}));
    let lines = [
        decision(intake(1, "2025-01-04")),
        decision(contact(1, 3, "2025-01-06")),
        decision(outflow),
        decision(contact(1, 4, "2025-01-07")),
    ];
    let run = folder.import(&text(&lines));
    assert_eq!((run.code, run.text()), (1, summary(0, 0, 4).as_str()));
    let [fault] = &run.faults()[..] else { panic!("{run:?}") };
    assert_eq!(
        (fault["line"].as_u64(), fault["code"].as_str(), fault["event_id"].as_str()),
        (Some(2), Some("after_outflow"), Some(event(1, 3).as_str()))
    );
    assert_eq!(fault["conflicts"], json!([event(1, 7)]));
    assert_eq!(folder.export(), "");
}

#[test]
fn strict_appends_nothing_when_one_is_refused_and_says_the_others_as_judged() {
    let folder = Folder::with(&text(&[intake(1, "2025-01-06")]));
    let before = folder.export();
    let lines = text(&[intake(1, "2025-01-06"), intake(2, "2025-01-06"), contact(3, 3, "2025-01-08")]);
    let run = folder.import_with(&lines, &["--strict"]);
    assert_eq!((run.code, run.text()), (1, summary(0, 1, 1).as_str()));
    assert_eq!(run.faults()[0]["code"], "no_intake");
    assert_eq!(folder.export(), before);
    let run = folder.import_with(&text(&[intake(1, "2025-01-06"), intake(2, "2025-01-06")]), &["--strict"]).done();
    assert_eq!(run.text(), summary(1, 1, 0));
}

#[test]
fn strict_recognises_repetitions_however_far_apart_they_are() {
    // More events than the recorder holds in one group, and the first of them once more at the end.
    let mut lines = vec![intake(1, "2025-01-06")];
    lines.extend((3..9_003).map(|n| contact(1, n, "2025-01-08")));
    lines.push(intake(1, "2025-01-06"));
    lines.push(contact(1, 3, "2025-01-08"));
    let folder = Folder::new();
    assert_eq!(folder.import_with(&text(&lines), &["--strict"]).done().text(), summary(9_001, 2, 0));
    // And what is other content is told from it: nothing at all is appended to a new log then.
    lines.push(contact(1, 3, "2025-01-09"));
    let run = Folder::new().import_with(&text(&lines), &["--strict"]);
    assert_eq!((run.code, run.text()), (1, summary(0, 2, 1).as_str()));
    assert_eq!(run.faults()[0]["code"], "event_id_reused");
}

#[test]
fn an_id_with_other_content_is_refused_and_its_first_event_stays() {
    let folder = Folder::with(&text(&[intake(1, "2025-01-06"), contact(1, 3, "2025-01-08")]));
    let before = folder.export();
    let run = folder.import(&text(&[contact(1, 3, "2025-01-09")]));
    assert_eq!((run.code, run.text(), run.faults()[0]["code"].as_str()), (1, summary(0, 0, 1).as_str(), Some("event_id_reused")));
    assert_eq!(folder.export(), before);
}

#[test]
fn all_lines_have_a_moment_or_none() {
    let (with, without) = (at(intake(1, "2025-01-06"), "2025-02-01T12:00:00Z"), contact(1, 3, "2025-01-08"));
    for lines in [[with.clone(), without.clone()], [without, with]] {
        let run = Folder::new().import(&text(&lines));
        assert_eq!((run.code, run.text()), (2, summary(0, 0, 0).as_str()));
        let fault = &run.faults()[0];
        assert_eq!((fault["line"].as_u64(), fault["code"].as_str()), (Some(2), Some("malformed")));
        assert!(fault["detail"].as_str().expect("a sentence").contains("recorded_at"));
    }
}

#[test]
fn an_empty_file_makes_an_empty_log() {
    for empty in ["", "\n\n  \r\n"] {
        let folder = Folder::new();
        assert_eq!(folder.import(empty).done().text(), summary(0, 0, 0));
        let figures = folder.figures(&[]);
        assert_eq!(figures["as_of"], json!({"position": 0, "recorded_at": null}));
        assert_eq!(figures["figures"]["all"]["running"], 0);
        assert_eq!(folder.export(), "");
        folder.run(&["rebuild"]).done();
    }
}

#[test]
fn an_input_that_is_not_there_is_wrong_use() {
    let folder = Folder::new();
    folder.run(&["import", "nowhere.jsonl"]).failed(2, "nowhere.jsonl cannot be read");
    folder.run(&["import", "."]).failed(2, "is a folder");
    folder.run(&["import"]).failed(2, "FILE");
    folder.run(&["import", "-", "--recorded", "never"]).failed(2, "never");
    assert!(!folder.data().exists());
}

#[test]
fn the_last_line_needs_no_end() {
    let folder = Folder::new();
    let lines = history(2);
    assert_eq!(folder.import(lines.trim_end()).done().text(), summary(count(&lines), 0, 0));
}

#[test]
fn the_folder_is_made_with_all_folders_above_it() {
    let folder = Folder::new();
    let file = folder.file("lines.jsonl", history(1));
    let deep = folder.beside("a/b/c");
    let run = folder.program().arg("--data").arg(&deep).args(["import", &file]).output().expect("it runs");
    assert_eq!(run.status.code(), Some(0), "{run:?}");
    assert!(deep.join("log").is_dir());
}

#[test]
fn texts_lie_nowhere_in_the_folder_in_clear() {
    let folder = Folder::with(&history(3));
    folder.run(&["rebuild"]).done();
    let words: [&[u8]; 4] = [b"De Wit", b"Bakkerij", b"gesprek", b"voeding"];
    for (path, content) in contents(&folder.data()) {
        for word in words {
            assert!(!content.windows(word.len()).any(|window| window == word), "{} holds a text", path.display());
        }
    }
    assert!(folder.export().contains("Bakkerij Jansen"));
}

#[test]
fn a_job_is_counted_once_it_is_imported() {
    let folder = Folder::with(&text(&[intake(1, "2025-01-06"), job(1, "2025-01-07")]));
    let all = folder.figures(&[])["figures"]["all"].clone();
    assert_eq!((&all["running"], &all["paid_work"], &all["sustainable_work"]), (&json!(1), &json!(1), &json!(1)));
}

#[test]
fn a_line_that_is_far_too_long_is_malformed_and_the_others_are_judged() {
    let folder = Folder::new();
    let long = format!("{{\"event_id\":\"{}\",\"x\":\"{}\"}}\n", id(1, 1), "x".repeat(5 << 20));
    let run = folder.import(&format!("{long}{}nonsense\n", text(&[intake(1, "2025-01-06")])));
    assert_eq!((run.code, run.text()), (2, summary(0, 0, 0).as_str()));
    assert_eq!(run.faults().iter().map(|fault| fault["line"].as_u64()).collect::<Vec<_>>(), [Some(1), Some(3)]);
    assert!(run.err.len() < 10_000, "the line itself is not repeated");
    fs::metadata(folder.data().join("log")).expect_err("no log was made");
}
