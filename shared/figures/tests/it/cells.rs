//! Cells: attributes of the reference day, breakdowns, tables, scopes, schemes and organisations.

use domain::{Funding, Method, Region, Variant};
use figures::{CellKey, Figures};

use crate::life::{Asked, Life, Q, measure, unknown, variant};

fn region(code: &str) -> Region {
    let region = Region::of_code(code);
    assert_ne!(region, Region::Unlisted, "{code} is in the list");
    region
}

fn running(figures: &Figures, key: &CellKey) -> Option<u64> {
    figures.cell(key).map(|counts| counts.get(measure("running")))
}

fn schemes(asked: &Asked, lives: &[Life]) -> Vec<(String, u64)> {
    asked.all(lives).schemes.into_iter().map(|(scheme, count)| (scheme.to_string(), count)).collect()
}

/// Began on this day under scheme `a`.
fn under_scheme(start: &str) -> Life {
    Life::with(start, |intake| intake.scheme = Some("a".into()))
}

fn one(scheme: &str) -> Vec<(String, u64)> {
    vec![(scheme.to_owned(), 1)]
}

#[test]
fn funding_of_the_reference_day_decides_the_cell() {
    let paid = |on: &str| Life::starts("2024-06-01").changes(on, |c| c.funding = Some(Funding::Uwv));
    let cell = |life, funding| running(&Asked::of(Q).figures(&[life]), &CellKey::MethodFunding(Method::Ips, funding));
    assert_eq!(cell(paid("2025-03-31"), Funding::Uwv), Some(1));
    assert_eq!(cell(paid("2025-03-31"), Funding::Municipality), None);
    assert_eq!(cell(paid("2025-04-01"), Funding::Uwv), None);
    assert_eq!(cell(paid("2025-04-01"), Funding::Municipality), Some(1));
}

#[test]
fn the_reference_day_of_an_ended_trajectory_is_its_outflow_day() {
    let life = Life::starts("2024-06-01").changes("2025-02-20", |c| c.funding = Some(Funding::Uwv)).outflow("2025-02-20");
    let figures = Asked::of(Q).figures(&[life]);
    assert_eq!(running(&figures, &CellKey::MethodFunding(Method::Ips, Funding::Uwv)), Some(1));
}

#[test]
fn variant_of_the_reference_day_decides_the_cell_and_unknown_is_none() {
    let changed = |on: &str| Life::with("2024-06-01", variant(Variant::Epa)).changes(on, |c| c.variant = Some(Some(Variant::Cmd)));
    let cell = |life, variant| running(&Asked::of(Q).figures(&[life]), &CellKey::MethodVariant(Method::Ips, variant));
    assert_eq!(cell(changed("2025-03-31"), Some(Variant::Cmd)), Some(1));
    assert_eq!(cell(changed("2025-04-01"), Some(Variant::Epa)), Some(1));
    assert_eq!(cell(Life::starts("2024-06-01"), None), Some(1));
    let unknown = Life::with("2024-06-01", variant(Variant::Epa)).changes("2025-03-31", |c| c.variant = Some(None));
    assert_eq!(cell(unknown, None), Some(1));
}

#[test]
fn only_ips_has_cells_by_variant() {
    let lives: Vec<Life> = Method::ALL.iter().map(|method| Life::of(*method, "2024-06-01")).collect();
    let figures = Asked::of(Q).figures(&lives);
    let variants = figures.cells.iter().filter(|(key, _)| matches!(key, CellKey::MethodVariant(..))).count();
    assert_eq!(variants, 1);
    for method in Method::ALL {
        assert_eq!(running(&figures, &CellKey::Method(*method)), Some(1));
        assert_eq!(running(&figures, &CellKey::MethodFunding(*method, Funding::Municipality)), Some(1));
    }
    assert_eq!(running(&figures, &CellKey::All), Some(6));
}

#[test]
fn a_region_scope_counts_those_of_the_region_on_the_reference_day() {
    let moved = |on: &str| Life::starts("2024-06-01").changes(on, |c| c.region = Some(region("AM05")));
    let count = |life: &Life, scope: &str| Asked::of(Q).scope(scope).all(std::slice::from_ref(life)).get(measure("running"));
    assert_eq!((count(&moved("2025-03-31"), "region:AM05"), count(&moved("2025-03-31"), "region:AM18")), (1, 0));
    assert_eq!((count(&moved("2025-04-01"), "region:AM05"), count(&moved("2025-04-01"), "region:AM18")), (0, 1));
}

#[test]
fn an_organisation_scope_and_both_narrow_the_count() {
    let lives = [
        Life::of_organisation("org-1", "2024-06-01", |_| {}),
        Life::of_organisation("org-1", "2024-06-01", |intake| intake.region = region("AM05")),
        Life::of_organisation("org-2", "2024-06-01", |intake| intake.region = region("AM05")),
    ];
    for (scope, expected) in [
        ("national", 3),
        ("region:AM05", 2),
        ("organisation:org-1", 2),
        ("organisation:org-2", 1),
        ("region:AM05,organisation:org-1", 1),
        ("organisation:org-1,region:AM05", 1),
        ("region:AM18,organisation:org-2", 0),
        ("organisation:nobody", 0),
        ("region:AM38", 0),
    ] {
        assert_eq!(Asked::of(Q).scope(scope).all(&lives).get(measure("running")), expected, "{scope}");
    }
}

#[test]
fn an_organisation_that_nobody_knows_has_zeros_in_every_measure() {
    let counts = Asked::of(Q).scope("organisation:nobody").all(&[under_scheme("2025-01-10").job(1, "2025-01-11", unknown())]);
    assert!(figures::Measure::ALL.iter().all(|measure| counts.get(*measure) == 0));
    assert!(counts.schemes.is_empty());
}

#[test]
fn tables_add_cells_by_organisation_and_by_region() {
    let lives = [
        Life::of_organisation("org-1", "2024-06-01", |_| {}),
        Life::of_organisation("org-2", "2024-06-01", |intake| intake.region = region("AM05")),
        Life::of_organisation("org-2", "2024-06-01", |intake| intake.method = Method::Wabz),
    ];
    let figures = Asked::of(Q).tables().figures(&lives);
    let organisation = |method, slug: &str| running(&figures, &CellKey::MethodOrganisation(method, slug.into()));
    assert_eq!(organisation(Method::Ips, "org-1"), Some(1));
    assert_eq!(organisation(Method::Ips, "org-2"), Some(1));
    assert_eq!(organisation(Method::Wabz, "org-2"), Some(1));
    assert_eq!(organisation(Method::Wabz, "org-1"), None);
    let by_region = |method, code| running(&figures, &CellKey::MethodRegion(method, region(code)));
    assert_eq!(
        (by_region(Method::Ips, "AM18"), by_region(Method::Ips, "AM05"), by_region(Method::Wabz, "AM18")),
        (Some(1), Some(1), Some(1))
    );
    let without = Asked::of(Q).figures(&lives);
    assert!(without.cells.iter().all(|(key, _)| !matches!(key, CellKey::MethodOrganisation(..) | CellKey::MethodRegion(..))));
}

#[test]
fn organisations_are_counted_once_each_and_only_of_the_population() {
    let of = |name: &str, start: &str| Life::of_organisation(name, start, |_| {});
    let lives = [
        of("org-1", "2024-06-01"),
        of("org-1", "2025-02-01"),
        of("org-2", "2025-03-31"),
        of("org-3", "2025-04-01"),
        of("org-4", "2024-01-01").outflow("2024-12-31"),
    ];
    let figures = Asked::of(Q).figures(&lives);
    assert_eq!(figures.cell(&CellKey::All).expect("a cell").get(measure("organisations")), 2);
    assert_eq!(figures.cell(&CellKey::Method(Method::Ips)).expect("a cell").get(measure("organisations")), 2);
}

#[test]
fn more_organisations_than_a_word_has_bits_are_all_counted() {
    let lives: Vec<Life> = (0..130).map(|n| Life::of_organisation(&format!("org-{n}"), "2024-06-01", |_| {})).collect();
    assert_eq!(Asked::of(Q).all(&lives).get(measure("organisations")), 130);
}

#[test]
fn a_scheme_counts_starts_from_the_first_of_january_through_the_quarter() {
    let asked = Asked::of("2025Q3");
    assert_eq!(schemes(&asked, &[under_scheme("2025-01-01")]), one("a"));
    assert_eq!(schemes(&asked, &[under_scheme("2024-12-31")]), []);
    assert_eq!(schemes(&asked, &[under_scheme("2025-09-30")]), one("a"));
    assert_eq!(schemes(&asked, &[under_scheme("2025-10-01")]), []);
}

#[test]
fn a_start_on_new_years_eve_counts_for_its_own_year() {
    assert_eq!(schemes(&Asked::of("2025Q4"), &[under_scheme("2025-12-31")]), one("a"));
    assert_eq!(schemes(&Asked::of("2026Q1"), &[under_scheme("2025-12-31")]), []);
}

#[test]
fn a_scheme_counts_those_that_ended_before_the_quarter_too() {
    let life = under_scheme("2025-01-10").outflow("2025-02-20");
    let counts = Asked::of("2025Q3").all(std::slice::from_ref(&life));
    assert_eq!(counts.get(measure("running")), 0);
    assert_eq!(counts.get(measure("organisations")), 0);
    assert_eq!(schemes(&Asked::of("2025Q3"), &[life]), one("a"));
}

#[test]
fn the_scheme_of_the_reference_day_counts() {
    let changed = |on: &str| under_scheme("2025-01-10").changes(on, |c| c.scheme = Some(Some("b".into())));
    assert_eq!(schemes(&Asked::of(Q), &[changed("2025-03-31")]), one("b"));
    assert_eq!(schemes(&Asked::of(Q), &[changed("2025-04-01")]), one("a"));
    let ended = under_scheme("2025-01-10").changes("2025-02-20", |c| c.scheme = Some(Some("b".into()))).outflow("2025-02-20");
    assert_eq!(schemes(&Asked::of("2025Q3"), &[ended]), one("b"));
    let none = under_scheme("2025-01-10").changes("2025-03-31", |c| c.scheme = Some(None));
    assert_eq!(schemes(&Asked::of(Q), &[none]), []);
}

#[test]
fn the_scope_of_a_scheme_is_that_of_the_reference_day() {
    let life = under_scheme("2025-01-10").changes("2025-02-01", |c| c.region = Some(region("AM05"))).outflow("2025-02-20");
    assert_eq!(schemes(&Asked::of("2025Q3").scope("region:AM05"), std::slice::from_ref(&life)), one("a"));
    assert_eq!(schemes(&Asked::of("2025Q3").scope("region:AM18"), std::slice::from_ref(&life)), []);
    assert_eq!(schemes(&Asked::of("2025Q3").scope("organisation:org-2"), &[life]), []);
}

#[test]
fn schemes_are_counted_in_the_cells_too() {
    let lives = [
        under_scheme("2025-01-10"),
        under_scheme("2025-01-11"),
        Life::of(Method::Wabz, "2025-01-12").changes("2025-01-13", |c| c.scheme = Some(Some("b".into()))),
    ];
    let figures = Asked::of(Q).figures(&lives);
    let of = |method| figures.cell(&CellKey::Method(method)).expect("a cell").schemes.clone();
    assert_eq!(of(Method::Ips), [("a".into(), 2)]);
    assert_eq!(of(Method::Wabz), [("b".into(), 1)]);
    assert_eq!(schemes(&Asked::of(Q), &lives), [("a".to_owned(), 2), ("b".to_owned(), 1)]);
}

#[test]
fn nothing_at_all_has_the_cell_of_the_whole_with_zeros() {
    let figures = Asked::of(Q).figures(&[]);
    assert_eq!(figures.cells.len(), 1);
    assert_eq!(running(&figures, &CellKey::All), Some(0));
}
