//! Who belongs to a quarter: from the start through the outflow day, both included.

use crate::life::{Life, Q, expect};

#[test]
fn a_trajectory_that_starts_on_the_quarters_last_day_runs_and_is_started() {
    expect(&Life::starts("2025-03-31"), Q, &[("running", 1), ("started", 1), ("ended", 0)]);
}

#[test]
fn a_trajectory_that_starts_the_day_after_the_quarter_is_not_in_it() {
    expect(&Life::starts("2025-04-01"), Q, &[("running", 0), ("started", 0), ("organisations", 0)]);
}

#[test]
fn a_trajectory_that_starts_on_the_first_day_is_started_in_the_quarter() {
    let life = Life::starts("2025-01-01");
    expect(&life, Q, &[("running", 1), ("started", 1)]);
    expect(&life, "2024Q4", &[("running", 0), ("started", 0)]);
}

#[test]
fn a_trajectory_that_started_the_day_before_the_quarter_runs_and_is_not_started_in_it() {
    let life = Life::starts("2024-12-31");
    expect(&life, Q, &[("running", 1), ("started", 0)]);
    expect(&life, "2024Q4", &[("running", 1), ("started", 1)]);
}

#[test]
fn an_outflow_on_the_first_day_is_of_the_quarter() {
    let life = Life::starts("2024-06-01").outflow("2025-01-01");
    expect(&life, Q, &[("running", 1), ("ended", 1), ("started", 0)]);
    expect(&life, "2024Q4", &[("running", 1), ("ended", 0)]);
}

#[test]
fn an_outflow_the_day_before_the_quarter_is_not_in_it() {
    let life = Life::starts("2024-06-01").outflow("2024-12-31");
    expect(&life, Q, &[("running", 0), ("ended", 0)]);
    expect(&life, "2024Q4", &[("running", 1), ("ended", 1)]);
}

#[test]
fn an_outflow_on_the_last_day_is_of_the_quarter() {
    let life = Life::starts("2025-01-10").outflow("2025-03-31");
    expect(&life, Q, &[("running", 1), ("started", 1), ("ended", 1)]);
    expect(&life, "2025Q2", &[("running", 0), ("ended", 0)]);
}

#[test]
fn an_outflow_the_day_after_the_quarter_is_of_the_next() {
    let life = Life::starts("2025-01-10").outflow("2025-04-01");
    expect(&life, Q, &[("running", 1), ("ended", 0)]);
    expect(&life, "2025Q2", &[("running", 1), ("ended", 1)]);
}

#[test]
fn a_trajectory_of_one_day_starts_and_ends() {
    let life = Life::starts("2025-02-14").outflow("2025-02-14");
    expect(&life, Q, &[("running", 1), ("started", 1), ("ended", 1), ("outflow_never_paid_work", 1)]);
}

#[test]
fn a_stream_without_an_intake_that_counts_is_in_no_quarter() {
    expect(&Life::starts("2025-01-10").retract(1), Q, &[("running", 0), ("organisations", 0)]);
}
