//! A register that fails in every way, and callers who are gone before their change is done.

use accounts::{
    AccountsError, By, Class, Fault, FirstPassword, MemoryRegister, NewCover, Password, Role, SEEN_EVERY, SignInError,
    register::{Kind, Register, RegisterError},
};

use crate::{BETTER, GOOD, World, administrator, coach, open, profile};

fn failed<T: std::fmt::Debug>(result: Result<T, AccountsError>) {
    match result {
        Err(AccountsError::Register(error)) => assert_eq!(error.class(), Class::Retryable),
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn a_change_that_fails_is_known_nowhere() {
    let world = World::new().await;
    world.with(administrator("root")).await;
    let jo = world.with(coach("jo")).await;
    let ria = world.with(profile("ria", &[Role::Manager])).await;
    let signed_in = world.sign_in("jo").await;
    let token = signed_in.token.expose();
    let (app, text) = world.accounts.create_token(jo.id, "app", 9, None).await.unwrap();
    world.accounts.token(&text.expose()).await.unwrap().unwrap();
    let new = || NewCover {
        organisation: "org-1".parse().unwrap(),
        absent: "bo".parse().unwrap(),
        by: "jo".parse().unwrap(),
        from: "2026-03-02".parse().unwrap(),
        until: "2026-03-03".parse().unwrap(),
    };
    let cover = world.accounts.create_cover(ria.id, new()).await.unwrap();
    let before = format!("{:?}", crate::sequences::everything(&world.accounts));
    let fail = || world.register.inject([Fault::Unavailable]);

    fail();
    failed(world.accounts.create(By::Machine, coach("bo"), FirstPassword::Given(Password::new(GOOD))).await);
    fail();
    failed(world.accounts.change(By::Machine, jo.id, jo.revision, profile("jo", &[Role::Manager])).await);
    fail();
    failed(world.accounts.lock(By::Machine, jo.id, jo.revision).await);
    fail();
    failed(world.accounts.reset(By::Machine, jo.id, jo.revision).await);
    fail();
    failed(world.accounts.create_token(jo.id, "other", 9, None).await);
    fail();
    failed(world.accounts.revoke_token(By::Machine, jo.id, app.id).await);
    fail();
    failed(world.accounts.create_cover(ria.id, new()).await);
    fail();
    failed(world.accounts.end_cover(ria.id, &"org-1".parse().unwrap(), cover.id).await);
    fail();
    failed(world.accounts.open_texts(jo.id, crate::openings::new(1)).await);
    fail();
    failed(world.accounts.end_sessions(By::Machine, jo.id, jo.revision).await);
    fail();
    failed(world.accounts.sign_out(&token).await);
    fail();
    failed(world.accounts.end_session(jo.id, signed_in.session.id).await);
    fail();
    let refused = world.accounts.sign_in("jo", &Password::new(GOOD), "").await.unwrap_err();
    assert!(matches!(refused, SignInError::Failed(AccountsError::Register(_))));
    fail();
    let refused = world.accounts.change_password(&token, &Password::new(GOOD), &Password::new(BETTER)).await.unwrap_err();
    assert!(matches!(refused, SignInError::Failed(AccountsError::Register(_))));

    assert_eq!(format!("{:?}", crate::sequences::everything(&world.accounts)), before);
    assert_eq!(format!("{:?}", crate::sequences::everything(&world.reopened().await)), before);
    assert!(world.accounts.open_to(jo.id).is_empty(), "what is not noted is not open");
    assert!(world.accounts.session(&token).await.unwrap().is_some());
    world.sign_in("jo").await;
}

#[tokio::test]
async fn a_session_holds_though_its_use_cannot_be_written() {
    let world = World::new().await;
    world.with(coach("jo")).await;
    let token = world.sign_in("jo").await.token.expose();
    world.clock.advance(SEEN_EVERY);
    world.register.inject([Fault::Unavailable]);
    assert!(world.accounts.session(&token).await.unwrap().is_some());
    let before = world.register.changes_made();
    assert!(world.accounts.session(&token).await.unwrap().is_some());
    assert_eq!(world.register.changes_made(), before + 1, "the next use writes it");
}

#[tokio::test]
async fn all_sessions_have_ended_with_the_password_even_when_none_of_them_can_be_removed() {
    let world = World::new().await;
    let jo = world.with(coach("jo")).await;
    let (one, other) = (world.sign_in("jo").await.token.expose(), world.sign_in("jo").await.token.expose());
    // The account is put, the new session is not, and so nothing is removed.
    world.register.inject([Fault::None, Fault::Unavailable]);
    let half = world.accounts.change_password(&one, &Password::new(GOOD), &Password::new(BETTER)).await;
    assert!(matches!(half, Err(SignInError::Failed(AccountsError::Register(_)))));
    for accounts in [&world.accounts, &world.reopened().await] {
        for token in [&one, &other] {
            assert!(accounts.session(token).await.unwrap().is_none());
        }
        assert_eq!(accounts.sessions_of(jo.id), []);
    }
    world.accounts.sign_in("jo", &Password::new(BETTER), "").await.unwrap();
    world.register.inject([Fault::None, Fault::Unavailable]);
    let locked = world.accounts.lock(By::Machine, jo.id, world.accounts.account(jo.id).unwrap().revision).await;
    assert!(locked.is_ok(), "what is left of sessions is no reason to say that the account is not locked");
    assert_eq!(world.reopened().await.sweep().await.unwrap().sessions, 3);
}

#[tokio::test]
async fn what_is_not_known_is_told_as_such() {
    let world = World::new().await;
    let jo = world.with(coach("jo")).await;
    for fault in [Fault::UnknownKept, Fault::UnknownNotKept] {
        world.register.inject([fault]);
        let error = world.accounts.lock(By::Machine, jo.id, jo.revision).await.unwrap_err();
        assert_eq!(error.class(), Class::Unknown, "{fault:?}");
        assert!(error.to_string().contains("restart"), "{error}");
    }
}

#[tokio::test]
async fn a_change_is_ended_when_nobody_waits_for_it_any_more() {
    let world = World::new().await;
    let jo = world.with(coach("jo")).await;
    world.register.close_gate();
    let begun = {
        let (accounts, id, revision) = (world.accounts.clone(), jo.id, jo.revision);
        tokio::spawn(async move { accounts.lock(By::Machine, id, revision).await })
    };
    tokio::task::yield_now().await;
    tokio::task::yield_now().await;
    begun.abort();
    assert!(begun.await.unwrap_err().is_cancelled());
    world.register.let_through(1);
    for _ in 0..1_000 {
        tokio::task::yield_now().await;
    }
    assert!(world.accounts.account(jo.id).unwrap().revision > jo.revision);
    assert_eq!(world.accounts.accounts(), world.reopened().await.accounts());
}

#[tokio::test]
async fn an_account_that_is_locked_while_its_password_is_verified_is_not_signed_in() {
    let world = World::new().await;
    let jo = world.with(coach("jo")).await;
    // The lock waits at the gate and holds the turn; the sign-in has verified the password and waits for its turn.
    world.register.close_gate();
    let lock = {
        let (accounts, id, revision) = (world.accounts.clone(), jo.id, jo.revision);
        tokio::spawn(async move { accounts.lock(By::Machine, id, revision).await })
    };
    tokio::task::yield_now().await;
    let sign_in = {
        let accounts = world.accounts.clone();
        tokio::spawn(async move { accounts.sign_in("jo", &Password::new(GOOD), "").await })
    };
    while world.accounts.hash_runs() < 2 {
        tokio::task::yield_now().await;
    }
    world.register.let_through(2);
    lock.await.unwrap().unwrap();
    assert!(matches!(sign_in.await.unwrap(), Err(SignInError::Refused)));
}

async fn opens_with_the_name_of_what_is_wrong(register: &MemoryRegister, kind: Kind, name: &str, why: &str) {
    let error = open(register.clone(), &crate::clock()).await.unwrap_err();
    assert!(matches!(error, AccountsError::Register(RegisterError::Damaged { .. })), "{error:?}");
    assert_eq!(error.class(), Class::Broken);
    let text = error.to_string();
    assert!(text.contains(&format!("{}/{name}", kind.name())) && text.contains(why), "{text}");
}

#[tokio::test]
async fn a_record_that_does_not_fit_the_others_is_named_at_opening() {
    let world = World::new().await;
    let jo = world.with(coach("jo")).await;
    world.sign_in("jo").await;
    let all = world.register.all().await.unwrap();
    let of = |kind: Kind| all.iter().find(|record| record.kind == kind).unwrap().clone();
    let (account, session) = (of(Kind::Account), of(Kind::Session));

    world.register.damage(Kind::Account, &account.key, None);
    opens_with_the_name_of_what_is_wrong(&world.register, Kind::Session, session.key.as_str(), "is missing").await;

    let text = String::from_utf8(account.value.clone()).unwrap();
    for (from, to, why) in [
        ("\"roles\"", "\"rôles\"", "cannot be read"),
        ("\"organisation\":\"org-1\",", "", "needs an organisation"),
        (&jo.id.to_string(), "00000000-0000-4000-8000-000000000000", "another account"),
        ("$argon2id$", "$argon2i$", "cannot be read"),
        ("{\"account\"", "{\"more\":1,\"account\"", "cannot be read"),
    ] {
        assert!(text.contains(from), "{text}");
        world.register.damage(Kind::Account, &account.key, Some(text.replacen(from, to, 1).into_bytes()));
        opens_with_the_name_of_what_is_wrong(&world.register, Kind::Account, account.key.as_str(), why).await;
    }

    world.register.damage(Kind::Account, &account.key, Some(account.value.clone()));
    let twin = "11111111-1111-4111-8111-111111111111";
    let twins = text.replace(&jo.id.to_string(), twin);
    world.register.damage(Kind::Account, &accounts::register::Key::new(twin).unwrap(), Some(twins.into_bytes()));
    let error = open(world.register.clone(), &world.clock).await.unwrap_err();
    assert!(error.to_string().contains("has the same login"), "{error}");
}
