//! What was published of a quarter.

use pages::{
    AskedAbout, ChangeCause, ChangePart, ChangeRow, Changes, Choosable, Compared, Lang, Minute, PublicationRow, PublicationStatus,
    Publications, Register, Reopened, ReopeningRow, Role,
};

use super::{Sample, day, frame, sample};

fn about(lang: Lang) -> AskedAbout {
    let country = lang.t("Nederland", "The Netherlands");
    AskedAbout {
        quarter: "2025Q1".to_owned(),
        quarters: vec![Choosable::new("2025Q2", ""), Choosable::new("2025Q1", "")],
        scope: "national".to_owned(),
        scopes: vec![Choosable::new("national", country), Choosable::new("region:AM18", "Groot Amsterdam")],
        scope_name: country.to_owned(),
    }
}

fn minute(month: u8, of_month: u8) -> Minute {
    Minute { day: day(2025, month, of_month), hour: 14, minute: 0 }
}

fn row(number: u64, status: PublicationStatus, month: u8, declared: &[(&str, &[&str])]) -> PublicationRow {
    let methods = |all: &[&str]| all.iter().map(|method| (*method).to_owned()).collect();
    PublicationRow {
        number,
        status,
        moment: minute(month, 15),
        position: 128_000 + number,
        definitions: "werkmonitor-2025.1".to_owned(),
        by: "Karim Bakker".to_owned(),
        at: minute(month, 16),
        hash: format!("{number}f2c19ab04ef{}", "0".repeat(52)),
        declared: declared.iter().map(|(organisation, all)| ((*organisation).to_owned(), methods(all))).collect(),
    }
}

fn part(cause: ChangeCause, difference: i64, trajectories: usize) -> ChangePart {
    ChangePart { cause, difference, trajectories }
}

fn change(cell: &str, measure: &str, (then, now): (u64, u64), parts: Vec<ChangePart>) -> ChangeRow {
    ChangeRow { cell: cell.to_owned(), measure: measure.to_owned(), then, now, parts }
}

/// Reopened after it was definitive, and published once more by other definitions.
fn reopened(lang: Lang) -> Publications {
    let all = lang.t("Alle methoden", "All methods");
    let whole = vec![
        change(
            all,
            lang.t("Lopend", "Running"),
            (4_919, 4_984),
            vec![part(ChangeCause::Late, 75, 75), part(ChangeCause::Corrected, -10, 12)],
        ),
        change(all, lang.t("Organisaties", "Organisations"), (40, 41), Vec::new()),
        change("IPS", lang.t("Lopend", "Running"), (4_100, 4_121), vec![part(ChangeCause::Joined, 21, 21)]),
    ];
    let ended = lang.t("Beëindigd", "Ended");
    let of_municipality = lang.t("IPS, gemeente", "IPS, municipality");
    Publications {
        frame: frame(lang, Role::Analyst),
        about: about(lang),
        register: Register::Here,
        locked: false,
        rows: vec![
            PublicationRow {
                definitions: "werkmonitor-2025.2".to_owned(),
                ..row(9, PublicationStatus::Revised, 11, &[("ggz Noorderlicht", &["IPS", "WABZ"] as &[&str]), ("ggz Voorbeeld", &["IPS"])])
            },
            row(5, PublicationStatus::Definitive, 8, &[("ggz Voorbeeld", &["IPS"])]),
            row(1, PublicationStatus::Provisional, 5, &[]),
        ],
        reopenings: vec![ReopeningRow {
            at: minute(11, 14),
            told: Some(Reopened {
                by: "Karim Bakker".to_owned(),
                agreed_by: "Saskia van Dongen".to_owned(),
                reason: lang.t("een organisatie leverde te laat aan.", "an organisation delivered too late.").to_owned(),
            }),
        }],
        compared: Some(Compared::Both(Changes {
            then: 5,
            now: 9,
            counted: true,
            whole,
            parts: vec![change(of_municipality, ended, (31, 28), vec![part(ChangeCause::Corrected, -3, 3)])],
        })),
    }
}

/// Definitive, as a manager sees it of their own organisation, for which nothing changed.
fn definitive(lang: Lang) -> Publications {
    Publications {
        frame: frame(lang, Role::Manager),
        about: AskedAbout {
            scope: "organisation:ggz-voorbeeld".to_owned(),
            scopes: vec![Choosable::new("organisation:ggz-voorbeeld", "ggz Voorbeeld")],
            scope_name: "ggz Voorbeeld".to_owned(),
            ..about(lang)
        },
        locked: true,
        rows: vec![row(9, PublicationStatus::Definitive, 11, &[]), row(5, PublicationStatus::Definitive, 8, &[])],
        reopenings: vec![ReopeningRow { at: minute(11, 14), told: None }],
        compared: Some(Compared::Both(Changes { then: 5, now: 9, counted: true, whole: Vec::new(), parts: Vec::new() })),
        ..reopened(lang)
    }
}

/// The first, where others share the log.
fn first(lang: Lang) -> Publications {
    Publications {
        register: Register::OfThisProcess,
        rows: vec![row(1, PublicationStatus::Provisional, 5, &[])],
        reopenings: Vec::new(),
        compared: Some(Compared::TooFew),
        ..reopened(lang)
    }
}

fn nothing(lang: Lang, register: Register) -> Publications {
    Publications { register, rows: Vec::new(), compared: None, ..first(lang) }
}

pub fn all(lang: Lang) -> Vec<Sample> {
    let twice = Publications { compared: Some(Compared::Same(5)), reopenings: Vec::new(), ..definitive(lang) };
    vec![
        sample("publications", &reopened(lang)),
        sample("publications-manager", &definitive(lang)),
        sample("publications-same", &twice),
        sample("publications-one", &first(lang)),
        sample("publications-none", &nothing(lang, Register::Here)),
        sample("publications-elsewhere", &nothing(lang, Register::Elsewhere)),
    ]
}
