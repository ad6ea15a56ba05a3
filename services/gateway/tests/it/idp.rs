//! A provider of identities in memory: what it says of itself, its keys, its codes and its tokens, and every way in which they can be wrong.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex},
};

use accounts::{By, Clock, FirstPassword, Identity, Role};
use base64::{
    Engine,
    engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD},
};
use gateway::{
    Limits,
    access::{LONGEST_ANSWER, Provider, ProviderSettings, Question, Reply, Web},
    ports::Later,
};
use ring::{
    digest,
    rand::SystemRandom,
    signature::{
        ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, Ed25519KeyPair, KeyPair, RSA_PKCS1_SHA256, RSA_PSS_SHA256, RsaKeyPair,
        RsaPublicKeyComponents,
    },
};
use serde_json::{Map, Value, json};

use crate::signed::{Signed, Who, profile};

pub const ISSUER: &str = "https://idp.example/realm";
pub const CLIENT: &str = "trajectlog";
pub const AUDIENCE: &str = "https://trajectlog.example/api";
pub const PUBLIC: &str = "https://trajectlog.example";

/// A key pair.
pub enum Key {
    Rsa(RsaKeyPair),
    P256(EcdsaKeyPair),
    Ed25519(Ed25519KeyPair),
}

pub fn b64(bytes: impl AsRef<[u8]>) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

impl Key {
    pub fn p256() -> Self {
        let random = SystemRandom::new();
        let document = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &random).unwrap();
        Self::P256(EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, document.as_ref(), &random).unwrap())
    }

    pub fn ed25519() -> Self {
        let document = Ed25519KeyPair::generate_pkcs8(&SystemRandom::new()).unwrap();
        Self::Ed25519(Ed25519KeyPair::from_pkcs8(document.as_ref()).unwrap())
    }

    /// Ring makes no RSA keys: this one was made for these tests and opens nothing.
    pub fn rsa() -> Self {
        let text: String = include_str!("idp/rsa-key-of-tests.base64").split_whitespace().collect();
        Self::Rsa(RsaKeyPair::from_pkcs8(&STANDARD.decode(text).unwrap()).unwrap())
    }

    pub fn jwk(&self, kid: &str) -> Value {
        match self {
            Self::Rsa(pair) => {
                let RsaPublicKeyComponents { n, e } = RsaPublicKeyComponents::<Vec<u8>>::from(pair.public());
                json!({"kty": "RSA", "use": "sig", "kid": kid, "n": b64(n), "e": b64(e)})
            }
            Self::P256(pair) => {
                let point = pair.public_key().as_ref();
                json!({"kty": "EC", "crv": "P-256", "use": "sig", "kid": kid, "x": b64(&point[1..33]), "y": b64(&point[33..])})
            }
            Self::Ed25519(pair) => json!({"kty": "OKP", "crv": "Ed25519", "kid": kid, "x": b64(pair.public_key().as_ref())}),
        }
    }

    fn sign(&self, algorithm: &str, message: &[u8]) -> Vec<u8> {
        let random = SystemRandom::new();
        match self {
            Self::Rsa(pair) => {
                let padding: &dyn ring::signature::RsaEncoding = if algorithm == "PS256" { &RSA_PSS_SHA256 } else { &RSA_PKCS1_SHA256 };
                let mut signature = vec![0; pair.public().modulus_len()];
                pair.sign(padding, &random, message, &mut signature).unwrap();
                signature
            }
            Self::P256(pair) => pair.sign(&random, message).unwrap().as_ref().to_vec(),
            Self::Ed25519(pair) => pair.sign(message).as_ref().to_vec(),
        }
    }

    /// A token with this head and these claims, whatever they are.
    pub fn token(&self, head: &Value, claims: &Value) -> String {
        let signed = format!("{}.{}", b64(head.to_string()), b64(claims.to_string()));
        let signature = self.sign(head["alg"].as_str().unwrap_or_default(), signed.as_bytes());
        format!("{signed}.{}", b64(signature))
    }
}

/// What is done to claims before they are signed.
pub type Change = Arc<dyn Fn(&mut Map<String, Value>) + Send + Sync>;

/// What the provider is and does.
pub struct Says {
    pub discovery: Value,
    pub jwks: Value,
    pub down: bool,
    pub hangs: bool,
    /// How often it was asked for what it is.
    pub fetches: usize,
    /// What it gave codes for: challenge and nonce.
    codes: HashMap<String, (String, String)>,
    /// Claims beside the usual ones of whoever signs in; `Null` takes one away.
    pub claims: Value,
    pub changed: Option<Change>,
    /// In the place of an ID token.
    pub instead: Option<String>,
    /// In the place of any answer at the token endpoint.
    pub answers: Option<(u16, Vec<u8>)>,
    pub userinfo: Value,
    /// What came as `Authorization`, and as form, when a code was exchanged.
    pub shown: Option<(Option<String>, String)>,
}

pub struct Idp {
    pub says: Mutex<Says>,
    pub key: Key,
    clock: Arc<dyn Clock>,
}

impl Idp {
    pub fn new(clock: Arc<dyn Clock>) -> Arc<Self> {
        let key = Key::p256();
        let discovery = json!({
            "issuer": ISSUER, "authorization_endpoint": format!("{ISSUER}/auth"), "token_endpoint": format!("{ISSUER}/token"),
            "jwks_uri": format!("{ISSUER}/keys"), "userinfo_endpoint": format!("{ISSUER}/me"),
            "code_challenge_methods_supported": ["S256"], "authorization_response_iss_parameter_supported": true,
            "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post"], "something": {"else": true},
        });
        let says = Says {
            discovery,
            jwks: json!({"keys": [key.jwk("k1")]}),
            down: false,
            hangs: false,
            fetches: 0,
            codes: HashMap::new(),
            claims: json!({"sub": "s-ann", "email": "ann@ggz.example", "email_verified": true}),
            changed: None,
            instead: None,
            answers: None,
            userinfo: json!({}),
            shown: None,
        };
        Arc::new(Self { says: Mutex::new(says), key, clock })
    }

    pub fn change(&self, change: impl FnOnce(&mut Says)) {
        change(&mut self.says.lock().unwrap());
    }

    pub fn fetches(&self) -> usize {
        self.says.lock().unwrap().fetches
    }

    pub fn settings() -> ProviderSettings {
        ProviderSettings {
            issuer: ISSUER.to_owned(),
            client_id: CLIENT.to_owned(),
            client_secret: None,
            name: "ggz Voorbeeld".to_owned(),
            login_claim: "email".to_owned(),
            audience: Some(AUDIENCE.to_owned()),
            public_url: PUBLIC.to_owned(),
        }
    }

    pub fn now(&self) -> i64 {
        self.clock.now().micros() / 1_000_000
    }

    /// Claims that are right for an app's token, and these instead.
    pub fn for_apps(&self, other: &Value) -> Value {
        let now = self.now();
        merged(json!({"iss": ISSUER, "aud": AUDIENCE, "sub": "s-ann", "iat": now, "nbf": now, "exp": now + 300}), other)
    }

    /// A token for apps.
    pub fn token(&self, other: &Value) -> String {
        self.key.token(&json!({"alg": "ES256", "kid": "k1", "typ": "at+jwt"}), &self.for_apps(other))
    }

    /// Somebody signs in there: what the browser is sent back with.
    pub fn agreed(&self, to: &str) -> (String, String) {
        let asked: HashMap<String, String> = form_urlencoded::parse(to.split_once('?').unwrap().1.as_bytes()).into_owned().collect();
        assert!(to.starts_with(&format!("{ISSUER}/auth?")), "{to}");
        for (name, value) in [
            ("response_type", "code"),
            ("client_id", CLIENT),
            ("redirect_uri", &format!("{PUBLIC}/inloggen/organisatie/terug")),
            ("scope", "openid email"),
            ("code_challenge_method", "S256"),
        ] {
            assert_eq!(asked.get(name).map(String::as_str), Some(value), "{name}");
        }
        let mut says = self.says.lock().unwrap();
        let code = format!("code-{}", says.codes.len());
        says.codes.insert(code.clone(), (asked["code_challenge"].clone(), asked["nonce"].clone()));
        (code, asked["state"].clone())
    }

    fn exchange(&self, says: &mut Says, question: Question<'_>) -> Reply {
        let form: HashMap<String, String> = form_urlencoded::parse(question.form.unwrap().as_bytes()).into_owned().collect();
        says.shown = Some((question.authorization.map(str::to_owned), question.form.unwrap().to_owned()));
        if let Some((status, body)) = &says.answers {
            return Reply { status: *status, body: body.clone() };
        }
        let refused = |why: &str| Reply { status: 400, body: json!({"error": why}).to_string().into() };
        let Some((challenge, nonce)) = says.codes.remove(&form["code"]) else { return refused("invalid_grant") };
        if challenge != b64(digest::digest(&digest::SHA256, form["code_verifier"].as_bytes())) {
            return refused("invalid_grant");
        }
        assert_eq!(
            (form["grant_type"].as_str(), form["redirect_uri"].as_str()),
            ("authorization_code", format!("{PUBLIC}/inloggen/organisatie/terug").as_str())
        );
        let now = self.now();
        let usual = json!({"iss": ISSUER, "aud": CLIENT, "iat": now, "exp": now + 300, "nonce": nonce});
        let mut claims = merged(usual, &says.claims);
        if let Some(change) = &says.changed {
            change(claims.as_object_mut().unwrap());
        }
        let id_token = self.key.token(&json!({"alg": "ES256", "kid": "k1"}), &claims);
        let id_token = says.instead.clone().unwrap_or(id_token);
        Reply { status: 200, body: json!({"access_token": "opaque", "token_type": "Bearer", "id_token": id_token}).to_string().into() }
    }
}

/// The one with the other's fields; those that are null there are taken away.
fn merged(mut one: Value, other: &Value) -> Value {
    let fields = one.as_object_mut().unwrap();
    for (name, value) in other.as_object().unwrap() {
        if value.is_null() {
            fields.remove(name);
        } else {
            fields.insert(name.clone(), value.clone());
        }
    }
    one
}

impl Web for Idp {
    fn ask<'a>(&'a self, question: Question<'a>) -> Later<'a, Result<Reply, String>> {
        Box::pin(async move {
            let hangs = || self.says.lock().unwrap().hangs;
            while hangs() {
                tokio::time::sleep(std::time::Duration::from_millis(20)).await;
            }
            let mut says = self.says.lock().unwrap();
            if says.down {
                return Err("connection refused".to_owned());
            }
            let ok = |body: String| Ok(Reply { status: 200, body: body.into() });
            match question.url.strip_prefix(ISSUER).unwrap_or_default() {
                "/.well-known/openid-configuration" => {
                    says.fetches += 1;
                    assert_eq!(question.longest, LONGEST_ANSWER);
                    ok(says.discovery.to_string())
                }
                "/keys" => ok(says.jwks.to_string()),
                "/token" => Ok(self.exchange(&mut says, question)),
                "/me" => {
                    assert_eq!(question.authorization, Some("Bearer opaque"));
                    ok(says.userinfo.to_string())
                }
                other => panic!("{other} was asked"),
            }
        })
    }
}

/// A service with a provider, and an account there for Ann: a coach as the one with a password.
pub struct WithIdp {
    pub signed: Signed,
    pub idp: Arc<Idp>,
}

impl WithIdp {
    pub async fn new() -> Self {
        Self::with(|_| {}).await
    }

    pub async fn with(change: impl FnOnce(&mut ProviderSettings)) -> Self {
        Self::within(Limits::default(), change).await
    }

    pub async fn within(limits: Limits, change: impl FnOnce(&mut ProviderSettings)) -> Self {
        let mut made = None;
        let signed = Signed::with_provider(limits, |clock| {
            let idp = Idp::new(clock.clone());
            made = Some(Arc::clone(&idp));
            let mut settings = Idp::settings();
            change(&mut settings);
            Some(Arc::new(Provider::new(settings, idp, clock).unwrap()))
        })
        .await;
        let ann = profile("ann@ggz.example", Role::Coach, Some("org-1"), Some("ann-p"));
        signed.accounts.create(By::Machine, ann, FirstPassword::OfProvider).await.unwrap();
        Self { signed, idp: made.unwrap() }
    }

    /// Ann's account, as if she had signed in once.
    pub async fn link(&self) {
        let identity = Identity::new(ISSUER, "s-ann").unwrap();
        self.signed.accounts.sign_in_by_provider(&identity, Some("ann@ggz.example"), "curl/8").await.unwrap();
    }

    pub fn bearer(&self, token: impl Into<String>) -> Who {
        Who::Token(token.into())
    }
}
