//! The cohorts of the other methods in 2025Q1: WABZ, jobcoaching, werkfit, naar werk, other.

use proto_events::{Method, PlacementKind};

use super::{
    Error,
    cases::{Case, end_of, start_of},
    course::{BEFORE, NOW, YEAR_EARLIER},
    ips::place,
    pool::Pool,
    spells::{FirstJob, classify, held_on, spell, stop_last},
    targets::{Targets, less},
};
use crate::{
    calendar::{date, plus, plus_months},
    dice::Dice,
    life::Placement,
    work::{Class, Spell},
};

// Chosen, where the published numbers leave more than one possible.

/// WABZ: lost work in 2025Q1; found work in it; worked earlier in the trajectory.
const WABZ_LOST: usize = 2;
const WABZ_FOUND: usize = 2;
const WABZ_EARLIER: usize = 2;
/// WABZ: placements of volunteer work or work experience that stopped in 2025Q1, and trial placements that ran on into it, so that
/// the former fall and the latter rise against both earlier quarters; and how many of each there were in 2024Q1.
const WABZ_VOLUNTEERS_STOPPED: usize = 6;
const WABZ_TRIALS_RUN_ON: usize = 1;
const WABZ_YEAR_EARLIER: [usize; 2] = [29, 2];
/// Werkfit: at work at the outflow, in a job that is not sustainable; of them also told to be ready for work.
const WERKFIT_AT_WORK: usize = 2;
/// Other: lost work in 2025Q1; found it; new with a job that stopped soon; new with a job.
const OTHER_LOST: usize = 4;
const OTHER_FOUND: usize = 3;
const OTHER_NEW_LOST: usize = 3;
const OTHER_NEW_PAID: usize = 16;
/// Other: of the new outflows, with paid work.
const OTHER_NEW_OUT_PAID: usize = 2;
/// Other: sustainable, among those who lost work, those who found it, and the new ones.
const OTHER_SUSTAINABLE: [usize; 3] = [2, 2, 14];
/// Jobcoaching: new ones with a job of under six months; the other new ones have theirs for more than a year.
const NEW_UNDER_SIX_MONTHS: usize = 5;

/// How many of other's trajectories that ran on from 2024Q4 had sustainable work then; what left in 2024Q4 fills the rest of
/// that vintage.
pub(crate) fn other_sustainable_carried(targets: &Targets) -> Result<usize, Error> {
    let [lost, found, new] = OTHER_SUSTAINABLE;
    less("sustainable work of other", targets.of("other", "sustainable_work")? + lost, found + new)
}

/// Fills in what happens to the clients of the smaller methods that run in 2025Q1.
pub(crate) fn plan(cases: &mut [Case], targets: &Targets, dice: &mut Dice) -> Result<(), Error> {
    wabz(cases, targets, dice)?;
    jobcoaching(cases, targets, dice)?;
    werkfit(cases, targets, dice)?;
    naar_werk(cases, targets, dice)?;
    other(cases, targets, dice)
}

fn running(cases: &[Case], method: Method, quarter: usize) -> Pool {
    Pool((0..cases.len()).filter(|at| cases[*at].method == method && cases[*at].runs_in(quarter)).collect())
}

/// A method's ended ones of 2025Q1, out of the pool.
fn ended(pool: &mut Pool, cases: &[Case]) -> Pool {
    pool.split(|at| cases[at].last == Some(NOW))
}

fn wabz(cases: &mut [Case], targets: &Targets, dice: &mut Dice) -> Result<(), Error> {
    let before = end_of(BEFORE);
    let mut pool = running(cases, Method::Wabz, NOW);
    let mut new = pool.split(|at| cases[at].first == Some(NOW));
    let mut ended = ended(&mut pool, cases);
    let paid = targets.of("wabz", "paid_work")?;
    let out_paid = targets.of("wabz", "outflow_paid_work")?;
    let ever = targets.of("wabz", "ever_paid_work")?;
    let long = |cases: &[Case], at: usize| u32::from(cases[at].start <= date(2024, 9, 1));

    let mut held = ended.take("wabz outflow with work", out_paid, dice, |_| 1)?;
    held.extend(pool.take("wabz at work", less("wabz at work", paid, out_paid + WABZ_FOUND)?, dice, |at| long(cases, at))?);
    let lost = pool.take("wabz that lost work", WABZ_LOST, dice, |at| long(cases, at))?;
    if ever != paid + WABZ_LOST + WABZ_EARLIER {
        return Err(Error::Infeasible { what: "wabz ever at work", wanted: ever, available: paid + WABZ_LOST + WABZ_EARLIER });
    }
    for at in held.into_iter().chain(lost.iter().copied()) {
        cases[at].spells = held_on(&cases[at], FirstJob::Within9Months, before, dice);
    }
    for at in lost {
        let stop = dice.day(start_of(NOW), cases[at].reference(NOW));
        stop_last(&mut cases[at].spells, stop);
    }
    for at in pool.take("wabz that found work", WABZ_FOUND, dice, |_| 1)? {
        let begun = dice.day(start_of(NOW), cases[at].reference(NOW));
        cases[at].spells = vec![spell(&cases[at], begun, None, dice)];
    }
    for at in pool.take("wabz with work earlier", WABZ_EARLIER, dice, |at| long(cases, at))? {
        let begun = dice.early_day(cases[at].start, date(2024, 11, 1));
        cases[at].spells = vec![spell(&cases[at], begun, Some(dice.day(plus(begun, 15), date(2024, 12, 20))), dice)];
    }
    let reference_works = |case: &Case| case.works_on(case.reference(NOW));
    let mut at_work = Pool(running(cases, Method::Wabz, NOW).0.into_iter().filter(|at| reference_works(&cases[*at])).collect());
    let sustainable = at_work.take("wabz sustainable", targets.of("wabz", "sustainable_work")?, dice, |_| 1)?;
    for (list, class) in [(sustainable, Class::Sustainable), (at_work.0, Class::NotSustainable)] {
        for at in list {
            let reference = cases[at].reference(NOW);
            classify(&mut cases[at], reference, class);
        }
    }
    // Who left without paid work left without any result: no unpaid placement on any day.
    for at in ended.0.into_iter().chain(new.0.drain(..)) {
        cases[at].no_placements = true;
    }
    place(cases, Method::Wabz, "wabz day activities", "day_activity", targets.of("wabz", "day_activity")?, dice)?;
    wabz_placements(cases, targets, dice)
}

/// Volunteers become fewer, trial placements more, against both earlier quarters.
fn wabz_placements(cases: &mut [Case], targets: &Targets, dice: &mut Dice) -> Result<(), Error> {
    let (qs, qe) = (start_of(NOW), end_of(NOW));
    let volunteers = targets.of("wabz", "volunteer_or_work_experience")?;
    let trials = targets.of("wabz", "trial_placement")?;
    let free = |case: &Case| {
        u32::from(!case.no_placements && case.placements.is_empty() && case.start <= date(2024, 10, 15) && case.last != Some(NOW))
    };
    let mut pool = running(cases, Method::Wabz, NOW);
    let kind = |dice: &mut Dice| dice.weighted(&[(PlacementKind::VolunteerWork, 60), (PlacementKind::WorkExperience, 40)]);
    for at in pool.take("wabz volunteers", volunteers, dice, |at| free(&cases[at]))? {
        let start = dice.day(cases[at].start.max(date(2024, 4, 3)), date(2024, 12, 20));
        let placement = Placement { kind: kind(dice), start, stop: None };
        cases[at].placements.push(placement);
    }
    for at in pool.take("wabz volunteers who stop", WABZ_VOLUNTEERS_STOPPED, dice, |at| free(&cases[at]))? {
        let start = dice.day(cases[at].start.max(date(2024, 4, 3)), date(2024, 12, 10));
        let placement = Placement { kind: kind(dice), start, stop: Some(dice.day(qs, qe)) };
        cases[at].placements.push(placement);
    }
    for (n, at) in pool.take("wabz trial placements", trials, dice, |at| free(&cases[at]))?.into_iter().enumerate() {
        let start = if n < WABZ_TRIALS_RUN_ON { dice.day(date(2024, 12, 9), date(2024, 12, 30)) } else { dice.day(plus(qs, 5), qe) };
        cases[at].placements.push(Placement { kind: PlacementKind::TrialPlacement, start, stop: None });
    }
    // A year earlier, among those who ran then.
    let then = end_of(YEAR_EARLIER);
    // Whoever left in 2024Q4 without work left without any result.
    let gone = |case: &Case| matches!(case.last, Some(YEAR_EARLIER | BEFORE));
    let ran = |case: &Case| u32::from(!case.no_placements && case.start <= plus(then, -25) && !gone(case));
    let mut pool = running(cases, Method::Wabz, YEAR_EARLIER);
    let [volunteers, trials] = WABZ_YEAR_EARLIER;
    for (what, many, trial) in [("wabz volunteers in 2024Q1", volunteers, false), ("wabz trials in 2024Q1", trials, true)] {
        for at in pool.take(what, many, dice, |at| ran(&cases[at]))? {
            let start = dice.early_day(cases[at].start.max(date(2023, 6, 1)), plus(then, -3)).max(if trial {
                plus(then, -40)
            } else {
                cases[at].start
            });
            let stop = dice.day(plus(then, 10), plus(then, if trial { 40 } else { 200 }));
            let kind = if trial { PlacementKind::TrialPlacement } else { kind(dice) };
            let stop = Some(stop).filter(|stop| cases[at].end.is_none_or(|end| *stop <= end));
            cases[at].placements.push(Placement { kind, start, stop });
        }
    }
    Ok(())
}

fn jobcoaching(cases: &mut [Case], targets: &Targets, dice: &mut Dice) -> Result<(), Error> {
    let under_six = targets.of("jobcoaching", "employed_under_6_months")?;
    let under_twelve = targets.of("jobcoaching", "employed_6_to_12_months")?;
    let over_twelve = targets.of("jobcoaching", "employed_over_12_months")?;
    let without = targets.of("jobcoaching", "employed_unknown")?;
    let mut pool = running(cases, Method::Jobcoaching, NOW);
    let mut new = pool.split(|at| cases[at].first == Some(NOW));
    // Every outflow is with work, so those without go on.
    pool.take("jobcoaching without work", without, dice, |at| u32::from(cases[at].last != Some(NOW)))?;

    let mut long = new.take("new to jobcoaching", less("new to jobcoaching", new.0.len(), NEW_UNDER_SIX_MONTHS)?, dice, |_| 1)?;
    for at in new.0 {
        let earliest = plus(plus_months(cases[at].reference(NOW), -6), 3);
        let begun = dice.day(earliest, cases[at].start);
        cases[at].spells = vec![spell(&cases[at], begun, None, dice)];
    }
    // A new job after another one, held on the last day of 2024 already.
    let short = less("jobs under six months", under_six, NEW_UNDER_SIX_MONTHS)?;
    let fresh = |at: usize| u32::from(plus_months(cases[at].reference(NOW), -6) < date(2024, 12, 1));
    let short = pool.take("jobs under six months", short, dice, fresh)?;
    let middle = pool.take("jobs of six to twelve months", under_twelve, dice, |_| 1)?;
    for (at, from, to) in short
        .into_iter()
        .map(|at| (at, plus(plus_months(cases[at].reference(NOW), -6), 3), date(2024, 12, 20)))
        .chain(
            middle
                .into_iter()
                .map(|at| (at, plus(plus_months(cases[at].reference(NOW), -12), 3), plus(plus_months(cases[at].reference(NOW), -6), -3))),
        )
        .collect::<Vec<_>>()
    {
        let begun = dice.day(from, to);
        let mut spells = vec![spell(&cases[at], begun, None, dice)];
        if cases[at].start < plus(begun, -30) {
            let earlier = plus(cases[at].start, -dice.between(30, 900));
            let left = plus(begun, -dice.between(0, 20));
            spells.insert(0, Spell { stop: Some(left), ..spell(&cases[at], earlier, None, dice) });
        }
        cases[at].spells = spells;
    }
    long.extend(pool.0);
    if long.len() != over_twelve {
        return Err(Error::Infeasible { what: "jobs of over twelve months", wanted: over_twelve, available: long.len() });
    }
    for at in long {
        let latest = plus(plus_months(cases[at].reference(NOW), -12), -3);
        let begun = latest.min(plus(cases[at].start.min(latest), -dice.between(0, 2_400).min(dice.between(0, 2_400))));
        cases[at].spells = vec![spell(&cases[at], begun, None, dice)];
    }

    // What the other methods leave of all sustainable work.
    let named = ["ips", "wabz", "other"].iter().try_fold(0, |sum, m| Ok::<_, Error>(sum + targets.of(m, "sustainable_work")?))?;
    let sustainable = less(
        "sustainable work of jobcoaching",
        targets.count("all.sustainable_work")?,
        named + targets.of("naar_werk", "outflow_intended")?,
    )?;
    let mut at_work = Pool(running(cases, Method::Jobcoaching, NOW).0.into_iter().filter(|at| !cases[*at].spells.is_empty()).collect());
    let sustainable = at_work.take("jobcoaching sustainable", sustainable, dice, |_| 1)?;
    let undecided = at_work.take("jobcoaching undecided", at_work.0.len() / 3, dice, |_| 1)?;
    for (list, class) in [(sustainable, Class::Sustainable), (undecided, Class::Undecided), (at_work.0, Class::NotSustainable)] {
        for at in list {
            let reference = cases[at].reference(NOW);
            classify(&mut cases[at], reference, class);
        }
    }
    Ok(())
}

fn werkfit(cases: &mut [Case], targets: &Targets, dice: &mut Dice) -> Result<(), Error> {
    let intended = targets.of("werkfit", "outflow_intended")?;
    let mut pool = ended(&mut running(cases, Method::Werkfit, NOW), cases);
    let good = pool.take("werkfit outflow as intended", intended, dice, |_| 1)?;
    for (n, at) in good.into_iter().enumerate() {
        cases[at].work_ready = Some(true);
        if n < WERKFIT_AT_WORK {
            let begun = dice.day(start_of(NOW), cases[at].reference(NOW));
            cases[at].spells = vec![Spell { start: begun, stop: None, class: Class::NotSustainable }];
            cases[at].work_ready = (n > 0).then_some(true);
        }
    }
    for at in pool.0 {
        cases[at].work_ready = dice.weighted(&[(Some(false), 70), (None, 30)]);
    }
    Ok(())
}

fn naar_werk(cases: &mut [Case], targets: &Targets, dice: &mut Dice) -> Result<(), Error> {
    let mut pool = ended(&mut running(cases, Method::NaarWerk, NOW), cases);
    for at in pool.take("naar werk outflow as intended", targets.of("naar_werk", "outflow_intended")?, dice, |_| 1)? {
        let begun = dice.day(start_of(NOW), cases[at].reference(NOW));
        cases[at].spells = vec![Spell { start: begun, stop: None, class: Class::Sustainable }];
    }
    Ok(())
}

fn other(cases: &mut [Case], targets: &Targets, dice: &mut Dice) -> Result<(), Error> {
    let (qs, before) = (start_of(NOW), end_of(BEFORE));
    let mut pool = running(cases, Method::Other, NOW);
    let mut new = pool.split(|at| cases[at].first == Some(NOW));
    let paid = targets.of("other", "paid_work")?;
    let out_paid = targets.of("other", "outflow_paid_work")?;
    let earlier = less("other with work earlier", targets.of("other", "ever_paid_work")?, paid + OTHER_LOST + OTHER_NEW_LOST)?;
    let kept = less("other at work", paid, OTHER_FOUND + OTHER_NEW_PAID)?;

    // New ones: with a job that they want to leave, or found.
    let mut new_out = ended(&mut new, cases);
    let out = new_out.take("other new outflow with work", OTHER_NEW_OUT_PAID.min(new_out.0.len()), dice, |_| 1)?;
    let new_out_paid = out.len();
    let mut new_paid = out;
    new_paid.extend(new.take("other new at work", less("other new at work", OTHER_NEW_PAID, new_out_paid)?, dice, |_| 1)?);
    for (n, at) in new_paid.iter().copied().enumerate() {
        let found = n % 3 == 2;
        let begun =
            if found { dice.day(cases[at].start, cases[at].reference(NOW)) } else { plus(cases[at].start, -dice.between(20, 1_200)) };
        cases[at].spells = vec![spell(&cases[at], begun, None, dice)];
    }
    for at in new.take("other new who lost work", OTHER_NEW_LOST, dice, |at| u32::from(cases[at].start < date(2025, 3, 1)))? {
        let begun = plus(cases[at].start, -dice.between(20, 900));
        let stop = dice.day(plus(cases[at].start, 5), end_of(NOW));
        cases[at].spells = vec![spell(&cases[at], begun, Some(stop), dice)];
    }

    // Those who ran before. Nobody left with work earlier only, so those who lost it go on.
    let mut out = ended(&mut pool, cases);
    // In 2024Q1 nobody of them had worked and did no more: they came later. They are the fewest to choose from, so they are first.
    let since = |at: usize| u32::from(cases[at].start > end_of(YEAR_EARLIER) && cases[at].start < date(2024, 11, 25));
    for at in pool.take("other with work earlier", earlier, dice, since)? {
        let begun = dice.early_day(cases[at].start, date(2024, 12, 5));
        let stop = dice.day(plus(begun, 10), date(2024, 12, 27));
        cases[at].spells = vec![spell(&cases[at], begun, Some(stop), dice)];
    }
    let mut held = out.take("other outflow with work", less("other outflow with work", out_paid, new_out_paid)?, dice, |at| {
        u32::from(cases[at].start < date(2024, 12, 1))
    })?;
    let left = less("other at work and running on", kept, held.len())?;
    held.extend(pool.take("other at work and running on", left, dice, |at| u32::from(cases[at].start < date(2024, 12, 1)))?);
    let lost = pool.take("other that lost work", OTHER_LOST, dice, |at| u32::from(cases[at].start < date(2024, 12, 1)))?;
    let found = pool.take("other that found work", OTHER_FOUND, dice, |_| 1)?;
    for at in &found {
        let begun = dice.day(qs, cases[*at].reference(NOW));
        cases[*at].spells = vec![spell(&cases[*at], begun, None, dice)];
    }
    for at in held.iter().chain(&lost) {
        // One job, so that its kind is the same in every vintage.
        let begun =
            if dice.chance(250) { plus(cases[*at].start, -dice.between(10, 500)) } else { dice.early_day(cases[*at].start, before) };
        cases[*at].spells = vec![spell(&cases[*at], begun, None, dice)];
    }

    let [of_lost, of_found, of_new] = OTHER_SUSTAINABLE;
    let of_held = less("sustainable work of other", other_sustainable_carried(targets)?, of_lost)?;
    for (list, sustainable) in [(&lost, of_lost), (&found, of_found), (&new_paid, of_new), (&held, of_held)] {
        for (n, at) in list.iter().enumerate() {
            let class = if n < sustainable {
                Class::Sustainable
            } else {
                dice.pick(&[Class::NotSustainable, Class::NotSustainable, Class::Undecided])
            };
            cases[*at].spells.iter_mut().for_each(|spell| spell.class = class);
        }
    }
    for at in lost {
        let stop = dice.day(qs, cases[at].reference(NOW));
        stop_last(&mut cases[at].spells, stop);
    }
    for measure in ["trial_placement", "volunteer_or_work_experience", "day_activity"] {
        place(cases, Method::Other, "unpaid placements of other", measure, targets.of("other", measure)?, dice)?;
    }
    Ok(())
}
