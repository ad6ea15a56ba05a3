//! Explained numbers: the trajectories behind a number of the figures, for those who may see them; for others how many there are by reason.

use app::{
    figures::{Ask, state},
    lineage::{
        ByReason, Lineage, Places, Traced, Wanted, by_reason, head_json, is_below_national, reasons_json, traced, traced_json, without_few,
    },
};
use axum::{
    Extension,
    extract::{Path, State},
    http::StatusCode,
};
use figures::{AsOf as Known, Definitions, lineage::Number};
use serde_json::{Map, Value, json as value};
use uuid::Uuid;

use super::{
    Answered, Gate, PREFIX,
    figures::{about, turn},
    json,
    query::Asked,
    table::OUTCOMES,
    trajectories::{link_next, may_see, next_page, stream},
};
use crate::{
    Inner,
    access::{Action, Caller, Decision, Object, permits},
    problem::Problem,
    reading,
};

/// `GET /figures/{quarter}/lineage`.
pub(super) async fn lineage(
    State(inner): Gate,
    Extension(caller): Extension<Caller>,
    Extension(asked): Extension<Asked>,
    Path(quarter): Path<String>,
) -> Answered {
    caller.may(Action::SeeFigures, Object::Any)?;
    let about = about(&caller, &quarter, &asked)?;
    let number = asked.value::<Number>("cell")?;
    let number = number.ok_or_else(|| Problem::malformed("cell: say which number, such as by_method.ips.paid_work"))?;
    let page = Page::asked(&asked, inner.limits.page_lineage)?;
    if asked.text("definitions").is_some_and(|name| name != Definitions::built_in().name) {
        return Err(Problem::not_found("no definition set of this name is known here"));
    }
    let as_of = asked.as_of(inner.clock)?;
    let ask = Ask {
        quarter: about.quarter,
        scope: about.scope,
        definitions: Definitions::built_in().clone(),
        tables: number.key.is_of_tables(),
        as_of,
    };
    match asked.text("trajectory") {
        Some(id) => {
            let id = id.parse::<proto_events::Id>().map_err(|e| Problem::malformed(format!("trajectory: {e}")))?;
            let body = explained(&inner, &caller, &ask, &number, id.0).await?;
            json(StatusCode::OK, &body)
        }
        None => all(&inner, &caller, &asked, &ask, &number, &page).await,
    }
}

/// Which trajectories are asked for.
struct Page {
    left_out: bool,
    limit: usize,
    wanted: Wanted,
}

impl Page {
    fn asked(asked: &Asked, most: usize) -> Result<Self, Problem> {
        let after = asked.text("cursor").map(|cursor| cursor.parse::<Uuid>().map_err(|_| Problem::wrong_cursor())).transpose()?;
        Ok(Self {
            left_out: asked.word("outcome", OUTCOMES)?.as_deref() == Some("left_out"),
            limit: asked.limit(most, most)?,
            wanted: Wanted { reason: asked.value("reason")?, after },
        })
    }
}

/// Why one trajectory, whichever it is, is counted in a number or is not.
async fn explained(inner: &Inner, caller: &Caller, ask: &Ask, number: &Number, id: Uuid) -> Result<Value, Problem> {
    caller.may(Action::SeeTrajectory, Object::Any)?;
    let head = inner.log.resolve(ask.as_of.until()).await?;
    let (batch, _) = stream(inner, id, ask.as_of).await?;
    may_see(inner, caller, id, &batch)?;
    let timeline = reading::timeline(&batch, head.position)?.ok_or_else(Problem::no_such_trajectory)?;
    let traced = traced(id, &timeline, number, &ask.question());
    let mut places = Places::default();
    for record in &batch.records {
        places.take_in(&batch, record)?;
    }
    let mut body = head_json(&ask.question(), number, &state(head, ask.quarter, ask.as_of, inner.clock));
    body.insert("trajectory".to_owned(), traced_json(&traced, &places));
    Ok(Value::Object(body))
}

/// A number and who is behind it, as a caller may see it.
pub(crate) struct Shown {
    pub(crate) value: u64,
    pub(crate) as_of: Known,
    /// Of those that it counts: how many, their reasons, and how many trajectories' reasons are not told apart.
    pub(crate) counted: Reasons,
    /// Of those of its cell that it does not count.
    pub(crate) left_out: Reasons,
    /// Those that the caller may see; `None` for who sees no cases.
    pub(crate) cases: Option<Cases>,
}

/// Some trajectories by reason.
pub(crate) struct Reasons {
    pub(crate) trajectories: usize,
    pub(crate) told: ByReason,
    pub(crate) few: u64,
}

/// Trajectories that may be seen.
pub(crate) struct Cases {
    pub(crate) counted: Vec<Traced>,
    pub(crate) left_out: Vec<Traced>,
}

/// Finds who is behind a number. Whether the figures may be asked for is judged before; each trajectory is judged here.
pub(crate) async fn shown(inner: &Inner, caller: &Caller, ask: &Ask, number: &Number) -> Result<Shown, Problem> {
    let (lineage, as_of) = {
        let _turn = turn(inner).await?;
        inner.log.lineage(ask, number, inner.clock).await?
    };
    let Lineage { value, counted, left_out } = lineage;
    let may = |traced: &Traced| {
        let (id, organisation) = (traced.trajectory.0, traced.organisation.as_str());
        let object = Object::Trajectory { id, organisation, coach: traced.coach.as_ref().map(domain::Name::as_str) };
        permits(caller, Action::SeeTrajectory, object) == Decision::Permit
    };
    let sees_all = counted.iter().chain(&left_out).all(may);
    let threshold = if sees_all || !is_below_national(number, &ask.question()) { 0 } else { ask.definitions.disclosure_threshold };
    let reasons = |those: &[Traced]| {
        let (told, few) = without_few(by_reason(those), threshold);
        Reasons { trajectories: those.len(), told, few }
    };
    let (of_counted, of_left_out) = (reasons(&counted), reasons(&left_out));
    let cases = (permits(caller, Action::SeeTrajectory, Object::Any) == Decision::Permit).then(|| {
        let seen = |those: Vec<Traced>| those.into_iter().filter(may).collect();
        Cases { counted: seen(counted), left_out: seen(left_out) }
    });
    Ok(Shown { value, as_of, counted: of_counted, left_out: of_left_out, cases })
}

async fn all(inner: &Inner, caller: &Caller, asked: &Asked, ask: &Ask, number: &Number, page: &Page) -> Answered {
    let shown = shown(inner, caller, ask, number).await?;
    let mut body: Map<String, Value> = head_json(&ask.question(), number, &shown.as_of);
    body.insert("value".to_owned(), shown.value.into());
    for (name, reasons) in [("counted", &shown.counted), ("left_out", &shown.left_out)] {
        let told = reasons_json(&reasons.told, reasons.few);
        body.insert(name.to_owned(), value!({"trajectories": reasons.trajectories, "reasons": told}));
    }
    let those = shown.cases.map(|cases| if page.left_out { cases.left_out } else { cases.counted });
    let sees_cases = those.is_some();
    let mut those: Vec<Traced> = page.wanted.of(those.unwrap_or_default()).take(page.limit.saturating_add(1)).collect();
    let more = those.len() > page.limit;
    those.truncate(page.limit);
    let ids: Vec<Uuid> = those.iter().map(|traced| traced.trajectory.0).collect();
    let places = inner.log.places(&ids, event_log::Position(shown.as_of.position)).await?;
    let list = those.iter().map(|traced| traced_json(traced, &places)).collect();
    body.insert("trajectories".to_owned(), if sees_cases { Value::Array(list) } else { Value::Null });
    let last = ids.last().filter(|_| more).map(Uuid::to_string);
    let next = last.map(|last| next_page(&format!("{PREFIX}/figures/{}/lineage", ask.quarter), asked, &last));
    body.insert("next".to_owned(), next.clone().into());
    Ok(link_next(json(StatusCode::OK, &body)?, next.as_deref()))
}
