//! What a browser loads besides pages of somebody: styles, scripts, the service worker, the page without a connection; language and theme.

use std::{collections::HashMap, sync::LazyLock};

use axum::{
    body::Body,
    extract::{Path, Request, State},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use domain::SustainableWork;
use flate2::Compression;
use pages::{Assets, Help, Lang, Offline, Outbox, Theme};

use super::{
    Visitor,
    compress::{compressed, takes_gzip},
    convert, page, report, visitor,
};
use crate::{
    access::guard,
    http::{Form, Gate, see_other, within},
    problem::Problem,
};

/// A file of this address never changes.
const FOR_EVER: HeaderValue = HeaderValue::from_static("public, max-age=31536000, immutable");
/// How long a choice of language or theme is kept: browsers keep nothing longer than some four hundred days.
const KEPT_SECONDS: u32 = 400 * 24 * 3600;

/// What is asked for again and again, compressed once.
static COMPRESSED: LazyLock<HashMap<&'static str, Vec<u8>>> = LazyLock::new(|| {
    let files = [Assets::built_in(), report::assets()].into_iter().flat_map(Assets::files);
    files.filter_map(|file| Some((file.name, compressed(file.bytes, Compression::best())?))).collect()
});

/// `GET /static/VERSION/NAME`.
pub(crate) async fn asset(headers: HeaderMap, Path((version, name)): Path<(String, String)>) -> Result<Response, Problem> {
    let address = format!("/static/{version}/{name}");
    let found = [Assets::built_in(), report::assets()].into_iter().find_map(|assets| assets.at(&address));
    let asset = found.ok_or_else(|| Problem::not_found("there is no such file"))?;
    let own = [
        (header::CONTENT_TYPE, HeaderValue::from_static(asset.media_type)),
        (header::CACHE_CONTROL, FOR_EVER),
        (header::VARY, HeaderValue::from_static("Accept-Encoding")),
    ];
    Ok(match COMPRESSED.get(asset.name).filter(|_| takes_gzip(&headers)) {
        Some(small) => (own, [(header::CONTENT_ENCODING, HeaderValue::from_static("gzip"))], small.as_slice()).into_response(),
        None => (own, asset.bytes).into_response(),
    })
}

/// `GET /sw.js`.
pub(crate) async fn service_worker() -> Result<Response, Problem> {
    let assets = Assets::built_in();
    let files: Vec<String> =
        assets.files().iter().map(|file| format!("{}/{}", assets.folder(), file.name)).chain(["/offline".to_owned()]).collect();
    let version = assets.folder().rsplit('/').next().unwrap_or_default();
    let mut script = format!("self.SHELL = {};\n", serde_json::json!({"version": version, "files": files})).into_bytes();
    script.extend_from_slice(Assets::service_worker());
    Ok(([(header::CONTENT_TYPE, "text/javascript; charset=utf-8")], script).into_response())
}

/// `GET /manifest.webmanifest`.
pub(crate) async fn manifest() -> Response {
    ([(header::CONTENT_TYPE, "application/manifest+json")], Assets::built_in().manifest()).into_response()
}

/// `GET /offline`.
pub(crate) async fn offline(headers: HeaderMap) -> Result<Response, Problem> {
    page(&Offline { frame: visitor::nobody(&headers) })
}

/// `GET /wachtrij`.
pub(crate) async fn outbox(visitor: Visitor) -> Result<Response, Problem> {
    page(&Outbox { frame: visitor.frame })
}

/// `GET /hulp`.
pub(crate) async fn help(visitor: Visitor) -> Result<Response, Problem> {
    let needed = SustainableWork::default();
    page(&Help {
        frame: visitor.frame,
        hours: convert::decimal(needed.min_hours_per_week),
        wage: convert::decimal(needed.min_wage_value_percent),
        months: u8::try_from(needed.min_contract_months).unwrap_or(u8::MAX),
    })
}

/// `POST /voorkeuren`: `lang` or `theme`. Leads back to the page that it came from.
pub(crate) async fn preferences(State(inner): Gate, request: Request<Body>) -> Result<Response, Problem> {
    guard::not_from_elsewhere(&request)?;
    let referer = request.headers().get(header::REFERER).and_then(|address| address.to_str().ok()).map(str::to_owned);
    let form = Form::read(request, &["lang", "theme"], &inner.limits).await?;
    let back = referer.as_deref().and_then(path_of).and_then(within).unwrap_or("/");
    let mut response = see_other(back)?;
    let lang = Lang::of(form.text("lang")).map(|lang| (visitor::LANG, lang.code()));
    let theme = Theme::of(form.text("theme")).map(|theme| (visitor::THEME, theme.code()));
    if lang.is_none() && theme.is_none() {
        return Err(Problem::malformed("lang: nl or en; or theme: auto, light or dark"));
    }
    for (name, value) in [lang, theme].into_iter().flatten() {
        let cookie = format!("{name}={value}; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age={KEPT_SECONDS}");
        let cookie = HeaderValue::from_str(&cookie).map_err(|_| Problem::internal())?;
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    *response.status_mut() = StatusCode::SEE_OTHER;
    Ok(response)
}

/// The path and the question of an address with a host.
fn path_of(address: &str) -> Option<&str> {
    let (_, rest) = address.split_once("://")?;
    Some(rest.find('/').map_or("/", |at| rest.get(at..).unwrap_or("/")))
}
