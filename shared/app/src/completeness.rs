//! How complete a quarter is, from the log: trajectories and every event of them, with when it was recorded.
//!
//! | what | how it is computed |
//! | --- | --- |
//! | days late | of every event that counts and happened in the quarter: days from its day to that of its first recording, in Amsterdam |
//! | nothing recorded | where trajectories run and no event that counts happened in the quarter: whether they still run is not known |
//! | first recording | a correction does not make an event late: what it replaced was recorded before. Of what was imported with the moment of its first recording, that moment counts |
//! | latest | where something about a day up to the quarter's end was last recorded, corrected or retracted: the position, for a declaration is of what the log held then, and an import brings older moments |

use std::{collections::BTreeSet, sync::Arc};

use domain::{Date, EventId, Fact, Method, Name, Quarter, Timeline, Trajectory, TrajectoryId};
use event_log::{EventLog, RecordHeader};
use figures::{
    Definitions, Question, Scope,
    completeness::{Completeness, Point},
};
use hashbrown::HashMap;
use proto_events::{Timestamp, upcast::Upcasters};

use crate::{
    AppError, AsOf, Clock, amsterdam_day, codec,
    figures::state,
    replay::{decode, fold_with, revision_follows},
};

/// What is asked.
#[derive(Clone, Debug)]
pub struct Ask {
    /// The quarter.
    pub quarter: Quarter,
    /// Only this organisation; all of them when it is left out.
    pub organisation: Option<Name>,
    /// By which definitions.
    pub definitions: Definitions,
    /// From which state of the log.
    pub as_of: AsOf,
}

/// Folds the log and counts.
///
/// # Errors
/// As [`crate::figures::answer`].
pub async fn answer<L: EventLog>(
    log: &L,
    ask: &Ask,
    clock: Clock,
    progress: &mut (dyn FnMut(u64) + Send),
) -> Result<(Completeness, figures::AsOf), AppError> {
    let asked = Arc::new(ask.clone());
    let only = ask.organisation.clone();
    let take_in = move |lives: &mut Lives, header: &RecordHeader, body: &[u8], upcasters: &Upcasters| {
        take_in(lives, header, body, upcasters, only.as_ref())
    };
    let (head, parts) = fold_with(log, ask.as_of.until(), progress, take_in, move |lives: Lives| {
        let scope = Scope { region: None, organisation: asked.organisation.clone() };
        let question = Question { quarter: asked.quarter, scope: &scope, definitions: &asked.definitions, tables: true };
        let mut part = Completeness::default();
        lives.values().for_each(|life| life.count(&question, &mut part));
        part
    })
    .await?;
    let mut whole = Completeness::default();
    for part in parts {
        whole.merge(part);
    }
    Ok((whole, state(head, ask.quarter, ask.as_of, clock)))
}

type Lives = HashMap<TrajectoryId, Life>;

/// A stream: what counts of it, and every event as it was recorded.
#[derive(Debug, Default)]
struct Life {
    timeline: Timeline,
    told: Vec<Told>,
    /// Every method that an intake of it ever told, also one that was corrected or retracted.
    methods: BTreeSet<Method>,
}

/// An event as it was recorded.
#[derive(Debug)]
struct Told {
    id: EventId,
    on: Date,
    at: Point,
    first: Timestamp,
    /// The event that it corrects or retracts.
    about: Option<EventId>,
}

/// Takes in what a record holds, of this organisation alone where there is one.
fn take_in(lives: &mut Lives, header: &RecordHeader, body: &[u8], upcasters: &Upcasters, only: Option<&Name>) -> Result<(), AppError> {
    let decision = decode(header, body)?;
    if only.is_some_and(|only| only.as_str() != decision.organisation) {
        return Ok(());
    }
    let life = lives.entry(TrajectoryId(header.trajectory_id)).or_default();
    if life.timeline.revision() == 0 {
        life.timeline = Timeline::new(decision.organisation.into());
    }
    revision_follows(&life.timeline, header, &decision)?;
    for (position, event) in (header.first_position.0..).zip(&decision.events) {
        let unreadable = |cause| AppError::History { position: header.first_position, trajectory: header.trajectory_id, cause };
        let recorded = codec::recorded(event, upcasters).map_err(unreadable)?;
        if let Fact::Intake(intake) = &recorded.fact {
            life.methods.insert(intake.method);
        }
        let retracts = if let Fact::Retraction { event } = &recorded.fact { Some(*event) } else { None };
        life.told.push(Told {
            id: recorded.id,
            on: recorded.occurred_on,
            at: Point { position, micros: event.recorded_at.micros() },
            first: event.source_recorded_at.unwrap_or(event.recorded_at),
            about: recorded.corrects.or(retracts),
        });
        life.timeline.evolve(recorded);
    }
    Ok(())
}

impl Life {
    fn count(&self, question: &Question<'_>, part: &mut Completeness) {
        let organisation = self.timeline.organisation();
        let places: HashMap<EventId, &Told> = self.told.iter().map(|told| (told.id, told)).collect();
        let counting = self.timeline.events().iter().filter(|event| Quarter::of(event.occurred_on) == question.quarter);
        let mut events = 0;
        for event in counting {
            events += 1;
            // A correction replaces what was recorded before it, so that this ends.
            let chain = std::iter::successors(places.get(&event.id), |told| places.get(&told.about?));
            if let Some(first) = chain.last() {
                part.recorded(organisation, event.occurred_on, amsterdam_day(first.first));
            }
        }
        // Without an intake that counts nothing is delivered; that it was retracted is news about the quarter all the same.
        if let Some(trajectory) = Trajectory::of(&self.timeline) {
            part.count(&trajectory, question);
            part.told(organisation, trajectory.method(), events);
        }
        let end = question.quarter.last_day();
        let is_about = |told: &&Told| told.on <= end || told.about.and_then(|id| places.get(&id)).is_some_and(|about| about.on <= end);
        if let Some(latest) = self.told.iter().filter(is_about).map(|told| told.at).max() {
            self.methods.iter().for_each(|method| part.touched(organisation, *method, latest));
        }
    }
}
