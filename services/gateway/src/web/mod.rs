//! The coaches' application: pages that are made here of what the log holds, and rendered by `pages`.
//!
//! ```text
//!   request ──► Visitor (who, language, theme) ──► Case: a trajectory as this visitor may see it ──► a page's struct ──► HTML
//! ```
//!
//! | file | holds |
//! | --- | --- |
//! | `visitor.rs` | who looks, and what stands around every page |
//! | `case.rs` | a trajectory, its events with their texts, as the visitor may see it |
//! | `caseload.rs`, `attention.rs` | the list, and what needs attention first |
//! | `trajectory.rs` | one trajectory: verdict, bars, timeline |
//! | `forms.rs`, `forms/` | a form for every type of event, its corrections and retractions |
//! | `admin.rs` | accounts, for administrators |
//! | `log.rs`, `sealed.rs` | the log for auditors, and how they open sealed texts |
//! | `happened.rs` | what events tell, as pages tell it |
//! | `convert.rs` | days, numbers and texts as pages take them |
//! | `dates.rs` | days in three fields, as a form without a script sends them |
//! | `dashboard.rs`, `explained.rs` | the figures of a quarter: measures, quarters, regions; and who is behind one of them |
//! | `questions.rs` | what happens over time: the questions that a count on one day leaves open |
//! | `completeness.rs` | how complete a quarter is, and a manager's declaration of it |
//! | `publications.rs` | what was published of a quarter, and what differs between two publications |
//! | `report.rs` | the quarterly report, as a page and as PDF: of what the log holds now, or of a publication |
//! | `tables.rs` | the figures as files to take along |
//! | `pivot.rs` | the figures by rows and columns that one chooses, as a page and as files |
//! | `names.rs` | what people, organisations and regions are called |
//! | `organisation.rs` | a manager's view: caseload, cover, timeliness, questions about data |
//! | `views.rs` | the projectors' views, seen and built anew by an administrator |
//! | `compress.rs` | what is sent in fewer bytes, and what is not |
//! | `shell.rs` | what a browser loads besides: styles, scripts, the service worker; language and theme |
//! | `entrance.rs` | signing in, choosing a password |
//! | `trouble.rs` | what went wrong, as a page |
//!
//! A page changes nothing: what coaches record goes to the API, by `assets/js`. What is changed by a form is of accounts, covers, views and declarations, and
//! comes through the same layers and the same judgement as the API.

pub(crate) mod admin;
pub(crate) mod attention;
pub(crate) mod case;
pub(crate) mod caseload;
pub(crate) mod completeness;
pub(crate) mod compress;
pub(crate) mod convert;
pub(crate) mod dashboard;
mod dates;
pub(crate) mod entrance;
pub(crate) mod explained;
pub(crate) mod forms;
pub(crate) mod happened;
pub(crate) mod log;
pub(crate) mod names;
pub(crate) mod organisation;
pub(crate) mod own;
pub(crate) mod pivot;
pub(crate) mod publications;
pub(crate) mod questions;
pub(crate) mod report;
pub(crate) mod sealed;
pub(crate) mod shell;
pub(crate) mod tables;
pub(crate) mod trajectory;
pub(crate) mod trouble;
pub(crate) mod views;
pub(crate) mod visitor;

use axum::{
    http::{HeaderName, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use pages::Page;

pub(crate) use visitor::Visitor;

use crate::{http::AsIs, problem::Problem};

/// Names the account of a page: copies for offline use are kept by it.
const ACCOUNT: HeaderName = HeaderName::from_static("x-account");

/// A page, rendered.
pub(crate) fn html(status: StatusCode, page: &impl Page) -> Result<Response, Problem> {
    let frame = page.frame();
    let body = page.html().map_err(|error| {
        tracing::error!("a page cannot be rendered: {error}");
        Problem::internal()
    })?;
    let own = [
        (header::CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8")),
        // Its forms bring an `Origin` along by this; nothing is told to other sites.
        (header::REFERRER_POLICY, HeaderValue::from_static("same-origin")),
        (header::CONTENT_LANGUAGE, HeaderValue::from_static(frame.lang.code())),
    ];
    let mut response = (status, own, body).into_response();
    // A page that tells what is wrong is the answer itself.
    response.extensions_mut().insert(AsIs);
    // A device keeps copies of what names its account: those who record nothing, and auditors who open texts for an hour, have none.
    let kept = frame.who.as_ref().filter(|who| who.role.records());
    if let Some(account) = kept.and_then(|who| HeaderValue::from_str(&who.account).ok()) {
        response.headers_mut().insert(ACCOUNT, account);
    }
    Ok(response)
}

/// A page that is there.
pub(crate) fn page(page: &impl Page) -> Result<Response, Problem> {
    html(StatusCode::OK, page)
}
