//! What stands in a form: the values by the names of the fields, and what is wrong with them.

use crate::{
    day::Day,
    happened::{Change, Circumstances, Contract, NORMAL_PAY, Terms, Text, What},
    lang::Lang,
};

/// Something that has to be mended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mistake {
    /// The name of the field; empty when it is of no one field.
    pub field: String,
    /// What is wrong and what to do.
    pub message: String,
    /// Where more is to be seen: an address and its words.
    pub link: Option<(String, String)>,
}

/// What was filled in, or what stands in the event that is corrected.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filled {
    /// Names and values; of boxes to tick there may be several with one name.
    pub values: Vec<(String, String)>,
    /// What is wrong.
    pub mistakes: Vec<Mistake>,
    /// Whether the log refused it; otherwise it was not understood.
    pub refused: bool,
}

fn yes_no(yes: bool) -> String {
    if yes { "yes" } else { "no" }.to_owned()
}

/// Pairs of names and values, as a form has them.
struct Values {
    lang: Lang,
    pairs: Vec<(String, String)>,
}

impl Values {
    fn set(&mut self, name: &str, value: impl Into<String>) {
        self.pairs.push((name.to_owned(), value.into()));
    }

    fn some(&mut self, name: &str, value: Option<impl Into<String>>) {
        if let Some(value) = value {
            self.set(name, value);
        }
    }

    fn text(&mut self, name: &str, text: Option<&Text>) {
        self.some(name, text.and_then(Text::open));
    }

    /// Of a choice, `unknown` is a value.
    fn choice(&mut self, name: &str, value: &Change<String>) {
        match value {
            Change::Kept => {}
            Change::Unknown => self.set(name, "unknown"),
            Change::To(value) => self.set(name, value.as_str()),
        }
    }

    /// Of a text or number it is a box to tick.
    fn written(&mut self, name: &str, value: &Change<String>) {
        match value {
            Change::Kept => {}
            Change::Unknown => self.set(&format!("{name}.unknown"), "yes"),
            Change::To(value) => self.set(name, value.as_str()),
        }
    }

    /// What cannot be read stays empty.
    fn changed_text(&mut self, name: &str, value: &Change<Text>) {
        match value {
            Change::Kept => {}
            Change::Unknown => self.set(&format!("{name}.unknown"), "yes"),
            Change::To(text) => self.text(name, Some(text)),
        }
    }

    fn day(&mut self, name: &str, day: Day) {
        let (year, month, of_month) = day.parts();
        self.set(&format!("{name}.day"), of_month.to_string());
        self.set(&format!("{name}.month"), month.to_string());
        self.set(&format!("{name}.year"), year.to_string());
    }

    fn terms(&mut self, terms: &Terms) {
        let lang = self.lang;
        self.choice("regular_workplace", &map(&terms.regular_workplace, |yes| yes_no(*yes)));
        self.written("hours_per_week", &map(&terms.hours, |hours| hours.words(lang)));
        match &terms.wage {
            Change::Kept => {}
            Change::Unknown => self.set("pay", "unknown"),
            Change::To(NORMAL_PAY) => self.set("pay", "normal"),
            Change::To(wage) => {
                self.set("pay", "measured");
                self.set("wage_value_percent", wage.words(lang));
            }
        }
        match terms.contract {
            Change::Kept => {}
            Change::Unknown => self.set("contract.kind", "unknown"),
            Change::To(Contract::Permanent) => self.set("contract.kind", "permanent"),
            Change::To(Contract::Other) => self.set("contract.kind", "other"),
            Change::To(Contract::FixedTerm(until)) => {
                self.set("contract.kind", "fixed_term");
                self.day("contract.until", until);
            }
        }
        self.changed_text("sector", &terms.sector);
        self.changed_text("employer", &terms.employer);
    }

    fn circumstances(&mut self, of: &Circumstances) {
        self.choice("variant", &of.variant);
        self.choice("funding", &of.funding);
        self.choice("scheme", &of.scheme);
        self.choice("region", &map(&of.region, |region| region.code.clone()));
        self.choice("coach", &map(&of.coach, |coach| coach.code.clone()));
        self.choice("target_group", &of.target_group);
        self.choice("benefit", &of.benefit);
        self.choice("in_care", &map(&of.in_care, |yes| yes_no(*yes)));
        self.changed_text("label", &of.label);
    }
}

fn map<T>(change: &Change<T>, to: impl FnOnce(&T) -> String) -> Change<String> {
    match change {
        Change::Kept => Change::Kept,
        Change::Unknown => Change::Unknown,
        Change::To(value) => Change::To(to(value)),
    }
}

impl Filled {
    /// What stands in this event, of this day, as its form has it: a stop is asked for its last day, normal pay is a choice of its own.
    #[must_use]
    pub fn of(what: &What, on: Day, lang: Lang) -> Self {
        let mut values = Values { lang, pairs: Vec::new() };
        values.day("occurred_on", if what.is_stop() { on.plus(-1) } else { on });
        match what {
            What::Intake { client, method, with } => {
                values.set("client_id", client.as_str());
                values.set("method", method.as_str());
                values.circumstances(with);
            }
            What::Engagement { wish, goals } => {
                values.set("wish", wish.as_str());
                values.text("goals", goals.as_ref());
            }
            What::Assessment { sectors, max_hours, profile } => {
                let sectors: Vec<&str> = sectors.iter().filter_map(Text::open).collect();
                values.set("sectors", sectors.join("\n"));
                values.some("max_hours_per_week", max_hours.map(|hours| hours.words(lang)));
                values.text("profile", profile.as_ref());
            }
            What::PlacementStarted { id, kind } => {
                values.set("placement_id", id.as_str());
                values.set("kind", kind.as_str());
            }
            What::PlacementStopped { id, reason, .. } => {
                values.set("placement_id", id.as_str());
                values.text("reason", reason.as_ref());
            }
            What::WorkStarted { id, terms } | What::WorkChanged { id, terms, .. } => {
                values.set("job_id", id.as_str());
                values.terms(terms);
            }
            What::WorkStopped { id, reason, .. } => {
                values.set("job_id", id.as_str());
                values.text("reason", reason.as_ref());
            }
            What::EducationStarted { id, level } => {
                values.set("education_id", id.as_str());
                values.some("level", level.as_deref());
            }
            What::EducationStopped { id, completed, .. } => {
                values.set("education_id", id.as_str());
                values.some("completed", completed.map(yes_no));
            }
            What::Contact { with, channel, minutes, note } => {
                values.set("with", with.as_str());
                values.set("channel", channel.as_str());
                values.some("minutes", minutes.map(|minutes| minutes.to_string()));
                values.text("note", note.as_ref());
            }
            What::Changed(of) => values.circumstances(of),
            What::Outflow { reason, work_ready } => {
                values.some("reason", reason.as_deref());
                values.some("work_ready", work_ready.map(yes_no));
            }
        }
        Self { values: values.pairs, ..Self::default() }
    }

    /// The day of the event alone, as its form asks for it.
    #[must_use]
    pub fn on(day: Day) -> Self {
        // Of words there are none.
        let mut values = Values { lang: Lang::Nl, pairs: Vec::new() };
        values.day("occurred_on", day);
        Self { values: values.pairs, ..Self::default() }
    }

    /// The first value of a field; empty when there is none.
    #[must_use]
    pub fn one(&self, name: &str) -> &str {
        self.values.iter().find(|(of, _)| of == name).map_or("", |(_, value)| value)
    }

    /// All values of a field.
    #[must_use]
    pub fn all(&self, name: &str) -> Vec<String> {
        self.values.iter().filter(|(of, value)| of == name && !value.is_empty()).map(|(_, value)| value.clone()).collect()
    }

    /// What is wrong with a field; empty when nothing is.
    #[must_use]
    pub fn wrong(&self, name: &str) -> &str {
        self.mistakes.iter().find(|mistake| mistake.field == name).map_or("", |mistake| &mistake.message)
    }
}
