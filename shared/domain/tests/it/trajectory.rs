//! What an effective timeline amounts to: start and end, spells, conditions and attributes over time.

use domain::{
    AttributeChanges, ConditionChanges, Conditions, Contract, Fact, Funding, Method, PlacementId, PlacementKind, Region, Spell, Timeline,
    Trajectory, Variant,
};
use uuid::Uuid;

use crate::given::{
    Given, START, correction, day, education_started, education_stopped, event, given, job_changed_to, job_id, job_on, job_started,
    job_stopped, nothing, opened, outflow, placement_stopped, retraction, told, trajectory_changed_to,
};

fn of(stream: &Given) -> Trajectory {
    Trajectory::of(&stream.0).unwrap()
}

#[test]
fn without_an_intake_that_counts_there_is_no_trajectory() {
    assert!(Trajectory::of(&Timeline::default()).is_none());
    assert!(Trajectory::of(&nothing().0).is_none());
    assert!(Trajectory::of(&opened().and([retraction(2, 1)]).0).is_none());
}

#[test]
fn a_trajectory_runs_from_its_start_through_its_outflow_day() {
    let trajectory = of(&opened().and([event(2, "2025-06-30", outflow())]));
    for (on, runs) in [("2025-01-05", false), ("2025-01-06", true), ("2025-06-30", true), ("2025-07-01", false)] {
        assert_eq!(trajectory.runs_on(day(on)), runs, "{on}");
    }
    let open = of(&opened());
    assert!(open.runs_on(day("2040-01-01")) && !open.runs_on(day("2025-01-05")));
}

#[test]
fn the_reference_day_is_the_earlier_of_the_last_day_and_the_outflow() {
    let ended = of(&opened().and([event(2, "2025-02-15", outflow())]));
    assert_eq!(ended.reference_day(day("2025-03-31")), day("2025-02-15"));
    assert_eq!(ended.reference_day(day("2025-02-15")), day("2025-02-15"));
    assert_eq!(ended.reference_day(day("2025-01-31")), day("2025-01-31"));
    assert_eq!(of(&opened()).reference_day(day("2025-03-31")), day("2025-03-31"));
}

#[test]
fn an_outflow_tells_whether_the_client_is_ready_for_work() {
    for work_ready in [None, Some(false), Some(true)] {
        let ended = of(&opened().and([event(2, "2025-06-30", Fact::Outflow { work_ready })]));
        assert_eq!(ended.outflow.map(|outflow| (outflow.on, outflow.work_ready)), Some((day("2025-06-30"), work_ready)));
    }
    assert_eq!(of(&opened()).outflow, None);
}

#[test]
fn a_spell_is_active_from_its_start_until_before_its_stop() {
    let spell = Spell { start: day("2025-02-03"), stop: Some(day("2025-03-01")) };
    for (on, active) in [("2025-02-02", false), ("2025-02-03", true), ("2025-02-28", true), ("2025-03-01", false)] {
        assert_eq!(spell.active_on(day(on)), active, "{on}");
    }
    let open = Spell { stop: None, ..spell };
    assert!(open.active_on(day("2099-12-31")) && !open.active_on(day("2025-02-02")));
}

#[test]
fn a_spell_of_no_day_is_never_active() {
    let none = Spell { start: day("2025-02-03"), stop: Some(day("2025-02-03")) };
    assert!(!none.active_on(day("2025-02-03")));
    assert_eq!(none.first_active_from(day("2025-01-01")), None);
}

#[test]
fn the_first_active_day_lies_on_or_after_the_day_asked_from() {
    let spell = Spell { start: day("2025-02-03"), stop: Some(day("2025-03-01")) };
    for (from, first) in [
        ("2025-01-01", Some("2025-02-03")),
        ("2025-02-03", Some("2025-02-03")),
        ("2025-02-28", Some("2025-02-28")),
        ("2025-03-01", None),
        ("2025-04-01", None),
    ] {
        assert_eq!(spell.first_active_from(day(from)), first.map(day), "{from}");
    }
    assert_eq!(Spell { stop: None, ..spell }.first_active_from(day("2030-01-01")), Some(day("2030-01-01")));
}

#[test]
fn jobs_stand_by_their_start_with_their_stops() {
    let stream = opened().and([event(2, "2025-04-01", job_started(1))]).and([event(3, "2024-02-01", job_started(2))]).and([event(
        4,
        "2025-02-01",
        job_stopped(2),
    )]);
    let jobs: Vec<_> = of(&stream).jobs.iter().map(|job| (job.id, job.spell.start, job.spell.stop)).collect();
    assert_eq!(jobs, [(job_id(2), day("2024-02-01"), Some(day("2025-02-01"))), (job_id(1), day("2025-04-01"), None)]);
}

#[test]
fn placements_and_educations_keep_their_own_stops() {
    let placed = |number, kind| Fact::PlacementStarted { placement: PlacementId(Uuid::from_u128(number)), kind };
    let stream = opened()
        .and([event(2, "2025-02-01", placed(1, PlacementKind::TrialPlacement))])
        .and([event(3, "2025-02-02", placed(2, PlacementKind::DayActivity))])
        .and([event(4, "2025-03-01", placement_stopped(2))])
        .and([event(5, "2025-02-03", education_started(1))])
        .and([event(6, "2025-02-04", education_started(2))])
        .and([event(7, "2025-03-02", education_stopped(1))]);
    let trajectory = of(&stream);
    let spell = |start, stop: Option<&str>| Spell { start: day(start), stop: stop.map(day) };
    assert_eq!(
        trajectory.placements.to_vec(),
        [(PlacementKind::TrialPlacement, spell("2025-02-01", None)), (PlacementKind::DayActivity, spell("2025-02-02", Some("2025-03-01"))),]
    );
    assert_eq!(trajectory.educations.to_vec(), [spell("2025-02-03", Some("2025-03-02")), spell("2025-02-04", None)]);
}

#[test]
fn a_retracted_stop_leaves_the_job_running_and_a_corrected_one_moves_it() {
    let stopped = opened().and([event(2, "2025-02-03", job_started(1))]).and([event(3, "2025-03-01", job_stopped(1))]);
    let moved = opened().and([event(2, "2025-02-03", job_started(1))]).and([event(3, "2025-03-01", job_stopped(1))]).and([correction(
        4,
        3,
        "2025-04-01",
        job_stopped(1),
    )]);
    assert_eq!(of(&moved).jobs[0].spell.stop, Some(day("2025-04-01")));
    assert_eq!(of(&stopped.and([retraction(4, 3)])).jobs[0].spell.stop, None);
}

#[test]
fn a_field_left_out_of_a_change_keeps_its_value() {
    let first = Conditions {
        regular_workplace: Some(false),
        hours_per_week: Some(16_00),
        wage_value_percent: Some(50_00),
        contract: Some(Contract::Permanent),
    };
    let stream = opened().and([event(2, "2025-02-03", job_on(1, first))]).and([event(
        3,
        "2025-03-01",
        job_changed_to(1, ConditionChanges { regular_workplace: Some(Some(true)), ..ConditionChanges::default() }),
    )]);
    let job = &of(&stream).jobs[0];
    assert_eq!(job.conditions_on(day("2025-02-28")), first);
    assert_eq!(job.conditions_on(day("2025-03-01")), Conditions { regular_workplace: Some(true), ..first });
}

#[test]
fn a_null_in_a_change_says_unknown_from_that_day_on() {
    let first = Conditions {
        regular_workplace: Some(true),
        hours_per_week: Some(16_00),
        wage_value_percent: Some(50_00),
        contract: Some(Contract::Permanent),
    };
    let unknown = ConditionChanges {
        regular_workplace: Some(None),
        hours_per_week: Some(None),
        wage_value_percent: Some(None),
        contract: Some(None),
        names_a_field: true,
    };
    let stream = opened().and([event(2, "2025-02-03", job_on(1, first))]).and([event(3, "2025-03-01", job_changed_to(1, unknown))]);
    let job = &of(&stream).jobs[0];
    assert_eq!(job.conditions_on(day("2025-02-28")), first);
    assert_eq!(job.conditions_on(day("2025-03-01")), Conditions::default());
}

#[test]
fn the_last_recorded_change_of_a_day_wins() {
    let hours = |hours| job_changed_to(1, ConditionChanges { hours_per_week: Some(Some(hours)), ..ConditionChanges::default() });
    let stream = opened().and([event(2, "2025-02-03", job_started(1))]).and([event(3, "2025-03-01", hours(10_00))]).and([event(
        4,
        "2025-03-01",
        hours(20_00),
    )]);
    let on = |stream: &Given| of(stream).jobs[0].conditions_on(day("2025-03-01")).hours_per_week;
    assert_eq!(on(&stream), Some(20_00));
    // A correction of the first of them keeps its place before the second.
    assert_eq!(on(&stream.and([correction(5, 3, "2025-03-01", hours(30_00))])), Some(20_00));
}

#[test]
fn a_change_on_the_starts_day_holds_from_that_day_in_whatever_order_they_stand() {
    let hours = job_changed_to(1, ConditionChanges { hours_per_week: Some(Some(24_00)), ..ConditionChanges::default() });
    let start = job_on(1, Conditions { hours_per_week: Some(8_00), ..Conditions::default() });
    let stream = opened().and([event(2, "2025-02-03", hours), event(3, "2025-02-03", start)]);
    assert_eq!(of(&stream).jobs[0].conditions_on(day("2025-02-03")).hours_per_week, Some(24_00));
}

#[test]
fn a_late_change_finds_its_day() {
    let hours = |hours| job_changed_to(1, ConditionChanges { hours_per_week: Some(Some(hours)), ..ConditionChanges::default() });
    let stream = opened().and([event(2, "2025-02-03", job_started(1))]).and([event(3, "2025-05-01", hours(20_00))]).and([event(
        4,
        "2025-04-01",
        hours(10_00),
    )]);
    let job = &of(&stream).jobs[0];
    let on = |on| job.conditions_on(day(on)).hours_per_week;
    assert_eq!([on("2025-03-31"), on("2025-04-01"), on("2025-04-30"), on("2025-05-01")], [None, Some(10_00), Some(10_00), Some(20_00)]);
}

fn ips() -> Given {
    given([event(
        1,
        START,
        told(|intake| {
            intake.variant = Some(Variant::Epa);
            intake.scheme = Some("sroi".into());
            intake.coach = Some("anna".into());
        }),
    )])
}

#[test]
fn attributes_are_those_of_the_intake_until_they_change() {
    let trajectory = of(&ips());
    let attributes = trajectory.attributes_on(day(START));
    assert_eq!(trajectory.method(), Method::Ips);
    assert_eq!((attributes.variant, attributes.funding), (Some(Variant::Epa), Funding::Municipality));
    assert_eq!((attributes.scheme.map(AsRef::as_ref), attributes.coach.map(AsRef::as_ref)), (Some("sroi"), Some("anna")));
    assert_eq!(attributes.region.code(), "AM18");
}

#[test]
fn every_attribute_changes_from_its_day_on() {
    let all = trajectory_changed_to(|changes| {
        *changes = AttributeChanges {
            variant: Some(Some(Variant::Cmd)),
            funding: Some(Funding::Uwv),
            scheme: Some(Some("other-scheme".into())),
            region: Some(Region::of_code("AM22")),
            coach: Some(Some("bram".into())),
            names_a_field: true,
        };
    });
    let trajectory = of(&ips().and([event(2, "2025-03-01", all)]));
    let before = trajectory.attributes_on(day("2025-02-28"));
    assert_eq!(before, of(&ips()).attributes_on(day(START)));
    let after = trajectory.attributes_on(day("2025-03-01"));
    assert_eq!((after.variant, after.funding, after.region.code()), (Some(Variant::Cmd), Funding::Uwv, "AM22"));
    assert_eq!((after.scheme.map(AsRef::as_ref), after.coach.map(AsRef::as_ref)), (Some("other-scheme"), Some("bram")));
}

#[test]
fn an_attribute_that_is_left_out_stays_and_one_that_is_null_is_none() {
    let stream = ips().and([event(2, "2025-03-01", trajectory_changed_to(|c| c.funding = Some(Funding::Other)))]).and([event(
        3,
        "2025-04-01",
        trajectory_changed_to(|c| (c.variant, c.scheme, c.coach) = (Some(None), Some(None), Some(None))),
    )]);
    let trajectory = of(&stream);
    let march = trajectory.attributes_on(day("2025-03-31"));
    assert_eq!((march.variant, march.funding, march.coach.is_some()), (Some(Variant::Epa), Funding::Other, true));
    let april = trajectory.attributes_on(day("2025-04-01"));
    assert_eq!((april.variant, april.scheme, april.coach), (None, None, None));
    assert_eq!(april.funding, Funding::Other);
}

#[test]
fn a_corrected_intake_gives_its_own_attributes() {
    let stream = ips().and([correction(2, 1, "2025-01-10", told(|intake| intake.coach = Some("carla".into())))]);
    let trajectory = of(&stream);
    assert_eq!(trajectory.start, day("2025-01-10"));
    let attributes = trajectory.attributes_on(day("2025-01-10"));
    assert_eq!((attributes.variant, attributes.coach.map(AsRef::as_ref)), (None, Some("carla")));
}
