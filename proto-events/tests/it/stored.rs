//! The stored form: by name, strict, and whole.

use proto_events::{
    EventType, Payload, SealedText, Skipped,
    stored::{StoredDecision, StoredEvent, decode, encode_payload},
    upcast::Upcasters,
};
use rmpv::Value;

use crate::samples::{date, full, id, least, timestamp};

fn sealed(event_type: EventType) -> Payload<SealedText> {
    full(event_type).try_map_texts(|field, _| Ok::<_, ()>(SealedText(field.as_bytes().to_vec()))).unwrap()
}

fn packed(value: &Value) -> Vec<u8> {
    let mut bytes = Vec::new();
    rmpv::encode::write_value(&mut bytes, value).unwrap();
    bytes
}

fn unpacked(bytes: &[u8]) -> Vec<(Value, Value)> {
    match rmpv::decode::read_value(&mut &*bytes).unwrap() {
        Value::Map(fields) => fields,
        other => panic!("no map: {other}"),
    }
}

fn data(event_type: EventType) -> Vec<u8> {
    let mut bytes = Vec::new();
    encode_payload(&sealed(event_type), &mut bytes).unwrap();
    bytes
}

fn event(event_type: EventType, data: &[u8]) -> StoredEvent<'_> {
    StoredEvent {
        event_id: id(1),
        event_type,
        occurred_on: date("2025-03-31"),
        recorded_at: timestamp("2025-03-31T09:30:00Z"),
        actor: "coach-7",
        corrects: Some(id(3)),
        correlation_id: Some(id(4)),
        causation_id: Some(id(5)),
        source_recorded_at: Some(timestamp("2025-01-01T00:00:00Z")),
        schema: 1,
        data,
    }
}

fn read(event_type: EventType, bytes: &[u8]) -> Result<Payload<SealedText>, String> {
    event(event_type, bytes).payload(&Upcasters::of_today()).map_err(|e| e.to_string())
}

fn body(count: u8) -> Vec<u8> {
    let data = data(EventType::Contact);
    let events = (1..=count).map(|number| StoredEvent { event_id: id(number), ..event(EventType::Contact, &data) }).collect();
    let decision = StoredDecision {
        trajectory_id: id(2),
        organisation: "org-17",
        client_id: Some(id(0xC1)),
        first_position: 7,
        first_revision: 3,
        events,
    };
    let mut body = Vec::new();
    decision.encode(&mut body).unwrap();
    body
}

/// The body with its decision's fields, and with its first event's, changed.
fn body_with(decision: impl FnOnce(&mut Vec<(Value, Value)>), event: impl FnOnce(&mut Vec<(Value, Value)>)) -> Vec<u8> {
    let mut fields = unpacked(&body(1));
    let place = fields.iter().position(|(name, _)| name.as_str() == Some("events")).unwrap();
    let Value::Array(mut events) = fields[place].1.clone() else { panic!() };
    let Value::Map(mut first) = events[0].clone() else { panic!() };
    event(&mut first);
    events[0] = Value::Map(first);
    fields[place].1 = Value::Array(events);
    decision(&mut fields);
    packed(&Value::Map(fields))
}

fn nothing(_: &mut Vec<(Value, Value)>) {}

fn set(name: &'static str, value: Value) -> impl FnOnce(&mut Vec<(Value, Value)>) {
    move |fields| fields.iter_mut().find(|(other, _)| other.as_str() == Some(name)).unwrap().1 = value
}

#[test]
fn fields_are_read_by_name_in_whatever_order() {
    for event_type in EventType::ALL.iter().copied() {
        let mut fields = unpacked(&data(event_type));
        fields.reverse();
        assert_eq!(read(event_type, &packed(&Value::Map(fields))), Ok(sealed(event_type)));
    }
    let swapped = body_with(|fields| fields.reverse(), |fields| fields.reverse());
    assert_ne!(swapped, body(1));
    assert_eq!(decode(&swapped), decode(&body(1)));
}

#[test]
fn the_fields_of_a_contract_are_read_by_name_too() {
    let mut fields = unpacked(&data(EventType::PaidWorkStarted));
    let contract = fields.iter_mut().find(|(name, _)| name.as_str() == Some("contract")).unwrap();
    let Value::Map(inner) = &mut contract.1 else { panic!() };
    inner.reverse();
    assert_eq!(read(EventType::PaidWorkStarted, &packed(&Value::Map(fields))), Ok(sealed(EventType::PaidWorkStarted)));
}

#[test]
fn a_payload_by_place_instead_of_by_name_is_refused() {
    for event_type in EventType::ALL.iter().copied() {
        let values = unpacked(&data(event_type)).into_iter().map(|(_, value)| value).collect();
        assert!(read(event_type, &packed(&Value::Array(values))).is_err(), "{event_type}");
    }
}

#[test]
fn a_decision_by_place_instead_of_by_name_is_refused() {
    let values: Vec<_> = unpacked(&body(1)).into_iter().map(|(_, value)| value).collect();
    assert!(decode(&packed(&Value::Array(values))).is_err());
    let events = |fields: &mut Vec<(Value, Value)>| {
        let events = fields.iter_mut().find(|(name, _)| name.as_str() == Some("events")).unwrap();
        let Value::Array(all) = &mut events.1 else { panic!() };
        let Value::Map(first) = &all[0] else { panic!() };
        all[0] = Value::Array(first.iter().map(|(_, value)| value.clone()).collect());
    };
    assert!(decode(&body_with(events, nothing)).is_err());
}

#[test]
fn a_payload_with_an_unknown_field_is_refused() {
    for event_type in EventType::ALL.iter().copied() {
        let mut fields = unpacked(&data(event_type));
        fields.push(("extra".into(), 1.into()));
        assert!(read(event_type, &packed(&Value::Map(fields))).unwrap_err().contains("extra"), "{event_type}");
    }
}

#[test]
fn a_payload_with_a_duplicate_key_is_refused() {
    for event_type in EventType::ALL.iter().copied() {
        for place in 0..unpacked(&data(event_type)).len() {
            let mut fields = unpacked(&data(event_type));
            fields.push(fields[place].clone());
            assert!(read(event_type, &packed(&Value::Map(fields))).is_err(), "{event_type}");
        }
    }
}

#[test]
fn a_payload_without_a_required_field_is_refused() {
    for event_type in EventType::ALL.iter().copied() {
        let least: serde_json::Value = serde_json::to_value(least(event_type)).unwrap();
        let whole = unpacked(&data(event_type));
        for (name, _) in &whole {
            let fields = whole.iter().filter(|(other, _)| other != name).cloned().collect();
            let required = least.get(name.as_str().unwrap()).is_some();
            assert_eq!(read(event_type, &packed(&Value::Map(fields))).is_err(), required, "{event_type}.{name}");
        }
    }
}

#[test]
fn nil_is_read_only_where_a_change_may_be_null() {
    for event_type in EventType::ALL.iter().copied() {
        for place in 0..unpacked(&data(event_type)).len() {
            let mut fields = unpacked(&data(event_type));
            fields[place].1 = Value::Nil;
            let name = fields[place].0.as_str().unwrap().to_owned();
            let change = match event_type {
                EventType::PaidWorkChanged => name != "job_id",
                EventType::TrajectoryChanged => !["funding", "region"].contains(&name.as_str()),
                _ => false,
            };
            assert_eq!(read(event_type, &packed(&Value::Map(fields))).is_ok(), change, "{event_type}.{name}");
        }
    }
}

#[test]
fn a_payload_of_another_type_is_refused() {
    let contact = data(EventType::Contact);
    for event_type in EventType::ALL.iter().copied().filter(|event_type| *event_type != EventType::Contact) {
        assert!(read(event_type, &contact).unwrap_err().contains(event_type.as_str()));
    }
}

#[test]
fn a_payload_that_was_cut_off_or_goes_on_is_refused() {
    for event_type in EventType::ALL.iter().copied() {
        let whole = data(event_type);
        for cut in 0..whole.len() {
            assert!(read(event_type, &whole[..cut]).is_err(), "{event_type} cut at {cut}");
        }
        assert!(read(event_type, &[whole.as_slice(), &[0xC0]].concat()).is_err(), "{event_type}");
    }
}

#[test]
fn a_body_that_was_cut_off_or_goes_on_is_refused() {
    let whole = body(2);
    for cut in 0..whole.len() {
        assert!(decode(&whole[..cut]).is_err(), "cut at {cut}");
    }
    assert!(decode(&[whole.as_slice(), &[0xC0]].concat()).is_err());
    assert!(decode(&[whole.as_slice(), &whole].concat()).is_err());
}

#[test]
fn a_decision_has_at_least_one_event() {
    let empty = body_with(set("events", Value::Array(Vec::new())), nothing);
    assert_eq!(decode(&empty).unwrap_err().to_string(), "a decision without events");
}

#[test]
fn only_a_decision_of_several_events_has_an_id() {
    assert_eq!(decode(&body(1)).unwrap().decision_id(), None);
    assert_eq!(decode(&body(2)).unwrap().decision_id(), Some(id(1)));
    assert_eq!(decode(&body(9)).unwrap().decision_id(), Some(id(1)));
}

#[test]
fn unknown_and_duplicate_fields_of_the_envelope_are_refused() {
    assert!(decode(&body_with(|fields| fields.push(("x".into(), 1.into())), nothing)).is_err());
    assert!(decode(&body_with(nothing, |fields| fields.push(("x".into(), 1.into())))).is_err());
    for place in 0..unpacked(&body(1)).len() {
        assert!(decode(&body_with(|fields| fields.push(fields[place].clone()), nothing)).is_err());
    }
    for place in 0..11 {
        assert!(decode(&body_with(nothing, |fields| fields.push(fields[place].clone()))).is_err());
    }
}

#[test]
fn missing_fields_of_the_envelope_are_refused() {
    let without = |name: &'static str| move |fields: &mut Vec<(Value, Value)>| fields.retain(|(other, _)| other.as_str() != Some(name));
    for name in ["stream", "org", "pos", "rev", "events"] {
        assert!(decode(&body_with(without(name), nothing)).is_err(), "{name}");
    }
    assert_eq!(decode(&body_with(without("client"), nothing)).unwrap().client_id, None);
    for name in ["id", "type", "on", "at", "by", "v", "data"] {
        assert!(decode(&body_with(nothing, without(name))).is_err(), "{name}");
    }
    for name in ["corrects", "correlation", "causation", "source_at"] {
        assert!(decode(&body_with(nothing, without(name))).is_ok(), "{name}");
    }
}

#[test]
fn values_out_of_range_are_refused() {
    for (name, value) in [
        ("on", Value::from(2_932_897)),
        ("on", Value::from(-719_163)),
        ("on", Value::from(i64::MAX)),
        ("on", Value::from("2025-03-31")),
        ("at", Value::from(i64::MAX)),
        ("at", Value::from(u64::MAX)),
        ("at", Value::from("2025-03-31T09:30:00Z")),
        ("id", Value::Binary(vec![1; 15])),
        ("id", Value::Binary(vec![1; 17])),
        ("type", Value::from("client_erased")),
        ("type", Value::from(0)),
        ("v", Value::from(65_536)),
        ("v", Value::from(-1)),
        ("by", Value::Nil),
    ] {
        assert!(decode(&body_with(nothing, set(name, value.clone()))).is_err(), "{name}: {value}");
    }
    for (name, value) in [("pos", Value::from(-1)), ("rev", Value::from(u64::from(u32::MAX) + 1)), ("org", Value::from(1))] {
        assert!(decode(&body_with(set(name, value.clone()), nothing)).is_err(), "{name}: {value}");
    }
    assert_eq!(decode(&body_with(set("pos", Value::from(u64::MAX)), nothing)).unwrap().first_position, u64::MAX);
}

#[test]
fn texts_can_be_passed_over_unread() {
    for event_type in EventType::ALL.iter().copied() {
        let data = data(event_type);
        let passed_over: Payload<Skipped> = event(event_type, &data).payload(&Upcasters::of_today()).unwrap();
        assert_eq!(Ok(passed_over), full(event_type).try_map_texts(|_, _| Ok::<_, ()>(Skipped)));
    }
}

#[test]
fn a_record_is_written_after_what_is_already_there() {
    let mut into = vec![1, 2, 3];
    decode(&body(1)).unwrap().encode(&mut into).unwrap();
    assert_eq!(into, [&[1, 2, 3], body(1).as_slice()].concat());
}

#[test]
fn decoding_borrows_from_the_record() {
    let whole = body(1);
    let decision = decode(&whole).unwrap();
    let within = whole.as_ptr_range();
    assert!(within.contains(&decision.organisation.as_ptr()) && within.contains(&decision.events[0].data.as_ptr()));
}
