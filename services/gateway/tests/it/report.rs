//! The quarterly report as a page and as PDF: what the figures say, for those who may see them.

use crate::dashboard::{ask, html, recorded, row};

/// The report, without what stands around it.
fn article(html: &str) -> &str {
    let from = html.find("<article class=\"report\" lang=\"nl\">").unwrap_or_else(|| panic!("no report in {html}"));
    &html[from..html.find("</article>").unwrap()]
}

#[tokio::test(flavor = "multi_thread")]
async fn the_report_says_the_numbers_of_the_page_of_figures_and_each_leads_to_the_other() {
    let signed = recorded().await;
    let lena = signed.session("lena").await;
    let figures = html(&signed, &lena, "/cijfers?kwartaal=2026Q1").await;
    assert_eq!((&*row(&figures, "Lopend")[0], &*row(&figures, "Betaald werk")[1]), ("3", "33,3% van 3"));
    assert!(figures.contains("href=\"/cijfers/verslag?kwartaal=2026Q1&#38;gebied=national\""), "{figures}");
    let page = html(&signed, &lena, "/cijfers/verslag?kwartaal=2026Q1").await;
    assert!(page.contains("href=\"/cijfers?kwartaal=2026Q1&#38;gebied=national\""), "{page}");
    for words in
        ["kregen 3 cliënten begeleiding naar betaald werk", "Betaald werk: 1 cliënt (33,3%; 1 van 3)", "Cijfers over heel Nederland"]
    {
        assert!(article(&page).contains(words), "{words}: {page}");
    }
    // Without a quarter it is the last whole one, as on the page of figures; the running one is provisional.
    assert!(
        html(&signed, &lena, "/cijfers/verslag")
            .await
            .contains("<h1>Werkmonitor: begeleiding naar betaald werk in kwartaal 2 van 2026</h1>")
    );
    assert!(html(&signed, &lena, "/cijfers/verslag?kwartaal=2026Q3").await.contains("Voorlopig: het kwartaal was nog niet voorbij."));
    // Of an organisation in which somebody works and nothing runs it says so.
    let none = html(&signed, &lena, "/cijfers/verslag?kwartaal=2020Q1&gebied=organisation:org-2").await;
    assert!(article(&none).contains("liepen er geen trajecten naar werk in organisatie Org 2"), "{none}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_manager_reads_the_report_of_the_own_organisation_alone() {
    let signed = recorded().await;
    let mia = signed.session("mia").await;
    let page = html(&signed, &mia, "/cijfers/verslag?kwartaal=2026Q1").await;
    let article = article(&page);
    assert!(article.contains("kregen 2 cliënten begeleiding") && article.contains("Cijfers over organisatie Org 1"), "{page}");
    assert!(!page.contains("org-2") && !page.contains("Org 2"), "{page}");
    let region = html(&signed, &mia, "/cijfers/verslag?kwartaal=2026Q1&gebied=region:AM18,organisation:org-1").await;
    assert!(region.contains("kregen 2 cliënten begeleiding"), "{region}");
    for address in ["/cijfers/verslag", "/cijfers/verslag.pdf"] {
        for scope in ["national", "organisation:org-2", "region:AM18", "region:AM18,organisation:org-2"] {
            let answer = ask(&signed, &mia, &format!("{address}?kwartaal=2026Q1&gebied={scope}")).await;
            assert_eq!((answer.status, answer.header("content-type")), (403, "text/html; charset=utf-8"), "{address} {scope}");
        }
    }
    let ann = signed.session("ann").await;
    assert_eq!(ask(&signed, &ann, "/cijfers/verslag?gebied=organisation:org-1").await.status, 403, "a coach sees no figures");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_question_is_the_same_page_as_that_of_the_figures() {
    let signed = recorded().await;
    let lena = signed.session("lena").await;
    let addresses: &[&str] = if cfg!(feature = "pdf") { &["/cijfers/verslag", "/cijfers/verslag.pdf"] } else { &["/cijfers/verslag"] };
    for query in [
        "kwartaal=2025",
        "gebied=nowhere",
        "gebied=region:AM99",
        "gebied=organisation:org-9",
        "kwartaal=2026Q4",
        "kwartaal=2026Q1&kwartaal=2026Q2",
        "x=1",
    ] {
        let of_figures = ask(&signed, &lena, &format!("/cijfers?{query}")).await;
        assert!([400, 404].contains(&of_figures.status), "{query}");
        for address in addresses {
            let answer = ask(&signed, &lena, &format!("{address}?{query}")).await;
            assert_eq!(
                (answer.status, answer.header("content-type")),
                (of_figures.status, "text/html; charset=utf-8"),
                "{address}?{query}"
            );
            assert!(answer.body == of_figures.body, "{address}?{query}");
        }
    }
    // A report is of all methods.
    assert_eq!(ask(&signed, &lena, "/cijfers/verslag?methode=ips").await.status, 400);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_view_that_is_gone_keeps_nobody_from_the_report() {
    let signed = recorded().await;
    let lena = signed.session("lena").await;
    let before = html(&signed, &lena, "/cijfers/verslag?kwartaal=2026Q1").await;
    *signed.world.views.gone.lock().unwrap() = true;
    assert_eq!(article(&html(&signed, &lena, "/cijfers/verslag?kwartaal=2026Q1").await), article(&before));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_page_has_no_script_or_style_of_its_own_and_its_style_sheet_is_there_for_ever() {
    let signed = recorded().await;
    let lena = signed.session("lena").await;
    let page = html(&signed, &lena, "/cijfers/verslag?kwartaal=2026Q1").await;
    for wrong in ["<style", " style=", " onclick", "javascript:"] {
        assert!(!page.contains(wrong), "{wrong} in {page}");
    }
    for script in page.split("<script").skip(1) {
        assert!(script.split('>').next().unwrap().contains(" src=\"/static/"), "{script}");
    }
    let mut ids: Vec<&str> = page.split(" id=\"").skip(1).map(|rest| rest.split('"').next().unwrap()).collect();
    ids.sort_unstable();
    assert!(ids.windows(2).all(|two| two[0] != two[1]), "an id twice in {ids:?}");
    let sheet = page.split('"').find(|part| part.ends_with("/report.css")).unwrap();
    let answer = ask(&signed, &lena, sheet).await;
    assert_eq!((answer.status, answer.header("content-type")), (200, "text/css; charset=utf-8"));
    assert_eq!(answer.header("cache-control"), "public, max-age=31536000, immutable");
    assert!(String::from_utf8(answer.body.to_vec()).unwrap().contains(".report-sheet"));
    assert_eq!(ask(&signed, &lena, "/static/0123456789abcdef/report.css").await.status, 404, "another version is not taken for this one");
}

#[cfg(feature = "pdf")]
#[tokio::test(flavor = "multi_thread")]
async fn the_report_is_taken_along_as_a_pdf_that_is_named_after_what_it_is_of() {
    let signed = recorded().await;
    for (login, query, name) in [
        ("lena", "", "werkmonitor-2026Q1-landelijk.pdf"),
        ("lena", "&gebied=region:AM18", "werkmonitor-2026Q1-regio-AM18.pdf"),
        ("mia", "", "werkmonitor-2026Q1-organisatie-org-1.pdf"),
        ("mia", "&gebied=region:AM18,organisation:org-1", "werkmonitor-2026Q1-organisatie-org-1-regio-AM18.pdf"),
    ] {
        let who = signed.session(login).await;
        let answer = ask(&signed, &who, &format!("/cijfers/verslag.pdf?kwartaal=2026Q1{query}")).await;
        assert_eq!((answer.status, answer.header("content-type")), (200, "application/pdf"), "{name}");
        assert_eq!(answer.header("content-disposition"), format!("attachment; filename=\"{name}\""));
        assert_eq!(answer.header("cache-control"), "no-store");
        assert!(answer.body.starts_with(b"%PDF-"), "{name}");
    }
    let lena = signed.session("lena").await;
    let page = html(&signed, &lena, "/cijfers/verslag?kwartaal=2026Q1").await;
    assert!(page.contains("href=\"/cijfers/verslag.pdf?kwartaal=2026Q1&#38;gebied=national\" download"), "{page}");
}

#[cfg(not(feature = "pdf"))]
#[tokio::test(flavor = "multi_thread")]
async fn a_program_that_writes_no_pdf_offers_none_and_has_none_at_its_address() {
    let signed = recorded().await;
    let lena = signed.session("lena").await;
    assert!(!html(&signed, &lena, "/cijfers/verslag?kwartaal=2026Q1").await.contains(".pdf"));
    assert_eq!(ask(&signed, &lena, "/cijfers/verslag.pdf?kwartaal=2026Q1").await.status, 404);
}
