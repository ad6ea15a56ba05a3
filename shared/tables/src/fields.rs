//! The fields of a row: what each is called, what it may hold, and what it means.

/// What a field holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A text.
    Text,
    /// A whole number, from 0.
    Count,
    /// A number with one decimal.
    Percentage,
    /// `true` or `false`.
    Flag,
    /// A moment, RFC 3339 in UTC.
    Moment,
}

/// A field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Field {
    /// Its name.
    pub name: &'static str,
    /// What it holds.
    pub kind: Kind,
    /// What it is called for people, in Dutch.
    pub title: &'static str,
    /// What it means.
    pub about: &'static str,
    /// Every row has it.
    pub required: bool,
}

const fn field(name: &'static str, kind: Kind, title: &'static str, required: bool, about: &'static str) -> Field {
    Field { name, kind, title, about, required }
}

/// In the order in which they come.
pub static FIELDS: [Field; 19] = [
    field("quarter", Kind::Text, "Kwartaal", true, "The quarter, such as 2025Q1."),
    field("scope", Kind::Text, "Bereik", true, "Which trajectories: national, region:CODE, organisation:SLUG, or both joined by a comma."),
    field("table", Kind::Text, "Tabel", true, "all, or by what the number is broken down: by_method, by_method_funding and so on."),
    field("method", Kind::Text, "Methode", false, "The method; empty for all of them."),
    field("breakdown", Kind::Text, "Uitsplitsing", false, "The funding, variant, organisation or region; empty where the table has none."),
    field("measure", Kind::Text, "Maat", true, "What is counted; of a scheme scheme_started_year_to_date.SLUG."),
    field("count", Kind::Count, "Aantal", false, "How many; empty where it is suppressed."),
    field(
        "percentage",
        Kind::Percentage,
        "Percentage",
        false,
        "100 times numerator by denominator, one decimal, half up; empty where there is none.",
    ),
    field(
        "numerator",
        Kind::Count,
        "Teller",
        false,
        "What the percentage is a part of, the part. It differs from the count where a percentage leaves trajectories out.",
    ),
    field("denominator", Kind::Count, "Noemer", false, "What the percentage is a part of, the whole."),
    field(
        "previous_quarter",
        Kind::Count,
        "Vorig kwartaal",
        false,
        "The count in the quarter before, as the log knows it at the same position.",
    ),
    field("year_earlier", Kind::Count, "Jaar eerder", false, "The count in the same quarter a year earlier."),
    field("provisional", Kind::Flag, "Voorlopig", true, "Whether the quarter had not ended."),
    field("position", Kind::Count, "Positie in het logboek", true, "The log position that the number was made from."),
    field(
        "recorded_at",
        Kind::Moment,
        "Geregistreerd tot en met",
        false,
        "When the event of that position was recorded; empty of an empty log.",
    ),
    field("definitions", Kind::Text, "Definities", true, "The definition set."),
    field("label", Kind::Text, "Omschrijving", true, "What the report calls the measure, in Dutch."),
    field("unknown", Kind::Count, "Onbekend", false, "Of the denominator: those of whom it is not known; empty where that cannot be."),
    field("suppressed", Kind::Flag, "Onderdrukt", true, "Whether the number is suppressed, as it would tell of few people."),
];

/// Where a field stands in a row.
pub(crate) fn place(name: &str) -> Option<usize> {
    FIELDS.iter().position(|field| field.name == name)
}
