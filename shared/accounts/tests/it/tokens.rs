//! Personal access tokens: what they carry, and when they are refused.

use accounts::{AccountsError, By, LONGEST_TOKEN_DAYS, MOST_TOKENS, Profile, Role, Rule, Swept};

use crate::{BETTER, DAY, GOOD, SECOND, World, administrator, assert_rule, coach};

fn both(login: &str) -> Profile {
    Profile { roles: [Role::Coach, Role::Manager].into(), ..coach(login) }
}

#[tokio::test]
async fn a_token_calls_for_its_owner_until_it_expires() {
    let world = World::new().await;
    let jo = world.with(both("jo")).await;
    let (info, text) = world.accounts.create_token(jo.id, "Caseload app", 30, None).await.unwrap();
    let bearer = world.accounts.token(&text.expose()).await.unwrap().unwrap();
    assert_eq!((bearer.account, bearer.roles), (jo.clone(), jo.profile.roles.clone()));
    world.clock.advance(DAY * 30 - SECOND);
    assert!(world.accounts.token(&text.expose()).await.unwrap().is_some());
    world.clock.advance(SECOND);
    assert!(world.accounts.token(&text.expose()).await.unwrap().is_none());
    assert_eq!(world.accounts.tokens_of(jo.id)[0].id, info.id, "it is shown for a while");
    world.clock.advance(DAY * 30 + SECOND);
    assert_eq!(world.accounts.sweep().await.unwrap(), Swept { tokens: 1, ..Swept::default() });
    assert_eq!(world.accounts.tokens_of(jo.id), []);
}

#[tokio::test]
async fn a_token_has_a_name_and_lives_a_year_at_most() {
    let world = World::new().await;
    let jo = world.with(coach("jo")).await;
    let with = async |name: &str, days: u32| world.accounts.create_token(jo.id, name, days, None).await;
    for days in [0, LONGEST_TOKEN_DAYS + 1] {
        assert_rule(with("app", days).await, Rule::TokenDays);
    }
    for name in ["", " ", "a\tb", &"x".repeat(61)] {
        assert_rule(with(name, 1).await, Rule::Name { longest: 60 });
    }
    for _ in 0..MOST_TOKENS {
        with("app", LONGEST_TOKEN_DAYS).await.unwrap();
    }
    assert_rule(with("app", 1).await, Rule::TooManyTokens);
}

#[tokio::test]
async fn a_token_never_has_more_roles_than_its_owner_has_now() {
    let world = World::new().await;
    let jo = world.with(both("jo")).await;
    for wrong in [[].into(), [Role::Auditor].into(), [Role::Coach, Role::Administrator].into()] {
        assert_rule(world.accounts.create_token(jo.id, "app", 1, Some(wrong)).await, Rule::TokenRoles);
    }
    let (_, all) = world.accounts.create_token(jo.id, "all", 9, None).await.unwrap();
    let (_, manager) = world.accounts.create_token(jo.id, "manager", 9, Some([Role::Manager].into())).await.unwrap();
    let roles = async |text: &accounts::TokenText| world.accounts.token(&text.expose()).await.unwrap().map(|bearer| bearer.roles);
    assert_eq!(roles(&all).await, Some([Role::Coach, Role::Manager].into()));
    assert_eq!(roles(&manager).await, Some([Role::Manager].into()));
    world.accounts.change(By::Machine, jo.id, jo.revision, coach("jo")).await.unwrap();
    assert_eq!(roles(&all).await, Some([Role::Coach].into()));
    assert_eq!(roles(&manager).await, None, "no role is left");
}

#[tokio::test]
async fn a_token_is_refused_while_its_owner_is_locked_or_has_to_choose_a_password() {
    let world = World::new().await;
    world.with(administrator("root")).await;
    let jo = world.with(coach("jo")).await;
    let (_, text) = world.accounts.create_token(jo.id, "app", 9, None).await.unwrap();
    let good = async || world.accounts.token(&text.expose()).await.unwrap().is_some();
    let locked = world.accounts.lock(By::Machine, jo.id, jo.revision).await.unwrap();
    assert!(!good().await);
    let jo = world.accounts.unlock(By::Machine, jo.id, locked.revision).await.unwrap();
    assert!(good().await);
    let (_, shown) = world.accounts.reset(By::Machine, jo.id, jo.revision).await.unwrap();
    assert!(!good().await);
    let shown = accounts::Password::new(shown.expose());
    let token = world.accounts.sign_in("jo", &shown, "").await.unwrap().token.expose();
    world.accounts.change_password(&token, &shown, &accounts::Password::new(BETTER)).await.unwrap();
    assert!(good().await, "another password alone does not end it");
    assert_ne!(GOOD, BETTER);
}

#[tokio::test]
async fn a_token_is_revoked_by_its_public_name() {
    let world = World::new().await;
    let (jo, ria) = (world.with(coach("jo")).await, world.with(coach("ria")).await);
    let (info, text) = world.accounts.create_token(jo.id, "app", 9, None).await.unwrap();
    let others = world.accounts.revoke_token(By::Account(ria.id), ria.id, info.id).await;
    assert!(matches!(others, Err(AccountsError::NotFound)));
    assert!(world.accounts.token(&text.expose()).await.unwrap().is_some());
    world.accounts.revoke_token(By::Account(jo.id), jo.id, info.id).await.unwrap();
    assert!(world.accounts.token(&text.expose()).await.unwrap().is_none());
    assert!(world.reopened().await.token(&text.expose()).await.unwrap().is_none());
}

#[tokio::test]
async fn the_day_of_last_use_is_written_once_a_day() {
    let world = World::new().await;
    let jo = world.with(coach("jo")).await;
    let (_, text) = world.accounts.create_token(jo.id, "app", 9, None).await.unwrap();
    let before = world.register.changes_made();
    for _ in 0..10 {
        world.accounts.token(&text.expose()).await.unwrap().unwrap();
    }
    assert_eq!(world.register.changes_made(), before + 1);
    assert_eq!(world.reopened().await.tokens_of(jo.id)[0].last_used, Some("2026-03-02".parse().unwrap()));
    world.clock.advance(DAY);
    world.accounts.token(&text.expose()).await.unwrap().unwrap();
    assert_eq!(world.accounts.tokens_of(jo.id)[0].last_used, Some("2026-03-03".parse().unwrap()));
}

#[tokio::test]
async fn what_is_no_token_is_nobodys() {
    let world = World::new().await;
    let jo = world.with(coach("jo")).await;
    let (_, text) = world.accounts.create_token(jo.id, "app", 9, None).await.unwrap();
    let session = world.sign_in("jo").await.token.expose();
    for wrong in ["", "tl_", session.as_str(), &text.expose()[1..], &text.expose().to_uppercase(), &"tl_0".repeat(9_999)] {
        assert!(world.accounts.token(wrong).await.unwrap().is_none());
    }
    assert!(world.accounts.session(&text.expose()).await.unwrap().is_none());
}
