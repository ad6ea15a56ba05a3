//! A manager's view.

use pages::{
    CoachRow, CoverRow, Filled, Lang, Minute, Mistake, Of, OpeningRow, Organisation, Question, QuestionPage, QuestionRow, RanOut, Role,
    Thing, Timeliness, Wanting,
};

use super::{Sample, day, frame, sample, today, uuid};

pub fn busy(lang: Lang) -> Organisation {
    let coach = |n: u8, name: &str, absent_until, running, wanting, late| CoachRow {
        code: format!("coach-{n}"),
        name: name.to_owned(),
        absent_until,
        running,
        wanting,
        late: Some(late),
        quiet_since: None,
    };
    let ran_out = |n, name: &str, employer: &str, ended, coach: &str| RanOut {
        trajectory: uuid(n),
        name: Some(name.to_owned()),
        employer: Some(employer.to_owned()),
        ended,
        coach: coach.to_owned(),
    };
    let until = day(2025, 12, 1);
    let cover = CoverRow { id: "1".to_owned(), absent: "Joost Verhagen".to_owned(), by: "Lina Bakkali".to_owned(), from: None, until };
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
        wanting: Wanting { by_reason: [3, 0, 0, 36, 0, 0], of_quiet: 0 },
        last: Some(day(2025, 11, 20)),
        only: None,
        late: Some(1),
        covers: vec![cover],
        timeliness: Some(Timeliness { recorded: [540, 320, 100, 40], complete: 91, jobs: 100, after_quarter: 7 }),
        ran_out: vec![
            ran_out(5, "Wouter", "Autobedrijf Smit", day(2025, 10, 31), "Marieke de Boer"),
            ran_out(61, "Ilona", "Bloemist Roos", day(2025, 10, 15), "Joost Verhagen"),
            ran_out(62, "Kenneth", "Sportschool Vitaal", day(2025, 9, 30), "Joost Verhagen"),
        ],
        questions: vec![(Question::Pay, 12), (Question::Contract, 6), (Question::SameJobTwice, 2), (Question::Variant, 1)],
        openings: vec![OpeningRow {
            who: "Tjeerd Hoekstra".to_owned(),
            trajectory: uuid(5),
            name: Some("Wouter".to_owned()),
            at: Minute { day: day(2025, 11, 12), hour: 10, minute: 5 },
            until: Minute { day: day(2025, 11, 12), hour: 11, minute: 5 },
            reason: lang.t("Klacht 2025-14, onderzoek naar de werkplek", "Complaint 2025-14").to_owned(),
        }],
        more_openings: false,
        filled: None,
    }
}

/// A cover that was refused, one that is still to come, trajectories that nobody has, no job, and more than the page shows.
fn refused(lang: Lang) -> Organisation {
    let mut page = busy(lang);
    let name = lang.t("Geen coach", "No coach").to_owned();
    let quiet_since = Some(day(2025, 9, 1));
    page.coaches.push(CoachRow { code: String::new(), name, absent_until: None, running: 4, wanting: 4, late: None, quiet_since });
    page.wanting = Wanting { by_reason: [3, 0, 0, 40, 0, 0], of_quiet: 4 };
    page.only = Some(200);
    page.more_openings = true;
    page.covers.push(CoverRow {
        id: "2".to_owned(),
        absent: "Pim Scholten".to_owned(),
        by: "Lina Bakkali".to_owned(),
        from: Some(day(2025, 12, 22)),
        until: day(2026, 1, 2),
    });
    let values = [("absent", "coach-4"), ("cover", ""), ("until.day", "31"), ("until.month", "2"), ("until.year", "2026")];
    let mistake = |field: &str, message: &str| Mistake { field: field.to_owned(), message: message.to_owned(), link: None };
    page.filled = Some(Filled {
        values: values.map(|(name, value)| (name.to_owned(), value.to_owned())).into(),
        mistakes: vec![
            mistake("cover", lang.t("Maak een keuze.", "Make a choice.")),
            mistake("until.day", lang.t("Deze maand heeft 28 dagen. Controleer de dag.", "This month has 28 days. Check the day.")),
        ],
        refused: false,
    });
    page.timeliness = Some(Timeliness { recorded: [1, 0, 0, 0], complete: 0, jobs: 0, after_quarter: 0 });
    page.ran_out = Vec::new();
    page.questions = Vec::new();
    page
}

pub fn all(lang: Lang) -> Vec<Sample> {
    let empty = Organisation { coaches: Vec::new(), openings: Vec::new(), ..busy(lang) };
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
    vec![
        sample("organisation", &busy(lang)),
        sample("organisation-refused", &refused(lang)),
        sample("organisation-empty", &empty),
        sample("organisation-question", &question),
    ]
}
