//! History told: what each event changed when it was recorded.

use domain::{Attributes, Contract, Spell, Status, SustainableWork, Timeline, Trajectory};
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
    if decision.first_revision != timeline.revision() + 1 {
        let cause = format!("its revision is {}, but {} should follow", decision.first_revision, timeline.revision() + 1);
        return Err(AppError::History { position: header.first_position, trajectory: header.trajectory_id, cause });
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

/// What a state amounts to, by name: everything that a figure looks at.
fn facts(status: &Status, timeline: &Timeline) -> Vec<(&'static str, String)> {
    let trajectory = Trajectory::of(timeline);
    let of = |tell: &dyn Fn(&Trajectory) -> String| trajectory.as_ref().map_or_else(|| "-".to_owned(), tell);
    let attributes = |tell: &dyn Fn(Attributes<'_>) -> String| of(&|t| tell(t.attributes_on(status.on)));
    let name = |name: Option<&domain::Name>| name.map_or("-", |name| name.as_str()).to_owned();
    let active = |spell: &Spell| spell.active_on(status.on);
    vec![
        ("events that count", timeline.events().len().to_string()),
        ("method", of(&|t| t.method().as_str().to_owned())),
        ("start", of(&|t| t.start.to_string())),
        ("outflow", of(&|t| t.outflow.map_or_else(|| "-".to_owned(), |outflow| outflow.on.to_string()))),
        ("work ready", of(&|t| format!("{:?}", t.outflow.and_then(|outflow| outflow.work_ready)))),
        ("running", status.running.to_string()),
        ("step", status.step.map_or("-", domain::Step::as_str).to_owned()),
        ("variant", attributes(&|a| a.variant.map_or("-", domain::Variant::as_str).to_owned())),
        ("funding", attributes(&|a| a.funding.as_str().to_owned())),
        ("scheme", attributes(&|a| name(a.scheme))),
        ("region", attributes(&|a| a.region.code().to_owned())),
        ("coach", attributes(&|a| name(a.coach))),
        ("paid work", status.paid_work.to_string()),
        ("sustainable work", status.sustainable_work.as_str().to_owned()),
        ("jobs", of(&|t| jobs(t, status.on))),
        ("open placements", of(&|t| t.placements.iter().filter(|(_, spell)| active(spell)).count().to_string())),
        ("open educations", of(&|t| t.educations.iter().filter(|spell| active(spell)).count().to_string())),
    ]
}

/// Each job's days and conditions, in a few words.
fn jobs(trajectory: &Trajectory, day: domain::Date) -> String {
    let unknown = || "?".to_owned();
    let job = |job: &domain::Job| {
        let values = job.conditions_on(day);
        let number = |n: Option<i32>| n.map_or_else(unknown, |n| proto_events::Hundredths(n).to_string());
        let contract = match values.contract {
            None => unknown(),
            Some(Contract::Permanent) => "permanent".to_owned(),
            Some(Contract::FixedTerm { until }) => format!("until {until}"),
            Some(Contract::Other) => "other contract".to_owned(),
        };
        let workplace = values.regular_workplace.map_or("workplace ?", |regular| if regular { "regular" } else { "sheltered" });
        let stop = job.spell.stop.map_or_else(String::new, |stop| format!(" to {stop}"));
        let (hours, wage) = (number(values.hours_per_week), number(values.wage_value_percent));
        format!("[from {}{stop}: {workplace}, {hours} h, {wage} %, {contract}]", job.spell.start)
    };
    let all: Vec<String> = trajectory.jobs.iter().map(job).collect();
    if all.is_empty() { "-".to_owned() } else { all.join(" ") }
}
