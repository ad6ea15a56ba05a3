//! Given a timeline of facts, when something is proposed, then it is accepted, or refused with a code and conflicts.

use domain::{
    AttributeChanges, ClientId, Code, ConditionChanges, Conditions, Contract, Date, EducationId, EventId, Fact, Funding, Intake, JobId,
    Method, PlacementId, PlacementKind, Proposal, Recorded, Refusal, Region, Timeline, Variant, decide,
};
use uuid::Uuid;

/// The start of every trajectory here that says nothing else.
pub const START: &str = "2025-01-06";
/// The day on which everything is recorded that says nothing else.
pub const TODAY: &str = "2026-06-30";
pub const ORGANISATION: &str = "org-1";
/// The client of every intake that says nothing else.
pub const CLIENT: u128 = 0xC1;

pub fn day(text: &str) -> Date {
    let parts: Vec<i32> = text.split('-').map(|part| part.parse().unwrap()).collect();
    let day = Date::from_civil(parts[0], parts[1], parts[2]);
    assert_eq!(day.to_string(), text, "the calendar has no such day");
    day
}

pub fn event_id(number: u32) -> EventId {
    EventId(Uuid::from_u128(u128::from(number)))
}

pub fn job_id(number: u128) -> JobId {
    JobId(Uuid::from_u128(number))
}

// ---- Facts --------------------------------------------------------------------------------------------------------------

pub fn told(change: impl FnOnce(&mut Intake)) -> Fact {
    let mut intake = Intake {
        client: ClientId(Uuid::from_u128(CLIENT)),
        method: Method::Ips,
        variant: None,
        funding: Funding::Municipality,
        scheme: None,
        region: Region::of_code("AM18"),
        coach: None,
    };
    change(&mut intake);
    Fact::Intake(Box::new(intake))
}

pub fn intake() -> Fact {
    told(|_| {})
}

pub fn intake_of(method: Method, variant: Option<Variant>) -> Fact {
    told(|intake| (intake.method, intake.variant) = (method, variant))
}

pub fn contact() -> Fact {
    Fact::Contact { with_employer: false, minutes: None }
}

pub fn contact_with_employer() -> Fact {
    Fact::Contact { with_employer: true, minutes: None }
}

pub fn assessment() -> Fact {
    Fact::Assessment { max_hours_per_week: None }
}

pub fn outflow() -> Fact {
    Fact::Outflow { work_ready: None }
}

pub fn placement_started(number: u128) -> Fact {
    Fact::PlacementStarted { placement: PlacementId(Uuid::from_u128(number)), kind: PlacementKind::VolunteerWork }
}

pub fn placement_stopped(number: u128) -> Fact {
    Fact::PlacementStopped { placement: PlacementId(Uuid::from_u128(number)) }
}

pub fn education_started(number: u128) -> Fact {
    Fact::EducationStarted { education: EducationId(Uuid::from_u128(number)) }
}

pub fn education_stopped(number: u128) -> Fact {
    Fact::EducationStopped { education: EducationId(Uuid::from_u128(number)) }
}

pub fn job_started(number: u128) -> Fact {
    job_on(number, Conditions::default())
}

pub fn job_on(number: u128, conditions: Conditions) -> Fact {
    Fact::PaidWorkStarted { job: job_id(number), conditions }
}

pub fn job_until(number: u128, until: &str) -> Fact {
    job_on(number, Conditions { contract: Some(fixed_term(until)), ..Conditions::default() })
}

/// A change that names a field which the domain does not look at (the sector).
pub fn job_changed(number: u128) -> Fact {
    job_changed_to(number, ConditionChanges::default())
}

pub fn job_changed_to(number: u128, changes: ConditionChanges) -> Fact {
    Fact::PaidWorkChanged { job: job_id(number), changes: ConditionChanges { names_a_field: true, ..changes } }
}

pub fn job_extended_until(number: u128, until: &str) -> Fact {
    job_changed_to(number, ConditionChanges { contract: Some(Some(fixed_term(until))), ..ConditionChanges::default() })
}

pub fn job_stopped(number: u128) -> Fact {
    Fact::PaidWorkStopped { job: job_id(number) }
}

/// A change that names a field which the domain does not look at (the benefit).
pub fn trajectory_changed() -> Fact {
    trajectory_changed_to(|_| {})
}

pub fn trajectory_changed_to(change: impl FnOnce(&mut AttributeChanges)) -> Fact {
    let mut changes = AttributeChanges { names_a_field: true, ..AttributeChanges::default() };
    change(&mut changes);
    Fact::TrajectoryChanged(Box::new(changes))
}

pub fn fixed_term(until: &str) -> Contract {
    Contract::FixedTerm { until: day(until) }
}

// ---- Proposals ----------------------------------------------------------------------------------------------------------

pub fn event(number: u32, on: &str, fact: Fact) -> Proposal {
    Proposal {
        recorded: Recorded { id: event_id(number), occurred_on: day(on), corrects: None, fact },
        organisation: ORGANISATION.into(),
        today: day(TODAY),
        longest_text: 0,
        sectors: 0,
        refused: None,
    }
}

pub fn correction(number: u32, of: u32, on: &str, fact: Fact) -> Proposal {
    let mut proposal = event(number, on, fact);
    proposal.recorded.corrects = Some(event_id(of));
    proposal
}

/// Noticed today.
pub fn retraction(number: u32, of: u32) -> Proposal {
    event(number, TODAY, Fact::Retraction { event: event_id(of) })
}

pub trait But: Sized {
    fn but(self, change: impl FnOnce(&mut Proposal)) -> Proposal;

    fn recorded_on(self, today: &str) -> Proposal {
        self.but(|proposal| proposal.today = day(today))
    }

    fn of(self, organisation: &str) -> Proposal {
        self.but(|proposal| proposal.organisation = organisation.into())
    }
}

impl But for Proposal {
    fn but(mut self, change: impl FnOnce(&mut Proposal)) -> Proposal {
        change(&mut self);
        self
    }
}

// ---- Given, when, then --------------------------------------------------------------------------------------------------

pub struct Given(pub Timeline);

pub struct Outcome(Result<Timeline, Refusal>);

/// A stream in which each of these was accepted on its own.
#[track_caller]
pub fn given(events: impl IntoIterator<Item = Proposal>) -> Given {
    events.into_iter().fold(Given(Timeline::default()), |given, event| given.and([event]))
}

pub fn nothing() -> Given {
    given([])
}

/// Only an intake, event 1, on [`START`].
pub fn opened() -> Given {
    given([event(1, START, intake())])
}

/// Event 1 an intake, and each once begun and not stopped: 2 job 1, 3 placement 1, 4 education 1; 5 is a contact.
pub fn busy() -> Given {
    opened()
        .and([event(2, "2025-02-03", job_started(1))])
        .and([event(3, "2025-01-20", placement_started(1))])
        .and([event(4, "2025-01-13", education_started(1)), event(5, "2025-01-07", contact())])
}

/// A fact of every type but the intake, each fine after [`busy`] on any later day.
pub fn facts_for_the_busy() -> Vec<Fact> {
    vec![
        Fact::Engagement,
        assessment(),
        placement_started(2),
        placement_stopped(1),
        job_started(2),
        job_changed(1),
        job_stopped(1),
        education_started(2),
        education_stopped(1),
        contact(),
        trajectory_changed(),
        outflow(),
        Fact::Retraction { event: event_id(5) },
    ]
}

impl Given {
    /// With one more decision, which is accepted.
    #[track_caller]
    pub fn and(self, decision: impl IntoIterator<Item = Proposal>) -> Self {
        Self(self.when(decision).accepted())
    }

    pub fn when(&self, decision: impl IntoIterator<Item = Proposal>) -> Outcome {
        self.when_expecting(None, decision)
    }

    pub fn when_expecting(&self, revision: Option<u32>, decision: impl IntoIterator<Item = Proposal>) -> Outcome {
        Outcome(decide(&self.0, &decision.into_iter().collect::<Vec<_>>(), revision))
    }

    /// The numbers of the events that count, in their order.
    #[track_caller]
    pub fn counts(&self, numbers: &[u32]) {
        let counting: Vec<EventId> = self.0.events().iter().map(|event| event.id).collect();
        assert_eq!(counting, numbers.iter().copied().map(event_id).collect::<Vec<_>>(), "the events that count");
    }
}

impl Outcome {
    #[track_caller]
    pub fn accepted(self) -> Timeline {
        self.0.unwrap_or_else(|refusal| panic!("refused: {refusal:?}"))
    }

    #[track_caller]
    pub fn counts(self, numbers: &[u32]) {
        Given(self.accepted()).counts(numbers);
    }

    /// Refused, this event being named; the order of the conflicts is of no matter.
    #[track_caller]
    pub fn refused(self, code: Code, number: u32, conflicts: &[u32]) {
        let mut refusal = self.0.map(|after| format!("accepted: {after:?}")).unwrap_err();
        let mut conflicts: Vec<EventId> = conflicts.iter().copied().map(event_id).collect();
        conflicts.sort();
        refusal.conflicts.sort();
        assert_eq!((refusal.code, refusal.event, refusal.conflicts), (code, event_id(number), conflicts));
    }

    /// Refused with a code other than this one, or accepted.
    #[track_caller]
    pub fn not_for(self, code: Code) {
        assert_ne!(self.0.err().map(|refusal| refusal.code), Some(code));
    }
}
