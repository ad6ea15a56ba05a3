//! A trajectory's life, as it happened: what the recording ([`crate::write`]) turns into events. Small and `Copy` where it can
//! be, because a generator of a million trajectories holds many of them at a time.

use proto_events::{Benefit, Contract, Date, Funding, Hundredths, Method, PlacementKind, TargetGroup, Variant, Wish};

/// A field of a change: kept, set to nothing, or set.
pub(crate) type Change<V> = Option<Option<V>>;

/// The attributes of a trajectory, as of one day.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Attributes {
    pub(crate) method: Method,
    pub(crate) variant: Option<Variant>,
    pub(crate) funding: Funding,
    /// Paid under the national scheme for municipalities.
    pub(crate) scheme: bool,
    /// Place in the list of regions.
    pub(crate) region: u8,
    /// Place in the organisation's list of coaches.
    pub(crate) coach: Option<u16>,
    pub(crate) target_group: Option<TargetGroup>,
    pub(crate) benefit: Option<Benefit>,
    pub(crate) in_care: Option<bool>,
    /// Number of a text.
    pub(crate) label: Option<u16>,
}

/// What of the attributes changes on a day.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct AttributeChange {
    pub(crate) variant: Change<Variant>,
    pub(crate) funding: Option<Funding>,
    pub(crate) scheme: Option<bool>,
    pub(crate) region: Option<u8>,
    pub(crate) coach: Change<u16>,
    pub(crate) target_group: Change<TargetGroup>,
    pub(crate) benefit: Change<Benefit>,
    pub(crate) in_care: Change<bool>,
    pub(crate) label: Change<u16>,
}

/// The conditions of a job.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Conditions {
    pub(crate) regular: Option<bool>,
    pub(crate) hours: Option<Hundredths>,
    pub(crate) wage: Option<Hundredths>,
    pub(crate) contract: Option<Contract>,
    pub(crate) sector: Option<u16>,
    pub(crate) employer: Option<u16>,
}

/// What of a job's conditions changes on a day.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct ConditionChange {
    pub(crate) regular: Change<bool>,
    pub(crate) hours: Change<Hundredths>,
    pub(crate) wage: Change<Hundredths>,
    pub(crate) contract: Change<Contract>,
    pub(crate) sector: Change<u16>,
    pub(crate) employer: Change<u16>,
}

/// A paid job.
#[derive(Clone, Debug)]
pub(crate) struct Job {
    pub(crate) start: Date,
    /// The first day without it.
    pub(crate) stop: Option<Date>,
    pub(crate) conditions: Conditions,
    pub(crate) changes: Vec<(Date, ConditionChange)>,
}

/// An unpaid placement.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Placement {
    pub(crate) kind: PlacementKind,
    pub(crate) start: Date,
    pub(crate) stop: Option<Date>,
}

/// An education.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Education {
    pub(crate) start: Date,
    pub(crate) stop: Option<Date>,
    pub(crate) completed: Option<bool>,
    pub(crate) level: Option<u8>,
    /// Told late: recorded no earlier than this day, whatever was published before.
    pub(crate) told: Option<Date>,
}

/// An outflow that was recorded and never happened.
#[derive(Clone, Copy, Debug)]
pub(crate) struct MistakenEnd {
    /// The day that was recorded as the last.
    pub(crate) day: Date,
    /// The day on which the mistake was noticed.
    pub(crate) noticed: Date,
}

/// A trajectory from beginning to end.
#[derive(Clone, Debug)]
pub(crate) struct Life {
    /// What its ids are made from.
    pub(crate) key: u128,
    /// The client's pseudonym.
    pub(crate) client: u128,
    /// Place in the list of organisations.
    pub(crate) organisation: u8,
    pub(crate) start: Date,
    /// The last day; `None` while it runs.
    pub(crate) end: Option<Date>,
    pub(crate) attributes: Attributes,
    pub(crate) changes: Vec<(Date, AttributeChange)>,
    pub(crate) wish: Wish,
    pub(crate) jobs: Vec<Job>,
    pub(crate) placements: Vec<Placement>,
    pub(crate) educations: Vec<Education>,
    /// Place in the list of outflow reasons.
    pub(crate) outflow_reason: Option<u8>,
    pub(crate) work_ready: Option<bool>,
    /// A history that an organisation brought on this day: nothing of it was recorded before.
    pub(crate) brought: Option<Date>,
    pub(crate) mistaken_end: Option<MistakenEnd>,
}
