//! The answer's form: paths, every measure in every cell, percentages where there are any, and the rows that say the same.

use domain::{Funding, Method, Variant};
use figures::{AsOf, Figures, Measure};
use serde_json::{Value, json};

use crate::life::{Asked, Life, Q, unknown, variant};

fn lives() -> Vec<Life> {
    vec![
        Life::with("2024-06-01", variant(Variant::Epa)).job(1, "2024-07-01", unknown()),
        Life::with("2024-06-01", |intake| intake.funding = Funding::Uwv),
        Life::of_organisation("org-2", "2025-01-10", |intake| {
            intake.method = Method::Wabz;
            intake.scheme = Some("rsw".into());
        }),
    ]
}

fn as_of() -> AsOf {
    AsOf { position: 7, recorded_at: Some("2025-04-21T08:00:00.000000Z".into()), provisional: true }
}

fn answer(asked: &Asked, lives: &[Life]) -> Value {
    Figures::of(&asked.tallies(lives)).to_json(&asked.question(), &as_of())
}

#[test]
fn the_answer_says_what_it_is_about() {
    let answer = answer(&Asked::of(Q), &lives());
    assert_eq!(answer["quarter"], "2025Q1");
    assert_eq!(answer["scope"], json!({"level": "national"}));
    assert_eq!(answer["provisional"], true);
    assert_eq!(answer["as_of"], json!({"position": 7, "recorded_at": "2025-04-21T08:00:00.000000Z"}));
    assert_eq!(answer["definitions"], "werkmonitor-2025.1");
    let keys: Vec<&str> = answer.as_object().expect("an object").keys().map(String::as_str).collect();
    assert_eq!(keys, ["quarter", "scope", "provisional", "as_of", "definitions", "figures", "percentages", "shares", "changes"]);
}

#[test]
fn a_scope_has_the_members_of_its_level() {
    let scope = |text| answer(&Asked::of(Q).scope(text), &[])["scope"].clone();
    assert_eq!(scope("region:AM18"), json!({"level": "region", "region": "AM18"}));
    assert_eq!(scope("organisation:x"), json!({"level": "organisation", "organisation": "x"}));
    assert_eq!(scope("organisation:x,region:AM18"), json!({"level": "region+organisation", "region": "AM18", "organisation": "x"}));
}

#[test]
fn every_measure_is_in_every_cell_zero_included() {
    let answer = answer(&Asked::of(Q).tables(), &lives());
    let cell = |path: &str| answer["figures"].pointer(path).unwrap_or_else(|| panic!("{path}")).as_object().expect("an object").clone();
    for path in [
        "/all",
        "/by_method/ips",
        "/by_method/wabz",
        "/by_method_funding/ips/municipality",
        "/by_method_funding/ips/uwv",
        "/by_method_funding/wabz/municipality",
        "/by_method_variant/ips/epa",
        "/by_method_variant/ips/none",
        "/by_method_organisation/ips/org-1",
        "/by_method_organisation/wabz/org-2",
        "/by_method_region/ips/AM18",
        "/by_method_region/wabz/AM18",
    ] {
        let cell = cell(path);
        assert_eq!(cell.len(), Measure::COUNT + 1, "{path}");
        assert!(Measure::ALL.iter().all(|measure| cell[measure.as_str()].is_u64()), "{path}");
        assert!(cell["scheme_started_year_to_date"].is_object(), "{path}");
    }
    assert_eq!(cell("/all")["scheme_started_year_to_date"], json!({"rsw": 1}));
    assert_eq!(cell("/by_method/ips")["scheme_started_year_to_date"], json!({}));
}

#[test]
fn nothing_has_zeros_and_neither_percentages_nor_shares() {
    let answer = answer(&Asked::of(Q), &[]);
    let all = answer["figures"]["all"].as_object().expect("an object");
    assert!(Measure::ALL.iter().all(|measure| all[measure.as_str()] == 0));
    assert_eq!(answer["percentages"]["all"], json!({}));
    assert_eq!(answer["shares"], json!({}));
    assert_eq!(answer["changes"]["previous_quarter"]["all"]["running"], json!({"absolute": 0, "points": null, "relative": null}));
}

#[test]
fn percentages_and_shares_are_texts_with_one_decimal() {
    let answer = answer(&Asked::of(Q), &lives());
    assert_eq!(answer["percentages"]["all"]["paid_work"], "33.3");
    assert_eq!(answer["percentages"]["by_method"]["ips"]["paid_work"], "50.0");
    assert_eq!(answer["percentages"]["all"].get("running"), None);
    assert_eq!(answer["percentages"]["all"].get("ended"), Some(&json!("0.0")));
    assert_eq!(answer["percentages"]["all"].get("outflow_intended"), None);
    assert_eq!(answer["shares"]["by_method"], json!({"ips": "66.7", "wabz": "33.3"}));
    assert_eq!(answer["shares"]["by_method_funding"]["ips"], json!({"municipality": "50.0", "uwv": "50.0"}));
    assert_eq!(answer["shares"]["by_method_variant"]["ips"], json!({"epa": "100.0"}));
    assert_eq!(answer["shares"].get("all"), None);
}

#[test]
fn changes_stand_for_every_cell_and_measure_but_not_for_schemes() {
    let answer = answer(&Asked::of(Q), &lives());
    for then in ["previous_quarter", "year_earlier"] {
        for path in ["/all", "/by_method/wabz", "/by_method_funding/ips/uwv", "/by_method_variant/ips/none"] {
            let changes = answer["changes"][then].pointer(path).unwrap_or_else(|| panic!("{path}")).as_object().expect("an object");
            assert_eq!(changes.len(), Measure::COUNT, "{then}{path}");
        }
    }
    assert_eq!(answer["changes"]["previous_quarter"]["all"]["running"], json!({"absolute": 1, "points": null, "relative": "50.0"}));
    assert_eq!(answer["changes"]["previous_quarter"]["all"]["paid_work"], json!({"absolute": 0, "points": "-16.7", "relative": "0.0"}));
    assert_eq!(answer["changes"]["year_earlier"]["all"]["running"], json!({"absolute": 3, "points": null, "relative": null}));
}

#[test]
fn rows_say_the_same_as_the_answer() {
    let asked = Asked::of(Q).tables();
    let answer = answer(&asked, &lives());
    let rows = asked.figures(&lives()).rows(&asked.question());
    let mut told = 0;
    for row in &rows {
        let path: Vec<&str> =
            [&row.table, &row.method, &row.breakdown].into_iter().map(String::as_str).filter(|part| !part.is_empty()).collect();
        let at = |tree: &Value, measure: &str| tree.pointer(&format!("/{}/{measure}", path.join("/"))).cloned();
        if let Some(scheme) = row.measure.strip_prefix("scheme_started_year_to_date.") {
            assert_eq!(at(&answer["figures"], &format!("scheme_started_year_to_date/{scheme}")), Some(row.count.into()));
            continue;
        }
        told += 1;
        assert_eq!(at(&answer["figures"], &row.measure), Some(row.count.into()), "{row:?}");
        assert_eq!(at(&answer["percentages"], &row.measure), row.percentage.clone().map(Value::from), "{row:?}");
        let absolute = i64::try_from(row.count).expect("small") - i64::try_from(row.previous_quarter.expect("one")).expect("small");
        assert_eq!(at(&answer["changes"]["previous_quarter"], &row.measure).expect("one")["absolute"], absolute, "{row:?}");
    }
    assert_eq!(told, 12 * Measure::COUNT);
    assert_eq!(rows.iter().filter(|row| row.measure == "scheme_started_year_to_date.rsw").count(), 5);
}
