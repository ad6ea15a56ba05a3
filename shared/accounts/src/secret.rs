//! Random secrets as they are shown and as they rest: sessions' tokens, what guards their forms, tokens of client apps, one-time passwords.
//!
//! ```text
//!   256 random bits ─► shown once, to whoever it is for         session: 43 characters of base64url; app: tl_ + 64 hex + 8 hex checksum
//!                   ├─► SHA-256, by which it is found           all that rests
//!                   └─► SHA-256 with another label              what guards the forms of a session; made anew from its token, never kept
//! ```
//!
//! A secret of 256 random bits cannot be guessed, so a fast hash keeps it: whoever reads the stored form has nothing to sign in with.

use std::fmt;

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

use crate::{AccountsError, hex};

/// Bytes of a secret.
const SECRET_LEN: usize = 32;
/// With what the token of a client app begins, so that it is recognised where it should not be.
const TOKEN_PREFIX: &str = "tl_";
/// Hexadecimal digits of a token's checksum (CRC-32C).
const CHECKSUM_DIGITS: usize = 8;

const SESSION_LABEL: &[u8] = b"trajectlog session v1";
const CSRF_LABEL: &[u8] = b"trajectlog csrf v1";
const TOKEN_LABEL: &[u8] = b"trajectlog access token v1";

/// Letters of one-time passwords: none that is taken for another when copied by hand.
const ONE_TIME_LETTERS: &[u8; 31] = b"abcdefghjkmnpqrstuvwxyz23456789";
/// Groups of four letters of a one-time password: 99 bits.
const ONE_TIME_GROUPS: usize = 5;
/// Random bytes below this are used, so that each letter comes as often as any other.
const EVEN_BELOW: u8 = 248;

type Bytes = Zeroizing<[u8; SECRET_LEN]>;

/// A SHA-256 under which a secret is found, in hexadecimal.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct SecretHash(pub(crate) String);

fn hashed(label: &[u8], bytes: &Bytes) -> [u8; SECRET_LEN] {
    let mut hash = Sha256::new();
    hash.update(label);
    hash.update([0]);
    hash.update(bytes.as_slice());
    hash.finalize().into()
}

pub(crate) fn random<const N: usize>() -> Result<Zeroizing<[u8; N]>, AccountsError> {
    let mut bytes = Zeroizing::new([0; N]);
    getrandom::fill(bytes.as_mut_slice()).map_err(AccountsError::Randomness)?;
    Ok(bytes)
}

/// What the cookie of a session holds. Wiped when dropped; its `Debug` form says nothing.
#[derive(Clone)]
pub struct SessionToken(Bytes);

impl fmt::Debug for SessionToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SessionToken(…)")
    }
}

impl SessionToken {
    pub(crate) fn generate() -> Result<Self, AccountsError> {
        random().map(Self)
    }

    /// From a cookie's value; `None` for what is no token.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        // 43 characters hold 32 bytes; anything longer need not be read.
        if text.len() != SECRET_LEN.div_ceil(3) * 4 - 1 {
            return None;
        }
        let bytes = Zeroizing::new(URL_SAFE_NO_PAD.decode(text).ok()?);
        let mut token = Zeroizing::new([0; SECRET_LEN]);
        token.copy_from_slice(bytes.get(..SECRET_LEN)?);
        Some(Self(token))
    }

    /// Its 43 characters (base64url), for the cookie and nothing else.
    #[must_use]
    pub fn expose(&self) -> Zeroizing<String> {
        Zeroizing::new(URL_SAFE_NO_PAD.encode(self.0.as_slice()))
    }

    pub(crate) fn hash(&self) -> SecretHash {
        SecretHash(hex::of(&hashed(SESSION_LABEL, &self.0)))
    }

    pub(crate) fn csrf(&self) -> CsrfToken {
        CsrfToken(Zeroizing::new(hashed(CSRF_LABEL, &self.0)))
    }
}

/// What a form of a session must bring along. It follows from the session's token, which does not follow from it.
#[derive(Clone)]
pub struct CsrfToken(Bytes);

impl fmt::Debug for CsrfToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("CsrfToken(…)")
    }
}

impl CsrfToken {
    /// Its 43 characters (base64url), for the session's own pages.
    #[must_use]
    pub fn expose(&self) -> Zeroizing<String> {
        Zeroizing::new(URL_SAFE_NO_PAD.encode(self.0.as_slice()))
    }

    /// Whether a form brought it, in a time that does not tell how much of it is right.
    #[must_use]
    pub fn matches(&self, brought: &str) -> bool {
        self.expose().as_bytes().ct_eq(brought.as_bytes()).into()
    }
}

/// The token of a client app, shown once. Wiped when dropped; its `Debug` form says nothing.
#[derive(Clone)]
pub struct TokenText(Bytes);

impl fmt::Debug for TokenText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("TokenText(…)")
    }
}

impl TokenText {
    pub(crate) fn generate() -> Result<Self, AccountsError> {
        random().map(Self)
    }

    /// From the text after `Bearer`.
    ///
    /// # Errors
    /// Whether it is no token of this program at all, or was one before it was mistyped.
    pub fn parse(text: &str) -> Result<Self, NotAToken> {
        let rest = text.strip_prefix(TOKEN_PREFIX).ok_or(NotAToken::OfAnotherKind)?;
        let digits = 2 * SECRET_LEN;
        let parts = rest.split_at_checked(digits).filter(|(_, sum)| sum.len() == CHECKSUM_DIGITS);
        let (secret, sum) = parts.ok_or(NotAToken::Mistyped)?;
        let bytes = Zeroizing::new(hex::parse(secret).ok_or(NotAToken::Mistyped)?);
        if hex::parse(sum).as_deref() != Some(&checksum(secret).to_be_bytes()) {
            return Err(NotAToken::Mistyped);
        }
        let mut token = Zeroizing::new([0; SECRET_LEN]);
        token.copy_from_slice(bytes.get(..SECRET_LEN).ok_or(NotAToken::Mistyped)?);
        Ok(Self(token))
    }

    /// Its 75 characters: `tl_`, 64 hexadecimal digits, 8 of a checksum over the digits before. To be shown once.
    #[must_use]
    pub fn expose(&self) -> Zeroizing<String> {
        let digits = Zeroizing::new(hex::of(self.0.as_slice()));
        Zeroizing::new(format!("{TOKEN_PREFIX}{}{:08x}", *digits, checksum(&digits)))
    }

    pub(crate) fn hash(&self) -> SecretHash {
        SecretHash(hex::of(&hashed(TOKEN_LABEL, &self.0)))
    }
}

fn checksum(digits: &str) -> u32 {
    crc32c::crc32c_append(crc32c::crc32c(TOKEN_PREFIX.as_bytes()), digits.as_bytes())
}

/// Why a text is no token of a client app. Says nothing about whether such a token was ever given.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotAToken {
    /// It does not begin with `tl_`: a token of another issuer, perhaps.
    #[error("this is no personal access token")]
    OfAnotherKind,
    /// It begins like one, and its length or checksum is wrong.
    #[error("this personal access token was copied incompletely or with a mistake: copy all of it")]
    Mistyped,
}

/// A password for one sign-in, shown once to the administrator who hands it over. Wiped when dropped; its `Debug` form says nothing.
pub struct OneTimePassword(Zeroizing<String>);

impl fmt::Debug for OneTimePassword {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("OneTimePassword(…)")
    }
}

impl OneTimePassword {
    pub(crate) fn generate() -> Result<Self, AccountsError> {
        let mut text = Zeroizing::new(String::with_capacity(5 * ONE_TIME_GROUPS));
        let mut letters = 0;
        while letters < 4 * ONE_TIME_GROUPS {
            let byte = random::<1>()?[0];
            if byte >= EVEN_BELOW {
                continue;
            }
            if letters > 0 && letters % 4 == 0 {
                text.push('-');
            }
            text.push(char::from(ONE_TIME_LETTERS[usize::from(byte) % ONE_TIME_LETTERS.len()]));
            letters += 1;
        }
        Ok(Self(text))
    }

    /// Its five groups of four letters and digits. To be shown once.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_session_token_is_read_back_and_nothing_else_is_one() {
        let token = SessionToken::generate().unwrap();
        let text = token.expose();
        assert_eq!(text.len(), 43);
        assert_eq!(SessionToken::parse(&text).unwrap().hash(), token.hash());
        for wrong in ["", "a", &text[1..], &format!("{}A", *text), &text.replacen(&text[..1], "=", 1), &"é".repeat(43), &"a".repeat(9999)]
        {
            assert!(SessionToken::parse(wrong).is_none());
        }
    }

    #[test]
    fn what_guards_forms_is_that_of_its_session_alone() {
        let (one, other) = (SessionToken::generate().unwrap(), SessionToken::generate().unwrap());
        assert!(one.csrf().matches(&one.csrf().expose()));
        for wrong in ["", &other.csrf().expose(), &one.expose(), &one.csrf().expose()[1..]] {
            assert!(!one.csrf().matches(wrong));
        }
        assert_ne!(hex::of(one.csrf().0.as_slice()), one.hash().0);
    }

    #[test]
    fn every_mistyped_character_of_a_token_is_noticed() {
        let token = TokenText::generate().unwrap();
        let text = token.expose();
        assert_eq!(text.len(), 75);
        assert_eq!(TokenText::parse(&text).unwrap().hash(), token.hash());
        for place in 3..text.len() {
            let wrong = if &text[place..=place] == "7" { "8" } else { "7" };
            let mistyped = format!("{}{wrong}{}", &text[..place], &text[place + 1..]);
            assert_eq!(TokenText::parse(&mistyped).unwrap_err(), NotAToken::Mistyped, "at {place}");
        }
        for short in [&text[..74], &text[..3], &format!("{}0", *text)] {
            assert_eq!(TokenText::parse(short).unwrap_err(), NotAToken::Mistyped);
        }
        for other in ["", "eyJhbGciOi", "TL_00"] {
            assert_eq!(TokenText::parse(other).unwrap_err(), NotAToken::OfAnotherKind);
        }
    }

    #[test]
    fn a_one_time_password_can_be_read_aloud() {
        let password = OneTimePassword::generate().unwrap();
        assert_eq!(password.expose().len(), 24);
        assert!(password.expose().split('-').all(|group| group.len() == 4));
        assert!(!password.expose().contains(['0', 'o', '1', 'l', 'i']), "nothing that looks like another");
    }

    #[test]
    fn no_secret_is_seen_in_a_debug_form() {
        let session = SessionToken::generate().unwrap();
        let shown = format!("{session:?} {:?} {:?}", session.csrf(), TokenText::generate().unwrap());
        assert_eq!(shown, "SessionToken(…) CsrfToken(…) TokenText(…)");
        assert_eq!(format!("{:?}", OneTimePassword::generate().unwrap()), "OneTimePassword(…)");
    }
}
