//! Explained numbers: the trajectories behind a number for those who may see them, counts by reason for those who may not.

use serde_json::{Value, json};

use crate::{
    signed::{Signed, case},
    world::{contact, id, line, trajectory},
};

const OF_ONE: &str = "/api/v1/figures/2026Q1/lineage?scope=organisation:org-1&cell=by_method.ips";

/// Trajectory 1 is of Ann and has a job, 2 of her colleague Bea; 3 is of another organisation. A contact decides nothing.
async fn recorded() -> Signed {
    let signed = Signed::new().await;
    let (mia, max) = (signed.session("mia").await, signed.session("max").await);
    let job = line(1, 9, "paid_work_started", "2026-02-02", json!({"job_id": id(0xf000_0000, 1), "employer": "Bakkerij De Wit"}));
    for event in [case(1, "org-1", "ann"), contact(1, 7, "2026-02-01", "belt terug"), job, case(2, "org-1", "bea")] {
        assert_eq!(signed.record(&mia, &event).await.status, 201);
    }
    assert_eq!(signed.record(&max, &case(3, "org-2", "ann")).await.status, 201);
    signed
}

fn ids(answer: &Value) -> Vec<&str> {
    answer["trajectories"].as_array().unwrap().iter().map(|one| one["trajectory_id"].as_str().unwrap()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_manager_finds_the_trajectories_behind_a_number_and_the_events_that_decide_each() {
    let signed = recorded().await;
    let mia = signed.session("mia").await;
    let answer = signed.get(&mia, &format!("{OF_ONE}.paid_work")).await;
    assert_eq!((answer.status, answer.header("cache-control")), (200, "no-store"));
    let answer = answer.json();
    let figures = signed.get(&mia, "/api/v1/figures/2026Q1?scope=organisation:org-1").await.json();
    assert_eq!(answer["value"], figures["figures"]["by_method"]["ips"]["paid_work"]);
    for part in ["quarter", "scope", "provisional", "as_of", "definitions"] {
        assert_eq!(answer[part], figures[part], "{part}");
    }
    assert_eq!((&answer["cell"], &answer["next"]), (&json!("by_method.ips.paid_work"), &Value::Null));
    assert_eq!(ids(&answer), [trajectory(1)]);
    let one = &answer["trajectories"][0];
    assert_eq!((&one["reason"], &one["adds"], &one["counted"]), (&json!("paid_job_active"), &json!(1), &json!(true)));
    let events = one["events"].as_array().unwrap();
    let told: Vec<_> = events.iter().map(|event| (event["type"].as_str().unwrap(), event["position"].as_u64().unwrap())).collect();
    assert_eq!(told, [("intake", 1), ("paid_work_started", 3)]);
    assert_eq!(events[1]["event_id"], id(0xe000_0009, 1));
    let reasons = |of: &str| answer[of]["reasons"].as_array().unwrap().iter().map(|one| one["reason"].clone()).collect::<Vec<_>>();
    assert_eq!((reasons("counted"), reasons("left_out")), (vec![json!("paid_job_active")], vec![json!("paid_job_none")]));
    let rest = signed.get(&mia, &format!("{OF_ONE}.paid_work&outcome=left_out")).await.json();
    assert_eq!(ids(&rest), [trajectory(2)]);
    let none = signed.get(&mia, &format!("{OF_ONE}.paid_work&outcome=left_out&reason=paid_job_over")).await.json();
    assert_eq!(ids(&none), Vec::<&str>::new());
    assert!(!answer.to_string().contains("Bakkerij"), "no text decides anything");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_analyst_finds_how_many_there_are_and_no_trajectory() {
    let signed = recorded().await;
    let lena = signed.session("lena").await;
    let national = signed.get(&lena, "/api/v1/figures/2026Q1/lineage?cell=all.paid_work").await.json();
    assert_eq!((&national["value"], &national["trajectories"]), (&json!(1), &Value::Null));
    let reasons = &national["left_out"]["reasons"];
    assert_eq!((&reasons[0]["reason"], &reasons[0]["trajectories"]), (&json!("paid_job_none"), &json!(2)));
    // Below the country a reason of a few is not told.
    for asked in
        [format!("{OF_ONE}.paid_work"), "/api/v1/figures/2026Q1/lineage?cell=by_method_organisation.ips.org-1.paid_work".to_owned()]
    {
        let few = signed.get(&lena, &asked).await.json();
        assert_eq!(few["value"], 1);
        for of in ["counted", "left_out"] {
            let reasons = few[of]["reasons"].as_array().unwrap();
            assert_eq!((reasons.len(), &reasons[0]["reason"], &reasons[0]["trajectories"]), (1, &json!("few"), &json!(1)), "{asked}");
        }
        assert!(!few.to_string().contains(&trajectory(1)));
    }
    let one = format!("{OF_ONE}.paid_work&trajectory={}", trajectory(1));
    signed.get(&lena, &one).await.is_problem(403, "forbidden");
}

#[tokio::test(flavor = "multi_thread")]
async fn of_others_nothing_is_explained_and_an_auditor_finds_all() {
    let signed = recorded().await;
    let (mia, otto) = (signed.session("mia").await, signed.session("otto").await);
    let all = "/api/v1/figures/2026Q1/lineage?cell=all.running";
    assert_eq!(ids(&signed.get(&otto, all).await.json()), [trajectory(1), trajectory(2), trajectory(3)]);
    for scope in ["", "&scope=organisation:org-2", "&scope=region:AM18"] {
        signed.get(&mia, &format!("{all}{scope}")).await.is_problem(403, "forbidden");
    }
    let why = |n: u32| format!("{all}&scope=organisation:org-1&trajectory={}", trajectory(n));
    let theirs = signed.get(&mia, &why(3)).await.is_problem(404, "not_found");
    let not_there = signed.get(&mia, &why(9)).await.is_problem(404, "not_found");
    assert_eq!(theirs["detail"], not_there["detail"]);
    for login in ["ann", "root"] {
        let who = signed.session(login).await;
        signed.get(&who, &why(1)).await.is_problem(403, "forbidden");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn one_trajectory_is_told_why_it_is_not_in_a_number() {
    let signed = recorded().await;
    let otto = signed.session("otto").await;
    let why = |n: u32, cell: &str, more: &str| format!("/api/v1/figures/2026Q1/lineage?cell={cell}&trajectory={}{more}", trajectory(n));
    let ask = async |path: String| signed.get(&otto, &path).await.json()["trajectory"].clone();
    let counted = ask(why(1, "all.paid_work", "")).await;
    assert_eq!((&counted["counted"], &counted["cells"][0]), (&json!(true), &json!("all")));
    assert_eq!(ask(why(2, "all.paid_work", "")).await["reason"], "paid_job_none");
    assert_eq!(ask(why(1, "by_method.wabz.paid_work", "")).await["reason"], "other_method");
    assert_eq!(ask(why(1, "all.paid_work", "&scope=organisation:org-2")).await["reason"], "other_organisation");
    let then = ask(why(1, "all.paid_work", "&asOf=2")).await;
    assert_eq!((&then["reason"], then["events"].as_array().unwrap().len()), (&json!("paid_job_none"), 1));
    signed.get(&otto, &why(2, "all.paid_work", "&asOf=2")).await.is_problem(404, "not_found");
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_behind_a_number_comes_page_by_page_and_a_wrong_question_is_told_so() {
    let signed = recorded().await;
    let otto = signed.session("otto").await;
    let (mut next, mut found) = (Some("/api/v1/figures/2026Q1/lineage?cell=all.running&limit=2".to_owned()), Vec::new());
    let mut pages = 0;
    while let Some(path) = next {
        let page = signed.get(&otto, &path).await.json();
        found.extend(ids(&page).into_iter().map(str::to_owned));
        next = page["next"].as_str().map(str::to_owned);
        pages += 1;
    }
    assert_eq!((pages, found), (2, vec![trajectory(1), trajectory(2), trajectory(3)]));
    for wrong in [
        "",
        "?cell=",
        "?cell=all",
        "?cell=all.nothing",
        "?cell=by_method.nothing.running",
        "?cell=all.running&limit=0",
        "?cell=all.running&cursor=x",
        "?cell=all.running&outcome=x",
        "?cell=all.running&reason=paid_job_activ",
        "?cell=all.running&scope=region:AM99",
        "?cell=all.running&trajectory=x",
        "?cell=all.running&asOf=99",
        "?cell=all.running&tables=true",
    ] {
        signed.get(&otto, &format!("/api/v1/figures/2026Q1/lineage{wrong}")).await.is_problem(400, "malformed");
    }
    signed.get(&otto, "/api/v1/figures/2026Q1/lineage?cell=all.running&definitions=mine").await.is_problem(404, "not_found");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_word_that_is_unknown_is_named_beside_those_that_there_are() {
    let signed = recorded().await;
    let otto = signed.session("otto").await;
    for (query, unknown, there_is) in [
        ("cell=all.paid_wrok", "'paid_wrok'", "paid_work, "),
        ("cell=by_methode.ips.running", "'by_methode'", "by_method_organisation.METHOD.SLUG"),
        ("cell=by_method.isp.running", "'isp'", "ips, wabz"),
        ("cell=by_method_funding.ips.uvw.running", "'uvw'", "municipality, uwv, other"),
        ("cell=by_method_region.ips.AM99.running", "'AM99'", "AM18"),
        ("cell=by_method.Mevrouw%20De%20Wit.running", "there is no method '…', but", "ips, wabz"),
        ("cell=all.running&reason=runz", "'runz'", "runs, "),
        ("cell=all.running&scope=region:AM99", "'AM99'", "AM01 to AM38"),
    ] {
        let told = signed.get(&otto, &format!("/api/v1/figures/2026Q1/lineage?{query}")).await.is_problem(400, "malformed");
        let detail = told["detail"].as_str().unwrap();
        assert!(detail.contains(unknown) && detail.contains(there_is), "{query}: {detail}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn of_a_quarter_that_has_not_begun_the_figures_are_provisional_and_explained_as_they_are() {
    let signed = recorded().await;
    let otto = signed.session("otto").await;
    // Today is the first day of 2026Q3.
    for quarter in ["2026Q4", "2030Q1", "9999Q4"] {
        let figures = signed.get(&otto, &format!("/api/v1/figures/{quarter}")).await.json();
        let told = signed.get(&otto, &format!("/api/v1/figures/{quarter}/lineage?cell=all.running")).await;
        assert_eq!(told.status, 200, "{quarter}");
        assert_eq!((&figures["provisional"], &told.json()["value"]), (&json!(true), &figures["figures"]["all"]["running"]), "{quarter}");
    }
}
