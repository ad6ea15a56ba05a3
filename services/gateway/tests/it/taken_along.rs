//! The figures as files: for those who may see them, of what they may see, the same numbers in each form.

use axum::http::Method;

use crate::{
    dashboard::{ask, html, recorded},
    signed::{Signed, Who},
    world::Answer,
};

const FORMS: [(&str, &str, &[u8]); 3] = [
    ("csv", "text/csv; charset=utf-8; header=present", b"quarter,"),
    ("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", b"PK\x03\x04"),
    ("parquet", "application/vnd.apache.parquet", b"PAR1"),
];

async fn of_the_api(signed: &Signed, who: &Who, scope: &str) -> Answer {
    let request = signed.request(Method::GET, &format!("/api/v1/figures/2026Q1?tables=true&scope={scope}"));
    signed.send(who.on(request).header("accept", "text/csv"), "").await
}

#[tokio::test(flavor = "multi_thread")]
async fn each_form_is_named_after_what_it_is_of_and_the_csv_is_that_of_the_api() {
    let signed = recorded().await;
    for (login, scope, place) in [
        ("lena", "national", "landelijk"),
        ("lena", "region:AM18", "regio-AM18"),
        ("mia", "organisation:org-1", "organisatie-org-1"),
        ("otto", "national", "landelijk"),
    ] {
        let who = signed.session(login).await;
        for (ending, media_type, begin) in FORMS {
            let answer = ask(&signed, &who, &format!("/cijfers/tabellen.{ending}?kwartaal=2026Q1&gebied={scope}")).await;
            assert_eq!((answer.status, answer.header("content-type")), (200, media_type), "{login} {ending}");
            assert_eq!(answer.header("content-disposition"), format!("attachment; filename=\"werkmonitor-2026Q1-{place}.{ending}\""));
            assert_eq!(answer.header("cache-control"), "no-store");
            assert!(answer.body.starts_with(begin), "{login} {ending}");
        }
        let csv = ask(&signed, &who, &format!("/cijfers/tabellen.csv?kwartaal=2026Q1&gebied={scope}")).await;
        assert_eq!(csv.body, of_the_api(&signed, &who, scope).await.body, "{login}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_data_package_describes_the_csv_and_the_page_leads_to_all_of_them() {
    let signed = recorded().await;
    let lena = signed.session("lena").await;
    let told = ask(&signed, &lena, "/cijfers/datapackage.json?kwartaal=2026Q1").await;
    assert_eq!(told.header("content-disposition"), "attachment; filename=\"datapackage.json\"");
    let told = told.json();
    assert_eq!(told["resources"][0]["path"], "werkmonitor-2026Q1-landelijk.csv");
    let fields = told["resources"][0]["schema"]["fields"].as_array().unwrap().len();
    let csv = ask(&signed, &lena, "/cijfers/tabellen.csv?kwartaal=2026Q1").await;
    let heads = csv.body.split(|byte| *byte == b'\n').next().unwrap();
    assert_eq!(fields, heads.split(|byte| *byte == b',').count());
    let page = html(&signed, &lena, "/cijfers?kwartaal=2026Q1&gebied=region:AM18").await;
    for name in ["tabellen.csv", "tabellen.xlsx", "tabellen.parquet", "datapackage.json"] {
        assert!(page.contains(&format!("href=\"/cijfers/{name}?kwartaal=2026Q1&#38;gebied=region:AM18\" download")), "{name}: {page}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_takes_along_what_they_may_not_see() {
    let signed = recorded().await;
    let (mia, ann, lena) = (signed.session("mia").await, signed.session("ann").await, signed.session("lena").await);
    for name in ["tabellen.csv", "tabellen.xlsx", "tabellen.parquet", "datapackage.json"] {
        for scope in ["national", "organisation:org-2", "region:AM18"] {
            assert_eq!(ask(&signed, &mia, &format!("/cijfers/{name}?gebied={scope}")).await.status, 403, "{name} {scope}");
        }
        assert_eq!(ask(&signed, &ann, &format!("/cijfers/{name}?gebied=organisation:org-1")).await.status, 403, "{name}");
        assert_eq!(ask(&signed, &lena, &format!("/cijfers/{name}?gebied=organisation:org-9")).await.status, 404, "{name}");
        assert_eq!(ask(&signed, &lena, &format!("/cijfers/{name}?kwartaal=2025")).await.status, 400, "{name}");
    }
}
