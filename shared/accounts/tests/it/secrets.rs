//! No secret is seen where it should not be: not at rest, not in debug forms and errors, not in lines of a log.

use accounts::{By, FirstPassword, Password, register::Register};

use crate::{BETTER, GOOD, World, administrator, coach, lines::Lines};

#[tokio::test]
async fn lines_of_the_log_and_what_rests_hold_ids_and_no_secret() {
    let (lines, _listening) = Lines::heard();

    let world = World::new().await;
    let root = world.with(administrator("root-login")).await;
    let jo = world.with(coach("jo-login")).await;
    let signed_in = world.sign_in("jo-login").await;
    let changed = world.accounts.change_password(&signed_in.token.expose(), &Password::new(GOOD), &Password::new(BETTER)).await.unwrap();
    let (info, text) = world.accounts.create_token(jo.id, "app", 9, None).await.unwrap();
    world.accounts.token(&text.expose()).await.unwrap().unwrap();
    let typed_as_login = world.accounts.sign_in("hunter2hunter2", &Password::new("typed-wrong"), "").await.unwrap_err();
    let wrong = world.accounts.sign_in("jo-login", &Password::new("typed-wrong"), "").await.unwrap_err();
    let today = world.accounts.account(jo.id).unwrap();
    let (locked, shown) = world.accounts.reset(By::Account(root.id), jo.id, today.revision).await.unwrap();
    world.accounts.revoke_token(By::Account(root.id), jo.id, info.id).await.unwrap();
    world.accounts.lock(By::Account(root.id), jo.id, locked.revision).await.unwrap();
    world.accounts.sign_out(&changed.token.expose()).await.unwrap();

    let told = lines.told();
    for what in ["signed_in", "password_changed", "token_created", "password_refused", "password_reset", "token_revoked", "account_locked"]
    {
        assert!(told.lines().any(|line| line.contains(accounts::AUDIT) && line.contains(what)), "{what} is told: {told}");
    }
    assert!(told.contains(&jo.id.to_string()) && told.contains(&format!("by={}", root.id)));

    let mut rests = String::new();
    for record in world.register.all().await.unwrap() {
        rests.push_str(record.key.as_str());
        rests.push_str(&String::from_utf8(record.value.clone()).unwrap());
        assert!(!format!("{record:?}").contains("argon2id"));
    }
    let shapes = format!(
        "{:?} {changed:?} {text:?} {shown:?} {:?} {:?} {typed_as_login:?} {wrong:?} {typed_as_login} {wrong} {:?}",
        world.accounts,
        Password::new(GOOD),
        FirstPassword::Given(Password::new(GOOD)),
        world.accounts.accounts(),
    );
    let (session, csrf, renewed) = (signed_in.token.expose(), signed_in.csrf.expose(), changed.token.expose());
    let app = text.expose();
    let secrets = [GOOD, BETTER, &session, &csrf, &renewed, &app, &app[3..67], shown.expose(), "typed-wrong", "hunter2hunter2"];
    for (number, secret) in secrets.into_iter().enumerate() {
        for (place, text) in [("log", &told), ("rest", &rests), ("debug", &shapes)] {
            assert!(!text.contains(secret), "secret {number} in {place}");
        }
    }
    for named in ["jo-login", "root-login", "Name of"] {
        assert!(!told.contains(named) && !shapes.contains(named), "{named} names a person");
    }
    assert!(!told.contains("argon2id") && !shapes.contains("argon2id$"));
    assert!(rests.contains("$argon2id$v=19$"));
}
