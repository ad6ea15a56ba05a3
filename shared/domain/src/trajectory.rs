//! A trajectory as it was lived: what the effective timeline amounts to.

use smallvec::SmallVec;

use crate::{
    AttributeChanges, ClientId, ConditionChanges, Conditions, Date, Fact, Funding, Intake, JobId, Method, Name, PlacementKind, Region,
    Timeline, Variant,
};

/// A trajectory: derived from the events that count, in one pass.
#[derive(Clone, Debug)]
pub struct Trajectory {
    /// The organisation that delivers it.
    pub organisation: Name,
    /// Its first day.
    pub start: Date,
    /// Its end, if it has ended.
    pub outflow: Option<Outflow>,
    intake: Box<Intake>,
    changes: Vec<(Date, AttributeChanges)>,
    /// The paid jobs, by start.
    pub jobs: SmallVec<[Job; 1]>,
    /// The unpaid placements, by start.
    pub placements: SmallVec<[(PlacementKind, Spell); 1]>,
    /// The educations, by start.
    pub educations: SmallVec<[Spell; 1]>,
}

/// The end of a trajectory.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Outflow {
    /// Its last day.
    pub on: Date,
    /// Ready for work (werkfit).
    pub work_ready: Option<bool>,
}

/// The days on which something is active: start ≤ d < stop.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Spell {
    /// The first day.
    pub start: Date,
    /// The first day without it.
    pub stop: Option<Date>,
}

impl Spell {
    /// Active on this day.
    #[must_use]
    pub fn active_on(&self, day: Date) -> bool {
        self.start <= day && self.stop.is_none_or(|stop| day < stop)
    }

    /// The first day on or after `from` on which it is active.
    #[must_use]
    pub fn first_active_from(&self, from: Date) -> Option<Date> {
        let first = self.start.max(from);
        self.stop.is_none_or(|stop| first < stop).then_some(first)
    }
}

/// A paid job.
#[derive(Clone, Debug)]
pub struct Job {
    /// The job.
    pub id: JobId,
    /// Its days.
    pub spell: Spell,
    first: Conditions,
    changes: Vec<(Date, ConditionChanges)>,
}

impl Job {
    /// The days on which its conditions change, the first day not among them.
    pub fn change_days(&self) -> impl Iterator<Item = Date> {
        self.changes.iter().map(|(on, _)| *on)
    }

    /// The conditions in force on this day, its own events included.
    #[must_use]
    pub fn conditions_on(&self, day: Date) -> Conditions {
        let mut values = self.first;
        for (_, changes) in self.changes.iter().take_while(|(on, _)| *on <= day) {
            values.change(changes);
        }
        values
    }
}

/// The attributes of a trajectory on a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Attributes<'a> {
    /// IPS only.
    pub variant: Option<Variant>,
    /// Who pays.
    pub funding: Funding,
    /// The scheme under which it is paid.
    pub scheme: Option<&'a Name>,
    /// The labour-market region.
    pub region: Region,
    /// The coach.
    pub coach: Option<&'a Name>,
}

impl Trajectory {
    /// The trajectory of a timeline; `None` when no intake counts.
    #[must_use]
    pub fn of(timeline: &Timeline) -> Option<Self> {
        let (start, intake) = timeline.events().iter().find_map(|event| {
            let Fact::Intake(intake) = &event.fact else { return None };
            Some((event.occurred_on, intake.clone()))
        })?;
        let mut trajectory = Self {
            organisation: timeline.organisation().clone(),
            start,
            outflow: None,
            intake,
            changes: Vec::new(),
            jobs: SmallVec::new(),
            placements: SmallVec::new(),
            educations: SmallVec::new(),
        };
        // Starts first: an event of the same day may stand before the start that it belongs to.
        let (mut placements, mut educations) = (SmallVec::<[_; 2]>::new(), SmallVec::<[_; 2]>::new());
        for event in timeline.events() {
            let spell = Spell { start: event.occurred_on, stop: None };
            if let Fact::PaidWorkStarted { job, conditions } = &event.fact {
                trajectory.jobs.push(Job { id: *job, spell, first: *conditions, changes: Vec::new() });
            } else if let Fact::PlacementStarted { placement, kind } = &event.fact {
                placements.push(*placement);
                trajectory.placements.push((*kind, spell));
            } else if let Fact::EducationStarted { education } = &event.fact {
                educations.push(*education);
                trajectory.educations.push(spell);
            }
        }
        for event in timeline.events() {
            let on = event.occurred_on;
            match &event.fact {
                Fact::PaidWorkChanged { job, changes } => {
                    if let Some(job) = trajectory.job_mut(*job).filter(|job| job.spell.stop.is_none()) {
                        job.changes.push((on, *changes));
                    }
                }
                Fact::PaidWorkStopped { job } => {
                    if let Some(job) = trajectory.job_mut(*job) {
                        job.spell.stop = Some(on);
                        // On the stop's day a change is accepted and has no effect.
                        job.changes.retain(|(from, _)| *from < on);
                    }
                }
                Fact::PlacementStopped { placement } => {
                    let place = placements.iter().position(|id| id == placement);
                    if let Some((_, spell)) = place.and_then(|place| trajectory.placements.get_mut(place)) {
                        spell.stop = Some(on);
                    }
                }
                Fact::EducationStopped { education } => {
                    let place = educations.iter().position(|id| id == education);
                    if let Some(spell) = place.and_then(|place| trajectory.educations.get_mut(place)) {
                        spell.stop = Some(on);
                    }
                }
                Fact::TrajectoryChanged(changes) => trajectory.changes.push((on, (**changes).clone())),
                Fact::Outflow { work_ready } => trajectory.outflow = Some(Outflow { on, work_ready: *work_ready }),
                Fact::Intake(_)
                | Fact::Engagement
                | Fact::Assessment { .. }
                | Fact::PlacementStarted { .. }
                | Fact::PaidWorkStarted { .. }
                | Fact::EducationStarted { .. }
                | Fact::Contact { .. }
                | Fact::Retraction { .. } => {}
            }
        }
        Some(trajectory)
    }

    fn job_mut(&mut self, id: JobId) -> Option<&mut Job> {
        self.jobs.iter_mut().find(|job| job.id == id)
    }

    /// The client's pseudonym.
    #[must_use]
    pub const fn client(&self) -> ClientId {
        self.intake.client
    }

    /// The method of guidance.
    #[must_use]
    pub const fn method(&self) -> Method {
        self.intake.method
    }

    /// The reference day for a last day: the earlier of it and the outflow day.
    #[must_use]
    pub fn reference_day(&self, last_day: Date) -> Date {
        self.outflow.map_or(last_day, |outflow| outflow.on.min(last_day))
    }

    /// Runs on this day: from its start through its outflow day, both included.
    #[must_use]
    pub fn runs_on(&self, day: Date) -> bool {
        self.start <= day && self.outflow.is_none_or(|outflow| day <= outflow.on)
    }

    /// The attributes in force on this day, its own events included.
    #[must_use]
    pub fn attributes_on(&self, day: Date) -> Attributes<'_> {
        let intake = &self.intake;
        let mut attributes = Attributes {
            variant: intake.variant,
            funding: intake.funding,
            scheme: intake.scheme.as_ref(),
            region: intake.region,
            coach: intake.coach.as_ref(),
        };
        for (_, changes) in self.changes.iter().take_while(|(on, _)| *on <= day) {
            attributes.variant = changes.variant.unwrap_or(attributes.variant);
            attributes.funding = changes.funding.unwrap_or(attributes.funding);
            attributes.region = changes.region.unwrap_or(attributes.region);
            attributes.scheme = changes.scheme.as_ref().map_or(attributes.scheme, Option::as_ref);
            attributes.coach = changes.coach.as_ref().map_or(attributes.coach, Option::as_ref);
        }
        attributes
    }
}
