//! The pages on which administrators see to accounts.

use accounts::{AccountState, By, FirstPassword, Password, Role};
use axum::http::Method;

use crate::{
    signed::{GOOD, Signed, Who, profile},
    world::Answer,
};

fn text(answer: &Answer) -> String {
    String::from_utf8_lossy(&answer.body).into_owned()
}

async fn post(signed: &Signed, who: &Who, path: &str, fields: &[(&str, &str)]) -> Answer {
    signed.form(who.on(signed.request(Method::POST, path)), fields).await
}

/// What stands in the hidden field of a page.
fn revision(page: &str) -> String {
    page.split_once("name=\"revision\" value=\"").unwrap().1.split('"').next().unwrap().to_owned()
}

/// The password that a page shows once.
fn secret(page: &str) -> String {
    page.split_once("class=\"secret\">").unwrap().1.split('<').next().unwrap().to_owned()
}

fn is_checked(page: &str, role: &str) -> bool {
    page.contains(&format!("name=\"role\" value=\"{role}\" checked"))
}

#[tokio::test(flavor = "multi_thread")]
async fn an_account_is_made_with_several_roles_and_a_code_of_its_own() {
    let signed = Signed::new().await;
    let root = signed.session("root").await;
    let new = text(&signed.get(&root, "/beheer/accounts/nieuw").await);
    assert!(is_checked(&new, "coach") && new.contains("Code in het logboek") && new.contains("value=\"org-2\""), "{new}");
    // Bea's code is taken: what is proposed has a number.
    let fields = [("name", " Bea Twee "), ("username", "Bea."), ("role", "coach"), ("role", "manager"), ("organisation", "org-1")];
    let made = post(&signed, &root, "/beheer/accounts", &fields).await;
    let page = text(&made);
    assert_eq!((made.status, made.header("cache-control")), (200, "no-store"), "{page}");
    assert!(page.contains("Account is gemaakt") && page.contains("Bea Twee (bea.)"), "{page}");
    let account = signed.account("bea.");
    let profile = &account.profile;
    assert_eq!(profile.coach.as_ref().unwrap().as_str(), "bea-2");
    assert_eq!((profile.name.as_str(), &profile.roles), ("Bea Twee", &[Role::Coach, Role::Manager].into()));
    assert!(account.must_change_password);
    signed.session_by("bea.", &secret(&page)).await;
    // An organisation that has no account yet, and a code that was given.
    let fields = [
        ("name", "Carl"),
        ("username", "carl"),
        ("role", "coach"),
        ("organisation", "org-1"),
        ("organisation_new", "org-3"),
        ("coach", "coach-9"),
    ];
    assert_eq!(post(&signed, &root, "/beheer/accounts", &fields).await.status, 200);
    let carl = signed.account("carl");
    assert_eq!(carl.profile.organisation.as_ref().unwrap().as_str(), "org-3");
    assert_eq!(carl.profile.coach.as_ref().unwrap().as_str(), "coach-9");
    let list = text(&signed.get(&root, "/beheer/accounts").await);
    assert!(list.contains("10 accounts") && list.contains("href=\"/beheer/accounts/carl\"") && list.contains("Coach, manager"), "{list}");
    let one = text(&signed.get(&root, "/beheer/accounts?organisatie=org-3").await);
    assert!(one.contains("1 account van Org 3") && !one.contains("/beheer/accounts/ann\""), "{one}");
}

/// Fields of a form, the one that is wrong, and a part of what is told.
type Refused = (&'static [(&'static str, &'static str)], &'static str, &'static str);

#[tokio::test(flavor = "multi_thread")]
async fn what_is_wrong_is_told_at_its_field_and_nothing_is_lost() {
    let signed = Signed::new().await;
    let root = signed.session("root").await;
    let before = signed.accounts.accounts().len();
    let refused: [Refused; 9] = [
        (&[("name", "Zus"), ("username", "ann"), ("role", "analyst")], "username", "bestaat al"),
        (&[("name", "Zus"), ("username", "nieuw"), ("role", "analyst")], "username", "Gebruik 1 tot 64"),
        (&[("name", "Zus"), ("username", "z us"), ("role", "analyst")], "username", "Gebruik 1 tot 64"),
        (&[("name", ""), ("username", "zus"), ("role", "analyst")], "name", "Vul een naam in"),
        (&[("name", "Zus"), ("username", "zus")], "role", "Kies minstens"),
        (&[("name", "Zus"), ("username", "zus"), ("role", "king")], "role", "Kies minstens"),
        (&[("name", "Zus"), ("username", "zus"), ("role", "manager")], "organisation", "hoort bij een organisatie"),
        (
            &[("name", "Zus"), ("username", "zus"), ("role", "coach"), ("organisation", "org-1"), ("coach", "ann")],
            "coach",
            "heeft deze code",
        ),
        (
            &[("name", "Zus"), ("username", "zus"), ("role", "manager"), ("organisation_new", "Org Drie")],
            "organisation_new",
            "kleine letters",
        ),
    ];
    for (fields, field, words) in refused {
        let answer = post(&signed, &root, "/beheer/accounts", fields).await;
        let page = text(&answer);
        assert_eq!(answer.status, 422, "{fields:?}");
        let told = page.split_once(&format!("id=\"fout-{field}\">")).map(|(_, rest)| rest.split('<').next().unwrap().to_owned());
        assert!(told.as_ref().is_some_and(|told| told.contains(words)), "{fields:?}: {told:?}");
        for (name, value) in fields.iter().filter(|(name, value)| *name != "role" && *name != "organisation" && !value.is_empty()) {
            assert!(page.contains(&format!("value=\"{value}\"")), "{name} is still there");
        }
        assert!(!is_checked(&page, "coach") || fields.contains(&("role", "coach")), "what was ticked is ticked");
    }
    assert_eq!(signed.accounts.accounts().len(), before);
    for wrong in [&[("name", "Zus"), ("name", "Zus")][..], &[("admin", "yes")]] {
        assert_eq!(post(&signed, &root, "/beheer/accounts", wrong).await.status, 400, "a form that no page has");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_changes_at_once_the_second_is_told_and_loses_nothing() {
    let signed = Signed::new().await;
    let root = signed.session("root").await;
    let page = text(&signed.get(&root, "/beheer/accounts/bea").await);
    assert!(
        is_checked(&page, "coach") && !is_checked(&page, "manager") && page.contains("name=\"coach\" type=\"text\" value=\"bea\""),
        "{page}"
    );
    let seen = revision(&page);
    let change = async |revision: &str, roles: &[&str], coach: &str| {
        let mut fields = vec![("revision", revision), ("organisation", "org-1"), ("coach", coach)];
        fields.extend(roles.iter().map(|role| ("role", *role)));
        post(&signed, &root, "/beheer/accounts/bea", &fields).await
    };
    let bea = signed.session("bea").await;
    let saved = change(&seen, &["coach", "manager"], "bea").await;
    assert_eq!((saved.status, saved.header("location")), (303, "/beheer/accounts/bea?opgeslagen=true"));
    signed.get(&bea, "/api/v1/session").await.is_problem(401, "unauthenticated");
    assert_eq!(signed.account("bea").profile.roles, [Role::Coach, Role::Manager].into());
    assert_eq!(signed.account("bea").profile.name, "Name of bea");
    let told = change(&seen, &["auditor"], "b").await;
    let page = text(&told);
    assert_eq!(told.status, 409, "{page}");
    assert!(page.contains("Iemand anders heeft dit account intussen veranderd") && page.contains("Coach, Manager, Org 1, bea"), "{page}");
    assert!(
        is_checked(&page, "auditor") && !is_checked(&page, "coach") && page.contains("value=\"b\""),
        "what was chosen stands there: {page}"
    );
    assert_eq!(signed.account("bea").profile.roles, [Role::Coach, Role::Manager].into(), "nothing was changed");
    assert_ne!(revision(&page), seen);
    assert_eq!(change(&revision(&page), &["auditor"], "b").await.status, 303);
    assert_eq!(signed.account("bea").profile.roles, [Role::Auditor].into());
    for press in ["wachtwoord", "uitloggen", "uitzetten", "aanzetten"] {
        let told = post(&signed, &root, &format!("/beheer/accounts/bea/{press}"), &[("revision", &seen)]).await;
        assert!(told.status == 409 && text(&told).contains("Iemand anders"), "{press}");
    }
    // A mistake does not hide that somebody was first: the page that tells it is still the old one.
    let mistaken = change(&seen, &[], "b").await;
    assert_eq!((mistaken.status, revision(&text(&mistaken))), (422, seen.clone()));
    assert_eq!(change(&revision(&text(&mistaken)), &["coach"], "b").await.status, 409);
}

#[tokio::test(flavor = "multi_thread")]
async fn locking_unlocking_a_new_password_and_signing_out_everywhere() {
    let signed = Signed::new().await;
    let root = signed.session("root").await;
    let press = async |login: &str, what: &str| {
        let page = text(&signed.get(&root, &format!("/beheer/accounts/{login}")).await);
        post(&signed, &root, &format!("/beheer/accounts/{login}/{what}"), &[("revision", &revision(&page))]).await
    };
    let bea = signed.session("bea").await;
    assert!(text(&signed.get(&root, "/beheer/accounts/bea").await).contains("Ingelogd op 1 apparaat."));
    assert_eq!(press("bea", "uitloggen").await.status, 303);
    signed.get(&bea, "/api/v1/session").await.is_problem(401, "unauthenticated");
    assert_eq!(press("bea", "uitzetten").await.status, 303);
    assert_eq!(signed.account("bea").state, AccountState::Locked);
    assert!(text(&signed.get(&root, "/beheer/accounts/bea").await).contains("Account aanzetten"));
    assert_eq!(press("bea", "aanzetten").await.status, 303);
    signed.session("bea").await;
    let reset = press("bea", "wachtwoord").await;
    assert!(reset.status == 200 && text(&reset).contains("Nieuw wachtwoord"), "{}", text(&reset));
    assert_eq!(signed.sign_in("bea", GOOD).await.header("location"), "/inloggen?fout=onjuist");
    signed.session_by("bea", &secret(&text(&reset))).await;
    // Who failed too often is let in again.
    for _ in 0..6 {
        signed.sign_in("ann", "niet goed, helemaal niet").await;
    }
    let page = text(&signed.get(&root, "/beheer/accounts/ann").await);
    assert!(page.contains("Dit account is geblokkeerd") && page.contains("Er is 5 keer"), "{page}");
    assert_eq!(press("ann", "deblokkeren").await.status, 303);
    assert!(!text(&signed.get(&root, "/beheer/accounts/ann").await).contains("geblokkeerd"));
    signed.session("ann").await;
}

/// A second administrator beside the one that there is.
async fn second(signed: &Signed) -> Who {
    let given = FirstPassword::Given(Password::new(GOOD));
    signed.accounts.create(By::Machine, profile("rob", Role::Administrator, None, None), given).await.unwrap();
    signed.session("rob").await
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_gives_themself_a_role_or_switches_themself_off() {
    let signed = Signed::new().await;
    let (root, rob) = (signed.session("root").await, second(&signed).await);
    let page = text(&signed.get(&root, "/beheer/accounts/root").await);
    assert!(page.contains("Dit is je eigen account") && page.contains("href=\"/account\""), "{page}");
    assert!(!page.contains("name=\"role\"") && !page.contains("/uitzetten") && !page.contains("/wachtwoord\""), "{page}");
    let seen = signed.account("root").revision.0.to_string();
    for roles in [&["administrator", "manager"][..], &["manager"], &["administrator", "auditor"], &["analyst"]] {
        let mut fields = vec![("revision", seen.as_str()), ("organisation", "org-1")];
        fields.extend(roles.iter().map(|role| ("role", *role)));
        let told = post(&signed, &root, "/beheer/accounts/root", &fields).await;
        assert!(told.status == 422 && text(&told).contains("je rollen en je toegang verandert een andere beheerder"), "{}", text(&told));
    }
    for what in ["uitzetten", "wachtwoord"] {
        let told = post(&signed, &root, &format!("/beheer/accounts/root/{what}"), &[("revision", &seen)]).await;
        assert!(told.status == 422 && text(&told).contains("een andere beheerder"), "{what}: {}", text(&told));
    }
    assert_eq!(signed.account("root").profile.roles, [Role::Administrator].into());
    assert_eq!(signed.get(&root, "/api/v1/session").await.status, 200, "still signed in");
    // Another administrator may; of two the last stays.
    assert_eq!(post(&signed, &rob, "/beheer/accounts/root/uitzetten", &[("revision", &seen)]).await.status, 303);
    let own = signed.account("rob").revision.0.to_string();
    assert_eq!(post(&signed, &rob, "/beheer/accounts/rob/uitzetten", &[("revision", &own)]).await.status, 422);
    assert_eq!(signed.account("rob").state, AccountState::Active);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_sees_to_accounts_is_given_no_role_that_sees_cases() {
    let signed = Signed::new().await;
    let (root, _) = (signed.session("root").await, second(&signed).await);
    let new = [("name", "Zus"), ("username", "zus"), ("role", "administrator"), ("role", "auditor")];
    let told = post(&signed, &root, "/beheer/accounts", &new).await;
    assert!(told.status == 422 && text(&told).contains("id=\"fout-role\">Een beheerder is niet ook coach"), "{}", text(&told));
    let seen = signed.account("rob").revision.0.to_string();
    let both = [("revision", seen.as_str()), ("role", "administrator"), ("role", "manager"), ("organisation", "org-1")];
    let told = post(&signed, &root, "/beheer/accounts/rob", &both).await;
    assert!(told.status == 422 && text(&told).contains("id=\"fout-role\">Een beheerder is niet ook coach"), "{}", text(&told));
    assert_eq!(signed.account("rob").profile.roles, [Role::Administrator].into());
}

#[tokio::test(flavor = "multi_thread")]
async fn who_leaves_with_trajectories_is_said_to_whom_to_go_for_them() {
    let signed = Signed::new().await;
    let (root, mia) = (signed.session("root").await, signed.session("mia").await);
    assert!(!text(&signed.get(&root, "/beheer/accounts/ann").await).contains("overdragen"), "nothing to hand over");
    assert_eq!(signed.record(&mia, &crate::signed::case(1, "org-1", "ann")).await.status, 201);
    let page = text(&signed.get(&root, "/beheer/accounts/ann").await);
    let told = "Laat eerst 1 traject overdragen. Dat doet een manager van de organisatie: ";
    assert!(page.contains(told) && page.contains("href=\"/beheer/accounts/mia\">Name of mia</a>"), "{page}");
    let manager = signed.account("mia");
    signed.accounts.lock(By::Machine, manager.id, manager.revision).await.unwrap();
    let page = text(&signed.get(&root, "/beheer/accounts/ann").await);
    assert!(page.contains("die heeft deze organisatie nog niet") && page.contains(">maak een account voor een manager</a>"), "{page}");
}

#[tokio::test(flavor = "multi_thread")]
async fn only_administrators_are_told_who_has_an_account() {
    let signed = Signed::new().await;
    let root = signed.session("root").await;
    for path in ["/beheer/accounts/nobody", "/beheer/accounts/a%20b"] {
        assert_eq!(signed.get(&root, path).await.status, 404, "{path}");
        assert_eq!(post(&signed, &root, &format!("{path}/uitzetten"), &[("revision", "1")]).await.status, 404, "{path}");
    }
    assert_eq!(post(&signed, &root, "/beheer/accounts/bea/uitzetten", &[("revision", "x")]).await.status, 400);
    assert_eq!(post(&signed, &root, "/beheer/accounts/bea/uitzetten", &[]).await.status, 400);
    for login in ["ann", "mia", "lena", "otto"] {
        let who = signed.session(login).await;
        for path in ["/beheer/accounts", "/beheer/accounts/bea", "/beheer/accounts/nobody", "/beheer/accounts/nieuw"] {
            let answer = signed.send(who.on(signed.request(Method::GET, path)).header("accept", "text/html"), "").await;
            assert!(answer.status == 403 && text(&answer).contains("Dit mag je niet zien"), "{login} {path}");
        }
        assert_eq!(post(&signed, &who, "/beheer/accounts/bea/uitzetten", &[("revision", "1")]).await.status, 403);
    }
    assert_eq!(signed.account("bea").state, AccountState::Active);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_last_sign_in_is_told_also_when_nobody_is_signed_in_any_more() {
    let signed = Signed::new().await;
    let never = text(&signed.get(&signed.session("root").await, "/beheer/accounts/bea").await);
    assert!(never.contains("bea · laatst ingelogd: nog nooit"), "{never}");
    let bea = signed.session("bea").await;
    let own = text(&signed.get(&bea, "/account").await);
    assert!(own.contains("Laatst ingelogd: vandaag om"), "{own}");
    assert_eq!(post(&signed, &bea, "/uitloggen", &[]).await.status, 303);
    assert!(signed.accounts.sessions_of(signed.account("bea").id).is_empty());
    let root = signed.session("root").await;
    let page = text(&signed.get(&root, "/beheer/accounts/bea").await);
    assert!(page.contains("bea · laatst ingelogd: vandaag om"), "{page}");
    let list = text(&signed.get(&root, "/beheer/accounts").await);
    assert_eq!(list.matches("laatst ingelogd: vandaag").count(), 2, "Bea and who looks: {list}");
    assert!(list.contains("laatst ingelogd: nog nooit"), "{list}");
}
