//! A manager's view.

use pages::{CoachRow, CoverRow, Lang, Of, Organisation, Question, QuestionPage, QuestionRow, RanOut, Role, Thing, Timeliness};

use super::{Sample, day, frame, sample, today, uuid};

pub fn busy(lang: Lang) -> Organisation {
    let coach = |n: u8, name: &str, absent_until, running, wanting, late| CoachRow {
        code: format!("coach-{n}"),
        name: name.to_owned(),
        absent_until,
        running,
        wanting,
        late: Some(late),
    };
    let ran_out = |n, name: &str, employer: &str, ended, coach: &str| RanOut {
        trajectory: uuid(n),
        name: Some(name.to_owned()),
        employer: Some(employer.to_owned()),
        ended,
        coach: coach.to_owned(),
    };
    let until = day(2025, 12, 1);
    let cover = CoverRow { id: "1".to_owned(), absent: "Joost Verhagen".to_owned(), by: "Lina Bakkali".to_owned(), until };
    Organisation {
        frame: frame(lang, Role::Manager),
        today: today(),
        name: "ggz Voorbeeld".to_owned(),
        coaches: vec![
            coach(1, "Marieke de Boer", None, 61, 11, 1),
            coach(2, "Joost Verhagen", Some(until), 48, 19, 6),
            coach(3, "Lina Bakkali", None, 55, 6, 0),
            coach(4, "Pim Scholten", None, 32, 3, 2),
        ],
        late: Some(1),
        covers: vec![cover],
        timeliness: Some(Timeliness { recorded: [540, 320, 100, 40], complete: 91, jobs: 100, after_quarter: 7 }),
        ran_out: vec![
            ran_out(5, "Wouter", "Autobedrijf Smit", day(2025, 10, 31), "Marieke de Boer"),
            ran_out(61, "Ilona", "Bloemist Roos", day(2025, 10, 15), "Joost Verhagen"),
            ran_out(62, "Kenneth", "Sportschool Vitaal", day(2025, 9, 30), "Joost Verhagen"),
        ],
        questions: vec![(Question::Pay, 12), (Question::Contract, 6), (Question::SameJobTwice, 2), (Question::Variant, 1)],
        filled: None,
    }
}

pub fn all(lang: Lang) -> Vec<Sample> {
    let empty = Organisation { coaches: Vec::new(), ..busy(lang) };
    let row = |n, name: Option<&str>, employer: &str, since, coach: &str| QuestionRow {
        trajectory: uuid(n),
        name: name.map(str::to_owned),
        about: Some(Thing { id: uuid(n + 700), of: Of::Job { employer: Some(employer.to_owned()), hours: None }, since }),
        coach: coach.to_owned(),
    };
    let question = QuestionPage {
        frame: frame(lang, Role::Manager),
        question: Question::Pay,
        rows: vec![
            row(71, Some("Chantal"), "Zorgcentrum De Linde", day(2025, 9, 1), "Marieke de Boer"),
            row(72, None, "Koffiebar Luna", day(2025, 10, 15), "Joost Verhagen"),
        ],
    };
    vec![sample("organisation", &busy(lang)), sample("organisation-empty", &empty), sample("organisation-question", &question)]
}
