//! How complete a quarter is, as a page: who delivers what, how soon, what changed with whom; and a manager's declaration that it is complete.
//!
//! It is counted from the log each time, for when each event was recorded is in no view. What was declared is asked of whoever keeps the register of
//! publications; where that is nobody here, the page says so.

use std::collections::BTreeMap;

use axum::{
    Extension,
    body::Body,
    extract::State,
    http::{Request, StatusCode},
    response::Response,
};
use domain::{Method, Name, Quarter};
use figures::{
    AsOf, Definitions, Measure,
    completeness::{COMPARED, Completeness as Counted, DeclaredAt, Delivery, Group, InQuarter, Panel, Standing, WITHIN_DAYS},
};
use pages::{
    Choosable, Completeness, DeclareForm, DeclareSaid, Declared, DelayRow, Delivered, DeliveryRow, PanelRow, PanelTable, Register,
};

use super::{
    Visitor, convert,
    dashboard::{Wanted, back, method_name, scope_name},
    html,
    names::{self, Names},
    page,
};
use crate::{
    Inner,
    access::{Action, Decision, Object, permits},
    http::{Asked, Form, Gate, see_other, turn},
    ports::{Declaration, DeclareAsk, PortError},
    problem::Problem,
};

/// How many quarters can be chosen.
const QUARTERS: usize = 24;
/// So long a declaration has just been made, in microseconds.
const JUST: i64 = 10 * 60 * 1_000_000;
/// The fields of the form beside its methods.
const FIELDS: [&str; 2] = ["kwartaal", "zeker"];

/// `GET /cijfers/volledigheid`.
pub(crate) async fn show(State(inner): Gate, visitor: Visitor, Extension(asked): Extension<Asked>) -> Result<Response, Problem> {
    let Wanted { quarter, scope, .. } = match Wanted::judged(&visitor, &asked) {
        Ok(wanted) => wanted,
        Err(missing) => return missing.page(visitor),
    };
    let may_declare = visitor.caller.may(Action::DeclareComplete, Object::Any).is_ok();
    let said = asked.word("verklaard", &["ja"])?.filter(|_| may_declare).map(|_| DeclareSaid::Done);
    let state = counted(&inner, quarter, scope.organisation.clone(), app::AsOf::Now).await?;
    page(&of(&inner, visitor, quarter, scope, &state, said, None).await?)
}

/// `POST /cijfers/volledigheid`: the quarter, its methods, and the confirmation.
pub(crate) async fn declare(State(inner): Gate, visitor: Visitor, request: Request<Body>) -> Result<Response, Problem> {
    visitor.caller.may(Action::DeclareComplete, Object::Any)?;
    let organisation = Name::from(visitor.organisation());
    visitor.caller.may(Action::DeclareComplete, Object::Organisation(&organisation))?;
    let form = Form::read_with(request, &FIELDS, &["methode"], &inner.limits).await?;
    let quarter: Quarter = form.text("kwartaal").parse().map_err(|e| Problem::malformed(format!("kwartaal: {e}")))?;
    if quarter > Quarter::of(visitor.today) {
        return Err(Problem::malformed("kwartaal: one that has begun"));
    }
    let at = (inner.clock)();
    // What is recorded while it is counted belongs to a later moment, and is not declared.
    let state = counted(&inner, quarter, Some(organisation.clone()), app::AsOf::Moment(at)).await?;
    let chosen = chosen(&form, &state.0, &organisation)?;
    let refused = if state.1.provisional {
        Some((StatusCode::CONFLICT, DeclareSaid::NotEnded))
    } else if chosen.is_empty() {
        Some((StatusCode::UNPROCESSABLE_ENTITY, DeclareSaid::NoMethod))
    } else if form.text("zeker") != "ja" {
        Some((StatusCode::UNPROCESSABLE_ENTITY, DeclareSaid::NotConfirmed))
    } else {
        let methods = chosen.iter().map(|method| (*method, state.0.latest_of(&organisation, *method))).collect();
        let (by, position) = (visitor.caller.actor.clone(), state.1.position);
        let ask = DeclareAsk { quarter, organisation: organisation.clone(), methods, by, at, position };
        // The register is read whole.
        let _turn = turn(&inner).await?;
        let new = inner.figures.declare(&ask).await?;
        new.is_empty().then_some((StatusCode::CONFLICT, DeclareSaid::Already))
    };
    let Some((status, said)) = refused else {
        return see_other(&format!("/cijfers/volledigheid?kwartaal={quarter}&verklaard=ja"));
    };
    let scope = figures::Scope { region: None, organisation: Some(organisation) };
    html(status, &of(&inner, visitor, quarter, scope, &state, Some(said), Some(&chosen)).await?)
}

/// The methods that were ticked: such as the organisation has ever delivered.
fn chosen(form: &Form, counted: &Counted, organisation: &str) -> Result<Vec<Method>, Problem> {
    let offered: Vec<Method> = delivered_ever(counted, organisation).into_keys().collect();
    let read = |code: &str| offered.iter().copied().find(|method| method.as_str() == code);
    let mut methods = Vec::new();
    for code in form.all("methode") {
        methods.push(read(code).ok_or_else(|| Problem::malformed("methode: one that the organisation has delivered"))?);
    }
    methods.sort_unstable();
    methods.dedup();
    Ok(methods)
}

/// What an organisation delivers, by method.
fn delivered_ever(counted: &Counted, organisation: &str) -> BTreeMap<Method, Delivery> {
    counted.deliveries.all().filter(|one| one.organisation == organisation).map(|one| (one.method, one)).collect()
}

async fn counted(inner: &Inner, quarter: Quarter, organisation: Option<Name>, as_of: app::AsOf) -> Result<(Counted, AsOf), Problem> {
    let _turn = turn(inner).await?;
    let ask = app::completeness::Ask { quarter, organisation, definitions: Definitions::built_in().clone(), as_of };
    Ok(inner.log.completeness(&ask, inner.clock).await?)
}

/// The page. `ticked` are the methods that were ticked in a form that comes back.
async fn of(
    inner: &Inner,
    visitor: Visitor,
    quarter: Quarter,
    scope: figures::Scope,
    (counted, state): &(Counted, AsOf),
    said: Option<DeclareSaid>,
    ticked: Option<&[Method]>,
) -> Result<Completeness, Problem> {
    let (register, declared) = {
        // The register is read whole.
        let _turn = turn(inner).await?;
        declarations(inner, quarter, scope.organisation.as_ref()).await?
    };
    // An address that is kept, or sent to somebody, tells of no declaration that was not just made.
    let now = (inner.clock)().micros();
    let is_new = |one: &Declaration| one.by == visitor.caller.actor && now - one.at.micros() < JUST;
    let said = said.filter(|said| *said != DeclareSaid::Done || declared.iter().flat_map(|all| all.values()).any(is_new));
    let form = form(&visitor, quarter, counted, state, declared.as_ref(), ticked);
    let mut quarters = back(Quarter::of(visitor.today), QUARTERS);
    if !quarters.contains(&quarter) {
        quarters.push(quarter);
    }
    let names = Names::of(&inner.sign_in()?.accounts);
    let panels = scope.organisation.is_none().then(|| counted.panels(quarter).map(|(then, panels)| table(then, &panels, &visitor)).into());
    Ok(Completeness {
        quarter: quarter.to_string(),
        scope_name: scope_name(&scope, &visitor),
        quarters: quarters.iter().map(|quarter| Choosable::new(quarter.to_string(), "")).collect(),
        provisional: state.provisional,
        position: state.position,
        deliveries: deliveries(quarter, counted, declared.as_ref(), &names, &visitor),
        delays: counted.timeliness().map(|(organisation, delays)| delay(organisation, delays)).collect(),
        panels,
        register,
        form,
        said,
        frame: visitor.frame,
    })
}

/// By organisation and method the last declaration of each.
type Last = BTreeMap<(Name, Method), Declaration>;

/// Where declarations rest, and the last of each; `None` where nothing is known of them.
async fn declarations(inner: &Inner, quarter: Quarter, only: Option<&Name>) -> Result<(Register, Option<Last>), Problem> {
    match inner.figures.declarations(quarter).await {
        Ok(told) => {
            let register = if told.shared { Register::OfThisProcess } else { Register::Here };
            let ours = told.all.into_iter().filter(|one| only.is_none_or(|only| *only == one.organisation));
            Ok((register, Some(ours.map(|one| ((one.organisation.clone(), one.method), one)).collect())))
        }
        Err(PortError::Unavailable(cause)) => {
            tracing::info!("declarations are not shown: {cause}");
            Ok((Register::Elsewhere, None))
        }
        Err(error @ (PortError::NotFound | PortError::Wrong(_) | PortError::Conflict(_) | PortError::Broken(_))) => Err(error.into()),
    }
}

fn standing(counted: &Counted, quarter: Quarter, of: &(Name, Method), declared: &Last) -> Standing {
    let declared = declared.get(of).map(|one| DeclaredAt { position: one.seen, micros: one.at.micros() });
    counted.standing(&of.0, of.1, quarter, declared)
}

/// The form of whoever may declare something of the quarter that is not declared yet, or of which something was recorded since.
fn form(
    visitor: &Visitor,
    quarter: Quarter,
    counted: &Counted,
    state: &AsOf,
    declared: Option<&Last>,
    ticked: Option<&[Method]>,
) -> Option<DeclareForm> {
    let organisation = visitor.organisation();
    let may = permits(&visitor.caller, Action::DeclareComplete, Object::Organisation(organisation)) == Decision::Permit;
    let declared = declared.filter(|_| may && !organisation.is_empty() && !state.provisional)?;
    let methods = delivered_ever(counted, organisation).into_iter().filter_map(|(method, one)| {
        let what = in_quarter(counted, quarter, &one.organisation, method);
        let open = standing(counted, quarter, &(organisation.into(), method), declared) != Standing::Declared;
        let is_ticked = ticked.map_or(what == Delivered::Something, |ticked| ticked.contains(&method));
        open.then(|| (method.as_str().to_owned(), method_name(method, visitor).to_owned(), what, is_ticked))
    });
    let methods: Vec<_> = methods.collect();
    (!methods.is_empty()).then(|| DeclareForm { organisation: names::organisation(organisation), methods })
}

fn deliveries(quarter: Quarter, counted: &Counted, declared: Option<&Last>, names: &Names, visitor: &Visitor) -> Vec<DeliveryRow> {
    let mut all: BTreeMap<(Name, Method), Option<Delivery>> =
        counted.deliveries.all().map(|one| ((one.organisation.clone(), one.method), Some(one))).collect();
    for of in declared.into_iter().flatten().map(|(of, _)| of) {
        all.entry(of.clone()).or_default();
    }
    let row = |(of, one): ((Name, Method), Option<Delivery>)| DeliveryRow {
        organisation: names::organisation(&of.0),
        method: method_name(of.1, visitor).to_owned(),
        declared: declared.map_or(Declared::NotKnown, |declared| told(standing(counted, quarter, &of, declared), declared.get(&of), names)),
        in_quarter: in_quarter(counted, quarter, &of.0, of.1),
        from_to: one.as_ref().map(|one| (one.first.to_string(), one.last.to_string())),
        without: one.map_or_else(Vec::new, |one| one.without.iter().map(Quarter::to_string).collect()),
    };
    all.into_iter().map(row).collect()
}

fn in_quarter(counted: &Counted, quarter: Quarter, organisation: &str, method: Method) -> Delivered {
    match counted.in_quarter(organisation, method, quarter) {
        InQuarter::NoDelivery => Delivered::Nothing,
        InQuarter::Silent => Delivered::Silent,
        InQuarter::Delivered => Delivered::Something,
    }
}

fn told(standing: Standing, by: Option<&Declaration>, names: &Names) -> Declared {
    match (standing, by) {
        (Standing::Declared | Standing::RecordedSince, Some(by)) => Declared::By {
            name: names.actor(&by.organisation, &by.by),
            at: convert::minute(by.at),
            since: standing == Standing::RecordedSince,
        },
        (Standing::NoDelivery, _) => Declared::NoDelivery,
        (Standing::Silent | Standing::NotDeclared | Standing::Declared | Standing::RecordedSince, _) => Declared::Not,
    }
}

fn delay(organisation: &str, delays: &figures::completeness::Delays) -> DelayRow {
    let [soon, at_all] = WITHIN_DAYS;
    DelayRow {
        organisation: names::organisation(organisation),
        events: delays.events(),
        days: delays.percentile(50).zip(delays.percentile(90)),
        shares: delays.share_within(soon).zip(delays.share_within(at_all)),
    }
}

fn table(then: Quarter, panels: &[Panel], visitor: &Visitor) -> PanelTable {
    let row = |panel: &Panel, (place, measure): (usize, &Measure)| {
        let of = |counts: &[u64]| counts.get(place).copied().unwrap_or_default();
        let group = |group: &Group, count| (group.organisations.len(), count);
        PanelRow {
            method: panel
                .method
                .map_or_else(|| visitor.frame.t("Alle methoden", "All methods"), |method| method_name(method, visitor))
                .to_owned(),
            measure: measure.dutch().to_owned(),
            raw: panel.raw(place),
            panel: (of(&panel.both.then), of(&panel.both.now)),
            stopped: group(&panel.stopped, of(&panel.stopped.then)),
            joined: group(&panel.joined, of(&panel.joined.now)),
        }
    };
    let measures = || COMPARED.iter().enumerate();
    let rows = |panel: &Panel| measures().map(|one| row(panel, one)).collect::<Vec<_>>();
    let (mut running, mut others) = (Vec::new(), Vec::new());
    for panel in panels {
        let mut rows = rows(panel).into_iter();
        running.extend(rows.next());
        others.extend(rows.filter(|row| row.raw != (0, 0)));
    }
    PanelTable { since: then.to_string(), running, others }
}
