//! `completeness` and `declare`, and what `vintages` tells of declarations.

use serde_json::{Value, json};

use crate::{
    lines::{at, history, intake, text},
    support::Folder,
};

/// Three organisations with two trajectories each (`lines::history`), and one that delivered a year before and stopped.
fn folder() -> Folder {
    let mut stopped = at(intake(9, "2023-06-01"), "2024-02-01T12:00:00Z");
    stopped["organisation"] = "org-9".into();
    let mut outflow = crate::lines::line(9, 2, "outflow", "2024-02-15", json!({}));
    outflow["organisation"] = "org-9".into();
    let lines = format!("{}{}", text(&[stopped, at(outflow, "2024-03-01T12:00:00Z")]), history(6));
    Folder::with(&lines)
}

fn completeness(folder: &Folder, more: &[&str]) -> Value {
    folder.run(&[&["completeness", "--quarter", "2025Q1", "--format", "json"], more].concat()).done().json()
}

fn declare(folder: &Folder, organisation: &str, more: &[&str]) -> crate::support::Run {
    folder.run(&[&["declare", "--quarter", "2025Q1", "--organisation", organisation, "--by", "karim, manager"], more].concat())
}

fn state(folder: &Folder, organisation: &str) -> Value {
    let all = completeness(folder, &[])["declarations"].clone();
    all.as_array().unwrap().iter().find(|one| one["organisation"] == organisation && one["method"] == "ips").unwrap()["state"].clone()
}

#[test]
fn who_delivers_is_told_and_no_delivery_is_a_word() {
    let folder = folder();
    let told = completeness(&folder, &[]);
    let nine = told["deliveries"].as_array().unwrap().iter().find(|one| one["organisation"] == "org-9").unwrap();
    assert_eq!((&nine["first"], &nine["last"], &nine["in_quarter"]), (&json!("2023Q2"), &json!("2024Q1"), &json!("no delivery")));
    let year = &told["panel"]["year_earlier"]["methods"][1];
    assert_eq!((&year["method"], &year["organisations"]["stopped"]), (&json!("ips"), &json!(["org-9"])));
    let running = &year["measures"]["running"];
    assert_eq!([&running["then"], &running["now"], &running["panel_change"], &running["stopped"], &running["joined"]], [1, 6, 0, 1, 6]);
    let table = folder.run(&["completeness", "--quarter", "2025Q1"]).done().text().to_owned();
    assert!(table.contains("geen levering") && table.contains("gestopt met aanleveren: org-9"), "{table}");
    let csv = folder.run(&["completeness", "--quarter", "2025Q1", "--format", "csv"]).done().text().to_owned();
    assert!(csv.contains(",declarations,org-9,ips,,state,no delivery\n"), "{csv}");
    // Only one organisation, and none of the others.
    let one = completeness(&folder, &["--organisation", "org-1"]).to_string();
    assert!(one.contains("org-1") && !one.contains("org-9") && !one.contains("org-2"), "{one}");
    folder.run(&["completeness", "--quarter", "2025Q1", "--organisation", "nobody"]).failed(1, "no trajectory of nobody");
}

#[test]
fn a_manager_declares_a_quarter_once_and_again_after_something_was_recorded() {
    let folder = folder();
    assert_eq!(state(&folder, "org-1"), "not declared");
    let first = declare(&folder, "org-1", &[]).done().json();
    assert_eq!((&first["declared"][0]["method"], &first["declared"][0]["already_declared"]), (&json!("ips"), &json!(false)));
    let again = declare(&folder, "org-1", &[]).done().json();
    assert_eq!(
        (&again["declared"][0]["number"], &again["declared"][0]["already_declared"]),
        (&first["declared"][0]["number"], &json!(true))
    );
    assert_eq!(state(&folder, "org-1"), "declared");
    let csv = folder.run(&["completeness", "--quarter", "2025Q1", "--format", "csv"]).done().text().to_owned();
    assert!(csv.contains(",declarations,org-1,ips,,by,\"karim, manager\"\n"), "{csv}");

    // What is imported later is news, however long ago it had been recorded elsewhere.
    let elsewhere = at(crate::lines::contact(1, 31, "2025-03-29"), "2025-04-02T12:00:00Z");
    folder.import_with(&text(&[elsewhere]), &[]).done();
    assert_eq!(state(&folder, "org-1"), "declared, recorded since");
    assert_eq!(declare(&folder, "org-1", &[]).done().json()["declared"][0]["already_declared"], false);
    assert_eq!(state(&folder, "org-1"), "declared");

    let late = crate::lines::contact(1, 30, "2025-03-30");
    folder.import_with(&text(&[late]), &["--recorded", "now"]).done();
    assert_eq!(state(&folder, "org-1"), "declared, recorded since");
    assert_eq!(declare(&folder, "org-1", &[]).done().json()["declared"][0]["already_declared"], false);
    assert_eq!(state(&folder, "org-1"), "declared");
}

#[test]
fn only_a_closed_quarter_of_somebody_who_delivers_is_declared() {
    let folder = folder();
    folder.run(&["declare", "--quarter", "9999Q4", "--organisation", "org-1", "--by", "karim"]).failed(1, "has not ended");
    declare(&folder, "nobody", &[]).failed(1, "no trajectory of nobody");
    declare(&folder, "org-9", &[]).failed(1, "recorded nothing that happened in 2025Q1");
    declare(&folder, "org-9", &["--method", "wabz"]).failed(1, "org-9 never delivered wabz");
    declare(&folder, "org-9", &["--method", "ips"]).done();
    assert_eq!(state(&folder, "org-9"), "declared", "that there was nothing");
    folder.run(&["declare", "--quarter", "2025Q1", "--organisation", "org-1", "--by", " "]).failed(1, "a name of who does it");
}

#[test]
fn a_vintage_tells_what_had_been_declared_before_it() {
    let folder = folder();
    declare(&folder, "org-1", &[]).done();
    folder.run(&["publish", "--quarter", "2025Q1"]).done();
    declare(&folder, "org-2", &[]).done();
    let vintages = folder.run(&["vintages", "--quarter", "2025Q1", "--format", "json"]).done().json();
    let declared = vintages["vintages"][0]["declared_complete"].as_array().unwrap();
    assert_eq!(declared.len(), 1);
    assert_eq!((&declared[0]["organisation"], &declared[0]["by"]), (&json!("org-1"), &json!("karim, manager")));
    let table = folder.run(&["vintages", "--quarter", "2025Q1"]).done().text().to_owned();
    assert!(table.contains("compleet verklaard: org-1 (IPS)"), "{table}");
}
