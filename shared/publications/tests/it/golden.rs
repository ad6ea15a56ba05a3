//! A stored publication's form is for ever: these bytes are read, and written again, by every later program.

use std::sync::Arc;

use domain::Method;
use publications::{Complete, Held, MemoryRegister, Publications, Register, Reopening, Status};

use crate::world::{moment, vintage};

const PUBLISHED: &str = include_str!("golden/published.json");
const COMPLETE: &str = include_str!("golden/complete.json");
/// As programs wrote it before the position was kept.
const COMPLETE_BY_MOMENT: &str = include_str!("golden/complete-by-moment.json");
const REOPENED: &str = include_str!("golden/reopened.json");

#[test]
fn records_have_these_very_bytes() {
    let register = MemoryRegister::default();
    let mut publications = Publications::open(Arc::new(register.clone())).unwrap();
    let now = moment("2025-06-01T08:30:00Z");
    let quarter = "2025Q1".parse().unwrap();
    publications.publish(vintage("2025Q1", "2025-05-15T12:00:00Z", Status::Definitive), None, "anna", now).unwrap();
    let held = Held { ended: true, position: 128_440, latest: None };
    publications.declare(Complete { quarter, organisation: "een".into(), method: Method::Ips }, held, "karim", now).unwrap();
    let reopening = Reopening { quarter, reason: "a mistake".to_owned(), agreed_by: "bert".to_owned() };
    publications.reopen(reopening, "anna", now).unwrap();
    let written: Vec<String> = register.all().unwrap().into_iter().map(|bytes| String::from_utf8(bytes).unwrap()).collect();
    assert_eq!(written, [PUBLISHED, COMPLETE, REOPENED]);
}

#[test]
fn stored_records_are_read() {
    let register = MemoryRegister::default();
    for (number, bytes) in [PUBLISHED, COMPLETE, REOPENED].iter().enumerate() {
        register.append(number as u64 + 1, bytes.as_bytes()).unwrap();
    }
    let publications = Publications::open(Arc::new(register)).unwrap();
    assert_eq!(publications.records().len(), 3);
    let quarter = "2025Q1".parse().unwrap();
    let (_, vintage) = publications.vintage(quarter, None).unwrap();
    assert_eq!(vintage.definitions.name, "ours");
    assert!(!publications.is_locked(quarter), "it was reopened");
}

#[test]
fn a_declaration_of_before_positions_were_kept_is_read_and_has_none() {
    for (bytes, seen) in [(COMPLETE, Some(128_440)), (COMPLETE_BY_MOMENT, None)] {
        let register = MemoryRegister::default();
        register.append(1, PUBLISHED.as_bytes()).unwrap();
        register.append(2, bytes.as_bytes()).unwrap();
        let publications = Publications::open(Arc::new(register)).unwrap();
        assert_eq!(publications.records()[1].seen(), seen);
    }
}

#[test]
fn a_record_of_fewer_measures_in_another_order_is_read_as_it_was_written() {
    // As a program wrote it that knew two measures less.
    let mut record: serde_json::Value = serde_json::from_str(PUBLISHED).unwrap();
    let keep: Vec<usize> = (2..record["published"]["measures"].as_array().unwrap().len()).rev().collect();
    let kept = |list: &serde_json::Value| keep.iter().map(|place| list[*place].clone()).collect::<Vec<_>>();
    record["published"]["measures"] = kept(&record["published"]["measures"]).into();
    for cells in record["published"]["tables"].as_object_mut().unwrap().values_mut() {
        for cell in cells.as_object_mut().unwrap().values_mut() {
            cell["counts"] = kept(&cell["counts"]).into();
        }
    }
    record["published"]["checkpoint"] = "signed".into();
    // A checkpoint stands before the measures.
    let published = record["published"].as_object_mut().unwrap();
    for later in ["measures", "tables"] {
        let moved = published.shift_remove(later).unwrap();
        published.insert(later.to_owned(), moved);
    }
    let register = MemoryRegister::default();
    register.append(1, format!("{record}\n").as_bytes()).unwrap();
    let publications = Publications::open(Arc::new(register)).unwrap();
    let (_, vintage) = publications.vintage("2025Q1".parse().unwrap(), None).unwrap();
    assert_eq!((vintage.measures.len(), vintage.checkpoint.as_deref()), (keep.len(), Some("signed")));
}
