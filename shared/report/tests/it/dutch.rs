//! Numbers as they are told, seen from outside: in a report.

use figures::{CellKey, Measure};
use report::write;

use crate::support::{facts, text};

fn running(count: u64) -> Vec<(CellKey, report::KnownCounts)> {
    vec![(CellKey::All, vec![(Measure::Running, Some(count)), (Measure::Organisations, Some(2))])]
}

#[test]
fn thousands_have_a_point_and_one_client_is_no_plural() {
    assert!(text(&write(&facts(running(1_234_567), None, None))).contains("kregen 1.234.567 cliënten begeleiding"));
    assert!(text(&write(&facts(running(1), None, None))).contains("kreeg 1 cliënt begeleiding"));
    assert!(text(&write(&facts(running(999), None, None))).contains("kregen 999 cliënten begeleiding"));
}

#[test]
fn the_last_day_of_the_quarter_is_a_dutch_date() {
    assert!(text(&write(&facts(running(1), None, None))).contains("wordt geteld op 31 maart 2025"));
}
