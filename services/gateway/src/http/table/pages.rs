//! The application in a browser: its pages, what their forms post, and what a browser loads besides.

use axum::routing::{MethodRouter, get, post};

use super::{Asks, Endpoint, Key, Media, Pace, key, word};
use crate::{
    Inner,
    access::provider::{CALLBACK, STARTS},
    http::provider,
    web::{caseload, own, shell, trajectory},
};

use std::sync::Arc;

/// A page that somebody reads who is signed in.
const fn page(path: &'static str, id: &'static str, query: &'static [Key], route: fn() -> MethodRouter<Arc<Inner>>) -> Endpoint {
    Endpoint {
        method: "GET",
        path,
        id,
        about: "",
        query,
        body: None,
        answers: &[],
        pace: Pace::Ordinary,
        asks: Asks::SignedIn,
        may_be_kept: false,
        route,
    }
}

/// A form of such a page.
const fn form(path: &'static str, id: &'static str, route: fn() -> MethodRouter<Arc<Inner>>) -> Endpoint {
    Endpoint { method: "POST", body: Some(Media::Form("Fields")), ..page(path, id, &[], route) }
}

/// What a browser loads, whoever uses it.
const fn shell(path: &'static str, id: &'static str, route: fn() -> MethodRouter<Arc<Inner>>) -> Endpoint {
    Endpoint { asks: Asks::Anybody, may_be_kept: true, ..page(path, id, &[], route) }
}

/// The rows of the application.
pub(super) const ENDPOINTS: &[Endpoint] = &[
    shell("/static/{version}/{*name}", "getAsset", || get(shell::asset)),
    shell("/sw.js", "getServiceWorker", || get(shell::service_worker)),
    shell("/manifest.webmanifest", "getManifest", || get(shell::manifest)),
    shell("/offline", "getOfflinePage", || get(shell::offline)),
    Endpoint { asks: Asks::Anybody, ..form("/voorkeuren", "postPreferences", || post(shell::preferences)) },
    Endpoint { asks: Asks::SignsIn, ..form(STARTS, "postLeaveForProvider", || post(provider::begin)) },
    Endpoint { asks: Asks::ComesBack, ..page(CALLBACK, "getBackFromProvider", &[], || get(provider::come_back)) },
    page(
        "/",
        "getCaseload",
        &[key("zoek", "A part of a name."), word("afgesloten", &["1"], "Those that have ended."), key("coach", "Only this coach's.")],
        || get(caseload::list),
    ),
    page("/trajecten/{id}", "getTrajectoryPage", &[], || get(trajectory::show)),
    page("/account", "getOwnAccount", &[word("gewijzigd", &["true"], "The password was just changed.")], || get(own::account)),
    form("/account/sessies/{id}/stoppen", "postEndOfSession", || post(own::end_session)),
    form("/account/tokens", "postToken", || post(own::make_token)),
    form("/account/tokens/{id}/intrekken", "postEndOfToken", || post(own::revoke_token)),
    page("/wachtrij", "getOutbox", &[], || get(shell::outbox)),
    page("/hulp", "getHelp", &[], || get(shell::help)),
];
