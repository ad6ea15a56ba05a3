//! Older payloads are read as today's; what is stored is never rewritten.
//!
//! An upcaster turns the data of one schema of one type into that of the next. It works on a generic value, the same for
//! JSON and MessagePack. There is no older schema yet: `tests/it/upcasting.rs` proves the way with a made-up one.

use rmpv::Value;

use crate::EventType;

/// The schema that is written today, of every type.
pub const CURRENT_SCHEMA: u16 = 1;

/// Turns the data of one schema into that of the next.
pub type Upcast = fn(Value) -> Result<Value, String>;

/// The ways from older schemas to today's.
#[derive(Clone, Debug, Default)]
pub struct Upcasters {
    steps: Vec<(EventType, u16, Upcast)>,
}

/// There is no way from this schema to today's.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum UpcastError {
    /// Nobody ever wrote it, or this program is too old to read it.
    #[error("schema {schema} of {event_type} is unknown to this version of the program: it reads up to {CURRENT_SCHEMA}")]
    UnknownSchema {
        /// The type.
        event_type: EventType,
        /// The schema.
        schema: u16,
    },
    /// The older data is not what its schema says.
    #[error("data of {event_type} with schema {schema}: {cause}")]
    Unfit {
        /// The type.
        event_type: EventType,
        /// The schema.
        schema: u16,
        /// What does not fit.
        cause: String,
    },
}

impl Upcasters {
    /// All that this version knows.
    #[must_use]
    pub fn of_today() -> Self {
        Self::default()
    }

    /// With one more step: from `schema` of this type to the one after it.
    #[must_use]
    pub fn with(mut self, event_type: EventType, schema: u16, upcast: Upcast) -> Self {
        self.steps.push((event_type, schema, upcast));
        self
    }

    fn upcast(&self, event_type: EventType, mut schema: u16, mut data: Value) -> Result<Value, UpcastError> {
        if let Some(key) = duplicate_key(&data) {
            return Err(UpcastError::Unfit { event_type, schema, cause: format!("duplicate field {key}") });
        }
        while schema != CURRENT_SCHEMA {
            let step = self.steps.iter().find(|(of, from, _)| (*of, *from) == (event_type, schema));
            let (_, _, upcast) = step.ok_or(UpcastError::UnknownSchema { event_type, schema })?;
            data = upcast(data).map_err(|cause| UpcastError::Unfit { event_type, schema, cause })?;
            schema += 1;
        }
        Ok(data)
    }

    /// Data of an older schema as today's, in MessagePack.
    ///
    /// # Errors
    /// [`UpcastError`].
    pub fn stored(&self, event_type: EventType, schema: u16, data: &[u8]) -> Result<Vec<u8>, UpcastError> {
        let unfit = |cause: String| UpcastError::Unfit { event_type, schema, cause };
        let older = rmp_serde::from_slice(data).map_err(|e| unfit(e.to_string()))?;
        let current = self.upcast(event_type, schema, older)?;
        rmp_serde::to_vec_named(&current).map_err(|e| unfit(e.to_string()))
    }

    /// Data of an older schema as today's, in JSON. (Not by way of a `serde_json::Value`, which would lose duplicate keys.)
    ///
    /// # Errors
    /// [`UpcastError`].
    pub fn json(&self, event_type: EventType, schema: u16, data: &str) -> Result<String, UpcastError> {
        let unfit = |cause: String| UpcastError::Unfit { event_type, schema, cause };
        let older = serde_json::from_str(data).map_err(|e| unfit(e.to_string()))?;
        let current = self.upcast(event_type, schema, older)?;
        serde_json::to_string(&current).map_err(|e| unfit(e.to_string()))
    }
}

/// The first key that an object at any level has twice.
fn duplicate_key(value: &Value) -> Option<&Value> {
    match value {
        Value::Map(fields) => {
            let twice = fields.iter().enumerate().find(|(place, (key, _))| fields.iter().take(*place).any(|(earlier, _)| earlier == key));
            twice.map(|(_, (key, _))| key).or_else(|| fields.iter().find_map(|(_, value)| duplicate_key(value)))
        }
        Value::Array(values) => values.iter().find_map(duplicate_key),
        Value::Nil
        | Value::Boolean(_)
        | Value::Integer(_)
        | Value::F32(_)
        | Value::F64(_)
        | Value::String(_)
        | Value::Binary(_)
        | Value::Ext(..) => None,
    }
}
