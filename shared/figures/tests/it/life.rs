//! Lives to count: every event goes through the domain's own `decide`, so that no test counts what could not be recorded.

use domain::{
    AttributeChanges, ClientId, ConditionChanges, Conditions, Contract, Date, EducationId, EventId, Fact, Funding, Intake, JobId, Method,
    PlacementId, PlacementKind, Proposal, Quarter, Recorded, Refusal, Region, Timeline, Trajectory, Variant, decide,
};
use figures::{CellKey, Counts, Definitions, Figures, Measure, Question, Scope, Tallies};
use uuid::Uuid;

/// The quarter that most tests ask about: 1 January to 31 March 2025.
pub const Q: &str = "2025Q1";

/// A day, as `2025-01-31`. One that the calendar does not have is a mistake of the test.
pub fn day(text: &str) -> Date {
    let part = |range: std::ops::Range<usize>| text[range].parse::<i32>().expect("a number");
    let date = Date::from_civil(part(0..4), part(5..7), part(8..10));
    assert_eq!(date.to_string(), text, "a day that exists");
    date
}

pub fn quarter(text: &str) -> Quarter {
    text.parse().expect("a quarter")
}

/// A job that is sustainable, each value at its boundary.
pub fn sustainable() -> Conditions {
    Conditions {
        regular_workplace: Some(true),
        hours_per_week: Some(12_00),
        wage_value_percent: Some(35_00),
        contract: Some(Contract::Permanent),
    }
}

/// A job that is not.
pub fn few_hours() -> Conditions {
    Conditions { hours_per_week: Some(11_99), ..sustainable() }
}

/// A job of which nothing is known.
pub fn unknown() -> Conditions {
    Conditions::default()
}

pub fn until(last_day: &str) -> Option<Contract> {
    Some(Contract::FixedTerm { until: day(last_day) })
}

/// One stream, as it grows.
#[derive(Clone, Debug)]
pub struct Life {
    stream: u128,
    organisation: String,
    timeline: Timeline,
}

impl Life {
    /// Nothing yet.
    pub fn empty(stream: u128, organisation: &str) -> Self {
        Self { stream, organisation: organisation.to_owned(), timeline: Timeline::new(organisation.into()) }
    }

    /// An IPS trajectory of `org-1`, paid by the municipality, in AM18.
    pub fn starts(on: &str) -> Self {
        Self::with(on, |_| {})
    }

    pub fn of(method: Method, on: &str) -> Self {
        Self::with(on, |intake| intake.method = method)
    }

    /// As [`Life::starts`], with something else.
    pub fn with(on: &str, change: impl FnOnce(&mut Intake)) -> Self {
        Self::of_organisation("org-1", on, change)
    }

    pub fn of_organisation(organisation: &str, on: &str, change: impl FnOnce(&mut Intake)) -> Self {
        Self::empty(1, organisation).intake(on, change)
    }

    /// Revision: 1 of a life that began with it.
    pub fn intake(self, on: &str, change: impl FnOnce(&mut Intake)) -> Self {
        let mut intake = Intake {
            client: ClientId(Uuid::from_u128(1)),
            method: Method::Ips,
            variant: None,
            funding: Funding::Municipality,
            scheme: None,
            region: Region::of_code("AM18"),
            coach: None,
        };
        change(&mut intake);
        self.then(on, Fact::Intake(Box::new(intake)))
    }

    pub fn job(self, n: u128, on: &str, conditions: Conditions) -> Self {
        self.then(on, Fact::PaidWorkStarted { job: JobId(Uuid::from_u128(n)), conditions })
    }

    pub fn job_changes(self, n: u128, on: &str, change: impl FnOnce(&mut ConditionChanges)) -> Self {
        let mut changes = ConditionChanges { names_a_field: true, ..ConditionChanges::default() };
        change(&mut changes);
        self.then(on, Fact::PaidWorkChanged { job: JobId(Uuid::from_u128(n)), changes })
    }

    pub fn job_stops(self, n: u128, on: &str) -> Self {
        self.then(on, Fact::PaidWorkStopped { job: JobId(Uuid::from_u128(n)) })
    }

    pub fn placement(self, n: u128, on: &str, kind: PlacementKind) -> Self {
        self.then(on, Fact::PlacementStarted { placement: PlacementId(Uuid::from_u128(n)), kind })
    }

    pub fn placement_stops(self, n: u128, on: &str) -> Self {
        self.then(on, Fact::PlacementStopped { placement: PlacementId(Uuid::from_u128(n)) })
    }

    pub fn education(self, n: u128, on: &str) -> Self {
        self.then(on, Fact::EducationStarted { education: EducationId(Uuid::from_u128(n)) })
    }

    pub fn education_stops(self, n: u128, on: &str) -> Self {
        self.then(on, Fact::EducationStopped { education: EducationId(Uuid::from_u128(n)) })
    }

    pub fn changes(self, on: &str, change: impl FnOnce(&mut AttributeChanges)) -> Self {
        let mut changes = AttributeChanges { names_a_field: true, ..AttributeChanges::default() };
        change(&mut changes);
        self.then(on, Fact::TrajectoryChanged(Box::new(changes)))
    }

    pub fn outflow(self, on: &str) -> Self {
        self.then(on, Fact::Outflow { work_ready: None })
    }

    pub fn outflow_ready(self, on: &str, ready: bool) -> Self {
        self.then(on, Fact::Outflow { work_ready: Some(ready) })
    }

    /// The event of this revision never happened.
    pub fn retract(self, revision: u32) -> Self {
        let event = self.id(revision);
        self.then("2030-01-01", Fact::Retraction { event })
    }

    /// In the place of the event of this revision.
    pub fn correct(mut self, revision: u32, on: &str, fact: Fact) -> Self {
        let corrects = Some(self.id(revision));
        self.propose(day(on), corrects, fact).unwrap_or_else(|refusal| panic!("{refusal:?}"));
        self
    }

    pub fn then(mut self, on: &str, fact: Fact) -> Self {
        self.propose(day(on), None, fact).unwrap_or_else(|refusal| panic!("{refusal:?}"));
        self
    }

    /// What is refused leaves no trace.
    pub fn propose(&mut self, on: Date, corrects: Option<EventId>, fact: Fact) -> Result<(), Refusal> {
        let id = self.id(self.timeline.revision() + 1);
        let proposal = Proposal {
            recorded: Recorded { id, occurred_on: on, corrects, fact },
            organisation: self.organisation.as_str().into(),
            today: day("2100-01-01"),
            longest_text: 0,
            sectors: 0,
            refused: None,
        };
        self.timeline = decide(&self.timeline, &[proposal], None)?;
        Ok(())
    }

    /// The id of the event of this revision.
    pub fn id(&self, revision: u32) -> EventId {
        EventId(Uuid::from_u128(self.stream << 64 | u128::from(revision)))
    }

    pub fn timeline(&self) -> &Timeline {
        &self.timeline
    }

    pub fn trajectory(&self) -> Option<Trajectory> {
        Trajectory::of(&self.timeline)
    }
}

/// A question, with what it borrows.
#[derive(Clone, Debug)]
pub struct Asked {
    pub quarter: Quarter,
    pub scope: Scope,
    pub definitions: Definitions,
    pub tables: bool,
}

impl Asked {
    pub fn of(quarter_of: &str) -> Self {
        Self { quarter: quarter(quarter_of), scope: Scope::default(), definitions: Definitions::built_in().clone(), tables: false }
    }

    pub fn scope(self, scope: &str) -> Self {
        Self { scope: scope.parse().expect("a scope"), ..self }
    }

    pub fn definitions(self, text: &str) -> Self {
        Self { definitions: Definitions::from_toml(text).expect("a set"), ..self }
    }

    pub fn tables(self) -> Self {
        Self { tables: true, ..self }
    }

    pub fn question(&self) -> Question<'_> {
        Question { quarter: self.quarter, scope: &self.scope, definitions: &self.definitions, tables: self.tables }
    }

    pub fn tallies<'a>(&self, lives: impl IntoIterator<Item = &'a Life>) -> Tallies {
        let mut tallies = Tallies::default();
        for trajectory in lives.into_iter().filter_map(Life::trajectory) {
            tallies.count(&trajectory, &self.question());
        }
        tallies
    }

    pub fn figures(&self, lives: &[Life]) -> Figures {
        Figures::of(&self.tallies(lives))
    }

    /// The cell of the whole scope.
    pub fn all(&self, lives: &[Life]) -> Counts {
        self.figures(lives).cell(&CellKey::All).expect("always there").clone()
    }
}

pub fn measure(name: &str) -> Measure {
    Measure::of_name(name).unwrap_or_else(|| panic!("there is no measure {name}"))
}

/// One life's counts in a quarter, by the built-in set.
pub fn counts(life: &Life, quarter: &str) -> Counts {
    Asked::of(quarter).all(std::slice::from_ref(life))
}

/// Holds one life's counts against what is expected, each a name and a number.
#[track_caller]
pub fn expect(life: &Life, quarter: &str, expected: &[(&str, u64)]) {
    let counts = counts(life, quarter);
    for (name, number) in expected {
        assert_eq!(counts.get(measure(name)), *number, "{name} of {quarter}");
    }
}

pub fn variant(variant: Variant) -> impl FnOnce(&mut Intake) {
    move |intake| intake.variant = Some(variant)
}
