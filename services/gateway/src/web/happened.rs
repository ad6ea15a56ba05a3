//! What happened, as pages tell it: from the payloads of events.

use std::collections::HashMap;

use pages::{Change, Circumstances, Contract, Known, Terms, Text, What};
use proto_events::Payload;
use uuid::Uuid;

use super::{
    case::{Case, Told},
    convert,
    names::{self, Names},
};

/// What the things of a trajectory are called, whichever event is told.
pub(crate) struct Telling<'a> {
    organisation: &'a str,
    names: &'a Names,
    /// Employer, else sector, of each job, as the last event that tells it has it.
    jobs: HashMap<Uuid, String>,
    placements: HashMap<Uuid, String>,
    educations: HashMap<Uuid, Option<String>>,
}

impl<'a> Telling<'a> {
    /// Of this trajectory.
    pub(crate) fn of(case: &'a Case, names: &'a Names) -> Self {
        let (mut jobs, mut placements, mut educations) = (HashMap::new(), HashMap::new(), HashMap::new());
        let (mut employers, mut sectors) = (HashMap::new(), HashMap::new());
        let mut keep = |job: Uuid, employer: Option<&Text>, sector: Option<&Text>| {
            for (names, name) in [(&mut employers, employer), (&mut sectors, sector)] {
                if let Some(name) = name.and_then(Text::open) {
                    names.insert(job, name.to_owned());
                }
            }
        };
        for told in case.counting() {
            if let Payload::PaidWorkStarted(started) = &told.payload {
                keep(started.job_id.0, started.employer.as_ref(), started.sector.as_ref());
            } else if let Payload::PaidWorkChanged(changed) = &told.payload {
                let text = |change: &'a proto_events::Change<Text>| change.as_ref().and_then(Option::as_ref);
                keep(changed.job_id.0, text(&changed.employer), text(&changed.sector));
            } else if let Payload::PlacementStarted(started) = &told.payload {
                placements.insert(started.placement_id.0, started.kind.as_str().to_owned());
            } else if let Payload::EducationStarted(started) = &told.payload {
                educations.insert(started.education_id.0, started.level.as_ref().map(|level| level.as_str().to_owned()));
            }
        }
        // Where the employer is known the sector is no name.
        jobs.extend(sectors.into_iter().map(|(job, sector)| (job, pages::capital(&sector))));
        jobs.extend(employers);
        Self { organisation: case.organisation(), names, jobs, placements, educations }
    }

    /// What a job is called.
    pub(crate) fn job(&self, id: Uuid) -> Option<String> {
        self.jobs.get(&id).cloned()
    }

    /// The kind of a placement.
    pub(crate) fn placement(&self, id: Uuid) -> Option<String> {
        self.placements.get(&id).cloned()
    }

    /// The level of an education.
    pub(crate) fn education(&self, id: Uuid) -> Option<String> {
        self.educations.get(&id).cloned().flatten()
    }

    /// Who recorded an event.
    pub(crate) fn by(&self, told: &Told) -> String {
        self.names.actor(self.organisation, &told.actor)
    }

    /// What an event tells; `None` of a retraction, which is told with the event that it retracts.
    pub(crate) fn what(&self, told: &Told) -> Option<What> {
        Some(match &told.payload {
            Payload::Intake(intake) => What::Intake {
                client: intake.client_id.0.to_string(),
                method: intake.method.as_str().to_owned(),
                with: Box::new(self.intake(intake)),
            },
            Payload::Engagement(engagement) => {
                What::Engagement { wish: engagement.wish.as_str().to_owned(), goals: engagement.goals.clone() }
            }
            Payload::Assessment(assessment) => What::Assessment {
                sectors: assessment.sectors.clone().unwrap_or_default(),
                max_hours: assessment.max_hours_per_week.map(|hours| convert::decimal(hours.0)),
                profile: assessment.profile.clone(),
            },
            Payload::PlacementStarted(started) => {
                What::PlacementStarted { id: started.placement_id.0.to_string(), kind: started.kind.as_str().to_owned() }
            }
            Payload::PlacementStopped(stopped) => What::PlacementStopped {
                id: stopped.placement_id.0.to_string(),
                kind: self.placement(stopped.placement_id.0),
                reason: stopped.reason.clone(),
            },
            Payload::PaidWorkStarted(started) => What::WorkStarted { id: started.job_id.0.to_string(), terms: Box::new(begun(started)) },
            Payload::PaidWorkChanged(changed) => {
                What::WorkChanged { id: changed.job_id.0.to_string(), job: self.job(changed.job_id.0), terms: Box::new(changes(changed)) }
            }
            Payload::PaidWorkStopped(stopped) => {
                What::WorkStopped { id: stopped.job_id.0.to_string(), job: self.job(stopped.job_id.0), reason: stopped.reason.clone() }
            }
            Payload::EducationStarted(started) => What::EducationStarted {
                id: started.education_id.0.to_string(),
                level: started.level.as_ref().map(|level| level.as_str().to_owned()),
            },
            Payload::EducationStopped(stopped) => What::EducationStopped {
                id: stopped.education_id.0.to_string(),
                level: self.education(stopped.education_id.0),
                completed: stopped.completed,
            },
            Payload::Contact(contact) => What::Contact {
                with: contact.with.as_str().to_owned(),
                channel: contact.channel.as_str().to_owned(),
                minutes: contact.minutes.map(|minutes| u32::try_from(minutes.0).unwrap_or_default()),
                note: contact.note.clone(),
            },
            Payload::TrajectoryChanged(changed) => What::Changed(Box::new(self.changed(changed))),
            Payload::Outflow(outflow) => {
                What::Outflow { reason: outflow.reason.as_ref().map(|reason| reason.as_str().to_owned()), work_ready: outflow.work_ready }
            }
            Payload::Retraction(_) => return None,
        })
    }

    fn coach(&self, code: &str) -> Known {
        Known { code: code.to_owned(), name: self.names.coach(self.organisation, code) }
    }

    fn intake(&self, intake: &proto_events::Intake<Text>) -> Circumstances {
        Circumstances {
            variant: said(intake.variant.map(|variant| variant.as_str().to_owned())),
            funding: Change::To(intake.funding.as_str().to_owned()),
            scheme: said(intake.scheme.as_ref().map(|scheme| scheme.as_str().to_owned())),
            region: Change::To(names::region(&intake.region.0)),
            coach: said(intake.coach.as_ref().map(|coach| self.coach(coach.as_str()))),
            target_group: said(intake.target_group.map(|group| group.as_str().to_owned())),
            benefit: said(intake.benefit.map(|benefit| benefit.as_str().to_owned())),
            in_care: said(intake.in_care),
            label: said(intake.label.clone()),
        }
    }

    fn changed(&self, changed: &proto_events::TrajectoryChanged<Text>) -> Circumstances {
        Circumstances {
            variant: change(&changed.variant, |variant| variant.as_str().to_owned()),
            funding: said(changed.funding.map(|funding| funding.as_str().to_owned())),
            scheme: change(&changed.scheme, |scheme| scheme.as_str().to_owned()),
            region: said(changed.region.as_ref().map(|region| names::region(&region.0))),
            coach: change(&changed.coach, |coach| self.coach(coach.as_str())),
            target_group: change(&changed.target_group, |group| group.as_str().to_owned()),
            benefit: change(&changed.benefit, |benefit| benefit.as_str().to_owned()),
            in_care: change(&changed.in_care, |yes| *yes),
            label: change(&changed.label, Clone::clone),
        }
    }
}

/// What is told where something begins.
fn said<T>(value: Option<T>) -> Change<T> {
    value.map_or(Change::Kept, Change::To)
}

/// What a change tells of a field.
fn change<V, T>(value: &proto_events::Change<V>, to: impl FnOnce(&V) -> T) -> Change<T> {
    match value {
        None => Change::Kept,
        Some(None) => Change::Unknown,
        Some(Some(value)) => Change::To(to(value)),
    }
}

/// A contract as pages have it.
pub(crate) fn contract(contract: proto_events::Contract) -> Contract {
    match contract {
        proto_events::Contract::Permanent => Contract::Permanent,
        proto_events::Contract::FixedTerm { until } => Contract::FixedTerm(convert::day_of(until)),
        proto_events::Contract::Other => Contract::Other,
    }
}

fn begun(started: &proto_events::PaidWorkStarted<Text>) -> Terms {
    Terms {
        regular_workplace: said(started.regular_workplace),
        hours: said(started.hours_per_week.map(|hours| convert::decimal(hours.0))),
        wage: said(started.wage_value_percent.map(|wage| convert::decimal(wage.0))),
        contract: said(started.contract.map(contract)),
        sector: said(started.sector.clone()),
        employer: said(started.employer.clone()),
    }
}

fn changes(changed: &proto_events::PaidWorkChanged<Text>) -> Terms {
    Terms {
        regular_workplace: change(&changed.regular_workplace, |yes| *yes),
        hours: change(&changed.hours_per_week, |hours| convert::decimal(hours.0)),
        wage: change(&changed.wage_value_percent, |wage| convert::decimal(wage.0)),
        contract: change(&changed.contract, |one| contract(*one)),
        sector: change(&changed.sector, Clone::clone),
        employer: change(&changed.employer, Clone::clone),
    }
}

/// The conditions of a job as they stand after its events until a day, its start included; `None` when it has none of them. The start first: a
/// change of the same day may stand before it.
pub(crate) fn terms_on(case: &Case, job: Uuid, day: domain::Date) -> Option<Terms> {
    let until = || case.counting().filter(|told| told.on.days() <= day.days());
    let mut terms = until().find_map(|told| {
        let Payload::PaidWorkStarted(started) = &told.payload else { return None };
        (started.job_id.0 == job).then(|| begun(started))
    })?;
    for told in until() {
        if let Payload::PaidWorkChanged(changed) = &told.payload
            && changed.job_id.0 == job
        {
            take_over(&mut terms, changes(changed));
        }
    }
    Some(terms)
}

/// What a job is called wherever it is spoken of: its employer; where that is not known or cannot be read, its sector.
pub(crate) fn called(terms: &Terms) -> Option<String> {
    let employer = terms.employer.to().and_then(Text::open).map(str::to_owned);
    employer.or_else(|| terms.sector.to().and_then(Text::open).map(pages::capital))
}

/// What changes takes the place of what was.
fn take_over(terms: &mut Terms, changes: Terms) {
    fn one<T>(was: &mut Change<T>, is: Change<T>) {
        if !matches!(is, Change::Kept) {
            *was = is;
        }
    }
    one(&mut terms.regular_workplace, changes.regular_workplace);
    one(&mut terms.hours, changes.hours);
    one(&mut terms.wage, changes.wage);
    one(&mut terms.contract, changes.contract);
    one(&mut terms.sector, changes.sector);
    one(&mut terms.employer, changes.employer);
}
