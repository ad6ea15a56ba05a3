//! Any payload and any envelope, for the property tests.

use proptest::{collection::vec, option::of, prelude::*, sample::select};
use proto_events::{
    Assessment, Benefit, Contact, ContactChannel, ContactWith, Contract, Date, EducationStarted, EducationStopped, Engagement, Funding,
    Hundredths, Id, Intake, Method, Outflow, PaidWorkChanged, PaidWorkStarted, PaidWorkStopped, Payload, PlacementKind, PlacementStarted,
    PlacementStopped, RegionCode, Retraction, Slug, TargetGroup, Text, Timestamp, TrajectoryChanged, Variant, WholeNumber, Wish,
    json::EventLine,
};

pub fn any_id() -> impl Strategy<Value = Id> {
    any::<u128>().prop_map(|n| {
        let hex = format!("{n:032x}");
        format!("{}-{}-{}-{}-{}", &hex[..8], &hex[8..12], &hex[12..16], &hex[16..20], &hex[20..]).parse().unwrap()
    })
}

fn any_slug() -> impl Strategy<Value = Slug> {
    "[a-z0-9][a-z0-9-]{0,63}".prop_map(|text| text.parse().unwrap())
}

fn any_text() -> impl Strategy<Value = Text> {
    prop_oneof![4 => any::<String>().prop_map(Text::Clear), 1 => Just(Text::Erased)]
}

fn any_date() -> impl Strategy<Value = Date> {
    (-719_162..=2_932_896_i32).prop_map(|days| Date::from_days(days).unwrap())
}

fn any_timestamp() -> impl Strategy<Value = Timestamp> {
    (-62_135_596_800_000_000..253_402_300_800_000_000_i64).prop_map(|micros| Timestamp::from_micros(micros).unwrap())
}

fn hundredths() -> impl Strategy<Value = Hundredths> {
    any::<i32>().prop_map(Hundredths)
}

fn word<W: Copy + std::fmt::Debug + 'static>(all: &'static [W]) -> impl Strategy<Value = W> {
    select(all)
}

fn region() -> impl Strategy<Value = RegionCode> {
    any::<String>().prop_map(|code| RegionCode(code.into()))
}

fn contract() -> impl Strategy<Value = Contract> {
    prop_oneof![Just(Contract::Permanent), Just(Contract::Other), any_date().prop_map(|until| Contract::FixedTerm { until })]
}

fn any_intake() -> impl Strategy<Value = Payload<Text>> {
    let first = (any_id(), word(Method::ALL), of(word(Variant::ALL)), word(Funding::ALL), of(any_slug()), region());
    let second = (of(any_slug()), of(word(TargetGroup::ALL)), of(word(Benefit::ALL)), of(any::<bool>()), of(any_text()));
    (first, second).prop_map(|((client_id, method, variant, funding, scheme, region), (coach, target_group, benefit, in_care, label))| {
        Payload::Intake(Box::new(Intake {
            client_id,
            method,
            variant,
            funding,
            scheme,
            region,
            coach,
            target_group,
            benefit,
            in_care,
            label,
        }))
    })
}

fn any_trajectory_changed() -> impl Strategy<Value = Payload<Text>> {
    let first = (of(of(word(Variant::ALL))), of(word(Funding::ALL)), of(of(any_slug())), of(region()), of(of(any_slug())));
    let second = (of(of(word(TargetGroup::ALL))), of(of(word(Benefit::ALL))), of(of(any::<bool>())), of(of(any_text())));
    (first, second).prop_map(|((variant, funding, scheme, region, coach), (target_group, benefit, in_care, label))| {
        Payload::TrajectoryChanged(Box::new(TrajectoryChanged {
            variant,
            funding,
            scheme,
            region,
            coach,
            target_group,
            benefit,
            in_care,
            label,
        }))
    })
}

fn any_work() -> impl Strategy<Value = Payload<Text>> {
    let started = (any_id(), of(any::<bool>()), of(hundredths()), of(hundredths()), of(contract()), of(any_text()), of(any_text()));
    let changed = (
        any_id(),
        of(of(any::<bool>())),
        of(of(hundredths())),
        of(of(hundredths())),
        of(of(contract())),
        of(of(any_text())),
        of(of(any_text())),
    );
    prop_oneof![
        started.prop_map(|(job_id, regular_workplace, hours_per_week, wage_value_percent, contract, sector, employer)| {
            Payload::PaidWorkStarted(Box::new(PaidWorkStarted {
                job_id,
                regular_workplace,
                hours_per_week,
                wage_value_percent,
                contract,
                sector,
                employer,
            }))
        }),
        changed.prop_map(|(job_id, regular_workplace, hours_per_week, wage_value_percent, contract, sector, employer)| {
            Payload::PaidWorkChanged(Box::new(PaidWorkChanged {
                job_id,
                regular_workplace,
                hours_per_week,
                wage_value_percent,
                contract,
                sector,
                employer,
            }))
        }),
        (any_id(), of(any_text())).prop_map(|(job_id, reason)| Payload::PaidWorkStopped(PaidWorkStopped { job_id, reason })),
    ]
}

pub fn any_payload() -> impl Strategy<Value = Payload<Text>> {
    prop_oneof![
        2 => any_intake(),
        1 => (word(Wish::ALL), of(any_text())).prop_map(|(wish, goals)| Payload::Engagement(Engagement { wish, goals })),
        1 => (of(vec(any_text(), 0..4)), of(hundredths()), of(any_text()))
            .prop_map(|(sectors, max_hours_per_week, profile)| Payload::Assessment(Assessment { sectors, max_hours_per_week, profile })),
        1 => (any_id(), word(PlacementKind::ALL))
            .prop_map(|(placement_id, kind)| Payload::PlacementStarted(PlacementStarted { placement_id, kind })),
        1 => (any_id(), of(any_text()))
            .prop_map(|(placement_id, reason)| Payload::PlacementStopped(PlacementStopped { placement_id, reason })),
        4 => any_work(),
        1 => (any_id(), of(any_slug()))
            .prop_map(|(education_id, level)| Payload::EducationStarted(EducationStarted { education_id, level })),
        1 => (any_id(), of(any::<bool>()))
            .prop_map(|(education_id, completed)| Payload::EducationStopped(EducationStopped { education_id, completed })),
        1 => (word(ContactWith::ALL), word(ContactChannel::ALL), of(any::<i32>().prop_map(WholeNumber)), of(any_text()))
            .prop_map(|(with, channel, minutes, note)| Payload::Contact(Contact { with, channel, minutes, note })),
        2 => any_trajectory_changed(),
        1 => (of(any_slug()), of(any::<bool>())).prop_map(|(reason, work_ready)| Payload::Outflow(Outflow { reason, work_ready })),
        1 => (any_id(), any_text()).prop_map(|(event_id, reason)| Payload::Retraction(Retraction { event_id, reason })),
    ]
}

pub fn any_line() -> impl Strategy<Value = EventLine> {
    let required = (any_id(), any_id(), any_slug(), any_date(), any_payload());
    let optional = (of(any_timestamp()), of("\\PC{0,30}"), of(any_timestamp()));
    let ids = (of(any_id()), of(any_id()), of(any_id()), of(any_id()));
    (required, optional, ids).prop_map(
        |(
            (event_id, trajectory_id, organisation, occurred_on, payload),
            (recorded_at, actor, source_recorded_at),
            (corrects, correlation_id, causation_id, decision),
        )| EventLine {
            event_id,
            trajectory_id,
            organisation,
            occurred_on,
            recorded_at,
            actor,
            corrects,
            correlation_id,
            causation_id,
            decision,
            source_recorded_at,
            schema: 1,
            payload,
        },
    )
}
