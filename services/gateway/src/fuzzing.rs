//! The readers of what comes from outside, for `tests/fuzz` and nobody else.

use proto_events::json::EventLine;

use crate::{Limits, form, nats::msgpack};

/// The events of a command, when it is one.
#[must_use]
pub fn command(body: &[u8]) -> Option<Vec<EventLine>> {
    form::command(body, None, &Limits::default()).ok().map(|command| command.lines)
}

/// How many elements an outbox has, when it is one.
#[must_use]
pub fn outbox(body: &[u8]) -> Option<usize> {
    form::outbox(body, &Limits::default()).ok().map(|elements| elements.len())
}

/// The JSON that a message stands for, when it stands for any.
#[must_use]
pub fn json_of_message_pack(message: &[u8]) -> Option<String> {
    msgpack::to_json(message, Limits::default().event_bytes).ok()
}

/// The message that stands for this JSON.
#[must_use]
pub fn message_pack_of_json(json: &[u8]) -> Option<Vec<u8>> {
    msgpack::of_json(json)
}
