//! What follows from the running trajectories of an organisation.
//!
//! | what | how it is computed |
//! | --- | --- |
//! | days late | of every event that counts and was recorded within the last three months: days from the day on which it happened to that of its first recording |
//! | after the quarter | those of them that were recorded after the last day of the quarter in which they happened |
//! | ran out | a job that is active although its contract has ended |
//! | quiet | a coach in whose running trajectories nothing was recorded for four weeks or longer |
//! | a question | of an active job something is not known; two jobs look like one; IPS without a variant |
//!
//! A correction does not make an event late: what it replaced was recorded before. What happened is what it says last. A stop's day is the first
//! without it; what is recorded on the day before is not late. Of what was imported with the moment of its first recording, that moment counts.

use std::{collections::BTreeMap, iter};

use domain::{Contract, Date, Job, Method, Name, Quarter, Spell};
use pages::{Question, Text, Timeliness, Wanting};
use uuid::Uuid;

use crate::web::{attention, case::Case, caseload, happened};

/// So many months back it is looked how late events were recorded.
const MONTHS: i32 = 3;

/// Who has recorded nothing for so many days is quiet: as long as it takes for a trajectory to be without contact for long.
const QUIET_FOR: i32 = 4 * 7;

/// What a coach has.
#[derive(Clone, Debug, Default)]
pub(super) struct Load {
    /// Trajectories that run.
    pub(super) running: usize,
    /// Those of them that need attention, by reason: in the order of urgency.
    pub(super) wanting: [usize; 6],
    /// The day of the last recording in them.
    last: Option<Date>,
    /// How many days late each event was.
    pub(super) late: Vec<u32>,
}

impl Load {
    /// Those that need attention.
    pub(super) fn wanting(&self) -> usize {
        self.wanting.iter().sum()
    }

    /// When something was last recorded, where that is long ago.
    pub(super) fn quiet_since(&self, today: Date) -> Option<Date> {
        self.last.filter(|last| last.plus_days(QUIET_FOR) <= today)
    }
}

/// A contract that ended, of a job that was not stopped.
#[derive(Clone, Debug)]
pub(super) struct RanOut {
    pub(super) trajectory: Uuid,
    pub(super) name: Option<String>,
    pub(super) employer: Option<String>,
    pub(super) ended: Date,
    /// The coach's code; empty without one.
    pub(super) coach: String,
}

/// An organisation on a day.
#[derive(Clone, Debug)]
pub(super) struct Overview {
    today: Date,
    /// By the coach's code; empty for what nobody has.
    pub(super) loads: BTreeMap<String, Load>,
    pub(super) ran_out: Vec<RanOut>,
    after_quarter: usize,
    jobs: usize,
    complete: usize,
    open: [usize; Question::ALL.len()],
}

impl Overview {
    /// Nothing yet, on this day.
    pub(super) const fn on(today: Date) -> Self {
        Self { today, loads: BTreeMap::new(), ran_out: Vec::new(), after_quarter: 0, jobs: 0, complete: 0, open: [0; Question::ALL.len()] }
    }

    /// These running trajectories too.
    pub(super) fn take_in(&mut self, cases: &[Case]) {
        for case in cases {
            let coach = case.coach.as_ref().map_or("", Name::as_str);
            let load = self.loads.entry(coach.to_owned()).or_default();
            load.running += 1;
            load.last = load.last.max(last_recorded(case));
            let why = case.trajectory.as_ref().and_then(|trajectory| attention::of(&case.timeline, trajectory, self.today));
            if let Some(count) = why.and_then(|why| load.wanting.get_mut(usize::from(attention::order(&why).0))) {
                *count += 1;
            }
            for late in late(case, self.today) {
                load.late.push(late.days);
                self.after_quarter += usize::from(late.after_quarter);
            }
            for job in active(case, self.today) {
                self.jobs += 1;
                self.complete += usize::from(!OF_A_JOB.iter().any(|question| is_open(*question, job, self.today)));
                self.ran_out.extend(ran_out(case, job, self.today));
            }
            for (question, count) in Question::ALL.into_iter().zip(&mut self.open) {
                *count += open(question, case, self.today).len();
            }
        }
    }

    /// How complete and timely it is; `None` when nothing was recorded lately.
    pub(super) fn timeliness(&self) -> Option<Timeliness> {
        let mut recorded = [0; 4];
        for days in self.loads.values().flat_map(|load| &load.late) {
            let [same_day, days_later, weeks_later, later] = &mut recorded;
            *match days {
                0 => same_day,
                1..=3 => days_later,
                4..=14 => weeks_later,
                _ => later,
            } += 1;
        }
        let Self { complete, jobs, after_quarter, .. } = *self;
        (recorded != [0; 4]).then_some(Timeliness { recorded, complete, jobs, after_quarter })
    }

    /// Why trajectories need attention.
    pub(super) fn wanting(&self) -> Wanting {
        let mut wanting = Wanting::default();
        for load in self.loads.values() {
            for (sum, count) in wanting.by_reason.iter_mut().zip(load.wanting) {
                *sum += count;
            }
            let silent = load.wanting.get(usize::from(attention::SILENT)).copied().unwrap_or_default();
            wanting.of_quiet += load.quiet_since(self.today).map_or(0, |_| silent);
        }
        wanting
    }

    /// The day of the last recording.
    pub(super) fn last(&self) -> Option<Date> {
        self.loads.values().filter_map(|load| load.last).max()
    }

    /// The questions that are open, and of how many.
    pub(super) fn questions(&self) -> Vec<(Question, usize)> {
        Question::ALL.into_iter().zip(self.open).filter(|(_, count)| *count > 0).collect()
    }
}

/// The middle one, and between two the half of them, rounded up; `None` of nothing.
pub(super) fn median(mut days: Vec<u32>) -> Option<u32> {
    days.sort_unstable();
    let (below, above) = (days.get(days.len().checked_sub(1)? / 2)?, days.get(days.len() / 2)?);
    Some(below + (above - below).div_ceil(2))
}

/// How late an event was recorded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Late {
    days: u32,
    after_quarter: bool,
}

/// The day on which something was last recorded in a trajectory, whether it still counts or not. Of what was imported its first recording.
fn last_recorded(case: &Case) -> Option<Date> {
    case.told.iter().map(|told| app::amsterdam_day(told.first_recorded)).max()
}

fn late(case: &Case, today: Date) -> impl Iterator<Item = Late> {
    let since = today.plus_months(-MONTHS);
    case.counting().filter_map(move |told| {
        let first = iter::successors(Some(told), |told| case.told(told.corrects?)).last()?;
        let on = Date::from_days(told.on.days());
        let recorded = app::amsterdam_day(first.first_recorded);
        let days = u32::try_from(recorded.days() - on.days()).unwrap_or_default();
        (since < recorded).then(|| Late { days, after_quarter: quarter_ends(on).is_some_and(|last| last < recorded) })
    })
}

fn quarter_ends(day: Date) -> Option<Date> {
    let (year, month, _) = day.civil();
    Quarter::new(year, (month + 2) / 3).map(Quarter::last_day)
}

/// The jobs of a day.
fn active(case: &Case, today: Date) -> impl Iterator<Item = &Job> {
    case.trajectory.iter().flat_map(|trajectory| &trajectory.jobs).filter(move |job| job.spell.active_on(today))
}

/// Where a job was, as far as it is known until this day.
pub(super) fn employer(case: &Case, job: &Job, until: Date) -> Option<String> {
    let terms = happened::terms_on(case, job.id.0, until)?;
    terms.employer.to().and_then(Text::open).map(str::to_owned)
}

fn ran_out(case: &Case, job: &Job, today: Date) -> Option<RanOut> {
    let Some(Contract::FixedTerm { until }) = job.conditions_on(today).contract else { return None };
    (until < today).then(|| RanOut {
        trajectory: case.id,
        name: case.name(today).map(str::to_owned),
        employer: employer(case, job, today),
        ended: until,
        coach: case.coach.as_ref().map_or("", Name::as_str).to_owned(),
    })
}

/// The questions about what is known of a job.
const OF_A_JOB: [Question; 4] = [Question::Pay, Question::Hours, Question::Workplace, Question::Contract];

/// Whether such a question is open about a job. A contract of another kind has no known length, as for sustainable work.
fn is_open(question: Question, job: &Job, today: Date) -> bool {
    let known = job.conditions_on(today);
    match question {
        Question::Pay => known.wage_value_percent.is_none(),
        Question::Hours => known.hours_per_week.is_none(),
        Question::Workplace => known.regular_workplace.is_none(),
        Question::Contract => matches!(known.contract, None | Some(Contract::Other)),
        Question::SameJobTwice | Question::Variant => false,
    }
}

/// What a question is open about in a trajectory: jobs, or it as a whole.
pub(super) fn open(question: Question, case: &Case, today: Date) -> Vec<Option<&Job>> {
    match question {
        Question::Pay | Question::Hours | Question::Workplace | Question::Contract => {
            active(case, today).filter(|job| is_open(question, job, today)).map(Some).collect()
        }
        Question::SameJobTwice => same_twice(case).map(Some).into_iter().collect(),
        Question::Variant => {
            let lacks = case
                .trajectory
                .as_ref()
                .is_some_and(|trajectory| trajectory.method() == Method::Ips && trajectory.attributes_on(today).variant.is_none());
            if lacks { vec![None] } else { Vec::new() }
        }
    }
}

/// The first job that has a day in common with an earlier one at the same employer.
fn same_twice(case: &Case) -> Option<&Job> {
    let jobs = &case.trajectory.as_ref()?.jobs;
    if jobs.len() < 2 {
        return None;
    }
    let last = Date::from_days(i32::MAX);
    let name = |job: &Job| employer(case, job, last).map(|name| caseload::plain(&name)).filter(|name| !name.is_empty());
    let named: Vec<(&Job, Option<String>)> = jobs.iter().map(|job| (job, name(job))).collect();
    let doubles = |at: usize, (job, name): &(&Job, Option<String>)| {
        name.is_some() && named.iter().take(at).any(|(other, its)| its == name && overlap(job.spell, other.spell))
    };
    named.iter().enumerate().find(|(at, one)| doubles(*at, one)).map(|(_, (job, _))| *job)
}

/// Whether there is a day on which both are active.
fn overlap(one: Spell, other: Spell) -> bool {
    one.first_active_from(other.start).is_some_and(|day| other.active_on(day))
}

#[cfg(test)]
mod tests {
    use app::codec::proposal;
    use domain::{Timeline, Trajectory};
    use proto_events::{json::EventLine, upcast::Upcasters};
    use serde_json::{Value, json};

    use super::*;
    use crate::web::{case::Told, convert};

    /// The second of July 2026.
    fn today() -> Date {
        Date::from_civil(2026, 7, 2)
    }

    fn id(n: usize) -> String {
        format!("00000000-0000-4000-8000-{n:012}")
    }

    /// An event that happened on one day and was recorded at noon of another.
    fn event(kind: &str, on: &str, recorded: &str, data: Value) -> Value {
        json!({"type": kind, "occurred_on": on, "recorded_at": format!("{recorded}T10:00:00Z"), "data": data})
    }

    /// An event that was recorded at once, long ago.
    fn told(kind: &str, on: &str, data: Value) -> Value {
        event(kind, on, "2026-01-01", data)
    }

    fn intake() -> Value {
        told("intake", "2026-01-01", json!({"client_id": id(0), "method": "ips", "variant": "epa", "funding": "uwv", "region": "AM18"}))
    }

    fn job(n: usize, on: &str, conditions: Value) -> Value {
        let mut data = json!({
            "job_id": id(n),
            "regular_workplace": true,
            "hours_per_week": 20,
            "wage_value_percent": 100,
            "contract": {"kind": "permanent"},
            "employer": "Bakkerij Zoet",
        });
        for (name, value) in conditions.as_object().unwrap() {
            if value.is_null() {
                data.as_object_mut().unwrap().remove(name);
            } else {
                data[name] = value.clone();
            }
        }
        told("paid_work_started", on, data)
    }

    fn stop(n: usize, on: &str) -> Value {
        told("paid_work_stopped", on, json!({"job_id": id(n)}))
    }

    /// A contact on a day that lies so many days before the second of July, on which it was recorded.
    fn contact(days: i32) -> Value {
        let on = today().plus_days(-days).to_string();
        event("contact", &on, "2026-07-02", json!({"with": "client", "channel": "phone"}))
    }

    /// A trajectory of these events; the id of each is its place, from 1.
    fn case(events: &[Value]) -> Case {
        let mut timeline = Timeline::new("org".into());
        let mut told = Vec::new();
        for (n, event) in (1..).zip(events) {
            let mut event = event.clone();
            event["event_id"] = id(n).into();
            event["trajectory_id"] = id(9).into();
            event["organisation"] = "org".into();
            let line: EventLine = proto_events::json::parse_line(event.to_string().as_bytes(), &Upcasters::of_today()).unwrap();
            timeline.evolve(proposal(&line, today()).recorded);
            let recorded = line.recorded_at.unwrap();
            let Ok(payload) = line.payload.try_map_texts(|_, text| Ok::<_, std::convert::Infallible>(convert::text(text, true)));
            told.push(Told {
                id: line.event_id.0,
                revision: u32::try_from(n).unwrap(),
                on: line.occurred_on,
                recorded,
                first_recorded: line.source_recorded_at.unwrap_or(recorded),
                actor: String::new(),
                corrects: line.corrects.map(|id| id.0),
                payload,
            });
        }
        let (trajectory, coach) = (Trajectory::of(&timeline), app::coach_of(&timeline, today()));
        let places = told.iter().enumerate().map(|(place, told)| (told.id, place)).collect();
        Case { id: Uuid::nil(), timeline, trajectory, coach, told, places, may_record: true, sees_texts: true }
    }

    fn overview(cases: &[Case]) -> Overview {
        let mut overview = Overview::on(today());
        overview.take_in(cases);
        overview
    }

    fn lates(events: &[Value]) -> Vec<(u32, bool)> {
        let case = case(&[&[intake()], events].concat());
        late(&case, today()).map(|late| (late.days, late.after_quarter)).collect()
    }

    #[test]
    fn events_are_as_late_as_the_days_between_what_happened_and_its_recording() {
        let contacts = [0, 1, 3, 4, 14, 15].map(contact);
        // In the order of the timeline: the earliest first. The quarter ended two days ago.
        assert_eq!(lates(&contacts), [(15, true), (14, true), (4, true), (3, true), (1, false), (0, false)]);
        let timeliness = overview(&[case(&[&[intake()], contacts.as_slice()].concat())]).timeliness().unwrap();
        assert_eq!(timeliness, Timeliness { recorded: [1, 2, 2, 1], complete: 0, jobs: 0, after_quarter: 4 });
        assert_eq!(overview(&[case(&[intake()])]).timeliness(), None, "nothing was recorded lately");
    }

    #[test]
    fn the_last_day_of_a_quarter_is_still_in_it() {
        let told = |recorded: &str| event("contact", "2026-06-29", recorded, json!({"with": "client", "channel": "phone"}));
        assert_eq!(lates(&[told("2026-06-30")]), [(1, false)]);
        assert_eq!(lates(&[told("2026-07-01")]), [(2, true)]);
    }

    #[test]
    fn what_was_recorded_three_months_ago_is_no_more_lately() {
        let data = json!({"with": "client", "channel": "phone"});
        assert_eq!(lates(&[event("contact", "2026-03-01", "2026-04-02", data.clone())]), []);
        assert_eq!(lates(&[event("contact", "2026-03-01", "2026-04-03", data)]), [(33, true)]);
    }

    #[test]
    fn a_correction_is_not_late_and_a_retraction_takes_what_it_retracts_along() {
        let data = json!({"with": "client", "channel": "phone"});
        let first = event("contact", "2026-06-09", "2026-06-10", data.clone());
        let mut correction = event("contact", "2026-06-08", "2026-07-02", data);
        correction["corrects"] = id(2).into();
        assert_eq!(lates(&[first.clone(), correction.clone()]), [(2, false)]);
        let mut again = correction.clone();
        again["corrects"] = id(3).into();
        again["occurred_on"] = "2026-06-10".into();
        assert_eq!(lates(&[first.clone(), correction, again]), [(0, false)]);
        let retraction = event("retraction", "2026-07-02", "2026-07-02", json!({"event_id": id(2), "reason": "nooit gebeurd"}));
        assert_eq!(lates(&[first, retraction]), []);
    }

    #[test]
    fn a_stop_counts_against_its_day_and_is_not_early() {
        let stopped = |on: &str, recorded: &str| event("paid_work_stopped", on, recorded, json!({"job_id": id(1)}));
        let started = job(1, "2026-02-01", json!({}));
        assert_eq!(lates(&[started.clone(), stopped("2026-07-01", "2026-06-30")]), [(0, false)]);
        assert_eq!(lates(&[started, stopped("2026-07-01", "2026-07-01")]), [(0, false)]);
    }

    #[test]
    fn what_was_imported_is_as_late_as_when_it_was_first_recorded() {
        let mut imported = contact(30);
        assert_eq!(lates(&[imported.clone()]), [(30, true)]);
        imported["source_recorded_at"] = "2026-06-03T10:00:00Z".into();
        assert_eq!(lates(&[imported]), [(1, false)]);
    }

    #[test]
    fn the_day_of_a_recording_is_that_of_amsterdam() {
        let mut late_at_night = contact(0);
        late_at_night["occurred_on"] = "2026-07-01".into();
        late_at_night["recorded_at"] = "2026-06-30T22:30:00Z".into();
        assert_eq!(lates(&[late_at_night]), [(0, false)]);
    }

    #[test]
    fn the_median_is_the_middle_one_and_half_rounds_up() {
        for (days, expected) in
            [(vec![], None), (vec![7], Some(7)), (vec![9, 0], Some(5)), (vec![3, 1, 2], Some(2)), (vec![0, 0, 3, 90], Some(2))]
        {
            assert_eq!(median(days.clone()), expected, "{days:?}");
        }
    }

    #[test]
    fn a_question_is_open_about_each_job_of_today_of_which_something_is_not_known() {
        for (field, question) in [
            ("wage_value_percent", Question::Pay),
            ("hours_per_week", Question::Hours),
            ("regular_workplace", Question::Workplace),
            ("contract", Question::Contract),
        ] {
            let lacks = job(1, "2026-02-01", json!({field: null}));
            let found = overview(&[case(&[intake(), lacks.clone()]), case(&[intake(), job(1, "2026-02-01", json!({}))])]);
            assert_eq!(found.questions(), [(question, 1)]);
            assert_eq!((found.complete, found.jobs), (1, 2));
            let over = overview(&[case(&[intake(), lacks.clone(), stop(1, "2026-07-02")])]);
            assert_eq!((over.questions(), over.jobs), (vec![], 0), "its last day was yesterday");
            let mut answer = json!({"job_id": id(1)});
            answer[field] = job(2, "2026-02-01", json!({}))["data"][field].clone();
            let answered = case(&[intake(), lacks, told("paid_work_changed", "2026-06-01", answer)]);
            assert_eq!(overview(&[answered]).questions(), []);
        }
        let on_call = case(&[intake(), job(1, "2026-02-01", json!({"contract": {"kind": "other"}}))]);
        assert_eq!(overview(&[on_call]).questions(), [(Question::Contract, 1)]);
    }

    #[test]
    fn the_same_work_twice_has_days_in_common_at_one_employer() {
        let twice = |first: Vec<Value>, second: &str, employer: Value| {
            let all = [vec![intake()], first, vec![job(2, second, json!({"employer": employer}))]].concat();
            let case = case(&all);
            open(Question::SameJobTwice, &case, today()).iter().map(|job| job.unwrap().spell.start.to_string()).collect::<Vec<_>>()
        };
        let first = || vec![job(1, "2026-02-01", json!({}))];
        let until = |day: &str| vec![job(1, "2026-02-01", json!({})), stop(1, day)];
        assert_eq!(twice(first(), "2026-02-01", json!("bakkerij zoet")), ["2026-02-01"]);
        assert_eq!(twice(first(), "2026-03-01", json!("BAKKERIJ ZÓET ")), ["2026-03-01"]);
        assert_eq!(twice(until("2026-03-02"), "2026-03-01", json!("Bakkerij Zoet")), ["2026-03-01"]);
        assert!(twice(until("2026-03-01"), "2026-03-01", json!("Bakkerij Zoet")).is_empty(), "one after the other");
        assert!(twice(first(), "2026-02-01", json!("Bakkerij Zuur")).is_empty());
        assert!(twice(first(), "2026-02-01", Value::Null).is_empty(), "an employer that is not known is no other's");
        let unknown = || vec![job(1, "2026-02-01", json!({"employer": null}))];
        assert!(twice(unknown(), "2026-02-01", Value::Null).is_empty());
    }

    #[test]
    fn ips_without_a_variant_is_a_question_and_another_method_is_none() {
        let of = |method: &str, variant: Value| {
            let mut intake = intake();
            intake["data"]["method"] = method.into();
            intake["data"].as_object_mut().unwrap().remove("variant");
            if !variant.is_null() {
                intake["data"]["variant"] = variant;
            }
            overview(&[case(&[intake])]).questions()
        };
        assert_eq!(of("ips", Value::Null), [(Question::Variant, 1)]);
        assert_eq!(of("ips", json!("cmd")), []);
        assert_eq!(of("werkfit", Value::Null), []);
    }

    #[test]
    fn a_contract_that_ended_is_told_until_the_work_is_stopped_or_goes_on() {
        let fixed = |until: &str| json!({"contract": {"kind": "fixed_term", "until": until}});
        let started = |until: &str| job(1, "2026-02-01", fixed(until));
        let found = overview(&[case(&[intake(), started("2026-07-01")])]).ran_out;
        assert_eq!(found.len(), 1);
        assert_eq!((found[0].ended, found[0].employer.as_deref()), (Date::from_civil(2026, 7, 1), Some("Bakkerij Zoet")));
        assert!(overview(&[case(&[intake(), started("2026-07-02")])]).ran_out.is_empty(), "today is its last day");
        assert!(overview(&[case(&[intake(), started("2026-06-01"), stop(1, "2026-06-02")])]).ran_out.is_empty());
        let mut on = json!({"job_id": id(1)});
        on["contract"] = json!({"kind": "permanent"});
        assert!(overview(&[case(&[intake(), started("2026-06-01"), told("paid_work_changed", "2026-06-02", on)])]).ran_out.is_empty());
    }

    #[test]
    fn each_coach_has_a_load_and_what_nobody_has_is_one_too() {
        let of = |coach: &str, since: &str, more: &[Value]| {
            let mut intake = intake();
            intake["occurred_on"] = since.into();
            if !coach.is_empty() {
                intake["data"]["coach"] = coach.into();
            }
            case(&[&[intake], more].concat())
        };
        // Who began lately and was spoken to yesterday is none to look at; who has not come further for half a year is.
        let found = overview(&[
            of("ann", "2026-06-01", &[contact(1)]),
            of("ann", "2026-01-01", &[contact(5), contact(9)]),
            of("bea", "2026-01-01", &[]),
            of("", "2026-01-01", &[]),
        ]);
        let seen: Vec<(&str, usize, usize, Option<u32>)> =
            found.loads.iter().map(|(code, load)| (code.as_str(), load.running, load.wanting(), median(load.late.clone()))).collect();
        assert_eq!(seen, [("", 1, 1, None), ("ann", 2, 1, Some(5)), ("bea", 1, 1, None)]);
    }

    #[test]
    fn why_trajectories_need_attention_is_told_and_of_how_many_because_nothing_is_recorded() {
        let of = |coach: &str, more: &[Value]| {
            let mut intake = intake();
            intake["data"]["coach"] = coach.into();
            case(&[&[intake], more].concat())
        };
        // Ann recorded four weeks ago and longer, Bea yesterday; both have one without contact for long.
        let ann = of("ann", &[event("contact", "2026-05-04", "2026-06-04", json!({"with": "client", "channel": "phone"}))]);
        let bea = of("bea", &[event("contact", "2026-05-04", "2026-07-01", json!({"with": "client", "channel": "phone"}))]);
        let ended = of("bea", &[contact(1), job(1, "2026-02-01", json!({"contract": {"kind": "fixed_term", "until": "2026-07-01"}}))]);
        let found = overview(&[ann, bea, ended]);
        assert_eq!(found.wanting(), Wanting { by_reason: [1, 0, 0, 2, 0, 0], of_quiet: 1 });
        let since = |coach: &str| found.loads[coach].quiet_since(today());
        assert_eq!((since("ann"), since("bea")), (Some(Date::from_civil(2026, 6, 4)), None));
        assert_eq!(found.last(), Some(today()));
    }
}
