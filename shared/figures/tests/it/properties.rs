//! What holds of any valid history: the naive telling agrees, parts add up, and the identities of the contract.

use domain::{
    AttributeChanges, ConditionChanges, Conditions, Contract, Date, EducationId, Fact, Funding, JobId, Method, PlacementId, PlacementKind,
    Quarter, Region, Variant,
};
use figures::{AsOf, CellKey, Counts, Figures, Measure, Tallies};
use proptest::prelude::*;
use uuid::Uuid;

use crate::{
    life::{Asked, Life, day, measure, quarter},
    naive,
};

pub const QUARTERS: [&str; 9] = ["2023Q4", "2024Q1", "2024Q2", "2024Q3", "2024Q4", "2025Q1", "2025Q2", "2025Q3", "2026Q1"];
const ORGANISATIONS: [&str; 3] = ["org-1", "org-2", "org-3"];
const REGIONS: [&str; 3] = ["AM05", "AM18", "AM38"];
const SCHEMES: [Option<&str>; 3] = [None, Some("a"), Some("b")];
/// Days on which something turns.
const TURNING: [&str; 20] = [
    "2023-11-30",
    "2023-12-31",
    "2024-01-01",
    "2024-01-31",
    "2024-02-28",
    "2024-02-29",
    "2024-03-31",
    "2024-04-01",
    "2024-05-31",
    "2024-06-30",
    "2024-07-01",
    "2024-08-31",
    "2024-09-30",
    "2024-10-01",
    "2024-11-30",
    "2024-12-31",
    "2025-01-01",
    "2025-02-28",
    "2025-03-31",
    "2025-04-01",
];

/// A move in a life: what, when, and two choices.
pub type Move = (u8, Date, u8, u8);

/// A life to come: its first day, its method, its moves.
pub type Moves = (Date, usize, Vec<Move>);

fn some_day() -> impl Strategy<Value = Date> {
    let first = day("2023-10-01").days();
    prop_oneof![
        3 => (0..800).prop_map(move |n| Date::from_days(first + n)),
        2 => proptest::sample::select(TURNING.to_vec()).prop_map(day),
    ]
}

fn some_moves() -> impl Strategy<Value = Vec<Move>> {
    proptest::collection::vec((0..20_u8, some_day(), 0..12_u8, 0..12_u8), 0..24)
}

/// A life of these moves; those that the domain refuses are left out.
pub fn life_of(stream: u128, (start, method, moves): &Moves) -> Life {
    let method = Method::ALL[method % Method::ALL.len()];
    let start = start.to_string();
    let mut life = Life::empty(stream, ORGANISATIONS[stream as usize % 3]).intake(&start, |intake| {
        intake.method = method;
        intake.scheme = SCHEMES[moves.len() % 3].map(Into::into);
    });
    for made in moves {
        apply(&mut life, made);
    }
    life
}

fn conditions(a: u8, b: u8, on: Date) -> Conditions {
    let contract = match a % 5 {
        0 => None,
        1 => Some(Contract::Other),
        2 => Some(Contract::FixedTerm { until: naive::months_later(on, 3).plus_days(-1 - i32::from(b % 2)) }),
        _ => Some(Contract::Permanent),
    };
    Conditions {
        regular_workplace: [Some(true), Some(true), Some(true), Some(false), None][usize::from(b % 5)],
        hours_per_week: [Some(12_00), Some(11_99), Some(40_00), None][usize::from((a + b) % 4)],
        wage_value_percent: [Some(35_00), Some(34_99), Some(100_00), None][usize::from((a / 2 + b) % 4)],
        contract,
    }
}

pub fn apply(life: &mut Life, &(what, on, a, b): &Move) {
    let n = u128::from(a % 3) + 1;
    let (job, placement, education) = (JobId(Uuid::from_u128(n)), PlacementId(Uuid::from_u128(n)), EducationId(Uuid::from_u128(n)));
    let fact = match what {
        0..=3 => Fact::PaidWorkStarted { job, conditions: conditions(a, b, on) },
        4 | 5 => Fact::PaidWorkStopped { job },
        6 | 7 => {
            let Conditions { regular_workplace, hours_per_week, wage_value_percent, contract } = conditions(b, a, on);
            let named = |bit: u8| (a + b) >> bit & 1 == 1;
            let changes = ConditionChanges {
                regular_workplace: named(0).then_some(regular_workplace),
                hours_per_week: named(1).then_some(hours_per_week),
                wage_value_percent: named(2).then_some(wage_value_percent),
                contract: named(3).then_some(contract),
                names_a_field: true,
            };
            Fact::PaidWorkChanged { job, changes }
        }
        8 | 9 => Fact::PlacementStarted { placement, kind: PlacementKind::ALL[usize::from(b) % 4] },
        10 => Fact::PlacementStopped { placement },
        11 => Fact::EducationStarted { education },
        12 => Fact::EducationStopped { education },
        13 => Fact::TrajectoryChanged(Box::new(AttributeChanges {
            funding: Some(Funding::ALL[usize::from(a) % 3]),
            region: Some(Region::of_code(REGIONS[usize::from(b) % 3])),
            names_a_field: true,
            ..AttributeChanges::default()
        })),
        14 => Fact::TrajectoryChanged(Box::new(AttributeChanges {
            scheme: Some(SCHEMES[usize::from(a) % 3].map(Into::into)),
            variant: (b % 2 == 0).then(|| Some(Variant::ALL[usize::from(a) % 3])),
            names_a_field: true,
            ..AttributeChanges::default()
        })),
        15 | 16 => Fact::Outflow { work_ready: [None, Some(true), Some(false)][usize::from(a) % 3] },
        17 => Fact::Contact { with_employer: true, minutes: None },
        18 => {
            let events = life.timeline().events();
            let Some(target) = (!events.is_empty()).then(|| events[usize::from(a) % events.len()].id) else {
                return;
            };
            Fact::Retraction { event: target }
        }
        _ => {
            let events = life.timeline().events();
            let Some(target) = (!events.is_empty()).then(|| events[usize::from(a) % events.len()].clone()) else {
                return;
            };
            // Corrected to another day; a refusal leaves it as it is.
            let _ = life.propose(on, Some(target.id), target.fact);
            return;
        }
    };
    let _ = life.propose(on, None, fact);
}

pub fn some_life() -> impl Strategy<Value = Moves> {
    (some_day(), 0..6_usize, some_moves())
}

pub fn some_lives() -> impl Strategy<Value = Vec<Life>> {
    let numbered = |lives: Vec<_>| (1..).zip(&lives).map(|(stream, life)| life_of(stream, life)).collect();
    proptest::collection::vec(some_life(), 0..12).prop_map(numbered)
}

pub fn text(asked: &Asked, tallies: &Tallies) -> String {
    let as_of = AsOf { position: 1, recorded_at: None, provisional: false };
    Figures::of(tallies).to_json(&asked.question(), &as_of).to_string()
}

fn number(counts: &Counts, name: &str) -> u64 {
    counts.get(measure(name))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn every_measure_agrees_with_the_naive_telling(life in some_life().prop_map(|life| life_of(1, &life))) {
        for asked in QUARTERS.map(Asked::of) {
            let counts = asked.all(std::slice::from_ref(&life));
            let (expected, scheme) = naive::measures(life.timeline(), asked.quarter);
            for measure in Measure::ALL {
                let expected = expected.get(measure.as_str()).copied().unwrap_or(0);
                prop_assert_eq!(counts.get(*measure), expected, "{} of {}", measure.as_str(), asked.quarter);
            }
            let schemes: Vec<String> = counts.schemes.iter().map(|(name, _)| name.to_string()).collect();
            prop_assert_eq!(schemes, scheme.into_iter().collect::<Vec<_>>());
        }
    }

    #[test]
    fn counting_in_any_parts_and_any_order_is_counting_whole(lives in some_lives(), parts in proptest::collection::vec(0..4_usize, 12), backwards: bool) {
        for scope in ["national", "region:AM05", "organisation:org-2"] {
            let asked = Asked::of("2024Q4").scope(scope).tables();
            let whole = asked.tallies(&lives);
            let mut tallies: Vec<Tallies> = (0..4).map(|part| {
                let mine = lives.iter().zip(&parts).filter(|(_, of)| **of == part).map(|(life, _)| life);
                if backwards { asked.tallies(mine.collect::<Vec<_>>().into_iter().rev()) } else { asked.tallies(mine) }
            }).collect();
            if backwards {
                tallies.reverse();
            }
            let mut sum = Tallies::default();
            for part in &tallies {
                sum.merge(part);
            }
            prop_assert_eq!(text(&asked, &sum), text(&asked, &whole));
            // Parts of parts.
            let [a, b, c, d] = tallies.try_into().expect("four parts");
            let (mut left, mut right) = (a, c);
            left.merge(&b);
            right.merge(&d);
            right.merge(&left);
            prop_assert_eq!(text(&asked, &right), text(&asked, &whole));
        }
    }

    #[test]
    fn what_runs_is_what_ran_less_what_ended_and_what_started(lives in some_lives()) {
        for now in &QUARTERS[1..] {
            let asked = Asked::of(now).tables();
            let before = Asked { quarter: quarter(now).previous(), ..asked.clone() };
            let (figures, earlier) = (asked.figures(&lives), before.figures(&lives));
            let cells = figures.cells.iter().chain(&earlier.cells).map(|(key, _)| key);
            for key in cells.filter(|key| matches!(key, CellKey::All | CellKey::Method(_) | CellKey::MethodOrganisation(..))) {
                let of = |figures: &Figures, name| figures.cell(key).map_or(0, |counts| number(counts, name));
                let expected = of(&earlier, "running") - of(&earlier, "ended") + of(&figures, "started");
                prop_assert_eq!(of(&figures, "running"), expected, "{:?} of {}", key, now);
            }
        }
    }

    #[test]
    fn parts_are_never_more_than_their_whole_and_splits_add_up(lives in some_lives()) {
        for now in QUARTERS {
            let asked = Asked::of(now).tables();
            for (key, counts) in &asked.figures(&lives).cells {
                let n = |name| number(counts, name);
                prop_assert!(n("sustainable_work") + n("sustainable_work_unknown") <= n("paid_work"), "{:?}", key);
                prop_assert!(n("paid_work") <= n("ever_paid_work") && n("ever_paid_work") <= n("running"), "{:?}", key);
                prop_assert_eq!(n("outflow_paid_work") + n("outflow_paid_work_earlier") + n("outflow_never_paid_work"), n("ended"));
                prop_assert_eq!(n("outflow_intended") + n("outflow_not_intended"), n("ended"));
                prop_assert_eq!(n("first_job_within_3_months") + n("first_job_3_to_9_months") + n("first_job_after_9_months"), n("paid_work"));
                prop_assert_eq!(n("employed_under_6_months") + n("employed_6_to_12_months") + n("employed_over_12_months"), n("paid_work"));
                prop_assert_eq!(n("paid_work") + n("employed_unknown"), n("running"));
                prop_assert_eq!(n("trial_placement") + n("volunteer_or_work_experience") + n("day_activity"), n("unpaid_sum"));
                prop_assert!(n("unpaid_any") <= n("unpaid_sum") && n("unpaid_sum") <= 3 * n("unpaid_any"));
                prop_assert!(n("unpaid_before_start").max(n("unpaid_alongside")) <= n("unpaid_any"));
                prop_assert!(n("organisations") <= n("running"));
            }
        }
    }

    #[test]
    fn cells_add_up_to_their_method_and_methods_to_all(lives in some_lives()) {
        let asked = Asked::of("2024Q4").tables();
        let figures = asked.figures(&lives);
        let sum = |of: fn(&CellKey) -> bool, name: &str| -> u64 {
            figures.cells.iter().filter(|(key, _)| of(key)).map(|(_, counts)| number(counts, name)).sum()
        };
        for measure in Measure::ALL.iter().filter(|measure| **measure != Measure::Organisations) {
            let name = measure.as_str();
            let all = sum(|key| *key == CellKey::All, name);
            prop_assert_eq!(sum(|key| matches!(key, CellKey::Method(_)), name), all);
            prop_assert_eq!(sum(|key| matches!(key, CellKey::MethodFunding(..)), name), all);
            prop_assert_eq!(sum(|key| matches!(key, CellKey::MethodOrganisation(..)), name), all);
            prop_assert_eq!(sum(|key| matches!(key, CellKey::MethodRegion(..)), name), all);
            prop_assert_eq!(sum(|key| matches!(key, CellKey::MethodVariant(..)), name), sum(|key| *key == CellKey::Method(Method::Ips), name));
        }
    }

    #[test]
    fn a_scope_says_what_the_tables_of_the_whole_say(lives in some_lives()) {
        let whole = Asked::of("2024Q4").tables().figures(&lives);
        for region in REGIONS {
            let scoped = Asked::of("2024Q4").scope(&format!("region:{region}")).figures(&lives);
            for method in Method::ALL {
                let in_table = whole.cell(&CellKey::MethodRegion(*method, Region::of_code(region)));
                prop_assert_eq!(in_table, scoped.cell(&CellKey::Method(*method)));
            }
        }
        for organisation in ORGANISATIONS {
            let scoped = Asked::of("2024Q4").scope(&format!("organisation:{organisation}")).figures(&lives);
            for method in Method::ALL {
                let in_table = whole.cell(&CellKey::MethodOrganisation(*method, organisation.into()));
                prop_assert_eq!(in_table, scoped.cell(&CellKey::Method(*method)));
            }
        }
    }
}

#[test]
fn most_moves_of_the_generator_are_accepted_or_the_properties_say_little() {
    use proptest::{strategy::ValueTree, test_runner::TestRunner};
    let mut runner = TestRunner::deterministic();
    let (mut moves, mut accepted, mut with_job) = (0, 0, 0);
    for _ in 0..300 {
        let life = some_life().new_tree(&mut runner).expect("a life").current();
        let lived = life_of(1, &life);
        moves += life.2.len();
        accepted += lived.timeline().revision() as usize - 1;
        let at = |name: &str| {
            (0..QUARTERS.len())
                .any(|n| naive::measures(lived.timeline(), QUARTERS[n].parse::<Quarter>().expect("a quarter")).0.get(name) == Some(&1))
        };
        with_job += usize::from(at("paid_work") && at("ended"));
    }
    assert!(accepted * 3 > moves, "{accepted} of {moves}");
    assert!(with_job > 20, "{with_job}");
}
