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
fn what_is_sealed_says_so_in_the_heading_and_in_a_line_of_its_own() {
    use pages::{Change, Decimal, Page, Terms, Text, What};
    for (lang, heading, employer, sector, place) in [
        (Lang::Nl, "Naam verzegeld", "Werkgever: verzegeld", "Sector: verzegeld", "Werkgever verzegeld, sinds"),
        (Lang::En, "Name sealed", "Employer: sealed", "Sector: sealed", "Employer sealed, since"),
    ] {
        let mut page = data::trajectory::noor(lang);
        page.name = Some(Text::Sealed);
        page.verdict.as_mut().expect("work").employer = Some(Text::Sealed);
        let closed = || Terms {
            hours: Change::To(Decimal::whole(20)),
            employer: Change::To(Text::Sealed),
            sector: Change::To(Text::Sealed),
            ..Terms::default()
        };
        page.events.truncate(2);
        page.events[0].what = What::WorkStarted { id: "1".to_owned(), terms: Box::new(closed()) };
        page.events[1].what =
            What::WorkChanged { id: "1".to_owned(), job: None, terms: Box::new(Terms { hours: Change::Kept, ..closed() }) };
        let html = page.html().expect("rendered");
        assert!(html.contains(&format!("<h1 class=\"utrecht-heading-1\">{heading}</h1>")) && html.contains(place), "{html}");
        for line in [employer, sector] {
            assert_eq!(html.matches(&format!("<p class=\"event-what\">{line}</p>")).count(), 2, "{line}: {html}");
        }
        page.name = Some(Text::Erased);
        assert!(page.html().expect("rendered").contains(lang.t("Naam gewist", "Name erased")));
    }
}

#[test]
fn a_dutch_page_says_so() {
    for page in data::all(Lang::Nl) {
        assert!(page.html.contains(r#"<html lang="nl""#), "{}", page.name);
    }
}
