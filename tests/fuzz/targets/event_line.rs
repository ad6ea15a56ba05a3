//! JSON Lines in: any bytes are an event or malformed, and an event survives being written and read again.
#![no_main]

use libfuzzer_sys::fuzz_target;
use proto_events::{
    Text,
    json::{EventLine, parse_line},
    upcast::Upcasters,
};

fuzz_target!(|line: &[u8]| {
    let upcasters = Upcasters::of_today();
    let Ok(event) = parse_line::<Text>(line, &upcasters) else { return };
    let written = serde_json::to_vec(&event.out()).expect("what was read can be written");
    let again: EventLine = parse_line(&written, &upcasters).expect("what was written can be read");
    assert_eq!(again, EventLine { decision: None, ..event });
});
