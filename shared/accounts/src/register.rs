//! The port: where accounts rest. A folder of one machine is one such register (`filed.rs`); gateways that share one are served by another.
//!
//! ```text
//!   put(kind, key, value, expected) ──► what is expected still holds? ──► durable ──► a revision, higher than any before of its kind
//!                                       └ no: Conflict, nothing changed
//!   changes() ──► what others put and removed, in order
//! ```

use std::{fmt, future::Future, io, ops::Deref, path::PathBuf, pin::Pin, sync::Arc};

use serde::{Deserialize, Serialize};
use tokio::sync::mpsc::UnboundedReceiver;

use crate::Class;

/// An answer to come.
pub type Later<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// The most bytes of a value: an account with every field at its longest takes a tenth of it.
pub const LARGEST_VALUE: usize = 16 * 1024;

/// What a record is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// An account and the hash of its password; its key is the account's id. Never removed.
    Account,
    /// A session; its key is the hash of its token.
    Session,
    /// A token of a client app; its key is its hash.
    Token,
    /// A cover; its key is its id.
    Cover,
    /// An opening of sealed texts; its key is its id.
    Opening,
    /// When an account last signed in; its key is the account's id. Apart from the account, which is as it was when nobody changed it.
    SignIn,
}

impl Kind {
    /// All of them.
    pub const ALL: [Self; 6] = [Self::Account, Self::Session, Self::Token, Self::Cover, Self::Opening, Self::SignIn];

    /// Its name in a register.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Account => "account",
            Self::Session => "session",
            Self::Token => "token",
            Self::Cover => "cover",
            Self::Opening => "opening",
            Self::SignIn => "sign-in",
        }
    }
}

/// Names a record among those of its kind: 1 to 64 of `[a-z0-9-]`, not beginning with a hyphen. It is no secret and names no person.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Key(String);

impl Key {
    /// `None` of another form.
    #[must_use]
    pub fn new(text: &str) -> Option<Self> {
        let fine = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
        ((1..=64).contains(&text.len()) && !text.starts_with('-') && text.bytes().all(fine)).then(|| Self(text.to_owned()))
    }

    /// Its text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Counts the changes of a register: later ones of a kind have higher ones. 0 is before the first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Revision(pub u64);

/// A value and its revision, which whoever changes it says they have seen.
#[derive(Debug, PartialEq, Eq)]
pub struct Held<T> {
    /// The value.
    pub value: Arc<T>,
    /// As of this revision.
    pub revision: Revision,
}

impl<T> Clone for Held<T> {
    fn clone(&self) -> Self {
        Self { value: Arc::clone(&self.value), revision: self.revision }
    }
}

impl<T> Deref for Held<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.value
    }
}

/// A record as it rests.
#[derive(Clone, PartialEq, Eq)]
pub struct Record {
    /// What it is about.
    pub kind: Kind,
    /// Its name.
    pub key: Key,
    /// Its value, JSON. Holds the hash of a password, perhaps.
    pub value: Vec<u8>,
    /// When it was put.
    pub revision: Revision,
}

impl fmt::Debug for Record {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Record({} {} as of {})", self.kind.name(), self.key.as_str(), self.revision.0)
    }
}

/// What must still hold for a record to be put.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Expected {
    /// There is no such record.
    Nothing,
    /// The record is as of this revision.
    Record(Revision),
    /// The newest change of this kind is this one (0: there was none): a rule over several records was judged by all of them. Only for kinds
    /// of which nothing is removed.
    Kind(Revision),
}

/// What somebody changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// A record was put.
    Put(Record),
    /// A record was removed.
    Removed {
        /// What it was about.
        kind: Kind,
        /// Its name.
        key: Key,
        /// Of the removal.
        revision: Revision,
    },
}

/// Where accounts rest. Every method may be called at any time; what is asked for at once is done one after the other.
pub trait Register: fmt::Debug + Send + Sync + 'static {
    /// The name of a record in messages: a file, or an address without credentials.
    fn place(&self, kind: Kind, key: &Key) -> String;

    /// Every record, in no order.
    ///
    /// # Errors
    /// [`RegisterError::Damaged`] names the record that is not what was written; nothing is skipped.
    fn all(&self) -> Later<'_, Result<Vec<Record>, RegisterError>>;

    /// Puts a record where another or none was, durable on return, and gives its revision.
    ///
    /// # Errors
    /// [`RegisterError::Conflict`] when what is expected does not hold and [`RegisterError::Unavailable`]: nothing was changed.
    /// [`RegisterError::Unknown`]: it may be there; then either [`Register::changes`] tells, or nothing more is taken.
    fn put<'a>(&'a self, kind: Kind, key: &'a Key, value: Vec<u8>, expected: Expected) -> Later<'a, Result<Revision, RegisterError>>;

    /// Removes a record if it is there, durable on return, and gives the removal's revision.
    ///
    /// # Errors
    /// As [`Register::put`], but no conflict.
    fn remove<'a>(&'a self, kind: Kind, key: &'a Key) -> Later<'a, Result<Revision, RegisterError>>;

    /// Every change from now on, in order and at least once, those of this process included; it ends when they can no longer be seen, and may
    /// then be asked for anew. `None` where nobody else can change anything.
    fn changes(&self) -> Option<UnboundedReceiver<Change>>;
}

/// Why a register did not do as asked. No variant carries a value.
#[derive(Debug, thiserror::Error)]
pub enum RegisterError {
    /// What was expected does not hold: somebody else was first.
    #[error("{place} was changed by somebody else meanwhile")]
    Conflict {
        /// The record.
        place: String,
    },
    /// It could not be done, and nothing was changed.
    #[error("could not {doing} {place}: {source}")]
    Unavailable {
        /// What was being done: a verb, completed by the place.
        doing: &'static str,
        /// The record, file or folder.
        place: String,
        /// The cause.
        source: io::Error,
    },
    /// It is not known whether it was done.
    #[error("could not {doing} {place}, and it is not known what rests there: restart, so that it is read back ({source})")]
    Unknown {
        /// What was being done: a verb, completed by the place.
        doing: &'static str,
        /// The record, file or folder.
        place: String,
        /// The cause.
        source: io::Error,
    },
    /// An earlier change left unknown what rests there.
    #[error("{place} takes no more changes since one failed: restart, so that it is read back")]
    Stopped {
        /// The folder.
        place: String,
    },
    /// A record was changed or damaged after it was written, or does not fit the others.
    #[error("{place} is damaged: {why}. Restore it from a backup")]
    Damaged {
        /// The record.
        place: String,
        /// What does not fit.
        why: String,
    },
    /// A record was written by a newer program.
    #[error("{place} was written by a newer program: use that one")]
    Newer {
        /// The record.
        place: String,
    },
    /// What holds accounts may be read by others than its owner.
    #[error("{0} can be entered by others (mode {mode:03o}): run `chmod 700 {0}`, and have all passwords changed", path.display())]
    Exposed {
        /// The folder.
        path: PathBuf,
        /// Its permission bits.
        mode: u32,
    },
    /// Another process writes there.
    #[error("{} is in use: another process writes accounts there", path.display())]
    InUse {
        /// The folder.
        path: PathBuf,
    },
    /// The value is larger than a record may be.
    #[error("{place} would be larger than a record may be ({LARGEST_VALUE} bytes)")]
    TooLarge {
        /// The record.
        place: String,
    },
}

impl RegisterError {
    /// What a caller can do about it.
    #[must_use]
    pub const fn class(&self) -> Class {
        match self {
            Self::Conflict { .. } | Self::TooLarge { .. } => Class::Refused,
            Self::Unavailable { .. } | Self::InUse { .. } => Class::Retryable,
            Self::Unknown { .. } => Class::Unknown,
            Self::Stopped { .. } | Self::Damaged { .. } | Self::Newer { .. } | Self::Exposed { .. } => Class::Broken,
        }
    }
}
