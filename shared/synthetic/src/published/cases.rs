//! The skeleton of the national log: who starts and ends when, with which organisation and coach. Every count of the courses is
//! met here by construction; what happens in between is filled in later.

use proto_events::{Date, Funding, Method, Variant};

use super::{
    Error,
    course::{BEFORE, Course, NOW, QUARTERS, YEAR_EARLIER},
};
use crate::{
    calendar::{date, plus, quarter_end, quarter_start, weekday, working_day},
    dice::Dice,
    life::{Education, MistakenEnd, Placement},
    names::{COACHES, Names},
    work::Spell,
};

/// The quarter after the last that was published, of which the log holds two months.
pub(crate) const AFTER: usize = QUARTERS;
/// The caseload at which an organisation employs another coach.
const CASELOAD: usize = 20;

/// One trajectory on its way to a life.
#[derive(Clone, Debug)]
pub(crate) struct Case {
    pub(crate) method: Method,
    pub(crate) organisation: u8,
    pub(crate) coach: u16,
    pub(crate) start: Date,
    pub(crate) end: Option<Date>,
    /// The quarters in which it starts and ends.
    pub(crate) first: Option<usize>,
    pub(crate) last: Option<usize>,
    pub(crate) brought: Option<Date>,
    pub(crate) mistaken: Option<MistakenEnd>,
    pub(crate) funding: Option<Funding>,
    /// What stands at the reference day of 2025Q1 or the end; `None` twice over is not yet chosen.
    pub(crate) variant: Option<Option<Variant>>,
    pub(crate) scheme: bool,
    pub(crate) work_ready: Option<bool>,
    pub(crate) spells: Vec<Spell>,
    pub(crate) placements: Vec<Placement>,
    pub(crate) educations: Vec<Education>,
    /// Has no unpaid placement but those chosen for it.
    pub(crate) no_placements: bool,
}

impl Case {
    /// Whether it runs in a quarter, as known in the end.
    pub(crate) fn runs_in(&self, quarter: usize) -> bool {
        self.first.is_none_or(|first| first <= quarter) && self.last.is_none_or(|last| last >= quarter)
    }

    /// The reference day of a quarter.
    pub(crate) fn reference(&self, quarter: usize) -> Date {
        let end = end_of(quarter);
        self.end.map_or(end, |out| out.min(end))
    }

    /// Whether it has a paid job on this day.
    pub(crate) fn works_on(&self, day: Date) -> bool {
        self.spells.iter().any(|spell| spell.active(day))
    }

    /// Whether it had one on some day of the trajectory through this one.
    pub(crate) fn worked_by(&self, day: Date) -> bool {
        self.spells.iter().any(|spell| spell.active_within(self.start, day))
    }

    /// The last day of its story within the log.
    pub(crate) fn close(&self) -> Date {
        self.end.unwrap_or_else(last_day)
    }
}

/// The last day on which the national log records something.
pub(crate) fn last_day() -> Date {
    date(2025, 5, 28)
}

/// First day of a quarter counted from 2022Q1.
pub(crate) fn start_of(quarter: usize) -> Date {
    quarter_start(i32::try_from(quarter).unwrap_or_default())
}

/// Last day of a quarter counted from 2022Q1; of the one after the last published, the last of the log.
pub(crate) fn end_of(quarter: usize) -> Date {
    if quarter == AFTER { last_day() } else { quarter_end(i32::try_from(quarter).unwrap_or_default()) }
}

/// Which organisations deliver a method, by their place in the list.
struct Delivery {
    by: &'static [u8],
    /// Deliver until 2024 and are gone in 2025.
    leaving: &'static [u8],
    /// Begin to deliver after the vintage of 2024Q4, with a history.
    late: &'static [u8],
}

const EVERYBODY: [u8; 41] = [
    0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31, 32, 33, 34, 35,
    36, 37, 38, 39, 40,
];

fn delivery(method: Method) -> Delivery {
    let (by, leaving, late): (&'static [u8], &'static [u8], &'static [u8]) = match method {
        Method::Ips => (&EVERYBODY, &[], &[]),
        Method::Wabz => (&[3, 26], &[], &[]),
        Method::Jobcoaching => (&[0, 2, 4, 9, 12, 15, 19, 21, 24, 27, 33], &[5, 11, 18, 25, 32], &[]),
        Method::Werkfit => (&[1, 6, 11, 15, 18, 19, 22, 25, 32], &[], &[13, 24, 27, 33]),
        Method::NaarWerk => (&[1, 11, 15, 19, 22, 25], &[], &[13, 24, 27, 33]),
        Method::Other => (&[0, 3, 7, 9, 11, 14, 16, 18, 19, 23, 25, 27, 29, 33, 36], &[], &[]),
    };
    Delivery { by, leaving, late }
}

/// The day on which a late organisation brings its history.
fn arrival(organisation: u8) -> Date {
    match organisation {
        13 => date(2025, 2, 20),
        24 => date(2025, 3, 6),
        27 => date(2025, 3, 18),
        _ => date(2025, 4, 9),
    }
}

/// How many days before the log a trajectory may have begun that it found running.
const fn ran_before(method: Method) -> i32 {
    match method {
        Method::NaarWerk => 120,
        Method::Werkfit => 300,
        Method::Ips | Method::Wabz | Method::Jobcoaching | Method::Other => 420,
    }
}

/// How easily a trajectory of this age (in quarters) ends.
fn ends_easily(method: Method, age: usize) -> u32 {
    let by_age: &[u32] = match method {
        Method::Ips => &[2, 10, 16, 18, 20, 20, 20, 22, 40, 26, 26, 60, 400, 900],
        Method::Werkfit => &[2, 15, 30, 40, 55, 120, 2_000],
        Method::NaarWerk => &[5, 40, 70, 2_000],
        Method::Wabz => &[1, 10, 14, 16, 18, 20, 24, 30, 40],
        Method::Jobcoaching => &[2, 10, 12, 12, 14, 14, 14, 14, 16, 16, 18, 30, 200],
        Method::Other => &[4, 26, 34, 34, 34, 34, 40, 60, 200],
    };
    by_age[age.min(by_age.len() - 1)]
}

/// All cases of all methods.
pub(crate) fn skeleton(courses: &[Course], names: &Names, dice: &mut Dice) -> Result<Vec<Case>, Error> {
    let mut cases = Vec::new();
    for course in courses {
        Builder { course, names, delivery: delivery(course.method), cases: Vec::new(), running: Vec::new() }.build(dice, &mut cases)?;
    }
    employ_coaches(&mut cases, names);
    Ok(cases)
}

struct Builder<'a> {
    course: &'a Course,
    names: &'a Names,
    delivery: Delivery,
    cases: Vec<Case>,
    running: Vec<usize>,
}

impl Builder<'_> {
    fn build(mut self, dice: &mut Dice, into: &mut Vec<Case>) -> Result<(), Error> {
        for n in 0..self.course.before {
            self.start(None, n, dice);
        }
        for quarter in 0..=AFTER {
            let (started, ended) = match quarter {
                AFTER => self.course.after,
                known => (self.course.started[known], self.course.ended[known]),
            };
            for n in 0..started {
                self.start(Some(quarter), n, dice);
            }
            if quarter == BEFORE {
                self.end(quarter, ended, dice)?;
                self.bring_late(dice)?;
            } else {
                self.end(quarter, ended, dice)?;
            }
        }
        into.append(&mut self.cases);
        Ok(())
    }

    fn choose_organisation(&self, quarter: Option<usize>, n: usize, dice: &mut Dice) -> u8 {
        let joined = |org: &u8| {
            let joins = usize::try_from(self.names.organisations[usize::from(*org)].joins).unwrap_or_default();
            quarter.map_or(joins == 0, |q| joins <= q)
        };
        let leaves = quarter.is_some_and(|q| q >= YEAR_EARLIER);
        let mut choices: Vec<u8> = self.delivery.by.iter().copied().filter(joined).collect();
        if !leaves {
            choices.extend(self.delivery.leaving.iter().copied().filter(joined));
        }
        if quarter.is_some_and(|q| q >= NOW) {
            choices.extend(self.delivery.late);
        }
        // At first each gets one, so that nobody who delivers is without.
        if quarter.is_none() && n < choices.len() {
            return choices[n];
        }
        let weighted: Vec<(u8, u32)> = choices.iter().map(|org| (*org, self.names.organisations[usize::from(*org)].weight)).collect();
        dice.weighted(&weighted)
    }

    fn start(&mut self, quarter: Option<usize>, n: usize, dice: &mut Dice) {
        let organisation = self.choose_organisation(quarter, n, dice);
        let day = match quarter {
            // What ran already when the log began: it is brought in during its first weeks.
            None => plus(start_of(0), -dice.between(10, ran_before(self.course.method)).min(dice.between(10, 560))),
            Some(AFTER) => dice.day(start_of(AFTER), date(2025, 5, 22)),
            Some(quarter) => dice.day(start_of(quarter), end_of(quarter)),
        };
        let start = within(quarter, day, dice);
        let brought = if quarter.is_none() {
            Some(working_day(plus(date(2022, 1, 3), i32::from(organisation) * 2), dice))
        } else {
            self.delivery.late.contains(&organisation).then(|| arrival(organisation))
        };
        self.add(organisation, start, quarter, brought);
    }

    fn add(&mut self, organisation: u8, start: Date, first: Option<usize>, brought: Option<Date>) {
        self.running.push(self.cases.len());
        self.cases.push(Case {
            method: self.course.method,
            organisation,
            coach: 0,
            start,
            end: None,
            first,
            last: None,
            brought,
            mistaken: None,
            funding: None,
            variant: None,
            scheme: false,
            work_ready: None,
            spells: Vec::new(),
            placements: Vec::new(),
            educations: Vec::new(),
            no_placements: false,
        });
    }

    /// The trajectories that were brought in after the vintage of 2024Q4, with those of them that ended in it.
    fn bring_late(&mut self, dice: &mut Dice) -> Result<(), Error> {
        let (many, ended) = self.course.late;
        let quarters: &[usize] = if self.course.method == Method::Werkfit { &[7, 8, 9, 9, 10, 10, 11, 11] } else { &[9, 10, 10, 11, 11] };
        let everybody = std::mem::take(&mut self.running);
        for n in 0..many {
            let organisation = self.delivery.late[n % self.delivery.late.len()];
            let quarter = dice.pick(quarters);
            let day = dice.day(start_of(quarter), end_of(quarter));
            let start = within(Some(quarter), day, dice);
            self.add(organisation, start, Some(quarter), Some(arrival(organisation)));
        }
        self.end(BEFORE, ended, dice)?;
        self.running.extend(everybody);
        Ok(())
    }

    /// Ends so many of the running ones in a quarter.
    fn end(&mut self, quarter: usize, many: usize, dice: &mut Dice) -> Result<(), Error> {
        const SHORTEST: i32 = 21;
        let close = if quarter == AFTER { date(2025, 5, 23) } else { end_of(quarter) };
        let ease =
            |builder: &Self| builder.running.iter().map(|at| builder.ease(*at, quarter, plus(close, -SHORTEST))).collect::<Vec<u32>>();
        let mut weights = ease(self);
        for _ in 0..many {
            if self.few() {
                weights = ease(self);
            }
            let Some(place) = draw(&weights, dice) else {
                return Err(Error::Infeasible { what: "trajectories that can end", wanted: many, available: 0 });
            };
            let at = self.running.swap_remove(place);
            weights.swap_remove(place);
            // In the published quarter something may still happen in it before the end.
            let first = plus(start_of(quarter), if quarter == NOW { 14 } else { 0 });
            let case = &mut self.cases[at];
            let mut end = dice.day(first.max(plus(case.start, SHORTEST)), close);
            if weekday(end) > 4 && dice.chance(800) && plus(end, -2) >= first.max(plus(case.start, SHORTEST)) {
                end = plus(end, 4 - weekday(end));
            }
            case.end = Some(end);
            case.last = Some(quarter);
        }
        Ok(())
    }

    fn ease(&self, at: usize, quarter: usize, started_by: Date) -> u32 {
        let case = &self.cases[at];
        if case.start > started_by {
            return 0;
        }
        let age = case.first.map_or(quarter + 2, |first| quarter - first.min(quarter));
        let ease = ends_easily(case.method, age);
        let leaving = self.delivery.leaving.contains(&case.organisation);
        if self.few() && !leaving && quarter >= YEAR_EARLIER && self.is_last_of_organisation(case.organisation) {
            return 0;
        }
        match quarter {
            YEAR_EARLIER if leaving => ease * 4,
            9 if leaving => ease * 20,
            10 | BEFORE if leaving => ease * 3_000,
            _ => ease,
        }
    }

    /// So few trajectories that each organisation that delivers them must keep one.
    fn few(&self) -> bool {
        matches!(self.course.method, Method::Jobcoaching | Method::Wabz)
    }

    fn is_last_of_organisation(&self, organisation: u8) -> bool {
        self.running.iter().filter(|at| self.cases[**at].organisation == organisation).take(2).count() < 2
    }
}

/// The day, or where it lies in a weekend a day of the week near it, in the same quarter.
fn within(quarter: Option<usize>, day: Date, dice: &mut Dice) -> Date {
    let start = working_day(day, dice);
    if quarter.is_some_and(|q| start > end_of(q)) { plus(day, 4 - weekday(day)) } else { start }
}

/// The place of one, by weight; `None` where all weights are 0.
pub(crate) fn draw(weights: &[u32], dice: &mut Dice) -> Option<usize> {
    let sum: u64 = weights.iter().map(|w| u64::from(*w)).sum();
    if sum == 0 {
        return None;
    }
    let mut rest = dice.below_u64(sum);
    weights.iter().position(|weight| {
        let here = rest < u64::from(*weight);
        rest = rest.saturating_sub(u64::from(*weight));
        here
    })
}

/// Every case gets the coach of its organisation who has least to do; where all are full, there is a new one.
fn employ_coaches(cases: &mut [Case], names: &Names) {
    let mut order: Vec<usize> = (0..cases.len()).collect();
    order.sort_by_key(|at| cases[*at].start);
    for organisation in 0..names.organisations.len() {
        let mut loads: Vec<Vec<Option<Date>>> = vec![Vec::new()];
        for at in &order {
            let case = &mut cases[*at];
            if usize::from(case.organisation) != organisation {
                continue;
            }
            for load in &mut loads {
                load.retain(|end| end.is_none_or(|end| end >= case.start));
            }
            let least = loads.iter().enumerate().min_by_key(|(_, load)| load.len()).map_or(0, |(n, _)| n);
            let coach = if loads[least].len() >= CASELOAD && loads.len() < usize::from(COACHES) { loads.len() } else { least };
            if coach == loads.len() {
                loads.push(Vec::new());
            }
            loads[coach].push(case.end);
            case.coach = u16::try_from(coach).unwrap_or_default();
        }
    }
}
