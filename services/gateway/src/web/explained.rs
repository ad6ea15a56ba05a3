//! One number of the figures, explained. What is found is found as the API finds it, and judged there.

use app::{AsOf, figures::Ask, lineage::Traced};
use axum::{Extension, extract::State, response::Response};
use domain::{Funding, Variant};
use event_log::Position;
use figures::{
    CellKey, Definitions, Scope,
    disclosure::Column,
    lineage::{Number, Reason},
};
use pages::{Explained, ExplainedRow, Kind, Lang, Outcomes, ReasonRow};
use uuid::Uuid;

use super::{
    Visitor, convert,
    dashboard::{method_name, scope_name},
    names, page,
};
use crate::{
    Inner,
    access::{Action, Object},
    http::{Asked, Gate, OUTCOMES, Reasons, shown},
    problem::Problem,
};

/// Trajectories on a page.
const PAGE: usize = 50;

/// `GET /cijfers/verklaring`.
pub(crate) async fn show(State(inner): Gate, visitor: Visitor, Extension(asked): Extension<Asked>) -> Result<Response, Problem> {
    visitor.caller.may(Action::SeeFigures, Object::Any)?;
    let scope = asked.value::<Scope>("gebied")?.unwrap_or_default();
    visitor.caller.may(Action::SeeFigures, Object::Scope(&scope))?;
    let missing = |key: &str| Problem::malformed(format!("{key}: say which"));
    let quarter = asked.value::<domain::Quarter>("kwartaal")?.ok_or_else(|| missing("kwartaal"))?;
    let number = asked.value::<Number>("cel")?.ok_or_else(|| missing("cel"))?;
    let shows_left_out = asked.word("uitkomst", OUTCOMES)?.as_deref() == Some("left_out");
    let after = asked.value::<Uuid>("na")?;
    let reason = asked.text("reden");
    let definitions = Definitions::built_in().clone();
    let ask = Ask { quarter, scope, definitions, tables: number.key.is_of_tables(), as_of: AsOf::Now };
    let found = shown(&inner, &visitor.caller, &ask, &number).await?;
    let links = Links { ask: &ask, number: &number };
    let outcomes = |of: &Reasons, counted: bool| Outcomes {
        counted,
        trajectories: of.trajectories as u64,
        reasons: reason_rows(of, found.cases.is_some(), &links, visitor.frame.lang, counted, reason.filter(|_| shows_left_out != counted)),
    };
    let (counted, left_out) = (outcomes(&found.counted, true), outcomes(&found.left_out, false));
    let those = found.cases.map(|cases| if shows_left_out { cases.left_out } else { cases.counted });
    let wanted = |traced: &Traced| {
        after.is_none_or(|after| after < traced.trajectory.0) && reason.is_none_or(|only| only == traced.outcome.reason.code())
    };
    let those: Option<Vec<Traced>> = those.map(|those| those.into_iter().filter(wanted).take(PAGE + 1).collect());
    let last = those.as_ref().filter(|those| those.len() > PAGE).and_then(|those| those.get(PAGE - 1));
    let next = last.map(|last| links.address(!shows_left_out, reason, Some(last.trajectory.0)));
    let trajectories = match those {
        Some(those) => Some(rows(&inner, &those[..those.len().min(PAGE)], found.as_of.position, visitor.frame.lang).await?),
        None => None,
    };
    page(&Explained {
        name: match &number.column {
            Column::Measure(measure) => measure.dutch().to_owned(),
            Column::Scheme(scheme) => format!("{} {scheme}", visitor.frame.t("Dit jaar gestart onder", "Started this year under")),
        },
        value: found.value,
        quarter: quarter.to_string(),
        scope_name: scope_name(&ask.scope, &visitor),
        cell_name: cell_name(&number.key, &visitor),
        provisional: found.as_of.provisional,
        position: found.as_of.position,
        definitions: ask.definitions.name.clone(),
        back: links.back(),
        counted,
        left_out,
        shows_left_out,
        trajectories,
        next,
        frame: visitor.frame,
    })
}

/// Addresses of pages about one number.
struct Links<'a> {
    ask: &'a Ask,
    number: &'a Number,
}

impl Links<'_> {
    fn address(&self, counted: bool, reason: Option<&str>, after: Option<Uuid>) -> String {
        let mut query = form_urlencoded::Serializer::new(String::new());
        query.append_pair("kwartaal", &self.ask.quarter.to_string());
        query.append_pair("gebied", &self.ask.scope.as_text());
        query.append_pair("cel", &self.number.to_string());
        if !counted {
            query.append_pair("uitkomst", "left_out");
        }
        if let Some(reason) = reason {
            query.append_pair("reden", reason);
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

fn reason_rows(of: &Reasons, sees_cases: bool, links: &Links<'_>, lang: Lang, counted: bool, shown: Option<&str>) -> Vec<ReasonRow> {
    let told = of.told.iter().map(|(reason, trajectories)| {
        let code = reason.code();
        ReasonRow {
            words: pages::capital(&words(*reason, lang)),
            trajectories: *trajectories,
            shown: shown == Some(&*code),
            address: sees_cases.then(|| links.address(counted, Some(&code), None)),
        }
    });
    let few = (of.few > 0).then(|| ReasonRow {
        words: lang.t("Overige redenen, te klein om apart te tonen", "Other reasons, too small to be told apart").to_owned(),
        trajectories: of.few,
        shown: false,
        address: None,
    });
    told.chain(few).collect()
}

async fn rows(inner: &Inner, those: &[Traced], position: u64, lang: Lang) -> Result<Vec<ExplainedRow>, Problem> {
    let ids: Vec<Uuid> = those.iter().map(|traced| traced.trajectory.0).collect();
    let places = inner.log.places(&ids, Position(position)).await?;
    let row = |traced: &Traced| ExplainedRow {
        id: traced.trajectory.0.to_string(),
        organisation: names::organisation(traced.organisation.as_str()),
        words: words(traced.outcome.reason, lang),
        events: traced
            .outcome
            .events
            .iter()
            .filter_map(|event| {
                let placed = places.of(traced.trajectory, event.revision)?;
                Some((Kind::of_type(placed.event_type.as_str())?, convert::day(event.occurred_on)))
            })
            .collect(),
    };
    Ok(those.iter().map(row).collect())
}

/// `Alle methoden`, `IPS`, `IPS, UWV`.
fn cell_name(key: &CellKey, visitor: &Visitor) -> String {
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
