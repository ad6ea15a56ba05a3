//! What administrators do to accounts, and everybody to their own sessions and password, over HTTP.

use accounts::{By, ONE_TIME_LASTS};
use axum::http::Method;
use serde_json::{Value, json};

use crate::signed::{BETTER, GOOD, Signed, Who, cookie_set};

async fn accounts(signed: &Signed, root: &Who) -> Vec<Value> {
    let mut all = Vec::new();
    let mut next = Some("/api/v1/accounts?limit=3".to_owned());
    while let Some(path) = next {
        let page = signed.get(root, &path).await;
        let body = page.json();
        assert!(body["accounts"].as_array().unwrap().len() <= 3);
        all.extend(body["accounts"].as_array().unwrap().iter().cloned());
        next = body["next"].as_str().map(str::to_owned);
        assert_eq!(page.header("link").is_empty(), next.is_none());
    }
    all
}

async fn named(signed: &Signed, root: &Who, login: &str) -> Value {
    accounts(signed, root).await.into_iter().find(|account| account["login"] == login).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn an_account_is_made_with_a_password_for_one_sign_in() {
    let signed = Signed::new().await;
    let root = signed.session("root").await;
    let profile = json!({"login": "Carl", "name": "Carl", "organisation": "org-1", "coach": "carl", "roles": ["coach"]});
    let made = signed.post(&root, "/api/v1/accounts", &profile).await;
    assert_eq!((made.status, made.header("cache-control")), (201, "no-store"));
    let made = made.json();
    let password = made["one_time_password"].as_str().unwrap();
    assert_eq!((&made["account"]["login"], &made["account"]["must_change_password"]), (&json!("carl"), &json!(true)));
    assert_eq!(accounts(&signed, &root).await.len(), 9);
    let shown = accounts(&signed, &root).await;
    assert!(shown.iter().all(|account| !account.to_string().contains("argon2") && account.get("password").is_none()));
    let carl = signed.session_by("carl", password).await;
    signed.get(&carl, "/api/v1/trajectories").await.is_problem(403, "password_change_required");
    let chosen = signed.ask(&carl, Method::PUT, "/api/v1/session/password", &json!({"old": password, "new": BETTER})).await;
    assert_eq!((chosen.status, &chosen.json()["must_change_password"]), (200, &json!(false)));
    let csrf = chosen.json()["csrf"].as_str().unwrap().to_owned();
    let carl = Who::Session { cookie: cookie_set(&chosen).to_owned(), csrf, account: String::new() };
    assert_eq!(signed.get(&carl, "/api/v1/trajectories").await.status, 200);
    // A one-time password that nobody used runs out.
    let late = json!({"login": "late", "name": "Late", "roles": ["analyst"]});
    let late = signed.post(&root, "/api/v1/accounts", &late).await.json();
    signed.clock.advance(ONE_TIME_LASTS);
    assert_eq!(signed.sign_in("late", late["one_time_password"].as_str().unwrap()).await.header("location"), "/inloggen?fout=onjuist");
}

#[tokio::test(flavor = "multi_thread")]
async fn locking_unlocking_resetting_and_other_roles_end_sessions() {
    let signed = Signed::new().await;
    let root = signed.session("root").await;
    let act = async |what: &str, body: Value| {
        let bea = named(&signed, &root, "bea").await;
        let path = format!("/api/v1/accounts/{}{what}", bea["id"].as_str().unwrap());
        let mut body = body;
        body["revision"] = bea["revision"].clone();
        signed.ask(&root, if what.is_empty() { Method::PUT } else { Method::POST }, &path, &body).await
    };
    let bea = signed.session("bea").await;
    assert_eq!(act("/locks", json!({})).await.json()["state"], "locked");
    signed.get(&bea, "/api/v1/session").await.is_problem(401, "unauthenticated");
    assert_eq!(signed.sign_in("bea", GOOD).await.header("location"), "/inloggen?fout=onjuist");
    assert_eq!(act("/unlocks", json!({})).await.json()["state"], "active");
    let bea = signed.session("bea").await;
    let roles = json!({"profile": {"login": "bea", "name": "Bea", "organisation": "org-1", "roles": ["manager"]}});
    assert_eq!(act("", roles).await.json()["roles"], json!(["manager"]));
    signed.get(&bea, "/api/v1/session").await.is_problem(401, "unauthenticated");
    let bea = signed.session("bea").await;
    assert_eq!(signed.get(&bea, "/api/v1/covers").await.status, 200);
    let name = json!({"profile": {"login": "bea", "name": "Bea B.", "organisation": "org-1", "roles": ["manager"]}});
    assert_eq!(act("", name).await.json()["name"], "Bea B.");
    assert_eq!(signed.get(&bea, "/api/v1/session").await.status, 200, "another name changes nothing about what she may");
    let reset = act("/resets", json!({})).await.json();
    signed.get(&bea, "/api/v1/session").await.is_problem(401, "unauthenticated");
    assert_eq!(signed.sign_in("bea", GOOD).await.header("location"), "/inloggen?fout=onjuist");
    signed.session_by("bea", reset["one_time_password"].as_str().unwrap()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_changes_at_once_the_second_looks_again() {
    let signed = Signed::new().await;
    let root = signed.session("root").await;
    let bea = named(&signed, &root, "bea").await;
    let lock = async || {
        let path = format!("/api/v1/accounts/{}/locks", bea["id"].as_str().unwrap());
        signed.post(&root, &path, &json!({"revision": bea["revision"]})).await
    };
    assert_eq!(lock().await.status, 200);
    lock().await.is_problem(409, "conflict");
    let nobody = "/api/v1/accounts/00000000-0000-4000-8000-000000000000/locks";
    signed.post(&root, nobody, &json!({"revision": 1})).await.is_problem(404, "not_found");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_breaks_a_rule_is_refused_with_its_name() {
    let signed = Signed::new().await;
    let root = signed.session("root").await;
    for (profile, code) in [
        (json!({"login": "ann", "name": "Ann", "roles": ["analyst"]}), "login_taken"),
        (json!({"login": "x", "name": "", "roles": ["analyst"]}), "name_form"),
        (json!({"login": "x", "name": "X", "roles": []}), "no_role"),
        (json!({"login": "x", "name": "X", "roles": ["manager"]}), "needs_organisation"),
        (json!({"login": "x", "name": "X", "organisation": "org-1", "roles": ["coach"]}), "needs_coach"),
        (json!({"login": "x", "name": "X", "organisation": "org-1", "coach": "ann", "roles": ["coach"]}), "coach_taken"),
        (json!({"login": "x", "name": "X", "roles": ["administrator", "auditor"]}), "duties_together"),
    ] {
        signed.post(&root, "/api/v1/accounts", &profile).await.is_problem(422, code);
    }
    let own = named(&signed, &root, "root").await;
    let path = format!("/api/v1/accounts/{}", own["id"].as_str().unwrap());
    signed.post(&root, &format!("{path}/locks"), &json!({"revision": own["revision"]})).await.is_problem(422, "own_account");
    for act in ["resets", "handovers"] {
        let path = format!("{path}/{act}");
        signed.post(&root, &path, &json!({"revision": own["revision"]})).await.is_problem(422, "own_account");
    }
    let demoted = json!({"revision": own["revision"], "profile": {"login": "root", "name": "Root", "roles": ["analyst"]}});
    signed.ask(&root, Method::PUT, &path, &demoted).await.is_problem(422, "own_account");
    let promoted = json!({"login": "root", "name": "Root", "organisation": "org-1", "roles": ["administrator", "manager"]});
    let promoted = json!({"revision": own["revision"], "profile": promoted});
    signed.ask(&root, Method::PUT, &path, &promoted).await.is_problem(422, "own_account");
    for wrong in [
        json!({"login": "Mevrouw De Wit", "name": "X", "roles": ["analyst"]}),
        json!({"login": "x", "name": "X", "roles": ["Mevrouw De Wit"]}),
        json!({"login": "x", "name": "X", "roles": ["analyst"], "Mevrouw De Wit": 1}),
        json!({"login": "x", "name": "X", "roles": ["analyst"], "id": 7}),
        json!("Mevrouw De Wit"),
    ] {
        let problem = signed.post(&root, "/api/v1/accounts", &wrong).await.is_problem(400, "malformed");
        assert!(!problem.to_string().contains("De Wit"), "{problem}");
    }
    assert_eq!(accounts(&signed, &root).await.len(), 8);
}

#[tokio::test(flavor = "multi_thread")]
async fn one_sees_and_ends_ones_own_sessions() {
    let signed = Signed::new().await;
    let (here, phone, bea) = (signed.session("ann").await, signed.session("ann").await, signed.session("bea").await);
    let sessions = signed.get(&here, "/api/v1/sessions").await.json()["sessions"].as_array().unwrap().clone();
    assert_eq!(sessions.len(), 2);
    assert_eq!(sessions.iter().filter(|session| session["current"] == true).count(), 1);
    assert!(sessions.iter().all(|session| session["agent"] == "curl" && session["ends"] == "2026-07-01T12:00:00.000000Z"), "{sessions:?}");
    let other = sessions.iter().find(|session| session["current"] == false).unwrap();
    let path = format!("/api/v1/sessions/{}", other["id"].as_str().unwrap());
    signed.ask(&bea, Method::DELETE, &path, &Value::Null).await.is_problem(404, "not_found");
    let ended = signed.ask(&here, Method::DELETE, &path, &Value::Null).await;
    assert_eq!((ended.status, ended.header("set-cookie")), (204, ""));
    signed.get(&phone, "/api/v1/session").await.is_problem(401, "unauthenticated");
    let own = sessions.iter().find(|session| session["current"] == true).unwrap();
    let ended = signed.ask(&here, Method::DELETE, &format!("/api/v1/sessions/{}", own["id"].as_str().unwrap()), &Value::Null).await;
    assert!(ended.status == 204 && ended.header("set-cookie").contains("Max-Age=0"));
    signed.get(&here, "/api/v1/session").await.is_problem(401, "unauthenticated");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_password_ends_all_other_sessions_and_renews_this_one() {
    let signed = Signed::new().await;
    let (here, phone) = (signed.session("ann").await, signed.session("ann").await);
    let change =
        async |old: &str, new: &str| signed.ask(&here, Method::PUT, "/api/v1/session/password", &json!({"old": old, "new": new})).await;
    change("verkeerd wachtwoord", BETTER).await.is_problem(403, "password_refused");
    for (new, code) in [
        ("kort", "password_too_short"),
        (GOOD, "password_unchanged"),
        ("ann van de overkant", "password_contains_login"),
        (&"x".repeat(129), "password_too_long"),
    ] {
        change(GOOD, new).await.is_problem(422, code);
    }
    assert_eq!(signed.get(&phone, "/api/v1/session").await.status, 200, "nothing has changed");
    let changed = change(GOOD, BETTER).await;
    assert_eq!(changed.status, 200);
    let Who::Session { cookie, csrf, .. } = &here else { panic!("a session") };
    assert_ne!((cookie_set(&changed), changed.json()["csrf"].as_str().unwrap()), (cookie.as_str(), csrf.as_str()));
    for old in [&here, &phone] {
        signed.get(old, "/api/v1/session").await.is_problem(401, "unauthenticated");
    }
    let bea = signed.session("bea").await;
    for wrong in [json!({"old": GOOD}), json!({"old": GOOD, "new": 7}), json!({"old": GOOD, "new": BETTER, "account": "ann"})] {
        let problem = signed.ask(&bea, Method::PUT, "/api/v1/session/password", &wrong).await.is_problem(400, "malformed");
        assert!(!problem.to_string().contains("vlinders"), "no password is repeated");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn without_accounts_there_is_nothing_at_these_addresses() {
    let world = crate::world::World::new().await;
    for path in ["/inloggen", "/wachtwoord", "/api/v1/session", "/api/v1/sessions", "/api/v1/tokens", "/api/v1/accounts", "/api/v1/covers"]
    {
        world.get(path).await.is_problem(404, "not_found");
    }
    world.post("/uitloggen", "").await.is_problem(404, "not_found");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lock_by_the_operator_is_seen_by_the_next_request() {
    let signed = Signed::new().await;
    let root = signed.session("root").await;
    assert_eq!(signed.get(&root, "/api/v1/accounts").await.status, 200);
    let second = signed
        .accounts
        .create(By::Machine, crate::signed::profile("root-2", accounts::Role::Administrator, None, None), accounts::FirstPassword::OneTime)
        .await
        .unwrap();
    let account = signed.account("root");
    signed.accounts.lock(By::Account(second.0.id), account.id, account.revision).await.unwrap();
    signed.get(&root, "/api/v1/accounts").await.is_problem(401, "unauthenticated");
}
