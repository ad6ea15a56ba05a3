//! What can go wrong between the log and an answer.

use event_log::{AppendError, Position, ReadError};
use keys::KeyError;
use uuid::Uuid;

/// Why there is no answer.
#[derive(Debug, thiserror::Error)]
pub enum AppError {
    /// The log cannot be read.
    #[error(transparent)]
    Read(#[from] ReadError),
    /// The log does not take events.
    #[error(transparent)]
    Append(#[from] AppendError),
    /// The keys are not there or not whole.
    #[error(transparent)]
    Keys(#[from] KeyError),
    /// The log ends before what its views have seen of it: it is an older copy of itself.
    #[error(
        "the log, which ends at position {log}, does not hold what its views have seen up to position {views}: this is an older copy of the log, and events are missing. Restore the newer one; if this one is what you want, 'trajectlog rebuild' makes its views anew"
    )]
    LogIsOlder {
        /// What the views have seen.
        views: Position,
        /// Where the log ends.
        log: Position,
    },
    /// The log has lost what was durable and had been acknowledged.
    #[error(
        "the event at position {position} was durable and had been acknowledged, and the log does not hold it any more: an older copy of the log was put in its place. Restore the newer one; if this one is what you want, start the service again"
    )]
    AcknowledgedLost {
        /// The last position that was acknowledged here.
        position: Position,
    },
    /// A stored event is whole but cannot be understood. Nothing is counted over it.
    #[error(
        "the event at position {position} of trajectory {trajectory} cannot be read: {cause}. Nothing was counted over it: use a version of the program that knows this form"
    )]
    History {
        /// The record's first position.
        position: Position,
        /// The stream.
        trajectory: Uuid,
        /// What does not fit.
        cause: String,
    },
    /// The log holds texts of this client, and their key is gone.
    #[error(
        "the log holds texts of client {client}, but the key store has no key of this client: it is an older copy or was cut. Restore keys/clients.keys from a backup; nothing was recorded"
    )]
    KeyLost {
        /// The client's pseudonym.
        client: Uuid,
    },
    /// A sealed text does not open with the key of its client.
    #[error("a text of the event at position {position} of trajectory {trajectory} cannot be opened: {cause}")]
    Sealed {
        /// The event's position.
        position: u64,
        /// The stream.
        trajectory: Uuid,
        /// What does not fit.
        cause: String,
    },
    /// A line repeats an event that is on its way to the log: what it says can only be compared when it has arrived.
    #[error("the event at position {position} is not yet durable")]
    NotYetDurable {
        /// The position that it will have.
        position: Position,
    },
    /// The desk has no judgement.
    #[error(transparent)]
    Desk(#[from] crate::DeskError),
    /// A view cannot be used; it can be rebuilt.
    #[error(transparent)]
    View(#[from] views::ViewError),
    /// Input or output outside the log.
    #[error("{what}: {cause}")]
    Io {
        /// What was being done.
        what: String,
        /// The cause in the system's words.
        cause: String,
    },
    /// What was asked for cannot be written where it should go.
    #[error("the output cannot be written: {0}")]
    Output(#[source] std::io::Error),
    /// A part of the program stopped before it had finished.
    #[error("internal: {0} stopped before it had finished; please report this")]
    Stopped(&'static str),
}

impl AppError {
    /// What is behind it: what broke, when the desk says that something did.
    #[must_use]
    pub fn root(&self) -> &Self {
        if let Self::Desk(crate::DeskError::Broken(cause)) = self { cause.root() } else { self }
    }

    /// An input or output error, with what was being done.
    pub(crate) fn io(what: impl Into<String>) -> impl FnOnce(std::io::Error) -> Self {
        let what = what.into();
        move |e| Self::Io { what, cause: e.to_string() }
    }
}
