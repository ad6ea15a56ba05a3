//! Paid work on the reference day, ever, begun and stopped.

use crate::life::{Life, Q, expect, few_hours, unknown};

fn ended_on_the_20th() -> Life {
    Life::starts("2024-06-01").outflow("2025-02-20")
}

#[test]
fn a_job_stopped_on_the_reference_day_is_not_active_on_it() {
    let life = Life::starts("2024-06-01").job(1, "2025-02-01", unknown()).job_stops(1, "2025-03-31");
    expect(&life, Q, &[("paid_work", 0), ("ever_paid_work", 1), ("paid_work_stopped", 1), ("employed_unknown", 1)]);
}

#[test]
fn a_job_stopped_the_day_after_the_reference_day_is_active_on_it() {
    let life = Life::starts("2024-06-01").job(1, "2025-02-01", unknown()).job_stops(1, "2025-04-01");
    expect(&life, Q, &[("paid_work", 1), ("paid_work_stopped", 0), ("employed_unknown", 0)]);
    expect(&life, "2025Q2", &[("paid_work", 0), ("paid_work_stopped", 1)]);
}

#[test]
fn a_job_stopped_on_the_outflow_day_is_not_active_on_it() {
    let life = ended_on_the_20th().job(1, "2025-01-15", unknown()).job_stops(1, "2025-02-20");
    expect(&life, Q, &[("paid_work", 0), ("paid_work_stopped", 1), ("outflow_paid_work", 0), ("outflow_paid_work_earlier", 1)]);
}

#[test]
fn a_job_stopped_the_day_after_the_outflow_day_is_active_on_it() {
    let life = ended_on_the_20th().job(1, "2025-01-15", unknown()).job_stops(1, "2025-02-21");
    expect(&life, Q, &[("paid_work", 1), ("paid_work_stopped", 0), ("outflow_paid_work", 1), ("outflow_paid_work_earlier", 0)]);
}

#[test]
fn a_job_that_starts_on_the_reference_day_is_active_on_it() {
    let life = Life::starts("2024-06-01").job(1, "2025-03-31", unknown());
    expect(&life, Q, &[("paid_work", 1), ("ever_paid_work", 1), ("paid_work_started", 1)]);
}

#[test]
fn a_job_that_starts_the_day_after_the_reference_day_is_of_the_next_quarter() {
    let life = Life::starts("2024-06-01").job(1, "2025-04-01", unknown());
    expect(&life, Q, &[("paid_work", 0), ("ever_paid_work", 0), ("paid_work_started", 0)]);
    expect(&life, "2025Q2", &[("paid_work", 1), ("paid_work_started", 1)]);
}

#[test]
fn two_jobs_of_one_trajectory_count_once() {
    let life = Life::starts("2024-06-01").job(1, "2025-01-02", unknown()).job(2, "2025-01-03", few_hours());
    expect(&life, Q, &[("paid_work", 1), ("paid_work_started", 1), ("ever_paid_work", 1)]);
}

#[test]
fn a_fixed_term_contract_that_ran_out_without_a_stop_is_still_a_job() {
    let ran_out = domain::Conditions { contract: crate::life::until("2024-12-31"), ..crate::life::sustainable() };
    let life = Life::starts("2024-06-01").job(1, "2024-07-01", ran_out);
    expect(&life, Q, &[("paid_work", 1), ("sustainable_work", 1)]);
}

#[test]
fn a_job_from_before_the_start_that_ran_on_was_paid_work_of_the_trajectory() {
    let life = Life::starts("2024-06-01").job(1, "2024-01-01", unknown()).job_stops(1, "2024-06-02");
    expect(&life, Q, &[("ever_paid_work", 1), ("paid_work", 0)]);
}

#[test]
fn a_job_that_stopped_on_the_start_was_no_paid_work_of_the_trajectory() {
    let life = Life::starts("2024-06-01").job(1, "2024-01-01", unknown()).job_stops(1, "2024-06-01");
    expect(&life, Q, &[("ever_paid_work", 0), ("paid_work", 0)]);
}

#[test]
fn a_job_that_ended_before_the_start_counts_nowhere() {
    let life = Life::starts("2025-01-20").job(1, "2025-01-02", unknown()).job_stops(1, "2025-01-15");
    expect(&life, Q, &[("ever_paid_work", 0), ("paid_work", 0), ("paid_work_started", 0), ("paid_work_stopped", 0)]);
}

#[test]
fn a_job_that_lasted_no_day_was_started_and_stopped_and_never_worked() {
    let life = Life::starts("2024-06-01").job(1, "2025-02-03", unknown()).job_stops(1, "2025-02-03");
    expect(&life, Q, &[("ever_paid_work", 0), ("paid_work", 0), ("paid_work_started", 1), ("paid_work_stopped", 1)]);
}

#[test]
fn a_job_started_on_the_first_day_of_the_quarter_is_started_in_it() {
    let life = Life::starts("2024-06-01").job(1, "2025-01-01", unknown());
    expect(&life, Q, &[("paid_work_started", 1)]);
    expect(&life, "2024Q4", &[("paid_work_started", 0)]);
}

#[test]
fn a_job_started_the_day_before_the_quarter_is_not_started_in_it() {
    let life = Life::starts("2024-06-01").job(1, "2024-12-31", unknown());
    expect(&life, Q, &[("paid_work_started", 0), ("paid_work", 1)]);
    expect(&life, "2024Q4", &[("paid_work_started", 1)]);
}

#[test]
fn a_job_started_in_the_quarter_and_before_the_start_is_not_started_in_it() {
    let life = Life::starts("2025-02-10").job(1, "2025-02-09", unknown());
    expect(&life, Q, &[("paid_work_started", 0), ("paid_work", 1), ("ever_paid_work", 1)]);
}

#[test]
fn a_job_started_on_the_start_is_started_in_the_quarter() {
    expect(&Life::starts("2025-02-10").job(1, "2025-02-10", unknown()), Q, &[("paid_work_started", 1)]);
}

#[test]
fn a_job_started_on_the_outflow_day_is_started_and_active() {
    let life = ended_on_the_20th().job(1, "2025-02-20", unknown());
    expect(&life, Q, &[("paid_work_started", 1), ("paid_work", 1), ("outflow_paid_work", 1)]);
}

#[test]
fn a_job_stopped_on_the_first_day_of_the_quarter_is_stopped_in_it() {
    let life = Life::starts("2024-06-01").job(1, "2024-07-01", unknown()).job_stops(1, "2025-01-01");
    expect(&life, Q, &[("paid_work_stopped", 1), ("paid_work", 0)]);
    expect(&life, "2024Q4", &[("paid_work_stopped", 0), ("paid_work", 1)]);
}

#[test]
fn a_job_stopped_the_day_before_the_quarter_is_not_stopped_in_it() {
    let life = Life::starts("2024-06-01").job(1, "2024-07-01", unknown()).job_stops(1, "2024-12-31");
    expect(&life, Q, &[("paid_work_stopped", 0)]);
    expect(&life, "2024Q4", &[("paid_work_stopped", 1), ("paid_work", 0)]);
}

#[test]
fn a_job_stopped_in_the_quarter_and_before_the_start_is_not_stopped_in_it() {
    let life = Life::starts("2025-02-10").job(1, "2024-07-01", unknown()).job_stops(1, "2025-02-09");
    expect(&life, Q, &[("paid_work_stopped", 0), ("ever_paid_work", 0)]);
}

#[test]
fn a_job_stopped_on_the_start_is_stopped_in_the_quarter() {
    let life = Life::starts("2025-02-10").job(1, "2024-07-01", unknown()).job_stops(1, "2025-02-10");
    expect(&life, Q, &[("paid_work_stopped", 1), ("ever_paid_work", 0)]);
}

#[test]
fn a_stop_and_a_start_in_one_quarter_both_count() {
    let life = Life::starts("2024-06-01").job(1, "2024-07-01", unknown()).job_stops(1, "2025-02-01").job(2, "2025-02-15", unknown());
    expect(&life, Q, &[("paid_work_stopped", 1), ("paid_work_started", 1), ("paid_work", 1)]);
}
