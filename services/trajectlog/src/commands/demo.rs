//! `trajectlog demo`: the synthetic national log, and its figures beside the published ones.

use std::{fmt::Write as _, fs, io::Write, path::Path};

use accounts::{By, FirstPassword, Password, Profile, Role};
use app::{
    AsOf, RecordedMode,
    figures::{Ask, answer},
    import::Fault,
};
use comfy_table::Cell;
use event_log::EventLog;
use figures::{Definitions, Measure, Scope};
use gateway::entrance::ShownAccount;
use publications::Status;
use serde_json::Value;

use crate::{
    cli::{Auth, Demo, Publish},
    failure::Failure,
    folder::now,
    output::table::{right, table},
    place::Place,
    progress,
    serve::{self, people},
    settings::Settings,
};

/// Every run makes the same log.
const SEED: u64 = 1;
/// Says that the log is whole; made last.
pub const MADE: &str = "demo-is-complete";
/// Says that the coach of the demo has a caseload of the day on which it was first served.
const CASELOAD: &str = "demo-has-a-caseload";
/// The labour-market region of the organisation.
const REGION: &str = "AM01";
/// The password of every account of the demo: everybody may know it, so that the demo is served to this machine only.
const PASSWORD: &str = "zonnige werkplaats";
/// The organisation of its coach and its manager.
const ORGANISATION: &str = "ggz-noorderlicht";
/// Its coach, as trajectories are assigned in the log.
const COACH: &str = "ggz-noorderlicht-coach-01";
/// A colleague, to whom a trajectory can be handed over, and who can be stood in for.
const COLLEAGUE: &str = "ggz-noorderlicht-coach-02";

/// What the demo publishes, and when. The last follows the report by a second: what the report says is compared with what had been published before it.
const VINTAGES: [(&str, &str, Status); 4] = [
    ("2024Q1", "2024-05-15T12:00:00Z", Status::Provisional),
    ("2024Q4", "2025-02-15T12:00:00Z", Status::Provisional),
    ("2025Q1", "2025-05-15T12:00:00Z", Status::Provisional),
    ("2024Q4", "2025-05-15T12:00:01Z", Status::Revised),
];

/// The accounts of the demo, one of each role and a second coach: what it is, an invented name, its login, and its code as a coach.
const PEOPLE: [(&str, &str, &str, Role, Option<&str>); 6] = [
    ("coach van ggz-noorderlicht", "Noor de Wit", "coach", Role::Coach, Some(COACH)),
    ("collega van deze coach", "Amir Jansen", "collega", Role::Coach, Some(COLLEAGUE)),
    ("manager van ggz-noorderlicht", "Karim Bakker", "manager", Role::Manager, None),
    ("analist", "Sanne Vos", "analist", Role::Analyst, None),
    ("auditor", "Pieter Smit", "auditor", Role::Auditor, None),
    ("beheerder", "Lotte Kuiper", "beheerder", Role::Administrator, None),
];

pub async fn run(place: &Place, args: &Demo, settings: &Settings) -> Result<(), Failure> {
    let auth = if args.no_serve {
        None
    } else {
        let (auth, listen) = serve::could(place, &args.serve, settings).await?;
        if !listen.ip().is_loopback() {
            return Err(Failure::wrong_use(format!(
                "everybody knows the passwords of the demo, so it is served on a loopback address only, and {listen} is none"
            )));
        }
        Some(auth)
    };
    compare(place).await?;
    let data = place.folder().path().display().to_string();
    match auth {
        None => Ok(()),
        Some(Auth::None) => serve::run_and_tell(place, &args.serve, settings, &[], |address| tell(&to_everybody(address, &data))).await,
        Some(Auth::Oidc) => Err(Failure::wrong_use("the demo has accounts with passwords: --auth local or --auth none")),
        Some(Auth::Local) => {
            make_caseload(place).await?;
            let shown = make_accounts(place.folder().path()).await?;
            serve::run_and_tell(place, &args.serve, settings, &shown, |address| tell(&to_the_known(address, &data, &shown))).await
        }
    }
}

/// Whether the role is within the organisation of the demo.
fn placed(role: Role) -> bool {
    matches!(role, Role::Coach | Role::Manager)
}

/// Makes the accounts of the demo, those that are not there yet.
async fn make_accounts(data: &Path) -> Result<Vec<ShownAccount>, Failure> {
    let accounts = people::open(data).await?;
    for (_, name, login, role, code) in PEOPLE {
        let wrong = |_| Failure::refused(format!("the account {login} of the demo cannot be made"));
        let login = login.parse().map_err(|rule: accounts::Rule| Failure::refused(rule.to_string()))?;
        if accounts.account_of(&login).is_some() {
            continue;
        }
        let organisation = if placed(role) { Some(ORGANISATION.parse().map_err(wrong)?) } else { None };
        let coach = code.map(str::parse).transpose().map_err(wrong)?;
        let profile = Profile { login, name: name.to_owned(), organisation, coach, roles: [role].into() };
        accounts.create(By::Machine, profile, FirstPassword::Given(Password::new(PASSWORD))).await?;
    }
    let shown = |(what, name, login, role, _): (&str, &str, &str, Role, Option<&str>)| ShownAccount {
        what: what.to_owned(),
        name: name.to_owned(),
        role,
        organisation: placed(role).then(|| ORGANISATION.to_owned()),
        login: login.to_owned(),
        password: PASSWORD.to_owned(),
    };
    Ok(PEOPLE.map(shown).into())
}

/// Gives the coach of the demo something to do, once: the national log ends in May 2025. What is recorded today changes no figure of before.
async fn make_caseload(place: &Place) -> Result<(), Failure> {
    let made = place.folder().path().join(CASELOAD);
    if made.exists() {
        return Ok(());
    }
    let today = proto_events::Date::from_days(app::amsterdam_day(now()).days()).ok_or_else(|| Failure::refused("today is no day"))?;
    let (log, keys) = place.for_writing().await?;
    let recorded_until = log.head().await?.recorded_at;
    let lines = synthetic::caseload(synthetic::Of { today, organisation: ORGANISATION, coach: COACH, region: REGION, recorded_until });
    let mut text = Vec::new();
    for line in &lines {
        serde_json::to_writer(&mut text, line).map_err(std::io::Error::from)?;
        text.push(b'\n');
    }
    let mut refused = None;
    let mut report = |fault: Fault| {
        refused.get_or_insert(fault);
    };
    super::import::into(&log, &keys, None, RecordedMode::Keep, text.as_slice(), &mut report, &mut |_| {}).await?;
    if let Some(fault) = refused {
        return Err(Failure::refused(format!("the caseload of the demo: {} ({})", fault.code, fault.detail)));
    }
    fs::write(&made, "").map_err(|e| Failure::cannot_open(format!("{} cannot be written: {e}", made.display())))
}

/// Whoever does not read it has the address on standard error.
fn tell(told: &str) {
    let _ = std::io::stdout().write_all(told.as_bytes());
}

fn to_the_known(address: &str, data: &str, shown: &[ShownAccount]) -> String {
    let mut told = format!(
        "\nDe dienst draait op {address} (alleen bereikbaar vanaf deze machine; stoppen met Ctrl-C).\n\
         Aanmelden: {address}/inloggen, met een van deze accounts; alle met het wachtwoord: {PASSWORD}\n"
    );
    for ShownAccount { what, login, .. } in shown {
        let _ = writeln!(told, "  {login:<10} {what}");
    }
    let _ = write!(
        told,
        "Op de opdrachtregel:\n  \
         curl -c koekjes -d login=coach --data-urlencode 'password={PASSWORD}' {address}/inloggen\n  \
         coach:    curl -b koekjes '{address}/api/v1/trajectories?running=true&limit=5'\n  \
         analist:  curl -b koekjes {address}/api/v1/figures/2025Q1\n  \
         auditor:  curl -b koekjes '{address}/api/v1/events?from=1&limit=5'\n\
         Zonder aanmelden: trajectlog demo --auth none. Intussen werkt ook de opdrachtregel: trajectlog --data {data} import …\n"
    );
    told
}

fn to_everybody(address: &str, data: &str) -> String {
    format!(
        "\nDe dienst draait op {address} (alleen bereikbaar vanaf deze machine; stoppen met Ctrl-C).\n\
             Aanmelden is nog niet nodig: wie hier vraagt is coach, analist en auditor tegelijk; X-Actor zegt onder welke naam er gemeld wordt.\n  \
             coach:    curl -H 'X-Actor: coach-1' '{address}/api/v1/trajectories?running=true&limit=5'\n  \
             analist:  curl {address}/api/v1/figures/2025Q1\n  \
             auditor:  curl '{address}/api/v1/events?from=1&limit=5'\n  \
             alles:    curl {address}/api/v1/openapi.json\n\
             Intussen werkt ook de opdrachtregel: trajectlog --data {data} import …\n"
    )
}

/// Makes the log, once, and shows its figures beside the published ones.
async fn compare(place: &Place) -> Result<(), Failure> {
    make(place).await?;
    publish_vintages(place).await?;
    let published: Value =
        serde_json::from_str(synthetic::PUBLISHED).map_err(|e| Failure::refused(format!("the published numbers: {e}")))?;
    let mut out = std::io::stdout();
    let quarter = published["quarter"].as_str().unwrap_or_default();
    let moment = published["as_of"].as_str().unwrap_or_default();
    let now_known = ask(place, quarter, moment).await?;
    let numbers = numbers(&published, &now_known);
    let mut shown = table([&format!("Werkmonitor {quarter}"), "Gepubliceerd", "Uit het logboek", ""]);
    for number in &numbers {
        let mark = if number.same() { "=" } else { "verschilt" };
        shown.add_row([Cell::new(&number.name), right(&number.published), right(&number.counted), Cell::new(mark)]);
    }
    writeln!(out, "{shown}\n")?;
    let mut differ = say(&mut out, quarter, moment, &numbers)?;
    for group in ["vintages", "as_known_at_2025Q1"] {
        for (quarter, state) in published[group].as_object().into_iter().flatten().filter(|(quarter, _)| !quarter.starts_with('_')) {
            let moment = state["as_of"].as_str().unwrap_or_default();
            let counted = ask(place, quarter, moment).await?;
            differ += say(&mut out, quarter, moment, &self::numbers(state, &counted))?;
        }
    }
    let data = place.folder().path().display();
    writeln!(out, "\nDe gegevens (verzonnen mensen en organisaties) staan in {data}. Verder, bijvoorbeeld:")?;
    writeln!(out, "  trajectlog --data {data} figures --quarter 2025Q1 --scope region:AM18")?;
    writeln!(out, "  trajectlog --data {data} figures --quarter 2024Q4 --as-of 2025-02-15T12:00:00Z --format json")?;
    writeln!(out, "  trajectlog --data {data} replay --from 1 --to 20")?;
    if differ > 0 { Err(Failure::refused(format!("{differ} numbers differ from the published ones"))) } else { Ok(()) }
}

/// Makes the log, once. Interrupted, it goes on the next time: what is there already is told from what is new.
async fn make(place: &Place) -> Result<(), Failure> {
    let made = place.folder().path().join(MADE);
    if made.exists() {
        return Ok(());
    }
    let lines = synthetic::published(SEED).map_err(|e| Failure::refused(e.to_string()))?;
    let (log, keys) = place.for_writing().await?;
    let bar = progress::events("making the demo log", lines.len() as u64);
    let mut text = Vec::new();
    for line in &lines {
        serde_json::to_writer(&mut text, &line.out()).map_err(std::io::Error::from)?;
        text.push(b'\n');
    }
    let mut refused = None;
    let mut report = |fault: Fault| {
        refused.get_or_insert(fault);
    };
    let summary = super::import::into(&log, &keys, None, RecordedMode::Keep, text.as_slice(), &mut report, &mut |_| bar.tick()).await?.0;
    if let Some(fault) = refused {
        return Err(Failure::refused(format!(
            "the folder holds another log: {} {} ({})",
            fault.code,
            fault.event_id.unwrap_or_default(),
            fault.detail
        )));
    }
    bar.inc(summary.imported + summary.already_present);
    bar.finish_and_clear();
    fs::write(&made, "").map_err(|e| Failure::cannot_open(format!("{} cannot be written: {e}", made.display())))
}

/// Publishes the vintages of the demo at their own moments, those that are not there yet: what the report compares with, the report, and after it the
/// quarter before once more, which corrections and late registrations have changed.
async fn publish_vintages(place: &Place) -> Result<(), Failure> {
    let mut publications = super::publish::open(place)?;
    for (quarter, moment, status) in VINTAGES {
        let quarter = quarter.parse().map_err(|e: &str| Failure::refused(e))?;
        let moment = moment.parse().map_err(|_| Failure::refused("a vintage of the demo has no moment"))?;
        if publications.vintages(quarter).iter().any(|(_, vintage)| vintage.moment == moment) {
            continue;
        }
        let args = Publish { quarter, as_of: None, status: None, definitions: None, by: "demo".to_owned(), reopen: None, agreed_by: None };
        super::publish::publish(place, &mut publications, &args, AsOf::Moment(moment), status, Some(moment)).await?;
    }
    Ok(())
}

/// The national figures of a quarter as of a moment, as JSON.
async fn ask(place: &Place, quarter: &str, moment: &str) -> Result<Value, Failure> {
    let ask = Ask {
        quarter: quarter.parse().map_err(|e: &str| Failure::refused(e))?,
        scope: Scope::default(),
        definitions: Definitions::built_in().clone(),
        tables: false,
        as_of: moment.parse::<AsOf>().map_err(|e| Failure::refused(e.to_string()))?,
    };
    let (figures, as_of) = answer(&place.log().await?, &ask, now, &mut |_| {}).await?;
    Ok(figures.to_json(&ask.question(), &as_of))
}

/// A published number beside the one that was counted.
struct Number {
    name: String,
    published: String,
    counted: String,
}

impl Number {
    fn same(&self) -> bool {
        self.published == self.counted
    }
}

/// Every number of a published state, with what the log says.
fn numbers(state: &Value, counted: &Value) -> Vec<Number> {
    let mut numbers = Vec::new();
    for (tree, published) in [
        ("figures.all", &state["all"]),
        ("percentages.all", &state["all_percentages"]),
        ("figures.all.scheme_started_year_to_date", &state["scheme_started_year_to_date"]),
        ("figures.by_method", &state["by_method"]),
        ("figures.by_method_funding", &state["by_method_funding"]),
        ("figures.by_method_variant", &state["by_method_variant"]),
    ] {
        let found = tree.split('.').fold(counted, |node, key| &node[key]);
        walk(tree.trim_start_matches("figures."), published, found, &mut numbers);
    }
    // Only the sum of the two is known.
    for (measure, published) in state["werkfit_and_naar_werk"].as_object().into_iter().flatten() {
        let of = |method: &str| counted["figures"]["by_method"][method][measure].as_u64().unwrap_or_default();
        let counted = (of("werkfit") + of("naar_werk")).to_string();
        numbers.push(Number { name: format!("werkfit en naar_werk: {measure}"), published: published.to_string(), counted });
    }
    numbers
}

fn walk(path: &str, published: &Value, found: &Value, numbers: &mut Vec<Number>) {
    for (key, published) in published.as_object().into_iter().flatten() {
        if published.is_object() {
            walk(&format!("{path}.{key}"), published, &found[key], numbers);
        } else {
            let text = |value: &Value| value.as_str().map_or_else(|| value.to_string(), |text| format!("{} %", text.replace('.', ",")));
            let name = Measure::of_name(key).map_or_else(|| key.clone(), |measure| measure.dutch().to_owned());
            numbers.push(Number { name: format!("{path}: {name}"), published: text(published), counted: text(&found[key]) });
        }
    }
}

/// One line about a state; how many numbers differ.
fn say(out: &mut impl Write, quarter: &str, moment: &str, numbers: &[Number]) -> Result<usize, Failure> {
    let differ: Vec<&Number> = numbers.iter().filter(|number| !number.same()).collect();
    writeln!(out, "{quarter} zoals bekend op {moment}: {} cijfers, {} verschillen", numbers.len(), differ.len())?;
    for number in &differ {
        writeln!(out, "  {}: gepubliceerd {}, geteld {}", number.name, number.published, number.counted)?;
    }
    Ok(differ.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(flavor = "multi_thread")]
    async fn the_demo_has_an_account_of_each_role_made_once() {
        let folder = tempfile::tempdir().unwrap();
        let shown = make_accounts(folder.path()).await.unwrap();
        assert_eq!(make_accounts(folder.path()).await.unwrap(), shown);
        let accounts = people::open(folder.path()).await.unwrap();
        assert_eq!(accounts.accounts().len(), PEOPLE.len());
        let mut roles = Vec::new();
        for ShownAccount { login, password, .. } in shown {
            let signed_in = accounts.sign_in(&login, &Password::new(&password), "a test").await.unwrap();
            assert!(!signed_in.account.must_change_password);
            roles.extend(signed_in.account.profile.roles.iter().copied());
        }
        roles.dedup();
        assert_eq!(roles, Role::ALL);
    }

    #[test]
    fn every_line_of_its_caseload_is_an_event_and_is_made_once() {
        let today = "2026-03-31".parse().unwrap();
        let of = synthetic::Of { today, organisation: ORGANISATION, coach: COACH, region: REGION, recorded_until: None };
        let lines = synthetic::caseload(of);
        assert!(lines.len() > 40);
        let mut ids = std::collections::BTreeSet::new();
        for line in &lines {
            let text = line.to_string();
            let read = proto_events::json::parse_line::<proto_events::Text>(text.as_bytes(), &proto_events::upcast::Upcasters::of_today());
            let read = read.unwrap_or_else(|error| panic!("{error}: {text}"));
            assert!(ids.insert(read.event_id), "an id twice");
        }
        assert_eq!(lines, synthetic::caseload(of));
    }

    #[test]
    fn its_caseload_was_recorded_day_by_day_and_never_before_the_log_ended() {
        let today = "2026-03-31".parse().unwrap();
        let of = |recorded_until| synthetic::Of { today, organisation: ORGANISATION, coach: COACH, region: REGION, recorded_until };
        let day = |line: &Value, field: &str| line[field].as_str().unwrap()[..10].to_owned();
        for line in synthetic::caseload(of(None)) {
            assert_eq!(day(&line, "recorded_at"), day(&line, "occurred_on"), "{line}");
        }
        let ended: proto_events::Timestamp = "2025-09-30T20:00:00.000000Z".parse().unwrap();
        let mut last = ended.to_string();
        for line in synthetic::caseload(of(Some(ended))) {
            let recorded = line["recorded_at"].as_str().unwrap().to_owned();
            assert!(recorded >= last && recorded.as_str() < "2026-03-31", "{line}");
            assert!(day(&line, "recorded_at") == day(&line, "occurred_on") || recorded == ended.to_string(), "{line}");
            last = recorded;
        }
    }

    #[test]
    fn its_coach_has_trajectories_in_its_log() {
        let lines = synthetic::published(SEED).unwrap();
        let of_the_coach = lines.iter().filter(|line| {
            let intake = serde_json::to_value(line.out()).unwrap();
            intake["type"] == "intake" && intake["organisation"] == ORGANISATION && intake["data"]["coach"] == COACH
        });
        assert!(of_the_coach.count() > 10);
    }
}
