//! The page of the projectors' views: an administrator acts, an auditor looks on.

use axum::http::Method;

use crate::{
    signed::{Signed, Who},
    world::Answer,
};

const ACTS: [&str; 3] = ["opnieuw", "stoppen", "nogmaals"];

async fn act(signed: &Signed, who: &Who, name: &str, what: &str) -> Answer {
    signed.form(who.on(signed.request(Method::POST, &format!("/beheer/weergaven/{name}/{what}"))), &[]).await
}

fn text(answer: &Answer) -> String {
    String::from_utf8(answer.body.to_vec()).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn an_administrator_sees_how_each_view_is_and_builds_it_anew() {
    let signed = Signed::new().await;
    let root = signed.session("root").await;
    let asked = async || text(&signed.get(&root, "/beheer/weergaven").await);
    let html = asked().await;
    for wanted in ["Cijfers van de Werkmonitor", "Stand van elk traject", "Volgt het logboek", "positie 1, helemaal bij"] {
        assert!(html.contains(wanted), "{wanted}: {html}");
    }
    assert_eq!(html.matches(r#"/opnieuw""#).count(), 2, "{html}");
    assert!(!html.contains("/nogmaals") && !html.contains("/stoppen"), "{html}");
    for (what, name) in [("opnieuw", "werkmonitor"), ("nogmaals", "sustainable-work")] {
        let answer = act(&signed, &root, name, what).await;
        assert_eq!((answer.status, answer.header("location")), (303, "/beheer/weergaven"), "{what}");
    }
    // What stopped can be told to try again, and why it stopped is said.
    signed.world.views.stopped.lock().unwrap().insert("werkmonitor".to_owned());
    signed.world.views.waiting.lock().unwrap().insert("werkmonitor".to_owned());
    let html = asked().await;
    assert!(html.contains("Staat stil") && html.contains("the log is away"), "{html}");
    assert!(html.contains("/beheer/weergaven/werkmonitor/nogmaals") && !html.contains("/beheer/weergaven/sustainable-work/nogmaals"));
    // A view that does not answer is not there; when none can be asked, that is said.
    signed.world.views.silent.lock().unwrap().insert("werkmonitor".to_owned());
    assert!(!asked().await.contains("Werkmonitor"));
    *signed.world.views.gone.lock().unwrap() = true;
    assert_eq!(signed.get(&root, "/beheer/weergaven").await.status, 503);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_done_now_is_told_on_the_page_and_what_is_not_there_is_not_found() {
    let signed = Signed::new().await;
    let root = signed.session("root").await;
    let answer = act(&signed, &root, "werkmonitor", "stoppen").await;
    let html = text(&answer);
    assert_eq!((answer.status, answer.header("content-type")), (409, "text/html; charset=utf-8"));
    assert!(html.contains("Dat kan nu niet") && html.contains("Stand van elk traject"), "{html}");
    for what in ACTS {
        assert_eq!(act(&signed, &root, "x", what).await.status, 404, "{what}");
    }
    assert_eq!(act(&signed, &root, "werkmonitor", "x").await.status, 404);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_auditor_looks_on_and_nobody_else_sees_it() {
    let signed = Signed::new().await;
    let otto = signed.session("otto").await;
    let html = text(&signed.get(&otto, "/beheer/weergaven").await);
    assert!(html.contains("Stand van elk traject") && !html.contains("/opnieuw"), "{html}");
    for login in ["ann", "mia", "lena"] {
        assert_eq!(signed.get(&signed.session(login).await, "/beheer/weergaven").await.status, 403, "{login}");
    }
    for login in ["ann", "mia", "lena", "otto"] {
        let who = signed.session(login).await;
        for what in ACTS {
            assert_eq!(act(&signed, &who, "werkmonitor", what).await.status, 403, "{login} {what}");
        }
    }
}
