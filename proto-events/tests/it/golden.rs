//! Golden events, kept for ever: for each type its line of JSON and its bytes at rest. What was once written must be read as the same value by
//! every later version, and until a schema changes it must be written the same too.
//!
//! When a schema is added: leave `tests/golden/schema-1` as it is, keep its reading tests, and add a folder for the new one.

use proto_events::{
    EventType, Payload, SealedText, Skipped, Text,
    json::EventLine,
    stored::{StoredDecision, StoredEvent, decode, encode_payload},
    upcast::Upcasters,
};

use crate::samples::{accepted, full, full_line, id, least, least_line, slug, written};

/// Exhaustive, so that a new type does not compile without its golden.
const fn golden(event_type: EventType) -> (&'static str, &'static str) {
    macro_rules! files {
        ($name:literal) => {
            (include_str!(concat!("../golden/schema-1/", $name, ".json")), include_str!(concat!("../golden/schema-1/", $name, ".hex")))
        };
    }
    match event_type {
        EventType::Intake => files!("intake"),
        EventType::Engagement => files!("engagement"),
        EventType::Assessment => files!("assessment"),
        EventType::PlacementStarted => files!("placement_started"),
        EventType::PlacementStopped => files!("placement_stopped"),
        EventType::PaidWorkStarted => files!("paid_work_started"),
        EventType::PaidWorkChanged => files!("paid_work_changed"),
        EventType::PaidWorkStopped => files!("paid_work_stopped"),
        EventType::EducationStarted => files!("education_started"),
        EventType::EducationStopped => files!("education_stopped"),
        EventType::Contact => files!("contact"),
        EventType::TrajectoryChanged => files!("trajectory_changed"),
        EventType::Outflow => files!("outflow"),
        EventType::Retraction => files!("retraction"),
    }
}

const DECISION_OF_TWO: &str = include_str!("../golden/schema-1/decision_of_two.hex");

fn unhex(text: &str) -> Vec<u8> {
    let digits: Vec<u8> = text.bytes().filter(|byte| !byte.is_ascii_whitespace()).collect();
    digits.chunks(2).map(|pair| u8::from_str_radix(std::str::from_utf8(pair).unwrap(), 16).unwrap()).collect()
}

fn hex(bytes: &[u8]) -> String {
    let lines: Vec<String> = bytes.chunks(32).map(|line| line.iter().map(|byte| format!("{byte:02x}")).collect()).collect();
    lines.join("\n") + "\n"
}

/// Fixed bytes for each text in turn: what a seal looks like is the matter of the crate `keys`.
fn sealed(payload: Payload<Text>) -> Payload<SealedText> {
    let mut number = 0;
    let seal = |_, _| {
        number += 1;
        Ok::<_, ()>(SealedText(vec![0x5E, 0xA1, 0xED, number]))
    };
    payload.try_map_texts(seal).unwrap()
}

fn event<'a>(line: &'a EventLine, data: &'a [u8]) -> StoredEvent<'a> {
    StoredEvent {
        event_id: line.event_id,
        event_type: line.payload.event_type(),
        occurred_on: line.occurred_on,
        recorded_at: line.recorded_at.unwrap_or("2025-04-01T00:00:00Z".parse().unwrap()),
        actor: line.actor.as_deref().unwrap_or("import"),
        corrects: line.corrects,
        correlation_id: line.correlation_id,
        causation_id: line.causation_id,
        source_recorded_at: line.source_recorded_at,
        schema: 1,
        data,
    }
}

fn data_of(payload: Payload<Text>) -> Vec<u8> {
    let mut data = Vec::new();
    encode_payload(&sealed(payload), &mut data).unwrap();
    data
}

fn body_of(decision: &StoredDecision<'_>) -> Vec<u8> {
    let mut body = Vec::new();
    decision.encode(&mut body).unwrap();
    body
}

/// A decision of one event with every field.
fn with_decision_of_one<R>(event_type: EventType, look: impl FnOnce(&StoredDecision<'_>) -> R) -> R {
    let (line, data) = (full_line(full(event_type)), data_of(full(event_type)));
    look(&StoredDecision {
        trajectory_id: line.trajectory_id,
        organisation: line.organisation.as_str(),
        client_id: Some(id(0xC1)),
        first_position: 5_000_000_000,
        first_revision: 300,
        events: vec![event(&line, &data)],
    })
}

/// A decision of two events with as few fields as possible, the first of a log.
fn with_decision_of_two<R>(look: impl FnOnce(&StoredDecision<'_>) -> R) -> R {
    let (first, second) = (EventType::Intake, EventType::Outflow);
    let lines = [first, second].map(|event_type| least_line(least(event_type)));
    let data = [first, second].map(|event_type| data_of(least(event_type)));
    let organisation = slug("org-17");
    look(&StoredDecision {
        trajectory_id: id(2),
        organisation: organisation.as_str(),
        client_id: None,
        first_position: 1,
        first_revision: 1,
        events: vec![event(&lines[0], &data[0]), StoredEvent { event_id: id(9), ..event(&lines[1], &data[1]) }],
    })
}

#[test]
fn every_type_has_a_golden_of_its_own() {
    let mut all: Vec<_> = EventType::ALL.iter().copied().map(golden).collect();
    for (json, hex) in &all {
        assert!(json.starts_with('{') && json.ends_with("}\n") && hex.len() > 100);
    }
    all.sort_unstable();
    all.dedup();
    assert_eq!(all.len(), EventType::ALL.len());
}

#[test]
fn the_golden_lines_are_read_as_the_same_values() {
    for event_type in EventType::ALL.iter().copied() {
        assert_eq!(accepted(golden(event_type).0), full_line(full(event_type)), "{event_type}");
    }
}

#[test]
fn lines_are_written_as_the_golden_ones() {
    for event_type in EventType::ALL.iter().copied() {
        assert_eq!(written(&full_line(full(event_type))) + "\n", golden(event_type).0, "{event_type}");
    }
}

#[test]
fn the_golden_bytes_are_read_as_the_same_values() {
    for event_type in EventType::ALL.iter().copied() {
        let bytes = unhex(golden(event_type).1);
        let read = decode(&bytes).unwrap();
        with_decision_of_one(event_type, |decision| assert_eq!(&read, decision, "{event_type}"));
        let payload: Payload<SealedText> = read.events[0].payload(&Upcasters::of_today()).unwrap();
        assert_eq!(payload, sealed(full(event_type)), "{event_type}");
        let passed_over: Payload<Skipped> = read.events[0].payload(&Upcasters::of_today()).unwrap();
        assert_eq!(Ok(passed_over), full(event_type).try_map_texts(|_, _| Ok::<_, ()>(Skipped)), "{event_type}");
    }
}

#[test]
fn bytes_are_written_as_the_golden_ones() {
    for event_type in EventType::ALL.iter().copied() {
        let written = with_decision_of_one(event_type, |decision| hex(&body_of(decision)));
        assert_eq!(written, golden(event_type).1, "golden/schema-1/{event_type}.hex");
    }
}

#[test]
fn the_golden_decision_of_two_is_read_and_written_the_same() {
    let bytes = unhex(DECISION_OF_TWO);
    let read = decode(&bytes).unwrap();
    with_decision_of_two(|decision| {
        assert_eq!(&read, decision);
        assert_eq!(hex(&body_of(decision)), DECISION_OF_TWO);
    });
    assert_eq!(read.decision_id(), Some(id(1)));
    let payload: Payload<SealedText> = read.events[0].payload(&Upcasters::of_today()).unwrap();
    assert_eq!(payload, sealed(least(EventType::Intake)));
}

#[test]
fn a_golden_is_a_map_by_name_through_and_through() {
    // Read by a generic reader: every level is a map whose keys are texts.
    for event_type in EventType::ALL.iter().copied() {
        let bytes = unhex(golden(event_type).1);
        let value = rmpv::decode::read_value(&mut bytes.as_slice()).unwrap();
        let names =
            |value: &rmpv::Value| value.as_map().unwrap().iter().map(|(name, _)| name.as_str().unwrap().to_owned()).collect::<Vec<_>>();
        assert_eq!(names(&value).join(" "), "stream org client pos rev events");
        let event = &value["events"][0];
        assert_eq!(names(event).join(" "), "id type on at by corrects correlation causation source_at v data");
        let rmpv::Value::Binary(data) = &event["data"] else { panic!() };
        let data = rmpv::decode::read_value(&mut data.as_slice()).unwrap();
        let json: serde_json::Map<String, serde_json::Value> =
            serde_json::from_str(&serde_json::to_string(&full(event_type)).unwrap()).unwrap();
        assert_eq!(names(&data), json.keys().cloned().collect::<Vec<_>>(), "{event_type}");
        // The type is written as a word, ids as sixteen bytes, days and moments as integers.
        assert_eq!(event["type"].as_str(), Some(event_type.as_str()));
        assert_eq!((event["id"].as_slice(), event["on"].as_i64()), (Some([1; 16].as_slice()), Some(20_178)));
        assert_eq!(event["at"].as_i64(), Some(1_743_413_400_123_456));
    }
}
