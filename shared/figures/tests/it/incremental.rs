//! A tally from which what changed is taken out and counted as it is now says what counting afresh says.

use domain::Trajectory;
use figures::{Figures, Tallies, Tally};
use proptest::prelude::*;

use crate::{
    life::{Asked, Life},
    properties::{Moves, QUARTERS, apply, life_of, some_life, text},
};

const SCOPES: [&str; 4] = ["national", "region:AM05", "organisation:org-2", "region:AM18,organisation:org-1"];

/// What is counted, kept up by taking out and counting; and the lives as they are now.
struct Kept {
    asked: Asked,
    tallies: Tallies,
}

impl Kept {
    fn change(&mut self, before: Option<&Trajectory>, after: Option<&Trajectory>) {
        if let Some(before) = before {
            self.tallies.uncount(before, &self.asked.question());
        }
        if let Some(after) = after {
            self.tallies.count(after, &self.asked.question());
        }
    }
}

fn some_starts() -> impl Strategy<Value = Vec<Moves>> {
    proptest::collection::vec(some_life(), 1..6)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(100))]

    #[test]
    fn kept_up_event_by_event_it_equals_counting_afresh(
        starts in some_starts(),
        turns in proptest::collection::vec(0..100_usize, 0..60),
    ) {
        // Each life begins without its moves, which then come one by one, in turns.
        let mut lives: Vec<Life> = (1..).zip(&starts).map(|(n, (on, method, _))| life_of(n, &(*on, *method, Vec::new()))).collect();
        let mut kept: Vec<Kept> = SCOPES
            .iter()
            .flat_map(|scope| ["2024Q1", "2024Q4", "2025Q1"].map(|quarter| Asked::of(quarter).scope(scope).tables()))
            .map(|asked| Kept { tallies: asked.tallies(&lives), asked })
            .collect();
        let mut next = vec![0; lives.len()];
        for turn in turns {
            let one = turn % lives.len();
            let Some(made) = starts[one].2.get(next[one]) else { continue };
            next[one] += 1;
            let before = lives[one].trajectory();
            apply(&mut lives[one], made);
            let after = lives[one].trajectory();
            for kept in &mut kept {
                kept.change(before.as_ref(), after.as_ref());
            }
        }
        for kept in &kept {
            let afresh = kept.asked.tallies(&lives);
            prop_assert!(kept.tallies == afresh, "{:?}", kept.asked);
            prop_assert_eq!(text(&kept.asked, &kept.tallies), text(&kept.asked, &afresh));
        }
    }

    #[test]
    fn what_was_counted_and_taken_out_was_never_there(some in some_starts(), more in some_starts()) {
        let lives = |from: u128, of: &[Moves]| -> Vec<Life> { (from..).zip(of).map(|(n, life)| life_of(n, life)).collect() };
        let (some, more) = (lives(1, &some), lives(100, &more));
        for quarter in QUARTERS {
            for scope in SCOPES {
                let asked = Asked::of(quarter).scope(scope).tables();
                let never = asked.tallies(&some);
                let mut tallies = asked.tallies(some.iter().chain(&more));
                for trajectory in more.iter().rev().filter_map(Life::trajectory) {
                    tallies.uncount(&trajectory, &asked.question());
                }
                prop_assert!(tallies == never, "{:?}", asked);
                prop_assert_eq!(text(&asked, &tallies), text(&asked, &never));
            }
        }
    }
}

#[test]
fn an_organisation_is_counted_until_its_last_trajectory_is_taken_out() {
    let asked = Asked::of("2025Q1").tables();
    let two = [Life::starts("2025-01-10"), Life::starts("2025-01-11")].map(|life| life.trajectory().expect("a trajectory"));
    let organisations = |tallies: &Tallies| Figures::of(tallies).cells[0].1.get(figures::Measure::Organisations);
    let mut tallies = Tallies::default();
    two.iter().for_each(|one| tallies.count(one, &asked.question()));
    assert_eq!(organisations(&tallies), 1);
    tallies.uncount(&two[0], &asked.question());
    assert_eq!(organisations(&tallies), 1);
    tallies.uncount(&two[1], &asked.question());
    assert!(tallies == Tallies::default());
    assert_eq!(Figures::of(&tallies).cells.len(), 1, "the cell of the whole scope alone");
}

#[test]
fn tallies_that_differ_in_one_organisation_alone_are_not_equal() {
    let asked = Asked::of("2025Q1");
    let tally = |organisation: &str| {
        let mut tally = Tally::default();
        let life = Life::of_organisation(organisation, "2025-01-10", |_| {});
        tally.count(&life.trajectory().expect("a trajectory"), &asked.question());
        tally
    };
    assert!(tally("org-1") == tally("org-1") && tally("org-1") != tally("org-2"));
}
