//! Whether an event was seen before: on disk, on its way, or among the lines of the same decision; and whether it says the same.

use std::sync::Arc;

use domain::Code;
use event_log::{EventLog, Position, RecordBatch, RecordReader, Until};
use keys::KeyStore;
use proto_events::{json::EventLine, upcast::Upcasters};

use super::Ledger;
use crate::{AppError, content::Content, index::Known, replay};

impl<L: EventLog> Ledger<L> {
    /// Whether this event id was seen before, in the log or among the new lines of the same decision.
    pub(super) async fn seen(&mut self, line: &EventLine, new: &[(usize, EventLine, Option<Code>)]) -> Result<Seen, AppError> {
        let (id, keys) = (line.event_id.0, Arc::clone(&self.keys));
        if let Some((_, earlier, _)) = new.iter().find(|(_, earlier, _)| earlier.event_id.0 == id) {
            return Ok(Seen::of(content(line, &keys)?.same(&content(earlier, &keys)?), None));
        }
        let position = match self.index.event(id)? {
            Known::Nowhere => return Ok(Seen::Never),
            Known::Digested(entry) if entry.digest == content(line, &keys)?.digest(keys.digest_key()) => {
                return Ok(Seen::Same(Some(entry.position)));
            }
            Known::Digested(entry) => entry.position,
            Known::At(position) => position,
        };
        let at = Some(position);
        if let Some(waiting) = self.waiting(position) {
            return Ok(Seen::of(content(line, &keys)?.same(&content(waiting, &keys)?), at));
        }
        if let Some(judged) = self.only_judged(position) {
            return Ok(Seen::of(content(line, &keys)?.same(judged), at));
        }
        let stored = self.stored_content(position).await?;
        Ok(Seen::of(content(line, &keys)?.same(&stored), at))
    }

    /// The line that waits in the group at this position.
    fn waiting(&self, position: Position) -> Option<&EventLine> {
        let place = self.group.partition_point(|decided| decided.first_position <= position).checked_sub(1)?;
        let decided = self.group.get(place)?;
        decided.lines.get(usize::try_from(position.0 - decided.first_position.0).ok()?)
    }

    /// The content of a line that was judged and will not be appended.
    fn only_judged(&self, position: Position) -> Option<&Content> {
        let place = position.0.checked_sub(self.durable.position.0 + 1)?;
        self.only_judged.get(usize::try_from(place).ok()?)
    }

    /// The content of the event at this position of the log.
    async fn stored_content(&mut self, position: Position) -> Result<Content, AppError> {
        let holds = |batch: &RecordBatch| {
            let place = batch.records.partition_point(|record| record.header.last_position() < position);
            batch.records.get(place).filter(|record| record.header.first_position <= position).cloned()
        };
        let mut found = self.compared.as_ref().and_then(holds);
        if found.is_none() {
            self.compared = self.log.read(position, Until::Head).await?.next().await?;
            found = self.compared.as_ref().and_then(holds);
        }
        let (Some(batch), Some(record)) = (&self.compared, found) else {
            return Err(AppError::NotYetDurable { position });
        };
        let decision = replay::decode(&record.header, batch.body(&record))?;
        let unreadable = |cause: String| AppError::History { position, trajectory: record.header.trajectory_id, cause };
        let place = usize::try_from(position.0 - record.header.first_position.0).unwrap_or(usize::MAX);
        let event = decision.events.get(place).ok_or_else(|| unreadable("the record is shorter than its frame says".to_owned()))?;
        Content::of_stored(&decision, event, &Upcasters::of_today()).map_err(unreadable)
    }
}

pub(super) fn content(line: &EventLine, keys: &KeyStore) -> Result<Content, AppError> {
    Content::of_line(line, keys.digest_key()).map_err(|cause| AppError::Io { what: "comparing an event".into(), cause })
}

pub(super) enum Seen {
    Never,
    Same(Option<Position>),
    Other,
}

impl Seen {
    const fn of(same: bool, position: Option<Position>) -> Self {
        if same { Self::Same(position) } else { Self::Other }
    }
}
