//! How numbers, quarters and moments are said in Dutch.

use domain::{Date, Funding, Method, Quarter, Variant};

use crate::numbers::{Figure, Fraction};

/// What stands in the place of a shielded number in a table.
pub const SHIELDED: &str = "afgeschermd";
/// Where there is nothing to say in a table.
pub const NONE: &str = "–";

const MONTHS: [&str; 12] =
    ["januari", "februari", "maart", "april", "mei", "juni", "juli", "augustus", "september", "oktober", "november", "december"];

/// `4844` is `4.844`.
#[must_use]
pub fn number(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push('.');
        }
        text.push(digit);
    }
    text
}

/// A count in a table.
#[must_use]
pub fn count(count: Option<u64>) -> String {
    count.map_or_else(|| SHIELDED.to_owned(), number)
}

/// A difference with its sign: `+104`, `−140`, `0`.
#[must_use]
pub fn signed(difference: i128) -> String {
    let size = number(u64::try_from(difference.unsigned_abs()).unwrap_or(u64::MAX));
    match difference {
        0 => size,
        1.. => format!("+{size}"),
        i128::MIN..=-1 => format!("−{size}"),
    }
}

/// Tenths as a decimal: `355` is `35,5`, `-4` is `−0,4`.
#[must_use]
pub fn tenths(tenths: i128) -> String {
    let sign = if tenths < 0 { "−" } else { "" };
    let size = u64::try_from(tenths.unsigned_abs()).unwrap_or(u64::MAX);
    format!("{sign}{},{}", number(size / 10), size % 10)
}

/// The same with a plus where it is more than 0.
#[must_use]
pub fn signed_tenths(of: i128) -> String {
    if of > 0 { format!("+{}", tenths(of)) } else { tenths(of) }
}

/// `35,5%`.
#[must_use]
pub fn percent(fraction: Fraction) -> String {
    format!("{}%", tenths(i128::from(fraction.tenths())))
}

/// A percentage in a table.
#[must_use]
pub fn percent_or_none(fraction: Option<Fraction>) -> String {
    fraction.map_or_else(|| NONE.to_owned(), percent)
}

/// `1 cliënt`, `2.859 cliënten`, `geen cliënten`, `een afgeschermd aantal cliënten`.
#[must_use]
pub fn clients(count: Option<u64>) -> String {
    some(count, "cliënt", "cliënten")
}

/// `1 traject`, `26 trajecten`.
#[must_use]
pub fn trajectories(count: Option<u64>) -> String {
    some(count, "traject", "trajecten")
}

/// So many of something, with its singular and plural.
#[must_use]
pub fn some(count: Option<u64>, one: &str, more: &str) -> String {
    match count {
        None => format!("een afgeschermd aantal {more}"),
        Some(0) => format!("geen {more}"),
        Some(1) => format!("1 {one}"),
        Some(many) => format!("{} {more}", number(many)),
    }
}

/// With the verb in its number: `had 1 cliënt`, `hadden 2 cliënten`, `had geen enkele cliënt`, `had een afgeschermd aantal cliënten`.
#[must_use]
pub fn verb_clients(count: Option<u64>, one: &str, more: &str) -> String {
    match count {
        None => format!("{one} een afgeschermd aantal cliënten"),
        Some(0) => format!("{one} geen enkele cliënt"),
        Some(1) => format!("{one} 1 cliënt"),
        Some(many) => format!("{more} {} cliënten", number(many)),
    }
}

/// What stands in brackets behind a count: ` (36,3%, 1.509 van 4.156)`; nothing where there is no percentage.
#[must_use]
pub fn of_whole(fraction: Option<Fraction>) -> String {
    fraction
        .map_or_else(String::new, |fraction| format!(" ({}; {} van {})", percent(fraction), number(fraction.part), number(fraction.whole)))
}

/// `1.509 cliënten (36,3%; 1.509 van 4.156)`.
#[must_use]
pub fn clients_of(figure: Figure) -> String {
    format!("{}{}", clients(figure.count), if figure.is_zero() { String::new() } else { of_whole(figure.fraction) })
}

/// The number of a quarter in its year.
#[must_use]
pub fn quarter_number(quarter: Quarter) -> i32 {
    let (_, month, _) = quarter.first_day().civil();
    (month - 1) / 3 + 1
}

/// `kwartaal 1 van 2025`.
#[must_use]
pub fn quarter(of: Quarter) -> String {
    format!("kwartaal {} van {}", quarter_number(of), of.year())
}

/// `Q1 2025`, for tables and charts.
#[must_use]
pub fn quarter_short(of: Quarter) -> String {
    format!("Q{} {}", quarter_number(of), of.year())
}

/// `31 maart 2025`.
#[must_use]
pub fn date(of: Date) -> String {
    let (year, month, day) = of.civil();
    let name = usize::try_from(month - 1).ok().and_then(|place| MONTHS.get(place)).copied().unwrap_or_default();
    format!("{day} {name} {year}")
}

/// `15 mei 2025 om 11.59 uur UTC`, of a moment as a log has it (RFC 3339, UTC); other text as it is.
#[must_use]
pub fn moment(rfc3339: &str) -> String {
    let part = |from: usize, until: usize| rfc3339.get(from..until)?.parse::<i32>().ok();
    let (Some(year), Some(month @ 1..=12), Some(day @ 1..=31)) = (part(0, 4), part(5, 7), part(8, 10)) else {
        return rfc3339.to_owned();
    };
    match (rfc3339.get(11..13), rfc3339.get(14..16)) {
        (Some(hour), Some(minute)) => format!("{} om {hour}.{minute} uur UTC", date(Date::from_civil(year, month, day))),
        _ => rfc3339.to_owned(),
    }
}

/// What an organisation is called: its code as words, for there is no list of names. `ggz-noorderlicht` is `ggz Noorderlicht`.
#[must_use]
pub fn organisation(code: &str) -> String {
    let word = |word: &str| match word {
        "ggz" => word.to_owned(),
        word => {
            let mut letters = word.chars();
            letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
        }
    };
    code.split('-').filter(|part| !part.is_empty()).map(word).collect::<Vec<_>>().join(" ")
}

/// A method as it is called at the head of something.
#[must_use]
pub const fn method(method: Method) -> &'static str {
    match method {
        Method::Ips => "IPS",
        Method::Wabz => "WABZ",
        Method::Jobcoaching => "Jobcoaching",
        Method::Werkfit => "Werkfit",
        Method::NaarWerk => "Naar Werk",
        Method::Other => "Overig",
    }
}

/// Who pays, as a column is called.
#[must_use]
pub const fn funding(funding: Funding) -> &'static str {
    match funding {
        Funding::Municipality => "Gemeente",
        Funding::Uwv => "UWV",
        Funding::Other => "Overig",
    }
}

/// The variant of an IPS trajectory.
#[must_use]
pub const fn variant(variant: Option<Variant>) -> &'static str {
    match variant {
        Some(Variant::Epa) => "EPA (driejarig)",
        Some(Variant::Cmd) => "CMD (tweejarig)",
        Some(Variant::Other) => "Ander type",
        None => "Onbekend",
    }
}

/// `a`, `a en b`, `a, b en c`.
#[must_use]
pub fn joined(parts: &[String]) -> String {
    match parts {
        [] => String::new(),
        [one] => one.clone(),
        [first @ .., last] => format!("{} en {last}", first.join(", ")),
    }
}
