//! Jobs, placements and educations as bars over time: SVG with percentages across and pixels down, so that it fits a phone and a desktop
//! without a script and its words keep their size. Geometry stands in presentation attributes; colours come from `assets/app.css`.

use askama::{Template, filters::HtmlSafe};

use crate::{
    codes,
    day::Day,
    happened::Terms,
    lang::{Lang, capital, small},
    number::{Decimal, percent},
};

const ROW: usize = 52;
const HEAD: usize = 36;
const FOOT: usize = 26;
/// The shortest bar, in ten-thousandths of the width, so that a day can be seen.
const SHORTEST: i32 = 60;
/// The latest day that is shown lies at most so many days after today: a long contract must not press all else together.
const AHEAD: i32 = 366;
/// And the earliest so many days before the trajectory began: nor must a job of long ago, or a slip in a year. What is left out is said.
const BEFORE: i32 = 366;
/// Room after the last day: one part of so many.
const ROOM: i32 = 18;
/// Up to so many days the scale is in quarters, and up to so many in half years.
const IN_QUARTERS: i32 = 600;
const IN_HALF_YEARS: i32 = 1_500;
/// Up to so many days each year has its number, on a phone too; up to twice as many every second one, and so on.
const MOST_YEARS: i32 = 2_200;

/// What a bar is of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Of {
    /// A placement of this kind.
    Placement(String),
    /// A paid job.
    Job {
        /// The employer, if that is known and can be read.
        employer: Option<String>,
        /// Hours a week, while it runs.
        hours: Option<Decimal>,
    },
    /// An education of this level.
    Education(Option<String>),
}

/// What a part of a bar is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Colour {
    /// Sustainable work.
    Sustainable,
    /// Work that is not sustainable.
    Work,
    /// Work of which it is not known whether it is sustainable.
    Unknown,
    /// A placement or an education.
    Other,
}

impl Colour {
    const fn class(self) -> &'static str {
        match self {
            Self::Sustainable => "sustainable",
            Self::Work => "work",
            Self::Unknown => "unknown",
            Self::Other => "other",
        }
    }
}

/// A part of a bar.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Span {
    /// Its first day.
    pub from: Day,
    /// The day after its last; `None` when it still goes on.
    pub until: Option<Day>,
    /// What it is.
    pub colour: Colour,
}

/// One bar. Its parts follow each other.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lane {
    /// What it is of.
    pub of: Of,
    /// Its parts.
    pub spans: Vec<Span>,
    /// The last day of a contract that has not passed.
    pub ends: Option<Day>,
    /// Of a job: its conditions as they are now, or were last. They are told, not drawn.
    pub terms: Option<Box<Terms>>,
}

/// A trajectory over time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OverTime {
    /// The trajectory's first day.
    pub began: Day,
    /// Its last day, when it has ended: nothing is drawn after it.
    pub ended: Option<Day>,
    /// The bars, from above.
    pub lanes: Vec<Lane>,
    /// The days of contacts.
    pub contacts: Vec<Day>,
}

impl Of {
    /// What it is called.
    pub(crate) fn words(&self, lang: Lang) -> String {
        match self {
            Self::Placement(kind) => codes::PLACEMENT.words(lang, kind),
            Self::Job { employer, .. } => employer.clone().unwrap_or_else(|| lang.t("Werk", "Work").to_owned()),
            Self::Education(None) => lang.t("Opleiding", "Education").to_owned(),
            Self::Education(Some(level)) => format!("{} {}", lang.t("Opleiding", "Education:"), small(&codes::LEVEL.words(lang, level))),
        }
    }
}

impl Lane {
    fn label(&self, lang: Lang) -> String {
        let runs = self.spans.last().is_some_and(|span| span.until.is_none());
        match &self.of {
            Of::Job { hours: Some(hours), .. } if runs => match lang {
                Lang::Nl => format!("{}, nu {} uur per week", self.of.words(lang), hours.words(lang)),
                Lang::En => format!("{}, now {} hours a week", self.of.words(lang), hours.words(lang)),
            },
            Of::Job { .. } | Of::Placement(_) | Of::Education(_) => self.of.words(lang),
        }
    }

    /// The conditions: `Nu 11,5 uur per week, gewone werkplek, …`.
    fn conditions(&self, lang: Lang, ended: bool) -> Option<String> {
        let terms = self.terms.as_ref()?;
        let all: Vec<String> = terms.conditions(lang).into_iter().chain(terms.contract_words(lang)).collect();
        let runs = !ended && self.spans.last().is_some_and(|span| span.until.is_none());
        let when = if runs { lang.t("Nu", "Now") } else { lang.t("Het laatst", "Last") };
        (!all.is_empty()).then(|| format!("{when} {}", all.join(", ")))
    }

    /// The same in words, for who cannot see it. `ended`: of a trajectory that has ended nothing is told of now.
    fn sentence(&self, lang: Lang, ended: bool) -> String {
        let whole = self.spans.first().map(|first| period(lang, first.from, self.spans.last().and_then(|last| last.until)));
        let told = |span: &Span| {
            let word = match span.colour {
                Colour::Sustainable => lang.t("Duurzaam", "Sustainable"),
                Colour::Work => lang.t("Niet duurzaam", "Not sustainable"),
                Colour::Unknown => lang.t("Niet bekend of het duurzaam is:", "Not known whether it is sustainable:"),
                Colour::Other => return None,
            };
            Some(format!("{word} {}", period(lang, span.from, span.until)))
        };
        let conditions = self.conditions(lang, ended);
        // Among the conditions it is told already.
        let ends = self.ends.filter(|_| self.terms.as_ref().is_none_or(|terms| terms.contract.to().is_none()));
        let contract = ends.map(|day| format!("{} {}", lang.t("Contract tot en met", "Contract until"), day.long(lang)));
        let rest = conditions.into_iter().chain(self.spans.iter().filter_map(told)).chain(contract);
        let rest = rest.map(|part| format!(". {part}")).collect::<String>();
        format!("{}: {}{rest}", self.of.words(lang), whole.unwrap_or_default())
    }
}

/// `7 april 2025 tot en met 2 november 2025`, or from when on.
fn period(lang: Lang, from: Day, until: Option<Day>) -> String {
    match (until, lang) {
        (Some(until), Lang::Nl) => format!("{} tot en met {}", from.long(lang), until.plus(-1).long(lang)),
        (Some(until), Lang::En) => format!("{} to {}", from.long(lang), until.plus(-1).long(lang)),
        (None, Lang::Nl) => format!("vanaf {}", from.long(lang)),
        (None, Lang::En) => format!("from {}", from.long(lang)),
    }
}

/// A bar as it is drawn.
#[derive(Debug)]
struct Drawn {
    label: String,
    label_y: usize,
    y: usize,
    until: Option<(String, String)>,
    parts: Vec<(&'static str, String, String)>,
}

/// The picture. It has an id, so there is one on a page.
#[derive(Debug, Template)]
#[template(path = "parts/bars.html")]
pub(crate) struct Bars {
    title: String,
    height: usize,
    bottom: usize,
    foot: usize,
    contact: &'static str,
    now: &'static str,
    today: String,
    ticks: Vec<(String, String)>,
    contacts: Vec<String>,
    lanes: Vec<Drawn>,
}
impl HtmlSafe for Bars {}

/// Where days lie.
struct Scale {
    first: Day,
    last: Day,
}

impl Scale {
    fn of(over: &OverTime, today: Day) -> Self {
        let starts = over.lanes.iter().flat_map(|lane| &lane.spans).map(|span| span.from).chain(over.contacts.iter().copied());
        let first = starts.min().unwrap_or(today).max(over.began.plus(-BEFORE)).min(today).month_start();
        let ends = over.lanes.iter().filter_map(|lane| lane.ends).map(|day| day.plus(1));
        let furthest = ends.max().unwrap_or(today).clamp(today, today.plus(AHEAD));
        // Rounded up, and never nothing.
        let room = (furthest.since(first) + ROOM) / ROOM;
        Self { first, last: furthest.plus(room) }
    }

    fn length(&self) -> i32 {
        self.last.since(self.first).max(1)
    }

    fn at(&self, day: Day) -> String {
        percent(day.clamp(self.first, self.last).since(self.first), self.length())
    }

    fn wide(&self, from: Day, until: Day) -> String {
        let days = until.min(self.last).since(from.max(self.first));
        if days.saturating_mul(10_000) < SHORTEST.saturating_mul(self.length()) {
            percent(SHORTEST, 10_000)
        } else {
            percent(days, self.length())
        }
    }

    /// So many percent lie between two days.
    fn apart(&self, one: Day, other: Day) -> i32 {
        other.since(one) * 100 / self.length()
    }

    /// Days with a line, and their words: none so near to today that its own word has no room.
    fn ticks(&self, today: Day, lang: Lang) -> Vec<(Day, String)> {
        let days = self.length();
        let step = if days <= IN_QUARTERS {
            3
        } else if days <= IN_HALF_YEARS {
            6
        } else {
            // Whole years, as many together as leave each its room.
            12 * (1 + (days - 1) / MOST_YEARS)
        };
        let months = (0..).map(|n| self.first.months_later(n)).take_while(|day| *day < self.last);
        let on_step = |day: &Day| {
            let (year, month, _) = day.parts();
            (year * 12 + i32::from(month) - 1) % step == 0
        };
        let has_room = |day: &Day| {
            let to_today = self.apart(*day, today);
            !(-5..10).contains(&to_today) && self.apart(*day, self.last) >= 5
        };
        let words = |day: Day| match day.parts() {
            (year, 1, _) => year.to_string(),
            _ => day.month(lang).chars().take(3).collect::<String>().to_lowercase(),
        };
        months.filter(on_step).filter(has_room).map(|day| (day, words(day))).collect()
    }
}

impl OverTime {
    /// One sentence a bar, then the time between jobs, and the contacts.
    pub(crate) fn sentences(&self, lang: Lang, today: Day) -> Vec<String> {
        let lanes = self.lanes.iter().map(|lane| lane.sentence(lang, self.ended.is_some()));
        let gaps = self.gaps(self.end(today));
        let gaps: Vec<String> = gaps.into_iter().map(|(from, until)| period(lang, from, until)).collect();
        let gaps = (!gaps.is_empty()).then(|| format!("{}: {}", lang.t("Zonder betaald werk", "Without paid work"), gaps.join("; ")));
        let contacts = self.contacts.iter().max().map(|last| {
            let count = lang.count(self.contacts.len(), ("contact", "contacten"), ("contact", "contacts"));
            capital(&format!("{count}. {} {}", lang.t("Laatste contact op", "Last contact on"), last.long(lang)))
        });
        lanes.chain(gaps).chain(contacts).collect()
    }

    /// The days without a paid job since the first of them: from this day until the day before the other, `None` where none has come since.
    fn gaps(&self, end: Day) -> Vec<(Day, Option<Day>)> {
        let jobs = self.lanes.iter().filter(|lane| matches!(lane.of, Of::Job { .. }));
        let mut runs: Vec<(Day, Option<Day>)> =
            jobs.filter_map(|lane| Some((lane.spans.first()?.from, lane.spans.last()?.until))).collect();
        runs.sort_unstable_by_key(|(from, _)| *from);
        let mut gaps = Vec::new();
        let Some((_, mut busy)) = runs.first().copied() else { return gaps };
        for (from, until) in runs.into_iter().skip(1) {
            let Some(free) = busy else { return gaps };
            if free < from {
                gaps.push((free, Some(from)));
            }
            busy = until.map(|until| until.max(free));
        }
        gaps.extend(busy.filter(|free| *free <= end).map(|free| (free, None)));
        gaps
    }

    /// The colours that occur, with their words.
    pub(crate) fn legend(&self, lang: Lang) -> Vec<(&'static str, &'static str)> {
        let occurs = |colour: Colour| self.lanes.iter().flat_map(|lane| &lane.spans).any(|span| span.colour == colour);
        let all = [
            (occurs(Colour::Sustainable), "sustainable", lang.t("Duurzaam werk", "Sustainable work")),
            (occurs(Colour::Work), "work", lang.t("Werk, niet duurzaam", "Work, not sustainable")),
            (
                occurs(Colour::Unknown),
                "unknown",
                lang.t("Werk, niet bekend of het duurzaam is", "Work, not known whether it is sustainable"),
            ),
            (occurs(Colour::Other), "other", lang.t("Plaatsing of opleiding", "Placement or education")),
            (self.lanes.iter().any(|lane| lane.ends.is_some()), "until", lang.t("Afgesproken contract", "Agreed contract")),
        ];
        all.into_iter().filter(|one| one.0).map(|one| (one.1, one.2)).collect()
    }

    /// The day at which bars end that go on: today, or the last day of a trajectory that has ended.
    fn end(&self, today: Day) -> Day {
        self.ended.map_or(today, |ended| ended.min(today))
    }

    /// What lies before the first day that is drawn.
    pub(crate) fn left_out(&self, lang: Lang, today: Day) -> Option<String> {
        let first = Scale::of(self, self.end(today)).first;
        let lanes = self.lanes.iter().filter(|lane| lane.spans.first().is_some_and(|span| span.from < first));
        let contacts = self.contacts.iter().filter(|day| **day < first).count();
        let contacts = (contacts > 0).then(|| lang.count(contacts, ("contact", "contacten"), ("contact", "contacts")));
        let all: Vec<String> = lanes.map(|lane| lane.of.words(lang)).chain(contacts).collect();
        let words = lang.t("Niet getekend, van voor", "Not drawn, from before");
        (!all.is_empty()).then(|| format!("{words} {} {}: {}.", first.month(lang), first.year(), all.join(", ")))
    }

    pub(crate) fn bars(&self, lang: Lang, now: Day) -> Bars {
        let today = self.end(now);
        let scale = Scale::of(self, today);
        let height = HEAD + self.lanes.len() * ROW + FOOT;
        let title = self.sentences(lang, now).into_iter().map(|sentence| format!("{sentence}.")).collect::<Vec<_>>();
        let draw = |(n, lane): (usize, &Lane)| {
            let y = HEAD + n * ROW;
            let is_seen = |span: &&Span| span.until.is_none_or(|until| until > scale.first);
            let part = |span: &Span| (span.colour.class(), scale.at(span.from), scale.wide(span.from, span.until.unwrap_or(today)));
            Drawn {
                label: lane.label(lang),
                label_y: y + 22,
                y: y + 29,
                until: lane.ends.filter(|day| *day >= today).map(|day| (scale.at(today), scale.wide(today, day.plus(1)))),
                parts: lane.spans.iter().filter(is_seen).map(part).collect(),
            }
        };
        Bars {
            title: title.join(" "),
            height,
            bottom: height - FOOT,
            foot: height - 6,
            contact: "Contact",
            now: if self.ended.is_some() { lang.t("einde", "end") } else { lang.t("nu", "now") },
            today: scale.at(today),
            ticks: scale.ticks(today, lang).into_iter().map(|(day, words)| (scale.at(day), words)).collect(),
            contacts: self.contacts.iter().filter(|day| **day >= scale.first).map(|day| scale.at(*day)).collect(),
            lanes: self.lanes.iter().enumerate().map(draw).collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_history_has_no_more_words_below_it_than_a_phone_has_room_for() {
        let day = |year| Day::new(year, 1, 1).expect("a day");
        for (first, words) in [(2021, vec!["2021", "2022", "2023", "2024", "2025"]), (2015, vec!["2016", "2018", "2020", "2022", "2024"])] {
            let scale = Scale { first: day(first), last: day(2026) };
            let told: Vec<String> = scale.ticks(day(2026), Lang::Nl).into_iter().map(|(_, words)| words).collect();
            assert_eq!(told, words, "since {first}");
        }
        let century = Scale { first: day(1926), last: day(2026) };
        assert!(century.ticks(day(2026), Lang::Nl).len() <= 7);
    }
}
