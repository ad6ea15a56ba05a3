//! Anything may be sent: the answer is never a fault of the service, and always well-formed.

use proptest::{prelude::*, test_runner::TestRunner};
use serde_json::Value;
use tokio::runtime::Runtime;

use crate::world::{World, contact, intake, trajectory};

/// Requests of each kind.
const CASES: u32 = 300;

fn any_json() -> impl Strategy<Value = Value> {
    let words = prop_oneof![Just("event_id"), Just("events"), Just("expected_revision"), Just("type"), Just("data"), Just("x")];
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        ".{0,12}".prop_map(Value::from)
    ];
    leaf.prop_recursive(4, 32, 6, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
            prop::collection::vec((words.clone(), inner), 0..6)
                .prop_map(|fields| Value::Object(fields.into_iter().map(|(name, value)| (name.to_owned(), value)).collect())),
        ]
    })
}

/// A valid body in which some bytes were changed.
fn bent() -> impl Strategy<Value = Vec<u8>> {
    let text =
        serde_json::json!({"events": [intake(1, "2026-01-05"), contact(1, 2, "2026-01-06", "een")], "expected_revision": 0}).to_string();
    prop::collection::vec((0..text.len(), any::<u8>()), 1..4).prop_map(move |changes| {
        let mut bytes = text.clone().into_bytes();
        for (place, byte) in changes {
            bytes[place] = byte;
        }
        bytes
    })
}

#[test]
fn no_body_makes_the_service_fail() {
    let runtime = Runtime::new().unwrap();
    let limits = gateway::Limits { caller_burst: 100_000.try_into().unwrap(), ..gateway::Limits::default() };
    let world = runtime.block_on(World::with(limits));
    let path = format!("/api/v1/trajectories/{}/events", trajectory(1));
    let bodies = prop_oneof![
        prop::collection::vec(any::<u8>(), 0..200),
        any_json().prop_map(|value| value.to_string().into_bytes()),
        bent(),
        any_json().prop_map(|value| format!("[{value}]").into_bytes()),
    ];
    let mut runner = TestRunner::new(ProptestConfig { cases: CASES, failure_persistence: None, ..ProptestConfig::default() });
    runner
        .run(&bodies, |body| {
            for path in [path.as_str(), "/api/v1/events"] {
                let answer = runtime.block_on(world.post(path, body.clone()));
                prop_assert!(answer.status < 500, "{answer:?}");
                prop_assert!(serde_json::from_slice::<Value>(&answer.body).is_ok());
            }
            Ok(())
        })
        .unwrap();
}

#[test]
fn no_address_makes_the_service_fail() {
    let runtime = Runtime::new().unwrap();
    let limits = gateway::Limits { caller_burst: 100_000.try_into().unwrap(), ..gateway::Limits::default() };
    let world = runtime.block_on(World::with(limits));
    let part = prop_oneof![
        Just("trajectories"),
        Just("figures"),
        Just("2026Q1"),
        Just("events"),
        Just("%00"),
        Just("%ff"),
        Just("projections"),
        Just("")
    ];
    let query = prop_oneof![
        Just("scope=%00"),
        Just("asOf=1e9"),
        Just("from=00000"),
        Just("limit=%2b1"),
        Just("on=0000-01-01"),
        Just("&&"),
        Just("=")
    ];
    let paths = (prop::collection::vec(part, 0..4), prop::option::of(query));
    let mut runner = TestRunner::new(ProptestConfig { cases: CASES, failure_persistence: None, ..ProptestConfig::default() });
    runner
        .run(&paths, |(parts, query)| {
            let path = format!("/api/v1/{}{}", parts.join("/"), query.map(|query| format!("?{query}")).unwrap_or_default());
            let answer = runtime.block_on(world.get(&path));
            prop_assert!(answer.status < 500, "{answer:?}");
            Ok(())
        })
        .unwrap();
}
