//! Sustainable paid work: four conditions at their thresholds, each job judged alone.

use domain::{Condition, ConditionChanges, Conditions, Contract, Hundredths, Status, SustainableWork, Trajectory, Verdict};
use proptest::prelude::*;

use crate::given::{correction, day, event, fixed_term, job_changed_to, job_extended_until, job_on, opened};

const HOLDS: Conditions = Conditions {
    regular_workplace: Some(true),
    hours_per_week: Some(12_00),
    wage_value_percent: Some(35_00),
    contract: Some(Contract::Permanent),
};

fn verdict_of(values: Conditions) -> Verdict {
    SustainableWork::default().verdict(day("2025-02-03"), &values)
}

/// The contract alone: from the first day through the last.
fn contract(started: &str, until: &str) -> Verdict {
    let values = Conditions { contract: Some(fixed_term(until)), ..HOLDS };
    let of_all = SustainableWork::default().verdict(day(started), &values);
    assert_eq!(of_all, SustainableWork::default().condition(Condition::Contract, day(started), &values));
    of_all
}

#[test]
fn a_job_whose_four_conditions_just_hold_is_sustainable() {
    assert_eq!(verdict_of(HOLDS), Verdict::Yes);
}

#[test]
fn a_job_of_less_than_twelve_hours_is_not_sustainable() {
    let with = |hours: Hundredths| verdict_of(Conditions { hours_per_week: Some(hours), ..HOLDS });
    assert_eq!(with(11_99), Verdict::No);
    assert_eq!(with(12_00), Verdict::Yes);
    assert_eq!(with(0), Verdict::No);
    assert_eq!(with(80_00), Verdict::Yes);
}

#[test]
fn a_wage_value_of_less_than_35_percent_is_not_sustainable() {
    let with = |wage: Hundredths| verdict_of(Conditions { wage_value_percent: Some(wage), ..HOLDS });
    assert_eq!(with(34_90), Verdict::No);
    assert_eq!(with(34_99), Verdict::No);
    assert_eq!(with(35_00), Verdict::Yes);
    assert_eq!(with(100_00), Verdict::Yes);
}

#[test]
fn a_workplace_that_is_not_regular_is_not_sustainable() {
    assert_eq!(verdict_of(Conditions { regular_workplace: Some(false), ..HOLDS }), Verdict::No);
}

#[test]
fn a_contract_of_exactly_three_months_is_sustainable() {
    assert_eq!(contract("2025-01-01", "2025-03-31"), Verdict::Yes);
    assert_eq!(contract("2025-01-15", "2025-04-14"), Verdict::Yes);
}

#[test]
fn a_contract_of_three_months_less_a_day_is_not_sustainable() {
    assert_eq!(contract("2025-01-01", "2025-03-30"), Verdict::No);
    assert_eq!(contract("2025-01-15", "2025-04-13"), Verdict::No);
}

#[test]
fn three_months_from_a_months_end_fall_to_a_months_end() {
    // 30 November + 3 months is 28 February: the last day may be the 27th.
    assert_eq!(contract("2024-11-30", "2025-02-27"), Verdict::Yes);
    assert_eq!(contract("2024-11-30", "2025-02-26"), Verdict::No);
    assert_eq!(contract("2024-11-29", "2025-02-27"), Verdict::Yes);
    assert_eq!(contract("2024-11-29", "2025-02-26"), Verdict::No);
    assert_eq!(contract("2024-11-28", "2025-02-27"), Verdict::Yes);
    assert_eq!(contract("2024-11-27", "2025-02-26"), Verdict::Yes);
    assert_eq!(contract("2025-08-31", "2025-11-29"), Verdict::Yes);
    assert_eq!(contract("2025-08-31", "2025-11-28"), Verdict::No);
}

#[test]
fn three_months_over_a_leap_day_are_a_day_longer() {
    assert_eq!(contract("2023-11-30", "2024-02-28"), Verdict::Yes);
    assert_eq!(contract("2023-11-30", "2024-02-27"), Verdict::No);
    assert_eq!(contract("2024-02-29", "2024-05-28"), Verdict::Yes);
    assert_eq!(contract("2024-02-29", "2024-05-27"), Verdict::No);
    assert_eq!(contract("2023-12-01", "2024-02-29"), Verdict::Yes);
    assert_eq!(contract("2023-12-01", "2024-02-28"), Verdict::No);
    assert_eq!(contract("2024-12-01", "2025-02-28"), Verdict::Yes);
}

#[test]
fn a_contract_of_one_day_is_not_sustainable() {
    assert_eq!(contract("2025-01-01", "2025-01-01"), Verdict::No);
}

#[test]
fn every_unknown_value_leaves_a_job_undecided() {
    for values in [
        Conditions { regular_workplace: None, ..HOLDS },
        Conditions { hours_per_week: None, ..HOLDS },
        Conditions { wage_value_percent: None, ..HOLDS },
        Conditions { contract: None, ..HOLDS },
        Conditions { contract: Some(Contract::Other), ..HOLDS },
        Conditions::default(),
    ] {
        assert_eq!(verdict_of(values), Verdict::Unknown, "{values:?}");
    }
}

#[test]
fn a_known_value_that_fails_beats_all_unknown_ones() {
    for values in [
        Conditions { regular_workplace: Some(false), ..Conditions::default() },
        Conditions { hours_per_week: Some(11_99), ..Conditions::default() },
        Conditions { wage_value_percent: Some(34_99), ..Conditions::default() },
        Conditions { contract: Some(fixed_term("2025-03-01")), ..Conditions::default() },
        Conditions { hours_per_week: Some(11_99), contract: Some(Contract::Other), ..HOLDS },
    ] {
        assert_eq!(verdict_of(values), Verdict::No, "{values:?}");
    }
}

#[test]
fn thresholds_can_be_set_otherwise() {
    let other = SustainableWork { regular_workplace: false, min_hours_per_week: 8_00, min_wage_value_percent: 0, min_contract_months: 1 };
    let values = Conditions {
        regular_workplace: Some(false),
        hours_per_week: Some(8_00),
        wage_value_percent: Some(0),
        contract: Some(fixed_term("2025-03-02")),
    };
    assert_eq!(other.verdict(day("2025-02-03"), &values), Verdict::Yes);
    assert_eq!(SustainableWork::default().verdict(day("2025-02-03"), &values), Verdict::No);
}

#[test]
fn an_extension_moves_the_last_day_and_leaves_the_start() {
    let short = Conditions { contract: Some(fixed_term("2025-03-31")), ..HOLDS };
    let timeline =
        opened().and([event(2, "2025-02-03", job_on(1, short))]).and([event(3, "2025-03-20", job_extended_until(1, "2025-05-02"))]).0;
    let on = |on: &str| Status::on(&timeline, day(on), &SustainableWork::default()).sustainable_work;
    assert_eq!(on("2025-03-19"), Verdict::No);
    // Of the same day included: 3 February through 2 May, although the extension itself is of six weeks only.
    assert_eq!(on("2025-03-20"), Verdict::Yes);
}

#[test]
fn an_extension_that_stays_a_day_short_is_not_enough() {
    let short = Conditions { contract: Some(fixed_term("2025-03-31")), ..HOLDS };
    let timeline =
        opened().and([event(2, "2025-02-03", job_on(1, short))]).and([event(3, "2025-03-20", job_extended_until(1, "2025-05-01"))]).0;
    assert_eq!(Status::on(&timeline, day("2025-04-01"), &SustainableWork::default()).sustainable_work, Verdict::No);
}

#[test]
fn a_corrected_start_moves_the_three_months() {
    let until = Conditions { contract: Some(fixed_term("2025-05-01")), ..HOLDS };
    let stream = opened().and([event(2, "2025-02-03", job_on(1, until))]);
    let verdict = |timeline: &domain::Timeline| Status::on(timeline, day("2025-04-01"), &SustainableWork::default()).sustainable_work;
    assert_eq!(verdict(&stream.0), Verdict::No);
    assert_eq!(verdict(&stream.and([correction(3, 2, "2025-02-02", job_on(1, until))]).0), Verdict::Yes);
}

#[test]
fn two_jobs_of_eight_hours_are_not_one_of_sixteen() {
    let eight = Conditions { hours_per_week: Some(8_00), ..HOLDS };
    let timeline = opened().and([event(2, "2025-02-03", job_on(1, eight))]).and([event(3, "2025-02-03", job_on(2, eight))]).0;
    let status = Status::on(&timeline, day("2025-03-01"), &SustainableWork::default());
    assert_eq!((status.paid_work, status.sustainable_work), (true, Verdict::No));
}

#[test]
fn one_sustainable_job_is_enough_and_an_undecided_one_beats_a_failing_one() {
    let (fails, unknown) = (Conditions { hours_per_week: Some(8_00), ..HOLDS }, Conditions { contract: None, ..HOLDS });
    let of = |jobs: &[Conditions]| {
        let jobs = (1..).zip(jobs).map(|(number, values)| event(1 + number, "2025-02-03", job_on(u128::from(number), *values)));
        let timeline = jobs.fold(opened(), |stream, job| stream.and([job])).0;
        Status::on(&timeline, day("2025-03-01"), &SustainableWork::default()).sustainable_work
    };
    for (first, second, expected) in [
        (fails, fails, Verdict::No),
        (fails, unknown, Verdict::Unknown),
        (fails, HOLDS, Verdict::Yes),
        (unknown, unknown, Verdict::Unknown),
        (unknown, HOLDS, Verdict::Yes),
    ] {
        assert_eq!(of(&[first, second]), expected);
        assert_eq!(of(&[second, first]), expected);
    }
}

#[test]
fn a_change_decides_from_its_day_on() {
    let timeline = opened()
        .and([event(2, "2025-02-03", job_on(1, HOLDS))])
        .and([event(3, "2025-03-01", job_changed_to(1, ConditionChanges { hours_per_week: Some(Some(11_99)), ..Default::default() }))])
        .and([event(4, "2025-04-01", job_changed_to(1, ConditionChanges { hours_per_week: Some(None), ..Default::default() }))])
        .and([event(5, "2025-05-01", job_changed_to(1, ConditionChanges { hours_per_week: Some(Some(24_00)), ..Default::default() }))])
        .0;
    let job = &Trajectory::of(&timeline).unwrap().jobs[0];
    let on = |on| SustainableWork::default().verdict(job.spell.start, &job.conditions_on(day(on)));
    for (from, through, expected) in [
        ("2025-02-03", "2025-02-28", Verdict::Yes),
        ("2025-03-01", "2025-03-31", Verdict::No),
        ("2025-04-01", "2025-04-30", Verdict::Unknown),
        ("2025-05-01", "2030-01-01", Verdict::Yes),
    ] {
        assert_eq!((on(from), on(through)), (expected, expected));
    }
}

proptest! {
    #[test]
    fn a_verdict_is_the_sum_of_its_conditions(
        regular in proptest::option::of(any::<bool>()), hours in proptest::option::of(0..80_00), wage in proptest::option::of(0..100_00),
        term in proptest::option::of(0..200_i32),
    ) {
        let started = day("2025-02-03");
        let values = Conditions {
            regular_workplace: regular,
            hours_per_week: hours,
            wage_value_percent: wage,
            contract: term.map(|days| if days == 0 { Contract::Permanent } else { Contract::FixedTerm { until: started.plus_days(days) } }),
        };
        let each = Condition::ALL.map(|condition| SustainableWork::default().condition(condition, started, &values));
        let expected = if each.contains(&Verdict::No) {
            Verdict::No
        } else if each.contains(&Verdict::Unknown) {
            Verdict::Unknown
        } else {
            Verdict::Yes
        };
        prop_assert_eq!(SustainableWork::default().verdict(started, &values), expected);
        // 3 February + 3 months is 89 days on: through day 88 at least.
        prop_assert_eq!(each[3], match term { None => Verdict::Unknown, Some(1..=87) => Verdict::No, Some(_) => Verdict::Yes });
    }
}
