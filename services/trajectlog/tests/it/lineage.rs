//! `lineage`: who is behind a number, by which events, and why somebody is not.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::{
    lines::{event, history, trajectory},
    support::Folder,
};

const OF: [&str; 3] = ["lineage", "--quarter", "2025Q1"];

fn told(folder: &Folder, more: &[&str]) -> Value {
    folder.run(&[&OF, more, &["--format", "json"]].concat()).done().json()
}

#[test]
fn the_trajectories_behind_a_number_come_with_the_events_that_decide_each() {
    let folder = Folder::with(&history(6));
    let lineage = told(&folder, &["--cell", "by_method.ips.paid_work"]);
    let figures = folder.figures(&[]);
    assert_eq!((&lineage["value"], &lineage["value"]), (&figures["figures"]["by_method"]["ips"]["paid_work"], &json!(3)));
    assert_eq!((&lineage["as_of"], &lineage["definitions"]), (&figures["as_of"], &figures["definitions"]));
    let those = lineage["trajectories"].as_array().expect("a list");
    // Who has an even number has stopped.
    let ids: Vec<&str> = those.iter().map(|one| one["trajectory_id"].as_str().expect("an id")).collect();
    assert_eq!(ids, [trajectory(1), trajectory(3), trajectory(5)]);
    let events: Vec<_> = those[0]["events"].as_array().expect("events").iter().map(|event| event["event_id"].clone()).collect();
    assert_eq!(events, [event(1, 1), event(1, 2)], "contacts decide nothing");
    assert_eq!(lineage["left_out"]["reasons"][0]["reason"], "paid_job_over");
    let same = told(&folder, &["--measure", "paid_work", "--method", "ips"]);
    assert_eq!(same, lineage);
    let rest = told(&folder, &["--cell", "by_method.ips.paid_work", "--left-out", "--reason", "paid_job_over"]);
    assert_eq!(rest["trajectories"].as_array().map(Vec::len), Some(3));
}

#[test]
fn one_trajectory_is_told_why_it_counts_or_not_and_as_of_then() {
    let folder = Folder::with(&history(2));
    let of =
        |more: &[&str]| told(&folder, &[&["--measure", "paid_work", "--trajectory", &trajectory(2)], more].concat())["trajectory"].clone();
    let now = of(&[]);
    assert_eq!((&now["counted"], &now["reason"]), (&json!(false), &json!("paid_job_over")));
    let kinds: Vec<_> = now["events"].as_array().expect("events").iter().map(|event| event["type"].clone()).collect();
    assert_eq!(kinds, ["intake", "paid_work_started", "paid_work_stopped"]);
    let before_the_stop = (now["events"][2]["position"].as_u64().expect("a position") - 1).to_string();
    assert_eq!(of(&["--as-of", &before_the_stop])["reason"], "paid_job_active");
    assert_eq!(of(&["--scope", "organisation:nobody"])["reason"], "other_organisation");
    folder.run(&[&OF[..], &["--measure", "paid_work", "--trajectory", &trajectory(9)]].concat()).failed(1, "the log holds no trajectory");
}

#[test]
fn people_read_a_table_and_programs_a_row_an_event() {
    let folder = Folder::with(&history(6));
    let table = folder.run(&[&OF[..], &["--measure", "sustainable_work"]].concat()).done();
    for words in
        ["all.sustainable_work = 3", "aan alle vier de voorwaarden voldaan", &trajectory(1), "2025-01-07 paid_work_started (positie"]
    {
        assert!(table.text().contains(words), "{words} in {}", table.text());
    }
    let rows = folder.run(&[&OF[..], &["--measure", "running", "--format", "csv"]].concat()).done();
    let mut rows = csv::Reader::from_reader(rows.text().as_bytes()).into_records().map(|row| row.expect("a row")).collect::<Vec<_>>();
    rows.sort_by(|a, b| a.as_slice().cmp(b.as_slice()));
    assert_eq!((rows.len(), &rows[0][2], &rows[0][8], &rows[0][10]), (6, "all.running", "runs", "intake"));
}

#[test]
fn what_is_no_number_is_exit_2() {
    let folder = Folder::with(&history(1));
    let with = |more: &[&str]| folder.run(&[&OF[..], more].concat());
    with(&[]).failed(2, "--cell");
    with(&["--cell", "all"]).failed(2, "expected the path of a number");
    with(&["--measure", "happiness"]).failed(2, "there is no such measure");
    with(&["--measure", "running", "--method", "nothing"]).failed(2, "expected one of ips");
    with(&["--cell", "all.running", "--measure", "running"]).failed(2, "cannot be used with");
    with(&["--cell", "all.running", "--as-of", "99"]).failed(2, "lies beyond the end");
    with(&["--cell", "by_method.isp.running"]).failed(2, "there is no method 'isp', but ips, wabz");
    with(&["--cell", "by_methode.ips.running"]).failed(2, "there is no breakdown 'by_methode'; cells are all, by_method.METHOD");
    with(&["--cell", "all.running", "--scope", "region:AM99"]).failed(2, "there is no labour-market region 'AM99'");
    with(&["--cell", "all.running", "--reason", "runz"]).failed(2, "there is no reason 'runz', but runs, ");
}

#[test]
fn an_organisation_that_is_not_there_has_zeros_and_those_that_are_there_are_named_beside_them() {
    let folder = Folder::with(&history(6));
    for more in [
        &["--cell", "all.running", "--scope", "organisation:orgg-1"],
        &["--cell", "by_method_organisation.ips.orgg-1.running", "--scope", "national"],
    ] {
        let run = folder.run(&[&OF[..], more, &["--format", "json"]].concat());
        assert_eq!((run.code, &run.json()["value"]), (0, &json!(0)), "{run:?}");
        assert!(run.err.contains("nothing of an organisation 'orgg-1', but of org-0, org-1"), "{}", run.err);
    }
}

#[test]
fn its_help_names_every_cell_and_every_reason() {
    let help = Folder::new().run(&["lineage", "--help"]).done();
    for words in [
        "by_method_organisation.METHOD.SLUG",
        "by_method_region.METHOD.CODE",
        "VARIANT: epa, cmd, other, none",
        "paid_job_active ",
        "hours_per_week_fails ",
    ] {
        assert!(help.text().contains(words), "{words} in {}", help.text());
    }
}

#[test]
fn numbers_of_a_log_of_every_kind_are_the_sum_of_who_is_behind_them() {
    let folder = Folder::new();
    let lines = folder.beside("log.jsonl");
    let lines = lines.to_str().expect("UTF-8");
    folder.run(&["generate", "--trajectories", "800", "--seed", "9", "--out", lines]).done();
    folder.run(&["import", lines]).done();
    let figures = folder.figures(&[]);
    for cell in ["all.paid_work", "by_method.ips.sustainable_work", "by_method_funding.ips.municipality.running", "all.unpaid_sum"] {
        let lineage = told(&folder, &["--cell", cell]);
        let value = cell.split('.').fold(&figures["figures"], |tree, part| &tree[part]);
        let those = lineage["trajectories"].as_array().expect("a list");
        let sum: u64 = those.iter().map(|one| one["adds"].as_u64().expect("a number")).sum();
        assert_eq!((Some(sum), &lineage["value"]), (value.as_u64(), value), "{cell}");
        assert!(sum > 0, "{cell}: nobody, which proves nothing");
        let ids: BTreeSet<_> = those.iter().map(|one| one["trajectory_id"].to_string()).collect();
        assert_eq!(ids.len(), those.len(), "{cell}: each once");
    }
}
