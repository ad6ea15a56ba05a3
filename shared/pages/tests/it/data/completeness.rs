//! How complete a quarter is.

use pages::{
    Choosable, Completeness, DeclareForm, DeclareSaid, Declared, DelayRow, Delivered, DeliveryRow, Lang, Minute, PanelRow, PanelTable,
    Register, Role,
};

use super::{Sample, day, frame, sample};

/// Its trajectories run, and it recorded nothing about the quarter.
const SILENT: &str = "ggz Duinrand";

fn row(organisation: &str, method: &str, from_to: Option<(&str, &str)>, declared: Declared) -> DeliveryRow {
    DeliveryRow {
        organisation: organisation.to_owned(),
        method: method.to_owned(),
        in_quarter: match from_to {
            Some((_, "2025Q3")) if organisation == SILENT => Delivered::Silent,
            Some((_, "2025Q3")) => Delivered::Something,
            Some(_) | None => Delivered::Nothing,
        },
        from_to: from_to.map(|(first, last)| (first.to_owned(), last.to_owned())),
        without: Vec::new(),
        declared,
    }
}

fn by(name: &str, since: bool) -> Declared {
    Declared::By { name: name.to_owned(), at: Minute { day: day(2025, 10, 9), hour: 11, minute: 20 }, since }
}

fn delay(organisation: &str, events: u64, days: Option<(u32, u32)>, shares: Option<(&str, &str)>) -> DelayRow {
    let shares = shares.map(|(soon, at_all)| (soon.to_owned(), at_all.to_owned()));
    DelayRow { organisation: organisation.to_owned(), events, days, shares }
}

fn panel(method: &str, measure: &str, [raw, panel]: [(u64, u64); 2], stopped: (usize, u64), joined: (usize, u64)) -> PanelRow {
    PanelRow { method: method.to_owned(), measure: measure.to_owned(), raw, panel, stopped, joined }
}

/// As an analyst sees it.
fn national(lang: Lang) -> Completeness {
    let all = lang.t("Alle methoden", "All methods");
    let without = DeliveryRow {
        without: vec!["2024Q2".to_owned(), "2024Q3".to_owned()],
        ..row("ggz Noorderlicht", "Jobcoaching", Some(("2023Q1", "2025Q1")), Declared::NoDelivery)
    };
    let running = vec![
        panel(all, "Lopend", [(4_984, 4_844), (4_700, 4_740)], (3, 284), (1, 104)),
        panel("Jobcoaching", "Lopend", [(257, 124), (130, 124)], (3, 127), (0, 0)),
    ];
    let others = vec![panel("Jobcoaching", "Beëindigd", [(31, 17), (20, 17)], (3, 11), (0, 0))];
    Completeness {
        frame: frame(lang, Role::Analyst),
        quarter: "2025Q3".to_owned(),
        scope_name: lang.t("Nederland", "The Netherlands").to_owned(),
        quarters: vec![Choosable::new("2025Q4", ""), Choosable::new("2025Q3", "")],
        provisional: false,
        position: 128_440,
        deliveries: vec![
            row(SILENT, "IPS", Some(("2024Q1", "2025Q3")), Declared::Not),
            row("ggz Noorderlicht", "IPS", Some(("2022Q1", "2025Q3")), by("Karim Bakker", false)),
            without,
            row("ggz Voorbeeld", "IPS", Some(("2022Q4", "2025Q3")), by("Rachid Amrani", true)),
            row("ggz Voorbeeld", "WABZ", Some(("2024Q1", "2025Q3")), Declared::Not),
            row("ggz Voorbeeld", "Werkfit", None, by("Rachid Amrani", false)),
        ],
        delays: vec![delay("ggz Noorderlicht", 0, None, None), delay("ggz Voorbeeld", 1_204, Some((1, 9)), Some(("88.2", "99.5")))],
        panels: Some(vec![
            PanelTable { since: "2025Q2".to_owned(), running: Vec::new(), others: Vec::new() },
            PanelTable { since: "2024Q3".to_owned(), running, others },
        ]),
        register: Register::Here,
        form: None,
        said: None,
    }
}

/// As a manager sees their own organisation.
fn own(lang: Lang) -> Completeness {
    let method = |code: &str, name: &str, what| (code.to_owned(), name.to_owned(), what, what == Delivered::Something);
    Completeness {
        frame: frame(lang, Role::Manager),
        scope_name: "ggz Voorbeeld".to_owned(),
        deliveries: vec![
            row("ggz Voorbeeld", "IPS", Some(("2022Q4", "2025Q3")), Declared::Not),
            row("ggz Voorbeeld", "Jobcoaching", Some(("2023Q1", "2024Q4")), Declared::NoDelivery),
        ],
        delays: vec![delay("ggz Voorbeeld", 1_204, Some((1, 9)), Some(("88.2", "99.5")))],
        panels: None,
        form: Some(DeclareForm {
            organisation: "ggz Voorbeeld".to_owned(),
            methods: vec![
                method("ips", "IPS", Delivered::Something),
                method("jobcoaching", "Jobcoaching", Delivered::Nothing),
                method("wabz", "WABZ", Delivered::Silent),
            ],
        }),
        ..national(lang)
    }
}

/// Nothing was delivered, in a quarter that runs, where no register is.
fn empty(lang: Lang) -> Completeness {
    Completeness {
        quarter: "2025Q4".to_owned(),
        provisional: true,
        deliveries: Vec::new(),
        delays: Vec::new(),
        register: Register::Elsewhere,
        form: None,
        ..own(lang)
    }
}

pub fn all(lang: Lang) -> Vec<Sample> {
    let refused = Completeness { said: Some(DeclareSaid::NotConfirmed), register: Register::OfThisProcess, ..own(lang) };
    vec![
        sample("completeness", &national(lang)),
        sample("completeness-manager", &own(lang)),
        sample("completeness-refused", &refused),
        sample("completeness-empty", &empty(lang)),
    ]
}
