//! The stored form: one record is one decision, in MessagePack with named fields.
//!
//! The layout is for ever. Fields are named, because array forms were seen to swap two fields silently; names are short,
//! because there are a hundred million of them. The payload is an opaque byte string, so that a reader can pass over what
//! it does not need. `tests/it/golden.rs` holds the bytes of every event type.

use std::{fmt, marker::PhantomData};

use rmp_serde::{Deserializer, decode::ReadRefReader};
use serde::{Deserialize, Serialize, de};

use crate::{
    Date, EventType, Id, Payload, Timestamp,
    upcast::{CURRENT_SCHEMA, Upcasters},
};

/// A decision at rest.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StoredDecision<'a> {
    /// The stream.
    #[serde(rename = "stream")]
    pub trajectory_id: Id,
    /// The organisation that delivers the trajectory.
    #[serde(rename = "org")]
    pub organisation: &'a str,
    /// The client under whose key the texts are sealed; absent where no event has a text.
    #[serde(default, rename = "client", skip_serializing_if = "Option::is_none")]
    pub client_id: Option<Id>,
    /// The first event's place in the whole log.
    #[serde(rename = "pos")]
    pub first_position: u64,
    /// The first event's place in the stream.
    #[serde(rename = "rev")]
    pub first_revision: u32,
    /// The events, at least one.
    #[serde(borrow, deserialize_with = "all_by_name")]
    pub events: Vec<StoredEvent<'a>>,
}

/// An event at rest.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StoredEvent<'a> {
    /// The idempotency key.
    #[serde(rename = "id")]
    pub event_id: Id,
    /// What it tells.
    #[serde(rename = "type")]
    pub event_type: EventType,
    /// When it happened.
    #[serde(rename = "on")]
    pub occurred_on: Date,
    /// When the log took it.
    #[serde(rename = "at")]
    pub recorded_at: Timestamp,
    /// Who recorded it.
    #[serde(rename = "by")]
    pub actor: &'a str,
    /// The event that this one replaces.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub corrects: Option<Id>,
    /// Passed through.
    #[serde(default, rename = "correlation", skip_serializing_if = "Option::is_none")]
    pub correlation_id: Option<Id>,
    /// Passed through.
    #[serde(default, rename = "causation", skip_serializing_if = "Option::is_none")]
    pub causation_id: Option<Id>,
    /// The moment that a file brought.
    #[serde(default, rename = "source_at", skip_serializing_if = "Option::is_none")]
    pub source_recorded_at: Option<Timestamp>,
    /// The payload's schema as written.
    #[serde(rename = "v")]
    pub schema: u16,
    /// The payload as written: MessagePack with named fields, texts sealed.
    #[serde(with = "serde_bytes")]
    pub data: &'a [u8],
}

/// Why stored bytes cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct Unreadable(pub String);

impl StoredDecision<'_> {
    /// Writes the record's body after what `into` already holds.
    ///
    /// # Errors
    /// [`Unreadable`] when the encoder fails, which it does not for these types.
    pub fn encode(&self, into: &mut Vec<u8>) -> Result<(), Unreadable> {
        encode_named(self, into)
    }

    /// The id that all events of a decision of several carry.
    #[must_use]
    pub fn decision_id(&self) -> Option<Id> {
        self.events.first().filter(|_| self.events.len() > 1).map(|first| first.event_id)
    }
}

/// Reads a record's body, borrowing from it.
///
/// # Errors
/// [`Unreadable`], with the cause.
pub fn decode(body: &[u8]) -> Result<StoredDecision<'_>, Unreadable> {
    let mut bytes = Deserializer::from_read_ref(body);
    let ByName(decision) = ByName::<StoredDecision<'_>>::deserialize(&mut bytes).map_err(|e| Unreadable(e.to_string()))?;
    if !ended(&mut bytes) {
        return Err(Unreadable("bytes after the decision".to_owned()));
    }
    if decision.events.is_empty() {
        return Err(Unreadable("a decision without events".to_owned()));
    }
    Ok(decision)
}

impl StoredEvent<'_> {
    /// The payload of today: what was written, upcast where its schema is older.
    ///
    /// # Errors
    /// [`Unreadable`] when the bytes are no payload of this type or there is no way from its schema to today's.
    pub fn payload<T: serde::de::DeserializeOwned>(&self, upcasters: &Upcasters) -> Result<Payload<T>, Unreadable> {
        let read = |bytes: &[u8]| {
            let unreadable = |cause: &dyn fmt::Display| Unreadable(format!("data of {}: {cause}", self.event_type));
            if !bytes.first().is_some_and(|marker| matches!(marker, 0x80..=0x8f | 0xde | 0xdf)) {
                return Err(unreadable(&"expected a map"));
            }
            let mut data = Deserializer::from_read_ref(bytes);
            let payload = Payload::deserialize(self.event_type, &mut data).map_err(|e| unreadable(&e))?;
            if ended(&mut data) { Ok(payload) } else { Err(unreadable(&"bytes after the payload")) }
        };
        if self.schema == CURRENT_SCHEMA {
            return read(self.data);
        }
        read(&upcasters.stored(self.event_type, self.schema, self.data).map_err(|e| Unreadable(e.to_string()))?)
    }
}

/// Fields by name: a derived reader would take an array too, and its values by their places.
struct ByName<T>(T);

impl<'de, T: Deserialize<'de>> Deserialize<'de> for ByName<T> {
    fn deserialize<D: de::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Map<T>(PhantomData<T>);
        impl<'de, T: Deserialize<'de>> de::Visitor<'de> for Map<T> {
            type Value = T;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a map")
            }
            fn visit_map<A: de::MapAccess<'de>>(self, map: A) -> Result<T, A::Error> {
                T::deserialize(de::value::MapAccessDeserializer::new(map))
            }
        }
        deserializer.deserialize_map(Map(PhantomData)).map(Self)
    }
}

fn all_by_name<'de, D: de::Deserializer<'de>, T: Deserialize<'de>>(deserializer: D) -> Result<Vec<T>, D::Error> {
    Ok(Vec::<ByName<T>>::deserialize(deserializer)?.into_iter().map(|ByName(value)| value).collect())
}

/// Nothing is left to read: the next marker is missing. (The reader keeps what is left of a slice to itself.)
fn ended(bytes: &mut Deserializer<ReadRefReader<'_, [u8]>>) -> bool {
    matches!(<()>::deserialize(bytes), Err(rmp_serde::decode::Error::InvalidMarkerRead(_)))
}

/// Writes a payload as it rests.
///
/// # Errors
/// [`Unreadable`] when the encoder fails, which it does not for these types.
pub fn encode_payload<T: Serialize>(payload: &Payload<T>, into: &mut Vec<u8>) -> Result<(), Unreadable> {
    encode_named(payload, into)
}

fn encode_named<V: Serialize>(value: &V, into: &mut Vec<u8>) -> Result<(), Unreadable> {
    value.serialize(&mut rmp_serde::Serializer::new(into).with_struct_map()).map_err(|e| Unreadable(e.to_string()))
}
