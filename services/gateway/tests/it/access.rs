//! The one decision point, by its whole matrix: `access.txt` says by hand who may do what to what, and this asks for every combination.

use std::collections::BTreeSet;

use app::Reach;
use figures::Scope;
use gateway::access::{Action, Caller, Decision, Object, Role, permits};
use uuid::Uuid;

/// The trajectory whose sealed texts are open, and every other.
const OPENED: Uuid = Uuid::from_u128(1);
const OTHER: Uuid = Uuid::from_u128(2);

/// Who may do what to what, written down without looking at the code.
const MATRIX: &str = include_str!("access.txt");

fn caller(role: Option<Role>) -> Caller {
    let reach = match role {
        Some(Role::Coach) => Reach::coaches("org-1", ["ann", "absent"]),
        Some(Role::Manager) => Reach::organisation("org-1"),
        Some(Role::Analyst | Role::Auditor | Role::Administrator) | None => Reach::nothing(),
    };
    Caller { actor: "x".to_owned(), roles: role.into_iter().collect(), reach, open: [OPENED].into() }
}

fn role(name: &str) -> Option<Role> {
    match name {
        "nobody" => None,
        "coach" => Some(Role::Coach),
        "manager" => Some(Role::Manager),
        "analyst" => Some(Role::Analyst),
        "auditor" => Some(Role::Auditor),
        "administrator" => Some(Role::Administrator),
        other => panic!("{other} is no role"),
    }
}

fn action(name: &str) -> Action {
    let named = |action: &Action| format!("{action:?}").to_lowercase() == name.replace('_', "");
    Action::ALL.into_iter().find(named).unwrap_or_else(|| panic!("{name} is no action"))
}

/// Asks for an object by its name in the matrix.
fn with_object<R>(name: &str, ask: impl FnOnce(Object<'_>) -> R) -> R {
    let trajectory = |organisation, coach| Object::Trajectory { id: OTHER, organisation, coach };
    let scope = |text: &str| text.parse::<Scope>().unwrap();
    match name {
        "any" => ask(Object::Any),
        "own_trajectory" => ask(trajectory("org-1", Some("ann"))),
        "covered_trajectory" => ask(trajectory("org-1", Some("absent"))),
        "colleagues_trajectory" => ask(trajectory("org-1", Some("bea"))),
        "trajectory_without_coach" => ask(trajectory("org-1", None)),
        "namesakes_trajectory_elsewhere" => ask(trajectory("org-2", Some("ann"))),
        "opened_trajectory" => ask(Object::Trajectory { id: OPENED, organisation: "org-2", coach: None }),
        "own_organisation" => ask(Object::Organisation("org-1")),
        "other_organisation" => ask(Object::Organisation("org-2")),
        "national_figures" => ask(Object::Scope(&scope("national"))),
        "regional_figures" => ask(Object::Scope(&scope("region:AM18"))),
        "own_organisations_figures" => ask(Object::Scope(&scope("organisation:org-1"))),
        "own_organisations_figures_in_a_region" => ask(Object::Scope(&scope("region:AM18,organisation:org-1"))),
        "other_organisations_figures" => ask(Object::Scope(&scope("organisation:org-2"))),
        other => panic!("{other} is no object"),
    }
}

#[test]
fn every_combination_of_role_action_and_object_is_as_it_was_written_down() {
    let mut lines = MATRIX.lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
    let roles: Vec<&str> = lines.next().expect("a head").split_whitespace().skip(2).collect();
    let (mut asked, mut seen) = (0, BTreeSet::new());
    for line in lines {
        let mut words = line.split_whitespace();
        let (what, to) = (words.next().expect("an action"), words.next().expect("an object"));
        assert!(seen.insert((what, to)), "{what} {to} stands twice");
        let marks: Vec<&str> = words.collect();
        assert_eq!(marks.len(), roles.len(), "{line}");
        for (name, mark) in roles.iter().zip(marks) {
            let expected = match mark {
                "yes" => Decision::Permit,
                "-" => Decision::Deny,
                other => panic!("{other} in {line}"),
            };
            let decided = with_object(to, |object| permits(&caller(role(name)), action(what), object));
            assert_eq!(decided, expected, "{name} {what} {to}");
            asked += 1;
        }
    }
    let (actions, objects): (BTreeSet<_>, BTreeSet<_>) = seen.iter().copied().unzip();
    assert_eq!(actions.len(), Action::ALL.len(), "every action is in the matrix");
    assert_eq!(roles.len(), Role::ALL.len() + 1, "every role is in the matrix, and nobody");
    assert_eq!(asked, actions.len() * objects.len() * roles.len(), "no combination is left out");
}

#[test]
fn several_roles_may_what_each_of_them_may_and_no_more() {
    for to in ["own_trajectory", "colleagues_trajectory", "own_organisations_figures", "national_figures", "any"] {
        for (one, other) in Role::ALL.into_iter().flat_map(|one| Role::ALL.map(|other| (one, other))) {
            let (first, second) = (caller(Some(one)), caller(Some(other)));
            // Of a coach who is a manager too the reach is the wider one.
            let reach = if first.reach.has_all_of("org-1") || !second.reach.has_some_of("org-1") {
                first.reach.clone()
            } else {
                second.reach.clone()
            };
            let both = Caller { roles: [one, other].into(), reach, ..caller(None) };
            for action in Action::ALL {
                let may = |caller: &Caller| with_object(to, |object| permits(caller, action, object)) == Decision::Permit;
                assert_eq!(may(&both), may(&first) || may(&second), "{one:?} and {other:?}: {action:?} {to}");
            }
        }
    }
}

#[test]
fn a_trajectory_that_is_not_ones_own_is_told_as_one_that_is_not_there() {
    let coach = caller(Some(Role::Coach));
    for action in [Action::SeeTrajectory, Action::SeeTexts, Action::Record] {
        let hidden = Object::Trajectory { id: OPENED, organisation: "org-2", coach: Some("ann") };
        let problem = coach.may(action, hidden).unwrap_err();
        assert_eq!((problem.status, problem.detail.as_str()), (404, "there is no such trajectory"));
    }
    assert_eq!(coach.may(Action::SeeFigures, Object::Any).unwrap_err().status, 403);
}

#[test]
fn a_list_holds_what_its_reader_may_see() {
    assert_eq!(caller(Some(Role::Auditor)).sees(), Reach::All);
    assert_eq!(caller(Some(Role::Coach)).sees(), Reach::coaches("org-1", ["absent", "ann"]));
    assert_eq!(caller(Some(Role::Analyst)).sees(), Reach::nothing());
}
