//! A trajectory as a visitor may see it: its timeline, and every event with its texts.

use std::{collections::HashMap, sync::Arc};

use app::{Keep, coach_of, export, stream};
use domain::{Date, Name, Timeline, Trajectory};
use event_log::{Locator, RecordBatch};
use keys::KeyStore;
use pages::Text;
use proto_events::{Payload, Timestamp, upcast::Upcasters};
use uuid::Uuid;

use super::{Visitor, convert};
use crate::{
    Inner,
    access::{Action, Caller, Decision, Object, permits},
    problem::Problem,
};

/// Trajectories whose records are read from the log at once.
const READ_AT_ONCE: usize = 64;

/// An event as it was recorded.
#[derive(Clone, Debug)]
pub(crate) struct Told {
    /// Its id.
    pub(crate) id: Uuid,
    /// Its place in the stream, from 1.
    pub(crate) revision: u32,
    /// When it happened.
    pub(crate) on: proto_events::Date,
    /// When the log took it.
    pub(crate) recorded: Timestamp,
    /// When it was first recorded: that of `recorded`, or what the file says that it was imported from.
    pub(crate) first_recorded: Timestamp,
    /// Who recorded it, as it stands in the log.
    pub(crate) actor: String,
    /// The event that it replaces.
    pub(crate) corrects: Option<Uuid>,
    /// What it tells, its texts as the visitor may see them.
    pub(crate) payload: Payload<Text>,
}

/// A trajectory that the visitor may see.
#[derive(Clone, Debug)]
pub(crate) struct Case {
    /// Its id.
    pub(crate) id: Uuid,
    /// The events that count.
    pub(crate) timeline: Timeline,
    /// What they amount to; `None` when no intake counts.
    pub(crate) trajectory: Option<Trajectory>,
    /// Whose it is today.
    pub(crate) coach: Option<Name>,
    /// Every event, those that do not count any more too, as they were recorded.
    pub(crate) told: Vec<Told>,
    /// The place of each in that list.
    pub(super) places: HashMap<Uuid, usize>,
    /// Whether the visitor may record in it.
    pub(crate) may_record: bool,
    /// Whether the visitor sees its texts.
    pub(crate) sees_texts: bool,
}

impl Case {
    /// The organisation that delivers it.
    pub(crate) fn organisation(&self) -> &str {
        self.timeline.organisation().as_str()
    }

    /// As it is judged.
    pub(crate) fn object(&self) -> Object<'_> {
        Object::Trajectory { id: self.id, organisation: self.organisation(), coach: self.coach.as_ref().map(Name::as_str) }
    }

    /// The event with this id.
    pub(crate) fn told(&self, id: Uuid) -> Option<&Told> {
        self.told.get(*self.places.get(&id)?)
    }

    /// The same without this event, as if it had never been told.
    pub(crate) fn without(&self, id: Uuid) -> Self {
        let told: Vec<Told> = self.told.iter().filter(|told| told.id != id).cloned().collect();
        let places = told.iter().enumerate().map(|(place, told)| (told.id, place)).collect();
        Self { told, places, ..self.clone() }
    }

    /// The events that count, in their order, as they were recorded.
    pub(crate) fn counting(&self) -> impl Iterator<Item = &Told> {
        self.timeline.events().iter().filter_map(|event| self.told(event.id.0))
    }

    /// The levels of the educations, in the order of the timeline, as the trajectory has its educations.
    pub(crate) fn levels(&self) -> impl Iterator<Item = Option<String>> {
        self.counting().filter_map(|told| {
            let Payload::EducationStarted(started) = &told.payload else { return None };
            Some(started.level.as_ref().map(|level| level.as_str().to_owned()))
        })
    }

    /// Whether this caller retracted all of it, and may still see something of its organisation: to nobody else it is told that it was there.
    fn was_retracted_by(&self, caller: &Caller) -> bool {
        let intake = |id: Uuid| self.told(id).is_some_and(|told| matches!(told.payload, Payload::Intake(_)));
        let retracts = |told: &Told| matches!(&told.payload, Payload::Retraction(retraction) if intake(retraction.event_id.0));
        // No intake counts, so the last that was retracted is the one that did.
        let last = self.told.iter().rev().find(|told| retracts(told)).filter(|_| self.trajectory.is_none());
        last.is_some_and(|told| told.actor == caller.actor)
            && permits(caller, Action::SeeTrajectory, Object::Organisation(self.organisation())) == Decision::Permit
    }

    /// How the coach knows the client on this day; `None` when that is not known or cannot be read.
    pub(crate) fn name(&self, day: Date) -> Option<&str> {
        self.label(day).and_then(Text::open)
    }

    /// How the coach knows the client on this day, read or not; `None` when that is not known.
    pub(crate) fn label(&self, day: Date) -> Option<&Text> {
        let mut name = None;
        for told in self.counting().filter(|told| told.on.days() <= day.days()) {
            if let Payload::Intake(intake) = &told.payload {
                name = intake.label.as_ref();
            } else if let Payload::TrajectoryChanged(change) = &told.payload
                && let Some(label) = &change.label
            {
                name = label.as_ref();
            }
        }
        name.filter(|name| name.open().is_none_or(|name| !name.trim().is_empty()))
    }
}

/// The trajectory with this id.
///
/// # Errors
/// 404 when there is none, or none for this visitor; of one that the visitor retracted it says so.
pub(crate) async fn read(inner: &Inner, visitor: &Visitor, id: Uuid) -> Result<Case, Problem> {
    visitor.caller.may(Action::SeeTrajectory, Object::Any)?;
    let at_least = inner.log.head().await?.position;
    let locators = inner.desk.locate(id, at_least).await?;
    let batch = if locators.is_empty() { RecordBatch::default() } else { inner.log.read_at(&locators).await? };
    let case = cases_of(inner, visitor, batch).await?.remove(&id).ok_or_else(Problem::no_such_trajectory)?;
    let seen = visitor.caller.may(Action::SeeTrajectory, case.object());
    match seen {
        Ok(()) => Ok(case),
        Err(_) if case.was_retracted_by(&visitor.caller) => Err(Problem::retracted_trajectory()),
        Err(problem) => Err(problem),
    }
}

/// Those of these trajectories that the visitor may see, in this order.
///
/// # Errors
/// When the log cannot be read.
pub(crate) async fn read_all(inner: &Inner, visitor: &Visitor, ids: &[Uuid]) -> Result<Vec<Case>, Problem> {
    visitor.caller.may(Action::SeeTrajectory, Object::Any)?;
    let at_least = inner.log.head().await?.position;
    let mut all = Vec::with_capacity(ids.len());
    for ids in ids.chunks(READ_AT_ONCE) {
        let mut locators: Vec<Locator> = Vec::new();
        for id in ids {
            locators.extend(inner.desk.locate(*id, at_least).await?);
        }
        let batch = if locators.is_empty() { RecordBatch::default() } else { inner.log.read_at(&locators).await? };
        let mut found = cases_of(inner, visitor, batch).await?;
        all.extend(
            ids.iter()
                .filter_map(|id| found.remove(id))
                .filter(|case| permits(&visitor.caller, Action::SeeTrajectory, case.object()) == Decision::Permit),
        );
    }
    Ok(all)
}

/// Every trajectory of a batch. Texts are sealed in those that the visitor may not read them of. Keys are read from disk, and a list holds many
/// texts: no other request waits for it.
async fn cases_of(inner: &Inner, visitor: &Visitor, batch: RecordBatch) -> Result<HashMap<Uuid, Case>, Problem> {
    let (caller, today, keys) = (visitor.caller.clone(), visitor.today, Arc::clone(&inner.keys));
    let made = tokio::task::spawn_blocking(move || cases(&caller, today, &keys, &batch)).await;
    made.map_err(|error| {
        tracing::error!("trajectories could not be read to the end: {error}");
        Problem::internal()
    })?
}

fn cases(caller: &Caller, today: Date, keys: &KeyStore, batch: &RecordBatch) -> Result<HashMap<Uuid, Case>, Problem> {
    let upcasters = Upcasters::of_today();
    let mut timelines: HashMap<Uuid, Timeline> = HashMap::new();
    for record in &batch.records {
        let timeline = timelines.entry(record.header.trajectory_id).or_default();
        stream::evolve(timeline, &record.header, batch.body(record), Keep::All, &upcasters)?;
    }
    let mut cases: HashMap<Uuid, Case> = HashMap::with_capacity(timelines.len());
    for (id, timeline) in timelines {
        let coach = coach_of(&timeline, today);
        let object = Object::Trajectory { id, organisation: timeline.organisation().as_str(), coach: coach.as_ref().map(Name::as_str) };
        let may = |action| permits(caller, action, object) == Decision::Permit;
        let (may_record, sees_texts) = (may(Action::Record), may(Action::SeeTexts));
        let trajectory = Trajectory::of(&timeline);
        cases.insert(id, Case { id, timeline, trajectory, coach, told: Vec::new(), places: HashMap::new(), may_record, sees_texts });
    }
    for record in &batch.records {
        let Some(case) = cases.get_mut(&record.header.trajectory_id) else { continue };
        let open = case.sees_texts;
        export::each_event(
            batch,
            record,
            keys,
            |_| true,
            |event| {
                let recorded = event.recorded_at.unwrap_or(record.header.recorded_at);
                let Ok(payload) = event.data.clone().try_map_texts(|_, text| Ok::<_, std::convert::Infallible>(convert::text(text, open)));
                case.places.insert(event.event_id.0, case.told.len());
                case.told.push(Told {
                    id: event.event_id.0,
                    revision: event.revision.unwrap_or_default(),
                    on: event.occurred_on,
                    recorded,
                    first_recorded: event.source_recorded_at.unwrap_or(recorded),
                    actor: event.actor.unwrap_or_default().to_owned(),
                    corrects: event.corrects.map(|id| id.0),
                    payload,
                });
                Ok(())
            },
        )?;
    }
    Ok(cases)
}
