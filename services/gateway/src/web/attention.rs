//! Which trajectories need attention first, and why.
//!
//! | reason | holds when |
//! | --- | --- |
//! | sustainable work at risk | a job that is active is not sustainable for one reason alone, and either was sustainable within the last half year or lacks little |
//! | contract about to end | a contract of an active job ends within six weeks, or has ended while no stop is recorded |
//! | no contact for long | the last contact, or where there was none the start, is four weeks ago |
//! | stuck | the same step before coaching for thirteen weeks |
//! | just reached | a job that is active has become sustainable within the last four weeks |
//!
//! The first that holds, in this order, is told.

use domain::{Condition, Contract, Date, Fact, Hundredths, Job, Step, SustainableWork, Timeline, Trajectory, Verdict};
use pages::Why;

use super::convert;

/// A contract that ends within so many days is to be spoken about.
const CONTRACT_ENDS_WITHIN: i32 = 6 * 7;
/// So long without a contact is long.
const SILENT_FOR: i32 = 4 * 7;
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
        .find_map(|job| at_risk(job, &sustainable, today))
        .or_else(|| active().find_map(|job| contract(job, today)))
        .or_else(|| silent(timeline, trajectory, today))
        .or_else(|| stuck(timeline, today))
        .or_else(|| active().find_map(|job| reached(job, &sustainable, today)))
}

/// The order of urgency within one reason: smaller comes first.
pub(crate) fn order(why: &Why) -> (u8, pages::Day) {
    match why {
        Why::Hours { .. } | Why::Wage { .. } | Why::Workplace => (0, pages::Day::from_days(i32::MIN)),
        Why::ShortContract { until } => (0, *until),
        Why::ContractEnded(day) | Why::ContractEnds(day) => (1, *day),
        Why::Silent(day) => (2, day.unwrap_or(pages::Day::from_days(i32::MIN))),
        Why::Stuck(day) => (3, *day),
        Why::Reached(day) => (4, *day),
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

fn contract(job: &Job, today: Date) -> Option<Why> {
    let Some(Contract::FixedTerm { until }) = job.conditions_on(today).contract else { return None };
    if until < today {
        return Some(Why::ContractEnded(convert::day(until)));
    }
    (until <= today.plus_days(CONTRACT_ENDS_WITHIN)).then(|| Why::ContractEnds(convert::day(until)))
}

/// The day of the last contact until this day.
pub(crate) fn last_contact(timeline: &Timeline, today: Date) -> Option<Date> {
    let contacts = timeline.events().iter().filter(|event| matches!(event.fact, Fact::Contact { .. }) && event.occurred_on <= today);
    contacts.map(|event| event.occurred_on).max()
}

fn silent(timeline: &Timeline, trajectory: &Trajectory, today: Date) -> Option<Why> {
    let last = last_contact(timeline, today);
    let since = last.unwrap_or(trajectory.start);
    (since.plus_days(SILENT_FOR) <= today).then(|| Why::Silent(last.map(convert::day)))
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

fn stuck(timeline: &Timeline, today: Date) -> Option<Why> {
    let (step, since) = in_step_since(timeline, today)?;
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
