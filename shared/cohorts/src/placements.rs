//! Of those who began in one quarter: how many have found a paid job after so many months, by who pays. Will those who began lately still find work?

use std::collections::BTreeMap;

use domain::{Funding, Method, Quarter, Trajectory};

use crate::{first_job, survival::Observation, window::Window};

/// Those who began in one quarter.
#[derive(Clone, Debug, Default)]
pub struct Cohort {
    /// Who were looking for a first paid job.
    pub waits: Vec<Observation>,
    /// Had a paid job on the first day already.
    pub had_one: u64,
    /// Left without having found one.
    pub left: u64,
    /// Are still looking on the last day.
    pub looking: u64,
}

/// The cohorts of a method by the quarter of the start and the funding on the first day; `None` for all fundings together.
pub type Cohorts = BTreeMap<(Quarter, Option<Funding>), Cohort>;

/// The cohorts of the last `quarters` quarters, that of the window included.
#[must_use]
pub fn of<'a>(trajectories: impl IntoIterator<Item = &'a Trajectory>, window: &Window, method: Method, quarters: u32) -> Cohorts {
    let mut cohorts = Cohorts::new();
    let mut first = window.quarter;
    for _ in 1..quarters {
        first = first.previous();
    }
    let ours =
        |trajectory: &&Trajectory| trajectory.method() == method && window.holds(trajectory) && trajectory.start >= first.first_day();
    for trajectory in trajectories.into_iter().filter(ours) {
        let Some(quarter) = quarter_of(trajectory, first, window.quarter) else { continue };
        let wait = first_job::wait(trajectory, window);
        let ended = trajectory.outflow.is_some_and(|outflow| outflow.on <= window.until());
        for funding in [None, Some(trajectory.attributes_on(trajectory.start).funding)] {
            let cohort = cohorts.entry((quarter, funding)).or_default();
            match wait {
                None => cohort.had_one += 1,
                Some(wait) => {
                    cohort.waits.push(wait);
                    cohort.left += u64::from(!wait.happened && ended);
                    cohort.looking += u64::from(!wait.happened && !ended);
                }
            }
        }
    }
    cohorts
}

/// The quarter of these in which it began.
fn quarter_of(trajectory: &Trajectory, first: Quarter, last: Quarter) -> Option<Quarter> {
    let mut quarter = last;
    while quarter.first_day() > trajectory.start {
        if quarter == first {
            return None;
        }
        quarter = quarter.previous();
    }
    Some(quarter)
}
