//! Texts on their way to rest and back: sealed under the client's key, opened for those who may read.

use event_log::{Record, RecordHeader};
use keys::{Context, DataKey, KeyStore, OpenError, SealedBytes};
use proto_events::{
    EventType, Id, Payload, SealedText, Text,
    json::EventLine,
    stored::{self, StoredDecision, StoredEvent},
    upcast::CURRENT_SCHEMA,
};

use crate::{AppError, ledger::Decided};

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

/// A decision as a record of the log, its texts sealed.
pub(crate) fn record(decided: Decided, keys: &KeyStore) -> Result<Record, AppError> {
    let Decided { client, first_position, first_revision, lines } = decided;
    let impossible = |cause: stored::Unreadable| AppError::Io { what: "encoding an event".to_owned(), cause: cause.0 };
    let missing = || AppError::Io { what: "sealing a text".to_owned(), cause: "its client has no key".to_owned() };
    let key = || client.map_or(Ok(None), |client| keys.get(client))?.ok_or_else(missing);
    let (Some(trajectory_id), Some(organisation)) = (lines.first().map(|l| l.trajectory_id), lines.first().map(|l| l.organisation.clone()))
    else {
        return Err(AppError::Stopped("an empty decision"));
    };
    let has_text = lines.iter().any(|line| has_text(&line.payload));
    let mut data = Vec::with_capacity(lines.len());
    let mut envelopes = Vec::with_capacity(lines.len());
    for line in lines {
        let EventLine {
            event_id,
            occurred_on,
            recorded_at,
            actor,
            corrects,
            correlation_id,
            causation_id,
            source_recorded_at,
            payload,
            ..
        } = line;
        let event_type = payload.event_type();
        let sealed = seal(payload, event_id, trajectory_id, keys, key)?;
        let mut bytes = Vec::with_capacity(128);
        stored::encode_payload(&sealed, &mut bytes).map_err(impossible)?;
        data.push(bytes);
        let recorded_at = recorded_at.ok_or(AppError::Stopped("an event without its moment"))?;
        let ids: [Option<Id>; 3] = [corrects, correlation_id, causation_id];
        envelopes.push((event_id, event_type, occurred_on, recorded_at, actor.unwrap_or_default(), ids, source_recorded_at));
    }
    let recorded_at = envelopes.last().map(|envelope| envelope.3).ok_or(AppError::Stopped("an empty decision"))?;
    let events: Vec<StoredEvent<'_>> = envelopes
        .iter()
        .zip(&data)
        .map(|((event_id, event_type, occurred_on, recorded_at, actor, [corrects, correlation_id, causation_id], source), data)| {
            StoredEvent {
                event_id: *event_id,
                event_type: *event_type,
                occurred_on: *occurred_on,
                recorded_at: *recorded_at,
                actor,
                corrects: *corrects,
                correlation_id: *correlation_id,
                causation_id: *causation_id,
                source_recorded_at: *source,
                schema: CURRENT_SCHEMA,
                data,
            }
        })
        .collect();
    let header = RecordHeader {
        first_position,
        events: u16::try_from(events.len()).map_err(|_| AppError::Stopped("a decision of too many events"))?,
        recorded_at,
        trajectory_id: trajectory_id.0,
    };
    let decision = StoredDecision {
        trajectory_id,
        organisation: organisation.as_str(),
        client_id: client.filter(|_| has_text).map(Id),
        first_position: first_position.0,
        first_revision,
        events,
    };
    let mut body = Vec::with_capacity(256);
    decision.encode(&mut body).map_err(impossible)?;
    Ok(Record { header, body: body.into() })
}
