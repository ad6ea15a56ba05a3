//! The national log.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use proto_events::{EventType, Payload, json::EventLine};
use serde_json::Value;

use crate::count::{Cells, cells};

const PUBLISHED: &str = include_str!("../../data/published-2025Q1.json");
const QUARTER: (&str, &str) = ("2025-01-01", "2025-03-31");
const BEFORE: (&str, &str) = ("2024-10-01", "2024-12-31");
const YEAR_EARLIER: (&str, &str) = ("2024-01-01", "2024-03-31");

fn log(seed: u64) -> Vec<EventLine> {
    synthetic::published(seed).unwrap()
}

fn json() -> Value {
    serde_json::from_str(PUBLISHED).unwrap()
}

fn cell(cells: &Cells, path: &str) -> usize {
    cells.get(path).copied().unwrap_or_default()
}

/// Every number of a state, by path; how many were compared.
fn compare(state: &Value, counted: &Cells) -> usize {
    fn walk(path: &str, node: &Value, counted: &Cells, many: &mut usize, wrong: &mut Vec<String>) {
        for (name, value) in node.as_object().unwrap() {
            let path = if path.is_empty() { name.clone() } else { format!("{path}.{name}") };
            if value.is_object() {
                walk(&path, value, counted, many, wrong);
            } else {
                *many += 1;
                let found = cell(counted, &path);
                if value.as_u64() != u64::try_from(found).ok() {
                    wrong.push(format!("{path}: published {value}, counted {found}"));
                }
            }
        }
    }
    let (mut many, mut wrong) = (0, Vec::new());
    for table in ["all", "by_method", "by_method_funding", "by_method_variant"] {
        if let Some(node) = state.get(table) {
            walk(table, node, counted, &mut many, &mut wrong);
        }
    }
    if let Some(node) = state.get("scheme_started_year_to_date") {
        walk("all.scheme_started_year_to_date", node, counted, &mut many, &mut wrong);
    }
    for (name, value) in state.get("werkfit_and_naar_werk").and_then(Value::as_object).into_iter().flatten() {
        many += 1;
        let found = cell(counted, &format!("by_method.werkfit.{name}")) + cell(counted, &format!("by_method.naar_werk.{name}"));
        if value.as_u64() != u64::try_from(found).ok() {
            wrong.push(format!("werkfit and naar_werk {name}: published {value}, counted {found}"));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    many
}

#[test]
fn every_published_number_comes_out_as_of_its_own_moment() {
    for seed in [1, 7, 2025] {
        let (log, json) = (log(seed), json());
        let now = cells(&log, "2025-05-15T12:00:00Z", QUARTER.0, QUARTER.1);
        let before = cells(&log, "2025-02-15T12:00:00Z", BEFORE.0, BEFORE.1);
        let year_earlier = cells(&log, "2024-05-15T12:00:00Z", YEAR_EARLIER.0, YEAR_EARLIER.1);
        let known_later = cells(&log, "2025-05-15T12:00:00Z", BEFORE.0, BEFORE.1);
        let mut many = compare(&json, &now);
        many += compare(&json["vintages"]["2024Q4"], &before);
        many += compare(&json["vintages"]["2024Q1"], &year_earlier);
        many += compare(&json["as_known_at_2025Q1"]["2024Q4"], &known_later);
        assert!(many > 120, "only {many} numbers compared");

        for (path, value) in [
            ("by_method.jobcoaching.paid_work", 122),
            ("by_method.naar_werk.paid_work", 4),
            ("by_method.naar_werk.sustainable_work", 4),
            ("by_method.werkfit.paid_work", 2),
            ("by_method.werkfit.outflow_paid_work_earlier", 0),
            ("by_method.naar_werk.outflow_paid_work_earlier", 0),
            ("by_method.jobcoaching.outflow_paid_work_earlier", 0),
        ] {
            assert_eq!(cell(&now, path), value, "{path}");
        }
        for direction in ["rises", "falls", "about_equal"] {
            for said in json["said_in_words"][direction].as_array().unwrap() {
                let (what, then) = (said[0].as_str().unwrap(), if said[1] == "2024Q4" { &before } else { &year_earlier });
                let (what, share) = what.split_once(" (").map_or((what, false), |(what, _)| (what, true));
                let table = if what.split('.').count() == 3 { "by_method_funding" } else { "by_method" };
                let path = format!("{table}.{what}");
                let of = if what.contains("first_job") { "by_method.ips.paid_work" } else { "by_method.ips.running" };
                // Shares are compared crosswise, so that nothing is divided.
                let (a, b) = if share {
                    (cell(&now, &path) * cell(then, of), cell(then, &path) * cell(&now, of))
                } else {
                    (cell(&now, &path), cell(then, &path))
                };
                let fine = match direction {
                    "rises" => a > b,
                    "falls" => a < b,
                    _ => a.abs_diff(b) * 50 <= a.max(b),
                };
                assert!(fine, "{what} {direction}: {b} -> {a}");
            }
        }
    }
}

#[test]
fn the_same_seed_gives_the_same_log_and_another_seed_another() {
    let (one, again, other) = (log(3), log(3), log(4));
    assert!(one == again, "the same seed gave another log");
    assert_ne!(one[0].event_id, other[0].event_id);
    assert!(one != other);
}

#[test]
fn the_log_is_in_the_order_of_its_recording_and_ids_are_unique() {
    let log = log(5);
    assert!(log.is_sorted_by_key(|line| line.recorded_at.unwrap()));
    assert!(log.last().unwrap().recorded_at.unwrap().to_string().as_str() < "2025-06-01");
    assert!(log.iter().all(|line| line.actor.is_some()));
    let ids: BTreeSet<_> = log.iter().map(|line| line.event_id).collect();
    assert_eq!(ids.len(), log.len());
    assert!(log.iter().all(|line| line.event_id.0.get_version_num() == 4 && line.trajectory_id.0.get_version_num() == 4));
}

#[test]
fn the_story_of_the_two_publications_is_in_the_log() {
    let log = log(6);
    let moment = |text: &str| text.parse().unwrap();
    let between = |line: &&EventLine| {
        let at = line.recorded_at.unwrap();
        at > moment("2025-02-15T12:00:00Z") && at <= moment("2025-05-15T12:00:00Z")
    };
    let by_id: HashMap<_, _> = log.iter().map(|line| (line.event_id, line)).collect();
    let of_2024 = |line: &EventLine| line.occurred_on.to_string().as_str() < "2025-01-01";
    let retracted = log.iter().filter(between).filter(|line| {
        let Payload::Retraction(retraction) = &line.payload else {
            return false;
        };
        let wrong = by_id[&retraction.event_id];
        wrong.payload.event_type() == EventType::Outflow && of_2024(wrong)
    });
    assert_eq!(retracted.count(), 44);
    let brought = log
        .iter()
        .filter(between)
        .filter(|line| line.payload.event_type() == EventType::Intake && line.corrects.is_none() && of_2024(line));
    assert_eq!(brought.count(), 75);
}

#[test]
fn all_organisations_regions_methods_and_event_types_occur() {
    let log = log(8);
    let organisations: BTreeSet<_> = log.iter().map(|line| line.organisation.as_str()).collect();
    assert_eq!(organisations.len(), 41);
    let mut regions = BTreeSet::new();
    let mut types: BTreeMap<EventType, usize> = BTreeMap::new();
    for line in &log {
        *types.entry(line.payload.event_type()).or_default() += 1;
        if let Payload::Intake(intake) = &line.payload {
            regions.insert(intake.region.clone());
        }
    }
    assert_eq!(regions.len(), 35);
    assert!(EventType::ALL.iter().all(|kind| types.get(kind).is_some_and(|many| *many > 100)), "{types:?}");
    let trajectories: BTreeSet<_> = log.iter().map(|line| line.trajectory_id).collect();
    assert!((9_000..14_000).contains(&trajectories.len()), "{}", trajectories.len());
    assert!((10..16).contains(&(log.len() / trajectories.len())), "{}", log.len());
}

#[test]
fn every_quarter_since_2022_is_populated_and_the_course_is_gradual() {
    let log = log(9);
    let mut last = None;
    for year in 2022..=2025 {
        for (qs, qe) in [("01-01", "03-31"), ("04-01", "06-30"), ("07-01", "09-30"), ("10-01", "12-31")] {
            if year == 2025 && qs != "01-01" {
                break;
            }
            let counted = cells(&log, "2025-05-15T12:00:00Z", &format!("{year}-{qs}"), &format!("{year}-{qe}"));
            let running = cell(&counted, "all.running");
            assert!(running > 1_500, "{year}-{qs}: {running}");
            if let Some(last) = last {
                let last: usize = last;
                assert!(running.abs_diff(last) * 100 <= last * 20, "{year}-{qs}: {last} -> {running}");
            }
            last = Some(running);
        }
    }
}

#[test]
fn what_is_running_follows_from_what_ran_started_and_ended_for_each_method() {
    let log = log(10);
    let as_of = "2025-05-15T12:00:00Z";
    let before = cells(&log, as_of, BEFORE.0, BEFORE.1);
    let now = cells(&log, as_of, QUARTER.0, QUARTER.1);
    for method in ["ips", "wabz", "jobcoaching", "werkfit", "naar_werk", "other"] {
        let of = |cells: &Cells, measure: &str| cell(cells, &format!("by_method.{method}.{measure}"));
        assert_eq!(of(&now, "running") + of(&before, "ended"), of(&before, "running") + of(&now, "started"), "{method}");
    }
}
