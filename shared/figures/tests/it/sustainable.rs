//! Sustainable paid work: four conditions on the values in force, each known to hold, known to fail, or unknown.

use domain::{Conditions, Contract, Method};

use crate::life::{Asked, Life, Q, expect, few_hours, measure, sustainable, unknown, until};

const YES: &[(&str, u64)] = &[("paid_work", 1), ("sustainable_work", 1), ("sustainable_work_unknown", 0)];
const NO: &[(&str, u64)] = &[("paid_work", 1), ("sustainable_work", 0), ("sustainable_work_unknown", 0)];
const UNDECIDED: &[(&str, u64)] = &[("paid_work", 1), ("sustainable_work", 0), ("sustainable_work_unknown", 1)];

/// A job since 30 November 2024 under these conditions.
fn job(conditions: Conditions) -> Life {
    Life::starts("2024-06-01").job(1, "2024-11-30", conditions)
}

#[test]
fn a_job_with_every_value_at_its_boundary_is_sustainable() {
    expect(&job(sustainable()), Q, YES);
}

#[test]
fn a_job_of_twelve_hours_less_a_hundredth_is_not_sustainable() {
    expect(&job(Conditions { hours_per_week: Some(11_99), ..sustainable() }), Q, NO);
}

#[test]
fn a_wage_value_of_just_under_thirty_five_percent_is_not_sustainable() {
    expect(&job(Conditions { wage_value_percent: Some(34_90), ..sustainable() }), Q, NO);
    expect(&job(Conditions { wage_value_percent: Some(34_99), ..sustainable() }), Q, NO);
}

#[test]
fn a_workplace_that_is_not_regular_is_not_sustainable() {
    expect(&job(Conditions { regular_workplace: Some(false), ..sustainable() }), Q, NO);
}

#[test]
fn a_contract_of_exactly_three_months_is_sustainable() {
    let life = Life::starts("2024-06-01").job(1, "2025-01-15", Conditions { contract: until("2025-04-14"), ..sustainable() });
    expect(&life, Q, YES);
}

#[test]
fn a_contract_of_three_months_less_a_day_is_not_sustainable() {
    let life = Life::starts("2024-06-01").job(1, "2025-01-15", Conditions { contract: until("2025-04-13"), ..sustainable() });
    expect(&life, Q, NO);
}

#[test]
fn three_months_from_the_end_of_november_end_with_february() {
    // 30 November + 3 months falls to 28 February: the last day may be the 27th.
    expect(&job(Conditions { contract: until("2025-02-27"), ..sustainable() }), Q, YES);
    expect(&job(Conditions { contract: until("2025-02-26"), ..sustainable() }), Q, NO);
}

#[test]
fn three_months_to_a_leap_day_need_the_day_before_it() {
    let of = |last: &str| Life::starts("2023-06-01").job(1, "2023-11-30", Conditions { contract: until(last), ..sustainable() });
    expect(&of("2024-02-28"), "2024Q1", YES);
    expect(&of("2024-02-27"), "2024Q1", NO);
}

#[test]
fn an_extension_moves_the_last_day_and_the_start_stays() {
    let short = Conditions { contract: until("2025-03-14"), ..sustainable() };
    let life = Life::starts("2024-06-01").job(1, "2025-01-15", short);
    expect(&life, Q, NO);
    let life = life.job_changes(1, "2025-03-10", |c| c.contract = Some(until("2025-04-14")));
    expect(&life, Q, YES);
}

#[test]
fn each_value_that_is_unknown_leaves_the_job_undecided() {
    for conditions in [
        Conditions { regular_workplace: None, ..sustainable() },
        Conditions { hours_per_week: None, ..sustainable() },
        Conditions { wage_value_percent: None, ..sustainable() },
        Conditions { contract: None, ..sustainable() },
        Conditions { contract: Some(Contract::Other), ..sustainable() },
        unknown(),
    ] {
        expect(&job(conditions), Q, UNDECIDED);
    }
}

#[test]
fn a_known_value_that_fails_decides_whatever_else_is_unknown() {
    for conditions in [
        Conditions { regular_workplace: Some(false), ..unknown() },
        Conditions { hours_per_week: Some(11_99), ..unknown() },
        Conditions { wage_value_percent: Some(0), ..unknown() },
        Conditions { contract: until("2024-12-31"), ..unknown() },
    ] {
        expect(&job(conditions), Q, NO);
    }
}

#[test]
fn an_undecided_job_beside_a_sustainable_one_is_no_unknown() {
    expect(&job(unknown()).job(2, "2025-01-01", sustainable()), Q, YES);
    expect(&job(sustainable()).job(2, "2025-01-01", unknown()), Q, YES);
}

#[test]
fn an_undecided_job_beside_one_that_fails_is_unknown() {
    expect(&job(few_hours()).job(2, "2025-01-01", unknown()), Q, UNDECIDED);
}

#[test]
fn hours_of_two_jobs_are_not_added() {
    let eight = Conditions { hours_per_week: Some(8_00), ..sustainable() };
    expect(&job(eight).job(2, "2025-01-01", eight), Q, NO);
}

#[test]
fn conditions_of_two_jobs_are_not_mixed() {
    let other = Conditions { wage_value_percent: Some(34_99), ..sustainable() };
    expect(&job(few_hours()).job(2, "2025-01-01", other), Q, NO);
}

#[test]
fn a_change_on_the_reference_day_counts_and_one_the_day_after_does_not() {
    let on = |day: &str| job(few_hours()).job_changes(1, day, |c| c.hours_per_week = Some(Some(12_00)));
    expect(&on("2025-03-31"), Q, YES);
    expect(&on("2025-04-01"), Q, NO);
    expect(&on("2025-04-01"), "2025Q2", YES);
}

#[test]
fn a_change_to_unknown_makes_the_job_undecided() {
    expect(&job(sustainable()).job_changes(1, "2025-01-01", |c| c.contract = Some(None)), Q, UNDECIDED);
}

#[test]
fn a_field_that_a_change_leaves_out_keeps_its_value() {
    let life = job(sustainable()).job_changes(1, "2025-01-01", |c| c.hours_per_week = Some(Some(40_00)));
    expect(&life, Q, YES);
}

#[test]
fn of_two_changes_the_later_day_wins_whatever_order_they_were_recorded_in() {
    let life = job(sustainable())
        .job_changes(1, "2025-03-01", |c| c.hours_per_week = Some(Some(8_00)))
        .job_changes(1, "2025-02-01", |c| c.hours_per_week = Some(Some(24_00)));
    expect(&life, Q, NO);
    expect(&life, "2024Q4", YES);
}

#[test]
fn a_sustainable_job_that_stopped_before_the_reference_day_does_not_count() {
    let life = job(sustainable()).job_stops(1, "2025-03-31");
    expect(&life, Q, &[("paid_work", 0), ("sustainable_work", 0), ("sustainable_work_unknown", 0)]);
}

#[test]
fn an_undecided_job_that_stopped_is_no_unknown() {
    expect(&job(unknown()).job_stops(1, "2025-03-31"), Q, &[("sustainable_work_unknown", 0)]);
}

#[test]
fn werkfit_is_counted_and_left_out_of_the_percentage() {
    let werkfit = Life::of(Method::Werkfit, "2024-06-01").job(1, "2024-07-01", sustainable());
    let lives = [werkfit, job(sustainable()), Life::starts("2024-06-01"), Life::starts("2024-06-01").job(1, "2024-07-01", unknown())];
    let asked = Asked::of(Q);
    let counts = asked.all(&lives);
    let (sustainable, unknown) = (measure("sustainable_work"), measure("sustainable_work_unknown"));
    assert_eq!((counts.get(sustainable), counts.get(unknown)), (2, 1));
    assert_eq!(counts.fraction(sustainable, &asked.definitions), Some((1, 3)));
    assert_eq!(counts.fraction(unknown, &asked.definitions), Some((1, 3)));
    assert_eq!(counts.percentage(sustainable, &asked.definitions).as_deref(), Some("33.3"));
}

#[test]
fn a_row_of_sustainable_work_says_of_how_many_it_is_not_known() {
    let lives = [job(sustainable()), Life::starts("2024-06-01"), Life::starts("2024-06-01").job(1, "2024-07-01", unknown())];
    let asked = Asked::of(Q);
    let rows = asked.figures(&lives).rows(&asked.question());
    let unknown_of = |measure: &str| rows.iter().find(|row| row.table == "all" && row.measure == measure).expect("a row").unknown;
    assert_eq!((unknown_of("sustainable_work"), unknown_of("paid_work")), (Some(1), None));
}

#[test]
fn the_cell_of_werkfit_has_no_percentage_of_sustainable_work() {
    let asked = Asked::of(Q);
    let figures = asked.figures(&[Life::of(Method::Werkfit, "2024-06-01").job(1, "2024-07-01", sustainable())]);
    let cell = figures.cell(&figures::CellKey::Method(Method::Werkfit)).expect("a cell");
    assert_eq!(cell.get(measure("sustainable_work")), 1);
    assert_eq!(cell.percentage(measure("sustainable_work"), &asked.definitions), None);
    assert_eq!(cell.percentage(measure("sustainable_work_unknown"), &asked.definitions), None);
    assert_eq!(cell.percentage(measure("paid_work"), &asked.definitions).as_deref(), Some("100.0"));
}

#[test]
fn an_undecided_werkfit_job_is_left_out_of_the_percentage_of_unknowns() {
    let asked = Asked::of(Q);
    let counts = asked.all(&[Life::of(Method::Werkfit, "2024-06-01").job(1, "2024-07-01", unknown()), Life::starts("2024-06-01")]);
    assert_eq!(counts.get(measure("sustainable_work_unknown")), 1);
    assert_eq!(counts.fraction(measure("sustainable_work_unknown"), &asked.definitions), Some((0, 1)));
}
