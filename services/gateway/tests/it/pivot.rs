//! The figures by rows and columns that one chooses, as a page and as files: the numbers of `/cijfers`, and the lines behind them.

use figures::Measure;

use crate::{
    dashboard::{ask, html, recorded, row},
    signed::{Signed, case},
};

/// The quarters that end with the one that is asked for, the oldest first.
const NINE: [&str; 9] = ["2024Q1", "2024Q2", "2024Q3", "2024Q4", "2025Q1", "2025Q2", "2025Q3", "2025Q4", "2026Q1"];
const ADDRESSES: [&str; 4] = ["/cijfers/draaitabel", "/cijfers/draaitabel.csv", "/cijfers/draaitabel.xlsx", "/cijfers/draaitabel.parquet"];

/// As [`recorded`], and one of organisation 2 by another method.
async fn by_two_methods() -> Signed {
    let signed = recorded().await;
    let max = signed.session("max").await;
    let mut other = case(4, "org-2", "ann");
    other["data"]["method"] = "jobcoaching".into();
    assert_eq!(signed.record(&max, &other).await.status, 201);
    signed
}

/// What the columns are of.
fn heads(html: &str) -> Vec<&str> {
    html.split("<th scope=\"col\" class=\"number\">").skip(1).map(|head| head.split("</th>").next().unwrap()).collect()
}

/// The heads of a CSV, and the lines of whose fields this holds.
fn kept(csv: &str, holds: impl Fn(&[&str]) -> bool) -> String {
    let lines = csv.split_inclusive('\n').enumerate();
    lines.filter(|(n, line)| *n == 0 || holds(&line.split(',').collect::<Vec<_>>())).map(|(_, line)| line).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn all_methods_together_are_what_the_figures_of_that_scope_are() {
    let signed = by_two_methods().await;
    let lena = signed.session("lena").await;
    let measures: Vec<Measure> = Measure::ALL.iter().copied().filter(|measure| *measure != Measure::Organisations).collect();
    for (rows, name, scope) in [
        ("regio", "Groot Amsterdam", "region:AM18"),
        ("organisatie", "Org 1", "organisation:org-1"),
        ("organisatie", "Org 2", "organisation:org-2"),
        ("financiering", "UWV", "national"),
    ] {
        let page = html(&signed, &lena, &format!("/cijfers/draaitabel?kwartaal=2026Q1&rijen={rows}&kolommen=maat")).await;
        let figures = html(&signed, &lena, &format!("/cijfers?kwartaal=2026Q1&gebied={scope}")).await;
        assert_eq!(heads(&page), measures.iter().map(|measure| measure.dutch()).collect::<Vec<_>>(), "{rows}");
        let expected: Vec<String> = measures.iter().map(|measure| row(&figures, measure.dutch())[..2].concat()).collect();
        assert_eq!(row(&page, name), expected, "{rows} {name}");
        assert!(page.contains("opgeteld") && page.contains("Logpositie 5, definities werkmonitor-"), "{page}");
    }
    let region = html(&signed, &lena, "/cijfers/draaitabel?kwartaal=2026Q1&rijen=regio&kolommen=kwartaal").await;
    assert_eq!(row(&region, "Groot Amsterdam").last().unwrap(), "125,0% van 4", "one of both methods has paid work");
    let methods = html(&signed, &lena, "/cijfers/draaitabel?kwartaal=2026Q1&rijen=regio&kolommen=methode").await;
    assert_eq!(
        (heads(&methods), row(&methods, "Groot Amsterdam")),
        (vec!["IPS", "Jobcoaching"], vec!["133,3% van 3".to_owned(), "00,0% van 1".to_owned()])
    );
    assert!(!methods.contains("opgeteld"), "{methods}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_method_has_the_numbers_that_the_figures_have_of_it() {
    let signed = by_two_methods().await;
    let lena = signed.session("lena").await;
    let page = html(&signed, &lena, "/cijfers/draaitabel?kwartaal=2026Q1").await;
    let turned = html(&signed, &lena, "/cijfers/draaitabel?kwartaal=2026Q1&rijen=maat").await;
    assert!(page.contains("<caption>Methode naar maat</caption>") && turned.contains("<caption>Maat naar methode</caption>"), "{page}");
    for (place, (code, name)) in [("ips", "IPS"), ("jobcoaching", "Jobcoaching")].into_iter().enumerate() {
        let figures = html(&signed, &lena, &format!("/cijfers?kwartaal=2026Q1&methode={code}")).await;
        let expected: Vec<String> = Measure::ALL.iter().map(|measure| row(&figures, measure.dutch())[..2].concat()).collect();
        assert_eq!(row(&page, name), expected, "{code}");
        let down: Vec<String> = Measure::ALL.iter().map(|measure| row(&turned, measure.dutch())[place].clone()).collect();
        assert_eq!(down, expected, "{code}");
    }
    let variants = html(&signed, &lena, "/cijfers/draaitabel?kwartaal=2026Q1&rijen=variant&methode=ips").await;
    assert_eq!(row(&variants, "Onbekend")[0], "3", "no variant was recorded");
    let none = html(&signed, &lena, "/cijfers/draaitabel?kwartaal=2026Q1&rijen=variant&methode=jobcoaching").await;
    assert!(none.contains("Hierover zijn er geen cijfers") && !none.contains("<table"), "{none}");
}

#[tokio::test(flavor = "multi_thread")]
async fn quarters_stand_in_their_order_and_what_the_figures_do_not_have_is_no_zero() {
    let signed = by_two_methods().await;
    let lena = signed.session("lena").await;
    let page = html(&signed, &lena, "/cijfers/draaitabel?kwartaal=2026Q2&kolommen=kwartaal&maat=running").await;
    let shown = heads(&page);
    assert_eq!((shown.len(), shown[0], shown[8]), (9, "2e kwartaal 2024", "2e kwartaal 2026"));
    assert_eq!(row(&page, "IPS"), [vec!["–"; 7], vec!["3"; 2]].concat());
    assert!(page.contains("Een streepje (–)"), "{page}");
    let down = html(&signed, &lena, "/cijfers/draaitabel?kwartaal=2026Q2&rijen=kwartaal&kolommen=methode&maat=running").await;
    assert_eq!(
        (row(&down, "4e kwartaal 2025"), row(&down, "1e kwartaal 2026")),
        (vec!["–".to_owned(); 2], vec!["3".to_owned(), "1".to_owned()])
    );
    // Of all together there is a line also where nothing ran.
    let all = html(&signed, &lena, "/cijfers/draaitabel?kwartaal=2026Q1&rijen=maat&kolommen=kwartaal").await;
    assert_eq!(row(&all, "Lopend"), [vec!["0"; 8], vec!["4"]].concat());
    assert!(!all.contains("Een streepje") && !all.contains("voorlopig"), "{all}");
    assert!(html(&signed, &lena, "/cijfers/draaitabel?kwartaal=2026Q3&kolommen=kwartaal").await.contains("voorlopig"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_manager_sees_the_own_organisation_and_no_others_beside_it() {
    let signed = by_two_methods().await;
    let (mia, ann) = (signed.session("mia").await, signed.session("ann").await);
    let page = html(&signed, &mia, "/cijfers/draaitabel?kwartaal=2026Q1&rijen=regio&kolommen=kwartaal&maat=running").await;
    assert_eq!(row(&page, "Groot Amsterdam").last().unwrap(), "2");
    assert!(!page.contains("org-2") && !page.contains("Org 2") && !page.contains("value=\"organisatie\""), "{page}");
    for address in ADDRESSES {
        let refused = ask(&signed, &mia, &format!("{address}?rijen=organisatie")).await;
        assert_eq!((refused.status, refused.header("content-type")), (400, "text/html; charset=utf-8"), "{address}");
        assert!(String::from_utf8(refused.body.to_vec()).unwrap().contains("Organisaties naast elkaar"), "{address}");
        for scope in ["national", "organisation:org-2", "region:AM18", "region:AM18,organisation:org-2"] {
            for rows in ["methode", "organisatie"] {
                let path = format!("{address}?kwartaal=2026Q1&gebied={scope}&rijen={rows}");
                assert_eq!(ask(&signed, &mia, &path).await.status, 403, "{path}");
            }
        }
        assert_eq!(ask(&signed, &ann, &format!("{address}?rijen=x")).await.status, 403, "a coach is not told what there is");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_lines_behind_a_table_are_taken_along_and_no_others() {
    let signed = by_two_methods().await;
    let lena = signed.session("lena").await;
    let all = html(&signed, &lena, "/cijfers/tabellen.csv?kwartaal=2026Q1").await;
    let taken = async |query: &str| html(&signed, &lena, &format!("/cijfers/draaitabel.csv?kwartaal=2026Q1&{query}")).await;
    assert_eq!(taken("rijen=methode&kolommen=maat").await, kept(&all, |of| of[2] == "by_method"));
    let of_ips = taken("rijen=regio&kolommen=maat&methode=ips").await;
    assert_eq!(of_ips, kept(&all, |of| of[2..4] == ["by_method_region", "ips"]));
    let paid = taken("rijen=organisatie&kolommen=kwartaal").await;
    assert_eq!(paid, kept(&all, |of| (of[2], of[5]) == ("by_method_organisation", "paid_work")));
    assert_eq!(paid.lines().count(), 4, "the heads, and two organisations of which one has two methods: {paid}");
    let mut of_quarters = kept(&all, |_| false);
    for quarter in NINE {
        let csv = html(&signed, &lena, &format!("/cijfers/tabellen.csv?kwartaal={quarter}")).await;
        of_quarters.push_str(kept(&csv, |of| of[2] == "all").split_once('\n').unwrap().1);
    }
    assert_eq!(of_quarters.lines().count(), 1 + NINE.len() * Measure::COUNT);
    assert_eq!(taken("rijen=maat&kolommen=kwartaal").await, of_quarters);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_page_leads_to_its_files_and_the_figures_lead_to_it() {
    let signed = by_two_methods().await;
    let lena = signed.session("lena").await;
    let figures = html(&signed, &lena, "/cijfers?kwartaal=2026Q1").await;
    assert!(figures.contains("href=\"/cijfers/draaitabel?kwartaal=2026Q1&#38;gebied=national\""), "{figures}");
    let query = "kwartaal=2026Q1&gebied=region:AM18&rijen=financiering&kolommen=kwartaal&maat=running&methode=ips";
    let page = html(&signed, &lena, &format!("/cijfers/draaitabel?{query}")).await;
    for (ending, begin) in [("csv", &b"quarter,"[..]), ("xlsx", b"PK\x03\x04"), ("parquet", b"PAR1")] {
        let address = format!("/cijfers/draaitabel.{ending}?{query}");
        assert!(page.contains(&format!("href=\"{}\" download", address.replace('&', "&#38;"))), "{address}: {page}");
        let answer = ask(&signed, &lena, &address).await;
        let name = format!("attachment; filename=\"draaitabel-financiering-kwartaal-2026Q1-regio-AM18.{ending}\"");
        assert_eq!((answer.status, answer.header("content-disposition")), (200, name.as_str()));
        assert!(answer.body.starts_with(begin), "{address}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_asked_is_a_page_that_says_so() {
    let signed = by_two_methods().await;
    let lena = signed.session("lena").await;
    for (query, status, words) in [
        ("rijen=x", 400, "De rijen of de kolommen in het adres zijn er niet."),
        ("kolommen=regio", 400, "De rijen of de kolommen in het adres zijn er niet."),
        ("rijen=maat&kolommen=maat", 400, "Rijen en kolommen zijn hetzelfde."),
        ("maat=x", 400, "Deze maat is er niet"),
        ("rijen=regio&kolommen=kwartaal&maat=organisations", 400, "niet op te tellen"),
        ("methode=x", 400, "Deze methode is er niet."),
        ("rijen=regio&gebied=region:AM18", 400, "binnen één regio"),
        ("rijen=organisatie&gebied=organisation:org-1", 400, "binnen één organisatie"),
        ("kwartaal=2025", 400, "Een kwartaal schrijf je zo: 2025Q1."),
        ("kwartaal=2026Q4", 404, "Dit kwartaal is nog niet begonnen."),
        ("gebied=organisation:org-9", 404, "liep in dit kwartaal geen traject"),
        ("gebied=organisation:org-9&kolommen=kwartaal", 404, "in dit kwartaal en de twee jaar ervoor niets vastgelegd"),
        ("rijen=maat&rijen=maat", 400, "Dit is niet gelukt"),
        ("x=1", 400, "Dit is niet gelukt"),
    ] {
        for address in ADDRESSES {
            let answer = ask(&signed, &lena, &format!("{address}?{query}")).await;
            assert_eq!((answer.status, answer.header("content-type")), (status, "text/html; charset=utf-8"), "{address}?{query}");
            let page = String::from_utf8(answer.body.to_vec()).unwrap();
            assert!(page.contains(words), "{address}?{query}: {page}");
        }
    }
    let of_one = "/cijfers/draaitabel?kwartaal=2026Q1&rijen=regio&kolommen=kwartaal&maat=organisations&methode=ips";
    assert_eq!(row(&html(&signed, &lena, of_one).await, "Groot Amsterdam").last().unwrap(), "2");
}
