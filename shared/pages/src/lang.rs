//! The two languages of the application. Both words of a pair stand beside each other, in one place.

/// The language of a page. Dutch is the default; English is chosen by one switch.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Lang {
    /// Dutch.
    #[default]
    Nl,
    /// English.
    En,
}

impl Lang {
    /// The code of `<html lang>`.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Nl => "nl",
            Self::En => "en",
        }
    }

    /// The language with this code, if it is one of the two.
    #[must_use]
    pub fn of(code: &str) -> Option<Self> {
        [Self::Nl, Self::En].into_iter().find(|lang| lang.code() == code)
    }

    /// The one of the two that is in this language.
    #[must_use]
    pub const fn t<'a>(self, nl: &'a str, en: &'a str) -> &'a str {
        match self {
            Self::Nl => nl,
            Self::En => en,
        }
    }

    /// A number of things: `1 traject`, `61 trajecten`, `5.013 trajecten`.
    #[must_use]
    pub fn count(self, number: usize, nl: (&str, &str), en: (&str, &str)) -> String {
        let (one, many) = match self {
            Self::Nl => nl,
            Self::En => en,
        };
        let words = if number == 1 { one } else { many };
        format!("{} {words}", thousands(u64::try_from(number).unwrap_or(u64::MAX), self))
    }
}

/// `4.844`, in English `4,844`.
pub(crate) fn thousands(count: u64, lang: Lang) -> String {
    let digits = count.to_string();
    let mark = lang.t(".", ",");
    let mut words = String::with_capacity(digits.len() + digits.len() / 3);
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            words.push_str(mark);
        }
        words.push(digit);
    }
    words
}

/// The words with a capital at the beginning, as a sentence has it.
#[must_use]
pub fn capital(words: &str) -> String {
    let mut letters = words.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

/// The words without it, for the middle of a sentence; names in capitals such as UWV stay.
pub(crate) fn small(words: &str) -> String {
    let mut letters = words.chars();
    match (letters.next(), letters.clone().next()) {
        (Some(first), Some(second)) if !second.is_uppercase() => first.to_lowercase().chain(letters).collect(),
        _ => words.to_owned(),
    }
}
