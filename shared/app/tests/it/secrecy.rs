//! Texts: nowhere in clear but in an export, and nowhere at all without their key.

use app::{AppError, history, import::check_form};
use event_log::{EventLog, MemoryLog, Position, RecordReader, Until};
use proto_events::{Text, json, upcast::Upcasters};

use crate::world::{RANDOM, World, contact, id, intake, job, line, now, text};

const SECRET: &str = "Mevrouw van der Geheim-Jansen";

/// A line of every type that can carry a text, each with the secret in every text.
fn lines() -> Vec<serde_json::Value> {
    use serde_json::json;
    let mut first = intake(1, "2025-01-06");
    first["data"]["label"] = SECRET.into();
    let job_id = id(0xb000_0000, 1);
    vec![
        first,
        line(1, 2, "engagement", "2025-01-06", json!({"wish": "explore", "goals": SECRET})),
        line(1, 3, "assessment", "2025-01-06", json!({"sectors": [SECRET, SECRET], "profile": SECRET})),
        line(1, 4, "placement_started", "2025-01-06", json!({"placement_id": job_id, "kind": "day_activity"})),
        line(1, 5, "placement_stopped", "2025-01-06", json!({"placement_id": job_id, "reason": SECRET})),
        line(1, 6, "paid_work_started", "2025-01-06", json!({"job_id": job_id, "sector": SECRET, "employer": SECRET})),
        line(1, 7, "paid_work_changed", "2025-01-07", json!({"job_id": job_id, "sector": SECRET, "employer": SECRET})),
        line(1, 8, "paid_work_stopped", "2025-01-08", json!({"job_id": job_id, "reason": SECRET})),
        line(1, 9, "contact", "2025-01-08", json!({"with": "client", "channel": "phone", "note": SECRET})),
        line(1, 10, "trajectory_changed", "2025-01-08", json!({"label": SECRET})),
        line(1, 11, "retraction", "2025-01-08", json!({"event_id": id(0xe000_0009, 1), "reason": SECRET})),
    ]
}

fn holds(bytes: &[u8]) -> bool {
    bytes.windows(8).any(|window| SECRET.as_bytes().windows(8).any(|part| part == window))
}

#[tokio::test(flavor = "multi_thread")]
async fn no_text_of_any_type_rests_in_clear() {
    let lines = lines();
    let world = World::new().with(&text(&lines)).await;
    let exported = world.export().await;
    assert_eq!(exported.matches(SECRET).count(), text(&lines).matches(SECRET).count());
    assert_eq!(exported.matches(SECRET).count(), 14);
    for body in world.bodies().await {
        assert!(!holds(&body));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn no_text_is_shown_by_a_debug_form_or_told_as_history() {
    let lines = lines();
    for line in &lines {
        let parsed: json::EventLine<Text> = json::parse_line(line.to_string().as_bytes(), &Upcasters::of_today()).expect("a line");
        assert!(!holds(format!("{parsed:?} {parsed:#?}").as_bytes()), "{parsed:?}");
    }
    let world = World::new().with(&text(&lines)).await;
    assert!(!holds(format!("{:?} {:?}", world.log, world.keys).as_bytes()));
    let mut told = String::new();
    let selection = history::Selection { from: Position::START, until: Until::Head, trajectory: None };
    let mut one = |event: history::Told| {
        told.push_str(&format!("{event:?}"));
        Ok(())
    };
    history::tell(&*world.log, selection, &mut one, &mut |_| {}).await.expect("a history");
    assert!(told.contains("Retraction") && !holds(told.as_bytes()));
}

#[tokio::test(flavor = "multi_thread")]
async fn no_text_is_repeated_by_a_refusal() {
    let world = World::new();
    // Without an intake, every line but the first is refused.
    let refused = text(&lines()[1..]);
    let (_, faults) = world.import(&refused).await;
    assert_eq!(faults.len(), 10);
    assert!(faults.iter().all(|fault| !holds(fault.to_json().as_bytes())));
}

#[test]
fn a_malformed_line_is_told_without_its_texts() {
    let mut told = Vec::new();
    for mut line in lines() {
        line["data"]["more"] = SECRET.into();
        let text = line.to_string();
        check_form(text.as_bytes(), &mut |fault| told.push(fault.to_json()), &mut |_| {}).expect("read");
        let cut = &text[..text.len() - 3];
        check_form(cut.as_bytes(), &mut |fault| told.push(fault.to_json()), &mut |_| {}).expect("read");
    }
    assert_eq!(told.len(), 22);
    let clear: Vec<&String> = told.iter().filter(|told| holds(told.as_bytes())).collect();
    assert!(clear.is_empty(), "{clear:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_export_without_the_clients_key_says_so_and_figures_answer() {
    let world = World::new().with(&text(&lines())).await;
    let other = World::new();
    for lines in [RANDOM[0].0, ""] {
        other.import(lines).await;
    }
    let stranger = World { log: std::sync::Arc::clone(&world.log), ..other };
    let error = stranger.try_export(Until::Head).await.expect_err("no key");
    let AppError::Sealed { position: 1, .. } = error else { panic!("{error:?}") };
    let sentence = error.to_string();
    assert!(
        sentence.contains(&id(0xc000_0000, 1))
            && sentence.contains("is not in the key store")
            && sentence.contains(&crate::world::trajectory(1)),
        "{sentence}"
    );
    stranger.figures("2025Q1", app::AsOf::Now).await.expect("figures need no key");
}

#[tokio::test(flavor = "multi_thread")]
async fn two_clients_with_the_same_text_are_not_told_apart_by_it_and_not_matched() {
    let world = World::new()
        .with(&text(&[intake(1, "2025-01-06"), intake(2, "2025-01-06"), job(1, 2, "2025-01-07"), job(2, 2, "2025-01-07")]))
        .await;
    let bodies = world.bodies().await;
    // Sealed twice, the same text has nothing in common but its length.
    let longest = (0..bodies[0].len()).map(|at| bodies[0][at..].iter().zip(&bodies[1][at..]).take_while(|(a, b)| a == b).count()).max();
    assert!(longest.expect("bytes") < bodies[0].len() / 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_event_without_a_text_makes_no_key() {
    let mut bare = intake(1, "2025-01-06");
    bare["data"].as_object_mut().expect("an object").remove("label");
    let world = World::<MemoryLog>::new().with(&text(&[bare])).await;
    let client = id(0xc000_0000, 1).parse().expect("an id");
    assert!(world.keys.get(client).expect("read").is_none());
    world.import(&text(&[contact(1, 3, "2025-01-08", "nu wel")])).await;
    assert!(world.keys.get(client).expect("read").is_some());
    let mut reader = world.log.read(Position::START, Until::Head).await.expect("a reading");
    assert_eq!(reader.next().await.expect("read").expect("a batch").records.len(), 2);
    assert!(now() > crate::world::moment("2026-01-01T00:00:00Z"));
}
