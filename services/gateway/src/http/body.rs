//! The body of a request: its media type, its size, its time.

use std::{borrow::Cow, collections::BTreeMap};

use axum::{
    body::Body,
    http::{HeaderMap, Request, header},
};
use bytes::Bytes;
use http_body_util::{BodyExt, LengthLimitError, Limited};
use serde::de::DeserializeOwned;
use zeroize::Zeroizing;

use crate::{Limits, problem::Problem};

/// What a form is sent as.
const FORM: &str = "application/x-www-form-urlencoded";
/// The most fields of a form: the longest that coaches fill in has a tenth of it.
const MOST_FIELDS: usize = 256;

/// Reads a JSON body of at most `most` bytes.
pub(crate) async fn read(request: Request<Body>, most: usize, limits: &Limits) -> Result<Bytes, Problem> {
    if !is_json(request.headers()) {
        return Err(Problem::media_type("application/json"));
    }
    let (parts, body) = request.into_parts();
    whole(&parts.headers, body, "application/json", most, limits).await
}

/// Reads a small JSON body of this shape. What is wrong is told by its place: what was written is not repeated.
pub(crate) async fn read_as<T: DeserializeOwned>(request: Request<Body>, limits: &Limits) -> Result<T, Problem> {
    let body = read(request, limits.form_bytes, limits).await?;
    serde_json::from_slice(&body).map_err(|error| {
        let detail =
            format!("the body is not of the described shape; the first mistake is at line {}, column {}", error.line(), error.column());
        Problem::malformed(detail)
    })
}

/// The fields of a form. Passwords are among them: it has no `Debug` form.
pub(crate) struct Form(BTreeMap<String, Vec<Zeroizing<String>>>);

impl Form {
    /// Reads a form of which these fields are known, each at most once; `csrf` is always one of them.
    pub(crate) async fn read(request: Request<Body>, known: &[&str], limits: &Limits) -> Result<Self, Problem> {
        Self::read_with(request, known, &[], limits).await
    }

    /// The same, with fields that may come several times: boxes to tick.
    pub(crate) async fn read_with(request: Request<Body>, known: &[&str], several: &[&str], limits: &Limits) -> Result<Self, Problem> {
        if !is_form(request.headers()) {
            return Err(Problem::media_type(FORM));
        }
        let (parts, body) = request.into_parts();
        let body = whole_form(&parts.headers, body, limits).await?;
        let mut fields: BTreeMap<String, Vec<Zeroizing<String>>> = BTreeMap::new();
        for (name, value) in form_fields(&body) {
            let may_repeat = several.contains(&&*name);
            if name != "csrf" && !may_repeat && !known.contains(&&*name) {
                let known = [known, several].concat().join(", ");
                return Err(Problem::malformed(format!("an unknown field; this form knows {known}")));
            }
            let values = fields.entry(name.into_owned()).or_default();
            if !values.is_empty() && !may_repeat {
                return Err(Problem::malformed("a field comes twice"));
            }
            values.push(Zeroizing::new(value.into_owned()));
        }
        Ok(Self(fields))
    }

    /// A field; empty when it did not come.
    pub(crate) fn text(&self, name: &str) -> &str {
        self.all(name).next().unwrap_or_default()
    }

    /// Every value of a field.
    pub(crate) fn all(&self, name: &str) -> impl Iterator<Item = &str> {
        self.0.get(name).into_iter().flatten().map(|value| value.as_str())
    }
}

/// The fields of a form's body, decoded.
pub(crate) fn form_fields(body: &[u8]) -> impl Iterator<Item = (Cow<'_, str>, Cow<'_, str>)> {
    form_urlencoded::parse(body).take(MOST_FIELDS)
}

/// The body of a form.
pub(crate) async fn whole_form(headers: &HeaderMap, body: Body, limits: &Limits) -> Result<Bytes, Problem> {
    whole(headers, body, FORM, limits.form_bytes, limits).await
}

/// Whether it is said to be a form.
pub(crate) fn is_form(headers: &HeaderMap) -> bool {
    is(headers, FORM)
}

async fn whole(headers: &HeaderMap, body: Body, media: &str, most: usize, limits: &Limits) -> Result<Bytes, Problem> {
    let too_large = || Problem::too_large(format!("the body has at most {most} bytes"));
    if headers.contains_key(header::CONTENT_ENCODING) {
        return Err(Problem::media_type(&format!("{media} without Content-Encoding")));
    }
    let length = headers.get(header::CONTENT_LENGTH).and_then(|length| length.to_str().ok()?.parse::<u64>().ok());
    if length.is_some_and(|length| length > most as u64) {
        return Err(too_large());
    }
    let body = Limited::new(body, most).collect();
    match tokio::time::timeout(limits.body_time, body).await {
        Err(_) => Err(Problem::slow_body()),
        Ok(Ok(body)) => Ok(body.to_bytes()),
        Ok(Err(e)) if e.downcast_ref::<LengthLimitError>().is_some() => Err(too_large()),
        Ok(Err(_)) => Err(Problem::malformed("the body ended early")),
    }
}

/// `application/json`, in UTF-8 if a character set is named.
fn is_json(headers: &HeaderMap) -> bool {
    is(headers, "application/json")
}

fn is(headers: &HeaderMap, media: &str) -> bool {
    let mut types = headers.get_all(header::CONTENT_TYPE).iter();
    let (Some(Ok(one)), None) = (types.next().map(|one| one.to_str()), types.next()) else { return false };
    let mut parts = one.split(';').map(str::trim);
    parts.next().is_some_and(|essence| essence.eq_ignore_ascii_case(media))
        && parts.all(|parameter| {
            let Some((name, value)) = parameter.split_once('=') else { return false };
            !name.trim().eq_ignore_ascii_case("charset") || value.trim().trim_matches('"').eq_ignore_ascii_case("utf-8")
        })
}
