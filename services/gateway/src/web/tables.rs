//! The figures that `/cijfers` shows, as files to take along: one number a row as CSV, XLSX or Parquet, and the data package that describes the CSV.

use axum::{
    Extension,
    extract::State,
    http::header,
    response::{IntoResponse, Response},
};
use bytes::Bytes;
use pages::NoFigures;
use tables::{Form, TableError, Tidy};

use super::{
    Visitor,
    dashboard::{Missing, Wanted, is_known},
};
use crate::{
    Inner,
    http::{About, Asked, Gate, counted},
    ports,
    problem::Problem,
};

/// The rows, as they came and read; and what a file of them is called.
struct Taken {
    csv: Bytes,
    tidy: Tidy,
    name: String,
}

/// `GET /cijfers/tabellen.csv`.
pub(crate) async fn csv(state: Gate, visitor: Visitor, asked: Extension<Asked>) -> Result<Response, Problem> {
    file(state, visitor, asked, Form::Csv).await
}

/// `GET /cijfers/tabellen.xlsx`.
pub(crate) async fn xlsx(state: Gate, visitor: Visitor, asked: Extension<Asked>) -> Result<Response, Problem> {
    file(state, visitor, asked, Form::Xlsx).await
}

/// `GET /cijfers/tabellen.parquet`.
pub(crate) async fn parquet(state: Gate, visitor: Visitor, asked: Extension<Asked>) -> Result<Response, Problem> {
    file(state, visitor, asked, Form::Parquet).await
}

/// `GET /cijfers/datapackage.json`.
pub(crate) async fn package(State(inner): Gate, visitor: Visitor, Extension(asked): Extension<Asked>) -> Result<Response, Problem> {
    match taken(&inner, &visitor, &asked).await {
        Ok(Taken { tidy, name, .. }) => {
            let told = tables::package(&tidy, &format!("{name}.{}", Form::Csv.ending()), Form::Csv);
            Ok(attached("application/json", "datapackage.json", told.to_string()))
        }
        Err(missing) => missing.page(visitor),
    }
}

async fn file(State(inner): Gate, visitor: Visitor, Extension(asked): Extension<Asked>, form: Form) -> Result<Response, Problem> {
    let Taken { csv, tidy, name } = match taken(&inner, &visitor, &asked).await {
        Ok(taken) => taken,
        Err(missing) => return missing.page(visitor),
    };
    let write = move || match form {
        Form::Csv => Ok(csv),
        Form::Xlsx => tidy.xlsx().map(Bytes::from),
        Form::Parquet => tidy.parquet().map(Bytes::from),
    };
    written(&name, form, write).await
}

/// A file to take along, of this name without its ending.
pub(super) async fn written(
    name: &str,
    form: Form,
    write: impl FnOnce() -> Result<Bytes, TableError> + Send + 'static,
) -> Result<Response, Problem> {
    let written = tokio::task::spawn_blocking(write).await.map_err(|error| failed(&error))?;
    let media_type = match form {
        Form::Csv => "text/csv; charset=utf-8; header=present",
        Form::Xlsx | Form::Parquet => form.media_type(),
    };
    Ok(attached(media_type, &format!("{name}.{}", form.ending()), written.map_err(|error| failed(&error))?))
}

async fn taken(inner: &Inner, visitor: &Visitor, asked: &Asked) -> Result<Taken, Missing> {
    let Wanted { quarter, scope, .. } = Wanted::judged(visitor, asked)?;
    let name = format!("werkmonitor-{}", report::file_name(quarter, &scope));
    let csv = counted(inner, &About { quarter, scope: scope.clone(), tables: true }, ports::Form::Csv).await?;
    let tidy = Tidy::read(&csv).map_err(|error| failed(&error))?;
    if tidy.column("count").all(|count| count == "0") && !is_known(inner, &scope) {
        return Err(NoFigures::NoOrganisation.into());
    }
    Ok(Taken { csv, tidy, name })
}

pub(super) fn failed(error: &dyn std::fmt::Display) -> Problem {
    tracing::error!("figures cannot be written as a file: {error}");
    Problem::internal()
}

/// A name is of letters, digits, points and hyphens: nothing in it ends the quotes.
fn attached(media_type: &'static str, name: &str, body: impl IntoResponse) -> Response {
    let own = [(header::CONTENT_TYPE, media_type.to_owned()), (header::CONTENT_DISPOSITION, format!("attachment; filename=\"{name}\""))];
    (own, body).into_response()
}
