//! Definition sets: the thresholds, bases and limits of the measures, as data with a name.

use std::{collections::BTreeMap, fmt, sync::LazyLock};

use domain::{Method, SustainableWork};
use serde::{Deserialize, Deserializer, de};

use crate::Measure;

/// The built-in set in full, as it can be changed and read again.
const BUILT_IN: &str = include_str!("werkmonitor-2025.1.toml");

/// The farthest limit, in months.
const MOST_MONTHS: i32 = 1_200;

/// Below so many persons a count of a small area is suppressed, unless a definition set says otherwise.
const DISCLOSURE_THRESHOLD: u64 = 5;
/// The highest such threshold: beyond it hardly anything could be published.
const HIGHEST_THRESHOLD: u64 = 1_000;

/// What a measure is a percentage of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Base {
    /// Those that run in the quarter.
    Running,
    /// Those that ended in it.
    Ended,
    /// Those with paid work on the reference day.
    PaidWork,
    /// Those with an active job whose duration is known.
    Employed,
    /// It has no percentage.
    None,
}

/// What a relative change is related to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ChangeBasis {
    /// The earlier value.
    #[default]
    Earlier,
    /// The current value, as some printed changes are.
    Current,
}

/// A result that a method intends.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Intended {
    /// Paid work on some day of the trajectory.
    EverPaidWork,
    /// An unpaid placement on some day of it, also one that ran on from before.
    EverUnpaidWork,
    /// A paid job active on the outflow day.
    PaidWork,
    /// A sustainable job active on the outflow day.
    SustainableWork,
    /// Ready for work, as the outflow says.
    WorkReady,
}

/// A definition set. Two that are equal give the same figures of the same log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Definitions {
    /// Its name, which every figure carries.
    pub name: String,
    /// The thresholds of sustainable work.
    pub sustainable_work: SustainableWork,
    /// Methods left out of the percentage of sustainable work.
    pub sustainable_leaves_out: Vec<Method>,
    /// Limits of the first-job measures, in calendar months.
    pub first_job_months: [i32; 2],
    /// Limits of the employment-duration measures, in calendar months.
    pub employment_months: [i32; 2],
    /// Below the national level a published count from 1 to one less than this is suppressed; 1 suppresses nothing.
    pub disclosure_threshold: u64,
    intended: [Vec<Intended>; 6],
    bases: Vec<Base>,
    change_bases: Vec<ChangeBasis>,
}

/// A file that is no definition set.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("this is no definition set: {0}")]
pub struct NotADefinitionSet(pub String);

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Form {
    name: String,
    #[serde(default)]
    sustainable_work: SustainableForm,
    #[serde(default)]
    first_job: MonthsForm,
    #[serde(default)]
    employment: MonthsForm,
    #[serde(default)]
    disclosure: DisclosureForm,
    #[serde(default)]
    intended_result: BTreeMap<String, Vec<Intended>>,
    #[serde(default)]
    percentage_of: BTreeMap<String, Base>,
    #[serde(default)]
    change_relative_to: BTreeMap<String, ChangeBasis>,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct SustainableForm {
    regular_workplace: Option<bool>,
    min_hours_per_week: Option<Decimal>,
    min_wage_value_percent: Option<Decimal>,
    min_contract_months: Option<i32>,
    percentage_leaves_out: Option<Vec<String>>,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct MonthsForm {
    months: Option<Vec<i32>>,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct DisclosureForm {
    threshold: Option<u64>,
}

/// A threshold with at most two decimals, in hundredths; written as an integer, a decimal or a text.
struct Decimal(i32);

impl<'de> Deserialize<'de> for Decimal {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Form;
        impl de::Visitor<'_> for Form {
            type Value = Decimal;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a number from 0 to 1000 with at most two decimals")
            }
            fn visit_i64<E: de::Error>(self, number: i64) -> Result<Decimal, E> {
                self.visit_str(&number.to_string())
            }
            // TOML's decimals come as floating-point numbers; their shortest text is what was written.
            fn visit_f64<E: de::Error>(self, number: f64) -> Result<Decimal, E> {
                self.visit_str(&number.to_string())
            }
            fn visit_str<E: de::Error>(self, text: &str) -> Result<Decimal, E> {
                hundredths(text).map(Decimal).ok_or_else(|| E::invalid_value(de::Unexpected::Str(text), &self))
            }
        }
        deserializer.deserialize_any(Form)
    }
}

fn hundredths(text: &str) -> Option<i32> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    if whole.is_empty() || fraction.len() > 2 || !whole.bytes().chain(fraction.bytes()).all(|b| b.is_ascii_digit()) {
        return None;
    }
    let number: i32 = format!("{whole}{fraction:0<2}").parse().ok()?;
    (number <= 100_000).then_some(number)
}

impl Definitions {
    /// The built-in set as text: `trajectlog definitions`.
    #[must_use]
    pub const fn built_in_text() -> &'static str {
        BUILT_IN
    }

    /// The built-in set: `werkmonitor-2025.1`.
    #[must_use]
    pub fn built_in() -> &'static Self {
        static SET: LazyLock<Definitions> = LazyLock::new(|| Definitions {
            name: "werkmonitor-2025.1".to_owned(),
            sustainable_work: SustainableWork::default(),
            sustainable_leaves_out: vec![Method::Werkfit],
            first_job_months: [3, 9],
            employment_months: [6, 12],
            disclosure_threshold: DISCLOSURE_THRESHOLD,
            intended: [
                vec![Intended::EverPaidWork],
                vec![Intended::EverPaidWork, Intended::EverUnpaidWork],
                vec![Intended::PaidWork],
                vec![Intended::PaidWork, Intended::WorkReady],
                vec![Intended::SustainableWork],
                vec![Intended::EverPaidWork],
            ],
            bases: Measure::ALL.iter().map(|measure| measure.base()).collect(),
            change_bases: vec![ChangeBasis::Earlier; Measure::COUNT],
        });
        &SET
    }

    /// Reads a set; what it leaves out is as in the built-in one. A set that bears the built-in name and says otherwise is
    /// given the name `…-modified`: a figure must say what it was made from.
    ///
    /// # Errors
    /// [`NotADefinitionSet`], naming the line or the word.
    pub fn from_toml(text: &str) -> Result<Self, NotADefinitionSet> {
        let form: Form = toml::from_str(text).map_err(|e| NotADefinitionSet(e.to_string()))?;
        let wrong = |what: String| Err(NotADefinitionSet(what));
        let mut set = Self { name: form.name, ..Self::built_in().clone() };
        if set.name.trim().is_empty() || set.name.chars().count() > 100 || set.name.chars().any(char::is_control) {
            return wrong("name: give it a name of 1 to 100 characters".to_owned());
        }
        let SustainableForm { regular_workplace, min_hours_per_week, min_wage_value_percent, min_contract_months, percentage_leaves_out } =
            form.sustainable_work;
        let work = &mut set.sustainable_work;
        work.regular_workplace = regular_workplace.unwrap_or(work.regular_workplace);
        work.min_hours_per_week = min_hours_per_week.map_or(work.min_hours_per_week, |d| d.0);
        work.min_wage_value_percent = min_wage_value_percent.map_or(work.min_wage_value_percent, |d| d.0);
        work.min_contract_months = min_contract_months.unwrap_or(work.min_contract_months);
        if !(0..=MOST_MONTHS).contains(&work.min_contract_months) {
            return wrong(format!("min_contract_months: from 0 to {MOST_MONTHS}"));
        }
        if let Some(methods) = percentage_leaves_out {
            set.sustainable_leaves_out = methods.iter().map(|name| method(name)).collect::<Result<_, _>>()?;
        }
        for (limits, months) in [(&mut set.first_job_months, form.first_job.months), (&mut set.employment_months, form.employment.months)] {
            if let Some(months) = months {
                let two = months.try_into();
                *limits = two.map_err(|_| NotADefinitionSet("months: two limits, such as [3, 9]".to_owned()))?;
            }
        }
        for [first, second] in [set.first_job_months, set.employment_months] {
            if !(0 <= first && first <= second && second <= MOST_MONTHS) {
                return wrong(format!("months: two limits from 0 to {MOST_MONTHS}, the first at most the second"));
            }
        }
        set.disclosure_threshold = form.disclosure.threshold.unwrap_or(set.disclosure_threshold);
        if !(1..=HIGHEST_THRESHOLD).contains(&set.disclosure_threshold) {
            return wrong(format!("threshold: from 1 to {HIGHEST_THRESHOLD}"));
        }
        for (name, results) in form.intended_result {
            set.intended[method(&name)? as usize] = results;
        }
        for (name, base) in form.percentage_of {
            set.bases[measure(&name)? as usize] = base;
        }
        for (name, basis) in form.change_relative_to {
            set.change_bases[measure(&name)? as usize] = basis;
        }
        let built_in = Self::built_in();
        if set.name == built_in.name && set != *built_in {
            set.name.push_str("-modified");
        }
        Ok(set)
    }

    /// What a measure is a percentage of.
    #[must_use]
    pub fn base(&self, measure: Measure) -> Base {
        self.bases.get(measure as usize).copied().unwrap_or(Base::None)
    }

    /// What a measure's relative change is related to.
    #[must_use]
    pub fn change_basis(&self, measure: Measure) -> ChangeBasis {
        self.change_bases.get(measure as usize).copied().unwrap_or_default()
    }

    /// What counts as the intended result of a method; one is enough.
    #[must_use]
    pub fn intended(&self, method: Method) -> &[Intended] {
        &self.intended[method as usize]
    }
}

fn method(name: &str) -> Result<Method, NotADefinitionSet> {
    let found = Method::ALL.iter().copied().find(|method| method.as_str() == name);
    found.ok_or_else(|| NotADefinitionSet(format!("there is no method '{name}'")))
}

fn measure(name: &str) -> Result<Measure, NotADefinitionSet> {
    Measure::of_name(name).ok_or_else(|| NotADefinitionSet(format!("there is no measure '{name}'")))
}
