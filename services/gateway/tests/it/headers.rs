//! The headers that every answer has, whatever it is.

use axum::http::Method;
use gateway::Limits;

use crate::signed::{Signed, Who};

#[tokio::test(flavor = "multi_thread")]
async fn every_answer_says_what_a_browser_may_do_with_it() {
    let signed = Signed::new().await;
    let coach = signed.session("ann").await;
    for (who, path) in [
        (&Who::Nobody, "/inloggen"),
        (&Who::Nobody, "/nowhere"),
        (&Who::Nobody, "/healthz"),
        (&Who::Nobody, "/api/v1/session"),
        (&Who::Nobody, "/wachtwoord"),
        (&coach, "/api/v1/session"),
        (&coach, "/api/v1/accounts"),
        (&coach, "/wachtwoord"),
    ] {
        let answer = signed.get(who, path).await;
        let policy = answer.header("content-security-policy");
        let parts: Vec<&str> = policy.split(';').map(str::trim).collect();
        assert_eq!(
            parts,
            [
                "default-src 'none'",
                "script-src 'self'",
                "style-src 'self'",
                "img-src 'self'",
                "connect-src 'self'",
                "manifest-src 'self'",
                "worker-src 'self'",
                "form-action 'self'",
                "frame-ancestors 'none'",
                "base-uri 'none'",
            ],
            "{path}"
        );
        for (name, value) in [
            ("x-content-type-options", "nosniff"),
            ("cross-origin-opener-policy", "same-origin"),
            ("cross-origin-resource-policy", "same-origin"),
            ("x-frame-options", "DENY"),
            ("cache-control", "no-store"),
        ] {
            assert_eq!(answer.header(name), value, "{path}");
        }
        // A form of these two pages brings its `Origin` along; nothing is told to other sites.
        let page = answer.header("content-type").starts_with("text/html");
        assert_eq!(answer.header("referrer-policy"), if page { "same-origin" } else { "no-referrer" }, "{path}");
        assert_eq!(answer.header("strict-transport-security"), "", "over a plain connection a browser does not believe it");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn over_tls_every_answer_says_that_it_stays_so() {
    let signed = Signed::with(Limits::default(), true).await;
    for path in ["/inloggen", "/nowhere", "/api/v1/session"] {
        assert_eq!(signed.get(&Who::Nobody, path).await.header("strict-transport-security"), "max-age=31536000; includeSubDomains");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_holds_no_script_and_no_style_of_its_own() {
    let signed = Signed::new().await;
    let coach = signed.session("ann").await;
    for (who, path) in [(&Who::Nobody, "/inloggen?fout=wachten&na=8&next=/trajecten"), (&coach, "/wachtwoord?fout=password_common")] {
        let answer = signed.get(who, path).await;
        let html = String::from_utf8(answer.body.to_vec()).unwrap();
        assert!(html.starts_with("<!DOCTYPE html>\n<html lang=\"nl\">"), "{html}");
        for wrong in ["<style", " style=", " onclick", "javascript:"] {
            assert!(!html.contains(wrong), "{wrong} in {html}");
        }
        for script in html.split("<script").skip(1) {
            let (head, rest) = script.split_once('>').unwrap();
            assert!(head.contains(" src=\"/static/") && rest.starts_with("</script>"), "{script}");
        }
        // Every field has its label.
        for field in html.split("<input ").skip(1).filter(|field| !field.split('>').next().unwrap().contains("hidden")) {
            let id = field.split(" id=\"").nth(1).unwrap().split('"').next().unwrap();
            assert!(html.contains(&format!(" for=\"{id}\">")), "{id} in {html}");
        }
        assert!(html.contains("role=\"alert\""));
    }
    let head = signed.world.send(crate::signed::bare(signed.request(Method::HEAD, "/inloggen"))).await;
    assert_eq!((head.status, head.body.len()), (200, 0));
}
