//! One trajectory: what it stands at, why its work is or is not sustainable, its jobs over time, and all that happened.

use std::collections::HashMap;

use axum::{
    extract::{Path, State},
    response::Response,
};
use domain::{Condition, Contract, Date, Job, Spell, Step, SustainableWork, Verdict as Is};
use pages::{
    Change, Colour, Ended, Facts, Former, Happened, Kind, Lane, Met, Of, OverTime, Span, Standing, Subject, Suggestion, Text, Trajectory,
    Verdict,
};
use proto_events::{Payload, Retraction};
use uuid::Uuid;

use super::{
    Visitor, attention,
    case::{self, Case, Told},
    caseload, convert,
    happened::{self, Telling},
    names::{self, Names},
    page,
};
use crate::{
    access::{Action, Decision, permits},
    http::{self, Gate},
    problem::Problem,
};

/// `GET /trajecten/ID`.
pub(crate) async fn show(State(inner): Gate, visitor: Visitor, Path(id): Path<String>) -> Result<Response, Problem> {
    let case = case::read(&inner, &visitor, http::trajectory(&id)?).await?;
    let accounts = &inner.sign_in()?.accounts;
    let names = Names::of(accounts);
    let opens = permits(&visitor.caller, Action::OpenTexts, case.object()) == Decision::Permit;
    let opened = accounts.open_until(visitor.seen.account.id, case.id).filter(|_| opens && case.sees_texts).map(convert::minute);
    let may_open = opens && !case.sees_texts;
    let organisation = opens.then(|| names::organisation(case.organisation()));
    page(&Trajectory { may_open, opened_until: opened, organisation, ..of(&case, visitor, &names) })
}

fn of(case: &Case, visitor: Visitor, names: &Names) -> Trajectory {
    let (today, telling) = (visitor.today, Telling::of(case, names));
    let began = case.trajectory.as_ref().map(|trajectory| trajectory.start);
    let began = began.map(convert::day).or_else(|| case.told.first().map(|told| convert::day_of(told.on)));
    let outflow = case.counting().find(|told| matches!(told.payload, Payload::Outflow(_)));
    Trajectory {
        today: convert::day(today),
        id: case.id.to_string(),
        name: case.label(today).cloned(),
        began: began.unwrap_or(convert::day(today)),
        ended: outflow.map(|told| Ended { on: convert::day_of(told.on), event: told.id.to_string() }),
        step: caseload::step(Step::on(&case.timeline, today)),
        facts: facts(case, today, names),
        suggestions: if case.may_record { suggestions(case, today, &telling) } else { Vec::new() },
        // Of one that has ended nobody asks how its work stands today, but how it stood then.
        verdict: verdict(case, case.trajectory.as_ref().map_or(today, |trajectory| trajectory.reference_day(today))),
        ran_out: ran_out(case, today),
        over_time: over_time(case, today),
        handed_to_nobody: handed_to_nobody(case, today, names),
        events: events(case, &telling),
        may_log: case.may_record,
        may_open: false,
        opened_until: None,
        organisation: None,
        frame: visitor.frame,
    }
}

// ---- What is known ----

/// What is known of a trajectory on this day.
pub(crate) fn facts(case: &Case, today: Date, names: &Names) -> Facts {
    let mut facts = Facts::default();
    let coach = |code: &str| names.coach(case.organisation(), code);
    for told in case.counting().filter(|told| told.on.days() <= today.days()) {
        if let Payload::Intake(intake) = &told.payload {
            facts = Facts {
                method: intake.method.as_str().to_owned(),
                variant: intake.variant.map(|variant| variant.as_str().to_owned()),
                funding: intake.funding.as_str().to_owned(),
                region: names::region(&intake.region.0).name,
                scheme: intake.scheme.as_ref().map(|scheme| scheme.as_str().to_owned()),
                benefit: intake.benefit.map(|benefit| benefit.as_str().to_owned()),
                in_care: intake.in_care,
                target_group: intake.target_group.map(|group| group.as_str().to_owned()),
                coach: intake.coach.as_ref().map(|code| coach(code.as_str())),
            };
        } else if let Payload::TrajectoryChanged(changed) = &told.payload {
            let word = |was: &mut Option<String>, is: &Option<Option<String>>| {
                if let Some(is) = is {
                    was.clone_from(is);
                }
            };
            word(&mut facts.variant, &changed.variant.map(|is| is.map(|variant| variant.as_str().to_owned())));
            word(&mut facts.scheme, &changed.scheme.as_ref().map(|is| is.as_ref().map(|scheme| scheme.as_str().to_owned())));
            word(&mut facts.benefit, &changed.benefit.map(|is| is.map(|benefit| benefit.as_str().to_owned())));
            word(&mut facts.target_group, &changed.target_group.map(|is| is.map(|group| group.as_str().to_owned())));
            word(&mut facts.coach, &changed.coach.as_ref().map(|is| is.as_ref().map(|code| coach(code.as_str()))));
            facts.in_care = changed.in_care.unwrap_or(facts.in_care);
            if let Some(funding) = changed.funding {
                funding.as_str().clone_into(&mut facts.funding);
            }
            if let Some(region) = &changed.region {
                facts.region = names::region(&region.0).name;
            }
        }
    }
    facts
}

/// The code of whom a running trajectory was handed over to, where nobody has an account with it: the log takes any code, and nobody would
/// notice that it stands in no list.
fn handed_to_nobody(case: &Case, today: Date, names: &Names) -> Option<String> {
    let coach = case.coach.as_ref().filter(|_| case.trajectory.as_ref().is_some_and(|trajectory| trajectory.runs_on(today)))?;
    let handed = |told: &Told| matches!(&told.payload, Payload::TrajectoryChanged(changed) if matches!(&changed.coach, Some(Some(to)) if to.as_str() == coach.as_str()));
    (case.counting().any(handed) && !names.knows_coach(case.organisation(), coach.as_str())).then(|| coach.as_str().to_owned())
}

/// The last day of a contract that has ended while its work goes on, as far as the log tells: of several the one that ended first.
fn ran_out(case: &Case, today: Date) -> Option<pages::Day> {
    let trajectory = case.trajectory.as_ref().filter(|trajectory| trajectory.runs_on(today))?;
    let until = |job: &Job| match job.conditions_on(today).contract {
        Some(Contract::FixedTerm { until }) if until < today && job.spell.active_on(today) => Some(until),
        Some(Contract::FixedTerm { .. } | Contract::Permanent | Contract::Other) | None => None,
    };
    trajectory.jobs.iter().filter_map(until).min().map(convert::day)
}

/// What comes next, as far as the log tells.
fn suggestions(case: &Case, today: Date, telling: &Telling<'_>) -> Vec<Suggestion> {
    let Some(trajectory) = case.trajectory.as_ref().filter(|trajectory| trajectory.runs_on(today)) else { return Vec::new() };
    let plain = |kind| Suggestion { kind, about: None, name: None };
    let ended = |job: &&Job| {
        job.spell.active_on(today) && matches!(job.conditions_on(today).contract, Some(Contract::FixedTerm { until }) if until < today)
    };
    let about = |job: &Job, kind| Suggestion { kind, about: Some(job.id.0.to_string()), name: telling.job(job.id.0) };
    let over = trajectory.jobs.iter().filter(ended);
    let mut all: Vec<Suggestion> =
        over.flat_map(|job| [about(job, Kind::PaidWorkStopped), about(job, Kind::PaidWorkChanged)]).take(2).collect();
    match Step::on(&case.timeline, today) {
        Step::Intake => all.push(plain(Kind::Engagement)),
        Step::Engagement => all.push(plain(Kind::Assessment)),
        Step::Assessment | Step::Placement => all.push(plain(Kind::PaidWorkStarted)),
        Step::Coaching if !trajectory.jobs.iter().any(|job| job.spell.active_on(today)) => all.push(plain(Kind::PaidWorkStarted)),
        Step::Coaching | Step::Outflow => {}
    }
    all
}

// ---- Sustainable work ----

const fn met(is: Is) -> Met {
    match is {
        Is::Yes => Met::Yes,
        Is::No => Met::No,
        Is::Unknown => Met::Unknown,
    }
}

/// How the work of this day stands: of several jobs the one that stands best. `None` without work.
fn verdict(case: &Case, today: Date) -> Option<Verdict> {
    let sustainable = SustainableWork::default();
    let jobs = case.trajectory.iter().flat_map(|trajectory| &trajectory.jobs).filter(|job| job.spell.active_on(today));
    let is = |job: &Job| sustainable.verdict(job.spell.start, &job.conditions_on(today));
    let job = jobs.min_by_key(|job| match is(job) {
        Is::Yes => 0,
        Is::Unknown => 1,
        Is::No => 2,
    })?;
    let terms = happened::terms_on(case, job.id.0, today).unwrap_or_default();
    Some(Verdict {
        sustainable: met(is(job)),
        since: attention::sustainable_since(job, &sustainable, today).map(convert::day),
        employer: terms.employer.to().cloned().or_else(|| happened::called(&terms).map(Text::Open)),
        began: convert::day(job.spell.start),
        job: Some(job.id.0.to_string()),
        conditions: Condition::ALL.map(|condition| self::condition(condition, job, &sustainable, today)).into(),
    })
}

fn condition(condition: Condition, job: &Job, sustainable: &SustainableWork, today: Date) -> pages::Condition {
    let values = job.conditions_on(today);
    let started = job.spell.start;
    let contract = values.contract.map(|contract| match contract {
        Contract::Permanent => pages::Contract::Permanent,
        Contract::FixedTerm { until } => pages::Contract::FixedTerm(convert::day(until)),
        Contract::Other => pages::Contract::Other,
    });
    let subject = match condition {
        Condition::RegularWorkplace => Subject::Workplace(values.regular_workplace),
        Condition::HoursPerWeek => {
            Subject::Hours { has: values.hours_per_week.map(convert::decimal), needed: convert::decimal(sustainable.min_hours_per_week) }
        }
        Condition::WageValuePercent => Subject::Wage {
            has: values.wage_value_percent.map(convert::decimal),
            needed: convert::decimal(sustainable.min_wage_value_percent),
        },
        Condition::Contract => Subject::Contract {
            has: contract,
            needed: u8::try_from(sustainable.min_contract_months).unwrap_or(u8::MAX),
            needed_until: Some(convert::day(started.plus_months(sustainable.min_contract_months).plus_days(-1))),
        },
    };
    pages::Condition { met: met(sustainable.condition(condition, started, &values)), subject }
}

// ---- Over time ----

/// Placements, jobs and educations as bars; `None` when there is nothing to draw.
fn over_time(case: &Case, today: Date) -> Option<OverTime> {
    let trajectory = case.trajectory.as_ref()?;
    // Of one that has ended nothing is known after its last day.
    let ended = trajectory.outflow.map(|outflow| outflow.on).filter(|last| *last < today);
    let today = ended.unwrap_or(today);
    let placements =
        trajectory.placements.iter().map(|(kind, spell)| (spell.start, other(Of::Placement(kind.as_str().to_owned()), *spell)));
    let educations =
        trajectory.educations.iter().zip(case.levels()).map(|(spell, level)| (spell.start, other(Of::Education(level), *spell)));
    let bar = |job| if ended.is_some() { closed(lane(case, job, today)) } else { lane(case, job, today) };
    let jobs = trajectory.jobs.iter().map(|job| (job.spell.start, bar(job)));
    let mut lanes: Vec<(Date, Lane)> = placements.chain(jobs).chain(educations).filter(|(_, lane)| !lane.spans.is_empty()).collect();
    lanes.sort_by_key(|(start, _)| *start);
    let contact = |told: &Told| matches!(told.payload, Payload::Contact(_)).then(|| convert::day_of(told.on));
    let contacts: Vec<pages::Day> = case.counting().filter_map(contact).collect();
    (!lanes.is_empty()).then(|| OverTime {
        began: convert::day(trajectory.start),
        ended: ended.map(convert::day),
        lanes: lanes.into_iter().map(|(_, lane)| lane).collect(),
        contacts,
    })
}

/// The bar of a job in a trajectory that has ended: how many hours it is now, and until when, is not followed any more.
fn closed(lane: Lane) -> Lane {
    let of = match lane.of {
        Of::Job { employer, .. } => Of::Job { employer, hours: None },
        of @ (Of::Placement(_) | Of::Education(_)) => of,
    };
    Lane { of, ends: None, ..lane }
}

fn other(of: Of, spell: Spell) -> Lane {
    let spans = span(spell.start, spell.stop, Colour::Other).into_iter().collect();
    Lane { of, spans, ends: None, terms: None }
}

/// A part of a bar; none of what lasted no day.
fn span(from: Date, until: Option<Date>, colour: Colour) -> Option<Span> {
    until.is_none_or(|until| from < until).then(|| Span { from: convert::day(from), until: until.map(convert::day), colour })
}

/// The bar of a job, in parts of the same verdict.
fn lane(case: &Case, job: &Job, today: Date) -> Lane {
    let sustainable = SustainableWork::default();
    let stop = job.spell.stop;
    let mut days: Vec<Date> = job.change_days().filter(|day| stop.is_none_or(|stop| *day < stop)).chain([job.spell.start]).collect();
    days.sort_unstable();
    days.dedup();
    let colour = |day: Date| match sustainable.verdict(job.spell.start, &job.conditions_on(day)) {
        Is::Yes => Colour::Sustainable,
        Is::No => Colour::Work,
        Is::Unknown => Colour::Unknown,
    };
    let mut parts: Vec<(Date, Colour)> = days.into_iter().map(|day| (day, colour(day))).collect();
    parts.dedup_by_key(|(_, colour)| *colour);
    let ends = parts.iter().skip(1).map(|(day, _)| Some(*day)).chain([stop]);
    let spans = parts.iter().zip(ends).filter_map(|((from, colour), until)| span(*from, until, *colour)).collect();
    let last = stop.map_or(today, |stop| stop.plus_days(-1).min(today)).max(job.spell.start);
    let terms = happened::terms_on(case, job.id.0, last).unwrap_or_default();
    let runs = job.spell.active_on(today);
    let contract = match job.conditions_on(today).contract {
        Some(Contract::FixedTerm { until }) if runs && until >= today => Some(convert::day(until)),
        Some(Contract::FixedTerm { .. } | Contract::Permanent | Contract::Other) | None => None,
    };
    let hours = if let Change::To(hours) = terms.hours { Some(hours).filter(|_| runs) } else { None };
    Lane { of: Of::Job { employer: happened::called(&terms), hours }, spans, ends: contract, terms: Some(Box::new(terms)) }
}

// ---- What happened ----

/// Every event that is told, the latest first: of those that were corrected the last version, with what stood there before.
pub(crate) fn events(case: &Case, telling: &Telling<'_>) -> Vec<Happened> {
    let corrected: HashMap<Uuid, &Told> = case.told.iter().filter_map(|told| Some((told.corrects?, told))).collect();
    let retracted: HashMap<Uuid, (&Told, &Retraction<Text>)> = case
        .told
        .iter()
        .filter_map(|told| if let Payload::Retraction(retraction) = &told.payload { Some((told, retraction)) } else { None })
        .map(|(told, retraction)| (retraction.event_id.0, (told, retraction)))
        .collect();
    let mut all: Vec<(pages::Day, u32, Happened)> = Vec::new();
    for told in case.told.iter().filter(|told| !corrected.contains_key(&told.id)) {
        let Some(what) = telling.what(told) else { continue };
        let earlier = std::iter::successors(before(case, told), |told| before(case, told));
        let former: Vec<Former> = earlier.clone().filter_map(|told| self::former(told, telling)).collect();
        let first = earlier.last().unwrap_or(told).revision;
        let standing = retracted.get(&told.id).map_or(Standing::Counts, |(by, retraction)| Standing::Retracted {
            on: convert::day_at(by.recorded),
            reason: Some(retraction.reason.clone()),
        });
        let happened = Happened {
            id: told.id.to_string(),
            what,
            on: convert::day_of(told.on),
            by: telling.by(told),
            recorded: convert::day_at(told.recorded),
            standing,
            former,
        };
        // By the day that is shown: of a stop that is the last one with it.
        all.push((happened.shown_on(), first, happened));
    }
    all.sort_by_key(|(on, first, _)| std::cmp::Reverse((*on, *first)));
    all.into_iter().map(|(.., happened)| happened).collect()
}

/// The event that this one replaced.
fn before<'a>(case: &'a Case, told: &Told) -> Option<&'a Told> {
    case.told(told.corrects?)
}

/// What stands there, or stood there before a correction.
pub(crate) fn former(told: &Told, telling: &Telling<'_>) -> Option<Former> {
    Some(Former { what: telling.what(told)?, on: convert::day_of(told.on), by: telling.by(told), recorded: convert::day_at(told.recorded) })
}
