//! From drafts to event lines: ids from keys, words from numbers.

use proto_events::{
    Assessment, Contact, EducationStarted, EducationStopped, Engagement, Id, Intake, Outflow, PaidWorkChanged, PaidWorkStarted,
    PaidWorkStopped, Payload, PlacementStarted, PlacementStopped, Retraction, Slug, Text, TrajectoryChanged, WholeNumber, json::EventLine,
};
use uuid::{Builder, Uuid};

use crate::{
    life::{AttributeChange, Attributes, Change, ConditionChange, Conditions, Life},
    names::{Names, Organisation},
    record::{Draft, Fact},
    texts::Topic,
};

/// What all lines of a stream share.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Stream {
    pub(crate) key: u128,
    pub(crate) client: u128,
    pub(crate) organisation: u8,
}

impl From<&Life> for Stream {
    fn from(life: &Life) -> Self {
        Self { key: life.key, client: life.client, organisation: life.organisation }
    }
}

/// What an id is of. Ids of one stream differ in this and in their number.
#[derive(Clone, Copy)]
enum Of {
    Trajectory = 1,
    Event = 2,
    Job = 3,
    Placement = 4,
    Education = 5,
    Client = 6,
}

/// The schema of every payload here.
const SCHEMA: u16 = 1;

/// One round of SplitMix64: every bit of the result hangs on every bit of the argument.
fn scatter(seed: u64) -> u64 {
    let z = seed.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

/// A random-looking version 4 UUID that needs no memory: from the stream's key and a number.
fn id(key: u128, of: Of, number: u64) -> Id {
    let tag = (of as u64) << 32 | number;
    let (high, low) = ((key >> 64) as u64, key as u64);
    let first = scatter(high ^ scatter(tag));
    let second = scatter(low ^ scatter(first ^ tag));
    let bytes = (u128::from(first) << 64 | u128::from(second)).to_be_bytes();
    Id(Uuid::from_bytes(*Builder::from_random_bytes(bytes).as_uuid().as_bytes()))
}

/// The line of a draft.
pub(crate) fn line(names: &Names, stream: &Stream, draft: &Draft) -> EventLine {
    let event = |line: u16| id(stream.key, Of::Event, u64::from(line));
    let organisation = &names.organisations[usize::from(stream.organisation) % names.organisations.len()];
    let actor = coach(organisation, draft.coach).map_or_else(|| organisation.administration.clone(), |slug| slug.as_str().to_owned());
    EventLine {
        event_id: event(draft.line),
        trajectory_id: id(stream.key, Of::Trajectory, 0),
        organisation: organisation.slug.clone(),
        occurred_on: draft.occurred,
        recorded_at: Some(draft.recorded),
        actor: Some(actor),
        corrects: draft.corrects.map(event),
        correlation_id: None,
        causation_id: None,
        decision: draft.decision.map(event),
        source_recorded_at: None,
        schema: SCHEMA,
        payload: payload(names, organisation, stream, &draft.fact),
    }
}

fn coach(organisation: &Organisation, number: Option<u16>) -> Option<&Slug> {
    organisation.coaches.get(usize::from(number?))
}

fn text(topic: Topic, number: Option<u16>) -> Option<Text> {
    number.map(|n| Text::Clear(topic.text(n)))
}

fn changed_text(topic: Topic, change: Change<u16>) -> Change<Text> {
    change.map(|value| text(topic, value))
}

fn payload(names: &Names, organisation: &Organisation, stream: &Stream, fact: &Fact) -> Payload<Text> {
    let thing = |of: Of, number: u8| id(stream.key, of, u64::from(number));
    match *fact {
        Fact::Intake(attributes) => Payload::Intake(Box::new(intake(names, organisation, stream, &attributes))),
        Fact::Engagement { wish, goals } => Payload::Engagement(Engagement { wish, goals: text(Topic::Goals, goals) }),
        Fact::Assessment { sectors, max_hours, profile } => {
            let sectors: Vec<Text> = sectors.into_iter().flatten().map(|n| Text::Clear(Topic::Sector.text(n))).collect();
            Payload::Assessment(Assessment {
                sectors: (!sectors.is_empty()).then_some(sectors),
                max_hours_per_week: max_hours,
                profile: text(Topic::Profile, profile),
            })
        }
        Fact::PlacementStarted { thing: n, kind } => {
            Payload::PlacementStarted(PlacementStarted { placement_id: thing(Of::Placement, n), kind })
        }
        Fact::PlacementStopped { thing: n, reason } => Payload::PlacementStopped(PlacementStopped {
            placement_id: thing(Of::Placement, n),
            reason: text(Topic::PlacementStop, reason),
        }),
        Fact::PaidWorkStarted { thing: n, conditions } => {
            Payload::PaidWorkStarted(Box::new(paid_work_started(thing(Of::Job, n), &conditions)))
        }
        Fact::PaidWorkChanged { thing: n, change } => Payload::PaidWorkChanged(Box::new(paid_work_changed(thing(Of::Job, n), &change))),
        Fact::PaidWorkStopped { thing: n, reason } => {
            Payload::PaidWorkStopped(PaidWorkStopped { job_id: thing(Of::Job, n), reason: text(Topic::JobStop, reason) })
        }
        Fact::EducationStarted { thing: n, level } => {
            let level = level.and_then(|at| names.education_levels.get(usize::from(at)).cloned());
            Payload::EducationStarted(EducationStarted { education_id: thing(Of::Education, n), level })
        }
        Fact::EducationStopped { thing: n, completed } => {
            Payload::EducationStopped(EducationStopped { education_id: thing(Of::Education, n), completed })
        }
        Fact::Contact { with, channel, minutes, note } => {
            Payload::Contact(Contact { with, channel, minutes: minutes.map(|m| WholeNumber(i32::from(m))), note: text(Topic::Note, note) })
        }
        Fact::TrajectoryChanged(change) => Payload::TrajectoryChanged(Box::new(trajectory_changed(names, organisation, &change))),
        Fact::Outflow { reason, work_ready } => {
            Payload::Outflow(Outflow { reason: reason.and_then(|at| names.outflow_reasons.get(usize::from(at)).cloned()), work_ready })
        }
        Fact::Retraction { line, reason } => Payload::Retraction(Retraction {
            event_id: id(stream.key, Of::Event, u64::from(line)),
            reason: Text::Clear(Topic::Retraction.text(reason)),
        }),
    }
}

fn intake(names: &Names, organisation: &Organisation, stream: &Stream, attributes: &Attributes) -> Intake<Text> {
    Intake {
        client_id: id(stream.client, Of::Client, 0),
        method: attributes.method,
        variant: attributes.variant,
        funding: attributes.funding,
        scheme: names.scheme.clone().filter(|_| attributes.scheme),
        region: names.regions[usize::from(attributes.region) % names.regions.len()].clone(),
        coach: coach(organisation, attributes.coach).cloned(),
        target_group: attributes.target_group,
        benefit: attributes.benefit,
        in_care: attributes.in_care,
        label: text(Topic::Label, attributes.label),
    }
}

fn paid_work_started(job_id: Id, conditions: &Conditions) -> PaidWorkStarted<Text> {
    PaidWorkStarted {
        job_id,
        regular_workplace: conditions.regular,
        hours_per_week: conditions.hours,
        wage_value_percent: conditions.wage,
        contract: conditions.contract,
        sector: text(Topic::Sector, conditions.sector),
        employer: text(Topic::Employer, conditions.employer),
    }
}

fn paid_work_changed(job_id: Id, change: &ConditionChange) -> PaidWorkChanged<Text> {
    PaidWorkChanged {
        job_id,
        regular_workplace: change.regular,
        hours_per_week: change.hours,
        wage_value_percent: change.wage,
        contract: change.contract,
        sector: changed_text(Topic::Sector, change.sector),
        employer: changed_text(Topic::Employer, change.employer),
    }
}

fn trajectory_changed(names: &Names, organisation: &Organisation, change: &AttributeChange) -> TrajectoryChanged<Text> {
    TrajectoryChanged {
        variant: change.variant,
        funding: change.funding,
        scheme: change.scheme.map(|scheme| names.scheme.clone().filter(|_| scheme)),
        region: change.region.map(|at| names.regions[usize::from(at) % names.regions.len()].clone()),
        coach: change.coach.map(|number| coach(organisation, number).cloned()),
        target_group: change.target_group,
        benefit: change.benefit,
        in_care: change.in_care,
        label: changed_text(Topic::Label, change.label),
    }
}
