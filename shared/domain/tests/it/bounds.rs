//! Rules 10 to 14: against the intake and the outflow.

use domain::{Code, Fact, Method, Variant};

use crate::given::{
    START, TODAY, assessment, busy, contact, correction, education_started, event, facts_for_the_busy, given, intake, intake_of,
    job_changed, job_started, job_stopped, nothing, opened, outflow, placement_started, placement_stopped, retraction, trajectory_changed,
    trajectory_changed_to,
};

#[test]
fn nothing_but_an_intake_opens_a_stream() {
    for fact in facts_for_the_busy() {
        if !matches!(fact, Fact::Retraction { .. }) {
            nothing().when([event(1, START, fact)]).refused(Code::NoIntake, 1, &[]);
        }
    }
    nothing().when([event(1, START, intake())]).counts(&[1]);
}

#[test]
fn after_its_retraction_no_intake_counts() {
    let empty_again = opened().and([retraction(2, 1)]);
    empty_again.when([event(3, "2025-02-01", contact())]).refused(Code::NoIntake, 3, &[]);
    empty_again.and([event(3, START, intake())]).when([event(4, "2025-02-01", contact())]).counts(&[3, 4]);
}

#[test]
fn a_second_intake_is_refused_with_the_one_that_counts() {
    opened().when([event(2, START, intake())]).refused(Code::SecondIntake, 2, &[1]);
    opened().when([event(2, "2024-01-01", intake())]).refused(Code::SecondIntake, 2, &[1]);
    let corrected = opened().and([correction(2, 1, "2025-01-07", intake())]);
    corrected.when([event(3, START, intake())]).refused(Code::SecondIntake, 3, &[2]);
}

#[test]
fn a_new_intake_is_accepted_once_the_old_one_was_retracted() {
    opened().and([retraction(2, 1)]).when([event(3, "2025-03-01", intake())]).counts(&[3]);
    opened().when([retraction(2, 1), event(3, "2025-03-01", intake())]).counts(&[3]);
}

#[test]
fn a_second_outflow_is_refused_with_the_one_that_counts() {
    let ended = opened().and([event(2, "2025-06-30", outflow())]);
    for on in ["2025-03-31", "2025-06-30", "2025-09-30"] {
        ended.when([event(3, on, outflow())]).refused(Code::SecondOutflow, 3, &[2]);
    }
}

#[test]
fn another_outflow_follows_a_retracted_one() {
    let ended = opened().and([event(2, "2025-06-30", outflow())]);
    ended.and([retraction(3, 2)]).when([event(4, "2025-09-30", outflow())]).counts(&[1, 4]);
}

#[test]
fn a_change_or_outflow_before_the_start_is_refused_with_the_intake() {
    for fact in [trajectory_changed(), outflow()] {
        opened().when([event(2, "2025-01-05", fact.clone())]).refused(Code::BeforeStart, 2, &[1]);
        opened().when([event(2, START, fact)]).counts(&[1, 2]);
    }
}

#[test]
fn everything_else_may_lie_before_the_start() {
    for fact in facts_for_the_busy() {
        let bounded = matches!(fact, Fact::TrajectoryChanged(_) | Fact::Outflow { .. });
        let needs_a_start = fact.is_stop() || matches!(fact, Fact::PaidWorkChanged { .. } | Fact::Retraction { .. });
        if !bounded && !needs_a_start {
            opened().when([event(2, "2020-01-01", fact)]).counts(&[2, 1]);
        }
    }
}

#[test]
fn a_job_may_begin_change_and_stop_before_the_start() {
    opened()
        .and([event(2, "2024-01-01", job_started(1))])
        .and([event(3, "2024-02-01", job_changed(1))])
        .when([event(4, "2024-03-01", job_stopped(1))])
        .counts(&[2, 3, 4, 1]);
}

#[test]
fn everything_is_accepted_on_the_outflow_day_itself() {
    for fact in facts_for_the_busy().into_iter().filter(|fact| !matches!(fact, Fact::Outflow { .. })) {
        busy().and([event(8, "2025-06-30", outflow())]).when([event(9, "2025-06-30", fact)]).accepted();
    }
}

#[test]
fn the_day_after_the_outflow_only_stops_and_retractions_are_accepted() {
    for fact in facts_for_the_busy().into_iter().filter(|fact| !matches!(fact, Fact::Outflow { .. })) {
        let fine = fact.is_stop() || matches!(fact, Fact::Retraction { .. });
        let outcome = busy().and([event(8, "2025-06-30", outflow())]).when([event(9, "2025-07-01", fact)]);
        if fine {
            outcome.accepted();
        } else {
            outcome.refused(Code::AfterOutflow, 9, &[8]);
        }
    }
}

#[test]
fn two_days_after_the_outflow_only_retractions_are_accepted() {
    for fact in facts_for_the_busy().into_iter().filter(|fact| !matches!(fact, Fact::Outflow { .. })) {
        let fine = matches!(fact, Fact::Retraction { .. });
        let outcome = busy().and([event(8, "2025-06-30", outflow())]).when([event(9, "2025-07-02", fact)]);
        if fine {
            outcome.accepted();
        } else {
            outcome.refused(Code::AfterOutflow, 9, &[8]);
        }
    }
}

#[test]
fn an_intake_moved_past_the_outflow_is_itself_wrong() {
    let ended = opened().and([event(2, "2025-06-30", outflow())]);
    ended.when([correction(3, 1, "2025-07-01", intake())]).refused(Code::AfterOutflow, 3, &[2]);
    ended.when([correction(3, 1, "2025-06-30", intake())]).counts(&[3, 2]);
}

#[test]
fn a_late_event_before_the_outflow_is_accepted() {
    let ended = opened().and([event(2, "2025-06-30", outflow())]);
    ended.when([event(3, "2025-03-01", assessment())]).counts(&[1, 3, 2]);
    ended.when([event(3, TODAY, contact())]).refused(Code::AfterOutflow, 3, &[2]);
}

#[test]
fn an_outflow_may_move_to_a_later_day() {
    let ended = opened().and([event(2, "2025-06-30", outflow())]).and([correction(3, 2, "2025-09-30", outflow())]);
    ended.when([event(4, "2025-09-30", contact())]).counts(&[1, 3, 4]);
    ended.when([event(4, "2025-10-01", contact())]).refused(Code::AfterOutflow, 4, &[3]);
}

#[test]
fn only_an_ips_intake_has_a_variant() {
    for method in Method::ALL.iter().copied() {
        for variant in Variant::ALL.iter().copied() {
            let outcome = nothing().when([event(1, START, intake_of(method, Some(variant)))]);
            if method == Method::Ips {
                outcome.counts(&[1]);
            } else {
                outcome.refused(Code::VariantWithoutIps, 1, &[]);
            }
        }
        nothing().when([event(1, START, intake_of(method, None))]).counts(&[1]);
    }
}

#[test]
fn a_change_gives_a_variant_to_an_ips_trajectory_only() {
    let changed = |variant| event(2, "2025-02-01", trajectory_changed_to(|changes| changes.variant = variant));
    let wabz = given([event(1, START, intake_of(Method::Wabz, None))]);
    wabz.when([changed(Some(Some(Variant::Epa)))]).refused(Code::VariantWithoutIps, 2, &[1]);
    wabz.when([changed(Some(None))]).counts(&[1, 2]);
    wabz.when([changed(None)]).counts(&[1, 2]);
    opened().when([changed(Some(Some(Variant::Epa)))]).counts(&[1, 2]);
}

#[test]
fn placements_jobs_and_educations_need_an_intake_even_when_they_lie_before_its_day() {
    for fact in [placement_started(1), job_started(1), education_started(1)] {
        nothing().when([event(1, "2024-01-01", fact.clone())]).refused(Code::NoIntake, 1, &[]);
        opened().when([event(2, "2024-01-01", fact)]).counts(&[2, 1]);
    }
}

#[test]
fn a_stop_the_day_after_the_outflow_can_be_told_the_evening_before() {
    // Last working day and outflow are today: the stop is dated tomorrow by both rules.
    let stream = opened().and([event(2, "2025-02-03", placement_started(1))]).and([event(3, TODAY, outflow())]);
    stream.when([event(4, "2026-07-01", placement_stopped(1))]).counts(&[1, 2, 3, 4]);
    stream.when([event(4, "2026-07-02", placement_stopped(1))]).refused(Code::InFuture, 4, &[]);
}
