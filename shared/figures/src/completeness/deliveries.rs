//! Which organisations deliver which method, from when until when.

use std::collections::{BTreeMap, BTreeSet};

use domain::{Method, Name, Quarter, Trajectory};

/// The quarters in which a trajectory of an organisation and a method ran. A quarter that is not among them is one without a delivery, which is not a
/// count of 0: nobody knows whether there was nothing, or nothing was recorded.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Deliveries(BTreeMap<(Name, Method), BTreeSet<Quarter>>);

/// What an organisation delivers of a method.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Delivery {
    /// By whom.
    pub organisation: Name,
    /// Of which method.
    pub method: Method,
    /// The first quarter in which a trajectory ran.
    pub first: Quarter,
    /// The last one.
    pub last: Quarter,
    /// Those between the two in which none did, in order.
    pub without: Vec<Quarter>,
}

impl Deliveries {
    /// Notes the quarters in which a trajectory ran, this one the last.
    pub fn count(&mut self, trajectory: &Trajectory, until: Quarter) {
        let last = trajectory.outflow.map_or(until, |outflow| Quarter::of(outflow.on).min(until));
        let ran = from_to(Quarter::of(trajectory.start), last);
        if !ran.is_empty() {
            self.0.entry((trajectory.organisation.clone(), trajectory.method())).or_default().extend(ran);
        }
    }

    /// Adds what others delivered.
    pub fn merge(&mut self, other: Self) {
        for (of, quarters) in other.0 {
            self.0.entry(of).or_default().extend(quarters);
        }
    }

    /// Whether a trajectory of both ran in this quarter.
    #[must_use]
    pub fn delivered(&self, organisation: &str, method: Method, quarter: Quarter) -> bool {
        self.0.iter().any(|((who, what), quarters)| who == organisation && *what == method && quarters.contains(&quarter))
    }

    /// All of them, by organisation and method.
    pub fn all(&self) -> impl Iterator<Item = Delivery> {
        self.0.iter().filter_map(|((organisation, method), quarters)| {
            let (first, last) = (*quarters.first()?, *quarters.last()?);
            let without = from_to(first, last).into_iter().filter(|quarter| !quarters.contains(quarter)).collect();
            Some(Delivery { organisation: organisation.clone(), method: *method, first, last, without })
        })
    }

    /// Every organisation that ever delivered something, by name.
    #[must_use]
    pub fn organisations(&self) -> BTreeSet<&Name> {
        self.0.keys().map(|(organisation, _)| organisation).collect()
    }
}

/// The quarters from one to another, both included; none when the other is earlier.
fn from_to(first: Quarter, last: Quarter) -> Vec<Quarter> {
    let mut quarters: Vec<Quarter> =
        std::iter::successors(Some(last), |quarter| Some(quarter.previous())).take_while(|quarter| *quarter >= first).collect();
    quarters.reverse();
    quarters
}
