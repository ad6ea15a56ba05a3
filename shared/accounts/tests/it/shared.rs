//! Two processes over one register: each sees what the other changes, rules over several accounts hold, and who cannot see believes nobody.

use accounts::{Accounts, AccountsError, By, Class, FirstPassword, MemoryRegister, Password, Role, Rule, SessionToken};

use crate::{GOOD, World, administrator, coach, open, profile};

/// Lets the tasks that follow run.
async fn settle() {
    for _ in 0..20 {
        tokio::task::yield_now().await;
    }
}

async fn two() -> (World, Accounts) {
    let world = World::over(MemoryRegister::shared()).await;
    let other = open(world.register.clone(), &world.clock).await.unwrap();
    (world, other)
}

async fn lives(accounts: &Accounts, token: &SessionToken) -> bool {
    accounts.session(&token.expose()).await.unwrap().is_some()
}

#[tokio::test]
async fn each_sees_what_the_other_changes() {
    let (world, other) = two().await;
    world.with(administrator("root")).await;
    let jo = world.with(coach("jo")).await;
    settle().await;
    assert_eq!(other.accounts(), world.accounts.accounts());
    let token = other.sign_in("jo", &Password::new(GOOD), "").await.unwrap().token;
    settle().await;
    assert!(lives(&world.accounts, &token).await);
    world.accounts.sign_out(&token.expose()).await.unwrap();
    settle().await;
    assert!(!lives(&other, &token).await);
    let token = other.sign_in("jo", &Password::new(GOOD), "").await.unwrap().token;
    settle().await;
    world.accounts.lock(By::Machine, jo.id, jo.revision).await.unwrap();
    settle().await;
    assert!(!lives(&other, &token).await);
}

#[tokio::test]
async fn of_two_who_were_judged_by_the_same_accounts_one_is_told_to_look_again() {
    let (world, other) = two().await;
    let one = world.with(administrator("one")).await;
    let two = world.with(administrator("two")).await;
    settle().await;
    // Neither sees the other's change before it makes its own: each would leave one administrator, both together none.
    let (first, second) =
        tokio::join!(world.accounts.lock(By::Machine, one.id, one.revision), other.lock(By::Machine, two.id, two.revision));
    assert!(first.is_ok() != second.is_ok());
    let refused = first.err().or(second.err()).unwrap();
    assert!(matches!(refused, AccountsError::Changed), "{refused:?}");
    settle().await;
    let left: Vec<_> = world.accounts.accounts().into_iter().filter(|account| account.is(Role::Administrator)).collect();
    assert_eq!(left.len(), 1);
    let again = other.lock(By::Machine, left[0].id, left[0].revision).await;
    assert!(matches!(again, Err(AccountsError::Rule(Rule::LastAdministrator))));
}

#[tokio::test]
async fn one_login_is_not_given_twice_by_two_processes() {
    let (world, other) = two().await;
    let given = || FirstPassword::Given(Password::new(GOOD));
    let jo = profile("jo", &[Role::Manager]);
    let (first, second) =
        tokio::join!(world.accounts.create(By::Machine, jo.clone(), given()), other.create(By::Machine, jo.clone(), given()));
    assert!(first.is_ok() != second.is_ok());
    settle().await;
    assert_eq!(other.accounts().len(), 1);
    assert_eq!(other.accounts(), world.accounts.accounts());
}

#[tokio::test]
async fn news_of_a_session_does_not_bring_it_back_after_it_was_signed_out() {
    let (world, _other) = two().await;
    world.with(coach("jo")).await;
    let token = world.sign_in("jo").await.token;
    // Nothing has been heard yet of this process's own changes.
    world.accounts.sign_out(&token.expose()).await.unwrap();
    for _ in 0..20 {
        assert!(!lives(&world.accounts, &token).await);
        tokio::task::yield_now().await;
    }
}

#[tokio::test(start_paused = true)]
async fn who_cannot_see_the_changes_of_others_believes_nobody_until_it_has_read_everything_anew() {
    let (world, other) = two().await;
    world.with(administrator("root")).await;
    let jo = world.with(coach("jo")).await;
    let token = world.sign_in("jo").await.token;
    let (_, text) = world.accounts.create_token(jo.id, "app", 9, None).await.unwrap();
    settle().await;
    world.register.lose_followers();
    settle().await;
    assert!(!other.is_current());
    let closed = other.session(&token.expose()).await.unwrap_err();
    assert!(matches!(closed, AccountsError::NotCurrent));
    assert_eq!(closed.class(), Class::Retryable);
    assert!(matches!(other.token(&text.expose()).await, Err(AccountsError::NotCurrent)));
    assert!(other.sign_in("jo", &Password::new(GOOD), "").await.is_err());
    assert!(matches!(other.lock(By::Machine, jo.id, jo.revision).await, Err(AccountsError::NotCurrent)));
    assert!(matches!(other.sign_out(&token.expose()).await, Err(AccountsError::NotCurrent)));
    // Meanwhile something else changes, past both.
    let third = open(world.register.clone(), &world.clock).await.unwrap();
    third.lock(By::Machine, jo.id, jo.revision).await.unwrap();
    tokio::time::sleep(std::time::Duration::from_secs(2)).await;
    settle().await;
    for accounts in [&world.accounts, &other] {
        assert!(accounts.is_current());
        assert!(!lives(accounts, &token).await);
        assert_eq!(accounts.accounts(), third.accounts());
    }
}
