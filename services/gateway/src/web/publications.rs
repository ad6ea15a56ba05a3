//! What was published of a quarter, as a page: its vintages, whether it is definitive, and what differs between two of them, with what made the difference.
//!
//! All of it is asked of whoever keeps the register of publications; where that is nobody here, the page says so. A publication has a table of the country, of
//! each region and of each organisation: the numbers that are compared are those of the scope that is asked for, and who may see one organisation sees its
//! table alone.

use std::collections::{BTreeMap, BTreeSet};

use axum::{Extension, extract::State, response::Response};
use domain::Method;
use figures::{CellKey, Scope, disclosure::Area, vintage::Cause};
use pages::{
    ChangeCause, ChangePart, ChangeRow, Changes, Compared, NoFigures, PublicationRow, PublicationStatus, Publications, Register, Reopened,
    ReopeningRow,
};

use super::{
    Visitor, convert,
    dashboard::{Missing, Wanted, is_known, method_name, own_scope},
    explained::{cell_name, column_name},
    names::{self, Names},
    page,
    questions::about,
};
use crate::{
    Inner,
    http::{Asked, Gate, turn},
    ports::{CausedPart, Declaration, Difference, DifferencesAsk, PortError, Reopening, Vintage, VintageStatus, Vintages},
    problem::Problem,
};

/// `GET /cijfers/publicaties`.
pub(crate) async fn show(State(inner): Gate, visitor: Visitor, Extension(asked): Extension<Asked>) -> Result<Response, Problem> {
    match published(&inner, &visitor, &asked).await {
        Ok(publications) => page(&publications),
        Err(missing) => missing.page(visitor),
    }
}

async fn published(inner: &Inner, visitor: &Visitor, asked: &Asked) -> Result<Publications, Missing> {
    let wanted = Wanted::judged(visitor, asked)?;
    has_a_table(&wanted.scope)?;
    let told = {
        // The register is read whole.
        let _turn = turn(inner).await?;
        known(inner.figures.vintages(wanted.quarter).await)?
    };
    let register = match &told {
        Some(Vintages { shared: false, .. }) => Register::Here,
        Some(Vintages { shared: true, .. }) => Register::OfThisProcess,
        None => Register::Elsewhere,
    };
    let told = told.unwrap_or_default();
    let compared = if told.all.is_empty() { None } else { Some(compared(inner, visitor, &wanted, asked, &told.all).await?) };
    let names = Names::of(&inner.sign_in()?.accounts);
    let sees_all = own_scope(visitor).organisation.is_none();
    let mut about = about(inner, visitor, &wanted).await;
    about.scopes.retain(|one| one.value.parse::<Scope>().is_ok_and(|scope| Area::of(&scope).is_some()));
    Ok(Publications {
        about,
        register,
        locked: told.locked,
        // The latest first.
        rows: told.all.iter().rev().map(|vintage| row(vintage, &wanted.scope, &names, visitor)).collect(),
        reopenings: told.reopenings.iter().map(|reopening| reopened(reopening, sees_all, &names)).collect(),
        compared,
        frame: visitor.frame.clone(),
    })
}

/// Nothing is published of an organisation within a region.
pub(super) fn has_a_table(scope: &Scope) -> Result<(), NoFigures> {
    if Area::of(scope).is_some() { Ok(()) } else { Err(NoFigures::NotPublished) }
}

/// The number of a publication in an address.
pub(super) fn number(asked: &Asked, key: &str) -> Result<Option<u64>, NoFigures> {
    asked.number(key, 1, u64::MAX).map_err(|_| NoFigures::NoPublication)
}

/// What the register says; `None` where nothing is known of it here.
pub(super) fn known<T>(answer: Result<T, PortError>) -> Result<Option<T>, Problem> {
    match answer {
        Ok(told) => Ok(Some(told)),
        Err(PortError::Unavailable(cause)) => {
            tracing::info!("publications are not shown: {cause}");
            Ok(None)
        }
        Err(error @ (PortError::NotFound | PortError::Wrong(_) | PortError::Conflict(_) | PortError::Broken(_))) => Err(error.into()),
    }
}

/// Which two are compared.
enum Two<'a> {
    /// There are not two.
    TooFew,
    /// This one was named twice, or it is the first and nothing comes before it.
    Same(u64),
    /// These, the earlier one first.
    Both(&'a Vintage, &'a Vintage),
}

/// Those that are named, whichever first; else the last one and the one before it.
fn two<'a>(all: &'a [Vintage], asked: &Asked) -> Result<Two<'a>, NoFigures> {
    let find = |number| all.iter().position(|one| one.number == number).ok_or(NoFigures::NoPublication);
    let named = |key: &str| -> Result<Option<usize>, NoFigures> { number(asked, key)?.map(find).transpose() };
    let (from, to) = (named("van")?, named("naar")?);
    if all.len() < 2 {
        return Ok(Two::TooFew);
    }
    let to = to.unwrap_or(all.len() - 1);
    let from = from.unwrap_or_else(|| to.saturating_sub(1));
    Ok(match (all.get(from.min(to)), all.get(from.max(to))) {
        (Some(then), Some(now)) if from != to => Two::Both(then, now),
        (Some(same), _) => Two::Same(same.number),
        (None, _) => Two::TooFew,
    })
}

async fn compared(inner: &Inner, visitor: &Visitor, wanted: &Wanted, asked: &Asked, all: &[Vintage]) -> Result<Compared, Missing> {
    let (then, now) = match two(all, asked)? {
        Two::TooFew => return Ok(Compared::TooFew),
        Two::Same(number) => return Ok(Compared::Same(number)),
        Two::Both(then, now) => (then, now),
    };
    let ask = DifferencesAsk { quarter: wanted.quarter, scope: wanted.scope.clone(), then: then.number, now: now.number };
    let found = {
        // Both states are counted from the whole log.
        let _turn = turn(inner).await?;
        inner.figures.differences(&ask).await.map_err(Problem::from)?
    };
    let found = found.ok_or(NoFigures::NoPublication)?;
    if !found.counted && !is_known(inner, &wanted.scope) {
        return Err(NoFigures::NoOrganisation.into());
    }
    let (parts, whole): (Vec<&Difference>, Vec<&Difference>) = found.cells.iter().partition(|cell| is_part(&cell.key));
    let rows = |cells: Vec<&Difference>| cells.into_iter().map(|cell| change(cell, visitor)).collect();
    Ok(Compared::Both(Changes { then: then.number, now: now.number, counted: found.counted, whole: rows(whole), parts: rows(parts) }))
}

/// Whether it is a cell within a method.
const fn is_part(key: &CellKey) -> bool {
    match key {
        CellKey::All | CellKey::Method(_) => false,
        CellKey::MethodFunding(..) | CellKey::MethodVariant(..) | CellKey::MethodOrganisation(..) | CellKey::MethodRegion(..) => true,
    }
}

fn change(cell: &Difference, visitor: &Visitor) -> ChangeRow {
    let part = |part: &CausedPart| ChangePart {
        cause: match part.cause {
            Cause::LateRegistration => ChangeCause::Late,
            Cause::Correction => ChangeCause::Corrected,
            Cause::Definitions => ChangeCause::Definitions,
            Cause::OrganisationJoined => ChangeCause::Joined,
            Cause::OrganisationLeft => ChangeCause::Left,
        },
        difference: part.difference,
        trajectories: part.trajectories,
    };
    ChangeRow {
        cell: cell_name(&cell.key, visitor),
        measure: column_name(&cell.column, visitor),
        then: cell.then,
        now: cell.now,
        parts: cell.causes.iter().map(part).collect(),
    }
}

fn row(vintage: &Vintage, scope: &Scope, names: &Names, visitor: &Visitor) -> PublicationRow {
    PublicationRow {
        number: vintage.number,
        status: match vintage.status {
            VintageStatus::Provisional => PublicationStatus::Provisional,
            VintageStatus::Revised => PublicationStatus::Revised,
            VintageStatus::Definitive => PublicationStatus::Definitive,
        },
        moment: convert::minute(vintage.moment),
        position: vintage.position,
        definitions: vintage.definitions.clone(),
        by: names.actor("", &vintage.by),
        at: convert::minute(vintage.at),
        hash: vintage.hash.clone(),
        declared: declared(&vintage.declared, scope, visitor),
    }
}

/// Who had declared what, by the names of organisations; of one organisation only its own.
fn declared(all: &[Declaration], scope: &Scope, visitor: &Visitor) -> Vec<(String, Vec<String>)> {
    let mut by: BTreeMap<String, BTreeSet<Method>> = BTreeMap::new();
    for one in all.iter().filter(|one| scope.organisation.as_ref().is_none_or(|only| *only == one.organisation)) {
        by.entry(names::organisation(&one.organisation)).or_default().insert(one.method);
    }
    let named = |methods: BTreeSet<Method>| methods.into_iter().map(|method| method_name(method, visitor).to_owned()).collect();
    by.into_iter().map(|(organisation, methods)| (organisation, named(methods))).collect()
}

/// A reason is about all of the quarter, and may name anybody: who sees one organisation is told when, and no more.
fn reopened(reopening: &Reopening, sees_all: bool, names: &Names) -> ReopeningRow {
    let told = || Reopened {
        by: names.actor("", &reopening.by),
        agreed_by: names.actor("", &reopening.agreed_by),
        reason: reopening.reason.clone(),
    };
    ReopeningRow { at: convert::minute(reopening.at), told: sees_all.then(told) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn vintage(number: u64) -> Vintage {
        let moment = "2026-06-01T12:00:00Z".parse().unwrap();
        Vintage {
            number,
            moment,
            status: VintageStatus::Provisional,
            position: number,
            definitions: String::new(),
            by: String::new(),
            at: moment,
            hash: String::new(),
            declared: Vec::new(),
        }
    }

    #[test]
    fn the_last_two_are_compared_unless_others_are_named_and_the_earlier_one_comes_first() {
        // By their moment; the numbers are those of the register, in which they may have been written in another order.
        let all = [vintage(2), vintage(7), vintage(4)];
        let of = |all: &[Vintage], query: &str| {
            let asked = Asked::read(Some(query), &["van", "naar"]).unwrap();
            two(all, &asked).map(|two| match two {
                Two::TooFew => Vec::new(),
                Two::Same(number) => vec![number],
                Two::Both(then, now) => vec![then.number, now.number],
            })
        };
        for (query, numbers) in [
            ("", vec![7, 4]),
            ("van=2", vec![2, 4]),
            ("naar=7", vec![2, 7]),
            ("van=4&naar=2", vec![2, 4]),
            ("van=7&naar=7", vec![7]),
            ("naar=2", vec![2]),
            ("van=4", vec![4]),
        ] {
            assert_eq!(of(&all, query), Ok(numbers), "{query}");
        }
        for query in ["van=1", "naar=0", "van=x", "naar=99999999999999999999"] {
            assert_eq!(of(&all, query), Err(NoFigures::NoPublication), "{query}");
        }
        assert_eq!(of(&all[..1], ""), Ok(Vec::new()));
        assert_eq!(of(&all[..1], "van=2&naar=2"), Ok(Vec::new()));
    }
}
