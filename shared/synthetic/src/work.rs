//! Paid jobs: conditions that are sustainable, are not, or leave it undecided, and how they change.

use proto_events::{Contract, Date, Hundredths};

use crate::{
    calendar::{plus, plus_months},
    dice::Dice,
    life::{ConditionChange, Conditions, Job},
    texts::Topic,
};

/// What the four conditions of sustainable work say of a job.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Class {
    Sustainable,
    NotSustainable,
    Undecided,
}

/// A stretch of paid work in one job.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Spell {
    pub(crate) start: Date,
    /// The first day without it.
    pub(crate) stop: Option<Date>,
    pub(crate) class: Class,
}

impl Spell {
    /// Whether the job is active on this day.
    pub(crate) fn active(&self, day: Date) -> bool {
        self.start <= day && self.stop.is_none_or(|stop| day < stop)
    }

    /// Whether it was active on some day from `first` to `last`.
    pub(crate) fn active_within(&self, first: Date, last: Date) -> bool {
        self.start <= last && self.stop.is_none_or(|stop| stop > first && stop > self.start)
    }
}

/// Whole hours of sustainable jobs a week, with their frequency.
const HOURS: [(i32, u32); 11] = [(12, 9), (16, 18), (18, 5), (20, 16), (24, 19), (28, 7), (30, 4), (32, 12), (36, 6), (38, 2), (40, 2)];
/// Whole hours of small jobs.
const FEW_HOURS: [(i32, u32); 7] = [(2, 4), (3, 5), (4, 15), (6, 18), (8, 28), (9, 8), (10, 22)];
/// Wage values of a job with wage subsidy, and of one without.
const WAGE_VALUES: [(i32, u32); 9] = [(100, 60), (40, 3), (50, 8), (55, 4), (60, 8), (70, 8), (75, 3), (80, 5), (90, 1)];
/// Months that a first fixed-term contract lasts, where that is long enough.
const CONTRACT_MONTHS: [(i32, u32); 6] = [(3, 3), (6, 38), (7, 24), (8, 8), (9, 5), (12, 22)];

fn hundredths(whole: i32) -> Option<Hundredths> {
    Some(Hundredths(whole * 100))
}

/// Why a job is not sustainable.
#[derive(Clone, Copy)]
enum Lack {
    Hours,
    Wage,
    Workplace,
    Contract,
}

/// The job of a spell. Its class holds from `settled` on (from its start where that is `None`); nothing of it is told that
/// happens after `horizon`.
pub(crate) fn job(dice: &mut Dice, spell: Spell, settled: Option<Date>, horizon: Date) -> Job {
    let last = spell.stop.map_or(horizon, |stop| plus(stop, -1)).min(horizon);
    let mut conditions = good(dice, spell.start);
    let mut prolong = true;
    match spell.class {
        Class::Sustainable => {}
        Class::NotSustainable => prolong = spoil(dice, &mut conditions, spell.start, last),
        Class::Undecided => leave_open(dice, &mut conditions),
    }
    let mut job = Job { start: spell.start, stop: spell.stop, conditions, changes: Vec::new() };
    if prolong {
        extend(dice, &mut job, last);
    }
    if let Some(settled) = settled.filter(|_| spell.class == Class::Sustainable) {
        begin_smaller(dice, &mut job, settled.min(last));
    }
    if spell.class != Class::Undecided {
        grow(dice, &mut job, last);
    }
    job.changes.sort_by_key(|(day, _)| *day);
    job
}

/// Conditions of which all four are known and hold.
fn good(dice: &mut Dice, start: Date) -> Conditions {
    let contract = if dice.chance(190) {
        Contract::Permanent
    } else {
        Contract::FixedTerm { until: plus(plus_months(start, dice.weighted(&CONTRACT_MONTHS)), -1) }
    };
    let half = if dice.chance(25) { 50 } else { 0 };
    Conditions {
        regular: Some(true),
        hours: Some(Hundredths(dice.weighted(&HOURS) * 100 + half)),
        wage: hundredths(dice.weighted(&WAGE_VALUES)),
        contract: Some(contract),
        sector: dice.chance(850).then(|| Topic::Sector.choose(dice)),
        employer: dice.chance(800).then(|| Topic::Employer.choose(dice)),
    }
}

/// Makes one condition fail, sometimes leaving another unknown. Whether its contract may be extended.
fn spoil(dice: &mut Dice, conditions: &mut Conditions, start: Date, last: Date) -> bool {
    let short = if last.days() - start.days() < 75 { 30 } else { 3 };
    let lack = dice.weighted(&[(Lack::Hours, 52), (Lack::Wage, 12), (Lack::Workplace, 30), (Lack::Contract, short)]);
    match lack {
        Lack::Hours => {
            let half = if dice.chance(120) { 50 } else { 0 };
            conditions.hours = Some(Hundredths(dice.weighted(&FEW_HOURS) * 100 + half));
            if dice.chance(200) {
                conditions.wage = None;
            }
        }
        Lack::Wage => conditions.wage = hundredths(dice.between(15, 34)),
        Lack::Workplace => {
            conditions.regular = Some(false);
            conditions.wage = hundredths(dice.between(3, 9) * 10).filter(|_| dice.chance(800));
        }
        Lack::Contract => {
            conditions.contract = Some(Contract::FixedTerm { until: plus(plus_months(start, dice.between(1, 2)), -1) });
            return false;
        }
    }
    true
}

/// Leaves a condition open, all others holding.
fn leave_open(dice: &mut Dice, conditions: &mut Conditions) {
    match dice.below(100) {
        0..50 => conditions.wage = None,
        50..80 => conditions.contract = Some(Contract::Other),
        80..92 => conditions.contract = None,
        _ => conditions.hours = None,
    }
}

/// A fixed-term contract that runs out is extended, or becomes permanent; seldom nobody tells.
fn extend(dice: &mut Dice, job: &mut Job, last: Date) {
    let mut contract = job.conditions.contract;
    for extension in 1..=3 {
        let Some(Contract::FixedTerm { until }) = contract else { return };
        let day = plus(until, -dice.between(0, 16)).max(plus(job.start, 1));
        if until >= last || day > last || dice.chance(60) {
            return;
        }
        let next = if extension == 3 || dice.chance(350) {
            Contract::Permanent
        } else {
            Contract::FixedTerm { until: plus_months(until, dice.pick(&[6, 6, 7, 12, 12])) }
        };
        job.changes.push((day, ConditionChange { contract: Some(Some(next)), ..ConditionChange::default() }));
        contract = Some(next);
    }
}

/// Some jobs begin with few hours, or with something unknown, and are what they are later from a day before `settled`.
fn begin_smaller(dice: &mut Dice, job: &mut Job, settled: Date) {
    if settled.days() - job.start.days() < 45 {
        return;
    }
    let day = dice.day(plus(job.start, 20), settled.min(plus(job.start, 110)));
    if dice.chance(80) {
        let hours = std::mem::replace(&mut job.conditions.hours, hundredths(dice.weighted(&FEW_HOURS)));
        job.changes.push((day, ConditionChange { hours: Some(hours), ..ConditionChange::default() }));
    } else if dice.chance(50) {
        let wage = job.conditions.wage.take();
        job.changes.push((day, ConditionChange { wage: Some(wage), ..ConditionChange::default() }));
    }
}

/// Hours grow in the course of some jobs, within their class.
fn grow(dice: &mut Dice, job: &mut Job, last: Date) {
    let (Some(Hundredths(hours)), true) = (job.conditions.hours, dice.chance(220)) else {
        return;
    };
    let more =
        if hours < 1200 { (hours + dice.pick(&[100, 200, 300])).min(1150) } else { (hours + dice.pick(&[200, 400, 400, 800])).min(4000) };
    let first = job.changes.iter().filter(|(_, change)| change.hours.is_some()).map(|(day, _)| *day).max().unwrap_or(job.start);
    let (from, to) = (plus(first, 40), last);
    // Where the hours were changed before, growth would go back behind them.
    if more > hours && from < to && first == job.start {
        job.changes.push((dice.early_day(from, to), ConditionChange { hours: Some(Some(Hundredths(more))), ..ConditionChange::default() }));
    }
}
