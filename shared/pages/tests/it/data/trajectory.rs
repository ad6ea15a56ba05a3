//! Trajectories: one that runs, one that has just begun, one that has ended.

use pages::{
    Change, Circumstances, Colour, Condition, Contract, Day, Decimal, Ended, Facts, Former, Happened, Kind, Known, Lane, Lang, Met, Of,
    OverTime, Role, Span, Standing, Step, Subject, Suggestion, Terms, Text, Trajectory, Verdict, What,
};

use super::{Sample, day, frame, sample, today, uuid};

const BAKERY: &str = "Bakkerij Van Vliet";
pub const JOB: u64 = 701;

fn text(words: &str) -> Text {
    Text::Open(words.to_owned())
}

pub fn contact(with: &str, channel: &str, minutes: Option<u32>, note: &str) -> What {
    let note = (!note.is_empty()).then(|| text(note));
    What::Contact { with: with.to_owned(), channel: channel.to_owned(), minutes, note }
}

fn changed(terms: Terms) -> What {
    What::WorkChanged { id: uuid(JOB), job: Some(BAKERY.to_owned()), terms: Box::new(terms) }
}

fn event(id: u64, on: Day, what: What, later: i32) -> Happened {
    let by = "Marieke de Boer".to_owned();
    Happened { id: uuid(id), what, on, by, recorded: on.plus(later), standing: Standing::Counts, former: Vec::new() }
}

fn intake(method: &str, variant: Option<&str>, funding: &str) -> What {
    let with = Circumstances {
        variant: variant.map_or(Change::Kept, |variant| Change::To(variant.to_owned())),
        funding: Change::To(funding.to_owned()),
        region: Change::To(Known { code: "AM13".to_owned(), name: "Midden-Utrecht".to_owned() }),
        ..Circumstances::default()
    };
    What::Intake { client: uuid(800), method: method.to_owned(), with: Box::new(with) }
}

fn events() -> Vec<Happened> {
    let hours = |hundredths| changed(Terms { hours: Change::To(Decimal::hundredths(hundredths)), ..Terms::default() });
    let november = day(2025, 11, 3);
    let former = Former { what: hours(1000), on: november, by: "Marieke de Boer".to_owned(), recorded: november.plus(1) };
    let retracted = Standing::Retracted { on: day(2025, 10, 22), reason: Some(text("hoorde bij een andere cliënt.")) };
    let started = Terms {
        regular_workplace: Change::To(true),
        hours: Change::To(Decimal::whole(16)),
        wage: Change::To(Decimal::whole(100)),
        contract: Change::To(Contract::FixedTerm(day(2025, 10, 6))),
        sector: Change::To(text("Bakkerij")),
        employer: Change::To(text(BAKERY)),
    };
    let extended = changed(Terms { contract: Change::To(Contract::FixedTerm(day(2026, 2, 14))), ..Terms::default() });
    let note = "Gaat goed op het werk. Vroege dienst is zwaar. Volgende week met de bakker praten over een uur erbij.";
    let work_experience = "work_experience".to_owned();
    let profile = What::Assessment {
        sectors: vec![text("bakkerij"), text("horeca")],
        max_hours: Some(Decimal::whole(24)),
        profile: Some(text("Werkt graag met de handen. Rustige plek, vaste begeleider op de werkvloer.")),
    };
    vec![
        event(901, day(2025, 11, 17), contact("client", "phone", Some(15), note), 0),
        Happened { former: vec![former], ..event(902, november, hours(1150), 7) },
        Happened { standing: retracted, ..event(903, day(2025, 10, 21), contact("uwv", "phone", None, ""), 0) },
        event(
            904,
            day(2025, 10, 9),
            contact("employer", "in_person", Some(45), "Evaluatie met Kees van Vliet. Tevreden. Contract verlengd tot en met 14 februari."),
            0,
        ),
        event(905, day(2025, 10, 7), extended, 2),
        Happened {
            by: "Joost Verhagen".to_owned(),
            ..event(906, day(2025, 9, 1), What::EducationStarted { id: uuid(704), level: Some("mbo-2".to_owned()) }, 0)
        },
        event(907, day(2025, 4, 7), What::WorkStarted { id: uuid(JOB), terms: Box::new(started) }, 1),
        event(908, day(2025, 4, 5), What::PlacementStopped { id: uuid(703), kind: Some(work_experience.clone()), reason: None }, 3),
        event(909, day(2025, 3, 10), What::PlacementStarted { id: uuid(703), kind: work_experience }, 0),
        event(910, day(2025, 2, 24), contact("employer", "in_person", Some(30), ""), 0),
        event(911, day(2025, 2, 10), profile, 0),
        event(912, day(2025, 1, 27), What::Engagement { wish: "paid_work".to_owned(), goals: None }, 0),
        event(913, day(2025, 1, 13), intake("ips", Some("epa"), "municipality"), 1),
    ]
}

fn over_time() -> OverTime {
    let span = |from: Day, until: Option<Day>, colour| Span { from, until, colour };
    let contacts = [
        (1, 13),
        (1, 20),
        (1, 27),
        (2, 10),
        (2, 24),
        (3, 10),
        (3, 24),
        (4, 14),
        (5, 6),
        (6, 2),
        (7, 14),
        (8, 28),
        (9, 16),
        (10, 9),
        (11, 17),
    ];
    let placement = span(day(2025, 3, 10), Some(day(2025, 4, 5)), Colour::Other);
    let sustainable = span(day(2025, 4, 7), Some(day(2025, 11, 3)), Colour::Sustainable);
    let now = span(day(2025, 11, 3), None, Colour::Work);
    let job = Of::Job { employer: Some(BAKERY.to_owned()), hours: Some(Decimal::hundredths(1150)) };
    let school = span(day(2025, 9, 1), None, Colour::Other);
    OverTime {
        began: day(2025, 1, 13),
        ended: None,
        contacts: contacts.into_iter().map(|(month, of_month)| day(2025, month, of_month)).collect(),
        lanes: vec![
            Lane { of: Of::Placement("work_experience".to_owned()), spans: vec![placement], ends: None, terms: None },
            Lane { of: job, spans: vec![sustainable, now], ends: Some(day(2026, 2, 14)), terms: Some(Box::new(super::forms::now())) },
            Lane { of: Of::Education(Some("mbo-2".to_owned())), spans: vec![school], ends: None, terms: None },
        ],
    }
}

fn verdict() -> Verdict {
    let condition = |met, subject| Condition { met, subject };
    let contract = Subject::Contract { has: Some(Contract::FixedTerm(day(2026, 2, 14))), needed: 3, needed_until: None };
    Verdict {
        sustainable: Met::No,
        since: None,
        employer: Some(text(BAKERY)),
        began: day(2025, 4, 7),
        job: None,
        conditions: vec![
            condition(Met::Yes, Subject::Workplace(Some(true))),
            condition(Met::No, Subject::Hours { has: Some(Decimal::hundredths(1150)), needed: Decimal::whole(12) }),
            condition(Met::Yes, Subject::Wage { has: Some(Decimal::whole(100)), needed: Decimal::whole(35) }),
            condition(Met::Yes, contract),
        ],
    }
}

pub fn noor(lang: Lang) -> Trajectory {
    let suggestion = |kind| Suggestion { kind, about: None, name: None };
    Trajectory {
        frame: frame(lang, Role::Coach),
        today: today(),
        id: uuid(1),
        name: Some(text("Noor")),
        began: day(2025, 1, 13),
        ended: None,
        step: Step::Coaching,
        facts: Facts {
            method: "ips".to_owned(),
            variant: Some("epa".to_owned()),
            funding: "municipality".to_owned(),
            region: "Midden-Utrecht".to_owned(),
            scheme: None,
            benefit: Some("participatiewet".to_owned()),
            in_care: Some(true),
            target_group: None,
            coach: Some("Marieke de Boer".to_owned()),
        },
        suggestions: vec![suggestion(Kind::PaidWorkChanged), suggestion(Kind::PaidWorkStopped)],
        verdict: Some(verdict()),
        over_time: Some(over_time()),
        events: events(),
        handed_to_nobody: None,
        ran_out: None,
        may_log: true,
        may_open: false,
        opened_until: None,
        organisation: None,
    }
}

fn hasan(lang: Lang) -> Trajectory {
    let facts =
        Facts { method: "werkfit".to_owned(), variant: None, funding: "uwv".to_owned(), benefit: None, in_care: None, ..noor(lang).facts };
    Trajectory {
        name: Some(text("Hasan")),
        began: day(2025, 11, 18),
        step: Step::Intake,
        facts,
        suggestions: vec![Suggestion { kind: Kind::Engagement, about: None, name: None }],
        verdict: None,
        over_time: None,
        events: vec![event(920, day(2025, 11, 18), intake("werkfit", None, "uwv"), 0)],
        ..noor(lang)
    }
}

/// Ended, with two things that are not known.
fn chantal(lang: Lang) -> Trajectory {
    let condition = |met, subject| Condition { met, subject };
    let verdict = Verdict {
        sustainable: Met::Unknown,
        since: None,
        employer: Some(text("Zorgcentrum De Linde")),
        began: day(2025, 9, 1),
        job: None,
        conditions: vec![
            condition(Met::Yes, Subject::Workplace(Some(true))),
            condition(Met::Yes, Subject::Hours { has: Some(Decimal::whole(20)), needed: Decimal::whole(12) }),
            condition(Met::Unknown, Subject::Wage { has: None, needed: Decimal::whole(35) }),
            condition(Met::Unknown, Subject::Contract { has: Some(Contract::Other), needed: 3, needed_until: None }),
        ],
    };
    let last = day(2025, 11, 14);
    let outflow = What::Outflow { reason: Some("goal-reached".to_owned()), work_ready: None };
    let sealed = What::Contact { with: "client".to_owned(), channel: "phone".to_owned(), minutes: Some(20), note: Some(Text::Sealed) };
    Trajectory {
        name: Some(text("Chantal")),
        began: day(2025, 6, 2),
        ended: Some(Ended { on: last, event: uuid(930) }),
        step: Step::Outflow,
        facts: Facts { method: "jobcoaching".to_owned(), variant: None, ..noor(lang).facts },
        suggestions: Vec::new(),
        verdict: Some(verdict),
        over_time: None,
        events: vec![event(930, last, outflow, 0), event(931, day(2025, 11, 12), sealed, 0)],
        ..noor(lang)
    }
}

pub fn all(lang: Lang) -> Vec<Sample> {
    let mut waiting = sample("trajectory-waiting", &noor(lang));
    let place = format!(r#"<div class="waiting" data-waiting="{}" data-waiting-view="list">"#, uuid(1));
    let entry = |what: &str| {
        let at = uuid(1);
        format!(
            r#"<li class="outbox-entry" data-state="waiting"><p><a href="/trajecten/{at}">{what}</a> <span class="outbox-state">wacht op verbinding</span></p></li>"#
        )
    };
    let entries = [entry("Contact, 20 november 2025"), entry("Werk veranderd, 20 november 2025")].concat();
    waiting.put_in = vec![
        (place.clone(), format!(r#"{place}<ul class="outbox-entries">{entries}</ul>"#)),
        super::outbox("waiting", "cloud", r#"2 wachten<span class="wide"> op verbinding</span>"#),
    ];
    let mut new = sample("trajectory-new", &hasan(lang));
    new.put_in = vec![super::strip(r#"<span data-kind="recorded">Vastgelegd.</span>"#)];
    vec![sample("trajectory", &noor(lang)), waiting, new, sample("trajectory-ended", &chantal(lang))]
}
