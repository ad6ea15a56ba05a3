//! The fields of forms: label, explanation, input, and the place of an error. Errors look and are named as those that
//! `assets/js/forms.js` puts in, so that a page is the same whoever found the mistake, and the script can take them away.

use std::fmt;

use askama::{Template, filters::HtmlSafe};

use crate::lang::Lang;

/// What a form consists of.
#[derive(Debug)]
pub(crate) enum Part {
    Field(Field),
    Area(Area),
    Choice(Choice),
    Select(Select),
    Date(Date),
    Tick(Tick),
    Hidden(Hidden),
    When(When),
    Fold(Fold),
    Said(Said),
    Before(Before),
    Listed(Listed),
    Alert(Alert),
}

impl fmt::Display for Part {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Field(part) => part.fmt(f),
            Self::Area(part) => part.fmt(f),
            Self::Choice(part) => part.fmt(f),
            Self::Select(part) => part.fmt(f),
            Self::Date(part) => part.fmt(f),
            Self::Tick(part) => part.fmt(f),
            Self::Hidden(part) => part.fmt(f),
            Self::When(part) => part.fmt(f),
            Self::Fold(part) => part.fmt(f),
            Self::Said(part) => part.fmt(f),
            Self::Before(part) => part.fmt(f),
            Self::Listed(part) => part.fmt(f),
            Self::Alert(part) => part.fmt(f),
        }
    }
}
impl HtmlSafe for Part {}

/// What every field has: who it is, what it is called, and what is wrong with it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Named {
    pub lang: Lang,
    pub id: String,
    pub name: String,
    pub label: String,
    pub hint: String,
    pub error: String,
    pub optional: bool,
}

impl Named {
    /// The ids of explanation and error, for `aria-describedby`.
    pub(crate) fn described(&self) -> Option<String> {
        let hint = (!self.hint.is_empty()).then(|| format!("{}-uitleg", self.id));
        let error = (!self.error.is_empty()).then(|| format!("fout-{}", self.name));
        let both: Vec<String> = hint.into_iter().chain(error).collect();
        (!both.is_empty()).then(|| both.join(" "))
    }
}

/// One line: text, a number or a password. `attributes` are of this program, never of a person.
#[derive(Debug, Template)]
#[template(path = "parts/field.html")]
pub(crate) struct Field {
    pub of: Named,
    pub kind: &'static str,
    pub value: String,
    pub size: &'static str,
    pub unit: &'static str,
    pub attributes: &'static str,
}

impl Field {
    pub(crate) fn new(of: Named, value: String) -> Self {
        Self { of, kind: "text", value, size: "", unit: "", attributes: "" }
    }
}

/// Several lines of text.
#[derive(Debug, Template)]
#[template(path = "parts/area.html")]
pub(crate) struct Area {
    pub of: Named,
    pub value: String,
    pub rows: u8,
}

/// What can be chosen: its value, its words, and an explanation.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Choosable {
    /// What is sent.
    pub value: String,
    /// What is read.
    pub words: String,
    /// What is read below it; may be empty.
    pub more: String,
}

impl Choosable {
    /// Without an explanation.
    #[must_use]
    pub fn new(value: impl Into<String>, words: impl Into<String>) -> Self {
        Self { value: value.into(), words: words.into(), more: String::new() }
    }

    /// With an explanation.
    #[must_use]
    pub fn explained(value: impl Into<String>, words: impl Into<String>, more: impl Into<String>) -> Self {
        Self { more: more.into(), ..Self::new(value, words) }
    }
}

/// One of few, or several of a list: large enough for a thumb.
#[derive(Debug, Template)]
#[template(path = "parts/choice.html")]
pub(crate) struct Choice {
    pub of: Named,
    pub choices: Vec<Choosable>,
    pub chosen: Vec<String>,
    pub column: bool,
    pub several: bool,
}

/// One of many.
#[derive(Debug, Template)]
#[template(path = "parts/select.html")]
pub(crate) struct Select {
    pub of: Named,
    pub options: Vec<Choosable>,
    pub value: String,
}

/// A date in three inputs.
#[derive(Debug, Template)]
#[template(path = "parts/date.html")]
pub(crate) struct Date {
    /// `error` is of the part that `wrong` names.
    pub of: Named,
    pub day: String,
    pub month: String,
    pub year: String,
    pub wrong: &'static str,
    /// With two buttons beside it that fill in today and yesterday.
    pub presets: bool,
    /// Whether the script fills in today, which may be a later day than that of the page. Never over what somebody filled in.
    pub today: bool,
}

impl Date {
    /// The three inputs: key, words, value and length.
    fn inputs(&self) -> [(&'static str, &'static str, &str, u8); 3] {
        let lang = self.of.lang;
        [
            ("day", lang.t("Dag", "Day"), &self.day, 2),
            ("month", lang.t("Maand", "Month"), &self.month, 2),
            ("year", lang.t("Jaar", "Year"), &self.year, 4),
        ]
    }

    fn is_wrong(&self, key: &str) -> bool {
        !self.of.error.is_empty() && key == self.wrong
    }
}

/// One box to tick.
#[derive(Debug, Template)]
#[template(path = "parts/tick.html")]
pub(crate) struct Tick {
    pub name: String,
    pub value: String,
    pub label: String,
    pub ticked: bool,
}

/// What is sent and not seen.
#[derive(Debug, Template)]
#[template(source = r#"<input type="hidden" name="{{ name }}" value="{{ value }}">"#, ext = "html")]
pub(crate) struct Hidden {
    pub name: String,
    pub value: String,
}

/// Shown only while a field has that value; the script keeps it so.
#[derive(Debug, Template)]
#[template(path = "parts/when.html")]
pub(crate) struct When {
    pub field: &'static str,
    pub value: &'static str,
    pub parts: Vec<Part>,
}

/// What is not asked of everyone: closed until somebody wants it. `icon` is the arrow.
#[derive(Debug, Template)]
#[template(path = "parts/fold.html")]
pub(crate) struct Fold {
    pub icon: String,
    pub title: String,
    pub parts: Vec<Part>,
    pub open: bool,
}

/// A sentence between the fields: what has been so until now.
#[derive(Debug, Template)]
#[template(source = r#"<p class="now">{{ words }}</p>"#, ext = "html")]
pub(crate) struct Said {
    pub words: String,
}

/// What stands there now, above a correction.
#[derive(Debug, Template)]
#[template(path = "parts/before.html")]
pub(crate) struct Before {
    pub title: String,
    pub lines: Vec<String>,
}

/// A list to read: what goes with what is done here.
#[derive(Debug, Template)]
#[template(path = "parts/listed.html")]
pub(crate) struct Listed {
    pub title: String,
    pub lines: Vec<String>,
}

/// What kind of message it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Weight {
    /// Good to know.
    Info,
    /// It was done.
    Ok,
    /// Something to think of.
    Warning,
    /// It was not done.
    Error,
}

/// A message of its own weight. `role` is `status`, `alert` or empty; `link` is an address and its words.
#[derive(Debug, Template)]
#[template(path = "parts/alert.html")]
pub(crate) struct Alert {
    pub icon: String,
    pub weight: Weight,
    pub role: &'static str,
    pub title: String,
    pub text: String,
    pub link: Option<(String, String)>,
}

impl Alert {
    pub(crate) fn new(frame: &crate::Frame, weight: Weight, title: impl Into<String>, text: impl Into<String>) -> Self {
        let icon = match weight {
            Weight::Info => "info",
            Weight::Ok => "check",
            Weight::Warning | Weight::Error => "alert",
        };
        Self { icon: frame.icon(icon).to_string(), weight, role: "", title: title.into(), text: text.into(), link: None }
    }

    pub(crate) fn announced(self, role: &'static str) -> Self {
        Self { role, ..self }
    }

    const fn kind(&self) -> &'static str {
        match self.weight {
            Weight::Info => "info",
            Weight::Ok => "ok",
            Weight::Warning => "warning",
            Weight::Error => "error",
        }
    }
}

macro_rules! parts {
    ($($of:ident),+) => { $(
        impl HtmlSafe for $of {}
        impl From<$of> for Part {
            fn from(part: $of) -> Self {
                Self::$of(part)
            }
        }
    )+ };
}
parts!(Field, Area, Choice, Select, Date, Tick, Hidden, When, Fold, Said, Before, Listed, Alert);

macro_rules! hinted {
    ($($of:ident),+) => { $(
        impl $of {
            /// With an explanation.
            pub(crate) fn hint(mut self, words: &str) -> Self {
                self.of.hint = words.to_owned();
                self
            }
        }
    )+ };
}
hinted!(Field, Area, Choice, Select, Date);

macro_rules! optional {
    ($($of:ident),+) => { $(
        impl $of {
            /// May be left empty.
            pub(crate) const fn optional(mut self) -> Self {
                self.of.optional = true;
                self
            }
        }
    )+ };
}
optional!(Field, Area, Select);

impl Part {
    /// Whether something stands in it, or is wrong with it: then it must be seen.
    pub(crate) fn is_filled(&self) -> bool {
        match self {
            Self::Field(part) => !part.value.is_empty() || !part.of.error.is_empty(),
            Self::Area(part) => !part.value.is_empty() || !part.of.error.is_empty(),
            Self::Choice(part) => !part.chosen.is_empty() || !part.of.error.is_empty(),
            Self::Select(part) => !part.value.is_empty() || !part.of.error.is_empty(),
            Self::Date(part) => !part.day.is_empty() || !part.of.error.is_empty(),
            Self::Tick(part) => part.ticked,
            Self::When(When { parts, .. }) | Self::Fold(Fold { parts, .. }) => parts.iter().any(Self::is_filled),
            Self::Hidden(_) | Self::Said(_) | Self::Before(_) | Self::Listed(_) | Self::Alert(_) => false,
        }
    }
}

impl Part {
    /// The id and the label of the input with this name.
    pub(crate) fn place_of(&self, name: &str) -> Option<(String, String)> {
        let found = |of: &Named, id: &str| (of.name == name && !name.is_empty()).then(|| (id.to_owned(), of.label.clone()));
        match self {
            Self::Field(Field { of, .. }) | Self::Area(Area { of, .. }) | Self::Select(Select { of, .. }) => found(of, &of.id),
            Self::Choice(Choice { of, .. }) => found(of, &format!("veld-{}", of.name)),
            Self::Date(Date { of, .. }) => {
                let part = name.strip_prefix(&of.name)?.strip_prefix('.')?;
                ["day", "month", "year"].contains(&part).then(|| (format!("{}-{part}", of.id), of.label.clone()))
            }
            Self::When(When { parts, .. }) | Self::Fold(Fold { parts, .. }) => parts.iter().find_map(|part| part.place_of(name)),
            Self::Tick(_) | Self::Hidden(_) | Self::Said(_) | Self::Before(_) | Self::Listed(_) | Self::Alert(_) => None,
        }
    }
}
