//! The one place where events that rest or travel become events of the domain, by exhaustive matches.

use domain::{
    AttributeChanges, ClientId, ConditionChanges, Conditions, EducationId, EventId, Fact, JobId, PlacementId, Proposal, Recorded, Region,
};
use proto_events::{Change, EventType, Payload, Skipped, Text, json::EventLine, stored::StoredEvent, upcast::Upcasters};

/// The types that no figure looks at: passed over when only figures are asked for.
#[must_use]
pub const fn matters_to_figures(event_type: EventType) -> bool {
    match event_type {
        EventType::Engagement | EventType::Assessment | EventType::Contact => false,
        EventType::Intake
        | EventType::PlacementStarted
        | EventType::PlacementStopped
        | EventType::PaidWorkStarted
        | EventType::PaidWorkChanged
        | EventType::PaidWorkStopped
        | EventType::EducationStarted
        | EventType::EducationStopped
        | EventType::TrajectoryChanged
        | EventType::Outflow
        | EventType::Retraction => true,
    }
}

/// A stored event as the domain knows it.
///
/// # Errors
/// The cause, when the payload cannot be read.
pub fn recorded(event: &StoredEvent<'_>, upcasters: &Upcasters) -> Result<Recorded, String> {
    let payload: Payload<Skipped> = event.payload(upcasters).map_err(|e| e.to_string())?;
    Ok(Recorded {
        id: EventId(event.event_id.0),
        occurred_on: date(event.occurred_on),
        corrects: event.corrects.map(|id| EventId(id.0)),
        fact: fact(&payload),
    })
}

/// A line as a proposal to the domain.
#[must_use]
pub fn proposal(line: &EventLine, today: domain::Date) -> Proposal {
    let (longest_text, sectors) = texts(&line.payload);
    Proposal {
        recorded: Recorded {
            id: EventId(line.event_id.0),
            occurred_on: date(line.occurred_on),
            corrects: line.corrects.map(|id| EventId(id.0)),
            fact: fact(&line.payload),
        },
        organisation: line.organisation.as_str().into(),
        today,
        longest_text,
        sectors,
        refused: None,
    }
}

/// The longest text's length in code points, and the number of sectors.
fn texts(payload: &Payload<Text>) -> (usize, usize) {
    let of = |text: &Option<Text>| text.as_ref().map_or(0, Text::code_points);
    let of_change = |text: &Change<Text>| text.as_ref().map_or(0, of);
    match payload {
        Payload::Intake(p) => (of(&p.label), 0),
        Payload::Engagement(p) => (of(&p.goals), 0),
        Payload::Assessment(p) => {
            let sectors = p.sectors.as_deref().unwrap_or_default();
            (sectors.iter().map(Text::code_points).max().unwrap_or(0).max(of(&p.profile)), sectors.len())
        }
        Payload::PlacementStopped(p) => (of(&p.reason), 0),
        Payload::PaidWorkStarted(p) => (of(&p.sector).max(of(&p.employer)), 0),
        Payload::PaidWorkChanged(p) => (of_change(&p.sector).max(of_change(&p.employer)), 0),
        Payload::PaidWorkStopped(p) => (of(&p.reason), 0),
        Payload::Contact(p) => (of(&p.note), 0),
        Payload::TrajectoryChanged(p) => (of_change(&p.label), 0),
        Payload::Retraction(p) => (p.reason.code_points(), 0),
        Payload::PlacementStarted(_) | Payload::EducationStarted(_) | Payload::EducationStopped(_) | Payload::Outflow(_) => (0, 0),
    }
}

fn fact<T>(payload: &Payload<T>) -> Fact {
    match payload {
        Payload::Intake(p) => Fact::Intake(Box::new(domain::Intake {
            client: ClientId(p.client_id.0),
            method: method(p.method),
            variant: p.variant.map(variant),
            funding: funding(p.funding),
            scheme: p.scheme.as_ref().map(|slug| slug.as_str().into()),
            region: Region::of_code(&p.region.0),
            coach: p.coach.as_ref().map(|slug| slug.as_str().into()),
        })),
        Payload::Engagement(_) => Fact::Engagement,
        Payload::Assessment(p) => Fact::Assessment { max_hours_per_week: p.max_hours_per_week.map(|h| h.0) },
        Payload::PlacementStarted(p) => Fact::PlacementStarted { placement: PlacementId(p.placement_id.0), kind: placement_kind(p.kind) },
        Payload::PlacementStopped(p) => Fact::PlacementStopped { placement: PlacementId(p.placement_id.0) },
        Payload::PaidWorkStarted(p) => Fact::PaidWorkStarted {
            job: JobId(p.job_id.0),
            conditions: Conditions {
                regular_workplace: p.regular_workplace,
                hours_per_week: p.hours_per_week.map(|h| h.0),
                wage_value_percent: p.wage_value_percent.map(|w| w.0),
                contract: p.contract.map(contract),
            },
        },
        Payload::PaidWorkChanged(p) => Fact::PaidWorkChanged {
            job: JobId(p.job_id.0),
            changes: ConditionChanges {
                regular_workplace: p.regular_workplace,
                hours_per_week: p.hours_per_week.map(|h| h.map(|h| h.0)),
                wage_value_percent: p.wage_value_percent.map(|w| w.map(|w| w.0)),
                contract: p.contract.map(|c| c.map(contract)),
                names_a_field: p.regular_workplace.is_some()
                    || p.hours_per_week.is_some()
                    || p.wage_value_percent.is_some()
                    || p.contract.is_some()
                    || p.sector.is_some()
                    || p.employer.is_some(),
            },
        },
        Payload::PaidWorkStopped(p) => Fact::PaidWorkStopped { job: JobId(p.job_id.0) },
        Payload::EducationStarted(p) => Fact::EducationStarted { education: EducationId(p.education_id.0) },
        Payload::EducationStopped(p) => Fact::EducationStopped { education: EducationId(p.education_id.0) },
        Payload::Contact(p) => {
            Fact::Contact { with_employer: p.with == proto_events::ContactWith::Employer, minutes: p.minutes.map(|m| m.0) }
        }
        Payload::TrajectoryChanged(p) => Fact::TrajectoryChanged(Box::new(AttributeChanges {
            variant: p.variant.map(|v| v.map(variant)),
            funding: p.funding.map(funding),
            scheme: p.scheme.as_ref().map(|s| s.as_ref().map(|slug| slug.as_str().into())),
            region: p.region.as_ref().map(|code| Region::of_code(&code.0)),
            coach: p.coach.as_ref().map(|c| c.as_ref().map(|slug| slug.as_str().into())),
            names_a_field: p.variant.is_some()
                || p.funding.is_some()
                || p.scheme.is_some()
                || p.region.is_some()
                || p.coach.is_some()
                || p.target_group.is_some()
                || p.benefit.is_some()
                || p.in_care.is_some()
                || p.label.is_some(),
        })),
        Payload::Outflow(p) => Fact::Outflow { work_ready: p.work_ready },
        Payload::Retraction(p) => Fact::Retraction { event: EventId(p.event_id.0) },
    }
}

const fn date(date: proto_events::Date) -> domain::Date {
    domain::Date::from_days(date.days())
}

const fn contract(contract: proto_events::Contract) -> domain::Contract {
    match contract {
        proto_events::Contract::Permanent => domain::Contract::Permanent,
        proto_events::Contract::FixedTerm { until } => domain::Contract::FixedTerm { until: date(until) },
        proto_events::Contract::Other => domain::Contract::Other,
    }
}

const fn method(method: proto_events::Method) -> domain::Method {
    match method {
        proto_events::Method::Ips => domain::Method::Ips,
        proto_events::Method::Wabz => domain::Method::Wabz,
        proto_events::Method::Jobcoaching => domain::Method::Jobcoaching,
        proto_events::Method::Werkfit => domain::Method::Werkfit,
        proto_events::Method::NaarWerk => domain::Method::NaarWerk,
        proto_events::Method::Other => domain::Method::Other,
    }
}

const fn variant(variant: proto_events::Variant) -> domain::Variant {
    match variant {
        proto_events::Variant::Epa => domain::Variant::Epa,
        proto_events::Variant::Cmd => domain::Variant::Cmd,
        proto_events::Variant::Other => domain::Variant::Other,
    }
}

const fn funding(funding: proto_events::Funding) -> domain::Funding {
    match funding {
        proto_events::Funding::Municipality => domain::Funding::Municipality,
        proto_events::Funding::Uwv => domain::Funding::Uwv,
        proto_events::Funding::Other => domain::Funding::Other,
    }
}

const fn placement_kind(kind: proto_events::PlacementKind) -> domain::PlacementKind {
    match kind {
        proto_events::PlacementKind::TrialPlacement => domain::PlacementKind::TrialPlacement,
        proto_events::PlacementKind::VolunteerWork => domain::PlacementKind::VolunteerWork,
        proto_events::PlacementKind::WorkExperience => domain::PlacementKind::WorkExperience,
        proto_events::PlacementKind::DayActivity => domain::PlacementKind::DayActivity,
    }
}
