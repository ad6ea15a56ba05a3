//! Jobs, placements and educations, and which events belong together.

use domain::Date;
use pages::{Day, Of, Text, Thing};
use proto_events::Payload;
use uuid::Uuid;

use super::super::{
    case::{Case, Told},
    convert,
    happened::Telling,
};

/// Events that are offered beside the correction of an end: those before it.
const BEFORE_THE_END: usize = 12;

/// Each kind has ids of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Sort {
    Job,
    Placement,
    Education,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Says {
    Started,
    Changed,
    Stopped,
}

/// What an event says of a thing.
const fn said(payload: &Payload<Text>) -> Option<(Sort, Uuid, Says)> {
    Some(match payload {
        Payload::PlacementStarted(told) => (Sort::Placement, told.placement_id.0, Says::Started),
        Payload::PlacementStopped(told) => (Sort::Placement, told.placement_id.0, Says::Stopped),
        Payload::PaidWorkStarted(told) => (Sort::Job, told.job_id.0, Says::Started),
        Payload::PaidWorkChanged(told) => (Sort::Job, told.job_id.0, Says::Changed),
        Payload::PaidWorkStopped(told) => (Sort::Job, told.job_id.0, Says::Stopped),
        Payload::EducationStarted(told) => (Sort::Education, told.education_id.0, Says::Started),
        Payload::EducationStopped(told) => (Sort::Education, told.education_id.0, Says::Stopped),
        Payload::Intake(_)
        | Payload::Engagement(_)
        | Payload::Assessment(_)
        | Payload::Contact(_)
        | Payload::TrajectoryChanged(_)
        | Payload::Outflow(_)
        | Payload::Retraction(_) => return None,
    })
}

/// What a change or a stop is of.
pub(super) const fn of_what_began(payload: &Payload<Text>) -> Option<(Sort, Uuid)> {
    match said(payload) {
        Some((sort, id, Says::Changed | Says::Stopped)) => Some((sort, id)),
        Some((.., Says::Started)) | None => None,
    }
}

/// A thing with its days.
#[derive(Clone, Debug)]
pub(super) struct Run {
    pub(super) id: Uuid,
    of: Of,
    pub(super) since: Day,
    /// The first day without it.
    pub(super) stop: Option<Day>,
}

impl Run {
    /// Active on this day.
    pub(super) fn runs_on(&self, day: Date) -> bool {
        let day = convert::day(day);
        self.since <= day && self.stop.is_none_or(|stop| day < stop)
    }

    pub(super) fn thing(&self) -> Thing {
        Thing { id: self.id.to_string(), of: self.of.clone(), since: self.since }
    }
}

/// The things of this sort: those that run on this day before those that are over, the latest first.
pub(super) fn runs(case: &Case, telling: &Telling<'_>, sort: Sort, today: Date) -> Vec<Run> {
    let mut runs: Vec<Run> = Vec::new();
    // Starts first: an event of the same day may stand before the start that it belongs to.
    for told in case.counting() {
        if let Some((of, id, Says::Started)) = said(&told.payload)
            && of == sort
        {
            let of = match sort {
                Sort::Job => Of::Job { employer: telling.job(id), hours: None },
                Sort::Placement => Of::Placement(telling.placement(id).unwrap_or_default()),
                Sort::Education => Of::Education(telling.education(id)),
            };
            runs.push(Run { id, of, since: convert::day_of(told.on), stop: None });
        }
    }
    for told in case.counting() {
        if let Some((of, id, Says::Stopped)) = said(&told.payload)
            && of == sort
            && let Some(run) = runs.iter_mut().find(|run| run.id == id)
        {
            run.stop = Some(convert::day_of(told.on));
        }
    }
    runs.sort_by_key(|run| (!run.runs_on(today), std::cmp::Reverse(run.since)));
    runs
}

/// The other events of the thing that this event is about.
fn of_the_same<'a>(case: &'a Case, told: &'a Told) -> impl Iterator<Item = (Says, &'a Told)> {
    let thing = said(&told.payload).map(|(sort, id, _)| (sort, id));
    others(case, told).filter_map(move |other| {
        let (sort, id, says) = said(&other.payload)?;
        (Some((sort, id)) == thing).then_some((says, other))
    })
}

fn others<'a>(case: &'a Case, told: &'a Told) -> impl DoubleEndedIterator<Item = &'a Told> {
    let all: Vec<&Told> = case.counting().filter(|other| other.id != told.id).collect();
    all.into_iter()
}

/// What cannot stand without this event: of a start the changes and the stop, of the intake everything.
pub(super) fn hanging<'a>(case: &'a Case, told: &'a Told) -> Vec<&'a Told> {
    if matches!(told.payload, Payload::Intake(_)) {
        return others(case, told).collect();
    }
    match said(&told.payload) {
        Some((.., Says::Started)) => of_the_same(case, told).map(|(_, other)| other).collect(),
        Some((.., Says::Changed | Says::Stopped)) | None => Vec::new(),
    }
}

/// What may belong to the same mistake as this event, and stands in the way of its correction: of a start its changes and stop, of a stop the
/// changes, of the intake what changed since, of the end what came last before it.
pub(super) fn beside<'a>(case: &'a Case, told: &'a Told) -> Vec<&'a Told> {
    let changes = |other: &&Told| matches!(other.payload, Payload::TrajectoryChanged(_) | Payload::Outflow(_));
    if matches!(told.payload, Payload::Intake(_)) {
        return others(case, told).filter(changes).collect();
    }
    if matches!(told.payload, Payload::Outflow(_)) {
        return others(case, told).rev().filter(|other| !matches!(other.payload, Payload::Intake(_))).take(BEFORE_THE_END).collect();
    }
    match said(&told.payload) {
        Some((.., Says::Started)) => of_the_same(case, told).map(|(_, other)| other).collect(),
        Some((.., Says::Stopped)) => of_the_same(case, told).filter(|(says, _)| *says == Says::Changed).map(|(_, other)| other).collect(),
        Some((.., Says::Changed)) | None => Vec::new(),
    }
}
