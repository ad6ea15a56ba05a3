//! Trajectories to follow: every event goes through the domain's own `decide`.

use domain::{
    ClientId, ConditionChanges, Conditions, Contract, Date, EventId, Fact, Funding, Intake, JobId, Method, PlacementId, PlacementKind,
    Proposal, Recorded, Region, Timeline, Trajectory, decide,
};
use uuid::Uuid;

pub fn day(text: &str) -> Date {
    let part = |range: std::ops::Range<usize>| text[range].parse::<i32>().unwrap();
    Date::from_civil(part(0..4), part(5..7), part(8..10))
}

pub fn sustainable() -> Conditions {
    Conditions {
        regular_workplace: Some(true),
        hours_per_week: Some(12_00),
        wage_value_percent: Some(35_00),
        contract: Some(Contract::Permanent),
    }
}

/// A client's trajectory of a method, from a day.
pub fn starts(client: u128, method: Method, on: &str) -> Timeline {
    let intake = Intake {
        client: ClientId(Uuid::from_u128(client)),
        method,
        variant: None,
        funding: Funding::Municipality,
        scheme: None,
        region: Region::of_code("AM18"),
        coach: None,
    };
    then(&Timeline::new("org-1".into()), on, Fact::Intake(Box::new(intake)))
}

pub fn then(timeline: &Timeline, on: &str, fact: Fact) -> Timeline {
    let id = EventId(Uuid::from_u128(u128::from(timeline.revision()) + 1));
    let recorded = Recorded { id, occurred_on: day(on), corrects: None, fact };
    let proposal =
        Proposal { recorded, organisation: "org-1".into(), today: day("2100-01-01"), longest_text: 0, sectors: 0, refused: None };
    decide(timeline, &[proposal], None).unwrap_or_else(|refusal| panic!("{refusal:?}"))
}

pub fn job(timeline: &Timeline, on: &str, conditions: Conditions) -> Timeline {
    then(timeline, on, Fact::PaidWorkStarted { job: JobId(Uuid::from_u128(1)), conditions })
}

pub fn hours(timeline: &Timeline, on: &str, hours: i32) -> Timeline {
    let hours_per_week = Some(Some(hours * 100));
    let changes = ConditionChanges { names_a_field: true, hours_per_week, ..ConditionChanges::default() };
    then(timeline, on, Fact::PaidWorkChanged { job: JobId(Uuid::from_u128(1)), changes })
}

pub fn job_stops(timeline: &Timeline, on: &str) -> Timeline {
    then(timeline, on, Fact::PaidWorkStopped { job: JobId(Uuid::from_u128(1)) })
}

pub fn volunteers(timeline: &Timeline, on: &str) -> Timeline {
    then(timeline, on, Fact::PlacementStarted { placement: PlacementId(Uuid::from_u128(1)), kind: PlacementKind::VolunteerWork })
}

pub fn outflow(timeline: &Timeline, on: &str) -> Timeline {
    then(timeline, on, Fact::Outflow { work_ready: None })
}

pub fn lived(timelines: &[Timeline]) -> Vec<Trajectory> {
    timelines.iter().map(|timeline| Trajectory::of(timeline).unwrap()).collect()
}
