//! All answers for one window.

use std::collections::BTreeMap;

use domain::{Method, SustainableWork, Trajectory};

use crate::{
    Window,
    alongside::{self, Alongside},
    durations::{self, Durations},
    first_job::{self, FirstJobs},
    placements::{self, Cohorts},
    sequels::{self, Became, Sequels},
};

/// How many quarters of starts are told.
const COHORTS: u32 = 12;
/// The methods whose aim is to find a paid job: of these it makes sense to ask how long that took.
const LOOK_FOR_A_JOB: [Method; 4] = [Method::Ips, Method::Wabz, Method::NaarWerk, Method::Other];

/// What happened to the trajectories of a window.
#[derive(Clone, Debug)]
pub struct Answers {
    /// Which trajectories, and until when.
    pub window: Window,
    /// How long until the first paid job, of the methods that look for one.
    pub first_jobs: BTreeMap<Method, FirstJobs>,
    /// Those who began in each of the last twelve quarters, of the same methods.
    pub placements: BTreeMap<Method, Cohorts>,
    /// What followed what.
    pub sequels: Sequels,
    /// What became of those who were running a year earlier.
    pub year_later: BTreeMap<(Method, Became), u64>,
    /// Unpaid work beside other things; `None` for all methods together.
    pub alongside: BTreeMap<Option<Method>, Alongside>,
    /// How long jobs and sustainable work lasted; `None` for all methods together.
    pub durations: BTreeMap<Option<Method>, Durations>,
}

impl Answers {
    /// Every answer. `trajectories` are all that the log holds, of whatever scope: a sequel may be somebody else's.
    #[must_use]
    pub fn of(trajectories: &[&Trajectory], window: Window, definition: &SustainableWork) -> Self {
        let all = || trajectories.iter().copied();
        let methods = || std::iter::once(None).chain(Method::ALL.iter().copied().map(Some));
        Self {
            first_jobs: LOOK_FOR_A_JOB.into_iter().map(|method| (method, first_job::of(all(), &window, method))).collect(),
            placements: LOOK_FOR_A_JOB.into_iter().map(|method| (method, placements::of(all(), &window, method, COHORTS))).collect(),
            sequels: sequels::of(all(), &window),
            year_later: sequels::year_later(all(), &window),
            alongside: methods().map(|method| (method, alongside::of(all(), &window, method))).collect(),
            durations: methods().map(|method| (method, durations::of(all(), &window, method, definition))).collect(),
            window,
        }
    }
}
