//! A declaration is made once of one state, and belongs to every vintage that follows it.

use std::sync::Arc;

use domain::Method;
use publications::{Complete, Held, MemoryRegister, Publications, PublicationsError, Rule, Status};

use crate::world::{moment, vintage};

const NOW: &str = "2025-06-01T00:00:00.000000Z";
const LATER: &str = "2025-06-09T00:00:00.000000Z";

fn complete(organisation: &str) -> Complete {
    Complete { quarter: "2025Q1".parse().unwrap(), organisation: organisation.into(), method: Method::Ips }
}

/// All that was seen is what was recorded last.
fn held(latest: (u64, &str)) -> Held {
    Held { ended: true, position: latest.0, latest: Some((latest.0, moment(latest.1))) }
}

#[test]
fn the_same_state_is_declared_once_and_another_one_again() {
    let register = MemoryRegister::default();
    let mut publications = Publications::open(Arc::new(register.clone())).unwrap();
    let mut declare = |latest: (u64, &str), now: &str| match publications.declare_once(complete("een"), held(latest), "karim", moment(now))
    {
        Ok(record) => Ok(record.number),
        Err(PublicationsError::Rule(rule)) => Err(rule),
        Err(other) => panic!("{other}"),
    };
    let before = (40, "2025-05-30T00:00:00Z");
    assert_eq!(declare(before, NOW), Ok(1));
    assert_eq!(declare(before, LATER), Err(Rule::AlreadyDeclared(Box::new(complete("een")), moment(NOW))));
    assert_eq!(declare((41, "2025-06-02T00:00:00Z"), LATER), Ok(2), "something was recorded since");
    assert_eq!(declare((42, "2024-01-01T00:00:00Z"), LATER), Ok(3), "and something was imported that had been recorded long before");
    let again = Publications::open(Arc::new(register)).unwrap();
    assert_eq!(again.declarations("2025Q1".parse().unwrap()).count(), 3, "none is taken back");
    assert_eq!(again.declaration(&complete("een")).unwrap().written_at, moment(LATER));
    assert_eq!(again.declaration(&complete("twee")), None);
}

#[test]
fn a_quarter_that_runs_is_declared_by_nobody() {
    let mut publications = Publications::open(Arc::new(MemoryRegister::default())).unwrap();
    let outcome = publications.declare_once(complete("een"), Held { ended: false, position: 0, latest: None }, "karim", moment(NOW));
    assert!(matches!(outcome, Err(PublicationsError::Rule(Rule::NotEnded(_)))));
}

#[test]
fn a_vintage_has_what_was_declared_before_it_and_not_what_came_after() {
    let mut publications = Publications::open(Arc::new(MemoryRegister::default())).unwrap();
    publications.declare_once(complete("een"), held((1, NOW)), "karim", moment(NOW)).unwrap();
    let other = Complete { quarter: "2024Q4".parse().unwrap(), ..complete("een") };
    publications.declare_once(other, held((1, NOW)), "karim", moment(NOW)).unwrap();
    publications.publish(vintage("2025Q1", "2025-05-15T12:00:00Z", Status::Provisional), None, "anna", moment(NOW)).unwrap();
    publications.declare_once(complete("twee"), held((1, NOW)), "lies", moment(LATER)).unwrap();
    publications.publish(vintage("2025Q1", "2025-05-20T12:00:00Z", Status::Revised), None, "anna", moment(LATER)).unwrap();
    let told = |at: usize| {
        let (record, _) = publications.vintages("2025Q1".parse().unwrap())[at];
        publications.declared_before(record).map(|(_, complete)| complete.organisation.to_string()).collect::<Vec<_>>()
    };
    assert_eq!((told(0), told(1)), (vec!["een".to_owned()], vec!["een".to_owned(), "twee".to_owned()]));
}
