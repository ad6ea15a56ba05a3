//! An event's content, by which a repetition is told from an id that was used again.
//!
//! Content is trajectory, organisation, type, date, what it corrects, correlation, causation, schema and data; an older schema is
//! compared as today's, which it was read as. Texts take
//! part by their keyed digest, so that a repetition is recognised without any client's key, also after an erasure.

use keys::{Context, DigestKey, SealedBytes, TextDigest};
use proto_events::{
    Id, Payload, SealedText, Text,
    json::EventLine,
    stored::{self, StoredDecision, StoredEvent},
    upcast::{CURRENT_SCHEMA, Upcasters},
};

/// A keyed digest of an event's content.
pub type ContentDigest = [u8; 16];

/// An event's content, ready to be compared: what is not text, byte for byte, and the digest of each text in order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Content {
    outline: Vec<u8>,
    /// `None` of an erased text, which equals any.
    texts: Vec<Option<TextDigest>>,
}

impl Content {
    /// The content of an event that comes in.
    ///
    /// # Errors
    /// The encoder's cause, which does not occur for these types.
    pub fn of_line(line: &EventLine, key: &DigestKey) -> Result<Self, String> {
        let (event_type, mut texts) = (line.payload.event_type().as_str(), Vec::new());
        let outline = line.payload.clone().try_map_texts(|field, text| {
            let context = Context { event_id: line.event_id.0, trajectory_id: line.trajectory_id.0, event_type, field };
            texts.push(match &text {
                Text::Clear(text) => Some(keys::text_digest(key, context, text)),
                Text::Erased => None,
            });
            Ok::<_, std::convert::Infallible>(SealedText(Vec::new()))
        });
        let Ok(outline) = outline;
        let envelope = Envelope {
            trajectory: line.trajectory_id,
            organisation: line.organisation.as_str(),
            occurred_on: line.occurred_on.days(),
            others: [line.corrects, line.correlation_id, line.causation_id],
            schema: CURRENT_SCHEMA,
        };
        Ok(Self { outline: envelope.with(&outline)?, texts })
    }

    /// The content of an event at rest.
    ///
    /// # Errors
    /// The cause, when the event cannot be read.
    pub fn of_stored(decision: &StoredDecision<'_>, event: &StoredEvent<'_>, upcasters: &Upcasters) -> Result<Self, String> {
        let payload: Payload<SealedText> = event.payload(upcasters).map_err(|e| e.to_string())?;
        let mut texts = Vec::new();
        let outline = payload.try_map_texts(|_, text| {
            texts.push(SealedBytes::from_vec(text.0).digest());
            Ok::<_, std::convert::Infallible>(SealedText(Vec::new()))
        });
        let Ok(outline) = outline;
        let envelope = Envelope {
            trajectory: decision.trajectory_id,
            organisation: decision.organisation,
            occurred_on: event.occurred_on.days(),
            others: [event.corrects, event.correlation_id, event.causation_id],
            schema: CURRENT_SCHEMA,
        };
        Ok(Self { outline: envelope.with(&outline)?, texts })
    }

    /// Whether both are the same; an erased text equals any.
    #[must_use]
    pub fn same(&self, other: &Self) -> bool {
        let same_text = |(a, b): (&Option<TextDigest>, &Option<TextDigest>)| a.is_none() || b.is_none() || a == b;
        self.outline == other.outline && self.texts.len() == other.texts.len() && self.texts.iter().zip(&other.texts).all(same_text)
    }

    /// The keyed digest that the index of event ids keeps.
    #[must_use]
    pub fn digest(&self, key: &DigestKey) -> ContentDigest {
        let mut hasher = key.hasher("trajectlog event content v1");
        hasher.update(&self.outline);
        for text in &self.texts {
            match text {
                Some(digest) => hasher.update(&[1]).update(digest.as_ref()),
                None => hasher.update(&[0]),
            };
        }
        let mut digest = ContentDigest::default();
        hasher.finalize_xof().fill(&mut digest);
        digest
    }
}

/// What of the envelope is content.
struct Envelope<'a> {
    trajectory: Id,
    organisation: &'a str,
    occurred_on: i32,
    others: [Option<Id>; 3],
    schema: u16,
}

impl Envelope<'_> {
    /// Unambiguous bytes of the envelope and the payload without its texts.
    fn with(&self, payload: &Payload<SealedText>) -> Result<Vec<u8>, String> {
        let mut bytes = Vec::with_capacity(160);
        bytes.extend_from_slice(self.trajectory.bytes());
        bytes.push(u8::try_from(self.organisation.len()).unwrap_or(u8::MAX));
        bytes.extend_from_slice(self.organisation.as_bytes());
        bytes.extend_from_slice(&self.occurred_on.to_le_bytes());
        for id in self.others {
            bytes.push(u8::from(id.is_some()));
            bytes.extend(id.iter().flat_map(|id| id.bytes()));
        }
        bytes.extend_from_slice(&self.schema.to_le_bytes());
        bytes.push(payload.event_type() as u8);
        stored::encode_payload(payload, &mut bytes).map_err(|e| e.to_string())?;
        Ok(bytes)
    }
}
