//! The calendar of the core beside the peer `jiff`, which the core goes without in its own tests too.

use jiff::{Span, civil};
use proptest::prelude::*;

fn peer(date: domain::Date) -> civil::Date {
    let (year, month, day) = date.civil();
    civil::date(i16::try_from(year).unwrap(), i8::try_from(month).unwrap(), i8::try_from(day).unwrap())
}

proptest! {
    #[test]
    fn days_and_civil_dates_agree_with_the_peer(days in -719_162..=2_932_896_i32) {
        let date = domain::Date::from_days(days);
        prop_assert_eq!(peer(date), civil::date(1970, 1, 1).checked_add(Span::new().days(days)).unwrap());
        let (year, month, day) = date.civil();
        prop_assert_eq!(domain::Date::from_civil(year, month, day), date);
        prop_assert_eq!(date.to_string(), peer(date).to_string());
        // Both crates of the project count the same days.
        prop_assert_eq!(proto_events::Date::from_days(days).unwrap().to_string(), date.to_string());
    }

    #[test]
    fn months_later_agrees_with_the_peer(days in -600_000..=2_800_000_i32, months in -600..=600_i32) {
        let date = domain::Date::from_days(days);
        prop_assert_eq!(peer(date.plus_months(months)), peer(date).checked_add(Span::new().months(months)).unwrap());
    }

    #[test]
    fn the_ends_of_quarters_agree_with_the_peer(year in 1..=9_999_i32, number in 1..=4_i32) {
        let quarter = domain::Quarter::new(year, number).unwrap();
        let last_month = civil::date(i16::try_from(year).unwrap(), i8::try_from(number * 3).unwrap(), 1);
        prop_assert_eq!(peer(quarter.last_day()), last_month.last_of_month());
        prop_assert_eq!(peer(quarter.first_day()), last_month.checked_sub(Span::new().months(2)).unwrap());
    }
}
