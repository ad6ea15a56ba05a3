//! What belongs to whoever is signed in: the password, where they are signed in, tokens for apps.

use accounts::{By, SHORTEST_PASSWORD};
use axum::{
    Extension,
    body::Body,
    extract::{Path, State},
    http::Request,
    response::Response,
};
use pages::{Filled, Lang, Mistake, OwnAccount, SessionRow, TokenRow};

use super::{Visitor, admin, convert, page};
use crate::{
    Inner,
    http::{Asked, Form, Gate, of_address, see_other},
    problem::Problem,
};

/// The page.
const ACCOUNT: &str = "/account";
/// How long a token of this page lasts, in days.
const TOKEN_DAYS: u32 = 365;

/// `GET /account`.
pub(crate) async fn account(State(inner): Gate, visitor: Visitor, Extension(asked): Extension<Asked>) -> Result<Response, Problem> {
    let changed = asked.word("gewijzigd", &["true"])?.is_some();
    page(&OwnAccount { changed, ..of(&inner, visitor)? })
}

/// The page for choosing a password, with what went wrong the last time and the seconds to wait.
///
/// # Errors
/// When there are no accounts.
pub(crate) fn password(inner: &Inner, visitor: Visitor, said: Option<(&str, Option<u64>)>) -> Result<Response, Problem> {
    let lang = visitor.frame.lang;
    let filled = said.map(|(said, wait)| Filled { mistakes: vec![mistake(lang, said, wait)], ..Filled::default() });
    page(&OwnAccount { filled, ..of(inner, visitor)? })
}

fn of(inner: &Inner, visitor: Visitor) -> Result<OwnAccount, Problem> {
    let accounts = &inner.sign_in()?.accounts;
    let account = &visitor.seen.account;
    let session = |session: accounts::SessionInfo| SessionRow {
        id: session.id.to_string(),
        is_this: session.id == visitor.seen.session.id,
        used: convert::minute(session.last_seen),
        device: session.agent,
    };
    let token = |token: accounts::TokenInfo| TokenRow {
        id: token.id.to_string(),
        made: convert::day_at(token.created),
        used: token.last_used.map(convert::day_of),
        until: Some(convert::day_at(token.expires)),
        name: token.name,
    };
    Ok(OwnAccount {
        today: convert::day(visitor.today),
        username: account.profile.login.as_str().to_owned(),
        has_password: account.signs_in_by.is_password(),
        must_change: account.must_change_password,
        shortest: SHORTEST_PASSWORD,
        signed_in: admin::last_sign_in(accounts, account).map(convert::minute),
        sessions: accounts.sessions_of(account.id).into_iter().map(session).collect(),
        tokens: accounts.tokens_of(account.id).into_iter().map(token).collect(),
        may_make_tokens: !account.must_change_password,
        made: None,
        changed: false,
        filled: None,
        frame: visitor.frame,
    })
}

/// What is wrong with a password, at its field.
fn mistake(lang: Lang, said: &str, wait: Option<u64>) -> Mistake {
    let (field, message) = match said {
        "onjuist" => ("old", lang.t("Dit wachtwoord klopt niet.", "This password is not right.").to_owned()),
        "anders" => {
            ("again", lang.t("De twee nieuwe wachtwoorden zijn niet gelijk.", "The two new passwords are not the same.").to_owned())
        }
        "password_too_short" => (
            "new",
            match lang {
                Lang::Nl => format!("Neem minstens {SHORTEST_PASSWORD} tekens: een paar woorden samen zijn goed te onthouden."),
                Lang::En => format!("Take at least {SHORTEST_PASSWORD} characters: a few words together are easy to remember."),
            },
        ),
        "password_too_long" => ("new", lang.t("Dit wachtwoord is te lang.", "This password is too long.").to_owned()),
        "password_common" => (
            "new",
            lang.t("Dit wachtwoord gebruiken te veel mensen. Kies een ander.", "Too many people use this password. Choose another.")
                .to_owned(),
        ),
        "password_contains_login" => (
            "new",
            lang.t("Je gebruikersnaam staat in dit wachtwoord. Kies een ander.", "Your user name is in this password. Choose another.")
                .to_owned(),
        ),
        "password_unchanged" => {
            ("new", lang.t("Dit is je oude wachtwoord. Kies een ander.", "This is your old password. Choose another.").to_owned())
        }
        "wachten" => (
            "old",
            match (lang, wait) {
                (Lang::Nl, Some(seconds)) => format!("Er is te vaak geprobeerd. Wacht {seconds} seconden en probeer het dan opnieuw."),
                (Lang::En, Some(seconds)) => format!("There were too many tries. Wait {seconds} seconds and try again."),
                (_, None) => {
                    lang.t("Er is te vaak geprobeerd. Wacht een paar minuten.", "There were too many tries. Wait a few minutes.").to_owned()
                }
            },
        ),
        _ => ("", lang.t("Het lukt nu niet. Probeer het zo opnieuw.", "It does not work now. Try again in a moment.").to_owned()),
    };
    Mistake { field: field.to_owned(), message, link: None }
}

/// `POST /account/sessies/ID/stoppen`.
pub(crate) async fn end_session(State(inner): Gate, visitor: Visitor, Path(id): Path<String>) -> Result<Response, Problem> {
    inner.sign_in()?.accounts.end_session(visitor.seen.account.id, of_address(&id)?).await?;
    see_other(ACCOUNT)
}

/// `POST /account/tokens`: the token is shown on the page that comes back, and never again.
pub(crate) async fn make_token(State(inner): Gate, visitor: Visitor, request: Request<Body>) -> Result<Response, Problem> {
    let form = Form::read(request, &["name"], &inner.limits).await?;
    let (_, token) = inner.sign_in()?.accounts.create_token(visitor.seen.account.id, form.text("name").trim(), TOKEN_DAYS, None).await?;
    page(&OwnAccount { made: Some(token.expose().as_str().to_owned()), ..of(&inner, visitor)? })
}

/// `POST /account/tokens/ID/intrekken`.
pub(crate) async fn revoke_token(State(inner): Gate, visitor: Visitor, Path(id): Path<String>) -> Result<Response, Problem> {
    let account = visitor.seen.account.id;
    inner.sign_in()?.accounts.revoke_token(By::Account(account), account, of_address(&id)?).await?;
    see_other(ACCOUNT)
}
