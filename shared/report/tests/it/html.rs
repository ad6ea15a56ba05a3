//! The report as HTML.

use report::{fragment, page, svg, write};

use crate::support::{cells, facts};

fn report() -> report::Report {
    let mut facts = facts(cells(10, 4), Some(cells(8, 4)), Some(cells(12, 3)));
    facts.trend = vec![facts.current.numbers.clone(); 5];
    write(&facts)
}

#[test]
fn no_markup_has_an_inline_style_a_script_or_a_handler() {
    let html = fragment(&report()).expect("it is written");
    assert!(html.contains("<svg") && html.contains("<table"), "there is something to look at");
    for forbidden in ["style=", "<style", "<script", " onclick", " onload", "javascript:"] {
        assert!(!html.contains(forbidden), "{forbidden}");
    }
}

#[test]
fn every_table_has_a_caption_and_every_head_a_scope() {
    let html = fragment(&report()).expect("it is written");
    assert_eq!(html.matches("<table").count(), html.matches("<caption>").count());
    assert_eq!(html.matches("<th ").count() + html.matches("<thead>").count(), html.matches("<th").count());
    assert_eq!(html.matches("<th ").count(), html.matches(" scope=").count());
    assert!(!html.contains("<th scope=\"col\"></th>"), "a column without a head");
}

#[test]
fn whatever_can_be_moved_sideways_is_reached_with_the_keyboard_and_says_what_it_is() {
    let html = fragment(&report()).expect("it is written");
    for class in ["report-scroll", "report-picture"] {
        let all: Vec<&str> =
            html.split(&format!("<div class=\"{class}\"")).skip(1).map(|rest| rest.split('>').next().unwrap_or_default()).collect();
        assert!(!all.is_empty(), "{class}");
        for attributes in all {
            let label = attributes.split_once(" aria-label=\"").and_then(|(_, rest)| rest.split('"').next()).unwrap_or_default();
            assert!(attributes.contains(" tabindex=\"0\" role=\"group\"") && !label.is_empty(), "{class}{attributes}");
        }
    }
}

#[test]
fn within_another_page_no_id_is_that_of_its_content_and_no_two_landmarks_have_one_name() {
    let html = fragment(&report()).expect("it is written");
    assert!(!html.contains("id=\"inhoud\""));
    let mut named: Vec<&str> = html.split(" aria-labelledby=\"").skip(1).filter_map(|rest| rest.split('"').next()).collect();
    let all = named.len();
    named.sort_unstable();
    named.dedup();
    assert_eq!((named.len(), html.matches("<section>").count() > 0), (all, true));
}

#[test]
fn every_chart_has_a_number_a_title_a_description_and_a_table() {
    let report = report();
    let numbers: Vec<&str> = report.charts().map(|chart| chart.number).collect();
    assert_eq!(numbers, ["1a", "1b", "2", "13", "3a", "3b", "4"]);
    for chart in report.charts() {
        let drawn = svg(chart, "x");
        assert!(drawn.contains("<title id=\"x-title\">") && drawn.contains("<desc id=\"x-desc\">"));
        assert!(chart.description.len() > 20 && !chart.table.rows.is_empty(), "{}", chart.number);
        assert!(chart.table.rows.iter().all(|(_, cells)| cells.len() + 1 == chart.table.columns.len()), "{}", chart.number);
    }
}

#[test]
fn every_entry_of_the_contents_leads_to_one_place() {
    let html = fragment(&report()).expect("it is written");
    let targets: Vec<&str> = html.split("href=\"#").skip(1).filter_map(|rest| rest.split('"').next()).collect();
    assert!(targets.len() > 10);
    for target in targets {
        assert_eq!(html.matches(&format!("id=\"{target}\"")).count(), 1, "{target}");
    }
}

#[test]
fn what_somebody_wrote_never_becomes_markup() {
    let mut report = report();
    "<b>&\"".clone_into(&mut report.title);
    for section in &mut report.sections {
        for block in &mut section.blocks {
            if let report::Block::Chart(chart) = block {
                "<b>&\"".clone_into(&mut chart.title);
                "<b>&\"".clone_into(&mut chart.plot.categories[0]);
            }
        }
    }
    let html = page(&report).expect("it is written");
    assert!(!html.contains("<b>") && html.contains("&lt;b&gt;"));
}

#[test]
fn a_page_of_its_own_is_dutch_and_brings_its_styles() {
    let html = page(&report()).expect("it is written");
    assert!(html.starts_with("<!DOCTYPE html>\n<html lang=\"nl\">"));
    assert_eq!(html.matches("<style>").count(), 1);
    assert!(html.contains("@media print") && html.contains("<h1>Werkmonitor: begeleiding naar betaald werk in kwartaal 1 van 2025</h1>"));
}
