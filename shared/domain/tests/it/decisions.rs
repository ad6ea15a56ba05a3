//! Decisions of several events: judged together, all or nothing.

use domain::{Code, Fact};

use crate::given::{
    START, busy, contact, correction, event, given, intake, job_changed, job_started, job_stopped, job_until, nothing, opened, outflow,
    retraction, trajectory_changed,
};

fn eighty_one_hours() -> Fact {
    Fact::Assessment { max_hours_per_week: Some(81_00) }
}

/// A job of February, events 2 and 3.
fn job_of_february() -> crate::given::Given {
    opened().and([event(2, "2025-02-03", job_started(1))]).and([event(3, "2025-03-01", job_stopped(1))])
}

#[test]
fn the_first_event_that_is_wrong_is_named() {
    let decision =
        [event(2, "2025-02-01", contact()), event(3, "2025-01-05", trajectory_changed()), event(4, "2025-02-01", eighty_one_hours())];
    opened().when(decision).refused(Code::BeforeStart, 3, &[1]);
}

#[test]
fn the_order_of_events_goes_before_the_order_of_codes() {
    let decision = [event(2, "2025-02-01", job_stopped(1)), event(3, "2025-02-01", eighty_one_hours())];
    opened().when(decision).refused(Code::UnknownJob, 2, &[]);
}

#[test]
fn a_refused_decision_leaves_nothing_of_itself() {
    let stream = opened();
    stream.when([event(2, "2025-02-01", contact()), event(3, "2025-02-01", job_stopped(1))]).refused(Code::UnknownJob, 3, &[]);
    assert_eq!(stream.0.revision(), 1);
    stream.counts(&[1]);
}

#[test]
fn a_decision_without_events_changes_nothing() {
    let stream = opened();
    assert_eq!(stream.when([]).accepted(), stream.0);
}

#[test]
fn a_whole_trajectory_may_be_one_decision() {
    let decision = [
        event(1, START, intake()),
        event(2, "2025-02-03", job_started(1)),
        event(3, "2025-03-01", job_stopped(1)),
        event(4, "2025-06-30", outflow()),
    ];
    nothing().when(decision).counts(&[1, 2, 3, 4]);
}

#[test]
fn only_the_timeline_after_the_last_event_must_be_valid() {
    nothing().when([event(1, "2025-02-01", contact()), event(2, START, intake())]).counts(&[2, 1]);
    opened().when([event(2, "2025-03-01", job_stopped(1)), event(3, "2025-02-03", job_started(1))]).counts(&[1, 3, 2]);
}

#[test]
fn everything_can_be_retracted_in_one_decision_in_any_order() {
    let all = || (1..=5).map(|target| retraction(10 + target, target));
    busy().when(all()).counts(&[]);
    busy().when(all().rev()).counts(&[]);
}

#[test]
fn retracting_all_but_one_names_the_first_retraction_and_the_one() {
    busy().when((1..=4).map(|target| retraction(10 + target, target))).refused(Code::RetractionBreaksTimeline, 11, &[5]);
}

#[test]
fn a_job_moves_as_a_whole() {
    let start = || correction(4, 2, "2025-05-01", job_started(1));
    let stop = || correction(5, 3, "2025-06-01", job_stopped(1));
    job_of_february().when([start()]).refused(Code::CorrectionBreaksTimeline, 4, &[3]);
    job_of_february().when([start(), stop()]).counts(&[1, 4, 5]);
    job_of_february().when([stop(), start()]).counts(&[1, 4, 5]);
}

#[test]
fn two_jobs_swap_their_ids_as_a_whole() {
    let two = opened().and([event(2, "2025-02-03", job_started(1))]).and([event(3, "2025-03-03", job_started(2))]);
    let first = || correction(4, 2, "2025-02-03", job_started(2));
    two.when([first()]).refused(Code::DuplicateId, 4, &[3]);
    two.when([first(), correction(5, 3, "2025-03-03", job_started(1))]).counts(&[1, 4, 5]);
}

#[test]
fn an_intake_is_replaced_in_one_decision() {
    let stream = opened().and([event(2, "2025-02-01", contact())]);
    stream.when([retraction(3, 1)]).refused(Code::RetractionBreaksTimeline, 3, &[2]);
    stream.when([retraction(3, 1), event(4, "2025-01-15", intake())]).counts(&[4, 2]);
    stream.when([event(4, "2025-01-15", intake()), retraction(3, 1)]).counts(&[4, 2]);
}

#[test]
fn two_intakes_of_one_decision_are_one_too_many() {
    nothing().when([event(1, START, intake()), event(2, START, intake())]).refused(Code::SecondIntake, 2, &[1]);
    nothing().when([event(1, "2025-02-01", intake()), event(2, START, intake())]).refused(Code::SecondIntake, 2, &[1]);
}

#[test]
fn two_outflows_of_one_decision_are_one_too_many() {
    opened().when([event(2, "2025-06-30", outflow()), event(3, "2025-05-31", outflow())]).refused(Code::SecondOutflow, 3, &[2]);
}

#[test]
fn two_starts_and_two_stops_of_one_decision_are_one_too_many() {
    let starts = [event(2, "2025-02-03", job_started(1)), event(3, "2025-02-01", job_started(1))];
    opened().when(starts).refused(Code::DuplicateId, 3, &[2]);
    let stops = [event(8, "2025-05-01", job_stopped(1)), event(9, "2025-04-01", job_stopped(1))];
    busy().when(stops).refused(Code::AlreadyStopped, 9, &[8]);
}

#[test]
fn an_event_can_be_corrected_in_its_own_decision() {
    let decision =
        [event(2, "2025-02-01", contact()), correction(3, 2, "2025-02-02", contact()), correction(4, 3, "2025-02-03", contact())];
    opened().when(decision).counts(&[1, 4]);
}

#[test]
fn an_event_can_be_retracted_in_its_own_decision() {
    opened().when([event(2, "2025-02-01", contact()), retraction(3, 2)]).counts(&[1]);
}

#[test]
fn an_event_cannot_be_corrected_before_it_is_told() {
    opened().when([correction(3, 2, "2025-02-02", contact()), event(2, "2025-02-01", contact())]).refused(Code::NotEffective, 3, &[]);
}

#[test]
fn an_event_of_the_decision_that_no_longer_counts_is_not_judged() {
    // The wrong date of event 2 is put right by event 3.
    let decision = [event(2, "2025-01-05", trajectory_changed()), correction(3, 2, "2025-01-06", trajectory_changed())];
    opened().when(decision).counts(&[1, 3]);
}

#[test]
fn a_value_that_is_not_possible_is_wrong_even_when_it_is_put_right_at_once() {
    let decision = [event(2, "2025-02-01", eighty_one_hours()), retraction(3, 2)];
    opened().when(decision).refused(Code::InvalidValue, 2, &[]);
}

#[test]
fn what_is_wrong_takes_its_place_so_that_others_are_judged_as_meant() {
    let long = event(3, "2025-02-03", job_started(1));
    let wrong = crate::given::But::but(long, |p| p.longest_text = 4_001);
    opened().when([event(2, "2025-03-01", job_stopped(1)), wrong]).refused(Code::InvalidValue, 3, &[]);
}

#[test]
fn when_only_others_become_wrong_the_first_of_all_is_named() {
    let stream = opened().and([event(2, "2025-02-03", job_started(1))]).and([event(3, "2025-03-01", job_changed(1))]).and([event(
        4,
        "2025-04-01",
        job_stopped(1),
    )]);
    let (more, retracts) = (|| event(5, "2025-05-01", contact()), || retraction(6, 2));
    stream.when([retracts(), more()]).refused(Code::RetractionBreaksTimeline, 6, &[3, 4]);
    stream.when([more(), retracts()]).refused(Code::UnknownJob, 5, &[3, 4]);
    let corrects = correction(7, 2, "2025-03-15", job_started(1));
    stream.when([corrects, more()]).refused(Code::CorrectionBreaksTimeline, 7, &[3]);
}

#[test]
fn a_decision_of_corrections_is_judged_event_by_event() {
    let job = opened().and([event(2, "2025-02-03", job_until(1, "2025-06-30"))]);
    let decision = [correction(3, 2, "2025-02-03", job_until(1, "2025-02-02")), correction(4, 3, "2025-02-02", job_until(1, "2025-02-02"))];
    job.when(decision).counts(&[1, 4]);
}

#[test]
fn an_outflow_is_moved_together_with_what_lies_after_it() {
    let ended = given([event(1, START, intake()), event(2, "2025-06-30", outflow())]);
    let (later, more) = (|| correction(3, 2, "2025-09-30", outflow()), || event(4, "2025-08-01", contact()));
    ended.when([later(), more()]).counts(&[1, 4, 3]);
    ended.when([more(), later()]).counts(&[1, 4, 3]);
    ended.when([more()]).refused(Code::AfterOutflow, 4, &[2]);
}
