//! How long until the first paid job, and whether unpaid work stands in its way.
//!
//! Time runs from the trajectory's start to the first day of a paid job in it (`first_job_…` of figures.md: f). Who had a paid job on the first day is not looking
//! for one and is counted apart. Unpaid work is of any kind that figures.md names. Who begins it on the way belongs to those *without* until that day, and to those
//! *during* from the next day on: counted the other way about, those who waited long would look as if unpaid work had made them wait.

use domain::{Method, Trajectory};

use crate::{
    survival::Observation,
    window::{Window, days_between},
};

/// Whether somebody had unpaid work.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Unpaid {
    /// Not so far.
    Without,
    /// Begun before the trajectory, and going on at its start.
    Before,
    /// Begun on a day of the trajectory.
    During,
}

impl Unpaid {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Without, Self::Before, Self::During];

    /// As the answer writes it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Without => "without",
            Self::Before => "before",
            Self::During => "during",
        }
    }
}

/// Those who were looking for a first paid job.
#[derive(Clone, Debug, Default)]
pub struct FirstJobs {
    /// Everyone.
    pub all: Vec<Observation>,
    /// By whether they had unpaid work, in the order of [`Unpaid::ALL`]. Somebody can be in two of them, one after the other.
    pub by_unpaid: [Vec<Observation>; 3],
    /// Had a paid job on the first day already.
    pub had_one: u64,
}

/// How long those with this method waited.
#[must_use]
pub fn of<'a>(trajectories: impl IntoIterator<Item = &'a Trajectory>, window: &Window, method: Method) -> FirstJobs {
    let mut found = FirstJobs::default();
    for trajectory in trajectories.into_iter().filter(|trajectory| trajectory.method() == method && window.holds(trajectory)) {
        let Some(wait) = wait(trajectory, window) else {
            found.had_one += 1;
            continue;
        };
        found.all.push(wait);
        let [without, before, during] = &mut found.by_unpaid;
        let unpaid = trajectory.placements.iter().map(|(_, spell)| spell);
        if unpaid.clone().any(|spell| spell.start < trajectory.start && spell.active_on(trajectory.start)) {
            before.push(wait);
            continue;
        }
        let began = unpaid.filter(|spell| spell.start >= trajectory.start).map(|spell| days_between(trajectory.start, spell.start)).min();
        match began {
            Some(day) if day < wait.exit => {
                without.push(Observation { exit: day, happened: false, ..wait });
                during.push(Observation { entry: day, ..wait });
            }
            Some(_) | None => without.push(wait),
        }
    }
    found
}

/// How long one waited for a first paid job; `None` for who had one on the first day.
pub(crate) fn wait(trajectory: &Trajectory, window: &Window) -> Option<Observation> {
    let last = window.observed_days(trajectory);
    let first = trajectory.jobs.iter().filter_map(|job| job.spell.first_active_from(trajectory.start)).min();
    let day = first.map(|first| days_between(trajectory.start, first)).filter(|day| *day <= last);
    match day {
        Some(0) => None,
        Some(day) => Some(Observation { entry: 0, exit: day, happened: true }),
        None => Some(Observation { entry: 0, exit: last, happened: false }),
    }
}
