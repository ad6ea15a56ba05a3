//! What was published of a quarter: each publication with how final it is and what had been declared before it; and what differs between two of them, with
//! what made the difference.

use std::borrow::Cow;

use askama::{Template, filters::HtmlSafe};

use crate::{
    completeness::Register,
    dashboard::quarter_words,
    day::Minute,
    frame::{Frame, Page},
    lang::{Lang, thousands},
    questions::{AskedAbout, Select},
    report,
};

/// So much of a hash tells one publication from another; the whole of it stands beside.
const SHORT: usize = 12;

/// How final a publication is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PublicationStatus {
    /// Numbers may still change.
    Provisional,
    /// Changed since it was first published.
    Revised,
    /// Final, unless the quarter is reopened.
    Definitive,
}

/// A publication of the quarter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublicationRow {
    /// Its number in the register.
    pub number: u64,
    /// How final it is.
    pub status: PublicationStatus,
    /// The moment whose state of the log it is of.
    pub moment: Minute,
    /// The last log position of that state.
    pub position: u64,
    /// The definition set.
    pub definitions: String,
    /// Who published it.
    pub by: String,
    /// When.
    pub at: Minute,
    /// The hash of its record, in hexadecimal.
    pub hash: String,
    /// The organisations that had declared something complete before it, each with the methods.
    pub declared: Vec<(String, Vec<String>)>,
}

/// By whom a quarter was reopened, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reopened {
    /// Who reopened it.
    pub by: String,
    /// Who agreed.
    pub agreed_by: String,
    /// Why.
    pub reason: String,
}

/// A reopening of the quarter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReopeningRow {
    /// When.
    pub at: Minute,
    /// By whom and why; `None` for who may not read that.
    pub told: Option<Reopened>,
}

/// What makes a number another one in a later publication.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ChangeCause {
    /// Told after the earlier publication.
    Late,
    /// Told otherwise, or taken back.
    Corrected,
    /// Counted by other definitions.
    Definitions,
    /// Of an organisation that had told of nobody before.
    Joined,
    /// Of an organisation that tells of nobody any more.
    Left,
}

impl ChangeCause {
    /// All of them, in the order in which they stand.
    pub const ALL: [Self; 5] = [Self::Late, Self::Corrected, Self::Definitions, Self::Joined, Self::Left];

    const fn words(self, lang: Lang) -> &'static str {
        match self {
            Self::Late => lang.t("Laat vastgelegd", "Recorded late"),
            Self::Corrected => lang.t("Gecorrigeerd of ingetrokken", "Corrected or retracted"),
            Self::Definitions => lang.t("Andere definities", "Other definitions"),
            Self::Joined => lang.t("Organisatie erbij", "Organisation joined"),
            Self::Left => lang.t("Organisatie weg", "Organisation left"),
        }
    }

    const fn meaning(self, lang: Lang) -> &'static str {
        match self {
            Self::Late => {
                lang.t("Pas na de eerste van de twee publicaties vastgelegd.", "Recorded only after the first of the two publications.")
            }
            Self::Corrected => lang.t(
                "Het stond er al, en is daarna anders verteld of ingetrokken.",
                "It was there, and was told otherwise or retracted after that.",
            ),
            Self::Definitions => lang.t(
                "Er is niets anders vastgelegd, maar er is anders geteld.",
                "Nothing else was recorded, but it was counted by other rules.",
            ),
            Self::Joined => lang.t(
                "Van een organisatie die bij de eerste publicatie nog niets had aangeleverd.",
                "Of an organisation that had delivered nothing at the first publication.",
            ),
            Self::Left => lang.t(
                "Van een organisatie waarvan bij de tweede publicatie niets meer over is.",
                "Of an organisation of which nothing is left at the second publication.",
            ),
        }
    }
}

/// What a cause adds to a number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChangePart {
    /// Why.
    pub cause: ChangeCause,
    /// What it adds; negative for what it takes away.
    pub difference: i64,
    /// By how many trajectories.
    pub trajectories: usize,
}

/// A number that differs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChangeRow {
    /// What the cell is called: all methods, or one, or a part of one.
    pub cell: String,
    /// What is counted.
    pub measure: String,
    /// What it was.
    pub then: u64,
    /// What it is.
    pub now: u64,
    /// What made the difference; none where it is not split.
    pub parts: Vec<ChangePart>,
}

/// What differs between two publications.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Changes {
    /// The number of the earlier one.
    pub then: u64,
    /// The number of the later one.
    pub now: u64,
    /// Whether one of them counts anything of the scope.
    pub counted: bool,
    /// What differs of all methods and of each.
    pub whole: Vec<ChangeRow>,
    /// What differs within methods.
    pub parts: Vec<ChangeRow>,
}

/// What is compared.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Compared {
    /// Nothing: there is one publication.
    TooFew,
    /// The publication of this number with itself.
    Same(u64),
    /// Two.
    Both(Changes),
}

/// The page of `/cijfers/publicaties`.
#[derive(Debug, Template)]
#[template(path = "publications.html")]
pub struct Publications {
    /// What stands around it.
    pub frame: Frame,
    /// Quarter and scope.
    pub about: AskedAbout,
    /// Where publications rest.
    pub register: Register,
    /// Whether the quarter is definitive.
    pub locked: bool,
    /// The publications, the latest first.
    pub rows: Vec<PublicationRow>,
    /// The reopenings, in the order in which they were made.
    pub reopenings: Vec<ReopeningRow>,
    /// What is compared; `None` where nothing was published.
    pub compared: Option<Compared>,
}

impl Page for Publications {
    fn frame(&self) -> &Frame {
        &self.frame
    }

    fn title(&self) -> Cow<'_, str> {
        format!("{} {} · {}", self.frame.t("Publicaties", "Publications"), self.quarter_words(), self.about.scope_name).into()
    }

    fn at(&self) -> &'static str {
        "/cijfers"
    }
}

/// The numbers that differ, as a table: a column for each cause that occurs.
#[derive(Debug, Template)]
#[template(path = "parts/changes.html")]
struct ChangeTable<'a> {
    lang: Lang,
    /// The id of its heading.
    id: &'static str,
    causes: Vec<ChangeCause>,
    rows: &'a [ChangeRow],
}
impl HtmlSafe for ChangeTable<'_> {}

impl<'a> ChangeTable<'a> {
    fn of(lang: Lang, id: &'static str, rows: &'a [ChangeRow]) -> Self {
        let occurs = |cause: &ChangeCause| rows.iter().any(|row| row.parts.iter().any(|part| part.cause == *cause));
        Self { lang, id, causes: ChangeCause::ALL.into_iter().filter(occurs).collect(), rows }
    }

    /// What the columns are of, with whether they are of numbers.
    fn heads(&self) -> Vec<(&'static str, bool)> {
        let lang = self.lang;
        let fixed = [
            (lang.t("Cijfers over", "Figures on"), false),
            (lang.t("Maat", "Measure"), false),
            (lang.t("Toen", "Then"), true),
            (lang.t("Nu", "Now"), true),
            (lang.t("Verschil", "Change"), true),
        ];
        fixed.into_iter().chain(self.causes.iter().map(|cause| (cause.words(lang), true))).collect()
    }

    fn hint(&self) -> &'static str {
        self.lang.t("Schuif de tabel opzij om alle kolommen te zien.", "Move the table sideways to see all columns.")
    }

    /// Then, now and the change.
    fn numbers(&self, row: &ChangeRow) -> [String; 3] {
        let change = i128::from(row.now) - i128::from(row.then);
        [thousands(row.then, self.lang), thousands(row.now, self.lang), signed(change, self.lang)]
    }

    /// For each cause what it adds, and by how many trajectories where that is another number; both empty where it adds nothing.
    fn by_cause(&self, row: &ChangeRow) -> Vec<(String, String)> {
        let of = |cause: &ChangeCause| row.parts.iter().find(|part| part.cause == *cause).map(|part| self.part_words(part));
        self.causes.iter().map(|cause| of(cause).unwrap_or_default()).collect()
    }

    fn part_words(&self, part: &ChangePart) -> (String, String) {
        let are_as_many = usize::try_from(part.difference.unsigned_abs()) == Ok(part.trajectories);
        let trajectories = self.lang.count(part.trajectories, ("traject", "trajecten"), ("trajectory", "trajectories"));
        (signed(i128::from(part.difference), self.lang), if are_as_many { String::new() } else { trajectories })
    }
}

/// `+1.204`, `−44`, `0`.
fn signed(change: i128, lang: Lang) -> String {
    let size = thousands(u64::try_from(change.unsigned_abs()).unwrap_or(u64::MAX), lang);
    match change.signum() {
        1 => format!("+{size}"),
        -1 => format!("−{size}"),
        _ => size,
    }
}

impl Publications {
    fn quarter_words(&self) -> String {
        quarter_words(&self.about.quarter, self.frame.lang)
    }

    fn count_words(&self, count: &u64) -> String {
        thousands(*count, self.frame.lang)
    }

    /// `15 mei 2025, 14.00 uur`.
    fn minute_words(&self, at: &Minute) -> String {
        let lang = self.frame.lang;
        format!("{}, {}", at.day.long(lang), at.clock(lang))
    }

    fn selects(&self) -> Vec<Select> {
        self.about.selects(self.frame.lang)
    }

    /// The figures of the same.
    fn figures(&self) -> String {
        format!("/cijfers?{}", report::of(&self.about.quarter, &self.about.scope))
    }

    /// The report on a publication, of the same scope.
    fn report(&self, row: &PublicationRow) -> String {
        format!("/cijfers/verslag?{}", report::address_of(&self.about.quarter, &self.about.scope, Some(row.number)))
    }

    /// What has to be known about where publications rest.
    fn register_words(&self) -> Option<&str> {
        let f = &self.frame;
        match self.register {
            Register::Here => None,
            Register::OfThisProcess => Some(f.t(
                "Meer processen delen dit logboek. Hier staan alleen de publicaties in de datamap van dit proces: publiceer vanaf één plek.",
                "Several processes share this log. Here are only the publications in the data folder of this process: publish from one place.",
            )),
            Register::Elsewhere => Some(f.t(
                "Dit proces kan het register van publicaties niet lezen. Wat er is gepubliceerd, is hier niet te zien: kijk op de plek waar gepubliceerd wordt.",
                "This process cannot read the register of publications. What was published cannot be seen here: look where publications are made.",
            )),
        }
    }

    fn is_known(&self) -> bool {
        self.register != Register::Elsewhere
    }

    /// Whether its numbers may still change.
    fn standing(&self) -> &str {
        let f = &self.frame;
        if self.locked {
            f.t(
                "Dit kwartaal is definitief. Er komt geen nieuwe publicatie, tenzij iemand het heropent met een reden, en iemand anders daarmee akkoord gaat.",
                "This quarter is definitive. There is no further publication, unless somebody reopens it with a reason, and somebody else agrees.",
            )
        } else if self.reopenings.is_empty() {
            f.t(
                "Dit kwartaal is nog niet definitief: in een volgende publicatie kunnen getallen anders zijn.",
                "This quarter is not definitive: numbers may be others in a further publication.",
            )
        } else {
            f.t(
                "Dit kwartaal was definitief en is heropend: in een volgende publicatie kunnen getallen anders zijn.",
                "This quarter was definitive and has been reopened: numbers may be others in a further publication.",
            )
        }
    }

    /// Colour and words.
    fn status(&self, row: &PublicationRow) -> (&'static str, &'static str) {
        let lang = self.frame.lang;
        match row.status {
            PublicationStatus::Provisional => ("warn", lang.t("voorlopig", "provisional")),
            PublicationStatus::Revised => ("info", lang.t("herzien", "revised")),
            PublicationStatus::Definitive => ("good", lang.t("definitief", "definitive")),
        }
    }

    /// Enough of a hash to tell one from another.
    fn short<'a>(&self, row: &'a PublicationRow) -> &'a str {
        row.hash.get(..SHORT).unwrap_or(&row.hash)
    }

    /// By how many organisations something had been declared.
    fn declared_count(&self, row: &PublicationRow) -> String {
        let lang = self.frame.lang;
        if row.declared.is_empty() {
            return lang.t("door niemand", "by nobody").to_owned();
        }
        let count = lang.count(row.declared.len(), ("organisatie", "organisaties"), ("organisation", "organisations"));
        format!("{} {count}", lang.t("door", "by"))
    }

    /// `ggz Noorderlicht (IPS, WABZ); ggz Voorbeeld (IPS)`.
    fn declared_words(&self, row: &PublicationRow) -> String {
        let words = |(organisation, methods): &(String, Vec<String>)| format!("{organisation} ({})", methods.join(", "));
        if row.declared.is_empty() { self.declared_count(row) } else { row.declared.iter().map(words).collect::<Vec<_>>().join("; ") }
    }

    fn has_declared(&self) -> bool {
        self.rows.iter().any(|row| !row.declared.is_empty())
    }

    /// When a quarter was reopened, by whom and why.
    fn reopened_words(&self, row: &ReopeningRow) -> String {
        let lang = self.frame.lang;
        let when = format!("{} {}", lang.t("Heropend op", "Reopened on"), self.minute_words(&row.at));
        let Some(Reopened { by, agreed_by, reason }) = &row.told else {
            let who = lang
                .t("Door wie en waarom ziet alleen wie alle cijfers mag zien.", "By whom and why is seen only by who may see all figures.");
            return format!("{when}. {who}");
        };
        let (done_by, agreed, why) = (lang.t("door", "by"), lang.t("met akkoord van", "agreed to by"), lang.t("Reden", "Reason"));
        format!("{when}, {done_by} {by}, {agreed} {agreed_by}. {why}: {reason}")
    }

    fn numbered(&self, number: u64) -> Option<&PublicationRow> {
        self.rows.iter().find(|row| row.number == number)
    }

    /// The two publications to choose; none where there are not two.
    fn versions(&self) -> Vec<Select> {
        let lang = self.frame.lang;
        let (then, now) = match &self.compared {
            None | Some(Compared::TooFew) => return Vec::new(),
            Some(Compared::Same(number)) => (*number, *number),
            Some(Compared::Both(Changes { then, now, .. })) => (*then, *now),
        };
        let all = || self.rows.iter().map(|row| (row.number.to_string(), self.version_words(row))).collect();
        let select = |key, label: &str, chosen: u64| Select { key, label: label.to_owned(), chosen: chosen.to_string(), all: all() };
        vec![
            select("van", lang.t("Van publicatie", "From publication"), then),
            select("naar", lang.t("Naar publicatie", "To publication"), now),
        ]
    }

    /// `3: herzien, 15 mei 2025`.
    fn version_words(&self, row: &PublicationRow) -> String {
        format!("{}: {}, {}", row.number, self.status(row).1, row.moment.day.long(self.frame.lang))
    }

    /// What is said where nothing is compared.
    fn instead_words(&self) -> Option<&str> {
        let f = &self.frame;
        match &self.compared {
            Some(Compared::TooFew) => Some(f.t(
                "Er is één publicatie. Bij een volgende staat hier welke getallen anders zijn, en waardoor.",
                "There is one publication. With a further one it stands here which numbers differ, and why.",
            )),
            Some(Compared::Same(_)) => {
                Some(f.t("Dit is twee keer dezelfde. Kies twee verschillende publicaties.", "These are the same. Choose two that differ."))
            }
            Some(Compared::Both(_)) | None => None,
        }
    }

    fn changes(&self) -> Option<&Changes> {
        if let Some(Compared::Both(changes)) = &self.compared { Some(changes) } else { None }
    }

    /// Which two are compared, and how much differs.
    fn changes_words(&self, changes: &Changes) -> String {
        let lang = self.frame.lang;
        let differ = changes.whole.len() + changes.parts.len();
        let what = match (changes.counted, differ) {
            (false, _) => lang.t("in geen van beide is hiervan iets geteld", "neither counts anything of this").to_owned(),
            (true, 0) => lang.t("alle getallen zijn gelijk", "all numbers are the same").to_owned(),
            (true, _) => lang.count(differ, ("getal is anders", "getallen zijn anders"), ("number differs", "numbers differ")),
        };
        let one = |number: u64| {
            let as_of = self.numbered(number).map(|row| self.minute_words(&row.moment)).unwrap_or_default();
            format!("{number} ({} {as_of})", lang.t("het logboek van", "the log of"))
        };
        let (from, to) = (lang.t("Van publicatie", "From publication"), lang.t("naar publicatie", "to publication"));
        format!("{from} {} {to} {}: {what}.", one(changes.then), one(changes.now))
    }

    /// That they were made by other definitions.
    fn definitions_words(&self, changes: &Changes) -> Option<String> {
        let (then, now) = (&self.numbered(changes.then)?.definitions, &self.numbered(changes.now)?.definitions);
        let lang = self.frame.lang;
        let made = lang.t("De eerste is gemaakt met de definities", "The first was made by the definitions");
        (then != now).then(|| format!("{made} {then}, {} {now}.", lang.t("de tweede met", "the second by")))
    }

    /// What the causes mean that occur.
    fn meanings(&self, changes: &Changes) -> Vec<(&'static str, &'static str)> {
        let lang = self.frame.lang;
        let rows = || changes.whole.iter().chain(&changes.parts);
        let occurs = |cause: &ChangeCause| rows().any(|row| row.parts.iter().any(|part| part.cause == *cause));
        let causes = ChangeCause::ALL.into_iter().filter(occurs);
        causes.map(|cause| (cause.words(lang), cause.meaning(lang))).collect()
    }

    /// That something is not split, where it stands.
    fn unsplit_words(&self, changes: &Changes) -> Option<&str> {
        let is_there = changes.whole.iter().chain(&changes.parts).any(|row| row.parts.is_empty());
        is_there.then(|| {
            self.frame.t(
                "Hoeveel organisaties er zijn, wordt niet uitgesplitst: het is geen som van trajecten.",
                "How many organisations there are is not split: it is no sum of trajectories.",
            )
        })
    }

    fn whole_table<'a>(&self, changes: &'a Changes) -> ChangeTable<'a> {
        ChangeTable::of(self.frame.lang, "verschil", &changes.whole)
    }

    fn parts_table<'a>(&self, changes: &'a Changes) -> ChangeTable<'a> {
        ChangeTable::of(self.frame.lang, "verschil", &changes.parts)
    }
}
