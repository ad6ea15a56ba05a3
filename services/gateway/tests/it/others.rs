//! Of what is not one's own nothing is seen, and that it is there is not told: by the API, by a live stream, by NATS.

use axum::http::Method;
use serde_json::{Value, json};

use crate::{
    signed::{Signed, Who, case},
    tokens::OverNats,
    world::{Answer, contact, trajectory},
};

/// Trajectory 1 is of Ann, 2 of her colleague Bea, 3 of the other Ann of organisation 2; there is no 9.
async fn recorded() -> Signed {
    let signed = Signed::new().await;
    fill(&signed).await;
    signed
}

async fn fill(signed: &Signed) {
    let (mia, max) = (signed.session("mia").await, signed.session("max").await);
    for (manager, event) in [(&mia, case(1, "org-1", "ann")), (&mia, case(2, "org-1", "bea")), (&max, case(3, "org-2", "ann"))] {
        assert_eq!(signed.record(manager, &event).await.status, 201);
    }
}

/// What an answer says, but for which request it was.
fn said(answer: &Answer) -> (u16, Value) {
    let mut body = answer.json();
    body["request_id"] = Value::Null;
    (answer.status, body)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_trajectory_of_others_is_answered_as_one_that_is_not_there() {
    let signed = recorded().await;
    let before = signed.recorded().await;
    for (login, own, foreign) in
        [("ann", vec![1], vec![2, 3]), ("mia", vec![1, 2], vec![3]), ("ann-2", vec![3], vec![1, 2]), ("max", vec![3], vec![1, 2])]
    {
        for who in [signed.session(login).await, signed.token(login).await] {
            let looks = ["", "/events", "?on=2026-01-06", "?asOf=1", "/events?asOf=1"];
            for look in looks {
                let ask = async |n: u32| signed.get(&who, &format!("/api/v1/trajectories/{}{look}", trajectory(n))).await;
                let not_there = ask(9).await;
                not_there.is_problem(404, "not_found");
                for n in &foreign {
                    assert_eq!(said(&ask(*n).await), said(&not_there), "{login} {n}{look}");
                }
                for n in &own {
                    let answer = ask(*n).await;
                    // What was not yet recorded then is not there either.
                    assert!(answer.status == 200 || (look.contains("asOf") && *n > 1), "{login} {n}{look}: {}", answer.status);
                }
            }
            let of = signed.account(login).profile.organisation.clone().unwrap().to_string();
            // A colleague's and another organisation's are told alike; of none at all it is told that it has no intake yet.
            for n in &foreign {
                let mut event = contact(*n, 7, "2026-01-06", "een");
                event["organisation"] = of.clone().into();
                let problem = signed.record(&who, &event).await.is_problem(404, "not_found");
                assert_eq!(problem["detail"], "there is no such trajectory", "{login} writes {n}");
            }
        }
    }
    assert_eq!(signed.recorded().await, before, "nothing was recorded");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_list_and_an_outbox_hold_what_is_ones_own_and_say_nothing_of_the_rest() {
    let signed = recorded().await;
    for (login, own) in
        [("ann", vec![1]), ("bea", vec![2]), ("mia", vec![1, 2]), ("ann-2", vec![3]), ("max", vec![3]), ("otto", vec![1, 2, 3])]
    {
        let who = signed.session(login).await;
        let wanted: Vec<Value> = own.iter().map(|n| trajectory(*n).into()).collect();
        for query in ["", "?organisation=org-1", "?organisation=org-2", "?coach=ann", "?running=true&sort=-started"] {
            let page = signed.get(&who, &format!("/api/v1/trajectories{query}")).await.json();
            let found: Vec<&Value> = page["trajectories"].as_array().unwrap().iter().map(|one| &one["trajectory_id"]).collect();
            assert!(found.iter().all(|one| wanted.contains(one)), "{login} {query}: {found:?}");
            assert!(!query.is_empty() || found.len() == wanted.len(), "{login}: {found:?}");
        }
    }
    let ann = signed.session("ann").await;
    let mut lying = contact(3, 7, "2026-01-06", "een");
    let honest = {
        let mut event = lying.clone();
        event["organisation"] = "org-2".into();
        event
    };
    lying["event_id"] = contact(3, 8, "2026-01-06", "een")["event_id"].clone();
    let outbox = json!([contact(1, 7, "2026-01-06", "een"), contact(2, 7, "2026-01-06", "een"), lying, honest]);
    let answers = signed.post(&ann, "/api/v1/events", &outbox).await.json();
    let statuses: Vec<u64> = answers.as_array().unwrap().iter().map(|one| one["status"].as_u64().unwrap()).collect();
    assert_eq!(statuses, [201, 404, 404, 403]);
}

#[tokio::test(flavor = "multi_thread")]
async fn figures_are_seen_of_ones_own_organisation_or_by_those_who_see_all() {
    let signed = recorded().await;
    for (login, national, one, two) in [
        ("mia", 403, 200, 403),
        ("max", 403, 403, 200),
        ("lena", 200, 200, 200),
        ("otto", 200, 200, 200),
        ("ann", 403, 403, 403),
        ("root", 403, 403, 403),
    ] {
        let who = signed.session(login).await;
        for (scope, status) in [
            ("national", national),
            ("region:AM18", national),
            ("organisation:org-1", one),
            ("organisation:org-2", two),
            ("region:AM18,organisation:org-2", two),
        ] {
            let answer = signed.get(&who, &format!("/api/v1/figures/2026Q1?scope={scope}")).await;
            assert_eq!(answer.status, status, "{login} {scope}");
            // What was published is for everybody who asks for that; nothing was.
            let public = signed.get(&who, &format!("/api/v1/figures/2026Q1?scope={scope}&disclosure=public")).await;
            public.is_problem(404, "not_found");
            if status == 403 {
                signed.get(&who, &format!("/api/v1/figures/2026Q1/live?scope={scope}")).await.is_problem(403, "forbidden");
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn who_may_see_no_text_is_shown_that_there_is_one() {
    let signed = recorded().await;
    let history = |n: u32| format!("/api/v1/trajectories/{}/events", trajectory(n));
    for login in ["ann", "mia"] {
        let who = signed.session(login).await;
        assert_eq!(signed.get(&who, &history(1)).await.json()[0]["data"]["label"], "Mevrouw De Wit");
    }
    let otto = signed.session("otto").await;
    for path in [history(1), history(3), "/api/v1/events".to_owned()] {
        let answer = signed.get(&otto, &path).await;
        let text = String::from_utf8_lossy(&answer.body).into_owned();
        assert!(answer.status == 200 && !text.contains("De Wit") && text.contains("{\"sealed\":true}"), "{path}: {text}");
        assert!(text.contains("\"region\":\"AM18\""), "everything else is there: {text}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn over_nats_others_trajectories_are_not_there_either() {
    let nats = OverNats::new().await;
    fill(&nats.signed).await;
    let Who::Token(token) = nats.signed.token("ann").await else { panic!("a token") };
    let bearer = format!("Bearer {token}");
    let told = async |n: u32| {
        let mut answer = nats.send("org-1", &[("Authorization", &bearer)], &contact(n, 7, "2026-01-06", "een")).await;
        answer["problem"]["request_id"] = Value::Null;
        answer["problem"]["event_id"] = Value::Null;
        answer
    };
    let (colleagues, elsewhere) = (told(2).await, told(3).await);
    assert_eq!((&colleagues["status"], &colleagues["problem"]["code"]), (&json!(404), &json!("not_found")));
    assert_eq!(colleagues, elsewhere);
    assert_eq!(told(1).await["status"], 201);
    assert_eq!(nats.signed.recorded().await, 4);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_trajectory_that_moves_to_another_coach_is_theirs_at_once() {
    let signed = recorded().await;
    let (ann, bea) = (signed.session("ann").await, signed.session("bea").await);
    let path = format!("/api/v1/trajectories/{}", trajectory(1));
    assert_eq!((signed.get(&ann, &path).await.status, signed.get(&bea, &path).await.status), (200, 404));
    let moved = crate::world::line(1, 5, "trajectory_changed", "2026-02-01", json!({"coach": "bea"}));
    assert_eq!(signed.record(&ann, &moved).await.status, 201);
    assert_eq!((signed.get(&ann, &path).await.status, signed.get(&bea, &path).await.status), (404, 200));
    // Whose it is today decides, whatever is asked for: who had it then sees nothing of then either.
    for asked in ["", "/events"] {
        for then in ["asOf=1", "asOf=2026-07-01T00:00:00Z", "asOf=4"] {
            let address = format!("{path}{asked}?{then}");
            signed.get(&ann, &address).await.is_problem(404, "not_found");
            assert_eq!(signed.get(&bea, &address).await.status, 200, "{address}");
        }
    }
    signed.ask(&ann, Method::POST, &format!("{path}/events"), &contact(1, 6, "2026-02-02", "een")).await.is_problem(404, "not_found");
}

/// The retraction of these events of trajectory 1 by their numbers, as one decision.
fn retractions(of: &[u32], n: u32) -> Value {
    let one = |(n, of): (u32, &u32)| {
        let data = json!({"event_id": crate::world::id(0xe000_0000 + of, 1), "reason": "Verkeerde persoon"});
        crate::world::line(1, n, "retraction", "2026-02-01", data)
    };
    json!({"events": (n..).zip(of).map(one).collect::<Vec<_>>()})
}

/// An intake of trajectory 1 with this number.
fn anew(n: u32, coach: &str) -> Value {
    let mut event = case(1, "org-1", coach);
    event["event_id"] = crate::world::id(0xe000_0000 + n, 1).into();
    event
}

#[tokio::test(flavor = "multi_thread")]
async fn a_trajectory_of_which_all_was_retracted_is_not_taken_over_by_a_colleague() {
    let signed = recorded().await;
    let (ann, bea, mia) = (signed.session("ann").await, signed.session("bea").await, signed.session("mia").await);
    let path = format!("/api/v1/trajectories/{}", trajectory(1));
    let events = format!("{path}/events");
    assert_eq!(signed.record(&ann, &contact(1, 2, "2026-01-06", "Heeft het zwaar")).await.status, 201);
    assert_eq!(signed.post(&ann, &events, &retractions(&[2, 1], 3)).await.status, 201);
    let before = signed.recorded().await;
    // She knows its id and its client: it is not there, whatever she says of it.
    let mut other_client = anew(10, "bea");
    other_client["data"]["client_id"] = crate::world::id(0xc000_0000, 8).into();
    for event in [anew(10, "bea"), other_client, anew(10, "ann"), contact(1, 10, "2026-02-02", "een"), case(1, "org-1", "ann")] {
        let problem = signed.record(&bea, &event).await.is_problem(404, "not_found");
        assert_eq!(problem["detail"], "there is no such trajectory", "{event}");
    }
    for address in [path.clone(), events.clone(), format!("/trajecten/{}", trajectory(1))] {
        assert_eq!(signed.get(&bea, &address).await.status, 404, "{address}");
    }
    assert_eq!(signed.recorded().await, before);
    // What was sent once more is there still, and whose it was begins it anew, or the manager.
    assert_eq!(signed.post(&ann, &events, &retractions(&[2, 1], 3)).await.status, 200);
    assert_eq!(signed.record(&ann, &anew(11, "ann")).await.status, 201);
    assert_eq!((signed.get(&ann, &path).await.status, signed.get(&bea, &path).await.status), (200, 404));
    assert_eq!(signed.post(&mia, &events, &retractions(&[11], 12)).await.status, 201);
    signed.record(&bea, &anew(13, "bea")).await.is_problem(404, "not_found");
    assert_eq!(signed.record(&mia, &anew(13, "ann")).await.status, 201);
    assert_eq!((signed.get(&ann, &path).await.status, signed.get(&bea, &path).await.status), (200, 404));
}

#[tokio::test(flavor = "multi_thread")]
async fn who_had_a_trajectory_last_begins_it_anew_also_after_a_handover_and_in_one_outbox() {
    let signed = recorded().await;
    let (ann, bea) = (signed.session("ann").await, signed.session("bea").await);
    let events = format!("/api/v1/trajectories/{}/events", trajectory(1));
    let moved = crate::world::line(1, 5, "trajectory_changed", "2026-02-01", json!({"coach": "bea"}));
    assert_eq!(signed.record(&ann, &moved).await.status, 201);
    assert_eq!(signed.post(&bea, &events, &retractions(&[5, 1], 6)).await.status, 201);
    signed.record(&ann, &anew(10, "ann")).await.is_problem(404, "not_found");
    // Begun, retracted and begun anew while a phone was offline: judged before anything of it is in the log.
    let statuses =
        |answer: &Answer| -> Vec<u64> { answer.json().as_array().unwrap().iter().map(|one| one["status"].as_u64().unwrap()).collect() };
    let retraction = |of: u32, n: u32| retractions(&[of], n)["events"][0].clone();
    let outbox = json!([anew(11, "bea"), retraction(11, 12), anew(13, "bea"), retraction(13, 14)]);
    assert_eq!(statuses(&signed.post(&bea, "/api/v1/events", &outbox).await), [201, 201, 201, 201]);
    signed.record(&ann, &anew(15, "ann")).await.is_problem(404, "not_found");
    assert_eq!(signed.record(&bea, &anew(15, "bea")).await.status, 201);
}
