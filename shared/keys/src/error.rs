//! What can go wrong with keys and sealed texts, in sentences that say what to do.

use std::{fmt, io, path::PathBuf};

use uuid::Uuid;

use crate::MasterKeyId;

/// What a caller can do about an error.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Class {
    /// The same call may succeed later (disk full, store held by another process): nothing was changed.
    Retryable,
    /// The call was understood and is refused; repeating it will not help.
    Refused,
    /// Files or settings are wrong or damaged: someone has to look.
    Broken,
}

/// Where among the keys a fault lies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// The file's first 128 bytes.
    Header,
    /// A slot, counted from 0 (slot 0 holds the digest key); it begins at byte `128 * (slot + 1)`.
    Slot(u32),
    /// The digest key.
    DigestKey,
    /// The entry that names the master key.
    MasterKeyId,
    /// The entry of a client, where keys have no slots.
    Client(Uuid),
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Place::Header => f.write_str("the header"),
            Place::Slot(slot) => write!(f, "slot {slot}"),
            Place::DigestKey => f.write_str("the digest key"),
            Place::MasterKeyId => f.write_str("the master key's id"),
            Place::Client(client) => write!(f, "the entry of client {client}"),
        }
    }
}

/// A failure of the key store or of the master key. No variant carries key material.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    /// The operating system refused something; after a failed append nothing of it is in the file.
    #[error("could not {doing} {}: {source}", path.display())]
    Io {
        /// What was being done: a verb, completed by the path.
        doing: &'static str,
        /// The file or folder.
        path: PathBuf,
        /// The cause.
        source: io::Error,
    },
    /// The operating system gave no randomness.
    #[error("the operating system gave no randomness: {0}")]
    Randomness(getrandom::Error),
    /// The keys file was changed or damaged after it was written.
    #[error("{} is damaged at {place}: {why}. Restore it from a backup; texts of the clients in it cannot be opened without", path.display())]
    Damaged {
        /// The keys file.
        path: PathBuf,
        /// Header or slot.
        place: Place,
        /// What does not fit.
        why: &'static str,
    },
    /// The keys file was written by a newer program.
    #[error("{} has format version {version}, which this program does not know: use a newer one", path.display())]
    UnknownVersion {
        /// The keys file.
        path: PathBuf,
        /// The version that it says.
        version: u16,
    },
    /// The keys file is wrapped under another master key than the given one.
    #[error("wrong master key: {} is wrapped under master key {wanted}, and the given one is {given}. Restore the right key", path.display())]
    WrongMasterKey {
        /// The keys file.
        path: PathBuf,
        /// The id in the file.
        wanted: MasterKeyId,
        /// The id of the key that was given.
        given: MasterKeyId,
    },
    /// There is no master key.
    #[error("the master key {} is missing: restore it. Texts cannot be opened without", path.display())]
    MasterKeyMissing {
        /// Where it was looked for.
        path: PathBuf,
    },
    /// The master key's file may be read by others than its owner.
    #[error("the master key {0} can be read by others (mode {mode:03o}): run `chmod 600 {0}`, and consider it known to them", path.display())]
    MasterKeyExposed {
        /// The file.
        path: PathBuf,
        /// Its permission bits.
        mode: u32,
    },
    /// A master key is 32 bytes in hexadecimal, and this is not.
    #[error("the master key {origin} is not 64 hexadecimal digits: restore it from where it was kept")]
    MasterKeyMalformed {
        /// The file's path, or "in the settings".
        origin: String,
    },
    /// A folder opened for reading has no keys file.
    #[error("{} is missing: restore it. Texts cannot be opened without", path.display())]
    StoreMissing {
        /// Where it was looked for.
        path: PathBuf,
    },
    /// Another process, or another store of this process, has it open for writing.
    #[error("{} is in use: another process writes keys in this folder", path.display())]
    InUse {
        /// The lock file.
        path: PathBuf,
    },
    /// A key had to be made or destroyed in a store that was opened for reading.
    #[error("{} was opened for reading only", path.display())]
    ReadOnly {
        /// The keys file.
        path: PathBuf,
    },
    /// An earlier write failed in a way that leaves the disk's content unknown.
    #[error("{} takes no more keys since a write failed: restart, so that it is read back from disk", path.display())]
    Stopped {
        /// The keys file.
        path: PathBuf,
    },
    /// The client's key was destroyed: the client was erased, for ever.
    #[error("the key of client {client} was destroyed: nothing can be sealed or opened for this client any more")]
    Destroyed {
        /// The client.
        client: Uuid,
    },
    /// The store holds as many slots as its format can number.
    #[error("{} is full", path.display())]
    Full {
        /// The keys file.
        path: PathBuf,
    },
    /// The text is too long for the cipher (256 GiB).
    #[error("the text is too long to be sealed")]
    TextTooLong,
}

impl KeyError {
    /// What a caller can do about it.
    pub fn class(&self) -> Class {
        match self {
            KeyError::Io { .. } | KeyError::InUse { .. } | KeyError::Randomness(_) => Class::Retryable,
            KeyError::Destroyed { .. } | KeyError::ReadOnly { .. } | KeyError::TextTooLong => Class::Refused,
            KeyError::Damaged { .. }
            | KeyError::UnknownVersion { .. }
            | KeyError::WrongMasterKey { .. }
            | KeyError::MasterKeyMissing { .. }
            | KeyError::MasterKeyExposed { .. }
            | KeyError::MasterKeyMalformed { .. }
            | KeyError::StoreMissing { .. }
            | KeyError::Stopped { .. }
            | KeyError::Full { .. } => Class::Broken,
        }
    }
}

/// Why a sealed text does not open.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum OpenError {
    /// It is the single byte 0: the text was erased before it reached this log.
    #[error("the text was erased")]
    Erased,
    /// The first byte names a layout that this program does not know.
    #[error("sealed text of unknown version {0}")]
    UnknownVersion(u8),
    /// Shorter than the shortest sealed text.
    #[error("{0} bytes are too few for a sealed text")]
    TooShort(usize),
    /// Another key, another event, stream, type or field, or a changed byte: the cipher cannot tell which.
    #[error("the sealed text does not belong here or was changed")]
    Refused,
    /// It opened to bytes that are not UTF-8: it was sealed by something else.
    #[error("the sealed text is not Unicode")]
    NotUnicode,
}
