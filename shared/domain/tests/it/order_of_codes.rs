//! When several rules are broken the first of their order is named: pairs of neighbouring rules.

use domain::{Code, Conditions, Fact, Method, Variant};

use crate::given::{
    But, START, TODAY, assessment, contact, correction, event, given, intake_of, job_extended_until, job_on, job_started, job_stopped,
    opened, outflow, retraction, trajectory_changed, trajectory_changed_to,
};

const TOMORROW: &str = "2026-07-01";

fn eighty_one_hours() -> Fact {
    Fact::Assessment { max_hours_per_week: Some(81_00) }
}

#[test]
fn the_codes_stand_in_the_order_of_the_page() {
    let order = [
        Code::Malformed,
        Code::EventIdReused,
        Code::RecordedAtBackwards,
        Code::RecordedAtInFuture,
        Code::OrganisationMismatch,
        Code::WrongExpectedRevision,
        Code::InFuture,
        Code::InvalidValue,
        Code::NotEffective,
        Code::CorrectionTypeMismatch,
        Code::NoIntake,
        Code::SecondIntake,
        Code::SecondOutflow,
        Code::BeforeStart,
        Code::AfterOutflow,
        Code::VariantWithoutIps,
        Code::UnknownJob,
        Code::UnknownPlacement,
        Code::UnknownEducation,
        Code::DuplicateId,
        Code::StopBeforeStart,
        Code::AlreadyStopped,
        Code::ContractEndsBeforeStart,
    ];
    assert!(order.is_sorted());
}

#[test]
fn the_logs_rules_come_before_the_organisation() {
    for code in [Code::EventIdReused, Code::RecordedAtBackwards, Code::RecordedAtInFuture] {
        opened().when([event(2, TODAY, contact()).of("org-2").but(|p| p.refused = Some(code))]).refused(code, 2, &[]);
    }
}

#[test]
fn the_organisation_comes_before_the_expected_revision() {
    opened().when_expecting(Some(7), [event(2, TODAY, contact()).of("org-2")]).refused(Code::OrganisationMismatch, 2, &[]);
}

#[test]
fn the_expected_revision_comes_before_the_future() {
    opened().when_expecting(Some(7), [event(2, TOMORROW, contact())]).refused(Code::WrongExpectedRevision, 2, &[]);
}

#[test]
fn the_future_comes_before_an_invalid_value() {
    opened().when([event(2, TOMORROW, eighty_one_hours())]).refused(Code::InFuture, 2, &[]);
}

#[test]
fn an_invalid_value_comes_before_a_target_that_does_not_count() {
    opened().when([correction(2, 99, TODAY, eighty_one_hours())]).refused(Code::InvalidValue, 2, &[]);
}

#[test]
fn a_target_that_does_not_count_comes_before_its_type() {
    let stream = opened().and([event(2, "2025-02-01", contact())]).and([retraction(3, 2)]);
    stream.when([correction(4, 2, "2025-02-01", assessment())]).refused(Code::NotEffective, 4, &[]);
}

#[test]
fn the_type_of_a_correction_comes_before_the_missing_intake() {
    let stream = opened().and([event(2, "2025-02-01", contact())]);
    stream.when([correction(3, 2, "2025-02-01", assessment()), retraction(4, 1)]).refused(Code::CorrectionTypeMismatch, 3, &[2]);
}

#[test]
fn a_missing_intake_comes_before_an_unknown_job() {
    given([]).when([event(1, TODAY, job_stopped(1))]).refused(Code::NoIntake, 1, &[]);
}

#[test]
fn a_second_outflow_comes_before_the_start_and_after_the_end() {
    let ended = opened().and([event(2, "2025-06-30", outflow())]);
    ended.when([event(3, "2025-01-05", outflow())]).refused(Code::SecondOutflow, 3, &[2]);
    ended.when([event(3, "2025-07-01", outflow())]).refused(Code::SecondOutflow, 3, &[2]);
}

#[test]
fn a_second_intake_comes_before_the_outflow_and_the_variant() {
    let ended = opened().and([event(2, "2025-06-30", outflow())]);
    ended.when([event(3, "2025-07-01", intake_of(Method::Wabz, Some(Variant::Epa)))]).refused(Code::SecondIntake, 3, &[1]);
}

#[test]
fn before_the_start_comes_before_after_the_outflow() {
    // Both at once only when the outflow of the same decision is wrong too.
    let decision = [event(2, "2025-01-04", trajectory_changed()), event(3, "2025-01-03", outflow())];
    opened().when(decision).refused(Code::BeforeStart, 2, &[1]);
}

#[test]
fn after_the_outflow_comes_before_the_variant() {
    let ended = given([event(1, START, intake_of(Method::Wabz, None)), event(2, "2025-06-30", outflow())]);
    let variant = |on| event(3, on, trajectory_changed_to(|c| c.variant = Some(Some(Variant::Epa))));
    ended.when([variant("2025-07-01")]).refused(Code::AfterOutflow, 3, &[2]);
    ended.when([variant("2025-06-30")]).refused(Code::VariantWithoutIps, 3, &[1]);
}

#[test]
fn before_the_start_comes_before_the_variant() {
    let wabz = given([event(1, START, intake_of(Method::Wabz, None))]);
    let variant = trajectory_changed_to(|c| c.variant = Some(Some(Variant::Epa)));
    wabz.when([event(2, "2025-01-05", variant)]).refused(Code::BeforeStart, 2, &[1]);
}

#[test]
fn after_the_outflow_comes_before_an_unknown_or_a_duplicate_job() {
    let ended = opened().and([event(2, "2025-02-03", job_started(1))]).and([event(3, "2025-06-30", outflow())]);
    ended.when([event(4, "2025-07-02", job_stopped(2))]).refused(Code::AfterOutflow, 4, &[3]);
    ended.when([event(4, "2025-07-01", job_started(1))]).refused(Code::AfterOutflow, 4, &[3]);
    ended.when([event(4, "2025-07-01", job_stopped(2))]).refused(Code::UnknownJob, 4, &[]);
}

#[test]
fn a_duplicate_comes_before_the_start_and_the_contract() {
    let started = opened().and([event(2, "2025-02-03", job_started(1))]);
    let until =
        |on: &str, until| event(3, on, job_on(1, Conditions { contract: Some(crate::given::fixed_term(until)), ..Conditions::default() }));
    started.when([until("2025-02-01", "2025-02-02")]).refused(Code::DuplicateId, 3, &[2]);
    started.when([until("2025-03-01", "2025-01-31")]).refused(Code::DuplicateId, 3, &[2]);
}

#[test]
fn before_the_start_comes_before_already_stopped() {
    let stopped = opened().and([event(2, "2025-02-03", job_started(1))]).and([event(3, "2025-03-01", job_stopped(1))]);
    stopped.when([event(4, "2025-02-02", job_stopped(1))]).refused(Code::StopBeforeStart, 4, &[2]);
}

#[test]
fn before_the_start_comes_before_the_contract() {
    let started = opened().and([event(2, "2025-02-03", job_started(1))]);
    started.when([event(3, "2025-02-02", job_extended_until(1, "2025-02-02"))]).refused(Code::StopBeforeStart, 3, &[2]);
}

#[test]
fn already_stopped_comes_before_the_contract() {
    let stopped = opened().and([event(2, "2025-02-03", job_started(1))]).and([event(3, "2025-03-01", job_stopped(1))]);
    stopped.when([event(4, "2025-03-02", job_extended_until(1, "2025-02-02"))]).refused(Code::AlreadyStopped, 4, &[3]);
    stopped.when([event(4, "2025-03-01", job_extended_until(1, "2025-02-02"))]).refused(Code::ContractEndsBeforeStart, 4, &[2]);
}
