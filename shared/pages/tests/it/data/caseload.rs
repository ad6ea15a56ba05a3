//! Caseloads: of a full day, a calm one, while standing in, of a manager, without trajectories, and after a search.

use pages::{Attention, Caseload, Choosable, Covered, Day, Decimal, Doing, Lang, Role, Row, Shown, Step, Why};

use super::{Sample, day, frame, sample, today, uuid};

const NAMES: &str = "Aaltje Abdel Anouk Bas Britt Cem Dewi Dirk Eline Emre Fatima Floor Geert Gijs Hanneke Hasan Ilse Imane Jasper Jeroen Joost \
    Karin Khadija Kim Lars Leila Lotte Maarten Maryam Merel Mohammed_T. Nadia Nienke Omar Pieter Priya Roos Ruben Samira Sander Sofie Stijn \
    Tess Thijs Tom Ümit Vera Willem Yara";
const DAYS_AGO: [i32; 7] = [1, 2, 4, 6, 7, 14, 21];

fn job(employer: &str, hours: Option<u32>) -> Doing {
    Doing::Job { employer: Some(employer.to_owned()), hours: hours.map(Decimal::whole) }
}

fn place(n: usize) -> (Step, Doing) {
    match n {
        0 => (Step::Coaching, job("Albert Heijn", Some(20))),
        2 => (Step::Placement, Doing::Seeks("groenvoorziening".to_owned())),
        3 => (Step::Coaching, job("Gemeentewerf", Some(32))),
        1 => (Step::Intake, Doing::Nothing),
        4 => (Step::Assessment, Doing::Nothing),
        5 => (Step::Coaching, Doing::Education(Some("mbo-2".to_owned()))),
        6 => (Step::Placement, Doing::Placement("trial_placement".to_owned())),
        7 => (Step::Coaching, job("Kringloop De Cirkel", Some(16))),
        8 => (Step::Engagement, Doing::Nothing),
        9 => (Step::Coaching, job("Restaurant ’t Hoekje", Some(14))),
        _ => (Step::Placement, Doing::Placement("volunteer_work".to_owned())),
    }
}

fn row(id: u64, name: &str, (step, doing): (Step, Doing), contact: Option<Day>) -> Row {
    Row { id: uuid(id), name: Some(name.to_owned()), step, doing, contact, ended: None, coach: None, may_log: true }
}

/// Some of the names, with ids from `first` on.
fn some(first: u64, from: usize, to: usize) -> Vec<Row> {
    let names = NAMES.split_whitespace().skip(from).take(to - from).enumerate();
    let rows = names.map(|(n, name)| {
        let ago = DAYS_AGO[(n * 5) % DAYS_AGO.len()];
        row(first + u64::try_from(n).expect("few"), &name.replace('_', "\u{a0}"), place((n * 7 + 3) % 11), Some(today().plus(-ago)))
    });
    rows.collect()
}

fn attention() -> Vec<Attention> {
    let ago = |days: i32| Some(today().plus(-days));
    let hours = Why::Hours { has: Decimal::hundredths(1150), needed: Decimal::whole(12) };
    let wage = Why::Wage { has: Decimal::whole(32), needed: Decimal::whole(35) };
    let nothing = || Doing::Nothing;
    let all = [
        ("Noor", hours, Step::Coaching, job("Bakkerij Van Vliet", None), ago(3)),
        ("Bilal K.", wage, Step::Coaching, job("Hoveniersbedrijf Groenrijk", None), ago(14)),
        ("Sanne", Why::ContractEnds(day(2025, 12, 14)), Step::Coaching, job("Zorgcentrum De Linde", None), ago(1)),
        ("Mohammed B.", Why::ContractEnds(day(2025, 12, 19)), Step::Coaching, job("PostNL-depot Nieuwegein", None), ago(6)),
        ("Wouter", Why::ContractEnded(day(2025, 10, 31)), Step::Coaching, job("Autobedrijf Smit", None), ago(21)),
        ("Femke", Why::Silent(Some(day(2025, 9, 18))), Step::Assessment, nothing(), None),
        ("Youssef", Why::Silent(Some(day(2025, 10, 2))), Step::Coaching, nothing(), None),
        ("Jan-Willem", Why::Silent(Some(day(2025, 10, 9))), Step::Engagement, nothing(), None),
        ("Chantal", Why::Stuck(today().plus(-85)), Step::Assessment, Doing::Seeks("zorg".to_owned()), ago(5)),
        ("Esra", Why::Stuck(today().plus(-70)), Step::Engagement, Doing::Wishes("education".to_owned()), ago(8)),
        ("Daan", Why::Reached(day(2025, 11, 17)), Step::Coaching, job("Fietsenwinkel De Spaak", Some(24)), ago(3)),
    ];
    let rows = (1..).zip(all).map(|(id, (name, why, step, doing, contact))| Attention { why, row: row(id, name, (step, doing), contact) });
    rows.collect()
}

pub fn calm(lang: Lang) -> Caseload {
    Caseload {
        frame: frame(lang, Role::Coach),
        today: today(),
        shown: Shown::Running,
        running: 6,
        wanting: 0,
        attention: Vec::new(),
        others: some(100, 0, 6),
        covered: Vec::new(),
        coaches: Vec::new(),
        coach: String::new(),
        only: None,
        may_begin: true,
    }
}

pub fn full(lang: Lang) -> Caseload {
    let mut others = some(100, 0, 49);
    let mut unnamed = row(148, "", (Step::Intake, Doing::Began(day(2025, 11, 18))), Some(today().plus(-2)));
    unnamed.id = uuid(100 + u64::try_from(others.len()).expect("few"));
    unnamed.name = None;
    others.push(unnamed);
    Caseload { running: 11 + others.len(), wanting: 11, attention: attention(), others, ..calm(lang) }
}

/// Eight have not been spoken to for nine weeks.
fn silent(lang: Lang) -> Caseload {
    let of = |row| Attention {
        why: Why::Silent(Some(day(2025, 9, 18))),
        row: Row { step: Step::Assessment, doing: Doing::Nothing, contact: None, ..row },
    };
    let attention: Vec<Attention> = some(1, 0, 8).into_iter().map(of).collect();
    let full = full(lang);
    Caseload { running: attention.len() + full.others.len(), wanting: attention.len(), attention, ..full }
}

pub fn ended(lang: Lang) -> Caseload {
    let over = |n, name, ended: Day, doing, contact| {
        let row = row(n, name, (Step::Outflow, doing), Some(contact));
        Row { ended: Some(ended), may_log: false, ..row }
    };
    let others = vec![
        over(100, "Aaltje", day(2025, 3, 3), job("Albert Heijn", Some(20)), day(2025, 2, 24)),
        over(101, "Abdel", day(2025, 11, 14), Doing::Seeks("groenvoorziening".to_owned()), day(2025, 11, 12)),
        over(102, "Anouk", day(2024, 6, 30), Doing::Wishes("paid_work".to_owned()), day(2024, 6, 18)),
    ];
    Caseload { shown: Shown::Ended, running: 3, others, ..calm(lang) }
}

fn manager(lang: Lang) -> Caseload {
    let coaches = ["Marieke de Boer", "Joost Verhagen", "Lina Bakkali"];
    let of = |(n, coach): (usize, &&str)| {
        let rows = some(300 + u64::try_from(n * 5).expect("few"), n * 5, n * 5 + 5);
        rows.into_iter().map(|row| Row { coach: Some((*coach).to_owned()), may_log: false, ..row }).collect::<Vec<_>>()
    };
    let choices = (1..).zip(coaches).map(|(n, name)| Choosable::new(format!("coach-{n}"), name));
    Caseload {
        frame: frame(lang, Role::Manager),
        running: 196,
        wanting: 39,
        others: coaches.iter().enumerate().flat_map(of).collect(),
        coaches: [Choosable::new("", lang.t("Alle coaches", "All coaches"))].into_iter().chain(choices).collect(),
        only: Some(1000),
        may_begin: false,
        ..calm(lang)
    }
}

pub fn all(lang: Lang) -> Vec<Sample> {
    let cover = vec![Covered { name: "Joost Verhagen".to_owned(), until: day(2025, 12, 1), rows: some(200, 12, 18) }];
    let found = Shown::Found("Henriette".to_owned());
    let place = |n| format!(r#"<span class="row-waiting" data-waiting="{}">"#, uuid(n));
    let waiting = place(6);
    let waiting = (waiting.clone(), format!("{waiting}<span>wacht op verbinding</span>"));
    let mut in_waiting = sample("caseload-waiting", &full(lang));
    in_waiting.put_in = vec![
        waiting,
        super::strip(r#"<span data-kind="copy">Geen verbinding. Dit is een kopie van 20 november 2025 om 14.02 uur.</span>"#),
        super::outbox("waiting", "cloud", r#"2 wachten<span class="wide"> op verbinding</span>"#),
    ];
    vec![
        sample("caseload", &full(lang)),
        in_waiting,
        sample("caseload-silent", &silent(lang)),
        sample("caseload-calm", &calm(lang)),
        sample("caseload-cover", &Caseload { running: 5, others: some(100, 0, 5), covered: cover, ..calm(lang) }),
        sample("caseload-manager", &manager(lang)),
        sample("caseload-empty", &Caseload { running: 0, others: Vec::new(), ..calm(lang) }),
        sample("caseload-ended", &ended(lang)),
        sample("caseload-nothing-found", &Caseload { shown: found, others: Vec::new(), ..calm(lang) }),
    ]
}
