//! The application's pages: whose they show, what they tell of what is not one's own, and what a browser loads besides.

use axum::http::Method;
use serde_json::{Value, json};

use crate::{
    signed::{Signed, Who, case, cookie_set},
    world::{Answer, contact, id, line, trajectory},
};

const PAGE: &str = "text/html,application/xhtml+xml";

/// Trajectories 1 and 4 are of Ann, 2 of her colleague Bea, 3 of the other Ann of organisation 2.
async fn recorded() -> Signed {
    let signed = Signed::new().await;
    let (mia, max) = (signed.session("mia").await, signed.session("max").await);
    for (manager, n, organisation, coach, label) in [
        (&mia, 1, "org-1", "ann", "Ümit <Q>"),
        (&mia, 2, "org-1", "bea", "Bea's cliënt"),
        (&max, 3, "org-2", "ann", "Van elders"),
        (&mia, 4, "org-1", "ann", "Vierde"),
    ] {
        let mut intake = case(n, organisation, coach);
        intake["data"]["label"] = label.into();
        assert_eq!(signed.record(manager, &intake).await.status, 201);
    }
    signed
}

async fn ask(signed: &Signed, who: &Who, path: &str) -> Answer {
    signed.send(who.on(signed.request(Method::GET, path)).header("accept", PAGE), "").await
}

async fn html(signed: &Signed, who: &Who, path: &str) -> String {
    let answer = ask(signed, who, path).await;
    assert_eq!((answer.status, answer.header("content-type")), (200, "text/html; charset=utf-8"), "{path}");
    String::from_utf8(answer.body.to_vec()).unwrap()
}

/// Which trajectories a page links to.
fn links(html: &str) -> Vec<u32> {
    (1..=9).filter(|n| html.contains(&format!("href=\"/trajecten/{}\"", trajectory(*n)))).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_caseload_holds_what_is_ones_own() {
    let signed = recorded().await;
    for (login, own) in [("ann", vec![1, 4]), ("bea", vec![2]), ("mia", vec![1, 2, 4]), ("ann-2", vec![3]), ("max", vec![3])] {
        let who = signed.session(login).await;
        assert_eq!(links(&html(&signed, &who, "/").await), own, "{login}");
        // A question for another one's is answered with one's own, or nothing.
        for query in ["/?coach=bea", "/?coach=ann", "/?zoek=elders", "/?afgesloten=1"] {
            let found = links(&html(&signed, &who, query).await);
            assert!(found.iter().all(|n| own.contains(n)), "{login} {query}: {found:?}");
        }
    }
    let ann = signed.session("ann").await;
    let page = html(&signed, &ann, "/").await;
    assert!(page.contains("Ümit &#60;Q&#62;") && !page.contains("<Q>"), "a name is a text: {page}");
    assert_eq!(links(&html(&signed, &ann, "/?zoek=umit").await), [1]);
    assert_eq!(links(&html(&signed, &signed.session("mia").await, "/?coach=bea").await), [2]);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_has_ended_is_found_and_no_contact_is_offered_for_it() {
    let signed = recorded().await;
    let ann = signed.session("ann").await;
    let offered = |page: &str, n| page.contains(&format!("/trajecten/{}/vastleggen/contact", trajectory(n)));
    let running = html(&signed, &ann, "/?zoek=vierde").await;
    assert_eq!((links(&running), offered(&running, 4)), (vec![4], true));
    assert_eq!(signed.record(&ann, &line(4, 9, "outflow", "2026-02-02", json!({}))).await.status, 201);
    for path in ["/?zoek=vierde", "/?afgesloten=1"] {
        let page = html(&signed, &ann, path).await;
        assert_eq!((links(&page), offered(&page, 4)), (vec![4], false), "{path}");
    }
    let found = html(&signed, &ann, "/?zoek=%22Vierde").await;
    assert!(found.contains(r#"type="search" value="&#34;Vierde""#), "what was searched for stands in the one field: {found}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_has_ended_is_told_in_the_past_and_work_by_the_same_name_everywhere() {
    let signed = recorded().await;
    let ann = signed.session("ann").await;
    let path = format!("/trajecten/{}", trajectory(1));
    // Without an employer its sector names it; a sector that is told later is no name where the employer is known.
    let job = json!({"job_id": id(0xa000_0000, 1), "sector": "Administratie", "hours_per_week": 26});
    assert_eq!(signed.record(&ann, &line(1, 50, "paid_work_started", "2026-02-02", job)).await.status, 201);
    let page = html(&signed, &ann, "/").await;
    assert!(page.contains(">Administratie, 26 uur per week</p>"), "{page}");
    let page = html(&signed, &ann, &path).await;
    assert!(page.contains("Administratie, nu 26 uur per week") && page.contains("Administratie, sinds 2 februari 2026"), "{page}");
    assert!(!page.contains("Werk, nu 26") && !page.contains("Werk, sinds"), "{page}");
    for (n, data) in [(51, json!({"employer": "Zon"})), (52, json!({"sector": "Zorg"}))] {
        let mut data = data;
        data["job_id"] = id(0xa000_0000, 1).into();
        assert_eq!(signed.record(&ann, &line(1, n, "paid_work_changed", "2026-03-02", data)).await.status, 201);
    }
    let stop = html(&signed, &ann, &format!("{path}/vastleggen/paid-work-stopped")).await;
    assert!(stop.contains("Zon, sinds 2 februari 2026"), "{stop}");
    assert_eq!(signed.record(&ann, &contact(1, 53, "2026-03-03", "een")).await.status, 201);
    assert_eq!(signed.record(&ann, &line(1, 54, "outflow", "2026-05-31", json!({}))).await.status, 201);
    let ended = html(&signed, &ann, "/?afgesloten=1").await;
    assert!(ended.contains("Afgesloten op 31 mei 2026 · Had betaald werk: Zon, 26 uur per week"), "{ended}");
    assert!(ended.contains("laatste contact op <span class=\"nowrap\">3 maart 2026</span>") && !ended.contains("geleden"), "{ended}");
    assert_eq!(signed.record(&ann, &line(4, 55, "engagement", "2026-02-02", json!({"wish": "education"}))).await.status, 201);
    assert_eq!(signed.record(&ann, &line(4, 56, "outflow", "2026-06-01", json!({}))).await.status, 201);
    let ended = html(&signed, &ann, "/?zoek=vierde").await;
    assert!(ended.contains("Afgesloten op 1 juni 2026 · Wilde een opleiding"), "{ended}");
}

#[tokio::test(flavor = "multi_thread")]
async fn work_that_has_stopped_is_not_told_as_work_that_never_was() {
    let signed = recorded().await;
    let ann = signed.session("ann").await;
    let path = format!("/trajecten/{}", trajectory(1));
    assert!(html(&signed, &ann, &path).await.contains("Er is nog geen betaald werk vastgelegd."));
    let job = json!({"job_id": id(0xa000_0000, 1), "hours_per_week": 26});
    assert_eq!(signed.record(&ann, &line(1, 60, "paid_work_started", "2026-02-02", job)).await.status, 201);
    let stop = json!({"job_id": id(0xa000_0000, 1)});
    assert_eq!(signed.record(&ann, &line(1, 61, "paid_work_stopped", "2026-03-02", stop)).await.status, 201);
    let page = html(&signed, &ann, &path).await;
    assert!(page.contains("Er loopt nu geen betaald werk.") && !page.contains("nog geen betaald werk"), "{page}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_contract_that_has_ended_stands_apart_from_one_that_will_and_how_many_there_are_is_told() {
    let signed = recorded().await;
    let ann = signed.session("ann").await;
    for (n, until) in [(1, "2026-05-31"), (4, "2026-07-20")] {
        let contract = json!({"kind": "fixed_term", "until": until});
        let data = json!({"job_id": id(0xf000_0000, n), "hours_per_week": 20, "regular_workplace": true, "wage_value_percent": 100, "contract": contract});
        assert_eq!(signed.record(&ann, &line(n, 11, "paid_work_started", "2026-01-20", data)).await.status, 201);
    }
    let page = html(&signed, &ann, "/").await;
    assert!(page.contains("Eerst bekijken <span class=\"count\">2</span>"), "{page}");
    let (ended, ends) = page.split_once("id=\"groep-contract\"").expect("a group of its own");
    assert!(ended.contains("Contract afgelopen op 31 mei, nog niet gestopt of verlengd") && ended.contains(&trajectory(1)), "{ended}");
    assert!(ends.contains("Contract loopt af op 20 juli") && !ended.contains(&trajectory(4)), "{ends}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_colleague_left_stands_apart_with_its_last_day() {
    let signed = recorded().await;
    let mia = signed.session("mia").await;
    let cover = json!({"absent": "bea", "by": "ann", "from": "2026-06-01", "until": "2026-07-31"});
    assert_eq!(signed.post(&mia, "/api/v1/covers", &cover).await.status, 201);
    let page = html(&signed, &signed.session("ann").await, "/").await;
    assert_eq!(links(&page), [1, 2, 4]);
    let (own, covered) = page.split_once("Waarneming voor Name of bea").expect("a part of its own");
    assert!(!own.contains(&trajectory(2)) && covered.contains(&trajectory(2)) && covered.contains("31 juli"), "{covered}");
}

#[tokio::test(flavor = "multi_thread")]
async fn several_roles_show_what_each_of_them_shows() {
    use accounts::{By, FirstPassword, Password, Profile, Role};
    let signed = recorded().await;
    for (login, roles, found) in [
        ("both", [Role::Coach, Role::Manager], vec![1, 2, 4]),
        ("reads", [Role::Coach, Role::Auditor], vec![]),
        ("runs", [Role::Coach, Role::Administrator], vec![]),
    ] {
        let profile = Profile { roles: roles.into(), ..crate::signed::profile(login, Role::Coach, Some("org-1"), Some(login)) };
        signed.accounts.create(By::Machine, profile, FirstPassword::Given(Password::new(crate::signed::GOOD))).await.unwrap();
        let page = html(&signed, &signed.session(login).await, "/").await;
        assert_eq!(links(&page), found, "{login}");
        assert!(!page.contains("Waarneming voor"), "{login} stands in for nobody");
        assert_eq!(page.contains("href=\"/organisatie\""), roles.contains(&Role::Manager), "{login}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn devices_keep_copies_for_those_who_record_alone() {
    let signed = recorded().await;
    let page = format!("/trajecten/{}", trajectory(1));
    for (login, kept) in [("ann", true), ("mia", true), ("otto", false)] {
        let answer = ask(&signed, &signed.session(login).await, &page).await;
        assert_eq!((answer.status, !answer.header("x-account").is_empty()), (200, kept), "{login}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_trajectory_of_others_is_a_page_that_is_not_there() {
    let signed = recorded().await;
    for (login, own, foreign) in [("ann", vec![1, 4], vec![2, 3]), ("mia", vec![1, 2], vec![3]), ("max", vec![3], vec![1, 2, 4])] {
        let who = signed.session(login).await;
        let page = async |n: u32| {
            let answer = ask(&signed, &who, &format!("/trajecten/{}", trajectory(n))).await;
            (answer.status, String::from_utf8(answer.body.to_vec()).unwrap())
        };
        let not_there = page(9).await;
        assert_eq!(not_there.0, 404);
        assert!(not_there.1.contains("Deze pagina is er niet"));
        for n in foreign {
            assert_eq!(page(n).await, not_there, "{login} {n}");
        }
        for n in own {
            assert_eq!(page(n).await.0, 200, "{login} {n}");
        }
    }
    // An auditor sees the case, and that there are texts; never the texts.
    let otto = signed.session("otto").await;
    let page = html(&signed, &otto, &format!("/trajecten/{}", trajectory(1))).await;
    assert!(!page.contains("mit"), "{page}");
    assert_eq!(ask(&signed, &signed.session("lena").await, &format!("/trajecten/{}", trajectory(1))).await.status, 403);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_timeline_tells_what_was_corrected_and_what_was_retracted() {
    let signed = recorded().await;
    let ann = signed.session("ann").await;
    let of = |n: u32, kind: &str, on: &str, data: Value| {
        let mut event = line(1, n, kind, on, data);
        event["organisation"] = "org-1".into();
        event
    };
    let job = id(0x0b00_0000, 1);
    let started = of(
        2,
        "paid_work_started",
        "2026-02-02",
        json!({"job_id": job, "hours_per_week": 11, "wage_value_percent": 100, "regular_workplace": true, "contract": {"kind": "permanent"}, "employer": "Bakkerij De Aar"}),
    );
    let mut corrected = of(
        3,
        "paid_work_started",
        "2026-02-03",
        json!({"job_id": job, "hours_per_week": 11, "wage_value_percent": 100, "regular_workplace": true, "contract": {"kind": "permanent"}, "employer": "Bakkerij De Korenaar"}),
    );
    corrected["corrects"] = started["event_id"].clone();
    let mut spoken = contact(1, 4, "2026-02-04", "Nooit gezegd");
    spoken["organisation"] = "org-1".into();
    let gone = of(5, "retraction", "2026-02-05", json!({"event_id": spoken["event_id"], "reason": "Verkeerde cliënt"}));
    for event in [&started, &corrected, &spoken, &gone] {
        let answer = signed.record(&ann, event).await;
        assert_eq!(answer.status, 201, "{answer:?}");
    }
    let page = html(&signed, &ann, &format!("/trajecten/{}", trajectory(1))).await;
    for wanted in
        ["Bakkerij De Korenaar", "Bakkerij De Aar", "Nog 1 uur per week tekort", "Verkeerde cliënt", "Name of ann", "Nu niet duurzaam"]
    {
        assert!(page.contains(wanted), "{wanted} in {page}");
    }
    // Intake, work and contact: each once, earlier versions below the last one.
    assert_eq!(page.matches("id=\"gebeurtenis-").count(), 3, "{page}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_browser_loads_is_there_under_addresses_that_never_change_their_content() {
    let signed = Signed::new().await;
    let worker = signed.get(&Who::Nobody, "/sw.js").await;
    assert_eq!((worker.status, worker.header("cache-control")), (200, "no-cache"));
    let script = String::from_utf8(worker.body.to_vec()).unwrap();
    let shell = script.strip_prefix("self.SHELL = ").unwrap().split_once(";\n").unwrap().0;
    let files: Value = serde_json::from_str(shell).unwrap();
    let files = files["files"].as_array().unwrap();
    assert!(files.len() > 10);
    for file in files {
        let file = file.as_str().unwrap();
        let plain = signed.get(&Who::Nobody, file).await;
        let small = signed.send(signed.request(Method::GET, file).header("accept-encoding", "br, gzip"), "").await;
        assert_eq!((plain.status, small.status), (200, 200), "{file}");
        if file.starts_with("/static/") {
            assert_eq!(plain.header("cache-control"), "public, max-age=31536000, immutable");
            assert!(small.body.len() < plain.body.len() && small.header("content-encoding") == "gzip", "{file}");
            assert_eq!(plain.header("content-encoding"), "");
        }
    }
    let manifest: Value = signed.get(&Who::Nobody, "/manifest.webmanifest").await.json();
    assert_eq!(manifest["start_url"], "/");
    for wrong in ["/static/0123456789abcdef/app.css", "/static/x", "/static/../Cargo.toml"] {
        assert_eq!(signed.get(&Who::Nobody, wrong).await.status, 404, "{wrong}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_of_an_account_names_it_and_is_kept_by_nobody_between() {
    let signed = recorded().await;
    let ann = signed.session("ann").await;
    let answer = ask(&signed, &ann, "/").await;
    assert_eq!(answer.header("x-account"), signed.account("ann").id.to_string());
    assert_eq!(answer.header("cache-control"), "no-store");
    assert_eq!(ask(&signed, &Who::Nobody, "/offline").await.header("x-account"), "");
    // What repeats what was asked is not compressed.
    let get = |path: &str| ann.on(signed.request(Method::GET, path)).header("accept-encoding", "gzip");
    assert_eq!(signed.send(get("/"), "").await.header("content-encoding"), "gzip");
    assert_eq!(signed.send(get("/?zoek=x"), "").await.header("content-encoding"), "");
}

#[tokio::test(flavor = "multi_thread")]
async fn language_and_theme_are_chosen_with_and_without_a_session() {
    let signed = recorded().await;
    let ann = signed.session("ann").await;
    for who in [&Who::Nobody, &ann] {
        let request = who.on(signed.request(Method::POST, "/voorkeuren")).header("referer", "http://a.example/hulp?x=1");
        let answer = signed.form(request, &[("lang", "en")]).await;
        assert_eq!((answer.status, answer.header("location")), (303, "/hulp?x=1"));
        assert!(answer.header("set-cookie").starts_with("__Host-trajectlog-lang=en; Path=/; Secure; HttpOnly; SameSite=Lax"));
    }
    let with = |cookie: &str| signed.request(Method::GET, "/inloggen").header("cookie", cookie.to_owned());
    let page = signed.send(with("__Host-trajectlog-lang=en; __Host-trajectlog-theme=dark"), "").await;
    let text = String::from_utf8(page.body.to_vec()).unwrap();
    assert!(text.contains("<html lang=\"en\" data-theme=\"dark\">") && text.contains("Sign in"), "{text}");
    assert_eq!(page.header("content-language"), "en");
    let page = signed.send(with("__Host-trajectlog-lang=xx\"><b>; __Host-trajectlog-theme=pink"), "").await;
    assert!(String::from_utf8_lossy(&page.body).contains("<html lang=\"nl\">"), "what nobody knows is as if it was not said");
    let elsewhere = signed.request(Method::POST, "/voorkeuren").header("sec-fetch-site", "cross-site");
    assert_eq!(signed.form(elsewhere, &[("lang", "en")]).await.status, 403);
    assert_eq!(signed.form(signed.request(Method::POST, "/voorkeuren"), &[("lang", "xx")]).await.status, 400);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_account_of_a_demonstration_is_signed_in_by_a_press() {
    let signed = Signed::new().await;
    let profile = crate::signed::profile("demo", accounts::Role::Coach, Some("org-1"), Some("demo"));
    let password = accounts::FirstPassword::Given(accounts::Password::new("van iedereen"));
    signed.accounts.create(accounts::By::Machine, profile, password).await.unwrap();
    let press = async |value: &str| signed.form(signed.request(Method::POST, "/inloggen"), &[("demo", value)]).await;
    let answer = press("demo").await;
    assert_eq!((answer.status, answer.header("location")), (303, "/"));
    assert_eq!(cookie_set(&answer).len(), 43);
    // Of nobody else is a password known.
    assert!(press("ann").await.header("location").starts_with("/inloggen?fout=onjuist"));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_there_is_a_page_for_a_browser_and_a_problem_for_a_program() {
    let signed = recorded().await;
    let ann = signed.session("ann").await;
    let page = ask(&signed, &ann, "/nergens").await;
    assert_eq!((page.status, page.header("content-type")), (404, "text/html; charset=utf-8"));
    signed.get(&ann, "/nergens").await.is_problem(404, "not_found");
    ask(&signed, &ann, "/api/v1/nergens").await.is_problem(404, "not_found");
    // A form of a session that is over leads to the sign-in.
    let over = Who::Session { cookie: "x".repeat(43), csrf: "x".to_owned(), account: String::new() };
    let request = over.on(signed.request(Method::POST, "/account/tokens")).header("accept", PAGE);
    let answer = signed.form(request, &[("name", "een app")]).await;
    assert_eq!((answer.status, answer.header("location")), (303, "/inloggen"));
    // One without its token says that it has expired.
    let cookie = ann.cookie();
    let request = signed
        .request(Method::POST, "/account/tokens")
        .header("cookie", format!("{}={cookie}", gateway::access::COOKIE))
        .header("accept", PAGE);
    let answer = signed.form(request, &[("name", "een app")]).await;
    assert_eq!(answer.status, 403);
    assert!(String::from_utf8_lossy(&answer.body).contains("Dit formulier is verlopen"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_search_that_is_too_long_is_cut_on_the_page_itself() {
    let signed = recorded().await;
    let ann = signed.session("ann").await;
    let long = format!("umit{}", "x".repeat(200));
    let page = html(&signed, &ann, &format!("/?zoek={long}")).await;
    assert!(page.contains(&long[..100]) && !page.contains(&long[..101]), "{page}");
    assert_eq!(links(&html(&signed, &ann, &format!("/?zoek=umit{}", "%20".repeat(200))).await), [1]);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_education_is_told_with_its_level() {
    let signed = recorded().await;
    let ann = signed.session("ann").await;
    for (n, level) in [(1, Some("mbo-2")), (4, None)] {
        let mut data = json!({"education_id": id(0xe000_0000, n)});
        if let Some(level) = level {
            data["level"] = level.into();
        }
        assert_eq!(signed.record(&ann, &line(n, 30, "education_started", "2026-02-02", data)).await.status, 201);
    }
    let page = html(&signed, &ann, "/").await;
    assert_eq!((page.matches("Opleiding mbo niveau 2").count(), page.matches("Opleiding").count()), (1, 2), "{page}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_trajectory_that_was_handed_over_to_nobody_says_so() {
    let signed = recorded().await;
    let mia = signed.session("mia").await;
    let hand = async |n: u32, to: &str| {
        let event = line(1, n, "trajectory_changed", "2026-06-01", json!({"coach": to}));
        assert_eq!(signed.record(&mia, &event).await.status, 201, "the log takes any code");
        html(&signed, &mia, &format!("/trajecten/{}", trajectory(1))).await
    };
    let lost = hand(40, "annn").await;
    assert!(lost.contains("Overgedragen aan iemand zonder account") && lost.contains("annn"), "{lost}");
    assert!(lost.contains(&format!("/trajecten/{}/overdragen", trajectory(1))), "{lost}");
    assert!(!hand(41, "bea").await.contains("zonder account"));
    // Whoever it was from the beginning may come from before there were accounts.
    let mut event = case(7, "org-1", "van-vroeger");
    event["data"]["client_id"] = id(0xc000_0000, 70).into();
    assert_eq!(signed.record(&mia, &event).await.status, 201);
    assert!(!html(&signed, &mia, &format!("/trajecten/{}", trajectory(7))).await.contains("zonder account"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_closed_trajectory_is_drawn_until_its_end_and_unknown_work_as_unknown() {
    let signed = recorded().await;
    let ann = signed.session("ann").await;
    let path = format!("/trajecten/{}", trajectory(1));
    let job = json!({"job_id": id(0xa000_0000, 1), "employer": "Zon", "hours_per_week": 20});
    assert_eq!(signed.record(&ann, &line(1, 50, "paid_work_started", "2026-02-02", job)).await.status, 201);
    let runs = html(&signed, &ann, &path).await;
    assert!(runs.contains("bars-unknown") && !runs.contains("bars-work") && runs.contains("nu 20 uur per week"), "{runs}");
    assert_eq!(signed.record(&ann, &line(1, 51, "outflow", "2026-05-31", json!({}))).await.status, 201);
    let ended = html(&signed, &ann, &path).await;
    assert!(ended.contains(">einde<") && !ended.contains(">nu<") && !ended.contains("nu 20 uur per week"), "{ended}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stop_stands_in_the_list_on_its_last_day() {
    let signed = recorded().await;
    let ann = signed.session("ann").await;
    let placement = json!({"placement_id": id(0xb000_0000, 1), "kind": "volunteer_work"});
    let stop = json!({"placement_id": id(0xb000_0000, 1)});
    for event in [
        line(1, 60, "placement_started", "2026-02-02", placement),
        line(1, 61, "placement_stopped", "2026-04-01", stop),
        contact(1, 62, "2026-04-01", "een"),
        contact(1, 63, "2026-03-31", "twee"),
    ] {
        assert_eq!(signed.record(&ann, &event).await.status, 201);
    }
    let page = html(&signed, &ann, &format!("/trajecten/{}", trajectory(1))).await;
    assert_eq!(page.matches(r#"id="maand-2026-03""#).count(), 1, "{page}");
    let (_, april) = page.split_once(r#"id="maand-2026-04""#).expect("a month");
    let (april, march) = april.split_once(r#"id="maand-2026-03""#).expect("the month before");
    assert!(!april.contains("Plaatsing gestopt") && march.contains("Plaatsing gestopt"), "{page}");
    assert!(march.contains(r#"<p class="event-when">31 maart</p>"#), "{march}");
}

#[tokio::test(flavor = "multi_thread")]
async fn work_whose_contract_ran_out_is_said_to_and_of_an_ended_trajectory_the_verdict_is_that_of_its_end() {
    let signed = recorded().await;
    let ann = signed.session("ann").await;
    let path = format!("/trajecten/{}", trajectory(1));
    let job = json!({"job_id": id(0xf000_0000, 1), "contract": {"kind": "fixed_term", "until": "2026-03-31"}, "hours_per_week": 20});
    assert_eq!(signed.record(&ann, &line(1, 11, "paid_work_started", "2026-02-02", job)).await.status, 201);
    let running = html(&signed, &ann, &path).await;
    assert!(running.contains("Contract afgelopen op 31 maart 2026") && running.contains("daarom telt het nog mee"), "{running}");
    assert_eq!(signed.record(&ann, &line(1, 12, "outflow", "2026-05-01", json!({}))).await.status, 201);
    let ended = html(&signed, &ann, &path).await;
    assert!(ended.contains("verdict-word") && !ended.contains("geen betaald werk"), "it ran on the last day: {ended}");
    assert!(!ended.contains("Contract afgelopen"), "nothing runs any more");
    let none = format!("/trajecten/{}", trajectory(4));
    assert_eq!(signed.record(&ann, &line(4, 12, "outflow", "2026-05-01", json!({}))).await.status, 201);
    assert!(html(&signed, &ann, &none).await.contains("Bij het einde was er geen betaald werk."));
}
