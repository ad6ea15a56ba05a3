//! Days that somebody wrote in three fields of a form that is read here and not by a script.

use domain::Date;
use pages::{Lang, Mistake};

/// What is wrong with a field.
pub(super) fn mistake(field: &str, message: impl Into<String>) -> Mistake {
    Mistake { field: field.to_owned(), message: message.into(), link: None }
}

/// A day in three fields; said as `assets/js/strings.*.js` say it.
pub(super) fn day(parts: [(&str, &str); 3], lang: Lang) -> Result<proto_events::Date, Mistake> {
    let [(day_at, day), (month_at, month), (year_at, year)] = parts;
    if parts.iter().all(|(_, text)| text.is_empty()) {
        return Err(mistake(day_at, lang.t("Vul de datum in: dag, maand en jaar.", "Fill in the date: day, month and year.")));
    }
    let number = |text: &str, digits: std::ops::RangeInclusive<usize>, most: i32| {
        let fits = digits.contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
        text.parse::<i32>().ok().filter(|number| fits && (1..=most).contains(number))
    };
    let part = |at: &str, text: &str, number: Option<i32>, missing: &str, wrong: &str| match number {
        Some(number) => Ok(number),
        None => Err(mistake(at, if text.is_empty() { missing } else { wrong })),
    };
    let day = part(
        day_at,
        day,
        number(day, 1..=2, 31),
        lang.t("Vul ook de dag in.", "Fill in the day too."),
        lang.t("Vul als dag een getal van 1 tot en met 31 in.", "Fill in a day from 1 to 31."),
    )?;
    let month = part(
        month_at,
        month,
        number(month, 1..=2, 12),
        lang.t("Vul ook de maand in.", "Fill in the month too."),
        lang.t("Vul de maand in als getal van 1 tot en met 12.", "Fill in the month as a number from 1 to 12."),
    )?;
    let year = part(
        year_at,
        year,
        number(year, 4..=4, 9999),
        lang.t("Vul ook het jaar in.", "Fill in the year too."),
        lang.t("Vul het jaar in met vier cijfers, zoals 2026.", "Fill in the year with four digits, such as 2026."),
    )?;
    proto_events::Date::from_civil(year, month, day).ok_or_else(|| {
        let (_, _, days) = Date::from_civil(year, month, 31).civil();
        mistake(
            day_at,
            match lang {
                Lang::Nl => format!("Deze maand heeft {days} dagen. Controleer de dag."),
                Lang::En => format!("This month has {days} days. Check the day."),
            },
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mended(day: &str, month: &str, year: &str) -> (String, String) {
        let parts = [("until.day", day), ("until.month", month), ("until.year", year)];
        match super::day(parts, Lang::En) {
            Ok(day) => (day.to_string(), String::new()),
            Err(mistake) => (mistake.field, mistake.message),
        }
    }

    #[test]
    fn a_day_is_read_as_the_calendar_has_it_and_what_is_wrong_is_told_at_its_field() {
        for (day, month, year, read) in
            [("1", "7", "2026", "2026-07-01"), ("01", "07", "2026", "2026-07-01"), ("29", "2", "2028", "2028-02-29")]
        {
            assert_eq!(mended(day, month, year), (read.to_owned(), String::new()));
        }
        for (day, month, year, field, words) in [
            ("", "", "", "until.day", "Fill in the date"),
            ("", "7", "2026", "until.day", "day too"),
            ("1", "", "2026", "until.month", "month too"),
            ("1", "7", "", "until.year", "year too"),
            ("0", "7", "2026", "until.day", "from 1 to 31"),
            ("32", "7", "2026", "until.day", "from 1 to 31"),
            ("+1", "7", "2026", "until.day", "from 1 to 31"),
            ("001", "7", "2026", "until.day", "from 1 to 31"),
            ("١", "7", "2026", "until.day", "from 1 to 31"),
            ("1", "juli", "2026", "until.month", "from 1 to 12"),
            ("1", "13", "2026", "until.month", "from 1 to 12"),
            ("1", "7", "26", "until.year", "four digits"),
            ("1", "7", "20266", "until.year", "four digits"),
            ("1", "7", "0000", "until.year", "four digits"),
            ("31", "6", "2026", "until.day", "has 30 days"),
            ("29", "2", "2026", "until.day", "has 28 days"),
        ] {
            let (at, told) = mended(day, month, year);
            assert!(at == field && told.contains(words), "{day}-{month}-{year}: {at}: {told}");
        }
    }
}
