//! Signing in: one answer and the same work for whatever does not fit, and a wait for who fails too often.

use accounts::{AccountsError, By, Cost, FirstPassword, ONE_TIME_LASTS, Options, Password, Rule, SignInError};

use crate::{BETTER, DAY, GOOD, HOUR, SECOND, World, administrator, assert_rule, coach};

const AGENT: &str = "Mozilla/5.0 (X11; Linux x86_64; rv:130.0) Gecko/20100101 Firefox/130.0";

#[tokio::test]
async fn who_knows_login_and_password_gets_a_session() {
    let world = World::new().await;
    let jo = world.with(coach("jo")).await;
    let signed_in = world.accounts.sign_in("JO", &Password::new(GOOD), AGENT).await.unwrap();
    assert_eq!(signed_in.account, jo);
    assert_eq!(signed_in.session.agent, "Firefox, Linux");
    let seen = world.accounts.session(&signed_in.token.expose()).await.unwrap().unwrap();
    assert_eq!((seen.account, seen.session), (jo, signed_in.session));
    assert!(seen.csrf.matches(&signed_in.csrf.expose()));
    let again = world.accounts.sign_in("jo", &Password::new(GOOD), AGENT).await.unwrap();
    assert_ne!(*again.token.expose(), *signed_in.token.expose(), "every sign-in has a token of its own");
}

#[tokio::test]
async fn every_reason_to_refuse_has_one_answer_and_costs_one_run_of_argon2() {
    let world = World::new().await;
    world.with(administrator("root")).await;
    world.with(coach("jo")).await;
    let locked = world.with(coach("locked")).await;
    world.accounts.lock(By::Machine, locked.id, locked.revision).await.unwrap();
    let (_, late) = world.accounts.create(By::Machine, coach("late"), FirstPassword::OneTime).await.unwrap();
    world.clock.advance(ONE_TIME_LASTS);
    let late = late.unwrap();
    let too_long = GOOD.repeat(10_000);
    let tries = [
        ("jo", "wrong"),
        ("jo", ""),
        ("jo", too_long.as_str()),
        ("nobody", GOOD),
        ("", GOOD),
        ("not a login at all \n", GOOD),
        ("locked", GOOD),
        ("locked", "wrong"),
        ("late", late.expose()),
    ];
    for (login, password) in tries {
        let before = world.accounts.hash_runs();
        let refused = world.accounts.sign_in(login, &Password::new(password), AGENT).await.unwrap_err();
        assert!(matches!(refused, SignInError::Refused), "{login:?}: {refused:?}");
        assert_eq!(refused.to_string(), SignInError::Refused.to_string());
        assert_eq!(world.accounts.hash_runs(), before + 1, "{login:?}");
    }
    assert_eq!(world.accounts.sessions_of(locked.id), []);
    let before = world.accounts.hash_runs();
    world.sign_in("jo").await;
    assert_eq!(world.accounts.hash_runs(), before + 1, "as many as for who is refused");
}

#[tokio::test]
async fn after_five_failures_each_try_must_wait_whether_there_is_such_an_account_or_not() {
    let world = World::new().await;
    world.with(coach("jo")).await;
    for login in ["jo", "nobody"] {
        for _ in 0..5 {
            let refused = world.accounts.sign_in(login, &Password::new("wrong"), AGENT).await.unwrap_err();
            assert!(matches!(refused, SignInError::Refused));
            assert_eq!(refused.retry_after_seconds(), None);
        }
        for seconds in [1, 2, 4] {
            let before = world.accounts.hash_runs();
            // The right password too: else the wait would tell which one it is.
            let refused = world.accounts.sign_in(login, &Password::new(GOOD), AGENT).await.unwrap_err();
            assert!(matches!(refused, SignInError::Wait(_)), "{login}");
            assert_eq!(refused.retry_after_seconds(), Some(seconds), "{login}");
            assert_eq!(world.accounts.hash_runs(), before, "who waits costs nothing");
            world.clock.advance(SECOND * seconds as u32);
            world.accounts.sign_in(login, &Password::new("wrong"), AGENT).await.unwrap_err();
        }
        world.clock.advance(HOUR);
    }
    world.sign_in("JO").await;
    for _ in 0..5 {
        let refused = world.accounts.sign_in("jo", &Password::new("wrong"), AGENT).await.unwrap_err();
        assert!(matches!(refused, SignInError::Refused), "a success has reset the count");
    }
}

#[tokio::test]
async fn many_tries_at_the_same_moment_are_many_failures() {
    let world = World::new().await;
    world.with(coach("jo")).await;
    let tries = (0..40).map(|_| {
        let accounts = world.accounts.clone();
        tokio::spawn(async move { accounts.sign_in("jo", &Password::new("wrong"), AGENT).await.unwrap_err() })
    });
    let mut judged = 0;
    for one in tries.collect::<Vec<_>>() {
        judged += u32::from(matches!(one.await.unwrap(), SignInError::Refused));
    }
    assert_eq!(judged, 5);
}

#[tokio::test]
async fn a_one_time_password_signs_in_until_its_owner_has_chosen_one() {
    let world = World::new().await;
    let (jo, shown) = world.accounts.create(By::Machine, coach("jo"), FirstPassword::OneTime).await.unwrap();
    let shown = shown.unwrap();
    assert!(jo.must_change_password);
    world.clock.advance(ONE_TIME_LASTS - SECOND);
    let signed_in = world.accounts.sign_in("jo", &Password::new(shown.expose()), AGENT).await.unwrap();
    assert!(signed_in.account.must_change_password);
    let token = signed_in.token.expose();
    let changed = world.accounts.change_password(&token, &Password::new(shown.expose()), &Password::new(GOOD)).await.unwrap();
    assert!(!changed.account.must_change_password);
    world.clock.advance(DAY);
    world.sign_in("jo").await;
    assert!(world.accounts.sign_in("jo", &Password::new(shown.expose()), AGENT).await.is_err());
}

#[tokio::test]
async fn a_password_is_changed_by_who_knows_the_old_one_and_ends_all_other_sessions() {
    let world = World::new().await;
    let jo = world.with(coach("jo")).await;
    let (other, own) = (world.sign_in("jo").await, world.sign_in("jo").await);
    let change =
        async |token: &str, old: &str, new: &str| world.accounts.change_password(token, &Password::new(old), &Password::new(new)).await;
    let token = own.token.expose();
    assert!(matches!(change(&token, "wrong", BETTER).await, Err(SignInError::Refused)));
    let rules = [
        ("short", Rule::PasswordTooShort),
        ("Wachtwoord2026!", Rule::PasswordCommon),
        (GOOD, Rule::PasswordUnchanged),
        (&"ab c".repeat(33), Rule::PasswordTooLong),
    ];
    for (new, rule) in rules {
        let refused = change(&token, GOOD, new).await.unwrap_err();
        assert!(matches!(&refused, SignInError::Failed(AccountsError::Rule(broken)) if *broken == rule), "{refused:?}");
    }
    world.clock.advance(SECOND);
    let changed = change(&token, GOOD, BETTER).await.unwrap();
    assert!(changed.account.changed_at > jo.changed_at && changed.account.revision > jo.revision);
    for ended in [&own, &other] {
        assert!(
            world.accounts.session(&ended.token.expose()).await.unwrap().is_none(),
            "also the token of the session itself is a new one"
        );
    }
    assert!(world.accounts.session(&changed.token.expose()).await.unwrap().is_some());
    assert_eq!(world.accounts.sessions_of(jo.id), [changed.session]);
    assert!(matches!(change(&token, BETTER, GOOD).await, Err(SignInError::Failed(AccountsError::NotFound))), "by no ended session");
    assert!(world.accounts.sign_in("jo", &Password::new(GOOD), AGENT).await.is_err());
    world.accounts.sign_in("jo", &Password::new(BETTER), AGENT).await.unwrap();
}

#[tokio::test]
async fn guessing_the_old_password_in_a_stolen_session_waits_like_signing_in() {
    let world = World::new().await;
    world.with(coach("jo")).await;
    let token = world.sign_in("jo").await.token.expose();
    for _ in 0..5 {
        world.accounts.change_password(&token, &Password::new("wrong"), &Password::new(BETTER)).await.unwrap_err();
    }
    let refused = world.accounts.change_password(&token, &Password::new(GOOD), &Password::new(BETTER)).await.unwrap_err();
    assert_eq!(refused.retry_after_seconds(), Some(1));
}

#[tokio::test]
async fn a_hash_of_another_cost_is_made_anew_at_the_next_sign_in() {
    let world = World::new().await;
    let jo = world.with(coach("jo")).await;
    let first = world.sign_in("jo").await;
    let dearer = Options { cost: Cost { memory_kib: 16, ..Cost::LEAST }, ..Options::default() };
    let accounts = accounts::Accounts::open_with(std::sync::Arc::new(world.register.clone()), world.clock.clone(), dearer).await.unwrap();
    accounts.sign_in("jo", &Password::new(GOOD), AGENT).await.unwrap();
    assert_eq!(accounts.hash_runs(), 2, "verified at the old cost, hashed at the new one");
    assert!(accounts.account(jo.id).unwrap().revision > jo.revision);
    accounts.sign_in("jo", &Password::new(GOOD), AGENT).await.unwrap();
    assert_eq!(accounts.hash_runs(), 3);
    assert!(accounts.session(&first.token.expose()).await.unwrap().is_some(), "its sessions do not end by it");
}

#[tokio::test]
async fn a_given_first_password_keeps_the_rules_too() {
    let world = World::new().await;
    let with = async |password: &str| world.accounts.create(By::Machine, coach("jo"), FirstPassword::Given(Password::new(password))).await;
    assert_rule(with("short").await, Rule::PasswordTooShort);
    let long: accounts::Profile = accounts::Profile { login: "johanna@voorbeeld".parse().unwrap(), ..coach("jo") };
    let holds_it = FirstPassword::Given(Password::new("ik ben Johanna en zo"));
    assert_rule(world.accounts.create(By::Machine, long, holds_it).await, Rule::PasswordContainsLogin);
    assert!(world.accounts.accounts().is_empty());
}

#[tokio::test]
async fn without_other_settings_a_hash_costs_what_the_cheat_sheet_says() {
    let folder = tempfile::tempdir().unwrap();
    let register = std::sync::Arc::new(accounts::FiledRegister::open(&folder.path().join("accounts")).unwrap());
    let accounts = accounts::Accounts::open(register, std::sync::Arc::new(accounts::SystemClock::default())).await.unwrap();
    let (jo, _) = accounts.create(By::Machine, coach("jo"), FirstPassword::Given(Password::new(GOOD))).await.unwrap();
    let begun = std::time::Instant::now();
    accounts.sign_in("jo", &Password::new(GOOD), AGENT).await.unwrap();
    println!("signed in after {:?}", begun.elapsed());
    let rests = std::fs::read_to_string(folder.path().join("accounts/account").join(jo.id.to_string())).unwrap();
    assert!(rests.contains("$argon2id$v=19$m=19456,t=2,p=1$"), "{rests}");
}

#[tokio::test]
async fn the_last_sign_in_is_kept_when_its_session_is_gone_and_changes_no_account() {
    let world = World::new().await;
    let jo = world.with(coach("jo")).await;
    assert_eq!(world.accounts.last_sign_in(jo.id), None);
    let first = world.sign_in("jo").await;
    assert_eq!(world.accounts.last_sign_in(jo.id), Some(first.session.created));
    world.clock.advance(SECOND);
    let second = world.sign_in("jo").await;
    assert!(second.session.created > first.session.created);
    for signed_in in [first, second.clone()] {
        world.accounts.sign_out(&signed_in.token.expose()).await.unwrap();
    }
    for accounts in [&world.accounts, &world.reopened().await] {
        assert_eq!(accounts.last_sign_in(jo.id), Some(second.session.created));
        assert_eq!(accounts.account(jo.id).unwrap().revision, jo.revision, "a form about it is not out of date");
    }
    world.accounts.sign_in("jo", &Password::new("typed-wrong"), "").await.unwrap_err();
    assert_eq!(world.accounts.last_sign_in(jo.id), Some(second.session.created), "a try is none");
}
