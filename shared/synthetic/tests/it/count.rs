//! A small count of the figures, written for these tests from the definitions alone: what stands as of a moment, and what the
//! cells of a quarter are.

use std::collections::{BTreeMap, HashMap};

use proto_events::{
    Contract, Date, EventType, Funding, Hundredths, Id, Method, PaidWorkChanged, PaidWorkStarted, Payload, PlacementKind, Text, Timestamp,
    Variant, json::EventLine,
};

/// Cells by path: `by_method.ips.running`.
pub type Cells = BTreeMap<String, usize>;

pub fn day(text: &str) -> Date {
    text.parse().unwrap()
}

pub fn plus_months(from: Date, months: i32) -> Date {
    let text = from.to_string();
    let part = |range: std::ops::Range<usize>| text[range].parse::<i32>().unwrap();
    let month = part(0..4) * 12 + part(5..7) - 1 + months;
    (0..4).find_map(|less| Date::from_civil(month.div_euclid(12), month.rem_euclid(12) + 1, part(8..10) - less)).unwrap()
}

/// The events that count as of a moment, by stream, in their order.
fn standing(lines: &[EventLine], as_of: Timestamp) -> Vec<Vec<&EventLine>> {
    let mut streams: HashMap<Id, Vec<(Id, &EventLine)>> = HashMap::new();
    for line in lines.iter().filter(|line| line.recorded_at.unwrap() <= as_of) {
        let stream = streams.entry(line.trajectory_id).or_default();
        if let Payload::Retraction(retraction) = &line.payload {
            let at = stream.iter().position(|(id, _)| *id == retraction.event_id).expect("a retraction names what counts");
            stream.remove(at);
        } else if let Some(corrected) = line.corrects {
            let standing = stream.iter_mut().find(|(id, _)| *id == corrected).expect("a correction names what counts");
            *standing = (line.event_id, line);
        } else {
            stream.push((line.event_id, line));
        }
    }
    let mut all: Vec<(Id, Vec<&EventLine>)> = streams
        .into_iter()
        .map(|(id, stream)| {
            let mut events: Vec<&EventLine> = stream.into_iter().map(|(_, line)| line).collect();
            events.sort_by_key(|line| line.occurred_on);
            (id, events)
        })
        .collect();
    all.sort_by_key(|(id, _)| *id);
    all.into_iter().map(|(_, events)| events).collect()
}

#[derive(Clone, Default)]
struct Conditions {
    regular: Option<bool>,
    hours: Option<Hundredths>,
    wage: Option<Hundredths>,
    contract: Option<Contract>,
}

struct Job {
    start: Date,
    stop: Option<Date>,
    history: Vec<(Date, Conditions)>,
}

struct Thing {
    kind: Option<PlacementKind>,
    start: Date,
    stop: Option<Date>,
}

fn active(start: Date, stop: Option<Date>, on: Date) -> bool {
    start <= on && stop.is_none_or(|stop| on < stop)
}

fn active_within(start: Date, stop: Option<Date>, first: Date, last: Date) -> bool {
    start <= last && stop.is_none_or(|stop| stop > first && stop > start)
}

#[derive(PartialEq)]
enum Verdict {
    Yes,
    No,
    Open,
}

impl Job {
    fn verdict(&self, on: Date) -> Verdict {
        let now = &self.history.iter().rev().find(|(from, _)| *from <= on).unwrap().1;
        let conditions = [
            now.regular,
            now.hours.map(|h| h.0 >= 1200),
            now.wage.map(|w| w.0 >= 3500),
            now.contract.and_then(|contract| match contract {
                Contract::Permanent => Some(true),
                Contract::FixedTerm { until } => Some(until.days() + 1 >= plus_months(self.start, 3).days()),
                Contract::Other => None,
            }),
        ];
        if conditions.contains(&Some(false)) {
            Verdict::No
        } else if conditions.contains(&None) {
            Verdict::Open
        } else {
            Verdict::Yes
        }
    }
}

struct Trajectory<'a> {
    organisation: &'a str,
    method: Method,
    start: Date,
    end: Option<Date>,
    work_ready: Option<bool>,
    /// From each day on: funding, variant, scheme.
    attributes: Vec<(Date, Funding, Option<Variant>, Option<String>)>,
    jobs: Vec<Job>,
    placements: Vec<Thing>,
    educations: Vec<Thing>,
}

fn started(job: &PaidWorkStarted<Text>) -> Conditions {
    Conditions { regular: job.regular_workplace, hours: job.hours_per_week, wage: job.wage_value_percent, contract: job.contract }
}

fn changed(mut now: Conditions, change: &PaidWorkChanged<Text>) -> Conditions {
    now.regular = change.regular_workplace.unwrap_or(now.regular);
    now.hours = change.hours_per_week.unwrap_or(now.hours);
    now.wage = change.wage_value_percent.unwrap_or(now.wage);
    now.contract = change.contract.unwrap_or(now.contract);
    now
}

fn trajectory<'a>(events: &[&'a EventLine]) -> Option<Trajectory<'a>> {
    let intake = events.iter().find(|line| line.payload.event_type() == EventType::Intake)?;
    let Payload::Intake(opening) = &intake.payload else { return None };
    let scheme = opening.scheme.as_ref().map(|s| s.as_str().to_owned());
    let mut t = Trajectory {
        organisation: intake.organisation.as_str(),
        method: opening.method,
        start: intake.occurred_on,
        end: None,
        work_ready: None,
        attributes: vec![(intake.occurred_on, opening.funding, opening.variant, scheme)],
        jobs: Vec::new(),
        placements: Vec::new(),
        educations: Vec::new(),
    };
    let mut ids: HashMap<Id, usize> = HashMap::new();
    for line in events {
        let on = line.occurred_on;
        match &line.payload {
            Payload::PaidWorkStarted(p) => {
                ids.insert(p.job_id, t.jobs.len());
                t.jobs.push(Job { start: on, stop: None, history: vec![(on, started(p))] });
            }
            Payload::PaidWorkChanged(p) => {
                let job = &mut t.jobs[ids[&p.job_id]];
                let now = job.history.last().unwrap().1.clone();
                job.history.push((on, changed(now, p)));
            }
            Payload::PaidWorkStopped(p) => t.jobs[ids[&p.job_id]].stop = Some(on),
            Payload::PlacementStarted(p) => {
                ids.insert(p.placement_id, t.placements.len());
                t.placements.push(Thing { kind: Some(p.kind), start: on, stop: None });
            }
            Payload::PlacementStopped(p) => t.placements[ids[&p.placement_id]].stop = Some(on),
            Payload::EducationStarted(p) => {
                ids.insert(p.education_id, t.educations.len());
                t.educations.push(Thing { kind: None, start: on, stop: None });
            }
            Payload::EducationStopped(p) => t.educations[ids[&p.education_id]].stop = Some(on),
            Payload::TrajectoryChanged(p) => {
                let (_, funding, variant, scheme) = t.attributes.last().unwrap().clone();
                let scheme = p.scheme.as_ref().map_or(scheme, |s| s.as_ref().map(|s| s.as_str().to_owned()));
                t.attributes.push((on, p.funding.unwrap_or(funding), p.variant.unwrap_or(variant), scheme));
            }
            Payload::Outflow(p) => {
                t.end = Some(on);
                t.work_ready = p.work_ready;
            }
            Payload::Intake(_) | Payload::Engagement(_) | Payload::Assessment(_) | Payload::Contact(_) | Payload::Retraction(_) => {}
        }
    }
    Some(t)
}

/// The cells of a quarter that begins and ends on these days, as of a moment.
pub fn cells(lines: &[EventLine], as_of: &str, qs: &str, qe: &str) -> Cells {
    let (qs, qe) = (day(qs), day(qe));
    let mut cells = Cells::new();
    let mut organisations: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for events in standing(lines, as_of.parse().unwrap()) {
        let Some(t) = trajectory(&events) else { continue };
        if t.start > qe || t.end.is_some_and(|end| end < qs) {
            continue;
        }
        let reference = t.end.map_or(qe, |end| end.min(qe));
        let (_, funding, variant, scheme) = t.attributes.iter().rev().find(|(from, ..)| *from <= reference).unwrap();
        let mut groups = vec!["all".to_owned(), format!("by_method.{}", t.method), format!("by_method_funding.{}.{funding}", t.method)];
        if t.method == Method::Ips {
            groups.push(format!("by_method_variant.ips.{}", variant.map_or("none", Variant::as_str)));
        }
        for group in &groups[..2] {
            organisations.entry(group.clone()).or_default().push(t.organisation.to_owned());
        }
        let mut measures = measures(&t, qs, qe, reference);
        if let Some(scheme) = scheme.as_ref().filter(|_| t.start >= plus_months(qe, -3) && t.start <= qe) {
            measures.push(format!("scheme_started_year_to_date.{scheme}"));
        }
        for group in &groups {
            for measure in &measures {
                *cells.entry(format!("{group}.{measure}")).or_default() += 1;
            }
        }
    }
    for (group, mut who) in organisations {
        who.sort();
        who.dedup();
        cells.insert(format!("{group}.organisations"), who.len());
    }
    cells
}

fn measures(t: &Trajectory<'_>, qs: Date, qe: Date, reference: Date) -> Vec<String> {
    let mut names = vec!["running"];
    let mut add = |name: &'static str, counts: bool| {
        if counts {
            names.push(name);
        }
    };
    let ended = t.end.is_some_and(|end| end >= qs && end <= qe);
    add("started", t.start >= qs);
    add("ended", ended);
    let held: Vec<&Job> = t.jobs.iter().filter(|job| active(job.start, job.stop, reference)).collect();
    let sustainable = held.iter().any(|job| job.verdict(reference) == Verdict::Yes);
    let ever = t.jobs.iter().any(|job| active_within(job.start, job.stop, t.start, reference));
    let now = |on: Date| on >= qs.max(t.start) && on <= reference;
    add("paid_work", !held.is_empty());
    add("sustainable_work", sustainable && t.method != Method::Werkfit);
    add("ever_paid_work", ever);
    add("paid_work_started", t.jobs.iter().any(|job| now(job.start)));
    add("paid_work_stopped", t.jobs.iter().any(|job| job.stop.is_some_and(now)));
    let unpaid: Vec<&Thing> = t.placements.iter().filter(|p| active(p.start, p.stop, reference)).collect();
    let has = |kinds: &[PlacementKind]| unpaid.iter().any(|p| p.kind.is_some_and(|kind| kinds.contains(&kind)));
    for (name, kinds) in [
        ("trial_placement", &[PlacementKind::TrialPlacement][..]),
        ("volunteer_or_work_experience", &[PlacementKind::VolunteerWork, PlacementKind::WorkExperience]),
        ("day_activity", &[PlacementKind::DayActivity]),
    ] {
        add(name, has(kinds));
        add("unpaid_sum", has(kinds));
    }
    add("education", t.educations.iter().any(|e| active(e.start, e.stop, reference)));
    add("education_started", t.educations.iter().any(|e| now(e.start)));
    add("education_stopped", t.educations.iter().any(|e| e.stop.is_some_and(now)));
    add("outflow_paid_work", ended && !held.is_empty());
    add("outflow_paid_work_earlier", ended && held.is_empty() && ever);
    add("outflow_never_paid_work", ended && !ever);
    let intended = match t.method {
        Method::Ips | Method::Other => ever,
        Method::Wabz => ever || t.placements.iter().any(|p| active_within(p.start, p.stop, t.start, reference)),
        Method::Jobcoaching => !held.is_empty(),
        Method::Werkfit => !held.is_empty() || t.work_ready == Some(true),
        Method::NaarWerk => sustainable,
    };
    add("outflow_intended", ended && intended);
    add("outflow_not_intended", ended && !intended);
    if !held.is_empty() {
        let first =
            t.jobs.iter().filter(|j| active_within(j.start, j.stop, t.start, reference)).map(|j| j.start.max(t.start)).min().unwrap();
        add("first_job_within_3_months", first <= plus_months(t.start, 3));
        add("first_job_3_to_9_months", first > plus_months(t.start, 3) && first <= plus_months(t.start, 9));
        add("first_job_after_9_months", first > plus_months(t.start, 9));
    }
    match held.iter().map(|job| job.start).min() {
        None => add("employed_unknown", true),
        Some(begun) => {
            add("employed_under_6_months", reference < plus_months(begun, 6));
            add("employed_6_to_12_months", reference >= plus_months(begun, 6) && reference < plus_months(begun, 12));
            add("employed_over_12_months", reference >= plus_months(begun, 12));
        }
    }
    names.into_iter().map(str::to_owned).collect()
}
