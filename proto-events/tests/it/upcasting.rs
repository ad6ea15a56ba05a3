//! Older schemas are read as today's. There is none yet: a made-up schema 0 of `contact` proves the way, in JSON and at rest. In it the
//! channel was called `by`, and the minutes were quarters of an hour.

use proto_events::{
    Contact, ContactChannel, ContactWith, EventType, Payload, SealedText, WholeNumber,
    stored::StoredEvent,
    upcast::{CURRENT_SCHEMA, UpcastError, Upcasters},
};
use rmpv::Value;

use crate::samples::{Pieces, accepted, date, id, read_with, text, timestamp, written};

fn contact_from_0_to_1(data: Value) -> Result<Value, String> {
    let Value::Map(fields) = data else {
        return Err("expected an object".to_owned());
    };
    let turn = |(name, value): (Value, Value)| match name.as_str() {
        Some("by") => Ok((Value::from("channel"), value)),
        Some("quarters") => {
            let quarters = value.as_i64().ok_or("quarters: expected a whole number")?;
            Ok((Value::from("minutes"), Value::from(quarters * 15)))
        }
        Some("note" | "with") => Ok((name, value)),
        _ => Err(format!("schema 0 had no field {name}")),
    };
    fields.into_iter().map(turn).collect::<Result<_, String>>().map(Value::Map)
}

fn upcasters() -> Upcasters {
    Upcasters::of_today().with(EventType::Contact, 0, contact_from_0_to_1)
}

const OLDER: &str = r#"{"with":"employer","by":"phone","quarters":3,"note":"Belt terug"}"#;

fn older_line(data: &str) -> String {
    Pieces::full(EventType::Contact).with("schema", "0").line_with_data(data)
}

fn of_today<T>(note: Option<T>) -> Payload<T> {
    Payload::Contact(Contact { with: ContactWith::Employer, channel: ContactChannel::Phone, minutes: Some(WholeNumber(45)), note })
}

fn stored(schema: u16, data: &[u8]) -> StoredEvent<'_> {
    StoredEvent {
        event_id: id(1),
        event_type: EventType::Contact,
        occurred_on: date("2025-03-31"),
        recorded_at: timestamp("2025-03-31T09:30:00Z"),
        actor: "coach-7",
        corrects: None,
        correlation_id: None,
        causation_id: None,
        source_recorded_at: None,
        schema,
        data,
    }
}

fn packed(fields: &[(&str, Value)]) -> Vec<u8> {
    let map = Value::Map(fields.iter().map(|(name, value)| (Value::from(*name), value.clone())).collect());
    let mut bytes = Vec::new();
    rmpv::encode::write_value(&mut bytes, &map).unwrap();
    bytes
}

fn older_fields() -> Vec<(&'static str, Value)> {
    let sealed = Value::Binary(vec![0x5E, 0xA1, 0xED]);
    vec![("with", "employer".into()), ("by", "phone".into()), ("quarters", 3.into()), ("note", sealed)]
}

#[test]
fn an_older_line_is_read_as_todays() {
    let line = read_with(older_line(OLDER), &upcasters()).unwrap();
    assert_eq!(line.payload, of_today(Some(text("Belt terug"))));
    assert_eq!(line.schema, 0);
}

#[test]
fn an_older_line_keeps_an_erased_text() {
    let line = read_with(older_line(&OLDER.replace("\"Belt terug\"", "{\"erased\":true}")), &upcasters()).unwrap();
    assert_eq!(line.payload, of_today(Some(proto_events::Text::Erased)));
}

#[test]
fn an_older_line_goes_out_with_the_schema_of_its_payload() {
    // Its payload is of today's schema now, and must not be taken for the older one when it is read again.
    let line = read_with(older_line(OLDER), &upcasters()).unwrap();
    let again = accepted(written(&line));
    assert_eq!((again.schema, again.payload), (CURRENT_SCHEMA, line.payload));
}

#[test]
fn an_older_stored_payload_is_read_as_todays() {
    let data = packed(&older_fields());
    let payload: Payload<SealedText> = stored(0, &data).payload(&upcasters()).unwrap();
    assert_eq!(payload, of_today(Some(SealedText(vec![0x5E, 0xA1, 0xED]))));
}

#[test]
fn todays_payloads_are_not_upcast() {
    let line = read_with(Pieces::full(EventType::Contact).line(), &upcasters()).unwrap();
    assert_eq!(line, accepted(Pieces::full(EventType::Contact).line()));
}

#[test]
fn without_its_step_an_older_schema_is_unknown() {
    let said = "schema 0 of contact is unknown to this version of the program: it reads up to 1";
    assert_eq!(read_with(older_line(OLDER), &Upcasters::of_today()).unwrap_err().detail, said);
    let data = packed(&older_fields());
    assert_eq!(stored(0, &data).payload::<SealedText>(&Upcasters::of_today()).unwrap_err().to_string(), said);
}

#[test]
fn a_newer_schema_is_unknown_to_an_older_program() {
    let data = packed(&older_fields());
    for schema in [2, 9, u16::MAX] {
        let said = format!("schema {schema} of contact is unknown to this version of the program: it reads up to 1");
        assert_eq!(stored(schema, &data).payload::<SealedText>(&upcasters()).unwrap_err().to_string(), said);
        let line = Pieces::full(EventType::Contact).with("schema", &schema.to_string()).line();
        assert_eq!(read_with(line, &upcasters()).unwrap_err().detail, said);
    }
}

#[test]
fn a_step_of_one_type_is_none_of_another() {
    let line = Pieces::full(EventType::Outflow).with("schema", "0").line();
    let said = "schema 0 of outflow is unknown to this version of the program: it reads up to 1";
    assert_eq!(read_with(line, &upcasters()).unwrap_err().detail, said);
}

#[test]
fn older_data_that_does_not_fit_its_schema_is_refused_with_the_cause() {
    for (data, cause) in [
        (OLDER.replace("\"by\"", "\"channel\""), "schema 0 had no field"),
        (OLDER.replace('3', "\"3\""), "expected a whole number"),
        (OLDER.replace("phone", "pigeon"), "expected one of"),
        (OLDER.replace("\"by\":\"phone\",", ""), "channel"),
        ("[]".to_owned(), "expected a JSON object"),
    ] {
        let malformed = read_with(older_line(&data), &upcasters()).unwrap_err();
        assert!(malformed.detail.contains(cause), "{malformed}");
        assert_eq!(malformed.event_id, Some(id(1)));
    }
    let (whole, mut wrong) = (packed(&older_fields()), older_fields());
    wrong[1].0 = "channel";
    let unfit = upcasters().stored(EventType::Contact, 0, &packed(&wrong)).unwrap_err();
    assert!(matches!(unfit, UpcastError::Unfit { event_type: EventType::Contact, schema: 0, .. }), "{unfit}");
    assert!(stored(0, &packed(&wrong)).payload::<SealedText>(&upcasters()).is_err());
    assert!(stored(0, &whole[..whole.len() - 1]).payload::<SealedText>(&upcasters()).is_err());
}

#[test]
fn a_duplicate_key_is_malformed_in_older_data_too() {
    for twice in ["\"quarters\":3,\"quarters\":3", "\"quarters\":3,\"quarters\":4", "\"quarters\":3,\"\\u0071uarters\":3"] {
        let line = older_line(&OLDER.replace("\"quarters\":3", twice));
        assert!(read_with(&line, &upcasters()).is_err(), "{line}");
    }
    let erased_twice = OLDER.replace("\"Belt terug\"", "{\"erased\":true,\"erased\":true}");
    assert!(read_with(older_line(&erased_twice), &upcasters()).is_err());
    let mut fields = older_fields();
    fields.push(("quarters", 3.into()));
    assert!(stored(0, &packed(&fields)).payload::<SealedText>(&upcasters()).is_err());
}
