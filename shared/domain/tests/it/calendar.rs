//! Days, months and quarters. The whole calendar is walked day by day beside a naive count of its own; the peer `jiff` stands beside it in
//! the tests of `proto-events`, because the core goes without it in its tests too.

use domain::{Date, Quarter};
use proptest::prelude::*;

use crate::given::day;

fn quarter(text: &str) -> Quarter {
    text.parse().unwrap()
}

fn naive_days_in_month(year: i32, month: i32) -> i32 {
    let leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    [31, if leap { 29 } else { 28 }, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][usize::try_from(month - 1).unwrap()]
}

#[test]
fn every_day_of_ten_thousand_years_follows_the_day_before_it() {
    let mut date = Date::from_civil(0, 1, 1);
    for year in 0..=9_999 {
        for month in 1..=12 {
            for of_month in 1..=naive_days_in_month(year, month) {
                assert_eq!(date.civil(), (year, month, of_month));
                assert_eq!(Date::from_civil(year, month, of_month), date);
                date = date.plus_days(1);
            }
        }
    }
    assert_eq!(date, Date::from_civil(10_000, 1, 1));
}

#[test]
fn days_are_counted_from_1970() {
    assert_eq!(Date::from_civil(1970, 1, 1).days(), 0);
    assert_eq!(Date::from_civil(1969, 12, 31).days(), -1);
    assert_eq!(Date::from_civil(2000, 3, 1).days(), 11_017);
    assert_eq!(Date::from_days(20_178), day("2025-03-31"));
}

#[test]
fn a_day_is_written_with_four_two_and_two_digits() {
    assert_eq!(Date::from_civil(987, 6, 5).to_string(), "0987-06-05");
    assert_eq!(Date::from_civil(9999, 12, 31).to_string(), "9999-12-31");
}

#[test]
fn a_day_past_the_months_end_falls_to_its_last() {
    assert_eq!(Date::from_civil(2025, 2, 31), day("2025-02-28"));
    assert_eq!(Date::from_civil(2024, 2, 30), day("2024-02-29"));
    assert_eq!(Date::from_civil(1900, 2, 29), day("1900-02-28"));
    assert_eq!(Date::from_civil(2000, 2, 30), day("2000-02-29"));
    assert_eq!(Date::from_civil(2025, 4, 31), day("2025-04-30"));
}

#[test]
fn months_later_is_the_same_day_or_the_months_last() {
    for (from, months, later) in [
        ("2025-01-15", 3, "2025-04-15"),
        ("2025-01-31", 1, "2025-02-28"),
        ("2024-01-31", 1, "2024-02-29"),
        ("2024-02-29", 12, "2025-02-28"),
        ("2024-02-29", 48, "2028-02-29"),
        ("2024-02-29", 1, "2024-03-29"),
        ("2024-11-30", 3, "2025-02-28"),
        ("2023-11-30", 3, "2024-02-29"),
        ("2024-12-31", 3, "2025-03-31"),
        ("2025-03-31", 6, "2025-09-30"),
        ("2025-12-01", 1, "2026-01-01"),
        ("2025-12-31", 2, "2026-02-28"),
        ("2025-06-30", 9, "2026-03-30"),
        ("2025-03-31", -1, "2025-02-28"),
        ("2025-01-15", -1, "2024-12-15"),
        ("2025-01-15", -13, "2023-12-15"),
        ("2025-01-15", 0, "2025-01-15"),
    ] {
        assert_eq!(day(from).plus_months(months), day(later), "{from} + {months} months");
    }
}

#[test]
fn a_quarter_has_a_first_and_a_last_day() {
    for (text, first, last) in [
        ("2025Q1", "2025-01-01", "2025-03-31"),
        ("2025Q2", "2025-04-01", "2025-06-30"),
        ("2025Q3", "2025-07-01", "2025-09-30"),
        ("2025Q4", "2025-10-01", "2025-12-31"),
        ("2024Q1", "2024-01-01", "2024-03-31"),
    ] {
        let quarter = quarter(text);
        assert_eq!((quarter.first_day(), quarter.last_day()), (day(first), day(last)));
        assert_eq!(quarter.first_day_of_year(), Date::from_civil(quarter.year(), 1, 1));
        assert_eq!(quarter.to_string(), text);
    }
}

#[test]
fn a_quarter_follows_the_one_before_it_without_a_gap() {
    for year in 1..=9_999 {
        for number in 1..=4 {
            let quarter = Quarter::new(year, number).unwrap();
            assert_eq!(quarter.previous().last_day().plus_days(1), quarter.first_day());
            assert_eq!(quarter.year_earlier().year(), year - 1);
        }
    }
    assert_eq!(quarter("2025Q1").previous(), quarter("2024Q4"));
    assert_eq!(quarter("2025Q3").previous(), quarter("2025Q2"));
    assert_eq!(quarter("2025Q3").year_earlier(), quarter("2024Q3"));
}

#[test]
fn only_a_year_of_four_digits_a_q_and_a_number_from_1_to_4_are_a_quarter() {
    for text in [
        "",
        "Q",
        "2025",
        "2025Q",
        "2025Q0",
        "2025Q5",
        "2025q1",
        "2025-Q1",
        "2025 Q1",
        " 2025Q1",
        "2025Q1 ",
        "2025Q1\n",
        "25Q1",
        "02025Q1",
        "+025Q1",
        "-025Q1",
        "2025Q01",
        "2025Q+",
        "2025QQ1",
        "Q12025",
        "0000Q1",
        "12025Q1",
        "２０２５Q1",
        "2025Q１",
    ] {
        assert!(text.parse::<Quarter>().is_err(), "{text:?}");
    }
    assert_eq!(quarter("0001Q1").year(), 1);
    assert_eq!(quarter("9999Q4").last_day(), day("9999-12-31"));
}

#[test]
fn the_pattern_of_quarters_is_that_of_every_year_that_has_some() {
    let years: Vec<&str> = Quarter::PATTERN.strip_prefix("^(").unwrap().strip_suffix(")Q[1-4]$").unwrap().split('|').collect();
    // Each alternative is a row of digits and classes, one a digit: what it takes is seen without an engine for expressions.
    let takes = |alternative: &str, year: &str| {
        let mut left = alternative.replace("[0-9]{3}", "[0-9][0-9][0-9]").replace("[0-9]{2}", "[0-9][0-9]");
        year.chars().all(|digit| {
            let (class, rest) = match left.strip_prefix('[') {
                Some(class) => class.split_once(']').map(|(class, rest)| (class.to_owned(), rest.to_owned())).unwrap(),
                None => (left[..1].to_owned(), left[1..].to_owned()),
            };
            left = rest;
            match class.split_once('-') {
                Some((least, most)) => *least <= *digit.to_string() && *digit.to_string() <= *most,
                None => class == digit.to_string(),
            }
        }) && left.is_empty()
    };
    for year in 0..=9_999 {
        let year = format!("{year:04}");
        let taken = years.iter().filter(|alternative| takes(alternative, &year)).count();
        assert_eq!(taken, usize::from(format!("{year}Q1").parse::<Quarter>().is_ok()), "{year}");
    }
}

#[test]
fn quarters_outside_the_years_1_to_9999_are_none() {
    for (year, number) in [(0, 1), (10_000, 1), (2025, 0), (2025, 5), (-1, 1)] {
        assert_eq!(Quarter::new(year, number), None);
    }
}

proptest! {
    #[test]
    fn months_are_added_as_a_naive_count_says(days in -700_000..2_900_000, months in -600..600_i32) {
        let from = Date::from_days(days);
        let (year, month, of_month) = from.civil();
        let (mut year, mut month) = (year, month);
        for _ in 0..months.abs() {
            month += months.signum();
            if month == 13 { (year, month) = (year + 1, 1); }
            if month == 0 { (year, month) = (year - 1, 12); }
        }
        prop_assert_eq!(from.plus_months(months).civil(), (year, month, of_month.min(naive_days_in_month(year, month))));
    }

    #[test]
    fn later_days_stay_later_or_equal_some_months_on(days in -700_000..2_900_000, more in 0..400, months in 0..48) {
        let (early, late) = (Date::from_days(days), Date::from_days(days + more));
        prop_assert!(early.plus_months(months) <= late.plus_months(months));
    }
}
