//! Random logs of the peer implementation: the same lines are refused for the same reasons, the same figures follow, and what
//! is exported can be imported and is exported as the same bytes.

use app::{
    AsOf,
    figures::{Ask, answer},
};
use event_log::{Position, Until};
use log_embedded::{EmbeddedLog, Mode, Options};
use serde_json::Value;

use crate::world::{RANDOM, World, ask, now, summary};

#[tokio::test(flavor = "multi_thread")]
async fn the_peer_refuses_the_same_lines_and_counts_the_same_figures() {
    for (lines, expected) in RANDOM {
        let expected: Value = serde_json::from_str(expected).expect("JSON");
        let world = World::new();
        let (summary, faults) = world.import(lines).await;
        assert_eq!(serde_json::from_str::<Value>(&summary.to_json()).expect("JSON"), expected["counts"]);
        let told: Vec<Value> = faults.iter().map(|fault| serde_json::json!([fault.line, fault.code.as_str(), fault.event_id])).collect();
        assert_eq!(Value::from(told), expected["refusals"]);
        for figures in expected["figures"].as_array().expect("a list") {
            let quarter = figures["quarter"].as_str().expect("a quarter");
            let ask = Ask { tables: false, ..ask(quarter, AsOf::Now) };
            let (found, as_of) = answer(&*world.log, &ask, now, &mut |_| {}).await.expect("figures");
            let mut found = found.to_json(&ask.question(), &as_of);
            found.as_object_mut().expect("an object").remove("changes");
            assert_eq!(found, *figures, "{quarter}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_exported_and_imported_is_exported_as_the_same_bytes() {
    for (lines, _) in RANDOM {
        let world = World::new();
        world.import(lines).await;
        let exported = world.export().await;
        // On disk, in many short segments.
        let folder = tempfile::TempDir::new().expect("a folder");
        let log = EmbeddedLog::open_with(folder.path(), Mode::Write, Options::default().segment_bytes(5_000)).expect("a log");
        let second = World::over(log).with(&exported).await;
        assert_eq!(second.export().await, exported);
        assert_eq!(World::new().with(&second.export().await).await.export().await, exported);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_recorded_now_keeps_its_source_through_export_and_import() {
    let first = World::new().recorded_now();
    first.import(RANDOM[0].0).await;
    let exported = first.export().await;
    assert!(exported.lines().all(|line| line.contains("\"source_recorded_at\":\"")));
    assert_eq!(World::new().with(&exported).await.export().await, exported);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_import_in_parts_is_the_import_of_the_whole() {
    for (lines, _) in RANDOM {
        let whole = World::new();
        let (expected, _) = whole.import(lines).await;
        let exported = whole.export().await;
        for size in [1, 7, 40] {
            let world = World::new();
            // Neighbouring lines of one decision stay together.
            let mut parts = vec![String::new()];
            let mut last = None;
            for line in exported.lines() {
                let decision = serde_json::from_str::<Value>(line).expect("JSON").get("decision").cloned();
                let goes_on = decision.is_some() && decision == last;
                if !goes_on && parts.last().expect("one").lines().count() >= size {
                    parts.push(String::new());
                }
                parts.last_mut().expect("one").push_str(&format!("{line}\n"));
                last = decision;
            }
            for part in &parts {
                world.import(part).await;
            }
            assert_eq!(world.head().await, expected.imported);
            assert_eq!(world.export().await, exported, "parts of {size}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_second_import_appends_nothing_and_refuses_what_was_refused() {
    for (lines, _) in RANDOM {
        let world = World::new();
        let (first, faults) = world.import(lines).await;
        let before = world.bodies().await;
        let exported = world.export().await;
        assert_eq!(world.import(&exported).await, (summary(0, first.imported, 0), Vec::new()));
        let (second, again) = world.import(lines).await;
        assert_eq!((second.imported, second.refused > 0), (0, !faults.is_empty()));
        assert!(again.len() >= faults.len());
        assert_eq!(world.bodies().await, before);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_export_as_of_a_position_is_the_beginning_of_the_whole() {
    let world = World::new();
    world.import(RANDOM[1].0).await;
    let exported = world.export().await;
    for position in 0..=world.head().await {
        let part = world.try_export(Until::Position(Position(position))).await.expect("an export");
        assert!(exported.starts_with(&part) && part.lines().count() as u64 <= position);
        assert!(part.lines().count() as u64 + 4 > position, "moved back by no more than a decision");
    }
}
