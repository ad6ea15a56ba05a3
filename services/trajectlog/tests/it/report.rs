//! `report`: what is written where, and against what it compares.

use std::fs;

use crate::{
    lines::{history, intake, text},
    support::Folder,
};

fn report(folder: &Folder, name: &str, more: &[&str]) -> crate::support::Run {
    let out = folder.beside(name);
    let out = out.to_str().expect("UTF-8");
    folder.run(&[&["report", "--quarter", "2025Q1", "--out", out], more].concat())
}

#[test]
fn the_ending_of_the_name_says_what_is_written() {
    let folder = Folder::with(&history(6));
    report(&folder, "q1.html", &[]).done();
    let html = fs::read_to_string(folder.beside("q1.html")).expect("a page");
    assert!(html.starts_with("<!DOCTYPE html>") && html.contains("kregen 6 cliënten begeleiding naar betaald werk"), "{html}");
    report(&folder, "q1.pdf", &[]).done();
    assert!(fs::read(folder.beside("q1.pdf")).expect("a document").starts_with(b"%PDF-"));
    report(&folder, "q1.docx", &[]).failed(2, "ends in neither .html nor .pdf");
    report(&folder, "q1", &[]).failed(2, "ends in neither .html nor .pdf");
}

#[test]
fn a_report_of_a_region_or_an_organisation_is_of_that_alone() {
    let folder = Folder::with(&history(6));
    report(&folder, "org.html", &["--scope", "organisation:org-1"]).done();
    let html = fs::read_to_string(folder.beside("org.html")).expect("a page");
    assert!(html.contains("Cijfers over organisatie org-1") && html.contains("kregen 2 cliënten begeleiding"), "{html}");
    report(&folder, "region.html", &["--scope", "region:AM05"]).done();
    let html = fs::read_to_string(folder.beside("region.html")).expect("a page");
    assert!(html.contains("liepen er geen trajecten naar werk in arbeidsmarktregio"), "{html}");
    report(&folder, "x.html", &["--scope", "region:AM99"]).failed(2, "there is no labour-market region");
}

#[test]
fn only_the_two_quarters_that_it_compares_with_can_be_named_as_of_a_moment() {
    let folder = Folder::with(&history(2));
    report(&folder, "x.html", &["--compared-as-of", "2024Q3=1"]).failed(2, "is compared with 2024Q4 and 2024Q1, not with 2024Q3");
    report(&folder, "x.html", &["--compared-as-of", "2024Q4"]).failed(2, "expected a quarter and a moment or position");
    report(&folder, "x.html", &["--compared-as-of", "2024Q4=9999-01-01T00:00:00Z"]).failed(2, "lies in the future");
    report(&folder, "x.html", &["--compared-as-of", "2024Q4=0", "--compared-as-of", "2024Q1=0"]).done();
}

#[test]
fn an_earlier_quarter_is_compared_with_as_it_was_known_then() {
    let lines: Vec<_> = (0..3).map(|n| intake(n, "2024-11-04")).collect();
    let folder = Folder::with(&text(&lines));
    report(&folder, "now.html", &[]).done();
    report(&folder, "then.html", &["--compared-as-of", "2024Q4=1"]).done();
    let [now, then] = ["now.html", "then.html"].map(|name| fs::read_to_string(folder.beside(name)).expect("a page"));
    assert!(now.contains("Dat zijn er evenveel als in kwartaal 4 van 2024"), "{now}");
    assert!(then.contains("Dat zijn er 2 meer dan in kwartaal 4 van 2024 (+200,0%)"), "{then}");
    assert!(then.contains("zoals ze toen bekend waren"), "{then}");
}
