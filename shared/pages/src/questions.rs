//! The questions that a count on one day leaves open, for those who may see figures: one page of all of them, and one of each with what can be concluded, a chart
//! and the numbers in it.

mod chart;
mod sheets;
mod words;

use std::borrow::Cow;

use askama::Template;

use crate::{
    dashboard::{Part, quarter_words},
    day::Day,
    frame::{Frame, Page},
    lang::{Lang, thousands},
    parts::Choosable,
    report,
};

use chart::Chart;
use sheets::Sheet;

/// A question about what happens to trajectories over time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OpenQuestion {
    /// Does unpaid work stand in the way of paid work?
    UnpaidWork,
    /// Will those who began lately still find work?
    Recent,
    /// What followed what?
    Sequels,
    /// Who has a job or an education beside unpaid work?
    Alongside,
    /// How long do jobs last, and how long does work stay sustainable?
    Lasting,
}

/// What is asked about: quarter and scope, and what there is to choose.
#[derive(Clone, Debug)]
pub struct AskedAbout {
    /// `2025Q1`.
    pub quarter: String,
    /// The quarters that can be chosen.
    pub quarters: Vec<Choosable>,
    /// The scope, as the address has it.
    pub scope: String,
    /// The scopes that can be chosen, and the one that was.
    pub scopes: Vec<Choosable>,
    /// What the scope is called.
    pub scope_name: String,
}

/// Something else that can be chosen on a page of one question.
#[derive(Clone, Debug)]
pub struct Further {
    /// The key in the address.
    pub key: &'static str,
    /// What is chosen.
    pub chosen: String,
    /// What can be.
    pub all: Vec<Choosable>,
}

/// A part to which something happened, in millionths.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Parts {
    /// The estimate.
    pub happened: u32,
    /// The bounds of its 95 % interval; `None` where nothing can be said.
    pub interval: Option<(u32, u32)>,
}

/// What a curve says of a month.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Month {
    /// The month, counted from the beginning.
    pub month: u32,
    /// The estimate.
    pub parts: Parts,
    /// How many are seen after it: those on whom the curve goes on.
    pub at_risk: u64,
}

/// A curve.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Curve {
    /// The day by which it has happened to half of them; `None` when it does not come so far.
    pub median: Option<u32>,
    /// The months of which it says something.
    pub months: Vec<Month>,
    /// The days on which it rises, in order, and how far.
    pub steps: Vec<(u32, Parts)>,
    /// The day on which it ends.
    pub end: u32,
}

/// Who is followed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum GroupName {
    /// Everyone.
    Everyone,
    /// Those without unpaid work so far.
    Without,
    /// Those with unpaid work from before the start.
    Before,
    /// Those who began unpaid work in the trajectory.
    During,
    /// Those who began from one quarter through another.
    Started {
        /// The first quarter.
        from: String,
        /// The last; the first again for one quarter.
        until: String,
    },
    /// Paid jobs.
    Jobs,
    /// Sustainable work.
    Sustainable,
}

/// Some who are followed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Group {
    /// Who.
    pub name: GroupName,
    /// How many.
    pub observed: u64,
    /// To how many of them it happened.
    pub happened: u64,
    /// The estimate; `None` where there is none, or it would tell of few people.
    pub curve: Option<Curve>,
}

/// Those who began in one quarter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CohortRow {
    /// The quarter; those who were looking, and found.
    pub group: Group,
    /// What part of those who were looking has found one.
    pub found: Option<Part>,
    /// Had a job on the first day.
    pub had_one: u64,
    /// Left without having found one.
    pub left: u64,
    /// Are still looking.
    pub looking: u64,
}

/// What became of some.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BecameRow {
    /// The method of which they were.
    pub of: String,
    /// What became of them.
    pub became: Became,
    /// How many, and of how many.
    pub part: Part,
    /// The days until then, in the middle of all.
    pub gap: Option<u32>,
}

/// What became of a trajectory.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Became {
    /// It still runs.
    Running,
    /// It ended, and one of this method followed.
    Followed(String),
    /// It ended, and nothing has followed.
    Nothing,
}

/// Those with unpaid work, by what they do besides.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AlongsideRow {
    /// The method; `None` for all of them.
    pub of: Option<String>,
    /// How many have unpaid work.
    pub unpaid: u64,
    /// Of them: with a paid job only, with an education only, with both, with neither.
    pub beside: [Part; 4],
    /// Of them: whose unpaid work began before the trajectory; and of those with neither.
    pub before: [u64; 2],
}

/// An answer.
#[derive(Clone, Debug)]
pub enum Answer {
    /// To [`OpenQuestion::UnpaidWork`].
    UnpaidWork {
        /// Had a paid job on the first day, and are not followed.
        had_one: u64,
        /// Everyone first, then by unpaid work.
        groups: Vec<Group>,
    },
    /// To [`OpenQuestion::Recent`].
    Recent {
        /// By years of starts, the latest first.
        years: Vec<Group>,
        /// By quarter, the earliest first.
        cohorts: Vec<CohortRow>,
    },
    /// To [`OpenQuestion::Sequels`].
    Sequels {
        /// What followed those that ended.
        sequels: Vec<BecameRow>,
        /// What became of those that ran a year earlier.
        year_later: Vec<BecameRow>,
    },
    /// To [`OpenQuestion::Alongside`].
    Alongside(Vec<AlongsideRow>),
    /// To [`OpenQuestion::Lasting`].
    Lasting(Vec<Group>),
}

/// The page of `/cijfers/vragen`.
#[derive(Debug, Template)]
#[template(path = "questions.html")]
pub struct OpenQuestions {
    /// What stands around it.
    pub frame: Frame,
    /// Quarter and scope: the questions are asked of the same.
    pub about: AskedAbout,
}

/// The page of one question.
#[derive(Debug, Template)]
#[template(path = "question_page.html")]
pub struct OpenQuestionPage {
    /// What stands around it.
    pub frame: Frame,
    /// The question.
    pub question: OpenQuestion,
    /// Quarter and scope.
    pub about: AskedAbout,
    /// What else can be chosen.
    pub further: Vec<Further>,
    /// The last day that is looked at.
    pub until: Day,
    /// Whether the quarter has not ended.
    pub provisional: bool,
    /// The log position that the answer was made from.
    pub position: u64,
    /// How many trajectories belong to it; nothing is answered of none.
    pub observed: usize,
    /// Whether groups of fewer than so many are not drawn.
    pub fewest: Option<u64>,
    /// Whether sequels at other organisations are left out.
    pub own_only: bool,
    /// The months that are told of, and the day of each.
    pub months: Vec<(u32, u32)>,
    /// The answer.
    pub answer: Answer,
}

/// A choice in the form of a page.
#[derive(Debug)]
struct Select {
    key: &'static str,
    label: String,
    chosen: String,
    all: Vec<(String, String)>,
}

/// A chart with the numbers in it.
#[derive(Debug)]
struct Section {
    id: &'static str,
    title: String,
    charts: Vec<Chart>,
    sheets: Vec<Sheet>,
}

impl Page for OpenQuestions {
    fn frame(&self) -> &Frame {
        &self.frame
    }

    fn title(&self) -> Cow<'_, str> {
        self.frame.t("Vragen over het verloop", "Questions about what happens over time").into()
    }

    fn at(&self) -> &'static str {
        "/cijfers"
    }
}

impl OpenQuestions {
    fn selects(&self) -> Vec<Select> {
        self.about.selects(self.frame.lang)
    }

    /// Address, sentence, and what is told.
    fn all(&self) -> Vec<(String, &'static str, &'static str)> {
        let lang = self.frame.lang;
        let one = |question: OpenQuestion| (self.about.address(question), question.title(lang), question.told(lang));
        OpenQuestion::ALL.into_iter().map(one).collect()
    }

    fn figures(&self) -> String {
        format!("/cijfers?{}", report::of(&self.about.quarter, &self.about.scope))
    }
}

impl Page for OpenQuestionPage {
    fn frame(&self) -> &Frame {
        &self.frame
    }

    fn title(&self) -> Cow<'_, str> {
        self.question.title(self.frame.lang).into()
    }

    fn at(&self) -> &'static str {
        "/cijfers"
    }
}

impl OpenQuestionPage {
    fn selects(&self) -> Vec<Select> {
        let lang = self.frame.lang;
        let further = self.further.iter().map(|one| Select {
            key: one.key,
            label: words::key(one.key, lang).to_owned(),
            chosen: one.chosen.clone(),
            all: one.all.iter().map(|choosable| (choosable.value.clone(), choosable.words.clone())).collect(),
        });
        self.about.selects(lang).into_iter().chain(further).collect()
    }

    const fn slug(&self) -> &'static str {
        self.question.slug()
    }

    const fn can(&self) -> &'static str {
        self.question.can(self.frame.lang)
    }

    const fn cannot(&self) -> &'static str {
        self.question.cannot(self.frame.lang)
    }

    const fn is_empty(&self) -> bool {
        self.observed == 0
    }

    fn all_questions(&self) -> String {
        format!("/cijfers/vragen?{}", report::of(&self.about.quarter, &self.about.scope))
    }

    /// `Nederland, waargenomen tot en met 31 maart 2025`.
    fn lead(&self) -> String {
        let lang = self.frame.lang;
        format!("{}, {} {}", self.about.scope_name, lang.t("waargenomen tot en met", "observed until"), self.until.long(lang))
    }

    /// What else is to be known of the numbers.
    fn notes(&self) -> Vec<String> {
        let lang = self.frame.lang;
        let mut notes = Vec::new();
        if let Answer::UnpaidWork { had_one, .. } = &self.answer {
            notes.push(match lang {
                Lang::Nl => format!("Al een betaalde baan op de eerste dag, en daarom niet gevolgd: {}.", thousands(*had_one, lang)),
                Lang::En => format!("Had a paid job on the first day, and are therefore not followed: {}.", thousands(*had_one, lang)),
            });
        }
        if matches!(self.answer, Answer::UnpaidWork { .. } | Answer::Recent { .. } | Answer::Lasting(_)) {
            notes.push(words::estimated(lang).to_owned());
            notes.extend(self.fewest.map(|fewest| words::few(fewest, lang)));
        }
        if self.own_only && self.question == OpenQuestion::Sequels {
            notes.push(words::own_only(lang).to_owned());
        }
        notes
    }

    fn sections(&self) -> Vec<Section> {
        let lang = self.frame.lang;
        match &self.answer {
            Answer::UnpaidWork { groups, .. } => {
                let drawn: Vec<&Group> = groups.iter().filter(|group| group.name != GroupName::Everyone).collect();
                vec![Section {
                    id: "eerste-baan",
                    title: lang.t("Tot de eerste betaalde baan", "Until the first paid job").to_owned(),
                    charts: self.curves("figuur-eerste-baan", words::first_job(lang), &drawn),
                    sheets: vec![sheets::by_month(words::first_job(lang), groups, &self.months, lang), sheets::totals(groups, lang)],
                }]
            }
            Answer::Recent { years, cohorts } => {
                let by_month = sheets::cohorts_by_month(cohorts, &self.months, lang);
                vec![Section {
                    id: "gestart",
                    title: lang.t("Tot de eerste betaalde baan, naar begin", "Until the first paid job, by start").to_owned(),
                    charts: self.curves("figuur-gestart", words::first_job(lang), &years.iter().collect::<Vec<_>>()),
                    sheets: vec![by_month, sheets::cohorts(cohorts, lang)],
                }]
            }
            Answer::Sequels { sequels, year_later } => vec![
                self.became("vervolg", words::sequels(lang), sequels, true),
                self.became("jaar-eerder", words::year_later(lang), year_later, false),
            ],
            Answer::Alongside(rows) => {
                let title = words::alongside(lang);
                let bars = rows.iter().filter(|row| row.of.is_none()).flat_map(|row| sheets::BESIDE.into_iter().zip(&row.beside));
                let bars = bars.map(|(name, part)| (name(lang).to_owned(), part)).collect::<Vec<_>>();
                vec![Section {
                    id: "daarnaast",
                    title: title.to_owned(),
                    charts: chart::bars("figuur-daarnaast", title, &bars, lang).into_iter().collect(),
                    sheets: vec![sheets::alongside(rows, lang)],
                }]
            }
            Answer::Lasting(groups) => vec![Section {
                id: "duur",
                title: words::over(lang).to_owned(),
                charts: self.curves("figuur-duur", words::over(lang), &groups.iter().collect::<Vec<_>>()),
                sheets: vec![sheets::by_month(words::over(lang), groups, &self.months, lang), sheets::totals(groups, lang)],
            }],
        }
    }

    fn curves(&self, id: &'static str, title: &str, groups: &[&Group]) -> Vec<Chart> {
        chart::curves(id, title, groups, &self.months, self.frame.lang).into_iter().collect()
    }

    fn became(&self, id: &'static str, title: &str, rows: &[BecameRow], has_gaps: bool) -> Section {
        let lang = self.frame.lang;
        let bars: Vec<_> = rows.iter().map(|row| (words::became(row, lang), &row.part)).collect();
        let figure = if has_gaps { "figuur-vervolg" } else { "figuur-jaar-eerder" };
        Section {
            id,
            title: title.to_owned(),
            charts: chart::bars(figure, title, &bars, lang).into_iter().collect(),
            sheets: vec![sheets::became(title, rows, has_gaps, lang)],
        }
    }
}

impl AskedAbout {
    fn selects(&self, lang: Lang) -> Vec<Select> {
        let quarters = self.quarters.iter().map(|one| (one.value.clone(), quarter_words(&one.value, lang))).collect();
        let scopes = self.scopes.iter().map(|one| (one.value.clone(), one.words.clone())).collect();
        let select = |key, chosen: &String, all| Select { key, label: words::key(key, lang).to_owned(), chosen: chosen.clone(), all };
        vec![select("kwartaal", &self.quarter, quarters), select("gebied", &self.scope, scopes)]
    }

    fn address(&self, question: OpenQuestion) -> String {
        format!("/cijfers/vragen/{}?{}", question.slug(), report::of(&self.quarter, &self.scope))
    }
}

#[cfg(test)]
mod tests;
