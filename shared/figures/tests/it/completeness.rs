//! Who delivered when, how soon it was recorded, and what a change is among those who delivered both times.

use domain::Method;
use figures::{
    AsOf, Measure,
    completeness::{COMPARED, Completeness, DeclaredAt, Delays, InQuarter, Panel, Point, Standing},
};

use crate::life::{Asked, Life, Q, day, quarter};

fn of(organisation: &str, method: Method, on: &str) -> Life {
    Life::of_organisation(organisation, on, |intake| intake.method = method)
}

fn counted(lives: &[Life]) -> Completeness {
    let asked = Asked::of(Q).tables();
    let mut whole = Completeness::default();
    // In parts, as a log is counted.
    for life in lives {
        let mut part = Completeness::default();
        part.count(&life.trajectory().expect("a trajectory"), &asked.question());
        whole.merge(part);
    }
    whole
}

/// Three organisations with jobcoaching a year ago, of which one stopped, and one that joined: 5 then, 4 now.
fn jobcoaching() -> Vec<Life> {
    let of = |organisation: &str, on: &str| of(organisation, Method::Jobcoaching, on);
    vec![
        of("a-stays", "2023-05-01"),
        of("a-stays", "2023-06-01").outflow("2024-08-01"),
        of("b-stays", "2024-01-01"),
        of("b-stays", "2024-11-01"),
        of("c-stops", "2023-01-01").outflow("2024-06-30"),
        of("c-stops", "2024-02-01").outflow("2024-12-31"),
        of("d-joins", "2025-02-01"),
        Life::of_organisation("a-stays", "2024-02-01", |_| {}),
    ]
}

fn panel(completeness: &Completeness, year: bool, method: Option<Method>) -> Panel {
    let [previous, earlier] = completeness.panels(quarter(Q));
    let (_, panels) = if year { earlier } else { previous };
    panels.into_iter().find(|panel| panel.method == method).expect("the method occurs")
}

#[test]
fn an_organisation_delivers_from_its_first_quarter_to_its_last_and_quarters_between_are_named() {
    let lives = [
        of("een", Method::Ips, "2023-02-01").outflow("2023-07-01"),
        of("een", Method::Ips, "2024-06-30").outflow("2024-07-01"),
        of("een", Method::Wabz, "2025-03-31"),
        // After the quarter that is asked about: not known yet to it.
        of("twee", Method::Ips, "2025-04-01"),
    ];
    let mut completeness = counted(&lives);
    completeness.told(&"een".into(), Method::Wabz, 1);
    let told: Vec<_> =
        completeness.deliveries.all().map(|one| (one.method, one.first.to_string(), one.last.to_string(), one.without)).collect();
    let without = ["2023Q4", "2024Q1"].map(quarter).to_vec();
    assert_eq!(
        told,
        [
            (Method::Ips, "2023Q1".to_owned(), "2024Q3".to_owned(), without),
            (Method::Wabz, "2025Q1".to_owned(), "2025Q1".to_owned(), Vec::new()),
        ]
    );
    assert!(!completeness.deliveries.delivered("een", Method::Ips, quarter(Q)));
    assert_eq!(completeness.delivered("een", quarter(Q)).collect::<Vec<_>>(), [Method::Wabz]);
}

#[test]
fn who_has_trajectories_and_records_nothing_about_the_quarter_has_not_delivered() {
    let of = |organisation: &str| of(organisation, Method::Ips, "2023-02-01");
    let mut completeness = counted(&[of("een"), of("twee")]);
    completeness.told(&"een".into(), Method::Ips, 0);
    let mut part = Completeness::default();
    part.told(&"twee".into(), Method::Ips, 1);
    part.told(&"drie".into(), Method::Ips, 1);
    completeness.merge(part);
    let in_quarter = |organisation, method| completeness.in_quarter(organisation, method, quarter(Q));
    assert_eq!(in_quarter("een", Method::Ips), InQuarter::Silent);
    assert_eq!(in_quarter("twee", Method::Ips), InQuarter::Delivered);
    assert_eq!(in_quarter("twee", Method::Wabz), InQuarter::NoDelivery);
    assert_eq!(in_quarter("drie", Method::Ips), InQuarter::NoDelivery, "nothing of it counts as a trajectory");
    let state = AsOf { position: 3, recorded_at: None, provisional: false };
    assert_eq!(completeness.to_json(quarter(Q), &state)["deliveries"][0]["in_quarter"], "nothing recorded");
}

#[test]
fn what_was_not_delivered_is_said_in_words_and_is_no_number() {
    let completeness = counted(&[of("een", Method::Ips, "2023-02-01").outflow("2023-07-01")]);
    let state = AsOf { position: 3, recorded_at: None, provisional: false };
    let json = completeness.to_json(quarter(Q), &state);
    assert_eq!(json["deliveries"][0]["in_quarter"], "no delivery");
    assert_eq!(json["timeliness"][0]["events"], 0);
    assert_eq!(json["timeliness"][0]["median_days"], serde_json::Value::Null);
    let csv = completeness.to_csv(quarter(Q), &state);
    assert!(csv.contains("2025Q1,3,deliveries,een,ips,,in_quarter,no delivery\n"), "{csv}");
    assert!(csv.contains("2025Q1,3,timeliness,een,,,median_days,\n"), "{csv}");
}

#[test]
fn a_change_is_that_of_the_panel_less_who_stopped_and_more_who_joined() {
    let completeness = counted(&jobcoaching());
    let year = panel(&completeness, true, Some(Method::Jobcoaching));
    assert_eq!(year.raw(0), (5, 4));
    assert_eq!((year.both.then[0], year.both.now[0], year.stopped.then[0], year.joined.now[0]), (3, 3, 2, 1));
    assert_eq!((year.raw_change(0), year.both.change(0)), (-1, 0), "the decline is of who delivers, not of the panel");
    assert_eq!(year.both.organisations, ["a-stays", "b-stays"]);
    assert_eq!((year.stopped.organisations.clone(), year.joined.organisations.clone()), (vec!["c-stops".into()], vec!["d-joins".into()]));
    for year in [true, false] {
        for method in [None, Some(Method::Jobcoaching), Some(Method::Ips)] {
            let panel = panel(&completeness, year, method);
            for place in 0..COMPARED.len() {
                let (stopped, joined) = (i128::from(panel.stopped.then[place]), i128::from(panel.joined.now[place]));
                assert_eq!(panel.raw_change(place), panel.both.change(place) - stopped + joined, "{method:?} {place}");
            }
        }
    }
}

#[test]
fn the_sum_over_organisations_is_what_the_figures_say() {
    let lives = jobcoaching();
    let completeness = counted(&lives);
    for (then, year) in [("2024Q4", false), ("2024Q1", true)] {
        let panel = panel(&completeness, year, None);
        let (before, now) = (Asked::of(then).all(&lives), Asked::of(Q).all(&lives));
        for (place, measure) in COMPARED.into_iter().enumerate() {
            assert_eq!(panel.raw(place), (before.get(measure), now.get(measure)), "{} since {then}", measure.as_str());
        }
    }
    assert_eq!(COMPARED[0], Measure::Running, "who delivers is told by who runs");
}

#[test]
fn half_is_recorded_within_the_median_and_nine_of_ten_within_the_next() {
    let delays = |days: &[i32]| {
        let mut delays = Delays::default();
        days.iter().for_each(|late| delays.count(day("2025-01-10"), day("2025-01-10").plus_days(*late)));
        delays
    };
    let ten = delays(&[0, 0, 1, 2, 3, 7, 8, 20, 31, 90]);
    assert_eq!((ten.events(), ten.percentile(50), ten.percentile(90)), (10, Some(3), Some(31)));
    assert_eq!((ten.within(7), ten.within(30)), (6, 8));
    assert_eq!((ten.share_within(7).as_deref(), ten.share_within(30).as_deref()), (Some("60.0"), Some("80.0")));
    let none = delays(&[]);
    assert_eq!((none.percentile(50), none.share_within(7)), (None, None));
    assert_eq!(delays(&[-1]).percentile(90), Some(0), "what is recorded before its day is not late");
}

#[test]
fn the_last_moment_of_parts_is_the_latest_of_all() {
    let mut whole = Completeness::default();
    for micros in [5, 9, 7] {
        let mut part = Completeness::default();
        part.touched(&"een".into(), Method::Ips, Point { position: micros, micros: 1 });
        part.recorded(&"een".into(), day("2025-01-01"), day("2025-01-02"));
        whole.merge(part);
    }
    assert_eq!(whole.latest.values().map(|at| at.position).collect::<Vec<_>>(), [9]);
    assert_eq!(whole.delays["een"].events(), 3);
}

#[test]
fn a_declaration_holds_until_something_about_the_quarter_is_recorded_after_it() {
    let mut completeness = counted(&[of("een", Method::Ips, "2025-02-01")]);
    completeness.touched(&"een".into(), Method::Ips, Point { position: 7, micros: 100 });
    assert_eq!(
        completeness.standing("een", Method::Ips, quarter(Q), None),
        Standing::Silent,
        "nothing happened in the quarter, as far as is known"
    );
    completeness.told(&"een".into(), Method::Ips, 2);
    let standing = |organisation: &str, at| completeness.standing(organisation, Method::Ips, quarter(Q), at);
    let by_moment = |micros| Some(DeclaredAt { position: None, micros });
    let by_position = |position| Some(DeclaredAt { position: Some(position), micros: 5_000 });
    assert_eq!(standing("een", None), Standing::NotDeclared);
    assert_eq!(standing("een", by_position(7)), Standing::Declared);
    assert_eq!(standing("een", by_position(6)), Standing::RecordedSince, "an older moment that was imported afterwards");
    assert_eq!(standing("een", by_moment(100)), Standing::Declared);
    assert_eq!(standing("een", by_moment(99)), Standing::RecordedSince);
    assert_eq!(standing("twee", None), Standing::NoDelivery);
    assert_eq!(standing("twee", by_position(1)), Standing::Declared, "it said that there was nothing");
}
