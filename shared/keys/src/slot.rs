//! The stored form of `clients.keys`: a header and slots, each of 128 bytes. It is for ever; a golden file keeps this module to it.
//!
//! # Header
//!
//! | bytes | content |
//! | --- | --- |
//! | 0–7 | `TLCKEYS` and a zero byte |
//! | 8–9 | version, little-endian: 1 |
//! | 10–15 | zero |
//! | 16–31 | id of the master key under which every slot is wrapped |
//! | 32–123 | zero |
//! | 124–127 | CRC-32C of the bytes before, little-endian |
//!
//! # Slot
//!
//! | bytes | content |
//! | --- | --- |
//! | 0 | state: 1 live, 2 destroyed, 3 void |
//! | 1 | kind: 1 a client's data key, 2 the digest key (slot 0 and no other) |
//! | 2–3 | zero |
//! | 4–7 | number of the first slot that was appended together with this one, little-endian |
//! | 8–23 | client id; zero for the digest key |
//! | 24–47 | nonce of XChaCha20-Poly1305; zero unless live |
//! | 48–95 | the key, wrapped, and its tag; zero unless live |
//! | 96–123 | zero |
//! | 124–127 | CRC-32C of the slot's number (4 bytes little-endian) and the bytes before, little-endian |
//!
//! Associated data of the wrapping: `"trajectlog wrapped key v1"`, 0, master key id, kind, client id.
//!
//! # Why so
//!
//! * 128 divides a disk's sector, so overwriting one slot (a destruction) is never torn, and no append harms its neighbour.
//! * *Destroyed* keeps the client id and nothing of the key: the file's form does not change, and the client can never get a new key.
//! * The number of the append's first slot tells a torn append from damage. Appends are synced one after the other, so only slots of the last
//!   one can be missing after a crash; an empty slot before the last append is loss and is reported. An empty one within it was never
//!   acknowledged and is made *void* when it is mended.
//! * Rotating the master key writes a new file beside this one and renames it: hence one master key id in the header, not one in each slot.

use chacha20poly1305::{AeadInOut, KeyInit, Tag, XChaCha20Poly1305, XNonce};
use uuid::Uuid;
use zeroize::Zeroizing;

use crate::{
    master::MasterKeyId,
    random::NONCE_LEN,
    text::{KEY_LEN, TAG_LEN},
};

/// Bytes of the header and of each slot.
pub(crate) const SLOT_LEN: usize = 128;

const MAGIC: &[u8; 8] = b"TLCKEYS\0";
const VERSION: u16 = 1;
const WRAP_LABEL: &[u8] = b"trajectlog wrapped key v1\0";
pub(crate) const WRAPPED_LEN: usize = KEY_LEN + TAG_LEN;
const BODY_LEN: usize = SLOT_LEN - 4;

/// The raw bytes of a header or a slot.
pub(crate) type Raw = [u8; SLOT_LEN];

/// Where slot `number` begins in the file, in bytes.
pub(crate) fn offset(number: u32) -> u64 {
    (u64::from(number) + 1) * SLOT_LEN as u64
}

/// What a header can say.
pub(crate) enum Header {
    /// Written by this version; the id of its master key.
    Known(MasterKeyId),
    /// Whole, but of another version.
    Other(u16),
    /// Not what was written.
    Damaged(&'static str),
}

pub(crate) fn write_header(master: MasterKeyId) -> Raw {
    let mut raw = [0; SLOT_LEN];
    raw[..8].copy_from_slice(MAGIC);
    raw[8..10].copy_from_slice(&VERSION.to_le_bytes());
    raw[16..32].copy_from_slice(&master.0);
    let crc = crc32c::crc32c(&raw[..BODY_LEN]);
    raw[BODY_LEN..].copy_from_slice(&crc.to_le_bytes());
    raw
}

pub(crate) fn read_header(raw: &Raw) -> Header {
    if &raw[..8] != MAGIC {
        return Header::Damaged("it does not begin like a file of keys");
    }
    if crc32c::crc32c(&raw[..BODY_LEN]).to_le_bytes() != raw[BODY_LEN..] {
        return Header::Damaged("its checksum does not fit");
    }
    match u16::from_le_bytes([raw[8], raw[9]]) {
        VERSION => Header::Known(MasterKeyId(array(&raw[16..32]))),
        other => Header::Other(other),
    }
}

/// Whose key a slot holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Owner {
    Client(Uuid),
    Digest,
}

impl Owner {
    fn kind(self) -> u8 {
        match self {
            Owner::Client(_) => 1,
            Owner::Digest => 2,
        }
    }

    fn id(self) -> [u8; 16] {
        match self {
            Owner::Client(client) => client.into_bytes(),
            Owner::Digest => [0; 16],
        }
    }
}

/// A key as it rests: nonce and wrapped key with its tag.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Wrapped {
    pub(crate) nonce: [u8; NONCE_LEN],
    pub(crate) bytes: [u8; WRAPPED_LEN],
}

/// What a slot holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Slot {
    /// A key that can be used.
    Live { owner: Owner, wrapped: Wrapped },
    /// The client was erased.
    Destroyed { client: Uuid },
    /// Never acknowledged; mended after a crash.
    Void,
}

/// A slot as it was read: `Ok(None)` is 128 zero bytes, room that a crash left unwritten.
pub(crate) type Read = Result<Option<(Slot, u32)>, &'static str>;

/// Writes slot `number` of an append that begins at slot `first`.
pub(crate) fn write(slot: &Slot, number: u32, first: u32) -> Raw {
    let mut raw = [0; SLOT_LEN];
    let (state, owner) = match slot {
        Slot::Live { owner, .. } => (1, Some(*owner)),
        Slot::Destroyed { client } => (2, Some(Owner::Client(*client))),
        Slot::Void => (3, None),
    };
    raw[0] = state;
    raw[4..8].copy_from_slice(&first.to_le_bytes());
    if let Some(owner) = owner {
        raw[1] = owner.kind();
        raw[8..24].copy_from_slice(&owner.id());
    }
    if let Slot::Live { wrapped, .. } = slot {
        raw[24..48].copy_from_slice(&wrapped.nonce);
        raw[48..96].copy_from_slice(&wrapped.bytes);
    }
    let crc = checksum(&raw, number);
    raw[BODY_LEN..].copy_from_slice(&crc);
    raw
}

/// Reads slot `number`: what it holds and where its append began.
pub(crate) fn read(raw: &Raw, number: u32) -> Read {
    if raw.iter().all(|byte| *byte == 0) {
        return Ok(None);
    }
    if checksum(raw, number) != raw[BODY_LEN..] {
        return Err("its checksum does not fit");
    }
    let first = u32::from_le_bytes(array(&raw[4..8]));
    if first > number {
        return Err("it says that it was appended before itself");
    }
    let client = Uuid::from_bytes(array(&raw[8..24]));
    let slot = match (raw[0], raw[1]) {
        (1, 1) => Slot::Live { owner: Owner::Client(client), wrapped: wrapped(raw) },
        (1, 2) => Slot::Live { owner: Owner::Digest, wrapped: wrapped(raw) },
        (2, 1) => Slot::Destroyed { client },
        (3, 0) => Slot::Void,
        _ => return Err("its state or kind is unknown"),
    };
    // The digest key is written first of all and never again: anything else means that slots changed places.
    let is_digest = matches!(slot, Slot::Live { owner: Owner::Digest, .. });
    if is_digest != (number == 0) {
        return Err("the digest key is in slot 0 and nowhere else");
    }
    Ok(Some((slot, first)))
}

fn checksum(raw: &Raw, number: u32) -> [u8; 4] {
    crc32c::crc32c_append(crc32c::crc32c(&number.to_le_bytes()), &raw[..BODY_LEN]).to_le_bytes()
}

fn wrapped(raw: &Raw) -> Wrapped {
    Wrapped { nonce: array(&raw[24..48]), bytes: array(&raw[48..96]) }
}

/// Copies a slice whose length is known where it is written; a shorter one would leave zeros.
fn array<const N: usize>(bytes: &[u8]) -> [u8; N] {
    let mut array = [0; N];
    array.iter_mut().zip(bytes).for_each(|(to, from)| *to = *from);
    array
}

/// Wraps a key for its owner. The nonce must be random and used once.
pub(crate) fn wrap(
    wrapping: &[u8; KEY_LEN],
    master: MasterKeyId,
    owner: Owner,
    key: &[u8; KEY_LEN],
    nonce: [u8; NONCE_LEN],
) -> Result<Wrapped, chacha20poly1305::Error> {
    let mut bytes = [0; WRAPPED_LEN];
    bytes[..KEY_LEN].copy_from_slice(key);
    let tag = XChaCha20Poly1305::new(wrapping.into()).encrypt_inout_detached(
        &XNonce::from(nonce),
        &associated(master, owner),
        (&mut bytes[..KEY_LEN]).into(),
    )?;
    bytes[KEY_LEN..].copy_from_slice(&tag);
    Ok(Wrapped { nonce, bytes })
}

/// Unwraps a key; `None` when it was not wrapped so under this master key for this owner.
pub(crate) fn unwrap(wrapping: &[u8; KEY_LEN], master: MasterKeyId, owner: Owner, wrapped: &Wrapped) -> Option<Zeroizing<[u8; KEY_LEN]>> {
    let mut key = Zeroizing::new([0; KEY_LEN]);
    key.copy_from_slice(&wrapped.bytes[..KEY_LEN]);
    let tag = Tag::from(array::<TAG_LEN>(&wrapped.bytes[KEY_LEN..]));
    XChaCha20Poly1305::new(wrapping.into())
        .decrypt_inout_detached(&XNonce::from(wrapped.nonce), &associated(master, owner), key.as_mut_slice().into(), &tag)
        .ok()?;
    Some(key)
}

fn associated(master: MasterKeyId, owner: Owner) -> [u8; WRAP_LABEL.len() + 16 + 1 + 16] {
    let mut associated = [0; WRAP_LABEL.len() + 16 + 1 + 16];
    let (label, rest) = associated.split_at_mut(WRAP_LABEL.len());
    label.copy_from_slice(WRAP_LABEL);
    rest[..16].copy_from_slice(&master.0);
    rest[16] = owner.kind();
    rest[17..].copy_from_slice(&owner.id());
    associated
}
