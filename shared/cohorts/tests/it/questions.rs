//! The questions, of lives whose answers can be counted by hand. The observation ends on 31 March 2025.

use cohorts::{Answers, Window, first_job::Unpaid, sequels::Became, sequels::Next, survival::Observation};
use domain::{Funding, Method, SustainableWork, Timeline};

use crate::life::{hours, job, job_stops, lived, outflow, starts, sustainable, volunteers};

fn answers(timelines: &[Timeline]) -> Answers {
    let trajectories = lived(timelines);
    let refs: Vec<_> = trajectories.iter().collect();
    Answers::of(&refs, Window::national("2025Q1".parse().unwrap()), &SustainableWork::default())
}

fn waits(found: &[Observation]) -> Vec<(u32, u32, bool)> {
    found.iter().map(|one| (one.entry, one.exit, one.happened)).collect()
}

fn ips(on: &str) -> Timeline {
    starts(1, Method::Ips, on)
}

#[test]
fn one_waits_until_the_first_paid_job_the_outflow_or_the_last_day() {
    let found = job(&ips("2025-01-01"), "2025-01-31", sustainable());
    let left = outflow(&ips("2025-01-01"), "2025-02-10");
    let too_late = job(&ips("2025-03-01"), "2025-04-15", sustainable());
    let had_one = job(&ips("2025-01-01"), "2024-06-01", sustainable());
    let answer = answers(&[found, left, too_late, had_one]);
    let ips = &answer.first_jobs[&Method::Ips];
    assert_eq!(waits(&ips.all), [(0, 30, true), (0, 40, false), (0, 30, false)]);
    assert_eq!(ips.had_one, 1);
}

#[test]
fn who_takes_up_unpaid_work_on_the_way_is_without_it_until_that_day() {
    let before = volunteers(&ips("2024-06-01"), "2024-01-01");
    let during = job(&volunteers(&ips("2025-01-01"), "2025-01-11"), "2025-02-20", sustainable());
    let after_the_job = volunteers(&job(&ips("2025-01-01"), "2025-01-06", sustainable()), "2025-02-01");
    let answer = answers(&[before, during, after_the_job]);
    let of = |unpaid: Unpaid| waits(&answer.first_jobs[&Method::Ips].by_unpaid[unpaid as usize]);
    assert_eq!(of(Unpaid::Before), [(0, 303, false)]);
    assert_eq!(of(Unpaid::During), [(10, 50, true)]);
    assert_eq!(of(Unpaid::Without), [(0, 10, false), (0, 5, true)]);
}

#[test]
fn a_cohort_tells_who_found_who_left_and_who_is_still_looking() {
    let found = job(&ips("2024-10-01"), "2024-12-01", sustainable());
    let left = outflow(&ips("2024-11-01"), "2025-01-10");
    let looking = ips("2024-12-31");
    let later = ips("2025-01-01");
    let answer = answers(&[found, left, looking, later]);
    let cohort = &answer.placements[&Method::Ips][&("2024Q4".parse().unwrap(), Some(Funding::Municipality))];
    assert_eq!((cohort.waits.len(), cohort.had_one, cohort.left, cohort.looking), (3, 0, 1, 1));
    assert_eq!(answer.placements[&Method::Ips][&("2025Q1".parse().unwrap(), None)].looking, 1);
}

#[test]
fn what_the_same_client_begins_next_follows() {
    let coached = outflow(&starts(1, Method::Jobcoaching, "2023-01-01"), "2024-06-30");
    let then_ips = starts(1, Method::Ips, "2024-07-10");
    let of_another = outflow(&starts(2, Method::Jobcoaching, "2023-01-01"), "2024-06-30");
    let goes_on = starts(3, Method::Jobcoaching, "2023-01-01");
    let answer = answers(&[coached, then_ips, of_another, goes_on]);
    let counts: Vec<_> = answer.sequels.counts.iter().map(|(key, count)| (*key, *count)).collect();
    assert_eq!(counts, [((Method::Jobcoaching, Next::Nothing), 1), ((Method::Jobcoaching, Next::Method(Method::Ips)), 1)]);
    assert_eq!(answer.sequels.median_gap(Method::Jobcoaching, Method::Ips), Some(10));
    let became: Vec<_> = answer.year_later.iter().map(|(key, count)| (*key, *count)).collect();
    let of = |what| ((Method::Jobcoaching, what), 1);
    assert_eq!(became, [of(Became::Running), of(Became::Followed(Method::Ips)), of(Became::Ended)]);
}

#[test]
fn unpaid_work_is_told_by_what_stands_beside_it() {
    let alone = volunteers(&ips("2024-06-01"), "2024-01-01");
    let beside_a_job = job(&volunteers(&ips("2024-06-01"), "2024-07-01"), "2024-08-01", sustainable());
    let answer = answers(&[alone, beside_a_job, ips("2024-06-01")]);
    let all = answer.alongside[&None];
    assert_eq!((all.unpaid, all.paid_work, all.neither, all.began_before, all.neither_began_before), (2, 1, 1, 1, 1));
}

#[test]
fn sustainable_work_lasts_until_it_is_not_known_to_be_so_any_more() {
    let fewer = hours(&job(&ips("2024-01-01"), "2024-02-01", sustainable()), "2024-03-02", 8);
    let stopped = job_stops(&job(&ips("2024-01-01"), "2024-02-01", sustainable()), "2024-02-11");
    let goes_on = job(&ips("2025-01-01"), "2025-03-01", sustainable());
    let there_before = job(&ips("2025-01-01"), "2020-01-01", sustainable());
    let answer = answers(&[fewer, stopped, goes_on, there_before]);
    let lasted = &answer.durations[&None];
    assert_eq!(waits(&lasted.sustainable), [(0, 30, true), (0, 10, true), (0, 30, false)]);
    assert_eq!(waits(&lasted.jobs), [(0, 424, false), (0, 10, true), (0, 30, false)]);
}
