//! The measures, in the order in which they are printed.

use crate::Base;

macro_rules! measures {
    ($($variant:ident = $name:literal, $dutch:literal, $base:ident;)+) => {
        /// A measure of the Werkmonitor: what it counts is in [`crate::Tally::count`], by the definitions of the contract.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[repr(u8)]
        pub enum Measure { $(#[doc = concat!("`", $name, "`")] $variant,)+ }

        impl Measure {
            /// All, in the order in which they are printed.
            pub const ALL: &[Self] = &[$(Self::$variant),+];
            /// How many there are.
            pub const COUNT: usize = Self::ALL.len();

            /// Those that `unpaid_sum` is the sum of.
            pub(crate) const UNPAID: [Self; 3] = [Self::TrialPlacement, Self::VolunteerOrWorkExperience, Self::DayActivity];

            /// As the contract writes it.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $name),+ }
            }

            /// As the report calls it.
            #[must_use]
            pub const fn dutch(self) -> &'static str {
                match self { $(Self::$variant => $dutch),+ }
            }

            /// What it is a percentage of, unless a definition set says otherwise.
            #[must_use]
            pub const fn base(self) -> Base {
                match self { $(Self::$variant => Base::$base),+ }
            }

            /// The measure with this name.
            #[must_use]
            pub fn of_name(name: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|measure| measure.as_str() == name)
            }
        }
    };
}

measures! {
    Running = "running", "Lopend", None;
    Started = "started", "Gestart", Running;
    Ended = "ended", "Beëindigd", Running;
    PaidWork = "paid_work", "Betaald werk", Running;
    SustainableWork = "sustainable_work", "Duurzaam betaald werk", Running;
    SustainableWorkUnknown = "sustainable_work_unknown", "Duurzaam onbekend", Running;
    EverPaidWork = "ever_paid_work", "Ooit betaald werk", Running;
    PaidWorkStarted = "paid_work_started", "Gestart met betaald werk", Running;
    PaidWorkStopped = "paid_work_stopped", "Gestopt met betaald werk", Running;
    TrialPlacement = "trial_placement", "Proefplaatsing", Running;
    VolunteerOrWorkExperience = "volunteer_or_work_experience", "Vrijwilligerswerk of werkervaringsplaats", Running;
    DayActivity = "day_activity", "Arbeidsmatige dagbesteding", Running;
    UnpaidSum = "unpaid_sum", "Onbetaald werk (som)", Running;
    UnpaidAny = "unpaid_any", "Onbetaald werk (personen)", Running;
    UnpaidBeforeStart = "unpaid_before_start", "Onbetaald werk van vóór de start", Running;
    UnpaidAlongside = "unpaid_alongside", "Onbetaald naast betaald werk of opleiding", Running;
    Education = "education", "Opleiding", Running;
    EducationStarted = "education_started", "Gestart met opleiding", Running;
    EducationStopped = "education_stopped", "Gestopt met opleiding", Running;
    OutflowPaidWork = "outflow_paid_work", "Uitstroom met betaald werk", Ended;
    OutflowPaidWorkEarlier = "outflow_paid_work_earlier", "Uitstroom, eerder betaald werk", Ended;
    OutflowNeverPaidWork = "outflow_never_paid_work", "Uitstroom, nooit betaald werk", Ended;
    OutflowIntended = "outflow_intended", "Uitstroom met beoogd resultaat", Ended;
    OutflowNotIntended = "outflow_not_intended", "Uitstroom zonder beoogd resultaat", Ended;
    FirstJobWithin3Months = "first_job_within_3_months", "Eerste baan binnen 3 maanden", PaidWork;
    FirstJob3To9Months = "first_job_3_to_9_months", "Eerste baan na 3 tot 9 maanden", PaidWork;
    FirstJobAfter9Months = "first_job_after_9_months", "Eerste baan na 9 maanden", PaidWork;
    EmployedUnder6Months = "employed_under_6_months", "Korter dan 6 maanden in dienst", Employed;
    Employed6To12Months = "employed_6_to_12_months", "6 tot 12 maanden in dienst", Employed;
    EmployedOver12Months = "employed_over_12_months", "Langer dan 12 maanden in dienst", Employed;
    EmployedUnknown = "employed_unknown", "Geen lopende baan (duur onbekend)", None;
    Organisations = "organisations", "Organisaties", None;
}
