//! How complete a quarter is, as a page, and a manager's declaration.

use axum::http::Method;

use crate::{
    dashboard::{ask, html, recorded},
    signed::{Signed, Who},
    world::Answer,
};

const PAGE: &str = "/cijfers/volledigheid";

async fn declare(signed: &Signed, who: &Who, fields: &[(&str, &str)]) -> Answer {
    signed.form(who.on(signed.request(Method::POST, PAGE)), fields).await
}

fn all(quarter: &str) -> [(&'static str, &str); 3] {
    [("kwartaal", quarter), ("methode", "ips"), ("zeker", "ja")]
}

fn text(answer: &Answer) -> String {
    String::from_utf8(answer.body.to_vec()).unwrap()
}

fn declared(signed: &Signed) -> usize {
    signed.world.views.declared.lock().unwrap().as_ref().unwrap().len()
}

#[tokio::test(flavor = "multi_thread")]
async fn an_analyst_and_an_auditor_see_all_and_declare_nothing() {
    let signed = recorded().await;
    for login in ["lena", "otto"] {
        let who = signed.session(login).await;
        let page = html(&signed, &who, &format!("{PAGE}?kwartaal=2026Q1")).await;
        for wanted in ["Org 1", "Org 2", "1e kwartaal 2026 – 1e kwartaal 2026", "Sinds 4e kwartaal 2025", "% binnen"] {
            assert!(page.contains(wanted), "{login}: {wanted} in {page}");
        }
        assert!(page.contains("+3 (2 organisaties)") && !page.contains("name=\"zeker\""), "{page}");
        assert_eq!(declare(&signed, &who, &all("2026Q1")).await.status, 403, "{login}");
    }
    // A year before nothing was delivered: a word, and no 0.
    let lena = signed.session("lena").await;
    let before = html(&signed, &lena, &format!("{PAGE}?kwartaal=2025Q4")).await;
    assert!(before.contains("tot en met dit kwartaal niets aangeleverd"), "{before}");
    let later = html(&signed, &lena, &format!("{PAGE}?kwartaal=2026Q2")).await;
    assert!(later.contains("trajecten lopen, niets vastgelegd"), "it runs, and nothing happened: {later}");
    assert_eq!(declared(&signed), 0);
    for login in ["ann", "root"] {
        let who = signed.session(login).await;
        assert_eq!(ask(&signed, &who, PAGE).await.status, 403, "{login}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_manager_declares_their_own_quarter_once_and_sees_nothing_of_others() {
    let signed = recorded().await;
    let mia = signed.session("mia").await;
    let before = html(&signed, &mia, &format!("{PAGE}?kwartaal=2026Q1")).await;
    assert!(before.contains("Org 1") && !before.contains("Org 2") && before.contains("name=\"zeker\""), "{before}");
    assert!(before.contains("<span class=\"tag tag-warn\">nee</span>"), "{before}");

    let nothing = html(&signed, &mia, &format!("{PAGE}?kwartaal=2026Q1&verklaard=ja")).await;
    assert!(!nothing.contains("De verklaring staat erbij"), "nothing was declared, whatever the address says: {nothing}");

    let done = declare(&signed, &mia, &all("2026Q1")).await;
    assert_eq!((done.status, done.header("location")), (303, "/cijfers/volledigheid?kwartaal=2026Q1&verklaard=ja"));
    let after = html(&signed, &mia, done.header("location")).await;
    for wanted in ["De verklaring staat erbij", "<span class=\"tag tag-good\">ja</span>", "Name of mia, 1 juli 2026, 2.00 uur"] {
        assert!(after.contains(wanted), "{wanted}: {after}");
    }
    assert!(!after.contains("name=\"zeker\""), "all is declared: {after}");

    let again = declare(&signed, &mia, &all("2026Q1")).await;
    assert_eq!(again.status, 409);
    assert!(text(&again).contains("Dit was al compleet verklaard") && text(&again).contains("Name of mia"), "{}", text(&again));
    assert_eq!(declared(&signed), 1);
    let kept = signed.world.views.declared.lock().unwrap().clone().unwrap();
    assert_eq!((kept[0].1.organisation.as_str(), &kept[0].1.by), ("org-1", &signed.account("mia").id.to_string()));

    // The other organisation's manager sees theirs, and not this one.
    let max = signed.session("max").await;
    let other = html(&signed, &max, &format!("{PAGE}?kwartaal=2026Q1")).await;
    assert!(other.contains("Org 2") && !other.contains("Name of mia") && other.contains("name=\"zeker\""), "{other}");
}

#[tokio::test(flavor = "multi_thread")]
async fn only_what_is_closed_chosen_and_confirmed_is_declared() {
    let signed = recorded().await;
    let mia = signed.session("mia").await;
    let said = async |fields: &[(&str, &str)], status: u16, words: &str| {
        let answer = declare(&signed, &mia, fields).await;
        assert_eq!(answer.status, status, "{words}: {}", text(&answer));
        assert!(text(&answer).contains(words), "{words}: {}", text(&answer));
    };
    // It is two in the morning of the first of July in Amsterdam: the third quarter runs.
    said(&all("2026Q3"), 409, "Dit kwartaal loopt nog").await;
    said(&[("kwartaal", "2026Q1"), ("methode", "ips")], 422, "Zet eerst een vinkje").await;
    said(&[("kwartaal", "2026Q1"), ("zeker", "ja")], 422, "Kies ten minste één methode").await;
    assert_eq!(declare(&signed, &mia, &[("kwartaal", "2026Q1"), ("methode", "wabz"), ("zeker", "ja")]).await.status, 400);
    assert_eq!(declare(&signed, &mia, &all("x")).await.status, 400);
    assert_eq!(declare(&signed, &mia, &[&all("2026Q1")[..], &[("organisatie", "org-2")]].concat()).await.status, 400);
    // By the session's cookie alone, as another site's page would send it.
    let Who::Session { cookie, .. } = &mia else { panic!("a session") };
    let request = signed.request(Method::POST, PAGE).header("cookie", format!("{}={cookie}", gateway::access::COOKIE));
    assert_eq!(signed.form(request, &all("2026Q1")).await.status, 403);
    for login in ["ann", "lena", "otto", "root"] {
        assert_eq!(declare(&signed, &signed.session(login).await, &all("2026Q1")).await.status, 403, "{login}");
    }
    assert_eq!(declared(&signed), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn where_no_register_is_kept_the_page_says_so_and_declares_nothing() {
    let signed = recorded().await;
    *signed.world.views.declared.lock().unwrap() = None;
    let mia = signed.session("mia").await;
    let page = html(&signed, &mia, &format!("{PAGE}?kwartaal=2026Q1")).await;
    assert!(page.contains("kan het register van publicaties niet lezen") && page.contains("niet bekend"), "{page}");
    assert!(!page.contains("name=\"zeker\""), "{page}");
    assert_eq!(declare(&signed, &mia, &all("2026Q1")).await.status, 503);
}
