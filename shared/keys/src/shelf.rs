//! The port: where wrapped keys rest. A file of one machine is one such shelf (`filed.rs`); gateways that share a log share another.
//!
//! A shelf sees keys in their wrapped form only, and never the master key.

use std::{fmt, path::PathBuf};

use uuid::Uuid;
use zeroize::Zeroizing;

use crate::{
    DataKey, DigestKey, KeyError, MasterKey, MasterKeyId,
    random::{self, NONCE_LEN},
    slot::{self, Owner, WRAPPED_LEN},
    text::KEY_LEN,
};

/// Bytes of a wrapped key.
const LENGTH: usize = NONCE_LEN + WRAPPED_LEN;

/// A key as it rests: wrapped under the master key, for one owner and no other (the wrapping's associated data say so).
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct WrappedKey(pub(crate) slot::Wrapped);

impl fmt::Debug for WrappedKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("WrappedKey(…)")
    }
}

impl WrappedKey {
    /// How many bytes it has: 24 of the nonce, 32 of the wrapped key, 16 of the tag, in this order.
    pub const LENGTH: usize = LENGTH;

    /// Its bytes.
    pub fn to_bytes(&self) -> [u8; LENGTH] {
        let mut bytes = [0; LENGTH];
        bytes[..NONCE_LEN].copy_from_slice(&self.0.nonce);
        bytes[NONCE_LEN..].copy_from_slice(&self.0.bytes);
        bytes
    }

    /// What [`WrappedKey::to_bytes`] gave; `None` of another length. Whether it unwraps is for the store to see.
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let (nonce, bytes) = bytes.split_first_chunk::<NONCE_LEN>()?;
        Some(WrappedKey(slot::Wrapped { nonce: *nonce, bytes: bytes.try_into().ok()? }))
    }
}

/// What a shelf holds for a client.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kept {
    /// A key.
    Live(WrappedKey),
    /// The client was erased, for ever.
    Destroyed,
}

/// Where wrapped keys rest. Every method may be called by many threads at once.
pub trait Shelf: fmt::Debug + Send + Sync {
    /// Its name in messages: a file, or an address without credentials.
    fn place(&self) -> PathBuf;

    /// What is held for the client, read anew; `None` when there never was anything.
    ///
    /// # Errors
    /// When it cannot be read, or is not what was written.
    fn find(&self, client: Uuid) -> Result<Option<Kept>, KeyError>;

    /// The clients for which nothing is held, each once.
    ///
    /// # Errors
    /// [`KeyError::Destroyed`] when one of them was erased; as [`Shelf::find`].
    fn missing(&self, clients: &[Uuid]) -> Result<Vec<Uuid>, KeyError>;

    /// Holds each key whose client has nothing yet, and returns when these, and those of others that were found there instead, are durable.
    /// A key that is there is never replaced. Gives the clients whose keys are these.
    ///
    /// # Errors
    /// [`KeyError::ReadOnly`]; [`KeyError::Destroyed`]; [`KeyError::Io`], after which the call may be repeated.
    fn add(&self, keys: &[(Uuid, WrappedKey)]) -> Result<Vec<Uuid>, KeyError>;

    /// Puts in the place of the client's key, or of nothing, that it is destroyed; durable on return. `true` if there was a key.
    ///
    /// # Errors
    /// As [`Shelf::add`].
    fn destroy(&self, client: Uuid) -> Result<bool, KeyError>;

    /// Whether the client's key was destroyed, as far as is known without reading.
    fn is_destroyed(&self, client: Uuid) -> bool;

    /// Whether a destruction by another process would be known by now: while it would not, unwrapped keys are not used again.
    fn is_current(&self) -> bool {
        true
    }

    /// That what is held for the client is not what was written, with the place where it lies.
    fn damaged(&self, client: Uuid, why: &'static str) -> KeyError;
}

/// Wraps and unwraps under one master key.
pub struct Wrapping {
    id: MasterKeyId,
    key: Zeroizing<[u8; KEY_LEN]>,
}

impl fmt::Debug for Wrapping {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Wrapping(master key {})", self.id)
    }
}

impl Wrapping {
    /// For everything that is wrapped under this master key.
    pub fn under(master: &MasterKey) -> Self {
        Wrapping { id: master.id(), key: master.wrapping_key() }
    }

    /// The master key's public name.
    pub fn master(&self) -> MasterKeyId {
        self.id
    }

    /// A new digest key, random, for a store that is made.
    ///
    /// # Errors
    /// [`KeyError::Randomness`].
    pub fn new_digest_key(&self) -> Result<WrappedKey, KeyError> {
        self.make(Owner::Digest).map(|(wrapped, _)| wrapped)
    }

    /// A new key for each client, random.
    pub(crate) fn new_data_keys(&self, clients: &[Uuid]) -> Result<Vec<(Uuid, WrappedKey, DataKey)>, KeyError> {
        let make = |client: &Uuid| self.make(Owner::Client(*client)).map(|(wrapped, key)| (*client, wrapped, DataKey::new(key)));
        clients.iter().map(make).collect()
    }

    pub(crate) fn data_key(&self, client: Uuid, wrapped: &WrappedKey) -> Option<DataKey> {
        slot::unwrap(&self.key, self.id, Owner::Client(client), &wrapped.0).map(DataKey::new)
    }

    pub(crate) fn digest_key(&self, wrapped: &WrappedKey) -> Option<DigestKey> {
        slot::unwrap(&self.key, self.id, Owner::Digest, &wrapped.0).map(DigestKey::new)
    }

    fn make(&self, owner: Owner) -> Result<(WrappedKey, Zeroizing<[u8; KEY_LEN]>), KeyError> {
        let mut key = Zeroizing::new([0; KEY_LEN]);
        let mut nonce = [0; NONCE_LEN];
        random::fill(key.as_mut_slice())?;
        random::fill(&mut nonce)?;
        let wrapped = slot::wrap(&self.key, self.id, owner, &key, nonce).map_err(|_| KeyError::TextTooLong)?;
        Ok((WrappedKey(wrapped), key))
    }
}
