//! An event that is right itself but makes others wrong: the breaks-timeline codes, and late events.

use domain::{Code, Method, Variant};

use crate::given::{
    START, contact, correction, education_started, education_stopped, event, given, intake, intake_of, job_changed, job_extended_until,
    job_started, job_stopped, nothing, opened, outflow, placement_started, placement_stopped, retraction, told, trajectory_changed,
    trajectory_changed_to,
};

#[test]
fn a_late_outflow_before_an_existing_contact_is_refused_with_the_contact() {
    let stream = opened().and([event(2, "2025-05-01", contact())]);
    stream.when([event(3, "2025-04-30", outflow())]).refused(Code::AfterOutflow, 3, &[2]);
    stream.when([event(3, "2025-05-01", outflow())]).counts(&[1, 2, 3]);
}

#[test]
fn a_late_outflow_names_everything_that_lies_after_it() {
    let stream = opened()
        .and([event(2, "2025-05-01", contact())])
        .and([event(3, "2025-05-02", trajectory_changed())])
        .and([event(4, "2025-04-01", job_started(1))])
        .and([event(5, "2025-05-01", job_stopped(1))]);
    // The stop may lie on the day after, and does.
    stream.when([event(6, "2025-04-30", outflow())]).refused(Code::AfterOutflow, 6, &[2, 3]);
    stream.when([event(6, "2025-04-29", outflow())]).refused(Code::AfterOutflow, 6, &[2, 3, 5]);
    stream.when([event(6, "2025-05-02", outflow())]).accepted();
}

#[test]
fn a_late_stop_before_an_existing_change_is_refused_with_the_change() {
    let stream = opened().and([event(2, "2025-02-03", job_started(1))]).and([event(3, "2025-05-01", job_changed(1))]);
    stream.when([event(4, "2025-04-30", job_stopped(1))]).refused(Code::AlreadyStopped, 4, &[3]);
    stream.when([event(4, "2025-05-01", job_stopped(1))]).counts(&[1, 2, 3, 4]);
}

#[test]
fn an_intake_cannot_be_retracted_from_under_the_others() {
    let stream = opened().and([event(2, "2025-02-03", job_started(1))]).and([event(3, "2025-03-01", contact())]);
    stream.when([retraction(4, 1)]).refused(Code::RetractionBreaksTimeline, 4, &[2, 3]);
    stream.and([retraction(4, 2)]).and([retraction(5, 3)]).when([retraction(6, 1)]).counts(&[]);
}

#[test]
fn a_start_cannot_be_retracted_from_under_its_changes_and_stop() {
    let stream = opened()
        .and([event(2, "2025-02-03", job_started(1))])
        .and([event(3, "2025-03-01", job_changed(1))])
        .and([event(4, "2025-04-01", job_stopped(1))])
        .and([event(5, "2025-04-01", contact())]);
    stream.when([retraction(6, 2)]).refused(Code::RetractionBreaksTimeline, 6, &[3, 4]);
    stream.when([retraction(6, 3)]).counts(&[1, 2, 4, 5]);
    stream.when([retraction(6, 4)]).counts(&[1, 2, 3, 5]);
}

#[test]
fn a_placement_and_an_education_cannot_be_retracted_from_under_their_stops() {
    let stream = opened()
        .and([event(2, "2025-02-03", placement_started(1))])
        .and([event(3, "2025-02-03", education_started(1))])
        .and([event(4, "2025-03-01", placement_stopped(1))])
        .and([event(5, "2025-03-01", education_stopped(1))]);
    stream.when([retraction(6, 2)]).refused(Code::RetractionBreaksTimeline, 6, &[4]);
    stream.when([retraction(6, 3)]).refused(Code::RetractionBreaksTimeline, 6, &[5]);
}

#[test]
fn a_retraction_never_gets_the_code_of_a_rule_from_ten_on() {
    // After it nothing would have an intake: still the retraction's own code.
    opened().and([event(2, "2025-02-01", outflow())]).when([retraction(3, 1)]).refused(Code::RetractionBreaksTimeline, 3, &[2]);
}

#[test]
fn an_intake_moved_past_a_change_or_outflow_breaks_them() {
    let stream = opened().and([event(2, "2025-02-01", trajectory_changed())]).and([event(3, "2025-06-30", outflow())]);
    stream.when([correction(4, 1, "2025-02-02", intake())]).refused(Code::CorrectionBreaksTimeline, 4, &[2]);
    stream.when([correction(4, 1, "2025-02-01", intake())]).counts(&[4, 2, 3]);
}

#[test]
fn an_intake_corrected_to_another_method_breaks_a_later_variant() {
    let stream = given([event(1, START, intake_of(Method::Ips, Some(Variant::Epa)))])
        .and([event(2, "2025-02-01", trajectory_changed_to(|c| c.variant = Some(Some(Variant::Cmd))))])
        .and([event(3, "2025-03-01", trajectory_changed_to(|c| c.variant = Some(None)))]);
    let to_wabz = correction(4, 1, START, intake_of(Method::Wabz, None));
    stream.when([to_wabz.clone()]).refused(Code::CorrectionBreaksTimeline, 4, &[2]);
    stream.and([retraction(5, 2)]).when([to_wabz]).counts(&[4, 3]);
}

#[test]
fn a_start_moved_past_its_stop_or_change_breaks_them() {
    let stream = opened().and([event(2, "2025-02-03", job_started(1))]).and([event(3, "2025-03-01", job_changed(1))]).and([event(
        4,
        "2025-04-01",
        job_stopped(1),
    )]);
    stream.when([correction(5, 2, "2025-03-02", job_started(1))]).refused(Code::CorrectionBreaksTimeline, 5, &[3]);
    stream.when([correction(5, 2, "2025-04-02", job_started(1))]).refused(Code::CorrectionBreaksTimeline, 5, &[3, 4]);
    stream.when([correction(5, 2, "2025-03-01", job_started(1))]).counts(&[1, 5, 3, 4]);
}

#[test]
fn a_start_corrected_to_another_id_leaves_its_stop_without_a_start() {
    let stream = opened().and([event(2, "2025-02-03", job_started(1))]).and([event(3, "2025-03-01", job_stopped(1))]);
    stream.when([correction(4, 2, "2025-02-03", job_started(2))]).refused(Code::CorrectionBreaksTimeline, 4, &[3]);
    stream.when([correction(4, 2, "2025-02-03", job_started(2)), correction(5, 3, "2025-03-01", job_stopped(2))]).counts(&[1, 4, 5]);
}

#[test]
fn a_stop_moved_before_a_change_breaks_it() {
    let stream = opened().and([event(2, "2025-02-03", job_started(1))]).and([event(3, "2025-03-01", job_changed(1))]).and([event(
        4,
        "2025-04-01",
        job_stopped(1),
    )]);
    stream.when([correction(5, 4, "2025-02-28", job_stopped(1))]).refused(Code::CorrectionBreaksTimeline, 5, &[3]);
    stream.when([correction(5, 4, "2025-03-01", job_stopped(1))]).counts(&[1, 2, 3, 5]);
}

#[test]
fn an_outflow_moved_before_a_contact_breaks_it() {
    let stream = opened().and([event(2, "2025-05-01", contact())]).and([event(3, "2025-06-30", outflow())]);
    stream.when([correction(4, 3, "2025-04-30", outflow())]).refused(Code::CorrectionBreaksTimeline, 4, &[2]);
    stream.when([correction(4, 3, "2025-05-01", outflow())]).counts(&[1, 2, 4]);
}

#[test]
fn a_correction_that_is_itself_wrong_gets_the_code_of_its_rule() {
    let stream = opened().and([event(2, "2025-05-01", contact())]).and([event(3, "2025-06-30", outflow())]);
    // It would also break the contact, but rules 10 to 19 are first judged for the event itself.
    stream.when([correction(4, 3, "2025-01-05", outflow())]).refused(Code::BeforeStart, 4, &[1]);
    let job = opened().and([event(2, "2025-02-03", job_started(1))]).and([event(3, "2025-03-01", job_extended_until(1, "2025-04-01"))]);
    job.when([correction(4, 3, "2025-03-01", job_extended_until(1, "2025-02-02"))]).refused(Code::ContractEndsBeforeStart, 4, &[2]);
}

#[test]
fn a_late_event_that_breaks_several_rules_of_others_gets_the_first() {
    // An outflow told late, in the same decision as a stop: the contact then lies after the outflow (rule 13), the change after the
    // stop (rule 18).
    let stream = opened().and([event(2, "2025-02-03", job_started(1))]).and([event(3, "2025-03-10", job_changed(1))]).and([event(
        4,
        "2025-05-01",
        contact(),
    )]);
    let decision = [event(5, "2025-03-09", job_stopped(1)), event(6, "2025-04-30", outflow())];
    stream.when(decision).refused(Code::AfterOutflow, 5, &[3, 4]);
}

#[test]
fn correcting_only_a_value_breaks_nothing() {
    let stream = opened().and([event(2, "2025-02-03", job_started(1))]).and([event(3, "2025-03-01", job_stopped(1))]);
    stream.when([correction(4, 1, START, told(|intake| intake.coach = Some("anna".into())))]).counts(&[4, 2, 3]);
    nothing().when([event(1, START, told(|intake| intake.scheme = Some("sroi".into())))]).counts(&[1]);
}
