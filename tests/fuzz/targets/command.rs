//! Commands over HTTP and NATS: any bytes are a command or malformed, in both formats, and a command is the same one in both.
#![no_main]

use gateway::fuzzing;
use libfuzzer_sys::fuzz_target;
use proto_events::json::EventLine;
use serde::de::IgnoredAny;

fuzz_target!(|bytes: &[u8]| {
    read(bytes);
    if let Some(json) = fuzzing::json_of_message_pack(bytes) {
        serde_json::from_str::<IgnoredAny>(&json).expect("a message stands for JSON or is malformed");
        read(json.as_bytes());
    }
});

fn read(json: &[u8]) {
    let _ = fuzzing::outbox(json);
    let Some(lines) = fuzzing::command(json) else { return };
    let first = lines.first().expect("a command has an event");
    assert!(lines.iter().all(|line| line.trajectory_id == first.trajectory_id), "a command is of one trajectory");
    let packed = fuzzing::message_pack_of_json(json).expect("a command is JSON");
    // Numbers with more digits than a binary fraction has are other ones there: they are not compared.
    if let Some(again) = fuzzing::json_of_message_pack(&packed).and_then(|json| fuzzing::command(json.as_bytes())) {
        let ids = |lines: &[EventLine]| lines.iter().map(|line| line.event_id).collect::<Vec<_>>();
        assert_eq!(ids(&again), ids(&lines));
    }
}
