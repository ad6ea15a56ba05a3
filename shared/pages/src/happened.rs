//! What happened in a trajectory, as the event contract has it, and how it is told in a few words.

use crate::{
    caseload::Step,
    codes,
    day::Day,
    lang::{Lang, capital, small},
    number::Decimal,
};

/// A text of somebody: it may be sealed to who looks, or erased for ever.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Text {
    /// It can be read.
    Open(String),
    /// It is there, and not for who looks.
    Sealed,
    /// Nobody can read it any more.
    Erased,
}

impl Text {
    /// The text, or in its place why there is none.
    #[must_use]
    pub fn words(&self, lang: Lang) -> &str {
        match self {
            Self::Open(text) => text,
            Self::Sealed => lang.t("Deze tekst is verzegeld", "This text is sealed"),
            Self::Erased => lang.t("Deze tekst is gewist", "This text was erased"),
        }
    }

    /// The text, or in its place one word, as the value of a line.
    #[must_use]
    pub fn brief(&self, lang: Lang) -> &str {
        match self {
            Self::Open(text) => text,
            Self::Sealed => lang.t("verzegeld", "sealed"),
            Self::Erased => lang.t("gewist", "erased"),
        }
    }

    /// The text, when it can be read.
    #[must_use]
    pub fn open(&self) -> Option<&str> {
        match self {
            Self::Open(text) => Some(text),
            Self::Sealed | Self::Erased => None,
        }
    }
}

/// A field of a change: as it was, something else, or not known any more. Where something begins, `Kept` says: not told.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Change<T> {
    /// Not named in the event.
    #[default]
    Kept,
    /// Unknown, or none, from this day on.
    Unknown,
    /// This, from this day on.
    To(T),
}

impl<T> Change<T> {
    /// The value, where there is one.
    pub const fn to(&self) -> Option<&T> {
        match self {
            Self::To(value) => Some(value),
            Self::Kept | Self::Unknown => None,
        }
    }

    /// In words: what it is, or that it is not known; nothing when it is not named.
    fn told(&self, words: impl FnOnce(&T) -> String, unknown: &str) -> Option<String> {
        match self {
            Self::Kept => None,
            Self::Unknown => Some(unknown.to_owned()),
            Self::To(value) => Some(words(value)),
        }
    }
}

/// A value of a list that is not of the contract, with its name: a region, a coach.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Known {
    /// What stands in the event.
    pub code: String,
    /// What it is called.
    pub name: String,
}

/// A contract.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Contract {
    /// Without an end.
    Permanent,
    /// Until this day, inclusive.
    FixedTerm(Day),
    /// Of a length that is not known: on call, agency work, self-employed.
    Other,
}

impl Contract {
    /// As the end of a sentence about work.
    fn words(self, lang: Lang) -> String {
        match (self, lang) {
            (Self::Permanent, _) => lang.t("vast contract", "permanent contract").to_owned(),
            (Self::FixedTerm(until), Lang::Nl) => format!("contract tot en met {}", until.long(lang)),
            (Self::FixedTerm(until), Lang::En) => format!("contract until {}", until.long(lang)),
            (Self::Other, _) => lang.t("oproep, uitzendwerk of eigen bedrijf", "on call, agency work or self-employed").to_owned(),
        }
    }
}

/// The conditions of a paid job.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Terms {
    /// Whether it is a regular workplace.
    pub regular_workplace: Change<bool>,
    /// Hours a week.
    pub hours: Change<Decimal>,
    /// The wage value in percent; 100 is normal pay without subsidy.
    pub wage: Change<Decimal>,
    /// The contract.
    pub contract: Change<Contract>,
    /// The sector.
    pub sector: Change<Text>,
    /// The employer.
    pub employer: Change<Text>,
}

/// Normal pay, without subsidy.
pub(crate) const NORMAL_PAY: Decimal = Decimal::whole(100);

impl Terms {
    pub(crate) fn hours_words(&self, lang: Lang) -> Option<String> {
        let words = |hours: &Decimal| format!("{} {}", hours.words(lang), lang.t("uur per week", "hours a week"));
        self.hours.told(words, lang.t("uren niet bekend", "hours not known"))
    }

    pub(crate) fn workplace_words(&self, lang: Lang) -> Option<String> {
        let words = |regular: &bool| {
            let words = if *regular {
                lang.t("gewone werkplek", "regular workplace")
            } else {
                lang.t("geen gewone werkplek", "not a regular workplace")
            };
            words.to_owned()
        };
        self.regular_workplace.told(words, lang.t("werkplek niet bekend", "workplace not known"))
    }

    pub(crate) fn wage_words(&self, lang: Lang) -> Option<String> {
        let words = |wage: &Decimal| match *wage {
            NORMAL_PAY => lang.t("normaal loon zonder subsidie", "normal pay without subsidy").to_owned(),
            wage => format!("{} {}%", lang.t("loonwaarde", "wage value"), wage.words(lang)),
        };
        self.wage.told(words, lang.t("loon niet bekend", "pay not known"))
    }

    pub(crate) fn contract_words(&self, lang: Lang) -> Option<String> {
        self.contract.told(|contract| contract.words(lang), lang.t("contract niet bekend", "contract not known"))
    }

    /// The conditions, as sentence parts.
    pub(crate) fn conditions(&self, lang: Lang) -> Vec<String> {
        [self.hours_words(lang), self.workplace_words(lang), self.wage_words(lang)].into_iter().flatten().collect()
    }

    pub(crate) fn names(&self) -> Vec<&str> {
        [&self.employer, &self.sector].into_iter().filter_map(|name| name.to()?.open()).collect()
    }

    /// Employer and sector, of each that is there and cannot be read: that it is, as a line of its own.
    fn closed(&self, lang: Lang) -> Vec<String> {
        let of = |name: &Change<Text>, words: &str| {
            let text = name.to().filter(|text| text.open().is_none())?;
            Some(format!("{words}: {}", text.brief(lang)))
        };
        let employer = of(&self.employer, lang.t("Werkgever", "Employer"));
        [employer, of(&self.sector, "Sector")].into_iter().flatten().collect()
    }

    /// The lines of a job that begins.
    fn begun(&self, lang: Lang) -> Vec<String> {
        let name = self.employer.to().and_then(Text::open);
        let sector = self.sector.to().and_then(Text::open).map(|sector| if name.is_some() { small(sector) } else { capital(sector) });
        let names: Vec<String> = name.map(str::to_owned).into_iter().chain(sector).collect();
        let contract = self.contract_words(lang).map(|words| capital(&words));
        [Some(names.join(", "))]
            .into_iter()
            .chain(self.closed(lang).into_iter().map(Some))
            .chain([Some(capital(&self.conditions(lang).join(", "))), contract])
            .flatten()
            .filter(|line| !line.is_empty())
            .collect()
    }

    /// The lines of a job that changes.
    fn changed(&self, lang: Lang, job: Option<&str>) -> Vec<String> {
        let names = (!self.names().is_empty()).then(|| self.names().join(", "));
        let all: Vec<String> = self.conditions(lang).into_iter().chain(self.contract_words(lang)).chain(names).collect();
        let what = (!all.is_empty()).then(|| format!("{}: {}", job.unwrap_or_else(|| lang.t("Werk", "Work")), all.join(", ")));
        what.into_iter().chain(self.closed(lang)).collect()
    }
}

/// How a trajectory begins, or what of it changes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Circumstances {
    /// The variant of IPS.
    pub variant: Change<String>,
    /// Who pays.
    pub funding: Change<String>,
    /// The scheme by which.
    pub scheme: Change<String>,
    /// The labour-market region.
    pub region: Change<Known>,
    /// The coach.
    pub coach: Change<Known>,
    /// The target group.
    pub target_group: Change<String>,
    /// The benefit.
    pub benefit: Change<String>,
    /// Whether the client is in care.
    pub in_care: Change<bool>,
    /// How the coach knows the client.
    pub label: Change<Text>,
}

impl Circumstances {
    /// One line each.
    fn lines(&self, lang: Lang) -> Vec<String> {
        let line = |nl: &'static str, en: &'static str, value: Option<String>| value.map(|value| format!("{}: {value}", lang.t(nl, en)));
        let unknown = lang.t("niet bekend", "not known");
        let code = |of: &Change<String>, codes: &codes::Codes| of.told(|value| codes.words(lang, value), unknown);
        let known = |of: &Change<Known>| of.told(|known| known.name.clone(), unknown);
        let care = self.in_care.told(|yes| codes::YES_NO.words(lang, if *yes { "yes" } else { "no" }), unknown);
        let label = self.label.told(|text| text.brief(lang).to_owned(), unknown);
        let all = [
            line("Naam", "Name", label),
            line("Coach", "Coach", known(&self.coach)),
            line("Betaald door", "Paid for by", code(&self.funding, &codes::FUNDING)),
            line("Uitkering", "Benefit", code(&self.benefit, &codes::BENEFIT)),
            line("In zorg", "In care", care),
            line("Doelgroep", "Target group", code(&self.target_group, &codes::TARGET_GROUP)),
            line("Variant van IPS", "Variant of IPS", code(&self.variant, &codes::VARIANT)),
            line("Regio", "Region", known(&self.region)),
            line("Regeling", "Scheme", code(&self.scheme, &codes::SCHEME)),
        ];
        all.into_iter().flatten().collect()
    }
}

/// `IPS, variant EPA`.
pub(crate) fn method_words(lang: Lang, method: &str, variant: Option<&String>) -> String {
    let method = codes::METHOD.words(lang, method);
    match variant {
        Some(variant) => format!("{method}, variant {}", codes::VARIANT.words(lang, variant)),
        None => method,
    }
}

/// An event, without when and by whom. Ids are as the event has them; names beside them are those of then.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum What {
    /// The trajectory begins.
    Intake {
        /// The pseudonym of the client.
        client: String,
        /// The method.
        method: String,
        /// All else.
        with: Box<Circumstances>,
    },
    /// Wishes and goals.
    Engagement {
        /// The wish.
        wish: String,
        /// In the client's words.
        goals: Option<Text>,
    },
    /// The vocational profile.
    Assessment {
        /// The sectors.
        sectors: Vec<Text>,
        /// Hours a week at most.
        max_hours: Option<Decimal>,
        /// What fits.
        profile: Option<Text>,
    },
    /// A placement begins.
    PlacementStarted {
        /// Its id.
        id: String,
        /// Its kind.
        kind: String,
    },
    /// A placement is over.
    PlacementStopped {
        /// Its id.
        id: String,
        /// Its kind, if it is known.
        kind: Option<String>,
        /// Why.
        reason: Option<Text>,
    },
    /// A paid job begins.
    WorkStarted {
        /// Its id.
        id: String,
        /// Its conditions.
        terms: Box<Terms>,
    },
    /// The conditions of a job are others from this day on.
    WorkChanged {
        /// The job's id.
        id: String,
        /// What the job is called.
        job: Option<String>,
        /// What changes.
        terms: Box<Terms>,
    },
    /// A job is over.
    WorkStopped {
        /// Its id.
        id: String,
        /// What it is called.
        job: Option<String>,
        /// Why.
        reason: Option<Text>,
    },
    /// An education begins.
    EducationStarted {
        /// Its id.
        id: String,
        /// Its level.
        level: Option<String>,
    },
    /// An education is over.
    EducationStopped {
        /// Its id.
        id: String,
        /// Its level, if it is known.
        level: Option<String>,
        /// Whether it was completed.
        completed: Option<bool>,
    },
    /// A contact.
    Contact {
        /// With whom.
        with: String,
        /// How.
        channel: String,
        /// How long.
        minutes: Option<u32>,
        /// What was said.
        note: Option<Text>,
    },
    /// Something of the trajectory is otherwise from this day on.
    Changed(Box<Circumstances>),
    /// The trajectory ends.
    Outflow {
        /// Why.
        reason: Option<String>,
        /// Whether the client is ready to work.
        work_ready: Option<bool>,
    },
}

/// `Reden: …`
fn reason_line(lang: Lang, reason: &str) -> String {
    format!("{}: {reason}", lang.t("Reden", "Reason"))
}

impl What {
    /// The job, placement or education that begins; each has an id of its own.
    pub(crate) fn begins(&self) -> Option<&str> {
        match self {
            Self::WorkStarted { id, .. } | Self::PlacementStarted { id, .. } | Self::EducationStarted { id, .. } => Some(id),
            Self::Intake { .. }
            | Self::Engagement { .. }
            | Self::Assessment { .. }
            | Self::PlacementStopped { .. }
            | Self::WorkChanged { .. }
            | Self::WorkStopped { .. }
            | Self::EducationStopped { .. }
            | Self::Contact { .. }
            | Self::Changed(_)
            | Self::Outflow { .. } => None,
        }
    }

    /// That which changes or stops.
    pub(crate) fn hangs_on(&self) -> Option<&str> {
        match self {
            Self::PlacementStopped { id, .. }
            | Self::WorkChanged { id, .. }
            | Self::WorkStopped { id, .. }
            | Self::EducationStopped { id, .. } => Some(id),
            Self::Intake { .. }
            | Self::Engagement { .. }
            | Self::Assessment { .. }
            | Self::WorkStarted { .. }
            | Self::PlacementStarted { .. }
            | Self::EducationStarted { .. }
            | Self::Contact { .. }
            | Self::Changed(_)
            | Self::Outflow { .. } => None,
        }
    }

    /// The type, as the contract has it.
    #[must_use]
    pub const fn event_type(&self) -> &'static str {
        match self {
            Self::Intake { .. } => "intake",
            Self::Engagement { .. } => "engagement",
            Self::Assessment { .. } => "assessment",
            Self::PlacementStarted { .. } => "placement_started",
            Self::PlacementStopped { .. } => "placement_stopped",
            Self::WorkStarted { .. } => "paid_work_started",
            Self::WorkChanged { .. } => "paid_work_changed",
            Self::WorkStopped { .. } => "paid_work_stopped",
            Self::EducationStarted { .. } => "education_started",
            Self::EducationStopped { .. } => "education_stopped",
            Self::Contact { .. } => "contact",
            Self::Changed(_) => "trajectory_changed",
            Self::Outflow { .. } => "outflow",
        }
    }

    /// The phase that it tells of.
    pub(crate) const fn step(&self) -> Option<Step> {
        match self {
            Self::Intake { .. } => Some(Step::Intake),
            Self::Engagement { .. } => Some(Step::Engagement),
            Self::Assessment { .. } => Some(Step::Assessment),
            Self::PlacementStarted { .. } | Self::PlacementStopped { .. } => Some(Step::Placement),
            Self::WorkStarted { .. }
            | Self::WorkChanged { .. }
            | Self::WorkStopped { .. }
            | Self::EducationStarted { .. }
            | Self::EducationStopped { .. } => Some(Step::Coaching),
            Self::Outflow { .. } => Some(Step::Outflow),
            Self::Contact { .. } | Self::Changed(_) => None,
        }
    }

    /// Whether something is over from its day on: people say the day before, the last one.
    #[must_use]
    pub const fn is_stop(&self) -> bool {
        matches!(self, Self::PlacementStopped { .. } | Self::WorkStopped { .. } | Self::EducationStopped { .. })
    }

    /// The name of the job that it is about.
    pub(crate) fn job(&self) -> Option<&str> {
        if let Self::WorkChanged { job, .. } | Self::WorkStopped { job, .. } = self {
            return job.as_deref();
        }
        if let Self::WorkStarted { terms, .. } = self { terms.names().first().copied() } else { None }
    }

    /// What is over, where it is known and something is.
    pub(crate) fn stopped(&self, lang: Lang) -> Option<String> {
        match self {
            Self::PlacementStopped { kind, .. } => kind.as_ref().map(|kind| codes::PLACEMENT.words(lang, kind)),
            Self::WorkStopped { job, .. } => job.clone(),
            Self::EducationStopped { level, .. } => level.as_ref().map(|level| codes::LEVEL.words(lang, level)),
            Self::Intake { .. }
            | Self::Engagement { .. }
            | Self::Assessment { .. }
            | Self::PlacementStarted { .. }
            | Self::WorkStarted { .. }
            | Self::WorkChanged { .. }
            | Self::EducationStarted { .. }
            | Self::Contact { .. }
            | Self::Changed(_)
            | Self::Outflow { .. } => None,
        }
    }

    /// What it is called on a timeline.
    pub(crate) fn title(&self, lang: Lang) -> String {
        match self {
            Self::Intake { .. } => "Intake".to_owned(),
            Self::Engagement { .. } => "Engagement".to_owned(),
            Self::Assessment { .. } => "Assessment".to_owned(),
            Self::PlacementStarted { .. } => lang.t("Plaatsing gestart", "Placement started").to_owned(),
            Self::PlacementStopped { .. } => lang.t("Plaatsing gestopt", "Placement stopped").to_owned(),
            Self::WorkStarted { .. } => lang.t("Werk gestart", "Work started").to_owned(),
            Self::WorkChanged { .. } => lang.t("Werk veranderd", "Work changed").to_owned(),
            Self::WorkStopped { .. } => lang.t("Werk gestopt", "Work stopped").to_owned(),
            Self::EducationStarted { .. } => lang.t("Opleiding gestart", "Education started").to_owned(),
            Self::EducationStopped { .. } => lang.t("Opleiding gestopt", "Education stopped").to_owned(),
            Self::Contact { with, .. } if codes::CONTACT_WITH.has(with) => codes::CONTACT_WITH.words(lang, with),
            Self::Contact { .. } => "Contact".to_owned(),
            Self::Changed(_) => lang.t("Gegevens veranderd", "Details changed").to_owned(),
            Self::Outflow { .. } => lang.t("Traject afgesloten", "Trajectory ended").to_owned(),
        }
    }

    pub(crate) fn icon(&self) -> &'static str {
        match self {
            Self::Intake { .. } => "person",
            Self::Engagement { .. } => "star",
            Self::Assessment { .. } => "profile",
            Self::PlacementStarted { .. } | Self::PlacementStopped { .. } => "flag",
            Self::WorkStarted { .. } | Self::WorkChanged { .. } | Self::WorkStopped { .. } => "work",
            Self::EducationStarted { .. } | Self::EducationStopped { .. } => "school",
            Self::Contact { channel, .. } => match channel.as_str() {
                "phone" => "phone",
                "message" => "message",
                _ => "people",
            },
            Self::Changed(_) => "edit",
            Self::Outflow { .. } => "exit",
        }
    }

    /// What there is to say about it, line by line. `on` is the day of the event: a stop's last day is the one before.
    pub(crate) fn lines(&self, lang: Lang, on: Day) -> Vec<String> {
        let last_day = || format!("{} {}", lang.t("laatste dag", "last day"), on.plus(-1).short(lang));
        let stopped = || capital(&self.stopped(lang).into_iter().chain([last_day()]).collect::<Vec<_>>().join(", "));
        let yes_no = |yes: bool| codes::YES_NO.words(lang, if yes { "yes" } else { "no" });
        match self {
            Self::Intake { method, with, .. } => {
                let method = method_words(lang, method, with.variant.to());
                let funding = with.funding.to().map(|funding| codes::FUNDED_BY.words(lang, funding));
                vec![[Some(method), funding].into_iter().flatten().map(|part| format!("{part}.")).collect::<Vec<_>>().join(" ")]
            }
            Self::Engagement { wish, .. } => vec![codes::WISHES.words(lang, wish)],
            Self::Assessment { sectors, max_hours, .. } => {
                let mut sectors: Vec<&str> = sectors.iter().map(|sector| sector.brief(lang)).collect();
                // Of several that cannot be read it is said once.
                sectors.dedup();
                let sectors = (!sectors.is_empty()).then(|| format!("{}: {}", lang.t("Sectoren", "Sectors"), sectors.join(", ")));
                let hours = max_hours.map(|hours| match lang {
                    Lang::Nl => format!("Hoogstens {} uur per week", hours.words(lang)),
                    Lang::En => format!("At most {} hours a week", hours.words(lang)),
                });
                [sectors, hours].into_iter().flatten().collect()
            }
            Self::PlacementStarted { kind, .. } => vec![codes::PLACEMENT.words(lang, kind)],
            Self::PlacementStopped { reason, .. } => {
                [stopped()].into_iter().chain(reason.as_ref().map(|reason| reason_line(lang, reason.brief(lang)))).collect()
            }
            Self::WorkStarted { terms, .. } => terms.begun(lang),
            Self::WorkChanged { job, terms, .. } => terms.changed(lang, job.as_deref()),
            Self::WorkStopped { reason, .. } => {
                [stopped()].into_iter().chain(reason.as_ref().map(|reason| reason_line(lang, reason.brief(lang)))).collect()
            }
            Self::EducationStarted { level, .. } => level.iter().map(|level| codes::LEVEL.words(lang, level)).collect(),
            Self::EducationStopped { completed, .. } => {
                let completed = completed.map(|yes| {
                    let words = if yes { lang.t("Afgerond", "Completed") } else { lang.t("Niet afgerond", "Not completed") };
                    words.to_owned()
                });
                [stopped()].into_iter().chain(completed).collect()
            }
            Self::Contact { channel, minutes, .. } => {
                let minutes = minutes
                    .map(|minutes| lang.count(usize::try_from(minutes).unwrap_or_default(), ("minuut", "minuten"), ("minute", "minutes")));
                vec![[Some(codes::CHANNEL.words(lang, channel)), minutes].into_iter().flatten().collect::<Vec<_>>().join(", ")]
            }
            Self::Changed(what) => what.lines(lang),
            Self::Outflow { reason, work_ready } => {
                let reason = reason.as_ref().map(|reason| reason_line(lang, &small(&codes::OUTFLOW_REASON.words(lang, reason))));
                let ready = work_ready.map(|yes| format!("{}: {}", lang.t("Klaar om te werken", "Ready to work"), small(&yes_no(yes))));
                [reason, ready].into_iter().flatten().collect()
            }
        }
    }

    /// What somebody wrote about it.
    pub(crate) const fn note(&self) -> Option<&Text> {
        match self {
            Self::Engagement { goals: note, .. } | Self::Assessment { profile: note, .. } | Self::Contact { note, .. } => note.as_ref(),
            Self::Intake { .. }
            | Self::PlacementStarted { .. }
            | Self::PlacementStopped { .. }
            | Self::WorkStarted { .. }
            | Self::WorkChanged { .. }
            | Self::WorkStopped { .. }
            | Self::EducationStarted { .. }
            | Self::EducationStopped { .. }
            | Self::Changed(_)
            | Self::Outflow { .. } => None,
        }
    }
}
