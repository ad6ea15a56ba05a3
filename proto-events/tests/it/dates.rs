//! Dates: `YYYY-MM-DD` of the calendar, of the years 1 to 9999.

use proptest::prelude::*;
use proto_events::{Date, EventType};

use crate::samples::{Pieces, accepted, refused};

fn line(text: &str) -> String {
    Pieces::full(EventType::Contact).with("occurred_on", &serde_json::to_string(text).unwrap()).line()
}

#[test]
fn a_date_of_the_calendar_is_accepted() {
    for text in ["2025-03-31", "0001-01-01", "9999-12-31", "2024-02-29", "2000-02-29", "1970-01-01", "1600-02-29"] {
        assert_eq!(accepted(line(text)).occurred_on.to_string(), text);
    }
}

#[test]
fn a_date_that_the_calendar_does_not_have_is_refused() {
    for text in [
        "0000-01-01",
        "0000-12-31",
        "10000-01-01",
        "2025-02-29",
        "1900-02-29",
        "2100-02-29",
        "2025-02-30",
        "2025-04-31",
        "2025-06-31",
        "2025-13-01",
        "2025-00-01",
        "2025-01-00",
        "2025-01-32",
    ] {
        refused(line(text));
        assert!(text.parse::<Date>().is_err());
    }
}

#[test]
fn a_date_in_another_form_is_refused() {
    for text in [
        "",
        "2025",
        "2025-03",
        "2025-2-3",
        "2025-02-3",
        "25-02-03",
        "20250203",
        "2025/02/03",
        "03-02-2025",
        "2025-02-03T00:00:00Z",
        "2025-02-03Z",
        "2025-02-03+01:00",
        " 2025-02-03",
        "2025-02-03 ",
        "2025-02-03\n",
        "+2025-02-03",
        "-2025-02-03",
        "2025-W06-1",
        "2025-034",
        "2025_02_03",
        "2025-02-0a",
        "２０２５-02-03",
        "2025-+2-03",
        "2025-02--3",
        "20 5-02-03",
    ] {
        refused(line(text));
        assert!(text.parse::<Date>().is_err(), "{text}");
    }
    refused(Pieces::full(EventType::Contact).with("occurred_on", "20250203").line());
}

#[test]
fn a_date_is_stored_as_days_since_1970() {
    assert_eq!("1970-01-01".parse::<Date>().unwrap().days(), 0);
    assert_eq!("2025-03-31".parse::<Date>().unwrap().days(), 20_178);
    assert_eq!("1969-12-31".parse::<Date>().unwrap().days(), -1);
    let (first, last) = ("0001-01-01".parse::<Date>().unwrap(), "9999-12-31".parse::<Date>().unwrap());
    assert_eq!((Date::from_days(first.days()), Date::from_days(last.days())), (Some(first), Some(last)));
    assert_eq!((Date::from_days(first.days() - 1), Date::from_days(last.days() + 1)), (None, None));
    assert_eq!((Date::from_days(i32::MIN), Date::from_days(i32::MAX)), (None, None));
}

#[test]
fn a_date_is_made_of_year_month_and_day_only_where_it_exists() {
    assert_eq!(Date::from_civil(2024, 2, 29).unwrap().to_string(), "2024-02-29");
    for (year, month, day) in [(2025, 2, 29), (0, 1, 1), (10_000, 1, 1), (2025, 0, 1), (2025, 13, 1), (2025, 1, 0), (2025, 1, -1)] {
        assert_eq!(Date::from_civil(year, month, day), None);
    }
}

proptest! {
    #[test]
    fn every_date_agrees_with_the_peer(days in -719_162..=2_932_896_i32) {
        let peer = jiff::civil::date(1970, 1, 1).checked_add(jiff::Span::new().days(days)).unwrap();
        let date = Date::from_days(days).unwrap();
        prop_assert_eq!(date.to_string(), peer.to_string());
        prop_assert_eq!(peer.to_string().parse(), Ok(date));
    }

    #[test]
    fn a_text_of_this_form_is_a_date_exactly_when_the_peer_says_so(year in 0..=10_000_i32, month in 0..=13, day in 0..=32) {
        let text = format!("{year:04}-{month:02}-{day:02}");
        let peer = text.parse::<jiff::civil::Date>().ok().filter(|_| (1..=9999).contains(&year));
        prop_assert_eq!(text.parse::<Date>().ok().map(|date| date.to_string()), peer.map(|date| date.to_string()));
    }

    #[test]
    fn dates_are_ordered_as_their_texts(a in -719_162..=2_932_896_i32, b in -719_162..=2_932_896_i32) {
        let (a, b) = (Date::from_days(a).unwrap(), Date::from_days(b).unwrap());
        prop_assert_eq!(a.cmp(&b), a.to_string().cmp(&b.to_string()));
    }
}
