//! Sealed texts are opened by an auditor for a reason that is noted, for an hour, of one trajectory; and the log as auditors read it.

use accounts::{By, FirstPassword, Password, Role};
use axum::http::Method;
use serde_json::{Value, json};

use crate::{
    signed::{GOOD, HOUR, Signed, Who, case, profile},
    world::{Answer, contact, trajectory},
};

/// Trajectories 1 of organisation 1 and 3 of organisation 2.
async fn recorded() -> Signed {
    let signed = Signed::new().await;
    let (mia, max) = (signed.session("mia").await, signed.session("max").await);
    for (manager, event) in [(&mia, case(1, "org-1", "ann")), (&max, case(3, "org-2", "ann"))] {
        assert_eq!(signed.record(manager, &event).await.status, 201);
    }
    signed
}

fn text(answer: &Answer) -> String {
    String::from_utf8_lossy(&answer.body).into_owned()
}

async fn open(signed: &Signed, who: &Who, n: u32, reason: &str) -> Answer {
    let request = who.on(signed.request(Method::POST, &format!("/trajecten/{}/openen", trajectory(n))));
    signed.form(request, &[("reason", reason)]).await
}

/// Whether the name of the client of trajectory `n` is seen: in its history, and on its page.
async fn sees(signed: &Signed, who: &Who, n: u32) -> bool {
    let history = text(&signed.get(who, &format!("/api/v1/trajectories/{}/events", trajectory(n))).await);
    let seen = history.contains("Mevrouw De Wit");
    assert_ne!(seen, history.contains("sealed"), "{history}");
    if let Who::Session { .. } = who {
        let page = text(&signed.get(who, &format!("/trajecten/{}", trajectory(n))).await);
        assert_eq!(page.contains("Mevrouw De Wit"), seen, "{page}");
        assert_eq!(page.contains("De verzegelde teksten zijn open"), seen, "{page}");
        assert_eq!(page.contains("Openen met een reden"), !seen, "{page}");
        assert_eq!(page.contains("<h1 class=\"utrecht-heading-1\">Naam verzegeld</h1>"), !seen, "{page}");
    }
    seen
}

#[tokio::test(flavor = "multi_thread")]
async fn texts_are_open_to_one_auditor_of_one_trajectory_for_an_hour() {
    let signed = recorded().await;
    let given = FirstPassword::Given(Password::new(GOOD));
    signed.accounts.create(By::Machine, profile("iris", Role::Auditor, None, None), given).await.unwrap();
    let (otto, iris, app) = (signed.session("otto").await, signed.session("iris").await, signed.token("otto").await);
    assert!(!sees(&signed, &otto, 1).await && !sees(&signed, &app, 1).await);
    let asked = signed.get(&otto, &format!("/trajecten/{}/openen", trajectory(1))).await;
    assert!(asked.status == 200 && text(&asked).contains("Openen voor 1 uur"), "{}", text(&asked));
    // Without a reason nothing is opened, and nothing that was written is lost.
    let long = "x".repeat(1_001);
    for reason in ["", "  \n", "Spoed", ". . . . . . .", "12345678901", &long] {
        let refused = open(&signed, &otto, 1, reason).await;
        assert!(refused.status == 422 && text(&refused).contains("Schrijf in woorden op waarom"), "{}", text(&refused));
        assert!(text(&refused).contains(reason.trim()));
        assert!(!sees(&signed, &otto, 1).await);
    }
    assert_eq!(signed.accounts.openings(None, None, 9).unwrap().len(), 0);
    let opened = open(&signed, &otto, 1, "Klacht <12> van een cliënt").await;
    assert_eq!((opened.status, opened.header("location")), (303, format!("/trajecten/{}", trajectory(1)).as_str()));
    assert!(sees(&signed, &otto, 1).await && sees(&signed, &app, 1).await);
    assert!(!sees(&signed, &otto, 3).await, "of this trajectory alone");
    assert!(!sees(&signed, &iris, 1).await, "to this auditor alone");
    for path in ["/api/v1/events", "/logboek"] {
        assert!(!text(&signed.get(&otto, path).await).contains("De Wit"), "{path}: the log stays sealed");
    }
    // Nothing else becomes theirs.
    signed.record(&otto, &contact(1, 9, "2026-01-06", "een")).await.is_problem(403, "forbidden");
    let again = signed.get(&otto, &format!("/trajecten/{}/openen", trajectory(1))).await;
    assert_eq!(again.status, 303, "they are open already");
    signed.clock.advance(HOUR - std::time::Duration::from_secs(1));
    assert!(sees(&signed, &otto, 1).await);
    signed.clock.advance(std::time::Duration::from_secs(1));
    assert!(!sees(&signed, &otto, 1).await && !sees(&signed, &app, 1).await);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_has_seen_enough_seals_the_texts_again_and_that_is_kept() {
    let signed = recorded().await;
    let (otto, mia) = (signed.session("otto").await, signed.session("mia").await);
    let seal = async |who: &Who, n: u32| {
        let request = who.on(signed.request(Method::POST, &format!("/trajecten/{}/verzegelen", trajectory(n))));
        signed.form(request, &[]).await
    };
    let page = async || text(&signed.get(&otto, &format!("/trajecten/{}", trajectory(1))).await);
    let asked = text(&signed.get(&otto, &format!("/trajecten/{}/openen", trajectory(1))).await);
    for page in [asked, page().await] {
        let id = trajectory(1);
        assert!(page.contains(&format!("Org 1 · traject {}…{}", &id[..8], &id[id.len() - 4..])), "{page}");
        assert!(page.contains(r#"href="/logboek" aria-current="page""#) && !page.contains("Weer verzegelen"), "{page}");
    }
    for n in [1, 3] {
        assert_eq!(open(&signed, &otto, n, "Een klacht.").await.status, 303);
    }
    assert!(page().await.contains("Weer verzegelen"));
    signed.clock.advance(std::time::Duration::from_secs(600));
    assert_eq!(seal(&mia, 1).await.status, 403);
    let sealed = seal(&otto, 1).await;
    assert_eq!((sealed.status, sealed.header("location")), (303, format!("/trajecten/{}", trajectory(1)).as_str()));
    assert!(!sees(&signed, &otto, 1).await && sees(&signed, &otto, 3).await, "that one alone");
    assert_eq!((seal(&otto, 1).await.status, seal(&otto, 9).await.status), (303, 404), "it is sealed already; there is none");
    let told = signed.get(&mia, "/api/v1/openings").await.json()["openings"][0].clone();
    let moment = |key: &str| told[key].as_str().unwrap().parse::<proto_events::Timestamp>().unwrap().micros();
    assert_eq!(moment("closed_at") - moment("opened_at"), 600_000_000);
    let all = signed.get(&otto, "/api/v1/openings").await.json();
    let other = all["openings"].as_array().unwrap().iter().find(|one| one["trajectory_id"] == trajectory(3)).expect("the other");
    assert_eq!(other["closed_at"], Value::Null);
    assert_eq!(open(&signed, &otto, 1, "Nog een klacht.").await.status, 303);
    assert!(sees(&signed, &otto, 1).await);
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_but_an_auditor_opens_anything_and_only_what_is_there() {
    let signed = recorded().await;
    for login in ["ann", "bea", "mia", "max", "lena", "root"] {
        let who = signed.session(login).await;
        for n in [1, 3, 9] {
            assert_eq!(open(&signed, &who, n, "Nieuwsgierig").await.status, 403, "{login} {n}");
        }
    }
    let otto = signed.session("otto").await;
    assert_eq!(open(&signed, &otto, 9, "Een klacht").await.status, 404);
    assert_eq!(signed.accounts.openings(None, None, 9).unwrap().len(), 0);
    // Who was an auditor is none any more at once.
    assert_eq!(open(&signed, &otto, 1, "Een klacht").await.status, 303);
    let account = signed.account("otto");
    signed.accounts.change(By::Machine, account.id, account.revision, profile("otto", Role::Analyst, None, None)).await.unwrap();
    let otto = signed.session("otto").await;
    signed.get(&otto, &format!("/api/v1/trajectories/{}/events", trajectory(1))).await.is_problem(403, "forbidden");
}

#[tokio::test(flavor = "multi_thread")]
async fn who_answers_for_texts_sees_who_opened_them_when_and_why() {
    let signed = recorded().await;
    let otto = signed.session("otto").await;
    for (n, reason) in [(1, "Eerste klacht"), (3, "Tweede klacht"), (1, "Derde klacht")] {
        signed.clock.advance(HOUR);
        assert_eq!(open(&signed, &otto, n, reason).await.status, 303);
    }
    let reasons = async |who: &Who, query: &str| -> Vec<String> {
        let body = signed.get(who, &format!("/api/v1/openings{query}")).await.json();
        body["openings"].as_array().unwrap().iter().map(|one| one["reason"].as_str().unwrap().to_owned()).collect()
    };
    let who = async |login: &str| signed.session(login).await;
    assert_eq!(reasons(&who("mia").await, "").await, ["Derde klacht", "Eerste klacht"]);
    assert_eq!(reasons(&signed.token("mia").await, "").await, ["Derde klacht", "Eerste klacht"]);
    assert_eq!(reasons(&who("max").await, "").await, ["Tweede klacht"]);
    for login in ["otto", "root"] {
        assert_eq!(reasons(&who(login).await, "").await, ["Derde klacht", "Tweede klacht", "Eerste klacht"], "{login}");
    }
    for login in ["ann", "lena"] {
        signed.get(&who(login).await, "/api/v1/openings").await.is_problem(403, "forbidden");
    }
    let mia = who("mia").await;
    let first = signed.get(&mia, "/api/v1/openings?limit=1").await.json();
    let one = &first["openings"][0];
    let account = signed.account("otto");
    assert_eq!((&one["account"], &one["name"]), (&json!(account.id), &json!("Name of otto")));
    assert_eq!((&one["organisation"], &one["trajectory_id"]), (&json!("org-1"), &json!(trajectory(1))));
    let moment = |key: &str| one[key].as_str().unwrap().parse::<proto_events::Timestamp>().unwrap().micros();
    assert_eq!(moment("until") - moment("opened_at"), 3_600_000_000);
    let next = first["next"].as_str().unwrap().to_owned();
    let second = signed.get(&mia, &next).await.json();
    assert_eq!((&second["openings"][0]["reason"], &second["next"]), (&json!("Eerste klacht"), &Value::Null));
    signed.get(&mia, "/api/v1/openings?cursor=00000000-0000-4000-8000-000000000000").await.is_problem(400, "malformed");
    signed.get(&mia, "/api/v1/openings?limit=0").await.is_problem(400, "malformed");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_log_is_read_the_newest_first_page_by_page_and_without_texts() {
    let signed = recorded().await;
    let mia = signed.session("mia").await;
    let outbox: Vec<Value> = (10..70).map(|n| contact(1, n, "2026-01-06", "Heeft het zwaar")).collect();
    assert_eq!(signed.post(&mia, "/api/v1/events", &json!(outbox)).await.status, 200);
    let otto = signed.session("otto").await;
    assert_eq!(signed.get(&otto, "/").await.header("location"), "/logboek");
    let positions = |page: &str| -> Vec<u64> {
        let rows = page.split("class=\"row-link\"").skip(1);
        rows.map(|row| row.split_once('>').unwrap().1.split(' ').next().unwrap().parse().unwrap()).collect()
    };
    let newest = text(&signed.get(&otto, "/logboek").await);
    assert_eq!(positions(&newest), (13..=62).rev().collect::<Vec<_>>());
    assert!(newest.contains(&format!("href=\"/trajecten/{}\"", trajectory(1))) && newest.contains("Name of mia"), "{newest}");
    assert!(newest.contains("href=\"/logboek?van=12\"") && !newest.contains("Nieuwere"), "{newest}");
    let oldest = text(&signed.get(&otto, "/logboek?van=12").await);
    assert_eq!(positions(&oldest), (1..=12).rev().collect::<Vec<_>>());
    assert!(oldest.contains("Intake") && oldest.contains("href=\"/logboek\"") && !oldest.contains("Oudere"), "{oldest}");
    for page in [&newest, &oldest] {
        assert!(!page.contains("zwaar") && !page.contains("De Wit"));
    }
    assert_eq!(positions(&text(&signed.get(&otto, "/logboek?van=1").await)), [1]);
    assert_eq!(positions(&text(&signed.get(&otto, "/logboek?van=9999").await)).first(), Some(&62));
    for wrong in ["van=0", "van=-1", "van=x", "van=", "from=1"] {
        assert_eq!(signed.get(&otto, &format!("/logboek?{wrong}")).await.status, 400, "{wrong}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn of_the_log_an_organisation_a_kind_and_a_time_can_be_read_alone() {
    let signed = recorded().await;
    let mia = signed.session("mia").await;
    let outbox: Vec<Value> = (10..130).map(|n| contact(1, n, "2026-01-06", "Heeft het zwaar")).collect();
    assert_eq!(signed.post(&mia, "/api/v1/events", &json!(outbox)).await.status, 200);
    let otto = signed.session("otto").await;
    let page = async |query: &str| text(&signed.get(&otto, &format!("/logboek{query}")).await);
    let rows = |page: &str| page.matches("class=\"row-link\"").count();
    let all = page("").await;
    let id = trajectory(1);
    let row = format!(">Org 1 · traject {}…{} · Name of mia<", &id[..8], &id[id.len() - 4..]);
    assert!(rows(&all) == 50 && all.contains(&row), "{all}");
    assert!(all.contains("<option value=\"org-1\">Org 1</option>") && all.contains("<option value=\"org-2\">Org 2</option>"), "{all}");
    // Of the other organisation there is one, far back; the second address goes on where the first page ended.
    let other = page("?organisatie=org-2&soort=&vanaf=&tot=").await;
    assert!(rows(&other) == 1 && other.contains("2 · Intake") && other.contains("<option value=\"org-2\" selected>"), "{other}");
    assert!(!other.contains("Oudere") && !other.contains("Nieuwere"), "{other}");
    let ours = page("?organisatie=org-1&soort=contact").await;
    assert!(rows(&ours) == 50 && ours.contains("href=\"/logboek?organisatie=org-1&#38;soort=contact&#38;van=72\""), "{ours}");
    let last = page("?organisatie=org-1&soort=contact&van=22").await;
    assert!(rows(&last) == 20 && last.contains("href=\"/logboek?organisatie=org-1&#38;soort=contact\""), "{last}");
    let nothing = page("?organisatie=org-2&soort=contact").await;
    assert!(rows(&nothing) == 0 && nothing.contains("Er is niets vastgelegd dat hierbij hoort."), "{nothing}");
    // One that nobody knows was mistyped most likely: that is said, and it is not as if it had recorded nothing.
    let unknown = page("?organisatie=org-77").await;
    assert!(
        unknown.contains(
            "Een organisatie “org-77” is nu niet bekend: niemand heeft er een account en er loopt geen traject. Kies er een uit de lijst."
        ),
        "{unknown}"
    );
    assert!(unknown.contains("<a href=\"#organisatie\">") && !unknown.contains("Er is niets vastgelegd"), "{unknown}");
    // All of it was recorded today, on the first of July.
    for (query, many) in [
        ("?vanaf=2026-07-01", 50),
        ("?tot=2026-07-01", 50),
        ("?tot=2026-06-30", 0),
        ("?vanaf=2026-07-02", 0),
        ("?vanaf=2026-06-01&tot=2026-12-31&soort=intake", 2),
        ("?vanaf=2026-07-02&tot=2026-07-01", 0),
        ("?tot=9999-12-31&soort=intake", 2),
        ("?vanaf=0001-01-01&soort=intake", 2),
    ] {
        assert_eq!(rows(&page(query).await), many, "{query}");
    }
    // How many there are of them is told, on each page of them.
    for (query, told) in [
        ("?organisatie=org-1&soort=contact", "120 van 122 gebeurtenissen gevonden."),
        ("?organisatie=org-1&soort=contact&van=22", "120 van 122 gebeurtenissen gevonden."),
        ("?soort=outflow", "0 van 122 gebeurtenissen gevonden."),
        ("?vanaf=2026-07-01", "122 van 122 gebeurtenissen gevonden."),
        ("?tot=2026-06-30", "0 van 122 gebeurtenissen gevonden."),
        ("", ">122 gebeurtenissen."),
    ] {
        let page = page(query).await;
        assert!(page.contains(told), "{query}: {page}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_looked_for_is_told_at_its_field_and_what_was_written_stays() {
    let signed = recorded().await;
    let otto = signed.session("otto").await;
    for (query, field, words, kept) in [
        ("soort=nope&organisatie=org-1", "soort", "Deze soort is er niet.", "<option value=\"nope\" selected>"),
        ("soort=transfer", "soort", "Deze soort is er niet.", "<option value=\"transfer\" selected>"),
        ("organisatie=Org%20Een", "organisatie", "Deze organisatie is er niet.", "<option value=\"Org Een\" selected>"),
        ("vanaf=gisteren", "vanaf-day", "Deze datum is niet te lezen.", "name=\"vanaf.day\""),
        ("tot=2026-02-30", "tot-day", "Deze datum is niet te lezen.", "name=\"tot.day\""),
        ("tot.day=30&tot.month=2&tot.year=2026", "tot-day", "Deze maand heeft 28 dagen.", "maxlength=\"2\" value=\"30\""),
        ("vanaf.day=1&vanaf.month=&vanaf.year=2026", "vanaf-month", "Vul ook de maand in.", "value=\"2026\""),
        (
            "vanaf=2026-06-30&tot=2026-06-29",
            "tot-day",
            "Deze dag ligt vóór de eerste. Vul 30 juni 2026 of een latere dag in.",
            "value=\"29\"",
        ),
        ("vanaf.day=2&vanaf.month=7&vanaf.year=2026", "vanaf-day", "Deze dag moet nog komen", "value=\"7\""),
    ] {
        let answer = signed.get(&otto, &format!("/logboek?{query}")).await;
        let page = text(&answer);
        assert_eq!(answer.status, 400, "{query}");
        assert!(page.contains(&format!("<a href=\"#{field}\">")) && page.contains(words) && page.contains(kept), "{query}: {page}");
        assert!(
            page.contains("Er is niet gezocht") && !page.contains("class=\"row-link\"") && !page.contains("Er is niets"),
            "{query}: {page}"
        );
    }
    let found = signed.get(&otto, "/logboek?vanaf.day=1&vanaf.month=7&vanaf.year=2026&tot.day=&tot.month=&tot.year=").await;
    assert!(found.status == 200 && text(&found).contains("2 van 2 gebeurtenissen gevonden."), "{}", text(&found));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_empty_log_is_a_page() {
    let signed = Signed::new().await;
    let otto = signed.session("otto").await;
    let page = signed.get(&otto, "/logboek").await;
    assert!(page.status == 200 && text(&page).contains("0 gebeurtenissen"), "{}", text(&page));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_manager_sees_on_their_page_who_opened_which_texts_and_why() {
    let signed = recorded().await;
    let (otto, mia, max) = (signed.session("otto").await, signed.session("mia").await, signed.session("max").await);
    let seen = async |who: &Who| text(&signed.get(who, "/organisatie").await);
    assert!(!seen(&mia).await.contains("Verzegelde teksten"), "nothing was opened");
    assert_eq!(open(&signed, &otto, 1, "Klacht <12> van een cliënt").await.status, 303);
    let page = seen(&mia).await;
    let (_, part) = page.split_once("Verzegelde teksten die zijn geopend").expect("a part of its own");
    for told in ["Klacht &#60;12&#62; van een cliënt", "Name of otto, 1 juli 2026 om", "Mevrouw De Wit", &trajectory(1)] {
        assert!(part.contains(told), "{told} in {part}");
    }
    let other = seen(&max).await;
    assert!(!other.contains("Verzegelde teksten") && !other.contains("Klacht"), "of another organisation: {other}");
    for n in 0..20 {
        signed.clock.advance(HOUR);
        let otto = signed.session("otto").await;
        assert_eq!(open(&signed, &otto, 1, &format!("Nog eens, nummer {n}.")).await.status, 303);
    }
    let page = seen(&signed.session("mia").await).await;
    assert!(page.contains("Hier staan de nieuwste 20.") && page.contains("Nog eens, nummer 19.") && !page.contains("Klacht"), "{page}");
}
