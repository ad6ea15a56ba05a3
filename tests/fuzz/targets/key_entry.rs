//! Entries of the bucket of keys: any bytes are at most one kind of entry, and that one is written as it was read.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let again = keys_nats::fuzzing::written_again(bytes);
    assert!(again.len() <= 1, "an entry is of one kind");
    assert!(again.iter().all(|written| written == bytes), "an entry is written as it was read");
});
