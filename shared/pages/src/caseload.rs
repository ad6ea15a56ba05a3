//! The caseload: what needs attention first, each with its reason in words, then the others.

use std::borrow::Cow;

use askama::Template;

use crate::{
    codes,
    day::Day,
    frame::{Frame, Page, Role},
    kind::Kind,
    lang::{Lang, small},
    number::Decimal,
    parts::{Alert, Choosable, Weight},
};

/// Of one reason so many trajectories are shown at once, the most urgent ones: of a longer list nobody sees what comes first.
const SHOWN_AT_ONCE: usize = 5;

/// Whole weeks between two days.
fn weeks(days: i32) -> usize {
    usize::try_from(days / 7).unwrap_or_default()
}

/// The phase of a trajectory.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Step {
    /// Began.
    Intake,
    /// Wishes and goals.
    Engagement,
    /// The vocational profile.
    Assessment,
    /// Looking for work, or working without pay.
    Placement,
    /// Working or learning.
    Coaching,
    /// Ended.
    Outflow,
}

impl Step {
    /// All, in their order.
    pub const ALL: [Self; 6] = [Self::Intake, Self::Engagement, Self::Assessment, Self::Placement, Self::Coaching, Self::Outflow];

    /// Its name.
    #[must_use]
    pub const fn words(self, lang: Lang) -> &'static str {
        match self {
            Self::Intake => "Intake",
            Self::Engagement => "Engagement",
            Self::Assessment => "Assessment",
            Self::Placement => lang.t("Plaatsing", "Placement"),
            Self::Coaching => "Coaching",
            Self::Outflow => lang.t("Uitstroom", "Outflow"),
        }
    }
}

/// Why a trajectory needs attention.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Why {
    /// Too few hours for sustainable work.
    Hours {
        /// So many a week there are.
        has: Decimal,
        /// So many a week are needed.
        needed: Decimal,
    },
    /// Too low a wage value for sustainable work, in percent.
    Wage {
        /// What it is.
        has: Decimal,
        /// What is needed.
        needed: Decimal,
    },
    /// No regular workplace.
    Workplace,
    /// Too short a contract for sustainable work.
    ShortContract {
        /// Its last day.
        until: Day,
    },
    /// The contract ends soon, on this last day.
    ContractEnds(Day),
    /// The contract has ended, and it is not recorded what became of the work.
    ContractEnded(Day),
    /// No contact since this day; `None`: none ever.
    Silent(Option<Day>),
    /// In the same phase since this day.
    Stuck(Day),
    /// Sustainable work since this day.
    Reached(Day),
}

/// The headings of what needs attention, in their order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Group {
    Ended,
    Risk,
    Contract,
    Silent,
    Stuck,
    Reached,
}

impl Group {
    pub(crate) const ALL: [Self; 6] = [Self::Ended, Self::Risk, Self::Contract, Self::Silent, Self::Stuck, Self::Reached];

    const fn of(why: &Why) -> Self {
        match why {
            Why::Hours { .. } | Why::Wage { .. } | Why::Workplace | Why::ShortContract { .. } => Self::Risk,
            Why::ContractEnded(_) => Self::Ended,
            Why::ContractEnds(_) => Self::Contract,
            Why::Silent(_) => Self::Silent,
            Why::Stuck(_) => Self::Stuck,
            Why::Reached(_) => Self::Reached,
        }
    }

    /// Id, colour, icon.
    const fn look(self) -> (&'static str, &'static str, &'static str) {
        match self {
            Self::Ended => ("ended", "bad", "calendar"),
            Self::Risk => ("risk", "bad", "alert"),
            Self::Contract => ("contract", "warn", "calendar"),
            Self::Silent => ("silent", "warn", "clock"),
            Self::Stuck => ("stuck", "info", "hourglass"),
            Self::Reached => ("reached", "good", "check"),
        }
    }

    pub(crate) const fn words(self, lang: Lang) -> &'static str {
        match self {
            Self::Risk => lang.t("Duurzaam werk in gevaar", "Sustainable work at risk"),
            Self::Ended => lang.t("Contract afgelopen, einde nog niet vastgelegd", "Contract ended, no stop recorded yet"),
            Self::Contract => lang.t("Contract loopt binnenkort af", "Contract ends soon"),
            Self::Silent => lang.t("Lang geen contact", "No contact for long"),
            Self::Stuck => lang.t("Al lang in dezelfde fase", "In the same phase for long"),
            Self::Reached => lang.t("Net duurzaam aan het werk", "Sustainable work just reached"),
        }
    }
}

/// A heading with what stands below it.
struct Grouped<'a> {
    id: &'static str,
    colour: &'static str,
    icon: &'static str,
    words: &'static str,
    /// Those that are seen at once.
    first: Vec<&'a Attention>,
    /// Those that are folded away.
    rest: Vec<&'a Attention>,
}

/// What is going on, in a few words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Doing {
    /// Nothing but the phase.
    Nothing,
    /// A paid job.
    Job {
        /// Where, if that is known and can be read.
        employer: Option<String>,
        /// Hours a week.
        hours: Option<Decimal>,
    },
    /// A placement of this `kind`.
    Placement(String),
    /// An education of this `level`.
    Education(Option<String>),
    /// Looks for work in this sector.
    Seeks(String),
    /// Has this `wish`.
    Wishes(String),
    /// Began on this day.
    Began(Day),
}

impl Doing {
    /// As it was at the end, of a trajectory that is over.
    fn last_words(&self, lang: Lang, today: Day) -> String {
        match self {
            Self::Job { employer, hours } => {
                let work = lang.t("Had betaald werk", "Had paid work");
                let where_to = employer.as_ref().map_or_else(|| work.to_owned(), |employer| format!("{work}: {employer}"));
                let hours = hours.map(|hours| format!("{} {}", hours.words(lang), lang.t("uur per week", "hours a week")));
                [Some(where_to), hours].into_iter().flatten().collect::<Vec<_>>().join(", ")
            }
            Self::Seeks(sector) => format!("{}: {sector}", lang.t("Zocht werk", "Looked for work")),
            Self::Wishes(wish) => codes::WISHED.words(lang, wish),
            Self::Nothing | Self::Placement(_) | Self::Education(_) | Self::Began(_) => self.words(lang, today),
        }
    }

    fn words(&self, lang: Lang, today: Day) -> String {
        match self {
            Self::Nothing => String::new(),
            Self::Job { employer, hours } => {
                let hours = hours.map(|hours| format!("{} {}", hours.words(lang), lang.t("uur per week", "hours a week")));
                let employer = employer.clone().unwrap_or_else(|| lang.t("Werk", "Work").to_owned());
                [Some(employer), hours].into_iter().flatten().collect::<Vec<_>>().join(", ")
            }
            Self::Placement(kind) => codes::PLACEMENT.words(lang, kind),
            Self::Education(None) => lang.t("Opleiding", "Education").to_owned(),
            Self::Education(Some(level)) => format!("{} {}", lang.t("Opleiding", "Education:"), small(&codes::LEVEL.words(lang, level))),
            Self::Seeks(sector) => format!("{}: {sector}", lang.t("Zoekt werk", "Looks for work")),
            Self::Wishes(wish) => codes::WISHES.words(lang, wish),
            Self::Began(day) => format!("{} {}", lang.t("gestart op", "began on"), day.near(lang, today)),
        }
    }
}

/// A trajectory in a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// The trajectory's id.
    pub id: String,
    /// How the coach knows the client; `None` when that is not known or cannot be read.
    pub name: Option<String>,
    /// The phase.
    pub step: Step,
    /// What is going on.
    pub doing: Doing,
    /// The last contact.
    pub contact: Option<Day>,
    /// The last day of the trajectory, when it has ended: then `doing` is what went on at the end.
    pub ended: Option<Day>,
    /// Whose it is, where that is not clear.
    pub coach: Option<String>,
    /// Whether a contact can be recorded from here.
    pub may_log: bool,
}

/// A trajectory that needs attention.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attention {
    /// The reason that comes first.
    pub why: Why,
    /// The trajectory.
    pub row: Row,
}

/// Trajectories of a colleague who is away.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Covered {
    /// The colleague.
    pub name: String,
    /// The last day of the cover.
    pub until: Day,
    /// The trajectories.
    pub rows: Vec<Row>,
}

/// Which trajectories are shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Shown {
    /// Those that run.
    Running,
    /// Those that have ended.
    Ended,
    /// Those with this in their name.
    Found(String),
}

/// The list at `/`. Its search sends `zoek`; a manager's filter sends `coach`.
#[derive(Debug, Template)]
#[template(path = "caseload.html")]
pub struct Caseload {
    /// What stands around it.
    pub frame: Frame,
    /// Today.
    pub today: Day,
    /// Which are shown.
    pub shown: Shown,
    /// How many run.
    pub running: usize,
    /// How many of them need attention.
    pub wanting: usize,
    /// Those that need attention, in the order in which they are to be looked at.
    pub attention: Vec<Attention>,
    /// The others.
    pub others: Vec<Row>,
    /// Those of colleagues who are away.
    pub covered: Vec<Covered>,
    /// Coaches to choose from, for a manager; the first is "all".
    pub coaches: Vec<Choosable>,
    /// The coach that was chosen.
    pub coach: String,
    /// Only so many of the latest were looked at, where there are more.
    pub only: Option<usize>,
    /// Whether a trajectory can be begun.
    pub may_begin: bool,
}

impl Page for Caseload {
    fn frame(&self) -> &Frame {
        &self.frame
    }

    fn title(&self) -> Cow<'_, str> {
        match &self.shown {
            Shown::Running => self.heading().into(),
            Shown::Ended => self.frame.t("Afgesloten trajecten", "Ended trajectories").into(),
            Shown::Found(words) => format!("{}: {words}", self.frame.t("Zoeken", "Search")).into(),
        }
    }
}

impl Caseload {
    fn is_own(&self) -> bool {
        self.frame.who.as_ref().is_some_and(|who| who.role == Role::Coach)
    }

    fn heading(&self) -> &str {
        let f = &self.frame;
        if self.is_own() { f.t("Mijn trajecten", "My trajectories") } else { f.t("Trajecten", "Trajectories") }
    }

    fn is_empty(&self) -> bool {
        self.shown == Shown::Running && self.running == 0 && self.covered.is_empty()
    }

    fn nothing_found(&self) -> bool {
        matches!(self.shown, Shown::Found(_)) && self.others.is_empty()
    }

    fn line(&self) -> String {
        let f = &self.frame;
        if self.running == 0 {
            let nobody = f.t("Er zijn nog geen trajecten.", "There are no trajectories yet.");
            return if self.is_own() {
                f.t("Er staan nog geen trajecten op jouw naam.", "There are no trajectories in your name yet.").to_owned()
            } else {
                nobody.to_owned()
            };
        }
        let running = f.lang.count(self.running, ("lopend traject", "lopende trajecten"), ("running trajectory", "running trajectories"));
        let wanting = match self.wanting {
            0 => f.t("Alles is bijgewerkt.", "Everything is up to date.").to_owned(),
            some => f.lang.count(some, ("vraagt aandacht.", "vragen aandacht."), ("needs attention.", "need attention.")),
        };
        format!("{running}. {wanting}")
    }

    /// The groups that are not empty.
    fn groups(&self) -> Vec<Grouped<'_>> {
        let of = |group: Group| {
            let (id, colour, icon) = group.look();
            let mut first: Vec<&Attention> = self.attention.iter().filter(|one| Group::of(&one.why) == group).collect();
            let rest = first.split_off(first.len().min(SHOWN_AT_ONCE));
            Grouped { id, colour, icon, words: group.words(self.frame.lang), first, rest }
        };
        Group::ALL.into_iter().map(of).filter(|group| !group.first.is_empty()).collect()
    }

    fn more(&self, group: &Grouped<'_>) -> String {
        format!("{} {}", self.frame.t("En nog", "And another"), group.rest.len())
    }

    fn name<'a>(&'a self, row: &'a Row) -> &'a str {
        row.name.as_deref().unwrap_or_else(|| self.frame.t("Naam niet bekend", "Name not known"))
    }

    fn why(&self, why: &Why) -> String {
        let lang = self.frame.lang;
        let near = |day: &Day| day.near(lang, self.today);
        match (why, lang) {
            (Why::Hours { has, needed }, Lang::Nl) => format!("{} uur per week, {} uur nodig", has.words(lang), needed.words(lang)),
            (Why::Hours { has, needed }, Lang::En) => format!("{} hours a week, {} hours needed", has.words(lang), needed.words(lang)),
            (Why::Wage { has, needed }, Lang::Nl) => format!("Loonwaarde is {}%, minstens {}% nodig", has.words(lang), needed.words(lang)),
            (Why::Wage { has, needed }, Lang::En) => format!("Wage value is {}%, at least {}% needed", has.words(lang), needed.words(lang)),
            (Why::Workplace, _) => lang.t("Geen gewone werkplek", "Not a regular workplace").to_owned(),
            (Why::ShortContract { until }, Lang::Nl) => format!("Contract is te kort: tot en met {}", near(until)),
            (Why::ShortContract { until }, Lang::En) => format!("Contract is too short: until {}", near(until)),
            (Why::ContractEnds(day), Lang::Nl) => format!("Contract loopt af op {}", near(day)),
            (Why::ContractEnds(day), Lang::En) => format!("Contract ends on {}", near(day)),
            (Why::ContractEnded(day), Lang::Nl) => format!("Contract afgelopen op {}, nog niet gestopt of verlengd", near(day)),
            (Why::ContractEnded(day), Lang::En) => format!("Contract ended on {}, not stopped or extended yet", near(day)),
            (Why::Silent(None), _) => lang.t("Nog geen contact", "No contact yet").to_owned(),
            (Why::Silent(Some(day)), _) => {
                let weeks = lang.count(weeks(self.today.since(*day)), ("week", "weken"), ("week", "weeks"));
                format!("{weeks} {}", lang.t("geen contact", "without contact"))
            }
            (Why::Stuck(day), _) => {
                lang.count(weeks(self.today.since(*day)), ("week in fase", "weken in fase"), ("week in phase", "weeks in phase"))
            }
            (Why::Reached(day), Lang::Nl) => format!("Duurzaam werk sinds {}", near(day)),
            (Why::Reached(day), Lang::En) => format!("Sustainable work since {}", near(day)),
        }
    }

    /// The reason in full: one that speaks of the phase names it.
    fn reason(&self, one: &Attention) -> String {
        let why = self.why(&one.why);
        match one.why {
            Why::Stuck(_) => format!("{why} {}", small(one.row.step.words(self.frame.lang))),
            Why::Hours { .. }
            | Why::Wage { .. }
            | Why::Workplace
            | Why::ShortContract { .. }
            | Why::ContractEnds(_)
            | Why::ContractEnded(_)
            | Why::Silent(_)
            | Why::Reached(_) => why,
        }
    }

    /// Below the reason: what is going on, else the phase.
    fn beside(&self, one: &Attention) -> String {
        let lang = self.frame.lang;
        match one.row.doing.words(lang, self.today) {
            nothing if nothing.is_empty() => format!("{} {}", lang.t("Fase", "Phase"), small(one.row.step.words(lang))),
            words => words,
        }
    }

    /// Words, and the day or time that stays on one line.
    fn when(&self, one: &Attention) -> (&str, String) {
        let lang = self.frame.lang;
        match one.why {
            Why::Silent(Some(day)) => (lang.t("laatst op", "last on"), day.near(lang, self.today)),
            Why::Silent(None)
            | Why::Hours { .. }
            | Why::Wage { .. }
            | Why::Workplace
            | Why::ShortContract { .. }
            | Why::ContractEnds(_)
            | Why::ContractEnded(_)
            | Why::Stuck(_)
            | Why::Reached(_) => self.contact(&one.row),
        }
    }

    /// Words, and the day or time that stays on one line. Of what is over it is told on which day, not how long ago.
    fn contact(&self, row: &Row) -> (&str, String) {
        let lang = self.frame.lang;
        match (row.contact, row.ended) {
            (Some(day), None) => ("contact", day.ago(lang, self.today)),
            (Some(day), Some(_)) => (lang.t("laatste contact op", "last contact on"), day.long(lang)),
            (None, None) => (lang.t("nog geen", "no"), lang.t("contact", "contact yet").to_owned()),
            (None, Some(_)) => (lang.t("geen contact", "no contact"), lang.t("vastgelegd", "recorded").to_owned()),
        }
    }

    fn what(&self, row: &Row) -> String {
        let lang = self.frame.lang;
        let parts = match row.ended {
            None => [row.step.words(lang).to_owned(), row.doing.words(lang, self.today)],
            Some(day) => [format!("{} {}", lang.t("Afgesloten op", "Ended on"), day.long(lang)), row.doing.last_words(lang, self.today)],
        };
        parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" · ")
    }

    fn until(&self, covered: &Covered) -> String {
        format!("{} {}", self.frame.t("tot en met", "until"), covered.until.near(self.frame.lang, self.today))
    }

    fn begin_here(&self) -> &str {
        self.frame.t(
            "Leg de intake vast van de eerste cliënt die je begeleidt. Neem je een traject van een collega over? Vraag die collega om het aan jou over te dragen.",
            "Record the intake of the first client whom you guide. Do you take over a trajectory from a colleague? Ask that colleague to transfer it to you.",
        )
    }

    fn ended_hint(&self) -> Alert {
        let f = &self.frame;
        let link = ("/?afgesloten=1".to_owned(), f.t("de afgesloten trajecten", "the ended trajectories").to_owned());
        let title = f.t("Is het traject afgesloten?", "Has the trajectory ended?");
        Alert { link: Some(link), ..Alert::new(f, Weight::Info, title, f.t("Dan staat het bij", "Then it is among")) }
    }

    /// Forms that are kept on the device without a trajectory.
    fn forms_without_trajectory(&self) -> [String; 6] {
        Kind::WITHOUT_TRAJECTORY.map(Kind::slug)
    }
}
