//! The service on a data folder: what it answers, what the command line does beside it, and how it ends.

use rustix::process::Signal;
use serde_json::{Value, json};

use crate::{
    lines::{contact, intake, job, text, trajectory},
    served::{Served, file},
    support::{Folder, summary},
};

fn events(of: usize) -> String {
    format!("/api/v1/trajectories/{}/events", trajectory(of))
}

#[test]
fn what_is_recorded_over_http_is_in_the_log_the_status_and_the_figures() {
    let folder = Folder::new();
    let served = Served::on(&folder, &[]);
    let answer = served.post(&events(1), &intake(1, "2025-01-06").to_string());
    assert_eq!(answer.status, 201, "{answer:?}");
    assert_eq!((&answer.json()["position"], &answer.json()["actor"]), (&json!(1), &json!("local")));
    assert_eq!(served.post(&events(1), &job(1, "2025-02-03").to_string()).status, 201);
    assert_eq!(served.post(&events(1), &job(1, "2025-02-03").to_string()).status, 200, "again");
    // The same questions to the command line, which reads beside the service.
    let by_command = folder.run(&["status", &trajectory(1), "--format", "json"]).done().json();
    let by_http = served.get(&format!("/api/v1/trajectories/{}", trajectory(1))).expect("an answer").json();
    assert_eq!(by_http, by_command);
    let figures = folder.figures(&["--as-of", "2"]);
    let live = || served.get("/api/v1/figures/2025Q1").expect("an answer").json();
    served.wait_until("the figures have come so far", || live()["as_of"]["position"] == 2);
    assert_eq!(live()["figures"], figures["figures"]);
    assert_eq!(served.end(Signal::TERM), 0);
    assert_eq!(folder.export().lines().count(), 2);
}

#[test]
fn an_import_beside_a_service_goes_through_it_and_behaves_the_same() {
    let alone = Folder::new();
    let lines = text(&[intake(1, "2025-01-06"), job(1, "2025-02-03"), contact(2, 2, "2025-02-04")]);
    let expected = alone.import(&lines);
    let folder = Folder::new();
    let served = Served::on(&folder, &[]);
    let through = folder.import(&lines);
    assert_eq!((through.code, through.text(), &through.err), (expected.code, expected.text(), &expected.err));
    assert_eq!((through.code, through.text()), (1, summary(2, 0, 1).as_str()));
    assert_eq!(folder.import_from_standard_input(lines.as_bytes()).text(), summary(0, 2, 1));
    let malformed = folder.import("{\"event_id\":1}\n");
    assert_eq!((malformed.code, malformed.text()), (2, summary(0, 0, 0).as_str()));
    assert_eq!(malformed.faults()[0]["code"], "malformed");
    let strict = folder.import_with(&text(&[intake(3, "2025-01-06"), contact(4, 2, "2025-02-04")]), &["--strict"]);
    assert_eq!((strict.code, strict.text()), (1, summary(0, 0, 1).as_str()));
    assert_eq!(folder.export().lines().count(), 2);
    // What came through the socket is seen over HTTP at once.
    assert_eq!(served.get(&events(1)).expect("an answer").status, 200);
    assert_eq!(served.end(Signal::INT), 0);
    folder.import(&text(&[intake(5, "2025-01-06")])).done();
}

#[test]
fn a_rebuild_beside_a_service_builds_its_views_anew() {
    let folder = Folder::with(&text(&[intake(1, "2025-01-06"), job(1, "2025-02-03")]));
    let served = Served::on(&folder, &[]);
    let told = folder.run(&["rebuild"]).done().json();
    assert_eq!(told["events"], 2);
    assert_eq!(served.get("/readyz").expect("an answer").status, 200);
    assert_eq!(served.post(&events(1), &contact(1, 3, "2025-02-04").to_string()).status, 201);
    assert_eq!(served.post(&events(1), &intake(1, "2025-01-06").to_string()).status, 200, "a repetition of what is older than the index");
    assert_eq!(served.end(Signal::TERM), 0);
    let folders: Vec<_> = std::fs::read_dir(folder.data().join("views")).expect("views").map(|entry| entry.expect("one").path()).collect();
    let exchanged = |path: &std::path::PathBuf| std::fs::read_to_string(path.join("living")).is_ok_and(|living| living == "b");
    let name = |path: &std::path::PathBuf| path.file_name().expect("a name").to_string_lossy().into_owned();
    let mut all: Vec<_> = folders.iter().filter(|path| exchanged(path)).map(name).collect();
    all.sort();
    assert!(all.len() == 3 && all[0].starts_with("index-") && all[1].starts_with("sustainable-work-"), "{all:?}");
    assert_eq!(views::sealed_checkpoint(&folder.data().join("views")).map(|position| position.0), Some(3));
    folder.import(&text(&[intake(1, "2025-01-06"), job(1, "2025-02-03"), intake(2, "2025-01-06")])).done();
}

#[test]
fn rebuilds_beside_commands_record_nothing_twice() {
    let folder = Folder::new();
    let served = Served::on(&folder, &[]);
    std::thread::scope(|scope| {
        let rebuilding = scope.spawn(|| {
            for _ in 0..4 {
                folder.run(&["rebuild"]).done();
            }
        });
        let mut sent = 0;
        while !rebuilding.is_finished() || sent < 20 {
            sent += 1;
            assert_eq!(served.post(&events(sent), &intake(sent, "2025-01-06").to_string()).status, 201);
            let earlier = 1 + (sent * 7) % sent;
            assert_eq!(served.post(&events(earlier), &intake(earlier, "2025-01-06").to_string()).status, 200);
        }
        assert_eq!(folder.export().lines().count(), sent);
    });
}

#[test]
fn a_killed_service_is_started_again_with_everything_it_had_acknowledged() {
    let folder = Folder::new();
    for life in 0..5 {
        let served = Served::on(&folder, &[]);
        for n in 1..=4 {
            assert_eq!(served.post(&events(life * 10 + n), &intake(life * 10 + n, "2025-01-06").to_string()).status, 201);
        }
        served.kill();
        assert_eq!(folder.export().lines().count(), (life + 1) * 4);
    }
}

#[test]
fn a_second_service_on_a_folder_is_refused_with_a_sentence() {
    let folder = Folder::new();
    let _served = Served::on(&folder, &[]);
    folder.run(&["serve", "--listen", "127.0.0.1:0"]).failed(3, "written by another process");
}

#[test]
fn a_port_that_is_taken_is_told_before_the_demo_makes_anything() {
    let folder = Folder::new();
    let taken = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = taken.local_addr().expect("its address").to_string();
    folder.run(&["demo", "--listen", &address]).failed(3, "cannot be listened on");
    assert!(!folder.data().exists());
}

#[test]
fn everyone_is_everyone_on_a_loopback_address_only() {
    let folder = Folder::new();
    folder.run(&["serve", "--auth", "none", "--listen", "0.0.0.0:0"]).failed(2, "loopback");
    folder.run(&["serve", "--role", "werkmonitor"]).failed(2, "--nats");
    folder.run(&["serve", "--nats", "nats://127.0.0.1:1", "--listen", "127.0.0.1:0"]).failed(3, "127.0.0.1:1");
}

#[test]
fn flags_go_before_the_environment_and_the_environment_before_the_file() {
    let folder = Folder::with(&text(&[intake(1, "2025-01-06")]));
    let settings = file(&folder, "settings.toml", "data = \"nowhere-1\"\n");
    let ask = |flag: Option<&str>, variable: Option<&str>, file: bool| {
        let mut command = folder.program();
        command.args(["export"]);
        flag.map(|data| command.args(["--data", data]));
        variable.map(|data| command.env("TRAJECTLOG_DATA", data));
        if file {
            command.arg("--config").arg(&settings);
        }
        let output = command.output().expect("the program starts");
        (output.status.code().expect("a code"), String::from_utf8(output.stderr).expect("UTF-8"))
    };
    let data = folder.data();
    let data = data.to_str().expect("UTF-8");
    assert_eq!(ask(Some(data), Some("nowhere-2"), true).0, 0);
    assert_eq!(ask(None, Some(data), true).0, 0);
    let (code, sentence) = ask(None, None, true);
    assert!(code == 3 && sentence.contains("nowhere-1"), "{code} {sentence}");
    let (code, sentence) = ask(None, Some("nowhere-2"), true);
    assert!(code == 3 && sentence.contains("nowhere-2"), "{code} {sentence}");
    let misspelt = file(&folder, "misspelt.toml", "datta = \"x\"\n");
    folder.run(&["--config", misspelt.to_str().expect("UTF-8"), "export"]).failed(2, "datta");
}

#[test]
fn a_log_line_is_json_when_that_is_asked_for_and_metrics_are_counted() {
    let folder = Folder::new();
    let served = Served::on(&folder, &["--log-format", "json"]);
    served.post(&events(1), &intake(1, "2025-01-06").to_string());
    served.post(&events(2), &contact(2, 2, "2025-02-04").to_string());
    let metrics = String::from_utf8(served.get("/metrics").expect("an answer").body).expect("UTF-8");
    for expected in
        ["trajectlog_appended_events_total 1", "trajectlog_refusals_total{code=\"no_intake\"} 1", "trajectlog_projector_lag_events"]
    {
        assert!(metrics.contains(expected), "'{expected}' in {metrics}");
    }
}

#[test]
fn every_problem_has_the_same_form_and_names_no_person() {
    let folder = Folder::new();
    let served = Served::on(&folder, &[]);
    for (path, status) in [("/api/v1/nothing", 404), ("/api/v1/trajectories/x/events", 400), ("/api/v1/figures/2025Q9", 400)] {
        let answer = served.get(path).expect("an answer");
        assert_eq!(answer.status, status, "{path} {answer:?}");
        assert!(answer.head.to_lowercase().contains("content-type: application/problem+json"), "{path} {}", answer.head);
        let problem: Value = answer.json();
        assert!(problem["code"].is_string() && problem["request_id"].is_string(), "{problem}");
    }
}
