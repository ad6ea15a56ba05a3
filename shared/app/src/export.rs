//! The log as JSON Lines, texts opened: what it writes can be imported.

use std::io::Write;

use event_log::{EventLog, Position, RecordBatch, RecordReader, RecordRef, Until};
use keys::{KeyError, KeyStore};
use proto_events::{
    Date, EventType, Payload, SealedText, Timestamp,
    json::EventOut,
    stored::StoredEvent,
    upcast::{CURRENT_SCHEMA, Upcasters},
};
use tokio::runtime::Handle;
use uuid::Uuid;

use crate::{AppError, ordered, replay, sealing};

/// What to write.
#[derive(Clone, Copy, Debug)]
pub struct Selection {
    /// From this position, inclusive.
    pub from: Position,
    /// Until here.
    pub until: Until,
    /// Only this trajectory.
    pub trajectory: Option<Uuid>,
}

/// Writes the events in log order, one a line. `progress` is told how many were read. How many were written comes back.
///
/// # Errors
/// An event that cannot be read ends it, and so does a text that does not open; what was written before is whole.
pub async fn write<L: EventLog>(
    log: &L,
    keys: &KeyStore,
    selection: Selection,
    out: &mut (dyn Write + Send),
    progress: &mut (dyn FnMut(u64) + Send),
) -> Result<u64, AppError> {
    let head = log.resolve(selection.until).await?;
    if selection.from > head.position {
        return Ok(0);
    }
    let mut reader = log.read(selection.from, Until::Position(head.position)).await?;
    let runtime = Handle::current();
    let mut written = 0;
    tokio::task::block_in_place(|| {
        ordered::in_order(
            ordered::threads(),
            move || runtime.block_on(reader.next()).transpose(),
            |batch| lines(&batch?, keys, selection),
            |lines: Result<Lines, AppError>| {
                let lines = lines?;
                out.write_all(&lines.text).map_err(AppError::Output)?;
                written += lines.written;
                progress(lines.read);
                Ok::<(), AppError>(())
            },
        )
    })?;
    out.flush().map_err(AppError::Output)?;
    Ok(written)
}

struct Lines {
    text: Vec<u8>,
    written: u64,
    read: u64,
}

fn lines(batch: &RecordBatch, keys: &KeyStore, selection: Selection) -> Result<Lines, AppError> {
    let mut lines = Lines { text: Vec::with_capacity(batch.bytes.len() * 4), written: 0, read: 0 };
    for record in &batch.records {
        lines.read += u64::from(record.header.events);
        if selection.trajectory.is_none_or(|only| only == record.header.trajectory_id) {
            lines.written += record_lines(batch, record, keys, selection.from, &mut lines.text)?;
        }
    }
    Ok(lines)
}

fn record_lines(batch: &RecordBatch, record: &RecordRef, keys: &KeyStore, from: Position, text: &mut Vec<u8>) -> Result<u64, AppError> {
    let mut written = 0;
    each_event(
        batch,
        record,
        keys,
        |position| position >= from,
        |event| {
            serde_json::to_writer(&mut *text, event)?;
            text.push(b'\n');
            written += 1;
            Ok(())
        },
    )?;
    Ok(written)
}

/// What stands around an event: who, when, of what. Nothing of what it tells.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outside {
    /// Its place in the log.
    pub position: Position,
    /// When the log took it.
    pub recorded_at: Timestamp,
    /// What it tells, in one word of the contract.
    pub event_type: EventType,
    /// Whether it takes the place of an earlier one.
    pub corrects: bool,
    /// The stream.
    pub trajectory_id: Uuid,
    /// The organisation that delivers the trajectory.
    pub organisation: String,
    /// Who recorded it.
    pub actor: String,
    /// The day on which it happened.
    pub occurred_on: Date,
}

/// What stands around the events of a record that `wanted` asks for, by organisation and type. No key is asked for.
///
/// # Errors
/// A record that cannot be read.
pub fn outside(batch: &RecordBatch, record: &RecordRef, wanted: impl Fn(&str, EventType) -> bool) -> Result<Vec<Outside>, AppError> {
    let decision = replay::decode(&record.header, batch.body(record))?;
    let events = (0..).zip(&decision.events).filter(|(_, event)| wanted(decision.organisation, event.event_type));
    let one = |(n, event): (u64, &StoredEvent<'_>)| Outside {
        position: record.header.first_position.plus(n),
        recorded_at: event.recorded_at,
        event_type: event.event_type,
        corrects: event.corrects.is_some(),
        trajectory_id: record.header.trajectory_id,
        organisation: decision.organisation.to_owned(),
        actor: event.actor.to_owned(),
        occurred_on: event.occurred_on,
    };
    Ok(events.map(one).collect())
}

/// Gives the events of a record that `wanted` asks for, their texts opened; a text whose key was destroyed is erased.
///
/// # Errors
/// An event that cannot be read, a text that does not open, and those of `give`.
pub fn each_event(
    batch: &RecordBatch,
    record: &RecordRef,
    keys: &KeyStore,
    wanted: impl Fn(Position) -> bool,
    mut give: impl FnMut(&EventOut<'_>) -> Result<(), serde_json::Error>,
) -> Result<(), AppError> {
    let header = &record.header;
    let decision = replay::decode(header, batch.body(record))?;
    let key = match decision.client_id.map(|client| (client, keys.get(client.0))) {
        None | Some((_, Err(KeyError::Destroyed { .. }))) => None,
        Some((_, Ok(Some(key)))) => Some(key),
        Some((client, Ok(None))) => {
            let cause = format!("the key of client {client} is not in the key store: restore the keys file that belongs to this log");
            return Err(AppError::Sealed { position: header.first_position.0, trajectory: header.trajectory_id, cause });
        }
        Some((_, Err(other))) => return Err(other.into()),
    };
    let decision_id = decision.decision_id();
    for (n, event) in (0..).zip(&decision.events) {
        let position = header.first_position.plus(u64::from(n));
        if !wanted(position) {
            continue;
        }
        let unreadable = |cause: String| AppError::History { position, trajectory: header.trajectory_id, cause };
        // As today's schema, whatever it was written as: what is exported can be imported.
        let payload: Payload<SealedText> = event.payload(&Upcasters::of_today()).map_err(|e| unreadable(e.to_string()))?;
        let opened = sealing::open(payload, event.event_type, event.event_id, decision.trajectory_id, key.as_ref());
        let payload =
            opened.map_err(|e| AppError::Sealed { position: position.0, trajectory: header.trajectory_id, cause: e.to_string() })?;
        let out = EventOut {
            event_id: event.event_id,
            trajectory_id: decision.trajectory_id,
            organisation: decision.organisation,
            r#type: event.event_type,
            occurred_on: event.occurred_on,
            recorded_at: Some(event.recorded_at),
            actor: Some(event.actor),
            corrects: event.corrects,
            correlation_id: event.correlation_id,
            causation_id: event.causation_id,
            decision: decision_id,
            source_recorded_at: event.source_recorded_at,
            schema: CURRENT_SCHEMA,
            data: &payload,
            revision: Some(decision.first_revision + n),
            position: Some(position.0),
        };
        give(&out).map_err(|e| unreadable(e.to_string()))?;
    }
    Ok(())
}
