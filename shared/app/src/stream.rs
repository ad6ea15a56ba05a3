//! One stream at a time: records to timelines, for those who keep bodies instead of a log.

use domain::Timeline;
use event_log::{EventLog, Position, RecordBatch, RecordHeader, RecordReader, Until};
use proto_events::upcast::Upcasters;
use uuid::Uuid;

use crate::{AppError, Keep, codec, replay};

/// Takes one record into its stream's timeline. When it fails the timeline may hold a part of the record: work on a copy.
///
/// # Errors
/// [`AppError::History`] when the record cannot be read or does not follow on.
pub fn evolve(timeline: &mut Timeline, header: &RecordHeader, body: &[u8], keep: Keep, upcasters: &Upcasters) -> Result<(), AppError> {
    replay::evolve_record(timeline, header, body, keep, upcasters)
}

/// A record, read, that can be taken into its stream's timeline.
pub struct Step {
    organisation: domain::Name,
    first_revision: u32,
    /// `None` for an event that is passed over.
    events: Vec<Option<domain::Recorded>>,
}

impl Step {
    /// Reads a record.
    ///
    /// # Errors
    /// [`AppError::History`] when it cannot be read.
    pub fn read(header: &RecordHeader, body: &[u8], keep: Keep, upcasters: &Upcasters) -> Result<Self, AppError> {
        let unreadable = |cause: String| AppError::History { position: header.first_position, trajectory: header.trajectory_id, cause };
        let decision = replay::decode(header, body)?;
        let read = |event| match keep {
            Keep::ForFigures if !codec::matters_to_figures(event_type(event)) => Ok(None),
            Keep::ForFigures | Keep::All => codec::recorded(event, upcasters).map(Some).map_err(unreadable),
        };
        let events = decision.events.iter().map(read).collect::<Result<_, _>>()?;
        Ok(Self { organisation: decision.organisation.into(), first_revision: decision.first_revision, events })
    }

    /// The stream's revision after it, when it has this one before.
    ///
    /// # Errors
    /// [`AppError::History`] when the record does not follow on.
    pub fn follows(&self, header: &RecordHeader, revision: u32) -> Result<u32, AppError> {
        if self.first_revision == revision + 1 {
            return Ok(revision + u32::try_from(self.events.len()).unwrap_or(u32::MAX));
        }
        let cause = format!("its revision is {}, but {} should follow", self.first_revision, revision + 1);
        Err(AppError::History { position: header.first_position, trajectory: header.trajectory_id, cause })
    }

    /// Takes it in: into the timeline that it follows. Whether anything was kept of it.
    pub fn evolve(self, timeline: &mut Timeline) -> bool {
        if timeline.revision() == 0 {
            *timeline = Timeline::new(self.organisation);
        }
        let mut kept = false;
        for event in self.events {
            match event {
                Some(event) => {
                    timeline.evolve(event);
                    kept = true;
                }
                None => timeline.pass_over(),
            }
        }
        kept
    }
}

const fn event_type(event: &proto_events::stored::StoredEvent<'_>) -> proto_events::EventType {
    event.event_type
}

/// The id of a record's first event.
///
/// # Errors
/// [`AppError::History`] when the record cannot be read.
pub fn first_event_id(header: &RecordHeader, body: &[u8]) -> Result<Option<Uuid>, AppError> {
    Ok(replay::decode(header, body)?.events.first().map(|event| event.event_id.0))
}

/// The log's first event, when it is in this batch.
///
/// # Errors
/// [`AppError::History`] when its record cannot be read.
pub fn first_event_in(batch: &RecordBatch) -> Result<Option<Uuid>, AppError> {
    let first = batch.records.first().filter(|record| record.header.first_position == Position(1));
    first.map_or(Ok(None), |record| first_event_id(&record.header, batch.body(record)))
}

/// The log's first event; `None` of an empty log.
///
/// # Errors
/// When the log cannot be read.
pub async fn first_event_of<L: EventLog>(log: &L) -> Result<Option<Uuid>, AppError> {
    let batch = log.read(Position::START, Until::Head).await?.next().await?;
    batch.map_or(Ok(None), |batch| first_event_in(&batch))
}
