//! Random histories over a few ids, beside a second, naive reading of the page: which events count, and which timelines are valid.

use std::cell::Cell;

use domain::{Code, ConditionChanges, Conditions, Contract, Date, Fact, JobId, Method, Proposal, Recorded, Timeline, Variant, decide};
use proptest::{collection::vec, prelude::*, sample::select};

use crate::given::{
    But, ORGANISATION, assessment, contact, day, education_started, education_stopped, event, event_id, intake_of, job_changed_to, job_id,
    job_on, job_stopped, outflow, placement_started, placement_stopped, trajectory_changed_to,
};

/// The first of the few days on which everything happens.
fn first_day() -> Date {
    day("2025-03-01")
}

fn a_day() -> impl Strategy<Value = Date> {
    (0..9_i32).prop_map(|days| first_day().plus_days(days))
}

fn a_contract() -> impl Strategy<Value = Option<Contract>> {
    prop_oneof![
        2 => Just(None),
        1 => Just(Some(Contract::Permanent)),
        2 => a_day().prop_map(|until| Some(Contract::FixedTerm { until })),
    ]
}

fn hours() -> impl Strategy<Value = Option<i32>> {
    prop_oneof![9 => Just(None), 9 => Just(Some(16_00)), 1 => Just(Some(80_01))]
}

fn a_fact() -> impl Strategy<Value = Fact> {
    prop_oneof![
        2 => (select(vec![Method::Ips, Method::Wabz]), select(vec![None, Some(Variant::Epa)])).prop_map(|(m, v)| intake_of(m, v)),
        3 => Just(contact()),
        1 => Just(assessment()),
        2 => (1..3_u128).prop_map(placement_started),
        2 => (1..3_u128).prop_map(placement_stopped),
        4 => (1..3_u128, a_contract(), hours()).prop_map(|(job, contract, hours_per_week)| {
            job_on(job, Conditions { contract, hours_per_week, ..Conditions::default() })
        }),
        3 => (1..3_u128, a_contract(), hours()).prop_map(|(job, contract, hours)| {
            job_changed_to(job, ConditionChanges { contract: Some(contract), hours_per_week: Some(hours), ..ConditionChanges::default() })
        }),
        3 => (1..3_u128).prop_map(job_stopped),
        1 => (1..3_u128).prop_map(education_started),
        1 => (1..3_u128).prop_map(education_stopped),
        2 => select(vec![None, Some(None), Some(Some(Variant::Cmd))]).prop_map(|v| trajectory_changed_to(|c| c.variant = v)),
        1 => Just(outflow()),
        4 => (1..8_u32).prop_map(|back| Fact::Retraction { event: event_id(back) }),
    ]
}

/// Decisions of one to three events, numbered through; a quarter of the events correct an earlier one, mostly of their own type.
fn histories() -> impl Strategy<Value = Vec<Vec<Proposal>>> {
    let an_event = || (a_fact(), a_day(), prop_oneof![3 => Just(None), 1 => (1..20_u32).prop_map(Some)], any::<u8>());
    let a_decision = prop_oneof![3 => vec(an_event(), 1..2), 1 => vec(an_event(), 2..4)];
    vec(a_decision, 1..16).prop_map(|decisions| {
        let mut number = 0;
        let mut told = Vec::<Fact>::new();
        let mut decide = |(fact, on, corrects, dice): (Fact, Date, Option<u32>, u8)| {
            number += 1;
            // A trajectory begins with an intake near the first day, or nothing else is ever reached. A retraction looks back.
            let (fact, on) = match fact {
                _ if number == 1 => (intake_of(Method::Ips, None), first_day().plus_days(i32::from(dice % 3))),
                Fact::Retraction { event } => {
                    let back = u32::try_from(event.0.as_u128()).unwrap();
                    (Fact::Retraction { event: event_id(u32::saturating_sub(number, back)) }, on)
                }
                fact => (fact, on),
            };
            let same = corrects.and_then(|_| told.iter().rposition(|earlier| earlier.same_type(&fact)));
            let target = if dice < 200 { same.map(|place| u32::try_from(place).unwrap() + 1) } else { corrects };
            told.push(fact.clone());
            event(number, &on.to_string(), fact).recorded_on("2025-03-08").but(|proposal| {
                proposal.recorded.corrects = target.map(event_id);
                if dice % 50 == 0 {
                    proposal.organisation = "org-2".into();
                }
            })
        };
        decisions.into_iter().map(|events| events.into_iter().map(&mut decide).collect()).collect()
    })
}

/// Everything that was accepted, decision by decision, and the timeline after each.
fn accepted(history: &[Vec<Proposal>]) -> Vec<(Vec<Proposal>, Timeline)> {
    let mut done = Vec::<(Vec<Proposal>, Timeline)>::new();
    for decision in history {
        let before = done.last().map_or_else(Timeline::default, |(_, timeline)| timeline.clone());
        if let Ok(after) = decide(&before, decision, None) {
            done.push((decision.clone(), after));
        }
    }
    done
}

// ---- The page, read a second time and naively ------------------------------------------------------------------------------

#[derive(Clone, Debug, PartialEq)]
struct Counting {
    recorded: Recorded,
    first_revision: usize,
}

/// "Which events count", from the whole history: neither retracted, nor corrected, nor a retraction.
fn counting(history: &[Recorded]) -> Vec<Counting> {
    let gone = |event: &Recorded| {
        history
            .iter()
            .any(|other| other.corrects == Some(event.id) || matches!(other.fact, Fact::Retraction { event: target } if target == event.id))
    };
    let first_of_chain = |event: &Recorded| {
        let mut first = event;
        while let Some(target) = first.corrects {
            first = history.iter().find(|earlier| earlier.id == target).unwrap();
        }
        1 + history.iter().position(|earlier| earlier.id == first.id).unwrap()
    };
    let mut counting: Vec<_> = history
        .iter()
        .filter(|event| !gone(event) && !matches!(event.fact, Fact::Retraction { .. }))
        .map(|event| Counting { recorded: event.clone(), first_revision: first_of_chain(event) })
        .collect();
    counting.sort_by_key(|event| (event.recorded.occurred_on, event.first_revision));
    counting
}

/// Rules 10 to 19 as sentences about a whole timeline.
fn valid(events: &[Counting]) -> bool {
    let all = |wanted: fn(&Fact) -> bool| events.iter().map(|e| &e.recorded).filter(|e| wanted(&e.fact)).collect::<Vec<_>>();
    let (intakes, outflows) = (all(|f| matches!(f, Fact::Intake(_))), all(|f| matches!(f, Fact::Outflow { .. })));
    let [intake] = intakes[..] else { return events.is_empty() };
    let Fact::Intake(told) = &intake.fact else { return false };
    let bounded = all(|f| matches!(f, Fact::Outflow { .. } | Fact::TrajectoryChanged(_)));
    if outflows.len() > 1 || bounded.iter().any(|event| event.occurred_on < intake.occurred_on) {
        return false;
    }
    let too_late = |event: &Recorded| {
        outflows.iter().any(|outflow| event.occurred_on > outflow.occurred_on.plus_days(i32::from(event.fact.is_stop())))
    };
    let variant = |event: &Recorded| match &event.fact {
        Fact::Intake(told) => told.variant.is_some(),
        Fact::TrajectoryChanged(changes) => matches!(changes.variant, Some(Some(_))),
        _ => false,
    };
    let fine = |event: &Recorded| !too_late(event) && (told.method == Method::Ips || !variant(event)) && valid_work(events, event);
    events.iter().all(|event| fine(&event.recorded))
}

/// Rules 15 to 19 of one event.
fn valid_work(events: &[Counting], event: &Recorded) -> bool {
    let days = |wanted: &dyn Fn(&Fact) -> bool| {
        events.iter().filter(|e| wanted(&e.recorded.fact)).map(|e| e.recorded.occurred_on).collect::<Vec<_>>()
    };
    let of_job = |job: JobId| {
        let starts = days(&|f| matches!(f, Fact::PaidWorkStarted { job: other, .. } if *other == job));
        (starts, days(&|f| matches!(f, Fact::PaidWorkStopped { job: other } if *other == job)))
    };
    let ends_fine = |contract: Option<Contract>, start: Date| match contract {
        Some(Contract::FixedTerm { until }) => until >= start,
        _ => true,
    };
    let stops_fine = |starts: Vec<Date>, stops: Vec<Date>| starts.len() == 1 && stops.len() == 1 && starts[0] <= stops[0];
    match &event.fact {
        Fact::PaidWorkStarted { job, conditions } => of_job(*job).0.len() == 1 && ends_fine(conditions.contract, event.occurred_on),
        Fact::PaidWorkChanged { job, changes } => {
            let (starts, stops) = of_job(*job);
            starts.len() == 1
                && starts[0] <= event.occurred_on
                && stops.iter().all(|stop| event.occurred_on <= *stop)
                && ends_fine(changes.contract.flatten(), starts[0])
        }
        Fact::PaidWorkStopped { job } => stops_fine(of_job(*job).0, of_job(*job).1),
        Fact::PlacementStarted { placement, .. } => {
            days(&|f| matches!(f, Fact::PlacementStarted { placement: other, .. } if other == placement)).len() == 1
        }
        Fact::PlacementStopped { placement } => stops_fine(
            days(&|f| matches!(f, Fact::PlacementStarted { placement: other, .. } if other == placement)),
            days(&|f| matches!(f, Fact::PlacementStopped { placement: other } if other == placement)),
        ),
        Fact::EducationStarted { education } => {
            days(&|f| matches!(f, Fact::EducationStarted { education: other } if other == education)).len() == 1
        }
        Fact::EducationStopped { education } => stops_fine(
            days(&|f| matches!(f, Fact::EducationStarted { education: other } if other == education)),
            days(&|f| matches!(f, Fact::EducationStopped { education: other } if other == education)),
        ),
        _ => true,
    }
}

/// Whether the page accepts a decision after this history: rules 4 to 9 of each event in turn, then the timeline as a whole.
fn page_accepts(history: &[Recorded], decision: &[Proposal], organisation: &str) -> bool {
    let mut history = history.to_vec();
    for proposal in decision {
        let Proposal { recorded, today, .. } = proposal;
        let too_many_hours = match &recorded.fact {
            Fact::PaidWorkStarted { conditions, .. } => conditions.hours_per_week == Some(80_01),
            Fact::PaidWorkChanged { changes, .. } => changes.hours_per_week == Some(Some(80_01)),
            _ => false,
        };
        let counts = counting(&history);
        let target = |id| counts.iter().map(|event| &event.recorded).find(|event| event.id == id);
        let fine = proposal.organisation == organisation
            && recorded.occurred_on <= today.plus_days(i32::from(recorded.fact.is_stop()))
            && !too_many_hours
            && recorded.corrects.is_none_or(|id| target(id).is_some_and(|event| event.fact.same_type(&recorded.fact)))
            && !matches!(recorded.fact, Fact::Retraction { event } if target(event).is_none());
        if !fine {
            return false;
        }
        history.push(recorded.clone());
    }
    valid(&counting(&history))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1_500, ..ProptestConfig::default() })]

    #[test]
    fn a_decision_is_accepted_exactly_when_the_page_says_so(history in histories()) {
        let (mut timeline, mut past) = (Timeline::default(), Vec::new());
        for decision in &history {
            let organisation = if past.is_empty() { decision[0].organisation.as_str() } else { timeline.organisation().as_str() }.to_owned();
            let outcome = decide(&timeline, decision, None);
            prop_assert_eq!(page_accepts(&past, decision, &organisation), outcome.is_ok(), "{:?}\n{:?}", decision, outcome);
            if let Ok(after) = outcome {
                timeline = after;
                past.extend(decision.iter().map(|proposal| proposal.recorded.clone()));
            }
        }
    }

    #[test]
    fn the_events_that_count_are_those_of_the_page(history in histories()) {
        let mut past = Vec::new();
        for (decision, timeline) in accepted(&history) {
            past.extend(decision.into_iter().map(|proposal| proposal.recorded));
            let page: Vec<_> = counting(&past).into_iter().map(|e| (e.recorded.id, e.recorded.occurred_on, e.first_revision)).collect();
            let ours: Vec<_> = timeline.events().iter().map(|e| (e.id, e.occurred_on, e.first_revision as usize)).collect();
            prop_assert_eq!(page, ours);
            prop_assert_eq!(timeline.revision() as usize, past.len());
        }
    }

    #[test]
    fn what_is_accepted_evolves_to_the_very_timeline_that_was_returned(history in histories()) {
        let mut from_scratch = None::<Timeline>;
        for (decision, after) in accepted(&history) {
            let timeline = from_scratch.get_or_insert_with(|| Timeline::new(decision[0].organisation.clone()));
            for proposal in &decision {
                timeline.evolve(proposal.recorded.clone());
            }
            prop_assert_eq!(&*timeline, &after);
        }
    }

    #[test]
    fn what_was_accepted_is_accepted_as_one_decision_too(history in histories()) {
        let done = accepted(&history);
        if let Some((_, last)) = done.last() {
            let all: Vec<_> = done.iter().flat_map(|(decision, _)| decision.clone()).collect();
            let at_once = decide(&Timeline::default(), &all, Some(0));
            prop_assert_eq!(at_once.as_ref(), Ok(last));
        }
    }

    #[test]
    fn a_contact_on_the_start_day_is_always_accepted(history in histories()) {
        for (_, timeline) in accepted(&history) {
            let start = timeline.events().iter().find(|e| matches!(e.fact, Fact::Intake(_))).map(|e| e.occurred_on);
            let one_more = start.map(|start| event(999, &start.to_string(), contact()).of(timeline.organisation()));
            prop_assert!(start.is_some() || timeline.events().is_empty());
            prop_assert!(one_more.is_none_or(|contact| decide(&timeline, &[contact], Some(timeline.revision())).is_ok()));
        }
    }

    #[test]
    fn the_same_question_has_the_same_answer_and_a_refusal_names_an_event_of_the_decision(history in histories()) {
        let mut timeline = Timeline::default();
        for decision in &history {
            let (before, outcome) = (timeline.clone(), decide(&timeline, decision, None));
            prop_assert_eq!(&outcome, &decide(&timeline, decision, None));
            prop_assert_eq!(&before, &timeline);
            match outcome {
                Ok(after) => timeline = after,
                Err(refusal) => {
                    prop_assert!(decision.iter().any(|proposal| proposal.recorded.id == refusal.event));
                    prop_assert!(!refusal.conflicts.contains(&refusal.event));
                    let breaks = [Code::CorrectionBreaksTimeline, Code::RetractionBreaksTimeline].contains(&refusal.code);
                    prop_assert!(!breaks || !refusal.conflicts.is_empty());
                    let known = |id: &_| before.find(*id).is_some() || decision.iter().any(|proposal| proposal.recorded.id == *id);
                    prop_assert!(refusal.conflicts.iter().all(known));
                }
            }
        }
    }

    #[test]
    fn a_retraction_never_gets_a_code_from_ten_to_nineteen(history in histories(), target in 1..20_u32) {
        for (_, timeline) in accepted(&history) {
            let retraction = event(999, "2025-03-08", Fact::Retraction { event: event_id(target) }).of(timeline.organisation());
            let code = decide(&timeline, &[retraction], None).err().map(|refusal| refusal.code);
            prop_assert!(matches!(code, None | Some(Code::NotEffective | Code::RetractionBreaksTimeline)), "{:?}", code);
        }
    }
}

#[test]
fn the_random_histories_reach_what_they_should() {
    use proptest::{strategy::ValueTree, test_runner::TestRunner};
    let (accepted_decisions, refused, longest) = (Cell::new(0), Cell::new(0), Cell::new(0));
    let mut codes = std::collections::BTreeSet::new();
    let mut runner = TestRunner::deterministic();
    for _ in 0..2_000 {
        let history = histories().new_tree(&mut runner).unwrap().current();
        let mut timeline = Timeline::new(ORGANISATION.into());
        for decision in &history {
            match decide(&timeline, decision, None) {
                Ok(after) => {
                    accepted_decisions.set(accepted_decisions.get() + 1);
                    longest.set(longest.get().max(after.events().len()));
                    timeline = after;
                }
                Err(refusal) => {
                    refused.set(refused.get() + 1);
                    codes.insert(refusal.code);
                }
            }
        }
    }
    assert!(
        accepted_decisions.get() > 3_000 && refused.get() > 3_000 && longest.get() > 5,
        "{accepted_decisions:?} {refused:?} {longest:?}"
    );
    let missing: Vec<_> = [
        Code::OrganisationMismatch,
        Code::InFuture,
        Code::InvalidValue,
        Code::NotEffective,
        Code::CorrectionTypeMismatch,
        Code::NoIntake,
        Code::SecondIntake,
        Code::SecondOutflow,
        Code::BeforeStart,
        Code::AfterOutflow,
        Code::VariantWithoutIps,
        Code::UnknownJob,
        Code::UnknownPlacement,
        Code::UnknownEducation,
        Code::DuplicateId,
        Code::StopBeforeStart,
        Code::AlreadyStopped,
        Code::ContractEndsBeforeStart,
        Code::CorrectionBreaksTimeline,
        Code::RetractionBreaksTimeline,
    ]
    .into_iter()
    .filter(|code| !codes.contains(code))
    .collect();
    assert!(missing.is_empty(), "never refused for {missing:?}");
    assert_ne!(job_id(1), job_id(2));
}
