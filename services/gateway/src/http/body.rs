//! The body of a request: its media type, its size, its time.

use axum::{
    body::Body,
    http::{HeaderMap, Request, header},
};
use bytes::Bytes;
use http_body_util::{BodyExt, LengthLimitError, Limited};

use crate::{Limits, problem::Problem};

/// Reads a JSON body of at most `most` bytes.
pub(crate) async fn read(request: Request<Body>, most: usize, limits: &Limits) -> Result<Bytes, Problem> {
    let too_large = || Problem::too_large(format!("the body has at most {most} bytes"));
    let headers = request.headers();
    if !is_json(headers) {
        return Err(Problem::media_type("application/json"));
    }
    if headers.contains_key(header::CONTENT_ENCODING) {
        return Err(Problem::media_type("application/json without Content-Encoding"));
    }
    let length = headers.get(header::CONTENT_LENGTH).and_then(|length| length.to_str().ok()?.parse::<u64>().ok());
    if length.is_some_and(|length| length > most as u64) {
        return Err(too_large());
    }
    let body = Limited::new(request.into_body(), most).collect();
    match tokio::time::timeout(limits.body_time, body).await {
        Err(_) => Err(Problem::slow_body()),
        Ok(Ok(body)) => Ok(body.to_bytes()),
        Ok(Err(e)) if e.downcast_ref::<LengthLimitError>().is_some() => Err(too_large()),
        Ok(Err(_)) => Err(Problem::malformed("the body ended early")),
    }
}

/// `application/json`, in UTF-8 if a character set is named.
fn is_json(headers: &HeaderMap) -> bool {
    let mut types = headers.get_all(header::CONTENT_TYPE).iter();
    let (Some(Ok(one)), None) = (types.next().map(|one| one.to_str()), types.next()) else { return false };
    let mut parts = one.split(';').map(str::trim);
    parts.next().is_some_and(|essence| essence.eq_ignore_ascii_case("application/json"))
        && parts.all(|parameter| {
            let Some((name, value)) = parameter.split_once('=') else { return false };
            !name.trim().eq_ignore_ascii_case("charset") || value.trim().trim_matches('"').eq_ignore_ascii_case("utf-8")
        })
}
