//! The estimate, beside numbers that were computed elsewhere.

use cohorts::survival::{Curve, Observation};

/// Remission in weeks under 6-mercaptopurine (Freireich and others, 1963), the example of many textbooks: a plus is a day after which nobody looked.
const REMISSION: &str = "6 6 6 6+ 7 9+ 10 10+ 11+ 13 16 17+ 19+ 20+ 22 23 25+ 32+ 32+ 34+ 35+";

fn remission() -> Vec<Observation> {
    let one = |word: &str| Observation { entry: 0, exit: word.trim_end_matches('+').parse().unwrap(), happened: !word.ends_with('+') };
    REMISSION.split(' ').map(one).collect()
}

fn near(left: f64, right: f64) -> bool {
    (left - right).abs() < 5e-4
}

#[test]
fn the_textbook_example_has_the_textbook_curve() {
    let curve = Curve::of(&remission());
    let steps: Vec<_> = curve.steps.iter().map(|step| (step.day, step.at_risk, step.happened)).collect();
    assert_eq!(steps, [(6, 21, 3), (7, 17, 1), (10, 15, 1), (13, 12, 1), (16, 11, 1), (22, 7, 1), (23, 6, 1)]);
    let published = [0.857, 0.807, 0.753, 0.690, 0.627, 0.538, 0.448];
    for (step, waiting) in curve.steps.iter().zip(published) {
        assert!(near(step.waiting, waiting), "{step:?}, published {waiting}");
    }
    assert_eq!((curve.observed, curve.happened, curve.median()), (21, 9, Some(23)));
}

#[test]
fn its_interval_is_that_of_the_log_log_scale() {
    // As R's survfit(…, conf.type = "log-log") prints it for week 10: 0.5032 to 0.8894.
    let at = Curve::of(&remission()).by(10).unwrap();
    assert!(near(1.0 - at.happened, 0.7529), "{at:?}");
    assert!(near(1.0 - at.upper.unwrap(), 0.5032) && near(1.0 - at.lower.unwrap(), 0.8894), "{at:?}");
    assert_eq!(at.at_risk, 13);
}

#[test]
fn who_comes_later_counts_from_the_day_after_and_not_before() {
    let late = Observation { entry: 5, exit: 10, happened: true };
    let early = |exit, happened| Observation { entry: 0, exit, happened };
    let curve = Curve::of(&[early(4, true), early(5, true), early(10, false), late]);
    let steps: Vec<_> = curve.steps.iter().map(|step| (step.day, step.at_risk)).collect();
    assert_eq!(steps, [(4, 3), (5, 2), (10, 2)]);
}

#[test]
fn where_it_happened_to_all_before_the_others_came_nothing_is_said() {
    let first = Observation { entry: 1, exit: 3, happened: true };
    let later = |entry| Observation { entry, exit: 500, happened: false };
    let curve = Curve::of(&[first, later(3), later(40)]);
    assert_eq!((curve.by(91), curve.median(), curve.by_month().count()), (None, None, 0));
    let all_there = Curve::of(&[first, Observation { entry: 2, ..first }]);
    assert_eq!(all_there.by(91).map(|at| at.happened), Some(1.0));
}

#[test]
fn beyond_the_last_day_that_anybody_was_seen_nothing_is_said_unless_it_happened_to_all() {
    let waits = Observation { entry: 0, exit: 90, happened: false };
    assert_eq!(Curve::of(&[waits]).by(91), None);
    assert_eq!(Curve::of(&[waits]).by(90).map(|at| (at.happened, at.lower)), Some((0.0, None)));
    let all = Curve::of(&[Observation { happened: true, ..waits }]);
    assert_eq!(all.by(900).map(|at| (at.happened, at.lower, at.at_risk)), Some((1.0, None, 0)));
    assert_eq!(Curve::of(&[]).by(0), None);
}
