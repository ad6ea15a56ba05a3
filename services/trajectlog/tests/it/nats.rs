//! The same commands on a log that NATS keeps, and the way from one log to the other.

use async_nats::jetstream::{self, kv};
use log_jetstream::testbed::{Server, Settings};
use serde_json::{Value, json};

use crate::{
    lines::{at, contact, intake, job, text, trajectory},
    served::Served,
    support::{Folder, Run, summary},
};

/// The program with its log on this server.
fn on(server: &Server, folder: &Folder, arguments: &[&str]) -> std::process::Command {
    let mut command = folder.command(&["--nats", &server.url(), "--nats-monitor", &server.monitor_url()]);
    command.args(arguments);
    command
}

fn run(server: &Server, folder: &Folder, arguments: &[&str]) -> Run {
    Run::of(on(server, folder, arguments).output().expect("the program starts"))
}

fn history() -> String {
    let lines = (1..40).flat_map(|n| [intake(n, "2025-01-06"), job(n, "2025-02-03"), contact(n, 3, "2025-02-04")]);
    let mut lines: Vec<_> =
        (0..).zip(lines).map(|(n, line)| at(line, &format!("2025-03-01T10:{:02}:{:02}.000001Z", n / 60, n % 60))).collect();
    // A decision of two, and who recorded it.
    let first = lines[3]["event_id"].clone();
    for line in &mut lines[3..5] {
        line["decision"] = first.clone();
        line["actor"] = "coach-7".into();
        line["recorded_at"] = "2025-03-01T10:00:03.5Z".into();
    }
    text(&lines)
}

/// Every process that shares a log needs the same master key.
fn share_master_key(from: &Folder, to: &Folder) {
    std::fs::create_dir_all(to.data().join("keys")).expect("a folder");
    std::fs::copy(from.data().join("keys/master.key"), to.data().join("keys/master.key")).expect("copied");
}

#[test]
fn every_command_answers_the_same_on_nats_as_on_a_folder() {
    let (server, folder) = (Server::start(), Folder::with(&history()));
    let lines = folder.file("history.jsonl", history());
    let there = run(&server, &folder, &["import", &lines]);
    assert_eq!((there.code, there.text(), there.err.as_str()), (0, summary(117, 0, 0).as_str(), ""));
    assert_eq!(run(&server, &folder, &["import", &lines]).text(), summary(0, 117, 0));
    for arguments in [
        &["export"][..],
        &["export", "--from", "40", "--as-of", "60"],
        &["export", "--trajectory", &trajectory(7)],
        &["figures", "--quarter", "2025Q1", "--format", "json", "--tables", "--as-of", "117"],
        &["figures", "--quarter", "2025Q1", "--format", "csv", "--as-of", "2025-03-01T10:00:30Z"],
        &["status", &trajectory(3), "--on", "2025-03-31", "--format", "json"],
        &["replay", "--from", "5", "--to", "9"],
    ] {
        let (folders, nats) = (folder.run(arguments).done(), run(&server, &folder, arguments));
        assert_eq!((nats.code, nats.text(), nats.err.as_str()), (0, folders.text(), ""), "{arguments:?}");
    }
    run(&server, &folder, &["export", "--as-of", "118"]).failed(2, "beyond the end");
}

#[test]
fn a_move_from_one_log_to_the_other_and_back_keeps_every_byte() {
    let (server, folder) = (Server::start(), Folder::with(&history()));
    let exported = folder.export();
    let lines = folder.file("moved.jsonl", &exported);
    assert_eq!(run(&server, &folder, &["import", &lines]).text(), summary(117, 0, 0));
    let on_nats = run(&server, &folder, &["export"]).done();
    assert_eq!(on_nats.text(), exported);
    let back = Folder::with(on_nats.text());
    assert_eq!(back.export(), exported);
}

#[test]
fn a_server_that_does_not_sync_is_refused_for_writing_unless_told_in_so_many_words() {
    let (server, folder) = (Server::with(Settings { default_sync: true, ..Settings::default() }), Folder::new());
    let lines = folder.file("history.jsonl", history());
    run(&server, &folder, &["import", &lines]).failed(3, "sync_interval");
    assert_eq!(run(&server, &folder, &["--nats-durability", "unsafe", "import", &lines]).code, 0);
}

#[test]
fn two_services_share_one_log_and_each_shows_what_the_other_took() {
    let server = Server::start();
    let (one, two) = (Folder::new(), Folder::new());
    let first = Served::with(on(&server, &one, &["serve"]), &[]);
    share_master_key(&one, &two);
    let second = Served::with(on(&server, &two, &["serve"]), &[]);
    let events = format!("/api/v1/trajectories/{}/events", trajectory(1));
    assert_eq!(first.post(&events, &intake(1, "2025-01-06").to_string()).status, 201);
    assert_eq!(second.post(&events, &intake(1, "2025-01-06").to_string()).status, 200, "a repetition at the other gateway");
    assert_eq!(second.post(&events, &job(1, "2025-02-03").to_string()).status, 201);
    first.wait_until("the first has seen it", || {
        first.get(&events).is_some_and(|answer| {
            answer.json().as_array().map_or(0, Vec::len) == 2 || answer.json()["events"].as_array().map_or(0, Vec::len) == 2
        })
    });
    let figures = |served: &Served| served.get("/api/v1/figures/2025Q1").expect("an answer").json();
    first.wait_until("both count both", || [&first, &second].iter().all(|served| figures(served)["as_of"]["position"] == 2));
    assert_eq!(figures(&first)["figures"], figures(&second)["figures"]);
    assert_eq!(run(&server, &one, &["export"]).done().text().lines().count(), 2);
}

#[test]
fn a_gateway_alone_is_ready_only_while_both_views_answer() {
    let (server, folder, views) = (Server::start(), Folder::new(), [Folder::new(), Folder::new()]);
    let gateway = Served::not_yet_ready(on(&server, &folder, &["serve", "--role", "gateway"]), &[]);
    let reasons = || gateway.get("/readyz").map(|ready| (ready.status, ready.json()["reasons"].clone()));
    let says = |status: u16, missing: &[&str]| {
        let missing: Vec<String> = missing.iter().map(|view| format!("{view} does not answer")).collect();
        gateway.wait_until(&format!("{status} {missing:?}"), || reasons() == Some((status, missing.clone().into())));
    };
    says(503, &["sustainable-work", "werkmonitor"]);
    views.iter().for_each(|other| share_master_key(&folder, other));
    let werkmonitor = Served::with(on(&server, &views[0], &["serve", "--role", "werkmonitor"]), &[]);
    says(503, &["sustainable-work"]);
    let sustainable = Served::with(on(&server, &views[1], &["serve", "--role", "sustainable-work"]), &[]);
    says(200, &[]);
    werkmonitor.kill();
    says(503, &["werkmonitor"]);
    sustainable.kill();
    says(503, &["sustainable-work", "werkmonitor"]);
}

/// The bucket of statuses, by key.
async fn statuses(bucket: &kv::Store) -> Vec<Value> {
    let mut found = Vec::new();
    for n in 1..40 {
        let value = bucket.get(format!("org-{}.{}", n % 3, trajectory(n))).await.expect("an answer");
        found.push(value.map_or(Value::Null, |value| serde_json::from_slice(&value).expect("JSON")));
    }
    found
}

#[test]
fn services_that_share_a_bucket_put_no_older_status_over_a_newer() {
    let (server, folder) = (Server::start(), Folder::new());
    let lines = folder.file("history.jsonl", history());
    assert_eq!(run(&server, &folder, &["import", &lines]).text(), summary(117, 0, 0));
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let bucket = runtime.block_on(async {
        let client = async_nats::connect(server.url()).await.expect("connected");
        let config = kv::Config { bucket: "sustainable_work".to_owned(), ..kv::Config::default() };
        jetstream::new(client).create_key_value(config).await.expect("a bucket")
    });
    let key = |n: usize| format!("org-{}.{}", n % 3, trajectory(n));
    let put = |n: usize, revision: u64, on: &str| {
        let value = json!({"revision": revision, "on": on, "from": "another process"}).to_string();
        runtime.block_on(bucket.put(key(n), value.into())).expect("put");
    };
    // Of what the log does not hold, of a process whose day is later; of two that are behind; and what was taken away.
    put(1, 99, "2025-03-01");
    put(2, 3, "2999-01-01");
    put(3, 2, "2999-01-01");
    put(4, 3, "2025-03-01");
    put(5, 1, "2025-03-01");
    runtime.block_on(bucket.delete(key(5))).expect("deleted");
    let (one, two) = (Folder::new(), Folder::new());
    share_master_key(&folder, &one);
    share_master_key(&folder, &two);
    let role = |folder: &Folder| Served::with(on(&server, folder, &["serve", "--role", "sustainable-work"]), &[]);
    let (first, second) = (role(&one), role(&two));
    let settled = |all: &[Value]| all.iter().skip(2).all(|status| status["revision"] == 3 && status["from"].is_null());
    first.wait_until("all others are there", || settled(&runtime.block_on(statuses(&bucket))));
    // What comes later goes on top, whoever is first with it; what both have is put by one of them.
    let more = folder.file("more.jsonl", text(&[contact(1, 4, "2025-03-02"), contact(3, 4, "2025-03-02"), contact(5, 4, "2025-03-02")]));
    assert_eq!(run(&server, &folder, &["import", &more]).text(), summary(3, 0, 0));
    let of = |n: usize| runtime.block_on(statuses(&bucket)).swap_remove(n - 1);
    second.wait_until("what was recorded later is there", || [1, 3, 5].iter().all(|n| of(*n)["revision"] == 4));
    let all = runtime.block_on(statuses(&bucket));
    assert_eq!((&all[0]["revision"], &all[0]["from"]), (&json!(4), &Value::Null));
    assert_eq!((&all[1]["on"], &all[1]["from"]), (&json!("2999-01-01"), &json!("another process")));
}

#[test]
fn after_an_older_log_was_put_back_the_views_are_refused_and_built_anew_on_command() {
    let (mut server, folder) = (Server::start(), Folder::new());
    let history = history();
    let (first, rest) = history.split_at(history.match_indices('\n').nth(59).expect("sixty lines").0 + 1);
    assert_eq!(run(&server, &folder, &["import", &folder.file("first.jsonl", first)]).text(), summary(60, 0, 0));
    let older = server.copy();
    let service = Served::with(on(&server, &folder, &["serve"]), &[]);
    assert_eq!(run(&server, &folder, &["import", &folder.file("rest.jsonl", rest)]).text(), summary(57, 0, 0));
    service.wait_until("it has taken all in", || service.get("/readyz").is_some_and(|ready| ready.status == 200));
    assert_eq!(service.end(rustix::process::Signal::TERM), 0);
    server.put_back(&older);
    let refused = Run::of(on(&server, &folder, &["serve", "--listen", "127.0.0.1:0"]).output().expect("the program starts"));
    refused.failed(4, "older copy");
    let rebuilt = run(&server, &folder, &["rebuild"]);
    assert_eq!((rebuilt.code, rebuilt.text().contains(r#""events":60"#)), (0, true), "{}", rebuilt.err);
    let service = Served::with(on(&server, &folder, &["serve"]), &[]);
    service.wait_until("it serves", || service.get("/readyz").is_some_and(|ready| ready.status == 200));
    assert_eq!(service.end(rustix::process::Signal::TERM), 0);
    let elsewhere = Folder::new();
    share_master_key(&folder, &elsewhere);
    run(&server, &elsewhere, &["rebuild"]).failed(3, "none keeps any here");
}

#[test]
fn a_view_that_is_ahead_of_an_older_log_is_rebuilt_by_the_service_that_keeps_it() {
    let (mut server, folder) = (Server::start(), Folder::new());
    let history = history();
    let (first, rest) = history.split_at(history.match_indices('\n').nth(59).expect("sixty lines").0 + 1);
    assert_eq!(run(&server, &folder, &["import", &folder.file("first.jsonl", first)]).text(), summary(60, 0, 0));
    let older = server.copy();
    let statuses = Folder::new();
    share_master_key(&folder, &statuses);
    let role = |server: &Server| Served::not_yet_ready(on(server, &statuses, &["serve", "--role", "sustainable-work"]), &[]);
    let service = role(&server);
    assert_eq!(run(&server, &folder, &["import", &folder.file("rest.jsonl", rest)]).text(), summary(57, 0, 0));
    let is_ready = |service: &Served| service.get("/readyz").is_some_and(|ready| ready.status == 200);
    // Ready is who is not far behind; this one must have come to the end, to be ahead of the older log.
    let at_the_end = || {
        let metrics = service.get("/metrics").map(|answer| String::from_utf8_lossy(&answer.body).into_owned()).unwrap_or_default();
        metrics.lines().any(|line| line.starts_with("trajectlog_projector_position{") && line.ends_with(" 117"))
    };
    service.wait_until("it has come to the end", at_the_end);
    assert_eq!(service.end(rustix::process::Signal::TERM), 0);
    server.put_back(&older);
    let service = role(&server);
    let has_stopped = || service.get("/readyz").is_some_and(|ready| String::from_utf8_lossy(&ready.body).contains("stopped"));
    service.wait_until("it has stopped", has_stopped);
    let rebuilt = run(&server, &statuses, &["rebuild"]);
    assert_eq!(rebuilt.code, 0, "{}", rebuilt.err);
    service.wait_until("it follows again", || is_ready(&service));
}

#[test]
fn more_replicas_than_the_log_has_are_refused_at_once() {
    let (server, folder) = (Server::start(), Folder::with(&history()));
    let lines = folder.file("history.jsonl", history());
    assert_eq!(run(&server, &folder, &["import", &lines]).code, 0);
    for arguments in [&["import", lines.as_str()][..], &["export"], &["serve", "--auth", "none", "--listen", "127.0.0.1:0"]] {
        let refused = run(&server, &folder, &[&["--nats-replicas", "3"], arguments].concat());
        refused.failed(2, "has 1 replica(s), and --nats-replicas asks for 3");
    }
}
