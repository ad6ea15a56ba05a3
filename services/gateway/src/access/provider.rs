//! The provider of identities of an organisation (OpenID Connect): who somebody is there, by a sign-in or by a token of an app.
//!
//! ```text
//!   sign-in ── flow.rs: code, PKCE, state, nonce ──► ID token ──┐
//!   app ────── Authorization: Bearer eyJ… ──────────────────────┼─► jwt.rs ──► issuer, subject ──► accounts: an account or nobody
//!   provider ─ what it says of itself, its keys ── Web (port) ──┘
//! ```
//!
//! # Invariants
//!
//! 1. *Closed, not open.* What cannot be judged is not believed: without keys of the provider nobody is anybody. *`provider.rs`, `by_provider.rs`.*
//! 2. *A provider says who, and never what.* Roles and organisation are those of the account.
//! 3. *It is asked seldom.* Whatever comes in makes at most one fetch of its keys each [`PAUSE`].
//! 4. *Limits on what it answers*: time, size, one issuer, addresses over TLS.

mod flow;
mod jwt;

use std::{
    fmt,
    sync::{Arc, PoisonError, RwLock},
    time::Duration,
};

use accounts::{Clock, Identity};
use axum::http::Uri;
use ring::hmac;
use serde::Deserialize;
use zeroize::Zeroizing;

use crate::ports::Later;

pub use flow::COOKIE as PROVIDER_COOKIE;
pub(crate) use flow::{CALLBACK, STARTS, forgotten};
use jwt::{Flaw, Keys, Purpose, Unjudged, Wanted};

/// What is known of a provider is asked anew when it is older.
const FRESH: Duration = Duration::from_secs(3600);
/// While the provider does not answer, what was known is believed for so long: a key that it has withdrawn is refused by then.
const LASTS: Duration = Duration::from_secs(24 * 3600);
/// At least so long between two fetches of its keys, whatever names of keys come in.
pub const PAUSE: Duration = Duration::from_secs(30);
/// The same after one that failed: a provider that is back is found soon.
pub const PAUSE_AFTER_FAILURE: Duration = Duration::from_secs(5);
/// How long the provider may take for one answer.
const ANSWER_WITHIN: Duration = Duration::from_secs(10);
/// The longest answer of a provider, in bytes.
pub const LONGEST_ANSWER: usize = 256 << 10;
/// Where a provider says what it is.
const DISCOVERY: &str = "/.well-known/openid-configuration";

/// A question to a provider.
#[derive(Clone, Copy)]
pub struct Question<'a> {
    /// Where.
    pub url: &'a str,
    /// With this `Authorization`.
    pub authorization: Option<&'a str>,
    /// Posts these fields of a form; else it only reads.
    pub form: Option<&'a str>,
    /// An answer that is longer is none.
    pub longest: usize,
}

impl fmt::Debug for Question<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Neither form nor authorization: secrets are in both.
        f.debug_struct("Question").field("url", &self.url).finish_non_exhaustive()
    }
}

/// An answer of a provider.
#[derive(Clone, Debug)]
pub struct Reply {
    /// Its status.
    pub status: u16,
    /// Its body.
    pub body: Vec<u8>,
}

/// How a provider is reached. The binary plugs in a client of HTTP; it follows no redirect. Its time is kept here.
pub trait Web: Send + Sync + 'static {
    /// The answer; or why there is none, in words for the operator.
    fn ask<'a>(&'a self, question: Question<'a>) -> Later<'a, Result<Reply, String>>;
}

/// What an operator says of a provider.
#[derive(Clone)]
pub struct ProviderSettings {
    /// Its issuer, to the letter.
    pub issuer: String,
    /// Under what this service is known to it.
    pub client_id: String,
    /// What shows that it is this service; `None` for a public client.
    pub client_secret: Option<Zeroizing<String>>,
    /// What the page for signing in calls it.
    pub name: String,
    /// The claim that is compared with an account's login, at the first sign-in.
    pub login_claim: String,
    /// For whom tokens of apps are meant; `None`: none are taken.
    pub audience: Option<String>,
    /// Where browsers reach this service, without a slash at the end.
    pub public_url: String,
}

impl fmt::Debug for ProviderSettings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ProviderSettings").field("issuer", &self.issuer).field("client_id", &self.client_id).finish_non_exhaustive()
    }
}

/// What is wrong with settings of a provider.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum WrongSettings {
    /// Who listens on the way would be let in.
    #[error("the issuer is an https address without a question; http on a loopback address only")]
    Issuer,
    /// Browsers would come back to nowhere.
    #[error("the public URL is https://host[:port] without a path; http on a loopback address only")]
    PublicUrl,
    /// A name in the place of somebody.
    #[error("client id, name and login claim are not empty")]
    Empty,
    /// A token that tells who signed in would open the API.
    #[error("the audience of apps' tokens is not the client id: a token that says who signed in must not be taken for one that may ask")]
    Audience,
    /// No randomness.
    #[error("the operating system gave no randomness")]
    Randomness,
}

/// Why nobody can be known by the provider now; told to the operator.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the provider of identities: {0}")]
pub(crate) struct Away(String);

/// Why a token is not believed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum NotTaken {
    /// There are no keys to judge it by.
    #[error(transparent)]
    Away(#[from] Away),
    /// It is none to take.
    #[error(transparent)]
    Flawed(#[from] Flaw),
}

/// What a provider says of itself.
#[derive(Clone, Debug, Deserialize)]
struct Discovery {
    issuer: String,
    authorization_endpoint: String,
    token_endpoint: String,
    jwks_uri: String,
    #[serde(default)]
    userinfo_endpoint: Option<String>,
    #[serde(default)]
    code_challenge_methods_supported: Option<Vec<String>>,
    #[serde(default)]
    token_endpoint_auth_methods_supported: Option<Vec<String>>,
    #[serde(default)]
    authorization_response_iss_parameter_supported: bool,
}

/// A provider as it was when it was asked.
#[derive(Debug)]
struct Known {
    says: Discovery,
    keys: Keys,
    at: Duration,
}

/// What became of the last fetch.
#[derive(Debug)]
struct Last {
    at: Duration,
    failed: Option<Away>,
}

/// The provider of identities.
pub struct Provider {
    settings: ProviderSettings,
    web: Arc<dyn Web>,
    clock: Arc<dyn Clock>,
    known: RwLock<Option<Arc<Known>>>,
    /// Held while it is asked: whoever else wants to know waits for the same answer.
    last: tokio::sync::Mutex<Option<Last>>,
    /// Seals what a browser keeps during a sign-in; new with every start, which ends the sign-ins that had begun.
    seal: hmac::Key,
    used: flow::Used,
}

impl fmt::Debug for Provider {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Provider").field("settings", &self.settings).finish_non_exhaustive()
    }
}

/// Whether an address may be asked: over TLS, or on this machine where that was said to be so.
fn is_safe(url: &str, on_loopback: bool) -> bool {
    let Ok(uri) = url.parse::<Uri>() else { return false };
    let (Some(host), Some(authority)) = (uri.host(), uri.authority()) else { return false };
    if url.contains('#') || authority.as_str().contains('@') {
        return false;
    }
    match uri.scheme_str() {
        Some("https") => true,
        Some("http") => on_loopback && is_loopback(host),
        Some(_) | None => false,
    }
}

fn is_loopback(host: &str) -> bool {
    let bare = host.strip_prefix('[').and_then(|host| host.strip_suffix(']')).unwrap_or(host);
    host.eq_ignore_ascii_case("localhost") || bare.parse::<std::net::IpAddr>().is_ok_and(|address| address.is_loopback())
}

impl Provider {
    /// A provider that is asked when somebody needs it.
    ///
    /// # Errors
    /// What is wrong with the settings.
    pub fn new(settings: ProviderSettings, web: Arc<dyn Web>, clock: Arc<dyn Clock>) -> Result<Self, WrongSettings> {
        let ProviderSettings { issuer, client_id, name, login_claim, audience, public_url, client_secret: _ } = &settings;
        if !is_safe(issuer, true) || issuer.contains('?') || Identity::new(issuer, "s").is_none() {
            return Err(WrongSettings::Issuer);
        }
        let rest = public_url.split_once("://").map(|(_, rest)| rest).unwrap_or_default();
        if !is_safe(public_url, true) || rest.contains(['/', '?']) {
            return Err(WrongSettings::PublicUrl);
        }
        if [client_id, name, login_claim].into_iter().any(|text| text.trim().is_empty()) {
            return Err(WrongSettings::Empty);
        }
        if audience.as_ref().is_some_and(|audience| audience == client_id || audience.is_empty()) {
            return Err(WrongSettings::Audience);
        }
        let mut key = Zeroizing::new([0; 32]);
        getrandom::fill(key.as_mut_slice()).map_err(|_| WrongSettings::Randomness)?;
        let seal = hmac::Key::new(hmac::HMAC_SHA256, key.as_slice());
        Ok(Self { settings, web, clock, known: RwLock::default(), last: tokio::sync::Mutex::default(), seal, used: flow::Used::default() })
    }

    /// What the page for signing in calls it.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.settings.name
    }

    /// Whether tokens of apps are taken.
    #[must_use]
    pub const fn takes_tokens(&self) -> bool {
        self.settings.audience.is_some()
    }

    /// Who asks with this token of an app, and until when, in seconds.
    pub(crate) async fn bearer(self: &Arc<Self>, token: &str) -> Result<(Identity, i64), NotTaken> {
        let audience = self.settings.audience.as_deref().ok_or(Flaw::Audience)?;
        let claims = self.judged(token, audience, Purpose::Bearer).await?;
        let expires = claims.expires().ok_or(Flaw::Missing("exp"))?.saturating_add(jwt::LEEWAY);
        Ok((self.identity(&claims)?, expires))
    }

    fn identity(&self, claims: &jwt::Claims) -> Result<Identity, Flaw> {
        claims.subject().and_then(|subject| Identity::new(&self.settings.issuer, subject)).ok_or(Flaw::Subject)
    }

    async fn judged(self: &Arc<Self>, token: &str, audience: &str, purpose: Purpose<'_>) -> Result<jwt::Claims, NotTaken> {
        let issuer = self.settings.issuer.as_str();
        let token = Unjudged::read(token, purpose)?;
        token.is_of(issuer)?;
        let mut known = self.known().await?;
        if !token.has_key_in(&known.keys) {
            // A key that is new there, perhaps.
            known = self.fetched().await.unwrap_or(known);
        }
        // By the moment at which it is judged: the provider may have taken its time.
        let wanted = Wanted { issuer, audience, purpose, now: self.seconds() };
        Ok(token.judge(&known.keys, wanted)?)
    }

    fn seconds(&self) -> i64 {
        self.clock.now().micros().div_euclid(1_000_000)
    }

    // ---- What the provider says of itself ----------------------------------------------------------------------------------------------

    fn held(&self) -> Option<Arc<Known>> {
        self.known.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The provider, asked anew where what is known of it is old.
    async fn known(self: &Arc<Self>) -> Result<Arc<Known>, Away> {
        let age = |known: &Known| self.clock.running().saturating_sub(known.at);
        let held = self.held();
        if let Some(known) = held.as_ref().filter(|known| age(known) < FRESH) {
            return Ok(Arc::clone(known));
        }
        let held = held.filter(|known| age(known) < LASTS);
        // One asks; nobody else waits for a provider that is slow, while there is something to go by.
        if let Some(known) = held.as_ref().filter(|_| self.last.try_lock().is_err()) {
            return Ok(Arc::clone(known));
        }
        match (self.fetched().await, held) {
            (Ok(known), _) | (Err(_), Some(known)) => Ok(known),
            (Err(away), None) => Err(away),
        }
    }

    /// Asks it, unless that was done just now: then what came of that. It is asked to the end, whoever hangs up meanwhile: else whoever asks and
    /// goes away again and again would keep everybody from an answer.
    async fn fetched(self: &Arc<Self>) -> Result<Arc<Known>, Away> {
        let this = Arc::clone(self);
        let asked = tokio::spawn(async move { this.fetched_in_turn().await }).await;
        asked.unwrap_or_else(|_| Err(Away("asking it was broken off".to_owned())))
    }

    async fn fetched_in_turn(&self) -> Result<Arc<Known>, Away> {
        let mut last = self.last.lock().await;
        let now = self.clock.running();
        if let Some(Last { at, failed }) = &*last {
            let pause = if failed.is_some() { PAUSE_AFTER_FAILURE } else { PAUSE };
            if now.saturating_sub(*at) < pause {
                return match (failed, self.held()) {
                    (None, Some(known)) => Ok(known),
                    (Some(away), _) => Err(away.clone()),
                    (None, None) => Err(Away("nothing is known of it".to_owned())),
                };
            }
        }
        let fetched = self.fetch(now).await;
        let failed = fetched.as_ref().err().cloned();
        if let Some(away) = &failed {
            tracing::warn!("{away}");
        }
        *last = Some(Last { at: self.clock.running(), failed });
        let known = Arc::new(fetched?);
        *self.known.write().unwrap_or_else(PoisonError::into_inner) = Some(Arc::clone(&known));
        Ok(known)
    }

    async fn fetch(&self, now: Duration) -> Result<Known, Away> {
        let issuer = &self.settings.issuer;
        let read =
            |url: String| async move { self.ask(Question { url: &url, authorization: None, form: None, longest: LONGEST_ANSWER }).await };
        let body = read(format!("{}{DISCOVERY}", issuer.trim_end_matches('/'))).await?;
        let says: Discovery =
            serde_json::from_slice(&body).map_err(|error| Away(format!("what it says of itself cannot be read: {error}")))?;
        if says.issuer != *issuer {
            return Err(Away("it says that it is another issuer".to_owned()));
        }
        let on_loopback = issuer.starts_with("http:");
        let addresses =
            [Some(&says.authorization_endpoint), Some(&says.token_endpoint), Some(&says.jwks_uri), says.userinfo_endpoint.as_ref()];
        if !addresses.into_iter().flatten().all(|url| is_safe(url, on_loopback)) {
            return Err(Away("it names an address that is not https".to_owned()));
        }
        if says.code_challenge_methods_supported.as_ref().is_some_and(|methods| !methods.iter().any(|method| method == "S256")) {
            return Err(Away("it does not take PKCE with S256".to_owned()));
        }
        let keys =
            Keys::read(&read(says.jwks_uri.clone()).await?).ok_or_else(|| Away("it has no key of a kind that is taken".to_owned()))?;
        Ok(Known { says, keys, at: now })
    }

    /// The body of an answer with status 200.
    async fn ask(&self, question: Question<'_>) -> Result<Vec<u8>, Away> {
        let answered = tokio::time::timeout(ANSWER_WITHIN, self.web.ask(question)).await;
        let reply = answered.map_err(|_| Away(format!("{} did not answer in time", question.url)))?;
        let Reply { status, body } = reply.map_err(|cause| Away(format!("{} does not answer: {cause}", question.url)))?;
        if body.len() > question.longest {
            return Err(Away(format!("{} answers with too much", question.url)));
        }
        if status != 200 {
            return Err(Away(format!("{} answers with {status}", question.url)));
        }
        Ok(body)
    }
}
