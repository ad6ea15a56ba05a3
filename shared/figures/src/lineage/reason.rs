//! Why a trajectory is counted, or is not: a code for programs, and what people read.

use std::str::FromStr;

use domain::Condition;

use crate::Measure;

/// What a trajectory can have of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Thing {
    /// A paid job.
    Job,
    /// An education.
    Education,
    /// A trial placement.
    TrialPlacement,
    /// Volunteer work or a work-experience placement.
    VolunteerOrWorkExperience,
    /// Day activity.
    DayActivity,
    /// An unpaid placement of any kind.
    Placement,
}

impl Thing {
    /// All of them.
    pub const ALL: [Self; 6] =
        [Self::Job, Self::Education, Self::TrialPlacement, Self::VolunteerOrWorkExperience, Self::DayActivity, Self::Placement];

    const fn code(self) -> &'static str {
        match self {
            Self::Job => "paid_job",
            Self::Education => "education",
            Self::TrialPlacement => "trial_placement",
            Self::VolunteerOrWorkExperience => "volunteer_or_work_experience",
            Self::DayActivity => "day_activity",
            Self::Placement => "unpaid_placement",
        }
    }

    const fn dutch(self) -> &'static str {
        match self {
            Self::Job => "betaalde baan",
            Self::Education => "opleiding",
            Self::TrialPlacement => "proefplaatsing",
            Self::VolunteerOrWorkExperience => "plek als vrijwilliger of voor werkervaring",
            Self::DayActivity => "plek voor arbeidsmatige dagbesteding",
            Self::Placement => "onbetaalde plek",
        }
    }

    const fn english(self) -> &'static str {
        match self {
            Self::Job => "paid job",
            Self::Education => "education",
            Self::TrialPlacement => "trial placement",
            Self::VolunteerOrWorkExperience => "volunteer work or work experience",
            Self::DayActivity => "day activity",
            Self::Placement => "unpaid placement",
        }
    }
}

/// The rule by which a trajectory is counted in a number or left out of it. One reason can count for one measure and not for another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Reason {
    /// No intake counts (any more): there is no trajectory.
    NoIntake,
    /// Another organisation than the scope's delivers it.
    OtherOrganisation,
    /// On its reference day it is of another region than the scope's or the cell's.
    OtherRegion,
    /// It starts after the quarter.
    NotStarted,
    /// It ended before the quarter.
    EndedBefore,
    /// Another method than the cell's.
    OtherMethod,
    /// Another funding than the cell's on its reference day.
    OtherFunding,
    /// Another variant than the cell's on its reference day.
    OtherVariant,
    /// It runs on some day of the quarter.
    Runs,
    /// It started in the quarter.
    StartedInQuarter,
    /// It started before the quarter.
    StartedBeforeQuarter,
    /// It ended in the quarter.
    EndedInQuarter,
    /// It has not ended by the quarter's last day.
    NotEnded,
    /// One is active on the reference day.
    Active(Thing),
    /// None is active on the reference day, and one was stopped.
    Over(Thing),
    /// The first begins after the reference day.
    BeginsLater(Thing),
    /// There is none.
    Never(Thing),
    /// One was active on some day of the trajectory.
    OnSomeDay(Thing),
    /// None was active on a day of the trajectory: it was over at the start, or lasted no day.
    NotOnADay(Thing),
    /// One started in the quarter.
    StartedThen(Thing),
    /// None started in the quarter, on a day of the trajectory.
    StartedOutside(Thing),
    /// One was stopped in the quarter.
    StoppedThen(Thing),
    /// None was stopped in the quarter, on a day of the trajectory.
    StoppedOutside(Thing),
    /// An active job is sustainable: its four conditions hold.
    Sustainable,
    /// No active job is sustainable: of the first this condition fails.
    Fails(Condition),
    /// Undecided for lack of this value.
    Unknown(Condition),
    /// An active unpaid placement began before the trajectory's start.
    BeganBeforeStart,
    /// The active unpaid placements began on the trajectory's start or later.
    BeganSinceStart,
    /// A paid job or an education is active beside an unpaid placement.
    Alongside,
    /// Neither a paid job nor an education is active beside the unpaid placement.
    NothingAlongside,
    /// Ready for work at outflow.
    WorkReady,
    /// It ended without the intended result of its method.
    NotIntended,
    /// When paid work was first had, or for how long it has been: the measure that counts it.
    Bucket(Measure),
    /// It started in the year to date under this scheme.
    UnderScheme,
    /// It is paid under another scheme on its reference day.
    OtherScheme,
    /// It is paid under no scheme on its reference day.
    NoScheme,
    /// It started before the year.
    StartedBeforeYear,
}

impl Reason {
    /// As programs know it; never changes.
    #[must_use]
    pub fn code(self) -> String {
        let of = |thing: Thing, what: &str| format!("{}_{what}", thing.code());
        let plain = match self {
            Self::NoIntake => "no_intake",
            Self::OtherOrganisation => "other_organisation",
            Self::OtherRegion => "other_region",
            Self::NotStarted => "not_started",
            Self::EndedBefore => "ended_before_quarter",
            Self::OtherMethod => "other_method",
            Self::OtherFunding => "other_funding",
            Self::OtherVariant => "other_variant",
            Self::Runs => "runs",
            Self::StartedInQuarter => "started_in_quarter",
            Self::StartedBeforeQuarter => "started_before_quarter",
            Self::EndedInQuarter => "ended_in_quarter",
            Self::NotEnded => "not_ended",
            Self::Active(thing) => return of(thing, "active"),
            Self::Over(thing) => return of(thing, "over"),
            Self::BeginsLater(thing) => return of(thing, "begins_later"),
            Self::Never(thing) => return of(thing, "none"),
            Self::OnSomeDay(thing) => return of(thing, "on_some_day"),
            Self::NotOnADay(thing) => return of(thing, "on_no_day"),
            Self::StartedThen(thing) => return of(thing, "started_in_quarter"),
            Self::StartedOutside(thing) => return of(thing, "not_started_in_quarter"),
            Self::StoppedThen(thing) => return of(thing, "stopped_in_quarter"),
            Self::StoppedOutside(thing) => return of(thing, "not_stopped_in_quarter"),
            Self::Sustainable => "sustainable",
            Self::Fails(condition) => return format!("{}_fails", condition.as_str()),
            Self::Unknown(condition) => return format!("{}_unknown", condition.as_str()),
            Self::BeganBeforeStart => "began_before_start",
            Self::BeganSinceStart => "began_since_start",
            Self::Alongside => "alongside",
            Self::NothingAlongside => "nothing_alongside",
            Self::WorkReady => "work_ready",
            Self::NotIntended => "not_intended",
            Self::Bucket(measure) => measure.as_str(),
            Self::UnderScheme => "under_scheme",
            Self::OtherScheme => "other_scheme",
            Self::NoScheme => "no_scheme",
            Self::StartedBeforeYear => "started_before_year",
        };
        plain.to_owned()
    }

    /// What it says in Dutch.
    #[must_use]
    pub fn dutch(self) -> String {
        let plain = match self {
            Self::NoIntake => "er is geen intake die telt",
            Self::OtherOrganisation => "van een andere organisatie",
            Self::OtherRegion => "op de peildag in een andere regio",
            Self::NotStarted => "begint na het kwartaal",
            Self::EndedBefore => "eindigde vóór het kwartaal",
            Self::OtherMethod => "met een andere methode",
            Self::OtherFunding => "op de peildag met een andere financiering",
            Self::OtherVariant => "op de peildag met een andere variant",
            Self::Runs => "loopt in het kwartaal",
            Self::StartedInQuarter => "gestart in het kwartaal",
            Self::StartedBeforeQuarter => "gestart vóór het kwartaal",
            Self::EndedInQuarter => "beëindigd in het kwartaal",
            Self::NotEnded => "niet beëindigd op de laatste dag van het kwartaal",
            Self::Active(thing) => return format!("op de peildag een {}", thing.dutch()),
            Self::Over(thing) => return format!("geen {} meer op de peildag", thing.dutch()),
            Self::BeginsLater(thing) => return format!("pas na de peildag een {}", thing.dutch()),
            Self::Never(thing) => return format!("geen {}", thing.dutch()),
            Self::OnSomeDay(thing) => return format!("tijdens het traject een {} gehad", thing.dutch()),
            Self::NotOnADay(thing) => return format!("op geen dag van het traject een {}", thing.dutch()),
            Self::StartedThen(thing) => return format!("{} begonnen in het kwartaal", thing.dutch()),
            Self::StartedOutside(thing) => return format!("{} niet in het kwartaal begonnen", thing.dutch()),
            Self::StoppedThen(thing) => return format!("{} gestopt in het kwartaal", thing.dutch()),
            Self::StoppedOutside(thing) => return format!("{} niet in het kwartaal gestopt", thing.dutch()),
            Self::Sustainable => "aan alle vier de voorwaarden voldaan",
            Self::Fails(Condition::RegularWorkplace) => "geen reguliere werkplek",
            Self::Fails(Condition::HoursPerWeek) => "te weinig uren per week",
            Self::Fails(Condition::WageValuePercent) => "te lage loonwaarde",
            Self::Fails(Condition::Contract) => "te kort contract",
            Self::Unknown(Condition::RegularWorkplace) => "onbekend of de werkplek regulier is",
            Self::Unknown(Condition::HoursPerWeek) => "uren per week onbekend",
            Self::Unknown(Condition::WageValuePercent) => "loonwaarde onbekend",
            Self::Unknown(Condition::Contract) => "duur van het contract onbekend",
            Self::BeganBeforeStart => "een onbetaalde plek van vóór de start van het traject",
            Self::BeganSinceStart => "de onbetaalde plek begon tijdens het traject",
            Self::Alongside => "een onbetaalde plek naast een baan of opleiding",
            Self::NothingAlongside => "geen baan of opleiding naast de onbetaalde plek",
            Self::WorkReady => "klaar om te werken bij uitstroom",
            Self::NotIntended => "beëindigd zonder het beoogde resultaat van de methode",
            Self::Bucket(measure) => return lower_first(measure.dutch()),
            Self::UnderScheme => "dit jaar gestart onder deze regeling",
            Self::OtherScheme => "op de peildag onder een andere regeling",
            Self::NoScheme => "op de peildag onder geen regeling",
            Self::StartedBeforeYear => "gestart vóór dit jaar",
        };
        plain.to_owned()
    }

    /// What it says in English.
    #[must_use]
    pub fn english(self) -> String {
        let plain = match self {
            Self::NoIntake => "no intake counts",
            Self::OtherOrganisation => "of another organisation",
            Self::OtherRegion => "in another region on the reference day",
            Self::NotStarted => "starts after the quarter",
            Self::EndedBefore => "ended before the quarter",
            Self::OtherMethod => "by another method",
            Self::OtherFunding => "with another funding on the reference day",
            Self::OtherVariant => "of another variant on the reference day",
            Self::Runs => "runs in the quarter",
            Self::StartedInQuarter => "started in the quarter",
            Self::StartedBeforeQuarter => "started before the quarter",
            Self::EndedInQuarter => "ended in the quarter",
            Self::NotEnded => "not ended by the last day of the quarter",
            Self::Active(thing) => return format!("{}: active on the reference day", thing.english()),
            Self::Over(thing) => return format!("{}: over by the reference day", thing.english()),
            Self::BeginsLater(thing) => return format!("{}: only after the reference day", thing.english()),
            Self::Never(thing) => return format!("{}: none", thing.english()),
            Self::OnSomeDay(thing) => return format!("{}: on some day of the trajectory", thing.english()),
            Self::NotOnADay(thing) => return format!("{}: on no day of the trajectory", thing.english()),
            Self::StartedThen(thing) => return format!("{}: started in the quarter", thing.english()),
            Self::StartedOutside(thing) => return format!("{}: not started in the quarter", thing.english()),
            Self::StoppedThen(thing) => return format!("{}: stopped in the quarter", thing.english()),
            Self::StoppedOutside(thing) => return format!("{}: not stopped in the quarter", thing.english()),
            Self::Sustainable => "all four conditions hold",
            Self::Fails(Condition::RegularWorkplace) => "not a regular workplace",
            Self::Fails(Condition::HoursPerWeek) => "too few hours a week",
            Self::Fails(Condition::WageValuePercent) => "too low a wage value",
            Self::Fails(Condition::Contract) => "too short a contract",
            Self::Unknown(Condition::RegularWorkplace) => "unknown whether the workplace is a regular one",
            Self::Unknown(Condition::HoursPerWeek) => "hours a week unknown",
            Self::Unknown(Condition::WageValuePercent) => "wage value unknown",
            Self::Unknown(Condition::Contract) => "length of the contract unknown",
            Self::BeganBeforeStart => "an unpaid placement from before the trajectory's start",
            Self::BeganSinceStart => "the unpaid placement began in the trajectory",
            Self::Alongside => "an unpaid placement beside a job or an education",
            Self::NothingAlongside => "no job or education beside the unpaid placement",
            Self::WorkReady => "ready for work at outflow",
            Self::NotIntended => "ended without the intended result of the method",
            Self::Bucket(measure) => return english_bucket(measure).to_owned(),
            Self::UnderScheme => "started this year under this scheme",
            Self::OtherScheme => "under another scheme on the reference day",
            Self::NoScheme => "under no scheme on the reference day",
            Self::StartedBeforeYear => "started before this year",
        };
        plain.to_owned()
    }
}

impl Reason {
    /// Every reason that an outcome can have.
    #[must_use]
    pub fn all() -> Vec<Self> {
        let plain = [
            Self::Runs,
            Self::StartedInQuarter,
            Self::StartedBeforeQuarter,
            Self::EndedInQuarter,
            Self::NotEnded,
            Self::Sustainable,
            Self::BeganBeforeStart,
            Self::BeganSinceStart,
            Self::Alongside,
            Self::NothingAlongside,
            Self::WorkReady,
            Self::NotIntended,
            Self::UnderScheme,
            Self::OtherScheme,
            Self::NoScheme,
            Self::StartedBeforeYear,
            Self::NotStarted,
            Self::EndedBefore,
            Self::OtherMethod,
            Self::OtherFunding,
            Self::OtherVariant,
            Self::OtherOrganisation,
            Self::OtherRegion,
            Self::NoIntake,
        ];
        let mut all = plain.to_vec();
        all.extend(Thing::ALL.into_iter().flat_map(|of| [Self::Active(of), Self::Over(of), Self::BeginsLater(of), Self::Never(of)]));
        all.extend([Thing::Job, Thing::Placement].into_iter().flat_map(|of| [Self::OnSomeDay(of), Self::NotOnADay(of)]));
        all.extend(
            [Thing::Job, Thing::Education]
                .into_iter()
                .flat_map(|of| [Self::StartedThen(of), Self::StartedOutside(of), Self::StoppedThen(of), Self::StoppedOutside(of)]),
        );
        all.extend(Condition::ALL.into_iter().flat_map(|condition| [Self::Fails(condition), Self::Unknown(condition)]));
        all.extend(BUCKETS.map(|(measure, _)| Self::Bucket(measure)));
        all
    }
}

/// A word that is no reason.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("there is no reason '{word}', but {there_are}", word = super::number::repeated(.0), there_are = Reason::all().iter().map(|reason| reason.code()).collect::<Vec<_>>().join(", "))]
pub struct NotAReason(pub String);

impl FromStr for Reason {
    type Err = NotAReason;

    fn from_str(code: &str) -> Result<Self, NotAReason> {
        Self::all().into_iter().find(|reason| reason.code() == code).ok_or_else(|| NotAReason(code.to_owned()))
    }
}

/// What stands within a sentence or a list.
fn lower_first(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_lowercase().chain(letters).collect())
}

/// The measures that split those with paid work, with their words in English.
const BUCKETS: [(Measure, &str); 6] = [
    (Measure::FirstJobWithin3Months, "first job within 3 months"),
    (Measure::FirstJob3To9Months, "first job after 3 to 9 months"),
    (Measure::FirstJobAfter9Months, "first job after 9 months"),
    (Measure::EmployedUnder6Months, "employed for less than 6 months"),
    (Measure::Employed6To12Months, "employed for 6 to 12 months"),
    (Measure::EmployedOver12Months, "employed for more than 12 months"),
];

/// Another measure has no words of its own here and is told by its name.
fn english_bucket(measure: Measure) -> &'static str {
    BUCKETS.iter().find(|(of, _)| *of == measure).map_or(measure.as_str(), |(_, words)| words)
}
