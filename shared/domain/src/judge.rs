//! Rules 10 to 19: is a timeline valid, and if not, which events break which rule.

use std::{cmp::Ordering, ptr};

use smallvec::SmallVec;
use uuid::Uuid;

use crate::{Code, Contract, Event, EventId, Fact, Intake, Method, Timeline};

/// A broken rule, and what the event collides with (one event at most: the first that the rule names).
pub(crate) type Broken = (Code, Option<EventId>);

/// A paid job, placement or education: each kind has ids of its own.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Kind {
    Job,
    Placement,
    Education,
}

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Role {
    Start,
    Stop,
}

/// What an event says of a job, placement or education.
enum Said {
    Started,
    Changed,
    Stopped,
}

fn said(fact: &Fact) -> Option<(Kind, Uuid, Said)> {
    match fact {
        Fact::PlacementStarted { placement, .. } => Some((Kind::Placement, placement.0, Said::Started)),
        Fact::PlacementStopped { placement } => Some((Kind::Placement, placement.0, Said::Stopped)),
        Fact::PaidWorkStarted { job, .. } => Some((Kind::Job, job.0, Said::Started)),
        Fact::PaidWorkChanged { job, .. } => Some((Kind::Job, job.0, Said::Changed)),
        Fact::PaidWorkStopped { job } => Some((Kind::Job, job.0, Said::Stopped)),
        Fact::EducationStarted { education } => Some((Kind::Education, education.0, Said::Started)),
        Fact::EducationStopped { education } => Some((Kind::Education, education.0, Said::Stopped)),
        Fact::Intake(_)
        | Fact::Engagement
        | Fact::Assessment { .. }
        | Fact::Contact { .. }
        | Fact::TrajectoryChanged(_)
        | Fact::Outflow { .. }
        | Fact::Retraction { .. } => None,
    }
}

/// A timeline with its intake, outflow, starts and stops at hand. Where there are two of a kind, the one that was recorded
/// first is *the* one and the other is the second.
pub(crate) struct Judge<'a> {
    timeline: &'a Timeline,
    intake: Option<(&'a Event, &'a Intake)>,
    outflow: Option<&'a Event>,
    /// Sorted, so that a trajectory with thousands of jobs is still judged in n log n.
    roles: SmallVec<[(Kind, Uuid, Role, &'a Event); 8]>,
}

impl<'a> Judge<'a> {
    pub(crate) fn new(timeline: &'a Timeline) -> Self {
        let (mut intake, mut outflow) = (None::<(&Event, &Intake)>, None::<&Event>);
        let mut roles = SmallVec::new();
        for event in timeline.events() {
            if let Fact::Intake(told) = &event.fact {
                if intake.is_none_or(|(first, _)| event.revision < first.revision) {
                    intake = Some((event, told));
                }
            } else if let Fact::Outflow { .. } = event.fact {
                if outflow.is_none_or(|first| event.revision < first.revision) {
                    outflow = Some(event);
                }
            } else if let Some((kind, id, told)) = said(&event.fact) {
                match told {
                    Said::Started => roles.push((kind, id, Role::Start, event)),
                    Said::Stopped => roles.push((kind, id, Role::Stop, event)),
                    Said::Changed => {}
                }
            }
        }
        roles.sort_unstable_by_key(|(kind, id, role, event): &(Kind, Uuid, Role, &Event)| (*kind, *id, *role, event.revision));
        Self { timeline, intake, outflow, roles }
    }

    /// The first recorded event in this role.
    fn role(&self, kind: Kind, id: Uuid, role: Role) -> Option<&'a Event> {
        let place = self.roles.partition_point(|entry| (entry.0, entry.1, entry.2).cmp(&(kind, id, role)) == Ordering::Less);
        self.roles.get(place).filter(|entry| (entry.0, entry.1, entry.2) == (kind, id, role)).map(|entry| entry.3)
    }

    /// The first of rules 10 to 19 that this event of the timeline breaks.
    pub(crate) fn broken(&self, event: &Event) -> Option<Broken> {
        self.broken_bounds(event).or_else(|| self.broken_work(event))
    }

    /// Rules 10 to 14: against the intake and the outflow.
    fn broken_bounds(&self, event: &Event) -> Option<Broken> {
        let Some((intake, told)) = self.intake else {
            return Some((Code::NoIntake, None));
        };
        let is_intake = matches!(event.fact, Fact::Intake(_));
        let is_outflow = matches!(event.fact, Fact::Outflow { .. });
        if is_intake && !ptr::eq(event, intake) {
            return Some((Code::SecondIntake, Some(intake.id)));
        }
        if let Some(outflow) = self.outflow.filter(|outflow| is_outflow && !ptr::eq(event, *outflow)) {
            return Some((Code::SecondOutflow, Some(outflow.id)));
        }
        if (is_outflow || matches!(event.fact, Fact::TrajectoryChanged(_))) && event.occurred_on < intake.occurred_on {
            return Some((Code::BeforeStart, Some(intake.id)));
        }
        // A stop may be dated the day after, for a last working day on the outflow day.
        let grace = i32::from(event.fact.is_stop());
        if let Some(outflow) = self.outflow.filter(|outflow| event.occurred_on > outflow.occurred_on.plus_days(grace)) {
            return Some((Code::AfterOutflow, Some(outflow.id)));
        }
        // Here the event is the intake itself, if it is one at all.
        let variant = if let Fact::TrajectoryChanged(changes) = &event.fact { changes.variant.flatten() } else { told.variant };
        let says_variant = (is_intake || matches!(event.fact, Fact::TrajectoryChanged(_))) && variant.is_some();
        (says_variant && told.method != Method::Ips).then_some((Code::VariantWithoutIps, (!is_intake).then_some(intake.id)))
    }

    /// Rules 15 to 19: a job, placement or education against its start and stop.
    fn broken_work(&self, event: &Event) -> Option<Broken> {
        let (kind, id, told) = said(&event.fact)?;
        let Some(start) = self.role(kind, id, Role::Start) else {
            let unknown = match kind {
                Kind::Job => Code::UnknownJob,
                Kind::Placement => Code::UnknownPlacement,
                Kind::Education => Code::UnknownEducation,
            };
            return Some((unknown, None));
        };
        let itself = ptr::eq(event, start);
        if matches!(told, Said::Started) && !itself {
            return Some((Code::DuplicateId, Some(start.id)));
        }
        if event.occurred_on < start.occurred_on {
            return Some((Code::StopBeforeStart, Some(start.id)));
        }
        if let Some(stop) = self.role(kind, id, Role::Stop) {
            let again = match told {
                Said::Started => false,
                Said::Changed => event.occurred_on > stop.occurred_on,
                Said::Stopped => !ptr::eq(event, stop),
            };
            if again {
                return Some((Code::AlreadyStopped, Some(stop.id)));
            }
        }
        let contract = if let Fact::PaidWorkStarted { conditions, .. } = &event.fact {
            conditions.contract
        } else if let Fact::PaidWorkChanged { changes, .. } = &event.fact {
            changes.contract.flatten()
        } else {
            None
        };
        match contract {
            Some(Contract::FixedTerm { until }) if until < start.occurred_on => {
                Some((Code::ContractEndsBeforeStart, (!itself).then_some(start.id)))
            }
            Some(Contract::FixedTerm { .. } | Contract::Permanent | Contract::Other) | None => None,
        }
    }

    /// Every event of the timeline that is wrong, in timeline order.
    pub(crate) fn all_broken(&self) -> impl Iterator<Item = (&'a Event, Broken)> + '_ {
        self.timeline.events().iter().filter_map(|event| self.broken(event).map(|broken| (event, broken)))
    }
}
