//! Whose trajectories someone may touch: judged in the same moment as the decision, so that a trajectory that has just moved to someone
//! else is already theirs.

use std::collections::{BTreeMap, BTreeSet};

use domain::{Date, Name, Timeline, Trajectory};
use serde::{Deserialize, Serialize};

/// Whose trajectories.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reach {
    /// Everyone's.
    #[default]
    All,
    /// Of these organisations, each as said; nobody's when there are none.
    Only(BTreeMap<String, Cases>),
}

/// Which trajectories of an organisation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Cases {
    /// All of them.
    All,
    /// Those of these coaches: one's own, and those that one stands in for.
    Of(BTreeSet<String>),
}

impl Reach {
    /// All trajectories of an organisation.
    #[must_use]
    pub fn organisation(name: impl Into<String>) -> Self {
        Self::Only(BTreeMap::from([(name.into(), Cases::All)]))
    }

    /// The trajectories of these coaches of an organisation.
    #[must_use]
    pub fn coaches<C: Into<String>>(organisation: impl Into<String>, coaches: impl IntoIterator<Item = C>) -> Self {
        let coaches = coaches.into_iter().map(Into::into).collect();
        Self::Only(BTreeMap::from([(organisation.into(), Cases::Of(coaches))]))
    }

    /// Nobody's.
    #[must_use]
    pub const fn nothing() -> Self {
        Self::Only(BTreeMap::new())
    }

    /// Whether a trajectory of this organisation with this coach is among them.
    #[must_use]
    pub fn has(&self, organisation: &str, coach: Option<&str>) -> bool {
        match self {
            Self::All => true,
            Self::Only(organisations) => match organisations.get(organisation) {
                None => false,
                Some(Cases::All) => true,
                Some(Cases::Of(coaches)) => coach.is_some_and(|coach| coaches.contains(coach)),
            },
        }
    }

    /// Whether any trajectory of this organisation may be among them.
    #[must_use]
    pub fn has_some_of(&self, organisation: &str) -> bool {
        match self {
            Self::All => true,
            Self::Only(organisations) => organisations.contains_key(organisation),
        }
    }

    /// Whether all trajectories of this organisation are among them.
    #[must_use]
    pub fn has_all_of(&self, organisation: &str) -> bool {
        match self {
            Self::All => true,
            Self::Only(organisations) => organisations.get(organisation) == Some(&Cases::All),
        }
    }
}

/// The coach of a trajectory on a day, where one is known; `None` also while no intake counts.
#[must_use]
pub fn coach_of(timeline: &Timeline, on: Date) -> Option<Name> {
    Trajectory::of(timeline).and_then(|lived| lived.attributes_on(on).coach.cloned())
}
