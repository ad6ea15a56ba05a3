//! Pages with one thing to say. What waits on a device is put in as its sample shows it.

use std::{fs, path::Path};

use pages::{
    Choosable, Decimal, ErrorPage, Filled, Help, Kind, Lang, Log, LogRow, Looked, Minute, Mistake, NoFigures, Offline, Outbox, Role,
    SealedOpen, Trouble,
};

use super::{Sample, day, frame, nobody, outbox, sample, uuid};

const LIST: &str = r#"<div id="outbox-list">"#;

/// The list that a sample shows: the script makes it, in the browser's tests.
fn list(name: &str, after: &str) -> (String, String) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("samples/{name}.html"));
    let html = fs::read_to_string(path).expect("a sample");
    let list = html.split_once(LIST).expect("a list").1.split_once(after).expect("its end").0;
    (LIST.to_owned(), format!("{LIST}{list}"))
}

/// The button is shown while something waits.
fn send_now(lang: Lang) -> (String, String) {
    let button = |hidden: &str| {
        let words = lang.t("Nu verzenden", "Send now");
        format!(r#"<button class="utrecht-button utrecht-button--secondary-action" type="button" data-send-now{hidden}>{words}</button>"#)
    };
    (button(" hidden"), button(""))
}

fn log(lang: Lang) -> Log {
    let row = |position, kind, corrects, trajectory, (of, by): (&str, &str), (of_month, hour, minute)| LogRow {
        position,
        recorded: Minute { day: day(2025, 11, of_month), hour, minute },
        occurred: day(2025, 11, of_month - 1),
        kind,
        corrects,
        trajectory: uuid(trajectory),
        organisation: of.to_owned(),
        actor: by.to_owned(),
    };
    let ours = ("ggz Voorbeeld", "Marieke de Boer");
    Log {
        frame: frame(lang, Role::Auditor),
        total: 5_013,
        filled: Filled::default(),
        looked: None,
        organisations: vec![Choosable::new("ggz-noorderlicht", "ggz Noorderlicht"), Choosable::new("ggz-voorbeeld", "ggz Voorbeeld")],
        rows: vec![
            row(5_012, Kind::Contact, false, 1, ours, (20, 11, 20)),
            row(5_011, Kind::PaidWorkStarted, true, 2, ("ggz Noorderlicht", "import"), (19, 9, 5)),
            row(5_010, Kind::Retraction, false, 1, ours, (19, 9, 0)),
        ],
        newer: Some("/logboek?van=5013".to_owned()),
        older: Some("/logboek?van=5009".to_owned()),
        looked_to: None,
    }
}

/// One kind of event of one organisation, in a time; so far there was none.
fn filtered(lang: Lang) -> Log {
    let older = "/logboek?organisatie=ggz-voorbeeld&soort=outflow&vanaf=2025-10-01&tot=2025-11-20&van=1012".to_owned();
    let filled = asked("outflow", ["1", "10", "2025"], ["20", "11", "2025"]);
    let looked = Some(Looked { found: 0, all: false });
    Log { filled, looked, rows: Vec::new(), newer: None, older: Some(older), looked_to: Some(1_013), ..log(lang) }
}

fn asked(kind: &str, from: [&str; 3], until: [&str; 3]) -> Filled {
    let parts = ["day", "month", "year"];
    let days = [("vanaf", from), ("tot", until)]
        .into_iter()
        .flat_map(|(name, values)| parts.map(|part| format!("{name}.{part}")).into_iter().zip(values));
    let chosen = [("organisatie".to_owned(), "ggz-voorbeeld"), ("soort".to_owned(), kind)].into_iter();
    Filled { values: chosen.chain(days).map(|(name, value)| (name, value.to_owned())).collect(), ..Filled::default() }
}

/// What cannot be looked for: a kind that there is not, and a last day before the first.
fn wrong(lang: Lang) -> Log {
    let mistake = |field: &str, message: &str| Mistake { field: field.to_owned(), message: message.to_owned(), link: None };
    let kind = lang.t("Deze soort is er niet. Kies er een uit de lijst.", "There is no such kind. Choose one of the list.");
    let until = lang.t(
        "Deze dag ligt vóór de eerste. Vul 20 november 2025 of een latere dag in.",
        "This day lies before the first. Fill in 20 November 2025 or a later day.",
    );
    let mistakes = vec![mistake("soort", kind), mistake("tot.day", until)];
    let filled = Filled { mistakes, ..asked("nope", ["20", "11", "2025"], ["1", "10", "2025"]) };
    Log { filled, rows: Vec::new(), newer: None, older: None, ..log(lang) }
}

fn error(lang: Lang, name: &'static str, trouble: Trouble) -> Sample {
    sample(name, &ErrorPage { frame: frame(lang, Role::Coach), trouble })
}

pub fn all(lang: Lang) -> Vec<Sample> {
    let waits = |count: u8| {
        let verb = if count == 1 { "wacht" } else { "wachten" };
        outbox("waiting", "cloud", &format!(r#"{count} {verb}<span class="wide"> op verbinding</span>"#))
    };
    let waiting = |name: &'static str, more: Vec<(String, String)>| {
        let page = sample(name, &Outbox { frame: frame(lang, Role::Coach) });
        Sample { put_in: [list(name, "</div>\n    <div class=\"section\">")].into_iter().chain(more).collect(), ..page }
    };
    let again = concat!(
        r#"<span data-kind="signed-out">De sessie is voorbij. Log opnieuw in om te verzenden; er gaat niets verloren. "#,
        r#"<a href="/inloggen?next=%2Fwachtrij">Inloggen</a></span>"#
    );
    let offline = sample("error-offline", &Offline { frame: nobody(lang) });
    let broken = error(lang, "error-broken", Trouble::Broken("7f3a-20c1".to_owned()));
    let auditor = frame(lang, Role::Auditor);
    let organisation = "ggz Voorbeeld".to_owned();
    let sealed = SealedOpen { frame: auditor, trajectory: uuid(1), organisation, hours: 1, shortest: 10, filled: None };
    let help = |role| Help { frame: frame(lang, role), hours: Decimal::whole(12), wage: Decimal::whole(35), months: 3 };
    vec![
        error(lang, "error-not-found", Trouble::NotFound),
        error(lang, "error-retracted", Trouble::Retracted),
        error(lang, "error-forbidden", Trouble::Forbidden),
        error(lang, "error-gone", Trouble::Gone),
        error(lang, "error-stale", Trouble::Stale),
        error(lang, "error-not-understood", Trouble::NotUnderstood),
        error(lang, "error-too-much", Trouble::TooMuch),
        error(lang, "error-no-figures", Trouble::NoFigures(NoFigures::Future)),
        Sample { put_in: vec![waits(1)], ..broken },
        Sample { put_in: vec![waits(1), list("error-offline", "</div>\n    </div>")], ..offline },
        waiting("outbox", vec![outbox("refused", "alert", "2 geweigerd"), send_now(lang)]),
        waiting("outbox-empty", Vec::new()),
        waiting("outbox-others", vec![outbox("waiting", "cloud", r#"2 wachten<span class="wide"> van een ander account</span>"#)]),
        waiting("outbox-signed-out", vec![waits(3), super::strip(again), send_now(lang)]),
        sample("help", &help(Role::Coach)),
        sample("help-manager", &help(Role::Manager)),
        sample("help-analyst", &help(Role::Analyst)),
        sample("help-auditor", &help(Role::Auditor)),
        sample("help-administrator", &help(Role::Administrator)),
        sample("log", &log(lang)),
        sample("log-filtered", &filtered(lang)),
        sample("log-wrong", &wrong(lang)),
        sample("sealed-open", &sealed),
    ]
}
