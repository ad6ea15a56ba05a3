//! How a projector is.

use event_log::{Position, ReadError};
use proto_events::Timestamp;
use uuid::Uuid;

use crate::AppError;

/// How a projector is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Status {
    /// The view's name.
    pub name: &'static str,
    /// The view's version.
    pub version: u32,
    /// How far the living view is.
    pub position: Position,
    /// How far the log is, as last seen.
    pub head: Position,
    /// The `recorded_at` of the last event that was taken in.
    pub recorded_at: Option<Timestamp>,
    /// What it does.
    pub state: ProjectorState,
    /// The view that is being built beside it, or whose building has ended without taking its place.
    pub rebuild: Option<Rebuild>,
}

/// What a projector does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ProjectorState {
    /// It reads what it does not know yet.
    CatchingUp,
    /// It is as far as the log and waits for more.
    Following,
    /// The log cannot be reached, or the view cannot be written; it tries again by itself.
    Waiting {
        /// For what.
        what: Awaited,
        /// The cause.
        cause: String,
        /// Since when.
        since: Timestamp,
    },
    /// It cannot go on: something has to be done, then `retry`.
    Stopped {
        /// Where and why.
        poison: Poison,
    },
    /// It was stopped.
    Closed,
}

/// What a projector waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Awaited {
    /// The log: how far it is, is not known.
    Log,
    /// Room for the view's own store. It answers from what it has taken in; one whose store has failed in the middle answers nothing until it
    /// is whole again, because what it says could be half of one state and half of another.
    Store,
}

/// What a projector cannot take in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Poison {
    /// The position of the record's first event, or the view's position where no record is to blame.
    pub position: Position,
    /// The stream, where one is to blame.
    pub trajectory: Option<Uuid>,
    /// The record's first event, where it can be read.
    pub event_id: Option<Uuid>,
    /// The cause, and what to do.
    pub cause: String,
}

/// A view that is being built beside the living one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rebuild {
    /// How far it is.
    pub position: Position,
    /// How far it has to come, as last seen.
    pub head: Position,
    /// Events a second since it began or was resumed.
    pub events_per_second: u64,
    /// What it does.
    pub state: RebuildState,
}

/// What a rebuild does. One that is done has taken the living view's place: [`Status::rebuild`] is then `None`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RebuildState {
    /// It builds.
    Building,
    /// The log cannot be reached; it asks again by itself.
    Waiting {
        /// The cause.
        cause: String,
    },
    /// It was cancelled; another one goes on where it was.
    Cancelled,
    /// It cannot go on.
    Failed {
        /// The cause.
        cause: String,
    },
}

impl Status {
    pub(super) const fn at_start(name: &'static str, version: u32, position: Position) -> Self {
        Self { name, version, position, head: position, recorded_at: None, state: ProjectorState::CatchingUp, rebuild: None }
    }
}

/// What is waited for, when asking again may succeed without anybody doing anything here. A view is made anew from the log whatever has
/// happened to its store: it needs no more than room.
pub(super) fn passes_by_itself(error: &AppError) -> Option<Awaited> {
    match error {
        AppError::Read(
            ReadError::Unreachable { .. }
            | ReadError::Withdrawn { .. }
            | ReadError::BeyondEnd { .. }
            | ReadError::Busy { .. }
            | ReadError::Missing { .. }
            | ReadError::Io { .. },
        ) => Some(Awaited::Log),
        AppError::View(_) => Some(Awaited::Store),
        AppError::Read(ReadError::Damaged { .. } | ReadError::Unfit { .. })
        | AppError::Append(_)
        | AppError::Keys(_)
        | AppError::LogIsOlder { .. }
        | AppError::AcknowledgedLost { .. }
        | AppError::History { .. }
        | AppError::KeyLost { .. }
        | AppError::Sealed { .. }
        | AppError::NotYetDurable { .. }
        | AppError::Desk(_)
        | AppError::Io { .. }
        | AppError::Output(_)
        | AppError::Stopped(_) => None,
    }
}
