//! Messages of the log on JetStream: any message is a record or is refused, and a record survives being written and read again.
#![no_main]

use event_log::{Position, Record, RecordHeader};
use libfuzzer_sys::fuzz_target;
use log_jetstream::fuzzing;
use proto_events::Timestamp;
use uuid::Uuid;

fuzz_target!(|input: (u64, u16, i64, u128, &str, &str, &[u8])| {
    let (first, events, moment, trajectory, subject, record, body) = input;
    if let Ok(header) = fuzzing::read(subject, record, body) {
        let _ = header.last_position();
    }
    let Some(recorded_at) = Timestamp::from_micros(moment) else { return };
    let header = RecordHeader { first_position: Position(first), events, recorded_at, trajectory_id: Uuid::from_u128(trajectory) };
    let stated = format!("1 {first} {events} {moment} {:08x}", fuzzing::checksum(&header, body));
    let Ok(read) = fuzzing::read(&format!("traject.events.org.{}", header.trajectory_id), &stated, body) else { return };
    assert_eq!(read, header);
    assert!(read.last_position() >= read.first_position);
    let body = body.to_vec().into();
    assert_eq!(fuzzing::there_and_back(Record { header, body }), Ok(header));
});
