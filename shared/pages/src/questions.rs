//! The questions that a count on one day leaves open, for those who may see figures: one page of all of them, and one of each with what can be concluded, a chart
//! and the numbers in it.

mod chart;
mod given;
mod sheets;
mod words;

use std::borrow::Cow;

use askama::Template;

use crate::{
    dashboard::quarter_words,
    day::Day,
    frame::{Frame, Page},
    lang::{Lang, thousands},
    report,
};

use chart::Chart;
pub use given::{
    AlongsideRow, Answer, AskedAbout, Became, BecameRow, CohortRow, Curve, Further, Group, GroupName, Month, OpenQuestion, Parts,
};
use sheets::Sheet;

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
pub(crate) struct Select {
    pub(crate) key: &'static str,
    pub(crate) label: String,
    pub(crate) chosen: String,
    pub(crate) all: Vec<(String, String)>,
}

/// A chart with the numbers in it.
#[derive(Debug)]
struct Section {
    id: &'static str,
    title: String,
    charts: Vec<Chart>,
    sheets: Vec<Sheet>,
}

impl Section {
    /// Whether a table's title stands nowhere else.
    fn needs_title(&self, sheet: &Sheet) -> bool {
        sheet.title != self.title && self.charts.iter().all(|chart| chart.title() != sheet.title)
    }
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
    pub(crate) fn selects(&self, lang: Lang) -> Vec<Select> {
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
