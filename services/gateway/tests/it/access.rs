//! The one decision point, by its whole matrix.

use std::collections::BTreeSet;

use figures::Scope;
use gateway::access::{Action, Caller, Decision, Object, Organisations, Role, permits};

const ACTIONS: [Action; 6] =
    [Action::Record, Action::SeeTrajectory, Action::SeeFigures, Action::ReadLog, Action::SeeProjectors, Action::ManageProjectors];

fn caller(roles: &[Role], organisations: Organisations) -> Caller {
    Caller { actor: "x".to_owned(), roles: roles.iter().copied().collect(), organisations }
}

fn permitted(caller: &Caller, object: Object<'_>) -> Vec<Action> {
    ACTIONS.into_iter().filter(|action| permits(caller, *action, object) == Decision::Permit).collect()
}

#[test]
fn nobody_may_do_anything_without_a_role() {
    let scope = Scope::default();
    for object in [Object::Any, Object::Organisation("org-1"), Object::Scope(&scope)] {
        assert_eq!(permitted(&caller(&[], Organisations::All), object), []);
    }
}

#[test]
fn each_role_may_do_its_own() {
    let of = |role| permitted(&caller(&[role], Organisations::All), Object::Any);
    assert_eq!(of(Role::Coach), [Action::Record, Action::SeeTrajectory, Action::SeeFigures]);
    assert_eq!(of(Role::Analyst), [Action::SeeFigures]);
    assert_eq!(of(Role::Auditor), [Action::ReadLog, Action::SeeProjectors]);
    assert_eq!(of(Role::Administrator), [Action::SeeProjectors, Action::ManageProjectors]);
}

#[test]
fn a_coach_of_one_organisation_reaches_no_other() {
    let own = || Organisations::Only(BTreeSet::from(["org-1".to_owned()]));
    let coach = caller(&[Role::Coach], own());
    assert_eq!(permitted(&coach, Object::Organisation("org-1")), [Action::Record, Action::SeeTrajectory, Action::SeeFigures]);
    assert_eq!(permitted(&coach, Object::Organisation("org-2")), []);
    let scope = |text: &str| text.parse::<Scope>().unwrap();
    assert_eq!(permits(&coach, Action::SeeFigures, Object::Scope(&scope("organisation:org-1"))), Decision::Permit);
    for foreign in ["national", "region:AM18", "organisation:org-2"] {
        assert_eq!(permits(&coach, Action::SeeFigures, Object::Scope(&scope(foreign))), Decision::Deny, "{foreign}");
    }
    let auditor = caller(&[Role::Auditor], own());
    assert_eq!(permits(&auditor, Action::ReadLog, Object::Any), Decision::Deny);
    assert_eq!(coach.may(Action::SeeTrajectory, Object::Organisation("org-2")).unwrap_err().status, 404);
    assert_eq!(coach.may(Action::Record, Object::Organisation("org-2")).unwrap_err().status, 403);
}
