//! A manager's view: who has how much, who stands in for whom, how complete and timely the log is, and what has to be looked at.

use std::borrow::Cow;

use askama::Template;

use crate::{
    caseload::Group,
    day::{Day, Minute},
    forms::{Filled, Thing, ask::Ask},
    frame::{Frame, Page},
    lang::{Lang, thousands},
    parts::{Choosable, Date, Part, Select},
};

/// A coach and how it stands with their trajectories.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CoachRow {
    /// The coach's code; empty in the row of trajectories without a coach.
    pub code: String,
    /// The coach's name.
    pub name: String,
    /// The last day of an absence.
    pub absent_until: Option<Day>,
    /// Trajectories that run.
    pub running: usize,
    /// Those of them that need attention.
    pub wanting: usize,
    /// Days between what happened and its recording: the median of the last three months; `None` when nothing was recorded.
    pub late: Option<u32>,
    /// When something was last recorded in those that run, where that is four weeks ago or longer.
    pub quiet_since: Option<Day>,
}

/// How many trajectories need attention, and of how many of them the reason is that nothing is recorded.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Wanting {
    /// By reason, in the order of the headings of the caseload.
    pub by_reason: [usize; 6],
    /// Those without contact for long whose coach has recorded nothing for four weeks or longer.
    pub of_quiet: usize,
}

/// Somebody stands in for somebody.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CoverRow {
    /// Its id.
    pub id: String,
    /// Who is away.
    pub absent: String,
    /// Who stands in.
    pub by: String,
    /// The first day, while it has not come.
    pub from: Option<Day>,
    /// The last day.
    pub until: Day,
}

/// How late events were recorded, and how complete they are: numbers of events and of jobs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Timeliness {
    /// On the same day; 1 to 3 days later; 4 to 14 days later; later still.
    pub recorded: [usize; 4],
    /// Running jobs of which all is known.
    pub complete: usize,
    /// Running jobs.
    pub jobs: usize,
    /// Events that were recorded after the end of their quarter.
    pub after_quarter: usize,
}

/// A contract that ended, of a job that was not stopped.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RanOut {
    /// The trajectory's id.
    pub trajectory: String,
    /// How the coach knows the client.
    pub name: Option<String>,
    /// Where.
    pub employer: Option<String>,
    /// The contract's last day.
    pub ended: Day,
    /// The coach's name.
    pub coach: String,
}

/// Somebody opened the sealed texts of a trajectory.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpeningRow {
    /// Who.
    pub who: String,
    /// The trajectory's id.
    pub trajectory: String,
    /// How the coach knows the client.
    pub name: Option<String>,
    /// When.
    pub at: Minute,
    /// Until when they are or were open.
    pub until: Minute,
    /// Why, in the words of who opened them.
    pub reason: String,
}

/// Something about the data that has to be answered by somebody.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Question {
    /// The pay of a job is not known.
    Pay,
    /// The hours of a job are not known.
    Hours,
    /// The kind of workplace is not known.
    Workplace,
    /// How long a contract is, is not known.
    Contract,
    /// Two jobs look like one.
    SameJobTwice,
    /// The variant of IPS is not known.
    Variant,
}

impl Question {
    /// All, in the order in which they are shown.
    pub const ALL: [Self; 6] = [Self::Pay, Self::Hours, Self::Workplace, Self::Contract, Self::SameJobTwice, Self::Variant];

    /// Its part of an address: `/organisatie/vragen/loon`.
    #[must_use]
    pub const fn slug(self) -> &'static str {
        match self {
            Self::Pay => "loon",
            Self::Hours => "uren",
            Self::Workplace => "werkplek",
            Self::Contract => "contract",
            Self::SameJobTwice => "dubbel",
            Self::Variant => "variant",
        }
    }

    /// What it is, and why it matters.
    const fn words(self, lang: Lang) -> (&'static str, &'static str) {
        match self {
            Self::Pay => (
                lang.t("Loon niet bekend", "Pay not known"),
                lang.t(
                    "Zonder loon is niet te zeggen of het werk duurzaam is",
                    "Without it nobody can tell whether the work is sustainable",
                ),
            ),
            Self::Hours => (
                lang.t("Uren niet bekend", "Hours not known"),
                lang.t(
                    "Zonder uren is niet te zeggen of het werk duurzaam is",
                    "Without them nobody can tell whether the work is sustainable",
                ),
            ),
            Self::Workplace => {
                (lang.t("Werkplek niet bekend", "Workplace not known"), lang.t("Is het een gewone werkplek?", "Is it a regular workplace?"))
            }
            Self::Contract => (
                lang.t("Duur van het contract niet bekend", "Length of the contract not known"),
                lang.t("Oproep- en uitzendwerk", "On-call and agency work"),
            ),
            Self::SameJobTwice => (
                lang.t("Twee keer hetzelfde werk", "The same work twice"),
                lang.t("Zelfde werkgever, zelfde dagen", "Same employer, same days"),
            ),
            Self::Variant => (
                lang.t("Variant van IPS niet bekend", "Variant of IPS not known"),
                lang.t("Telt mee bij onbekend", "Counted among the unknown"),
            ),
        }
    }

    fn count(self, lang: Lang, count: usize) -> String {
        match self {
            Self::Pay | Self::Hours | Self::Workplace | Self::Contract => lang.count(count, ("baan", "banen"), ("job", "jobs")),
            Self::SameJobTwice | Self::Variant => lang.count(count, ("traject", "trajecten"), ("trajectory", "trajectories")),
        }
    }
}

/// The page of `/organisatie`. Its form posts `absent`, `cover` and `until.day`, `until.month`, `until.year` to `/organisatie/waarneming`.
#[derive(Debug, Template)]
#[template(path = "organisation.html")]
pub struct Organisation {
    /// What stands around it.
    pub frame: Frame,
    /// Today.
    pub today: Day,
    /// The organisation's name.
    pub name: String,
    /// The coaches; empty when there are no trajectories.
    pub coaches: Vec<CoachRow>,
    /// Why trajectories need attention.
    pub wanting: Wanting,
    /// When something was last recorded in running trajectories.
    pub last: Option<Day>,
    /// How many running trajectories were looked at, when there are more of them than a page can tell of.
    pub only: Option<usize>,
    /// Days between what happened and its recording, of all together.
    pub late: Option<u32>,
    /// Who stands in for whom.
    pub covers: Vec<CoverRow>,
    /// How complete and timely it is; `None` when nothing was recorded lately.
    pub timeliness: Option<Timeliness>,
    /// Contracts that ended.
    pub ran_out: Vec<RanOut>,
    /// Open questions, and of how many.
    pub questions: Vec<(Question, usize)>,
    /// Who opened which sealed texts, the newest first.
    pub openings: Vec<OpeningRow>,
    /// Whether there are more of them than are shown.
    pub more_openings: bool,
    /// What was filled in about cover, and what is wrong with it.
    pub filled: Option<Filled>,
}

impl Page for Organisation {
    fn frame(&self) -> &Frame {
        &self.frame
    }

    fn title(&self) -> Cow<'_, str> {
        self.frame.t("Organisatie", "Organisation").into()
    }

    fn at(&self) -> &'static str {
        "/organisatie"
    }
}

/// A share in percent, rounded half up once.
fn share(part: usize, whole: usize) -> usize {
    (part * 200 + whole).checked_div(2 * whole).unwrap_or_default()
}

impl Organisation {
    fn running(&self) -> usize {
        self.coaches.iter().map(|coach| coach.running).sum()
    }

    fn wanting(&self) -> usize {
        self.coaches.iter().map(|coach| coach.wanting).sum()
    }

    fn line(&self) -> String {
        let lang = self.frame.lang;
        let people = self.coaches.iter().filter(|coach| !coach.code.is_empty()).count();
        let running = lang.count(self.running(), ("lopend traject", "lopende trajecten"), ("running trajectory", "running trajectories"));
        let coaches = lang.count(people, ("coach", "coaches"), ("coach", "coaches"));
        let line = format!("{running} {} {coaches}", lang.t("bij", "of"));
        match self.last {
            Some(last) => format!("{line}. {}: {}.", lang.t("Laatste registratie", "Last record"), last.long(lang)),
            None => line,
        }
    }

    /// Each reason to look at a trajectory: its words, and of how many it is the reason.
    fn reasons(&self) -> Vec<(&'static str, String)> {
        let lang = self.frame.lang;
        let counted = Group::ALL.into_iter().zip(self.wanting.by_reason).filter(|(_, count)| *count > 0);
        let told = counted.map(|(group, count)| {
            let many = lang.count(count, ("traject", "trajecten"), ("trajectory", "trajectories"));
            let of_quiet = self.wanting.of_quiet;
            let more = match (group, of_quiet, lang) {
                (Group::Silent, 1.., Lang::Nl) => format!(", waarvan {of_quiet} bij coaches die al vier weken of langer niets vastlegden"),
                (Group::Silent, 1.., Lang::En) => format!(", {of_quiet} of them of coaches who recorded nothing for four weeks or longer"),
                (Group::Ended | Group::Risk | Group::Contract | Group::Silent | Group::Stuck | Group::Reached, _, _) => String::new(),
            };
            (group.words(lang), format!("{many}{more}"))
        });
        told.collect()
    }

    /// Days until an event is recorded; that there is none to tell of.
    fn days(&self, late: &Option<u32>) -> String {
        late.map_or_else(|| self.frame.t("niets vastgelegd", "nothing recorded").to_owned(), |days| days.to_string())
    }

    fn absent(&self, coach: &CoachRow) -> Option<String> {
        let lang = self.frame.lang;
        let words = lang.t("afwezig tot en met", "away until");
        coach.absent_until.map(|day| format!("{words} {}", day.near(lang, self.today)))
    }

    fn quiet(&self, coach: &CoachRow) -> Option<String> {
        let lang = self.frame.lang;
        coach.quiet_since.map(|day| format!("{} {}", lang.t("laatste registratie", "last record"), day.near(lang, self.today)))
    }

    /// From which day, while it has not come, and until which.
    fn days_of(&self, cover: &CoverRow) -> String {
        let lang = self.frame.lang;
        let until = format!("{} {}", lang.t("tot en met", "until"), cover.until.long(lang));
        cover.from.map_or_else(|| until.clone(), |from| format!("{} {} {until}", lang.t("vanaf", "from"), from.long(lang)))
    }

    fn opened(&self, row: &OpeningRow) -> String {
        let lang = self.frame.lang;
        let day = format!("{} {} {}", row.at.day.long(lang), lang.t("om", "at"), row.at.clock(lang));
        format!("{}, {day} {} {}", row.who, lang.t("tot", "until"), row.until.clock(lang))
    }

    fn opened_name<'a>(&self, row: &'a OpeningRow) -> &'a str {
        row.name.as_deref().unwrap_or_else(|| self.frame.lang.t("Naam niet bekend", "Name not known"))
    }

    fn people(&self) -> Vec<Choosable> {
        self.coaches.iter().filter(|coach| !coach.code.is_empty()).map(|coach| Choosable::new(&coach.code, &coach.name)).collect()
    }

    fn ask(&self) -> Ask<'_> {
        Ask { frame: &self.frame, today: self.today, filled: self.filled.as_ref() }
    }

    fn selects(&self) -> [Select; 2] {
        let f = &self.frame;
        let choose = f.t("Kies een coach", "Choose a coach");
        [
            self.ask().select("afwezig", "absent", f.t("Wie is afwezig?", "Who is away?"), choose, self.people(), ""),
            self.ask().select("waarnemer", "cover", f.t("Wie neemt waar?", "Who stands in?"), choose, self.people(), ""),
        ]
    }

    fn until_date(&self) -> Date {
        self.ask().date("until", self.frame.t("Tot en met welke dag?", "Until which day, inclusive?"))
    }

    /// What is wrong with a cover that was not made: where its field is, its label and the words.
    fn mistakes(&self) -> Vec<(Option<(String, String)>, &str)> {
        let [absent, cover] = self.selects();
        let parts: [Part; 3] = [absent.into(), cover.into(), self.until_date().into()];
        let mistakes = self.filled.iter().flat_map(|filled| &filled.mistakes);
        mistakes.map(|mistake| (parts.iter().find_map(|part| part.place_of(&mistake.field)), mistake.message.as_str())).collect()
    }

    /// Number, words, and what it is of, of each figure.
    fn figures(&self, of: &Timeliness) -> [(String, &str, String); 3] {
        let f = &self.frame;
        let [same_day, days, ..] = of.recorded;
        let all = of.recorded.iter().sum();
        let soon = same_day + days;
        let recorded = |part| self.part(part, all, ("gebeurtenis", "gebeurtenissen"), ("event", "events"));
        [
            (format!("{}%", share(soon, all)), f.t("binnen 3 dagen vastgelegd", "recorded within 3 days"), recorded(soon)),
            if of.jobs == 0 {
                let words = f.t("er loopt nu geen werk om in te vullen", "no work runs now to be filled in");
                ("–".to_owned(), words, String::new())
            } else {
                let words = f.t("van het lopende werk is volledig ingevuld", "of the running work is filled in completely");
                let part = self.part(of.complete, of.jobs, ("baan", "banen"), ("job", "jobs"));
                (format!("{}%", share(of.complete, of.jobs)), words, part)
            },
            (
                thousands(u64::try_from(of.after_quarter).unwrap_or(u64::MAX), f.lang),
                f.t("vastleggingen kwamen na het einde van het kwartaal", "records came after the end of the quarter"),
                recorded(of.after_quarter),
            ),
        ]
    }

    /// `860 van 1.000 gebeurtenissen`.
    fn part(&self, part: usize, whole: usize, nl: (&str, &str), en: (&str, &str)) -> String {
        let lang = self.frame.lang;
        let part = thousands(u64::try_from(part).unwrap_or(u64::MAX), lang);
        format!("{part} {} {}", lang.t("van", "of"), lang.count(whole, nl, en))
    }

    /// Class, place, width, share and words of each part of the bar.
    fn shares(&self, of: &Timeliness) -> Vec<(usize, String, String, usize, &str)> {
        let f = &self.frame;
        let words = [
            f.t("dezelfde dag", "on the same day"),
            f.t("1 tot en met 3 dagen later", "1 to 3 days later"),
            f.t("4 tot en met 14 dagen later", "4 to 14 days later"),
            f.t("meer dan 14 dagen later", "more than 14 days later"),
        ];
        let all = of.recorded.iter().sum();
        let mut from = 0;
        let mut parts = Vec::new();
        for (n, (count, words)) in of.recorded.iter().zip(words).enumerate() {
            let share = share(*count, all);
            // A little less than its share, so that parts can be told apart.
            let tenths = (share * 10).saturating_sub(4);
            parts.push((n + 1, format!("{from}%"), format!("{}.{}%", tenths / 10, tenths % 10), share, words));
            from += share;
        }
        parts
    }

    fn client<'a>(&'a self, row: &'a RanOut) -> &'a str {
        row.name.as_deref().unwrap_or_else(|| self.frame.t("Naam niet bekend", "Name not known"))
    }

    fn ran_out_line(&self, row: &RanOut) -> String {
        let lang = self.frame.lang;
        let employer = row.employer.as_deref().unwrap_or_else(|| lang.t("Werk", "Work"));
        format!("{employer}, {} {}", lang.t("liep af op", "ended on"), row.ended.near(lang, self.today))
    }

    fn questions_count(&self) -> usize {
        self.questions.iter().map(|(_, count)| count).sum()
    }

    /// Slug, title, why and how many.
    fn asked(&self) -> Vec<(&'static str, &'static str, &'static str, String)> {
        let lang = self.frame.lang;
        let one = |(question, count): &(Question, usize)| {
            let (title, why) = question.words(lang);
            (question.slug(), title, why, question.count(lang, *count))
        };
        self.questions.iter().map(one).collect()
    }
}

/// A trajectory of which something is not known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QuestionRow {
    /// The trajectory's id.
    pub trajectory: String,
    /// How the coach knows the client.
    pub name: Option<String>,
    /// What it is about, when it is a job.
    pub about: Option<Thing>,
    /// The coach's name.
    pub coach: String,
}

/// The trajectories of one open question, at `/organisatie/vragen/SLUG`.
#[derive(Debug, Template)]
#[template(path = "question.html")]
pub struct QuestionPage {
    /// What stands around it.
    pub frame: Frame,
    /// The question.
    pub question: Question,
    /// The trajectories.
    pub rows: Vec<QuestionRow>,
}

impl Page for QuestionPage {
    fn frame(&self) -> &Frame {
        &self.frame
    }

    fn title(&self) -> Cow<'_, str> {
        self.question.words(self.frame.lang).0.into()
    }

    fn at(&self) -> &'static str {
        "/organisatie"
    }
}

impl QuestionPage {
    fn why(&self) -> &str {
        self.question.words(self.frame.lang).1
    }

    fn client<'a>(&'a self, row: &'a QuestionRow) -> &'a str {
        row.name.as_deref().unwrap_or_else(|| self.frame.t("Naam niet bekend", "Name not known"))
    }

    fn about(&self, row: &QuestionRow) -> Option<String> {
        let lang = self.frame.lang;
        row.about.as_ref().map(|thing| format!("{}, {}", thing.words(lang), thing.since_words(lang)))
    }
}
