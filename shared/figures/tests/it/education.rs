//! Education: active on the reference day, started and stopped in the quarter.

use crate::life::{Life, Q, expect};

#[test]
fn an_education_stopped_on_the_reference_day_is_not_active_on_it() {
    let life = |stop: &str| Life::starts("2024-06-01").education(1, "2024-09-01").education_stops(1, stop);
    expect(&life("2025-03-31"), Q, &[("education", 0), ("education_stopped", 1)]);
    expect(&life("2025-04-01"), Q, &[("education", 1), ("education_stopped", 0)]);
}

#[test]
fn an_education_started_on_the_last_day_is_active_and_started() {
    let life = |start: &str| Life::starts("2024-06-01").education(1, start);
    expect(&life("2025-03-31"), Q, &[("education", 1), ("education_started", 1)]);
    expect(&life("2025-04-01"), Q, &[("education", 0), ("education_started", 0)]);
    expect(&life("2025-01-01"), Q, &[("education", 1), ("education_started", 1)]);
    expect(&life("2024-12-31"), Q, &[("education", 1), ("education_started", 0)]);
}

#[test]
fn an_education_started_before_the_start_is_not_started_in_the_quarter() {
    expect(&Life::starts("2025-02-10").education(1, "2025-02-09"), Q, &[("education", 1), ("education_started", 0)]);
    expect(&Life::starts("2025-02-10").education(1, "2025-02-10"), Q, &[("education", 1), ("education_started", 1)]);
}

#[test]
fn an_education_stopped_before_the_start_is_not_stopped_in_the_quarter() {
    let life = |stop: &str| Life::starts("2025-02-10").education(1, "2024-09-01").education_stops(1, stop);
    expect(&life("2025-02-09"), Q, &[("education_stopped", 0), ("education", 0)]);
    expect(&life("2025-02-10"), Q, &[("education_stopped", 1), ("education", 0)]);
}

#[test]
fn an_education_stopped_on_the_first_day_is_stopped_in_the_quarter() {
    let life = |stop: &str| Life::starts("2024-06-01").education(1, "2024-09-01").education_stops(1, stop);
    expect(&life("2025-01-01"), Q, &[("education_stopped", 1)]);
    expect(&life("2024-12-31"), Q, &[("education_stopped", 0)]);
}

#[test]
fn an_education_that_lasted_no_day_was_started_and_stopped() {
    let life = Life::starts("2024-06-01").education(1, "2025-02-03").education_stops(1, "2025-02-03");
    expect(&life, Q, &[("education", 0), ("education_started", 1), ("education_stopped", 1)]);
}

#[test]
fn the_reference_day_of_an_ended_trajectory_is_its_outflow_day() {
    let life = |stop: &str| Life::starts("2024-06-01").outflow("2025-02-20").education(1, "2024-09-01").education_stops(1, stop);
    expect(&life("2025-02-20"), Q, &[("education", 0), ("education_stopped", 1)]);
    expect(&life("2025-02-21"), Q, &[("education", 1), ("education_stopped", 0)]);
}

#[test]
fn two_educations_count_once() {
    let life = Life::starts("2024-06-01").education(1, "2025-01-10").education(2, "2025-01-20");
    expect(&life, Q, &[("education", 1), ("education_started", 1), ("education_stopped", 0)]);
}

#[test]
fn an_education_is_no_paid_work() {
    expect(&Life::starts("2024-06-01").education(1, "2025-01-10"), Q, &[("paid_work", 0), ("ever_paid_work", 0), ("unpaid_any", 0)]);
}
