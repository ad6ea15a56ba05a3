//! The payloads of schema version 1.
//!
//! `T` is the form of the texts: [`Text`](crate::Text) in JSON, [`SealedText`](crate::SealedText) at rest,
//! [`Skipped`](crate::Skipped) where nobody looks. An absent field is unknown; `null` is allowed only where a field is a
//! [`Change`].

use serde::{Deserialize, Deserializer, Serialize, de};

use crate::{
    Benefit, ContactChannel, ContactWith, ContractKind, Date, EventType, Funding, Hundredths, Id, Method, PlacementKind, RegionCode, Slug,
    TargetGroup, Variant, WholeNumber, Wish,
};

/// A field of a `…_changed` payload: absent (keeps its value), `null` (unknown or none from this day on), or a value.
pub type Change<V> = Option<Option<V>>;

/// The name of a sector's field: each has one of its own, so that a sealed sector opens in its own place only. There are at most
/// fifty (rule 7); more are never stored.
fn sector(place: usize) -> &'static str {
    const NAMES: [&str; 50] = [
        "sectors.0",
        "sectors.1",
        "sectors.2",
        "sectors.3",
        "sectors.4",
        "sectors.5",
        "sectors.6",
        "sectors.7",
        "sectors.8",
        "sectors.9",
        "sectors.10",
        "sectors.11",
        "sectors.12",
        "sectors.13",
        "sectors.14",
        "sectors.15",
        "sectors.16",
        "sectors.17",
        "sectors.18",
        "sectors.19",
        "sectors.20",
        "sectors.21",
        "sectors.22",
        "sectors.23",
        "sectors.24",
        "sectors.25",
        "sectors.26",
        "sectors.27",
        "sectors.28",
        "sectors.29",
        "sectors.30",
        "sectors.31",
        "sectors.32",
        "sectors.33",
        "sectors.34",
        "sectors.35",
        "sectors.36",
        "sectors.37",
        "sectors.38",
        "sectors.39",
        "sectors.40",
        "sectors.41",
        "sectors.42",
        "sectors.43",
        "sectors.44",
        "sectors.45",
        "sectors.46",
        "sectors.47",
        "sectors.48",
        "sectors.49",
    ];
    NAMES.get(place).copied().unwrap_or("sectors")
}

/// An optional field that is there: `null` is not allowed.
fn present<'de, D: Deserializer<'de>, V: Deserialize<'de>>(deserializer: D) -> Result<Option<V>, D::Error> {
    V::deserialize(deserializer).map(Some)
}

/// A field of a change that is there, perhaps as `null`.
fn change<'de, D: Deserializer<'de>, V: Deserialize<'de>>(deserializer: D) -> Result<Change<V>, D::Error> {
    Option::<V>::deserialize(deserializer).map(Some)
}

/// A payload struct. `field: T,` is required; `field?: T,` may be absent; `field~: T,` is a change.
macro_rules! payload {
    ($(#[$about:meta])* $name:ident <T> { $($body:tt)* }) => {
        payload!(@fields [$(#[$about])* #[serde(bound(deserialize = "T: Deserialize<'de>"))]] $name [T] [] $($body)*);
    };
    ($(#[$about:meta])* $name:ident { $($body:tt)* }) => {
        payload!(@fields [$(#[$about])*] $name [] [] $($body)*);
    };
    (@fields $about:tt $name:ident $text:tt [$($done:tt)*] $(#[$doc:meta])* $field:ident : $type:ty, $($rest:tt)*) => {
        payload!(@fields $about $name $text [$($done)* $(#[$doc])* pub $field: $type,] $($rest)*);
    };
    (@fields $about:tt $name:ident $text:tt [$($done:tt)*] $(#[$doc:meta])* $field:ident ? : $type:ty, $($rest:tt)*) => {
        payload!(@fields $about $name $text [$($done)* $(#[$doc])*
            #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")] pub $field: Option<$type>,] $($rest)*);
    };
    (@fields $about:tt $name:ident $text:tt [$($done:tt)*] $(#[$doc:meta])* $field:ident ~ : $type:ty, $($rest:tt)*) => {
        payload!(@fields $about $name $text [$($done)* $(#[$doc])*
            #[serde(default, deserialize_with = "change", skip_serializing_if = "Option::is_none")] pub $field: Change<$type>,] $($rest)*);
    };
    (@fields [$(#[$about:meta])*] $name:ident [$($text:ident)?] [$($done:tt)*]) => {
        #[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
        #[serde(deny_unknown_fields)]
        $(#[$about])*
        pub struct $name $(<$text>)? { $($done)* }
    };
}

payload! {
    /// Opens the trajectory; `occurred_on` is its start.
    Intake<T> {
        /// The client's pseudonym.
        client_id: Id,
        /// The method of guidance.
        method: Method,
        /// IPS only.
        variant?: Variant,
        /// Who pays.
        funding: Funding,
        /// The scheme under which it is paid.
        scheme?: Slug,
        /// The labour-market region.
        region: RegionCode,
        /// The coach.
        coach?: Slug,
        /// The client's group.
        target_group?: TargetGroup,
        /// The client's benefit.
        benefit?: Benefit,
        /// Whether the client is in care.
        in_care?: bool,
        /// How the coach knows the client: a name.
        label?: T,
    }
}

payload! {
    /// Wishes and goals.
    Engagement<T> {
        /// What the client wishes.
        wish: Wish,
        /// In the client's words.
        goals?: T,
    }
}

payload! {
    /// The vocational profile.
    Assessment<T> {
        /// Sectors that the client looks at, at most 50.
        sectors?: Vec<T>,
        /// Hours a week at most.
        max_hours_per_week?: Hundredths,
        /// The profile.
        profile?: T,
    }
}

payload! {
    /// An unpaid placement begins.
    PlacementStarted {
        /// The placement.
        placement_id: Id,
        /// Its kind.
        kind: PlacementKind,
    }
}

payload! {
    /// From this day on the placement is over.
    PlacementStopped<T> {
        /// The placement.
        placement_id: Id,
        /// Why.
        reason?: T,
    }
}

payload! {
    /// A paid job begins.
    PaidWorkStarted<T> {
        /// The job.
        job_id: Id,
        /// A regular workplace.
        regular_workplace?: bool,
        /// Hours a week.
        hours_per_week?: Hundredths,
        /// Wage value (loonwaarde) in percent.
        wage_value_percent?: Hundredths,
        /// The contract.
        contract?: Contract,
        /// The sector.
        sector?: T,
        /// The employer.
        employer?: T,
    }
}

payload! {
    /// The job's conditions from this day on.
    PaidWorkChanged<T> {
        /// The job.
        job_id: Id,
        /// A regular workplace.
        regular_workplace~: bool,
        /// Hours a week.
        hours_per_week~: Hundredths,
        /// Wage value (loonwaarde) in percent.
        wage_value_percent~: Hundredths,
        /// The contract.
        contract~: Contract,
        /// The sector.
        sector~: T,
        /// The employer.
        employer~: T,
    }
}

payload! {
    /// From this day on the person no longer works there.
    PaidWorkStopped<T> {
        /// The job.
        job_id: Id,
        /// Why.
        reason?: T,
    }
}

payload! {
    /// An education begins.
    EducationStarted {
        /// The education.
        education_id: Id,
        /// Its level.
        level?: Slug,
    }
}

payload! {
    /// From this day on the education is over.
    EducationStopped {
        /// The education.
        education_id: Id,
        /// Whether it was completed.
        completed?: bool,
    }
}

payload! {
    /// A contact moment.
    Contact<T> {
        /// With whom.
        with: ContactWith,
        /// By what channel.
        channel: ContactChannel,
        /// How long, in minutes.
        minutes?: WholeNumber,
        /// What was said.
        note?: T,
    }
}

payload! {
    /// The trajectory's attributes from this day on. `funding` and `region` cannot become `null`.
    TrajectoryChanged<T> {
        /// IPS only.
        variant~: Variant,
        /// Who pays.
        funding?: Funding,
        /// The scheme under which it is paid.
        scheme~: Slug,
        /// The labour-market region.
        region?: RegionCode,
        /// The coach.
        coach~: Slug,
        /// The client's group.
        target_group~: TargetGroup,
        /// The client's benefit.
        benefit~: Benefit,
        /// Whether the client is in care.
        in_care~: bool,
        /// How the coach knows the client: a name.
        label~: T,
    }
}

payload! {
    /// Ends the trajectory; `occurred_on` is its last day.
    Outflow {
        /// Why.
        reason?: Slug,
        /// Ready for work (werkfit).
        work_ready?: bool,
    }
}

payload! {
    /// The named event never happened; `occurred_on` is the day on which the mistake was noticed.
    Retraction<T> {
        /// The event of this stream.
        event_id: Id,
        /// Why.
        reason: T,
    }
}

/// A contract of employment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(into = "ContractForm")]
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

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct ContractForm {
    kind: ContractKind,
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    until: Option<Date>,
}

/// Only an object: a derived reader would take an array too.
impl<'de> Deserialize<'de> for Contract {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Form;
        impl<'de> de::Visitor<'de> for Form {
            type Value = Contract;
            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("a contract: {\"kind\":\"permanent\"}, {\"kind\":\"fixed_term\",\"until\":date} or {\"kind\":\"other\"}")
            }
            fn visit_map<A: de::MapAccess<'de>>(self, map: A) -> Result<Contract, A::Error> {
                let form = ContractForm::deserialize(de::value::MapAccessDeserializer::new(map))?;
                form.try_into().map_err(de::Error::custom)
            }
        }
        deserializer.deserialize_map(Form)
    }
}

impl TryFrom<ContractForm> for Contract {
    type Error = &'static str;

    fn try_from(form: ContractForm) -> Result<Self, Self::Error> {
        match (form.kind, form.until) {
            (ContractKind::Permanent, None) => Ok(Self::Permanent),
            (ContractKind::FixedTerm, Some(until)) => Ok(Self::FixedTerm { until }),
            (ContractKind::Other, None) => Ok(Self::Other),
            (ContractKind::FixedTerm, None) => Err("a contract of kind fixed_term needs `until`, its last day"),
            (ContractKind::Permanent | ContractKind::Other, Some(_)) => Err("only a contract of kind fixed_term has `until`"),
        }
    }
}

impl From<Contract> for ContractForm {
    fn from(contract: Contract) -> Self {
        let (kind, until) = match contract {
            Contract::Permanent => (ContractKind::Permanent, None),
            Contract::FixedTerm { until } => (ContractKind::FixedTerm, Some(until)),
            Contract::Other => (ContractKind::Other, None),
        };
        Self { kind, until }
    }
}

/// What an event tells, by its type.
#[derive(Clone, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "each variant is the payload of its name")]
pub enum Payload<T> {
    Intake(Box<Intake<T>>),
    Engagement(Engagement<T>),
    Assessment(Assessment<T>),
    PlacementStarted(PlacementStarted),
    PlacementStopped(PlacementStopped<T>),
    PaidWorkStarted(Box<PaidWorkStarted<T>>),
    PaidWorkChanged(Box<PaidWorkChanged<T>>),
    PaidWorkStopped(PaidWorkStopped<T>),
    EducationStarted(EducationStarted),
    EducationStopped(EducationStopped),
    Contact(Contact<T>),
    TrajectoryChanged(Box<TrajectoryChanged<T>>),
    Outflow(Outflow),
    Retraction(Retraction<T>),
}

impl<T> Payload<T> {
    /// The type whose payload this is.
    #[must_use]
    pub const fn event_type(&self) -> EventType {
        match self {
            Self::Intake(_) => EventType::Intake,
            Self::Engagement(_) => EventType::Engagement,
            Self::Assessment(_) => EventType::Assessment,
            Self::PlacementStarted(_) => EventType::PlacementStarted,
            Self::PlacementStopped(_) => EventType::PlacementStopped,
            Self::PaidWorkStarted(_) => EventType::PaidWorkStarted,
            Self::PaidWorkChanged(_) => EventType::PaidWorkChanged,
            Self::PaidWorkStopped(_) => EventType::PaidWorkStopped,
            Self::EducationStarted(_) => EventType::EducationStarted,
            Self::EducationStopped(_) => EventType::EducationStopped,
            Self::Contact(_) => EventType::Contact,
            Self::TrajectoryChanged(_) => EventType::TrajectoryChanged,
            Self::Outflow(_) => EventType::Outflow,
            Self::Retraction(_) => EventType::Retraction,
        }
    }

    /// Reads the payload of this type.
    ///
    /// # Errors
    /// The deserializer's, naming the field that is missing, unknown or of the wrong form.
    pub fn deserialize<'de, D: Deserializer<'de>>(event_type: EventType, deserializer: D) -> Result<Self, D::Error>
    where
        T: Deserialize<'de>,
    {
        Ok(match event_type {
            EventType::Intake => Self::Intake(Box::deserialize(deserializer)?),
            EventType::Engagement => Self::Engagement(Deserialize::deserialize(deserializer)?),
            EventType::Assessment => Self::Assessment(Deserialize::deserialize(deserializer)?),
            EventType::PlacementStarted => Self::PlacementStarted(Deserialize::deserialize(deserializer)?),
            EventType::PlacementStopped => Self::PlacementStopped(Deserialize::deserialize(deserializer)?),
            EventType::PaidWorkStarted => Self::PaidWorkStarted(Box::deserialize(deserializer)?),
            EventType::PaidWorkChanged => Self::PaidWorkChanged(Box::deserialize(deserializer)?),
            EventType::PaidWorkStopped => Self::PaidWorkStopped(Deserialize::deserialize(deserializer)?),
            EventType::EducationStarted => Self::EducationStarted(Deserialize::deserialize(deserializer)?),
            EventType::EducationStopped => Self::EducationStopped(Deserialize::deserialize(deserializer)?),
            EventType::Contact => Self::Contact(Deserialize::deserialize(deserializer)?),
            EventType::TrajectoryChanged => Self::TrajectoryChanged(Box::deserialize(deserializer)?),
            EventType::Outflow => Self::Outflow(Deserialize::deserialize(deserializer)?),
            EventType::Retraction => Self::Retraction(Deserialize::deserialize(deserializer)?),
        })
    }

    /// The same payload with every text turned into another form, in the order in which the fields stand. `turn` is told
    /// the field's name.
    ///
    /// # Errors
    /// The first that `turn` gives.
    pub fn try_map_texts<U, E>(self, mut turn: impl FnMut(&'static str, T) -> Result<U, E>) -> Result<Payload<U>, E> {
        let mut maybe = |field, text: Option<T>| text.map(|text| turn(field, text)).transpose();
        Ok(match self {
            Self::Intake(p) => {
                let Intake { client_id, method, variant, funding, scheme, region, coach, target_group, benefit, in_care, label } = *p;
                let label = maybe("label", label)?;
                Payload::Intake(Box::new(Intake {
                    client_id,
                    method,
                    variant,
                    funding,
                    scheme,
                    region,
                    coach,
                    target_group,
                    benefit,
                    in_care,
                    label,
                }))
            }
            Self::Engagement(p) => Payload::Engagement(Engagement { wish: p.wish, goals: maybe("goals", p.goals)? }),
            Self::Assessment(p) => {
                let sectors =
                    p.sectors.map(|all| (0..).zip(all).map(|(n, s)| turn(sector(n), s)).collect::<Result<Vec<U>, E>>()).transpose()?;
                let profile = p.profile.map(|text| turn("profile", text)).transpose()?;
                Payload::Assessment(Assessment { sectors, max_hours_per_week: p.max_hours_per_week, profile })
            }
            Self::PlacementStarted(p) => Payload::PlacementStarted(p),
            Self::PlacementStopped(p) => {
                Payload::PlacementStopped(PlacementStopped { placement_id: p.placement_id, reason: maybe("reason", p.reason)? })
            }
            Self::PaidWorkStarted(p) => {
                let PaidWorkStarted { job_id, regular_workplace, hours_per_week, wage_value_percent, contract, sector, employer } = *p;
                let (sector, employer) = (maybe("sector", sector)?, maybe("employer", employer)?);
                Payload::PaidWorkStarted(Box::new(PaidWorkStarted {
                    job_id,
                    regular_workplace,
                    hours_per_week,
                    wage_value_percent,
                    contract,
                    sector,
                    employer,
                }))
            }
            Self::PaidWorkChanged(p) => {
                let PaidWorkChanged { job_id, regular_workplace, hours_per_week, wage_value_percent, contract, sector, employer } = *p;
                let sector = sector.map(|text| maybe("sector", text)).transpose()?;
                let employer = employer.map(|text| maybe("employer", text)).transpose()?;
                Payload::PaidWorkChanged(Box::new(PaidWorkChanged {
                    job_id,
                    regular_workplace,
                    hours_per_week,
                    wage_value_percent,
                    contract,
                    sector,
                    employer,
                }))
            }
            Self::PaidWorkStopped(p) => Payload::PaidWorkStopped(PaidWorkStopped { job_id: p.job_id, reason: maybe("reason", p.reason)? }),
            Self::EducationStarted(p) => Payload::EducationStarted(p),
            Self::EducationStopped(p) => Payload::EducationStopped(p),
            Self::Contact(p) => {
                Payload::Contact(Contact { with: p.with, channel: p.channel, minutes: p.minutes, note: maybe("note", p.note)? })
            }
            Self::TrajectoryChanged(p) => {
                let TrajectoryChanged { variant, funding, scheme, region, coach, target_group, benefit, in_care, label } = *p;
                let label = label.map(|text| maybe("label", text)).transpose()?;
                Payload::TrajectoryChanged(Box::new(TrajectoryChanged {
                    variant,
                    funding,
                    scheme,
                    region,
                    coach,
                    target_group,
                    benefit,
                    in_care,
                    label,
                }))
            }
            Self::Outflow(p) => Payload::Outflow(p),
            Self::Retraction(p) => Payload::Retraction(Retraction { event_id: p.event_id, reason: turn("reason", p.reason)? }),
        })
    }
}

impl<T: Serialize> Serialize for Payload<T> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Intake(p) => p.serialize(serializer),
            Self::Engagement(p) => p.serialize(serializer),
            Self::Assessment(p) => p.serialize(serializer),
            Self::PlacementStarted(p) => p.serialize(serializer),
            Self::PlacementStopped(p) => p.serialize(serializer),
            Self::PaidWorkStarted(p) => p.serialize(serializer),
            Self::PaidWorkChanged(p) => p.serialize(serializer),
            Self::PaidWorkStopped(p) => p.serialize(serializer),
            Self::EducationStarted(p) => p.serialize(serializer),
            Self::EducationStopped(p) => p.serialize(serializer),
            Self::Contact(p) => p.serialize(serializer),
            Self::TrajectoryChanged(p) => p.serialize(serializer),
            Self::Outflow(p) => p.serialize(serializer),
            Self::Retraction(p) => p.serialize(serializer),
        }
    }
}
