//! Every endpoint and every kind of caller: `endpoints.txt` says by hand what is answered, and this asks for all of it, each on a service of its
//! own.

use std::collections::BTreeSet;

use accounts::{By, NewCover, Password};
use axum::http::Method;
use gateway::access::Role;
use http_body_util::Full;
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use serde_json::{Value, json};
use tokio::net::TcpStream;
use uuid::Uuid;

use crate::{
    signed::{BETTER, GOOD, Signed, Who, case},
    world::{self, contact, id, trajectory},
};

/// What each endpoint answers to whom, written down without looking at the code.
const LINES: &str = include_str!("endpoints.txt");
/// The kinds of callers, by the account that stands for each.
const KINDS: [(&str, Option<&str>); 6] = [
    ("nobody", None),
    ("coach", Some("ann")),
    ("manager", Some("mia")),
    ("analyst", Some("lena")),
    ("auditor", Some("otto")),
    ("administrator", Some("root")),
];

struct Line {
    method: Method,
    endpoint: &'static str,
    /// By kind of caller.
    statuses: Vec<u16>,
    by_token: Option<u16>,
    one_time: u16,
}

fn lines() -> Vec<Line> {
    let mut lines = LINES.lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
    let head: Vec<&str> = lines.next().unwrap().split_whitespace().collect();
    let kinds: Vec<&str> = KINDS.iter().map(|(name, _)| *name).collect();
    assert_eq!(head, [&["method", "endpoint"], kinds.as_slice(), &["by_token", "one_time"]].concat());
    let read = |line: &'static str| {
        let words: Vec<&str> = line.split_whitespace().collect();
        assert_eq!(words.len(), head.len(), "{line}");
        let written = |word: &str| word.parse::<u16>().unwrap_or_else(|_| panic!("{word} in {line}"));
        let has_it = cfg!(feature = "pdf") || !words[1].ends_with(".pdf");
        let number = |word: &str| Some(written(word)).filter(|status| has_it || *status != 200).unwrap_or(404);
        Line {
            method: words[0].parse().unwrap(),
            endpoint: words[1],
            statuses: words[2..2 + KINDS.len()].iter().map(|word| number(word)).collect(),
            by_token: Some(words[head.len() - 2]).filter(|word| *word != "same").map(number),
            one_time: number(words[head.len() - 1]),
        }
    };
    lines.map(read).collect()
}

/// A service in which there is something of each kind.
struct Scene {
    signed: Signed,
    cover: Uuid,
}

impl Scene {
    async fn new() -> Self {
        let signed = Signed::new().await;
        let manager = signed.session("mia").await;
        assert_eq!(signed.record(&manager, &case(1, "org-1", "ann")).await.status, 201);
        let job = world::line(1, 9, "paid_work_started", "2026-02-02", json!({"job_id": id(0xf000_0000, 1)}));
        assert_eq!(signed.record(&manager, &job).await.status, 201);
        let cover = NewCover {
            organisation: "org-1".parse().unwrap(),
            absent: "bea".parse().unwrap(),
            by: "ann".parse().unwrap(),
            from: "2026-06-01".parse().unwrap(),
            until: "2026-07-31".parse().unwrap(),
        };
        let cover = signed.accounts.create_cover(signed.account("mia").id, cover).await.unwrap().id;
        Self { signed, cover }
    }

    /// The status of a well-formed request of this endpoint; `login` says whose own things it is about.
    async fn status(&self, line: &Line, who: &Who, login: Option<&str>, password: &str) -> u16 {
        let signed = &self.signed;
        let own = signed.account(login.unwrap_or("ann")).id;
        let other = signed.account("bea");
        let seen = json!({"revision": other.revision});
        let revision = other.revision.0.to_string();
        let (mut path, mut body, mut form) = (line.endpoint.to_owned(), Value::Null, None::<Vec<(&str, &str)>>);
        match (line.method.as_str(), line.endpoint) {
            ("POST", "/inloggen") => form = Some(vec![("login", "bea"), ("password", GOOD)]),
            ("POST", "/inloggen/organisatie") => form = Some(vec![("next", "/")]),
            ("POST", "/uitloggen") => form = Some(vec![]),
            ("POST", "/wachtwoord") => form = Some(vec![("old", password), ("new", BETTER), ("again", BETTER)]),
            ("PUT", "/api/v1/session/password") => body = json!({"old": password, "new": BETTER}),
            ("DELETE", "/api/v1/sessions/{id}") => {
                let session = match login {
                    Some(login) if password == GOOD => {
                        signed.accounts.sign_in(login, &Password::new(GOOD), "another").await.unwrap().session.id
                    }
                    _ => Uuid::nil(),
                };
                path = format!("/api/v1/sessions/{session}");
            }
            ("POST", "/api/v1/tokens") => body = json!({"name": "an app", "days": 30}),
            ("DELETE", "/api/v1/tokens/{id}") => {
                let (token, _) = signed.accounts.create_token(own, "an app", 30, None).await.unwrap();
                path = format!("/api/v1/tokens/{}", token.id);
            }
            ("POST", "/api/v1/accounts") => body = json!({"login": "new", "name": "New", "roles": ["auditor"]}),
            ("PUT", "/api/v1/accounts/{id}") => {
                path = format!("/api/v1/accounts/{}", other.id);
                let profile = json!({"login": "bea", "name": "Bea", "organisation": "org-1", "coach": "bea", "roles": ["coach"]});
                body = json!({"revision": other.revision, "profile": profile});
            }
            (
                "POST",
                "/api/v1/accounts/{id}/locks"
                | "/api/v1/accounts/{id}/unlocks"
                | "/api/v1/accounts/{id}/resets"
                | "/api/v1/accounts/{id}/handovers",
            ) => {
                path = line.endpoint.replace("{id}", &other.id.to_string());
                body = seen;
            }
            ("POST", "/api/v1/covers") => body = json!({"absent": "gone", "by": "ann", "from": "2026-07-01", "until": "2026-07-31"}),
            ("DELETE", "/api/v1/covers/{id}") => path = format!("/api/v1/covers/{}", self.cover),
            ("POST", "/api/v1/trajectories/{id}/events") => {
                path = line.endpoint.replace("{id}", &trajectory(1));
                body = contact(1, 2, "2026-01-06", "een");
            }
            ("POST", "/api/v1/events") => body = json!([contact(1, 3, "2026-01-06", "een")]),
            ("GET", "/api/v1/trajectories/{id}" | "/api/v1/trajectories/{id}/events") => {
                path = line.endpoint.replace("{id}", &trajectory(1))
            }
            ("GET", "/api/v1/figures/{quarter}" | "/api/v1/figures/{quarter}/live") => {
                path = format!("{}?scope=organisation:org-1", line.endpoint.replace("{quarter}", "2026Q1"));
            }
            ("GET", "/api/v1/figures/{quarter}/lineage") => {
                path = "/api/v1/figures/2026Q1/lineage?cell=all.running&scope=organisation:org-1".to_owned();
            }
            ("GET", "/cijfers/verklaring") => {
                path = "/cijfers/verklaring?kwartaal=2026Q1&gebied=organisation:org-1&cel=all.running".to_owned();
            }
            ("GET", "/cijfers/vragen/{slug}") => path = "/cijfers/vragen/vervolg".to_owned(),
            ("POST", "/cijfers/volledigheid") => form = Some(vec![("kwartaal", "2026Q1"), ("methode", "ips"), ("zeker", "ja")]),
            ("GET", "/static/{version}/{*name}") => path = format!("{}/app.css", pages::Assets::built_in().folder()),
            ("POST", "/voorkeuren") => form = Some(vec![("lang", "en")]),
            ("POST", "/account/sessies/{id}/stoppen") => {
                let session = match login {
                    Some(login) if password == GOOD => {
                        signed.accounts.sign_in(login, &Password::new(GOOD), "another").await.unwrap().session.id
                    }
                    _ => Uuid::nil(),
                };
                (path, form) = (format!("/account/sessies/{session}/stoppen"), Some(vec![]));
            }
            ("POST", "/account/tokens") => form = Some(vec![("name", "an app")]),
            ("POST", "/account/tokens/{id}/intrekken") => {
                let (token, _) = signed.accounts.create_token(own, "an app", 30, None).await.unwrap();
                (path, form) = (format!("/account/tokens/{}/intrekken", token.id), Some(vec![]));
            }
            ("GET", "/trajecten/{id}/vastleggen/{kind}") => path = format!("/trajecten/{}/vastleggen/outflow", trajectory(1)),
            ("GET", "/trajecten/{id}/vastleggen/{kind}/{about}") => {
                path = format!("/trajecten/{}/vastleggen/paid-work-changed/{}", trajectory(1), id(0xf000_0000, 1));
            }
            ("GET", "/trajecten/{id}/overdragen") => path = line.endpoint.replace("{id}", &trajectory(1)),
            ("GET", "/trajecten/{id}/aanpassen/{event}" | "/trajecten/{id}/intrekken/{event}" | "/trajecten/{id}/opnieuw/{event}") => {
                path = line.endpoint.replace("{id}", &trajectory(1)).replace("{event}", &id(0xe000_0001, 1));
            }
            ("GET", "/vastleggen/{kind}") => path = "/vastleggen/contact".to_owned(),
            ("GET", "/organisatie/vragen/{slug}") => path = "/organisatie/vragen/loon".to_owned(),
            ("POST", "/organisatie/waarneming") => {
                let until = [("until.day", "31"), ("until.month", "7"), ("until.year", "2026")];
                form = Some([&[("absent", "bea"), ("cover", "ann")], until.as_slice()].concat());
            }
            ("POST", "/organisatie/waarneming/{id}/stoppen") => {
                (path, form) = (format!("/organisatie/waarneming/{}/stoppen", self.cover), Some(vec![]));
            }
            ("GET", "/trajecten/{id}") => path = format!("/trajecten/{}", trajectory(1)),
            ("POST", endpoint) if endpoint.starts_with("/beheer/weergaven/") => {
                (path, form) = (endpoint.replace("{name}", "werkmonitor"), Some(vec![]));
            }
            ("GET", "/trajecten/{id}/openen") => path = format!("/trajecten/{}/openen", trajectory(1)),
            ("POST", "/trajecten/{id}/openen") => {
                (path, form) = (format!("/trajecten/{}/openen", trajectory(1)), Some(vec![("reason", "Een klacht.")]));
            }
            ("POST", "/trajecten/{id}/verzegelen") => (path, form) = (format!("/trajecten/{}/verzegelen", trajectory(1)), Some(vec![])),
            ("POST", "/beheer/accounts") => form = Some(vec![("name", "New"), ("username", "new"), ("role", "auditor")]),
            ("GET", "/beheer/accounts/{login}") => path = "/beheer/accounts/bea".to_owned(),
            ("POST", "/beheer/accounts/{login}") => {
                let fields = [("role", "coach"), ("role", "manager"), ("organisation", "org-1"), ("coach", "bea")];
                (path, form) = ("/beheer/accounts/bea".to_owned(), Some([&[("revision", revision.as_str())][..], &fields].concat()));
            }
            ("POST", endpoint) if endpoint.starts_with("/beheer/accounts/{login}/") => {
                (path, form) = (endpoint.replace("{login}", "bea"), Some(vec![("revision", revision.as_str())]));
            }
            (_, endpoint) if endpoint.contains("{name}") => path = endpoint.replace("{name}", "werkmonitor"),
            (_, endpoint) => assert!(!endpoint.contains('{'), "{endpoint}: say what it is asked about"),
        }
        let request = who.on(signed.request(line.method.clone(), &path));
        match form {
            Some(fields) => signed.form(request, &fields).await.status,
            // A stream has no end: its head is enough.
            None if path.contains("/live") => head_of(signed, request.body(Full::default()).unwrap()).await,
            None if body.is_null() => signed.send(request, "").await.status,
            None => signed.send(request.header("content-type", "application/json"), body.to_string()).await.status,
        }
    }
}

async fn head_of(signed: &Signed, request: axum::http::Request<Full<bytes::Bytes>>) -> u16 {
    let stream = TcpStream::connect(signed.world.address).await.unwrap();
    let (mut sender, connection) = http1::handshake(TokioIo::new(stream)).await.unwrap();
    tokio::spawn(connection);
    sender.send_request(request).await.unwrap().status().as_u16()
}

#[tokio::test(flavor = "multi_thread")]
async fn every_endpoint_answers_each_kind_of_caller_as_it_was_written_down() {
    for line in lines() {
        for ((kind, login), expected) in KINDS.into_iter().zip(&line.statuses) {
            let scene = Scene::new().await;
            let who = match login {
                Some(login) => scene.signed.session(login).await,
                None => Who::Nobody,
            };
            assert_eq!(scene.status(&line, &who, login, GOOD).await, *expected, "{kind}: {} {}", line.method, line.endpoint);
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_endpoint_answers_tokens_as_it_was_written_down() {
    for line in lines() {
        for ((kind, login), by_session) in KINDS.into_iter().zip(&line.statuses) {
            let Some(login) = login else { continue };
            let scene = Scene::new().await;
            let who = scene.signed.token(login).await;
            let expected = line.by_token.unwrap_or(*by_session);
            assert_eq!(scene.status(&line, &who, Some(login), GOOD).await, expected, "{kind}: {} {}", line.method, line.endpoint);
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn who_has_a_one_time_password_chooses_another_before_anything_else() {
    for line in lines() {
        for (kind, login) in KINDS {
            let Some(login) = login else { continue };
            let scene = Scene::new().await;
            let account = scene.signed.account(login);
            let (_, password) = scene.signed.accounts.reset(By::Machine, account.id, account.revision).await.unwrap();
            let who = scene.signed.session_by(login, password.expose()).await;
            let status = scene.status(&line, &who, Some(login), password.expose()).await;
            assert_eq!(status, line.one_time, "{kind}: {} {}", line.method, line.endpoint);
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_endpoint_that_there_is_has_its_line() {
    let signed = Signed::new().await;
    let there: BTreeSet<String> = signed.world.gateway.endpoints().map(|(method, path)| format!("{method} {path}")).collect();
    let lines = lines();
    let written: BTreeSet<String> = lines.iter().map(|line| format!("{} {}", line.method, line.endpoint)).collect();
    assert_eq!(written.len(), lines.len(), "no endpoint stands there twice");
    assert_eq!(written, there, "a new endpoint is written down: who may ask it?");
    assert_eq!(KINDS.len(), Role::ALL.len() + 1, "every role is asked for, and nobody");
}
