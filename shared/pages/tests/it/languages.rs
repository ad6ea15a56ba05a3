//! Both languages of every page.

use pages::Lang;

use crate::{data, normal::readable};

/// Words that no English sentence has. What people wrote stays as it is, so the samples' data have none of them in English pages.
const DUTCH: &[&str] = &[
    "de",
    "het",
    "een",
    "niet",
    "met",
    "voor",
    "naar",
    "nog",
    "geen",
    "vastleggen",
    "trajecten",
    "dagen",
    "geleden",
    "tot",
    "werk",
    "wordt",
    "je",
    "dit",
    "deze",
    "zijn",
    "bij",
    "aan",
    "ook",
    "uur",
    "vanaf",
    "dag",
    "gestart",
    "gestopt",
];

#[test]
fn an_english_page_says_so_and_has_no_dutch_sentence() {
    let mut found = Vec::new();
    for page in data::all(Lang::En) {
        assert!(page.html.starts_with(r#"<!DOCTYPE html>"#) && page.html.contains(r#"<html lang="en""#), "{}", page.name);
        for text in readable(&page.html) {
            let ours = data::OF_PEOPLE.iter().fold(text.clone(), |text, theirs| text.replace(theirs, ""));
            if ours.split(|c: char| !c.is_alphabetic()).any(|word| DUTCH.contains(&word)) {
                found.push(format!("{}: {text}", page.name));
            }
        }
    }
    assert!(found.is_empty(), "{}", found.join("\n"));
}

#[test]
fn a_dutch_page_says_so() {
    for page in data::all(Lang::Nl) {
        assert!(page.html.contains(r#"<html lang="nl""#), "{}", page.name);
    }
}
