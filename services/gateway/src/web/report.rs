//! The quarterly report in a browser, and as a PDF to take along: what `trajectlog report` writes, of what the visitor may see, counted from one state of
//! the log; or with a number what `trajectlog report --published` writes of that publication.

use std::sync::LazyLock;

use axum::{Extension, extract::State, response::Response};
use domain::Quarter;
use figures::{Definitions, Figures};
use pages::{Asset, Assets, NoFigures, ReportPage};
use report::{Facts, Numbers};

use super::{
    Visitor,
    dashboard::{Missing, SERIES, Wanted, back, is_known, scope_name},
    page, publications,
};
use crate::{
    Inner,
    http::{Asked, Gate, series, turn},
    ports::PublishedReportAsk,
    problem::Problem,
};

/// The name of the style sheet.
const SHEET: &str = "report.css";
/// The style sheet, below a folder with a hash of it: its address never leads to another one.
static SHEETS: LazyLock<Assets> =
    LazyLock::new(|| Assets::of(vec![Asset { name: SHEET, media_type: "text/css; charset=utf-8", bytes: report::STYLE.as_bytes() }]));

/// What pages of reports load besides what every page does.
pub(super) fn assets() -> &'static Assets {
    &SHEETS
}

/// `GET /cijfers/verslag`.
pub(crate) async fn show(State(inner): Gate, visitor: Visitor, Extension(asked): Extension<Asked>) -> Result<Response, Problem> {
    let (facts, publication) = match facts(&inner, &visitor, &asked).await {
        Ok(found) => found,
        Err(missing) => return missing.page(visitor),
    };
    let article = report::fragment(&report::write(&facts)).map_err(|error| {
        tracing::error!("a report cannot be rendered: {error}");
        Problem::internal()
    })?;
    page(&ReportPage {
        quarter: facts.current.numbers.quarter().to_string(),
        scope_name: scope_name(&facts.scope, &visitor),
        scope: facts.scope.as_text(),
        style: format!("{}/{SHEET}", assets().folder()),
        article,
        publication,
        has_pdf: cfg!(feature = "pdf"),
        frame: visitor.frame,
    })
}

/// What a report is written from, if the visitor may see it, and the number of the publication that it is of.
async fn facts(inner: &Inner, visitor: &Visitor, asked: &Asked) -> Result<(Facts, Option<u64>), Missing> {
    let wanted = Wanted::judged(visitor, asked)?;
    let number = publications::number(asked, "publicatie")?;
    let facts = match number {
        Some(number) => published(inner, wanted, number).await?,
        None => counted(inner, wanted).await?,
    };
    Ok((facts, number))
}

/// From a publication, and what had been published of earlier quarters then.
async fn published(inner: &Inner, Wanted { quarter, scope, .. }: Wanted, number: u64) -> Result<Facts, Missing> {
    publications::has_a_table(&scope)?;
    let ask = PublishedReportAsk { quarter, scope, number };
    let found = {
        // The register is read whole.
        let _turn = turn(inner).await?;
        publications::known(inner.figures.published_report(&ask).await)?
    };
    let facts = found.ok_or(NoFigures::NoRegister)?.ok_or(NoFigures::NoPublication)?;
    let is_empty = facts.current.numbers.is_empty() && facts.trend.iter().all(Numbers::is_empty);
    if is_empty && !is_known(inner, &ask.scope) {
        return Err(NoFigures::NoOrganisation.into());
    }
    Ok(facts)
}

/// From what the log holds now.
async fn counted(inner: &Inner, Wanted { quarter, scope, .. }: Wanted) -> Result<Facts, Missing> {
    let quarters = back(quarter, SERIES);
    let counted = series(inner, quarter, quarters.iter().skip(1).copied().collect(), scope.clone()).await?;
    let definitions = Definitions::built_in();
    let all: Vec<Numbers> =
        quarters.iter().zip(&counted.figures).map(|(quarter, figures)| Numbers::of(*quarter, figures, definitions)).collect();
    if all.iter().all(Numbers::is_empty) && !is_known(inner, &scope) {
        return Err(NoFigures::NoOrganisation.into());
    }
    let of = |quarter: Quarter| {
        let counted = all.iter().find(|numbers| numbers.quarter() == quarter);
        counted.cloned().unwrap_or_else(|| Numbers::of(quarter, &Figures::default(), definitions))
    };
    Ok(Facts::of_state(quarter, scope, definitions.clone(), &counted.as_of, of))
}

/// `GET /cijfers/verslag.pdf`.
#[cfg(feature = "pdf")]
pub(crate) async fn pdf(State(inner): Gate, visitor: Visitor, Extension(asked): Extension<Asked>) -> Result<Response, Problem> {
    use axum::{http::header, response::IntoResponse};

    let (facts, publication) = match facts(&inner, &visitor, &asked).await {
        Ok(found) => found,
        Err(missing) => return missing.page(visitor),
    };
    let of_publication = publication.map_or_else(String::new, |number| format!("-publicatie-{number}"));
    let name = format!("werkmonitor-{}{of_publication}.pdf", report::file_name(facts.current.numbers.quarter(), &facts.scope));
    let written = tokio::task::spawn_blocking(move || report_pdf::pdf(&report::write(&facts))).await;
    let failed = |error: &dyn std::fmt::Display| {
        tracing::error!("a report cannot be written as PDF: {error}");
        Problem::internal()
    };
    let bytes = written.map_err(|error| failed(&error))?.map_err(|error| failed(&error))?;
    // A name is of small letters, digits and hyphens: nothing in it ends the quotes.
    let own =
        [(header::CONTENT_TYPE, "application/pdf".to_owned()), (header::CONTENT_DISPOSITION, format!("attachment; filename=\"{name}\""))];
    Ok((own, bytes).into_response())
}

/// `GET /cijfers/verslag.pdf`, of a program that writes none.
#[cfg(not(feature = "pdf"))]
pub(crate) async fn pdf(visitor: Visitor) -> Result<Response, Problem> {
    use crate::access::{Action, Object};

    visitor.caller.may(Action::SeeFigures, Object::Any)?;
    Err(Problem::not_found("this program was built without the feature `pdf`"))
}
