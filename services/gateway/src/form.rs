//! The form of a command: rule 1 of the event contract, for HTTP and NATS.
//!
//! An event is read by the contract's own reader (`proto_events::json`), from its exact bytes. What a client may add to its fields
//! (`expected_revision`) is taken out first, and nothing is taken out twice: duplicate keys stay malformed. What only the log sets is
//! malformed in a command.

use std::fmt;

use proto_events::{
    Id, Text,
    json::{EventLine, parse_line},
    upcast::Upcasters,
};
use serde::{
    Deserialize, Deserializer,
    de::{MapAccess, Visitor},
};
use serde_json::value::RawValue;
use uuid::Uuid;

use crate::{limits::Limits, problem::Mistake};

/// What a command does not bring.
const SET_BY_THE_LOG: [&str; 6] = ["actor", "recorded_at", "revision", "position", "decision", "source_recorded_at"];

const EXPECTED_REVISION: &str = "expected_revision";
const EVENTS: &str = "events";

/// A well-formed command.
#[derive(Debug)]
pub(crate) struct Command {
    /// The events of the decision, at least one, all of one trajectory.
    pub(crate) lines: Vec<EventLine>,
    /// The revision that the stream must have; 0 is an empty one.
    pub(crate) expected_revision: Option<u32>,
    /// Whether it came as a list, and is answered so.
    pub(crate) is_list: bool,
}

/// A command that is none.
#[derive(Debug)]
pub(crate) enum Unread {
    /// Every mistake in it.
    Malformed(Vec<Mistake>),
    /// It has more events than are read.
    TooMany(String),
}

/// One command: an event, or a list of them with `events`. With `trajectory` all of its events must be of that one.
pub(crate) fn command(body: &[u8], trajectory: Option<Uuid>, limits: &Limits) -> Result<Command, Unread> {
    let fields = Fields::read(body).map_err(|detail| Unread::Malformed(vec![mistake(0, None, detail)]))?;
    if !fields.has(EVENTS) {
        return event(body, &fields, trajectory, 0).map_err(Unread::Malformed);
    }
    let mut mistakes = Vec::new();
    let mut say = |detail: &str| mistakes.push(mistake(0, None, detail.to_owned()));
    if fields.0.iter().any(|(name, _)| ![EVENTS, EXPECTED_REVISION].contains(&name.as_str())) {
        say("a list of events has beside events only expected_revision");
    }
    let expected_revision = fields.expected_revision().unwrap_or_else(|detail| {
        say(detail);
        None
    });
    let elements: Vec<&RawValue> = match fields.once(EVENTS).map(|raw| serde_json::from_str(raw.get())) {
        Ok(Ok(elements)) => elements,
        Ok(Err(_)) => {
            say("events: expected a list");
            Vec::new()
        }
        Err(detail) => {
            say(&detail);
            Vec::new()
        }
    };
    if elements.len() > limits.decision_events {
        return Err(Unread::TooMany(format!("one decision has at most {} events", limits.decision_events)));
    }
    if elements.is_empty() && mistakes.is_empty() {
        mistakes.push(mistake(0, None, "events: expected at least one event".to_owned()));
    }
    let (mut lines, mut first) = (Vec::with_capacity(elements.len()), trajectory);
    for (place, element) in elements.into_iter().enumerate() {
        let read = Fields::read(element.get().as_bytes()).map_err(|detail| vec![mistake(place, None, detail)]);
        let read = read.and_then(|fields| match fields.has(EXPECTED_REVISION) {
            true => Err(vec![mistake(place, fields.event_id(), "expected_revision stands beside events, not in one of them".to_owned())]),
            false => event(element.get().as_bytes(), &fields, first, place),
        });
        match read {
            Ok(one) => {
                first = first.or_else(|| one.lines.first().map(|line| line.trajectory_id.0));
                lines.extend(one.lines);
            }
            Err(of_this) => mistakes.extend(of_this),
        }
    }
    if mistakes.is_empty() { Ok(Command { lines, expected_revision, is_list: true }) } else { Err(Unread::Malformed(mistakes)) }
}

/// An outbox: a list of events, each a command of its own; a malformed one does not stop the others.
pub(crate) fn outbox(body: &[u8], limits: &Limits) -> Result<Vec<Result<Command, Vec<Mistake>>>, Unread> {
    let not_a_list = |detail: &str| Unread::Malformed(vec![mistake(0, None, detail.to_owned())]);
    if !body.trim_ascii_start().starts_with(b"[") {
        return Err(not_a_list("expected a JSON list of events"));
    }
    let elements: Vec<&RawValue> = serde_json::from_slice(body).map_err(|_| not_a_list("the body is not JSON"))?;
    if elements.len() > limits.outbox_events {
        return Err(Unread::TooMany(format!("an outbox has at most {} events: send it in parts, in order", limits.outbox_events)));
    }
    let read = |(place, element): (usize, &RawValue)| {
        let bytes = element.get().as_bytes();
        let fields = Fields::read(bytes).map_err(|detail| vec![mistake(place, None, detail)])?;
        event(bytes, &fields, None, place)
    };
    Ok(elements.into_iter().enumerate().map(read).collect())
}

fn mistake(event: usize, event_id: Option<String>, detail: String) -> Mistake {
    Mistake { event, event_id, detail }
}

/// One event with what may stand beside its fields; every mistake that can be told.
fn event(bytes: &[u8], fields: &Fields<'_>, trajectory: Option<Uuid>, place: usize) -> Result<Command, Vec<Mistake>> {
    let mut mistakes = Vec::new();
    let mut said_id = None::<Id>;
    let expected_revision = fields.expected_revision().unwrap_or_else(|detail| {
        mistakes.push(detail.to_owned());
        None
    });
    for name in SET_BY_THE_LOG.iter().filter(|name| fields.has(name)) {
        mistakes.push(format!("{name}: set by the log, not by a command"));
    }
    let without = fields.has(EXPECTED_REVISION).then(|| fields.without(EXPECTED_REVISION));
    let line = match parse_line::<Text>(without.as_deref().unwrap_or(bytes), &Upcasters::of_today()) {
        Ok(line) => {
            said_id = Some(line.event_id);
            if trajectory.is_some_and(|trajectory| trajectory != line.trajectory_id.0) {
                mistakes.push("trajectory_id: another trajectory than the one it is sent to".to_owned());
            }
            without_erased(line).map_err(|field| mistakes.push(format!("data: {field}: an erased text is for an import only"))).ok()
        }
        Err(wrong) => {
            said_id = said_id.or(wrong.event_id);
            mistakes.push(wrong.detail);
            None
        }
    };
    match line {
        Some(line) if mistakes.is_empty() => Ok(Command { lines: vec![line], expected_revision, is_list: false }),
        _ => {
            let id = said_id.map(|id| id.to_string()).or_else(|| fields.event_id());
            Err(mistakes.into_iter().map(|detail| mistake(place, id.clone(), detail)).collect())
        }
    }
}

/// The line, unless one of its texts says that it was erased; then the text's field.
fn without_erased(line: EventLine) -> Result<EventLine, &'static str> {
    let payload = line.payload.try_map_texts(|field, text| match text {
        Text::Clear(text) => Ok(Text::Clear(text)),
        Text::Erased => Err(field),
    })?;
    Ok(EventLine { payload, ..line })
}

/// The fields of a JSON object in their order, duplicates included.
struct Fields<'a>(Vec<(String, &'a RawValue)>);

impl<'de> Deserialize<'de> for Fields<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Form;
        impl<'de> Visitor<'de> for Form {
            type Value = Fields<'de>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a JSON object")
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Fields<'de>, A::Error> {
                let mut fields = Vec::new();
                while let Some(field) = map.next_entry()? {
                    fields.push(field);
                }
                Ok(Fields(fields))
            }
        }
        deserializer.deserialize_map(Form)
    }
}

impl<'a> Fields<'a> {
    fn read(bytes: &'a [u8]) -> Result<Self, String> {
        if !bytes.trim_ascii_start().starts_with(b"{") {
            return Err("expected a JSON object".to_owned());
        }
        serde_json::from_slice(bytes).map_err(|e| format!("this is not JSON (line {}, character {})", e.line(), e.column()))
    }

    fn has(&self, name: &str) -> bool {
        self.0.iter().any(|(field, _)| field == name)
    }

    fn once(&self, name: &str) -> Result<&'a RawValue, String> {
        let mut found = self.0.iter().filter(|(field, _)| field == name).map(|(_, value)| *value);
        match (found.next(), found.next()) {
            (Some(value), None) => Ok(value),
            (None, _) => Err(format!("missing field `{name}`")),
            (Some(_), Some(_)) => Err(format!("duplicate field `{name}`")),
        }
    }

    fn event_id(&self) -> Option<String> {
        let text: String = serde_json::from_str(self.once("event_id").ok()?.get()).ok()?;
        text.parse::<Id>().ok().map(|id| id.to_string())
    }

    /// An integer from 0, written without a point; `None` when it is not there.
    fn expected_revision(&self) -> Result<Option<u32>, &'static str> {
        if !self.has(EXPECTED_REVISION) {
            return Ok(None);
        }
        let digits = self.once(EXPECTED_REVISION).map_err(|_| "duplicate field `expected_revision`")?.get();
        if digits.bytes().all(|b| b.is_ascii_digit()) {
            // More than a stream can have is a revision that it has not.
            Ok(Some(digits.parse().unwrap_or(u32::MAX)))
        } else {
            Err("expected_revision: expected an integer from 0")
        }
    }

    /// The object without the fields of this name.
    fn without(&self, name: &str) -> Vec<u8> {
        let mut object = Vec::new();
        for (field, value) in self.0.iter().filter(|(field, _)| field != name) {
            object.push(if object.is_empty() { b'{' } else { b',' });
            object.extend(serde_json::Value::from(field.as_str()).to_string().into_bytes());
            object.push(b':');
            object.extend(value.get().as_bytes());
        }
        if object.is_empty() {
            object.push(b'{');
        }
        object.push(b'}');
        object
    }
}
