//! Sustainable paid work (duurzaam betaald werk): four conditions, each yes, no or unknown.

use crate::{Conditions, Contract, Date, Hundredths};

/// An answer that may be unknown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Verdict {
    /// Known to hold.
    Yes,
    /// Known to fail.
    No,
    /// Undecided for lack of a value.
    Unknown,
}

impl Verdict {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Yes, Self::No, Self::Unknown];

    /// As the contract writes it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Yes => "yes",
            Self::No => "no",
            Self::Unknown => "unknown",
        }
    }

    fn of(known: Option<bool>) -> Self {
        match known {
            Some(true) => Self::Yes,
            Some(false) => Self::No,
            None => Self::Unknown,
        }
    }
}

/// One of the four conditions.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[allow(missing_docs, reason = "each is the field of its name")]
pub enum Condition {
    RegularWorkplace,
    HoursPerWeek,
    WageValuePercent,
    Contract,
}

impl Condition {
    /// In the order of the definition.
    pub const ALL: [Self; 4] = [Self::RegularWorkplace, Self::HoursPerWeek, Self::WageValuePercent, Self::Contract];

    /// As the contract writes it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::RegularWorkplace => "regular_workplace",
            Self::HoursPerWeek => "hours_per_week",
            Self::WageValuePercent => "wage_value_percent",
            Self::Contract => "contract",
        }
    }
}

/// The thresholds of sustainable work. [`SustainableWork::default`] holds those of `werkmonitor-2025.1`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SustainableWork {
    /// Whether the workplace must be a regular one.
    pub regular_workplace: bool,
    /// At least this many hours a week, in hundredths.
    pub min_hours_per_week: Hundredths,
    /// A wage value of at least this percentage, in hundredths.
    pub min_wage_value_percent: Hundredths,
    /// A contract of at least this many calendar months.
    pub min_contract_months: i32,
}

impl Default for SustainableWork {
    fn default() -> Self {
        Self { regular_workplace: true, min_hours_per_week: 12_00, min_wage_value_percent: 35_00, min_contract_months: 3 }
    }
}

impl SustainableWork {
    /// Whether one condition holds for a job that started on this day.
    #[must_use]
    pub fn condition(&self, condition: Condition, started: Date, values: &Conditions) -> Verdict {
        let asks_nothing = match condition {
            Condition::RegularWorkplace => !self.regular_workplace,
            Condition::HoursPerWeek => self.min_hours_per_week == 0,
            Condition::WageValuePercent => self.min_wage_value_percent == 0,
            Condition::Contract => self.min_contract_months == 0,
        };
        if asks_nothing {
            return Verdict::Yes;
        }
        Verdict::of(match condition {
            Condition::RegularWorkplace => values.regular_workplace,
            Condition::HoursPerWeek => values.hours_per_week.map(|hours| hours >= self.min_hours_per_week),
            Condition::WageValuePercent => values.wage_value_percent.map(|percent| percent >= self.min_wage_value_percent),
            Condition::Contract => match values.contract {
                Some(Contract::Permanent) => Some(true),
                Some(Contract::FixedTerm { until }) => Some(until.plus_days(1) >= started.plus_months(self.min_contract_months)),
                Some(Contract::Other) | None => None,
            },
        })
    }

    /// The job's verdict: `No` when a known value fails, `Yes` when all four are known and hold, `Unknown` otherwise.
    #[must_use]
    pub fn verdict(&self, started: Date, values: &Conditions) -> Verdict {
        let mut all = Verdict::Yes;
        for condition in Condition::ALL {
            match self.condition(condition, started, values) {
                Verdict::No => return Verdict::No,
                Verdict::Unknown => all = Verdict::Unknown,
                Verdict::Yes => {}
            }
        }
        all
    }
}
