//! Rules 2 to 6: what is wrong whatever the timeline becomes (id, recording moment, organisation, revision, future).

use domain::Code;

use crate::given::{
    But, START, TODAY, busy, contact, correction, day, event, facts_for_the_busy, given, intake, job_started, job_stopped, nothing, opened,
    outflow, retraction,
};

#[test]
fn a_rule_that_only_the_log_can_judge_is_refused_with_its_code() {
    for code in [Code::EventIdReused, Code::RecordedAtBackwards, Code::RecordedAtInFuture] {
        opened().when([event(2, "2025-02-01", contact()).but(|p| p.refused = Some(code))]).refused(code, 2, &[]);
        opened().when([event(2, "2025-02-01", contact()), event(3, "2025-02-01", contact()).but(|p| p.refused = Some(code))]).refused(
            code,
            3,
            &[],
        );
    }
}

#[test]
fn an_event_that_bears_anothers_id_has_no_part_in_the_timeline() {
    // What else is wrong with a value still takes its place (decisions.rs); this is another event, and the stop has no start.
    let reused = event(1, "2025-02-03", job_started(1)).but(|p| p.refused = Some(Code::EventIdReused));
    opened().when([event(3, "2025-03-01", job_stopped(1)), reused.clone()]).refused(Code::UnknownJob, 3, &[]);
    opened().when([reused]).refused(Code::EventIdReused, 1, &[]);
}

#[test]
fn another_organisation_than_the_streams_is_refused() {
    opened().when([event(2, "2025-02-01", contact()).of("org-2")]).refused(Code::OrganisationMismatch, 2, &[]);
    opened().when([event(2, "2025-02-01", contact()).of("org-1")]).counts(&[1, 2]);
}

#[test]
fn a_correction_and_a_retraction_cannot_change_the_organisation() {
    opened().when([correction(2, 1, START, intake()).of("org-2")]).refused(Code::OrganisationMismatch, 2, &[]);
    opened().when([retraction(2, 1).of("org-2")]).refused(Code::OrganisationMismatch, 2, &[]);
}

#[test]
fn the_organisation_stays_when_the_intake_was_retracted() {
    let empty_again = opened().and([retraction(2, 1)]);
    empty_again.when([event(3, START, intake()).of("org-2")]).refused(Code::OrganisationMismatch, 3, &[]);
    empty_again.when([event(3, START, intake())]).counts(&[3]);
}

#[test]
fn the_first_event_of_a_decision_fixes_the_organisation_of_a_new_stream() {
    let other = || event(1, START, intake()).of("org-9");
    nothing().when([other(), event(2, "2025-02-01", contact())]).refused(Code::OrganisationMismatch, 2, &[]);
    let timeline = nothing().when([other()]).accepted();
    assert_eq!(timeline.organisation(), "org-9");
}

#[test]
fn the_expected_revision_is_the_streams_last_one() {
    let stream = opened().and([event(2, "2025-02-01", contact())]);
    let more = || [event(3, "2025-02-02", contact())];
    stream.when_expecting(Some(2), more()).counts(&[1, 2, 3]);
    for wrong in [0, 1, 3] {
        stream.when_expecting(Some(wrong), more()).refused(Code::WrongExpectedRevision, 3, &[]);
    }
}

#[test]
fn the_expected_revision_of_an_empty_stream_is_zero() {
    nothing().when_expecting(Some(0), [event(1, START, intake())]).counts(&[1]);
    nothing().when_expecting(Some(1), [event(1, START, intake())]).refused(Code::WrongExpectedRevision, 1, &[]);
}

#[test]
fn the_expected_revision_of_a_decision_is_the_one_before_it() {
    let three = || [event(2, "2025-02-01", contact()), event(3, "2025-02-01", contact()), event(4, "2025-02-01", contact())];
    opened().when_expecting(Some(1), three()).counts(&[1, 2, 3, 4]);
    opened().when_expecting(Some(2), three()).refused(Code::WrongExpectedRevision, 2, &[]);
}

#[test]
fn corrections_and_retractions_take_a_revision_too() {
    let stream = opened().and([correction(2, 1, START, intake())]).and([event(3, "2025-02-01", contact())]).and([retraction(4, 3)]);
    assert_eq!(stream.0.revision(), 4);
    stream.when_expecting(Some(4), [event(5, "2025-02-01", contact())]).counts(&[2, 5]);
}

#[test]
fn what_happened_today_may_be_told_today() {
    for fact in facts_for_the_busy() {
        busy().when([event(9, TODAY, fact)]).accepted();
    }
    nothing().when([event(1, TODAY, intake())]).accepted();
}

#[test]
fn what_happens_tomorrow_may_not_be_told_today_except_a_stop() {
    let tomorrow = "2026-07-01";
    assert_eq!(day(tomorrow), day(TODAY).plus_days(1));
    for fact in facts_for_the_busy() {
        let (stop, outcome) = (fact.is_stop(), busy().when([event(9, tomorrow, fact)]));
        if stop {
            outcome.accepted();
        } else {
            outcome.refused(Code::InFuture, 9, &[]);
        }
    }
    nothing().when([event(1, tomorrow, intake())]).refused(Code::InFuture, 1, &[]);
}

#[test]
fn a_stop_two_days_ahead_is_in_the_future() {
    for fact in facts_for_the_busy().into_iter().filter(domain::Fact::is_stop) {
        busy().when([event(9, "2026-07-02", fact)]).refused(Code::InFuture, 9, &[]);
    }
}

#[test]
fn the_future_begins_after_the_day_on_which_it_is_recorded() {
    opened().when([event(2, "2025-02-01", contact()).recorded_on("2025-01-31")]).refused(Code::InFuture, 2, &[]);
    opened().when([event(2, "2025-02-01", contact()).recorded_on("2025-02-01")]).counts(&[1, 2]);
}

#[test]
fn a_correction_to_a_future_day_is_refused() {
    let stream = busy().and([event(6, "2025-03-01", job_stopped(1))]);
    stream.when([correction(7, 6, "2026-07-01", job_stopped(1))]).accepted();
    stream.when([correction(7, 6, "2026-07-02", job_stopped(1))]).refused(Code::InFuture, 7, &[]);
    given([event(1, START, intake()), event(2, "2025-06-30", outflow())]).when([correction(3, 2, "2026-07-01", outflow())]).refused(
        Code::InFuture,
        3,
        &[],
    );
}
