//! Figures: from the warm view as of now, from the log as of then.

use app::{AsOf, figures::Ask};
use axum::{
    Extension,
    extract::{Path, State},
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
};
use bytes::Bytes;
use domain::{Name, Quarter};
use figures::{Definitions, Scope};

use super::{Answered, Gate, query::Asked};
use crate::{
    Inner,
    access::{Action, Caller, Object},
    ports::{FiguresAsk, Form, OverTimeAnswer, OverTimeAsk, PortError, PublishedAsk, SeriesAnswer, SeriesAsk},
    problem::Problem,
};

/// What every question about figures has in common.
pub(crate) struct About {
    pub(crate) quarter: Quarter,
    pub(crate) scope: Scope,
    pub(crate) tables: bool,
}

/// Reads it, and judges whether the caller may ask.
pub(super) fn about(caller: &Caller, quarter: &str, asked: &Asked) -> Result<About, Problem> {
    let about = asked_about(quarter, asked)?;
    caller.may(Action::SeeFigures, Object::Scope(&about.scope))?;
    Ok(about)
}

fn asked_about(quarter: &str, asked: &Asked) -> Result<About, Problem> {
    let quarter = quarter.parse().map_err(|e| Problem::malformed(format!("the quarter in the address: {e}")))?;
    let scope = asked.value::<Scope>("scope")?.unwrap_or_default();
    Ok(About { quarter, scope, tables: asked.yes_or_no("tables")?.unwrap_or(false) })
}

/// `GET /figures/{quarter}`.
pub(super) async fn figures(
    State(inner): Gate,
    Extension(caller): Extension<Caller>,
    Extension(asked): Extension<Asked>,
    Path(quarter): Path<String>,
    headers: HeaderMap,
) -> Answered {
    let public = asked.word("disclosure", &["internal", "public"])?.as_deref() == Some("public");
    // What was published is for everybody who is known here.
    if public {
        let about = asked_about(&quarter, &asked)?;
        return published(&inner, about, &asked, accepted(&headers)?).await;
    }
    caller.may(Action::SeeFigures, Object::Any)?;
    let about = about(&caller, &quarter, &asked)?;
    let as_of = asked.as_of(inner.clock)?;
    let form = accepted(&headers)?;
    if asked.text("definitions").is_some_and(|name| name != Definitions::built_in().name) {
        return Err(Problem::not_found("no definition set of this name is known here"));
    }
    let body = if as_of == AsOf::Now { counted(&inner, &about, form).await? } else { cold(&inner, about, as_of, form).await? };
    Ok(response(form, body))
}

/// Only what was published, as of then.
async fn published(inner: &Inner, about: About, asked: &Asked, form: Form) -> Answered {
    let at = match asked.as_of(inner.clock)? {
        AsOf::Now => None,
        AsOf::Moment(moment) => Some(moment),
        AsOf::Position(_) => return Err(Problem::malformed("asOf: publications are told apart by their moment, not by a position")),
    };
    let About { quarter, scope, tables } = about;
    let definitions = asked.text("definitions").map(str::to_owned);
    // Each answer reads all that was published.
    let _turn = turn(inner).await?;
    let ask = PublishedAsk { quarter, scope, tables, form, at, definitions };
    match inner.figures.published(&ask).await? {
        Some(body) => Ok(response(form, body)),
        None => Err(Problem::not_found(format!("nothing was published of {quarter}: only published sets may be seen by everybody"))),
    }
}

/// How long a question waits for its turn to be counted from the log.
const TURN_TO_COUNT: std::time::Duration = std::time::Duration::from_secs(30);

/// A turn to read much of the log. Whoever waits here holds one that others want.
pub(crate) async fn turn(inner: &Inner) -> Result<tokio::sync::SemaphorePermit<'_>, Problem> {
    match tokio::time::timeout(TURN_TO_COUNT, inner.cold.acquire()).await {
        Ok(Ok(turn)) => Ok(turn),
        Ok(Err(_)) | Err(_) => Err(Problem::unavailable("too much is read from the log just now")),
    }
}

/// As of now; from the log when the view is not there. Whether it may be asked is judged before.
pub(crate) async fn counted(inner: &Inner, about: &About, form: Form) -> Result<Bytes, Problem> {
    let at_least = inner.log.head().await?.position.0;
    let ask = FiguresAsk { quarter: about.quarter, scope: about.scope.clone(), tables: about.tables, form, at_least };
    match inner.figures.figures(&ask).await {
        Ok(answer) => Ok(answer.body),
        Err(PortError::Unavailable(cause)) => {
            tracing::info!("figures are counted from the log, the view does not answer: {cause}");
            let about = About { quarter: about.quarter, scope: about.scope.clone(), tables: about.tables };
            cold(inner, about, AsOf::Now, form).await
        }
        Err(error @ (PortError::NotFound | PortError::Wrong(_) | PortError::Conflict(_) | PortError::Broken(_))) => Err(error.into()),
    }
}

/// Counted from the whole log.
async fn cold(inner: &Inner, about: About, as_of: AsOf, form: Form) -> Result<Bytes, Problem> {
    let _turn = turn(inner).await?;
    let About { quarter, scope, tables } = about;
    let ask = Ask { quarter, scope, definitions: Definitions::built_in().clone(), tables, as_of };
    let (figures, as_of) = inner.log.figures(&ask, inner.clock).await?;
    Ok(match form {
        Form::Json => figures.to_json(&ask.question(), &as_of).to_string().into(),
        Form::Csv => figures.to_csv(&ask.question(), &as_of).into(),
    })
}

/// The figures of a quarter and of earlier ones, all of one state of the log, as of now; counted from the log when the view is not there. Whether they
/// may be asked is judged before.
pub(crate) async fn series(inner: &Inner, quarter: Quarter, earlier: Vec<Quarter>, scope: Scope) -> Result<SeriesAnswer, Problem> {
    let ask = SeriesAsk { quarter, earlier, scope, at_least: inner.log.head().await?.position.0 };
    match inner.figures.series(&ask).await {
        Ok(answer) => Ok(answer),
        Err(PortError::Unavailable(cause)) => {
            tracing::info!("figures are counted from the log, the view does not answer: {cause}");
            let _turn = turn(inner).await?;
            Ok(inner.log.series(&ask, inner.clock).await?)
        }
        Err(error @ (PortError::NotFound | PortError::Wrong(_) | PortError::Conflict(_) | PortError::Broken(_))) => Err(error.into()),
    }
}

/// What happened over time, as of now; from the log when the view is not there. Whether it may be asked is judged before.
pub(crate) async fn over_time(inner: &Inner, quarter: Quarter, scope: Scope, within: Option<Name>) -> Result<OverTimeAnswer, Problem> {
    let ask = OverTimeAsk { quarter, scope, within, at_least: inner.log.head().await?.position.0 };
    match inner.figures.over_time(&ask).await {
        Ok(answer) => Ok(answer),
        Err(PortError::Unavailable(cause)) => {
            tracing::info!("trajectories are followed through the log, the view does not answer: {cause}");
            let _turn = turn(inner).await?;
            Ok(inner.log.over_time(&ask, inner.clock).await?)
        }
        Err(error @ (PortError::NotFound | PortError::Wrong(_) | PortError::Conflict(_) | PortError::Broken(_))) => Err(error.into()),
    }
}

fn response(form: Form, body: Bytes) -> Response {
    let media = match form {
        Form::Json => "application/json",
        Form::Csv => "text/csv; charset=utf-8; header=present",
    };
    (StatusCode::OK, [(header::CONTENT_TYPE, media), (header::VARY, "Accept")], body).into_response()
}

/// The form that `Accept` prefers; JSON when it does not mind.
fn accepted(headers: &HeaderMap) -> Result<Form, Problem> {
    let ranges: Vec<&str> =
        headers.get_all(header::ACCEPT).iter().filter_map(|value| value.to_str().ok()).flat_map(|v| v.split(',')).collect();
    if ranges.iter().all(|range| range.trim().is_empty()) {
        return Ok(Form::Json);
    }
    let weight = |media: &str| {
        let (family, any) = (media.split('/').next().unwrap_or_default(), "*/*");
        let of = |wanted: &str| {
            ranges.iter().find_map(|range| {
                let mut parts = range.split(';').map(str::trim);
                let essence = parts.next()?.to_ascii_lowercase();
                let quality = parts.find_map(|p| p.strip_prefix("q=").or_else(|| p.strip_prefix("Q="))).unwrap_or("1");
                (essence == wanted).then(|| thousandths(quality))
            })
        };
        of(media).or_else(|| of(&format!("{family}/*"))).or_else(|| of(any)).unwrap_or(0)
    };
    match (weight("application/json"), weight("text/csv")) {
        (0, 0) => Err(Problem::not_acceptable()),
        (json, csv) if csv > json => Ok(Form::Csv),
        _ => Ok(Form::Json),
    }
}

/// `0.5` as 500; what is no weight counts as 1.
fn thousandths(quality: &str) -> u32 {
    let (whole, part) = quality.split_once('.').unwrap_or((quality, ""));
    let digits: String = part.chars().chain("000".chars()).take(3).collect();
    match (whole, digits.parse::<u32>()) {
        ("0", Ok(part)) => part,
        _ => 1_000,
    }
}
