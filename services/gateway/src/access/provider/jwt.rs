//! Tokens that a provider has signed (JWT, RFC 7519): read strictly, judged by keys that were fetched from the provider.
//!
//! ```text
//!   text ──► three parts ──► head: an algorithm of four, a key's name ──► a key of that kind ──► signature ──► claims: who, whom for, when
//! ```
//!
//! Only what a signature with a public key can be made by is taken. Nothing of a token chooses how it is judged but among these.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use ring::signature::{
    ECDSA_P256_SHA256_FIXED, ED25519, RSA_PKCS1_2048_8192_SHA256, RSA_PSS_2048_8192_SHA256, RsaPublicKeyComponents, UnparsedPublicKey,
};
use serde_json::{Map, Value};

/// The longest token that is read: with every claim that providers put in, some have a tenth of it.
pub(crate) const LONGEST: usize = 16 << 10;
/// How far the clocks of the provider and of this machine may be apart, in seconds.
pub(crate) const LEEWAY: i64 = 60;
/// The most audiences of a token.
const MOST_AUDIENCES: usize = 32;
/// The most keys of a provider that are looked at.
const MOST_KEYS: usize = 64;

/// Why a token is not taken. Says nothing of what is in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[allow(missing_docs, reason = "each says itself")]
pub(crate) enum Flaw {
    #[error("it is longer than a token is")]
    TooLong,
    #[error("it is not three parts in base64url")]
    Form,
    #[error("its head cannot be read")]
    Head,
    #[error("its head asks for something that is not known here")]
    Critical,
    #[error("it is a token for something else")]
    Type,
    #[error("its algorithm is not taken")]
    Algorithm,
    #[error("it was signed with a key that the provider does not have")]
    Key,
    #[error("its signature does not fit")]
    Signature,
    #[error("its claims cannot be read")]
    Claims,
    #[error("it lacks the claim {0}")]
    Missing(&'static str),
    #[error("it is of another issuer")]
    Issuer,
    #[error("it is meant for somebody else")]
    Audience,
    #[error("it was made for another client")]
    Party,
    #[error("it has expired")]
    Expired,
    #[error("it is not valid yet")]
    NotYet,
    #[error("it belongs to another sign-in")]
    Nonce,
    #[error("it names nobody")]
    Subject,
}

/// How a token may be signed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Algorithm {
    Rs256,
    Ps256,
    Es256,
    EdDsa,
}

impl Algorithm {
    fn of(name: &str) -> Option<Self> {
        match name {
            "RS256" => Some(Self::Rs256),
            "PS256" => Some(Self::Ps256),
            "ES256" => Some(Self::Es256),
            "EdDSA" => Some(Self::EdDsa),
            _ => None,
        }
    }
}

/// A public key.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Material {
    Rsa { n: Vec<u8>, e: Vec<u8> },
    P256(Vec<u8>),
    Ed25519(Vec<u8>),
}

impl Material {
    const fn fits(&self, algorithm: Algorithm) -> bool {
        match (self, algorithm) {
            (Self::Rsa { .. }, Algorithm::Rs256 | Algorithm::Ps256)
            | (Self::P256(_), Algorithm::Es256)
            | (Self::Ed25519(_), Algorithm::EdDsa) => true,
            (Self::Rsa { .. } | Self::P256(_) | Self::Ed25519(_), _) => false,
        }
    }

    fn verifies(&self, algorithm: Algorithm, message: &[u8], signature: &[u8]) -> bool {
        let verified = match (self, algorithm) {
            (Self::Rsa { n, e }, Algorithm::Rs256) => {
                RsaPublicKeyComponents { n, e }.verify(&RSA_PKCS1_2048_8192_SHA256, message, signature)
            }
            (Self::Rsa { n, e }, Algorithm::Ps256) => RsaPublicKeyComponents { n, e }.verify(&RSA_PSS_2048_8192_SHA256, message, signature),
            (Self::P256(point), Algorithm::Es256) => UnparsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, point).verify(message, signature),
            (Self::Ed25519(point), Algorithm::EdDsa) => UnparsedPublicKey::new(&ED25519, point).verify(message, signature),
            (Self::Rsa { .. } | Self::P256(_) | Self::Ed25519(_), _) => return false,
        };
        verified.is_ok()
    }
}

/// A key of a provider, for signatures.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Key {
    name: Option<String>,
    algorithm: Option<Algorithm>,
    material: Material,
}

impl Key {
    /// `None` of a key for something else, or of a kind that is not taken.
    fn read(jwk: &Value) -> Option<Self> {
        let text = |name: &str| jwk.get(name).and_then(Value::as_str);
        let bytes = |name: &str| URL_SAFE_NO_PAD.decode(text(name)?).ok();
        let for_signatures = jwk.get("use").is_none_or(|purpose| purpose == "sig")
            && jwk.get("key_ops").is_none_or(|may| may.as_array().is_some_and(|may| may.iter().any(|one| one == "verify")));
        if !for_signatures {
            return None;
        }
        let algorithm = match text("alg") {
            Some(name) => Some(Algorithm::of(name)?),
            None => None,
        };
        let material = match (text("kty")?, text("crv")) {
            ("RSA", _) => {
                let n = bytes("n")?;
                let zeros = n.iter().take_while(|byte| **byte == 0).count();
                Material::Rsa { n: n.get(zeros..)?.to_vec(), e: bytes("e")? }
            }
            ("EC", Some("P-256")) => {
                let (x, y) = (bytes("x")?, bytes("y")?);
                if x.len() != 32 || y.len() != 32 {
                    return None;
                }
                Material::P256([&[4][..], &x, &y].concat())
            }
            ("OKP", Some("Ed25519")) => Material::Ed25519(bytes("x").filter(|x| x.len() == 32)?),
            (_, _) => return None,
        };
        Some(Self { name: text("kid").map(str::to_owned), algorithm, material })
    }

    fn fits(&self, head: &Head) -> bool {
        self.material.fits(head.algorithm) && self.algorithm.is_none_or(|algorithm| algorithm == head.algorithm)
    }
}

/// The keys of a provider.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Keys(Vec<Key>);

impl Keys {
    /// From a JWK set (RFC 7517). Keys of kinds that are not taken are passed over; `None` when none is left.
    pub(crate) fn read(body: &[u8]) -> Option<Self> {
        let set: Value = serde_json::from_slice(body).ok()?;
        let keys: Vec<Key> = set.get("keys")?.as_array()?.iter().take(MOST_KEYS).filter_map(Key::read).collect();
        (!keys.is_empty()).then_some(Self(keys))
    }

    /// The one key that is meant: by its name, or where none is said the only one that fits.
    fn find(&self, head: &Head) -> Option<&Key> {
        let mut fitting =
            self.0.iter().filter(|key| key.fits(head) && head.key.as_ref().is_none_or(|name| key.name.as_ref() == Some(name)));
        match (fitting.next(), fitting.next()) {
            (Some(key), None) => Some(key),
            (None, _) | (Some(_), Some(_)) => None,
        }
    }
}

#[derive(Debug)]
struct Head {
    algorithm: Algorithm,
    key: Option<String>,
}

impl Head {
    fn read(part: &str, types: &[&str]) -> Result<Self, Flaw> {
        let head = object(part).ok_or(Flaw::Head)?;
        // What must be understood is not, and a payload that is not what it seems is none.
        if head.contains_key("crit") || head.contains_key("b64") {
            return Err(Flaw::Critical);
        }
        match head.get("typ") {
            None => {}
            Some(Value::String(said)) if types.iter().any(|taken| said.eq_ignore_ascii_case(taken)) => {}
            Some(_) => return Err(Flaw::Type),
        }
        let algorithm = head.get("alg").and_then(Value::as_str).and_then(Algorithm::of).ok_or(Flaw::Algorithm)?;
        let key = match head.get("kid") {
            None => None,
            Some(Value::String(name)) => Some(name.clone()),
            Some(_) => return Err(Flaw::Head),
        };
        Ok(Self { algorithm, key })
    }
}

fn object(part: &str) -> Option<Map<String, Value>> {
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(part).ok()?).ok()
}

/// A token that was read and not yet judged.
#[derive(Debug)]
pub(crate) struct Unjudged<'a> {
    signed: &'a [u8],
    head: Head,
    claims: Map<String, Value>,
    signature: Vec<u8>,
}

/// For what a token is taken.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Wanted<'a> {
    /// Of this provider.
    pub(crate) issuer: &'a str,
    /// Meant for this.
    pub(crate) audience: &'a str,
    /// What it is for.
    pub(crate) purpose: Purpose<'a>,
    /// The present moment, in seconds.
    pub(crate) now: i64,
}

/// What a token is for.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Purpose<'a> {
    /// Telling who has signed in, in the sign-in of this nonce.
    Id {
        /// What the sign-in began with.
        nonce: &'a str,
    },
    /// Asking something in somebody's name.
    Bearer,
}

impl Purpose<'_> {
    const fn types(self) -> &'static [&'static str] {
        match self {
            Self::Id { .. } => &["JWT"],
            Self::Bearer => &["JWT", "at+jwt", "application/at+jwt"],
        }
    }
}

/// What a provider says in a token that is taken.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Claims(Map<String, Value>);

impl Claims {
    /// The name that stays.
    pub(crate) fn subject(&self) -> Option<&str> {
        self.0.get("sub").and_then(Value::as_str)
    }

    /// When it expires, in seconds.
    pub(crate) fn expires(&self) -> Option<i64> {
        self.0.get("exp").and_then(moment)
    }

    /// What is said under this name.
    pub(crate) fn get(&self, name: &str) -> Option<&Value> {
        self.0.get(name)
    }

    /// Of somebody, from what a provider tells beside a token.
    pub(crate) fn told(body: &[u8]) -> Option<Self> {
        serde_json::from_slice(body).ok().map(Self)
    }
}

/// Seconds since 1970; parts of a second are cut off.
fn moment(value: &Value) -> Option<i64> {
    const FAR: f64 = 1e15;
    let of_parts = || value.as_f64().filter(|seconds| seconds.is_finite() && seconds.abs() < FAR).map(|seconds| seconds as i64);
    value.as_i64().or_else(of_parts)
}

impl<'a> Unjudged<'a> {
    /// Reads a token.
    ///
    /// # Errors
    /// What it is that is no token to take.
    pub(crate) fn read(token: &'a str, purpose: Purpose<'_>) -> Result<Self, Flaw> {
        if token.len() > LONGEST {
            return Err(Flaw::TooLong);
        }
        let (signed, signature) = token.rsplit_once('.').ok_or(Flaw::Form)?;
        let (head, claims) = signed.split_once('.').filter(|(_, claims)| !claims.contains('.')).ok_or(Flaw::Form)?;
        let head = Head::read(head, purpose.types())?;
        let signature = URL_SAFE_NO_PAD.decode(signature).map_err(|_| Flaw::Form)?;
        let claims = object(claims).ok_or(Flaw::Claims)?;
        Ok(Self { signed: signed.as_bytes(), head, claims, signature })
    }

    /// Whether it says that it is of this issuer: else no key of it need be asked for.
    ///
    /// # Errors
    /// When it does not.
    pub(crate) fn is_of(&self, issuer: &str) -> Result<(), Flaw> {
        match self.claims.get("iss") {
            None => Err(Flaw::Missing("iss")),
            Some(said) if said == issuer => Ok(()),
            Some(_) => Err(Flaw::Issuer),
        }
    }

    /// Whether the key that it names is among these.
    pub(crate) fn has_key_in(&self, keys: &Keys) -> bool {
        keys.find(&self.head).is_some()
    }

    /// Judges it.
    ///
    /// # Errors
    /// The first reason not to take it.
    pub(crate) fn judge(self, keys: &Keys, wanted: Wanted<'_>) -> Result<Claims, Flaw> {
        let key = keys.find(&self.head).ok_or(Flaw::Key)?;
        if !key.material.verifies(self.head.algorithm, self.signed, &self.signature) {
            return Err(Flaw::Signature);
        }
        self.is_of(wanted.issuer)?;
        let claims = Claims(self.claims);
        meant_for(&claims, wanted)?;
        valid_now(&claims, wanted)?;
        match claims.get("sub") {
            None => return Err(Flaw::Missing("sub")),
            Some(Value::String(subject)) if accounts::Identity::new(wanted.issuer, subject).is_some() => {}
            Some(_) => return Err(Flaw::Subject),
        }
        // Where an app's audience is a client of the provider too, a token that tells who signed in there asks for nothing here.
        if matches!(wanted.purpose, Purpose::Bearer) && claims.get("nonce").is_some() {
            return Err(Flaw::Nonce);
        }
        if let Purpose::Id { nonce } = wanted.purpose {
            match claims.get("nonce") {
                None => return Err(Flaw::Missing("nonce")),
                Some(said) if said == nonce => {}
                Some(_) => return Err(Flaw::Nonce),
            }
        }
        Ok(claims)
    }
}

fn meant_for(claims: &Claims, wanted: Wanted<'_>) -> Result<(), Flaw> {
    let audiences: Vec<&str> = match claims.get("aud") {
        None => return Err(Flaw::Missing("aud")),
        Some(Value::String(one)) => vec![one],
        Some(Value::Array(several)) if several.len() <= MOST_AUDIENCES => {
            several.iter().map(Value::as_str).collect::<Option<_>>().ok_or(Flaw::Audience)?
        }
        Some(_) => return Err(Flaw::Audience),
    };
    if !audiences.contains(&wanted.audience) {
        return Err(Flaw::Audience);
    }
    match (wanted.purpose, claims.get("azp")) {
        (Purpose::Bearer, _) => Ok(()),
        (Purpose::Id { .. }, Some(party)) if party == wanted.audience => Ok(()),
        (Purpose::Id { .. }, None) if audiences.len() == 1 => Ok(()),
        (Purpose::Id { .. }, None | Some(_)) => Err(Flaw::Party),
    }
}

fn valid_now(claims: &Claims, wanted: Wanted<'_>) -> Result<(), Flaw> {
    let at = |name: &'static str| claims.get(name).map(|value| moment(value).ok_or(Flaw::Claims)).transpose();
    let expires = at("exp")?.ok_or(Flaw::Missing("exp"))?;
    let (issued, begins) = (at("iat")?, at("nbf")?);
    if let (Purpose::Id { .. }, None) = (wanted.purpose, issued) {
        return Err(Flaw::Missing("iat"));
    }
    if expires.saturating_add(LEEWAY) <= wanted.now {
        return Err(Flaw::Expired);
    }
    let early = |moment: i64| moment > wanted.now.saturating_add(LEEWAY);
    if issued.is_some_and(early) || begins.is_some_and(early) {
        return Err(Flaw::NotYet);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use ring::{
        rand::SystemRandom,
        signature::{Ed25519KeyPair, KeyPair},
    };
    use serde_json::json;

    use super::*;

    const NOW: i64 = 1_782_864_000;

    fn signed() -> (String, Keys) {
        let document = Ed25519KeyPair::generate_pkcs8(&SystemRandom::new()).unwrap();
        let pair = Ed25519KeyPair::from_pkcs8(document.as_ref()).unwrap();
        let jwk = json!({"kty": "OKP", "crv": "Ed25519", "kid": "k", "x": URL_SAFE_NO_PAD.encode(pair.public_key())});
        let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
        let claims = json!({"iss": "https://idp.example", "aud": "a", "sub": "s", "exp": NOW + 300});
        let signed = format!("{}.{}", part(&json!({"alg": "EdDSA", "kid": "k"})), part(&claims));
        let token = format!("{signed}.{}", URL_SAFE_NO_PAD.encode(pair.sign(signed.as_bytes())));
        (token, Keys::read(json!({"keys": [jwk]}).to_string().as_bytes()).unwrap())
    }

    fn judged(token: &str, keys: &Keys) -> Result<Claims, Flaw> {
        let wanted = Wanted { issuer: "https://idp.example", audience: "a", purpose: Purpose::Bearer, now: NOW };
        Unjudged::read(token, Purpose::Bearer)?.judge(keys, wanted)
    }

    #[test]
    fn a_token_with_any_character_changed_or_any_part_cut_off_is_refused() {
        let (token, keys) = signed();
        assert_eq!(judged(&token, &keys).unwrap().subject(), Some("s"));
        for place in 0..token.len() {
            assert!(judged(&token[..place], &keys).is_err(), "cut at {place}");
            for other in ["A", "B", "-", "=", ".", "+", "é"] {
                if &token[place..=place] != other {
                    let changed = format!("{}{other}{}", &token[..place], &token[place + 1..]);
                    assert!(judged(&changed, &keys).is_err(), "{other} at {place}");
                }
            }
        }
    }

    #[test]
    fn two_keys_of_one_name_or_none_where_several_fit_are_no_key() {
        let (token, Keys(keys)) = signed();
        let mut twice = keys.clone();
        twice.extend(keys);
        assert_eq!(judged(&token, &Keys(twice)), Err(Flaw::Key));
    }

    proptest! {
        #[test]
        fn whatever_comes_is_read_without_harm_and_refused(text in "\\PC*", parts in prop::collection::vec("[A-Za-z0-9_-]{0,40}", 1..5), json in "[{\"a-z:,0-9\\[\\]}.]{0,80}") {
            let (_, keys) = signed();
            for token in [text, parts.join("."), format!("{}.{}.", URL_SAFE_NO_PAD.encode(&json), URL_SAFE_NO_PAD.encode(&json))] {
                prop_assert!(judged(&token, &keys).is_err());
            }
            let _ = Keys::read(json.as_bytes());
        }
    }
}
