//! Fields, filled in with what stands in the form and with what is wrong with it.

use crate::{
    codes::Codes,
    day::Day,
    forms::Filled,
    frame::Frame,
    parts::{Area, Choice, Choosable, Date, Field, Fold, Hidden, Named, Part, Said, Select, Tick, When},
};

const DECIMAL: &str = r#"inputmode="decimal" data-kind="decimal" autocomplete="off""#;
/// A name: no longer than [`LONGEST_NAME`](crate::LONGEST_NAME).
pub(crate) const NAME: &str = r#"autocomplete="off" data-most="200""#;
const INTEGER: &str = r#"inputmode="numeric" data-kind="integer" autocomplete="off""#;

/// Makes the parts of one form.
pub(crate) struct Ask<'a> {
    pub frame: &'a Frame,
    pub today: Day,
    /// `None`: nothing stands in it yet, and fields begin with what is most likely.
    pub filled: Option<&'a Filled>,
}

impl Ask<'_> {
    /// The word of the page's language.
    pub(crate) const fn t<'a>(&self, nl: &'a str, en: &'a str) -> &'a str {
        self.frame.t(nl, en)
    }

    fn one(&self, name: &str) -> String {
        self.filled.map(|filled| filled.one(name).to_owned()).unwrap_or_default()
    }

    fn named(&self, id: &str, name: &str, label: &str) -> Named {
        let error = self.filled.map(|filled| filled.wrong(name).to_owned()).unwrap_or_default();
        Named { lang: self.frame.lang, id: id.to_owned(), name: name.to_owned(), label: label.to_owned(), error, ..Named::default() }
    }

    pub(crate) fn field(&self, id: &str, name: &str, label: &str) -> Field {
        Field { attributes: r#"autocomplete="off""#, ..Field::new(self.named(id, name, label), self.one(name)) }
    }

    /// A number with a decimal comma.
    pub(crate) fn decimal(&self, id: &str, name: &str, label: &str, unit: &'static str) -> Field {
        Field { size: "short", unit, attributes: DECIMAL, ..self.field(id, name, label) }
    }

    /// A whole number.
    pub(crate) fn integer(&self, id: &str, name: &str, label: &str, unit: &'static str) -> Field {
        Field { size: "short", unit, attributes: INTEGER, ..self.field(id, name, label) }
    }

    pub(crate) fn area(&self, id: &str, name: &str, label: &str, rows: u8) -> Area {
        Area { of: self.named(id, name, label), value: self.one(name), rows }
    }

    /// One of few. `likely` is chosen while nothing stands in the form yet.
    pub(crate) fn choice(&self, id: &str, name: &str, label: &str, choices: Vec<Choosable>, likely: Option<&str>) -> Choice {
        let chosen = match self.filled {
            Some(filled) => filled.all(name),
            None => likely.map(str::to_owned).into_iter().collect(),
        };
        Choice { of: self.named(id, name, label), choices, chosen, column: false, several: false }
    }

    /// One of few, one below the other.
    pub(crate) fn column(&self, id: &str, name: &str, label: &str, choices: Vec<Choosable>) -> Choice {
        Choice { column: true, ..self.choice(id, name, label, choices, None) }
    }

    /// Several of a list. `likely` are ticked while nothing stands in the form yet.
    pub(crate) fn several(&self, id: &str, name: &str, label: &str, choices: Vec<Choosable>, likely: Vec<String>) -> Choice {
        let chosen = self.filled.map_or(likely, |filled| filled.all(name));
        Choice { of: self.named(id, name, label), choices, chosen, column: true, several: true }
    }

    /// One of many. `first` says what to do; `likely` is chosen while nothing stands in the form yet. What stands there stays, also when it is
    /// none of them (a word of another program): it must not be lost when something else is corrected.
    pub(crate) fn select(&self, id: &str, name: &str, label: &str, first: &str, options: Vec<Choosable>, likely: &str) -> Select {
        let value = if self.filled.is_some() { self.one(name) } else { likely.to_owned() };
        let other = (!value.is_empty() && !options.iter().any(|option| option.value == value)).then(|| Choosable::new(&value, &value));
        let options = [Choosable::new("", first)].into_iter().chain(options).chain(other).collect();
        Select { of: self.named(id, name, label), options, value }
    }

    /// The same of codes, so that one of another program too is read in words.
    pub(crate) fn select_code(&self, id: &str, name: &str, label: &str, first: &str, options: Vec<Choosable>, codes: &Codes) -> Select {
        let in_words = |option: Choosable| {
            let bare = option.words == option.value && !option.value.is_empty();
            if bare { Choosable { words: codes.words(self.frame.lang, &option.value), ..option } } else { option }
        };
        let select = self.select(id, name, label, first, options, "");
        Select { options: select.options.into_iter().map(in_words).collect(), ..select }
    }

    pub(crate) fn date(&self, name: &str, label: &str) -> Date {
        let id: String = name.chars().map(|c| if c.is_ascii_lowercase() { c } else { '-' }).collect();
        let part = |part: &str| self.one(&format!("{name}.{part}"));
        let wrong = ["day", "month", "year"].into_iter().map(|part| (part, self.named(&id, &format!("{name}.{part}"), label).error));
        let (wrong, error) = wrong.into_iter().find(|(_, error)| !error.is_empty()).unwrap_or_default();
        let of = Named { error, ..self.named(&id, name, label) };
        Date { of, day: part("day"), month: part("month"), year: part("year"), wrong, presets: false, today: false }
    }

    /// The day of the event: today, unless something else stands there.
    pub(crate) fn occurred_on(&self, label: &str) -> Date {
        let date = Date { presets: true, ..self.date("occurred_on", label) };
        if self.filled.is_some() {
            return date;
        }
        let (year, month, day) = self.today.parts();
        Date { day: day.to_string(), month: month.to_string(), year: year.to_string(), today: true, ..date }
    }

    pub(crate) fn tick(&self, name: &str, value: &str, label: &str) -> Tick {
        let ticked = self.filled.is_some_and(|filled| filled.all(name).iter().any(|there| there == value));
        Tick { name: name.to_owned(), value: value.to_owned(), label: label.to_owned(), ticked }
    }

    pub(crate) fn hidden(&self, name: &str, value: &str) -> Part {
        Hidden { name: name.to_owned(), value: value.to_owned() }.into()
    }

    /// What stands in the form and is not seen, if it does.
    pub(crate) fn hidden_if_there(&self, name: &str) -> Option<Part> {
        let value = self.one(name);
        (!value.is_empty()).then(|| self.hidden(name, &value))
    }

    /// That a text or number is not known any more, where a change said so: only then it is offered.
    pub(crate) fn unknown_if_there(&self, name: &str, label: &str) -> Option<Part> {
        let name = format!("{name}.unknown");
        let there = !self.one(&name).is_empty();
        there.then(|| self.tick(&name, "yes", &format!("{label}: {}", self.t("weet ik niet", "I do not know"))).into())
    }

    pub(crate) fn when(&self, field: &'static str, value: &'static str, part: impl Into<Part>) -> Part {
        When { field, value, parts: vec![part.into()] }.into()
    }

    /// Folded away, unless something stands in it.
    pub(crate) fn folded(&self, title: &str, parts: Vec<Part>) -> Fold {
        let open = parts.iter().any(Part::is_filled);
        Fold { icon: self.frame.icon_as("next", "fold-arrow").to_string(), title: title.to_owned(), parts, open }
    }

    pub(crate) fn fold(&self, title: &str, parts: Vec<Part>) -> Part {
        self.folded(title, parts).into()
    }

    /// What has been so until now, if it is known.
    pub(crate) fn until_now(&self, words: Option<String>) -> Option<Part> {
        words.map(|words| Said { words: format!("{}: {words}", self.t("Tot nu", "Until now")) }.into())
    }
}
