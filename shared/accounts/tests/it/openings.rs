//! Openings of sealed texts: for whom, of what, for how long, and what is kept of it.

use std::time::Duration;

use accounts::{AccountsError, By, LONGEST_REASON, MOST_OPENINGS, NewOpening, OPEN_FOR, Opening, Role, Rule, Swept};
use uuid::Uuid;

use crate::{DAY, GOOD, HOUR, SECOND, World, assert_rule, coach, profile};

/// An opening of trajectory `n`, of organisation 1.
pub fn new(n: u128) -> NewOpening {
    NewOpening {
        organisation: "org-1".parse().unwrap(),
        trajectory: Uuid::from_u128(n),
        reason: " Klacht van een cliënt.\nSpoed. ".to_owned(),
    }
}

fn only(n: u128) -> std::collections::BTreeSet<Uuid> {
    [Uuid::from_u128(n)].into()
}

#[tokio::test]
async fn texts_are_open_for_an_hour_to_one_account_and_of_one_trajectory() {
    let world = World::new().await;
    let otto = world.with(profile("otto", &[Role::Auditor])).await;
    let iris = world.with(profile("iris", &[Role::Auditor])).await;
    let made = world.accounts.open_texts(otto.id, new(1)).await.unwrap();
    assert_eq!((made.account, made.trajectory, made.reason.as_str()), (otto.id, Uuid::from_u128(1), "Klacht van een cliënt.\nSpoed."));
    assert_eq!((world.accounts.open_to(otto.id), world.accounts.open_to(iris.id)), (only(1), [].into()));
    assert_eq!(world.accounts.open_until(otto.id, Uuid::from_u128(1)), Some(made.until));
    assert_eq!(world.accounts.open_until(otto.id, Uuid::from_u128(2)), None);
    assert_eq!(world.reopened().await.open_to(otto.id), only(1), "it is durable");
    world.clock.advance(OPEN_FOR - SECOND);
    assert_eq!(world.accounts.open_to(otto.id), only(1));
    // Another one does not make the first longer, and the same one once more does.
    world.accounts.open_texts(otto.id, new(2)).await.unwrap();
    world.clock.advance(SECOND);
    assert_eq!(world.accounts.open_to(otto.id), only(2));
    world.accounts.open_texts(otto.id, new(2)).await.unwrap();
    world.clock.advance(OPEN_FOR - SECOND);
    assert_eq!(world.accounts.open_to(otto.id), only(2));
    world.clock.advance(SECOND);
    assert!(world.accounts.open_to(otto.id).is_empty());
}

#[tokio::test]
async fn a_reason_is_given_and_so_many_within_a_day() {
    let world = World::new().await;
    let otto = world.with(profile("otto", &[Role::Auditor])).await;
    let with = |reason: &str| NewOpening { reason: reason.to_owned(), ..new(1) };
    for wrong in
        ["", " \n ", "Een klach", "  spoed   \n", "1234567890-14", "..........", "een klacht\u{0}", &"é".repeat(LONGEST_REASON + 1)]
    {
        assert_rule(world.accounts.open_texts(otto.id, with(wrong)).await, Rule::OpeningReason);
    }
    assert!(world.accounts.openings(None, None, 9).unwrap().is_empty(), "what is refused is not noted");
    world.accounts.open_texts(otto.id, with(&format!("é{}", "😀".repeat(LONGEST_REASON - 1)))).await.unwrap();
    world.accounts.open_texts(otto.id, with(" Een klacht ")).await.unwrap();
    for _ in 2..MOST_OPENINGS {
        world.accounts.open_texts(otto.id, new(1)).await.unwrap();
    }
    assert_rule(world.accounts.open_texts(otto.id, new(1)).await, Rule::TooManyOpenings);
    let iris = world.with(profile("iris", &[Role::Auditor])).await;
    world.accounts.open_texts(iris.id, new(1)).await.expect("each has a day of their own");
    world.clock.advance(DAY);
    world.accounts.open_texts(otto.id, new(1)).await.unwrap();
    let nobody = world.accounts.open_texts(Uuid::nil(), new(1)).await;
    assert!(matches!(nobody, Err(AccountsError::NotFound)), "{nobody:?}");
}

#[tokio::test]
async fn openings_are_listed_by_organisation_and_page_by_page_and_kept_for_years() {
    let world = World::new().await;
    let otto = world.with(profile("otto", &[Role::Auditor])).await;
    for n in 1..=5 {
        let organisation = if n == 3 { "org-2" } else { "org-1" }.parse().unwrap();
        world.accounts.open_texts(otto.id, NewOpening { organisation, ..new(n) }).await.unwrap();
        world.clock.advance(Duration::from_secs(60));
    }
    let numbers = |all: Vec<accounts::Held<Opening>>| all.iter().map(|one| one.trajectory.as_u128()).collect::<Vec<_>>();
    let (one, two) = ("org-1".parse().unwrap(), "org-2".parse().unwrap());
    assert_eq!(numbers(world.accounts.openings(None, None, 9).unwrap()), [5, 4, 3, 2, 1]);
    assert_eq!(numbers(world.accounts.openings(Some(&two), None, 9).unwrap()), [3]);
    let first = world.accounts.openings(Some(&one), None, 2).unwrap();
    let rest = world.accounts.openings(Some(&one), Some(first[1].id), 9).unwrap();
    assert_eq!((numbers(first), numbers(rest)), (vec![5, 4], vec![2, 1]));
    assert!(world.accounts.openings(None, Some(Uuid::nil()), 9).is_none(), "there is no such place to go on from");
    world.clock.advance(DAY * 5 * 365);
    assert_eq!(world.accounts.sweep().await.unwrap(), Swept::default());
    world.clock.advance(DAY * 10);
    assert_eq!(world.accounts.sweep().await.unwrap().openings, 5);
    assert!(world.accounts.openings(None, None, 9).unwrap().is_empty() && world.accounts.open_to(otto.id).is_empty());
}

#[tokio::test]
async fn texts_are_sealed_again_before_their_time_is_over() {
    let world = World::new().await;
    let otto = world.with(profile("otto", &[Role::Auditor])).await;
    let iris = world.with(profile("iris", &[Role::Auditor])).await;
    for (account, n) in [(otto.id, 1), (otto.id, 1), (otto.id, 2), (iris.id, 1)] {
        world.accounts.open_texts(account, new(n)).await.unwrap();
        world.clock.advance(SECOND);
    }
    world.accounts.close_texts(otto.id, Uuid::from_u128(1)).await.unwrap();
    assert_eq!((world.accounts.open_to(otto.id), world.accounts.open_to(iris.id)), (only(2), only(1)));
    assert_eq!(world.accounts.open_until(otto.id, Uuid::from_u128(1)), None);
    assert_eq!(world.reopened().await.open_to(otto.id), only(2), "it is durable");
    let all = world.accounts.openings(None, None, 9).unwrap();
    let ended: Vec<bool> = all.iter().map(|opening| opening.closed.is_some() && opening.ends() < opening.until).collect();
    assert_eq!(ended, [false, false, true, true], "both openings of it, and what was kept of them");
    // Sealed already is what was wanted; opened again it is another opening.
    world.accounts.close_texts(otto.id, Uuid::from_u128(1)).await.unwrap();
    world.accounts.open_texts(otto.id, new(1)).await.unwrap();
    assert!(world.accounts.open_to(otto.id).contains(&Uuid::from_u128(1)));
    assert_eq!(world.accounts.openings(None, None, 9).unwrap().len(), 5);
}

#[test]
fn an_opening_of_before_texts_could_be_sealed_again_is_read() {
    let rests = r#"{"id":"00000000-0000-4000-8000-000000000001","account":"00000000-0000-4000-8000-000000000002","organisation":"org-1",
        "trajectory":"00000000-0000-4000-8000-000000000003","reason":"Een klacht","at":"2026-07-01T10:00:00.000000Z","until":"2026-07-01T11:00:00.000000Z"}"#;
    let opening: Opening = serde_json::from_str(rests).unwrap();
    assert_eq!((opening.closed, opening.ends()), (None, opening.until));
    assert!(!serde_json::to_string(&opening).unwrap().contains("closed"), "and rests as it did");
}

#[tokio::test]
async fn a_reason_comes_into_no_log() {
    let world = World::new().await;
    let otto = world.with(profile("otto", &[Role::Auditor])).await;
    let made = world.accounts.open_texts(otto.id, new(1)).await.unwrap();
    assert!(!format!("{:?} {made:?}", new(1)).contains("Klacht"));
}

#[tokio::test]
async fn an_administrator_ends_sessions_and_waiting() {
    let world = World::new().await;
    let jo = world.with(coach("jo")).await;
    let session = world.sign_in("jo").await.token.expose().to_string();
    let ended = world.accounts.end_sessions(By::Machine, jo.id, jo.revision).await.unwrap();
    assert!(world.accounts.session(&session).await.unwrap().is_none());
    assert!(matches!(world.accounts.end_sessions(By::Machine, jo.id, jo.revision).await, Err(AccountsError::Changed)));
    assert!(ended.revision > jo.revision);
    let login = jo.profile.login.clone();
    assert_eq!(world.accounts.waits(&login), None);
    for _ in 0..6 {
        let wrong = accounts::Password::new("niet goed, helemaal niet");
        assert!(world.accounts.sign_in("jo", &wrong, "").await.is_err());
    }
    assert_eq!(world.accounts.waits(&login), Some((5, SECOND)));
    let must_wait = world.accounts.sign_in("jo", &accounts::Password::new(GOOD), "").await;
    assert!(must_wait.is_err());
    world.accounts.forget_failures(By::Machine, jo.id).unwrap();
    assert_eq!(world.accounts.waits(&login), None);
    world.sign_in("jo").await;
    world.clock.advance(HOUR);
}
