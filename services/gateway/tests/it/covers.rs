//! Who stands in for whom: made and ended by managers, and what it opens to whom, from the first day until the last.

use std::time::Duration;

use axum::http::Method;
use serde_json::{Value, json};

use crate::{
    signed::{DAY, HOUR, Signed, Who, case},
    world::{contact, trajectory},
};

fn cover(absent: &str, by: &str, from: &str, until: &str) -> Value {
    json!({"absent": absent, "by": by, "from": from, "until": until})
}

/// Whether somebody sees Bea's trajectory, in every way.
async fn sees(signed: &Signed, who: &Who) -> bool {
    let path = format!("/api/v1/trajectories/{}", trajectory(2));
    let status = signed.get(who, &path).await.status;
    let history = signed.get(who, &format!("{path}/events")).await.status;
    let listed = signed.get(who, "/api/v1/trajectories").await.json()["trajectories"].as_array().unwrap().len();
    match (status, history, listed) {
        (200, 200, 2) => true,
        (404, 404, 1) => false,
        other => panic!("{other:?}"),
    }
}

async fn recorded() -> (Signed, Who, Who) {
    let signed = Signed::new().await;
    let (mia, ann) = (signed.session("mia").await, signed.session("ann").await);
    for event in [case(1, "org-1", "ann"), case(2, "org-1", "bea")] {
        assert_eq!(signed.record(&mia, &event).await.status, 201);
    }
    (signed, mia, ann)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cover_holds_from_the_first_day_until_the_last_as_amsterdam_counts_days() {
    let (signed, mia, _) = recorded().await;
    // A session would be over by then.
    let (ann, bea) = (signed.token("ann").await, signed.token("bea").await);
    // It is 2 o'clock on the first of July in Amsterdam.
    let made = signed.post(&mia, "/api/v1/covers", &cover("bea", "ann", "2026-07-02", "2026-07-03")).await;
    assert_eq!(made.status, 201);
    assert_eq!(made.json()["made_by"], signed.account("mia").id.to_string());
    assert!(!sees(&signed, &ann).await);
    signed.clock.advance(22 * HOUR - Duration::from_secs(1));
    assert!(!sees(&signed, &ann).await, "a second before midnight in Amsterdam");
    signed.clock.advance(Duration::from_secs(1));
    assert!(sees(&signed, &ann).await, "it is the second of July");
    let acts = signed.record(&ann, &contact(2, 3, "2026-01-07", "een")).await;
    assert_eq!((acts.status, &acts.json()["actor"]), (201, &json!(signed.account("ann").id)), "under her own name");
    assert_eq!(signed.get(&bea, &format!("/api/v1/trajectories/{}", trajectory(2))).await.status, 200, "who is absent sees it too");
    signed.clock.advance(2 * DAY - Duration::from_secs(1));
    assert!(sees(&signed, &ann).await, "the last second of the last day");
    signed.clock.advance(Duration::from_secs(1));
    assert!(!sees(&signed, &ann).await, "the day after");
    signed.record(&ann, &contact(2, 4, "2026-01-07", "een")).await.is_problem(404, "not_found");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cover_that_is_ended_covers_no_more_and_is_told_as_history() {
    let (signed, mia, ann) = recorded().await;
    let made = signed.post(&mia, "/api/v1/covers", &cover("bea", "ann", "2026-07-01", "2026-07-31")).await.json();
    assert!(sees(&signed, &ann).await);
    assert_eq!(signed.get(&mia, "/api/v1/covers").await.json()["covers"].as_array().unwrap().len(), 1);
    let path = format!("/api/v1/covers/{}", made["id"].as_str().unwrap());
    assert_eq!(signed.ask(&mia, Method::DELETE, &path, &Value::Null).await.status, 204);
    assert!(!sees(&signed, &ann).await);
    signed.ask(&mia, Method::DELETE, &path, &Value::Null).await.is_problem(409, "conflict");
    assert_eq!(signed.get(&mia, "/api/v1/covers").await.json(), json!({"covers": []}));
    let all = signed.get(&mia, "/api/v1/covers?passed=true").await.json();
    assert_eq!(all["covers"][0]["ended_by"], signed.account("mia").id.to_string());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cover_opens_nothing_of_another_organisation_and_is_no_chain() {
    let (signed, mia, ann) = recorded().await;
    let max = signed.session("max").await;
    // A coach of the same short name stands in, elsewhere.
    assert_eq!(signed.post(&max, "/api/v1/covers", &cover("bea", "ann", "2026-07-01", "2026-07-31")).await.status, 201);
    assert!(!sees(&signed, &ann).await);
    // Bea stands in for Carl, and Ann for Bea: what is Carl's is not Ann's.
    assert_eq!(signed.record(&mia, &case(4, "org-1", "carl")).await.status, 201);
    assert_eq!(signed.post(&mia, "/api/v1/covers", &cover("carl", "bea", "2026-07-01", "2026-07-31")).await.status, 201);
    assert_eq!(signed.post(&mia, "/api/v1/covers", &cover("bea", "ann", "2026-07-01", "2026-07-31")).await.status, 201);
    assert!(sees(&signed, &ann).await);
    let carls = format!("/api/v1/trajectories/{}", trajectory(4));
    assert_eq!(signed.get(&signed.session("bea").await, &carls).await.status, 200);
    signed.get(&ann, &carls).await.is_problem(404, "not_found");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_manager_makes_and_ends_covers_of_their_own_organisation_only() {
    let (signed, mia, _) = recorded().await;
    let max = signed.session("max").await;
    let made = signed.post(&mia, "/api/v1/covers", &cover("bea", "ann", "2026-07-01", "2026-07-31")).await.json();
    assert_eq!(made["organisation"], "org-1");
    assert_eq!(signed.get(&max, "/api/v1/covers?passed=true").await.json(), json!({"covers": []}));
    let path = format!("/api/v1/covers/{}", made["id"].as_str().unwrap());
    signed.ask(&max, Method::DELETE, &path, &Value::Null).await.is_problem(404, "not_found");
    let mut elsewhere = cover("bea", "ann", "2026-07-01", "2026-07-31");
    elsewhere["organisation"] = "org-2".into();
    signed.post(&mia, "/api/v1/covers", &elsewhere).await.is_problem(400, "malformed");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cover_that_breaks_a_rule_is_refused_with_its_name() {
    let (signed, mia, _) = recorded().await;
    for (wrong, code) in [
        (cover("bea", "bea", "2026-07-01", "2026-07-31"), "cover_of_oneself"),
        (cover("bea", "ann", "2026-07-31", "2026-07-01"), "cover_days"),
        (cover("bea", "ann", "2026-07-01", "2028-07-01"), "cover_days"),
        (cover("bea", "carl", "2026-07-01", "2026-07-31"), "cover_by_nobody"),
        (cover("bea", "mia", "2026-07-01", "2026-07-31"), "cover_by_nobody"),
    ] {
        signed.post(&mia, "/api/v1/covers", &wrong).await.is_problem(422, code);
    }
    for wrong in [cover("Bea B", "ann", "2026-07-01", "2026-07-31"), cover("bea", "ann", "1-7-2026", "2026-07-31"), json!({}), json!(7)] {
        let problem = signed.post(&mia, "/api/v1/covers", &wrong).await.is_problem(400, "malformed");
        assert!(!problem.to_string().contains("Bea B"), "nothing is repeated");
    }
    assert_eq!(signed.get(&mia, "/api/v1/covers").await.json(), json!({"covers": []}));
}
