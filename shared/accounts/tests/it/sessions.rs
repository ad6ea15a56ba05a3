//! Sessions: what ends them, and what does not.

use accounts::{ABSOLUTE_LIMIT, AccountsError, By, IDLE_LIMIT, MOST_SESSIONS, Profile, Role, SEEN_EVERY, SignedIn, Swept};

use crate::{GOOD, HOUR, SECOND, World, administrator, coach, profile};

impl World {
    async fn lives(&self, signed_in: &SignedIn) -> bool {
        self.accounts.session(&signed_in.token.expose()).await.unwrap().is_some()
    }
}

#[tokio::test]
async fn a_session_ends_when_it_was_not_used_for_twelve_hours() {
    let world = World::new().await;
    world.with(coach("jo")).await;
    let signed_in = world.sign_in("jo").await;
    world.clock.advance(IDLE_LIMIT - SECOND);
    assert!(world.lives(&signed_in).await, "and this use counts");
    world.clock.advance(IDLE_LIMIT - SECOND);
    assert!(world.lives(&signed_in).await);
    world.clock.advance(IDLE_LIMIT);
    assert!(!world.lives(&signed_in).await);
    assert_eq!(world.accounts.sweep().await.unwrap(), Swept { sessions: 1, ..Swept::default() });
    assert!(world.register_is_without_sessions().await);
}

impl World {
    async fn register_is_without_sessions(&self) -> bool {
        use accounts::register::{Kind, Register};
        self.register.all().await.unwrap().iter().all(|record| record.kind != Kind::Session)
    }
}

#[tokio::test]
async fn a_session_ends_after_thirty_days_however_much_it_is_used() {
    let world = World::new().await;
    world.with(coach("jo")).await;
    let signed_in = world.sign_in("jo").await;
    let mut hours = 0;
    while world.lives(&signed_in).await {
        world.clock.advance(HOUR);
        hours += 1;
    }
    assert_eq!(HOUR * hours, ABSOLUTE_LIMIT);
}

#[tokio::test]
async fn when_a_session_was_last_used_is_written_every_five_minutes_at_most() {
    let world = World::new().await;
    world.with(coach("jo")).await;
    let signed_in = world.sign_in("jo").await;
    let before = world.register.changes_made();
    for _ in 0..50 {
        assert!(world.lives(&signed_in).await);
        world.clock.advance(SEEN_EVERY / 25);
    }
    assert_eq!(world.register.changes_made(), before + 1, "50 uses in 10 minutes");
    world.clock.advance(SECOND);
    let seen = world.accounts.session(&signed_in.token.expose()).await.unwrap().unwrap();
    assert_eq!(world.register.changes_made(), before + 2);
    assert_eq!(world.reopened().await.sessions_of(seen.account.id), [seen.session]);
}

#[tokio::test]
async fn signing_out_ends_one_session_and_no_other() {
    let world = World::new().await;
    world.with(coach("jo")).await;
    let (one, other) = (world.sign_in("jo").await, world.sign_in("jo").await);
    world.accounts.sign_out(&one.token.expose()).await.unwrap();
    assert!(!world.lives(&one).await && world.lives(&other).await);
    for nothing in [one.token.expose().as_str(), "", "nonsense"] {
        world.accounts.sign_out(nothing).await.unwrap();
    }
    assert!(world.lives(&other).await);
}

#[tokio::test]
async fn a_session_can_be_ended_by_its_owner_from_another_and_by_nobody_else() {
    let world = World::new().await;
    let (jo, ria) = (world.with(coach("jo")).await, world.with(coach("ria")).await);
    let (one, other) = (world.sign_in("jo").await, world.sign_in("jo").await);
    assert!(matches!(world.accounts.end_session(ria.id, one.session.id).await, Err(AccountsError::NotFound)));
    assert!(world.lives(&one).await);
    world.accounts.end_session(jo.id, one.session.id).await.unwrap();
    assert!(!world.lives(&one).await && world.lives(&other).await);
    assert!(matches!(world.accounts.end_session(jo.id, one.session.id).await, Err(AccountsError::NotFound)));
}

#[tokio::test]
async fn locking_and_other_rights_end_all_sessions_and_another_name_does_not() {
    let world = World::new().await;
    world.with(administrator("root")).await;
    let changes: [(&str, Profile); 5] = [
        ("one", Profile { roles: [Role::Coach, Role::Manager].into(), ..coach("one") }),
        ("two", Profile { organisation: Some("org-2".parse().unwrap()), ..coach("two") }),
        ("three", Profile { coach: Some("other".parse().unwrap()), ..coach("three") }),
        ("four", Profile { name: "Another".to_owned(), ..coach("four") }),
        ("five", Profile { login: "cinq".parse().unwrap(), ..coach("five") }),
    ];
    for (login, changed) in changes {
        let account = world.with(coach(login)).await;
        let signed_in = world.sign_in(login).await;
        world.accounts.change(By::Machine, account.id, account.revision, changed).await.unwrap();
        assert_eq!(world.lives(&signed_in).await, ["four", "five"].contains(&login), "{login}");
    }
    let six = world.with(coach("six")).await;
    let signed_in = world.sign_in("six").await;
    let locked = world.accounts.lock(By::Machine, six.id, six.revision).await.unwrap();
    assert!(!world.lives(&signed_in).await);
    world.accounts.unlock(By::Machine, six.id, locked.revision).await.unwrap();
    assert!(!world.lives(&signed_in).await, "it does not come back");
    assert!(world.register_has_sessions_only_of(&["four", "five"]).await);
    world.sign_in("six").await;
}

impl World {
    async fn register_has_sessions_only_of(&self, logins: &[&str]) -> bool {
        let accounts = self.reopened().await;
        let with_sessions = accounts.accounts().into_iter().filter(|account| !accounts.sessions_of(account.id).is_empty());
        let names: Vec<String> = with_sessions.map(|account| account.profile.login.to_string()).collect();
        names.iter().all(|name| logins.contains(&name.as_str()) || name == "cinq")
    }
}

#[tokio::test]
async fn a_reset_password_ends_all_sessions() {
    let world = World::new().await;
    let jo = world.with(coach("jo")).await;
    let signed_in = world.sign_in("jo").await;
    let (account, shown) = world.accounts.reset(By::Machine, jo.id, jo.revision).await.unwrap();
    assert!(account.must_change_password && !world.lives(&signed_in).await);
    assert!(world.accounts.sign_in("jo", &accounts::Password::new(GOOD), "").await.is_err());
    world.accounts.sign_in("jo", &accounts::Password::new(shown.expose()), "").await.unwrap();
}

#[tokio::test]
async fn a_renewed_session_has_a_new_token_and_keeps_its_age() {
    let world = World::new().await;
    let jo = world.with(coach("jo")).await;
    let old = world.sign_in("jo").await;
    world.clock.advance(HOUR);
    let new = world.accounts.renew(&old.token.expose()).await.unwrap().unwrap();
    assert!(!world.lives(&old).await && world.lives(&new).await);
    assert_eq!((new.session.id, new.session.created), (old.session.id, old.session.created));
    assert_eq!(world.accounts.sessions_of(jo.id).len(), 1);
    assert!(world.accounts.renew(&old.token.expose()).await.unwrap().is_none());
}

#[tokio::test]
async fn of_too_many_sessions_the_one_used_longest_ago_ends() {
    let world = World::new().await;
    let jo = world.with(coach("jo")).await;
    let mut all = Vec::new();
    for _ in 0..MOST_SESSIONS {
        all.push(world.sign_in("jo").await);
        world.clock.advance(SECOND);
    }
    world.clock.advance(SEEN_EVERY);
    assert!(world.lives(&all[0]).await, "used now");
    world.sign_in("jo").await;
    assert!(world.lives(&all[0]).await && !world.lives(&all[1]).await && world.lives(&all[2]).await);
    assert_eq!(world.accounts.sessions_of(jo.id).len(), MOST_SESSIONS);
}

#[tokio::test]
async fn sweeping_leaves_what_has_not_ended() {
    let world = World::new().await;
    world.with(profile("an", &[Role::Analyst])).await;
    let signed_in = world.sign_in("an").await;
    world.clock.advance(HOUR);
    assert_eq!(world.accounts.sweep().await.unwrap(), Swept::default());
    assert!(world.lives(&signed_in).await);
}
