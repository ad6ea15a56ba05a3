//! `publish`, `vintages`, and what `figures` tells of them: on the log of the demo, whose vintages differ by what was told late and taken back.

use serde_json::{Value, json};

use crate::{lines::history, served::Served, support::Folder};

const FEBRUARY: &str = "2025-02-15T12:00:00Z";
const MAY: &str = "2025-05-15T12:00:00Z";

#[test]
fn a_quarter_is_published_once_and_read_by_everybody() {
    let folder = Folder::with(&history(6));
    folder.run(&["vintages", "--quarter", "2025Q1"]).failed(1, "nothing was published of 2025Q1");
    let first = folder.run(&["publish", "--quarter", "2025Q1", "--status", "definitive"]).done().json();
    assert_eq!((&first["number"], &first["status"]), (&json!(1), &json!("definitive")));
    folder.run(&["publish", "--quarter", "2025Q1"]).failed(1, "2025Q1 is definitive");
    folder.run(&["publish", "--quarter", "2025Q1", "--reopen", "an error", "--agreed-by", "local"]).failed(1, "somebody else");
    let again = folder.run(&["publish", "--quarter", "2025Q1", "--reopen", "an error", "--agreed-by", "bert"]).done().json();
    assert_eq!((&again["number"], &again["status"]), (&json!(3), &json!("revised")));
    let told = folder.run(&["vintages", "--quarter", "2025Q1", "--format", "json"]).done().json();
    let reopening = &told["reopenings"][0];
    assert_eq!((&reopening["number"], &reopening["reason"], &reopening["agreed_by"]), (&json!(2), &json!("an error"), &json!("bert")));
    let shown = folder.run(&["vintages", "--quarter", "2025Q1"]).done();
    for words in ["definitief", "herzien", "Heropend door", "an error", "bert"] {
        assert!(shown.text().contains(words), "{words} in {}", shown.text());
    }
    let public =
        folder.run(&["figures", "--quarter", "2025Q1", "--disclosure", "public", "--scope", "organisation:org-1", "--format", "json"]);
    let public = public.done().json();
    assert_eq!(public["figures"]["all"]["running"], Value::Null);
    assert!(public["suppressed"].as_array().unwrap().contains(&json!("all.running")));
    folder
        .run(&["figures", "--quarter", "2025Q1", "--disclosure", "public", "--scope", "organisation:org-1,region:AM18"])
        .failed(1, "nothing was published of an organisation within a region");
    folder.run(&["figures", "--quarter", "2025Q1", "--disclosure", "public", "--as-of", "2024-01-01T00:00:00Z"]).failed(1, "at or before");
}

#[test]
fn one_state_of_the_log_is_one_vintage_until_its_status_changes() {
    let folder = Folder::with(&history(6));
    let publish = |more: &[&str]| folder.run(&[&["publish", "--quarter", "2025Q1"], more].concat());
    assert_eq!(publish(&[]).done().json()["status"], "provisional");
    for more in [&[][..], &["--status", "provisional"]] {
        let again = publish(more).done().json();
        assert_eq!((&again["number"], &again["already_published"]), (&json!(1), &json!(true)), "nothing changed");
    }
    // Vintages are told apart by their moment: of an earlier one that held the same, one is made where it is asked for.
    assert_eq!(publish(&["--as-of", "2025-12-01T12:00:00Z"]).done().json()["number"], 2);
    let then = ["figures", "--quarter", "2025Q1", "--disclosure", "public", "--as-of", "2026-01-01T00:00:00Z"];
    folder.run(&then).done();
    assert_eq!(publish(&["--status", "definitive"]).done().json()["number"], 3);
    publish(&[]).failed(1, "2025Q1 is definitive");
    let vintages = folder.run(&["vintages", "--quarter", "2025Q1", "--format", "json"]).done().json();
    assert_eq!((vintages["vintages"].as_array().map(Vec::len), &vintages["reopenings"]), (Some(3), &json!([])));
}

#[test]
fn where_there_is_no_log_nothing_is_read_of_what_was_published() {
    let folder = Folder::new();
    for more in [
        &["vintages", "--quarter", "2025Q1"][..],
        &["figures", "--quarter", "2025Q1", "--disclosure", "public"],
        &["report", "--quarter", "2025Q1", "--published", "--out", "never.html"],
    ] {
        folder.run(more).failed(3, "");
    }
}

#[test]
fn what_is_fixed_for_ever_is_of_days_that_were_and_hides_who_is_one_of_few() {
    let folder = Folder::with(&history(6));
    let publish = |quarter: &str, more: &[&str]| folder.run(&[&["publish", "--quarter", quarter], more].concat());
    publish("9999Q4", &[]).failed(2, "had not begun");
    publish("2025Q1", &["--as-of", "2025-03-31T12:00:00Z", "--status", "definitive"]).failed(2, "had not ended");
    publish("2025Q1", &["--as-of", "0"]).failed(2, "position 0 is the empty log");
    let ours = folder.run(&["definitions"]).text().replace("threshold = 5", "threshold = 2").replace("werkmonitor-2025.1", "ours");
    let ours = folder.file("ours.toml", &ours);
    publish("2025Q1", &["--definitions", &ours]).failed(2, "numbers of one or two people");
    folder.run(&["vintages", "--quarter", "2025Q1"]).failed(1, "nothing was published");
}

#[test]
fn a_service_answers_from_what_was_published_also_beside_it() {
    let folder = Folder::with(&history(6));
    let served = Served::on(&folder, &[]);
    let ask = |more: &str| served.get(&format!("/api/v1/figures/2025Q1?disclosure=public{more}")).unwrap();
    assert_eq!(ask("").status, 404);
    folder.run(&["publish", "--quarter", "2025Q1"]).done();
    let (answer, said) = (ask("&scope=organisation:org-1"), ["figures", "--quarter", "2025Q1", "--disclosure", "public"]);
    assert_eq!(answer.status, 200);
    let said = folder.run(&[&said[..], &["--scope", "organisation:org-1", "--format", "json"]].concat()).done().json();
    assert_eq!(answer.json(), said);
    assert_eq!(ask("&asOf=2024-01-01T00:00:00Z").status, 404);
    assert_eq!(ask("&asOf=1").status, 400);
}

#[test]
fn the_demo_publishes_its_vintages_and_what_changed_comes_out_by_itself() {
    let folder = Folder::new();
    assert_eq!(folder.run(&["demo", "--no-serve"]).code, 0);
    let vintages = folder.run(&["vintages", "--quarter", "2024Q4", "--explain", "--format", "json"]).done().json();
    assert_eq!(vintages["vintages"].as_array().unwrap().len(), 2);
    let cells = vintages["differences"][0]["cells"].as_array().unwrap().clone();
    let cell = |path: &str| cells.iter().find(|cell| cell["cell"] == path).unwrap_or_else(|| panic!("{path}"));
    let running = &cell("all.running")["causes"];
    assert_eq!(running.as_object().unwrap().keys().collect::<Vec<_>>(), ["late_registration"]);
    assert_eq!(running["late_registration"]["difference"], 75);
    assert_eq!(running["late_registration"]["trajectories"].as_array().unwrap().len(), 75);
    let ended = &cell("by_method.ips.ended")["causes"]["correction"];
    assert_eq!(ended["difference"], -44);
    let trajectories = ended["trajectories"].as_array().unwrap();
    assert_eq!(trajectories.len(), 44);
    assert!(
        trajectories.iter().all(|trajectory| !trajectory["removed"].as_array().unwrap().is_empty()),
        "the retracted outflows are named"
    );
    for cell in &cells {
        let causes = cell["causes"].as_object().unwrap().values();
        let explained: i64 = causes.map(|cause| cause["difference"].as_i64().unwrap()).sum();
        let organisations = cell["cell"].as_str().unwrap().ends_with(".organisations");
        assert!(organisations || explained == cell["now"].as_i64().unwrap() - cell["then"].as_i64().unwrap(), "{cell}");
    }

    let change = |more: &[&str]| {
        let asked = [&["figures", "--quarter", "2025Q1", "--against", "published", "--format", "json"], more].concat();
        let changes = folder.run(&asked).done().json()["changes"].clone();
        ["previous_quarter", "year_earlier"].map(|to| changes[to]["all"]["running"]["absolute"].clone())
    };
    assert_eq!(change(&["--as-of", MAY]), [json!(104), json!(-140)]);
    assert_eq!(change(&[]), [json!(104), json!(-140)]);
    let again = folder.run(&["publish", "--quarter", "2024Q4", "--as-of", FEBRUARY]).json();
    assert_eq!((&again["already_published"], &again["number"]), (&json!(true), &json!(2)));
}
