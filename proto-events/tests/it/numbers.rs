//! Numbers: exact to two decimals, compared as values, written as short as possible; whole numbers without a point.

use proptest::prelude::*;
use proto_events::{EventType, Hundredths, Payload, WholeNumber};

use crate::samples::{Pieces, accepted, refused, written};

fn hours_line(literal: &str) -> String {
    Pieces::full(EventType::PaidWorkStarted).data_with("hours_per_week", literal).line()
}

#[track_caller]
fn hours(literal: &str) -> i32 {
    match accepted(hours_line(literal)).payload {
        Payload::PaidWorkStarted(job) => job.hours_per_week.unwrap().0,
        _ => panic!(),
    }
}

#[test]
fn a_number_is_read_exactly_and_written_as_short_as_possible() {
    for (literal, value, short) in [
        ("12", 12_00, "12"),
        ("12.0", 12_00, "12"),
        ("12.00", 12_00, "12"),
        ("12.5", 12_50, "12.5"),
        ("12.50", 12_50, "12.5"),
        ("12.05", 12_05, "12.05"),
        ("12.34", 12_34, "12.34"),
        ("0", 0, "0"),
        ("-0", 0, "0"),
        ("-0.0", 0, "0"),
        ("0.00", 0, "0"),
        ("0.01", 1, "0.01"),
        ("0.1", 10, "0.1"),
        ("-0.01", -1, "-0.01"),
        ("-0.5", -50, "-0.5"),
        ("-12.30", -12_30, "-12.3"),
        ("1e1", 10_00, "10"),
        ("1E1", 10_00, "10"),
        ("1e+1", 10_00, "10"),
        ("1.5e1", 15_00, "15"),
        ("1.234e1", 12_34, "12.34"),
        ("12.345e1", 123_45, "123.45"),
        ("5e-1", 50, "0.5"),
        ("5e-2", 5, "0.05"),
        ("0e5", 0, "0"),
        ("0e400", 0, "0"),
        ("21474836.47", i32::MAX, "21474836.47"),
        ("-21474836.48", i32::MIN, "-21474836.48"),
    ] {
        assert_eq!(hours(literal), value, "{literal}");
        assert!(written(&accepted(hours_line(literal))).contains(&format!("\"hours_per_week\":{short},")), "{literal}");
    }
}

#[test]
fn more_than_two_decimals_are_refused() {
    for literal in [
        "12.345",
        "12.500",
        "0.001",
        "0.000",
        "-0.000",
        "1e-3",
        "1.5e-2",
        "0.0000000000000000000000000000001",
        "1e-400",
        "1e-99999999999999999999",
    ] {
        assert!(refused(hours_line(literal)).contains("at most two decimals"), "{literal}");
    }
}

#[test]
fn a_number_too_large_to_hold_is_held_as_the_largest() {
    for literal in ["21474836.48", "1e400", "1e99999999999999999999", "99999999999999999999999999999999", "2.5e300"] {
        assert_eq!(hours(literal), i32::MAX, "{literal}");
        assert_eq!(hours(&format!("-{literal}")).signum(), -1);
    }
    assert_eq!(hours("-1e400"), i32::MIN);
    assert_eq!(hours(&"9".repeat(10_000)), i32::MAX);
}

#[test]
fn what_is_no_json_number_is_refused() {
    for literal in [
        "\"12\"", "true", "null", "[12]", "{}", "012", "+12", ".5", "12.", "1e", "1e1.5", "0x10", "1_000", "NaN", "Infinity", "-", "--1",
        "12,5",
    ] {
        refused(hours_line(literal));
    }
}

#[test]
fn every_number_of_the_page_is_exact() {
    for (event_type, field) in [
        (EventType::PaidWorkStarted, "hours_per_week"),
        (EventType::PaidWorkStarted, "wage_value_percent"),
        (EventType::PaidWorkChanged, "hours_per_week"),
        (EventType::PaidWorkChanged, "wage_value_percent"),
        (EventType::Assessment, "max_hours_per_week"),
    ] {
        // As a binary fraction it would be 34.899999….
        let line = Pieces::full(event_type).data_with(field, "34.90").line();
        assert!(written(&accepted(line)).contains(&format!("\"{field}\":34.9")));
        refused(Pieces::full(event_type).data_with(field, "34.901").line());
        refused(Pieces::full(event_type).data_with(field, "\"34.9\"").line());
    }
}

fn minutes_line(literal: &str) -> String {
    Pieces::full(EventType::Contact).data_with("minutes", literal).line()
}

#[test]
fn an_integer_is_written_without_a_point() {
    for (literal, value) in [
        ("0", 0),
        ("45", 45),
        ("-1", -1),
        ("-0", 0),
        ("2147483647", i32::MAX),
        ("2147483648", i32::MAX),
        ("-2147483649", i32::MIN),
        ("99999999999999999999999", i32::MAX),
    ] {
        let Payload::Contact(contact) = accepted(minutes_line(literal)).payload else { panic!() };
        assert_eq!(contact.minutes, Some(WholeNumber(value)), "{literal}");
    }
    for literal in ["45.0", "45.5", "4.5e1", "45e0", "1E2", "\"45\"", "true", "045", "+45", "-", "[45]", "{}"] {
        refused(minutes_line(literal));
    }
}

proptest! {
    #[test]
    fn hundredths_are_read_as_they_are_written(value: i32) {
        let text = Hundredths(value).to_string();
        prop_assert_eq!(text.parse(), Ok(Hundredths(value)));
        prop_assert_eq!(hours(&text), value);
        prop_assert!(!text.contains('.') || !text.ends_with('0'));
    }

    #[test]
    fn a_number_means_the_same_in_whatever_form(whole in 0..1_000_000_i32, fraction in 0..100_i32, exponent in -4..5_i32, negative: bool) {
        // Against the page's arithmetic in whole numbers: the value times a hundred must be whole.
        let sign = if negative { "-" } else { "" };
        let text = format!("{sign}{whole}.{fraction:02}e{exponent}");
        let hundredths = i64::from(whole * 100 + fraction) * if negative { -1 } else { 1 };
        let scale = 10_i64.pow(exponent.unsigned_abs());
        let exact = if exponent >= 0 { Some(hundredths * scale) } else { (hundredths % scale == 0).then_some(hundredths / scale) };
        let saturated = exact.map(|exact| i32::try_from(exact).unwrap_or(if negative { i32::MIN } else { i32::MAX }));
        // Trailing zeros count as decimals: what is refused so is at most a clumsy way of writing.
        match text.parse::<Hundredths>() {
            Ok(read) => prop_assert_eq!(Some(read.0), saturated),
            Err(_) => prop_assert!(exponent < 0),
        }
        prop_assert!(exponent < 0 || text.parse::<Hundredths>().is_ok());
    }
}
