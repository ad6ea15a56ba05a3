//! Who may publish what, and when.

use std::sync::Arc;

use domain::Method;
use publications::{Complete, Held, MemoryRegister, NewVintage, Publications, PublicationsError, Reopening, Rule, Status};

use crate::world::{moment, vintage};

const NOW: &str = "2025-06-01T00:00:00.000000Z";

fn rule<T: std::fmt::Debug>(outcome: Result<T, PublicationsError>) -> Rule {
    match outcome {
        Err(PublicationsError::Rule(rule)) => rule,
        other => panic!("{other:?}"),
    }
}

fn reopening(agreed_by: &str) -> Reopening {
    Reopening { quarter: "2025Q1".parse().unwrap(), reason: "a mistake".to_owned(), agreed_by: agreed_by.to_owned() }
}

#[test]
fn a_definitive_quarter_is_published_again_only_after_a_reopening_by_two() {
    let mut publications = Publications::open(Arc::new(MemoryRegister::default())).unwrap();
    publications.publish(vintage("2025Q1", "2025-05-15T12:00:00Z", Status::Definitive), None, "anna", moment(NOW)).unwrap();
    let again = || vintage("2025Q1", "2025-05-20T12:00:00Z", Status::Revised);
    let quarter = again().quarter;
    assert_eq!(rule(publications.publish(again(), None, "anna", moment(NOW))), Rule::Locked(quarter));
    assert_eq!(rule(publications.reopen(reopening("anna"), "anna", moment(NOW))), Rule::SamePerson);
    assert_eq!(rule(publications.reopen(reopening(" "), "anna", moment(NOW))), Rule::Text("the name of who agrees"));
    publications.reopen(reopening("bert"), "anna", moment(NOW)).unwrap();
    publications.publish(again(), None, "anna", moment(NOW)).unwrap();
    assert_eq!(rule(publications.reopen(reopening("bert"), "anna", moment(NOW))), Rule::NotLocked(quarter));
}

#[test]
fn another_quarter_is_not_locked_by_it() {
    let mut publications = Publications::open(Arc::new(MemoryRegister::default())).unwrap();
    publications.publish(vintage("2025Q1", "2025-05-15T12:00:00Z", Status::Definitive), None, "anna", moment(NOW)).unwrap();
    publications.publish(vintage("2024Q1", "2025-05-15T12:00:00Z", Status::Provisional), None, "anna", moment(NOW)).unwrap();
}

#[test]
fn a_vintage_is_told_by_its_moment() {
    let mut publications = Publications::open(Arc::new(MemoryRegister::default())).unwrap();
    for at in ["2025-05-20T12:00:00Z", "2025-05-15T12:00:00Z"] {
        publications.publish(vintage("2025Q1", at, Status::Provisional), None, "anna", moment(NOW)).unwrap();
    }
    let twice = publications.publish(vintage("2025Q1", "2025-05-15T12:00:00Z", Status::Revised), None, "anna", moment(NOW));
    assert!(matches!(rule(twice), Rule::SameMoment(..)));
    let quarter = "2025Q1".parse().unwrap();
    let at = |text: &str| publications.vintage(quarter, Some(moment(text))).map(|(_, vintage)| vintage.moment.to_string());
    assert_eq!(at("2025-05-15T11:59:59Z"), None);
    assert_eq!(at("2025-05-15T12:00:00Z").unwrap(), "2025-05-15T12:00:00.000000Z");
    assert_eq!(at("2025-05-19T00:00:00Z").unwrap(), "2025-05-15T12:00:00.000000Z");
    assert_eq!(publications.vintage(quarter, None).unwrap().1.moment.to_string(), "2025-05-20T12:00:00.000000Z");
}

#[test]
fn a_state_of_the_log_may_be_published_at_several_moments_and_reopenings_are_told() {
    let mut publications = Publications::open(Arc::new(MemoryRegister::default())).unwrap();
    let of_one_state = |at: &str, status| {
        let as_of = vintage("2025Q1", "2025-05-15T12:00:00Z", status).as_of;
        NewVintage { as_of, ..vintage("2025Q1", at, status) }
    };
    publications.publish(of_one_state("2025-05-15T12:00:00Z", Status::Provisional), None, "anna", moment(NOW)).unwrap();
    let (again, _) = publications.publish(of_one_state("2025-05-20T12:00:00Z", Status::Provisional), None, "anna", moment(NOW)).unwrap();
    assert_eq!(again.number, 2, "vintages are told apart by their moment");
    publications.publish(of_one_state("2025-05-21T12:00:00Z", Status::Definitive), None, "anna", moment(NOW)).unwrap();
    publications.publish(of_one_state("2025-05-22T12:00:00Z", Status::Definitive), Some(reopening("bert")), "anna", moment(NOW)).unwrap();
    let quarter = "2025Q1".parse().unwrap();
    let reopenings: Vec<_> = publications.reopenings(quarter).into_iter().map(|(record, of)| (record.number, of.reason.clone())).collect();
    assert_eq!(reopenings, [(4, "a mistake".to_owned())]);
    assert_eq!(publications.reopenings("2024Q1".parse().unwrap()), []);
}

#[test]
fn a_vintage_is_found_by_its_number_among_those_of_its_quarter() {
    let mut publications = Publications::open(Arc::new(MemoryRegister::default())).unwrap();
    publications.publish(vintage("2025Q1", "2025-05-20T12:00:00Z", Status::Definitive), None, "anna", moment(NOW)).unwrap();
    publications.reopen(reopening("bert"), "anna", moment(NOW)).unwrap();
    publications.publish(vintage("2025Q1", "2025-05-15T12:00:00Z", Status::Revised), None, "anna", moment(NOW)).unwrap();
    let found = |quarter: &str, number| publications.numbered(quarter.parse().unwrap(), number).map(|(_, vintage)| vintage.status);
    assert_eq!([1, 2, 3, 4].map(|number| found("2025Q1", number)), [Some(Status::Definitive), None, Some(Status::Revised), None]);
    assert_eq!(found("2024Q1", 1), None);
}

#[test]
fn the_small_region_is_suppressed_and_another_with_it_and_no_total() {
    let mut publications = Publications::open(Arc::new(MemoryRegister::default())).unwrap();
    let (record, protection) =
        publications.publish(vintage("2025Q1", "2025-05-15T12:00:00Z", Status::Provisional), None, "anna", moment(NOW)).unwrap();
    assert_eq!(record.number, 1);
    assert!(protection.unprotected.is_empty());
    let scopes: Vec<String> = protection
        .hidden
        .iter()
        .filter(|(_, hidden)| hidden.iter().any(|(_, column)| column.name() == "running"))
        .map(|(area, _)| area.scope().as_text())
        .collect();
    assert_eq!(scopes, ["region:AM01", "region:AM02"]);
}

#[test]
fn a_quarter_that_runs_is_not_complete() {
    let mut publications = Publications::open(Arc::new(MemoryRegister::default())).unwrap();
    let complete = Complete { quarter: "2025Q1".parse().unwrap(), organisation: "een".into(), method: Method::Ips };
    let held = |ended| Held { ended, position: 1, latest: None };
    assert_eq!(rule(publications.declare(complete.clone(), held(false), "karim", moment(NOW))), Rule::NotEnded(complete.quarter));
    publications.declare(complete, held(true), "karim", moment(NOW)).unwrap();
    assert_eq!(publications.records().len(), 1);
}

#[test]
fn a_quarter_is_not_left_open_by_what_is_then_refused() {
    let mut publications = Publications::open(Arc::new(MemoryRegister::default())).unwrap();
    publications.publish(vintage("2025Q1", "2025-05-15T12:00:00Z", Status::Definitive), None, "anna", moment(NOW)).unwrap();
    let same = vintage("2025Q1", "2025-05-15T12:00:00Z", Status::Revised);
    assert!(matches!(rule(publications.publish(same, Some(reopening("bert")), "anna", moment(NOW))), Rule::SameMoment(..)));
    assert!(publications.is_locked("2025Q1".parse().unwrap()) && publications.records().len() == 1);
    let later = vintage("2025Q1", "2025-06-15T12:00:00Z", Status::Revised);
    publications.publish(later, Some(reopening("bert")), "anna", moment(NOW)).unwrap();
    assert_eq!(publications.records().len(), 3);
}
