//! Rules 8 and 9: only an event that counts can be corrected or retracted, and a correction is of the same type.

use domain::Code;

use crate::given::{
    But, START, assessment, busy, contact, correction, event, facts_for_the_busy, intake, job_started, nothing, opened, outflow,
    placement_started, retraction,
};

#[test]
fn an_unknown_event_can_be_neither_corrected_nor_retracted() {
    opened().when([correction(2, 99, "2025-02-01", contact())]).refused(Code::NotEffective, 2, &[]);
    opened().when([retraction(2, 99)]).refused(Code::NotEffective, 2, &[]);
    nothing().when([retraction(2, 99)]).refused(Code::NotEffective, 2, &[]);
    nothing().when([correction(2, 99, START, intake())]).refused(Code::NotEffective, 2, &[]);
}

#[test]
fn an_event_cannot_correct_or_retract_itself() {
    opened().when([correction(2, 2, "2025-02-01", contact())]).refused(Code::NotEffective, 2, &[]);
    opened().when([retraction(2, 2)]).refused(Code::NotEffective, 2, &[]);
}

#[test]
fn a_corrected_event_no_longer_counts_but_its_corrector_does() {
    let stream = opened().and([event(2, "2025-02-01", contact())]).and([correction(3, 2, "2025-02-02", contact())]);
    stream.when([correction(4, 2, "2025-02-03", contact())]).refused(Code::NotEffective, 4, &[]);
    stream.when([retraction(4, 2)]).refused(Code::NotEffective, 4, &[]);
    stream.when([correction(4, 3, "2025-02-03", contact())]).counts(&[1, 4]);
    stream.when([retraction(4, 3)]).counts(&[1]);
}

#[test]
fn a_retracted_event_no_longer_counts() {
    let stream = opened().and([event(2, "2025-02-01", contact())]).and([retraction(3, 2)]);
    stream.when([correction(4, 2, "2025-02-03", contact())]).refused(Code::NotEffective, 4, &[]);
    stream.when([retraction(4, 2)]).refused(Code::NotEffective, 4, &[]);
}

#[test]
fn a_retraction_can_be_neither_corrected_nor_retracted() {
    let stream = opened().and([event(2, "2025-02-01", contact())]).and([retraction(3, 2)]);
    stream.when([retraction(4, 3)]).refused(Code::NotEffective, 4, &[]);
    stream.when([retraction(4, 1).but(|p| p.recorded.corrects = Some(crate::given::event_id(3)))]).refused(Code::NotEffective, 4, &[]);
    // Not even when it was noticed in the same decision.
    opened().and([event(2, "2025-02-01", contact())]).when([retraction(3, 2), retraction(4, 3)]).refused(Code::NotEffective, 4, &[]);
}

#[test]
fn a_correction_is_of_the_type_of_what_it_corrects() {
    for target in 1..=5 {
        for fact in facts_for_the_busy().into_iter().chain([intake()]) {
            let stream = busy();
            let same = stream.0.find(crate::given::event_id(target)).unwrap().fact.same_type(&fact);
            let outcome = stream.when([correction(9, target, "2025-05-01", fact)]);
            if same {
                outcome.not_for(Code::CorrectionTypeMismatch);
            } else {
                outcome.refused(Code::CorrectionTypeMismatch, 9, &[target]);
            }
        }
    }
}

#[test]
fn a_job_cannot_be_corrected_into_a_placement() {
    let stream = opened().and([event(2, "2025-02-01", job_started(1))]);
    stream.when([correction(3, 2, "2025-02-01", placement_started(1))]).refused(Code::CorrectionTypeMismatch, 3, &[2]);
    stream.when([correction(3, 2, "2025-02-01", job_started(2))]).counts(&[1, 3]);
    // But it can be retracted and told anew in one decision.
    stream.when([retraction(3, 2), event(4, "2025-02-01", placement_started(1))]).counts(&[1, 4]);
}

#[test]
fn events_after_the_outflow_can_be_corrected_and_retracted() {
    let stream = opened().and([event(2, "2025-02-01", assessment())]).and([event(3, "2025-06-30", outflow())]);
    stream.when([correction(4, 2, "2025-02-02", assessment())]).counts(&[1, 4, 3]);
    stream.when([retraction(4, 2)]).counts(&[1, 3]);
}
