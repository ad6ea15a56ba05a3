//! Whether work is sustainable, condition by condition, with how much is lacking. What is decided is decided by the domain; here it is said.

use crate::{
    day::Day,
    happened::{Contract, NORMAL_PAY, Text},
    lang::{Lang, capital},
    number::Decimal,
};

/// Whether something holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Met {
    /// It does.
    Yes,
    /// It does not.
    No,
    /// It cannot be told, for something is not known.
    Unknown,
}

impl Met {
    /// Class, icon.
    pub(crate) const fn look(self) -> (&'static str, &'static str) {
        match self {
            Self::Yes => ("yes", "check"),
            Self::No => ("no", "cross"),
            Self::Unknown => ("unknown", "question"),
        }
    }

    pub(crate) const fn words(self, lang: Lang) -> &'static str {
        match self {
            Self::Yes => lang.t("Ja", "Yes"),
            Self::No => lang.t("Nee", "No"),
            Self::Unknown => lang.t("Niet bekend", "Not known"),
        }
    }
}

/// What a condition is about, and how it stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Subject {
    /// A regular workplace.
    Workplace(Option<bool>),
    /// Hours a week.
    Hours {
        /// What there is.
        has: Option<Decimal>,
        /// What is needed.
        needed: Decimal,
    },
    /// The wage value, in percent.
    Wage {
        /// What it is; 100 is normal pay without subsidy.
        has: Option<Decimal>,
        /// What is needed.
        needed: Decimal,
    },
    /// The contract.
    Contract {
        /// What it is.
        has: Option<Contract>,
        /// So many months are needed.
        needed: u8,
        /// The last day that a contract would need to have at least.
        needed_until: Option<Day>,
    },
}

/// A condition of sustainable work.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Condition {
    /// Whether it holds.
    pub met: Met,
    /// What it is about.
    pub subject: Subject,
}

/// How a job stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verdict {
    /// Whether it is sustainable.
    pub sustainable: Met,
    /// The first day on which it was, when it is.
    pub since: Option<Day>,
    /// Where, if that is known.
    pub employer: Option<Text>,
    /// The first day of the job.
    pub began: Day,
    /// The job's id: what is not known is asked for in its form.
    pub job: Option<String>,
    /// Condition by condition.
    pub conditions: Vec<Condition>,
}

impl Verdict {
    /// Class and words of the whole.
    pub(crate) fn word(&self, lang: Lang) -> (&'static str, String) {
        match (self.sustainable, self.since) {
            (Met::Yes, Some(since)) => {
                let words = lang.t("Duurzaam sinds", "Sustainable since");
                ("yes", format!("{words} {}", since.long(lang)))
            }
            (Met::Yes, None) => ("yes", lang.t("Nu duurzaam", "Sustainable now").to_owned()),
            (Met::No, _) => ("no", lang.t("Nu niet duurzaam", "Not sustainable now").to_owned()),
            (Met::Unknown, _) => ("unknown", lang.t("Nog niet te zeggen", "Cannot be told yet").to_owned()),
        }
    }

    /// `Bakkerij Van Vliet, sinds 7 april 2025`.
    pub(crate) fn place(&self, lang: Lang) -> String {
        let employer = match &self.employer {
            Some(Text::Open(employer)) => employer,
            Some(Text::Sealed) => lang.t("Werkgever verzegeld", "Employer sealed"),
            Some(Text::Erased) => lang.t("Werkgever gewist", "Employer erased"),
            None => lang.t("Werk", "Work"),
        };
        format!("{employer}, {} {}", lang.t("sinds", "since"), self.began.long(lang))
    }
}

impl Condition {
    pub(crate) const fn name(&self, lang: Lang) -> &'static str {
        match self.subject {
            Subject::Workplace(_) => lang.t("Gewone werkplek", "Regular workplace"),
            Subject::Hours { .. } => lang.t("Uren", "Hours"),
            Subject::Wage { .. } => lang.t("Loon", "Pay"),
            Subject::Contract { .. } => "Contract",
        }
    }

    /// What there is.
    pub(crate) fn what(&self, lang: Lang) -> String {
        let unknown = || lang.t("Niet bekend", "Not known").to_owned();
        let lacks = self.met == Met::No;
        match self.subject {
            Subject::Workplace(None)
            | Subject::Hours { has: None, .. }
            | Subject::Wage { has: None, .. }
            | Subject::Contract { has: None, .. } => unknown(),
            Subject::Workplace(Some(regular)) => if regular { Met::Yes } else { Met::No }.words(lang).to_owned(),
            Subject::Hours { has: Some(has), needed } => {
                let has = format!("{} {}", has.words(lang), lang.t("uur per week", "hours a week"));
                match lang {
                    Lang::Nl if lacks => format!("{has}, {} uur is nodig", needed.words(lang)),
                    Lang::En if lacks => format!("{has}, {} hours are needed", needed.words(lang)),
                    Lang::Nl | Lang::En => has,
                }
            }
            Subject::Wage { has: Some(NORMAL_PAY), .. } => {
                lang.t("Normaal loon, zonder subsidie", "Normal pay, without subsidy").to_owned()
            }
            Subject::Wage { has: Some(has), needed } => {
                let has = format!("{} {}%", lang.t("Loonwaarde", "Wage value"), has.words(lang));
                match lang {
                    Lang::Nl if lacks => format!("{has}, minstens {}% is nodig", needed.words(lang)),
                    Lang::En if lacks => format!("{has}, at least {}% is needed", needed.words(lang)),
                    Lang::Nl | Lang::En => has,
                }
            }
            Subject::Contract { has: Some(Contract::Permanent), .. } => lang.t("Vast", "Permanent").to_owned(),
            Subject::Contract { has: Some(Contract::Other), .. } => lang
                .t(
                    "Oproep, uitzendwerk of eigen bedrijf: de duur is niet bekend",
                    "On call, agency work or self-employed: its length is not known",
                )
                .to_owned(),
            Subject::Contract { has: Some(Contract::FixedTerm(until)), needed, .. } => {
                let until = until.long(lang);
                match (self.met, lang) {
                    (Met::Yes, Lang::Nl) => format!("Minstens {needed} maanden, tot en met {until}"),
                    (Met::Yes, Lang::En) => format!("At least {needed} months, until {until}"),
                    (Met::No | Met::Unknown, Lang::Nl) => format!("Korter dan {needed} maanden, tot en met {until}"),
                    (Met::No | Met::Unknown, Lang::En) => format!("Shorter than {needed} months, until {until}"),
                }
            }
        }
    }

    /// How much is lacking, where that is a number or a day.
    pub(crate) fn lacking(&self, lang: Lang) -> Option<String> {
        if self.met != Met::No {
            return None;
        }
        match self.subject {
            Subject::Hours { has: Some(has), needed } => {
                let short = has.short_of(needed).words(lang);
                Some(match lang {
                    Lang::Nl => format!("Nog {short} uur per week tekort"),
                    Lang::En => format!("{short} hours a week short"),
                })
            }
            Subject::Wage { has: Some(has), needed } => {
                let short = has.short_of(needed).words(lang);
                Some(match lang {
                    Lang::Nl => format!("Nog {short} procentpunt tekort"),
                    Lang::En => format!("{short} percentage points short"),
                })
            }
            Subject::Contract { needed_until: Some(day), .. } => {
                let words = lang.t("Nodig: minstens tot en met", "Needed: at least until");
                Some(format!("{words} {}", day.long(lang)))
            }
            Subject::Workplace(_) | Subject::Hours { .. } | Subject::Wage { .. } | Subject::Contract { .. } => None,
        }
    }

    /// What is to be filled in, when it is not known.
    pub(crate) fn fill_in(&self, lang: Lang) -> Option<String> {
        let what = self.name(lang);
        (self.met == Met::Unknown).then(|| match lang {
            Lang::Nl => format!("{} invullen", capital(what)),
            Lang::En => format!("Fill in {}", crate::lang::small(what)),
        })
    }
}
