//! Whether an organisation's part of a quarter is there, and whether it says that all of it is.

use domain::{Method, Quarter};

use super::{Completeness, NO_DELIVERY};

/// How an organisation stands with a method in a quarter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// It delivered nothing, and did not say that there was nothing.
    NoDelivery,
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
            Self::NoDelivery => NO_DELIVERY,
            Self::NotDeclared => "not declared",
            Self::Declared => "declared",
            Self::RecordedSince => "declared, recorded since",
        }
    }
}

impl Completeness {
    /// How an organisation stands with a method; it was last declared at this moment, in microseconds since 1970.
    #[must_use]
    pub fn standing(&self, organisation: &str, method: Method, quarter: Quarter, declared_at: Option<i64>) -> Standing {
        match declared_at {
            Some(at) if self.latest_of(organisation, method).is_some_and(|latest| latest > at) => Standing::RecordedSince,
            Some(_) => Standing::Declared,
            None if self.deliveries.delivered(organisation, method, quarter) => Standing::NotDeclared,
            None => Standing::NoDelivery,
        }
    }

    /// When something about a day up to the quarter's end was last recorded, in microseconds since 1970.
    #[must_use]
    pub fn latest_of(&self, organisation: &str, method: Method) -> Option<i64> {
        self.latest.iter().find(|((who, what), _)| who == organisation && *what == method).map(|(_, micros)| *micros)
    }
}
