//! The tables: each percentage with what it is of.

use super::{AlongsideRow, BecameRow, CohortRow, Curve, Group, Parts, words};
use crate::{
    dashboard::Part,
    lang::{Lang, thousands},
};

/// Where nothing can be said.
const NOTHING: &str = "–";

/// A table.
#[derive(Debug)]
pub(super) struct Sheet {
    /// What it is called.
    pub title: String,
    /// What its columns are, the first one included.
    pub heads: Vec<String>,
    /// Its rows.
    pub rows: Vec<Row>,
}

/// A row.
#[derive(Debug)]
pub(super) struct Row {
    /// What it is of.
    pub head: String,
    /// Each with what stands below it, which may be nothing.
    pub cells: Vec<(String, String)>,
}

/// What somebody may have beside unpaid work, in the order of [`AlongsideRow::beside`].
pub(super) const BESIDE: [fn(Lang) -> &'static str; 4] = [
    |lang| lang.t("Een betaalde baan", "A paid job"),
    |lang| lang.t("Een opleiding", "An education"),
    |lang| lang.t("Allebei", "Both"),
    |lang| lang.t("Geen van beide", "Neither"),
];

fn plain(words: impl Into<String>) -> (String, String) {
    (words.into(), String::new())
}

/// `36%`: whole percentages, which is as exact as an interval of this width deserves.
pub(super) fn percent(millionths: u32) -> String {
    format!("{}%", millionths.saturating_add(5_000) / 10_000)
}

/// `36% (31–41%)`.
fn estimate(parts: &Parts) -> String {
    let happened = percent(parts.happened);
    match parts.interval {
        Some((lower, upper)) => format!("{happened} ({}–{})", percent(lower).trim_end_matches('%'), percent(upper)),
        None => happened,
    }
}

/// `36,4% van 33`.
pub(super) fn part(part: &Part, lang: Lang) -> String {
    format!("{}% {} {}", part.percentage.replace('.', lang.t(",", ".")), lang.t("van", "of"), thousands(part.whole, lang))
}

fn month(curve: Option<&Curve>, month: u32, lang: Lang) -> (String, String) {
    let found = curve.and_then(|curve| curve.months.iter().find(|one| one.month == month));
    found.map_or_else(
        || plain(NOTHING),
        |one| (estimate(&one.parts), format!("{} {}", thousands(one.at_risk, lang), lang.t("gevolgd", "followed"))),
    )
}

/// `3 maanden`.
fn months(month: u32, lang: Lang) -> String {
    lang.count(month as usize, ("maand", "maanden"), ("month", "months"))
}

/// A row a month, a column a group.
pub(super) fn by_month(title: &str, groups: &[Group], all: &[(u32, u32)], lang: Lang) -> Sheet {
    let row = |(number, _): &(u32, u32)| Row {
        head: months(*number, lang),
        cells: groups.iter().map(|group| month(group.curve.as_ref(), *number, lang)).collect(),
    };
    let told = |one: &&(u32, u32)| {
        groups.iter().filter_map(|group| group.curve.as_ref()).any(|curve| curve.months.iter().any(|m| m.month == one.0))
    };
    Sheet {
        title: title.to_owned(),
        heads: std::iter::once(lang.t("Na", "After").to_owned()).chain(groups.iter().map(|group| group.name.words(lang))).collect(),
        rows: all.iter().filter(told).map(row).collect(),
    }
}

fn median(curve: Option<&Curve>, lang: Lang) -> String {
    match curve {
        None => NOTHING.to_owned(),
        Some(Curve { median: None, .. }) => lang.t("niet bereikt", "not reached").to_owned(),
        Some(Curve { median: Some(days), .. }) => thousands((*days).into(), lang),
    }
}

/// How many were followed, and to how many it happened.
pub(super) fn totals(groups: &[Group], lang: Lang) -> Sheet {
    let row = |group: &Group| Row {
        head: group.name.words(lang),
        cells: vec![
            plain(thousands(group.observed, lang)),
            plain(thousands(group.happened, lang)),
            plain(median(group.curve.as_ref(), lang)),
        ],
    };
    Sheet {
        title: lang.t("Hoeveel er gevolgd zijn", "How many were followed").to_owned(),
        heads: [
            lang.t("Groep", "Group"),
            lang.t("Gevolgd", "Followed"),
            lang.t("Daarvan gebeurde het bij", "Of these it happened to"),
            lang.t("De helft na (dagen)", "Half of them after (days)"),
        ]
        .map(str::to_owned)
        .into(),
        rows: groups.iter().map(row).collect(),
    }
}

/// A row a quarter, a column a month.
pub(super) fn cohorts_by_month(cohorts: &[CohortRow], all: &[(u32, u32)], lang: Lang) -> Sheet {
    let row = |cohort: &CohortRow| Row {
        head: cohort.group.name.words(lang),
        cells: all.iter().map(|(number, _)| month(cohort.group.curve.as_ref(), *number, lang)).collect(),
    };
    Sheet {
        title: words::first_job(lang).to_owned(),
        heads: std::iter::once(lang.t("Begonnen in", "Began in").to_owned())
            .chain(all.iter().map(|(number, _)| months(*number, lang)))
            .collect(),
        rows: cohorts.iter().map(row).collect(),
    }
}

/// What became of those who were looking, by quarter.
pub(super) fn cohorts(cohorts: &[CohortRow], lang: Lang) -> Sheet {
    let row = |cohort: &CohortRow| {
        let CohortRow { group, found, had_one, left, looking } = cohort;
        let share = found.as_ref().map_or_else(String::new, |found| part(found, lang));
        let number = |count: &u64| plain(thousands(*count, lang));
        Row {
            head: group.name.words(lang),
            cells: vec![
                number(&group.observed),
                (thousands(group.happened, lang), share),
                number(left),
                number(looking),
                plain(median(group.curve.as_ref(), lang)),
                number(had_one),
            ],
        }
    };
    Sheet {
        title: lang.t("Hoeveel er zochten, en hoe het staat", "How many were looking, and how it stands").to_owned(),
        heads: [
            lang.t("Begonnen in", "Began in"),
            lang.t("Zochten", "Looking"),
            lang.t("Vonden", "Found"),
            lang.t("Vertrokken zonder", "Left without"),
            lang.t("Zoeken nog", "Still looking"),
            lang.t("De helft na (dagen)", "Half of them after (days)"),
            lang.t("Hadden al een baan", "Had a job already"),
        ]
        .map(str::to_owned)
        .into(),
        rows: cohorts.iter().map(row).collect(),
    }
}

/// What became of some.
pub(super) fn became(title: &str, rows: &[BecameRow], has_gaps: bool, lang: Lang) -> Sheet {
    let row = |row: &BecameRow| {
        let gap = row.gap.map_or_else(|| NOTHING.to_owned(), |days| thousands(days.into(), lang));
        let counted = [plain(thousands(row.part.of, lang)), plain(part(&row.part, lang))];
        Row { head: words::became(row, lang), cells: counted.into_iter().chain(has_gaps.then(|| plain(gap))).collect() }
    };
    let gap = has_gaps.then(|| lang.t("Dagen ertussen (midden)", "Days between (median)"));
    let heads = [lang.t("Traject", "Trajectory"), lang.t("Aantal", "Count"), lang.t("Deel", "Part")];
    Sheet {
        title: title.to_owned(),
        heads: heads.into_iter().chain(gap).map(str::to_owned).collect(),
        rows: rows.iter().map(row).collect(),
    }
}

/// Unpaid work beside other things.
pub(super) fn alongside(rows: &[AlongsideRow], lang: Lang) -> Sheet {
    let row = |row: &AlongsideRow| {
        let beside = row.beside.iter().map(|one| (thousands(one.of, lang), part(one, lang)));
        let before = row.before.iter().map(|count| plain(thousands(*count, lang)));
        Row {
            head: row.of.clone().unwrap_or_else(|| lang.t("Alle methoden", "All methods").to_owned()),
            cells: std::iter::once(plain(thousands(row.unpaid, lang))).chain(beside).chain(before).collect(),
        }
    };
    let first = [lang.t("Methode", "Method"), lang.t("Met onbetaald werk", "With unpaid work")];
    let last = [
        lang.t("Begon voor de start", "Began before the start"),
        lang.t("Geen van beide, en begon voor de start", "Neither, and began before the start"),
    ];
    Sheet {
        title: words::alongside(lang).to_owned(),
        heads: first.into_iter().chain(BESIDE.map(|name| name(lang))).chain(last).map(str::to_owned).collect(),
        rows: rows.iter().map(row).collect(),
    }
}
