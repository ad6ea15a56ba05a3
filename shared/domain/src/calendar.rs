//! Dates, months and quarters of the calendar.

/// A day of the proleptic Gregorian calendar, counted from 1970-01-01.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Date(i32);

impl Date {
    /// The day that lies this many days after 1970-01-01.
    #[must_use]
    pub const fn from_days(days: i32) -> Self {
        Self(days)
    }

    /// Days since 1970-01-01.
    #[must_use]
    pub const fn days(self) -> i32 {
        self.0
    }

    /// Year, month and day; a day past the month's end falls to the month's last.
    #[must_use]
    pub const fn from_civil(year: i32, month: i32, day: i32) -> Self {
        let last = days_in_month(year, month);
        let day = if day > last { last } else { day };
        // Howard Hinnant's days_from_civil: years begin in March, so that the leap day is the last of its year.
        let year = if month <= 2 { year - 1 } else { year };
        let (era, year_of_era) = (year.div_euclid(400), year.rem_euclid(400));
        let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
        Self(era * 146_097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - 719_468)
    }

    /// Year, month (from 1) and day (from 1).
    #[must_use]
    pub const fn civil(self) -> (i32, i32, i32) {
        let days = self.0 + 719_468;
        let (era, day_of_era) = (days.div_euclid(146_097), days.rem_euclid(146_097));
        let year_of_era = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
        let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let shifted = (5 * day_of_year + 2) / 153;
        let month = if shifted < 10 { shifted + 3 } else { shifted - 9 };
        let year = year_of_era + era * 400 + if month <= 2 { 1 } else { 0 };
        (year, month, day_of_year - (153 * shifted + 2) / 5 + 1)
    }

    /// This day some days later (or earlier).
    #[must_use]
    pub const fn plus_days(self, days: i32) -> Self {
        Self(self.0 + days)
    }

    /// This day some calendar months later; a day that does not exist falls to the month's last.
    #[must_use]
    pub const fn plus_months(self, months: i32) -> Self {
        let (year, month, day) = self.civil();
        let month = year * 12 + month - 1 + months;
        Self::from_civil(month.div_euclid(12), month.rem_euclid(12) + 1, day)
    }
}

impl std::fmt::Display for Date {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (year, month, day) = self.civil();
        write!(f, "{year:04}-{month:02}-{day:02}")
    }
}

const fn days_in_month(year: i32, month: i32) -> i32 {
    match month {
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// A quarter of a year.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Quarter {
    year: i32,
    /// 1 to 4.
    number: i32,
}

impl Quarter {
    /// Exactly what is read as a quarter, as a regular expression: the years 0001 to 9999, without look-ahead. For descriptions of interfaces.
    pub const PATTERN: &str = "^(000[1-9]|00[1-9][0-9]|0[1-9][0-9]{2}|[1-9][0-9]{3})Q[1-4]$";

    /// The quarter with this number (1 to 4) of this year (1 to 9999).
    #[must_use]
    pub fn new(year: i32, number: i32) -> Option<Self> {
        ((1..=9999).contains(&year) && (1..=4).contains(&number)).then_some(Self { year, number })
    }

    /// The quarter of a day.
    #[must_use]
    pub const fn of(day: Date) -> Self {
        let (year, month, _) = day.civil();
        Self { year, number: (month + 2) / 3 }
    }

    /// The year.
    #[must_use]
    pub const fn year(self) -> i32 {
        self.year
    }

    /// Its first day.
    #[must_use]
    pub const fn first_day(self) -> Date {
        Date::from_civil(self.year, self.number * 3 - 2, 1)
    }

    /// Its last day.
    #[must_use]
    pub const fn last_day(self) -> Date {
        self.first_day().plus_months(3).plus_days(-1)
    }

    /// The first day of its year.
    #[must_use]
    pub const fn first_day_of_year(self) -> Date {
        Date::from_civil(self.year, 1, 1)
    }

    /// The quarter before it.
    #[must_use]
    pub const fn previous(self) -> Self {
        match self.number {
            1 => Self { year: self.year - 1, number: 4 },
            number => Self { year: self.year, number: number - 1 },
        }
    }

    /// The same quarter of the year before.
    #[must_use]
    pub const fn year_earlier(self) -> Self {
        Self { year: self.year - 1, number: self.number }
    }
}

/// As in `2025Q1`.
impl std::fmt::Display for Quarter {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:04}Q{}", self.year, self.number)
    }
}

impl std::str::FromStr for Quarter {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let form = "expected a quarter such as 2025Q1";
        let (year, number) = text.split_once('Q').ok_or(form)?;
        if year.len() != 4 || number.len() != 1 || !year.bytes().all(|b| b.is_ascii_digit()) {
            return Err(form);
        }
        Self::new(year.parse().map_err(|_| form)?, number.parse().map_err(|_| form)?).ok_or(form)
    }
}
