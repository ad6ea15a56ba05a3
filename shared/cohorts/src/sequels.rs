//! What follows what, for one client; and what became of those who were running a year ago.

use std::collections::{BTreeMap, HashMap};

use domain::{Date, Method, Trajectory};

use crate::window::{Window, days_between};

/// What came after a trajectory.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Next {
    /// Nothing so far.
    Nothing,
    /// A trajectory of this method.
    Method(Method),
}

/// Trajectories that ended, by their method and by what the same client began next.
#[derive(Clone, Debug, Default)]
pub struct Sequels {
    /// How many, by method and sequel.
    pub counts: BTreeMap<(Method, Next), u64>,
    /// The days from the end of the one to the start of the other, in order; 0 when the other began before the end.
    gaps: BTreeMap<(Method, Method), Vec<u32>>,
}

impl Sequels {
    /// The days from the end of the one to the start of the other, in the middle of all; the later of two middle ones.
    #[must_use]
    pub fn median_gap(&self, after: Method, next: Method) -> Option<u32> {
        let gaps = self.gaps.get(&(after, next))?;
        gaps.get(gaps.len() / 2).copied()
    }
}

/// What became of trajectories that were running in an earlier quarter.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Became {
    /// Still running.
    Running,
    /// Ended, and the client began another one.
    Followed(Method),
    /// Ended, and nothing follows so far.
    Ended,
}

/// The starts of each client's trajectories, in order.
struct Clients<'a> {
    starts: HashMap<domain::ClientId, Vec<(Date, usize)>>,
    trajectories: Vec<&'a Trajectory>,
}

impl<'a> Clients<'a> {
    fn of(trajectories: impl IntoIterator<Item = &'a Trajectory>, until: Date) -> Self {
        let trajectories: Vec<_> = trajectories.into_iter().filter(|trajectory| trajectory.start <= until).collect();
        let mut starts: HashMap<_, Vec<_>> = HashMap::new();
        for (place, trajectory) in trajectories.iter().enumerate() {
            starts.entry(trajectory.client()).or_default().push((trajectory.start, place));
        }
        starts.values_mut().for_each(|starts| starts.sort_unstable());
        Self { starts, trajectories }
    }

    /// The client's trajectory that began next after this one began.
    fn next(&self, trajectory: &Trajectory) -> Option<&'a Trajectory> {
        let starts = self.starts.get(&trajectory.client())?;
        let (_, place) = starts.iter().find(|(start, _)| *start > trajectory.start)?;
        self.trajectories.get(*place).copied()
    }
}

/// What followed the trajectories of the window that have ended. A sequel counts wherever it is delivered: that it leads to another organisation or region is no reason
/// to overlook it.
#[must_use]
pub fn of<'a>(trajectories: impl IntoIterator<Item = &'a Trajectory>, window: &Window) -> Sequels {
    let clients = Clients::of(trajectories, window.until());
    let mut sequels = Sequels::default();
    for trajectory in clients.trajectories.iter().filter(|trajectory| window.holds(trajectory)) {
        let Some(outflow) = trajectory.outflow.filter(|outflow| outflow.on <= window.until()) else { continue };
        let next = clients.next(trajectory);
        let key = next.map_or(Next::Nothing, |next| Next::Method(next.method()));
        *sequels.counts.entry((trajectory.method(), key)).or_default() += 1;
        if let Some(next) = next {
            sequels.gaps.entry((trajectory.method(), next.method())).or_default().push(days_between(outflow.on, next.start));
        }
    }
    sequels.gaps.values_mut().for_each(|gaps| gaps.sort_unstable());
    sequels
}

/// What became, by the last day, of the trajectories of the window that were running in the same quarter a year earlier (population of figures.md).
#[must_use]
pub fn year_later<'a>(trajectories: impl IntoIterator<Item = &'a Trajectory>, window: &Window) -> BTreeMap<(Method, Became), u64> {
    let clients = Clients::of(trajectories, window.until());
    let then = window.quarter.year_earlier();
    let mut became = BTreeMap::new();
    for trajectory in clients.trajectories.iter().filter(|trajectory| window.holds(trajectory)) {
        let was_running = trajectory.start <= then.last_day() && trajectory.outflow.is_none_or(|outflow| outflow.on >= then.first_day());
        if !was_running {
            continue;
        }
        // In the population of the window's quarter still: it had not ended before that quarter began.
        let running = trajectory.outflow.is_none_or(|outflow| outflow.on >= window.quarter.first_day());
        let what = match clients.next(trajectory) {
            _ if running => Became::Running,
            Some(next) => Became::Followed(next.method()),
            None => Became::Ended,
        };
        *became.entry((trajectory.method(), what)).or_default() += 1;
    }
    became
}
