//! Every form, empty, filled in, and with what is wrong.

use pages::{
    About, Asks, Change, Choosable, Contract, Correction, Decimal, EventForm, Facts, Filled, Former, Kind, Lang, Mistake, Of, Retractable,
    Role, Terms, Text, Thing, What,
};

use super::{
    Sample, day, frame, sample, today,
    trajectory::{contact, noor},
    uuid,
};

fn job(n: u64, employer: &str, since: pages::Day) -> Thing {
    Thing { id: uuid(n), of: Of::Job { employer: Some(employer.to_owned()), hours: None }, since }
}

fn bakery() -> Thing {
    job(701, "Bakkerij Van Vliet", day(2025, 4, 7))
}

pub fn form(lang: Lang, asks: Asks) -> EventForm {
    let about = About {
        trajectory: uuid(1),
        name: Some("Noor".to_owned()),
        organisation: "ggz-voorbeeld".to_owned(),
        revision: 24,
        expect_revision: false,
        began: Some(day(2025, 1, 13)),
        ended: None,
    };
    EventForm { frame: frame(lang, Role::Coach), today: today(), about, asks, filled: None, corrects: None, restores: false }
}

pub fn values(pairs: &[(&str, &str)]) -> Filled {
    Filled { values: pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect(), ..Filled::default() }
}

fn on(of_month: &'static str, month: &'static str, year: &'static str) -> [(&'static str, &'static str); 3] {
    [("occurred_on.day", of_month), ("occurred_on.month", month), ("occurred_on.year", year)]
}

fn mistake(field: &str, message: &str) -> Mistake {
    Mistake { field: field.to_owned(), message: message.to_owned(), link: None }
}

pub fn regions() -> Vec<Choosable> {
    let all =
        [("AM14", "Amersfoort"), ("AM10", "Rivierenland"), ("AM11", "Flevoland"), ("AM13", "Midden-Utrecht"), ("AM18", "Groot Amsterdam")];
    all.map(|(code, name)| Choosable::new(code, name)).into()
}

pub fn now() -> Terms {
    Terms {
        regular_workplace: Change::To(true),
        hours: Change::To(Decimal::hundredths(1150)),
        wage: Change::To(Decimal::whole(100)),
        contract: Change::To(Contract::FixedTerm(day(2026, 2, 14))),
        sector: Change::To(Text::Open("Bakkerij".to_owned())),
        employer: Change::To(Text::Open("Bakkerij Van Vliet".to_owned())),
    }
}

/// Of a trajectory that has ended.
pub fn ended(lang: Lang, asks: Asks) -> EventForm {
    let form = form(lang, asks);
    EventForm { about: About { ended: Some(day(2025, 11, 14)), ..form.about }, ..form }
}

fn contact_with_errors(lang: Lang) -> EventForm {
    let mut filled = values(&[&[("with", "client"), ("note", "Gaat goed op het werk.")][..], &on("21", "11", "2025")].concat());
    let future = lang.t(
        "Deze dag is nog niet geweest. Vul vandaag of een eerdere dag in.",
        "This day has not come yet. Fill in today or an earlier day.",
    );
    filled.mistakes = vec![mistake("channel", lang.t("Maak een keuze.", "Make a choice.")), mistake("occurred_on.day", future)];
    EventForm { filled: Some(filled), ..form(lang, Asks::Contact) }
}

fn stop_refused(lang: Lang) -> EventForm {
    let words = lang.t(
        "De laatste werkdag ligt vóór de eerste werkdag, 7 april 2025.",
        "The last working day lies before the first one, 7 April 2025.",
    );
    let see = lang.t("Bekijk wanneer het werk startte", "See when the work began");
    let link = Some((format!("/trajecten/{}#gebeurtenis-{}", uuid(1), uuid(907)), see.to_owned()));
    let mistakes = vec![Mistake { link, ..mistake("occurred_on.day", words) }];
    let filled = Filled { mistakes, refused: true, ..values(&on("2", "4", "2025")) };
    EventForm { filled: Some(filled), ..form(lang, Asks::PaidWorkStopped(vec![bakery()])) }
}

fn correction(lang: Lang) -> EventForm {
    let note = "Gaat goed op het werk. Vroege dienst is zwaar. Volgende week met de bakker praten over een uur erbij.";
    let what = contact("client", "phone", Some(15), note);
    let day = day(2025, 11, 17);
    let filled = Some(Filled::of(&what, day, lang));
    let former = Former { what, on: day, by: "Marieke de Boer".to_owned(), recorded: day };
    EventForm { filled, corrects: Some(Correction { event: uuid(901), former, also: Vec::new() }), ..form(lang, Asks::Contact) }
}

fn retraction(lang: Lang) -> EventForm {
    let one = |id: u64, what: What, on| Retractable { id: uuid(id), what, on, meant: true };
    let terms = |terms: Terms| Box::new(terms);
    let changed = || What::WorkChanged { id: uuid(701), job: Some("Bakkerij Van Vliet".to_owned()), terms: terms(Terms::default()) };
    let events = vec![
        one(907, What::WorkStarted { id: uuid(701), terms: terms(now()) }, day(2025, 4, 7)),
        one(905, changed(), day(2025, 10, 7)),
        one(902, changed(), day(2025, 11, 3)),
    ];
    form(lang, Asks::Retraction(events))
}

/// The intake, ten contacts, and with it all of them.
pub fn whole_retraction(lang: Lang) -> EventForm {
    let with = Box::new(pages::Circumstances { funding: Change::To("municipality".to_owned()), ..Default::default() });
    let intake = What::Intake { client: uuid(800), method: "ips".to_owned(), with };
    let contacts = (14_u8..24)
        .map(|of_month| (What::Contact { with: "client".to_owned(), channel: "phone".to_owned(), minutes: None, note: None }, of_month));
    let all = [(intake, 13)].into_iter().chain(contacts);
    let events = (900..).zip(all).map(|(id, (what, of_month))| Retractable { id: uuid(id), what, on: day(2025, 1, of_month), meant: true });
    form(lang, Asks::Retraction(events.collect()))
}

fn intake(lang: Lang) -> EventForm {
    let about = About { organisation: "ggz-voorbeeld".to_owned(), ..About::default() };
    let asks = Asks::Intake { regions: regions(), region: "AM13".to_owned(), coach: "coach-1".to_owned(), coaches: Vec::new() };
    EventForm { about, ..form(lang, asks) }
}

fn filled_work(lang: Lang) -> EventForm {
    let until = [("contract.until.day", "2"), ("contract.until.month", "5"), ("contract.until.year", "2026")];
    let rest = [
        ("employer", "Fietsenwinkel De Spaak"),
        ("hours_per_week", "24"),
        ("pay", "measured"),
        ("wage_value_percent", "62,5"),
        ("contract.kind", "fixed_term"),
        ("regular_workplace", "yes"),
        ("sector", "Detailhandel"),
    ];
    let filled = Some(values(&[&on("3", "11", "2025")[..], &until, &rest].concat()));
    EventForm { filled, ..form(lang, Asks::PaidWorkStarted(Vec::new())) }
}

/// One of every kind of form.
pub fn every(lang: Lang) -> Vec<EventForm> {
    let placement = Thing { id: uuid(703), of: Of::Placement("work_experience".to_owned()), since: day(2025, 3, 10) };
    let education = Thing { id: uuid(704), of: Of::Education(Some("mbo-2".to_owned())), since: day(2025, 9, 1) };
    let both = vec![bakery(), job(702, "Koffiebar Luna", day(2025, 9, 15))];
    let facts = Facts { target_group: Some("epa".to_owned()), ..noor(lang).facts };
    let colleagues = [("coach-2", "Joost Verhagen"), ("coach-3", "Lina Bakkali"), ("coach-4", "Pim Scholten")];
    let of = |asks| form(lang, asks);
    vec![
        of(Asks::Contact),
        of(Asks::Engagement),
        of(Asks::Assessment),
        of(Asks::PlacementStarted),
        of(Asks::PlacementStopped(vec![placement])),
        of(Asks::PaidWorkStarted(vec![bakery()])),
        of(Asks::PaidWorkChanged { of: vec![bakery()], now: Box::new(now()) }),
        of(Asks::PaidWorkStopped(both)),
        of(Asks::EducationStarted),
        of(Asks::EducationStopped(vec![education])),
        of(Asks::TrajectoryChanged { now: Box::new(facts), regions: regions() }),
        of(Asks::Transfer(colleagues.map(|(code, name)| Choosable::new(code, name)).into())),
        of(Asks::Outflow(vec!["Bakkerij Van Vliet".to_owned()])),
        intake(lang),
        retraction(lang),
    ]
}

fn name(kind: Kind) -> &'static str {
    match kind {
        Kind::Intake => "form-intake",
        Kind::Engagement => "form-engagement",
        Kind::Assessment => "form-assessment",
        Kind::PlacementStarted => "form-placement-started",
        Kind::PlacementStopped => "form-placement-stopped",
        Kind::PaidWorkStarted => "form-paid-work-started",
        Kind::PaidWorkChanged => "form-paid-work-changed",
        Kind::PaidWorkStopped => "form-paid-work-stopped",
        Kind::EducationStarted => "form-education-started",
        Kind::EducationStopped => "form-education-stopped",
        Kind::Contact => "form-contact",
        Kind::TrajectoryChanged => "form-trajectory-changed",
        Kind::Transfer => "form-transfer",
        Kind::Outflow => "form-outflow",
        Kind::Retraction => "form-retraction",
    }
}

pub fn all(lang: Lang) -> Vec<Sample> {
    let mut draft = sample("form-contact-draft", &form(lang, Asks::Contact));
    let notice = r#"<div class="form-notice" role="status"><p>Wat eerder is ingevuld, staat er weer.</p><button type="button" class="draft-discard">Leeg beginnen</button></div>"#;
    let form_place = format!(
        r#"<form class="form log" method="post" autocomplete="off" data-event-type="contact" data-trajectory="{}" data-organisation="ggz-voorbeeld" data-revision="24" data-began="2025-01-13" data-client="Noor" novalidate>"#,
        uuid(1)
    );
    let phone = r#"<input class="utrecht-radio-button utrecht-radio-button--html-input" type="radio" name="channel" value="phone""#;
    let note = r#"<textarea class="utrecht-textarea utrecht-textarea--html-textarea" id="notitie" name="note" rows="3" data-most="4000">"#;
    draft.put_in = vec![
        (form_place.clone(), format!("{form_place}{notice}")),
        (format!("{phone}>"), format!("{phone} checked>")),
        (note.to_owned(), format!("{note}Belt terug over de")),
    ];
    let mut refused = sample("form-paid-work-stopped-refused", &stop_refused(lang));
    refused.put_in = vec![super::outbox("refused", "alert", "1 geweigerd")];
    let special = vec![
        draft,
        sample("form-contact-errors", &contact_with_errors(lang)),
        sample("form-contact-ended", &ended(lang, Asks::Contact)),
        sample("form-paid-work-started-filled", &filled_work(lang)),
        refused,
        sample("form-correction", &correction(lang)),
        sample("form-retraction-whole", &whole_retraction(lang)),
        sample("form-nothing-to-stop", &form(lang, Asks::PlacementStopped(Vec::new()))),
    ];
    every(lang).iter().map(|form| sample(name(form.asks.kind()), form)).chain(special).collect()
}
