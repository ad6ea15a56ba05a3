//! What every register must do, as a suite that each adapter runs on an empty one of its own.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a suite of tests fails by panicking")]

use std::collections::BTreeMap;

use crate::register::{Change, Expected, Key, Kind, LARGEST_VALUE, Record, Register, RegisterError, Revision};

/// Runs the suite on an empty register, which holds something afterwards.
///
/// # Panics
/// When it does not keep the port's contract.
pub async fn keeps_the_contract(register: &dyn Register) {
    let mut changes = register.changes();
    let mut told = Vec::new();
    assert_eq!(all(register).await, BTreeMap::new(), "the suite begins with an empty register");
    puts_only_what_is_expected(register, &mut told).await;
    judges_by_the_newest_of_a_kind(register, &mut told).await;
    keeps_every_kind_apart(register, &mut told).await;
    removes_once_and_for_all(register, &mut told).await;
    takes_no_value_that_is_too_large(register, &mut told).await;
    if let Some(changes) = &mut changes {
        let mut heard: Vec<Change> = Vec::new();
        while heard.len() < told.len() {
            let change = changes.recv().await.expect("changes are told while the register is there");
            // At least once is allowed.
            if !heard.contains(&change) {
                heard.push(change);
            }
        }
        assert_eq!(heard, told, "every change is told, in order");
    }
}

async fn all(register: &dyn Register) -> BTreeMap<(Kind, Key), (Vec<u8>, Revision)> {
    let all = register.all().await.unwrap();
    all.into_iter().map(|record| ((record.kind, record.key), (record.value, record.revision))).collect()
}

fn key(text: &str) -> Key {
    Key::new(text).unwrap()
}

async fn put(register: &dyn Register, told: &mut Vec<Change>, kind: Kind, name: &str, value: &str, expected: Expected) -> Revision {
    let key = key(name);
    let revision = register.put(kind, &key, value.into(), expected).await.unwrap();
    told.push(Change::Put(Record { kind, key, value: value.into(), revision }));
    revision
}

async fn conflicts(register: &dyn Register, kind: Kind, name: &str, expected: Expected) {
    let before = all(register).await;
    let refused = register.put(kind, &key(name), b"\"other\"".to_vec(), expected).await;
    assert!(matches!(refused, Err(RegisterError::Conflict { .. })), "{expected:?}: {refused:?}");
    assert_eq!(all(register).await, before, "a conflict changes nothing");
}

async fn puts_only_what_is_expected(register: &dyn Register, told: &mut Vec<Change>) {
    let first = put(register, told, Kind::Session, "one", "1", Expected::Nothing).await;
    conflicts(register, Kind::Session, "one", Expected::Nothing).await;
    let second = put(register, told, Kind::Session, "one", "2", Expected::Record(first)).await;
    assert!(second > first);
    conflicts(register, Kind::Session, "one", Expected::Record(first)).await;
    conflicts(register, Kind::Session, "two", Expected::Record(second)).await;
    // Another kind is another record.
    put(register, told, Kind::Token, "one", "3", Expected::Nothing).await;
    let all = all(register).await;
    assert_eq!(all.len(), 2);
    assert_eq!(all[&(Kind::Session, key("one"))], (b"2".to_vec(), second));
}

async fn judges_by_the_newest_of_a_kind(register: &dyn Register, told: &mut Vec<Change>) {
    let one = put(register, told, Kind::Account, "one", "1", Expected::Kind(Revision(0))).await;
    conflicts(register, Kind::Account, "two", Expected::Kind(Revision(0))).await;
    put(register, told, Kind::Session, "beside", "1", Expected::Nothing).await;
    let two = put(register, told, Kind::Account, "two", "1", Expected::Kind(one)).await;
    conflicts(register, Kind::Account, "one", Expected::Kind(one)).await;
    let one = put(register, told, Kind::Account, "one", "2", Expected::Record(one)).await;
    conflicts(register, Kind::Account, "two", Expected::Kind(two)).await;
    put(register, told, Kind::Account, "two", "2", Expected::Kind(one)).await;
}

async fn keeps_every_kind_apart(register: &dyn Register, told: &mut Vec<Change>) {
    for kind in Kind::ALL {
        put(register, told, kind, "of-every-kind", kind.name(), Expected::Nothing).await;
        conflicts(register, kind, "of-every-kind", Expected::Nothing).await;
    }
    let all = all(register).await;
    for kind in Kind::ALL {
        assert_eq!(all[&(kind, key("of-every-kind"))].0, kind.name().as_bytes());
    }
    register
        .remove(Kind::Opening, &key("of-every-kind"))
        .await
        .map(|revision| {
            told.push(Change::Removed { kind: Kind::Opening, key: key("of-every-kind"), revision });
        })
        .unwrap();
    let left = Kind::ALL.into_iter().filter(|kind| *kind != Kind::Opening);
    let all = self::all(register).await;
    assert!(left.into_iter().all(|kind| all.contains_key(&(kind, key("of-every-kind")))), "what is removed is of one kind");
    assert!(!all.contains_key(&(Kind::Opening, key("of-every-kind"))));
}

async fn removes_once_and_for_all(register: &dyn Register, told: &mut Vec<Change>) {
    let put_at = put(register, told, Kind::Cover, "one", "1", Expected::Nothing).await;
    let revision = register.remove(Kind::Cover, &key("one")).await.unwrap();
    assert!(revision > put_at);
    told.push(Change::Removed { kind: Kind::Cover, key: key("one"), revision });
    conflicts(register, Kind::Cover, "one", Expected::Record(put_at)).await;
    let revision = register.remove(Kind::Cover, &key("one")).await.expect("what is not there is removed already");
    told.push(Change::Removed { kind: Kind::Cover, key: key("one"), revision });
    assert!(!all(register).await.contains_key(&(Kind::Cover, key("one"))));
    put(register, told, Kind::Cover, "one", "again", Expected::Nothing).await;
}

async fn takes_no_value_that_is_too_large(register: &dyn Register, told: &mut Vec<Change>) {
    let large = "x".repeat(LARGEST_VALUE);
    put(register, told, Kind::Token, "large", &large, Expected::Nothing).await;
    let refused = register.put(Kind::Token, &key("larger"), format!("{large}x").into_bytes(), Expected::Nothing).await;
    assert!(matches!(refused, Err(RegisterError::TooLarge { .. })));
    assert!(!all(register).await.contains_key(&(Kind::Token, key("larger"))));
}
