//! The application in a browser: its pages, what their forms post, and what a browser loads besides.

use axum::routing::{MethodRouter, get, post};

use super::{Asks, Endpoint, Key, Media, OUTCOMES, Pace, key, word};
use crate::{
    Inner,
    access::provider::{CALLBACK, STARTS},
    http::provider,
    web::{
        admin, caseload, completeness, dashboard, explained, forms, log, organisation, own, pivot, publications, questions, report, sealed,
        shell, tables, trajectory, views,
    },
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

const QUARTER: Key = key("kwartaal", "The quarter, such as 2025Q1.");
const SCOPE: Key = key("gebied", "The scope: national, region:CODE, organisation:SLUG, or both joined by a comma.");

/// What a report is asked by.
const REPORT: &[Key] =
    &[QUARTER, SCOPE, key("publicatie", "The number of a publication: the report on that, and not on what the log holds now.")];

/// What a pivot table is asked by.
const PIVOT: &[Key] = &[
    QUARTER,
    SCOPE,
    key("rijen", "What the rows are: maat, methode, financiering, variant, regio, organisatie or kwartaal."),
    key("kolommen", "What the columns are: maat, methode or kwartaal."),
    key("maat", "Where it is on neither axis: one measure; paid_work when it is left out."),
    key("methode", "Where it is on neither axis: one method; all of them when it is left out."),
];

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
    page("/trajecten/nieuw", "getIntakeForm", &[], || get(forms::begin)),
    page("/trajecten/{id}/vastleggen/{kind}", "getForm", &[], || get(forms::record)),
    page("/trajecten/{id}/vastleggen/{kind}/{about}", "getFormAbout", &[], || get(forms::record_about)),
    page("/trajecten/{id}/overdragen", "getTransferForm", &[], || get(forms::transfer)),
    page("/trajecten/{id}/aanpassen/{event}", "getCorrectionForm", &[], || get(forms::correct)),
    page("/trajecten/{id}/intrekken/{event}", "getRetractionForm", &[], || get(forms::retract)),
    page("/trajecten/{id}/opnieuw/{event}", "getFormOfRetracted", &[], || get(forms::restore)),
    page("/vastleggen/{kind}", "getBlankForm", &[], || get(forms::blank)),
    page("/trajecten/{id}/openen", "getSealedOpen", &[], || get(sealed::ask)),
    form("/trajecten/{id}/openen", "postSealedOpen", || post(sealed::open)),
    form("/trajecten/{id}/verzegelen", "postSealedAgain", || post(sealed::seal)),
    page(
        "/logboek",
        "getLogPage",
        &[
            key("organisatie", "Only this organisation's."),
            key("soort", "Only this type of event, such as paid-work-started."),
            key("vanaf", "Recorded on this day or later, such as 2025-04-01; or in three parts."),
            key("vanaf.day", "The day of the month."),
            key("vanaf.month", "Its month."),
            key("vanaf.year", "Its year."),
            key("tot", "Recorded on this day or earlier; or in three parts."),
            key("tot.day", "The day of the month."),
            key("tot.month", "Its month."),
            key("tot.year", "Its year."),
            key("van", "The newest position to show."),
        ],
        || get(log::show),
    ),
    page(
        "/beheer/accounts",
        "getAccounts",
        &[key("pagina", "Which page of the list."), key("organisatie", "Only this organisation's.")],
        || get(admin::list),
    ),
    page("/beheer/accounts/nieuw", "getNewAccount", &[], || get(admin::new)),
    form("/beheer/accounts", "postAccount", || post(admin::make)),
    page("/beheer/accounts/{login}", "getAccount", &[word("opgeslagen", &["true"], "Something was just changed.")], || get(admin::show)),
    form("/beheer/accounts/{login}", "postChangeOfAccount", || post(admin::change)),
    form("/beheer/accounts/{login}/deblokkeren", "postUnblocking", || post(admin::unblock)),
    form("/beheer/accounts/{login}/wachtwoord", "postReset", || post(admin::reset)),
    form("/beheer/accounts/{login}/uitloggen", "postEndOfSessions", || post(admin::end_sessions)),
    form("/beheer/accounts/{login}/uitzetten", "postLock", || post(admin::lock)),
    form("/beheer/accounts/{login}/aanzetten", "postUnlock", || post(admin::unlock)),
    page("/account", "getOwnAccount", &[word("gewijzigd", &["true"], "The password was just changed.")], || get(own::account)),
    form("/account/sessies/{id}/stoppen", "postEndOfSession", || post(own::end_session)),
    form("/account/tokens", "postToken", || post(own::make_token)),
    form("/account/tokens/{id}/intrekken", "postEndOfToken", || post(own::revoke_token)),
    page("/organisatie", "getOrganisation", &[], || get(organisation::show)),
    page("/organisatie/vragen/{slug}", "getQuestion", &[], || get(organisation::question)),
    form("/organisatie/waarneming", "postCoverForm", || post(organisation::begin_cover)),
    form("/organisatie/waarneming/{id}/stoppen", "postEndOfCover", || post(organisation::end_cover)),
    page("/beheer/weergaven", "getViews", &[], || get(views::show)),
    form("/beheer/weergaven/{name}/opnieuw", "postRebuild", || post(views::rebuild)),
    form("/beheer/weergaven/{name}/stoppen", "postEndOfRebuild", || post(views::cancel)),
    form("/beheer/weergaven/{name}/nogmaals", "postRetry", || post(views::retry)),
    page("/cijfers", "getDashboard", &[QUARTER, SCOPE, key("methode", "One method; all of them when it is left out.")], || {
        get(dashboard::show)
    }),
    Endpoint { pace: Pace::Long, ..page("/cijfers/verslag", "getReport", REPORT, || get(report::show)) },
    Endpoint { pace: Pace::Long, ..page("/cijfers/verslag.pdf", "getReportAsPdf", REPORT, || get(report::pdf)) },
    Endpoint {
        pace: Pace::Long,
        ..page(
            "/cijfers/publicaties",
            "getPublications",
            &[
                QUARTER,
                SCOPE,
                key("van", "The number of one of the two publications that are compared; the one before the other when it is left out."),
                key("naar", "The number of the other; the last one when it is left out."),
            ],
            || get(publications::show),
        )
    },
    Endpoint {
        pace: Pace::Long,
        ..page("/cijfers/volledigheid", "getCompleteness", &[QUARTER, word("verklaard", &["ja"], "It was just declared complete.")], || {
            get(completeness::show)
        })
    },
    Endpoint { pace: Pace::Long, ..form("/cijfers/volledigheid", "postDeclaration", || post(completeness::declare)) },
    Endpoint {
        pace: Pace::Long,
        ..page(
            "/cijfers/verklaring",
            "getExplainedFigure",
            &[
                QUARTER,
                SCOPE,
                key("cel", "The path of the number in the figures."),
                word("uitkomst", OUTCOMES, "Those that it counts, or those that it leaves out."),
                key("reden", "Only those with this reason."),
                key("na", "The trajectory after which the list goes on."),
            ],
            || get(explained::show),
        )
    },
    Endpoint { pace: Pace::Long, ..page("/cijfers/tabellen.csv", "getFiguresAsCsv", &[QUARTER, SCOPE], || get(tables::csv)) },
    Endpoint { pace: Pace::Long, ..page("/cijfers/tabellen.xlsx", "getFiguresAsXlsx", &[QUARTER, SCOPE], || get(tables::xlsx)) },
    Endpoint { pace: Pace::Long, ..page("/cijfers/tabellen.parquet", "getFiguresAsParquet", &[QUARTER, SCOPE], || get(tables::parquet)) },
    Endpoint { pace: Pace::Long, ..page("/cijfers/datapackage.json", "getDataPackage", &[QUARTER, SCOPE], || get(tables::package)) },
    Endpoint { pace: Pace::Long, ..page("/cijfers/draaitabel", "getPivotTable", PIVOT, || get(pivot::show)) },
    Endpoint { pace: Pace::Long, ..page("/cijfers/draaitabel.csv", "getPivotTableAsCsv", PIVOT, || get(pivot::csv)) },
    Endpoint { pace: Pace::Long, ..page("/cijfers/draaitabel.xlsx", "getPivotTableAsXlsx", PIVOT, || get(pivot::xlsx)) },
    Endpoint { pace: Pace::Long, ..page("/cijfers/draaitabel.parquet", "getPivotTableAsParquet", PIVOT, || get(pivot::parquet)) },
    page("/cijfers/vragen", "getOpenQuestions", &[QUARTER, SCOPE], || get(questions::index)),
    Endpoint {
        pace: Pace::Long,
        ..page(
            "/cijfers/vragen/{slug}",
            "getOpenQuestion",
            &[QUARTER, SCOPE, key("methode", "One method."), key("financiering", "Who pays: municipality, uwv, other or all.")],
            || get(questions::show),
        )
    },
    page("/wachtrij", "getOutbox", &[], || get(shell::outbox)),
    page("/hulp", "getHelp", &[], || get(shell::help)),
];
