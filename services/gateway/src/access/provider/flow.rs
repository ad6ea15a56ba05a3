//! Signing in at the provider: authorization code with PKCE (RFC 6749, 7636, 9700; OpenID Connect Core).
//!
//! ```text
//!   POST /inloggen/organisatie ──► a secret, sealed in a cookie ──► browser to the provider: state, nonce, challenge, each made of it
//!   GET /inloggen/organisatie/terug ──► the cookie's secret: seal, age, state, never used before
//!                                   ──► code and verifier to the provider ──► ID token: signature, claims, nonce ──► who it is
//! ```
//!
//! The secret never leaves the cookie, and what is made of it does not lead back to it. A cookie that another browser brings, or another
//! sign-in, has another secret, so that its state does not fit.

use std::{
    collections::{HashSet, VecDeque},
    fmt::Write,
    sync::{Arc, Mutex, PoisonError},
};

use accounts::Identity;
use axum::http::{HeaderMap, HeaderValue};
use base64::{
    Engine,
    engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD},
};
use form_urlencoded::Serializer;
use ring::{digest, hmac};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use zeroize::Zeroizing;

use super::{
    super::cookie::{ATTRIBUTES, the_cookie},
    Away, Flaw, Known, NotTaken, Provider, Purpose, Question,
    jwt::Claims,
};

/// The cookie of a sign-in that has begun.
pub const COOKIE: &str = "__Host-trajectlog-provider";
/// Where a sign-in begins.
pub(crate) const STARTS: &str = "/inloggen/organisatie";
/// Where browsers come back to.
pub(crate) const CALLBACK: &str = "/inloggen/organisatie/terug";
/// How long somebody may take at the provider, in seconds.
const LASTS: i64 = 600;
/// Sign-ins that are remembered as used. Of more the first are forgotten: the provider takes a code once too.
const MOST_USED: usize = 20_000;
/// The longest parameter of an answer that is looked at.
const LONGEST_PARAMETER: usize = 4_096;
/// The longest answer with tokens, in bytes.
const LONGEST_TOKENS: usize = 128 << 10;

/// A sign-in that has begun.
pub(crate) struct Begun {
    /// Where the browser goes.
    pub(crate) to: String,
    /// What it keeps meanwhile.
    pub(crate) cookie: HeaderValue,
}

/// Somebody who came back from the provider.
pub(crate) struct Come {
    /// Who it is.
    pub(crate) identity: Identity,
    /// Where they wanted to go.
    pub(crate) next: Option<String>,
    claims: Claims,
    access: Option<Zeroizing<String>>,
}

/// Why nobody came back.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Failed {
    /// It did not begin in this browser, too long ago, or was used before.
    #[error("no sign-in of this browser that goes on: {0}")]
    NotBegun(&'static str),
    /// The provider said no.
    #[error("the provider says {0}")]
    SaysNo(String),
    /// What it answers is not what was asked for.
    #[error("its answer is not taken: {0}")]
    Unfit(&'static str),
    /// Its ID token.
    #[error("its ID token is not taken: {0}")]
    NotTaken(#[from] NotTaken),
    /// It cannot be asked.
    #[error(transparent)]
    Away(#[from] Away),
}

impl From<Flaw> for Failed {
    fn from(flaw: Flaw) -> Self {
        Self::NotTaken(flaw.into())
    }
}

/// Sign-ins that were used, by their secrets' digests, for as long as their cookies could come again.
#[derive(Default)]
pub(super) struct Used(Mutex<Remembered>);

/// The digest of a secret.
type Digest = [u8; 32];

#[derive(Default)]
struct Remembered {
    known: HashSet<Digest>,
    /// The same, as they came.
    order: VecDeque<(i64, Digest)>,
}

impl Used {
    /// Whether this is the first time.
    fn first(&self, secret: &[u8], now: i64) -> bool {
        let mut id = Digest::default();
        for (to, from) in id.iter_mut().zip(digest::digest(&digest::SHA256, secret).as_ref()) {
            *to = *from;
        }
        let mut used = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let Remembered { known, order } = &mut *used;
        while order.front().is_some_and(|(at, _)| now.saturating_sub(*at) > LASTS || order.len() >= MOST_USED) {
            if let Some((_, id)) = order.pop_front() {
                known.remove(&id);
            }
        }
        let first = known.insert(id);
        if first {
            order.push_back((now, id));
        }
        first
    }
}

/// What a browser keeps during a sign-in.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Kept {
    secret: Zeroizing<String>,
    at: i64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    next: Option<String>,
}

/// The parameters that come back. Others are not looked at, as RFC 6749 has it.
#[derive(Default)]
struct Answer {
    code: Option<Zeroizing<String>>,
    state: Option<String>,
    iss: Option<String>,
    error: Option<String>,
}

impl Answer {
    /// `None` where one comes twice or is too long.
    fn read(query: &str) -> Option<Self> {
        let mut answer = Self::default();
        for (name, value) in form_urlencoded::parse(query.as_bytes()) {
            let value = value.into_owned();
            let before = match &*name {
                "code" => answer.code.replace(value.clone().into()).is_some(),
                "state" => answer.state.replace(value.clone()).is_some(),
                "iss" => answer.iss.replace(value.clone()).is_some(),
                "error" => answer.error.replace(value.clone()).is_some(),
                _ => continue,
            };
            if before || value.len() > LONGEST_PARAMETER {
                return None;
            }
        }
        Some(answer)
    }
}

#[derive(Deserialize)]
struct Tokens {
    id_token: Option<Zeroizing<String>>,
    #[serde(default)]
    access_token: Option<Zeroizing<String>>,
}

/// Has the browser forget the sign-in.
pub(crate) fn forgotten() -> Option<HeaderValue> {
    HeaderValue::from_str(&format!("{COOKIE}=; {ATTRIBUTES}; Max-Age=0")).ok()
}

impl Provider {
    /// Begins a sign-in.
    pub(crate) async fn begin(self: &Arc<Self>, next: Option<&str>) -> Result<Begun, Away> {
        let known = self.known().await?;
        let mut secret = Zeroizing::new([0; 32]);
        getrandom::fill(secret.as_mut_slice()).map_err(|error| Away(format!("no sign-in can begin without randomness: {error}")))?;
        let kept = Kept { secret: URL_SAFE_NO_PAD.encode(secret.as_slice()).into(), at: self.seconds(), next: next.map(str::to_owned) };
        let kept = URL_SAFE_NO_PAD.encode(serde_json::to_vec(&kept).map_err(|error| Away(error.to_string()))?);
        let seal = URL_SAFE_NO_PAD.encode(hmac::sign(&self.seal, kept.as_bytes()));
        let mut cookie = HeaderValue::from_str(&format!("{COOKIE}={kept}.{seal}; {ATTRIBUTES}; Max-Age={LASTS}"))
            .map_err(|error| Away(error.to_string()))?;
        cookie.set_sensitive(true);

        let verifier = self.made("verifier", secret.as_slice());
        let challenge = URL_SAFE_NO_PAD.encode(digest::digest(&digest::SHA256, verifier.as_bytes()));
        let mut query = Serializer::new(String::new());
        query
            .append_pair("response_type", "code")
            .append_pair("client_id", &self.settings.client_id)
            .append_pair("redirect_uri", &self.redirect_uri())
            .append_pair("scope", self.scope())
            .append_pair("state", &self.made("state", secret.as_slice()))
            .append_pair("nonce", &self.made("nonce", secret.as_slice()))
            .append_pair("code_challenge", &challenge)
            .append_pair("code_challenge_method", "S256");
        let at = &known.says.authorization_endpoint;
        let joint = if at.contains('?') { '&' } else { '?' };
        Ok(Begun { to: format!("{at}{joint}{}", query.finish()), cookie })
    }

    /// Ends a sign-in: who came back with this answer.
    pub(crate) async fn come_back(self: &Arc<Self>, headers: &HeaderMap, query: &str) -> Result<Come, Failed> {
        let kept = the_cookie(headers, COOKIE).ok_or(Failed::NotBegun("there is no cookie, or two"))?;
        let (secret, next) = self.opened(kept)?;
        let answer = Answer::read(query).ok_or(Failed::NotBegun("a parameter comes twice or is too long"))?;
        let state = answer.state.as_deref().and_then(|state| URL_SAFE_NO_PAD.decode(state).ok());
        let fits = state.is_some_and(|state| hmac::verify(&self.seal, &message("state", &secret), &state).is_ok());
        if !fits {
            return Err(Failed::NotBegun("the state is another"));
        }
        if !self.used.first(&secret, self.seconds()) {
            return Err(Failed::NotBegun("it was used before"));
        }
        let known = self.known().await?;
        match answer.iss {
            Some(issuer) if issuer != self.settings.issuer => return Err(Failed::Unfit("it is of another issuer")),
            None if known.says.authorization_response_iss_parameter_supported => return Err(Failed::Unfit("it lacks the issuer")),
            Some(_) | None => {}
        }
        if let Some(error) = answer.error {
            // Codes only: whatever else may stand there is not repeated.
            let code = error.chars().filter(|c| c.is_ascii_alphanumeric() || *c == '_').take(64).collect();
            return Err(Failed::SaysNo(code));
        }
        let code = answer.code.filter(|code| !code.is_empty()).ok_or(Failed::Unfit("it has no code"))?;
        let tokens = self.exchanged(&known, &code, &self.made("verifier", &secret)).await?;
        let id_token = tokens.id_token.ok_or(Failed::Unfit("it has no ID token"))?;
        let nonce = self.made("nonce", &secret);
        let claims = self.judged(&id_token, &self.settings.client_id, Purpose::Id { nonce: &nonce }).await?;
        Ok(Come { identity: self.identity(&claims)?, next, claims, access: tokens.access_token })
    }

    /// The login of whoever came back, for their first sign-in: of the ID token, else of what the provider tells when it is asked about them.
    ///
    /// Of an address that the provider has not confirmed it is none: whoever may write any address there would be anybody.
    pub(crate) async fn login_of(self: &Arc<Self>, come: &Come) -> Result<Option<String>, Failed> {
        if let Some(login) = self.login_in(&come.claims) {
            return Ok(login);
        }
        let known = self.known().await?;
        let (Some(url), Some(access)) = (&known.says.userinfo_endpoint, &come.access) else { return Ok(None) };
        let authorization = Zeroizing::new(format!("Bearer {}", access.as_str()));
        let question = Question { url, authorization: Some(&authorization), form: None, longest: LONGEST_TOKENS };
        let told = Claims::told(&self.ask(question).await?).ok_or(Failed::Unfit("what it tells of somebody cannot be read"))?;
        if told.subject() != come.claims.subject() {
            return Err(Failed::Unfit("it tells of somebody else"));
        }
        Ok(self.login_in(&told).flatten())
    }

    /// The login in claims; the inner `None` where there is one that does not count.
    fn login_in(&self, claims: &Claims) -> Option<Option<String>> {
        let claim = self.settings.login_claim.as_str();
        let login = claims.get(claim)?.as_str()?.to_owned();
        // Not told is not confirmed: a provider that says nothing of it may let anybody write any address.
        let confirmed = claims.get("email_verified").is_some_and(|said| said == &Value::Bool(true) || said == "true");
        Some((claim != "email" || confirmed).then_some(login))
    }

    async fn exchanged(self: &Arc<Self>, known: &Known, code: &str, verifier: &str) -> Result<Tokens, Failed> {
        let (authorization, form) = self.code_for_tokens(known, code, verifier);
        let question = Question {
            url: &known.says.token_endpoint,
            authorization: authorization.as_ref().map(|authorization| authorization.as_str()),
            form: Some(&form),
            longest: LONGEST_TOKENS,
        };
        let body = Zeroizing::new(self.ask(question).await?);
        serde_json::from_slice(&body).map_err(|_| Failed::Unfit("its tokens cannot be read"))
    }

    /// `Authorization`, and the fields of the form.
    fn code_for_tokens(&self, known: &Known, code: &str, verifier: &str) -> (Option<Zeroizing<String>>, Zeroizing<String>) {
        let (id, secret) = (&self.settings.client_id, &self.settings.client_secret);
        let basic = known.says.token_endpoint_auth_methods_supported.as_ref().is_none_or(|methods| {
            methods.iter().any(|method| method == "client_secret_basic") || !methods.iter().any(|method| method == "client_secret_post")
        });
        let mut form = Serializer::new(String::new());
        form.append_pair("grant_type", "authorization_code")
            .append_pair("code", code)
            .append_pair("redirect_uri", &self.redirect_uri())
            .append_pair("code_verifier", verifier);
        let authorization = match secret {
            Some(secret) if basic => {
                let encoded = |text: &str| Zeroizing::new(form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>());
                let mut both = Zeroizing::new(String::new());
                let _ = write!(both, "{}:{}", *encoded(id), *encoded(secret));
                Some(Zeroizing::new(format!("Basic {}", STANDARD.encode(both.as_bytes()))))
            }
            Some(secret) => {
                form.append_pair("client_id", id).append_pair("client_secret", secret);
                None
            }
            None => {
                form.append_pair("client_id", id);
                None
            }
        };
        (authorization, Zeroizing::new(form.finish()))
    }

    /// The secret of a sign-in and where it goes on, of a cookie that this service has sealed.
    fn opened(&self, cookie: &str) -> Result<(Zeroizing<Vec<u8>>, Option<String>), Failed> {
        let broken = || Failed::NotBegun("the cookie is none of this service, or of an earlier start of it");
        let (kept, seal) = cookie.split_once('.').ok_or_else(broken)?;
        let seal = URL_SAFE_NO_PAD.decode(seal).map_err(|_| broken())?;
        hmac::verify(&self.seal, kept.as_bytes(), &seal).map_err(|_| broken())?;
        let kept = URL_SAFE_NO_PAD.decode(kept).map_err(|_| broken())?;
        let Kept { secret, at, next } = serde_json::from_slice(&kept).map_err(|_| broken())?;
        if !(0..=LASTS).contains(&self.seconds().saturating_sub(at)) {
            return Err(Failed::NotBegun("it began too long ago"));
        }
        Ok((Zeroizing::new(URL_SAFE_NO_PAD.decode(&*secret).map_err(|_| broken())?), next))
    }

    /// What is made of a sign-in's secret for this purpose.
    fn made(&self, purpose: &str, secret: &[u8]) -> String {
        URL_SAFE_NO_PAD.encode(hmac::sign(&self.seal, &message(purpose, secret)))
    }

    fn redirect_uri(&self) -> String {
        format!("{}{CALLBACK}", self.settings.public_url)
    }

    fn scope(&self) -> &'static str {
        if self.settings.login_claim == "email" { "openid email" } else { "openid profile email" }
    }
}

/// No purpose is the beginning of another, and none looks like a cookie.
fn message(purpose: &str, secret: &[u8]) -> Zeroizing<Vec<u8>> {
    Zeroizing::new([purpose.as_bytes(), &[0], secret].concat())
}
