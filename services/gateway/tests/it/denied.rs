//! What was not permitted is told to the operator's log: by whom and what, never of whom.

use gateway::access::AUDIT;
use serde_json::json;

use crate::{
    lines::Lines,
    signed::{Signed, Who, case},
    world::{contact, trajectory},
};

/// What was told since the last look, of what was judged.
fn audited(lines: &Lines) -> Vec<String> {
    lines.told().lines().filter(|line| line.contains(AUDIT)).map(str::to_owned).collect()
}

// On one thread: a subscriber hears its own thread alone.
#[tokio::test]
async fn who_was_not_permitted_what_is_told_with_ids_of_accounts_and_nothing_of_others() {
    let (lines, _listening) = Lines::heard();
    let signed = Signed::new().await;
    let (max, ann) = (signed.session("max").await, signed.session("ann").await);
    assert_eq!(signed.record(&max, &case(3, "org-2", "ann")).await.status, 201);
    for page in ["/", "/hulp", &format!("/trajecten/{}", trajectory(3)), &format!("/trajecten/{}/vastleggen/contact", trajectory(3))] {
        assert_eq!(signed.get(&max, page).await.status, 200, "{page}");
    }
    assert_eq!(audited(&lines), Vec::<String>::new(), "what is permitted is not told");

    let mia = signed.session("mia").await;
    let of_trajectory = format!("/api/v1/trajectories/{}", trajectory(3));
    let page = format!("/trajecten/{}", trajectory(3));
    for (login, path, status, words) in [
        ("ann", &*of_trajectory, 404, "action=SeeTrajectory object=\"trajectory\""),
        ("ann", &page, 404, "action=SeeTrajectory object=\"trajectory\""),
        ("mia", "/api/v1/accounts", 403, "action=ManageAccounts object=\"any\""),
        ("ann", "/organisatie", 403, "action=ManageCover object=\"any\""),
        ("mia", "/api/v1/figures/2026Q1?scope=organisation:org-2", 403, "action=SeeFigures object=\"scope\""),
    ] {
        let account = signed.account(login).id.to_string();
        let answer = signed.get(if login == "ann" { &ann } else { &mia }, path).await;
        assert_eq!(answer.status, status, "{path}");
        let told = audited(&lines);
        assert_eq!(told.len(), 1, "{path}: {told:?}");
        for wanted in ["WARN", "what=\"denied\"", &format!("account=\"{account}\""), words] {
            assert!(told[0].contains(wanted), "{wanted} in {}", told[0]);
        }
        for secret in [&*trajectory(3), "org-2", "De Wit", "Name of", "ann-2"] {
            assert!(!told[0].contains(secret), "{secret} in {}", told[0]);
        }
    }
    let mut foreign = contact(3, 7, "2026-01-06", "Een geheim");
    foreign["organisation"] = "org-2".into();
    signed.record(&ann, &foreign).await.is_problem(403, "forbidden");
    let told = audited(&lines);
    assert!(told.len() == 1 && told[0].contains("action=Record object=\"organisation\"") && !told[0].contains("geheim"), "{told:?}");
}

#[tokio::test]
async fn what_a_session_did_not_mean_is_told() {
    let (lines, _listening) = Lines::heard();
    let signed = Signed::new().await;
    let ann = signed.session("ann").await;
    let Who::Session { cookie, account, .. } = &ann else { panic!("a session") };
    let forged = Who::Session { cookie: cookie.clone(), csrf: "forged-token".to_owned(), account: account.clone() };
    signed.post(&forged, "/api/v1/tokens", &json!({"name": "an app", "days": 30})).await.is_problem(403, "csrf");
    let told = audited(&lines);
    assert!(told.len() == 1 && told[0].contains("what=\"not_meant\"") && told[0].contains("code=\"csrf\""), "{told:?}");
    assert!(told[0].contains(account.as_str()) && !told[0].contains("forged-token") && !told[0].contains(cookie.as_str()), "{told:?}");
}
