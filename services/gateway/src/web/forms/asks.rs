//! What each form has to know to ask well.

use std::collections::BTreeMap;

use domain::{Contract, Date, Region};
use pages::{Asks, Change, Choosable, Circumstances, Filled, Kind, Terms, Thing, What};
use proto_events::Payload;
use serde_json::Value;
use uuid::Uuid;

use super::{
    super::{
        Visitor,
        case::{self, Case, Told},
        convert,
        happened::{self, Telling},
        names::Names,
        trajectory,
    },
    no_such_form,
    things::{self, Run, Sort, runs},
};
use crate::{
    Inner,
    access::Role,
    ports::{CaseloadAsk, SortField},
    problem::Problem,
};

/// Trajectories that are looked at for the likely region.
const LATEST: usize = 20;

/// The forms that need nothing of a trajectory.
pub(super) const fn of_nothing(kind: Kind) -> Option<Asks> {
    match kind {
        Kind::Contact => Some(Asks::Contact),
        Kind::Engagement => Some(Asks::Engagement),
        Kind::Assessment => Some(Asks::Assessment),
        Kind::PlacementStarted => Some(Asks::PlacementStarted),
        Kind::PaidWorkStarted => Some(Asks::PaidWorkStarted(Vec::new())),
        Kind::EducationStarted => Some(Asks::EducationStarted),
        Kind::Intake
        | Kind::PlacementStopped
        | Kind::PaidWorkChanged
        | Kind::PaidWorkStopped
        | Kind::EducationStopped
        | Kind::TrajectoryChanged
        | Kind::Transfer
        | Kind::Outflow
        | Kind::Retraction => None,
    }
}

/// A form for this trajectory, which has an intake; about this thing, where the form is about one.
///
/// # Errors
/// 404 where there is no such thing, or the form is about none.
pub(super) fn of(case: &Case, visitor: &Visitor, names: &Names, kind: Kind, about: Option<Uuid>) -> Result<Asks, Problem> {
    let telling = Telling::of(case, names);
    let today = visitor.today;
    let of = |sort| runs(case, &telling, sort, today);
    Ok(match (kind, about) {
        (Kind::PlacementStopped, _) => Asks::PlacementStopped(to_stop(&of(Sort::Placement), about)?),
        (Kind::PaidWorkStopped, _) => Asks::PaidWorkStopped(to_stop(&of(Sort::Job), about)?),
        (Kind::EducationStopped, _) => Asks::EducationStopped(to_stop(&of(Sort::Education), about)?),
        (Kind::PaidWorkChanged, _) => {
            let of = to_change(of(Sort::Job), about, today)?;
            Asks::PaidWorkChanged { now: Box::new(terms_of(case, &of, today)), of: of.iter().map(Run::thing).collect() }
        }
        (_, Some(_)) => return Err(no_such_form()),
        (Kind::PaidWorkStarted, None) => Asks::PaidWorkStarted(to_stop(&of(Sort::Job), None)?),
        (Kind::TrajectoryChanged, None) => {
            Asks::TrajectoryChanged { now: Box::new(trajectory::facts(case, today, names)), regions: regions() }
        }
        (Kind::Transfer, None) => {
            let present = case.coach.as_ref().map(|coach| coach.as_str());
            Asks::Transfer(coaches(case.organisation(), names, present))
        }
        (Kind::Outflow, None) => Asks::Outflow(open_work(case, visitor, &telling)),
        (kind, None) => of_nothing(kind).ok_or_else(no_such_form)?,
    })
}

/// The form for an event that was different; `None` of a retraction, which cannot be.
pub(super) fn again(case: &Case, visitor: &Visitor, names: &Names, told: &Told) -> Option<Asks> {
    let telling = Telling::of(case, names);
    // As it stands without the event: what it stopped goes on.
    let rest = case.without(told.id);
    let on = Date::from_days(told.on.days());
    let of = |sort| runs(&rest, &telling, sort, on);
    let stoppable = |sort| to_stop(&of(sort), None).unwrap_or_default();
    Some(match &told.payload {
        Payload::Intake(intake) => intake_form(visitor, names, case.organisation(), intake),
        Payload::Engagement(_) => Asks::Engagement,
        Payload::Assessment(_) => Asks::Assessment,
        Payload::PlacementStarted(_) => Asks::PlacementStarted,
        Payload::PlacementStopped(_) => Asks::PlacementStopped(stoppable(Sort::Placement)),
        Payload::PaidWorkStarted(_) => Asks::PaidWorkStarted(Vec::new()),
        Payload::PaidWorkChanged(changed) => {
            let jobs = of(Sort::Job).into_iter().filter(|job| job.id == changed.job_id.0 || job.runs_on(on));
            let jobs: Vec<Run> = jobs.collect();
            Asks::PaidWorkChanged { now: Box::new(terms_of(&rest, &jobs, on)), of: jobs.iter().map(Run::thing).collect() }
        }
        Payload::PaidWorkStopped(_) => Asks::PaidWorkStopped(stoppable(Sort::Job)),
        Payload::EducationStarted(_) => Asks::EducationStarted,
        Payload::EducationStopped(_) => Asks::EducationStopped(stoppable(Sort::Education)),
        Payload::Contact(_) => Asks::Contact,
        Payload::TrajectoryChanged(_) if telling.what(told).is_some_and(|what| is_transfer(&what)) => {
            Asks::Transfer(coaches(case.organisation(), names, None))
        }
        Payload::TrajectoryChanged(_) => Asks::TrajectoryChanged { now: Box::new(trajectory::facts(&rest, on, names)), regions: regions() },
        Payload::Outflow(_) => Asks::Outflow(open_work(case, visitor, &telling)),
        Payload::Retraction(_) => return None,
    })
}

/// The form for an event that was retracted, to be recorded once more; `None` where it cannot stand: a change or a stop is of its own job, placement or
/// education and never of another, and that has to be there.
pub(super) fn once_more(case: &Case, visitor: &Visitor, names: &Names, told: &Told) -> Option<Asks> {
    let asks = again(case, visitor, names, told)?;
    let Some((sort, id)) = things::of_what_began(&told.payload) else { return Some(asks) };
    let on = Date::from_days(told.on.days());
    let run = runs(case, &Telling::of(case, names), sort, on).into_iter().find(|run| run.id == id)?;
    let open = run.stop.is_none();
    Some(match asks {
        Asks::PaidWorkChanged { .. } => {
            Asks::PaidWorkChanged { now: Box::new(terms_of(case, std::slice::from_ref(&run), on)), of: vec![run.thing()] }
        }
        Asks::PaidWorkStopped(_) if open => Asks::PaidWorkStopped(vec![run.thing()]),
        Asks::PlacementStopped(_) if open => Asks::PlacementStopped(vec![run.thing()]),
        Asks::EducationStopped(_) if open => Asks::EducationStopped(vec![run.thing()]),
        // It was stopped already, by another event.
        Asks::PaidWorkStopped(_) | Asks::PlacementStopped(_) | Asks::EducationStopped(_) => return None,
        // These are of nothing that began.
        Asks::Contact
        | Asks::Engagement
        | Asks::Assessment
        | Asks::PlacementStarted
        | Asks::PaidWorkStarted(_)
        | Asks::EducationStarted
        | Asks::Intake { .. }
        | Asks::TrajectoryChanged { .. }
        | Asks::Transfer(_)
        | Asks::Outflow(_)
        | Asks::Retraction(_) => asks,
    })
}

/// What stands in a form before anybody fills it in: in a new intake what the one before it said, of the same client; as the last day of work
/// whose contract has ended, that of the contract, and no day where it is not clear of which work.
pub(super) fn stands_already(case: &Case, asks: &Asks, telling: &Telling<'_>, visitor: &Visitor) -> Option<Filled> {
    let lang = visitor.frame.lang;
    if let Asks::PaidWorkStopped(of) = asks {
        let ended = |thing: &Thing| contract_ended(case, thing.id.parse().ok()?, visitor.today);
        return match of.as_slice() {
            [one] => ended(one).map(|last| Filled::on(convert::day(last))),
            several => several.iter().any(|one| ended(one).is_some()).then(Filled::default),
        };
    }
    let Asks::Intake { .. } = asks else { return None };
    let last = case.told.iter().rev().find(|told| matches!(told.payload, Payload::Intake(_)))?;
    Some(Filled::of(&telling.what(last)?, convert::day_of(last.on), lang))
}

// ---- Jobs, placements, educations ----

/// The last day of the contract of this job, where that has ended: before today, and not after the trajectory.
fn contract_ended(case: &Case, job: Uuid, today: Date) -> Option<Date> {
    let trajectory = case.trajectory.as_ref()?;
    let job = trajectory.jobs.iter().find(|one| one.id.0 == job)?;
    let Some(Contract::FixedTerm { until }) = job.conditions_on(today).contract else { return None };
    let within = trajectory.outflow.as_ref().is_none_or(|outflow| until <= outflow.on);
    (until < today && within).then_some(until)
}

/// What no stop is recorded of: this one if it is among them, else all of them.
fn to_stop(runs: &[Run], about: Option<Uuid>) -> Result<Vec<Thing>, Problem> {
    let open = || runs.iter().filter(|run| run.stop.is_none());
    if let Some(id) = about {
        one_of(runs, id)?;
        if let Some(run) = open().find(|run| run.id == id) {
            return Ok(vec![run.thing()]);
        }
    }
    Ok(open().map(Run::thing).collect())
}

/// What can have changed: this one; else those that run, and where none does, those that did.
fn to_change(runs: Vec<Run>, about: Option<Uuid>, today: Date) -> Result<Vec<Run>, Problem> {
    if let Some(id) = about {
        return Ok(vec![one_of(&runs, id)?.clone()]);
    }
    let running: Vec<Run> = runs.iter().filter(|run| run.runs_on(today)).cloned().collect();
    Ok(if running.is_empty() { runs } else { running })
}

fn one_of(runs: &[Run], id: Uuid) -> Result<&Run, Problem> {
    runs.iter().find(|run| run.id == id).ok_or_else(|| Problem::not_found("there is no such thing in this trajectory"))
}

/// How a job has been until now; nothing when it is not clear which.
fn terms_of(case: &Case, jobs: &[Run], day: Date) -> Terms {
    match jobs {
        [job] => happened::terms_on(case, job.id, day).unwrap_or_default(),
        _ => Terms::default(),
    }
}

/// What the jobs are called of which no stop is recorded.
fn open_work(case: &Case, visitor: &Visitor, telling: &Telling<'_>) -> Vec<String> {
    let open = runs(case, telling, Sort::Job, visitor.today).into_iter().filter(|job| job.stop.is_none());
    open.map(|job| telling.job(job.id).unwrap_or_else(|| visitor.frame.t("Werk", "Work").to_owned())).collect()
}

// ---- The trajectory itself ----

/// Every region, by name.
fn regions() -> Vec<Choosable> {
    let mut all: Vec<Choosable> = Region::LIST.iter().map(|(code, name)| Choosable::new(*code, *name)).collect();
    all.sort_by(|a, b| a.words.cmp(&b.words));
    all
}

/// The coaches of an organisation but this one.
fn coaches(organisation: &str, names: &Names, but: Option<&str>) -> Vec<Choosable> {
    let all = names.coaches_of(organisation).into_iter().filter(|(code, _)| Some(code.as_str()) != but);
    all.map(|(code, name)| Choosable::new(code, name)).collect()
}

/// Those whose a trajectory may be, for who chooses that: a manager. A coach begins trajectories of their own.
fn to_choose_from(visitor: &Visitor, names: &Names, organisation: &str) -> Vec<Choosable> {
    if visitor.caller.roles.contains(&Role::Manager) { coaches(organisation, names, None) } else { Vec::new() }
}

/// The intake of a trajectory that begins.
pub(super) fn intake(visitor: &Visitor, names: &Names, region: String, coach: &str) -> Asks {
    let coaches = to_choose_from(visitor, names, visitor.organisation());
    Asks::Intake { regions: regions(), region, coach: coach.to_owned(), coaches }
}

/// The intake of a trajectory of which none counts any more.
pub(super) fn intake_again(case: &Case, visitor: &Visitor, names: &Names) -> Asks {
    let last = case.told.iter().rev().find_map(|told| if let Payload::Intake(intake) = &told.payload { Some(intake) } else { None });
    match last {
        Some(last) => intake_form(visitor, names, case.organisation(), last),
        None => intake(visitor, names, String::new(), visitor.coach().unwrap_or_default()),
    }
}

fn intake_form(visitor: &Visitor, names: &Names, organisation: &str, intake: &proto_events::Intake<pages::Text>) -> Asks {
    let coach = intake.coach.as_ref().map_or("", |coach| coach.as_str());
    let coaches = to_choose_from(visitor, names, organisation);
    Asks::Intake { regions: regions(), region: intake.region.0.to_string(), coach: coach.to_owned(), coaches }
}

/// The region of most of the latest trajectories of this coach, or of the organisation; empty when there are none, or it cannot be known now.
pub(super) async fn likely_region(inner: &Inner, visitor: &Visitor) -> String {
    latest_region(inner, visitor).await.ok().flatten().unwrap_or_default()
}

async fn latest_region(inner: &Inner, visitor: &Visitor) -> Result<Option<String>, Problem> {
    let ask = CaseloadAsk {
        reach: visitor.caller.sees(),
        organisation: Some(visitor.organisation().to_owned()),
        coach: visitor.coach().map(str::to_owned),
        sort: SortField::Started,
        descending: true,
        limit: LATEST,
        at_least: inner.log.head().await?.position.0,
        ..CaseloadAsk::default()
    };
    let part = inner.statuses.list(&ask).await?;
    let ids = part.items.iter().filter_map(|item| item.get("trajectory_id").and_then(Value::as_str)?.parse().ok());
    let cases = case::read_all(inner, visitor, &ids.collect::<Vec<Uuid>>()).await?;
    let mut used: BTreeMap<&str, usize> = BTreeMap::new();
    for trajectory in cases.iter().filter_map(|case| case.trajectory.as_ref()) {
        *used.entry(trajectory.attributes_on(visitor.today).region.code()).or_default() += 1;
    }
    Ok(used.into_iter().filter(|(code, _)| !code.is_empty()).max_by_key(|(_, times)| *times).map(|(code, _)| code.to_owned()))
}

/// A change of the coach alone.
fn is_transfer(what: &What) -> bool {
    let What::Changed(of) = what else { return false };
    matches!(of.coach, Change::To(_)) && Circumstances { coach: Change::Kept, ..(**of).clone() } == Circumstances::default()
}
