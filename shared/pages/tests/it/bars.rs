//! The picture of work over time stays within its frame, whatever the dates.

use pages::{Colour, Day, Lane, Lang, Of, OverTime, Page, Span, Trajectory};

use crate::data::{day, today, trajectory::noor};

fn drawn(spans: Vec<Span>, ends: Option<Day>, contacts: Vec<Day>) -> String {
    let lanes = vec![Lane { of: Of::Job { employer: None, hours: None }, spans, ends }];
    Trajectory { over_time: Some(OverTime { began: day(2025, 1, 13), ended: None, lanes, contacts }), ..noor(Lang::Nl) }
        .html()
        .expect("rendered")
}

fn percents(html: &str, key: &str) -> Vec<u32> {
    let values = html.split(key).skip(1).filter_map(|rest| rest.split('"').next()?.strip_suffix('%'));
    values.map(|value| value.replace('.', "").parse().expect("two decimals")).collect()
}

#[test]
fn nothing_is_drawn_beyond_the_edges() {
    let span = |from, until| Span { from, until, colour: Colour::Work };
    let cases = [
        (vec![span(today(), None)], None, vec![]),
        (vec![span(day(1990, 1, 31), None)], Some(day(9999, 12, 31)), vec![day(2025, 1, 1)]),
        (vec![span(day(2025, 11, 19), Some(day(2025, 11, 20)))], Some(today()), vec![today()]),
        (vec![span(day(2024, 2, 29), Some(day(2024, 2, 29)))], Some(day(2020, 1, 1)), vec![day(2030, 1, 1)]),
    ];
    for (spans, ends, contacts) in cases {
        let html = drawn(spans, ends, contacts);
        let picture = html.split_once(r#"<svg class="bars""#).expect("a picture").1.split_once("</svg>").expect("its end").0;
        for key in ["x=\"", "x1=\"", "cx=\""] {
            assert!(percents(picture, key).into_iter().all(|at| at <= 10_000), "{picture}");
        }
        let bars = picture.split("<rect ").skip(1).map(|bar| (percents(bar, " x=\"")[0], percents(bar, " width=\"")[0]));
        assert!(bars.into_iter().all(|(from, wide)| wide >= 60 && from + wide <= 10_060), "{picture}");
    }
}

#[test]
fn what_is_drawn_is_told_too() {
    let html = drawn(vec![Span { from: day(2025, 3, 10), until: Some(day(2025, 4, 5)), colour: Colour::Sustainable }], None, vec![today()]);
    let told = "Werk: 10 maart 2025 tot en met 4 april 2025. Duurzaam 10 maart 2025 tot en met 4 april 2025";
    assert!(html.matches(told).count() == 2 && html.contains("Laatste contact op 20 november 2025."));
}

fn picture(over: OverTime) -> (String, String) {
    let html = Trajectory { over_time: Some(over), ..noor(Lang::Nl) }.html().expect("rendered");
    let (_, rest) = html.split_once(r#"<svg class="bars""#).expect("a picture");
    let (picture, rest) = rest.split_once("</svg>").expect("its end");
    (picture.to_owned(), rest.split_once("</section>").expect("an end").0.to_owned())
}

fn job(employer: &str, from: Day, until: Option<Day>, colour: Colour) -> Lane {
    Lane { of: Of::Job { employer: Some(employer.to_owned()), hours: None }, spans: vec![Span { from, until, colour }], ends: None }
}

#[test]
fn work_of_which_it_is_not_known_looks_otherwise_and_is_told_so() {
    let of = |colour| OverTime {
        began: day(2025, 1, 13),
        ended: None,
        lanes: vec![job("Zon", day(2025, 3, 10), None, colour)],
        contacts: vec![],
    };
    let (unknown, told) = picture(of(Colour::Unknown));
    assert!(unknown.contains(r#"class="bars-unknown""#) && !unknown.contains("bars-work"), "{unknown}");
    assert!(told.contains("Werk, niet bekend of het duurzaam is") && !told.contains("niet duurzaam"), "{told}");
    assert!(told.contains("Niet bekend of het duurzaam is: vanaf 10 maart 2025"), "{told}");
    let (work, told) = picture(of(Colour::Work));
    assert!(work.contains(r#"class="bars-work""#) && told.contains("Werk, niet duurzaam"), "{told}");
}

#[test]
fn what_lies_more_than_a_year_before_the_beginning_is_not_drawn_and_said() {
    let over = OverTime {
        began: day(2025, 1, 13),
        ended: None,
        lanes: vec![job("Zon", day(2000, 3, 10), Some(day(2001, 1, 1)), Colour::Work), job("Maan", day(2025, 3, 10), None, Colour::Work)],
        contacts: vec![day(1999, 1, 1), day(2025, 2, 1)],
    };
    let (drawn, told) = picture(over);
    assert!(told.contains("Niet getekend, van voor januari 2024: Zon, 1 contact."), "{told}");
    assert_eq!(drawn.matches("bars-contact").count(), 1);
    assert_eq!(drawn.matches(r#"<rect class="bars-work""#).count(), 1, "what is over before the first day has no bar: {drawn}");
    assert!(!drawn.contains(">2001<") && percents(&drawn, " width=\"").last() > Some(&2_000), "{drawn}");
    let (_, told) = picture(OverTime {
        began: day(2025, 1, 13),
        ended: None,
        lanes: vec![job("Zon", day(2024, 2, 10), None, Colour::Work)],
        contacts: vec![],
    });
    assert!(!told.contains("Niet getekend"), "{told}");
}

#[test]
fn a_trajectory_that_has_ended_is_drawn_until_its_last_day() {
    let last = day(2025, 6, 30);
    let over = |ended| OverTime {
        began: day(2025, 1, 13),
        ended,
        lanes: vec![job("Zon", day(2025, 3, 10), None, Colour::Work)],
        contacts: vec![],
    };
    let (ended, _) = picture(over(Some(last)));
    assert!(ended.contains(">einde<") && !ended.contains(">nu<"), "{ended}");
    assert!(!ended.contains(">okt<"), "no quarter after its end: {ended}");
    let (runs, _) = picture(over(None));
    assert!(runs.contains(">nu<") && !runs.contains(">einde<"));
}
