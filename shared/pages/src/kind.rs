//! What can be recorded, and at which address its form is.

use crate::lang::Lang;

/// A kind of form: one for each type of event that a coach records, and the transfer to a colleague.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "each is the type of the event contract with this name")]
pub enum Kind {
    Intake,
    Engagement,
    Assessment,
    PlacementStarted,
    PlacementStopped,
    PaidWorkStarted,
    PaidWorkChanged,
    PaidWorkStopped,
    EducationStarted,
    EducationStopped,
    Contact,
    TrajectoryChanged,
    /// A `trajectory_changed` of the coach alone.
    Transfer,
    Outflow,
    Retraction,
}

impl Kind {
    /// All, in the order of the contract.
    pub const ALL: [Self; 15] = [
        Self::Intake,
        Self::Engagement,
        Self::Assessment,
        Self::PlacementStarted,
        Self::PlacementStopped,
        Self::PaidWorkStarted,
        Self::PaidWorkChanged,
        Self::PaidWorkStopped,
        Self::EducationStarted,
        Self::EducationStopped,
        Self::Contact,
        Self::TrajectoryChanged,
        Self::Transfer,
        Self::Outflow,
        Self::Retraction,
    ];

    /// Those that need nothing of a trajectory: their blank forms are kept on the device.
    pub const WITHOUT_TRAJECTORY: [Self; 6] =
        [Self::Contact, Self::Engagement, Self::Assessment, Self::PlacementStarted, Self::PaidWorkStarted, Self::EducationStarted];

    /// The type of the event, as the contract has it.
    #[must_use]
    pub const fn event_type(self) -> &'static str {
        match self {
            Self::Intake => "intake",
            Self::Engagement => "engagement",
            Self::Assessment => "assessment",
            Self::PlacementStarted => "placement_started",
            Self::PlacementStopped => "placement_stopped",
            Self::PaidWorkStarted => "paid_work_started",
            Self::PaidWorkChanged => "paid_work_changed",
            Self::PaidWorkStopped => "paid_work_stopped",
            Self::EducationStarted => "education_started",
            Self::EducationStopped => "education_stopped",
            Self::Contact => "contact",
            Self::TrajectoryChanged | Self::Transfer => "trajectory_changed",
            Self::Outflow => "outflow",
            Self::Retraction => "retraction",
        }
    }

    /// The type as it stands in an address: `paid-work-started`.
    #[must_use]
    pub fn slug(self) -> String {
        self.event_type().replace('_', "-")
    }

    /// The kind with this type in an address.
    #[must_use]
    pub fn of_slug(slug: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| *kind != Self::Transfer && kind.slug() == slug)
    }

    /// The kind of form for an event of this type.
    #[must_use]
    pub fn of_type(event_type: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| *kind != Self::Transfer && kind.event_type() == event_type)
    }

    /// The address of its form for a trajectory, about this thing of it (a job, a placement, an education) where there are several.
    #[must_use]
    pub fn address(self, trajectory: &str, about: Option<&str>) -> String {
        let at = format!("/trajecten/{trajectory}");
        match (self, about) {
            (Self::Transfer, _) => format!("{at}/overdragen"),
            (kind, None) => format!("{at}/vastleggen/{}", kind.slug()),
            (kind, Some(about)) => format!("{at}/vastleggen/{}/{about}", kind.slug()),
        }
    }

    /// As a choice of what to record, and as the heading of the form.
    #[must_use]
    pub const fn words(self, lang: Lang) -> &'static str {
        match self {
            Self::Intake => lang.t("Nieuw traject", "New trajectory"),
            Self::Engagement => "Engagement",
            Self::Assessment => "Assessment",
            Self::PlacementStarted => lang.t("Plaatsing gestart", "Placement started"),
            Self::PlacementStopped => lang.t("Plaatsing gestopt", "Placement stopped"),
            Self::PaidWorkStarted => lang.t("Werk gestart", "Work started"),
            Self::PaidWorkChanged => lang.t("Werk veranderd", "Work changed"),
            Self::PaidWorkStopped => lang.t("Werk gestopt", "Work stopped"),
            Self::EducationStarted => lang.t("Opleiding gestart", "Education started"),
            Self::EducationStopped => lang.t("Opleiding gestopt", "Education stopped"),
            Self::Contact => lang.t("Contact vastleggen", "Record a contact"),
            Self::TrajectoryChanged => lang.t("Gegevens veranderd", "Details changed"),
            Self::Transfer => lang.t("Overdragen aan een collega", "Transfer to a colleague"),
            Self::Outflow => lang.t("Traject afsluiten", "End the trajectory"),
            Self::Retraction => lang.t("Dit is niet gebeurd", "This did not happen"),
        }
    }
}
