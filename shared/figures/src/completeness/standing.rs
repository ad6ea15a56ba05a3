//! Whether an organisation's part of a quarter is there, and whether it says that all of it is.

use domain::{Method, Quarter};

use super::Completeness;

/// A place in the log.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Point {
    /// The position.
    pub position: u64,
    /// Its moment, in microseconds since 1970.
    pub micros: i64,
}

/// What somebody saw of the log who declared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DeclaredAt {
    /// The last position; `None` where only the moment was kept.
    pub position: Option<u64>,
    /// The moment, in microseconds since 1970.
    pub micros: i64,
}

impl DeclaredAt {
    /// Whether this was recorded after it. By the position, where it is known: an import may bring what was recorded elsewhere long before, and
    /// whoever declared did not see it.
    #[must_use]
    pub fn is_before(&self, at: Point) -> bool {
        self.position.map_or(at.micros > self.micros, |position| at.position > position)
    }
}

/// What an organisation delivered of a method in a quarter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum InQuarter {
    /// No trajectory ran.
    NoDelivery,
    /// Trajectories ran, and nothing that happened in the quarter was recorded of any of them: whether they still run is not known.
    Silent,
    /// Trajectories ran, and something that happened in the quarter was recorded.
    Delivered,
}

impl InQuarter {
    /// As it is written.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::NoDelivery => "no delivery",
            Self::Silent => "nothing recorded",
            Self::Delivered => "delivered",
        }
    }
}

/// How an organisation stands with a method in a quarter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// It delivered nothing, and did not say that there was nothing.
    NoDelivery,
    /// Trajectories run, of which nothing was recorded in the quarter, and it did not say that all of it is there.
    Silent,
    /// It delivers, and has not said that all of it is there.
    NotDeclared,
    /// It said that all of it is there.
    Declared,
    /// It said so, and something about the quarter was recorded after that.
    RecordedSince,
}

impl Standing {
    /// As it is written.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::NoDelivery => InQuarter::NoDelivery.as_str(),
            Self::Silent => InQuarter::Silent.as_str(),
            Self::NotDeclared => "not declared",
            Self::Declared => "declared",
            Self::RecordedSince => "declared, recorded since",
        }
    }
}

impl Completeness {
    /// What an organisation delivered of a method in the quarter that was counted.
    #[must_use]
    pub fn in_quarter(&self, organisation: &str, method: Method, quarter: Quarter) -> InQuarter {
        if !self.deliveries.delivered(organisation, method, quarter) {
            return InQuarter::NoDelivery;
        }
        let spoke = self.told.iter().any(|((who, what), _)| who == organisation && *what == method);
        if spoke { InQuarter::Delivered } else { InQuarter::Silent }
    }

    /// How an organisation stands with a method that was last declared so.
    #[must_use]
    pub fn standing(&self, organisation: &str, method: Method, quarter: Quarter, declared: Option<DeclaredAt>) -> Standing {
        match declared {
            Some(declared) if self.latest_of(organisation, method).is_some_and(|latest| declared.is_before(latest)) => {
                Standing::RecordedSince
            }
            Some(_) => Standing::Declared,
            None => match self.in_quarter(organisation, method, quarter) {
                InQuarter::NoDelivery => Standing::NoDelivery,
                InQuarter::Silent => Standing::Silent,
                InQuarter::Delivered => Standing::NotDeclared,
            },
        }
    }

    /// Where something about a day up to the quarter's end was last recorded.
    #[must_use]
    pub fn latest_of(&self, organisation: &str, method: Method) -> Option<Point> {
        self.latest.iter().find(|((who, what), _)| who == organisation && *what == method).map(|(_, at)| *at)
    }
}
