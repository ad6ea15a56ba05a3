//! The closed vocabularies of the event contract.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

/// A closed list of words: an enum with its spelling in JSON and MessagePack.
macro_rules! words {
    ($(#[$about:meta])* $name:ident { $($(#[$each:meta])* $variant:ident = $word:literal,)+ }) => {
        $(#[$about])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name { $($(#[$each])* #[doc = concat!("`", $word, "`")] $variant,)+ }

        impl $name {
            /// Every word, in the order of the contract.
            pub const ALL: &[Self] = &[$(Self::$variant),+];

            /// As it is written.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $word),+ }
            }
        }

        impl FromStr for $name {
            type Err = &'static str;
            fn from_str(text: &str) -> Result<Self, Self::Err> {
                match text { $($word => Ok(Self::$variant),)+ _ => Err(concat!("expected one of:", $(" ", $word),+)) }
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result { f.write_str(self.as_str()) }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> { serializer.serialize_str(self.as_str()) }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                struct Word;
                impl de::Visitor<'_> for Word {
                    type Value = $name;
                    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result { f.write_str(concat!("one of:", $(" ", $word),+)) }
                    fn visit_str<E: de::Error>(self, text: &str) -> Result<$name, E> {
                        text.parse().map_err(|_| E::invalid_value(de::Unexpected::Str(text), &self))
                    }
                }
                deserializer.deserialize_str(Word)
            }
        }
    };
}

words! {
    /// What an event tells.
    EventType {
        Intake = "intake",
        Engagement = "engagement",
        Assessment = "assessment",
        PlacementStarted = "placement_started",
        PlacementStopped = "placement_stopped",
        PaidWorkStarted = "paid_work_started",
        PaidWorkChanged = "paid_work_changed",
        PaidWorkStopped = "paid_work_stopped",
        EducationStarted = "education_started",
        EducationStopped = "education_stopped",
        Contact = "contact",
        TrajectoryChanged = "trajectory_changed",
        Outflow = "outflow",
        Retraction = "retraction",
    }
}

words! {
    /// The method of guidance.
    Method {
        Ips = "ips",
        Wabz = "wabz",
        Jobcoaching = "jobcoaching",
        Werkfit = "werkfit",
        NaarWerk = "naar_werk",
        Other = "other",
    }
}

words! {
    /// The variant of an IPS trajectory.
    Variant {
        Epa = "epa",
        Cmd = "cmd",
        Other = "other",
    }
}

words! {
    /// Who pays.
    Funding {
        Municipality = "municipality",
        Uwv = "uwv",
        Other = "other",
    }
}

words! {
    /// The group that the client belongs to.
    TargetGroup {
        Epa = "epa",
        Cmd = "cmd",
        Other = "other",
    }
}

words! {
    /// The benefit that the client receives.
    Benefit {
        Wia = "wia",
        Wao = "wao",
        Waz = "waz",
        Wajong = "wajong",
        Zw = "zw",
        Ww = "ww",
        Participatiewet = "participatiewet",
        None = "none",
    }
}

words! {
    /// What the client wishes.
    Wish {
        PaidWork = "paid_work",
        Education = "education",
        UnpaidWork = "unpaid_work",
        Explore = "explore",
    }
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

words! {
    /// A kind of contract.
    ContractKind {
        Permanent = "permanent",
        FixedTerm = "fixed_term",
        Other = "other",
    }
}

words! {
    /// With whom the coach was in contact.
    ContactWith {
        Client = "client",
        Employer = "employer",
        CareTeam = "care_team",
        Uwv = "uwv",
        Municipality = "municipality",
        Family = "family",
    }
}

words! {
    /// By what channel.
    ContactChannel {
        InPerson = "in_person",
        Phone = "phone",
        Video = "video",
        Message = "message",
    }
}
