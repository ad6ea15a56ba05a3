//! What left before 2025Q1 fills the earlier vintages: the outflow of 2024Q4 what is still open of 2024Q4 as published, then what
//! left from 2024Q1 on what is open of 2024Q1. The rest is free.

use proto_events::{Date, Method};

use super::{
    Error,
    cases::{AFTER, Case, end_of, start_of},
    course::{BEFORE, NOW, YEAR_EARLIER},
    pool::Pool,
    small::other_sustainable_carried,
    spells::{FirstJob, held_on, over_by, spell, stop_last},
    targets::{Targets, less},
};
use crate::{
    calendar::{date, plus},
    dice::Dice,
    lives,
    work::{Class, Spell},
};

/// WABZ at work at its outflow of 2024Q4, and werkfit; neither is published.
const WABZ_AT_WORK: usize = 1;
const WERKFIT_AT_WORK: usize = 2;

/// Fills in everybody who does not run in 2025Q1, and what goes on beside.
pub(crate) fn plan(cases: &mut [Case], targets: &Targets, dice: &mut Dice) -> Result<(), Error> {
    left_in_2024q4(cases, targets, dice)?;
    left_since_2024q1(cases, targets, dice)?;
    let free = |case: &Case| case.last.is_some_and(|last| last < YEAR_EARLIER) || case.first == Some(AFTER) || came_and_left(case);
    for case in cases.iter_mut() {
        if free(case) {
            case.spells = lives::work(dice, case.method, case.start, case.close());
            study_sometimes(case, dice);
            if case.method == Method::Werkfit {
                case.work_ready = dice.weighted(&[(Some(true), 60), (Some(false), 28), (None, 12)]);
            }
        }
        if case.last == Some(AFTER) {
            leave_after(case, dice);
        }
        go_on(case, dice);
        unpaid_before(case, dice);
    }
    Ok(())
}

/// Whether it began after the vintage of 2024Q1 and was over before that of 2024Q4.
fn came_and_left(case: &Case) -> bool {
    case.first.is_some_and(|first| first > YEAR_EARLIER) && case.last.is_some_and(|last| last < BEFORE)
}

/// The reference day of 2024Q4 as it was published: a mistaken outflow counted.
fn published_reference(case: &Case) -> Date {
    case.mistaken.map_or_else(|| case.reference(BEFORE), |mistake| mistake.day)
}

/// Those of a method that left in a quarter and were known in time.
fn left_in(cases: &[Case], method: Method, quarter: usize) -> Pool {
    Pool(
        (0..cases.len())
            .filter(|at| cases[*at].method == method && cases[*at].last == Some(quarter) && known_in_time(&cases[*at]))
            .collect(),
    )
}

/// Whether the vintage of 2024Q4 knew of it.
fn known_in_time(case: &Case) -> bool {
    case.brought.is_none_or(|day| day < date(2025, 1, 1))
}

/// How many of a method that run on from 2024Q4 into 2025Q1 hold a condition in 2024Q4 as published.
fn carried(cases: &[Case], method: Method, holds: impl Fn(&Case) -> bool) -> usize {
    let runs_on = |case: &&Case| case.method == method && case.runs_in(BEFORE) && case.runs_in(NOW) && known_in_time(case);
    cases.iter().filter(runs_on).filter(|case| holds(case)).count()
}

fn left_in_2024q4(cases: &mut [Case], targets: &Targets, dice: &mut Dice) -> Result<(), Error> {
    let at_work = |case: &Case| case.works_on(published_reference(case));
    let worked = |case: &Case| !at_work(case) && case.worked_by(published_reference(case));
    let latest = |cases: &[Case], at: usize| cases[at].reference(BEFORE);

    // Werkfit and naar werk: by their intended results.
    let naar_werk = targets.before("naar_werk", "outflow_intended")?;
    let werkfit = targets.before("werkfit", "outflow_intended")?;
    for (n, at) in left_in(cases, Method::Werkfit, BEFORE).take("werkfit in 2024Q4", werkfit, dice, |_| 1)?.into_iter().enumerate() {
        cases[at].work_ready = Some(true);
        if n < WERKFIT_AT_WORK {
            let begun = plus(latest(cases, at), -dice.between(0, 15));
            cases[at].spells = vec![Spell { start: begun, stop: None, class: Class::NotSustainable }];
        }
    }
    for at in left_in(cases, Method::NaarWerk, BEFORE).take("naar werk in 2024Q4", naar_werk, dice, |_| 1)? {
        let begun = plus(latest(cases, at), -dice.between(0, 20));
        cases[at].spells = vec![Spell { start: begun, stop: None, class: Class::Sustainable }];
    }

    // WABZ: whoever left without work left without any result.
    let mut pool = left_in(cases, Method::Wabz, BEFORE);
    let wabz = pool.take("wabz in 2024Q4", WABZ_AT_WORK, dice, |_| 1)?;
    hold(cases, &wabz, BEFORE, dice);
    pool.0.iter().for_each(|at| cases[*at].no_placements = true);

    // Other: at work, sustainably, with work earlier.
    let mut pool = left_in(cases, Method::Other, BEFORE);
    let paid = targets.before("other", "paid_work")?;
    let other = less("other at work in 2024Q4", paid, carried(cases, Method::Other, at_work))?;
    let sustainable =
        less("sustainable work of other in 2024Q4", targets.before("other", "sustainable_work")?, other_sustainable_carried(targets)?)?;
    let earlier = less(
        "other with work earlier",
        less("other ever", targets.before("other", "ever_paid_work")?, paid)?,
        carried(cases, Method::Other, worked),
    )?;
    let room = |at: usize, cases: &[Case]| {
        u32::from(cases[at].start > end_of(YEAR_EARLIER) && latest(cases, at).days() - cases[at].start.days() > 30)
    };
    for at in pool.take("other with work earlier in 2024Q4", earlier, dice, |at| room(at, cases))? {
        let from = cases[at].start;
        cases[at].spells = over_by(&cases[at], from, latest(cases, at), dice);
    }
    let working = pool.take("other at work in 2024Q4", other, dice, |_| 1)?;
    for (n, at) in working.iter().enumerate() {
        let begun = dice.early_day(cases[*at].start, latest(cases, *at));
        let class = if n < sustainable { Class::Sustainable } else { Class::NotSustainable };
        cases[*at].spells = vec![Spell { start: begun, stop: None, class }];
    }

    // IPS: at work; by the intended results, with work earlier; studying.
    let ips = less("ips at work in 2024Q4", targets.before("ips", "paid_work")?, carried(cases, Method::Ips, at_work))?;
    let mut pool = left_in(cases, Method::Ips, BEFORE);
    let with_job = pool.take("ips at work in 2024Q4", ips, dice, |at| if cases[at].start <= date(2024, 6, 30) { 3 } else { 1 })?;

    // Jobcoaching: what is left of all paid work.
    let all = targets.count("vintages.2024Q4.all.paid_work")?;
    let wabz_paid = carried(cases, Method::Wabz, at_work) + wabz.len();
    let named = targets.before("ips", "paid_work")? + paid + wabz_paid + WERKFIT_AT_WORK + naar_werk;
    let jobcoaching =
        less("jobcoaching at work in 2024Q4", less("paid work in 2024Q4", all, named)?, carried(cases, Method::Jobcoaching, at_work))?;
    for at in left_in(cases, Method::Jobcoaching, BEFORE).take("jobcoaching at work in 2024Q4", jobcoaching, dice, |_| 1)? {
        cases[at].spells = lives::work(dice, Method::Jobcoaching, cases[at].start, latest(cases, at));
    }

    let intended = targets.count("vintages.2024Q4.all.outflow_intended")?;
    let others = werkfit + naar_werk + WABZ_AT_WORK + other + earlier + jobcoaching;
    let retracted = cases.iter().filter(|case| case.mistaken.is_some() && case.worked_by(published_reference(case))).count();
    let earlier = less("ips outflow as intended in 2024Q4", less("outflow as intended", intended, others)?, ips + retracted)?;
    for at in
        pool.take("ips with work earlier in 2024Q4", earlier, dice, |at| u32::from(latest(cases, at).days() - cases[at].start.days() > 60))?
    {
        let from = cases[at].start;
        cases[at].spells = over_by(&cases[at], from, plus(latest(cases, at), -3), dice);
    }
    hold(cases, &with_job, BEFORE, dice);

    let studying = |case: &Case| {
        case.educations
            .iter()
            .any(|e| e.told.is_none() && e.start <= published_reference(case) && e.stop.is_none_or(|stop| published_reference(case) < stop))
    };
    let students = less("ips studying in 2024Q4", targets.before("ips", "education")?, carried(cases, Method::Ips, studying))?;
    study(cases, left_in(cases, Method::Ips, BEFORE), students, BEFORE, dice)
}

/// Lets these be at work on the reference day of a quarter.
fn hold(cases: &mut [Case], these: &[usize], quarter: usize, dice: &mut Dice) {
    for at in these {
        let case = &cases[*at];
        let day = case.reference(quarter);
        let kinds = [(FirstJob::Within3Months, 26), (FirstJob::Within9Months, 30), (FirstJob::Later, 44)];
        let possible: Vec<(FirstJob, u32)> = kinds.into_iter().filter(|(kind, _)| kind.possible(case.start, case.start, day)).collect();
        let kind = if possible.is_empty() { FirstJob::Within3Months } else { dice.weighted(&possible) };
        cases[*at].spells = held_on(case, kind, day, dice);
    }
}

/// Lets so many of a pool be studying on the reference day of a quarter.
fn study(cases: &mut [Case], mut pool: Pool, many: usize, quarter: usize, dice: &mut Dice) -> Result<(), Error> {
    let able = |at: usize| u32::from(cases[at].reference(quarter).days() - cases[at].start.days() > 20);
    for at in pool.take("studying", many, dice, able)? {
        let day = cases[at].reference(quarter);
        let begun = if dice.chance(150) { plus(cases[at].start, -dice.between(10, 300)) } else { dice.day(cases[at].start, plus(day, -3)) };
        let over = cases[at].end.filter(|end| end.days() - day.days() > 40 && dice.chance(300));
        let stop = over.map(|end| dice.day(plus(day, 10), end));
        cases[at].educations.push(lives::education(dice, begun, stop));
    }
    Ok(())
}

fn left_since_2024q1(cases: &mut [Case], targets: &Targets, dice: &mut Dice) -> Result<(), Error> {
    let then = YEAR_EARLIER;
    let ran = |case: &Case, method: Method| case.method == method && case.runs_in(then) && known_in_time(case);
    let open = |case: &Case, method: Method| ran(case, method) && case.last.is_some_and(|last| last < BEFORE);
    let carried = |cases: &[Case], method: Method, holds: &dyn Fn(&Case) -> bool| {
        cases.iter().filter(|case| ran(case, method) && !open(case, method) && holds(case)).count()
    };
    let at_work = |case: &Case| case.works_on(case.reference(then));
    let worked = |case: &Case| !at_work(case) && case.worked_by(case.reference(then));

    // Other: at work, sustainably, with work earlier.
    let mut pool = Pool((0..cases.len()).filter(|at| open(&cases[*at], Method::Other)).collect());
    let paid = targets.year_earlier("other", "paid_work")?;
    let working = less("other at work in 2024Q1", paid, carried(cases, Method::Other, &at_work))?;
    let in_good_job = |case: &Case| case.spells.iter().any(|s| s.active(case.reference(then)) && s.class == Class::Sustainable);
    let sustainable = less(
        "sustainable work of other in 2024Q1",
        targets.year_earlier("other", "sustainable_work")?,
        carried(cases, Method::Other, &in_good_job),
    )?;
    let ever = less("other ever at work in 2024Q1", targets.year_earlier("other", "ever_paid_work")?, paid)?;
    let earlier = less("other with work earlier in 2024Q1", ever, carried(cases, Method::Other, &worked))?;
    let room = |at: usize| u32::from(cases[at].reference(then).days() - cases[at].start.days() > 30);
    for at in pool.take("other with work earlier in 2024Q1", earlier, dice, room)? {
        let from = cases[at].start;
        cases[at].spells = over_by(&cases[at], from, cases[at].reference(then), dice);
    }
    for (n, at) in pool.take("other at work in 2024Q1", working, dice, |_| 1)?.into_iter().enumerate() {
        let class = if n < sustainable { Class::Sustainable } else { Class::NotSustainable };
        let from = plus(cases[at].start, -dice.between(0, 200));
        let begun = dice.early_day(from, cases[at].reference(then));
        cases[at].spells = vec![Spell { start: begun, stop: None, class }];
        stop_later(&mut cases[at], then, dice);
    }
    begin_later(cases, &pool.0, then, dice);

    // IPS: at work; studying.
    let mut pool = Pool((0..cases.len()).filter(|at| open(&cases[*at], Method::Ips)).collect());
    let students = pool.clone();
    let working = less("ips at work in 2024Q1", targets.year_earlier("ips", "paid_work")?, carried(cases, Method::Ips, &at_work))?;
    let chosen = pool.take("ips at work in 2024Q1", working, dice, |at| if cases[at].start <= date(2023, 9, 30) { 5 } else { 2 })?;
    hold(cases, &chosen, then, dice);
    for at in chosen {
        stop_later(&mut cases[at], then, dice);
    }
    begin_later(cases, &pool.0, then, dice);
    let studying = |case: &Case| {
        let day = case.reference(then);
        case.educations.iter().any(|e| e.start <= day && e.stop.is_none_or(|stop| day < stop))
    };
    let many = less("ips studying in 2024Q1", targets.year_earlier("ips", "education")?, carried(cases, Method::Ips, &studying))?;
    study(cases, students, many, then, dice)?;

    // The others of that vintage are free in it.
    for case in cases.iter_mut() {
        let method = case.method;
        if !matches!(method, Method::Ips | Method::Other) && open(case, method) {
            case.spells = lives::work(dice, method, case.start, case.close());
            if method == Method::Werkfit {
                case.work_ready = dice.weighted(&[(Some(true), 62), (Some(false), 26), (None, 12)]);
            }
        }
    }
    Ok(())
}

/// Some who were at work in a quarter lose it before the outflow.
fn stop_later(case: &mut Case, quarter: usize, dice: &mut Dice) {
    let day = case.reference(quarter);
    if case.close().days() - day.days() > 40 && dice.chance(230) {
        let stop = dice.day(plus(day, 5), case.close());
        stop_last(&mut case.spells, stop);
    }
}

/// Some who were not at work in a quarter had been before, some find work after it.
fn begin_later(cases: &mut [Case], these: &[usize], quarter: usize, dice: &mut Dice) {
    for at in these {
        let (case, day) = (&cases[*at], cases[*at].reference(quarter));
        let (past, future) = (day.days() - case.start.days(), case.close().days() - day.days());
        let mut spells = Vec::new();
        if case.method == Method::Ips && past > 60 && dice.chance(160) {
            spells = over_by(case, case.start, day, dice);
        }
        if future > 15 && dice.chance(240) {
            let begun = dice.day(plus(day, 3), case.close());
            spells.push(spell(case, begun, None, dice));
        }
        cases[*at].spells = spells;
    }
}

/// The results of UWV's trajectories that end after the last published quarter.
fn leave_after(case: &mut Case, dice: &mut Dice) {
    if case.method == Method::Werkfit {
        case.work_ready = dice.weighted(&[(Some(true), 60), (Some(false), 28), (None, 12)]);
    } else if case.method == Method::NaarWerk && case.spells.is_empty() && dice.chance(450) {
        let begun = dice.day(start_of(AFTER), case.close());
        case.spells.push(spell(case, begun, None, dice));
    }
}

/// In the weeks after the last published quarter life goes on: jobs stop and begin.
fn go_on(case: &mut Case, dice: &mut Dice) {
    let (from, to) = (start_of(AFTER), case.close());
    if !case.runs_in(NOW) || !case.runs_in(AFTER) || to.days() - from.days() < 20 || case.mistaken.is_some() {
        return;
    }
    let works = case.works_on(end_of(NOW));
    if works && case.spells.len() == 1 && dice.chance(25) {
        stop_last(&mut case.spells, dice.day(plus(from, 2), plus(to, -5)));
    } else if !works && matches!(case.method, Method::Ips | Method::Other) && dice.chance(35) {
        let begun = dice.day(plus(from, 1), plus(to, -2));
        let found = spell(case, begun, None, dice);
        case.spells.push(found);
    }
}

/// An education now and then, where none was counted.
fn study_sometimes(case: &mut Case, dice: &mut Dice) {
    let span = case.close().days() - case.start.days();
    if matches!(case.method, Method::Ips | Method::Other) && span > 60 && dice.chance(110) {
        let begun = dice.early_day(case.start, plus(case.close(), -20));
        let stop = dice.chance(450).then(|| dice.day(plus(begun, 15), case.close()));
        case.educations.push(lives::education(dice, begun, stop));
    }
}

/// Unpaid placements beside those that were counted: of whom runs in 2025Q1, over by the reference day.
fn unpaid_before(case: &mut Case, dice: &mut Dice) {
    let counted = case.runs_in(NOW) && matches!(case.method, Method::Ips | Method::Wabz | Method::Other);
    let last = if counted { case.reference(NOW) } else { case.close() };
    let last = case.mistaken.map_or(last, |mistake| mistake.day);
    let fixed = case.no_placements || case.method == Method::Wabz && case.last.is_none_or(|quarter| quarter >= YEAR_EARLIER);
    if !fixed {
        let works = !case.spells.is_empty();
        case.placements.extend(lives::placements(dice, case.method, works, case.start, last, !counted));
    }
}
