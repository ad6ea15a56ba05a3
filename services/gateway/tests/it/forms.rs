//! Forms: what they offer is taken by the log, and what they correct they leave as it was.

use std::collections::BTreeMap;

use axum::http::Method;
use serde_json::{Value, json};

use crate::{
    sheet::Sheet,
    signed::{Signed, Who, case},
    world::{contact, id, line, trajectory},
};

struct Desk {
    signed: Signed,
    n: u32,
}

impl Desk {
    async fn new() -> Self {
        Self { signed: Signed::new().await, n: 0 }
    }

    async fn form(&self, who: &Who, path: &str) -> Sheet {
        let answer = self.signed.get(who, path).await;
        let html = String::from_utf8(answer.body.to_vec()).unwrap();
        assert_eq!(answer.status, 200, "{path}: {} {html}", answer.header("location"));
        let Who::Session { account, .. } = who else { panic!("a session") };
        assert_eq!(answer.header("x-account"), account, "{path}");
        Sheet::read(&html)
    }

    /// Records what the form says; answers the ids of its events.
    async fn record(&mut self, who: &Who, sheet: &Sheet) -> Vec<String> {
        self.n += 1;
        let mut events = sheet.events(self.n);
        let of = events[0]["trajectory_id"].as_str().unwrap().to_owned();
        let ids = events.iter().map(|event| event["event_id"].as_str().unwrap().to_owned()).collect();
        let body = if events.len() == 1 { events.remove(0) } else { json!({"events": events}) };
        let answer = self.signed.ask(who, Method::POST, &format!("/api/v1/trajectories/{of}/events"), &body).await;
        assert_eq!(answer.status, 201, "{body}: {}", String::from_utf8_lossy(&answer.body));
        ids
    }

    /// Fills in and records; answers the first event's id.
    async fn fill(&mut self, who: &Who, path: &str, on: &str, values: &[(&str, &str)]) -> String {
        let mut sheet = self.form(who, path).await;
        sheet.on(on);
        for (name, value) in values {
            sheet.put(name, value);
        }
        self.record(who, &sheet).await.remove(0)
    }

    async fn history(&self, who: &Who) -> Vec<Value> {
        let answer = self.signed.get(who, &format!("/api/v1/trajectories/{}/events", trajectory(1))).await;
        answer.json().as_array().unwrap().clone()
    }

    /// How many events the trajectory's page offers to record once more.
    async fn offered_again(&self, who: &Who) -> usize {
        let page = self.signed.get(who, &at("")).await;
        String::from_utf8_lossy(&page.body).matches("/opnieuw/").count()
    }

    async fn leads(&self, who: &Who, path: &str) -> String {
        let answer = self.signed.get(who, path).await;
        assert_eq!(answer.status, 303, "{path}");
        answer.header("location").to_owned()
    }
}

fn at(rest: &str) -> String {
    format!("/trajecten/{}{rest}", trajectory(1))
}

const JOB: [(&str, &str); 9] = [
    ("employer", "Bakkerij \"De Korst\" & <Zn>"),
    ("hours_per_week", "11,5"),
    ("pay", "measured"),
    ("wage_value_percent", "62,25"),
    ("contract.kind", "fixed_term"),
    ("contract.until.day", "31"),
    ("contract.until.month", "1"),
    ("contract.until.year", "2027"),
    ("regular_workplace", "no"),
];

/// A trajectory of Ann with an event of every kind but the end, all of it recorded with forms.
async fn lived(desk: &mut Desk, ann: &Who) -> BTreeMap<&'static str, String> {
    let mut ids = BTreeMap::new();
    let mut intake = desk.form(ann, "/trajecten/nieuw").await;
    assert_eq!((intake.data("trajectory"), intake.data("organisation"), intake.one("coach")), (Some(""), Some("org-1"), "ann".to_owned()));
    intake.on("2026-01-05");
    let values = [("label", "Noor"), ("method", "ips"), ("variant", "epa"), ("funding", "uwv"), ("region", "AM36"), ("benefit", "wajong")];
    for (name, value) in
        values.into_iter().chain([("in_care", "no"), ("target_group", "cmd"), ("scheme", ":other"), ("scheme.other", "regeling-1")])
    {
        intake.put(name, value);
    }
    ids.insert("intake", desk.record(ann, &intake).await.remove(0));
    let mut fill = async |name: &'static str, path: &str, on: &str, values: &[(&str, &str)]| {
        let event = desk.fill(ann, &at(path), on, values).await;
        ids.insert(name, event.clone());
        event
    };
    fill("contact", "/vastleggen/contact", "2026-01-06", &[("channel", "video"), ("minutes", "25"), ("note", "Twee\nregels")]).await;
    fill("engagement", "/vastleggen/engagement", "2026-01-07", &[("wish", "explore"), ("goals", "Iets met fietsen")]).await;
    let profile = [("sectors", "Zorg\nHoreca"), ("max_hours_per_week", "24,5"), ("profile", "Rustige plek")];
    fill("assessment", "/vastleggen/assessment", "2026-01-08", &profile).await;
    fill("placement_started", "/vastleggen/placement-started", "2026-01-12", &[("kind", "work_experience")]).await;
    fill("placement_stopped", "/vastleggen/placement-stopped", "2026-02-01", &[("reason", "Klaar")]).await;
    fill("education_started", "/vastleggen/education-started", "2026-01-13", &[("level", "mbo-2")]).await;
    fill("education_stopped", "/vastleggen/education-stopped", "2026-06-30", &[("completed", "yes")]).await;
    fill("paid_work_started", "/vastleggen/paid-work-started", "2026-02-02", &JOB).await;
    let change = [("hours_per_week.unknown", "yes"), ("contract.kind", "unknown"), ("pay", "normal"), ("sector", "Bakkerij")];
    fill("paid_work_changed", "/vastleggen/paid-work-changed", "2026-03-02", &change).await;
    fill("paid_work_stopped", "/vastleggen/paid-work-stopped", "2026-07-01", &[("reason", "Verhuisd")]).await;
    let changed = [
        ("funding", "municipality"),
        ("variant", "unknown"),
        ("in_care", "yes"),
        ("region", "AM01"),
        ("scheme", "landelijke-ips-regeling-gemeenten"),
    ];
    fill("trajectory_changed", "/vastleggen/trajectory-changed", "2026-04-01", &changed).await;
    ids
}

#[tokio::test(flavor = "multi_thread")]
async fn an_event_of_every_kind_is_recorded_with_its_form_and_a_correction_leaves_what_was_not_changed() {
    let mut desk = Desk::new().await;
    let (ann, bea) = (desk.signed.session("ann").await, desk.signed.session("bea").await);
    lived(&mut desk, &ann).await;
    // The likely region is that of the coach's trajectories.
    assert_eq!(desk.form(&ann, "/trajecten/nieuw").await.one("region"), "AM01");

    let mut transfer = desk.form(&ann, &at("/overdragen")).await;
    assert_eq!((transfer.offered("coach"), transfer.data("next")), (vec![String::new(), "bea".to_owned()], Some("/")), "not to oneself");
    transfer.put("coach", "bea");
    let moved = desk.record(&ann, &transfer).await.remove(0);
    assert_eq!(desk.signed.get(&ann, &at("/vastleggen/contact")).await.status, 404, "it is a colleague's now");
    desk.fill(&bea, &at("/vastleggen/outflow"), "2026-07-01", &[("reason", "goal-reached"), ("work_ready", "no")]).await;
    assert_eq!(desk.leads(&bea, &at("/vastleggen/outflow")).await, at(""), "it has ended");

    let history = desk.history(&bea).await;
    let kinds: std::collections::BTreeSet<&str> = history.iter().map(|event| event["type"].as_str().unwrap()).collect();
    assert_eq!(kinds.len(), 13, "all but a retraction: {kinds:?}");
    for (done, event) in history.iter().enumerate() {
        let of = event["event_id"].as_str().unwrap();
        let sheet = desk.form(&bea, &at(&format!("/aanpassen/{of}"))).await;
        let again = sheet.events(0).remove(0);
        for key in ["type", "trajectory_id", "organisation", "occurred_on", "data"] {
            assert_eq!(again[key], event[key], "{key} of {event}");
        }
        let revision = (history.len() + done).to_string();
        assert_eq!((sheet.data("corrects"), sheet.data("revision")), (Some(of), Some(&*revision)), "{event}");
        let next = if of == moved { Some("/") } else { None };
        assert_eq!(sheet.data("next"), next, "a change of the coach alone is a transfer: {event}");
        desk.record(&bea, &sheet).await;
        // The older version is done with: who would correct it, from another tab perhaps, is shown what stands there now.
        assert_eq!(desk.leads(&bea, &at(&format!("/intrekken/{of}"))).await, at(""));
        let now = desk.form(&bea, &at(&format!("/aanpassen/{of}"))).await;
        assert_ne!(now.data("corrects"), Some(of), "{event}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn of_several_jobs_those_that_run_are_offered_and_one_that_is_named_is_meant() {
    let mut desk = Desk::new().await;
    let ann = desk.signed.session("ann").await;
    assert_eq!(desk.signed.record(&ann, &case(1, "org-1", "ann")).await.status, 201);
    for kind in ["paid-work-stopped", "paid-work-changed", "placement-stopped", "education-stopped"] {
        let nothing = String::from_utf8(desk.signed.get(&ann, &at(&format!("/vastleggen/{kind}"))).await.body.to_vec()).unwrap();
        assert!(
            nothing.contains("class=\"form log\" hidden ") && nothing.contains("Leg dan eerst vast dat het gestart is"),
            "{kind}: {nothing}"
        );
    }

    let first = desk.form(&ann, &at("/vastleggen/paid-work-started")).await;
    assert!(first.offered("ends_job_id").is_empty());
    let (one, two, three) = (id(0xf000_0000, 1), id(0xf000_0000, 2), id(0xf000_0000, 3));
    for (n, job, on, hours) in [(11, &one, "2026-02-02", 8), (12, &two, "2026-03-02", 16)] {
        let data = json!({"job_id": job, "hours_per_week": hours, "employer": format!("Bedrijf {hours}")});
        assert_eq!(desk.signed.record(&ann, &line(1, n, "paid_work_started", on, data)).await.status, 201);
    }
    for kind in ["paid-work-changed", "paid-work-stopped"] {
        let both = desk.form(&ann, &at(&format!("/vastleggen/{kind}"))).await;
        assert_eq!(
            (both.offered("job_id"), both.all("job_id")),
            (vec![two.clone(), one.clone()], vec![]),
            "the latest first, none is meant"
        );
        let named = desk.form(&ann, &at(&format!("/vastleggen/{kind}/{one}"))).await;
        assert_eq!(named.one("job_id"), one);
        assert!(named.html.contains("Bedrijf 8, sinds 2 februari 2026"));
    }
    let how = desk.form(&ann, &at(&format!("/vastleggen/paid-work-changed/{one}"))).await;
    assert!(how.html.contains("Tot nu: 8 uur per week"), "how it has been until now");

    // A third takes the place of the first: one decision.
    let mut third = desk.form(&ann, &at("/vastleggen/paid-work-started")).await;
    assert_eq!(third.offered("ends_job_id"), [two.clone(), one.clone()]);
    third.on("2026-07-01");
    third.put("employer", "Bedrijf 24");
    third.put("ends_job_id", &one);
    assert_eq!(desk.record(&ann, &third).await.len(), 2);
    let stop = desk.form(&ann, &at(&format!("/vastleggen/paid-work-stopped/{one}"))).await;
    assert!(!stop.offered("job_id").contains(&one) && stop.offered("job_id").len() == 2, "it was stopped already: one of the others");
    let change = desk.form(&ann, &at(&format!("/vastleggen/paid-work-changed/{one}"))).await;
    assert_eq!(change.one("job_id"), one, "what changed while it ran can still be recorded");
    assert_eq!(desk.form(&ann, &at("/vastleggen/paid-work-changed")).await.offered("job_id").len(), 2, "else those that run");
    let end = desk.form(&ann, &at("/vastleggen/outflow")).await;
    assert!(end.html.contains("Bedrijf 24, Bedrijf 16 staat nog open"), "{}", end.html);

    for path in [
        format!("/vastleggen/paid-work-stopped/{three}"),
        format!("/vastleggen/placement-stopped/{one}"),
        format!("/vastleggen/contact/{one}"),
        format!("/vastleggen/outflow/{one}"),
        format!("/vastleggen/intake/{one}"),
        "/vastleggen/transfer".to_owned(),
        "/vastleggen/overdragen".to_owned(),
        "/vastleggen/client-erased".to_owned(),
        "/vastleggen/paid_work_started".to_owned(),
        format!("/aanpassen/{three}"),
        format!("/intrekken/{three}"),
    ] {
        let answer = desk.signed.get(&ann, &at(&path)).await;
        assert_eq!(answer.status, 404, "{path}");
    }
    for path in ["/vastleggen/paid-work-stopped/x", "/aanpassen/x", "/intrekken/x"] {
        assert_eq!(desk.signed.get(&ann, &at(path)).await.status, 400, "{path}");
    }
    assert_eq!(desk.leads(&ann, &at("/vastleggen/intake")).await, at(""), "there is one");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_hangs_on_an_event_is_retracted_with_it_and_what_stands_in_the_way_of_a_correction_too() {
    let mut desk = Desk::new().await;
    let (ann, mia) = (desk.signed.session("ann").await, desk.signed.session("mia").await);
    let ids = lived(&mut desk, &ann).await;
    let of = |name: &str| ids[name].clone();

    // A start stands in the way with its change and stop.
    let correction = desk.form(&ann, &at(&format!("/aanpassen/{}", of("paid_work_started")))).await;
    assert_eq!(correction.offered("also_retract"), [of("paid_work_changed"), of("paid_work_stopped")]);
    assert!(correction.all("also_retract").is_empty() && correction.offered("ends_job_id").is_empty());
    let correction = desk.form(&ann, &at(&format!("/aanpassen/{}", of("paid_work_stopped")))).await;
    assert_eq!(correction.offered("also_retract"), [of("paid_work_changed")]);
    for (name, more) in [("contact", 0), ("placement_stopped", 0), ("placement_started", 1), ("intake", 1)] {
        let correction = desk.form(&ann, &at(&format!("/aanpassen/{}", of(name)))).await;
        assert_eq!(correction.offered("also_retract").len(), more, "{name}");
    }

    // The trajectory ended before the job did, and the job changed later than it stood there.
    let end = desk.fill(&ann, &at("/vastleggen/outflow"), "2026-07-01", &[]).await;
    let mut earlier = desk.form(&ann, &at(&format!("/aanpassen/{end}"))).await;
    let latest = [of("paid_work_stopped"), of("education_stopped"), of("trajectory_changed"), of("paid_work_changed")];
    assert_eq!(earlier.offered("also_retract")[..4], latest, "what came last before the end");
    assert!(!earlier.offered("also_retract").contains(&of("intake")));
    earlier.on("2026-06-30");
    earlier.put("also_retract", &of("paid_work_stopped"));
    earlier.put("also_retract.reason", "Ging door");
    let end = desk.record(&ann, &earlier).await.remove(0);
    let mut sheet = desk.form(&ann, &at(&format!("/intrekken/{end}"))).await;
    assert_eq!(sheet.all("event_id"), [end]);
    sheet.put("reason", "Toch niet");
    desk.record(&ann, &sheet).await;
    let stopped = desk.fill(&ann, &at("/vastleggen/paid-work-stopped"), "2026-06-29", &[]).await;
    let mut later = desk.form(&ann, &at(&format!("/aanpassen/{}", of("paid_work_started")))).await;
    assert_eq!(later.offered("also_retract"), [of("paid_work_changed"), stopped.clone()]);
    later.on("2026-03-03");
    later.put("also_retract", &of("paid_work_changed"));
    later.put("also_retract.reason", "Van begin af zo");
    let started = desk.record(&ann, &later).await.remove(0);

    let mut wrong = desk.form(&ann, &at(&format!("/intrekken/{started}"))).await;
    assert_eq!(wrong.all("event_id"), [started, stopped.clone()]);
    wrong.put("reason", "Verkeerde cliënt");
    assert_eq!(desk.record(&ann, &wrong).await.len(), 2);
    assert_eq!(desk.leads(&ann, &at(&format!("/intrekken/{stopped}"))).await, at(""));

    let one = desk.form(&ann, &at(&format!("/intrekken/{}", of("contact")))).await;
    assert_eq!((one.all("event_id"), one.data("next")), (vec![of("contact")], None));
    let any = desk.form(&ann, &at("/vastleggen/retraction")).await;
    assert!(any.all("event_id").is_empty() && any.offered("event_id").len() == 8, "whatever counts but the intake, none is meant");
    assert!(any.html.contains(&format!("/intrekken/{}\">Hele traject intrekken", of("intake"))));

    // The intake, and with it all of it.
    let mut all = desk.form(&ann, &at(&format!("/intrekken/{}", of("intake")))).await;
    assert_eq!((all.all("event_id").len(), all.data("next")), (9, Some("/")));
    assert!(all.html.contains("Deze 9 gebeurtenissen vervallen"));
    all.put("reason", "Dubbel vastgelegd");
    desk.record(&ann, &all).await;
    // Nobody but who retracted it is told that it was there.
    let (bea, otto) = (desk.signed.session("bea").await, desk.signed.session("otto").await);
    for path in ["", "/vastleggen/contact"] {
        let own = desk.signed.get(&ann, &at(path)).await;
        own.is_problem(404, "trajectory_retracted");
        desk.signed.get(&bea, &at(path)).await.is_problem(404, "not_found");
    }
    let page = |who: &Who| desk.signed.send(who.on(desk.signed.request(Method::GET, &at(""))).header("accept", "text/html"), "");
    let told = page(&ann).await;
    let told = (told.status, String::from_utf8(told.body.to_vec()).unwrap());
    assert!(told.0 == 404 && told.1.contains("Dit traject is helemaal ingetrokken") && told.1.contains("href=\"/\""), "{told:?}");
    assert!(!told.1.contains("Noor") && !told.1.contains("staat op naam van een collega"), "{told:?}");
    let nothing = String::from_utf8(page(&bea).await.body.to_vec()).unwrap();
    assert!(nothing.contains("Deze pagina is er niet") && !nothing.contains("ingetrokken"), "{nothing}");
    assert_eq!((page(&mia).await.status, page(&otto).await.status), (200, 200), "they see it as ever");
    // Its manager begins it again, for the same client.
    assert_eq!(desk.leads(&mia, &at("/vastleggen/contact")).await, at("/vastleggen/intake"));
    let mut again = desk.form(&mia, &at("/vastleggen/intake")).await;
    assert_eq!((again.offered("client_id").len(), again.one("coach"), again.one("label")), (1, "ann".to_owned(), "Noor".to_owned()));
    again.put("coach", "bea");
    desk.record(&mia, &again).await;
    desk.signed.get(&ann, &at("")).await.is_problem(404, "not_found");
    assert_eq!(desk.form(&bea, &at("/vastleggen/contact")).await.data("client"), Some("Noor"));
}

#[tokio::test(flavor = "multi_thread")]
async fn work_whose_contract_has_ended_stops_on_its_last_day_and_after_the_end_no_day_is_likely() {
    let desk = Desk::new().await;
    let ann = desk.signed.session("ann").await;
    assert_eq!(desk.signed.record(&ann, &case(1, "org-1", "ann")).await.status, 201);
    let (one, two) = (id(0xf000_0000, 1), id(0xf000_0000, 2));
    let job = |n, job: &str, contract: Value| line(1, n, "paid_work_started", "2026-01-20", json!({"job_id": job, "contract": contract}));
    let until = |day: &str| json!({"kind": "fixed_term", "until": day});
    assert_eq!(desk.signed.record(&ann, &job(11, &one, until("2026-05-31"))).await.status, 201);
    let sheet = desk.form(&ann, &at("/vastleggen/paid-work-stopped")).await;
    assert_eq!((sheet.day("occurred_on").to_string(), sheet.one("job_id")), ("2026-05-31".to_owned(), one.clone()));
    assert!(!sheet.html.contains("data-default"), "the script leaves it: {}", sheet.html);
    // Of which work is not clear, so neither is the day.
    assert_eq!(desk.signed.record(&ann, &job(12, &two, until("2026-08-31"))).await.status, 201);
    let both = desk.form(&ann, &at("/vastleggen/paid-work-stopped")).await;
    assert!(both.one("occurred_on.day").is_empty() && !both.html.contains("data-default"), "{}", both.html);
    let other = desk.form(&ann, &at(&format!("/vastleggen/paid-work-stopped/{two}"))).await;
    assert_eq!(other.day("occurred_on").to_string(), "2026-07-01", "its contract goes on");

    assert_eq!(desk.signed.record(&ann, &line(1, 13, "outflow", "2026-06-15", json!({}))).await.status, 201);
    let sheet = desk.form(&ann, &at(&format!("/vastleggen/paid-work-stopped/{one}"))).await;
    assert_eq!(sheet.day("occurred_on").to_string(), "2026-05-31", "before the end as well");
    for form in [format!("/vastleggen/paid-work-stopped/{two}"), "/vastleggen/contact".to_owned()] {
        let sheet = desk.form(&ann, &at(&form)).await;
        assert_eq!((sheet.one("occurred_on.day"), sheet.data("ended")), (String::new(), Some("2026-06-15")), "{form}");
        assert!(sheet.html.contains("Het traject eindigde op 15 juni 2026"), "{}", sheet.html);
    }
    let after = contact(1, 14, "2026-06-16", "te laat");
    desk.signed.record(&ann, &after).await.is_problem(422, "after_outflow");
}

#[tokio::test(flavor = "multi_thread")]
async fn where_the_intake_alone_is_left_its_retraction_is_the_only_one() {
    let desk = Desk::new().await;
    let ann = desk.signed.session("ann").await;
    let intake = case(1, "org-1", "ann");
    assert_eq!(desk.signed.record(&ann, &intake).await.status, 201);
    let whole = at(&format!("/intrekken/{}", intake["event_id"].as_str().unwrap()));
    assert_eq!(desk.leads(&ann, &at("/vastleggen/retraction")).await, whole);
    assert_eq!(desk.form(&ann, &whole).await.all("event_id").len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_name_longer_than_the_form_takes_is_recorded_and_its_repetition_is_known() {
    let desk = Desk::new().await;
    let (ann, token) = (desk.signed.session("ann").await, desk.signed.token("ann").await);
    let mut intake = case(1, "org-1", "ann");
    intake["data"]["label"] = "é".repeat(300).into();
    assert_eq!(desk.signed.record(&token, &intake).await.status, 201);
    assert_eq!(desk.signed.record(&ann, &intake).await.status, 200, "an older page sends again what is there already");
    let outbox = desk.signed.ask(&ann, Method::POST, "/api/v1/events", &json!([intake])).await.json();
    assert_eq!(outbox[0]["status"], json!(200), "{outbox}");
    intake["data"]["label"] = "é".repeat(4001).into();
    intake["event_id"] = id(0xf000_0000, 7).into();
    desk.signed.record(&ann, &intake).await.is_problem(422, "invalid_value");
}

#[tokio::test(flavor = "multi_thread")]
async fn words_of_another_program_stay_when_something_else_is_corrected() {
    let mut desk = Desk::new().await;
    let mia = desk.signed.session("mia").await;
    let mut intake = case(1, "org-1", "gone");
    intake["data"]["method"] = "wabz".into();
    intake["data"]["label"] = "n".repeat(300).into();
    let education = id(0xf000_0000, 1);
    let lines = [
        intake,
        line(1, 2, "education_started", "2026-01-06", json!({"education_id": education, "level": "mbo-9"})),
        line(1, 3, "trajectory_changed", "2026-01-07", json!({"label": null, "scheme": null, "coach": "gone-too"})),
        line(1, 4, "trajectory_changed", "2026-01-08", json!({"variant": null, "coach": null})),
        line(1, 5, "trajectory_changed", "2026-01-09", json!({"coach": "elsewhere"})),
        line(1, 6, "outflow", "2026-06-30", json!({"reason": "reden-7"})),
    ];
    for line in &lines {
        assert_eq!(desk.signed.record(&mia, line).await.status, 201, "{line}");
    }
    // Without IPS there are no variants, but for the one that was told.
    let change = desk.form(&mia, &at("/vastleggen/trajectory-changed")).await;
    assert!(change.offered("variant").is_empty());
    for line in &lines {
        let sheet = desk.form(&mia, &at(&format!("/aanpassen/{}", line["event_id"].as_str().unwrap()))).await;
        let again = sheet.events(0).remove(0);
        assert_eq!((&again["data"], &again["occurred_on"]), (&line["data"], &line["occurred_on"]), "{line}");
        desk.record(&mia, &sheet).await;
    }
    let history = desk.history(&mia).await;
    let retraction = line(1, 20, "retraction", "2026-07-01", json!({"event_id": history[6]["event_id"], "reason": "x"}));
    let retracts = desk.signed.record(&mia, &retraction).await;
    retracts.is_problem(422, "retraction_breaks_timeline");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_retracted_by_mistake_is_recorded_once_more_as_it_stood() {
    let mut desk = Desk::new().await;
    let (ann, otto) = (desk.signed.session("ann").await, desk.signed.session("otto").await);
    let ids = lived(&mut desk, &ann).await;
    let before: Vec<Value> = desk.history(&ann).await;
    let of = |name: &str| ids[name].clone();
    let again = |event: &str| at(&format!("/opnieuw/{event}"));
    assert_eq!(desk.leads(&ann, &again(&of("contact"))).await, at(""), "it counts");

    // The work that started, and with it its change and its stop.
    let mut wrong = desk.form(&ann, &at(&format!("/intrekken/{}", of("paid_work_started")))).await;
    wrong.put("reason", "Verkeerde cliënt");
    let retractions = desk.record(&ann, &wrong).await;
    assert_eq!(retractions.len(), 3);
    // A change and a stop are of what began: they are put back after it, and never become those of another job.
    assert_eq!(desk.offered_again(&ann).await, 1);
    let other = json!({"job_id": id(0xf000_0000, 77), "employer": "Een ander"});
    assert_eq!(desk.signed.record(&ann, &line(1, 77, "paid_work_started", "2026-02-03", other)).await.status, 201);
    for name in ["paid_work_changed", "paid_work_stopped"] {
        assert_eq!(desk.leads(&ann, &again(&of(name))).await, at(""), "{name}");
    }
    assert_eq!(desk.offered_again(&otto).await, 0, "who records nothing is not offered it");
    assert_eq!(desk.signed.get(&ann, &again(&retractions[0])).await.status, 404, "a retraction itself stays");

    for name in ["paid_work_started", "paid_work_changed", "paid_work_stopped"] {
        let sheet = desk.form(&ann, &again(&of(name))).await;
        assert!(sheet.html.contains("Dit was ingetrokken.") && sheet.data("corrects").is_none(), "{name}: {}", sheet.html);
        let event = before.iter().find(|event| event["event_id"] == of(name)).unwrap();
        let restored = sheet.events(0).remove(0);
        for key in ["type", "trajectory_id", "organisation", "occurred_on", "data"] {
            assert_eq!(restored[key], event[key], "{key} of {event} {}", sheet.html);
        }
        desk.record(&ann, &sheet).await;
        assert_eq!(desk.leads(&ann, &again(&of(name))).await, at(""), "{name}: it stands there again");
    }
    assert_eq!(desk.offered_again(&ann).await, 0, "each of them stands there again");

    // Of the whole trajectory its manager begins with the intake.
    let mia = desk.signed.session("mia").await;
    let mut all = desk.form(&mia, &at(&format!("/intrekken/{}", of("intake")))).await;
    all.put("reason", "Dubbel vastgelegd");
    desk.record(&mia, &all).await;
    assert_eq!(desk.offered_again(&mia).await, 1, "nothing else is taken before it");
    assert_eq!(desk.leads(&mia, &again(&of("contact"))).await, at(""));
    let intake = desk.form(&mia, &again(&of("intake"))).await;
    desk.record(&mia, &intake).await;
    assert_eq!(desk.leads(&mia, &again(&of("intake"))).await, at(""), "there is one");
    assert!(desk.offered_again(&mia).await > 3);
}

#[tokio::test(flavor = "multi_thread")]
async fn blank_forms_are_those_that_a_caseload_keeps_on_the_device_and_fit_any_trajectory() {
    let mut desk = Desk::new().await;
    let ann = desk.signed.session("ann").await;
    assert_eq!(desk.signed.record(&ann, &case(1, "org-1", "ann")).await.status, 201);
    let caseload = String::from_utf8(desk.signed.get(&ann, "/").await.body.to_vec()).unwrap();
    let kept: Vec<&str> =
        caseload.match_indices("href=\"/vastleggen/").map(|(at, _)| caseload[at + 6..].split('"').next().unwrap()).collect();
    assert_eq!(kept.len(), 6, "{kept:?}");
    let mut taken = vec![];
    for path in &kept {
        let mut sheet = desk.form(&ann, path).await;
        assert_eq!((sheet.data("trajectory"), sheet.data("organisation"), sheet.data("client")), (Some(""), Some("org-1"), None), "{path}");
        assert!(sheet.data("expect-revision").is_none());
        assert_eq!(sheet.day("occurred_on").to_string(), "2026-07-01");
        for (name, value) in [("channel", "phone"), ("wish", "explore"), ("kind", "day_activity")] {
            if !sheet.offered(name).is_empty() {
                sheet.put(name, value);
            }
        }
        desk.record(&ann, &sheet).await;
        taken.push(sheet.data("event-type").unwrap().to_owned());
    }
    for kind in pages::Kind::ALL {
        let path = format!("/vastleggen/{}", kind.slug());
        let wanted = if kept.contains(&&*path) { 200 } else { 404 };
        assert_eq!(desk.signed.get(&ann, &path).await.status, wanted, "{path}");
    }
    assert_eq!(desk.signed.get(&ann, "/vastleggen/x").await.status, 404);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_manager_says_whose_a_new_trajectory_is_and_a_coach_begins_their_own() {
    let mut desk = Desk::new().await;
    let (ann, mia) = (desk.signed.session("ann").await, desk.signed.session("mia").await);
    let own = desk.form(&ann, "/trajecten/nieuw").await;
    assert_eq!((own.offered("coach"), own.one("region")), (vec!["ann".to_owned()], String::new()), "no region is likely yet");
    assert_eq!(own.offered("region").len(), 36, "every region, and that one is to be chosen");
    let mut sheet = desk.form(&mia, "/trajecten/nieuw").await;
    assert_eq!(sheet.offered("coach"), ["", "ann", "bea"]);
    for (name, value) in [("label", "Sam"), ("method", "werkfit"), ("funding", "other"), ("region", "AM24"), ("coach", "ann")] {
        sheet.put(name, value);
    }
    desk.record(&mia, &sheet).await;
    assert_eq!(desk.form(&ann, &at("/vastleggen/contact")).await.data("client"), Some("Sam"));
    assert_eq!(desk.form(&ann, "/trajecten/nieuw").await.one("region"), "AM24");
    assert_eq!(desk.form(&mia, "/trajecten/nieuw").await.one("region"), "AM24");
    // Where the view does not answer, the form is there all the same.
    *desk.signed.world.views.gone.lock().unwrap() = true;
    assert_eq!(desk.form(&ann, "/trajecten/nieuw").await.one("region"), "");
}

#[tokio::test(flavor = "multi_thread")]
async fn forms_of_what_is_not_ones_own_are_not_there() {
    let desk = Desk::new().await;
    let mia = desk.signed.session("mia").await;
    assert_eq!(desk.signed.record(&mia, &case(1, "org-1", "ann")).await.status, 201);
    let entry = contact(1, 2, "2026-01-06", "een");
    assert_eq!(desk.signed.record(&mia, &entry).await.status, 201);
    let event = entry["event_id"].as_str().unwrap();
    let forms = ["/vastleggen/contact", "/vastleggen/outflow", "/vastleggen/retraction", "/overdragen"].map(str::to_owned);
    let forms = forms.into_iter().chain(["aanpassen", "intrekken", "opnieuw"].map(|way| format!("/{way}/{event}")));
    for form in forms {
        for (login, wanted) in
            [("ann", 200), ("mia", 200), ("bea", 404), ("ann-2", 404), ("max", 404), ("lena", 403), ("otto", 403), ("root", 403)]
        {
            let who = desk.signed.session(login).await;
            let answer = desk.signed.get(&who, &at(&form)).await;
            // What counts is not put back: who may record it is led to the trajectory.
            let led = wanted == 200 && form.starts_with("/opnieuw/");
            assert_eq!(answer.status, if led { 303 } else { wanted }, "{login} {form}");
            if wanted == 404 {
                let not_there = desk.signed.get(&who, &format!("/trajecten/{}{form}", trajectory(9))).await;
                assert_eq!((not_there.status, &not_there.body.len()), (404, &answer.body.len()), "{login} {form}: told alike");
            }
        }
    }
    // Who stands in for a colleague records for them.
    let cover = accounts::NewCover {
        organisation: "org-1".parse().unwrap(),
        absent: "ann".parse().unwrap(),
        by: "bea".parse().unwrap(),
        from: "2026-06-30".parse().unwrap(),
        until: "2026-07-02".parse().unwrap(),
    };
    desk.signed.accounts.create_cover(desk.signed.account("mia").id, cover).await.unwrap();
    let bea = desk.signed.session("bea").await;
    assert_eq!(desk.form(&bea, &at("/vastleggen/contact")).await.data("client"), Some("Mevrouw De Wit"));
    assert_eq!(desk.form(&bea, &at("/overdragen")).await.offered("coach"), ["", "bea"], "whose it is today is not among them");
}

#[tokio::test(flavor = "multi_thread")]
async fn who_corrects_what_somebody_else_corrected_meanwhile_is_shown_what_it_is_now() {
    let mut desk = Desk::new().await;
    let ann = desk.signed.session("ann").await;
    let first = lived(&mut desk, &ann).await.remove("contact").unwrap();
    let address = at(&format!("/aanpassen/{first}"));
    let mut one = desk.form(&ann, &address).await;
    one.put("note", "Van de ene tab");
    let second = desk.record(&ann, &one).await.remove(0);
    let now = desk.form(&ann, &address).await;
    assert_eq!((now.data("corrects"), now.one("note")), (Some(&*second), "Van de ene tab".to_owned()));
    let mut other = now;
    other.put("note", "Van de andere tab");
    let third = desk.record(&ann, &other).await.remove(0);
    assert_eq!(desk.form(&ann, &address).await.data("corrects"), Some(&*third), "over as many corrections as there are");
    let retraction = line(1, 900, "retraction", "2026-07-01", json!({"event_id": third, "reason": "Nooit gebeurd"}));
    assert_eq!(desk.signed.record(&ann, &retraction).await.status, 201);
    assert_eq!(desk.leads(&ann, &address).await, at(""), "what did not happen is not corrected");
}
