//! The measures once more, told day by day as the contract tells them, slowly and without the source's shortcuts.

use std::collections::BTreeMap;

use domain::{AttributeChanges, ConditionChanges, Conditions, Contract, Date, Fact, Intake, Method, PlacementKind, Quarter, Timeline};

/// A job, placement or education, with its events.
struct Thing {
    start: Date,
    stop: Option<Date>,
    conditions: Conditions,
    changes: Vec<(Date, ConditionChanges)>,
    kind: Option<PlacementKind>,
}

impl Thing {
    fn active(&self, day: Date) -> bool {
        self.start <= day
            && match self.stop {
                Some(stop) => day < stop,
                None => true,
            }
    }

    fn sustainable(&self, day: Date) -> Option<bool> {
        let Conditions { mut regular_workplace, mut hours_per_week, mut wage_value_percent, mut contract } = self.conditions;
        for (on, change) in &self.changes {
            if *on <= day {
                if let Some(value) = change.regular_workplace {
                    regular_workplace = value
                }
                if let Some(value) = change.hours_per_week {
                    hours_per_week = value
                }
                if let Some(value) = change.wage_value_percent {
                    wage_value_percent = value
                }
                if let Some(value) = change.contract {
                    contract = value
                }
            }
        }
        let contract = match contract {
            Some(Contract::Permanent) => Some(true),
            Some(Contract::FixedTerm { until }) => Some(until.days() + 1 >= months_later(self.start, 3).days()),
            Some(Contract::Other) | None => None,
        };
        let all = [regular_workplace, hours_per_week.map(|h| h >= 1200), wage_value_percent.map(|w| w >= 3500), contract];
        if all.contains(&Some(false)) {
            return Some(false);
        }
        if all.contains(&None) { None } else { Some(true) }
    }
}

/// The same day of the month, or the last day that month has.
pub fn months_later(date: Date, months: i32) -> Date {
    let (mut year, mut month, day) = date.civil();
    for _ in 0..months {
        month += 1;
        if month == 13 {
            (year, month) = (year + 1, 1);
        }
    }
    let exists = |day: &i32| Date::from_civil(year, month, *day).civil() == (year, month, *day);
    Date::from_civil(year, month, (1..=day).rev().find(exists).expect("every month has a first day"))
}

fn days(first: Date, last: Date) -> impl Iterator<Item = Date> + Clone {
    (first.days()..=last.days()).map(Date::from_days)
}

/// What one stream adds to a quarter: every measure by name, and its scheme if it started in the year to date.
pub fn measures(timeline: &Timeline, quarter: Quarter) -> (BTreeMap<&'static str, u64>, Option<String>) {
    let nothing = (BTreeMap::new(), None);
    let events = timeline.events();
    let intake =
        events.iter().find_map(|event| if let Fact::Intake(intake) = &event.fact { Some((event.occurred_on, intake)) } else { None });
    let Some((start, intake)) = intake else { return nothing };
    let outflow = events
        .iter()
        .find_map(|event| if let Fact::Outflow { work_ready } = event.fact { Some((event.occurred_on, work_ready)) } else { None });
    let (first, last) = (quarter.first_day(), quarter.last_day());
    if start > last {
        return nothing;
    }
    let reference = match outflow {
        Some((on, _)) if on < last => on,
        _ => last,
    };
    let (jobs, placements, educations) = things(timeline);
    let scheme = if start >= quarter.first_day_of_year() { scheme_on(intake, timeline, reference) } else { None };
    if outflow.is_some_and(|(on, _)| on < first) {
        return (BTreeMap::new(), scheme);
    }
    let mut found = BTreeMap::new();
    let mut say = |name: &'static str, holds: bool| {
        found.insert(name, u64::from(holds));
    };

    let ended = outflow.is_some_and(|(on, _)| first <= on && on <= last);
    say("running", true);
    say("organisations", true);
    say("started", first <= start && start <= last);
    say("ended", ended);

    let on = |things: &[Thing], day: Date| things.iter().any(|thing| thing.active(day));
    let whole = days(start, reference);
    let in_quarter = |day: Date| day >= first && day >= start && day <= reference;
    let paid = on(&jobs, reference);
    let ever = whole.clone().any(|day| on(&jobs, day));
    let verdicts: Vec<Option<bool>> = jobs.iter().filter(|job| job.active(reference)).map(|job| job.sustainable(reference)).collect();
    let sustainable = verdicts.contains(&Some(true));
    say("paid_work", paid);
    say("sustainable_work", sustainable);
    say("sustainable_work_unknown", !sustainable && verdicts.contains(&None));
    say("ever_paid_work", ever);
    say("paid_work_started", jobs.iter().any(|job| in_quarter(job.start)));
    say("paid_work_stopped", jobs.iter().any(|job| job.stop.is_some_and(in_quarter)));
    let education = on(&educations, reference);
    say("education", education);
    say("education_started", educations.iter().any(|one| in_quarter(one.start)));
    say("education_stopped", educations.iter().any(|one| one.stop.is_some_and(in_quarter)));

    let of = |kinds: &[PlacementKind]| placements.iter().any(|p| p.active(reference) && p.kind.is_some_and(|kind| kinds.contains(&kind)));
    let unpaid = [
        of(&[PlacementKind::TrialPlacement]),
        of(&[PlacementKind::VolunteerWork, PlacementKind::WorkExperience]),
        of(&[PlacementKind::DayActivity]),
    ];
    say("trial_placement", unpaid[0]);
    say("volunteer_or_work_experience", unpaid[1]);
    say("day_activity", unpaid[2]);
    say("unpaid_any", unpaid.contains(&true));
    say("unpaid_before_start", placements.iter().any(|p| p.active(reference) && p.start < start));
    say("unpaid_alongside", unpaid.contains(&true) && (paid || education));

    let intended = match intake.method {
        Method::Ips | Method::Other => ever,
        Method::Wabz => ever || whole.clone().any(|day| on(&placements, day)),
        Method::Jobcoaching => paid,
        Method::Werkfit => paid || outflow.is_some_and(|(_, ready)| ready == Some(true)),
        Method::NaarWerk => sustainable,
    };
    say("outflow_paid_work", ended && paid);
    say("outflow_paid_work_earlier", ended && !paid && ever);
    say("outflow_never_paid_work", ended && !ever);
    say("outflow_intended", ended && intended);
    say("outflow_not_intended", ended && !intended);

    let first_day = whole.clone().find(|day| on(&jobs, *day)).filter(|_| paid);
    let (near, far) = (months_later(start, 3), months_later(start, 9));
    say("first_job_within_3_months", first_day.is_some_and(|day| day <= near));
    say("first_job_3_to_9_months", first_day.is_some_and(|day| day > near && day <= far));
    say("first_job_after_9_months", first_day.is_some_and(|day| day > far));

    let began = jobs.iter().filter(|job| job.active(reference)).map(|job| job.start).min();
    let passed = |months| began.is_some_and(|began| reference >= months_later(began, months));
    say("employed_under_6_months", began.is_some() && !passed(6));
    say("employed_6_to_12_months", passed(6) && !passed(12));
    say("employed_over_12_months", passed(12));
    say("employed_unknown", began.is_none());
    found.insert("unpaid_sum", unpaid.iter().map(|active| u64::from(*active)).sum());
    (found, scheme)
}

fn scheme_on(intake: &Intake, timeline: &Timeline, day: Date) -> Option<String> {
    let mut scheme = intake.scheme.clone();
    for event in timeline.events() {
        if let Fact::TrajectoryChanged(changes) = &event.fact
            && event.occurred_on <= day
        {
            let AttributeChanges { scheme: change, .. } = &**changes;
            if let Some(change) = change {
                scheme.clone_from(change);
            }
        }
    }
    scheme.map(|scheme| scheme.to_string())
}

fn things(timeline: &Timeline) -> (Vec<Thing>, Vec<Thing>, Vec<Thing>) {
    let mut found = (Vec::new(), Vec::new(), Vec::new());
    let new = |start, conditions, kind| Thing { start, stop: None, conditions, changes: Vec::new(), kind };
    for event in timeline.events() {
        let others = || timeline.events().iter();
        match &event.fact {
            Fact::PaidWorkStarted { job, conditions } => {
                let mut thing = new(event.occurred_on, *conditions, None);
                for other in others() {
                    match &other.fact {
                        Fact::PaidWorkStopped { job: of } if of == job => thing.stop = Some(other.occurred_on),
                        Fact::PaidWorkChanged { job: of, changes } if of == job => thing.changes.push((other.occurred_on, *changes)),
                        _ => {}
                    }
                }
                found.0.push(thing);
            }
            Fact::PlacementStarted { placement, kind } => {
                let mut thing = new(event.occurred_on, Conditions::default(), Some(*kind));
                let stops = |fact: &Fact| matches!(fact, Fact::PlacementStopped { placement: of } if of == placement);
                thing.stop = others().find(|other| stops(&other.fact)).map(|other| other.occurred_on);
                found.1.push(thing);
            }
            Fact::EducationStarted { education } => {
                let mut thing = new(event.occurred_on, Conditions::default(), None);
                let stops = |fact: &Fact| matches!(fact, Fact::EducationStopped { education: of } if of == education);
                thing.stop = others().find(|other| stops(&other.fact)).map(|other| other.occurred_on);
                found.2.push(thing);
            }
            _ => {}
        }
    }
    found
}
