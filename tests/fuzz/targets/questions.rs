//! What questions are made of: quarters, scopes, moments, dates, definition sets.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    if let Ok(quarter) = text.parse::<domain::Quarter>() {
        assert_eq!(quarter.to_string(), text);
    }
    if let Ok(moment) = text.parse::<proto_events::Timestamp>() {
        assert_eq!(moment.to_string().parse::<proto_events::Timestamp>().expect("a moment"), moment);
    }
    if let Ok(date) = text.parse::<proto_events::Date>() {
        assert_eq!(date.to_string(), text);
    }
    let _ = text.parse::<figures::Scope>();
    let _ = text.parse::<app::AsOf>();
    let _ = figures::Definitions::from_toml(text);
});
