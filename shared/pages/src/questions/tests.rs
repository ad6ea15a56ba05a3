//! What pages of questions show: estimates with their intervals, curves, parts.

use super::*;
use crate::{Assets, Theme, dashboard::Part, parts::Choosable};

fn frame(lang: Lang) -> Frame {
    Frame { lang, theme: Theme::Auto, who: None, csrf: String::new(), assets: Assets::built_in() }
}

fn about() -> AskedAbout {
    AskedAbout {
        quarter: "2025Q1".to_owned(),
        quarters: vec![Choosable::new("2025Q1", "")],
        scope: "national".to_owned(),
        scopes: vec![Choosable::new("national", "Nederland")],
        scope_name: "Nederland".to_owned(),
    }
}

fn page(lang: Lang, question: OpenQuestion, answer: Answer) -> OpenQuestionPage {
    OpenQuestionPage {
        frame: frame(lang),
        question,
        about: about(),
        further: Vec::new(),
        until: Day::new(2025, 3, 31).unwrap(),
        provisional: false,
        position: 12,
        observed: 40,
        fewest: Some(5),
        own_only: true,
        months: vec![(6, 183), (12, 365)],
        answer,
    }
}

fn group(name: GroupName, curve: Option<Curve>) -> Group {
    Group { name, observed: 40, happened: 9, curve }
}

fn curve() -> Curve {
    let parts = |happened, interval| Parts { happened, interval };
    Curve {
        median: None,
        months: vec![Month { month: 12, parts: parts(354_999, Some((305_000, 404_999))), at_risk: 1_234 }],
        steps: vec![(100, parts(100_000, Some((50_000, 200_000)))), (300, parts(354_999, Some((305_000, 404_999))))],
        end: 365,
    }
}

#[test]
fn an_estimate_stands_with_its_interval_and_with_how_many_it_rests_on() {
    let answer = Answer::UnpaidWork { had_one: 3, groups: vec![group(GroupName::Without, Some(curve())), group(GroupName::During, None)] };
    let html = page(Lang::Nl, OpenQuestion::UnpaidWork, answer).html().unwrap();
    assert!(html.contains("<th scope=\"row\">12 maanden</th><td class=\"number\">35% (31–40%)<span class=\"table-more\">1.234 gevolgd</span></td><td class=\"number\">–</td>"), "{html}");
    assert!(!html.contains("<th scope=\"row\">6 maanden"), "nothing is known of month 6: {html}");
    assert!(html.contains("<td class=\"number\">40</td><td class=\"number\">9</td><td class=\"number\">niet bereikt</td>"), "{html}");
    assert!(html.contains("Van minder dan 5 ") && html.contains("niet gevolgd: 3."), "{html}");
}

#[test]
fn a_curve_rises_in_steps_within_its_band() {
    let answer = Answer::Lasting(vec![group(GroupName::Jobs, Some(curve()))]);
    let html = page(Lang::Nl, OpenQuestion::Lasting, answer).html().unwrap();
    // 365 days are 616 wide and the top is at 60 %, 260 high.
    assert!(html.contains("<path class=\"curve curve-0\" d=\"M48 272H217V229H554V118H664\"/>"), "{html}");
    assert!(html.contains("d=\"M48 272H217V185H554V97H664V140H554V250H217V272H48Z\""), "{html}");
    assert!(html.contains("<desc id=\"figuur-duur-uitleg\">Betaalde banen: na 12 maanden 35%.</desc>"), "{html}");
}

#[test]
fn steps_that_cannot_be_told_apart_are_one() {
    let parts = |happened| Parts { happened, interval: None };
    let steps = (0..1_000).map(|day| (day, parts(day * 100))).collect();
    let answer = Answer::Lasting(vec![group(GroupName::Jobs, Some(Curve { steps, end: 365, ..curve() }))]);
    let html = page(Lang::Nl, OpenQuestion::Lasting, answer).html().unwrap();
    assert!(html.len() < 20_000, "{}", html.len());
}

#[test]
fn what_became_of_a_trajectory_stands_with_what_it_is_a_part_of() {
    let part = Part { percentage: "12.5".to_owned(), of: 5, whole: 40 };
    let row = |became| BecameRow { of: "Jobcoaching".to_owned(), became, part: part.clone(), gap: Some(1_001) };
    let sequels = vec![row(Became::Followed("IPS".to_owned())), row(Became::Nothing)];
    let html = page(Lang::Nl, OpenQuestion::Sequels, Answer::Sequels { sequels, year_later: vec![row(Became::Running)] }).html().unwrap();
    assert!(html.contains("<th scope=\"row\">Jobcoaching, daarna IPS</th><td class=\"number\">5</td><td class=\"number\">12,5% van 40</td><td class=\"number\">1.001</td>"), "{html}");
    assert!(html.contains("width=\"60\"") && html.contains("eigen organisatie"), "{html}");
}

#[test]
fn every_question_has_a_page_of_its_own_and_says_what_does_not_follow() {
    for lang in [Lang::Nl, Lang::En] {
        let index = OpenQuestions { frame: frame(lang), about: about() }.html().unwrap();
        for question in OpenQuestion::ALL {
            assert_eq!(OpenQuestion::of(question.slug()), Some(question));
            let address = format!("href=\"/cijfers/vragen/{}?kwartaal=2025Q1&#38;gebied=national\"", question.slug());
            assert!(index.contains(&address) && index.contains(question.title(lang)), "{address}: {index}");
            let html = page(lang, question, Answer::Lasting(Vec::new())).html().unwrap();
            assert!(html.contains(&format!("<h1 class=\"utrecht-heading-1\">{}</h1>", question.title(lang))), "{html}");
            assert!(html.contains(question.can(lang)) && html.contains(question.cannot(lang)), "{html}");
        }
    }
    assert_eq!(OpenQuestion::of("x"), None);
}
