//! What a failure means for those who wait.

use std::sync::Arc;

use event_log::{AppendError, Position, ReadError};
use keys::KeyError;
use views::ViewError;

use crate::AppError;

/// Whether keys could not be made because storage is full.
fn no_room_for(error: &KeyError) -> bool {
    use std::io::ErrorKind::{FileTooLarge, QuotaExceeded, StorageFull};
    matches!(error, KeyError::Io { source, .. } if matches!(source.kind(), StorageFull | QuotaExceeded | FileTooLarge))
}

/// A failure, and what it means for those who wait.
pub(super) struct Failed {
    pub(super) error: Outcome,
    /// The records may be in the log all the same.
    pub(super) may_be_there: bool,
}

/// What follows from it.
pub(super) enum Outcome {
    /// Someone else was first, up to `last`: judge again.
    Conflict {
        last: Position,
    },
    /// Judge again; why the log is not there.
    Again(String),
    /// The views cannot be asked any more: judge again without them.
    LostViews(ViewError),
    /// The log does not hold all that was judged by: read it anew, and judge again.
    Withdrawn,
    Full(String),
    TooLarge(String),
    Broken(Arc<AppError>),
}

impl Failed {
    pub(super) fn of_append(error: AppendError) -> Self {
        let (error, may_be_there) = match error {
            AppendError::Conflict { last, partly, .. } => (Outcome::Conflict { last }, partly),
            AppendError::Withdrawn { .. } => (Outcome::Withdrawn, false),
            AppendError::Unknown { cause } => (Outcome::Again(cause), true),
            AppendError::Unavailable { cause, storage_full: true } => (Outcome::Full(cause), false),
            AppendError::Unavailable { cause, storage_full: false } => (Outcome::Again(cause), false),
            AppendError::Refused { cause } => (Outcome::TooLarge(cause), false),
        };
        Self { error, may_be_there }
    }

    pub(super) fn of(error: AppError) -> Self {
        if let AppError::Append(error) = error {
            return Self::of_append(error);
        }
        if let AppError::View(error) = error {
            return Self { error: Outcome::LostViews(error), may_be_there: false };
        }
        if let AppError::Read(ReadError::Withdrawn { .. }) = error {
            return Self { error: Outcome::Withdrawn, may_be_there: false };
        }
        let (full, gone) = if let AppError::Keys(e) = &error {
            (no_room_for(e), e.class() == keys::Class::Retryable)
        } else {
            (false, matches!(error, AppError::Read(ReadError::Unreachable { .. })))
        };
        let error = match (full, gone) {
            (true, _) => Outcome::Full(error.to_string()),
            (false, true) => Outcome::Again(error.to_string()),
            (false, false) => Outcome::Broken(Arc::new(error)),
        };
        Self { error, may_be_there: false }
    }

    pub(super) const fn kind(&self) -> &'static str {
        match (&self.error, self.may_be_there) {
            (Outcome::Conflict { .. }, _) => "conflict",
            (Outcome::Again(_), true) => "unknown",
            (Outcome::Again(_), false) => "unavailable",
            (Outcome::LostViews(_), _) => "views_lost",
            (Outcome::Withdrawn, _) => "withdrawn",
            (Outcome::Full(_), _) => "storage_full",
            (Outcome::TooLarge(_), _) => "too_large",
            (Outcome::Broken(_), _) => "broken",
        }
    }
}
