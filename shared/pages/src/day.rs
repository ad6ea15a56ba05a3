//! Days of the calendar, and how they are said.

use crate::lang::Lang;

const MONTHS_NL: [&str; 12] =
    ["januari", "februari", "maart", "april", "mei", "juni", "juli", "augustus", "september", "oktober", "november", "december"];
const MONTHS_EN: [&str; 12] =
    ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"];

/// From here on weeks are said instead of days.
const DAYS_AS_WEEKS: i32 = 14;
/// From here on months are said instead of weeks.
const DAYS_AS_MONTHS: i32 = 10 * 7;
/// From here on years are said instead of months.
const DAYS_AS_YEARS: i32 = 2 * 365;

/// A day, as a count from 1 January 1970. Days of the contract are calendar days in Europe/Amsterdam; which one is today comes in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Day(i32);

impl Day {
    /// 1 January 1970, for what asks for no day.
    pub(crate) const EPOCH: Self = Self(0);

    /// The day that is so many days after 1 January 1970; before it when negative.
    #[must_use]
    pub const fn from_days(days: i32) -> Self {
        Self(days)
    }

    /// The day with this year, month (1 to 12) and day of the month; `None` when the calendar has no such day.
    #[must_use]
    pub fn new(year: i32, month: u8, day: u8) -> Option<Self> {
        if !(1..=12).contains(&month) || !(-9999..=9999).contains(&year) {
            return None;
        }
        let found = Self::count(year, i32::from(month), i32::from(day));
        (found.parts() == (year, month, day)).then_some(found)
    }

    /// Days from civil, counted in years that begin in March so that a leap day is the last of its year.
    const fn count(year: i32, month: i32, day: i32) -> Self {
        let year = if month <= 2 { year - 1 } else { year };
        let era = year.div_euclid(400);
        let of_era = year.rem_euclid(400);
        let of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
        Self(era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468)
    }

    /// Year, month (1 to 12) and day of the month.
    #[must_use]
    pub fn parts(self) -> (i32, u8, u8) {
        let shifted = self.0 + 719_468;
        let (era, of_era) = (shifted.div_euclid(146_097), shifted.rem_euclid(146_097));
        let year_of_era = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
        let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let shifted_month = (5 * of_year + 2) / 153;
        let day = of_year - (153 * shifted_month + 2) / 5 + 1;
        let month = (shifted_month + 2) % 12 + 1;
        let year = era * 400 + year_of_era + i32::from(month <= 2);
        (year, u8::try_from(month).unwrap_or_default(), u8::try_from(day).unwrap_or_default())
    }

    /// As scripts read it: `2025-04-07`.
    pub(crate) fn iso(self) -> String {
        let (year, month, day) = self.parts();
        format!("{year:04}-{month:02}-{day:02}")
    }

    /// So many days later; earlier when negative.
    #[must_use]
    pub const fn plus(self, days: i32) -> Self {
        Self(self.0 + days)
    }

    /// The days from `earlier` until this day; negative when that one is later.
    #[must_use]
    pub const fn since(self, earlier: Self) -> i32 {
        self.0 - earlier.0
    }

    /// The year.
    #[must_use]
    pub fn year(self) -> i32 {
        self.parts().0
    }

    /// The first day of its month.
    #[must_use]
    pub fn month_start(self) -> Self {
        let (.., day) = self.parts();
        self.plus(1 - i32::from(day))
    }

    /// The first day of the month so many months after its own.
    #[must_use]
    pub(crate) fn months_later(self, months: i32) -> Self {
        let (year, month, _) = self.parts();
        let months = year * 12 + i32::from(month) - 1 + months;
        Self::count(months.div_euclid(12), months.rem_euclid(12) + 1, 1)
    }

    /// The month of this day: `november`, `November`.
    #[must_use]
    pub fn month(self, lang: Lang) -> &'static str {
        let (_, month, _) = self.parts();
        let place = usize::from(month).saturating_sub(1) % 12;
        lang.t(MONTHS_NL[place], MONTHS_EN[place])
    }

    /// `17 november 2025`, `17 November 2025`.
    #[must_use]
    pub fn long(self, lang: Lang) -> String {
        format!("{} {}", self.short(lang), self.year())
    }

    /// `17 november`, where the year is clear.
    #[must_use]
    pub fn short(self, lang: Lang) -> String {
        let (.., day) = self.parts();
        format!("{day} {}", self.month(lang))
    }

    /// With the year only when it is another one than today's.
    #[must_use]
    pub fn near(self, lang: Lang, today: Self) -> String {
        if self.year() == today.year() { self.short(lang) } else { self.long(lang) }
    }

    /// `vandaag`, `gisteren`, `3 dagen geleden`, `2 weken geleden`; a day to come in full.
    #[must_use]
    pub fn ago(self, lang: Lang, today: Self) -> String {
        let days = today.since(self);
        let so_many = |many: i32, nl, en| {
            let words = lang.count(usize::try_from(many).unwrap_or_default(), nl, en);
            format!("{words} {}", lang.t("geleden", "ago"))
        };
        match days {
            0 => lang.t("vandaag", "today").to_owned(),
            1 => lang.t("gisteren", "yesterday").to_owned(),
            2..DAYS_AS_WEEKS => so_many(days, ("dag", "dagen"), ("day", "days")),
            DAYS_AS_WEEKS..DAYS_AS_MONTHS => so_many(days / 7, ("week", "weken"), ("week", "weeks")),
            DAYS_AS_MONTHS..DAYS_AS_YEARS => so_many(days * 12 / 365, ("maand", "maanden"), ("month", "months")),
            DAYS_AS_YEARS.. => so_many(days / 365, ("jaar", "jaar"), ("year", "years")),
            ..0 => self.near(lang, today),
        }
    }
}

/// A minute of a day on the clocks of Europe/Amsterdam.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Minute {
    /// The day.
    pub day: Day,
    /// 0 to 23.
    pub hour: u8,
    /// 0 to 59.
    pub minute: u8,
}

impl Minute {
    /// `11.20 uur`, `11:20`.
    #[must_use]
    pub fn clock(self, lang: Lang) -> String {
        match lang {
            Lang::Nl => format!("{}.{:02} uur", self.hour, self.minute),
            Lang::En => format!("{}:{:02}", self.hour, self.minute),
        }
    }

    /// `gisteren om 16.05 uur`, `yesterday at 16:05`.
    #[must_use]
    pub fn ago(self, lang: Lang, today: Day) -> String {
        format!("{} {} {}", self.day.ago(lang, today), lang.t("om", "at"), self.clock(lang))
    }
}
