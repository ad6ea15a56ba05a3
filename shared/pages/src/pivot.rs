//! The figures as a pivot table: two of what they are broken down by beside each other, and what else was chosen.

use std::borrow::Cow;

use askama::Template;

use crate::{
    codes,
    dashboard::{Part, part_words, quarter_words},
    frame::{Frame, Page},
    lang::{Lang, small, thousands},
    parts::Choosable,
    questions::{AskedAbout, Select},
    report,
};

/// What figures are broken down by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PivotAxis {
    /// What is counted.
    Measure,
    /// The method.
    Method,
    /// Who pays.
    Funding,
    /// The variant of IPS.
    Variant,
    /// The labour-market region.
    Region,
    /// The organisation.
    Organisation,
    /// The quarter.
    Quarter,
}

impl PivotAxis {
    /// What rows can be.
    pub const ROWS: [Self; 7] =
        [Self::Measure, Self::Method, Self::Funding, Self::Variant, Self::Region, Self::Organisation, Self::Quarter];
    /// What columns can be: of these there are few enough.
    pub const COLUMNS: [Self; 3] = [Self::Measure, Self::Method, Self::Quarter];

    /// Its word in an address, which is also the key of what is chosen of it.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Measure => "maat",
            Self::Method => "methode",
            Self::Funding => "financiering",
            Self::Variant => "variant",
            Self::Region => "regio",
            Self::Organisation => "organisatie",
            Self::Quarter => "kwartaal",
        }
    }

    /// The one of these with this word.
    #[must_use]
    pub fn among(those: &[Self], code: &str) -> Option<Self> {
        those.iter().copied().find(|axis| axis.code() == code)
    }

    const fn words(self, lang: Lang) -> &'static str {
        match self {
            Self::Measure => lang.t("Maat", "Measure"),
            Self::Method => lang.t("Methode", "Method"),
            Self::Funding => lang.t("Financiering", "Funding"),
            Self::Variant => lang.t("Variant", "Variant"),
            Self::Region => lang.t("Arbeidsmarktregio", "Labour-market region"),
            Self::Organisation => lang.t("Organisatie", "Organisation"),
            Self::Quarter => lang.t("Kwartaal", "Quarter"),
        }
    }
}

/// What a row or a column is of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PivotHead {
    /// What has a name: a measure, a method, a region, an organisation.
    Named(String),
    /// Who pays, as the contract writes it.
    Funding(String),
    /// A variant, as the figures write it: `none` where it is not known.
    Variant(String),
    /// A quarter: `2025Q1`.
    Quarter(String),
}

/// A number of the table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PivotCell {
    /// How many.
    pub count: u64,
    /// What it is a part of; `None` where there is nothing.
    pub part: Option<Part>,
}

/// A row of the table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PivotRow {
    /// What it is of.
    pub head: PivotHead,
    /// A place a column; `None` where the figures have no line.
    pub cells: Vec<Option<PivotCell>>,
}

/// What stands on neither axis, so that one is chosen.
#[derive(Clone, Debug)]
pub struct PivotChoice {
    /// Of what.
    pub of: PivotAxis,
    /// Which.
    pub chosen: String,
    /// What can be.
    pub all: Vec<Choosable>,
}

/// The page of `/cijfers/draaitabel`.
#[derive(Debug, Template)]
#[template(path = "pivot.html")]
pub struct Pivot {
    /// What stands around it.
    pub frame: Frame,
    /// Quarter and scope.
    pub about: AskedAbout,
    /// What rows can be for who looks.
    pub axes: Vec<PivotAxis>,
    /// What the rows are.
    pub rows: PivotAxis,
    /// What the columns are.
    pub columns: PivotAxis,
    /// What was chosen of what is neither.
    pub choices: Vec<PivotChoice>,
    /// Whether the last quarter has not ended.
    pub provisional: bool,
    /// The first and the last of the log positions that the figures were made from: each quarter is of one.
    pub positions: (u64, u64),
    /// The definition set.
    pub definitions: String,
    /// Whether a number is the sum of those of all methods.
    pub summed: bool,
    /// What the columns are of.
    pub heads: Vec<PivotHead>,
    /// The rows.
    pub lines: Vec<PivotRow>,
}

impl Page for Pivot {
    fn frame(&self) -> &Frame {
        &self.frame
    }

    fn title(&self) -> Cow<'_, str> {
        let quarter = self.quarter_words(&self.about.quarter);
        format!("{} {quarter} · {}", self.frame.t("Draaitabel", "Pivot table"), self.about.scope_name).into()
    }

    fn at(&self) -> &'static str {
        "/cijfers"
    }
}

impl Pivot {
    fn quarter_words(&self, quarter: &str) -> String {
        quarter_words(quarter, self.frame.lang)
    }

    fn selects(&self) -> Vec<Select> {
        let lang = self.frame.lang;
        let axes = |those: &[PivotAxis]| -> Vec<(String, String)> {
            those.iter().map(|axis| (axis.code().to_owned(), axis.words(lang).to_owned())).collect()
        };
        let rows = select("rijen", lang.t("Rijen", "Rows"), self.rows.code(), axes(&self.axes));
        let columns = select("kolommen", lang.t("Kolommen", "Columns"), self.columns.code(), axes(&PivotAxis::COLUMNS));
        let choices = self.choices.iter().map(|choice| {
            let all = choice.all.iter().map(|one| (one.value.clone(), one.words.clone())).collect();
            select(choice.of.code(), choice.of.words(lang), &choice.chosen, all)
        });
        self.about.selects(lang).into_iter().chain([rows, columns]).chain(choices).collect()
    }

    /// `Arbeidsmarktregio naar kwartaal: Betaald werk, Alle methoden`.
    fn caption(&self) -> String {
        let lang = self.frame.lang;
        let axes = format!("{} {} {}", self.rows.words(lang), lang.t("naar", "by"), small(self.columns.words(lang)));
        let chosen: Vec<&str> = self.choices.iter().filter_map(PivotChoice::words).collect();
        if chosen.is_empty() { axes } else { format!("{axes}: {}", chosen.join(", ")) }
    }

    /// What the rows are of, above them.
    fn rows_words(&self) -> &'static str {
        self.rows.words(self.frame.lang)
    }

    fn head_words(&self, head: &PivotHead) -> String {
        let lang = self.frame.lang;
        match head {
            PivotHead::Named(name) => name.clone(),
            PivotHead::Funding(code) => codes::FUNDING.words(lang, code),
            PivotHead::Variant(code) if code == "none" => lang.t("Onbekend", "Unknown").to_owned(),
            PivotHead::Variant(code) => codes::VARIANT.words(lang, code),
            PivotHead::Quarter(quarter) => quarter_words(quarter, lang),
        }
    }

    fn count_words(&self, cell: &PivotCell) -> String {
        thousands(cell.count, self.frame.lang)
    }

    fn part_words(&self, cell: &PivotCell) -> Option<String> {
        cell.part.as_ref().map(|part| part_words(part, cell.count, self.frame.lang))
    }

    fn is_empty(&self) -> bool {
        self.heads.is_empty() || self.lines.is_empty()
    }

    /// What else is to be known of the numbers.
    fn notes(&self) -> Vec<&str> {
        let f = &self.frame;
        let has_gaps = self.lines.iter().any(|row| row.cells.iter().any(Option::is_none));
        let gaps = has_gaps.then(|| {
            f.t(
                "Een streepje (–): hiervan hebben de cijfers geen regel. Het is geen 0.",
                "A dash (–): the figures have no line on this. It is not 0.",
            )
        });
        let sums = self.summed.then(|| {
            f.t(
                "Alle methoden samen: de aantallen van de methoden zijn opgeteld, en het percentage is dat van de som.",
                "All methods together: the numbers of the methods were added, and the percentage is that of the sum.",
            )
        });
        gaps.into_iter().chain(sums).collect()
    }

    /// `Logpositie 128.440`.
    fn positions_words(&self) -> String {
        let lang = self.frame.lang;
        let (first, last) = (thousands(self.positions.0, lang), thousands(self.positions.1, lang));
        if first == last {
            format!("{} {first}", lang.t("Logpositie", "Log position"))
        } else {
            format!("{} {first} {} {last}", lang.t("Logposities", "Log positions"), lang.t("tot en met", "to"))
        }
    }

    /// The figures of the same.
    fn figures(&self) -> String {
        format!("/cijfers?{}", report::of(&self.about.quarter, &self.about.scope))
    }

    /// The lines behind the table as files: address and what each is.
    fn files(&self) -> [(String, &'static str); 3] {
        let address = |ending: &str| format!("/cijfers/draaitabel.{ending}?{}", self.query());
        [(address("csv"), "CSV"), (address("xlsx"), "Excel (XLSX)"), (address("parquet"), "Parquet")]
    }

    /// What an address asks for to have this table.
    fn query(&self) -> String {
        let of = report::of(&self.about.quarter, &self.about.scope);
        let table = format!("{of}&rijen={}&kolommen={}", self.rows.code(), self.columns.code());
        self.choices.iter().fold(table, |query, choice| format!("{query}&{}={}", choice.of.code(), choice.chosen))
    }
}

impl PivotChoice {
    /// What was chosen is called so.
    fn words(&self) -> Option<&str> {
        self.all.iter().find(|one| one.value == self.chosen).map(|one| one.words.as_str())
    }
}

fn select(key: &'static str, label: &str, chosen: &str, all: Vec<(String, String)>) -> Select {
    Select { key, label: label.to_owned(), chosen: chosen.to_owned(), all }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_axis_has_a_word_of_its_own_and_is_found_by_it_where_it_may_stand() {
        for axis in PivotAxis::ROWS {
            assert_eq!(PivotAxis::among(&PivotAxis::ROWS, axis.code()), Some(axis));
            let is_column = PivotAxis::among(&PivotAxis::COLUMNS, axis.code()).is_some();
            assert_eq!(is_column, PivotAxis::COLUMNS.contains(&axis), "{axis:?}");
        }
        assert_eq!(PivotAxis::among(&PivotAxis::ROWS, "x"), None);
    }
}
