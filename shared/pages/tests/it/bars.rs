//! The picture of work over time stays within its frame, whatever the dates.

use pages::{Colour, Day, Lane, Lang, Of, OverTime, Page, Span, Trajectory};

use crate::data::{day, today, trajectory::noor};

fn drawn(spans: Vec<Span>, ends: Option<Day>, contacts: Vec<Day>) -> String {
    let lanes = vec![Lane { of: Of::Job { employer: None, hours: None }, spans, ends }];
    Trajectory { over_time: Some(OverTime { lanes, contacts }), ..noor(Lang::Nl) }.html().expect("rendered")
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
