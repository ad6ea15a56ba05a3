//! What was published of a quarter as a page, what differs between two publications, and the report on one: for those who may see it.

use gateway::ports::{Declaration, Reopening, Vintage, VintageStatus, Vintages};

use crate::{
    dashboard::{ask, html, recorded, row},
    signed::{Signed, Who},
};

const PAGE: &str = "/cijfers/publicaties";
const QUARTER: &str = "2026Q1";
const HASH: &str = "9f2c19ab04de77aa9f2c19ab04de77aa9f2c19ab04de77aa9f2c19ab04de77aa";

/// One of the log at this position, before which both organisations had declared something.
fn vintage(number: u64, status: VintageStatus, position: u64) -> Vintage {
    let at = format!("2026-05-{:02}T12:00:00Z", number + 10).parse().unwrap();
    let declared = ["org-1", "org-2"].map(|organisation| Declaration {
        organisation: organisation.into(),
        method: domain::Method::Ips,
        by: "somebody".to_owned(),
        at,
        seen: Some(position),
    });
    Vintage {
        number,
        moment: at,
        status,
        position,
        definitions: "werkmonitor-2025.1".to_owned(),
        by: "karim".to_owned(),
        at,
        hash: HASH.to_owned(),
        declared: declared.into(),
    }
}

fn reopening() -> Reopening {
    let at = "2026-05-14T12:00:00Z".parse().unwrap();
    Reopening { by: "karim".to_owned(), agreed_by: "petra".to_owned(), reason: "org-2 leverde te laat aan".to_owned(), at }
}

/// As [`recorded`]; of the first quarter was published what was known before the job and after it, and in between it was reopened.
async fn published() -> Signed {
    let signed = recorded().await;
    let all = vec![vintage(1, VintageStatus::Definitive, 3), vintage(4, VintageStatus::Revised, 4)];
    issue(&signed, Vintages { all, reopenings: vec![reopening()], locked: false, shared: false });
    signed
}

fn issue(signed: &Signed, vintages: Vintages) {
    signed.world.views.published.lock().unwrap().as_mut().unwrap().insert(QUARTER.parse().unwrap(), vintages);
}

/// The report, without what stands around it.
fn article(html: &str) -> &str {
    let from = html.find("<article class=\"report\" lang=\"nl\">").unwrap_or_else(|| panic!("no report in {html}"));
    &html[from..html.find("</article>").unwrap()]
}

#[tokio::test(flavor = "multi_thread")]
async fn who_may_see_all_figures_sees_each_publication_the_latest_first_and_what_changed_since_the_one_before() {
    let signed = published().await;
    for login in ["lena", "otto"] {
        let who = signed.session(login).await;
        let page = html(&signed, &who, &format!("{PAGE}?kwartaal={QUARTER}")).await;
        for wanted in [
            "was definitief en is heropend",
            "door karim, met akkoord van petra. Reden: org-2 leverde te laat aan",
            "<span class=\"tag tag-good\">definitief</span>",
            "<span class=\"tag tag-info\">herzien</span>",
            "<td>14 mei 2026, 14.00 uur",
            "logpositie 4, definities werkmonitor-2025.1",
            "door 2 organisaties",
            "Org 1 (IPS); Org 2 (IPS)",
            "href=\"/cijfers/verslag?kwartaal=2026Q1&#38;gebied=national&#38;publicatie=4\"",
            "href=\"/cijfers?kwartaal=2026Q1&#38;gebied=national\"",
            "Van publicatie 1 (het logboek van 11 mei 2026, 14.00 uur) naar publicatie 4",
            "<dt>Laat vastgelegd</dt>",
        ] {
            assert!(page.contains(wanted), "{login}: {wanted} in {page}");
        }
        assert!(page.contains(&format!("<code title=\"{HASH}\">9f2c19ab04de</code>")), "{page}");
        assert!(page.find("<th scope=\"row\">4</th>").unwrap() < page.find("<th scope=\"row\">1</th>").unwrap(), "{page}");
        assert!(page.contains("<td>Betaald werk</td>") && !page.contains("<td>Lopend</td>"), "only what differs: {page}");
        assert_eq!(row(&page, "Alle methoden"), ["0", "1", "+1", "+1"]);
        assert!(page.contains("Ook per financiering en variant") && page.contains("IPS, UWV"), "{page}");
    }
    for login in ["ann", "root"] {
        assert_eq!(ask(&signed, &signed.session(login).await, PAGE).await.status, 403, "{login}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn who_sees_one_organisation_sees_its_numbers_and_declarations_and_no_reason() {
    let signed = published().await;
    let (mia, max) = (signed.session("mia").await, signed.session("max").await);
    let page = html(&signed, &mia, &format!("{PAGE}?kwartaal={QUARTER}")).await;
    assert_eq!(row(&page, "Alle methoden"), ["0", "1", "+1", "+1"]);
    assert!(page.contains("Org 1 (IPS)") && page.contains("door 1 organisatie<"), "{page}");
    assert!(page.contains("Heropend op 14 mei 2026, 14.00 uur. Door wie en waarom ziet alleen"), "{page}");
    for hidden in ["Org 2", "org-2", "petra", "te laat", "value=\"national\"", "value=\"region:"] {
        assert!(!page.contains(hidden), "{hidden}: {page}");
    }
    let other = html(&signed, &max, &format!("{PAGE}?kwartaal={QUARTER}")).await;
    assert!(other.contains("alle getallen zijn gelijk") && !other.contains("<td>Betaald werk</td>"), "{other}");
    for scope in ["national", "organisation:org-2", "region:AM18", "region:AM18,organisation:org-2"] {
        for path in [format!("{PAGE}?kwartaal={QUARTER}"), format!("/cijfers/verslag?kwartaal={QUARTER}&publicatie=1")] {
            assert_eq!(ask(&signed, &mia, &format!("{path}&gebied={scope}")).await.status, 403, "{path} {scope}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn two_publications_are_chosen_in_either_order_and_where_there_are_not_two_the_page_says_so() {
    let signed = published().await;
    let lena = signed.session("lena").await;
    let all =
        vec![vintage(1, VintageStatus::Provisional, 2), vintage(4, VintageStatus::Revised, 3), vintage(6, VintageStatus::Definitive, 4)];
    issue(&signed, Vintages { all: all.clone(), locked: true, ..Vintages::default() });
    let asked = async |query: &str| html(&signed, &lena, &format!("{PAGE}?kwartaal={QUARTER}{query}")).await;
    let last = asked("").await;
    assert!(
        last.contains("Van publicatie 4 (") && last.contains("naar publicatie 6 (") && last.contains("Dit kwartaal is definitief"),
        "{last}"
    );
    let first = asked("&van=1&naar=4").await;
    assert_eq!(row(&first, "Alle methoden")[..3], ["2", "3", "+1"], "the third trajectory");
    assert!(first.contains("<option value=\"1\" selected>1: voorlopig, 11 mei 2026</option>"), "{first}");
    assert_eq!(asked("&van=4&naar=1").await, first);
    assert_eq!(asked("&naar=4").await, first);
    assert!(asked("&van=6&naar=6").await.contains("twee keer dezelfde"));

    issue(&signed, Vintages { all: all[..1].to_vec(), shared: true, ..Vintages::default() });
    let one = asked("").await;
    assert!(one.contains("Er is één publicatie") && one.contains("nog niet definitief") && !one.contains("name=\"van\""), "{one}");
    assert!(one.contains("publiceer vanaf één plek"), "{one}");
    issue(&signed, Vintages::default());
    let none = asked("").await;
    assert!(none.contains("nog niets gepubliceerd") && !none.contains("Wat veranderde"), "{none}");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_report_on_a_publication_is_of_what_was_known_then() {
    let signed = published().await;
    let lena = signed.session("lena").await;
    let report = async |more: &str| html(&signed, &lena, &format!("/cijfers/verslag?kwartaal={QUARTER}{more}")).await;
    let (first, last) = (report("&publicatie=1").await, report("&publicatie=4").await);
    let one_works = "Betaald werk: 1 cliënt (33,3%; 1 van 3)";
    assert!(!article(&first).contains(one_works) && article(&last).contains(one_works), "{first}");
    assert!(first.contains("Dit is het verslag van publicatie 1:"), "{first}");
    assert!(first.contains("class=\"back\" href=\"/cijfers/publicaties?kwartaal=2026Q1&#38;gebied=national\""), "{first}");
    assert!(!report("").await.contains("verslag van publicatie"), "without a number it is of what the log holds");
    let mia = signed.session("mia").await;
    let own = html(&signed, &mia, &format!("/cijfers/verslag?kwartaal={QUARTER}&publicatie=4")).await;
    assert!(article(&own).contains("Cijfers over organisatie Org 1") && !own.contains("Org 2"), "{own}");
}

#[cfg(feature = "pdf")]
#[tokio::test(flavor = "multi_thread")]
async fn the_pdf_of_a_publication_is_named_after_it() {
    let signed = published().await;
    let lena = signed.session("lena").await;
    let page = html(&signed, &lena, &format!("/cijfers/verslag?kwartaal={QUARTER}&publicatie=4")).await;
    let address = "/cijfers/verslag.pdf?kwartaal=2026Q1&gebied=national&publicatie=4";
    assert!(page.contains(&format!("href=\"{}\" download", address.replace('&', "&#38;"))), "{page}");
    let answer = ask(&signed, &lena, address).await;
    assert_eq!((answer.status, answer.header("content-type")), (200, "application/pdf"));
    assert_eq!(answer.header("content-disposition"), "attachment; filename=\"werkmonitor-2026Q1-landelijk-publicatie-4.pdf\"");
    assert!(answer.body.starts_with(b"%PDF-"));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_there_is_a_page_that_says_so() {
    let signed = published().await;
    let lena = signed.session("lena").await;
    let addresses: &[&str] = if cfg!(feature = "pdf") { &["/cijfers/verslag", "/cijfers/verslag.pdf"] } else { &["/cijfers/verslag"] };
    let both = "gebied=region:AM18,organisation:org-1";
    let mut wrong = vec![
        (format!("{PAGE}?kwartaal={QUARTER}&van=2"), 404, "De publicatie in het adres is er niet"),
        (format!("{PAGE}?kwartaal={QUARTER}&naar=x"), 404, "De publicatie in het adres is er niet"),
        (format!("{PAGE}?kwartaal={QUARTER}&{both}"), 400, "binnen één regio wordt niets gepubliceerd"),
        (format!("{PAGE}?kwartaal={QUARTER}&gebied=organisation:org-9"), 404, "niets vastgelegd"),
        (format!("{PAGE}?kwartaal=2025"), 400, "Een kwartaal schrijf je zo: 2025Q1."),
        (format!("{PAGE}?kwartaal=2026Q4"), 404, "Dit kwartaal is nog niet begonnen."),
        (format!("{PAGE}?van=1&van=4"), 400, "Dit is niet gelukt"),
        (format!("{PAGE}?publicatie=1"), 400, "Dit is niet gelukt"),
    ];
    for address in addresses {
        wrong.extend([
            (format!("{address}?kwartaal={QUARTER}&publicatie=2"), 404, "De publicatie in het adres is er niet"),
            (format!("{address}?kwartaal=2025Q4&publicatie=1"), 404, "De publicatie in het adres is er niet"),
            (format!("{address}?kwartaal={QUARTER}&publicatie=0"), 404, "De publicatie in het adres is er niet"),
            (format!("{address}?kwartaal={QUARTER}&publicatie=1&{both}"), 400, "binnen één regio wordt niets gepubliceerd"),
            (format!("{address}?kwartaal={QUARTER}&publicatie=1&gebied=organisation:org-9"), 404, "niets vastgelegd"),
        ]);
    }
    for (path, status, words) in wrong {
        let answer = ask(&signed, &lena, &path).await;
        assert_eq!((answer.status, answer.header("content-type")), (status, "text/html; charset=utf-8"), "{path}");
        let page = String::from_utf8(answer.body.to_vec()).unwrap();
        assert!(page.contains(words), "{path}: {page}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn where_no_register_is_kept_the_page_says_so_and_no_report_is_of_a_publication() {
    let signed = recorded().await;
    *signed.world.views.published.lock().unwrap() = None;
    let lena = signed.session("lena").await;
    let page = html(&signed, &lena, &format!("{PAGE}?kwartaal={QUARTER}&van=1")).await;
    assert!(page.contains("kan het register van publicaties niet lezen") && !page.contains("<table"), "{page}");
    assert!(!page.contains("nog niets gepubliceerd"), "that is not known: {page}");
    let report = ask(&signed, &lena, &format!("/cijfers/verslag?kwartaal={QUARTER}&publicatie=1")).await;
    assert_eq!(report.status, 404);
    let words = String::from_utf8(report.body.to_vec()).unwrap();
    assert!(words.contains("kan het register van publicaties niet lezen"), "{words}");
    html(&signed, &lena, &format!("/cijfers/verslag?kwartaal={QUARTER}")).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_figures_lead_to_the_publications_of_their_quarter() {
    let signed = published().await;
    let (lena, mia) = (signed.session("lena").await, signed.session("mia").await);
    let of = async |who: &Who, scope: &str| html(&signed, who, &format!("/cijfers?kwartaal={QUARTER}&gebied={scope}")).await;
    let figures = of(&lena, "region:AM18").await;
    assert!(figures.contains("href=\"/cijfers/publicaties?kwartaal=2026Q1&#38;gebied=region:AM18\""), "{figures}");
    let within = of(&mia, "region:AM18,organisation:org-1").await;
    assert!(within.contains("href=\"/cijfers/publicaties?kwartaal=2026Q1\""), "nothing is published of that: {within}");
}
