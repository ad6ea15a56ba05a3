//! What is stored, read for those who may see it: events with their texts opened, timelines, pages of the log.
//!
//! The log is behind [`Log`], so that the handlers need not know which one it is.

use std::sync::Arc;

use app::{AppError, Clock, codec, figures::Ask, sealing};
use domain::Timeline;
use event_log::{EventLog, Head, Locator, Position, ReadError, RecordBatch, RecordHeader, RecordReader, RecordRef, Until};
use figures::{AsOf, Figures};
use keys::{KeyError, KeyStore};
use proto_events::{
    Payload, SealedText,
    json::EventOut,
    stored::{self, StoredDecision},
    upcast::{CURRENT_SCHEMA, Upcasters},
};
use serde_json::value::{RawValue, to_raw_value};

use crate::ports::Later;

/// The log as the gateway uses it, whichever it is.
pub(crate) trait Log: Send + Sync {
    fn head(&self) -> Later<'_, Result<Head, ReadError>>;
    fn resolve(&self, until: Until) -> Later<'_, Result<Head, ReadError>>;
    fn read_at<'a>(&'a self, locators: &'a [Locator]) -> Later<'a, Result<RecordBatch, ReadError>>;
    /// The batches from the record that holds `from`, until they hold `events` events or the log ends.
    fn page(&self, from: Position, events: usize) -> Later<'_, Result<Vec<RecordBatch>, ReadError>>;
    fn follow(&self, from: Position) -> Later<'_, Result<Box<dyn Following>, ReadError>>;
    fn figures<'a>(&'a self, ask: &'a Ask, clock: Clock) -> Later<'a, Result<(Figures, AsOf), AppError>>;
}

/// A follower of whichever log.
pub(crate) trait Following: Send {
    fn next(&mut self) -> Later<'_, Result<Option<RecordBatch>, ReadError>>;
}

impl<R: RecordReader> Following for R {
    fn next(&mut self) -> Later<'_, Result<Option<RecordBatch>, ReadError>> {
        Box::pin(RecordReader::next(self))
    }
}

pub(crate) struct Of<L>(pub(crate) Arc<L>);

impl<L: EventLog> Log for Of<L> {
    fn head(&self) -> Later<'_, Result<Head, ReadError>> {
        Box::pin(self.0.head())
    }

    fn resolve(&self, until: Until) -> Later<'_, Result<Head, ReadError>> {
        Box::pin(self.0.resolve(until))
    }

    fn read_at<'a>(&'a self, locators: &'a [Locator]) -> Later<'a, Result<RecordBatch, ReadError>> {
        Box::pin(self.0.read_at(locators))
    }

    fn page(&self, from: Position, events: usize) -> Later<'_, Result<Vec<RecordBatch>, ReadError>> {
        Box::pin(async move {
            let mut reader = self.0.read(from, Until::Head).await?;
            let (mut batches, mut last) = (Vec::new(), from);
            while last.0.saturating_sub(from.0) < events as u64 {
                let Some(batch) = RecordReader::next(&mut reader).await? else { break };
                last = batch.records.last().map_or(last, |record| record.header.last_position().plus(1));
                batches.push(batch);
            }
            Ok(batches)
        })
    }

    fn follow(&self, from: Position) -> Later<'_, Result<Box<dyn Following>, ReadError>> {
        Box::pin(async move { Ok(Box::new(self.0.follow(from).await?) as Box<dyn Following>) })
    }

    fn figures<'a>(&'a self, ask: &'a Ask, clock: Clock) -> Later<'a, Result<(Figures, AsOf), AppError>> {
        Box::pin(async move { app::figures::answer(&*self.0, ask, clock, &mut |_| {}).await })
    }
}

/// An event as it is shown, and its place.
#[derive(Clone, Debug)]
pub(crate) struct Shown {
    pub(crate) position: u64,
    pub(crate) json: Box<RawValue>,
}

/// Decodes a record and holds it against its header.
fn decode<'a>(header: &RecordHeader, body: &'a [u8]) -> Result<StoredDecision<'a>, AppError> {
    let unreadable = |cause: String| AppError::History { position: header.first_position, trajectory: header.trajectory_id, cause };
    let decision = stored::decode(body).map_err(|e| unreadable(e.to_string()))?;
    let fits = decision.first_position == header.first_position.0
        && decision.trajectory_id.0 == header.trajectory_id
        && decision.events.len() == usize::from(header.events);
    if fits { Ok(decision) } else { Err(unreadable("the record and its frame do not belong together".to_owned())) }
}

/// The events of a record that `wanted` asks for, their texts in clear where their client's key is there.
pub(crate) fn events(
    batch: &RecordBatch,
    record: &RecordRef,
    keys: &KeyStore,
    wanted: impl Fn(u64) -> bool,
) -> Result<Vec<Shown>, AppError> {
    let header = &record.header;
    let (first, last) = (header.first_position.0, header.last_position().0);
    if !(first..=last).any(&wanted) {
        return Ok(Vec::new());
    }
    let decision = decode(header, batch.body(record))?;
    let key = match decision.client_id.map(|client| (client, keys.get(client.0))) {
        None | Some((_, Err(KeyError::Destroyed { .. }))) => None,
        Some((_, Ok(Some(key)))) => Some(key),
        Some((client, Ok(None))) => return Err(AppError::KeyLost { client: client.0 }),
        Some((_, Err(other))) => return Err(other.into()),
    };
    let (decision_id, mut shown) = (decision.decision_id(), Vec::with_capacity(decision.events.len()));
    for (n, event) in (0..).zip(&decision.events) {
        let position = header.first_position.plus(u64::from(n));
        if !wanted(position.0) {
            continue;
        }
        let unreadable = |cause: String| AppError::History { position, trajectory: header.trajectory_id, cause };
        let payload: Payload<SealedText> = event.payload(&Upcasters::of_today()).map_err(|e| unreadable(e.to_string()))?;
        let opened = sealing::open(payload, event.event_type, event.event_id, decision.trajectory_id, key.as_ref());
        let sealed = |cause: String| AppError::Sealed { position: position.0, trajectory: header.trajectory_id, cause };
        let payload = opened.map_err(|e| sealed(e.to_string()))?;
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
        let json = to_raw_value(&out).map_err(|e| unreadable(e.to_string()))?;
        shown.push(Shown { position: position.0, json });
    }
    Ok(shown)
}

/// The timeline of a stream's records up to a position; `None` when there is none of them.
pub(crate) fn timeline(batch: &RecordBatch, until: Position) -> Result<Option<Timeline>, AppError> {
    let upcasters = Upcasters::of_today();
    let mut timeline = None::<Timeline>;
    for record in batch.records.iter().filter(|record| record.header.last_position() <= until) {
        let header = &record.header;
        let unreadable = |cause: String| AppError::History { position: header.first_position, trajectory: header.trajectory_id, cause };
        let decision = decode(header, batch.body(record))?;
        let timeline = timeline.get_or_insert_with(|| Timeline::new(decision.organisation.into()));
        if decision.first_revision != timeline.revision() + 1 {
            return Err(unreadable(format!("its revision is {}, but {} should follow", decision.first_revision, timeline.revision() + 1)));
        }
        for event in &decision.events {
            timeline.evolve(codec::recorded(event, &upcasters).map_err(unreadable)?);
        }
    }
    Ok(timeline)
}
