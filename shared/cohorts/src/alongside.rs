//! Unpaid work beside a paid job or an education, each trajectory once.

use domain::{Method, Trajectory};

use crate::window::Window;

/// Those of a quarter's population with unpaid work on their reference day, by what they do besides.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Alongside {
    /// All of them (`unpaid_any` of figures.md).
    pub unpaid: u64,
    /// With a paid job and no education.
    pub paid_work: u64,
    /// With an education and no paid job.
    pub education: u64,
    /// With both.
    pub both: u64,
    /// With neither.
    pub neither: u64,
    /// Of all of them, those with unpaid work that began before the trajectory (`unpaid_before_start`).
    pub began_before: u64,
    /// Of those with neither, those with unpaid work that began before the trajectory.
    pub neither_began_before: u64,
}

/// Counts those with this method; `None` for every method.
#[must_use]
pub fn of<'a>(trajectories: impl IntoIterator<Item = &'a Trajectory>, window: &Window, method: Option<Method>) -> Alongside {
    let mut found = Alongside::default();
    let ours = |trajectory: &&Trajectory| {
        let in_population = trajectory.outflow.is_none_or(|outflow| outflow.on >= window.quarter.first_day());
        in_population && method.is_none_or(|only| only == trajectory.method()) && window.holds(trajectory)
    };
    for trajectory in trajectories.into_iter().filter(ours) {
        let day = trajectory.reference_day(window.until());
        let mut unpaid = trajectory.placements.iter().map(|(_, spell)| spell).filter(|spell| spell.active_on(day)).peekable();
        if unpaid.peek().is_none() {
            continue;
        }
        let before = unpaid.any(|spell| spell.start < trajectory.start);
        let paid = trajectory.jobs.iter().any(|job| job.spell.active_on(day));
        let education = trajectory.educations.iter().any(|spell| spell.active_on(day));
        found.unpaid += 1;
        found.began_before += u64::from(before);
        match (paid, education) {
            (true, true) => found.both += 1,
            (true, false) => found.paid_work += 1,
            (false, true) => found.education += 1,
            (false, false) => {
                found.neither += 1;
                found.neither_began_before += u64::from(before);
            }
        }
    }
    found
}
