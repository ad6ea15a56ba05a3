//! A manager's view: who has how much, who stands in for whom, how timely and complete the log is, and what has to be answered.
//!
//! | file | holds |
//! | --- | --- |
//! | `overview.rs` | what follows from the trajectories: numbers and lists, computed of one portion after the other |
//! | `cover.rs` | the form of a cover: what stands in it, and what is wrong with it |

mod cover;
mod overview;

use std::collections::{BTreeMap, HashSet};

use accounts::AccountsError;
use axum::{
    body::Body,
    extract::{Path, State},
    http::{Request, StatusCode},
    response::Response,
};
use domain::{Date, Job, Name};
use pages::{CoachRow, CoverRow, Filled, Of, OpeningRow, Organisation, Question, QuestionPage, QuestionRow, RanOut, Thing};
use proto_events::Slug;

use super::{
    Visitor,
    case::{self, Case},
    caseload, convert, html,
    names::{self, Names},
    page,
};
use crate::{
    Inner,
    access::{Action, Decision, Object, permits},
    http::{Form, Gate, of_address, see_other},
    problem::Problem,
};
use overview::{Load, Overview, median};

/// Where covers stand on the page.
const COVERS: &str = "/organisatie#waarneming";
/// The most running trajectories that are looked at. An organisation has some hundreds.
const MOST: usize = 5_000;
/// The most openings of sealed texts that are shown: the newest. The API tells of all.
const MOST_OPENINGS: usize = 20;
/// Trajectories that are in memory at once.
const PORTION: usize = 64;

/// The organisation whose manager the visitor is.
fn judged(visitor: &Visitor) -> Result<Slug, Problem> {
    visitor.caller.may(Action::ManageCover, Object::Any)?;
    let organisation = visitor.seen.account.profile.organisation.clone();
    let organisation = organisation.ok_or_else(|| Problem::forbidden("your account does not permit this"))?;
    for action in [Action::ManageCover, Action::SeeTrajectory, Action::SeeTexts] {
        visitor.caller.may(action, Object::Organisation(organisation.as_str()))?;
    }
    Ok(organisation)
}

/// `GET /organisatie`.
pub(crate) async fn show(State(inner): Gate, visitor: Visitor) -> Result<Response, Problem> {
    let organisation = judged(&visitor)?;
    page(&of(&inner, visitor, &organisation, None).await?)
}

/// `GET /organisatie/vragen/SLUG`.
pub(crate) async fn question(State(inner): Gate, visitor: Visitor, Path(slug): Path<String>) -> Result<Response, Problem> {
    judged(&visitor)?;
    let question = Question::ALL.into_iter().find(|question| question.slug() == slug);
    let question = question.ok_or_else(|| Problem::not_found("there is no such question"))?;
    let names = Names::of(&inner.sign_in()?.accounts);
    let mut rows = Vec::new();
    running(&inner, &visitor, |cases| {
        rows.extend(cases.iter().flat_map(|case| asked(question, case, &visitor, &names)));
    })
    .await?;
    rows.sort_by(|a, b| (&a.coach, &a.name, &a.trajectory).cmp(&(&b.coach, &b.name, &b.trajectory)));
    page(&QuestionPage { frame: visitor.frame, question, rows })
}

/// What a trajectory leaves open of a question.
fn asked(question: Question, case: &Case, visitor: &Visitor, names: &Names) -> Vec<QuestionRow> {
    let about = |job: &Job| Thing {
        id: job.id.0.to_string(),
        of: Of::Job { employer: overview::employer(case, job, visitor.today), hours: None },
        since: convert::day(job.spell.start),
    };
    let row = |job: Option<&Job>| QuestionRow {
        trajectory: case.id.to_string(),
        name: case.name(visitor.today).map(str::to_owned),
        about: job.map(about),
        coach: coach_name(visitor, names, case.coach.as_ref().map_or("", Name::as_str)),
    };
    overview::open(question, case, visitor.today).into_iter().map(row).collect()
}

/// `POST /organisatie/waarneming`.
pub(crate) async fn begin_cover(State(inner): Gate, visitor: Visitor, request: Request<Body>) -> Result<Response, Problem> {
    let organisation = judged(&visitor)?;
    let form = Form::read(request, &cover::FIELDS, &inner.limits).await?;
    let lang = visitor.frame.lang;
    let mistakes = match cover::read(&form, &organisation, visitor.today, lang) {
        Err(mistakes) => mistakes,
        Ok(new) => {
            let accounts = &inner.sign_in()?.accounts;
            // Sent twice, it is there once.
            let is_there = |cover: &accounts::Cover| {
                cover.ended.is_none()
                    && (&cover.what.absent, &cover.what.by, cover.what.until) == (&new.absent, &new.by, new.until)
                    && cover.what.from <= new.from
            };
            if accounts.covers_of(&organisation).iter().any(|cover| is_there(cover)) {
                return see_other(COVERS);
            }
            match accounts.create_cover(visitor.seen.account.id, new).await {
                Ok(_) => return see_other(COVERS),
                Err(AccountsError::Rule(rule)) => match cover::refused(rule, lang) {
                    Some(mistake) => vec![mistake],
                    None => return Err(AccountsError::Rule(rule).into()),
                },
                Err(error) => return Err(error.into()),
            }
        }
    };
    let filled = Filled { values: cover::values(&form), mistakes, refused: false };
    html(StatusCode::UNPROCESSABLE_ENTITY, &of(&inner, visitor, &organisation, Some(filled)).await?)
}

/// `POST /organisatie/waarneming/ID/stoppen`.
pub(crate) async fn end_cover(State(inner): Gate, visitor: Visitor, Path(id): Path<String>) -> Result<Response, Problem> {
    let organisation = judged(&visitor)?;
    match inner.sign_in()?.accounts.end_cover(visitor.seen.account.id, &organisation, of_address(&id)?).await {
        // It has ended already: that is what was wanted.
        Ok(_) | Err(AccountsError::Changed) => see_other(COVERS),
        Err(error) => Err(error.into()),
    }
}

/// The running trajectories of the visitor's organisation, a portion at a time. Whether there are more of them than are looked at.
async fn running(inner: &Inner, visitor: &Visitor, mut each: impl FnMut(&[Case])) -> Result<bool, Problem> {
    let mut ids = caseload::ids_up_to(inner, visitor, None, Some(true), MOST + 1).await?;
    // One whose first day was corrected between two pages of the list may stand on both.
    let mut seen = HashSet::new();
    ids.retain(|id| seen.insert(*id));
    let more = ids.len() > MOST;
    ids.truncate(MOST);
    for ids in ids.chunks(PORTION) {
        each(&case::read_all(inner, visitor, ids).await?);
    }
    Ok(more)
}

async fn of(inner: &Inner, visitor: Visitor, organisation: &Slug, filled: Option<Filled>) -> Result<Organisation, Problem> {
    let mut overview = Overview::on(visitor.today);
    let more = running(inner, &visitor, |cases| overview.take_in(cases)).await?;
    let accounts = &inner.sign_in()?.accounts;
    let names = Names::of(accounts);
    let covers = covers(accounts, organisation, visitor.today);
    let is_empty = overview.loads.is_empty() && caseload::ids_up_to(inner, &visitor, None, None, 1).await?.is_empty();
    let coaches = if is_empty { Vec::new() } else { coaches(&overview, &covers, &visitor, &names) };
    let cover_row = |cover: &accounts::Cover| CoverRow {
        id: cover.id.to_string(),
        absent: names.coach(organisation.as_str(), cover.what.absent.as_str()),
        by: names.coach(organisation.as_str(), cover.what.by.as_str()),
        from: Some(convert::day_of(cover.what.from)).filter(|from| *from > convert::day(visitor.today)),
        until: convert::day_of(cover.what.until),
    };
    let ran_out = |one: overview::RanOut| RanOut {
        trajectory: one.trajectory.to_string(),
        name: one.name,
        employer: one.employer,
        ended: convert::day(one.ended),
        coach: coach_name(&visitor, &names, &one.coach),
    };
    overview.ran_out.sort_by_key(|one| (std::cmp::Reverse(one.ended), one.trajectory));
    let (openings, more_openings) = openings(inner, &visitor, organisation).await?;
    Ok(Organisation {
        today: convert::day(visitor.today),
        name: names::organisation(organisation.as_str()),
        coaches,
        wanting: overview.wanting(),
        last: overview.last().map(convert::day),
        only: more.then_some(MOST),
        late: median(overview.loads.values().flat_map(|load| &load.late).copied().collect()),
        covers: covers.iter().map(cover_row).collect(),
        timeliness: overview.timeliness(),
        questions: overview.questions(),
        ran_out: overview.ran_out.into_iter().map(ran_out).collect(),
        openings,
        more_openings,
        filled,
        frame: visitor.frame,
    })
}

/// Who opened sealed texts of the organisation's trajectories, the newest first; and whether there are more.
async fn openings(inner: &Inner, visitor: &Visitor, organisation: &Slug) -> Result<(Vec<OpeningRow>, bool), Problem> {
    if permits(&visitor.caller, Action::SeeOpenings, Object::Organisation(organisation.as_str())) == Decision::Deny {
        return Ok((Vec::new(), false));
    }
    let accounts = &inner.sign_in()?.accounts;
    let mut all = accounts.openings(Some(organisation), None, MOST_OPENINGS + 1).unwrap_or_default();
    let more = all.len() > MOST_OPENINGS;
    all.truncate(MOST_OPENINGS);
    let mut ids: Vec<_> = all.iter().map(|opening| opening.trajectory).collect();
    ids.sort_unstable();
    ids.dedup();
    let cases = case::read_all(inner, visitor, &ids).await?;
    let name = |id| cases.iter().find(|case| case.id == id).and_then(|case| case.name(visitor.today)).map(str::to_owned);
    let row = |opening: &accounts::Opening| OpeningRow {
        who: accounts.account(opening.account).map_or_else(|| opening.account.to_string(), |account| account.profile.name.clone()),
        trajectory: opening.trajectory.to_string(),
        name: name(opening.trajectory),
        at: convert::minute(opening.at),
        until: convert::minute(opening.ends()),
        reason: opening.reason.clone(),
    };
    Ok((all.iter().map(|opening| row(opening)).collect(), more))
}

/// Those that hold or will.
fn covers(accounts: &accounts::Accounts, organisation: &Slug, today: Date) -> Vec<accounts::Cover> {
    let all = accounts.covers_of(organisation).into_iter().map(|cover| (*cover).clone());
    all.filter(|cover| cover.ended.is_none() && today.days() <= cover.what.until.days()).collect()
}

/// Those who have an account or trajectories, by name; what nobody has last.
fn coaches(overview: &Overview, covers: &[accounts::Cover], visitor: &Visitor, names: &Names) -> Vec<CoachRow> {
    let of = names.coaches_of(visitor.organisation()).into_iter();
    let mut all: BTreeMap<String, String> = of.collect();
    for code in overview.loads.keys() {
        all.entry(code.clone()).or_insert_with(|| coach_name(visitor, names, code));
    }
    let today = proto_events::Date::from_days(visitor.today.days());
    let absent_until = |code: &str| {
        let holding = covers.iter().filter(|cover| cover.what.absent.as_str() == code && today.is_some_and(|today| cover.holds(today)));
        holding.map(|cover| convert::day_of(cover.what.until)).max()
    };
    let none = Load::default();
    let row = |(code, name): (String, String)| {
        let load = overview.loads.get(&code).unwrap_or(&none);
        let (late, quiet_since) = (median(load.late.clone()), load.quiet_since(visitor.today).map(convert::day));
        CoachRow { absent_until: absent_until(&code), running: load.running, wanting: load.wanting(), late, quiet_since, code, name }
    };
    let mut rows: Vec<CoachRow> = all.into_iter().map(row).collect();
    rows.sort_by(|a, b| (a.code.is_empty(), &a.name, &a.code).cmp(&(b.code.is_empty(), &b.name, &b.code)));
    rows
}

/// What a coach of the visitor's organisation is called; without a code there is none.
fn coach_name(visitor: &Visitor, names: &Names, code: &str) -> String {
    if code.is_empty() { visitor.frame.t("Geen coach", "No coach").to_owned() } else { names.coach(visitor.organisation(), code) }
}
