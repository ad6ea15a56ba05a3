//! What was corrected or retracted counts as it stands now, and as nothing else.

use domain::{Fact, Intake, JobId, Method, Outflow};
use uuid::Uuid;

use crate::life::{Life, Q, day, expect, few_hours, sustainable, unknown};

fn started(n: u128, conditions: domain::Conditions) -> Fact {
    Fact::PaidWorkStarted { job: JobId(Uuid::from_u128(n)), conditions }
}

fn outflow() -> Fact {
    Fact::Outflow { work_ready: None }
}

#[test]
fn of_a_correction_of_a_correction_the_last_counts() {
    let life = Life::starts("2024-06-01").job(1, "2025-04-10", sustainable());
    expect(&life, Q, &[("paid_work", 0)]);
    let life = life.correct(2, "2025-03-31", started(1, few_hours()));
    expect(&life, Q, &[("paid_work", 1), ("sustainable_work", 0)]);
    let life = life.correct(3, "2025-03-30", started(1, sustainable()));
    expect(&life, Q, &[("paid_work", 1), ("sustainable_work", 1), ("paid_work_started", 1)]);
}

#[test]
fn when_a_correction_is_retracted_the_original_does_not_come_back() {
    let life = Life::starts("2024-06-01").job(1, "2025-01-10", sustainable()).correct(2, "2025-01-12", started(1, few_hours())).retract(3);
    expect(&life, Q, &[("paid_work", 0), ("paid_work_started", 0), ("ever_paid_work", 0)]);
}

#[test]
fn a_retracted_outflow_followed_by_another_ends_once_and_later() {
    let life = Life::starts("2024-06-01").outflow("2025-02-20");
    expect(&life, Q, &[("ended", 1)]);
    let life = life.retract(2);
    expect(&life, Q, &[("ended", 0), ("running", 1)]);
    expect(&life, "2025Q2", &[("running", 1)]);
    let life = life.outflow("2025-04-10");
    expect(&life, Q, &[("ended", 0), ("running", 1)]);
    expect(&life, "2025Q2", &[("ended", 1), ("running", 1)]);
    expect(&life, "2025Q3", &[("running", 0)]);
}

#[test]
fn a_corrected_outflow_moves_the_reference_day() {
    let life = Life::starts("2024-06-01").job(1, "2025-02-21", unknown()).outflow("2025-02-25");
    expect(&life, Q, &[("outflow_paid_work", 1)]);
    let life = life.correct(3, "2025-03-15", outflow()).job_stops(1, "2025-03-15");
    expect(&life, Q, &[("outflow_paid_work", 0), ("outflow_paid_work_earlier", 1), ("ended", 1)]);
    assert_eq!(life.trajectory().expect("a trajectory").outflow, Some(Outflow { on: day("2025-03-15"), work_ready: None }));
}

#[test]
fn a_corrected_intake_moves_the_start_and_the_method() {
    let life = Life::starts("2024-12-31").job(1, "2025-01-01", unknown());
    expect(&life, Q, &[("started", 0)]);
    let intake = |life: &Life| match life.timeline().events().iter().find_map(|event| match &event.fact {
        Fact::Intake(intake) => Some(intake.clone()),
        _ => None,
    }) {
        Some(intake) => *intake,
        None => panic!("an intake"),
    };
    let corrected = Intake { method: Method::Wabz, ..intake(&life) };
    let life = life.correct(1, "2025-01-02", Fact::Intake(Box::new(corrected)));
    expect(&life, Q, &[("started", 1), ("paid_work", 1), ("paid_work_started", 0)]);
    assert_eq!(life.trajectory().expect("a trajectory").method(), Method::Wabz);
}

#[test]
fn a_new_intake_in_the_place_of_a_retracted_one_is_the_start() {
    let life = Life::starts("2024-06-01").retract(1).intake("2025-02-01", |intake| intake.method = Method::Werkfit);
    expect(&life, Q, &[("running", 1), ("started", 1)]);
    expect(&life, "2024Q4", &[("running", 0)]);
}

#[test]
fn a_retracted_stop_leaves_the_job_running() {
    let life = Life::starts("2024-06-01").job(1, "2025-01-10", unknown()).job_stops(1, "2025-02-01");
    expect(&life, Q, &[("paid_work", 0), ("paid_work_stopped", 1)]);
    expect(&life.retract(3), Q, &[("paid_work", 1), ("paid_work_stopped", 0)]);
}

#[test]
fn a_retracted_change_gives_back_the_value_before_it() {
    let life =
        Life::starts("2024-06-01").job(1, "2025-01-10", sustainable()).job_changes(1, "2025-02-01", |c| c.hours_per_week = Some(Some(0)));
    expect(&life, Q, &[("sustainable_work", 0)]);
    expect(&life.retract(3), Q, &[("sustainable_work", 1)]);
}

#[test]
fn a_corrected_change_keeps_its_place_among_those_of_its_day() {
    let change = |hours| move |c: &mut domain::ConditionChanges| c.hours_per_week = Some(Some(hours));
    let life = Life::starts("2024-06-01").job(1, "2025-01-10", sustainable()).job_changes(1, "2025-02-01", change(8_00)).job_changes(
        1,
        "2025-02-01",
        change(24_00),
    );
    expect(&life, Q, &[("sustainable_work", 1)]);
    // The first of the day is corrected: the second still has the last word.
    let first = Fact::PaidWorkChanged {
        job: JobId(Uuid::from_u128(1)),
        changes: domain::ConditionChanges { hours_per_week: Some(Some(4_00)), names_a_field: true, ..Default::default() },
    };
    expect(&life.correct(3, "2025-02-01", first), Q, &[("sustainable_work", 1)]);
}

#[test]
fn a_job_corrected_to_another_id_leaves_nothing_of_the_first() {
    let life = Life::starts("2024-06-01").job(1, "2025-01-10", sustainable()).correct(2, "2025-01-10", started(2, unknown()));
    expect(&life, Q, &[("paid_work", 1), ("sustainable_work", 0), ("sustainable_work_unknown", 1)]);
}
