//! One number of the figures, explained. What is found is found as the API finds it, and judged there.

use std::collections::HashMap;

use app::{
    AsOf,
    figures::Ask,
    lineage::{TOGETHER, Traced, Wanted as Those},
};
use axum::{Extension, extract::State, response::Response};
use domain::{Funding, Variant};
use figures::{
    CellKey, Definitions, Scope,
    disclosure::Column,
    lineage::{Number, Reason},
};
use pages::{Explained, ExplainedRow, Kind, Lang, NoFigures, Outcomes, ReasonRow};
use uuid::Uuid;

use super::{
    Visitor,
    case::{self, Case},
    convert,
    dashboard::{Missing, Wanted, is_known, method_name, scope_name},
    names::{self, Names},
    page,
};
use crate::{
    Inner,
    http::{Asked, Gate, OUTCOMES, Reasons, shown},
    problem::Problem,
};

/// Trajectories on a page.
const PAGE: usize = 50;

/// `GET /cijfers/verklaring`.
pub(crate) async fn show(State(inner): Gate, visitor: Visitor, Extension(asked): Extension<Asked>) -> Result<Response, Problem> {
    match explained(&inner, &visitor, &asked).await {
        Ok(explained) => page(&explained),
        Err(missing) => missing.page(visitor),
    }
}

async fn explained(inner: &Inner, visitor: &Visitor, asked: &Asked) -> Result<Explained, Missing> {
    let Wanted { quarter, scope, .. } = Wanted::judged(visitor, asked)?;
    let number = asked.value::<Number>("cel").ok().flatten().ok_or(NoFigures::NoNumber)?;
    let reason = asked.value::<Reason>("reden").map_err(|_| NoFigures::NoReason)?;
    let shows_left_out = asked.word("uitkomst", OUTCOMES)?.as_deref() == Some("left_out");
    let wanted = Those { reason, after: asked.value::<Uuid>("na")? };
    let definitions = Definitions::built_in().clone();
    let ask = Ask { quarter, scope, definitions, tables: number.key.is_of_tables(), as_of: AsOf::Now };
    let found = shown(inner, &visitor.caller, &ask, &number).await?;
    if found.counted.trajectories + found.left_out.trajectories == 0 && !is_known(inner, &asked_of(&ask.scope, &number)) {
        return Err(NoFigures::NoneOfOrganisation.into());
    }
    let links = Links { ask: &ask, number: &number };
    let lang = visitor.frame.lang;
    let outcomes = |of: &Reasons, counted: bool| Outcomes {
        counted,
        trajectories: of.trajectories as u64,
        reasons: reason_rows(of, found.cases.is_some(), &links, lang, counted, reason.filter(|_| shows_left_out != counted)),
    };
    let (counted, left_out) = (outcomes(&found.counted, true), outcomes(&found.left_out, false));
    // Where all have one reason, the table above says it once for all.
    let differ = reason.is_none() && if shows_left_out { left_out.reasons.len() > 1 } else { counted.reasons.len() > 1 };
    let those = found.cases.map(|cases| if shows_left_out { cases.left_out } else { cases.counted });
    let mut those: Option<Vec<Traced>> = those.map(|those| wanted.of(those).take(PAGE + 1).collect());
    let last = those.as_ref().filter(|those| those.len() > PAGE).and_then(|those| those.get(PAGE - 1));
    let next = last.map(|last| links.address(!shows_left_out, reason, Some(last.trajectory.0)));
    let trajectories = match &mut those {
        Some(those) => {
            those.truncate(PAGE);
            Some(rows(inner, visitor, those, differ).await?)
        }
        None => None,
    };
    Ok(Explained {
        name: column_name(&number.column, visitor),
        value: found.value,
        quarter: quarter.to_string(),
        scope_name: scope_name(&ask.scope, visitor),
        cell_name: cell_name(&number.key, visitor),
        provisional: found.as_of.provisional,
        position: found.as_of.position,
        definitions: ask.definitions.name.clone(),
        back: links.back(),
        together: found.counted.few + found.left_out.few > 0,
        counted,
        left_out,
        shows_left_out,
        trajectories,
        next,
        frame: visitor.frame.clone(),
    })
}

/// The scope, narrowed to the organisation that the cell is of.
fn asked_of(scope: &Scope, number: &Number) -> Scope {
    if let (CellKey::MethodOrganisation(_, organisation), None) = (&number.key, &scope.organisation) {
        return Scope { organisation: Some(organisation.clone()), ..scope.clone() };
    }
    scope.clone()
}

/// Addresses of pages about one number.
struct Links<'a> {
    ask: &'a Ask,
    number: &'a Number,
}

impl Links<'_> {
    fn address(&self, counted: bool, reason: Option<Reason>, after: Option<Uuid>) -> String {
        let mut query = form_urlencoded::Serializer::new(String::new());
        query.append_pair("kwartaal", &self.ask.quarter.to_string());
        query.append_pair("gebied", &self.ask.scope.as_text());
        query.append_pair("cel", &self.number.to_string());
        if !counted {
            query.append_pair("uitkomst", "left_out");
        }
        if let Some(reason) = reason {
            query.append_pair("reden", &reason.code());
        }
        if let Some(after) = after {
            query.append_pair("na", &after.to_string());
        }
        format!("/cijfers/verklaring?{}", query.finish())
    }

    /// The figures that it is one of.
    fn back(&self) -> String {
        let method = match &self.number.key {
            CellKey::All => "all",
            CellKey::Method(method)
            | CellKey::MethodFunding(method, _)
            | CellKey::MethodVariant(method, _)
            | CellKey::MethodOrganisation(method, _)
            | CellKey::MethodRegion(method, _) => method.as_str(),
        };
        format!("/cijfers?kwartaal={}&gebied={}&methode={method}", self.ask.quarter, self.ask.scope.as_text())
    }
}

fn words(reason: Reason, lang: Lang) -> String {
    match lang {
        Lang::Nl => reason.dutch(),
        Lang::En => reason.english(),
    }
}

fn reason_rows(of: &Reasons, sees_cases: bool, links: &Links<'_>, lang: Lang, counted: bool, shown: Option<Reason>) -> Vec<ReasonRow> {
    let told = of.told.iter().map(|(reason, trajectories)| ReasonRow {
        words: pages::capital(&words(*reason, lang)),
        trajectories: *trajectories,
        shown: shown == Some(*reason),
        address: sees_cases.then(|| links.address(counted, Some(*reason), None)),
    });
    let few = (of.few > 0).then(|| ReasonRow {
        words: pages::capital(lang.t(TOGETHER.0, TOGETHER.1)),
        trajectories: of.few,
        shown: false,
        address: None,
    });
    told.chain(few).collect()
}

/// Each with the names that the visitor may see, and why it is there where that differs.
async fn rows(inner: &Inner, visitor: &Visitor, those: &[Traced], differ: bool) -> Result<Vec<ExplainedRow>, Problem> {
    let ids: Vec<Uuid> = those.iter().map(|traced| traced.trajectory.0).collect();
    let cases: HashMap<Uuid, Case> = case::read_all(inner, visitor, &ids).await?.into_iter().map(|case| (case.id, case)).collect();
    let names = Names::of(&inner.sign_in()?.accounts);
    let row = |traced: &Traced| {
        let case = cases.get(&traced.trajectory.0);
        let organisation = traced.organisation.as_str();
        let coach = case.and_then(|case| case.coach.as_ref()).map(|coach| names.coach(organisation, coach.as_str()));
        let events = traced.outcome.events.iter().filter_map(|event| {
            let told = case?.told(event.id.0)?;
            Some((Kind::of_type(told.payload.event_type().as_str())?, convert::day(event.occurred_on)))
        });
        ExplainedRow {
            id: traced.trajectory.0.to_string(),
            name: case.and_then(|case| case.name(visitor.today)).map(str::to_owned),
            coach,
            // Those who work somewhere see that one organisation alone.
            organisation: (organisation != visitor.organisation()).then(|| names::organisation(organisation)),
            words: differ.then(|| words(traced.outcome.reason, visitor.frame.lang)),
            events: events.collect(),
        }
    };
    Ok(those.iter().map(row).collect())
}

/// What is counted is called so.
pub(super) fn column_name(column: &Column, visitor: &Visitor) -> String {
    match column {
        Column::Measure(measure) => measure.dutch().to_owned(),
        Column::Scheme(scheme) => format!("{} {scheme}", visitor.frame.t("Dit jaar gestart onder", "Started this year under")),
    }
}

/// `Alle methoden`, `IPS`, `IPS, UWV`.
pub(super) fn cell_name(key: &CellKey, visitor: &Visitor) -> String {
    let t = |nl: &'static str, en: &'static str| visitor.frame.t(nl, en);
    let of = |method: &domain::Method, part: &str| format!("{}, {part}", method_name(*method, visitor));
    match key {
        CellKey::All => t("Alle methoden", "All methods").to_owned(),
        CellKey::Method(method) => method_name(*method, visitor).to_owned(),
        CellKey::MethodFunding(method, Funding::Municipality) => of(method, t("gemeente", "municipality")),
        CellKey::MethodFunding(method, Funding::Uwv) => of(method, "UWV"),
        CellKey::MethodFunding(method, Funding::Other) => of(method, t("overige financiering", "other funding")),
        CellKey::MethodVariant(method, Some(Variant::Epa)) => of(method, "EPA"),
        CellKey::MethodVariant(method, Some(Variant::Cmd)) => of(method, "CMD"),
        CellKey::MethodVariant(method, Some(Variant::Other)) => of(method, t("andere variant", "another variant")),
        CellKey::MethodVariant(method, None) => of(method, t("variant onbekend", "variant unknown")),
        CellKey::MethodOrganisation(method, organisation) => of(method, &names::organisation(organisation.as_str())),
        CellKey::MethodRegion(method, region) => of(method, region.name()),
    }
}
