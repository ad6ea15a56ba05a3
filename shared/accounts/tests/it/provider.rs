//! Signing in by a provider: which account it opens, and which it never does.

use accounts::{AccountsError, By, Fault, FirstPassword, Held, Identity, Password, Rule, SignInError, SignsInBy, register::Register};

use crate::{GOOD, World, administrator, assert_rule, coach, open};

const ISSUER: &str = "https://idp.example";

fn at(subject: &str) -> Identity {
    Identity::new(ISSUER, subject).unwrap()
}

impl World {
    async fn of_provider(&self, login: &str) -> Held<accounts::Account> {
        self.accounts.create(By::Machine, coach(login), FirstPassword::OfProvider).await.unwrap().0
    }

    async fn refused(&self, identity: &Identity, login: Option<&str>) {
        let before: Vec<_> = self.accounts.accounts();
        let refused = self.accounts.sign_in_by_provider(identity, login, "curl/8").await;
        assert!(matches!(refused, Err(SignInError::Refused)), "{refused:?}");
        assert_eq!(self.accounts.accounts(), before, "and nothing was changed");
    }
}

#[tokio::test]
async fn the_first_sign_in_links_an_account_for_ever_and_the_login_is_not_asked_for_again() {
    let world = World::new().await;
    let jo = world.of_provider("jo").await;
    assert_eq!(world.accounts.linked(&at("s-1")).unwrap(), None);
    let first = world.accounts.sign_in_by_provider(&at("s-1"), Some("JO"), "curl/8").await.unwrap();
    assert_eq!((first.account.id, first.account.must_change_password), (jo.id, false));
    assert!(world.accounts.session(&first.token.expose()).await.unwrap().is_some());
    // Whatever the provider calls them now, and after a new start.
    for login in [None, Some("jo"), Some("somebody"), Some("not a login \n")] {
        let again = world.reopened().await.sign_in_by_provider(&at("s-1"), login, "curl/8").await.unwrap();
        assert_eq!(again.account.id, jo.id);
    }
    assert_eq!(world.accounts.linked(&at("s-1")).unwrap().unwrap().id, jo.id);
    // Somebody who has the address now, and somebody of another provider with the same subject.
    world.refused(&at("s-2"), Some("jo")).await;
    world.refused(&Identity::new("https://other.example", "s-1").unwrap(), Some("jo")).await;
    world.refused(&at("S-1"), Some("jo")).await;
}

#[tokio::test]
async fn what_was_not_made_for_the_provider_is_never_opened_by_it() {
    let world = World::new().await;
    world.with(administrator("root")).await;
    let jo = world.with(coach("jo")).await;
    let locked = world.of_provider("locked").await;
    world.accounts.lock(By::Machine, locked.id, locked.revision).await.unwrap();
    for login in [Some("root"), Some("jo"), Some("locked"), Some("nobody"), Some(""), None] {
        world.refused(&at("s-1"), login).await;
    }
    assert!(world.accounts.sign_in("jo", &Password::new(GOOD), "curl/8").await.is_ok());
    // Linked and then locked: refused, and not opened by a login that another account has.
    let bea = world.of_provider("bea").await;
    let bea = world.accounts.sign_in_by_provider(&at("s-2"), Some("bea"), "curl/8").await.map(|signed_in| (bea.id, signed_in)).unwrap();
    world.accounts.lock(By::Machine, bea.0, bea.1.account.revision).await.unwrap();
    world.of_provider("free").await;
    world.refused(&at("s-2"), Some("free")).await;
    assert_eq!((world.accounts.linked(&at("s-2")).unwrap(), world.accounts.is_linked(&at("s-2"))), (None, true));
    assert!(world.accounts.session(&bea.1.token.expose()).await.unwrap().is_none());
    assert_eq!(world.accounts.account(jo.id).unwrap(), jo);
}

#[tokio::test]
async fn an_account_of_the_provider_has_no_password_and_gets_none() {
    let world = World::new().await;
    let jo = world.of_provider("jo").await;
    let runs = world.accounts.hash_runs();
    for password in ["", GOOD, "jo"] {
        let refused = world.accounts.sign_in("jo", &Password::new(password), "curl/8").await;
        assert!(matches!(refused, Err(SignInError::Refused)), "{refused:?}");
    }
    assert_eq!(world.accounts.hash_runs() - runs, 3, "after the same work as for everybody");
    assert_rule(world.accounts.reset(By::Machine, jo.id, jo.revision).await, Rule::ByProvider);
    let signed_in = world.accounts.sign_in_by_provider(&at("s-1"), Some("jo"), "curl/8").await.unwrap();
    let changed = world.accounts.change_password(&signed_in.token.expose(), &Password::new(""), &Password::new(GOOD)).await;
    assert!(matches!(changed, Err(SignInError::Failed(AccountsError::Rule(Rule::ByProvider)))), "{changed:?}");
    assert_rule(world.accounts.reset(By::Machine, jo.id, signed_in.account.revision).await, Rule::ByProvider);
}

#[tokio::test]
async fn an_administrator_hands_an_account_to_the_provider_and_releases_it_from_somebody() {
    let world = World::new().await;
    let jo = world.with(coach("jo")).await;
    let before = world.sign_in("jo").await;
    let (_, token) = world.accounts.create_token(jo.id, "an app", 30, None).await.unwrap();
    let handed = world.accounts.hand_to_provider(By::Machine, jo.id, jo.revision).await.unwrap();
    assert!(world.accounts.session(&before.token.expose()).await.unwrap().is_none(), "sessions end");
    assert!(world.accounts.sign_in("jo", &Password::new(GOOD), "curl/8").await.is_err(), "the password is gone");
    assert!(world.accounts.token(&token.expose()).await.unwrap().is_none(), "nobody has shown yet that they are still the same");
    let first = world.accounts.sign_in_by_provider(&at("s-1"), Some("jo"), "curl/8").await.unwrap();
    assert!(world.accounts.token(&token.expose()).await.unwrap().is_some());
    world.refused(&at("s-2"), Some("jo")).await;
    let stale = world.accounts.hand_to_provider(By::Machine, jo.id, handed.revision).await;
    assert!(matches!(stale, Err(AccountsError::Changed)), "{stale:?}");
    let released = world.accounts.hand_to_provider(By::Machine, jo.id, first.account.revision).await.unwrap();
    assert_eq!(released.signs_in_by, SignsInBy::Provider { identity: None });
    assert!(world.accounts.session(&first.token.expose()).await.unwrap().is_none());
    assert!(!world.accounts.is_linked(&at("s-1")));
    let second = world.accounts.sign_in_by_provider(&at("s-2"), Some("jo"), "curl/8").await.unwrap();
    assert_eq!(second.account.id, jo.id);
    world.refused(&at("s-1"), Some("jo")).await;
}

#[tokio::test]
async fn a_link_that_was_not_durable_is_none() {
    let world = World::new().await;
    world.of_provider("jo").await;
    world.register.inject([Fault::Unavailable]);
    assert!(matches!(world.accounts.sign_in_by_provider(&at("s-1"), Some("jo"), "curl/8").await, Err(SignInError::Failed(_))));
    assert!(!world.accounts.is_linked(&at("s-1")) && !world.reopened().await.is_linked(&at("s-1")));
    // Who comes first then is theirs: the link was never known.
    world.accounts.sign_in_by_provider(&at("s-2"), Some("jo"), "curl/8").await.unwrap();
    world.refused(&at("s-1"), Some("jo")).await;
}

#[tokio::test]
async fn of_two_who_come_at_once_with_one_login_one_is_linked() {
    let world = World::new().await;
    world.of_provider("jo").await;
    let (one, two) = (at("s-1"), at("s-2"));
    let (one, two) = tokio::join!(
        world.accounts.sign_in_by_provider(&one, Some("jo"), "curl/8"),
        world.accounts.sign_in_by_provider(&two, Some("jo"), "curl/8"),
    );
    assert!(one.is_ok() != two.is_ok(), "{one:?} {two:?}");
}

#[tokio::test]
async fn records_that_give_one_person_two_accounts_are_not_believed() {
    let world = World::new().await;
    for (login, subject) in [("jo", "s-1"), ("bea", "s-2")] {
        world.of_provider(login).await;
        world.accounts.sign_in_by_provider(&at(subject), Some(login), "curl/8").await.unwrap();
    }
    let records = world.register.all().await.unwrap();
    let second = records.iter().find(|record| String::from_utf8_lossy(&record.value).contains("s-2")).unwrap();
    let forged = String::from_utf8_lossy(&second.value).replace("s-2", "s-1").into_bytes();
    world.register.put(second.kind, &second.key, forged, accounts::register::Expected::Record(second.revision)).await.unwrap();
    let opened = open(world.register.clone(), &world.clock).await;
    assert!(opened.is_err_and(|error| error.to_string().contains("linked to the same person")));
}
