//! Which events count, and in what order: the effective timeline.

use domain::{ClientId, Code, Fact};
use uuid::Uuid;

use crate::given::{Given, START, busy, contact, correction, event, event_id, intake, job_started, opened, outflow, retraction, told};

/// Events 2 and 3: contacts of one day.
fn two_contacts() -> Given {
    opened().and([event(2, "2025-03-03", contact())]).and([event(3, "2025-03-03", contact())])
}

#[test]
fn events_stand_by_day_and_then_as_they_were_recorded() {
    let stream = two_contacts().and([event(4, "2025-02-01", contact())]).and([event(5, "2025-03-03", contact())]);
    stream.counts(&[1, 4, 2, 3, 5]);
}

#[test]
fn a_corrector_stands_in_the_place_of_what_it_corrects() {
    let stream = two_contacts().and([correction(4, 2, "2025-03-03", contact())]);
    stream.counts(&[1, 4, 3]);
    let placed = stream.0.find(event_id(4)).unwrap();
    assert_eq!((placed.revision, placed.first_revision), (4, 2));
}

#[test]
fn a_chain_of_corrections_leaves_the_last_in_the_place_of_the_first() {
    let stream = two_contacts()
        .and([correction(4, 2, "2025-03-10", contact())])
        .and([correction(5, 4, "2025-01-20", contact())])
        .and([correction(6, 5, "2025-03-03", contact())]);
    stream.counts(&[1, 6, 3]);
    assert_eq!(stream.0.find(event_id(6)).unwrap().first_revision, 2);
    for gone in [2, 4, 5] {
        assert_eq!(stream.0.find(event_id(gone)), None);
    }
}

#[test]
fn the_order_within_a_day_is_that_of_the_first_of_each_chain() {
    // 3 moves away and back: its chain still began after that of 2.
    let stream = two_contacts()
        .and([correction(4, 3, "2025-04-01", contact())])
        .and([event(5, "2025-03-03", contact())])
        .and([correction(6, 4, "2025-03-03", contact())]);
    stream.counts(&[1, 2, 6, 5]);
}

#[test]
fn a_correction_moves_an_event_to_another_day() {
    two_contacts().and([correction(4, 2, "2025-03-04", contact())]).counts(&[1, 3, 4]);
    two_contacts().and([correction(4, 3, "2024-12-01", contact())]).counts(&[4, 1, 2]);
}

#[test]
fn a_retracted_corrector_does_not_bring_the_original_back() {
    let stream = two_contacts().and([correction(4, 2, "2025-03-04", contact())]).and([retraction(5, 4)]);
    stream.counts(&[1, 3]);
    stream.when([correction(6, 2, "2025-03-04", contact())]).refused(Code::NotEffective, 6, &[]);
}

#[test]
fn a_retracted_correction_of_the_intake_leaves_no_intake() {
    let stream = opened().and([correction(2, 1, "2025-01-07", intake())]).and([retraction(3, 2)]);
    stream.counts(&[]);
    stream.when([event(4, "2025-02-01", contact())]).refused(Code::NoIntake, 4, &[]);
    stream.when([event(4, START, intake())]).counts(&[4]);
}

#[test]
fn a_retraction_does_not_count_either() {
    let stream = two_contacts().and([retraction(4, 2)]);
    assert!(stream.0.events().iter().all(|event| !matches!(event.fact, Fact::Retraction { .. })));
    stream.counts(&[1, 3]);
}

#[test]
fn a_retraction_may_be_dated_any_day_up_to_today() {
    let ended = two_contacts().and([event(4, "2025-06-30", outflow())]);
    for on in ["2020-01-01", "2025-07-01", "2026-06-30"] {
        ended.when([event(5, on, Fact::Retraction { event: event_id(2) })]).counts(&[1, 3, 4]);
    }
}

#[test]
fn the_intake_that_counts_is_the_one_that_is_looked_at() {
    let stream = busy();
    let moved = stream.and([retraction(6, 1), event(7, "2025-01-15", intake())]);
    assert_eq!(domain::Trajectory::of(&moved.0).unwrap().start, crate::given::day("2025-01-15"));
    moved.when([event(8, "2025-01-14", outflow())]).refused(Code::BeforeStart, 8, &[7]);
}

#[test]
fn a_timeline_passes_over_what_it_is_told_to() {
    let mut timeline = opened().0;
    timeline.pass_over();
    timeline.evolve(event(3, "2025-02-01", job_started(1)).recorded);
    assert_eq!(timeline.revision(), 3);
    assert_eq!(timeline.find(event_id(3)).unwrap().revision, 3);
}

#[test]
fn a_timeline_knows_the_client_of_the_first_intake_for_ever() {
    let stream = opened();
    let client = stream.0.client();
    assert!(client.is_some());
    assert_eq!(stream.and([retraction(2, 1)]).0.client(), client);
    assert_eq!(crate::given::nothing().0.client(), None);
}

#[test]
fn whatever_is_recorded_later_the_client_is_that_of_the_first_intake() {
    let mut timeline = opened().0;
    let (client, other) = (timeline.client(), told(|intake| intake.client = ClientId(Uuid::from_u128(7))));
    timeline.evolve(event(2, START, other).recorded);
    assert_eq!(timeline.client(), client);
}
