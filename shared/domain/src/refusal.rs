//! Why an event is not accepted.

use crate::EventId;

/// The acceptance rules that an event can break, in their order. (Rules 1 to 3 are judged where input is read: they
/// concern the form, the log's index of ids and its clock; they stand here so that a code has one home.)
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[allow(missing_docs, reason = "each is the code of its name in the event contract")]
pub enum Code {
    Malformed,
    EventIdReused,
    RecordedAtBackwards,
    RecordedAtInFuture,
    OrganisationMismatch,
    WrongExpectedRevision,
    InFuture,
    InvalidValue,
    NotEffective,
    CorrectionTypeMismatch,
    NoIntake,
    SecondIntake,
    SecondOutflow,
    BeforeStart,
    AfterOutflow,
    VariantWithoutIps,
    UnknownJob,
    UnknownPlacement,
    UnknownEducation,
    DuplicateId,
    StopBeforeStart,
    AlreadyStopped,
    ContractEndsBeforeStart,
    CorrectionBreaksTimeline,
    RetractionBreaksTimeline,
}

impl Code {
    /// As the contract writes it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Malformed => "malformed",
            Self::EventIdReused => "event_id_reused",
            Self::RecordedAtBackwards => "recorded_at_backwards",
            Self::RecordedAtInFuture => "recorded_at_in_future",
            Self::OrganisationMismatch => "organisation_mismatch",
            Self::WrongExpectedRevision => "wrong_expected_revision",
            Self::InFuture => "in_future",
            Self::InvalidValue => "invalid_value",
            Self::NotEffective => "not_effective",
            Self::CorrectionTypeMismatch => "correction_type_mismatch",
            Self::NoIntake => "no_intake",
            Self::SecondIntake => "second_intake",
            Self::SecondOutflow => "second_outflow",
            Self::BeforeStart => "before_start",
            Self::AfterOutflow => "after_outflow",
            Self::VariantWithoutIps => "variant_without_ips",
            Self::UnknownJob => "unknown_job",
            Self::UnknownPlacement => "unknown_placement",
            Self::UnknownEducation => "unknown_education",
            Self::DuplicateId => "duplicate_id",
            Self::StopBeforeStart => "stop_before_start",
            Self::AlreadyStopped => "already_stopped",
            Self::ContractEndsBeforeStart => "contract_ends_before_start",
            Self::CorrectionBreaksTimeline => "correction_breaks_timeline",
            Self::RetractionBreaksTimeline => "retraction_breaks_timeline",
        }
    }

    /// What a coach can do, in a sentence. In Dutch: coaches read it.
    #[must_use]
    pub const fn advice(self) -> &'static str {
        match self {
            Self::Malformed => "De melding kan niet worden gelezen; werk de app bij en probeer het opnieuw.",
            Self::EventIdReused => "Dit kenmerk is al gebruikt voor een andere melding; verstuur deze melding met een nieuw kenmerk.",
            Self::RecordedAtBackwards => {
                "Het registratiemoment ligt vóór dat van de vorige melding; zet de regels op volgorde van registratie."
            }
            Self::RecordedAtInFuture => {
                "Het registratiemoment ligt in de toekomst; controleer de klok van het systeem waar het bestand vandaan komt."
            }
            Self::OrganisationMismatch => {
                "Dit traject hoort bij een andere organisatie; kies het juiste traject, of begin een nieuw traject."
            }
            Self::WrongExpectedRevision => {
                "Iemand anders heeft dit traject intussen bijgewerkt; bekijk het traject opnieuw en meld daarna wat nog nodig is."
            }
            Self::InFuture => "De datum ligt in de toekomst; meld het op de dag zelf of verbeter de datum.",
            Self::InvalidValue => "Een waarde valt buiten wat mogelijk is; verbeter de waarde.",
            Self::NotEffective => {
                "De melding die je wilt verbeteren of intrekken telt niet (meer) mee in dit traject; kies de melding die nu geldt."
            }
            Self::CorrectionTypeMismatch => {
                "Een verbetering moet van dezelfde soort zijn als de melding die zij vervangt; trek anders de oude in en meld de nieuwe."
            }
            Self::NoIntake => "Dit traject heeft nog geen intake; meld eerst de intake.",
            Self::SecondIntake => "Dit traject heeft al een intake; verbeter die, of begin een nieuw traject.",
            Self::SecondOutflow => "Dit traject is al uitgestroomd; verbeter die uitstroom of trek haar in.",
            Self::BeforeStart => "De datum ligt vóór de start van het traject; verbeter deze datum of de datum van de intake.",
            Self::AfterOutflow => "Er is een melding na de uitstroomdatum; verbeter de datum van die melding of van de uitstroom.",
            Self::VariantWithoutIps => "Alleen een IPS-traject heeft een variant; laat de variant weg of verbeter de methode.",
            Self::UnknownJob => "Deze baan is in dit traject niet begonnen; meld eerst de start van de baan.",
            Self::UnknownPlacement => "Deze plaatsing is in dit traject niet begonnen; meld eerst de start van de plaatsing.",
            Self::UnknownEducation => "Deze opleiding is in dit traject niet begonnen; meld eerst de start van de opleiding.",
            Self::DuplicateId => {
                "Deze baan, plaatsing of opleiding is al begonnen; verbeter die melding, of geef de nieuwe een eigen kenmerk."
            }
            Self::StopBeforeStart => "De datum ligt vóór het begin; verbeter deze datum of de begindatum.",
            Self::AlreadyStopped => "Dit is al beëindigd; verbeter de einddatum of trek het einde in.",
            Self::ContractEndsBeforeStart => {
                "De laatste dag van het contract ligt vóór het begin van de baan; verbeter een van beide datums."
            }
            Self::CorrectionBreaksTimeline => "Met deze verbetering kloppen andere meldingen niet meer; verbeter of trek die tegelijk in.",
            Self::RetractionBreaksTimeline => "Zonder deze melding kloppen andere meldingen niet meer; trek die tegelijk in.",
        }
    }
}

impl std::fmt::Display for Code {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A refusal: the first rule that is broken, by which event, and with what it collides.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// The rule.
    pub code: Code,
    /// The event that is refused.
    pub event: EventId,
    /// The events that it collides with.
    pub conflicts: Vec<EventId>,
    /// What is wrong in particular, where the code alone does not say it.
    pub particular: Option<&'static str>,
}

impl Refusal {
    /// What is wrong and what a coach can do.
    #[must_use]
    pub fn detail(&self) -> String {
        match self.particular {
            Some(particular) => format!("{} {particular}", self.code.advice()),
            None => self.code.advice().to_owned(),
        }
    }
}
