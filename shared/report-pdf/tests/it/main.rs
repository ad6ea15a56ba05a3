//! The report as PDF: it is valid PDF/UA-1 whatever stands in it (the writer checks that), and says what it is.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use domain::Method;
use figures::{CellKey, Definitions, Measure};
use report::{Block, Facts, Known, Numbers, write};
use report_pdf::pdf;

fn facts(running: u64) -> Facts {
    let known = |quarter: &str, running: u64| {
        let some = vec![(Measure::Running, Some(running)), (Measure::PaidWork, Some(running / 3)), (Measure::Ended, Some(running / 5))];
        let cells = Method::ALL.iter().map(|method| (CellKey::Method(*method), some.clone())).chain([(CellKey::All, some.clone())]);
        let numbers = Numbers::of_counts(quarter.parse().expect("a quarter"), Definitions::built_in(), cells.collect());
        Known { numbers, position: 7, recorded_at: Some("2025-05-15T12:00:00.000000Z".to_owned()) }
    };
    let current = known("2025Q1", running);
    Facts {
        scope: "national".parse().expect("a scope"),
        definitions: Definitions::built_in().clone(),
        trend: vec![current.numbers.clone(); 8],
        current,
        previous: Some(known("2024Q4", running + 7)),
        year_earlier: Some(known("2024Q1", running / 2)),
        provisional: false,
        published: false,
    }
}

fn holds(bytes: &[u8], what: &str) -> bool {
    bytes.windows(what.len()).any(|window| window == what.as_bytes())
}

#[test]
fn it_is_a_tagged_pdf_that_says_that_it_is_pdf_ua() {
    let bytes = pdf(&write(&facts(4844))).expect("it is written");
    assert!(bytes.starts_with(b"%PDF-1."));
    for word in ["/StructTreeRoot", "/Lang", "/MarkInfo", "/Outlines", "/Figure", "pdfuaid"] {
        assert!(holds(&bytes, word), "{word}");
    }
}

#[test]
fn a_quarter_without_trajectories_is_a_pdf_too() {
    assert!(pdf(&write(&facts(0))).expect("it is written").starts_with(b"%PDF"));
}

#[test]
fn the_same_report_gives_the_same_bytes() {
    let report = write(&facts(12));
    assert_eq!(pdf(&report).expect("it is written"), pdf(&report).expect("it is written"));
}

#[test]
fn characters_that_no_font_has_and_words_without_an_end_are_laid_out() {
    let mut report = write(&facts(12));
    report.subtitle = format!("\u{1F600} \u{4E00} \t {}", "x".repeat(4_000));
    for section in &mut report.sections {
        for block in &mut section.blocks {
            if let Block::Chart(chart) = block {
                chart.table.rows[0].0 = "y".repeat(500);
            }
        }
    }
    assert!(pdf(&report).expect("it is written").starts_with(b"%PDF"));
}

#[test]
fn a_table_that_is_longer_than_a_page_goes_on_on_the_next() {
    let mut report = write(&facts(12));
    let rows = (0..400).map(|n| (format!("rij {n}"), vec!["1".to_owned()])).collect();
    let columns = vec!["Rij".to_owned(), "Aantal".to_owned()];
    report.sections[0].blocks.push(Block::Table(report::Table { caption: "Lang".to_owned(), columns, rows, numeric: true }));
    let (long, short) = (pdf(&report).expect("it is written"), pdf(&write(&facts(12))).expect("it is written"));
    assert!(pages(&long) >= pages(&short) + 8, "{} {}", pages(&long), pages(&short));
}

fn pages(bytes: &[u8]) -> usize {
    bytes.windows(10).filter(|window| window.starts_with(b"/Type/Page") || window.starts_with(b"/Type /Pag")).count()
}
