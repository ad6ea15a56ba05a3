//! Rule 7: values that are possible, to their last hundredth.

use domain::{ClientId, Code, ConditionChanges, Conditions, Contract, Fact, Hundredths, Proposal, Region};
use uuid::Uuid;

use crate::given::{
    But, CLIENT, START, assessment, contact, correction, event, intake, job_changed, job_changed_to, job_on, job_started, nothing, opened,
    retraction, told, trajectory_changed, trajectory_changed_to,
};

#[track_caller]
fn fine(proposal: Proposal) {
    opened().and([event(2, "2025-02-03", job_started(1))]).when([proposal]).accepted();
}

#[track_caller]
fn invalid(proposal: Proposal) {
    opened().and([event(2, "2025-02-03", job_started(1))]).when([proposal]).refused(Code::InvalidValue, 9, &[]);
}

/// The same hours in each of the three types that have them.
fn hours(hours: Hundredths) -> [Fact; 3] {
    [
        job_on(9, Conditions { hours_per_week: Some(hours), ..Conditions::default() }),
        job_changed_to(1, ConditionChanges { hours_per_week: Some(Some(hours)), ..ConditionChanges::default() }),
        Fact::Assessment { max_hours_per_week: Some(hours) },
    ]
}

fn wage(wage: Hundredths) -> [Fact; 2] {
    [
        job_on(9, Conditions { wage_value_percent: Some(wage), ..Conditions::default() }),
        job_changed_to(1, ConditionChanges { wage_value_percent: Some(Some(wage)), ..ConditionChanges::default() }),
    ]
}

#[test]
fn hours_lie_from_0_to_80() {
    for fact in [0, 1, 79_99, 80_00].into_iter().flat_map(hours) {
        fine(event(9, "2025-03-03", fact));
    }
    for fact in [-1, 80_01, i32::MAX, i32::MIN].into_iter().flat_map(hours) {
        invalid(event(9, "2025-03-03", fact));
    }
}

#[test]
fn wage_values_lie_from_0_to_100() {
    for fact in [0, 1, 99_99, 100_00].into_iter().flat_map(wage) {
        fine(event(9, "2025-03-03", fact));
    }
    for fact in [-1, 100_01, i32::MAX, i32::MIN].into_iter().flat_map(wage) {
        invalid(event(9, "2025-03-03", fact));
    }
}

#[test]
fn a_contact_lasts_from_one_minute_to_a_day() {
    let lasting = |minutes| event(9, "2025-03-03", Fact::Contact { with_employer: true, minutes: Some(minutes) });
    for minutes in [1, 2, 1_439, 1_440] {
        fine(lasting(minutes));
    }
    for minutes in [0, -1, 1_441, i32::MAX, i32::MIN] {
        invalid(lasting(minutes));
    }
}

#[test]
fn an_assessment_has_at_most_fifty_sectors() {
    let sectors = |count| event(9, "2025-03-03", assessment()).but(|p| p.sectors = count);
    fine(sectors(0));
    fine(sectors(50));
    invalid(sectors(51));
}

#[test]
fn a_text_has_at_most_four_thousand_code_points() {
    let long = |count| event(9, "2025-03-03", contact()).but(|p| p.longest_text = count);
    fine(long(4_000));
    invalid(long(4_001));
}

#[test]
fn the_text_of_a_retraction_has_a_limit_too() {
    let stream = opened().and([event(2, "2025-02-03", contact())]);
    stream.when([retraction(3, 2).but(|p| p.longest_text = 4_001)]).refused(Code::InvalidValue, 3, &[]);
    stream.when([retraction(3, 2).but(|p| p.longest_text = 4_000)]).counts(&[1]);
}

#[test]
fn a_region_is_one_of_the_list() {
    let in_region = |region| event(9, "2025-03-03", trajectory_changed_to(|changes| changes.region = Some(region)));
    fine(in_region(Region::of_code("AM38")));
    invalid(in_region(Region::of_code("AM04")));
    let opens_in = |region| event(1, START, told(|intake| intake.region = region));
    nothing().when([opens_in(Region::of_code("AM01"))]).accepted();
    nothing().when([opens_in(Region::Unlisted)]).refused(Code::InvalidValue, 1, &[]);
}

#[test]
fn a_change_names_at_least_one_field() {
    fine(event(9, "2025-03-03", job_changed(1)));
    fine(event(9, "2025-03-03", trajectory_changed()));
    invalid(event(9, "2025-03-03", Fact::TrajectoryChanged(Box::default())));
    let Fact::PaidWorkChanged { job, .. } = job_changed(1) else { panic!() };
    invalid(event(9, "2025-03-03", Fact::PaidWorkChanged { job, changes: ConditionChanges::default() }));
}

#[test]
fn a_null_in_a_change_is_a_value_that_is_always_possible() {
    let unknown = ConditionChanges {
        regular_workplace: Some(None),
        hours_per_week: Some(None),
        wage_value_percent: Some(None),
        contract: Some(None),
        names_a_field: true,
    };
    fine(event(9, "2025-03-03", job_changed_to(1, unknown)));
}

fn intake_of_client(number: u128) -> Fact {
    told(|intake| intake.client = ClientId(Uuid::from_u128(number)))
}

#[test]
fn a_correction_of_the_intake_keeps_the_client() {
    opened().when([correction(2, 1, START, intake_of_client(CLIENT))]).counts(&[2]);
    opened().when([correction(2, 1, START, intake_of_client(7))]).refused(Code::InvalidValue, 2, &[]);
}

#[test]
fn the_first_intakes_client_stays_after_that_intake_was_retracted() {
    let empty_again = opened().and([retraction(2, 1)]);
    empty_again.when([event(3, START, intake_of_client(7))]).refused(Code::InvalidValue, 3, &[]);
    empty_again.when([event(3, START, intake_of_client(CLIENT))]).counts(&[3]);
    // The first intake of all fixes it, not the last.
    let twice = empty_again.and([event(3, START, intake())]).and([retraction(4, 3)]);
    twice.when([event(5, START, intake_of_client(7))]).refused(Code::InvalidValue, 5, &[]);
}

#[test]
fn the_client_is_fixed_within_a_decision_too() {
    let decision = |client| [event(1, START, intake()), retraction(2, 1), event(3, START, intake_of_client(client))];
    nothing().when(decision(7)).refused(Code::InvalidValue, 3, &[]);
    nothing().when(decision(CLIENT)).counts(&[3]);
}

#[test]
fn a_correction_may_not_bring_an_impossible_value() {
    let stream = opened().and([event(2, "2025-02-03", job_started(1))]);
    let with = |hours| correction(3, 2, "2025-02-03", job_on(1, Conditions { hours_per_week: Some(hours), ..Conditions::default() }));
    stream.when([with(80_01)]).refused(Code::InvalidValue, 3, &[]);
    stream.when([with(80_00)]).counts(&[1, 3]);
}

#[test]
fn contracts_of_any_kind_are_possible_values() {
    for contract in [Contract::Permanent, Contract::Other] {
        fine(event(9, "2025-03-03", job_on(9, Conditions { contract: Some(contract), ..Conditions::default() })));
    }
}

#[test]
fn the_refusal_says_which_value_is_not_possible() {
    let said = |fact| {
        let refusal = domain::decide(&opened().0, &[event(2, "2025-03-03", fact)], None).unwrap_err();
        assert!(refusal.detail().starts_with(refusal.code.advice()));
        refusal.detail()
    };
    assert!(said(Fact::Assessment { max_hours_per_week: Some(80_01) }).contains("80"));
    assert!(said(Fact::Contact { with_employer: false, minutes: Some(0) }).contains("minuten"));
    assert!(said(trajectory_changed_to(|c| c.region = Some(Region::Unlisted))).contains("arbeidsmarktregio"));
}
