//! Events as the domain knows them: dates, ids and values, without texts.

use crate::{ClientId, Date, EducationId, EventId, JobId, Name, PlacementId, Region};

/// A number with at most two decimals, in hundredths: 11.99 hours is 1199.
pub type Hundredths = i32;

/// A field of a change: absent (keeps its value), or from this day on a value or unknown.
pub type Change<V> = Option<Option<V>>;

/// An event as it was recorded, before it has found its place in the timeline.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recorded {
    /// The event.
    pub id: EventId,
    /// When it happened.
    pub occurred_on: Date,
    /// The event that this one replaces.
    pub corrects: Option<EventId>,
    /// What it tells.
    pub fact: Fact,
}

/// An event that counts, in its place in the effective timeline.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// The event.
    pub id: EventId,
    /// When it happened.
    pub occurred_on: Date,
    /// Its own place in the stream.
    pub revision: u32,
    /// The place of the first event of its correction chain, by which it is ordered within its day.
    pub first_revision: u32,
    /// What it tells.
    pub fact: Fact,
}

/// What an event tells.
#[derive(Clone, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "the fields are those of the event contract")]
pub enum Fact {
    Intake(Box<Intake>),
    Engagement,
    Assessment { max_hours_per_week: Option<Hundredths> },
    PlacementStarted { placement: PlacementId, kind: PlacementKind },
    PlacementStopped { placement: PlacementId },
    PaidWorkStarted { job: JobId, conditions: Conditions },
    PaidWorkChanged { job: JobId, changes: ConditionChanges },
    PaidWorkStopped { job: JobId },
    EducationStarted { education: EducationId },
    EducationStopped { education: EducationId },
    Contact { with_employer: bool, minutes: Option<i32> },
    TrajectoryChanged(Box<AttributeChanges>),
    Outflow { work_ready: Option<bool> },
    Retraction { event: EventId },
}

impl Fact {
    /// Whether both are of the same type of event.
    #[must_use]
    pub fn same_type(&self, other: &Self) -> bool {
        std::mem::discriminant(self) == std::mem::discriminant(other)
    }

    /// The event that a retraction retracts.
    #[must_use]
    pub const fn retracts(&self) -> Option<EventId> {
        if let Self::Retraction { event } = self { Some(*event) } else { None }
    }

    /// Whether it is one of the three `…_stopped` types.
    #[must_use]
    pub const fn is_stop(&self) -> bool {
        matches!(self, Self::PlacementStopped { .. } | Self::PaidWorkStopped { .. } | Self::EducationStopped { .. })
    }
}

/// What an intake tells.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Intake {
    /// The client's pseudonym.
    pub client: ClientId,
    /// The method of guidance.
    pub method: Method,
    /// IPS only.
    pub variant: Option<Variant>,
    /// Who pays.
    pub funding: Funding,
    /// The scheme under which it is paid.
    pub scheme: Option<Name>,
    /// The labour-market region.
    pub region: Region,
    /// The coach.
    pub coach: Option<Name>,
}

/// The attributes that change from a day on. `names_a_field` is false for a change that says nothing at all.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AttributeChanges {
    /// IPS only.
    pub variant: Change<Variant>,
    /// Who pays.
    pub funding: Option<Funding>,
    /// The scheme under which it is paid.
    pub scheme: Change<Name>,
    /// The labour-market region.
    pub region: Option<Region>,
    /// The coach.
    pub coach: Change<Name>,
    /// Whether any field is named, those included that the domain does not look at.
    pub names_a_field: bool,
}

/// The conditions of a paid job on a day; `None` is unknown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Conditions {
    /// A regular workplace.
    pub regular_workplace: Option<bool>,
    /// Hours a week.
    pub hours_per_week: Option<Hundredths>,
    /// Wage value (loonwaarde) in percent.
    pub wage_value_percent: Option<Hundredths>,
    /// The contract.
    pub contract: Option<Contract>,
}

impl Conditions {
    /// The conditions from the day of a change on.
    pub fn change(&mut self, changes: &ConditionChanges) {
        let Self { regular_workplace, hours_per_week, wage_value_percent, contract } = self;
        *regular_workplace = changes.regular_workplace.unwrap_or(*regular_workplace);
        *hours_per_week = changes.hours_per_week.unwrap_or(*hours_per_week);
        *wage_value_percent = changes.wage_value_percent.unwrap_or(*wage_value_percent);
        *contract = changes.contract.unwrap_or(*contract);
    }
}

/// What changes in a job's conditions from a day on. `names_a_field` is false for a change that says nothing at all.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ConditionChanges {
    /// A regular workplace.
    pub regular_workplace: Change<bool>,
    /// Hours a week.
    pub hours_per_week: Change<Hundredths>,
    /// Wage value (loonwaarde) in percent.
    pub wage_value_percent: Change<Hundredths>,
    /// The contract.
    pub contract: Change<Contract>,
    /// Whether any field is named, texts included.
    pub names_a_field: bool,
}

/// A contract of employment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Contract {
    /// Without an end.
    Permanent,
    /// Until its last day, inclusive.
    FixedTerm {
        /// The last day.
        until: Date,
    },
    /// Self-employed, agency, on call: its length is unknown.
    Other,
}

macro_rules! words {
    ($(#[$about:meta])* $name:ident { $($variant:ident = $word:literal,)+ }) => {
        $(#[$about])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[repr(u8)]
        pub enum $name { $(#[doc = concat!("`", $word, "`")] $variant,)+ }

        impl $name {
            /// All, in the order of the contract.
            pub const ALL: &[Self] = &[$(Self::$variant),+];

            /// As the contract writes it.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $word),+ }
            }
        }
    };
}

words! {
    /// The method of guidance.
    Method { Ips = "ips", Wabz = "wabz", Jobcoaching = "jobcoaching", Werkfit = "werkfit", NaarWerk = "naar_werk", Other = "other", }
}

words! {
    /// The variant of an IPS trajectory.
    Variant { Epa = "epa", Cmd = "cmd", Other = "other", }
}

words! {
    /// Who pays.
    Funding { Municipality = "municipality", Uwv = "uwv", Other = "other", }
}

words! {
    /// A kind of unpaid placement.
    PlacementKind {
        TrialPlacement = "trial_placement",
        VolunteerWork = "volunteer_work",
        WorkExperience = "work_experience",
        DayActivity = "day_activity",
    }
}
