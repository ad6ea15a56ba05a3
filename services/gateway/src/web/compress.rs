//! What is sent compressed: files, and pages that repeat nothing that was asked.
//!
//! A page holds the token of its session's forms. One that repeats what was asked for, and whose length can be seen, would tell the token letter by
//! letter to whoever can have a browser ask: so with a question in the address nothing is compressed.

use std::io::Write;

use axum::{
    body::{Body, HttpBody, to_bytes},
    http::{HeaderMap, HeaderValue, Uri, header},
    response::Response,
};
use flate2::{Compression, write::GzEncoder};

/// Fewer bytes than this fit in one packet anyway.
const LEAST: usize = 1_024;
/// No page has more; what has is sent as it is.
const MOST: usize = 8 << 20;

/// The bytes in fewer, if that helps.
pub(super) fn compressed(bytes: &[u8], level: Compression) -> Option<Vec<u8>> {
    let mut encoder = GzEncoder::new(Vec::new(), level);
    encoder.write_all(bytes).ok()?;
    encoder.finish().ok().filter(|small| small.len() < bytes.len())
}

/// Whether the browser takes what is compressed.
pub(super) fn takes_gzip(headers: &HeaderMap) -> bool {
    let said = headers.get_all(header::ACCEPT_ENCODING).iter().filter_map(|line| line.to_str().ok());
    said.flat_map(|line| line.split(',')).any(|one| {
        let mut parts = one.split(';').map(str::trim);
        parts.next() == Some("gzip") && !parts.any(|quality| matches!(quality, "q=0" | "q=0.0" | "q=0.00" | "q=0.000"))
    })
}

/// A page as it goes over the wire, for whoever asked for this address with these headers.
pub(crate) async fn page(response: Response, uri: &Uri, headers: &HeaderMap) -> Response {
    let is_page = response.headers().get(header::CONTENT_TYPE).is_some_and(|media| media.as_bytes().starts_with(b"text/html"));
    let is_small = response.body().size_hint().upper().is_some_and(|bytes| bytes <= MOST as u64);
    if !is_page || !is_small || uri.query().is_some() || !takes_gzip(headers) {
        return response;
    }
    let (mut parts, body) = response.into_parts();
    parts.headers.append(header::VARY, HeaderValue::from_static("Accept-Encoding"));
    // A page is made whole before it is sent, so nothing is waited for.
    let Ok(whole) = to_bytes(body, MOST).await else {
        return crate::problem::Problem::internal().into_response_with("");
    };
    match Some(&whole).filter(|whole| whole.len() >= LEAST).and_then(|whole| compressed(whole, Compression::fast())) {
        Some(small) => {
            parts.headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static("gzip"));
            parts.headers.remove(header::CONTENT_LENGTH);
            Response::from_parts(parts, Body::from(small))
        }
        None => Response::from_parts(parts, Body::from(whole)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_taken_is_read_as_browsers_say_it() {
        for (said, takes) in
            [("gzip, deflate, br", true), ("br;q=1.0, gzip;q=0.8", true), ("gzip;q=0", false), ("deflate", false), ("", false)]
        {
            let mut headers = HeaderMap::new();
            headers.insert(header::ACCEPT_ENCODING, HeaderValue::from_static(said));
            assert_eq!(takes_gzip(&headers), takes, "{said}");
        }
    }
}
