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
    assert!(html.contains("Cijfers over organisatie Org 1") && html.contains("kregen 2 cliënten begeleiding"), "{html}");
    report(&folder, "region.html", &["--scope", "region:AM05"]).done();
    let html = fs::read_to_string(folder.beside("region.html")).expect("a page");
    assert!(html.contains("liepen er geen trajecten naar werk in arbeidsmarktregio"), "{html}");
    report(&folder, "x.html", &["--scope", "region:AM99"]).failed(2, "there is no labour-market region");
    // A name that was misspelt makes no report; an organisation of which nothing ran in the quarter has one.
    report(&folder, "x.html", &["--scope", "organisation:org-11"]).failed(1, "the log holds no trajectory of org-11");
    assert!(!folder.beside("x.html").exists());
    let early = folder.beside("early.html");
    let out = early.to_str().expect("UTF-8");
    folder.run(&["report", "--quarter", "2020Q1", "--scope", "organisation:org-1", "--out", out]).done();
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

#[test]
fn what_was_published_is_printed_again_byte_for_byte_after_a_thousand_later_events() {
    let folder = Folder::with(&history(40));
    report(&folder, "x.html", &["--published"]).failed(1, "nothing was published of 2025Q1");
    folder.run(&["publish", "--quarter", "2025Q1"]).done();
    let printed = |name: &str, more: &[&str]| {
        report(&folder, name, &[&["--published"], more].concat()).done();
        fs::read(folder.beside(name)).expect("a report")
    };
    let before = [printed("a.html", &[]), printed("a.pdf", &[]), printed("b.html", &["--scope", "organisation:org-1"])];
    let now = |name: &str| {
        report(&folder, name, &[]).done();
        fs::read(folder.beside(name)).expect("a report")
    };
    let then = now("now.html");
    folder.import(&history(240)).done();
    assert_ne!(now("now.html"), then, "a report that is counted from the log follows it");
    let after = [printed("c.html", &[]), printed("c.pdf", &[]), printed("d.html", &["--scope", "organisation:org-1"])];
    assert!(before == after, "what was published stays as it was");
}

#[test]
fn a_report_for_everybody_shows_no_number_that_is_suppressed() {
    let folder = Folder::with(&history(6));
    folder.run(&["publish", "--quarter", "2025Q1"]).done();
    let read = |name: &str, disclosure: &str| {
        report(&folder, name, &["--published", "--scope", "organisation:org-1", "--disclosure", disclosure]).done();
        fs::read_to_string(folder.beside(name)).expect("a page")
    };
    let (internal, public) = (read("internal.html", "internal"), read("public.html", "public"));
    assert!(internal.contains("kregen 2 cliënten begeleiding"), "{internal}");
    assert!(!public.contains("kregen 2 cliënten") && !public.contains("100,0%"), "{public}");
    assert!(public.contains("afgeschermd"), "{public}");
    report(&folder, "x.html", &["--published", "--compared-as-of", "2024Q4=1"]).failed(2, "cannot be used with");
}

/// Everything in a folder, by name.
fn read_all(folder: &std::path::Path) -> std::collections::BTreeMap<String, Vec<u8>> {
    let entries = fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").path());
    entries.map(|path| (path.file_name().expect("a name").to_string_lossy().into_owned(), fs::read(&path).expect("a file"))).collect()
}

#[test]
fn all_reports_are_written_in_one_go_and_each_is_the_one_that_is_asked_for_alone() {
    let folder = Folder::with(&history(40));
    let run = report(&folder, "all", &["--all", "--as-of", "30"]).done();
    let told = run.text();
    let written = read_all(&folder.beside("all"));
    let organisations = written.keys().filter(|name| name.starts_with("2025Q1-organisatie-")).count() / 2;
    assert!(organisations > 1, "{:?}", written.keys());
    assert_eq!(written.len(), 2 * (1 + 35 + organisations), "the nation, 35 regions and each organisation, as page and as PDF");
    assert!(told.contains(&format!("{} reports on 2025Q1, each as page and PDF", 36 + organisations)), "{told}");
    for (name, scope) in [("landelijk", "national"), ("regio-AM05", "region:AM05"), ("organisatie-org-1", "organisation:org-1")] {
        for ending in ["html", "pdf"] {
            let one = format!("one.{ending}");
            report(&folder, &one, &["--scope", scope, "--as-of", "30"]).done();
            assert!(written[&format!("2025Q1-{name}.{ending}")] == fs::read(folder.beside(&one)).expect("a report"), "{name}.{ending}");
        }
    }
    report(&folder, "x", &["--all", "--scope", "region:AM05"]).failed(2, "cannot be used with");
}

#[test]
fn all_reports_on_what_was_published_are_the_same_ones_as_each_alone() {
    let folder = Folder::with(&history(40));
    report(&folder, "all", &["--all", "--published"]).failed(1, "nothing was published of 2025Q1");
    folder.run(&["publish", "--quarter", "2025Q1"]).done();
    for (into, of) in [("all", "--published"), ("public", "--disclosure=public")] {
        report(&folder, into, &["--all", of]).done();
        let written = read_all(&folder.beside(into));
        for (name, scope) in [("landelijk", "national"), ("organisatie-org-1", "organisation:org-1")] {
            report(&folder, "one.html", &["--scope", scope, of]).done();
            let one = fs::read(folder.beside("one.html")).expect("a page");
            assert!(written[&format!("2025Q1-{name}.html")] == one, "{name} {of}");
        }
    }
}

#[test]
fn all_reports_go_into_a_folder_and_none_is_written_on_a_quarter_that_has_not_begun() {
    let folder = Folder::with(&history(2));
    for name in ["p.pdf", "p.html"] {
        report(&folder, name, &["--all"]).failed(2, "is the name of a file: name a folder");
        assert!(!folder.beside(name).exists(), "{name}");
    }
    fs::write(folder.beside("there"), "a file").expect("a file");
    report(&folder, "there", &["--all"]).failed(2, "is the name of a file: name a folder");
    let out = folder.beside("x.html");
    let out = out.to_str().expect("UTF-8");
    for more in [&[][..], &["--all"], &["--published"]] {
        folder.run(&[&["report", "--quarter", "2100Q1", "--out", out], more].concat()).failed(2, "2100Q1 has not begun");
    }
    assert!(!folder.beside("x.html").exists());
}
