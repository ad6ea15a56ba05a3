//! The stored form: any bytes are a decision or unreadable, and a decision survives being written and read again.
#![no_main]

use libfuzzer_sys::fuzz_target;
use proto_events::{Payload, SealedText, Skipped, stored, upcast::Upcasters};

fuzz_target!(|body: &[u8]| {
    let upcasters = Upcasters::of_today();
    let Ok(decision) = stored::decode(body) else { return };
    let mut written = Vec::new();
    decision.encode(&mut written).expect("what was read can be written");
    assert_eq!(stored::decode(&written).expect("what was written can be read"), decision);
    for event in &decision.events {
        let sealed: Result<Payload<SealedText>, _> = event.payload(&upcasters);
        let skipped: Result<Payload<Skipped>, _> = event.payload(&upcasters);
        assert!(skipped.is_ok() || sealed.is_err(), "who passes over texts reads no less than who keeps them");
    }
});
