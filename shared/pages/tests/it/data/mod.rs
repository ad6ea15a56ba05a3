//! The people of the samples, and each page filled with what its sample shows.

pub mod sign_in;

use pages::{Assets, Day, Frame, Lang, Page, Role, Theme, Who};

/// A page with the name of its sample, and what scripts put in: a place, and the same with its content.
pub struct Sample {
    pub name: &'static str,
    pub html: String,
    pub put_in: Vec<(&'static str, String)>,
}

/// Words that people wrote: they stay as they are in both languages.
pub const OF_PEOPLE: &[&str] = &["Bakkerij Van Vliet"];

/// The day on which the samples are looked at.
pub fn today() -> Day {
    day(2025, 11, 20)
}

pub fn day(year: i32, month: u8, day: u8) -> Day {
    Day::new(year, month, day).expect("a day")
}

/// The ids of the samples.
pub fn uuid(n: u64) -> String {
    format!("5f0c7a52-3b1d-4c8e-8a55-{:012x}", 0x7a3f_5f00_0000 + n)
}

pub fn nobody(lang: Lang) -> Frame {
    Frame { lang, theme: Theme::Auto, who: None, csrf: "c2FtcGxl".to_owned(), assets: Assets::built_in() }
}

pub fn frame(lang: Lang, role: Role) -> Frame {
    let (name, organisation) = match role {
        Role::Coach => ("Marieke de Boer", Some("ggz Voorbeeld")),
        Role::Manager => ("Rachid Amrani", Some("ggz Voorbeeld")),
        Role::Analyst => ("Saskia van Dongen", None),
        Role::Auditor => ("Tjeerd Hoekstra", None),
        Role::Administrator => ("Ineke Postma", None),
    };
    let account = format!("{}-1", role.code());
    Frame { who: Some(Who { account, name: name.to_owned(), role, organisation: organisation.map(str::to_owned) }), ..nobody(lang) }
}

pub fn sample(name: &'static str, page: &impl Page) -> Sample {
    Sample { name, html: page.html().expect("rendered"), put_in: Vec::new() }
}

/// Every page.
pub fn all(lang: Lang) -> Vec<Sample> {
    [sign_in::all(lang)].into_iter().flatten().collect()
}
