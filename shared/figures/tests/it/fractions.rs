//! Percentages, shares and changes: from exact fractions, rounded once.

use domain::{Funding, Method, Variant};
use figures::{CellKey, Change, Counts};

use crate::life::{Asked, Life, Q, counts, measure, unknown, variant};

/// So many trajectories that run, of which so many have paid work.
fn lives(running: usize, paid: usize) -> Vec<Life> {
    let of = |with_job| {
        if with_job { Life::starts("2023-06-01").job(1, "2023-07-01", unknown()) } else { Life::starts("2023-06-01") }
    };
    (0..running).map(|n| of(n < paid)).collect()
}

fn percentage(running: usize, paid: usize) -> Option<String> {
    let asked = Asked::of(Q);
    asked.all(&lives(running, paid)).percentage(measure("paid_work"), &asked.definitions)
}

fn change(then: &Counts, now: &Counts, name: &str) -> Change {
    now.change(then, measure(name), &Asked::of(Q).definitions)
}

fn says(absolute: i128, points: Option<&str>, relative: Option<&str>) -> Change {
    Change { absolute, points: points.map(str::to_owned), relative: relative.map(str::to_owned) }
}

#[test]
fn percentages_have_one_decimal_half_up() {
    for (paid, running, expected) in [
        (1, 8, "12.5"),
        (1, 16, "6.3"),  // 6.25
        (3, 16, "18.8"), // 18.75
        (1, 3, "33.3"),
        (2, 3, "66.7"),
        (1, 400, "0.3"),      // 0.25
        (99, 400, "24.8"),    // 24.75
        (861, 2_000, "43.1"), // 43.05
        (1, 2_000, "0.1"),    // 0.05
        (1, 2_001, "0.0"),
        (1_999, 2_000, "100.0"), // 99.95
        (0, 7, "0.0"),
        (7, 7, "100.0"),
    ] {
        assert_eq!(percentage(running, paid).as_deref(), Some(expected), "{paid} of {running}");
    }
}

#[test]
fn a_percentage_of_nothing_is_left_out() {
    assert_eq!(percentage(0, 0), None);
    let asked = Asked::of(Q);
    let counts = asked.all(&lives(2, 0));
    for name in ["outflow_paid_work", "outflow_intended", "first_job_within_3_months", "employed_over_12_months"] {
        assert_eq!(counts.percentage(measure(name), &asked.definitions), None, "{name}");
    }
}

#[test]
fn four_measures_never_have_a_percentage() {
    let asked = Asked::of(Q);
    let counts = asked.all(&lives(3, 1));
    let without: Vec<&str> = figures::Measure::ALL
        .iter()
        .filter(|m| counts.percentage(**m, &asked.definitions).is_none() && counts.get(**m) > 0)
        .map(|m| m.as_str())
        .collect();
    assert_eq!(without, ["running", "employed_unknown", "organisations"]);
}

#[test]
fn each_measure_has_its_denominator() {
    let mut lives = lives(10, 4);
    // One ended with its job, one without ever having had one.
    lives.push(Life::starts("2024-06-01").job(1, "2025-02-01", unknown()).outflow("2025-02-20"));
    lives.push(Life::starts("2024-06-01").outflow("2025-02-20"));
    lives.push(Life::starts("2024-06-01").outflow("2025-02-20"));
    let asked = Asked::of(Q);
    let counts = asked.all(&lives);
    for (name, part, whole) in [
        ("started", 0, 13),
        ("ended", 3, 13),
        ("paid_work", 5, 13),
        ("ever_paid_work", 5, 13),
        ("paid_work_started", 1, 13),
        ("unpaid_sum", 0, 13),
        ("education", 0, 13),
        ("outflow_paid_work", 1, 3),
        ("outflow_paid_work_earlier", 0, 3),
        ("outflow_never_paid_work", 2, 3),
        ("outflow_intended", 1, 3),
        ("outflow_not_intended", 2, 3),
        ("first_job_within_3_months", 4, 5),
        ("first_job_3_to_9_months", 1, 5),
        ("first_job_after_9_months", 0, 5),
        ("employed_under_6_months", 1, 5),
        ("employed_6_to_12_months", 0, 5),
        ("employed_over_12_months", 4, 5),
    ] {
        assert_eq!(counts.fraction(measure(name), &asked.definitions), Some((part, whole)), "{name}");
    }
}

#[test]
fn the_sum_of_unpaid_work_can_be_more_than_everybody() {
    use domain::PlacementKind::{DayActivity, TrialPlacement};
    let life = Life::starts("2024-06-01").placement(1, "2024-07-01", TrialPlacement).placement(2, "2024-07-01", DayActivity);
    let asked = Asked::of(Q);
    let counts = asked.all(&[life]);
    assert_eq!(counts.percentage(measure("unpaid_sum"), &asked.definitions).as_deref(), Some("200.0"));
    assert_eq!(counts.percentage(measure("unpaid_any"), &asked.definitions).as_deref(), Some("100.0"));
}

#[test]
fn a_method_has_its_share_of_all_and_a_funding_of_its_method() {
    let lives = [
        Life::starts("2024-06-01"),
        Life::with("2024-06-01", |intake| intake.funding = Funding::Uwv),
        Life::with("2024-06-01", |intake| intake.funding = Funding::Uwv),
        Life::of(Method::Wabz, "2024-06-01"),
    ];
    let figures = Asked::of(Q).figures(&lives);
    let share = |key| figures.share(&key);
    assert_eq!(share(CellKey::Method(Method::Ips)).as_deref(), Some("75.0"));
    assert_eq!(share(CellKey::Method(Method::Wabz)).as_deref(), Some("25.0"));
    assert_eq!(share(CellKey::MethodFunding(Method::Ips, Funding::Uwv)).as_deref(), Some("66.7"));
    assert_eq!(share(CellKey::MethodFunding(Method::Wabz, Funding::Municipality)).as_deref(), Some("100.0"));
    assert_eq!(share(CellKey::All), None);
}

#[test]
fn those_without_a_variant_are_left_out_of_its_share() {
    let lives = [
        Life::with("2024-06-01", variant(Variant::Epa)),
        Life::with("2024-06-01", variant(Variant::Epa)),
        Life::with("2024-06-01", variant(Variant::Cmd)),
        Life::starts("2024-06-01"),
    ];
    let figures = Asked::of(Q).figures(&lives);
    assert_eq!(figures.share(&CellKey::MethodVariant(Method::Ips, Some(Variant::Epa))).as_deref(), Some("66.7"));
    assert_eq!(figures.share(&CellKey::MethodVariant(Method::Ips, Some(Variant::Cmd))).as_deref(), Some("33.3"));
    assert_eq!(figures.share(&CellKey::MethodVariant(Method::Ips, None)), None);
}

#[test]
fn a_cell_where_nothing_runs_has_no_share() {
    // Counted by scheme only.
    let life = Life::with("2025-01-10", |intake| intake.scheme = Some("a".into())).outflow("2025-02-20");
    let figures = Asked::of("2025Q3").figures(&[life]);
    assert_eq!(figures.share(&CellKey::Method(Method::Ips)), None);
}

#[test]
fn points_come_from_the_exact_fractions() {
    let asked = Asked::of(Q);
    let all = |running, paid| asked.all(&lives(running, paid));
    // 1/3 - 1/6 = 16.67 points; rounded parts would say 33.3 - 16.7 = 16.6.
    assert_eq!(change(&all(6, 1), &all(3, 1), "paid_work"), says(0, Some("16.7"), Some("0.0")));
    // A fall by exactly half a tenth goes away from zero: 1/8 - 10/80.
    assert_eq!(change(&all(2_000, 1), &all(2_000, 0), "paid_work"), says(-1, Some("-0.1"), Some("-100.0")));
    assert_eq!(change(&all(2_000, 0), &all(2_000, 1), "paid_work"), says(1, Some("0.1"), None));
}

#[test]
fn a_relative_change_is_of_the_earlier_value_with_halves_away_from_zero() {
    let asked = Asked::of(Q);
    let running = |n| asked.all(&lives(n, 0));
    assert_eq!(change(&running(16), &running(17), "running"), says(1, None, Some("6.3")));
    assert_eq!(change(&running(16), &running(15), "running"), says(-1, None, Some("-6.3")));
    assert_eq!(change(&running(8), &running(8), "running"), says(0, None, Some("0.0")));
    assert_eq!(change(&running(0), &running(8), "running"), says(8, None, None));
    assert_eq!(change(&running(8), &running(0), "running"), says(-8, None, Some("-100.0")));
}

#[test]
fn a_change_that_rounds_to_nothing_is_not_negative() {
    let asked = Asked::of(Q);
    let all = |running, paid| asked.all(&lives(running, paid));
    let change = change(&all(3_000, 3_000), &all(2_999, 2_999), "running");
    assert_eq!(change, says(-1, None, Some("0.0")));
    let change = self::change(&all(3_000, 1), &all(3_001, 1), "paid_work");
    assert_eq!(change, says(0, Some("0.0"), Some("0.0")));
}

#[test]
fn points_are_missing_where_either_quarter_has_no_percentage() {
    let asked = Asked::of(Q);
    let (none, some) = (asked.all(&[]), asked.all(&lives(4, 1)));
    assert_eq!(change(&none, &some, "paid_work"), says(1, None, None));
    assert_eq!(change(&some, &none, "paid_work"), says(-1, None, Some("-100.0")));
    assert_eq!(change(&some, &some, "employed_unknown"), says(0, None, Some("0.0")));
}

#[test]
fn a_set_can_relate_a_change_to_the_current_value() {
    let asked = Asked::of(Q).definitions("name = \"mine\"\n[change_relative_to]\nrunning = \"current\"\n");
    let (then, now) = (asked.all(&lives(4, 1)), asked.all(&lives(5, 2)));
    assert_eq!(now.change(&then, measure("running"), &asked.definitions).relative.as_deref(), Some("20.0"));
    assert_eq!(now.change(&then, measure("paid_work"), &asked.definitions).relative.as_deref(), Some("100.0"));
    let nothing = asked.all(&[]);
    assert_eq!(nothing.change(&then, measure("running"), &asked.definitions).relative, None);
}

#[test]
fn changes_compare_with_the_quarter_before_and_the_year_before() {
    let figures = Asked::of(Q).figures(&[Life::starts("2024-03-31"), Life::starts("2024-12-31"), Life::starts("2025-01-01")]);
    let at = |counts: &[Counts]| counts[0].get(measure("running"));
    assert_eq!((at(&figures.previous_quarter), at(&figures.year_earlier)), (2, 1));
    assert_eq!(counts(&Life::starts("2024-12-31"), "2024Q4").get(measure("running")), 1);
}
