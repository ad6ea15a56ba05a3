//! How long paid jobs last, and how long work stays sustainable.
//!
//! Only jobs that began in the trajectory: one that was there before has been selected by having lasted. A job is observed until it stops, until the outflow (after
//! which nobody records) or until the last day. Sustainable work is observed from the first day on which a job is sustainable to the first day on which it is not
//! known to be so any more.

use domain::{Date, Job, Method, SustainableWork, Trajectory, Verdict};

use crate::{
    survival::Observation,
    window::{Window, days_between},
};

/// How long it lasted.
#[derive(Clone, Debug, Default)]
pub struct Durations {
    /// Paid jobs.
    pub jobs: Vec<Observation>,
    /// Sustainable work, by job: from the first day on which the job was sustainable.
    pub sustainable: Vec<Observation>,
}

/// The durations of the jobs of this method; `None` for every method.
#[must_use]
pub fn of<'a>(
    trajectories: impl IntoIterator<Item = &'a Trajectory>,
    window: &Window,
    method: Option<Method>,
    definition: &SustainableWork,
) -> Durations {
    let mut found = Durations::default();
    let ours = |trajectory: &&Trajectory| method.is_none_or(|only| only == trajectory.method()) && window.holds(trajectory);
    for trajectory in trajectories.into_iter().filter(ours) {
        let seen_until = trajectory.reference_day(window.until());
        for job in trajectory.jobs.iter().filter(|job| job.spell.start >= trajectory.start && job.spell.start <= seen_until) {
            found.jobs.push(lasted(job.spell.start, job.spell.stop, seen_until));
            found.sustainable.extend(sustainable(job, seen_until, definition));
        }
    }
    found
}

/// From a first day to the first day without, if that is seen.
fn lasted(first: Date, without: Option<Date>, seen_until: Date) -> Observation {
    match without.filter(|day| *day <= seen_until) {
        Some(day) => Observation { entry: 0, exit: days_between(first, day), happened: true },
        None => Observation { entry: 0, exit: days_between(first, seen_until), happened: false },
    }
}

fn sustainable(job: &Job, seen_until: Date, definition: &SustainableWork) -> Option<Observation> {
    let start = job.spell.start;
    let is_so = |day: Date| definition.verdict(start, &job.conditions_on(day)) == Verdict::Yes;
    let within = |day: &Date| job.spell.active_on(*day) && *day <= seen_until;
    let days = || std::iter::once(start).chain(job.change_days().filter(|day| *day > start));
    let first = days().filter(within).find(|day| is_so(*day))?;
    let no_more = days().filter(|day| *day > first).find(|day| !is_so(*day));
    let ended = [no_more, job.spell.stop].into_iter().flatten().min();
    Some(lasted(first, ended, seen_until))
}
