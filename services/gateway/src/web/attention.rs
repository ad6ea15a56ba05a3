//! Which trajectories need attention first, and why.
//!
//! | reason | holds when |
//! | --- | --- |
//! | contract ended | a contract of an active job has ended, and no stop and no other contract is recorded |
//! | sustainable work at risk | a job that is active is not sustainable for one reason alone, and either was sustainable within the last half year or lacks little |
//! | contract about to end | a contract of an active job ends within thirty days |
//! | no contact for long | the last contact, or where there was none the start, is four weeks ago; eight weeks while work is sustainable |
//! | stuck | the same step before coaching for thirteen weeks |
//! | just reached | a job that is active has become sustainable within the last four weeks |
//!
//! The first that holds, in this order, is told, and no other: whoever looks at the trajectory sees the rest.

use domain::{Condition, Contract, Date, Fact, Hundredths, Job, Step, SustainableWork, Timeline, Trajectory, Verdict};
use pages::Why;

use super::convert;

/// A contract that ends within so many days is to be spoken about: an employer gives notice a month before.
const CONTRACT_ENDS_WITHIN: i32 = 30;
/// So long without a contact is long.
const SILENT_FOR: i32 = 4 * 7;
/// And so long while work is sustainable: then a coach stands further off.
const SILENT_AT_WORK_FOR: i32 = 8 * 7;
/// So long in one step is long.
const STUCK_FOR: i32 = 13 * 7;
/// So long something new is worth telling.
const JUST: i32 = 4 * 7;
/// Sustainable work that was lost within so many days can be won back.
const LOST_WITHIN: i32 = 183;
/// Hours a week that are little to lack, in hundredths.
const FEW_HOURS: Hundredths = 4_00;
/// Percentage points of wage value that are little to lack, in hundredths.
const FEW_POINTS: Hundredths = 10_00;

/// Why this running trajectory needs attention on this day, if it does.
pub(crate) fn of(timeline: &Timeline, trajectory: &Trajectory, today: Date) -> Option<Why> {
    let sustainable = SustainableWork::default();
    let active = || trajectory.jobs.iter().filter(|job| job.spell.active_on(today));
    active()
        .find_map(|job| ended(job, today))
        .or_else(|| active().find_map(|job| at_risk(job, &sustainable, today)))
        .or_else(|| active().find_map(|job| ends(job, today)))
        .or_else(|| silent(timeline, trajectory, &sustainable, today))
        .or_else(|| stuck(timeline, trajectory, today))
        .or_else(|| active().find_map(|job| reached(job, &sustainable, today)))
}

/// The place of what has no contact for long among the reasons.
pub(crate) const SILENT: u8 = 3;

/// The order of urgency within one reason: smaller comes first.
pub(crate) fn order(why: &Why) -> (u8, pages::Day) {
    match why {
        Why::ContractEnded(day) => (0, *day),
        Why::Hours { .. } | Why::Wage { .. } | Why::Workplace => (1, pages::Day::from_days(i32::MIN)),
        Why::ShortContract { until } => (1, *until),
        Why::ContractEnds(day) => (2, *day),
        Why::Silent(day) => (SILENT, day.unwrap_or(pages::Day::from_days(i32::MIN))),
        Why::Stuck(day) => (4, *day),
        Why::Reached(day) => (5, *day),
    }
}

fn at_risk(job: &Job, sustainable: &SustainableWork, today: Date) -> Option<Why> {
    let values = job.conditions_on(today);
    let started = job.spell.start;
    let fails = |condition: &Condition| sustainable.condition(*condition, started, &values) == Verdict::No;
    let mut failing = Condition::ALL.iter().filter(|condition| fails(condition));
    let (Some(condition), None) = (failing.next(), failing.next()) else { return None };
    let lost = was_sustainable_since(job, sustainable, today.plus_days(-LOST_WITHIN), today);
    match condition {
        Condition::HoursPerWeek => {
            let (has, needed) = (values.hours_per_week?, sustainable.min_hours_per_week);
            (lost || needed - has <= FEW_HOURS).then(|| Why::Hours { has: convert::decimal(has), needed: convert::decimal(needed) })
        }
        Condition::WageValuePercent => {
            let (has, needed) = (values.wage_value_percent?, sustainable.min_wage_value_percent);
            (lost || needed - has <= FEW_POINTS).then(|| Why::Wage { has: convert::decimal(has), needed: convert::decimal(needed) })
        }
        Condition::RegularWorkplace => lost.then_some(Why::Workplace),
        Condition::Contract => {
            let Some(Contract::FixedTerm { until }) = values.contract else { return None };
            // One that ends soon, or has ended, is told as that.
            (until > today.plus_days(CONTRACT_ENDS_WITHIN)).then(|| Why::ShortContract { until: convert::day(until) })
        }
    }
}

/// Whether a job was sustainable on a day from `from` until the day before `today`. Conditions change on the days of its events alone.
fn was_sustainable_since(job: &Job, sustainable: &SustainableWork, from: Date, today: Date) -> bool {
    let days = job.change_days().chain([job.spell.start]).filter(|day| *day < today);
    let before = |day: Date| sustainable.verdict(job.spell.start, &job.conditions_on(day)) == Verdict::Yes;
    // What was in force when the time began, and each change since.
    let first = from.max(job.spell.start);
    (first < today && before(first)) || days.filter(|day| *day >= from).any(before)
}

/// The last day of the contract of this day.
fn last_day(job: &Job, today: Date) -> Option<Date> {
    if let Some(Contract::FixedTerm { until }) = job.conditions_on(today).contract { Some(until) } else { None }
}

fn ended(job: &Job, today: Date) -> Option<Why> {
    last_day(job, today).filter(|until| *until < today).map(|until| Why::ContractEnded(convert::day(until)))
}

fn ends(job: &Job, today: Date) -> Option<Why> {
    let soon = |until: &Date| (today..=today.plus_days(CONTRACT_ENDS_WITHIN)).contains(until);
    last_day(job, today).filter(soon).map(|until| Why::ContractEnds(convert::day(until)))
}

/// The day of the last contact until this day.
pub(crate) fn last_contact(timeline: &Timeline, today: Date) -> Option<Date> {
    let contacts = timeline.events().iter().filter(|event| matches!(event.fact, Fact::Contact { .. }) && event.occurred_on <= today);
    contacts.map(|event| event.occurred_on).max()
}

fn silent(timeline: &Timeline, trajectory: &Trajectory, sustainable: &SustainableWork, today: Date) -> Option<Why> {
    let last = last_contact(timeline, today);
    let since = last.unwrap_or(trajectory.start);
    let at_work = trajectory.jobs.iter().any(|job| sustainable_since(job, sustainable, today).is_some());
    (since.plus_days(if at_work { SILENT_AT_WORK_FOR } else { SILENT_FOR }) <= today).then(|| Why::Silent(last.map(convert::day)))
}

/// The first day on which the step of this day was reached.
pub(crate) fn in_step_since(timeline: &Timeline, today: Date) -> Option<(Step, Date)> {
    let step = Step::on(timeline, today);
    let days = timeline.events().iter().map(|event| event.occurred_on).filter(|day| *day <= today);
    let mut days: Vec<Date> = days.collect();
    days.dedup();
    // Steps are only ever gone up, so the first day of this one is found by halves.
    let at = days.partition_point(|day| Step::on(timeline, *day) < step);
    Some((step, *days.get(at)?))
}

fn stuck(timeline: &Timeline, trajectory: &Trajectory, today: Date) -> Option<Why> {
    let (step, since) = in_step_since(timeline, today)?;
    // What was spoken about before it began is no standstill of it.
    let since = since.max(trajectory.start);
    (step < Step::Coaching && since.plus_days(STUCK_FOR) <= today).then(|| Why::Stuck(convert::day(since)))
}

/// The first day of the sustainable work that a job is on this day; `None` when it is not.
pub(crate) fn sustainable_since(job: &Job, sustainable: &SustainableWork, today: Date) -> Option<Date> {
    let holds = |day: Date| sustainable.verdict(job.spell.start, &job.conditions_on(day)) == Verdict::Yes;
    if !job.spell.active_on(today) || !holds(today) {
        return None;
    }
    let mut days: Vec<Date> = job.change_days().chain([job.spell.start]).filter(|day| *day <= today).collect();
    days.sort_unstable();
    let lost = days.iter().rposition(|day| !holds(*day));
    days.get(lost.map_or(0, |at| at + 1)).copied()
}

fn reached(job: &Job, sustainable: &SustainableWork, today: Date) -> Option<Why> {
    let since = sustainable_since(job, sustainable, today)?;
    (since.plus_days(JUST) > today).then(|| Why::Reached(convert::day(since)))
}

#[cfg(test)]
mod tests {
    use domain::{ClientId, ConditionChanges, Conditions, EventId, Funding, Intake, JobId, Method, Recorded, Region};
    use pages::{Day, Decimal};
    use uuid::Uuid;

    use super::*;

    const JOB: JobId = JobId(Uuid::from_u128(7));
    /// Normal pay, without subsidy: 100 percent.
    const NORMAL: Hundredths = 10_000;

    /// Days are counted from 1 January 2026, on which it begins; today is day 200.
    fn on(day: i32) -> Date {
        Date::from_civil(2026, 1, 1).plus_days(day)
    }

    fn why(facts: impl IntoIterator<Item = (i32, Fact)>) -> Option<Why> {
        why_from(0, facts)
    }

    fn why_from(start: i32, facts: impl IntoIterator<Item = (i32, Fact)>) -> Option<Why> {
        let intake = Intake {
            client: ClientId(Uuid::nil()),
            method: Method::Ips,
            variant: None,
            funding: Funding::Uwv,
            scheme: None,
            region: Region::of_code("AM18"),
            coach: None,
        };
        let mut timeline = Timeline::new("org".into());
        for (n, (day, fact)) in (1..).zip([(start, Fact::Intake(Box::new(intake)))].into_iter().chain(facts)) {
            timeline.evolve(Recorded { id: EventId(Uuid::from_u128(n)), occurred_on: on(day), corrects: None, fact });
        }
        let trajectory = Trajectory::of(&timeline).unwrap();
        of(&timeline, &trajectory, on(200))
    }

    const fn spoke() -> Fact {
        Fact::Contact { with_employer: false, minutes: None }
    }

    const fn job(hours: Hundredths, wage: Hundredths, contract: Contract) -> Fact {
        let conditions = Conditions {
            regular_workplace: Some(true),
            hours_per_week: Some(hours),
            wage_value_percent: Some(wage),
            contract: Some(contract),
        };
        Fact::PaidWorkStarted { job: JOB, conditions }
    }

    fn hours_from(hours: Hundredths) -> Fact {
        let changes = ConditionChanges { hours_per_week: Some(Some(hours)), names_a_field: true, ..ConditionChanges::default() };
        Fact::PaidWorkChanged { job: JOB, changes }
    }

    fn day(n: i32) -> Day {
        convert::day(on(n))
    }

    #[test]
    fn four_weeks_without_a_contact_are_long() {
        assert_eq!(why([(172, spoke())]), Some(Why::Silent(Some(day(172)))));
        assert_eq!(why([(190, Fact::Engagement), (173, spoke())]), None);
        assert_eq!(why([]), Some(Why::Silent(None)));
        assert_eq!(why([(201, spoke()), (150, spoke())]), Some(Why::Silent(Some(day(150)))), "one of tomorrow was not had yet");
    }

    #[test]
    fn thirteen_weeks_in_one_step_are_long_and_coaching_has_no_end() {
        assert_eq!(why([(199, spoke()), (109, Fact::Engagement)]), Some(Why::Stuck(day(109))));
        assert_eq!(why([(199, spoke()), (110, Fact::Engagement)]), None);
        assert_eq!(why_from(190, [(199, spoke()), (50, spoke())]), None, "it began ten days ago");
        assert_eq!(why([(199, spoke()), (10, job(20_00, NORMAL, Contract::Permanent))]), None);
    }

    #[test]
    fn eight_weeks_are_long_while_work_is_sustainable() {
        let of = |spoken: i32, hours| why([(spoken, spoke()), (10, job(hours, NORMAL, Contract::Permanent))]);
        assert_eq!(of(145, 20_00), None);
        assert_eq!(of(144, 20_00), Some(Why::Silent(Some(day(144)))));
        assert_eq!(of(172, 4_00), Some(Why::Silent(Some(day(172)))), "four for all others");
    }

    #[test]
    fn a_contract_that_has_ended_comes_before_all_else_and_one_that_will_end_after_what_is_at_risk() {
        let until = |last: i32| why([(10, spoke()), (10, job(11_00, NORMAL, Contract::FixedTerm { until: on(last) }))]);
        assert_eq!(until(199), Some(Why::ContractEnded(day(199))));
        assert!(matches!(until(210), Some(Why::Hours { .. })));
        let order = |why: &Why| super::order(why).0;
        let all = [
            Why::ContractEnded(day(1)),
            Why::Workplace,
            Why::ContractEnds(day(1)),
            Why::Silent(None),
            Why::Stuck(day(1)),
            Why::Reached(day(1)),
        ];
        assert!(all.iter().map(order).eq(0..6));
    }

    #[test]
    fn a_contract_is_told_of_thirty_days_before_its_end_and_after_it() {
        let until = |last: i32| why([(199, spoke()), (10, job(20_00, NORMAL, Contract::FixedTerm { until: on(last) }))]);
        assert_eq!(until(231), None);
        assert_eq!(until(230), Some(Why::ContractEnds(day(230))));
        assert_eq!(until(200), Some(Why::ContractEnds(day(200))));
        assert_eq!(until(199), Some(Why::ContractEnded(day(199))));
        let stopped =
            [(199, spoke()), (10, job(20_00, NORMAL, Contract::FixedTerm { until: on(199) })), (200, Fact::PaidWorkStopped { job: JOB })];
        assert_eq!(why(stopped), None, "what has stopped is no question any more");
    }

    #[test]
    fn work_is_at_risk_when_one_thing_lacks_and_little_or_what_was_there() {
        let hours = |has: u32| Some(Why::Hours { has: Decimal::hundredths(has), needed: Decimal::whole(12) });
        assert_eq!(why([(199, spoke()), (10, job(11_00, NORMAL, Contract::Permanent))]), hours(11_00));
        assert_eq!(why([(199, spoke()), (10, job(7_99, NORMAL, Contract::Permanent))]), None, "more than four hours lack");
        assert_eq!(why([(199, spoke()), (10, job(11_00, 30_00, Contract::Permanent))]), None, "two things lack");
        let lost = |change: i32| why([(199, spoke()), (10, job(20_00, NORMAL, Contract::Permanent)), (change, hours_from(4_00))]);
        assert_eq!(lost(18), hours(4_00), "it was there until the day before");
        assert_eq!(lost(17), None, "half a year ago");
        assert_eq!(lost(200), hours(4_00));
    }

    #[test]
    fn sustainable_work_is_told_of_for_four_weeks() {
        let of = |change: i32| why([(199, spoke()), (10, job(4_00, NORMAL, Contract::Permanent)), (change, hours_from(12_00))]);
        assert_eq!(of(173), Some(Why::Reached(day(173))));
        assert_eq!(of(172), None);
        assert_eq!(of(201), None, "that is tomorrow");
    }
}
