//! The picture of work over time stays within its frame, whatever the dates.

use pages::{Change, Colour, Day, Decimal, Lane, Lang, Of, OverTime, Page, Span, Terms, Trajectory};

use crate::data::{day, today, trajectory::noor};

fn drawn(spans: Vec<Span>, ends: Option<Day>, contacts: Vec<Day>) -> String {
    let lanes = vec![Lane { of: Of::Job { employer: None, hours: None }, spans, ends, terms: None }];
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
    Lane {
        of: Of::Job { employer: Some(employer.to_owned()), hours: None },
        spans: vec![Span { from, until, colour }],
        ends: None,
        terms: None,
    }
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
fn the_list_tells_the_conditions_every_colour_and_the_time_between_jobs() {
    let terms = |hours| Some(Box::new(Terms { hours: Change::To(Decimal::whole(hours)), ..crate::data::forms::now() }));
    let lanes = |until| {
        vec![
            Lane { terms: terms(8), ..job("Zon", day(2025, 2, 3), Some(day(2025, 3, 1)), Colour::Work) },
            Lane { terms: terms(20), ..job("Maan", day(2025, 5, 1), until, Colour::Sustainable) },
        ]
    };
    let over = |ended, until| OverTime { began: day(2025, 1, 13), ended, lanes: lanes(until), contacts: vec![day(2025, 2, 1)] };
    let (drawn, told) = picture(over(None, None));
    let list: Vec<&str> = told.split("list__item\">").skip(1).filter_map(|item| item.split("</li>").next()).collect();
    let conditions = "gewone werkplek, normaal loon zonder subsidie, contract tot en met 14 februari 2026";
    let zon = "Zon: 3 februari 2025 tot en met 28 februari 2025";
    assert_eq!(
        list,
        [
            format!("{zon}. Het laatst 8 uur per week, {conditions}. Niet duurzaam 3 februari 2025 tot en met 28 februari 2025"),
            format!("Maan: vanaf 1 mei 2025. Nu 20 uur per week, {conditions}. Duurzaam vanaf 1 mei 2025"),
            "Zonder betaald werk: 1 maart 2025 tot en met 30 april 2025".to_owned(),
            "1 contact. Laatste contact op 1 februari 2025".to_owned(),
        ]
    );
    assert!(list.iter().all(|sentence| drawn.contains(&format!("{sentence}."))), "the picture is called the same: {drawn}");
    let (_, ended) = picture(over(Some(day(2025, 6, 30)), None));
    assert!(ended.contains("Het laatst 20 uur per week") && !ended.contains("Nu 20"), "{ended}");
    let (_, free) = picture(over(None, Some(day(2025, 8, 1))));
    assert!(free.contains("tot en met 30 april 2025; vanaf 1 augustus 2025"), "{free}");
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
