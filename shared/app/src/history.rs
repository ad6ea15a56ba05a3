//! History told: what each event changed when it was recorded.

use domain::{Status, SustainableWork, Timeline};
use event_log::{EventLog, Position, RecordReader, RecordRef, Until};
use hashbrown::HashMap;
use proto_events::{EventType, Timestamp, upcast::Upcasters};
use uuid::Uuid;

use crate::{AppError, amsterdam_day, codec, replay};

/// Which part of history.
#[derive(Clone, Copy, Debug)]
pub struct Selection {
    /// From this position, inclusive.
    pub from: Position,
    /// Until here.
    pub until: Until,
    /// Only this trajectory.
    pub trajectory: Option<Uuid>,
}

/// An event, and what it changed in the trajectory's state on the day on which it was recorded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Told {
    /// Its position.
    pub position: Position,
    /// When the log took it.
    pub recorded_at: Timestamp,
    /// Who recorded it.
    pub actor: String,
    /// The stream.
    pub trajectory: Uuid,
    /// Its place in the stream.
    pub revision: u32,
    /// The event.
    pub event_id: Uuid,
    /// What it tells.
    pub event_type: EventType,
    /// When it happened.
    pub occurred_on: String,
    /// The event that it replaces or retracts.
    pub target: Option<Uuid>,
    /// What changed: name, before, after.
    pub changes: Vec<(&'static str, String, String)>,
}

/// Tells history in log order.
///
/// # Errors
/// An event that cannot be read ends it.
pub async fn tell<L: EventLog>(
    log: &L,
    selection: Selection,
    tell: &mut (dyn FnMut(Told) -> Result<(), AppError> + Send),
    progress: &mut (dyn FnMut(u64) + Send),
) -> Result<(), AppError> {
    let head = log.resolve(selection.until).await?;
    let mut reader = log.read(Position::START, Until::Position(head.position)).await?;
    let mut timelines = HashMap::<Uuid, Timeline>::new();
    while let Some(batch) = reader.next().await? {
        for record in &batch.records {
            if selection.trajectory.is_none_or(|only| only == record.header.trajectory_id) {
                let timeline = timelines.entry(record.header.trajectory_id).or_default();
                tell_record(timeline, record, batch.body(record), selection.from, tell)?;
            }
        }
        progress(batch.records.iter().map(|record| u64::from(record.header.events)).sum());
    }
    Ok(())
}

fn tell_record(
    timeline: &mut Timeline,
    record: &RecordRef,
    body: &[u8],
    from: Position,
    tell: &mut (dyn FnMut(Told) -> Result<(), AppError> + Send),
) -> Result<(), AppError> {
    let header = &record.header;
    let decision = replay::decode(header, body)?;
    if timeline.revision() == 0 {
        *timeline = Timeline::new(decision.organisation.into());
    }
    for (n, event) in (0..).zip(&decision.events) {
        let position = header.first_position.plus(n);
        let unreadable = |cause| AppError::History { position, trajectory: header.trajectory_id, cause };
        let recorded = codec::recorded(event, &Upcasters::of_today()).map_err(unreadable)?;
        let target = recorded.fact.retracts().or(recorded.corrects).map(|id| id.0);
        if position < from {
            timeline.evolve(recorded);
            continue;
        }
        let day = amsterdam_day(event.recorded_at);
        let state = |timeline: &Timeline| facts(&Status::on(timeline, day, &SustainableWork::default()), timeline);
        let before = state(timeline);
        timeline.evolve(recorded);
        let after = state(timeline);
        let changes = before.into_iter().zip(after).filter(|(b, a)| b != a).map(|((name, before), (_, after))| (name, before, after));
        tell(Told {
            position,
            recorded_at: event.recorded_at,
            actor: event.actor.to_owned(),
            trajectory: header.trajectory_id,
            revision: timeline.revision(),
            event_id: event.event_id.0,
            event_type: event.event_type,
            occurred_on: event.occurred_on.to_string(),
            target,
            changes: changes.collect(),
        })?;
    }
    Ok(())
}

/// What a state amounts to, by name.
fn facts(status: &Status, timeline: &Timeline) -> [(&'static str, String); 7] {
    let or_none = |text: Option<&str>| text.unwrap_or("-").to_owned();
    let open = status.jobs.iter().filter(|job| job.stopped.is_none_or(|stop| stop > status.on)).count();
    [
        ("events that count", timeline.events().len().to_string()),
        ("method", or_none(status.method.map(domain::Method::as_str))),
        ("running", status.running.to_string()),
        ("step", or_none(status.step.map(domain::Step::as_str))),
        ("paid work", status.paid_work.to_string()),
        ("sustainable work", status.sustainable_work.as_str().to_owned()),
        ("open jobs", open.to_string()),
    ]
}
