//! The JSON form: one event a line, in and out.
//!
//! Reading is strict, because what is read here is kept for ever: unknown fields, duplicate keys, `null` in the envelope,
//! an unknown type or schema and text that is not Unicode are all [`Malformed`], with the cause in a sentence.

use serde::{Deserialize, Deserializer, Serialize, de::DeserializeOwned};
use serde_json::value::RawValue;

use crate::{
    Date, EventType, Id, Payload, Slug, Text, Timestamp, WholeNumber,
    upcast::{CURRENT_SCHEMA, Upcasters},
};

/// The longest line that is read. The largest valid event (fifty sectors and a profile of 4,000 code points, all escaped)
/// has less than half of it.
pub const LONGEST_LINE: usize = 4 * 1024 * 1024;

/// The longest name of an actor, in Unicode code points.
pub const LONGEST_ACTOR: usize = 200;

/// An event as a file or a client brings it, its texts in clear (or, with another `T`, only checked).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EventLine<T = Text> {
    /// The idempotency key.
    pub event_id: Id,
    /// The stream.
    pub trajectory_id: Id,
    /// The organisation that delivers the trajectory.
    pub organisation: Slug,
    /// When it happened.
    pub occurred_on: Date,
    /// When a log took it, if the file says so.
    pub recorded_at: Option<Timestamp>,
    /// Who recorded it, if the file says so.
    pub actor: Option<String>,
    /// The event that this one replaces.
    pub corrects: Option<Id>,
    /// Passed through.
    pub correlation_id: Option<Id>,
    /// Passed through.
    pub causation_id: Option<Id>,
    /// The decision that it was appended with, if the file says so.
    pub decision: Option<Id>,
    /// The moment that an earlier file brought.
    pub source_recorded_at: Option<Timestamp>,
    /// The payload's schema as written; `payload` is of today's.
    pub schema: u16,
    /// What it tells, upcast to the current schema.
    pub payload: Payload<T>,
}

/// Why a line is not an event: rule 1 of the contract.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{detail}")]
pub struct Malformed {
    /// The event's id, where one could be read.
    pub event_id: Option<Id>,
    /// What is wrong, and where.
    pub detail: String,
}

fn present<'de, D: Deserializer<'de>, V: Deserialize<'de>>(deserializer: D) -> Result<Option<V>, D::Error> {
    V::deserialize(deserializer).map(Some)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Line<'a> {
    event_id: Id,
    trajectory_id: Id,
    organisation: Slug,
    r#type: EventType,
    occurred_on: Date,
    #[serde(default, deserialize_with = "present")]
    recorded_at: Option<Timestamp>,
    #[serde(default, deserialize_with = "present")]
    actor: Option<String>,
    #[serde(default, deserialize_with = "present")]
    corrects: Option<Id>,
    #[serde(default, deserialize_with = "present")]
    correlation_id: Option<Id>,
    #[serde(default, deserialize_with = "present")]
    causation_id: Option<Id>,
    #[serde(default, deserialize_with = "present")]
    decision: Option<Id>,
    #[serde(default, deserialize_with = "present")]
    source_recorded_at: Option<Timestamp>,
    #[serde(default, deserialize_with = "present")]
    schema: Option<WholeNumber>,
    #[serde(borrow)]
    data: &'a RawValue,
    #[serde(default, deserialize_with = "present")]
    revision: Option<WholeNumber>,
    #[serde(default, deserialize_with = "present")]
    position: Option<WholeNumber>,
}

/// Reads one line.
///
/// # Errors
/// [`Malformed`], with the event's id where the line has a readable one.
pub fn parse_line<T: DeserializeOwned>(line: &[u8], upcasters: &Upcasters) -> Result<EventLine<T>, Malformed> {
    parse(line, upcasters).map_err(|detail| Malformed { event_id: event_id_of(line), detail })
}

fn parse<T: DeserializeOwned>(line: &[u8], upcasters: &Upcasters) -> Result<EventLine<T>, String> {
    if line.len() > LONGEST_LINE {
        return Err(format!("the line has {} bytes; an event has at most {LONGEST_LINE}", line.len()));
    }
    object("the line", line)?;
    let line: Line<'_> = serde_json::from_slice(line).map_err(|e| cause(&e))?;
    object("data", line.data.get().as_bytes())?;
    for (name, number) in [("revision", line.revision), ("position", line.position)] {
        if number.is_some_and(|n| n.0 < 1) {
            return Err(format!("{name}: expected an integer from 1"));
        }
    }
    if line.actor.as_ref().is_some_and(|actor| actor.chars().count() > LONGEST_ACTOR) {
        return Err(format!("actor: at most {LONGEST_ACTOR} characters"));
    }
    let schema =
        line.schema.map_or(Ok(CURRENT_SCHEMA), |n| u16::try_from(n.0)).map_err(|_| "schema: there is no such schema".to_owned())?;
    let payload = if schema == CURRENT_SCHEMA {
        let mut data = serde_json::Deserializer::from_str(line.data.get());
        Payload::deserialize(line.r#type, &mut data).map_err(|e| format!("data: {}", cause(&e)))?
    } else {
        let current = upcasters.json(line.r#type, schema, line.data.get()).map_err(|e| e.to_string())?;
        let mut data = serde_json::Deserializer::from_str(&current);
        Payload::deserialize(line.r#type, &mut data).map_err(|e| format!("data of schema {schema}: {}", cause(&e)))?
    };
    Ok(EventLine {
        event_id: line.event_id,
        trajectory_id: line.trajectory_id,
        organisation: line.organisation,
        occurred_on: line.occurred_on,
        recorded_at: line.recorded_at,
        actor: line.actor,
        corrects: line.corrects,
        correlation_id: line.correlation_id,
        causation_id: line.causation_id,
        decision: line.decision,
        source_recorded_at: line.source_recorded_at,
        schema,
        payload,
    })
}

/// A derived reader would take an array in the place of an object; the contract does not.
fn object(what: &str, json: &[u8]) -> Result<(), String> {
    if json.trim_ascii_start().starts_with(b"{") { Ok(()) } else { Err(format!("{what}: expected a JSON object")) }
}

/// serde_json's message without its line number, which would be taken for the file's, and without a text that was written: it may
/// be a name in the wrong field, and errors hold no personal data.
fn cause(error: &serde_json::Error) -> String {
    /// What was written, by its kind: between these marks.
    const WRITTEN: [(&str, &str); 4] =
        [("boolean `", "`, expected"), ("string \"", "\", expected"), ("integer `", "`, expected"), ("floating point `", "`, expected")];
    let text = error.to_string();
    let mut said = text.rfind(" at line ").map_or(text.as_str(), |at| &text[..at]).to_owned();
    for (begins, ends) in WRITTEN {
        if let (Some(from), Some(to)) = (said.find(begins), said.rfind(ends))
            && from < to
        {
            said.replace_range(from + begins.len() - 2..to + 1, "");
        }
    }
    // The name of a field is told when it is one; what else stands there may be anything.
    if let Some((_, rest)) = said.split_once("unknown field `")
        && let Some(name) = rest.split('`').next()
        && !(name.len() <= 40 && name.bytes().all(|b| b.is_ascii_alphabetic() || b == b'_'))
    {
        said = "unknown field".to_owned();
    }
    if error.column() > 0 { format!("{said} (character {})", error.column()) } else { said }
}

/// The event's id of a line that is otherwise not an event; none when it bears two.
fn event_id_of(line: &[u8]) -> Option<Id> {
    #[derive(Deserialize)]
    struct OnlyId {
        event_id: Id,
    }
    object("the line", line).ok()?;
    // Also what is passed over must be JSON and Unicode: an id out of rubble is not to be trusted.
    serde_json::from_slice::<serde_json::Value>(line).ok()?;
    serde_json::from_slice::<OnlyId>(line).ok().map(|line| line.event_id)
}

/// An event on its way out: the envelope in the order of the contract.
#[derive(Clone, Debug, Serialize)]
pub struct EventOut<'a> {
    /// The idempotency key.
    pub event_id: Id,
    /// The stream.
    pub trajectory_id: Id,
    /// The organisation that delivers the trajectory.
    pub organisation: &'a str,
    /// What it tells.
    pub r#type: EventType,
    /// When it happened.
    pub occurred_on: Date,
    /// When the log took it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub recorded_at: Option<Timestamp>,
    /// Who recorded it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub actor: Option<&'a str>,
    /// The event that this one replaces.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub corrects: Option<Id>,
    /// Passed through.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub correlation_id: Option<Id>,
    /// Passed through.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub causation_id: Option<Id>,
    /// Of events appended together: the first one's id.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub decision: Option<Id>,
    /// The moment that a file brought.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source_recorded_at: Option<Timestamp>,
    /// The payload's schema as written.
    pub schema: u16,
    /// The payload as written.
    pub data: &'a Payload<Text>,
    /// Place in the stream, once it has one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub revision: Option<u32>,
    /// Place in the whole log, once it has one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub position: Option<u64>,
}

impl EventLine {
    /// The line as it is written for an import: not yet with a place in a log.
    #[must_use]
    pub fn out(&self) -> EventOut<'_> {
        EventOut {
            event_id: self.event_id,
            trajectory_id: self.trajectory_id,
            organisation: self.organisation.as_str(),
            r#type: self.payload.event_type(),
            occurred_on: self.occurred_on,
            recorded_at: self.recorded_at,
            actor: self.actor.as_deref(),
            corrects: self.corrects,
            correlation_id: self.correlation_id,
            causation_id: self.causation_id,
            decision: self.decision,
            source_recorded_at: self.source_recorded_at,
            // Whatever it was read from, the payload is of today's schema.
            schema: CURRENT_SCHEMA,
            data: &self.payload,
            revision: None,
            position: None,
        }
    }
}
