//! How long until the first job, and how long employed: each limit exactly, a day later, and where a month has no such day.

use crate::life::{Life, Q, counts, expect, few_hours, measure, unknown};

const FIRST: [&str; 3] = ["first_job_within_3_months", "first_job_3_to_9_months", "first_job_after_9_months"];
const EMPLOYED: [&str; 4] = ["employed_under_6_months", "employed_6_to_12_months", "employed_over_12_months", "employed_unknown"];

/// Exactly this one of the buckets counts the life.
#[track_caller]
fn in_bucket(life: &Life, quarter: &str, buckets: &[&str], expected: &str) {
    let counts = counts(life, quarter);
    for bucket in buckets {
        assert_eq!(counts.get(measure(bucket)), u64::from(*bucket == expected), "{bucket}, expected only {expected}");
    }
}

#[track_caller]
fn first_job(start: &str, job: &str, expected: &str) {
    in_bucket(&Life::starts(start).job(1, job, unknown()), Q, &FIRST, expected);
}

#[test]
fn a_first_job_on_the_day_three_months_after_the_start_is_within_three_months() {
    first_job("2024-05-15", "2024-08-15", FIRST[0]);
}

#[test]
fn a_first_job_a_day_later_than_three_months_is_in_the_middle() {
    first_job("2024-05-15", "2024-08-16", FIRST[1]);
}

#[test]
fn a_first_job_on_the_day_nine_months_after_the_start_is_in_the_middle() {
    first_job("2024-05-15", "2025-02-15", FIRST[1]);
}

#[test]
fn a_first_job_a_day_later_than_nine_months_is_after_nine_months() {
    first_job("2024-05-15", "2025-02-16", FIRST[2]);
}

#[test]
fn a_limit_in_a_shorter_month_falls_to_its_last_day() {
    // 30 November + 3 months: 28 February. 31 May + 9 months: the same.
    first_job("2024-11-30", "2025-02-28", FIRST[0]);
    first_job("2024-11-30", "2025-03-01", FIRST[1]);
    first_job("2024-05-31", "2025-02-28", FIRST[1]);
    first_job("2024-05-31", "2025-03-01", FIRST[2]);
    first_job("2024-03-31", "2024-06-30", FIRST[0]);
    first_job("2024-03-31", "2024-07-01", FIRST[1]);
}

#[test]
fn a_start_on_a_leap_day_counts_from_that_day() {
    first_job("2024-02-29", "2024-05-29", FIRST[0]);
    first_job("2024-02-29", "2024-05-30", FIRST[1]);
    first_job("2024-02-29", "2024-11-29", FIRST[1]);
    first_job("2024-02-29", "2024-11-30", FIRST[2]);
}

#[test]
fn a_limit_in_a_leap_february_is_the_twenty_ninth() {
    in_bucket(&Life::starts("2023-11-30").job(1, "2024-02-29", unknown()), "2024Q1", &FIRST, FIRST[0]);
    in_bucket(&Life::starts("2023-11-30").job(1, "2024-03-01", unknown()), "2024Q1", &FIRST, FIRST[1]);
}

#[test]
fn a_job_that_was_running_at_the_start_is_a_first_job_on_the_start() {
    first_job("2024-05-15", "2020-01-01", FIRST[0]);
    // Not later, when another follows long after.
    let life = Life::starts("2024-02-01").job(1, "2020-01-01", unknown()).job_stops(1, "2024-02-02").job(2, "2025-03-01", unknown());
    in_bucket(&life, Q, &FIRST, FIRST[0]);
}

#[test]
fn a_job_that_ended_on_the_start_is_no_first_job() {
    let life = Life::starts("2024-02-01").job(1, "2020-01-01", unknown()).job_stops(1, "2024-02-01").job(2, "2025-03-01", unknown());
    in_bucket(&life, Q, &FIRST, FIRST[2]);
}

#[test]
fn a_job_that_lasted_no_day_is_no_first_job() {
    let life = Life::starts("2024-02-01").job(1, "2024-02-10", unknown()).job_stops(1, "2024-02-10").job(2, "2025-03-01", unknown());
    in_bucket(&life, Q, &FIRST, FIRST[2]);
}

#[test]
fn the_first_job_need_not_be_the_one_that_is_active() {
    let life = Life::starts("2024-02-01").job(1, "2024-03-01", unknown()).job_stops(1, "2024-03-02").job(2, "2025-03-01", unknown());
    in_bucket(&life, Q, &FIRST, FIRST[0]);
}

#[test]
fn without_paid_work_on_the_reference_day_there_is_no_first_job_bucket() {
    let life = Life::starts("2024-02-01").job(1, "2024-03-01", unknown()).job_stops(1, "2025-03-31");
    in_bucket(&life, Q, &FIRST, "");
    expect(&life, Q, &[("ever_paid_work", 1)]);
}

#[track_caller]
fn employed(job: &str, expected: &str) {
    in_bucket(&Life::starts("2023-01-10").job(1, job, unknown()), Q, &EMPLOYED, expected);
}

#[test]
fn employed_until_the_day_before_six_months_is_under_six_months() {
    // 31 March is before 1 April = 1 October + 6 months, and not before 30 March = 30 September + 6 months.
    employed("2024-10-01", EMPLOYED[0]);
    employed("2024-09-30", EMPLOYED[1]);
}

#[test]
fn employed_for_exactly_six_months_is_in_the_middle() {
    let life = Life::starts("2024-01-10").job(1, "2024-08-20", unknown()).outflow("2025-02-20");
    in_bucket(&life, Q, &EMPLOYED, EMPLOYED[1]);
    let life = Life::starts("2024-01-10").job(1, "2024-08-21", unknown()).outflow("2025-02-20");
    in_bucket(&life, Q, &EMPLOYED, EMPLOYED[0]);
}

#[test]
fn employed_for_exactly_twelve_months_is_over_twelve_months() {
    employed("2024-03-31", EMPLOYED[2]);
    employed("2024-04-01", EMPLOYED[1]);
}

#[test]
fn a_job_that_began_on_a_leap_day_is_a_year_old_on_the_twenty_eighth() {
    let ends = |on: &str| Life::starts("2024-01-10").job(1, "2024-02-29", unknown()).outflow(on);
    in_bucket(&ends("2025-02-28"), Q, &EMPLOYED, EMPLOYED[2]);
    in_bucket(&ends("2025-02-27"), Q, &EMPLOYED, EMPLOYED[1]);
}

#[test]
fn a_job_that_began_on_the_thirty_first_of_august_is_half_a_year_old_at_the_end_of_february() {
    let ends = |on: &str| Life::starts("2024-01-10").job(1, "2024-08-31", unknown()).outflow(on);
    in_bucket(&ends("2025-02-28"), Q, &EMPLOYED, EMPLOYED[1]);
    in_bucket(&ends("2025-02-27"), Q, &EMPLOYED, EMPLOYED[0]);
}

#[test]
fn the_active_job_that_began_first_decides() {
    let two = Life::starts("2023-01-10").job(1, "2025-03-01", unknown()).job(2, "2024-01-01", few_hours());
    in_bucket(&two, Q, &EMPLOYED, EMPLOYED[2]);
    in_bucket(&two.job_stops(2, "2025-03-31"), Q, &EMPLOYED, EMPLOYED[0]);
}

#[test]
fn a_job_from_before_the_start_counts_from_its_own_first_day() {
    let life = Life::starts("2025-03-01").job(1, "2020-01-01", unknown());
    in_bucket(&life, Q, &EMPLOYED, EMPLOYED[2]);
    in_bucket(&life, Q, &FIRST, FIRST[0]);
}

#[test]
fn without_an_active_job_the_duration_is_unknown() {
    in_bucket(&Life::starts("2023-01-10"), Q, &EMPLOYED, EMPLOYED[3]);
    in_bucket(&Life::starts("2023-01-10").job(1, "2023-02-01", unknown()).job_stops(1, "2025-03-31"), Q, &EMPLOYED, EMPLOYED[3]);
}
