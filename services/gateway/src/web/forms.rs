//! Forms: each with what it has to know of the trajectory that it is about. What they say is recorded through the API, by `assets/js`.
//!
//! | address | form |
//! | --- | --- |
//! | `/trajecten/nieuw` | the intake of a trajectory that begins |
//! | `/trajecten/ID/vastleggen/TYPE` | an event of this type; below it `/ABOUT`: about this job, placement or education |
//! | `/trajecten/ID/overdragen` | to a colleague |
//! | `/trajecten/ID/aanpassen/EVENT` | this event was different |
//! | `/trajecten/ID/intrekken/EVENT` | this event did not happen |
//! | `/trajecten/ID/opnieuw/EVENT` | this event was retracted, and did happen after all |
//! | `/vastleggen/TYPE` | blank, kept on the device for any trajectory |
//!
//! A form whose event the log would refuse whatever is filled in is not shown: it leads to where one can go on.

mod asks;
mod things;

use axum::{
    extract::{Path, State},
    response::Response,
};
use domain::EventId;
use pages::{About, Asks, Correction, EventForm, Filled, Kind, Retractable, What};
use proto_events::Payload;
use uuid::Uuid;

use super::{
    Visitor,
    case::{self, Case, Told},
    convert,
    happened::Telling,
    names::Names,
    page, trajectory,
};
use crate::{
    Inner,
    access::{Action, Object},
    http::{self, Gate, of_address, see_other},
    problem::Problem,
};

/// `GET /trajecten/nieuw`.
pub(crate) async fn begin(State(inner): Gate, visitor: Visitor) -> Result<Response, Problem> {
    let about = of_nothing(&visitor)?;
    let names = Names::of(&inner.sign_in()?.accounts);
    let region = asks::likely_region(&inner, &visitor).await;
    let asks = asks::intake(&visitor, &names, region, visitor.coach().unwrap_or_default());
    show(visitor, about, asks)
}

/// `GET /vastleggen/TYPE`.
pub(crate) async fn blank(visitor: Visitor, Path(slug): Path<String>) -> Result<Response, Problem> {
    let about = of_nothing(&visitor)?;
    let kind = Kind::of_slug(&slug).filter(|kind| Kind::WITHOUT_TRAJECTORY.contains(kind));
    let asks = kind.and_then(asks::of_nothing).ok_or_else(no_such_form)?;
    show(visitor, about, asks)
}

/// `GET /trajecten/ID/vastleggen/TYPE`.
pub(crate) async fn record(State(inner): Gate, visitor: Visitor, Path((id, slug)): Path<(String, String)>) -> Result<Response, Problem> {
    form(&inner, visitor, &id, Kind::of_slug(&slug), None).await
}

/// `GET /trajecten/ID/vastleggen/TYPE/ABOUT`.
pub(crate) async fn record_about(
    State(inner): Gate,
    visitor: Visitor,
    Path((id, slug, about)): Path<(String, String, String)>,
) -> Result<Response, Problem> {
    form(&inner, visitor, &id, Kind::of_slug(&slug), Some(&about)).await
}

/// `GET /trajecten/ID/overdragen`.
pub(crate) async fn transfer(State(inner): Gate, visitor: Visitor, Path(id): Path<String>) -> Result<Response, Problem> {
    form(&inner, visitor, &id, Some(Kind::Transfer), None).await
}

/// `GET /trajecten/ID/intrekken/EVENT`.
pub(crate) async fn retract(State(inner): Gate, visitor: Visitor, Path((id, event)): Path<(String, String)>) -> Result<Response, Problem> {
    form(&inner, visitor, &id, Some(Kind::Retraction), Some(&event)).await
}

/// `GET /trajecten/ID/aanpassen/EVENT`.
pub(crate) async fn correct(State(inner): Gate, visitor: Visitor, Path((id, event)): Path<(String, String)>) -> Result<Response, Problem> {
    let case = open(&inner, &visitor, &id).await?;
    let names = Names::of(&inner.sign_in()?.accounts);
    let telling = Telling::of(&case, &names);
    let told = last_of(&case, event_of(&case, of_address(&event)?)?);
    if !counts(&case, told) {
        return see_other(&address_of(&case));
    }
    let former = trajectory::former(told, &telling).ok_or_else(no_such_form)?;
    let asks = asks::again(&case, &visitor, &names, told).ok_or_else(no_such_form)?;
    let also = things::beside(&case, told).into_iter().filter_map(|other| retractable(other, &telling, false)).collect();
    let form = EventForm {
        today: convert::day(visitor.today),
        about: about(&case, &visitor),
        asks,
        filled: Some(Filled::of(&former.what, former.on, visitor.frame.lang)),
        corrects: Some(Correction { event: told.id.to_string(), former, also }),
        restores: false,
        frame: visitor.frame,
    };
    page(&form)
}

/// `GET /trajecten/ID/opnieuw/EVENT`: what was retracted, to be recorded once more. It is another event: the retraction stays.
pub(crate) async fn restore(State(inner): Gate, visitor: Visitor, Path((id, event)): Path<(String, String)>) -> Result<Response, Problem> {
    let case = open(&inner, &visitor, &id).await?;
    let names = Names::of(&inner.sign_in()?.accounts);
    let telling = Telling::of(&case, &names);
    let told = last_of(&case, event_of(&case, of_address(&event)?)?);
    // Nothing stands without an intake, and the log takes no second one, nor a second end.
    let is_intake = matches!(told.payload, Payload::Intake(_));
    let wanted = case.trajectory.as_ref().map_or(is_intake, |trajectory| {
        let ends_twice = matches!(told.payload, Payload::Outflow(_)) && trajectory.outflow.is_some();
        !counts(&case, told) && !is_intake && !ends_twice
    });
    let former = trajectory::former(told, &telling).ok_or_else(no_such_form)?;
    // What stands there again is not recorded a third time by the Back button.
    let stands = case.counting().any(|other| other.on == told.on && telling.what(other).as_ref() == Some(&former.what));
    let asks = asks::once_more(&case, &visitor, &names, told).filter(|_| wanted && !stands);
    let Some(asks) = asks else { return see_other(&address_of(&case)) };
    let form = EventForm {
        today: convert::day(visitor.today),
        about: about(&case, &visitor),
        asks,
        filled: Some(Filled::of(&former.what, former.on, visitor.frame.lang)),
        corrects: None,
        restores: true,
        frame: visitor.frame,
    };
    page(&form)
}

/// The form of a kind for a trajectory, about this thing of it.
async fn form(inner: &Inner, visitor: Visitor, id: &str, kind: Option<Kind>, thing: Option<&str>) -> Result<Response, Problem> {
    let case = open(inner, &visitor, id).await?;
    let kind = kind.ok_or_else(no_such_form)?;
    let thing = thing.map(of_address).transpose()?;
    let names = Names::of(&inner.sign_in()?.accounts);
    let telling = Telling::of(&case, &names);
    let ended = case.trajectory.as_ref().is_some_and(|trajectory| trajectory.outflow.is_some());
    let asks = match (kind, &case.trajectory) {
        (Kind::Retraction, _) => {
            let most = inner.limits.decision_events;
            let all = match thing.map(|event| event_of(&case, event)).transpose()? {
                Some(told) if !counts(&case, told) => return see_other(&address_of(&case)),
                Some(told) => with_what_hangs_on_it(&case, told, &telling),
                None => all_that_count(&case, &telling),
            };
            match all.as_slice() {
                // The intake cannot go without all the rest, so the latest of that goes first.
                [first, ..] if first.meant && matches!(first.what, What::Intake { .. }) && all.len() > most => {
                    Asks::Retraction(latest_of(&case, &telling, most))
                }
                // Nothing else is left to choose.
                [only] if thing.is_none() => return see_other(&format!("{}/intrekken/{}", address_of(&case), only.id)),
                // More than a decision takes is not decided at once.
                _ => Asks::Retraction(all.into_iter().take(most).collect()),
            }
        }
        (Kind::Intake, None) if thing.is_none() => asks::intake_again(&case, &visitor, &names),
        // There is one already, and the log takes no second.
        (Kind::Intake, Some(_)) if thing.is_none() => return see_other(&address_of(&case)),
        (Kind::Outflow, Some(_)) if ended => return see_other(&address_of(&case)),
        // Without an intake nothing else is taken.
        (_, None) => return see_other(&Kind::Intake.address(&case.id.to_string(), None)),
        (_, Some(_)) => asks::of(&case, &visitor, &names, kind, thing)?,
    };
    let filled = asks::stands_already(&case, &asks, &telling, &visitor);
    let about = about(&case, &visitor);
    page(&EventForm { today: convert::day(visitor.today), about, asks, filled, corrects: None, restores: false, frame: visitor.frame })
}

/// A form with nothing in it.
fn show(visitor: Visitor, about: About, asks: Asks) -> Result<Response, Problem> {
    page(&EventForm {
        today: convert::day(visitor.today),
        about,
        asks,
        filled: None,
        corrects: None,
        restores: false,
        frame: visitor.frame,
    })
}

/// The trajectory, for whoever may record in it.
async fn open(inner: &Inner, visitor: &Visitor, id: &str) -> Result<Case, Problem> {
    visitor.caller.may(Action::Record, Object::Any)?;
    let case = case::read(inner, visitor, http::trajectory(id)?).await?;
    visitor.caller.may(Action::Record, case.object())?;
    Ok(case)
}

/// Of no trajectory that is there, for whoever may record in their organisation.
fn of_nothing(visitor: &Visitor) -> Result<About, Problem> {
    visitor.caller.may(Action::Record, Object::Any)?;
    visitor.caller.may(Action::Record, Object::Organisation(visitor.organisation()))?;
    Ok(About { organisation: visitor.organisation().to_owned(), ..About::default() })
}

fn about(case: &Case, visitor: &Visitor) -> About {
    About {
        trajectory: case.id.to_string(),
        name: case.name(visitor.today).map(str::to_owned),
        organisation: case.organisation().to_owned(),
        revision: u64::from(case.timeline.revision()),
        expect_revision: false,
        began: case.trajectory.as_ref().map(|trajectory| convert::day(trajectory.start)),
        ended: case.trajectory.as_ref().and_then(|trajectory| trajectory.outflow.as_ref()).map(|outflow| convert::day(outflow.on)),
    }
}

fn address_of(case: &Case) -> String {
    format!("/trajecten/{}", case.id)
}

fn no_such_form() -> Problem {
    Problem::not_found("there is no such form")
}

fn event_of(case: &Case, id: Uuid) -> Result<&Told, Problem> {
    case.told(id).ok_or_else(|| Problem::not_found("there is no such event in this trajectory"))
}

/// What stands in the place of an event now: the last that corrected it, or itself. Who corrects what somebody else corrected meanwhile is shown
/// what it is now, at the same address.
fn last_of<'a>(case: &'a Case, told: &'a Told) -> &'a Told {
    let by = |told: &&Told| {
        let id = told.id;
        case.told.iter().find(move |other| other.corrects == Some(id))
    };
    std::iter::successors(Some(told), by).last().unwrap_or(told)
}

/// Whether the event counts: only then it can be corrected or retracted.
fn counts(case: &Case, told: &Told) -> bool {
    case.timeline.find(EventId(told.id)).is_some()
}

fn retractable(told: &Told, telling: &Telling<'_>, meant: bool) -> Option<Retractable> {
    Some(Retractable { id: told.id.to_string(), what: telling.what(told)?, on: convert::day_of(told.on), meant })
}

/// The event, and what cannot stand without it: one mistake, one decision.
fn with_what_hangs_on_it(case: &Case, told: &Told, telling: &Telling<'_>) -> Vec<Retractable> {
    let all = [told].into_iter().chain(things::hanging(case, told));
    all.filter_map(|told| retractable(told, telling, true)).collect()
}

/// The latest of what counts besides the intake, meant to go: as many as one decision takes.
fn latest_of(case: &Case, telling: &Telling<'_>, most: usize) -> Vec<Retractable> {
    let others = all_that_count(case, telling).into_iter().filter(|event| !matches!(event.what, What::Intake { .. }));
    others.take(most).map(|event| Retractable { meant: true, ..event }).collect()
}

/// Whatever counts, the latest first.
fn all_that_count(case: &Case, telling: &Telling<'_>) -> Vec<Retractable> {
    let all: Vec<&Told> = case.counting().collect();
    all.into_iter().rev().filter_map(|told| retractable(told, telling, false)).collect()
}
