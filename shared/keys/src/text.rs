//! The stored form of a sealed text. It is for ever: the log keeps it, and golden bytes keep this module to it.
//!
//! # Layout, version 1
//!
//! | bytes | content |
//! | --- | --- |
//! | 1 | version: 1 |
//! | 16 | digest: the first 16 bytes of BLAKE3, keyed with the store's digest key, over place and text (below) |
//! | 24 | nonce of XChaCha20-Poly1305 |
//! | n | the text's UTF-8 bytes, encrypted under the client's data key |
//! | 16 | the cipher's tag; its associated data are place and the digest |
//!
//! The *place* is `"trajectlog text v1"`, 0, event id (16 bytes), trajectory id (16), length of the type's name (u32 little-endian) and name,
//! length of the field's name (u32 little-endian) and name. Digest input is place, 0x01, text; associated data are place, 0x02, digest. So a
//! sealed text opens only in the event, stream, type and field for which it was made, and no byte of it can be changed, the digest included.
//!
//! An erased text is the single byte 0.
//!
//! # Decisions
//!
//! * **The digest contains the event id.** A repetition of an event carries the same id, so the digest still recognises it when the key is
//!   gone; but two events with the same text (a name, an employer) have different digests: who reads the log without keys learns nothing.
//!   Who holds the master key could still confirm a guess of an erased text, which is the price of recognising repetitions after erasure.
//! * **The nonce is random, and hedged**: 24 random bytes XOR the next 24 bytes of the digest's BLAKE3 output. If randomness ever repeats
//!   (a restored machine snapshot), two different texts still get different nonces.
//! * **No padding.** The length tells an onlooker how long a note is, in bytes, and that says little about a free text of up to 4,000
//!   characters; padding short names to a block would cost more room than the names.

use std::fmt;

use chacha20poly1305::{AeadInOut, KeyInit, Tag, XChaCha20Poly1305, XNonce};
use uuid::Uuid;
use zeroize::Zeroizing;

use crate::{
    KeyError, OpenError,
    random::{self, NONCE_LEN},
};

/// Bytes of every key here.
pub(crate) const KEY_LEN: usize = 32;
/// Bytes of the cipher's tag.
pub(crate) const TAG_LEN: usize = 16;

const VERSION: u8 = 1;
const ERASED: u8 = 0;
const DIGEST_LEN: usize = 16;
const HEAD_LEN: usize = 1 + DIGEST_LEN + NONCE_LEN;
const PLACE_LABEL: &[u8] = b"trajectlog text v1\0";
const FOR_DIGEST: u8 = 1;
const FOR_CIPHER: u8 = 2;

/// The keyed digest of a text in its place: 16 bytes.
pub type TextDigest = [u8; DIGEST_LEN];

/// The key that seals all texts of one client. Wiped from memory when dropped.
#[derive(Clone)]
pub struct DataKey(Zeroizing<[u8; KEY_LEN]>);

impl DataKey {
    pub(crate) fn new(bytes: Zeroizing<[u8; KEY_LEN]>) -> Self {
        DataKey(bytes)
    }

    pub(crate) fn bytes(&self) -> &[u8; KEY_LEN] {
        &self.0
    }
}

impl fmt::Debug for DataKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("DataKey(…)")
    }
}

/// The key of all digests of a store: of texts here, and of whole contents elsewhere. Wiped from memory when dropped.
#[derive(Clone)]
pub struct DigestKey(Zeroizing<[u8; KEY_LEN]>);

impl DigestKey {
    pub(crate) fn new(bytes: Zeroizing<[u8; KEY_LEN]>) -> Self {
        DigestKey(bytes)
    }

    /// A BLAKE3 hasher keyed for the purpose that `label` names, such as `"trajectlog content v1"`. Every purpose has a key of its own,
    /// so that digests of one kind say nothing about those of another.
    pub fn hasher(&self, label: &str) -> blake3::Hasher {
        blake3::Hasher::new_keyed(&Zeroizing::new(blake3::derive_key(label, self.0.as_slice())))
    }
}

impl fmt::Debug for DigestKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("DigestKey(…)")
    }
}

/// Where a text stands. A sealed text opens only in the place for which it was sealed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Context<'a> {
    /// The event that carries the text.
    pub event_id: Uuid,
    /// The stream of that event.
    pub trajectory_id: Uuid,
    /// The event's type as it is stored, such as `contact`.
    pub event_type: &'a str,
    /// The field as it is stored, such as `note`; of a list also the index, such as `sectors.3`.
    pub field: &'a str,
}

/// A sealed text as it rests in the log: see the layout in `text.rs`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct SealedBytes(Vec<u8>);

impl SealedBytes {
    /// The stored form of a text that was erased before it reached this log.
    pub fn erased() -> Self {
        SealedBytes(vec![ERASED])
    }

    /// Takes stored bytes as they are; whether they open is for [`open`] to say.
    pub fn from_vec(bytes: Vec<u8>) -> Self {
        SealedBytes(bytes)
    }

    /// The stored bytes.
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    /// The stored bytes, given away.
    pub fn into_vec(self) -> Vec<u8> {
        self.0
    }

    /// Whether this is the form of an erased text.
    pub fn is_erased(&self) -> bool {
        self.0 == [ERASED]
    }

    /// The digest inside, without opening: what recognises a repetition when the key is gone. `None` of an erased or malformed text.
    pub fn digest(&self) -> Option<TextDigest> {
        if self.0.first() != Some(&VERSION) || self.0.len() < HEAD_LEN + TAG_LEN {
            return None;
        }
        self.0.get(1..1 + DIGEST_LEN)?.try_into().ok()
    }
}

impl AsRef<[u8]> for SealedBytes {
    fn as_ref(&self) -> &[u8] {
        &self.0
    }
}

/// Seals `text` for its place under the client's key.
///
/// # Errors
/// [`KeyError::Randomness`] when the operating system gives none.
pub fn seal(key: &DataKey, digest_key: &DigestKey, context: Context<'_>, text: &str) -> Result<SealedBytes, KeyError> {
    seal_with(key, digest_key, context, text, random::nonce()?)
}

/// [`seal`] with given randomness: what the golden bytes fix.
fn seal_with(
    key: &DataKey,
    digest_key: &DigestKey,
    context: Context<'_>,
    text: &str,
    random: [u8; NONCE_LEN],
) -> Result<SealedBytes, KeyError> {
    let mut place = place(context);
    let (digest, hedge) = digest_and_hedge(digest_key, &place, text);
    let mut nonce = random;
    nonce.iter_mut().zip(hedge).for_each(|(byte, mask)| *byte ^= mask);

    let mut sealed = Vec::with_capacity(HEAD_LEN + text.len() + TAG_LEN);
    sealed.push(VERSION);
    sealed.extend_from_slice(&digest);
    sealed.extend_from_slice(&nonce);
    sealed.extend_from_slice(text.as_bytes());

    place.push(FOR_CIPHER);
    place.extend_from_slice(&digest);
    let tag = XChaCha20Poly1305::new(key.bytes().into())
        .encrypt_inout_detached(&XNonce::from(nonce), &place, (&mut sealed[HEAD_LEN..]).into())
        .map_err(|_| KeyError::TextTooLong)?;
    sealed.extend_from_slice(&tag);
    Ok(SealedBytes(sealed))
}

/// Opens a sealed text in its place.
///
/// # Errors
/// [`OpenError::Refused`] when the key is another client's, the place is another, or any byte was changed; the others by their names.
pub fn open(key: &DataKey, context: Context<'_>, sealed: &[u8]) -> Result<String, OpenError> {
    let rest = match sealed {
        [ERASED] => return Err(OpenError::Erased),
        [] => return Err(OpenError::TooShort(0)),
        [VERSION, rest @ ..] => rest,
        [version, ..] => return Err(OpenError::UnknownVersion(*version)),
    };
    let too_short = OpenError::TooShort(sealed.len());
    let (digest, rest) = rest.split_first_chunk::<DIGEST_LEN>().ok_or(too_short)?;
    let (nonce, rest) = rest.split_first_chunk::<NONCE_LEN>().ok_or(too_short)?;
    let (ciphertext, tag) = rest.split_last_chunk::<TAG_LEN>().ok_or(too_short)?;

    let mut place = place(context);
    place.push(FOR_CIPHER);
    place.extend_from_slice(digest);
    let mut text = ciphertext.to_vec();
    XChaCha20Poly1305::new(key.bytes().into())
        .decrypt_inout_detached(&XNonce::from(*nonce), &place, text.as_mut_slice().into(), &Tag::from(*tag))
        .map_err(|_| OpenError::Refused)?;
    String::from_utf8(text).map_err(|_| OpenError::NotUnicode)
}

/// The digest that [`seal`] would store for this text in this place: equal to [`SealedBytes::digest`] of a repetition.
pub fn text_digest(digest_key: &DigestKey, context: Context<'_>, text: &str) -> TextDigest {
    digest_and_hedge(digest_key, &place(context), text).0
}

fn digest_and_hedge(digest_key: &DigestKey, place: &[u8], text: &str) -> (TextDigest, [u8; NONCE_LEN]) {
    let mut hasher = blake3::Hasher::new_keyed(&digest_key.0);
    hasher.update(place).update(&[FOR_DIGEST]).update(text.as_bytes());
    let mut output = hasher.finalize_xof();
    let mut digest = [0; DIGEST_LEN];
    let mut hedge = [0; NONCE_LEN];
    output.fill(&mut digest);
    output.fill(&mut hedge);
    (digest, hedge)
}

/// The place of a text in bytes, so written that no two places share their bytes. Room for the digest is left at the end.
fn place(context: Context<'_>) -> Vec<u8> {
    let names = context.event_type.len() + context.field.len();
    let mut place = Vec::with_capacity(PLACE_LABEL.len() + 16 + 16 + 4 + 4 + names + 1 + DIGEST_LEN);
    place.extend_from_slice(PLACE_LABEL);
    place.extend_from_slice(context.event_id.as_bytes());
    place.extend_from_slice(context.trajectory_id.as_bytes());
    for name in [context.event_type, context.field] {
        // Names come from the program, not from people: none is near four gigabytes.
        place.extend_from_slice(&(name.len() as u32).to_le_bytes());
        place.extend_from_slice(name.as_bytes());
    }
    place
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keys() -> (DataKey, DigestKey) {
        (DataKey::new(Zeroizing::new([0x11; KEY_LEN])), DigestKey::new(Zeroizing::new([0x22; KEY_LEN])))
    }

    fn context() -> Context<'static> {
        Context {
            event_id: Uuid::from_u128(0x0123_4567_89ab_cdef_0123_4567_89ab_cdef),
            trajectory_id: Uuid::from_u128(0xfedc_ba98_7654_3210_fedc_ba98_7654_3210),
            event_type: "contact",
            field: "note",
        }
    }

    /// Written when version 1 was made. If this fails, texts that rest in logs no longer open: make a version 2 instead.
    const GOLDEN: &str = concat!(
        "01e4ab9659b1409aa0149ca62c291aab7b570c145815e26c19113d07251682a414fbde524c087ae5b1",
        "853034fdb3e36fe209c7ccb528b6a174065a85cf67f3df7d6c3c52b753266574daf6317848f6b12ea05a"
    );

    #[test]
    fn the_golden_bytes_of_version_1_are_written_and_opened() {
        let (key, digest_key) = keys();
        let sealed = seal_with(&key, &digest_key, context(), "belde terug: één gesprek", [0x33; NONCE_LEN]).unwrap();
        let hex: String = sealed.as_bytes().iter().map(|byte| format!("{byte:02x}")).collect();
        assert_eq!(hex, GOLDEN);
        assert_eq!(open(&key, context(), sealed.as_bytes()).unwrap(), "belde terug: één gesprek");
    }

    #[test]
    fn two_texts_get_two_nonces_even_when_randomness_repeats() {
        let (key, digest_key) = keys();
        let nonce = |text| {
            let sealed = seal_with(&key, &digest_key, context(), text, [0; NONCE_LEN]).unwrap();
            sealed.as_bytes()[1 + DIGEST_LEN..HEAD_LEN].to_vec()
        };
        assert_ne!(nonce("one"), nonce("two"));
        assert_eq!(nonce("one"), nonce("one"));
    }

    #[test]
    fn no_two_places_share_their_bytes_when_names_run_together() {
        let with = |event_type, field| place(Context { event_type, field, ..context() });
        assert_ne!(with("contactn", "ote"), with("contact", "note"));
        assert_ne!(with("contact", "note"), with("contact", "not"));
    }
}
