//! Unpaid placements on the reference day: by kind, as a sum, as persons, from before the start, alongside.

use domain::PlacementKind::{self, DayActivity, TrialPlacement, VolunteerWork, WorkExperience};

use crate::life::{Life, Q, expect, unknown};

fn placement(kind: PlacementKind) -> Life {
    Life::starts("2024-06-01").placement(1, "2025-01-10", kind)
}

#[test]
fn each_kind_of_placement_has_its_measure() {
    for (kind, [trial, middle, day]) in
        [(TrialPlacement, [1, 0, 0]), (VolunteerWork, [0, 1, 0]), (WorkExperience, [0, 1, 0]), (DayActivity, [0, 0, 1])]
    {
        let expected = [
            ("trial_placement", trial),
            ("volunteer_or_work_experience", middle),
            ("day_activity", day),
            ("unpaid_sum", 1),
            ("unpaid_any", 1),
        ];
        expect(&placement(kind), Q, &expected);
    }
}

#[test]
fn a_placement_stopped_on_the_reference_day_is_not_active_on_it() {
    expect(&placement(TrialPlacement).placement_stops(1, "2025-03-31"), Q, &[("trial_placement", 0), ("unpaid_sum", 0), ("unpaid_any", 0)]);
}

#[test]
fn a_placement_stopped_the_day_after_the_reference_day_is_active_on_it() {
    expect(&placement(TrialPlacement).placement_stops(1, "2025-04-01"), Q, &[("trial_placement", 1), ("unpaid_any", 1)]);
}

#[test]
fn a_placement_that_starts_on_the_reference_day_is_active_and_one_the_day_after_is_not() {
    let from = |day: &str| Life::starts("2024-06-01").placement(1, day, DayActivity);
    expect(&from("2025-03-31"), Q, &[("day_activity", 1)]);
    expect(&from("2025-04-01"), Q, &[("day_activity", 0)]);
}

#[test]
fn the_reference_day_of_an_ended_trajectory_is_its_outflow_day() {
    let ended = |stop: &str| placement(VolunteerWork).outflow("2025-02-20").placement_stops(1, stop);
    expect(&ended("2025-02-20"), Q, &[("volunteer_or_work_experience", 0)]);
    expect(&ended("2025-02-21"), Q, &[("volunteer_or_work_experience", 1)]);
}

#[test]
fn a_placement_that_lasted_no_day_counts_nowhere() {
    let life = Life::starts("2024-06-01").placement(1, "2025-03-31", TrialPlacement).placement_stops(1, "2025-03-31");
    expect(&life, Q, &[("trial_placement", 0), ("unpaid_any", 0)]);
}

#[test]
fn the_sum_counts_a_trajectory_of_several_measures_more_than_once_and_the_persons_once() {
    let life = placement(TrialPlacement).placement(2, "2025-02-01", WorkExperience).placement(3, "2025-02-01", DayActivity);
    expect(&life, Q, &[("unpaid_sum", 3), ("unpaid_any", 1)]);
}

#[test]
fn volunteer_work_beside_work_experience_is_one_measure() {
    let life = placement(VolunteerWork).placement(2, "2025-02-01", WorkExperience);
    expect(&life, Q, &[("volunteer_or_work_experience", 1), ("unpaid_sum", 1), ("unpaid_any", 1)]);
}

#[test]
fn two_placements_of_one_kind_count_once() {
    expect(&placement(DayActivity).placement(2, "2025-02-01", DayActivity), Q, &[("day_activity", 1), ("unpaid_sum", 1)]);
}

#[test]
fn a_placement_that_began_the_day_before_the_start_is_from_before_it() {
    let from = |day: &str| Life::starts("2024-06-01").placement(1, day, VolunteerWork);
    expect(&from("2024-05-31"), Q, &[("unpaid_before_start", 1)]);
    expect(&from("2024-06-01"), Q, &[("unpaid_before_start", 0), ("unpaid_any", 1)]);
}

#[test]
fn one_placement_from_before_the_start_is_enough() {
    let life = Life::starts("2024-06-01").placement(1, "2024-05-01", VolunteerWork).placement(2, "2024-08-01", DayActivity);
    expect(&life, Q, &[("unpaid_before_start", 1), ("unpaid_any", 1)]);
}

#[test]
fn a_placement_from_before_the_start_that_stopped_no_longer_counts() {
    let life = Life::starts("2024-06-01").placement(1, "2024-05-01", VolunteerWork).placement_stops(1, "2025-03-31").placement(
        2,
        "2025-01-01",
        DayActivity,
    );
    expect(&life, Q, &[("unpaid_before_start", 0), ("unpaid_any", 1)]);
}

#[test]
fn a_placement_beside_a_job_or_an_education_is_alongside() {
    let alone = placement(TrialPlacement);
    expect(&alone, Q, &[("unpaid_alongside", 0)]);
    expect(&alone.clone().job(1, "2025-03-31", unknown()), Q, &[("unpaid_alongside", 1)]);
    expect(&alone.clone().education(1, "2025-03-31"), Q, &[("unpaid_alongside", 1)]);
    expect(&alone.clone().education(1, "2025-02-01").job(1, "2025-02-01", unknown()), Q, &[("unpaid_alongside", 1)]);
    expect(&alone.clone().job(1, "2025-02-01", unknown()).job_stops(1, "2025-03-31"), Q, &[("unpaid_alongside", 0)]);
    expect(&alone.education(1, "2025-02-01").education_stops(1, "2025-03-31"), Q, &[("unpaid_alongside", 0)]);
}

#[test]
fn a_job_without_a_placement_is_not_alongside() {
    expect(&Life::starts("2024-06-01").job(1, "2025-01-01", unknown()).education(1, "2025-01-01"), Q, &[("unpaid_alongside", 0)]);
}

#[test]
fn a_placement_is_no_paid_work() {
    expect(&placement(TrialPlacement), Q, &[("paid_work", 0), ("ever_paid_work", 0), ("paid_work_started", 0)]);
}

#[test]
fn a_job_a_placement_and_an_education_may_bear_the_same_id() {
    let life = placement(TrialPlacement).job(1, "2025-01-20", unknown()).education(1, "2025-01-20").placement_stops(1, "2025-02-01");
    expect(&life, Q, &[("paid_work", 1), ("education", 1), ("trial_placement", 0)]);
}
