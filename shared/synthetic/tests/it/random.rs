//! Logs of any size.

use std::collections::{BTreeSet, HashMap, HashSet};

use proto_events::{Date, EventType, Payload, json::EventLine};

fn log(seed: u64, trajectories: u64) -> Vec<EventLine> {
    synthetic::random(seed, trajectories).collect()
}

#[test]
fn the_same_seed_and_number_give_the_same_lines() {
    assert!(log(1, 300) == log(1, 300));
    assert!(log(1, 300) != log(2, 300));
}

#[test]
fn lines_come_in_the_order_of_recording_with_unique_ids_and_never_from_the_future() {
    let log = log(2, 3_000);
    assert!(log.is_sorted_by_key(|line| line.recorded_at.unwrap()));
    assert!(log.last().unwrap().recorded_at.unwrap().to_string().as_str() < "2025-06-01");
    let ids: HashSet<_> = log.iter().map(|line| line.event_id).collect();
    assert_eq!(ids.len(), log.len());
    for line in &log {
        // Nobody records at night, so that the day in Amsterdam is the one in UTC. A stop may be told on the day before.
        let kind = line.payload.event_type();
        let stops = matches!(kind, EventType::PaidWorkStopped | EventType::PlacementStopped | EventType::EducationStopped);
        let recorded_on: Date = line.recorded_at.unwrap().to_string()[..10].parse().unwrap();
        assert!(line.occurred_on.days() <= recorded_on.days() + i32::from(stops), "{line:?}");
    }
}

#[test]
fn there_are_as_many_trajectories_as_asked_for_with_about_ten_events_each() {
    let log = log(3, 4_000);
    let trajectories: BTreeSet<_> = log.iter().map(|line| line.trajectory_id).collect();
    assert_eq!(trajectories.len(), 4_000);
    assert!((8..13).contains(&(log.len() / 4_000)), "{}", log.len());
}

#[test]
fn every_kind_of_event_method_funding_variant_and_region_occurs() {
    let log = log(4, 5_000);
    let mut found = BTreeSet::new();
    let mut regions = BTreeSet::new();
    for line in &log {
        found.insert(line.payload.event_type().to_string());
        if line.corrects.is_some() {
            found.insert("correction".to_owned());
        }
        if let Payload::Intake(intake) = &line.payload {
            found.insert(format!("method {}", intake.method));
            found.insert(format!("funding {}", intake.funding));
            found.insert(format!("variant {:?}", intake.variant));
            regions.insert(intake.region.clone());
        }
    }
    for kind in EventType::ALL {
        assert!(found.contains(kind.as_str()), "{kind}");
    }
    assert_eq!(found.len(), EventType::ALL.len() + 1 + 6 + 3 + 4, "{found:?}");
    assert_eq!(regions.len(), 35);
}

#[test]
fn decisions_are_neighbours_of_one_stream_and_moment() {
    let log = log(5, 5_000);
    let mut by_decision: HashMap<_, Vec<usize>> = HashMap::new();
    for (at, line) in log.iter().enumerate() {
        if let Some(decision) = line.decision {
            by_decision.entry(decision).or_default().push(at);
        }
    }
    assert!(by_decision.len() > 500, "{}", by_decision.len());
    for (decision, places) in by_decision {
        let first = &log[places[0]];
        assert_eq!(first.event_id, decision);
        assert!(places.len() > 1 && places.windows(2).all(|pair| pair[1] == pair[0] + 1));
        assert!(places.iter().all(|at| log[*at].trajectory_id == first.trajectory_id && log[*at].recorded_at == first.recorded_at));
    }
}

#[test]
fn a_correction_or_retraction_names_an_earlier_line_of_its_stream_that_still_counts() {
    let log = log(6, 5_000);
    let mut counting = HashMap::new();
    for line in &log {
        let named = if let Payload::Retraction(retraction) = &line.payload { Some(retraction.event_id) } else { line.corrects };
        if let Some(named) = named {
            let (stream, kind) = counting.remove(&named).expect("it counts");
            assert_eq!(stream, line.trajectory_id);
            assert!(line.corrects.is_none() || kind == line.payload.event_type());
        }
        if line.payload.event_type() != EventType::Retraction {
            counting.insert(line.event_id, (line.trajectory_id, line.payload.event_type()));
        }
    }
}

#[test]
fn a_larger_log_is_not_held_in_memory_before_its_first_line() {
    // Would take minutes and gigabytes otherwise.
    let first = synthetic::random(7, 50_000_000).next();
    assert!(first.is_some_and(|line| line.payload.event_type() == EventType::Intake));
}
