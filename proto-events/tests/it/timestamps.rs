//! Timestamps: 0 to 6 digits of fraction and any offset in, 6 digits and `Z` out.

use proptest::prelude::*;
use proto_events::{EventType, Timestamp};

use crate::samples::{Pieces, accepted, refused};

fn line(text: &str) -> String {
    Pieces::full(EventType::Contact).with("recorded_at", &serde_json::to_string(text).unwrap()).line()
}

#[test]
fn a_timestamp_is_written_with_six_digits_and_a_z() {
    for (text, out) in [
        ("2025-03-31T09:30:00Z", "2025-03-31T09:30:00.000000Z"),
        ("2025-03-31T09:30:00.1Z", "2025-03-31T09:30:00.100000Z"),
        ("2025-03-31T09:30:00.123456Z", "2025-03-31T09:30:00.123456Z"),
        ("2025-03-31T09:30:00.000001Z", "2025-03-31T09:30:00.000001Z"),
        ("2025-03-31T09:30:00.5+02:00", "2025-03-31T07:30:00.500000Z"),
        ("2025-03-31T00:30:00+02:00", "2025-03-30T22:30:00.000000Z"),
        ("2025-12-31T23:30:00-01:00", "2026-01-01T00:30:00.000000Z"),
        ("2025-03-31T09:30:00+23:59", "2025-03-30T09:31:00.000000Z"),
        ("2025-03-31T09:30:00-23:59", "2025-04-01T09:29:00.000000Z"),
        ("2025-03-31T09:30:00+00:00", "2025-03-31T09:30:00.000000Z"),
        ("2025-03-31T09:30:00-00:00", "2025-03-31T09:30:00.000000Z"),
        ("2025-03-31T09:30:00+05:45", "2025-03-31T03:45:00.000000Z"),
        ("2025-03-31t09:30:00z", "2025-03-31T09:30:00.000000Z"),
        ("2024-02-29T23:59:59.999999Z", "2024-02-29T23:59:59.999999Z"),
        ("1969-12-31T23:59:59.999999Z", "1969-12-31T23:59:59.999999Z"),
        ("0001-01-01T00:00:00Z", "0001-01-01T00:00:00.000000Z"),
        ("9999-12-31T23:59:59.999999Z", "9999-12-31T23:59:59.999999Z"),
    ] {
        let read = accepted(line(text));
        assert_eq!(read.recorded_at.unwrap().to_string(), out, "{text}");
        assert!(crate::samples::written(&read).contains(&format!("\"recorded_at\":\"{out}\"")));
    }
}

#[test]
fn a_timestamp_in_another_form_is_refused() {
    for text in [
        "",
        "2025-03-31",
        "2025-03-31T09:30Z",
        "2025-03-31T09:30:00",
        "2025-03-31 09:30:00Z",
        "2025-03-31T09:30:00.1234567Z",
        "2025-03-31T09:30:00.000000000Z",
        "2025-03-31T09:30:00.Z",
        "2025-03-31T09:30:00,5Z",
        "2025-03-31T09:30:60Z",
        "2016-12-31T23:59:60Z",
        "2025-03-31T24:00:00Z",
        "2025-03-31T09:60:00Z",
        "2025-03-31T09:30:00+24:00",
        "2025-03-31T09:30:00-24:00",
        "2025-03-31T09:30:00+02:60",
        "2025-03-31T09:30:00+02",
        "2025-03-31T09:30:00+0200",
        "2025-03-31T09:30:00+2:00",
        "2025-03-31T09:30:00+02:00:00",
        "2025-03-31T09:30:00Z ",
        " 2025-03-31T09:30:00Z",
        "2025-03-31T09:30:00ZZ",
        "2025-03-31T9:30:00Z",
        "2025-02-29T09:30:00Z",
        "2025-3-31T09:30:00Z",
        "0000-12-31T23:59:59Z",
        "2025-03-31T09:30:00[Europe/Amsterdam]",
        "2025-03-31T09:30:00Z[Europe/Amsterdam]",
        "2025-03-31T09:30:00CET",
        "2025-03-31T09:30:00−02:00",
        "1743413400",
        "20250331T093000Z",
        "2025-03-31TT9:30:00Z",
        "2025-03-31T+9:30:00Z",
        "2025-03-31T09:30:00é",
        "2025-03-3éT09:30:00Z",
    ] {
        refused(line(text));
        assert!(text.parse::<Timestamp>().is_err(), "{text}");
    }
    refused(Pieces::full(EventType::Contact).with("recorded_at", "1743413400").line());
}

#[test]
fn an_offset_cannot_lead_out_of_the_years_1_to_9999() {
    for text in ["0001-01-01T00:00:00+00:01", "9999-12-31T23:59:59-00:01"] {
        assert!(text.parse::<Timestamp>().is_err());
    }
    for text in ["0001-01-01T00:01:00+00:01", "9999-12-31T23:58:59.999999-00:01"] {
        assert!(text.parse::<Timestamp>().is_ok());
    }
}

#[test]
fn a_timestamp_is_stored_as_microseconds_since_1970() {
    assert_eq!("1970-01-01T00:00:00Z".parse::<Timestamp>().unwrap().micros(), 0);
    assert_eq!("1970-01-01T00:00:01.000002Z".parse::<Timestamp>().unwrap().micros(), 1_000_002);
    assert_eq!("1969-12-31T23:59:59.999999Z".parse::<Timestamp>().unwrap().micros(), -1);
    let last = "9999-12-31T23:59:59.999999Z".parse::<Timestamp>().unwrap();
    let first = "0001-01-01T00:00:00Z".parse::<Timestamp>().unwrap();
    assert_eq!((Timestamp::from_micros(last.micros()), Timestamp::from_micros(first.micros())), (Some(last), Some(first)));
    assert_eq!((Timestamp::from_micros(last.micros() + 1), Timestamp::from_micros(first.micros() - 1)), (None, None));
    assert_eq!((Timestamp::from_micros(i64::MAX), Timestamp::from_micros(i64::MIN)), (None, None));
}

/// The years 2 to 9998 whole, within reach of the peer's offsets on both sides.
fn micros() -> impl Strategy<Value = i64> {
    prop_oneof![-62_104_060_800_000_000..253_370_764_800_000_000_i64, 1_700_000_000_000_000..1_800_000_000_000_000_i64]
}

proptest! {
    #[test]
    fn every_moment_is_written_as_the_peer_writes_it(micros in micros()) {
        let ours = Timestamp::from_micros(micros).unwrap().to_string();
        prop_assert_eq!(&ours, &format!("{:.6}", jiff::Timestamp::from_microsecond(micros).unwrap()));
        prop_assert_eq!(ours.parse().ok(), Timestamp::from_micros(micros));
        prop_assert_eq!(ours.parse::<jiff::Timestamp>().unwrap().as_microsecond(), micros);
    }

    #[test]
    fn every_offset_and_fraction_is_read_as_the_peer_reads_it(
        micros in micros(), digits in 0..=6_usize, minutes in -1_439..=1_439_i32,
    ) {
        let wall = Timestamp::from_micros(micros).unwrap().to_string();
        let sign = if minutes < 0 { '-' } else { '+' };
        let fraction = if digits == 0 { String::new() } else { wall[19..20 + digits].to_owned() };
        let (hour, minute) = (minutes.abs() / 60, minutes.abs() % 60);
        let text = format!("{}{fraction}{sign}{hour:02}:{minute:02}", &wall[..19]);
        let peer = text.parse::<jiff::Timestamp>().unwrap();
        prop_assert_eq!(text.parse::<Timestamp>().unwrap().micros(), peer.as_microsecond());
    }

    #[test]
    fn moments_are_ordered_as_their_texts(a in micros(), b in micros()) {
        let (a, b) = (Timestamp::from_micros(a).unwrap(), Timestamp::from_micros(b).unwrap());
        prop_assert_eq!(a.cmp(&b), a.to_string().cmp(&b.to_string()));
    }

    #[test]
    fn nothing_that_looks_like_a_timestamp_makes_it_panic(text in "[0-9TtZz:.+é -]{0,35}") {
        let _ = text.parse::<Timestamp>();
        let _ = text.parse::<proto_events::Date>();
    }
}
