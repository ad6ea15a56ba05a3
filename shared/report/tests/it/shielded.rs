//! What is shielded is nowhere.

use figures::Measure;
use report::{Fraction, write};

use crate::support::{IPS, cells, facts, text};

/// A number that occurs nowhere else.
const SECRET: u64 = 7_777;

#[test]
fn a_shielded_number_is_in_no_sentence_table_chart_or_percentage() {
    let mut secret = cells(9_000, 4);
    for (key, counts) in &mut secret {
        if *key == IPS {
            counts.retain(|(measure, _)| *measure != Measure::PaidWork);
            counts.push((Measure::PaidWork, Some(SECRET)));
        }
    }
    let open = text(&write(&facts(secret.clone(), None, None)));
    assert!(open.contains("7.777"), "the test sees it where it is not shielded");
    let mut shielded = facts(secret, None, None);
    shielded.current.numbers.shield(&IPS, Measure::PaidWork);
    let report = text(&write(&shielded));
    assert!(!report.contains("7.777") && !report.contains("86,4%"), "{report}");
    assert!(report.contains("Betaald werk: een afgeschermd aantal cliënten."), "{report}");
    assert!(report.contains("Afgeschermd is een aantal van 1 tot en met 4"), "{report}");
}

#[test]
fn shielding_a_whole_takes_the_percentages_of_it_away() {
    let mut numbers = facts(cells(10, 4), None, None).current.numbers;
    assert_eq!(numbers.figure(&IPS, Measure::OutflowIntended).fraction, Fraction::of(1, 3));
    numbers.shield(&IPS, Measure::Ended);
    assert_eq!(numbers.figure(&IPS, Measure::OutflowIntended).fraction, None);
    assert_eq!(numbers.figure(&IPS, Measure::OutflowIntended).count, Some(1));
    assert_eq!(numbers.figure(&IPS, Measure::PaidWork).fraction, Fraction::of(4, 10), "another whole");
    numbers.shield(&IPS, Measure::Running);
    assert_eq!(numbers.figure(&IPS, Measure::PaidWork).fraction, None);
    assert_eq!(numbers.share(&IPS), None);
}

#[test]
fn a_change_from_or_to_a_shielded_number_is_not_told() {
    let mut shielded = facts(cells(10, 4), Some(cells(8, 4)), None);
    shielded.previous.as_mut().expect("it is there").numbers.shield(&IPS, Measure::Running);
    let report = text(&write(&shielded));
    assert!(report.contains("Met kwartaal 4 van 2024 is het niet te vergelijken: een van de aantallen is afgeschermd."), "{report}");
}
