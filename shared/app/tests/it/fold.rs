//! Counting in parts on several processors gives what counting one after the other gives.

use app::{AsOf, figures::Warm, figures::answer, timeline_of};
use domain::Trajectory;
use event_log::{EventLog, Position, RecordReader, Until};
use figures::{Figures, Tallies};
use hashbrown::HashSet;

use crate::world::{RANDOM, World, ask, intake, job, now, text};

/// One trajectory after the other, each read by itself, with every event.
async fn one_by_one(world: &World, quarter: &str) -> String {
    let mut reader = world.log.read(Position::START, Until::Head).await.expect("a reading");
    let mut streams = HashSet::new();
    while let Some(batch) = reader.next().await.expect("a batch") {
        streams.extend(batch.records.iter().map(|record| record.header.trajectory_id));
    }
    let ask = ask(quarter, AsOf::Now);
    let mut tallies = Tallies::default();
    for stream in streams {
        let (_, timeline) = timeline_of(&*world.log, stream, Until::Head).await.expect("a timeline");
        if let Some(trajectory) = timeline.as_ref().and_then(Trajectory::of) {
            tallies.count(&trajectory, &ask.question());
        }
    }
    cells(&Figures::of(&tallies))
}

fn cells(figures: &Figures) -> String {
    format!("{:?} {:?} {:?}", figures.cells, figures.previous_quarter, figures.year_earlier)
}

#[tokio::test(flavor = "multi_thread")]
async fn figures_in_parts_are_figures_one_by_one() {
    for (lines, _) in RANDOM {
        let world = World::new();
        world.import(lines).await;
        let warm = Warm::of(&*world.log, AsOf::Now, &mut |_| {}).await.expect("warm");
        for quarter in ["2023Q2", "2023Q4", "2024Q1", "2024Q4", "2025Q1", "2025Q3"] {
            let ask = ask(quarter, AsOf::Now);
            let (figures, _) = answer(&*world.log, &ask, now, &mut |_| {}).await.expect("figures");
            let expected = one_by_one(&world, quarter).await;
            assert_eq!(cells(&figures), expected, "{quarter}");
            assert_eq!(cells(&warm.figures(&ask.question())), expected, "{quarter}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn many_trajectories_in_many_batches_are_all_counted_once() {
    let lines: Vec<_> = (1..=700).flat_map(|of| [intake(of, "2025-01-06"), job(of, 2, "2025-01-07")]).collect();
    let world = World::new().with(&text(&lines)).await;
    let mut read = 0;
    let (figures, as_of) = answer(&*world.log, &ask("2025Q1", AsOf::Now), now, &mut |more| read += more).await.expect("figures");
    assert_eq!((read, as_of.position), (1_400, 1_400));
    let running = figures::Measure::of_name("running").expect("a measure");
    assert_eq!(figures.cells[0].1.get(running), 700);
    assert_eq!(cells(&figures), one_by_one(&world, "2025Q1").await);
    let warm = Warm::of(&*world.log, AsOf::Position(Position(10)), &mut |_| {}).await.expect("warm");
    assert_eq!((warm.len(), warm.is_empty()), (5, false));
}
