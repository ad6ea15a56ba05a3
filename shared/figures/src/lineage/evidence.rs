//! The events of a timeline that decide an outcome: chosen one thing after the other, told in the timeline's order.

use std::collections::BTreeSet;

use domain::{AttributeChanges, Date, EducationId, Event, Fact, Job, PlacementId, Timeline};

use crate::{
    CellKey, Scope,
    disclosure::Column,
    lineage::{Deciding, Number},
};

/// What has been chosen so far: always the intake, without which there is no trajectory.
pub(super) struct Evidence<'a> {
    timeline: &'a Timeline,
    chosen: BTreeSet<usize>,
}

impl<'a> Evidence<'a> {
    pub(super) fn of(timeline: &'a Timeline) -> Self {
        let mut evidence = Self { timeline, chosen: BTreeSet::new() };
        evidence.choose(|event| matches!(event.fact, Fact::Intake(_)));
        evidence
    }

    fn choose(&mut self, wanted: impl Fn(&Event) -> bool) {
        let places = self.timeline.events().iter().enumerate().filter(|(_, event)| wanted(event)).map(|(place, _)| place);
        self.chosen.extend(places);
    }

    /// The outflow, whenever it is.
    pub(super) fn outflow(&mut self) {
        self.choose(|event| matches!(event.fact, Fact::Outflow { .. }));
    }

    /// The outflow, when it is on this day at the latest: a later one decides nothing.
    pub(super) fn outflow_by(&mut self, day: Date) {
        self.choose(|event| matches!(event.fact, Fact::Outflow { .. }) && event.occurred_on <= day);
    }

    /// The last change by this day of an attribute.
    pub(super) fn last_change(&mut self, by: Date, names: impl Fn(&AttributeChanges) -> bool) {
        let of = |event: &Event| event.occurred_on <= by && matches!(&event.fact, Fact::TrajectoryChanged(changes) if names(changes));
        let last = self.timeline.events().iter().rposition(of);
        self.chosen.extend(last);
    }

    /// What gave the attributes their values that scope and number ask for.
    pub(super) fn attributes(&mut self, number: &Number, scope: &Scope, by: Date) {
        if scope.region.is_some() || matches!(number.key, CellKey::MethodRegion(..)) {
            self.last_change(by, |changes| changes.region.is_some());
        }
        if matches!(number.key, CellKey::MethodFunding(..)) {
            self.last_change(by, |changes| changes.funding.is_some());
        }
        if matches!(number.key, CellKey::MethodVariant(..)) {
            self.last_change(by, |changes| changes.variant.is_some());
        }
        if matches!(number.column, Column::Scheme(_)) {
            self.last_change(by, |changes| changes.scheme.is_some());
        }
    }

    /// A job's start, and its stop when that is on this day at the latest.
    pub(super) fn job(&mut self, job: &Job, by: Date) {
        let id = job.id;
        self.choose(|event| matches!(event.fact, Fact::PaidWorkStarted { job, .. } if job == id));
        self.choose(|event| matches!(event.fact, Fact::PaidWorkStopped { job } if job == id) && event.occurred_on <= by);
    }

    /// What gave a job its conditions on this day.
    pub(super) fn conditions(&mut self, job: &Job, by: Date) {
        let id = job.id;
        self.job(job, by);
        self.choose(|event| matches!(event.fact, Fact::PaidWorkChanged { job, .. } if job == id) && event.occurred_on <= by);
    }

    /// Start and stop of the placement at this place of the trajectory.
    pub(super) fn placement(&mut self, place: usize, by: Date) {
        let Some(id) = self.placement_at(place) else { return };
        self.choose(|event| matches!(event.fact, Fact::PlacementStarted { placement, .. } if placement == id));
        self.choose(|event| matches!(event.fact, Fact::PlacementStopped { placement } if placement == id) && event.occurred_on <= by);
    }

    /// Start and stop of the education at this place of the trajectory.
    pub(super) fn education(&mut self, place: usize, by: Date) {
        let Some(id) = self.education_at(place) else { return };
        self.choose(|event| matches!(event.fact, Fact::EducationStarted { education } if education == id));
        self.choose(|event| matches!(event.fact, Fact::EducationStopped { education } if education == id) && event.occurred_on <= by);
    }

    /// A trajectory has its placements in the order of their starts in the timeline.
    fn placement_at(&self, place: usize) -> Option<PlacementId> {
        let started = |event: &Event| if let Fact::PlacementStarted { placement, .. } = event.fact { Some(placement) } else { None };
        self.timeline.events().iter().filter_map(started).nth(place)
    }

    fn education_at(&self, place: usize) -> Option<EducationId> {
        let started = |event: &Event| if let Fact::EducationStarted { education } = event.fact { Some(education) } else { None };
        self.timeline.events().iter().filter_map(started).nth(place)
    }

    pub(super) fn in_order(self) -> Vec<Deciding> {
        let chosen = self.chosen.iter().filter_map(|place| self.timeline.events().get(*place));
        chosen.map(|event| Deciding { id: event.id, occurred_on: event.occurred_on, revision: event.revision }).collect()
    }
}
