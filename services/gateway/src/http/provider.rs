//! Signing in by the organisation's provider: leaving for it, and coming back.

use std::sync::Arc;

use accounts::SignInError;
use axum::{
    body::Body,
    extract::State,
    http::{HeaderMap, HeaderValue, Request, Uri, header},
    response::Response,
};

use super::{
    Answered, Gate,
    body::Form,
    signing::{BEGIN, SIGN_IN, agent, back_to, leave, see_other, with_session, within},
};
use crate::{
    Inner,
    access::{Provider, provider::forgotten},
    problem::Problem,
    web::entrance,
};

/// What the page for signing in says when the provider could not be asked or did not agree.
const FAILED: &str = "organisatie";
/// What it says to somebody who has no account.
const NOBODY: &str = "geen-account";

fn provider(inner: &Inner) -> Result<&Arc<Provider>, Problem> {
    inner.sign_in()?.provider.as_ref().ok_or_else(|| Problem::not_found("nobody signs in here by a provider of identities"))
}

/// `POST /inloggen/organisatie`.
pub(super) async fn begin(State(inner): Gate, request: Request<Body>) -> Answered {
    let provider = provider(&inner)?;
    let headers = request.headers().clone();
    let form = Form::read(request, &["next"], &inner.limits).await?;
    let next = within(form.text("next"));
    let begun = match provider.begin(next).await {
        Ok(begun) => begun,
        // It is told to the operator where it was asked.
        Err(_) => return see_other(&back_to(SIGN_IN, FAILED, None, next)),
    };
    let leads = HeaderValue::from_str(&format!("0; url={}", begun.to)).map_err(|_| Problem::internal())?;
    let mut response = entrance::onward(&headers, provider.name(), begun.to)?;
    response.headers_mut().insert(header::REFRESH, leads);
    response.headers_mut().append(header::SET_COOKIE, begun.cookie);
    Ok(response)
}

/// `GET /inloggen/organisatie/terug`.
pub(super) async fn come_back(State(inner): Gate, uri: Uri, headers: HeaderMap) -> Answered {
    let (provider, accounts) = (provider(&inner)?, &inner.sign_in()?.accounts);
    let failed = |said: &str, next: Option<&str>| without_begun(see_other(&back_to(SIGN_IN, said, None, next))?);
    let come = match provider.come_back(&headers, uri.query().unwrap_or_default()).await {
        Ok(come) => come,
        Err(why) => {
            tracing::warn!("nobody was signed in by the provider: {why}");
            return failed(FAILED, None);
        }
    };
    let next = come.next.as_deref().and_then(within);
    let login = if accounts.is_linked(&come.identity) { Ok(None) } else { provider.login_of(&come).await };
    let login = match login {
        Ok(login) => login,
        Err(why) => {
            tracing::warn!("nobody was signed in by the provider: {why}");
            return failed(FAILED, next);
        }
    };
    match accounts.sign_in_by_provider(&come.identity, login.as_deref(), agent(&headers)).await {
        Ok(signed_in) => {
            leave(accounts, &headers).await;
            without_begun(with_session(see_other(next.unwrap_or(BEGIN))?, Some(&signed_in))?)
        }
        Err(SignInError::Refused | SignInError::Wait(_)) => failed(NOBODY, next),
        Err(SignInError::Failed(error)) => {
            // It is told to the operator on the way.
            let _ = Problem::from(error);
            failed("storing", next)
        }
    }
}

/// The same; the browser forgets the sign-in that had begun.
fn without_begun(mut response: Response) -> Answered {
    response.headers_mut().append(header::SET_COOKIE, forgotten().ok_or_else(Problem::internal)?);
    Ok(response)
}
