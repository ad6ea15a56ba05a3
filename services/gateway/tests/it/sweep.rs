//! Two organisations, and every address that there is: whoever asks about the other one finds nothing of it, and is told the same as when it
//! were not there.

use accounts::{By, FirstPassword, NewCover, Password};
use axum::http::Method;
use http_body_util::Full;
use serde_json::{Value, json};

use crate::{
    signed::{GOOD, Signed, Who, case, profile},
    world::{Answer, contact, exchange, id, line, trajectory},
};

const PAGE: &str = "text/html,application/xhtml+xml";

/// What stands in the place of what an address names: of the other organisation, and of nobody. Both lists go together.
struct Ids {
    trajectory: String,
    event: String,
    job: String,
    cover: String,
    session: String,
    token: String,
    account: String,
    login: String,
}

impl Ids {
    fn of_nobody() -> Self {
        let not_there = |kind| id(kind, 999);
        Self {
            trajectory: trajectory(999),
            event: not_there(0xe000_0001),
            job: not_there(0xf000_0000),
            cover: not_there(0xaa00_0000),
            session: not_there(0xab00_0000),
            token: "abcdefghijkl".to_owned(),
            account: not_there(0xac00_0000),
            login: "nobody-van-elders".to_owned(),
        }
    }
}

struct Scene {
    signed: Signed,
    theirs: Ids,
    /// What may not be seen of the other organisation by anybody of this one.
    marks: Vec<String>,
    /// The texts of both.
    texts: [&'static str; 4],
}

/// Trajectory 1 is of Ann of organisation 1; 3 is of Zoë of organisation 2, with work, a note and a cover.
async fn scene() -> Scene {
    let signed = Signed::new().await;
    for (login, coach) in [("zoe-van-elders", "zoe"), ("kim-van-elders", "kim")] {
        let given = FirstPassword::Given(Password::new(GOOD));
        signed.accounts.create(By::Machine, profile(login, accounts::Role::Coach, Some("org-2"), Some(coach)), given).await.unwrap();
    }
    let (mia, max) = (signed.session("mia").await, signed.session("max").await);
    for (who, n, organisation, coach, label, note, employer) in [
        (&mia, 1, "org-1", "ann", "Naam van hier", "Notitie van hier", "Bakkerij Hier"),
        (&max, 3, "org-2", "zoe", "Naam van elders", "Notitie van elders", "Bakkerij Elders"),
    ] {
        let mut intake = case(n, organisation, coach);
        intake["data"]["label"] = label.into();
        let job = json!({"job_id": id(0xf000_0000, n), "employer": employer});
        for mut event in [intake, line(n, 9, "paid_work_started", "2026-02-02", job), contact(n, 7, "2026-02-03", note)] {
            event["organisation"] = organisation.into();
            assert_eq!(signed.record(who, &event).await.status, 201);
        }
    }
    let cover = NewCover {
        organisation: "org-2".parse().unwrap(),
        absent: "zoe".parse().unwrap(),
        by: "kim".parse().unwrap(),
        from: "2026-06-01".parse().unwrap(),
        until: "2026-07-31".parse().unwrap(),
    };
    let zoe = signed.account("zoe-van-elders").id;
    let theirs = Ids {
        trajectory: trajectory(3),
        event: id(0xe000_0009, 3),
        job: id(0xf000_0000, 3),
        cover: signed.accounts.create_cover(signed.account("max").id, cover).await.unwrap().id.to_string(),
        session: signed.accounts.sign_in("zoe-van-elders", &Password::new(GOOD), "Eldersbrowser").await.unwrap().session.id.to_string(),
        token: signed.accounts.create_token(zoe, "App van elders", 30, None).await.unwrap().0.id.to_string(),
        account: zoe.to_string(),
        login: "zoe-van-elders".to_owned(),
    };
    let mut marks: Vec<String> =
        [&theirs.trajectory, &theirs.event, &theirs.job, &theirs.cover, &theirs.session, &theirs.token, &theirs.account]
            .map(String::clone)
            .to_vec();
    marks.extend([id(0xc000_0000, 3), id(0xe000_0000 + 1, 3), id(0xe000_0000 + 7, 3)]);
    marks.push(signed.account("max").id.to_string());
    marks.extend(["elders", "Elders", "Name of max", "org-2", "Org 2"].map(str::to_owned));
    Scene { signed, theirs, marks, texts: ["Naam van", "Notitie van", "Bakkerij Hier", "Bakkerij Elders"] }
}

/// The addresses of an endpoint with these in the place of what it names, and with each question that could lead elsewhere.
fn addresses(path: &str, ids: &Ids, own: &Ids) -> Vec<String> {
    let kinds: &[&str] = if path.contains("{kind}") {
        &[
            "contact",
            "outflow",
            "transfer",
            "retraction",
            "trajectory-changed",
            "paid-work-changed",
            "paid-work-stopped",
            "intake",
            "nothing",
        ]
    } else {
        &[""]
    };
    let thing = |ids: &Ids| {
        if path.contains("trajecten") || path.contains("trajectories") {
            ids.trajectory.clone()
        } else if path.contains("session") || path.contains("sessies") {
            ids.session.clone()
        } else if path.contains("token") {
            ids.token.clone()
        } else if path.contains("account") {
            ids.account.clone()
        } else {
            ids.cover.clone()
        }
    };
    let slugs =
        if path.contains("{slug}") { vec!["loon", "variant", "contract", "onbetaald-werk", "vervolg", &*ids.cover] } else { vec![""] };
    let mut all = Vec::new();
    for kind in kinds {
        for (of, event, about) in
            [(thing(ids), &ids.event, &ids.job), (thing(own), &ids.event, &ids.job), (thing(ids), &own.event, &own.job)]
        {
            // With one's own in every place it is nobody else's.
            if !path.contains("{event}") && !path.contains("{about}") && of == thing(own) {
                continue;
            }
            for slug in &slugs {
                let address = path
                    .replace("{id}", &of)
                    .replace("{login}", &ids.login)
                    .replace("{event}", event)
                    .replace("{about}", about)
                    .replace("{kind}", kind)
                    .replace("{slug}", slug)
                    .replace("{quarter}", "2026Q1")
                    .replace("{version}", "0123456789abcdef")
                    .replace("{*name}", "app.css")
                    .replace("{name}", "werkmonitor");
                assert!(!address.contains('{'), "{address}: say what it is asked about");
                all.push(address);
            }
        }
    }
    all
}

/// Everything that an answer says, but for which request it was and when.
fn said(answer: &Answer) -> String {
    let mut headers: Vec<String> =
        answer.headers.iter().map(|(name, value)| format!("{name}: {}", value.to_str().unwrap_or_default())).collect();
    headers.retain(|header| !header.starts_with("x-request-id:") && !header.starts_with("date:"));
    headers.sort();
    let mut body = String::from_utf8_lossy(&answer.body).into_owned();
    if let Ok(mut problem @ Value::Object(_)) = serde_json::from_str::<Value>(&body) {
        problem["request_id"] = Value::Null;
        body = problem.to_string();
    }
    let named = answer.header("x-request-id");
    if !named.is_empty() {
        body = body.replace(named, "");
        headers.retain(|header| !header.starts_with("content-length:"));
    }
    format!("{}\n{}\n\n{body}", answer.status, headers.join("\n"))
}

const QUESTIONS: [&str; 7] = [
    "",
    "?organisation=org-2",
    "?coach=zoe",
    "?zoek=elder",
    "?afgesloten=1",
    "?scope=organisation:org-2",
    "?scope=region:AM18,organisation:org-2&disclosure=internal",
];

async fn look(signed: &Signed, who: &Who, path: &str, accept: &str) -> Answer {
    let request = who.on(signed.request(Method::GET, path)).header("accept", accept);
    exchange(signed.world.address, request.body(Full::default()).unwrap()).await
}

#[tokio::test(flavor = "multi_thread")]
async fn no_address_tells_a_coach_or_a_manager_anything_of_another_organisation() {
    let Scene { signed, theirs, marks, .. } = scene().await;
    let own = Ids { trajectory: trajectory(1), event: id(0xe000_0009, 1), job: id(0xf000_0000, 1), ..Ids::of_nobody() };
    let mut asked = 0;
    for login in ["ann", "mia"] {
        for who in [signed.session(login).await, signed.token(login).await] {
            for (_, path) in signed.world.gateway.endpoints().filter(|(method, _)| *method == "GET") {
                for address in addresses(path, &theirs, &own) {
                    for question in QUESTIONS {
                        for accept in [PAGE, "application/json"] {
                            let answer = look(&signed, &who, &format!("{address}{question}"), accept).await;
                            let told = said(&answer);
                            for mark in &marks {
                                assert!(!told.contains(mark.as_str()), "{login} asks {address}{question} and finds {mark} in {told}");
                            }
                            asked += 1;
                        }
                    }
                }
            }
        }
    }
    assert!(asked > 1_000, "{asked}");
    // It would be found if it were told: their own manager finds each of these.
    let max = signed.session("max").await;
    let found = said(&look(&signed, &max, &format!("/trajecten/{}", trajectory(3)), PAGE).await);
    for mark in ["Naam van elders", "Notitie van elders", "Bakkerij Elders", "Name of zoe-van-elders", &theirs.event] {
        assert!(found.contains(mark), "{mark} in {found}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_anothers_and_what_is_not_there_are_told_the_same_at_every_address() {
    let Scene { signed, theirs, .. } = scene().await;
    let own = Ids { trajectory: trajectory(1), event: id(0xe000_0009, 1), job: id(0xf000_0000, 1), ..Ids::of_nobody() };
    let nobodys = Ids::of_nobody();
    let before = signed.recorded().await;
    let mut compared = 0;
    for login in ["ann", "mia"] {
        let who = signed.session(login).await;
        for (method, path) in signed.world.gateway.endpoints().filter(|(_, path)| path.contains("{id}")) {
            let method: Method = method.parse().unwrap();
            for (foreign, absent) in addresses(path, &theirs, &own).into_iter().zip(addresses(path, &nobodys, &own)) {
                for accept in [PAGE, "application/json"] {
                    let ask = async |address: &str, ids: &Ids| {
                        let mut event = contact(1, 77, "2026-02-04", "x");
                        event["trajectory_id"] = ids.trajectory.clone().into();
                        let body = if method == Method::GET { String::new() } else { event.to_string() };
                        let request = who.on(signed.request(method.clone(), address)).header("accept", accept);
                        let request = request.header("content-type", "application/json").body(Full::from(body)).unwrap();
                        said(&exchange(signed.world.address, request).await)
                    };
                    let (of_others, of_nobody) = (ask(&foreign, &theirs).await, ask(&absent, &nobodys).await);
                    // The log says of a trajectory that was never begun that it has no intake; of one's colleague's and others' it says nothing.
                    if !(path.ends_with("/trajectories/{id}/events") && method == Method::POST) {
                        assert_eq!(of_others, of_nobody, "{login}: {method} {foreign}, {absent}");
                    } else {
                        assert!(of_others.starts_with("404"), "{of_others}");
                    }
                    compared += 1;
                }
            }
        }
    }
    assert!(compared > 100, "{compared}");
    assert_eq!(signed.recorded().await, before, "nothing was recorded");
    let max = signed.account("max").profile.organisation.clone().unwrap();
    assert!(signed.accounts.covers_of(&max).iter().all(|cover| cover.ended.is_none()), "no cover of others has ended");
    let zoe = signed.account("zoe-van-elders");
    assert_eq!((signed.accounts.sessions_of(zoe.id).len(), signed.accounts.tokens_of(zoe.id).len()), (1, 1));
    assert_eq!(zoe.state, accounts::AccountState::Active);
}

#[tokio::test(flavor = "multi_thread")]
async fn no_address_tells_an_auditor_a_text() {
    let Scene { signed, theirs, texts, .. } = scene().await;
    let own = Ids { trajectory: trajectory(1), event: id(0xe000_0009, 1), job: id(0xf000_0000, 1), ..Ids::of_nobody() };
    let mut seen = 0;
    for who in [signed.session("otto").await, signed.token("otto").await] {
        // A stream has no end; what the log's tells an auditor is asked in `sign_in.rs`.
        let paths = signed.world.gateway.endpoints().filter(|(method, path)| *method == "GET" && !path.ends_with("/live"));
        for (_, path) in paths {
            for address in addresses(path, &theirs, &own).into_iter().chain(addresses(path, &own, &theirs)) {
                for accept in [PAGE, "application/json", "text/csv"] {
                    let told = said(&look(&signed, &who, &address, accept).await);
                    seen += usize::from(told.starts_with("200") && told.contains(&theirs.trajectory));
                    for text in texts {
                        assert!(!told.contains(text), "{address} tells {text} in {told}");
                    }
                }
            }
        }
    }
    assert!(seen >= 6, "an auditor reads trajectories of all: {seen}");
}
