//! Texts on their way to rest and back: sealed under the client's key, opened for those who may read.

use keys::{Context, DataKey, KeyStore, OpenError, SealedBytes};
use proto_events::{EventType, Id, Payload, SealedText, Text};

use crate::AppError;

/// The payload as it rests. `key` is asked for only when there is a text to seal.
///
/// # Errors
/// [`AppError::Keys`] when the key is not there.
pub fn seal(
    payload: Payload<Text>,
    event_id: Id,
    trajectory_id: Id,
    store: &KeyStore,
    key: impl Fn() -> Result<DataKey, AppError>,
) -> Result<Payload<SealedText>, AppError> {
    let event_type = payload.event_type().as_str();
    let mut held = None::<DataKey>;
    payload.try_map_texts(|field, text| match text {
        Text::Erased => Ok(SealedText(SealedBytes::erased().into_vec())),
        Text::Clear(text) => {
            let key = match &mut held {
                Some(key) => key,
                none => none.insert(key()?),
            };
            let context = Context { event_id: event_id.0, trajectory_id: trajectory_id.0, event_type, field };
            Ok(SealedText(keys::seal(key, store.digest_key(), context, &text)?.into_vec()))
        }
    })
}

/// Whether a payload has a text that needs a key.
#[must_use]
pub fn has_text(payload: &Payload<Text>) -> bool {
    let clear = |text: &Option<Text>| matches!(text, Some(Text::Clear(_)));
    let changed = |text: &Option<Option<Text>>| text.as_ref().is_some_and(clear);
    match payload {
        Payload::Intake(p) => clear(&p.label),
        Payload::Engagement(p) => clear(&p.goals),
        Payload::Assessment(p) => clear(&p.profile) || p.sectors.iter().flatten().any(|s| matches!(s, Text::Clear(_))),
        Payload::PlacementStopped(p) => clear(&p.reason),
        Payload::PaidWorkStarted(p) => clear(&p.sector) || clear(&p.employer),
        Payload::PaidWorkChanged(p) => changed(&p.sector) || changed(&p.employer),
        Payload::PaidWorkStopped(p) => clear(&p.reason),
        Payload::Contact(p) => clear(&p.note),
        Payload::TrajectoryChanged(p) => changed(&p.label),
        Payload::Retraction(p) => matches!(p.reason, Text::Clear(_)),
        Payload::PlacementStarted(_) | Payload::EducationStarted(_) | Payload::EducationStopped(_) | Payload::Outflow(_) => false,
    }
}

/// The payload with its texts in clear; a text whose key was destroyed is [`Text::Erased`].
///
/// # Errors
/// The cause, when a text does not open.
pub fn open(
    payload: Payload<SealedText>,
    event_type: EventType,
    event_id: Id,
    trajectory_id: Id,
    key: Option<&DataKey>,
) -> Result<Payload<Text>, OpenError> {
    payload.try_map_texts(|field, text| {
        let Some(key) = key else {
            return Ok(Text::Erased);
        };
        let context = Context { event_id: event_id.0, trajectory_id: trajectory_id.0, event_type: event_type.as_str(), field };
        match keys::open(key, context, &text.0) {
            Ok(clear) => Ok(Text::Clear(clear)),
            Err(OpenError::Erased) => Ok(Text::Erased),
            Err(other) => Err(other),
        }
    })
}
