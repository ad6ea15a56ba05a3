//! Tables of one publication are protected together: nothing small is shown, every total has a second unknown, and what follows is left out too.

use std::collections::BTreeSet;

use domain::{Funding, Method, Region, Variant};
use figures::{
    AsOf, CellKey, Measure,
    disclosure::{Area, AreaTallies, Column, Earlier, Published, Set, Tables, protect},
};
use serde_json::Value;

use crate::life::{Asked, Life, Q, sustainable};

/// So many lives, spread over organisations, regions, methods and outcomes: small enough that most cells are.
fn many() -> Vec<Life> {
    let regions = ["AM01", "AM02", "AM05", "AM18"];
    // Mixed, so that no two choices go together.
    let number = |n: usize, salt: usize, of: usize| ((n * 31 + salt).wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 40) % of;
    (0..400)
        .map(|n| {
            let organisation = format!("org-{}", number(n, 1, 5));
            let start = ["2024-03-04", "2024-11-11", "2025-01-20"][number(n, 2, 3)];
            let life = Life::of_organisation(&organisation, start, |intake| {
                intake.region = Region::of_code(regions[number(n, 3, 4)]);
                intake.method = [Method::Ips, Method::Ips, Method::Ips, Method::Other][number(n, 4, 4)];
                intake.variant = [None, Some(Variant::Epa), Some(Variant::Cmd)][number(n, 5, 3)].filter(|_| intake.method == Method::Ips);
                intake.funding = [Funding::Municipality, Funding::Uwv, Funding::Other][number(n, 6, 3)];
            });
            let life = if number(n, 7, 3) == 0 { life.job(n as u128 + 1, "2025-02-03", sustainable()) } else { life };
            if number(n, 8, 9) == 0 { life.outflow("2025-03-10") } else { life }
        })
        .collect()
}

fn tables(lives: &[Life], quarter: &str) -> Tables {
    let (asked, mut tallies) = (Asked::of(quarter), AreaTallies::default());
    for trajectory in lives.iter().filter_map(Life::trajectory) {
        tallies.count(&trajectory, &asked.question());
    }
    tallies.tables()
}

fn is_hidden(protection: &figures::disclosure::Protection, area: &Area, key: &CellKey, measure: Measure) -> bool {
    protection.hidden.get(area).is_some_and(|hidden| hidden.contains(&(key.clone(), Column::Measure(measure))))
}

#[test]
fn below_the_country_no_count_from_one_to_four_is_shown() {
    let (tables, asked) = (tables(&many(), Q), Asked::of(Q));
    let protection = protect(asked.quarter, &tables, &asked.definitions, &[]);
    assert!(protection.unprotected.is_empty(), "{:?}", protection.unprotected.first());
    let mut small = 0;
    for (area, table) in tables.0.iter().filter(|(area, _)| **area != Area::National) {
        for (key, counts) in table {
            for measure in Measure::ALL.iter().filter(|measure| (1..5).contains(&counts.get(**measure))) {
                assert!(is_hidden(&protection, area, key, *measure), "{area:?} {key:?} {measure:?}");
                small += 1;
            }
        }
    }
    assert!(small > 100, "the lives are spread thin enough: {small}");
}

#[test]
fn no_total_over_organisations_or_regions_has_a_single_unknown() {
    let (tables, asked) = (tables(&many(), Q), Asked::of(Q));
    let protection = protect(asked.quarter, &tables, &asked.definitions, &[]);
    let keys: BTreeSet<&CellKey> = tables.0.values().flat_map(|table| table.keys()).collect();
    for key in keys {
        for measure in Measure::ALL.iter().filter(|measure| **measure != Measure::Organisations) {
            for organisations in [true, false] {
                let of_kind = |area: &&Area| matches!(area, Area::Organisation(_)) == organisations && **area != Area::National;
                let unknown = tables.0.keys().filter(of_kind).filter(|area| is_hidden(&protection, area, key, *measure)).count();
                let country = usize::from(is_hidden(&protection, &Area::National, key, *measure));
                assert_ne!(unknown + country, 1, "{key:?} {measure:?}");
            }
        }
    }
}

#[test]
fn a_threshold_of_one_suppresses_nothing() {
    let (tables, asked) = (tables(&many(), Q), Asked::of(Q).definitions("name = \"open\"\n[disclosure]\nthreshold = 1\n"));
    assert!(protect(asked.quarter, &tables, &asked.definitions, &[]).hidden.is_empty());
}

#[test]
fn what_an_earlier_vintage_suppressed_stays_suppressed() {
    let (lives, asked) = (many(), Asked::of(Q));
    // All trajectories of one organisation, and all of one method, are taken back; others are told late.
    let gone = (0..2).map(|_| Life::of_organisation("org-9", "2025-01-20", |intake| intake.method = Method::Wabz));
    let first = tables(&lives[..390].iter().cloned().chain(gone).collect::<Vec<_>>(), Q);
    let then = protect(asked.quarter, &first, &asked.definitions, &[]);
    assert!(is_hidden(&then, &Area::Organisation("org-9".into()), &CellKey::All, Measure::Running));
    let second = tables(&lives, Q);
    let earlier = Earlier { quarter: asked.quarter, tables: &first, hidden: &then.hidden };
    let now = protect(asked.quarter, &second, &asked.definitions, &[earlier]);
    assert!(now.unprotected.is_empty());
    for (area, hidden) in &then.hidden {
        for (key, column) in hidden {
            assert!(now.hidden[area].contains(&(key.clone(), column.clone())), "{area:?} {key:?} {column:?}");
        }
    }
}

#[test]
fn percentages_shares_and_changes_of_what_is_suppressed_are_left_out() {
    let (lives, asked) = (many(), Asked::of(Q));
    let (now, then) = (tables(&lives, Q), tables(&lives, "2024Q4"));
    let earlier = protect(asked.quarter.previous(), &then, &asked.definitions, &[]);
    let before = Earlier { quarter: asked.quarter.previous(), tables: &then, hidden: &earlier.hidden };
    let protection = protect(asked.quarter, &now, &asked.definitions, &[before]);
    let area = Area::Organisation("org-1".into());
    let published = Published {
        quarter: asked.quarter,
        area: &area,
        set: Set { tables: &now, hidden: &protection.hidden, definitions: &asked.definitions },
        definitions: &asked.definitions,
        previous_quarter: Some(Set { tables: &then, hidden: &earlier.hidden, definitions: &asked.definitions }),
        year_earlier: None,
    };
    let as_of = AsOf { position: 1, recorded_at: None, provisional: false };
    let answer = published.to_json(false, &as_of);
    let paths: Vec<&str> = answer["suppressed"].as_array().unwrap().iter().filter_map(Value::as_str).collect();
    assert!(paths.iter().any(|path| path.starts_with("by_method.")), "{paths:?}");
    for path in paths {
        let at = |tree: &Value| path.split('.').fold(tree.clone(), |node, name| node[name].clone());
        assert_eq!(at(&answer["figures"]), Value::Null, "{path}");
        assert_eq!(at(&answer["percentages"]), Value::Null, "{path}");
        let change = at(&answer["changes"]["previous_quarter"]);
        assert!([&change["absolute"], &change["relative"], &change["points"]].iter().all(|value| value.is_null()), "{path}: {change}");
        if path.ends_with(".running") {
            let cell = path.trim_end_matches(".running").split('.').fold(answer["shares"].clone(), |node, name| node[name].clone());
            assert!(!cell.is_string(), "{path}");
        }
    }
    assert_eq!(answer["changes"]["year_earlier"], serde_json::json!({}));
}
