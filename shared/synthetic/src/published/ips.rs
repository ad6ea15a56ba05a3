//! The cohorts of IPS in 2025Q1: who works, who began, who stopped, when the first job began, who studies, and the outflows of
//! 2024Q4 that were retracted.

use proto_events::{Date, Method, PlacementKind};

use super::{
    Error,
    cases::{Case, end_of, start_of},
    course::{BEFORE, NOW},
    pool::Pool,
    spells::{self, FirstJob, held_on, over_by, spell, stop_last},
    targets::{Targets, less},
};
use crate::{
    calendar::{date, plus, working_day},
    dice::Dice,
    life::{MistakenEnd, Placement},
    lives,
    work::Class,
};

// How those who work came to it in 2025Q1. Chosen; what the published numbers leave after these follows.

/// New in 2025Q1 and at work already when they came.
const CAME_WITH_JOB: usize = 52;
/// New in 2025Q1 and found work in it.
const CAME_AND_FOUND: usize = 58;
/// Stopped in one job in 2025Q1 and began another.
const SWITCHED: usize = 10;
/// Began a second job in 2025Q1 beside the first.
const SECOND_JOB: usize = 12;
/// Began and stopped in 2025Q1.
const BRIEF: usize = 8;
/// Found work in 2025Q1 that had worked earlier in the trajectory.
const FOUND_AGAIN: usize = 30;
/// Of those who found their first job in 2025Q1, by the time since the start: within three months; within nine.
const FOUND_FIRST: [usize; 2] = [40, 70];
/// Undecided for lack of a value.
const UNDECIDED: usize = 61;

// Education.

/// New in 2025Q1 and studying already when they came; as many as left in 2024Q4 studying.
const CAME_STUDYING: usize = 20;
/// Told after the vintage of 2024Q4 had been published.
const TOLD_LATE: usize = 2;
/// Began and stopped in 2025Q1.
const BRIEF_EDUCATION: usize = 1;
/// New in 2025Q1 and began in it.
const NEW_STUDENTS: usize = 6;

/// The retracted outflows of 2024Q4: with paid work on the day; with paid work earlier. The rest never had any.
const RETRACTED_WITH_JOB: usize = 22;
const RETRACTED_WITH_EARLIER_JOB: usize = 8;

/// How easily a client works, by how long the trajectory runs.
fn works_easily(case: &Case) -> u32 {
    match case.first {
        Some(11) => 15,
        Some(10) => 28,
        Some(9) => 36,
        _ => 60,
    }
}

/// Fills in what happens to the clients of IPS that run in 2025Q1.
pub(crate) fn plan(cases: &mut [Case], targets: &Targets, dice: &mut Dice) -> Result<(), Error> {
    let running = |case: &Case| case.method == Method::Ips && case.runs_in(NOW);
    let mut pool = Pool((0..cases.len()).filter(|at| running(&cases[*at])).collect());
    let mut new = pool.split(|at| cases[at].first == Some(NOW));
    let (qs, qe) = (start_of(NOW), end_of(NOW));
    let before = plus(qs, -1);

    let paid = targets.of("ips", "paid_work")?;
    let started = targets.of("ips", "paid_work_started")?;
    let stopped = targets.of("ips", "paid_work_stopped")?;
    let ever = targets.of("ips", "ever_paid_work")?;
    let found = less("ips who found work", started, SWITCHED + BRIEF + SECOND_JOB + CAME_AND_FOUND)?;
    let lost = less("ips who lost work", stopped, SWITCHED + BRIEF)?;
    let stayed_paid = less("ips at work that ran before", paid, CAME_WITH_JOB + CAME_AND_FOUND)?;

    // New ones; whoever ends at once has not worked.
    let lasting = |at: usize, cases: &[Case]| u32::from(cases[at].last != Some(NOW));
    for at in new.take("new with a job", CAME_WITH_JOB, dice, |at| lasting(at, cases))? {
        let begun = plus(cases[at].start, -dice.between(5, 900));
        cases[at].spells = vec![spell(&cases[at], begun, None, dice)];
    }
    for at in new.take("new who find work", CAME_AND_FOUND, dice, |at| lasting(at, cases) * u32::from(cases[at].start < plus(qe, -7)))? {
        let begun = dice.day(plus(cases[at].start, 2), qe);
        cases[at].spells = vec![spell(&cases[at], begun, None, dice)];
    }

    // Those who ran before: with work at the end, with work earlier, without.
    let mut ended = pool.split(|at| cases[at].last == Some(NOW));
    let mut with_job = Pool(ended.take("outflow with work", targets.of("ips", "outflow_paid_work")?, dice, |at| works_easily(&cases[at]))?);
    let left = less("ips at work and running on", stayed_paid, with_job.0.len())?;
    with_job.0.extend(pool.take("at work and running on", left, dice, |at| works_easily(&cases[at]))?);
    let settled_in = |case: &Case| if case.start <= date(2024, 11, 15) { works_easily(case) } else { 0 };
    let earlier = targets.of("ips", "outflow_paid_work_earlier")?;
    let mut no_more = Pool(ended.take("outflow with work earlier", earlier, dice, |at| settled_in(&cases[at]))?);
    let left = less("ips with work earlier", less("ips ever at work", ever, paid)?, no_more.0.len())?;
    no_more.0.extend(pool.take("with work earlier", left, dice, |at| settled_in(&cases[at]))?);

    // Work in 2025Q1 itself.
    find_first_jobs(cases, &mut with_job, found, targets, dice)?;
    for at in no_more.take("work that began and stopped", BRIEF, dice, |_| 1)? {
        let reference = cases[at].reference(NOW);
        let begun = dice.day(qs, plus(reference, -6));
        let stop = dice.day(plus(begun, 2), reference);
        cases[at].spells = vec![spell(&cases[at], begun, Some(stop), dice)];
    }
    for at in no_more.take("work that was lost", lost, dice, |_| 1)? {
        let mut held = held_on(&cases[at], any_first_job(&cases[at], before, dice), before, dice);
        stop_last(&mut held, dice.day(qs, cases[at].reference(NOW)));
        cases[at].spells = held;
    }
    for at in no_more.0 {
        let from = cases[at].start;
        cases[at].spells = over_by(&cases[at], from, before, dice);
    }

    classes(cases, targets, dice)?;
    retractions(cases, targets, dice)?;
    educations(cases, targets, dice)?;
    placements(cases, targets, dice)
}

/// A first job of any kind that can be.
fn any_first_job(case: &Case, by: Date, dice: &mut Dice) -> FirstJob {
    let kinds = [(FirstJob::Within3Months, 30), (FirstJob::Within9Months, 30), (FirstJob::Later, 40)];
    let possible: Vec<(FirstJob, u32)> = kinds.into_iter().filter(|(kind, _)| kind.possible(case.start, case.start, by)).collect();
    if possible.is_empty() { FirstJob::Within3Months } else { dice.weighted(&possible) }
}

/// Those who ran before and work on the reference day, so that the first jobs have their published distribution.
fn find_first_jobs(cases: &mut [Case], with_job: &mut Pool, found: usize, targets: &Targets, dice: &mut Dice) -> Result<(), Error> {
    let (qs, before) = (start_of(NOW), plus(start_of(NOW), -1));
    let mut soon = less("first jobs within 3 months", targets.of("ips", "first_job_within_3_months")?, CAME_WITH_JOB + CAME_AND_FOUND)?;
    let mut middle = targets.of("ips", "first_job_3_to_9_months")?;
    let mut late = targets.of("ips", "first_job_after_9_months")?;

    let [first_soon, first_middle] = FOUND_FIRST;
    let first_late = less("first jobs found late", found, FOUND_AGAIN + first_soon + first_middle)?;
    for (kind, many, of) in [
        (FirstJob::Within3Months, first_soon, &mut soon),
        (FirstJob::Within9Months, first_middle, &mut middle),
        (FirstJob::Later, first_late, &mut late),
    ] {
        let possible = |at: usize| u32::from(kind.possible(cases[at].start, qs, cases[at].reference(NOW)));
        for at in with_job.take("first jobs in the quarter", many, dice, possible)? {
            let case = &cases[at];
            let (low, high) = kind.window(case.start, qs, case.reference(NOW)).unwrap_or((qs, qs));
            let begun = dice.day(low, high);
            cases[at].spells = vec![spell(&cases[at], begun, None, dice)];
        }
        *of = less("first jobs of the quarter", *of, many)?;
    }

    // All others had their first job before the quarter: the late ones are the hardest to place, then the middle ones.
    let again = with_job.take("work found again", FOUND_AGAIN, dice, |at| u32::from(cases[at].start <= date(2024, 2, 15)))?;
    let switched = with_job.take("jobs switched", SWITCHED, dice, |_| 1)?;
    let second = with_job.take("second jobs", SECOND_JOB, dice, |_| 1)?;
    let held = std::mem::take(&mut with_job.0);
    let mut open = Pool([again.as_slice(), &switched, &second, &held].concat());
    let mut kinds = Vec::new();
    for (kind, many) in [(FirstJob::Later, late), (FirstJob::Within9Months, middle), (FirstJob::Within3Months, soon)] {
        // Who found work again has to have lost it before: their first job began a while ago.
        let latest = |at: usize| if again.contains(&at) { date(2024, 11, 20) } else { before };
        let chosen =
            open.take("first jobs of this kind", many, dice, |at| u32::from(kind.possible(cases[at].start, cases[at].start, latest(at))))?;
        kinds.extend(chosen.into_iter().map(|at| (at, kind)));
    }
    if !open.0.is_empty() {
        return Err(Error::Infeasible { what: "first jobs", wanted: open.0.len(), available: 0 });
    }
    for (at, kind) in kinds {
        let reference = cases[at].reference(NOW);
        if again.contains(&at) {
            let (low, high) = kind.window(cases[at].start, cases[at].start, date(2024, 11, 20)).unwrap_or((before, before));
            let begun = dice.early_day(low, high);
            let stop = dice.day(plus(begun, 10), plus(before, -5));
            let anew = dice.day(qs, reference);
            cases[at].spells = vec![spell(&cases[at], begun, Some(stop), dice), spell(&cases[at], anew, None, dice)];
            continue;
        }
        cases[at].spells = held_on(&cases[at], kind, before, dice);
        if switched.contains(&at) {
            let stop = dice.day(qs, reference);
            stop_last(&mut cases[at].spells, stop);
            let next = dice.early_day(stop, reference);
            let next = spell(&cases[at], next, None, dice);
            cases[at].spells.push(next);
        } else if second.contains(&at) {
            let begun = dice.day(qs, reference);
            let next = spell(&cases[at], begun, None, dice);
            cases[at].spells.push(next);
        }
    }
    Ok(())
}

/// Which of the jobs are sustainable on the reference day.
fn classes(cases: &mut [Case], targets: &Targets, dice: &mut Dice) -> Result<(), Error> {
    let works = |case: &Case| case.method == Method::Ips && case.runs_in(NOW) && case.works_on(case.reference(NOW));
    let mut pool = Pool((0..cases.len()).filter(|at| works(&cases[*at])).collect());
    for (what, many, class) in
        [("sustainable work", targets.of("ips", "sustainable_work")?, Class::Sustainable), ("undecided work", UNDECIDED, Class::Undecided)]
    {
        for at in pool.take(what, many, dice, |_| 1)? {
            let reference = cases[at].reference(NOW);
            spells::classify(&mut cases[at], reference, class);
        }
    }
    for at in pool.0 {
        let reference = cases[at].reference(NOW);
        spells::classify(&mut cases[at], reference, Class::NotSustainable);
    }
    Ok(())
}

/// The outflows that were recorded in 2024Q4, published, and retracted before the next publication.
fn retractions(cases: &mut [Case], targets: &Targets, dice: &mut Dice) -> Result<(), Error> {
    let many = less("retracted outflows", targets.before("ips", "ended")?, targets.known_later("ips", "ended")?)?;
    let (first, last) = (date(2024, 10, 14), date(2024, 12, 23));
    // The last day of which the mistaken outflow must not come before: what was recorded until then stands.
    let changed = |case: &Case| {
        let days = case.spells.iter().flat_map(|spell| [Some(spell.start), spell.stop]).flatten();
        days.filter(|day| *day <= end_of(BEFORE)).max().unwrap_or(case.start).max(plus(case.start, 60))
    };
    let possible =
        |case: &Case| case.method == Method::Ips && case.runs_in(NOW) && case.brought.is_none() && changed(case) <= plus(last, -10);
    let mut pool = Pool((0..cases.len()).filter(|at| possible(&cases[*at])).collect());
    let day = end_of(BEFORE);
    let works = |at: usize| u32::from(cases[at].works_on(day));
    let mut chosen = pool.take("retracted outflows with work", RETRACTED_WITH_JOB, dice, works)?;
    let worked = |at: usize| u32::from(!cases[at].works_on(day) && cases[at].worked_by(day));
    chosen.extend(pool.take("retracted outflows with work earlier", RETRACTED_WITH_EARLIER_JOB, dice, worked)?);
    let never = |at: usize| u32::from(!cases[at].worked_by(day));
    let rest = less("retracted outflows", many, RETRACTED_WITH_JOB + RETRACTED_WITH_EARLIER_JOB)?;
    chosen.extend(pool.take("retracted outflows without work", rest, dice, never)?);
    for at in chosen {
        let mistaken = dice.day(first.max(changed(&cases[at])), last);
        let noticed = dice.day(date(2025, 2, 17), date(2025, 4, 22));
        let noticed = working_day(noticed, dice);
        cases[at].mistaken = Some(MistakenEnd { day: mistaken, noticed });
    }
    Ok(())
}

/// Educations: active before and on, begun, stopped, brought along, told late.
fn educations(cases: &mut [Case], targets: &Targets, dice: &mut Dice) -> Result<(), Error> {
    let (qs, qe) = (start_of(NOW), end_of(NOW));
    let before = plus(qs, -1);
    let studying = targets.of("ips", "education")?;
    let started = targets.of("ips", "education_started")?;
    let stopped = targets.of("ips", "education_stopped")?;
    let begun_now = less("education begun", started, BRIEF_EDUCATION)?;
    let stopped_now = less("education stopped", stopped, BRIEF_EDUCATION)?;
    let went_on = less("education that went on", studying, begun_now + CAME_STUDYING + TOLD_LATE)?;

    let running = |case: &Case| case.method == Method::Ips && case.runs_in(NOW) && case.mistaken.is_none();
    let mut pool = Pool((0..cases.len()).filter(|at| running(&cases[*at])).collect());
    let mut new = pool.split(|at| cases[at].first == Some(NOW));
    let studies = |case: &Case| if case.worked_by(end_of(NOW)) { 2 } else { 3 };
    let ran = |case: &Case| if case.start <= date(2024, 12, 10) { studies(case) } else { 0 };

    for at in new.take("new and studying", CAME_STUDYING, dice, |at| studies(&cases[at]))? {
        let begun = plus(cases[at].start, -dice.between(10, 400));
        cases[at].educations.push(lives::education(dice, begun, None));
    }
    let early = |at: usize| u32::from(cases[at].start < plus(qe, -15) && cases[at].last != Some(NOW));
    for at in new.take("new and beginning to study", NEW_STUDENTS, dice, early)? {
        let begun = dice.day(plus(cases[at].start, 3), qe);
        cases[at].educations.push(lives::education(dice, begun, None));
    }
    for at in pool.take("education begun", less("education begun", begun_now, NEW_STUDENTS)?, dice, |at| studies(&cases[at]))? {
        let begun = dice.day(qs, cases[at].reference(NOW));
        cases[at].educations.push(lives::education(dice, begun, None));
    }
    for at in pool.take("education begun and stopped", BRIEF_EDUCATION, dice, |at| studies(&cases[at]))? {
        let begun = dice.day(qs, plus(cases[at].reference(NOW), -4));
        let stop = dice.day(plus(begun, 2), cases[at].reference(NOW));
        cases[at].educations.push(lives::education(dice, begun, Some(stop)));
    }
    let told_late = pool
        .take("education told late", TOLD_LATE, dice, |at| u32::from(cases[at].start <= date(2024, 9, 1) && cases[at].last != Some(NOW)))?;
    for at in told_late {
        let begun = dice.day(date(2024, 9, 2), date(2024, 11, 30));
        let mut education = lives::education(dice, begun, None);
        education.told = Some(date(2025, 2, 24));
        cases[at].educations.push(education);
    }
    let went_on = pool.take("education that went on", went_on, dice, |at| ran(&cases[at]))?;
    let stopped_now = pool.take("education stopped", stopped_now, dice, |at| ran(&cases[at]))?;
    for (at, stops) in went_on.into_iter().map(|at| (at, false)).chain(stopped_now.into_iter().map(|at| (at, true))) {
        let begun = if dice.chance(200) {
            plus(cases[at].start, -dice.between(10, 300))
        } else {
            dice.early_day(cases[at].start.max(date(2022, 9, 1)), before)
        };
        let stop = if stops { Some(dice.day(qs, cases[at].reference(NOW))) } else { None };
        cases[at].educations.push(lives::education(dice, begun, stop));
    }
    Ok(())
}

/// Unpaid placements that are active on the reference day of 2025Q1.
fn placements(cases: &mut [Case], targets: &Targets, dice: &mut Dice) -> Result<(), Error> {
    for (what, measure) in [
        ("trial placements", "trial_placement"),
        ("volunteer work and work experience", "volunteer_or_work_experience"),
        ("day activities", "day_activity"),
    ] {
        let many = targets.of("ips", measure)?;
        place(cases, Method::Ips, what, measure, many, dice)?;
    }
    Ok(())
}

/// So many placements of a kind that are active on the reference day of 2025Q1.
pub(crate) fn place(
    cases: &mut [Case],
    method: Method,
    what: &'static str,
    measure: &str,
    many: usize,
    dice: &mut Dice,
) -> Result<(), Error> {
    let mut pool = Pool((0..cases.len()).filter(|at| cases[*at].method == method && cases[*at].runs_in(NOW)).collect());
    // Seldom beside paid work, seldom two of them.
    let weight = |at: usize| {
        let case = &cases[at];
        match (case.no_placements, case.placements.is_empty(), case.works_on(case.reference(NOW))) {
            (true, ..) => 0,
            (_, false, _) => 4,
            (_, true, true) => 15,
            (_, true, false) => 60,
        }
    };
    for at in pool.take(what, many, dice, weight)? {
        let reference = cases[at].reference(NOW);
        let kind = match measure {
            "trial_placement" => PlacementKind::TrialPlacement,
            "day_activity" => PlacementKind::DayActivity,
            _ => dice.weighted(&[(PlacementKind::VolunteerWork, 68), (PlacementKind::WorkExperience, 32)]),
        };
        let longest = if kind == PlacementKind::TrialPlacement { 85 } else { 500 };
        let start = if dice.chance(200) && kind != PlacementKind::TrialPlacement {
            plus(cases[at].start, -dice.between(10, 700))
        } else {
            dice.day(cases[at].start.max(plus(reference, -longest)), reference)
        };
        // Some are over soon after the quarter.
        let close = cases[at].close();
        let stop = (cases[at].last != Some(NOW) && dice.chance(120))
            .then(|| dice.day(date(2025, 4, 3), close))
            .filter(|stop| *stop > end_of(NOW) && *stop <= close);
        cases[at].placements.push(Placement { kind, start, stop });
    }
    Ok(())
}
