//! The figures as a page: for those who may see them, of what they may see, beside what the API answers.

use axum::http::Method;
use serde_json::json;

use crate::{
    signed::{Signed, Who, case},
    world::{Answer, id, line, trajectory},
};

pub async fn ask(signed: &Signed, who: &Who, path: &str) -> Answer {
    signed.send(who.on(signed.request(Method::GET, path)).header("accept", "text/html"), "").await
}

pub async fn html(signed: &Signed, who: &Who, path: &str) -> String {
    let answer = ask(signed, who, path).await;
    assert_eq!(answer.status, 200, "{path}");
    String::from_utf8(answer.body.to_vec()).unwrap()
}

/// Two trajectories of organisation 1, one of them with paid work, and one of organisation 2.
pub async fn recorded() -> Signed {
    let signed = Signed::new().await;
    let (mia, max) = (signed.session("mia").await, signed.session("max").await);
    for (manager, n, organisation) in [(&mia, 1, "org-1"), (&mia, 2, "org-1"), (&max, 3, "org-2")] {
        assert_eq!(signed.record(manager, &case(n, organisation, "ann")).await.status, 201);
    }
    let mut start = line(1, 2, "paid_work_started", "2026-02-03", json!({"job_id": id(0xa000_0000, 1)}));
    start["organisation"] = "org-1".into();
    assert_eq!(signed.record(&mia, &start).await.status, 201);
    signed
}

/// What is read of a cell.
fn words(cell: &str) -> String {
    let parts = cell.split('<').map(|part| part.split_once('>').map_or(part, |(_, words)| words));
    parts.collect()
}

/// The cells of the row with this name.
pub fn row(html: &str, name: &str) -> Vec<String> {
    let from = html.find(&format!("<th scope=\"row\">{name}</th>")).unwrap_or_else(|| panic!("no row {name} in {html}"));
    let end = html[from..].find("</tr>").unwrap();
    html[from..from + end].split("<td class=\"number\">").skip(1).map(|cell| words(cell.split("</td>").next().unwrap())).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_percentage_stands_beside_what_it_is_of_and_beside_what_was() {
    let signed = recorded().await;
    let lena = signed.session("lena").await;
    let page = html(&signed, &lena, "/cijfers?kwartaal=2026Q1").await;
    assert_eq!(row(&page, "Lopend"), ["3", "", "+3", "+3"]);
    assert_eq!(row(&page, "Betaald werk"), ["1", "33,3% van 3", "+1", "+1"]);
    let ips = html(&signed, &lena, "/cijfers?kwartaal=2026Q1&gebied=organisation:org-2&methode=ips").await;
    assert_eq!(row(&ips, "Betaald werk"), ["0", "0,0% van 1", "0", "0"]);
    let none = html(&signed, &lena, "/cijfers?kwartaal=2026Q1&methode=wabz").await;
    assert!(none.contains("geen trajecten"), "{none}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_manager_sees_the_own_organisation_and_cannot_ask_for_another() {
    let signed = recorded().await;
    let mia = signed.session("mia").await;
    let page = html(&signed, &mia, "/cijfers?kwartaal=2026Q1").await;
    assert_eq!(row(&page, "Lopend")[0], "2");
    assert!(!page.contains("org-2") && !page.contains("Org 2"), "{page}");
    let regions = |page: &str| page.matches("<option value=\"region:").count();
    assert_eq!(regions(&page), 1, "those where the organisation is at work: {page}");
    let elsewhere = html(&signed, &mia, "/cijfers?kwartaal=2026Q1&gebied=region:AM24,organisation:org-1").await;
    assert_eq!(regions(&elsewhere), 2, "and the one that was asked for: {elsewhere}");
    for scope in ["national", "organisation:org-2", "region:AM18", "region:AM18,organisation:org-2"] {
        assert_eq!(ask(&signed, &mia, &format!("/cijfers?kwartaal=2026Q1&gebied={scope}")).await.status, 403, "{scope}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_quarter_scope_or_method_is_a_page_that_says_what_was_wrong_and_leads_on() {
    let signed = recorded().await;
    let lena = signed.session("lena").await;
    for (query, status, words) in [
        ("kwartaal=2025", 400, "Een kwartaal schrijf je zo: 2025Q1."),
        ("gebied=nowhere", 400, "Het gebied of de organisatie in het adres is niet te lezen"),
        ("gebied=region:AM99", 404, "Deze arbeidsmarktregio is er niet."),
        ("gebied=organisation:org-9", 404, "Van deze organisatie is in dit kwartaal en de twee jaar ervoor niets vastgelegd."),
        ("methode=x", 400, "Deze methode is er niet."),
        ("kwartaal=9999Q4", 404, "Dit kwartaal is nog niet begonnen."),
        ("kwartaal=2026Q4", 404, "Dit kwartaal is nog niet begonnen."),
        ("kwartaal=2026Q1&kwartaal=2026Q2", 400, "Dit is niet gelukt"),
        ("x=1", 400, "Dit is niet gelukt"),
    ] {
        let answer = ask(&signed, &lena, &format!("/cijfers?{query}")).await;
        assert_eq!((answer.status, answer.header("content-type")), (status, "text/html; charset=utf-8"), "{query}");
        let page = String::from_utf8(answer.body.to_vec()).unwrap();
        assert!(page.contains(words) && page.contains("utrecht-button--primary-action\" href=\"/cijfers\""), "{query}: {page}");
    }
    // The running quarter is there, and an organisation in which nothing runs yet but somebody works.
    assert!(html(&signed, &lena, "/cijfers?kwartaal=2026Q3").await.contains("voorlopig"));
    assert!(html(&signed, &lena, "/cijfers?kwartaal=2020Q1&gebied=organisation:org-2").await.contains("geen trajecten"));
    let page = html(&signed, &lena, "/cijfers?kwartaal=2026Q1").await;
    assert!(page.contains("Wat betekenen deze woorden?") && page.contains("Schuif de tabel opzij"), "{page}");
}

#[tokio::test(flavor = "multi_thread")]
async fn every_region_has_a_tile_that_leads_to_its_own_figures() {
    let signed = recorded().await;
    let lena = signed.session("lena").await;
    let page = html(&signed, &lena, "/cijfers?kwartaal=2026Q1").await;
    assert_eq!(page.matches("<rect class=\"tile ").count(), 35);
    assert!(page.contains("aria-label=\"Groot Amsterdam 33,3%, 1 van 3\""), "{page}");
    // The names stand in the tiles, and above them what each shade means: nothing runs elsewhere.
    assert!(page.contains(">Groot</text>") && page.contains(">Amsterdam</text>") && !page.contains(">AM18</text>"), "{page}");
    let scale = page.split("Schaal: percentage met betaald werk").nth(1).unwrap().split("</ul>").next().unwrap();
    let words: Vec<String> = scale.split("<li").skip(1).map(|item| words(&format!("<li{item}")).trim().to_owned()).collect();
    assert_eq!(words, ["33,3%", "geen lopende trajecten"]);
    // What the bars of the series show is said too.
    for part in ["Verhouding</th>", "waarvan met betaald werk</li>", "waarvan duurzaam</li>"] {
        assert!(page.contains(part), "{part} in {page}");
    }
    let one = html(&signed, &lena, "/cijfers?kwartaal=2026Q1&gebied=region:AM18").await;
    assert!(!one.contains("class=\"tile"), "a region has no regions");
    assert_eq!(row(&one, "Lopend")[0], "3");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_number_leads_to_the_trajectories_behind_it_and_to_what_decided_each() {
    let signed = recorded().await;
    let mia = signed.session("mia").await;
    let page = html(&signed, &mia, "/cijfers?kwartaal=2026Q1&methode=ips").await;
    let address = "/cijfers/verklaring?kwartaal=2026Q1&gebied=organisation:org-1&cel=by_method.ips.paid_work";
    assert!(page.contains(&address.replace('&', "&#38;")), "{page}");
    let page = html(&signed, &mia, address).await;
    for words in ["Betaald werk: 1", "Geteld: 1 traject", "Niet geteld: 1 traject", "Op de peildag een betaalde baan", "Geen betaalde baan"]
    {
        assert!(page.contains(words), "{words} in {page}");
    }
    assert!(page.contains(&format!("/trajecten/{}", trajectory(1))) && !page.contains(&format!("/trajecten/{}", trajectory(2))), "{page}");
    assert!(page.contains("Intake op 5 januari 2026 · Werk gestart op 3 februari 2026"), "{page}");
    let rest = html(&signed, &mia, &format!("{address}&uitkomst=left_out&reden=paid_job_none")).await;
    assert!(rest.contains(&format!("/trajecten/{}", trajectory(2))) && rest.contains("aria-current=\"true\""), "{rest}");
    assert!(rest.contains("Bij elk traject staan de gebeurtenissen"), "{rest}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_manager_reads_who_it_is_about_and_a_reason_once_where_all_have_the_same() {
    let signed = recorded().await;
    let mia = signed.session("mia").await;
    let mut nameless = case(5, "org-1", "bea");
    nameless["data"].as_object_mut().unwrap().remove("label");
    assert_eq!(signed.record(&mia, &nameless).await.status, 201);
    let address = "/cijfers/verklaring?kwartaal=2026Q1&gebied=organisation:org-1&cel=by_method.ips.running";
    let page = html(&signed, &mia, address).await;
    assert!(page.contains("Mevrouw De Wit</a>") && page.contains("<p class=\"row-what\">Name of bea</p>"), "{page}");
    assert!(page.contains(&format!("/trajecten/{0}\">Traject {1}</a>", trajectory(5), &trajectory(5)[..8])), "{page}");
    assert_eq!(page.to_lowercase().matches("loopt in het kwartaal").count(), 1, "{page}");
    // An auditor reads no name of a client, and which organisation it is.
    let otto = signed.session("otto").await;
    let page = html(&signed, &otto, "/cijfers/verklaring?kwartaal=2026Q1&gebied=national&cel=all.running").await;
    assert!(!page.contains("De Wit") && page.contains("Name of bea · Org 1"), "{page}");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_analyst_reads_reasons_and_no_trajectory() {
    let signed = recorded().await;
    let lena = signed.session("lena").await;
    let page = html(&signed, &lena, "/cijfers/verklaring?kwartaal=2026Q1&gebied=national&cel=all.paid_work").await;
    assert!(page.contains("Geen betaalde baan") && page.contains("ziet alleen wie die trajecten mag zien"), "{page}");
    let few = html(&signed, &lena, "/cijfers/verklaring?kwartaal=2026Q1&gebied=organisation:org-1&cel=all.paid_work").await;
    assert!(few.contains("Overige redenen, samengenomen zodat kleine aantallen niet te zien zijn"), "{few}");
    assert!(!few.contains("Geen betaalde baan") && few.contains("redenen van enkele trajecten bij elkaar"), "{few}");
    assert!(!page.contains("bij elkaar"), "nothing is told together: {page}");
    for page in [&page, &few] {
        assert!(!page.contains("/trajecten/") && !page.contains("Bij elk traject"), "{page}");
    }
    for (query, status, words) in [
        ("", 400, "Het cijfer in het adres is er niet."),
        ("kwartaal=2026Q1", 400, "Het cijfer in het adres is er niet."),
        ("kwartaal=2026Q1&cel=all", 400, "Het cijfer in het adres is er niet."),
        ("kwartaal=2026Q1&cel=all.running&reden=runz", 400, "De reden in het adres is er niet."),
        ("kwartaal=2026Q1&cel=all.running&uitkomst=x", 400, "Dit is niet gelukt"),
        ("kwartaal=2026&cel=all.running", 400, "Een kwartaal schrijf je zo: 2025Q1."),
        ("kwartaal=2026Q4&cel=all.running", 404, "Dit kwartaal is nog niet begonnen."),
        ("kwartaal=9999Q4&cel=all.running", 404, "Dit kwartaal is nog niet begonnen."),
        ("kwartaal=2026Q1&gebied=region:AM99&cel=all.running", 404, "Deze arbeidsmarktregio is er niet."),
        ("kwartaal=2026Q1&gebied=organisation:org-9&cel=all.running", 404, "liep in dit kwartaal geen traject"),
        ("kwartaal=2026Q1&cel=by_method_organisation.ips.org-9.running", 404, "liep in dit kwartaal geen traject"),
    ] {
        let answer = ask(&signed, &lena, &format!("/cijfers/verklaring?{query}")).await;
        let page = String::from_utf8(answer.body.to_vec()).unwrap();
        assert!(answer.status == status && page.contains(words), "{query}: {} {page}", answer.status);
    }
    let mia = signed.session("mia").await;
    for scope in ["national", "organisation:org-2"] {
        let path = format!("/cijfers/verklaring?kwartaal=2026Q1&gebied={scope}&cel=all.running");
        assert_eq!(ask(&signed, &mia, &path).await.status, 403, "{scope}");
    }
}
