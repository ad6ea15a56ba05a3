//! Until when trajectories are observed, and which belong to the question.

use domain::{Date, Name, Quarter, Region, Trajectory};

/// The months after which a curve is read.
pub const MONTHS: [u32; 8] = [3, 6, 9, 12, 18, 24, 30, 36];

/// The days of so many months, as a curve counts them: a month is a twelfth of 365.25 days, rounded to a whole day.
#[must_use]
pub const fn days_of_months(months: u32) -> u32 {
    // 365.25 / 12 = 30.4375 = 487 / 16
    (months * 487 + 8) / 16
}

/// Which trajectories are asked about, and the last day on which they are observed.
#[derive(Clone, Debug)]
pub struct Window {
    /// The quarter; what happens after its last day is not looked at.
    pub quarter: Quarter,
    /// Only trajectories of this labour-market region, on their reference day.
    pub region: Option<Region>,
    /// Only trajectories that this organisation delivers.
    pub organisation: Option<Name>,
}

impl Window {
    /// The whole country.
    #[must_use]
    pub const fn national(quarter: Quarter) -> Self {
        Self { quarter, region: None, organisation: None }
    }

    /// The last day that is observed.
    #[must_use]
    pub const fn until(&self) -> Date {
        self.quarter.last_day()
    }

    /// Belongs to the question: began on or before the last day, and is of the scope (the region that of the reference day, as in the figures).
    #[must_use]
    pub fn holds(&self, trajectory: &Trajectory) -> bool {
        let of_organisation = self.organisation.as_ref().is_none_or(|only| *only == trajectory.organisation);
        let of_region = || self.region.is_none_or(|only| only == trajectory.attributes_on(trajectory.reference_day(self.until())).region);
        trajectory.start <= self.until() && of_organisation && of_region()
    }

    /// For how many days it is observed: from its start to its outflow or the last day, whichever comes first. 0 on the first day.
    #[must_use]
    pub fn observed_days(&self, trajectory: &Trajectory) -> u32 {
        days_between(trajectory.start, trajectory.reference_day(self.until()))
    }
}

/// The days from one day to another; 0 when the second comes first.
pub(crate) fn days_between(from: Date, to: Date) -> u32 {
    u32::try_from(i64::from(to.days()) - i64::from(from.days())).unwrap_or(0)
}
