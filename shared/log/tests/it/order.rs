//! What may follow what.

use event_log::{AppendError, Head, Position, Record, conformance::moment, conformance::record, conformance::record_with, head_after};

fn refusal(last: Head, records: &[Record]) -> String {
    match head_after(last, records) {
        Err(AppendError::Refused { cause }) => cause,
        other => panic!("expected a refusal, got {other:?}"),
    }
}

#[test]
fn the_head_after_records_is_the_end_of_the_last_one() {
    let head = head_after(Head::default(), &[record(1, 3, 5), record(4, 2, 5)]).expect("they follow on");
    assert_eq!(head, Head { position: Position(5), recorded_at: Some(moment(5)) });
}

#[test]
fn a_refusal_names_the_record_and_the_reason() {
    let last = Head { position: Position(7), recorded_at: Some(moment(5)) };
    assert_eq!(refusal(last, &[record(9, 1, 5)]), "record at position 9: it does not number on from position 7");
    assert_eq!(refusal(last, &[record(8, 0, 5)]), "record at position 8: it holds no event");
    assert_eq!(refusal(last, &[record(8, 1, 4)]), "record at position 8: its recorded_at is earlier than that of the record before it");
    assert_eq!(
        refusal(last, &[record_with(8, 1, 5, vec![0; event_log::MAX_BODY_BYTES + 1])]),
        "record at position 8: its body of 16777217 bytes is larger than 16777216"
    );
}

#[test]
fn positions_cannot_run_over() {
    let last = Head { position: Position(u64::MAX - 1), recorded_at: None };
    assert_eq!(refusal(last, &[record_with(u64::MAX, 2, 0, vec![])]), "record at position 18446744073709551615: positions have run out");
}
