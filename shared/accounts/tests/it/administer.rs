//! What administrators do: the rules over all accounts, and two administrators at once.

use accounts::{AccountState, AccountsError, By, FirstPassword, Password, Profile, Role, Rule};
use uuid::Uuid;

use crate::{GOOD, World, administrator, assert_rule, coach, lines::Lines, profile};

fn given() -> FirstPassword {
    FirstPassword::Given(Password::new(GOOD))
}

#[tokio::test]
async fn the_first_account_is_an_administrator_and_is_made_once() {
    let world = World::new().await;
    assert_rule(world.accounts.create_first(coach("jo"), given()).await, Rule::LastAdministrator);
    let (root, shown) = world.accounts.create_first(administrator("root"), FirstPassword::OneTime).await.unwrap();
    assert!(root.is(Role::Administrator) && root.must_change_password && shown.is_some());
    assert_rule(world.accounts.create_first(administrator("other"), given()).await, Rule::NotTheFirst);
}

#[tokio::test]
async fn a_login_is_of_one_account_in_whatever_case() {
    let world = World::new().await;
    let jo = world.with(coach("jo")).await;
    let other = Profile { coach: Some("other".parse().unwrap()), login: "JO".parse().unwrap(), ..coach("jo") };
    assert_rule(world.accounts.create(By::Machine, other.clone(), given()).await, Rule::LoginTaken);
    let ria = world.with(coach("ria")).await;
    assert_rule(world.accounts.change(By::Machine, ria.id, ria.revision, other).await, Rule::LoginTaken);
    // Whoever gives a login up makes it free.
    let renamed = Profile { login: "johanna".parse().unwrap(), ..coach("jo") };
    world.accounts.change(By::Machine, jo.id, jo.revision, renamed).await.unwrap();
    let ria =
        world.accounts.change(By::Machine, ria.id, ria.revision, Profile { login: "jo".parse().unwrap(), ..coach("ria") }).await.unwrap();
    assert_eq!(world.accounts.account_of(&"jo".parse().unwrap()), Some(ria));
}

#[tokio::test]
async fn a_coachs_short_name_is_of_one_account_of_an_organisation() {
    let world = World::new().await;
    world.with(coach("jo")).await;
    let same = Profile { coach: Some("jo".parse().unwrap()), ..coach("other") };
    assert_rule(world.accounts.create(By::Machine, same.clone(), given()).await, Rule::CoachTaken);
    let elsewhere = Profile { organisation: Some("org-2".parse().unwrap()), ..same };
    world.accounts.create(By::Machine, elsewhere, given()).await.unwrap();
}

#[tokio::test]
async fn the_last_active_administrator_stays_one() {
    let world = World::new().await;
    let root = world.with(administrator("root")).await;
    let analyst = Profile { roles: [Role::Analyst].into(), ..administrator("root") };
    assert_rule(world.accounts.lock(By::Machine, root.id, root.revision).await, Rule::LastAdministrator);
    assert_rule(world.accounts.change(By::Machine, root.id, root.revision, analyst.clone()).await, Rule::LastAdministrator);
    let other = world.with(administrator("other")).await;
    let other = world.accounts.lock(By::Machine, other.id, other.revision).await.unwrap();
    assert_rule(world.accounts.lock(By::Machine, root.id, root.revision).await, Rule::LastAdministrator);
    world.accounts.unlock(By::Machine, other.id, other.revision).await.unwrap();
    let root = world.accounts.change(By::Machine, root.id, root.revision, analyst).await.unwrap();
    world.accounts.lock(By::Machine, root.id, root.revision).await.unwrap();
    let other = world.accounts.account(other.id).unwrap();
    assert_rule(world.accounts.lock(By::Machine, other.id, other.revision).await, Rule::LastAdministrator);
}

#[tokio::test]
async fn of_two_administrators_who_saw_the_same_the_second_is_told_to_look_again() {
    let world = World::new().await;
    let jo = world.with(coach("jo")).await;
    let named = |name: &str| Profile { name: name.to_owned(), ..coach("jo") };
    world.accounts.change(By::Machine, jo.id, jo.revision, named("One")).await.unwrap();
    let changed = |result: Result<(), AccountsError>| assert!(matches!(result, Err(AccountsError::Changed)), "{result:?}");
    changed(world.accounts.change(By::Machine, jo.id, jo.revision, named("Two")).await.map(drop));
    changed(world.accounts.lock(By::Machine, jo.id, jo.revision).await.map(drop));
    changed(world.accounts.unlock(By::Machine, jo.id, jo.revision).await.map(drop));
    changed(world.accounts.reset(By::Machine, jo.id, jo.revision).await.map(drop));
    assert_eq!(world.accounts.account(jo.id).unwrap().profile.name, "One");
    let nobody = world.accounts.lock(By::Machine, Uuid::from_u128(1), jo.revision).await;
    assert!(matches!(nobody, Err(AccountsError::NotFound)));
}

#[tokio::test]
async fn a_profile_that_breaks_a_rule_changes_nothing() {
    let world = World::new().await;
    let jo = world.with(coach("jo")).await;
    let homeless = Profile { organisation: None, ..coach("jo") };
    assert_rule(world.accounts.create(By::Machine, homeless.clone(), given()).await, Rule::NeedsOrganisation);
    assert_rule(world.accounts.change(By::Machine, jo.id, jo.revision, homeless).await, Rule::NeedsOrganisation);
    let nameless = Profile { coach: None, ..coach("jo") };
    assert_rule(world.accounts.change(By::Machine, jo.id, jo.revision, nameless).await, Rule::NeedsCoach);
    assert_eq!(world.accounts.accounts(), [jo]);
}

#[tokio::test]
async fn what_an_administrator_does_is_seen_in_the_account() {
    let world = World::new().await;
    let ria = world.with(profile("ria", &[Role::Manager])).await;
    world.clock.advance(crate::SECOND);
    let locked = world.accounts.lock(By::Machine, ria.id, ria.revision).await.unwrap();
    assert_eq!(locked.state, AccountState::Locked);
    assert!(!locked.is(Role::Manager), "who is locked has no role");
    assert!(locked.changed_at > ria.changed_at && locked.created_at == ria.created_at && locked.revision > ria.revision);
    let unlocked = world.accounts.unlock(By::Machine, ria.id, locked.revision).await.unwrap();
    assert!(unlocked.is(Role::Manager));
    world.sign_in("ria").await;
}

#[tokio::test]
async fn nobody_changes_what_they_may_themselves_or_shuts_themselves_out() {
    let world = World::new().await;
    let root = world.with(administrator("root")).await;
    world.with(administrator("other")).await;
    let by = By::Account(root.id);
    for (roles, organisation) in [
        (vec![Role::Administrator, Role::Manager], Some("org-1")),
        (vec![Role::Manager], Some("org-1")),
        (vec![Role::Administrator, Role::Analyst], None),
        (vec![Role::Analyst], None),
        (vec![Role::Administrator], Some("org-1")),
    ] {
        let organisation = organisation.map(|slug| slug.parse().unwrap());
        let wanted = Profile { roles: roles.into_iter().collect(), organisation, ..administrator("root") };
        assert_rule(world.accounts.change(by, root.id, root.revision, wanted).await, Rule::OwnAccount);
    }
    assert_rule(world.accounts.lock(by, root.id, root.revision).await, Rule::OwnAccount);
    assert_rule(world.accounts.reset(by, root.id, root.revision).await, Rule::OwnAccount);
    assert_rule(world.accounts.hand_to_provider(by, root.id, root.revision).await, Rule::OwnAccount);
    assert_eq!(world.accounts.account(root.id).unwrap(), root, "nothing was changed");
    // What is no matter of rights is one's own.
    let named = Profile { name: "Another name".to_owned(), ..administrator("root") };
    world.accounts.change(by, root.id, root.revision, named).await.unwrap();
}

#[tokio::test]
async fn who_sees_to_accounts_sees_no_case_unless_it_was_so_set_up_at_the_machine() {
    let world = World::new().await;
    let root = world.with(administrator("root")).await;
    let by = By::Account(root.id);
    let both = |login: &str, role| profile(login, &[Role::Administrator, role]);
    for role in [Role::Manager, Role::Auditor] {
        assert_rule(world.accounts.create(by, both("new", role), given()).await, Rule::DutiesTogether);
        let jo = world.with(profile(&format!("jo-{}", role.as_str()), &[role])).await;
        let wanted = Profile { login: jo.profile.login.clone(), ..both("jo", role) };
        assert_rule(world.accounts.change(by, jo.id, jo.revision, wanted).await, Rule::DutiesTogether);
    }
    let of_coach = Profile { roles: [Role::Administrator, Role::Coach].into(), ..coach("new") };
    assert_rule(world.accounts.create(by, of_coach, given()).await, Rule::DutiesTogether);
    // Figures are no cases.
    world.accounts.create(by, both("figures", Role::Analyst), given()).await.unwrap();
    // As it was set up it stays, and may become less.
    let runs = Profile { roles: [Role::Administrator, Role::Manager, Role::Auditor].into(), ..both("runs", Role::Manager) };
    let runs = world.with(runs).await;
    let less = world.accounts.change(by, runs.id, runs.revision, both("runs", Role::Manager)).await.unwrap();
    assert_rule(world.accounts.change(by, runs.id, less.revision, both("runs", Role::Auditor)).await, Rule::DutiesTogether);
    let elsewhere = Profile { organisation: Some("org-9".parse().unwrap()), ..both("runs", Role::Manager) };
    assert_rule(world.accounts.change(by, runs.id, less.revision, elsewhere).await, Rule::DutiesTogether);
}

#[tokio::test]
async fn who_gives_or_takes_a_role_is_told_to_the_log_with_its_name() {
    let world = World::new().await;
    let root = world.with(administrator("root")).await;
    let by = By::Account(root.id);
    // Each line was told once before anybody listens, and what is heard is asked for anew: a line that other tests tell for the first time at
    // the moment when one begins to listen would be lost.
    let (first, _) = world.accounts.create(by, coach("first"), given()).await.unwrap();
    let moved = Profile { organisation: Some("org-9".parse().unwrap()), ..coach("first") };
    world.accounts.change(by, first.id, first.revision, moved).await.unwrap();
    let (lines, _listening) = Lines::heard();
    tokio::time::sleep(std::time::Duration::from_millis(100)).await;
    tracing::callsite::rebuild_interest_cache();
    world.with(administrator("other")).await;
    let told = |what: &str| {
        let all = lines.told();
        all.lines().find(|line| line.contains(accounts::AUDIT) && line.contains(what)).map(str::to_owned).unwrap_or_default()
    };
    let line = told("roles_changed");
    assert!(line.contains("given=\"administrator\"") && line.contains("sees_cases=false") && !line.contains("by="), "{line}");
    let (jo, _) = world.accounts.create(by, coach("jo"), given()).await.unwrap();
    let line = told("roles_changed");
    assert!(line.contains("given=\"coach\"") && line.contains("sees_cases=true"), "{line}");
    assert!(line.contains(&jo.id.to_string()) && line.contains(&format!("by={}", root.id)), "{line}");
    let other = Profile { roles: [Role::Manager, Role::Auditor].into(), ..coach("jo") };
    let jo = world.accounts.change(by, jo.id, jo.revision, other.clone()).await.unwrap();
    let line = told("roles_changed");
    assert!(line.contains("given=\"manager,auditor\"") && line.contains("taken=\"coach\""), "{line}");
    let jo = world.accounts.change(by, jo.id, jo.revision, Profile { name: "Jo".to_owned(), ..other.clone() }).await.unwrap();
    assert_eq!((told("roles_changed"), told("cases_changed")), (String::new(), String::new()), "another name gives no role");
    world.accounts.change(by, jo.id, jo.revision, Profile { organisation: Some("org-9".parse().unwrap()), ..other }).await.unwrap();
    let line = told("cases_changed");
    assert!(line.contains(&jo.id.to_string()) && line.contains("sees_cases=true"), "another organisation's cases: {line}");
}
