//! The people of the samples, and each page filled with what its sample shows.

pub mod accounts;
pub mod caseload;
pub mod completeness;
pub mod forms;
pub mod lone;
pub mod organisation;
pub mod pivot;
pub mod publications;
pub mod questions;
pub mod sign_in;
pub mod trajectory;
pub mod views;

use pages::{Assets, Day, Frame, Lang, Page, Role, Theme, Who};

/// A page with the name of its sample, and what scripts put in: a place, and the same with its content.
pub struct Sample {
    pub name: &'static str,
    pub html: String,
    pub put_in: Vec<(String, String)>,
}

/// Words that people wrote: they stay as they are in both languages.
pub const OF_PEOPLE: &[&str] = &[
    "Marieke de Boer",
    "Naar werk",
    "Gaat goed op het werk.",
    "Vroege dienst is zwaar. Volgende week met de bakker praten over een uur erbij.",
    "hoorde bij een andere cliënt.",
    "Evaluatie met Kees van Vliet. Tevreden. Contract verlengd tot en met 14 februari.",
    "Werkt graag met de handen. Rustige plek, vaste begeleider op de werkvloer.",
];

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
    Frame {
        who: Some(Who { account, name: name.to_owned(), role, also: Vec::new(), organisation: organisation.map(str::to_owned) }),
        ..nobody(lang)
    }
}

pub fn sample(name: &'static str, page: &impl Page) -> Sample {
    Sample { name, html: page.html().expect("rendered"), put_in: Vec::new() }
}

/// What is put into `#notices`.
pub fn strip(words: &str) -> (String, String) {
    let place = r#"<div class="strip" id="notices" role="status">"#;
    (place.to_owned(), format!("{place}{words}"))
}

/// What is put into `#outbox-status`, in Dutch pages.
pub fn outbox(state: &str, icon: &str, words: &str) -> (String, String) {
    let status = |state: &str, icon: &str, words: &str| {
        format!(
            r##"<div class="outbox" id="outbox-status" role="status" data-state="{state}"><a class="outbox-link" href="/wachtrij"><svg class="icon" aria-hidden="true" focusable="false"><use href="/static/icons.svg#{icon}"/></svg><span>{words}</span></a></div>"##
        )
    };
    (status("sent", "check", r#"<span class="wide">Alles is </span>verzonden"#), status(state, icon, words))
}

/// Every page.
pub fn all(lang: Lang) -> Vec<Sample> {
    [
        sign_in::all(lang),
        caseload::all(lang),
        trajectory::all(lang),
        forms::all(lang),
        lone::all(lang),
        accounts::all(lang),
        organisation::all(lang),
        questions::all(lang),
        pivot::all(lang),
        publications::all(lang),
        views::all(lang),
        completeness::all(lang),
    ]
    .into_iter()
    .flatten()
    .collect()
}
