//! How complete a quarter is: who delivers what, whether it was declared complete, how soon it was recorded, and what changed among those who
//! delivered both times.

use std::borrow::Cow;

use askama::Template;

use crate::{
    dashboard::quarter_words,
    day::Minute,
    frame::{Frame, Page},
    lang::thousands,
    parts::{Alert, Choosable, Weight},
};

/// How an organisation stands with a method in the quarter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Declared {
    /// The register of declarations cannot be reached from here.
    NotKnown,
    /// Nothing was delivered, nor declared.
    NoDelivery,
    /// It delivers, and nobody has declared it complete.
    Not,
    /// By whom, when, and whether something about the quarter was recorded after that.
    By {
        /// Who.
        name: String,
        /// When.
        at: Minute,
        /// Whether something was recorded since.
        since: bool,
    },
}

/// What an organisation delivered of a method in the quarter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Delivered {
    /// Nothing ran.
    Nothing,
    /// Trajectories ran, of which nothing that happened in the quarter was recorded.
    Silent,
    /// Trajectories ran, and something was recorded.
    Something,
}

/// An organisation and a method.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeliveryRow {
    /// Who.
    pub organisation: String,
    /// What.
    pub method: String,
    /// The first and the last quarter, as `2025Q1`; `None` where nothing was ever delivered.
    pub from_to: Option<(String, String)>,
    /// The quarters between them without a delivery.
    pub without: Vec<String>,
    /// What was delivered in the quarter that is shown.
    pub in_quarter: Delivered,
    /// Whether it was declared complete.
    pub declared: Declared,
}

/// How soon an organisation recorded what happened in the quarter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DelayRow {
    /// Who.
    pub organisation: String,
    /// How many events.
    pub events: u64,
    /// Within how many days half of them was recorded, and nine of ten; `None` of no event.
    pub days: Option<(u32, u32)>,
    /// The percentages within seven days and within thirty, with a decimal point; `None` of no event.
    pub shares: Option<(String, String)>,
}

/// A measure of a method in two quarters: of all organisations, and of those that delivered it in both.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PanelRow {
    /// What it is called: a method, or all of them.
    pub method: String,
    /// The measure.
    pub measure: String,
    /// Of all: then and now.
    pub raw: (u64, u64),
    /// Of those that delivered in both.
    pub panel: (u64, u64),
    /// How many organisations stopped delivering, and what they had then.
    pub stopped: (usize, u64),
    /// How many began to deliver, and what they have now.
    pub joined: (usize, u64),
}

/// What changed since one quarter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PanelTable {
    /// The earlier quarter.
    pub since: String,
    /// What runs, a method a row, all of them first.
    pub running: Vec<PanelRow>,
    /// The other measures that occur.
    pub others: Vec<PanelRow>,
}

/// The form by which a manager declares.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeclareForm {
    /// The organisation.
    pub organisation: String,
    /// The methods that can be declared: the code, the name, what was delivered in the quarter, and whether it is ticked.
    pub methods: Vec<(String, String, Delivered, bool)>,
}

/// What became of a declaration.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DeclareSaid {
    /// It was recorded.
    Done,
    /// It was declared before, and nothing was recorded since.
    Already,
    /// It was not confirmed.
    NotConfirmed,
    /// No method was chosen.
    NoMethod,
    /// The quarter has not ended.
    NotEnded,
}

/// Where declarations rest.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Register {
    /// Here.
    Here,
    /// In the data folder of this process alone, though others share the log.
    OfThisProcess,
    /// Somewhere else: nothing is known of them here.
    Elsewhere,
}

/// The page of `/cijfers/volledigheid`. Its form posts there.
#[derive(Debug, Template)]
#[template(path = "completeness.html")]
pub struct Completeness {
    /// What stands around it.
    pub frame: Frame,
    /// `2025Q1`.
    pub quarter: String,
    /// Whose: the country, or an organisation.
    pub scope_name: String,
    /// The quarters that can be chosen.
    pub quarters: Vec<Choosable>,
    /// Whether the quarter has not ended.
    pub provisional: bool,
    /// The log position that it was made from.
    pub position: u64,
    /// Who delivers what.
    pub deliveries: Vec<DeliveryRow>,
    /// How soon it was recorded.
    pub delays: Vec<DelayRow>,
    /// What changed; `None` of one organisation, which is its own panel.
    pub panels: Option<Vec<PanelTable>>,
    /// Where declarations rest.
    pub register: Register,
    /// By what a manager declares; `None` for others, before the quarter has ended, and when all is declared.
    pub form: Option<DeclareForm>,
    /// What became of what was just declared.
    pub said: Option<DeclareSaid>,
}

impl Page for Completeness {
    fn frame(&self) -> &Frame {
        &self.frame
    }

    fn title(&self) -> Cow<'_, str> {
        format!("{} {} · {}", self.frame.t("Volledigheid", "Completeness"), self.quarter_words(&self.quarter), self.scope_name).into()
    }

    fn at(&self) -> &'static str {
        "/cijfers"
    }
}

impl Completeness {
    fn quarter_words(&self, quarter: &str) -> String {
        quarter_words(quarter, self.frame.lang)
    }

    fn count_words(&self, count: &u64) -> String {
        thousands(*count, self.frame.lang)
    }

    /// What became of it.
    fn alert(&self) -> Option<Alert> {
        let f = &self.frame;
        let (weight, title, text) = match self.said? {
            DeclareSaid::Done => (
                Weight::Ok,
                f.t("Vastgelegd", "Recorded"),
                f.t(
                    "De verklaring staat erbij, met je naam en het moment. Zij blijft staan.",
                    "The declaration is there, with your name and the moment. It stays.",
                ),
            ),
            DeclareSaid::Already => (
                Weight::Info,
                f.t("Dit was al compleet verklaard", "This was declared complete already"),
                f.t(
                    "Er is sindsdien niets over dit kwartaal vastgelegd. Hieronder staat door wie en wanneer.",
                    "Nothing was recorded about this quarter since. Below is by whom, and when.",
                ),
            ),
            DeclareSaid::NotConfirmed => (
                Weight::Error,
                f.t("Er is niets verklaard", "Nothing was declared"),
                f.t("Zet eerst een vinkje bij de bevestiging.", "Tick the confirmation first."),
            ),
            DeclareSaid::NoMethod => (
                Weight::Error,
                f.t("Er is niets verklaard", "Nothing was declared"),
                f.t("Kies ten minste één methode.", "Choose at least one method."),
            ),
            DeclareSaid::NotEnded => (
                Weight::Error,
                f.t("Dit kwartaal loopt nog", "This quarter has not ended"),
                f.t(
                    "Niemand kan nu al zeggen dat alles is vastgelegd. Verklaar het na de laatste dag.",
                    "Nobody can say yet that all of it is recorded. Declare it after its last day.",
                ),
            ),
        };
        let role = if weight == Weight::Error { "alert" } else { "status" };
        Some(Alert::new(f, weight, title, text).announced(role))
    }

    /// What has to be known about where declarations rest.
    fn register_words(&self) -> Option<&str> {
        let f = &self.frame;
        match self.register {
            Register::Here => None,
            Register::OfThisProcess => Some(f.t(
                "Meer processen delen dit logboek. Verklaringen staan alleen in de datamap van dit proces: verklaar en publiceer vanaf één plek.",
                "Several processes share this log. Declarations are in the data folder of this process alone: declare and publish from one place.",
            )),
            Register::Elsewhere => Some(f.t(
                "Dit proces kan het register van publicaties niet lezen. Wat compleet is verklaard, is hier niet te zien en niet vast te leggen: doe dat op de plek waar gepubliceerd wordt.",
                "This process cannot read the register of publications. What was declared complete can be neither seen nor recorded here: do it where publications are made.",
            )),
        }
    }

    fn none_words(&self) -> &str {
        self.frame.t("geen levering", "no delivery")
    }

    /// Colour and words; no colour where all is as it should be.
    fn delivered(&self, row: &DeliveryRow) -> (&'static str, &str) {
        match row.in_quarter {
            Delivered::Nothing => ("plain", self.none_words()),
            Delivered::Silent => ("warn", self.frame.t("trajecten lopen, niets vastgelegd", "trajectories run, nothing recorded")),
            Delivered::Something => ("", self.frame.t("geleverd", "delivered")),
        }
    }

    fn without_words(&self, row: &DeliveryRow) -> String {
        row.without.iter().map(|quarter| self.quarter_words(quarter)).collect::<Vec<_>>().join(", ")
    }

    /// Colour and words.
    fn declared(&self, row: &DeliveryRow) -> (&'static str, String) {
        let lang = self.frame.lang;
        match &row.declared {
            Declared::NotKnown => ("plain", lang.t("niet bekend", "not known").to_owned()),
            Declared::NoDelivery => ("plain", self.none_words().to_owned()),
            Declared::Not => ("warn", lang.t("nee", "no").to_owned()),
            Declared::By { since: false, .. } => ("good", lang.t("ja", "yes").to_owned()),
            Declared::By { since: true, .. } => {
                ("warn", lang.t("ja, daarna is nog vastgelegd", "yes, and something was recorded since").to_owned())
            }
        }
    }

    /// `Karim Bakker, 3 april 2025, 11.20 uur`.
    fn declared_by(&self, row: &DeliveryRow) -> Option<String> {
        let Declared::By { name, at, .. } = &row.declared else { return None };
        let lang = self.frame.lang;
        Some(format!("{name}, {}, {}", at.day.long(lang), at.clock(lang)))
    }

    /// `1 dag`, `9 dagen`.
    fn days_words(&self, days: &u32) -> String {
        self.frame.lang.count(usize::try_from(*days).unwrap_or(usize::MAX), ("dag", "dagen"), ("day", "days"))
    }

    fn percentage_words(&self, percentage: &str) -> String {
        format!("{}%", percentage.replace('.', self.frame.t(",", ".")))
    }

    fn change_words(&self, (then, now): &(u64, u64)) -> String {
        let size = thousands(now.abs_diff(*then), self.frame.lang);
        match now.cmp(then) {
            std::cmp::Ordering::Greater => format!("+{size}"),
            std::cmp::Ordering::Less => format!("−{size}"),
            std::cmp::Ordering::Equal => size,
        }
    }

    /// `−120 (3 organisaties)`; empty of none.
    fn group_words(&self, sign: &str, (organisations, count): &(usize, u64)) -> String {
        if *organisations == 0 {
            return String::new();
        }
        let lang = self.frame.lang;
        let who = lang.count(*organisations, ("organisatie", "organisaties"), ("organisation", "organisations"));
        let sign = if *count == 0 { "" } else { sign };
        format!("{sign}{} ({who})", thousands(*count, lang))
    }

    /// What a box to tick says.
    fn method_words(&self, name: &str, what: &Delivered) -> String {
        let but = match what {
            Delivered::Nothing => self.frame.t("er liep niets", "nothing ran"),
            Delivered::Silent => self.frame.t("er is over dit kwartaal niets vastgelegd", "nothing was recorded about this quarter"),
            Delivered::Something => return name.to_owned(),
        };
        format!("{name}: {but}")
    }
}
