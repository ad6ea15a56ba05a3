//! The state of a trajectory on a day: step, open jobs, verdict.

use domain::{Conditions, Contract, Method, Status, Step, SustainableWork, Timeline, Verdict};

use crate::given::{
    Given, START, TODAY, assessment, contact, contact_with_employer, day, education_started, education_stopped, event, job_id, job_on,
    job_started, job_stopped, nothing, opened, outflow, placement_started, placement_stopped, retraction,
};

fn status(stream: &Given, on: &str) -> Status {
    Status::on(&stream.0, day(on), &SustainableWork::default())
}

#[track_caller]
fn step(stream: &Given, on: &str, expected: Step) {
    assert_eq!(status(stream, on).step, Some(expected), "on {on}");
}

#[test]
fn a_trajectory_begins_with_its_intake() {
    step(&opened(), START, Step::Intake);
    let stream = opened().and([event(2, START, contact())]);
    step(&stream, TODAY, Step::Intake);
}

#[test]
fn engagement_and_assessment_are_reached_on_their_day() {
    let stream = opened().and([event(2, "2025-02-01", domain::Fact::Engagement)]).and([event(3, "2025-03-01", assessment())]);
    step(&stream, "2025-01-31", Step::Intake);
    step(&stream, "2025-02-01", Step::Engagement);
    step(&stream, "2025-02-28", Step::Engagement);
    step(&stream, "2025-03-01", Step::Assessment);
}

#[test]
fn a_placement_reaches_the_step_and_keeps_it_after_its_stop() {
    let stream = opened().and([event(2, "2025-02-01", placement_started(1))]).and([event(3, "2025-03-01", placement_stopped(1))]);
    step(&stream, "2025-01-31", Step::Intake);
    step(&stream, "2025-02-01", Step::Placement);
    step(&stream, "2025-04-01", Step::Placement);
}

#[test]
fn an_employer_contact_after_the_assessment_is_looking_for_work() {
    let stream = opened().and([event(2, "2025-02-01", assessment())]).and([event(3, "2025-03-01", contact_with_employer())]);
    step(&stream, "2025-02-28", Step::Assessment);
    step(&stream, "2025-03-01", Step::Placement);
}

#[test]
fn an_employer_contact_before_the_assessment_is_not_yet_looking_for_work() {
    let stream = opened().and([event(2, "2025-02-28", contact_with_employer())]).and([event(3, "2025-03-01", assessment())]);
    step(&stream, "2025-02-28", Step::Intake);
    step(&stream, "2025-04-01", Step::Assessment);
}

#[test]
fn an_employer_contact_on_the_day_of_the_assessment_counts_in_whatever_order() {
    let before = opened().and([event(2, "2025-03-01", contact_with_employer())]).and([event(3, "2025-03-01", assessment())]);
    let after = opened().and([event(2, "2025-03-01", assessment())]).and([event(3, "2025-03-01", contact_with_employer())]);
    step(&before, "2025-03-01", Step::Placement);
    step(&after, "2025-03-01", Step::Placement);
}

#[test]
fn other_contacts_are_no_looking_for_work() {
    let stream = opened().and([event(2, "2025-02-01", assessment())]).and([event(3, "2025-03-01", contact())]);
    step(&stream, TODAY, Step::Assessment);
}

#[test]
fn a_job_or_an_education_is_coaching_while_it_lasts_and_ever_after() {
    type Make = fn(u128) -> domain::Fact;
    let kinds: [(Make, Make); 2] = [(job_started, job_stopped), (education_started, education_stopped)];
    for (start, stop) in kinds {
        let stream = opened().and([event(2, "2025-02-01", start(1))]).and([event(3, "2025-03-01", stop(1))]);
        step(&stream, "2025-01-31", Step::Intake);
        step(&stream, "2025-02-01", Step::Coaching);
        step(&stream, "2025-02-28", Step::Coaching);
        step(&stream, TODAY, Step::Coaching);
    }
}

#[test]
fn a_job_that_lasted_no_day_is_no_coaching() {
    let stream = opened().and([event(2, "2025-02-01", job_started(1))]).and([event(3, "2025-02-01", job_stopped(1))]);
    step(&stream, "2025-02-01", Step::Intake);
    step(&stream, TODAY, Step::Intake);
    let of_no_day = status(&stream, "2025-02-01");
    assert!(!of_no_day.paid_work);
    assert_eq!((of_no_day.jobs[0].started, of_no_day.jobs[0].stopped), (day("2025-02-01"), Some(day("2025-02-01"))));
}

#[test]
fn a_step_once_reached_is_not_left_for_an_earlier_one() {
    let stream = opened().and([event(2, "2025-02-01", job_started(1))]).and([event(3, "2025-03-01", domain::Fact::Engagement)]);
    step(&stream, TODAY, Step::Coaching);
}

#[test]
fn outflow_is_the_last_step_from_its_day_on() {
    let stream = opened().and([event(2, "2025-02-01", job_started(1))]).and([event(3, "2025-06-30", outflow())]);
    step(&stream, "2025-06-29", Step::Coaching);
    step(&stream, "2025-06-30", Step::Outflow);
    step(&stream, TODAY, Step::Outflow);
    assert!(status(&stream, "2025-06-30").running);
    assert!(!status(&stream, "2025-07-01").running);
}

#[test]
fn a_retracted_step_was_never_reached() {
    let stream = opened().and([event(2, "2025-02-01", placement_started(1))]).and([retraction(3, 2)]);
    step(&stream, TODAY, Step::Intake);
}

#[test]
fn without_an_intake_that_counts_there_is_no_method_and_no_step() {
    for stream in [nothing(), opened().and([retraction(2, 1)])] {
        let status = status(&stream, TODAY);
        assert_eq!((status.method, status.step, status.running), (None, None, false));
        assert_eq!((status.paid_work, status.sustainable_work, status.jobs.len()), (false, Verdict::No, 0));
    }
    assert_eq!(Status::on(&Timeline::default(), day(TODAY), &SustainableWork::default()).on, day(TODAY));
}

#[test]
fn before_its_start_a_trajectory_does_not_run() {
    let stream = opened().and([event(2, "2024-12-01", job_started(1))]).and([event(3, "2025-02-01", job_started(2))]);
    let before = status(&stream, "2025-01-05");
    assert!(!before.running);
    assert_eq!(before.method, Some(Method::Ips));
    // The job from before the start is active all the same.
    assert!(before.paid_work);
    assert_eq!(before.jobs.iter().map(|job| job.job).collect::<Vec<_>>(), [job_id(1)]);
    assert!(status(&stream, START).running);
}

#[test]
fn a_stop_of_tomorrow_leaves_the_job_active_today() {
    let stream = opened().and([event(2, "2025-02-03", job_started(1))]).and([event(3, "2026-07-01", job_stopped(1))]);
    let today = status(&stream, TODAY);
    assert!(today.paid_work);
    assert_eq!(today.jobs[0].stopped, Some(day("2026-07-01")));
    assert!(!status(&stream, "2026-07-01").paid_work);
}

#[test]
fn jobs_that_have_begun_are_listed_by_start_stopped_ones_too() {
    let stream = opened().and([event(2, "2025-04-01", job_started(1))]).and([event(3, "2025-02-01", job_started(2))]).and([event(
        4,
        "2025-03-01",
        job_stopped(2),
    )]);
    let listed = |on| status(&stream, on).jobs.iter().map(|job| job.job).collect::<Vec<_>>();
    assert!(listed("2025-01-31").is_empty());
    assert_eq!(listed("2025-02-01"), [job_id(2)]);
    assert_eq!(listed("2025-04-01"), [job_id(2), job_id(1)]);
}

#[test]
fn a_stopped_job_does_not_decide_the_verdict() {
    let holds = Conditions {
        regular_workplace: Some(true),
        hours_per_week: Some(24_00),
        wage_value_percent: Some(100_00),
        contract: Some(Contract::Permanent),
    };
    let stream = opened().and([event(2, "2025-02-03", job_on(1, holds))]).and([event(3, "2025-03-01", job_stopped(1))]);
    assert_eq!(status(&stream, "2025-02-28").sustainable_work, Verdict::Yes);
    let after = status(&stream, "2025-03-01");
    assert_eq!((after.paid_work, after.sustainable_work), (false, Verdict::No));
    assert_eq!(after.jobs[0].sustainable, Verdict::Yes);
}

#[test]
fn the_verdict_is_given_condition_by_condition() {
    let values = Conditions {
        regular_workplace: Some(true),
        hours_per_week: Some(8_00),
        wage_value_percent: None,
        contract: Some(Contract::Permanent),
    };
    let stream = opened().and([event(2, "2025-02-03", job_on(1, values))]);
    let job = &status(&stream, "2025-03-31").jobs[0];
    let said = job.conditions.map(|(condition, verdict)| (condition.as_str(), verdict.as_str()));
    assert_eq!(said, [("regular_workplace", "yes"), ("hours_per_week", "no"), ("wage_value_percent", "unknown"), ("contract", "yes")]);
    assert_eq!(job.sustainable, Verdict::No);
}
