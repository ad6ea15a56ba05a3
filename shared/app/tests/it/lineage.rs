//! Explained numbers of logs that a program of another author made: who is behind each number, and where the events stand.

use std::collections::BTreeSet;

use app::{
    AsOf,
    figures::{Ask, answer},
    lineage::{self, of_one, places},
};
use event_log::{EventLog, Position, Until};
use figures::{CellKey, Measure, disclosure::Column, lineage::Number};
use serde_json::Value;

use crate::world::{RANDOM, World, ask, intake, job, now, text};

async fn numbers(world: &World, ask: &Ask) -> Vec<(Number, u64)> {
    let (figures, _) = answer(&*world.log, ask, now, &mut |_| {}).await.expect("figures");
    let measures = [Measure::Running, Measure::EverPaidWork, Measure::SustainableWork, Measure::UnpaidSum, Measure::OutflowIntended];
    let mut numbers = Vec::new();
    for (key, counts) in figures.cells {
        for measure in measures {
            numbers.push((Number { key: key.clone(), column: Column::Measure(measure) }, counts.get(measure)));
        }
    }
    numbers
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_behind_a_number_adds_up_to_it_and_who_is_left_out_to_the_rest_of_the_cell() {
    for (lines, _) in RANDOM {
        let world = World::new();
        world.import(lines).await;
        for quarter in ["2024Q1", "2025Q1"] {
            let ask = Ask { tables: true, ..ask(quarter, AsOf::Now) };
            let all = numbers(&world, &ask).await;
            assert!(all.iter().any(|(_, value)| *value > 0), "{quarter}: there is something to explain");
            for (number, value) in &all {
                let (lineage, as_of) = lineage::answer(&*world.log, &ask, number, now, &mut |_| {}).await.expect("a lineage");
                let sum: u64 = lineage.counted.iter().map(|traced| traced.outcome.adds).sum();
                assert_eq!((lineage.value, sum), (*value, *value), "{number}");
                let running = Number { key: number.key.clone(), column: Column::Measure(Measure::Running) };
                let running = all.iter().find(|(of, _)| *of == running).map(|(_, value)| *value);
                assert_eq!(Some((lineage.counted.len() + lineage.left_out.len()) as u64), running, "{number}");
                assert!(lineage.counted.is_sorted_by_key(|traced| traced.trajectory));
                for traced in lineage.counted.iter().take(1) {
                    let (one, of) = of_one(&*world.log, &ask, number, traced.trajectory.0, now).await.expect("one");
                    assert_eq!((one.map(|one| one.outcome), of), (Some(traced.outcome.clone()), as_of.clone()), "{number}");
                }
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_events_that_decide_stand_where_the_log_has_them() {
    let mut kinds = BTreeSet::new();
    for (lines, _) in RANDOM {
        let world = World::new();
        world.import(lines).await;
        let exported = world.try_export(Until::Head).await.expect("an export");
        let exported: Vec<Value> = exported.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
        for (quarter, measure) in [("2024Q1", Measure::EverPaidWork), ("2024Q4", Measure::EverPaidWork), ("2025Q1", Measure::Running)] {
            let number = Number { key: CellKey::All, column: Column::Measure(measure) };
            let (lineage, as_of) =
                lineage::answer(&*world.log, &ask(quarter, AsOf::Now), &number, now, &mut |_| {}).await.expect("a lineage");
            let all: Vec<_> = lineage.counted.iter().chain(&lineage.left_out).collect();
            let ids: Vec<_> = all.iter().map(|traced| traced.trajectory.0).collect();
            let places = places(&*world.log, &ids, Position(as_of.position)).await.expect("places");
            for (traced, deciding) in all.iter().flat_map(|traced| traced.outcome.events.iter().map(move |deciding| (traced, deciding))) {
                let placed = places.of(traced.trajectory, deciding.revision).expect("a place");
                let event = &exported[usize::try_from(placed.position).expect("small") - 1];
                assert_eq!(
                    (event["event_id"].as_str(), event["type"].as_str()),
                    (Some(&*deciding.id.0.to_string()), Some(placed.event_type.as_str()))
                );
                assert_eq!(event["occurred_on"], deciding.occurred_on.to_string());
                kinds.insert(placed.event_type.as_str());
            }
        }
    }
    assert!(kinds.len() > 3, "events of several types decide: {kinds:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_earlier_state_is_explained_by_what_the_log_held_then_and_names_no_coach() {
    let lines = [intake(1, "2025-01-06"), job(1, 2, "2025-01-07"), intake(2, "2025-01-06")];
    let world = World::new().with(&text(&lines)).await;
    let number = Number { key: CellKey::All, column: Column::Measure(Measure::PaidWork) };
    let at = AsOf::Position(Position(1));
    let (lineage, as_of) = lineage::answer(&*world.log, &ask("2025Q1", at), &number, now, &mut |_| {}).await.expect("a lineage");
    assert_eq!((lineage.value, lineage.counted.len(), lineage.left_out.len(), as_of.position), (0, 0, 1, 1));
    assert!(lineage.left_out.iter().all(|traced| traced.coach.is_none()));
    assert_eq!(world.log.head().await.expect("a head").position, Position(3));
}
