//! Rules 15 to 19: jobs, placements and educations against their own start and stop.

use domain::{Code, Conditions, Contract, Fact};

use crate::given::{
    busy, contact, correction, education_started, education_stopped, event, job_changed, job_changed_to, job_extended_until, job_on,
    job_started, job_stopped, job_until, opened, placement_started, placement_stopped, retraction,
};

type Make = fn(u128) -> Fact;

/// Start, stop, and the code where there was no start, of each kind.
const KINDS: [(Make, Make, Code); 3] = [
    (job_started, job_stopped, Code::UnknownJob),
    (placement_started, placement_stopped, Code::UnknownPlacement),
    (education_started, education_stopped, Code::UnknownEducation),
];

#[test]
fn what_never_began_cannot_stop() {
    for (start, stop, unknown) in KINDS {
        opened().when([event(2, "2025-03-01", stop(1))]).refused(unknown, 2, &[]);
        opened().and([event(2, "2025-02-01", start(2))]).when([event(3, "2025-03-01", stop(1))]).refused(unknown, 3, &[]);
        opened().and([event(2, "2025-02-01", start(1))]).when([event(3, "2025-03-01", stop(1))]).counts(&[1, 2, 3]);
    }
}

#[test]
fn a_job_that_never_began_cannot_change() {
    opened().when([event(2, "2025-03-01", job_changed(1))]).refused(Code::UnknownJob, 2, &[]);
    opened().and([event(2, "2025-02-01", job_started(1))]).when([event(3, "2025-03-01", job_changed(1))]).counts(&[1, 2, 3]);
}

#[test]
fn a_start_that_was_retracted_never_happened() {
    for (start, stop, unknown) in KINDS {
        let retracted = opened().and([event(2, "2025-02-01", start(1))]).and([retraction(3, 2)]);
        retracted.when([event(4, "2025-03-01", stop(1))]).refused(unknown, 4, &[]);
        retracted.when([event(4, "2025-03-01", start(1))]).counts(&[1, 4]);
    }
}

#[test]
fn an_id_of_one_kind_is_unknown_to_the_others() {
    for (place, (start, ..)) in KINDS.into_iter().enumerate() {
        for (other, (_, stop, unknown)) in KINDS.into_iter().enumerate() {
            let outcome = opened().and([event(2, "2025-02-01", start(1))]).when([event(3, "2025-03-01", stop(1))]);
            if place == other {
                outcome.counts(&[1, 2, 3]);
            } else {
                outcome.refused(unknown, 3, &[]);
            }
        }
    }
}

#[test]
fn an_id_starts_once_in_a_stream() {
    for (start, ..) in KINDS {
        let started = opened().and([event(2, "2025-02-01", start(1))]);
        for on in ["2025-01-15", "2025-02-01", "2025-03-01"] {
            started.when([event(3, on, start(1))]).refused(Code::DuplicateId, 3, &[2]);
        }
        started.when([event(3, "2025-03-01", start(2))]).counts(&[1, 2, 3]);
    }
}

#[test]
fn an_id_does_not_start_again_after_its_stop() {
    for (start, stop, _) in KINDS {
        let stopped = opened().and([event(2, "2025-02-01", start(1))]).and([event(3, "2025-03-01", stop(1))]);
        stopped.when([event(4, "2025-04-01", start(1))]).refused(Code::DuplicateId, 4, &[2]);
    }
}

#[test]
fn the_same_id_may_be_a_job_a_placement_and_an_education() {
    opened()
        .and([event(2, "2025-02-01", job_started(1))])
        .and([event(3, "2025-02-02", placement_started(1))])
        .and([event(4, "2025-02-03", education_started(1))])
        .and([event(5, "2025-03-01", placement_stopped(1))])
        .when([event(6, "2025-03-02", job_changed(1))])
        .counts(&[1, 2, 3, 4, 5, 6]);
}

#[test]
fn a_correction_cannot_take_the_id_of_another_start() {
    for (start, ..) in KINDS {
        let two = opened().and([event(2, "2025-02-01", start(1))]).and([event(3, "2025-03-01", start(2))]);
        two.when([correction(4, 2, "2025-02-01", start(2))]).refused(Code::DuplicateId, 4, &[3]);
        two.when([correction(4, 3, "2025-03-01", start(1))]).refused(Code::DuplicateId, 4, &[2]);
        two.when([correction(4, 2, "2025-02-01", start(3))]).counts(&[1, 4, 3]);
    }
}

#[test]
fn a_stop_lies_on_or_after_the_start() {
    for (start, stop, _) in KINDS {
        let started = opened().and([event(2, "2025-02-03", start(1))]);
        started.when([event(3, "2025-02-02", stop(1))]).refused(Code::StopBeforeStart, 3, &[2]);
        started.when([event(3, "2025-02-03", stop(1))]).counts(&[1, 2, 3]);
        started.when([event(3, "2025-02-04", stop(1))]).counts(&[1, 2, 3]);
    }
}

#[test]
fn a_change_lies_on_or_after_the_start() {
    let started = opened().and([event(2, "2025-02-03", job_started(1))]);
    started.when([event(3, "2025-02-02", job_changed(1))]).refused(Code::StopBeforeStart, 3, &[2]);
    started.when([event(3, "2025-02-03", job_changed(1))]).counts(&[1, 2, 3]);
}

#[test]
fn what_has_stopped_does_not_stop_again() {
    for (start, stop, _) in KINDS {
        let stopped = opened().and([event(2, "2025-02-01", start(1))]).and([event(3, "2025-03-01", stop(1))]);
        for on in ["2025-02-15", "2025-03-01", "2025-04-01"] {
            stopped.when([event(4, on, stop(1))]).refused(Code::AlreadyStopped, 4, &[3]);
        }
        stopped.when([correction(4, 3, "2025-04-01", stop(1))]).counts(&[1, 2, 4]);
        stopped.and([retraction(4, 3)]).when([event(5, "2025-04-01", stop(1))]).counts(&[1, 2, 5]);
    }
}

#[test]
fn a_stopped_job_does_not_change_after_the_day_of_its_stop() {
    let stopped = opened().and([event(2, "2025-02-01", job_started(1))]).and([event(3, "2025-03-01", job_stopped(1))]);
    for on in ["2025-02-28", "2025-03-01"] {
        stopped.when([event(4, on, job_changed(1))]).accepted();
    }
    stopped.when([event(4, "2025-03-02", job_changed(1))]).refused(Code::AlreadyStopped, 4, &[3]);
}

#[test]
fn a_change_of_the_stops_day_has_no_effect() {
    let permanent = Conditions { contract: Some(Contract::Permanent), ..Conditions::default() };
    let timeline = opened()
        .and([event(2, "2025-02-01", job_on(1, permanent))])
        .and([event(3, "2025-03-01", job_stopped(1))])
        .and([event(4, "2025-03-01", job_extended_until(1, "2025-06-30"))])
        .0;
    let job = domain::Trajectory::of(&timeline).unwrap().jobs[0].clone();
    assert!(!job.spell.active_on(crate::given::day("2025-03-01")));
    assert_eq!(job.conditions_on(crate::given::day("2025-02-28")), permanent);
}

#[test]
fn a_contract_ends_on_or_after_the_start_of_its_job() {
    opened().when([event(2, "2025-02-03", job_until(1, "2025-02-02"))]).refused(Code::ContractEndsBeforeStart, 2, &[]);
    opened().when([event(2, "2025-02-03", job_until(1, "2025-02-03"))]).counts(&[1, 2]);
}

#[test]
fn a_change_cannot_end_the_contract_before_the_start_of_the_job() {
    let started = opened().and([event(2, "2025-02-03", job_until(1, "2025-12-31"))]);
    started.when([event(3, "2025-03-01", job_extended_until(1, "2025-02-02"))]).refused(Code::ContractEndsBeforeStart, 3, &[2]);
    // It may end before the change: the contract ran out and nobody had told.
    started.when([event(3, "2025-03-01", job_extended_until(1, "2025-02-03"))]).counts(&[1, 2, 3]);
}

#[test]
fn a_correction_cannot_move_the_start_past_its_own_contract() {
    let started = opened().and([event(2, "2025-02-03", job_until(1, "2025-06-30"))]);
    started.when([correction(3, 2, "2025-07-01", job_until(1, "2025-06-30"))]).refused(Code::ContractEndsBeforeStart, 3, &[]);
    started.when([correction(3, 2, "2025-06-30", job_until(1, "2025-06-30"))]).counts(&[1, 3]);
}

#[test]
fn a_start_moved_past_the_contract_of_a_change_breaks_that_change() {
    let started = opened().and([event(2, "2025-02-03", job_until(1, "2025-12-31"))]).and([event(
        3,
        "2025-09-01",
        job_extended_until(1, "2025-06-30"),
    )]);
    started.when([correction(4, 2, "2025-07-01", job_until(1, "2025-12-31"))]).refused(Code::CorrectionBreaksTimeline, 4, &[3]);
    started.when([correction(4, 2, "2025-06-30", job_until(1, "2025-12-31"))]).counts(&[1, 4, 3]);
}

#[test]
fn contracts_without_a_last_day_end_never() {
    for contract in [Contract::Permanent, Contract::Other] {
        opened()
            .when([event(2, "2025-02-03", job_on(1, Conditions { contract: Some(contract), ..Conditions::default() }))])
            .counts(&[1, 2]);
        let change = domain::ConditionChanges { contract: Some(Some(contract)), ..domain::ConditionChanges::default() };
        busy().when([event(9, "2025-03-01", job_changed_to(1, change))]).accepted();
    }
}

#[test]
fn a_job_that_ended_without_a_recorded_stop_still_changes() {
    let ran_out = opened().and([event(2, "2025-02-03", job_until(1, "2025-03-31"))]);
    ran_out.when([event(3, "2025-08-01", job_extended_until(1, "2025-12-31"))]).counts(&[1, 2, 3]);
    ran_out.when([event(3, "2025-08-01", contact())]).counts(&[1, 2, 3]);
}
