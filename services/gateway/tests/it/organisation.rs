//! A manager's page: numbers, questions and covers of their own organisation, and of nobody else's.

use std::time::Instant;

use axum::http::Method;
use gateway::Limits;
use serde_json::{Value, json};

use crate::{
    signed::{Signed, Who, case},
    world::{Answer, id, line, trajectory},
};

fn page(answer: &Answer) -> String {
    let text = String::from_utf8(answer.body.to_vec()).unwrap();
    assert_eq!(answer.header("content-type"), "text/html; charset=utf-8", "{text}");
    text
}

/// What stands on a page without its tags, in one line.
fn words(page: &str) -> String {
    let mut words = String::new();
    for part in page.split('<').skip(1) {
        let (_, text) = part.split_once('>').unwrap();
        words.push_str(text);
        words.push(' ');
    }
    words.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A job of a trajectory, of which this is known.
fn job(of: u32, n: u32, employer: &str, known: &Value) -> Value {
    let mut data = known.clone();
    (data["job_id"], data["employer"]) = (id(0xa000_0000 + n, of).into(), employer.into());
    line(of, 10 + n, "paid_work_started", "2026-02-02", data)
}

fn known() -> Value {
    json!({"regular_workplace": true, "hours_per_week": 20, "wage_value_percent": 100, "contract": {"kind": "permanent"}})
}

/// Ann has trajectories 1 and 2, Bea 3, somebody without an account 4, nobody 5; 6 and 7 are of organisation 2.
async fn recorded() -> (Signed, Who, Who) {
    let signed = Signed::new().await;
    let (mia, max) = (signed.session("mia").await, signed.session("max").await);
    let named = |n: u32, organisation: &str, coach: &str, label: &str| {
        let mut event = case(n, organisation, coach);
        event["data"]["label"] = label.into();
        event["data"]["variant"] = "epa".into();
        event
    };
    let mut lacks_pay = known();
    lacks_pay.as_object_mut().unwrap().remove("wage_value_percent");
    let mut ran_out = known();
    ran_out["contract"] = json!({"kind": "fixed_term", "until": "2026-06-30"});
    let mut nobodys = named(5, "org-1", "x", "Emiel");
    nobodys["data"].as_object_mut().unwrap().remove("coach");
    nobodys["data"].as_object_mut().unwrap().remove("variant");
    for event in [
        named(1, "org-1", "ann", "Anouk"),
        named(2, "org-1", "ann", "Bram"),
        named(3, "org-1", "bea", "<b>Carla</b>"),
        named(4, "org-1", "carl", "Daan"),
        nobodys,
        job(1, 1, "Bakkerij Zoet", &lacks_pay),
        job(2, 1, "Café Één", &known()),
        job(2, 2, "CAFE EEN", &known()),
        job(3, 1, "Garage Vlot", &ran_out),
    ] {
        assert_eq!(signed.record(&mia, &event).await.status, 201, "{event}");
    }
    let elsewhere = |mut event: Value| {
        event["organisation"] = "org-2".into();
        event
    };
    for event in [
        named(6, "org-2", "ann", "Geheim"),
        named(7, "org-2", "otter", "Verborgen"),
        elsewhere(job(6, 1, "Firma Ginds", &lacks_pay)),
        elsewhere(job(7, 1, "Firma Ginds", &ran_out)),
    ] {
        assert_eq!(signed.record(&max, &event).await.status, 201, "{event}");
    }
    (signed, mia, max)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_manager_sees_who_has_how_much_and_what_is_to_be_answered() {
    let (signed, mia, _) = recorded().await;
    let html = page(&signed.get(&mia, "/organisatie").await);
    let text = words(&html);
    assert!(text.contains("Org 1 5 lopende trajecten bij 3 coaches"), "{text}");
    // Recorded on the first of July: intakes of 5 January are 177 days late, jobs of 2 February 149. The median of 177, 149, 177, 149, 149
    // is 149; of Bea's two the half is taken.
    assert!(
        text.contains(
            "Coach Lopend Let op Dagen tot vast\u{ad}leggen Name of ann 2 2 149 Name of bea 1 1 163 carl 1 1 177 Geen coach 1 1 177"
        ),
        "{text}"
    );
    assert!(text.contains("Samen 5 5 177"), "{text}");
    assert!(
        html.contains(r#"href="/?coach=ann""#) && html.contains(r#"href="/?coach=carl""#) && !html.contains(r#"href="/?coach=""#),
        "{html}"
    );
    assert!(
        text.contains("0% binnen 3 dagen vastgelegd 0 van 9 gebeurtenissen 75% van het lopende werk is volledig ingevuld 3 van 4 banen"),
        "{text}"
    );
    assert!(text.contains("9 vastleggingen kwamen na het einde van het kwartaal 9 van 9 gebeurtenissen"), "{text}");
    assert!(
        text.contains("Contract afgelopen, werk niet gestopt 1 &#60;b&#62;Carla&#60;/b&#62; Garage Vlot, liep af op 30 juni Name of bea"),
        "{text}"
    );
    assert!(text.contains("Open vragen over gegevens 3 Loon niet bekend"), "{text}");
    assert!(
        text.contains("1 baan Twee keer hetzelfde werk Zelfde werkgever, zelfde dagen 1 traject Variant van IPS niet bekend"),
        "{text}"
    );
    for foreign in ["Geheim", "Verborgen", "Ginds", "otter", "ann-2"] {
        assert!(!html.contains(foreign), "{foreign}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_has_trajectories_can_be_chosen_with_an_account_or_without() {
    let (signed, mia, max) = recorded().await;
    let choices = async |who: &Who, path: &str| -> Vec<String> {
        let html = page(&signed.get(who, path).await);
        let select = html.split_once("name=\"coach\">").expect("a choice").1.split_once("</select>").expect("its end").0.to_owned();
        select.split("<option value=\"").skip(1).map(|one| one.split('"').next().unwrap_or_default().to_owned()).collect()
    };
    for path in ["/", "/?coach=carl"] {
        assert_eq!(choices(&mia, path).await, ["", "ann", "bea", "carl"], "{path}");
    }
    assert_eq!(choices(&mia, "/?coach=ann").await, ["", "ann", "bea"], "the list of one coach reads no other's trajectories");
    assert_eq!(choices(&max, "/").await, ["", "ann", "otter"]);
    let html = page(&signed.get(&mia, "/?coach=carl").await);
    assert!(html.contains("<option value=\"carl\" selected>carl (geen account hier)</option>") && html.contains("Daan"), "{html}");
    assert!(!html.contains("Anouk"), "{html}");
}

#[tokio::test(flavor = "multi_thread")]
async fn of_who_recorded_nothing_no_number_is_made() {
    let (signed, mia, _) = recorded().await;
    let zoe = crate::signed::profile("zoe", accounts::Role::Coach, Some("org-1"), Some("zoe"));
    signed.accounts.create(accounts::By::Machine, zoe, accounts::FirstPassword::OneTime).await.unwrap();
    let text = words(&page(&signed.get(&mia, "/organisatie").await));
    assert!(text.contains("Name of zoe 0 0 niets vastgelegd"), "{text}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_manager_of_another_organisation_sees_theirs_and_nothing_of_this_one() {
    let (signed, _, max) = recorded().await;
    let mut all = page(&signed.get(&max, "/organisatie").await);
    assert!(words(&all).contains("Org 2 2 lopende trajecten bij 2 coaches"), "{}", words(&all));
    for slug in ["loon", "uren", "werkplek", "contract", "dubbel", "variant"] {
        all += &page(&signed.get(&max, &format!("/organisatie/vragen/{slug}")).await);
    }
    assert!(all.contains("Geheim") && all.contains("Verborgen") && all.contains("Firma Ginds"), "{all}");
    for foreign in ["Anouk", "Bram", "Carla", "Daan", "Emiel", "Zoet", "Vlot", "carl", "Name of bea"] {
        assert!(!all.contains(foreign), "{foreign}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn each_question_names_its_trajectories() {
    let (signed, mia, _) = recorded().await;
    let asked = async |slug: &str| words(&page(&signed.get(&mia, &format!("/organisatie/vragen/{slug}")).await));
    let pay = asked("loon").await;
    assert!(pay.contains("Anouk Bakkerij Zoet, sinds 2 februari 2026 Name of ann") && !pay.contains("Bram"), "{pay}");
    let twice = asked("dubbel").await;
    assert!(twice.contains("Bram") && twice.contains("sinds 2 februari 2026 Name of ann") && !twice.contains("Anouk"), "{twice}");
    let variant = asked("variant").await;
    assert!(variant.contains("Emiel Geen coach") && !variant.contains("Anouk"), "{variant}");
    for none in ["uren", "werkplek", "contract"] {
        assert!(asked(none).await.contains("Deze vraag staat nergens meer open"), "{none}");
    }
    let html = page(&signed.get(&mia, "/organisatie/vragen/loon").await);
    assert!(html.contains(&format!("/trajecten/{}", trajectory(1))), "{html}");
    for slug in ["x", "Loon", "loon%20", "%2e%2e"] {
        assert_eq!(signed.get(&mia, &format!("/organisatie/vragen/{slug}")).await.status, 404, "{slug}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_no_manager_is_shown_a_page_that_says_so() {
    let (signed, ..) = recorded().await;
    for login in ["ann", "lena", "otto", "root"] {
        let who = signed.session(login).await;
        for path in ["/organisatie", "/organisatie/vragen/loon", "/organisatie/vragen/x"] {
            let answer = signed.send(who.on(signed.request(Method::GET, path)).header("accept", "text/html"), "").await;
            assert_eq!(answer.status, 403, "{login} {path}");
            assert!(!page(&answer).contains("Anouk"));
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn without_trajectories_the_page_says_so_and_with_ended_ones_it_has_coaches() {
    let signed = Signed::new().await;
    let mia = signed.session("mia").await;
    let asked = async || words(&page(&signed.get(&mia, "/organisatie").await));
    assert!(asked().await.contains("Er zijn nog geen trajecten"));
    assert_eq!(signed.record(&mia, &case(1, "org-1", "ann")).await.status, 201);
    assert_eq!(signed.record(&mia, &line(1, 2, "outflow", "2026-06-01", json!({}))).await.status, 201);
    let ended = asked().await;
    assert!(ended.contains("0 lopende trajecten bij 2 coaches") && ended.contains("Name of ann 0 0 niets vastgelegd"), "{ended}");
}

async fn post(signed: &Signed, who: &Who, fields: &[(&str, &str)]) -> Answer {
    signed.form(who.on(signed.request(Method::POST, "/organisatie/waarneming")), fields).await
}

fn cover<'a>(absent: &'a str, by: &'a str, day: &'a str, month: &'a str, year: &'a str) -> [(&'a str, &'a str); 5] {
    [("absent", absent), ("cover", by), ("until.day", day), ("until.month", month), ("until.year", year)]
}

/// How many covers of an organisation there are, those that were ended too.
fn covers(signed: &Signed, organisation: &str) -> usize {
    signed.accounts.covers_of(&organisation.parse().unwrap()).len()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cover_is_made_and_ended_on_the_page_and_opens_what_it_says() {
    let (signed, mia, max) = recorded().await;
    let ann = signed.session("ann").await;
    let beas = format!("/trajecten/{}", trajectory(3));
    assert_eq!(signed.get(&ann, &beas).await.status, 404);
    let made = post(&signed, &mia, &cover("bea", "ann", "31", "7", "2026")).await;
    assert_eq!((made.status, made.header("location")), (303, "/organisatie#waarneming"));
    assert_eq!(signed.get(&ann, &beas).await.status, 200);
    // Sent twice, it is there once.
    assert_eq!(post(&signed, &mia, &cover("bea", "ann", "31", "07", "2026")).await.status, 303);
    assert_eq!((covers(&signed, "org-1"), covers(&signed, "org-2")), (1, 0));
    let text = words(&page(&signed.get(&mia, "/organisatie").await));
    assert!(text.contains("Name of ann neemt waar voor Name of bea tot en met 31 juli 2026."), "{text}");
    assert!(text.contains("Name of bea afwezig tot en met 31 juli 1 1"), "{text}");
    assert!(!page(&signed.get(&max, "/organisatie").await).contains("neemt waar voor"));

    let id = signed.accounts.covers_of(&"org-1".parse().unwrap())[0].id;
    let stop = |id: &str| format!("/organisatie/waarneming/{id}/stoppen");
    let end = async |who: &Who, path: &str| signed.form(who.on(signed.request(Method::POST, path)), &[]).await.status;
    assert_eq!(end(&max, &stop(&id.to_string())).await, 404, "of another organisation");
    assert_eq!(end(&ann, &stop(&id.to_string())).await, 403);
    assert_eq!(end(&mia, &stop(&uuid::Uuid::nil().to_string())).await, 404);
    assert_eq!(end(&mia, &stop("7")).await, 400);
    assert_eq!(signed.get(&ann, &beas).await.status, 200, "nothing has ended it yet");
    assert_eq!(end(&mia, &stop(&id.to_string())).await, 303);
    assert_eq!(end(&mia, &stop(&id.to_string())).await, 303, "it has ended, as was wanted");
    assert_eq!(signed.get(&ann, &beas).await.status, 404);
    let text = words(&page(&signed.get(&mia, "/organisatie").await));
    assert!(!text.contains("neemt waar voor") && !text.contains("afwezig tot"), "{text}");
    // After that it can be made again.
    assert_eq!(post(&signed, &mia, &cover("bea", "ann", "31", "7", "2026")).await.status, 303);
    assert_eq!(signed.get(&ann, &beas).await.status, 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cover_that_is_to_come_says_from_which_day() {
    let (signed, mia, _) = recorded().await;
    for (by, from, until) in [("ann", "2026-08-03", "2026-08-05"), ("bea", "2026-05-01", "2026-06-30")] {
        let absent = if by == "ann" { "bea" } else { "ann" };
        let made = json!({"absent": absent, "by": by, "from": from, "until": until});
        assert_eq!(signed.post(&mia, "/api/v1/covers", &made).await.status, 201);
    }
    let text = words(&page(&signed.get(&mia, "/organisatie").await));
    assert!(text.contains("Name of ann neemt waar voor Name of bea vanaf 3 augustus 2026 tot en met 5 augustus 2026"), "{text}");
    assert_eq!(text.matches("neemt waar voor").count(), 1, "that of the past is not shown: {text}");
    assert!(!text.contains("afwezig tot"), "nobody is away today: {text}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cover_that_cannot_be_made_is_told_at_its_field_and_nothing_is_lost() {
    let (signed, mia, _) = recorded().await;
    for (fields, places) in [
        (cover("", "", "", "", ""), &["absent", "cover", "until.day"][..]),
        (cover("bea", "", "31", "7", "2026"), &["cover"]),
        (cover("", "ann", "31", "7", "2026"), &["absent"]),
        (cover("bea", "bea", "31", "6", "2026"), &["cover", "until.day"]),
        (cover("bea", "carl", "31", "7", "2026"), &["cover"]),
        (cover("bea", "mia", "31", "7", "2026"), &["cover"]),
        (cover("bea", "otter", "31", "7", "2026"), &["cover"]),
        (cover("Bea B", "ann", "31", "7", "2026"), &["absent"]),
        (cover("bea", "ann", "30", "6", "2026"), &["until.day"]),
        (cover("bea", "ann", "2", "7", "2027"), &["until.day"]),
        (cover("bea", "ann", "31", "", "2026"), &["until.month"]),
        (cover("bea", "ann", "31", "7", "26"), &["until.year"]),
        (cover("bea", "ann", "\"><script>", "7", "2026"), &["until.day"]),
    ] {
        let answer = post(&signed, &mia, &fields).await;
        let html = page(&answer);
        assert_eq!(answer.status, 422, "{fields:?}");
        for place in ["absent", "cover", "until.day", "until.month", "until.year"] {
            assert_eq!(html.contains(&format!(r#"id="fout-{place}""#)), places.contains(&place), "{fields:?} at {place}");
        }
        assert!(html.contains("De waarneming is niet vastgelegd"), "{fields:?}");
        assert_eq!(words(&html).matches("Name of bea 1 1 163").count(), 1, "the page is whole");
        assert!(!html.contains("<script>"), "{fields:?}");
        for (name, value) in fields {
            let value = value.replace('"', "&#34;").replace('>', "&#62;").replace('<', "&#60;");
            let kept = match name {
                "absent" | "cover" if ["bea", "ann", "carl"].contains(&value.as_str()) => format!(r#"<option value="{value}" selected>"#),
                // What is no coach of the list cannot be chosen in it.
                "absent" | "cover" => continue,
                _ if value.is_empty() => continue,
                _ => format!(
                    r#"name="{name}" inputmode="numeric" autocomplete="off" maxlength="{}" value="{value}""#,
                    if name == "until.year" { 4 } else { 2 }
                ),
            };
            assert!(html.contains(&kept), "{fields:?}: {kept} in {html}");
        }
    }
    // What the page does not send: a field of another name, one that comes twice, no form at all.
    for fields in [vec![("organisation", "org-2")], vec![("absent", "bea"), ("absent", "ann")]] {
        assert_eq!(post(&signed, &mia, &fields).await.status, 400);
    }
    assert_eq!(signed.post(&mia, "/organisatie/waarneming", &json!({"absent": "bea"})).await.status, 415);
    let english = signed.request(Method::POST, "/organisatie/waarneming").header("cookie", "__Host-trajectlog-lang=en");
    let html = page(&signed.form(mia.on(english), &cover("bea", "bea", "30", "6", "2026")).await);
    assert!(html.contains("Choose another coach than the one who is away.") && html.contains("This day has passed."), "{html}");
    assert_eq!(covers(&signed, "org-1"), 0, "nothing was made");
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_is_no_manager_makes_no_cover_and_a_manager_none_elsewhere() {
    let (signed, mia, max) = recorded().await;
    for login in ["ann", "lena", "otto", "root"] {
        let who = signed.session(login).await;
        assert_eq!(post(&signed, &who, &cover("bea", "ann", "31", "7", "2026")).await.status, 403, "{login}");
    }
    // Without the session's own token.
    let bare = signed.request(Method::POST, "/organisatie/waarneming");
    let bare = bare.header("cookie", format!("{}={}", gateway::access::COOKIE, mia.cookie()));
    assert_eq!(signed.form(bare, &cover("bea", "ann", "31", "7", "2026")).await.status, 403);
    // Bea is no coach of organisation 2; that Ann there has the same code opens nothing here.
    assert_eq!(post(&signed, &max, &cover("ann", "bea", "31", "7", "2026")).await.status, 422);
    assert_eq!(post(&signed, &max, &cover("bea", "ann", "31", "7", "2026")).await.status, 303);
    assert_eq!((covers(&signed, "org-1"), covers(&signed, "org-2")), (0, 1));
    let ann = signed.session("ann").await;
    assert_eq!(signed.get(&ann, &format!("/trajecten/{}", trajectory(3))).await.status, 404);
}

/// Prints what the page costs; nothing is demanded of it here.
#[tokio::test(flavor = "multi_thread")]
async fn a_page_of_three_hundred_trajectories_is_whole() {
    let limits = Limits { caller_rate: 100_000.try_into().unwrap(), caller_burst: 100_000.try_into().unwrap(), ..Limits::default() };
    let signed = Signed::with(limits, false).await;
    let mia = signed.session("mia").await;
    for n in 1..=300 {
        let mut decision = vec![case(n, "org-1", if n % 3 == 0 { "ann" } else { "bea" }), job(n, 1, "Bakkerij Zoet", &known())];
        decision.extend((0..20).map(|k| {
            let data = json!({"with": "client", "channel": "phone", "note": "Een gesprek over hoe het gaat."});
            line(n, 30 + k, "contact", &format!("2026-06-{:02}", k + 1), data)
        }));
        let path = format!("/api/v1/trajectories/{}/events", trajectory(n));
        assert_eq!(signed.post(&mia, &path, &json!({"events": decision})).await.status, 201);
    }
    let began = Instant::now();
    let text = words(&page(&signed.get(&mia, "/organisatie").await));
    println!("a page of 300 trajectories, 6600 events: {:?}", began.elapsed());
    assert!(text.contains("300 lopende trajecten bij 2 coaches") && text.contains("Name of bea 200 "), "{text}");
}
