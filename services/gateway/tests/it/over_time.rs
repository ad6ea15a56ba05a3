//! The questions that a count on one day leaves open, as pages: for those who may see figures, of what they may see, as the command line answers them.

use serde_json::{Value, json};

use crate::{
    dashboard::{ask, html, recorded, row},
    signed::{Signed, case},
    world::{id, line},
};

const QUESTIONS: [&str; 5] = ["onbetaald-werk", "recent-gestart", "vervolg", "daarnaast", "duur"];

/// An event of trajectory `of`, of this organisation.
fn event(of: u32, n: u32, organisation: &str, kind: &str, on: &str, data: Value) -> Value {
    let mut event = line(of, n, kind, on, data);
    event["organisation"] = organisation.into();
    event
}

/// As [`recorded`]; one of organisation 1 ended, and its client began another method at organisation 2. Six more of organisation 1 do unpaid work.
async fn lived() -> Signed {
    let signed = recorded().await;
    let (mia, max) = (signed.session("mia").await, signed.session("max").await);
    let ended = event(2, 2, "org-1", "outflow", "2026-02-10", json!({}));
    assert_eq!(signed.record(&mia, &ended).await.status, 201);
    let mut next = case(4, "org-2", "ann");
    next["data"]["client_id"] = id(0xc000_0000, 2).into();
    next["data"]["method"] = "jobcoaching".into();
    next["occurred_on"] = "2026-03-01".into();
    assert_eq!(signed.record(&max, &next).await.status, 201);
    for n in 11..17 {
        assert_eq!(signed.record(&mia, &case(n, "org-1", "ann")).await.status, 201);
        let volunteers = json!({"placement_id": id(0xb000_0000, n), "kind": "volunteer_work"});
        assert_eq!(signed.record(&mia, &event(n, 2, "org-1", "placement_started", "2026-01-20", volunteers)).await.status, 201);
    }
    signed
}

#[tokio::test(flavor = "multi_thread")]
async fn each_question_has_a_page_with_what_follows_a_chart_and_its_numbers() {
    let signed = lived().await;
    let lena = signed.session("lena").await;
    let figures = html(&signed, &lena, "/cijfers?kwartaal=2026Q1").await;
    assert!(figures.contains("href=\"/cijfers/vragen?kwartaal=2026Q1&#38;gebied=national\""), "{figures}");
    let index = html(&signed, &lena, "/cijfers/vragen?kwartaal=2026Q1").await;
    for slug in QUESTIONS {
        assert!(index.contains(&format!("href=\"/cijfers/vragen/{slug}?kwartaal=2026Q1&#38;gebied=national\"")), "{slug}: {index}");
        let page = html(&signed, &lena, &format!("/cijfers/vragen/{slug}?kwartaal=2026Q1&financiering=uwv")).await;
        for words in [
            "Wat hieruit volgt",
            "Wat hier niet uit volgt",
            "tot en met 31 maart 2026",
            "<title id=\"figuur-",
            "<desc id=\"figuur-",
            "<table",
        ] {
            assert!(page.contains(words), "{slug}: {words}: {page}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_numbers_are_those_of_the_trajectories() {
    let signed = lived().await;
    let lena = signed.session("lena").await;
    let unpaid = html(&signed, &lena, "/cijfers/vragen/onbetaald-werk?kwartaal=2026Q1").await;
    assert_eq!(row(&unpaid, "Iedereen")[..2], ["9", "1"], "nine of IPS waited for a first job");
    assert_eq!(row(&unpaid, "Zonder onbetaald werk")[..2], ["9", "1"], "who begins unpaid work was without it until then");
    assert_eq!(row(&unpaid, "Onbetaald werk tijdens het traject begonnen")[..2], ["6", "0"]);
    let recent = html(&signed, &lena, "/cijfers/vragen/recent-gestart?kwartaal=2026Q1&financiering=uwv").await;
    let last = recent.rfind("<th scope=\"row\">1e kwartaal 2026</th>").unwrap();
    assert_eq!(row(&recent[last..], "1e kwartaal 2026"), ["9", "111,1% van 9", "1", "7", "niet bereikt", "0"]);
    let beside = html(&signed, &lena, "/cijfers/vragen/daarnaast?kwartaal=2026Q1").await;
    assert_eq!(row(&beside, "Alle methoden"), ["6", "00,0% van 6", "00,0% van 6", "00,0% van 6", "6100,0% van 6", "0", "0"]);
    let lasting = html(&signed, &lena, "/cijfers/vragen/duur?kwartaal=2026Q1").await;
    assert_eq!(row(&lasting, "Betaalde banen")[..2], ["1", "0"]);
    let sequels = html(&signed, &lena, "/cijfers/vragen/vervolg?kwartaal=2026Q1").await;
    assert_eq!(row(&sequels, "IPS, daarna Jobcoaching"), ["1", "100,0% van 1", "19"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_manager_is_told_of_the_own_organisation_and_of_no_sequel_elsewhere() {
    let signed = lived().await;
    let mia = signed.session("mia").await;
    let page = html(&signed, &mia, "/cijfers/vragen/vervolg?kwartaal=2026Q1").await;
    assert_eq!(row(&page, "IPS, niets tot nu toe")[0], "1");
    assert!(!page.contains("Jobcoaching") && page.contains("eigen organisatie") && !page.contains("Org 2"), "{page}");
    let lena = signed.session("lena").await;
    let all = html(&signed, &lena, "/cijfers/vragen/vervolg?kwartaal=2026Q1&gebied=organisation:org-1").await;
    assert_eq!(row(&all, "IPS, daarna Jobcoaching")[0], "1", "who sees all figures sees where they went");
    for slug in ["", "/vervolg"] {
        for scope in ["national", "organisation:org-2", "region:AM18", "region:AM18,organisation:org-2"] {
            let path = format!("/cijfers/vragen{slug}?kwartaal=2026Q1&gebied={scope}");
            assert_eq!(ask(&signed, &mia, &path).await.status, 403, "{path}");
        }
    }
    let ann = signed.session("ann").await;
    assert_eq!(ask(&signed, &ann, "/cijfers/vragen/geen").await.status, 403, "a coach is not told which questions there are");
}

#[tokio::test(flavor = "multi_thread")]
async fn below_the_national_level_no_curve_tells_of_few() {
    let signed = lived().await;
    let lena = signed.session("lena").await;
    let at = |scope: &str| format!("/cijfers/vragen/onbetaald-werk?kwartaal=2026Q1&gebied={scope}");
    let few = html(&signed, &lena, &at("organisation:org-2")).await;
    assert!(!few.contains("<path class=\"curve-band") && few.contains("Van minder dan 5 "), "{few}");
    assert_eq!(row(&few, "Iedereen"), ["1", "0", "–"]);
    // Enough are followed, and it happened to one of them: the one step of the curve would be theirs.
    let one = html(&signed, &lena, &at("organisation:org-1")).await;
    assert_eq!(row(&one, "Iedereen"), ["8", "1", "–"]);
    assert!(!one.contains("<path class=\"curve-band"), "{one}");
    let all = html(&signed, &lena, &at("national")).await;
    assert!(all.contains("<path class=\"curve-band"), "{all}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_asked_is_a_page_that_says_so() {
    let signed = recorded().await;
    let lena = signed.session("lena").await;
    for (path, status) in [
        ("/geen", 404),
        ("/vervolg?kwartaal=2025", 400),
        ("/vervolg?kwartaal=2026Q4", 404),
        ("/vervolg?gebied=region:AM99", 404),
        ("/vervolg?gebied=organisation:org-9", 404),
        ("/onbetaald-werk?methode=x", 400),
        // Nobody looks for a first job by it.
        ("/onbetaald-werk?methode=jobcoaching", 400),
        ("/recent-gestart?financiering=x", 400),
        ("?kwartaal=2025", 400),
        ("?methode=ips", 400),
    ] {
        let answer = ask(&signed, &lena, &format!("/cijfers/vragen{path}")).await;
        assert_eq!((answer.status, answer.header("content-type")), (status, "text/html; charset=utf-8"), "{path}");
    }
    assert!(html(&signed, &lena, "/cijfers/vragen/vervolg?kwartaal=2020Q1").await.contains("geen trajecten die hierbij horen"));
}
