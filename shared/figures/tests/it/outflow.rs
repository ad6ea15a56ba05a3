//! Those that ended: with paid work, with earlier paid work, never; and with the intended result of each method.

use domain::{Method, PlacementKind::VolunteerWork};

use crate::life::{Life, Q, expect, few_hours, sustainable, unknown};

const PAID: &[(&str, u64)] = &[("outflow_paid_work", 1), ("outflow_paid_work_earlier", 0), ("outflow_never_paid_work", 0)];
const EARLIER: &[(&str, u64)] = &[("outflow_paid_work", 0), ("outflow_paid_work_earlier", 1), ("outflow_never_paid_work", 0)];
const NEVER: &[(&str, u64)] = &[("outflow_paid_work", 0), ("outflow_paid_work_earlier", 0), ("outflow_never_paid_work", 1)];
const INTENDED: &[(&str, u64)] = &[("ended", 1), ("outflow_intended", 1), ("outflow_not_intended", 0)];
const NOT_INTENDED: &[(&str, u64)] = &[("ended", 1), ("outflow_intended", 0), ("outflow_not_intended", 1)];

/// Ran from 1 June 2024 through 20 February 2025.
fn ended(method: Method) -> Life {
    Life::of(method, "2024-06-01").outflow("2025-02-20")
}

#[test]
fn an_outflow_is_with_paid_work_earlier_or_never() {
    expect(&ended(Method::Ips).job(1, "2025-02-20", unknown()), Q, PAID);
    expect(&ended(Method::Ips).job(1, "2024-07-01", unknown()).job_stops(1, "2025-02-20"), Q, EARLIER);
    expect(&ended(Method::Ips), Q, NEVER);
}

#[test]
fn a_job_from_before_the_start_is_earlier_paid_work_only_if_it_ran_on() {
    let stopped = |stop: &str| ended(Method::Ips).job(1, "2024-01-01", unknown()).job_stops(1, stop);
    expect(&stopped("2024-06-01"), Q, NEVER);
    expect(&stopped("2024-06-02"), Q, EARLIER);
}

#[test]
fn a_job_that_lasted_no_day_is_never() {
    expect(&ended(Method::Ips).job(1, "2024-07-01", unknown()).job_stops(1, "2024-07-01"), Q, NEVER);
}

#[test]
fn one_of_two_jobs_that_is_active_makes_it_paid_work() {
    let life = ended(Method::Ips).job(1, "2024-07-01", unknown()).job_stops(1, "2024-08-01").job(2, "2024-09-01", unknown());
    expect(&life, Q, PAID);
}

#[test]
fn those_that_did_not_end_in_the_quarter_have_no_outflow() {
    let none = [
        ("outflow_paid_work", 0),
        ("outflow_paid_work_earlier", 0),
        ("outflow_never_paid_work", 0),
        ("outflow_intended", 0),
        ("outflow_not_intended", 0),
    ];
    expect(&Life::starts("2024-06-01").job(1, "2024-07-01", unknown()), Q, &none);
    expect(&Life::starts("2024-06-01").job(1, "2024-07-01", unknown()).outflow("2025-04-01"), Q, &none);
    expect(&Life::starts("2024-06-01").job(1, "2024-07-01", unknown()).outflow("2024-12-31"), Q, &none);
}

#[test]
fn an_outflow_on_the_quarters_last_day_is_judged_on_that_day() {
    let life = Life::starts("2024-06-01").job(1, "2024-07-01", unknown()).outflow("2025-03-31");
    expect(&life, Q, PAID);
    expect(&life, Q, INTENDED);
}

#[test]
fn ips_and_other_intend_paid_work_on_some_day() {
    for method in [Method::Ips, Method::Other] {
        expect(&ended(method), Q, NOT_INTENDED);
        expect(&ended(method).placement(1, "2024-07-01", VolunteerWork), Q, NOT_INTENDED);
        expect(&ended(method).job(1, "2024-07-01", few_hours()).job_stops(1, "2024-07-02"), Q, INTENDED);
        expect(&ended(method).job(1, "2024-07-01", few_hours()).job_stops(1, "2024-07-01"), Q, NOT_INTENDED);
        expect(&ended(method).job(1, "2024-05-01", few_hours()).job_stops(1, "2024-06-01"), Q, NOT_INTENDED);
        expect(&ended(method).job(1, "2024-05-01", few_hours()).job_stops(1, "2024-06-02"), Q, INTENDED);
    }
}

#[test]
fn wabz_intends_paid_work_or_an_unpaid_placement_on_some_day() {
    let wabz = || ended(Method::Wabz);
    expect(&wabz(), Q, NOT_INTENDED);
    expect(&wabz().education(1, "2024-07-01"), Q, NOT_INTENDED);
    expect(&wabz().job(1, "2024-07-01", few_hours()).job_stops(1, "2024-07-02"), Q, INTENDED);
    expect(&wabz().placement(1, "2024-07-01", VolunteerWork).placement_stops(1, "2024-07-02"), Q, INTENDED);
    expect(&wabz().placement(1, "2024-07-01", VolunteerWork).placement_stops(1, "2024-07-01"), Q, NOT_INTENDED);
}

#[test]
fn a_placement_from_before_the_start_is_a_result_of_wabz_only_if_it_ran_on() {
    let stopped = |stop: &str| ended(Method::Wabz).placement(1, "2024-01-01", VolunteerWork).placement_stops(1, stop);
    expect(&stopped("2024-06-01"), Q, NOT_INTENDED);
    expect(&stopped("2024-06-02"), Q, INTENDED);
}

#[test]
fn jobcoaching_intends_a_job_on_the_outflow_day() {
    let coached = || ended(Method::Jobcoaching);
    expect(&coached(), Q, NOT_INTENDED);
    expect(&coached().job(1, "2024-07-01", few_hours()).job_stops(1, "2025-02-20"), Q, NOT_INTENDED);
    expect(&coached().job(1, "2024-07-01", few_hours()).job_stops(1, "2025-02-21"), Q, INTENDED);
    expect(&coached().job(1, "2025-02-20", unknown()), Q, INTENDED);
}

#[test]
fn werkfit_intends_a_job_on_the_outflow_day_or_readiness() {
    let ready = |ready| Life::of(Method::Werkfit, "2024-06-01").outflow_ready("2025-02-20", ready);
    expect(&ended(Method::Werkfit), Q, NOT_INTENDED);
    expect(&ready(true), Q, INTENDED);
    expect(&ready(false), Q, NOT_INTENDED);
    expect(&ready(false).job(1, "2025-02-20", unknown()), Q, INTENDED);
    expect(&ready(false).job(1, "2024-07-01", sustainable()).job_stops(1, "2025-02-20"), Q, NOT_INTENDED);
}

#[test]
fn readiness_is_no_result_of_another_method() {
    for method in [Method::Ips, Method::Wabz, Method::Jobcoaching, Method::NaarWerk, Method::Other] {
        expect(&Life::of(method, "2024-06-01").outflow_ready("2025-02-20", true), Q, NOT_INTENDED);
    }
}

#[test]
fn naar_werk_intends_a_sustainable_job_on_the_outflow_day() {
    let to_work = || ended(Method::NaarWerk);
    expect(&to_work(), Q, NOT_INTENDED);
    expect(&to_work().job(1, "2024-07-01", sustainable()), Q, INTENDED);
    expect(&to_work().job(1, "2024-07-01", few_hours()), Q, NOT_INTENDED);
    expect(&to_work().job(1, "2024-07-01", unknown()), Q, NOT_INTENDED);
    expect(&to_work().job(1, "2024-07-01", sustainable()).job_stops(1, "2025-02-20"), Q, NOT_INTENDED);
    expect(&to_work().job(1, "2024-07-01", few_hours()).job(2, "2025-02-20", sustainable()), Q, INTENDED);
}

#[test]
fn the_values_of_the_outflow_day_decide_for_naar_werk() {
    let raised = |on: &str| {
        let life = Life::of(Method::NaarWerk, "2024-06-01").job(1, "2024-07-01", few_hours());
        life.job_changes(1, on, |c| c.hours_per_week = Some(Some(12_00))).outflow("2025-02-20")
    };
    expect(&raised("2025-02-20"), Q, INTENDED);
    expect(&raised("2025-02-19"), Q, INTENDED);
    let lowered = Life::of(Method::NaarWerk, "2024-06-01").job(1, "2024-07-01", sustainable());
    let lowered = lowered.job_changes(1, "2025-02-20", |c| c.hours_per_week = Some(Some(11_99))).outflow("2025-02-20");
    expect(&lowered, Q, NOT_INTENDED);
}
