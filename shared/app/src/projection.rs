//! From the log to the views: the same code catches up and rebuilds.

use event_log::{EventLog, Position, RecordBatch, RecordReader, Until, read_after};
use keys::DigestKey;
use proto_events::upcast::Upcasters;
use views::{EventEntry, Projected, Views};

use crate::{AppError, content::Content, replay};

/// Told how many events were taken in.
pub type Progress<'a> = &'a mut (dyn FnMut(u64) + Send);

/// Brings the views from their checkpoint to the log's durable end. Interrupted at any moment, it goes on from its
/// checkpoint: state and checkpoint are one transaction.
///
/// # Errors
/// An event that cannot be read, a store that fails, or views that know more than the log holds.
pub async fn catch_up<L: EventLog>(log: &L, views: &mut Views, key: &DigestKey, progress: Progress<'_>) -> Result<Position, AppError> {
    let head = log.head().await?;
    if !are_of(views, log).await? {
        views.clear()?;
    }
    if views.checkpoint() > head.position {
        return Err(AppError::LogIsOlder { views: views.checkpoint(), log: head.position });
    }
    catch_up_to(log, views, key, head.position, progress).await
}

/// Brings views of this log to a position of which the log holds everything: one at which a record ends.
pub(crate) async fn catch_up_to<L: EventLog>(
    log: &L,
    views: &mut Views,
    key: &DigestKey,
    until: Position,
    progress: Progress<'_>,
) -> Result<Position, AppError> {
    if views.checkpoint() >= until {
        return Ok(views.checkpoint());
    }
    let mut reader = read_after(log, views.tail(), Until::Position(until)).await?;
    while let Some(batch) = reader.next().await? {
        // A reading begins at the record that holds the position asked for: that one may be known already.
        let known = views.checkpoint();
        let new = batch.records.iter().filter(|record| record.header.first_position > known);
        let records = new.map(|record| project(&batch, record, key)).collect::<Result<Vec<_>, _>>()?;
        if let Some(tail) = batch.tail() {
            views.apply(&records, tail)?;
            progress(records.iter().map(|record| record.events.len() as u64).sum());
        }
        // Reading from memory and writing to a store wait for nobody: who wants to give this up must come to it.
        tokio::task::yield_now().await;
    }
    Ok(views.checkpoint())
}

/// Throws the views away and builds them from the log.
///
/// # Errors
/// As [`catch_up`].
pub async fn rebuild<L: EventLog>(log: &L, views: &mut Views, key: &DigestKey, progress: Progress<'_>) -> Result<Position, AppError> {
    views.clear()?;
    catch_up(log, views, key, progress).await
}

/// Whether these are the views of this log, and not of one that lay in the folder before.
pub(crate) async fn are_of<L: EventLog>(views: &Views, log: &L) -> Result<bool, AppError> {
    if views.checkpoint() == Position::START {
        return Ok(true);
    }
    let Some(batch) = log.read(Position::START, Until::Head).await?.next().await? else {
        return Ok(true);
    };
    let first = batch.records.first().map(|record| replay::decode(&record.header, batch.body(record))).transpose()?;
    let first = first.and_then(|decision| decision.events.first().map(|event| event.event_id.0));
    Ok(views.first_event()? == first)
}

pub(crate) fn project(batch: &RecordBatch, record: &event_log::RecordRef, key: &DigestKey) -> Result<Projected, AppError> {
    let (header, upcasters) = (&record.header, Upcasters::of_today());
    let decision = replay::decode(header, batch.body(record))?;
    let entry = |(place, event): (u64, &proto_events::stored::StoredEvent<'_>)| {
        let unreadable = |cause| AppError::History { position: header.first_position, trajectory: header.trajectory_id, cause };
        let content = Content::of_stored(&decision, event, &upcasters).map_err(unreadable)?;
        Ok((event.event_id.0, EventEntry { position: header.first_position.plus(place), digest: content.digest(key) }))
    };
    let events = (0..).zip(&decision.events).map(entry).collect::<Result<_, AppError>>()?;
    Ok(Projected { trajectory: header.trajectory_id, locator: record.locator, client: decision.client_id.map(|client| client.0), events })
}
