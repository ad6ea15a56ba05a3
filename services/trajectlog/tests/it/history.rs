//! `status`, `replay` and `rebuild`.

use serde_json::{Value, json};

use crate::{
    lines::{event, history, id, trajectory},
    support::Folder,
};

fn status(folder: &Folder, arguments: &[&str]) -> Value {
    folder.run(&[&["status", &trajectory(2), "--format", "json"], arguments].concat()).done().json()
}

#[test]
fn a_status_has_the_shape_of_the_contract() {
    let folder = Folder::with(&history(2));
    let expected = json!({
        "trajectory_id": trajectory(2), "organisation": "org-2", "revision": 6, "on": "2025-01-31", "method": "ips", "running": true,
        "step": "coaching", "paid_work": true, "sustainable_work": "yes",
        "jobs": [{"job_id": id(0xb000_0000, 2), "started": "2025-01-07", "stopped": "2025-02-01", "sustainable": "yes",
            "conditions": {"regular_workplace": "yes", "hours_per_week": "yes", "wage_value_percent": "yes", "contract": "yes"}}],
    });
    assert_eq!(status(&folder, &["--on", "2025-01-31"]), expected);
}

#[test]
fn a_status_is_of_the_day_and_of_the_state_that_are_asked_for() {
    let folder = Folder::with(&history(2));
    assert_eq!(status(&folder, &["--on", "2025-02-01"])["paid_work"], false);
    assert_eq!(status(&folder, &["--on", "2025-01-05"])["running"], false);
    let earlier = status(&folder, &["--on", "2025-02-01", "--as-of", "10"]);
    assert_eq!((&earlier["paid_work"], &earlier["revision"], &earlier["jobs"][0]["stopped"]), (&json!(true), &json!(5), &Value::Null));
    assert_eq!(status(&folder, &[])["running"], true);
}

#[test]
fn a_trajectory_that_is_not_there_is_exit_1() {
    let folder = Folder::with(&history(2));
    folder.run(&["status", &trajectory(9)]).failed(1, "holds no trajectory");
    folder.run(&["status", &trajectory(2), "--as-of", "5"]).failed(1, "holds no trajectory");
    folder.run(&["replay", "--trajectory", &trajectory(9)]).failed(1, "holds no event of trajectory");
}

#[test]
fn a_status_for_people_names_step_and_verdict() {
    let folder = Folder::with(&history(2));
    let text = folder.run(&["status", &trajectory(2), "--on", "2025-01-31"]).done().text().to_owned();
    for word in [&trajectory(2) as &str, "coaching op werk", "Uren per week", "2025-02-01"] {
        assert!(text.contains(word), "{word} in {text}");
    }
}

#[test]
fn history_tells_what_each_event_changed() {
    let folder = Folder::with(&history(2));
    let run = folder.run(&["replay", "--format", "json"]).done();
    let told: Vec<Value> = run.text().lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    assert_eq!(told.len(), 11);
    assert_eq!((&told[0]["type"], &told[0]["position"], &told[0]["revision"]), (&json!("intake"), &json!(1), &json!(1)));
    let changed = |n: usize| {
        told[n]["changes"]
            .as_array()
            .expect("a list")
            .iter()
            .map(|change| change["what"].as_str().expect("a name").to_owned())
            .collect::<Vec<_>>()
    };
    assert!(changed(1).contains(&"paid work".to_owned()));
    assert_eq!(told[4]["target"], event(1, 4));
    assert!(changed(10).contains(&"paid work".to_owned()));
}

#[test]
fn history_is_told_of_a_part_and_of_one_trajectory() {
    let folder = Folder::with(&history(2));
    let positions = |arguments: &[&str]| {
        let run = folder.run(&[&["replay", "--format", "json"], arguments].concat()).done();
        run.text()
            .lines()
            .map(|line| serde_json::from_str::<Value>(line).expect("JSON")["position"].as_u64().expect("a number"))
            .collect::<Vec<_>>()
    };
    assert_eq!(positions(&["--from", "4", "--to", "6"]), [4, 5, 6]);
    assert_eq!(positions(&["--to", "3"]), [1, 2]);
    assert_eq!(positions(&["--as-of", "4"]), [1, 2, 3, 4]);
    assert_eq!(positions(&["--trajectory", &trajectory(2)]), [6, 7, 8, 9, 10, 11]);
    assert_eq!(positions(&["--from", "12"]), [] as [u64; 0]);
    folder.run(&["replay", "--to", "12"]).failed(2, "beyond the end");
}

#[test]
fn a_part_of_history_tells_the_same_as_the_whole() {
    let folder = Folder::with(&history(2));
    let whole = folder.run(&["replay", "--format", "json"]).done().text().to_owned();
    let part = folder.run(&["replay", "--format", "json", "--from", "6"]).done();
    assert!(whole.ends_with(part.text()) && part.text().lines().count() == 6);
    assert_eq!(folder.run(&["replay"]).done().text().lines().count(), 11);
}

#[test]
fn history_never_tells_a_text() {
    let folder = Folder::with(&history(3));
    for format in ["json", "table"] {
        let told = folder.run(&["replay", "--format", format]).done();
        for word in ["De Wit", "Bakkerij", "gesprek", "seizoen"] {
            assert!(!told.text().contains(word));
        }
    }
}

/// The slot that is living of each view on disk, and how far the index was when it was closed.
fn living(folder: &Folder) -> (Vec<String>, Option<u64>) {
    let root = folder.data().join("views");
    let slot = |name: &str| std::fs::read_to_string(root.join(name).join("living")).unwrap_or_else(|_| "a".to_owned());
    let views: Vec<String> = std::fs::read_dir(&root)
        .expect("views")
        .map(|entry| entry.expect("one").file_name().into_string().expect("UTF-8"))
        .map(|name| format!("{name}/{}", slot(&name)))
        .inspect(|living| assert!(root.join(living).join("seal").exists(), "{living} was closed in order"))
        .collect();
    (views, views::sealed_checkpoint(&root).map(|position| position.0))
}

#[test]
fn a_rebuild_of_a_folder_makes_the_index_and_the_statuses_anew() {
    let folder = Folder::with(&history(4));
    folder.run(&["rebuild"]).done();
    let (mut first, checkpoint) = living(&folder);
    first.sort();
    assert!(first[0].starts_with("index-") && first[1].starts_with("sustainable-work-") && first.len() == 2, "{first:?}");
    assert_eq!(checkpoint, Some(22));
    folder.run(&["rebuild"]).done();
    let (mut second, _) = living(&folder);
    second.sort();
    assert_ne!(first[1], second[1], "the statuses were built beside the old ones");
    // A service finds both as far as the log.
    let served = crate::served::Served::on(&folder, &[]);
    assert_eq!(served.get("/api/v1/trajectories?limit=10").expect("an answer").json()["trajectories"].as_array().map(Vec::len), Some(4));
    assert_eq!(served.end(rustix::process::Signal::TERM), 0);
    assert_eq!(living(&folder).1, Some(22));
}

#[test]
fn rebuilt_views_change_no_answer() {
    let lines = history(4);
    let folder = Folder::with(&lines);
    let (export, figures) = (folder.export(), folder.figures(&[]));
    let summary = folder.run(&["rebuild"]).done().json();
    assert_eq!(summary["events"], 22);
    assert!(summary["milliseconds"].is_u64() && summary["events_per_second"].is_u64());
    assert_eq!((folder.export(), folder.figures(&[])), (export, figures));
    assert_eq!(folder.import(&lines).done().text(), crate::support::summary(0, 22, 0));
}

#[test]
fn a_part_that_ends_before_it_begins_is_wrong_use() {
    let folder = Folder::with(&history(2));
    folder.run(&["replay", "--from", "2", "--to", "1"]).failed(2, "nothing lies from position 2 to 1");
    folder.run(&["replay", "--from", "2", "--to", "2"]).done();
}
