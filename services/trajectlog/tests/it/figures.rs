//! `figures`: scopes, states of the log, what is provisional, what was published.

use serde_json::json;

use crate::{
    lines::{history, intake, text},
    support::Folder,
};

#[test]
fn the_whole_country_a_region_an_organisation_and_both() {
    let folder = Folder::with(&history(6));
    let of = |scope: &str| folder.running(&["--scope", scope]);
    assert_eq!(folder.running(&[]), 6);
    assert_eq!((of("national"), of("region:AM18"), of("region:AM05")), (6, 6, 0));
    assert_eq!((of("organisation:org-1"), of("organisation:org-1,region:AM18"), of("region:AM05,organisation:org-1")), (2, 2, 0));
    assert_eq!(
        folder.figures(&["--scope", "organisation:org-1,region:AM18"])["scope"],
        json!({"level": "region+organisation", "region": "AM18", "organisation": "org-1"})
    );
}

#[test]
fn an_organisation_that_nobody_knows_has_zeros_and_a_warning() {
    let folder = Folder::with(&history(6));
    let warned = |scope: &str| {
        let run = folder.run(&["figures", "--quarter", "2025Q1", "--scope", scope]);
        assert_eq!(run.code, 0, "{}", run.err);
        run.err.contains("the log holds no trajectory of nobody up to this quarter")
    };
    assert!(warned("organisation:nobody") && warned("organisation:nobody,region:AM18"));
    assert!(!warned("organisation:org-1,region:AM05") && !warned("region:AM05"), "it is known, or none was named");
    let figures = folder.run(&["figures", "--quarter", "2025Q1", "--scope", "organisation:nobody", "--format", "json"]).json();
    assert!(figures["figures"]["all"].as_object().expect("an object").values().all(|value| *value == 0 || *value == json!({})));
    assert_eq!(figures["as_of"]["position"], 33);
}

#[test]
fn what_is_no_scope_is_exit_2() {
    let folder = Folder::with(&history(1));
    let with = |scope| folder.run(&["figures", "--quarter", "2025Q1", "--scope", scope]);
    with("region:AM99").failed(2, "there is no labour-market region 'AM99'");
    with("region:AM18,region:AM18").failed(2, "named twice");
    with("organisation:a,organisation:b").failed(2, "named twice");
    with("everything").failed(2, "is no scope");
    with("").failed(2, "is no scope");
}

#[test]
fn what_was_not_published_is_exit_1_with_a_sentence() {
    let folder = Folder::with(&history(1));
    folder.run(&["figures", "--quarter", "2025Q1", "--against", "published"]).failed(1, "nothing was published");
    folder.run(&["figures", "--quarter", "2025Q1", "--disclosure", "public"]).failed(1, "nothing was published");
    let plain = folder.run(&["figures", "--quarter", "2025Q1"]).done();
    let explicit = folder.run(&["figures", "--quarter", "2025Q1", "--against", "log", "--disclosure", "internal"]).done();
    assert_eq!(plain.text(), explicit.text());
}

#[test]
fn figures_of_a_position_are_those_that_the_log_held_then() {
    let folder = Folder::with(&history(2));
    let at = |position: &str| {
        let figures = folder.figures(&["--as-of", position]);
        let all = &figures["figures"]["all"];
        (
            figures["as_of"]["position"].as_u64().expect("a number"),
            all["running"].as_u64().expect("a number"),
            all["paid_work"].as_u64().expect("a number"),
        )
    };
    assert_eq!(at("0"), (0, 0, 0));
    assert_eq!(at("1"), (1, 1, 0));
    assert_eq!(at("2"), (2, 1, 1));
    assert_eq!(at("3"), (2, 1, 1));
    assert_eq!(at("4"), (4, 1, 1));
    assert_eq!(at("7"), (7, 2, 2));
    assert_eq!(at("11"), (11, 2, 1));
    let then = folder.run(&["figures", "--quarter", "2025Q1", "--format", "json", "--as-of", "7"]).done();
    folder.import(&text(&[intake(9, "2025-01-06")])).done();
    let later = folder.run(&["figures", "--quarter", "2025Q1", "--format", "json", "--as-of", "7"]).done();
    assert_eq!(then.text(), later.text());
}

#[test]
fn figures_of_a_moment_say_which_event_was_the_last() {
    let folder = Folder::with(&history(2));
    let figures = folder.figures(&["--as-of", "2025-02-10T00:00:01.500000Z"]);
    assert_eq!(figures["as_of"], json!({"position": 2, "recorded_at": "2025-02-10T00:00:01.000001Z"}));
    let before = folder.figures(&["--as-of", "2020-01-01T00:00:00Z"]);
    assert_eq!(before["as_of"], json!({"position": 0, "recorded_at": null}));
    assert_eq!(before["figures"]["all"]["running"], 0);
}

#[test]
fn a_quarter_that_has_not_ended_at_the_moment_asked_for_is_provisional() {
    let folder = Folder::with(&history(2));
    let provisional = |arguments: &[&str]| folder.figures(arguments)["provisional"].as_bool().expect("true or false");
    assert!(!provisional(&[]), "2025Q1 has ended");
    assert!(provisional(&["--as-of", "2025-03-31T21:59:59.999999Z"]));
    assert!(!provisional(&["--as-of", "2025-03-31T22:00:00Z"]));
    assert!(provisional(&["--as-of", "11"]), "its last event is of February");
    assert!(provisional(&["--as-of", "0"]));
    let far = folder.run(&["figures", "--quarter", "9999Q4", "--format", "json"]).done();
    assert_eq!(far.json()["provisional"], true);
}

#[test]
fn tables_add_two_breakdowns() {
    let folder = Folder::with(&history(6));
    let with = folder.figures(&["--tables"]);
    assert_eq!(with["figures"]["by_method_organisation"]["ips"]["org-1"]["running"], 2);
    assert_eq!(with["figures"]["by_method_region"]["ips"]["AM18"]["running"], 6);
    assert_eq!(folder.figures(&[])["figures"].get("by_method_organisation"), None);
}

#[test]
fn the_earliest_and_the_latest_quarter_have_answers() {
    let folder = Folder::with(&history(1));
    for quarter in ["0001Q1", "9999Q4"] {
        let run = folder.run(&["figures", "--quarter", quarter, "--format", "json"]).done();
        assert_eq!(run.json()["quarter"], quarter);
    }
}

#[test]
fn a_day_in_february_that_was_corrected_counts_as_corrected() {
    let folder = Folder::with(&history(2));
    let all = |figures: &serde_json::Value, name: &str| figures["figures"]["all"][name].as_u64();
    let figures = folder.figures(&[]);
    assert_eq!(
        (all(&figures, "paid_work"), all(&figures, "ever_paid_work"), all(&figures, "paid_work_stopped")),
        (Some(1), Some(2), Some(1))
    );
    assert_eq!(figures["percentages"]["all"]["paid_work"], "50.0");
}
