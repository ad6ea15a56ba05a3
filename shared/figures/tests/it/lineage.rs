//! Explained numbers: who is behind a number is who was counted, and the events that are named decide it.

use std::collections::{BTreeMap, BTreeSet};

use domain::{Condition, Fact, Funding, Method, PlacementKind, Region, Timeline};
use figures::{
    CellKey, Counts, Measure,
    disclosure::Column,
    lineage::{NotANumber, Number, Outcome, Reason, Thing, outcome},
};
use proptest::prelude::*;

use crate::{
    life::{Asked, Life, Q, few_hours, sustainable, unknown},
    properties::{QUARTERS, life_of, some_life, some_lives},
};

fn number(path: &str) -> Number {
    path.parse().unwrap_or_else(|error| panic!("{path}: {error}"))
}

fn told(life: &Life, path: &str) -> Outcome {
    outcome(life.timeline(), &number(path), &Asked::of(Q).question())
}

/// What it adds, why, and the revisions of the events that decide it.
#[track_caller]
fn expect(life: &Life, path: &str, adds: u64, reason: Reason, revisions: &[u32]) {
    let told = told(life, path);
    let by: Vec<u32> = told.events.iter().map(|event| event.revision).collect();
    assert_eq!((told.adds, told.reason, by.as_slice()), (adds, reason, revisions), "{path}");
}

#[test]
fn paid_work_is_decided_by_the_job_that_is_active_and_not_by_those_that_are_over() {
    let life = Life::starts("2024-10-01")
        .job(1, "2024-11-01", sustainable())
        .job_stops(1, "2024-12-01")
        .job(2, "2025-01-15", few_hours())
        .job_stops(2, "2025-05-01");
    expect(&life, "all.paid_work", 1, Reason::Active(Thing::Job), &[1, 4]);
    expect(&life, "by_method.ips.paid_work_started", 1, Reason::StartedThen(Thing::Job), &[1, 4]);
    expect(&life, "all.ever_paid_work", 1, Reason::OnSomeDay(Thing::Job), &[1, 2, 3, 4]);
    expect(&life, "all.first_job_within_3_months", 1, Reason::Bucket(Measure::FirstJobWithin3Months), &[1, 2, 3, 4]);
}

#[test]
fn who_has_no_paid_work_is_told_whether_it_is_over_begins_later_or_never_was() {
    let life = Life::starts("2024-10-01");
    expect(&life, "all.paid_work", 0, Reason::Never(Thing::Job), &[1]);
    let over = life.clone().job(1, "2024-11-01", sustainable()).job_stops(1, "2025-03-31");
    expect(&over, "all.paid_work", 0, Reason::Over(Thing::Job), &[1, 2, 3]);
    let later = life.job(1, "2025-04-01", sustainable());
    expect(&later, "all.paid_work", 0, Reason::BeginsLater(Thing::Job), &[1, 2]);
}

#[test]
fn work_that_is_not_sustainable_is_told_by_the_first_condition_that_fails_and_by_what_set_it() {
    let life = Life::starts("2024-10-01").job(1, "2024-11-01", sustainable()).job_changes(1, "2025-02-01", |changes| {
        changes.hours_per_week = Some(Some(11_99));
    });
    expect(&life, "all.sustainable_work", 0, Reason::Fails(Condition::HoursPerWeek), &[1, 2, 3]);
    let mended = life.clone().job_changes(1, "2025-03-31", |changes| changes.hours_per_week = Some(Some(12_00)));
    expect(&mended, "all.sustainable_work", 1, Reason::Sustainable, &[1, 2, 3, 4]);
    let after = life.job_changes(1, "2025-04-01", |changes| changes.hours_per_week = Some(Some(12_00)));
    expect(&after, "all.sustainable_work", 0, Reason::Fails(Condition::HoursPerWeek), &[1, 2, 3]);
    let not_known = Life::starts("2024-10-01").job(1, "2024-11-01", unknown());
    expect(&not_known, "all.sustainable_work", 0, Reason::Unknown(Condition::RegularWorkplace), &[1, 2]);
    expect(&not_known, "all.sustainable_work_unknown", 1, Reason::Unknown(Condition::RegularWorkplace), &[1, 2]);
}

#[test]
fn who_is_outside_the_quarter_the_scope_or_the_cell_is_told_so() {
    let later = Life::starts("2025-04-01");
    expect(&later, "all.running", 0, Reason::NotStarted, &[1]);
    let before = Life::starts("2023-01-01").outflow("2024-12-31");
    expect(&before, "all.running", 0, Reason::EndedBefore, &[1, 2]);
    let moved = Life::starts("2024-10-01").changes("2025-03-31", |changes| changes.region = Some(Region::of_code("AM05")));
    expect(&moved, "by_method_region.ips.AM18.running", 0, Reason::OtherRegion, &[1, 2]);
    expect(&moved, "by_method_region.ips.AM05.running", 1, Reason::Runs, &[1, 2]);
    expect(&moved, "by_method.wabz.running", 0, Reason::OtherMethod, &[1]);
    expect(&moved, "by_method_organisation.ips.org-2.running", 0, Reason::OtherOrganisation, &[1]);
    expect(&moved, "by_method_funding.ips.uwv.running", 0, Reason::OtherFunding, &[1]);
    expect(&moved, "by_method_variant.ips.epa.running", 0, Reason::OtherVariant, &[1]);
    let asked = Asked::of(Q).scope("organisation:org-2");
    assert_eq!(outcome(moved.timeline(), &number("all.running"), &asked.question()).reason, Reason::OtherOrganisation);
    let asked = Asked::of(Q).scope("region:AM18");
    let elsewhere = outcome(moved.timeline(), &number("all.running"), &asked.question());
    assert_eq!((elsewhere.reason, elsewhere.events.len()), (Reason::OtherRegion, 2));
    let retracted = Life::starts("2024-10-01").retract(1);
    expect(&retracted, "all.running", 0, Reason::NoIntake, &[]);
}

#[test]
fn starts_by_scheme_are_told_also_of_who_ended_before_the_quarter() {
    let life = Life::with("2024-02-01", |intake| intake.scheme = Some("a".into())).outflow("2024-05-01");
    let asked = Asked::of("2024Q4");
    let of = |path: &str| outcome(life.timeline(), &number(path), &asked.question());
    assert_eq!((of("all.scheme_started_year_to_date.a").adds, of("all.scheme_started_year_to_date.a").reason), (1, Reason::UnderScheme));
    assert_eq!(of("all.scheme_started_year_to_date.b").reason, Reason::OtherScheme);
    assert_eq!((of("all.running").reason, of("all.running").in_cell), (Reason::EndedBefore, false));
}

#[test]
fn one_trajectory_adds_to_the_sum_of_unpaid_work_as_often_as_it_is_counted() {
    let life = Life::starts("2024-10-01")
        .placement(1, "2024-11-01", PlacementKind::TrialPlacement)
        .placement(2, "2024-09-01", PlacementKind::VolunteerWork)
        .placement(3, "2024-11-03", PlacementKind::WorkExperience);
    expect(&life, "all.unpaid_sum", 2, Reason::Active(Thing::Placement), &[3, 1, 2, 4]);
    expect(&life, "all.unpaid_any", 1, Reason::Active(Thing::Placement), &[3, 1, 2, 4]);
    expect(&life, "all.unpaid_before_start", 1, Reason::BeganBeforeStart, &[3, 1]);
    expect(&life, "all.unpaid_alongside", 0, Reason::NothingAlongside, &[3, 1, 2, 4]);
    expect(&life, "all.volunteer_or_work_experience", 1, Reason::Active(Thing::VolunteerOrWorkExperience), &[3, 1, 4]);
}

#[test]
fn the_intended_result_is_told_by_what_reached_it() {
    let reached = Life::of(Method::Werkfit, "2024-10-01").outflow_ready("2025-02-01", true);
    expect(&reached, "all.outflow_intended", 1, Reason::WorkReady, &[1, 2]);
    let not = Life::of(Method::Werkfit, "2024-10-01").outflow_ready("2025-02-01", false);
    expect(&not, "all.outflow_not_intended", 1, Reason::NotIntended, &[1, 2]);
    expect(&Life::starts("2024-10-01"), "all.outflow_intended", 0, Reason::NotEnded, &[1]);
}

#[test]
fn a_number_is_named_by_its_path_and_what_is_none_is_told() {
    for path in [
        "all.running",
        "by_method.naar_werk.paid_work",
        "by_method_funding.ips.uwv.ended",
        "by_method_variant.ips.none.running",
        "by_method_organisation.wabz.org-1.education",
        "by_method_region.other.AM38.organisations",
        "by_method.ips.scheme_started_year_to_date.a-scheme",
    ] {
        assert_eq!(number(path).to_string(), path);
    }
    // The word that leads nowhere is named, and what there is.
    let wrong = |path: &str| path.parse::<Number>().unwrap_err();
    let of = |word: &str| word.to_owned();
    assert_eq!(wrong("all"), NotANumber::Form(of("all")));
    assert_eq!(wrong("all.paid_work.more"), NotANumber::Form(of("all.paid_work.more")));
    assert_eq!(wrong("al.paid_work"), NotANumber::Breakdown(of("al")));
    assert_eq!(wrong("all.scheme_started_year_to_date"), NotANumber::Measure(of("scheme_started_year_to_date")));
    assert_eq!(wrong("all.no_measure"), NotANumber::Measure(of("no_measure")));
    assert_eq!(wrong("by_method.no_method.running"), NotANumber::Method(of("no_method")));
    assert_eq!(wrong("by_method_variant.wabz.epa.running"), NotANumber::NoVariants(of("wabz")));
    assert_eq!(wrong("by_method_variant.ips.ips.running"), NotANumber::Variant(of("ips")));
    assert_eq!(wrong("by_method_region.ips.AM99.running"), NotANumber::Region(of("AM99")));
    assert_eq!(wrong("by_method_organisation.ips.Org 1.running"), NotANumber::Slug(of("Org 1")));
    let told = wrong("by_method_funding.ips.nobody.running").to_string();
    assert_eq!(told, "there is no funding 'nobody', but municipality, uwv, other");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn what_fits_the_pattern_is_the_path_of_a_number(path in proptest::string::string_regex(&unanchored(&Number::pattern())).unwrap()) {
        prop_assert_eq!(path.parse::<Number>().map(|number| number.to_string()), Ok(path));
    }
}

/// proptest writes what an expression takes, and knows no anchors.
fn unanchored(pattern: &str) -> String {
    pattern
        .strip_prefix('^')
        .and_then(|rest| rest.strip_suffix('$'))
        .unwrap_or_else(|| panic!("{pattern} takes more than the whole"))
        .to_owned()
}

#[test]
fn every_reason_has_a_code_and_words_of_its_own() {
    let things = Thing::ALL.into_iter().flat_map(|thing| {
        let of = [Reason::Active, Reason::Over, Reason::BeginsLater, Reason::Never, Reason::OnSomeDay, Reason::NotOnADay];
        let more = [Reason::StartedThen, Reason::StartedOutside, Reason::StoppedThen, Reason::StoppedOutside];
        of.into_iter().chain(more).map(move |reason| reason(thing))
    });
    let conditions = Condition::ALL.into_iter().flat_map(|condition| [Reason::Fails(condition), Reason::Unknown(condition)]);
    let all: Vec<Reason> =
        things.chain(conditions).chain([Reason::Runs, Reason::NotEnded, Reason::Sustainable, Reason::NotIntended]).collect();
    for words in [Reason::code, Reason::dutch, Reason::english] {
        assert_eq!(all.iter().map(|reason| words(*reason)).collect::<BTreeSet<_>>().len(), all.len());
    }
    for reason in Reason::all() {
        assert_eq!(reason.code().parse(), Ok(reason));
    }
    let told = "runz".parse::<Reason>().unwrap_err().to_string();
    assert!(told.starts_with("there is no reason 'runz', but runs, started_in_quarter, "), "{told}");
}

/// Every number of a cell, the schemes that the lives know among them.
fn columns() -> Vec<Column> {
    let measures = Measure::ALL.iter().map(|measure| Column::Measure(*measure));
    measures.chain(["a", "b", "never"].map(|scheme| Column::Scheme(scheme.into()))).collect()
}

/// The cells that could be asked for, also those in which nobody is.
fn keys(asked: &Asked, lives: &[Life]) -> BTreeSet<CellKey> {
    let there = asked.figures(lives).cells.into_iter().map(|(key, _)| key);
    let empty = [CellKey::Method(Method::Other), CellKey::MethodFunding(Method::Wabz, Funding::Other)];
    there.chain(empty).chain([CellKey::MethodOrganisation(Method::Ips, "nobody".into())]).collect()
}

/// The timeline of the deciding events alone.
fn of_these(timeline: &Timeline, told: &Outcome) -> Timeline {
    let chosen: BTreeSet<_> = told.events.iter().map(|event| event.id).collect();
    let events = timeline.events().iter().filter(|event| chosen.contains(&event.id)).cloned().collect();
    Timeline::restored(timeline.organisation().clone(), timeline.client(), timeline.revision(), events)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]

    #[test]
    fn who_is_behind_a_number_is_who_was_counted_in_it(lives in some_lives(), of in proptest::sample::select(QUARTERS.to_vec())) {
        for scope in ["national", "region:AM05", "organisation:org-2", "region:AM18,organisation:org-1"] {
            let asked = Asked::of(of).scope(scope).tables();
            let figures = asked.figures(&lives);
            for key in keys(&asked, &lives) {
                let counts = figures.cell(&key).cloned().unwrap_or_else(Counts::of_nobody);
                for column in columns() {
                    let number = Number { key: key.clone(), column };
                    let told: Vec<_> = lives.iter().map(|life| (life, outcome(life.timeline(), &number, &asked.question()))).collect();
                    let sum: u64 = told.iter().map(|(_, told)| told.adds).sum();
                    let behind = match number.column {
                        Column::Measure(Measure::Organisations) => {
                            let counted = told.iter().filter(|(_, told)| told.adds > 0);
                            counted.map(|(life, _)| life.timeline().organisation()).collect::<BTreeSet<_>>().len() as u64
                        }
                        Column::Measure(_) | Column::Scheme(_) => sum,
                    };
                    prop_assert_eq!(behind, number.column.of(&counts), "{} of {} in {}", number, of, scope);
                    if matches!(number.column, Column::Measure(_)) {
                        let in_cell = told.iter().filter(|(_, told)| told.in_cell).count() as u64;
                        prop_assert_eq!(in_cell, counts.get(Measure::Running), "{} of {} in {}", number, of, scope);
                    }
                    for (_, told) in &told {
                        prop_assert!(told.adds == 0 || (told.in_cell && told.cells.contains(&number.key)), "{}: {:?}", number, told);
                    }
                }
            }
        }
    }

    #[test]
    fn the_events_that_are_named_decide_it_alone_and_a_reason_says_whether_it_counts(lives in proptest::collection::vec(some_life(), 1..6)) {
        let lives: Vec<Life> = (1..).zip(&lives).map(|(stream, life)| life_of(stream, life)).collect();
        for of in QUARTERS {
            let asked = Asked::of(of).tables();
            for key in keys(&asked, &lives) {
                for column in columns() {
                    let number = Number { key: key.clone(), column };
                    let mut counted: BTreeMap<Reason, bool> = BTreeMap::new();
                    for life in &lives {
                        let whole = outcome(life.timeline(), &number, &asked.question());
                        let alone = outcome(&of_these(life.timeline(), &whole), &number, &asked.question());
                        prop_assert_eq!(
                            (alone.adds, alone.in_cell, alone.reason, &alone.events),
                            (whole.adds, whole.in_cell, whole.reason, &whole.events),
                            "{} of {}", number, of
                        );
                        prop_assert!(whole.reason == Reason::NoIntake || !whole.events.is_empty());
                        prop_assert_eq!(whole.reason.code().parse(), Ok(whole.reason), "every reason is in the list");
                        let before = *counted.entry(whole.reason).or_insert(whole.adds > 0);
                        prop_assert_eq!(before, whole.adds > 0, "{}: {:?} counts or it does not", number, whole.reason);
                    }
                }
            }
        }
    }
}

#[test]
fn contacts_and_what_comes_after_the_quarter_decide_nothing() {
    let life = Life::starts("2024-10-01")
        .then("2025-01-02", Fact::Contact { with_employer: true, minutes: None })
        .changes("2025-02-01", |changes| changes.coach = Some(Some("bea".into())))
        .outflow("2025-06-30");
    for measure in Measure::ALL {
        let told = told(&life, &format!("all.{}", measure.as_str()));
        assert_eq!(told.events.iter().map(|event| event.revision).collect::<Vec<_>>(), [1], "{measure:?}");
    }
}
